from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from impactsim.importers.finished import ImportedSystem
from impactsim.workflow.imports import import_system

Import = Callable[..., ImportedSystem]


def needs(found: ImportedSystem, own: str) -> list[tuple[str, ...]]:
    return [need.members() for need in found.system.components[own].needs]


def test_a_dependency_is_a_need_however_many_paths_are_named(imported: Import) -> None:
    # track-state stands there twice, with two methods; Track-DB is written track-db where it is described; radio is a bare tag.
    assert needs(imported("cortex", "cortex/signals.yaml"), "signal-box") == [
        ("track-state",),
        ("track-db",),
        ("radio",),
    ]


def test_types_and_titles_are_read(imported: Import) -> None:
    found = imported("cortex", "cortex/signals.yaml")
    assert {own: (component.kind, component.name) for own, component in found.system.components.items()} == {
        "signal-box": ("service", "Signal box"),
        "track-state": ("service", "Track state"),
        "track-db": ("data", "Track database"),
        "radio": ("unknown", None),
    }


def test_what_cannot_be_read_is_told_by_line(imported: Import) -> None:
    found = imported("cortex", "cortex/signals.yaml")
    assert [(problem.code, problem.line) for problem in found.problems] == [
        ("dangling", 10),
        ("bad-reference", 11),
        ("odd-kind", 12),  # a domain only groups
        ("no-entity", 26),
    ]


def test_a_tag_that_is_described_twice_is_told(tmp_path: Path) -> None:
    path = tmp_path / "cortex.yaml"
    one = "info: {x-cortex-tag: points, title: Points, x-cortex-dependency: [{tag: motor}]}\n"
    path.write_text(f"{one}---\ninfo: {{x-cortex-tag: Points}}\n---\ninfo: {{x-cortex-tag: motor}}\n", "utf-8")
    found = import_system("cortex", path)
    assert [problem.code for problem in found.problems] == ["duplicate-entity"]
    assert needs(found, "points") == [("motor",)]
