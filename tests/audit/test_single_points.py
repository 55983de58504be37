"""Single points of failure: each is there, with who is behind it, a true path and a remedy; nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity, severity_of_loss
from impactsim.audit.single_points import findings, listed, single_points_of
from impactsim.files.reading import load_system, validate_system

SCENARIOS = Path(__file__).parents[2] / "scenarios"
YEAR_MINUTES = 365 * 24 * 60


def estate_of(components: dict[str, Any], unknown: float = 0.0, **more: Any) -> Estate:
    return Estate(validate_system({"impactsim": 1, "name": "x", "components": components, **more}).system, unknown)


def found_in(estate: Estate, *services: str) -> dict[str, Finding]:
    asked = [estate.names.index[name] for name in services] or estate.services
    return {finding.id: finding for finding in findings(estate, asked)}


def documented(name: str) -> Estate:
    return Estate(load_system(SCENARIOS / name / "system.yaml").system)


# Two lines in one duct, and a database on one supply: 1,000 people shop, 100 of them also read the blog.
SHOP: dict[str, Any] = {
    "duct": {"kind": "duct", "fails": {"probability": 0.001}},
    "isp-a": {"kind": "connectivity", "needs": ["duct"]},
    "isp-b": {"kind": "connectivity", "needs": ["duct"]},
    "grid": {"kind": "power", "fails": {"per_year": 2}, "time_to_restore": "3h"},
    "db": {"kind": "data", "needs": ["grid"]},
    "shop": {"needs": ["db", {"any_of": ["isp-a", "isp-b"]}]},
    "blog": {"needs": [{"any_of": ["isp-a", "isp-b"]}]},
}
USERS = {"people": {"count": 1000, "uses": {"shop": 1.0, "blog": 0.1}}}


def test_all_that_a_service_cannot_do_without_is_found_and_no_backed_member() -> None:
    found = found_in(estate_of(SHOP, users=USERS))
    assert set(found) == {"single-point/duct", "single-point/grid", "single-point/db"}
    assert found["single-point/duct"].services == ("shop", "blog")
    assert found["single-point/db"].services == ("shop",)


def test_the_loss_is_probability_times_users_times_the_minutes_of_a_year() -> None:
    found = found_in(estate_of(SHOP, users=USERS))
    duct, grid = found["single-point/duct"], found["single-point/grid"]
    # Everybody shops, so that the tenth who read the blog are among them.
    assert duct.users == pytest.approx(1000)
    assert duct.lost_user_minutes == pytest.approx(0.001 * 1000 * YEAR_MINUTES)
    assert grid.lost_user_minutes == pytest.approx(2 * 180 * 1000)  # twice a year for three hours


def test_nobody_knows_the_loss_where_no_rate_is_given_until_one_is_assumed() -> None:
    assert found_in(estate_of(SHOP, users=USERS))["single-point/db"].lost_user_minutes is None
    assumed = found_in(estate_of(SHOP, unknown=0.01, users=USERS))["single-point/db"]
    assert assumed.lost_user_minutes == pytest.approx(0.01 * 1000 * YEAR_MINUTES)


def test_what_is_known_never_to_fail_is_no_single_point() -> None:
    safe = {**SHOP, "duct": {"kind": "duct", "fails": {"probability": 0}}}
    assert "single-point/duct" not in found_in(estate_of(safe))


def test_a_service_is_no_finding_about_itself_but_one_about_others() -> None:
    components = {"a": {"fails": {"probability": 0.5}}, "b": {"needs": ["a"]}}
    found = found_in(estate_of(components, users={"all": {"count": 10, "uses": {"a": 0.8, "b": 0.5}}}))
    assert list(found) == ["single-point/a"]
    assert found["single-point/a"].services == ("b",)
    assert found["single-point/a"].users == pytest.approx(5)  # those of b; those of a are its own


def test_only_services_that_were_asked_for_count() -> None:
    found = found_in(estate_of(SHOP, users=USERS), "blog")
    assert list(found) == ["single-point/duct"]
    assert found["single-point/duct"].services == ("blog",)
    assert found["single-point/duct"].users == pytest.approx(100)


def test_the_severity_is_that_of_the_users_behind_it() -> None:
    components = {"h": {"kind": "host"}, "a": {"needs": ["h"]}, "b": {}}

    def severity(share: float) -> Severity:
        uses = {"a": share, "b": 1.0}
        return found_in(estate_of(components, users={"u": {"count": 100, "uses": uses}}))["single-point/h"].severity

    assert [severity(share) for share in (0.05, 0.2, 0.6)] == [Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL]
    assert found_in(estate_of(components))["single-point/h"].severity == Severity.CRITICAL  # one of two services


# Evidence.


def test_a_path_through_a_redundancy_names_the_backup_and_why_it_is_no_help() -> None:
    evidence = found_in(estate_of(SHOP, users=USERS))["single-point/duct"].evidence
    assert "shop needs isp-a (or isp-b) needs duct" in evidence
    assert "isp-b needs duct" in evidence


def test_a_path_does_not_lead_through_a_need_that_is_still_met() -> None:
    components = {
        "x": {"kind": "host"},
        "c": {"kind": "tool", "needs": ["x"]},
        "d": {"kind": "tool"},
        "f": {"kind": "tool", "needs": ["x"]},
        "e": {"kind": "tool", "needs": ["f"]},
        "s": {"needs": [{"any_of": ["c", "d"]}, "e"]},
    }
    # By way of c it is shorter, but d is there in place of c.
    assert found_in(estate_of(components))["single-point/x"].evidence[0] == "s needs e needs f needs x"


def test_a_path_through_a_quorum_says_how_many_are_needed() -> None:
    components = {
        "rack": {"kind": "host"},
        **{name: {"kind": "host", "needs": ["rack"]} for name in ("n1", "n2")},
        "n3": {"kind": "host"},
        "s": {"needs": [{"at_least": 2, "of": ["n1", "n2", "n3"]}]},
    }
    assert found_in(estate_of(components))["single-point/rack"].evidence == (
        "s needs n1 (2 of 3) needs rack",
        "n2 needs rack",
    )


def test_things_in_series_name_each_other_and_what_is_apart_does_not() -> None:
    components = {
        "grid": {"kind": "power"},
        "ups": {"kind": "power", "needs": ["grid"]},
        "dns": {"kind": "provider"},
        "s": {"needs": ["ups", "dns"]},
    }
    found = found_in(estate_of(components))
    assert found["single-point/grid"].evidence[-1] == "goes with: ups; same services, in series"
    assert found["single-point/ups"].evidence[-1] == "goes with: grid; same services, in series"
    assert found["single-point/dns"].evidence == ("s needs dns",)


def test_of_many_services_three_paths_are_told_and_how_many_more_there_are() -> None:
    components: dict[str, Any] = {"h": {"kind": "host"}, **{f"s{i}": {"needs": ["h"]} for i in range(15)}}
    uses = {"s9": 0.5, "s3": 0.4, "s0": 0.1}
    finding = found_in(estate_of(components, users={"u": {"count": 10, "uses": uses}}))["single-point/h"]
    assert finding.evidence == ("s9 needs h", "s3 needs h", "s0 needs h", "and 12 more services")
    assert len(finding.services) == 15
    assert finding.text == "h alone takes down s0, s1, s2 and 12 more"


def test_beyond_a_thousand_findings_are_complete_but_for_their_paths() -> None:
    n = 1010
    hosts: dict[str, Any] = {f"h{i}": {"kind": "host"} for i in range(n)}
    services = {f"s{i}": {"needs": [f"h{i}"]} for i in range(n)}
    found = findings(estate := estate_of({**hosts, **services}), estate.services)
    assert {each.services for each in found} == {(f"s{i}",) for i in range(n)}
    assert [bool(each.evidence) for each in found] == [True] * 1000 + [False] * 10


# Common causes.


def test_a_common_cause_is_a_single_point_where_it_strikes_all_members() -> None:
    components = {
        "a": {"kind": "connectivity"},
        "b": {"kind": "connectivity"},
        "s": {"needs": [{"any_of": ["a", "b"]}]},
    }
    causes = {"digger": {"strikes": {"a": 1.0, "b": 0.8}, "fails": {"per_year": 1}, "time_to_restore": "6h"}}
    estate = estate_of(components, common_causes=causes, users={"u": {"count": 10, "uses": ["s"]}})
    found = found_in(estate)
    assert list(found) == ["single-point/digger"]
    finding = found["single-point/digger"]
    assert finding.lost_user_minutes == pytest.approx(360 * 10)
    assert finding.evidence[:2] == ("s needs a (or b), which digger strikes", "b, which digger strikes")
    assert "b 80%" in finding.evidence[2]
    assert finding.remedy == "separate what digger strikes: a and b"


def test_the_remedy_fits_the_kind_and_names_who_needs_it() -> None:
    components = {
        "grid": {"kind": "power"},
        "hall": {"kind": "site", "needs": ["grid"]},
        "cloud": {"kind": "provider"},
        "line": {"kind": "connectivity"},
        "s": {"at": "hall", "needs": ["cloud", "line"]},
    }
    remedies = {
        name.removeprefix("single-point/"): each.remedy for name, each in found_in(estate_of(components)).items()
    }
    assert remedies == {
        "grid": "give hall a second supply, a battery or a generator that does not need grid",
        "hall": "run s at a second site besides hall",
        "cloud": "give s a second provider besides cloud",
        "line": "give s a second line on another route than line",
    }


# Against what it is made of.


@pytest.mark.parametrize("name", ["facebook-2021", "cloudflare-2023", "ovh-2021", "aws-s3-2017", "teaching-shop"])
def test_it_finds_what_goes_down_when_each_event_happens_alone(name: str) -> None:
    estate = documented(name)
    asked = set(estate.services)
    expected = {}
    for event in range(estate.n_events):
        hit = sorted(asked & estate.down(event) - {event})
        if estate.chances[event].can_fail and hit:
            expected[event] = hit
    assert single_points_of(estate, estate.services) == expected


def test_without_users_the_share_of_the_services_is_lost() -> None:
    alone = documented("aws-s3-2017")
    assert alone.share_lost(alone.services[:2]) == pytest.approx(2 / 7)


# Documented outages: what the audit says of the system before the event.


def test_facebook_one_backbone_is_behind_every_product_and_no_edge_site_is() -> None:
    found = found_in(documented("facebook-2021"))
    backbone = found["single-point/backbone"]
    products = {"facebook", "instagram", "whatsapp", "messenger", "oculus", "any-product", "login-with-facebook"}
    assert set(backbone.services) == products
    assert backbone.severity == Severity.CRITICAL
    assert backbone.users == pytest.approx(3.5e9)
    assert "facebook needs data-centres needs backbone" in backbone.evidence
    # Three edge sites back one another; what took them down together was not one of them.
    assert not {f"single-point/edge-{i}" for i in (1, 2, 3)} & set(found)


def test_cloudflare_one_building_is_behind_what_had_no_second_place_and_not_behind_the_api() -> None:
    found = found_in(documented("cloudflare-2023"))
    pdx04 = found["single-point/pdx04"]
    assert set(pdx04.services) == {"analytics", "raw-logs", "stream-upload", "magic-wan-config"}
    assert "analytics needs clickhouse needs servers-pdx04 needs pdx04" in pdx04.evidence
    # The ground fault left one feed, so that it was not enough by itself; four switchboards were.
    assert "single-point/ground-fault" not in found
    assert set(found["single-point/switchboards-2024"].services) == set(pdx04.services)
    # The message bus was the quiet link of the API; Europe stands behind it all the same.
    assert found["single-point/kafka"].services == ("raw-logs",)


def test_ovh_a_customer_in_one_building_hangs_on_it_and_the_hosting_as_a_whole_on_none() -> None:
    found = found_in(documented("ovh-2021"))
    assert found["single-point/sbg2"].services == ("customer-a-site",)
    assert found["single-point/site-20kv"].services == ("customer-a-site",)
    assert not any("strasbourg-hosting" in each.services for each in found.values())
    assert "single-point/net-room-a" not in found  # the other network room takes over


def test_s3_the_index_is_behind_all_but_machines_that_run_already() -> None:
    found = found_in(documented("aws-s3-2017"))
    hit = {"s3-get-list-delete", "s3-put", "s3-console", "ec2-launch", "ebs-from-snapshot", "lambda"}
    assert set(found["single-point/index"].services) == set(found["single-point/index-servers"].services) == hit
    assert found["single-point/index"].severity == severity_of_loss(6 / 7)
    assert found["single-point/placement"].services == ("s3-put",)


def test_a_list_of_names_is_cut_where_that_is_shorter() -> None:
    assert listed([]) == ""
    assert listed(["a", "b", "c", "d"]) == "a, b, c and d"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
