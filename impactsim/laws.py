"""The uncertain quantities: their distributions.

A law knows its median, mean, quantiles, and what remains once something has already lasted for a while. Its unit is whatever
its figures were in (milliseconds for durations). Must not know what is drawn from it, nor how: a draw is the quantile of a
number in (0, 1) that the caller chose.

Theory of operation. Each law is fitted exactly to the figures that its author gave. What remains after `elapsed` is read
from the survival function S: the p-quantile of the remaining time is the point at which S is (1 - p) S(elapsed), less
`elapsed`. Survival, not distribution, because far in the tail 1 - F has no digits left. PERT is the beta distribution of
Malcolm, Roseboom, Clark and Fazar (1959, Operations Research 7, 646-669) with shape 4; see ``beta.py`` for its inverse.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist, fmean
from typing import Any

from impactsim.beta import inverse_regularised_beta, regularised_beta

_NORMAL = NormalDist()


class Law(ABC):
    """A quantity, certain or not: 0 or more, in the unit in which its figures were given."""

    __slots__ = ()

    @property
    def is_certain(self) -> bool:
        """Whether it has one value only."""
        return False

    @abstractmethod
    def median(self) -> float:
        """Return the value that is exceeded in half of all cases; what a run that does not sample takes."""

    @abstractmethod
    def mean(self) -> float:
        """Return the expected value, which is infinite for some log-logistic laws."""

    @abstractmethod
    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p` in [0, 1]; the last may be infinite."""

    @abstractmethod
    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains, given that it has lasted `elapsed` already.

        Parameters
        ----------
        p
            Probability in [0, 1].
        elapsed
            0 or more, in the unit of the law.

        Returns
        -------
        float
            0 or more; 0 where the law says that it cannot last that long.
        """

    @abstractmethod
    def words(self, write: Callable[[float], Any]) -> Any:
        """Return what an author writes for this law.

        Parameters
        ----------
        write
            Turns a figure into the author's form, such as `quantities.format_duration` of a rounded one.

        Returns
        -------
        Any
            A plain value or a mapping that `law` reads as the same law.
        """


@dataclass(frozen=True, slots=True)
class Certain(Law):
    """One value."""

    value: float

    @property
    def is_certain(self) -> bool:
        """Whether it has one value only."""
        return True

    def median(self) -> float:
        """Return the value."""
        return self.value

    def mean(self) -> float:
        """Return the value."""
        return self.value

    def quantile(self, p: float) -> float:  # noqa: ARG002 - the same for each p
        """Return the value."""
        return self.value

    def remaining_quantile(self, p: float, elapsed: float) -> float:  # noqa: ARG002 - the same for each p
        """Return what is left of the value."""
        return max(0.0, self.value - elapsed)

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return the plain value."""
        return write(self.value)


