"""How many people an outage affects (S6), worked out by hand."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations

import pytest

from engine.audiences import UNKNOWN, Group, Service, Workaround, audience_of, count, record_of
from impactsim.audience import Steps, activity_steps
from impactsim.engine.crowd import DONE, MORE_ACTIVITY, Crowd, new_crowd
from impactsim.engine.users import Affected, Range, count_users

MINUTE = 60_000
HOUR = 60 * MINUTE
HOURS = [hour / 100 for hour in range(24)]
"""Each hour has its own share, so that it can be told which hour it is."""


def minutes(*steps: tuple[float, float]) -> Steps:
    return [(round(at * MINUTE), value) for at, value in steps]


def approximately(low: float, estimate: float | None, high: float) -> Range:
    values = (low, estimate, high)
    return Range(*(None if value is None else pytest.approx(value) for value in values))  # type: ignore[arg-type]


def of_one(group: Group, services: dict[str, Service], end_ms: int) -> Affected:
    parts, together = count(services, {"group": group}, end_ms)
    assert together.affected == parts["group"].affected
    assert together.lost_user_minutes == approximately(*parts["group"].lost_user_minutes)
    return parts["group"]


# Overlaps (S6.2, S6.4).


def test_losses_overlap_by_the_largest_the_sum_or_by_chance() -> None:
    services = {"a": Service(minutes((0, 1), (10, 0), (30, 1))), "b": Service(minutes((0, 1), (20, 0.5), (40, 1)))}
    segment = of_one(Group(1000, {"a": 0.6, "b": 0.5}), services, 60 * MINUTE)
    # 10 to 20: a alone, 600. 20 to 30: 0.6 and 0.25 together. 30 to 40: b alone, 250.
    both = approximately(600, 1000 * (1 - 0.4 * 0.75), 850)
    assert segment.curve == [
        (0, Range(0, 0, 0)),
        (10 * MINUTE, approximately(600, 600, 600)),
        (20 * MINUTE, both),
        (30 * MINUTE, approximately(250, 250, 250)),
        (40 * MINUTE, Range(0, 0, 0)),
    ]
    assert segment.affected == segment.peak == both
    assert segment.lost_user_minutes == approximately(14_500, 15_500, 17_000)
    assert segment.out_ms == Range(0, 0, 0)


def test_the_sum_of_losses_is_at_most_everybody() -> None:
    services = {name: Service(minutes((0, 0), (6, 1))) for name in "ab"}
    segment = of_one(Group(10, {"a": 0.8, "b": 0.7}), services, 10 * MINUTE)
    assert segment.affected == approximately(8, 10 * (1 - 0.2 * 0.3), 10)
    # Out by the upper bound only.
    assert segment.out_ms == Range(0, 0, 6 * MINUTE)


def test_a_service_that_nobody_in_the_segment_uses_affects_nobody() -> None:
    segment = of_one(Group(10, {"b": 1.0}), {"a": Service(minutes((0, 0)))}, HOUR)
    assert segment.affected == segment.lost_user_minutes == Range(0, 0, 0)


def test_what_is_not_restored_counts_until_the_end() -> None:
    segment = of_one(Group(50, {"a": 1.0}), {"a": Service(minutes((0, 1), (10, 0)))}, 25 * MINUTE)
    assert segment.lost_user_minutes == approximately(750, 750, 750)
    assert segment.out_ms == Range(15 * MINUTE, 15 * MINUTE, 15 * MINUTE)


def test_of_several_segments_all_affected_are_the_sum_and_the_peak_is_at_one_time() -> None:
    services = {"a": Service(minutes((0, 0), (10, 1))), "b": Service(minutes((0, 1), (10, 0), (30, 1)))}
    groups = {"early": Group(300, {"a": 1.0}), "late": Group(500, {"b": 1.0})}
    _, together = count(services, groups, HOUR)
    assert together.affected == Range(800, 800, 800)
    assert together.peak == Range(500, 500, 500)
    assert together.lost_user_minutes == approximately(13_000, 13_000, 13_000)
    assert [at_ms for at_ms, _ in together.curve] == [0, 10 * MINUTE, 30 * MINUTE]


def test_the_last_digits_do_not_depend_on_which_service_failed_first() -> None:
    uses = {"a": 0.1, "b": 0.2, "c": 0.3, "d": 0.15}
    ends = set()
    for order in permutations(uses):
        services = {name: Service([(0, 1.0), (10 + order.index(name), 0.0)]) for name in uses}
        ends.add(of_one(Group(1, uses), services, 100).curve[-1][1])
    assert len(ends) == 1


# Activity (S6.1).


def test_activity_makes_the_same_outage_smaller_at_night() -> None:
    services = {"a": Service(minutes((0, 0), (90, 1)))}
    group = Group(1000, {"a": 1.0}, activity=minutes((0, 0.1), (60, 0.5)))
    segment = of_one(group, services, 3 * HOUR)
    assert segment.peak == approximately(500, 500, 500)
    assert segment.lost_user_minutes == approximately(21_000, 21_000, 21_000)
    # All of the segment is without service, however few of them are there.
    assert segment.out_ms == Range(90 * MINUTE, 90 * MINUTE, 90 * MINUTE)


@pytest.mark.parametrize(
    ("zone", "starts", "steps"),
    [
        # Clocks go from 2 to 3: the hour from 2 does not exist.
        ("Europe/Rome", "2026-03-29T00:30+01:00", [(0, 0), (30, 1), (90, 3), (150, 4), (210, 5)]),
        # Clocks go from 3 back to 2: the hour from 2 comes twice.
        ("Europe/Rome", "2026-10-25T00:30+02:00", [(0, 0), (30, 1), (90, 2), (210, 3)]),
        # Half an hour off, so the hours begin at half past in UTC.
        ("Asia/Kolkata", "2026-03-02T14:10+00:00", [(0, 19), (20, 20), (80, 21), (140, 22), (200, 23)]),
        ("Asia/Kathmandu", "2026-03-02T14:10+00:00", [(0, 19), (5, 20), (65, 21), (125, 22), (185, 23)]),
        # At 2 the clocks go back by half an hour: the hour from 1 has 90 minutes.
        ("Australia/Lord_Howe", "2026-04-05T00:30+11:00", [(0, 0), (30, 1), (120, 2), (180, 3)]),
        # The start's own offset does not matter, nor do seconds get lost.
        ("UTC", "2026-03-02T14:59:30+05:00", [(0, 9), (0.5, 10), (60.5, 11), (120.5, 12), (180.5, 13)]),
    ],
)
def test_hours_are_those_of_the_zone_whatever_its_clocks_do(
    zone: str, starts: str, steps: list[tuple[float, int]]
) -> None:
    found = activity_steps(zone, HOURS, datetime.fromisoformat(starts), 225 * MINUTE)
    assert found == [(round(at * MINUTE), HOURS[hour]) for at, hour in steps]


def test_hours_with_the_same_share_are_one_step() -> None:
    shares = [0.2] * 8 + [1.0] * 10 + [0.2] * 6
    steps = activity_steps("Europe/Rome", shares, datetime.fromisoformat("2026-03-02T07:00+01:00"), 24 * HOUR)
    assert steps == [(0, 0.2), (HOUR, 1.0), (11 * HOUR, 0.2)]


# Workarounds (S6.3).


def loss_of(service: Service) -> Steps:
    """Return how much of a service is lost to somebody who uses nothing else."""
    return [(at_ms, people.high) for at_ms, people in of_one(Group(1, {"s": 1.0}), {"s": service}, 24 * HOUR).curve]


DOWN_FOR_100_MINUTES = minutes((0, 1), (10, 0), (110, 1))


def test_a_workaround_covers_its_share_in_its_window_only() -> None:
    workaround = Workaround(0.6, 30 * MINUTE, 40 * MINUTE, [(0, 1.0)])
    loss = loss_of(Service(DOWN_FOR_100_MINUTES, [workaround]))
    assert loss == [
        (0, 0),
        (10 * MINUTE, 1),
        (40 * MINUTE, pytest.approx(0.4)),
        (80 * MINUTE, 1),
        (110 * MINUTE, 0),
    ]


def test_the_clock_of_a_workaround_begins_anew_with_each_loss_and_runs_on_while_it_deepens() -> None:
    levels = minutes((0, 1), (10, 0.5), (20, 0), (30, 1), (100, 0.5))
    loss = loss_of(Service(levels, [Workaround(1.0, 15 * MINUTE, -1, [(0, 1.0)])]))
    assert loss == minutes((0, 0), (10, 0.5), (20, 1), (25, 0), (100, 0.5), (115, 0))


def test_a_workaround_that_comes_after_the_loss_covers_nothing() -> None:
    loss = loss_of(Service(DOWN_FOR_100_MINUTES, [Workaround(1.0, 100 * MINUTE, -1, [(0, 1.0)])]))
    assert loss == minutes((0, 0), (10, 1), (110, 0))


def test_a_workaround_can_be_down_itself() -> None:
    needs = minutes((0, 1), (50, 0), (70, 0.2))
    loss = loss_of(Service(DOWN_FOR_100_MINUTES, [Workaround(0.6, 30 * MINUTE, -1, needs)]))
    assert [(at_ms // MINUTE, round(value, 9)) for at_ms, value in loss] == [
        *((0, 0), (10, 1), (40, 0.4), (50, 1), (70, 0.4), (110, 0))
    ]


def test_of_several_workarounds_the_best_counts() -> None:
    workarounds = [Workaround(0.3, 0, -1, [(0, 1.0)]), Workaround(0.9, 20 * MINUTE, 30 * MINUTE, [(0, 1.0)])]
    loss = loss_of(Service(DOWN_FOR_100_MINUTES, workarounds))
    assert [(at_ms // MINUTE, round(value, 9)) for at_ms, value in loss] == [
        *((0, 0), (10, 0.7), (30, 0.1), (60, 0.7), (110, 0))
    ]


# Counts per service (S6.5).


def test_counts_per_service_give_bounds_and_no_estimate() -> None:
    services = {"a": Service(minutes((0, 0), (10, 1))), "b": Service(minutes((0, 1), (10, 0), (30, 1)))}
    counts = {"a": 300.0, "b": 400.0, "unaffected": 10_000.0}
    parts, together = count(services, {"population": Group(500, counts, is_population=True)}, HOUR)
    of_all = parts["population"]
    # Both were down once, though never together.
    assert of_all.affected == Range(400, None, 500)
    assert of_all.peak == Range(400, None, 400)
    assert of_all.lost_user_minutes == approximately(11_000, None, 11_000)
    assert together.affected.estimate is None


def test_without_a_population_only_the_sum_bounds_them() -> None:
    services = {name: Service(minutes((0, 0), (10, 0.5))) for name in "ab"}
    group = Group(UNKNOWN, {"a": 300.0, "b": 400.0}, is_population=True)
    of_all = of_one(group, services, 20 * MINUTE)
    assert of_all.affected == of_all.peak == Range(400, None, 700)
    assert of_all.lost_user_minutes == approximately(6000, None, 10_500)


def test_an_estimate_of_all_needs_one_of_each() -> None:
    services = {"a": Service(minutes((0, 0)))}
    groups = {"segment": Group(100, {"a": 1.0}), "population": Group(90, {"a": 70.0}, is_population=True)}
    parts, together = count(services, groups, MINUTE)
    assert parts["segment"].affected == Range(100, 100, 100)
    assert together.affected == Range(170, None, 170)


# Windows, roots, and what is not looked at.


def counted(crowd: Crowd, services: dict[str, Service], groups: dict[str, Group], *window: int) -> Crowd:
    assert count_users(audience_of(services, groups), crowd, record_of(services, groups), *window) == DONE
    return crowd


def test_only_the_window_is_counted_but_what_was_before_matters() -> None:
    workaround = Workaround(0.5, 20 * MINUTE, -1, [(0, 1.0)])
    services = {"a": Service(minutes((0, 1), (10, 0), (60, 1)), [workaround])}
    groups = {"all": Group(100, {"a": 1.0})}
    crowd = new_crowd(audience_of(services, groups))
    # From 10 all, from 30 half of them: in the window all for 5 minutes and half for 20.
    counted(crowd, services, groups, 25 * MINUTE, 50 * MINUTE)
    assert crowd.lost_user_minutes == [1500.0] * 6
    assert crowd.peak[:3] == crowd.affected[:3] == [100.0] * 3
    assert crowd.out_ms[:3] == [5 * MINUTE] * 3
    # What ends as the window begins is not in it; what begins as it ends is.
    counted(crowd, services, groups, 30 * MINUTE, 40 * MINUTE)
    assert crowd.peak == [50.0] * 6
    counted(crowd, services, groups, 0, 10 * MINUTE)
    assert (crowd.peak[0], crowd.lost_user_minutes[0]) == (100.0, 0.0)


def test_what_is_lost_is_charged_to_what_the_outages_go_back_to_by_their_shares() -> None:
    services = {
        "a": Service(minutes((0, 1), (10, 0), (40, 1)), roots=[-1, 2, -1]),
        "b": Service(minutes((0, 1), (20, 0.5), (30, 0), (50, 1)), roots=[-1, 0, 3, -1]),
    }
    groups = {"segment": Group(1000, {"a": 0.6, "b": 0.2})}
    crowd = counted(new_crowd(audience_of(services, groups), n_roots=5), services, groups, 0, HOUR)
    # 10 to 20 a alone; 20 to 30 with 0.1 of b, by root 0; 30 to 40 with 0.2 of it, by root 3; 40 to 50 b alone.
    both, deep = 1000 * (1 - 0.4 * 0.9), 1000 * (1 - 0.4 * 0.8)
    assert crowd.lost_by_root == pytest.approx(
        [10 * both / 7, 0, 6000 + 10 * both * 6 / 7 + 10 * deep * 3 / 4, 10 * deep / 4 + 2000, 0]
    )
    assert sum(crowd.lost_by_root) == pytest.approx(crowd.lost_user_minutes[4])
    # b was only degraded while its outage went back to 0.
    assert crowd.service_down_by_root == [0, 0, 30 * MINUTE, 20 * MINUTE, 0]


def test_of_a_population_the_upper_bound_is_charged_and_what_goes_back_to_nothing_to_nobody() -> None:
    services = {"a": Service(minutes((0, 0)), roots=[1]), "b": Service(minutes((0, 0)))}
    groups = {"population": Group(350, {"a": 300.0, "b": 100.0}, is_population=True)}
    crowd = counted(new_crowd(audience_of(services, groups), n_roots=2), services, groups, 0, 10 * MINUTE)
    assert crowd.lost_by_root == pytest.approx([0, 10 * 350 * 3 / 4])


class LookedUp(list[float]):
    """A column that counts how often it is read."""

    times = 0

    def __getitem__(self, place: int) -> float:  # type: ignore[override]
        self.times += 1
        return super().__getitem__(place)


def test_hours_at_which_nobody_is_affected_are_not_looked_at() -> None:
    services = {"a": Service([(0, 1.0), (500 * HOUR, 0.0), (502 * HOUR, 1.0)])}
    groups = {"segment": Group(10, {"a": 1.0}, activity=[(hour * HOUR, hour % 2 / 2) for hour in range(1000)])}
    audience = audience_of(services, groups)
    shares = LookedUp(audience.activity_share)
    crowd = new_crowd(audience)
    assert (
        count_users(audience._replace(activity_share=shares), crowd, record_of(services, groups), 0, 1000 * HOUR) == 0
    )
    assert crowd.lost_user_minutes == [300.0] * 6
    assert shares.times <= 3


@pytest.mark.parametrize(("until", "status"), [(89, MORE_ACTIVITY), (90, DONE), (300, DONE)])
def test_activity_must_be_known_only_while_people_are_affected(until: int, status: int) -> None:
    services = {"a": Service(minutes((0, 0), (91, 1)))}
    groups = {"segment": Group(10, {"a": 1.0}, activity=minutes((0, 0.1), (90, 0.5), (200, 1)))}
    audience = audience_of(services, groups, until * MINUTE)
    crowd = new_crowd(audience)
    assert count_users(audience, crowd, record_of(services, groups), 0, 90 * MINUTE) == status
    if status == DONE:
        assert crowd.peak[:3] == [5.0] * 3
    # Somebody is affected up to the end of the 90th minute only.
    assert (count_users(audience, crowd, record_of(services, groups), 0, HOUR * 24) == DONE) == (until >= 91)


def test_sums_of_many_groups_do_not_drift() -> None:
    names = [f"s{i}" for i in range(100)]
    services = {
        name: Service([(0, 1.0), *((at + i, at // 10 % 2 * 1.0) for at in range(100, 2100, 10))])
        for i, name in enumerate(names)
    }
    groups = {name: Group(0.1 * (i + 1), {name: 1.0}) for i, name in enumerate(names)}
    parts, together = count(services, groups, 5000)
    assert all(part.curve[-1][1] == Range(0, 0, 0) for part in parts.values())
    assert together.curve[-1][1] == Range(0, 0, 0)
