"""One person on two steps at a time, as it was seen in a rehearsal: the half of DR09 that takes a clock."""

from __future__ import annotations

import math
from collections.abc import Sequence

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding, Rehearsal, ServiceRecovery, StepFacts, Wait
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.judged import worse
from impactsim.review.findings.objectives import figure_of
from impactsim.review.findings.told import listed
from impactsim.review.play.waiting import kept_told
from impactsim.review.report.times import duration


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each step on a critical path that waits for somebody; of several scenarios the worst counts.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    """
    worst: dict[str, PlanFinding] = {}
    for rehearsal in ground.rehearsals:
        for step in rehearsal.steps:
            for waits in _by_people(step) if step.is_called else ():
                found = _overbooked_step(ground, rehearsal, step, waits)
                if found is not None:
                    worst[found.id] = worse(worst.get(found.id), found)
    return list(worst.values())


def _by_people(step: StepFacts) -> list[list[Wait]]:
    """Return the waits of a step for people, those for the same ones together."""
    found: dict[tuple[str, ...], list[Wait]] = {}
    for wait in step.waits:
        if wait.kind == "person":
            found.setdefault(wait.of, []).append(wait)
    return list(found.values())


def _overbooked_step(
    ground: Ground, rehearsal: Rehearsal, step: StepFacts, waits: Sequence[Wait]
) -> PlanFinding | None:
    waits_ms = sum(each.to_ms - each.from_ms for each in waits)
    wait = Wait(waits[0].from_ms, waits[-1].to_ms, "person", waits[0].of)
    hit = [each for each in rehearsal.services.values() if step.id in each.critical_path]
    if not hit or waits_ms <= 0:
        return None
    decided = [each.id for each in hit if _would_hold(ground, each, waits_ms)]
    who = listed(wait.of)
    evidence = [
        (
            f"'{rehearsal.name}', by the medians: {step.id} is called for, and waits {duration(waits_ms)} for {who}, "
            f"until {duration(wait.to_ms)}"
        ),
        f"it is on the critical path of {listed([each.id for each in hit])}",
    ]
    evidence += [
        f"{duration(each.to_ms - each.from_ms)} of it {who} is{kept_told(each)[1:]}" for each in waits if each.kept_by
    ]
    evidence += [_told_of_step(other) for other in _keeping(rehearsal, step, wait)]
    evidence += [f"without the wait {name} would meet its target RTO in half of the trials" for name in decided]
    return PlanFinding(
        id=f"DR09/{'+'.join(wait.of)}/{step.id}",
        code="DR09",
        severity=Severity.HIGH if decided else Severity.MEDIUM,
        text=f"{step.id} waits for {who}, who is busy with another step that is due at the same time",
        services=tuple(each.id for each in hit),
        evidence=tuple(evidence),
        remedy=f"name an alternate for what {who} does in {step.id}, or give one of the steps to another role",
        steps=(step.id, *(each.id for each in _keeping(rehearsal, step, wait))),
        figures=(("waits_ms", float(waits_ms)),),
    )


def _would_hold(ground: Ground, recovery: ServiceRecovery, waits_ms: int) -> bool:
    """Is the target missed in most trials, and would it be met in most had nobody waited? To a first approximation."""
    target = figure_of(ground, recovery.id, "rto")
    return target is not None and recovery.rto.p50_ms - waits_ms <= target < recovery.rto.p50_ms


def _keeping(rehearsal: Rehearsal, step: StepFacts, wait: Wait) -> list[StepFacts]:
    """Return the steps on which those who are waited for are meanwhile."""
    return [
        other
        for other in rehearsal.steps
        if other.id != step.id
        and other.is_called
        and (other.id in wait.of or {person for _, person in other.people} & set(wait.of))
        and _overlaps(other, wait)
    ]


def _overlaps(step: StepFacts, wait: Wait) -> bool:
    begins, ends = step.begins_ms, math.inf if step.ends_ms is None else step.ends_ms
    return begins is not None and begins < wait.to_ms and ends > wait.from_ms


def _told_of_step(step: StepFacts) -> str:
    assert step.begins_ms is not None, "it keeps somebody"
    end = "never done" if step.ends_ms is None else f"done at {duration(step.ends_ms)}"
    people = listed([person for _, person in step.people]) if step.people else "nobody"
    return f"{step.id} (by {people}) begins at {duration(step.begins_ms)} and is {end}"
