"""Names become integers: small systems whose arrays are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.compiled import (
    ACT_REPAIR,
    ACT_START,
    ACT_STOP,
    ACT_SWITCH,
    DESTROYED,
    GROUP,
    JOB,
    LASTING,
    NEVER,
    ORDER,
    POOL,
    REPAIR,
    RUN,
    START,
    STAY_UP,
    TIMED,
    Compiled,
    Plan,
)
from impactsim.compiler import Names, PlanNames, compile_plan, compile_system
from impactsim.model.scenario import Scenario
from impactsim.model.system import System

MINUTE, HOUR = 60_000, 3_600_000
Words = dict[str, Any]


def compiled_of(components: Words, **others: Any) -> tuple[Compiled, Names]:
    return compile_system(system_of(components, **others))


def system_of(components: Words, **others: Any) -> System:
    return System.model_validate({"impactsim": 1, "name": "By hand", "components": components, **others})


def plan_of(system: System, *events: Words, **others: Any) -> tuple[Plan, PlanNames]:
    words = {"impactsim": 1, "name": "By hand", "system": "-", "events": list(events), **others}
    return compile_plan(system, Scenario.model_validate(words), *compile_system(system))


# Needs.


@pytest.mark.parametrize(
    ("need", "form", "k"),
    [
        ("a", ORDER, 1),
        ({"all_of": ["a", "b", "c"]}, ORDER, 3),
        ({"at_least": 2, "of": ["a", "b", "c"]}, ORDER, 2),
        ({"any_of": ["a", "b", "c"]}, GROUP, 1),
        ({"pool": {"a": 1, "b": 2, "c": 3}, "demand": 5}, POOL, 1),
    ],
)
def test_each_form_of_need(need: Any, form: int, k: int) -> None:
    compiled, names = compiled_of({"a": {}, "b": {}, "c": {}, "user": {"needs": [need]}})
    assert (compiled.need_form, compiled.need_k, compiled.need_component) == ([form], [k], [3])
    assert compiled.slot_component == ([0] if need == "a" else [0, 1, 2])
    assert names.needs[0].members() == (("a",) if need == "a" else ("a", "b", "c"))


def test_a_pool_keeps_capacities_and_demand() -> None:
    compiled, _ = compiled_of({"a": {}, "b": {}, "user": {"needs": [{"pool": {"b": 30, "a": 50}, "demand": 60}]}})
    assert compiled.need_demand == [60]
    assert list(zip(compiled.slot_component, compiled.slot_capacity, strict=True)) == [(1, 30), (0, 50)]


def test_purposes_are_as_said_or_by_the_kinds() -> None:
    needs = [
        "grid",
        "net",
        {"all_of": ["grid", "net"]},
        {"component": "grid", "to": "start"},
        {"component": "net", "to": "repair"},
        {"component": "grid", "impact": "20%"},
    ]
    compiled, _ = compiled_of({"grid": {"kind": "power"}, "net": {"kind": "connectivity"}, "user": {"needs": needs}})
    assert compiled.need_purpose == [STAY_UP, RUN, RUN, START, REPAIR, RUN]
    assert compiled.need_impact == [1, 1, 1, 1, 1, 0.2]


def test_a_place_is_a_need_to_stay_up_whatever_its_kind() -> None:
    compiled, _ = compiled_of({"hall": {"kind": "service"}, "user": {"at": "hall", "needs": ["hall"]}})
    assert sorted(zip(compiled.need_purpose, compiled.slot_component, strict=True)) == [(RUN, 0), (STAY_UP, 0)]


@pytest.mark.parametrize(
    ("words", "full", "drain", "fill"),
    [
        ({"holdover": "10m"}, 10 * MINUTE, 1, 0),
        # 10 minutes drain at 3 units a millisecond what fills at 1 in 30 minutes.
        ({"holdover": "10m", "recharge": "30m"}, 30 * MINUTE, 3, 1),
        # Without a common measure: 6 units drain in 3 ms and fill in 2 ms.
        ({"holdover": "3ms", "recharge": "2ms"}, 6, 2, 3),
        ({"holdover": "10m", "recharge": 0}, 10 * MINUTE, 1, 0),
        ({"recharge": "30m"}, 0, 1, 0),
    ],
)
def test_a_holdover_is_in_units_that_make_draining_and_filling_whole(
    words: Words, full: int, drain: int, fill: int
) -> None:
    compiled, _ = compiled_of({"a": {}, "user": {"needs": [{"component": "a", **words}]}})
    assert (compiled.need_full, compiled.need_drain, compiled.need_fill) == ([full], [drain], [fill])


def test_a_member_has_its_own_failover_or_that_of_the_group() -> None:
    members = ["a", {"use": "b", "failover": 0}, {"use": "c", "lasts": "12h", "fails_to_start": "50%"}]
    group = {"any_of": [*members, {"use": "d", "fails_to_start": "49%"}], "failover": "2m"}
    compiled, _ = compiled_of({"a": {}, "b": {}, "c": {}, "d": {}, "user": {"needs": [group]}})
    assert compiled.slot_failover_ms == [2 * MINUTE, 0, 2 * MINUTE, 2 * MINUTE]
    assert compiled.slot_lasts_ms == [-1, -1, 12 * HOUR, -1]
    assert compiled.slot_dead == [0, 0, 1, 0]


def test_the_first_instant_looks_only_at_what_may_not_be_met_in_full_health() -> None:
    compiled, _ = compiled_of(
        {
            "a": {},
            "b": {},
            "user": {
                "needs": [
                    {"any_of": ["a", "b"]},
                    {"any_of": ["a", {"use": "b", "lasts": "1h"}]},
                    {"any_of": [{"use": "a", "lasts": "1h"}, "b"]},
                    {"any_of": ["a", {"use": "b", "fails_to_start": 1}]},
                    {"pool": {"a": 1, "b": 1}, "demand": 2},
                    {"pool": {"a": 1, "b": 1}, "demand": 3},
                ]
            },
        }
    )
    assert compiled.seeds == [2, 3, 5]


def test_uses_lead_from_a_component_to_its_slots() -> None:
    compiled, _ = compiled_of({"x": {"needs": ["c", {"all_of": ["c", "b"]}]}, "b": {"needs": ["c"]}, "c": {}})
    uses = [compiled.use_slot[compiled.use_from[c] : compiled.use_from[c + 1]] for c in range(3)]
    assert uses == [[], [2], [0, 1, 3]]
    assert [compiled.slot_need[slot] for slot in uses[2]] == [0, 1, 2]


def test_members_rank_below_those_that_need_them() -> None:
    compiled, _ = compiled_of({"x": {"needs": ["b"]}, "b": {"needs": ["c"]}, "c": {}})
    assert compiled.by_rank == [2, 1, 0]
    assert compiled.rank == [2, 1, 0]
    assert compiled.circle == [-1, -1, -1]


# Components.


def test_durations_are_medians_rounded_to_milliseconds() -> None:
    compiled, _ = compiled_of(
        {
            "plain": {"restart": "PT0.0024S"},
            "lognormal": {"restart": {"median": "10m", "p95": "2h"}},
            "uniform": {"restart": {"low": "10m", "high": "20m"}},
            "observed": {"restart": {"samples": ["1m", "2m", "9m"]}},
            "exponential": {"restart": {"mean": "1h"}},
            "none": {},
        }
    )
    # The median of an exponential law is its mean times the logarithm of 2.
    assert compiled.restart_ms == [2, 10 * MINUTE, 15 * MINUTE, 2 * MINUTE, 2_495_330, 0]


def test_the_jobs_of_others_stand_behind_one_another_crew_by_crew() -> None:
    backlogs = [{"jobs": 2, "each": "1h"}, None, {"jobs": 1, "each": {"low": "1m", "high": "3m"}}]
    crews = {
        f"crew{i}": {"members": 3, "operator": "Telco"} | ({"backlog": each} if each else {})
        for i, each in enumerate(backlogs)
    }
    compiled, names = compiled_of({"a": {"crew": "crew2"}}, crews=crews)
    assert compiled.crew_size == [3, 3, 3]
    assert compiled.backlog_from == [0, 2, 2, 3]
    assert compiled.backlog_ms == [HOUR, HOUR, 2 * MINUTE]
    assert len(compiled.crew) == len(names.components)  # they are no components


def test_copies_crews_priorities_and_catch_up() -> None:
    copies = [
        {"at": "vault", "every": "24h", "lag": "10m", "restore": "3h", "fails": "5%"},
        {"at": "vault", "restore": "1h", "fails": "50%"},
    ]
    compiled, names = compiled_of(
        {
            "vault": {"kind": "site", "crew": "night", "priority": -3},
            "db": {"kind": "data", "copies": copies, "catch_up": {"share": "40%", "level": "50%"}},
        },
        crews={"field": 2, "night": 1},
    )
    assert names.crews == ["field", "night"]
    assert compiled.crew_size == [2, 1]
    assert (compiled.backlog_from, compiled.backlog_ms) == ([0, 0, 0], [])
    assert (compiled.crew, compiled.priority) == ([1, -1], [-3, 0])
    assert (compiled.catch_up_share, compiled.catch_up_level) == ([0, 0.4], [1, 0.5])
    assert compiled.copy_from == [0, 0, 2]
    assert compiled.copy_place == [0, 0]
    assert compiled.copy_restore_ms == [3 * HOUR, HOUR]
    # The worst case: just before the next copy (S5.6).
    assert compiled.copy_age_ms == [24 * HOUR + 10 * MINUTE, 0]
    assert compiled.copy_works == [1, 0]


def test_a_workaround_is_a_component_behind_all_others() -> None:
    compiled, names = compiled_of(
        {
            "shop": {"workarounds": [{"covers": "60%", "needs": ["calls", {"all_of": ["grid"]}]}, {"covers": "10%"}]},
            "calls": {"workarounds": [{"covers": "5%", "needs": ["grid"]}]},
            "grid": {"kind": "power"},
        }
    )
    assert names.components == ["shop", "calls", "grid"]
    assert names.workarounds == [("shop", 0), ("shop", 1), ("calls", 0)]
    numbers = {workaround: len(names.components) + i for i, workaround in enumerate(names.workarounds)}
    assert numbers == {("shop", 0): 3, ("shop", 1): 4, ("calls", 0): 5}
    needs = list(zip(compiled.need_component, compiled.need_purpose, compiled.slot_component, strict=True))
    # Met or not at the time: nothing stops, whatever the kind of the member.
    assert needs == [(3, RUN, 1), (3, RUN, 2), (5, RUN, 2)]


# Plans.


def test_each_way_in_which_a_fault_ends() -> None:
    system = system_of({"a": {"time_to_restore": "4h"}, "b": {"kind": "data"}, "c": {}})
    plan, _ = plan_of(
        system,
        {"fail": "a"},
        {"fail": "a", "repair": "1h"},
        {"degrade": "a", "to": "40%", "for": "2h"},
        {"fail": "a", "then": [{"after": "3h", "to": 1}, {"after": "1h", "to": "30%"}]},
        {"destroy": "b"},
        {"fail": "c"},
    )
    assert plan.fault_kind == [JOB, JOB, TIMED, TIMED, DESTROYED, LASTING]
    assert plan.fault_work_ms == [4 * HOUR, HOUR, 0, 0, 0, 0]
    assert plan.fault_level == [0, 0, 0.4, 0, 0, 0]
    steps = list(zip(plan.step_after_ms, plan.step_level, strict=True))
    by_fault = [steps[plan.step_from[f] : plan.step_from[f + 1]] for f in range(6)]
    assert by_fault == [[], [], [(2 * HOUR, 1)], [(HOUR, 0.3), (3 * HOUR, 1)], [], []]


def test_a_common_cause_strikes_what_is_as_likely_as_not() -> None:
    system = system_of(
        {name: {"time_to_restore": "1h"} for name in "abc"},
        common_causes={
            "cut": {"strikes": {"c": 1, "a": 0.5, "b": 0.49}, "time_to_restore": "12h"},
            "fire": {"strikes": {"b": 1}},
        },
    )
    plan, names = plan_of(system, {"strike": ["cut", "fire"], "at": "1m"}, {"strike": "cut", "repair": "5m"})
    faults = zip(plan.fault_at_ms, plan.fault_component, plan.fault_work_ms, plan.fault_strikes, strict=True)
    assert [fault[:3] for fault in faults if fault[3] != NEVER] == [
        (0, 2, 5 * MINUTE),
        (0, 0, 5 * MINUTE),
        (MINUTE, 2, 12 * HOUR),
        (MINUTE, 0, 12 * HOUR),
        (MINUTE, 1, HOUR),
    ]
    struck = [fault for fault, strikes in enumerate(plan.fault_strikes) if strikes != NEVER]
    assert [names.fault_cause[fault] for fault in struck] == ["cut", "cut", "cut", "cut", "fire"]
    assert [names.fault_event[fault] for fault in struck] == [1, 1, 0, 0, 0]
    assert [plan.fault_cause[fault] for fault in struck] == [0, 0, 0, 0, 1]


def test_faults_and_actions_are_in_order_of_time_then_of_the_file() -> None:
    system = system_of({name: {} for name in "abc"})
    plan, names = plan_of(
        system,
        {"fail": ["c", "a"], "at": "2m"},
        {"fail": "b", "at": "1m"},
        {"fail": "b", "at": "2m"},
        actions=[{"stop": "a", "at": "9m"}, {"start": ["c", "b"], "at": "5m"}, {"repair": "a", "at": "9m"}],
        horizon="1h",
    )
    assert list(zip(plan.fault_at_ms, plan.fault_component, names.fault_event, strict=True)) == [
        (MINUTE, 1, 1),
        (2 * MINUTE, 2, 0),
        (2 * MINUTE, 0, 0),
        (2 * MINUTE, 1, 2),
    ]
    assert list(zip(plan.action_at_ms, plan.action_kind, plan.action_target, names.action_place, strict=True)) == [
        (5 * MINUTE, ACT_START, 2, 1),
        (5 * MINUTE, ACT_START, 1, 1),
        (9 * MINUTE, ACT_STOP, 0, 0),
        (9 * MINUTE, ACT_REPAIR, 0, 2),
    ]
    assert (plan.horizon_ms, plan.last_ms) == (HOUR, 9 * MINUTE)


def test_a_switch_means_every_standby_group_that_has_the_member() -> None:
    needs = [
        {"any_of": ["a", "b"]},
        {"at_least": 1, "of": ["a", "b"]},
        {"any_of": ["c", "b", "a"]},
        {"any_of": ["c", "a"]},
    ]
    system = system_of({"a": {}, "b": {}, "c": {}, "user": {"needs": needs}})
    plan, _ = plan_of(system, actions=[{"switch": {"of": "user", "to": "b"}, "at": "1m"}])
    # Slots in order: a b | a b | c b a | c a.
    assert plan.action_kind == [ACT_SWITCH, ACT_SWITCH]
    assert plan.action_target == [1, 5]


def test_without_a_horizon_there_is_none_and_an_event_that_hits_nothing_still_has_its_time() -> None:
    system = system_of({"a": {}}, common_causes={"cut": {"strikes": {"a": 0.1}}})
    plan, _ = plan_of(system, {"strike": "cut", "at": "3h"})
    assert (plan.horizon_ms, plan.fault_strikes, plan.last_ms) == (-1, [NEVER], 3 * HOUR)
