"""NetBox: circuits, what connects sites, the routers in which lines end, and patch panels."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.importers.finished import ImportedSystem
from importers.netbox_networks import network

Imported = Callable[..., ImportedSystem]


def parts(found: ImportedSystem) -> Mapping[str, Any]:
    return found.data["components"]


def needs(found: ImportedSystem, name: str) -> list[dict[str, Any]]:
    """Return the needs of a component without their origins."""
    listed = parts(found)[name].get("needs", [])
    return [{key: value for key, value in need.items() if key != "origin"} for need in listed]


def codes(found: ImportedSystem) -> list[str]:
    return [problem.code for problem in found.problems]


def down(found: ImportedSystem, *failed: str) -> set[str]:
    """Return what is down at some time when these fail for an hour."""
    system = {"impactsim": 1, "name": "Estate", "components": parts(found)}
    events = [{"fail": list(failed), "for": "1h"}]
    frame = impactsim.run({"impactsim": 1, "name": "Failure", "system": system, "events": events}).to_frame()
    return set(frame[frame["down_ms"] > 0].index)


@pytest.fixture
def circuits(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/circuits.json")


@pytest.fixture
def lines(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/lines.json")


@pytest.fixture
def panels(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/patch-panels.json")


# Circuits and sites.


def test_a_circuit_needs_its_provider_and_the_network_in_which_it_ends(circuits: ImportedSystem):
    assert needs(circuits, "N-1")[:2] == [{"component": "north"}, {"component": "North-MPLS"}]
    assert needs(circuits, "S-1") == [{"component": "south"}]
    assert parts(circuits)["N-1"]["operator"] == "North Net"
    assert parts(circuits)["north"]["kind"] == "provider"


def test_a_planned_circuit_is_left_out(circuits: ImportedSystem):
    assert "N-4" not in parts(circuits)
    assert circuits.left_out["circuits with the status planned"] == 1


def test_a_site_is_connected_while_one_of_its_circuits_is_up_which_is_a_guess(circuits: ImportedSystem):
    assert needs(circuits, "gouda-connection") == [{"any_of": ["S-1", "N-3"]}]
    assert parts(circuits)["gouda-connection"]["confidence"] == "guessed"
    assert parts(circuits)["gouda-connection"]["kind"] == "connectivity"
    assert parts(circuits)["gouda-connection"]["name"] == "Connection of Gouda"


def test_a_circuit_to_another_site_of_ours_is_no_way_out_beside_those_that_are(circuits: ImportedSystem):
    assert needs(circuits, "delft-connection") == [{"any_of": ["N-1", "N-2"]}]  # not S-2, which leads to Hoorn
    assert needs(circuits, "hoorn-connection") == [{"component": "S-2"}]  # which has nothing else


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


# What lines end in.


def test_a_circuit_needs_the_device_in_which_its_cable_ends_as_declared(circuits: ImportedSystem):
    assert needs(circuits, "N-2") == [{"component": "north"}, {"component": "rtr-2"}]
    assert needs(circuits, "N-1")[2:] == [{"component": "rtr-1"}]


def test_a_circuit_between_two_sites_needs_the_devices_at_both_ends(circuits: ImportedSystem):
    assert needs(circuits, "S-2") == [{"component": "south"}, {"component": "rtr-1"}, {"component": "far-rtr"}]


def test_a_need_of_a_circuit_on_a_device_says_which_end_it_comes_from(circuits: ImportedSystem):
    assert parts(circuits)["N-2"]["needs"][1]["origin"] == "circuits.json: circuits.circuittermination 2"


def test_circuits_without_a_cable_are_counted(circuits: ImportedSystem):
    # N-1, N-2 and S-2 are cabled, S-1 and N-3 are not; N-4 is not in use.
    told = "lines: 3 circuits cabled to a device, and taken to carry nothing without it"
    assert f"{told}; of 2 no cable says in what they end" in circuits.remarks


def test_neither_a_router_nor_what_is_behind_it_needs_a_line(circuits: ImportedSystem):
    names = ("rtr-1", "rtr-2", "sw-1", "far-rtr", "island-sw", "lone-a", "lone-b")
    assert [needs(circuits, name) for name in names] == [[]] * 7


def test_links_that_became_no_needs_are_counted_and_the_setting_is_named(circuits: ImportedSystem):
    # rtr-1 to rtr-2 and sw-1, rtr-2 to sw-1, far-rtr to island-sw, lone-a to lone-b; sw-1 and island-sw are behind lines.
    told = "network: no need was made of 5 links between network devices, so none counts as down because a line is gone"
    assert f"{told}; --ways-out lets 2 devices do so (guessed)" in circuits.remarks


def test_the_fibres_of_a_trunk_may_end_in_several_devices_any_of_which_is_taken_to_be_enough(
    imported: Imported, tmp_path: Path
):
    file = network(tmp_path, {"T": [["rt-a", "rt-b"], ["rt-c"]]}, [])
    assert needs(imported("netbox", file), "T") == [
        {"any_of": ["rt-a", "rt-b"], "confidence": "guessed"},
        {"component": "rt-c"},
    ]


def test_a_line_that_comes_back_to_its_site_connects_it_with_nothing(imported: Imported, tmp_path: Path):
    records = json.loads(network(tmp_path, {"loop": [["rt-a"], ["rt-b"]], "out": [["rt-a"]]}, []).read_text())
    for record in records:
        if record["model"] == "circuits.circuittermination":
            record["fields"]["site"] = 1
    (tmp_path / "dump.json").write_text(json.dumps(records))
    found = imported("netbox", tmp_path / "dump.json")
    assert needs(found, "here-connection") == [{"component": "out"}]
    assert needs(found, "loop") == [{"component": "rt-a"}, {"component": "rt-b"}]


def test_a_host_in_which_a_line_ends_connects_others_and_this_is_told(imported: Imported, tmp_path: Path):
    found = imported("netbox", network(tmp_path, {"N": [["host-edge"]]}, [("host-edge", "sw"), ("host-web", "sw")]))
    # In NetBox the role of an edge device may say nothing of networks. It must not need the switch behind it.
    assert needs(found, "host-edge") == []
    assert needs(found, "N") == [{"component": "host-edge", "to": "run"}]
    assert needs(found, "host-web") == [{"component": "sw"}]
    assert any(
        remark.startswith("lines: 1 host with a line but no role of a network device") for remark in found.remarks
    )


def test_a_line_to_a_router_that_is_not_in_use_needs_no_router(imported: Imported, tmp_path: Path):
    records = json.loads(network(tmp_path, {"N": [["rt"]]}, [("rt", "sw")]).read_text())
    next(record for record in records if record["fields"].get("name") == "rt")["fields"]["status"] = "offline"
    (tmp_path / "dump.json").write_text(json.dumps(records))
    found = imported("netbox", tmp_path / "dump.json")
    assert needs(found, "N") == []
    assert "rt" not in parts(found)


# What fails with what: two routers with one supply each, on panel A by different units; the store has two supplies.


def test_a_unit_takes_the_line_of_its_router_but_not_the_connection_of_the_site(lines: ImportedSystem):
    # W-1 by rt-2 stays; sw-1 and store have a second supply.
    assert down(lines, "h1-pdu-a") == {"h1-pdu-a", "rt-1", "E-1"}


def test_a_panel_takes_both_routers_and_so_the_connection(lines: ImportedSystem):
    units = {"Panel-A", "H1-A", "H2-A", "H2-B", "h1-pdu-a", "h2-pdu-a", "h2-pdu-b"}
    assert down(lines, "Panel-A") == units | {"rt-1", "rt-2", "E-1", "W-1", "harbour-connection"}


def test_without_both_lines_a_site_is_cut_off_and_nothing_in_it_stops(lines: ImportedSystem):
    assert down(lines, "east", "west") == {"east", "west", "E-1", "W-1", "harbour-connection"}


def test_only_the_connection_and_nothing_of_power_and_network_rests_on_a_guess(lines: ImportedSystem):
    guessed = [name for name, each in parts(lines).items() if each.get("confidence") == "guessed"]
    assert guessed == ["harbour-connection"]
    assert not [need for name in parts(lines) for need in needs(lines, name) if "confidence" in need]


# Hosts.


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
