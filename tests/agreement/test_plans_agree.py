"""Plans woven into random systems (S10): the brute-force answer and the engine agree, and nobody is in two places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest

from agreement import brute
from agreement.engine_answer import facts_of, outcome_of
from agreement.random_plans import random_plan_case
from agreement.test_engine_agrees import by_need
from impactsim.engine.repair import JOB_DONE, JOB_WORKING
from impactsim.engine.timeline import History, Workspace
from impactsim.model.plan import RecoveryPlan
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.review.play.called import calls_of, needs_run
from impactsim.review.play.settle import Woven, median_run, settle
from impactsim.trials.jobs import Prepared, prepare
from impactsim.trials.replay import replay


def woven_of(seed: int) -> tuple[RecoveryPlan, System, Scenario, Woven]:
    plan_words, system_words, scenario_words = random_plan_case(seed)
    plan = RecoveryPlan.model_validate(plan_words)
    system, scenario = System.model_validate(system_words), Scenario.model_validate(scenario_words)
    without = median_run(system, scenario) if needs_run(plan) else None
    calls = calls_of(plan, scenario, system, without)
    return plan, system, scenario, settle(plan, plan.scenarios[0], scenario, system, calls)


_SLOW = {26, 36, 57, 70, 115, 163, 180, 185, 192}
"""Circles of ten and more, whose smallest breaks take seconds to find: for the long sweep."""


@pytest.mark.parametrize("block", range(6))
def test_woven_systems_have_the_histories_of_the_brute_force_answer(block: int) -> None:
    check_cases([seed for seed in range(block * 20, block * 20 + 20) if seed not in _SLOW])


@pytest.mark.slow
@pytest.mark.parametrize("block", range(40))
def test_woven_systems_have_the_histories_of_the_brute_force_answer_on_many_more(block: int) -> None:
    check_cases(range(block * 50, block * 50 + 50))


def check_cases(seeds: Iterable[int]) -> None:
    n_called = 0
    for seed in seeds:
        _, _, _, woven = woven_of(seed)
        n_called += len(woven.calls)
        facts = facts_of(woven.system, woven.scenario)
        mine, theirs = outcome_of(woven.system, facts), brute.run(woven.system, woven.scenario)
        assert mine.end_ms == theirs.end_ms, seed
        for name, history in mine.levels.items():
            assert [at for at, _ in history] == [at for at, _ in theirs.levels[name]], (seed, name)
            assert [level for _, level in history] == pytest.approx([level for _, level in theirs.levels[name]]), seed
            assert by_need(mine.reserve[name]) == by_need(theirs.reserve.get(name, [])), (seed, name)
        assert mine.data == theirs.data, seed
        assert sorted(map(sorted, mine.deadlocks)) == sorted(map(sorted, theirs.deadlocks)), seed
    assert n_called > 20


Work = tuple[str, int, float]


def histories(woven: Woven, n_trials: int) -> Iterator[list[Work]]:
    """Yield the works of the run by the medians, and of some trials: who, from when, until when."""
    prepared = prepare(woven.system, woven.scenario)
    yield works(Workspace(prepared.job.compiled).run(prepared.job.plan), prepared)
    for trial in range(n_trials):
        yield works(replay(prepared.job, trial).history, prepared)


def works(history: History, prepared: Prepared) -> list[Work]:
    """Return the begin and the end of the work of each repair, as far as it began."""
    record = history.record
    begins: dict[int, int] = {}
    ends: dict[int, float] = {}
    for fault, at_ms, status in zip(record.job_fault, record.job_at_ms, record.job_status, strict=True):
        if status in (JOB_WORKING, JOB_DONE):
            begins.setdefault(fault, at_ms)
            ends[fault] = at_ms if status == JOB_DONE else math.inf
    names = prepared.names.components
    return [(names[prepared.job.plan.fault_component[each]], begins[each], ends[each]) for each in begins]


def test_nobody_is_in_two_places_by_the_medians_nor_in_a_trial() -> None:
    """Where all is called for at one time: a later call may stop a work for which its people then wait."""
    n_shared = 0
    for seed in range(160):
        _, _, _, woven = woven_of(seed)
        if len({at_ms for times in woven.calls.values() for at_ms in times}) != 1:
            continue
        for done in histories(woven, 3):
            deeds: dict[str, list[tuple[int, float]]] = {}
            for doer, begin, end in done:
                for _, person in woven.people.get(doer, ()):
                    deeds.setdefault(person, []).append((begin, end))
            for mine in deeds.values():
                n_shared += len(mine) > 1
                assert all(end <= begin for (_, end), (begin, _) in pairwise(sorted(mine))), seed
    assert n_shared > 50


def test_where_no_step_is_called_nothing_changes() -> None:
    n_uncalled = 0
    for seed in range(80):
        _, system, scenario, woven = woven_of(seed)
        if not woven.calls:
            n_uncalled += 1
            assert woven.system == system
            assert woven.scenario == scenario
    assert n_uncalled > 1
