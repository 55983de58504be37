"""Circles of components that wait for one another to start.

Theory of operation. Components are joined by their hard needs to run, to stay up and to start; a circle with at least one
need to stay up or to start can fail to come back once all of it is down (S5.3). In each strongly connected component of that
graph that holds such a need, the shortest circle through its first one is named.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

from impactsim.graphs import strongly_connected
from impactsim.model.needs import purpose
from impactsim.model.rules_lookup import Lookup, warning
from impactsim.problems import Path, Problem

_NAMED = 8  # more names than that nobody reads

Graph = list[list[int]]


def circles_to_start(lookup: Lookup) -> list[Problem]:
    """Find circles through needs to stay up or to start."""
    ids = list(lookup.components)
    number = {name: node for node, name in enumerate(ids)}
    graph = _graph(lookup, number)
    part = _parts(graph)
    sizes = Counter(part)
    found: dict[int, Problem] = {}
    for needing, name in enumerate(ids):
        circle = part[needing]
        if sizes[circle] == 1 or circle in found:
            continue
        for path, member in _needed_to_start(lookup, name):
            needed = number.get(member, needing)
            if needed != needing and part[needed] == circle:
                names = [ids[node] for node in (needing, *_way(graph, part, needed, needing))]
                fault = f"these wait for one another to start: {_written(names)}"
                remedy = "should all of them stop, none starts again by itself, unless another member of a group is up"
                found[circle] = warning("circle-to-start", path, fault, remedy)
                break
    return list(found.values())


def _graph(lookup: Lookup, number: dict[str, int]) -> Graph:
    """Return who needs whom, to run, to stay up or to start."""
    graph: Graph = []
    for component in lookup.components.values():
        needed = [] if component.at is None else [component.at]
        for need in component.needs:
            if need.impact == 1 and need.to != "repair":
                needed.extend(need.members())
        graph.append([number[member] for member in needed if member in number])
    return graph


def _needed_to_start(lookup: Lookup, owner: str) -> Iterator[tuple[Path, str]]:
    component = lookup.components[owner]
    if component.at is not None:
        yield ("components", owner, "at"), component.at
    for place, need in enumerate(component.needs):
        if need.impact == 1 and purpose(need, lookup.components) in {"start", "stay_up"}:
            for member in need.members():
                yield ("components", owner, "needs", place), member


def _parts(graph: Graph) -> list[int]:
    """Return for each node the number of its strongly connected component."""
    part = [0] * len(graph)
    for number, group in enumerate(strongly_connected(graph)):
        for node in group:
            part[node] = number
    return part


def _way(graph: Graph, part: list[int], start: int, end: int) -> list[int]:
    """Return a shortest way from `start` to `end` inside their strongly connected component."""
    came_from = {start: start}
    waiting = deque([start])
    while end not in came_from:
        node = waiting.popleft()
        for other in graph[node]:
            if part[other] == part[start] and other not in came_from:
                came_from[other] = node
                waiting.append(other)
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def _written(names: list[str]) -> str:
    if len(names) > _NAMED:
        names = [*names[: _NAMED - 2], f"... ({len(names) - _NAMED + 1} more)", names[-1]]
    return " -> ".join(names)


RULES = (circles_to_start,)
