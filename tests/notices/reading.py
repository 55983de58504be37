"""What a reader of each language finds in a text: clock times, days, durations, percentages, numbers of people.

Written from how the languages are written, and from nothing in the package. Whatever was understood is struck out; digits that are left
belong to numbers of people.
"""

# ruff: noqa: RUF001 - signs of other scripts are meant

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
UNITS = {
    "en": ("days?", "hours?", "minutes?"),
    "it": ("giorn[oi]", "or[ae]", "minut[oi]"),
    "de": ("Tage?", "Stunden?", "Minuten?"),
    "fr": ("jours?", "heures?", "minutes?"),
    "ja": ("日", "時間", "分"),
    "vi": ("ngày", "giờ", "phút"),
}
TO = {"en": "to", "it": "a", "de": "bis", "fr": "à", "ja": "～", "vi": "đến"}
SHORT_DAYS = {
    "it": r"(?P<d>\d+)/(?P<m>\d+)(?:/(?P<y>\d{4}))?",
    "de": r"(?P<d>\d+)\.(?P<m>\d+)\.(?P<y>\d{4})?",
    "fr": r"(?P<d>\d+)/(?P<m>\d+)(?:/(?P<y>\d{4}))?",
    "ja": r"(?:(?P<y>\d{4})[/年])?(?P<m>\d+)[/月](?P<d>\d+)日?",
    "vi": r"(?P<d>\d+)/(?P<m>\d+)(?:/(?P<y>\d{4}))?",
}
DAYS = {
    "ja": r"(?:(?P<y>\d{4})年)?(?P<m>\d+)月(?P<d>\d+)日",
    "vi": r"ngày (?P<d>\d+)/(?P<m>\d+)(?:/(?P<y>\d{4}))?",
}
CLOCKS = {
    "fr": r"\b(\d+) ?h(?: ?(\d\d))?\b",
    "ja": r"(\d+)時(?!間)(?:(\d+)分)?",
    "vi": r"\b(\d+) giờ (\d\d)\b(?! phút)",
}
GROUPS = {"en": ",", "it": r"\.", "de": r"\.", "fr": "[\u202f ]", "ja": ",", "vi": r"\."}


@dataclass
class Found:
    """What stands in a text."""

    clocks: set[tuple[int, int]] = field(default_factory=set)
    days: set[tuple[int, int]] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    minutes: set[int] = field(default_factory=set)
    """Durations."""
    percents: set[float] = field(default_factory=set)
    people: set[int] = field(default_factory=set)


def read(text: str, tag: str, *, is_short: bool = False) -> Found:
    """Read a text of ours."""
    found = Found()
    text = re.sub(r"UTC(?:[+-]\d+(?::\d\d)?)?", "", text.replace("\u00a0", " "))
    text = _percents(text, tag, found)
    text = _days(text, tag, found, is_short)
    if tag != "fr":  # where 3 h 15 is a time or a duration, and only the verb tells which
        text = _clocks(text, tag, found, is_short)
    text = _durations(text, tag, found)
    if tag == "fr":
        text = _clocks(text, tag, found, is_short)
    group = GROUPS[tag]
    for number in re.findall(rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+", text):
        found.people.add(int(re.sub(r"\D", "", number)))
    return found


def _strike(pattern: str, text: str, take: Callable[[re.Match[str]], None]) -> str:
    def struck(match: re.Match[str]) -> str:
        take(match)
        return "#"

    return re.sub(pattern, struck, text)


def _percents(text: str, tag: str, found: Found) -> str:
    number = r"(\d+(?:[.,]\d+)?)"
    pattern = rf"{number}(?: ?{TO[tag]} ?{number})? ?%"

    def take(match: re.Match[str]) -> None:
        found.percents |= {float(each.replace(",", ".")) for each in match.groups() if each}

    return _strike(pattern, text, take)


def _days(text: str, tag: str, found: Found, is_short: bool) -> str:
    months = MONTHS.get(tag, "").split()
    written = rf"(?P<d>\d+)(?:er|°|\.)? (?P<m>{'|'.join(months)})(?: (?P<y>\d{{4}}))?"
    pattern = SHORT_DAYS.get(tag, written) if is_short else DAYS.get(tag, written)

    def take(match: re.Match[str]) -> None:
        month = match["m"]
        found.days.add((int(match["d"]), int(month) if month.isdigit() else months.index(month) + 1))
        if match["y"]:
            found.years.add(int(match["y"]))

    return _strike(pattern, text, take)


def _clocks(text: str, tag: str, found: Found, is_short: bool) -> str:
    plain = r"(?<!\d)(\d{1,2}):(\d\d)(?!\d)"
    pattern = CLOCKS.get(tag, plain) if tag == "fr" or not is_short else plain

    def take(match: re.Match[str]) -> None:
        found.clocks.add((int(match[1]), int(match[2] or 0)))

    return _strike(pattern, text, take)


def _durations(text: str, tag: str, found: Found) -> str:
    if tag == "fr":
        spoken = r"(?<=a duré )([^.]*)|(?<=demander encore )([^.]*)|(?<=demander )(?!encore)([^.]*)"
        return _strike(spoken, text, lambda match: found.minutes.update(_french(match[0])))
    units = UNITS[tag]
    for unit, size in zip(units, (1440, 60, 1), strict=True):
        shared = rf"(\d+) ?{TO[tag]} ?(\d+) ?{unit}"
        text = _strike(
            shared, text, lambda match, size=size: found.minutes.update(int(n) * size for n in match.groups())
        )
    unit = "|".join(units)
    return _strike(
        rf"\d+ ?(?:{unit})(?:(?:, | e | |と ?)?\d+ ?(?:{unit}))*",
        text,
        lambda match: found.minutes.add(_sum(match[0], tag)),
    )


def _sum(text: str, tag: str) -> int:
    total = 0
    for unit, size in zip(UNITS[tag], (1440, 60, 1), strict=True):
        total += sum(int(number) * size for number in re.findall(rf"(\d+) ?{unit}", text))
    return total


def _french(text: str) -> set[int]:
    sides = [side.strip() for side in text.split(" à ")]
    shared = re.search(r"(jours?|heures?|minutes?)$", re.sub(r" (?:environ|au plus)$", "", sides[-1]))
    if len(sides) == 2 and sides[0].isdigit() and shared:
        sides[0] += f" {shared[0]}"
    return {_french_minutes(side) for side in sides}


def _french_minutes(text: str) -> int:
    hours = re.search(r"(\d+) h (\d\d)", text)
    return _sum(text, "fr") + (int(hours[1]) * 60 + int(hours[2]) if hours else 0)
