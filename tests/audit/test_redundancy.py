"""What backups share with what they back, proven, bypassed or only suspected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impactsim.audit import bypassed, redundancy, suspicion
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.files.reading import load_system, validate_system

SCENARIOS = Path(__file__).parents[2] / "scenarios"
NEVER = {"fails": {"probability": 0}}


def estate_of(components: dict[str, Any], **more: Any) -> Estate:
    data = {"impactsim": 1, "name": "By hand", "components": components, **more}
    system = validate_system(data).system
    assert system is not None
    return Estate(system)


def documented(name: str) -> Estate:
    return Estate(load_system(SCENARIOS / name / "system.yaml").system)


def found_in(estate: Estate, part: Any = redundancy) -> dict[str, Finding]:
    return {each.id: each for each in part.findings(estate, estate.services)}


def chance(probability: float) -> dict[str, Any]:
    return {"fails": {"probability": probability}}


# Two lines in one duct; a third by air. Nobody knows how often the mast falls.
LINES: dict[str, Any] = {
    "duct": {"kind": "connectivity", **chance(0.01)},
    "fibre": {"kind": "connectivity", "needs": ["duct"], **chance(0.02)},
    "copper": {"kind": "connectivity", "needs": ["duct"], **chance(0.05)},
    "shop": {"needs": [{"any_of": ["fibre", "copper"]}], **NEVER},
}
PEOPLE = {"people": {"count": 1000, "uses": {"shop": 0.4}}}


# Which redundancies there are.


def test_standby_groups_quorums_pools_and_copies_of_every_purpose_are_redundancies() -> None:
    estate = estate_of(
        {
            **{name: {"kind": "host"} for name in "abcd"},
            "web": {
                "needs": [
                    {"any_of": ["a", "b", "c"], "to": "start"},
                    {"at_least": 2, "of": ["a", "b", "c", "d"]},
                    {"pool": {"a": 1, "b": 2, "c": 0}, "demand": 2, "to": "repair"},
                    {"any_of": ["a", "b"], "impact": 0.5},
                ],
                "workarounds": [{"covers": 0.5, "needs": [{"any_of": ["c", "d"]}]}],
            },
            "files": {
                "kind": "data",
                "copies": [{"at": "a", "restore": "1h"}, {"at": "b", "restore": "1h"}, {"at": "a", "restore": "2h"}],
            },
        }
    )
    told = [
        (each.owner_id, each.form, "".join(map(estate.id_of, each.members)), each.to_lose, each.purpose)
        for each in redundancy.redundancies(estate)
    ]
    assert told == [
        ("web", "group", "abc", 3, "start"),
        ("web", "quorum", "abcd", 3, "stay_up"),
        ("web", "pool", "ab", 2, "repair"),
        ("web", "group", "ab", 2, "run"),
        ("files", "copies", "filesab", 3, "run"),
        ("web workaround 1", "group", "cd", 2, "run"),
    ]


def test_what_has_no_member_to_spare_is_no_redundancy() -> None:
    estate = estate_of(
        {
            "a": {"kind": "host"},
            "b": {"kind": "host"},
            "web": {
                "needs": [
                    "a",
                    {"all_of": ["a", "b"]},
                    {"at_least": 2, "of": ["a", "b"]},
                    {"any_of": ["a"]},
                    {"pool": {"a": 3}, "demand": 2},
                ]
            },
        }
    )
    assert redundancy.redundancies(estate) == []


# What they share.


def test_one_duct_under_both_lines_is_one_shared_dependency_with_paths_users_and_loss() -> None:
    found = found_in(estate_of(LINES, users=PEOPLE))
    assert list(found) == ["shared/shop/fibre+copper/duct"]
    finding = found["shared/shop/fibre+copper/duct"]
    assert finding.text == "duct alone takes down all of the standby group of shop: fibre and copper"
    assert finding.evidence[:2] == ("fibre needs duct", "copper needs duct")
    assert finding.events == ("duct",)
    assert finding.services == ("shop",)
    assert finding.users == pytest.approx(400.0)
    assert finding.lost_user_minutes == pytest.approx(400.0 * 0.01 * 365 * 1440)
    assert finding.severity is Severity.HIGH
    assert "copper" in finding.remedy
    assert "route" in finding.remedy


def test_figures_hold_the_exact_probability_against_what_independence_promises() -> None:
    figures = dict(found_in(estate_of(LINES, users=PEOPLE))["shared/shop/fibre+copper/duct"].figures)
    both = 0.01 + 0.99 * 0.02 * 0.05
    promised = (1 - 0.99 * 0.98) * (1 - 0.99 * 0.95)
    assert figures["all_down_low"] == pytest.approx(both, rel=1e-12)
    assert figures["if_independent"] == pytest.approx(promised, rel=1e-12)
    assert figures["times_as_likely"] == pytest.approx(both / promised, rel=1e-12)
    mean = ((1 - 0.99 * 0.98) + (1 - 0.99 * 0.95)) / 2
    assert figures["common_share"] == pytest.approx(0.01 / mean, rel=1e-9)


def test_independent_members_share_nothing() -> None:
    estate = estate_of({**LINES, "copper": {"kind": "connectivity"}})
    assert found_in(estate) == {}


def test_what_is_known_never_to_fail_is_not_shared() -> None:
    assert found_in(estate_of({**LINES, "duct": NEVER})) == {}


def test_half_of_the_users_make_it_critical() -> None:
    found = found_in(estate_of(LINES, users={"people": {"count": 1000, "uses": ["shop"]}}))
    assert [each.severity for each in found.values()] == [Severity.CRITICAL]


def test_a_common_cause_behind_both_is_named_as_what_strikes_them() -> None:
    lines = {**LINES, "copper": {"kind": "connectivity"}}
    estate = estate_of(lines, common_causes={"digger": {"strikes": {"duct": 0.5, "copper": 1}}})
    finding = found_in(estate)["shared/shop/fibre+copper/digger"]
    assert finding.evidence[:2] == ("fibre needs duct, which is struck by digger", "copper is struck by digger")
    assert finding.lost_user_minutes is None
    assert "out of the reach of digger" in finding.remedy


def test_a_standby_that_needs_the_primary_is_taken_down_with_it() -> None:
    estate = estate_of({**LINES, "duct": NEVER, "copper": {"kind": "connectivity", "needs": ["fibre"]}})
    finding = found_in(estate)["shared/shop/fibre+copper/fibre"]
    assert finding.text == "fibre takes copper down with it, and so all of the standby group of shop"
    assert finding.evidence[0] == "copper needs fibre"


def test_what_stands_behind_a_shared_dependency_is_one_too_and_the_evidence_says_so() -> None:
    estate = estate_of({**LINES, "duct": {"kind": "connectivity", "needs": ["street"]}, "street": {"kind": "road"}})
    found = found_in(estate)
    assert sorted(found) == ["shared/shop/fibre+copper/duct", "shared/shop/fibre+copper/street"]
    duct, street = (found[f"shared/shop/fibre+copper/{name}"] for name in ("duct", "street"))
    assert "duct goes down with street, which is a shared dependency itself" in duct.evidence
    assert not any("itself" in line for line in street.evidence)


def test_of_three_standbys_two_in_one_duct_make_a_shared_dependency_of_order_2() -> None:
    shop = {"needs": [{"any_of": ["fibre", "copper", "mast"]}], **NEVER}
    found = found_in(estate_of({**LINES, "mast": {"kind": "connectivity"}, "shop": shop}))
    assert list(found) == ["shared/shop/fibre+copper+mast/duct+mast"]
    finding = found["shared/shop/fibre+copper+mast/duct+mast"]
    assert finding.severity is Severity.HIGH  # all services are hit: critical, and one less for the second thing
    assert finding.lost_user_minutes is None  # nobody knows how often the mast falls


def test_a_quorum_is_lost_with_fewer_than_all_of_its_members() -> None:
    rooms = {"east": {"kind": "site"}, "west": {"kind": "site"}}
    nodes = {
        "n1": {"kind": "host", "at": "east"},
        "n2": {"kind": "host", "at": "east"},
        "n3": {"kind": "host", "at": "west"},
    }
    found = found_in(estate_of({**rooms, **nodes, "db": {"needs": [{"at_least": 2, "of": ["n1", "n2", "n3"]}]}}))
    assert list(found) == ["shared/db/n1+n2+n3/east"]
    text = "east alone takes down too much of the quorum of db (2 of 3): n1 and n2"
    assert found["shared/db/n1+n2+n3/east"].text == text


def test_owners_of_the_same_pair_make_one_finding_that_names_them() -> None:
    found = found_in(estate_of({**LINES, "office": {"needs": [{"any_of": ["copper", "fibre"]}]}}))
    assert list(found) == ["shared/shop/fibre+copper/duct"]
    assert "the same members (fibre and copper) back office as well" in found["shared/shop/fibre+copper/duct"].evidence


def test_more_than_five_shared_dependencies_end_in_one_finding_for_the_rest() -> None:
    chain: dict[str, Any] = {f"d{i}": {"needs": [f"d{i + 1}"], "kind": "connectivity"} for i in range(8)}
    chain["d8"] = {"kind": "connectivity"}
    found = found_in(estate_of({**LINES, **chain, "duct": {"needs": ["d0"], **NEVER}}))
    assert len(found) == 6
    rest = found["shared/shop/fibre+copper/more"]
    assert dict(rest.figures)["n_sets"] == 4
    assert rest.events == ("d5", "d6", "d7", "d8")  # the nearest to the shop are told first


def test_the_redundancy_of_a_workaround_counts_for_its_service() -> None:
    shop = {"workarounds": [{"covers": 0.5, "needs": [{"any_of": ["fibre", "copper"]}]}]}
    found = found_in(estate_of({**LINES, "shop": shop}))
    assert [(each.id, each.services) for each in found.values()] == [
        ("shared/shop-workaround-1/fibre+copper/duct", ("shop",))
    ]


def test_only_findings_that_hit_the_services_asked_about_are_told() -> None:
    estate = estate_of({**LINES, "other": {}})
    assert redundancy.findings(estate, [estate.names.index["other"]]) == []
    assert len(redundancy.findings(estate, [estate.names.index["shop"]])) == 1


def test_each_shared_dependency_takes_down_so_many_members_and_no_part_of_it_does() -> None:
    for path in sorted(SCENARIOS.glob("*/system.yaml")):
        estate = Estate(load_system(path).system)
        for each in redundancy.redundancies(estate):
            for events in redundancy.shared_events(estate, each):
                assert len(events) < each.to_lose
                assert len(estate.down(*events).intersection(each.members)) >= each.to_lose, (path, events)
                for event in events:
                    fewer = [other for other in events if other != event]
                    assert len(estate.down(*fewer).intersection(each.members)) < each.to_lose, (path, events)


# The documented outages.


def test_in_strasbourg_the_data_of_a_and_its_three_copies_lie_in_the_building_that_burnt() -> None:
    finding = found_in(documented("ovh-2021"))["shared/customer-a-data/customer-a-data+sbg2/sbg2"]
    assert finding.text == "sbg2 takes customer-a-data and every place of its copies down with it"
    assert finding.services == ("customer-a-site",)
    assert not any("customer-c" in each for each in found_in(documented("ovh-2021")))


def test_the_ground_fault_leaves_one_of_three_supplies_of_the_building_in_oregon() -> None:
    found = found_in(documented("cloudflare-2023"))
    finding = found["shared/ups-pdx04/utility-feed-1+utility-feed-2+generators/utility-feed-1+ground-fault"]
    assert "generators is struck by ground-fault" in finding.evidence
    assert found["shared/pdx04/power-path-a+power-path-b/switchboards-2024"].severity is Severity.CRITICAL


def test_the_three_site_cluster_is_bypassed_by_the_message_bus_in_one_site() -> None:
    found = found_in(documented("cloudflare-2023"), bypassed)
    assert list(found) == ["bypassed/ha-cluster/cluster-pdx04+cluster-site-b+cluster-site-c/servers-pdx04"]
    (finding,) = found.values()
    assert "api-oregon needs kafka needs servers-pdx04" in finding.evidence


def test_all_edge_sites_lean_on_the_backbone() -> None:
    found = found_in(documented("facebook-2021"))
    finding = found["shared/auth-dns/edge-1+edge-2+edge-3/backbone"]
    assert finding.severity is Severity.CRITICAL
    assert finding.users == 3.5e9
    assert "shared/backbone/remote-access+oob-access+onsite-console/backbone+door-override" in found


def test_every_way_to_call_112_needs_the_grid() -> None:
    found = found_in(documented("iberia-2025"))
    assert "emergency-112-pt" in found["shared/emergency-112-pt/mobile-meo+mobile-others-pt+fixed-pt/grid-pt"].services


def test_a_redundancy_whose_user_leans_on_a_member_directly_is_bypassed() -> None:
    estate = estate_of(
        {"a": {}, "b": {}, "db": {"kind": "data", "needs": [{"any_of": ["a", "b"]}]}, "shop": {"needs": ["db", "a"]}}
    )
    found = found_in(estate, bypassed)
    assert [(each.id, each.text) for each in found.values()] == [
        ("bypassed/db/a+b/a", "a takes down shop, although the standby group of db would survive it")
    ]


def test_what_stands_itself_where_the_member_stands_is_not_bypassed() -> None:
    components = {
        "east": {"kind": "site"},
        "a": {"at": "east"},
        "b": {},
        "db": {"kind": "data", "needs": [{"any_of": ["a", "b"]}]},
        "shop": {"needs": ["db"], "at": "east"},
    }
    assert found_in(estate_of(components), bypassed) == {}


# Suspicions.


def apart(**fields: Any) -> dict[str, Any]:
    """Two lines in ducts of their own."""
    return {
        "duct-1": {"kind": "connectivity", "operator": "A"},
        "duct-2": {"kind": "connectivity", "operator": "B"},
        "fibre": {"kind": "connectivity", "needs": ["duct-1"]},
        "copper": {"kind": "connectivity", "needs": ["duct-2"]},
        "shop": {"needs": [{"any_of": ["fibre", "copper"]}]},
        **fields,
    }


def test_members_with_operators_of_their_own_are_not_suspicious() -> None:
    assert found_in(estate_of(apart()), suspicion) == {}


def test_one_operator_on_the_way_down_from_both_is_suspicious() -> None:
    estate = estate_of(apart(**{"duct-2": {"kind": "connectivity", "operator": "A"}}))
    found = found_in(estate, suspicion)
    assert list(found) == ["suspicious/shop/fibre+copper"]
    finding = found["suspicious/shop/fibre+copper"]
    assert finding.text.endswith("A runs what fibre needs duct-1 and copper needs duct-2 cannot do without")
    assert finding.severity is Severity.LOW


def test_an_operator_behind_two_of_three_is_suspicious_for_a_quorum_and_not_for_a_group() -> None:
    lines = apart(
        **{"duct-2": {"kind": "connectivity", "operator": "A"}, "mast": {"kind": "connectivity", "operator": "C"}}
    )
    of = ["fibre", "copper", "mast"]
    assert found_in(estate_of({**lines, "shop": {"needs": [{"any_of": of}]}}), suspicion) == {}
    assert len(found_in(estate_of({**lines, "shop": {"needs": [{"at_least": 2, "of": of}]}}), suspicion)) == 1


def test_a_site_that_never_fails_behind_both_is_suspicious() -> None:
    hall = {"hall": {"kind": "site", **NEVER}}
    fibre, copper = ({"kind": "connectivity", "at": "hall", "needs": [duct]} for duct in ("duct-1", "duct-2"))
    found = found_in(estate_of({**hall, **apart(fibre=fibre, copper=copper)}), suspicion)
    text = found["suspicious/shop/fibre+copper"].text
    assert text.endswith("fibre and copper stand at hall, which is taken never to fail")


def test_one_kind_of_the_authors_own_below_both_is_suspicious() -> None:
    ducts = {"duct-1": {"kind": "duct", "operator": "A"}, "duct-2": {"kind": "duct", "operator": "B"}}
    found = found_in(estate_of(apart(**ducts)), suspicion)
    assert "duct is a kind of thing" in found["suspicious/shop/fibre+copper"].text


def test_a_member_of_which_nothing_is_known_is_suspicious() -> None:
    found = found_in(estate_of(apart(copper={"kind": "connectivity"})), suspicion)
    assert found["suspicious/shop/fibre+copper"].text.endswith("nothing is known of what copper stands on")


def test_what_is_proven_is_not_suspected() -> None:
    assert found_in(estate_of(LINES)) != {}
    assert found_in(estate_of(LINES), suspicion) == {}
