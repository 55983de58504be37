"""The trials of the rest of an outage, held to closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest

from impactsim.law_forms import law
from impactsim.outage.estimate import quantile
from impactsim.outage.situation import situation_at
from impactsim.quantities import duration_ms
from impactsim.trials.courses import follow
from impactsim.trials.jobs import prepare
from impactsim.trials.workers import Here
from outage.cases import MIN, H, at, estimated, scenario_of, system_of

N = 1000
LAWS = [
    {"median": "2h", "p90": "8h"},
    {"median": "2h", "p95": "9h"},
    {"low": "30m", "likely": "2h", "high": "9h"},
    {"low": "30m", "high": "5h"},
    {"mean": "2h"},
    {"median": "2h", "shape": 1.5, "law": "log-logistic"},
    {"samples": ["30m", "2h", "3h", "4h", "4h30m", "5h", "9h"]},
    {"typical": "cloud-region"},
]


@pytest.mark.parametrize("passed_ms", [0, H])
@pytest.mark.parametrize("words", LAWS, ids=str)
def test_what_remains_of_one_repair_is_its_law_conditional_on_what_has_passed(words, passed_ms):
    found = estimated(at(system_of({"a": {"time_to_restore": words}}), passed_ms, "a", seed=11), N)
    assert found.n_usable == N
    remaining = found.services["a"]
    truth = law(words, duration_ms)
    for p, estimate in ((0.2, remaining.p20_ms), (0.5, remaining.p50_ms), (0.9, remaining.p90_ms)):
        four_errors = 4 * math.sqrt(p * (1 - p) / N)
        low = truth.remaining_quantile(p - four_errors, passed_ms)
        high = truth.remaining_quantile(min(1.0, p + four_errors), passed_ms)
        assert low - 1 <= estimate <= high + 1  # times are whole milliseconds


def test_a_missed_estimate_has_the_longer_rest_the_longer_it_has_lasted():
    rests = []
    for hours in (3, 9):
        found = estimated(at(system_of({"a": {"time_to_restore": "2h"}}), hours * H, "a"), 400)
        rests.append((found.services["a"].p20_ms, found.services["a"].p50_ms, found.services["a"].p90_ms))
    assert all(late > early > 0 for early, late in zip(*rests, strict=True))


BATTERY = {
    "grid": {"kind": "power"},
    "shop": {"needs": [{"component": "grid", "holdover": {"low": "1h", "high": "3h"}}]},
}


def falls_of(found, name):
    course = found.courses.components[found.number[name]]
    usable = found.is_usable[course.trial]
    return course.at_ms[usable & (course.level == 0.0)]


def test_a_battery_that_is_known_to_have_lasted_two_of_one_to_three_hours_empties_evenly_in_the_third():
    found = estimated(at(system_of(BATTERY), 2 * H, "grid", up=("shop",)), N)
    falls = falls_of(found, "shop")
    assert len(falls) == found.n_usable == N
    assert falls.min() >= 2 * H
    assert falls.max() <= 3 * H
    for p in (0.2, 0.5, 0.9):
        assert abs(quantile(falls / H - 2.0, p) - p) < 4 * math.sqrt(p * (1 - p) / N)


def test_trials_that_contradict_what_is_up_are_left_out():
    # Each battery lasts longer than 1.5 h with chance 3/4: at least one of the two with chance 15/16.
    battery = {"kind": "power", "needs": [{"component": "grid", "holdover": {"low": "1h", "high": "3h"}}]}
    words = {
        "grid": {"kind": "power"},
        "left": battery,
        "right": battery,
        "shop": {"needs": [{"at_least": 1, "of": ["left", "right"]}]},
    }
    found = estimated(at(system_of(words), 90 * MIN, "grid", up=("shop",)), N)
    expected = 15 / 16
    assert abs(found.n_usable / N - expected) < 4 * math.sqrt(expected * (1 - expected) / N)
    assert falls_of(found, "shop").min() > 90 * MIN


def test_what_is_whole_now_is_at_risk_with_the_chance_that_its_reserve_is_too_short():
    # The grid is back evenly within 2 h, the battery lasts one hour.
    words = {
        "grid": {"kind": "power", "time_to_restore": {"low": "0s", "high": "2h"}},
        "shop": {"needs": [{"component": "grid", "holdover": "1h"}]},
    }
    found = estimated(at(system_of(words), 30 * MIN, "grid"), N)
    chance = 1 / 1.5  # of more than 1 h, given more than half an hour
    assert abs(found.at_risk["shop"] - chance) < 4 * math.sqrt(chance * (1 - chance) / N)
    assert found.services == {}
    assert found.restored is None


def test_losses_are_counted_from_now_on():
    users = {"all": {"count": 600, "uses": ["a"]}}
    system = system_of({"a": {"time_to_restore": "3h"}}, users=users)
    found = estimated(at(system, H, "a"), 20)
    assert found.lost_user_minutes == (600 * 120, 600 * 120, 600 * 120)
    assert estimated(at(system_of({"a": {"time_to_restore": "3h"}}), H, "a"), 20).lost_user_minutes is None


def test_what_is_lost_where_nothing_ever_comes_back_has_no_end():
    # Nobody repairs "a", on which 600 people rest: a run ends at once, for nothing can change any more; their loss does not.
    users = {"all": {"count": 600, "uses": ["a"]}}
    found = estimated(at(system_of({"a": {}, "b": {}}, users=users), H, "a"), 20)
    assert found.lost_user_minutes == (math.inf, math.inf, math.inf)
    # Nobody uses "b".
    found = estimated(at(system_of({"a": {"time_to_restore": "3h"}, "b": {}}, users=users), H, "a", "b"), 20)
    assert found.lost_user_minutes == (600 * 120, 600 * 120, 600 * 120)


def test_all_services_are_whole_when_the_last_of_them_is():
    words = {"a": {"time_to_restore": "3h"}, "b": {"time_to_restore": "5h"}}
    found = estimated(at(system_of(words), H, "a", "b"), 20)
    assert found.restored is not None
    assert (found.restored.p20_ms, found.restored.p90_ms) == (4 * H, 4 * H)
    assert found.services["a"].p50_ms == 2 * H


SCENARIO = {
    "grid": {"kind": "power", "time_to_restore": {"median": "45m", "p95": "4h"}},
    "ups": {
        "kind": "power",
        "needs": [{"component": "grid", "holdover": {"low": "5m", "high": "40m"}}],
        "restart": "5m",
    },
    "line": {"kind": "connectivity"},
    "shop": {"needs": ["ups", "line"], "restart": {"median": "5m", "p90": "20m"}},
}


@pytest.mark.parametrize(
    "events",
    [
        [{"fail": "grid"}],
        [{"fail": "grid", "repair": {"median": "1h", "p90": "9h"}}],
        [
            {"fail": "grid", "for": {"median": "40m", "p90": "3h"}},
            {"fail": "line", "for": {"low": "10m", "high": "2h"}},
        ],
    ],
)
def test_the_situation_of_a_scenario_at_its_start_has_the_trials_of_the_scenario(events):
    loaded = scenario_of(SCENARIO, events, seed=7)
    situation = situation_at(loaded.system, loaded.scenario, 0)
    found = estimated(situation, 200)
    prepared = prepare(loaded.system, loaded.scenario)
    own = follow(prepared.job, [prepared.names.index["shop"]], 200, Here(is_compiled=False))
    assert np.array_equal(found.courses.restored_ms, own.restored_ms)
    assert np.array_equal(found.courses.end_ms, own.end_ms)


def test_the_quantile_is_the_least_value_that_such_a_share_does_not_exceed():
    values = np.array([5.0, 1.0, 3.0, np.inf])
    assert [quantile(values, p) for p in (0.2, 0.25, 0.5, 0.75, 0.9)] == [1.0, 1.0, 3.0, 5.0, math.inf]
