"""Examples worked out by hand from the rules S5 (stopping, starting, repair) and S7 (one instant); times are minutes."""

# ruff: noqa: N802 - rules are cited by their names, S4.2 as S4_2
from __future__ import annotations

from typing import Any

from agreement.brute_cases import Case, down, every_implementation, scenario, system

pytestmark = every_implementation

# --- S5.1 and S5.2 stopping and starting ------------------------------------------------------------------------------


def test_S5_1_a_starting_component_stops_with_a_need_to_stay_up(run_case: Case) -> None:
    # Starts at 20, stops at 25, starts at 27, runs at 37.
    parts = system({"host": {"kind": "host"}, "x": {"needs": ["host"], "restart": "10m"}})
    scene = scenario(down("host", 10, 20), down("host", 25, 27))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (37, 1)]


def test_S5_1_a_starting_component_stops_with_a_need_to_start(run_case: Case) -> None:
    parts = system({"a": None, "x": {"needs": [{"component": "a", "to": "start"}], "restart": "10m"}})
    scene = scenario(down("x", 10, 20), down("a", 25, 27))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (37, 1)]


def test_S5_1_a_starting_component_does_not_notice_a_need_to_run(run_case: Case) -> None:
    parts = system({"a": None, "x": {"needs": [{"component": "a", "to": "run"}], "restart": "10m"}})
    scene = scenario(down("x", 10, 20), down("a", 25, 27))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (30, 1)]


def test_S5_1_a_starting_component_stops_when_it_fails(run_case: Case) -> None:
    scene = scenario(down("x", 10, 20), down("x", 25, 26))
    assert run_case.levels(system({"x": {"restart": "10m"}}), scene, "x") == [(0, 1), (10, 0), (36, 1)]


def test_S5_2_a_start_needs_no_more_than_a_value_above_0(run_case: Case) -> None:
    # The host is back at 0.3 at 20: x starts then, and serves 0.3 from 25 on.
    parts = system({"host": {"kind": "host"}, "x": {"needs": ["host"], "restart": "5m"}})
    scene = scenario({"fail": "host", "at": "10m", "then": [{"after": "10m", "to": 0.3}, {"after": "50m", "to": 1}]})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (25, 0.3), (60, 1)]


def test_S5_2_a_chain_without_restart_starts_in_one_instant(run_case: Case) -> None:
    parts = system(
        {
            "c": {"needs": [{"component": "b", "to": "stay_up"}]},
            "b": {"needs": [{"component": "a", "to": "stay_up"}]},
            "a": None,
        }
    )
    assert run_case.levels(parts, scenario(down("a", 10, 20)), "c") == [(0, 1), (10, 0), (20, 1)]


def test_S5_2_a_chain_with_restarts_starts_one_after_the_other(run_case: Case) -> None:
    parts = system(
        {
            "c": {"needs": [{"component": "b", "to": "stay_up"}], "restart": "3m"},
            "b": {"needs": [{"component": "a", "to": "stay_up"}], "restart": "2m"},
            "a": {"restart": "1m"},
        }
    )
    assert run_case.levels(parts, scenario(down("a", 10, 20)), "c") == [(0, 1), (10, 0), (26, 1)]


def test_S5_2_a_holdover_on_a_need_to_start_lets_it_start_meanwhile(run_case: Case) -> None:
    # a is lost at 10; its 30 minutes of charge last until 40, and x starts at 20.
    need = {"component": "a", "to": "start", "holdover": "30m"}
    parts = system({"a": None, "x": {"needs": [need], "restart": "5m"}})
    assert run_case.levels(parts, scenario({"fail": "a", "at": "10m"}, down("x", 15, 20)), "x")[-1] == (25, 1)
    assert run_case.levels(parts, scenario({"fail": "a", "at": "10m"}, down("x", 15, 40)), "x")[-1] == (15, 0)


# --- S5.3 recovery deadlocks ------------------------------------------------------------------------------------------

EACH_OTHER = system(
    {"a": {"needs": [{"component": "b", "to": "start"}]}, "b": {"needs": [{"component": "a", "to": "start"}]}}
)


def test_S5_3_two_that_start_only_with_each_other_never_start(run_case: Case) -> None:
    result = run_case(EACH_OTHER, scenario(down("a", 10, 20), down("b", 10, 20)))
    assert result.levels["a"] == result.levels["b"] == [(0, 1.0), (600_000, 0.0)]
    assert result.deadlocks == [frozenset({"a", "b"})]


