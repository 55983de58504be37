"""What drives the spread: which uncertain quantity explains how much of the variance of a figure.

Theory of operation. The first-order index of a quantity, S = Var(E(y | u)) / Var(y), is the share of the variance of the
figure y that would vanish if the quantity were known (I. M. Sobol', 1993, Mathematical Modelling and Computational Experiments
1, 407-414). It is estimated from the given trials, without another run: they are split by the quantity's own number u into
classes of equal probability, and a chance into the trials in which it happened and the others; the variance between the means
of the classes, divided by the whole variance, is the correlation ratio of K. Pearson (1905), here as the estimate of S from
given data (E. Plischke, E. Borgonovo and C. L. Smith, 2013, European Journal of Operational Research 226, 536-550).

Bias. With M classes of n trials chance alone explains (M - 1) / (n - 1) of the variance. T. L. Kelley's correction (1935,
Proceedings of the National Academy of Sciences 21, 554-559) takes that off: 1 - (1 - ratio) (n - 1) / (n - M); it can be
below 0. What remains is what the mean varies within a class, by which S is too small: a share of about 1 / M^2 of it where y
is linear in u, of up to about 1 / M where u drives an exponential tail. M grows as the root of n, up to 256.

Standard error. By the jackknife (J. W. Tukey, 1958; B. Efron and C. Stein, 1981, Annals of Statistics 9, 586-596) over 16
runs of neighbouring trials, each left out in turn: it supposes nothing about the law of y.

Significance. Two F tests must both find the classes too different for chance at 5 % divided by the number of quantities
(Bonferroni), so that among quantities that do nothing one is named in at most 5 % of all analyses. The test of y itself asks
whether its means differ, but is misled by heavy tails, where two enormous trials decide everything. The test of its ranks
(W. J. Conover and R. L. Iman, 1981, The American Statistician 35, 124-129) is not, but also sees differences other than of
means. Ranks with many ties (nothing happens in most trials) are near enough to normal only if enough of the others fall into
each class; so there are the fewer classes the fewer they are. A chance that is too rare for this is tested by W. Hoeffding's
bound for the mean of draws without replacement (1963, Journal of the American Statistical Association 58, 13-30, theorem 1 and
section 6), which needs no such number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impactsim.beta import regularised_beta

MOST_TRIALS = 65_536
"""Only this many trials are looked at, the first."""

_FEWEST_TRIALS = 32
_MOST_CLASSES = 256
_N_RUNS = 16
_EXPECTED_IN_CLASS = 10  # trials other than the commonest value, for a test of ranks
_ERROR_RATE = 0.05

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the variance of a figure one uncertain quantity explains by itself."""

    index: int
    """Which quantity, from 0."""
    share: float
    """First-order index: up to 1, and below 0 by chance where it is about 0."""
    standard_error: float
    """Of `share`."""
    is_significant: bool
    """Whether it is above what chance gives, with all quantities tested at once at 5 %."""
    n: int
    """How many trials were looked at: the first, at most 65,536."""


def first_order(y: Floats, draw: Callable[[int], Floats], chances: Sequence[float | None]) -> list[Share]:
    """Return which share of the variance of `y` each uncertain quantity explains.

    Parameters
    ----------
    y
        The figure in each trial, shape (n,).
    draw
        The numbers that a quantity drew in these trials, from its number: uniform in (0, 1), shape (n,) or only the first
        `MOST_TRIALS` of them.
    chances
        One for each quantity: the probability of a chance, which happens where its number is below it; None of a quantity
        with a continuous law.

    Returns
    -------
    list of Share
        One for each quantity, in their order. Empty if `y` is constant or not finite, or there are fewer than 32 trials.

    Examples
    --------
    >>> luck = np.random.default_rng(1).random((2, 20_000))
    >>> loud, idle = first_order(10.0 * (luck[0] < 0.2), luck.__getitem__, [0.2, None])
    >>> round(loud.share, 3), loud.is_significant, idle.is_significant
    (1.0, True, False)
    """
    n = min(len(y), MOST_TRIALS)
    if n < _FEWEST_TRIALS:
        return []
    figure = _Figure.of(np.asarray(y[:n], dtype=np.float64))
    if figure is None:
        return []
    error_rate = _ERROR_RATE / max(len(chances), 1)
    return [
        _share_of(index, figure, np.asarray(draw(index)[:n]), chance, error_rate)
        for index, chance in enumerate(chances)
    ]


@dataclass(frozen=True, slots=True)
class _Figure:
    """The output, once for all quantities."""

    values: Floats
    """With mean 0, between -1 and 1."""
    ranks: Floats
    """From 0 of the smallest to 1 of the largest, equal values alike."""
    runs: Integers
    """Which run of neighbours each trial is in."""
    n_others: int
    """How many trials do not have the commonest value."""

    @classmethod
    def of(cls, y: Floats) -> _Figure | None:
        """Return the figure, or nothing if it does not vary."""
        if not np.isfinite(y).all() or (y == y[0]).all():
            return None
        values = y / np.abs(y).max()
        values = values - values.mean()
        _, place, counts = np.unique(y, return_inverse=True, return_counts=True)
        ends = np.cumsum(counts)
        middles = ends - counts / 2
        ranks = ((middles - middles[0]) / (middles[-1] - middles[0]))[place]
        runs = np.arange(len(y)) * _N_RUNS // len(y)
        return cls(values / np.abs(values).max(), ranks, runs, len(y) - int(counts.max()))


