"""How good forecasts by quantiles were: the pinball loss and the coverage, with standard errors.

The pinball loss of a p-quantile q, where y came, is p (y - q) above it and (1 - p) (q - y) below: the true quantile has the least
on the average (Koenker and Bassett, 1978, Econometrica 46, 33-50).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The quantiles that are forecast; the first and the last are the ends of the interval."""

NOMINAL = 0.8
"""Share of the outages that the interval should hold."""


@dataclass(frozen=True, slots=True)
class Score:
    """How good the forecasts of one way were."""

    pinball: float
    """Mean loss, in the unit of what was forecast."""
    pinball_error: float
    """Its standard error."""
    coverage: float
    """Share of what came that lay in the interval."""
    coverage_error: float
    """Standard error of the share, were it the nominal one: what chance alone does to a coverage."""
    behind: float = 0.0
    """Mean of our loss less this one, incident by incident: above 0 where this way was better."""
    behind_error: float = 0.0
    """Its standard error."""


def pinball(quantiles: Sequence[float], value: float) -> float:
    """Return the pinball loss of the quantiles `LEVELS` where `value` came, averaged over them.

    Examples
    --------
    >>> round(pinball([1, 1, 1, 1, 1], 2), 3), round(pinball([3, 3, 3, 3, 3], 2), 3)
    (0.5, 0.5)
    """
    losses = (
        level * (value - quantile) if value >= quantile else (1 - level) * (quantile - value)
        for level, quantile in zip(LEVELS, quantiles, strict=True)
    )
    return math.fsum(losses) / len(LEVELS)


def holds(quantiles: Sequence[float], value: float) -> bool:
    """Tell whether the interval holds a value, its ends included.

    Examples
    --------
    >>> holds([1, 2, 3, 4, 5], 5), holds([1, 2, 3, 4, 5], 5.1)
    (True, False)
    """
    return quantiles[0] <= value <= quantiles[-1]


def score(losses: Sequence[float], held: Sequence[bool], ours: Sequence[float]) -> Score:
    """Return the score of one way to forecast.

    Parameters
    ----------
    losses
        Pinball loss of each incident, at least one.
    held
        Whether the interval held it.
    ours
        Loss of our own forecast of the same incidents.
    """
    behind = [our - loss for our, loss in zip(ours, losses, strict=True)]
    return Score(
        pinball=fmean(losses),
        pinball_error=_error(losses),
        coverage=fmean(held),
        coverage_error=math.sqrt(NOMINAL * (1 - NOMINAL) / len(held)),
        behind=fmean(behind),
        behind_error=_error(behind),
    )


def _error(values: Sequence[float]) -> float:
    """Return the standard error of a mean; infinite for a single value."""
    n = len(values)
    if n < 2:
        return math.inf
    mean = fmean(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1) / n)
