"""What comes back from all-down, and the fewest starts by hand: worked out by hand."""

from __future__ import annotations

import random

import pytest

from exact.restarts import Answer, Words, dense, served_at_the_end, to

POWER_AND_HOSTS = {
    "grid": {"kind": "power"},
    "site": {"kind": "site", "needs": ["grid"], "restart": "5m"},
    "host": {"kind": "host", "at": "site", "restart": "3m"},
    "shop": {"needs": ["host"]},
}


def test_each_wave_waits_for_the_one_before_to_serve() -> None:
    answer = Answer(POWER_AND_HOSTS)
    assert answer.waves == [(["grid"], []), (["site"], []), (["host"], []), (["shop"], [])]
    assert answer.stuck == answer.by_hand == []


def test_two_that_start_only_with_each_other_take_one_start_by_hand() -> None:
    answer = Answer(
        {
            "dns": {"kind": "tool", "needs": [to("start", "log-in")]},
            "log-in": {"kind": "tool", "needs": [to("start", "dns")]},
            "shop": {"needs": ["log-in"]},
            "bank": {},
        }
    )
    assert answer.stuck == ["dns", "log-in", "shop"]
    assert answer.by_hand == ["dns"]
    assert answer.found.is_smallest
    (circle,) = answer.found.circles
    assert answer.ids(circle.members) == ["dns", "log-in"]
    assert answer.ids(member for _, member in circle.way) == ["log-in", "dns"]
    assert answer.ids(circle.or_start) == ["log-in"]
    assert answer.ids(circle.holds_up) == ["dns", "log-in", "shop"]
    assert answer.waves == [(["shop", "bank"], ["dns"]), (["log-in"], [])]


def test_a_circle_of_needs_to_run_keeps_itself_up() -> None:
    answer = Answer({"a": {"needs": ["b"]}, "b": {"needs": ["c"], "restart": "1m"}, "c": {"needs": ["a"]}})
    assert answer.stuck == []
    assert answer.waves == [(["a", "b", "c"], [])]


def test_what_waits_for_a_circle_of_needs_to_run_starts_once_all_of_it_runs() -> None:
    answer = Answer(
        {
            "a": {"needs": ["b"]},
            "b": {"needs": ["a"], "at": "site"},
            "site": {"kind": "site"},
            "last": {"needs": [to("start", "a")]},
        }
    )
    assert answer.waves == [(["a", "site"], []), (["b"], []), (["last"], [])]


def test_no_start_by_hand_helps_power_and_doors_that_need_each_other_to_stay_up() -> None:
    answer = Answer(
        {
            "power": {"kind": "power", "needs": [to("stay_up", "doors")], "restart": "1m"},
            "doors": {"kind": "tool", "needs": [to("stay_up", "power")], "restart": "1m"},
            "office": {"kind": "site", "needs": ["power"]},
        }
    )
    assert answer.stuck == answer.lost == ["power", "doors", "office"]
    assert answer.by_hand == []
    (circle,) = answer.found.circles
    assert (circle.drop, circle.or_drop) == ((0,), (1,))
    assert answer.ids(circle.members) == ["power", "doors"]
    assert answer.ids(circle.holds_up) == ["power", "doors", "office"]


def test_two_that_start_in_no_time_keep_each_other_up_when_both_are_started_in_one_instant() -> None:
    answer = Answer(
        {
            "power": {"kind": "power", "needs": [to("stay_up", "doors")]},
            "doors": {"kind": "tool", "needs": [to("stay_up", "power")]},
        }
    )
    assert answer.lost == []
    assert answer.by_hand == ["power", "doors"]
    assert answer.waves == [([], ["power", "doors"])]


def test_a_start_by_hand_needs_what_it_takes_to_stay_up() -> None:
    host = {"kind": "host", "at": "site", "restart": "1m"}
    answer = Answer(
        {
            "site": {"kind": "site", "restart": "1h"},
            "a": {**host, "needs": [to("start", "b")]},
            "b": {**host, "needs": [to("start", "a")]},
        }
    )
    assert answer.waves == [(["site"], []), ([], ["a"]), (["b"], [])]


