"""How times over many trials become words: recovery times, losses, targets.

What was promised is written exactly; what can be had is rounded up, for whoever plans with it must not be late.
"""

from __future__ import annotations

import math
import re

from impactsim.model.fields import Target
from impactsim.quantities import about_duration, format_duration
from impactsim.review.facts import Spread

_SECOND_MS = 1_000
_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
_FIGURE = re.compile(r"([0-9.]+)([a-z]+)")


def duration(ms: float | None) -> str:
    """Write a duration; infinite is *never*, unknown *not known*, and none a dash.

    Examples
    --------
    >>> duration(5_400_000), duration(0), duration(math.inf), duration(math.nan), duration(None)
    ('1 h 30 min', '0', 'never', 'not known', '-')
    """
    if ms is None:
        return "-"
    if math.isnan(ms):
        return "not known"
    return "never" if math.isinf(ms) else about_duration(ms)


def recovery(ms: float | None, promised: Target | None = None) -> str:
    """Write a recovery time, or a loss, rounded up: whoever plans with it must not be late.

    Where rounding would hide whether a target is met, the units are finer.

    Examples
    --------
    >>> recovery(3_601_000), recovery(154_860_000), recovery(154_860_000, 154_800_000), recovery(math.inf)
    ('1 h 1 min', '1 d 20 h', '1 d 19 h 1 min', 'never')
    >>> recovery(7_190_000, 7_200_000), recovery(7_200_000, 7_200_000)
    ('1 h 59 min 50 s', '2 h')
    """
    if ms is None or not math.isfinite(ms):
        return duration(ms)
    step = _step_of(ms)
    if not isinstance(promised, int) or abs(ms - promised) >= step:
        return duration(_up(ms, step))
    steps = (each for each in (_MINUTE_MS, _SECOND_MS) if each < step and abs(ms - promised) >= each)
    return target(_up(ms, next(steps, 1)))


def _step_of(ms: float) -> int:
    """Return how finely a time is told, so that it has two units at most."""
    limits = ((_SECOND_MS, 1), (10 * _MINUTE_MS, _SECOND_MS), (_DAY_MS, _MINUTE_MS), (14 * _DAY_MS, _HOUR_MS))
    return next((step for below, step in limits if ms < below), _DAY_MS)


def _up(ms: float, step: int) -> int:
    return math.ceil(ms / step) * step


def since_start(ms: float | None) -> str:
    """Write a time from the start of a scenario, in whole minutes.

    Examples
    --------
    >>> since_start(5_400_000), since_start(266_400_000), since_start(None), since_start(math.inf)
    ('+1:30', '+3d 2:00', 'never', 'never')
    """
    if ms is None or math.isinf(ms):
        return "never"
    if math.isnan(ms):
        return "not known"
    minutes = round(ms / _MINUTE_MS)
    days, rest = divmod(minutes, 1440) if minutes >= 2880 else (0, minutes)
    return f"+{days}d " * bool(days) + "+" * (not days) + f"{rest // 60}:{rest % 60:02}"


def target(value: Target | None) -> str:
    """Write a target; that nobody knows it, that there is none, and that nobody gave it are three different things.

    Examples
    --------
    >>> target(14_400_000), target(0), target("unknown"), target("not-applicable"), target(None)
    ('4 h', '0', 'unknown', 'not applicable', 'not given')
    >>> target(5_430_000)
    '1 h 30 min 30 s'
    """
    if value is None:
        return "not given"
    if isinstance(value, str):
        return value.replace("-", " ")
    parts = _FIGURE.findall(format_duration(value))  # exact, as a promise is
    return " ".join(f"{figure} {'min' if unit == 'm' else unit}" for figure, unit in parts) or "0"


def spread(value: Spread | None, promised: Target | None = None) -> str:
    """Write a recovery time over many trials, rounded up: its middle, and what nine of ten keep.

    Examples
    --------
    >>> spread(Spread(3_600_000, 7_200_000, 10_800_000)), spread(Spread(0, 0, 0)), spread(None)
    ('2 h (P90 3 h)', '0', '-')
    >>> spread(Spread(math.nan, math.nan, math.nan))
    'not known'
    """
    if value is None:
        return "-"
    middle, late = recovery(value.p50_ms, promised), recovery(value.p90_ms, promised)
    return middle if middle == late else f"{middle} (P90 {late})"


def from_declaration(value: Spread | None) -> str:
    """Write a recovery time from the declaration on; where no scenario has one it is *not declared*.

    Examples
    --------
    >>> from_declaration(Spread(0, 0, 0)), from_declaration(Spread(math.nan, math.nan, math.nan)), from_declaration(None)
    ('0', 'not declared', '-')
    """
    return "not declared" if value is not None and math.isnan(value.p50_ms) else spread(value)


def loss(ms: float | None, promised: Target | None = None) -> str:
    """Write how much data is lost, as a time, rounded up; infinite is all of it.

    Examples
    --------
    >>> loss(3_600_000), loss(math.inf), loss(None)
    ('1 h', 'all', '-')
    """
    return "all" if ms is not None and math.isinf(ms) else recovery(ms, promised)


def loss_spread(value: Spread | None, promised: Target | None = None) -> str:
    """Write a loss of data over many trials: its middle, and what nine of ten keep."""
    if value is None:
        return "-"
    middle, late = loss(value.p50_ms, promised), loss(value.p90_ms, promised)
    return middle if middle == late else f"{middle} (P90 {late})"
