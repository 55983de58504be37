"""Tables of strangers, whatever file they stand in: a header, and rows of text with their lines.

A file is what its first bytes say, not what its name says. Knows nothing of what the columns mean, but takes a hint of which
words are headers: people write titles above their tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source

MOST_CELLS = 2_000_000
"""Tables with more filled cells are refused."""

IsHeader = Callable[[str], bool]
"""Is this text the header of a column that somebody knows?"""

_LOOKED_AT = 20  # rows among which the header is looked for
_OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"


class Row(NamedTuple):
    """A row with something in it."""

    line: int
    """In a sheet the number of the row."""
    cells: Sequence[str]


@dataclass
class Table:
    """A table with a header."""

    name: str
    """Of the sheet, else of the file without its ending."""
    source: Source
    header: list[str]
    rows: list[Row] = field(repr=False)
    is_sheet: bool

    @property
    def title(self) -> str:
        """What people know it by."""
        return f"{self.source.short} ({self.name})" if self.is_sheet else self.source.short

    def place(self, row: Row) -> Place:
        """Return where a row stands."""
        return Place(self.source, row.line)

    def spot(self, header: str) -> str:
        """Return how a column is called in a problem."""
        return f"{self.name}: {header}" if self.is_sheet else header


def read_tables(sources: Sequence[Source], draft: Draft, is_header: IsHeader) -> list[Table]:
    """Read all tables of some files; what cannot be read is noted in the draft."""
    tables = list[Table]()
    room = MOST_CELLS
    for source in sources:
        for name, rows, is_sheet in _rows_of(source, draft, is_header):
            room -= sum(map(_filled, rows))
            if room < 0:
                fault = f"these tables have more than {MOST_CELLS:,} filled cells together"
                draft.notes.error(0, "table-size", "", fault, "import them in parts", file=source.name)
                return tables
            if (table := _table(name, source, rows, is_sheet, is_header)) is not None:
                tables.append(table)
    return tables


def has_text(row: Row) -> bool:
    """Does anything stand in a row?"""
    return any(row.cells)


def header_of(rows: Sequence[Row], is_header: IsHeader) -> tuple[int, int]:
    """Return which row is the header, by its number from 0, and how many headers in it are known.

    It is the first row with two texts, unless a later one has more known headers, two at least: titles and remarks may stand
    above it.
    """
    known = [sum(is_header(cell) for cell in row.cells if cell) for row in rows[:_LOOKED_AT]]
    wide = (number for number, row in enumerate(rows[:_LOOKED_AT]) if _filled(row) > 1)
    first, most = next(wide, 0), max(known, default=0)
    number = known.index(most) if known and most >= 2 and most > known[first] else first
    return number, known[number] if known else 0


def _rows_of(source: Source, draft: Draft, is_header: IsHeader) -> list[tuple[str, list[Row], bool]]:
    """Return the tables of a file: name, rows, and whether it is a sheet of several."""
    if source.content.startswith(b"PK"):
        from impactsim.importers.tables.sheets import read_sheets

        return [(name, rows, True) for name, rows in read_sheets(source, draft)]
    if source.content.startswith(_OLD_SPREADSHEET):
        fault = "this is a spreadsheet of the old form, or one with a password"
        draft.notes.error(
            0, "spreadsheet-form", "", fault, "save it as .xlsx without a password, or as CSV", file=source.name
        )
        return []
    from impactsim.importers.tables.csv import read_csv

    rows = read_csv(source, draft.notes, is_header)
    return [] if rows is None else [(source.short.rsplit(".", 1)[0], rows, False)]


def _table(name: str, source: Source, rows: list[Row], is_sheet: bool, is_header: IsHeader) -> Table | None:
    if not rows:
        return None
    number, _ = header_of(rows, is_header)
    header = [" ".join(cell.split()) for cell in rows[number].cells]
    return Table(name, source, header, list(islice(rows, number + 1, None)), is_sheet)


def _filled(row: Row) -> int:
    return sum(map(bool, row.cells))
