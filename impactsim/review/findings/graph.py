"""What the graph of needs says: DR05 (single points), DR06 (what a primary and its backup share), DR07 (circles in the restart).

The audit finds these; here they become findings about the services of the plan. Added is what only the plan knows: which people
restore both of a pair, and which steps wait for one another for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.redundancies import Redundancy, merged, phrase, redundancies
from impactsim.review.facts import STEP_PREFIX, PlanFinding, Rehearsal
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.points import milder
from impactsim.review.findings.sharper import sharper
from impactsim.review.findings.told import listed, places, plain_ids

_CODES = {
    "single-point": "DR05",
    "shared": "DR06",
    "suspicious": "DR06",
    "copy-on-paper": "DR06",
    "channel-down": "DR08",
    "channel-late": "DR08",
    "restart": "DR07",
}
_OF_CHANNELS = frozenset({"channel-down", "channel-late"})


def findings(ground: Ground) -> list[PlanFinding]:
    """Return what the audit of the system means for the services of the plan, and the circles in the rehearsals."""
    estate = Estate(ground.system)
    backed = merged(redundancies(estate))
    mapped = [each for finding in ground.audit.findings if (each := _of_audit(ground, finding, backed)) is not None]
    found = sharper(estate, [milder(ground, each) for each in mapped])
    found += _same_people(ground, backed)
    for place, rehearsal in zip(places(ground.rehearsals), ground.rehearsals, strict=True):
        found += _deadlocks(ground, place, rehearsal)
    return found


# From the audit.


def _of_audit(ground: Ground, finding: Finding, backed: list[tuple[Redundancy, tuple[int, ...]]]) -> PlanFinding | None:
    services = tuple(each for each in finding.services if each in ground.plan.services)
    # The order of a restart without a circle is a note, and no finding.
    if finding.severity is Severity.NOTE or (finding.services and not services):
        return None
    if finding.kind == "concentration":
        return _of_concentration(ground, finding, services, backed)
    if finding.kind not in _CODES:
        return None
    if finding.kind in _OF_CHANNELS and not _is_used(ground, finding.id.partition("/")[2]):
        return _mapped(finding, "DR06", services)
    return _mapped(finding, _CODES[finding.kind], services)


def _is_used(ground: Ground, channel: str) -> bool:
    """Tell whether somebody is reached over a channel, or something done with it, by the plan: then that is DR08."""
    plan = ground.plan
    used = [plan.declaration.tools, *(step.tools for step in plan.steps.values())]
    used += [contact.by for contact in plan.contacts.values()]
    return any(channel in names for names in used)


def _mapped(finding: Finding, code: str, services: tuple[str, ...]) -> PlanFinding:
    # Most say by their kind what the code says already; of DR06 only what is shared does.
    said = finding.kind in {"single-point", "shared", "restart"} or code == "DR08"
    place = finding.id.removeprefix(f"{finding.kind}/") if said else finding.id
    figures = [*finding.figures, ("users", finding.users)]
    if finding.lost_user_minutes is not None:
        figures.append(("lost_user_minutes_a_year", finding.lost_user_minutes))
    return PlanFinding(
        id=f"{code}/{place}",
        code=code,
        severity=finding.severity,
        text=finding.text,
        services=services,
        evidence=finding.evidence,
        remedy=finding.remedy,
        components=finding.events,
        figures=tuple(figures),
    )


def _of_concentration(
    ground: Ground, finding: Finding, services: tuple[str, ...], backed: list[tuple[Redundancy, tuple[int, ...]]]
) -> PlanFinding | None:
    """Return a finding where what rests on one hand is a primary with its backup; None where it is merely much."""
    names = list(ground.system.components)
    held = set(finding.events)
    both = [
        redundancy
        for redundancy, _ in backed
        if sum(names[member] in held for member in redundancy.members) >= redundancy.to_lose
    ]
    if not both:
        return None
    told = tuple(
        f"of {phrase(each)} it has {listed([names[member] for member in each.members if names[member] in held])}"
        for each in both
    )
    return replace(_mapped(finding, "DR06", services), evidence=(*told, *finding.evidence))


# One team behind both.


def _same_people(ground: Ground, backed: list[tuple[Redundancy, tuple[int, ...]]]) -> Iterator[PlanFinding]:
    """Yield a finding for each redundancy of which one crew, or one role, repairs so much that the rest is too few.

    That a role has one person only is a finding already, DR09, and what hangs on the role is evidence of it.
    """
    names = list(ground.system.components)
    leaning = {service: {service, *ground.at_all[service]} for service in ground.plan.services}
    for redundancy, owners in backed:
        owned = {names[owner] for owner in owners if owner < len(names)}
        services = tuple(service for service, needed in leaning.items() if not owned.isdisjoint(needed))
        members = [names[member] for member in redundancy.members]
        for team, theirs in _teams(ground, members) if services else ():
            if len(theirs) >= redundancy.to_lose:
                yield _of_team(redundancy, team, theirs, services)


def _teams(ground: Ground, members: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each crew and each role in words, with those of some components that only it restores."""
    plan, system = ground.plan, ground.system
    for crew, each in system.crews.items():
        if each.members == 1:
            yield f"crew {crew}", [name for name in members if system.components[name].crew == crew]
    for role, who in plan.roles.items():
        if len(who.people) == 1:
            theirs = {name for step in plan.steps.values() if role in step.by for name in step.restores}
            yield f"role {role}", [name for name in members if name in theirs]


