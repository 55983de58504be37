"""The models of the benchmarks of many trials: layered random graphs with outages, and a call graph as large as the largest published.

Plain integers for the peers, and the same graph as plain data in the form of the files. Components are called by their
numbers (``c17``), members before those that need them. Everything is drawn from the seed.
"""

from __future__ import annotations

import random
from itertools import accumulate
from math import exp, log
from typing import Any, NamedTuple

Words = dict[str, Any]

MEDIAN_H, P90_H = 2, 8
"""Log-normal repair time of an outage, in hours."""
SIGMA = log(P90_H / MEDIAN_H) / 1.2815515655446004


class Group(NamedTuple):
    """One need: so many of these members."""

    members: tuple[int, ...]
    needed: int
    holdover_s: int
    """How long the loss is hidden; 0 without holdover."""
    failover_s: int
    """How long a switch to a standby takes; 0 where all members are at hand, -1 where the group is no standby group."""


class Node(NamedTuple):
    """One component."""

    groups: tuple[Group, ...]
    restart_s: int
    """How long it takes to start once it stopped; 0 for a component that stays ready when its needs are not met."""
    users: int


class Graph(NamedTuple):
    """A layered graph."""

    name: str
    nodes: tuple[Node, ...]

    def needed_by(self) -> list[list[int]]:
        """Return, for each component, those that need it."""
        needed_by: list[list[int]] = [[] for _ in self.nodes]
        for number, node in enumerate(self.nodes):
            for group in node.groups:
                for member in group.members:
                    needed_by[member].append(number)
        return needed_by

    def system(self, **of_every_component: Any) -> Words:
        """Return the system in the form of its file."""
        components = {f"c{number}": _component(node) | of_every_component for number, node in enumerate(self.nodes)}
        users = {
            f"u{number}": {"count": node.users, "uses": [f"c{number}"]}
            for number, node in enumerate(self.nodes)
            if node.users
        }
        return {"impactsim": 1, "name": self.name, "components": components, "users": users}


def layered(components: int, seed: int = 2) -> Graph:
    """Return a random graph in 8 to 24 layers.

    Two to six groups for each component outside the first layer: 70 % of one component, 25 % any of 2 to 3, 5 % k of 3
    to 7. 30 % of the members are hubs (as many as the root of the number of components), 50 % are in the layer before. A
    holdover on 25 % of the groups, a failover on 70 % of the standby groups; half of the components need time to start
    once a need was not met. A tenth carries users. One failure can take down much of the graph: the hard case for
    whatever hopes to touch little.
    """
    rng = random.Random(f"layered graph {components} {seed}")
    layers = rng.randint(8, 24)
    first = [round(components * i / layers) for i in range(layers + 1)]
    hubs = range(0, components, round(components**0.5))
    nodes = []
    for layer in range(layers):
        before = range(first[layer])
        beside = before[first[layer - 1] if layer else 0 :]
        below = hubs[: sum(hub in before for hub in hubs)]
        for _ in range(first[layer], first[layer + 1]):
            groups = _groups(rng, below, beside, before) if before else ()
            restart_s = rng.randint(60, 900) if rng.random() < 0.5 else 0
            users = rng.randint(100, 10_000) if rng.random() < 0.1 else 0
            nodes.append(Node(groups, restart_s, users))
    return Graph(f"Layered {components}", tuple(nodes))


def _groups(rng: random.Random, hubs: range, beside: range, before: range) -> tuple[Group, ...]:
    taken: set[int] = set()
    groups = []
    for _ in range(rng.randint(2, 6)):
        form = rng.random()
        size = 1 if form < 0.7 else rng.randint(2, 3) if form < 0.95 else rng.randint(3, 7)
        members = _members(rng, hubs, beside, before, size, taken)
        if not members:
            continue
        holdover_s = rng.randint(60, 7200) if rng.random() < 0.25 else 0
        standby = 0.7 <= form < 0.95
        needed = rng.randint(1, max(1, len(members) - 1)) if form >= 0.95 else 1
        failover_s = rng.randint(10, 600) if standby and rng.random() < 0.7 else 0 if standby else -1
        groups.append(Group(members, needed, holdover_s, failover_s))
    return tuple(groups)


