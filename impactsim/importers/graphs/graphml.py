"""GraphML, also as yEd, Gephi and networkx write it: elements become a graph.

Nodes count by their ids; labels may repeat. A node with a graph in it is a group: it becomes a component only where an edge
touches it. Ports are passed over, edges that join more than two nodes are counted. yEd keeps names and arrow heads in elements
of its own, which are read where they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from impactsim.importers.graphs.graph import EDGE_WORDS, MARK, MOST_EDGES, NODE_WORDS, Edge, Graph
from impactsim.importers.notes import Notes
from impactsim.importers.xml_reader import Element, read_xml
from impactsim.quantities import shown

_DRAWN = {"nodegraphics", "edgegraphics"}
"""Types of yEd's keys whose values say how something is drawn, and what stands on it."""


def read_graphml(content: bytes, notes: Notes, file: str) -> Graph | None:
    """Read a document as GraphML.

    Parameters
    ----------
    content
        The document.
    notes
        Takes why it cannot be read: ``not-graphml`` and what `read_xml` finds.
    file
        Its name for people.

    Returns
    -------
    Graph | None
        All graphs in it, as one.

    Examples
    --------
    >>> text = b'<graphml><graph edgedefault="directed"><node id="a"/><edge source="a" target="b"/></graph></graphml>'
    >>> graph = read_graphml(text, Notes(""), "shop.graphml")
    >>> [(edge.source, edge.target, edge.is_directed) for edge in graph.edges]
    [('a', 'b', True)]
    """
    root, problems = read_xml(content, file)
    notes.take(problems)
    if root is None:
        return None
    if _tag(root) != "graphml":
        fault = f"this is no GraphML: it begins with {shown(root.tag)}"
        notes.error(root.line, "not-graphml", "", fault, "GraphML begins with <graphml>", file=file)
        return None
    return _Reader(notes, file).graph(root)


class _Reader:
    """Makes a graph of elements."""

    def __init__(self, notes: Notes, file: str) -> None:
        self.notes = notes
        self.file = file
        self.found = Graph()
        self.keys: dict[str, str] = {}
        """What each key means."""
        self.usual: dict[str, str] = {}
        """Values where none is given, of what can mean something."""
        self.groups: dict[str, None] = {}

    def graph(self, root: Element) -> Graph:
        for each in root.children:
            if _tag(each) == "key":
                self._key(each)
        waiting = [each for each in reversed(root.children) if _tag(each) == "graph"]
        while waiting:  # graphs in one another, the outer before the inner ones
            waiting += reversed(list(self._one_graph(waiting.pop())))
        self._drop_groups()
        return self.found

    def _key(self, element: Element) -> None:
        given = element.attributes
        name = given.get("attr.name") or given.get("yfiles.type", "")
        self.keys[given.get("id", "")] = name
        usual = next((_text(each) for each in element.children if _tag(each) == "default"), "")
        if usual and name in NODE_WORDS | EDGE_WORDS:
            self.usual[name] = usual

    def _one_graph(self, graph: Element) -> Iterator[Element]:
        """Read the nodes and edges of a graph, and yield the graphs in it."""
        is_directed = graph.attributes.get("edgedefault", "") == "directed"
        for each in graph.children:
            tag = _tag(each)
            if tag == "node":
                yield from self._node(each)
            elif tag == "edge":
                self._edge(each, is_directed)
            elif tag == "hyperedge":
                self.found.left_out["edges that join more than two nodes (hyperedge)"] += 1
            elif tag == "data":
                self.found.is_ours |= self._name(each) == MARK

    def _node(self, element: Element) -> Iterator[Element]:
        own = element.attributes.get("id", "").strip()
        if not own:
            self._error(element, "no-id", "a node has no id", 'write <node id="...">')
            return
        if own in self.found.nodes:
            self._error(element, "defined-twice", f"node {shown(own)} stands twice", "give one of them another id")
            return
        self.found.node(own, element.line).words |= self._words(element, NODE_WORDS)
        inner = [each for each in element.children if _tag(each) == "graph"]
        if inner:
            self.groups[own] = None
        yield from inner

    def _edge(self, element: Element, is_directed: bool) -> None:
        source, target = (element.attributes.get(end, "").strip() for end in ("source", "target"))
        if not source or not target:
            self._error(element, "no-ends", "an edge does not say what it joins", "write source and target")
            return
        if len(self.found.edges) >= MOST_EDGES:
            if len(self.found.edges) == MOST_EDGES:
                self._error(element, "too-many-edges", f"these are more than {MOST_EDGES:,} edges", "split the graph")
            return
        said = element.attributes.get("directed", "").strip().lower()
        is_directed = said in {"true", "1"} if said else is_directed
        words = self._words(element, EDGE_WORDS)
        edge = Edge(source, target, element.line, is_directed, words)
        heads = _heads(element) if is_directed else None
        self.found.edges += [edge] if heads is None else edge.drawn(*heads)

    def _words(self, element: Element, known: frozenset[str]) -> dict[str, Any]:
        words: dict[str, Any] = {}
        for each in element.children:
            if _tag(each) != "data":
                continue
            name = self._name(each)
            label = _label(each) if name in _DRAWN else ""
            if label:
                words.setdefault("label", label)
            elif name not in _DRAWN:
                self.found.take_words(words, name, _text(each), known)
        return {name: usual for name, usual in self.usual.items() if name in known} | words

    def _name(self, data: Element) -> str:
        own = data.attributes.get("key", "")
        return self.keys.get(own, own)

    def _drop_groups(self) -> None:
        """Leave out the groups that no edge touches."""
        touched = {end for edge in self.found.edges for end in (edge.source, edge.target)}
        for own in self.groups:
            if own not in touched and not self.found.is_ours:
                del self.found.nodes[own]
                self.found.left_out["groups (nodes with a graph in them, which no edge touches)"] += 1

    def _error(self, element: Element, code: str, fault: str, remedy: str) -> None:
        self.notes.error(element.line, code, "", fault, remedy, file=self.file)


def _tag(element: Element) -> str:
    """Return the tag without the prefix of its name space."""
    return element.tag.rpartition(":")[2]


def _text(element: Element) -> str:
    return "".join(element.pieces).strip()


def _label(data: Element) -> str:
    """Return the first label that yEd has drawn, if any."""
    return next(
        (" ".join(_text(each).split()) for each in _inside(data) if _tag(each) == "NodeLabel" and _text(each)), ""
    )


def _heads(edge: Element) -> tuple[bool, bool] | None:
    """Tell whether yEd has drawn an arrow head at the source and at the target; none if it says nothing of it."""
    for data in edge.children:
        for each in _inside(data):
            if _tag(each) == "Arrows":
                return each.attributes.get("source", "none") != "none", each.attributes.get("target", "none") != "none"
    return None


def _inside(element: Element) -> Iterator[Element]:
    """Yield all elements in another one, in their order, without those of a graph in it."""
    waiting = list(reversed(element.children))
    while waiting:
        each = waiting.pop()
        yield each
        if _tag(each) != "graph":
            waiting += reversed(each.children)
