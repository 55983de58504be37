"""DOT, the language of Graphviz: a reader of our own.

Read is all of the grammar: chains of edges, edges from and to whole subgraphs, defaults of nodes and edges with their scope,
ports, quoted names with ``+`` and continued lines, HTML labels, comments, ``strict``, several graphs in a file. A subgraph, and
so a cluster, groups and means no more. pydot reads the same, and takes a minute for 20,000 edges, fails where 50 subgraphs
stand in one another, and prints to standard output what it does not understand.

Theory of operation. One pass over the text makes tokens; one pass over them, with a stack of open subgraphs, makes the graph.
Both are linear, but for an edge between two subgraphs, which stands for one of each node to each: these are bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from impactsim.importers.graphs.dot_words import DotError, Token, tokens
from impactsim.importers.graphs.graph import EDGE_WORDS, MARK, MOST_EDGES, NODE_WORDS, Edge, Graph
from impactsim.importers.notes import Notes
from impactsim.quantities import shown

_DEEPEST = 100
"""Subgraphs in one another."""
_BREAKS = re.compile(r"\\[nlr]|[{}|]|<[^<>]*>")
"""What parts the lines and fields of a label."""
_HEADS = {"forward": (False, True), "back": (True, False), "both": (True, True), "none": (False, False)}
_DIRECTION = "dir"
_EDGE_WORDS = EDGE_WORDS | {_DIRECTION}


def read_dot(text: str, notes: Notes, file: str) -> Graph | None:
    """Read a text as DOT.

    Parameters
    ----------
    text
        All of it.
    notes
        Takes why it cannot be read: ``dot-syntax``.
    file
        Its name for people.

    Returns
    -------
    Graph | None
        All graphs in it, as one.

    Examples
    --------
    >>> graph = read_dot("digraph { web -> {db cache} }", Notes(""), "shop.dot")
    >>> [(edge.source, edge.target) for edge in graph.edges]
    [('web', 'db'), ('web', 'cache')]
    """
    try:
        return _Reader(text).graph()
    except DotError as error:
        notes.error(error.line, "dot-syntax", "", error.fault, error.remedy, file=file)
        return None


@dataclass
class _Scope:
    """A graph or subgraph that is open."""

    node_words: dict[str, str]
    edge_words: dict[str, str]
    named: dict[str, None] = field(default_factory=dict)
    """Nodes in it, by name."""
    pending: list[list[str]] = field(default_factory=list)
    """Ends of the chain of edges in which it stands, before it."""
    line: int = 0


class _Reader:
    """Makes a graph of tokens."""

    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.before = self.now = Token("start", "", 1)
        self.after = next(self.tokens)
        self._go_on()
        self.found = Graph()
        self.scopes: list[_Scope] = []
        self.is_directed = True
        self.drawn: set[tuple[str, str]] | None = None
        """Edges of a strict graph."""

    # Tokens.

    def _go_on(self) -> None:
        self.before, self.now = self.now, self.after
        self.after = next(self.tokens, self.after)

    def _takes(self, *texts: str) -> bool:
        """Go past one of these marks or keywords, if one stands here."""
        is_there = self.now.is_one_of(*texts)
        if is_there:
            self._go_on()
        return is_there

    def _demand(self, mark: str) -> None:
        if not self._takes(mark):
            raise self._unexpected(f"`{mark}`")

    def _unexpected(self, expected: str) -> DotError:
        what = "the file ends" if self.now.sort == "end" else f"{shown(self.now.text)} stands"
        return DotError(self.now.line, f"{what} where {expected} must stand")

    def _name(self, expected: str) -> Token:
        """Return a name, whose parts may be joined by +."""
        token = self.now
        if not token.is_name:
            raise self._unexpected(expected)
        self._go_on()
        parts = [token.text]
        while token.sort == "quoted" and self._takes("+"):
            if self.now.sort != "quoted":
                raise self._unexpected("quoted text")
            parts.append(self.now.text)
            self._go_on()
        return token._replace(text="".join(parts))

    # Graphs.

    def graph(self) -> Graph:
        if self.now.sort == "end":
            raise DotError(1, "the file is empty", "give a file that begins with digraph or graph")
        while self.now.sort != "end":
            self._one_graph()
        return self.found

    def _one_graph(self) -> None:
        self.drawn = set() if self._takes("strict") else None
        if not self._takes("graph", "digraph"):
            raise self._unexpected("graph or digraph")
        self.is_directed = self.before.text == "digraph"
        if not self.now.is_one_of("{"):
            self._name("the name of the graph, or {,")
        self._demand("{")
        self.scopes = [_Scope({}, {})]
        while self.scopes:
            self._statement()

    def _statement(self) -> None:
        """Read a statement, or as much of it as stands before the next subgraph begins or after the last one ends."""
        if self._takes(";", ","):
            return
        if self._takes("}"):
            self._close()
        elif self._takes("graph", "node", "edge"):
            self._defaults(self.before.text)
        elif self.now.is_one_of("{", "subgraph"):
            self._open([])
        else:
            self._node_or_assignment()

    def _defaults(self, sort: str) -> None:
        scope = self.scopes[-1]
        if self._takes("="):  # `node = 1` assigns an attribute of that name
            self._name("a value")
        elif sort == "graph":
            self._graph_words(self._words(frozenset({MARK})))
        elif sort == "node":
            scope.node_words = scope.node_words | self._words(NODE_WORDS)
        else:
            scope.edge_words = scope.edge_words | self._words(_EDGE_WORDS)

    def _node_or_assignment(self) -> None:
        name = self._name("a node, an edge or }")
        if self._takes("="):
            value = self._name("a value")
            self._graph_words({name.text: value.text} if name.text == MARK else {})
            return
        self._port()
        node = self.found.nodes.get(name.text)
        if node is None:
            node = self.found.node(name.text, name.line)
            node.words |= self.scopes[-1].node_words
        self._stands_here(name.text)
        if not self._chain([[name.text]], name.line):
            node.words |= self._words(NODE_WORDS)

    def _graph_words(self, words: dict[str, str]) -> None:
        self.found.is_ours |= MARK in words

    # Subgraphs.

    def _open(self, pending: list[list[str]]) -> None:
        line = self.now.line
        if self._takes("subgraph") and self.now.is_name:
            self._name("a name")
        self._demand("{")
        if len(self.scopes) > _DEEPEST:
            raise DotError(line, f"subgraphs stand in one another more than {_DEEPEST} deep")
        outer = self.scopes[-1]
        self.scopes.append(_Scope(outer.node_words, outer.edge_words, pending=pending, line=line))

    def _close(self) -> None:
        scope = self.scopes.pop()
        if self.scopes:
            self._chain([*scope.pending, list(scope.named)], scope.line)

    # Edges.

    def _chain(self, ends: list[list[str]], line: int) -> bool:
        """Read on after an end of an edge; a subgraph that comes next takes the ends so far with it. Was it an edge?"""
        while self._takes("->", "--"):
            if (self.before.text == "->") is not self.is_directed:
                wanted = "-> in a digraph" if self.is_directed else "-- in a graph"
                raise DotError(self.before.line, f"an edge is written {wanted}")
            if self.now.is_one_of("{", "subgraph"):
                self._open(ends)
                return True
            ends.append([self._end_of_edge()])
        if len(ends) > 1:
            self._edges(ends, self.scopes[-1].edge_words | self._words(_EDGE_WORDS), line)
        return len(ends) > 1

    def _end_of_edge(self) -> str:
        name = self._name("a node or a subgraph")
        self._port()
        if name.text not in self.found.nodes:
            self.found.node(name.text, name.line).words |= self.scopes[-1].node_words
        self._stands_here(name.text)
        return name.text

    def _stands_here(self, node: str) -> None:
        """Note that a node stands in the subgraphs that are open."""
        for scope in self.scopes[1:]:
            scope.named[node] = None

    def _edges(self, ends: list[list[str]], words: dict[str, str], line: int) -> None:
        heads = _HEADS.get(words.get(_DIRECTION, "").lower())
        kept = {name: value for name, value in words.items() if name != _DIRECTION}
        for sources, targets in pairwise(ends):
            if len(self.found.edges) + len(sources) * len(targets) > MOST_EDGES:
                raise DotError(line, f"these are more than {MOST_EDGES:,} edges", "split the graph")
            for source in sources:
                for target in targets:
                    self._edge(Edge(source, target, line, self.is_directed, kept), heads)

    def _edge(self, edge: Edge, heads: tuple[bool, bool] | None) -> None:
        if self.drawn is not None:
            ends = (edge.source, edge.target)
            name = ends if self.is_directed else (min(ends), max(ends))
            if name in self.drawn:
                return
            self.drawn.add(name)
        self.found.edges += [edge] if heads is None or not self.is_directed else edge.drawn(*heads)

    # What all have.

    def _port(self) -> None:
        while self._takes(":"):
            self._name("a port")

    def _words(self, known: frozenset[str]) -> dict[str, str]:
        """Read lists of attributes, and keep those that can mean something."""
        words: dict[str, str] = {}
        while self._takes("["):
            while not self._takes("]"):
                if self._takes(";", ","):
                    continue
                name = self.now
                if name.sort == "keyword":
                    self._go_on()
                else:
                    name = self._name("an attribute or ]")
                value = self._name("a value").text if self._takes("=") else "true"
                self.found.take_words(words, name.text, value, known)
        return words


def label_text(label: str) -> str:
    r"""Return a label as one line of text, without what only draws.

    Examples
    --------
    >>> label_text(r"Orders\ndatabase"), label_text("{<in> web|<out> v2}")
    ('Orders database', 'web v2')
    """
    return " ".join(_BREAKS.sub(" ", label).split())
