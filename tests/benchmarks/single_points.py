"""Every single point of failure of every service, beside networkx following each failure: ``single_points.py [PART...]``.

On a graph with the shape of the largest published call graph, where most failures take down little, and on layered graphs,
where many take down thousands. The peer is a worklist with counters, the good way in networkx; where a full sweep would take
minutes it follows a sample of the failures, and its figure for all is reckoned from that. Both sides begin with the compiled
system. Both must give the same components for each failure of the sample.
"""

from __future__ import annotations

import random
import sys
import tracemalloc
from collections.abc import Sequence
from functools import partial
from time import process_time
from typing import Any, NamedTuple

from layered_graphs import Graph, Group, Node, Words, call_graph, layered
from measuring import Row, collector_paused, cpu_seconds, show
from networkx_peer import Sweep

from impactsim.compiled import Causes, Compiled
from impactsim.compiler import compile_causes, compile_system
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.exact.single import SinglePoints, single_points
from impactsim.model.system import System

GOAL_S = 60
SAMPLE = 200
FULL_SWEEP_S = 10
"""A peer that would take longer follows a sample."""
TARGETS = 100


class Case(NamedTuple):
    """A compiled system and the same graph for the peer."""

    compiled: Compiled
    causes: Causes
    graph: Graph

    @property
    def size(self) -> int:
        """How many components there are."""
        return len(self.graph.nodes)

    def points(self, targets: Sequence[int] | None = None) -> SinglePoints:
        """Find the single points, of all components if none are named."""
        return single_points(self.compiled, self.causes, range(self.size) if targets is None else targets)


def prepare(words: Words) -> Case:
    """Validate and compile a system."""
    with collector_paused():
        system = System.model_validate(words)
        compiled, names = compile_system(system)
        return Case(compiled, compile_causes(system, names), _graph(words["name"], compiled))


def _graph(name: str, compiled: Compiled) -> Graph:
    """Return the needs that count as the peer takes them: at most one of each member."""
    nodes = []
    for component in range(len(compiled.need_from) - 1):
        needs = range(compiled.need_from[component], compiled.need_from[component + 1])
        groups = [_group(compiled, need) for need in needs if counts(compiled, need, Criterion.DOWN)]
        # Whoever takes the component down alone need not be looked at in its other needs.
        alone = {group.members[0] for group in groups if len(group.members) == 1}
        groups = [group for group in groups if len(group.members) == 1 or alone.isdisjoint(group.members)]
        members = [member for group in groups for member in group.members]
        assert len(set(members)) == len(members)
        nodes.append(Node(tuple(groups), 0, 0))
    return Graph(name, tuple(nodes))


def _group(compiled: Compiled, need: int) -> Group:
    members = tuple(compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]])
    return Group(members, len(members) - members_to_lose(compiled, need, Criterion.DOWN) + 1, 0, -1)


def rows_of(case: Case) -> list[Row]:
    """Measure all points of all services, those of a few services, and what each failure takes down."""
    found = case.points()
    pairs = sum(map(found.count, range(case.size)))
    begun = process_time()
    assert _turned(found) == pairs
    turn_s = process_time() - begun
    seconds = cpu_seconds(case.points, repeats=3)
    peer_s, remark = _peer(case, found)
    peak, kept = _memory(case)
    remark = f"{remark}; {pairs:,} points, peak {peak / 1e6:,.0f} MB, kept {kept / 1e6:,.0f} MB"
    rng = random.Random("targets")
    few = sorted(rng.sample(range(case.size), TARGETS))
    return [
        Row("every point of every service", seconds, goal=GOAL_S),
        Row("the same", seconds, "networkx", peer_s, remark),
        Row(f"every point of {TARGETS} of them", cpu_seconds(partial(case.points, few), repeats=3)),
        Row("what each failure takes down, from the points", turn_s),
    ]


def _turned(found: SinglePoints) -> int:
    return sum(len(found.takes_down(event)) for event in found.events)


def _peer(case: Case, found: SinglePoints) -> tuple[float, str]:
    """Return what the peer takes for all failures, graph included, and how that was found; check that both agree."""
    prepare_s = cpu_seconds(partial(Sweep, case.graph), repeats=1)
    sweep = Sweep(case.graph)
    sample = sorted(random.Random("failures").sample(range(case.size), SAMPLE))
    for failed in sample:
        assert found.takes_down(failed) == sorted(sweep.down_after(failed))
    sample_s = cpu_seconds(partial(_follow, sweep, sample), repeats=1)
    each_s = sample_s / SAMPLE
    how = f"peer reckoned from {SAMPLE} of {case.size:,} failures"
    if each_s * case.size < FULL_SWEEP_S:
        each_s = cpu_seconds(partial(_follow, sweep, range(case.size)), repeats=1) / case.size
        how = f"peer followed all {case.size:,} failures"
    return prepare_s + each_s * case.size, how


def _follow(sweep: Sweep, failures: Sequence[int]) -> int:
    return sum(len(sweep.down_after(failed)) for failed in failures)


def _memory(case: Case) -> tuple[int, int]:
    """Return the peak of memory while the points are found and what they keep, both without the compiled system."""
    tracemalloc.start()
    try:
        found = case.points()
        kept, peak = tracemalloc.get_traced_memory()
        assert found.targets
        return peak, kept
    finally:
        tracemalloc.stop()


PARTS: dict[str, Any] = {
    "call_graph": partial(call_graph, 70_000),
    "layered_10000": lambda: layered(10_000).system(),
}
ASKED_FOR: dict[str, Any] = {"layered_70000": lambda: layered(70_000).system()}
"""Parts that take minutes and are run only by name."""


def main(names: list[str] | None = None) -> None:
    """Run the parts with these names, all that are short without one."""
    for name in names or PARTS:
        case = prepare((PARTS | ASKED_FOR)[name]())
        show(f"Single points of failure: {case.graph.name}, {case.size:,} components", rows_of(case))


if __name__ == "__main__":
    main(sys.argv[1:])
