"""GraphML of others: what edges mean, ids and labels, yEd, and what has no place in a system."""

from __future__ import annotations

from pathlib import Path

import pytest

from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system


def needs(found) -> list[tuple[str, ...]]:
    return [(own, *need.members()) for own, each in found.system.components.items() for need in each.needs]


def errors(found: pytest.ExceptionInfo[InvalidInput]) -> list[str]:
    return [problem.code for problem in found.value.problems if problem.severity == "error"]


def graph(*lines: str, default: str = "directed", keys: str = "") -> str:
    return f'<graphml>{keys}<graph edgedefault="{default}">' + "\n".join(lines) + "</graph></graphml>"


@pytest.fixture
def of_text(tmp_path: Path):
    def of(text: str | bytes, **settings: object):
        (tmp_path / "x.graphml").write_bytes(text.encode() if isinstance(text, str) else text)
        return import_system("graphml", tmp_path / "x.graphml", **settings)  # type: ignore[arg-type]

    return of


def test_directed_edges_are_needs_and_guesses_until_somebody_says_so(imported):
    found = imported("graphml", "graphml/services.graphml")
    assert needs(found) == [("checkout", "orders-db"), ("checkout", "mail"), ("checkout", "gone")]
    assert {need.confidence for need in found.system.components["checkout"].needs} == {"guessed"}
    assert any("nobody said what the edges mean" in remark for remark in found.remarks)
    said = imported("graphml", "graphml/services.graphml", edges="needs")
    assert needs(said) == needs(found)
    assert {need.confidence for need in said.system.components["checkout"].needs} == {None}  # as sure as its owner
    assert said.remarks == ()


def test_needed_by_turns_edges_round(imported):
    found = imported("graphml", "graphml/services.graphml", edges="needed-by")
    assert needs(found) == [("orders-db", "checkout"), ("mail", "checkout"), ("gone", "checkout")]


def test_kinds_and_names_are_taken_with_their_defaults(imported):
    components = imported("graphml", "graphml/services.graphml").system.components
    assert {own: each.kind for own, each in components.items()} == {
        "checkout": "service",  # the default of the key
        "orders-db": "data",
        "mail": "provider",
        "gone": "unknown",
    }
    assert components["checkout"].name == "Checkout"


def test_what_has_no_place_in_a_system_is_counted(imported):
    found = imported("graphml", "graphml/services.graphml")
    assert found.left_out == {
        "attributes that only describe or draw": 1,
        "edges that join more than two nodes (hyperedge)": 1,
        "edges that say again what another one says": 1,
        "edges from a node to itself": 1,
    }
    (dangling,) = found.problems
    assert (dangling.code, dangling.line) == ("dangling", 14)


def test_labels_of_yed_are_names_and_its_arrow_heads_give_the_direction(imported):
    found = imported("graphml", "graphml/yed.graphml")
    # The second edge is drawn from Bank to Card terminal with its head at Bank.
    assert needs(found) == [("Till-software", "Card-terminal"), ("Card-terminal", "Bank")]
    assert found.system.components["Till-software"].name == "Till software"


def test_a_group_is_no_component_unless_an_edge_touches_it(imported, samples, of_text):
    assert "Shop-floor" not in imported("graphml", "graphml/yed.graphml").system.components
    text = (samples / "graphml" / "yed.graphml").read_text().replace('source="n1"', 'source="n0"')
    assert needs(of_text(text)) == [("Till-software", "Card-terminal"), ("Card-terminal", "Shop-floor")]


def test_an_edge_of_yed_without_heads_has_no_direction(samples, of_text):
    text = (samples / "graphml" / "yed.graphml").read_text().replace('target="standard"', 'target="none"')
    with pytest.raises(InvalidInput, match="1 of 2 edges have no direction"):
        of_text(text)


def test_an_edge_may_differ_from_the_rest_of_its_graph(of_text):
    nodes = '<node id="a"/><node id="b"/><node id="c"/>'
    one = '<edge source="a" target="b"/><edge source="b" target="c" directed="false"/>'
    with pytest.raises(InvalidInput, match="1 of 2 edges have no direction") as found:
        of_text(graph(nodes, one))
    assert errors(found) == ["edges-meaning"]
    one = '<edge source="a" target="b" directed="true"/>'
    assert needs(of_text(graph(nodes, one, default="undirected"))) == [("a", "b")]


def test_labels_that_repeat_are_told_apart_by_their_nodes(imported):
    components = imported("graphml", "graphml/ring.graphml", edges="connections", root="Exchange").system.components
    assert list(components) == ["Exchange", "North", "South", "3.Hill", "4.Hill", "5", "Island"]
    assert (components["3.Hill"].name, components["4.Hill"].name) == ("Hill", "Hill")
    assert components["5"].name is None  # its label is the word None


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("<svg/>", "not-graphml", 1),
        ("<graphml><graph>", "xml-syntax", 1),
        ('<!DOCTYPE graphml [<!ENTITY a "b">]><graphml/>', "xml-doctype", 1),
        (graph("", '<node id="a"/>', '<node id="a"/>'), "defined-twice", 3),
        (graph("", "<node/>"), "no-id", 2),
        (graph("", '<node id="a"/>', '<edge source="a"/>'), "no-ends", 3),
        (graph(), "nothing-imported", 0),
    ],
)
def test_what_cannot_be_read_is_refused_by_line(of_text, text, code, line):
    with pytest.raises(InvalidInput) as found:
        of_text(text)
    assert (found.value.problems[0].code, found.value.problems[0].line) == (code, line)


def test_several_files_are_refused(imported):
    with pytest.raises(InvalidInput) as found:
        imported("graphml", "graphml/services.graphml", "graphml/yed.graphml")
    assert errors(found) == ["one-file"]


def test_many_keys_and_many_nodes_take_no_longer_than_their_sum(of_text):
    keys = "".join(f'<key id="k{i}" for="node" attr.name="x{i}"><default>1</default></key>' for i in range(20_000))
    nodes = "".join(f'<node id="n{i}"/>' for i in range(20_000))
    assert len(of_text(graph(nodes, keys=keys)).system.components) == 20_000  # 400 million steps would not end


# Real networks. Nodes and edges are those that their publication counts.


@pytest.mark.parametrize(("file", "n_nodes", "n_edges"), [("Geant2012", 40, 61), ("UsCarrier", 158, 189)])
def test_real_networks_are_refused_until_somebody_says_what_their_edges_mean(
    real_files, imported, file, n_nodes, n_edges
):
    path = real_files / "graphml" / f"{file}.graphml"
    with pytest.raises(
        InvalidInput, match=f"{n_edges} of {n_edges} edges have no direction.*--edges connections"
    ) as found:
        imported("graphml", path)
    assert errors(found) == ["edges-meaning"]
    system = imported("graphml", path, edges="connections", root="4").system
    assert len(system.components) == n_nodes
    assert sum(not each.needs for each in system.components.values()) == 1  # the root


def test_each_link_of_a_real_network_can_be_a_component(real_files, imported):
    path = real_files / "graphml" / "UsCarrier.graphml"
    found = imported("graphml", path, edges="connections", root="Atlanta", links=True)
    n_links = len(found.system.components) - 158
    (unused,) = [n for what, n in found.left_out.items() if what.startswith("links between nodes")]
    assert n_links + unused == 189
