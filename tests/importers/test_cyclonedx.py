from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from impactsim.audit.estate import Estate
from impactsim.files.reading import check_file
from impactsim.importers.finished import ImportedSystem
from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

Import = Callable[..., ImportedSystem]


def needs(found: ImportedSystem, own: str) -> list[tuple[str, ...]]:
    return [need.members() for need in found.system.components[own].needs]


def bill(folder: Path, name: str = "bom.json", **more: object) -> Path:
    path = folder / name
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5"} | more), "utf-8")
    return path


def service(own: str, **more: object) -> dict[str, object]:
    return {"bom-ref": own, "name": own} | more


def test_services_in_services_are_services_and_do_not_need_one_another(imported: Import) -> None:
    found = imported("cyclonedx", "cyclonedx/orchard.json")
    assert {"Front-door", "press.Store", "cellar.Store", "Payments", "No-reference"} <= set(found.system.components)
    assert needs(found, "Payments") == needs(found, "No-reference") == []
    assert ("press.Store",) in needs(found, "Front-door")  # this one is said by a dependency


def test_services_of_one_name_are_told_apart_by_their_group(imported: Import) -> None:
    components = imported("cyclonedx", "cyclonedx/orchard.json").system.components
    assert components["press.Store"].name == components["cellar.Store"].name == "Store"


def test_the_program_of_the_document_is_a_service(imported: Import) -> None:
    found = imported("cyclonedx", "cyclonedx/orchard.json")
    assert (found.system.components["Orchard"].kind, needs(found, "Orchard")) == ("service", [("Front-door",)])


def test_a_way_through_software_is_kept_and_all_other_software_left_out(imported: Import) -> None:
    found = imported("cyclonedx", "cyclonedx/orchard.json")
    assert ("inner",) in needs(found, "Front-door")
    assert needs(found, "inner") == [("client",)]
    assert needs(found, "client") == [("Payments",)]
    assert found.left_out == {
        "pieces of software that depend on no service": 2,  # left, and one without a reference
        "dependencies of services on software that depends on no service": 1,  # app on left
        "dependencies of services on packages that nothing describes": 1,  # front on right
    }


def test_a_service_of_somebody_else_is_a_provider_with_its_operator(imported: Import) -> None:
    found = imported("cyclonedx", "cyclonedx/orchard.json")
    operators = {own: each.operator for own, each in found.system.components.items() if each.kind == "provider"}
    assert operators == {"Payments": "Example Pay"}
    assert any("third parties: Example Pay" in remark for remark in found.remarks)


def test_who_is_not_a_third_party_can_be_said(imported: Import) -> None:
    found = imported("cyclonedx", "cyclonedx/orchard.json", own_provider=["Example PAY"])
    operators = {own: each.operator for own, each in found.system.components.items() if each.kind == "provider"}
    assert operators == {"Front-door": "Orchard Ltd", "press.Store": "orchard ltd"}


def test_without_a_maker_who_provides_services_with_others_in_them_is_ours(tmp_path: Path) -> None:
    inner = service("inner", provider={"name": "Grove"})
    outer = service("outer", provider={"name": "Grove"}, services=[inner])
    found = import_system("cyclonedx", bill(tmp_path, services=[outer, service("mail", provider={"name": "Post"})]))
    assert {own: each.operator for own, each in found.system.components.items()} == {
        "outer": None,
        "inner": None,
        "mail": "Post",
    }


def test_circles_of_services_are_read(imported: Import) -> None:
    assert ("Front-door",) in needs(imported("cyclonedx", "cyclonedx/orchard.json"), "press.Store")


def test_a_reference_into_another_document_is_followed_where_that_is_there(imported: Import) -> None:
    both = imported("cyclonedx", "cyclonedx/orchard.json", "cyclonedx/cooling.json")
    assert needs(both, "cellar.Store") == [("Cold-room",)]
    alone = imported("cyclonedx", "cyclonedx/orchard.json")
    ((member,),) = needs(alone, "cellar.Store")
    assert alone.system.components[member].kind == "unknown"


