"""Examples worked out by hand from the rules S1 to S3, one or more a rule; times are minutes unless they say ms."""

# ruff: noqa: N802 - rules are cited by their names, S4.2 as S4_2
from __future__ import annotations

from agreement.brute_cases import Case, down, every_implementation, scenario, system

pytestmark = every_implementation

# --- S1 time ----------------------------------------------------------------------------------------------------------


def test_S1_1_a_duration_is_rounded_to_the_nearest_millisecond(run_case: Case) -> None:
    # The median of an exponential law with a mean of 60,000 ms is 60,000 ln 2 = 41,588.83 ms.
    result = run_case(system({"a": {"time_to_restore": {"mean": "1m"}}}), scenario({"fail": "a"}))
    assert result.levels["a"] == [(0, 0.0), (41_589, 1.0)]


def test_S1_1_one_fault_ends_as_the_next_begins(run_case: Case) -> None:
    # At 20 the first fault clears and the second begins in the same instant: a is never up.
    scene = scenario(down("a", 10, 20), down("a", 20, 25))
    assert run_case.levels(system({"a": None}), scene, "a") == [(0, 1), (10, 0), (25, 1)]


def test_S1_2_without_a_horizon_the_run_ends_with_the_last_change(run_case: Case) -> None:
    result = run_case(system({"a": {"time_to_restore": "30m"}}), scenario({"fail": "a", "at": "10m"}))
    assert result.end_ms == 2_400_000


def test_S1_2_without_a_horizon_and_without_a_repair_the_run_ends_with_the_fault(run_case: Case) -> None:
    result = run_case(system({"a": None}), scenario({"fail": "a", "at": "10m"}))
    assert (result.end_ms, result.levels["a"]) == (600_000, [(0, 1.0), (600_000, 0.0)])


def test_S1_2_a_horizon_cuts_what_would_come_later(run_case: Case) -> None:
    scene = scenario({"fail": "a", "at": "10m"}, horizon="30m")
    result = run_case(system({"a": {"time_to_restore": "1h"}}), scene)
    assert (result.end_ms, result.levels["a"]) == (1_800_000, [(0, 1.0), (600_000, 0.0)])


def test_S1_2_a_run_that_settles_early_still_ends_at_its_horizon(run_case: Case) -> None:
    assert run_case(system({"a": None}), scenario(down("a", 1, 2), horizon="1h")).end_ms == 3_600_000


def test_S7_at_the_horizon_itself_changes_still_happen(run_case: Case) -> None:
    scene = scenario({"fail": "a", "at": "30m"}, horizon="30m")
    assert run_case.levels(system({"a": None}), scene, "a") == [(0, 1), (30, 0)]


# --- S2 components ----------------------------------------------------------------------------------------------------


def test_S2_1_health_is_the_smallest_level_that_the_faults_leave(run_case: Case) -> None:
    scene = scenario(
        {"degrade": "a", "to": "60%", "at": "10m", "for": "20m"},
        {"degrade": "a", "to": "30%", "at": "20m", "for": "5m"},
    )
    assert run_case.levels(system({"a": None}), scene, "a") == [(0, 1), (10, 0.6), (20, 0.3), (25, 0.6), (30, 1)]


def test_S2_2_a_failed_component_stops_and_starts_again(run_case: Case) -> None:
    scene = scenario(down("a", 10, 20))
    assert run_case.levels(system({"a": {"restart": "5m"}}), scene, "a") == [(0, 1), (10, 0), (25, 1)]


def test_S2_2_a_degraded_component_runs_on_and_needs_no_start(run_case: Case) -> None:
    scene = scenario({"degrade": "a", "to": "50%", "at": "10m", "for": "10m"})
    assert run_case.levels(system({"a": {"restart": "5m"}}), scene, "a") == [(0, 1), (10, 0.5), (20, 1)]


def test_S2_3_a_level_is_the_smallest_of_health_and_what_the_needs_pass_on(run_case: Case) -> None:
    scene = scenario(
        {"degrade": "a", "to": "70%", "at": "10m"},
        {"degrade": "b", "to": "40%", "at": "20m"},
        {"degrade": "x", "to": "10%", "at": "30m"},
    )
    parts = system({"a": None, "b": None, "x": {"needs": ["a", "b"]}})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0.7), (20, 0.4), (30, 0.1)]


