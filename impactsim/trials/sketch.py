"""The distribution of many things over many trials in bounded memory, and their quantiles.

Theory of operation. For each thing its distinct values are kept, with how often each came. While there are at most `keep` of
them the distribution is exact. When there are more, values are truncated: all but their m leading binary digits become 0
(T_m), for the largest m that leaves at most `keep` distinct values. Such bins are narrow where values are small and wide
where they are large, as in the histograms of G. Tene's HdrHistogram; but the number of digits follows the data.

The result depends on the multiset S of a thing's values alone, not on the order in which they came, on how they were cut into
blocks or on which sketches were merged. Proof. (1) T_m keeps the number of binary digits of a value, so that T_k T_m = T_k
for k <= m: what was truncated to m digits can still be truncated to fewer, as if it had never been. (2) The number of
distinct values in T_m(S) grows with m, and with S. So m(S) = max{m: T_m(S) has at most `keep` distinct values} is a function
of S, and m(S + B) <= m(S). (3) A sketch of S holds m(S) and T_m(S)(S), with counts. When it adds B it needs to look only at
m <= m(S), and there T_m(S + B) = T_m(T_m(S)(S)) + T_m(B) is at hand: so it finds m(S + B), and T_m(S + B)(S + B). Where two
sketches are merged, m is at most the smaller of both, and the same holds. (4) By induction, at the end it holds m(S) and
T_m(S)(S), however S came together.

A bin of a value with d binary digits is 2^(d - m) wide and starts at 2^(d - 1) or above. Its middle is reported; so a
quantile is wrong by less than the share 2^-m of itself, and not at all while the distribution is exact. Where more than `keep`
values were seen over s octaves, more than keep / 2 / s bins lie in the average octave, and m is about log2(keep / s).

Rows wait in a buffer until they are as many as the store holds, and at least 2^19; so a row costs its share of a sort, and
the memory stays within a small multiple of 16 bytes x keep x n_things.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

KEEP = 1024
"""How many distinct values of a thing are kept unless told otherwise."""

_ALL_BITS = 53  # of a float64; every value is below 2^53, so that this many digits are always all
_LEAST_BUFFER = 1 << 19
_ROWS_AT_ONCE = 1 << 14  # so that what is needed in between stays in the cache

Integers = NDArray[np.int64]


class Sketch:
    """The distribution of one figure of each of many things.

    Only trials in which a thing was hit are added; in all others its value is 0, which is what `n_trials` tells
    `quantile`.

    Parameters
    ----------
    n_things
        How many things there are; they are numbered from 0. Up to 2^18 of them if values go up to 2^45.
    keep
        How many distinct values of a thing are kept, at least 64.

    Examples
    --------
    >>> sketch = Sketch(2)
    >>> sketch.add(np.array([1, 1, 1]), np.array([30, 10, 20]))
    >>> sketch.quantile(np.array([0, 1]), 0.5, n_trials=4).tolist()  # of 0, 10, 20, 30
    [0.0, 15.0]
    """

    __slots__ = (
        "_bits", "_buffer", "_counts", "_cumulative", "_has_zeros", "_keys", "_n_buffered", "_shift", "_zeros", "keep",
        "n_things",
    )  # fmt: skip

    def __init__(self, n_things: int, keep: int = KEEP) -> None:
        assert keep >= 64, "as many values as can remain when one digit is left"
        self.n_things = n_things
        self.keep = keep
        self._shift = min(_ALL_BITS, 63 - n_things.bit_length())
        self._keys = np.empty(0, np.int64)  # thing and value in one number, sorted
        self._counts = np.empty(0, np.int64)
        self._bits = np.full(n_things, _ALL_BITS, np.int64)
        self._buffer: list[Integers] = []
        self._n_buffered = 0
        self._zeros = np.zeros(n_things, np.int64)  # rows of the value 0 that wait too: there may be many
        self._has_zeros = False
        self._cumulative: Integers | None = None

    def add(self, things: Integers, values: Integers) -> None:
        """Add rows, at most one for a thing and a trial.

        Parameters
        ----------
        things
            Numbers of things, in any order.
        values
            Their values, not negative, below 2^53 and below 2^63 / n_things; of the same length.
        """
        assert len(things) == len(values), "one value for each thing"
        if not len(values):
            return
        assert values.min() >= 0, "values are not negative"
        assert values.max() < 1 << self._shift, "thing and value fit into one number"
        is_hit = values > 0
        if not is_hit.all():
            self._zeros += np.bincount(things[~is_hit], minlength=self.n_things)
            self._has_zeros = True
            things, values = things[is_hit], values[is_hit]
        self._buffer.append(things.astype(np.int64) << self._shift | values)
        self._n_buffered += len(values)
        if self._n_buffered >= max(_LEAST_BUFFER, len(self._keys)):
            self._settle()

    def merge(self, other: Sketch) -> None:
        """Add all that `other` holds.

        Parameters
        ----------
        other
            A sketch of the same things in other trials, of the same `keep`. What it answers stays the same.
        """
        assert (other.n_things, other.keep) == (self.n_things, self.keep), "the same things, kept alike"
        self._settle()
        other._settle()
        coarser = other._bits < self._bits
        if coarser.any():
            self._bits = np.minimum(self._bits, other._bits)
            self._keys, self._counts = _gathered(self._truncated(self._keys), self._counts)
        self._absorb(*_gathered(self._truncated(other._keys), other._counts))

    def quantile(self, things: Integers, p: float, n_trials: int) -> NDArray[np.float64]:
        """Return the value of each of `things` that is not exceeded with probability `p`.

        Definition 2 of Hyndman and Fan (1996, The American Statistician 50, 361-365): the mean of two values where `p`
        falls just between them. Each value is that of a trial, or wrong by less than `relative_error` of itself.

        Parameters
        ----------
        things
            Numbers of things.
        p
            Probability, from 0 to 1.
        n_trials
            How many trials there were; a thing has the value 0 in those without a row.

        Returns
        -------
        ndarray of float64, as long as `things`
        """
        place = p * n_trials
        lower = max(int(np.ceil(place)) - 1, 0)
        upper = min(int(np.floor(place)), n_trials - 1)
        at_lower = self._at_rank(things, lower, n_trials)
        return at_lower if lower == upper else (at_lower + self._at_rank(things, upper, n_trials)) / 2

    def relative_error(self, things: Integers) -> NDArray[np.float64]:
        """Return below which share of itself a quantile of each of `things` may be wrong: 0 where it is exact.

        Parameters
        ----------
        things
            Numbers of things.

        Returns
        -------
        ndarray of float64, as long as `things`
            0 or a power of 2.
        """
        self._settle()
        bits = self._bits[things]
        return np.where(bits == _ALL_BITS, 0.0, np.ldexp(1.0, -bits))

    def distribution(self, thing: int) -> tuple[Integers, Integers]:
        """Return the least value of each bin of a thing, smallest first, and how many rows fell into it.

        Parameters
        ----------
        thing
            Its number.

        Returns
        -------
        tuple of two ndarrays of int64, of one length, at most `keep`
            Values (each exact where `relative_error` is 0) and counts.
        """
        self._settle()
        start, end = np.searchsorted(self._keys, np.array([thing, thing + 1]) << self._shift)
        return self._values(self._keys[start:end]), self._counts[start:end].copy()

    def _at_rank(self, things: Integers, rank: int, n_trials: int) -> NDArray[np.float64]:
        """Return the value of each thing in the trial that has `rank` (from 0) when trials are sorted by it."""
        self._settle()
        if self._cumulative is None:
            self._cumulative = np.concatenate([np.zeros(1, np.int64), np.cumsum(self._counts)])
        starts = np.searchsorted(self._keys, things << self._shift)
        ends = np.searchsorted(self._keys, (things + 1) << self._shift)
        before = self._cumulative[starts]
        n_rows = self._cumulative[ends] - before
        assert not len(things) or n_rows.max() <= n_trials, "no thing has more rows than there were trials"
        rank_in_rows = rank - (n_trials - n_rows)
        found = np.zeros(len(things))
        hit = rank_in_rows >= 0
        row = np.searchsorted(self._cumulative, before[hit] + rank_in_rows[hit], side="right") - 1
        found[hit] = self._middles(self._values(self._keys[row]), self._bits[things[hit]])
        return found

    def _settle(self) -> None:
        """Bring what waits in the buffer into the store."""
        if self._has_zeros:
            own = np.flatnonzero(self._zeros)
            self._absorb(own << self._shift, self._zeros[own])
            self._zeros[:] = 0
            self._has_zeros = False
        if not self._buffer:
            return
        keys = np.concatenate(self._buffer)
        self._buffer.clear()
        self._n_buffered = 0
        keys.sort()
        self._absorb(*_gathered(self._truncated(keys), None))

    def _absorb(self, keys: Integers, counts: Integers) -> None:
        """Bring sorted distinct keys, truncated like those of the store, into the store."""
        places = np.searchsorted(self._keys, keys)
        is_new = self._keys.take(places, mode="clip") != keys if len(self._keys) else np.ones(len(keys), bool)
        self._counts[places[~is_new]] += counts[~is_new]
        self._cumulative = None
        if is_new.any():
            self._counts = np.insert(self._counts, places[is_new], counts[is_new])
            self._keys = np.insert(self._keys, places[is_new], keys[is_new])
            self._coarsen()

    def _coarsen(self) -> None:
        """Truncate the values of things that have more than `keep` of them, as little as will do."""
        sizes = np.diff(np.searchsorted(self._keys, np.arange(self.n_things + 1) << self._shift))
        too_many = np.flatnonzero(sizes > self.keep)
        if not len(too_many):
            return
        values = self._values(self._keys[np.repeat(sizes > self.keep, sizes)])
        owners = np.repeat(np.arange(len(too_many)), sizes[too_many])
        in_one = owners[1:] == owners[:-1]
        shared = _shared_bits(values[:-1][in_one], values[1:][in_one])
        # Neighbours that share s leading digits fall together from m = s on downwards: there are as many distinct values
        # as neighbours that share fewer than m, and 1.
        pairs = np.bincount(owners[1:][in_one] * (_ALL_BITS + 1) + shared, minlength=len(too_many) * (_ALL_BITS + 1))
        distinct = 1 + np.cumsum(pairs.reshape(len(too_many), -1)[:, :_ALL_BITS], axis=1)
        self._bits[too_many] = np.count_nonzero(distinct <= self.keep, axis=1)
        self._keys, self._counts = _gathered(self._truncated(self._keys), self._counts)

    def _truncated(self, keys: Integers) -> Integers:
        """Return keys with their values cut to the leading digits that are kept of their thing."""
        if (self._bits == _ALL_BITS).all():
            return keys
        # A float64 holds the leading digit implicitly and the other 52 from the left: no need to find the first.
        masks = np.int64(-1) << (_ALL_BITS - self._bits)
        truncated = np.empty_like(keys)
        for start in range(0, len(keys), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            things = keys[rows] >> self._shift
            patterns = self._values(keys[rows]).astype(np.float64).view(np.int64)
            patterns &= masks[things]
            truncated[rows] = patterns.view(np.float64)
            things <<= self._shift
            truncated[rows] |= things
        return truncated

    def _values(self, keys: Integers) -> Integers:
        return keys & ((1 << self._shift) - 1)

    @staticmethod
    def _middles(values: Integers, bits: Integers) -> NDArray[np.float64]:
        width = np.int64(1) << np.maximum(_length(values) - bits, 0)
        return np.asarray(values + (width - 1) / 2)


def _gathered(keys: Integers, counts: Integers | None) -> tuple[Integers, Integers]:
    """Return the distinct ones of sorted keys, with the sums of their counts (1 each without)."""
    if not len(keys):
        return keys, np.empty(0, np.int64)
    starts = np.flatnonzero(np.concatenate([np.ones(1, bool), keys[1:] != keys[:-1]]))
    if counts is None:
        return keys[starts], np.diff(starts, append=len(keys))
    return keys[starts], np.add.reduceat(counts, starts)


def _shared_bits(smaller: Integers, larger: Integers) -> Integers:
    """Return how many leading digits two values have in common: 0 if one has more digits than the other."""
    length = _length(larger)
    return np.where(_length(smaller) == length, length - _length(smaller ^ larger), 0)


def _length(values: Integers) -> Integers:
    """Return the number of binary digits of values below 2^53: 0 of 0."""
    return np.frexp(values.astype(np.float64))[1].astype(np.int64)
