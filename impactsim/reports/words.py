"""How figures become words for people: times, numbers of people, lists of names.

Knows neither runs nor layouts. What is rounded is rounded outward where it is a bound, so that the words never promise
more than the figures do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from impactsim.quantities import about_count, about_duration

if TYPE_CHECKING:
    from impactsim.engine.users import Range
    from impactsim.reports.facts import Facts

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JOINERS = "\u200c\u200d"  # not printable by Python's rule, but Persian and Indic names need them


class Times:
    """How the times of one run are written.

    With a start they are clock times in its own offset, else the time since the start as ``+0:10``. They have seconds,
    or thousandths, where otherwise two different instants would look the same.

    Parameters
    ----------
    starts
        Clock time of the start, if there is one.
    end_ms
        When the run ends.
    instants
        The times that are to be told apart.
    """

    def __init__(self, starts: datetime | None, end_ms: int, instants: Iterable[int] = ()) -> None:
        self._starts = starts if _can_be_told(starts, end_ms) else None
        self._step_ms = _step({0, end_ms, *instants}, end_ms)
        last = None if self._starts is None else self._starts + timedelta(milliseconds=end_ms)
        self._has_dates = last is not None and self._starts is not None and last.date() != self._starts.date()
        self._has_years = last is not None and self._starts is not None and last.year != self._starts.year

    @property
    def are_clock_times(self) -> bool:
        """Whether they are clock times."""
        return self._starts is not None

    def at(self, at_ms: int) -> str:
        """Write one time: ``14:10``, ``3 Mar 14:10``, ``+0:10`` or ``+2d 1:10``."""
        if self._starts is None:
            return "+" + self._elapsed(at_ms)
        clock = self._starts + timedelta(milliseconds=at_ms)
        text = f"{clock:%H:%M}" + self._fraction(clock.second, clock.microsecond // 1000)
        if self._has_dates:
            year = f" {clock.year}" if self._has_years else ""
            text = f"{clock.day} {month(clock)}{year} {text}"
        return text

    def span(self, from_ms: int, to_ms: int) -> str:
        """Write a time from and to."""
        return f"{self.at(from_ms)} to {self.at(to_ms)}"

    def start(self) -> str:
        """Write the start in full, with its offset; empty if there is none."""
        if self._starts is None:
            return ""
        offset = f"{self._starts:%z}"
        zone = "UTC" if offset in ("+0000", "-0000") else f"UTC{offset[:3]}:{offset[3:5]}"
        return f"{self._starts.day} {month(self._starts)} {self._starts.year} {self._starts:%H:%M} {zone}"

    def _elapsed(self, at_ms: int) -> str:
        days, rest = divmod(at_ms, _DAY_MS) if at_ms >= 2 * _DAY_MS else (0, at_ms)
        hours, rest = divmod(rest, _HOUR_MS)
        minutes, rest = divmod(rest, _MINUTE_MS)
        text = f"{hours}:{minutes:02}" + self._fraction(*divmod(rest, 1000))
        return f"{days}d {text}" if days else text

    def _fraction(self, seconds: int, thousandths: int) -> str:
        """Write what is below a minute, if it is anything."""
        if self._step_ms == _MINUTE_MS or not (seconds or (thousandths and self._step_ms == 1)):
            return ""
        return f":{seconds:02}" + (f".{thousandths:03}" if thousandths and self._step_ms == 1 else "")


def month(clock: datetime) -> str:
    """Return the short name of a month, the same in every locale."""
    return _MONTHS[clock.month - 1]


def times_of(facts: Facts) -> Times:
    """Return how to write the times of a run."""
    return Times(facts.starts, facts.end_ms, (moment.at_ms for moment in facts.moments))


def _can_be_told(starts: datetime | None, end_ms: int) -> bool:
    """Tell whether the calendar reaches as far as the run."""
    if starts is None:
        return False
    try:
        starts + timedelta(milliseconds=end_ms)
    except OverflowError:
        return False
    return True


def _step(instants: set[int], end_ms: int) -> int:
    """Return what times are cut to: whole minutes, seconds or milliseconds."""

    def is_plain(step_ms: int, short_ms: int) -> bool:
        if all(at_ms % step_ms == 0 for at_ms in instants):
            return True
        return end_ms >= short_ms and len({at_ms // step_ms for at_ms in instants}) == len(instants)

    if is_plain(_MINUTE_MS, _DAY_MS):
        return _MINUTE_MS
    return 1000 if is_plain(1000, _MINUTE_MS) or end_ms > 10 * _MINUTE_MS else 1


def people(value: float, digits: int = 2) -> str:
    """Write an estimated number of people with two significant digits, or more.

    Examples
    --------
    >>> people(118_442), people(12_300_000), people(7.6), people(41_500, 3)
    ('120,000', '12 million', '8', '41,500')
    """
    return _written(_rounded(value, round, digits))


def range_of_people(count: Range) -> str:
    """Write bounds and estimate of a number of people, the bounds rounded outward.

    Examples
    --------
    >>> from impactsim.engine.users import Range
    >>> range_of_people(Range(120000.0, 120000.0, 120000.0))
    '120,000'
    >>> range_of_people(Range(80_100.0, 91_234.0, 101_000.0))
    'about 91,000 (80,000 to 110,000)'
    >>> range_of_people(Range(30_000.0, None, 40_000.0))
    '30,000 to 40,000'
    """
    if is_exact(count):
        return exact(count.high)
    if count.estimate is None:
        return bounds(count)
    return f"about {people(count.estimate)} ({bounds(count)})"


def bounds(count: Range) -> str:
    """Write the bounds of a number of people, rounded outward."""
    low, high = (_written(_rounded(value, to)) for value, to in ((count.low, math.floor), (count.high, math.ceil)))
    return low if low == high else f"{low} to {high}"


def is_exact(count: Range) -> bool:
    """Tell whether low, estimate and high are one number."""
    return math.isclose(count.low, count.high, rel_tol=1e-9, abs_tol=1e-6)


def exact(value: float) -> str:
    """Write a number that has no range: whole; one that is not whole, or very large, with three digits.

    Examples
    --------
    >>> exact(123_456.0), exact(71_712.6), exact(87_654_321.0)
    ('123,456', 'about 71,700', 'about 87.7 million')
    """
    value = round(value, 6)
    if value.is_integer() and value < 10_000_000:
        return _written(value)
    rounded = _rounded(value, round, 3)
    return _written(rounded) if rounded == value else f"about {_written(rounded)}"


def _rounded(value: float, to: Callable[[float], int], digits: int = 2) -> float:
    """Round to so many significant digits, below 10 to whole numbers."""
    value = round(value, 6)  # a bound of 40,000.0000001 is 40,000
    if value <= 0:
        return 0.0
    step = 10.0 ** max(0, math.floor(math.log10(value)) - digits + 1)
    return to(round(value / step, 9)) * step


def _written(value: float) -> str:
    for least, unit, word in ((1e12, 1e12, "trillion"), (1e9, 1e9, "billion"), (1e7, 1e6, "million")):
        if value >= least:
            return f"{value / unit:,.4g} {word}" if value < 1e15 else f"{value / unit:,.0f} {word}"
    return about_count(value)


def range_of_time(value: Range) -> str:
    """Write bounds of a duration in milliseconds."""
    if value.high <= 0:
        return "-"
    if value.low == value.high:
        return about_duration(value.high)
    if value.low <= 0:
        return f"up to {about_duration(value.high)}"
    return f"{about_duration(value.low)} to {about_duration(value.high)}"


def clean(text: str) -> str:
    """Return somebody's text as one line that cannot command a terminal."""
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() or letter in _JOINERS else "\ufffd" for letter in line)


def joined(names: Sequence[str], limit: int | None = None, last: str = "and") -> str:
    """Write names as a list, the first `limit` of them.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a", "b", "c", "d"], 2), joined([])
    ('a, b and c', 'a, b and 2 more', '')
    """
    names = list(names)
    if limit is not None and len(names) > limit + 1:  # "and 1 more" is no shorter than the name
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return f" {last} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else ""


def counted(number: int, word: str, many: str = "") -> str:
    """Write a number with its word: ``1 service``, ``3 services``.

    Examples
    --------
    >>> counted(1, "service"), counted(2, "service"), counted(2, "copy", "copies")
    ('1 service', '2 services', '2 copies')
    """
    return f"{number:,} {word if number == 1 else many or word + 's'}"


def by_value(texts: dict[str, str]) -> dict[str, list[str]]:
    """Return the keys of each text, so that what many have in common is said once."""
    groups: dict[str, list[str]] = {}
    for key, text in texts.items():
        groups.setdefault(text, []).append(key)
    return groups
