"""Graphs of Kiali (Istio): nodes of a mesh, and the traffic between them while somebody looked.

Its numbers are text, and rates: requests a second for HTTP and gRPC, bytes a second for TCP. ``httpPercentReq`` is a share of what
the source *sends*: of ten services that it calls for every request, each gets a tenth. So shares are worked out from the rates, as
for all calls. ``isOutside`` says that a node is in a namespace that was not asked for, not that it is a third party: that is what a
ServiceEntry says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from impactsim.files.documents import Document
from impactsim.importers.draft import Draft
from impactsim.importers.observed.calls import Calls, Sort
from impactsim.importers.observed.rule import Number, number_of_calls
from impactsim.importers.observed.spans import name_of
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.quantities import shown

_NO_HOST = {"PassthroughCluster", "BlackHoleCluster"}
"""What the mesh calls all hosts outside that it does not know by name."""

_ENDS = ("source", "target")
_FORM = "give the answer of /api/namespaces/graph, or what Kiali saved of it"


def read_kiali(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read graphs of apps, versioned apps, services or workloads.

    Parameters
    ----------
    sources
        JSON with ``elements: {nodes, edges}``.
    settings
        ``hard_from``, ``leave_out_below``, ``fewest_calls``.
    draft
        Takes what is found.
    """
    calls = Calls(draft, settings)
    for source in sources:
        for document in source.documents(draft.notes):
            graph = document.data if isinstance(document.data, dict) else {}
            elements = graph.get("elements")
            nodes = elements.get("nodes") if isinstance(elements, dict) else None
            edges = elements.get("edges") if isinstance(elements, dict) else None
            if not isinstance(nodes, list) or not isinstance(edges, list):
                fault = "there are no elements with nodes and edges in this file"
                draft.notes.error(1, "calls-form", "", fault, _FORM, file=source.name)
                continue
            _Graph(graph, document, source, draft, calls).read(nodes, edges)
    calls.finish()
    draft.remark(
        "Seen is what was called while Kiali looked: standbys, rare jobs, and what is not in the mesh are missing."
    )


class _Flow(NamedTuple):
    rate: Number | None
    """Requests a second; None if nobody counts them."""
    errors: float
    """Share of them that failed."""


class _Graph:
    """One file."""

    def __init__(
        self, graph: Mapping[str, Any], document: Document, source: Source, draft: Draft, calls: Calls
    ) -> None:
        self._document = document
        self._source = source
        self._draft = draft
        self._calls = calls
        self._has_versions = graph.get("graphType") == "versionedApp"
        self._seconds = number_of_calls(graph.get("duration")) or 0
        self._keys: dict[str, str] = {}
        """By the id of a node; empty for what becomes no component: users, hosts without a name."""

    def read(self, nodes: list[Any], edges: list[Any]) -> None:
        """Read nodes and edges."""
        self._calls.are_counted &= self._seconds > 0
        listed = [(n, _data(node)) for n, node in enumerate(nodes)]
        doubled = _doubled(data for _, data in listed)
        for n, data in listed:
            self._read_node(n, data, doubled)
        for n, data in enumerate(map(_data, edges)):
            self._read_edge(n, data, _flow(data))

    def _read_node(self, n: int, data: Mapping[str, Any], doubled: set[tuple[str, str]]) -> None:
        own, kind = data.get("id"), data.get("nodeType")
        name = _name(data, self._has_versions)
        if not isinstance(own, str) or not own:
            self._warn("nodes", n, "calls-record", "this is no node, and is left out", "a node has an id")
        elif kind == "box" or data.get("isBox"):
            self._draft.leave_out("boxes around nodes")
        elif kind == "unknown" or name in {"", "unknown"}:
            self._keys[own] = ""
            self._draft.leave_out("nodes without a name, such as callers that are not in the mesh")
        elif name in _NO_HOST:
            self._keys[own] = ""
            fault = f"hosts outside are called that the mesh does not know by name ({name})"
            self._warn("nodes", n, "unnamed-hosts", fault, "write who needs which third party in a layer of your own")
        else:
            self._add(own, n, data, name, is_doubled=(_text(data, "namespace"), name) in doubled)

    def _add(self, own: str, n: int, data: Mapping[str, Any], name: str, *, is_doubled: bool) -> None:
        kind, namespace = _text(data, "nodeType"), _text(data, "namespace")
        key = f"{_text(data, 'cluster')}/{namespace}/{kind} {name}"
        wished = f"{name}-service" if kind == "service" and is_doubled else name
        place = Place(self._source, self._document.line(("elements", "nodes", n)))
        sort: Sort = "provider" if _is_third_party(data) else "service"
        self._calls.service(key, wished, place, sort, within=namespace, record=key)
        self._keys[own] = key

    def _read_edge(self, n: int, data: Mapping[str, Any], flow: _Flow) -> None:
        source, target = (self._keys.get(end) if isinstance(end := data.get(side), str) else None for side in _ENDS)
        if source is None or target is None:
            wrong = data.get("source") if source is None else data.get("target")
            self._warn("edges", n, "calls-record", f"{shown(wrong)} is no node of this graph", "the edge is left out")
            return
        if not target:
            self._draft.leave_out("pairs whose callee has no name")
        elif flow.rate is None and not _is_busy(data):
            self._draft.leave_out("pairs without traffic")
        else:
            amount = None if flow.rate is None else flow.rate * (self._seconds or 1)
            if source:
                self._calls.call(source, target, amount, (amount or 0) * flow.errors, Place(self._source))
            else:
                self._calls.served(target, amount or 0)

    def _warn(self, part: str, n: int, code: str, fault: str, remedy: str) -> None:
        line = self._document.line(("elements", part, n))
        self._draft.notes.warning(line, code, "", fault, remedy, file=self._source.name)


