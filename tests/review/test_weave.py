"""A plan as part of a system and of what happens to it (S10.2 to S10.5), in the words of systems and scenarios."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.laws import Certain
from impactsim.model.scenario import Fail, Strike
from impactsim.model.system import AnyOf, AtLeast, Component
from impactsim.review.play.doers import DECLARATION, DETECTION, step_of
from impactsim.review.play.settle import median_run
from impactsim.review.play.weave import weave
from review.played import DECLARED, HOUR, MINUTE, calls, loaded_of, plan_of, woven

SYSTEM: dict[str, Any] = {
    "vault": {"kind": "tool"},
    "cellar": {"kind": "site"},
    "phone": {"kind": "channel"},
    "door": {"kind": "tool"},
    "db": {
        "kind": "data",
        "time_to_restore": "9h",
        "crew": "dbas",
        "needs": [{"component": "door", "to": "repair"}],
        "copies": [{"at": "vault", "every": "1h", "restore": "7h"}, {"at": "cellar", "every": "1d", "restore": "8h"}],
    },
    "web": {"kind": "host", "time_to_restore": "4h"},
    "shop": {"kind": "service", "needs": ["db", "web"]},
}
CREWS = {"crews": {"dbas": 1}}


def to_repair(component: Component) -> list[tuple[str, ...]]:
    return [need.members() for need in component.needs if need.to == "repair"]


def test_a_step_needs_gate_time_steps_tools_places_copies_and_what_the_repair_needs() -> None:
    steps = {
        "prepare": {"takes": "5m"},
        "fix": {
            "restores": ["db"],
            "takes": "1h",
            "after": ["prepare"],
            "with": ["phone"],
            "at": ["cellar"],
            "not_before": "15m",
        },
    }
    plan = plan_of(steps, declaration={"detection": "10m", "decision": "20m", "with": ["phone"]})
    found = woven(plan, loaded_of(SYSTEM, [{"destroy": "db"}], CREWS)).system.components
    assert to_repair(found["plan.fix"]) == [
        (DECLARATION,),
        ("plan.fix.not-before",),
        ("plan.prepare",),
        ("phone",),
        ("cellar",),
        ("vault", "cellar"),
        ("door",),
    ]
    of_copies = found["plan.fix"].needs[5]
    assert isinstance(of_copies, AtLeast)
    assert of_copies.at_least == 1
    assert to_repair(found[DECLARATION]) == [(DETECTION,), ("phone",)]
    assert to_repair(found["plan.fix.not-before"]) == [(DECLARATION,)]
    assert to_repair(found["db"]) == [("door",), ("plan.fix",)]
    assert found["db"].crew is None
    assert [copy.restore for copy in found["db"].copies] == [Certain(0.0), Certain(0.0)]
    assert [copy.every for copy in found["db"].copies] == [HOUR, 24 * HOUR]


@pytest.mark.parametrize(
    ("begins", "gates"), [("outage", []), ("detection", [(DETECTION,)]), ("declaration", [(DECLARATION,)])]
)
def test_a_step_waits_for_its_gate(begins: str, gates: list[tuple[str, ...]]) -> None:
    plan = plan_of({"boot": {"restores": ["web"], "takes": "1h", "begins": begins}})
    assert to_repair(woven(plan, loaded_of(SYSTEM, [{"fail": "web"}], CREWS)).system.components["plan.boot"]) == gates


def test_where_nothing_is_called_system_and_scenario_stay_as_they_are() -> None:
    plan = plan_of({"boot": {"restores": ["web"], "takes": "1h"}})
    loaded = loaded_of(SYSTEM, [{"fail": "db"}], CREWS)
    system, scenario = weave(plan, plan.scenarios[0], loaded.scenario, loaded.system, calls(plan, loaded))
    assert system is loaded.system
    assert scenario is loaded.scenario


def test_an_event_is_parted_where_a_step_restores_only_some_of_what_it_names() -> None:
    plan = plan_of({"boot": {"restores": ["web"], "takes": "1h"}})
    loaded = loaded_of(SYSTEM, [{"fail": ["phone", "web", "door"], "repair": "3h"}], CREWS)
    events = woven(plan, loaded).scenario.events
    parts = [(event.fail, event.repair) for event in events[:3] if isinstance(event, Fail)]
    three = Certain(3.0 * HOUR)
    assert parts == [(("phone",), three), (("web",), Certain(0.0)), (("door",), three)]
    run = median_run(woven(plan, loaded).system, woven(plan, loaded).scenario)
    assert [run.components[name].down_ms for name in ("phone", "web", "door")] == [3 * HOUR, DECLARED + HOUR, 3 * HOUR]


@pytest.mark.parametrize("form", ["cause", "event", "component"])
def test_a_strike_is_repaired_by_the_step_where_there_is_one_and_as_it_was_elsewhere(form: str) -> None:
    plan = plan_of({"boot": {"restores": ["web"], "takes": "1h"}})
    cause: dict[str, Any] = {"strikes": {"db": "100%", "web": "100%"}}
    event: dict[str, Any] = {"strike": "flood"}
    if form == "cause":
        cause["time_to_restore"] = "6h"
    elif form == "event":
        event["repair"] = "6h"
    found = woven(plan, loaded_of(SYSTEM, [event], {**CREWS, "common_causes": {"flood": cause}}))
    run = median_run(found.system, found.scenario)
    assert run.components["web"].down_ms == DECLARED + HOUR
    assert run.components["db"].down_ms == (9 if form == "component" else 6) * HOUR
    strikes = [each.strike for each in found.scenario.events if isinstance(each, Strike)]
    assert strikes == [("flood",)] if form == "component" else [("flood",), ("plan.flood",)]


def test_a_parted_cause_still_strikes_for_a_time_all_that_it_strikes() -> None:
    plan = plan_of({"boot": {"restores": ["web"], "takes": "1h"}})
    causes = {"common_causes": {"flood": {"strikes": {"db": "100%", "web": "100%"}, "time_to_restore": "6h"}}}
    loaded = loaded_of(SYSTEM, [{"strike": "flood"}, {"strike": "flood", "at": "20h", "for": "2h"}], CREWS | causes)
    found = woven(plan, loaded)
    run = median_run(found.system, found.scenario)
    assert run.components["web"].down_ms == DECLARED + HOUR + 2 * HOUR
    assert run.components["db"].down_ms == 8 * HOUR


@pytest.mark.parametrize(
    ("restores", "events", "ends_ms"),
    [
        (["db", "web"], [{"fail": "db"}], DECLARED + 9 * HOUR),
        (["db"], [{"destroy": "db"}], DECLARED + 7 * HOUR),
        (["phone"], [{"fail": "phone"}], None),
    ],
)
def test_unknown_work_is_what_the_system_says_of_the_first_that_is_restored(
    restores: list[str], events: Any, ends_ms: int | None
) -> None:
    plan = plan_of({"fix": {"restores": restores, "takes": "unknown"}})
    found = woven(plan, loaded_of(SYSTEM, events, CREWS))
    levels = median_run(found.system, found.scenario).components["plan.fix"].levels
    assert levels[-1] == ((0, 0.0) if ends_ms is None else (ends_ms, 1.0))


def test_a_switching_step_takes_the_place_of_its_standby_and_leaves_what_the_need_is_for() -> None:
    members = [{"use": "main"}, {"use": "spare", "failover": "2h", "lasts": "50h"}]
    system = {
        "main": {"kind": "host"},
        "spare": {"kind": "host"},
        "shop": {"kind": "service", "needs": [{"any_of": members}]},
        "other": {"kind": "service", "needs": [{"any_of": members}]},
    }
    plan = plan_of({"over": {"switches": {"of": "shop", "to": "spare"}, "takes": "unknown"}})
    found = woven(plan, loaded_of(system, [{"fail": "main", "at": "1h"}])).system
    need = found.components["shop"].needs[0]
    assert isinstance(need, AnyOf)
    assert need.to == "stay_up"
    assert [each.use for each in need.any_of] == ["main", "plan.over.switch"]
    assert need.any_of[1].failover == Certain(0.0)
    assert need.any_of[1].lasts == Certain(50.0 * HOUR)
    assert found.components["other"].needs[0].members() == ("main", "spare")
    # Nobody says how long it takes: what the failover would.
    assert found.components["plan.over"].time_to_restore == Certain(2.0 * HOUR)


def test_what_the_scenario_says_of_detection_and_decision_goes_before_the_plan() -> None:
    scenarios = [{"file": "scenario.yaml", "detection": "1m", "decision": "2m"}]
    plan = plan_of({"boot": {"restores": ["web"], "takes": "1h"}}, scenarios=scenarios)
    found = woven(plan, loaded_of(SYSTEM, [{"fail": "web"}], CREWS))
    assert median_run(found.system, found.scenario).components["web"].down_ms == 3 * MINUTE + HOUR


def test_what_a_changed_system_lacks_is_left_out() -> None:
    plan = plan_of({"boot": {"restores": ["web", "gone"], "with": ["lost"], "at": ["away"], "takes": "1h"}})
    found = woven(plan, loaded_of(SYSTEM, [{"fail": "web"}], CREWS))
    assert median_run(found.system, found.scenario).components["web"].down_ms == DECLARED + HOUR


@pytest.mark.parametrize(
    ("component", "step"),
    [
        ("plan.fix", "fix"),
        ("plan.fix.not-before", "fix"),
        ("plan.fix.switch", "fix"),
        ("plan.declaration", "declaration"),
        ("fix", None),
    ],
)
def test_the_step_behind_a_component_is_known(component: str, step: str | None) -> None:
    assert step_of(component) == step
