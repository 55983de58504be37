from __future__ import annotations

from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from agreement.random_systems import random_case
from impactsim import workflow
from impactsim.files.reading import load_system, validate_system
from impactsim.problems import InvalidInput
from impactsim.reports.facts import Facts
from impactsim.results import SampledResult
from impactsim.trials.cases import COMMON_CAUSE, Case, Ends, Ground, cases_of, lay_ground
from impactsim.trials.hours import by_start_hour, zone_of
from impactsim.trials.pairs import Touched, candidates, is_never, losses, worst_pairs
from impactsim.trials.rank import Swept, blocks_of, empty_swept, loader_of, place, reduce_block, sample_cases, sweep
from impactsim.trials.workers import Here

SCENARIOS = Path(__file__).parents[2] / "scenarios"
HERE = Here(False)
STARTS = datetime.fromisoformat("2026-03-02T14:00+01:00")
HOUR = 3_600_000

Words = dict[str, Any]


def random_system(seed: int) -> Words | None:
    """Return a random system in the form of its file, if the rules accept it."""
    words, _ = random_case(seed)
    try:
        validate_system(words)
    except InvalidInput:
        return None
    return words


def run_of(words: Words, case: Case, ends: Ends, starts: datetime | None = STARTS) -> Facts:
    """Run the scenario that a case is, as a file of its own would be."""
    events: list[Words] = [{"strike" if case.is_cause else "fail": case.id}]
    if ends.for_ms is not None:
        events = [events[0] | {"for": f"{ends.for_ms}ms"}]
    elif case.has_default_end:
        # What has no end of its own gets the one by default.
        names = list(words["components"])
        failing = [names[failure.component] for failure in case.failures]
        cause = words.get("common_causes", {}).get(case.id, {})
        timed = [
            name
            for name in failing
            if "time_to_restore" not in words["components"][name] and "time_to_restore" not in cause
        ]
        events = [
            {"fail": name, "for": f"{ends.default_ms}ms"} if name in timed else {"fail": name} for name in failing
        ]
    scenario: Words = {"impactsim": 1, "name": case.id, "system": words, "events": events}
    if starts is not None:
        scenario["starts"] = starts.isoformat()
    if ends.horizon_ms is not None:
        scenario["horizon"] = f"{ends.horizon_ms}ms"
    return workflow.run(scenario).facts


def assert_same(ground: Ground, swept: Swept, i: int, facts: Facts) -> None:
    """Hold the figures of a case against those of a run."""
    users = facts.users
    for first, value in ((0, users.affected), (3, users.peak), (6, users.lost_user_minutes)):
        low, estimate, high = swept.figures[i, first : first + 3].tolist()
        assert (low, high) == (value.low, value.high)
        assert value.estimate is None or estimate == value.estimate
    services = [facts.components[name] for name in facts.services]
    down = [each for each in services if any(level <= 0 for _, level in each.levels)]
    degraded = [each for each in services if each.was_affected and each not in down]
    assert (swept.n_down[i], swept.n_degraded[i]) == (len(down), len(degraded))
    assert swept.n_affected[i] == sum(each.was_affected for each in facts.components.values())
    assert swept.longest_ms[i] == max((each.down_ms for each in down), default=0)
    assert swept.down_ms[i] == sum(each.down_ms for each in services)
    assert (swept.restored_ms[i] >= 0) == all(each.restored for each in services)
    if down:
        longest = facts.components[ground.names.components[swept.longest[i]]]
        assert longest in down
        assert longest.down_ms == swept.longest_ms[i]


@pytest.mark.parametrize("seed", range(64))
def test_each_case_of_a_random_system_is_the_run_of_its_scenario(seed: int) -> None:
    words = random_system(seed)
    ends = (Ends(), Ends(for_ms=90 * 60_000), Ends(horizon_ms=5 * HOUR))[seed % 3]
    if words is None:
        pytest.skip("the rules refuse the system")
    ground = lay_ground(validate_system(words).system, STARTS)
    cases = cases_of(ground, ends)
    swept = sweep(ground, cases, ends, HERE)
    for i, case in enumerate(cases):
        if case.is_cause and not case.failures:
            continue  # nothing happens in a run that does not sample: no such scenario can be written with `fail`
        if case.is_cause and case.has_default_end and "time_to_restore" in words["common_causes"][case.id]:
            continue
        assert_same(ground, swept, i, run_of(words, case, ends))


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCENARIOS.glob("*/system.yaml")))
def test_each_case_of_a_shipped_system_is_the_run_of_its_scenario(name: str) -> None:
    loaded = load_system(SCENARIOS / name / "system.yaml")
    ground, ends = lay_ground(loaded.system, STARTS), Ends()
    cases = cases_of(ground, ends)
    swept = sweep(ground, cases, ends, HERE)
    for i, case in enumerate(cases):
        assert_same(ground, swept, i, run_of(loaded.data, case, ends))


