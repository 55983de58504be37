"""The changes that a recovery plan lists: each must leave a plan, a system and scenarios that hold together.

A change is made as `merging` makes what-ifs, to the plan and to its system, and everything is checked once more. Told is what
was not wrong before: at the part of the change that is to blame, or at the change as a whole for what it breaks elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from impactsim.files.documents import Document
from impactsim.files.loading import LoadedScenario, checked
from impactsim.files.merging import Patched, doubtful_changes
from impactsim.files.validation import validate
from impactsim.model.plan import PlanChange, RecoveryPlan
from impactsim.model.rules import check_plan, check_scenario
from impactsim.model.rules_lookup import Lookup
from impactsim.model.system import System
from impactsim.problems import Path, Problem, dotted


class Scene(NamedTuple):
    """A scenario of a plan, as it was read and as it holds."""

    document: Document
    loaded: LoadedScenario


class PlanFiles(NamedTuple):
    """A plan and what it names, as they were read; the whole system also as it holds."""

    plan: Document
    system: Document
    whole: System
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, eq=False)
class _Change(Document):
    """One of the two patches of a change, in the place of a scenario that makes it."""

    under: Path

    def place(self, problem: Problem) -> Problem:
        """Return a problem at `changes` with the path and the line at which the patch stands in the plan."""
        path = (*self.under, *problem.path[1:])
        return replace(problem, path=path).at(self.file, self.line(path))


@dataclass(frozen=True, eq=False)
class _Base(Document):
    """A system that a change has changed already, in the place of a document of its own."""

    patched: Patched

    def place(self, problem: Problem) -> Problem:
        """Return the problem with the file, the line and the path at which its author wrote it."""
        return self.patched.place(problem)


def problems_of_changes(plan: RecoveryPlan, files: PlanFiles, known: Sequence[Problem]) -> list[Problem]:
    """Return what is wrong with the changes of a plan.

    Parameters
    ----------
    plan
        The plan.
    files
        The plan and what it names, as they were read.
    known
        What is wrong without any change, with files and lines; it is not told again.

    Returns
    -------
    list[Problem]
        Errors, and warnings about components that only a change names; all of them in the plan's file.
    """
    told = {(problem.file, problem) for problem in known}
    found: list[Problem] = []
    for name, change in plan.changes.items():
        if change.system or change.plan:
            found += _of_change(name, change, files, told)
    return found


def _of_change(name: str, change: PlanChange, files: PlanFiles, told: set[tuple[str, Problem]]) -> list[Problem]:
    of_plan = _patched(files.plan, files.plan, ("changes", name, "plan"), change.plan)
    of_system = _patched(files.system, files.plan, ("changes", name, "system"), change.system, of_plan.data)
    system, scenes, placed = _systems(files, of_system)
    plan, wrong = validate(RecoveryPlan, of_plan.data)
    if plan is not None and system is not None and len(scenes) == len(files.scenes):
        wrong += _other_scenarios(plan, files) or check_plan(plan, system, scenes)
    placed += [of_plan.place(problem) for problem in wrong]
    doubtful = [of_system.scenario.place(problem) for problem in doubtful_changes(of_system, system)]
    return [*_blamed(files.plan, name, change, placed, told), *doubtful]


def _patched(
    document: Document, plan: Document, under: Path, patch: dict[str, Any] | None, named: Any = None
) -> Patched:
    """Return data with a patch that stands in the plan at `under`; what `named` names is no slip of the pen."""
    data = {"changes": patch, "events": named}
    return Patched(document, _Change(plan.file, data, plan.line, under), inline=False)


def _systems(files: PlanFiles, patched: Patched) -> tuple[System | None, list[System], list[Problem]]:
    """Return a changed system, the same as each scenario changes it further, and what is then wrong."""
    if not patched.changes:
        return files.whole, [scene.loaded.system for scene in files.scenes], []
    system, wrong = checked(patched.data)
    placed = [patched.place(problem) for problem in wrong]
    if system is None:
        return None, [], placed
    systems: list[System] = []
    lookup = Lookup(system)
    for scene in files.scenes:
        further, of_scene = _further(files, patched, system, scene, lookup)
        systems += [further] if further is not None else []
        placed += of_scene
    return system, systems, placed


def _further(
    files: PlanFiles, patched: Patched, system: System, scene: Scene, lookup: Lookup
) -> tuple[System | None, list[Problem]]:
    """Return a changed system as a scenario changes it further, and what is wrong with both."""
    document, loaded = scene
    if not loaded.scenario.changes:
        return system, [document.place(problem) for problem in check_scenario(loaded.scenario, system, lookup)]
    further = Patched(_Base(files.system.file, patched.data, files.system.line, patched), document, inline=False)
    own, wrong = checked(further.data)
    placed = [further.place(problem) for problem in wrong]
    if own is not None:
        placed += [document.place(problem) for problem in check_scenario(loaded.scenario, own)]
    return own, placed


def _other_scenarios(plan: RecoveryPlan, files: PlanFiles) -> list[Problem]:
    """Find a change of the list of scenarios that is more than how each of them is detected."""
    listed = files.plan.data["scenarios"]
    before = [entry["file"] if isinstance(entry, dict) else entry for entry in listed]
    if [scenario.file for scenario in plan.scenarios] == before:
        return []
    fault = "a change is tried with the scenarios of the plan, in their order"
    return [Problem(("scenarios",), fault, "name the same files", "change-of-question")]


def _blamed(
    plan: Document, name: str, change: PlanChange, placed: Sequence[Problem], told: set[tuple[str, Problem]]
) -> Iterator[Problem]:
    """Yield the errors that a change makes, each at the change and once."""
    seen: set[Problem] = set()
    for problem in placed:
        if problem.severity == "warning" or (problem.file, problem) in told:
            continue
        is_own = problem.path[:2] == ("changes", name) and problem.file == plan.file
        blamed = problem if is_own else plan.place(_elsewhere(name, change, problem))
        if blamed not in seen:
            seen.add(blamed)
            yield blamed


def _elsewhere(name: str, change: PlanChange, problem: Problem) -> Problem:
    """Return the problem of a change that breaks something which it does not name."""
    parts = [part for part, patch in (("system", change.system), ("plan", change.plan)) if patch]
    place = f"{problem.file}:{problem.line}: " if problem.file and problem.line else ""
    fault = f"with this change {place}{dotted(problem.path)}: {problem.fault}"
    path = ("changes", name, *parts) if len(parts) == 1 else ("changes", name)
    return Problem(path, fault, problem.remedy, problem.code)
