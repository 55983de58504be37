"""Backups that are down when a scenario needs them: standby groups, quorums and pools."""

from __future__ import annotations

import pytest

from agreement.random_systems import random_case
from audit.findings_of_scenarios import pair, under
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Severity
from impactsim.audit.under_scenario import findings_under
from impactsim.files.reading import validate_scenario
from impactsim.model.system import AnyOf
from impactsim.workflow import run

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