@pytest.mark.parametrize(("quorum", "starts"), [(1, 1), (2, 2), (3, 3)])
def test_a_cluster_whose_members_need_a_quorum_to_start_takes_that_many_starts(quorum: int, starts: int) -> None:
    names = [f"node-{i}" for i in range(4)]
    cluster: Words = {
        name: {
            "kind": "host",
            "needs": [{"at_least": quorum, "of": [other for other in names if other != name], "to": "start"}],
        }
        for name in names
    }
    answer = Answer(cluster)
    assert len(answer.by_hand) == starts
    assert answer.found.is_smallest


def test_any_member_of_a_pool_with_capacity_lets_its_user_start() -> None:
    pool = {"pool": {"big": 90, "small": 10, "none": 0}, "demand": 100, "to": "start"}
    circular = {"needs": [to("start", "shop")]}
    alone = Answer({"shop": {"needs": [pool]}, "big": circular, "small": {}, "none": circular})
    assert alone.stuck == []
    stuck = Answer({"shop": {"needs": [pool]}, "big": circular, "small": circular, "none": {}})
    assert stuck.stuck == ["shop", "big", "small"]
    assert stuck.by_hand == ["shop"]


def test_soft_needs_stop_nothing() -> None:
    answer = Answer({"a": {"needs": [{"component": "b", "impact": 0.5}]}, "b": {"needs": [to("start", "a")]}})
    assert answer.stuck == []


def test_the_starts_of_circles_one_behind_the_other_add_up() -> None:
    components: Words = {}
    for i in range(4):
        behind = [to("start", f"right-{i - 1}")] if i else []
        components[f"left-{i}"] = {"needs": [to("start", f"right-{i}"), *behind]}
        components[f"right-{i}"] = {"needs": [to("start", f"left-{i}"), *behind]}
    answer = Answer(components)
    assert answer.by_hand == [f"left-{i}" for i in range(4)]
    assert [answer.ids(circle.members) for circle in answer.found.circles] == [
        [f"left-{i}", f"right-{i}"] for i in range(4)
    ]
    assert [len(circle.holds_up) for circle in answer.found.circles] == [8, 6, 4, 2]


def test_one_start_that_opens_two_circles_is_preferred_to_two() -> None:
    answer = Answer(
        {
            "a": {"needs": [to("start", "both")]},
            "b": {"needs": [to("start", "both")]},
            "both": {"needs": [to("start", "a", "b")]},
        }
    )
    assert answer.by_hand == ["both"]
    assert answer.found.circles[0].or_start == ()


def test_what_waits_to_start_for_something_lost_is_started_by_hand() -> None:
    answer = Answer(
        {
            "x": {"needs": [to("stay_up", "y")], "restart": "1m"},
            "y": {"needs": [to("stay_up", "x")], "restart": "1m"},
            "z": {"needs": [to("start", "x")]},
        }
    )
    assert answer.lost == ["x", "y"]
    assert answer.by_hand == ["z"]
    single, circle = answer.found.circles
    assert (answer.ids(single.members), answer.ids(member for _, member in single.way)) == (["z"], ["x"])
    assert answer.ids(circle.holds_up) == ["x", "y", "z"]


def test_what_serves_nothing_in_normal_operation_is_not_called_stuck() -> None:
    dead = [{"use": name, "fails_to_start": 1} for name in ("a", "b")]
    waits = {"needs": [to("start", "never")]}
    assert Answer({"a": {}, "b": {}, "never": {"needs": [{"any_of": dead}]}}).stuck == []
    answer = Answer({"a": {}, "b": {}, "never": {"needs": [{"any_of": dead}]}, "waits": waits})
    assert (answer.stuck, answer.by_hand) == (["waits"], ["waits"])


def test_a_search_that_runs_out_of_work_gives_an_upper_bound_and_says_so() -> None:
    components = dense(12, 3, random.Random(4))
    proven, hurried = Answer(components), Answer(components, most_work=0)
    assert proven.found.is_smallest
    assert not hurried.found.is_smallest
    assert len(hurried.by_hand) >= len(proven.by_hand) > 1
    assert not set(hurried.stuck) - set(served_at_the_end(components, hurried.by_hand))
