"""All that is missing in a system, put together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from impactsim.gaps import doubtful, operators, people, times
from impactsim.gaps.facts import Gap, GapsFacts, Part
from impactsim.gaps.followed import Followed, answers, follow
from impactsim.gaps.joined import joined
from impactsim.gaps.losses import Losses
from impactsim.gaps.needs import asked_needs, part_of
from impactsim.gaps.words import KINDS
from impactsim.model.system import System
from impactsim.quantities import about_count

_N_EXPLAINED = 100
"""Gaps whose evidence has a way from a service to what is missing."""


def gaps_of(system: System, kinds: Collection[str] = ()) -> GapsFacts:
    """Say what is missing in a system, and how much it matters.

    Parameters
    ----------
    system
        A system that the rules found right.
    kinds
        Which kinds of gaps; all if empty.
    """
    wanted = tuple(kind for kind in KINDS if not kinds or kind in kinds)
    losses = Losses(system)
    asked = [each for each in asked_needs(losses) if each.kind in wanted]
    questions = [each.question for each in asked]
    followed = follow(losses, questions, people.candidates(losses))
    parts = [
        part
        for part in (
            *times.parts(losses, followed),
            *people.parts(losses, followed),
            *operators.parts(losses, followed),
            *doubtful.parts(losses, followed),
        )
        if part.kind in wanted
    ]
    told = answers(followed, questions)
    parts += [part_of(losses, each, answer) for each, answer in zip(asked, told, strict=True) if answer is not None]
    missing = [part for part in parts if part.value > 0.0]
    found = joined(missing)
    explained = [_with_way(losses, gap) for gap in found[:_N_EXPLAINED]]
    return GapsFacts(
        system=system.name,
        people=losses.estate.people,
        unit=losses.unit,
        gaps=tuple(explained + found[_N_EXPLAINED:]),
        kinds=wanted,
        n_idle=len(parts) - len(missing) + sum(answer is None for answer in told),
        notes=tuple(_notes(losses, followed, missing)),
    )


def _with_way(losses: Losses, gap: Gap) -> Gap:
    """Return a gap with a shortest way from a service to what is missing, if there is one."""
    estate, first = losses.estate, gap.parts[0]
    event = estate.event_of(first.component)
    down = estate.down(event)
    services = [each for each in estate.services_down(down) if each != event]
    if not services:
        return gap
    service = max(services, key=lambda each: (estate.users_of.get(each, 0.0), -each))
    way = " needs ".join(estate.path(service, event))
    return replace(gap, evidence=(*gap.evidence, way)) if way else gap


def _notes(losses: Losses, followed: Followed, parts: Sequence[Part]) -> Iterator[str]:
    if parts:
        yield (
            "Where nobody says it, one failure a year is assumed, and 4 h until it is restored; what fails is one thing at a time, "
            "and batteries, queues and the time of a failover bridge nothing"
        )
    if losses.unit == "service-minutes":
        yield "Nobody is said to use anything: values are minutes of services, each counted as one user"
    elif losses.unit == "component-minutes":
        yield "There is no service and nobody is said to use anything: values are minutes of components, each counted as one user"
    if followed.n_left:
        yield (
            f"{about_count(followed.n_left)} of {about_count(followed.n_left + len(followed.users))} single failures were not "
            "looked at, because each takes down very much: what they would add is missing here"
        )
    if not losses.has_soft:
        yield "Soft needs (impact below 100%) are left out: here they reach too far to look at"
    n_bounds = sum(part.is_bound for part in parts)
    if n_bounds:
        yield f"{about_count(n_bounds)} questions were too much to work out: their value is at most what is told"
