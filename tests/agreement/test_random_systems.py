"""The random systems are what they claim to be: valid, repeatable, and rich in what they are meant to exercise."""

from __future__ import annotations

from collections import Counter

from agreement import brute
from agreement.random_systems import PROFILES, profile_of, random_case
from impactsim.model.rules import check_scenario, check_system
from impactsim.model.scenario import Scenario
from impactsim.model.system import System

SEEDS = range(20 * len(PROFILES))


def case(seed: int) -> tuple[System, Scenario]:
    words = random_case(seed)
    return System.model_validate(words[0]), Scenario.model_validate(words[1])


def test_the_rules_find_no_error_in_any_case() -> None:
    for seed in SEEDS:
        system, scenario = case(seed)
        problems = [*check_system(system), *check_scenario(scenario, system)]
        assert [str(problem) for problem in problems if problem.severity == "error"] == [], f"seed {seed}"


def test_the_same_seed_gives_the_same_case() -> None:
    assert random_case(5) == random_case(5)
    assert random_case(5) != random_case(5 + len(PROFILES))


def test_profiles_reach_what_they_are_meant_to_exercise() -> None:
    reached: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        outcome = brute.run(*case(seed))
        intervals = [interval for own in outcome.reserve.values() for interval in own]
        levels = [level for history in outcome.levels.values() for _, level in history]
        assert all(0 <= level <= 1 for level in levels), f"seed {seed}"
        facts = {
            "deadlock": bool(outcome.deadlocks),
            "standby": any(interval.by == "standby" for interval in intervals),
            "holdover": any(interval.by == "holdover" for interval in intervals),
            "graded": any(0 < level < 1 for level in levels),
            "data": any(loss is not None for _, loss in outcome.data.values()),
            "lost": any(is_lost for is_lost, _ in outcome.data.values()),
            "users": outcome.users.affected.high > 0,
        }
        reached.update((profile_of(seed), fact) for fact, holds in facts.items() if holds)
    expected = (
        ("deadlock", "deadlock"),
        ("standby", "standby"),
        ("battery", "holdover"),
        ("graded-circles", "graded"),
        ("data", "data"),
        ("data", "lost"),
        ("users", "users"),
    )
    assert [pair for pair in expected if reached[pair] < 3] == []
