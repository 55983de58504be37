"""Minimal cut sets of parts, the cheapest first, or all up to an order.

Parts share no event, so the minimal cut sets of a series are those of its parts, those of a parallel one of each part, those of
a vote one each of so many parts, and those of a prime one each of the parts that a minimal set of its skeleton names. The best
of the whole are made of the best of the parts (Huang and Chiang, Better k-best parsing, IWPT 2005).
"""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from impactsim.exact.diagram import BOUNDS, Diagram, TooLarge, diagram_of, minimal_solutions
from impactsim.exact.pieces import Part, Shape
from impactsim.exact.search import Search

LARGE_TRIES = 3
"""So many large diagrams may fail, and long searches be made, in all questions about one system; then only small ones are."""
SHORT_SEARCH = 1_000_000
"""So many inputs of gates may a search look at before a large diagram is tried."""
MOST_SETS = 1_000_000
"""So many minimal cut sets of one part are listed at most: some hundreds of MB, and more than anybody reads."""

Cost = tuple[float, float]
Rope = Any
"""An event, or a tuple of ropes."""
Entry = tuple[float, float, Rope]
"""First and second cost, and events."""

NOTHING: Entry = (0.0, 0.0, ())


def events_of(rope: Rope) -> tuple[int, ...]:
    """Return the events of a rope, in order."""
    if isinstance(rope, tuple) and not any(isinstance(each, tuple) for each in rope):
        return tuple(sorted(rope))
    found: list[int] = []
    waiting = [rope]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tuple):
            waiting.extend(each)
        else:
            found.append(each)
    return tuple(sorted(found))


class Sets:
    """The minimal sets of the skeletons of primes: by diagram where that fits."""

    def __init__(self) -> None:
        self._plain: dict[tuple[Part, bool], Diagram | None] = {}
        self._minimal: dict[tuple[Part, bool], Diagram | None] = {}
        self._large_tries = LARGE_TRIES

    def plain(self, part: Part, is_quick: bool = False) -> Diagram | None:
        """Return the diagram of a prime; None if it is too large (quick: larger than what takes no time to make)."""
        for key in ((part, False), (part, True)):
            if self._plain.get(key) is not None:
                return self._plain[key]
        key = (part, is_quick)
        if key not in self._plain:
            bounds = BOUNDS[:1] if is_quick else BOUNDS[(part, True) in self._plain :]
            self._plain[key] = None if self._large_tries <= 0 and not is_quick else self._tried(part, bounds)
        return self._plain[key]

    def _tried(self, part: Part, bounds: Sequence[int]) -> Diagram | None:
        assert part.skeleton is not None
        try:
            return diagram_of(part.skeleton, bounds)
        except TooLarge:
            self._large_tries -= len(bounds) > 1
            return None

    def minimal(self, part: Part, is_quick: bool = False) -> Diagram | None:
        """Return the diagram of the minimal sets of a prime; None if it is too large."""
        plain = self.plain(part, is_quick)
        if plain is None:
            return None
        key = (part, is_quick)
        if key not in self._minimal:
            try:
                self._minimal[key] = minimal_solutions(plain, BOUNDS[0] * 5 if is_quick else BOUNDS[-1])
            except TooLarge:
                self._minimal[key] = None
        return self._minimal[key]

    def cheapest(self, part: Part, cost: list[Cost], search: Search) -> Iterator[tuple[float, float, tuple[int, ...]]]:
        """Yield first and second cost and variables of the minimal sets of a prime, the cheapest first.

        A small diagram knows them all. Else a short search often does; then a large diagram, and a long search.

        Parameters
        ----------
        part
            A prime.
        cost
            First and second cost of each of its parts.
        search
            A search with the first of these.

        Raises
        ------
        TooLarge
            If nothing of all this can find them.
        """
        diagram = self.minimal(part, is_quick=True)
        told: set[tuple[int, ...]] = set()
        if diagram is None:
            most, search.most_work = search.most_work, SHORT_SEARCH
            try:
                for first, variables in search.sets():
                    told.add(variables)
                    yield first, math.inf, variables  # sets of equal cost need no order among themselves
            except TooLarge:
                search.most_work, search.work = most, 0
                diagram = self.minimal(part)
            else:
                return
        if diagram is not None:
            for first, second, variables in cheapest_sets(diagram, cost):
                if first > search.most_cost:
                    return
                if variables not in told:
                    yield first, second, variables
            return
        if self._large_tries <= 0:
            raise TooLarge
        self._large_tries -= 1
        for first, variables in search.sets():
            if variables not in told:
                yield first, math.inf, variables


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


def cheapest_sets(diagram: Diagram, cost: list[Cost]) -> Iterator[tuple[float, float, tuple[int, ...]]]:
    """Yield the sets of a diagram of sets, the cheapest first: the cost to go from each node is known exactly."""
    infinite = (float("inf"), 0.0)
    to_go: dict[int, Cost] = {0: infinite, 1: (0.0, 0.0)}
    for node in diagram.nodes():
        own, rest = cost[diagram.variable[node]], to_go[diagram.high[node]]
        to_go[node] = min(to_go[diagram.low[node]], (own[0] + rest[0], own[1] + rest[1]))
    if diagram.root == 0:
        return
    number = 0
    heap: list[tuple[Cost, int, Cost, int, tuple[Any, ...]]] = [(to_go[diagram.root], 0, (0.0, 0.0), diagram.root, ())]
    while heap:
        _, _, paid, node, chosen = heapq.heappop(heap)
        if node == 1:
            yield paid[0], paid[1], events_of(chosen)
            continue
        variable, low, high = diagram.variable[node], diagram.low[node], diagram.high[node]
        if low:
            number += 1
            total = (paid[0] + to_go[low][0], paid[1] + to_go[low][1])
            heapq.heappush(heap, (total, number, paid, low, chosen))
        now = (paid[0] + cost[variable][0], paid[1] + cost[variable][1])
        number += 1
        total = (now[0] + to_go[high][0], now[1] + to_go[high][1])
        heapq.heappush(heap, (total, number, now, high, (chosen, variable)))


def sets_up_to(diagram: Diagram, cost: list[float], most: float) -> Iterator[tuple[int, ...]]:
    """Yield the sets of a diagram of sets up to a cost, in no order of cost: nothing is looked at that leads to none."""
    to_go = {0: math.inf, 1: 0.0}
    for node in diagram.nodes():
        to_go[node] = min(to_go[diagram.low[node]], cost[diagram.variable[node]] + to_go[diagram.high[node]])
    waiting: list[tuple[int, float, tuple[int, ...]]] = [(diagram.root, 0.0, ())]
    while waiting:
        node, paid, chosen = waiting.pop()
        if paid + to_go[node] > most:
            continue
        if node == 1:
            yield chosen
            continue
        variable = diagram.variable[node]
        waiting.append((diagram.low[node], paid, chosen))
        waiting.append((diagram.high[node], paid + cost[variable], (*chosen, variable)))


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
            return 1.0 if part.shape == Shape.LEAF else 0.0 if part.event else float("inf")
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
