"""One failure in a system of 100,000 components, beside networkx asking ten times what could be affected."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from typing import Any

import networkx as nx
from large_systems import Words, fat_tree, layered
from measuring import Row, collector_paused, cpu_seconds, show

from impactsim.compiled import Compiled, Plan
from impactsim.compiler import Names, compile_plan, compile_system
from impactsim.engine.state import N_TOUCHED
from impactsim.engine.timeline import Workspace
from impactsim.model.scenario import Scenario
from impactsim.model.system import System

CALLS = 10
LAYERED, FAT_TREE = 100_000, 54
SAMPLE = 50


@dataclass(frozen=True)
class Prepared:
    """A system, compiled once, and the same graph for the peer."""

    system: System
    compiled: Compiled
    names: Names
    graph: nx.DiGraph[int]
    workspace: Workspace

    def plan(self, component: int, **words: Any) -> Plan:
        """Return the plan of one failure."""
        event = {"fail": self.names.components[component], **words}
        scenario = Scenario.model_validate({"impactsim": 1, "name": "One", "system": "-", "events": [event]})
        return compile_plan(self.system, scenario, self.compiled, self.names)[0]

    def reach(self, component: int) -> int:
        """Return how many components could be affected."""
        return len(nx.descendants(self.graph, component))


def prepare(words: Words) -> Prepared:
    """Validate and compile a system, and build the graph from each component to those that need it."""
    with collector_paused():
        system = System.model_validate(words)
        compiled, names = compile_system(system)
        graph: nx.DiGraph[int] = nx.DiGraph()
        graph.add_nodes_from(range(len(compiled.crew)))
        needing = (compiled.need_component[need] for need in compiled.slot_need)
        graph.add_edges_from(zip(compiled.slot_component, needing, strict=True))
        return Prepared(system, compiled, names, graph, Workspace(compiled))


def main() -> None:
    """Measure failures of different reach in three systems."""
    for words in (layered(LAYERED, timed=False), layered(LAYERED), fat_tree(FAT_TREE)):
        prepared = prepare(words)
        size = len(prepared.compiled.crew)
        rows = [row for label, component in _choices(prepared) for row in _rows(prepared, label, component)]
        title = f"One failure: {words['name']}, {size:,} components, {prepared.graph.number_of_edges():,} edges"
        show(f"{title}; beside networkx.descendants {CALLS} times", rows)


def _choices(prepared: Prepared) -> list[tuple[str, int]]:
    """Return components by what could be affected: none, a few, the median and the most of a sample, and a hub."""
    rng = random.Random("sample")
    sample = rng.sample(range(len(prepared.compiled.crew)), SAMPLE)
    by_reach = sorted((prepared.reach(component), component) for component in sample)
    _, hub = max((prepared.graph.out_degree(component), component) for component in prepared.graph)
    places = (("leaf", 0), ("median of a sample", SAMPLE // 2), ("upper tenth", SAMPLE * 9 // 10))
    return [*((label, by_reach[place][1]) for label, place in places), ("hub: most arrows", hub)]


def _rows(prepared: Prepared, label: str, component: int) -> list[Row]:
    """Measure a failure that stays and one that ends, with the collector of cycles as it is and, for the remark, without."""
    ask = partial(_ten_times, prepared.graph, component)
    peer, peer_paused = cpu_seconds(ask, repeats=3, collector=True), cpu_seconds(ask, repeats=3)
    reached = nx.descendants(prepared.graph, component)
    rows = []
    for ending, how in (("for good", {}), ("for 1h", {"for": "1h"})):
        plan, workspace = prepared.plan(component, **how), prepared.workspace
        history = workspace.run(plan)
        # Cost follows the damage: nothing is looked at that the failure could not affect.
        touched, changes = workspace.state.tally[N_TOUCHED], len(history.record.component)
        assert touched <= len(reached) + 1
        assert set(history.record.component) <= {component, *reached}
        seconds = cpu_seconds(partial(workspace.run, plan), repeats=3, collector=True)
        paused = cpu_seconds(partial(workspace.run, plan), repeats=3) / peer_paused
        assert workspace.run(plan).record == history.record
        remark = (
            f"{paused:.3g} x without collector; could affect {len(reached):,}, touched {touched:,}, {changes:,} changes"
        )
        rows.append(Row(f"{label}, {ending}", seconds, f"{CALLS} calls", peer, remark, goal=1))
    return rows


def _ten_times(graph: nx.DiGraph[int], component: int) -> None:
    for _ in range(CALLS):
        nx.descendants(graph, component)


if __name__ == "__main__":
    main()
