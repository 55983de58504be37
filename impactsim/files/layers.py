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
from impactsim.files.layer_needs import NeedPlace, PlacedNeeds, laid_needs, members_of, without
from impactsim.model.provenance import sureness
from impactsim.model.rules_lookup import Names
from impactsim.problems import Path, Problem

_OF_FILES = {"layers", "imported"}
"""Keys that are about a file, not about the system."""


_ONE_VALUE = {"restart", "time_to_restore", "fails", "users", "count", "each"}
"""Keys of what is one value although it may be written as a mapping: an uncertain quantity, how often something fails."""


@dataclass
class _Laid:
    """What the layers so far say together."""

    data: dict[str, Any] = field(default_factory=dict)
    needs: dict[str, PlacedNeeds] = field(default_factory=dict)
    """Where the needs of each component stand."""
    said_by: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    """The layers that speak of a component, each with what it calls it, the one that counts most first."""


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
        _take_away(laid, [entry.name for entry in renaming.entries[number] if entry.component is None])
        for entry in renaming.entries[number]:
            if entry.component is not None:
                _lay_component(laid, entry, number)
    places = _Places(documents, renaming, laid)
    found = Document(top.file, laid.data, top.line, where=places.where)
    return found, [*problems, *map(places.placed, _doubtful(documents, renaming, laid))]


def _lay(laid: _Laid, data: dict[str, Any]) -> None:
    """Lay what a layer says besides its components upon those below."""
    for key, value in data.items():
        if key in _OF_FILES:
            continue
        below = laid.data.get(key)
        if isinstance(value, dict) and (below is None or isinstance(below, dict)):
            # The number of a crew is short for so many members.
            pair = (_crews(below or {}, value), _crews(value, below or {})) if key == "crews" else (below or {}, value)
            laid.data[key] = _patched(*pair, are_ids=True)
        elif value is None:
            laid.data.pop(key, None)
        else:
            laid.data[key] = value


