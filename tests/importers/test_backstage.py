from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from impactsim.audit.estate import Estate
from impactsim.files.reading import check_file
from impactsim.importers.finished import ImportedSystem
from impactsim.model.system import System
from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

Import = Callable[..., ImportedSystem]


def needs(system: System, own: str) -> list[tuple[str, ...]]:
    """Return the members of each need of a component."""
    return [need.members() for need in system.components[own].needs]


def codes(found: ImportedSystem) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in found.problems]


def entity(kind: str, name: str, namespace: str = "", **spec: object) -> dict[str, object]:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec}


def catalogue(folder: Path, *entities: dict[str, object], **settings: object) -> ImportedSystem:
    """Import entities from one file of many documents."""
    path = folder / "catalog-info.yaml"
    path.write_text(yaml.safe_dump_all(entities, sort_keys=False), "utf-8")
    return import_system("backstage", path, **settings)  # type: ignore[arg-type]


# What becomes of entities.


def test_who_consumes_an_interface_needs_the_component_that_provides_it(imported: Import) -> None:
    system = imported("backstage", "backstage/ferries/catalog-info.yaml").system
    assert needs(system, "ticket-site") == [("tickets",)]
    assert "ticket-api" not in system.components


def test_of_several_providers_of_an_interface_any_is_enough_and_that_is_a_guess(imported: Import) -> None:
    found = imported("backstage", "backstage/ferries/catalog-info.yaml")
    (need,) = [need for need in found.system.components["tickets"].needs if len(need.members()) > 1]
    assert (need.members(), need.confidence) == (("payment-1", "payment-2"), "guessed")
    assert any("any one provider" in remark and "payment-api" in remark for remark in found.remarks)


def test_a_reference_takes_its_kind_from_the_field_and_its_namespace_from_the_entity(imported: Import) -> None:
    # consumesApis: [pay/payment-api] names an API; resource:card-network in namespace pay means pay/card-network.
    system = imported("backstage", "backstage/ferries/catalog-info.yaml").system
    assert needs(system, "payment-1") == [("card-network",)]


def test_letter_case_of_references_does_not_count(imported: Import) -> None:
    system = imported("backstage", "backstage/ferries/catalog-info.yaml").system
    assert ("ticket-db",) in needs(system, "tickets")  # it is written Resource:Ticket-DB there


def test_dependency_of_is_a_need_the_other_way(imported: Import) -> None:
    system = imported("backstage", "backstage/ferries/catalog-info.yaml").system
    assert needs(system, "reports") == [("ticket-db",)]
    assert needs(system, "ticket-db") == []


def test_being_a_part_makes_no_need(imported: Import) -> None:
    # reports is a subcomponent of tickets, and tickets a part of the system tickets.
    found = imported("backstage", "backstage/ferries/catalog-info.yaml")
    assert ("tickets",) not in needs(found.system, "reports")
    assert "being a part of a system, of a domain or of another component makes no need" in found.remarks
    assert found.left_out["systems, which only group others (--systems all makes services of them)"] == 1


def test_a_library_fails_with_what_it_is_built_into(imported: Import) -> None:
    found = imported("backstage", "backstage/ferries/catalog-info.yaml")
    assert not {"money-format", "never-used"} & set(found.system.components)  # tickets depends on the first
    assert found.left_out["libraries and documents, which fail with what they are built into"] == 2


def test_a_library_is_kept_as_the_way_to_something_else(tmp_path: Path) -> None:
    found = catalogue(
        tmp_path,
        entity("Component", "app", type="service", dependsOn=["component:outer", "component:paint"]),
        entity("Component", "outer", type="library", dependsOn=["component:inner", "component:paint"]),
        entity("Component", "inner", type="library", dependsOn=["resource:db", "component:outer"]),
        entity("Component", "paint", type="library", dependsOn=["component:glaze"]),
        entity("Component", "glaze", type="library", dependsOn=["component:paint"]),
        entity("Component", "unused", type="library", dependsOn=["resource:db"]),
        entity("Resource", "db", type="database"),
    )
    assert {own: needs(found.system, own) for own in found.system.components} == {
        "app": [("outer",)],
        "outer": [("inner",)],
        "inner": [("db",), ("outer",)],
        "db": [],
    }