def _members(
    rng: random.Random, hubs: range, beside: range, before: range, size: int, taken: set[int]
) -> tuple[int, ...]:
    """Return members that this component does not need yet, fewer where a small first layer has no more."""
    members: list[int] = []
    while len(members) < min(size, len(before) - len(taken) + len(members)):
        # Among few, the search does not insist on one of them.
        where = rng.random()
        member = rng.choice(hubs if where < 0.3 else beside if where < 0.8 else before)
        if member not in taken:
            taken.add(member)
            members.append(member)
    return tuple(members)


def _component(node: Node) -> Words:
    words: Words = {"restart": f"{node.restart_s}s"} if node.restart_s else {}
    needs = [_need(group, "stay_up" if node.restart_s else "run") for group in node.groups]
    return words | ({"needs": needs} if needs else {})


def _need(group: Group, purpose: str) -> Words:
    names = [f"c{member}" for member in group.members]
    words: Words = {"to": purpose}
    if group.failover_s >= 0:
        words["any_of"] = names
        words |= {"failover": f"{group.failover_s}s"} if group.failover_s else {}
    elif len(names) == 1:
        words["component"] = names[0]
    else:
        words |= {"at_least": group.needed, "of": names}
    return words | ({"holdover": f"{group.holdover_s}s"} if group.holdover_s else {})


class Outage(NamedTuple):
    """What fails at the start, each repaired after a log-normal time of its own."""

    failed: tuple[int, ...]

    def scenario(self, system: Words) -> Words:
        """Return the scenario in the form of its file, with the system in it."""
        repair = {"median": f"{MEDIAN_H}h", "p90": f"{P90_H}h"}
        events = [{"fail": f"c{number}", "repair": repair} for number in self.failed]
        return {"impactsim": 1, "name": f"Outage of {len(self.failed)}", "system": system, "events": events}

    def reached(self, graph: Graph) -> list[int]:
        """Return the components that it could affect, whatever the times."""
        needed_by = graph.needed_by()
        reached = set(self.failed)
        pending = list(self.failed)
        while pending:
            new = set(needed_by[pending.pop()]) - reached
            reached |= new
            pending += new
        return sorted(reached)

    def draw_repairs_ms(self, rng: random.Random) -> list[int]:
        """Return how long the repair of each failed component takes in one trial, for peers that draw themselves."""
        return [round(MEDIAN_H * 3_600_000 * exp(rng.gauss(0, SIGMA))) for _ in self.failed]