def brute_pairs(ground: Ground, cases: list[Case], ends: Ends) -> dict[tuple[int, int], tuple[float, bool]]:
    """Return every pair that is worse than its parts: all pairs are run."""
    single = sweep(ground, cases, ends, HERE)
    alone, never = losses(ground, single), is_never(single, ends)
    pairs = [
        (a, b)
        for a, b in combinations(range(len(cases)), 2)
        if not (never[a] or never[b])
        and not (
            cases[a].is_cause != cases[b].is_cause
            and {f.component for f in cases[a].failures} & {f.component for f in cases[b].failures}
        )
    ]
    both = empty_swept(len(pairs))
    for numbers, block in blocks_of(ground, loader_of([(cases[a], cases[b]) for a, b in pairs]), ends, HERE):
        place(both, numbers, reduce_block(block, ground, np.full(len(numbers), -1, np.int64)))
    loss, stays = losses(ground, both), is_never(both, ends)
    return {
        pair: (loss[i] - alone[pair[0]] - alone[pair[1]], bool(stays[i]))
        for i, pair in enumerate(pairs)
        if stays[i] or loss[i] - alone[pair[0]] - alone[pair[1]] > 1e-9 * max(loss[i], 1.0)
    }


@pytest.mark.parametrize("seed", range(96))
def test_no_pair_that_is_worse_than_its_parts_is_missed(seed: int) -> None:
    words = random_system(seed)
    horizon_ms = None if seed % 3 else 6 * HOUR
    if words is None:
        pytest.skip("the rules refuse the system")
    ends = Ends(horizon_ms=horizon_ms)
    ground = lay_ground(validate_system(words).system, STARTS)
    cases = cases_of(ground, ends)
    touched = Touched()
    single = sweep(ground, cases, ends, HERE, on_block=touched)
    found = worst_pairs(ground, cases, single, touched, ends, HERE)
    keys = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    figures = zip(found.excess.tolist(), found.never.tolist(), strict=True)
    assert dict(zip(keys, figures, strict=True)) == brute_pairs(ground, cases, ends)
    assert found.is_complete


SHOP: Words = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "grid": {"kind": "power", "fails": {"per_year": 2}, "time_to_restore": "1h"},
        "generator": {"kind": "power", "fails": {"probability": 0.01}, "time_to_restore": {"samples": ["1h", "3h"]}},
        "web": {"needs": [{"any_of": ["grid", "generator"]}]},
        "mirror": {"needs": ["web"]},
    },
    "common_causes": {
        "flood": {
            "strikes": {"grid": 1, "generator": 0.8, "web": 0.3},
            "time_to_restore": "5h",
            "fails": {"per_year": 0.1},
        }
    },
    "users": {
        "people": {
            "count": 2400,
            "uses": ["web"],
            "activity": {"zone": "Europe/Rome", "hours": [0.0] * 8 + [0.25] * 8 + [0.5] * 8},
        }
    },
}


def ground_of(words: Words, starts: datetime | None = None) -> Ground:
    return lay_ground(validate_system(words).system, starts)


def test_a_common_cause_is_a_case_with_what_it_strikes_more_often_than_not() -> None:
    cases = {case.id: case for case in cases_of(ground_of(SHOP), Ends())}
    assert list(cases) == ["grid", "generator", "web", "mirror", "flood"]
    assert [(each.component, each.work_ms) for each in cases["flood"].failures] == [(0, 5 * HOUR), (1, 5 * HOUR)]
    assert [case.id for case in cases_of(ground_of(SHOP), Ends(), ["power", COMMON_CAUSE])] == [
        "grid",
        "generator",
        "flood",
    ]


def test_what_has_no_time_to_restore_lasts_as_long_as_is_assumed_and_says_so() -> None:
    cases = {case.id: case for case in cases_of(ground_of(SHOP), Ends(default_ms=7))}
    assert cases["web"].has_default_end
    assert cases["web"].failures[0].work_ms == 7
    assert not cases["grid"].has_default_end
    assert not any(case.has_default_end for case in cases_of(ground_of(SHOP), Ends(for_ms=5)))


def test_a_share_of_the_time_is_a_rate_by_the_mean_time_to_restore() -> None:
    rates = {case.id: case.per_year for case in cases_of(ground_of(SHOP), Ends())}
    # Down for 1 % of 8,760 h in pieces of 2 h on average.
    assert rates == {"grid": 2, "generator": pytest.approx(43.8), "web": None, "mirror": None, "flood": 0.1}


def test_at_any_hour_the_loss_is_the_mean_of_the_losses_at_all_hours() -> None:
    ground, ends = ground_of(SHOP), Ends()
    cases = cases_of(ground, ends)
    at_any_hour = sweep(ground, cases, ends, HERE).figures[:, 7]
    at_each_hour = [
        sweep(ground_of(SHOP, datetime(2026, 1, 14, hour, tzinfo=ZoneInfo("Europe/Rome"))), cases, ends, HERE).figures[
            :, 7
        ]
        for hour in range(24)
    ]
    assert at_any_hour[2] == 2400 * 0.25 * 240  # a quarter are there on the average, for 4 hours
    assert at_any_hour == pytest.approx(np.mean(at_each_hour, axis=0))


