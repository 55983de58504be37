"""The way from a file to a system, scenario or plan that holds: read, schema, rules, and every problem with its place.

Everything in front of this room is text; behind it code trusts what it gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from impactsim.collector import collector_paused
from impactsim.files.documents import plain
from impactsim.files.loading import LoadedScenario, LoadedSystem, Shelf, each_once, is_plan, loaded_system, real_place
from impactsim.files.plans import LoadedPlan, plan_of
from impactsim.problems import InvalidInput, Problem

__all__ = [
    "LoadedPlan",
    "LoadedScenario",
    "LoadedSystem",
    "check_file",
    "check_files",
    "load_file",
    "load_plan",
    "load_scenario",
    "load_scenarios",
    "load_system",
    "load_system_or_scenario",
    "validate_plan",
    "validate_scenario",
    "validate_system",
]


def load_system(path: str | Path) -> LoadedSystem:
    """Read and check the file of a system.

    Parameters
    ----------
    path
        A YAML or JSON file.

    Returns
    -------
    LoadedSystem
        The system and the warnings about it.

    Raises
    ------
    InvalidInput
        With every problem, each with file and line, if one of them is an error.
    """
    with collector_paused():
        return Shelf().system(Path(path))


def load_scenario(path: str | Path) -> LoadedScenario:
    """Read and check the file of a scenario, and the system that it names.

    Parameters
    ----------
    path
        A YAML or JSON file.

    Returns
    -------
    LoadedScenario
        The scenario, its system with the changes applied, and the warnings about both.

    Raises
    ------
    InvalidInput
        With every problem, each with file and line, if one of them is an error.
    """
    return load_scenarios([path])[0]


def load_scenarios(paths: Sequence[str | Path]) -> list[LoadedScenario]:
    """Read and check several scenarios; a system that they share is read once.

    Parameters
    ----------
    paths
        YAML or JSON files.

    Returns
    -------
    list[LoadedScenario]
        In the order of `paths`.

    Raises
    ------
    InvalidInput
        With the problems of all of them, if one is an error.
    """
    shelf, loaded, found = Shelf(), [], []
    with collector_paused():
        for path in paths:
            try:
                loaded.append(shelf.scenario(Path(path)))
            except InvalidInput as error:
                found += error.problems
    if found:
        raise InvalidInput(each_once(found))
    return loaded


def load_plan(path: str | Path) -> LoadedPlan:
    """Read and check the file of a recovery plan, with the system and the scenarios that it names.

    Parameters
    ----------
    path
        A YAML or JSON file.

    Returns
    -------
    LoadedPlan
        The plan, its system and its scenarios, and the warnings about all of them.

    Raises
    ------
    InvalidInput
        With every problem, each with file and line, if one of them is an error.
    """
    shelf = Shelf()
    with collector_paused():
        document, found = shelf.read(Path(path))
        if document is None:
            raise InvalidInput(found)
        return plan_of(shelf, document, Path(path).parent, found)


def load_system_or_scenario(path: str | Path) -> LoadedSystem | LoadedScenario:
    """Read and check a file, whichever of the two it is; a plan is refused.

    Parameters
    ----------
    path
        A YAML or JSON file; what it is shows in its keys.

    Returns
    -------
    LoadedSystem or LoadedScenario
        What it holds.

    Raises
    ------
    InvalidInput
        With every problem, each with file and line, if one of them is an error.
    """
    with collector_paused():
        return Shelf().load(Path(path))


def load_file(path: str | Path) -> LoadedSystem | LoadedScenario | LoadedPlan:
    """Read and check a file, whichever of the three it is.

    Parameters
    ----------
    path
        A YAML or JSON file; what it is shows in its keys.

    Returns
    -------
    LoadedSystem, LoadedScenario or LoadedPlan
        What it holds.

    Raises
    ------
    InvalidInput
        With every problem, each with file and line, if one of them is an error.
    """
    with collector_paused():
        return _loaded(Shelf(), Path(path))


def check_files(paths: Sequence[str | Path]) -> list[Problem]:
    """Check systems, scenarios and recovery plans.

    Parameters
    ----------
    paths
        YAML or JSON files; what each of them is shows in its keys.

    Returns
    -------
    list[Problem]
        Every problem and warning with its file and line, each once; those of the files that scenarios and plans name are
        among them. What is a layer of another of these files is checked as part of that one only: alone it may lack much.
    """
    shelf = Shelf()
    found: list[Problem] = []
    with collector_paused():
        for path in paths:
            shelf.read(Path(path))
        for path in paths:
            if real_place(Path(path)) in shelf.layers:
                continue
            try:
                found += _loaded(shelf, Path(path)).problems
            except InvalidInput as error:
                found += error.problems
    return each_once(found)


def check_file(path: str | Path) -> list[Problem]:
    """Check one file, as `check_files` does."""
    return check_files([path])


def validate_system(data: dict[str, Any]) -> LoadedSystem:
    """Check a system that a program gives as plain data.

    Parameters
    ----------
    data
        What would stand in its file.

    Returns
    -------
    LoadedSystem
        The system and the warnings about it.

    Raises
    ------
    InvalidInput
        With every problem, if one of them is an error.

    Examples
    --------
    >>> validate_system({"impactsim": 1, "name": "One", "components": {"web": {}}}).system.components["web"].kind
    'service'
    """
    with collector_paused():
        return loaded_system(plain(data))


def validate_scenario(
    data: dict[str, Any], system: LoadedSystem | dict[str, Any] | None = None, folder: str | Path = "."
) -> LoadedScenario:
    """Check a scenario that a program gives as plain data.

    Parameters
    ----------
    data
        What would stand in its file.
    system
        The system; without it, the one that ``data["system"]`` holds or names.
    folder
        Where the file that ``data["system"]`` names is.

    Returns
    -------
    LoadedScenario
        The scenario, its system with the changes applied, and the warnings about both.

    Raises
    ------
    InvalidInput
        With every problem, if one of them is an error.
    """
    if system is not None and isinstance(data, dict):
        data = {**data, "system": system.data if isinstance(system, LoadedSystem) else system}
    with collector_paused():
        return Shelf().scenario_of(plain(data), Path(folder))


def validate_plan(data: dict[str, Any], folder: str | Path = ".") -> LoadedPlan:
    """Check a recovery plan that a program gives as plain data.

    Parameters
    ----------
    data
        What would stand in its file.
    folder
        Where the files are that it names.

    Returns
    -------
    LoadedPlan
        The plan, its system and its scenarios, and the warnings about all of them.

    Raises
    ------
    InvalidInput
        With every problem, if one of them is an error.
    """
    with collector_paused():
        return plan_of(Shelf(), plain(data), Path(folder))


def _loaded(shelf: Shelf, path: Path) -> LoadedSystem | LoadedScenario | LoadedPlan:
    document, found = shelf.read(path)
    if document is not None and is_plan(document.data):
        return plan_of(shelf, document, path.parent, found)
    return shelf.load(path)
