"""The service catalogue of Datadog: entity definitions of version 3, and service definitions before it.

Read are kind, metadata (name, namespace, displayName, tags) and from `spec` type, tier, lifecycle, dependsOn, dependencyOf,
implementedBy, componentOf and components, as the public JSON Schemas of version 3 name them. That letter case does not count
in references is from memory. Version 2 and older (``schema-version``, ``dd-service``) say nothing of dependencies: their
services are kept, and a warning says so. Contacts, links, owners and settings of the product are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.catalogues.components import enter_components
from impactsim.importers.catalogues.entities import Catalogue, Entity, Standing
from impactsim.importers.catalogues.statements import Field, Statement, Statements
from impactsim.importers.catalogues.words import (
    Reference,
    is_outside,
    kind_of_type,
    listed,
    mapping,
    name_of,
    text_of,
    texts_of,
)
from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.problems import Path

_NO_THINGS = {"team", "user", "repository", "scorecard-rule"}
_STANDINGS: dict[str, Standing] = {
    "system": "grouping",
    "api": "interface",
    "library": "library",
    "package": "library",
    **dict.fromkeys(_NO_THINGS, "no thing"),
}
_KINDS = {"datastore": "data", "frontend": "service", "system": "service", "ai_agent": "service", "package": "library"}
"""Kinds of components, where they are not the words of the catalogue."""
_FIELDS = {
    "dependsOn": Field("needs"),
    "dependencyOf": Field("is needed by"),
    "implementedBy": Field("is provided by", "service"),
    "componentOf": Field("is part of", "system"),
    "components": Field("has part"),
}


def read_datadog(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read definitions of a Datadog catalogue into a draft.

    Parameters
    ----------
    sources
        Definitions, one or many in a file.
    settings
        ``systems`` (``none`` or ``all``), ``leave_out_lifecycle``, ``critical_tier`` (lists).
    draft
        Takes components and needs.
    """
    catalogue = Catalogue(draft, texts_of(settings["leave_out_lifecycle"]), settings["systems"] == "all")
    statements = Statements(catalogue, _NO_THINGS, "service")
    tiers = {tier.casefold() for tier in texts_of(settings["critical_tier"])}
    old: list[Entity] = []
    for source in sources:
        for document in source.documents(draft.notes):
            for path, data in _records(document):
                place = Place(source, document.line(path))
                if (entity := _entity(data, place, tiers)) is not None:
                    catalogue.add(entity)
                    if catalogue.entities[entity.key] is entity and entity.standing != "no thing":
                        statements.waiting += [
                            (entity, each) for each in _statements(data, Place(source, 0), document, path)
                        ]
                elif (entity := _old_entity(data, place)) is not None:
                    old.append(entity)
                else:
                    fault = "this is no entity of version 3 (apiVersion, kind, metadata.name) and no service before it"
                    catalogue.warn(place, "no-entity", "", fault, "it is left out")
    _add_old(catalogue, old)
    statements.enter()
    enter_components(catalogue)


def _records(document: Document) -> Iterator[tuple[Path, dict[str, Any]]]:
    for number, each in listed(document.data):
        yield () if number is None else (number,), each if isinstance(each, dict) else {}


def _entity(data: dict[str, Any], place: Place, tiers: set[str]) -> Entity | None:
    """Return an entity of version 3; none of anything else."""
    metadata, spec = mapping(data, "metadata"), mapping(data, "spec")
    kind, name = name_of(data.get("kind")).casefold(), name_of(metadata.get("name"))
    if not kind or not name or not text_of(data.get("apiVersion")).casefold().startswith("v3"):
        return None
    namespace = name_of(metadata.get("namespace")) or "default"
    key = Reference(kind, namespace, name).key
    standing = _STANDINGS.get(kind, "kept")
    tags = metadata.get("tags")
    component_kind = _KINDS.get(kind) or kind_of_type(kind, "service")
    if standing != "grouping" and is_outside(text_of(spec.get("type")), tags if isinstance(tags, list) else ()):
        component_kind = "provider"
    words: dict[str, Any] = {}
    if title := text_of(metadata.get("displayName")):
        words["name"] = title
    tier = text_of(spec.get("tier")).casefold()
    if tiers and tier and component_kind == "service":
        words["critical"] = tier in tiers
    lifecycle = text_of(spec.get("lifecycle"))
    return Entity(key, kind, namespace, name, place, standing, component_kind, words, lifecycle, record=data)


def _statements(data: dict[str, Any], place: Place, document: Document, path: Path) -> Iterator[Statement]:
    for name, field in _FIELDS.items():
        for step, value in listed(mapping(data, "spec").get(name)):
            at = (*path, "spec", name) if step is None else (*path, "spec", name, step)
            yield Statement(name, field, value, place._replace(line=document.line(at)))


def _old_entity(data: dict[str, Any], place: Place) -> Entity | None:
    """Return the service of a definition before version 3; none of anything else."""
    name = name_of(data.get("dd-service", mapping(data, "info").get("dd-service")))
    if not name or not text_of(data.get("schema-version")):
        return None
    key = Reference("service", "default", name).key
    lifecycle = text_of(data.get("lifecycle"))
    return Entity(key, "service", "default", name, place, "kept", "service", {}, lifecycle, record=data)


def _add_old(catalogue: Catalogue, old: Sequence[Entity]) -> None:
    """Add the services of old definitions that no new one describes."""
    alone = [entity for entity in old if entity.key not in catalogue.entities]
    for entity in alone:
        catalogue.add(entity)
    if len(old) > len(alone):
        catalogue.draft.leave_out(
            "definitions before version 3 of what one of version 3 describes", len(old) - len(alone)
        )
    if alone:
        n = len(alone)
        fault = (
            f"{n:,} service{'s are' if n > 1 else ' is'} defined before version 3, which says nothing of dependencies"
        )
        remedy = "what they need is not known here: define them in version 3, or add what traces show"
        catalogue.draft.notes.warning(
            alone[0].place.line, "no-needs", "", fault, remedy, file=alone[0].place.source.name
        )
