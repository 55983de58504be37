"""The ways to forecast what remains of an outage that ours is held against.

Each is fitted to durations by maximum likelihood, and knows nothing else. Their sources: the exponential law is what a mean time to
restore assumes; Weibull, log-normal and log-logistic laws are the usual ones of reliability; the empirical residual is what
remained of those past outages that had lasted as long.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import Protocol

from impactsim.laws import Exponential, LogLogistic, LogNormal
from impactsim.remaining import log_logistic

_P90 = NormalDist().inv_cdf(0.9)
_LEAST_SIGMA = 1e-6  # of durations that are all equal
_MOST_SHAPE = 1000.0


class Forecaster(Protocol):
    """Whatever says what remains."""

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains after `elapsed`."""


@dataclass(frozen=True, slots=True)
class Weibull:
    """A Weibull law: its survival is exp(-(t / scale)^shape)."""

    scale: float
    shape: float

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains after `elapsed`."""
        if p >= 1:
            return math.inf
        used = (elapsed / self.scale) ** self.shape
        return float(max(0.0, self.scale * (used - math.log1p(-p)) ** (1 / self.shape) - elapsed))


@dataclass(frozen=True, slots=True)
class Empirical:
    """What remained of those that had lasted as long; 0 where none had.

    Its quantile runs straight between the observed values (definition 7 of Hyndman and Fan, 1996, The American Statistician 50,
    361-365).
    """

    values: tuple[float, ...]

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remained after `elapsed`."""
        first = bisect_right(self.values, elapsed)
        n = len(self.values) - first
        if not n:
            return 0.0
        place = p * (n - 1)
        low = math.floor(place)
        lower, upper = self.values[first + low], self.values[first + min(low + 1, n - 1)]
        return lower + (place - low) * (upper - lower) - elapsed


def weibull(durations: Sequence[float]) -> Weibull:
    """Fit a Weibull law by maximum likelihood.

    Parameters
    ----------
    durations
        At least one, each above 0 and finite.

    Notes
    -----
    The shape solves sum(t^k ln t) / sum(t^k) - 1/k = mean(ln t), whose left side rises with k; it is found by halving.
    """
    logs = sorted(math.log(duration) for duration in durations)
    mean, top = fmean(logs), logs[-1]

    def excess(shape: float) -> float:
        weights = [math.exp(shape * (log - top)) for log in logs]
        return math.fsum(w * log for w, log in zip(weights, logs, strict=True)) / math.fsum(weights) - 1 / shape - mean

    low, high = 1e-3, _MOST_SHAPE
    for _ in range(60):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if excess(middle) > 0 else (middle, high)
    mean_power = fmean(math.exp(high * (log - top)) for log in logs)
    return Weibull(math.exp(top + math.log(mean_power) / high), high)


def log_normal(durations: Sequence[float]) -> LogNormal:
    """Fit a log-normal law by maximum likelihood: mean and standard deviation of the logarithms."""
    logs = [math.log(duration) for duration in sorted(durations)]
    mean = fmean(logs)
    sigma = max(math.sqrt(fmean((log - mean) ** 2 for log in logs)), _LEAST_SIGMA)
    return LogNormal(math.exp(mean), math.exp(mean + sigma * _P90), 90)


def _log_logistic(durations: Sequence[float]) -> LogLogistic:
    return LogLogistic(*log_logistic(durations))


def _exponential(durations: Sequence[float]) -> Exponential:
    return Exponential(fmean(durations))


def _empirical(durations: Sequence[float]) -> Empirical:
    return Empirical(tuple(sorted(durations)))


PEERS: dict[str, Callable[[Sequence[float]], Forecaster]] = {
    "exponential": _exponential,
    "Weibull": weibull,
    "log-normal": log_normal,
    "log-logistic": _log_logistic,
    "empirical": _empirical,
}
"""How each peer is fitted, by its name."""
