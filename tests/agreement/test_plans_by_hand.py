"""Mean plans (S10): what was worked out by hand holds in the program, and in the second reading as well."""

from __future__ import annotations

import time
from typing import Any

import pytest

from agreement.brute_plan import Answer
from agreement.test_plans_second_reading import both, differences
from impactsim.files.reading import validate_scenario
from impactsim.model.plan import RecoveryPlan
from impactsim.review.facts import Rehearsal, StepFacts
from impactsim.review.play.rehearse import rehearse
from impactsim.trials.workers import Here

Words = dict[str, Any]
MINUTE, HOUR = 60_000, 3_600_000
SHOP: Words = {
    "db": {"kind": "data", "time_to_restore": "9h"},
    "web": {"time_to_restore": "9h"},
    "console": {"kind": "tool", "needs": ["db"]},
    "shop": {"needs": ["db", "web"]},
}
DB_FAILS: Words = {"fail": "db", "at": "1h"}


def played(
    steps: Words,
    events: list[Words],
    components: Words | None = None,
    scenario: Words | None = None,
    **plan: Any,
) -> dict[str, StepFacts]:
    """Play a plan in both ways, and return what the program says of its steps and gates."""
    mine, _ = answers(steps, events, components, scenario, **plan)
    return {each.id: each for each in (*mine.steps, *mine.gates)}


def answers(
    steps: Words,
    events: list[Words],
    components: Words | None = None,
    scenario: Words | None = None,
    **plan: Any,
) -> tuple[Rehearsal, Answer]:
    words: Words = {
        "impactsim": 1,
        "plan": "Plan",
        "system": "system.yaml",
        "services": {"shop": {}},
        "declaration": {"detection": "10m", "decision": "20m"},
        "steps": steps,
        "scenarios": ["scenario.yaml"],
    }
    system: Words = {"impactsim": 1, "name": "System", "components": components or SHOP}
    loaded = validate_scenario(
        {"impactsim": 1, "name": "Outage", "system": system, "events": events, **(scenario or {})}
    )
    mine, theirs = both((RecoveryPlan.model_validate(words | plan), loaded))
    assert differences(mine, theirs) == []
    return mine, theirs


def work(step: StepFacts) -> tuple[int | None, int | None]:
    return step.begins_ms, step.ends_ms


def test_a_step_whose_tool_needs_what_it_restores_never_begins() -> None:
    steps = played({"fix": {"restores": ["db"], "takes": "1h", "with": ["console"]}}, [DB_FAILS])
    assert work(steps["fix"]) == (None, None)


def test_a_step_that_is_called_again_under_way_works_for_both_calls_at_a_time() -> None:
    fix: Words = {"restores": ["db"], "takes": "1h", "begins": "outage"}
    steps = played({"fix": fix}, [DB_FAILS, {"fail": "db", "at": "90m"}])
    assert work(steps["fix"]) == (HOUR, 2 * HOUR + 30 * MINUTE)


def test_what_two_events_hit_is_back_after_one_work_where_they_come_at_one_time() -> None:
    fix: Words = {"restores": ["db", "web"], "takes": "1h", "begins": "outage"}
    mine, _ = answers({"fix": fix}, [DB_FAILS, {"degrade": ["db", "web"], "to": "50%", "at": "1h", "repair": "5h"}])
    assert mine.run.components["shop"].levels == ((0, 1.0), (HOUR, 0.0), (2 * HOUR, 1.0))


def test_a_step_of_which_nobody_knows_the_work_keeps_nobody() -> None:
    steps: Words = {
        "endless": {"restores": ["mystery"], "takes": "unknown", "begins": "outage", "by": ["dba"]},
        "fix": {"restores": ["db"], "takes": "1h", "begins": "detection", "by": ["dba"]},
    }
    done = played(steps, [{"fail": ["db", "mystery"]}], SHOP | {"mystery": {}}, roles={"dba": {"people": ["first"]}})
    assert work(done["endless"]) == (None, None)
    assert work(done["fix"]) == (10 * MINUTE, 70 * MINUTE)


