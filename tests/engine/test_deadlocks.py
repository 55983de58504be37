"""Recovery deadlocks (S5.3): the circles, and that what is proposed breaks them and nothing smaller does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, islice
from typing import Any, NamedTuple

from agreement.random_systems import PROFILES
from impactsim.compiler import compile_plan
from impactsim.engine.timeline import Workspace
from impactsim.model.scenario import Scenario
from impactsim.reports.facts import DeadlockFacts, Facts
from properties.worlds import Case, Words, case, facts_of, random_words, scenario_of, system_of

DEADLOCKED = 200
"""So many deadlocked systems are tried."""


def deadlocks(components: Words, *events: Words, **others: Any) -> list[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    facts = facts_of(system_of(components, **others), scenario_of(*events))
    return [(each.circle, list(each.break_with)) for each in facts.deadlocks]


def test_each_starts_only_with_the_other() -> None:
    components: Words = {
        "a": {"needs": [{"component": "b", "to": "start"}]},
        "b": {"needs": [{"component": "a", "to": "start"}]},
    }
    both = {"fail": ["a", "b"], "at": "10m", "for": "5m"}
    assert deadlocks(components, both) == [(("a", "b"), [{"start": ("a",)}, {"start": ("b",)}])]
    # One of the two comes back with the help of the other.
    assert deadlocks(components, {"fail": "a", "for": "5m"}) == []


def test_a_repair_that_needs_what_it_is_to_bring_back() -> None:
    components: Words = {
        "power": {"kind": "power", "time_to_restore": "1h", "needs": [{"component": "door-system", "to": "repair"}]},
        "door-system": {"needs": [{"component": "power", "to": "run"}]},
    }
    # To start the door system by hand would not help: it runs, and has no power.
    assert deadlocks(components, {"fail": "power"}) == [(("power", "door-system"), [{"repair": ("power",)}])]
    components["door-system"]["needs"][0]["holdover"] = "59m"
    assert deadlocks(components, {"fail": "power"}) == [(("power", "door-system"), [{"repair": ("power",)}])]
    # Its battery carries the door system until the hour of work is over.
    components["door-system"]["needs"][0]["holdover"] = "1h"
    assert deadlocks(components, {"fail": "power"}) == []


def test_three_that_wait_in_turn_are_told_in_the_order_of_waiting() -> None:
    components: Words = {
        "c": {"needs": [{"component": "b", "to": "start"}]},
        "a": {"needs": [{"component": "c", "to": "start"}]},
        "b": {"needs": [{"component": "a", "to": "start"}]},
    }
    ((circle, ways),) = deadlocks(components, {"fail": ["a", "b", "c"], "for": "5m"})
    assert circle == ("c", "b", "a")
    assert ways == [{"start": ("c",)}, {"start": ("a",)}, {"start": ("b",)}]


def test_where_one_start_is_not_enough_the_smallest_set_has_two() -> None:
    """Each of two pairs starts only with both of the other pair."""
    pairs = {"a": ("c", "d"), "b": ("c", "d"), "c": ("a", "b"), "d": ("a", "b")}
    components: Words = {name: {"needs": [{"all_of": list(of), "to": "start"}]} for name, of in pairs.items()}
    ((_, ways),) = deadlocks(components, {"fail": list(pairs), "for": "5m"})
    assert ways == [{"start": ("a", "b")}, {"start": ("c", "d")}]


def test_nothing_that_waits_for_an_end_of_its_own_is_a_deadlock() -> None:
    components: Words = {
        "a": {"needs": [{"component": "b", "to": "start"}]},
        "b": {"needs": [{"component": "a", "to": "start"}]},
    }
    # Broken for good: not even both starts would help.
    assert deadlocks(components, {"fail": ["a", "b"], "for": "5m"}, {"fail": "b"}) == []
    # At the horizon something is under way.
    facts = facts_of(
        system_of(components), scenario_of({"fail": ["a", "b"], "for": "5m"}, {"fail": "a", "at": "2h"}, horizon="1h")
    )
    assert facts.deadlocks == ()


# On random systems: the proof is to do what is proposed.


class Deadlocked(NamedTuple):
    """A run that ended in a deadlock."""

    seed: int
    scenario: Words
    made: Case
    facts: Facts


def deadlocked() -> Iterator[Deadlocked]:
    """Return random systems that end in a deadlock, most of them made for it."""
    number = [profile.name for profile in PROFILES].index("deadlock")
    for seed in range(100_000):
        if seed % len(PROFILES) == number or seed % 4 == 0:
            system, scenario = random_words(seed)
            scenario.pop("horizon", None)
            facts = facts_of(system, scenario)
            if facts.deadlocks:
                yield Deadlocked(seed, scenario, case(system, scenario), facts)


def brings_back(run: Deadlocked, circle: tuple[str, ...], way: Words) -> bool:
    """Does all of the circle come back if this is done just after the end?"""
    made, actions = run.made, [*run.scenario.get("actions", [])]
    actions += [{what: list(who), "at": f"{run.facts.end_ms + 1}ms"} for what, who in way.items() if who]
    scenario = Scenario.model_validate({**run.scenario, "actions": actions})
    plan, _ = compile_plan(made.system, scenario, made.compiled, made.names)
    state = Workspace(made.compiled).run(plan).state
    return all(state.level[made.names.index[name]] > 0 for name in circle)


def sets_of(circle: tuple[str, ...], size: int) -> list[Words]:
    """Return all sets of so many starts and repairs in a circle."""
    steps = [(what, name) for name in circle for what in ("repair", "start")]
    return [
        {what: [name for kind, name in chosen if kind == what] for what in ("repair", "start")}
        for chosen in combinations(steps, size)
    ]


def as_set(way: Words) -> frozenset[tuple[str, str]]:
    return frozenset((what, name) for what, names in way.items() for name in names)


def check_deadlock(run: Deadlocked, deadlock: DeadlockFacts) -> None:
    circle, proposed = deadlock.circle, {as_set(way) for way in deadlock.break_with}
    if not proposed:
        # Such as two that each need the other to stay up, and take time to start: a start cannot waive that (S5.7).
        everything = {"repair": list(circle), "start": list(circle)}
        assert not brings_back(run, circle, everything), (run.seed, circle)
        return
    (smallest,) = {len(way) for way in proposed}
    for way in deadlock.break_with:
        assert brings_back(run, circle, way), (run.seed, circle, way)
    for size in range(1, min(smallest, 2) + 1):
        for tried in sets_of(circle, size):
            assert brings_back(run, circle, tried) == (as_set(tried) in proposed), (run.seed, circle, tried)


def test_what_is_proposed_brings_the_circle_back_and_nothing_else_as_small_does() -> None:
    proposed = 0
    for run in islice(deadlocked(), DEADLOCKED):
        for deadlock in run.facts.deadlocks:
            check_deadlock(run, deadlock)
            proposed += len(deadlock.break_with)
    assert proposed > DEADLOCKED / 4
