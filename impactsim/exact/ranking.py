"""The best minimal cut sets of parts, the cheapest first.

Parts share no event, so the minimal cut sets of a series are those of its parts, those of a parallel one of each part, those of
a vote one each of so many parts, and those of a prime one each of the parts that a minimal set of its skeleton names. The best
of the whole are made of the best of the parts (Huang and Chiang, Better k-best parsing, IWPT 2005).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from itertools import islice

from impactsim.exact.pieces import Part, Shape
from impactsim.exact.search import Search
from impactsim.exact.skeleton_sets import Cost, Rope, Sets

Entry = tuple[float, float, Rope]
"""First and second cost, and events."""

NOTHING: Entry = (0.0, 0.0, ())


class Ranking:
    """The best minimal cut sets of parts.

    Parameters
    ----------
    sets
        Minimal sets of skeletons.
    limit
        How many are wanted.
    cost
        First and second cost of each event: sets are ordered by the sum of the first, of equals by that of the second.
    """

    def __init__(self, sets: Sets, limit: int, cost: Callable[[int], Cost]) -> None:
        self.sets = sets
        self.limit = limit
        self.cost = cost
        self._known: dict[Part, list[Entry]] = {}

    def best(self, part: Part) -> list[Entry]:
        """Return the best minimal cut sets of a part."""
        if part.shape == Shape.LEAF:
            return [(*self.cost(part.event), part.event)]
        found = self._known.get(part)
        if found is None:
            found = self._known[part] = self._best(part)
        return found

    def _best(self, part: Part) -> list[Entry]:
        if part.shape == Shape.CONSTANT:
            return [NOTHING] if part.event else []
        if part.shape == Shape.PRIME:
            return self._best_of_prime(part)
        lists = [self.best(each) for each in part.parts]
        if part.shape == Shape.SERIES:
            return list(islice(heapq.merge(*lists, key=_by_cost), self.limit))
        if part.shape == Shape.PARALLEL:
            return self._one_of_each(lists)
        steps: list[list[Entry]] = [[NOTHING], *([] for _ in range(part.k))]
        for each in lists:
            for j in range(part.k, 0, -1):
                more = self._product(steps[j - 1], each)
                steps[j] = list(islice(heapq.merge(steps[j], more, key=_by_cost), self.limit))
        return steps[-1]

    def _one_of_each(self, lists: Iterable[list[Entry]]) -> list[Entry]:
        single: list[list[Entry]] = []
        several: list[list[Entry]] = []
        for each in lists:
            if not each:
                return []
            (single if len(each) == 1 else several).append(each)
        first = sum(each[0][0] for each in single)
        second = sum(each[0][1] for each in single)
        found: list[Entry] = [(first, second, tuple(each[0][2] for each in single))]
        for each in several:
            found = self._product(found, each)
        return found

    def _product(self, a: list[Entry], b: list[Entry]) -> list[Entry]:
        """Return the best pairs of two ordered lists."""
        if not a or not b:
            return []
        heap = [(a[0][0] + b[0][0], a[0][1] + b[0][1], 0, 0)]
        found: list[Entry] = []
        while heap and len(found) < self.limit:
            first, second, i, j = heapq.heappop(heap)
            found.append((first, second, (a[i][2], b[j][2])))
            if j + 1 < len(b):
                heapq.heappush(heap, (a[i][0] + b[j + 1][0], a[i][1] + b[j + 1][1], i, j + 1))
            if j == 0 and i + 1 < len(a):
                heapq.heappush(heap, (a[i + 1][0] + b[0][0], a[i + 1][1] + b[0][1], i + 1, 0))
        return found

    def _best_of_prime(self, part: Part) -> list[Entry]:
        """Merge what the minimal sets of the skeleton stand for, these the cheapest first."""
        lists = [self.best(each) for each in part.parts]
        cost = [_by_cost(each[0]) for each in lists]
        assert part.skeleton is not None
        search = Search(part.skeleton, [first for first, _ in cost])
        found: list[Entry] = []
        for first, second, variables in self.sets.cheapest(part, cost, search):
            if len(found) >= self.limit and (first, second) >= _by_cost(found[-1]):
                break
            more = self._one_of_each(lists[variable] for variable in variables)
            found = list(islice(heapq.merge(found, more, key=_by_cost), self.limit))
            if len(found) >= self.limit:
                search.most_cost = found[-1][0]
        return found


def _by_cost(entry: Entry) -> Cost:
    return entry[0], entry[1]
