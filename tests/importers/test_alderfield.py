"""The town of Alderfield: its layers are what its sources say, and its README is true."""

from __future__ import annotations

from pathlib import Path

import pytest

import impactsim
from impactsim.importers.finished import is_as_written
from impactsim.workflow.imports import import_system

TOWN = Path(__file__).parents[2] / "scenarios" / "alderfield"
LAYERS = [
    ("netbox", "netbox.json", "netbox.yaml"),
    ("backstage", "catalog.yaml", "catalogue.yaml"),
    ("jaeger", "dependencies.json", "traces.yaml"),
]


@pytest.mark.parametrize(("format_", "source", "layer"), LAYERS, ids=[each[0] for each in LAYERS])
def test_a_layer_is_what_the_import_makes_of_its_source(format_: str, source: str, layer: str) -> None:
    shipped = (TOWN / layer).read_text(encoding="utf-8")
    assert is_as_written(shipped)
    name = next(line for line in shipped.splitlines() if line.startswith("name: ")).removeprefix("name: ").strip('"')
    assert import_system(format_, TOWN / "sources" / source, name=name).text == shipped


def test_all_files_hold_and_nothing_is_doubtful() -> None:
    assert impactsim.check(*sorted(TOWN.glob("*.yaml"))) == []


def test_two_supplies_and_two_lines_are_one_panel() -> None:
    # Both routers have one supply each, on panel A; the machines have two, and those of rack TH-1 are on two panels.
    components = impactsim.run(TOWN / "1-panel-trips.yaml").facts.components
    down = {name for name, each in components.items() if each.down_ms}
    assert {"rt-1", "rt-2", "town-hall-connection", "citizen-portal", "host-2"} <= down
    assert not {"host-1", "san-1", "alderfield-prod", "payments-desk"} & down


def test_a_second_provider_keeps_the_portal_up() -> None:
    gone = impactsim.run(TOWN / "2-provider-gone.yaml").facts
    kept = impactsim.run(TOWN / "4-second-provider.yaml").facts
    assert gone.components["citizen-portal"].down_ms == 6 * 3_600_000
    # It switches to the other line, and that takes half a minute.
    assert kept.components["citizen-portal"].down_ms <= 5 * 60_000 + 30_000


def test_what_sources_call_differently_is_one_component() -> None:
    system = impactsim.load(TOWN / "system.yaml").system
    assert not {"portal", "forms", "payments"} & set(system.components)
    portal = system.components["citizen-portal"]
    forms = next(need for need in portal.needs if need.members() == ("forms-api",))
    assert forms.seen is not None
    assert forms.seen.calls == 41_200  # from the traces
    assert any(origin.startswith("catalog.yaml: ") for origin in forms.origin)  # and from the catalogue
    assert "shelf-index" not in {
        member for each in system.components["library-catalogue"].needs for member in each.members()
    }
