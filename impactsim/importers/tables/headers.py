"""Which column of a table says which word: by what people have said of it, else by how its header sounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from impactsim.importers.tables.files import Row, Table
from impactsim.importers.tables.mapping import TableMapping
from impactsim.importers.tables.words import DURATIONS, Sort, fold, header_and_unit


@dataclass
class Columns:
    """A table and what its columns say."""

    table: Table
    sort: Sort
    at: dict[str, int]
    """The number of the column of each word."""
    units: dict[str, str]
    """The unit of a word whose cells have none."""

    def header(self, word: str) -> str:
        """Return how the column of a word is called."""
        return self.table.header[self.at[word]]

    def raw(self, row: Row, word: str) -> str:
        """Return what stands in a cell; empty where nothing does, or where there is no such column."""
        number = self.at.get(word)
        return row.cells[number] if number is not None and number < len(row.cells) else ""


def columns_of(table: Table, sort: Sort, mapping: TableMapping) -> Columns:
    """Find the column of each word: the first with a header that people gave for it, else the likeliest that is left.

    Parameters
    ----------
    table
        Any table.
    sort
        Of which sort it is tried to be.
    mapping
        What people have said. If they have said what the columns of this sort mean, nothing else counts.
    """
    given = mapping.columns.get(sort.name)
    bare = [header_and_unit(header) for header in table.header]
    whole, without_unit = _places(table.header), _places([header for header, _ in bare])
    at: dict[str, int] = {}
    for words in _rounds(sort, given):
        for word, header in words:
            if word not in at:
                found = whole.get(fold(header)) or (without_unit.get(fold(header)) if word in DURATIONS else None) or ()
                free = [number for number in found if given is not None or number not in at.values()]
                at |= {word: free[0]} if free else {}
    units = {word: bare[number][1] for word, number in at.items() if word in DURATIONS and bare[number][1]}
    in_order = {word: at[word] for word in sort.headers if word in at}
    return Columns(table, sort, in_order, units | mapping.units)


def _places(headers: Iterable[str]) -> dict[str, list[int]]:
    """Return the numbers of the columns by folded header."""
    places: dict[str, list[int]] = {}
    for number, header in enumerate(headers):
        if header:
            places.setdefault(fold(header), []).append(number)
    return places


def _rounds(sort: Sort, given: dict[str, tuple[str, ...]] | None) -> Iterable[list[tuple[str, str]]]:
    """Yield the headers to look for, the surest first: words themselves before what else may mean them."""
    if given is not None:
        yield [(word, header) for word, headers in given.items() for header in headers]
        return
    yield [(word, word) for word in sort.headers]
    yield [(word, header) for word, headers in sort.headers.items() for header in headers]
