"""One name for what several sources call differently: aliases of components, carried through the layers (S11.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from impactsim.files.documents import Document
from impactsim.files.layer_needs import members_of
from impactsim.problems import Path, Problem
from impactsim.quantities import shown


class Entry(NamedTuple):
    """What one layer says of a component."""

    name: str
    """Its id in the merged system."""
    own: str
    """What the layer calls it."""
    component: Any
    """What it says, with ids of the merged system."""
    written: Any
    """What it says, as it stands there."""


@dataclass
class Renaming:
    """The layers in the words of the merged system, and the way back."""

    entries: list[list[Entry]]
    """The components of each layer."""
    others: list[dict[str, Any]]
    """What each layer says besides."""
    new: dict[str, str]
    """The id of each component that some layer calls otherwise."""

    def own_names(self, layer: int, name: str) -> set[str]:
        """Return what a layer may call a component: its id, and the aliases that are ids somewhere."""
        return {name, *(each.own for each in self.entries[layer] if each.name == name), *self._aliases_of(name)}

    def _aliases_of(self, name: str) -> list[str]:
        return [alias for alias, own in self.new.items() if own == name]


def renamed(documents: Sequence[Document]) -> tuple[Renaming, list[Problem]]:
    """Return layers in which every component has one name.

    Parameters
    ----------
    documents
        The layers, the lowest first; each is a mapping.

    Returns
    -------
    tuple[Renaming, list[Problem]]
        The layers, and what is wrong with the aliases, placed: `alias-twice`, `alias-circle`.
    """
    everywhere = {name for document in documents for name in _components(document.data)}
    everywhere |= {name for document in documents for _, name in references(document.data)}
    new, later, problems = dict[str, str](), list[tuple[Document, Path, str, str]](), list[Problem]()
    for document in documents:
        for name, place, alias in aliases_in(document.data):
            if alias not in everywhere or alias == name:
                continue
            path: Path = ("components", name, "aliases", place)
            if new.setdefault(alias, name) != name:
                later.append((document, path, alias, name))
            elif _leads_back(new, alias):
                del new[alias]
                fault = f"{shown(name)} is itself another name of {shown(alias)}"
                problems.append(document.place(Problem(path, fault, "keep one of them", "alias-circle")))
    new = {alias: _last(new, alias) for alias in new}
    for document, path, alias, name in later:
        if new[alias] != new.get(name, name):  # unless both are one in the end
            fault = f"{shown(alias)} is another name of {shown(new[alias])} already"
            problems.append(document.place(Problem(path, fault, "keep one of them", "alias-twice")))
    entries = [
        [
            Entry(new.get(own, own), own, _renamed_component(component, new) if new else component, component)
            for own, component in _components(document.data).items()
        ]
        for document in documents
    ]
    return Renaming(entries, [_renamed_rest(each.data, new) for each in documents], new), problems


def named_in(documents: Sequence[Document], new: dict[str, str]) -> set[str]:
    """Return the components that anything in the layers names: as needs, sites, users, what common causes strike."""
    return {new.get(name, name) for document in documents for _, name in references(document.data)}


def references(data: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Yield where a layer names a component, and which."""
    for owner, component in _components(data).items():
        if isinstance(component, dict):
            yield from _in_component(("components", owner), component)
    for group, key in (("common_causes", "strikes"), ("users", "uses")):
        for owner, words in _mapping(data.get(group)).items():
            for name in _mapping_or_list(_mapping(words).get(key)):
                if isinstance(name, str):
                    yield (group, owner, key, name), name