def test_S2_4_a_circle_stays_up_until_something_outside_takes_it_down(run_case: Case) -> None:
    # Both run throughout (a need to run stops nothing); when the outside returns, the greatest fixed point is 1 again.
    parts = system({"a": {"needs": ["b", "outside"]}, "b": {"needs": ["a"]}, "outside": None})
    result = run_case(parts, scenario(down("outside", 10, 20)))
    assert result.levels["a"] == result.levels["b"] == [(0, 1.0), (600_000, 0.0), (1_200_000, 1.0)]


def test_S2_4_a_circle_that_passes_on_less_than_it_gets_sinks_to_0(run_case: Case) -> None:
    # Without c, a = 0.6 b and b = a: the only fixed point is 0.
    parts = system({"a": {"needs": [{"pool": {"b": 60, "c": 60}, "demand": 100}]}, "b": {"needs": ["a"]}, "c": None})
    assert run_case.levels(parts, scenario(down("c", 10, 20)), "a") == [(0, 1), (10, 0), (20, 1)]


def test_S2_4_a_graded_circle_settles_between(run_case: Case) -> None:
    # a = (50 b + 50 x 0.5) / 100 with b = a: a = 0.5 a + 0.25, so 0.5.
    parts = system({"a": {"needs": [{"pool": {"b": 50, "c": 50}, "demand": 100}]}, "b": {"needs": ["a"]}, "c": None})
    history = run_case(parts, scenario({"degrade": "c", "to": 0.5, "at": "10m"})).levels["b"]
    assert [at_ms for at_ms, _ in history] == [0, 600_000]
    assert abs(history[1][1] - 0.5) < 1e-8


def test_S2_4_a_level_below_a_billionth_is_0_and_stops(run_case: Case) -> None:
    scene = scenario({"degrade": "a", "to": 1e-10, "at": "10m", "for": "10m"})
    assert run_case.levels(system({"a": {"restart": "5m"}}), scene, "a") == [(0, 1), (10, 0), (25, 1)]


def test_S2_4_a_value_within_a_billionth_of_1_is_1_and_drains_no_charge(run_case: Case) -> None:
    # In floating point 0.7 + 0.1 is below 0.8.
    pool = {"pool": {"a": 0.7, "b": 0.1}, "demand": 0.8, "holdover": "5m"}
    result = run_case(system({"a": None, "b": None, "x": {"needs": [pool]}}), scenario())
    assert (result.end_ms, result.levels["x"], result.reserve["x"]) == (0, [(0, 1.0)], [])


def test_S2_4_a_change_below_a_billionth_is_not_in_the_history(run_case: Case) -> None:
    scene = scenario({"degrade": "a", "to": 0.5, "at": "10m"}, {"degrade": "a", "to": 0.4999999999, "at": "20m"})
    assert len(run_case(system({"a": None}), scene).levels["a"]) == 2


def test_S2_5_after_an_interruption_the_level_is_capped_for_a_share_of_it(run_case: Case) -> None:
    # Down for 20, so capped for 10 from the instant of the return on.
    parts = system({"a": {"catch_up": {"share": "50%", "level": "40%"}}, "x": {"needs": ["a"]}})
    assert run_case.levels(parts, scenario(down("a", 10, 30)), "x") == [(0, 1), (10, 0), (30, 0.4), (40, 1)]


def test_S2_5_what_remained_of_a_catch_up_is_added_to_the_next(run_case: Case) -> None:
    # The first would last from 30 to 40; at 35 there are 5 left. Down for 10 more: 5 + 5 from 45 on.
    parts = system({"a": {"catch_up": {"share": "50%", "level": "40%"}}})
    scene = scenario(down("a", 10, 30), down("a", 35, 45))
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0), (30, 0.4), (35, 0), (45, 0.4), (55, 1)]


def test_S2_5_a_catch_up_that_ends_as_the_component_goes_down_leaves_nothing(run_case: Case) -> None:
    parts = system({"a": {"catch_up": {"share": "50%", "level": "40%"}}})
    scene = scenario(down("a", 10, 30), down("a", 40, 50))
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0), (30, 0.4), (40, 0), (50, 0.4), (55, 1)]


