"""Rules held against measures: in which trials each is met, since when, and how near the others come.

Pure: what is measured and what people say go in, arrays by trial come out. Each condition becomes the time at which it is first
met (infinite if never); then all of several conditions are met at the latest of their times, any at the earliest, k of them at
the k-th. Figures within 1e-9 of a limit are equal to it, so that ``>`` and ``>=`` do not hang on the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impactsim.reportable.losses import ESTIMATE, HIGH, LOW, Bools, Floats, Losses, Measures, before, earliest, scan
from impactsim.reportable.rules import PLANNED, UNIT_MS, AllOf, AnyOf, Node, Operator, Regime, Rule

_NEAR = 1e-9
_MINUTE_MS = UNIT_MS["min"]
_MINUTES = {"user-minutes": 1.0, "user-hours": 60.0}

OF_USERS = frozenset(("affected-users", *_MINUTES))
"""Metrics that nobody can tell without knowing who uses the services."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says, because no model can see it."""

    flags: frozenset[str] = frozenset()
    """What holds, of the flags of the rules."""
    cost_per_user_minute: float | None = None
    """What a lost user-minute costs, in EUR."""
    turnover: float | None = None
    """Yearly turnover in EUR."""


@dataclass(frozen=True, slots=True)
class Found:
    """One rule over many trials. Axis: trial."""

    first_ms: Floats
    """When it is first met; infinite if never."""
    value: Floats
    """What was measured, in the unit of the rule; of a rule that must last, how long it did, in that unit."""
    limit: Floats
    """Its limit, in the same unit."""


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """What became of a rule."""

    rule: Rule
    found: tuple[Found, Found, Found] | None
    """By the low, estimated and high numbers of people; None where neither the model nor a person can tell."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a regime. Axis: trial."""

    regime: Regime
    rules: tuple[JudgedRule, ...]
    first_ms: tuple[Floats, Floats, Floats]
    """When it is first met; by the low, estimated and high numbers of people."""
    first_if_unseen_ms: Floats
    """The same, by the estimated numbers, if all held that nobody can tell."""
    is_planned: bool
    """Whether it does not count because it is planned maintenance."""


def judge(regime: Regime, measures: Measures, given: Given) -> Judged:
    """Hold the rules of a regime against what was measured.

    Parameters
    ----------
    regime
        The rules.
    measures
        What the trials say, of the users of the regime's region.
    given
        What people say.
    """
    rules = tuple(_judged(rule, measures, given) for rule in regime.rules)
    is_planned = PLANNED in given.flags and not regime.counts_planned
    never = np.full(measures.n, np.inf)
    if is_planned:
        return Judged(regime, rules, (never, never, never), never, True)
    by_bound = tuple(_combined(regime.combine, _criteria(rules, bound, never)) for bound in (LOW, ESTIMATE, HIGH))
    if_unseen = _combined(regime.combine, _criteria(rules, ESTIMATE, np.zeros(measures.n)))
    return Judged(regime, rules, (by_bound[0], by_bound[1], by_bound[2]), if_unseen, False)


def _criteria(rules: tuple[JudgedRule, ...], bound: int, unseen: Floats) -> dict[str, Floats]:
    """Return when each criterion is first met: when the first of its rules is."""
    found: dict[str, Floats] = {}
    for each in rules:
        first = unseen if each.found is None else each.found[bound].first_ms
        name = each.rule.criterion
        found[name] = np.minimum(found[name], first) if name in found else first
    return found


def _combined(node: Node, criteria: Mapping[str, Floats]) -> Floats:
    if isinstance(node, str):
        return criteria[node]
    parts = node.all if isinstance(node, AllOf) else node.any if isinstance(node, AnyOf) else node.of
    times = np.sort(np.stack([_combined(part, criteria) for part in parts]), axis=0)
    wanted = len(parts) if isinstance(node, AllOf) else 1 if isinstance(node, AnyOf) else node.at_least
    return np.asarray(times[wanted - 1], np.float64)


def _judged(rule: Rule, measures: Measures, given: Given) -> JudgedRule:
    if rule.metric == "flag":
        if rule.flag not in given.flags:
            return JudgedRule(rule, None)
        always = Found(np.zeros(measures.n), np.ones(measures.n), np.ones(measures.n))
        return JudgedRule(rule, (always, always, always))
    if not can_see(rule, measures, given):
        return JudgedRule(rule, None)
    low, estimate, high = (_find(rule, measures, given, bound) for bound in (LOW, ESTIMATE, HIGH))
    return JudgedRule(rule, (low, estimate, high))