def test_a_tag_makes_a_third_party(imported: Import) -> None:
    found = imported("backstage", "backstage/ferries/catalog-info.yaml")
    assert found.system.components["card-network"].kind == "provider"
    assert "taken for third parties by type or tag: card-network" in found.remarks


def test_owners_are_counted_and_run_nothing(imported: Import) -> None:
    # All but the location and the group have one: 8 in the first file, 4 in the second.
    found = imported("backstage", "backstage/ferries/catalog-info.yaml")
    assert found.left_out["owners: who owns a thing need not run it"] == 12
    assert {component.operator for component in found.system.components.values()} == {None}


def test_systems_on_request_need_all_their_parts(imported: Import) -> None:
    system = imported("backstage", "backstage/ferries/catalog-info.yaml", systems="all").system
    (need,) = system.components["system.tickets"].needs
    # The interface of the system is its provider, which is a part of it as well.
    assert (need.members(), need.confidence) == (("ticket-site", "tickets"), "guessed")


def test_lifecycles_are_left_out_on_request_and_the_needs_on_them_are_told(imported: Import) -> None:
    found = imported(
        "backstage", "backstage/ferries/catalog-info.yaml", leave_out_lifecycle=["Experimental", "deprecated"]
    )
    assert not {"payment-2", "reports"} & set(found.system.components)
    assert ("payment-1",) in needs(found.system, "tickets")
    assert [(problem.code, problem.path) for problem in found.problems] == [
        ("left-out-need", ("component:default/tickets",))
    ]
    assert found.left_out["entities that are experimental"] == found.left_out["entities that are deprecated"] == 1
    assert not any("any one provider" in remark for remark in found.remarks)  # only one of the two is left


def test_the_title_is_the_name_and_the_record_the_origin(imported: Import) -> None:
    component = imported("backstage", "backstage/ferries/catalog-info.yaml").system.components["ticket-site"]
    assert component.name == "Ticket shop"
    assert component.origin == ("catalog-info.yaml: component:default/ticket-site",)
    assert component.needs[0].origin == (
        "catalog-info.yaml: component:default/ticket-site -> api:default/ticket-api -> component:default/tickets",
    )


@pytest.mark.parametrize(
    ("kind", "type_", "expected"),
    [
        ("Resource", "database", "data"),
        ("Resource", "s3-bucket", "data"),
        ("Resource", "database-cluster", "data"),
        ("Resource", "kafka-topic", "queue"),
        ("Resource", "kubernetes-cluster", "host"),
        ("Resource", "third-party-service", "provider"),
        ("Resource", "cdn", "cdn"),
        ("Resource", "", "resource"),
        ("Resource", "power", "power"),
        ("Component", "website", "service"),
        ("Component", "data-pipeline", "service"),
        ("Component", "database", "data"),
        ("Component", "SaaS", "provider"),
    ],
)
def test_the_type_tells_the_kind(tmp_path: Path, kind: str, type_: str, expected: str) -> None:
    found = catalogue(tmp_path, entity(kind, "it", type=type_))
    assert found.system.components["it"].kind == expected


def test_an_interface_that_nobody_provides_is_told(imported: Import) -> None:
    found = imported("backstage", "backstage/interfaces.yaml")
    assert found.system.components["sea-state"].kind == "api"
    assert codes(found) == [("no-provider", 2), ("dangling", 29)]


def test_an_interface_of_somebody_else_is_a_provider(imported: Import) -> None:
    assert imported("backstage", "backstage/interfaces.yaml").system.components["bought-api"].kind == "provider"


def test_an_interface_that_is_not_registered_stands_for_who_says_to_provide_it(imported: Import) -> None:
    system = imported("backstage", "backstage/interfaces.yaml").system
    assert ("gateway",) in needs(system, "sailing")
    assert "unregistered-api" not in system.components


def test_a_component_does_not_need_the_interface_that_it_provides(imported: Import) -> None:
    system = imported("backstage", "backstage/interfaces.yaml").system
    assert needs(system, "sailing") == [("sea-state",), ("bought-api",), ("gateway",), ("unheard-of-api",)]


