"""NetBox: what hangs on what for its power, by cables and without them."""

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


@pytest.fixture
def cabled(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/cabled-supplies.json")


@pytest.fixture
def bare(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/nothing-cabled.json")


@pytest.fixture
def inlets(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/inlets.json")


# By cables.


def test_a_device_with_two_supplies_needs_any_of_their_units(cabled: ImportedSystem):
    assert needs(cabled, "web-1") == [{"any_of": ["pdu-a", "pdu-b"]}]


def test_the_way_goes_from_port_to_outlet_to_unit_to_feed_to_panel_to_site(cabled: ImportedSystem):
    assert needs(cabled, "pdu-a") == [{"component": "A1"}]
    assert needs(cabled, "A1") == [{"component": "Panel-A"}]
    assert parts(cabled)["Panel-A"]["at"] == "delft"
    assert {parts(cabled)[name]["kind"] for name in ("pdu-a", "A1", "Panel-A")} == {"power"}


def test_an_outlet_that_does_not_say_its_inlet_hangs_on_its_unit(cabled: ImportedSystem):
    # The outlet of pdu-b to which web-1 is cabled has no power port.
    assert "pdu-b" in needs(cabled, "web-1")[0]["any_of"]


def test_two_supplies_on_one_unit_are_no_redundancy_and_this_is_told(cabled: ImportedSystem):
    assert needs(cabled, "web-2") == [{"component": "pdu-a"}]
    told = [problem for problem in cabled.problems if problem.code == "one-supply"]
    assert [problem.path for problem in told] == [("dcim.device 4",)]


def test_a_cable_that_is_only_planned_feeds_nothing(cabled: ImportedSystem):
    assert needs(cabled, "web-4") == [{"component": "pdu-b"}]
    assert cabled.left_out["cables that are only planned, or no longer in use"] == 1


def test_a_need_says_which_ports_it_comes_from(cabled: ImportedSystem):
    assert parts(cabled)["web-1"]["needs"][0]["origin"] == "cabled-supplies.json: dcim.powerport 3, dcim.powerport 4"


def test_needs_by_cables_are_declared(cabled: ImportedSystem):
    assert "by cables" in "".join(cabled.remarks)
    assert not [name for name in parts(cabled) for need in needs(cabled, name) if "confidence" in need]


def test_without_power_a_device_stops_and_does_not_only_wait(cabled: ImportedSystem):
    """Power is needed to stay up by the kinds of the members, so no purpose has to be said."""
    kinds = {cabled.system.components[name].kind for name in ("pdu-a", "pdu-b")}
    assert kinds == {"power"}
    assert cabled.system.components["web-1"].needs[0].to is None


# Old ways to write cables down.


def test_cables_of_old_versions_hold_their_ends_themselves(imported: Imported):
    found = imported("netbox", "netbox/old-cables.json")
    assert needs(found, "web") == [{"component": "pdu"}, {"component": "switch"}]
    assert needs(found, "pdu") == [{"component": "A1"}]


def test_statuses_of_old_versions_are_numbers(imported: Imported):
    found = imported("netbox", "netbox/old-cables.json")
    assert found.left_out["devices with the status 5"] == 1  # inventory
    assert found.left_out["power feeds with the status 2"] == 1  # planned
    assert not {"spare", "A2"} & parts(found).keys()
    assert "R1" in parts(found)  # of a rack, 3 is active


def test_content_types_may_be_numbers_that_the_dump_explains(imported: Imported):
    assert needs(imported("netbox", "netbox/numbered-types.json"), "web-1") == [{"any_of": ["pdu-a", "pdu-b"]}]


def test_a_cable_that_only_its_ports_name_is_followed(imported: Imported):
    assert needs(imported("netbox", "netbox/numbered-types.json"), "web-2") == [{"component": "pdu-b"}]


# Units with several inlets.


def test_inlets_are_components_where_every_outlet_in_use_says_its_inlet(inlets: ImportedSystem):
    assert needs(inlets, "web-1") == [{"any_of": ["split-pdu-Inlet-A", "split-pdu-Inlet-B"]}]
    assert needs(inlets, "split-pdu-Inlet-A") == [{"component": "split-pdu"}, {"component": "A1"}]
    assert needs(inlets, "split-pdu-Inlet-B") == [{"component": "split-pdu"}, {"component": "B1"}]
    assert needs(inlets, "split-pdu") == []


def test_where_an_outlet_does_not_say_its_inlet_no_redundancy_is_made_up(inlets: ImportedSystem):
    assert needs(inlets, "mixed-pdu") == [{"all_of": ["A2", "B2"], "confidence": "guessed"}]
    assert needs(inlets, "web-2") == [{"component": "mixed-pdu"}]
    assert any("1 device of kind power with several inlets" in remark for remark in inlets.remarks)


def test_a_ups_goes_on_with_one_of_its_inlets(inlets: ImportedSystem):
    assert needs(inlets, "ups") == [{"any_of": ["A3", "B3"], "confidence": "guessed"}]


# Where nothing is cabled.


def test_without_cables_the_feeds_of_the_rack_are_taken_the_primary_first(bare: ImportedSystem):
    # In the file the redundant feed comes first.
    assert needs(bare, "two-psus") == [{"any_of": ["A1", "B1"], "confidence": "guessed"}]


def test_more_supplies_than_feeds_make_no_more_members(bare: ImportedSystem):
    assert needs(bare, "four-psus") == [{"any_of": ["A1", "B1"], "confidence": "guessed"}]


def test_one_supply_and_two_feeds_is_a_need_on_one_of_them_and_this_is_told(bare: ImportedSystem):
    assert needs(bare, "one-psu") == [{"component": "A1", "confidence": "guessed"}]
    assert any(remark.startswith("power: 1 device with one power port") for remark in bare.remarks)


def test_units_of_a_rack_take_its_feeds_by_turns(bare: ImportedSystem):
    assert needs(bare, "pdu-1") == [{"component": "A1", "confidence": "guessed"}]
    assert needs(bare, "pdu-2") == [{"component": "B1", "confidence": "guessed"}]


def test_a_device_without_power_ports_gets_no_feed_where_others_have_ports(bare: ImportedSystem):
    assert needs(bare, "passive") == []


def test_what_is_not_known_is_counted_also_by_sites_without_any_power_record(bare: ImportedSystem):
    assert needs(bare, "no-feed") == needs(bare, "far") == []
    told = " ".join(bare.remarks)
    assert "3 devices without a cabled power port and without a feed in their rack" in told  # no-feed, far, passive
    assert "1 device of these at a site of which no panel, feed or power device is known" in told  # far


def test_the_report_says_how_many_devices_by_cables_and_how_many_by_rack(bare: ImportedSystem, cabled: ImportedSystem):
    assert "power: 6 devices by cables" in cabled.remarks
    assert "power: 0 devices by cables; for 5 the feeds of their rack were taken (guessed)" in bare.remarks


def test_files_without_power_ports_do_not_know_how_many_there_are(imported: Imported, samples: Path, tmp_path: Path):
    records = json.loads((samples / "netbox/nothing-cabled.json").read_text())
    file = tmp_path / "dump.json"
    file.write_text(json.dumps([record for record in records if record["model"] != "dcim.powerport"]))
    assert needs(imported("netbox", file), "two-psus") == [{"component": "A1", "confidence": "guessed"}]


# Circles.


def test_units_that_feed_one_another_are_kept_and_one_that_feeds_itself_is_told(imported: Imported):
    found = imported("netbox", "netbox/power-circle.json")
    assert needs(found, "pdu-a") == [{"component": "pdu-b"}]
    assert needs(found, "pdu-b") == [{"component": "pdu-a"}]
    assert needs(found, "pdu-c") == []
    assert any(remark.startswith("power: 1 device with cables only to themselves") for remark in found.remarks)