def test_each_hour_is_the_run_that_starts_at_that_hour() -> None:
    ground, ends = ground_of(SHOP), Ends(for_ms=90 * 60_000)
    zone = zone_of(ground.system)
    assert zone == "Europe/Rome"
    flood = cases_of(ground, ends)[-1]
    hours = by_start_hour(ground, flood, ends, zone)
    assert [hour.starts.hour for hour in hours] == list(range(24))
    for hour in hours:
        users = run_of(SHOP, flood, ends, hour.starts).users
        assert (hour.affected, hour.lost_user_minutes) == (users.affected, users.lost_user_minutes)
    # At 07:00 nobody is there for an hour, then 600 for half an hour.
    assert hours[7].lost_user_minutes.estimate == 600 * 30


def test_a_day_on_which_the_clocks_change_has_as_many_hours_as_it_has() -> None:
    ground, ends = ground_of(SHOP), Ends()
    case = cases_of(ground, ends)[0]
    assert len(by_start_hour(ground, case, ends, "Europe/Rome", datetime(2026, 3, 29).date())) == 23
    assert len(by_start_hour(ground, case, ends, "Europe/Rome", datetime(2026, 10, 25).date())) == 25


def test_a_standby_makes_a_pair_worse_than_its_parts() -> None:
    ground, ends = ground_of(SHOP), Ends()
    cases = cases_of(ground, ends)
    touched = Touched()
    single = sweep(ground, cases, ends, HERE, on_block=touched)
    pairs = worst_pairs(ground, cases, single, touched, ends, HERE)
    found = [(cases[a].id, cases[b].id) for a, b in zip(pairs.first, pairs.second, strict=True)]
    assert found == [("grid", "generator")]
    # Grid for 1 h, generator for 2 h: the hour in which neither is there, a quarter of the people at it.
    assert pairs.excess.tolist() == [2400 * 0.25 * 60]
    # Neither grid nor generator beside the flood that takes it: 10 pairs less 2.
    assert pairs.n_possible == 8


def test_where_there_are_too_many_pairs_as_many_as_asked_for_are_tried() -> None:
    words = {
        "impactsim": 1,
        "name": "Quorum",
        "components": {f"m{i}": {} for i in range(12)}
        | {"top": {"needs": [{"at_least": 11, "of": [f"m{i}" for i in range(12)]}]}},
        "users": {"all": {"count": 10, "uses": ["top"]}},
    }
    ground, ends = ground_of(words), Ends()
    cases = cases_of(ground, ends)
    touched = Touched()
    single = sweep(ground, cases, ends, HERE, on_block=touched)
    all_of_them = worst_pairs(ground, cases, single, touched, ends, HERE)
    assert (all_of_them.n_tried, len(all_of_them.first), all_of_them.is_complete) == (66, 66, True)
    some = candidates(ground, cases, touched.by_component(ground, cases), 20)
    assert (len(some.first), some.is_complete) == (20, False)
    assert len(set(zip(some.first.tolist(), some.second.tolist(), strict=True))) == 20


def test_with_trials_each_case_has_the_figures_that_its_scenario_has_with_as_many() -> None:
    ground, ends = ground_of(SHOP, STARTS), Ends()
    cases = cases_of(ground, ends)
    for case, trials in zip(cases, sample_cases(ground, cases, ends, 40, 7, HERE, starts=STARTS), strict=True):
        if case.has_default_end:
            continue
        event = {"strike" if case.is_cause else "fail": case.id}
        words = {"impactsim": 1, "name": "", "system": SHOP, "events": [event], "starts": STARTS.isoformat(), "seed": 7}
        run = workflow.run(words, trials=40, workers=1)
        assert isinstance(run, SampledResult)
        assert run.gathered.figures[:40].tolist() == trials.figures.tolist()


def test_expected_losses_are_those_of_the_laws() -> None:
    ground, ends = ground_of(SHOP, STARTS), Ends()
    flood = cases_of(ground, ends)[-1]
    (trials,) = sample_cases(ground, [flood], ends, 4000, 1, HERE, starts=STARTS)
    # It takes the web down itself with 30 %, and else the power of it with 80 %: 5 h, with probability 0.3 + 0.7 x 0.8.
    down = trials.n_down > 0
    assert abs(down.mean() - 0.86) < 4 * np.sqrt(0.86 * 0.14 / 4000)
    full = 2400 * (0.25 * 120 + 0.5 * 180)
    assert set(trials.figures[:, 7].tolist()) == {0.0, full}


@pytest.mark.parametrize("trials", [1, 300])
def test_blocks_change_nothing(trials: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def figures() -> list[list[float]]:
        ground, ends = ground_of(SHOP), Ends()
        cases = cases_of(ground, ends)
        if trials == 1:
            return sweep(ground, cases, ends, HERE).figures.tolist()
        return [each.figures.tolist() for each in sample_cases(ground, cases, ends, trials, 3, HERE)]

    whole = figures()
    monkeypatch.setattr("impactsim.trials.rank._LARGEST_BLOCK", 7)
    assert figures() == whole
