"""All minimal cut sets up to an order: none is missing, and there are never too many to list."""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import Any

import pytest

from impactsim.audit.complete import complete_cut_sets
from impactsim.audit.estate import Estate
from impactsim.exact.diagram import TooLarge
from impactsim.exact.formula import Node
from impactsim.exact.up_to import MOST_SETS
from impactsim.files.reading import validate_system


def asked(components: dict[str, Any]) -> tuple[Estate, Node]:
    estate = Estate(validate_system({"impactsim": 1, "name": "Test", "components": components}).system)
    return estate, estate.structure().down(estate.names.index["shop"])


def wide(members: int, behind: int) -> dict[str, Any]:
    """Return a shop with members any of which will do, each of which needs others of its own: a product of sums."""
    components: dict[str, Any] = {}
    for i in range(members):
        parts = [f"part-{i}-{j}" for j in range(behind)]
        components |= {part: {"kind": "host"} for part in parts}
        components[f"member-{i}"] = {"kind": "host", "needs": parts}
    return {**components, "shop": {"needs": [{"any_of": [f"member-{i}" for i in range(members)], "to": "run"}]}}


def quorum(k: int, n: int) -> dict[str, Any]:
    nodes = {f"n{i}": {"kind": "host"} for i in range(n)}
    return {**nodes, "shop": {"needs": [{"at_least": k, "of": list(nodes), "to": "run"}]}}


def test_a_product_that_grows_beyond_a_million_is_too_large() -> None:
    estate, node = asked(wide(7, 10))
    assert estate.answers().count(node) == 11**7 + 1 > MOST_SETS
    with pytest.raises(TooLarge):
        estate.answers().cut_sets(node, 50)
    found = complete_cut_sets(estate.answers(), node, 50)
    assert (found.order, len(found.cut_sets)) == (6, 1)  # the shop itself; all others take seven


def test_a_quorum_with_more_than_a_million_sets_is_too_large() -> None:
    estate, node = asked(quorum(14, 24))
    assert comb(24, 11) > MOST_SETS
    with pytest.raises(TooLarge):
        estate.answers().cut_sets(node, 50)


@pytest.mark.parametrize(("k", "n"), [(2, 31), (30, 31), (3, 7), (1, 5)])
def test_all_sets_of_a_quorum_are_listed_however_many_it_takes_to_lose_it(k: int, n: int) -> None:
    # Of 31, 300 million halves would be looked at on the way to the 31 sets of 30, if none were left out in time.
    estate, node = asked(quorum(k, n))
    found = estate.answers().cut_sets(node, 10**30)
    nodes, shop = range(n), estate.names.index["shop"]
    assert sorted(each.events for each in found) == sorted([(shop,), *combinations(nodes, n - k + 1)])


@pytest.mark.parametrize("order", range(1, 7))
def test_a_quorum_of_backed_members_has_all_sets_up_to_an_order_and_no_others(order: int) -> None:
    # Each member takes one or two failures; three of four must go down.
    components: dict[str, Any] = {f"a{i}": {"kind": "host"} for i in range(4)} | {"b": {"kind": "host"}}
    for i in range(4):
        backed = ["b" if i == 0 else f"c{i}", f"a{i}"]
        components |= {name: {"kind": "host"} for name in backed}
        components[f"m{i}"] = {"kind": "host", "needs": [{"any_of": backed}], "fails": {"probability": 0}}
    components["m3"] = {"kind": "host"}
    components["shop"] = {"needs": [{"at_least": 2, "of": [f"m{i}" for i in range(4)]}], "fails": {"probability": 0}}
    estate, node = asked(components)
    found = {frozenset(estate.ids_of(each.events)) for each in estate.answers().cut_sets(node, order)}
    losses = [{"a0", "b"}, {"a1", "c1"}, {"a2", "c2"}, {"m3"}]
    every = {frozenset(set().union(*chosen)) for chosen in combinations(losses, 3)}
    assert found == {each for each in every if len(each) <= order}
