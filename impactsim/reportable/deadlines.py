"""By when something has to be told: hours, days and months after an event, on a calendar."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta, tzinfo

from impactsim.reportable.facts import DeadlineFacts
from impactsim.reportable.rules import Deadline, Regime, Within

_HOUR_MS, _DAY_MS = 3_600_000, 86_400_000
_OF = {
    "occurrence": "the occurrence",
    "awareness": "awareness",
    "classification": "classification",
    "quarter": "the end of the quarter",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: from the start of the scenario, on the calendar, or both; neither where it cannot be told."""

    at_ms: int | None = None
    at: datetime | None = None


def deadlines_of(
    regime: Regime, events_ms: Mapping[str, int], starts: datetime | None, zone: tzinfo | None
) -> tuple[DeadlineFacts, ...]:
    """Return by when what has to be told.

    Parameters
    ----------
    regime
        The rules.
    events_ms
        Time of ``occurrence``, ``awareness`` and ``classification``, from the start of the scenario; without them no time is
        known, and the words only are returned.
    starts
        Clock time of the start, if there is one.
    zone
        In which the times are wanted; that of the start if absent.
    """
    moments = {name: Moment(at_ms, clock_at(starts, at_ms, zone)) for name, at_ms in events_ms.items()}
    begun = moments.get("occurrence", Moment()).at
    if begun is not None:
        moments["quarter"] = Moment(None, _end_of_quarter(begun))
    found = []
    for deadline in regime.deadlines:
        moment = _earliest([_after(moments.get(each.after, Moment()), each) for each in deadline.within])
        moments[deadline.id] = moment
        found.append(DeadlineFacts(deadline, _words(deadline, regime), moment.at_ms, moment.at))
    return tuple(found)


def plus_months(clock: datetime, months: int) -> datetime | None:
    """Return the same hour so many months later; the last day of the month where that has no such day.

    An hour that clocks leave out becomes the one that they show instead. None where the calendar ends.

    Examples
    --------
    >>> plus_months(datetime(2026, 11, 30, 9), 3)
    datetime.datetime(2027, 2, 28, 9, 0)
    """
    year, month = divmod(clock.year * 12 + clock.month - 1 + months, 12)
    if year > MAXYEAR:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    later = clock.replace(year=year, month=month + 1, day=min(clock.day, last))
    return later if later.tzinfo is None else clock_at(later, 0, later.tzinfo)


def clock_at(starts: datetime | None, at_ms: int | None, zone: tzinfo | None) -> datetime | None:
    """Return the time so long after a start, in a zone or else that of the start; None without one, and where the calendar ends."""
    if starts is None or at_ms is None:
        return None
    try:
        return (starts.astimezone(UTC) + timedelta(milliseconds=at_ms)).astimezone(zone or starts.tzinfo)
    except OverflowError:
        return None


def _end_of_quarter(clock: datetime) -> datetime | None:
    first = clock.replace(month=clock.month - (clock.month - 1) % 3, day=1, hour=0, minute=0, second=0, microsecond=0)
    return plus_months(first, 3)


def _after(moment: Moment, within: Within) -> Moment:
    if within.months is not None:
        return Moment(None, None if moment.at is None else plus_months(moment.at, within.months))
    more_ms = round((within.hours or 0.0) * _HOUR_MS) + (within.days or 0) * _DAY_MS
    at_ms = None if moment.at_ms is None else moment.at_ms + more_ms
    return Moment(at_ms, None if moment.at is None else clock_at(moment.at, more_ms, moment.at.tzinfo))


def _earliest(moments: list[Moment]) -> Moment:
    times = [each.at_ms for each in moments]
    clocks = [each.at for each in moments]
    at_ms = min((each for each in times if each is not None), default=None)
    # By the instant: of one zone Python compares what clocks show, which comes twice in autumn.
    at = min((each for each in clocks if each is not None), key=datetime.timestamp, default=None)
    return Moment(None if None in times else at_ms, None if None in clocks else at)


def _words(deadline: Deadline, regime: Regime) -> str:
    what = {each.id: each.what for each in regime.deadlines}
    parts = [f"{_length(each)} after {_OF.get(each.after) or 'the ' + what[each.after]}" for each in deadline.within]
    return " or ".join(parts) + (", whichever is earlier" if len(parts) > 1 else "")


def _length(within: Within) -> str:
    if within.months is not None:
        return f"{within.months} month" + "s" * (within.months > 1)
    if within.days is not None:
        return f"{within.days} days"
    return f"{within.hours:g} h" if within.hours else "at once"
