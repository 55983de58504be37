"""Concentration: what rests on whom, alone and together, in users and in user-minutes worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.concentration import concentrations, findings
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Severity
from impactsim.audit.holders import Fewest, Holder
from impactsim.files.reading import load_system, validate_system

SCENARIOS = Path(__file__).parents[2] / "scenarios"
YEAR_MINUTES = 365 * 24 * 60

# A runs a line and the payments, B the other line: 1,000 people shop, 1,000 others write mails.
TWO_OPERATORS: dict[str, Any] = {
    "line-a": {"kind": "connectivity", "operator": "A", "fails": {"probability": 0.1}},
    "line-b": {"kind": "connectivity", "operator": "B", "fails": {"probability": 0.2}},
    "pay": {"kind": "provider", "operator": "A", "fails": {"probability": 0.05}},
    "shop": {"needs": [{"any_of": ["line-a", "line-b"]}, "pay"], "fails": {"probability": 0}},
    "mail": {"needs": [{"any_of": ["line-a", "line-b"]}], "fails": {"probability": 0}},
}
USERS = {"shoppers": {"count": 1000, "uses": ["shop"]}, "writers": {"count": 1000, "uses": ["mail"]}}


def estate_of(components: dict[str, Any], **more: Any) -> Estate:
    return Estate(validate_system({"impactsim": 1, "name": "x", "components": components, **more}).system)


def documented(name: str) -> Estate:
    return Estate(load_system(SCENARIOS / name / "system.yaml").system)


def holders_of(estate: Estate, kind: str) -> dict[str, Holder]:
    found = concentrations(estate, estate.services)
    return {each.name: each for each in found.holders if each.kind == kind}


def fewest_of(estate: Estate, kind: str) -> dict[float, Fewest]:
    found = concentrations(estate, estate.services)
    return {each.target: each for each in found.fewest if each.kind == kind}


def test_alone_an_operator_takes_down_what_needs_any_of_its_components() -> None:
    operators = holders_of(estate_of(TWO_OPERATORS, users=USERS), "operator")
    assert (operators["A"].services, operators["A"].users, operators["A"].share) == (("shop",), 1000, 0.5)
    assert (operators["B"].services, operators["B"].users, operators["B"].share) == ((), 0, 0)
    assert operators["A"].leaning == operators["B"].leaning == 1.0  # both services have a line of each


def test_user_minutes_rest_on_an_operator_as_far_as_they_would_not_be_lost_without_its_failures() -> None:
    estate = estate_of(TWO_OPERATORS, users=USERS)
    found = concentrations(estate, estate.services)
    operators = holders_of(estate, "operator")
    lines = 0.1 * 0.2
    shop, mail = 1 - (1 - lines) * (1 - 0.05), lines
    total = (shop + mail) * 1000 * YEAR_MINUTES
    assert found.is_exact
    assert found.lost_user_minutes == pytest.approx(total)
    # Without A's failures there is always its line and its payments; without B's there is a line, but payments may fail.
    assert operators["A"].lost_user_minutes == pytest.approx(total)
    assert operators["A"].share_of_minutes == pytest.approx(1.0)
    assert operators["B"].lost_user_minutes == pytest.approx((shop - 0.05 + mail) * 1000 * YEAR_MINUTES)


def test_where_nobody_says_how_often_anything_fails_there_are_users_only() -> None:
    silent = {name: {k: v for k, v in each.items() if k != "fails"} for name, each in TWO_OPERATORS.items()}
    estate = estate_of(silent, users=USERS)
    found = concentrations(estate, estate.services)
    assert found.lost_user_minutes is None
    assert {each.share_of_minutes for each in found.holders} == {None}
    assert holders_of(estate, "operator")["A"].users == 1000


def test_of_an_operator_whose_rates_nobody_knows_no_user_minutes_are_told() -> None:
    half_known = {**TWO_OPERATORS, "line-b": {"kind": "connectivity", "operator": "B"}}
    operators = holders_of(estate_of(half_known, users=USERS), "operator")
    assert operators["B"].share_of_minutes is None
    assert operators["A"].share_of_minutes == pytest.approx(1.0)


def test_in_a_large_system_user_minutes_are_those_of_single_failures() -> None:
    filler = {f"filler-{i}": {"kind": "host"} for i in range(2000)}
    estate = estate_of({**TWO_OPERATORS, **filler}, users=USERS)
    found = concentrations(estate, estate.services)
    assert not found.is_exact
    assert found.lost_user_minutes == pytest.approx(0.05 * 1000 * YEAR_MINUTES)  # the payments; no line alone
    operators = holders_of(estate, "operator")
    assert operators["A"].share_of_minutes == pytest.approx(1.0)
    assert operators["B"].share_of_minutes == 0.0


def test_a_pair_is_told_where_both_at_once_take_down_more_than_each_by_itself() -> None:
    estate = estate_of(TWO_OPERATORS, users=USERS)
    (pair,) = concentrations(estate, estate.services).pairs
    assert (pair.kind, pair.names, pair.users, pair.share, pair.alone) == (
        "operator",
        ("A", "B"),
        2000,
        1.0,
        (0.5, 0.0),
    )


def test_two_that_have_nothing_to_do_with_each_other_are_no_pair() -> None:
    components = {
        "a": {"kind": "provider"},
        "b": {"kind": "provider"},
        "s": {"needs": ["a"]},
        "t": {"needs": ["b"]},
    }
    estate = estate_of(components)
    assert concentrations(estate, estate.services).pairs == ()


def test_the_fewest_operators_that_take_down_half_and_all_of_the_users() -> None:
    fewest = fewest_of(estate_of(TWO_OPERATORS, users=USERS), "operator")
    assert (fewest[0.5].names, fewest[0.5].is_exact) == (("A",), True)
    assert (fewest[1.0].names, fewest[1.0].is_exact) == (("A", "B"), True)


def test_there_are_no_fewest_where_all_of_a_kind_take_down_less() -> None:
    estate = estate_of({**TWO_OPERATORS, "own": {}}, users={**USERS, "others": {"count": 6000, "uses": ["own"]}})
    assert fewest_of(estate, "operator") == {}


def test_the_fewest_of_many_are_found_one_by_one_and_said_not_to_be_proven() -> None:
    # The largest holds 40 of 100 people, and 12 others 5 each: 40 + 5 + 5 are half of all.
    components: dict[str, Any] = {"big": {"kind": "provider"}, "s": {"needs": ["big"]}}
    users: dict[str, Any] = {"of-big": {"count": 40, "uses": ["s"]}}
    for i in range(12):
        components |= {f"p{i:02}": {"kind": "provider"}, f"t{i:02}": {"needs": [f"p{i:02}"]}}
        users[f"of-p{i:02}"] = {"count": 5, "uses": [f"t{i:02}"]}
    half = fewest_of(estate_of(components, users=users), "provider")[0.5]
    assert (half.names, half.share, half.is_exact) == (("big", "p00", "p01"), pytest.approx(0.5), False)


def test_a_site_takes_down_all_that_stands_there() -> None:
    components = {
        "hall": {"kind": "site"},
        "room": {"kind": "site", "at": "hall"},
        "web": {"kind": "host", "at": "room"},
        "s": {"needs": ["web"]},
        "t": {},
    }
    sites = holders_of(estate_of(components), "site")
    assert {name: (each.services, each.share) for name, each in sites.items()} == {
        "hall": (("s",), 0.5),
        "room": (("s",), 0.5),
    }


def test_who_no_service_leans_on_is_left_out() -> None:
    components = {"spare": {"kind": "provider", "operator": "Z"}, "s": {}}
    estate = estate_of(components)
    assert concentrations(estate, estate.services).holders == ()


def test_only_the_services_in_question_count() -> None:
    estate = estate_of(TWO_OPERATORS, users=USERS)
    found = concentrations(estate, [estate.names.index["mail"]])
    operators = {each.name: each for each in found.holders if each.kind == "operator"}
    assert operators["A"].services == ()
    assert found.lost_user_minutes == pytest.approx(0.02 * 1000 * YEAR_MINUTES)


# Findings.


def test_an_operator_that_takes_down_half_of_the_users_is_a_finding_of_a_whole_organisation() -> None:
    estate = estate_of(TWO_OPERATORS, users=USERS)
    (finding,) = findings(estate, estate.services)
    assert (finding.id, finding.severity, finding.users) == ("concentration/operator/A", Severity.HIGH, 1000)
    assert finding.events == ("line-a", "pay")
    assert finding.evidence[:2] == ("A runs line-a and pay", "shop needs pay")
    assert finding.evidence[-1] == "together with B it takes down 100%: they back each other"
    assert finding.remedy == "let another operator than A back pay"  # the line has a backup already


def test_below_a_tenth_of_the_users_it_is_no_finding() -> None:
    def ids(others: int) -> list[str]:
        users = {**USERS, "others": {"count": others, "uses": ["own"]}}
        estate = estate_of({**TWO_OPERATORS, "own": {}}, users=users)
        return [each.id for each in findings(estate, estate.services)]

    assert ids(7_900) == ["concentration/operator/A"]  # 1,000 of 9,900
    assert ids(8_100) == []


def test_what_a_single_point_of_failure_says_already_is_not_said_again() -> None:
    cloud = {"kind": "provider", "operator": "Cloud"}
    needs = {"needs": ["cloud"]}
    estate = estate_of({"cloud": cloud, "s": needs})
    assert findings(estate, estate.services) == []
    # But what is never to fail by itself is no single point, and can be gone with its operator all the same.
    safe = estate_of({"cloud": {**cloud, "fails": {"probability": 0}}, "s": needs})
    assert {each.id for each in findings(safe, safe.services)} == {
        "concentration/operator/Cloud",
        "concentration/provider/cloud",
    }


# Documented outages.


def test_cloudflare_one_operator_of_a_building_holds_what_lives_there_only() -> None:
    estate = documented("cloudflare-2023")
    flexential = holders_of(estate, "operator")["Flexential"]
    assert set(flexential.services) == {"analytics", "raw-logs", "stream-upload", "magic-wan-config"}
    assert flexential.share == pytest.approx(4 / 7)
    assert flexential.leaning == pytest.approx(6 / 7)  # all but the edge lean on it; the API has Europe besides
    assert holders_of(estate, "site")["pdx04"].services == flexential.services
    (finding,) = findings(estate, estate.services)
    assert (finding.id, finding.severity) == ("concentration/operator/Flexential", Severity.HIGH)
    # The utility has both feeds, and the generators stand behind them.
    assert holders_of(estate, "operator")["Portland General Electric"].services == ()


def test_cloudflare_pdx04_and_europe_back_each_other_for_the_api() -> None:
    estate = documented("cloudflare-2023")
    pairs = {each.names: each for each in concentrations(estate, estate.services).pairs}
    assert pairs["pdx04", "dr-europe"].share == pytest.approx(6 / 7)  # api and dashboard besides
    assert ("site-b", "site-c") not in pairs  # two of the cluster's three: the quorum is gone, but not Europe


def test_ovh_the_two_network_rooms_stand_in_two_buildings_that_hold_everything_together() -> None:
    estate = documented("ovh-2021")
    (pair,) = concentrations(estate, estate.services).pairs
    assert set(pair.names) == {"sbg1", "sbg5"}
    assert (pair.share, pair.alone) == (1.0, (0.0, 0.0))
    assert fewest_of(estate, "site")[1.0].names == pair.names


def test_facebook_says_nothing_of_operators_and_so_nothing_is_concentrated() -> None:
    estate = documented("facebook-2021")
    assert concentrations(estate, estate.services).holders == ()
    assert findings(estate, estate.services) == []
