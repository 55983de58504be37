"""Plans played by the program and by a second reading of S10: who does what when, and what all components then do."""

from __future__ import annotations

import pytest

from agreement.brute_plan import Answer, rehearsed
from agreement.random_recoveries import random_recovery
from impactsim.files.loading import LoadedScenario
from impactsim.model.plan import RecoveryPlan
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.review.facts import Rehearsal
from impactsim.review.play.rehearse import rehearse
from impactsim.trials.workers import Here

Case = tuple[RecoveryPlan, LoadedScenario]


def case_of(seed: int) -> Case:
    plan, system, scenario = random_recovery(seed)
    loaded = LoadedScenario(Scenario.model_validate(scenario), System.model_validate(system), scenario)
    return RecoveryPlan.model_validate(plan), loaded


def both(case: Case) -> tuple[Rehearsal, Answer]:
    plan, loaded = case
    return played(case), rehearsed(plan, plan.scenarios[0], loaded.scenario, loaded.system)


def played(case: Case) -> Rehearsal:
    plan, loaded = case
    return rehearse(plan, plan.scenarios[0], loaded, Here(False), 1, 1, with_users=False)


def differences(mine: Rehearsal, theirs: Answer) -> list[str]:
    """Return what the two do not agree upon, one line each."""
    found = []
    facts = {each.id: each for each in (*mine.steps, *mine.gates) if each.is_called}
    if {*facts} != {*theirs.works}:
        found.append(f"called: {sorted(facts)} and {sorted(theirs.works)}")
    for name in sorted({*facts} & {*theirs.works}):
        step, work = facts[name], theirs.works[name]
        one = (step.called_ms, step.begins_ms, step.ends_ms, step.people)
        other = (work.called[0], work.begins, work.ends, work.people)
        found += [f"{name}: {one} and {other}"] if one != other else []
    if mine.run.end_ms != theirs.end_ms:
        found.append(f"end: {mine.run.end_ms} and {theirs.end_ms}")
    if {*mine.run.components} != {*theirs.levels}:
        found.append(f"components: {sorted({*mine.run.components} ^ {*theirs.levels})}")
    for name in sorted({*mine.run.components} & {*theirs.levels}):
        levels = mine.run.components[name].levels
        same = len(levels) == len(theirs.levels[name]) and all(
            a == b and abs(x - y) < 1e-9 for (a, x), (b, y) in zip(levels, theirs.levels[name], strict=True)
        )
        found += [] if same else [f"levels of {name}: {levels} and {theirs.levels[name]}"]
    data = {name: (each.lost_for_good, each.loss_ms) for name, each in mine.run.data.items()}
    found += [f"data: {data} and {theirs.data}"] if data != theirs.data else []
    return found


_LARGE = 7
"""The smallest breaks of larger circles take seconds to find: those are for the long sweep."""


@pytest.mark.parametrize("block", range(5))
def test_program_and_second_reading_agree(block: int) -> None:
    check_cases(range(block * 50, block * 50 + 50), _LARGE)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(5, 200))
def test_program_and_second_reading_agree_on_many_more(block: int) -> None:
    check_cases(range(block * 50, block * 50 + 50), 100)


def check_cases(seeds: range, most: int) -> None:
    n_called = n_again = n_put_off = 0
    for seed in seeds:
        plan, loaded = case = case_of(seed)
        theirs = rehearsed(plan, plan.scenarios[0], loaded.scenario, loaded.system)
        if theirs.largest_circle > most:
            continue
        assert differences(played(case), theirs) == [], seed
        n_called += len(theirs.works)
        n_again += any(len(work.called) > 1 for work in theirs.works.values())
        n_put_off += len(theirs.edges)
    # What is to be tested is there, and not left out by the generator.
    assert n_called > 100
    assert n_again > 5
    assert n_put_off > 3
