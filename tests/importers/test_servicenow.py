"""ServiceNow: which end of a relation fails with the other, who is meant by a name, and what is no need at all."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.importers.tables.servicenow_words import KNOWN, kind_of, relation
from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

LISTS = ("servicenow/cis.csv", "servicenow/relations.csv")
BY_SYS_ID = ("servicenow/cis_sys_ids.csv", "servicenow/relations_sys_ids.csv")
CIS = (
    "name,sys_class_name\nshop,Application Service\napp,Application\nsrv,Linux Server\nsrv2,Linux Server\n"
    "rack,Rack\nfarm,Windows Cluster\nups,UPS\nvm,cmdb_ci_vm_instance\n"
)


@pytest.fixture
def found(imported):
    return imported("servicenow", *LISTS)


@pytest.fixture
def related(tmp_path):
    """Import a list of CIs with relations, a line each: parent, type, child."""

    def of(*relations: str, cis: str = CIS, header: str = "parent,type,child", **settings: Any):
        (tmp_path / "cis.csv").write_text(cis, encoding="utf-8")
        (tmp_path / "rels.csv").write_text("\n".join([header, *relations]) + "\n", encoding="utf-8")
        return import_system("servicenow", tmp_path / "cis.csv", tmp_path / "rels.csv", **settings)

    return of


def needs(found, owner: str) -> list[Any]:
    """Return the needs of a component without their origins."""
    listed = found.data["components"][owner].get("needs", [])
    return [{key: value for key, value in need.items() if key != "origin"} for need in listed]


def codes(found) -> list[str]:
    return [problem.code for problem in found.problems]


# Relations.


@pytest.mark.parametrize(
    "type_",
    [
        "Depends on::Used by",
        "Uses::Used by",
        "Runs on::Runs",
        "Hosted on::Hosts",
        "Connects to::Connected by",
        "Powered by::Powers",
        "Virtualized by::Virtualizes",
        "depends ON :: used by",
        "Depends on",
    ],
)
def test_the_parent_needs_the_child(related, type_):
    found = related(f"app,{type_},srv")
    assert (needs(found, "app"), needs(found, "srv")) == ([{"component": "srv"}], [])


@pytest.mark.parametrize(
    "type_", ["Used by::Depends on", "Runs::Runs on", "Powers::Powered by", "Provides storage for::Stored on"]
)
def test_a_type_the_other_way_round_turns_the_need(related, type_):
    found = related(f"app,{type_},srv")
    assert (needs(found, "app"), needs(found, "srv")) == ([], [{"component": "app"}])


def test_what_a_rack_contains_stands_in_it(related):
    found = related("rack,Contains::Contained by,srv")
    assert found.system.components["srv"].at == "rack"
    assert found.system.components["rack"].needs == ()


def test_what_a_host_contains_needs_the_host(related):
    assert needs(related("srv,Contains::Contained by,vm"), "vm") == [{"component": "srv"}]


def test_a_service_needs_what_it_contains(related):
    assert needs(related("shop,Contains::Contained by,app"), "shop") == [{"component": "app"}]


def test_contained_by_is_contains_the_other_way_round(related):
    assert related("srv,Contained by::Contains,rack").system.components["srv"].at == "rack"


def test_who_falls_with_whom_is_not_guessed_where_the_classes_do_not_say_it(found):
    (problem,) = (problem for problem in found.problems if problem.code == "contains-unclear")
    assert problem.line == 10
    assert needs(found, "Permits") == [{"component": "permits-app"}, {"component": "crm-unclear"}]


def test_located_in_is_a_place_if_the_child_is_one(related):
    found = related("srv,Located in::Houses,rack", "app,Located in::Houses,srv")
    assert found.system.components["srv"].at == "rack"
    assert needs(found, "app") == [{"component": "srv"}]


def test_a_cluster_needs_one_of_its_members_which_is_a_guess_and_told(related):
    found = related("farm,Members::Member of,srv", "farm,Members::Member of,srv2")
    assert needs(found, "farm") == [{"at_least": 1, "of": ["srv", "srv2"], "confidence": "guessed"}]
    assert any("clusters: 1; each is taken to need 1" in remark for remark in found.remarks)


@pytest.mark.parametrize(("needed", "k"), [("1", 1), ("2", 2), ("9", 3), ("all", 3), ("all-but-one", 2)])
def test_people_say_how_many_members_are_needed(related, needed, k):
    relations = [f"farm,Members::Member of,{member}" for member in ("srv", "srv2", "vm")]
    (need,) = needs(related(*relations, members_needed=needed), "farm")
    assert (need["at_least"], need["of"]) == (k, ["srv", "srv2", "vm"])


@pytest.mark.parametrize("needed", ["0", "half", "-1", "1.5"])
def test_another_number_of_members_is_refused(related, needed):
    with pytest.raises(InvalidInput) as caught:
        related("farm,Members::Member of,srv", members_needed=needed)
    assert "members-needed" in [problem.code for problem in caught.value.problems]


def test_the_cluster_is_the_end_that_is_one_whichever_end_it_is(related):
    """Of a node, `Cluster of::Cluster` has the node as its parent; of Kubernetes, the cluster."""
    found = related("srv,Cluster of::Cluster,farm", "farm,Cluster of::Cluster,srv2", "vm,Member of::Members,farm")
    assert [need["of"] for need in needs(found, "farm")] == [["srv", "srv2", "vm"]]


def test_data_flows_are_kept_without_effect_as_a_guess(related):
    found = related("app,Sends data to::Receives data from,shop")
    assert needs(found, "shop") == [{"component": "app", "impact": 0, "confidence": "guessed"}]
    assert needs(found, "app") == []
    assert any("fill in impact and holdover" in remark for remark in found.remarks)


def test_the_receiver_may_be_the_parent_as_well(related):
    assert needs(related("shop,Receives data from::Sends data to,app"), "shop")[0]["component"] == "app"


@pytest.mark.parametrize("first", [0, 1])
def test_a_need_that_is_declared_counts_before_a_flow_of_data(related, first):
    relations = ("app,Sends data to::Receives data from,shop", "shop,Depends on::Used by,app")
    assert needs(related(relations[first], relations[1 - first]), "shop") == [{"component": "app"}]


@pytest.mark.parametrize("type_", ["Exchanges data with::Exchanges data with", "Owned by::Owns", "Managed by::Manages"])
def test_some_types_say_nothing_of_failures(related, type_):
    found = related("shop,Depends on::Used by,app", f"app,{type_},srv")
    assert (needs(found, "app"), needs(found, "srv")) == ([], [])
    assert any(type_ in what for what in found.left_out)


def test_an_unknown_type_is_told_once_with_its_number_and_left_out(found):
    (problem,) = (problem for problem in found.problems if problem.code == "relation-type")
    assert (problem.line, "left out: 2" in problem.fault) == (16, True)


def test_a_mapping_says_what_a_type_means(related, tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text(
        "values:\n"
        "  type:\n"
        '    "Speist::Gespeist von": child needs parent\n'
        '    "Hängt ab von::Verwendet von": "Depends on::Used by"\n'
        '    "Schmückt::Geschmückt von": nothing\n',
        encoding="utf-8",
    )
    relations = (
        "ups,Speist::Gespeist von,srv",
        "app,Hängt ab von::Verwendet von,srv",
        "app,Schmückt::Geschmückt von,vm",
    )
    found = related(*relations, mapping=str(path))
    assert (needs(found, "srv"), needs(found, "app")) == ([{"component": "ups"}], [{"component": "srv"}])
    assert "relation-type" not in codes(found)


def test_columns_in_another_language_are_mapped(related, tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text(
        "nodes: {columns: {name: Objekt, class: Sorte}}\nedges: {columns: {parent: Oben, child: Unten, type: Wie}}\n"
    )
    cis = "Objekt,Sorte\napp,Application\nsrv,Linux Server\n"
    found = related("app,Runs on::Runs,srv", cis=cis, header="Oben,Wie,Unten", mapping=str(path))
    assert needs(found, "app") == [{"component": "srv"}]


def test_headers_may_be_labels_or_names_in_any_case(related):
    found = related("srv,Runs on::Runs,ups", cis="Name,Class\nsrv,Linux Server\nups,UPS\n", header="Parent,Type,Child")
    assert needs(found, "srv") == [{"component": "ups"}]


def test_no_pair_of_words_means_two_things():
    reversed_ = {"::".join(reversed(type_.split("::"))) for type_ in KNOWN}
    assert relation("Depends on::Used by") in KNOWN
    assert all(KNOWN[type_][0] == KNOWN["::".join(reversed(type_.split("::")))][0] for type_ in KNOWN)
    assert reversed_ == set(KNOWN)


# Items.


def test_retired_and_non_operational_items_are_left_out_with_their_relations(found):
    assert not {"srv09", "srv10"} & set(found.data["components"])
    assert found.left_out["CIs that are retired"] == 2
    assert found.left_out["CIs that are non-operational"] == 1
    assert found.left_out["relations with a CI that is left out"] == 1


def test_only_what_is_clear_is_said_of_how_critical_a_service_is(found):
    critical = {name: component.critical for name, component in found.system.components.items()}
    assert {name: said for name, said in critical.items() if said is not None} == {"Permits": True, "Intranet": False}


def test_locations_are_sites_and_a_rack_stands_between(found):
    components = found.system.components
    assert (components["Town-Hall"].kind, components["Permits"].at) == ("site", "Town-Hall")
    assert (components["srv01"].at, components["Rack-4"].at) == ("Rack-4", "Town-Hall")
    assert needs(found, "srv01") == [{"component": "ups-a"}]


def test_a_location_other_than_that_of_the_rack_is_needed_as_well(related):
    cis = "name,sys_class_name,location\nsrv,Linux Server,Depot\nrack,Rack,Town Hall\n"
    found = related("rack,Contains::Contained by,srv", cis=cis)
    assert found.system.components["srv"].at == "rack"
    assert needs(found, "srv") == [{"component": "Depot"}]


def test_a_location_that_is_an_item_is_that_item(related):
    cis = "name,sys_class_name,location\nsrv,Linux Server,Town Hall\nTown Hall,Data Center,Town Hall\n"
    found = related("srv,Depends on::Used by,Town Hall", cis=cis)
    assert list(found.data["components"]) == ["srv", "Town-Hall"]


def test_racks_that_contain_each_other_do_not_make_the_import_endless(related):
    cis = "name,sys_class_name,location\na,Rack,x\nb,Rack,y\n"
    found = related("a,Contains::Contained by,b", "b,Contains::Contained by,a", cis=cis)
    assert (found.system.components["a"].at, found.system.components["b"].at) == ("b", "a")


def test_a_name_of_several_items_is_kept_as_unclear_and_told(found):
    (problem,) = (problem for problem in found.problems if problem.code == "name-clash")
    assert (problem.line, problem.file.endswith("relations.csv")) == (19, True)
    assert found.system.components["crm-unclear"].kind == "unknown"


def test_the_class_of_an_end_tells_which_of_several_is_meant(related):
    cis = "name,sys_class_name\ncrm,Application\ncrm,Linux Server\n"
    header = "parent,parent.sys_class_name,type,child,child.sys_class_name"
    found = related("crm,Application,Runs on::Runs,crm,Linux Server", cis=cis, header=header)
    assert needs(found, "Application.crm") == [{"component": "Linux-Server.crm"}]


def test_a_sys_id_tells_which_of_several_is_meant(imported):
    found = imported("servicenow", *BY_SYS_ID)
    assert needs(found, "cmdb_ci_appl.crm") == [{"component": "cmdb_ci_server.crm"}]
    assert found.left_out["relations with a CI that is left out"] == 1


def test_a_type_by_its_sys_id_is_told_with_the_remedy(imported):
    (problem,) = imported("servicenow", *BY_SYS_ID).problems
    assert (problem.code, problem.line) == ("relation-type", 4)
    assert "type.name" in problem.remedy


def test_two_items_that_nothing_tells_apart_are_told(related):
    found = related("a,Depends on::Used by,b", cis="name,sys_class_name\na,Server\na,Server\nb,Server\n")
    assert codes(found) == ["name-clash"]
    assert list(found.data["components"]) == ["a", "b"]


def test_what_no_list_describes_is_kept_as_unknown(found):
    (problem,) = (problem for problem in found.problems if problem.code == "dangling")
    assert (problem.line, found.system.components["srv03"].confidence) == (20, "guessed")


def test_relations_alone_make_services_that_are_guesses(imported):
    found = imported("servicenow", "servicenow/relations.csv")
    assert {component.confidence for component in found.system.components.values()} == {"guessed"}
    assert "dangling" not in codes(found)
    assert any("no list describes CIs" in remark for remark in found.remarks)


@pytest.mark.parametrize(
    ("class_", "kind"),
    [
        ("cmdb_ci_service_auto", "service"),
        ("Business Service", "service"),
        ("cmdb_ci_app_server_tomcat", "service"),
        ("cmdb_ci_win_server", "host"),
        ("Linux Server", "host"),
        ("cmdb_ci_vm_instance", "host"),
        ("cmdb_ci_cluster_node", "host"),
        ("cmdb_ci_vcenter_cluster", "cluster"),
        ("cmdb_ci_ups", "power"),
        ("PDU", "power"),
        ("cmdb_ci_ip_network", "connectivity"),
        ("cmdb_ci_netgear", "connectivity"),
        ("cmdb_ci_lb_bigip", "connectivity"),
        ("cmdb_ci_datacenter", "site"),
        ("Rack", "site"),
        ("cmdb_ci_db_ora_instance", "data"),
        ("cmdb_ci_storage_volume", "data"),
        ("User Group", None),
        ("cmdb_ci_printer", None),
    ],
)
def test_classes_have_kinds_by_table_and_by_label(class_, kind):
    assert kind_of(class_) == kind


def test_a_mapping_says_the_kind_of_a_class(related, tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text("values: {class: {Application: tool, u_lift: Linux Server}}\n")
    found = related(
        "app,Runs on::Runs,lift", cis="name,sys_class_name\napp,Application\nlift,u_lift\n", mapping=str(path)
    )
    assert [component.kind for component in found.system.components.values()] == ["tool", "host"]
