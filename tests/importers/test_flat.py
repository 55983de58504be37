"""Rows of our own tables, edited by people and changed by programs."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.files.reading import validate_system
from impactsim.importers.draft import Draft
from impactsim.importers.graphs import flat, flat_cells
from impactsim.importers.parts import Drafted, Place
from impactsim.importers.sources import Source

NODES = [{"id": own} for own in ("web", "a", "b", "c")]


def taken(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> Drafted:
    draft = Draft("x")
    lines = {"node": 1, "edge": 101}
    flat.take(draft, nodes, edges, lambda table, i: Place(Source("x.csv", b""), lines[table] + i))
    return draft.finish()


def needs(found: Drafted, owner: str = "web") -> list[dict[str, Any]]:
    assert found.data is not None, found.problems
    validate_system(found.data)
    return [{k: v for k, v in need.items() if k != "origin"} for need in found.data["components"][owner]["needs"]]


def errors(found: Drafted) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in found.problems if problem.severity == "error"]


def edge(to: str, **words: Any) -> dict[str, Any]:
    return {"from": "web", "to": to, **words}


def test_tables_are_ours_by_their_columns():
    assert flat.is_flat([], [{"from": "a", "to": "b", "need": "", "form": ""}])
    assert flat.is_flat([{"id": "a", "kind": "x", "confidence": "declared"}], [])
    assert not flat.is_flat([{"id": "a", "kind": "x", "confidence": "declared"}], [{"from": "a", "to": "b"}])
    assert not flat.is_flat([{"id": "a"}], [])


def test_rows_of_a_need_are_put_together_in_the_order_of_their_places():
    rows = [
        edge("c", need="1", form="at_least", at_least="2", place="2"),
        edge("b", need="1", form="at_least", at_least="2", place="1"),
        edge("c", need="0", form="component"),
        edge("a", need="1", form="at_least", at_least="2", place="0"),
    ]
    assert needs(taken(NODES, rows)) == [{"component": "c"}, {"at_least": 2, "of": ["a", "b", "c"]}]


def test_what_one_row_says_of_a_need_counts_for_all_of_it():
    rows = [edge("a", need=0, form="any_of", failover="5m"), edge("b", need=0, form="any_of", failover="")]
    assert needs(taken(NODES, rows)) == [{"any_of": ["a", "b"], "failover": "5m"}]


def test_rows_without_a_number_are_plain_needs():
    assert needs(taken(NODES, [edge("a"), edge("b", impact="30%")])) == [
        {"component": "a"},
        {"component": "b", "impact": "30%"},
    ]


def test_a_pool_takes_figures_as_programs_write_them():
    rows = [
        edge("a", need=0, form="pool", capacity="60.0", demand="1e2"),
        edge("b", need=0, form="pool", capacity=50, demand=100.0),
    ]
    assert needs(taken(NODES, rows)) == [{"pool": {"a": 60, "b": 50}, "demand": 100}]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([edge("a", need=0, form="any_of"), edge("b", need=0, form="all_of")], (102, "rows-disagree")),
        ([edge("a", need=0, impact=0.5), edge("b", need=0, impact=0.25)], (102, "rows-disagree")),
        ([edge("a", need=0, form="component"), edge("b", need=0, form="component")], (101, "need-form")),
        ([edge("a", need=0, form="at_least")], (101, "need-form")),
        ([edge("a", need=0, form="pool", demand=1)], (101, "need-form")),
        ([edge("a", need=0, form="pool", capacity=1)], (101, "need-form")),
        ([edge("a", need="first")], (101, "cell-form")),
        ([edge("a", impact="much")], (101, "cell-form")),
        ([edge("a", confidence="sure")], (101, "cell-form")),
        ([edge("a", holdover='{"low": "1h"')], (101, "cell-form")),
        ([edge("a", need=1.5)], (101, "cell-form")),
        ([edge("a", need=float("nan"))], (101, "cell-form")),
        ([edge("a", need=10**400)], (101, "cell-form")),
        ([edge("a", origin=[["x"]])], (101, "cell-form")),
        ([edge("")], (101, "no-ends")),
        ([{"from": None, "to": "a"}], (101, "no-ends")),
    ],
)
def test_rows_that_contradict_or_lack_something_are_refused_by_line(rows, expected):
    assert expected in errors(taken(NODES, rows))


def test_a_component_that_is_described_twice_is_refused():
    assert errors(taken([{"id": "a"}, {"id": "a"}], [])) == [(2, "defined-twice")]
    assert errors(taken([{"name": "a"}], [])) == [(1, "no-id")]


def test_what_no_row_describes_is_kept_as_something_unknown():
    found = taken([{"id": "a"}], [{"from": "x", "to": "a"}, {"from": "a", "to": "y"}])
    assert found.data is not None
    assert {own: each.get("kind") for own, each in found.data["components"].items()} == {
        "a": None,
        "x": "unknown",
        "y": "unknown",
    }
    assert [(problem.code, problem.line) for problem in found.problems if problem.code == "dangling"] == [
        ("dangling", 101),
        ("dangling", 102),
    ]


def test_a_need_of_itself_is_left_out():
    assert taken(NODES, [edge("web"), edge("a")]).left_out == {"needs of something for itself": 1}


def test_a_crew_is_taken_if_a_row_says_how_many_it_is():
    found = taken([{"id": "a", "crew": "ops", "crew_members": "2", "priority": 1}, {"id": "b", "crew": "ops"}], [])
    assert found.data is not None
    assert found.data["crews"] == {"ops": 2}
    assert "crew" not in found.data["components"]["b"]
    assert sum(found.left_out.values()) == 1


def test_columns_that_mean_nothing_are_counted_once_each_value():
    found = taken([{"id": "a", "colour": "red", "x": 1, "y": ""}, {"id": "b", "colour": "blue"}], [])
    assert found.left_out == {"values of columns that mean nothing here ('colour', 'x')": 3}


def test_an_id_that_no_component_may_have_is_changed_and_stays_the_name():
    found = taken([{"id": "Web server 1"}, {"id": "db"}], [{"from": "Web server 1", "to": "db"}])
    assert found.data is not None
    assert found.data["components"]["Web-server-1"]["name"] == "Web server 1"


def test_ids_that_an_earlier_import_gave_are_kept_in_needs():
    draft = Draft("x", {"web": "shop-web", "a": "shop-a"})
    flat.take(
        draft,
        NODES,
        [edge("a", need=0, form="any_of", lasts="1h"), edge("b", need=0, form="any_of")],
        Place(Source("x", b"")),
    )
    data = draft.finish().data
    assert data is not None
    assert data["components"]["shop-web"]["needs"][0]["any_of"] == [{"use": "shop-a", "lasts": "1h"}, "b"]


@pytest.mark.parametrize("text", ["=1+2", "+1", "-1", "@a", "\t=1", "'=1", "''=1", "web", "'s", "1-2", ""])
def test_a_guarded_cell_is_no_formula_and_comes_back(text):
    guarded = flat_cells.guarded(text)
    assert guarded[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert flat_cells.unguarded(guarded) == text
