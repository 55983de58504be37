"""Tables for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import Any

from impactsim.exporters.tables import csv_texts
from impactsim.files.reading import validate_system


def tables(components: dict[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    system = validate_system({"impactsim": 1, "name": "x", "components": components}).system
    texts = csv_texts(system)
    assert list(texts) == ["nodes.csv", "edges.csv"]
    nodes, edges = (list(csv.DictReader(io.StringIO(text))) for text in texts.values())
    return nodes, edges


def test_rows_that_say_nothing_of_a_column_have_an_empty_cell():
    nodes, edges = tables({"web": {"needs": ["db", {"component": "db", "to": "start"}], "critical": True}, "db": {}})
    assert [(row["id"], row["critical"], row["at"]) for row in nodes] == [("web", "true", ""), ("db", "", "")]
    assert [row["purpose"] for row in edges] == ["", "start"]


def test_no_cell_begins_as_a_formula_does():
    names = {"a": "=HYPERLINK(1)", "b": "+1", "c": "-1", "d": "@x", "-e": "\t=1", "f": "'=1", "g": 'a,b"c\nd'}
    nodes, edges = tables({own: {"name": name, "needs": ["-e"] * (own != "-e")} for own, name in names.items()})
    cells = [cell for row in [*nodes, *edges] for cell in row.values()]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    assert [row["name"] for row in nodes][-1] == names["g"]


def test_both_tables_have_their_columns_even_if_they_are_empty():
    nodes, edges = tables({"a": {}})
    assert list(nodes[0]) == ["id", "kind", "name", "at", "confidence"]
    assert edges == []
    system = validate_system({"impactsim": 1, "name": "x", "components": {"a": {}}}).system
    assert csv_texts(system)["edges.csv"] == "from,to,need,form,place,confidence\n"
