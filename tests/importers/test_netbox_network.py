"""NetBox: circuits, what connects sites, patch panels, and which way a network leads out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from impactsim.importers.finished import ImportedSystem

Imported = Callable[..., ImportedSystem]


def parts(found: ImportedSystem) -> Mapping[str, Any]:
    return found.data["components"]


def needs(found: ImportedSystem, name: str) -> list[dict[str, Any]]:
    """Return the needs of a component without their origins."""
    listed = parts(found)[name].get("needs", [])
    return [{key: value for key, value in need.items() if key != "origin"} for need in listed]


def codes(found: ImportedSystem) -> list[str]:
    return [problem.code for problem in found.problems]


@pytest.fixture
def circuits(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/circuits.json")


@pytest.fixture
def panels(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/patch-panels.json")


# Circuits and sites.


def test_a_circuit_needs_its_provider_and_the_network_in_which_it_ends(circuits: ImportedSystem):
    assert needs(circuits, "N-1") == [{"component": "North-Net"}, {"component": "North-MPLS"}]
    assert needs(circuits, "N-2") == [{"component": "North-Net"}]
    assert parts(circuits)["N-1"]["operator"] == "North Net"
    assert parts(circuits)["North-Net"]["kind"] == "provider"


def test_a_planned_circuit_is_left_out(circuits: ImportedSystem):
    assert "N-4" not in parts(circuits)
    assert circuits.left_out["circuits with the status planned"] == 1


def test_a_site_is_connected_while_one_of_its_circuits_is_up_which_is_a_guess(circuits: ImportedSystem):
    assert needs(circuits, "Gouda-connection") == [{"any_of": ["S-1", "N-3"]}]
    assert parts(circuits)["Gouda-connection"]["confidence"] == "guessed"
    assert parts(circuits)["Gouda-connection"]["kind"] == "connectivity"


def test_a_circuit_to_another_site_of_ours_is_no_way_out_beside_those_that_are(circuits: ImportedSystem):
    assert needs(circuits, "Delft-connection") == [{"any_of": ["N-1", "N-2"]}]  # not S-2, which leads to Hoorn
    assert needs(circuits, "Hoorn-connection") == [{"component": "S-2"}]  # which has nothing else


def test_a_site_whose_circuits_are_all_of_one_provider_is_named(circuits: ImportedSystem):
    told = [problem for problem in circuits.problems if problem.code == "one-provider"]
    assert [problem.fault for problem in told] == [
        "all 2 circuits that connect 'Delft' are of one provider, 'North Net'"
    ]  # Gouda has two providers, Hoorn one circuit


def test_a_site_with_one_circuit_is_named(circuits: ImportedSystem):
    assert "1 site connected by one circuit only: Hoorn" in circuits.remarks


def test_circuits_that_share_a_cross_connect_are_named(circuits: ImportedSystem):
    told = [problem for problem in circuits.problems if problem.code == "one-cross-connect"]
    assert [problem.fault for problem in told] == ["'N-1', 'N-2' share the cross-connect 'XC-77' at 'Delft'"]


def test_the_same_cross_connect_at_two_sites_is_not_the_same(imported: Imported, samples: Path, tmp_path: Path):
    records = json.loads((samples / "netbox/circuits.json").read_text())
    for record in records:
        if record["model"] == "circuits.circuittermination" and record["pk"] == 2:
            record["fields"]["site"] = 2
    (tmp_path / "dump.json").write_text(json.dumps(records))
    assert "one-cross-connect" not in codes(imported("netbox", tmp_path / "dump.json"))


# Which way leads out.


def test_a_router_with_a_circuit_needs_it_and_what_is_behind_needs_any_next_step_all_guessed(circuits: ImportedSystem):
    assert needs(circuits, "rtr-1") == [{"component": "N-1", "confidence": "guessed"}]
    assert needs(circuits, "rtr-2") == [{"component": "N-2", "confidence": "guessed"}]
    assert needs(circuits, "sw-1") == [{"any_of": ["rtr-1", "rtr-2"], "confidence": "guessed"}]


def test_a_way_out_may_lead_through_a_circuit_to_another_site(circuits: ImportedSystem):
    assert needs(circuits, "island-sw") == [{"component": "far-rtr", "confidence": "guessed"}]
    assert needs(circuits, "far-rtr") == [{"component": "S-2", "confidence": "guessed"}]
    assert {"component": "rtr-1", "confidence": "guessed"} in needs(circuits, "S-2")


def test_links_without_a_clear_direction_are_left_out_and_counted(circuits: ImportedSystem):
    # rtr-1 and rtr-2 are equally far from outside; lone-a and lone-b see no way out.
    assert circuits.left_out["links between network devices of which nobody can see which way leads out"] == 2
    assert needs(circuits, "lone-a") == needs(circuits, "lone-b") == []


def test_a_host_needs_the_switch_that_it_is_cabled_to_as_declared(circuits: ImportedSystem):
    assert needs(circuits, "web-1") == [{"component": "sw-1"}]


def test_cables_of_management_and_between_hosts_make_no_needs(circuits: ImportedSystem):
    assert needs(circuits, "store") == []
    assert circuits.left_out["cables of interfaces that serve for management only"] == 1
    assert circuits.left_out["cables between two hosts"] == 1


def test_a_host_on_two_switches_needs_any_of_them(imported: Imported, tmp_path: Path):
    roles = [("dcim.devicerole", 1, {"name": "Server"}), ("dcim.devicerole", 2, {"name": "Switch"})]
    devices = [
        ("dcim.device", pk, {"name": name, "role": 1 + (pk > 1)}) for pk, name in enumerate(["web", "sw-a", "sw-b"], 1)
    ]
    ports = [("dcim.interface", pk, {"device": device}) for pk, device in enumerate([1, 1, 2, 3], 1)]
    ends = [
        ("dcim.cabletermination", 2 * cable + at, {"cable": cable, "cable_end": "AB"[at], "termination_type": ["dcim", "interface"], "termination_id": port})
        for cable, pair in enumerate([(1, 3), (2, 4)])
        for at, port in enumerate(pair)
    ]  # fmt: skip
    file = tmp_path / "dump.json"
    file.write_text(
        json.dumps([{"model": m, "pk": pk, "fields": fields} for m, pk, fields in roles + devices + ports + ends])
    )
    assert needs(imported("netbox", file), "web") == [{"any_of": ["sw-a", "sw-b"]}]


# Patch panels.


def test_a_path_leaves_a_trunk_at_the_position_at_which_it_entered(panels: ImportedSystem):
    assert needs(panels, "web-1") == [{"component": "sw-1"}]
    assert needs(panels, "web-2") == [{"component": "sw-2"}]


def test_a_cable_that_comes_back_to_its_panel_ends_nowhere(panels: ImportedSystem):
    assert needs(panels, "web-3") == []


def test_patch_panels_are_no_components(panels: ImportedSystem):
    assert panels.left_out["patch panels: cables are followed through them"] == 3
    assert not [name for name in parts(panels) if "panel" in name]


def test_a_cable_with_hundreds_of_ends_is_told_and_left_out(imported: Imported, tmp_path: Path):
    ends = [
        {"model": "dcim.cabletermination", "pk": pk, "fields": {"cable": 1, "cable_end": "AB"[pk % 2], "termination_type": ["dcim", "interface"], "termination_id": pk}}
        for pk in range(200)
    ]  # fmt: skip
    device = {"model": "dcim.device", "pk": 1, "fields": {"name": "web"}}
    (tmp_path / "dump.json").write_text(json.dumps([device, *ends]))
    assert codes(imported("netbox", tmp_path / "dump.json")) == ["cable-ends"]
