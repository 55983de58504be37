"""How the times of an exercise are written."""

from __future__ import annotations

from datetime import datetime

from impactsim.review import words

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def time_of(at_ms: int) -> str:
    """Write a time of play: ``T+0:15``."""
    return f"T{words.since_start(at_ms)}"


def day_of(clock: datetime) -> str:
    """Return the name of a day of the week, the same in every locale."""
    return _DAYS[clock.weekday()]
