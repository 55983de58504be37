"""Graph files (GraphML, node-link JSON, DOT) as systems: what the edges of a graph mean.

A graph that came from us says so, and is read as it was written. Of any other nobody knows what its edges mean: with a direction
they most often say who needs whom, which is taken, as a guess, unless it is said. Without one they are most often the links of a
network, in which a node is reached while some way is left, and needs no neighbour as such: they are refused until somebody says
what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from impactsim.importers.draft import Draft
from impactsim.importers.graphs import flat
from impactsim.importers.graphs.connections import connect
from impactsim.importers.graphs.dot import label_text
from impactsim.importers.graphs.dot import read_dot as graph_of_dot
from impactsim.importers.graphs.graph import Graph, Node
from impactsim.importers.graphs.graphml import read_graphml as graph_of_graphml
from impactsim.importers.graphs.node_link import read_node_link as graph_of_node_link
from impactsim.importers.ids import as_id
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.model.provenance import Confidence

_OPAQUE = re.compile(r"(?:n|node|v|e|g|id)?[_\-]?[0-9]+(?:::?[a-z]?[0-9]+)*|[0-9a-fA-F\-]{32,36}")
"""Ids that tell nobody anything."""
_NO_LABELS = {"", "none", "null", "nan", "\\n"}
_LONGEST_LABEL = 80


def read_graphml(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read a GraphML document as a system."""
    _read(sources, settings, draft, lambda source: graph_of_graphml(source.content, draft.notes, source.name))


