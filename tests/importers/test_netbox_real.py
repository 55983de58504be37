"""NetBox: the demo estate of the project itself (a dump of 3.6), and answers of a very old version.

What is expected is counted here by a plain reading of the JSON, or stands in the description of the files.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.importers.finished import ImportedSystem

Imported = Callable[..., ImportedSystem]
DEMO = "netbox/netbox-demo-v3.6.subset.json"
Tables = Mapping[str, Mapping[int, dict[str, Any]]]


@pytest.fixture
def tables(real_files: Path) -> Tables:
    """The dump, as fields by model and key."""
    found: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for record in json.loads((real_files / DEMO).read_text()):
        found[record["model"]][record["pk"]] = record["fields"]
    return found


@pytest.fixture
def demo(imported: Imported, real_files: Path) -> ImportedSystem:
    return imported("netbox", real_files / DEMO)


@pytest.fixture
def oldest(imported: Imported, real_files: Path) -> ImportedSystem:
    return imported("netbox", *sorted((real_files / "netbox").glob("rest_*.json")))


def parts(found: ImportedSystem) -> Mapping[str, Any]:
    return found.data["components"]


def by_key(found: ImportedSystem, model: str) -> dict[int, dict[str, Any]]:
    """Return the components that came from the records of a model, by primary key."""
    own = {component["origin"].partition(": ")[2]: component for component in parts(found).values()}
    return {int(record.split()[1]): each for record, each in own.items() if record.startswith(f"{model} ")}


def needs(component: Mapping[str, Any], form: str) -> list[Any]:
    return [need[form] for need in component.get("needs", ()) if form in need]


def is_panel(tables: Tables, device: Mapping[str, Any]) -> bool:
    return tables["dcim.devicerole"][device["role"]]["name"] == "Patch Panel"


# The demo estate.


def test_the_dump_holds_what_its_description_says(tables: Tables):
    counts = {model: len(records) for model, records in tables.items()}
    assert sum(counts.values()) == 1259
    names = ("powerpanel", "powerfeed", "powerport", "poweroutlet", "cable", "device")
    assert [counts[f"dcim.{name}"] for name in names] == [4, 48, 75, 104, 108, 72]
    assert (counts["circuits.circuit"], counts["virtualization.virtualmachine"]) == (29, 180)


@pytest.mark.parametrize(
    "model",
    [
        "dcim.site",
        "dcim.location",
        "dcim.rack",
        "dcim.powerpanel",
        "dcim.powerfeed",
        "dcim.virtualchassis",
        "circuits.provider",
        "circuits.providernetwork",
        "circuits.circuit",
        "virtualization.cluster",
        "virtualization.virtualmachine",
    ],
)
def test_every_record_of_these_is_a_component(demo: ImportedSystem, tables: Tables, model: str):
    assert by_key(demo, model).keys() == tables[model].keys()


def test_every_device_but_patch_panels_is_a_component(demo: ImportedSystem, tables: Tables):
    devices = {pk for pk, device in tables["dcim.device"].items() if not is_panel(tables, device)}
    assert by_key(demo, "dcim.device").keys() == devices
    assert demo.left_out["patch panels: cables are followed through them"] == 72 - len(devices) == 19


def test_nothing_else_is_a_component_but_the_connections_of_sites(demo: ImportedSystem, tables: Tables):
    # 24 sites, 4 locations, 42 racks, 53 devices, 4 stacks, 4 panels, 48 feeds, 9 providers, 1 network, 29 circuits, 32 clusters,
    # 180 machines
    sites = {end["site"] for end in tables["circuits.circuittermination"].values()} - {None}
    assert len(parts(demo)) == 24 + 4 + 42 + 53 + 4 + 4 + 48 + 9 + 1 + 29 + 32 + 180 + len(sites)
    assert len(sites) == 17


def test_devices_with_a_cabled_supply_hang_on_the_unit_at_its_other_end(demo: ImportedSystem, tables: Tables):
    ends = defaultdict(dict)
    for end in tables["dcim.cabletermination"].values():
        ends[end["cable"]][end["termination_type"][1]] = end["termination_id"]
    wanted = {}
    for cable in ends.values():
        if cable.keys() == {"powerport", "poweroutlet"}:
            unit = tables["dcim.poweroutlet"][cable["poweroutlet"]]["device"]
            wanted[tables["dcim.powerport"][cable["powerport"]]["device"]] = tables["dcim.device"][unit]["name"]
    assert len(wanted) == 26  # of 75 power ports; no device has two cabled ones
    found = by_key(demo, "dcim.device")
    assert {pk: needs(found[pk], "component")[0] for pk in wanted} == wanted


def test_no_feed_is_cabled_so_devices_in_racks_with_feeds_hang_on_both_of_them(demo: ImportedSystem, tables: Tables):
    assert not [feed for feed in tables["dcim.powerfeed"].values() if feed["cable"]]
    feeds = defaultdict(dict)
    for feed in tables["dcim.powerfeed"].values():
        feeds[feed["rack"]][feed["type"]] = feed["name"]
    assert len(feeds) == 24
    assert all(both.keys() == {"primary", "redundant"} for both in feeds.values())
    n_ports = Counter(port["device"] for port in tables["dcim.powerport"].values())
    in_racks = {pk: device["rack"] for pk, device in tables["dcim.device"].items() if device["rack"] in feeds}
    assert len(in_racks) == 11
    assert min(n_ports[pk] for pk in in_racks) == 2
    found = by_key(demo, "dcim.device")
    for pk, rack in in_racks.items():
        assert needs(found[pk], "any_of") == [[feeds[rack]["primary"], feeds[rack]["redundant"]]]
        assert found[pk]["needs"][0]["confidence"] == "guessed"


def test_the_report_tells_how_power_became_known(demo: ImportedSystem):
    told = "\n".join(demo.remarks)
    assert "power: 26 devices by cables; for 11 the feeds of their rack were taken (guessed)" in told
    # 13 distribution units, one at each branch, which no feed reaches; 3 distribution switches in buildings without any
    assert "power: 13 devices of kind power" in told
    assert "power: 3 devices without a cabled power port and without a feed in their rack" in told


def test_feeds_need_their_panels(demo: ImportedSystem, tables: Tables):
    panels = {pk: each["name"].replace(" ", "-") for pk, each in tables["dcim.powerpanel"].items()}
    wanted = {pk: [panels[feed["power_panel"]]] for pk, feed in tables["dcim.powerfeed"].items()}
    assert {pk: needs(feed, "component") for pk, feed in by_key(demo, "dcim.powerfeed").items()} == wanted


def test_circuits_hang_on_three_providers(demo: ImportedSystem):
    circuits = by_key(demo, "circuits.circuit").values()
    found = Counter(needs(circuit, "component")[0] for circuit in circuits)
    assert found == {"level-3": 13, "centurylink": 13, "ncsu-facilities": 3}
    # The 13 ends that are not at a site are all in the one network of Level 3.
    assert sum("Level3-MPLS" in needs(circuit, "component") for circuit in circuits) == 13


def of_branches(found: ImportedSystem, what: str) -> list[dict[str, Any]]:
    """Return the router, switch or unit of each of the 13 branches."""
    own = [each for name, each in parts(found).items() if name.endswith(f"-{what}01")]
    assert len(own) == 13
    return own


def test_both_circuits_of_each_branch_need_its_router_and_it_needs_only_power(demo: ImportedSystem):
    needed = Counter(
        member for each in by_key(demo, "circuits.circuit").values() for member in needs(each, "component")
    )
    routers = [name for name in parts(demo) if name.endswith("-rtr01")]
    assert [needed[router] for router in routers] == [2] * 13
    for each in (*of_branches(demo, "rtr"), *of_branches(demo, "sw")):
        assert [need.endswith("-pdu01") for need in needs(each, "component")] == [True]
        assert needs(each, "any_of") == []


def test_on_request_the_switch_of_each_branch_needs_one_of_the_circuits_of_its_router(
    imported: Imported, real_files: Path, tables: Tables
):
    demo = imported("netbox", real_files / DEMO, ways_out=True)
    at_site = defaultdict(list)
    for end in tables["circuits.circuittermination"].values():
        at_site[end["site"]].append(tables["circuits.circuit"][end["circuit"]]["cid"])
    wanted = {
        device["name"]: sorted(at_site[device["site"]])
        for device in tables["dcim.device"].values()
        if device["name"] and device["name"].endswith("-sw01")
    }
    assert len(wanted) == 13
    found = {name: [sorted(group) for group in needs(parts(demo)[name], "any_of")] for name in wanted}
    assert found == {name: [circuits] for name, circuits in wanted.items()}
    assert [needs(each, "any_of") for each in of_branches(demo, "rtr")] == [[]] * 13


def test_the_fibres_of_the_campus_need_a_core_switch_and_the_switch_at_their_other_end(demo: ImportedSystem):
    # Each is a trunk: at one end both core switches have fibres in it, through a panel with 48 positions.
    fibres = [each for each in by_key(demo, "circuits.circuit").values() if needs(each, "any_of")]
    assert [needs(each, "any_of") for each in fibres] == [[["ncsu-coreswitch1", "ncsu-coreswitch2"]]] * 3
    far = sorted(needs(each, "component")[1] for each in fibres)
    assert far == ["ncsu117-distswitch1", "ncsu118-distswitch1", "ncsu128-distswitch1"]
    assert "lines: 29 circuits cabled to a device, and taken to carry nothing without it" in demo.remarks


def test_the_links_from_the_routers_to_the_switches_of_the_branches_became_no_needs(demo: ImportedSystem):
    told = (
        "network: no need was made of 13 links between network devices, so none counts as down because a line is gone"
    )
    assert f"{told}; --ways-out lets 13 devices do so (guessed)" in demo.remarks


def test_the_site_whose_circuits_are_all_of_one_provider_is_named(demo: ImportedSystem):
    # 13 branches have two providers; three buildings have one circuit each.
    assert [(problem.code, problem.path) for problem in demo.problems] == [("one-provider", ("dcim.site 21",))]
    named = "3 sites connected by one circuit only: Butler Communications, D. S. Weaver Labs, Grinnells Lab"
    assert named in demo.remarks


def test_machines_run_on_nine_clusters_of_which_nobody_knows_the_machines(demo: ImportedSystem):
    found = Counter(needs(each, "component")[0] for each in by_key(demo, "virtualization.virtualmachine").values())
    assert set(found.values()) == {20}
    assert len(found) == 9
    assert "32 clusters without devices: 0 at a site; of 32 nothing says on what or where they run" in demo.remarks


def test_losing_one_of_two_panels_takes_down_no_device_and_losing_both_takes_down_all_that_hang_on_them(
    demo: ImportedSystem, tables: Tables
):
    system = {"impactsim": 1, "name": "Demo", "components": parts(demo)}

    def devices_down(*panels: str) -> set[str]:
        events = [{"fail": list(panels), "for": "1h"}]
        result = impactsim.run({"impactsim": 1, "name": "Panels", "system": system, "events": events})
        frame = result.to_frame()
        down = set(frame[frame["down_ms"] > 0].index)
        return {name for name in down if parts(demo)[name].get("kind") in {"host", "connectivity"}}

    def lines(down: set[str]) -> set[str]:
        """Of what is down: circuits, and the connections of sites."""
        circuits = {name for name in down if parts(demo)[name]["origin"].partition(": ")[2].startswith("circuits.")}
        return circuits | {name for name in down if name.endswith("-connection")}

    assert devices_down("Panel-1") == set()
    both = devices_down("Panel-1", "Panel-2")
    racks = {feed["rack"] for feed in tables["dcim.powerfeed"].values() if feed["power_panel"] in {1, 2}}
    devices = [device for device in tables["dcim.device"].values() if device["rack"] in racks]
    stacks = {device["virtual_chassis"] for device in devices} - {None}
    assert len(both - lines(both)) == len(devices) + len(stacks) == 11 + 4
    assert {"ncsu-coreswitch1", "r105-torsw-1", "r105-torsw"} <= both
    # Both core switches are among them: so are the fibres to three buildings, and what these four are connected by.
    assert lines(both) == {
        "319031",
        "350927",
        "398282",
        *(f"ncsu-{n}-connection" for n in ("065", "117", "118", "128")),
    }


def test_check_rank_and_audit_have_nothing_untrue_to_say(demo: ImportedSystem, tmp_path: Path):
    file = tmp_path / "demo.yaml"
    file.write_text(demo.text)
    assert impactsim.check(file) == []
    assert "447 components" in str(impactsim.rank(file))
    assert "there is no service in it, so nothing can be said about any" in str(impactsim.audit_system(file))


# Answers of version 2, whose records have no address, and ports that name each other without any cable.


def test_supplies_of_a_very_old_answer_are_followed_by_their_outlets(oldest: ImportedSystem, real_files: Path):
    ports = json.loads((real_files / "netbox/rest_dcim_power_ports.json").read_text())["results"]
    wanted: dict[str, list[str]] = {}
    for port in ports:
        if port["power_outlet"]:
            wanted.setdefault(port["device"]["name"], []).append(port["power_outlet"]["device"]["name"])
    assert len(wanted) == 8
    assert all(sorted(units) == ["test1-pdu1", "test1-pdu2"] for units in wanted.values())
    assert {name: needs(parts(oldest)[name], "any_of")[0] for name in wanted} == wanted


def test_a_circuit_of_a_very_old_answer_needs_its_provider_and_its_router(oldest: ImportedSystem):
    assert needs(parts(oldest)["123456"], "component") == ["test", "test1-edge1"]
    assert "123456" not in needs(parts(oldest)["test1-edge1"], "component")


def test_a_very_old_answer_gives_all_its_things_and_no_complaint(oldest: ImportedSystem):
    # 1 site, 2 racks, 11 devices, 1 provider, 1 circuit, 1 connection of the site
    assert len(parts(oldest)) == 17
    assert oldest.problems == ()
    assert Counter(each["kind"] for each in parts(oldest).values()) == {
        "connectivity": 9 + 1 + 1,
        "site": 3,
        "power": 2,
        "provider": 1,
    }


def test_a_port_without_outlet_feeds_nothing(oldest: ImportedSystem):
    assert "needs" not in parts(oldest)["test1-oob1"]
    assert any("1 device without a cabled power port" in remark for remark in oldest.remarks)
