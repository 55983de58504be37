"""Graphs of Kiali: rates as text, boxes, service entries, nodes without a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from impactsim.importers.finished import ImportedSystem
from impactsim.problems import InvalidInput

Imported = Callable[..., ImportedSystem]


def needs(found: ImportedSystem) -> dict[tuple[str, str], dict[str, Any]]:
    listed = ((own, need) for own, each in found.data["components"].items() for need in each.get("needs", ()))
    return {(own, need["component"]): need for own, need in listed}


@pytest.fixture
def workloads(imported: Imported) -> ImportedSystem:
    return imported("kiali", "kiali/workloads.json")


def test_rates_and_the_duration_make_calls(workloads: ImportedSystem):
    """10 a second for 600 s, all that the booking served; 2.5 a second by gRPC, of which a fifth failed."""
    assert needs(workloads)["booking", "fares"]["seen"] == {"calls": 6000, "share": 1, "errors": 0.05}
    assert needs(workloads)["booking", "seats"]["seen"] == {"calls": 1500, "share": 0.25, "errors": 0.2}
    assert needs(workloads)["booking", "seats"]["impact"] == 0.25


def test_a_percentage_of_what_is_sent_is_not_the_share_of_requests(workloads: ImportedSystem):
    """Each request calls fares and the roster: Kiali gives each 40 per cent of what is sent, and both are needed always."""
    for member in ("fares", "crew-roster"):
        assert needs(workloads)["booking", member]["seen"]["share"] == 1


def test_bytes_of_a_connection_are_a_need_without_a_share(workloads: ImportedSystem):
    assert needs(workloads)["booking", "berths-db"].keys() == {"component", "origin"}
    assert any("1 pair (TCP)" in remark for remark in workloads.remarks)


def test_boxes_and_nodes_without_a_name_are_no_components(workloads: ImportedSystem):
    assert not {"unknown", "box", "PassthroughCluster"} & set(workloads.data["components"])
    assert workloads.left_out["boxes around nodes"] == 1
    assert workloads.left_out["nodes without a name, such as callers that are not in the mesh"] == 2
    assert workloads.left_out["pairs whose callee has no name"] == 2


def test_calls_of_callers_without_a_name_count_as_served(workloads: ImportedSystem):
    """Into the service came 8 of the gateway and 2 of nobody: 10 of 10 went on to the workload."""
    assert needs(workloads)["booking-service", "booking"]["seen"]["share"] == 1


def test_a_service_and_its_workload_of_one_name_are_two(workloads: ImportedSystem):
    assert {"booking", "booking-service"} <= set(workloads.data["components"])
    assert not [problem for problem in workloads.problems if problem.code == "id-clash"]


def test_a_service_entry_outside_the_mesh_is_a_third_party_and_another_namespace_is_not(workloads: ImportedSystem):
    components = workloads.data["components"]
    assert components["pay.example"]["kind"] == "provider"
    assert "kind" not in components["crew-roster"]  # MESH_INTERNAL
    assert "kind" not in components["gateway"]  # isOutside: in a namespace that was not asked for


def test_hosts_that_the_mesh_cannot_name_are_warned_of(workloads: ImportedSystem):
    assert [(problem.line, problem.code) for problem in workloads.problems] == [
        (15, "unnamed-hosts"),
        (32, "calls-record"),
    ]


def test_an_edge_without_traffic_is_no_need_and_leaves_the_node_there(workloads: ImportedSystem):
    assert workloads.left_out["pairs without traffic"] == 1
    assert "idle" in workloads.data["components"]


def test_versions_of_an_app_share_its_calls(imported: Imported):
    found = imported("kiali", "kiali/versions.json")
    assert list(found.data["components"]) == ["booking-v1", "booking-v2", "gate"]
    assert needs(found)["gate", "booking-v2"]["impact"] == 0.1111  # 1 of the 9 that the largest pair has


def test_one_name_in_two_namespaces_is_told_apart_by_them(imported: Imported):
    assert list(imported("kiali", "kiali/two-namespaces.json").data["components"]) == ["ferry.booking", "trial.booking"]


def test_without_a_duration_there_are_shares_and_no_calls(imported: Imported):
    assert needs(imported("kiali", "kiali/two-namespaces.json"))["ferry.booking", "trial.booking"]["seen"] == {
        "share": 1
    }


@pytest.mark.parametrize(
    "data",
    [[], {}, 7, {"elements": []}, {"elements": {"nodes": {}, "edges": []}}, {"elements": {"nodes": [], "edges": []}}],
)
def test_what_is_no_graph_is_an_error(imported: Imported, tmp_path, data):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(data))
    with pytest.raises(InvalidInput):
        imported("kiali", path)


def test_the_real_service_graph(imported: Imported, real_files):
    """10 nodes, of which one is nobody and one has no name; 13 edges, of which 2 go to themselves, 2 come from nobody, 1 goes to
    what has no name."""
    found = imported("kiali", real_files / "kiali" / "service_graph.json")
    assert (len(found.system.components), len(needs(found))) == (8, 8)
    # productpage served 100 + 50 a second, without the 20 to itself, and called details 80 and reviews 60 times a second.
    assert needs(found)["productpage", "details"]["seen"] == {"calls": 48000, "share": 0.5333, "errors": 0.5}
    assert needs(found)["productpage", "reviews"]["impact"] == 0.4


def test_the_real_workload_graph(imported: Imported, real_files):
    """13 nodes and 18 edges: 2 nodes without a name; 3 edges to themselves, 3 from nobody, 1 to what has no name."""
    found = imported("kiali", real_files / "kiali" / "workload_graph.json")
    assert (len(found.system.components), len(needs(found))) == (11, 11)
