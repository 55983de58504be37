"""Spans of Zipkin, version 1 and 2, as spans of our own.

Version 2 says ``kind``, ``localEndpoint`` and ``remoteEndpoint``. Version 1 says who did what by annotations: cs and cr (client),
sr and ss (server), ms (producer), mr (consumer), with the endpoint of who wrote it; sa, ca and ma in ``binaryAnnotations`` are the
other side. One record of version 1 may hold both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from impactsim.importers.observed.spans import SIDES, Side, Span, name_of
from impactsim.importers.parts import Place

_DONE: dict[str, Side] = {
    "cs": "client",
    "cr": "client",
    "sr": "server",
    "ss": "server",
    "ms": "producer",
    "mr": "consumer",
}
_OTHER: dict[Side, str] = {"client": "sa", "server": "ca", "producer": "ma", "consumer": "ma"}
_STORE_TAGS = ("sql.query", "db.", "redis.", "cassandra.", "mongodb.")


def spans_of_record(record: Mapping[str, Any], place: Place) -> Iterator[Span]:
    """Yield the sides of a span.

    Parameters
    ----------
    record
        A span of version 1 or 2, of any type inside.
    place
        Where it stands.
    """
    own, trace = _id(record.get("id")), _id(record.get("traceId"))[-16:]  # 64 bits of it may be missing on one side
    parent = _id(record.get("parentId"))
    if not own or not trace:
        return
    if isinstance(record.get("annotations"), list) and _is_first_version(record):
        yield from _sides(record, trace, own, parent, place)
        return
    tags = record.get("tags")
    keys = [key for key in tags if isinstance(key, str)] if isinstance(tags, dict) else []
    yield Span(
        trace,
        own,
        parent,
        _service(record.get("localEndpoint")),
        SIDES.get(str(record.get("kind")).lower(), ""),
        place,
        remote=_service(record.get("remoteEndpoint")),
        is_store=any(key.startswith(_STORE_TAGS) for key in keys),
        is_error="error" in keys,
    )


def _is_first_version(record: Mapping[str, Any]) -> bool:
    if "localEndpoint" in record or "kind" in record or "tags" in record:
        return False
    return "binaryAnnotations" in record or any(
        isinstance(each, dict) and "endpoint" in each for each in record["annotations"]
    )


def _sides(record: Mapping[str, Any], trace: str, own: str, parent: str, place: Place) -> Iterator[Span]:
    """Yield the sides of a span of version 1, in the order in which they were first written."""
    listed = record.get("binaryAnnotations")
    extra = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    services = dict[Side, str]()
    for each in record["annotations"]:
        side = _DONE.get(each.get("value", ""), "") if isinstance(each, dict) and _id(each.get("value")) else ""
        if side and not services.get(side):
            services[side] = _service(each.get("endpoint"))
    others = {_id(each.get("key")): _service(each.get("endpoint")) for each in extra}
    if not services:
        named = [name for each in extra if (name := _service(each.get("endpoint")))]
        services[""] = others.get("lc") or next(iter(named), "")
    is_store = any(key.startswith(_STORE_TAGS) for key in others)
    for side, service in services.items():
        remote = others.get(_OTHER.get(side, "-"), "")
        yield Span(trace, own, parent, service, side, place, remote, is_store, "error" in others)


def _service(endpoint: Any) -> str:
    name = name_of(endpoint.get("serviceName")) if isinstance(endpoint, dict) else ""
    return "" if name == "unknown" else name


def _id(value: Any) -> str:
    return value if isinstance(value, str) else ""
