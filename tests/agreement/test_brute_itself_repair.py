"""Examples worked out by hand from the rules S5.1 to S5.4 and S5.6 (stopping, starting, repair, destruction); times are minutes."""

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
