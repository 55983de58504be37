"""Systems and scenarios from documents: their schema, their rules, and each problem at its place."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from impactsim.files.documents import Document
from impactsim.files.layers import laid_upon
from impactsim.files.merging import Patched, doubtful_changes
from impactsim.files.opening import read_document
from impactsim.files.validation import keys_of, validate
from impactsim.model.rules import check_scenario, check_system
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.problems import InvalidInput, Problem
from impactsim.problems import Path as Place
from impactsim.quantities import shown

Kind = Literal["system", "scenario", "plan"]
"""What a file can be."""

_CALLED: dict[Kind, str] = {"system": "system", "scenario": "scenario", "plan": "recovery plan"}
_KEYS: dict[Kind, str] = {"system": "components", "scenario": "events and system", "plan": "services and steps"}
_INSTEAD: dict[tuple[Kind, Kind], str] = {
    ("scenario", "system"): "name the file of its system",
    ("plan", "system"): "name the file of its system",
    ("system", "scenario"): "write a scenario that names this file under `system`",
    ("plan", "scenario"): "name one of its scenarios",
    ("system", "plan"): "write a plan that names this file under `system`",
    ("scenario", "plan"): "write a plan that names this file under `scenarios`",
}
"""What to do about a file that is the first where the second is wanted."""


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
    """Reads each file once, however many scenarios name it, and by which way they do."""

    def __init__(self) -> None:
        self._documents: dict[str, tuple[Document | None, list[Problem]]] = {}
        self._systems: dict[str, tuple[System | None, list[Problem]]] = {}
        self._written: dict[str, tuple[Document | None, list[Problem]]] = {}
        self.layers: set[str] = set()
        """The files that are layers of others, as `real_place` has them."""

    def read(self, path: Path) -> tuple[Document | None, list[Problem]]:
        """Return what is in a file as plain data, none if it cannot be understood, and what is wrong with its text."""
        place = real_place(path)
        if place not in self._documents:
            document, found = self._as_written(path)
            if _has_layers(document):
                assert document is not None
                layers, of_layers = self._layers_of(document, path, [place])
                found = [*found, *of_layers]
                document, problems = (None, []) if layers is None else laid_upon(document, layers)
                found += problems
            self._documents[place] = document, found
        return self._documents[place]

    def _as_written(self, path: Path) -> tuple[Document | None, list[Problem]]:
        """Return what is in a file, layers not laid."""
        place = real_place(path)
        if place not in self._written:
            self._written[place] = read_document(path)
        return self._written[place]

    def _layers_of(self, top: Document, file: Path, below: list[str]) -> tuple[list[Document] | None, list[Problem]]:
        """Return the layers of a file, the lowest first, none if one cannot be understood.

        What a layer lies upon itself comes before it, and each file counts once, where it comes first (S11.1). `below` are the places
        of the files from the one that was asked for down to this one.
        """
        named, layers, problems = top.data["layers"], list[Document](), list[Problem]()
        if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
            fault = f"must be a list of files, not {shown(named)}"
            return None, [top.place(Problem(("layers",), fault, "write [imported.yaml]", "wrong-type"))]
        is_whole = True
        for number, name in enumerate(named):
            found, of_layer = self._layer(top, ("layers", number), file.parent / name, below)
            problems += of_layer
            is_whole &= found is not None
            layers += [each for each in found or () if each not in layers]
        return (layers if is_whole else None), problems

    def _layer(
        self, top: Document, path: Place, file: Path, below: list[str]
    ) -> tuple[list[Document] | None, list[Problem]]:
        """Return one layer behind those that it lies upon, none if it cannot be understood, and what is wrong with it."""
        place = real_place(file)
        if place in below:
            fault = f"{file.name} is laid upon itself"
            return None, [top.place(Problem(path, fault, "leave it out", "layer-circle"))]
        self.layers.add(place)
        document, found = self._as_written(file)
        if document is None:
            return None, [as_reference(problem, top, path) for problem in found]
        wrong = [*map(document.place, wrong_kind(document.data, "system"))]
        if wrong or not _has_layers(document):
            return (None if wrong else [document]), [*found, *wrong]
        layers, of_layers = self._layers_of(document, file, [*below, place])
        return (None if layers is None else [*layers, document]), [*found, *of_layers]

    def system(self, path: Path) -> LoadedSystem:
        """Return the system in a file, or raise all problems."""
        document, found = self.read(path)
        if document is None:
            raise InvalidInput(found)
        return loaded_system(document, found)

    def scenario(self, path: Path) -> LoadedScenario:
        """Return the scenario in a file, or raise all problems."""
        document, found = self.read(path)
        if document is None:
            raise InvalidInput(found)
        return self.scenario_of(document, path.parent, found)

    def load(self, path: Path) -> LoadedSystem | LoadedScenario:
        """Return the system or the scenario in a file, or raise all problems."""
        document, found = self.read(path)
        if document is None:
            raise InvalidInput(found)
        if is_scenario(document.data):
            return self.scenario_of(document, path.parent, found)
        return loaded_system(document, found)

    def system_in(self, path: Path, document: Document) -> tuple[System | None, list[Problem]]:
        """Return the system in a document that was read from `path`, none if the schema refuses it, and its problems."""
        place = real_place(path)
        if place not in self._systems:
            system, found = checked(document.data)
            self._systems[place] = system, [*map(document.place, found)]
        return self._systems[place]

    def scenario_of(self, document: Document, folder: Path, found: Sequence[Problem] = ()) -> LoadedScenario:
        """Return the scenario in a document, or raise all problems, `found` in its text among them."""
        problems = [*found, *map(document.place, wrong_kind(document.data, "scenario"))]
        stop_without_a_mapping(document, problems)
        system, of_system = self._system_of(document, folder)
        scenario, of_scenario = validate(Scenario, _without_system(document.data, system))
        if scenario is not None and system is not None:
            of_scenario += check_scenario(scenario, system)
        problems = sorted([*problems, *map(document.place, of_scenario)], key=lambda problem: problem.line)
        # First the file that was asked for, then the one that it names.
        problems += sorted(of_system, key=lambda problem: (problem.file != document.file, problem.file, problem.line))
        raise_errors(problems)
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
        document, found = self.read(path)
        if document is None:
            return None, [as_reference(problem, scenario) for problem in found]
        wrong = [*map(document.place, wrong_kind(document.data, "system"))]
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
        return self._patched(patched) if patched.changes else self.system_in(path, document)

    def _patched(self, patched: Patched) -> tuple[System | None, list[Problem]]:
        system, found = checked(patched.data)
        placed = [patched.place(problem) for problem in found]
        return system, [*placed, *map(patched.scenario.place, doubtful_changes(patched, system))]


def _has_layers(document: Document | None) -> bool:
    return document is not None and isinstance(document.data, dict) and "layers" in document.data


def loaded_system(document: Document, found: Sequence[Problem] = ()) -> LoadedSystem:
    """Return the system in a document, or raise all problems, `found` in its text among them."""
    problems = [*found, *map(document.place, wrong_kind(document.data, "system"))]
    stop_without_a_mapping(document, problems)
    system, of_system = checked(document.data)
    problems = sorted(
        [*problems, *map(document.place, of_system)],
        key=lambda problem: (problem.file != document.file, problem.file, problem.line),
    )
    raise_errors(problems)
    assert system is not None
    return LoadedSystem(system, document.data, document.file, tuple(problems))


def checked(data: dict[str, Any]) -> tuple[System | None, list[Problem]]:
    """Return the system in plain data, none if the schema refuses it, and what schema or rules find wrong."""
    system, found = validate(System, data)
    return system, check_system(system) if system is not None else found


def is_plan(data: Any) -> bool:
    """Tell by its keys whether a file is a recovery plan."""
    if not isinstance(data, dict) or "components" in data or "events" in data:
        return False
    return "plan" in data or ("declaration" in data and "services" in data)


def is_scenario(data: Any) -> bool:
    """Tell by its keys whether a file is a scenario; what is neither that nor a plan is taken for a system."""
    if not isinstance(data, dict) or "components" in data:
        return isinstance(data, dict) and ("events" in data or "system" in data)
    only_scenario = set(keys_of(Scenario)) - set(keys_of(System))
    return not is_plan(data) and any(key in only_scenario for key in data)


def wrong_kind(data: Any, wanted: Kind) -> list[Problem]:
    """Return the problem of a file that is no mapping, or of another kind than is wanted."""
    if not isinstance(data, dict):
        fault = f"a {_CALLED[wanted]} is a mapping, with {_KEYS[wanted]}; this is {shown(data)}"
        return [Problem((), fault, code="file-kind")]
    found: Kind = "plan" if is_plan(data) else "scenario" if is_scenario(data) else "system"
    # Components belong to a system: a file that has them is one for sure, or it is nothing for sure.
    is_sure = ("components" in data) == (found == "system")
    if found == wanted or not is_sure:
        return []
    fault = f"this is a {_CALLED[found]}; a {_CALLED[wanted]} is wanted here"
    return [Problem((), fault, _INSTEAD[found, wanted], "file-kind")]


def stop_without_a_mapping(document: Document, problems: list[Problem]) -> None:
    """Raise the problems if one of them is that this is no file of the kind that is wanted."""
    if any(problem.code == "file-kind" for problem in problems):
        raise InvalidInput(problems)
    assert isinstance(document.data, dict)


def _without_system(data: dict[str, Any], system: System | None) -> dict[str, Any]:
    """Return the data of a scenario in which the system is not validated again."""
    named = data.get("system")
    if "system" not in data or isinstance(named, str):
        return data
    return {**data, "system": system if system is not None else ""}


def as_reference(problem: Problem, document: Document, path: Place = ("system",)) -> Problem:
    """Place where a file is named, at `path` of `document`, what is wrong with the file as a whole."""
    if problem.line:
        return problem
    return document.place(Problem(path, f"{problem.file}: {problem.fault}", problem.remedy, problem.code))


def raise_errors(problems: list[Problem]) -> None:
    """Raise all problems if one of them is an error."""
    if any(problem.severity == "error" for problem in problems):
        raise InvalidInput(problems)


def each_once(problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems without those of a shared system that have been told already."""
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.file, problem.line, problem), problem)
    return list(seen.values())


def real_place(path: Path) -> str:
    """Return the same text for all ways of naming a file."""
    try:
        return os.path.realpath(path)
    except ValueError:  # a NUL in the name, which no file has
        return str(path)