def _data(element: Any) -> Mapping[str, Any]:
    data = element.get("data") if isinstance(element, dict) else None
    return data if isinstance(data, dict) else {}


def _text(data: Mapping[str, Any], word: str) -> str:
    return name_of(data.get(word))


def _name(data: Mapping[str, Any], has_versions: bool) -> str:
    """Return what a node is called: by its type, else the first name that it has."""
    kind = _text(data, "nodeType")
    words = [kind, "app", "workload", "service"] if kind in {"app", "workload", "service", "aggregate"} else []
    words = words or ["app", "workload", "service"]
    name = next((text for word in words if (text := _text(data, word)) not in {"", "unknown"}), "")
    version = _text(data, "version")
    if name and has_versions and kind == "app" and version not in {"", "unknown", "latest"}:
        return f"{name}-{version}"
    return name


def _doubled(nodes: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return namespace and name of services that are called as an app or workload is: the same thing at two places."""
    names: dict[str, set[tuple[str, str]]] = {"service": set(), "": set()}
    for data in nodes:
        kind = _text(data, "nodeType")
        names["service" if kind == "service" else ""].add((_text(data, "namespace"), _name(data, has_versions=False)))
    return names["service"] & names[""]


def _is_third_party(data: Mapping[str, Any]) -> bool:
    entry = data.get("isServiceEntry")
    where = entry.get("location") if isinstance(entry, dict) else entry
    return bool(entry) and where != "MESH_INTERNAL"


def _flow(data: Mapping[str, Any]) -> _Flow:
    rates = _rates(data)
    for protocol in ("http", "grpc"):
        rate = number_of_calls(rates.get(protocol))
        if rate is not None:
            failed = number_of_calls(rates.get(f"{protocol}PercentErr")) or 0
            return _Flow(rate, min(1.0, failed / 100))
    return _Flow(None, 0.0)


def _is_busy(data: Mapping[str, Any]) -> bool:
    """Does anything flow, though nobody counts requests?"""
    return any(number_of_calls(rate) for rate in _rates(data).values())


def _rates(data: Mapping[str, Any]) -> Mapping[str, Any]:
    traffic = data.get("traffic")
    rates = traffic.get("rates") if isinstance(traffic, dict) else None
    return rates if isinstance(rates, dict) else {}