def can_see(rule: Rule, measures: Measures, given: Given) -> bool:
    """Tell whether what a rule measures is in the model."""
    if rule.metric in OF_USERS:
        return measures.has_users
    if rule.metric == "member-states":
        return measures.has_countries
    return rule.metric != "loss" or (given.cost_per_user_minute is not None and measures.has_users)


def _find(rule: Rule, measures: Measures, given: Given, bound: int) -> Found:
    if rule.metric == "critical":
        return _critical(measures)
    if rule.metric == "member-states":
        return _member_states(rule, measures)
    nothing = np.full(measures.n, _limit_shown(rule))
    worst = Found(np.full(measures.n, np.inf), np.zeros(measures.n), nothing)
    for losses in _scope(rule, measures):
        worst = _worse(worst, _of_losses(rule, losses, given, bound))
    return worst


def _scope(rule: Rule, measures: Measures) -> Iterator[Losses]:
    if rule.scope == "together":
        yield measures.together
        return
    for name, losses in measures.services.items():
        if rule.scope == "service" or name in measures.critical:
            yield losses


def _worse(a: Found, b: Found) -> Found:
    """Return, trial by trial, the one that is nearer to its limit, or further beyond; and the first time of both."""
    with np.errstate(divide="ignore", invalid="ignore"):
        nearer = np.where(a.limit > 0, b.value / b.limit > a.value / a.limit, b.value > a.value)
    return Found(
        np.minimum(a.first_ms, b.first_ms), np.where(nearer, b.value, a.value), np.where(nearer, b.limit, a.limit)
    )


def _limit_shown(rule: Rule) -> float:
    limit = rule.value if rule.lasting is None else rule.lasting.value
    assert limit is not None, "a rule that measures has a limit"
    return limit


def _of_losses(rule: Rule, losses: Losses, given: Given, bound: int) -> Found:
    assert rule.operator is not None, "it measures"
    assert rule.value is not None, "it measures"
    if rule.metric == "affected-users":
        return _users(rule, losses, bound)
    if rule.metric in _MINUTES:
        per = _MINUTES[rule.metric]
        return _amount(rule.operator, np.full(losses.n, rule.value), losses, losses.people[bound] / per)
    if rule.metric == "loss":
        assert given.cost_per_user_minute is not None, "it is seen"
        limit = rule.value
        if rule.turnover is not None and given.turnover is not None:
            limit = min(limit, rule.turnover / 100 * given.turnover)
        rate = losses.people[bound] * given.cost_per_user_minute
        return _amount(rule.operator, np.full(losses.n, limit), losses, rate)
    return _time(rule, losses)


def _time(rule: Rule, losses: Losses) -> Found:
    """Return how long something was so: without a break, in all, or from its first to its last moment."""
    assert rule.operator is not None, "it measures"
    unit = UNIT_MS[rule.unit or "h"]
    limit_ms = (rule.value or 0.0) * unit
    hit = losses.is_down if rule.metric.startswith("unavailable") else np.ones(len(losses.trial), np.bool_)
    if rule.metric in ("downtime", "unavailable-in-all"):
        first_ms, value = _in_all(rule.operator, limit_ms, losses, hit)
    elif rule.metric == "incident":
        first_ms, value = _first_to_last(rule.operator, limit_ms, losses)
    else:
        first_ms, value = _unbroken(rule.operator, limit_ms, losses, hit)
    return Found(first_ms, value / unit, np.full(losses.n, rule.value))


def _users(rule: Rule, losses: Losses, bound: int) -> Found:
    """Return how many users were affected at most; or, of a rule that must last, how long so many were."""
    assert rule.operator is not None, "it measures"
    assert rule.value is not None, "it measures"
    limit = np.full(losses.n, rule.value)
    if rule.unit == "%":
        limit = limit / 100 * losses.users
        if rule.at_most is not None:
            limit = np.minimum(limit, rule.at_most)
    if rule.lasting is not None:
        people = losses.people[bound]
        hit = _over(rule.operator, people, limit[losses.trial]) & (people > 0.0)
        first_ms, value = _unbroken(rule.lasting.operator, rule.lasting.ms, losses, hit)
        unit = UNIT_MS[rule.lasting.unit]
        return Found(first_ms, value / unit, np.full(losses.n, rule.lasting.value))
    reached = losses.reached[bound]
    hit = _over(rule.operator, reached, limit[losses.trial]) & (reached > 0.0)
    first_ms = earliest(losses.n, losses.trial[hit], losses.from_ms[hit])
    most = np.zeros(losses.n)
    np.maximum.at(most, losses.trial, reached)
    if rule.unit == "%":
        return Found(first_ms, _percent(most, losses.users, 0.0), _percent(limit, losses.users, rule.value))
    return Found(first_ms, most, limit)


