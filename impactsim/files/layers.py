"""Systems of several files: what each layer says is laid upon those below, and everything keeps its place.

Theory of operation. The data of the layers are merged from the lowest to the highest, component by component, as S11 says:
single values by JSON Merge Patch, needs one by one. Where something of the merged system stands is found when somebody asks, by
looking for it in the layers from the highest down; only needs, whose places in lists change, are kept account of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from impactsim.files.documents import Document
from impactsim.files.layer_names import Entry, Renaming, named_in, renamed
from impactsim.files.layer_needs import PlacedNeeds, laid_needs, without
from impactsim.files.merging import merge_patch
from impactsim.model.provenance import sureness
from impactsim.model.rules_lookup import Names
from impactsim.problems import Path, Problem

_OF_FILES = {"layers", "imported"}
"""Keys that are about a file, not about the system."""


@dataclass
class _Laid:
    """What the layers so far say together."""

    data: dict[str, Any] = field(default_factory=dict)
    needs: dict[str, PlacedNeeds] = field(default_factory=dict)
    """Where the needs of a component stand, where that is not in their order in one layer."""
    defined_in: dict[str, list[int]] = field(default_factory=dict)
    """The layers that speak of a component."""


def laid_upon(top: Document, layers: Sequence[Document]) -> tuple[Document, list[Problem]]:
    """Return a system of several files as one document.

    Parameters
    ----------
    top
        The file that names the layers; it is the highest layer itself.
    layers
        The others, the lowest first; each is a mapping.

    Returns
    -------
    tuple[Document, list[Problem]]
        The document, which places problems in the layers; and what is wrong with how they lie upon one another, placed.
    """
    documents = [*layers, top]
    renaming, problems = renamed(documents)
    laid = _Laid()
    for number, others in enumerate(renaming.others):
        _lay(laid, others)
        for entry in renaming.entries[number]:
            _lay_component(laid, entry, number, bool(renaming.new))
    places = _Places(documents, renaming, laid)
    found = Document(top.file, laid.data, top.line, where=places.where)
    return found, [*problems, *map(places.placed, _doubtful(documents, renaming, laid))]


def _lay(laid: _Laid, data: dict[str, Any]) -> None:
    """Lay what a layer says besides its components upon those below."""
    for key, value in data.items():
        if key in _OF_FILES:
            continue
        below = laid.data.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            laid.data[key] = merge_patch(below, value)
        elif value is None:
            laid.data.pop(key, None)
        else:
            laid.data[key] = value


def _lay_component(laid: _Laid, entry: Entry, number: int, are_renamed: bool) -> None:
    components = laid.data.setdefault("components", {})
    if not isinstance(components, dict):  # a lower layer has something else there, and the schema tells
        components = laid.data["components"] = {}
    name, upper, lower = entry.name, entry.component, components.get(entry.name)
    laid.defined_in.setdefault(name, []).append(number)
    if upper is None and name in components:
        del components[name]
        laid.needs.pop(name, None)
        _forget(laid, name)
        return
    places = PlacedNeeds.of(upper, number, entry.own)
    if are_renamed and isinstance(upper, dict) and "needs" in upper:
        needs, places = without(upper["needs"], places, {name})
        upper = {**upper, "needs": needs}
    if not isinstance(upper, dict) or not isinstance(lower, dict):
        components[name], laid.needs[name] = upper, places
    else:
        components[name], laid.needs[name] = _laid_component(lower, laid.needs[name], upper, places)


def _laid_component(
    lower: dict[str, Any], lower_places: PlacedNeeds, upper: dict[str, Any], upper_places: PlacedNeeds
) -> tuple[dict[str, Any], PlacedNeeds]:
    """Return a component with what a higher layer says of it, and the places of its needs."""
    is_import = "origin" in upper
    both = is_import and "origin" in lower
    is_surer_below = both and sureness(lower.get("confidence", "declared")) > sureness(
        upper.get("confidence", "declared")
    )
    words = {key: value for key, value in upper.items() if key not in {"needs", "does_not_need", "origin", "aliases"}}
    if is_surer_below:
        result = merge_patch(words, {key: value for key, value in lower.items() if key not in {"needs", "origin"}})
        result["confidence"] = lower.get("confidence", "declared")
    else:
        result = merge_patch({key: value for key, value in lower.items() if key != "needs"}, words)
        if both:
            result["confidence"] = upper.get("confidence", "declared")
    for key in ("origin", "aliases"):
        if key in lower or key in upper:
            result[key] = _united(lower.get(key), upper.get(key))
    needs, found = laid_needs(lower, lower_places, upper, upper_places, result)
    if needs:
        result["needs"] = needs
    left = [each for each in _list_of(upper.get("does_not_need")) if each not in list(found.dropped)]
    if left:
        result["does_not_need"] = left
    return result, found


def _forget(laid: _Laid, gone: str) -> None:
    """Take a component that is gone out of all needs."""
    for name, component in laid.data["components"].items():
        if not isinstance(component, dict):
            continue
        left = {key: value for key, value in component.items() if key != "at" or value != gone}
        if component.get("needs"):
            left["needs"], laid.needs[name] = without(component["needs"], laid.needs[name], {gone})
        laid.data["components"][name] = left


def _doubtful(documents: Sequence[Document], renaming: Renaming, laid: _Laid) -> Iterator[Problem]:
    """Yield warnings about components of a higher layer that are like one below: a slip of the pen adds one."""
    components = laid.data.get("components")
    if len(documents) < 2 or not isinstance(components, dict):
        return
    new = [
        name
        for name, numbers in laid.defined_in.items()
        if min(numbers) > 0
        and isinstance(component := components.get(name), dict)
        and not {"needs", "at", "kind", "origin"} & set(component)
    ]
    named = named_in(documents, renaming.new) if new else set()
    names = Names([name for name in components if name not in new] if new else [])
    for name in new:
        near = "" if name in named else names.did_you_mean(name, "")
        if near:
            fault = "no layer below has this component, and nothing names it"
            yield Problem(("components", name), fault, near, "layer-adds", "warning")


class _Places:
    """Finds out in which file, and in which line, something of the merged system stands."""

    def __init__(self, documents: Sequence[Document], renaming: Renaming, laid: _Laid) -> None:
        self.documents = documents
        self.renaming = renaming
        self.laid = laid

    def placed(self, problem: Problem) -> Problem:
        """Return a problem with its file and line."""
        return problem.at(*self.where(problem.path))

    def where(self, path: Path) -> tuple[str, int]:
        """Return the file and the line of what stands at a path, or of the nearest thing around it."""
        if path[:1] == ("components",) and path[2:3] == ("needs",) and len(path) > 3:
            found = self._of_need(path)
            if found is not None:
                return found
        best, depth = (len(self.documents) - 1, path), -1
        for number in reversed(range(len(self.documents))):
            own = self._own(number, path)
            reached = _depth(self.documents[number].data, own)
            if reached > depth:
                best, depth = (number, own), reached
        return self.documents[best[0]].file, self.documents[best[0]].line(best[1])

    def _of_need(self, path: Path) -> tuple[str, int] | None:
        name, place = path[1], path[3]
        needs = self.laid.needs.get(str(name))
        if needs is None or not isinstance(place, int) or place >= len(needs.places):
            return None
        number, own, own_place = needs.places[place]
        document, rest = self.documents[number], self.renaming.back(number, path[4:])
        return document.file, document.line(("components", own, "needs", own_place, *rest))

    def _own(self, number: int, path: Path) -> Path:
        """Return a path in the words of a layer."""
        if path[:1] == ("components",) and len(path) > 1:
            return ("components", self.renaming.own_name(number, str(path[1])), *path[2:])
        return path


def _depth(data: Any, path: Path) -> int:
    """Return how many steps of a path a layer has."""
    for depth, step in enumerate(path):
        is_there = step in data if isinstance(data, dict) else isinstance(step, int) and _has(data, step)
        if not is_there:
            return depth
        data = data[step]
    return len(path)


def _has(data: Any, place: int) -> bool:
    return isinstance(data, list) and place < len(data)


def _list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _united(lower: Any, upper: Any) -> list[Any]:
    """Return both lists as one, without what stands twice."""
    found: list[Any] = []
    for each in [*_list_of(lower), *_list_of(upper)]:
        if each not in found:
            found.append(each)
    return found
