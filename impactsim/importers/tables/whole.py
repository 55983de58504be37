"""Two tables that people keep by hand, of things and of who needs whom: CSV or a spreadsheet, columns as they are mapped.

The tables of our own export are read as what they are (``flat.py``). All others are read column by column: ``table_words.py`` has
what strangers call them, ``table_mapping.py`` what they say themselves, ``table_edges.py`` reads who needs whom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from impactsim.importers.draft import Draft
from impactsim.importers.graphs import flat, flat_cells
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.importers.tables.cells import confidence, duration, kind, people, rate, several, share, truth, whole
from impactsim.importers.tables.columns import Tables, opened
from impactsim.importers.tables.edges import Needs
from impactsim.importers.tables.files import Row
from impactsim.importers.tables.headers import Columns
from impactsim.importers.tables.references import References, folded
from impactsim.importers.tables.words import DURATIONS, NEEDS, THINGS, fold
from impactsim.quantities import shown

_TARGETS = ("rto", "rpo", "mtpd", "mbco")
_FAILS = {"fails_per_year": "per_year", "fails_probability": "probability"}
_TEXTS = ("operator", "source")
_DOUBTFUL: dict[str, Callable[[str], object]] = {"priority": whole, "users": people, "confidence": confidence}
"""Words that many columns sound like which say something else: they are believed if one cell at least can be read."""
_OURS = ("from", "to", "need", "form")
_TOLD = 20


def read_table(sources: Sequence[Source], settings: Mapping[str, Any], draft: Draft) -> None:
    """Read tables of things and of needs."""
    tables = opened(sources, settings, draft, (NEEDS, THINGS), has_more=True)
    if _are_ours(tables):
        _take_ours(tables)
        if settings.get("save_mapping"):
            draft.remark("no mapping was written: these tables need none")
        return
    references = References(draft)
    references.has_rows = bool(tables.of["nodes"])
    things = _Things(tables, references)
    things.read()
    things.check()
    Needs(tables, references).read()
    tables.tell_columns()
    things.tell()
    references.tell()
    if file := settings.get("save_mapping"):
        tables.save(file, "table", things.learned())


def _are_ours(tables: Tables) -> bool:
    edges = tables.of["edges"]
    return bool(edges) and not tables.mapping.file and all(set(_OURS) <= set(each.table.header) for each in edges)


def _take_ours(tables: Tables) -> None:
    """Have the tables of our own export read by those who know them."""
    rows, places = dict[str, list[dict[str, Any]]](), dict[str, list[Place]]()
    for sort, word in (("nodes", "node"), ("edges", "edge")):
        listed = [(each.table, row) for each in tables.of[sort] for row, _ in tables.rows(each)]
        rows[word] = [
            dict(zip(table.header, map(flat_cells.unguarded, row.cells), strict=False)) for table, row in listed
        ]
        places[word] = [table.place(row) for table, row in listed]
    tables.draft.remark("the tables have the columns of an export of impactsim, and were read as that")
    flat.take(tables.draft, rows["node"], rows["edge"], lambda table, number: places[table][number])


class _Said(NamedTuple):
    """What a row says that can be understood when all rows are known."""

    key: str
    columns: Columns
    row: Row
    at: str
    needs: str


class _Things:
    """Reads the rows of things."""

    def __init__(self, tables: Tables, references: References) -> None:
        self.tables = tables
        self.draft = tables.draft
        self.references = references
        self.kinds: dict[str, str] = {}
        """Kinds by what stands in the cells."""
        self._said: list[_Said] = []
        self._first: dict[str, tuple[int, dict[str, Any]]] = {}
        self._named: dict[str, str] = {}
        self._n_sites = 0
        self._n_left_out = 0
        self._truth = truth(tables.mapping.yes, tables.mapping.no)

    def read(self) -> None:
        """Read all rows, then what they say of one another."""
        for columns in self.tables.of["nodes"]:
            self._forget_what_only_sounds_so(columns)
            for row, is_left_out in self.tables.rows(columns):
                self._row(columns, row, is_left_out)
        has_sites = any(part.words.get("kind") == "site" for part in self.draft.parts.values())
        for said in self._said:
            if said.at:
                self._stand(said, has_sites)
        for said in self._said:
            self._need(said)

    def check(self) -> None:
        """Say so where people leave out every row."""
        if self._n_left_out and not self._first and not self.draft.notes.has_errors:
            fault = f"leave_out of the mapping leaves out all {self._n_left_out:,} rows of things"
            self.draft.notes.error(
                0, "all-left-out", "", fault, "leave out fewer of them", file=self.tables.mapping.file
            )

    def tell(self) -> None:
        """Say in the report what was made of kinds and of places."""
        read = [f"{shown(text)} is {kind_}" for text, kind_ in self.kinds.items() if fold(text) != fold(kind_)]
        if read:
            more = f" and {len(read) - _TOLD:,} more" if len(read) > _TOLD else ""
            self.draft.remark(f"kinds: {', '.join(read[:_TOLD])}{more}")
        if self.tables.of["nodes"] and not any("kind" in each.at for each in self.tables.of["nodes"]):
            self.draft.remark("no column says of what kind things are: all count as services")
        if self._n_sites:
            self.draft.remark(f"sites that were made of the places that rows name: {self._n_sites:,}")

    def learned(self) -> dict[str, Any]:
        """Return what a mapping should hold besides columns."""
        values = {"values": {"kind": {text: kind_ for text, kind_ in self.kinds.items() if text != kind_}}}
        units = {word: unit for columns in self._all() for word, unit in columns.units.items() if word in columns.at}
        return (values if values["values"]["kind"] else {}) | ({"units": units} if units else {})

    def _all(self) -> list[Columns]:
        return [columns for several_ in self.tables.of.values() for columns in several_]

    def _forget_what_only_sounds_so(self, columns: Columns) -> None:
        for word, read in {**_DOUBTFUL, "critical": self._truth}.items():
            if word in columns.at and not self.tables.is_mapped(columns):
                self.tables.forget_if_odd(columns, word, read)

    # A row.

    def _row(self, columns: Columns, row: Row, is_left_out: bool) -> None:
        own, name = self.tables.cell(columns, row, "id"), self.tables.cell(columns, row, "name")
        if is_left_out:
            self._n_left_out += 1
            self.references.leave_out((own, name))
            return
        if not own and not name:
            place = columns.table.spot(columns.header("id" if "id" in columns.at else "name"))
            fault, remedy = "this row has no id and no name", "fill it in, or delete the row"
            self.draft.notes.error(row.line, "no-id", place, fault, remedy, file=columns.table.source.name)
            return
        key = own or name
        words = self._words(columns, row) | ({"name": name} if own else {})
        sure = self.tables.parsed(columns, row, "confidence", confidence) or self.tables.sure(columns)
        self._tell_if_known(key, name, words, columns, row)
        self.draft.component(key, key, columns.table.place(row), confidence=sure, **words)
        self.references.add(key, (name,))
        at, needs = self.tables.cell(columns, row, "at"), columns.raw(row, "needs")
        if at or needs:
            self._said.append(_Said(key, columns, row, at, needs))

    def _words(self, columns: Columns, row: Row) -> dict[str, Any]:
        """Return what a row says of its thing."""
        words: dict[str, Any] = {"kind": self._kind(columns, row)}
        words |= {word: self.tables.cell(columns, row, word) for word in _TEXTS}
        for word in ("restart", "time_to_restore"):
            words[word] = self._duration(columns, row, word)
        words["critical"] = self.tables.parsed(columns, row, "critical", self._truth)
        words["public_name"] = self.tables.parsed(columns, row, "public_name", flat_cells.spoken)
        words["aliases"] = self._aliases(columns, row)
        words["fails"] = {
            name: value
            for word, name in _FAILS.items()
            if (value := self.tables.parsed(columns, row, word, rate if name == "per_year" else share)) is not None
        }
        targets = {word: self._duration(columns, row, word) for word in _TARGETS if word in DURATIONS}
        targets["mbco"] = self.tables.parsed(columns, row, "mbco", share)
        words["targets"] = {word: value for word, value in targets.items() if value is not None}
        words |= self._crew(columns, row)
        users = self.tables.parsed(
            columns, row, "users", lambda text: flat_cells.amount(text) if text[0] == "{" else people(text)
        )
        if users is not None and words["kind"] not in (None, "service"):
            self.draft.leave_out("counts of users of what is no service")
        elif users is not None:
            words["users"] = users
        return words

    def _kind(self, columns: Columns, row: Row) -> str | None:
        written = " ".join(columns.raw(row, "kind").split())
        read = self.tables.parsed(columns, row, "kind", kind)
        if read is not None:
            self.kinds[written] = read
        return read

    def _duration(self, columns: Columns, row: Row, word: str) -> Any:
        return self.tables.parsed(columns, row, word, duration(columns.units.get(word, "")))

    def _aliases(self, columns: Columns, row: Row) -> list[str]:
        written = columns.raw(row, "aliases")
        return (
            (self.tables.parsed(columns, row, "aliases", flat_cells.listed) or [])
            if written[:1] == "["
            else several(written)
        )

    def _crew(self, columns: Columns, row: Row) -> dict[str, Any]:
        """Return crew and priority, if a mapping says how many people the crew has."""
        crew = self.tables.cell(columns, row, "crew")
        priority = self.tables.parsed(columns, row, "priority", whole)
        if not crew:
            return {}
        members = self.tables.mapping.crews.get(crew)
        if members is None:
            self.draft.leave_out(
                f"components with the crew {shown(crew)}, of which no mapping says how many people it has"
            )
            return {}
        self.draft.crews[crew] = members
        return {"crew": crew, "priority": priority}

    def _tell_if_known(self, key: str, name: str, words: dict[str, Any], columns: Columns, row: Row) -> None:
        """Warn of a second row for a thing, and of a second thing with a name."""
        word = "id" if "id" in columns.at else "name"
        if key in self._first:
            line, earlier = self._first[key]
            other = [each for each, value in words.items() if value and earlier.get(each) and value != earlier[each]]
            fault = f"a second row for {shown(key)}, after line {line}"
            if other:
                self.tables.tell(
                    columns,
                    row,
                    word,
                    "row-differs",
                    f"{fault}, which counts where they differ: in {', '.join(other)}",
                    "keep one of them",
                )
            else:
                self.tables.tell(columns, row, word, "row-twice", fault, "keep one of them")
            return
        self._first[key] = (row.line, words)
        other_key = self._named.setdefault(folded(name), key) if name else key
        if other_key != key:
            fault = f"{shown(other_key)} and {shown(key)} are both called {shown(name)}"
            self.tables.tell(
                columns, row, "name", "same-name", fault, "give each a name of its own, or nobody can tell them apart"
            )

    # What rows say of one another.

    def _stand(self, said: _Said, has_sites: bool) -> None:
        """Find where a thing stands; a place that no row describes is made."""
        place, spot = said.columns.table.place(said.row), said.columns.table.spot(said.columns.header("at"))
        if not has_sites and not self.references.known(said.at):
            self._n_sites += 1
            self.draft.component(said.at, said.at, place, record=f"place {said.at}", kind="site")
            self.references.add(said.at, ())
        key = self.references.key(said.at, place, spot, "site")
        if key is None:
            self.draft.leave_out("places that were left out")
        else:
            self.draft.parts[said.key].words.setdefault("at", key)

    def _need(self, said: _Said) -> None:
        """Take what a list in the row of a thing says that it needs."""
        if not said.needs:
            return
        place, spot = said.columns.table.place(said.row), said.columns.table.spot(said.columns.header("needs"))
        whole_ = " ".join(said.needs.split())
        for text in [whole_] if self.references.known(whole_) else several(said.needs):
            key = self.references.key(text, place, spot)
            if key is None:
                self.draft.leave_out("needs of or on what was left out")
            elif key != said.key:
                sure = self.tables.sure(said.columns)
                self.draft.need(said.key, key, place, record=f"{said.key} -> {text}", confidence=sure)
