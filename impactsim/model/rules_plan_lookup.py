"""What the rules about a recovery plan share: each name in it with its place, and where that name must be known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.model.plan import RecoveryPlan, RecoveryStep
from impactsim.model.rules_lookup import Names
from impactsim.model.system import System
from impactsim.problems import Path

Placed = tuple[Path, str]
"""Where a name stands, and the name."""


class PlanLookup:
    """A plan, the systems that it is about, and what its rules look up.

    Parameters
    ----------
    plan
        A plan that pydantic has accepted.
    system
        Its system.
    scenes
        The system as each of its scenarios changes it, in the order of the plan.

    Attributes
    ----------
    changed
        The systems that a scenario has changed, each with the file of that scenario.
    component_names, role_names, step_names
        For the nearest to a wrong one.
    """

    def __init__(self, plan: RecoveryPlan, system: System, scenes: Sequence[System]) -> None:
        self.plan = plan
        self.system = system
        self.changed = [
            (scenario.file, scene)
            for scenario, scene in zip(plan.scenarios, scenes, strict=True)
            if scene is not system
        ]
        self.component_names = Names(system.components)
        self.role_names = Names(plan.roles)
        self.step_names = Names(plan.steps)

    def components(self) -> Iterator[Placed]:
        """Yield all components that the plan names, but those of suppliers."""
        plan = self.plan
        for name in plan.services:
            yield ("services", name), name
        yield from placed(("declaration", "with"), plan.declaration.tools)
        for name, step in plan.steps.items():
            yield from _components_of(("steps", name), step)
        for place, test in enumerate(plan.tests):
            yield ("tests", place, "of"), test.of
        for name, contact in plan.contacts.items():
            yield from placed(("contacts", name, "by"), contact.by)

    def supplied(self) -> Iterator[Placed]:
        """Yield all components of suppliers."""
        for name, supplier in self.plan.suppliers.items():
            yield from placed(("suppliers", name, "components"), supplier.components)

    def asked_of(self) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """Yield the roles of the declaration and of each step, with where they stand."""
        yield ("declaration", "by"), self.plan.declaration.by
        for name, step in self.plan.steps.items():
            yield ("steps", name, "by"), step.by


def placed(path: Path, names: tuple[str, ...]) -> Iterator[Placed]:
    """Yield the names of a list with their places."""
    return (((*path, place), name) for place, name in enumerate(names))


def _components_of(path: Path, step: RecoveryStep) -> Iterator[Placed]:
    yield from placed((*path, "restores"), step.restores)
    if step.switches is not None:
        of = step.switches.of
        # A single one may stand without a list.
        yield from placed((*path, "switches", "of"), of) if len(of) > 1 else [((*path, "switches", "of"), of[0])]
        yield (*path, "switches", "to"), step.switches.to
    yield from placed((*path, "with"), step.tools)
    yield from placed((*path, "at"), step.at)
