"""Examples worked out by hand from the rules S6 (users); counts of 1,000 unless they say otherwise, times in minutes."""

# ruff: noqa: N802 - rules are cited by their names, S4.2 as S4_2
from __future__ import annotations

from typing import Any

import pytest

from agreement.brute_cases import Case, down, every_implementation, scenario, system

pytestmark = every_implementation


def figures(bounds: Any) -> list[float]:
    """Return low, estimate and high."""
    return [bounds.low, bounds.estimate, bounds.high]


def shop(
    uses: Any = ("a",), count: Any = 1000, components: dict[str, Any] | None = None, **segment: Any
) -> dict[str, Any]:
    """Services a and b, and one segment of users."""
    parts = {"a": None, "b": None, "centre": None, **(components or {})}
    uses = list(uses) if isinstance(uses, tuple) else uses
    return system(parts, users={"people": {"count": count, "uses": uses, **segment}})


def test_S6_2_several_losses_have_bounds_and_an_estimate(run_case: Case) -> None:
    # x is 1 x 0.4 for a and 0.5 x 1 for b: 0.5, 1 - 0.6 x 0.5 = 0.7, 0.9; for ten minutes.
    scene = scenario({"degrade": "a", "to": 0.6, "at": "10m", "for": "10m"}, down("b", 10, 20))
    users = run_case(shop({"a": 1, "b": 0.5}), scene).users
    assert figures(users.affected) == pytest.approx([500, 700, 900])
    assert figures(users.peak) == pytest.approx([500, 700, 900])
    assert figures(users.lost_user_minutes) == pytest.approx([5000, 7000, 9000])
    assert figures(users.segments["people"].out_ms) == [0, 0, 0]


def test_S6_2_the_sum_of_losses_is_at_most_everybody(run_case: Case) -> None:
    scene = scenario(down("a", 10, 20), down("b", 10, 20))
    users = run_case(shop({"a": 0.7, "b": 0.6}), scene).users
    assert figures(users.affected) == pytest.approx([700, 880, 1000])
    # Nobody knows whether the segment is out: not by the lower bound, not by the estimate.
    assert figures(users.segments["people"].out_ms) == [0, 0, 600_000]


def test_S6_4_a_segment_is_out_while_its_share_is_1(run_case: Case) -> None:
    scene = scenario(down("a", 10, 20), {"degrade": "a", "to": 0.1, "at": "10m", "for": "30m"}, horizon="1h")
    segment = run_case(shop(), scene).users.segments["people"]
    assert figures(segment.out_ms) == [600_000] * 3
    assert figures(segment.affected) == [1000] * 3
    assert figures(segment.lost_user_minutes) == pytest.approx([10_000 + 20 * 900] * 3)


def test_S6_4_affected_users_add_up_over_segments_also_at_different_times_but_a_peak_does_not(run_case: Case) -> None:
    parts = shop()
    parts["users"]["others"] = {"count": 500, "uses": ["b"]}
    users = run_case(parts, scenario(down("a", 10, 20), down("b", 30, 40))).users
    assert figures(users.affected) == [1500] * 3
    assert figures(users.peak) == [1000] * 3
    assert figures(users.lost_user_minutes) == pytest.approx([15_000] * 3)


def test_S6_4_a_loss_that_begins_with_the_last_instant_affects_but_costs_no_time(run_case: Case) -> None:
    users = run_case(shop(), scenario({"fail": "a", "at": "10m"})).users
    assert (figures(users.affected), figures(users.lost_user_minutes)) == ([1000] * 3, [0] * 3)


def test_S6_1_a_count_that_is_uncertain_takes_its_median(run_case: Case) -> None:
    users = run_case(shop(count={"low": 100, "high": 300}), scenario(down("a", 10, 20))).users
    assert figures(users.affected) == [200] * 3


def lost(run_case: Case, parts: dict[str, Any], scene: dict[str, Any]) -> float:
    """Return the lost user-minutes, which are certain in what follows."""
    low, estimate, high = figures(run_case(parts, scene).users.lost_user_minutes)
    assert low == pytest.approx(high)
    return estimate


def with_workarounds(*workarounds: dict[str, Any]) -> dict[str, Any]:
    """A shop whose service a has workarounds."""
    return shop(components={"a": {"workarounds": list(workarounds)}})


def test_S6_3_a_workaround_covers_its_share_from_after_on_for_as_long_as_it_lasts(run_case: Case) -> None:
    # Down from 10 to 40: 5 minutes of all, 10 of 40 %, 15 of all.
    parts = with_workarounds({"covers": "60%", "after": "5m", "lasts": "10m"})
    assert lost(run_case, parts, scenario(down("a", 10, 40))) == pytest.approx(1000 * (5 + 4 + 15))


