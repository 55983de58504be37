"""What a change does not touch is not played again; and what is not played again would have come to the same."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agreement.random_plans import random_plan_case
from impactsim.files.loading import LoadedScenario
from impactsim.files.plans import changed as changed_plan
from impactsim.files.reading import load_plan
from impactsim.model.plan import RecoveryPlan
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.review.facts import Rehearsal
from impactsim.review.play.rehearse import rehearse
from impactsim.review.play.remembered import Remembered, Script, leaning_in, script_of
from impactsim.review.whole import Play, findings_of, ground_of
from impactsim.trials.workers import Here

Words = dict[str, Any]

BRACKWATER = Path(__file__).parents[2] / "scenarios" / "brackwater-freight" / "plan.yaml"
AS_OF = date(2026, 11, 1)

WORDS: Words = {
    "impactsim": 1,
    "name": "Two rooms",
    "components": {
        "grid-a": {"kind": "power", "time_to_restore": "1h"},
        "grid-b": {"kind": "power", "time_to_restore": "1h"},
        "host-a": {"kind": "host", "needs": ["grid-a"]},
        "host-b": {"kind": "host", "needs": ["grid-b"], "restart": "5m"},
        "vault": {"kind": "tool"},
        "store": {"kind": "data", "copies": [{"at": "vault", "every": "1d", "restore": "1h"}]},
        "shop": {"kind": "service", "needs": ["host-a", "store"]},
        "blog": {"kind": "service", "needs": [{"any_of": ["host-b", {"use": "host-a", "failover": "2h"}]}]},
    },
}
PLAN: Words = {
    "impactsim": 1,
    "plan": "Two rooms",
    "system": "system.yaml",
    "services": {"shop": {"rto": "2h"}, "blog": {"rto": "2h"}},
    "declaration": {"detection": "5m", "decision": "10m"},
    "steps": {"call": {"takes": "30m", "restores": ["grid-a"], "with": ["vault"]}},
    "scenarios": ["scenario.yaml"],
}
SCENARIO: Words = {"impactsim": 1, "name": "Dark", "system": "system.yaml", "events": [{"fail": "grid-a"}]}


def script(system: Words = WORDS, plan: Words = PLAN, scenario: Words = SCENARIO) -> Script:
    model, words = System.model_validate(system), RecoveryPlan.model_validate(plan)
    return script_of(words, words.scenarios[0], Scenario.model_validate(scenario), model, leaning_in(model))


def with_component(name: str, **words: Any) -> Words:
    """Return the system with other words of one component."""
    found = copy.deepcopy(WORDS)
    found["components"][name].update(words)
    return found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("grid-b", {"time_to_restore": "9h"}),  # nothing of the scenario is below it
        ("host-b", {"restart": "1h", "needs": []}),
        ("store", {"copies": []}),  # which nothing destroys
    ],
)
def test_what_a_scenario_never_comes_across_is_not_in_its_script(name: str, words: Words) -> None:
    assert script(with_component(name, **words)) == script()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("grid-a", {"time_to_restore": "9h"}),  # fails
        ("host-a", {"restart": "1h"}),  # needs what fails
        ("vault", {"at": "grid-a"}),  # is needed by the step
        ("blog", {"needs": ["host-a"]}),  # needs what fails, from now on
        ("host-b", {"at": "grid-a"}),
    ],
)
def test_what_it_comes_across_is(name: str, words: Words) -> None:
    assert script(with_component(name, **words)) != script()


def test_what_is_short_from_the_beginning_is_in_every_script() -> None:
    pool = {"needs": [{"pool": {"host-b": 1}, "demand": 2}]}
    short = with_component("blog", **pool)
    more = copy.deepcopy(short)
    more["components"]["blog"]["needs"][0]["pool"]["host-b"] = 2
    nowhere = SCENARIO | {"events": [{"fail": "vault"}]}
    assert script(short, scenario=nowhere) != script(more, scenario=nowhere)


def test_what_is_spent_by_itself_is_in_every_script() -> None:
    nowhere = SCENARIO | {"events": [{"fail": "vault"}]}
    lasting = [script(with_component("blog", needs=[group]), scenario=nowhere) for group in (
        {"any_of": [{"use": "host-b", "lasts": "5m"}, {"use": "host-a", "failover": "2h"}]},
        {"any_of": [{"use": "host-b", "lasts": "9m"}, {"use": "host-a", "failover": "2h"}]},
    )]  # fmt: skip
    assert lasting[0] != lasting[1]


def test_the_order_of_steps_and_what_is_promised_are_in_it() -> None:
    steps = {**PLAN["steps"], "look": {"takes": "5m", "restores": ["grid-a"]}}
    turned = dict(reversed(steps.items()))
    assert script(plan=PLAN | {"steps": steps}) != script(plan=PLAN | {"steps": turned})
    assert script(plan=PLAN | {"services": {"shop": {"rto": "3h"}, "blog": {"rto": "2h"}}}) != script()
    assert script(plan=PLAN | {"tests": [{"of": "shop", "type": "parallel", "date": "2026-01-02"}]}) == script()


def changed(system: Words, rng: random.Random) -> Words:
    """Return a random system with a random change of one of its components."""
    found = copy.deepcopy(system)
    name = rng.choice(list(found["components"]))
    component = found["components"][name]
    key, value = rng.choice(
        [
            ("time_to_restore", "77m"),
            ("restart", "13m"),
            ("needs", []),
            ("copies", []),
            ("needs", [rng.choice(list(found["components"]))]),
        ]
    )
    component[key] = value
    return found


def told(rehearsal: Rehearsal) -> tuple[object, ...]:
    """Return what findings are made of: all but the words of what was never touched."""
    run = rehearsal.run
    whys = {name: [(why.at_ms, why.level, why.because) for why in each.why] for name, each in run.components.items()}
    touched = {name: (each.levels, whys[name]) for name, each in run.components.items() if each.was_affected}
    empty = replace(rehearsal, run=None, run_without_plan=None, system=None, users=())  # type: ignore[arg-type]
    return empty, touched, run.end_ms, run.data, run.deadlocks


def untouched(
    plan: RecoveryPlan, scenario: Scenario, words: Words, system: System, rng: random.Random
) -> Iterator[System]:
    """Yield the system with changes that leave the script as it is."""
    place = plan.scenarios[0]
    mine = script_of(plan, place, scenario, system, leaning_in(system))
    for _ in range(6):
        other = System.model_validate(changed(words, rng))
        if other != system and script_of(plan, place, scenario, other, leaning_in(other)) == mine:
            yield other


def test_what_has_the_same_script_comes_to_the_same() -> None:
    n_same = 0
    for seed in range(250):
        plan_words, words, scenario_words = random_plan_case(seed)
        if len(words["components"]) > 12:  # circles of many take seconds
            continue
        plan, scenario = RecoveryPlan.model_validate(plan_words), Scenario.model_validate(scenario_words)
        system = System.model_validate(words)
        others = list(untouched(plan, scenario, words, system, random.Random(f"change {seed}")))
        n_same += len(others)
        found = [
            told(rehearse(plan, plan.scenarios[0], LoadedScenario(scenario, each, {}), Here(False), 3, 1))
            for each in (system, *others)
            if others
        ]
        assert all(each == found[0] for each in found), seed
    assert n_same > 25


def test_what_is_remembered_is_not_played_again() -> None:
    plan, scenario = RecoveryPlan.model_validate(PLAN), Scenario.model_validate(SCENARIO)
    place, remembered = plan.scenarios[0], Remembered()

    def play(words: Words, n_trials: int = 2) -> Rehearsal:
        loaded = LoadedScenario(scenario, System.model_validate(words), {})
        return remembered.rehearsal(
            plan, place, loaded, (n_trials, 1), lambda: rehearse(plan, place, loaded, Here(False), n_trials, 1)
        )

    first = play(WORDS)
    assert play(with_component("grid-b", time_to_restore="9h")) is first
    slower = play(with_component("host-a", restart="1h"))
    assert slower.services["shop"].rto.p50_ms - first.services["shop"].rto.p50_ms == 3_600_000
    assert play(WORDS) is first
    assert play(WORDS, 3) is not first


def test_a_change_of_the_shipped_plan_is_found_the_same_with_and_without_memory() -> None:
    loaded = load_plan(str(BRACKWATER))
    counted: list[int] = []
    shared = Play(Here(False), 2, 1, counted.append, Remembered(), with_users=False)
    ground_of(loaded, AS_OF, shared)
    for name in ("stock-every-hour", "pipeline-in-the-west", "second-duct"):
        other = changed_plan(loaded, name)
        grounds = [ground_of(other, AS_OF, play) for play in (shared, shared._replace(remembered=Remembered()))]
        assert findings_of(grounds[0], other) == findings_of(grounds[1], other), name
    assert len(counted) == 7 * len(loaded.scenarios)
