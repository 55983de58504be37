"""What comes back from all-down, and the fewest starts by hand: by hand, and against all subsets in the timed engine."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from itertools import combinations
from typing import Any

import pytest

from impactsim.compiled import REPAIR, RUN, STAY_UP
from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.exact.coldstart import ColdStart, serving_when_all_run
from impactsim.exact.hitting import hitting_set
from impactsim.exact.restart import Restart, restart
from impactsim.files.reading import validate_scenario, validate_system
from impactsim.model.system import System

Words = dict[str, Any]


def system_of(components: Words) -> System:
    return validate_system({"impactsim": 1, "name": "Test", "components": components}).system


class Answer:
    """An answer in names."""

    def __init__(self, components: Words, **options: int) -> None:
        system, names = compile_system(system_of(components))
        self.found: Restart = restart(system, **options)
        self.names = names.components
        self.waves = [(self.ids(each.by_itself), self.ids(each.by_hand)) for each in self.found.waves]
        self.stuck, self.lost, self.by_hand = map(self.ids, (self.found.stuck, self.found.lost, self.found.by_hand))

    def ids(self, components: Any) -> list[str]:
        return [self.names[component] for component in components]


def to(purpose: str, *members: str) -> Words:
    need: Words = {"component": members[0]} if len(members) == 1 else {"all_of": list(members)}
    return {**need, "to": purpose}


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


def test_the_cost_of_a_long_chain_grows_with_its_length() -> None:
    def work(n: int) -> int:
        chain = {f"c{i}": {"needs": [to("stay_up", f"c{i - 1}")] if i else []} for i in range(n)}
        state = ColdStart(compile_system(system_of(chain))[0])
        assert len(state.run()) == n
        return state.work

    assert work(2000) <= 2.1 * work(1000)


def test_what_a_search_tried_leaves_no_trace() -> None:
    for seed in range(300):
        rng = random.Random(f"undo {seed}")
        system, _ = compile_system(system_of(random_components(rng, 8)))
        tried, fresh = ColdStart(system), ColdStart(system)
        tried.run()
        fresh.run()
        moment = tried.moment()
        for _ in range(3):
            for _ in range(3):
                tried.waive(rng.sample(range(len(tried.runs)), 2))
                if rng.random() < 0.3:
                    tried.drop([need for need in range(len(tried.have)) if rng.random() < 0.1])
                tried.run()
            tried.go_back(moment)
            assert picture(tried) == picture(fresh)
        chosen = rng.sample(range(len(tried.runs)), 2)
        for state in (tried, fresh):
            state.waive(chosen)
            state.run()
        assert picture(tried) == picture(fresh)


def picture(state: ColdStart) -> tuple[object, ...]:
    arrays = (state.runs, state.serves, state.waived, state.dropped)
    return (*map(bytes, arrays), list(state.have), [list(each) for each in state.unmet], list(state._together))


def test_hitting_sets_are_smallest() -> None:
    rng = random.Random(7)
    for _ in range(200):
        sets = [rng.sample(range(8), rng.randint(1, 4)) for _ in range(rng.randint(1, 8))]
        sizes = (size for size in range(9) for c in combinations(range(8), size) if all(set(c) & set(s) for s in sets))
        found = hitting_set(sets, 9)
        assert found is not None
        assert len(found) == next(sizes)
        assert all(set(found) & set(each) for each in sets)


# Against all subsets in the timed engine.


def dense(n: int, degree: int, rng: random.Random) -> Words:
    names = [f"c{i}" for i in range(n)]
    return {
        name: {"needs": [to("start", other) for other in rng.sample([o for o in names if o != name], degree)]}
        for name in names
    }


def random_components(rng: random.Random, most: int) -> Words:
    """Make a system in which much waits for much, with every form of need."""
    names = [f"c{i}" for i in range(rng.randint(2, most))]
    purposes = rng.choice((("start", "start", "run"), ("start", "stay_up", "run"), ("stay_up", "run"), ("start",)))
    slow = rng.choice((0.3, 1.0))
    return {name: random_component(rng, [o for o in names if o != name], purposes, slow) for name in names}


def random_component(rng: random.Random, others: list[str], purposes: tuple[str, ...], slow: float) -> Words:
    words: Words = {"kind": rng.choice(("service", "tool"))}
    needs = [random_need(rng, others, rng.choice(purposes)) for _ in range(rng.choice((0, 1, 1, 1, 2, 2)))]
    if needs:
        words["needs"] = needs
    if rng.random() < slow:
        words["restart"] = rng.choice(("1m", "2m", "5m"))
    return words


def random_need(rng: random.Random, others: list[str], purpose: str) -> Words:
    some = rng.sample(others, min(len(others), rng.randint(1, 3)))
    form = rng.choice(("one", "one", "all_of", "at_least", "pool", "any_of", "soft"))
    if form == "soft":
        return {"component": some[0], "impact": 0.5}
    if form == "one" or len(some) == 1:
        return {**to(purpose, some[0]), **({"holdover": "10m"} if rng.random() < 0.2 else {})}
    if form == "all_of":
        return to(purpose, *some)
    if form == "at_least":
        return {"at_least": rng.randint(1, len(some)), "of": some, "to": purpose}
    if form == "pool":
        return {
            "pool": {name: rng.choice((0, 10, 60)) if i else 60 for i, name in enumerate(some)},
            "demand": 60,
            "to": purpose,
        }
    members = [{"use": name, "failover": rng.choice((0, "1m", "7m"))} for name in some]
    if rng.random() < 0.2:
        members[-1]["fails_to_start"] = 0.9
    return {"any_of": members, "to": purpose}


class Engine:
    """Restarts from all-down in the timed engine, without charges, with everything by hand done again day after day."""

    def __init__(self, components: Words) -> None:
        self.components = components
        self.system = system_of(components)
        compiled, self.names = compile_system(self.system)
        self.compiled = compiled._replace(need_full=[0] * len(compiled.need_full))

    def normal(self) -> set[int]:
        """Return what serves when nothing fails."""
        return self.served([], events=[], actions=[{"start": self.names.components[0], "at": "30d"}])

    def restarted(self, by_hand: Collection[int], without: Collection[int] = ()) -> set[int]:
        """Return what serves at the end of a restart, with these starts by hand and without these needs."""
        ids = self.names.components
        days = range(1, len(by_hand) + 2)
        return self.served(
            without,
            events=[{"fail": ids, "at": 0, "for": "1ms"}],
            actions=[{"start": ids[component], "at": f"{day}d"} for day in days for component in by_hand],
        )

    def served(self, without: Collection[int], **words: Any) -> set[int]:
        purposes = [REPAIR if need in without else each for need, each in enumerate(self.compiled.need_purpose)]
        compiled = self.compiled._replace(need_purpose=purposes)
        data = {"impactsim": 1, "name": "Test", "components": self.components}
        scenario = validate_scenario({"impactsim": 1, "name": "All down", "system": data, **words}).scenario
        plan, _ = compile_plan(self.system, scenario, compiled, self.names)
        history = Workspace(compiled).run(plan)
        assert history.is_over
        return {component for component, level in enumerate(history.state.level) if level > 0.0}


def served_at_the_end(components: Words, by_hand: Collection[str]) -> set[str]:
    engine = Engine(components)
    index = engine.names.index
    return {engine.names.components[c] for c in engine.restarted([index[name] for name in by_hand])}


def fewest(things: Sequence[int], works: Callable[[Collection[int]], bool]) -> int:
    return next(size for size in range(len(things) + 1) for each in combinations(things, size) if works(each))


def hold_against_engine(seed: str, most: int) -> Restart | None:
    """Hold the answer against all subsets; None for a system that does not stand in normal operation as it should."""
    engine = Engine(random_components(random.Random(seed), most))
    normal = {c for c, serves in enumerate(serving_when_all_run(engine.compiled)) if serves}
    if engine.normal() != normal:
        return None  # it stands on standbys that lean on what they carry
    everything = range(len(engine.components))
    found = restart(engine.compiled)
    assert set(found.stuck) == normal - engine.restarted([])
    assert set(found.lost) == normal - engine.restarted(everything)
    assert found.is_smallest
    back = normal - set(found.lost)
    assert back <= engine.restarted(found.by_hand)
    assert len(found.by_hand) == fewest(everything, lambda chosen: back <= engine.restarted(chosen))
    drop = [need for circle in found.circles for need in circle.drop]
    hard = [n for n, purpose in enumerate(engine.compiled.need_purpose) if purpose in {RUN, STAY_UP} and found.lost]
    assert normal <= engine.restarted(everything, drop)
    assert len(drop) == fewest(hard, lambda chosen: normal <= engine.restarted(everything, chosen))
    for circle in found.circles:
        for other in circle.or_start:
            assert back <= engine.restarted({*found.by_hand, other} - set(circle.start))
        for need in circle.or_drop:
            assert normal <= engine.restarted(everything, {*drop, need} - set(circle.drop))
    return found


@pytest.mark.parametrize("block", range(6))
def test_all_subsets_in_the_timed_engine_agree(block: int) -> None:
    found = [each for i in range(40) if (each := hold_against_engine(f"restart {block} {i}", 5))]
    assert len(found) > 30
    assert sum(len(each.by_hand) > 0 for each in found) > 3


def test_a_start_that_is_tried_on_what_runs_already_is_forgotten_again() -> None:
    # In the search on this system such a try once left behind that a circle was to be looked at.
    found = hold_against_engine("many 4570", 5)
    assert found is not None
    assert found.by_hand == (4,)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(60))
def test_all_subsets_in_the_timed_engine_agree_on_larger_systems(block: int) -> None:
    for i in range(20):
        hold_against_engine(f"large {block} {i}", 7)