def test_S2_5_being_down_for_want_of_a_need_counts_and_so_does_starting(run_case: Case) -> None:
    # b: without a from 10 to 30, capped for 20. c: stopped at 10, starts at 30, runs at 35; down for 25, capped for 25.
    catch_up = {"share": 1, "level": "50%"}
    parts = system(
        {
            "a": None,
            "b": {"needs": ["a"], "catch_up": catch_up},
            "c": {"needs": [{"component": "a", "to": "stay_up"}], "restart": "5m", "catch_up": catch_up},
        }
    )
    scene = scenario(down("a", 10, 30))
    assert run_case.levels(parts, scene, "b") == [(0, 1), (10, 0), (30, 0.5), (50, 1)]
    assert run_case.levels(parts, scene, "c") == [(0, 1), (10, 0), (35, 0.5), (60, 1)]


def test_S2_5_a_return_to_a_part_of_the_level_is_a_return(run_case: Case) -> None:
    # Down from 10 to 20, so capped at 0.3 until 30; the fault itself allows 0.5 until 40.
    parts = system({"a": {"catch_up": {"share": 1, "level": "30%"}}})
    scene = scenario({"fail": "a", "at": "10m", "then": [{"after": "10m", "to": 0.5}, {"after": "30m", "to": 1}]})
    assert run_case.levels(parts, scene, "a") == [(0, 1), (10, 0), (20, 0.3), (30, 0.5), (40, 1)]


def test_S2_5_a_cap_holds_in_the_instant_of_the_return_also_in_a_circle(run_case: Case) -> None:
    # a returns capped at 0.4; b takes it over in the same instant.
    parts = system({"a": {"needs": ["b"], "catch_up": {"share": 1, "level": "40%"}}, "b": {"needs": ["a"]}})
    assert run_case.levels(parts, scenario(down("a", 10, 20)), "b") == [(0, 1), (10, 0), (20, 0.4), (30, 1)]


# --- S3 needs ---------------------------------------------------------------------------------------------------------

GRADES = (
    {"degrade": "a", "to": "30%", "at": "10m"},
    {"degrade": "b", "to": "60%", "at": "10m"},
    {"degrade": "c", "to": "90%", "at": "10m"},
)


def test_S3_2_all_of_is_the_smallest_and_at_least_k_the_kth_largest(run_case: Case) -> None:
    parts = system(
        {
            "a": None,
            "b": None,
            "c": None,
            "all": {"needs": [{"all_of": ["a", "b", "c"]}]},
            "one": {"needs": [{"at_least": 1, "of": ["a", "b", "c"]}]},
            "two": {"needs": [{"at_least": 2, "of": ["a", "b", "c"]}]},
        }
    )
    result = run_case(parts, scenario(*GRADES))
    assert [result.levels[name][-1][1] for name in ("all", "one", "two")] == [0.3, 0.9, 0.6]


def test_S3_3_a_pool_adds_up_capacities_and_never_gives_more_than_1(run_case: Case) -> None:
    pool = {"pool": {"a": 60, "b": 60}, "demand": 100}
    parts = system({"a": None, "b": None, "x": {"needs": [pool]}})
    scene = scenario({"degrade": "a", "to": "70%", "at": "10m", "for": "5m"}, down("a", 20, 30))
    # (42 + 60) / 100 is more than enough; without a it is 0.6.
    assert run_case.levels(parts, scene, "x") == [(0, 1), (20, 0.6), (30, 1)]


def battery(**words: object) -> dict[str, object]:
    """A component x that hides the loss of a for 10 minutes."""
    return system({"a": None, "x": {"needs": [{"component": "a", "holdover": "10m", **words}]}})


def test_S3_5_a_holdover_hides_a_loss_until_its_charge_is_0(run_case: Case) -> None:
    assert run_case.levels(battery(), scenario(down("a", 10, 30)), "x") == [(0, 1), (20, 0), (30, 1)]


def test_S3_5_a_charge_drains_as_fast_for_a_small_loss(run_case: Case) -> None:
    scene = scenario({"degrade": "a", "to": "90%", "at": "10m", "for": "20m"})
    assert run_case.levels(battery(), scene, "x") == [(0, 1), (20, 0.9), (30, 1)]


def test_S3_5_without_recharge_a_charge_is_full_at_once(run_case: Case) -> None:
    # 5 used until 15; 1 minute later it is 10 again and lasts from 16 to 26.
    assert run_case.levels(battery(), scenario(down("a", 10, 15), down("a", 16, 30)), "x") == [(0, 1), (26, 0), (30, 1)]