def _share_of(index: int, figure: _Figure, u: Floats, chance: float | None, error_rate: float) -> Share:
    n = len(u)
    classes, n_classes = _classes(u, chance, figure.n_others)
    cells = figure.runs * n_classes + classes
    n_cells = _N_RUNS * n_classes
    counts = np.bincount(cells, minlength=n_cells).reshape(_N_RUNS, n_classes)
    sums = np.bincount(cells, figure.values, n_cells).reshape(_N_RUNS, n_classes)
    squares = np.bincount(figure.runs, np.square(figure.values), _N_RUNS)
    in_all = counts.sum(axis=0)
    if np.count_nonzero(in_all) < 2:
        return Share(index, 0.0, 0.0, False, n)
    share = _share(in_all, sums.sum(axis=0), squares.sum())
    left_out = _shares(in_all - counts, sums.sum(axis=0) - sums, squares.sum() - squares)
    error = math.sqrt((_N_RUNS - 1) / _N_RUNS * np.square(left_out - left_out.mean()).sum())
    differs = _means_differ(in_all, share, error_rate) and _ranks_differ(figure, classes, in_all, error_rate)
    return Share(index, share, error, differs, n)


def _classes(u: Floats, chance: float | None, n_others: int) -> tuple[Integers, int]:
    """Return the class of each trial and how many classes there are."""
    if chance is not None:
        return (u < chance).astype(np.int64), 2
    n_classes = max(2, min(math.isqrt(len(u)), _MOST_CLASSES, n_others // _EXPECTED_IN_CLASS))
    return np.minimum((u * n_classes).astype(np.int64), n_classes - 1), n_classes


def _share(counts: Integers, sums: Floats, square: float) -> float:
    """Return the corrected correlation ratio, of the number of trials and the sum in each class and the sum of all squares."""
    used = counts > 0
    n, n_classes = int(counts.sum()), int(np.count_nonzero(used))
    middle = sums.sum() ** 2 / n
    whole = square - middle
    if n_classes < 2 or whole <= 0:
        return 0.0
    between = (np.square(sums[used]) / counts[used]).sum() - middle
    within = max(1 - between / whole, 0.0)
    return float(1 - within * (n - 1) / (n - n_classes))


def _shares(counts: Integers, sums: Floats, squares: Floats) -> Floats:
    """Return `_share` of each row; one by one they would take most of the time."""
    n, n_classes = counts.sum(axis=1), np.count_nonzero(counts, axis=1)
    middle = sums.sum(axis=1) ** 2 / n
    whole = squares - middle
    is_known = (n_classes >= 2) & (whole > 0)
    between = (np.square(sums) / np.maximum(counts, 1)).sum(axis=1) - middle
    within = np.maximum(1 - between / np.where(is_known, whole, 1.0), 0.0)
    return np.where(is_known, 1 - within * (n - 1) / np.maximum(n - n_classes, 1), 0.0)


def _means_differ(counts: Integers, share: float, error_rate: float) -> bool:
    """Whether an F test finds the classes of a corrected correlation ratio different."""
    n, n_classes = int(counts.sum()), int(np.count_nonzero(counts))
    if share <= 0:
        return False
    within = (1 - share) * (n - n_classes) / (n - 1)
    # P(F > f) is the beta function of the share within classes: Abramowitz and Stegun, 1964, 26.6.2.
    return regularised_beta(within, (n - n_classes) / 2, (n_classes - 1) / 2) < error_rate


def _ranks_differ(figure: _Figure, classes: Integers, counts: Integers, error_rate: float) -> bool:
    """Whether a test that any law of the figure passes alike finds its classes different."""
    sums = np.bincount(classes, figure.ranks, len(counts))
    n = len(classes)
    smallest = int(np.argmin(counts))
    if len(counts) == 2 and counts[smallest] * figure.n_others < _EXPECTED_IN_CLASS * n:
        overall, within = float(sums.sum() / n), float(sums[smallest] / counts[smallest])
        return 2 * math.exp(-int(counts[smallest]) * _divergence(within, overall)) < error_rate
    centred = sums - counts * (sums.sum() / n)
    square = float(np.square(figure.ranks - figure.ranks.mean()).sum())
    return _means_differ(counts, _share(counts, centred, square), error_rate)


def _divergence(p: float, q: float) -> float:
    """Return Kullback and Leibler's divergence of a chance p from a chance q, 0 < q < 1."""
    return sum(a * math.log(a / b) for a, b in ((p, q), (1 - p, 1 - q)) if a > 0)
