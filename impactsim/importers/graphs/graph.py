"""A graph out of a file, before anybody says what its edges mean: nodes and edges with the attributes that can mean something.

Attributes that only draw are counted, not kept: nothing grows with what a stranger invents.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from impactsim.importers.graphs.flat import EDGE_COLUMNS, NODE_COLUMNS

MOST_EDGES = 300_000
"""A file of a few lines can ask for more edges than that."""
MARK = "impactsim"
"""Attribute of a graph that came from us: the version of the format."""
NODE_WORDS = frozenset({*NODE_COLUMNS, "label"}) - {"id"}
EDGE_WORDS = frozenset(EDGE_COLUMNS) - {"from", "to"}


@dataclass(slots=True)
class Node:
    """A node of a graph."""

    id: str
    line: int
    words: dict[str, Any] = field(default_factory=dict)
    """Its attributes among `NODE_WORDS`."""


@dataclass(slots=True)
class Edge:
    """An edge of a graph."""

    source: str
    target: str
    line: int
    is_directed: bool
    words: dict[str, Any] = field(default_factory=dict)
    """Its attributes among `EDGE_WORDS`."""

    def drawn(self, back: bool, forth: bool) -> list[Edge]:
        """Return the edge as its arrow heads say: turned round, without a direction, or one for each direction."""
        there = Edge(self.source, self.target, self.line, True, self.words)
        again = Edge(self.target, self.source, self.line, True, self.words)
        if not back and not forth:
            return [Edge(self.source, self.target, self.line, False, self.words)]
        return [there] * forth + [again] * back


@dataclass
class Graph:
    """All graphs of a file, as one."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    is_ours: bool = False
    """Did it come from us?"""
    left_out: Counter[str] = field(default_factory=Counter)
    """What was not taken, in words for people."""

    def node(self, own: str, line: int) -> Node:
        """Return a node, which is new if nothing has named it yet."""
        found = self.nodes.get(own)
        if found is None:
            found = self.nodes[own] = Node(own, line)
        return found

    def take_words(self, into: dict[str, Any], name: str, value: Any, known: frozenset[str]) -> None:
        """Keep an attribute that can mean something, and count any other."""
        if name in known:
            into[name] = value
        else:
            self.left_out["attributes that only describe or draw"] += 1
