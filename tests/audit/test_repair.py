from __future__ import annotations

from pathlib import Path
from typing import Any

from agreement.random_systems import random_case
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.repair import findings
from impactsim.files.reading import load_system, validate_system
from impactsim.model.system import AllOf, AtLeast, Component, Need

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def estate_of(components: dict[str, Any], **rest: Any) -> Estate:
    data = {"impactsim": 1, "name": "A small system", "components": components, **rest}
    return Estate(validate_system(data).system)


def audit(components: dict[str, Any], **rest: Any) -> dict[str, Finding]:
    estate = estate_of(components, **rest)
    return {each.id: each for each in findings(estate, estate.services)}


def documented(name: str) -> dict[str, Finding]:
    estate = Estate(load_system(SCENARIOS / name / "system.yaml").system)
    return {each.id: each for each in findings(estate, estate.services)}


def line(*ways: str) -> dict[str, Any]:
    """A line that is repaired over any of some ways, and a shop that needs it."""
    return {
        "line": {"kind": "connectivity", "needs": [{"any_of": list(ways), "to": "repair"}]},
        "vpn": {"kind": "tool", "needs": ["line"]},
        "modem": {"kind": "tool"},
        "shop": {"needs": ["line"]},
    }


# Repairs.


def test_a_repair_that_needs_what_the_failure_takes_down_has_no_way_left() -> None:
    found = audit(line("vpn"), users={"all": {"count": 100, "uses": ["shop"]}})
    finding = found["repair/line/vpn"]
    assert (finding.kind, finding.severity, finding.users) == ("repair", Severity.CRITICAL, 100.0)
    assert finding.events == ("line",)
    assert finding.services == ("shop",)
    assert "vpn needs line" in finding.evidence


def test_a_way_that_stays_makes_it_a_smaller_finding() -> None:
    (finding,) = audit(line("vpn", "modem")).values()
    assert finding.id == "repair-one-way-left/line/vpn"
    assert finding.severity == Severity.MEDIUM
    assert "modem stays" in finding.evidence


def test_tools_of_their_own_are_no_finding() -> None:
    assert audit(line("modem")) == {}


def test_a_tool_that_fails_by_itself_is_no_finding() -> None:
    # The repair of the line needs the modem; that both fail is a coincidence of two things, not a circle of one.
    assert not [name for name in audit(line("modem")) if name.startswith("repair")]


def test_a_failure_that_no_service_notices_is_left_out() -> None:
    components = line("vpn")
    del components["shop"]["needs"]
    assert audit(components) == {}


def test_only_services_that_were_asked_about_count() -> None:
    estate = estate_of({**line("vpn"), "other": {}})
    assert findings(estate, [estate.names.index["other"]]) == []
    assert findings(estate, [estate.names.index["shop"]])


def test_what_few_use_is_high_all_the_same_for_its_repair_cannot_begin() -> None:
    users = {"all": {"count": 100, "uses": {"shop": 0.01, "other": 1.0}}}
    assert audit({**line("vpn"), "other": {}}, users=users)["repair/line/vpn"].severity == Severity.HIGH


def test_what_never_fails_by_itself_needs_no_repair() -> None:
    components = line("vpn")
    components["line"]["fails"] = {"probability": 0}
    assert audit(components) == {}


def test_a_common_cause_takes_down_line_and_tool_though_neither_needs_the_other() -> None:
    components = {
        "line": {"kind": "connectivity", "needs": [{"component": "splicer", "to": "repair"}]},
        "splicer": {"kind": "tool", "needs": ["depot"]},
        "depot": {"kind": "site"},
        "shop": {"needs": ["line"]},
    }
    flood = {"flood": {"strikes": {"line": 1.0, "depot": 1.0}}}
    assert audit(components) == {}
    finding = audit(components, common_causes=flood)["repair/line/splicer"]
    assert finding.events == ("flood",)
    assert finding.evidence[1] == "splicer needs depot, which flood strikes"


def test_components_that_the_same_cause_strikes_and_that_need_the_same_tool_are_one_finding() -> None:
    hosts = {f"host-{i}": {"kind": "host", "needs": [{"component": "badge", "to": "repair"}]} for i in range(4)}
    components = {**hosts, "badge": {"kind": "tool"}, "shop": {"needs": [{"any_of": list(hosts)}]}}
    strikes = {**dict.fromkeys(hosts, 1.0), "badge": 1.0}
    found = audit(components, common_causes={"fire": {"strikes": strikes}})
    assert list(found) == ["repair/host-0/badge"]
    assert "host-0, host-1, host-2 and host-3" in found["repair/host-0/badge"].text


