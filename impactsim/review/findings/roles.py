"""Roles that hang on one person: the half of DR09 that needs no simulation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.audit.findings import Severity
from impactsim.model.plan import RecoveryPlan, RecoveryStep
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.told import listed


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each role that one person alone fills.

    Of a role that neither a step nor the declaration takes nothing is said.

    Parameters
    ----------
    ground
        Plan and system.
    """
    steps_of = {service: steps_for(ground, service) for service in ground.plan.services}
    found = (_single(ground, role, steps_of) for role in ground.plan.roles)
    return [each for each in found if each is not None]


def steps_for(ground: Ground, service: str) -> tuple[str, ...]:
    """Return the ids of the steps that may have to be done before a service of the plan is back, in the order of the plan.

    They restore it or something that it leans on, or bring a standby of that into service, or come before such a step.
    """
    plan = ground.plan
    needed = {service, *ground.at_all[service]}
    found = [name for name, step in plan.steps.items() if not needed.isdisjoint(_brought_back(step))]
    for name in found:  # grows while it is gone through
        found += [before for before in plan.steps[name].after if before not in found]
    return tuple(name for name in plan.steps if name in found)


def _brought_back(step: RecoveryStep) -> tuple[str, ...]:
    return step.restores if step.switches is None else (*step.restores, *step.switches.of, step.switches.to)


def _single(ground: Ground, role: str, steps_of: dict[str, tuple[str, ...]]) -> PlanFinding | None:
    plan = ground.plan
    people = set(plan.roles[role].people)
    steps = [name for name, step in plan.steps.items() if role in step.by]
    decides = role in plan.declaration.by
    if len(people) > 1 or not (steps or decides):
        return None
    services = [name for name, needed in steps_of.items() if _waits_for(plan, needed, steps, decides)]
    person = plan.roles[role].people[0]
    return PlanFinding(
        id=f"DR09/role/{role}",
        code="DR09",
        severity=_severity(plan, services),
        text=f"{person} alone can fill the role {role}",
        services=tuple(services),
        evidence=tuple(_evidence(plan, steps, decides, services)),
        remedy=f"name somebody who can stand in for {person} as {role}, and let both do it in a test",
        steps=tuple(steps),
    )


def _waits_for(plan: RecoveryPlan, needed: Sequence[str], steps: Sequence[str], decides: bool) -> bool:
    """Tell whether one of the steps that a service needs takes the role, or waits for the declaration that takes it."""
    return any(name in steps or (decides and plan.steps[name].begins == "declaration") for name in needed)


def _severity(plan: RecoveryPlan, services: Sequence[str]) -> Severity:
    return Severity.HIGH if any(plan.services[each].tier == 1 for each in services) else Severity.MEDIUM


def _evidence(plan: RecoveryPlan, steps: Sequence[str], decides: bool, services: Sequence[str]) -> Iterator[str]:
    if steps:
        yield f"the role is taken by {'the step' if len(steps) == 1 else 'the steps'} {listed(steps)}"
    if decides:
        yield "it decides whether the plan is put into action"
    if services:
        first = [name for name in services if plan.services[name].tier == 1]
        yield f"the recovery of {listed(services)} may wait for it" + (
            f"; {listed(first)} {'is' if len(first) == 1 else 'are'} of tier 1" if first else ""
        )
