from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agreement.random_systems import random_case
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.under_scenario import findings_under
from impactsim.files.reading import load_scenario, validate_scenario
from impactsim.model.system import AnyOf
from impactsim.workflow import run

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def under(
    components: dict[str, Any], events: list[dict[str, Any]], services: list[str] | None = None, **rest: Any
) -> dict[str, Finding]:
    """Return the findings of a scenario on a small system, by their ids."""
    of_system = {name: rest.pop(name) for name in ("common_causes", "users") if name in rest}
    system = {"impactsim": 1, "name": "A small system", "components": components, **of_system}
    loaded = validate_scenario({"impactsim": 1, "name": "A test", "system": system, "events": events, **rest})
    return by_id(Estate(loaded.system), loaded, services)


def by_id(estate: Estate, loaded: Any, services: list[str] | None = None) -> dict[str, Finding]:
    asked = estate.services if services is None else [estate.names.index[name] for name in services]
    found = findings_under(estate, loaded, asked)
    assert len({each.id for each in found}) == len(found)
    return {each.id: each for each in found}


def documented(path: str) -> dict[str, Finding]:
    loaded = load_scenario(SCENARIOS / path)
    return by_id(Estate(loaded.system), loaded)


def pair(**backup: Any) -> dict[str, Any]:
    return {
        "main": {"kind": "host"},
        "spare": {"kind": "host", **backup},
        "duct": {"kind": "connectivity"},
        "shop": {"needs": [{"any_of": ["main", "spare"], "to": "run"}]},
    }


# Standby groups.


def test_a_standby_that_is_there_when_it_is_needed_is_no_finding() -> None:
    assert under(pair(), [{"fail": "main", "at": "1h", "for": "1h"}]) == {}


def test_a_standby_that_failed_before_is_down_when_it_is_needed() -> None:
    events = [{"fail": "duct", "at": "1h", "for": "9h"}, {"fail": "main", "at": "2h", "for": "1h"}]
    (finding,) = under(pair(needs=["duct"]), events).values()
    assert finding.id == "backup-down/shop/main"
    assert finding.severity == Severity.HIGH
    assert finding.services == ("shop",)
    assert "spare is down from 1h to 10h: spare needs duct, which failed at 1h" in finding.evidence
    assert finding.remedy == "make spare independent of duct"
    assert finding.events == ("duct",)


def test_a_standby_that_is_back_before_it_is_needed_is_no_finding() -> None:
    events = [{"fail": "duct", "at": "1h", "for": "1h"}, {"fail": "main", "at": "2h", "for": "1h"}]
    assert under(pair(needs=["duct"]), events) == {}


def test_a_standby_that_goes_down_while_it_carries_is_found() -> None:
    events = [{"fail": "main", "at": "1h", "for": "9h"}, {"fail": "duct", "at": "2h", "for": "1h"}]
    (finding,) = under(pair(needs=["duct"]), events).values()
    assert "nothing else is left from 2h to 3h" in finding.evidence


def test_a_third_member_that_carries_without_a_gap_makes_it_medium() -> None:
    components = pair(needs=["duct"])
    components["third"] = {"kind": "host"}
    components["shop"]["needs"][0]["any_of"].append("third")
    events = [{"fail": "main", "at": 0, "for": "1h"}, {"fail": "duct", "at": 0, "for": "1h"}]
    (finding,) = under(components, events).values()
    assert finding.severity == Severity.MEDIUM
    assert finding.services == ()
    assert "third stays" in finding.evidence
    components["shop"]["needs"][0]["any_of"][-1] = {"use": "third", "failover": "5m"}
    (finding,) = under(components, events).values()
    assert finding.severity == Severity.HIGH  # five minutes of the shop


def test_a_third_member_that_is_not_needed_may_be_down() -> None:
    components = pair()
    components["third"] = {"kind": "host"}
    components["shop"]["needs"][0]["any_of"].append("third")
    assert under(components, [{"fail": ["main", "third"], "at": 0, "for": "1h"}]) == {}


def test_a_standby_that_does_not_start_is_no_backup() -> None:
    components = pair()
    components["shop"]["needs"][0]["any_of"][1] = {"use": "spare", "fails_to_start": 0.9}
    (finding,) = under(components, [{"fail": "main", "at": 0, "for": "1h"}]).values()
    assert "spare does not start when it is called (fails_to_start)" in finding.evidence


