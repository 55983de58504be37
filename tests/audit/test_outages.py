"""On the documented outages of scenarios/ the audit of the system before the event names the shared dependency that the post-mortem named.

Nothing has failed yet in what is audited. What each README says of the event is in the name of its test and in the comments.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from impactsim.audit.facts import AuditFacts
from impactsim.audit.findings import Finding
from impactsim.audit.whole import audit
from impactsim.files.reading import load_system

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@cache
def audit_of(name: str) -> AuditFacts:
    return audit(load_system(SCENARIOS / name / "system.yaml").system)


def findings(name: str, kind: str, *events: str, about: str = "") -> list[Finding]:
    """Return the findings of a kind about just these failures; of the redundancy, repair or channel `about`."""
    return [
        each
        for each in audit_of(name).findings
        if each.kind == kind and set(each.events) == set(events) and (not about or each.id.split("/")[1] == about)
    ]


def one(name: str, kind: str, *events: str, about: str = "") -> Finding:
    (finding,) = findings(name, kind, *events, about=about)
    return finding


def cut_sets(name: str, service: str) -> set[frozenset[str]]:
    return {frozenset(each.events) for each in audit_of(name).services[service].cut_sets}


# Facebook, October 2021: one backbone under the edges, the names, every remote way in, and the doors.

PRODUCTS = {"facebook", "instagram", "whatsapp", "messenger", "oculus", "any-product", "login-with-facebook"}


def test_facebook_three_edge_sites_hang_on_one_backbone_and_so_do_all_products() -> None:
    edges = one("facebook-2021", "shared", "backbone", about="auth-dns")
    assert edges.id == "shared/auth-dns/edge-1+edge-2+edge-3/backbone"
    assert set(edges.services) == PRODUCTS
    assert set(one("facebook-2021", "single-point", "backbone").services) == PRODUCTS
    assert audit_of("facebook-2021").worst == "single-point/backbone"
    # The machines of the name service ran on: no edge site by itself takes anything down.
    for edge in ("edge-1", "edge-2", "edge-3"):
        assert findings("facebook-2021", "single-point", edge) == []


def test_facebook_the_repair_of_the_backbone_needs_the_backbone_but_for_people_at_the_machines() -> None:
    left = one("facebook-2021", "repair-one-way-left", "backbone", about="backbone")
    told = " ".join(left.evidence)
    assert "remote-access needs internal-network needs backbone" in told
    assert "oob-access needs backbone" in told  # out of band, on paper
    assert "badge-readers needs internal-network needs backbone" in told  # crews could not get in at first
    # What then decided was that the doors could be opened by hand.
    assert one("facebook-2021", "repair", "backbone", "door-override", about="backbone")
    assert "backbone" in one("facebook-2021", "channel-down", *STATUS_PAGE).events


STATUS_PAGE = ("backbone", "data-centres", "dns-servers", "auth-dns", "names")


# Cloudflare, November 2023: three sites and a quorum, and a message bus in one of them.


def test_cloudflare_the_message_bus_in_one_building_passes_by_the_cluster_in_three() -> None:
    (bypass,) = [each for each in audit_of("cloudflare-2023").findings if each.kind == "bypassed"]
    assert bypass.events == ("servers-pdx04",)
    assert bypass.id.startswith("bypassed/ha-cluster/")
    assert "api-oregon needs kafka needs servers-pdx04" in bypass.evidence
    # Nothing in the building takes down two of the three sites: the quorum is real.
    assert findings("cloudflare-2023", "shared", "servers-pdx04") == []
    assert not [each for each in audit_of("cloudflare-2023").findings if each.id.startswith("shared/ha-cluster")]


@pytest.mark.parametrize("event", ["pdx04", "servers-pdx04", "ups-pdx04", "switchboards-2024"])
def test_cloudflare_analytics_and_logs_hang_on_the_building_and_its_power(event: str) -> None:
    services = one("cloudflare-2023", "single-point", event).services
    assert set(services) == {"analytics", "raw-logs", "stream-upload", "magic-wan-config"}  # not the edge, not the API


def test_cloudflare_one_ground_fault_takes_the_second_feed_with_all_generators() -> None:
    feeds = one("cloudflare-2023", "shared", "utility-feed-1", "ground-fault", about="ups-pdx04")
    assert feeds.id.startswith("shared/ups-pdx04/utility-feed-1+utility-feed-2+generators/")
    assert {"analytics", "raw-logs"} <= set(feeds.services)
    # In 2024: primary and redundant path of the switchboards together.
    assert one("cloudflare-2023", "shared", "switchboards-2024", about="pdx04")


def test_cloudflare_the_doors_need_the_power_whose_repair_needs_the_doors() -> None:
    left = one("cloudflare-2023", "repair-one-way-left", "utility-feed-1", "ground-fault")
    told = " ".join(left.evidence)
    assert "access-control" in told
    assert "forced-entry stays" in told


# OVHcloud, March 2021: copies and machines believed apart, and buildings with shared power and network.


def test_ovh_all_copies_of_customer_a_lie_where_the_server_stands() -> None:
    copies = one("ovh-2021", "shared", "sbg2", about="customer-a-data")
    assert copies.services == ("customer-a-site",)
    assert one("ovh-2021", "shared", "site-20kv", about="customer-a-data")
    assert "customer-a-site" in one("ovh-2021", "single-point", "sbg2").services
    # Customer C has a copy in another region: nothing takes both.
    assert not [each for each in audit_of("ovh-2021").findings if each.id.startswith("shared/customer-c-data")]


def test_ovh_two_machines_believed_apart_are_worth_a_question() -> None:
    # Customer B's two machines were both in SBG2; that is in the model as the place of the copy, and where the first one stands
    # is what nobody had written down.
    suspected = [each for each in audit_of("ovh-2021").findings if each.id.startswith("suspicious/customer-b-data/")]
    assert [set(each.events) for each in suspected] == [{"customer-b-data", "sbg2"}]
    assert "customer-b-site" in suspected[0].services


def test_ovh_four_buildings_share_two_supplies_and_two_network_rooms() -> None:
    # SBG3 and SBG4 did not burn and went dark all the same.
    for pair in (("net-room-a", "net-room-b"), ("power-240v", "net-room-b"), ("site-20kv", "net-room-a")):
        assert "strasbourg-hosting" in one("ovh-2021", "shared", *pair, about="strasbourg-hosting").services
    assert frozenset({"power-240v", "site-20kv"}) in cut_sets("ovh-2021", "strasbourg-hosting")


# Amazon S3, February 2017: a status page on the service that it tells of, and an index in front of everything.


def test_s3_the_status_page_is_edited_with_s3_and_late_when_it_fails() -> None:
    late = one("aws-s3-2017", "channel-late", "index-servers", "index", "s3-get-list-delete")
    assert late.id == "channel-late/status-per-service"
    assert {"s3-get-list-delete", "s3-put", "s3-console"} <= set(late.services)


def test_s3_the_two_parts_of_the_index_stop_with_the_same_servers() -> None:
    parts = one("aws-s3-2017", "shared", "index-servers", about="index")
    assert parts.id == "shared/index/index-first+index-rest/index-servers"
    assert set(parts.services) == {
        "s3-get-list-delete",
        "s3-put",
        "s3-console",
        "ec2-launch",
        "ebs-from-snapshot",
        "lambda",
    }


def test_s3_placement_starts_after_the_whole_index() -> None:
    plan = audit_of("aws-s3-2017").restart
    assert plan is not None
    wave_of = {name: i for i, wave in enumerate(plan.waves) for name in wave.by_itself}
    assert wave_of["placement"] > max(wave_of["index-first"], wave_of["index-rest"])
    # The documented restarts: 198 minutes for the index, 36 for placement behind it.
    assert plan.takes_ms == (198 + 36) * 60_000
    assert [name for name, _ in plan.slowest[:2]] == ["placement", "index-rest"]


# GitLab, January 2017: five ways back on paper.


def test_gitlab_two_copies_are_on_paper_and_all_others_lie_in_one_place() -> None:
    paper = one("gitlab-2017", "copy-on-paper", "db-primary")
    assert paper.services == ("gitlab-com", "git-access")
    # Of five: the dumps and the snapshots of the cloud do not work; staging and the standby itself are left.
    assert dict(paper.figures) == {"copies": 5, "on_paper": 2, "places_left": 2}
    told = " ".join(paper.evidence)
    assert "dump-store" in told
    assert "azure-snapshots" in told


def test_gitlab_the_standby_is_a_copy_and_a_backup_at_once_and_nobody_knows_what_it_stands_on() -> None:
    # Standby and primary were emptied on one evening, by hand; what they share is written down nowhere.
    suspected = one("gitlab-2017", "suspicious", "db-primary", "db-standby", about="gitlab-com")
    assert suspected.services == ("gitlab-com", "git-access")
    assert frozenset({"db-primary", "db-standby"}) in cut_sets("gitlab-2017", "gitlab-com")


# Iberia, April 2025: one grid under every network, and batteries that only put it off.


def test_iberia_one_grid_takes_down_every_network_of_portugal_with_the_emergency_call() -> None:
    grid = one("iberia-2025", "single-point", "grid-pt")
    assert {"mobile-meo", "mobile-others-pt", "fixed-pt", "emergency-112-pt"} <= set(grid.services)
    assert audit_of("iberia-2025").worst == "single-point/grid-pt"
    for redundancy in ("emergency-112-pt", "mobile-others-pt", "warning-sms-pt"):
        assert one("iberia-2025", "shared", "grid-pt", about=redundancy)
    assert "grid-pt" in one("iberia-2025", "channel-down", "grid-pt", about="warning-sms-pt").events
    # Battery classes in Spain are no redundancy either: all of them are charged by one grid.
    assert one("iberia-2025", "shared", "grid-es", about="mobile-es")


def test_iberia_the_generators_of_the_core_did_not_help_sites_without_any() -> None:
    # MEO's core never went down; its sites did when their batteries were empty.
    core = one("iberia-2025", "bypassed", "grid-pt", about="meo-core")
    assert "mobile-meo needs meo-sites needs grid-pt" in core.evidence
    assert findings("iberia-2025", "shared", "grid-pt", about="meo-core") == []
