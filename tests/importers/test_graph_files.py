"""Networks of connections: who is reached from where; and graphs of ours that somebody edited."""

from __future__ import annotations

import random
from pathlib import Path

import networkx as nx
import pytest

from impactsim.audit.estate import Estate
from impactsim.exporters.graphs import graphml_text
from impactsim.files.reading import validate_system
from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system


@pytest.fixture
def of_text(tmp_path: Path):
    def of(text: str, format_: str = "dot", **settings: object):
        (tmp_path / "x.txt").write_text(text)
        return import_system(format_, tmp_path / "x.txt", **settings)  # type: ignore[arg-type]

    return of


def needs(found) -> dict[str, list[tuple[str, ...]]]:
    return {own: [need.members() for need in each.needs] for own, each in found.system.components.items() if each.needs}


def network(edges) -> str:
    return "graph {" + ";".join(f"{a} -- {b}" for a, b in edges) + "}"


def test_a_node_needs_any_of_its_neighbours_that_are_nearer_to_a_root(imported):
    found = imported("graphml", "graphml/ring.graphml", edges="connections", root=["Exchange"])
    assert needs(found) == {
        "North": [("Exchange",)],
        "South": [("Exchange",)],
        "3.Hill": [("North", "South")],
        "4.Hill": [("3.Hill",)],
        "5": [("4.Hill",)],
    }
    assert {each.kind for each in found.system.components.values()} == {"connectivity"}
    assert found.left_out["links between nodes that are equally far from the roots"] == 1  # North - South
    assert found.left_out["links beside another one between the same two nodes"] == 1  # 3 - 4


def test_what_no_way_leads_to_is_named(imported):
    found = imported("graphml", "graphml/ring.graphml", edges="connections", root=["Exchange"])
    assert [(problem.code, "'Island'" in problem.fault) for problem in found.problems] == [("no-way", True)]


def test_several_roots_need_nothing(imported):
    found = imported("graphml", "graphml/ring.graphml", edges="connections", root=["Exchange", "4"])
    assert needs(found) == {
        "North": [("Exchange",)],
        "South": [("Exchange",)],
        "3.Hill": [("4.Hill",)],
        "5": [("4.Hill",)],
    }


def test_links_are_components_that_need_their_nearer_end(imported):
    found = imported("dot", "dot/undirected.dot", edges="connections", root=["core"], links=True)
    assert needs(found) == {
        "north": [("core--north",)],
        "south": [("core--south",)],
        "hill": [("north--hill", "south--hill")],
        "farm": [("hill--farm",)],
        "core--north": [("core",)],
        "core--south": [("core",)],
        "north--hill": [("north",)],
        "south--hill": [("south",)],
        "hill--farm": [("hill",)],
    }


def test_parallel_links_stand_in_for_one_another(of_text):
    found = of_text(network([("a", "b"), ("a", "b"), ("b", "a")]), edges="connections", root="a", links=True)
    assert needs(found)["b"] == [("a--b", "a--b-2", "a--b-3")]


@pytest.mark.parametrize(
    ("root", "code", "said"),
    [
        ([], "no-root", "most links have 'hill'"),
        (["hil"], "unknown-root", "did you mean 'hill'"),
        (["core", "nowhere"], "unknown-root", "nowhere"),
    ],
)
def test_a_network_needs_roots_that_are_there(imported, root, code, said):
    with pytest.raises(InvalidInput, match=said) as found:
        imported("dot", "dot/undirected.dot", edges="connections", root=root)
    assert [problem.code for problem in found.value.problems] == [code]


def test_a_label_that_several_nodes_have_is_no_root(imported):
    with pytest.raises(InvalidInput, match="give the id of one: 3, 4"):
        imported("graphml", "graphml/ring.graphml", edges="connections", root="Hill")


def test_a_root_belongs_to_connections(imported):
    with pytest.raises(InvalidInput, match="--edges connections"):
        imported("dot", "dot/shop.dot", root="web")


def test_what_is_cut_off_is_never_less_than_in_truth_and_the_rest_is_counted(of_text):
    for seed in range(25):
        rng = random.Random(seed)
        graph = nx.gnm_random_graph(9, rng.randint(8, 16), seed=seed)
        edges = [(f"n{a}x", f"n{b}x") for a, b in graph.edges]
        found = of_text(network([*edges, ("n0x", "top")]), edges="connections", root="top")
        estate = Estate(found.system)
        whole = nx.Graph([*edges, ("n0x", "top")])
        reached = nx.node_connected_component(whole, "top")
        n_true = n_here = 0
        for failed in sorted(reached):
            left = whole.subgraph(reached - {failed})
            true = reached - {failed} - (nx.node_connected_component(left, "top") if failed != "top" else set())
            down = estate.down(estate.event_of(failed))
            here = {own for own in reached - {failed} if estate.event_of(own) in down}
            assert true <= here
            n_true, n_here = n_true + len(true), n_here + len(here)
        said = [remark for remark in found.remarks if "cases in which" in remark]
        told = f"of {n_here:,} cases in which one node cuts off another, {n_true:,} are true"
        assert [told in remark for remark in said] == ([True] if n_here > n_true else []), (seed, n_here, n_true, said)


# Our own graphs, edited.


def ours(**components) -> str:
    system = validate_system({"impactsim": 1, "name": "x", "components": components}).system
    return graphml_text(system)


def test_what_is_drawn_into_a_graph_of_ours_is_a_plain_need(of_text):
    text = ours(web={"needs": [{"any_of": ["a", "b"]}]}, a={}, b={})
    text = text.replace(
        "</graph>", '<node id="c"><data key="node-label">Cache</data></node><edge source="web" target="c"/></graph>'
    )
    found = of_text(text, "graphml")
    assert needs(found) == {"web": [("a", "b"), ("c",)]}
    assert found.system.components["c"].name == "Cache"


def test_a_member_that_is_deleted_leaves_the_rest_of_its_group(of_text):
    lines = ours(web={"needs": [{"any_of": ["a", "b", "c"]}]}, a={}, b={}, c={}).splitlines()
    (first,) = [i for i, line in enumerate(lines) if 'target="a"' in line]
    (last,) = [i for i, line in enumerate(lines) if 'target="b"' in line]
    assert needs(of_text("\n".join(lines[:first] + lines[last:]), "graphml")) == {"web": [("b", "c")]}


def test_what_our_graph_must_not_say_is_placed_at_its_line(of_text):
    text = ours(web={"needs": [{"at_least": 1, "of": ["a", "b"]}]}, a={}, b={})
    wrong = text.replace(">at_least<", ">most_of<", 1)
    with pytest.raises(InvalidInput, match="'most_of' is no form of a need") as found:
        of_text(wrong, "graphml")
    (line,) = [i for i, each in enumerate(text.splitlines(), 1) if 'target="a"' in each]
    assert found.value.problems[0].line == line
