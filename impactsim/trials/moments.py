"""Count, sum, sum of squares, least and greatest of many things over many trials, exact and in bounded memory.

Theory of operation. A value is split at 2^23 into a low and a high limb, v = l + h 2^23, and its square into l^2 + l h 2^24 +
h^2 2^46. Each of the three products is below 2^46, so that 2^16 of them fit into an int64 sum that starts below 2^32; then
what is above 2^32 is carried into a second int64. All sums are sums of whole numbers without loss, so that no figure depends
on how the trials are cut into blocks, on the order of the blocks or on who added them up; only the last step, to the mean
and to the variance, rounds, once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

VALUE_LIMIT = 1 << 46
"""Every value is below this: 2,200 years in milliseconds."""

_LIMB_BITS = 23
_LIMB = (1 << _LIMB_BITS) - 1
_CARRY_BITS = 32
_CARRY = (1 << _CARRY_BITS) - 1
_ROWS_BETWEEN_CARRIES = 1 << 16
_NONE_YET = np.iinfo(np.int64).max


class Moments:
    """The moments of one figure of each of many things.

    Only trials in which a thing was hit are added; in all others its value is 0, which is what `n_trials` tells the
    methods that need to know.

    Parameters
    ----------
    n_things
        How many things there are; they are numbered from 0.

    Examples
    --------
    >>> moments = Moments(2)
    >>> moments.add(np.array([1, 1, 1]), np.array([3, 5, 4]))
    >>> moments.mean(n_trials=3).tolist(), moments.variance(n_trials=3).tolist()
    ([0.0, 4.0], [0.0, 1.0])
    >>> moments.mean(n_trials=6).tolist()
    [0.0, 2.0]
    """

    __slots__ = ("_carried", "_counts", "_greatest", "_least", "_products", "_rows_since_carry", "_sums", "n_things")

    def __init__(self, n_things: int) -> None:
        self.n_things = n_things
        self._counts = np.zeros(n_things, np.int64)
        self._least = np.full(n_things, _NONE_YET, np.int64)
        self._greatest = np.zeros(n_things, np.int64)
        self._sums = np.zeros((2, n_things), np.int64)  # of the low and of the high limbs: 2^40 rows fit
        self._products = np.zeros((3, n_things), np.int64)
        self._carried = np.zeros((3, n_things), np.int64)
        self._rows_since_carry = 0

    def add(self, things: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Add rows, at most one for a thing and a trial.

        Parameters
        ----------
        things
            Numbers of things, in any order; soonest added where they are sorted.
        values
            Their values, from 0 to below `VALUE_LIMIT`; of the same length.
        """
        assert len(things) == len(values), "one value for each thing"
        if not len(values):
            return
        assert values.min() >= 0, "values are not negative"
        assert values.max() < VALUE_LIMIT, "values are below the limit"
        if not (things[1:] >= things[:-1]).all():
            order = order_of(things, self.n_things)
            things, values = things[order], values[order]
        for start in range(0, len(values), _ROWS_BETWEEN_CARRIES):
            rows = slice(start, start + _ROWS_BETWEEN_CARRIES)
            self._add_few(things[rows], values[rows])

    def merge(self, other: Moments) -> None:
        """Add all that `other` holds; it stays as it is.

        Parameters
        ----------
        other
            Moments of the same things in other trials.
        """
        assert other.n_things == self.n_things, "the same things"
        self._carry()
        self._counts += other._counts
        self._sums += other._sums
        np.minimum(self._least, other._least, out=self._least)
        np.maximum(self._greatest, other._greatest, out=self._greatest)
        self._products += other._products & _CARRY
        self._carried += other._carried + (other._products >> _CARRY_BITS)
        self._carry()

    @property
    def counts(self) -> NDArray[np.int64]:
        """The number of rows of each thing, shape (n_things,)."""
        return self._counts.copy()

    def sums(self) -> NDArray[np.object_]:
        """Return the sum of each thing's values, shape (n_things,), Python integers."""
        low, high = self._sums.astype(object)
        return _integers(low + (high << _LIMB_BITS))

    def sums_of_squares(self) -> NDArray[np.object_]:
        """Return the sum of the squares of each thing's values, shape (n_things,), Python integers."""
        low, cross, high = (self._carried.astype(object) << _CARRY_BITS) + self._products.astype(object)
        return _integers(low + (cross << (_LIMB_BITS + 1)) + (high << (2 * _LIMB_BITS)))

    def mean(self, n_trials: int) -> NDArray[np.float64]:
        """Return the mean of each thing over all trials, also those without a row.

        Parameters
        ----------
        n_trials
            How many trials there were, at least 1 and at least as many as rows of any thing.

        Returns
        -------
        ndarray of float64, shape (n_things,)
            Rounded once, from exact sums.
        """
        self._demand(n_trials)
        return np.asarray(self.sums() / n_trials, dtype=np.float64)

    def variance(self, n_trials: int) -> NDArray[np.float64]:
        """Return the unbiased estimate of the variance of each thing over all trials, also those without a row.

        Parameters
        ----------
        n_trials
            How many trials there were, at least as many as rows of any thing.

        Returns
        -------
        ndarray of float64, shape (n_things,)
            Rounded once, from exact sums: exactly 0 where all values are equal. 0 for a single trial.
        """
        self._demand(n_trials)
        if n_trials == 1:
            return np.zeros(self.n_things)
        sums = self.sums()
        numerators = n_trials * self.sums_of_squares() - sums * sums
        return np.asarray(numerators / (n_trials * (n_trials - 1)), dtype=np.float64)

    def least(self, n_trials: int) -> NDArray[np.int64]:
        """Return the least value of each thing over all trials, shape (n_things,).

        Parameters
        ----------
        n_trials
            How many trials there were: where there are more than rows, the least value is 0.
        """
        self._demand(n_trials)
        return np.where(self._counts < n_trials, 0, self._least)

    def greatest(self) -> NDArray[np.int64]:
        """Return the greatest value of each thing, shape (n_things,); 0 for one without a row."""
        return self._greatest.copy()

    def _add_few(self, things: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Add rows that are sorted by thing; the rows of one thing are added up where they lie."""
        if self._rows_since_carry + len(values) > _ROWS_BETWEEN_CARRIES:
            self._carry()
        self._rows_since_carry += len(values)
        firsts = np.concatenate([[0], np.flatnonzero(things[1:] != things[:-1]) + 1])
        own = things[firsts]
        greatest = np.maximum.reduceat(values, firsts)
        self._counts[own] += np.diff(firsts, append=len(things))
        self._least[own] = np.minimum(self._least[own], np.minimum.reduceat(values, firsts))
        self._greatest[own] = np.maximum(self._greatest[own], greatest)
        if not greatest.any():
            return
        low = values & _LIMB
        self._sums[0, own] += np.add.reduceat(low, firsts)
        self._products[0, own] += np.add.reduceat(low * low, firsts)
        if greatest.max() > _LIMB:
            high = values >> _LIMB_BITS
            self._sums[1, own] += np.add.reduceat(high, firsts)
            self._products[1, own] += np.add.reduceat(low * high, firsts)
            self._products[2, own] += np.add.reduceat(high * high, firsts)

    def _carry(self) -> None:
        self._carried += self._products >> _CARRY_BITS
        self._products &= _CARRY
        self._rows_since_carry = 0

    def _demand(self, n_trials: int) -> None:
        assert n_trials >= 1, "there was a trial"
        assert not self.n_things or n_trials >= self._counts.max(), "no thing has more rows than there were trials"


def order_of(things: NDArray[np.int64], n_things: int) -> NDArray[np.int64]:
    """Return the places of rows, sorted by thing; small numbers are sorted by counting.

    Parameters
    ----------
    things
        Numbers of things, in any order.
    n_things
        How many things there are.
    """
    return np.argsort(things.astype(np.uint16) if n_things <= 1 << 16 else things, kind="stable")


def _integers(numbers: Any) -> NDArray[np.object_]:
    return np.asarray(numbers, dtype=object)