def test_S3_5_with_recharge_a_charge_refills_at_its_rate(run_case: Case) -> None:
    # 5 left at 15; until 19 it gains 4 x 10/20 = 2; the 7 last until 26.
    scene = scenario(down("a", 10, 15), down("a", 19, 30))
    assert run_case.levels(battery(recharge="20m"), scene, "x") == [(0, 1), (26, 0), (30, 1)]


def test_S3_5_a_charge_never_gets_above_its_holdover(run_case: Case) -> None:
    scene = scenario(down("a", 10, 15), down("a", 60, 90))
    assert run_case.levels(battery(recharge="20m"), scene, "x") == [(0, 1), (70, 0), (90, 1)]


def test_S3_5_a_charge_is_0_at_the_first_millisecond_at_which_none_is_left(run_case: Case) -> None:
    # 1,000 ms of charge, 900 used by 10,900 ms; 100 ms at the rate 1/3 give 33.3: 133.3 ms, gone 134 ms after 11,000.
    need = {"component": "a", "holdover": "1s", "recharge": "3s"}
    scene = scenario({"fail": "a", "at": "10s", "for": "900ms"}, {"fail": "a", "at": "11s", "for": "1m"})
    result = run_case(system({"a": None, "x": {"needs": [need]}}), scene)
    assert result.levels["x"] == [(0, 1.0), (11_134, 0.0), (71_000, 1.0)]


def test_S3_5_S7_a_need_that_was_met_for_no_time_has_not_recharged(run_case: Case) -> None:
    # At 20 a's first fault clears and its second begins.
    assert run_case.levels(battery(), scenario(down("a", 10, 20), down("a", 20, 35)), "x") == [(0, 1), (20, 0), (35, 1)]


def test_S3_6_a_soft_need_degrades_and_never_stops_anything(run_case: Case) -> None:
    # On power, which without impact would be a need to stay up: then x would start for 5 minutes.
    parts = system({"a": {"kind": "power"}, "x": {"needs": [{"component": "a", "impact": "20%"}], "restart": "5m"}})
    assert run_case.levels(parts, scenario(down("a", 10, 20)), "x") == [(0, 1), (10, 0.8), (20, 1)]
    half = scenario({"degrade": "a", "to": 0.5, "at": "10m"})
    assert run_case.levels(parts, half, "x") == [(0, 1), (10, 0.9)]


def test_S3_6_a_soft_need_takes_its_value_after_holdover(run_case: Case) -> None:
    scene = scenario(down("a", 10, 30))
    assert run_case.levels(battery(impact=0.5), scene, "x") == [(0, 1), (20, 0.5), (30, 1)]


def purpose(to: str | None, kind: str = "service", **words: object) -> dict[str, object]:
    """A component x with a restart of 5 minutes that needs a, to whatever is said."""
    need = {"component": "a", **({"to": to} if to else {})}
    return system({"a": {"kind": kind}, "x": {"needs": [need], "restart": "5m", **words}})


def test_S3_7_to_run_unmet_stays_ready(run_case: Case) -> None:
    assert run_case.levels(purpose("run"), scenario(down("a", 10, 20)), "x") == [(0, 1), (10, 0), (20, 1)]


def test_S3_7_to_stay_up_unmet_stops_and_must_start_again(run_case: Case) -> None:
    assert run_case.levels(purpose("stay_up"), scenario(down("a", 10, 20)), "x") == [(0, 1), (10, 0), (25, 1)]


def test_S3_7_to_stay_up_above_0_stops_nothing(run_case: Case) -> None:
    scene = scenario({"degrade": "a", "to": 0.2, "at": "10m", "for": "10m"})
    assert run_case.levels(purpose("stay_up"), scene, "x") == [(0, 1), (10, 0.2), (20, 1)]


def test_S3_7_to_start_is_not_noticed_while_it_runs(run_case: Case) -> None:
    # x fails itself at 15 until 20; it can begin to start when a is back at 30.
    assert run_case.levels(purpose("start"), scenario(down("a", 10, 14)), "x") == [(0, 1)]
    scene = scenario(down("a", 10, 30), down("x", 15, 20))
    assert run_case.levels(purpose("start"), scene, "x") == [(0, 1), (15, 0), (35, 1)]