@dataclass(frozen=True, slots=True)
class LogNormal(Law):
    """A log-normal law, given by its median and one upper quantile.

    Parameters
    ----------
    middle
        The median, above 0.
    upper
        The upper quantile, above the median.
    percent
        Which one it is: 90 or 95.
    """

    middle: float
    upper: float
    percent: int

    @property
    def sigma(self) -> float:
        """Standard deviation of the natural logarithm."""
        return math.log(self.upper / self.middle) / _NORMAL.inv_cdf(self.percent / 100)

    def median(self) -> float:
        """Return the median that was given."""
        return self.middle

    def mean(self) -> float:
        """Return the expected value: median x exp(sigma^2 / 2)."""
        return self.middle * _exp(self.sigma**2 / 2)

    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p`."""
        return self.middle * _exp(self.sigma * _normal_quantile(p))

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains after `elapsed`."""
        if elapsed <= 0:
            return self.quantile(p)
        if p >= 1:
            return math.inf
        z = (math.log(elapsed) - math.log(self.middle)) / self.sigma
        if z > 30:
            # S has left the range of floats; there the hazard is z / (sigma t) and all but constant.
            return -math.log1p(-p) * self.sigma * elapsed / z
        survival = math.erfc(z / math.sqrt(2)) / 2 * (1 - p)
        return max(0.0, self.middle * _exp(-self.sigma * _normal_quantile(survival)) - elapsed)

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return the median and the upper quantile."""
        return {"median": write(self.middle), f"p{self.percent}": write(self.upper)}


@dataclass(frozen=True, slots=True)
class Pert(Law):
    """The standard PERT law: a beta law on [low, high] with its mode at likely and shape 4."""

    low: float
    likely: float
    high: float

    @property
    def alpha(self) -> float:
        """First parameter of the beta law, in [1, 5]; the second is 6 less this one."""
        return 1 + 4 * (self.likely - self.low) / (self.high - self.low)

    def median(self) -> float:
        """Return the value that is exceeded in half of all cases, to 1e-12 of itself."""
        return self.quantile(0.5)

    def mean(self) -> float:
        """Return (low + 4 likely + high) / 6."""
        return (self.low + 4 * self.likely + self.high) / 6

    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p`."""
        spread = self.high - self.low
        if p <= 0.5:
            return self.low + spread * inverse_regularised_beta(p, self.alpha, 6 - self.alpha)
        # 1 - p is exact there, and keeps the digits of the upper tail.
        return self.high - spread * inverse_regularised_beta(1 - p, 6 - self.alpha, self.alpha)

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains after `elapsed`."""
        if elapsed <= self.low:
            return self.quantile(p) - elapsed
        if elapsed >= self.high:
            return 0.0
        spread = self.high - self.low
        # Measured from the upper end, so that the tail keeps its digits.
        survival = regularised_beta((self.high - elapsed) / spread, 6 - self.alpha, self.alpha)
        left = spread * inverse_regularised_beta(survival * (1 - p), 6 - self.alpha, self.alpha)
        return max(0.0, self.high - elapsed - left)

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return the three points."""
        return {"low": write(self.low), "likely": write(self.likely), "high": write(self.high)}


@dataclass(frozen=True, slots=True)
class Exponential(Law):
    """An exponential law, given by its mean, above 0."""

    average: float

    def median(self) -> float:
        """Return mean x ln 2."""
        return self.average * math.log(2)

    def mean(self) -> float:
        """Return the mean that was given."""
        return self.average

    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p`."""
        return self.average * abs(math.log1p(-p)) if p < 1 else math.inf

    def remaining_quantile(self, p: float, elapsed: float) -> float:  # noqa: ARG002 - it has no memory
        """Return the same as at the beginning."""
        return self.quantile(p)

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return the mean."""
        return {"mean": write(self.average)}


@dataclass(frozen=True, slots=True)
class LogLogistic(Law):
    """A log-logistic law, given by its median, above 0, and its shape in [0.1, 1000]."""

    middle: float
    shape: float

    def median(self) -> float:
        """Return the median that was given."""
        return self.middle

    def mean(self) -> float:
        """Return the expected value, infinite for a shape of 1 or less."""
        if self.shape <= 1:
            return math.inf
        angle = math.pi / self.shape
        return self.middle * angle / math.sin(angle)

    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p`."""
        return self.remaining_quantile(p, 0.0)

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains after `elapsed`."""
        if p >= 1:
            return math.inf
        # The odds of being over, F / (1 - F) = (t / median)^shape, at the quantile.
        log_odds = self.shape * (math.log(elapsed) - math.log(self.middle)) if elapsed > 0 else -math.inf
        if log_odds > 700:
            log_odds -= math.log1p(-p)
        else:
            odds = (math.exp(log_odds) + p) / (1 - p)
            log_odds = math.log(odds) if odds > 0 else -math.inf
        return max(0.0, self.middle * _exp(log_odds / self.shape) - elapsed)

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return the median, the shape and the name of the law."""
        return {"median": write(self.middle), "shape": self.shape, "law": "log-logistic"}


