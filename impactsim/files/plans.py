"""Recovery plans from documents: the plan, its system, the scenarios against which it is to hold, and its changes.

Each scenario is checked as if somebody had asked for it alone; what is wrong in a file that several name is told once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from impactsim.files.documents import Document
from impactsim.files.loading import (
    LoadedScenario,
    Shelf,
    as_reference,
    checked,
    each_once,
    is_scenario,
    raise_errors,
    real_place,
    stop_without_a_mapping,
    wrong_kind,
)
from impactsim.files.merging import merge_patch
from impactsim.files.plan_changes import PlanFiles, Scene, problems_of_changes
from impactsim.files.plan_repairs import with_repairs
from impactsim.files.validation import validate
from impactsim.model.plan import RecoveryPlan
from impactsim.model.rules import check_plan, check_scenario
from impactsim.model.rules_lookup import Lookup
from impactsim.model.system import System
from impactsim.problems import InvalidInput, Problem
from impactsim.problems import Path as Place


@dataclass(frozen=True)
class LoadedPlan:
    """A recovery plan that holds together, with its system and its scenarios.

    Parameters
    ----------
    plan
        The plan.
    system
        Its system, as it is.
    system_data
        What the author of the system wrote, as plain data.
    scenarios
        In the order of the plan, each with the system as that scenario changes it.
    data
        What the author of the plan wrote, as plain data.
    file
        Name of its file; empty if it has none.
    folder
        Where the files are that it names.
    problems
        Warnings about the plan, its system and its scenarios; never an error.
    """

    plan: RecoveryPlan
    system: System = field(repr=False)
    system_data: dict[str, Any] = field(repr=False)
    scenarios: tuple[LoadedScenario, ...] = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    file: str = ""
    folder: Path = Path()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Around:
    """What a plan names, as far as it could be read, and what is wrong with it."""

    document: Document | None
    system: System | None
    scenes: tuple[Scene | None, ...]
    problems: list[Problem]


def plan_of(shelf: Shelf, document: Document, folder: Path, found: Sequence[Problem] = ()) -> LoadedPlan:
    """Return the plan in a document with all that it names, or raise all problems.

    Parameters
    ----------
    shelf
        Reads the files that it names.
    document
        The plan as it was read.
    folder
        Where the files are that it names.
    found
        What is wrong with its text.

    Returns
    -------
    LoadedPlan
        The plan, and the warnings about all of its files.

    Raises
    ------
    InvalidInput
        With every problem, if one of them is an error.
    """
    problems = [*found, *map(document.place, wrong_kind(document.data, "plan"))]
    stop_without_a_mapping(document, problems)
    plan, of_plan = validate(RecoveryPlan, document.data)
    around = _around(shelf, document, folder)
    if plan is not None and around.system is not None:
        of_plan += check_plan(plan, around.system, _systems(around.scenes, around.system))
    if plan is not None:
        around = _with_repairs(plan, around)
    problems = _in_order(document.file, [*problems, *map(document.place, of_plan), *around.problems])
    scenes = tuple(scene for scene in around.scenes if scene is not None)
    if plan is not None and around.system is not None and len(scenes) == len(plan.scenarios):
        assert around.document is not None
        files = PlanFiles(document, around.document, around.system, scenes)
        problems = _in_order(document.file, [*problems, *problems_of_changes(plan, files, problems)])
    raise_errors(problems)
    assert plan is not None
    assert around.document is not None
    assert around.system is not None
    loaded = tuple(scene.loaded for scene in scenes)
    return LoadedPlan(
        plan, around.system, around.document.data, loaded, document.data, document.file, folder, tuple(problems)
    )


def changed(loaded: LoadedPlan, change_id: str) -> LoadedPlan:
    """Return a plan with one of its changes made, to the system first, then to what its scenarios make of that.

    Parameters
    ----------
    loaded
        A plan; it stays as it is. One that was changed already may be changed further.
    change_id
        Id of one of its changes.

    Returns
    -------
    LoadedPlan
        The changed plan, with the systems of all its scenarios; its warnings are those of the plan as it was.

    Raises
    ------
    KeyError
        If the plan has no such change.
    InvalidInput
        If several changes, each of which is possible by itself, exclude one another.
    """
    change = loaded.plan.changes[change_id]
    data = merge_patch(loaded.data, change.plan or {})
    plan, found = (loaded.plan, list[Problem]()) if not change.plan else validate(RecoveryPlan, data)
    if not change.system:
        system, system_data, scenarios = loaded.system, loaded.system_data, loaded.scenarios
    else:
        system_data = merge_patch(loaded.system_data, change.system)
        system = _holds(system_data)
        lookup = Lookup(system)
        scenarios = tuple(_happening_to(scenario, system, system_data, lookup) for scenario in loaded.scenarios)
    if plan is not None:
        found += check_plan(plan, system, [scenario.system for scenario in scenarios])
    raise_errors(found)
    assert plan is not None
    return replace(loaded, plan=plan, system=system, system_data=system_data, scenarios=scenarios, data=data)


def _around(shelf: Shelf, plan: Document, folder: Path) -> _Around:
    """Read the files that a plan names, whatever else is wrong with it."""
    document, system, problems = _system_of(shelf, plan, folder)
    named = plan.data.get("system")
    system_file = real_place(folder / named) if isinstance(named, str) else None
    scenes, seen = list[Scene | None](), dict[str, int]()
    listed = plan.data.get("scenarios")
    for place, entry in enumerate(listed if isinstance(listed, list) else ()):
        path: Place = ("scenarios", place, "file") if isinstance(entry, dict) else ("scenarios", place)
        file = entry.get("file") if isinstance(entry, dict) else entry
        if not isinstance(file, str):
            continue  # the schema tells
        earlier = seen.setdefault(real_place(folder / file), place)
        if earlier != place:
            fault = f"this scenario stands here already, at scenarios[{earlier}]"
            problems.append(plan.place(Problem(path, fault, "leave one out", "scenario-twice")))
            scenes.append(None)
            continue
        scene, found = _scene_of(shelf, plan, path, folder / file, system_file)
        scenes.append(scene)
        problems += found
    return _Around(document, system, tuple(scenes), problems)


def _with_repairs(plan: RecoveryPlan, around: _Around) -> _Around:
    """Leave out the warning that something stays down for good which a step of the plan restores."""
    scenes, problems = list[Scene | None](), list(around.problems)
    for scene in around.scenes:
        kept, needless = (None, list[Problem]()) if scene is None else with_repairs(plan, scene)
        problems = [each for each in problems if each not in needless]
        problems += [] if kept is None else [each for each in kept.loaded.problems if each not in problems]
        scenes.append(kept)
    return replace(around, scenes=tuple(scenes), problems=problems)


def _system_of(shelf: Shelf, plan: Document, folder: Path) -> tuple[Document | None, System | None, list[Problem]]:
    """Return the system of a plan, as it was read and as it holds, and the placed problems of it."""
    named = plan.data.get("system")
    if not isinstance(named, str):
        return None, None, []  # the schema tells
    path = folder / named
    document, found = shelf.read(path)
    if document is None:
        return None, None, [as_reference(problem, plan) for problem in found]
    wrong = [*map(document.place, wrong_kind(document.data, "system"))]
    if wrong:
        return None, None, [*found, *wrong]
    system, of_system = shelf.system_in(path, document)
    return document, system, [*found, *of_system]


def _scene_of(
    shelf: Shelf, plan: Document, path: Place, file: Path, system_file: str | None
) -> tuple[Scene | None, list[Problem]]:
    """Return a scenario of a plan that is named at `path`, and the placed problems of it."""
    document, found = shelf.read(file)
    if document is None:
        return None, [as_reference(problem, plan, path) for problem in found]
    other = _other_system(document, file, system_file)
    if other:
        remedy = "let it name the same file as the plan, and write what is different in it under its changes"
        return None, [*found, plan.place(Problem(path, other, remedy, "other-system"))]
    try:
        loaded = shelf.scenario_of(document, file.parent, found)
    except InvalidInput as error:
        return None, error.problems
    return Scene(document, loaded), list(loaded.problems)


def _other_system(scenario: Document, file: Path, system_file: str | None) -> str:
    """Say how the system of a scenario is another than that of the plan; nothing if it is not, or if it has none at all."""
    if system_file is None or not is_scenario(scenario.data):
        return ""
    named = scenario.data.get("system")
    if isinstance(named, dict):
        return f"{file} holds a system of its own"
    if isinstance(named, str) and real_place(file.parent / named) != system_file:
        return f"{file} is about another system, {named}"
    return ""


def _systems(scenes: Sequence[Scene | None], system: System) -> list[System]:
    """Return the systems of scenarios; of one that does not hold, that of the plan."""
    return [scene.loaded.system if scene is not None else system for scene in scenes]


def _in_order(file: str, problems: Sequence[Problem]) -> list[Problem]:
    """Return each problem once: first those of the file that was asked for, then of the others as they are named."""
    order = {name: place for place, name in enumerate(dict.fromkeys([file, *(each.file for each in problems)]))}
    return sorted(each_once(problems), key=lambda problem: (order[problem.file], problem.line))


def _holds(data: dict[str, Any]) -> System:
    system, found = checked(data)
    raise_errors(found)
    assert system is not None
    return system


def _happening_to(loaded: LoadedScenario, system: System, data: dict[str, Any], lookup: Lookup) -> LoadedScenario:
    """Return a scenario that happens to a system with plain `data`, and changes it as before."""
    changes = loaded.scenario.changes
    scene = _holds(merge_patch(data, changes)) if changes else system
    raise_errors(check_scenario(loaded.scenario, scene, lookup if scene is system else None))
    return replace(loaded, system=scene)