def test_a_step_that_rests_for_ever_keeps_its_people() -> None:
    steps: Words = {
        "rests": {"restores": ["web"], "takes": "1h", "begins": "outage", "by": ["dba"], "with": ["tool"]},
        "fix": {"restores": ["db"], "takes": "1h", "begins": "detection", "by": ["dba"]},
    }
    events: list[Words] = [{"fail": ["db", "web"]}, {"fail": "tool", "at": "5m"}]
    done = played(steps, events, SHOP | {"tool": {"kind": "tool"}}, roles={"dba": {"people": ["first"]}})
    assert work(done["rests"]) == (0, None)
    assert work(done["fix"]) == (None, None)


def test_a_plan_of_nothing_but_zeros_is_over_in_the_instant_of_its_call() -> None:
    now: Words = {"takes": 0, "by": ["dba"]}
    mine, _ = answers(
        {"check": {**now, "after": ["fix"]}, "fix": {**now, "restores": ["db"], "not_before": 0}},
        [DB_FAILS],
        declaration={"detection": 0, "decision": 0, "by": ["dba"]},
        roles={"dba": {"people": ["first"]}},
    )
    assert {work(step) for step in (*mine.gates, *mine.steps)} == {(HOUR, HOUR)}
    assert mine.run.components["shop"].levels == ((0, 1.0),)


def test_a_step_is_not_done_where_the_horizon_comes_first() -> None:
    fix: Words = {"restores": ["db"], "takes": "2h"}
    for horizon, end in (("3h29m", None), ("3h30m", 3 * HOUR + 30 * MINUTE)):
        steps = played({"fix": fix}, [DB_FAILS], scenario={"horizon": horizon})
        assert work(steps["fix"]) == (HOUR + 30 * MINUTE, end)


def test_events_after_the_horizon_call_for_nothing() -> None:
    steps = played({"fix": {"restores": ["db"], "takes": "2h"}}, [DB_FAILS], scenario={"horizon": "59m"})
    assert not steps["fix"].is_called


PAIR: Words = {
    "main": {"kind": "provider"},
    "spare": {"kind": "data", "copies": [{"at": "vault", "restore": "4h"}]},
    "vault": {"kind": "host"},
    "shop": {"needs": [{"any_of": ["main", {"use": "spare", "failover": "5m"}]}]},
}
SWITCH: Words = {"switches": {"of": "shop", "to": "spare"}, "takes": "1h"}


def test_a_standby_that_is_destroyed_as_well_helps_once_it_is_back() -> None:
    mine, _ = answers({"switch": SWITCH}, [{"fail": "main"}, {"destroy": "spare"}], PAIR)
    assert work(mine.steps[0]) == (30 * MINUTE, 90 * MINUTE)
    assert mine.run.components["shop"].levels == ((0, 0.0), (4 * HOUR, 1.0))


def test_a_switch_that_nothing_calls_for_leaves_the_standby_as_it_was() -> None:
    mine, _ = answers({"switch": SWITCH}, [{"fail": "spare", "for": "1h"}], PAIR)
    assert not mine.steps[0].is_called
    assert not any(name.startswith("plan.") for name in mine.run.components)


def test_a_group_that_a_member_serves_first_needs_no_step_for_it() -> None:
    """The step stands for the standby in the group behind it, and nowhere else."""
    shop: Words = {"needs": [{"any_of": ["main", {"use": "spare", "failover": "5m"}]}, {"any_of": ["spare", "main"]}]}
    mine, _ = answers({"switch": SWITCH}, [{"fail": "main", "at": "1h", "for": "4h"}], {**PAIR, "shop": shop})
    assert mine.run.components["shop"].levels == ((0, 1.0), (HOUR, 0.0), (2 * HOUR + 30 * MINUTE, 1.0))


def test_a_plan_without_steps_and_a_scenario_without_events_change_nothing() -> None:
    for steps, events in (({}, [DB_FAILS]), ({"fix": {"restores": ["db"], "takes": "1h"}}, [])):
        mine, _ = answers(steps, events)
        assert mine.gates == ()
        assert {*mine.run.components} == {*SHOP}


def test_nobody_takes_two_roles_of_one_step_even_where_people_are_kept_by_what_waits_for_it() -> None:
    """The later step begins while the earlier one is not called yet, and keeps its people when that one is."""
    steps: Words = {
        "late": {"restores": ["web"], "takes": "3h", "begins": "outage", "by": ["dba", "lead"], "after": ["early"]},
        "early": {"restores": ["db"], "takes": "1h", "begins": "outage", "by": ["dba", "lead"]},
    }
    events: list[Words] = [{"fail": "web"}, {"fail": "db", "at": "1h"}]
    roles: Words = {"dba": {"people": ["first", "second"]}, "lead": {"people": ["first", "second"]}}
    done = played(steps, events, roles=roles)
    assert (work(done["early"]), work(done["late"])) == ((HOUR, 2 * HOUR), (0, 4 * HOUR))
    assert done["early"].people == (("dba", "first"), ("lead", "second"))