@dataclass(frozen=True, slots=True)
class Uniform(Law):
    """A uniform law on [low, high]."""

    low: float
    high: float

    def median(self) -> float:
        """Return the middle."""
        return (self.low + self.high) / 2

    def mean(self) -> float:
        """Return the middle."""
        return (self.low + self.high) / 2

    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p`."""
        return self.low + p * (self.high - self.low)

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains after `elapsed`."""
        start = max(self.low, elapsed)
        return max(0.0, start + p * (self.high - start) - elapsed) if elapsed < self.high else 0.0

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return both ends."""
        return {"low": write(self.low), "high": write(self.high)}


@dataclass(frozen=True, slots=True)
class Samples(Law):
    """What has been observed: at least one value, smallest first.

    Its quantile is the observed value at which the empirical distribution passes p, or the mean of two where it passes just
    between them (definition 2 of Hyndman and Fan, 1996, The American Statistician 50, 361-365), so that its median is the
    ordinary one.
    """

    values: tuple[float, ...]

    @property
    def is_certain(self) -> bool:
        """Whether it has one value only."""
        return self.values[0] == self.values[-1]

    def median(self) -> float:
        """Return the middle value, or the mean of the middle two."""
        return _observed(self.values, 0.5)

    def mean(self) -> float:
        """Return the mean of the values."""
        return fmean(self.values)

    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p`."""
        return _observed(self.values, p)

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remained in the cases that lasted longer than `elapsed`; 0 without one."""
        longer = [value - elapsed for value in self.values if value > elapsed]
        return _observed(longer, p) if longer else 0.0

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return the values."""
        return {"samples": [write(value) for value in self.values]}


@dataclass(frozen=True, slots=True)
class Typical(Law):
    """One of the program's own typical values, with where it comes from.

    Parameters
    ----------
    name
        Its name in ``impactsim typical``.
    source
        Author, title and year of its source.
    law
        The law behind it.
    """

    name: str
    source: str
    law: Law

    @property
    def is_certain(self) -> bool:
        """Whether it has one value only."""
        return self.law.is_certain

    def median(self) -> float:
        """Return the median of the law behind it."""
        return self.law.median()

    def mean(self) -> float:
        """Return the mean of the law behind it."""
        return self.law.mean()

    def quantile(self, p: float) -> float:
        """Return the quantile of the law behind it."""
        return self.law.quantile(p)

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return what remains by the law behind it."""
        return self.law.remaining_quantile(p, elapsed)

    def words(self, write: Callable[[float], Any]) -> Any:  # noqa: ARG002 - it is written by its name
        """Return its name."""
        return {"typical": self.name}


@dataclass(frozen=True, slots=True)
class Longer(Law):
    """What another law says of something that has lasted longer than a while already: the whole of it, not what remains.

    No author writes it: it is how an outage under way goes on.

    Parameters
    ----------
    law
        The law before anything was known. It must not rule out `elapsed` (`may_exceed`).
    elapsed
        How long it has lasted, 0 or more, in the unit of the law.
    """

    law: Law
    elapsed: float

    @property
    def is_certain(self) -> bool:
        """Whether it has one value only."""
        return self.law.is_certain

    def median(self) -> float:
        """Return the value that is exceeded in half of the cases that lasted so long."""
        return self.quantile(0.5)

    def mean(self) -> float:
        """Return the expected value, by the mean of 1,000 quantiles."""
        return fmean(self.quantile((i + 0.5) / 1000) for i in range(1000))

    def quantile(self, p: float) -> float:
        """Return the value that is not exceeded with probability `p` by what lasted so long."""
        return self.elapsed + self.law.remaining_quantile(p, self.elapsed)

    def remaining_quantile(self, p: float, elapsed: float) -> float:
        """Return the `p`-quantile of what remains after `elapsed`, which may be less than what is known."""
        known = max(elapsed, self.elapsed)
        return known - elapsed + self.law.remaining_quantile(p, known)

    def words(self, write: Callable[[float], Any]) -> Any:
        """Return what its author wrote of the law behind it."""
        return self.law.words(write)


def may_exceed(law: Law, value: float) -> bool:
    """Tell whether a law allows for more than `value`.

    Examples
    --------
    >>> may_exceed(Uniform(1.0, 3.0), 2.9), may_exceed(Certain(7.0), 7.0), may_exceed(Exponential(1.0), 1e9)
    (True, False, True)
    """
    return law.quantile(1.0) > value


def _observed(ordered: tuple[float, ...] | list[float], p: float) -> float:
    """Return the empirical quantile, the mean of two values where p falls between them."""
    place = p * len(ordered)
    upper = min(math.floor(place), len(ordered) - 1)
    lower = max(math.ceil(place) - 1, 0)
    return (ordered[lower] + ordered[upper]) / 2


def _normal_quantile(p: float) -> float:
    return -math.inf if p <= 0 else math.inf if p >= 1 else _NORMAL.inv_cdf(p)


def _exp(x: float) -> float:
    return math.exp(x) if x < 709 else math.inf
