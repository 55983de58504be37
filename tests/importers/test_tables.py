"""Two tables of people: how text becomes rows, rows become things and needs, and what is said where that cannot be."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from impactsim.importers.tables.cells import duration, form, kind, people, rate, share, truth
from impactsim.importers.tables.files import MOST_CELLS
from impactsim.problems import Fault, InvalidInput, Problem
from impactsim.workflow.imports import import_system

THINGS = "id,name,kind\nweb,Webshop,service\ndb,Orders,data\nhost,Blade,host\n"


@pytest.fixture
def tables(tmp_path):
    """Import texts as files, by name."""

    def of(settings: dict[str, Any] | None = None, **texts: str | bytes):
        paths = []
        for name, text in texts.items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(text.encode() if isinstance(text, str) else text)
            paths.append(path)
        return import_system("table", *paths, **(settings or {}))

    return of


@pytest.fixture
def refused(tables):
    """Return the errors of texts as files."""

    def of(settings: dict[str, Any] | None = None, **texts: str | bytes) -> list[Problem]:
        with pytest.raises(InvalidInput) as caught:
            tables(settings, **texts)
        return [problem for problem in caught.value.problems if problem.severity == "error"]

    return of


def codes(found) -> list[str]:
    return [problem.code for problem in found.problems]


def needs(found, owner: str) -> list[Any]:
    """Return the needs of a component without their origins."""
    listed = found.data["components"][owner].get("needs", [])
    return [{key: value for key, value in need.items() if key != "origin"} for need in listed]


# The sample: German headers, semicolons, a mark in front, a title above the header.


def test_tables_with_german_headers_are_read_without_a_mapping(imported):
    found = imported("table", "table/dinge.csv", "table/bedarf.csv")
    assert list(found.data["components"]) == [
        *("buergerportal", "register", "srv-1", "srv-2", "netz", "kaffee", "Rathaus", "Werkhof")
    ]
    portal = dict(found.data["components"]["buergerportal"])
    assert portal.pop("origin") == "dinge.csv: buergerportal"
    assert portal.pop("needs")[0] == {"component": "register", "origin": "bedarf.csv: buergerportal -> register"}
    assert portal == {
        "name": "Bürgerportal",
        "at": "Rathaus",
        "restart": "5m",
        "critical": True,
        "targets": {"rto": "4h"},
        "users": 12500,
    }
    assert codes(found) == []


def test_a_group_is_one_need_in_the_order_of_its_members(imported):
    found = imported("table", "table/dinge.csv", "table/bedarf.csv")
    group = found.data["components"]["buergerportal"]["needs"][1]
    assert group["any_of"] == ["srv-1", {"use": "srv-2", "failover": "30s"}]


def test_the_report_says_how_each_column_was_read(imported):
    found = imported("table", "table/dinge.csv", "table/bedarf.csv")
    (told,) = (remark for remark in found.remarks if remark.startswith("dinge.csv"))
    assert "id is 'Kennung'" in told
    assert "restart is 'Neustart (min)'" in told
    assert any("'Quelle' needs 'Ziel'" in remark for remark in found.remarks)


def test_places_that_no_row_describes_become_sites(imported):
    found = imported("table", "table/dinge.csv", "table/bedarf.csv")
    assert found.system.components["Werkhof"].kind == "site"
    assert found.system.components["srv-2"].at == "Werkhof"
    assert "sites that were made of the places that rows name: 2" in found.remarks


# How text becomes rows.


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_from_the_header(tables, separator):
    found = tables(n=THINGS.replace(",", separator))
    assert found.data["components"]["db"]["name"] == "Orders"


def test_commas_in_a_table_with_semicolons_are_text(tables):
    found = tables(n="id;name;at\nweb;Shop, main, new, big;Hall\ndb;a, b, c, d;Hall\n")
    assert found.data["components"]["web"]["name"] == "Shop, main, new, big"


def test_the_hint_of_excel_on_the_separator_is_no_header(tables):
    found = tables(n="sep=;\nid;name\nweb;Shop\n;;\n;x,y\n")
    assert found.data["components"]["web"]["name"] == "Shop"


def test_lines_are_counted_with_the_hint_of_excel(refused):
    (problem,) = refused(n="sep=;\nid;restart\nweb;soon\n")
    assert problem.line == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_and_utf_8_are_read(tables, encoding):
    found = tables(n="id,name\nweb,Bürgerportal\n".encode(encoding))
    assert found.data["components"]["web"]["name"] == "Bürgerportal"


def test_text_of_an_old_windows_is_refused_with_its_line(refused):
    (problem,) = refused(n="id,name\nweb,Bürgerportal\n".encode("cp1252"))
    assert (problem.code, problem.line) == ("file-encoding", 2)
    assert problem.remedy == "save it as UTF-8 (in Excel: CSV UTF-8), or give the .xlsx itself"


def test_utf_16_without_a_mark_is_refused(refused):
    (problem,) = refused(n="id,name\nweb,x\n".encode("utf-16-le"))
    assert problem.code == "table-form"


def test_ends_of_lines_of_windows_and_breaks_within_quotes_keep_the_count_of_lines(refused):
    (problem,) = refused(n='id,name,restart\r\nweb,"two\r\nlines",1m\r\ndb,x,soon\r\n')
    assert problem.line == 4


@pytest.mark.parametrize("broken", ['web,"no end\n\n', 'web,"a"b\n'])
def test_broken_csv_is_told_with_the_line_where_the_row_begins(refused, broken):
    (problem,) = refused(n=f"id,name\nok,fine\n{broken}")
    assert (problem.code, problem.line) == ("csv-syntax", 3)


def test_a_cell_beyond_the_bound_of_the_reader_is_told(refused):
    (problem,) = refused(n=f"id,name\nweb,{'x' * 140_000}\n")
    assert (problem.code, problem.line) == ("csv-syntax", 2)


def test_a_row_longer_than_the_header_is_an_error(refused):
    (problem,) = refused(n="id,name\nweb,Shop, main\n")
    assert (problem.code, problem.line) == ("row-length", 2)


def test_empty_rows_and_empty_cells_at_the_end_are_nothing(tables):
    found = tables(n="id,name,,\n\nweb,Shop,,\n,,,\n   ,,,\ndb\n")
    assert list(found.data["components"]) == ["web", "db"]


def test_too_many_cells_are_refused(refused, monkeypatch):
    monkeypatch.setattr("impactsim.importers.tables.files.MOST_CELLS", 7)
    (problem,) = refused(n=THINGS)
    assert problem.code == "table-size"
    assert MOST_CELLS > 1_000_000


def test_a_table_of_something_else_is_left_out_and_told(tables):
    found = tables(n=THINGS, x="colour,taste\nred,sweet\n")
    assert codes(found) == ["table-not-used", "few-needs"]
    assert list(found.data["components"]) == ["web", "db", "host"]


def test_without_any_table_of_use_the_remedy_is_a_mapping(refused):
    (problem,) = refused(x="colour,taste\nred,sweet\n")
    assert problem.code == "no-table"
    assert "--save-mapping" in problem.remedy


def test_words_for_kinds_in_a_row_do_not_make_it_the_header(refused):
    (problem,) = refused(n="Wat,Hoe\nsrv,Server\n")
    assert problem.code == "no-table"


def test_a_header_that_stands_twice_is_told(tables):
    found = tables(n="id,name,name\nweb,first,second\n")
    assert found.data["components"]["web"]["name"] == "first"
    assert codes(found) == ["column-twice"]


def test_a_unit_in_a_header_is_one_of_durations_only(tables):
    """`Name S` is no name in seconds."""
    found = tables(n="ID,Name S,Restart [s],RTO in hours\nweb,x,5,4\n")
    web = found.data["components"]["web"]
    assert ("name" in web, web["restart"], web["targets"]) == (False, "5s", {"rto": "4h"})


# Things.


def test_whatever_a_component_plainly_says_is_read(tables):
    header = (
        "id,name,kind,at,operator,restart,time_to_restore,users,source,critical,confidence,public_name,"
        "fails_per_year,rto,rpo,mtpd,mbco,aliases"
    )
    row = 'web,Shop,service,hall,Us,5m,4h,"1,200",wiki,no,observed,Our shop,"0,5",4h,1h,1d,80%,shop; store'
    found = tables(n=f"{header}\n{row}\nhall,Hall,site{',' * 15}\n")
    web = dict(found.data["components"]["web"])
    web.pop("origin")
    assert web == {
        "name": "Shop",
        "at": "hall",
        "operator": "Us",
        "restart": "5m",
        "time_to_restore": "4h",
        "users": 1200,
        "source": "wiki",
        "critical": False,
        "confidence": "observed",
        "public_name": "Our shop",
        "fails": {"per_year": 0.5},
        "targets": {"rto": "4h", "rpo": "1h", "mtpd": "1d", "mbco": "80%"},
        "aliases": ["shop", "store"],
    }


def test_all_bad_cells_are_told_at_once_with_file_and_line(refused):
    problems = refused(n="id,restart,users,critical\na,soon,1,yes\nb,5m,-4,yes\nc,1h30m,2,perhaps\nd,4,3,no\n")
    assert [(problem.line, problem.code) for problem in problems] == [
        (2, "duration-form"),
        (3, "count-form"),
        (4, "yes-or-no"),
        (5, "duration-unit"),
    ]
    assert all(problem.file.endswith("n.csv") for problem in problems)
    assert problems[0].path == ("restart",)


def test_a_row_without_id_and_name_is_an_error(refused):
    (problem,) = refused(n="id,name,kind\nweb,Shop,service\n,,host\n")
    assert (problem.code, problem.line) == ("no-id", 3)


def test_without_ids_the_names_are_ids(tables):
    found = tables(n="Name,Type\nOrders database,Database\n")
    component = found.data["components"]["Orders-database"]
    assert component["name"] == "Orders database"
    assert component["kind"] == "data"


def test_a_second_row_for_a_thing_is_told_and_adds_what_the_first_did_not_say(tables):
    found = tables(n="id,name,kind,operator\nweb,Shop,service,\nweb,Shop,service,Us\nweb,Shop,host,Them\n")
    assert [(problem.code, problem.line) for problem in found.problems] == [("row-twice", 3), ("row-differs", 4)]
    assert "in kind" in found.problems[1].fault
    assert found.data["components"]["web"]["operator"] == "Us"
    assert "kind" not in found.data["components"]["web"]


def test_two_things_of_one_name_are_told(tables):
    found = tables(n="id,name\na,Printer\nb,printer\n")
    assert [(problem.code, problem.line) for problem in found.problems] == [("same-name", 3)]


def test_a_kind_that_nobody_knows_is_kept_as_a_word(tables):
    assert tables(n="id,kind\na,Coffee machine\n").data["components"]["a"]["kind"] == "coffee-machine"


def test_users_of_what_is_no_service_are_left_out_and_counted(tables):
    found = tables(n="id,kind,users\nsrv,Server,12\nweb,Application,30\n")
    assert found.left_out == {"counts of users of what is no service": 1}
    assert found.data["components"]["web"]["users"] == 30


def test_a_column_that_only_sounds_like_a_word_is_not_used_and_told(tables):
    found = tables(n="id,priority,users,critical\na,high,finance,perhaps\nb,low,sales,\n")
    assert codes(found) == ["column-not-used"] * 3
    assert set(found.data["components"]["a"]) == {"origin"}


def test_a_crew_of_unknown_size_is_left_out_and_counted(tables):
    found = tables(n="id,crew\na,Night watch\n")
    assert list(found.left_out.values()) == [1]
    assert "'Night watch'" in next(iter(found.left_out))


def test_a_place_that_nearly_is_a_site_of_the_table_is_told(tables):
    found = tables(n="id,kind,at\nbasel,site,\nweb,service,Bassel\ndb,data,BASEL\n")
    (problem,) = found.problems
    assert (problem.code, problem.line) == ("dangling", 3)
    assert problem.remedy == "did you mean 'basel'?"
    assert found.system.components["Bassel"].kind == "site"
    assert found.system.components["db"].at == "basel"


def test_a_list_in_the_row_of_a_thing_says_what_it_needs(tables):
    found = tables(n='name,depends on\nweb,"db; host, queue"\ndb,\nhost,\n"queue, big",\n')
    assert [need["component"] for need in needs(found, "web")] == ["db", "host", "queue"]
    assert codes(found) == ["dangling"]


def test_a_name_with_a_comma_in_a_list_is_one_name(tables):
    found = tables(n='name,depends on\nweb,"queue, big"\n"queue, big",\n')
    assert needs(found, "web") == [{"component": "queue-big"}]


def test_an_error_of_a_spreadsheet_is_told_and_counts_as_empty(tables):
    found = tables(n="id,operator\na,#REF!\n")
    assert codes(found) == ["cell-error"]
    assert "operator" not in found.data["components"]["a"]


# Needs.


def test_whatever_a_plain_need_says_is_read(tables):
    header = "from,to,purpose,impact,holdover,recharge,confidence"
    found = tables(n=THINGS, e=f"{header}\nweb,db,,30%,10m,1h,guessed\nweb,host,stay up,,,,\n")
    assert needs(found, "web") == [
        {"component": "db", "impact": "30%", "holdover": "10m", "recharge": "1h", "confidence": "guessed"},
        {"component": "host", "to": "stay_up"},
    ]


def test_a_column_type_says_the_purpose_only_where_it_can(tables):
    found = tables(n=THINGS, e="from,to,type\nweb,db,uses\nweb,host,runs on\n")
    assert [set(need) for need in needs(found, "web")] == [{"component"}, {"component"}]
    assert codes(found) == ["column-not-used"]
    assert needs(tables(n=THINGS, e="from,to,type\nweb,db,start\n"), "web") == [{"component": "db", "to": "start"}]


def test_what_no_row_describes_is_kept_as_unknown_with_the_nearest_name(tables):
    found = tables(n=THINGS, e="from,to\nweb,dbb\nwebb,db\nweb,DBB\n")
    assert [(problem.code, problem.line, problem.remedy) for problem in found.problems] == [
        ("dangling", 2, "did you mean 'db'?"),
        ("dangling", 3, "did you mean 'web'?"),
    ]
    assert needs(found, "web") == [{"component": "dbb"}]
    assert found.data["components"]["webb"]["confidence"] == "guessed"
    assert found.system.components["webb"].kind == "unknown"


def test_ends_are_found_by_id_in_any_letter_case_and_by_name(tables):
    found = tables(n=THINGS, e="from,to\nWEB,orders\nWebshop,HOST\n")
    assert needs(found, "web") == [{"component": "db"}, {"component": "host"}]
    assert codes(found) == []


def test_a_name_of_several_things_is_kept_as_unclear(tables):
    found = tables(n="id,name\na,Printer\nb,Printer\nweb,Shop\n", e="from,to\nweb,Printer\n")
    assert codes(found) == ["same-name", "name-clash"]
    assert needs(found, "web") == [{"component": "Printer-unclear"}]
    assert found.system.components["Printer-unclear"].confidence == "guessed"


def test_a_table_of_needs_alone_makes_services(tables):
    found = tables(e="from,to\nweb,db\n")
    assert [component.kind for component in found.system.components.values()] == ["service", "service"]
    assert found.system.components["web"].confidence == "guessed"
    assert codes(found) == []
    assert any("counts as a service" in remark for remark in found.remarks)


def test_needs_of_itself_and_needs_that_stand_twice_are_counted(tables):
    found = tables(n=THINGS, e="from,to,holdover\nweb,web,\nweb,db,5m\nweb,db,5m\nweb,db,6m\n")
    assert found.left_out == {"needs of something for itself": 1, "needs that stand there twice": 1}
    assert [(problem.code, problem.line) for problem in found.problems] == [("row-differs", 5)]
    assert needs(found, "web") == [{"component": "db", "holdover": "5m"}]


def test_a_row_without_one_of_its_ends_is_an_error(refused):
    problems = refused(n=THINGS, e="from,to,impact\nweb,,10%\n,db,20%\n")
    assert [(problem.code, problem.line) for problem in problems] == [("no-ends", 2), ("no-ends", 3)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("web,db,g,any_of,,\nweb,host,g,,,\n", {"any_of": ["db", "host"]}),
        ("web,db,g,all_of,,\nweb,host,g,all_of,,\n", {"all_of": ["db", "host"]}),
        ("web,db,g,at_least,1,\nweb,host,g,,,\n", {"at_least": 1, "of": ["db", "host"]}),
        ("web,db,g,2 of 2,,\nweb,host,g,,,\n", {"at_least": 2, "of": ["db", "host"]}),
        ("web,db,g,,1,2\nweb,host,g,,,1\n", {"at_least": 1, "of": ["host", "db"]}),
        ("web,db,g,any_of,,\nweb,db,g,,,\n", {"component": "db"}),
    ],
)
def test_rows_of_one_label_are_one_need(tables, rows, expected):
    assert needs(tables(n=THINGS, e=f"from,to,group,form,k,order\n{rows}"), "web") == [expected]


def test_the_same_label_at_two_owners_is_two_needs(tables):
    found = tables(n=THINGS, e="from,to,group,form\nweb,db,g,any_of\nweb,host,g,\ndb,host,g,any_of\n")
    assert (len(needs(found, "web")), needs(found, "db")) == (1, [{"component": "host"}])


def test_members_of_a_standby_group_say_how_long_they_last(tables):
    rows = "web,db,g,any_of,,,\nweb,host,g,,30s,8h,2%\n"
    found = tables(n=THINGS, e=f"from,to,group,form,failover,lasts,fails_to_start\n{rows}")
    standby = {"use": "host", "failover": "30s", "lasts": "8h", "fails_to_start": "2%"}
    assert needs(found, "web") == [{"any_of": ["db", standby]}]


def test_a_group_without_a_form_is_an_error_and_no_guess(refused):
    (problem,) = refused(n=THINGS, e="from,to,group\nweb,db,g\nweb,host,g\n")
    assert (problem.code, problem.line) == ("group-form", 2)


@pytest.mark.parametrize("form_", ["any_of", "all_of"])
def test_what_the_remedy_for_a_group_without_a_form_says_can_be_done(tables, refused, tmp_path, form_):
    edges = "from,to,group{}\nweb,db,g{}\nweb,host,g{}\n"
    (problem,) = refused(n=THINGS, e=edges.format("", "", ""))
    assert "form: any_of or form: all_of" in problem.remedy
    assert "at_least under form and a number under k" in problem.remedy
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(f"edges:\n  form: {form_}\n", encoding="utf-8")
    assert len(needs(tables({"mapping": str(mapping)}, n=THINGS, e=edges.format("", "", "")), "web")) in {1, 2}
    found = tables(n=THINGS, e=edges.format(",form,k", ",at_least,1", ",,"))
    assert needs(found, "web") == [{"at_least": 1, "of": ["db", "host"]}]


@pytest.mark.parametrize("read", [rate, people])
def test_a_number_below_0_is_told_as_that(read):
    with pytest.raises(Fault) as error:
        read("-1")
    assert (error.value.fault, error.value.remedy) == ("'-1' is below 0", "write a number of 0 or more")


def test_that_all_rows_are_left_out_is_said(refused, tmp_path):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("nodes:\n  leave_out:\n    kind: [service, data, host]\n", encoding="utf-8")
    (problem,) = refused({"mapping": str(mapping)}, n=THINGS)
    assert (problem.code, problem.fault) == ("all-left-out", "leave_out of the mapping leaves out all 3 rows of things")
    assert problem.remedy == "leave out fewer of them"


@pytest.mark.parametrize("k", ["", "0", "3"])
def test_a_quorum_needs_a_number_that_its_members_can_be(refused, k):
    (problem,) = refused(n=THINGS, e=f"from,to,group,form,k\nweb,db,g,at_least,{k}\nweb,host,g,,\n")
    assert problem.code == "group-count"


def test_rows_of_a_group_that_disagree_are_told(tables):
    found = tables(n=THINGS, e="from,to,group,form,holdover\nweb,db,g,any_of,5m\nweb,host,g,all_of,6m\n")
    assert codes(found) == ["rows-disagree", "rows-disagree"]
    assert needs(found, "web") == [{"any_of": ["db", "host"], "holdover": "5m"}]


def test_a_form_without_a_group_is_told(tables):
    found = tables(n=THINGS, e="from,to,group,form\nweb,db,,any_of\n")
    assert codes(found) == ["no-group"]


def test_the_tables_of_our_own_export_are_read_as_that(tables):
    nodes = "id,kind,confidence\nweb,service,declared\na,host,declared\nb,host,observed\n"
    edges = "from,to,need,form,place,demand,capacity\nweb,a,0,pool,0,3,2\nweb,b,0,pool,1,3,2\n"
    found = tables(n=nodes, e=edges)
    assert needs(found, "web") == [{"pool": {"a": 2, "b": 2}, "demand": 3}]
    assert found.system.components["b"].confidence == "observed"


# Cells.


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("4h", "", "4h"),
        ("4 h", "", "4h"),
        ("30 Minuten", "", "30m"),
        ("1,5 Std.", "", "1.5h"),
        ("2 jours", "", "2d"),
        ("1 ora 30 min", "", "1h30m"),
        ("90", "m", "90m"),
        ("0", "", "0"),
        ("PT4H", "", "PT4H"),
    ],
)
def test_durations_as_people_write_them(text, unit, expected):
    assert duration(unit)(text) == expected


@pytest.mark.parametrize("text", ["4", "soon", "3 M", "-1h", "4:00", "1h 2 parsecs", "9" * 40 + "h"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(Fault):
        duration("")(text)


def test_an_uncertain_duration_is_read_from_its_json():
    assert duration("")('{"median": "2h", "p90": "6h"}') == {"median": "2h", "p90": "6h"}


@pytest.mark.parametrize(("text", "expected"), [("12'500", 12500), ("1.200", 1200), ("1 200 000", 1_200_000), ("7", 7)])
def test_numbers_of_people_with_signs_between_thousands(text, expected):
    assert people(text) == expected


@pytest.mark.parametrize("text", ["1.5", "-3", "many", "1,20", "1e9", "9" * 30])
def test_what_is_no_number_of_people_is_refused(text):
    with pytest.raises(Fault):
        people(text)


def test_a_share_is_a_percentage_or_a_fraction_also_with_a_comma():
    assert (share("30 %"), share("0,25"), share("12,5%")) == ("30%", 0.25, "12.5%")
    with pytest.raises(Fault):
        share("30")


def test_words_of_people_for_yes_and_no_come_before_ours():
    read = truth(frozenset({"0"}), frozenset({"x"}))
    assert [read(text) for text in ("0", "x", "Ja", "nein", "✓", "-")] == [True, False, True, False, True, False]


def test_kinds_in_five_languages():
    texts = ["Server", "Anwendung", "onduleur", "Banca dati", "edificio", "proveedor"]
    assert [kind(text) for text in texts] == ["host", "service", "power", "data", "site", "provider"]


def test_forms_of_groups_in_words():
    assert [form(text) for text in ("Any of", "2 von 3", "at least 2", "und")] == [
        ("any_of", None),
        ("at_least", 2),
        ("at_least", 2),
        ("all_of", None),
    ]
    with pytest.raises(Fault):
        form("who knows 3")


# Cost.


def test_tens_of_thousands_of_needs_are_read_within_seconds(tmp_path):
    from impactsim.importers.draft import Draft
    from impactsim.importers.sources import sources_of
    from impactsim.importers.tables.whole import read_table

    paths: list[Path] = [tmp_path / "n.csv", tmp_path / "e.csv"]
    n = 10_000
    paths[0].write_text("id,name,kind,restart\n" + "".join(f"c{i},Thing {i},Server,5 min\n" for i in range(n)))
    edges = (f"c{i % n},{'c' if i % 3 else 'Thing '}{(7 * i + i // n + 1) % n},10m\n" for i in range(50_000))
    paths[1].write_text("from,to,holdover\n" + "".join(edges))
    draft, began = Draft("big"), time.process_time()
    read_table(sources_of(paths, [".csv"]), {}, draft)
    assert time.process_time() - began < 20
    assert sum(len(part.needs) for part in draft.parts.values()) > 40_000
