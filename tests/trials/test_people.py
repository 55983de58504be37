"""How many are affected at a time is what the counting of the engine says of that trial, to the last person."""

from __future__ import annotations

import random
from bisect import bisect_right
from typing import Any

import numpy as np
import pytest

from agreement.test_compiled_agrees import prepared
from agreement.uncertain import uncertain_case
from impactsim.engine.users import affected_users
from impactsim.trials import people as module
from impactsim.trials.bands import bands_of, seen_by_users
from impactsim.trials.blocks import Job
from impactsim.trials.courses import Courses, follow
from impactsim.trials.people import People
from impactsim.trials.replay import replay
from impactsim.trials.workers import Here

N = 4


def curve_of(job: Job, trial: int) -> list[tuple[int, float]]:
    """Return how many people one trial affects over time, by the driver that keeps the whole history."""
    one = replay(job, trial)
    _, everybody = affected_users(one.audience, one.history.record, one.history.end_ms)
    return [(at_ms, each.high if each.estimate is None else each.estimate) for at_ms, each in everybody.curve]


def at(curve: list[tuple[int, float]], at_ms: int) -> float:
    return curve[bisect_right(curve, at_ms, key=lambda step: step[0]) - 1][1]


def busy_case(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a random case with users, whose services have workarounds with windows and needs of their own."""
    while True:
        system, scenario = uncertain_case(seed)
        if system.get("users") or any("users" in each for each in system["components"].values()):
            break
        seed += 100_003
    rng = random.Random(f"workarounds {seed}")
    for name, component in system["components"].items():
        if component.get("kind") == "service" and rng.random() < 0.7:
            component["workarounds"] = [workaround(system, name, rng) for _ in range(rng.randint(1, 3))]
    return system, scenario


def workaround(system: dict[str, Any], service: str, rng: random.Random) -> dict[str, Any]:
    words: dict[str, Any] = {"covers": rng.choice(("30%", "50%", "100%"))}
    if rng.random() < 0.7:
        words["after"] = rng.choice((0, "7m", {"low": "1ms", "high": "40m"}))
    if rng.random() < 0.6:
        words["lasts"] = rng.choice(("1ms", "20m", "10h", {"low": "5m", "high": "2h"}))
    others = [name for name in system["components"] if name != service]
    if others and rng.random() < 0.6:
        words["needs"] = [rng.choice(others)]
    return words


def followed(job: Job, n: int = N) -> Courses:
    return follow(job, seen_by_users(job), n, Here(False))


@pytest.mark.parametrize("seed", range(80))
def test_at_every_change_it_is_what_the_engine_counts(seed: int) -> None:
    job = prepared(busy_case(seed)).job
    people = People(job, followed(job), N)
    found = people.moments()
    for trial in range(N):
        curve = curve_of(job, trial)
        mine = found[1][found[0] == trial]
        known = {0, *mine.tolist()}
        # Whatever changes has its moment; between two of them nothing does.
        changes = [at_ms for (at_ms, now), (_, before) in zip(curve[1:], curve, strict=False) if now != before]
        assert known.issuperset(changes)
        times = np.array(sorted({*known, *(at_ms + 1 for at_ms in known), *(max(0, at_ms - 1) for at_ms in known)}))
        here = people.at(np.full(len(times), trial), times)
        assert here.tolist() == [at(curve, at_ms) for at_ms in times.tolist()]


def test_the_random_cases_have_people_hours_counts_and_workarounds() -> None:
    jobs = [prepared(busy_case(seed)).job for seed in range(60)]
    affected = [max(high for *_, high in bands_of(job, followed(job))) for job in jobs]
    assert sum(high > 0 for high in affected) > 25
    assert sum(any(job.audience.group_is_population) for job in jobs) > 5
    assert sum(any(row >= 0 for row in job.audience.group_activity) for job in jobs) > 5
    assert sum(len(job.audience.workaround_covers) > 0 for job in jobs) > 25


def test_how_many_times_are_worked_out_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    job = prepared(busy_case(3)).job
    courses = followed(job, 20)
    whole = bands_of(job, courses)
    monkeypatch.setattr(module, "AT_ONCE", 7)
    assert bands_of(job, courses) == whole