def test_S5_3_one_of_them_alone_starts_again(run_case: Case) -> None:
    result = run_case(EACH_OTHER, scenario(down("a", 10, 20)))
    assert (result.levels["a"][-1], result.deadlocks) == ((1_200_000, 1.0), [])


def test_S5_3_a_manual_start_breaks_the_circle(run_case: Case) -> None:
    scene = scenario(down("a", 10, 20), down("b", 10, 20), actions=({"start": "a", "at": "30m"},))
    result = run_case(EACH_OTHER, scene)
    assert result.levels["a"] == result.levels["b"] == [(0, 1.0), (600_000, 0.0), (1_800_000, 1.0)]
    assert result.deadlocks == []


def test_S5_3_a_repair_that_waits_for_what_it_repairs_is_a_circle(run_case: Case) -> None:
    # The door's battery lasts until 20; by then 10 of the 120 minutes of work are done.
    parts = system(
        {
            "grid": {"kind": "power", "time_to_restore": "2h", "needs": [{"component": "door", "to": "repair"}]},
            "door": {"needs": [{"component": "grid", "to": "run", "holdover": "10m"}]},
            "shop": {"needs": ["grid"]},
        }
    )
    result = run_case(parts, scenario({"fail": "grid", "at": "10m"}))
    assert result.deadlocks == [frozenset({"grid", "door"})]
    repaired = scenario({"fail": "grid", "at": "10m"}, actions=({"repair": "grid", "at": "1h"},))
    assert run_case.levels(parts, repaired, "shop") == [(0, 1), (10, 0), (60, 1)]


def test_S5_3_what_waits_for_something_broken_for_good_is_no_circle(run_case: Case) -> None:
    needs = EACH_OTHER["components"]
    also = {"component": "c", "to": "start"}
    parts = system({"a": {"needs": [*needs["a"]["needs"], also]}, "b": needs["b"], "c": None})
    result = run_case(parts, scenario(down("a", 10, 20), down("b", 10, 20), {"fail": "c", "at": "5m"}))
    assert result.deadlocks == []


# --- S5.4 faults and repair jobs --------------------------------------------------------------------------------------


def test_S5_4_a_graded_restoration_counts_from_the_beginning_of_the_fault(run_case: Case) -> None:
    steps = [{"after": "20m", "to": 0.3}, {"after": "50m", "to": "100%"}]
    scene = scenario({"fail": "a", "at": "10m", "then": steps})
    assert run_case.levels(system({"a": None}), scene, "a") == [(0, 1), (10, 0), (30, 0.3), (60, 1)]


def test_S5_4_a_graded_restoration_that_stops_below_100_percent_stays(run_case: Case) -> None:
    parts = system({"a": {"time_to_restore": "1m"}})
    scene = scenario({"fail": "a", "at": "10m", "then": [{"after": "20m", "to": 0.3}]})
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0), (30, 0.3)]


def test_S5_4_the_work_is_the_events_repair_or_else_the_components_time_to_restore(run_case: Case) -> None:
    parts = system({"a": {"time_to_restore": "30m"}})
    assert run_case.levels(parts, scenario({"fail": "a", "at": "10m"}), "a") == [(0, 1), (10, 0), (40, 1)]
    scene = scenario({"degrade": "a", "to": 0.5, "at": "10m", "repair": "5m"})
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0.5), (15, 1)]


def test_S5_4_work_pauses_while_a_need_to_repair_is_unmet(run_case: Case) -> None:
    # 20 minutes of work from 10 on; 5 are done at 15, the other 15 from 25 on.
    parts = system({"tool": None, "a": {"needs": [{"component": "tool", "to": "repair"}], "time_to_restore": "20m"}})
    scene = scenario({"fail": "a", "at": "10m"}, down("tool", 15, 25))
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0), (40, 1)]


def test_S5_4_work_goes_on_with_a_degraded_need_or_on_its_holdover(run_case: Case) -> None:
    need = {"component": "tool", "to": "repair", "holdover": "5m"}
    parts = system({"tool": None, "a": {"needs": [need], "time_to_restore": "20m"}})
    scene = scenario({"fail": "a", "at": "10m"}, {"degrade": "tool", "to": 0.1, "at": "5m"})
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0), (30, 1)]
    # Down from 15 on: the charge carries until 20, 10 are done; back at 40, the other 10.
    scene = scenario({"fail": "a", "at": "10m"}, down("tool", 15, 40))
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0), (50, 1)]


def test_S5_4_each_fault_of_a_component_is_a_job_of_its_own(run_case: Case) -> None:
    scene = scenario({"fail": "a", "at": "10m"}, {"fail": "a", "at": "25m"})
    assert run_case.levels(system({"a": {"time_to_restore": "20m"}}), scene, "a") == [(0, 1), (10, 0), (45, 1)]


