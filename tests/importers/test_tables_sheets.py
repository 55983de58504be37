"""Spreadsheets: sheets become tables, values become text, and what could do harm is not opened."""

from __future__ import annotations

import io
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from impactsim.files.opening import LIMIT_BYTES
from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

BOOK = "table/book.xlsx"


@pytest.fixture
def book(tmp_path):
    """Write rows as the sheets of a spreadsheet."""

    def of(**sheets: list[list[object]]) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        for name, rows in sheets.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "book.xlsx"
        workbook.save(path)
        return path

    return of


def changed(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """Change bytes of a part of a spreadsheet."""
    content = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            assert name != part or old in data
            after.writestr(name, data.replace(old, new, 1) if name == part else data)
    path.write_bytes(content.getvalue())
    return path


def error_of(path: Path) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        import_system("table", path)
    (problem,) = caught.value.problems
    return problem.code, problem.fault


def test_sheets_are_tables_by_their_columns(imported):
    found = imported("table", BOOK)
    assert list(found.data["components"]) == ["1", "2", "3", "Town-Hall", "Depot"]
    assert [need.members() for need in found.system.components["1"].needs] == [("2",), ("3",)]


def test_numbers_are_text_without_a_point_and_times_are_durations(imported):
    components = imported("table", BOOK).data["components"]
    assert components["1"]["users"] == 1200
    assert (components["1"]["restart"], components["2"]["restart"]) == ("5m", "30.5m")
    assert components["1"]["needs"][1]["holdover"] == "4h30m"


def test_hidden_sheets_are_left_out_and_counted(imported):
    assert imported("table", BOOK).left_out == {"sheets that are hidden": 1}


def test_dates_are_written_as_iso(book):
    found = import_system(
        "table", book(a=[["id", "source"], ["x", date(2026, 3, 2)], ["y", datetime(2026, 3, 2, 14, 5)]])
    )
    assert [each["source"] for each in found.data["components"].values()] == ["2026-03-02", "2026-03-02 14:05:00"]


def test_problems_name_sheet_column_and_row(book):
    path = book(Servers=[["id", "restart"], [], ["x", "soon"]])
    with pytest.raises(InvalidInput) as caught:
        import_system("table", path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.path) == (3, ("Servers: restart",))


def test_a_spreadsheet_is_known_by_its_content_not_by_its_name(book, tmp_path):
    path = tmp_path / "book.csv"
    path.write_bytes(book(a=[["id", "name"], ["x", "y"]]).read_bytes())
    assert import_system("table", path).data["components"]["x"]["name"] == "y"


def test_formulas_without_values_are_told(book):
    path = book(a=[["id", "operator"], ["x", "=1+1"]])
    found = import_system("table", path)
    assert [problem.code for problem in found.problems] == ["formula-without-value"]
    assert "operator" not in found.data["components"]["x"]


def test_merged_cells_are_told(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (["id", "at"], ["x", "Hall"], ["y", None]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    workbook.save(tmp_path / "book.xlsx")
    found = import_system("table", tmp_path / "book.xlsx")
    assert [problem.code for problem in found.problems] == ["merged-cells"]
    assert found.system.components["y"].at is None


def test_without_openpyxl_the_remedy_says_what_to_install(imported, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InvalidInput) as caught:
        imported("table", BOOK)
    (problem,) = caught.value.problems
    assert problem.code == "spreadsheet-reader"
    assert "pip install 'impactsim[import]'" in problem.remedy


# What could do harm.


def test_a_part_with_a_document_type_is_refused(book):
    path = changed(
        book(a=[["id"], ["x"]]),
        "xl/workbook.xml",
        b"<workbook ",
        b'<!DOCTYPE workbook [<!ENTITY a "aaaa">]><workbook ',
    )
    assert error_of(path) == ("spreadsheet-form", "a part of it has a document type, which no spreadsheet has")


def test_a_document_type_in_utf_16_is_refused_as_well(book):
    path = book(a=[["id"], ["x"]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/odd.xml", '<?xml version="1.0"?><!DOCTYPE x><x/>'.encode("utf-16"))
    assert error_of(path)[1] == "a part of it has a document type, which no spreadsheet has"


def test_parts_that_unpack_to_more_than_the_bound_are_refused(book):
    path = book(a=[["id"], ["x"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/large.xml", b" " * (LIMIT_BYTES + 1))
    assert error_of(path) == ("spreadsheet-form", f"it unpacks to more than {LIMIT_BYTES // 2**20} MiB")


def test_a_part_that_grows_without_measure_is_refused(book):
    path = book(a=[["id"], ["x"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/large.xml", b" " * 5_000_000)
    assert error_of(path) == ("spreadsheet-form", "a part of it grows without measure when it is unpacked")


def test_a_row_far_below_the_others_is_refused_in_time(book):
    path = changed(book(a=[["id"], ["x"]]), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="999999999999"')
    assert error_of(path)[0] == "table-size"


def test_very_wide_rows_are_refused(book):
    path = book(a=[["id"], *([["x"]] * 1500)])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    for row in range(2, 1502):
        sheet = sheet.replace(f'<c r="A{row}"'.encode(), f'<c r="ZZZ{row}"'.encode())
    wide = changed(path, "xl/worksheets/sheet1.xml", b"<", b"<")
    content = io.BytesIO()
    with zipfile.ZipFile(wide) as before, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, sheet if name.endswith("sheet1.xml") else before.read(name))
    path.write_bytes(content.getvalue())
    assert error_of(path)[0] == "table-size"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04 and nothing more", "this archive is damaged, or has a password"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "this is a spreadsheet of the old form, or one with a password",
        ),
    ],
)
def test_what_is_no_spreadsheet_is_refused(tmp_path, content, fault):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert error_of(path) == ("spreadsheet-form", fault)


def test_an_archive_of_something_else_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert error_of(path)[1] == "this archive is no spreadsheet of the form .xlsx"


def test_a_spreadsheet_whose_parts_contradict_each_other_is_refused(book):
    path = changed(book(a=[["id"], ["x"]]), "xl/workbook.xml", b"rId1", b"rId77")
    assert error_of(path)[0] in {"spreadsheet-form", "no-table"}