def test_what_is_lost_for_good_in_the_only_instant_of_a_run_counts() -> None:
    (finding,) = under(pair(), [{"fail": ["main", "spare"], "at": 0}]).values()
    assert finding.id == "backup-down/shop/main"
    assert "spare is down from the start to the end of the run: spare failed at the start" in finding.evidence


def test_a_common_cause_is_named() -> None:
    cause = {"cut": {"strikes": {"main": 1.0, "spare": 1.0}, "time_to_restore": "2h"}}
    (finding,) = under(pair(), [{"strike": "cut", "at": "1h"}], common_causes=cause).values()
    assert "spare is down from 1h to 3h: spare was struck by cut at 1h" in finding.evidence
    assert finding.remedy == "put spare out of reach of cut"


def test_redundancies_with_the_same_members_are_one_finding() -> None:
    components = pair()
    components["mail"] = {"needs": [{"any_of": ["main", "spare"], "to": "run"}]}
    (finding,) = under(components, [{"fail": ["main", "spare"], "at": 0, "for": "1h"}]).values()
    assert finding.services == ("shop", "mail")


def test_services_that_were_not_asked_about_are_left_out() -> None:
    components = {**pair(), "other": {}}
    events = [{"fail": ["main", "spare"], "at": 0, "for": "1h"}]
    assert under(components, events, services=["other"]) == {}


def down_at(levels: tuple[tuple[int, float], ...], at_ms: int) -> bool:
    return next(level for since_ms, level in reversed(levels) if since_ms <= at_ms) == 0.0


def test_on_random_scenarios_a_second_member_that_is_down_together_with_the_first_is_told() -> None:
    n_expected = 0
    for seed in range(150):
        system, scenario = random_case(seed)
        # A service that leans a little on all others, so that every redundancy concerns somebody.
        watch = {"needs": [{"component": name, "impact": 0.1} for name in system["components"]]}
        system = {**system, "components": {**system["components"], "watch": watch}}
        loaded = validate_scenario({**scenario, "system": system})
        components = run(loaded).facts.components
        estate = Estate(loaded.system)
        words = {each.text for each in findings_under(estate, loaded, estate.services) if each.kind == "backup-down"}
        for name, component in loaded.system.components.items():
            for need in component.needs:
                if not isinstance(need, AnyOf) or len(need.any_of) < 2 or need.to in {"start", "repair"}:
                    continue
                if any(member.fails_to_start > 0.0 for member in need.any_of):
                    continue
                first, second = (components[member].levels for member in need.members()[:2])
                times = [at_ms for at_ms, _ in (*first, *second)]
                together = any(down_at(first, at_ms) and down_at(second, at_ms) for at_ms in times)
                told = any(
                    need.members()[1] in text.split(" down while ")[0]
                    and name in text
                    and text.endswith(need.members()[0])
                    for text in words
                )
                n_expected += together
                assert told or not together, f"seed {seed}: {name}"
    assert n_expected > 30


# Quorums and pools.


@pytest.mark.parametrize(("k", "is_found"), [(2, False), (3, True)])
def test_a_quorum_is_a_finding_when_fewer_are_left_than_it_needs(k: int, is_found: bool) -> None:
    nodes = {f"n{i}": {"kind": "host"} for i in range(5)}
    components = {**nodes, "shop": {"needs": [{"at_least": k, "of": list(nodes)}]}}
    events = [{"fail": "n0", "at": 0, "for": "3h"}, {"fail": ["n1", "n2"], "at": "1h", "for": "1h"}]
    found = under(components, events)
    assert bool(found) is is_found
    if is_found:
        finding = found["backup-down/shop/n0"]
        assert "nothing else is left from 1h to 2h" in finding.evidence
        assert "shop needs 3 of 5" in finding.text


def test_a_quorum_of_all_is_no_redundancy() -> None:
    components = {"a": {"kind": "host"}, "b": {"kind": "host"}, "shop": {"needs": [{"at_least": 2, "of": ["a", "b"]}]}}
    assert under(components, [{"fail": "a", "at": 0, "for": "1h"}]) == {}


