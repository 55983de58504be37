"""Examples worked out by hand from the rules S4 (standby groups) and S5.7's switch; times are minutes.

In all of them x needs `any_of` p (the primary) and others, to run.
"""

# ruff: noqa: N802 - rules are cited by their names, S4.2 as S4_2
from __future__ import annotations

from typing import Any

from agreement.brute_cases import Case, down, every_implementation, scenario, system

pytestmark = every_implementation


def standbys(*members: Any, **group: Any) -> dict[str, Any]:
    """Components p, s, t and x, which needs p or else the members."""
    return system({"p": None, "s": None, "t": None, "x": {"needs": [{"any_of": ["p", *members], **group}]}})


# --- S4.1 -------------------------------------------------------------------------------------------------------------


def test_S4_1_without_a_failover_time_a_standby_leaves_no_gap(run_case: Case) -> None:
    assert run_case.levels(standbys("s"), scenario(down("p", 10, 20)), "x") == [(0, 1)]


def test_S4_1_the_failover_of_the_group_holds_for_members_without_their_own(run_case: Case) -> None:
    parts = standbys("s", failover="3m")
    assert run_case.levels(parts, scenario(down("p", 10, 20)), "x") == [(0, 1), (10, 0), (13, 1)]
    parts = standbys({"use": "s", "failover": "1m"}, failover="3m")
    assert run_case.levels(parts, scenario(down("p", 10, 20)), "x") == [(0, 1), (10, 0), (11, 1)]
    parts = standbys({"use": "s", "failover": 0}, failover="3m")
    assert run_case.levels(parts, scenario(down("p", 10, 20)), "x") == [(0, 1)]


def test_S4_1_a_member_that_fails_to_start_is_out_of_the_group(run_case: Case) -> None:
    scene = scenario(down("p", 10, 20))
    assert run_case.levels(standbys({"use": "s", "fails_to_start": 0.5}), scene, "x") == [(0, 1), (10, 0), (20, 1)]
    assert run_case.levels(standbys({"use": "s", "fails_to_start": 0.49}), scene, "x") == [(0, 1)]
    # A switch passes over it.
    parts = standbys({"use": "s", "fails_to_start": 0.5}, "t", failover="2m")
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (12, 1)]


# --- S4.2 -------------------------------------------------------------------------------------------------------------


def test_S4_2_there_is_no_head_start_before_the_first_instant(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "2m"})
    assert run_case.levels(parts, scenario(down("p", 0, 20)), "x") == [(0, 0), (2, 1)]


def test_S4_2_a_first_member_that_failed_to_start_is_not_at_hand_at_the_first_instant(run_case: Case) -> None:
    group = {"any_of": [{"use": "p", "fails_to_start": 0.5}, {"use": "s", "failover": "2m"}]}
    parts = system({"p": None, "s": None, "x": {"needs": [group]}})
    assert run_case.levels(parts, scenario(), "x") == [(0, 0), (2, 1)]


def test_S4_2_the_value_is_the_largest_level_at_hand(run_case: Case) -> None:
    degraded = scenario({"degrade": "p", "to": 0.4, "at": "10m"}, {"degrade": "s", "to": 0.6, "at": "20m"})
    assert run_case.levels(standbys("s"), degraded, "x") == [(0, 1), (20, 0.6)]
    # One with a failover is not at hand, and is not called as long as the value is above 0.
    assert run_case.levels(standbys({"use": "s", "failover": "1m"}), degraded, "x") == [(0, 1), (10, 0.4)]


