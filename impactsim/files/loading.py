"""Systems and scenarios from documents: their schema, their rules, and each problem at its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impactsim.files.documents import Document
from impactsim.files.merging import Patched, doubtful_changes
from impactsim.files.opening import read_document
from impactsim.files.validation import keys_of, validate
from impactsim.model.rules import check_scenario, check_system
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.problems import InvalidInput, Problem
from impactsim.quantities import shown


@dataclass(frozen=True)
class LoadedSystem:
    """A system that holds, with what it was made of.

    Parameters
    ----------
    system
        The system.
    data
        What its author wrote, as plain data.
    file
        Name of its file; empty if it has none.
    problems
        Warnings; never an error.
    """

    system: System
    data: dict[str, Any] = field(repr=False)
    file: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario that holds, and its system.

    Parameters
    ----------
    scenario
        The scenario; its ``system`` is the name of a file where it was one, else the system.
    system
        The system with the scenario's changes applied: what a run runs on.
    data
        What the author of the scenario wrote, as plain data.
    file
        Name of its file; empty if it has none.
    problems
        Warnings about the scenario and its system; never an error.
    """

    scenario: Scenario
    system: System = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    file: str = ""
    problems: tuple[Problem, ...] = ()


class Shelf:
    """Reads each file once, however many scenarios name it."""

    def __init__(self) -> None:
        self._documents: dict[Path, tuple[Document | None, list[Problem]]] = {}
        self._systems: dict[Path, tuple[System | None, list[Problem]]] = {}

    def system(self, path: Path) -> LoadedSystem:
        """Return the system in a file, or raise all problems."""
        document, found = self._read(path)
        if document is None:
            raise InvalidInput(found)
        return loaded_system(document, found)

    def scenario(self, path: Path) -> LoadedScenario:
        """Return the scenario in a file, or raise all problems."""
        document, found = self._read(path)
        if document is None:
            raise InvalidInput(found)
        return self.scenario_of(document, path.parent, found)

    def load(self, path: Path) -> LoadedSystem | LoadedScenario:
        """Return what is in a file, or raise all problems."""
        document, found = self._read(path)
        if document is None:
            raise InvalidInput(found)
        if is_scenario(document.data):
            return self.scenario_of(document, path.parent, found)
        return loaded_system(document, found)

    def check(self, path: Path) -> list[Problem]:
        """Return all problems and warnings of a file, whatever it is."""
        try:
            return list(self.load(path).problems)
        except InvalidInput as error:
            return error.problems

    def scenario_of(self, document: Document, folder: Path, found: Sequence[Problem] = ()) -> LoadedScenario:
        """Return the scenario in a document, or raise all problems, `found` in its text among them."""
        problems = [*found, *map(document.place, _wrong_kind(document.data, "scenario"))]
        _stop_without_a_mapping(document, problems)
        system, of_system = self._system_of(document, folder)
        scenario, of_scenario = validate(Scenario, _without_system(document.data, system))
        if scenario is not None and system is not None:
            of_scenario += check_scenario(scenario, system)
        problems = sorted([*problems, *map(document.place, of_scenario)], key=lambda problem: problem.line)
        # First the file that was asked for, then the one that it names.
        problems += sorted(of_system, key=lambda problem: (problem.file != document.file, problem.file, problem.line))
        _raise_errors(problems)
        assert scenario is not None
        assert system is not None
        return LoadedScenario(scenario, system, document.data, document.file, tuple(problems))

    def _system_of(self, scenario: Document, folder: Path) -> tuple[System | None, list[Problem]]:
        """Return the system of a scenario with its changes, and the placed problems of it."""
        named = scenario.data.get("system")
        if isinstance(named, System):
            return self._given_system(scenario, named)
        if isinstance(named, dict):
            inline = Document(scenario.file, named, lambda path: scenario.line(("system", *path)))
            return self._patched(Patched(inline, scenario, inline=True))
        if not isinstance(named, str):
            fault = f"must be the file of a system, or a whole system, not {shown(named)}"
            wrong = [Problem(("system",), fault, code="wrong-type")] if "system" in scenario.data else []
            return None, [*map(scenario.place, wrong)]
        path = folder / named
        document, found = self._read(path)
        if document is None:
            return None, [_as_reference(problem, scenario) for problem in found]
        wrong = [*map(document.place, _wrong_kind(document.data, "system"))]
        if wrong:
            return None, [*found, *wrong]
        system, of_system = self._named_system(path, document, scenario)
        return system, [*found, *of_system]

    def _given_system(self, scenario: Document, system: System) -> tuple[System | None, list[Problem]]:
        """Take a system that is one already; changes are to what an author wrote, which it no longer is."""
        if not scenario.data.get("changes"):
            return system, check_system(system)
        remedy = "give the system as plain data"
        return None, [Problem(("changes",), "only a system in plain data can be changed", remedy, "changes-of-model")]

    def _named_system(self, path: Path, document: Document, scenario: Document) -> tuple[System | None, list[Problem]]:
        patched = Patched(document, scenario, inline=False)
        if patched.changes:
            return self._patched(patched)
        if path not in self._systems:
            self._systems[path] = self._patched(patched)
        return self._systems[path]

    def _patched(self, patched: Patched) -> tuple[System | None, list[Problem]]:
        system, found = checked(patched.data)
        placed = [patched.place(problem) for problem in found]
        return system, [*placed, *map(patched.scenario.place, doubtful_changes(patched, system))]

    def _read(self, path: Path) -> tuple[Document | None, list[Problem]]:
        if path not in self._documents:
            self._documents[path] = read_document(path)
        return self._documents[path]


