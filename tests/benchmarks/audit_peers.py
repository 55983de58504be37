"""The peer of the audit's benchmarks that asks a MaxSAT solver: RC2 of python-sat, one question for each process."""

from __future__ import annotations

from itertools import islice
from math import log
from typing import Any

from audit_child import answer_parent
from audit_models import Topology, read
from measuring import collector_paused

SCALE = 1_000_000
"""Weights are whole numbers: so many for each 1 of -ln p."""


def routes(path: str, n: str) -> list[int]:
    """Return the sizes of the smallest hitting sets: one clause for each replica and route (RepAudit, OOPSLA 2017)."""
    from pysat.examples.rc2 import RC2
    from pysat.formula import WCNF

    topology = read(path)
    needs = topology.needs
    formula = WCNF()
    for server in needs[-1][0]:
        rack = needs[server][0][0]
        for switch in needs[rack][0]:
            formula.append([server + 1, rack + 1, switch + 1, needs[switch][0][0] + 1])
    for component in range(len(needs) - 1):
        formula.append([-component - 1], weight=1)
    with RC2(formula, solver="g3") as solver:
        return [len(found) for found in islice(_sets(solver, topology), int(n))]


def _sets(solver: Any, topology: Topology) -> Any:
    """Yield the sets, the cheapest first; each is barred with all that contain it."""
    while (model := solver.compute()) is not None:
        found = [each for each in model if 0 < each <= len(topology.p) and topology.p[each - 1] > 0.0]
        yield found
        solver.add_clause([-each for each in found])


def likeliest(path: str, n: str) -> dict[str, Any]:
    """Return -ln p of the likeliest cut sets, by the formula of the structure and weights of the events."""
    from pysat.examples.rc2 import RC2, RC2Stratified
    from pysat.formula import WCNF

    topology = read(path)
    formula = WCNF()
    gate = 2 * len(topology.ids)  # component i is down: n + i; its own failure: i; numbers from 1
    for component, needs in enumerate(topology.needs):
        p = topology.p[component]
        clause = [-(len(topology.ids) + component + 1)]
        if p > 0.0:
            clause.append(component + 1)
            formula.append([-component - 1], weight=max(1, round(-log(p) * SCALE)))
        for members in needs:
            gate += 1
            clause.append(gate)
            for member in members:
                formula.append([-gate, len(topology.ids) + member + 1])
        formula.append(clause)
    formula.append([2 * len(topology.ids)])
    # Stratified is the fast one, but takes no further clauses after its answer.
    with (RC2Stratified if n == "1" else RC2)(formula, solver="g3") as solver:
        sets = list(islice(_sets(solver, topology), int(n)))
    costs = [sum(-log(topology.p[each - 1]) for each in found) for found in sets]
    return {"costs": costs, "sizes": [len(found) for found in sets]}


TASKS = {"routes": routes, "likeliest": likeliest}

if __name__ == "__main__":
    with collector_paused():
        answer_parent(TASKS, dict.fromkeys(TASKS, "pysat.examples.rc2"))