def read_node_link(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read node-link JSON as a system."""

    def graph_of(source: Source) -> Graph | None:
        document = source.document(draft.notes)
        return None if document is None else graph_of_node_link(document, draft.notes, source.name)

    _read(sources, settings, draft, graph_of)


def read_dot(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read a DOT file as a system."""

    def graph_of(source: Source) -> Graph | None:
        text = source.text(draft.notes)
        return None if text is None else graph_of_dot(text, draft.notes, source.name)

    _read(sources, settings, draft, graph_of)


def _read(
    sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft, graph_of: Callable[[Source], Graph | None]
) -> None:
    if len(sources) > 1:
        fault = "the ids of nodes mean something within one file only"
        remedy = "import each file on its own, and lay the systems on one another with `layers`"
        draft.notes.error(0, "one-file", "", fault, remedy, file=sources[1].name)
        return
    graph = graph_of(sources[0])
    if graph is None or draft.notes.has_errors:
        return
    if graph.is_ours:
        _take_ours(graph, draft, sources[0])
    else:
        for what, n in graph.left_out.items():
            draft.leave_out(what, n)
        _Foreign(graph, settings, draft, sources[0]).read()


def _take_ours(graph: Graph, draft: Draft, source: Source) -> None:
    """Take a graph that we have written, and that somebody may have edited since."""
    nodes = list(graph.nodes.values())
    lines = {"node": [node.line for node in nodes], "edge": [edge.line for edge in graph.edges]}
    node_rows = [{"id": node.id, **_without_label(node)} for node in nodes]
    edge_rows = [{"from": edge.source, "to": edge.target, **edge.words} for edge in graph.edges]
    flat.take(draft, node_rows, edge_rows, lambda table, i: Place(source, lines[table][i]))


def _without_label(node: Node) -> dict[str, Any]:
    """Return what a node says, its label as its name where it has no other."""
    words = dict(node.words)
    label = words.pop("label", "")
    if label and label != node.id:
        words.setdefault("name", label)
    return words


class _Foreign:
    """Takes a graph of somebody else."""

    def __init__(self, graph: Graph, settings: Mapping[str, Any], draft: Draft, source: Source) -> None:
        self.graph = graph
        self.draft = draft
        self.source = source
        self.meaning = settings.get("edges") or ""
        root = settings.get("root") or []
        self.roots: list[str] = [root] if isinstance(root, str) else list(root)
        self.has_links = bool(settings.get("links"))

    def read(self) -> None:
        if not self._is_clear():
            return
        self._complete()
        is_network = self.meaning == "connections"
        for node in self.graph.nodes.values():
            self._component(node, "connectivity" if is_network else "service")
        if is_network:
            labels = {own: name_of(node) for own, node in self.graph.nodes.items()}
            connect(self.graph, labels, self.roots, self.has_links, self.draft, self.source)
        else:
            self._needs()

    def _is_clear(self) -> bool:
        """Is it clear what the edges mean? Where not, ask."""
        if self.roots and self.meaning != "connections":
            fault, remedy = (
                "roots belong to a network of connections",
                "say --edges connections as well, or leave them out",
            )
            self._error("root-of-nothing", fault, remedy)
        n = sum(not edge.is_directed for edge in self.graph.edges)
        if n and not self.meaning:
            fault = f"{n:,} of {len(self.graph.edges):,} edges have no direction, so that nothing says who needs whom; if they are links of a network, a node is reached while some way is left, and needs no neighbour as such"
            remedy = "for a network say --edges connections and, with --root, from where its nodes are reached (exchange point, gateway, core; once for each); if each edge is written with the one that needs first, --edges needs, if last, --edges needed-by"
            self._error("edges-meaning", fault, remedy)
        return not self.draft.notes.has_errors

    def _complete(self) -> None:
        """Add the ends of edges that no node describes."""
        for edge in self.graph.edges:
            for end in (edge.source, edge.target):
                if end not in self.graph.nodes:
                    fault = "an edge ends there, and no node describes it: it is kept as something unknown"
                    self.draft.notes.warning(edge.line, "dangling", end[:80], fault, "", file=self.source.name)
                    self.graph.node(end, edge.line).words["kind"] = "unknown"

    def _component(self, node: Node, usual: str) -> None:
        wish, words = name_of(node), node.words
        kind = words.get("kind")
        taken = {"kind": as_id(kind) if isinstance(kind, str) and kind.strip() else usual}
        name = _said(words.get("name")) or _said(words.get("label"))
        if name and name != wish:
            taken["name"] = name
        at = words.get("at")
        if isinstance(at, str) and at in self.graph.nodes and at != node.id:
            taken["at"] = at
        left = len(words.keys() - {"kind", "name", "label", *taken})
        if left:
            self.draft.leave_out("attributes that only describe or draw", left)
        within, sure = (node.id if wish != node.id else ""), self._sureness(node)
        place = Place(self.source, node.line)
        self.draft.component(node.id, wish, place, within=within, record=f"node {node.id}", confidence=sure, **taken)

    def _sureness(self, node: Node) -> Confidence:
        return "guessed" if node.words.get("kind") == "unknown" else "declared"

    def _needs(self) -> None:
        sure: Confidence = "declared" if self.meaning else "guessed"
        if not self.meaning and self.graph.edges:
            self.draft.remark(
                "nobody said what the edges mean: A -> B was taken for A needs B, as a guess; --edges needs confirms it, --edges needed-by turns it round"
            )
        seen: set[tuple[str, str]] = set()
        for edge in self.graph.edges:
            owner, needed = edge.source, edge.target
            if self.meaning == "needed-by":
                owner, needed = needed, owner
            if owner == needed:
                self.draft.leave_out("edges from a node to itself")
            elif (owner, needed) in seen:
                self.draft.leave_out("edges that say again what another one says")
            else:
                seen.add((owner, needed))
                record = f"{edge.source} -> {edge.target}"
                self.draft.need(owner, needed, Place(self.source, edge.line), record=record, confidence=sure)
            if edge.words:
                self.draft.leave_out("attributes that only describe or draw", len(edge.words))

    def _error(self, code: str, fault: str, remedy: str) -> None:
        self.draft.notes.error(0, code, "", fault, remedy, file=self.source.name)


def name_of(node: Node) -> str:
    """Return what people call a node: its id, or its label where the id tells nobody anything.

    Examples
    --------
    >>> name_of(Node("n12", 1, {"label": "Paris"})), name_of(Node("web", 1, {"label": "Web shop"})), name_of(Node("7", 1))
    ('Paris', 'web', '7')
    """
    name = _said(node.words.get("label")) or _said(node.words.get("name"))
    return name if name and len(name) <= _LONGEST_LABEL and _OPAQUE.fullmatch(node.id) else node.id


def _said(label: Any) -> str:
    """Return a label as a line of text; empty if it is none."""
    text = (
        label_text(label) if isinstance(label, str) else str(label) if type(label) is int and abs(label) < 1e15 else ""
    )
    return "" if text.lower() in _NO_LABELS else text
