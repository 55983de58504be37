"""How many people are affected over time: what each trial alone says, whoever runs them."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.engine.users import affected_users
from impactsim.trials.bands import MOST_TIMES, MOST_TRIALS, bands_of, seen_by_users, user_bands
from impactsim.trials.courses import follow
from impactsim.trials.estimates import estimate_of
from impactsim.trials.jobs import Prepared
from impactsim.trials.replay import replay
from impactsim.trials.workers import Here
from trials.shops import SHOP, shop

HOUR = 3_600_000


def busy(population: bool = False) -> Prepared:
    """Return a shop whose people come and go, and get by without it after a while; how many they are nobody knows."""
    workaround = {
        "covers": "50%",
        "after": {"low": "5m", "high": "30m"},
        "lasts": {"low": "10m", "high": "1h"},
        "needs": ["isp"],
    }
    components = SHOP["components"] | {"shop": SHOP["components"]["shop"] | {"workarounds": [workaround]}}  # type: ignore[operator, index]
    hours = {"zone": "Europe/Rome", "hours": [round(0.02 * hour, 2) for hour in range(24)]}
    users: dict[str, Any] = {
        "homes": {"count": {"low": 500, "high": 1500}, "uses": ["shop"], "activity": hours},
        "offices": {"count": 120, "uses": {"shop": "80%", "billing": "50%"}},
    }
    if population:
        components |= {"billing": components["billing"] | {"users": {"low": 50, "high": 500}}}
        users = {"homes": users["homes"]}
    system = SHOP | {"components": components, "users": users} | ({"population": 5000} if population else {})
    return shop(system=system, starts="2026-03-02T14:10+01:00")


def people_of(prepared: Prepared, trial: int, at_ms: int) -> float:
    """Return how many people one trial affects at a time, by the driver that keeps the whole history."""
    one = replay(prepared.job, trial)
    _, everybody = affected_users(one.audience, one.history.record, one.history.end_ms)
    people = [each for since, each in everybody.curve if since <= at_ms][-1]
    return people.high if people.estimate is None else people.estimate


@pytest.mark.parametrize("population", [False, True])
def test_bands_are_the_quantiles_of_each_trial_alone(population: bool) -> None:
    prepared, n = busy(population), 25
    times = (0, 60_000, HOUR // 2, HOUR, 2 * HOUR, 3 * HOUR, 5 * HOUR)
    bands = user_bands(prepared.job, n, times_ms=times)
    assert [at_ms for at_ms, *_ in bands] == list(times)
    for at_ms, *quantiles in bands:
        alone = estimate_of([people_of(prepared, trial, at_ms) for trial in range(n)])
        assert quantiles == pytest.approx([alone.p10, alone.p50, alone.p90])


def test_the_times_tell_the_story_and_are_few() -> None:
    bands = user_bands(busy().job, 150)
    times = [at_ms for at_ms, *_ in bands]
    assert times[0] == 0
    assert times == sorted(set(times))
    assert 30 < len(times) <= MOST_TIMES
    assert all(low <= middle <= high for _, low, middle, high in bands)
    assert max(high for *_, high in bands) > 100
    assert bands[-1][1:] == (0.0, 0.0, 0.0)


def test_no_more_trials_are_counted_than_tell_something() -> None:
    job = busy().job
    assert user_bands(job, MOST_TRIALS) == user_bands(job, 10 * MOST_TRIALS)
    assert user_bands(job, 5) != user_bands(job, 50)


def test_trials_that_were_run_already_say_the_same() -> None:
    job = busy().job
    courses = follow(job, [*seen_by_users(job), 0], 60, Here(False))
    assert bands_of(job, courses) == user_bands(job, 60, Here(False))


def test_what_is_certain_is_its_own_band_and_has_the_times_of_its_changes() -> None:
    system = {
        "impactsim": 1,
        "name": "Shop",
        "components": {"line": {"kind": "connectivity"}, "shop": {"kind": "service", "needs": ["line"], "users": 100}},
    }
    steps = [{"after": "30m", "to": "75%"}, {"after": "45m", "to": "100%"}]
    prepared = shop(system=system, events=[{"fail": "line", "at": "10m", "then": steps}])
    minute = 60_000
    expected = [(0, 0.0), (10 * minute, 100.0), (40 * minute, 25.0), (55 * minute, 0.0)]
    assert user_bands(prepared.job, 100) == tuple((at_ms, each, each, each) for at_ms, each in expected)


def test_without_users_there_is_no_band() -> None:
    system = {key: value for key, value in SHOP.items() if key != "users"}
    assert user_bands(shop(system=system).job, 20) == ()
