"""Examples worked out by hand from the rules S5.7 (actions) and S7 (one instant); times are minutes."""

# ruff: noqa: N802 - rules are cited by their names, S4.2 as S4_2
from __future__ import annotations

from agreement.brute_cases import Case, down, every_implementation, scenario, system

pytestmark = every_implementation

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
