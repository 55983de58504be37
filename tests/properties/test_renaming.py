"""Names are only names, and the order of the components decides nothing but what the rules say that it decides."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given

from agreement.random_systems import random_case
from impactsim.reports.facts import Facts
from impactsim.reports.json_form import to_json
from properties.worlds import (
    MINUTE,
    Words,
    case,
    down,
    facts_of,
    levels_of,
    random_words,
    renamed,
    renamed_text,
    repeatable,
    scenario_of,
    seeds,
    system_of,
    with_different_priorities,
)


def reordered(system: Words, rng: random.Random) -> Words:
    names = list(system["components"])
    rng.shuffle(names)
    return {**system, "components": {name: system["components"][name] for name in names}}


def without_order(facts: Facts) -> dict[str, Any]:
    """Return what a run says, without the order of components and without the choice between equal explanations."""
    return {
        "end": (facts.end_ms, facts.is_over),
        "levels": {
            name: [(at_ms, round(level, 9)) for at_ms, level in each.levels] for name, each in facts.components.items()
        },
        "reserve": {
            name: sorted(
                (one.from_ms, one.to_ms, one.by, one.of, one.on, one.until_ms or -1) for one in component.reserve
            )
            for name, component in facts.components.items()
        },
        "repairs": sorted(map(repr, facts.repairs)),
        "data": {name: (each.lost_for_good, each.loss_ms) for name, each in facts.data.items()},
        "deadlocks": {
            (frozenset(each.circle), frozenset(tuple(sorted((how, frozenset(who)) for how, who in way.items())) for way in each.break_with))
            for each in facts.deadlocks
        },
        "users": [
            [None if value is None else f"{value:.9g}" for value in each]
            for each in (facts.users.affected, facts.users.peak, facts.users.lost_user_minutes)
        ],
    }  # fmt: skip


@repeatable
@given(seeds)
def test_other_names_change_nothing_but_the_names(seed: int) -> None:
    system, scenario = random_case(seed)
    # Other lengths and another alphabetical order.
    places = random.Random(seed).sample(range(1000), len(system["components"]))
    names = {name: f"{'zyxw'[place % 4]}{place}" for name, place in zip(system["components"], places, strict=True)}
    mine = facts_of(system, scenario)
    theirs = facts_of(renamed(system, names), renamed(scenario, names))
    assert renamed_text(to_json(mine), names) == to_json(theirs)


@repeatable
@given(seeds)
def test_another_order_of_the_components_changes_nothing(seed: int) -> None:
    system, scenario = random_words(seed)
    with_different_priorities(system, seed)
    again = reordered(system, random.Random(seed))
    mine, theirs = facts_of(system, scenario), facts_of(again, scenario)
    assert without_order(mine) == without_order(theirs)
    if max(case(system, scenario).compiled.circle) < 0:
        # Within a circle there is a choice of what to name first.
        assert explanations(mine) == explanations(theirs)


def explanations(facts: Facts) -> dict[str, list[Any]]:
    return {name: [(why.at_ms, why.chain) for why in each.why] for name, each in facts.components.items()}


# Where the order is meant to count.


def test_the_order_counts_between_jobs_of_a_crew_that_are_equal_in_all() -> None:
    """S5.5: then the component listed first."""
    work = {"crew": "field", "time_to_restore": "10m"}
    scenario = scenario_of({"fail": ["a", "b"]})
    for names in (("a", "b"), ("b", "a")):
        histories = levels_of(system_of(dict.fromkeys(names, work), crews={"field": 1}), scenario)
        first, second = (histories[name] for name in names)
        assert first == ((0, 0.0), (10 * MINUTE, 1.0))
        assert second == ((0, 0.0), (20 * MINUTE, 1.0))


def test_the_order_counts_among_the_members_of_a_standby_group() -> None:
    """S4.4: the switch goes to the first listed."""
    outages = []
    for standbys in (["b", "c"], ["c", "b"]):
        group = {"any_of": ["a", *({"use": name, "failover": {"b": "1m", "c": "9m"}[name]} for name in standbys)]}
        histories = levels_of(
            system_of({"a": {}, "b": {}, "c": {}, "user": {"needs": [group]}}), scenario_of(down("a", 5, 60))
        )
        outages.append(histories["user"][2][0] - histories["user"][1][0])
    assert outages == [1 * MINUTE, 9 * MINUTE]


def test_the_order_counts_among_copies() -> None:
    """S5.6: the restore takes the first listed copy that can be had."""
    losses = []
    copies = [{"at": "vault", "every": "1h", "restore": "2h"}, {"at": "vault", "every": "24h", "restore": "1h"}]
    for listed in (copies, copies[::-1]):
        facts = facts_of(
            system_of({"vault": {}, "db": {"kind": "data", "copies": listed}}), scenario_of({"destroy": "db"})
        )
        losses.append((facts.data["db"].loss_ms, facts.components["db"].down_ms))
    assert losses == [(60 * MINUTE, 120 * MINUTE), (24 * 60 * MINUTE, 60 * MINUTE)]
