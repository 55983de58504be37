"""Flowcharts for READMEs."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.exporters.mermaid import mermaid_text
from impactsim.files.reading import validate_system


def chart(components: dict[str, Any]) -> list[str]:
    system = validate_system({"impactsim": 1, "name": "x", "components": components}).system
    text, _ = mermaid_text(system)
    head, *lines = text.splitlines()
    assert head == "flowchart LR"
    return [line.strip() for line in lines if "classDef" not in line]


def test_groups_are_small_nodes_of_their_own():
    lines = chart(
        {
            "web": {"needs": [{"at_least": 2, "of": ["a", "b", "c"]}, {"all_of": ["a", "b"]}, {"any_of": ["c", "a"]}]},
            "a": {"kind": "pump", "needs": [{"pool": {"b": 60, "c": 40.5}, "demand": 50}]},
            "b": {"kind": "pump"},
            "c": {"kind": "pump"},
        }
    )
    assert lines[4:] == [
        'group_1(("2 of 3"))',
        "web --> group_1",
        "group_1 --> a",
        "group_1 --> b",
        "group_1 --> c",
        "web --> a",
        "web --> b",
        'group_2(("any of"))',
        "web --> group_2",
        "group_2 --> c",
        "group_2 -.-> a",
        'group_3(("50 of 100.5"))',
        "a --> group_3",
        "group_3 -->|60| b",
        "group_3 -->|40.5| c",
    ]


def test_arrows_say_what_they_are_for_and_how_much_is_lost():
    needs = [{"component": "b", "to": "start"}, {"component": "b", "impact": 0.3}]
    assert chart({"a": {"needs": needs, "at": "b"}, "b": {"kind": "site"}})[2:] == [
        "a -.->|at| b",
        "a -->|start| b",
        "a -.->|30%| b",
    ]


@pytest.mark.parametrize(
    ("own", "name"),
    [
        ("end", "n_end"),
        ("Graph", "n_Graph"),
        ("db.eu-1", "db_eu_1"),
        ("\u4e16\u754c", "n___"),
        ("group-1", "group_1"),
    ],
)
def test_ids_become_names_that_mermaid_takes(own, name):
    assert chart({own: {}})[0].startswith(f'{name}["')


def test_names_that_become_alike_stay_apart():
    lines = chart({"a-b": {"needs": ["a.b"]}, "a.b": {}, "a_b": {}, "group-1": {"needs": [{"any_of": ["a-b", "a.b"]}]}})
    assert [line.split("[")[0] for line in lines[:4]] == ["a_b", "a_b_2", "a_b_3", "group_1"]
    assert lines[4:6] == ["a_b --> a_b_2", 'group_1_2(("any of"))']


def test_labels_are_shown_as_they_are():
    name = 'a "b" <script>x</script> `c` #35; & [d] {e} | \\n \n f'
    expected = "a #34;b#34; #60;script#62;x#60;/script#62; #96;c#96; #35;35; #38; [d] {e} | #92;n   f"
    assert chart({"a": {"name": name}})[0] == f'a["{expected}"]:::service'


def test_a_picture_that_mermaid_would_refuse_is_told():
    few = validate_system({"impactsim": 1, "name": "x", "components": {"a": {"needs": ["b"]}, "b": {}}}).system
    assert [remark for remark in mermaid_text(few)[1] if "maxEdges" in remark] == []
    needs = {f"c{i}": {"needs": ["b"]} for i in range(501)}
    many = validate_system({"impactsim": 1, "name": "x", "components": {**needs, "b": {}}}).system
    assert len([remark for remark in mermaid_text(many)[1] if "these are 501" in remark]) == 1