@pytest.mark.parametrize(("demand", "is_found"), [(100, True), (60, False), (160, False)])
def test_a_pool_counts_from_where_its_spare_capacity_ends(demand: int, is_found: bool) -> None:
    # Three times 60: of 100 one may fail, of 60 two, and of 160 none, so that its loss is no loss of a backup.
    nodes = {f"n{i}": {"kind": "host"} for i in range(3)}
    components = {**nodes, "shop": {"needs": [{"pool": dict.fromkeys(nodes, 60), "demand": demand}]}}
    assert bool(under(components, [{"fail": ["n0", "n1"], "at": 0, "for": "1h"}])) is is_found


# What is spent.


def test_fuel_that_ends_before_the_grid_is_back() -> None:
    components = {
        "grid": {"kind": "power"},
        "generator": {"kind": "power"},
        "shop": {"needs": [{"any_of": ["grid", {"use": "generator", "lasts": "12h"}]}]},
    }
    (finding,) = under(components, [{"fail": "grid", "at": 0, "for": "20h"}]).values()
    assert finding.id == "backup-spent/shop/grid"
    assert finding.text == "generator can carry shop no longer at 12h, after 12h, and grid is back at 20h"
    assert finding.severity == Severity.HIGH
    assert under(components, [{"fail": "grid", "at": 0, "for": "11h"}]) == {}
    assert under(components, [{"fail": "grid", "at": 0, "for": "12h"}]) == {}


def test_a_battery_that_ends_before_the_grid_is_back() -> None:
    components = {"grid": {"kind": "power"}, "shop": {"needs": [{"component": "grid", "holdover": "4h"}]}}
    (finding,) = under(components, [{"fail": "grid", "at": "1h", "for": "5h"}]).values()
    assert finding.text == "the holdover of shop is used up at 5h, and grid is back at 6h"
    assert under(components, [{"fail": "grid", "at": "1h", "for": "3h"}]) == {}


def test_a_battery_that_another_member_takes_over_from_is_not_spent() -> None:
    components = {
        "grid": {"kind": "power"},
        "generator": {"kind": "power"},
        "shop": {"needs": [{"any_of": ["grid", {"use": "generator", "failover": "1m"}], "holdover": "10m"}]},
    }
    assert under(components, [{"fail": "grid", "at": 0, "for": "5h"}]) == {}


# Workarounds.


def shop_with_telephone() -> dict[str, Any]:
    workaround = {"covers": 0.5, "after": "30m", "lasts": "4h", "needs": ["telephone"]}
    return {
        "payments": {"kind": "provider"},
        "exchange": {"kind": "telephony"},
        "telephone": {"kind": "channel", "needs": ["exchange"]},
        "shop": {"needs": ["payments"], "workarounds": [workaround]},
    }


def test_a_workaround_that_needs_what_failed_is_down_with_its_service() -> None:
    events = [{"fail": ["payments", "exchange"], "at": 0, "for": "2h"}]
    finding = under(shop_with_telephone(), events)["workaround-down/shop/1"]
    assert "workaround 1 of shop is down while shop is not up: from 30m to 2h" in finding.text
    assert any("telephone needs exchange, which failed at the start" in text for text in finding.evidence)


def test_a_workaround_is_not_missed_before_it_would_begin() -> None:
    events = [{"fail": "payments", "at": 0, "for": "2h"}, {"fail": "exchange", "at": 0, "for": "20m"}]
    assert "workaround-down/shop/1" not in under(shop_with_telephone(), events)


def test_a_workaround_that_ends_before_the_service_is_back_is_spent() -> None:
    found = under(shop_with_telephone(), [{"fail": "payments", "at": 0, "for": "6h"}])
    text = "workaround 1 of shop ends at 4h30m, after 4h, and shop is back at 6h"
    assert found["backup-spent/shop/workaround-1"].text == text
    assert under(shop_with_telephone(), [{"fail": "payments", "at": 0, "for": "4h"}]) == {}


# Copies and repairs.


def test_a_copy_in_a_place_that_is_down_is_passed_over() -> None:
    components = {
        "nas": {"kind": "host"},
        "vault": {"kind": "site"},
        "db": {
            "kind": "data",
            "copies": [{"at": "nas", "restore": "1h"}, {"at": "vault", "every": "24h", "restore": "3h"}],
        },
        "shop": {"needs": ["db"]},
    }
    events = [{"fail": "nas", "at": 0, "for": "9h"}, {"destroy": "db", "at": "1h"}]
    (finding,) = under(components, events).values()
    assert finding.id == "copy-down/db"
    assert finding.evidence == (
        "copy 1 at nas cannot be had from the start to 9h: nas failed at the start",
        "copy 2 at vault is taken, with the loss of 1d of data; restored at 4h",
    )
    assert under(components, [{"destroy": "db", "at": "1h"}]) == {}


