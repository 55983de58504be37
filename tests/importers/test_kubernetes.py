"""Manifests of Kubernetes as systems: what is declared, what is guessed, and what is said about it."""

from __future__ import annotations

import json
import time

import pytest

from impactsim.model.system import AnyOf, AtLeast, System
from impactsim.problems import InvalidInput

GUESSED = "guessed"


def needs(system: System, owner: str) -> list[tuple[tuple[str, ...], str | None, str]]:
    """Return members, purpose and confidence of the needs of a component."""
    component = system.components[owner]
    return [(need.members(), need.to, need.confidence or component.confidence) for need in component.needs]


def codes(found) -> list[str]:
    return [problem.code for problem in found.problems]


@pytest.fixture
def kubernetes(imported):
    """Import samples of ours, by their names."""
    return lambda *names, **settings: imported("kubernetes", *(f"kubernetes/{name}.yaml" for name in names), **settings)


@pytest.fixture
def written(tmp_path, imported):
    """Import a list of plain objects."""

    def of(objects: list[object], **settings: object):
        path = tmp_path / "list.json"
        path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}), encoding="utf-8")
        return imported("kubernetes", path, **settings)

    return of


def deployment(name: str, namespace: str = "default", **pod: object) -> dict[str, object]:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"image": "example/x"}], **pod}}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": {"template": template}}


def service(name: str, app: str, namespace: str = "default") -> dict[str, object]:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": {"app": app}}}


def test_an_ingress_needs_services_and_these_need_workloads_which_is_declared(kubernetes):
    system = kubernetes("shop").system
    assert needs(system, "ingress-desk") == [
        (("lending.desk",), None, "declared"),
        (("loans-public",), None, "declared"),
        (("ingress-class-traefik",), None, "declared"),
    ]
    assert needs(system, "loans-public") == [(("loans",), None, "declared")]


def test_a_service_that_is_called_as_its_workload_is_the_same_component(kubernetes):
    desk = kubernetes("shop").system.components["lending.desk"]
    assert desk.origin == ("shop.yaml: Deployment lending/desk", "shop.yaml: Service lending/desk")


def test_namespaces_tell_apart_what_is_called_the_same(kubernetes):
    found = kubernetes("shop")
    assert {"lending.desk", "other.desk"} <= set(found.system.components)


def test_a_service_that_chooses_nothing_here_is_told(kubernetes):
    """The Service in the other namespace has the same labels, but there is no workload in its namespace."""
    found = kubernetes("shop")
    assert [(each.code, each.path, each.line) for each in found.problems] == [("chooses-nothing", ("desk",), 26)]


def test_hosts_in_settings_are_guessed_needs_on_services_and_providers(kubernetes):
    system = kubernetes("shop").system
    assert needs(system, "lending.desk") == [
        (("loans-public",), None, GUESSED),
        (("api.payments-sample.io",), None, GUESSED),
    ]
    assert system.components["api.payments-sample.io"].kind == "provider"


@pytest.mark.parametrize("value", ["Tr0ub4dor", "secret-of-the-queue", "good-morning", "5672", "/v2", "PAYMENT_URL"])
def test_of_settings_only_hosts_are_kept(kubernetes, value):
    for name in ("shop", "settings"):
        found = kubernetes(name)
        said = [str(problem) for problem in found.problems]
        assert value not in "\n".join((found.text, *said, *found.remarks, *found.left_out))


def test_what_secrets_hold_is_not_looked_at(kubernetes):
    """The secret names the host `queue`, and only the init container does so besides: as a need to start."""
    system = kubernetes("settings").system
    assert [each for each in needs(system, "loans") if each[0] == ("queue",)] == [(("queue",), "start", GUESSED)]


def test_configuration_is_needed_to_start_and_what_is_optional_is_counted(kubernetes):
    found = kubernetes("settings")
    configuration = [name for name, each in found.system.components.items() if each.kind == "configuration"]
    assert configuration == ["config-loans", "secret-loans", "config-files", "secret-certificates"]
    declared = [members[0] for members, to, sure in needs(found.system, "loans") if (to, sure) == ("start", "declared")]
    assert declared == configuration
    assert found.left_out["configuration that is optional"] == 1


