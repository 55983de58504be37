"""The value of a need, which is worked out at one look, against the sum over all failures that it stands for."""

from __future__ import annotations

import random
from typing import Any

import pytest

from impactsim.audit.estate import Estate
from impactsim.files.reading import validate_system
from impactsim.gaps.whole import gaps_of

KINDS = ["tool", "data", "service", "host"]


def system(seed: int, most_needs: int) -> dict[str, Any]:
    """Return a random system without redundancy, in which some needs were only seen; its users are people of three services."""
    draw = random.Random(seed)
    names = [f"c{i}" for i in range(14)]
    components: dict[str, Any] = {}
    for place, name in enumerate(names):
        needs = []
        for other in draw.sample(names[:place], min(place, draw.randint(0, most_needs))):
            is_seen = draw.random() < 0.5
            needs.append({"component": other, "to": "run", "confidence": "observed" if is_seen else "declared"})
        rate = draw.choice([0, 1, 2])
        components[name] = {
            "needs": needs,
            "kind": draw.choice(KINDS),
            "fails": {"per_year": rate},
            "time_to_restore": "1h",
        }
    for name in names[-3:]:
        components[name] |= {"kind": "service", "users": draw.choice([10, 100, 1000])}
    return {"impactsim": 1, "name": "x", "components": components, "population": 5000}


def each_with_its_own_users(data: dict[str, Any]) -> dict[str, Any]:
    """Return the system with users of whom nobody uses two services."""
    components = {
        name: {key: word for key, word in each.items() if key != "users"} for name, each in data["components"].items()
    }
    counts = {name: each["users"] for name, each in data["components"].items() if "users" in each}
    users = {f"of-{name}": {"count": count, "uses": [name]} for name, count in counts.items()}
    return {"impactsim": 1, "name": "x", "components": components, "users": users}


def loss(data: dict[str, Any]) -> float:
    """Return the user-minutes of a year: every failure for its time, with all whom it hits."""
    estate = Estate(validate_system(data).system)
    rates = [component.fails.per_year for component in estate.system.components.values() if component.fails]
    return sum((rate or 0.0) * 60 * estate.users_lost(estate.down(event)) for event, rate in enumerate(rates))


def without(data: dict[str, Any], owner: str, member: str) -> dict[str, Any]:
    """Return the system without one need."""
    component = data["components"][owner]
    needs = [need for need in component["needs"] if need["component"] != member]
    return {**data, "components": {**data["components"], owner: {**component, "needs": needs}}}


@pytest.mark.parametrize("seed", range(25))
def test_a_value_is_never_less_than_the_sum_and_no_need_that_matters_is_left_out(seed: int) -> None:
    data = system(seed, most_needs=3)
    facts = gaps_of(validate_system(data).system, ["seen-not-declared"])
    told = {(part.component, part.others[0]): part.value for gap in facts.gaps for part in gap.parts}
    for owner, component in data["components"].items():
        for need in component["needs"]:
            if need["confidence"] == "observed":
                exact = loss(data) - loss(without(data, owner, need["component"]))
                assert told.get((owner, need["component"]), 0.0) >= exact - 1e-6


@pytest.mark.parametrize("seed", range(25))
def test_where_failures_spread_as_a_tree_the_value_is_the_sum(seed: int) -> None:
    data = each_with_its_own_users(system(seed, most_needs=1))
    facts = gaps_of(validate_system(data).system, ["seen-not-declared"])
    parts = [part for gap in facts.gaps for part in gap.parts]
    for part in parts:
        exact = loss(data) - loss(without(data, part.component, part.others[0]))
        assert part.value == pytest.approx(exact)


def test_the_trees_have_values() -> None:
    found = [
        gap
        for seed in range(25)
        for gap in gaps_of(validate_system(system(seed, 1)).system, ["seen-not-declared"]).gaps
    ]
    assert len(found) > 15
