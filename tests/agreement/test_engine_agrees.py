"""The engine against the brute-force answer, which was written from the rules alone: identical histories."""

from __future__ import annotations

import pytest

from agreement import brute
from agreement.brute_state import ReserveInterval
from agreement.brute_users import Bounds
from agreement.engine_answer import facts_of, outcome_of
from agreement.random_systems import random_case
from impactsim.engine.users import Range
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.facts import Facts

_BLOCK = 250
_BY = {"holdover": "holdover", "standby": "standby", "last": "quorum"}


def same(mine: Range, theirs: Bounds) -> bool:
    pairs = [(mine.low, theirs.low), (mine.high, theirs.high)]
    if mine.estimate is not None:
        pairs.append((mine.estimate, theirs.estimate))
    return all(a == pytest.approx(b, rel=1e-9, abs=1e-6) for a, b in pairs)


def check_case(seed: int) -> None:
    system_words, scenario_words = random_case(seed)
    system, scenario = System.model_validate(system_words), Scenario.model_validate(scenario_words)
    theirs = brute.run(system, scenario)
    facts = facts_of(system, scenario)
    mine = outcome_of(system, facts)
    assert mine.end_ms == theirs.end_ms, seed
    for name, history in mine.levels.items():
        other = theirs.levels[name]
        assert [at_ms for at_ms, _ in history] == [at_ms for at_ms, _ in other], (seed, name)
        for (at_ms, level), (_, expected) in zip(history, other, strict=True):
            assert abs(level - expected) < 1e-9, (seed, name, at_ms)
        assert by_need(mine.reserve[name]) == by_need(theirs.reserve.get(name, [])), (seed, name)
    assert mine.data == theirs.data, seed
    assert sorted(map(sorted, mine.deadlocks)) == sorted(map(sorted, theirs.deadlocks)), seed
    check_users(seed, facts, theirs)


def by_need(reserves: list[ReserveInterval]) -> list[ReserveInterval]:
    return sorted(reserves, key=lambda each: (each.from_ms, each.need))


def check_users(seed: int, mine: Facts, theirs: brute.Outcome) -> None:
    for name, segment in theirs.users.segments.items():
        assert same(mine.segments[name].affected, segment.affected), (seed, name)
        assert same(mine.segments[name].lost_user_minutes, segment.lost_user_minutes), (seed, name)
        assert same(mine.segments[name].out_ms, segment.out_ms), (seed, name)
    if theirs.users.services is None:
        assert same(mine.users.affected, theirs.users.affected), seed
        assert same(mine.users.peak, theirs.users.peak), seed
        assert same(mine.users.lost_user_minutes, theirs.users.lost_user_minutes), seed
    else:
        population = mine.segments["population"]
        for figure in ("affected", "peak", "lost_user_minutes"):
            low, high = getattr(theirs.users.services, figure)
            value = getattr(population, figure)
            assert value.low == pytest.approx(low, rel=1e-9, abs=1e-6), (seed, figure)
            assert value.high == pytest.approx(high, rel=1e-9, abs=1e-6), (seed, figure)


@pytest.mark.parametrize("block", range(10))
def test_engine_and_brute_force_give_the_same_histories(block: int) -> None:
    for seed in range(block * _BLOCK, (block + 1) * _BLOCK):
        check_case(seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10, 200))
def test_engine_and_brute_force_give_the_same_histories_on_many_more(block: int) -> None:
    for seed in range(block * _BLOCK, (block + 1) * _BLOCK):
        check_case(seed)


@pytest.mark.parametrize("seed", [8869, 19329, 19989])
def test_what_is_degraded_waits_for_nobody_and_nobody_for_it(seed: int) -> None:
    """In these systems a component that serves a share was once taken for one that is down (S5.3)."""
    check_case(seed)
