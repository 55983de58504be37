"""Catalogues of services, whoever keeps them: entities, and what is said of them. Knows no format.

What becomes of all this is decided in `catalogue_components`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from impactsim.importers.catalogues.words import Reference
from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place

Standing = Literal["kept", "interface", "library", "grouping", "other", "no thing"]
"""kept: always a component. no thing: never (people, places of files). All else is one if something depends on it."""


@dataclass
class Entity:
    """An entry of a catalogue."""

    key: str
    """The same for all references to it."""
    kind: str
    """The catalogue's word, in small letters."""
    namespace: str
    name: str
    place: Place
    standing: Standing
    component_kind: str
    """Kind of the component that it becomes."""
    words: dict[str, Any] = field(default_factory=dict)
    """What else is known about the component."""
    lifecycle: str = ""
    wished: str = ""
    """Its id in the system that it was exported from."""
    record: Any = None
    """What the file says, to tell whether a second entry says the same."""


class Named(NamedTuple):
    """A reference to what may stand nowhere."""

    reference: Reference
    place: Place


class Catalogue:
    """What one import finds in all its files.

    Parameters
    ----------
    draft
        Takes the components and needs.
    lifecycles
        Entities of these are left out.
    has_systems
        Do systems become services that need all their parts?
    """

    def __init__(self, draft: Draft, lifecycles: Iterable[str] = (), has_systems: bool = False) -> None:
        self.draft = draft
        self.entities: dict[str, Entity] = {}
        self.lifecycles = {lifecycle.strip().casefold() for lifecycle in lifecycles} - {""}
        self.has_systems = has_systems
        self.wants: dict[str, dict[str, Place]] = {}
        """What each entity needs, by keys."""
        self.providers: dict[str, dict[str, Place]] = {}
        """Who provides each interface."""
        self.parts: dict[str, dict[str, Place]] = {}
        """What belongs to each system."""
        self.named: dict[str, Named] = {}
        """What each key that somebody named means."""
        self.n_parts = 0
        """How often something is said to be a part of another."""
        self._by_name: dict[tuple[str, str], list[str]] = {}

    def add(self, entity: Entity) -> None:
        """Add an entity; of two with one key the first counts."""
        first = self.entities.setdefault(entity.key, entity)
        if first is entity:
            self._by_name.setdefault((entity.namespace.casefold(), entity.name.casefold()), []).append(entity.key)
        elif first.record == entity.record:
            self.draft.leave_out("entities that stand twice with the same words")
        else:
            where = f"{first.place.source.short}:{first.place.line}" if first.place.line else first.place.source.short
            fault = f"it is described a second time, with other words; the first time in {where}"
            self.warn(entity.place, "duplicate-entity", entity.key, fault, "the first counts; keep one of them")

    def called(self, namespace: str, name: str) -> list[str]:
        """Return the keys of the entities of a name, of whatever kind."""
        return self._by_name.get((namespace.casefold(), name.casefold()), [])

    def want(self, owner: str, target: str, place: Place) -> None:
        """Say that one entity needs another."""
        self.wants.setdefault(owner, {}).setdefault(target, place)

    def provide(self, provider: str, api: str, place: Place) -> None:
        """Say that an entity provides an interface."""
        self.providers.setdefault(api, {}).setdefault(provider, place)

    def part(self, whole: str, part: str, place: Place) -> None:
        """Say that an entity is a part of a system."""
        self.n_parts += 1
        self.parts.setdefault(whole, {}).setdefault(part, place)

    def mention(self, key: str, reference: Reference, place: Place) -> None:
        """Say what a key means that may belong to no entity."""
        self.named.setdefault(key, Named(reference, place))

    def warn(self, place: Place, code: str, path: str, fault: str, remedy: str) -> None:
        """Note what is doubtful."""
        self.draft.notes.warning(place.line, code, path, fault, remedy, file=place.source.name)
