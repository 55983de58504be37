"""What a component leans on, by the words of the system: alone, or as one of several.

Counts needs to run, to start and to stay up (S3.7), the site under ``at`` included. Of needs with holdover it knows how long they
hide a loss: the path that is told is the one by which a loss is felt first. That is Dijkstra's algorithm (1959, Numerische
Mathematik 1, 269-271) with the medians of holdovers as lengths, then the number of needs, then the order of the file.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from impactsim.model.needs import purpose
from impactsim.model.system import AllOf, AnyOf, AtLeast, ComponentNeed, Need, Pool, System

Path = tuple[str, ...]
"""Ids from what leans to what it leans on; each needs the next."""


def needed_alone(system: System, component: str) -> dict[str, Path]:
    """Return what a component cannot do without, each with the path to it.

    Parameters
    ----------
    system
        The system.
    component
        Id of a component, such as a service or a tool.

    Returns
    -------
    dict
        By id, the nearest first, without the component itself. Paths lead through needs with an impact of 1 that nothing else
        meets: one component, `all_of`, a quorum of all, a group or pool of one.
    """
    return _reached(system, component, is_alone=True)


def needed_at_all(system: System, component: str) -> dict[str, Path]:
    """Return what a component leans on, alone or as one of several, each with the path to it.

    Parameters
    ----------
    system
        The system.
    component
        Id of a component, such as a service or a tool.

    Returns
    -------
    dict
        By id, the nearest first, without the component itself. Soft needs count, those with an impact of 0 do not.
    """
    return _reached(system, component, is_alone=False)


def bridged_ms(system: System, path: Sequence[str], *, is_alone: bool = True) -> int:
    """Return how long the holdovers on a path hide the loss of its end from its beginning, by their medians.

    Parameters
    ----------
    system
        The system.
    path
        As `needed_alone` or, with ``is_alone=False``, `needed_at_all` return it.
    is_alone
        Do only those needs count that nothing else meets?

    Returns
    -------
    int
        Milliseconds.
    """
    return sum(
        min(step.ms for step in _steps(system, one, is_alone) if step.to == other) for one, other in pairwise(path)
    )


def falls_after(system: System, lost: Collection[str]) -> dict[str, int]:
    """Return what falls when several components are down at once, and how long after them, by the medians of holdovers.

    Counts the same needs as `needed_alone`, of which an impact of 1 is asked; groups, quorums and pools fall when too few of their
    members are left, a pool when none is. The times are the least ones that fit one another (Knuth 1977, Information Processing
    Letters 6, 1-5: Dijkstra's algorithm for functions of several arguments).

    Parameters
    ----------
    system
        The system.
    lost
        Ids of what is down from the beginning.

    Returns
    -------
    dict
        Milliseconds by id, those of `lost` (0) included, the soonest first.
    """
    owners: dict[str, list[tuple[str, Need]]] = {}
    for name in system.components:
        for need in _hard_needs(system, name):
            for member in _members(need):
                owners.setdefault(member, []).append((name, need))
    found: dict[str, int] = {}
    waiting = [(0, name) for name in sorted(lost)]
    while waiting:
        ms, name = heapq.heappop(waiting)
        if name in found:
            continue
        found[name] = ms
        for owner, need in owners.get(name, ()):
            if owner not in found and _is_lost(need, found):
                heapq.heappush(waiting, (ms + _held_ms(need), owner))
    return found


def _hard_needs(system: System, component: str) -> Iterator[Need]:
    at = system.components[component].at
    if at is not None:
        yield ComponentNeed(component=at, to="stay_up")
    yield from (need for need in _needs(system, component) if need.impact == 1)


def _is_lost(need: Need, down: Container[str]) -> bool:
    """Tell whether so many members are down that the rest is too few."""
    members = _members(need)
    n_up = sum(member not in down for member in members)
    if isinstance(need, AtLeast):
        return n_up < need.at_least
    return n_up < len(members) if _takes_all(need, members) else n_up == 0


def _held_ms(need: Need) -> int:
    return 0 if need.holdover is None else round(need.holdover.median())


def is_one_of_several(system: System, component: str, member: str) -> bool:
    """Tell whether all that a component leans on needs something of it only where others can take its place.

    Parameters
    ----------
    system
        The system.
    component
        Id of what leans.
    member
        Id of what it leans on.
    """
    owners = (component, *needed_at_all(system, component))
    needs = (need for owner in owners for need in _needs(system, owner) if member in need.members())
    return not any(_takes_all(need, _members(need)) for need in needs)


def takes_no_single(system: System, component: str) -> bool:
    """Tell whether a component needs something, and every need of it stands the loss of one member."""
    needs = list(_needs(system, component))
    is_redundant = all(not _takes_all(need, _members(need)) for need in needs)
    return bool(needs) and system.components[component].at is None and is_redundant


def carriers_of(system: System, component: str) -> list[str]:
    """Return what a component needs, for whatever but its repair, each once, in the order of its needs."""
    return list(dict.fromkeys(member for need in _needs(system, component) for member in _members(need)))


def standbys(system: System, component: str) -> dict[str, tuple[str, Path]]:
    """Return the standbys that a component leans on, directly or not.

    Returns
    -------
    dict
        By the id of the standby: the component in one of whose groups it stands, and the path to that one.
    """
    return standbys_among(system, {component: (component,), **needed_at_all(system, component)})


def standbys_among(system: System, owners: Mapping[str, Path]) -> dict[str, tuple[str, Path]]:
    """Return the standbys in the groups of some components, by their ids, as `standbys` does.

    Parameters
    ----------
    system
        The system.
    owners
        The components whose groups are looked at, and the path to each.
    """
    found: dict[str, tuple[str, Path]] = {}
    for owner, path in owners.items():
        for need in _needs(system, owner):
            if isinstance(need, AnyOf):
                for member in need.members()[1:]:
                    if member != need.members()[0]:
                        found.setdefault(member, (owner, path))
    return found


def path_words(path: Sequence[str]) -> str:
    """Say a path.

    Examples
    --------
    >>> path_words(("shop", "orders-db", "san"))
    'shop needs orders-db needs san'
    """
    return " needs ".join(path)


class _Step(NamedTuple):
    to: str
    ms: int
    """How long its holdover lasts, by the median."""


def _reached(system: System, component: str, *, is_alone: bool) -> dict[str, Path]:
    found: dict[str, Path] = {}
    n_seen = 0  # breaks ties: who was seen first comes first
    waiting: list[tuple[int, int, int, Path]] = [(0, 0, 0, (component,))]
    while waiting:
        ms, _, _, path = heapq.heappop(waiting)
        if path[-1] in found:
            continue
        found[path[-1]] = path
        for step in _steps(system, path[-1], is_alone):
            if step.to not in found:
                n_seen += 1
                heapq.heappush(waiting, (ms + step.ms, len(path), n_seen, (*path, step.to)))
    del found[component]
    return found


def _steps(system: System, component: str, is_alone: bool) -> Iterator[_Step]:
    at = system.components[component].at
    if at is not None:
        yield _Step(at, 0)
    for need in _needs(system, component):
        members = _members(need)
        if not is_alone or (need.impact == 1 and _takes_all(need, members)):
            for member in members:
                yield _Step(member, _held_ms(need))


def _needs(system: System, component: str) -> Iterator[Need]:
    for need in system.components[component].needs:
        if need.impact > 0 and purpose(need, system.components) != "repair":
            yield need


def _members(need: Need) -> Collection[str]:
    """Return the members that carry anything, each once."""
    if isinstance(need, Pool):
        return [member for member, capacity in need.pool.items() if capacity > 0]
    return tuple(dict.fromkeys(need.members()))


def _takes_all(need: Need, members: Collection[str]) -> bool:
    """Tell whether a need is not met as soon as one of its members is down."""
    if isinstance(need, AtLeast):
        return need.at_least >= len(members)
    return isinstance(need, ComponentNeed | AllOf) or len(members) == 1
