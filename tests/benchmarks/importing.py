"""What it costs to get a large call graph in and to ask about it: import, rank and audit, as whole processes, one after the other.

The graph has the shape of a large real one: 1,238 services, 4,271 pairs of caller and callee, calls from one to 200,000, and a circle
of some hundred services if every pair counted. The peer reads the same file and asks networkx what each service could reach, which
is what all single failures come to without time, shares and redundancy. The engine is compiled before anything is measured.
"""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from measuring import Row, show

N_SERVICES, N_PAIRS = 1238, 4271
GOAL_S = 10.0
"""For import, rank and audit together."""
REPEATS = 3
PEER = """
import json, sys, networkx as nx
graph = nx.DiGraph((each["child"], each["parent"]) for each in json.load(open(sys.argv[1])))
print(max(len(nx.descendants(graph, node)) for node in graph))
"""


def calls() -> list[dict[str, object]]:
    """Return calls between services: a few are called by very many, and some call back."""
    luck = random.Random(7)
    names = [f"service-{number}" for number in range(N_SERVICES)]
    pairs: dict[tuple[int, int], int] = {}
    for child in range(1, N_SERVICES):  # everything is called by something
        pairs[luck.randrange(child), child] = 0
    while len(pairs) < N_PAIRS:
        parent = luck.randrange(N_SERVICES)
        child = min(N_SERVICES - 1, int(N_SERVICES * luck.random() ** 3))
        if luck.random() < 0.9:
            parent, child = min(parent, child), max(parent, child)
        if parent != child:
            pairs.setdefault((parent, child), 0)
    return [
        {"parent": names[a], "child": names[b], "callCount": int(math.exp(luck.uniform(0.0, math.log(200_000))))}
        for a, b in pairs
    ]


def main() -> None:
    """Measure by the clock on the wall, the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        source, system = Path(folder, "dependencies.json"), Path(folder, "system.yaml")
        source.write_text(json.dumps(calls()))
        program = [str(Path(sys.executable).with_name("impactsim"))]
        commands = {
            "import": [*program, "import", "jaeger", str(source), "--out", str(system)],
            "rank": [*program, "rank", str(system)],
            "audit": [*program, "audit", str(system)],
        }
        taken = dict.fromkeys(commands, math.inf)
        for repeat in range(1 + REPEATS):
            system.unlink(missing_ok=True)
            for name, command in commands.items():
                seconds = _seconds(command)
                if repeat:
                    taken[name] = min(taken[name], seconds)
        peer = min(_seconds([sys.executable, "-c", PEER, str(source)]) for _ in range(REPEATS))
        n_read = system.read_text().count("\n    confidence: observed") + system.read_text().count(
            "{confidence: observed"
        )
    assert n_read == N_SERVICES
    rows = [Row(f"impactsim {name}", seconds) for name, seconds in taken.items()]
    whole = Row("all three", sum(taken.values()), "networkx reachability", peer, f"goal: below {GOAL_S:.0f} s")
    show(
        f"A call graph of {N_SERVICES:,} services and {N_PAIRS:,} pairs: whole processes, by the clock", [*rows, whole]
    )


def _seconds(command: list[str]) -> float:
    began = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    return perf_counter() - began


if __name__ == "__main__":
    main()
