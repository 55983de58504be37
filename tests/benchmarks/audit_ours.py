"""Our side of the benchmarks of the audit, one question for each process (``audit_child.py``)."""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import log
from pathlib import Path
from time import process_time
from typing import Any

from audit_child import Task, answer_parent
from audit_models import TOP, Topology, read

from impactsim.audit.estate import Estate
from impactsim.collector import collector_paused
from impactsim.compiled import ORDER, RUN, Causes, Compiled
from impactsim.exact.answers import Answers, CutSet
from impactsim.exact.diagram import TooLarge
from impactsim.exact.revision import revised, rewired
from impactsim.exact.structure import Structure
from impactsim.importers.fault_trees.open_psa import import_open_psa
from impactsim.workflow.runs import load

Costs = list[float]


def compiled_of(topology: Topology) -> Compiled:
    """Return the integers that a compiled system of these components has, those that the question without a clock reads."""
    n = len(topology.ids)
    need_from, slot_from, slots, owner, slot_need = [0], [0], list[int](), list[int](), list[int]()
    for component, needs in enumerate(topology.needs):
        for members in needs:
            slots += members
            slot_need += [len(owner)] * len(members)
            slot_from.append(len(slots))
            owner.append(component)
        need_from.append(len(owner))
    columns: dict[str, Any] = {name: [] for name in Compiled._fields}
    columns |= {"need_from": need_from, "rank": range(n), "by_rank": range(n), "circle": [-1] * n}
    columns |= {"need_component": owner, "need_form": [ORDER] * len(owner), "need_k": [1] * len(owner)}
    columns |= {"need_purpose": [RUN] * len(owner), "need_impact": [1.0] * len(owner)}
    columns |= {"slot_from": slot_from, "slot_component": slots, "slot_need": slot_need}
    return Compiled(**columns)


def answers_about(system: Compiled, topology: Topology) -> Answers:
    """Return the answers about a system."""
    return Answers(Structure(system, Causes([0], [], []), can_fail=[p > 0.0 for p in topology.p]), topology.p)


def answers_of(topology: Topology) -> tuple[Answers, int]:
    """Return the answers about a topology, and the node of its top."""
    answers = answers_about(compiled_of(topology), topology)
    return answers, answers.structure.down(len(topology.ids) - 1)


def smallest(path: str, n: str) -> list[int]:
    """Return the sizes of the smallest cut sets."""
    answers, top = answers_of(read(path))
    return [len(found.events) for found in answers.smallest(top, int(n))]


def likeliest(path: str, n: str) -> dict[str, Any]:
    """Return -ln p of the likeliest cut sets; none if the search passed its bounds."""
    topology = read(path)
    answers, top = answers_of(topology)
    try:
        found = answers.likeliest(top, int(n))
    except TooLarge:
        return {"costs": None, "sizes": []}
    return {"costs": [_cost(topology, each) for each in found], "sizes": [len(each.events) for each in found]}


def _cost(topology: Topology, found: CutSet) -> float:
    """Return what the events of a set cost; its probability may be too small for a float."""
    return sum(-log(topology.p[event]) for event in found.events)


def whole_road(path: str, n: str) -> dict[str, Any]:
    """Load, check and compile a system file and ask for the smallest cut sets; return the sizes, and what each step took."""
    moments = [process_time()]
    loaded = load(path)
    moments.append(process_time())
    estate = Estate(loaded.system)
    moments.append(process_time())
    node = estate.structure().down(estate.names.index[TOP])
    found = estate.answers().smallest(node, int(n))
    moments.append(process_time())
    steps = [after - before for before, after in pairwise(moments)]
    return {"sizes": [len(each.events) for each in found], "steps": steps}


def one_edge(path: str, n: str) -> dict[str, Any]:
    """Ask for the smallest cut sets, change one edge, ask again; return what the second question took, with all to be told."""
    topology = read(path)
    system = _with_uses(compiled_of(topology))
    answers = answers_about(system, topology)
    top, switch, core = len(topology.ids) - 1, topology.ids.index("A1"), topology.ids.index("C2")
    answers.smallest(answers.structure.down(top), int(n))
    slot = system.slot_from[system.need_from[switch]]
    begun = process_time()
    changed = rewired(system, slot, core)
    assert changed is not None
    new = revised(answers, changed, switch)
    found = new.smallest(new.structure.down(top), int(n))
    seconds = process_time() - begun
    topology.needs[switch] = [[core]]
    anew = answers_about(compiled_of(topology), topology)
    assert [len(each.events) for each in anew.smallest(anew.structure.down(top), int(n))] == [
        len(e.events) for e in found
    ]
    return {"sizes": [len(each.events) for each in found], "seconds": seconds}


def _with_uses(system: Compiled) -> Compiled:
    """Return a system with the uses of each component, which only a change reads."""
    uses: list[list[int]] = [[] for _ in system.rank]
    for slot, member in enumerate(system.slot_component):
        uses[member].append(slot)
    use_from = list(accumulate(map(len, uses), initial=0))
    return system._replace(use_from=use_from, use_slot=[slot for each in uses for slot in each])


def fault_tree(path: str) -> dict[str, Any]:
    """Import an Open-PSA file; return probability, number of minimal cut sets, and how many were listed."""
    system, problems = import_open_psa(Path(path).read_bytes(), path)
    assert system is not None, problems
    estate = Estate(system)
    answers, node = estate.answers(), estate.structure().down(estate.services[0])
    listed = answers.cut_sets(node)
    return {"probability": answers.probability(node).low, "count": answers.count(node), "listed": len(listed)}


TASKS: dict[str, Task] = {"smallest": smallest, "likeliest": likeliest, "whole_road": whole_road, "one_edge": one_edge}
TASKS |= {"fault_tree": fault_tree}

if __name__ == "__main__":
    with collector_paused():
        answer_parent(TASKS)
