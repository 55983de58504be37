"""How urgent each step is: the lowest tier of the services that wait for what it does (S10.6)."""

from __future__ import annotations

import math

from impactsim.model.needs import purpose
from impactsim.model.plan import RecoveryPlan
from impactsim.model.system import System


def tiers_of(plan: RecoveryPlan, system: System) -> dict[str, float]:
    """Return the lowest tier of the services that lean on each step, by its id; infinite where no service with a tier does.

    A service leans on what restores or switches for it or for something that it needs, through any number of needs to run, to
    start or to stay up, and on what comes before such a step.
    """
    helps: dict[str, float] = {}
    for name, service in plan.services.items():
        if service.tier is not None and name in system.components:
            for component in below(system, name):
                helps[component] = min(service.tier, helps.get(component, math.inf))
    tiers = dict.fromkeys(plan.steps, math.inf)
    for name, step in plan.steps.items():
        served = (*step.restores, *(step.switches.of if step.switches is not None else ()))
        _hand_down(plan, tiers, name, min((helps.get(each, math.inf) for each in served), default=math.inf))
    return tiers


def _hand_down(plan: RecoveryPlan, tiers: dict[str, float], step: str, tier: float) -> None:
    """Give a tier to a step, and to all that comes before it."""
    waiting = [step]
    while waiting:
        name = waiting.pop()
        if tier < tiers[name]:
            tiers[name] = tier
            waiting += plan.steps[name].after


def below(system: System, component: str) -> set[str]:
    """Return what a component needs, through any number of needs to run, to start or to stay up; itself included."""
    found, waiting = {component}, [component]
    while waiting:
        words = system.components[waiting.pop()]
        members = [] if words.at is None else [words.at]
        for need in words.needs:
            if purpose(need, system.components) != "repair":
                members += need.members()
        waiting += set(members) - found
        found.update(members)
    return found