def test_an_interface_of_very_many_providers_stays_between(tmp_path: Path) -> None:
    # 21 providers and 30 consumers: 51 needs instead of 30 with 21 members each.
    providers = [entity("Component", f"p{n}", type="service", providesApis=["hub"]) for n in range(21)]
    consumers = [entity("Component", f"c{n}", type="service", consumesApis=["hub"]) for n in range(30)]
    system = catalogue(tmp_path, *providers, *consumers, entity("API", "hub", type="grpc")).system
    assert needs(system, "c0") == [("hub",)]
    assert needs(system, "hub") == [tuple(f"p{n}" for n in range(21))]


# Traps.


def test_odd_references_are_told_one_by_one(imported: Import) -> None:
    found = imported("backstage", "backstage/odd-references.yaml")
    assert codes(found) == [
        ("odd-kind", 8),  # consumesApis names a component, as www-artist of Backstage's own examples does: accepted
        ("odd-kind", 9),  # and one that provides a component: left out
        ("no-kind", 11),
        ("odd-kind", 12),  # a team is nothing that fails
        ("bad-reference", 13),
        ("bad-reference", 14),
        ("dangling", 15),
    ]
    assert needs(found.system, "crew-rota") == [("tide-table",), ("chart-store",)]
    assert found.system.components["chart-store"].kind == "unknown"


def test_a_password_in_an_address_stands_nowhere(imported: Import) -> None:
    found = imported("backstage", "backstage/odd-references.yaml")
    assert "anchor7" not in found.text + "".join(map(str, found.problems))


def test_a_missing_line_between_two_entities_is_named_as_such(imported: Import) -> None:
    with pytest.raises(InvalidInput) as error:
        imported("backstage", "backstage/missing-line.yaml")
    assert {problem.line for problem in error.value.problems} == {5, 6, 7, 8}
    assert all("---" in problem.remedy and problem.code == "duplicate-key" for problem in error.value.problems)


def test_things_of_one_name_are_told_apart_by_kind_and_namespace(imported: Import) -> None:
    found = imported("backstage", "backstage/same-names.yaml")
    assert {own: component.kind for own, component in found.system.components.items()} == {
        "harbour": "service",
        "resource.harbour": "data",
        "north.harbour": "service",
        "north.resource.Harbour": "queue",
        "api.harbour": "unknown",  # needed, and described nowhere: it does not take the name from the others
    }
    assert needs(found.system, "north.harbour") == [("north.resource.Harbour",)]


def test_of_two_entries_for_one_thing_the_first_counts(imported: Import) -> None:
    found = imported("backstage", "backstage/same-names.yaml")
    assert codes(found) == [("dangling", 4), ("duplicate-entity", 22)]
    assert found.system.components["harbour"].needs  # the second entry has none


