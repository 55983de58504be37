"""The graph of Terraform: resources are kept, everything between them is gone through, and every need is a guess."""

from __future__ import annotations

import pytest

from impactsim.importers.graphs.terraform_words import kind_of
from impactsim.problems import InvalidInput
from impactsim.workflow.imports import import_system

OLDER = "terraform/older.dot"


def needs(found) -> dict[str, list[str]]:
    return {
        own: [member for need in each.needs for member in need.members()]
        for own, each in found.system.components.items()
        if each.needs
    }


def test_resources_are_kept_and_what_stands_between_them_is_gone_through(imported):
    assert needs(imported("terraform", OLDER)) == {
        "orders": ["AWS", "inner"],  # through an output of the module net
        "web": ["AWS", "orders"],  # through a local
        "inner": ["AWS", "module.net.main"],
        "module.net.main": ["AWS"],
        "module.front.main": ["AWS", "inner"],  # through a variable and an output
    }


def test_bare_addresses_of_newer_versions_mean_the_same(imported):
    found = imported("terraform", "terraform/newer.dot")
    assert needs(found) == {
        "orders": ["AWS", "inner"],
        "web": ["AWS", "orders"],
        "inner": ["AWS", "main"],
        "main": ["AWS"],
    }


def test_types_give_kinds_and_names_are_addresses(imported):
    components = imported("terraform", OLDER).system.components
    assert {own: (each.kind, each.name) for own, each in components.items()} == {
        "orders": ("data", "aws_db_instance.orders"),
        "AWS": ("provider", None),
        "web": ("host", "aws_instance.web"),
        "inner": ("connectivity", "module.net.aws_subnet.inner"),
        "module.net.main": ("connectivity", "module.net.aws_vpc.main"),
        "module.front.main": ("load-balancer", "module.front.aws_lb.main"),
    }


def test_every_need_is_a_guess_and_that_is_said(imported):
    found = imported("terraform", OLDER)
    assert {need.confidence for each in found.system.components.values() for need in each.needs} == {"guessed"}
    assert any("every need here is a guess" in remark for remark in found.remarks)


def addresses(found) -> set[str]:
    return {each.origin[0].partition(": ")[2] for each in found.system.components.values()}


def test_what_is_left_out_is_counted_and_can_be_taken(imported):
    found = imported("terraform", OLDER)
    assert list(found.left_out.values()) == [2, 1, 8]  # a role and a password; an image; variables and the like
    more = imported("terraform", OLDER, data_sources=True, all_resources=True)
    extra = {"aws_iam_role.web", "random_password.orders", "data.aws_ami.debian"}
    assert addresses(more) - addresses(found) == extra
    assert list(more.left_out.values()) == [8]


def test_what_only_computes_has_no_third_party_behind_it(imported):
    components = imported("terraform", OLDER, all_resources=True).system.components
    assert components["random_password.orders"].needs == ()
    assert [need.members() for need in components["aws_iam_role.web"].needs] == [("AWS",)]


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("aws_db_instance", "data"),
        ("aws_s3_bucket", "data"),
        ("google_sql_database_instance", "data"),
        ("azurerm_cosmosdb_account", "data"),
        ("aws_elasticache_cluster", "data"),
        ("aws_lb", "load-balancer"),
        ("google_compute_forwarding_rule", "load-balancer"),
        ("aws_instance", "host"),
        ("azurerm_linux_virtual_machine", "host"),
        ("aws_ecs_cluster", "cluster"),
        ("google_container_cluster", "cluster"),
        ("aws_sqs_queue", "queue"),
        ("google_pubsub_topic", "queue"),
        ("aws_route53_record", "dns"),
        ("cloudflare_record", "dns"),
        ("aws_lambda_function", "service"),
        ("aws_nat_gateway", "connectivity"),
        ("aws_kms_key", "tool"),
        ("aws_lb_target_group_attachment", ""),
        ("aws_iam_role", ""),
        ("aws_security_group", ""),
        ("null_resource", ""),
    ],
)
def test_kinds_follow_from_types(type_, kind):
    assert kind_of(type_) == kind


def test_a_graph_without_resources_is_refused(tmp_path):
    (tmp_path / "x.dot").write_text('digraph { "[root] var.a" -> "[root] local.b (expand)" }')
    with pytest.raises(InvalidInput) as found:
        import_system("terraform", tmp_path / "x.dot")
    assert [problem.code for problem in found.value.problems] == ["no-resource"]


def test_helpers_in_a_circle_end(tmp_path):
    lines = [
        '"aws_instance.a" -> "local.x"',
        '"local.x" -> "local.y"',
        '"local.y" -> "local.x"',
        '"local.y" -> "aws_instance.b"',
    ]
    (tmp_path / "x.dot").write_text("digraph {" + ";".join(lines) + "}")
    assert needs(import_system("terraform", tmp_path / "x.dot"))["a"] == ["AWS", "b"]


def test_a_long_search_ends_with_a_warning(tmp_path, monkeypatch):
    monkeypatch.setattr("impactsim.importers.graphs.terraform._MOST_STEPS", 50)
    lines = [f'"aws_instance.i{i}" -> "module.m (close)"; "module.m (close)" -> "aws_instance.i{i}"' for i in range(20)]
    (tmp_path / "x.dot").write_text("digraph {" + ";".join(lines) + "}")
    assert [problem.code for problem in import_system("terraform", tmp_path / "x.dot").problems] == ["too-far"]


def test_two_configurations_are_refused(imported):
    with pytest.raises(InvalidInput, match="import each graph on its own"):
        imported("terraform", OLDER, "terraform/newer.dot")


@pytest.mark.parametrize("text", ['{"version": 4, "resources": []}', '\ufeff\n  {"format_version": "1.2"}'])
def test_a_state_or_a_plan_is_refused_and_the_graph_asked_for(tmp_path, text):
    path = tmp_path / "terraform.tfstate"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as error:
        import_system("terraform", path)
    (problem,) = error.value.problems
    assert (problem.code, problem.fault) == ("not-a-graph", "this is a state or a plan in JSON, not a graph")
    assert problem.remedy == "give what `terraform graph` prints"
