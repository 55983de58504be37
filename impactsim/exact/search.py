"""Answers where no diagram fits: minimal cut sets in order of cost, and proven bounds on the probability.

Theory of operation. Whatever takes the whole down must hit every *path set*, a set of variables that together keep it up. So
a search finds a path set that nothing chosen hits yet, and branches on which of its variables fails; a variable that one branch
took is left out in those behind it, so no set is found twice. The cheapest branch goes first (A*). What is still to be paid
is bounded from below by path sets that share cost (dual ascent: each path set pays its cheapest variable, and what
is left of the others' costs pays for the next). A set that is found is kept if it is minimal: none of its
variables can be left out.

The probability is bounded by cases (Dotson and Gobien, IEEE Transactions on Circuits and Systems 26, 1979): in a case some
variables have failed and some have not; a path set splits it into one case in which the whole is surely up, and one for each
first variable of the path that fails. The most probable case goes first; what is not split in the end is the gap.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence

from impactsim.exact.diagram import TooLarge
from impactsim.exact.formula import AND, OR
from impactsim.exact.pieces import Skeleton

MOST_WORK = 20_000_000
"""So many inputs of gates may a search look at: seconds."""
_MOST_CASES_WORK = 10_000_000
_MOST_CASES = 3_000
_BANNED = 1e-3  # what may not be chosen keeps a path up for nothing: fewer branches, better bounds


def path_set(skeleton: Skeleton, failed: set[int], weight: Sequence[float]) -> list[int] | None:
    """Return variables that keep the whole up although some have failed, of small weight; None if it is down.

    Parameters
    ----------
    skeleton
        When the whole is down.
    failed
        Variables that have failed.
    weight
        How much each variable counts; the sum is small, not always the smallest.
    """
    n = skeleton.n_variables
    cost = [math.inf if variable in failed else weight[variable] for variable in range(n)]
    for kind, k, args in skeleton.gates:
        if kind == OR:
            cost.append(sum(cost[arg] for arg in args))
        elif kind == AND:
            cost.append(min(cost[arg] for arg in args))
        else:
            cost.append(sum(sorted(cost[arg] for arg in args)[: len(args) - k + 1]))
    if math.isinf(cost[-1]):
        return None
    found: set[int] = set()
    waiting, seen = [len(cost) - 1], set[int]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node < n:
            found.add(node)
            continue
        kind, k, args = skeleton.gates[node - n]
        if kind == OR:
            waiting.extend(args)
        else:
            n_up = 1 if kind == AND else len(args) - k + 1
            waiting.extend(sorted(args, key=lambda arg: (cost[arg], arg))[:n_up])
    return sorted(found)


class Search:
    """Finds the minimal sets of a skeleton's variables, the cheapest first.

    Parameters
    ----------
    skeleton
        When the whole is down.
    cost
        Cost of each variable, 0 or more.
    most_work
        How many inputs of gates may be looked at.
    """

    def __init__(self, skeleton: Skeleton, cost: Sequence[float], most_work: int = MOST_WORK) -> None:
        self.skeleton = skeleton
        self.cost = cost
        self.most_work = most_work
        self.work = 0
        """How many inputs of gates were looked at."""
        self._size = skeleton.n_variables + sum(len(args) for _, _, args in skeleton.gates)
        self.most_cost = math.inf
        """Sets that cost more are not wanted; whoever takes the sets may lower it meanwhile."""

    def sets(self) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Yield cost and variables of each minimal set up to `most_cost`, the cheapest first.

        Raises
        ------
        TooLarge
            If the search passes its bound.
        """
        number = 0
        heap: list[tuple[float, int, bool, tuple[int, ...], frozenset[int]]] = [(0.0, 0, False, (), frozenset())]
        slack = 1e-9 * (1.0 + max(self.cost, default=0.0))
        while heap:
            bound, _, is_tight, chosen, banned = heapq.heappop(heap)
            if bound > self.most_cost + slack:
                return
            if not is_tight:
                tight, path, left = self._bound(chosen, banned)
                if math.isinf(tight):
                    continue
                number += 1
                if path is None:
                    heapq.heappush(heap, (tight, number, True, chosen, banned))
                    continue
                out = set(banned)
                for variable in sorted(path, key=lambda v: (left[v], self.cost[v], v)):
                    if variable in banned:
                        continue
                    number += 1
                    child = max(bound, tight + left[variable])
                    heapq.heappush(heap, (child, number, False, (*chosen, variable), frozenset(out)))
                    out.add(variable)
            elif self._is_minimal(chosen):
                yield math.fsum(self.cost[variable] for variable in chosen), tuple(sorted(chosen))

    def _bound(self, chosen: tuple[int, ...], banned: frozenset[int]) -> tuple[float, list[int] | None, list[float]]:
        """Return the least cost of a set with these variables, a path set that it must hit, and what is left of the costs."""
        failed = set(chosen)
        left = list(self.cost)
        for variable in chosen:
            left[variable] = 0.0
        total = math.fsum(self.cost[variable] for variable in chosen)
        weight = [_BANNED if variable in banned else 1.0 for variable in range(len(left))]
        first: list[int] | None = None
        while (path := self._path_set(failed, weight)) is not None:
            if first is None:
                first = path
            open_ones = [variable for variable in path if variable not in banned]
            if not open_ones:
                return math.inf, first, left
            least = min(left[variable] for variable in open_ones)
            total += least
            for variable in open_ones:
                left[variable] -= least
                if left[variable] <= 1e-12:
                    left[variable] = 0.0
                    failed.add(variable)
        return total, first, left

    def _path_set(self, failed: set[int], weight: Sequence[float]) -> list[int] | None:
        self.work += self._size
        if self.work > self.most_work:
            raise TooLarge
        return path_set(self.skeleton, failed, weight)

    def _is_minimal(self, chosen: tuple[int, ...]) -> bool:
        return not any(self.skeleton.is_true(set(chosen) - {variable}) for variable in chosen)


