"""Traces of Jaeger, as its interface and its pages give them, as spans.

``{traceID, spans: [{spanID, references: [{refType, traceID, spanID}], processID, tags: [{key, value}]}], processes: {ID:
{serviceName}}}``. Only the tags named here are read: others may hold anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from impactsim.importers.observed.spans import SIDES, Span, name_of
from impactsim.importers.parts import Place

_TAGS = {
    "span.kind",
    "error",
    "otel.status_code",
    "peer.service",
    "db.system",
    "db.system.name",
    "db.type",
    "db.name",
} | {"db.namespace"}


def spans_of_trace(trace: Mapping[str, Any], place: Place) -> Iterator[Span]:
    """Yield the spans of a trace; those that cannot be told apart are left out.

    Parameters
    ----------
    trace
        An entry of ``data``, of any type inside.
    place
        Where it stands.
    """
    spans, processes = trace.get("spans"), trace.get("processes")
    if not isinstance(spans, list):
        return
    services = {
        key: name_of(process.get("serviceName"))
        for key, process in (processes.items() if isinstance(processes, dict) else ())
        if isinstance(process, dict)
    }
    for span in spans:
        if isinstance(span, dict) and _id(span.get("spanID")):
            yield _span(span, services, _id(span.get("traceID")) or _id(trace.get("traceID")), place)


def _span(span: Mapping[str, Any], services: Mapping[str, str], trace: str, place: Place) -> Span:
    own, tags = span.get("process"), _tags(span.get("tags"))
    service = name_of(own.get("serviceName")) if isinstance(own, dict) else services.get(_id(span.get("processID")), "")
    parent, is_loose = _parent(span)
    is_store = any(tags.get(tag) for tag in ("db.system", "db.system.name", "db.type"))
    remote = tags.get("peer.service") or (is_store and (tags.get("db.namespace") or tags.get("db.name")))
    status = tags.get("otel.status_code")
    return Span(
        trace,
        _id(span.get("spanID")),
        parent,
        service,
        SIDES.get(str(tags.get("span.kind")).lower(), ""),
        place,
        remote=name_of(remote),
        is_store=is_store,
        is_error=tags.get("error") in (True, "true") or status == "ERROR",
        is_loose=is_loose,
    )


def _parent(span: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the id of the parent, and whether the parent did not wait: one that waited comes first."""
    listed = span.get("references")
    references = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    for kind in ("CHILD_OF", "FOLLOWS_FROM"):
        for reference in references:
            if reference.get("refType") == kind and _id(reference.get("spanID")):
                return _id(reference.get("spanID")), kind == "FOLLOWS_FROM"
    return _id(span.get("parentSpanID")), False


def _tags(tags: Any) -> dict[str, Any]:
    """Return the tags that mean something here, by key."""
    found = dict[str, Any]()
    for tag in tags if isinstance(tags, list) else ():
        if isinstance(tag, dict) and isinstance(key := tag.get("key"), str) and key in _TAGS:
            value = tag.get("value")
            if isinstance(value, str | bool):
                found.setdefault(key, value)
    return found


def _id(value: Any) -> str:
    return value if isinstance(value, str) else ""
