"""Single points of failure: those of known graphs, and the same as following every failure by itself."""

from __future__ import annotations

import random
from typing import Any

import pytest

from agreement.random_systems import PROFILES, random_case
from impactsim.compiled import GROUP, POOL, Causes, Compiled
from impactsim.compiler import compile_causes, compile_system
from impactsim.exact.propagation import Criterion, Propagation, counts
from impactsim.exact.single import SinglePoints, single_points
from impactsim.files.reading import validate_system
from impactsim.model.system import System

Words = dict[str, Any]
NO_CAUSES = Causes([0], [], [])


class Points:
    """The single points of all components of a system, by their ids."""

    def __init__(self, components: Words, causes: Words | None = None, **how: Any) -> None:
        words = {"impactsim": 1, "name": "Test", "components": components, "common_causes": causes or {}}
        # Not all of these systems are sensible: some pools are too small.
        system = System.model_validate(words)
        compiled, names = compile_system(system)
        self.names = [*components, *(causes or {})]
        if "targets" in how:
            how["targets"] = [self.names.index(name) for name in how["targets"]]
        if "events" in how:
            how["events"] = [self.names.index(name) for name in how["events"]]
        targets = how.pop("targets", range(len(components)))
        self.found = single_points(compiled, compile_causes(system, names), targets, **how)

    def of(self, target: str) -> set[str]:
        return {self.names[event] for event in self.found.of(self.names.index(target))}

    def takes_down(self, event: str) -> set[str]:
        return {self.names[target] for target in self.found.takes_down(self.names.index(event))}

    @property
    def down_anyway(self) -> set[str]:
        return {self.names[target] for target in self.found.down_anyway}


WAYS: tuple[Words, ...] = ({"follow": 1e9}, {"follow": -1.0}, {"follow": -1.0, "block": 2})
"""Each event by itself, all together in one block, all together in blocks of two."""
either_way = pytest.mark.parametrize("how", WAYS, ids=("followed", "together", "in blocks"))


# ---- Known graphs ----


@either_way
def test_all_of_a_chain_takes_down_its_end(how: Words) -> None:
    points = Points({"shop": {"needs": ["db"]}, "db": {"needs": ["disk"]}, "disk": {}, "other": {}}, **how)
    assert points.of("shop") == {"shop", "db", "disk"}
    assert points.of("disk") == {"disk"}
    assert points.takes_down("disk") == {"disk", "db", "shop"}
    assert points.takes_down("other") == {"other"}


@either_way
def test_two_providers_are_no_single_point_but_the_duct_of_both_is(how: Words) -> None:
    components = {
        "shop": {"needs": [{"any_of": ["isp-a", "isp-b"]}]},
        "isp-a": {"needs": ["duct", "mast"]},
        "isp-b": {"needs": ["duct"]},
        "duct": {},
        "mast": {},
    }
    points = Points(components, **how)
    assert points.of("shop") == {"shop", "duct"}
    assert points.of("isp-a") == {"isp-a", "duct", "mast"}


@either_way
def test_a_quorum_falls_with_what_takes_more_members_than_it_can_lose(how: Words) -> None:
    # Two of five may go. The rack has two members, the row has three; no member alone matters.
    nodes = {f"n{i}": {"needs": [["rack", "row"], ["rack", "row"], ["row"], [], []][i]} for i in range(5)}
    components = {"store": {"needs": [{"at_least": 3, "of": list(nodes)}]}, "rack": {}, "row": {}, **nodes}
    points = Points(components, **how)
    assert points.of("store") == {"store", "row"}
    assert points.of("n0") == {"n0", "rack", "row"}


@either_way
def test_a_quorum_of_all_but_one_falls_with_two_members(how: Words) -> None:
    nodes = {"a": {"needs": ["rack"]}, "b": {"needs": ["rack"]}, "c": {}}
    components = {"store": {"needs": [{"at_least": 2, "of": list(nodes)}]}, "rack": {}, **nodes}
    assert Points(components, **how).of("store") == {"store", "rack"}


