"""The values of many uncertain quantities at once.

Knows how to evaluate each law of `impactsim.laws` for whole arrays; what a law is and why stands there. Must not know where
its uniform numbers come from.

Theory of operation. The laws are grouped by their kind, their parameters stand as columns, and each group is evaluated for
blocks small enough to stay in the cache of a core. A value depends on its law and its number alone, to the last bit: every
step works element by element on contiguous arrays, so neither blocks nor neighbours matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impactsim.laws import Certain, Exponential, Law, LogLogistic, LogNormal, Longer, Pert, Samples, Typical, Uniform
from impactsim.quantities import LONGEST_MS
from impactsim.trials.normal import normal_quantiles
from impactsim.trials.pert import BetaQuantiles

Floats = NDArray[np.float64]
_Group = Callable[[Floats, slice], Floats]
"""Takes a contiguous block of numbers and which of the group's laws its rows are for; returns values."""

_BLOCK = 8192  # numbers at once: 64 KiB an array


class Quantiles:
    """The quantile functions of several laws.

    Parameters
    ----------
    laws
        Any of those in `impactsim.laws`, in the order of the rows.

    Examples
    --------
    >>> Quantiles([Uniform(1.0, 3.0), Certain(7.0)])(np.array([[0.25, 0.5], [0.25, 0.5]])).tolist()
    [[1.5, 2.0], [7.0, 7.0]]
    """

    def __init__(self, laws: Sequence[Law]) -> None:
        rows: dict[type[Law], list[int]] = {}
        behind = [_behind(law) for law in laws]
        for row, law in enumerate(behind):
            rows.setdefault(type(law), []).append(row)
        self._groups = [(np.array(group), _KINDS[kind]([behind[row] for row in group])) for kind, group in rows.items()]

    def __call__(self, uniforms: Floats) -> Floats:
        """Return the quantile of each number by the law of its row.

        Parameters
        ----------
        uniforms
            Shape (q, b), from 2^-53 to 1 - 2^-53 as `streams.uniforms` draws them.

        Returns
        -------
        NDArray
            float64, shape (q, b), in the unit of the laws; 0 or more, and infinite only where a law exceeds all floats.
        """
        values = np.empty(uniforms.shape)
        width = max(1, min(uniforms.shape[1], _BLOCK))
        height = max(1, _BLOCK // width)
        for rows, group in self._groups:
            for top in range(0, len(rows), height):
                some = slice(top, top + height)
                for left in range(0, uniforms.shape[1], width):
                    columns = slice(left, left + width)
                    block = np.ascontiguousarray(uniforms[rows[some], columns])
                    values[rows[some], columns] = group(block, some)
        return values


def to_milliseconds(values: Floats) -> NDArray[np.int64]:
    """Round durations to whole milliseconds, a half to the even one as Python's `round` does, and cap them.

    Parameters
    ----------
    values
        Milliseconds, 0 or more, may be infinite; of any shape.

    Returns
    -------
    NDArray
        int64, of the same shape, at most `quantities.LONGEST_MS`.

    Examples
    --------
    >>> to_milliseconds(np.array([0.5, 1.5, 1e300])).tolist()
    [0, 2, 31557600000000]
    """
    rounded = np.rint(values)
    return np.minimum(rounded, LONGEST_MS, out=rounded).astype(np.int64)


def _behind(law: Law) -> Law:
    while isinstance(law, Typical):
        law = law.law
    return law


def _column(figures: Sequence[float]) -> Floats:
    return np.array(figures, np.float64)[:, None]


def _certain(laws: Sequence[Certain]) -> _Group:
    value = _column([law.value for law in laws])

    def evaluate(p: Floats, rows: slice) -> Floats:
        return np.broadcast_to(value[rows], p.shape)

    return evaluate


def _uniform(laws: Sequence[Uniform]) -> _Group:
    low, high = _column([law.low for law in laws]), _column([law.high for law in laws])
    spread = high - low

    def evaluate(p: Floats, rows: slice) -> Floats:
        p *= spread[rows]
        p += low[rows]
        return p

    return evaluate


def _exponential(laws: Sequence[Exponential]) -> _Group:
    average = _column([-law.average for law in laws])

    def evaluate(p: Floats, rows: slice) -> Floats:
        np.log1p(np.negative(p, out=p), out=p)
        p *= average[rows]
        return p

    return evaluate


def _log_normal(laws: Sequence[LogNormal]) -> _Group:
    middle, sigma = _column([law.middle for law in laws]), _column([law.sigma for law in laws])

    def evaluate(p: Floats, rows: slice) -> Floats:
        z = normal_quantiles(p)
        z *= sigma[rows]
        return _exp(z, middle[rows])

    return evaluate


def _log_logistic(laws: Sequence[LogLogistic]) -> _Group:
    middle, shape = _column([law.middle for law in laws]), _column([law.shape for law in laws])

    def evaluate(p: Floats, rows: slice) -> Floats:
        odds = np.subtract(1.0, p)
        np.log(np.divide(p, odds, out=odds), out=odds)
        odds /= shape[rows]
        return _exp(odds, middle[rows])

    return evaluate


def _pert(laws: Sequence[Pert]) -> _Group:
    low, spread = _column([law.low for law in laws]), _column([law.high - law.low for law in laws])
    quantiles = BetaQuantiles(np.array([law.alpha for law in laws]))

    def evaluate(p: Floats, rows: slice) -> Floats:
        x = quantiles(p, rows)
        x *= spread[rows]
        x += low[rows]
        return x

    return evaluate


def _samples(laws: Sequence[Samples]) -> _Group:
    values = np.concatenate([np.array(law.values, np.float64) for law in laws])
    sizes = np.array([len(law.values) for law in laws])[:, None]
    starts = np.cumsum(sizes)[:, None] - sizes

    def evaluate(p: Floats, rows: slice) -> Floats:
        p *= sizes[rows]
        upper = p.astype(np.int64)
        between = np.flatnonzero((p == upper) & (upper > 0) & (upper < sizes[rows]))
        np.minimum(upper, sizes[rows] - 1, out=upper)  # p x size may be rounded up to the size
        upper += starts[rows]
        found = values[upper]
        flat = found.reshape(-1)
        flat[between] = (values[upper.reshape(-1)[between] - 1] + flat[between]) / 2
        return found

    return evaluate


def _longer(laws: Sequence[Law]) -> _Group:
    """Evaluate number by number: of an outage under way only a few quantities are conditional."""

    def evaluate(p: Floats, rows: slice) -> Floats:
        return np.array(
            [[law.quantile(each) for each in row.tolist()] for law, row in zip(laws[rows], p, strict=True)]
        ).reshape(p.shape)

    return evaluate


def _exp(x: Floats, factor: Floats) -> Floats:
    """Return factor x exp(x), in place; too large is infinite."""
    with np.errstate(over="ignore"):
        np.exp(x, out=x)
        x *= factor
    return x


_KINDS: dict[type[Law], Callable[[Sequence[Any]], _Group]] = {
    Certain: _certain,
    Uniform: _uniform,
    Exponential: _exponential,
    LogNormal: _log_normal,
    LogLogistic: _log_logistic,
    Pert: _pert,
    Samples: _samples,
    Longer: _longer,
}