def probability_bounds(skeleton: Skeleton, low: Sequence[float], high: Sequence[float]) -> tuple[float, float]:
    """Return bounds on the probability that the whole is down, from those of its variables.

    Parameters
    ----------
    skeleton
        When the whole is down.
    low, high
        Bounds on the probability of each variable.
    """
    if list(low) == list(high):
        return _by_cases(skeleton, low)
    return _by_cases(skeleton, low)[0], _by_cases(skeleton, high)[1]


def _by_cases(skeleton: Skeleton, p: Sequence[float]) -> tuple[float, float]:
    weight = [-math.log1p(-each) + 1e-6 if each < 1.0 else 1e6 for each in p]
    certain = tuple(variable for variable, each in enumerate(p) if each == 1.0)
    down, number = 0.0, 0
    heap: list[tuple[float, int, tuple[int, ...], frozenset[int]]] = [(-1.0, 0, certain, frozenset())]
    rest = 1.0
    size = len(p) + sum(len(args) for _, _, args in skeleton.gates)
    for _ in range(min(_MOST_CASES, _MOST_CASES_WORK // size)):
        if not heap or rest <= 1e-15:
            break
        mass, _, failed, up = heapq.heappop(heap)
        mass = -mass
        rest -= mass
        now = [0.0 if variable in up else weight[variable] for variable in range(len(p))]
        path = path_set(skeleton, set(failed), now)
        if path is None:
            down += mass
            continue
        standing = set(up)
        for variable in sorted((v for v in path if v not in up), key=lambda v: (-p[v], v)):
            if p[variable] > 0.0:
                number += 1
                heapq.heappush(heap, (-mass * p[variable], number, (*failed, variable), frozenset(standing)))
                rest += mass * p[variable]
            mass *= 1.0 - p[variable]
            standing.add(variable)
    gap = math.fsum(-mass for mass, *_ in heap)
    lowest, highest = _associated(skeleton, p)
    return max(down, lowest), min(down + gap, highest)


def _associated(skeleton: Skeleton, p: Sequence[float]) -> tuple[float, float]:
    """Return bounds that hold because monotone functions of independent events go together (Harris, 1960)."""
    low, high = list(p), list(p)
    for kind, k, args in skeleton.gates:
        if kind == OR:
            low.append(max(low[arg] for arg in args))
            high.append(1.0 - math.prod(1.0 - high[arg] for arg in args))
        elif kind == AND:
            low.append(math.prod(low[arg] for arg in args))
            high.append(min(high[arg] for arg in args))
        else:
            low.append(math.prod(sorted((low[arg] for arg in args), reverse=True)[:k]))
            high.append(min(1.0, math.fsum(high[arg] for arg in args) / k))
    return low[-1], high[-1]
