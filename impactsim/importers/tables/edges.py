"""Tables of who needs whom: a row each for who needs and what is needed; rows of one owner with one group label make one need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from impactsim.importers.parts import Place
from impactsim.importers.tables.cells import confidence, duration, form, purpose, share, whole
from impactsim.importers.tables.columns import Tables
from impactsim.importers.tables.files import Row
from impactsim.importers.tables.headers import Columns
from impactsim.importers.tables.references import References
from impactsim.quantities import shown

_DURATIONS = ("holdover", "recharge")
_OF_MEMBER = ("failover", "lasts")


@dataclass
class _Edge:
    """A row that says who needs what."""

    owner: str
    member: str
    columns: Columns
    row: Row
    words: dict[str, Any]
    """What it says of the need."""
    standby: dict[str, Any]
    """What it says of the member."""
    order: int | None
    form: tuple[str, int | None] | None
    k: int | None

    @property
    def place(self) -> Place:
        return self.columns.table.place(self.row)


@dataclass
class _Group:
    """Rows of one owner with one label."""

    label: str
    edges: list[_Edge] = field(default_factory=list)


class Needs:
    """Reads the rows of needs.

    Parameters
    ----------
    tables
        With the tables of needs.
    references
        Know all things.
    """

    def __init__(self, tables: Tables, references: References) -> None:
        self.tables = tables
        self.draft = tables.draft
        self.references = references
        self._groups: dict[tuple[str, str], _Group] = {}
        self._plain: dict[tuple[str, str, str], _Edge] = {}

    def read(self) -> None:
        """Read all rows, and make needs of them."""
        for columns in self.tables.of["edges"]:
            if not self.tables.is_mapped(columns):
                for word, parse in (("purpose", purpose), ("impact", share), ("confidence", confidence)):
                    if word in columns.at:
                        self.tables.forget_if_odd(columns, word, parse)
            for row, is_left_out in self.tables.rows(columns):
                if not is_left_out and (edge := self._edge(columns, row)) is not None:
                    self._take(edge)
        for (owner, _), group in self._groups.items():
            self._group(owner, group)
        if self.tables.of["edges"]:
            self._tell()

    def _tell(self) -> None:
        if not self.references.has_rows:
            self.draft.remark("no table describes things: all that needs or is needed counts as a service")
        if self.tables.mapping.is_reversed:
            self.draft.remark("each row is read as the mapping says: its `to` needs its `from`")
        elif "edges" not in self.tables.mapping.columns:
            first = self.tables.of["edges"][0]
            named = f"{shown(first.header('from'))} needs {shown(first.header('to'))}"
            self.draft.remark(
                f"each row is read as: {named}; `reverse: true` under `edges` in a mapping turns it round"
            )

    # A row.

    def _edge(self, columns: Columns, row: Row) -> _Edge | None:
        ends = [self.tables.cell(columns, row, word) for word in ("from", "to")]
        if not all(ends):
            word = "to" if ends[0] else "from"
            fault, remedy = (
                f"this row does not say {'what is needed' if ends[0] else 'who needs'}",
                "fill it in, or delete the row",
            )
            spot = columns.table.spot(columns.header(word))
            self.draft.notes.error(row.line, "no-ends", spot, fault, remedy, file=columns.table.source.name)
            return None
        place = columns.table.place(row)
        keys = [
            self.references.key(text, place, columns.table.spot(columns.header(word)))
            for text, word in zip(ends, ("from", "to"), strict=True)
        ]
        if self.tables.mapping.is_reversed:
            keys.reverse()
        owner, member = keys
        if owner is None or member is None:
            self.draft.leave_out("needs of or on what was left out")
            return None
        if owner == member:
            self.draft.leave_out("needs of something for itself")
            return None
        return self._read(owner, member, columns, row)

    def _read(self, owner: str, member: str, columns: Columns, row: Row) -> _Edge:
        parsed = self.tables.parsed
        words: dict[str, Any] = {
            "to": parsed(columns, row, "purpose", purpose),
            "impact": parsed(columns, row, "impact", share),
        }
        standby: dict[str, Any] = {}
        for several, target in ((_DURATIONS, words), (_OF_MEMBER, standby)):
            for word in several:
                target[word] = parsed(columns, row, word, duration(columns.units.get(word, "")))
        standby["fails_to_start"] = parsed(columns, row, "fails_to_start", share)
        words["confidence"] = parsed(columns, row, "confidence", confidence)
        return _Edge(
            owner,
            member,
            columns,
            row,
            {word: value for word, value in words.items() if value is not None},
            {word: value for word, value in standby.items() if value is not None},
            parsed(columns, row, "order", whole),
            parsed(columns, row, "form", form),
            parsed(columns, row, "k", whole),
        )

    def _take(self, edge: _Edge) -> None:
        """Make a need of a row, or put it into its group."""
        label = self.tables.cell(edge.columns, edge.row, "group")
        if label:
            self._groups.setdefault((edge.owner, label), _Group(label)).edges.append(edge)
            return
        if edge.form is not None or edge.k is not None or edge.standby:
            fault = "this row says how members of a group stand together, and has no group"
            word = next(
                word
                for word in ("form", "k", "failover", "lasts", "fails_to_start")
                if self.tables.cell(edge.columns, edge.row, word)
            )
            self.tables.tell(
                edge.columns, edge.row, word, "no-group", fault, "give the rows of a group the same word under group"
            )
        name = (edge.owner, edge.member, edge.words.get("to", ""))
        first = self._plain.setdefault(name, edge)
        if first is edge:
            self._need([edge], edge.words)
        elif first.words == edge.words:
            self.draft.leave_out("needs that stand there twice")
        else:
            fault = f"line {first.row.line} says otherwise of this need, and counts"
            self.tables.tell(edge.columns, edge.row, "to", "row-differs", fault, "keep one of them")

    # Groups.

    def _group(self, owner: str, group: _Group) -> None:
        edges = self._members(group)
        first = group.edges[0]
        k = self._agreed(
            group, "k", [edge.k if edge.k is not None else (edge.form or ("", None))[1] for edge in group.edges]
        )
        shape = self._agreed(group, "form", [edge.form[0] if edge.form else None for edge in group.edges])
        shape = shape or ("at_least" if k is not None else self.tables.mapping.form)
        words: dict[str, Any] = {}
        for word in ("to", "impact", *_DURATIONS, "confidence"):
            value = self._agreed(group, word, [edge.words.get(word) for edge in group.edges])
            words |= {word: value} if value is not None else {}
        who = f"group {shown(group.label)} of {shown(self.draft.parts[owner].id)}"
        if not shape:
            fault = f"{who} does not say how many of its {len(edges)} members are needed"
            remedy = (
                "write any_of, all_of, or at_least under form and a number under k; or, for all groups, "
                "form: any_of or form: all_of under edges in a mapping"
            )
            self._error(first, "group-form", fault, remedy)
        elif shape == "at_least" and (k is None or not 1 <= k <= len(edges)):
            fault = (
                f"{who} has {len(edges)} members, and {'does not say how many' if k is None else k} of them are needed"
            )
            self._error(first, "group-count", fault, f"write a number from 1 to {len(edges)} under k")
        else:
            self._need(edges, words, shape, k or 1)

    def _members(self, group: _Group) -> list[_Edge]:
        """Return the rows of a group in order, each member once."""
        ordered = sorted(group.edges, key=lambda edge: (edge.order is None, edge.order or 0))
        once = {edge.member: edge for edge in reversed(ordered)}
        if len(once) < len(ordered):
            self.draft.leave_out("members that stand twice in a group", len(ordered) - len(once))
        return list(reversed(once.values()))

    def _agreed(self, group: _Group, word: str, values: Sequence[Any]) -> Any:
        """Return what the rows of a group say of all of it: the first one that says it counts, and others that differ are told."""
        said = [(edge, value) for edge, value in zip(group.edges, values, strict=True) if value is not None]
        for edge, value in said:
            if value != said[0][1]:
                fault = f"group {shown(group.label)} says otherwise in line {said[0][0].row.line}, which counts"
                column = {"to": "purpose"}.get(word, word)
                self.tables.tell(
                    edge.columns, edge.row, column, "rows-disagree", fault, "say it once, or the same in each row"
                )
                break
        return said[0][1] if said else None

    def _need(self, edges: list[_Edge], words: dict[str, Any], shape: str = "all_of", k: int = 1) -> None:
        first = edges[0]
        words = dict(words)
        sure = words.pop("confidence", None) or self.tables.sure(first.columns)
        owner, members = first.owner, [edge.member for edge in edges]
        record = f"{owner} -> {', '.join(members)}"
        if shape == "any_of" and any(edge.standby for edge in edges):
            listed = [{"use": edge.member, **edge.standby} if edge.standby else edge.member for edge in edges]
            self.draft.written_need(owner, {"any_of": listed}, first.place, record=record, confidence=sure, **words)
            return
        if shape != "any_of" and any(edge.standby for edge in edges):
            self.draft.leave_out(
                "switch times and the like of members of no standby group", sum(bool(each.standby) for each in edges)
            )
        form_: Any = shape
        self.draft.need(owner, members, first.place, form=form_, k=k, record=record, confidence=sure, **words)

    def _error(self, edge: _Edge, code: str, fault: str, remedy: str) -> None:
        columns = edge.columns
        place = columns.table.spot(columns.header("group"))
        self.draft.notes.error(edge.row.line, code, place, fault, remedy, file=columns.table.source.name)
