"""Networks without directions: which neighbours a node needs to be reached from its roots.

Theory of operation. A node is reached while some way from a root is left. Written as needs of all neighbours this would be a
circle, in which an island holds itself up; so each node needs any one of the neighbours that are nearer to the roots, by the
number of links on the way. A way that first leads away from the roots is not seen: what is cut off in truth is always cut off
here, and more besides. How much more is counted for the failure of each single node, by dominators (Cooper, Harvey and Kennedy
2001): u cuts v off if and only if all ways from the roots to v lead through u, in the network or in what was made of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from impactsim.importers.draft import Draft
from impactsim.importers.graphs.graph import Edge, Graph
from impactsim.importers.ids import as_id
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.model.rules_lookup import Names
from impactsim.quantities import shown

_MOST_COUNTED = 50_000_000
"""Nodes times links: in larger networks it is not counted how much more is cut off, which may take so many steps."""
_TOLD = 5
_TOP = ""
"""What stands above all roots; no node is called that."""

Ways = dict[str, dict[str, list[Edge]]]
"""Neighbours of each node, and the links to each of them."""


def connect(
    graph: Graph, labels: Mapping[str, str], wanted: Sequence[str], has_links: bool, draft: Draft, source: Source
) -> None:
    """Add the needs of nodes that are components already.

    Parameters
    ----------
    graph
        Nodes, and edges whose direction means nothing.
    labels
        What people call each node.
    wanted
        Ids or labels of the roots.
    has_links
        Whether each link is a component of its own, which can fail.
    draft, source
        Takes the needs; where they come from.
    """
    _Network(graph, labels, draft, source).connect(wanted, has_links)


class _Network:
    """Makes needs of links."""

    def __init__(self, graph: Graph, labels: Mapping[str, str], draft: Draft, source: Source) -> None:
        self.nodes = list(graph.nodes)
        self.labels = labels
        self.draft = draft
        self.source = source
        self.ways: Ways = {node: {} for node in self.nodes}
        for edge in graph.edges:
            if edge.source == edge.target:
                draft.leave_out("links from a node to itself")
                continue
            self.ways[edge.source].setdefault(edge.target, []).append(edge)
            self.ways[edge.target].setdefault(edge.source, []).append(edge)

    def connect(self, wanted: Sequence[str], has_links: bool) -> None:
        roots = self._roots(wanted)
        if not roots:
            return
        distance = self._distances(roots)
        nearer = {
            node: [other for other in self.ways[node] if distance[other] < distance[node]]
            for node in distance
            if distance[node]
        }
        for node, others in nearer.items():
            self._need(node, others, has_links)
        self._tell_unused(distance)
        self._tell_unreached(distance)
        self._tell_simplified(roots, nearer)

    # Roots.

    def _roots(self, wanted: Sequence[str]) -> list[str]:
        if not wanted:
            hubs = sorted(self.nodes, key=lambda node: -len(self.ways[node]))[:_TOLD]
            fault = "nothing says from where the nodes of this network are reached"
            most = ", ".join(shown(self.labels[node]) for node in hubs)
            remedy = f"name exchange points, gateways or cores with --root, once for each; most links have {most}"
            self._error("no-root", "", fault, remedy)
        found = [root for each in wanted if (root := self._root(str(each)))]
        return list(dict.fromkeys(found)) if len(found) == len(wanted) else []

    def _root(self, wanted: str) -> str:
        """Return the node that is meant; empty, and why, if it is none or several."""
        if wanted in self.ways:
            return wanted
        called = [node for node in self.nodes if wanted in {self.labels[node], as_id(self.labels[node])}]
        if not called:
            remedy = Names([*self.labels.values(), *self.nodes]).did_you_mean(
                wanted, "give the id or the label of a node"
            )
            self._error("unknown-root", wanted, "no node is called that", remedy)
        elif len(called) > 1:
            fault = f"{len(called):,} nodes are called that"
            self._error("unclear-root", wanted, fault, f"give the id of one: {', '.join(called[:_TOLD])}")
        return called[0] if len(called) == 1 else ""

    def _distances(self, roots: Sequence[str]) -> dict[str, int]:
        """Return the number of links between each node and the nearest root, the nearest nodes first."""
        distance = dict.fromkeys(roots, 0)
        waiting = list(roots)
        for node in waiting:
            for other in self.ways[node]:
                if other not in distance:
                    distance[other] = distance[node] + 1
                    waiting.append(other)
        return distance

    # Needs.

    def _need(self, node: str, others: list[str], has_links: bool) -> None:
        first = self.ways[node][others[0]][0]
        members = [key for other in others for key in self._links(node, other)] if has_links else others
        place = Place(self.source, first.line)
        record = f"{node} -- {', '.join(others)}"
        self.draft.need(node, members, place, form="any_of", record=record, confidence="guessed")
        if not has_links:
            n = sum(len(self.ways[node][other]) - 1 for other in others)
            if n:
                self.draft.leave_out("links beside another one between the same two nodes", n)

    def _links(self, node: str, other: str) -> list[str]:
        """Make components of the links from a node to one that is nearer to the roots; each needs the nearer end."""
        keys = []
        for i, edge in enumerate(self.ways[node][other]):
            own = f"{other} -- {node}" + (f" ({i + 1})" if i else "")
            place = Place(self.source, edge.line)
            number = f"-{i + 1}" if i else ""
            wish = f"{as_id(self.labels[other])}--{as_id(self.labels[node])}{number}"
            name = f"{self.labels[other]} - {self.labels[node]}" + (f" ({i + 1})" if i else "")
            self.draft.component(own, wish, place, record=f"edge {own}", within=other, kind="connectivity", name=name)
            self.draft.need(own, other, place, record=f"{own} at {other}", confidence="guessed")
            keys.append(own)
        return keys

    # What the reader of the report must know.

    def _tell_unused(self, distance: Mapping[str, int]) -> None:
        n = 0
        for node, others in self.ways.items():
            n += sum(len(edges) for other, edges in others.items() if distance.get(node, 0) == distance.get(other, 1))
        if n:
            self.draft.leave_out("links between nodes that are equally far from the roots", n // 2)

    def _tell_unreached(self, distance: Mapping[str, int]) -> None:
        lost = [node for node in self.nodes if node not in distance]
        if lost:
            names = ", ".join(shown(self.labels[node]) for node in lost[:_TOLD])
            more = f" and {len(lost) - _TOLD:,} more" if len(lost) > _TOLD else ""
            fault = f"no way leads from a root to {names}{more}: nothing is known to take them down"
            self.draft.notes.warning(0, "no-way", "", fault, "name a root of their own", file=self.source.name)

    def _tell_simplified(self, roots: Sequence[str], nearer: Mapping[str, list[str]]) -> None:
        names = ", ".join(shown(self.labels[root]) for root in roots[:_TOLD]) + (", ..." if len(roots) > _TOLD else "")
        self.draft.remark(
            f"each node needs any of its neighbours that are nearer to {names}; ways that first lead away are not seen, and whether what is left can carry all the traffic is not known"
        )
        self.draft.remark(
            "no node is a service: write what people use in a layer of your own, with needs of the nodes by which it is reached; until then no failure seems to touch anybody"
        )
        if len(self.nodes) * sum(map(len, self.ways.values())) > _MOST_COUNTED:
            return
        onward: dict[str, list[str]] = {_TOP: list(roots)}
        for node, others in nearer.items():
            for other in others:
                onward.setdefault(other, []).append(node)
        n_here = _n_cut_off(onward)
        n_true = _n_cut_off({_TOP: list(roots), **{node: list(others) for node, others in self.ways.items()}})
        if n_here > n_true:
            self.draft.remark(
                f"so too much seems to hang on single nodes: of {n_here:,} cases in which one node cuts off another, {n_true:,} are true and {n_here - n_true:,} have a way round"
            )

    def _error(self, code: str, about: str, fault: str, remedy: str) -> None:
        self.draft.notes.error(0, code, about[:80], fault, remedy, file=self.source.name)


def _n_cut_off(onward: Mapping[str, list[str]]) -> int:
    """Count the pairs of a node and another one that it cuts off from the top, by failing alone.

    Examples
    --------
    >>> _n_cut_off({"": ["a"], "a": ["b", "c"], "b": ["d"], "c": ["d"]})  # a cuts off b, c and d
    3
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node(_TOP)
    graph.add_edges_from((node, other) for node, others in onward.items() for other in others)
    above = nx.immediate_dominators(graph, _TOP)
    depth = {_TOP: -1}
    for node in above:
        way = []
        while node not in depth:
            way.append(node)
            node = above[node]  # noqa: PLW2901 - up, until somebody knows
        for each in reversed(way):
            depth[each] = depth[above[each]] + 1
    return sum(depth.values()) + 1
