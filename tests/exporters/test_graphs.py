"""Graphs of ours as other programs see them."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

from impactsim.exporters.graphs import dot_text, graphml_text, node_link_text
from impactsim.files.reading import validate_system
from impactsim.importers.graphs.dot import read_dot
from impactsim.importers.notes import Notes
from impactsim.model.system import System


def system(components: dict[str, Any], name: str = "x") -> System:
    return validate_system({"impactsim": 1, "name": name, "components": components}).system


GROUPS = system(
    {
        "web": {
            "at": "hall",
            "needs": [
                {"any_of": ["a", "b"]},
                {"at_least": 2, "of": ["a", "b", "hall"]},
                {"component": "a", "impact": 0.2},
            ],
        },
        "a": {"needs": [{"pool": {"b": 60, "hall": 40}, "demand": 50}]},
        "b": {"kind": "data"},
        "hall": {"kind": "site"},
    }
)


def test_keys_of_graphml_have_the_type_of_their_values():
    words = {
        "a": {"critical": True, "users": 3, "fails": {"per_year": 0.5}},
        "b": {"critical": False, "users": {"mean": 2}},
    }
    types = dict(re.findall(r'attr.name="(\w+)" attr.type="(\w+)"', graphml_text(system(words))))
    assert types == {
        "impactsim": "int",
        "name": "string",
        "label": "string",
        "kind": "string",
        "critical": "boolean",
        "users": "string",  # one of them is a law
        "fails_per_year": "double",
        "confidence": "string",
    }


def test_letters_that_xml_cannot_hold_do_not_break_it():
    text = graphml_text(system({"a": {"name": "bell \x07 and \ufffe"}}))
    assert "bell \ufffd and \ufffd" in [each.text for each in ET.fromstring(text).iter() if each.text]  # noqa: S314


def test_edges_show_groups_places_and_what_is_soft():
    lines = [line.strip() for line in dot_text(GROUPS).splitlines() if "->" in line]
    drawn = [re.findall(r"(label|style|color)=\"([^\"]*)\"", line) for line in lines]
    assert drawn == [
        [("style", "dashed"), ("label", "#1: any of")],
        [("style", "dashed"), ("label", "#1: any of")],
        [("label", "#2: 2 of 3")],
        [("label", "#2: 2 of 3")],
        [("label", "#2: 2 of 3")],
        [("color", "gray")],
        [("label", "#1: 60 for 50")],
        [("label", "#1: 40 for 50")],
        [("style", "dotted")],
    ]


def test_quotes_and_backslashes_stay_within_their_quotes():
    found = read_dot(dot_text(system({"a": {"name": 'x\\"] evil [label="', "source": "\\"}}, 'n"\\')), Notes(""), "x")
    assert found is not None
    assert list(found.nodes) == ["a"]
    assert found.nodes["a"].words["name"] == 'x\\"] evil [label="'


def test_node_link_names_its_edges_as_networkx_does_now():
    data = json.loads(node_link_text(GROUPS))
    assert (data["directed"], data["multigraph"], data["graph"]) == (True, True, {"impactsim": 1, "name": "x"})
    assert [node["id"] for node in data["nodes"]] == ["web", "a", "b", "hall"]
    assert data["edges"][-1] == {"source": "web", "target": "hall", "form": "at"}


def test_a_system_without_needs_is_a_graph_without_edges():
    alone = system({"a": {}})
    assert json.loads(node_link_text(alone))["edges"] == []
    assert "->" not in dot_text(alone)
    assert "<edge" not in graphml_text(alone)