def test_S4_2_a_standby_that_has_been_switched_to_stays_at_hand_through_a_break(run_case: Case) -> None:
    # s serves from 12 to 20 and again from 25: nobody before it has served since the switch.
    scene = scenario(down("p", 10, 60), down("s", 20, 25))
    parts = standbys({"use": "s", "failover": "2m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (12, 1), (20, 0), (25, 1)]


def test_S4_2_a_standby_is_no_longer_at_hand_once_one_before_it_has_served(run_case: Case) -> None:
    scene = scenario(down("p", 10, 30), down("p", 40, 50))
    parts = standbys({"use": "s", "failover": "2m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (12, 1), (40, 0), (42, 1)]


def test_S4_2_a_weak_primary_that_does_not_serve_leaves_the_standby_at_hand(run_case: Case) -> None:
    # p is back at 0.5 from 30 to 40, but s at 1 serves on; when p fails again s is still at hand.
    scene = scenario({"fail": "p", "at": "10m", "then": [{"after": "20m", "to": 0.5}]}, down("p", 40, 50))
    parts = standbys({"use": "s", "failover": "2m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (12, 1)]


def test_S4_2_a_later_standby_serving_does_not_send_an_earlier_one_away(run_case: Case) -> None:
    # s from 12; lost at 20: t from 25; s returns at 30 and serves at once; t is then gone, so when s fails at 40, 5 more.
    parts = standbys({"use": "s", "failover": "2m"}, {"use": "t", "failover": "5m"})
    scene = scenario({"fail": "p", "at": "10m"}, down("s", 20, 30), down("s", 40, 60))
    expected = [(0, 1), (10, 0), (12, 1), (20, 0), (25, 1), (40, 0), (45, 1)]
    assert run_case.levels(parts, scene, "x") == expected


# --- S4.3 and S4.4 ----------------------------------------------------------------------------------------------------


def test_S4_3_a_switch_is_called_off_when_the_value_is_above_0_again(run_case: Case) -> None:
    # The first switch would end at 15; p is back from 12 to 14, so the second one ends at 19.
    parts = standbys({"use": "s", "failover": "5m"})
    scene = scenario(down("p", 10, 12), down("p", 14, 60))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (12, 1), (14, 0), (19, 1)]


def test_S4_4_a_switch_goes_to_the_first_listed_member_that_is_up(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "5m"}, {"use": "t", "failover": "2m"})
    scene = scenario({"fail": "p", "at": "10m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (15, 1)]
    scene = scenario({"fail": "s", "at": 0}, {"fail": "p", "at": "10m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (12, 1)]


def test_S4_4_a_switch_is_called_off_when_its_target_goes_down(run_case: Case) -> None:
    # The switch to s would end at 15; s goes down at 12, the one to t begins there.
    parts = standbys({"use": "s", "failover": "5m"}, {"use": "t", "failover": "2m"})
    scene = scenario({"fail": "p", "at": "10m"}, down("s", 12, 13))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (14, 1)]


def test_S4_4_a_switch_under_way_is_not_left_for_a_member_listed_before(run_case: Case) -> None:
    # At 10 only t is up; s is up from 11 on, but the switch to t goes on until 15.
    parts = standbys({"use": "s", "failover": "1m"}, {"use": "t", "failover": "5m"})
    scene = scenario(down("s", 5, 11), {"fail": "p", "at": "10m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (15, 1)]


def test_S4_4_without_any_member_up_the_switch_begins_when_one_comes_up(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "2m"})
    scene = scenario({"fail": "p", "at": "10m"}, down("s", 5, 20))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (22, 1)]


def test_S4_4_S7_a_target_that_goes_down_as_the_switch_ends_has_been_switched_to(run_case: Case) -> None:
    # At 12 the switch ends (step 1) and s fails; back at 15 it is at hand at once.
    parts = standbys({"use": "s", "failover": "2m"})
    scene = scenario({"fail": "p", "at": "10m"}, down("s", 12, 15))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0), (15, 1)]


def test_S4_4_a_degraded_primary_is_kept_and_no_switch_begins(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "2m"})
    scene = scenario({"degrade": "p", "to": 0.1, "at": "10m", "for": "10m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (10, 0.1), (20, 1)]


def test_S4_4_a_holdover_bridges_the_switch(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "5m"}, holdover="5m")
    # At 15 the charge is 0 and the switch has ended: no gap.
    assert run_case.levels(parts, scenario({"fail": "p", "at": "10m"}), "x") == [(0, 1)]
    parts = standbys({"use": "s", "failover": "5m"}, holdover="4m")
    assert run_case.levels(parts, scenario({"fail": "p", "at": "10m"}), "x") == [(0, 1), (14, 0), (15, 1)]


# --- S4.5 -------------------------------------------------------------------------------------------------------------


def test_S4_5_a_member_is_spent_once_it_has_served_for_so_long(run_case: Case) -> None:
    parts = standbys({"use": "s", "lasts": "20m"})
    scene = scenario(down("p", 10, 60))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (30, 0), (60, 1)]


def test_S4_5_a_break_in_serving_starts_the_time_anew(run_case: Case) -> None:
    parts = standbys({"use": "s", "lasts": "20m"})
    scene = scenario(down("p", 10, 60), down("s", 20, 25))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (20, 0), (25, 1), (45, 0), (60, 1)]


def test_S4_5_it_is_spent_also_while_the_component_itself_does_not_run(run_case: Case) -> None:
    parts = standbys({"use": "s", "lasts": "20m"})
    scene = scenario(down("p", 10, 60), down("x", 12, 28))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (12, 0), (28, 1), (30, 0), (60, 1)]


def test_S4_5_a_spent_member_is_fresh_once_one_before_it_serves_fully(run_case: Case) -> None:
    parts = standbys({"use": "s", "lasts": "20m"})
    scene = scenario(down("p", 10, 40), down("p", 50, 90))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (30, 0), (40, 1), (70, 0), (90, 1)]


def test_S4_5_a_spent_member_is_not_fresh_after_half_a_service(run_case: Case) -> None:
    # p serves at 0.5 from 40 to 50; s is still spent.
    parts = standbys({"use": "s", "lasts": "20m"})
    scene = scenario({"fail": "p", "at": "10m", "then": [{"after": "30m", "to": 0.5}]}, down("p", 50, 60))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (30, 0), (40, 0.5), (50, 0), (60, 0.5)]


