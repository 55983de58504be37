"""Figures rounded outward, to what customers can use and attackers cannot: low bounds down, high bounds up.

An exact number of people, or an exact second, can tell which component it was.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from impactsim.notices.incident import People

_MINUTE_MS = 60_000
_HOUR_MS = 3_600_000
_STEPS = ((_HOUR_MS, 15 * _MINUTE_MS), (6 * _HOUR_MS, 30 * _MINUTE_MS), (24 * _HOUR_MS, 2 * _HOUR_MS))
_LARGEST_STEP_MS = 12 * _HOUR_MS
_CLOCK_STEP = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def step_ms(ms: float) -> int:
    """Return to how much a remaining time is rounded.

    Examples
    --------
    >>> [step_ms(hours * 3_600_000) // 60_000 for hours in (0.5, 1, 5.9, 6, 23, 24)]
    [15, 30, 30, 120, 120, 720]
    """
    return next((step for below, step in _STEPS if ms < below), _LARGEST_STEP_MS)


def range_ms(low: float, high: float) -> tuple[int, int]:
    """Round a range of remaining times outward, each end to its own step.

    Examples
    --------
    >>> [ms // 60_000 for ms in range_ms(50 * 60_000, 130 * 60_000)]
    [45, 150]
    """
    down, up = step_ms(low), step_ms(high)
    return math.floor(low / down) * down, max(math.ceil(high / up) * up, up)


def people(low: float, high: float, smallest: int) -> People:
    """Round a number of people outward to two digits; below `smallest` nothing but that is said.

    Parameters
    ----------
    low, high
        Bounds, 0 or more.
    smallest
        No smaller number is published.

    Examples
    --------
    >>> people(12_345, 14_021, 100)
    People(low=12000, high=15000, fewer_than=None)
    >>> people(40, 80, 100)
    People(low=0, high=100, fewer_than=100)
    """
    most = _two_digits(high, math.ceil)
    if high < smallest:
        return People(0, smallest, smallest)
    least = _two_digits(low, math.floor)
    return People(least if least >= smallest else 0, most)


def _two_digits(value: float, towards: Callable[[float], int]) -> int:
    exact = round(value, 6)  # what a sum of shares leaves behind the point is no person
    unit: int = 10 ** max(0, len(str(int(exact))) - 2)
    return towards(exact / unit) * unit


def shares(low: float, high: float) -> tuple[float, float]:
    """Round shares outward to whole percents.

    Examples
    --------
    >>> shares(0.0801, 0.123), shares(0.08, 0.08), shares(0.001, 0.002)
    ((0.08, 0.13), (0.08, 0.08), (0.0, 0.01))
    """
    return math.floor(round(low * 100, 6)) / 100, math.ceil(round(high * 100, 6)) / 100


def clock_down(at: datetime) -> datetime:
    """Return the last five minutes of the clock that are not after `at`."""
    return at - (at - _EPOCH) % _CLOCK_STEP


def clock_up(at: datetime) -> datetime:
    """Return the first five minutes of the clock that are not before `at`."""
    down = clock_down(at)
    return down if down == at else down + _CLOCK_STEP


def minute_of(at: datetime) -> datetime:
    """Return the minute that `at` is in."""
    return at.replace(second=0, microsecond=0)