def test_of_a_quorum_of_tools_it_matters_whether_enough_stay() -> None:
    def system(k: int) -> dict[str, Any]:
        need = {"at_least": k, "of": ["vpn", "modem", "radio"], "to": "repair"}
        components = line()
        components["line"]["needs"] = [need]
        return {**components, "radio": {"kind": "tool"}}

    assert list(audit(system(3))) == ["repair/line/vpn"]
    assert list(audit(system(2))) == ["repair-one-way-left/line/vpn"]
    assert list(audit(system(1))) == []


def test_expected_loss_is_that_of_the_failures_that_are_known() -> None:
    components = line("vpn")
    users = {"all": {"count": 100, "uses": ["shop"]}}
    assert audit(components, users=users)["repair/line/vpn"].lost_user_minutes is None
    components["line"]["fails"] = {"probability": 0.01}
    lost = audit(components, users=users)["repair/line/vpn"].lost_user_minutes
    assert lost is not None
    assert abs(lost - 0.01 * 100 * 365 * 1440) < 1e-6 * lost


def test_two_needs_that_begin_with_the_same_tool_are_two_findings() -> None:
    components = line()
    components["line"]["needs"] = [{"any_of": ["vpn"], "to": "repair"}, {"all_of": ["vpn", "modem"], "to": "repair"}]
    assert list(audit(components)) == ["repair/line/vpn", "repair/line/vpn/2"]


def test_a_pair_that_takes_the_doors_down_together_is_found() -> None:
    components = {
        "grid": {"kind": "power", "needs": [{"component": "doors", "to": "repair"}]},
        "generator": {"kind": "power"},
        "doors": {"kind": "tool", "needs": [{"any_of": ["grid", "generator"]}]},
        "shop": {"needs": ["grid"]},
    }
    finding = audit(components)["repair/grid/doors"]
    assert finding.events == ("grid", "generator")
    assert finding.severity == Severity.HIGH  # all services, less one for the second thing
    assert "doors needs grid (or generator)" in finding.evidence
    assert "doors needs generator (or grid)" in finding.evidence


def is_met(need: Need, down: set[str]) -> bool:
    """The rule of S8 from the words of a need: its member, all, at least k, any."""
    up = [member not in down for member in need.members()]
    if isinstance(need, AtLeast):
        return sum(up) >= need.at_least
    return all(up) if isinstance(need, AllOf) else any(up)


def without_repair(component: Component, down: set[str]) -> set[str]:
    """The first members of the needs to repair that are not met."""
    return {need.members()[0] for need in component.needs if need.to == "repair" and not is_met(need, down)}


def test_on_random_systems_the_repairs_found_are_those_that_cannot_begin() -> None:
    n_expected = 0
    for seed in range(600):
        estate = Estate(validate_system(random_case(seed)[0]).system)
        found = {each.id: each for each in findings(estate, estate.services) if each.kind == "repair"}
        told = {(*each.id.split("/")[1:3], event) for each in found.values() for event in each.events}
        words = " | ".join(each.text for each in found.values())
        for event in range(estate.n_events):
            down = estate.down(event)
            if not estate.chances[event].can_fail or not set(estate.services) & (down - estate.down()):
                continue
            names = {estate.id_of(component) for component in down if component < len(estate.names.components)}
            for component in estate.propagation.struck(event):
                name = estate.id_of(component)
                for first in without_repair(estate.system.components[name], names):
                    n_expected += 1
                    # What the same events strike shares one finding, under the id of the first.
                    assert (name, first, estate.id_of(event)) in told or name in words, f"seed {seed}: {name}, {first}"
    assert n_expected > 20


def test_a_tool_that_each_of_a_pair_takes_down_alone_has_the_paths_to_both() -> None:
    components = line("vpn", "modem")
    components["vpn"]["needs"] = ["line", "fuse"]
    components["modem"]["needs"] = [{"any_of": ["line", "fuse"]}]
    components["fuse"] = {"kind": "power"}
    told = audit(components)["repair/line/vpn"].evidence
    assert {"vpn needs line", "vpn needs fuse", "modem needs line (or fuse)", "modem needs fuse (or line)"} <= set(told)


# Channels.


def test_a_status_page_that_needs_what_it_reports_on_is_silent() -> None:
    components = {
        "store": {"kind": "host"},
        "shop": {"needs": ["store"]},
        "page": {"kind": "channel", "needs": ["store"]},
    }
    finding = audit(components)["channel-down/page"]
    assert finding.events == ("store",)
    assert finding.severity == Severity.HIGH
    assert "it is the only channel" in finding.text
    assert "page needs store" in finding.evidence