def test_a_restore_that_waits_for_the_place_of_its_only_copy() -> None:
    components = {
        "nas": {"kind": "host"},
        "db": {"kind": "data", "copies": [{"at": "nas", "restore": "1h"}]},
        "shop": {"needs": ["db"]},
    }
    events = [{"fail": "nas", "at": 0, "for": "9h"}, {"destroy": "db", "at": "1h"}]
    (finding,) = under(components, events).values()
    assert finding.text == "the restore of db waits for its copy: from 1h to 9h"


def test_a_repair_that_waits_for_a_tool() -> None:
    components = {
        "badge": {"kind": "tool"},
        "host": {"kind": "host", "needs": [{"component": "badge", "to": "repair"}], "time_to_restore": "2h"},
        "shop": {"needs": ["host"]},
    }
    (finding,) = under(components, [{"fail": "badge", "at": 0, "for": "3h"}, {"fail": "host", "at": "1h"}]).values()
    assert finding.id == "repair-held-up/host/badge"
    assert finding.text == "the repair of host waits for badge: from 1h to 3h"
    assert under(components, [{"fail": "badge", "at": "4h", "for": "3h"}, {"fail": "host", "at": "1h"}]) == {}


def test_a_way_to_repair_is_needed_only_while_there_is_something_to_repair() -> None:
    components = {
        "vpn": {"kind": "tool"},
        "modem": {"kind": "tool"},
        "line": {
            "kind": "connectivity",
            "needs": [{"any_of": ["vpn", "modem"], "to": "repair"}],
            "time_to_restore": "2h",
        },
        "shop": {"needs": ["line"]},
    }
    assert under(components, [{"fail": ["vpn", "modem"], "at": 0, "for": "3h"}]) == {}
    # The other way is at hand at once, so that nobody loses anything by it.
    (finding,) = under(components, [{"fail": ["vpn", "line"], "at": 0}]).values()
    assert finding.id == "backup-down/line/vpn"
    assert finding.severity == Severity.MEDIUM


# Channels.


def test_a_channel_that_is_down_while_a_service_is_not_up() -> None:
    components = {
        "store": {"kind": "host"},
        "shop": {"needs": ["store"]},
        "page": {"kind": "channel", "needs": ["store"]},
    }
    (finding,) = under(components, [{"fail": "store", "at": "1h", "for": "1h"}]).values()
    assert finding.id == "channel-down-in-scenario/page"
    assert finding.severity == Severity.HIGH
    components["sms"] = {"kind": "channel"}
    (finding,) = under(components, [{"fail": "store", "at": "1h", "for": "1h"}]).values()
    assert finding.severity == Severity.LOW
    assert "sms stays" in finding.evidence


# The documented outages.


def test_facebook_2021_remote_and_out_of_band_access_are_down_when_the_repair_needs_them() -> None:
    found = documented("facebook-2021/1-october-2021.yaml")
    finding = found["backup-down/backbone/remote-access"]
    # "Remote access, the out-of-band network, chat, dashboards and door badges hung on the same network."
    assert finding.text == "remote-access and oob-access are down while the repair of backbone needs them"
    told = " | ".join(finding.evidence)
    assert "oob-access needs backbone, which failed at the start" in told
    assert "badge-readers needs internal-network needs backbone" in told
    # People had to drive to the buildings: work begins at +141 minutes.
    assert "the repair of backbone is held up from the start to 2h21m" in told
    assert finding.severity == Severity.HIGH


def test_facebook_2021_edge_sites_fall_together_names_live_five_minutes_and_the_status_page_is_silent() -> None:
    found = documented("facebook-2021/1-october-2021.yaml")
    assert "edge-2 and edge-3 are down" in found["backup-down/auth-dns/edge-1"].text
    assert "used up at 5m" in found["backup-spent/names/auth-dns"].text
    page = found["channel-down-in-scenario/status-page"]
    assert page.severity == Severity.LOW  # "other companies' networks stay up"
    assert "other-networks stays" in page.text


