"""Searches and bounds answer the same as diagrams do, where both can."""

from __future__ import annotations

import itertools
import random

import pytest

from impactsim.exact.diagram import Diagram, TooLarge, diagram_of, minimal_solutions
from impactsim.exact.formula import AND, ATLEAST, OR
from impactsim.exact.pieces import Skeleton
from impactsim.exact.search import Search, probability_bounds
from impactsim.exact.skeleton_sets import Sets, cheapest_sets, sets_up_to


def tangle(seed: int, n_variables: int = 9, n_gates: int = 9) -> Skeleton:
    """Return a random skeleton in which everything is joined with everything."""
    luck = random.Random(seed)
    gates: list[tuple[int, int, tuple[int, ...]]] = []
    for i in range(n_gates):
        below = range(n_variables + i)
        args = tuple(luck.sample(below, luck.randint(2, min(5, len(below)))))
        if i == n_gates - 1:
            unused = set(below) - {arg for _, _, each in gates for arg in each} - set(args)
            args = (*args, *sorted(unused))
        kind = luck.choice([OR, AND, ATLEAST])
        k = luck.randint(1, len(args)) if kind == ATLEAST else 0
        gates.append((kind, k, args))
    return Skeleton(n_variables, tuple(gates))


def by_trying(skeleton: Skeleton) -> set[tuple[int, ...]]:
    """Return the minimal sets by trying all, the smallest first."""
    found: set[tuple[int, ...]] = set()
    for size in range(skeleton.n_variables + 1):
        for chosen in itertools.combinations(range(skeleton.n_variables), size):
            if not any(set(each) <= set(chosen) for each in found) and skeleton.is_true(set(chosen)):
                found.add(chosen)
    return found


def probability_by_trying(skeleton: Skeleton, p: list[float]) -> float:
    """Return the probability by adding up all states."""
    total = 0.0
    for state in itertools.product([False, True], repeat=skeleton.n_variables):
        if skeleton.is_true({i for i, is_true in enumerate(state) if is_true}):
            weight = 1.0
            for is_true, each in zip(state, p, strict=True):
                weight *= each if is_true else 1.0 - each
            total += weight
    return total


def costs(seed: int, n: int) -> list[float]:
    """Return random costs, some of them equal and some 0."""
    luck = random.Random(seed)
    return [luck.choice([0.0, 1.0, 1.0, 2.5, luck.uniform(0.1, 9.0)]) for _ in range(n)]


@pytest.mark.parametrize("seed", range(60))
def test_a_search_finds_each_minimal_set_once_and_the_cheapest_first(seed: int) -> None:
    skeleton, cost = tangle(seed), costs(seed, 9)
    found = list(Search(skeleton, cost).sets())
    assert sorted(variables for _, variables in found) == sorted(by_trying(skeleton))
    paid = [sum(cost[variable] for variable in variables) for _, variables in found]
    assert [total for total, _ in found] == pytest.approx(paid)
    assert paid == pytest.approx(sorted(paid))


@pytest.mark.parametrize("seed", range(60))
def test_a_diagram_holds_the_minimal_sets_and_the_probability(seed: int) -> None:
    skeleton, luck = tangle(seed), random.Random(seed)
    p = [luck.choice([0.0, 1.0, luck.random(), luck.random()]) for _ in range(9)]
    diagram = diagram_of(skeleton)
    assert diagram.probability(p) == pytest.approx(probability_by_trying(skeleton, p), abs=1e-12)
    minimal, truth = minimal_solutions(diagram), by_trying(skeleton)
    assert minimal.count([1] * 9) == len(truth)
    cost = costs(seed, 9)
    assert {variables for _, _, variables in cheapest_sets(minimal, [(each, 0.0) for each in cost])} == truth
    up_to = {tuple(sorted(each)) for each in sets_up_to(minimal, [1.0] * 9, 3)}
    assert up_to == {each for each in truth if len(each) <= 3}


@pytest.mark.parametrize("seed", range(60))
def test_bounds_hold_the_probability_between_them_and_meet_where_cases_are_few(seed: int) -> None:
    skeleton, luck = tangle(seed), random.Random(seed)
    p = [luck.choice([1e-3, 0.01, luck.random()]) for _ in range(9)]
    truth = probability_by_trying(skeleton, p)
    low, high = probability_bounds(skeleton, p, p)
    assert low - 1e-12 <= truth <= high + 1e-12
    assert high - low <= 1e-9, "there are 512 states only"


@pytest.mark.parametrize("seed", range(20))
def test_bounds_from_bounds_hold_every_probability_between(seed: int) -> None:
    skeleton, luck = tangle(seed), random.Random(seed)
    low = [luck.uniform(0.0, 0.2) for _ in range(9)]
    high = [each + luck.uniform(0.0, 0.2) for each in low]
    inside = [luck.uniform(a, b) for a, b in zip(low, high, strict=True)]
    bounds = probability_bounds(skeleton, low, high)
    assert bounds[0] - 1e-12 <= probability_by_trying(skeleton, inside) <= bounds[1] + 1e-12


def test_what_passes_its_bound_says_so() -> None:
    skeleton = tangle(1, 30, 30)
    with pytest.raises(TooLarge):
        diagram_of(skeleton, bounds=(5,))
    with pytest.raises(TooLarge):
        list(Search(skeleton, [1.0] * 30, most_work=100).sets())


def test_where_no_diagram_fits_the_search_gives_the_same_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    from impactsim.exact import skeleton_sets
    from impactsim.exact.pieces import Part, Shape

    def too_large(_skeleton: Skeleton, _bounds: object) -> Diagram:
        raise TooLarge

    monkeypatch.setattr(skeleton_sets, "diagram_of", too_large)
    for seed in range(20):
        skeleton = tangle(seed)
        part = Part(Shape.PRIME, parts=tuple(Part(Shape.LEAF, i) for i in range(9)), skeleton=skeleton)
        cost = [(1.0, 0.0)] * 9
        found = [each for _, _, each in Sets().cheapest(part, cost, Search(skeleton, [1.0] * 9))]
        assert sorted(found) == sorted(by_trying(skeleton))
