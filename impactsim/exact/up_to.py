"""All minimal cut sets of parts up to an order; how those of a part follow from its own parts stands in ``ranking.py``."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import itemgetter

from impactsim.exact.diagram import TooLarge
from impactsim.exact.pieces import Part, Shape
from impactsim.exact.search import Search
from impactsim.exact.skeleton_sets import Rope, Sets, sets_up_to

MOST_SETS = 1_000_000
"""So many minimal cut sets of one part are listed at most: some hundreds of MB, and more than anybody reads."""


class UpTo:
    """All minimal cut sets of parts up to an order.

    Parameters
    ----------
    sets
        Minimal sets of skeletons.
    """

    def __init__(self, sets: Sets) -> None:
        self.sets = sets
        self._least: dict[Part, float] = {}
        self._known: dict[tuple[Part, int], list[tuple[int, Rope]]] = {}

    def of(self, part: Part, most: int) -> list[tuple[int, Rope]]:
        """Return order and events of each minimal cut set of a part up to an order.

        Raises
        ------
        TooLarge
            If neither a diagram nor a search can find them within their bounds, or if there are more than `MOST_SETS`.
        """
        if self.least(part) > most:
            return []
        key = (part, most)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._of(part, most)
        return found

    def least(self, part: Part) -> float:
        """Return the order of the smallest minimal cut sets of a part, or less where they are too hard to find."""
        found = self._least.get(part)
        if found is None:
            found = self._least[part] = self._smallest(part)
        return found

    def _smallest(self, part: Part) -> float:
        if part.shape in {Shape.LEAF, Shape.CONSTANT}:
            return 1.0 if part.shape == Shape.LEAF else 0.0 if part.event else math.inf
        least = [self.least(each) for each in part.parts]
        if part.shape == Shape.SERIES:
            return min(least)
        if part.shape == Shape.PARALLEL:
            return sum(least)
        if part.shape == Shape.VOTE:
            return sum(sorted(least)[: part.k])
        assert part.skeleton is not None
        try:
            return next(self.sets.cheapest(part, [(each, 0.0) for each in least], Search(part.skeleton, least)))[0]
        except TooLarge:
            return float(part.k)

    def _of(self, part: Part, most: int) -> list[tuple[int, Rope]]:
        if part.shape == Shape.LEAF:
            return [(1, part.event)]
        if part.shape == Shape.CONSTANT:
            return [(0, ())] if part.event else []
        if part.shape == Shape.SERIES:
            return _listed(entry for each in part.parts for entry in self.of(each, most))
        if part.shape == Shape.PARALLEL:
            return self._one_of_each(part.parts, most)
        if part.shape == Shape.VOTE:
            return self._some(part, most)
        if all(each.shape == Shape.LEAF for each in part.parts):
            event = [each.event for each in part.parts]
            found = ((len(each), tuple([event[i] for i in each])) for each in self._skeleton_sets(part, most))
            return _listed(found)
        return _listed(
            entry
            for variables in self._skeleton_sets(part, most)
            for entry in self._one_of_each([part.parts[variable] for variable in variables], most)
        )

    def _one_of_each(self, parts: Iterable[Part], most: int) -> list[tuple[int, Rope]]:
        parts = list(parts)
        leaves = tuple(each.event for each in parts if each.shape == Shape.LEAF)
        if len(leaves) == len(parts):
            return [(len(leaves), leaves)] if len(leaves) <= most else []
        parts = [each for each in parts if each.shape != Shape.LEAF]
        least = int(sum(self.least(each) for each in parts))
        if least + len(leaves) > most:
            return []
        found: list[tuple[int, Rope]] = [(len(leaves), leaves)]
        for each in parts:
            least -= int(self.least(each))
            mine = self.of(each, most - least - min(order for order, _ in found))
            found = _listed(_joined(found, mine, most - least))
        return found

    def _some(self, part: Part, most: int) -> list[tuple[int, Rope]]:
        steps: list[list[tuple[int, Rope]]] = [[(0, ())], *([] for _ in range(part.k))]
        for left, each in zip(range(len(part.parts) - 1, -1, -1), part.parts, strict=True):
            mine = self.of(each, most)
            for j in range(part.k, 0, -1):
                steps[j] += _listed(_joined(steps[j - 1], mine, most - (part.k - j)))
                if len(steps[j]) > MOST_SETS:
                    raise TooLarge
            for j in range(part.k - left):  # too few are left to make these whole
                steps[j] = []
        return steps[-1]

    def _skeleton_sets(self, part: Part, most: int) -> Iterator[tuple[int, ...]]:
        least = [self.least(each) for each in part.parts]
        diagram = self.sets.minimal(part, is_quick=True)
        if diagram is not None:
            yield from sets_up_to(diagram, least, most)
            return
        assert part.skeleton is not None
        search = Search(part.skeleton, least)
        search.most_cost = most
        for cost, _, variables in self.sets.cheapest(part, [(each, 0.0) for each in least], search):
            if cost > most:
                return
            yield variables


def _joined(a: list[tuple[int, Rope]], b: list[tuple[int, Rope]], most: int) -> Iterator[tuple[int, Rope]]:
    """Yield the pairs up to an order: those above it are not looked at, for they may be far more."""
    b = sorted(b, key=itemgetter(0))
    orders = [order for order, _ in b]
    for order, rope in a:
        for other, end in b[: bisect_right(orders, most - order)]:
            yield order + other, (rope, end)


def _listed(entries: Iterable[tuple[int, Rope]]) -> list[tuple[int, Rope]]:
    """Return entries as a list, as long as they are not too many."""
    found = list(islice(entries, MOST_SETS + 1))
    if len(found) > MOST_SETS:
        raise TooLarge
    return found