def test_facebook_2021_with_a_way_in_of_its_own_the_repair_is_not_held_up() -> None:
    finding = documented("facebook-2021/2-out-of-band-of-its-own.yaml")["backup-down/backbone/remote-access"]
    assert finding.severity == Severity.MEDIUM
    assert finding.text.startswith("remote-access is down")
    assert "oob-access stays" in finding.evidence


def test_ovh_2021_copies_in_the_building_that_burns() -> None:
    found = documented("ovh-2021/1-march-2021.yaml")
    # A bought the backup option: three copies, all in the building of the server. B's second machine stood there, too.
    assert (
        found["copy-down/customer-a-data"].text == "customer-a-data is lost for good: none of its 3 copies can be had"
    )
    assert all("sbg2 was destroyed at 1h30m" in text for text in found["copy-down/customer-a-data"].evidence)
    assert found["copy-down/customer-b-data"].text == "customer-b-data is lost for good: its only copy cannot be had"
    # C's copy lay in Roubaix.
    assert "copy-down/customer-c-data" not in found


def test_ovh_2021_no_building_can_do_without_both_network_rooms_and_repairs_wait_for_access() -> None:
    found = documented("ovh-2021/1-march-2021.yaml")
    # The electricity is off from +173 minutes; each room hangs on one of the two supplies.
    told = " | ".join(found["backup-down/racks-sbg1/net-room-a"].evidence)
    assert "net-room-a needs sbg1 needs power-240v, which failed at 2h53m" in told
    assert "net-room-b needs sbg5 needs site-20kv, which failed at 2h53m" in told
    # The site is released at +1058 minutes.
    held = found["repair-held-up/site-20kv/site-access"]
    assert "the repair of site-20kv is held up from 2h53m to 17h38m" in held.evidence


def test_ovh_2021_with_copies_where_they_were_believed_nothing_is_lost() -> None:
    found = documented("ovh-2021/4-copies-as-believed.yaml")
    assert not [name for name in found if "customer-a-data" in name]
    assert not any("lost for good" in each.text for each in found.values())


def test_aws_s3_2017_the_status_of_single_services_is_lost_for_two_hours_with_s3() -> None:
    finding = documented("aws-s3-2017/1-february-2017.yaml")["channel-down-in-scenario/status-per-service"]
    assert "from the start to 2h" in finding.text
    assert any("status-admin needs s3-get-list-delete" in text for text in finding.evidence)
    assert "twitter stays" in finding.evidence  # "Twitter and banner: up all the time"
    assert "channel-down-in-scenario/status-per-service" not in documented("aws-s3-2017/4-status-page-apart.yaml")


def test_cloudflare_2023_three_ways_of_power_the_doors_and_the_cold_standby() -> None:
    found = documented("cloudflare-2023/1-november-2023.yaml")
    # The ground fault took the second feed and all ten generators at once.
    power = found["backup-down/ups-pdx04/utility-feed-1"]
    assert power.text.startswith("utility-feed-2 and generators are down")
    assert "generators is down from 2h50m to 13h58m: generators was struck by ground-fault at 2h50m" in power.evidence
    # The UPS was to give ten minutes and gave four.
    assert "used up at 2h54m" in found["backup-spent/ups-pdx04/utility-feed-1"].text
    # The door system was not on the batteries; the doors were forced.
    doors = found["backup-down/utility-feed-2/access-control"]
    assert "forced-entry stays" in doors.evidence
    assert doors.severity == Severity.MEDIUM
    # Europe was switched on by decision at +120, and answered at +123.
    assert any(
        "api-europe is down from the start to 4h53m" in text for text in found["backup-down/api/api-oregon"].evidence
    )
    # The cluster stayed, two of three; the edge never stopped.
    assert not [name for name in found if name.startswith("backup-down/ha-cluster")]
    assert not any("edge-network" in each.services for each in found.values())


def test_cloudflare_2023_without_force_the_repair_of_the_power_waits_for_the_doors() -> None:
    found = documented("cloudflare-2023/4-no-forced-entry.yaml")
    held = found["repair-held-up/utility-feed-2/access-control"]
    assert held.severity == Severity.HIGH
    assert "to the end of the run" in held.text


