"""The engine against the brute-force answer, which was written from the rules alone: identical histories."""

from __future__ import annotations

import pytest
from agreement import brute
from agreement.brute_users import Bounds
from agreement.random_systems import random_case

from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.engine.users import Range
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.assemble import assemble
from impactsim.reports.facts import Facts

_BLOCK = 250
_BY = {"holdover": "holdover", "standby": "standby", "last": "quorum"}


def facts_of(system: System, scenario: Scenario) -> Facts:
    """Run twice in one workspace, so that what a run leaves behind would show."""
    compiled, names = compile_system(system)
    plan, plan_names = compile_plan(system, scenario, compiled, names)
    workspace = Workspace(compiled)
    workspace.run(plan)
    return assemble(system, scenario, compiled, names, plan, plan_names, workspace.run(plan))


def same(mine: Range, theirs: Bounds) -> bool:
    pairs = [(mine.low, theirs.low), (mine.high, theirs.high)]
    if mine.estimate is not None:
        pairs.append((mine.estimate, theirs.estimate))
    return all(a == pytest.approx(b, rel=1e-9, abs=1e-6) for a, b in pairs)


def check_case(seed: int) -> None:
    system_words, scenario_words = random_case(seed)
    system, scenario = System.model_validate(system_words), Scenario.model_validate(scenario_words)
    theirs = brute.run(system, scenario)
    mine = facts_of(system, scenario)
    assert mine.end_ms == theirs.end_ms, seed
    for name, component in mine.components.items():
        other = theirs.levels[name]
        assert [at_ms for at_ms, _ in component.levels] == [at_ms for at_ms, _ in other], (seed, name)
        for (at_ms, level), (_, expected) in zip(component.levels, other, strict=True):
            assert abs(level - expected) < 1e-9, (seed, name, at_ms)
        assert reserves_of_mine(component.reserve) == reserves_of_theirs(theirs, name), (seed, name)
    assert {name: (each.lost_for_good, each.loss_ms) for name, each in mine.data.items()} == theirs.data, seed
    check_deadlocks(seed, mine, theirs)
    check_users(seed, mine, theirs)


def reserves_of_mine(reserves: tuple) -> list:
    return sorted(
        (each.from_ms, each.to_ms, each.by, each.on[0] if each.by == "standby" else "", each.until_ms or -1)
        for each in reserves
    )


def reserves_of_theirs(theirs: brute.Outcome, name: str) -> list:
    return sorted(
        (
            each.from_ms,
            theirs.end_ms if each.to_ms is None else each.to_ms,
            _BY[each.by],
            each.member if each.by == "standby" else "",
            each.until or -1,
        )
        for each in theirs.reserve.get(name, [])
    )


def check_deadlocks(seed: int, mine: Facts, theirs: brute.Outcome) -> None:
    circles = sorted(sorted(each.circle) for each in mine.deadlocks)
    assert circles == sorted(sorted(circle) for circle in theirs.deadlocks), seed


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
