"""Where the marks of a time axis stand, and what is written at them."""

from __future__ import annotations

from datetime import datetime, timedelta

from impactsim.quantities import about_duration
from impactsim.reports.words import Times, month

_SECOND_MS, _MINUTE_MS, _HOUR_MS, _DAY_MS = 1000, 60_000, 3_600_000, 86_400_000
_STEPS_MS = (
    *(each * _SECOND_MS for each in (1, 2, 5, 10, 15, 30)),
    *(each * _MINUTE_MS for each in (1, 2, 5, 10, 15, 30)),
    *(each * _HOUR_MS for each in (1, 2, 3, 6, 12)),
    *(each * _DAY_MS for each in (1, 2, 7, 14, 28, 56, 112, 365, 730, 3650, 36500)),
)


def ticks_of(starts: datetime | None, end_ms: int, most: int = 11) -> tuple[list[int], list[str], str]:
    """Return the marks of an axis from 0 to `end_ms`.

    Parameters
    ----------
    starts
        Clock time of 0; without it the marks count from the start.
    end_ms
        End of the axis, above 0.
    most
        How many marks there are at most.

    Returns
    -------
    list of int
        Their places in milliseconds, on round times of the clock or since the start.
    list of str
        What is written at each.
    str
        What is written below the axis.
    """
    step_ms = next((step for step in _STEPS_MS if end_ms / step < most), end_ms)
    times = Times(starts, end_ms)
    if starts is None or not times.are_clock_times:
        places = list(range(0, end_ms + 1, step_ms))
        return places, [about_duration(place) for place in places], "time since the start"
    midnight = starts.replace(hour=0, minute=0, second=0, microsecond=0)
    since_ms = (starts - midnight) // timedelta(milliseconds=1)
    places = list(range(-since_ms % step_ms, end_ms + 1, step_ms))
    words = []
    day = None
    for place in places:
        clock = starts + timedelta(milliseconds=place)
        date = f"{clock.day} {month(clock)}"
        text = f"{clock:%H:%M:%S}" if step_ms < _MINUTE_MS else f"{clock:%H:%M}"
        if step_ms >= _DAY_MS:
            text = date
        elif clock.date() != day:
            text += f"\n{date}"
        day = clock.date()
        words.append(text)
    return places, words, f"clock time, {times.start().split()[-1]}"
