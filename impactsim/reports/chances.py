"""Probabilities of being down, in words."""

from __future__ import annotations

import math

from impactsim.audit.facts import Probability
from impactsim.quantities import about_duration
from impactsim.reports.words import people

_YEAR_MS = 365 * 86_400_000


def chance(value: float) -> str:
    """Write a probability with three digits: in percent, very small ones as a power of ten; never 0 or 1 for what is near them.

    Examples
    --------
    >>> chance(0.0), chance(0.25), chance(0.00123), chance(3.2e-7), chance(1.0)
    ('0', '25 %', '0.123 %', '3.2e-07', '100 %')
    >>> chance(0.99998)
    '99.998 %'
    """
    if value <= 0.0:
        return "0"
    if value < 1e-6:
        return f"{value:.3g}"
    if 0.999 < value < 1.0:
        digits = min(12, math.ceil(-math.log10(1.0 - value)) - 1)
        return f"{value * 100:.{digits}f}".rstrip("0").rstrip(".") + " %"
    return f"{value * 100:.3g} %"


def probability(value: Probability, n_unknown: int = 0) -> str:
    """Write how likely something is down: one figure, bounds, or that it is at least so where rates are unknown.

    Parameters
    ----------
    value
        The probability.
    n_unknown
        How many events that matter nobody gives a rate of.

    Examples
    --------
    >>> probability(Probability(0.01, 0.01)), probability(Probability(0.01, 0.02)), probability(Probability(0.01, 0.01), 3)
    ('1 %', '1 % to 2 %', 'at least 1 %')
    >>> probability(Probability(0.0, 0.0), 3), probability(Probability(1.0, 1.0), 3)
    ('not known', '100 %')
    """
    if value.low >= 1.0:
        return chance(1.0)
    if n_unknown:
        return "not known" if value.low <= 0.0 else f"at least {chance(value.low)}"
    if value.is_exact or chance(value.low) == chance(value.high):
        return chance(value.low)
    return f"{chance(value.low)} to {chance(value.high)}"


def time_a_year(value: float) -> str:
    """Write the time down in a year that a probability stands for.

    Examples
    --------
    >>> time_a_year(0.001), time_a_year(0.0)
    ('8 h 46 min', '-')
    """
    return about_duration(value * _YEAR_MS) if value * _YEAR_MS >= 1.0 else "-" if value <= 0.0 else "< 1 ms"


def times_a_year(value: Probability) -> str:
    """Write the time down in a year that a probability stands for; of bounds both.

    Examples
    --------
    >>> times_a_year(Probability(0.001, 0.001)), times_a_year(Probability(0.001, 0.002))
    ('8 h 46 min', '8 h 46 min to 17 h 31 min')
    """
    low, high = time_a_year(value.low), time_a_year(value.high)
    return low if low == high else f"{low} to {high}"


def losses(low: float, high: float | None) -> str:
    """Write user-minutes lost a year; of bounds both.

    Examples
    --------
    >>> losses(12_345.0, None), losses(12_345.0, 23_456.0), losses(12_345.0, 12_346.0)
    ('12,300', '12,300 to 23,500', '12,300')
    """
    least, most = loss(low), loss(low if high is None else high)
    return least if least == most else f"{least} to {most}"


def loss(value: float | None) -> str:
    """Write user-minutes lost a year.

    Examples
    --------
    >>> loss(None), loss(0.0), loss(0.2), loss(12_345.0)
    ('not known', '-', '<1', '12,300')
    """
    if value is None:
        return "not known"
    return people(value, 3) if value >= 1.0 else "-" if value <= 0.0 else "<1"
