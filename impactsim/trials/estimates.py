"""Figures estimated from trials, each with its interval.

Theory of operation. The interval of a mean is Student's: mean +- t s / sqrt(n), with t the 97.5 % quantile at n - 1 degrees of
freedom (Student, 1908, Biometrika 6, 1-25). The interval of a chance is E. B. Wilson's (1927, Journal of the American
Statistical Association 22, 209-212), which holds near 0 and 1 too, where the usual one has no width. All sums are exactly
rounded (`math.fsum`, or whole numbers), so that a figure depends on the trials alone.

Where all trials agree the mean is that value and its interval has no width: nothing in the trials is uncertain. That says
little when there were few of them; how many there were stands in every estimate.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from impactsim.beta import inverse_regularised_beta
from impactsim.trials.moments import Moments
from impactsim.trials.sketch import Sketch

CONFIDENCE = 0.95
"""Probability with which an interval covers what it estimates."""

_NORMAL = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_EXACT_UP_TO = 100  # degrees of freedom: from there on the expansion is good to 1e-10


@dataclass(frozen=True, slots=True)
class Estimate:
    """The distribution of a figure over the trials, and its mean with an interval of 95 %."""

    mean: float
    """Infinite if a trial is: a figure may be infinite where something never happens."""
    low: float
    """The mean of infinitely many trials is not below this."""
    high: float
    """Nor above this."""
    p10: float
    """Not exceeded in a tenth of the trials."""
    p50: float
    """The median."""
    p90: float
    """Not exceeded in nine tenths of the trials."""
    least: float
    """The smallest of all trials."""
    most: float
    """The largest of all trials."""
    n: int
    """How many trials."""


@dataclass(frozen=True, slots=True)
class Chance:
    """In which share of the trials something happened, with an interval of 95 %."""

    p: float
    """The share, from 0 to 1."""
    low: float
    """The probability is not below this."""
    high: float
    """Nor above this."""
    n: int
    """How many trials."""


def chance_of(hits: int, n: int) -> Chance:
    """Return the chance of what happened in `hits` of `n` trials.

    Parameters
    ----------
    hits
        In how many, from 0 to `n`.
    n
        At least 1.

    Returns
    -------
    Chance
        With the interval of Wilson (1927).

    Examples
    --------
    >>> chance = chance_of(0, 100)
    >>> chance.p, chance.low, round(chance.high, 4)
    (0.0, 0.0, 0.037)
    """
    assert 0 <= hits <= n, "not in more trials than there are"
    assert n >= 1, "there was a trial"
    square = _NORMAL * _NORMAL
    middle = (hits + square / 2) / (n + square)
    half = _NORMAL / (n + square) * math.sqrt(hits * (n - hits) / n + square / 4)
    return Chance(hits / n, 0.0 if hits == 0 else middle - half, 1.0 if hits == n else middle + half, n)


def estimate_of(values: ArrayLike, floor: float = -math.inf) -> Estimate:
    """Return what trials say about a figure.

    Parameters
    ----------
    values
        The figure in each trial, at least one, in any order. Infinite where something never happened; then the mean and its
        interval are infinite too, and the quantiles are right.
    floor
        What the figure cannot fall below, such as 0 of a time; nor can its interval.

    Returns
    -------
    Estimate

    Examples
    --------
    >>> estimate = estimate_of([1.0, 2.0, 3.0, 4.0])
    >>> estimate.mean, estimate.p50, round(estimate.high, 3)
    (2.5, 2.5, 4.554)
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    assert n >= 1, "there was a trial"
    mean, deviation = _mean_and_deviation(ordered)
    low, high = _interval(mean, deviation, n, floor)
    p10, p50, p90 = (_quantile(ordered, p) for p in (0.1, 0.5, 0.9))
    return Estimate(mean, low, high, p10, p50, p90, float(ordered[0]), float(ordered[-1]), n)