@either_way
def test_a_common_cause_is_a_point_of_what_needs_any_of_those_it_strikes(how: Words) -> None:
    components = {"shop": {"needs": [{"any_of": ["a", "b"]}]}, "a": {}, "b": {}, "c": {}}
    causes = {"digger": {"strikes": {"a": 1, "b": 0.5}}, "flood": {"strikes": {"a": 1, "c": 1}}}
    points = Points(components, causes, **how)
    assert points.of("shop") == {"shop", "digger"}
    assert points.of("a") == {"a", "digger", "flood"}
    assert points.takes_down("flood") == {"a", "c"}


@either_way
def test_a_circle_keeps_itself_up_and_falls_with_any_of_it(how: Words) -> None:
    components = {
        "power": {"needs": ["control"]},
        "control": {"needs": ["net"]},
        "net": {"needs": ["power", {"any_of": ["line-a", "line-b"]}]},
        "line-a": {},
        "line-b": {},
        "shop": {"needs": ["control"]},
    }
    points = Points(components, **how)
    assert points.down_anyway == set()
    assert points.of("shop") == {"shop", "power", "control", "net"}
    assert points.of("power") == {"power", "control", "net"}


@either_way
def test_two_that_can_stand_in_for_each_other_do_not_take_each_other_down(how: Words) -> None:
    # Each needs the other or the mains: in a circle, and yet no failure goes on.
    components = {
        "a": {"needs": [{"any_of": ["mains", "b"]}]},
        "b": {"needs": [{"any_of": ["mains", "a"]}]},
        "mains": {},
    }
    points = Points(components, **how)
    # Without the mains each is kept up by the other: the greatest fixed point of "up" (S8).
    assert points.of("a") == {"a"}
    assert points.takes_down("mains") == {"mains"}


@either_way
def test_only_hard_needs_to_run_or_to_stay_up_count(how: Words) -> None:
    components = {
        "shop": {
            "needs": [
                {"component": "search", "impact": "30%"},
                {"component": "boot", "to": "start"},
                {"component": "badge", "to": "repair"},
                {"component": "power", "to": "stay_up"},
            ]
        },
        **{name: {} for name in ("search", "boot", "badge", "power")},
    }
    assert Points(components, **how).of("shop") == {"shop", "power"}
    assert Points(components, criterion=Criterion.DEGRADED, **how).of("shop") == {"shop", "power", "search"}


@either_way
def test_a_pool_falls_with_all_and_is_degraded_by_those_it_cannot_spare(how: Words) -> None:
    components = {
        "calls": {"needs": [{"pool": {"big": 60, "small": 20, "spare": 40}, "demand": 80}]},
        "big": {"needs": ["site"]},
        "small": {},
        "spare": {"needs": ["site"]},
        "site": {},
    }
    # 120 in all: 20 or 40 less still carry 80, 60 less do not.
    assert Points(components, criterion=Criterion.DEGRADED, **how).of("calls") == {"calls", "big", "site"}
    assert Points(components, **how).of("calls") == {"calls"}


@either_way
def test_what_is_never_met_needs_no_event(how: Words) -> None:
    components = {
        "calls": {"needs": [{"pool": {"a": 30, "b": 30}, "demand": 100}]},
        "desk": {"needs": ["calls"]},
        "shop": {"needs": [{"at_least": 2, "of": ["desk", "a", "b"]}]},
        "a": {},
        "b": {},
    }
    points = Points(components, criterion=Criterion.DEGRADED, **how)
    assert points.down_anyway == {"calls", "desk"}
    assert points.of("calls") == points.of("desk") == set()
    # One of three is gone from the start, so each of the others is a single point.
    assert points.of("shop") == {"shop", "a", "b"}
    assert points.takes_down("a") == {"a", "shop"}
    assert points.takes_down("desk") == set()
    assert Points(components, **how).down_anyway == set()


@either_way
def test_only_events_that_can_happen_are_points(how: Words) -> None:
    components = {"shop": {"needs": ["db"]}, "db": {"needs": ["disk"]}, "disk": {}}
    causes = {"flood": {"strikes": {"disk": 1}}}
    points = Points(components, causes, events=["disk", "flood"], **how)
    assert points.of("shop") == points.of("disk") == {"disk", "flood"}
    assert points.takes_down("db") == set()
    assert {points.names[event] for event in points.found.events} == {"disk", "flood"}


