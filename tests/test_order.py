"""Strongly connected groups against networkx, and the order of levels."""

from __future__ import annotations

import random

import networkx as nx
import pytest

from impactsim.compiled import REPAIR, RUN, START, STAY_UP
from impactsim.graphs import strongly_connected
from impactsim.order import order_of_levels


def random_graph(seed: int) -> list[list[int]]:
    """Return successors; sparse and dense, with loops and parallel arrows."""
    rng = random.Random(f"graph {seed}")
    size = rng.randint(1, 30)
    arrows = rng.randint(0, 3 * size)
    successors: list[list[int]] = [[] for _ in range(size)]
    for _ in range(arrows):
        successors[rng.randrange(size)].append(rng.randrange(size))
    return successors


def order_of(*needs: list[tuple[int, list[int]]]) -> tuple[list[int], list[int]]:
    """Return the order of components, each given by its needs: a purpose and the members."""
    need_from, purposes, slot_from, slots = [0], [], [0], []
    for mine in needs:
        for purpose, members in mine:
            purposes.append(purpose)
            slots += members
            slot_from.append(len(slots))
        need_from.append(len(purposes))
    return order_of_levels(need_from, purposes, slot_from, slots)


def test_groups_are_those_of_networkx_each_behind_all_that_it_leads_to() -> None:
    for seed in range(500):
        successors = random_graph(seed)
        graph = nx.DiGraph(
            [(node, other) for node, others in enumerate(successors) for other in others],
        )
        graph.add_nodes_from(range(len(successors)))
        groups = strongly_connected(successors)
        assert sorted(map(sorted, groups)) == sorted(map(sorted, nx.strongly_connected_components(graph))), seed
        place = {node: i for i, group in enumerate(groups) for node in group}
        assert all(place[other] <= place[node] for node, other in graph.edges), seed


@pytest.mark.parametrize("is_ring", [False, True])
def test_a_chain_of_100_000_does_not_recurse(is_ring: bool) -> None:
    size = 100_000
    successors = [[i + 1] for i in range(size - 1)] + [[0] if is_ring else []]
    groups = strongly_connected(successors)
    assert groups == ([list(range(size))] if is_ring else [[i] for i in reversed(range(size))])


def test_members_stand_before_those_that_need_them_to_run_or_stay_up() -> None:
    by_rank, circle = order_of([(RUN, [1]), (STAY_UP, [3])], [(RUN, [2, 3])], [], [])
    assert by_rank == [2, 3, 1, 0]
    assert circle == [-1] * 4


def test_needs_to_start_and_to_repair_make_no_circle() -> None:
    _, circle = order_of([(RUN, [1])], [(START, [0])])
    assert circle == [-1, -1]
    _, circle = order_of([(STAY_UP, [1])], [(REPAIR, [0])])
    assert circle == [-1, -1]


def test_a_circle_has_one_number_and_neighbouring_places() -> None:
    # 0 -> 1 -> 2 -> 1, 3 -> 4 -> 3: two circles, one of which 0 leans on.
    by_rank, circle = order_of([(RUN, [1])], [(RUN, [2])], [(STAY_UP, [1])], [(RUN, [4]), (RUN, [0])], [(RUN, [3])])
    assert circle[1] == circle[2] != circle[3] == circle[4]
    assert min(circle[1:]) >= 0
    assert circle[0] == -1
    assert {frozenset(by_rank[:2]), frozenset(by_rank[3:])} == {frozenset({1, 2}), frozenset({3, 4})}
    assert by_rank[2] == 0


def test_in_random_orders_every_circle_lies_together_and_every_member_before() -> None:
    for seed in range(200):
        successors = random_graph(seed)
        by_rank, circle = order_of(*([(RUN, [other]) for other in others] for others in successors))
        rank = {component: place for place, component in enumerate(by_rank)}
        for component, others in enumerate(successors):
            for other in others:
                assert rank[other] <= rank[component] or circle[other] == circle[component] >= 0, seed
        for number in {number for number in circle if number >= 0}:
            places = sorted(rank[c] for c, mine in enumerate(circle) if mine == number)
            assert places == list(range(places[0], places[0] + len(places))), seed
