"""What no schema can say about a system, a scenario and a recovery plan: one function a rule.

The rules stand by their subject in the modules beside this one; this one lists them. A rule looks at what pydantic has
accepted, returns what is wrong with it and never raises. Each is linear in the size of the system.
"""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.model import (
    rules_circles,
    rules_components,
    rules_events,
    rules_imports,
    rules_names,
    rules_needs,
    rules_notices,
    rules_plan,
    rules_plan_steps,
    rules_users,
)
from impactsim.model.plan import RecoveryPlan
from impactsim.model.rules_lookup import Lookup
from impactsim.model.rules_plan_lookup import PlanLookup
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.problems import Problem

_SYSTEM_RULES = (
    *rules_names.RULES,
    *rules_needs.RULES,
    *rules_components.RULES,
    *rules_users.RULES,
    *rules_circles.RULES,
    *rules_notices.RULES,
    *rules_imports.RULES,
)


def check_system(system: System) -> list[Problem]:
    """Return what is wrong with a system, errors and warnings.

    Parameters
    ----------
    system
        A system that pydantic has accepted.

    Returns
    -------
    list[Problem]
        Rule by rule; the path of each leads into the author's file.
    """
    lookup = Lookup(system)
    return [problem for rule in _SYSTEM_RULES for problem in rule(lookup)]


def check_scenario(scenario: Scenario, system: System, lookup: Lookup | None = None) -> list[Problem]:
    """Return what is wrong with a scenario, errors and warnings.

    Parameters
    ----------
    scenario
        A scenario that pydantic has accepted.
    system
        The system that it happens to, with the changes of the scenario made.
    lookup
        What the rules look up of that system, where several scenarios happen to one; it takes longer than the rules.

    Returns
    -------
    list[Problem]
        Rule by rule; the path of each leads into the scenario's file. What is wrong with the system itself is not in it.
    """
    lookup = lookup or Lookup(system)
    return [problem for rule in rules_events.RULES for problem in rule(scenario, lookup)]


def check_plan(plan: RecoveryPlan, system: System, scenes: Sequence[System]) -> list[Problem]:
    """Return what is wrong with a recovery plan, errors and warnings.

    Parameters
    ----------
    plan
        A plan that pydantic has accepted.
    system
        Its system.
    scenes
        The system as each of its scenarios changes it, in the order of the plan.

    Returns
    -------
    list[Problem]
        Rule by rule; the path of each leads into the plan's file. What is wrong with systems and scenarios is not in it.
    """
    lookup = PlanLookup(plan, system, scenes)
    return [problem for rule in (*rules_plan.RULES, *rules_plan_steps.RULES) for problem in rule(lookup)]