def test_S6_3_a_workaround_is_there_only_while_its_needs_are_met(run_case: Case) -> None:
    # The centre is down from 20 to 22 within the ten minutes.
    parts = with_workarounds({"covers": "60%", "after": "5m", "lasts": "10m", "needs": ["centre"]})
    scene = scenario(down("a", 10, 40), down("centre", 20, 22))
    assert lost(run_case, parts, scene) == pytest.approx(1000 * (5 + 5 * 0.4 + 2 + 3 * 0.4 + 15))


def test_S6_3_the_needs_of_a_workaround_have_their_own_holdover(run_case: Case) -> None:
    # The centre's loss at 15 is hidden until 25.
    need = {"component": "centre", "holdover": "10m"}
    parts = with_workarounds({"covers": "60%", "needs": [need]})
    scene = scenario(down("a", 10, 40), down("centre", 15, 60))
    assert lost(run_case, parts, scene) == pytest.approx(1000 * (15 * 0.4 + 15))


def test_S6_3_of_several_workarounds_the_best_one_counts(run_case: Case) -> None:
    # 10 minutes at 70 %, then 20 at 20 %.
    parts = with_workarounds({"covers": "30%"}, {"covers": "80%", "after": "10m"})
    assert lost(run_case, parts, scenario(down("a", 10, 40))) == pytest.approx(1000 * (7 + 4))


def test_S6_3_a_loss_counts_from_the_first_degradation_and_anew_after_a_full_recovery(run_case: Case) -> None:
    # Degraded at 10, down at 20: the workaround is there from 25 on. After the recovery at 30 it is late again.
    parts = with_workarounds({"covers": "100%", "after": "15m"})
    scene = scenario({"degrade": "a", "to": 0.5, "at": "10m", "for": "20m"}, down("a", 20, 30), down("a", 31, 41))
    assert lost(run_case, parts, scene) == pytest.approx(1000 * (5 + 5 + 10))


def hours(**shares: float) -> list[float]:
    """Write 24 shares, 0 but for those given as h14=0.5."""
    return [shares.get(f"h{hour}", 0.0) for hour in range(24)]


def test_S6_1_activity_is_read_from_the_local_clock(run_case: Case) -> None:
    # From 14:30 in Rome: half an hour with half of them there, half an hour with all.
    activity = {"zone": "Europe/Rome", "hours": hours(h14=0.5, h15=1)}
    scene = scenario(down("a", 0, 60), starts="2026-03-02T13:30+00:00")
    users = run_case(shop(activity=activity), scene).users
    assert figures(users.lost_user_minutes) == pytest.approx([15_000 + 30_000] * 3)
    assert figures(users.affected) == figures(users.peak) == [1000] * 3


def test_S6_1_activity_knows_summer_time(run_case: Case) -> None:
    # In Rome 2 o'clock does not exist on 29 March 2026: 01:30 to 02:00, then 03:00 to 03:30.
    activity = {"zone": "Europe/Rome", "hours": hours(h1=0.1, h2=1, h3=0.5)}
    scene = scenario(down("a", 0, 60), starts="2026-03-29T01:30+01:00")
    assert lost(run_case, shop(activity=activity), scene) == pytest.approx(1000 * (30 * 0.1 + 30 * 0.5))


def test_S6_1_activity_changes_at_the_full_hour_of_its_own_zone(run_case: Case) -> None:
    # 12:00 in London is 17:30 in Kolkata.
    activity = {"zone": "Asia/Kolkata", "hours": hours(h17=1)}
    scene = scenario(down("a", 0, 60), starts="2026-01-05T12:00+00:00")
    assert lost(run_case, shop(activity=activity), scene) == pytest.approx(30_000)


def counted(population: float | None) -> dict[str, Any]:
    """Services with counts of their own and no segments."""
    others = {} if population is None else {"population": population}
    return system({"a": {"users": 100}, "b": {"users": 300}, "c": {"users": 5000}}, **others)


def test_S6_5_counts_per_service_give_bounds(run_case: Case) -> None:
    scene = scenario(down("a", 10, 20), down("b", 15, 30))
    services = run_case(counted(350), scene).users.services
    assert services.affected == (300, 350)
    assert services.peak == (300, 350)
    # 5 minutes of 100; 5 of 300 to 350; 10 of 300.
    assert services.lost_user_minutes == pytest.approx((500 + 1500 + 3000, 500 + 1750 + 3000))


def test_S6_5_without_a_population_the_sum_is_the_upper_bound(run_case: Case) -> None:
    scene = scenario(down("a", 10, 20), {"degrade": "b", "to": 0.5, "at": "10m", "for": "5m"})
    assert run_case(counted(None), scene).users.services.affected == (150, 250)
