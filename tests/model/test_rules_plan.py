"""What the rules say of recovery plans as a whole; each rule by itself has its files in tests/faulty."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.model.plan import RecoveryPlan
from impactsim.model.rules import check_plan
from impactsim.model.system import System
from impactsim.problems import dotted

COMPONENTS: dict[str, Any] = {
    "shop": {"needs": [{"any_of": ["east", "west", "north"]}, {"any_of": ["west", "east"]}, "db"], "users": 10},
    "mail": {"needs": [{"any_of": ["west", "north"]}], "users": 20},
    "db": {"kind": "data"},
    "east": {"kind": "host"},
    "west": {"kind": "host"},
    "north": {"kind": "host"},
}
PEOPLE = {"dba": {"people": ["first", "second"]}, "lead": {"people": ["second", "third"]}}


def system(**changes: Any) -> System:
    components = {name: words for name, words in {**COMPONENTS, **changes}.items() if words is not None}
    return System.model_validate({"impactsim": 1, "name": "Shop", "components": components, "population": 100})


def plan(**words: Any) -> RecoveryPlan:
    least = {
        "impactsim": 1,
        "plan": "Shop",
        "system": "shop.yaml",
        "services": {"shop": {}, "mail": {}},
        "declaration": {"detection": "5m", "decision": "5m"},
        "scenarios": ["fire.yaml"],
    }
    return RecoveryPlan.model_validate({**least, **words})


def told(of: RecoveryPlan, *scenes: System, today: System | None = None) -> list[str]:
    today = today or system()
    return [f"{dotted(problem.path)} {problem.code}" for problem in check_plan(of, today, scenes or [today])]


def test_a_plan_without_steps_has_no_problems():
    assert told(plan()) == []


def test_a_step_may_restore_and_switch():
    steps = {"both": {"restores": ["db"], "switches": {"of": ["shop", "mail"], "to": "north"}, "takes": "unknown"}}
    assert told(plan(steps=steps)) == []


@pytest.mark.parametrize(
    ("of", "to", "is_right"),
    [("shop", "west", True), ("shop", "east", True), ("mail", "west", False), (["shop", "mail"], "west", False)],
)
def test_a_standby_is_not_the_first_of_some_group_of_each_component(of, to, is_right):
    found = told(plan(steps={"s": {"switches": {"of": of, "to": to}, "takes": "5m"}}))
    assert found == ([] if is_right else ["steps.s.switches.to switch-without-group"])


def test_a_standby_must_be_one_in_the_system_of_each_scenario():
    steps = {"s": {"switches": {"of": "mail", "to": "north"}, "takes": "5m"}}
    scene = system(mail={"needs": ["west"], "users": 20})
    assert told(plan(steps=steps), scene) == ["steps.s.switches.to switch-without-group"]


def test_two_steps_may_switch_to_the_same_standby_for_different_components():
    steps = {name: {"switches": {"of": name, "to": "north"}, "takes": "5m"} for name in ("shop", "mail")}
    assert told(plan(steps=steps)) == []
    steps["again"] = {"switches": {"of": ["mail", "shop"], "to": "north"}, "takes": "5m"}
    assert told(plan(steps=steps)) == ["steps.again.switches switched-twice"] * 2


def test_each_circle_of_steps_is_told_once_with_its_steps_only():
    after = {"a": ["start", "c"], "b": ["a"], "c": ["b"], "d": ["c", "e"], "e": ["d"], "end": ["d"], "start": []}
    steps = {name: {"takes": "5m", "after": list(before)} for name, before in after.items()}
    problems = check_plan(plan(steps=steps), system(), [system()])
    assert {problem.fault.split(": ")[1] for problem in problems} == {"a -> c -> b -> a", "d -> e -> d"}
    assert {dotted(problem.path) for problem in problems} == {"steps.a.after[1]", "steps.d.after[1]"}


def test_a_component_that_a_scenario_removes_is_told_with_the_scenario():
    of = plan(tests=[{"of": "north", "type": "tabletop", "date": "2026-01-01"}])
    [problem] = check_plan(of, system(), [system(north=None)])
    assert (dotted(problem.path), problem.code) == ("tests[0].of", "unknown-component")
    assert "in fire.yaml" in problem.fault


def test_every_list_of_components_is_held_against_the_system():
    step = {
        "takes": "5m",
        "restores": ["x1"],
        "switches": {"of": ["x2", "shop"], "to": "x3"},
        "with": ["x4"],
        "at": ["x5"],
    }
    words = {
        "services": {"shop": {}, "mail": {}, "x6": {}},
        "declaration": {"detection": "5m", "decision": "5m", "with": ["x7"]},
        "steps": {"s": step},
        "tests": [{"of": "x8", "type": "tabletop", "date": "2026-01-01"}],
        "suppliers": {"telco": {"components": ["x9"]}},
        "contacts": {"customers": {"by": ["x10"]}},
    }
    found = [problem.fault for problem in check_plan(plan(**words), system(), [system()])]
    assert sorted(found) == sorted(f"no component is called 'x{i}'" for i in range(1, 11))


def test_people_under_two_roles_are_counted_once():
    def found(by: list[str], **people: Any) -> list[str]:
        return told(
            plan(roles={**PEOPLE, **people}, steps={"s": {"takes": "5m", "by": by}, "t": {"takes": 0, "by": [*PEOPLE]}})
        )

    assert found(["dba", "lead"]) == []
    assert found(["dba", "lead", "any"], any={"people": ["first", "second", "third"]}) == []
    assert found(["dba", "lead", "any"], any={"people": ["first", "second"]}) == []
    only_two = {"lead": {"people": ["second"]}, "any": {"people": ["first", "second"]}}
    assert found(["dba", "lead", "any"], **only_two) == ["steps.s.by[2] too-few-people"]


def test_a_role_that_leaves_its_first_choice_to_a_later_one_has_people_enough():
    """As in a run, where the first choice that fills all roles is taken (S10.6)."""
    roles = {"dba": {"people": ["first", "second"]}, "lead": {"people": ["first"]}}
    steps = {"s": {"takes": "5m", "by": ["dba", "lead"]}}
    assert told(plan(roles=roles, steps=steps)) == []


def test_a_role_of_the_declaration_is_used_and_needs_people_too():
    declaration = {"detection": "5m", "decision": "5m", "by": ["lead", "dba", "boss"]}
    assert told(plan(roles=PEOPLE, declaration=declaration)) == ["declaration.by[2] unknown-role"]
    alone = {name: {"people": ["first"]} for name in PEOPLE}
    assert "declaration.by[1] too-few-people" in told(plan(roles=alone, declaration=declaration))


def test_services_without_users_may_be_left_out():
    today = system(archive={"needs": ["db"]})
    assert told(plan(), today=today) == []
    assert told(plan(services={"shop": {}}), today=today) == ["services service-without-plan"]


def test_what_a_supplier_runs_is_used_where_the_plan_uses_it():
    today = system(phones={"kind": "channel"})
    suppliers = {"telco": {"components": ["phones"]}}
    assert told(plan(suppliers=suppliers), today=today) == ["suppliers.telco.components[0] unused-supply"]
    assert told(plan(suppliers=suppliers, contacts={"customers": {"by": ["phones"]}}), today=today) == []


def test_a_reserved_id_that_only_a_scenario_adds_is_told_there():
    scene = system(**{"plan.x": {"kind": "data"}})
    today = system()
    of = plan(scenarios=["fire.yaml", "flood.yaml"])
    assert told(of, today, scene, today=today) == ["scenarios[1] reserved-id"]
