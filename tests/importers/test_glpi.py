"""GLPI: what is impacted needs the source, and assets are known by type and number."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

IMPACTS = "id,itemtype_source,items_id_source,itemtype_impacted,items_id_impacted\n"


@pytest.fixture
def found(imported):
    return imported("glpi", "glpi")


@pytest.fixture
def listed(tmp_path):
    """Import texts as files, by name."""

    def of(texts: dict[str, str], **settings: Any):
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return import_system("glpi", *(tmp_path / name for name in texts), **settings)

    return of


def members(found, owner: str) -> list[tuple[str, ...]]:
    return [need.members() for need in found.system.components[owner].needs]


def test_what_is_impacted_needs_the_source(found):
    assert members(found, "Mail") == [("mail-host",), ("Computer-99",)]
    assert members(found, "mail-host") == [("core-switch",)]
    assert members(found, "core-switch") == []


def test_the_type_stands_in_the_name_of_the_file_or_in_a_column(found):
    components = found.system.components
    assert [components[name].kind for name in ("mail-host", "Mail", "core-switch")] == [
        "host",
        "service",
        "connectivity",
    ]
    assert components["mail-host"].origin == ("Computer.csv: Computer-12",)


@pytest.mark.parametrize(
    "name", ["Computer.csv", "computers.csv", "glpi_computers.csv", "glpi_computers 2026-11-02.csv"]
)
def test_a_file_is_called_by_a_type_or_by_a_table(listed, name):
    assert listed({name: "id,name\n1,a\n"}).system.components["a"].kind == "host"


def test_a_list_whose_type_nothing_says_is_refused(listed):
    with pytest.raises(InvalidInput) as caught:
        listed({"stuff.csv": "id,name\n1,a\n"})
    assert "no-itemtype" in [problem.code for problem in caught.value.problems]


def test_an_asset_without_a_row_is_unknown_and_called_by_type_and_number(found):
    (problem,) = found.problems
    assert (problem.code, problem.line) == ("dangling", 5)
    assert found.system.components["Computer-99"].kind == "unknown"


def test_assets_in_the_bin_and_templates_are_left_out_with_their_impacts(found):
    assert found.left_out == {
        "assets that are in the bin": 1,
        "templates of assets": 1,
        "impacts of or on assets that are left out": 1,
        "impacts of an asset on itself": 1,
    }


def test_places_are_sites_by_number_and_by_name(found):
    components = found.system.components
    assert (components["mail-host"].at, components["Town-Hall"].kind) == ("Town-Hall", "site")
    assert (components["core-switch"].at, components["Depot"].kind) == ("Depot", "site")


def test_a_place_by_number_without_a_list_of_places_is_called_by_its_number(listed):
    found = listed({"Computer.csv": "id,name,locations_id\n1,a,7\n2,b,0\n"})
    assert (found.system.components["a"].at, found.system.components["b"].at) == ("Location-7", None)


def test_types_of_plug_ins_and_with_name_spaces_are_read(listed):
    impacts = IMPACTS + '1,"Glpi\\Computer",1,PluginLift,2\n'
    found = listed({"glpi_impactrelations.csv": impacts, "Computer.csv": "id,name\n1,a\n"})
    assert members(found, "PluginLift-2") == [("a",)]


def test_impacts_alone_make_things_of_the_kinds_of_their_types(listed):
    found = listed({"impacts.csv": IMPACTS + "1,PDU,4,Computer,1\n"})
    assert [component.kind for component in found.system.components.values()] == ["power", "host"]
    assert {component.confidence for component in found.system.components.values()} == {"guessed"}
    assert found.problems == ()


def test_two_assets_of_one_name_are_told_apart_by_their_types(listed):
    lists = {
        "assets.csv": "itemtype,id,name\nComputer,1,web\nAppliance,1,web\n",
        "i.csv": IMPACTS + "1,Computer,1,Appliance,1\n",
    }
    found = listed(lists)
    assert members(found, "Appliance.web") == [("Computer.web",)]


def test_columns_in_another_language_are_mapped(listed, tmp_path):
    (tmp_path / "m.yaml").write_text("nodes: {columns: {id: Nr, name: Wer}}\n")
    found = listed({"Computer.csv": "Nr;Wer\n1;a\n"}, mapping=str(tmp_path / "m.yaml"))
    assert list(found.data["components"]) == ["a"]
