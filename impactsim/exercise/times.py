"""How the times of an exercise are written."""

from __future__ import annotations

from datetime import datetime, timedelta

from impactsim.review.report import words

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def time_of(at_ms: int) -> str:
    """Write a time of play: ``T+0:15``."""
    return f"T{words.since_start(at_ms)}"


def date_of(clock: datetime) -> str:
    """Write a day with its weekday: ``Tuesday, 6 October 2026``."""
    return f"{day_of(clock)}, {clock.day} {_MONTHS[clock.month - 1]} {clock.year}"


def clock_of(starts: datetime | None, at_ms: int) -> str:
    """Write a time of play as the clock and the calendar show it: ``Tue 6 Oct, 09:25``; empty where nobody knows the clock."""
    if starts is None:
        return ""
    clock = starts + timedelta(milliseconds=at_ms)
    return f"{day_of(clock)[:3]} {clock.day} {_MONTHS[clock.month - 1][:3]}, {clock:%H:%M}"


def day_of(clock: datetime) -> str:
    """Return the name of a day of the week, the same in every locale."""
    return _DAYS[clock.weekday()]