def _in_component(path: Path, component: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    named: list[tuple[Path, Any]] = [((*path, "at"), component.get("at"))]
    for place, name in enumerate(_list(component.get("does_not_need"))):
        named.append(((*path, "does_not_need", place), name))
    for place, copy in enumerate(_list(component.get("copies"))):
        named.append(((*path, "copies", place, "at"), _mapping(copy).get("at")))
    yield from ((where, name) for where, name in named if isinstance(name, str))
    yield from _of_needs((*path, "needs"), component.get("needs"))
    for place, workaround in enumerate(_list(component.get("workarounds"))):
        yield from _of_needs((*path, "workarounds", place, "needs"), _mapping(workaround).get("needs"))


def _of_needs(path: Path, needs: Any) -> Iterator[tuple[Path, str]]:
    for place, need in enumerate(_list(needs)):
        for name in members_of(need):
            yield (*path, place), name


def aliases_in(data: Any) -> Iterator[tuple[str, int, str]]:
    """Yield the components of a layer that have aliases, each with the place of the alias and the alias."""
    for name, component in _components(data).items():
        for place, alias in enumerate(_list(_mapping(component).get("aliases"))):
            if isinstance(alias, str):
                yield name, place, alias


def _leads_back(new: dict[str, str], alias: str) -> bool:
    name = new[alias]
    while name in new and name != alias:
        name = new[name]
    return name == alias


def _last(new: dict[str, str], alias: str) -> str:
    name = new[alias]
    while name in new:
        name = new[name]
    return name


def _renamed_rest(data: dict[str, Any], new: dict[str, str]) -> dict[str, Any]:
    """Return all of a layer but a mapping of components."""
    result = {key: value for key, value in data.items() if key != "components" or not isinstance(value, dict)}
    for group, key in (("common_causes", "strikes"), ("users", "uses")):
        if new and isinstance(data.get(group), dict):
            result[group] = {owner: _renamed_key(words, key, new) for owner, words in data[group].items()}
    return result


def _renamed_component(component: Any, new: dict[str, str]) -> Any:
    if not isinstance(component, dict):
        return component
    result = dict(component)
    if isinstance(result.get("at"), str):
        result["at"] = new.get(result["at"], result["at"])
    if isinstance(result.get("needs"), list):
        result["needs"] = [_renamed_need(need, new) for need in result["needs"]]
    if isinstance(result.get("does_not_need"), list):
        result["does_not_need"] = _names(result["does_not_need"], new)
    if isinstance(result.get("copies"), list):
        result["copies"] = [_renamed_key(copy, "at", new) for copy in result["copies"]]
    if isinstance(result.get("workarounds"), list):
        result["workarounds"] = [
            {**each, "needs": [_renamed_need(need, new) for need in each["needs"]]}
            if isinstance(each, dict) and isinstance(each.get("needs"), list)
            else each
            for each in result["workarounds"]
        ]
    return result


def _renamed_need(need: Any, new: dict[str, str]) -> Any:
    if isinstance(need, str):
        return new.get(need, need)
    if not isinstance(need, dict):
        return need
    result = need
    for key in ("component", "all_of", "any_of", "of", "pool"):
        if key in need:
            result = _renamed_key(result, key, new)
    return result


def _renamed_key(words: Any, key: str, new: dict[str, str]) -> Any:
    """Return a mapping in which the names under one of its keys are the new ones."""
    if not isinstance(words, dict) or key not in words:
        return words
    value = words[key]
    if isinstance(value, str):
        return {**words, key: new.get(value, value)}
    if isinstance(value, dict):
        found: dict[Any, Any] = {}
        for name, item in value.items():
            found.setdefault(new.get(name, name), item)
        return {**words, key: found}
    if not isinstance(value, list):
        return words
    names = _names(value, new)
    result = {**words, key: names}
    if key == "of" and len(names) < len(value) and isinstance(words.get("at_least"), int):
        result["at_least"] = max(1, min(words["at_least"], len(names)))
    return result


def _names(names: list[Any], new: dict[str, str]) -> list[Any]:
    """Return a list of names, or of standbys, by their new names; who is named twice only by that counts once, as first named."""
    found: list[Any] = []
    seen: dict[str, str] = {}
    for each in names:
        own = each.get("use") if isinstance(each, dict) else each
        if not isinstance(own, str):
            found.append(each)
            continue
        name = new.get(own, own)
        if seen.setdefault(name, own) != own:
            continue
        found.append({**each, "use": name} if isinstance(each, dict) else name)
    return found


def _components(data: Any) -> dict[str, Any]:
    return _mapping(_mapping(data).get("components"))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping_or_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict | list) else []