def test_S5_4_a_strike_hits_what_it_hits_with_one_half_or_more(run_case: Case) -> None:
    strikes = {"a": 1, "b": 0.5, "c": 0.49}
    parts = system(
        {"a": {"time_to_restore": "1h"}, "b": None, "c": None},
        common_causes={"flood": {"strikes": strikes, "time_to_restore": "20m"}},
    )
    result = run_case(parts, scenario({"strike": "flood", "at": "10m"}))
    assert result.levels["a"] == result.levels["b"] == [(0, 1.0), (600_000, 0.0), (1_800_000, 1.0)]
    assert result.levels["c"] == [(0, 1.0)]


def test_S5_4_a_strike_without_a_time_of_its_own_takes_the_components(run_case: Case) -> None:
    parts = system({"a": {"time_to_restore": "1h"}}, common_causes={"flood": {"strikes": {"a": 1}}})
    assert run_case.levels(parts, scenario({"strike": "flood"}), "a") == [(0, 0), (60, 1)]
    assert run_case.levels(parts, scenario({"strike": "flood", "repair": "5m"}), "a") == [(0, 0), (5, 1)]


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


# --- S5.6 destruction -------------------------------------------------------------------------------------------------

VAULT = {"at": "vault", "every": "24h", "lag": "10m", "restore": "3h"}
TAPE = {"at": "tape", "every": "168h", "restore": "5h"}


def store(*copies: dict[str, Any], crews: dict[str, int] | None = None, **words: Any) -> dict[str, Any]:
    """A database with copies, and the places where they lie."""
    db = {"kind": "data", "copies": list(copies), **words}
    return system({"db": db, "vault": None, "tape": None}, **({"crews": crews} if crews else {}))


def test_S5_6_data_comes_back_from_the_first_copy(run_case: Case) -> None:
    # 24 h + 10 min of loss: the worst case.
    result = run_case(store(VAULT, TAPE), scenario({"destroy": "db", "at": "1h"}))
    assert result.levels["db"] == [(0, 1.0), (3_600_000, 0.0), (14_400_000, 1.0)]
    assert result.data == {"db": (False, 87_000_000)}


def test_S5_6_a_copy_whose_place_is_down_is_passed_over(run_case: Case) -> None:
    scene = scenario({"destroy": "db", "at": "60m"}, down("vault", 30, 90))
    assert run_case.levels(store(VAULT, TAPE), scene, "db") == [(0, 1), (60, 0), (360, 1)]
    assert run_case(store(VAULT, TAPE), scene).data["db"] == (False, 604_800_000)
    # Alone it is waited for.
    assert run_case.levels(store(VAULT), scene, "db") == [(0, 1), (60, 0), (270, 1)]


def test_S5_6_a_restore_begins_again_when_the_place_goes_down(run_case: Case) -> None:
    scene = scenario({"destroy": "db", "at": "60m"}, down("vault", 120, 130))
    assert run_case.levels(store(VAULT), scene, "db") == [(0, 1), (60, 0), (310, 1)]
    # From the tape it begins at 120, and stays there.
    assert run_case.levels(store(VAULT, TAPE), scene, "db") == [(0, 1), (60, 0), (420, 1)]
    assert run_case(store(VAULT, TAPE), scene).data["db"] == (False, 604_800_000)


def test_S5_6_a_degraded_place_serves_for_a_restore(run_case: Case) -> None:
    scene = scenario({"destroy": "db", "at": "60m"}, {"degrade": "vault", "to": 0.1, "at": "30m"})
    assert run_case.levels(store(VAULT), scene, "db") == [(0, 1), (60, 0), (240, 1)]


def test_S5_6_without_any_copy_the_data_is_lost_for_good(run_case: Case) -> None:
    for parts in (store({**VAULT, "fails": 0.5}), store()):
        result = run_case(parts, scenario({"destroy": "db", "at": "1h"}, actions=({"repair": "db", "at": "2h"},)))
        assert result.levels["db"] == [(0, 1.0), (3_600_000, 0.0)]
        assert result.data["db"][0] is True
    result = run_case(store({**VAULT, "fails": 0.49}), scenario({"destroy": "db", "at": "1h"}))
    assert result.data["db"] == (False, 87_000_000)


