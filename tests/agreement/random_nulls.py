"""What takes something away in random layers, and what of that is left out."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]


def drop_null_of_nothing(layers: list[Plain]) -> None:
    """Leave out what takes away something that is not there.

    Parameters
    ----------
    layers
        The layers, the lowest first; they are changed.
    """
    there: set[str] = set()
    said: set[str] = set()
    for layer in layers:
        for name, entry in list(layer["components"].items()):
            if own_id(name) not in there:
                layer["components"][name] = without_null(entry or {})
            if layer["components"][name] is None:
                there.remove(own_id(name))
            else:
                there.add(own_id(name))
        for key in {"users", "notices", "common_causes"} & set(layer) - said:
            layer[key] = without_null(layer[key])
            if not layer[key]:
                del layer[key]
        said |= set(layer)


def drop_null_and_named(layers: list[Plain]) -> None:
    """Leave out what takes away a component that the same layer, or a workaround, names; the other nulls stand first.

    Parameters
    ----------
    layers
        The layers, the lowest first; they are changed.
    """
    helpers: set[str] = set()
    for layer in layers:
        entries = layer["components"]
        said = [entry for entry in entries.values() if entry is not None]
        named = {name for entry in said for name in _named(entry)}
        helpers |= {
            own_id(need) for entry in said for each in entry.get("workarounds") or [] for need in each.get("needs", [])
        }
        for name, entry in list(entries.items()):
            others = {own_id(other) for other in entries if other != name}
            if entry is None and own_id(name) in named | helpers | others:
                entries[name] = {}
        layer["components"] = dict(sorted(entries.items(), key=lambda item: item[1] is not None))


def _named(entry: Plain) -> set[str]:
    """Return the components that an entry names as needs and as a site."""
    names = [name for need in entry.get("needs") or [] for name in members_of(need)]
    return {own_id(name) for name in [*names, entry.get("at") or ""]}


def own_id(name: str) -> str:
    """Return the id of a component in the merged system."""
    return name.split("-", maxsplit=1)[0]


def without_null(words: Any) -> Any:
    """Return words in which nothing is taken away."""
    if not isinstance(words, dict):
        return words
    return {key: without_null(value) for key, value in words.items() if value is not None}


def members_of(need: Any) -> list[str]:
    """Return the components that a need names."""
    if isinstance(need, str):
        return [need]
    if "any_of" in need:
        return [each if isinstance(each, str) else each["use"] for each in need["any_of"]]
    if "component" in need:
        return [need["component"]]
    return list(need.get("all_of") or need.get("of") or need.get("pool") or [])