def test_settings_from_maps_and_from_other_settings_name_hosts(kubernetes):
    """STORE_HOST stands in the map, CATALOGUE_URL is made of EU_HOST; what is made of nothing known names nobody."""
    found = kubernetes("settings")
    to_run = [members[0] for members, to, sure in needs(found.system, "loans") if (to, sure) == (None, GUESSED)]
    assert to_run == ["store", "smtp.sample-mail.org", "catalogue", "pilot"]
    # The one from the secret; the one from the map is here.
    assert found.left_out["settings from secrets and from maps that are not here"] == 1


def test_a_name_for_something_outside_needs_a_provider(kubernetes):
    system = kubernetes("settings").system
    assert needs(system, "store") == [(("db.sample-cloud.com",), None, "declared")]
    assert system.components["db.sample-cloud.com"].kind == "provider"


def test_a_volume_claim_is_data(kubernetes):
    system = kubernetes("settings").system
    assert ((("volume-loans",), None, "declared")) in needs(system, "loans")
    assert system.components["volume-loans"].kind == "data"


def test_replicas_are_a_group_of_which_one_is_needed_as_a_guess(kubernetes):
    found = kubernetes("replicas")
    group = found.system.components["desk"].needs[0]
    assert isinstance(group, AtLeast)
    assert (group.at_least, group.of, group.confidence) == (1, ("desk-1", "desk-2", "desk-3"), GUESSED)
    again = kubernetes("replicas", replicas_needed=2).system.components["desk"].needs[0]
    assert isinstance(again, AtLeast)
    assert again.at_least == 2


@pytest.mark.parametrize(
    ("owner", "k", "n"),
    [
        ("store", 2, 3),  # 50% of 3 is rounded up
        ("reader", 2, 2),  # the autoscaler keeps 2, and none may be missing
    ],
)
def test_a_disruption_budget_is_taken_as_how_many_are_needed_which_is_a_guess(kubernetes, owner, k, n):
    found = kubernetes("replicas")
    group = found.system.components[owner].needs[0]
    assert isinstance(group, AtLeast)
    assert (group.at_least, len(group.of), group.confidence) == (k, n, GUESSED)
    assert any("(PodDisruptionBudget)" in each and "is a guess" in each for each in found.remarks)


@pytest.mark.parametrize(
    ("budget", "k"),
    [
        ({"minAvailable": 3}, 3),
        ({"minAvailable": "60%"}, 3),  # 2.4 of 4, rounded up
        ({"maxUnavailable": 1}, 3),
        ({"maxUnavailable": "30%"}, 2),  # 1.2 may be missing, which Kubernetes rounds up
    ],
)
def test_replicas_that_are_given_count_whatever_the_least_of_an_autoscaler_is(written, budget, k):
    desk = deployment("desk")
    desk["spec"]["replicas"] = 4
    scaler = {"scaleTargetRef": {"kind": "Deployment", "name": "desk"}, "minReplicas": 2}
    spared = {"selector": {"matchLabels": {"app": "desk"}}, **budget}
    objects = [
        desk,
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "desk"},
            "spec": scaler,
        },
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "desk"}, "spec": spared},
    ]
    group = written(objects).system.components["desk"].needs[0]
    assert isinstance(group, AtLeast)
    assert (group.at_least, len(group.of), group.confidence) == (k, 4, GUESSED)


def test_replicas_of_a_stateful_set_have_names_and_volumes_of_their_own(kubernetes):
    system = kubernetes("replicas").system
    assert needs(system, "store-2") == [(("data-store-2",), None, "declared")]
    # Both forms of the name of a pod: in its namespace, and whole.
    assert needs(system, "reader")[1:] == [(("store-0",), None, GUESSED), (("store-2",), None, GUESSED)]


def test_replicas_that_may_stand_together_are_told(kubernetes):
    """`desk` and `reader` do not say that their pods stand apart, `store` does; 21 replicas are no group."""
    remarks = kubernetes("replicas").remarks
    assert any("may all stand on one machine: 2;" in each for each in remarks)


def test_no_replicas_and_very_many_replicas_are_no_group(kubernetes):
    found = kubernetes("replicas")
    assert "asleep" not in found.system.components
    assert found.left_out["workloads with no replicas"] == 1
    assert "crowd-1" not in found.system.components
    assert found.system.components["crowd"].at == "cluster"


def test_who_may_call_whom_is_a_guess_of_who_does(kubernetes):
    system = kubernetes("policies").system
    callers = {name for name in system.components if (("loans",), None, GUESSED) in needs(system, name)}
    assert callers == {"desk", "kiosk", "bridge"}
    assert needs(system, "loans") == [(("mail",), None, GUESSED)]


