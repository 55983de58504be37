"""Spreadsheets of strangers (.xlsx): only values are read, and nothing that could grow without bound is opened.

A spreadsheet is a zip archive of XML parts. Before anything in it is understood, its parts are counted and measured, and a part
with a document type is refused. Formulas count with the values that were saved with them; macros, links and pictures are passed
over.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from impactsim.files.opening import LIMIT_BYTES
from impactsim.importers.draft import Draft
from impactsim.importers.sources import Source
from impactsim.importers.tables.files import MOST_CELLS, Row, has_text
from impactsim.quantities import format_duration, shown

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_MOST_PARTS = 10_000
_MOST_ROWS = 1_048_576
"""More rows no spreadsheet has."""
_MOST_TIMES = 200
"""A part of real values is at most about 60 times as large as its packed form."""
_SMALL = 2**20
_DOCUMENT_TYPES = tuple(
    mark.encode(encoding) for mark in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_FORMULA = re.compile(rb"<f(?:\s[^<>]*)?>[^<]*</f>\s*(?:<v\s*/>|<v></v>|</c>)")
"""A formula whose value was not saved."""


def read_sheets(source: Source, draft: Draft) -> list[tuple[str, list[Row]]]:
    """Read the sheets that people see: the name of each, and the rows in which anything stands.

    What cannot or must not be read is noted in the draft.
    """
    if not _is_harmless(source, draft):
        return []
    try:
        import openpyxl
    except ImportError:
        remedy = "pip install 'impactsim[import]', or save the tables as CSV"
        draft.notes.error(0, "spreadsheet-reader", "", "spreadsheets need openpyxl", remedy, file=source.name)
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which nobody asked for
            book = openpyxl.load_workbook(io.BytesIO(source.content), read_only=True, data_only=True, keep_links=False)
            return _sheets(book, source, draft)
    except Exception:  # openpyxl raises whatever comes, as its parts fail on what strangers wrote
        fault = "this is no spreadsheet that can be read"
        draft.notes.error(0, "spreadsheet-form", "", fault, "save it as .xlsx once more, or as CSV", file=source.name)
        return []


def _is_harmless(source: Source, draft: Draft) -> bool:
    """Measure the parts of an archive, then look for document types in them."""
    fault = remedy = ""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > LIMIT_BYTES:
                fault, remedy = f"it unpacks to more than {LIMIT_BYTES // 2**20} MiB", "import it in parts"
            elif any(part.file_size > max(_SMALL, _MOST_TIMES * part.compress_size) for part in parts):
                fault, remedy = "a part of it grows without measure when it is unpacked", "save its values as CSV"
            elif _has(archive, parts, _DOCUMENT_TYPES):
                fault, remedy = "a part of it has a document type, which no spreadsheet has", "save its values as CSV"
            elif not {"[Content_Types].xml", "xl/workbook.xml"} & set(archive.namelist()):
                fault, remedy = "this archive is no spreadsheet of the form .xlsx", "save it as .xlsx, or as CSV"
            else:
                _tell_of_formulas(archive, parts, source, draft)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        fault, remedy = "this archive is damaged, or has a password", "save it as .xlsx once more, or as CSV"
    if fault:
        draft.notes.error(0, "spreadsheet-form", "", fault, remedy, file=source.name)
    return not fault


def _has(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], marks: tuple[bytes, ...]) -> bool:
    return any(any(mark in content for mark in marks) for content in map(archive.read, parts))


def _tell_of_formulas(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], source: Source, draft: Draft) -> None:
    sheets = [part for part in parts if part.filename.startswith("xl/worksheets/")]
    contents = [archive.read(part) for part in sheets]
    if any(_FORMULA.search(content) for content in contents):
        fault = "formulas in it were saved without their values, and count as empty"
        remedy = "open it in a spreadsheet program and save it"
        draft.notes.warning(0, "formula-without-value", "", fault, remedy, file=source.name)
    if any(b"<mergeCell " in content for content in contents):
        fault = "it has merged cells: what stands in them counts for their first row and column only"
        draft.notes.warning(0, "merged-cells", "", fault, "split them, and fill each cell", file=source.name)


def _sheets(book: Workbook, source: Source, draft: Draft) -> list[tuple[str, list[Row]]]:
    sheets, room = list[tuple[str, list[Row]]](), [MOST_CELLS]
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            draft.leave_out("sheets that are hidden")
            continue
        sheet.reset_dimensions()  # what a file says of its size may be anything
        rows = list(_rows(sheet.iter_rows(values_only=True), room))
        if room[0] < 0:
            fault = f"sheet {shown(sheet.title)} has more cells than are read"
            remedy = "delete the rows and columns that are empty, or import it in parts"
            draft.notes.error(0, "table-size", "", fault, remedy, file=source.name)
            return []
        sheets.append((" ".join(str(sheet.title).split()), rows))
    return sheets


def _rows(values: Any, room: list[int]) -> Iterator[Row]:
    """Yield the rows in which anything stands, until there is no more room."""
    for line, cells in enumerate(values, 1):
        room[0] -= 1 + len(cells) // 8  # an empty cell costs something too
        if line > _MOST_ROWS:
            room[0] = -1
        if room[0] < 0:
            return
        row = Row(line, [_text(cell) for cell in cells])
        if has_text(row):
            yield row


def _text(value: Any) -> str:
    """Write the value of a cell as a person would have typed it."""
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return format_duration(round(value / timedelta(milliseconds=1)))
    return str(value) if isinstance(value, int) and abs(value) < 10**18 else ""
