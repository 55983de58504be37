"""The service graph that OpenTelemetry's connector and Grafana Tempo keep as metrics, as Prometheus text or as the answer of a query.

``traces_service_graph_request_total{client, server, connection_type}`` and ``..._request_failed_total`` are counters since the
process that writes them began, or rates where a query made them so. Several series of a pair (instances, methods) belong together.
``connection_type`` is empty for a call, ``database``, ``messaging_system``, or ``virtual_node`` where one side has no spans: the
users, if it is the client, else often a third party.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from impactsim.importers.draft import Draft
from impactsim.importers.observed.calls import Calls, Sort
from impactsim.importers.observed.prometheus_text import Sample, samples_of
from impactsim.importers.observed.rule import Number, number_of_calls
from impactsim.importers.observed.spans import name_of
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.quantities import shown

_NAME = re.compile(r"(?:.*_)?service_graph_(request|request_failed|unpaired_spans|dropped_spans)(?:_total)?")
_FORM = "give Prometheus text, or the answer of a query (/api/v1/query), of traces_service_graph_request_total"
_UNSET = {"", "unset", "none"}


def read_opentelemetry(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read the metrics of a service graph.

    Parameters
    ----------
    sources
        Prometheus text, or JSON as ``/api/v1/query`` gives it; calls and failed calls may be in files of their own.
    settings
        ``hard_from``, ``leave_out_below``, ``fewest_calls``.
    draft
        Takes what is found.
    """
    graph = _Graph(draft)
    for source in sources:
        n_before = graph.n_samples
        for sample in _samples(source, draft):
            graph.add(sample, source)
        if graph.n_samples == n_before and not draft.notes.has_errors:
            fault = "no series of a service graph is in this file"
            draft.notes.error(1, "calls-form", "", fault, _FORM, file=source.name)
    graph.give(Calls(draft, settings))


def _samples(source: Source, draft: Draft) -> Iterator[Sample]:
    if source.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        text = source.text(draft.notes)
        yield from samples_of(text, "service_graph_", draft.notes, source.name) if text is not None else ()
        return
    for document in source.documents(draft.notes):
        yield from _answers(document.data)


def _answers(data: Any) -> Iterator[Sample]:
    """Yield the series of an answer of Prometheus, at their last point."""
    for step in ("data", "result"):
        data = data.get(step, data) if isinstance(data, dict) else data
    for series in data if isinstance(data, list) else ():
        metric = series.get("metric") if isinstance(series, dict) else None
        if not isinstance(metric, dict):
            continue
        points = series.get("values")
        point = points[-1] if isinstance(points, list) and points else series.get("value")
        value = point[1] if isinstance(point, list) and len(point) == 2 else None
        labels = {key: text for key, text in metric.items() if isinstance(text, str)}
        yield Sample(labels.pop("__name__", ""), labels, value, 0)


class _Key(NamedTuple):
    client: str
    server: str
    connection: str
    virtual: str


@dataclass
class _Counts:
    place: Place
    calls: Number = 0
    errors: Number = 0


class _Graph:
    """The series of all files, taken together."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._pairs: dict[_Key, _Counts] = {}
        self._unnamed = 0
        self._skipped = Counter[str]()
        self.n_samples = 0

    def add(self, sample: Sample, source: Source) -> None:
        """Take a series, if it is one of the graph."""
        found = _NAME.fullmatch(sample.name) if sample.name else None
        what = found[1] if found else ""
        if sample.name and not what:
            return
        self.n_samples += 1
        if what in {"unpaired_spans", "dropped_spans"}:
            self._skipped[f"spans that found no partner or no room ({what}_total)"] += int(_known(sample.value))
            return
        client, server = (name_of(sample.labels.get(side)) for side in ("client", "server"))
        value = number_of_calls(sample.value)
        if not client or not server or value is None:
            fault = "it names no client or no server" if value is not None else f"{shown(sample.value)} is no number"
            place = f"{client} -> {server}" if client and server else ""
            remedy = "it is left out; ask by client, server and connection_type"
            self._draft.notes.warning(sample.line, "calls-series", place, fault, remedy, file=source.name)
            return
        self._unnamed += not sample.name
        connection, virtual = (sample.labels.get(label, "").lower() for label in ("connection_type", "virtual_node"))
        key = _Key(client, server, "" if connection in _UNSET else connection, "" if virtual in _UNSET else virtual)
        counts = self._pairs.setdefault(key, _Counts(Place(source, sample.line)))
        if what == "request_failed":
            counts.errors += value
        else:
            counts.calls += value

    def give(self, calls: Calls) -> None:
        """Tell who is there and who called whom."""
        calls.are_counted = all(isinstance(each.calls, int) for each in self._pairs.values())
        with_spans = _with_spans(self._pairs)
        unnamed_users = Counter[str]()
        for key, counts in self._pairs.items():
            if _is_user(key, with_spans):
                calls.service(key.server, key.server, counts.place)
                calls.served(key.server, counts.calls)
                unnamed_users[key.client] += 1
                continue
            _give_pair(key, counts, with_spans, calls)
        for what, n in self._skipped.items():
            self._draft.leave_out(what, n)
        self._tell(calls, list(unnamed_users))
        calls.finish()

    def _tell(self, calls: Calls, users: Sequence[str]) -> None:
        if users:
            named = ", ".join(shown(user) for user in users[:3])
            self._draft.leave_out(
                f"callers without spans, who are users or other systems (such as {named})", len(users)
            )
        if self._unnamed:
            self._draft.remark(
                f"{self._unnamed:,} series without a name are taken for calls (request_total), as queries with sum() give them."
            )
        if not any(key.connection for key in self._pairs):
            self._draft.remark(
                "No series says its connection_type: if a query left it out, data stores and third parties look like services here, and "
                "messages like calls."
            )
        since = (
            "counters since the writing process began" if calls.are_counted else "rates: shares count, numbers do not"
        )
        self._draft.remark(
            f"The figures are {since}. What was not called then, or is not traced, is missing: standbys, rare jobs."
        )


def _give_pair(key: _Key, counts: _Counts, with_spans: set[str], calls: Calls) -> None:
    sort: Sort = "service"
    if key.server not in with_spans:
        sort = "data" if key.connection == "database" else "provider"
    calls.service(key.client, key.client, counts.place)
    calls.service(key.server, key.server, counts.place, sort, "guessed" if sort == "provider" else "observed")
    add = calls.message if key.connection == "messaging_system" else calls.call
    add(key.client, key.server, counts.calls, counts.errors, counts.place)


def _with_spans(pairs: Iterable[_Key]) -> set[str]:
    """Return who wrote spans: both sides of an ordinary pair, and the side that is not virtual."""
    found = set[str]()
    for key in pairs:
        if key.connection in {"database", "virtual_node"} or key.virtual:
            found.update([] if _is_virtual_client(key) else [key.client])
            found.update([key.server] if key.virtual == "client" else [])
        else:
            found.update((key.client, key.server))
    return found


def _is_virtual_client(key: _Key) -> bool:
    """Is the client the side without spans? Where nothing says so, it is called user."""
    return key.virtual == "client" or (key.connection == "virtual_node" and not key.virtual and key.client == "user")


def _is_user(key: _Key, with_spans: set[str]) -> bool:
    return _is_virtual_client(key) and key.client not in with_spans


def _known(value: Any) -> Number:
    return number_of_calls(value) or 0
