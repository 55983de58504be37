"""Compose files taken together as `docker compose` does: included, extended, and the later over the earlier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.draft import Draft
from impactsim.importers.manifests.compose_service import Service, name_of, read_service
from impactsim.importers.manifests.compose_variables import UNKNOWN
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.quantities import shown

_MOST_INCLUDED = 200
_DEEPEST = 10
"""So many files may include, and so many services extend one another."""
_MOST_COPIED = 2_000_000
"""So many settings are copied into services that extend others."""
_TOP = {"services", "include", "volumes", "networks", "configs", "secrets", "name", "version", "models"}


@dataclass
class File:
    """A document of a Compose file."""

    source: Source
    document: Document
    services: Mapping[str, Any]
    known: dict[str, Service] = field(default_factory=dict)

    def place(self, *path: str | int) -> Place:
        """Return where something stands in it."""
        return Place(self.source, self.document.line(path))


@dataclass
class Project:
    """What the files say together."""

    services: dict[str, Service] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    """Where each service stands, the first file first."""
    volumes: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    networks: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


def read_files(sources: Sequence[Source], draft: Draft) -> Project:
    """Read Compose files, those that they include before them, and files that are called override last."""
    reader = _Reader(draft, is_only_one=len(sources) == 1)
    for source in sorted(sources, key=lambda each: Path(each.short).stem.endswith(".override")):
        reader.take(source, 0)
    return reader.project


class _Reader:
    def __init__(self, draft: Draft, is_only_one: bool) -> None:
        self.draft = draft
        self.project = Project()
        self._is_only_one = is_only_one
        self._taken: set[object] = set()
        self._files: dict[object, list[File]] = {}
        self._room = _MOST_COPIED

    def take(self, source: Source, depth: int) -> None:
        """Add a file to the project; what it includes comes first."""
        if _key(source) in self._taken:
            return
        self._taken.add(_key(source))
        for file in self._opened(source):
            self._include(file, depth)
            self.project.files.append(source.short)
            for name in file.services:
                self._add(name, file)
            self._merge(file, "volumes", self.project.volumes)
            self._merge(file, "networks", self.project.networks)

    def _opened(self, source: Source) -> list[File]:
        """Return the documents of a file that are Compose files."""
        key = _key(source)
        if key not in self._files:
            documents = source.documents(self.draft.notes)
            found = [self._file(source, each) for each in documents]
            self._files[key] = [each for each in found if each is not None]
        return self._files[key]

    def _file(self, source: Source, document: Document) -> File | None:
        data = document.data
        is_old = isinstance(data, dict) and _TOP.isdisjoint(data) and any(map(_is_container, data.values()))
        if is_old:
            return File(source, document, data)
        if not isinstance(data, dict) or _TOP.isdisjoint(data):
            is_kubernetes = isinstance(data, dict) and "apiVersion" in data and "kind" in data
            remedy = "import it as kubernetes" if is_kubernetes else "name only Compose files"
            note = self.draft.notes.error if self._is_only_one else self.draft.notes.warning
            note(1, "not-compose", "", "this is no Compose file: it has no services", remedy, file=source.name)
            return None
        services = data.get("services")
        if services is not None and not isinstance(services, dict):
            self._odd(File(source, document, {}), "services")
        return File(source, document, services if isinstance(services, dict) else {})

    def _include(self, file: File, depth: int) -> None:
        included = file.document.data.get("include")
        listed = included if isinstance(included, list) else [] if included is None else [included]
        for number, each in enumerate(listed):
            paths = each.get("path") if isinstance(each, dict) else each
            for path in paths if isinstance(paths, list) else [paths]:
                for source in self._beside(file, name_of(path), file.place("include", number)):
                    if depth < _DEEPEST and len(self._taken) < _MOST_INCLUDED:
                        self.take(source, depth + 1)
                    else:
                        self.draft.leave_out("included files, because they are too many or too deep")

    def _beside(self, file: File, path: str, place: Place) -> list[Source]:
        """Return files that a file names; none of another machine, and none whose name is not known."""
        if not path or UNKNOWN in path or "://" in path or path.startswith("git@"):
            self.draft.leave_out("files that are named by an address or a variable, or by nothing")
            return []
        if file.source.path is None:
            self.draft.leave_out("files that a file without a folder names")
            return []
        return file.source.beside(path, self.draft.notes, place.line)

    def _add(self, name: str, file: File) -> None:
        if not name or (file.services is file.document.data and name.startswith("x-")):
            return
        service = self._service(name, file)
        if service is None:
            return
        earlier = self.project.services.get(name)
        self.project.services[name] = earlier.under(service) if earlier else service
        self.project.places.setdefault(name, []).append(file.place("services", name))

    def _service(self, name: str, file: File) -> Service | None:
        """Return a service with all that it extends."""
        chain: list[Service] = []
        seen: set[tuple[object, str]] = set()
        at: tuple[str, File] | None = (name, file)
        while at is not None:
            own, where = at
            service = self._own(own, where)
            if service is None:
                break
            chain.append(service)
            seen.add((id(where), own))
            at = self._extended(own, where)
            if at is not None and ((id(at[1]), at[0]) in seen or len(chain) > _DEEPEST):
                self._circle(own, where.place("services", own))
                break
        return self._folded(chain, file.place("services", name))

    def _folded(self, chain: list[Service], place: Place) -> Service | None:
        """Return services that extend one another, the last of them at the bottom, as one."""
        found = chain.pop() if chain else None
        while found is not None and chain:
            if self._room < 0:
                return chain[0]
            found = found.under(chain.pop())
            self._room -= found.size
            if self._room < 0:
                fault = f"services that extend others take over more than {_MOST_COPIED:,} settings"
                self.draft.notes.error(place.line, "extends", "", fault, "split the file", file=place.source.name)
        return found

    def _circle(self, name: str, place: Place) -> None:
        fault = "services extend one another in a circle, or too many of them in a row"
        self.draft.notes.warning(place.line, "extends", name, fault, "write out what is meant", file=place.source.name)

    def _own(self, name: str, file: File) -> Service | None:
        """Return what stands under the name of a service itself."""
        if name not in file.known:
            data = file.services[name]
            if not isinstance(data, dict):
                self._odd(file, "services", name)
                if data is not None:
                    return None
            said = data if isinstance(data, dict) else {}
            told: set[str] = set()
            file.known[name] = read_service(said, told.add)
            for key in sorted(told):
                self._odd(file, "services", name, key)
        return file.known[name]

    def _extended(self, name: str, file: File) -> tuple[str, File] | None:
        data = file.services[name]
        said = data.get("extends") if isinstance(data, dict) else None
        if said is None:
            return None
        base = name_of(said.get("service") if isinstance(said, dict) else said)
        where = [file]
        if isinstance(said, dict) and said.get("file") is not None:
            found = self._beside(file, name_of(said["file"]), file.place("services", name, "extends"))
            where = [each for source in found for each in self._opened(source)]
        for each in where:
            if base in each.services:
                return base, each
        if where:
            self._odd(file, "services", name, "extends")
        return None

    def _merge(self, file: File, key: str, into: dict[str, Mapping[str, Any]]) -> None:
        data = file.document.data.get(key)
        if data is not None and not isinstance(data, dict):
            self._odd(file, key)
        for name, each in data.items() if isinstance(data, dict) else ():
            into[name] = {**into.get(name, {}), **(each if isinstance(each, dict) else {})}

    def _odd(self, file: File, *path: str) -> None:
        place = file.place(*path)
        fault = "this is not written as Compose files write it, and is passed over"
        remedy = "`docker compose config` says what is wrong with it"
        self.draft.notes.warning(place.line, "odd-value", ".".join(path), fault, remedy, file=place.source.name)


def _key(source: Source) -> object:
    return source.path.resolve() if source.path else id(source)


def _is_container(value: Any) -> bool:
    return isinstance(value, dict) and ("image" in value or "build" in value)


def named(project: Project) -> str:
    """Return the names of the files, for a sentence."""
    first = [shown(name) for name in project.files[:5]]
    return ", ".join(first) + (" and others" if len(project.files) > 5 else "")
