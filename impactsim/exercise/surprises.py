"""What goes wrong beyond the outage itself: the tool that is down when its step needs it, the backup that fails too.

What a run has is taken from it. A trial has more than the medians where a standby does not start, a copy does not work, or something is
slower. If a run has nothing of the kind, somebody whom a step takes cannot be reached: best on the critical path, and without an
alternate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from impactsim.exercise.facts import CourseStep, Surprise
from impactsim.exercise.ground import DECLARATION, Ground
from impactsim.exercise.times import time_of
from impactsim.quantities import about_duration
from impactsim.reports.words import clean, joined
from impactsim.review.facts import STEP_PREFIX

_MOST = 4
_ALMOST_ALL = 0.9999
_TRIED_MS = 10 * 60_000
"""How long somebody is tried to be reached before it is said that they cannot."""


def surprises(ground: Ground) -> tuple[Surprise, ...]:
    """Return what surprises in a run, in order of time; one that is made by hand if the run has none.

    Parameters
    ----------
    ground
        The run; what its trial lacks beside the medians (``ground.rehearsal.run``) is a surprise too.
    """
    found = found_in(ground)
    if not found:
        found = list(_absent(ground))[:1]
    return tuple(found[:_MOST])


def found_in(ground: Ground) -> list[Surprise]:
    """Return what surprises in a run, in order of time, and nothing that is made."""
    found = [*_held_up(ground), *_no_standby(ground), *_no_copy(ground), *_dead_switch(ground)]
    return sorted(found, key=lambda each: each.at_ms)  # stable


def run_of(ground: Ground) -> str:
    """Say which run a pack is made of."""
    trial = ground.run.trial
    return "the run by the medians" if trial is None else f"trial {trial} of seed {ground.run.seed}"


# Steps that cannot go on.


def _held_up(ground: Ground) -> Iterator[Surprise]:
    """Find steps, and the declaration, whose tools or places are down when their work is due."""
    for doer in (DECLARATION, *(STEP_PREFIX + each.id for each in ground.steps)):
        found = ground.held_up(doer)
        if found is not None:
            yield _held(ground, doer, *found)


def _held(ground: Ground, doer: str, from_ms: int, to_ms: int, down: tuple[str, ...]) -> Surprise:
    name = "the decision" if doer == DECLARATION else f"'{ground.name(doer)}'"
    goes_on = ground.repairs[doer].ended_ms is not None or to_ms < ground.run.end_ms
    waits = f"the work waits for {about_duration(to_ms - from_ms)}" if goes_on else "the work never goes on"
    step = doer.removeprefix(STEP_PREFIX)
    need = f"with: {', '.join(down)}" if _are_tools(ground, doer, down) else f"at: {', '.join(down)}"
    return Surprise(
        kind="held up",
        at_ms=max(from_ms, ground.detected_ms or 0),
        text=f"{name} cannot go on: {ground.names(down)} cannot be used",
        behind=f"{'; '.join(ground.why_down(each, from_ms) for each in down)}; in the run {waits}",
        components=down,
        step=step,
        by=_doer(ground, step),
        said=f"I am to go on with {name}, and I cannot: I need {ground.names(down)} for it, and cannot use {_it(down)}.",
        source=f"{run_of(ground)}, work of {step}, held up from {time_of(from_ms)}; the plan has it {need}",
        hurts=_hurts(ground, step),
    )


def _are_tools(ground: Ground, doer: str, down: tuple[str, ...]) -> bool:
    step = ground.plan.steps.get(doer.removeprefix(STEP_PREFIX))
    tools = ground.plan.declaration.tools if doer == DECLARATION or step is None else step.tools
    return any(each in tools for each in down)


def _doer(ground: Ground, step: str) -> str:
    """Return who has a step to do, or who decides."""
    people = [person for each in (*ground.steps, *_gates(ground)) if each.id == step for _, person in each.people]
    if not people and step in ground.plan.steps:  # the work never begins, and so nobody is found for it
        people = [ground.plan.roles[each].people[0] for each in ground.plan.steps[step].by if each in ground.plan.roles]
    return joined([clean(each) for each in people]) or "those who work on it"


def _gates(ground: Ground) -> tuple[CourseStep, ...]:
    return tuple(CourseStep(each.id, each.name, each.people, None, None) for each in ground.rehearsal.gates)


def _it(ids: tuple[str, ...]) -> str:
    return "it" if len(ids) == 1 else "them"


# Standbys and copies that fail.


def _no_standby(ground: Ground) -> Iterator[Surprise]:
    """Find standbys that carry the load by the medians, and not in this trial."""
    for each in ground.rehearsal.run.components.values():
        here = ground.run.components.get(each.id)
        if here is None:
            continue
        carried = {on for reserve in here.reserve for on in reserve.on}
        for reserve in each.reserve:
            missing = tuple(on for on in reserve.on if on not in carried and not on.startswith(STEP_PREFIX))
            if reserve.by == "standby" and missing:
                yield _standby(ground, each.id, missing, reserve.from_ms, reserve.of)
                break


def _standby(ground: Ground, owner: str, missing: tuple[str, ...], from_ms: int, lost: tuple[str, ...]) -> Surprise:
    names = ground.names(missing)
    return Surprise(
        kind="backup",
        at_ms=max(from_ms, ground.detected_ms or 0),
        text=f"{names} should take over for {ground.name(owner)}, and does not",
        behind=f"the backup fails too: by the medians {names} would carry it instead of {ground.names(lost)}",
        components=missing,
        by="people on call",
        said=f"{names} should have taken over by now. It has not.",
        source=f"{run_of(ground)}, needs of {owner}: the standby {', '.join(missing)} carries nothing",
        hurts=_hurts_of(ground, (owner,)),
    )


def _no_copy(ground: Ground) -> Iterator[Surprise]:
    """Find data that a step is to restore and of which no copy is left, or whose first copy does not work."""
    first = {data: step for step in reversed(ground.steps) for data in ground.plan.steps[step.id].restores}
    worse: list[tuple[str, CourseStep]] = []
    for data, step in sorted(first.items()):
        here = ground.run.data.get(data)
        if here is not None and here.lost_for_good:
            yield _lost(ground, data, step)
        elif here is not None and here.loss_ms is not None and here.loss_ms > _oldest_ms(ground, data):
            worse.append((data, step))
    if worse:
        yield _older(ground, sorted(worse, key=lambda each: _looks_ms(ground, each[1])))  # stable


def _lost(ground: Ground, data: str, step: CourseStep) -> Surprise:
    name = ground.name(data)
    return Surprise(
        kind="backup",
        at_ms=_looks_ms(ground, step),
        text=f"'{step.name}' finds no copy of {name} that can be used",
        behind=f"the backup fails too: no copy of {name} is left, or none that works, and it never comes back",
        components=(data,),
        step=step.id,
        by=_doer(ground, step.id),
        said=f"I have looked for a copy of {name} from which I can restore. I find none.",
        source=f"{run_of(ground)}, data {data}: lost for good, since each copy does not work or lay where all was destroyed",
        hurts=_hurts(ground, step.id),
    )


def _older(ground: Ground, worse: list[tuple[str, CourseStep]]) -> Surprise:
    """Tell all data at once when the first of them is to be restored: whoever looks for one copy finds all of it."""
    ids, step = tuple(data for data, _ in worse), worse[0][1]
    lost = [about_duration(ground.run.data[each].loss_ms or 0) for each in ids]
    age = lost[0] if len(set(lost)) == 1 else joined([f"{ground.name(i)} {n}" for i, n in zip(ids, lost, strict=True)])
    firsts = [f"{ground.name(each)} {about_duration(_oldest_ms(ground, each))}" for each in ids]
    return Surprise(
        kind="backup",
        at_ms=_looks_ms(ground, step),
        text=f"the newest copy of {ground.names(ids)} cannot be used; what another one has lacks the last {age}",
        behind=f"the backup fails too: the first copy would lack, at the most, {joined(firsts)}",
        components=ids,
        step=step.id,
        by=_doer(ground, step.id),
        said=f"The newest copy of {ground.names(ids)} cannot be used. The next one that I find lacks the last {age}.",
        source=f"{run_of(ground)}, data {', '.join(ids)}: restored from a copy that is not the first of the list",
        hurts=_hurts(ground, step.id),
    )


def _looks_ms(ground: Ground, step: CourseStep) -> int:
    """Return when somebody looks for a copy: when the step begins, or could have begun if all copies were not lost."""
    if step.begins_ms is not None:
        return step.begins_ms
    return ground.ready_ms(STEP_PREFIX + step.id) or ground.declared_ms or ground.detected_ms or 0


def _oldest_ms(ground: Ground, data: str) -> float:
    """Return the age of the first copy of data at the most; infinite where nobody says."""
    system = ground.rehearsal.system
    component = None if system is None else system.components.get(data)
    if component is None or not component.copies:
        return math.inf
    copy = component.copies[0]
    return copy.every + (0.0 if copy.lag is None else copy.lag.quantile(_ALMOST_ALL))


def _dead_switch(ground: Ground) -> Iterator[Surprise]:
    """Find standbys that a step has made ready, and that are down all the same."""
    for step in ground.steps:
        switch = ground.plan.steps[step.id].switches
        if switch is None or step.ends_ms is None or ground.level(switch.to, step.ends_ms) > 0.0:
            continue
        name = ground.name(switch.to)
        yield Surprise(
            kind="backup",
            at_ms=step.ends_ms,
            text=f"'{step.name}' is done, and {name} does not serve",
            behind=f"the backup fails too: {ground.why_down(switch.to, step.ends_ms)}",
            components=(switch.to,),
            step=step.id,
            by=_doer(ground, step.id),
            said=f"All of '{step.name}' is done, and {name} does not serve all the same.",
            source=f"{run_of(ground)}, {step.id}: {switch.to} is down at {time_of(step.ends_ms)}",
            hurts=_hurts(ground, step.id),
        )


# People who are missing.


def _absent(ground: Ground) -> Iterator[Surprise]:
    """Make one of the people whom a step takes: who was not there before, on the critical path first, then who has no alternate."""
    taken = [
        (step, role, person) for step in ground.steps for role, person in step.people if step.begins_ms is not None
    ]
    taken.sort(key=lambda each: _apart(ground, *each))  # stable
    for step, role, person in taken:
        others = [each for each in ground.plan.roles[role].people if each != person]
        rest = f"the plan names {joined(others, last='or')} instead" if others else "the plan names nobody else for it"
        at_ms = step.begins_ms if step.due_ms is None else step.due_ms
        assert at_ms is not None, "only steps that begin are looked at"
        task = f"begin '{step.name}'" if at_ms == step.begins_ms else f"set '{step.name}' going"
        yield Surprise(
            kind="absent",
            at_ms=at_ms + _TRIED_MS,
            text=f"{clean(person)} cannot be reached, and was to {task} as {ground.name(role)}",
            behind=f"added by hand, since in the run nothing else fails; {rest}",
            step=step.id,
            person=person,
            is_made=True,
            by="colleagues",
            said=f"{clean(person)} was to {task} and does not answer. We have tried everything.",
            source=f"not in the run: there {clean(person)} does it from {time_of(at_ms)}",
            hurts=_hurts(ground, step.id),
        )


def _apart(ground: Ground, step: CourseStep, role: str, person: str) -> tuple[bool, bool, int]:
    """Return how little it takes a table that somebody is missing; who has just worked with it would be missed by nobody else."""
    others = (each for each in (*_gates(ground), *ground.steps) if each.id != step.id)
    was_there = any(
        person in {other for _, other in each.people} and (each.begins_ms or 0) <= (step.begins_ms or 0)
        for each in others
    )
    return was_there, not step.is_critical, len(ground.plan.roles[role].people)


# Whom it hurts.


def _hurts(ground: Ground, step: str) -> str:
    """Say which services wait for a step: those on whose critical path it stands, or that need what it brings back."""
    decided = [each.id for each in ground.rehearsal.services.values() if step in each.critical_path]
    if decided:
        return f"it decides when {ground.names(decided)} {'is' if len(decided) == 1 else 'are'} back"
    said = ground.plan.steps.get(step)
    if said is None:
        return "no step that waits for the decision begins"
    of = () if said.switches is None else said.switches.of
    return _hurts_of(ground, (*said.restores, *of))


def _hurts_of(ground: Ground, components: tuple[str, ...]) -> str:
    hit = [
        each.id
        for each in ground.services
        if each.id in components
        or any(
            link.component in components for why in ground.run.components[each.id].why for link in why.chain
        )
    ]  # fmt: skip
    return f"{ground.names(hit)} {'needs' if len(hit) == 1 else 'need'} what it brings back" if hit else ""