def test_only_targets_are_reported() -> None:
    components = {"shop": {"needs": ["db"]}, "db": {}, "blog": {"needs": ["db"]}, "wiki": {}}
    points = Points(components, targets=["blog"])
    assert points.of("blog") == {"blog", "db"}
    assert points.takes_down("db") == {"blog"}
    assert points.takes_down("wiki") == set()
    with pytest.raises(KeyError):
        points.of("shop")


def test_a_system_without_events_has_no_single_points() -> None:
    points = Points({"shop": {}}, events=[])
    assert points.of("shop") == set()
    assert points.found.events == []


# ---- Against each failure by itself ----


def compiled_case(seed: int) -> tuple[Compiled, Causes]:
    """Return a random system with two common causes more: those of the generator are rare."""
    words = random_case(seed)[0]
    rng = random.Random(f"causes {seed}")
    names = list(words["components"])
    causes = words.setdefault("common_causes", {})
    for i in range(2):
        struck = rng.sample(names, rng.randint(1, min(3, len(names))))
        causes[f"more{i}"] = {"strikes": dict.fromkeys(struck, 0.5)}
    system = validate_system(words).system
    compiled, names_of = compile_system(system)
    return compiled, compile_causes(system, names_of)


def assert_as_followed(compiled: Compiled, causes: Causes, criterion: Criterion, **how: Any) -> SinglePoints:
    propagation = Propagation(compiled, causes, criterion)
    components = range(propagation.n_components)
    down_anyway = propagation.down(())
    found = single_points(compiled, causes, components, criterion, **how)
    assert set(found.down_anyway) == down_anyway
    down_after = {
        event: propagation.down((event,)) - down_anyway
        for event in range(propagation.n_components + len(causes.strike_from) - 1)
    }
    for event, down in down_after.items():
        assert found.takes_down(event) == sorted(down)
    for target in components:
        expected = [event for event, down in down_after.items() if target in down]
        assert found.of(target) == expected
        assert found.count(target) == len(expected)
    return found


@either_way
@pytest.mark.parametrize("criterion", Criterion)
@pytest.mark.parametrize("profile", range(len(PROFILES)))
def test_random_systems_have_the_points_of_following_each_failure(
    profile: int, criterion: Criterion, how: Words
) -> None:
    for seed in range(profile, 30 * len(PROFILES), len(PROFILES)):
        assert_as_followed(*compiled_case(seed), criterion, **how)


def test_the_random_systems_hold_what_is_hard() -> None:
    cases = [compiled_case(seed)[0] for seed in range(30 * len(PROFILES))]
    assert sum(max(case.circle) >= 0 for case in cases) > 100
    assert sum(GROUP in case.need_form for case in cases) > 100
    assert sum(_has_quorum(case) for case in cases) > 50
    degraded = Criterion.DEGRADED
    assert sum(any(_is_pool(case, need, degraded) for need in range(len(case.need_form))) for case in cases) > 100


def _has_quorum(case: Compiled) -> bool:
    sizes = [case.slot_from[need + 1] - case.slot_from[need] for need in range(len(case.need_form))]
    return any(1 < k < size for k, size in zip(case.need_k, sizes, strict=True))


def _is_pool(case: Compiled, need: int, criterion: Criterion) -> bool:
    return case.need_form[need] == POOL and counts(case, need, criterion)


def layered(components: int, seed: int) -> tuple[Compiled, Causes]:
    """Return a graph in which much goes down, with a few circles."""
    rng = random.Random(f"layered {seed}")
    words: Words = {}
    for number in range(components):
        before = [f"c{other}" for other in rng.sample(range(number), min(number, 6))]
        needs: list[Any] = before[:2]
        if len(before) == 6:
            needs += [{"any_of": before[2:4]}] if rng.random() < 0.5 else [{"at_least": 2, "of": before[3:]}]
        words[f"c{number}"] = {"needs": needs if rng.random() < 0.8 else []}
    for first in range(50, components - 3, 50):
        # Each of three keeps the next up, the first with somebody else's help.
        words[f"c{first}"] = {"needs": [{"any_of": [f"c{first + 2}", f"c{first - 7}"]}]}
        words[f"c{first + 1}"]["needs"] = [f"c{first}", f"c{first - 20}"]
        words[f"c{first + 2}"]["needs"] = [f"c{first + 1}"]
    compiled, _ = compile_system(System.model_validate({"impactsim": 1, "name": "Layered", "components": words}))
    return compiled, NO_CAUSES