def test_policies_can_be_left_aside(kubernetes):
    system = kubernetes("policies", without_policies=True).system
    assert [name for name, each in system.components.items() if each.needs] == []


def test_a_policy_that_allows_all_names_nobody(kubernetes):
    """The empty selector among the callers, and that of the second policy."""
    found = kubernetes("policies")
    assert found.left_out == {"selectors of policies that choose very many workloads, or all": 2}


def test_hosts_that_a_mesh_lets_through_are_providers_and_settings_say_who_uses_them(kubernetes):
    found = kubernetes("mesh")
    providers = [name for name, each in found.system.components.items() if each.kind == "provider"]
    assert providers == ["login.sample-id.com", "sample-cloud.com"]
    assert found.system.components["sample-cloud.com"].name == "*.sample-cloud.com"
    assert needs(found.system, "desk")[0] == (("sample-cloud.com",), None, GUESSED)
    assert any("who uses the 2 hosts outside" in each for each in found.remarks)


def test_a_service_of_another_namespace_that_is_not_here_is_something_unknown(kubernetes):
    found = kubernetes("mesh")
    assert needs(found.system, "route-desk") == [
        (("desk",), None, "declared"),
        (("ledger",), None, "declared"),
        (("front-door",), None, "declared"),
    ]
    assert needs(found.system, "desk")[1] == (("ledger",), None, GUESSED)
    assert [(each.code, each.path) for each in found.problems] == [
        ("dangling", ("ledger",)),
        ("dangling", ("front-door",)),
    ]


def test_kinds_that_are_not_known_are_counted_also_where_they_are_called_like_known_ones(kubernetes):
    """A Service of Knative is no Service."""
    left_out = kubernetes("mesh").left_out
    assert left_out["objects of kind Service"] == 1
    assert left_out["objects of kind ServiceAccount"] == 1


def test_a_zone_or_a_machine_that_is_named_is_where_it_stands(kubernetes):
    found = kubernetes("places")
    system = found.system
    assert (system.components["desk"].at, system.components["sample-1a"].kind) == ("sample-1a", "site")
    assert (system.components["probe"].at, system.components["node-7"].kind) == ("node-7", "host")
    assert needs(system, "desk") == [(("cluster",), None, GUESSED)]
    assert found.left_out["choices of machines by other labels"] == 1


def test_what_another_object_makes_is_counted_once(kubernetes):
    found = kubernetes("places")
    assert "desk-6d9f" not in found.system.components
    assert found.left_out["pods and sets of them that another object of these files makes"] == 1


def test_a_job_is_a_job_whatever_its_image(kubernetes):
    system = kubernetes("places").system
    assert system.components["nightly"].kind == "job"
    assert needs(system, "nightly") == [(("desk",), None, GUESSED)]


def test_a_service_of_several_workloads_needs_any_of_them(kubernetes):
    group = kubernetes("places").system.components["both"].needs[0]
    assert isinstance(group, AtLeast)
    assert (group.at_least, group.of, group.confidence) == (1, ("old", "new"), GUESSED)


def test_all_stands_on_one_cluster_which_is_a_guess(kubernetes):
    cluster = kubernetes("policies", cluster="west").system.components["west"]
    assert (cluster.kind, cluster.confidence) == ("host", GUESSED)
    assert "cluster" not in kubernetes("policies", cluster="").system.components


@pytest.mark.parametrize(("name", "line"), [("chart-template", 4), ("quoted-template", 5)])
def test_a_template_is_refused_and_its_remedy_named(kubernetes, name, line):
    with pytest.raises(InvalidInput) as error:
        kubernetes(name)
    assert [(each.code, each.line) for each in error.value.problems] == [("template", line)]
    assert "helm template" in error.value.problems[0].remedy


def test_braces_in_a_value_are_no_template(kubernetes):
    assert list(kubernetes("braces").system.components) == ["desk", "cluster"]


def test_what_is_not_as_kubernetes_writes_it_is_told_and_passed_over(kubernetes):
    found = kubernetes("odd")
    told = sorted((each.code, each.line) for each in found.problems)
    assert told == [
        ("no-name", 19),
        ("not-an-object", 38),
        ("not-an-object", 40),
        ("object-twice", 44),
        ("odd-value", 3),
        ("odd-value", 25),
    ]
    assert list(found.system.components) == ["12", "desk", "service-desk", "odd", "cluster"]


