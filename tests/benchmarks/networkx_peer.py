"""Every single failure of a graph in networkx, without a clock: a worklist with a counter for each redundant need.

The good way, not the naive one: nothing is evaluated that no loss reaches, each edge is looked at once for each failure
that reaches it, and only touched counters are reset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

if TYPE_CHECKING:
    from layered_graphs import Graph


class Loss(NamedTuple):
    """What one failure takes down."""

    components: int
    users: int


class Sweep:
    """A graph with an edge from each component to each that needs it."""

    def __init__(self, graph: Graph) -> None:
        self.users = [node.users for node in graph.nodes]
        self.spare: list[int] = []
        """How many members each need can lose."""
        self.digraph: nx.DiGraph[int] = nx.DiGraph()
        self.digraph.add_nodes_from(range(len(graph.nodes)))
        for number, node in enumerate(graph.nodes):
            for group in node.groups:
                need = len(self.spare)
                self.spare.append(len(group.members) - group.needed)
                self.digraph.add_edges_from(((member, number) for member in group.members), need=need)

    def down_after(self, failed: int) -> set[int]:
        """Return what is down once this component has failed for good."""
        edges = self.digraph.adj
        spare = self.spare
        down = {failed}
        lost: dict[int, int] = {}
        pending = [failed]
        while pending:
            for component, edge in edges[pending.pop()].items():
                if component in down:
                    continue
                need = edge["need"]
                if spare[need]:
                    lost[need] = lost.get(need, 0) + 1
                    if lost[need] <= spare[need]:
                        continue
                down.add(component)
                pending.append(component)
        return down

    def all_failures(self) -> list[Loss]:
        """Return what each single failure costs."""
        losses = []
        for failed in range(len(self.users)):
            down = self.down_after(failed)
            losses.append(Loss(len(down), sum(self.users[component] for component in down)))
        return losses


def down_by_definition(graph: Graph, failed: int) -> set[int]:
    """Return the same by looking at every component until nothing changes: slow, and plainly right."""
    down = {failed}
    while True:
        more = {
            number
            for number, node in enumerate(graph.nodes)
            if any(sum(member not in down for member in group.members) < group.needed for group in node.groups)
        } | {failed}
        if more == down:
            return down
        down = more
