"""Peers of the audit's benchmarks that are decision diagrams, one question for each process: OxiDD, and CUDD through dd.

Both libraries make the diagram of the function; the minimal solutions (Rauzy 1993) are worked out on its nodes, in zero-suppressed
diagrams of the same library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree as ET

from audit_child import answer_parent
from measuring import collector_paused

Node = Any


class Tree:
    """A coherent fault tree in Open-PSA form."""

    def __init__(self, path: str) -> None:
        root = ET.parse(path).getroot()  # noqa: S314 - published data
        self.gates = {gate.get("name"): gate[0] for gate in root.iter("define-gate")}
        events = root.iter("define-basic-event")
        self.p = {event.get("name"): float(value.get("value", 0)) for event in events for value in event.iter("float")}
        used = {each.get("name") for gate in self.gates.values() for each in gate}
        self.top = next(name for name in self.gates if name not in used)

    def order(self) -> list[str]:
        """Return the events, depth first."""
        found: dict[str, None] = {}
        seen: set[str] = set()

        def visit(name: Any) -> None:
            if name in self.p:
                found[name] = None
            elif name not in seen:
                seen.add(name)
                for each in self.gates[name]:
                    visit(each.get("name"))

        visit(self.top)
        return list(found)

    def built(self, leaf: Callable[[str], Node], no: Node) -> Node:
        """Return the diagram of the top."""
        known: dict[str, Node] = {}

        def of(name: Any) -> Node:
            if name not in known:
                known[name] = leaf(name) if name in self.p else gate(self.gates[name])
            return known[name]

        def gate(element: ET.Element) -> Node:
            members = [of(each.get("name")) for each in element]
            k = {"or": 1, "and": len(members)}.get(element.tag) or int(element.get("min", 0))
            reached = [no] * k  # so many or more
            for each in members:
                for j in range(k - 1, 0, -1):
                    reached[j] = reached[j] | (reached[j - 1] & each)
                reached[0] = reached[0] | each
            return reached[-1]

        return of(self.top)


def oxidd(path: str) -> dict[str, Any]:
    """Answer by OxiDD."""
    from oxidd.bdd import BDDManager

    tree = Tree(path)
    order = tree.order()
    manager = BDDManager(1 << 20, 1 << 16, 1)
    manager.add_vars(len(order))
    number = {name: i for i, name in enumerate(order)}
    top = tree.built(lambda name: manager.var(number[name]), manager.false())
    cofactors = _kept(lambda node: node.cofactors())
    diagram = _Diagram(
        top,
        manager.false(),
        manager.true(),
        lambda node: (node.node_var(), cofactors(node)[1], cofactors(node)[0]),
    )
    return _answers(diagram, [tree.p[name] for name in order])


def cudd(path: str) -> dict[str, Any]:
    """Answer by CUDD, its order sifted."""
    from dd.cudd import BDD

    tree = Tree(path)
    order = tree.order()
    manager = BDD()
    manager.declare(*order)
    top = tree.built(manager.var, manager.false)
    manager.reorder()
    # Complemented edges: the ends of a node are turned with it.
    diagram = _Diagram(
        top,
        manager.false,
        manager.true,
        lambda node: (node.level, ~node.low if node.negated else node.low, ~node.high if node.negated else node.high),
    )
    return _answers(diagram, [tree.p[manager.var_at_level(level)] for level in range(len(order))])


class _Diagram:
    """A diagram taken over into numbers: level, low and high of each node; 0 and 1 are the ends."""

    def __init__(self, top: Node, no: Node, yes: Node, split: Callable[[Node], tuple[int, Node, Node]]) -> None:
        self.nodes: list[tuple[int, int, int]] = [(sys.maxsize, 0, 0), (sys.maxsize, 1, 1)]
        self._unique: dict[tuple[int, int, int], int] = {}
        number: dict[Node, int] = {no: 0, yes: 1}

        def of(node: Node) -> int:
            found = number.get(node)
            if found is None:
                level, low, high = split(node)
                found = number[node] = self.node(level, of(low), of(high))
            return found

        self.top = of(top)

    def node(self, level: int, low: int, high: int) -> int:
        """Return the number of a node."""
        key = (level, low, high)
        found = self._unique.get(key)
        if found is None:
            found = self._unique[key] = len(self.nodes)
            self.nodes.append(key)
        return found


def _kept(split: Callable[[Node], Any]) -> Callable[[Node], Any]:
    known: dict[Node, Any] = {}

    def of(node: Node) -> Any:
        if node not in known:
            known[node] = split(node)
        return known[node]

    return of


def _answers(diagram: _Diagram, p: list[float]) -> dict[str, Any]:
    nodes = diagram.nodes
    chance = [0.0, 1.0]
    for level, low, high in nodes[2:]:
        chance.append((1.0 - p[level]) * chance[low] + p[level] * chance[high])
    probability = chance[diagram.top]
    minimal = _Minimal(diagram).of(diagram.top)
    number = [0, 1]
    for _, low, high in nodes[2:]:
        number.append(number[low] + number[high])
    listed = sorted(_listed(nodes, minimal, p))
    return {"probability": probability, "count": number[minimal], "listed": len(listed)}


def _listed(
    nodes: list[tuple[int, int, int]], root: int, p: list[float]
) -> Iterator[tuple[int, float, tuple[int, ...]]]:
    """Yield size, minus probability and events of each set."""
    waiting: list[tuple[int, float, tuple[int, ...]]] = [(root, 1.0, ())]
    while waiting:
        node, chance, chosen = waiting.pop()
        if node == 1:
            yield len(chosen), -chance, chosen
        elif node:
            level, low, high = nodes[node]
            waiting.append((low, chance, chosen))
            waiting.append((high, chance * p[level], (*chosen, level)))


class _Minimal:
    """Minimal solutions of a diagram, as a zero-suppressed one in the same nodes."""

    def __init__(self, diagram: _Diagram) -> None:
        self.diagram = diagram
        self._known: dict[int, int] = {0: 0, 1: 1}
        self._without: dict[tuple[int, int], int] = {}

    def of(self, node: int) -> int:
        """Return the minimal solutions."""
        found = self._known.get(node)
        if found is None:
            level, low, high = self.diagram.nodes[node]
            kept = self.of(low)
            more = self.without(self.of(high), kept)
            found = self._known[node] = self.diagram.node(level, kept, more) if more else kept
        return found

    def without(self, these: int, those: int) -> int:
        """Return the sets of `these` that contain none of `those`."""
        if these == 0 or those in {1, these}:
            return 0
        if those == 0:
            return these
        if these == 1:
            return 1
        found = self._without.get((these, those))
        if found is None:
            found = self._without[these, those] = self._divided(these, those)
        return found

    def _divided(self, these: int, those: int) -> int:
        nodes = self.diagram.nodes
        level, low, high = nodes[these]
        other, other_low, other_high = nodes[those]
        if level > other:
            return self.without(these, other_low)
        if level < other:
            more = self.without(high, those)
            kept = self.without(low, those)
        else:
            more = self.without(self.without(high, other_high), other_low)
            kept = self.without(low, other_low)
        return self.diagram.node(level, kept, more) if more else kept


TASKS = {"oxidd": oxidd, "cudd": cudd}

if __name__ == "__main__":
    sys.setrecursionlimit(100_000)
    with collector_paused():
        answer_parent(TASKS, {"oxidd": "oxidd.bdd", "cudd": "dd.cudd"})
