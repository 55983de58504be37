"""Numbers, percents, people, durations and lists as each language writes them.

The words and signs stand in the catalogue of the language; here is what they are put together by. Nothing rounds but to the
minute and to a tenth of a percent: what is published was rounded before. Lines break in wrong places without the spaces that
do not break, which `plain` replaces where a terminal or a telephone shows the text. Sources: CLDR 47, plural rules and
number patterns of en-GB, it, de, fr, ja, vi; the order of units in a duration is our own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from impactsim.notices.incident import People
from impactsim.notices.patterns import Value, fill, italian

Category = Literal["one", "many", "other"]
Forms = Mapping[str, str]
"""One sentence by plural category; under ``other`` alone where the language, or the sentence, has no plural."""

CATEGORIES: dict[str, tuple[Category, ...]] = {
    "en": ("one", "other"),
    "it": ("one", "many", "other"),
    "de": ("one", "other"),
    "fr": ("one", "many", "other"),
    "ja": ("other",),
    "vi": ("other",),
}
"""Plural categories by language tag (CLDR)."""

_MINUTE_MS = 60_000
_PLAIN = {0x00A0: " ", 0x202F: " ", 0x2009: " ", 0x2019: "'", 0x2013: "-", 0x2060: ""}


@dataclass(frozen=True, slots=True)
class Locale:
    """How one language writes figures."""

    tag: str
    """Language tag of BCP 47: what the ``lang`` of a page is."""
    decimal: str
    """The sign before decimals."""
    group: str
    """The sign between thousands."""
    patterns: Mapping[str, Forms]
    """Patterns by key, such as ``people.about``."""
    months: tuple[str, ...]
    """Names of the months, in the form that they have after a day."""
    zones: Mapping[str, str]
    """What readers call a time zone, by IANA name."""
    abbreviations: Mapping[str, str]
    """What readers call an abbreviation of a time zone, such as MEZ for CET."""

    def category(self, number: Decimal | float) -> Category:
        """Return the plural category (CLDR) that goes with a number, as `number` prints it."""
        value = abs(_exact(number))
        whole = value == value.to_integral_value()
        if self.tag in {"ja", "vi"}:
            return "other"
        if (value < 2) if self.tag == "fr" else (value == 1):
            return "one"
        is_million = whole and value != 0 and value % 1_000_000 == 0
        return "many" if is_million and "many" in CATEGORIES[self.tag] else "other"

    def say(self, key: str, number: Decimal | float | None = None, /, **slots: Value) -> str:
        """Fill a pattern of this language; where it has plural forms, in the one that goes with `number`."""
        forms = self.patterns[key]
        category = "other" if number is None else self.category(number)
        return fill(forms.get(category, forms["other"]), slots)

    def number(self, value: Decimal | float) -> str:
        """Write a number with its thousands apart, and with the decimals that it has.

        Examples
        --------
        >>> from impactsim.notices.catalogue import catalogue
        >>> catalogue("it").locale.number(12340), catalogue("de").locale.number(2.5)
        ('12.340', '2,5')
        """
        text = f"{_exact(value):,f}"
        return text.translate({ord(","): self.group, ord("."): self.decimal})

    def percent(self, share: float) -> str:
        """Write a share in [0, 1] as a percentage, to a tenth, half away from zero."""
        return self.say("percent", n=self.number(_percent(share)))

    def share(self, low: float, high: float) -> str:
        """Write a range of shares in [0, 1]: one figure if they are equal, "up to" if the lower is 0."""
        lowest, highest = _percent(low), _percent(high)
        slots = {"low": self._bent(lowest), "high": self._bent(highest), "low_number": self.number(lowest)}
        if low == high:
            return self.say("share.single", **slots)
        return self.say("share.range" if low > 0 else "share.up_to", **slots)

    def people(self, people: People) -> str:
        """Write how many people, as the object of a sentence; the plural is that of the upper figure."""
        slots = {"low": self.number(people.low), "high": self.number(people.high)}
        if people.fewer_than is not None:
            return self.say("people.fewer", people.fewer_than, n=self.number(people.fewer_than))
        if people.low == people.high:
            return self.say("people.about", people.high, n=slots["high"])
        return self.say("people.between" if people.low else "people.up_to", people.high, **slots)

    def duration(self, ms: int) -> str:
        """Write a duration in days, hours and minutes, all of them; less than a minute is one."""
        days, hours, minutes = _split(ms)
        day = self._units("day", days)
        hour, minute = self._units("hour", hours), self._units("minute", minutes)
        both = self.say("duration.hour_minute", hour=hour, minute=minute, h=hours, m=minutes)
        rest = both if hours and minutes else hour if hours else minute
        if not days:
            return rest
        if not (hours or minutes):
            return day
        return self.say("duration.day_hour_minute" if hours and minutes else "duration.day_rest", day=day, rest=rest)

    def durations(self, low_ms: int, high_ms: int) -> str:
        """Write a range of durations, in one unit where both are whole in it and people would say so."""
        low, high = _minutes(low_ms), _minutes(high_ms)
        for unit, size, most in (("day", 1440, 365), ("hour", 60, 48), ("minute", 1, 60)):
            if low % size == 0 and high % size == 0 and high <= most * size:
                upper = high // size
                return self.say(f"duration.{unit}s", upper, low=self.number(low // size), high=self.number(upper))
        return self.say("duration.mixed", low=self.duration(low_ms), high=self.duration(high_ms))

    def listed(self, texts: Sequence[str]) -> str:
        """Write a list as a part of a sentence: "A, B and C"."""
        if len(texts) < 2:
            return "".join(texts)
        return self.say("list.middle").join(texts[:-1]) + self.say("list.last") + texts[-1]

    def _units(self, unit: str, count: int) -> str:
        return self.say(f"duration.{unit}", count, n=self.number(count))

    def _bent(self, percent: Decimal) -> Value:
        text = self.say("percent", n=self.number(percent))
        return lambda form: italian(int(percent), text, form) if form else text


def plain(text: str) -> str:
    r"""Replace spaces that do not break, and typographic dashes and apostrophes, for telephones and terminals.

    Examples
    --------
    >>> plain("12\u202f340 personnes (8\u00a0%)")
    '12 340 personnes (8 %)'
    """
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def _exact(number: Decimal | float) -> Decimal:
    """Return a number in decimals, without zeros at its end."""
    value = number if isinstance(number, Decimal) else Decimal(repr(number))
    return value.to_integral_value() if value == value.to_integral_value() else value.normalize()


def _percent(share: float) -> Decimal:
    # By way of the shortest decimals, for 0.145 is a little less than it says
    return _exact((Decimal(repr(float(share))) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _minutes(ms: int) -> int:
    """Return whole minutes, half up, but never none of something."""
    return max(1, (ms + _MINUTE_MS // 2) // _MINUTE_MS) if ms else 0


def _split(ms: int) -> tuple[int, int, int]:
    hours, minutes = divmod(_minutes(ms), 60)
    return hours // 24, hours % 24, minutes
