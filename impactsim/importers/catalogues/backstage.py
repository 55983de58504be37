"""The catalogue of Backstage: entity descriptors in YAML, and the entities that its REST interface answers.

Read are kind, metadata (name, namespace, title, tags) and from `spec` type, lifecycle and what stands to what: dependsOn,
dependencyOf, consumesApis, providesApis, system, subcomponentOf, domain. Where an entity has `relations`, as answers of the
interface do, they count instead, for they have both directions. What a ``Location`` names is read too if it lies beside it;
addresses are not. Definitions (``$text``, ``$json``, ``$yaml``) and annotations are not read, but for the two that `impactsim
export backstage` writes. Owners are not kept: who owns a thing need not run it. What
all this becomes is decided in `catalogue_components`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from impactsim.files.documents import Document
from impactsim.files.opening import LIMIT_BYTES
from impactsim.importers.catalogues.components import enter_components
from impactsim.importers.catalogues.entities import Catalogue, Entity, Standing
from impactsim.importers.catalogues.statements import Field, Statement, Statements
from impactsim.importers.catalogues.words import (
    Reference,
    is_library,
    is_outside,
    kind_of_program,
    kind_of_type,
    listed,
    mapping,
    name_of,
    text_of,
    texts_of,
)
from impactsim.importers.draft import Draft
from impactsim.importers.ids import as_id
from impactsim.importers.notes import Notes
from impactsim.importers.parts import Place
from impactsim.importers.sources import MOST_FILES, Source
from impactsim.problems import Fault, InvalidInput, Problem
from impactsim.quantities import identifier

ID = "impactsim/id"
"""The annotation that keeps an id that no name in a catalogue may be."""
KIND = "impactsim/kind"
"""The annotation that keeps the kind of a component where the type says another."""

_DEEPEST = 10
"""A location that is named by a location and so on is followed so far."""
_NO_THINGS = {"user", "group", "template", "location", "domain"}
_STANDINGS: dict[str, Standing] = {"api": "interface", "resource": "kept", "system": "grouping"}
_HEAD = {"apiVersion", "kind", "metadata", "spec"}


_FIELDS = {
    "dependsOn": Field("needs"),
    "dependencyOf": Field("is needed by"),
    "consumesApis": Field("consumes", "api"),
    "providesApis": Field("provides", "api"),
    "system": Field("is part of", "system"),
    "subcomponentOf": Field("is part of", "component"),
    "domain": Field("is part of", "domain"),
}
_RELATIONS = {
    "dependsOn": Field("needs"),
    "dependencyOf": Field("is needed by"),
    "consumesApi": Field("consumes", "api"),
    "apiConsumedBy": Field("is consumed by", "component"),
    "providesApi": Field("provides", "api"),
    "apiProvidedBy": Field("is provided by", "component"),
    "partOf": Field("is part of", "system"),
    "hasPart": Field("has part", "component"),
}


def read_backstage(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read entities of a Backstage catalogue into a draft.

    Parameters
    ----------
    sources
        Descriptors, and answers of the REST interface.
    settings
        ``systems`` (``none`` or ``all``), ``leave_out_lifecycle`` (a list).
    draft
        Takes components and needs.
    """
    _Reader(settings, draft).read(sources)


class _Reader:
    def __init__(self, settings: Mapping[str, Any], draft: Draft) -> None:
        self.draft = draft
        self.catalogue = Catalogue(draft, texts_of(settings["leave_out_lifecycle"]), settings["systems"] == "all")
        self.statements = Statements(self.catalogue, _NO_THINGS, "component")
        self._waiting: deque[tuple[Source, int]] = deque()
        self._known: set[object] = set()
        self._room = LIMIT_BYTES
        self._answered = 0
        self._total = 0

    def read(self, sources: Sequence[Source]) -> None:
        """Read all files and those that they name, then what stands to what."""
        for source in sources:
            self._queue(source, 0)
        while self._waiting:
            source, depth = self._waiting.popleft()
            for document in _documents(source, self.draft):
                for path, data in self._records(document, source):
                    self._entity(source, document, path, data, depth)
        if self._total > self._answered:
            fault = f"the interface speaks of {self._total:,} entities, and here are {self._answered:,}"
            self.draft.notes.warning(
                0, "not-whole", "", fault, "save all pages of its answer, and import them together"
            )
        self.statements.enter()
        enter_components(self.catalogue)

    def _queue(self, source: Source, depth: int) -> None:
        own = source.path.resolve() if source.path else (source.name, len(self._known))
        if own in self._known:
            return
        self._known.add(own)
        self._room -= len(source.content) if depth else 0
        if len(self._known) > MOST_FILES or self._room < 0:
            fault = "locations name more files than are read at a time"
            self.draft.notes.error(0, "too-many-files", "", fault, "import them in parts", file=source.name)
            self._waiting.clear()
            return
        self._waiting.append((source, depth))

    def _records(self, document: Document, source: Source) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
        """Yield the entities of a document: one, a list of them, or an answer of the REST interface."""
        data = document.data
        path: tuple[str | int, ...] = ()
        if isinstance(data, dict) and isinstance(data.get("items"), list) and "kind" not in data:
            total = data.get("totalItems")
            self._total = max(self._total, total if isinstance(total, int) else 0)
            path, data = ("items",), data["items"]
            self._answered += len(data)
        for number, each in listed(data):
            place = path if number is None else (*path, number)
            if isinstance(each, dict) and name_of(mapping(each, "metadata").get("name")) and name_of(each.get("kind")):
                yield place, each
            else:
                fault = "this is no entity: it has no kind and no metadata.name that others can name"
                line = document.line(place)
                self.draft.notes.warning(line, "no-entity", "", fault, "it is left out", file=source.name)

    def _entity(
        self, source: Source, document: Document, path: tuple[str | int, ...], data: dict[str, Any], depth: int
    ) -> None:
        entity = _entity_of(data, Place(source, document.line((*path, "kind"))))
        is_new = entity.key not in self.catalogue.entities
        self.catalogue.add(entity)
        if not is_new:
            return
        if entity.standing != "no thing":
            self.statements.waiting += [(entity, each) for each in _statements(data, source, document, path)]
            if text_of(mapping(data, "spec").get("owner")):
                self.draft.leave_out("owners: who owns a thing need not run it")
        if entity.kind == "location":
            self._follow(source, document, path, mapping(data, "spec"), depth)

    def _follow(
        self, source: Source, document: Document, path: tuple[str | int, ...], spec: dict[str, Any], depth: int
    ) -> None:
        """Read the files that a location names and that lie beside it."""
        for field in ("target", "targets"):
            for number, value in listed(spec.get(field)):
                target = value if isinstance(value, str) else ""
                step = () if number is None else (number,)
                line = document.line((*path, "spec", field, *step))
                if not target or "://" in target or str(spec.get("type", "file")) not in {"file", "url"}:
                    self.draft.leave_out("locations that are addresses, not files")
                elif depth >= _DEEPEST:
                    fault = f"locations name one another more than {_DEEPEST} deep"
                    self.draft.notes.warning(line, "depth", "", fault, "name the files", file=source.name)
                else:
                    for each in self._beside(source, target, line):
                        self._queue(each, depth + 1)

    def _beside(self, source: Source, target: str, line: int) -> list[Source]:
        try:
            return source.beside(target, self.draft.notes, line)
        except InvalidInput as error:  # a file that is too large, or not to be read
            self.draft.notes.take(error.problems)
            return []


