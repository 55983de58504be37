"""Exact answers about formulas: probability, minimal cut sets, how many there are, and derivatives.

Each answer is worked out part by part (`parts.py`): what two services have in common is worked out once. Where a prime
part is too large for a diagram, the probability is an interval that is proven, and cut sets are searched for (`search.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from impactsim.exact.formula import Node
from impactsim.exact.parts import Decomposer
from impactsim.exact.pieces import Part, Shape, deep
from impactsim.exact.ranking import Ranking
from impactsim.exact.search import probability_bounds
from impactsim.exact.skeleton_sets import Rope, Sets, events_of
from impactsim.exact.structure import Structure
from impactsim.exact.up_to import UpTo

_IMPOSSIBLE = 1e4
"""What an event of probability 0 costs, where a likely one costs -ln p: more than any that can happen."""


class Interval(NamedTuple):
    """A figure: exact where low equals high, else proven to lie between."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high


class CutSet(NamedTuple):
    """A minimal cut set."""

    events: tuple[int, ...]
    """Components and common causes, in order of their numbers."""
    probability: float
    """That all of them happen, and that what the common causes strike is enough when nothing else fails."""


class Answers:
    """Exact answers about the formulas of a structure.

    Parameters
    ----------
    structure
        The formulas.
    probability
        Of each event: components, then common causes.
    """

    def __init__(self, structure: Structure, probability: Sequence[float]) -> None:
        self.structure = structure
        self.formula = structure.formula
        self.p = [*probability, *structure.strike_share]
        self._decomposer = Decomposer(self.formula)
        self._sets = Sets()
        self._up_to = UpTo(self._sets)
        self._probability: dict[Part, Interval] = {}
        self._count: dict[Part, int | None] = {}
        self._rankings: dict[int, Ranking] = {}

    def part(self, node: Node) -> Part:
        """Return the part that a node is."""
        with deep():
            return self._decomposer.part_of(node)

    # Probability.

    def probability(self, node: Node) -> Interval:
        """Return the probability that a node is true at a random time."""
        with deep():
            return self._probability_of(self._decomposer.part_of(node))

    def _probability_of(self, part: Part) -> Interval:
        found = self._probability.get(part)
        if found is None:
            found = self._probability[part] = self._work_out(part)
        return found

    def _work_out(self, part: Part) -> Interval:
        if part.shape == Shape.LEAF:
            return Interval(self.p[part.event], self.p[part.event])
        if part.shape == Shape.CONSTANT:
            return Interval(float(part.event), float(part.event))
        low: list[float] = []
        high: list[float] = []
        for each in part.parts:
            if each.shape == Shape.LEAF:  # nine of ten parts, in large systems
                low.append(self.p[each.event])
                high.append(self.p[each.event])
            else:
                inner = self._probability_of(each)
                low.append(inner.low)
                high.append(inner.high)
        if part.shape == Shape.PRIME:
            return self._of_prime(part, low, high)
        if low == high:
            value = _joined(part, low)
            return Interval(value, value)
        return Interval(_joined(part, low), _joined(part, high))

    def _of_prime(self, part: Part, low: list[float], high: list[float]) -> Interval:
        diagram = self._sets.plain(part)
        if diagram is None:
            assert part.skeleton is not None
            return Interval(*probability_bounds(part.skeleton, low, high))
        value = diagram.probability(low)
        return Interval(value, value if low == high else diagram.probability(high))

    # Cut sets.

    def cut_sets(self, node: Node, max_order: int | None = None) -> list[CutSet]:
        """Return the minimal cut sets of a node, all of them up to an order: the smallest first, of equals the likeliest.

        Raises
        ------
        TooLarge
            If they cannot be found within the bounds of diagram and search.
        """
        with deep():
            certain = self.structure.with_certain_strikes(node)
            part = self._decomposer.part_of(certain)
            most = max_order if max_order is not None else len(self.formula.events(certain))
            ropes = [rope for _, rope in self._up_to.of(part, most)]
            if certain == node:
                p = self.p
                found = [CutSet(e := events_of(rope), math.prod([p[event] for event in e])) for rope in ropes]
            else:
                found = [self._cut_set(node, certain, rope) for rope in ropes]
        return sorted(found, key=_by_order)

    def smallest(self, node: Node, n: int) -> list[CutSet]:
        """Return the `n` smallest minimal cut sets of a node, of equals the likeliest.

        Raises
        ------
        TooLarge
            If they cannot be found within the bounds of diagram and search.
        """
        with deep():
            certain = self.structure.with_certain_strikes(node)
            entries = self._by_size(n).best(self._decomposer.part_of(certain))
            found = [self._cut_set(node, certain, rope) for _, _, rope in entries]
        return sorted(found, key=_by_order)

    def _by_size(self, n: int) -> Ranking:
        """Return the ranking by size, kept: what two questions have in common is ranked once."""
        ranking = self._rankings.get(n)
        if ranking is None:
            ranking = self._rankings[n] = Ranking(self._sets, n, lambda event: (1.0, self._cost(event)))
        return ranking

    def likeliest(self, node: Node, n: int) -> list[CutSet]:
        """Return the `n` likeliest minimal cut sets of a node, of equals the smallest.

        Raises
        ------
        TooLarge
            If they cannot be found within the bounds of diagram and search.
        """
        wanted = n
        with deep():
            certain = self.structure.with_certain_strikes(node)
            part = self._decomposer.part_of(certain)
            while True:
                ranking = Ranking(self._sets, wanted, lambda event: (self._cost(event), 1.0))
                entries = ranking.best(part)
                found = sorted((self._cut_set(node, certain, rope) for _, _, rope in entries), key=_by_probability)
                # A common cause that may miss makes a set less likely than its events: look until none behind can pass.
                if len(entries) < wanted or certain == node:
                    return found[:n]
                if found[n - 1].probability >= math.exp(-entries[-1][0]):
                    return found[:n]
                wanted *= 2

    def _cost(self, event: int) -> float:
        return -math.log(self.p[event]) if self.p[event] > 0.0 else _IMPOSSIBLE

    def _cut_set(self, node: Node, certain: Node, rope: Rope) -> CutSet:
        events = events_of(rope)
        probability = math.prod(self.p[event] for event in events)
        if certain != node and any(event >= self.structure.n_components for event in events):
            probability *= self._enough(node, set(events))
        return CutSet(events, probability)

    def _enough(self, node: Node, events: set[int]) -> float:
        """Return the probability that what common causes strike is enough, if these events happen and no other."""
        formula, n_events = self.formula, self.structure.n_events
        values = {
            formula.event(event): formula.true if event in events else formula.false
            for event in formula.events(node)
            if event < n_events
        }
        return self._probability_of(self._decomposer.part_of(formula.replaced(node, values))).low

    def count(self, node: Node) -> int | None:
        """Return how many minimal cut sets a node has; None if no diagram of them fits."""
        with deep():
            return self._count_of(self._decomposer.part_of(self.structure.with_certain_strikes(node)))

    def _count_of(self, part: Part) -> int | None:
        if part not in self._count:
            self._count[part] = self._counted(part)
        return self._count[part]

    def _counted(self, part: Part) -> int | None:
        if part.shape in {Shape.LEAF, Shape.CONSTANT}:
            return 1 if part.shape == Shape.LEAF else part.event
        inner = []
        for each in part.parts:
            n = self._count_of(each)
            if n is None:
                return None
            inner.append(n)
        if part.shape == Shape.SERIES:
            return sum(inner)
        if part.shape == Shape.PARALLEL:
            return math.prod(inner)
        if part.shape == Shape.VOTE:
            return _chosen(part.k, inner)
        diagram = self._sets.minimal(part)
        return None if diagram is None else diagram.count(inner)

    # Derivatives.

    def birnbaum(self, node: Node) -> dict[int, float] | None:
        """Return by how much the probability of a node grows from an event never to always, of each event.

        Returns
        -------
        dict or None
            By event, in order; events that do not matter are left out. None if no diagram fits.
        """
        with deep():
            part = self._decomposer.part_of(node)
            if not self._probability_of(part).is_exact:
                return None
            found: dict[int, float] = {}
            waiting = [(part, 1.0)]
            while waiting:
                each, weight = waiting.pop()
                if each.shape == Shape.LEAF:
                    found[each.event] = weight
                elif each.shape != Shape.CONSTANT:
                    waiting.extend((inner, weight * d) for inner, d in zip(each.parts, self._slopes(each), strict=True))
        return {event: found[event] for event in sorted(found) if event < self.structure.n_events}

    def _slopes(self, part: Part) -> list[float]:
        """Return by how much the probability of a part grows with that of each of its parts."""
        p = [self._probability_of(each).low for each in part.parts]
        if part.shape == Shape.PRIME:
            diagram = self._sets.plain(part)
            assert diagram is not None, "the probability is exact"
            return diagram.derivatives(p)
        if part.shape == Shape.VOTE:
            return [_exactly(part.k - 1, p[:i] + p[i + 1 :]) for i in range(len(p))]
        factors = p if part.shape == Shape.PARALLEL else [1.0 - each for each in p]
        return _products_of_others(factors)


