"""A second opinion: each rule worked out for each trial alone, piece by piece, in plain Python from what the words say."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from agreement.random_systems import random_case
from impactsim.engine.record import N_ENTRIES
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reportable.catalogue import regimes
from impactsim.reportable.groups import groups_of, within
from impactsim.reportable.judge import Given, judge
from impactsim.reportable.metrics import measure
from impactsim.reportable.rules import AnyOf, Regime, Rule
from impactsim.trials.courses import follow
from impactsim.trials.jobs import Prepared, prepare
from impactsim.trials.replay import replay
from impactsim.trials.workers import Here
from trials.test_replay import made_uncertain

N = 3
LOW, ESTIMATE, HIGH = 0, 1, 2
TIMES = [0.0, 1e-4, 0.001, 0.02, 0.2, 1.0, 3.0]
PEOPLE = [0.0, 1.0, 10.0, 50.0, 90.0]


@dataclass
class Piece:
    since: float
    until: float
    levels: dict[str, float]
    people: dict[str, list[list[float]]]
    """Of each service, and of all together under ``""``: low, estimate, high of each group."""

    def so_many(self, what: str, bound: int) -> float:
        return sum(group[bound] for group in self.people[what])


def pieces_of(prepared: Prepared, system: System, ends: bool, trial: int) -> tuple[list[Piece], dict[str, float]]:
    """Return a trial in pieces, and how many use each service."""
    one = replay(prepared.job, trial)
    names = prepared.names.components
    services = {name for name, each in system.components.items() if each.kind == "service"}
    record = one.history.record
    changes: dict[int, dict[str, float]] = {0: {}}
    for i in range(record.used[N_ENTRIES]):
        if record.component[i] < len(names) and names[record.component[i]] in services:
            changes.setdefault(record.at_ms[i], {})[names[record.component[i]]] = record.level[i]
    uses: list[dict[str, float]] = [{} for _ in prepared.audience_names.groups]
    for use, (group, service) in enumerate(zip(one.audience.use_group, one.audience.use_service, strict=True)):
        uses[group][prepared.audience_names.services[service]] = one.audience.use_share[use]
    counts = one.audience.group_count
    end = float(one.history.end_ms) if ends else math.inf
    levels = dict.fromkeys(services, 1.0)
    found = []
    times = sorted(changes)
    for at, after in zip(times, [*times[1:], end], strict=True):
        levels = levels | changes[at]
        people = {"": [affected(prepared, g, counts[g], mine, levels) for g, mine in enumerate(uses)]}
        for name in services:
            only = [{name: mine[name]} if name in mine else {} for mine in uses]
            people[name] = [affected(prepared, g, counts[g], mine, levels) for g, mine in enumerate(only)]
        found.append(Piece(at, after, levels, people))
    users = {
        name: sum(
            mine.get(name, 0.0) * (1.0 if prepared.audience_names.is_population(g) else counts[g])
            for g, mine in enumerate(uses)
        )
        for name in services
    }
    return found, users


def affected(
    prepared: Prepared, group: int, count: float, uses: dict[str, float], levels: dict[str, float]
) -> list[float]:
    lost = [share * (1 - levels[name]) for name, share in uses.items() if levels[name] < 1]
    whole = [share for name, share in uses.items() if levels[name] < 1]
    if not lost:
        return [0.0, 0.0, 0.0]
    if prepared.audience_names.is_population(group):
        high = min(sum(whole), count if count >= 0 else math.inf)
        return [max(lost), max(lost) if len(lost) == 1 and len(uses) == 1 else high, high]
    return [max(lost) * count, (1 - math.prod(1 - x for x in lost)) * count, min(1.0, sum(whole)) * count]


def first_met(rule: Rule, found: list[Piece], users: dict[str, float], system: System, bound: int) -> float:
    """Return when a rule is first met, by going through the pieces with a clock in hand."""
    if rule.scope == "together":
        return first_met_by(rule, found, "", 0.0, bound)
    times = [math.inf]
    for name, total in users.items():
        if rule.scope == "service" or system.components[name].critical is not False:
            times.append(first_met_by(rule, found, name, total, bound))
    return min(times)


def first_met_by(rule: Rule, found: list[Piece], what: str, users: float, bound: int) -> float:
    assert rule.value is not None
    unit_ms = {"h": 3_600_000, "min": 60_000}.get(rule.unit or "", 1)
    limit = rule.value * (users / 100 if rule.unit == "%" else unit_ms)
    if rule.at_most is not None:
        limit = min(limit, rule.at_most)
    is_strict = rule.operator == ">"
    hits = [is_hit(rule, each, what, bound, limit) for each in found]
    if rule.metric == "affected-users" and rule.lasting is None:
        most: dict[int, float] = {}
        for each in found:
            for group, people in enumerate(each.people[what]):
                most[group] = max(most.get(group, 0.0), people[bound])
            if over(sum(most.values()), limit, is_strict) and sum(most.values()) > 0:
                return each.since
        return math.inf
    if rule.metric in {"user-minutes", "user-hours"}:
        limit = rule.value * (60_000 if rule.metric == "user-minutes" else 3_600_000)
        return when_enough(found, [each.so_many(what, bound) for each in found], limit, is_strict)
    if rule.metric in {"downtime", "unavailable-in-all"}:
        return when_enough(found, [float(hit) for hit in hits], limit, is_strict)
    if rule.lasting is not None:
        limit = rule.lasting.value * {"h": 3_600_000, "min": 60_000}[rule.lasting.unit]
        is_strict = rule.lasting.operator == ">"
    if rule.metric == "incident":
        if not any(hits):
            return math.inf
        since = next(each.since for each, hit in zip(found, hits, strict=True) if hit)
        until = [each.until for each, hit in zip(found, hits, strict=True) if hit][-1]
        return since + limit if until > since and over(until - since, limit, is_strict) else math.inf
    since = math.nan
    for each, hit in zip(found, hits, strict=True):
        since = (each.since if math.isnan(since) else since) if hit else math.nan
        if hit and each.until > since and over(each.until - since, limit, is_strict):
            return since + limit
    return math.inf


def is_hit(rule: Rule, piece: Piece, what: str, bound: int, limit: float) -> bool:
    if rule.lasting is not None:
        people = piece.so_many(what, bound)
        return people > 0 and over(people, limit, rule.operator == ">")
    levels = [piece.levels[what]] if what else list(piece.levels.values())
    return min(levels, default=1.0) <= 0.0 if rule.metric.startswith("unavailable") else min(levels, default=1.0) < 1.0


def when_enough(found: list[Piece], rates: list[float], limit: float, is_strict: bool) -> float:
    total = 0.0
    for each, rate in zip(found, rates, strict=True):
        more = rate * (each.until - each.since) if rate else 0.0
        if rate and over(total + more, limit, is_strict):
            return each.since + max(limit - total, 0.0) / rate
        total += more
    return math.inf


def over(value: float, limit: float, is_strict: bool) -> bool:
    return value > limit * (1 + 1e-9) if is_strict else value >= limit * (1 - 1e-9)


def rules(seed: int) -> list[Rule]:
    """Return a rule of each sort, with limits as random systems reach them."""
    rng = random.Random(seed)
    found: list[dict[str, Any]] = []

    def add(metric: str, unit: str, limits: list[float], **more: object) -> None:
        found.append({"metric": metric, "unit": unit, "value": rng.choice(limits), "scope": scope, **more})

    for scope in ("service", "critical", "together"):
        for metric in ("incident", "downtime", "limited", "unavailable", "unavailable-in-all"):
            add(metric, rng.choice(["h", "min"]), TIMES)
        for unit in ("users",) if scope == "together" else ("users", "%"):
            lasting = {
                "operator": rng.choice([">", ">="]),
                "value": rng.choice(TIMES),
                "unit": rng.choice(["h", "min"]),
            }
            add("affected-users", unit, PEOPLE)
            add("affected-users", unit, PEOPLE, lasting=lasting)
        if scope != "together":
            add("affected-users", "%", PEOPLE, at_most=20.0)
        for unit in ("user-minutes", "user-hours"):
            add(unit, unit, [0.1, 5.0, 300.0])
    return [
        Rule.model_validate({"id": f"r{i}", "article": "x", "says": "x", "operator": rng.choice([">", ">="]), **each})
        for i, each in enumerate(found)
    ]


def regime_of(found: list[Rule]) -> Regime:
    words = {
        "rules": tuple(found),
        "combine": AnyOf(any=tuple(each.id for each in found)),
        "region": None,
        "deadlines": (),
    }
    return regimes()["gdpr"].model_copy(update=words)


@pytest.mark.parametrize("first", range(0, 120, 10))
def test_every_rule_is_met_when_the_second_opinion_says_so(first: int) -> None:
    n_met = n_never = 0
    for seed in range(first, first + 10):
        words, happening = random_case(seed)
        system = System.model_validate(made_uncertain(words))
        scenario = Scenario.model_validate(
            {**happening, "events": made_uncertain(happening.get("events", [])), "seed": seed}
        )
        prepared = prepare(system, scenario)
        ends = scenario.horizon is not None
        numbers = {
            name: prepared.names.index[name] for name, each in system.components.items() if each.kind == "service"
        }
        courses = follow(prepared.job, list(numbers.values()), N, Here(False))
        groups = groups_of(system, prepared, N)
        [measures] = measure(system, courses, numbers, groups, [within(groups, None)], ends)
        judged = judge(regime_of(rules(seed)), measures, Given())
        alone = [pieces_of(prepared, system, ends, trial) for trial in range(N)]
        for each in judged.rules:
            if each.found is None:
                assert not measures.has_users
                continue
            for bound in (LOW, ESTIMATE, HIGH):
                expected = [first_met(each.rule, found, users, system, bound) for found, users in alone]
                assert each.found[bound].first_ms.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-6), (
                    seed,
                    each.rule,
                )
                n_met += int(np.isfinite(expected).sum())
                n_never += int(np.isinf(expected).sum())
    assert n_met > 200
    assert n_never > 200
