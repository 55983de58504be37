"""Formulas taken apart into pieces that share no event: what makes exact answers cheap.

A *part* is one event; a series, a parallel or a vote of parts that share no event; or a *prime*: a small formula, the skeleton,
of parts that cannot be taken apart further. What is asked of a whole then follows from the same of its parts.

Theory of operation. Of a gate, (1) gates of its own kind below it are merged into it; (2) what several of its inputs have in
common is factored out: (x or a) and (x or b) is x or (a and b); (3) inputs that share events are grouped, and the groups
are parts; (4) where there is one group only, events that decide alone are split off (the single points, by bit sets, and
the dual); (5) what is left is prime, and within it *modules*, gates whose events occur nowhere else, are found in linear time
(Dutuit and Rauzy, A linear-time algorithm to find modules of fault trees, IEEE Transactions on Reliability 45, 1996) and become
its variables.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from impactsim.exact.formula import AND, ATLEAST, EVENT, OR, Formula, Node

_MOST_BITS = 1_500_000_000
"""So many bits may the search for deciding events hold; of larger formulas it is left out, which only costs time later."""


class Shape(IntEnum):
    """How a part is made."""

    CONSTANT = 0
    LEAF = 1
    SERIES = 2
    PARALLEL = 3
    VOTE = 4
    PRIME = 5


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a formula; no two parts of one part share an event."""

    shape: Shape
    event: int = -1
    """The event (LEAF); 1 or 0 (CONSTANT)."""
    parts: tuple[Part, ...] = ()
    k: int = 0
    """How many of the parts must be true (VOTE)."""
    skeleton: Skeleton | None = field(default=None, repr=False)
    """How a PRIME follows from its parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """A formula of numbered variables: nodes 0 to n - 1 are the variables, the gates follow, the last one is the whole."""

    n_variables: int
    gates: tuple[tuple[int, int, tuple[int, ...]], ...]
    """Kind, k and nodes below, of each gate; members first."""

    def is_true(self, true: set[int]) -> bool:
        """Tell whether the whole is true if exactly these variables are."""
        value = [variable in true for variable in range(self.n_variables)]
        for kind, k, args in self.gates:
            if kind == OR:
                value.append(any(value[arg] for arg in args))
            elif kind == AND:
                value.append(all(value[arg] for arg in args))
            else:
                value.append(sum(value[arg] for arg in args) >= k)
        return value[-1]


@contextmanager
def deep(frames: int = 1_000_000) -> Iterator[None]:
    """Let Python recurse as deep as formulas are: its own limit guards against mistakes, not memory."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, frames))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class Decomposer:
    """Takes formulas apart; what two of them have in common is taken apart once."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self._known: dict[Node, Part] = {}

    def part_of(self, root: Node) -> Part:
        """Return the part that a node is."""
        part = self._known.get(root)
        if part is None:
            part = self._known[root] = self._take_apart(root)
        return part

    def _take_apart(self, root: Node) -> Part:
        formula = self.formula
        kind = formula.kind[root]
        if kind < EVENT:
            return Part(Shape.CONSTANT, root)
        if kind == EVENT:
            return Part(Shape.LEAF, formula.args[root][0])
        args = self._merged(root) if kind != ATLEAST else list(formula.args[root])
        if kind != ATLEAST and (factored := self._factored(kind, args)) is not None:
            args = factored
        if len(args) == 1:
            return self.part_of(args[0])
        groups = self._groups(args)
        if kind == ATLEAST:
            if len(groups) == len(args):
                return Part(Shape.VOTE, parts=tuple(self.part_of(arg) for arg in args), k=formula.k[root])
            return self._connected(root)
        if len(groups) > 1:
            shape = Shape.SERIES if kind == OR else Shape.PARALLEL
            return Part(shape, parts=tuple(self.part_of(formula.gate(kind, 0, group)) for group in groups))
        return self._connected(formula.gate(kind, 0, args))

    # Merging and factoring.

    def _merged(self, root: Node) -> list[Node]:
        """Return what a gate is made of when the gates of its own kind below it, and below these, are merged into it."""
        kind, args = self.formula.kind, self.formula.args
        mine, found, seen = kind[root], [], {root}
        waiting = [iter(args[root])]
        while waiting:
            for node in waiting[-1]:
                if node in seen:
                    continue
                seen.add(node)
                if kind[node] == mine:
                    waiting.append(iter(args[node]))
                    break
                found.append(node)
            else:
                waiting.pop()
        return found

    def _factored(self, kind: int, args: list[Node]) -> list[Node] | None:
        """Factor out what inputs of the other kind have in common; None if there is nothing.

        Each input goes to its most frequent member. An input that *is* such a member leaves nothing of the others there
        (absorption).
        """
        formula = self.formula
        other = AND if kind == OR else OR
        inner = {arg: self._inner(arg, other) for arg in args}
        frequency = Counter(node for members in inner.values() for node in members)
        if not frequency or max(frequency.values()) == 1:
            return None
        groups: dict[Node, list[Node]] = {}
        alone: list[Node] = []
        for arg, members in inner.items():
            common = max(members, key=frequency.__getitem__)  # the first of equals
            if frequency[common] == 1:
                alone.append(arg)
                continue
            rest = formula.gate(other, 0, [node for node in members if node != common])
            groups.setdefault(common, []).append(rest)
        found = [
            formula.gate(other, 0, [common, formula.gate(kind, 0, rests)]) if len(rests) > 1 else
            formula.gate(other, 0, [common, rests[0]])
            for common, rests in groups.items()
        ]  # fmt: skip
        new = (
            list(formula.args[gate])
            if formula.kind[gate := formula.gate(kind, 0, [*alone, *found])] == kind
            else [gate]
        )
        return None if set(new) == set(args) else new

    def _inner(self, arg: Node, other: int) -> tuple[Node, ...]:
        return self.formula.args[arg] if self.formula.kind[arg] == other else (arg,)

    def _groups(self, args: list[Node]) -> list[list[Node]]:
        """Return the inputs of a gate in groups that share no event."""
        kind, below = self.formula.kind, self.formula.args
        parent = list(range(len(args)))

        def find(i: int) -> int:
            while parent[i] != i:
                parent[i] = parent[parent[i]]
                i = parent[i]
            return i

        owner: dict[Node, int] = {}
        for i, arg in enumerate(args):
            waiting = [arg]
            while waiting:
                node = waiting.pop()
                if node in owner:
                    a, b = find(owner[node]), find(i)
                    parent[max(a, b)] = min(a, b)
                    continue
                owner[node] = i
                if kind[node] > EVENT:
                    waiting.extend(below[node])
        groups: dict[int, list[Node]] = {}
        for i, arg in enumerate(args):
            groups.setdefault(find(i), []).append(arg)
        return list(groups.values())

    # What hangs together.

    def _connected(self, root: Node) -> Part:
        """Take apart a gate all of whose inputs share events: split off what decides alone, else it is prime."""
        formula = self.formula
        for kind, shape, value in (
            (OR, Shape.SERIES, formula.false),
            (AND, Shape.PARALLEL, formula.true),
        ):
            events = self._deciding(root, is_dual=kind == AND)
            if events:
                nodes = [formula.event(event) for event in events]
                rest = formula.replaced(root, dict.fromkeys(nodes, value))
                leaves = [Part(Shape.LEAF, event) for event in events]
                if formula.kind[rest] < EVENT:
                    return Part(shape, parts=tuple(leaves)) if len(leaves) > 1 else leaves[0]
                return Part(shape, parts=(*leaves, self.part_of(rest)))
        return self._prime(root)

    def _deciding(self, root: Node, is_dual: bool) -> list[int]:
        """Return the events that alone make a gate true (dual: whose absence alone makes it false)."""
        formula = self.formula
        nodes = formula.below([root])
        events = [formula.args[node][0] for node in nodes if formula.kind[node] == EVENT]
        if len(nodes) * len(events) > _MOST_BITS:
            return []
        bit = {event: i for i, event in enumerate(events)}
        value: dict[Node, int] = {}
        for node in nodes:
            kind, args = formula.kind[node], formula.args[node]
            if kind == EVENT:
                value[node] = 1 << bit[args[0]]
                continue
            k = 1 if kind == OR else len(args) if kind == AND else formula.k[node]
            value[node] = _in_at_least(len(args) - k + 1 if is_dual else k, [value[arg] for arg in args])
        found = value[root]
        return [event for event in events if found >> bit[event] & 1]

    def _prime(self, root: Node) -> Part:
        modules = self._modules(root)
        formula = self.formula
        parents = Counter(
            arg for node in formula.below([root]) if formula.kind[node] > EVENT for arg in formula.args[node]
        )
        builder = _Builder()

        def variable(node: Node) -> int:
            return builder.variable(node, lambda: self.part_of(node))

        stack = [root]
        while stack:
            node = stack[-1]
            if node in builder.local:
                stack.pop()
                continue
            if node != root and (formula.kind[node] == EVENT or node in modules):
                variable(node)
                stack.pop()
                continue
            args = self._with_private_groups(node, parents, modules)
            missing = [arg for arg in args if arg not in builder.local]
            if missing:
                stack.extend(reversed(missing))
                modules.update(arg for arg in missing if arg not in parents)  # the groups just made
                continue
            builder.gate(node, formula.kind[node], formula.k[node], args)
            stack.pop()
        return Part(Shape.PRIME, parts=tuple(builder.parts), skeleton=builder.skeleton())

    def _with_private_groups(self, node: Node, parents: Counter[Node], modules: set[Node]) -> list[Node]:
        """Return the inputs of a gate, with gates of its kind merged into it, and those that occur here only made one."""
        formula = self.formula
        if formula.kind[node] == ATLEAST:
            return list(formula.args[node])
        args: list[Node] = []
        waiting = list(reversed(formula.args[node]))
        while waiting:
            arg = waiting.pop()
            if formula.kind[arg] == formula.kind[node] and parents[arg] == 1 and arg not in modules:
                waiting.extend(reversed(formula.args[arg]))
            else:
                args.append(arg)
        args = list(dict.fromkeys(args))
        private = [arg for arg in args if parents[arg] == 1 and (formula.kind[arg] == EVENT or arg in modules)]
        if len(private) < 2 or len(private) == len(args):
            return args
        gathered = formula.gate(formula.kind[node], 0, private)
        hidden = set(private)
        return [*(arg for arg in args if arg not in hidden), gathered]

    def _modules(self, root: Node) -> set[Node]:
        """Return the gates below a node whose events occur nowhere else below it."""
        kind, args = self.formula.kind, self.formula.args
        first: dict[Node, int] = {root: 0}
        last: dict[Node, int] = {root: 0}
        done: dict[Node, int] = {}
        clock = 0
        path = [(root, iter(args[root]))]
        order: list[Node] = []
        while path:
            node, rest = path[-1]
            for other in rest:
                clock += 1
                last[other] = clock
                if other not in first:
                    first[other] = clock
                    if kind[other] > EVENT:
                        path.append((other, iter(args[other])))
                        break
            else:
                path.pop()
                clock += 1
                done[node] = clock
                order.append(node)
        lowest: dict[Node, int] = {}
        highest: dict[Node, int] = {}
        found: set[Node] = set()
        for node in order:
            low = min(min(first[arg], lowest.get(arg, first[arg])) for arg in args[node])
            high = max(max(last[arg], highest.get(arg, last[arg])) for arg in args[node])
            lowest[node], highest[node] = low, high
            if node != root and low > first[node] and high < done[node]:
                found.add(node)
        return found


class _Builder:
    """A skeleton while it grows; variables are numbered at the end."""

    def __init__(self) -> None:
        self.local: dict[Node, tuple[bool, int]] = {}
        self.parts: list[Part] = []
        self.gates: list[tuple[int, int, list[tuple[bool, int]]]] = []

    def variable(self, node: Node, part: object) -> int:
        assert callable(part)
        self.local[node] = (True, len(self.parts))
        self.parts.append(part())
        return len(self.parts) - 1

    def gate(self, node: Node, kind: int, k: int, args: list[Node]) -> None:
        self.local[node] = (False, len(self.gates))
        self.gates.append((kind, k, [self.local[arg] for arg in args]))

    def skeleton(self) -> Skeleton:
        n = len(self.parts)
        gates = tuple(
            (kind, k, tuple(i if is_variable else n + i for is_variable, i in args)) for kind, k, args in self.gates
        )
        return Skeleton(n, gates)


def _in_at_least(k: int, sets: list[int]) -> int:
    """Return the bits that stand in at least `k` of the sets."""
    if k == 1:
        union = 0
        for each in sets:
            union |= each
        return union
    if k == len(sets):
        common = sets[0]
        for each in sets:
            common &= each
            if not common:
                break
        return common
    steps = [0] * k
    for each in sets:
        for j in range(k - 1, 0, -1):
            steps[j] |= steps[j - 1] & each
        steps[0] |= each
    return steps[-1]
