"""How figures of many trials become words: never with more digits than their intervals carry.

Knows estimates and chances, and neither runs nor layouts. What no trial showed is not impossible, and what all trials showed is
not certain: such a chance is written as the bound of its interval.
"""

from __future__ import annotations

import math
from bisect import bisect_right

from impactsim.quantities import about_duration, format_duration
from impactsim.reports.words import exact, people
from impactsim.trials.estimates import Chance, Estimate

_S, _MIN, _H, _D = 1_000, 60_000, 3_600_000, 86_400_000
_STEPS_MS = (
    *(1, 2, 5, 10, 20, 50, 100, 200, 500),
    *(n * _S for n in (1, 2, 5, 10, 20, 30)),
    *(n * _MIN for n in (1, 2, 5, 10, 20, 30)),
    *(n * _H for n in (1, 2, 4, 6, 12)),
    *(n * _D for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)),
)
"""What durations are rounded to: what people count in."""

_UNITS = ((1e12, 1e12, "trillion"), (1e9, 1e9, "billion"), (1e7, 1e6, "million"))


def chance_in_short(chance: Chance) -> str:
    """Write a chance with its interval, for a table.

    Examples
    --------
    >>> from impactsim.trials.estimates import chance_of
    >>> chance_in_short(chance_of(620, 2000)), chance_in_short(chance_of(0, 2000)), chance_in_short(chance_of(2000, 2000))
    ('31% (29-34%)', '<0.2%', '>99.8%')
    >>> chance_in_short(chance_of(1, 2000))
    '0.05% (0.008-0.3%)'
    """
    if chance.p in (0.0, 1.0):
        return _bound(chance, "<", ">")
    low, high = _interval_of(chance)
    return f"{_nearest(chance)} ({low[:-1]}-{high})"


def chance_in_words(chance: Chance) -> str:
    """Write a chance for a sentence: ``3%``, ``less than 0.2%``, ``more than 99.8%``.

    Examples
    --------
    >>> from impactsim.trials.estimates import chance_of
    >>> chance_in_words(chance_of(60, 2000)), chance_in_words(chance_of(0, 2000)), chance_in_words(chance_of(20, 20))
    ('3%', 'less than 0.2%', 'more than 80%')
    """
    return _bound(chance, "less than ", "more than ") if chance.p in (0.0, 1.0) else _nearest(chance)


def share_with_error(share: float, error: float) -> str:
    """Write a share of the variance with its interval of 95 %.

    Examples
    --------
    >>> share_with_error(0.6234, 0.014), share_with_error(0.0512, 0.0004), share_with_error(1.004, 0.001)
    ('62% +- 3%', '5.1% +- 0.1%', '>99%')
    """
    half = 1.96 * error
    if share + half >= 1.0 and share > 0.99:
        return ">99%"
    step = max(min(_power_below(half), 0.01), 0.001)
    return f"{_percent(_rounded(share, step))} +- {_percent(math.ceil(round(half / step, 6)) * step or step)}"


def mean_of_people(estimate: Estimate, sign: bool = False) -> str:
    """Write a mean number, of people or of user-minutes, with half its interval.

    Parameters
    ----------
    estimate
        Of a finite figure.
    sign
        Whether a number above 0 gets its plus, as differences do.

    Examples
    --------
    >>> mean_of_people(Estimate(97_034.2, 95_841.0, 98_227.4, 80e3, 97e3, 118e3, 0.0, 150e3, 2000))
    '97,000 +- 1,200'
    >>> mean_of_people(Estimate(-52_341.0, -53_300.0, -51_382.0, -60e3, -52e3, -40e3, -70e3, 0.0, 2000), sign=True)
    '-52,300 +- 1,000'
    >>> mean_of_people(Estimate(24_341_000.0, 24_080_000.0, 24_602_000.0, 2e7, 2.4e7, 3e7, 0.0, 4e7, 200))
    '24.3 +- 0.3 million'
    >>> mean_of_people(Estimate(800.0, 800.0, 800.0, 800.0, 800.0, 800.0, 800.0, 800.0, 2000))
    '800'
    """
    if not math.isfinite(estimate.mean):
        return "no limit"
    lead = _sign(estimate.mean, sign)
    if is_one_value(estimate):
        return lead + exact(abs(estimate.mean))
    half = half_of(estimate)
    if half == 0.0:  # a single trial
        return lead + people(abs(estimate.mean))
    step = step_of_people(half)
    mean = abs(estimate.mean)
    finer = max(_power_below(mean), _power_below(half) / 10, 1.0) if _would_be_lost(mean, half, step) else step
    mean, half = _rounded(mean, finer), math.ceil(round(half / step, 9)) * step
    lead = lead if mean else ""
    for least, unit, word in _UNITS:
        if max(mean, half) >= least:
            digits = max(0, round(math.log10(unit / finer)))
            return f"{lead}{mean / unit:,.{digits}f} +- {half / unit:,.{digits}f} {word}"
    return f"{lead}{mean:,.0f} +- {half:,.0f}"


