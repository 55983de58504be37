"""How the figures of a year become words: never with more digits than their intervals carry."""

from __future__ import annotations

import math

from impactsim.reports.forecast.facts import Mean
from impactsim.trials.estimates import Estimate

_MOST_DECIMALS = 6


def mean_of_number(mean: Mean | Estimate, sign: bool = False) -> str:
    """Write a mean number that need not be whole, such as outages a year, with half its interval.

    Examples
    --------
    >>> mean_of_number(Mean(1.6372, 1.5612, 1.7132)), mean_of_number(Mean(2.0, 2.0, 2.0)), mean_of_number(Mean(48.3, 41.2, 55.4))
    ('1.64 +- 0.08', '2', '48 +- 8')
    """
    lead = "+" if sign and mean.mean > 0 else ""
    half = max(mean.high - mean.mean, mean.mean - mean.low)
    if half == 0.0:
        return f"{lead}{mean.mean:,.4g}"
    decimals = _decimals(half)
    return f"{lead}{mean.mean:,.{decimals}f} +- {_up(half, decimals)}"


def mean_of_share(mean: Mean) -> str:
    """Write a mean share as a percentage with half its interval: ``99.962% +- 0.004%``.

    Examples
    --------
    >>> mean_of_share(Mean(0.99961783, 0.999580, 0.999655)), mean_of_share(Mean(1.0, 1.0, 1.0))
    ('99.962% +- 0.004%', '100%')
    """
    half = 100 * max(mean.high - mean.mean, mean.mean - mean.low)
    if half == 0.0:
        return f"{100 * mean.mean:.10g}%"
    decimals = _decimals(half)
    return f"{100 * mean.mean:.{decimals}f}% +- {_up(half, decimals)}%"


def share_of_all(share: float | None) -> str:
    """Write a share of a whole, whole percents as a rule.

    Examples
    --------
    >>> share_of_all(0.342), share_of_all(0.0042), share_of_all(0.00001), share_of_all(-0.12), share_of_all(None)
    ('34%', '0.4%', '<0.1%', '-12%', '-')
    """
    if share is None:
        return "-"
    if 0.0 < abs(share) < 0.0005:
        return "<0.1%"
    return f"{100 * share:.1f}%" if 0.0 < abs(share) < 0.01 else f"{100 * share:.0f}%"


def as_estimate(mean: Mean) -> Estimate:
    """Return a mean in the form of an estimate, for words that need no more than its interval."""
    return Estimate(mean.mean, mean.low, mean.high, mean.mean, mean.mean, mean.mean, mean.low, mean.high, 2)


def _decimals(half: float) -> int:
    """Return how many decimals a number has of which this is the uncertainty: one digit of it, two where it begins with 1."""
    power = math.floor(math.log10(half))
    first = half / 10.0**power
    return min(max(0, -power + (first < 2.0)), _MOST_DECIMALS)


def _up(half: float, decimals: int) -> str:
    scale = 10**decimals
    return f"{math.ceil(round(half * scale, 6)) / scale:,.{decimals}f}"
