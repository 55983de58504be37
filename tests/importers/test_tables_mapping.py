"""What people say of their columns: read from a file of theirs, and written for them to correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from impactsim.problems import InvalidInput, Problem
from impactsim.workflow.imports import import_system

FILES = ("table/zuordnung_dinge.csv", "table/zuordnung_bedarf.csv")


@pytest.fixture
def mapped(imported, samples):
    """Import the sample with the mapping that lies beside it."""
    return imported("table", *FILES, mapping=str(samples / "table/zuordnung.yaml"))


@pytest.fixture
def problems_of(samples, tmp_path):
    """Return the errors of a mapping for the sample."""

    def of(text: str) -> list[Problem]:
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InvalidInput) as caught:
            import_system("table", *(samples / file for file in FILES), mapping=str(path))
        return [problem for problem in caught.value.problems if problem.severity == "error"]

    return of


def test_columns_are_those_of_the_mapping(mapped):
    mail = mapped.data["components"]["17"]
    assert (mail["name"], mail["kind"]) == ("Mail", "host")


def test_a_header_that_sounds_like_something_else_means_what_the_mapping_says(mapped):
    """`Ziel` sounds like what is needed, and is the recovery time here, in hours."""
    assert mapped.data["components"]["17"]["targets"] == {"rto": "4h"}
    assert mapped.data["components"]["19"]["targets"] == {"rto": "1.5h"}


def test_rows_that_the_mapping_leaves_out_are_counted_and_so_are_needs_of_them(mapped):
    assert "18" not in mapped.data["components"]
    assert mapped.left_out["rows of zuordnung_dinge.csv by what stands under Status"] == 1
    assert mapped.left_out["needs of or on what was left out"] == 1


def test_a_value_can_say_nothing(mapped):
    assert "kind" not in mapped.data["components"]["19"]


def test_crews_have_the_members_that_the_mapping_says(mapped):
    assert mapped.data["crews"] == {"Pikett": 2}
    assert (mapped.system.components["17"].crew, mapped.system.components["17"].priority) == ("Pikett", 5)
    assert mapped.system.components["19"].crew is None


def test_a_table_can_be_turned_round_and_groups_can_have_a_usual_form(mapped):
    (need,) = mapped.data["components"]["19"]["needs"]
    assert need["any_of"] == ["17", "20"]


def test_the_mapping_says_how_sure_rows_are(mapped):
    assert mapped.system.components["17"].confidence == "guessed"
    assert mapped.system.components["19"].needs[0].confidence == "declared"


def test_what_was_guessed_is_written_and_reads_as_the_same_system(imported, tmp_path):
    files, saved = ("table/dinge.csv", "table/bedarf.csv"), tmp_path / "mapping.yaml"
    first = imported("table", *files, save_mapping=str(saved))
    again = imported("table", *files, mapping=str(saved))
    assert again.data["components"] == first.data["components"]
    text = saved.read_text(encoding="utf-8")
    assert "edges:\n  columns:\n    from: Quelle\n    to: Ziel\n" in text
    assert "Fachanwendung: service" in text
    assert "units: {restart: m}" in text


def test_writing_a_mapping_is_nothing_that_the_next_import_repeats(imported, samples, tmp_path):
    given = str(samples / "table/zuordnung.yaml")
    found = imported("table", *FILES, mapping=given, save_mapping=str(tmp_path / "mapping.yaml"))
    assert found.data["imported"]["settings"] == {"mapping": given}


def test_a_mapping_that_was_given_is_written_with_all_that_it_says(imported, samples, tmp_path):
    given, saved = samples / "table/zuordnung.yaml", tmp_path / "mapping.yaml"
    first = imported("table", *FILES, mapping=str(given), save_mapping=str(saved))
    again = imported("table", *FILES, mapping=str(saved))
    assert again.data["components"] == first.data["components"]
    assert again.data["crews"] == first.data["crews"]
    assert "# not used: zuordnung_dinge.csv: Status\n" in saved.read_text(encoding="utf-8")


def test_no_mapping_is_ever_overwritten(imported, tmp_path):
    saved = tmp_path / "mapping.yaml"
    saved.write_text("mine")
    with pytest.raises(InvalidInput) as caught:
        imported("table", "table/dinge.csv", save_mapping=str(saved))
    assert [problem.code for problem in caught.value.problems if problem.severity == "error"] == ["mapping-there"]
    assert saved.read_text() == "mine"


def test_a_start_of_a_mapping_is_written_where_nothing_could_be_read(tmp_path):
    table, saved = tmp_path / "x.csv", tmp_path / "mapping.yaml"
    table.write_text("Wat,Hoe\nsrv,Server\n")
    with pytest.raises(InvalidInput):
        import_system("table", table, save_mapping=str(saved))
    assert "# not used: x.csv: Wat\n# not used: x.csv: Hoe\n" in saved.read_text()


def test_a_header_cannot_break_out_of_its_comment(tmp_path):
    table, saved = tmp_path / "x.csv", tmp_path / "mapping.yaml"
    table.write_text('id,"odd\nnodes: 5\x85crews: 6"\nweb,1\n', encoding="utf-8")
    import_system("table", table, save_mapping=str(saved))
    comments = [line for line in saved.read_text(encoding="utf-8").splitlines() if "nodes: 5" in line]
    assert [line[0] for line in comments] == ["#"]
    assert import_system("table", table, mapping=str(saved)).data["components"]["web"]


def test_a_column_that_no_table_has_is_told_with_the_nearest(problems_of):
    (problem,) = problems_of("nodes:\n  columns: {id: Nr, kind: Arrt}\n")
    assert (problem.code, problem.path) == ("no-column", ("nodes.columns.kind",))
    assert problem.remedy == "did you mean 'Art'?"


def test_everything_that_is_wrong_with_a_mapping_is_told_with_its_line(problems_of):
    text = (
        "nods: {}\n"
        "nodes:\n"
        "  columns: {ids: Nr}\n"
        "  confidence: certain\n"
        "edges:\n"
        "  reverse: perhaps\n"
        "  form: at_least\n"
        "crews: {Pikett: 0}\n"
        "units: {rto: parsec}\n"
        "values: {kind: [a, b]}\n"
        "yes: [{}]\n"
    )
    found = [(problem.line, problem.path[0]) for problem in problems_of(text) if problem.code == "mapping"]
    assert found == [
        (1, "nods"),
        (3, "nodes.columns.ids"),
        (4, "nodes.confidence"),
        (6, "edges.reverse"),
        (7, "edges.form"),
        (8, "crews.Pikett"),
        (9, "units.rto"),
        (10, "values.kind"),
        (11, "yes"),
    ]


@pytest.mark.parametrize("text", ["- a\n- b\n", "nodes: 5\n", "[\n", "nodes: {columns: {id: {a: b}}}\n", "5: 6\n"])
def test_a_mapping_of_any_shape_is_problems_and_no_more(problems_of, text):
    assert problems_of(text)


def test_a_mapping_that_is_not_there_is_told(imported):
    with pytest.raises(InvalidInput) as caught:
        imported("table", "table/dinge.csv", mapping=str(Path("nowhere") / "m.yaml"))
    assert "file-missing" in [problem.code for problem in caught.value.problems]


def test_words_that_only_tables_have_are_no_words_of_a_mapping_for_others(samples, tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text("crews: {a: 1}\n")
    with pytest.raises(InvalidInput) as caught:
        import_system("glpi", samples / "glpi", mapping=str(path))
    assert "mapping" in [problem.code for problem in caught.value.problems]
