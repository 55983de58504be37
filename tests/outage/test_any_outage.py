"""What holds of any outage of any system: random systems with random reports."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from agreement.uncertain import uncertain_case
from impactsim.files.reading import LoadedScenario, validate_scenario
from impactsim.outage.asked import WrongReports
from impactsim.outage.result import Now
from impactsim.outage.snapshot import expected, level_at
from impactsim.outage.text import now_text
from impactsim.workflow.outages import now

AT = datetime.fromisoformat("2026-03-02T15:00+01:00")


def reported(loaded: LoadedScenario, seed: int) -> dict[str, Any]:
    """Return what somebody may report of a system."""
    rng = random.Random(seed)
    names = list(loaded.system.components)
    n_down = rng.randint(1, min(3, len(names)))
    picks = rng.sample(names, min(len(names), n_down + 2))
    down = {name: AT - timedelta(minutes=rng.choice([0, 1, 10, 45, 90, 300])) for name in picks[:n_down]}
    up = picks[n_down : n_down + rng.randint(0, 2)]
    degraded = {}
    if rng.random() < 0.3 and picks[-1] not in (*down, *up):
        degraded[picks[-1]] = (0.4, AT - timedelta(minutes=30))
    if rng.random() < 0.2 and loaded.system.common_causes:
        down[next(iter(loaded.system.common_causes))] = AT - timedelta(minutes=50)
    return {"down": down, "up": up, "degraded": degraded}


def result_of(seed: int) -> Now | None:
    """Return what is said of a random outage; None if its reports contradict one another."""
    system, scenario = uncertain_case(seed)
    loaded = validate_scenario({**scenario, "system": system})
    try:
        return now(loaded, at=AT, trials=20, seed=seed, workers=1, **reported(loaded, seed))
    except WrongReports:
        return None


@pytest.mark.parametrize("first", range(0, 100, 10))
def test_ten_random_outages_are_as_reported_and_told_without_contradiction(first: int) -> None:
    for seed in range(first, first + 10):
        if (result := result_of(seed)) is not None:
            assert_holds(result)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(3_000, 9_000, 500))
def test_five_hundred_random_outages_are_as_reported_and_told_without_contradiction(first: int) -> None:
    for seed in range(first, first + 500):
        if (result := result_of(seed)) is not None:
            assert_holds(result)


def assert_holds(result: Now) -> None:
    facts = result.facts
    course = expected(result.situation)
    levels = {name: level_at(each, facts.at_ms) for name, each in course.components.items()}
    assert all(levels[each.component] <= each.level + 1e-9 for each in facts.reported)
    contradicted = [each for each in facts.up if levels[each] == 0.0]
    assert not contradicted or any("said to be up" in note for note in facts.notes)
    assert {each.service for each in facts.services} == {name for name in course.services if levels[name] < 1.0}
    for out in facts.runs_out:
        assert out.at_ms > facts.at_ms
        assert all(fall.at_ms >= out.at_ms for fall in out.falls)
    saves = [each.saves for each in facts.actions]
    assert saves == sorted(saves, reverse=True)
    assert all(each > 0 for each in saves)
    assert facts.n_tried + facts.n_untried >= len(saves)
    assert max(map(len, now_text(facts))) <= 100
    assert json.loads(result.to_json())["impactsim"] == 1
