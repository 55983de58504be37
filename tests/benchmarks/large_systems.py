"""Large systems for the benchmarks, as plain data in the form of the files: a layered graph that cascades, and a fat tree.

Components are called by their numbers (``c17``), members before those that need them, so that a peer can take the same
graph as integers.
"""

from __future__ import annotations

import random
from typing import Any

Words = dict[str, Any]


def layered(components: int, seed: int = 1, *, timed: bool = True) -> Words:
    """Return a random system in 8 to 24 layers.

    About 3.5 needs for each component: 70 % of one component, 25 % of a primary with one or two standbys, 5 % of k of 3 to 7. 30 %
    of the members are hubs (one component in a hundred). Most failures of a member of a single need go on, so that one
    failure can take down much of the system: the hard case for whatever hopes to touch little. `timed` systems have
    failovers, so that much goes down and comes back some minutes later.
    """
    rng = random.Random(f"layered {components} {seed}")
    layers = rng.randint(8, 24)
    first = [round(components * i / layers) for i in range(layers + 1)]
    words: dict[str, Words] = {}
    for layer in range(layers):
        hubs = range(0, first[layer], 100)
        for number in range(first[layer], first[layer + 1]):
            words[f"c{number}"] = {"restart": "5m"} if timed and rng.random() < 0.25 else {}
            if layer > 0:
                words[f"c{number}"]["needs"] = _needs(rng, hubs, first[layer], "2m" if timed else None)
    return _system(f"Layered {components}{' with failovers' if timed else ''}", words)


def _needs(rng: random.Random, hubs: range, before: int, failover: str | None) -> list[Any]:
    taken: set[str] = set()
    needs: list[Any] = []
    for _ in range(rng.randint(2, 5)):
        form = rng.random()
        if form < 0.7:
            needs += _members(rng, hubs, before, 1, taken)
        elif form < 0.95:
            group: Words = {"any_of": _members(rng, hubs, before, rng.randint(2, 3), taken)}
            needs.append(group if failover is None else {**group, "failover": failover})
        else:
            of = _members(rng, hubs, before, rng.randint(3, 7), taken)
            needs.append({"at_least": rng.randint(1, len(of) - 1), "of": of})
    return needs


def _members(rng: random.Random, hubs: range, before: int, number: int, taken: set[str]) -> list[str]:
    """Return members that this component does not need yet."""
    members: list[str] = []
    while len(members) < number:
        # Among few hubs, the search does not insist on one.
        member = f"c{rng.choice(hubs) if rng.random() < 0.3 else rng.randrange(before)}"
        if member not in taken:
            taken.add(member)
            members.append(member)
    return members


def fat_tree(ports: int, seed: int = 1) -> Words:
    """Return a data centre: a fat tree of switches with `ports` ports, two power feeds for each rack, replicated services.

    Each host needs its edge switch and one of two feeds, each switch one of those above it, each service two of its
    three instances, which stand on any hosts. Most failures are absorbed: the usual case.
    """
    rng = random.Random(f"fat tree {ports} {seed}")
    words: dict[str, Words] = {}

    def add(**component: Any) -> str:
        name = f"c{len(words)}"
        words[name] = component
        return name

    half = ports // 2
    grids = [add(kind="power") for _ in range(2)]
    cores = [[add(kind="connectivity") for _ in range(half)] for _ in range(half)]
    hosts = []
    for _pod in range(ports):
        feeds = [add(kind="power", needs=[grid]) for grid in grids]
        above = [add(kind="connectivity", needs=[{"at_least": 1, "of": group}]) for group in cores]
        for _rack in range(half):
            strips = [add(kind="power", needs=[feed]) for feed in feeds]
            edge = add(kind="connectivity", needs=[{"at_least": 1, "of": above}, {"any_of": strips}])
            hosts += [add(kind="host", needs=[edge, {"any_of": strips}], restart="5m") for _ in range(half)]
    instances = [add(needs=[host], restart="1m") for host in hosts]
    rng.shuffle(instances)
    for start in range(0, len(instances) - 2, 3):
        add(needs=[{"at_least": 2, "of": instances[start : start + 3]}])
    return _system(f"Fat tree {ports}", words)


def _system(name: str, components: dict[str, Words]) -> Words:
    return {"impactsim": 1, "name": name, "components": components}