def without_interval(text: str) -> str:
    """Leave half the interval out of what `mean_of_people` or `mean_of_times` wrote.

    Examples
    --------
    >>> without_interval("24.3 +- 0.3 million"), without_interval("2h10m +- 7m"), without_interval("800")
    ('24.3 million', '2h10m', '800')
    """
    mean, _, rest = text.partition(" +- ")
    return f"{mean} {rest.partition(' ')[2]}".rstrip()


def mean_of_chances(estimate: Estimate) -> str:
    """Write the mean difference of two chances, in points of a hundred, with half its interval.

    Examples
    --------
    >>> mean_of_chances(Estimate(-0.0312, -0.0398, -0.0226, 0.0, 0.0, 0.0, -1.0, 0.0, 2000))
    '-3.1 +- 0.9 points'
    """
    half = half_of(estimate) * 100
    lead = _sign(estimate.mean, True)
    if half == 0.0:
        return f"{lead}{_plain(abs(estimate.mean) * 100)} points"
    step = _power_below(half)
    mean, half = _rounded(abs(estimate.mean) * 100, step), math.ceil(round(half / step, 9)) * step
    return f"{lead if mean else ''}{_plain(mean)} +- {_plain(half)} points"


def mean_of_times(estimate: Estimate, sign: bool = False) -> str:
    """Write a mean duration with half its interval, with units as in the files: ``2h10m +- 7m``.

    Examples
    --------
    >>> mean_of_times(Estimate(7_834_000.0, 7_456_000.0, 8_212_000.0, 0.0, 6e6, 9e6, 0.0, 5e7, 500))
    '2h10m +- 7m'
    >>> mean_of_times(Estimate(1.2e7, 0.0, 9.1e7, 5.6e6, 1.2e7, 1.8e7, 5.6e6, 1.8e7, 2))
    '3h +- 1d'
    >>> mean_of_times(Estimate(5_400_000.0, 5_400_000.0, 5_400_000.0, 5.4e6, 5.4e6, 5.4e6, 5.4e6, 5.4e6, 500))
    '1h30m'
    """
    if not math.isfinite(estimate.mean):
        return "no limit"
    lead = _sign(estimate.mean, sign)
    mean, half = abs(estimate.mean), half_of(estimate)
    if is_one_value(estimate) or half == 0.0:
        return lead + short_time(mean, is_exact=is_one_value(estimate))
    step = _step_below(half)
    rounded = _rounded(mean, _step_below(mean / 2) if _would_be_lost(mean, half, step) else step)
    finer = _step_below(half / 5)
    return (
        f"{lead if rounded else ''}{format_duration(round(rounded))} +- "
        f"{format_duration(math.ceil(round(half / finer, 9)) * finer)}"
    )


def short_time(ms: float, is_exact: bool = False) -> str:
    """Write a duration with units as in the files, with about two digits unless it is exact; ``never`` if it is infinite.

    Examples
    --------
    >>> short_time(7_834_000), short_time(41_000_000), short_time(5_000), short_time(0.0), short_time(float("inf"))
    ('2h10m', '11h', '5s', '0', 'never')
    """
    if math.isinf(ms):
        return "never"
    step = _step_below(0.0 if is_exact else ms / 10)
    return format_duration(round(_rounded(ms, max(step, _exact_step(ms)) if is_exact else step)))


