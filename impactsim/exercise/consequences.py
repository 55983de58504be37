"""What surprises change for the rest of a pack: steps that come to nothing without their copy, and who does what in place of somebody.

A run restores from what it finds, and has nobody who cannot be reached; so a step may be done in it that a surprise has just undone.
Here the steps become those of a table at which the surprise has been told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from impactsim.exercise.facts import CourseStep, Surprise
from impactsim.exercise.ground import Ground


def with_surprises(ground: Ground, surprises: Sequence[Surprise]) -> Ground:
    """Return a run in which what the surprises change holds for the steps.

    Parameters
    ----------
    ground
        The run.
    surprises
        What is told of it.
    """
    barren = _barren(ground)
    altered = {
        each.id: replace(each, ends_ms=None, fails=barren[each.id]) for each in ground.steps if each.id in barren
    }
    for surprise in surprises:
        if surprise.person:
            altered |= _without(ground, surprise, altered)
    return replace(ground, altered=altered)


# Steps that come to nothing.


def _barren(ground: Ground) -> dict[str, str]:
    """Return the steps that come to nothing for want of a copy, each with why; those that only go on with what they bring, too."""
    lost = {each for each, here in ground.run.data.items() if here.lost_for_good}
    found: dict[str, str] = {}
    if not lost:
        return found
    while new := {
        step.id: f"no copy of {ground.names(_restored(ground, step))} can be used"
        if ground.plan.steps[step.id].restores
        else f"nothing came of {_quoted(ground, step, found)}"
        for step in ground.steps
        if step.id not in found and _comes_to_nothing(ground, step, lost, found)
    }:
        found |= new
    return found


def _comes_to_nothing(ground: Ground, step: CourseStep, lost: set[str], barren: Mapping[str, str]) -> bool:
    """Tell whether a step restores nothing but what is lost, or does nothing but go on with steps that come to nothing."""
    said = ground.plan.steps[step.id]
    if said.switches is not None:
        return False
    if said.restores:
        return lost.issuperset(said.restores)
    called = {each.id for each in ground.steps}
    before = called.intersection(said.after)
    return bool(before) and before.issubset(barren)


def _restored(ground: Ground, step: CourseStep) -> tuple[str, ...]:
    return ground.plan.steps[step.id].restores


def _quoted(ground: Ground, step: CourseStep, barren: Mapping[str, str]) -> str:
    names = [each.name for each in ground.steps if each.id in ground.plan.steps[step.id].after and each.id in barren]
    return " and ".join(f"'{each}'" for each in names)


# Somebody who cannot be reached.


def _without(ground: Ground, surprise: Surprise, altered: Mapping[str, CourseStep]) -> dict[str, CourseStep]:
    """Return the steps from the one of a surprise on that somebody was to do, with those whom the plan has in their place."""
    steps = [altered.get(each.id, each) for each in ground.steps]
    begins = next((each.begins_ms for each in steps if each.id == surprise.step), None)
    found: dict[str, CourseStep] = {}
    for step in steps:
        theirs = any(person == surprise.person for _, person in step.people)
        if theirs and begins is not None and step.begins_ms is not None and step.begins_ms >= begins:
            now = [found.get(each.id, each) for each in steps]
            people = tuple(_in_place(ground, step, surprise.person, now))
            found[step.id] = replace(step, people=people, missing=(*step.missing, surprise.person))
    return found


def _in_place(ground: Ground, step: CourseStep, missing: str, steps: Sequence[CourseStep]) -> Iterator[tuple[str, str]]:
    """Yield who does a step without somebody: others of their role, if the plan has any who is on nothing else then."""
    for role, person in step.people:
        if person != missing:
            yield role, person
            continue
        known = ground.plan.roles[role].people
        free = [each for each in known if each != missing and not _is_busy(each, step, steps)]
        yield from ((role, each) for each in free[:1])


def _is_busy(person: str, step: CourseStep, steps: Sequence[CourseStep]) -> bool:
    """Tell whether somebody has another step to do while this one is done, or this one in another role."""
    return any(person in {each for _, each in other.people} and _overlap(step, other) for other in steps)


def _overlap(step: CourseStep, other: CourseStep) -> bool:
    if step.id == other.id:
        return True
    if step.begins_ms is None or other.begins_ms is None:
        return False
    begins_first = other.ends_ms is None or other.ends_ms > step.begins_ms
    return begins_first and (step.ends_ms is None or step.ends_ms > other.begins_ms)