def _percent(people: Floats, users: Floats, otherwise: float) -> Floats:
    found = np.full(len(users), otherwise)
    np.divide(100.0 * people, users, out=found, where=users > 0.0)
    return found


def _amount(operator: Operator, limit: Floats, losses: Losses, per_minute: Floats) -> Found:
    """Return how much was lost in all, at a rate, and when that reached the limit."""
    rate = per_minute / _MINUTE_MS
    passed_ms = losses.to_ms - losses.from_ms
    lost = np.zeros(len(rate))
    np.multiply(rate, passed_ms, out=lost, where=rate > 0.0)  # nobody loses nothing for ever
    until = scan(np.add, lost, losses.trial)
    mine = limit[losses.trial]
    hit = _over(operator, until, mine) & (rate > 0.0)
    at_ms = losses.from_ms.copy()
    np.divide(np.maximum(mine - before(until, losses.trial), 0.0), rate, out=passed_ms, where=hit)
    at_ms[hit] += passed_ms[hit]
    value = np.zeros(losses.n)
    np.maximum.at(value, losses.trial, until)
    return Found(earliest(losses.n, losses.trial[hit], at_ms[hit]), value, limit)


def _in_all(operator: Operator, limit_ms: float, losses: Losses, hit: Bools) -> tuple[Floats, Floats]:
    rate = np.where(hit, _MINUTE_MS, 0.0)  # a millisecond in a millisecond
    found = _amount(operator, np.full(losses.n, limit_ms), losses, rate)
    return found.first_ms, found.value


def _first_to_last(operator: Operator, limit_ms: float, losses: Losses) -> tuple[Floats, Floats]:
    first = earliest(losses.n, losses.trial, losses.from_ms)
    last = np.full(losses.n, -np.inf)
    np.maximum.at(last, losses.trial, losses.to_ms)
    value = np.where(np.isinf(first), 0.0, last - np.where(np.isinf(first), 0.0, first))
    return np.where(_over(operator, value, limit_ms) & (value > 0.0), first + limit_ms, np.inf), value


def _unbroken(operator: Operator, limit_ms: float, losses: Losses, hit: Bools) -> tuple[Floats, Floats]:
    """Return when something has lasted long enough without a break, and how long it did at most."""
    trial, from_ms, to_ms = losses.trial[hit], losses.from_ms[hit], losses.to_ms[hit]
    begins = np.ones(len(trial), np.bool_)
    begins[1:] = (trial[1:] != trial[:-1]) | (from_ms[1:] != to_ms[:-1])
    ends = np.ones(len(trial), np.bool_)
    ends[:-1] = begins[1:]
    run, since, until = trial[begins], from_ms[begins], to_ms[ends]
    passed = until - since
    longest = np.zeros(losses.n)
    np.maximum.at(longest, run, passed)
    is_long = _over(operator, passed, limit_ms) & (passed > 0.0)
    return earliest(losses.n, run[is_long], since[is_long] + limit_ms), longest


def _critical(measures: Measures) -> Found:
    first = np.full(measures.n, np.inf)
    for name, losses in measures.services.items():
        if name in measures.critical:
            np.minimum.at(first, losses.trial, losses.from_ms)
    return Found(first, np.isfinite(first).astype(np.float64), np.ones(measures.n))


def _member_states(rule: Rule, measures: Measures) -> Found:
    assert rule.operator is not None, "it measures"
    never = np.full(measures.n, np.inf)
    times = np.sort(np.stack([never, *measures.member_states.values()]), axis=0)
    limit = float(rule.value or 0.0)
    value = np.isfinite(times).sum(axis=0).astype(np.float64)
    wanted = int(limit) + (rule.operator == ">")
    first = times[wanted - 1] if 1 <= wanted <= len(times) else never
    return Found(first, value, np.full(measures.n, limit))


def _over(operator: Operator, values: Floats, limit: Floats | float) -> NDArray[np.bool_]:
    near = _NEAR * np.abs(limit)
    found: NDArray[np.bool_] = values > limit + near if operator == ">" else values >= limit - near
    return found
