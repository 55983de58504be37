from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from agreement.random_systems import random_case
from impactsim.exporters import flat, graphs, tables
from impactsim.files.reading import load_system, validate_system
from impactsim.importers.draft import Draft
from impactsim.importers.graphs import flat as back
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source
from impactsim.model.system import Component, System
from impactsim.workflow.imports import import_system

SEEDS = range(96)  # six for each profile of the random systems
ODD_NAMES = {
    "impactsim": 1,
    "name": 'A "shop" \\ & <more>',
    "crews": {"field": 3},
    "components": {
        "web": {
            "name": 'The "shop" <b>&amp;</b> \\',
            "source": "one line\nand another \\n one; with\ttabs",
            "public_name": {"de": "Der Laden", "en": "The shop"},
            "aliases": ["=shop", "'web", "[x]"],
            "critical": True,
            "priority": 7,
            "crew": "field",
            "users": {"low": 10, "high": 20.5},
            "targets": {"rto": "4h", "rpo": 0, "mbco": "80%"},
            "catch_up": {"share": 1.5, "level": "50%"},
            "fails": {"per_year": 0.1},
            "time_to_restore": {"typical": "cloud-region"},
            "needs": [
                {"any_of": ["db", {"use": "d\u00f6ner", "failover": "1ms", "lasts": "2d", "fails_to_start": 0.03}]},
                {"pool": {"-a": 0.5, "db": 70}, "demand": 50.25, "holdover": {"samples": ["1m", "10m"]}, "recharge": "2h"},
                {"component": "db", "impact": 1e-7, "seen": {"calls": 123456789, "share": 0.2, "errors": 0}},
                {"component": "db", "to": "repair", "confidence": "guessed", "origin": ["a: b", "c: d"]},
            ],
        },
        "db": {"kind": "data", "name": "=1+2", "operator": "@home", "confidence": "observed"},
        "d\u00f6ner": {"kind": "pump", "at": "-a", "name": "'=x", "operator": "-"},
        "-a": {"kind": "site", "name": "+1 \u4e16\u754c \U0001f525"},
    },
}  # fmt: skip


def carried(system: System) -> dict[str, Component]:
    """Return the components as far as tables carry them; who is how sure of a need is said by the need itself."""
    not_carried = {"origin": (), "copies": (), "workarounds": (), "does_not_need": (), "public_effects": None}
    return {
        own: each.model_copy(
            update={
                **not_carried,
                "needs": tuple(
                    need.model_copy(update={"origin": (), "confidence": need.confidence or each.confidence})
                    for need in each.needs
                ),
            }
        )
        for own, each in system.components.items()
    }


def by_graphml(system: System, folder: Path) -> System:
    return imported("graphml", folder / "x.graphml", graphs.graphml_text(system))


def by_dot(system: System, folder: Path) -> System:
    return imported("dot", folder / "x.dot", graphs.dot_text(system))


def by_node_link(system: System, folder: Path) -> System:
    return imported("node-link", folder / "x.json", graphs.node_link_text(system))


def by_csv(system: System, folder: Path) -> System:
    for name, text in tables.csv_texts(system).items():
        (folder / name).write_text(text, encoding="utf-8")
    return import_system("table", folder).system


def imported(format_: str, path: Path, text: str) -> System:
    path.write_text(text, encoding="utf-8", newline="")
    found = import_system(format_, path)
    assert [problem for problem in found.problems if problem.code != "few-needs"] == []
    assert found.left_out == {}
    return found.system


WAYS = [by_graphml, by_dot, by_node_link, by_csv]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_exported_is_imported_as_it_was(way: Callable[[System, Path], System], tmp_path: Path) -> None:
    for seed in SEEDS:
        system = validate_system(random_case(seed)[0]).system
        again = way(system, tmp_path)
        assert list(again.components) == list(system.components)
        assert carried(again) == carried(system), seed


@pytest.mark.parametrize("way", WAYS)
def test_odd_names_and_figures_come_back_as_they_were(way: Callable[[System, Path], System], tmp_path: Path) -> None:
    system = validate_system(ODD_NAMES).system
    again = way(system, tmp_path)
    assert carried(again) == carried(system)
    assert {crew: each.members for crew, each in again.crews.items()} == {"field": 3}
    assert again.components["web"].needs[3].origin[-2:] == ("a: b", "c: d")


@pytest.mark.parametrize("way", WAYS)
def test_the_shipped_scenarios_come_back_as_they_were(way: Callable[[System, Path], System], tmp_path: Path) -> None:
    files = sorted((Path(__file__).parents[2] / "scenarios").glob("*/system.yaml"))
    assert files
    for file in files:
        system = load_system(file).system
        assert carried(way(system, tmp_path)) == carried(system), file


def test_rows_of_text_mean_the_same_as_rows_of_values() -> None:
    for seed in SEEDS:
        system = validate_system(random_case(seed)[0]).system
        rows = [[{k: str(v).lower() if v in (True, False) else str(v) for k, v in row.items()} for row in table]
                for table in (flat.nodes(system), flat.edges(system))]  # fmt: skip
        draft = Draft("x")
        back.take(draft, *rows, Place(Source("x", b"")))
        data = draft.finish().data
        assert data is not None
        assert carried(validate_system(data).system) == carried(system), seed


def test_networkx_reads_the_same_graph(tmp_path: Path) -> None:
    for seed in SEEDS:
        system = validate_system(random_case(seed)[0]).system
        members = [
            (own, member) for own, each in system.components.items() for need in each.needs for member in need.members()
        ]
        members += [(own, each.at) for own, each in system.components.items() if each.at is not None]
        (tmp_path / "x.graphml").write_text(graphs.graphml_text(system), encoding="utf-8")
        for graph in (
            nx.read_graphml(tmp_path / "x.graphml", force_multigraph=True),
            nx.node_link_graph(json.loads(graphs.node_link_text(system)), edges="edges"),
        ):
            assert graph.is_directed()
            assert list(graph) == list(system.components)
            assert sorted(graph.edges()) == sorted(members)
            assert dict(graph.nodes(data="kind")) == {own: each.kind for own, each in system.components.items()}