def test_another_channel_that_stays_makes_it_low() -> None:
    components = {
        "store": {"kind": "host"},
        "shop": {"needs": ["store"]},
        "page": {"kind": "channel", "needs": ["store"]},
        "letters": {"kind": "channel"},
    }
    found = audit(components)
    assert list(found) == ["channel-down/page"]
    assert found["channel-down/page"].severity == Severity.LOW
    assert "letters" in found["channel-down/page"].text


def test_channels_that_fail_together_leave_nobody_to_say_so() -> None:
    components = {
        "store": {"kind": "host"},
        "shop": {"needs": ["store"]},
        "page": {"kind": "channel", "needs": ["store"]},
        "sms": {"kind": "channel", "needs": ["store"]},
    }
    found = audit(components)
    assert {each.severity for each in found.values()} == {Severity.HIGH}
    assert "no other channel stays" in " ".join(found["channel-down/page"].evidence)


def test_a_channel_that_fails_with_nothing_that_anybody_uses_is_no_finding() -> None:
    components = {"page": {"kind": "channel", "needs": ["store"]}, "store": {"kind": "host"}, "shop": {}}
    assert audit(components) == {}
    # With users on record, what nobody uses does not count.
    unused = {**components, "idle": {"needs": ["store"]}}
    assert audit(unused, users={"all": {"count": 9, "uses": ["shop"]}}) == {}


def test_one_finding_a_channel_names_all_events_the_worst_first() -> None:
    components = {
        "rack": {"kind": "host"},
        "site": {"kind": "site"},
        "shop": {"needs": ["rack"]},
        "desk": {"needs": ["site"]},
        "page": {"kind": "channel", "needs": ["rack", "site"]},
    }
    users = {"few": {"count": 10, "uses": ["desk"]}, "many": {"count": 90, "uses": ["shop"]}}
    found = audit(components, users=users)
    assert list(found) == ["channel-down/page"]
    assert found["channel-down/page"].events == ("rack", "site")


# The documented outages: what their post-mortems named, found in the system as it stood before.


def test_facebook_2021_two_of_three_ways_to_the_backbone_run_over_it() -> None:
    found = documented("facebook-2021")
    finding = found["repair-one-way-left/backbone/remote-access"]
    # "Ways left to repair: on site only, door opened by hand."
    assert finding.events == ("backbone",)
    assert "onsite-console stays" in finding.evidence
    assert "remote-access needs internal-network needs backbone" in finding.evidence
    assert "oob-access needs backbone" in finding.evidence
    # Badges hung on the same network; what is left then is to open the doors by hand.
    assert (
        "onsite-console is left with door-override: badge-readers needs internal-network needs backbone"
        in finding.evidence
    )
    # Without the doors opened by hand nothing would have been left.
    assert found["repair/backbone/remote-access"].events == ("backbone", "door-override")


def test_facebook_2021_the_status_page_goes_with_the_products_and_other_networks_stay() -> None:
    finding = documented("facebook-2021")["channel-down/status-page"]
    assert "backbone" in finding.events
    assert finding.severity == Severity.LOW
    assert any("other-networks stays" in text for text in finding.evidence)


def test_aws_s3_2017_the_status_of_single_services_is_late_for_its_console_needs_s3() -> None:
    found = documented("aws-s3-2017")
    finding = found["channel-late/status-per-service"]
    # "The console that edits the status page kept its files in S3, so for two hours single services could not be marked."
    assert "for 2h" in finding.text
    assert "index" in finding.events
    assert any(text.startswith("status-admin needs s3-get-list-delete") for text in finding.evidence)
    # "Twitter and banner: used."
    assert any("twitter stays" in text for text in finding.evidence)
    assert "channel-down/status-per-service" not in found


def test_cloudflare_2023_two_power_failures_close_the_doors_that_their_repair_needs() -> None:
    found = documented("cloudflare-2023")
    finding = found["repair-one-way-left/utility-feed-2/access-control"]
    # The door system was on mains, not on the batteries; the first feed was off for maintenance when the ground fault came.
    assert set(finding.events) == {"utility-feed-1", "ground-fault"}
    assert "utility-feed-2 and generators" in finding.text
    assert "forced-entry stays" in finding.evidence


def test_iberia_2025_the_warning_by_sms_needs_the_grid_whose_loss_it_is_to_tell() -> None:
    finding = documented("iberia-2025")["channel-down/warning-sms-pt"]
    assert finding.events == ("grid-pt",)
    assert finding.severity == Severity.HIGH


def test_in_ovh_2021_and_gitlab_2017_no_single_failure_takes_down_the_means_of_its_own_repair() -> None:
    # Access to Strasbourg was lost to the fire, not to the power; GitLab's alarm failed by itself.
    assert documented("ovh-2021") == {}
    assert documented("gitlab-2017") == {}
