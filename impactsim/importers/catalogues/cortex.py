"""The catalogue of Cortex: OpenAPI documents whose `info` says what they describe.

Read are from `info`: title, x-cortex-tag, x-cortex-type (a service if absent) and x-cortex-dependency, a list of mappings with a
tag, or of bare tags. This was checked against the public documentation and programs that read these files, not against a real
catalogue. That letter case does not count in tags is from memory. A dependency is declared once however many of its paths and
methods are named. Domains and teams only group; owners, links, scorecards and the interface itself are not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.catalogues.components import enter_components
from impactsim.importers.catalogues.entities import Catalogue, Entity, Standing
from impactsim.importers.catalogues.words import Reference, kind_of_type, listed, mapping, name_of, text_of, told
from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.problems import Path

_STANDINGS: dict[str, Standing] = {"domain": "no thing", "team": "no thing", "library": "library"}


def read_cortex(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:  # noqa: ARG001
    """Read entities of a Cortex catalogue into a draft.

    Parameters
    ----------
    sources
        Descriptors, one or many in a file.
    settings
        None.
    draft
        Takes components and needs.
    """
    catalogue = Catalogue(draft)
    found: list[tuple[Entity, Document, Path]] = []
    for source in sources:
        for document in source.documents(draft.notes):
            for number, data in listed(document.data):
                path: Path = () if number is None else (number,)
                place = Place(source, document.line((*path, "info")))
                entity = _entity(data if isinstance(data, dict) else {}, place)
                if entity is None:
                    fault = "this describes nothing: it has no info with an x-cortex-tag"
                    catalogue.warn(place, "no-entity", "", fault, "it is left out")
                    continue
                catalogue.add(entity)
                if catalogue.entities[entity.key] is entity and entity.standing != "no thing":
                    found.append((entity, document, path))
    for entity, document, path in found:
        _enter_needs(catalogue, entity, document, (*path, "info", "x-cortex-dependency"))
    enter_components(catalogue)


def _entity(data: dict[str, Any], place: Place) -> Entity | None:
    info = mapping(data, "info")
    tag = name_of(info.get("x-cortex-tag"))
    if not tag:
        return None
    type_ = text_of(info.get("x-cortex-type")).casefold() or "service"
    title = text_of(info.get("title"))
    words = {"name": title} if title and title != tag else {}
    standing = _STANDINGS.get(type_, "kept")
    return Entity(_key(tag), type_, "", tag, place, standing, kind_of_type(type_, "service"), words, record=data)


def _enter_needs(catalogue: Catalogue, entity: Entity, document: Document, path: Path) -> None:
    info = mapping(entity.record, "info")
    for step, value in listed(info.get("x-cortex-dependency")):
        place = Place(entity.place.source, document.line(path if step is None else (*path, step)))
        tag = name_of(value.get("tag") if isinstance(value, dict) else value)
        if not tag:
            wrong = value.get("tag") if isinstance(value, dict) else value
            fault = f"x-cortex-dependency names {told(wrong)}, which is no tag"
            catalogue.warn(
                place, "bad-reference", entity.key, fault, "write a list of mappings with a tag; it is left out"
            )
            continue
        key = _key(tag)
        target = catalogue.entities.get(key)
        if target is not None and target.standing == "no thing":
            fault = f"x-cortex-dependency names '{tag}', a {target.kind}, which is no thing that fails"
            catalogue.warn(place, "odd-kind", entity.key, fault, "it is left out")
            continue
        catalogue.mention(key, Reference("", "", tag), place)
        catalogue.want(entity.key, key, place)


def _key(tag: str) -> str:
    return f"cortex:{tag.casefold()}"