def test_S4_5_after_a_spent_member_the_next_is_switched_to(run_case: Case) -> None:
    parts = standbys({"use": "s", "lasts": "20m"}, {"use": "t", "failover": "5m"})
    scene = scenario({"fail": "p", "at": "10m"})
    assert run_case.levels(parts, scene, "x") == [(0, 1), (30, 0), (35, 1)]


def test_S4_5_a_first_member_that_is_spent_gives_way_for_good(run_case: Case) -> None:
    group = {"any_of": [{"use": "p", "lasts": "20m"}, {"use": "s", "failover": "2m"}]}
    parts = system({"p": None, "s": None, "x": {"needs": [group]}})
    assert run_case.levels(parts, scenario(), "x") == [(0, 1), (20, 0), (22, 1)]


def test_S4_5_S7_the_primary_returns_on_the_millisecond_at_which_the_standby_is_spent(run_case: Case) -> None:
    # At 30 s is spent, p starts in step 4 and serves at the end: no gap, and s is fresh for the next time.
    parts = standbys({"use": "s", "lasts": "20m"})
    scene = scenario(down("p", 10, 30), down("p", 31, 60))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (51, 0), (60, 1)]


# --- S5.7 switch ------------------------------------------------------------------------------------------------------


def test_S5_7_a_planned_switch_leaves_no_gap(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "10m"})
    action = {"switch": {"of": "x", "to": "s"}, "at": "5m"}
    scene = scenario(down("p", 20, 60), actions=(action,))
    assert run_case.levels(parts, scene, "x") == [(0, 1)]


def test_S5_7_a_switch_in_the_instant_of_the_loss_is_in_time(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "10m"})
    action = {"switch": {"of": "x", "to": "s"}, "at": "20m"}
    assert run_case.levels(parts, scenario(down("p", 20, 60), actions=(action,)), "x") == [(0, 1)]


def test_S5_7_a_switch_ends_a_wait_for_the_failover(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "10m"})
    action = {"switch": {"of": "x", "to": "s"}, "at": "23m"}
    assert run_case.levels(parts, scenario(down("p", 20, 60), actions=(action,)), "x") == [(0, 1), (20, 0), (23, 1)]


def test_S5_7_a_switch_holds_until_its_member_goes_down(run_case: Case) -> None:
    parts = standbys({"use": "s", "failover": "10m"})
    action = {"switch": {"of": "x", "to": "s"}, "at": "5m"}
    scene = scenario(down("s", 10, 15), down("p", 20, 60), actions=(action,))
    assert run_case.levels(parts, scene, "x") == [(0, 1), (20, 0), (30, 1)]


def test_S5_7_a_switch_outlives_a_service_of_the_primary(run_case: Case) -> None:
    # S4.2 ends what a switch of the group gave when one before it serves, but not what an action gave.
    parts = standbys({"use": "s", "failover": "10m"})
    action = {"switch": {"of": "x", "to": "s"}, "at": "5m"}
    scene = scenario(down("p", 20, 30), down("p", 40, 50), actions=(action,))
    assert run_case.levels(parts, scene, "x") == [(0, 1)]


def test_S5_7_a_switch_does_not_bring_back_what_is_spent_or_failed_to_start(run_case: Case) -> None:
    action = {"switch": {"of": "x", "to": "s"}, "at": "40m"}
    scene = scenario(down("p", 10, 60), actions=(action,))
    assert run_case.levels(standbys({"use": "s", "lasts": "20m"}), scene, "x") == [(0, 1), (30, 0), (60, 1)]
    assert run_case.levels(standbys({"use": "s", "fails_to_start": 1}), scene, "x") == [(0, 1), (10, 0), (60, 1)]