def test_equal_references_in_two_documents_mean_two_things(imported: Import) -> None:
    both = imported("cyclonedx", "cyclonedx/orchard.json", "cyclonedx/cooling.json")
    assert both.system.components["Front-door"].origin == ("orchard.json: Orchard: front",)
    assert needs(both, "Cold-room-door") == [("Cold-room",)]


def test_what_is_doubtful_is_told_by_line(imported: Import) -> None:
    found = imported("cyclonedx", "cyclonedx/orchard.json", "cyclonedx/cooling.json")
    assert [(problem.code, problem.line) for problem in found.problems] == [
        ("duplicate-ref", 18),
        ("bad-reference", 32),
        ("dangling", 32),
        ("bad-reference", 34),
        ("not-whole", 36),
    ]
    # Cold room and Payments stand in no `dependencies`, and nobody could name the service without a reference.
    silent = "the documents do not say what these depend on, if anything: Payments, No reference, Cold room"
    assert silent in found.remarks


def test_passwords_in_addresses_stand_nowhere(imported: Import) -> None:
    found = imported("cyclonedx", "cyclonedx/orchard.json")
    assert "apple9" not in found.text + "".join(map(str, found.problems))
    assert "https://example.org/cider" in found.text  # the rest of that reference does


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xef\xbb\xbf <?xml version='1.0'?><bom/>", "xml-form"),
        (b'{"bomFormat": "SPDX", "specVersion": "1.4"}', "not-cyclonedx"),
        (b'["CycloneDX"]', "not-cyclonedx"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.4", "components": [{"type": "library"}]}', "nothing-imported"),
    ],
)
def test_what_is_no_bill_of_services_is_an_error(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as error:
        import_system("cyclonedx", path)
    assert [problem.code for problem in error.value.problems] == [code]


def test_an_old_version_is_read_with_a_warning(tmp_path: Path) -> None:
    found = import_system("cyclonedx", bill(tmp_path, specVersion="1.2", services=[service("well")]))
    assert [problem.code for problem in found.problems] == ["old-version"]


def test_many_services_in_one_another_are_read(tmp_path: Path) -> None:
    inner: list[object] = []
    for n in range(40):  # deeper nesting is refused by the reader of JSON, at 100 levels
        inner = [service(f"s{n}", services=inner)]
    found = import_system("cyclonedx", bill(tmp_path, services=inner))
    assert len(found.system.components) == 40


# A real file.


def test_the_example_of_cyclonedx_has_six_services_one_program_and_six_needs(real_files: Path, tmp_path: Path) -> None:
    # Six services, one of them with the others in it, and the application that they are for; its need is one of the six.
    # Acme Inc provides the service with others in it, so no service is a third party's; S3 and Postgres name no provider.
    found = import_system("cyclonedx", real_files / "cyclonedx" / "saasbom-apigateway-microservices-datastores.json")
    assert [(own, each) for own in found.system.components for (each,) in needs(found, own)] == [
        ("API-Gateway", "Microservice-1"),
        ("API-Gateway", "Microservice-2"),
        ("API-Gateway", "Microservice-3"),
        ("Microservice-1", "Postgres"),
        ("Microservice-3", "S3"),
        ("Acme-Cloud-Example", "API-Gateway"),
    ]
    assert {component.kind for component in found.system.components.values()} == {"service"}
    assert (found.problems, len(found.system.components)) == ((), 7)
    path = tmp_path / "imported.yaml"
    path.write_text(found.text, "utf-8")
    assert check_file(path) == []
    estate = Estate(found.system)
    down = {estate.id_of(each) for each in estate.services if each in estate.down(estate.event_of("S3"))}
    assert down == {"S3", "Microservice-3", "API-Gateway", "Acme-Cloud-Example"}
