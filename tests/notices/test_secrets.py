"""Every name in a model is collected, with its place."""

from __future__ import annotations

from impactsim.model.system import System
from impactsim.notices.secrets import Secret, names_of

SYSTEM = System.model_validate(
    {
        "impactsim": 1,
        "name": "Shop of Rome",
        "crews": {"night-shift": 2},
        "components": {
            "checkout": {
                "name": "Checkout service",
                "public_name": {"en": "Online checkout", "it": "Cassa online"},
                "aliases": ["CHK", "kasse"],
                "at": "dc-east",
                "needs": ["isp-a"],
            },
            "isp-a": {
                "kind": "provider",
                "operator": "Acme Telecom GmbH & Co. KG",
                "source": "Contract 2026-14, see https://ops:key@www.acme.example:8443/sla?x=1.",
                "at": "dc-east",
            },
            "dc-east": {"kind": "site", "public_name": "Our hall", "name": "Via Roma 7"},
        },
        "common_causes": {"flood": {"strikes": {"dc-east": 1.0}, "name": "Flood of the river", "source": "survey"}},
        "users": {"retail": {"count": 10, "uses": ["checkout"], "name": "Retail customers", "source": "billing"}},
        "notices": {"public_words": ["retail"]},
    }
)


def test_every_name_of_a_model_is_collected_with_its_place_and_kind() -> None:
    component, site = "components.checkout", "components.dc-east"
    assert names_of(SYSTEM).secrets == (
        Secret("Shop of Rome", "system", "name"),
        Secret("night-shift", "crew", "crews.night-shift"),
        Secret("checkout", "component", component, is_public=True),
        Secret("Checkout service", "component", f"{component}.name", is_public=True),
        Secret("CHK", "component", f"{component}.aliases[0]", is_public=True),
        Secret("kasse", "component", f"{component}.aliases[1]", is_public=True),
        Secret("dc-east", "site", f"{component}.at"),
        Secret("isp-a", "component", "components.isp-a"),
        Secret("Acme Telecom GmbH & Co. KG", "operator", "components.isp-a.operator"),
        Secret("Acme Telecom", "operator", "components.isp-a.operator"),
        Secret(
            "Contract 2026-14, see https://ops:key@www.acme.example:8443/sla?x=1.", "source", "components.isp-a.source"
        ),
        Secret("www.acme.example", "source", "components.isp-a.source"),
        Secret("acme.example", "source", "components.isp-a.source"),
        Secret("dc-east", "site", "components.isp-a.at"),
        Secret("dc-east", "site", site),
        Secret("Via Roma 7", "site", f"{site}.name"),
        Secret("flood", "cause", "common_causes.flood"),
        Secret("Flood of the river", "cause", "common_causes.flood.name"),
        Secret("survey", "source", "common_causes.flood.source"),
        Secret("retail", "segment", "users.retail"),
        Secret("Retail customers", "segment", "users.retail.name"),
        Secret("billing", "source", "users.retail.source"),
    )


def test_public_names_stand_apart_one_for_each_language() -> None:
    names = names_of(SYSTEM)
    assert [(each.text, each.place) for each in names.public] == [
        ("Online checkout", "components.checkout.public_name.en"),
        ("Cassa online", "components.checkout.public_name.it"),
        ("Our hall", "components.dc-east.public_name"),
    ]
    assert names.public_words == ("retail",)


def test_a_site_never_counts_as_public_whatever_its_public_name() -> None:
    assert not any(secret.is_public for secret in names_of(SYSTEM).secrets if "dc-east" in secret.place)


def test_operators_are_known_without_their_legal_form() -> None:
    operators = [
        "Rete S.p.A.",
        "Fibre SAS",
        "株式会社アクメ",
        "アクメ㈱",
        "Công ty TNHH Sao Mai",
        "Ocean",
        "Big Cloud, Inc.",
    ]
    components = {f"c{number}": {"operator": operator} for number, operator in enumerate(operators)}
    names = names_of(System.model_validate({"impactsim": 1, "name": "x", "components": components}))
    short = {secret.text for secret in names.secrets if secret.kind == "operator"} - set(operators)
    assert short == {"Rete", "Fibre", "アクメ", "Sao Mai", "Big Cloud"}
