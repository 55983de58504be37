"""Node-link JSON in the shapes that networkx, D3 and vis.js give it."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system


@pytest.fixture
def of_data(tmp_path: Path):
    def of(data: object, **settings: object):
        (tmp_path / "x.json").write_text(json.dumps(data))
        return import_system("node-link", tmp_path / "x.json", **settings)  # type: ignore[arg-type]

    return of


def needs(found) -> list[tuple[str, ...]]:
    return [(own, *need.members()) for own, each in found.system.components.items() for need in each.needs]


def test_numbers_are_ids_and_names_are_what_people_read(imported):
    found = imported("node-link", "node-link/numbers.json")
    assert needs(found) == [("web", "db"), ("db", "queue")]
    assert found.system.components["db"].kind == "data"


def test_d3_says_no_direction_and_is_asked_for_it(imported):
    with pytest.raises(InvalidInput, match="2 of 2 edges have no direction"):
        imported("node-link", "node-link/d3.json")


def test_ends_that_are_numbers_of_nodes_are_followed(imported):
    found = imported("node-link", "node-link/d3.json", edges="needs")
    assert needs(found) == [("pump", "tank"), ("tap", "pump")]


@pytest.mark.parametrize("key", ["links", "edges"])
def test_what_networkx_writes_is_read_whatever_it_calls_the_edges(of_data, key):
    graph = nx.MultiDiGraph([("web", "db"), ("web", "db"), ((1, 2), "web")])
    found = of_data(nx.node_link_data(graph, edges=key))
    assert needs(found) == [("web", "db"), ("1-2", "web")]
    assert found.left_out["edges that say again what another one says"] == 1


def test_vis_calls_the_ends_from_and_to(of_data):
    data = {"nodes": [{"id": 1, "label": "web"}, {"id": 2, "label": "db"}], "edges": [{"from": 1, "to": 2}]}
    assert needs(of_data(data, edges="needs")) == [("web", "db")]


def test_an_end_that_d3_has_put_in_place_of_its_id_is_understood(of_data):
    data = {
        "directed": True,
        "nodes": [{"id": "a"}, {"id": "b"}],
        "links": [{"source": {"id": "a"}, "target": {"id": "b"}}],
    }
    assert needs(of_data(data)) == [("a", "b")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "not-node-link"),
        ({"nodes": {}, "links": []}, "not-node-link"),
        ({"nodes": [{"id": "a"}, {"id": "a"}], "links": []}, "defined-twice"),
        ({"nodes": [{"id": None}], "links": []}, "no-id"),
        ({"nodes": [{"id": {"a": 1}}], "links": []}, "no-id"),
        ({"nodes": [{"id": "a"}], "links": [{"source": "a"}]}, "no-ends"),
        ({"nodes": [{"id": "a"}], "links": ["a"]}, "no-ends"),
        ({"nodes": [{"id": "a"}], "links": [{"source": True, "target": "a"}]}, "no-ends"),
        ({"graph": {"impactsim": 1}, "nodes": [{"id": "a", "name": []}], "links": []}, "cell-form"),
        ({"graph": {"impactsim": 1}, "nodes": [{"id": "a", "restart": "soon"}], "links": []}, "duration-form"),
    ],
)
def test_what_cannot_be_read_is_refused(of_data, data, code):
    with pytest.raises(InvalidInput) as found:
        of_data(data)
    assert found.value.problems[0].code == code


def test_an_end_that_no_node_describes_is_kept_as_something_unknown(of_data):
    found = of_data({"directed": True, "nodes": [{"id": "a"}], "links": [{"source": "a", "target": 7}]})
    assert found.system.components["7"].kind == "unknown"
    assert [problem.code for problem in found.problems] == ["dangling"]


def test_a_place_counts_only_if_it_is_a_node(of_data):
    nodes = [{"id": "a", "at": "hall"}, {"id": "b", "at": "2024-01-01"}, {"id": "hall", "kind": "site"}]
    components = of_data({"directed": True, "nodes": nodes, "links": []}).system.components
    assert (components["a"].at, components["b"].at) == ("hall", None)
