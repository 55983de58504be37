"""Small plans in small scenarios, played: what tests of rehearsals have in common."""

from __future__ import annotations

from typing import Any

from impactsim.files.loading import LoadedScenario
from impactsim.files.reading import validate_scenario
from impactsim.model.plan import RecoveryPlan
from impactsim.review.facts import Rehearsal, StepFacts
from impactsim.review.play.called import Calls, calls_of
from impactsim.review.play.rehearse import rehearse
from impactsim.review.play.settle import Woven, median_run, settle
from impactsim.trials.workers import Here

Words = dict[str, Any]

MINUTE = 60_000
HOUR = 60 * MINUTE
DECLARED = 30 * MINUTE
"""After the outage by the plans below: 10 min until somebody knows, 20 min until it is decided."""


def plan_of(steps: Words, **more: Any) -> RecoveryPlan:
    """Return a plan for a shop; its declaration takes half an hour."""
    words: Words = {
        "impactsim": 1,
        "plan": "Plan",
        "system": "system.yaml",
        "services": {"shop": {}},
        "declaration": {"detection": "10m", "decision": "20m"},
        "steps": steps,
        "scenarios": ["scenario.yaml"],
    }
    return RecoveryPlan.model_validate(words | more)


def loaded_of(components: Words, events: list[Words], system: Words | None = None, **more: Any) -> LoadedScenario:
    """Return a scenario on a system of some components."""
    words: Words = {"impactsim": 1, "name": "System", "components": components, **(system or {})}
    return validate_scenario({"impactsim": 1, "name": "Outage", "system": words, "events": events, **more})


def play(plan: RecoveryPlan, loaded: LoadedScenario, n_trials: int = 5, seed: int = 1) -> Rehearsal:
    """Rehearse the plan's first scenario."""
    return rehearse(plan, plan.scenarios[0], loaded, Here(False), n_trials, seed)


def calls(plan: RecoveryPlan, loaded: LoadedScenario) -> Calls:
    """Return what a scenario calls for."""
    return calls_of(plan, loaded.scenario, loaded.system, median_run(loaded.system, loaded.scenario))


def woven(plan: RecoveryPlan, loaded: LoadedScenario) -> Woven:
    """Return the plan in the scenario."""
    return settle(plan, plan.scenarios[0], loaded.scenario, loaded.system, calls(plan, loaded))


def step(rehearsal: Rehearsal, name: str) -> StepFacts:
    """Return one step of a rehearsal."""
    return next(each for each in rehearsal.steps if each.id == name)
