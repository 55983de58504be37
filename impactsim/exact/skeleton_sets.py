"""The minimal sets of skeletons, by diagram where that fits and by search where it does not.

Sets are handed on as *ropes*, nested tuples of events that share their pieces; they are made flat at the end.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from typing import Any

from impactsim.exact.diagram import BOUNDS, Diagram, TooLarge, diagram_of, minimal_solutions
from impactsim.exact.pieces import Part
from impactsim.exact.search import Search

LARGE_TRIES = 3
"""So many large diagrams may fail, and long searches be made, in all questions about one system; then only small ones are."""
SHORT_SEARCH = 1_000_000
"""So many inputs of gates may a search look at before a large diagram is tried."""

Cost = tuple[float, float]
Rope = Any
"""An event, or a tuple of ropes."""


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


def cheapest_sets(diagram: Diagram, cost: list[Cost]) -> Iterator[tuple[float, float, tuple[int, ...]]]:
    """Yield the sets of a diagram of sets, the cheapest first: the cost to go from each node is known exactly."""
    infinite = (math.inf, 0.0)
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
