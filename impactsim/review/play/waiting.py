"""What the steps on a critical path wait for besides other steps: people, tools, places, a delivery."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from impactsim.model.plan import RecoveryPlan
from impactsim.review.facts import Rehearsal, ServiceRecovery, StepFacts, Wait
from impactsim.review.findings.told import listed
from impactsim.review.report.times import duration

_NAMED = frozenset({"person", "tool", "place"})


def waits_of(
    plan: RecoveryPlan, rehearsal: Rehearsal, recovery: ServiceRecovery, needed: Collection[str]
) -> Iterator[tuple[StepFacts, Wait]]:
    """Yield the times in which the steps for a service rested, by the medians, for people, tools, places, and needs that never come.

    These are the steps on its critical path. Where no step decides, they are those that bring back what it needs: they came too
    late, and what they waited for says why.

    Parameters
    ----------
    plan
        The plan.
    rehearsal
        The scenario.
    recovery
        The service in it.
    needed
        What it needs, itself included.
    """
    on_path = set(recovery.critical_path)
    for step in rehearsal.steps:
        is_for_it = step.id in on_path if on_path else not set(needed).isdisjoint(step.restores)
        for wait in _all_of(plan, rehearsal, step) if step.is_called and is_for_it else ():
            is_named = wait.kind in _NAMED or (wait.kind == "need" and is_open(rehearsal, step, wait))
            if is_named and (recovery.back_ms is None or wait.from_ms < recovery.back_ms):
                yield step, wait


def _all_of(plan: RecoveryPlan, rehearsal: Rehearsal, step: StepFacts) -> Iterator[Wait]:
    """Yield the waits of a step, and what it waits for when the run ends, which may be as soon as it begins to."""
    yield from step.waits
    end_ms = rehearsal.run.end_ms
    ends = {each.id: each.ends_ms for each in rehearsal.steps}
    if step.ends_ms is not None or any(wait.to_ms == end_ms and wait.kind != "gate" for wait in step.waits):
        return
    words = plan.steps[step.id]
    down = tuple(each for each in (*words.tools, *words.at) if _is_down_at_the_end(rehearsal, each))
    if down and all(ends[each] is not None for each in step.after):
        yield Wait(end_ms, end_ms, "tool" if down[0] in words.tools else "place", down)


def _is_down_at_the_end(rehearsal: Rehearsal, component: str) -> bool:
    facts = rehearsal.run.components.get(component)
    return facts is not None and facts.levels[-1][1] <= 0.0


def is_open(rehearsal: Rehearsal, step: StepFacts, wait: Wait) -> bool:
    """Tell whether a wait never ended: that the run ends at its horizon is no end of it."""
    return step.ends_ms is None and wait.to_ms == rehearsal.run.end_ms


def how_long(rehearsal: Rehearsal, step: StepFacts, wait: Wait) -> str:
    """Say how long a wait lasted: ``2 h``, ``from 3 h until the end``."""
    if is_open(rehearsal, step, wait):
        return f"from {duration(wait.from_ms)} until the end"
    return duration(wait.to_ms - wait.from_ms)


def wait_told(rehearsal: Rehearsal, step: StepFacts, wait: Wait) -> str:
    """Say who waits for what, and how long: ``restore waits 2 h for tool vault``."""
    what = f"{listed(wait.of)}, which it needs" if wait.kind == "need" else f"{wait.kind} {listed(wait.of)}"
    return f"{step.id} waits {how_long(rehearsal, step, wait)} for {what}{kept_told(wait)}"


def kept_told(wait: Wait) -> str:
    """Say which steps keep the people of a wait, and what those wait for: ``, kept by restore, which waits for vault``."""
    if not wait.kept_by:
        return ""
    behind = f", which waits for {listed(wait.while_missing)}" if wait.while_missing else ""
    return f", kept by {listed(wait.kept_by)}{behind}"