def _crews(crews: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Return crews of which those that others speak of as well are mappings."""
    return {
        name: {"members": crew} if isinstance(crew, int) and not isinstance(crew, bool) and name in others else crew
        for name, crew in crews.items()
    }


def _patched(below: Any, value: Any, *, are_ids: bool = False) -> Any:
    """Apply a JSON Merge Patch in which what is one value takes the place of the other as a whole; keys may be ids at first."""
    if not isinstance(value, dict):
        return value
    result = dict(below) if isinstance(below, dict) else {}
    waiting = [(result, value)]
    while waiting:
        into, changes = waiting.pop()
        for key, change in changes.items():
            if change is None:
                into.pop(key, None)
            elif isinstance(change, dict) and (key not in _ONE_VALUE or (are_ids and into is result)):
                inner = into.get(key)
                into[key] = dict(inner) if isinstance(inner, dict) else {}
                waiting.append((into[key], change))
            else:
                into[key] = change
    return result


def _lay_component(laid: _Laid, entry: Entry, number: int) -> None:
    components = laid.data.setdefault("components", {})
    if not isinstance(components, dict):  # a lower layer has something else there, and the schema tells
        components = laid.data["components"] = {}
    name, upper, lower = entry.name, entry.component, components.get(entry.name)
    said_by = laid.said_by.setdefault(name, [])
    places = PlacedNeeds.of(upper, number, entry.own)
    if not isinstance(upper, dict) or (lower is not None and not isinstance(lower, dict)):
        components[name], laid.needs[name] = upper, places
        said_by.insert(0, (number, entry.own))
        return
    upper, places = _without_itself(entry, upper, places)
    if lower is None:
        components[name] = {
            **_patched({}, upper),
            **{key: upper[key] for key in ("needs",) if upper.get(key) is not None},
        }
        laid.needs[name] = places
        said_by.insert(0, (number, entry.own))
        return
    is_less_sure = _are_imports(lower, upper) and sureness(_said(lower)) > sureness(_said(upper))
    said_by.insert(len(said_by) if is_less_sure else 0, (number, entry.own))
    components[name], laid.needs[name] = _laid_component(lower, laid.needs[name], upper, places)


def _without_itself(entry: Entry, upper: dict[str, Any], places: PlacedNeeds) -> tuple[dict[str, Any], PlacedNeeds]:
    """Return a component without needs on itself that only its new name makes so; whoever wrote one himself is told."""
    written = entry.written.get("needs") if isinstance(entry.written, dict) else None
    needs = upper.get("needs")
    if not isinstance(needs, list) or not isinstance(written, list) or needs is written:
        return upper, places
    kept, kept_places = list[Any](), list[NeedPlace]()
    for need, before, place in zip(needs, written, places.places, strict=True):
        is_new = entry.name in members_of(need) and entry.own not in members_of(before)
        left, left_places = without([need], PlacedNeeds([place]), {entry.name} if is_new else ())
        kept += left
        kept_places += left_places.places
    return {**upper, "needs": kept}, PlacedNeeds(kept_places, places.dropped)


def _laid_component(
    lower: dict[str, Any], lower_places: PlacedNeeds, upper: dict[str, Any], upper_places: PlacedNeeds
) -> tuple[dict[str, Any], PlacedNeeds]:
    """Return a component with what a higher layer says of it, and the places of its needs."""
    both = _are_imports(lower, upper)
    words = {key: value for key, value in upper.items() if key not in {"needs", "does_not_need", "origin", "aliases"}}
    known = {key: value for key, value in lower.items() if key not in {"needs", "origin"}}
    if both and sureness(_said(lower)) > sureness(_said(upper)):
        result = _patched(_patched({}, words), known)
        result["confidence"] = _said(lower)
    else:
        result = _patched(known, words)
        if both:
            result["confidence"] = _said(upper)
    for key in ("origin", "aliases"):
        if key in lower or key in upper:
            result[key] = _united(lower.get(key), upper.get(key))
    needs, found = laid_needs(lower, lower_places, upper, upper_places, result)
    if needs:
        result["needs"] = needs
    denied = _list_of(upper.get("does_not_need"))
    site = result.get("at")
    if isinstance(site, str) and site in denied and upper.get("at") is None:
        del result["at"]
        found.dropped |= {site}
    left = [each for each in denied if each not in list(found.dropped)]
    if left:
        result["does_not_need"] = left
    return result, found


def _are_imports(lower: dict[str, Any], upper: dict[str, Any]) -> bool:
    return "origin" in lower and "origin" in upper


def _said(component: dict[str, Any]) -> Any:
    return component.get("confidence", "declared")


def _take_away(laid: _Laid, gone: Sequence[str]) -> None:
    """Take components away, and out of the needs and sites of all that is left."""
    components = laid.data.get("components")
    if not gone or not isinstance(components, dict):
        return
    names = set(gone)
    for name in gone:
        components.pop(name, None)
        laid.needs.pop(name, None)
        laid.said_by.pop(name, None)
    for name, component in components.items():
        if not isinstance(component, dict):
            continue
        left = {
            key: value
            for key, value in component.items()
            if key != "at" or not isinstance(value, str) or value not in names
        }
        if component.get("needs"):
            left["needs"], laid.needs[name] = without(component["needs"], laid.needs[name], names)
        if isinstance(component.get("workarounds"), list):
            left["workarounds"] = [_possible(each, names) for each in component["workarounds"]]
        components[name] = left


def _possible(workaround: Any, gone: set[str]) -> Any:
    """Return a workaround that no longer needs what is gone."""
    if not isinstance(workaround, dict) or not isinstance(workaround.get("needs"), list):
        return workaround
    places = PlacedNeeds.of(workaround, 0, "")
    return {**workaround, "needs": without(workaround["needs"], places, gone)[0]}


def _doubtful(documents: Sequence[Document], renaming: Renaming, laid: _Laid) -> Iterator[Problem]:
    """Yield warnings about components of a higher layer that seem to mean one below: a slip of the pen, or it has gone since."""
    components = laid.data.get("components")
    if len(documents) < 2 or not isinstance(components, dict):
        return
    new = [
        name
        for name, said_by in laid.said_by.items()
        if min(number for number, _ in said_by) > 0
        and isinstance(component := components.get(name), dict)
        and not {"needs", "at", "kind", "origin"} & set(component)
    ]
    named = named_in(documents, renaming.new) if new else set()
    names = Names([name for name in components if name not in new] if new else [])
    otherwise = "delete it, or say of what kind it is" if any("imported" in each.data for each in documents) else ""
    for name in new:
        near = "" if name in named else names.did_you_mean(name, otherwise)
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
        for number, own in self._candidates(path):
            reached = _depth(self.documents[number].data, own)
            if reached > depth:
                best, depth = (number, own), reached
        return self.documents[best[0]].file, self.documents[best[0]].line(best[1])

    def _candidates(self, path: Path) -> Iterator[tuple[int, Path]]:
        """Yield the layers in which something may stand, in their own words, those that count most first."""
        if path[:1] == ("components",) and len(path) > 1:
            for number, own in self.laid.said_by.get(str(path[1]), ()):
                yield number, ("components", own, *path[2:])
            return
        for number in reversed(range(len(self.documents))):
            yield number, path

    def _of_need(self, path: Path) -> tuple[str, int] | None:
        name, place = path[1], path[3]
        needs = self.laid.needs.get(str(name))
        if needs is None or not isinstance(place, int) or place >= len(needs.places):
            return None
        number, own, own_place = needs.places[place]
        document = self.documents[number]
        written = document.data["components"][own]["needs"][own_place]
        merged = self.laid.data["components"][name]["needs"][place]
        rest = self._in_own_words(number, path[4:], merged, written)
        return document.file, document.line(("components", own, "needs", own_place, *rest))

    def _in_own_words(self, number: int, path: Path, merged: Any, written: Any) -> Path:
        """Return a path within a need as its layer has it: members may have gone, and ids may be others."""
        if len(path) > 1 and isinstance(path[1], int):
            members, own = members_of(merged), members_of(written)
            called = self.renaming.own_names(number, members[path[1]]) if path[1] < len(members) else ()
            places = [place for place, each in enumerate(own) if each in called]
            return (path[0], places[0] if places else path[1], *path[2:])
        if len(path) > 1 and path[0] == "pool" and isinstance(written, dict) and isinstance(written.get("pool"), dict):
            called = self.renaming.own_names(number, str(path[1]))
            return (path[0], next((each for each in written["pool"] if each in called), path[1]), *path[2:])
        return path


def _depth(data: Any, path: Path) -> int:
    """Return how many steps of a path a layer has."""
    for depth, step in enumerate(path):
        # What takes something away is not where a value stands.
        is_there = data.get(step) is not None if isinstance(data, dict) else isinstance(step, int) and _has(data, step)
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
