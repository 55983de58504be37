"""The inverse distribution of many PERT laws at once.

Knows the beta law with parameters alpha and 6 - alpha, alpha in [1, 5], on (0, 1); `quantiles` stretches it to an author's
figures.

Theory of operation. The quantile x is an analytic function of w = log(p / (1 - p)) and of alpha, so both are interpolated.
Once per process x is found by Newton's method at the Chebyshev points of `_CELLS` equal cells of w in [-`_REACH`, 0] for
`_ALPHAS` Chebyshev points of alpha, and turned into a polynomial of w for each cell whose coefficients are Chebyshev series
in alpha (Trefethen, 2013, Approximation Theory and Approximation Practice, chapters 3 and 8: the error falls geometrically).
A law's table is one such series summed, for w > 0 mirrored from that of 6 - alpha; a draw is a lookup and a polynomial, good
to 1e-13. Forward, I_x(a, b) is the hypergeometric series of NIST Digital Library of Mathematical Functions, 8.17.7, for x up to
1/2, where all of its digits are good, and that of 1 - x beyond.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_REACH = 37.0  # log odds of 1 - 2^-53 are 36.74
_CELLS = 96
_DEGREE = 8
_ALPHAS = 34
_TERMS = 50  # of the series, whose terms fall at least as 2^-n
_STEPS = 7  # five are enough
_BLOCK = 16  # tables at once: 110 KiB


class BetaQuantiles:
    """The quantiles of beta laws with parameters alpha and 6 - alpha, a table for each that is different.

    Parameters
    ----------
    alphas
        In [1, 5], shape (q,).
    """

    def __init__(self, alphas: Floats) -> None:
        different, of_row = np.unique(alphas, return_inverse=True)
        left, right = _halves(different), _halves(6 - different)[:, :, ::-1]
        right *= (-1.0) ** np.arange(1, _DEGREE + 2)[:, None, None]  # 1 - x, mirrored
        right[0] += 1
        self._tables = np.concatenate([left, right], axis=2).reshape(_DEGREE + 1, -1)
        self._starts = of_row.astype(np.int64) * (2 * _CELLS)

    def __call__(self, p: Floats, rows: slice) -> Floats:
        """Return the quantiles of some of the laws.

        Parameters
        ----------
        p
            From 2^-53 to 1 - 2^-53, shape (r, b), row for row of the laws in `rows`.
        rows
            Which of the laws.

        Returns
        -------
        NDArray
            In [0, 1], shape (r, b), absolute error below 1e-13.
        """
        place = np.subtract(1.0, p)
        np.divide(p, place, out=place)
        np.log(place, out=place)
        place += _REACH
        place *= _CELLS / _REACH
        np.clip(place, 0, np.nextafter(2 * _CELLS, 0), out=place)
        cell = place.astype(np.int64)
        place -= cell
        place -= 0.5
        cell += self._starts[rows, None]
        x: Floats = self._tables[_DEGREE].take(cell)
        term = np.empty_like(x)
        for table in self._tables[_DEGREE - 1 :: -1]:
            x *= place
            x += np.take(table, cell, out=term, mode="clip")  # which is faster than to raise
        np.clip(x, 0, 1, out=x)
        return x


def _halves(alphas: Floats) -> Floats:
    """Return the polynomials for w <= 0, in powers of the place in a cell (-1/2 to 1/2): (degree + 1, alphas, cells)."""
    tables = np.empty((len(alphas), _CELLS, _DEGREE + 1))
    for first in range(0, len(alphas), _BLOCK):
        some = tables[first : first + _BLOCK]
        some[:] = _summed(alphas[first : first + _BLOCK]).reshape(some.shape)
    return tables.transpose(2, 0, 1).copy()


def _summed(alphas: Floats) -> Floats:
    """Sum the series in alpha in a fixed order, which a product of matrices has not: a law's table depends on it alone."""
    place = (alphas[:, None] - 3) / 2
    before, now = np.ones_like(place), place  # the Chebyshev polynomials of the place of alpha in [1, 5]
    series = _series()
    total: Floats = before * series[0]
    for row in series[1:]:
        total += now * row
        before, now = now, 2 * place * now - before
    return total


@cache
def _series() -> Floats:
    """Return the Chebyshev series in alpha of all coefficients: (_ALPHAS, _CELLS x (degree + 1))."""
    alphas, places = _chebyshev_points(_ALPHAS), _chebyshev_points(_DEGREE + 1)
    w = (np.arange(_CELLS)[:, None] + (1 + places) / 2) * (_REACH / _CELLS) - _REACH
    x = _solve(w.ravel(), 3 + 2 * alphas).reshape(_ALPHAS, _CELLS, _DEGREE + 1)
    # einsum, because a product of matrices may depend on the number of threads.
    to_powers = np.einsum("ij,ik->jk", _series_of(places), _powers())
    coefficients = np.einsum("acj,jk->ack", x, to_powers)
    series: Floats = np.einsum("ij,jk->ik", _series_of(alphas), coefficients.reshape(_ALPHAS, -1))
    return series


def _chebyshev_points(n: int) -> Floats:
    points: Floats = np.cos((np.arange(n) + 0.5) * (math.pi / n))
    return points


def _series_of(points: Floats) -> Floats:
    """Return the matrix from values at the Chebyshev points to the coefficients of their Chebyshev series."""
    matrix: Floats = np.cos(np.arange(len(points))[:, None] * np.arccos(points)) * (2 / len(points))
    matrix[0] /= 2
    return matrix


def _powers() -> Floats:
    """Return the coefficients of the Chebyshev polynomials of 2t, row k those of T_k, in powers of t."""
    rows = np.zeros((_DEGREE + 1, _DEGREE + 1))
    rows[0, 0], rows[1, 1] = 1, 2
    for k in range(2, _DEGREE + 1):
        rows[k] = 4 * np.roll(rows[k - 1], 1) - rows[k - 2]
    return rows


def _solve(w: Floats, alphas: Floats) -> Floats:
    """Return the x with I_x(alpha, 6 - alpha) = 1 / (1 + exp(-w)), by Newton's method on the log odds of both: (alphas, w)."""
    a = alphas[:, None]
    y = w / a
    for _ in range(_STEPS):
        x, rest = 1 / (1 + np.exp(-y)), 1 / (1 + np.exp(y))
        small = np.minimum(x, rest)
        low, high = _regularised_beta(small, a), _regularised_beta(small, 6 - a)
        p = np.where(y <= 0, low, 1 - high)
        q = np.where(y <= 0, 1 - low, high)
        density = np.exp(a * np.log(x) + (6 - a) * np.log(rest) - _log_beta(a))
        y -= (np.log(p / q) - w) * p * q / density
    return 1 / (1 + np.exp(-y))


def _regularised_beta(x: Floats, a: Floats) -> Floats:
    """Return I_x(a, 6 - a) for x in (0, 1/2]; a broadcasts as a column."""
    term = 1 / np.exp(_log_beta(a))
    terms = []
    for n in range(_TERMS):
        terms.append(term / (a + n))
        term = term * (n + a - 5) / (n + 1)
    total = np.zeros_like(x)
    for each in reversed(terms):
        total *= x
        total += each
    return total * x**a


def _log_beta(a: Floats) -> Floats:
    return np.array([math.lgamma(each) + math.lgamma(6 - each) - math.lgamma(6) for each in a.ravel()]).reshape(a.shape)