def test_few_needs_are_told_although_there_are_services_and_a_cluster(written):
    objects = [each for name in "abcd" for each in (deployment(name), service(f"{name}-public", name))]
    found = written(objects)
    assert codes(found) == ["no-needs"]
    assert "of 4 services 4 neither need another one to run" in str(found.problems[0])


def test_a_need_through_a_service_is_a_need_of_another_one(written):
    env = [{"name": "B_URL", "value": "http://b-public"}, {"name": "C_URL", "value": "http://c-public"}]
    caller = deployment("a", containers=[{"image": "example/x", "env": env}])
    objects = [caller, *(deployment(name) for name in "bc"), *(service(f"{name}-public", name) for name in "bc")]
    assert codes(written(objects)) == []


def test_the_namespace_of_what_names_none_can_be_said(written):
    workload = deployment("a")
    del workload["metadata"]["namespace"]  # type: ignore[attr-defined]
    assert written([workload], namespace="shop").system.components["a"].origin == ("list.json: Deployment shop/a",)


def test_the_same_files_give_the_same_bytes(kubernetes):
    assert kubernetes("settings").text == kubernetes("settings").text


@pytest.mark.parametrize("what", ["services", "policies", "settings"])
def test_time_grows_with_the_size_of_the_file(written, what):
    """All workloads have one label in common. Four times the size takes some four times as long, not sixteen times."""
    seconds = []
    for n in (300, 1_200):
        workloads = [deployment(f"w{i}") for i in range(n)]
        for each in workloads:
            each["spec"]["template"]["metadata"]["labels"]["all"] = "yes"  # type: ignore[index]
        selector = {"all": "yes"}
        metadata = {"apiVersion": "v1", "kind": "Service"}
        peers = [{"podSelector": {"matchLabels": selector}}]
        others: dict[str, list[object]] = {
            "services": [{**metadata, "metadata": {"name": f"s{i}"}, "spec": {"selector": selector}} for i in range(n)],
            "policies": [
                {
                    "apiVersion": "networking.k8s.io/v1",
                    "kind": "NetworkPolicy",
                    "metadata": {"name": f"p{i}"},
                    "spec": {"podSelector": {"matchLabels": selector}, "ingress": [{"from": peers}]},
                }
                for i in range(n)
            ],
            "settings": [
                {
                    "apiVersion": "v1",
                    "kind": "ConfigMap",
                    "metadata": {"name": "all"},
                    "data": {f"A{i}_URL": f"http://h{i}:1" for i in range(n)},
                }
            ],
        }
        if what == "settings":
            for each in workloads[:40]:
                container = each["spec"]["template"]["spec"]["containers"][0]  # type: ignore[index]
                container["envFrom"] = [{"configMapRef": {"name": "all"}}]
        start = time.process_time()
        written([*workloads, *others[what]])
        seconds.append(time.process_time() - start)
    assert seconds[1] < 9 * seconds[0] + 0.5


def test_addresses_that_are_numbers_make_no_need_and_are_counted(written):
    """The one in the settings of desk; what a machine calls itself is nobody else."""
    settings = [
        {"name": "API_URL", "value": "https://10.0.0.5:8443"},
        {"name": "OWN_URL", "value": "http://127.0.0.1:80"},
    ]
    found = written([deployment("desk", containers=[{"image": "example/x", "env": settings}])])
    assert needs(found.system, "desk") == []
    assert found.left_out["addresses that are numbers, in settings"] == 1
    assert "10.0.0.5" not in found.text


def test_a_list_of_hosts_in_one_setting_is_one_need_of_any_of_them(written):
    settings = [{"name": "KAFKA_BROKERS", "value": "k1:9092,k2:9092"}]
    desk = deployment("desk", containers=[{"image": "example/x", "env": settings}])
    found = written([desk, deployment("k1"), deployment("k2")])
    assert needs(found.system, "desk") == [(("k1", "k2"), None, GUESSED)]
    assert isinstance(found.system.components["desk"].needs[0], AnyOf)


def test_an_autoscaler_never_leaves_fewer_replicas_than_its_least(written):
    desk = deployment("desk")
    desk["spec"]["replicas"] = 1
    scaler = {"scaleTargetRef": {"kind": "Deployment", "name": "desk"}, "minReplicas": 3}
    scaled = {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "desk"},
        "spec": scaler,
    }
    (group,) = (need for need in written([desk, scaled]).system.components["desk"].needs if len(need.members()) > 1)
    assert len(group.members()) == 3
