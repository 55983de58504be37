"""A system as it is, and as it would be with each of a list of changes.

A file of changes holds one what-if, ``{name: ..., changes: ...}``, or a list of them; a scenario is one as well, and only its
changes count here. Each is applied to the system alone, never to what another left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from impactsim.collector import collector_paused
from impactsim.files.documents import Document, plain
from impactsim.files.loading import LoadedScenario, LoadedSystem, Shelf, checked, is_scenario, loaded_system
from impactsim.files.merging import Patched, doubtful_changes
from impactsim.files.validation import keys_of
from impactsim.model.rules_lookup import Names
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.problems import InvalidInput, Problem
from impactsim.quantities import shown

Given = str | PathLike[str] | Mapping[str, Any]
"""A file, or what would stand in it."""


@dataclass(frozen=True)
class Variant:
    """A system, as it is or with changes.

    Parameters
    ----------
    name
        Name of the what-if; that of the system as it is.
    system
        The system.
    file
        Where the changes stand; the system's own file for the system as it is; empty without one.
    problems
        Warnings; never an error.
    place
        Gives a problem of this system its file and line.
    """

    name: str
    system: System
    file: str
    problems: tuple[Problem, ...]
    place: Callable[[Problem], Problem] = field(repr=False)


@dataclass(frozen=True, eq=False)
class _Base(Document):
    """A system that a scenario has changed already, in the place of a document of its own."""

    patched: Patched

    def place(self, problem: Problem) -> Problem:
        """Return the problem with the file, the line and the path at which its author wrote it."""
        return self.patched.place(problem)


def load_variants(system: Given, changes: Sequence[Given | Sequence[Mapping[str, Any]]] = ()) -> list[Variant]:
    """Read and check a system, and what-ifs on it.

    Parameters
    ----------
    system
        A YAML or JSON file, or what would stand in it: a system, or a scenario, of which the system with its changes counts.
    changes
        The same, of what-ifs, or lists of them.

    Returns
    -------
    list of Variant
        First the system as it is, then with each change, in the order of the files.

    Raises
    ------
    InvalidInput
        With every problem of all of them, each with file and line, if one is an error.
    """
    with collector_paused():
        document, today = _today(system)
        found: list[Problem] = []
        variants = [today]
        for given in changes:
            try:
                variants += [_changed(document, one, found) for one in _what_ifs(given)]
            except InvalidInput as error:
                found += error.problems
        if any(problem.severity == "error" for problem in found):
            raise InvalidInput(found)
    return variants


def _read(given: Any) -> tuple[Document, list[Problem]]:
    if not isinstance(given, str | PathLike):
        return plain(given), []
    document, found = Shelf().read(Path(given))
    if document is None or any(problem.severity == "error" for problem in found):
        raise InvalidInput(found)
    return document, found


def _today(given: Given) -> tuple[Document, Variant]:
    """Return a system, and the document of its data to which changes are made."""
    document, found = _read(dict(given) if isinstance(given, Mapping) else given)
    if not is_scenario(document.data):
        loaded: LoadedSystem | LoadedScenario = loaded_system(document, found)
        return document, Variant(loaded.system.name, loaded.system, loaded.file, loaded.problems, document.place)
    folder = Path(given).parent if isinstance(given, str | PathLike) else Path()
    loaded = Shelf().scenario_of(document, folder, found)
    patched = _patched(document, folder)
    base = _Base(document.file, patched.data, document.line, patched)
    return base, Variant(loaded.system.name, loaded.system, loaded.file, loaded.problems, base.place)


def _patched(scenario: Document, folder: Path) -> Patched:
    named = scenario.data["system"]
    if isinstance(named, str):
        return Patched(_read(folder / named)[0], scenario, inline=False)
    inline = Document(scenario.file, named, lambda path: scenario.line(("system", *path)))
    return Patched(inline, scenario, inline=True)


def _what_ifs(given: Any) -> list[Document]:
    """Return each what-if of a file as a document of its own."""
    document, found = _read(dict(given) if isinstance(given, Mapping) else given)
    if isinstance(document.data, list):
        parts = [_part(document, i) for i in range(len(document.data))]
        found += [] if parts else [document.place(Problem((), "there is no what-if in this list", code="length"))]
    else:
        parts = [document]
    for part in parts:
        found += [part.place(problem) for problem in _form_of(part.data)]
    if any(problem.severity == "error" for problem in found):
        raise InvalidInput(found)
    return parts


def _part(document: Document, i: int) -> Document:
    return Document(document.file, document.data[i], lambda path: document.line((i, *path)))


def _form_of(data: Any) -> list[Problem]:
    """Return what is wrong with the form of a what-if."""
    if not isinstance(data, dict):
        fault = f"a what-if is a mapping, with changes; this is {shown(data)}"
        return [Problem((), fault, "write {name: ..., changes: ...}, or a list of such", "file-kind")]
    keys = keys_of(Scenario)
    names = Names(keys)
    found = [
        Problem((key,), "there is no such key here", names.did_you_mean(str(key), ""), "unknown-key")
        for key in data
        if key not in keys
    ]
    if "changes" not in data:
        remedy = "add it: what is different from today, such as {components: {web: {restart: 2m}}}"
        found.append(Problem((), "the key 'changes' is missing", remedy, "missing-key"))
    elif data["changes"] == {}:
        remedy = "say what is different from today, such as {components: {web: {restart: 2m}}}"
        found.append(Problem(("changes",), "there is no change in it", remedy, "length"))
    elif not isinstance(data["changes"], dict):
        found.append(Problem(("changes",), f"must be a mapping, not {shown(data['changes'])}", code="wrong-type"))
    if not isinstance(data.get("name", ""), str):
        fault = f"must be text, not {shown(data['name'])}"
        found.append(Problem(("name",), fault, "put it in quotes", "wrong-type"))
    return found


def _changed(base: Document, what_if: Document, found: list[Problem]) -> Variant:
    """Return a system with changes; what is wrong with it is added to `found`."""
    patched = Patched(base, what_if, inline=False)
    system, problems = checked(patched.data)
    placed = [patched.place(problem) for problem in problems]
    placed += [what_if.place(problem) for problem in doubtful_changes(patched, system)]
    found += [problem for problem in placed if problem.severity == "error"]
    if system is None:
        raise InvalidInput([])
    return Variant(_name(what_if), system, what_if.file, tuple(placed), patched.place)


def _name(what_if: Document) -> str:
    return what_if.data.get("name") or Path(what_if.file).stem or "change"
