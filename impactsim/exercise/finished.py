"""What people say when a step is done: what came of it, and on what condition where somebody stands in."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.exercise.channels import of_team
from impactsim.exercise.facts import CourseStep, Message
from impactsim.exercise.ground import Ground
from impactsim.quantities import about_duration
from impactsim.reports.words import clean, joined


def finished(ground: Ground) -> Iterator[Message]:
    """Yield the word of each step that is done, by those who did it; of one that comes to nothing there is none."""
    for step in ground.steps:
        if step.ends_ms is not None:
            how, through = of_team(ground, step.ends_ms)
            who = joined([clean(person) for _, person in step.people]) or _stand_in(step)
            text = f"'{step.name}' is done.{_not_found(ground, step)}{_newest(ground, step)}"
            behind = "; ".join(filter(None, (_effect(ground, step.id), _if_somebody(step))))
            restored = ground.plan.steps[step.id].restores
            yield Message(step.ends_ms, "done", who, how, text, behind, through, restored, step.id)


def _stand_in(step: CourseStep) -> str:
    missing = joined([clean(each) for each in step.missing])
    return f"whoever stands in for {missing}" if missing else "those who work on it"


def _if_somebody(step: CourseStep) -> str:
    """Say under what condition a step is done that somebody was to do who is missing."""
    if not step.missing:
        return ""
    missing = joined([clean(each) for each in step.missing])
    if step.people:
        return f"in place of {missing}, as the plan has it; later if participants were late to find out"
    return f"only if participants have found somebody in place of {missing}, else leave it out, and what waits for it"


def _not_found(ground: Ground, step: CourseStep) -> str:
    """Say of which data that a step was to restore there is no copy."""
    lost = [
        each
        for each in ground.plan.steps[step.id].restores
        if each in ground.run.data and ground.run.data[each].lost_for_good
    ]
    return f" What is missing is {ground.names(lost)}: no copy of it can be used." if lost else ""


def _newest(ground: Ground, step: CourseStep) -> str:
    """Say what is missing in the data that a step has restored, where it is the first that restores them."""
    found = []
    for data in ground.plan.steps[step.id].restores:
        here = ground.run.data.get(data)
        others = [each.ends_ms for each in ground.steps if data in ground.plan.steps[each.id].restores and each.ends_ms]
        if here is not None and here.loss_ms and step.ends_ms == min(others):
            found.append(
                f" The newest entry in {ground.name(data)} is {about_duration(here.loss_ms)} older than the outage."
            )
    return "".join(found)


def _effect(ground: Ground, step: str) -> str:
    said = ground.plan.steps[step]
    parts = [f"it restores {ground.names(said.restores)}"] if said.restores else []
    parts += [] if said.switches is None else [f"it makes {ground.name(said.switches.to)} stand in"]
    return "; ".join(parts)
