"""Our own two tables, whatever file they stood in: rows of components and of members of needs become a system again.

The columns are those of ``exporters/flat.py``. People may have edited the rows, and a spreadsheet or a graph editor may have
made text of all values: each is read by what its column means. A row of the second table that says nothing but `from` and `to`
is a plain need, as somebody would draw it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from impactsim.importers.draft import Draft
from impactsim.importers.graphs.flat_cells import (
    AT,
    amount,
    confidence,
    flag,
    form,
    listed,
    number,
    quantity,
    said,
    share,
    spoken,
    text,
    whole,
)
from impactsim.importers.parts import Place
from impactsim.problems import Fault
from impactsim.quantities import shown

Row = Mapping[str, Any]
PlaceOf = Callable[[Literal["node", "edge"], int], Place]
"""Tells where a row stands, by its table and its number from 0."""

_MARKS = {"node": {"id", "kind", "confidence"}, "edge": {"from", "to", "need", "form"}}
_TOLD = 5


def is_flat(nodes: Sequence[Row], edges: Sequence[Row]) -> bool:
    """Are these tables ours?

    Parameters
    ----------
    nodes, edges
        Rows by column; any values.

    Returns
    -------
    bool
        True if an edge has the columns of ours, or, where there is none, a node has.
    """
    table, marks = (edges, _MARKS["edge"]) if edges else (nodes, _MARKS["node"])
    return any(marks <= row.keys() for row in table)


def take(draft: Draft, nodes: Sequence[Row], edges: Sequence[Row], place: Place | PlaceOf) -> None:
    """Add what stands in two tables of ours to a draft.

    Parameters
    ----------
    draft
        Takes components, needs, and everything that is wrong with them.
    nodes, edges
        Rows by column, as ``exporters/flat.py`` gives them; all values may be text, and empty text is not said.
    place
        Where all of it stands, or a function that tells where a row does: of ``node`` or ``edge``, by its number from 0.
    """
    where = place if callable(place) else lambda _table, _number, all_of_it=place: all_of_it
    _Taking(draft, where).take(nodes, edges)


_NODE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("id", "kind", "name"), text),
    "public_name": spoken,
    "aliases": listed,
    **dict.fromkeys(("at", "operator"), text),
    "critical": flag,
    "crew": text,
    **dict.fromkeys(("crew_members", "priority"), whole),
    **dict.fromkeys(("restart", "time_to_restore"), quantity),
    "fails_per_year": number,
    "fails_probability": share,
    "catch_up_share": number,
    "catch_up_level": share,
    "users": amount,
    **dict.fromkeys(("rto", "rpo", "mtpd"), quantity),
    "mbco": share,
    "source": text,
    "confidence": confidence,
    "origin": listed,
}
_EDGE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("from", "to"), text),
    "need": whole,
    "form": form,
    **dict.fromkeys(("place", "at_least"), whole),
    **dict.fromkeys(("capacity", "demand"), number),
    "purpose": text,
    "impact": share,
    **dict.fromkeys(("holdover", "recharge", "failover", "use_failover", "lasts"), quantity),
    "fails_to_start": share,
    "calls": whole,
    **dict.fromkeys(("share", "errors"), share),
    "confidence": confidence,
    "origin": listed,
}
NODE_COLUMNS, EDGE_COLUMNS = tuple(_NODE), tuple(_EDGE)
_OF_MEMBER = {"from", "to", "need", "place", "capacity", "use_failover", "lasts", "fails_to_start", "origin"}
_PARTS = {
    "fails": {"fails_per_year": "per_year", "fails_probability": "probability"},
    "catch_up": {"catch_up_share": "share", "catch_up_level": "level"},
    "targets": {name: name for name in ("rto", "rpo", "mtpd", "mbco")},
}
"""What a component says in a mapping, and the columns of it."""


class _Member(NamedTuple):
    """A row of the second table, read."""

    place: Place
    words: dict[str, Any]


class _Taking:
    """Reads the rows of two tables."""

    def __init__(self, draft: Draft, place: PlaceOf) -> None:
        self.draft = draft
        self.place = place
        self.unknown: Counter[str] = Counter()

    def take(self, nodes: Sequence[Row], edges: Sequence[Row]) -> None:
        for i, row in enumerate(nodes):
            self._node(self._read(row, _NODE, self.place("node", i)))
        members = [self._read(row, _EDGE, self.place("edge", i)) for i, row in enumerate(edges)]
        for group in _groups([each for each in members if self._is_whole(each)]):
            self._need(group)
        self._tell_unknown()

    # Rows.

    def _read(self, row: Row, columns: Mapping[str, Callable[[Any], Any]], place: Place) -> _Member:
        """Return what the cells of a row mean; what means nothing is noted and left out."""
        words = {}
        for column, cell in row.items():
            if column not in columns:
                self.unknown[str(column)] += said(cell)
            elif said(cell):
                try:
                    words[column] = columns[column](cell)
                except Fault as fault:
                    name = str(row.get("id") or row.get("from") or "")[:80]
                    self._error(place, fault.code, name, f"{column}: {fault.fault}", fault.remedy)
        return _Member(place, words)

    def _node(self, row: _Member) -> None:
        words = dict(row.words)
        own = words.pop("id", "")
        if not own:
            self._error(row.place, "no-id", "", "this component has no id", "give it one, in the column id")
            return
        if own in self.draft.parts:
            self._error(row.place, "defined-twice", own, "it is described twice", "keep one of them")
            return
        for part, columns in _PARTS.items():
            given = {name: words.pop(column) for column, name in columns.items() if column in words}
            words |= {part: given} if given else {}
        self._crew(words)
        earlier, sure = words.pop("origin", []), words.pop("confidence", "declared")
        part_ = self.draft.component(own, own, row.place, confidence=sure, **words)
        part_.origin += [each for each in earlier if each not in part_.origin]

    def _crew(self, words: dict[str, Any]) -> None:
        """Note how many a crew are; one of which no row says so is left out, and what it would do first."""
        crew, members = words.get("crew"), words.pop("crew_members", 0)
        if crew and members > 0:
            self.draft.crews[crew] = max(members, self.draft.crews.get(crew, 0))
        elif crew:
            words.pop("priority", None)
            del words["crew"]
            self.draft.leave_out("crews of which no row says how many they are (crew_members)")

    def _is_whole(self, row: _Member) -> bool:
        """Does a row say who needs whom? One that draws where something stands is done here."""
        owner, member = row.words.get("from", ""), row.words.get("to", "")
        if not owner or not member:
            fault, remedy = "this row does not say who needs whom", "fill in the columns from and to"
            self._error(row.place, "no-ends", owner or member, fault, remedy)
            return False
        if owner == member:
            self.draft.leave_out("needs of something for itself")
            return False
        self._demand_owner(owner, row.place)
        self.draft.mention(member, member, row.place)
        if row.words.get("form") == AT:
            self.draft.parts[owner].words.setdefault("at", member)
            return False
        return True

    def _demand_owner(self, owner: str, place: Place) -> None:
        if owner not in self.draft.parts:
            fault = "it has needs, and no row describes it: it is kept as something unknown"
            self.draft.notes.warning(place.line, "dangling", owner, fault, "describe it", file=place.source.name)
            self.draft.component(owner, owner, place, kind="unknown", confidence="guessed")

    # Needs.

    def _need(self, group: list[_Member]) -> None:
        first = group[0]
        words = self._agreed(group)
        owner, members = first.words["from"], [row.words["to"] for row in group]
        shape = self._shape(words.pop("form", "component"), group, words)
        if shape is None:
            return
        seen = {name: words.pop(name) for name in ("calls", "share", "errors") if name in words}
        words["to"] = words.pop("purpose", None)
        sure = words.pop("confidence", "declared")
        record = f"{owner} -> {', '.join(members)}"
        link = self.draft.written_need(owner, shape, first.place, record=record, confidence=sure, seen=seen, **words)
        earlier = dict.fromkeys(origin for row in group for origin in row.words.get("origin", []))
        link.origin += [each for each in earlier if each not in link.origin]

    def _agreed(self, group: list[_Member]) -> dict[str, Any]:
        """Return what the rows of a need say of it as a whole; they must not contradict one another."""
        agreed: dict[str, Any] = {}
        for row in group:
            for column, value in row.words.items():
                if column not in _OF_MEMBER and agreed.setdefault(column, value) != value:
                    fault = f"rows of need {row.words.get('need')} contradict each other in {column}"
                    self._error(
                        row.place, "rows-disagree", row.words["from"], fault, "say it once, or the same in each row"
                    )
        return agreed

    def _shape(self, word: str, group: list[_Member], words: dict[str, Any]) -> dict[str, Any] | None:
        """Return the form of a need with its members, taking what belongs to it out of `words`; none if it has none."""
        first, members = group[0], [row.words["to"] for row in group]
        if word == "component":
            if len(group) > 1:
                fault = f"need {first.words['need']} is of one component, and {len(group)} rows have it"
                remedy = "give each row a number of its own under need, or the form all_of"
                self._error(first.place, "need-form", first.words["from"], fault, remedy)
            return {"component": members[0]}
        if word == "any_of":
            return {"any_of": [_standby(row.words) for row in group]}
        if word == "at_least":
            if "at_least" not in words:
                self._lacks(first, "at_least", "how many of them are needed")
            return {"at_least": words.pop("at_least", 1), "of": members}
        if word == "pool":
            return self._pool(group, words)
        return {"all_of": members}

    def _pool(self, group: list[_Member], words: dict[str, Any]) -> dict[str, Any] | None:
        for row in group:
            if "capacity" not in row.words:
                self._lacks(row, "capacity", "how much this member carries")
        if "demand" not in words:
            self._lacks(group[0], "demand", "how much is needed")
        capacities = {row.words["to"]: row.words.get("capacity", 0) for row in group}
        if len(capacities) < len(group):
            fault = f"a member stands twice in need {group[0].words.get('need')}"
            self._error(group[0].place, "need-form", group[0].words["from"], fault, "add up its capacities in one row")
        return {"pool": capacities, "demand": words.pop("demand", 1)}

    def _lacks(self, row: _Member, column: str, what: str) -> None:
        fault = f"need {row.words.get('need')} does not say {what}"
        self._error(row.place, "need-form", row.words["from"], fault, f"fill in the column {column}")

    # Notes.

    def _error(self, place: Place, code: str, about: str, fault: str, remedy: str) -> None:
        self.draft.notes.error(place.line, code, about, fault, remedy, file=place.source.name)

    def _tell_unknown(self) -> None:
        named = [shown(column) for column, n in self.unknown.items() if n]
        if named:
            more = f" and {len(named) - _TOLD:,} more" if len(named) > _TOLD else ""
            what = f"values of columns that mean nothing here ({', '.join(named[:_TOLD])}{more})"
            self.draft.leave_out(what, self.unknown.total())


def _groups(rows: Sequence[_Member]) -> Iterator[list[_Member]]:
    """Yield the rows of each need: by owner as they came, by number, by place in the group."""
    owners: dict[str, dict[tuple[int, int], list[_Member]]] = {}
    for i, row in enumerate(rows):
        number_ = row.words.get("need")
        name = (1, i) if number_ is None else (0, number_)
        owners.setdefault(row.words["from"], {}).setdefault(name, []).append(row)
    for needs in owners.values():
        for name in sorted(needs):
            yield sorted(needs[name], key=_place)


def _place(row: _Member) -> float:
    place: float = row.words.get("place", math.inf)
    return place


def _standby(words: dict[str, Any]) -> Any:
    given = {"failover": words.get("use_failover"), "lasts": words.get("lasts")}
    given["fails_to_start"] = words.get("fails_to_start")
    more = {word: value for word, value in given.items() if value is not None}
    return {"use": words["to"], **more} if more else words["to"]
