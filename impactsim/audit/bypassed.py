"""Redundancies that are bypassed: they would stand a failure, but what relies on them goes down by another way.

A cluster has machines in three sites and survives the loss of any. What uses it also needs a message bus in one of these sites: so it
rests on that site, and the cluster gains it nothing. No member is shared; the way around the redundancy is. What stands
itself in the place that fails is left out: that it goes down with it is no news.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.findings import Finding, severity_of_loss
from impactsim.audit.leaning import Damages, Leaning
from impactsim.audit.redundancies import Redundancy, listed, merged, phrase, place, redundancies
from impactsim.audit.shared_words import path_words
from impactsim.compiled import RUN
from impactsim.exact.propagation import Criterion, counts, members_to_lose

_N_PATHS = 3  # users of a redundancy whose path is told


class _Bypass(NamedTuple):
    redundancy: Redundancy
    event: int
    users: tuple[tuple[int, int], ...]
    """Components that rely on the redundancy and go down by another way, each with the first component on it."""
    left: tuple[int, ...]
    """The members that the event leaves."""


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each redundancy and single event that it would stand, and what relies on it does not."""
    groups = [
        each for each, _ in merged(redundancies(estate)) if each.is_to_serve and each.owner < len(estate.names.index)
    ]
    used = {user: _used(estate, user) for each in groups for user in (each.owner, *_relying(estate, each.owner))}
    components = [member for each in groups for member in (each.owner, *each.members)]
    leaning = Leaning(estate, [*components, *(component for each in used.values() for component in each)])
    damages, asked = Damages(estate), set(services)
    found: dict[str, Finding] = {}
    for redundancy in groups:
        for bypass in _bypasses(estate, leaning, redundancy, used):
            if not asked.isdisjoint(damages.of((bypass.event,)).services):
                finding = _finding(estate, damages, bypass)
                found.setdefault(finding.id, finding)
    return list(found.values())


def _relying(estate: Estate, owner: int) -> list[int]:
    """Return what cannot run without a component."""
    compiled = estate.compiled
    found: dict[int, None] = {}
    for use in range(compiled.use_from[owner], compiled.use_from[owner + 1]):
        need = compiled.slot_need[compiled.use_slot[use]]
        user = compiled.need_component[need]
        if user < len(estate.names.index) and user != owner and _is_alone(estate, need):
            found[user] = None
    return list(found)


def _used(estate: Estate, user: int) -> list[int]:
    """Return what a component cannot serve without, where it does not itself stand on it."""
    compiled = estate.compiled
    found: dict[int, None] = {}
    for need in range(compiled.need_from[user], compiled.need_from[user + 1]):
        if compiled.need_purpose[need] == RUN and _is_alone(estate, need):
            found.update(
                dict.fromkeys(compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]])
            )
    return list(found)


def _is_alone(estate: Estate, need: int) -> bool:
    """Is the need one that counts, and unmet once any of its members is down?"""
    compiled = estate.compiled
    return counts(compiled, need, Criterion.DOWN) and members_to_lose(compiled, need, Criterion.DOWN) == 1


def _bypasses(
    estate: Estate, leaning: Leaning, redundancy: Redundancy, used: dict[int, list[int]]
) -> Iterator[_Bypass]:
    """Yield the events that take down a member and what relies on the redundancy, but not the redundancy.

    Of several events on one way around, the one that is nearest to what relies on it.
    """
    owner = redundancy.owner
    points = {member: set(leaning.on(member)) for member in redundancy.members}
    stood = set[int]().union(*points.values()).difference(leaning.shared(redundancy))
    around = stood.difference(leaning.on(owner))
    relying = _relying(estate, owner) if around else []
    users: dict[int, list[tuple[int, int]]] = {}
    for user, events in ((owner, stood), *((each, around) for each in relying)):
        ways = [
            (event, other) for other in used[user] if other != owner for event in leaning.on(other) if event in events
        ]
        if ways:
            nearest, other = max(ways, key=lambda way: (_nearness(estate, way[0]), -way[0], -way[1]))
            users.setdefault(nearest, []).append((user, other))
    for event in sorted(users):
        left = tuple(member for member in redundancy.members if event not in points[member])
        yield _Bypass(redundancy, event, tuple(users[event]), left)


def _nearness(estate: Estate, event: int) -> int:
    """Return the larger the nearer an event is to the users; common causes last."""
    return -1 if estate.is_cause(event) else estate.compiled.rank[event]


def _finding(estate: Estate, damages: Damages, bypass: _Bypass) -> Finding:
    redundancy, event, users, _ = bypass
    damage = damages.of((event,))
    name, who = estate.id_of(event), listed([estate.id_of(user) for user, _ in users])
    chance = estate.chances[event]
    return Finding(
        id=f"bypassed/{place(estate, redundancy)}/{name}",
        kind="bypassed",
        severity=severity_of_loss(damage.share),
        text=f"{name} takes down {who}, although {phrase(redundancy)} would survive it",
        services=damages.ids_of(damage.services),
        events=(name,),
        users=damage.users,
        lost_user_minutes=damage.users * chance.probability * MINUTES_A_YEAR if chance.is_known else None,
        evidence=tuple(_evidence(estate, bypass)),
        remedy=f"let {who} run while {name} is down, or spread what it needs there as widely as {phrase(redundancy)}",
    )


def _evidence(estate: Estate, bypass: _Bypass) -> Iterator[str]:
    """Say which member is spared or hit, and by which way the redundancy is passed."""
    redundancy, event, users, left = bypass
    n = len(redundancy.members)
    names = listed([estate.id_of(member) for member in left])
    yield f"with {estate.id_of(event)} down {len(left)} of its {n} members {'is' if len(left) == 1 else 'are'} left: {names}"
    for user, other in users[:_N_PATHS]:
        yield f"{estate.id_of(user)} needs {path_words(estate, other, event) or estate.id_of(other)}"
    if len(users) > _N_PATHS:
        yield f"{len(users) - _N_PATHS:,} more go down in the same way"
