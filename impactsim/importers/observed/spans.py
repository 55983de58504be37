"""Spans of traces, and the calls between services that they show.

A span belongs to the service that wrote it. Where its parent belongs to another service, that one called it; where it has no
parent, somebody who is not traced did. A call that no span of another service answers went to something without spans, if the
caller says its name: a data store, a broker, a third party.

Zipkin lets the two sides of a call share one id; the children of such a span belong to the side that was called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from impactsim.importers.draft import Draft
from impactsim.importers.observed.calls import Calls, Sort
from impactsim.importers.parts import Place

Side = Literal["client", "server", "producer", "consumer", ""]

SIDES: dict[str, Side] = {"client": "client", "server": "server", "producer": "producer", "consumer": "consumer"}

LONGEST = 300
"""A longer name is none."""

_STORES = re.compile(
    r"(?:^|[^a-z])(?:mysql|mariadb|postgres|postgresql|mongo|mongodb|redis|valkey|memcached|cassandra|elasticsearch|opensearch|"
    r"dynamodb|oracle|mssql|sqlserver|cockroachdb|couchdb|neo4j|clickhouse|etcd)(?:$|[^a-z])"
)
"""Names of data stores that stand for nothing else."""


def name_of(value: Any) -> str:
    """Return the name of a service; empty if it is none. Of an address only the host is taken, for the rest may hold secrets.

    Examples
    --------
    >>> name_of("orders"), name_of(7), name_of("https://me:secret@pay.example/v1?key=3")
    ('orders', '', 'pay.example')
    """
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        return ""
    _, is_address, rest = value.partition("://")
    return re.split(r"[/?#]", rest)[0].rpartition("@")[2] if is_address else value


@dataclass(frozen=True, slots=True)
class Span:
    """One side of a piece of work."""

    trace: str
    id: str
    parent: str
    """Empty if nobody called it, or nobody knows who."""
    service: str
    side: Side
    place: Place
    remote: str = ""
    """The other side, as this one calls it."""
    is_store: bool = False
    """Is the other side a data store?"""
    is_error: bool = False
    is_loose: bool = False
    """Did the parent not wait for it?"""


class Spans:
    """Spans, until all have been read.

    Parameters
    ----------
    calls
        Takes the calls.
    draft
        Takes what is left out.
    """

    def __init__(self, calls: Calls, draft: Draft) -> None:
        self._calls = calls
        self._draft = draft
        self._spans: dict[tuple[str, str, str, Side], Span] = {}
        self._sides: dict[tuple[str, str], list[Span]] = {}
        self._answered: set[tuple[str, str]] = set()

    def add(self, span: Span) -> None:
        """Add a span; the same one once more changes nothing."""
        if not span.service:
            self._draft.leave_out("spans without a service")
            return
        known = self._spans.setdefault((span.trace, span.id, span.service, span.side), span)
        if known is not span:
            self._draft.leave_out("spans that stand there twice")
            return
        sides = self._sides.setdefault((span.trace, span.id), [])
        if len(sides) < 4:  # more sides than two are nonsense, and must not cost time
            sides.append(span)

    def link(self) -> None:
        """Count the calls."""
        for span in self._spans.values():
            self._calls.service(span.service, span.service, span.place)
        for span in self._spans.values():
            self._link_to_parent(span)
        for span in self._spans.values():
            self._link_to_remote(span)
        traces = len({span.trace for span in self._spans.values()})
        if traces:
            told = "1 trace" if traces == 1 else f"{traces:,} traces"
            self._draft.remark(
                f"{told} with {len(self._spans):,} spans: usually a sample, so shares count and numbers do not."
            )

    def _link_to_parent(self, span: Span) -> None:
        parent = self._parent_of(span)
        if parent is None:
            if span.side == "server" and span.remote:
                self._count(span.remote, span, "service", "", False)
            elif span.side != "consumer" or not span.remote:
                self._calls.served(span.service, 1)
        elif parent.service != span.service:
            self._answered.add((parent.trace, parent.id))
            is_error = span.is_error or (parent.side == "client" and parent.is_error)
            is_message = span.side == "consumer" or parent.side == "producer" or span.is_loose
            add = self._calls.message if is_message else self._calls.call
            add(parent.service, span.service, 1, int(is_error), span.place)
        elif parent.side == "client" and span.side == "server":
            self._calls.call(parent.service, span.service, 1, 0, span.place)  # itself, which is counted
            self._answered.add((parent.trace, parent.id))

    def _parent_of(self, span: Span) -> Span | None:
        """Return what called a span: the other side of it, or the side of its parent that was called."""
        beside = self._sides.get((span.trace, span.id), ())
        if span.side in {"server", "consumer"}:
            for other in beside:
                if other.side in {"client", "producer"}:
                    return other
        above = self._sides.get((span.trace, span.parent), ()) if span.parent and span.parent != span.id else ()
        own = [other for other in above if other.service == span.service]
        called = [other for other in above if other.side in {"server", "consumer"}]
        return next(iter([*own, *called, *above]), None)

    def _link_to_remote(self, span: Span) -> None:
        """Count what went to something without spans, or came from a broker."""
        if not span.remote or span.remote == span.service:
            return
        if span.side == "consumer":
            self._count(span.remote, span, "queue", "message", is_error=False)
        elif span.side == "producer":
            self._there(span.remote, "queue", span)
            self._calls.call(span.service, span.remote, 1, int(span.is_error), span.place)
        elif span.side == "client" and (span.trace, span.id) not in self._answered:
            self._there(span.remote, _sort_of(span), span)
            self._calls.call(span.service, span.remote, 1, int(span.is_error), span.place)

    def _count(self, caller: str, span: Span, sort: Sort, how: str, is_error: bool) -> None:
        self._there(caller, sort, span)
        add = self._calls.message if how == "message" else self._calls.call
        add(caller, span.service, 1, int(is_error or span.is_error), span.place)

    def _there(self, name: str, sort: Sort, span: Span) -> None:
        """Say that something without spans is there."""
        is_sure = sort == "service" or (sort == "data" and span.is_store)
        self._calls.service(name, name, span.place, sort, "observed" if is_sure else "guessed")


def _sort_of(span: Span) -> Sort:
    return "data" if span.is_store or _STORES.search(span.remote.lower()) else "provider"