def difference_of(a: ArrayLike, b: ArrayLike) -> Estimate:
    """Return by how much a figure of `a` exceeds that of `b`, trial by trial.

    Both have seen the same luck, so that what they have in common cancels and the interval is much narrower than those of the
    two figures (common random numbers).

    Parameters
    ----------
    a, b
        The figure in each trial, in the order of the trials, as many in both. A trial in which both are infinite makes no
        difference: 0.

    Returns
    -------
    Estimate
        Of a - b. If the difference is infinite upwards in one trial and downwards in another nothing is known of its mean:
        nan, from -inf to inf.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    assert first.shape == second.shape, "the same trials"
    differ = first != second
    return estimate_of(np.subtract(first, second, out=np.zeros_like(first), where=differ))


def estimates_of_things(
    moments: Moments, sketch: Sketch, n_trials: int, things: Iterable[int] | None = None
) -> list[Estimate]:
    """Return what trials say about one figure of each of many things.

    Parameters
    ----------
    moments, sketch
        Of the same rows.
    n_trials
        How many trials there were; in those without a row the value of a thing is 0.
    things
        Numbers of things; all of them without.

    Returns
    -------
    list of Estimate
        In the order of `things`. A quantile is that of a trial, or wrong by less than `sketch.relative_error` of itself.
    """
    chosen = np.arange(moments.n_things) if things is None else np.fromiter(things, np.int64)
    means = moments.mean(n_trials)[chosen].tolist()
    deviations = np.sqrt(moments.variance(n_trials)[chosen]).tolist()
    least, most = moments.least(n_trials)[chosen], moments.greatest()[chosen]
    # The middle of the first or last bin may lie beyond the least or greatest value, which are exact.
    quantiles = [np.clip(sketch.quantile(chosen, p, n_trials), least, most).tolist() for p in (0.1, 0.5, 0.9)]
    rows = zip(means, deviations, *quantiles, least.tolist(), most.tolist(), strict=True)
    return [
        Estimate(
            mean, *_interval(mean, deviation, n_trials, 0.0), p10, p50, p90, float(smallest), float(largest), n_trials
        )
        for mean, deviation, p10, p50, p90, smallest, largest in rows
    ]


def half_width(estimate: Estimate) -> float:
    """Return how wide the interval of the mean reaches to either side, as a share of the mean: what a stop rule looks at.

    Parameters
    ----------
    estimate
        Of any figure.

    Returns
    -------
    float
        0 where all trials agree; infinite where the mean is 0, infinite or unknown although they do not.

    Examples
    --------
    >>> half_width(estimate_of([7.0, 7.0, 7.0]))
    0.0
    >>> round(half_width(estimate_of([99.0, 101.0, 100.0])), 4)  # t = 4.303, s = 1
    0.0248
    """
    if estimate.least == estimate.most:
        return 0.0
    if estimate.mean == 0 or not math.isfinite(estimate.mean):
        return math.inf
    # One side may be cut off at what the figure cannot fall below.
    return max(estimate.high - estimate.mean, estimate.mean - estimate.low) / abs(estimate.mean)


@lru_cache
def student_quantile(degrees: int) -> float:
    """Return the t that a Student variable exceeds in absolute value with probability 5 % (1 - `CONFIDENCE`).

    Parameters
    ----------
    degrees
        Degrees of freedom, at least 1.

    Returns
    -------
    float
        Good to 1e-9. Up to 100 degrees from t^2 / (degrees + t^2), which has a beta distribution (Abramowitz and Stegun, 1964,
        Handbook of Mathematical Functions, 26.7.1 and 26.5); beyond by the expansion about the normal quantile (26.7.5).

    Examples
    --------
    >>> round(student_quantile(1), 6), round(student_quantile(10), 6)
    (12.706205, 2.228139)
    """
    assert degrees >= 1, "at least two trials"
    if degrees <= _EXACT_UP_TO:
        share = inverse_regularised_beta(CONFIDENCE, 0.5, degrees / 2)
        return math.sqrt(degrees * share / (1 - share))
    x, square = _NORMAL, _NORMAL * _NORMAL
    terms = (
        x * (square + 1) / 4,
        x * ((5 * square + 16) * square + 3) / 96,
        x * (((3 * square + 19) * square + 17) * square - 15) / 384,
        x * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945) / 92160,
    )
    return x + math.fsum(term / degrees**power for power, term in enumerate(terms, start=1))


def _mean_and_deviation(ordered: NDArray[np.float64]) -> tuple[float, float]:
    n = len(ordered)
    if ordered[0] == ordered[-1]:  # n v / n need not be v
        return float(ordered[0]), 0.0
    if math.isinf(ordered[0]) and math.isinf(ordered[-1]):
        return math.nan, math.inf
    mean = math.fsum(ordered) / n
    if math.isinf(mean):
        return mean, 0.0
    return mean, math.sqrt(math.fsum(np.square(ordered - mean)) / (n - 1))


def _interval(mean: float, deviation: float, n: int, floor: float) -> tuple[float, float]:
    if deviation == 0:
        return mean, mean
    if math.isinf(deviation):
        return -math.inf, math.inf
    half = student_quantile(n - 1) * deviation / math.sqrt(n)
    return max(mean - half, floor), mean + half


def _quantile(ordered: NDArray[np.float64], p: float) -> float:
    """Return the empirical quantile by definition 2 of Hyndman and Fan (1996), as `impactsim.laws.Samples` does."""
    place = p * len(ordered)
    lower = float(ordered[max(math.ceil(place) - 1, 0)])
    upper = float(ordered[min(math.floor(place), len(ordered) - 1)])
    return lower if lower == upper else (lower + upper) / 2
