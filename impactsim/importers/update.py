"""An import that is done again: what came, went and changed, and what other files say of things that are gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impactsim.files.documents import Document
from impactsim.files.layer_names import aliases_in, references
from impactsim.files.layer_needs import members_of
from impactsim.files.loading import real_place
from impactsim.files.opening import read_document
from impactsim.importers.finished import is_as_written
from impactsim.importers.ids import record_of
from impactsim.problems import InvalidInput, Problem

_TOLD = 10
"""So many of a sort are named, unless all are wanted."""
_MOST_BESIDE = 500
"""So many files beside a layer are looked at for what they say of it."""
_ABOUT = {"origin", "seen"}
"""What changes with every export, and says nothing about the system."""


@dataclass(frozen=True)
class Earlier:
    """An imported layer as it stands."""

    path: Path
    data: dict[str, Any]

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of its import that were not the usual ones."""
        return dict(self.data["imported"].get("settings", {}))

    @property
    def ids(self) -> dict[str, str]:
        """The id of each record."""
        found: dict[str, str] = {}
        for own, component in self.data["components"].items():
            origins = component.get("origin", [])
            for origin in [origins] if isinstance(origins, str) else origins:
                found.setdefault(record_of(origin), own)
        return found


def earlier_import(path: Path, format_name: str) -> Earlier:
    """Read the layer that an import wrote before.

    Raises
    ------
    InvalidInput
        If it cannot be read or is no imported file (`not-imported`), of another format (`other-format`), or was edited since
        (`edited`).
    """
    document, problems = read_document(path)
    if document is None:
        raise InvalidInput(problems)
    head = document.data.get("imported") if isinstance(document.data, dict) else None
    if not isinstance(head, dict) or not isinstance(document.data.get("components"), dict):
        fault = "no import wrote this file"
        raise _refused(path, "imported", fault, "name another file with --out, and leave --update out", "not-imported")
    if head.get("format") != format_name:
        fault = f"this file was imported from {head.get('format')}"
        raise _refused(path, "imported", fault, f"import {format_name} into a layer of its own", "other-format")
    if not is_as_written(path.read_text(encoding="utf-8-sig")):
        fault = "somebody has edited this file since it was imported, and that would be lost"
        remedy = "move what was added into a layer of your own, or delete the file and import without --update"
        raise _refused(path, "imported", fault, remedy, "edited")
    return Earlier(path, document.data)


def _refused(path: Path, key: str, fault: str, remedy: str, code: str) -> InvalidInput:
    return InvalidInput([Problem((key,), fault, remedy, code, file=str(path))])


@dataclass(frozen=True)
class Changes:
    """What another import of the same thing brought."""

    came: tuple[str, ...]
    went: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    """What is different about a component, in words."""
    needs_came: tuple[str, ...]
    needs_went: tuple[str, ...]

    @property
    def is_any(self) -> bool:
        """Is anything different that matters?"""
        return bool(self.came or self.went or self.changed or self.needs_came or self.needs_went)

    def lines(self, is_all: bool) -> Iterator[str]:
        """Yield them in words."""
        told = (
            ("came", self.came),
            ("went", self.went),
            ("changed", tuple(f"{name} ({', '.join(what)})" for name, what in self.changed.items())),
            ("needs that came", self.needs_came),
            ("needs that went", self.needs_went),
        )
        for what, names in told:
            if names:
                shown = names if is_all else names[:_TOLD]
                more = f" and {len(names) - len(shown):,} more (--all)" if len(names) > len(shown) else ""
                yield f"{what}: {len(names):,}: {', '.join(shown)}{more}"


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """Return what is different between two imports of the same thing, as plain data."""
    old, new = before["components"], after["components"]
    kept = [name for name in new if name in old]
    changed = {name: what for name in kept if (what := tuple(_different(old[name], new[name])))}
    old_needs, new_needs = _needs(old), _needs(new)
    return Changes(
        tuple(name for name in new if name not in old),
        tuple(name for name in old if name not in new),
        changed,
        tuple(text for key, text in new_needs.items() if key not in old_needs),
        tuple(text for key, text in old_needs.items() if key not in new_needs),
    )


def _different(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in [*new, *(key for key in old if key not in new)]:
        if key in _ABOUT or key == "needs" or old.get(key) == new.get(key):
            continue
        if isinstance(old.get(key, ""), str) and isinstance(new.get(key, ""), str):
            yield f"{key}: {old.get(key, 'none')} -> {new.get(key, 'none')}"
        else:
            yield key


def _needs(components: Mapping[str, Any]) -> dict[tuple[object, ...], str]:
    """Return all needs by what they say, each in words."""
    found: dict[tuple[object, ...], str] = {}
    for owner, component in components.items():
        for need in component.get("needs", ()):
            members = members_of(need)
            said = [] if isinstance(need, str) else [f"{key}: {need[key]}" for key in ("to", "at_least") if key in need]
            is_soft = not isinstance(need, str) and "impact" in need
            words = [*said, *(["soft"] if is_soft else [])]
            more = f" ({', '.join(words)})" if words else ""
            found[owner, tuple(members), *words] = f"{owner} -> {' or '.join(members)}{more}"
    return found


def mentions_of(gone: Sequence[str], layer: Path) -> list[Problem]:
    """Return where files that are laid upon a layer speak of components that it no longer has.

    Parameters
    ----------
    gone
        Ids that went.
    layer
        The imported file. Systems are looked for beside it: files that name it as a layer, and their other layers.
    """
    if not gone:
        return []
    names, found = set(gone), list[Problem]()
    for document in _laid_with(layer):
        there = document.data.get("components")
        for name in there if isinstance(there, dict) else ():
            if name in names:
                fault = f"what this adds to {name!r} hangs in the air: the import no longer has it"
                found.append(document.place(_hanging(("components", name), fault)))
        for owner, place, alias in aliases_in(document.data):
            if alias in names and owner not in names:
                path: tuple[str | int, ...] = ("components", owner, "aliases", place)
                fault = f"{alias!r} is no longer in the import, and {owner!r} stands for it"
                found.append(document.place(_hanging(path, fault)))
        for path, name in references(document.data):
            if name in names:
                found.append(document.place(_hanging(path, f"{name!r} is no longer in the import")))
    return found


def _hanging(path: tuple[str | int, ...], fault: str) -> Problem:
    return Problem(path, fault, "delete it, or let an alias say its new name", "hangs-in-the-air", "warning")


def _laid_with(layer: Path) -> list[Document]:
    """Return the files beside a layer that name it as one, and the other layers that these name."""
    own, found = real_place(layer), dict[str, Document]()
    beside = [each for each in sorted(layer.parent.iterdir()) if each.suffix.lower() in {".yaml", ".yml", ".json"}]
    for path in beside[:_MOST_BESIDE]:
        document = read_document(path)[0] if path.is_file() else None
        named = document.data.get("layers") if document is not None and isinstance(document.data, dict) else None
        if document is None or not isinstance(named, list):
            continue
        layers = [layer.parent / name for name in named if isinstance(name, str)]
        if own in map(real_place, layers):
            found[real_place(path)] = document
            for other in layers:
                if (place := real_place(other)) not in {own, *found} and (read := read_document(other)[0]) is not None:
                    found[place] = read
    return [document for document in found.values() if isinstance(document.data, dict)]