def test_iberia_2025_batteries_end_in_two_waves_and_the_generators_outlast_the_night() -> None:
    found = documented("iberia-2025/1-april-2025.yaml")
    # Small sites after about half an hour, large ones after four to six hours.
    told = found["backup-spent/small-sites-es/grid-es"].evidence
    assert told[0] == "the holdover of small-sites-es is used up at 30m, and grid-es is back at 1d (partly at 9h27m)"
    assert [text.split("used up at ")[1].split(",")[0] for text in told[:4]] == ["30m", "4h20m", "5h", "5h40m"]
    # MEO's core never down, as long as fuel comes.
    assert not [name for name in found if "core" in name or "generators" in name]
    # 112 gone from +360 to +709.
    assert "nothing else is left from 6h to 11h49m" in found["backup-down/emergency-112-pt/mobile-meo"].evidence
    assert "from 6h to 11h49m" in found["channel-down-in-scenario/warning-sms-pt"].text


def test_iberia_2025_without_fuel_the_tanks_are_the_next_link() -> None:
    found = documented("iberia-2025/3-twelve-hours-and-no-fuel.yaml")
    # The tanks of MEO's core are empty at +480, and MEO is down from +490.
    assert any(
        "generators-meo is used up at 8h, and fuel-delivery is back at 1d" in text
        for text in found["backup-spent/generators-es/fuel-delivery"].evidence
    )
    assert "generators-meo is down" in found["backup-down/meo-core/grid-pt"].text
    assert "used up at 8h10m" in found["backup-spent/meo-core/grid-pt"].text


def test_gitlab_2017_five_copies_on_paper_and_the_fourth_is_taken() -> None:
    found = documented("gitlab-2017/1-january-2017.yaml")
    copies = found["copy-down/db-primary"]
    assert copies.text == "3 of the 5 copies of db-primary cannot be had when it is destroyed"
    assert copies.evidence[1:3] == (
        "copy 2 at dump-store does not work (fails)",
        "copy 3 at azure-snapshots does not work (fails)",
    )
    assert copies.evidence[3].startswith("copy 4 at staging is taken, with the loss of 6h10m of data")
    # The standby had just been emptied, half an hour before; it is seeded from the primary.
    assert any("db-standby failed at 5h40m" in text for text in found["backup-down/gitlab-com/db-primary"].evidence)
    assert "repair-held-up/db-standby/db-primary" in found
    # The alarm was down before it all began.
    assert any(
        "backup-alarm is down from the start" in text and "mail-delivery" in text
        for text in found["channel-down-in-scenario/backup-alarm"].evidence
    )


def test_gitlab_2017_with_the_standby_intact_no_copy_is_missed() -> None:
    found = documented("gitlab-2017/2-standby-intact.yaml")
    assert not [name for name in found if name.startswith(("copy-down", "backup-down"))]


def test_teaching_shop_what_its_readme_asks_to_guess() -> None:
    # Three hours without the grid: nobody notices; battery and generator carry.
    assert documented("teaching-shop/1-power-cut.yaml") == {}
    # Payments gone: the telephone is no help after four hours.
    telephone = documented("teaching-shop/2-provider-gone.yaml")["backup-spent/checkout/workaround-1"]
    assert "ends at 5h, after 4h" in telephone.text
    # The freshest copy was in the same room and went too; the vault: 24 h 10 min of orders lost.
    copies = documented("teaching-shop/3-data-destroyed.yaml")["copy-down/orders-db"]
    assert "copy 1 at backup-nas is gone" in copies.evidence[0]
    assert "copy 2 at vault is taken, with the loss of 1d10m" in copies.evidence[1]
    # Two lines, one duct; the router's volume is used up after eight hours, the line is back at 12 h 20 min.
    duct = documented("teaching-shop/4-duct-cut.yaml")
    assert any(
        "isp-second was struck by duct-a12-cut" in text
        for text in duct["backup-down/internet-access/isp-fibre"].evidence
    )
    assert (
        "isp-lte can carry internet-access no longer at 8h25m, after 8h"
        in duct["backup-spent/internet-access/isp-fibre"].text
    )
    assert documented("teaching-shop/5-duct-cut-second-way.yaml") == {}
    # The diesel lasts twelve hours, the grid is back at twenty.
    fuel = documented("teaching-shop/6-restart-deadlock.yaml")["backup-spent/shop-power/grid"]
    assert fuel.evidence[0] == "generator can carry shop-power no longer at 12h1m, after 12h, and grid is back at 20h"