def test_entries_with_the_same_words_are_one(imported: Import, samples: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_bytes((samples / "backstage" / "interfaces.yaml").read_bytes())
    found = imported("backstage", "backstage/interfaces.yaml", copy)
    assert "duplicate-entity" not in {code for code, _ in codes(found)}
    assert found.left_out["entities that stand twice with the same words"] == 6


def test_a_folder_and_a_location_in_it_read_each_file_once(imported: Import) -> None:
    whole, by_location = (imported("backstage", f"backstage/ferries{end}") for end in ("", "/catalog-info.yaml"))
    assert whole.system.components == by_location.system.components
    assert "entities that stand twice with the same words" not in whole.left_out


def test_locations_end_at_circles_addresses_and_the_folder(imported: Import) -> None:
    found = imported("backstage", "backstage/circle/one.yaml")
    assert list(found.system.components) == ["first", "second"]
    assert codes(found) == [("outside", 4), ("nothing-there", 4)]
    ferries = imported("backstage", "backstage/ferries/catalog-info.yaml")
    assert ferries.left_out["locations that are addresses, not files"] == 1


def test_locations_are_followed_ten_deep(tmp_path: Path) -> None:
    for n in range(13):
        location = entity("Location", f"l{n}", target=f"{n + 1}.yaml")
        component = entity("Component", f"c{n}", type="service")
        (tmp_path / f"{n}.yaml").write_text(yaml.safe_dump_all([location, component]), "utf-8")
    found = import_system("backstage", tmp_path / "0.yaml")
    assert list(found.system.components) == [f"c{n}" for n in range(11)]
    assert "depth" in {code for code, _ in codes(found)}


def test_a_location_that_names_a_file_that_is_no_text_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(entity("Location", "l", target="b.bin")), "utf-8")
    (tmp_path / "b.bin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match=r"b\.bin"):
        import_system("backstage", tmp_path / "a.yaml")


# The REST interface.


def test_relations_of_the_interface_count_instead_of_the_fields(imported: Import) -> None:
    system = imported("backstage", "backstage/rest.json").system
    # Its relations speak of radio and weather; its field of no-longer-said.
    assert needs(system, "deck-app") == [("radio",), ("forecast",)]


def test_relations_count_in_both_directions(imported: Import) -> None:
    system = imported("backstage", "backstage/rest.json").system
    assert needs(system, "bridge-app") == [("radio",)]  # only radio says so


def test_an_answer_of_which_pages_are_missing_is_told(imported: Import) -> None:
    found = imported("backstage", "backstage/rest.json")
    assert codes(found) == [("not-whole", 0)]
    assert "7 entities, and here are 5" in found.problems[0].fault


def test_a_bare_list_is_read_as_an_answer_is(imported: Import, samples: Path, tmp_path: Path) -> None:
    items = json.loads((samples / "backstage" / "rest.json").read_text("utf-8"))["items"]
    bare = tmp_path / "rest.json"
    bare.write_text(json.dumps(items), "utf-8")
    assert (
        import_system("backstage", bare).system.components
        == imported("backstage", "backstage/rest.json").system.components
    )


def test_needs_of_something_that_only_others_speak_of_are_kept(tmp_path: Path) -> None:
    found = catalogue(tmp_path, entity("Resource", "quay", type="site", dependencyOf=["component:crane"]))
    assert (found.system.components["crane"].kind, needs(found.system, "crane")) == ("unknown", [("quay",)])
    assert [code for code, _ in codes(found)] == ["dangling"]


def test_a_system_that_something_depends_on_needs_its_parts(tmp_path: Path) -> None:
    part = entity("Component", "winch", type="service", system="deck")
    found = catalogue(tmp_path, entity("System", "deck"), part, entity("Component", "log", dependsOn=["system:deck"]))
    assert needs(found.system, "log") == [("deck",)]
    assert needs(found.system, "deck") == [("winch",)]


def test_importing_again_after_a_name_was_given_twice_keeps_the_id(tmp_path: Path) -> None:
    first = catalogue(tmp_path, entity("Resource", "chart", type="database"))
    assert list(first.system.components) == ["chart"]
    known = {"resource:default/chart": "chart"}
    both = (entity("Component", "chart", type="service"), entity("Resource", "chart", type="database"))
    again = catalogue(tmp_path, *both, known_ids=known)
    assert again.system.components["chart"].kind == "data"


# Real files.


def test_the_examples_of_backstage_have_11_components_and_3_needs(real_files: Path) -> None:
    # 17 entities: 10 components and a resource; an API, 3 systems and 2 domains are none. 17 values: 7 systems, 3 domains and 2
    # parents only group; 2 provide. Left are dependsOn, the consumed API with its provider, and the component where an API
    # should stand. The interface wayback-search is provided, consumed by nobody, and not registered.
    found = import_system("backstage", real_files / "backstage")
    assert {own: members for own in found.system.components if (members := needs(found.system, own))} == {
        "artist-lookup": [("artists-db",)],
        "wayback-search": [("wayback-archive",)],
        "www-artist": [("artist-lookup",)],
    }
    assert len(found.system.components) == 11
    assert found.left_out == {
        "owners: who owns a thing need not run it": 15,  # all but the two domains
        "interfaces: who consumes one needs its provider": 2,
        "systems, which only group others (--systems all makes services of them)": 3,
        "entities that are nothing that fails: people, teams, domains, templates, locations": 2,
    }
    assert [problem.code for problem in found.problems if problem.code != "few-needs"] == ["odd-kind"]


def test_what_fails_with_the_database_of_the_examples_of_backstage(real_files: Path, tmp_path: Path) -> None:
    found = import_system("backstage", real_files / "backstage")
    path = tmp_path / "imported.yaml"
    path.write_text(found.text, "utf-8")
    assert {problem.code for problem in check_file(path)} <= {"few-needs"}  # 6 of 11 stand alone, which is true
    estate = Estate(found.system)
    down = {
        estate.id_of(service) for service in estate.services if service in estate.down(estate.event_of("artists-db"))
    }
    assert down == {"artist-lookup", "www-artist"}