@pytest.mark.parametrize("how", [{}, {"follow": -1.0}, {"follow": 40.0}, {"follow": -1.0, "block": 100}])
def test_a_graph_in_which_much_goes_down_has_the_points_of_following_each_failure(how: Words) -> None:
    compiled, causes = layered(700, seed=1)
    found = assert_as_followed(compiled, causes, Criterion.DOWN, **how)
    assert sum(circle >= 0 for circle in compiled.circle) == 3 * 13
    # In a block of 700, what has more than 53 has them as bits, the others as a list.
    assert max(map(found.count, range(700))) > 60


def test_a_few_targets_have_the_same_points_as_among_all() -> None:
    compiled, causes = layered(700, seed=2)
    among_all = single_points(compiled, causes, range(700))
    few = [3, 350, 699]
    alone = single_points(compiled, causes, few)
    assert [alone.of(target) for target in few] == [among_all.of(target) for target in few]
    for event in range(700):
        assert alone.takes_down(event) == [target for target in among_all.takes_down(event) if target in few]


def test_events_are_followed_until_they_take_down_much() -> None:
    # Three thousand of which none needs another, then a chain of a thousand: lists first, bits after.
    components: Words = {f"a{i}": {} for i in range(3000)}
    components |= {f"b{i}": {"needs": [f"b{i - 1}"] if i else []} for i in range(1000)}
    compiled, _ = compile_system(System.model_validate({"impactsim": 1, "name": "Chain", "components": components}))
    found = single_points(compiled, NO_CAUSES, range(4000))
    assert found.of(2999) == [2999]
    assert [found.count(3000 + i) for i in range(1000)] == list(range(1, 1001))
    assert found.of(3999) == list(range(3000, 4000))
    assert found.takes_down(3000) == list(range(3000, 4000))
    assert found.takes_down(3999) == [3999]


@pytest.mark.parametrize("block", [7, 300, 1000])
def test_blocks_do_not_change_what_takes_down_much(block: int) -> None:
    components: Words = {f"c{i}": {"needs": [f"c{i - 1}"] if i else []} for i in range(900)}
    compiled, _ = compile_system(System.model_validate({"impactsim": 1, "name": "Chain", "components": components}))
    found = single_points(compiled, NO_CAUSES, range(900), follow=-1.0, block=block)
    for i in range(0, 900, 37):
        assert found.of(i) == list(range(i + 1))
        assert found.takes_down(i) == list(range(i, 900))


@pytest.mark.parametrize("criterion", Criterion)
@pytest.mark.parametrize("seed", range(20))
def test_pools_and_quorums_hold_under_any_set_of_members(seed: int, criterion: Criterion) -> None:
    rng = random.Random(f"sets {seed}")
    members = [f"m{i}" for i in range(rng.randint(5, 8))]
    capacities = {name: rng.choice((10, 20, 30, 35, 50, 75)) for name in members}
    components: Words = {
        "pool": {"needs": [{"pool": capacities, "demand": round(sum(capacities.values()) * rng.uniform(0.3, 0.9))}]},
        "quorum": {"needs": [{"at_least": rng.randint(1, len(members)), "of": members}]},
        **{name: {} for name in members},
    }
    # As many common causes as sets of members are likely to differ.
    sets = [rng.sample(members, rng.randint(1, len(members))) for _ in range(80)]
    causes = {f"cause{i}": {"strikes": dict.fromkeys(struck, 1)} for i, struck in enumerate(sets)}
    words = {"impactsim": 1, "name": "Sets", "components": components, "common_causes": causes}
    system = System.model_validate(words)
    compiled, names = compile_system(system)
    assert_as_followed(compiled, compile_causes(system, names), criterion, follow=-1.0)
    assert_as_followed(compiled, compile_causes(system, names), criterion, follow=1e9)
