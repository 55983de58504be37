"""Node-link JSON, as networkx, D3 and vis.js have it: lists of nodes and links become a graph.

The list of edges is called ``links`` (D3, old networkx) or ``edges`` (new networkx, vis.js), their ends ``source`` and ``target``
or ``from`` and ``to``. Ends are ids, or in old D3 files numbers of nodes, from 0. Only networkx says whether edges are directed.
"""

from __future__ import annotations

from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.graphs.graph import EDGE_WORDS, MARK, MOST_EDGES, NODE_WORDS, Edge, Graph
from impactsim.importers.notes import Notes
from impactsim.problems import Path
from impactsim.quantities import shown

_ENDS = (("source", "target"), ("from", "to"))
_NO_LISTS = 'node-link JSON has "nodes" and "links" (or "edges"), both lists'


def read_node_link(document: Document, notes: Notes, file: str) -> Graph | None:
    """Read a document as node-link JSON.

    Parameters
    ----------
    document
        The document.
    notes
        Takes what is wrong with it, and why it cannot be read: ``not-node-link``.
    file
        Its name for people.

    Returns
    -------
    Graph | None
        The graph; none if there are no lists of nodes and edges.

    Examples
    --------
    >>> data = {"directed": True, "nodes": [{"id": 1}, {"id": 2}], "links": [{"source": 1, "target": 2}]}
    >>> graph = read_node_link(Document("x.json", data, lambda path: 0), Notes(""), "x.json")
    >>> [(edge.source, edge.target) for edge in graph.edges]
    [('1', '2')]
    """
    data = document.data
    name = next((key for key in ("links", "edges") if isinstance(data, dict) and isinstance(data.get(key), list)), "")
    if not isinstance(data, dict) or not isinstance(data.get("nodes"), list) or not name:
        notes.error(1, "not-node-link", "", "there are no lists of nodes and of links", _NO_LISTS, file=file)
        return None
    return _Reader(document, notes, file).graph(data, name)


class _Reader:
    """Makes a graph of two lists."""

    def __init__(self, document: Document, notes: Notes, file: str) -> None:
        self.document = document
        self.notes = notes
        self.file = file
        self.found = Graph()
        self.ids: list[str] = []
        """Of the nodes, in their order."""

    def graph(self, data: dict[str, Any], edges: str) -> Graph:
        about = data.get("graph")
        self.found.is_ours = isinstance(about, dict) and MARK in about
        for i, node in enumerate(data["nodes"]):
            self._node(i, node)
        links = data[edges]
        if len(links) > MOST_EDGES:
            fault = f"these are more than {MOST_EDGES:,} edges"
            self._error((edges,), "too-many-edges", fault, "split the graph")
            return self.found
        has_numbers = self._has_numbers(links)
        for i, link in enumerate(links):
            self._edge((edges, i), link, data.get("directed") is True, has_numbers)
        return self.found

    def _node(self, i: int, node: Any) -> None:
        path = ("nodes", i)
        words = node if isinstance(node, dict) else {"id": node}
        own = _id(words.get("id"))
        if not own and "id" not in words:
            own = _id(words.get("name")) or str(i)
        if not own:
            self._error(path, "no-id", f"{shown(words.get('id'))} is no id of a node", "give it a text or a number")
        elif own in self.found.nodes:
            fault = f"node {shown(own)} stands twice"
            self._error(path, "defined-twice", fault, "give each node an id of its own: the key id")
        else:
            kept = self.found.node(own, self.document.line(path)).words
            for name, value in words.items():
                if name != "id":
                    self.found.take_words(kept, name, value, NODE_WORDS)
        self.ids.append(own)

    def _has_numbers(self, links: list[Any]) -> bool:
        """Are the ends numbers of nodes rather than ids? So it is in old D3 files, whose nodes need no ids."""
        ends = [end for link in links if isinstance(link, dict) for end in _ends(link)]
        is_within = all(type(end) is int and 0 <= end < len(self.ids) for end in ends)
        return bool(ends) and is_within and not any(str(end) in self.found.nodes for end in ends)

    def _edge(self, path: Path, link: Any, is_directed: bool, has_numbers: bool) -> None:
        ends = [self.ids[end] if has_numbers else _id(end) for end in _ends(link)] if isinstance(link, dict) else []
        if len(ends) != 2 or not all(ends):
            self._error(path, "no-ends", "an edge does not say what it joins", "write source and target")
            return
        edge = Edge(ends[0], ends[1], self.document.line(path), is_directed)
        used = {name for names in _ENDS for name in names} if not self.found.is_ours else {"source", "target"}
        for name, value in link.items():
            if name not in used | {"key"}:
                self.found.take_words(edge.words, name, value, EDGE_WORDS)
        self.found.edges.append(edge)

    def _error(self, path: Path, code: str, fault: str, remedy: str) -> None:
        self.notes.error(self.document.line(path), code, "", fault, remedy, file=self.file)


def _ends(link: dict[str, Any]) -> list[Any]:
    """Return the ends of an edge, which a program may have put in place of their ids."""
    for names in _ENDS:
        if all(name in link for name in names):
            ends = [link[name] for name in names]
            return [end["id"] if isinstance(end, dict) and "id" in end else end for end in ends]
    return []


def _id(value: Any) -> str:
    """Return an id as text; empty if it is none. networkx makes lists of the pairs that some of its nodes are."""
    if isinstance(value, list):
        parts = (
            [_id(each) for each in value]
            if len(value) <= 8 and not any(isinstance(each, list) for each in value)
            else []
        )
        return ",".join(parts) if parts and all(parts) else ""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or str(value) == "nan":
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return str(value).strip()