def _of_team(redundancy: Redundancy, team: str, theirs: list[str], services: tuple[str, ...]) -> PlanFinding:
    kind, _, name = team.partition(" ")
    place = f"team/{redundancy.owner_id.replace(' ', '-')}/{'+'.join(theirs)}/{kind}-{name}"
    return PlanFinding(
        id=f"DR09/role/{name}" if kind == "role" else f"DR06/{place}",
        code="DR09" if kind == "role" else "DR06",
        severity=Severity.LOW,
        text=f"{team}, which is one person, restores {listed(theirs)}, all of {phrase(redundancy)}",
        services=services,
        evidence=(f"{team} has one member, and each of {listed(theirs)} waits for it when both are down",),
        remedy=f"let somebody else be able to restore one of {listed(theirs)}",
        components=tuple(theirs),
    )


# Circles in the rehearsals.


def _deadlocks(ground: Ground, place: str, rehearsal: Rehearsal) -> Iterator[PlanFinding]:
    for deadlock in rehearsal.run.deadlocks:
        circle = plain_ids(deadlock.circle)
        steps = plain_ids(each for each in deadlock.circle if each.startswith(STEP_PREFIX))
        held = _held_up(ground, rehearsal, circle)
        yield PlanFinding(
            id=f"DR07/{place}/{circle[0]}",
            code="DR07",
            severity=Severity.CRITICAL if held else Severity.HIGH,
            text=f"in '{rehearsal.name}' {listed(circle)} wait for one another for ever",
            services=held,
            evidence=tuple(_evidence_of_deadlock(rehearsal, circle, deadlock.break_with)),
            remedy=_remedy_of_deadlock(deadlock.break_with),
            components=tuple(each for each in deadlock.circle if not each.startswith(STEP_PREFIX)),
            steps=tuple(each for each in steps if each in ground.plan.steps),
        )


def _held_up(ground: Ground, rehearsal: Rehearsal, circle: Iterable[str]) -> tuple[str, ...]:
    """Return the services that never come back and need something of a circle, or what a step in it restores."""
    parts: set[str] = set()
    for each in circle:
        step = ground.plan.steps.get(each)
        parts |= {each} if step is None else {*step.restores, *(step.switches.of if step.switches else ())}
    return tuple(
        name
        for name, recovery in rehearsal.services.items()
        if recovery.back_ms is None and not parts.isdisjoint({name, *ground.at_all[name]})
    )


def _evidence_of_deadlock(
    rehearsal: Rehearsal, circle: tuple[str, ...], break_with: tuple[dict[str, tuple[str, ...]], ...]
) -> Iterator[str]:
    yield f"by the medians, at the end of '{rehearsal.name}': {' waits for '.join((*circle, circle[0]))}"
    if break_with:
        yield f"break-glass: {_way_out(break_with[0])}"


def _remedy_of_deadlock(break_with: tuple[dict[str, tuple[str, ...]], ...]) -> str:
    if not break_with:
        return "let one of them do without the other: no start by hand gets them apart"
    return (
        f"write down how people {_way_out(break_with[0])} without the others, keep what that takes offline, and try it"
    )


def _way_out(way: dict[str, tuple[str, ...]]) -> str:
    return " and ".join(f"{action} {listed(plain_ids(targets))}" for action, targets in sorted(way.items()) if targets)
