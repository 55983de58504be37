"""What would bring a late service back sooner: it follows what its critical path waited for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from impactsim.quantities import about_share, format_share
from impactsim.review.facts import Rehearsal, ServiceRecovery, StepFacts, Wait
from impactsim.review.findings import unrestored
from impactsim.review.findings.told import listed
from impactsim.review.play.waiting import is_open
from impactsim.review.report.times import duration

_MUCH = 0.25
"""A wait is worth a word from this share of the whole time on."""


def remedy_of(
    rehearsal: Rehearsal,
    recovery: ServiceRecovery,
    waits: Sequence[tuple[StepFacts, Wait]],
    nobody: Sequence[str],
    minimum: float,
) -> str:
    """Return what would help, as a clause without a full stop.

    Parameters
    ----------
    rehearsal
        The scenario.
    recovery
        The service in it.
    waits
        What its steps waited for (`waiting.waits_of`).
    nobody
        What it needs that nobody restores.
    minimum
        Level at which its clock stops.
    """
    name = recovery.id
    stuck = next(((step, wait) for step, wait in waits if is_open(rehearsal, step, wait)), None)
    if stuck is not None:
        return _without_waiting(*stuck)
    if math.isinf(recovery.rto.p50_ms):
        return _never_back(rehearsal, name, nobody, minimum)
    longest = max(waits, key=lambda each: each[1].to_ms - each[1].from_ms, default=None)
    if longest is not None and _lasts(longest[1]) >= _MUCH * recovery.rto.p50_ms:
        return f"{_without_waiting(*longest)}; the wait alone takes {duration(_lasts(longest[1]))}"
    return _shorter(rehearsal, recovery)


def _lasts(wait: Wait) -> int:
    return wait.to_ms - wait.from_ms


def _without_waiting(step: StepFacts, wait: Wait) -> str:
    whom = listed(wait.of)
    if wait.kept_by and wait.while_missing:
        return (
            f"let {listed(wait.kept_by)} do without {listed(wait.while_missing)}, or let {whom} go meanwhile: "
            f"{step.id} waits for {whom}"
        )
    if wait.kind == "person":
        return f"name somebody else who can do {step.id}: it waits for {whom}"
    if wait.kind == "need":
        return f"let {step.id} do without {whom}, which nobody brings back: it needs another one that shares nothing with it"
    if wait.kind == "place":
        return f"say where else {step.id} can be done: it waits for the place {whom}"
    return (
        f"let {step.id} do without {whom}, for which it waits: a second one, or a copy that leans on nothing that fails"
    )


def _never_back(rehearsal: Rehearsal, name: str, nobody: Sequence[str], minimum: float) -> str:
    level = rehearsal.run.components[name].levels[-1][1]
    if level > 0:
        told = about_share(level)
        return f"let what takes over carry {format_share(minimum)} of {name}, or agree on a lower minimum level: {told} is left"
    if nobody:
        return unrestored.remedy(rehearsal, nobody)
    return f"find a way back for {name} that does not wait for what never comes"


def _shorter(rehearsal: Rehearsal, recovery: ServiceRecovery) -> str:
    name = recovery.id
    called = {each.id for each in rehearsal.steps}
    steps = [each for each in recovery.critical_path if each in called]
    if not recovery.critical_path and recovery.because:
        cause = recovery.because[-1]
        return f"write a step that brings {name} back without {cause}, or agree on a shorter repair of {cause}"
    if not steps:
        return f"let detection and decision take less time, or write a step that brings {name} back sooner"
    return f"make shorter what decides: {listed(steps)}; or agree on a longer target with the owner of {name}"
