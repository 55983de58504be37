"""What holds of every run: it settles, its histories are well formed, it leaves nothing behind, and it stays in its place."""

from __future__ import annotations

import itertools
import random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from agreement.random_systems import random_case
from impactsim.compiled import Plan
from impactsim.compiler import compile_plan
from impactsim.engine.instant import FULL, advance
from impactsim.engine.record import Record
from impactsim.engine.state import N_HEAP, State, make_room, new_state, reset
from impactsim.engine.timeline import Workspace
from impactsim.model.scenario import Scenario
from impactsim.reports.json_form import to_object
from properties.worlds import (
    Case,
    Words,
    case,
    facts_of,
    random_words,
    renamed,
    repeatable,
    scenario_of,
    seeds,
)

PER_STIMULUS = 12
"""So many changes of one component or need follow from one event at the most, on the way to rest; far above what is seen."""

SCRATCH = {
    *("by_id", "was_id", "cap_ends", "timer_at", "heap"),
    *("dirty", "check", "needs", "used", "changed", "touched", "crews"),
    *("queue", "destroyed_list", "ended", "stack", "members", "before", "sorted"),
    *("fault_now", "next_step", "next_fault", "left_ms", "since_ms", "next_waiting", "others_end"),
}
"""What is written before it is read, in every run."""


def random_made(seed: int) -> Case:
    return case(*random_case(seed))


@repeatable
@given(seeds)
def test_without_events_nothing_happens(seed: int) -> None:
    system, scenario = random_words(seed)
    # Where all is met in full health: no pool that is short, no standby that fails to start, no primary with a limit.
    assume(not case(system, scenario).compiled.seeds)
    idle = {**scenario, "events": [], "actions": []}
    facts = facts_of(system, idle)
    assert {component.levels for component in facts.components.values()} == {((0, 1.0),)}
    assert all(component.reserve == () and component.why == () for component in facts.components.values())
    assert (facts.repairs, facts.data, facts.deadlocks, facts.moments) == ((), {}, (), ())
    assert facts.users.affected.high == facts.users.peak.high == facts.users.lost_user_minutes.high == 0
    assert facts.is_over
    assert facts.end_ms == (0 if "horizon" not in scenario else facts_of(system, scenario).end_ms)


@repeatable
@given(seeds)
def test_levels_stay_between_0_and_1_and_histories_move_on(seed: int) -> None:
    made = random_made(seed)
    facts = facts_of(*random_case(seed))
    for component in facts.components.values():
        levels = component.levels
        assert levels[0][0] == 0
        assert all(level in {0.0, 1.0} or 1e-9 <= level <= 1.0 - 1e-9 for _, level in levels)
        for (at_ms, level), (next_ms, following) in itertools.pairwise(levels):
            assert at_ms < next_ms <= facts.end_ms
            assert abs(level - following) >= 1e-9
        assert 0 <= component.down_ms + component.degraded_ms <= facts.end_ms
        for reserve in component.reserve:
            assert reserve.from_ms <= reserve.to_ms <= facts.end_ms
            assert reserve.until_ms is None or reserve.until_ms >= reserve.to_ms or facts.end_ms == reserve.to_ms
    assert made.plan.horizon_ms in {-1, facts.end_ms}


@repeatable
@given(seeds)
def test_every_run_settles(seed: int) -> None:
    """Without a horizon; in a record that has room for what so few events can cause, and is never lengthened."""
    system, scenario = random_words(seed)
    scenario.pop("horizon", None)
    made = case(system, scenario)
    stimuli = 1 + len(made.plan.fault_at_ms) + len(made.plan.step_after_ms) + len(made.plan.action_at_ms)
    things = len(made.compiled.crew) + len(made.compiled.need_form)
    state, record = new_state(made.compiled), empty_record(PER_STIMULUS * stimuli * things)
    make_room(state, len(made.plan.fault_at_ms))
    assert advance(made.compiled, made.plan, state, record) != FULL
    assert state.tally[N_HEAP] == 0


def empty_record(room: int) -> Record:
    columns: dict[str, Any] = {name: [0] * room for name in Record._fields}
    columns["used"] = [0, 0, 0]
    return Record(**columns)


@repeatable
@given(seeds, seeds)
def test_a_workspace_that_was_used_for_other_plans_is_as_good_as_new(seed: int, other: int) -> None:
    made = random_made(seed)
    workspace = Workspace(made.compiled)
    fresh = record_of(workspace, made.plan)
    assert record_of(workspace, made.plan) == fresh
    for plan in other_plans(made, other):
        workspace.run(plan)
        assert record_of(workspace, made.plan) == fresh


def record_of(workspace: Workspace, plan: Plan) -> tuple[Record, int, bool, int]:
    history = workspace.run(plan)
    return history.record, history.end_ms, history.is_over, history.begun


