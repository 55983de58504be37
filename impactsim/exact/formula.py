"""Monotone Boolean formulas of events, each distinct one stored once: when is something down?

A formula is a directed graph without circles whose leaves are events and whose gates are "any", "all" and "at least k of".
Nodes are numbers; equal gates are one node. Constructors fold constants and repetitions; whatever is costlier is left
to ``parts.py``.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

# Kinds of nodes.
FALSE, TRUE, EVENT, OR, AND, ATLEAST = range(6)

Node = int


class Formula:
    """A growing set of formulas over numbered events."""

    def __init__(self) -> None:
        self.kind: list[int] = [FALSE, TRUE]
        """FALSE, TRUE, EVENT, OR, AND or ATLEAST, of each node."""
        self.args: list[tuple[int, ...]] = [(), ()]
        """Nodes below each node, each once (of ATLEAST perhaps more often); of an EVENT its number."""
        self.k: list[int] = [0, 0]
        """How many of the nodes below must be true (ATLEAST)."""
        self._known: dict[tuple[int, int, tuple[int, ...]], Node] = {}
        self._events: dict[int, Node] = {}

    false: Node = 0
    true: Node = 1

    def __len__(self) -> int:
        return len(self.kind)

    def event(self, event: int) -> Node:
        """Return the node of an event."""
        node = self._events.get(event)
        if node is None:
            node = self._events[event] = self._new((EVENT, 0, (event,)))
        return node

    def any(self, nodes: Iterable[Node]) -> Node:
        """Return the node that is true if one of these is; false of nothing."""
        args = dict.fromkeys(nodes)
        if 1 in args:
            return 1
        if 0 in args:
            del args[0]
        if len(args) <= 1:
            return next(iter(args), 0)
        key = (OR, 0, tuple(args))
        node = self._known.get(key)
        return self._new(key) if node is None else node

    def all(self, nodes: Iterable[Node]) -> Node:
        """Return the node that is true if all of these are; true of nothing."""
        args = dict.fromkeys(nodes)
        if 0 in args:
            return 0
        if 1 in args:
            del args[1]
        if len(args) <= 1:
            return next(iter(args), 1)
        key = (AND, 0, tuple(args))
        node = self._known.get(key)
        return self._new(key) if node is None else node

    def at_least(self, k: int, nodes: Iterable[Node]) -> Node:
        """Return the node that is true if at least `k` of these are; each counts as often as it stands there."""
        args = list(nodes)
        if self.false in args:
            args = [node for node in args if node != self.false]
        n_true = args.count(self.true)
        k -= n_true
        if n_true:
            args = [node for node in args if node != self.true]
        if k <= 0:
            return self.true
        if k > len(args):
            return self.false
        if k == 1:
            return self.any(args)
        if k == len(args):
            return self.all(args)
        key = (ATLEAST, k, tuple(args))
        node = self._known.get(key)
        return self._new(key) if node is None else node

    def gate(self, kind: int, k: int, nodes: Iterable[Node]) -> Node:
        """Return a gate of this kind."""
        if kind == OR:
            return self.any(nodes)
        return self.all(nodes) if kind == AND else self.at_least(k, nodes)

    def _new(self, key: tuple[int, int, tuple[int, ...]]) -> Node:
        node = self._known[key] = len(self.kind)
        kind, k, args = key
        self.kind.append(kind)
        self.args.append(args)
        self.k.append(k)
        return node

    def below(self, roots: Iterable[Node], known: Container[Node] = ()) -> list[Node]:
        """Return the nodes from which some nodes are made, these included, each behind all that stands below it.

        Depth first, and the nodes below a gate in its own order.

        Parameters
        ----------
        roots
            Where to begin.
        known
            Nodes to be left out, with all that only they are made of.
        """
        kind, args = self.kind, self.args
        found: list[Node] = []
        seen: set[Node] = set()
        for root in roots:
            if root in seen or root in known:
                continue
            seen.add(root)
            path = [(root, iter(args[root] if kind[root] > EVENT else ()))]
            while path:
                node, rest = path[-1]
                for other in rest:
                    if other not in seen and other not in known:
                        seen.add(other)
                        if kind[other] > EVENT:
                            path.append((other, iter(args[other])))
                            break
                        found.append(other)
                else:
                    path.pop()
                    found.append(node)
        return found

    def events(self, root: Node) -> list[int]:
        """Return the events that a node depends on, depth first."""
        return [self.args[node][0] for node in self.below([root]) if self.kind[node] == EVENT]

    def replaced(self, root: Node, values: Mapping[Node, Node]) -> Node:
        """Return a node with some of the nodes below it replaced by others.

        Parameters
        ----------
        root
            The node.
        values
            What each of them is replaced by, most often `false` or `true`.
        """
        if not values:
            return root
        new: dict[Node, Node] = {}
        for node in self.below([root]):
            if node in values:
                new[node] = values[node]
            elif self.kind[node] <= EVENT:
                new[node] = node
            else:
                args = self.args[node]
                changed = [new[arg] for arg in args]
                same = all(map(int.__eq__, changed, args))
                new[node] = node if same else self.gate(self.kind[node], self.k[node], changed)
        return new[root]

    def is_true(self, root: Node, events: Iterable[int]) -> bool:
        """Tell whether a node is true if exactly these events happen."""
        happened = set(events)
        value: dict[Node, bool] = {self.false: False, self.true: True}
        for node in self.below([root]):
            kind, args = self.kind[node], self.args[node]
            if kind == EVENT:
                value[node] = args[0] in happened
            elif kind == OR:
                value[node] = any(value[arg] for arg in args)
            elif kind == AND:
                value[node] = all(value[arg] for arg in args)
            elif kind == ATLEAST:
                value[node] = sum(value[arg] for arg in args) >= self.k[node]
        return value[root]
