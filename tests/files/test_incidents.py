"""A table of incidents: what is read, what is left out, and what is wrong with it."""

from __future__ import annotations

import pytest

from impactsim.files import incidents as module
from impactsim.files.incidents import Columns, read_incidents, seconds_of
from impactsim.problems import InvalidInput


def table(folder, text, columns=None):
    path = folder / "incidents.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_incidents(path, columns)


def problems_of(folder, text, columns=None):
    with pytest.raises(InvalidInput) as caught:
        table(folder, text, columns)
    return [(problem.code, problem.line) for problem in caught.value.problems]


def test_times_are_utc_unless_they_have_an_offset(tmp_path):
    read = table(tmp_path, "start,end\n1970-01-01 01:00,1970-01-01T03:00+01:00\n")
    (incident,) = read.incidents
    assert (incident.start_s, incident.duration_s) == (3600.0, 3600.0)


def test_seconds_count_from_wherever_the_table_does(tmp_path):
    read = table(tmp_path, "start_time,end_time,service\n758916.0,773296.0,x\n0.0,10,x\n")
    assert [(each.start_s, each.duration_s) for each in read.incidents] == [(0.0, 10.0), (758916.0, 14380.0)]


def test_a_duration_may_stand_instead_of_an_end(tmp_path):
    text = "began,took,who\n2020-01-01,90m,a\n2020-01-02,60,b\n"
    read = table(tmp_path, text, Columns(start="began", duration="took", by="who"))
    assert [(each.group, each.duration_s) for each in read.incidents] == [("a", 5400.0), ("b", 60.0)]


def test_what_says_nothing_is_left_out_and_counted(tmp_path):
    text = "start,end,by\n10,20,a\n10,20,a\n10,20,b\n10,10,a\n10,5,a\n10,,a\n\n"
    read = table(tmp_path, text, Columns(by="by"))
    assert len(read.incidents) == 2
    assert (read.n_rows, read.n_told_twice, read.n_without_length, read.n_without_end) == (6, 1, 2, 1)


def test_every_row_that_cannot_be_understood_is_told_at_once(tmp_path):
    text = "start,end\n2020-01-01,soon\nyesterday,2020-01-02\n1,2\n2020-13-01,2020-13-02\n"
    assert problems_of(tmp_path, text) == [("incident-time", line) for line in (2, 3, 5, 5)]


def test_a_duration_without_sense_is_told_with_its_line(tmp_path):
    assert problems_of(tmp_path, "start,took\n1,long\n", Columns(duration="took")) == [("incident-duration", 2)]


def test_columns_that_are_not_there_are_told(tmp_path):
    with pytest.raises(InvalidInput, match="did you mean 'vendor'"):
        table(tmp_path, "start,end,vendor\n1,2,a\n", Columns(by="vendors"))
    with pytest.raises(InvalidInput, match="no column says the end of an incident; name it with --end"):
        table(tmp_path, "start,over\n1,2\n")
    assert problems_of(tmp_path, "a,b\n1,2\n") == [("incident-column", 1), ("incident-column", 1)]


def test_what_is_no_table_is_told(tmp_path):
    assert problems_of(tmp_path, "") == [("file-empty", 1)]
    assert problems_of(tmp_path, b"start,end\n1,2\n\xff,3\n") == [("file-encoding", 3)]
    assert problems_of(tmp_path, "start,end\n1," + "9" * 200_000 + "\n") == [("incident-row", 2)]


def test_a_table_that_is_too_long_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MOST_INCIDENTS", 2)
    assert problems_of(tmp_path, "start,end\n1,2\n3,4\n5,6\n") == [("incident-many", 4)]


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InvalidInput, match="file-missing"):
        read_incidents(tmp_path / "none.csv")
    with pytest.raises(InvalidInput, match="file-unreadable"):
        read_incidents(tmp_path)


def test_a_time_at_the_edge_of_the_calendar_is_a_time_or_a_problem():
    assert seconds_of("9999-12-31") > 2.5e11
    with pytest.raises(ValueError, match="no time"):
        seconds_of("1e300")


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_table_without_commas_is_told_what_parts_its_columns(tmp_path, sign, word):
    with pytest.raises(InvalidInput, match=f"parted by {word}, not by commas; save the table as CSV with commas"):
        table(tmp_path, f"start{sign}end\n1{sign}2\n")