def other_plans(made: Case, seed: int) -> list[Plan]:
    """Return plans for the same system: many faults, cut off in the middle, and one fault."""
    rng = random.Random(seed)
    names = list(made.system.components)
    events: list[Words] = [{"fail": rng.choice(names), "at": f"{rng.randint(0, 90)}m"} for _ in range(12)]
    events.append({"destroy": rng.choice(names), "at": "30m"})
    actions = [{rng.choice(("stop", "start")): rng.choice(names), "at": f"{rng.randint(0, 90)}m"} for _ in range(4)]
    scenarios = (
        scenario_of(*events, actions=actions, horizon="45m"),
        scenario_of(*events, actions=actions),
        scenario_of(events[0]),
    )
    models = map(Scenario.model_validate, scenarios)
    return [compile_plan(made.system, model, made.compiled, made.names)[0] for model in models]


@repeatable
@given(seeds)
def test_reset_puts_back_all_that_a_run_changed(seed: int) -> None:
    made = random_made(seed)
    for plan in (made.plan, *other_plans(made, seed)):
        workspace = Workspace(made.compiled)
        workspace.run(plan)
        reset(made.compiled, workspace.state)
        workspace.state.tally[:] = [0] * len(workspace.state.tally)
        fresh = new_state(made.compiled)
        make_room(fresh, len(plan.fault_at_ms))
        assert differing(workspace.state, fresh) == []


def differing(state: State, fresh: State) -> list[str]:
    return [name for name in State._fields if name not in SCRATCH and getattr(state, name) != getattr(fresh, name)]


@repeatable
@given(seeds, st.integers(1, 7))
def test_a_run_in_blocks_is_the_run_at_once(seed: int, room: int) -> None:
    made = random_made(seed)
    assert record_of(Workspace(made.compiled, room), made.plan) == record_of(
        Workspace(made.compiled, 10_000), made.plan
    )


@repeatable
@given(seeds, seeds)
def test_systems_that_have_nothing_to_do_with_each_other_do_not_meet(seed: int, other: int) -> None:
    """Side by side in one file, each runs as it would alone."""
    alone = [random_words(seed), other_names(*random_words(other))]
    for system, scenario in alone:
        scenario["horizon"] = "6h"
        scenario.pop("starts", None)
        for segment in system.get("users", {}).values():
            segment.pop("activity", None)
        system.pop("population", None)
    together = facts_of(*side_by_side(alone, random.Random(seed)))
    seen = to_object(together)
    for system, scenario in alone:
        mine = to_object(facts_of(system, scenario))
        has_circles = max(case(system, scenario).compiled.circle) >= 0
        for name, component in mine["components"].items():
            assert settled(seen["components"][name], has_circles) == settled(component, has_circles)
        assert {name: seen["data"][name] for name in mine["data"]} == mine["data"]
        segments = {name: each for name, each in mine["users"]["segments"].items() if name != "population"}
        assert {name: seen["users"]["segments"][name] for name in segments} == segments
        assert [each for each in seen["repairs"] if each["component"] in mine["components"]] == mine["repairs"]


def settled(component: Words, has_circles: bool) -> Words:
    """Return what is said of a component without what may be said in one way or the other.

    That is, in which order two reserves that begin together are told, and what in a circle is named first.
    """
    reserve = sorted(component["reserve"], key=lambda each: (each["from_ms"], str(each)))
    return {**component, "reserve": reserve, "why": [] if has_circles else component["why"]}


def other_names(system: Words, scenario: Words) -> tuple[Words, Words]:
    ids = [*system["components"], *system.get("crews", {}), *system.get("common_causes", {}), *system.get("users", {})]
    names = {name: f"other-{name}" for name in ids}
    return renamed(system, names), renamed(scenario, names)


def side_by_side(parts: list[tuple[Words, Words]], rng: random.Random) -> tuple[Words, Words]:
    """Return one system and scenario, with the components of all parts mingled, each part in its own order."""
    lists = [list(system["components"].items()) for system, _ in parts]
    mingled: Words = {}
    while any(lists):
        name, words = rng.choice([each for each in lists if each]).pop(0)
        mingled[name] = words
    system: Words = {"impactsim": 1, "name": "Both", "components": mingled}
    for key in ("crews", "common_causes", "users"):
        system[key] = {name: words for part, _ in parts for name, words in part.get(key, {}).items()}
    scenario = scenario_of(*(event for _, part in parts for event in part["events"]), horizon="6h")
    scenario["actions"] = [action for _, part in parts for action in part["actions"]]
    return system, scenario


@repeatable
@given(seeds)
def test_one_more_component_that_nobody_needs_changes_nothing(seed: int) -> None:
    system, scenario = random_words(seed)
    before = to_object(facts_of(system, scenario))
    needs = [{"component": name, "impact": "50%"} for name in system["components"]]
    system["components"]["observer"] = {"kind": "tool", "needs": needs}
    after = to_object(facts_of(system, scenario))
    del after["components"]["observer"]
    told = ("components", "repairs", "data", "deadlocks", "users", "end_ms", "is_over", "not_affected")
    assert {key: after[key] for key in told} == {key: before[key] for key in told}
