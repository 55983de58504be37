"""Manifests of a public demonstration shop: what a plain count of them says, and that no setting comes out of them."""

from __future__ import annotations

import re

import pytest
import yaml

SHOP = "online-boutique.yaml"
POLICIES = "online-boutique-network-policies.yaml"
MESH = "online-boutique-istio.yaml"

CALLS = {
    "frontend": {
        *("productcatalogservice", "currencyservice", "cartservice", "recommendationservice"),
        *("shippingservice", "checkoutservice", "adservice"),
    },
    "cartservice": {"redis-cart"},
    "checkoutservice": {
        *("productcatalogservice", "shippingservice", "paymentservice"),
        *("emailservice", "currencyservice", "cartservice"),
    },
    "recommendationservice": {"productcatalogservice"},
    "loadgenerator": {"frontend"},
}
"""Who calls whom in this shop: 16 calls, as its authors draw them in their README."""


@pytest.fixture
def shop(real_files, imported):
    """Import some of the three files."""
    return lambda *names, **settings: imported(
        "kubernetes", *(real_files / "kubernetes" / name for name in names), **settings
    )


def calls(found, to=None) -> dict[str, set[str]]:
    known = {name for name, each in found.system.components.items() if each.at == "cluster"}
    pairs = {
        (name, member)
        for name, each in found.system.components.items()
        for need in each.needs
        for member in need.members()
        if need.to == to and {name, member} <= known
    }
    return {owner: {member for name, member in pairs if name == owner} for owner, _ in pairs}


def test_there_are_twelve_workloads_and_the_services_called_like_them_are_the_same(shop):
    """12 Services: eleven are called like their workloads, one is the entry from outside; one workload has no Service."""
    found = shop(SHOP)
    workloads = [name for name, each in found.system.components.items() if each.at == "cluster"]
    assert len(workloads) == 12
    both = [name for name in workloads if len(found.system.components[name].origin) == 2]
    assert len(both) == 11
    assert set(workloads) - set(both) == {"loadgenerator"}
    assert [need.members() for need in found.system.components["frontend-external"].needs] == [("frontend",)]


def test_settings_name_all_sixteen_calls(shop):
    found = shop(SHOP)
    assert sum(map(len, CALLS.values())) == 16
    assert calls(found) == CALLS
    sure = {need.confidence for name in CALLS for need in found.system.components[name].needs}
    assert sure == {"guessed"}


def test_the_init_container_waits_for_the_frontend(shop):
    assert calls(shop(SHOP), to="start") == {"loadgenerator": {"frontend"}}


def test_a_service_that_is_named_and_not_there_is_something_unknown(shop):
    """The assistant is an option of the shop: its address stands in the settings, its manifest does not."""
    found = shop(SHOP)
    assert [(each.code, each.path) for each in found.problems] == [("dangling", ("shoppingassistantservice",))]
    assert found.system.components["shoppingassistantservice"].kind == "unknown"


def test_policies_allow_fifteen_calls_all_of_which_settings_name_as_well(shop, real_files):
    """13 policies; the first denies all, that of the frontend allows everybody, and nobody may call the load generator."""
    documents = yaml.safe_load_all((real_files / "kubernetes" / POLICIES).read_text(encoding="utf-8"))
    assert sum(each is not None for each in documents) == 13
    found = shop(SHOP, POLICIES)
    assert calls(found) == CALLS
    allowed = [
        need
        for each in found.system.components.values()
        for need in each.needs
        if any("NetworkPolicy" in origin for origin in need.origin)
    ]
    assert len(allowed) == 15
    assert [len(need.origin) for need in allowed] == [2] * 15
    without = {
        (name, need.members()[0])
        for name in CALLS
        for need in found.system.components[name].needs
        if need not in allowed and need.to is None
    }
    assert without == {("loadgenerator", "frontend"), ("frontend", "shoppingassistantservice")}


def test_hosts_outside_are_providers_that_nobody_is_known_to_need(shop):
    """2 ServiceEntries with 3 hosts."""
    found = shop(SHOP, MESH)
    providers = [name for name, each in found.system.components.items() if each.kind == "provider"]
    assert providers == ["accounts.google.com", "googleapis.com", "metadata.google.internal"]
    needed = {member for each in found.system.components.values() for need in each.needs for member in need.members()}
    assert needed.isdisjoint(providers)
    assert any("who uses the 3 hosts outside" in each for each in found.remarks)


def test_no_value_of_a_setting_comes_out(shop, real_files):
    documents = list(yaml.safe_load_all((real_files / "kubernetes" / SHOP).read_text(encoding="utf-8")))
    specs = [each["spec"]["template"]["spec"] for each in documents if each and each["kind"] == "Deployment"]
    containers = [each for spec in specs for each in (*spec["containers"], *spec.get("initContainers", ()))]
    values = {str(item["value"]) for each in containers for item in each.get("env", ()) if len(str(item["value"])) > 3}
    assert len(values) > 15  # most of them `host:port`
    found = shop(SHOP, POLICIES, MESH)
    text = re.sub(r"digest: .*", "", found.text)
    told = "\n".join((text, *map(str, found.problems), *found.remarks, *found.left_out))
    assert [value for value in sorted(values) if value in told] == []
