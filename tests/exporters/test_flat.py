"""A system as rows: what stands in them, and what has no place there."""

from __future__ import annotations

from typing import Any

from impactsim.exporters.flat import edges, nodes, not_carried
from impactsim.files.reading import validate_system
from impactsim.model.system import System


def system(components: dict[str, Any], **more: Any) -> System:
    return validate_system({"impactsim": 1, "name": "x", "components": components, **more}).system


def test_only_what_was_said_stands_in_a_row():
    assert nodes(system({"a": {}})) == [{"id": "a", "kind": "service", "confidence": "declared"}]
    said = system({"a": {"priority": 0, "crew": "ops", "fails": {"probability": 0}}}, crews={"ops": 2})
    assert nodes(said) == [
        {
            "id": "a",
            "kind": "service",
            "crew": "ops",
            "priority": 0,
            "fails_probability": 0.0,
            "confidence": "declared",
            "crew_members": 2,
        }
    ]


def test_what_is_uncertain_stands_as_its_author_would_write_it():
    words = {"users": {"low": 10, "high": 20}, "restart": {"median": "90s", "p95": "1h"}, "time_to_restore": "26h"}
    (row,) = nodes(system({"a": words}))
    assert (row["users"], row["restart"], row["time_to_restore"]) == (
        '{"low": 10, "high": 20}',
        '{"median": "1m30s", "p95": "1h"}',
        "1d2h",
    )


def test_each_member_of_a_need_has_a_row_with_its_place():
    rows = edges(system({"web": {"needs": ["a", {"at_least": 1, "of": ["b", "a"], "to": "start"}]}, "a": {}, "b": {}}))
    assert [(row["to"], row["need"], row["form"], row["place"]) for row in rows] == [
        ("a", 0, "component", 0),
        ("b", 1, "at_least", 0),
        ("a", 1, "at_least", 1),
    ]
    assert [row.get("at_least") for row in rows] == [None, 1, 1]
    assert [row.get("purpose") for row in rows] == [None, "start", "start"]


def test_a_need_is_as_sure_as_its_owner_unless_it_says_so():
    words = {"needs": ["a", {"component": "b", "confidence": "declared"}], "confidence": "observed"}
    assert [row["confidence"] for row in edges(system({"web": words, "a": {}, "b": {}}))] == ["observed", "declared"]


def test_what_tables_cannot_hold_is_named_and_counted():
    words = {
        "web": {"workarounds": [{"covers": 0.5}], "needs": ["db"], "crew": "ops"},
        "db": {"kind": "data", "copies": [{"at": "web", "restore": "1h"}, {"at": "web", "restore": "2h"}]},
    }
    found = system(
        words,
        crews={"ops": {"members": 1, "operator": "Telco"}},
        users={"all": {"count": 3, "uses": ["web"]}},
        common_causes={"flood": {"strikes": {"web": 1, "db": 1}, "fails": {"probability": 0.1}}},
    )
    assert not_carried(found) == [
        "not carried: segments of users (1)",
        "not carried: common causes (1)",
        "not carried: operators, backlogs and sources of crews (1)",
        "not carried: copies of data (2)",
        "not carried: workarounds (1)",
    ]
    assert not_carried(system({"web": {}})) == []
