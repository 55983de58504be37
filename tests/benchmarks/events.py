"""What one event of a run costs: many short faults in a system of moderate size, beside a plain heap of times."""

from __future__ import annotations

import random
from functools import partial
from heapq import heappop, heappush

from large_systems import layered
from measuring import Row, cpu_seconds, show
from one_failure import prepare

from impactsim.compiler import compile_plan
from impactsim.model.scenario import Scenario

COMPONENTS, FAULTS = 1000, 1000


def main() -> None:
    """Measure a run with a thousand faults at a thousand times."""
    prepared = prepare(layered(COMPONENTS))
    rng = random.Random("faults")
    struck = [f"c{rng.randrange(COMPONENTS // 2, COMPONENTS)}" for _ in range(FAULTS)]
    events = [{"fail": name, "at": f"{rng.randrange(10**6)}s", "for": f"{rng.randint(1, 90)}m"} for name in struck]
    scenario = Scenario.model_validate({"impactsim": 1, "name": "Many", "system": "-", "events": events})
    plan, _ = compile_plan(prepared.system, scenario, prepared.compiled, prepared.names)
    record = prepared.workspace.run(plan).record
    changes, instants = len(record.component), len(set(record.at_ms))
    assert changes >= 2 * len(set(struck))
    seconds = cpu_seconds(partial(prepared.workspace.run, plan))
    push_and_pop = cpu_seconds(partial(_push_and_pop, record.at_ms)) / changes
    rows = [
        Row("the whole run", seconds, remark=f"{changes:,} changes of level in {instants:,} instants with changes"),
        Row("one change of level", seconds / changes, "heapq push and pop", push_and_pop),
    ]
    show(f"Events, interpreted: {FAULTS:,} faults in {COMPONENTS:,} components", rows)


def _push_and_pop(times: list[int]) -> None:
    heap: list[int] = []
    for at_ms in times:
        heappush(heap, at_ms)
    while heap:
        heappop(heap)


if __name__ == "__main__":
    main()