def test_a_thousand_components_are_played_in_seconds() -> None:
    hosts = {f"host{i}": {"kind": "host", "time_to_restore": "1h"} for i in range(999)}
    system: Words = {"shop": {"needs": [{"all_of": [*hosts]}]}, **hosts}
    steps: Words = {f"s{i}": {"restores": [f"host{i}"], "takes": "1h", "by": ["hand"]} for i in range(100)}
    words: Words = {
        "impactsim": 1,
        "plan": "Plan",
        "system": "system.yaml",
        "services": {"shop": {}},
        "declaration": {"detection": "10m", "decision": "20m"},
        "roles": {"hand": {"people": [f"p{i}" for i in range(10)]}},
        "steps": steps,
        "scenarios": ["scenario.yaml"],
    }
    data: Words = {"impactsim": 1, "name": "System", "components": system}
    event: Words = {"fail": [f"host{i}" for i in range(100)]}
    loaded = validate_scenario({"impactsim": 1, "name": "Outage", "system": data, "events": [event]})
    began = time.perf_counter()
    plan = RecoveryPlan.model_validate(words)
    mine = rehearse(plan, plan.scenarios[0], loaded, Here(False), 1, 1, with_users=False)
    assert time.perf_counter() - began < 20
    # A hundred hours of work, ten people, half an hour until it is declared.
    assert max(step.ends_ms or 0 for step in mine.steps) == 10 * HOUR + 30 * MINUTE
    assert mine.services["shop"].back_ms == pytest.approx(10 * HOUR + 30 * MINUTE)


def test_nobody_waits_for_a_step_that_is_called_again_and_cannot_begin_again() -> None:
    steps: Words = {
        "again": {"restores": ["db"], "takes": "1h", "begins": "outage", "by": ["dba"], "with": ["tool"]},
        "fix": {"restores": ["web"], "takes": "1h", "begins": "outage", "by": ["dba"]},
    }
    events: list[Words] = [{"fail": "db"}, {"fail": "tool", "at": "4h"}, {"fail": "db", "at": "5h"}]
    done = played(
        steps,
        [*events, {"fail": "web", "at": "6h"}],
        SHOP | {"tool": {"kind": "tool"}},
        roles={"dba": {"people": ["first"]}},
    )
    assert (work(done["again"]), work(done["fix"])) == ((0, None), (6 * HOUR, 7 * HOUR))


def test_what_prepares_a_check_is_called_for_with_it_and_mere_words_with_the_first_event() -> None:
    steps: Words = {
        "list": {"takes": "1h", "begins": "outage"},
        "check": {"takes": "1h", "after": ["fix", "list"]},
        "fix": {"restores": ["db"], "takes": "1h"},
        "tell": {"takes": "1h", "begins": "outage"},
        "tell-again": {"takes": "1h", "begins": "outage", "after": ["tell"]},
        "after-web": {"takes": "1h", "after": ["web"]},
        "before-that": {"takes": "1h"},
        "web": {"restores": ["web"], "takes": "1h", "after": ["before-that"]},
    }
    done = played(steps, [{"fail": "console", "for": "1h"}, DB_FAILS])
    called = {name: done[name].called_ms for name in steps if done[name].is_called}
    assert called == {"list": HOUR, "check": HOUR, "fix": HOUR, "tell": 0, "tell-again": 0}
    assert work(done["list"]) == (HOUR, 2 * HOUR)
    assert work(done["tell-again"]) == (HOUR, 2 * HOUR)


def test_an_unknown_switch_takes_the_failover_time_of_the_group_behind_which_the_standby_stands() -> None:
    shop: Words = {"needs": [{"any_of": ["spare", "main"]}, {"any_of": ["main", {"use": "spare", "failover": "5m"}]}]}
    mine, _ = answers(
        {"switch": {**SWITCH, "takes": "unknown"}}, [{"fail": "main", "at": "1h"}], {**PAIR, "shop": shop}
    )
    assert work(mine.steps[0]) == (HOUR + 30 * MINUTE, HOUR + 35 * MINUTE)
