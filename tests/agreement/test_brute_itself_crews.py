"""Examples worked out by hand from the rule S5.5 (crews, and jobs of others that wait for them); times are minutes."""

# ruff: noqa: N802 - rules are cited by their names, S4.2 as S4_2
from __future__ import annotations

from typing import Any

from agreement.brute_cases import Case, down, every_implementation, scenario, system

pytestmark = every_implementation

# --- S5.5 crews -------------------------------------------------------------------------------------------------------


def team(size: int = 1, **components: dict[str, Any]) -> dict[str, Any]:
    """Components with 20 minutes of work each, for one crew, and a tool."""
    job = {"time_to_restore": "20m", "crew": "field"}
    return system({"tool": None, **{name: job | words for name, words in components.items()}}, crews={"field": size})


def restored(run_case: Case, parts: dict[str, Any], scene: dict[str, Any]) -> dict[str, float]:
    """Return when each component came back, in minutes."""
    levels = run_case(parts, scene).levels
    return {name: history[-1][0] / 60_000 for name, history in levels.items() if name != "tool"}


def test_S5_5_a_crew_works_on_as_many_jobs_as_it_has_members(run_case: Case) -> None:
    scene = scenario({"fail": ["a", "b", "c"], "at": "10m"})
    assert restored(run_case, team(1, a={}, b={}, c={}), scene) == {"a": 30, "b": 50, "c": 70}
    assert restored(run_case, team(2, a={}, b={}, c={}), scene) == {"a": 30, "b": 30, "c": 50}


def test_S5_5_the_highest_priority_goes_first(run_case: Case) -> None:
    # The member is on a from 10 on, and does not leave it.
    parts = team(a={}, c={}, b={"priority": 5})
    scene = scenario({"fail": "a", "at": "10m"}, {"fail": "c", "at": "11m"}, {"fail": "b", "at": "12m"})
    assert restored(run_case, parts, scene) == {"a": 30, "b": 50, "c": 70}


def test_S5_5_then_the_earliest_fault(run_case: Case) -> None:
    scene = scenario({"fail": "a", "at": "10m"}, {"fail": "c", "at": "11m"}, {"fail": "b", "at": "12m"})
    assert restored(run_case, team(a={}, b={}, c={}), scene) == {"a": 30, "c": 50, "b": 70}


def test_S5_5_then_the_component_listed_first(run_case: Case) -> None:
    scene = scenario({"fail": ["c", "b"], "at": "10m"}, {"fail": "a", "at": "10m"})
    assert restored(run_case, team(b={}, a={}, c={}), scene) == {"b": 30, "a": 50, "c": 70}


def test_S5_5_a_member_stays_with_a_job_that_is_held_up(run_case: Case) -> None:
    # 5 of 20 minutes done at 15; held up until 40; done at 55. Only then b.
    parts = team(a={"needs": [{"component": "tool", "to": "repair"}]}, b={})
    scene = scenario({"fail": "a", "at": "10m"}, {"fail": "b", "at": "12m"}, down("tool", 15, 40))
    assert restored(run_case, parts, scene) == {"a": 55, "b": 75}


def test_S5_5_a_member_does_not_take_a_job_that_cannot_begin(run_case: Case) -> None:
    parts = team(a={"needs": [{"component": "tool", "to": "repair"}], "priority": 9}, b={})
    scene = scenario({"fail": "a", "at": "10m"}, {"fail": "b", "at": "12m"}, down("tool", 5, 25))
    assert restored(run_case, parts, scene) == {"b": 32, "a": 52}


def test_S5_5_a_repair_by_action_frees_the_member(run_case: Case) -> None:
    scene = scenario({"fail": ["a", "b"], "at": "10m"}, actions=({"repair": "a", "at": "15m"},))
    assert restored(run_case, team(a={}, b={}), scene) == {"a": 15, "b": 35}


def test_S5_5_a_fault_with_a_time_of_its_own_takes_no_member(run_case: Case) -> None:
    scene = scenario(down("a", 10, 60), {"fail": "b", "at": "12m"})
    assert restored(run_case, team(a={}, b={}), scene) == {"a": 60, "b": 32}


