"""What a component leans on, by the words of the system: alone, or as one of several.

Counts needs to run, to start and to stay up (S3.7), the site under ``at`` included. Of needs with holdover it knows how long they
hide a loss: the path that is told is the one by which a loss is felt first. That is Dijkstra's algorithm (1959, Numerische
Mathematik 1, 269-271) with the medians of holdovers as lengths, then the number of needs, then the order of the file.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
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
            ms = 0 if need.holdover is None else round(need.holdover.median())
            for member in members:
                yield _Step(member, ms)


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