def _by_order(each: CutSet) -> tuple[float, float, tuple[int, ...]]:
    return len(each.events), -each.probability, each.events


def _by_probability(each: CutSet) -> tuple[float, float, tuple[int, ...]]:
    return -each.probability, len(each.events), each.events


def _joined(part: Part, p: list[float]) -> float:
    """Return the probability of a series, a parallel or a vote."""
    if part.shape == Shape.PARALLEL:
        return math.prod(p)
    if part.shape == Shape.SERIES:
        return any_of(p)
    steps = [1.0, *([0.0] * part.k)]  # probability of so many; the last of so many or more
    for each in p:
        steps[-1] += steps[-2] * each
        for j in range(part.k - 1, 0, -1):
            steps[j] = steps[j] * (1.0 - each) + steps[j - 1] * each
        steps[0] *= 1.0 - each
    return steps[-1]


def any_of(p: list[float]) -> float:
    """Return the probability of at least one of independent events; small ones keep all their digits."""
    if any(each == 1.0 for each in p):
        return 1.0
    return -math.expm1(math.fsum(math.log1p(-each) for each in p))


def _exactly(k: int, p: list[float]) -> float:
    steps = [1.0, *([0.0] * k)]
    for each in p:
        for j in range(k, 0, -1):
            steps[j] = steps[j] * (1.0 - each) + steps[j - 1] * each
        steps[0] *= 1.0 - each
    return steps[-1]


def _chosen(k: int, counts: list[int]) -> int:
    """Return in how many ways one each of `k` of several sorts can be taken."""
    steps = [1, *([0] * k)]
    for n in counts:
        for j in range(k, 0, -1):
            steps[j] += steps[j - 1] * n
    return steps[-1]


def _products_of_others(factors: list[float]) -> list[float]:
    """Return for each factor the product of all others."""
    found = [1.0] * len(factors)
    before = 1.0
    for i, factor in enumerate(factors):
        found[i] = before
        before *= factor
    behind = 1.0
    for i in range(len(factors) - 1, -1, -1):
        found[i] *= behind
        behind *= factors[i]
    return found
