"""NetBox: both shapes of its files, places, names, statuses, machines, and what is never read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from impactsim.importers.finished import ImportedSystem
from impactsim.problems import InvalidInput

Imported = Callable[..., ImportedSystem]
SAMPLE = "netbox/{}.json"
REST4 = tuple(
    f"netbox/rest4/{name}.json"
    for name in ("cables", "devices", "power-outlets", "power-ports", "racks", "page-of-sites")
)


def parts(found: ImportedSystem) -> Mapping[str, Any]:
    return found.data["components"]


def codes(found: ImportedSystem) -> list[str]:
    return [problem.code for problem in found.problems]


def members(component: Mapping[str, Any]) -> list[Any]:
    """Return what each need is of, without where it comes from."""
    return [
        need.get("component") or need.get("any_of") or need.get("all_of") or need["of"]
        for need in component.get("needs", ())
    ]


def dump(tmp_path: Path, *records: tuple[str, int, dict[str, Any]]) -> Path:
    file = tmp_path / "dump.json"
    file.write_text(json.dumps([{"model": model, "pk": pk, "fields": fields} for model, pk, fields in records]))
    return file


# Answers of the REST interface.


def test_answers_of_the_interface_say_the_same_as_a_dump(imported: Imported):
    found = parts(imported("netbox", *REST4))
    assert found["R1"]["at"] == "delft"
    assert found["web-1"]["at"] == "R1"
    # One unit is known by the port's peers, the other by the cable's ends and an outlet that only the cable names.
    assert members(found["web-1"]) == [["pdu-a", "pdu-b"], "sw-1"]
    assert (found["pdu-a"]["kind"], found["sw-1"]["kind"], found["web-1"]["kind"]) == ("power", "connectivity", "host")


def test_files_in_another_order_say_the_same(imported: Imported):
    one, other = parts(imported("netbox", *REST4)), parts(imported("netbox", *reversed(REST4)))
    assert one == {name: other[name] for name in one}
    assert len(one) == len(other)


def test_a_status_with_value_and_label_is_understood(imported: Imported):
    found = imported("netbox", *REST4)
    assert "spare" not in parts(found)
    assert found.left_out["devices with the status inventory"] == 1


def test_a_page_of_an_answer_is_told_as_incomplete(imported: Imported):
    found = imported("netbox", *REST4)
    told = [problem for problem in found.problems if problem.code == "incomplete-page"]
    assert [problem.fault for problem in told] == ["the answer has 3 sites, and these files hold 1"]
    assert told[0].file.endswith("page-of-sites.json")


def test_all_pages_together_are_complete(imported: Imported):
    found = imported("netbox", *REST4, "netbox/rest4/other-page-of-sites.json")
    assert "incomplete-page" not in codes(found)
    assert {"delft", "gouda", "hoorn"} <= parts(found).keys()


def test_an_answer_that_refuses_is_no_record_and_its_words_are_not_told(imported: Imported):
    found = imported("netbox", *REST4, "netbox/rest4/refused.json")
    told = [problem for problem in found.problems if problem.code == "not-a-record"]
    assert len(told) == 1
    assert "4711" not in found.text + "".join(map(str, found.problems))


def test_a_record_without_address_is_known_by_its_fields_or_the_name_of_its_file(imported: Imported, tmp_path: Path):
    circuits, providers = tmp_path / "x.json", tmp_path / "circuits_providers.json"
    circuits.write_text(json.dumps([{"id": 1, "cid": "N-1", "provider": {"id": 4, "name": "North Net"}}]))
    providers.write_text(json.dumps({"count": 1, "next": None, "results": [{"id": 4, "name": "North Net"}]}))
    found = parts(imported("netbox", circuits, providers))
    assert found["North-Net"]["kind"] == "provider"
    assert members(found["N-1"]) == ["North-Net"]
    assert found["N-1"]["operator"] == "North Net"


def test_what_only_another_record_names_is_kept_with_its_kind_and_told(imported: Imported, tmp_path: Path):
    circuits = tmp_path / "x.json"
    circuits.write_text(json.dumps([{"id": 1, "cid": "N-1", "provider": {"id": 4, "name": "North Net"}}]))
    found = imported("netbox", circuits)
    assert parts(found)["North-Net"]["kind"] == "provider"
    assert parts(found)["North-Net"]["confidence"] == "guessed"
    assert codes(found).count("dangling") == 1


def test_a_group_of_sites_is_no_group_of_racks(imported: Imported, tmp_path: Path):
    site = {"id": 1, "name": "Delft", "physical_address": "", "shipping_address": ""}
    site["group"] = {"id": 9, "name": "Region", "url": "https://netbox.example.net/api/dcim/site-groups/9/"}
    (tmp_path / "sites.json").write_text(json.dumps([site]))
    assert list(parts(imported("netbox", tmp_path / "sites.json"))) == ["Delft"]


# Places.


def test_a_device_stands_in_its_rack_a_rack_in_its_location_a_location_in_its_site(imported: Imported):
    found = parts(imported("netbox", SAMPLE.format("old-cables")))
    assert (found["web"]["at"], found["R1"]["at"], found["hall"]["at"]) == ("R1", "hall", "delft")


def test_locations_that_lie_in_one_another_are_told_and_one_lies_in_its_site(imported: Imported):
    found = imported("netbox", SAMPLE.format("names"))
    assert codes(found).count("location-circle") == 1
    # Each was said to lie in the other; the first one of the file is put into its site.
    assert (parts(found)["f1"]["at"], parts(found)["f2"]["at"]) == ("delft", "f1")


def test_newer_versions_name_places_by_model_and_key(imported: Imported):
    found = parts(imported("netbox", SAMPLE.format("newer-places")))
    assert found["vm-pool"]["at"] == "delft"  # by its scope
    assert members(found["N-1"]) == ["north", "North-MPLS"]  # its end at a network of the provider
    assert found["delft-connection"]["at"] == "delft"  # its other end is in a hall of Delft


def test_a_place_that_is_not_in_use_is_kept_while_something_in_use_stands_in_it(imported: Imported):
    found = imported("netbox", SAMPLE.format("names"))
    assert parts(found)["yard-door"]["at"] == "old-yard"
    assert "old-mill" not in parts(found)
    assert found.left_out["sites with the status retired"] == 1


# Names, statuses, references.


def test_racks_and_devices_of_one_name_are_told_apart_by_their_site(imported: Imported):
    found = parts(imported("netbox", SAMPLE.format("names")))
    # The id has the slug of the site, which is its id; the name, which is for people, has the name of the site.
    assert {"delft.Closet", "gouda.Closet", "delft.db", "gouda.db"} <= found.keys()
    assert found["gouda.Closet"]["name"] == "Closet (Gouda)"
    assert found["gouda.db"]["at"] == "gouda.Closet"


def test_sites_locations_and_providers_have_their_slugs_as_ids_and_keep_their_names(imported: Imported):
    found = parts(imported("netbox", SAMPLE.format("names")))
    assert (found["delft"]["name"], found["f1"]["name"]) == ("Delft", "Floor 1")
    assert parts(imported("netbox", SAMPLE.format("circuits")))["north"]["name"] == "North Net"


def test_without_a_slug_the_name_becomes_the_id(imported: Imported, tmp_path: Path):
    sites = [("dcim.site", 1, {"name": "Old mill", "slug": ""}), ("dcim.site", 2, {"name": "Yard", "slug": ["yard-2"]})]
    assert list(parts(imported("netbox", dump(tmp_path, *sites)))) == ["Old-mill", "Yard"]


def test_locations_of_one_name_are_told_apart_for_people_although_their_slugs_differ(
    imported: Imported, tmp_path: Path
):
    sites = [("dcim.site", pk, {"name": name, "slug": name.lower()}) for pk, name in ((1, "Delft"), (2, "Gouda"))]
    halls = [("dcim.location", pk, {"name": "Hall", "slug": f"hall-{pk}", "site": pk}) for pk in (1, 2)]
    found = parts(imported("netbox", dump(tmp_path, *sites, *halls)))
    assert (found["hall-1"]["name"], found["hall-2"]["name"]) == ("Hall (Delft)", "Hall (Gouda)")


def test_a_slug_that_is_also_the_name_of_a_device_says_that_it_is_a_site(imported: Imported, tmp_path: Path):
    records = [
        ("dcim.site", 1, {"name": "Delft", "slug": "delft"}),
        ("dcim.device", 1, {"name": "delft", "site": 1}),
    ]
    found = imported("netbox", dump(tmp_path, *records))
    assert list(parts(found)) == ["site.delft", "delft.delft"]
    assert codes(found) == []


@pytest.mark.parametrize("status", ["offline", "planned", "decommissioning", "failed"])
def test_devices_that_are_not_in_use_are_left_out_and_counted(imported: Imported, status: str):
    found = imported("netbox", SAMPLE.format("names"))
    assert found.left_out[f"devices with the status {status}"] == 1
    assert not [name for name in parts(found) if name.startswith("gone")]


def test_missing_references_are_kept_as_what_their_model_is(imported: Imported):
    found = imported("netbox", SAMPLE.format("names"))
    assert parts(found)["lost"]["at"] == "rack-77"
    assert (parts(found)["rack-77"]["kind"], parts(found)["rack-77"]["confidence"]) == ("site", "guessed")
    assert members(parts(found)["A1"]) == ["powerpanel-99"]
    assert parts(found)["powerpanel-99"]["kind"] == "power"
    assert codes(found).count("dangling") == 2


def test_apps_that_are_not_read_are_counted_by_name_and_never_quoted(imported: Imported):
    found = imported("netbox", SAMPLE.format("names"))
    for app in ("users", "auth", "sessions", "secrets", "extras"):
        assert found.left_out[f"records of {app} that are not read"] == 1
    everything = found.text + "".join(map(str, found.problems)) + "".join(found.remarks) + "".join(found.left_out)
    assert "never" not in everything
    assert "4711" not in everything


def test_comments_and_custom_fields_are_not_taken(imported: Imported):
    found = imported("netbox", *REST4)  # each device of it says "never-told" in both
    assert "never-told" not in found.text + "".join(map(str, found.problems))


def test_a_second_import_of_another_day_has_the_same_origins_but_for_the_file(
    imported: Imported, samples: Path, tmp_path: Path
):
    other = tmp_path / "dump-of-tuesday.json"
    other.write_bytes((samples / "netbox/machines.json").read_bytes())
    first, second = imported("netbox", SAMPLE.format("machines")), imported("netbox", other)
    origins = [each["origin"].replace("dump-of-tuesday", "machines") for each in parts(second).values()]
    assert origins == [each["origin"] for each in parts(first).values()]
    assert "machines.json: dcim.device 1" in origins


# Machines.


def test_a_machine_needs_its_device_or_else_its_cluster(imported: Imported):
    found = parts(imported("netbox", SAMPLE.format("machines")))
    assert members(found["on-device"]) == ["hv-2"]
    assert members(found["on-cluster"]) == ["pool"]
    assert members(found["on-spare"]) == ["pool"]  # its device is offline
    assert (found["on-site"]["at"], found["on-site"].get("needs")) == ("delft", None)
    assert "off" not in found


def test_a_cluster_needs_one_of_its_devices_in_use_which_is_a_guess(imported: Imported):
    need = parts(imported("netbox", SAMPLE.format("machines")))["pool"]["needs"][0]
    assert (need["at_least"], need["of"], need["confidence"]) == (1, ["hv-1", "hv-2"], "guessed")


def test_a_cluster_without_devices_stands_at_its_site_and_is_counted(imported: Imported):
    found = imported("netbox", SAMPLE.format("machines"))
    assert (parts(found)["edge"]["at"], "at" in parts(found)["cloud"]) == ("delft", False)
    remark = "2 clusters without devices: 1 at a site; of 1 nothing says on what or where they run"
    assert remark in found.remarks


def test_machines_of_one_name_are_told_apart_by_their_cluster(imported: Imported):
    assert {"pool.app", "cloud.app"} <= parts(imported("netbox", SAMPLE.format("machines"))).keys()


def test_members_of_a_virtual_chassis_have_its_name_and_it_needs_any_of_them_the_master_first(imported: Imported):
    found = parts(imported("netbox", SAMPLE.format("machines")))
    need = found["core"]["needs"][0]
    assert (need["any_of"], need["confidence"]) == (
        ["core-2", "core-1"],
        "guessed",
    )  # device 5, at position 2, is master
    assert found["core"]["kind"] == "connectivity"


def test_a_blade_needs_its_chassis(imported: Imported):
    assert members(parts(imported("netbox", SAMPLE.format("machines")))["blade-1"]) == ["chassis"]


def test_a_device_without_a_name_has_that_of_its_role(imported: Imported):
    assert parts(imported("netbox", SAMPLE.format("machines")))["Server-8"]["name"] == "Server 8"


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("Core Switch", "connectivity"),
        ("firewall", "connectivity"),
        ("ToR", "connectivity"),
        ("Automatic Transfer Switch", "power"),
        ("rPDU", "power"),
        ("UPS", "power"),
        ("KVM Switch", "host"),
        ("Network Attached Storage", "host"),
        ("Application Server", "host"),
        ("Tormenta", "host"),  # holds the letters of ToR, but is another word
    ],
)
def test_what_a_device_is_stands_in_the_words_of_its_role(imported: Imported, tmp_path: Path, role: str, kind: str):
    records = [
        ("dcim.devicerole", 1, {"name": role}),
        ("dcim.device", 1, {"name": "it", "role": 1, "status": "active"}),
    ]
    assert parts(imported("netbox", dump(tmp_path, *records)))["it"].get("kind", "service") == kind


def test_a_file_without_any_record_is_an_error(imported: Imported):
    with pytest.raises(InvalidInput, match="nothing-imported"):
        imported("netbox", "netbox/rest4/refused.json")