def test_S3_7_to_repair_holds_up_the_work_only(run_case: Case) -> None:
    # x fails at 15 with 20 minutes of work; without a until 30: 30 + 20 + restart 5.
    parts = purpose("repair", time_to_restore="20m")
    scene = scenario(down("a", 10, 30), {"fail": "x", "at": "15m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (15, 0), (55, 1)]


def test_S3_7_a_need_on_power_site_host_or_cooling_is_to_stay_up(run_case: Case) -> None:
    scene = scenario(down("a", 10, 20))
    for kind in ("power", "site", "host", "cooling"):
        assert run_case.levels(purpose(None, kind), scene, "x") == [(0, 1), (10, 0), (25, 1)]
    for kind in ("service", "connectivity", "turbine"):
        assert run_case.levels(purpose(None, kind), scene, "x") == [(0, 1), (10, 0), (20, 1)]


def test_S3_7_a_need_is_to_stay_up_only_if_every_member_is_of_such_a_kind(run_case: Case) -> None:
    parts = system(
        {
            "a": {"kind": "power"},
            "b": {"kind": "host"},
            "c": None,
            "x": {"needs": [{"all_of": ["a", "b"]}], "restart": "5m"},
            "y": {"needs": [{"all_of": ["a", "c"]}], "restart": "5m"},
        }
    )
    result = run_case(parts, scenario(down("a", 10, 20)))
    assert result.levels["x"][-1] == (1_500_000, 1.0)
    assert result.levels["y"][-1] == (1_200_000, 1.0)


def test_S3_7_at_is_a_need_on_the_site_to_stay_up(run_case: Case) -> None:
    parts = system({"dc": {"kind": "site"}, "x": {"at": "dc", "restart": "5m"}})
    assert run_case.levels(parts, scenario(down("dc", 10, 20)), "x") == [(0, 1), (10, 0), (25, 1)]


# --- S3.8 on reserve --------------------------------------------------------------------------------------------------


def reserves(result: object, name: str) -> list[tuple[object, ...]]:
    """The intervals of a component as (need, by, from, to, until) in minutes."""
    intervals = result.reserve[name]  # type: ignore[attr-defined]
    in_minutes = [[t if t is None else t / 60_000 for t in (i.from_ms, i.to_ms, i.until)] for i in intervals]
    return [(i.need, i.by, *times) for i, times in zip(intervals, in_minutes, strict=True)]


def test_S3_8_a_holdover_is_a_reserve_from_the_loss_until_the_return(run_case: Case) -> None:
    result = run_case(battery(), scenario(down("a", 10, 15), down("a", 40, 60)))
    assert reserves(result, "x") == [(0, "holdover", 10, 15, 20), (0, "holdover", 40, 50, 50)]


def test_S3_8_a_standby_is_a_reserve_for_as_long_as_it_lasts(run_case: Case) -> None:
    group = {"any_of": ["a", {"use": "b", "failover": "2m", "lasts": "1h"}]}
    parts = system({"a": None, "b": None, "x": {"needs": [group]}})
    result = run_case(parts, scenario(down("a", 10, 40)))
    assert reserves(result, "x") == [(0, "standby", 12, 40, 72)]


def test_S3_8_a_quorum_at_exactly_k_is_on_its_last_member(run_case: Case) -> None:
    parts = system({"a": None, "b": None, "c": None, "x": {"needs": [{"at_least": 2, "of": ["a", "b", "c"]}]}})
    result = run_case(parts, scenario(down("a", 10, 40), down("b", 20, 30)))
    # Between 20 and 30 the need is not met at all.
    assert reserves(result, "x") == [(0, "last", 10, 20, None), (0, "last", 30, 40, None)]


def test_S3_8_two_out_of_two_are_never_on_reserve(run_case: Case) -> None:
    parts = system({"a": None, "b": None, "x": {"needs": [{"at_least": 2, "of": ["a", "b"]}]}})
    assert reserves(run_case(parts, scenario(down("a", 10, 20))), "x") == []


def test_S3_8_a_group_whose_standby_is_lost_is_on_its_last_member(run_case: Case) -> None:
    parts = system({"a": None, "b": None, "x": {"needs": ["a", {"any_of": ["a", "b"]}]}})
    result = run_case(parts, scenario(down("b", 10, 20)))
    assert reserves(result, "x") == [(1, "last", 10, 20, None)]


def test_S3_8_a_reserve_that_lasts_to_the_end_has_no_end(run_case: Case) -> None:
    parts = system({"a": None, "b": None, "x": {"needs": [{"any_of": ["a", "b"]}]}})
    result = run_case(parts, scenario({"fail": "a", "at": "10m"}, horizon="1h"))
    assert reserves(result, "x") == [(0, "standby", 10, None, None)]
