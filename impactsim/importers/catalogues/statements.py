"""What the entities of a catalogue say of one another: fields and relations in many words become a few. Knows no format."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, NamedTuple

from impactsim.importers.catalogues.entities import Catalogue, Entity
from impactsim.importers.catalogues.words import Reference, reference, told
from impactsim.importers.parts import Place

Says = Literal[
    "needs", "is needed by", "consumes", "is consumed by", "provides", "is provided by", "is part of", "has part"
]


class Field(NamedTuple):
    """What a field, or a relation, says."""

    says: Says
    kind: str = ""
    """Kind of what it names, where that is not said; empty where it must be."""


class Statement(NamedTuple):
    """One thing that an entity says of another."""

    name: str
    """Of the field or the relation, as the file has it."""
    field: Field
    value: Any
    """The reference, if it is one."""
    place: Place


class Statements:
    """Enters statements into a catalogue, once all entities are known.

    Parameters
    ----------
    catalogue
        Takes them.
    no_things
        Kinds of what is nothing that fails.
    usual
        The kind of what is named without a kind and has no entry.
    """

    def __init__(self, catalogue: Catalogue, no_things: Collection[str], usual: str) -> None:
        self.catalogue = catalogue
        self.no_things = no_things
        self.usual = usual
        self.waiting: list[tuple[Entity, Statement]] = []

    def enter(self) -> None:
        """Enter all that wait."""
        for entity, said in self.waiting:
            found = reference(said.value, said.field.kind, entity.namespace)
            if found is None:
                fault = f"{said.name} names {told(said.value)}, which is no reference"
                self._warn(entity, said, "bad-reference", fault, "it is left out; write kind:namespace/name")
            else:
                self._enter(entity, said, found if found.kind else self._with_a_kind(entity, found, said))

    def _enter(self, entity: Entity, said: Statement, found: Reference) -> None:
        catalogue, says, place = self.catalogue, said.field.says, said.place
        own, other = entity.key, found.key
        whole_kind = {"is part of": found.kind, "has part": entity.kind}.get(says)
        if whole_kind not in {None, "system"}:  # a part of a component, of a domain, of a team
            catalogue.n_parts += 1
            return
        if found.kind in self.no_things or (says == "provides" and found.kind != "api"):
            fault = (
                f"{said.name} names '{other}', which is no {'interface' if says == 'provides' else 'thing that fails'}"
            )
            self._warn(entity, said, "odd-kind", fault, "it is left out")
            return
        if says == "consumes" and found.kind != "api":
            fault = f"{said.name} names '{other}', which is no interface"
            self._warn(entity, said, "odd-kind", fault, "taken as something that it depends on")
        catalogue.mention(other, found, place)
        if says in {"needs", "consumes"}:
            catalogue.want(own, other, place)
        elif says in {"is needed by", "is consumed by"}:
            catalogue.want(other, own, place)
        elif says == "provides":
            catalogue.provide(own, other, place)
        elif says == "is provided by":
            catalogue.provide(other, own, place)
        else:
            whole, part = (other, own) if says == "is part of" else (own, other)
            catalogue.part(whole, part, place)

    def _with_a_kind(self, entity: Entity, found: Reference, said: Statement) -> Reference:
        """Return a reference with the kind of what has its name; with the usual one where nothing has it."""
        keys = self.catalogue.called(found.namespace, found.name)
        kinds = [self.catalogue.entities[key].kind for key in keys]
        whole = found._replace(kind=self.usual if self.usual in kinds or not kinds else kinds[0])
        fault = f"{said.name} names '{found.name}' without its kind"
        self._warn(entity, said, "no-kind", fault, f"taken as {whole.key}; write that")
        return whole

    def _warn(self, entity: Entity, said: Statement, code: str, fault: str, remedy: str) -> None:
        self.catalogue.warn(said.place, code, entity.key, fault, remedy)
