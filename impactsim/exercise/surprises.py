"""What goes wrong beyond the outage itself: the tool that is down when its step needs it, the backup that fails too.

What a run has is taken from it. A trial has more than the medians where a standby does not start, a copy does not work, or something is
slower. If a run has nothing of the kind, the one person who can fill a role cannot be reached.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from impactsim.exercise.facts import Surprise
from impactsim.exercise.ground import DECLARATION, Ground
from impactsim.quantities import about_duration
from impactsim.review.facts import STEP_PREFIX

_MOST = 4
_ALMOST_ALL = 0.9999


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


def _held_up(ground: Ground) -> Iterator[Surprise]:
    """Find steps, and the declaration, whose tools or places are down when their work is due."""
    for doer in (DECLARATION, *(STEP_PREFIX + each.id for each in ground.steps)):
        found = ground.held_up(doer)
        if found is None:
            continue
        from_ms, to_ms, down = found
        name = "the decision" if doer == DECLARATION else f"'{ground.name(doer)}'"
        text = f"{name} cannot go on: {ground.names(down)} cannot be used"
        why = "; ".join(ground.why_down(each, from_ms) for each in down)
        behind = f"{why}; in the run the work waits for {about_duration(to_ms - from_ms)}"
        yield Surprise(
            "held up", max(from_ms, ground.detected_ms or 0), text, behind, down, doer.removeprefix(STEP_PREFIX)
        )


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
                text = f"{ground.names(missing)} should take over for {ground.name(each.id)}, and does not"
                behind = f"the backup fails too: by the medians {ground.names(missing)} would carry it instead of {ground.names(reserve.of)}"
                yield Surprise("backup", max(reserve.from_ms, ground.detected_ms or 0), text, behind, missing)
                break


def _no_copy(ground: Ground) -> Iterator[Surprise]:
    """Find data that a step is to restore and of which no copy is left, or whose first copy does not work."""
    first = {data: step for step in reversed(ground.steps) for data in ground.plan.steps[step.id].restores}
    at_ms = ground.declared_ms or ground.detected_ms or 0
    for data, step in sorted(first.items()):
        here = ground.run.data.get(data)
        name = ground.name(data)
        if here is not None and here.lost_for_good:
            text = f"'{step.name}' finds no copy of {name} that can be used"
            behind = f"the backup fails too: every copy of {name} is lost with it, and it never comes back in the run"
            yield Surprise("backup", at_ms, text, behind, (data,), step.id)
        elif here is not None and here.loss_ms is not None and here.loss_ms > _oldest_ms(ground, data):
            lost = about_duration(here.loss_ms)
            text = f"the newest copy of {name} cannot be used; what another one has lacks the last {lost}"
            behind = f"the backup fails too: the first copy would lack {about_duration(_oldest_ms(ground, data))} at the most"
            yield Surprise("backup", at_ms, text, behind, (data,), step.id)


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
        text = f"'{step.name}' is done, and {ground.name(switch.to)} does not serve"
        behind = f"the backup fails too: {ground.why_down(switch.to, step.ends_ms)}"
        yield Surprise("backup", step.ends_ms, text, behind, (switch.to,), step.id)


def _absent(ground: Ground) -> Iterator[Surprise]:
    """Make one of the people whom a step takes: who has no alternate first."""
    taken = [
        (step, role, person) for step in ground.steps for role, person in step.people if step.begins_ms is not None
    ]
    alone = [each for each in taken if len(ground.plan.roles[each[1]].people) == 1]
    for step, role, person in alone or taken:
        others = [each for each in ground.plan.roles[role].people if each != person]
        rest = f"the plan names {', '.join(others)} instead" if others else "the plan names nobody else for the role"
        text = f"{person} cannot be reached, and was to begin '{step.name}' as {ground.name(role)}"
        behind = f"added by hand, since in the run nothing else fails; {rest}"
        assert step.begins_ms is not None, "only steps that begin are looked at"
        yield Surprise("absent", step.begins_ms, text, behind, (), step.id, is_made=True)
