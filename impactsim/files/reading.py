"""The way from a file to a system or scenario that holds: read, schema, rules, and every problem with its place.

Everything in front of this room is text; behind it code trusts what it gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from impactsim.collector import collector_paused
from impactsim.files.documents import plain
from impactsim.files.loading import LoadedScenario, LoadedSystem, Shelf, loaded_system
from impactsim.problems import InvalidInput, Problem

__all__ = [
    "LoadedScenario",
    "LoadedSystem",
    "check_file",
    "check_files",
    "load_file",
    "load_scenario",
    "load_scenarios",
    "load_system",
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
        raise InvalidInput(_each_once(found))
    return loaded


def load_file(path: str | Path) -> LoadedSystem | LoadedScenario:
    """Read and check a file, whichever of the two it is.

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


def check_files(paths: Sequence[str | Path]) -> list[Problem]:
    """Check systems and scenarios.

    Parameters
    ----------
    paths
        YAML or JSON files; what each of them is shows in its keys.

    Returns
    -------
    list[Problem]
        Every problem and warning with its file and line, each once; those of the systems that scenarios name are among them.
    """
    shelf = Shelf()
    with collector_paused():
        return _each_once([problem for path in paths for problem in shelf.check(Path(path))])


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


def _each_once(problems: list[Problem]) -> list[Problem]:
    """Return the problems without those of a shared system that have been told already."""
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.file, problem.line, problem), problem)
    return list(seen.values())
