"""Warnings that a plan makes needless: what one of its steps restores does not stay down for good."""

from __future__ import annotations

from dataclasses import replace

from impactsim.files.plan_changes import Scene
from impactsim.laws import Certain
from impactsim.model.plan import RecoveryPlan
from impactsim.model.rules import check_scenario
from impactsim.model.system import System
from impactsim.problems import Problem

_NO_END = "no-end"


def with_repairs(plan: RecoveryPlan, scene: Scene) -> tuple[Scene, list[Problem]]:
    """Return a scenario of a plan without the warning that something stays down which a step restores.

    Parameters
    ----------
    plan
        The plan.
    scene
        A scenario that holds.

    Returns
    -------
    Scene
        The same with other warnings.
    list of Problem
        The warnings that are needless. A warning that speaks of several components comes back for those that no step restores.
    """
    loaded = scene.loaded
    of_scene = [each for each in loaded.problems if each.code == _NO_END]
    if not of_scene:
        return scene, []
    found = check_scenario(loaded.scenario, _restored(plan, loaded.system))
    left = [scene.document.place(each) for each in found if each.code == _NO_END]
    needless = [each for each in of_scene if each not in left]
    others = [each for each in loaded.problems if each not in needless]
    problems = (*others, *(each for each in left if each not in of_scene))
    return scene._replace(loaded=replace(loaded, problems=problems)), needless


def _restored(plan: RecoveryPlan, system: System) -> System:
    """Return a system in which all that steps restore has an end."""
    components = dict(system.components)
    known = (step for step in plan.steps.values() if step.takes != "unknown")
    for name in (name for step in known for name in step.restores):
        if name in components and components[name].time_to_restore is None:
            components[name] = components[name].model_copy(update={"time_to_restore": Certain(0.0)})
    return system.model_copy(update={"components": components})
