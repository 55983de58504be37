"""Objects in manifests of Kubernetes: documents, lists of objects, and what is no manifest but a template of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.draft import Draft
from impactsim.importers.notes import Notes
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source

_GROUPS = {
    **dict.fromkeys(("Service", "Pod", "PersistentVolumeClaim", "ConfigMap", "Secret", "ReplicationController"), ("",)),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), ("apps", "extensions")),
    **dict.fromkeys(("Job", "CronJob"), ("batch",)),
    "PodDisruptionBudget": ("policy",),
    "HorizontalPodAutoscaler": ("autoscaling",),
    **dict.fromkeys(("Ingress", "NetworkPolicy"), ("networking.k8s.io", "extensions")),
    **dict.fromkeys(
        ("Gateway", "HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"), ("gateway.networking.k8s.io",)
    ),
    "ServiceEntry": ("networking.istio.io",),
}
"""The kinds that are read, and the groups of interfaces to which they belong: others have kinds of the same names."""

_HELM = re.compile(r"\{\{[^{}\n]{0,200}\.(?:Values|Release|Chart)\b")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]{0,62}")
_MOST_KINDS = 40


@dataclass(frozen=True)
class Thing:
    """An object with a kind and a name."""

    kind: str
    namespace: str
    name: str
    place: Place
    data: Mapping[str, Any] = field(repr=False)

    @property
    def key(self) -> str:
        """What it is called within an import."""
        return key_of(self.kind, self.namespace, self.name)

    @property
    def record(self) -> str:
        """How a person finds it."""
        return f"{self.kind} {self.namespace}/{self.name}"

    @property
    def spec(self) -> Mapping[str, Any]:
        """What it is meant to be."""
        return mapping(self.data.get("spec"))

    @property
    def labels(self) -> dict[str, str]:
        """Its own labels."""
        return texts(mapping(self.data.get("metadata")).get("labels"))


def key_of(kind: str, namespace: str, name: str) -> str:
    """Return what an object is called within an import."""
    return f"{kind} {namespace}/{name}"


def mapping(value: Any, *path: str) -> Mapping[str, Any]:
    """Return the mapping at a path of a value; an empty one if there is none."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """Return the mappings of a list; none if it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def texts(value: Any) -> dict[str, str]:
    """Return the entries of a mapping whose values are text."""
    return {str(key): each for key, each in mapping(value).items() if isinstance(each, str)}


def text(value: Any) -> str:
    """Return a value if it is text; empty text otherwise. A number is a name as well."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def count(value: Any) -> int | None:
    """Return a value if it is a number of things."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000
    return value if is_count else None


def read_objects(sources: Sequence[Source], namespace: str, draft: Draft) -> list[Thing]:
    """Return all objects whose kinds are known, the last one of each name; others are counted.

    Parameters
    ----------
    sources
        Files of manifests.
    namespace
        That of objects that name none.
    draft
        Takes what is wrong, and what is left out.
    """
    found: dict[str, Thing] = {}
    others: dict[str, int] = {}
    for source in sources:
        for place, data in _all(source, draft.notes):
            thing = _thing(place, data, namespace, draft.notes)
            if thing is None:
                continue
            if not _is_known(data):
                kind = thing.kind if _KIND.fullmatch(thing.kind) else "other"
                others[kind] = others.get(kind, 0) + 1
                continue
            if thing.key in found:
                fault = f"this {thing.kind} stands twice; the last one counts"
                _warn(draft.notes, place, "object-twice", thing.name, fault, "keep one of them")
            found[thing.key] = thing
    for number, (kind, n) in enumerate(others.items()):
        draft.leave_out(f"objects of kind {kind}" if number < _MOST_KINDS else "objects of other kinds", n)
    return list(found.values())


def _all(source: Source, notes: Notes) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield the objects of a file, those of lists one by one."""
    inner = Notes(source.name)
    documents = source.documents(inner)
    letters = source.content.decode("utf-8", errors="replace")
    template = _HELM.search(letters)
    at = template.start() if template else letters.find("{{") if inner.problems else -1
    if at >= 0:
        fault = "this is a template, no manifest yet"
        remedy = "write the manifests first: `helm template CHART > manifests.yaml`"
        line = letters.count("\n", 0, at) + 1
        notes.error(line, "template", "", fault, remedy, file=source.name)
        return
    notes.take(inner.problems)
    for document in documents:
        waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document.data)]
        for path, data in waiting:  # grows while lists are opened
            if (
                isinstance(data, dict)
                and isinstance(data.get("items"), list)
                and text(data.get("kind")).endswith("List")
            ):
                waiting.extend(((*path, "items", n), each) for n, each in enumerate(data["items"]))
            elif isinstance(data, dict):
                yield _place(source, document, path), data
            else:
                _warn(notes, _place(source, document, path), "not-an-object", "", "this is no object of Kubernetes", "")


def _place(source: Source, document: Document, path: tuple[str | int, ...]) -> Place:
    return Place(source, document.line((*path, "metadata", "name")))


def _thing(place: Place, data: Mapping[str, Any], namespace: str, notes: Notes) -> Thing | None:
    metadata = mapping(data.get("metadata"))
    kind, name = text(data.get("kind")), text(metadata.get("name"))
    if not kind or not text(data.get("apiVersion")):
        is_compose = isinstance(data.get("services"), dict)
        remedy = "import it as compose" if is_compose else "name only files with manifests"
        _warn(notes, place, "not-an-object", "", "this has no kind and apiVersion: no object of Kubernetes", remedy)
        return None
    if not name and _is_known(data):
        _warn(notes, place, "no-name", kind, "an object without a name is passed over", "give it metadata.name")
        return None
    if data.get("spec") is not None and not isinstance(data["spec"], dict) and _is_known(data):
        _warn(notes, place, "odd-value", f"{name}.spec", "a spec must be a mapping; this one is passed over", "")
    return Thing(kind, text(metadata.get("namespace")) or namespace, name, place, data)


def _is_known(data: Mapping[str, Any]) -> bool:
    group, is_group, _ = text(data.get("apiVersion")).partition("/")
    return (group if is_group else "") in _GROUPS.get(text(data.get("kind")), ())


def _warn(notes: Notes, place: Place, code: str, about: str, fault: str, remedy: str) -> None:
    notes.warning(place.line, code, about, fault, remedy, file=place.source.name)
