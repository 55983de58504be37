from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from impactsim.reports.facts import Facts
from impactsim.reports.json_form import to_object as to_object_of_one
from impactsim.reports.sampled.facts import Driver
from impactsim.reports.sampled.json_form import to_json, to_object
from impactsim.trials.estimates import chance_of
from reports import facts_by_hand
from reports.sampled_by_hand import DAY, HOUR, N, component, data, sampled, spread, target, users

RARE = [0.0] * 95 + [2.0 * HOUR] * 5
RUN = sampled(
    component("shop", RARE, rto=target(HOUR, 5)),
    component("grid", [HOUR] * N, kind="power"),
    restored_ms=[3.0 * HOUR] * 97 + [math.inf] * 3,
    users=users(spread(70, 130), wider=0.1),
    segments={"town": users(spread(70, 130), has_estimate=False, out_ms=RARE)},
    has_users=True,
    data={"grid": data("grid", [DAY] * 40, lost=60)},
    drivers=(Driver("components.grid.time_to_restore", "grid", "time to restore", 0.6, 0.01),),
    reached=math.inf,
)


def read_back() -> Any:
    line = to_json(RUN)
    assert "\n" not in line

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(line, parse_constant=refuse)


def test_it_has_the_version_the_trials_and_the_seed() -> None:
    run = read_back()
    assert (run["impactsim"], run["trials"], run["trials_asked"], run["seed"], run["complete"]) == (1, N, N, 7, True)


def test_each_key_of_a_single_run_is_there_but_those_of_one_history() -> None:
    one: Facts = facts_by_hand.facts(facts_by_hand.component("shop", (HOUR, 0.0)), has_users=True)
    single = to_object_of_one(one)
    assert set(single) - set(read_back()) == {"is_over", "deadlocks", "repairs", "timeline", "not_affected"}
    of_component = set(single["components"]["shop"]) - set(read_back()["components"]["shop"])
    assert of_component == {"levels", "restored", "why", "reserve"}
    assert set(single["users"]) <= set(read_back()["users"])


def test_a_component_has_chances_and_distributions() -> None:
    shop = read_back()["components"]["shop"]
    chance = chance_of(5, N)
    assert shop["p_down"]["p"] == 0.05
    assert shop["p_down"]["low"] == pytest.approx(chance.low)
    assert shop["p_down"]["high"] == pytest.approx(chance.high)
    assert shop["down_ms"]["mean"] == 0.1 * HOUR
    assert (shop["down_ms"]["p10"], shop["down_ms"]["p90"], shop["down_ms"]["most"]) == (0, 0, 2 * HOUR)
    assert shop["rto"] == {"limit_ms": HOUR, "p_missed": shop["p_down"]}
    assert shop["mtpd"] is None


def test_what_is_infinite_is_null_with_its_chance_beside_it() -> None:
    run = read_back()
    assert run["restored_ms"]["p90"] == 3 * HOUR
    assert [run["restored_ms"][each] for each in ("mean", "low", "high", "most")] == [None] * 4
    assert run["p_not_restored"]["p"] == 0.03
    assert run["precision"]["reached"] is None


def test_users_have_a_distribution_for_each_bound() -> None:
    run = read_back()["users"]
    assert run["known"] is True
    assert [round(run["affected"][bound]["mean"]) for bound in ("low", "estimate", "high")] == [90, 100, 110]
    town = run["segments"]["town"]
    assert town["affected"]["estimate"] is None
    assert town["out_ms"]["high"]["most"] == 2 * HOUR


def test_data_say_in_how_many_trials_a_copy_was_taken() -> None:
    grid = read_back()["data"]["grid"]
    assert (grid["loss_ms"]["mean"], grid["loss_trials"], grid["p_lost_for_good"]["p"]) == (DAY, 40, 0.6)
    none = to_object(replace(RUN, data={"x": data("x", None, lost=N)}))["data"]["x"]
    assert (none["loss_ms"], none["loss_trials"]) == (None, 0)


def test_drivers_have_their_share_and_its_error() -> None:
    spread_of = read_back()["spread"]
    assert (spread_of["of"], spread_of["uncertain"]) == ("lost user-minutes", 3)
    assert spread_of["drivers"] == [
        {
            "name": "components.grid.time_to_restore",
            "owner": "grid",
            "field": "time to restore",
            "share": 0.6,
            "standard_error": 0.01,
        }
    ]
