from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from impactsim.importers.finished import ImportedSystem
from impactsim.importers.report import doubts
from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

Import = Callable[..., ImportedSystem]


def needs(found: ImportedSystem, own: str) -> list[tuple[str, ...]]:
    return [need.members() for need in found.system.components[own].needs]


def test_depends_on_is_a_need_of_whatever_kind(imported: Import) -> None:
    found = imported("datadog", "datadog/entities.yaml")
    # The last is what implements api:water-api; service:pumps is written Pumps where it is described; library:valves fails with
    # what it is built into.
    assert needs(found, "lock-control") == [("levels",), ("gate-orders",), ("Pumps",), ("gauges",)]


def test_dependency_of_is_a_need_the_other_way(imported: Import) -> None:
    assert needs(imported("datadog", "datadog/entities.yaml"), "Pumps") == [("gate-orders",)]


def test_kinds_become_kinds(imported: Import) -> None:
    found = imported("datadog", "datadog/entities.yaml")
    assert {own: component.kind for own, component in found.system.components.items()} == {
        "lock-control": "service",
        "levels": "data",
        "gate-orders": "queue",
        "Pumps": "service",
        "gauges": "provider",  # its tag is saas
    }
    assert found.system.components["lock-control"].name == "Lock control"


def test_systems_only_group_unless_they_are_asked_for(imported: Import) -> None:
    assert "locks" not in imported("datadog", "datadog/entities.yaml").system.components
    found = imported("datadog", "datadog/entities.yaml", systems="all")
    # lock-control says that it is a part of it, the system names the other two.
    assert needs(found, "locks") == [("lock-control", "Pumps", "levels")]
    assert found.system.components["locks"].needs[0].confidence == "guessed"


def test_tiers_say_what_is_critical_only_on_request(imported: Import) -> None:
    plain = imported("datadog", "datadog/entities.yaml").system.components
    assert {component.critical for component in plain.values()} == {None}
    asked = imported("datadog", "datadog/entities.yaml", critical_tier=["1", "2"]).system.components
    # gauges has tier 2 and is a third party; only services are critical.
    assert {own: component.critical for own, component in asked.items() if component.critical is not None} == {
        "lock-control": True,
        "Pumps": False,
    }


def test_lifecycles_are_left_out_on_request(imported: Import) -> None:
    found = imported("datadog", "datadog/entities.yaml", leave_out_lifecycle=["deprecated"])
    assert "gauges" not in found.system.components
    assert [problem.code for problem in found.problems] == ["left-out-need"]


def test_definitions_before_version_3_are_services_and_a_loud_warning(imported: Import) -> None:
    found = imported("datadog", "datadog/old.yaml")
    assert list(found.system.components) == ["lock-control", "towpath-site", "bridge-lights"]
    (warning,) = [problem for problem in found.problems if problem.code == "no-needs"]
    assert "3 services are defined before version 3, which says nothing of dependencies" in warning.fault
    assert "[no-needs]" in next(doubts(found, is_all=False))  # it comes first


def test_version_3_counts_where_both_describe_a_service(imported: Import) -> None:
    found = imported("datadog", "datadog/old.yaml", "datadog/entities.yaml")
    assert len(needs(found, "lock-control")) == 4
    assert found.left_out["definitions before version 3 of what one of version 3 describes"] == 1
    (warning,) = [problem for problem in found.problems if problem.code == "no-needs"]
    assert warning.fault.startswith("2 services")


def test_a_document_that_is_no_entity_is_told_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "entity.datadog.yaml"
    path.write_text(
        "apiVersion: v3\nkind: service\nmetadata: {name: dredger}\n---\n- data\n---\napiVersion: v1\n", "utf-8"
    )
    found = import_system("datadog", path)
    assert [(problem.code, problem.line) for problem in found.problems] == [("no-entity", 5), ("no-entity", 7)]


def test_what_nobody_defines_is_kept_as_unknown(tmp_path: Path) -> None:
    path = tmp_path / "entity.datadog.yaml"
    text = "apiVersion: v3\nkind: service\nmetadata: {name: dredger}\nspec: {dependsOn: [datastore:silt, team:divers, silt]}\n"
    path.write_text(text, "utf-8")
    found = import_system("datadog", path)
    assert found.system.components["silt"].kind == "unknown"
    assert {problem.code for problem in found.problems} == {"dangling", "odd-kind", "no-kind"}


def test_nothing_of_version_3_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "entity.datadog.yaml"
    path.write_text("apiVersion: v9\nkind: service\nmetadata: {name: dredger}\n", "utf-8")
    with pytest.raises(InvalidInput, match="nothing in these files becomes a component"):
        import_system("datadog", path)
