"""What is measured is what the engine counts, where both count the same: without hours of activity and workarounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from impactsim.files.reading import validate_scenario
from impactsim.reportable.groups import groups_of, within
from impactsim.reportable.losses import ESTIMATE, HIGH, LOW, Measures, scan
from impactsim.reportable.metrics import measure
from impactsim.trials.courses import Courses, follow
from impactsim.trials.jobs import prepare
from impactsim.trials.workers import Here
from trials.shops import SHOP, shop_words

N = 60


def measured(words: dict[str, Any], n: int = N, region: str | None = None) -> tuple[Measures, Courses]:
    loaded = validate_scenario(words)
    prepared = prepare(loaded.system, loaded.scenario)
    numbers = {
        name: prepared.names.index[name] for name, each in loaded.system.components.items() if each.kind == "service"
    }
    courses = follow(prepared.job, list(numbers.values()), n, Here(False))
    groups = groups_of(loaded.system, prepared, n)
    ends = loaded.scenario.horizon is not None
    [found] = measure(loaded.system, courses, numbers, groups, [within(groups, region)], ends)
    return found, courses


def most(measures: Measures, bound: int) -> np.ndarray:
    found = np.zeros(measures.n)
    np.maximum.at(found, measures.together.trial, measures.together.reached[bound])
    return found


def user_minutes(measures: Measures, bound: int) -> np.ndarray:
    found = np.zeros(measures.n)
    together = measures.together
    np.add.at(found, together.trial, together.people[bound] * (together.to_ms - together.from_ms) / 60_000)
    return found


def uncertain(**changes: Any) -> dict[str, Any]:
    """Return the shop with uncertain numbers of people, some services of which all are used by some."""
    users = {
        "homes": {"count": {"low": 500, "high": 900}, "uses": {"shop": "70%", "billing": "40%"}},
        "offices": {"count": 120, "uses": ["shop", "billing"]},
        "banks": {"count": {"median": 30, "p90": 50}, "uses": ["billing"]},
    }
    return shop_words(system=SHOP | {"users": users}, **changes)


@pytest.mark.parametrize("bound", [LOW, ESTIMATE, HIGH])
def test_affected_users_and_user_minutes_are_those_of_the_engine(bound: int) -> None:
    # Nothing in the shop is ever degraded, so that the upper bounds agree too.
    measures, courses = measured(uncertain())
    assert np.ptp(courses.figures[:, bound]) > 0  # each trial has numbers of its own
    assert most(measures, bound) == pytest.approx(courses.figures[:, bound], rel=1e-12)
    assert user_minutes(measures, bound) == pytest.approx(courses.figures[:, 6 + bound], rel=1e-12)


def test_of_a_degraded_service_all_may_be_affected_and_some_are() -> None:
    measures, courses = measured(uncertain(events=[{"degrade": "shop", "to": "75%", "for": "1h"}]))
    users = measures.services["shop"].users
    assert most(measures, LOW) == pytest.approx(0.25 * users)
    assert most(measures, ESTIMATE) == pytest.approx(courses.figures[:, ESTIMATE])
    assert most(measures, HIGH) == pytest.approx(users)
    assert not measures.services["shop"].is_down.any()


def test_the_users_of_a_service_are_shares_of_the_drawn_counts() -> None:
    measures, _ = measured(uncertain())
    shop, billing = measures.services["shop"].users, measures.services["billing"].users
    homes = (shop - 120) / 0.7
    assert ((homes >= 500) & (homes <= 900)).all()
    banks = billing - 120 - 0.4 * homes
    assert np.median(banks) == pytest.approx(30, abs=12)
    assert len(np.unique(banks)) > N / 2


def test_a_workaround_and_the_hour_of_the_day_make_nobody_unaffected() -> None:
    activity = {"zone": "UTC", "hours": [0.1] * 24}
    component = {"kind": "service", "workarounds": [{"covers": "100%"}]}
    system = {
        "impactsim": 1,
        "name": "Shop",
        "components": {"shop": component},
        "users": {"homes": {"count": 900, "uses": ["shop"], "activity": activity}},
    }
    words = {"impactsim": 1, "name": "x", "system": system, "starts": "2026-03-02T03:00+00:00"}
    measures, courses = measured(words | {"events": [{"fail": "shop", "for": "1h"}]}, 1)
    assert courses.figures[0, 1] == 0.0
    assert most(measures, ESTIMATE).tolist() == [900.0]


def population(**words: Any) -> dict[str, Any]:
    system = {
        "impactsim": 1,
        "name": "Town",
        **words,
        "components": {
            "grid": {"kind": "power"},
            "light": {"kind": "service", "users": 600, "needs": ["grid"]},
            "water": {"kind": "service", "users": {"low": 300, "high": 500}, "needs": ["grid"]},
        },
    }
    return {"impactsim": 1, "name": "Dark", "system": system, "events": [{"fail": "grid", "for": "2h"}]}


def test_of_counts_per_service_the_upper_bound_stands_for_the_estimate() -> None:
    measures, courses = measured(population(population=1_000))
    assert most(measures, LOW).tolist() == [600.0] * N
    assert most(measures, HIGH) == pytest.approx(courses.figures[:, 2])
    assert most(measures, ESTIMATE).tolist() == most(measures, HIGH).tolist()
    assert (most(measures, HIGH) <= 1_000).all()
    water = measures.services["water"].users
    assert ((water >= 300) & (water <= 500)).all()


def test_without_a_population_only_the_sum_bounds_them() -> None:
    measures, _ = measured(population())
    water = measures.services["water"].users
    assert most(measures, HIGH) == pytest.approx(600 + water)
    assert measures.together.users == pytest.approx(600 + water)


def test_a_service_with_a_count_of_its_own_alone_is_known_exactly() -> None:
    measures, _ = measured(population() | {"events": [{"fail": "light", "for": "1h"}]})
    assert most(measures, ESTIMATE).tolist() == [600.0] * N


def countries() -> dict[str, Any]:
    system = {
        "impactsim": 1,
        "name": "Shop",
        "components": {"shop": {"kind": "service"}, "bank": {"kind": "service"}},
        "users": {
            "rome": {"count": 100, "uses": ["shop"], "country": "IT"},
            "milan": {"count": 50, "uses": ["bank"], "country": "IT"},
            "paris": {"count": 10, "uses": ["bank"], "country": "FR"},
            "boston": {"count": 1_000, "uses": ["shop", "bank"], "country": "US"},
            "somewhere": {"count": 5, "uses": ["shop"]},
        },
    }
    events = [{"fail": "shop", "for": "1h"}, {"fail": "bank", "at": "30m", "for": "1h"}]
    return {"impactsim": 1, "name": "x", "system": system, "events": events}


def test_member_states_are_hit_when_their_users_lose_something() -> None:
    measures, _ = measured(countries(), 1)
    assert {name: times.tolist() for name, times in measures.member_states.items()} == {
        "FR": [1_800_000.0],
        "IT": [0.0],
    }


@pytest.mark.parametrize(
    ("region", "users"), [(None, 1_105), ("EU", 105), ("IT", 105), ("FR", 5), ("US", 1_005), ("JP", 5)]
)
def test_in_a_region_count_its_users_and_those_of_whom_nobody_says_where(region: str | None, users: int) -> None:
    measures, _ = measured(countries(), 1, region)
    assert measures.services["shop"].users.tolist() == [users]


def test_what_nothing_ends_is_endless_and_what_a_horizon_cuts_ends_there() -> None:
    events = [{"fail": "shop", "at": "5m"}]
    endless, _ = measured(uncertain(events=events), 1)
    assert endless.services["shop"].to_ms.tolist() == [np.inf]
    cut, _ = measured(uncertain(events=events, horizon="1h"), 1)
    assert cut.services["shop"].to_ms.tolist() == [3_600_000.0]


def test_nothing_is_lost_where_nothing_happens() -> None:
    measures, _ = measured(uncertain(events=[]), 3)
    assert measures.services == {}
    assert len(measures.together.trial) == 0


def test_a_system_without_users_is_measured_in_time_only() -> None:
    measures, _ = measured(shop_words(system=SHOP | {"users": {}}), 5)
    assert not measures.has_users
    assert {"shop", "billing"} <= set(measures.services)
    assert measures.together.people.max() == 0.0


@pytest.mark.parametrize("operation", [np.add, np.maximum])
def test_a_scan_never_mixes_trials(operation: np.ufunc) -> None:
    rng = np.random.default_rng(3)
    trial = np.sort(rng.integers(0, 40, 300))
    values = rng.random((2, 300))
    found = scan(operation, values, trial)
    for each in range(40):
        mine = trial == each
        assert found[:, mine] == pytest.approx(operation.accumulate(values[:, mine], axis=1))


def test_many_changes_are_laid_out_in_parts_without_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, _ = measured(uncertain())
    monkeypatch.setattr("impactsim.reportable.together._MOST_CHANGES", 7)
    parts, _ = measured(uncertain())
    for name in ("trial", "from_ms", "to_ms", "is_down", "people", "reached", "users"):
        assert getattr(parts.together, name).tolist() == getattr(whole.together, name).tolist()
