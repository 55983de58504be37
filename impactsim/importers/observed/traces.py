"""Jaeger and Zipkin: links that they have counted themselves, or spans, of which the links are counted here.

Both write the counted links as ``{parent, child, callCount}``, Zipkin with an ``errorCount``; Jaeger's interface puts them into
``{"data": [...]}``, and files that people saved are often the bare list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from impactsim.files.documents import Document
from impactsim.importers.draft import Draft
from impactsim.importers.observed.calls import Calls
from impactsim.importers.observed.jaeger import spans_of_trace
from impactsim.importers.observed.rule import number_of_calls
from impactsim.importers.observed.spans import Span, Spans, name_of
from impactsim.importers.observed.zipkin import spans_of_record
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.problems import Path
from impactsim.quantities import shown

_SpansOf = Callable[[Mapping[str, Any], Place], Iterator[Span]]


def read_jaeger(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read dependencies or traces of Jaeger.

    Parameters
    ----------
    sources
        JSON, as ``/api/dependencies`` or ``/api/traces`` gives it, or only the list in it.
    settings
        ``hard_from``, ``leave_out_below``, ``fewest_calls``.
    draft
        Takes what is found.
    """
    _Reader(draft, settings, spans_of_trace, "dependencies (/api/dependencies) or traces (/api/traces)").read(sources)


def read_zipkin(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read dependencies or spans of Zipkin.

    Parameters
    ----------
    sources
        JSON, as ``/api/v2/dependencies``, ``/api/v2/traces`` or ``/api/v2/trace/ID`` gives it; spans of version 1 or 2.
    settings
        ``hard_from``, ``leave_out_below``, ``fewest_calls``.
    draft
        Takes what is found.
    """
    _Reader(draft, settings, spans_of_record, "dependencies (/api/v2/dependencies) or spans of version 1 or 2").read(
        sources
    )


class _Reader:
    """Files of one of the two: what differs between them is how a record becomes spans."""

    def __init__(self, draft: Draft, settings: Mapping[str, Any], spans_of: _SpansOf, wanted: str) -> None:
        self._draft = draft
        self._calls = Calls(draft, settings)
        self._spans = Spans(self._calls, draft)
        self._spans_of = spans_of
        self._wanted = wanted

    def read(self, sources: Sequence[Source]) -> None:
        for source in sources:
            for document in source.documents(self._draft.notes):
                self._read_document(document, source)
        self._spans.link()
        self._calls.finish()
        self._draft.remark(
            "Seen is what was called while somebody watched: standbys, rare jobs, and what is not traced are missing."
        )

    def _read_document(self, document: Document, source: Source) -> None:
        records: Any = document.data
        base: Path = ()
        if isinstance(records, dict) and isinstance(records.get("data"), list):
            records, base = records["data"], ("data",)
        if isinstance(records, dict):
            records = [records]
        if not isinstance(records, list):
            fault = f"{shown(records)} stands where a list should be"
            self._draft.notes.error(1, "calls-form", "", fault, f"give {self._wanted}", file=source.name)
            return
        n_known = sum(self._read_record(each, (*base, n), document, source) for n, each in enumerate(records))
        if records and not n_known:
            fault = "nothing in this file is a link or a span"
            self._draft.notes.error(1, "calls-form", "", fault, f"give {self._wanted}", file=source.name)

    def _read_record(self, record: Any, path: Path, document: Document, source: Source) -> bool:
        """Take a link, a span or a list of spans; tell whether it was one."""
        place = _LazyPlace(source, document, path)
        if isinstance(record, dict) and "parent" in record and "child" in record:
            self._read_link(record, place)
            return True
        each = record if isinstance(record, list) else [record]
        found = False
        for one in each:
            if isinstance(one, dict):
                for span in self._spans_of(one, Place(source)):
                    found = True
                    self._spans.add(span)
        if not found and record not in ([], {}):
            self._draft.notes.warning(
                place.line, "calls-record", "", "this is no link and no span, and is left out", file=source.name
            )
        return found

    def _read_link(self, record: Mapping[str, Any], place: _LazyPlace) -> None:
        caller, callee = name_of(record["parent"]), name_of(record["child"])
        notes, file = self._draft.notes, place.source.name
        if not caller or not callee:
            wrong = record["child"] if caller else record["parent"]
            fault = f"{shown(wrong)} is no name of a service; the link is left out"
            notes.warning(place.line, "calls-name", "", fault, "a name is text", file=file)
            return
        for name in (caller, callee):
            if not self._calls.knows(name):
                self._calls.service(name, name, Place(place.source, place.line))
        calls = number_of_calls(record.get("callCount"))
        errors = number_of_calls(record.get("errorCount"))
        if calls is None or calls != int(calls):
            fault = f"{shown(record.get('callCount'))} is no number of calls; the link is left out"
            notes.warning(place.line, "calls-number", f"{caller} -> {callee}", fault, "write a whole number", file=file)
            return
        self._calls.call(caller, callee, calls, errors or 0, Place(place.source))


class _LazyPlace:
    """Where a record stands: lines are looked up when they are asked for."""

    def __init__(self, source: Source, document: Document, path: Path) -> None:
        self.source = source
        self._document = document
        self._path = path

    @property
    def line(self) -> int:
        return self._document.line(self._path)
