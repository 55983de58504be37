"""NetBox: which way a network leads out, for those who want it guessed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import impactsim
from impactsim.importers.finished import ImportedSystem
from importers.netbox_networks import network

Imported = Callable[..., ImportedSystem]


def parts(found: ImportedSystem) -> Mapping[str, Any]:
    return found.data["components"]


def guessed(found: ImportedSystem, name: str) -> list[list[str]]:
    """Return what a component needs any of, as a guess."""
    needs = [need for need in parts(found)[name].get("needs", ()) if need.get("confidence") == "guessed"]
    return [need.get("any_of") or [need["component"]] for need in needs]


def down(found: ImportedSystem, *failed: str) -> set[str]:
    """Return what is down at some time when these fail for an hour, but for themselves."""
    system = {"impactsim": 1, "name": "Estate", "components": parts(found)}
    events = [{"fail": list(failed), "for": "1h"}]
    frame = impactsim.run({"impactsim": 1, "name": "Failure", "system": system, "events": events}).to_frame()
    return set(frame[frame["down_ms"] > 0].index) - {*failed}


def circles(found: ImportedSystem) -> list[set[str]]:
    """Return the groups of components that come to need themselves."""
    graph = nx.DiGraph(
        (name, member)
        for name, part in parts(found).items()
        for need in part.get("needs", ())
        for member in need.get("any_of") or need.get("all_of") or need.get("of") or [need["component"]]
    )
    return [each for each in nx.strongly_connected_components(graph) if len(each) > 1]


@pytest.fixture
def circuits(imported: Imported) -> ImportedSystem:
    return imported("netbox", "netbox/circuits.json", ways_out=True)


def test_what_is_behind_a_router_needs_its_line_and_the_router_does_not(circuits: ImportedSystem):
    assert guessed(circuits, "rtr-1") == guessed(circuits, "rtr-2") == []
    assert guessed(circuits, "sw-1") == [["N-1", "N-2"]]  # each of which needs its router, as declared


def test_a_way_out_may_lead_through_a_circuit_to_another_site(circuits: ImportedSystem):
    assert guessed(circuits, "island-sw") == [["S-2"]]
    assert guessed(circuits, "far-rtr") == []  # for S-2 needs it
    assert guessed(circuits, "S-2") == [["N-1"]]  # the line of rtr-1, in which it ends


def test_links_without_a_clear_direction_are_left_out_and_counted(circuits: ImportedSystem):
    # rtr-1 and rtr-2 are equally far from outside; lone-a and lone-b see no way out.
    assert circuits.left_out["links between network devices of which nobody can see which way leads out"] == 2
    assert guessed(circuits, "lone-a") == guessed(circuits, "lone-b") == []


def test_the_report_tells_that_ways_out_were_guessed(circuits: ImportedSystem):
    # sw-1, island-sw and S-2
    told = "network: the ways out of 3 devices and lines were read off the distance from lines (guessed)"
    assert [remark.startswith(told) for remark in circuits.remarks].count(True) == 1
    assert "--ways-out" not in "".join(circuits.remarks)


def test_with_ways_out_a_switch_and_its_hosts_are_down_when_all_lines_are(imported: Imported):
    with_, without = (imported("netbox", "netbox/lines.json", ways_out=wanted) for wanted in (True, False))
    assert down(with_, "E-1", "W-1") == {"sw-1", "store", "harbour-connection"}
    assert down(without, "E-1", "W-1") == {"harbour-connection"}
    assert down(with_, "E-1") == set()


def test_a_host_that_is_cabled_to_a_router_needs_the_line_of_it_too(imported: Imported, tmp_path: Path):
    found = imported("netbox", network(tmp_path, {"N": [["rt"]]}, [("host", "rt")]), ways_out=True)
    assert guessed(found, "host") == [["N"]]
    assert {"rt", "N"} <= {need["component"] for need in parts(found)["host"]["needs"]}


def test_a_trunk_is_there_without_a_device_behind_which_others_are_cut_off(imported: Imported, tmp_path: Path):
    found = imported("netbox", network(tmp_path, {"T": [["rt-a", "rt-b"]]}, [("rt-a", "sw")]), ways_out=True)
    assert guessed(found, "sw") == [["T"], ["rt-a"]]
    assert down(found, "rt-a") == {"sw"}
    assert down(found, "T") == {"sw", "here-connection"}


def test_a_device_with_a_line_and_another_way_out_is_a_way_itself(imported: Imported, tmp_path: Path):
    # rt-c is three steps from outside both by the line S, which needs it, and by sw-b.
    lines = {"N": [["rt-a"]], "S": [["rt-a"], ["rt-c"]]}
    links = [("rt-a", "sw-b"), ("sw-b", "rt-c"), ("rt-c", "sw-d")]
    found = imported("netbox", network(tmp_path, lines, links), ways_out=True)
    assert guessed(found, "sw-b") == [["N"]]
    assert guessed(found, "rt-c") == []
    assert guessed(found, "sw-d") == [["rt-c"]]


def test_a_guess_that_would_lead_in_a_circle_is_given_up_and_counted(imported: Imported, tmp_path: Path):
    # A line ends in a card, and the chassis of the card is cabled to it: the way out of the chassis is the line.
    file = network(tmp_path, {"N": [["rt-card"]]}, [("rt-card", "sw-chassis")], chassis=[("rt-card", "sw-chassis")])
    found = imported("netbox", file, ways_out=True)
    assert guessed(found, "sw-chassis") == []
    assert found.left_out["ways out that would lead in a circle"] == 1


@pytest.mark.parametrize("seed", range(40))
def test_no_circle_comes_of_lines_and_ways_out(imported: Imported, tmp_path: Path, seed: int):
    luck = random.Random(seed)
    devices = [f"{luck.choice(['rt', 'sw', 'sw', 'host'])}-{n}" for n in range(luck.randint(3, 9))]
    lines = {
        f"L{n}": [luck.sample(devices, luck.choice([1, 1, 2])) for _ in range(luck.choice([1, 1, 2]))]
        for n in range(luck.randint(1, 5))
    }
    links = [(pair[0], pair[1]) for pair in (luck.sample(devices, 2) for _ in range(luck.randint(2, 12)))]
    stacks = [luck.sample(devices, 2)] if luck.random() < 0.4 else []
    file = network(tmp_path, lines, links, stacks)
    with_, without = (imported("netbox", file, ways_out=wanted) for wanted in (True, False))
    assert circles(with_) == circles(without) == []
    # This is so by the way in which they are guessed, and not because circles were found and given up.
    assert "ways out that would lead in a circle" not in with_.left_out
    # More needs never leave more up.
    first = next(iter(lines))
    assert down(without, first) <= down(with_, first)