def _documents(source: Source, draft: Draft) -> list[Document]:
    """Read the documents of a file; a key that stands twice most often means that a line with --- is missing."""
    notes = Notes(source.name)
    documents = source.documents(notes)
    draft.notes.take(_clearer(problem) for problem in notes.problems)
    return documents


def _clearer(problem: Problem) -> Problem:
    if problem.code == "duplicate-key" and problem.path and problem.path[-1] in _HEAD and len(problem.path) == 1:
        remedy = "put a line with --- between two entities, or keep one of the keys"
        return replace(problem, remedy=remedy)
    return problem


def _entity_of(data: dict[str, Any], place: Place) -> Entity:
    metadata, spec = mapping(data, "metadata"), mapping(data, "spec")
    kind, name = text_of(data["kind"]).casefold(), name_of(metadata["name"])
    namespace = name_of(metadata.get("namespace")) or "default"
    type_, tags = text_of(spec.get("type")), metadata.get("tags")
    annotations = mapping(metadata, "annotations")
    component_kind = _kind(annotations.get(KIND))
    standing: Standing = "kept" if component_kind else _standing(kind, type_)
    component_kind = component_kind or _component_kind(kind, type_, tags if isinstance(tags, list) else [])
    words = {"name": title} if (title := text_of(metadata.get("title"))) else {}
    return Entity(
        Reference(kind, namespace, name).key,
        kind,
        namespace,
        name,
        place,
        standing,
        component_kind,
        words,
        text_of(spec.get("lifecycle")),
        text_of(annotations.get(ID)),
        data,
    )


def _kind(annotation: Any) -> str:
    """Return the kind that an annotation keeps; a stranger may have written there what is none."""
    text = text_of(annotation)
    try:
        return identifier(text)
    except Fault:
        return as_id(text) if text else ""


def _standing(kind: str, type_: str) -> Standing:
    if kind in _NO_THINGS:
        return "no thing"
    if kind == "component":
        return "library" if is_library(type_) else "kept"
    return _STANDINGS.get(kind, "other")


def _component_kind(kind: str, type_: str, tags: list[Any]) -> str:
    if kind != "system" and is_outside(type_, tags):
        return "provider"
    if kind == "component":
        return kind_of_program(type_)
    if kind == "resource":
        return kind_of_type(type_, "resource")
    return "service" if kind == "system" else kind_of_type(kind, "other")


def _statements(
    data: dict[str, Any], source: Source, document: Document, path: tuple[str | int, ...]
) -> Iterator[Statement]:
    """Yield what an entity says of others: by its relations if it has any, else by its own fields."""
    relations = data.get("relations")
    if isinstance(relations, list) and relations:
        for number, each in enumerate(relations):
            relation = each if isinstance(each, dict) else {}
            field = _RELATIONS.get(text_of(relation.get("type")))
            if field is not None:
                place = Place(source, document.line((*path, "relations", number)))
                value = relation.get("targetRef", relation.get("target"))
                yield Statement(text_of(relation["type"]), field, value, place)
        return
    for name, field in _FIELDS.items():
        for step, value in listed(mapping(data, "spec").get(name)):
            at = (*path, "spec", name) if step is None else (*path, "spec", name, step)
            yield Statement(name, field, value, Place(source, document.line(at)))
