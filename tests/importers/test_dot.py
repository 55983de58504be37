"""DOT: the whole grammar, and what of it means something."""

from __future__ import annotations

import pytest

from impactsim.importers.graphs.dot import label_text, read_dot
from impactsim.importers.graphs.graph import MOST_EDGES, Graph
from impactsim.importers.notes import Notes
from impactsim.problems import InvalidInput


def graph(text: str) -> Graph:
    notes = Notes("x.dot")
    found = read_dot(text, notes, "x.dot")
    assert found is not None, notes.problems
    return found


def edges(text: str) -> list[tuple[str, str]]:
    return [(edge.source, edge.target) for edge in graph(text).edges]


def fault(text: str) -> tuple[int, str]:
    notes = Notes("x.dot")
    assert read_dot(text, notes, "x.dot") is None
    (problem,) = notes.problems
    return problem.line, problem.fault


def needs(found) -> list[tuple[str, ...]]:
    return [(own, *need.members()) for own, each in found.system.components.items() for need in each.needs]


def test_a_drawing_becomes_a_system(imported):
    found = imported("dot", "dot/shop.dot")
    # An arrow whose head is drawn at its beginning points there: `edge [dir=back]; bank -> web`.
    assert needs(found) == [
        ("web", "orders"),
        ("web", "stock-db"),
        ("web", "queue"),
        ("web", "bank"),
        ("orders", "disk"),
    ]
    components = found.system.components
    assert {own: each.kind for own, each in components.items()} == {
        "web": "service",
        "orders": "data",  # the default within the cluster
        "stock-db": "data",
        "disk": "service",  # outside of it again
        "queue": "service",
        "bank": "provider",
    }
    assert components["web"].name == 'Web shop of the "north"'
    assert components["stock-db"].name == "Stock & prices"


def test_a_cluster_is_no_component(imported):
    assert "Data-centre" not in imported("dot", "dot/shop.dot").system.components


def test_an_undirected_graph_is_asked_what_it_means(imported):
    with pytest.raises(InvalidInput, match="5 of 5 edges have no direction"):
        imported("dot", "dot/undirected.dot")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("digraph{a->b->c}", [("a", "b"), ("b", "c")]),
        ("digraph{{a b}->{c;d}}", [("a", "c"), ("a", "d"), ("b", "c"), ("b", "d")]),
        ("digraph{a->{b->c}->d}", [("b", "c"), ("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")]),
        ("digraph{subgraph x {a; subgraph {b}} -> c}", [("a", "c"), ("b", "c")]),
        ("digraph{a:n->b:port:sw}", [("a", "b")]),
        ("DiGraph{A->a}", [("A", "a")]),
        ('digraph{"graph"->"a b"->"x\\"y"->"c\\\\"}', [("graph", "a b"), ("a b", 'x"y'), ('x"y', "c\\")]),
        ('digraph{"a\\\nb"->c}', [("ab", "c")]),
        ('digraph{"a"+"b"->c}', [("ab", "c")]),
        ("digraph{<b>->a}", [("b", "a")]),
        ("digraph{-1.5->.5}", [("-1.5", ".5")]),
        ("digraph{a->b;a->b}", [("a", "b"), ("a", "b")]),
        ("strict digraph{a->b;a->b;b->a}", [("a", "b"), ("b", "a")]),
        ("strict graph{a--b;b--a}", [("a", "b")]),
        ("digraph{a->b} graph{c--d}", [("a", "b"), ("c", "d")]),
        ("digraph{a->b[dir=both]}", [("a", "b"), ("b", "a")]),
        ('digraph{a->b[label="->" x=1;y=2,z][k]; // a->c\n/* a->d */\n# a->e\n}', [("a", "b")]),
        ("digraph{\u00fcber->stra\u00dfe}", [("\u00fcber", "stra\u00dfe")]),
        ('digraph\n"a { b" {rankdir=LR a->b}', [("a", "b")]),
    ],
)
def test_every_way_to_write_edges_is_read(text, expected):
    assert edges(text) == expected


def test_no_head_is_no_direction():
    assert [edge.is_directed for edge in graph("digraph{a->b; c->d[dir=none]}").edges] == [True, False]


def test_defaults_hold_for_new_nodes_of_their_scope_only():
    text = "digraph{a; node[kind=data]; a b; subgraph{node[kind=site]; c b} d}"
    kinds = {own: node.words.get("kind") for own, node in graph(text).nodes.items()}
    assert kinds == {"a": None, "b": "data", "c": "site", "d": "data"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, "the file is empty")),
        ("a -> b", (1, "'a' stands where graph or digraph must stand")),
        ("digraph {\n a -> }", (2, "'}' stands where a node or a subgraph must stand")),
        ("digraph {\n a -> b", (2, "the file ends where a node, an edge or } must stand")),
        ("digraph {\n\n a -- b }", (3, "an edge is written -> in a digraph")),
        ("graph { a -> b }", (1, "an edge is written -- in a graph")),
        ('digraph {\n a [label="x] }', (2, "this quotation mark is never closed")),
        ("digraph {\n a [label=<<b>x] }", (2, "this HTML label is never closed")),
        ("digraph {\n /* a }", (2, "this comment is never closed")),
        ("graph {\n 10.0.0.1 -- b }", (2, "'10.0.0.1' is no name and no number")),
        ("digraph { a ? b }", (1, "'?' means nothing here")),
        ("digraph " + "{" * 200, (1, "subgraphs stand in one another more than 100 deep")),
    ],
)
def test_what_is_not_dot_is_refused_by_line(text, expected):
    assert fault(text) == expected


def test_two_lists_cannot_ask_for_more_edges_than_a_file_may_hold():
    names = [" ".join(f"{letter}{i}" for i in range(1000)) for letter in "ab"]
    assert fault(f"digraph {{ {{{names[0]}}} -> {{{names[1]}}} }}")[1] == f"these are more than {MOST_EDGES:,} edges"


def test_large_and_nested_files_are_read_in_a_time_that_grows_with_them():
    chain = "digraph {" + "->".join(f"n{i}" for i in range(20_000)) + "}"
    assert len(graph(chain).edges) == 19_999
    labels = "digraph {" + "a [label=<<b>x</b>>];" * 20_000 + "}"
    assert list(graph(labels).nodes) == ["a"]
    deep = "digraph {" + "subgraph {" * 100 + "a" + "}" * 100 + "}"
    assert list(graph(deep).nodes) == ["a"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [("Orders\\ndatabase\\l", "Orders database"), ("{<in> web | v2}", "web v2"), ("a\n b", "a b")],
)
def test_a_label_is_read_as_one_line(label, expected):
    assert label_text(label) == expected