def loaded_system(document: Document, found: Sequence[Problem] = ()) -> LoadedSystem:
    """Return the system in a document, or raise all problems, `found` in its text among them."""
    problems = [*found, *map(document.place, _wrong_kind(document.data, "system"))]
    _stop_without_a_mapping(document, problems)
    system, of_system = checked(document.data)
    problems = sorted([*problems, *map(document.place, of_system)], key=lambda problem: problem.line)
    _raise_errors(problems)
    assert system is not None
    return LoadedSystem(system, document.data, document.file, tuple(problems))


def checked(data: dict[str, Any]) -> tuple[System | None, list[Problem]]:
    """Return the system in plain data, none if the schema refuses it, and what schema or rules find wrong."""
    system, found = validate(System, data)
    return system, check_system(system) if system is not None else found


def is_scenario(data: Any) -> bool:
    """Tell by its keys whether a file is a scenario; what is neither is taken for a system."""
    if not isinstance(data, dict) or "components" in data:
        return isinstance(data, dict) and ("events" in data or "system" in data)
    only_scenario = set(keys_of(Scenario)) - set(keys_of(System))
    return any(key in only_scenario for key in data)


def _wrong_kind(data: Any, wanted: str) -> list[Problem]:
    """Return the problem of a file that is no mapping, or a scenario in place of a system, or the reverse."""
    keys = "events and system" if wanted == "scenario" else "components"
    if not isinstance(data, dict):
        return [Problem((), f"a {wanted} is a mapping, with {keys}; this is {shown(data)}", code="file-kind")]
    looks_like_one = is_scenario(data)
    if wanted == "system" and looks_like_one and "components" not in data:
        return [Problem((), "this is a scenario; a system is wanted here", "name the file of its system", "file-kind")]
    if wanted == "scenario" and not looks_like_one and "components" in data:
        remedy = "write a scenario that names this file under `system`"
        return [Problem((), "this is a system; a scenario is wanted here", remedy, "file-kind")]
    return []


def _stop_without_a_mapping(document: Document, problems: list[Problem]) -> None:
    if any(problem.code == "file-kind" for problem in problems):
        raise InvalidInput(problems)
    assert isinstance(document.data, dict)


def _without_system(data: dict[str, Any], system: System | None) -> dict[str, Any]:
    """Return the data of a scenario in which the system is not validated again."""
    named = data.get("system")
    if "system" not in data or isinstance(named, str):
        return data
    return {**data, "system": system if system is not None else ""}


def _as_reference(problem: Problem, scenario: Document) -> Problem:
    """Place at the scenario's ``system`` what is wrong with the file as a whole."""
    if problem.line:
        return problem
    fault = f"{problem.file}: {problem.fault}"
    return scenario.place(Problem(("system",), fault, problem.remedy, problem.code))


def _raise_errors(problems: list[Problem]) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise InvalidInput(problems)
