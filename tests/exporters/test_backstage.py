from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from agreement.random_static import random_static
from impactsim.exporters.backstage import backstage_text
from impactsim.files.reading import load_system, validate_system
from impactsim.importers.finished import ImportedSystem
from impactsim.model.system import AllOf, AnyOf, AtLeast, ComponentNeed, System
from impactsim.workflow.imports import import_system

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("*/system.yaml"))
NAME = re.compile(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*")
"""What Backstage's documents allow, besides at most 63 characters."""


def system_of(components: dict[str, Any], **more: Any) -> System:
    return validate_system({"impactsim": 1, "name": "x", "components": components, **more}).system


def entities(system: System) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(backstage_text(system)[0]))


def again(system: System, folder: Path) -> ImportedSystem:
    path = folder / "catalog-info.yaml"
    path.write_text(backstage_text(system)[0], "utf-8")
    return import_system("backstage", path)


def hard(system: System) -> set[tuple[str, str]]:
    """Return who cannot do without whom while it runs, by the words of the model alone."""
    found = set()
    for own, component in system.components.items():
        found |= {(own, component.at)} if component.at else set()
        for need in component.needs:
            members = need.members()
            is_all = isinstance(need, ComponentNeed | AllOf)
            is_all |= isinstance(need, AtLeast) and need.at_least == len(members)
            is_all |= isinstance(need, AnyOf) and len(members) == 1
            if is_all and need.impact == 1 and need.to in {None, "run", "stay_up"}:
                found |= {(own, each) for each in members}
    return found


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.parent.name for path in SCENARIOS])
def test_reading_a_scenario_back_gives_its_components_and_hard_needs(path: Path, tmp_path: Path) -> None:
    system = load_system(path).system
    found = again(system, tmp_path)
    assert {own: (each.kind, each.name) for own, each in found.system.components.items()} == {
        own: (each.kind, each.name) for own, each in system.components.items()
    }
    assert hard(found.system) == hard(system)
    assert [problem.code for problem in found.problems if problem.code != "few-needs"] == []


@pytest.mark.parametrize("seed", range(30))
def test_reading_a_random_system_back_gives_its_hard_needs(seed: int, tmp_path: Path) -> None:
    system = System.model_validate(random_static(seed))
    found = again(system, tmp_path).system
    assert {own: each.kind for own, each in found.components.items()} == {
        own: each.kind for own, each in system.components.items()
    }
    assert hard(found) == hard(system)


ODD = [
    "shop",
    "Shop",
    "lager-größe",
    "lager-gr-e",
    "a--b",
    "-a-b",
    "日本",
    "中国",
    "x" * 90,
    "x" * 91,
    "on",
    "123",
    "_._a_._",
    "ends-",
]


def test_names_follow_the_rules_of_backstage_and_are_all_different() -> None:
    names = [entity["metadata"]["name"] for entity in entities(system_of({own: {} for own in ODD}))]
    assert all(NAME.fullmatch(name) and len(name) <= 63 for name in names)
    assert len({name.casefold() for name in names}) == len(ODD)


def test_ids_that_are_no_names_come_back_from_the_annotation(tmp_path: Path) -> None:
    system = system_of({own: {"needs": [ODD[n - 1]]} if n else {} for n, own in enumerate(ODD)})
    found = again(system, tmp_path).system
    assert list(found.components) == ODD
    assert hard(found) == hard(system)
    annotated = [entity for entity in entities(system) if "annotations" in entity["metadata"]]
    # shop, the id that the changed ones would take, on and 123 are names already.
    assert len(annotated) == len(ODD) - 4


def test_kinds_come_back_also_where_a_type_speaks_of_another(tmp_path: Path) -> None:
    kinds = [
        "service",
        "data",
        "provider",
        "host",
        "library",
        "api",
        "bucket",
        "Quay",
        "kafka-cluster",
        "渡し船",
        "queue",
    ]
    system = system_of({f"c{n}": {"kind": kind} for n, kind in enumerate(kinds)})
    found = again(system, tmp_path).system
    assert [component.kind for component in found.components.values()] == kinds


def test_entities_have_what_backstage_asks_for() -> None:
    first, second = entities(system_of({"shop": {"name": "Shop: all", "needs": ["db"]}, "db": {"kind": "data"}}))
    assert first == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": "shop", "title": "Shop: all"},
        "spec": {
            "type": "service",
            "lifecycle": "production",
            "owner": "unknown",
            "dependsOn": ["resource:default/db"],
        },
    }
    assert second["kind"] == "Resource"
    assert second["spec"] == {"type": "data", "owner": "unknown"}


def test_what_would_be_read_as_a_stronger_need_is_left_out_and_counted() -> None:
    components: dict[str, Any] = {
        "shop": {
            "needs": [
                {"any_of": ["a", "b"]},
                {"at_least": 1, "of": ["a", "b"]},
                {"pool": {"a": 1, "b": 1}, "demand": 1},
                {"component": "a", "impact": 0.5},
                {"component": "b", "to": "start"},
            ]
        },
        "a": {},
        "b": {},
    }
    text, remarks = backstage_text(system_of(components))
    assert "dependsOn" not in text
    assert "not carried: 3 needs with standbys, quorums or pools" in remarks
    assert "not carried: 1 soft needs" in remarks
    assert "not carried: 1 needs for a start or a repair only" in remarks


def test_what_a_carried_need_loses_is_counted() -> None:
    components = {
        "shop": {"needs": [{"component": "a", "holdover": "1h"}, {"component": "b", "to": "stay_up"}]},
        "a": {"operator": "Example Ltd", "users": 5, "time_to_restore": "2h"},
        "b": {"needs": [{"component": "a", "confidence": "guessed"}, {"component": "c", "to": "stay_up"}]},
        "c": {"kind": "host"},
    }
    text, remarks = backstage_text(system_of(components, users={"all": {"count": 3, "uses": ["shop"]}}))
    assert text.count("component:default/a") == 2
    assert (
        remarks[1:]
        == [
            "not carried: 1 delays of needs (holdover, failover)",
            "not carried: 1 purposes of needs (to run, to stay up) that kinds do not tell",  # hosts are needed to stay up anyway
            "read as declared: 1 needs that are guessed or observed",
            "not carried: 1 components with figures (repairs, failures, copies, workarounds, targets, users)",
            "not carried: 1 operators",
            "not carried: 1 segments of users",
        ]
    )
