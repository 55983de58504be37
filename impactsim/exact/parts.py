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

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

from impactsim.collector import collector_paused
from impactsim.exact.formula import AND, ATLEAST, EVENT, OR, Formula, Node
from impactsim.exact.pieces import Part, Shape, Skeleton
from impactsim.exact.wide import Factoring, Grouping

_MOST_BITS = 1_500_000_000
"""So many bits may the search for deciding events hold; of larger formulas it is left out, which only costs time later."""
_WIDE = 256
"""Of a gate with so many inputs it is remembered how it was taken apart, for the case that few of them change."""
_REMEMBERED = 4
"""So many such gates are remembered."""


_SHAPE = {OR: Shape.SERIES, AND: Shape.PARALLEL}


class Decomposer:
    """Takes formulas apart; what two of them have in common is taken apart once."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self._known: dict[Node, Part] = {}
        self._factorings: list[Factoring] = []
        self._groupings: list[Grouping] = []

    def part_of(self, root: Node) -> Part:
        """Return the part that a node is."""
        part = self._known.get(root)
        if part is None:
            with collector_paused():
                part = self._part_of(root)
        return part

    def _part_of(self, root: Node) -> Part:
        part = self._known.get(root)
        if part is None:
            part = self._known[root] = self._take_apart(root)
        return part

    def _take_apart(self, root: Node, is_one_group: bool = False) -> Part:
        formula = self.formula
        kind, below = formula.kind[root], formula.args[root]
        if kind < EVENT:
            return Part(Shape.CONSTANT, root)
        if kind == EVENT:
            return Part(Shape.LEAF, below[0])
        if kind == ATLEAST:
            if len(self._groups(below)) == len(below):
                return Part(Shape.VOTE, parts=self._parts_of(below), k=formula.k[root])
            return self._connected(root)
        if all(formula.kind[arg] == EVENT for arg in below):
            return Part(_SHAPE[kind], parts=self._parts_of(below))
        return self._take_gate_apart(root, is_one_group)

    def _take_gate_apart(self, root: Node, is_one_group: bool) -> Part:
        """Take apart an "any" or an "all"; whether its inputs as they are hang together may be known."""
        kind = self.formula.kind[root]
        args = self._simplified(root)
        if len(args) == 1:
            return self._part_of(args[0])
        if is_one_group and args == list(self.formula.args[root]):
            return self._connected(root)
        groups = self._groups(args)
        if len(groups) > 1:
            return Part(_SHAPE[kind], parts=tuple([self._part_of_group(kind, group) for group in groups]))
        return self._connected(self.formula.gate(kind, 0, args))

    def _parts_of(self, nodes: Iterable[Node]) -> tuple[Part, ...]:
        return tuple([self._part_of(node) for node in nodes])  # a list: a generator would recurse on the stack of C

    def _part_of_group(self, kind: int, group: list[Node]) -> Part:
        """Return the part that a gate of inputs is that hang together."""
        if len(group) == 1:
            return self._part_of(group[0])
        root = self.formula.gate(kind, 0, group)
        part = self._known.get(root)
        if part is None:
            part = self._known[root] = self._take_apart(root, is_one_group=True)
        return part

    # Merging and factoring.

    def _simplified(self, root: Node) -> list[Node]:
        """Return the inputs of a gate, merged, and what they have in common factored out."""
        kind, args = self.formula.kind[root], self.formula.args[root]
        if len(args) < _WIDE:
            merged = self._merged(root)
            return Factoring(self.formula, kind, merged).result() or merged
        for known in self._factorings:
            if known.kind == kind and known.revise(args):
                return known.result() or list(args)
        merged = self._merged(root)
        self._factorings.insert(0, Factoring(self.formula, kind, merged))
        del self._factorings[_REMEMBERED:]
        return self._factorings[0].result() or merged

    def _merged(self, root: Node) -> list[Node]:
        """Return what a gate is made of when the gates of its own kind below it, and below these, are merged into it."""
        kind, args = self.formula.kind, self.formula.args
        mine, found, seen = kind[root], [], {root}
        if mine not in map(kind.__getitem__, args[root]):
            return list(args[root])
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

    def _groups(self, args: Sequence[Node]) -> list[list[Node]]:
        """Return the inputs of a gate in groups that share no event."""
        if len(args) < _WIDE or len(set(args)) < len(args):
            return Grouping(self.formula, args).result()
        for known in self._groupings:
            if known.revise(args):
                return known.result()
        self._groupings.insert(0, Grouping(self.formula, args))
        del self._groupings[_REMEMBERED:]
        return self._groupings[0].result()

    # What hangs together.

    def _connected(self, root: Node) -> Part:
        """Take apart a gate all of whose inputs share events: split off what decides alone, else it is prime."""
        formula = self.formula
        nodes = formula.below([root])
        events = self._on_several_ways(nodes)
        is_too_large = len(nodes) * len(events) > _MOST_BITS
        for kind, shape, value in (
            (OR, Shape.SERIES, formula.false),
            (AND, Shape.PARALLEL, formula.true),
        ):
            if is_too_large:
                break
            deciding = self._deciding(nodes, events, is_dual=kind == AND)
            if deciding:
                rest = formula.replaced(root, dict.fromkeys(map(formula.event, deciding), value))
                leaves = [Part(Shape.LEAF, event) for event in deciding]
                if formula.kind[rest] < EVENT:
                    return Part(shape, parts=tuple(leaves)) if len(leaves) > 1 else leaves[0]
                return Part(shape, parts=(*leaves, self._part_of(rest)))
        return self._prime(root, nodes, 1 if is_too_large else 2)

    def _on_several_ways(self, nodes: list[Node]) -> list[int]:
        """Return the events to which several ways lead from the last node: only they can decide alone.

        On the only way to any other event stands a gate that wants a second input, and one that is content with another.
        Where gates of a kind stand below one another, or an event stands at the top, that is not so: then all are returned.
        """
        kind, args = self.formula.kind, self.formula.args
        root = nodes[-1]
        events = [node for node in nodes if kind[node] == EVENT]
        if not any(kind[arg] == EVENT or kind[arg] == kind[root] for arg in args[root]):
            once, several = {root}, set[Node]()
            for node in reversed(nodes):
                if kind[node] > EVENT:
                    is_shared = node in several
                    for arg in args[node]:
                        if is_shared or arg in once:
                            several.add(arg)
                        else:
                            once.add(arg)
            events = [node for node in events if node in several]
        return [args[node][0] for node in events]

    def _deciding(self, nodes: list[Node], events: list[int], is_dual: bool) -> list[int]:
        """Return which events alone make the last node true (dual: whose absence alone makes it false)."""
        formula = self.formula
        bit = {event: 1 << i for i, event in enumerate(events)}
        value: dict[Node, int] = {}
        for node in nodes:
            kind, args = formula.kind[node], formula.args[node]
            if kind == EVENT:
                value[node] = bit.get(args[0], 0)
                continue
            k = 1 if kind == OR else len(args) if kind == AND else formula.k[node]
            value[node] = _in_at_least(len(args) - k + 1 if is_dual else k, [value[arg] for arg in args])
        found = value[nodes[-1]]
        return [event for event in events if found & bit[event]]

    def _prime(self, root: Node, nodes: list[Node], least: int) -> Part:
        modules = self._modules(root)
        formula = self.formula
        parents = Counter(chain.from_iterable(formula.args[node] for node in nodes if formula.kind[node] > EVENT))
        builder = _Builder()

        def variable(node: Node) -> int:
            return builder.variable(node, lambda: self._part_of(node))

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
        return Part(Shape.PRIME, parts=tuple(builder.parts), k=least, skeleton=builder.skeleton())

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
    if not any(sets):
        return 0
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
