"""Comma separated values of strangers: which sign separates them is found out, and what is broken is told with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from impactsim.importers.notes import Notes
from impactsim.importers.sources import Source
from impactsim.importers.tables.files import MOST_CELLS, IsHeader, Row, has_text, header_of

_SEPARATORS = ",;\t|"
_HINT = re.compile(r"sep=(.)\r?\n")
"""The first line by which Excel tells itself which sign separates."""
_REMEDY = "save it as UTF-8 (in Excel: CSV UTF-8), or give the .xlsx itself"
"""What helps where Excel has saved a table in the old letters of its country."""
_BEGINNING = 65_536
_LOOKED_AT = 20


def read_csv(source: Source, notes: Notes, is_header: IsHeader) -> list[Row] | None:
    """Read the rows in which anything stands; none, and why in `notes`, if that cannot be.

    Parameters
    ----------
    source
        Text in UTF-8, or in UTF-16 with a mark. Comma, semicolon, tab or a bar separates; quotes are doubled within quotes.
    notes
        Take what is wrong.
    is_header
        Tells known headers, by which the separator is found.
    """
    own = Notes(source.name)
    text = source.text(own)
    notes.take(replace(each, remedy=_REMEDY) if each.code == "file-encoding" else each for each in own.problems)
    if text is None:
        return None
    if "\0" in text:
        fault = "this is no text with rows and columns"
        notes.error(0, "table-form", "", fault, "give a table as CSV in UTF-8, or as .xlsx", file=source.name)
        return None
    separator, text, first_line = _separated(text, is_header)
    return _checked(_Lines(text, separator, True, first_line), source, notes)


class _Lines:
    """The rows of a text, with the line in which each begins."""

    def __init__(self, text: str, separator: str, is_strict: bool, first_line: int) -> None:
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=is_strict)
        self._above = first_line - 1
        self.line = first_line
        """Where the row that is read begins."""

    def __iter__(self) -> Iterator[Row]:
        for cells in self._reader:
            yield Row(self.line, [cell.strip() for cell in cells])
            self.line = self._above + self._reader.line_num + 1


def _checked(lines: _Lines, source: Source, notes: Notes) -> list[Row] | None:
    rows, n_cells = list[Row](), 0
    try:
        for row in lines:
            if has_text(row):
                rows.append(row)
                n_cells += len(row.cells)
            if n_cells > 10 * MOST_CELLS:
                break  # the caller counts, and refuses
    except csv.Error as error:
        fault = f"the row that begins here is not CSV: {error}"
        remedy = "close each quote, double the quotes within quotes, and put what has a separator in it into quotes"
        notes.error(lines.line, "csv-syntax", "", fault, remedy, file=source.name)
        return None
    return rows


def _separated(text: str, is_header: IsHeader) -> tuple[str, str, int]:
    """Return what separates the cells, the text without a hint of that, and the line in which it begins."""
    if hint := _HINT.match(text):
        return hint[1], text[hint.end() :], 2
    scores = [_score(text[:_BEGINNING], separator, is_header) for separator in _SEPARATORS]
    return _SEPARATORS[scores.index(max(scores))], text, 1


def _score(text: str, separator: str, is_header: IsHeader) -> tuple[int, int]:
    """Return how well a separator fits: known headers in the header line, and cells in it."""
    rows = list[Row]()
    with suppress(csv.Error):  # told when all of it is read
        rows.extend(islice(filter(has_text, _Lines(text, separator, False, 1)), _LOOKED_AT))
    if not rows:
        return 0, 0
    number, known = header_of(rows, is_header)
    return known, len(rows[number].cells)
