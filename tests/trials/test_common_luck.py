"""What a quantity draws depends on its name alone (S9.1): nothing else in a file changes its luck."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from impactsim.files.reading import validate_scenario
from impactsim.trials.blocks import Block, Runner
from impactsim.trials.draws import Dealer
from impactsim.trials.jobs import Prepared, prepare

TRIALS = np.arange(60)

SHOP: dict[str, Any] = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "grid": {"kind": "power", "time_to_restore": {"median": "1h", "p90": "5h"}},
        "generator": {"kind": "power"},
        "room": {
            "kind": "site",
            "needs": [
                {
                    "any_of": [
                        "grid",
                        {"use": "generator", "failover": {"low": "1s", "high": "9m"}, "fails_to_start": 0.3},
                    ],
                    "holdover": {"low": "1m", "likely": "5m", "high": "20m"},
                }
            ],
        },
        "web": {"kind": "host", "at": "room", "restart": {"mean": "5m"}},
        "database": {
            "kind": "data",
            "copies": [{"at": "vault", "every": "24h", "restore": {"mean": "2h"}, "fails": 0.2}],
        },
        "vault": {"kind": "site"},
        "shop": {"needs": ["web", "database"]},
    },
    "users": {"customers": {"count": {"low": 1_000, "high": 3_000}, "uses": ["shop"]}},
}
EVENTS: list[dict[str, Any]] = [{"fail": "grid"}, {"destroy": "database", "at": "10m"}]


def prepared(system: dict[str, Any], events: list[dict[str, Any]]) -> Prepared:
    loaded = validate_scenario({"impactsim": 1, "name": "Test", "system": system, "events": events, "seed": 5})
    return prepare(loaded.system, loaded.scenario)


def run(system: dict[str, Any], events: list[dict[str, Any]] = EVENTS) -> Block:
    return Runner(prepared(system, events).job, is_compiled=False).run(TRIALS)


def luck(system: dict[str, Any]) -> dict[str, Any]:
    job = prepared(system, EVENTS).job
    dealer = Dealer(job.luck, job.fault_luck, job.seed, restarts=1)
    rows = dealer.luck_of(TRIALS)
    return {each.name: rows[i].tolist() for i, each in enumerate(dealer.quantities)}


def renamed(words: Any, old: str, new: str) -> Any:
    """Replace an id wherever it stands."""
    if isinstance(words, dict):
        return {renamed(key, old, new): renamed(value, old, new) for key, value in words.items()}
    if isinstance(words, list):
        return [renamed(each, old, new) for each in words]
    return new if words == old else words


def test_the_test_has_luck_to_look_at() -> None:
    figures = run(SHOP).figures
    assert len(set(figures[:, 7].tolist())) > 50


def test_an_unrelated_component_changes_no_figure() -> None:
    grown = copy.deepcopy(SHOP)
    grown["components"] = {
        "aaa": {"restart": {"mean": "1h"}, "time_to_restore": {"mean": "2h"}},
        **grown["components"],
        "zzz": {"needs": [{"component": "aaa", "holdover": {"mean": "1h"}}], "restart": {"mean": "1h"}},
    }
    grown["users"] = {"others": {"count": {"low": 1, "high": 9}, "uses": ["zzz"]}, **grown["users"]}
    before, after = run(SHOP), run(grown)
    assert np.array_equal(before.figures, after.figures)
    assert np.array_equal(before.restored_ms, after.restored_ms)
    assert np.array_equal(before.loss_ms, after.loss_ms)
    assert np.array_equal(before.row_component + 1, after.row_component)
    assert np.array_equal(before.row_down_ms, after.row_down_ms)


def test_an_unrelated_event_changes_no_figure_of_the_others() -> None:
    grown = copy.deepcopy(SHOP)
    grown["components"]["island"] = {"kind": "tool", "time_to_restore": {"mean": "1h"}}
    before, after = run(SHOP), run(grown, [{"fail": "island", "at": "1m"}, *EVENTS])
    # Where the data is lost for good the loss lasts as long as the run, and the run as long as the last repair.
    ends = before.restored_ms >= 0
    assert ends.sum() > 40
    assert np.array_equal(before.figures[ends], after.figures[ends])
    assert np.array_equal(before.restored_ms, after.restored_ms)


@pytest.mark.parametrize("old", ["grid", "generator", "room", "web", "database", "vault", "shop"])
def test_a_renamed_component_changes_the_luck_of_what_has_its_name_alone(old: str) -> None:
    job_of_renamed = renamed(copy.deepcopy(SHOP), old, "other")
    before = luck(SHOP)
    events = renamed(EVENTS, old, "other")
    job = prepared(job_of_renamed, events).job
    dealer = Dealer(job.luck, job.fault_luck, job.seed, restarts=1)
    after = {each.name: row.tolist() for each, row in zip(dealer.quantities, dealer.luck_of(TRIALS), strict=True)}
    for name, row in before.items():
        if old in name.split("."):
            assert name not in after
        else:
            assert after[name] == row


def test_the_order_of_the_file_decides_nothing() -> None:
    turned = copy.deepcopy(SHOP)
    turned["components"] = dict(reversed(turned["components"].items()))
    assert np.array_equal(run(SHOP).figures, run(turned).figures)


def test_a_larger_chance_happens_in_a_superset_of_the_trials() -> None:
    def failed(chance: float) -> set[int]:
        system = copy.deepcopy(SHOP)
        system["components"]["room"]["needs"][0]["any_of"][1]["fails_to_start"] = chance
        job = prepared(system, EVENTS).job
        drawn = Dealer(job.luck, job.fault_luck, job.seed, restarts=1)
        row = next(i for i, each in enumerate(drawn.quantities) if each.name.endswith("fails_to_start"))
        return set(np.flatnonzero(drawn.luck_of(TRIALS)[row] < chance).tolist())

    assert failed(0.1) < failed(0.3) < failed(0.7)


def test_variants_share_the_luck_of_what_they_have_in_common() -> None:
    changed = copy.deepcopy(SHOP)
    changed["components"]["room"]["needs"][0]["any_of"].append({"use": "vault", "failover": {"mean": "1m"}})
    changed["components"]["web"]["restart"] = {"low": "1m", "high": "2m"}
    before, after = luck(SHOP), luck(changed)
    assert set(before) < set(after)
    assert all(after[name] == row for name, row in before.items())


def test_another_seed_is_another_luck() -> None:
    loaded = validate_scenario({"impactsim": 1, "name": "Test", "system": SHOP, "events": EVENTS, "seed": 6})
    other = Runner(prepare(loaded.system, loaded.scenario).job, is_compiled=False).run(TRIALS)
    assert not np.any(other.figures[:, 7] == run(SHOP).figures[:, 7])


def test_the_age_of_a_copy_is_uniform_and_a_copy_fails_as_often_as_it_says() -> None:
    block = Runner(prepared(SHOP, EVENTS).job, is_compiled=False).run(np.arange(4_000))
    lost, ages_h = block.loss_ms == -2, block.loss_ms[block.loss_ms >= 0] / 3_600_000
    # Binomial of 4,000 at 20 %, and the mean of some 3,200 uniform ages, each within 4 standard errors.
    assert abs(lost.mean() - 0.2) < 4 * (0.2 * 0.8 / 4_000) ** 0.5
    assert abs(ages_h.mean() - 12) < 4 * 24 / 12**0.5 / len(ages_h) ** 0.5
    assert ages_h.max() < 24