def test_S5_6_a_copy_in_a_place_that_was_destroyed_is_gone_although_the_place_comes_back(run_case: Case) -> None:
    parts = store(VAULT)
    parts["components"]["vault"] = {"kind": "data", "copies": [{"at": "tape", "restore": "10m"}]}
    result = run_case(parts, scenario({"destroy": "vault", "at": "10m"}, {"destroy": "db", "at": "1h"}))
    assert result.levels["vault"] == [(0, 1.0), (600_000, 0.0), (1_200_000, 1.0)]
    assert (result.data["db"][0], result.levels["db"][-1]) == (True, (3_600_000, 0.0))


def test_S5_6_a_place_destroyed_during_the_restore_loses_the_data_and_frees_the_crew(run_case: Case) -> None:
    parts = store(VAULT, crew="field", crews={"field": 1})
    parts["components"]["b"] = {"crew": "field", "time_to_restore": "20m"}
    scene = scenario({"destroy": "db", "at": "10m"}, {"fail": "b", "at": "12m"}, {"destroy": "vault", "at": "20m"})
    result = run_case(parts, scene)
    assert result.data["db"][0] is True
    assert result.levels["b"] == [(0, 1.0), (720_000, 0.0), (2_400_000, 1.0)]


def test_S5_6_a_restore_without_a_place_is_taken_by_no_crew(run_case: Case) -> None:
    # The vault is back at 25; the member is on b until 32, and restores until 212.
    parts = store(VAULT, crew="field", priority=9, crews={"field": 1})
    parts["components"]["b"] = {"crew": "field", "time_to_restore": "20m"}
    scene = scenario({"destroy": "db", "at": "10m"}, {"fail": "b", "at": "12m"}, down("vault", 5, 25))
    result = run_case(parts, scene)
    assert result.levels["b"][-1] == (1_920_000, 1.0)
    assert result.levels["db"][-1] == (12_720_000, 1.0)


def test_S5_6_S5_7_a_repair_by_action_heals_everything_but_a_destruction(run_case: Case) -> None:
    scene = scenario(
        {"destroy": "db", "at": "60m"}, {"fail": "db", "at": "61m"}, actions=({"repair": "db", "at": "2h"},)
    )
    assert run_case.levels(store(VAULT), scene, "db") == [(0, 1), (60, 0), (240, 1)]


# --- S5.7 actions -----------------------------------------------------------------------------------------------------


def test_S5_7_a_stopped_component_waits_for_a_start(run_case: Case) -> None:
    scene = scenario(actions=({"stop": "x", "at": "10m"}, {"start": "x", "at": "20m"}))
    assert run_case.levels(system({"x": {"restart": "5m"}}), scene, "x") == [(0, 1), (10, 0), (25, 1)]
    scene = scenario(down("x", 12, 15), actions=({"stop": "x", "at": "10m"}, {"repair": "x", "at": "20m"}))
    assert run_case.levels(system({"x": {"restart": "5m"}}), scene, "x") == [(0, 1), (10, 0)]


def test_S5_7_a_start_does_without_the_needs_to_start(run_case: Case) -> None:
    parts = system({"a": None, "x": {"needs": [{"component": "a", "to": "start"}], "restart": "5m"}})
    scene = scenario({"fail": "a", "at": "5m"}, down("x", 10, 20), actions=({"start": "x", "at": "30m"},))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (35, 1)]


def test_S5_7_a_start_does_not_do_without_what_it_needs_to_stay_up(run_case: Case) -> None:
    # It stops in the same instant (S5.1), and starts by itself when the host is back.
    parts = system({"host": {"kind": "host"}, "x": {"needs": ["host"], "restart": "5m"}})
    scene = scenario(down("host", 10, 40), actions=({"start": "x", "at": "30m"},))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (45, 1)]


def test_S5_7_a_start_of_something_broken_lifts_the_stop_only(run_case: Case) -> None:
    scene = scenario(down("x", 10, 40), actions=({"stop": "x", "at": "5m"}, {"start": "x", "at": "30m"}))
    assert run_case.levels(system({"x": {"restart": "5m"}}), scene, "x") == [(0, 1), (5, 0), (45, 1)]


def test_S5_7_a_start_of_what_starts_already_changes_nothing(run_case: Case) -> None:
    scene = scenario(down("x", 10, 20), actions=({"start": "x", "at": "23m"},))
    assert run_case.levels(system({"x": {"restart": "5m"}}), scene, "x") == [(0, 1), (10, 0), (25, 1)]


