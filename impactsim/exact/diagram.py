"""Decision diagrams of monotone formulas: probability, and all minimal cut sets without listing them.

A binary decision diagram (Bryant, IEEE Transactions on Computers C-35, 1986) of a skeleton gives its probability and
derivatives in one pass each. Its minimal solutions (Rauzy, Reliability Engineering and System Safety 40, 1993) are kept as a
zero-suppressed diagram (Minato 1993): a node (v, low, high) holds the sets of `low`, and those of `high` with v in them.
Which order of the variables makes a diagram small is not known beforehand; several are tried, under a growing bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from impactsim.exact.formula import AND, OR
from impactsim.exact.pieces import Skeleton, deep

BOUNDS = (20_000, 150_000, 600_000)
"""So many nodes may a diagram have, one try after the other."""
_TRIED_AGAIN = 2
_STEPS_A_NODE = 2
"""So many steps for each node of its bound may the search for minimal solutions take."""
_PULLS = 40


class TooLarge(Exception):
    """A diagram, or a search, passed its bound."""


@dataclass(frozen=True, slots=True, eq=False)
class Diagram:
    """A diagram: node i has a variable, and where to go without and with it; 0 and 1 are the ends. Members first."""

    variable: list[int]
    low: list[int]
    high: list[int]
    root: int
    order: list[int]
    """The variables, from the top down."""

    def nodes(self) -> list[int]:
        """Return the nodes below the root, members first."""
        seen, waiting = {self.root}, [self.root]
        while waiting:
            node = waiting.pop()
            if node > 1:
                for other in (self.low[node], self.high[node]):
                    if other not in seen:
                        seen.add(other)
                        waiting.append(other)
        return sorted(node for node in seen if node > 1)

    def probability(self, of_variable: Sequence[float]) -> float:
        """Return the probability of the whole, from those of the variables."""
        return self._probabilities(of_variable)[self.root]

    def _probabilities(self, of_variable: Sequence[float]) -> dict[int, float]:
        value = {0: 0.0, 1: 1.0}
        for node in self.nodes():
            p = of_variable[self.variable[node]]
            value[node] = (1.0 - p) * value[self.low[node]] + p * value[self.high[node]]
        return value

    def derivatives(self, of_variable: Sequence[float]) -> list[float]:
        """Return by how much the probability grows from a variable never to always true, of each variable."""
        value = self._probabilities(of_variable)
        weight = dict.fromkeys(value, 0.0)
        weight[self.root] = 1.0
        found = [0.0] * len(of_variable)
        for node in reversed(self.nodes()):
            variable, low, high = self.variable[node], self.low[node], self.high[node]
            found[variable] += weight[node] * (value[high] - value[low])
            weight[high] += weight[node] * of_variable[variable]
            weight[low] += weight[node] * (1.0 - of_variable[variable])
        return found

    def count(self, of_variable: Sequence[int]) -> int:
        """Return how many sets there are (of a diagram of sets), where each variable stands for so many."""
        value = {0: 0, 1: 1}
        for node in self.nodes():
            value[node] = value[self.low[node]] + of_variable[self.variable[node]] * value[self.high[node]]
        return value[self.root]


def diagram_of(skeleton: Skeleton, bounds: Sequence[int] = BOUNDS) -> Diagram:
    """Return the diagram of a skeleton.

    Parameters
    ----------
    skeleton
        A formula of numbered variables.
    bounds
        How many nodes the diagram may have, one try after the other; only the orders that got furthest are tried again.

    Raises
    ------
    TooLarge
        If it passes the bound in every order that was tried.
    """
    orders = _orders(skeleton)
    with deep():
        for bound in bounds:
            got: list[tuple[int, int]] = []
            for number, order in enumerate(orders):
                maker = _Maker(skeleton, order, bound)
                try:
                    return maker.diagram()
                except TooLarge:
                    got.append((-maker.n_done, number))
            orders = [orders[number] for _, number in sorted(got)[:_TRIED_AGAIN]]
    raise TooLarge


def _orders(skeleton: Skeleton) -> list[list[int]]:
    """Return orders of the variables to try: depth first as written, the other way round, and the light gates first."""
    size = [1] * skeleton.n_variables
    for _, _, args in skeleton.gates:
        size.append(sum(size[arg] for arg in args))
    found = [
        _pulled(skeleton, _depth_first(skeleton, list)),
        _depth_first(skeleton, list),
        _depth_first(skeleton, lambda args: list(reversed(args))),
        _depth_first(skeleton, lambda args: sorted(args, key=size.__getitem__)),
        _depth_first(skeleton, lambda args: sorted(args, key=lambda arg: -size[arg])),
    ]
    return [order for i, order in enumerate(found) if order not in found[:i]]


def _pulled(skeleton: Skeleton, order: list[int]) -> list[int]:
    """Return an order in which what a gate joins stands close together.

    Each gate pulls its inputs to their common centre, small gates the hardest (FORCE: Aloul, Markov and Sakallah, 2003).
    """
    n = skeleton.n_variables
    place = [0.0] * n
    for i, variable in enumerate(order):
        place[variable] = float(i)
    for _, _, args in skeleton.gates:
        place.append(sum(place[arg] for arg in args) / len(args))
    for _ in range(_PULLS):
        pull, weight = [0.0] * len(place), [0.0] * len(place)
        for gate, (_, _, args) in enumerate(skeleton.gates, n):
            joined = (*args, gate)
            centre = sum(place[node] for node in joined) / len(joined)
            strength = 1.0 / len(args)
            for node in joined:
                pull[node] += strength * centre
                weight[node] += strength
        moved = [pull[node] / weight[node] if weight[node] else place[node] for node in range(len(place))]
        ranks = sorted(range(len(place)), key=lambda node: (moved[node], node))
        new = [0.0] * len(place)
        for rank, node in enumerate(ranks):
            new[node] = float(rank)
        if new == place:
            break
        place = new
    return sorted(order, key=place.__getitem__)


def _depth_first(skeleton: Skeleton, arranged: object) -> list[int]:
    assert callable(arranged)
    n = skeleton.n_variables
    seen: set[int] = set()
    order: list[int] = []
    waiting = [n + len(skeleton.gates) - 1]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node < n:
            order.append(node)
        else:
            waiting.extend(reversed(arranged(skeleton.gates[node - n][2])))
    return order


class _Maker:
    """Makes the diagram of one skeleton, in one order."""

    def __init__(self, skeleton: Skeleton, order: list[int], bound: int) -> None:
        self.skeleton = skeleton
        self.order = order
        self.bound = bound
        end = len(order)
        self.level = [end, end]
        self.low = [0, 1]
        self.high = [0, 1]
        self.known: dict[tuple[int, int, int], int] = {}
        self.both: dict[tuple[int, int], int] = {}
        self.either: dict[tuple[int, int], int] = {}
        self.n_done = 0
        """How many gates are done: how far it got when it passed its bound."""

    def diagram(self) -> Diagram:
        place = {variable: level for level, variable in enumerate(self.order)}
        value = [
            self._node(place[variable], 0, 1) if variable in place else 0
            for variable in range(self.skeleton.n_variables)
        ]
        for kind, k, args in self.skeleton.gates:
            inputs = sorted((value[arg] for arg in args), key=lambda node: -self.level[node])
            if kind == OR:
                value.append(self._gate(inputs, 0))
            elif kind == AND:
                value.append(self._gate(inputs, 1))
            else:
                value.append(self._vote(k, inputs))
            self.n_done += 1
        variable = [-1, -1, *(self.order[level] for level in self.level[2:])]
        return Diagram(variable, self.low, self.high, value[-1], self.order)

    def _gate(self, inputs: list[int], start: int) -> int:
        """Join inputs, those that come late in the order first: so the parts that are joined stay small."""
        join = self._or if start == 0 else self._and
        node = start
        for each in inputs:
            node = join(node, each)
        return node

    def _vote(self, k: int, inputs: list[int]) -> int:
        steps = [0] * k
        for each in inputs:
            for j in range(k - 1, 0, -1):
                steps[j] = self._or(steps[j], self._and(steps[j - 1], each))
            steps[0] = self._or(steps[0], each)
        return steps[-1]

    def _node(self, level: int, low: int, high: int) -> int:
        if low == high:
            return low
        key = (level, low, high)
        node = self.known.get(key)
        if node is None:
            node = self.known[key] = len(self.level)
            if node > self.bound:
                raise TooLarge
            self.level.append(level)
            self.low.append(low)
            self.high.append(high)
        return node

    def _remember(self, known: dict[tuple[int, int], int], key: tuple[int, int], node: int) -> None:
        known[key] = node
        if len(known) > _STEPS_A_NODE * self.bound:
            raise TooLarge

    def _or(self, f: int, g: int) -> int:
        if f == g or g == 0:  # noqa: PLR1714
            return f
        if f == 0:
            return g
        if f == 1 or g == 1:
            return 1
        key = (f, g) if f < g else (g, f)
        node = self.either.get(key)
        if node is None:
            a, b = self.level[f], self.level[g]
            if a == b:
                node = self._node(a, self._or(self.low[f], self.low[g]), self._or(self.high[f], self.high[g]))
            elif a < b:
                node = self._node(a, self._or(self.low[f], g), self._or(self.high[f], g))
            else:
                node = self._node(b, self._or(f, self.low[g]), self._or(f, self.high[g]))
            self._remember(self.either, key, node)
        return node

    def _and(self, f: int, g: int) -> int:
        if f == g or g == 1:  # noqa: PLR1714 - faster than a set
            return f
        if f == 1:
            return g
        if f == 0 or g == 0:
            return 0
        key = (f, g) if f < g else (g, f)
        node = self.both.get(key)
        if node is None:
            a, b = self.level[f], self.level[g]
            if a == b:
                node = self._node(a, self._and(self.low[f], self.low[g]), self._and(self.high[f], self.high[g]))
            elif a < b:
                node = self._node(a, self._and(self.low[f], g), self._and(self.high[f], g))
            else:
                node = self._node(b, self._and(f, self.low[g]), self._and(f, self.high[g]))
            self._remember(self.both, key, node)
        return node


def minimal_solutions(diagram: Diagram, bound: int = BOUNDS[-1]) -> Diagram:
    """Return the diagram of the minimal sets of variables that make a monotone diagram true.

    Raises
    ------
    TooLarge
        If it passes the bound.
    """
    with deep():
        return _Minimal(diagram, bound).diagram()


class _Minimal:
    """Minimal solutions of one diagram.

    With f0 and f1 what is left without and with the first variable, f0 is true wherever it need not be there (f is monotone): the
    minimal sets are those of f0, and those of f1 that contain none of f0, with the variable added.
    """

    def __init__(self, source: Diagram, bound: int) -> None:
        self.source = source
        self.bound = bound
        self.variable: list[int] = [-1, -1]
        self.low = [0, 0]
        self.high = [0, 0]
        self.known: dict[tuple[int, int, int], int] = {}
        self.pruned: dict[tuple[int, int], int] = {}
        self.place = {variable: place for place, variable in enumerate(source.order)}

    def diagram(self) -> Diagram:
        source = self.source
        minimal = {0: 0, 1: 1}
        for node in source.nodes():
            without = minimal[source.low[node]]
            with_it = self._without(minimal[source.high[node]], without)
            minimal[node] = self._node(source.variable[node], without, with_it)
        return Diagram(self.variable, self.low, self.high, minimal[source.root], source.order)

    def _node(self, variable: int, low: int, high: int) -> int:
        if high == 0:
            return low
        key = (variable, low, high)
        node = self.known.get(key)
        if node is None:
            node = self.known[key] = len(self.variable)
            if node > self.bound:
                raise TooLarge
            self.variable.append(variable)
            self.low.append(low)
            self.high.append(high)
        return node

    def _without(self, f: int, g: int) -> int:
        """Return the sets of `f` that contain no set of `g`."""
        if f == 0 or g == 1 or f == g:  # noqa: PLR1714
            return 0
        if g == 0 or f == 1:
            return f
        key = (f, g)
        node = self.pruned.get(key)
        if node is None:
            a, b = self.place[self.variable[f]], self.place[self.variable[g]]
            if a < b:
                node = self._node(self.variable[f], self._without(self.low[f], g), self._without(self.high[f], g))
            elif a > b:
                node = self._without(f, self.low[g])
            else:
                high = self._without(self._without(self.high[f], self.high[g]), self.low[g])
                node = self._node(self.variable[f], self._without(self.low[f], self.low[g]), high)
            self.pruned[key] = node
            if len(self.pruned) > _STEPS_A_NODE * self.bound:
                raise TooLarge
        return node