def outage(graph: Graph, seed: int = 2) -> Outage:
    """Return an outage of 4 to 8 components of the lower third."""
    rng = random.Random(f"outage {graph.name} {seed}")
    return Outage(tuple(sorted(rng.sample(range(len(graph.nodes) // 3), rng.randint(4, 8)))))


def small_outage(graph: Graph, seed: int = 2) -> Outage:
    """Return an outage of 4 components of the upper quarter, which few need."""
    rng = random.Random(f"small outage {graph.name} {seed}")
    return Outage(tuple(sorted(rng.sample(range(len(graph.nodes) * 3 // 4, len(graph.nodes)), 4))))


def two_out_of_four(up_h: float, repair_h: float) -> Words:
    """Return a system of four parts, of which two are needed, in the form of its file."""
    names = [f"part-{n}" for n in range(4)]
    part = {"fails": {"per_year": 8760 / up_h}, "time_to_restore": {"mean": f"{repair_h:g}h"}}
    whole = {"needs": [{"at_least": 2, "of": names, "to": "run"}]}
    return {"impactsim": 1, "name": "2 out of 4", "components": {**dict.fromkeys(names, part), "whole": whole}}


def call_graph(services: int = 70_000, seed: int = 1) -> Words:
    """Return a system with the shape of a production call graph.

    Of the services 12.3 % are entries, which nobody calls, and 35.7 % leaves, which call nobody (8,600 and 25,000 of
    70,000, as in the Alibaba traces of 2022: arXiv 2504.13141, table 1). Nearly a tree, at most ten calls deep: each
    service has one caller, and callers differ widely in how many they call; besides, every second caller calls one of the
    twentieth of the services that many share, whose popularity follows Zipf's law. A fifth of the calls is soft, a tenth has a cache, a
    twentieth has a second service to fall back on. Entries have users; every service is repaired and starts again.
    """
    rng = random.Random(f"call graph {services} {seed}")
    entries, leaves = round(services * 0.123), round(services * 0.357)
    calls = _calls(rng, services, entries, leaves)
    components: dict[str, Words] = {}
    for number, called in enumerate(calls):
        words: Words = {"time_to_restore": {"median": "40m", "p90": "4h"}}
        if rng.random() < 0.3:
            words["restart"] = f"{rng.randint(10, 300)}s"
        if called:
            words["needs"] = [_call(rng, callee, services - leaves, services) for callee in called]
        components[f"c{number}"] = words
    users = {f"u{n}": {"count": round(20 * rng.paretovariate(1.2)), "uses": [f"c{n}"]} for n in range(entries)}
    return {"impactsim": 1, "name": f"Call graph {services}", "components": components, "users": users}


DEPTH = 8
"""How many layers lie between entries and leaves."""


def _calls(rng: random.Random, services: int, entries: int, leaves: int) -> list[list[int]]:
    """Return whom each service calls: entries first, then services between, from the surface down, then leaves."""
    calls: list[list[int]] = [[] for _ in range(services)]
    inner = services - leaves
    # Each layer between has three quarters of the one above.
    weights = list(accumulate(0.75**layer for layer in range(DEPTH)))
    ends = [entries, *(entries + round((inner - entries) * weight / weights[-1]) for weight in weights), services]
    width = [rng.paretovariate(1.1) for _ in range(inner)]
    starts = [0, *ends[:-1]]
    for layer in range(1, len(ends)):
        # Leaves hang anywhere, the others below the layer above them.
        above = range(starts[layer - 1] if layer <= DEPTH else 0, starts[layer])
        idle = [caller for caller in above if not calls[caller]]
        called = list(range(starts[layer], ends[layer]))
        rng.shuffle(called)
        # In the end each of them calls somebody: the idle first.
        idle = idle if layer > DEPTH else rng.sample(idle, min(len(idle), len(called) // 2))
        callers = idle + rng.choices(above, [width[caller] for caller in above], k=len(called) - len(idle))
        for caller, callee in zip(callers, called, strict=True):
            calls[caller].append(callee)
    shared = [rng.randrange(entries, services) for _ in range(services // 20)]
    popularity = list(accumulate(1 / (rank + 1) for rank in range(len(shared))))
    for caller in rng.sample(range(inner), inner // 2):
        callee = rng.choices(shared, cum_weights=popularity)[0]
        # Downwards only: a call graph without circles.
        if callee >= next(end for end in ends if caller < end) and callee not in calls[caller]:
            calls[caller].append(callee)
    return calls


def _call(rng: random.Random, callee: int, first_leaf: int, services: int) -> Words:
    form, cached = rng.random(), rng.random() < 0.1
    words: Words = {"holdover": f"{rng.randint(30, 1800)}s"} if cached else {}
    if form < 0.05:
        other = rng.randrange(first_leaf, services)
        if other != callee:
            return words | {"any_of": [f"c{callee}", f"c{other}"], "failover": f"{rng.randint(5, 120)}s"}
    if form < 0.25:
        words["impact"] = "20%"
    return words | {"component": f"c{callee}"}