def test_S5_7_a_circle_to_stay_up_is_broken_by_starting_all_of_it_at_once(run_case: Case) -> None:
    # Without restart both run within step 1 of the instant, and the greatest fixed point keeps them up.
    needs = {
        "a": {"needs": [{"component": "b", "to": "stay_up"}]},
        "b": {"needs": [{"component": "a", "to": "stay_up"}]},
    }
    scene = scenario(down("a", 10, 20), actions=({"start": ["a", "b"], "at": "30m"},))
    assert run_case.levels(system(needs), scene, "b") == [(0, 1), (10, 0), (30, 1)]
    # With a restart each is down while the other starts, which stops both.
    slow = {name: {**words, "restart": "5m"} for name, words in needs.items()}
    assert run_case.levels(system(slow), scene, "b") == [(0, 1), (10, 0)]


# --- S7 one instant ---------------------------------------------------------------------------------------------------


def test_S7_a_fault_that_is_repaired_in_its_instant_is_not_seen(run_case: Case) -> None:
    # Events come before actions, and both before levels: x never stops.
    scene = scenario({"fail": "x", "at": "10m"}, actions=({"repair": "x", "at": "10m"},))
    assert run_case.levels(system({"x": {"restart": "5m"}}), scene, "x") == [(0, 1)]
    assert run_case.levels(system({"x": {"restart": "5m"}}), scenario(down("x", 10, 10)), "x") == [(0, 1)]


def test_S7_a_repair_without_work_ends_in_its_instant_but_the_component_has_stopped(run_case: Case) -> None:
    # Work goes on by the levels of step 5, so the fault is seen in steps 2 and 3 once.
    parts = system({"x": {"restart": "5m", "time_to_restore": 0}})
    assert run_case.levels(parts, scenario({"fail": "x", "at": "10m"}), "x") == [(0, 1), (10, 0), (15, 1)]
    assert run_case.levels(system({"x": {"time_to_restore": 0}}), scenario({"fail": "x", "at": "10m"}), "x") == [(0, 1)]


def test_S7_actions_of_one_time_happen_in_the_order_of_the_file(run_case: Case) -> None:
    parts = system({"x": {"restart": "5m"}})
    stop, start = {"stop": "x", "at": "10m"}, {"start": "x", "at": "10m"}
    assert run_case.levels(parts, scenario(actions=(stop, start)), "x") == [(0, 1), (10, 0), (15, 1)]
    assert run_case.levels(parts, scenario(actions=(start, stop)), "x") == [(0, 1), (10, 0)]


def test_S7_a_change_over_in_one_instant_is_not_seen_by_a_need_to_run(run_case: Case) -> None:
    # At 20 a starts again (step 4) as b fails (step 1).
    parts = system({"a": None, "b": None, "x": {"needs": [{"any_of": ["a", "b"]}], "restart": "5m"}})
    scene = scenario(down("a", 10, 20), down("b", 20, 30))
    assert run_case.levels(parts, scene, "x") == [(0, 1)]


def test_S7_a_change_over_in_one_instant_stops_what_needs_it_to_stay_up(run_case: Case) -> None:
    # Stops (step 3) come before the start of a (step 4).
    need = {"any_of": ["a", "b"], "to": "stay_up"}
    parts = system({"a": None, "b": None, "x": {"needs": [need], "restart": "5m"}})
    scene = scenario(down("a", 10, 20), down("b", 20, 30))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (20, 0), (25, 1)]


def test_S7_a_start_that_ends_as_the_battery_does_is_in_time(run_case: Case) -> None:
    # a starts at 15 and runs at 20 (step 1), where the charge ends: the value is 1 again in step 2.
    need = {"component": "a", "to": "stay_up", "holdover": "10m"}
    parts = system({"a": {"restart": "5m"}, "x": {"needs": [need], "restart": "5m"}})
    assert run_case.levels(parts, scenario(down("a", 10, 15)), "x") == [(0, 1)]
    # A millisecond more is too much.
    late = scenario({"fail": "a", "at": "10m", "for": "5m1ms"})
    assert run_case(parts, late).levels["x"] == [(0, 1.0), (1_200_000, 0.0), (1_500_001, 1.0)]


def test_S7_stops_happen_all_at_once_and_spread_within_the_instant(run_case: Case) -> None:
    parts = system(
        {
            "a": {"kind": "power"},
            "b": {"kind": "host", "needs": ["a"], "restart": "1m"},
            "c": {"needs": ["b"], "restart": "1m"},
        }
    )
    result = run_case(parts, scenario(down("a", 10, 20)))
    assert result.levels["b"] == [(0, 1.0), (600_000, 0.0), (1_260_000, 1.0)]
    assert result.levels["c"] == [(0, 1.0), (600_000, 0.0), (1_320_000, 1.0)]
