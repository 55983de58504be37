"""What the columns of tables say: as people have mapped them, else as their headers sound.

Also reads cells: each by what its column means, and what cannot be read is told with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

from impactsim.importers.draft import Draft
from impactsim.importers.sources import Source
from impactsim.importers.tables.files import Row, Table, read_tables
from impactsim.importers.tables.headers import Columns, columns_of
from impactsim.importers.tables.mapping import TableMapping, read_mapping, write_mapping
from impactsim.importers.tables.words import Sort, fold, header_and_unit
from impactsim.model.provenance import Confidence
from impactsim.problems import Fault
from impactsim.quantities import shown

_Value = TypeVar("_Value")

_TOLD = 20
"""So many tables are told of, and columns of one."""
_ERRORS = frozenset({"#ref!", "#n/a", "#name?", "#value!", "#div/0!", "#null!", "#num!", "#bezug!", "#nv", "#wert!"})
"""What a spreadsheet writes into a cell that it could not work out."""


class Tables:
    """All tables of an import, by their sort, with what was mapped.

    Parameters
    ----------
    sources, draft
        As given to an importer.
    sorts
        What tables there may be; a table is of the first sort of which it has what is demanded.
    mapping
        What people say of the columns.
    """

    def __init__(self, sources: Sequence[Source], draft: Draft, sorts: Sequence[Sort], mapping: TableMapping) -> None:
        self.draft = draft
        self.mapping = mapping
        self.sorts = sorts
        self.unused: list[str] = []
        self.of: dict[str, list[Columns]] = {sort.name: [] for sort in sorts}
        self.all = read_tables(sources, draft, self._is_header)
        for table in self.all:
            self._take(table)
        self._tell_columns_that_are_nowhere()
        if not any(self.of.values()) and not draft.notes.has_errors:
            wanted = " or ".join(self._demanded(sort) for sort in reversed(sorts))
            remedy = "say in a mapping which column is which; --save-mapping FILE writes a start"
            draft.notes.error(
                0, "no-table", "", f"no table has {wanted}", remedy, file=sources[0].name if sources else ""
            )

    def _is_header(self, text: str) -> bool:
        bare = header_and_unit(text)[0]
        return any(sort.means(text) or sort.means(bare) for sort in self.sorts) or self.mapping.names(text)

    def cell(self, columns: Columns, row: Row, word: str) -> str:
        """Return what a cell means, with single spaces; a cell that a spreadsheet could not work out is told, and empty."""
        text = columns.raw(row, word)
        if not text:
            return ""
        if text[0] == "#" and text.casefold() in _ERRORS:
            self.tell(
                columns,
                row,
                word,
                "cell-error",
                f"this cell is an error, {text}, and counts as empty",
                "mend the formula",
            )
            return ""
        return self.mapping.value(word, " ".join(text.split()))

    def parsed(self, columns: Columns, row: Row, word: str, parse: Callable[[str], _Value]) -> _Value | None:
        """Return the value of a cell; none if it is empty, or if it cannot be understood, which is told."""
        if word not in columns.at or not (text := self.cell(columns, row, word)):
            return None
        try:
            return parse(text)
        except Fault as fault:
            place = columns.table.spot(columns.header(word))
            self.draft.notes.error(
                row.line, fault.code, place, fault.fault, fault.remedy, file=columns.table.source.name
            )
            return None

    def tell(self, columns: Columns, row: Row, word: str, code: str, fault: str, remedy: str = "") -> None:
        """Warn of a cell."""
        place = columns.table.spot(columns.header(word)) if word in columns.at else ""
        self.draft.notes.warning(row.line, code, place, fault, remedy, file=columns.table.source.name)

    def rows(self, columns: Columns) -> Iterable[tuple[Row, bool]]:
        """Return the rows of a table, and whether people wish to leave each out; rows that are too long are errors."""
        rules = self.mapping.leave_out.get(columns.sort.name, {})
        folded = [fold(header) for header in columns.table.header]
        wanted = [
            (folded.index(fold(header)), header, values) for header, values in rules.items() if fold(header) in folded
        ]
        width = len(columns.table.header)
        for row in columns.table.rows:
            if len(row.cells) > width and any(row.cells[width:]):
                self._tell_long(columns, row, width)
            rule = next(
                (header for at, header, values in wanted if at < len(row.cells) and fold(row.cells[at]) in values), None
            )
            if rule is not None:
                self.draft.leave_out(f"rows of {columns.table.title} by what stands under {rule}")
            yield row, rule is not None

    def sure(self, columns: Columns, usual: Confidence = "declared") -> Confidence:
        """Return how sure the rows of a table are."""
        return self.mapping.confidence.get(columns.sort.name, usual)

    def forget_if_odd(self, columns: Columns, word: str, parse: Callable[[str], object]) -> None:
        """Take back that a column says a word, and tell it, if none of its cells can be read so."""
        texts = dict.fromkeys(
            self.mapping.value(word, " ".join(columns.raw(row, word).split())) for row in columns.table.rows
        )
        if not any(texts) or any(_can(parse, text) for text in texts if text):
            return
        header = columns.header(word)
        del columns.at[word]
        fault, file = (
            f"this sounds like {word}, but nothing in it can be read so: it is not used",
            columns.table.source.name,
        )
        remedy = "say in a mapping what it means"
        self.draft.notes.warning(0, "column-not-used", columns.table.spot(header), fault, remedy, file=file)
        self.unused.append(f"{columns.table.title}: {header}")

    def is_mapped(self, columns: Columns) -> bool:
        """Have people said what the columns of this sort mean?"""
        return columns.sort.name in self.mapping.columns

    def tell_columns(self) -> None:
        """Say in the report how the tables were read."""
        every = [columns for several in self.of.values() for columns in several]
        for columns in every[:_TOLD]:
            read = [f"{word} is {shown(columns.header(word))}" for word in columns.at]
            used = set(columns.at.values())
            rest = [
                shown(header) for number, header in enumerate(columns.table.header) if header and number not in used
            ]
            told = ", ".join(rest[:_TOLD]) + (f" and {len(rest) - _TOLD} more" if len(rest) > _TOLD else "")
            self.draft.remark(
                f"{columns.table.title}: {columns.sort.name}; {', '.join(read)}"
                + (f"; not used: {told}" if rest else "")
            )
        if len(every) > _TOLD:
            self.draft.remark(f"and {len(every) - _TOLD:,} more tables")

    def save(self, file: str, format_: str, more: dict[str, Any]) -> None:
        """Write what was used to a new mapping."""
        data: dict[str, Any] = {}
        for name, several in self.of.items():
            section: dict[str, Any] = (
                {"columns": self._used(several)} if several or name in self.mapping.columns else {}
            )
            known = self.mapping.data.get(name)
            known = known if isinstance(known, dict) else {}
            section |= {key: value for key, value in known.items() if key != "columns"}
            data |= {name: section} if section else {}
        for key in (*self.mapping.data, *more):
            mine, theirs = more.get(key), self.mapping.data.get(key)
            if isinstance(mine, dict) and isinstance(theirs, dict):
                data[key] = mine | theirs
            elif key not in data:
                data[key] = theirs or mine
        unused = list(self.unused)
        for table in self.all:
            columns = next((each for several in self.of.values() for each in several if each.table is table), None)
            used = set(columns.at.values()) if columns else set()
            unused += [
                f"{table.title}: {header}"
                for number, header in enumerate(table.header)
                if header and number not in used
            ]
        write_mapping(
            file, format_, self.sorts, data, [shown(each)[1:-1] for each in dict.fromkeys(unused)], self.draft
        )

    def _used(self, several: Sequence[Columns]) -> dict[str, Any]:
        used: dict[str, dict[str, None]] = {}
        for columns in several:
            for word in columns.at:
                used.setdefault(word, {})[columns.header(word)] = None
        return {word: next(iter(headers)) if len(headers) == 1 else list(headers) for word, headers in used.items()}

    def _take(self, table: Table) -> None:
        for sort in self.sorts:
            columns = columns_of(table, sort, self.mapping)
            if all(any(word in columns.at for word in several) for several in sort.demanded):
                self.of[sort.name].append(columns)
                self._tell_doubled(columns)
                return
        fault = f"this table has neither {' nor '.join(self._demanded(sort) for sort in self.sorts)}: it is left out"
        remedy = "say in a mapping which column is which"
        place = table.name if table.is_sheet else ""
        self.draft.notes.warning(0, "table-not-used", place, fault, remedy, file=table.source.name)

    def _demanded(self, sort: Sort) -> str:
        return " and ".join(f"a column for {' or '.join(several)}" for several in sort.demanded)

    def _tell_doubled(self, columns: Columns) -> None:
        folded = [fold(header) for header in columns.table.header]
        for word, number in columns.at.items():
            if folded.count(folded[number]) > 1:
                fault = f"several columns have this header; the first one counts as {word}"
                place = columns.table.spot(columns.table.header[number])
                self.draft.notes.warning(
                    0, "column-twice", place, fault, "give each a header of its own", file=columns.table.source.name
                )

    def _tell_long(self, columns: Columns, row: Row, width: int) -> None:
        fault = f"this row has {len(row.cells)} cells, and the header {width}"
        remedy = "put what has a separator in it into quotes, or give each column a header"
        place = columns.table.name if columns.table.is_sheet else ""
        self.draft.notes.error(row.line, "row-length", place, fault, remedy, file=columns.table.source.name)

    def _tell_columns_that_are_nowhere(self) -> None:
        """Find headers of the mapping that no table has: most likely somebody wrote them otherwise."""
        if self.draft.notes.has_errors:
            return
        headers = {fold(header): header for table in self.all for header in table.header if header}
        for sort, columns in self.mapping.columns.items():
            for word, several in columns.items():
                if several and not any(fold(header) in headers for header in several):
                    near = get_close_matches(several[0][:80], list(headers.values())[:500], 1)
                    remedy = f"did you mean '{near[0]}'?" if near else "write it as it stands above the column"
                    fault = f"no table has a column {shown(several[0])}"
                    self.draft.notes.error(
                        0, "no-column", f"{sort}.columns.{word}", fault, remedy, file=self.mapping.file
                    )


def opened(
    sources: Sequence[Source], settings: Any, draft: Draft, sorts: Sequence[Sort], *, has_more: bool = False
) -> Tables:
    """Read the mapping that is set, and the tables with it."""
    mapping = read_mapping(settings.get("mapping"), sorts, has_more, draft.notes)
    return Tables(sources, draft, sorts, mapping)


def _can(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except Fault:
        return False
    return True