def test_S5_5_two_faults_of_one_component_are_two_jobs(run_case: Case) -> None:
    # a's first job until 30, its second, which is earlier than b's, until 50.
    scene = scenario({"fail": "a", "at": "10m"}, {"fail": "a", "at": "11m"}, {"fail": "b", "at": "12m"})
    assert restored(run_case, team(a={}, b={}), scene) == {"a": 50, "b": 70}


# --- S5.5.1 jobs of others --------------------------------------------------------------------------------------------


def busy_team(jobs: int, each: str, members: int = 1, **components: dict[str, Any]) -> dict[str, Any]:
    """As `team`, with jobs of others that wait for it."""
    crew = {"members": members, "operator": "Telco", "backlog": {"jobs": jobs, "each": each}}
    return team(**components) | {"crews": {"field": crew}}


def test_S5_5_1_a_repair_waits_for_the_jobs_of_others(run_case: Case) -> None:
    # The third of them is done at 30.
    assert restored(run_case, busy_team(3, "10m", a={}), scenario({"fail": "a", "at": "5m"})) == {"a": 50}


def test_S5_5_1_they_were_there_before_the_first_fault(run_case: Case) -> None:
    assert restored(run_case, busy_team(3, "10m", a={}), scenario({"fail": "a", "at": 0})) == {"a": 50}


def test_S5_5_1_they_went_on_while_nobody_of_ours_waited(run_case: Case) -> None:
    parts = busy_team(3, "10m", a={})
    assert restored(run_case, parts, scenario({"fail": "a", "at": "29m"})) == {"a": 50}
    assert restored(run_case, parts, scenario({"fail": "a", "at": "31m"})) == {"a": 51}


def test_S5_5_1_each_member_works_on_one_of_them(run_case: Case) -> None:
    # Two until 10, the third until 20; the other member is free from 10 on.
    parts = busy_team(3, "10m", members=2, a={}, b={})
    assert restored(run_case, parts, scenario({"fail": ["a", "b"], "at": "5m"})) == {"a": 30, "b": 40}


def test_S5_5_1_a_priority_above_0_goes_before_those_that_nobody_works_on(run_case: Case) -> None:
    parts = busy_team(3, "10m", a={"priority": 1}, b={})
    scene = scenario({"fail": ["a", "b"], "at": "5m"})
    # The first until 10, then a until 30, then the two others until 50, then b.
    assert restored(run_case, parts, scene) == {"a": 30, "b": 70}
    scene = scenario({"fail": ["a", "b"], "at": 0})
    assert restored(run_case, parts, scene) == {"a": 20, "b": 70}


def test_S5_5_1_a_priority_below_0_goes_behind_them_and_behind_ours(run_case: Case) -> None:
    parts = busy_team(3, "10m", a={"priority": -1}, b={})
    scene = scenario({"fail": "a", "at": 0}, {"fail": "b", "at": "1m"})
    assert restored(run_case, parts, scene) == {"b": 50, "a": 70}


def test_S5_5_1_a_repair_that_is_held_up_lets_them_go_before(run_case: Case) -> None:
    # The tool is back at 12; the second of them is done at 20.
    parts = busy_team(3, "10m", a={"needs": [{"component": "tool", "to": "repair"}], "priority": 1})
    scene = scenario({"fail": "a", "at": "5m"}, down("tool", 4, 12))
    assert restored(run_case, parts, scene) == {"a": 40}


def test_S5_5_1_a_run_does_not_wait_for_them(run_case: Case) -> None:
    parts = busy_team(100, "10m", a={"priority": 1})
    assert run_case(parts, scenario({"fail": "a", "at": 0})).end_ms == 20 * 60_000


def test_S5_5_1_a_run_does_not_wait_for_them_where_a_repair_is_held_up_for_good(run_case: Case) -> None:
    parts = busy_team(100, "10m", a={"needs": [{"component": "tool", "to": "repair"}]})
    assert run_case(parts, scenario({"fail": "tool", "at": 0}, {"fail": "a", "at": "1m"})).end_ms == 60_000


def test_S5_5_1_a_job_of_others_takes_a_millisecond_at_least(run_case: Case) -> None:
    assert run_case(busy_team(3, "0s", a={}), scenario({"fail": "a", "at": 0})).end_ms == 20 * 60_000 + 3
