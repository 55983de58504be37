"""How the rules of regulators, and what was measured, become words. Computes nothing."""

from __future__ import annotations

import math
from datetime import datetime

from impactsim.quantities import about_count, about_duration, about_figure
from impactsim.reportable.facts import CriterionFacts, Probability, RegimeFacts
from impactsim.reportable.rules import UNIT_MS, Lasting, Rule
from impactsim.reports.sampled.words import chance_in_short, short_time
from impactsim.reports.words import month
from impactsim.trials.estimates import Chance, Estimate

_SHORT = {"user-minutes": "user-min", "user-hours": "user-h", "users": "users", "member states": "states"}


def limit_words(rule: Rule) -> str:
    """Write the limit of a rule.

    Examples
    --------
    >>> from impactsim.reportable.catalogue import regimes
    >>> by_id = {rule.id: rule for rule in regimes()["nis2-cloud"].rules}
    >>> limit_words(by_id["unavailable"]), limit_words(by_id["limited"])
    ('> 30 min', '> 5% or 1,000,000, for > 1 h')
    """
    if rule.operator is None or rule.value is None or rule.unit is None:
        return ""
    text = f"{rule.operator} {_limit(rule.value, rule.unit)}"
    if rule.at_most is not None:
        text += f" or {about_count(rule.at_most)}"
    if rule.turnover is not None:
        text += f" or {rule.turnover:g}% of turnover"
    return text if rule.lasting is None else f"{text}, for {_lasting(rule.lasting)}"


def _lasting(lasting: Lasting) -> str:
    return f"{lasting.operator} {_limit(lasting.value, lasting.unit)}"


def _limit(value: float, unit: str) -> str:
    return f"{value:g} {unit}" if unit in UNIT_MS else figure(value, unit)  # 24 h is no day


def unit_of(rule: Rule) -> str:
    """Return the unit in which a rule's measured value is given: of a rule that must last, that of the time."""
    return rule.lasting.unit if rule.lasting is not None else rule.unit or ""


def figure(value: float, unit: str, is_short: bool = False) -> str:
    """Write a figure with its unit; in short without those of counts.

    Examples
    --------
    >>> figure(13.0, "%"), figure(900_000.0, "user-minutes"), figure(3.25, "h"), figure(100_000.0, "EUR")
    ('13%', '900,000 user-min', '3 h 15 min', 'EUR 100,000')
    >>> figure(2.0, "member states", is_short=True)
    '2'
    >>> figure(float("inf"), "h"), figure(0.0, "min")
    ('endless', '0 min')
    """
    if math.isinf(value):
        return "endless" if unit in UNIT_MS else "no limit"
    if unit in UNIT_MS:
        return about_duration(value * UNIT_MS[unit]) if value else f"0 {unit}"
    if unit == "%":
        return f"{value:.3g}%" if value < 100 else "100%"
    number = about_count(value) if value == round(value) and value < 1e7 else about_figure(value)
    if is_short:
        return number
    return f"EUR {number}" if unit == "EUR" else f"{number} {_SHORT[unit]}"


def measured(criterion: CriterionFacts, has_range: bool = True) -> str:
    """Write what was measured: the median of the trials, and in brackets what nine of ten are above and below."""
    value, rule = criterion.value, criterion.rule
    if value is None:
        return "said so" if rule.metric == "flag" else ""
    if rule.lasting is not None and value.most == 0.0:
        return "never so many"
    unit = unit_of(rule)
    p10, p50, p90 = (figure(each, unit, is_short=True) for each in (value.p10, value.p50, value.p90))
    return p50 if p10 == p90 or not has_range else f"{p50} ({p10} to {p90})"


def margin(criterion: CriterionFacts) -> str:
    """Write how much is left to the limit in the median, or how far it is passed."""
    left = criterion.margin
    if left is None or math.isnan(left):
        return ""
    unit = unit_of(criterion.rule)
    if math.isinf(left):
        return "passed"
    if left == 0.0:
        if not criterion.limit:
            return ""  # nothing is not near to more than nothing
        return "just reached" if criterion.rule.operator == ">=" else "at the limit"
    return f"{figure(abs(left), unit, is_short=True)} {'left' if left > 0 else 'over'}"


def times(estimate: Estimate) -> str:
    """Write after how long something is met: the median of the trials, and the time of one in ten and of nine in ten."""
    p10, p50, p90 = (_time(each) for each in (estimate.p10, estimate.p50, estimate.p90))
    return p50 if p10 == p90 else f"{p50} ({p10} to {p90})"


def median_time(estimate: Estimate) -> str:
    """Write after how long something is met in the median of the trials."""
    return _time(estimate.p50)


def _time(ms: float) -> str:
    return "at once" if ms == 0.0 else short_time(ms, is_exact=True)


def chance_words(chance: Chance, is_certain: bool) -> str:
    """Write a chance with its interval; plainly where nothing is uncertain."""
    return f"{chance.p:.0%}" if is_certain else chance_in_short(chance)


def probability_words(probability: Probability, is_certain: bool) -> str:
    """Write a probability, and what the bounds of the numbers of people would give where that differs."""
    text = chance_words(probability.estimate, is_certain)
    if not probability.has_range:
        return text
    low, high = (f"{each.p:.0%}" for each in (probability.low, probability.high))
    return f"{text}, {low} to {high} by the bounds of users" if low != high else text


def short_probability(probability: Probability, is_certain: bool) -> str:
    """Write a probability for a table."""
    text = chance_words(probability.estimate, is_certain)
    low, high = (f"{each.p:.0%}" for each in (probability.low, probability.high))
    return text if low == high else f"{text} [{low}..{high}]"


def clock(at: datetime) -> str:
    """Write a local time with its offset.

    Examples
    --------
    >>> from datetime import timezone, timedelta
    >>> clock(datetime(2026, 11, 20, 14, 5, tzinfo=timezone(timedelta(hours=1))))
    '20 Nov 2026 14:05 +01:00'
    """
    offset = f"{at:%z}"
    return f"{at.day} {month(at)} {at.year} {at:%H:%M} {offset[:3]}:{offset[3:5]}"


def short_clock(at: datetime, year: int) -> str:
    """Write a local time for a table: without its year, if that is the usual one."""
    return clock(at).replace(f" {year} ", " ", 1)


def elapsed(at_ms: int) -> str:
    """Write a time from the start of the scenario.

    Examples
    --------
    >>> elapsed(21_600_000), elapsed(280_800_000)
    ('+6:00', '+3d 6:00')
    """
    days, rest = divmod(at_ms // 60_000, 1440)
    return f"+{days}d {rest // 60}:{rest % 60:02}" if days else f"+{rest // 60}:{rest % 60:02}"


def source_words(regime: RegimeFacts) -> str:
    """Write what was read, when, and whether it was the law itself."""
    words = regime.regime
    kind = "wording of the law" if words.evidence == "text" else "SECONDARY SOURCE, not the law itself"
    return f"{words.law}; {kind}, read {words.read_on}: {words.source}"
