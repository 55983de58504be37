"""Systems for the benchmarks of the audit, as text that both sides read: fat trees, and random fault trees.

One line for each component, members before those that need them: its id, its kind, the probability of its own failure, and
its needs; a need is met by any one of the ids between its bars (``T1 switch 0.01 A1|A2``).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

TOP = "top"
"""The component that is asked about: the last line."""


Words = dict[str, Any]


class Topology(NamedTuple):
    """What a file says; components are numbered from 0."""

    ids: list[str]
    p: list[float]
    needs: list[list[list[int]]]
    """Of each component, the members of each need."""


def read(path: str) -> Topology:
    """Read a file."""
    number: dict[str, int] = {}
    p, needs = [], []
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            name, _, probability, *its_needs = line.split()
            number[name] = len(number)
            p.append(float(probability))
            needs.append([[number[member] for member in need.split("|")] for need in its_needs])
    return Topology(list(number), p, needs)


def words(topology: Topology) -> Words:
    """Return a topology in the form of a system file."""
    components = {}
    for name, p, needs in zip(*topology, strict=True):
        groups = ([topology.ids[member] for member in members] for members in needs)
        its_needs = [group[0] if len(group) == 1 else {"at_least": 1, "of": group} for group in groups]
        components[name] = {"needs": its_needs, "fails": {"probability": p}}
    return {"impactsim": 1, "name": "Fat tree", "components": components}


def _line(name: str, kind: str, p: float, needs: Iterable[Sequence[str]] = ()) -> str:
    return " ".join([name, kind, f"{p:.6g}", *("|".join(need) for need in needs)])


def write(path: Path, lines: Sequence[str]) -> None:
    """Write a file."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_pods(ports: int, replicas: int) -> list[int]:
    """Return the numbers of the first servers of so many pods."""
    return [1 + pod * (ports // 2) ** 2 for pod in range(replicas)]


def fat_tree(ports: int) -> list[str]:
    """Return the fat tree of RepAudit: each aggregation switch hangs on one core; every server is a replica."""
    half = ports // 2
    lines = [_line(f"C{core + 1}", "switch", 0.01) for core in range(half * half)]
    switches = range(1, ports * half + 1)
    lines += [_line(f"A{each}", "switch", 0.01, [[f"C{(each + 1) // 2}"]]) for each in switches]
    lines += [_line(f"T{each}", "switch", 0.01, [_above(each, half)]) for each in switches]
    servers = range(1, ports * half * half + 1)
    lines += [_line(f"S{each}", "host", 0.02, [[f"T{(each - 1) // half + 1}"]]) for each in servers]
    return [*lines, _line(TOP, "service", 0.0, [[f"S{each}" for each in servers]])]


def _above(switch: int, half: int) -> list[str]:
    """Return the aggregation switches of the pod of a top-of-rack switch."""
    first = (switch - 1) // half * half
    return [f"A{first + i}" for i in range(1, half + 1)]


def layered_fat_tree(ports: int, replicas: int) -> list[str]:
    """Return a canonical fat tree under servers that share software and power; one replica in each of the first pods.

    Each of three stacks needs four packages of its own and one of two libraries that other stacks share. Each pod has
    two feeds, each on one of two utilities; a rack needs one of the feeds. Nothing takes all replicas down alone.
    """
    rng = random.Random(f"layers {ports}")
    half = ports // 2

    def some() -> float:
        return exp(rng.uniform(log(1e-4), log(1e-2)))

    lines = [_line(f"{kind}{i}", kind, some()) for kind in ("library", "utility") for i in (1, 2)]
    for stack, library in enumerate((1, 1, 2)):
        packages = [f"package{stack}.{i}" for i in range(4)]
        lines += [_line(name, "software", some()) for name in packages]
        needs = [[f"library{library}"], *([name] for name in packages)]
        lines.append(_line(f"stack{stack}", "software", some(), needs))
    lines += [_line(f"C{core + 1}", "switch", some()) for core in range(half * half)]
    for pod in range(ports):
        switches = range(pod * half + 1, pod * half + half + 1)
        lines += [_line(f"feed{pod}.{i}", "power", some(), [[f"utility{i}"]]) for i in (1, 2)]
        for place, each in enumerate(switches):
            cores = [f"C{place * half + i + 1}" for i in range(half)]
            lines.append(_line(f"A{each}", "switch", some(), [cores]))
        feeds = [f"feed{pod}.1", f"feed{pod}.2"]
        lines += [_line(f"T{each}", "switch", some(), [_above(each, half), feeds]) for each in switches]
    servers = in_pods(ports, replicas)
    for i, server in enumerate(servers):
        lines.append(_line(f"S{server}", "host", some(), [[f"T{(server - 1) // half + 1}"], [f"stack{i % 3}"]]))
    return [*lines, _line(TOP, "service", 0.0, [[f"S{server}" for server in servers]])]


def fault_tree(nodes: int, share_of_gates: float, seed: int) -> list[str]:
    """Return a random fault tree in the way of the set of the MaxSAT Evaluation 2020; half of the gates are "and".

    The gates stand in a shuffled row. Each takes up to four of those behind it, and events where the row ends; whoever is
    taken by nobody gets a gate before it. Each event goes to one to four gates.
    """
    most = 4
    rng = random.Random(f"fault tree {nodes} {share_of_gates} {seed}")
    n_gates = round(nodes * share_of_gates)
    events = range(n_gates, nodes)
    below: list[dict[int, None]] = [{} for _ in range(n_gates)]
    for gate in range(n_gates):
        behind = range(gate + 1, n_gates)
        wanted = rng.randint(1, most)
        taken = rng.sample(behind, min(wanted, len(behind)))
        below[gate].update(dict.fromkeys([*taken, *rng.sample(events, wanted - len(taken))]))
    taken_by_some = {each for gate in below for each in gate}
    for gate in range(1, n_gates):
        if gate not in taken_by_some:
            below[rng.randrange(gate)][gate] = None
    for event in events:
        for gate in rng.sample(range(n_gates), rng.randint(1, most)):
            below[gate][event] = None
    is_and = [i % 2 == 0 for i in range(n_gates)]
    rng.shuffle(is_and)
    lines = [_line(f"e{event}", "event", 1.0 - rng.random()) for event in events]
    for gate in range(n_gates - 1, -1, -1):
        members = [f"g{each}" if each < n_gates else f"e{each}" for each in below[gate]]
        needs = [members] if is_and[gate] else [[member] for member in members]
        lines.append(_line(f"g{gate}", "gate", 0.0, needs))
    return [*lines, _line(TOP, "service", 0.0, [["g0"]])]