def time_in_words(ms: float, is_exact: bool = False) -> str:
    """Write a duration for a sentence, with about two digits unless it is exact.

    Examples
    --------
    >>> time_in_words(11_412_000.0), time_in_words(11_412_000.0, is_exact=True)
    ('3 h 10 min', '3 h 10 min')
    >>> time_in_words(90_061_000.0), time_in_words(90_061_000.0, is_exact=True)
    ('1 d 2 h', '1 d 1 h')
    """
    return about_duration(ms if is_exact else _rounded(ms, _step_below(ms / 10)))


def is_one_value(estimate: Estimate) -> bool:
    """Tell whether all trials agree."""
    return estimate.least == estimate.most


def percent_of_mean(share: float) -> str:
    """Write how far an interval reaches, as a share of its mean, with two digits.

    Examples
    --------
    >>> percent_of_mean(0.0213), percent_of_mean(0.5), percent_of_mean(13.4)
    ('2.1%', '50%', '1,300%')
    """
    return f"{float(f'{share * 100:.2g}'):,.10g}%"


def half_of(estimate: Estimate) -> float:
    """Return how far the interval of a mean reaches to either side."""
    return max(estimate.high - estimate.mean, estimate.mean - estimate.low)


def step_of_people(half: float) -> float:
    """Return what a number is rounded to: a tenth of its uncertainty at the finest, or one."""
    # Two digits of the uncertainty where it begins with 1, for 1 may stand for anything up to 2.
    power = _power_below(half)
    return max(power / 10 if half < 2 * power else power, 1.0)


def _bound(chance: Chance, below: str, above: str) -> str:
    """Write the chance of what no trial showed, or every one."""
    if chance.p == 0.0:
        return below + _percent(_outward(chance.high))
    return above + _percent(1.0 - _outward(1.0 - chance.low))


def _nearest(chance: Chance) -> str:
    half = (chance.high - chance.low) / 2
    step = 0.05 if half >= 0.1 else min(_power_below(half), 0.01)
    rounded = _rounded(chance.p, step)
    if not 0.0 < rounded < 1.0:
        rare = min(chance.p, 1.0 - chance.p)
        rounded = _rounded(rare, _power_below(rare))
        rounded = rounded if chance.p < 0.5 else 1.0 - rounded
    return _percent(rounded)


def _interval_of(chance: Chance) -> tuple[str, str]:
    """Write the bounds of an interval, rounded outward; a bound that is not 0 is not written so."""
    step = min(_power_below((chance.high - chance.low) / 2), 0.01)
    low, high = math.floor(round(chance.low / step, 6)) * step, math.ceil(round(chance.high / step, 6)) * step
    if low <= 0.0:
        power = _power_below(chance.low)
        low = math.floor(round(chance.low / power, 6)) * power
    if high >= 1.0:
        power = _power_below(1.0 - chance.high)
        high = 1.0 - math.floor(round((1.0 - chance.high) / power, 6)) * power
    return _percent(low), _percent(high)


def _outward(share: float) -> float:
    """Round a share up to one digit."""
    power = _power_below(share)
    return min(math.ceil(round(share / power, 6)) * power, 1.0)


def _percent(share: float) -> str:
    return f"{_plain(share * 100)}%"


def _plain(value: float) -> str:
    return f"{round(value, 8):.8f}".rstrip("0").rstrip(".")


def _sign(value: float, sign: bool) -> str:
    return "-" if value < 0 else "+" if sign and value > 0 else ""


def _rounded(value: float, step: float) -> float:
    return round(round(value / step, 9)) * step


def _would_be_lost(mean: float, half: float, step: float) -> bool:
    """Tell whether a step is too coarse for a mean that is not nothing against half its interval."""
    # The mean of two figures, none below 0, is at least half / 12.7; of more figures it is larger against half its interval.
    return half / 13 < mean < step


def _power_below(value: float) -> float:
    """Return the largest power of ten that is not above a value."""
    return 10.0 ** math.floor(round(math.log10(value), 9)) if value > 0 else 1e-9


def _step_below(ms: float) -> int:
    return _STEPS_MS[max(0, bisect_right(_STEPS_MS, ms) - 1)]


def _exact_step(ms: float) -> int:
    """Return what an exact duration is cut to: seconds below ten minutes, minutes below two days, then hours."""
    return _S if 10 * _S <= ms < 10 * _MIN else _MIN if 10 * _MIN <= ms < 2 * _D else _H if ms >= 2 * _D else 1
