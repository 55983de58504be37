"""What the audit says of a restart from all-down: on systems by hand, on the documented scenarios, and against the timed run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import impactsim
from agreement.random_systems import PROFILES, random_case
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.restart import RestartPlan, findings, restart_plan
from impactsim.files.reading import validate_system

SCENARIOS = Path(__file__).parents[2] / "scenarios"
MINUTE = 60_000
HOUR = 60 * MINUTE


def estate_of(components: dict[str, Any], **words: Any) -> Estate:
    return Estate(validate_system({"impactsim": 1, "name": "Test", "components": components, **words}).system)


def estate_in(scenario: str) -> Estate:
    return Estate(impactsim.load(SCENARIOS / scenario / "system.yaml").system)


def all_findings(estate: Estate) -> dict[str, Finding]:
    return {finding.id: finding for finding in findings(estate, estate.services)}


def wave_of(plan: RestartPlan) -> dict[str, int]:
    return {name: i for i, wave in enumerate(plan.waves) for name in (*wave.by_itself, *wave.by_hand)}


NAMES_AND_LOG_INS = {
    "site": {"kind": "site", "restart": "10m"},
    "dns": {"kind": "tool", "at": "site", "needs": [{"component": "identity", "to": "start"}], "restart": "2m"},
    "identity": {"kind": "tool", "at": "site", "needs": [{"component": "dns", "to": "start"}], "restart": "3m"},
    "shop": {"needs": [{"component": "identity", "to": "start"}], "restart": "1m"},
    "slow": {"kind": "tool", "restart": "2h"},
    "notes": {},
}
USERS = {"buyers": {"count": 30, "uses": ["shop"]}, "readers": {"count": 70, "uses": ["notes"]}}


def test_a_start_by_hand_is_done_as_soon_as_its_site_is_there() -> None:
    plan = restart_plan(estate_of(NAMES_AND_LOG_INS))
    assert plan.break_glass == ("dns",)
    assert (plan.is_proven, plan.is_smallest) == (True, True)
    assert plan.stuck == ("dns", "identity", "shop")
    assert plan.takes_ms == 120 * MINUTE  # `slow` decides: the start by hand does not wait for it
    without_slow = {name: words for name, words in NAMES_AND_LOG_INS.items() if name != "slow"}
    plan = restart_plan(estate_of(without_slow))
    assert plan.takes_ms == (10 + 2 + 3 + 1) * MINUTE + 1
    assert [name for name, _ in plan.slowest] == ["shop", "identity", "dns", "site"]


def test_the_circle_is_told_as_a_path_with_who_is_stuck_behind_it() -> None:
    finding = all_findings(estate_of(NAMES_AND_LOG_INS, users=USERS))["restart/dns"]
    assert finding.severity is Severity.HIGH  # 30 of 100 people
    assert finding.users == 30
    assert (finding.services, finding.events) == (("shop",), ("dns", "identity"))
    assert finding.evidence[0] == "dns needs identity to start, identity needs dns to start"
    assert finding.evidence[1] == "break-glass: start dns by hand; or identity instead"
    assert finding.evidence[2] == "order: dns by hand, then identity, then shop"


@pytest.mark.parametrize(("buyers", "severity"), [(9, Severity.MEDIUM), (10, Severity.HIGH), (50, Severity.CRITICAL)])
def test_the_share_of_users_who_are_stuck_decides_how_bad_it_is(buyers: int, severity: Severity) -> None:
    users = {"buyers": {"count": buyers, "uses": ["shop"]}, "readers": {"count": 100 - buyers, "uses": ["notes"]}}
    assert all_findings(estate_of(NAMES_AND_LOG_INS, users=users))["restart/dns"].severity is severity


def test_a_system_that_comes_back_by_itself_gets_a_note_with_its_time() -> None:
    found = all_findings(
        estate_of({"site": {"kind": "site", "restart": "1h"}, "shop": {"at": "site", "restart": "30m"}})
    )
    assert list(found) == ["restart"]
    note = found["restart"]
    assert note.severity is Severity.NOTE
    assert note.text == "after an all-down everything comes back by itself in 2 waves, after 1 h 30 min"
    assert note.evidence[:3] == ("the slowest: shop (1 h 30 min) needs site (1 h)", "wave 1: site", "wave 2: shop")
    assert dict(note.figures)["takes_minutes"] == 90


def test_a_battery_does_not_hide_that_power_and_generator_wait_for_each_other() -> None:
    components = {
        "power": {
            "kind": "power",
            "needs": [{"component": "control", "holdover": "8h", "to": "stay_up"}],
            "restart": "1m",
        },
        "control": {"kind": "tool", "needs": [{"component": "power", "to": "stay_up"}], "restart": "1m"},
        "shop": {"needs": ["power"]},
    }
    plan = restart_plan(estate_of(components))
    assert plan.lost == ("power", "control", "shop")
    assert plan.is_proven
    finding = all_findings(estate_of(components))["restart/power"]
    assert finding.severity is Severity.CRITICAL
    assert finding.evidence[0] == "power needs control to stay up, control needs power to stay up"
    assert finding.remedy == (
        "let go of what keeps them apart: power needs control to stay up; or control needs power to stay up instead"
    )


def test_a_door_system_that_needs_the_power_behind_it_is_a_circle_of_different_purposes() -> None:
    components = {
        "power": {"kind": "power", "needs": [{"component": "switching", "to": "start"}], "restart": "5m"},
        "switching": {"kind": "tool", "needs": [{"component": "doors", "to": "run"}]},
        "doors": {"kind": "tool", "needs": [{"component": "power", "to": "stay_up"}]},
        "shop": {"needs": ["power"]},
    }
    plan = restart_plan(estate_of(components))
    assert plan.break_glass == ("power",)
    assert plan.circles[0].way == (
        "power needs switching to start",
        "switching needs doors to run",
        "doors needs power to stay up",
    )
    assert (plan.is_proven, plan.takes_ms) == (True, 5 * MINUTE + 1)


def test_members_of_a_quorum_that_need_a_peer_to_start_take_one_start() -> None:
    nodes = ["n1", "n2", "n3"]
    cluster = {
        name: {
            "kind": "host",
            "needs": [{"at_least": 1, "of": [o for o in nodes if o != name], "to": "start"}],
            "restart": "1m",
        }
        for name in nodes
    }
    components = {**cluster, "store": {"needs": [{"at_least": 2, "of": nodes}]}}
    plan = restart_plan(estate_of(components))
    assert plan.break_glass == ("n1",)
    assert plan.circles[0].or_start == ("n2", "n3")
    assert plan.circles[0].way == ("n1 needs n2 (1 of 2) to start", "n2 needs n1 (1 of 2) to start")
    assert plan.is_proven


def test_a_standby_is_waited_for_before_the_start_by_hand() -> None:
    components = {
        "mains": {"kind": "power", "restart": "5h"},
        "diesel": {"kind": "power", "restart": "3m"},
        "site": {"kind": "site", "needs": [{"any_of": ["mains", {"use": "diesel", "failover": "4m"}]}]},
        "a": {"at": "site", "needs": [{"component": "b", "to": "start"}]},
        "b": {"at": "site", "needs": [{"component": "a", "to": "start"}], "restart": "1m"},
    }
    plan = restart_plan(estate_of(components))
    assert plan.is_proven
    assert plan.takes_ms == 5 * HOUR
    fast = {**components, "mains": {"kind": "power"}, "diesel": {"kind": "power"}}
    assert restart_plan(estate_of(fast)).takes_ms == MINUTE + 1


def test_two_that_keep_each_other_up_are_started_in_one_instant() -> None:
    components = {
        "a": {"needs": [{"component": "b", "to": "stay_up"}]},
        "b": {"needs": [{"component": "a", "to": "stay_up"}]},
        "c": {"needs": [{"component": "a", "to": "start"}, {"component": "d", "to": "start"}]},
        "d": {"needs": [{"component": "c", "to": "start"}]},
    }
    plan = restart_plan(estate_of(components))
    assert plan.break_glass == ("a", "b", "c")
    assert plan.is_proven


def test_a_service_that_is_not_asked_about_is_left_out() -> None:
    estate = estate_of(NAMES_AND_LOG_INS)
    assert [each.id for each in findings(estate, [estate.names.index["shop"]])] == ["restart/dns", "restart"]
    assert [each.id for each in findings(estate, [estate.names.index["notes"]])] == ["restart"]


def test_a_circle_that_holds_up_no_service_is_told_where_all_are_asked_about() -> None:
    components = {name: words for name, words in NAMES_AND_LOG_INS.items() if name != "shop"}
    found = all_findings(estate_of(components))
    assert found["restart/dns"].severity is Severity.LOW
    assert found["restart/dns"].services == ()


FUEL_FOR_AN_HOUR = {
    "diesel": {"kind": "power"},
    "a": {"kind": "tool", "at": "site", "needs": [{"component": "b", "to": "start"}], "restart": "1m"},
    "b": {"at": "site", "needs": [{"component": "a", "to": "start"}], "restart": "1m"},
}


def test_a_start_by_hand_waits_until_its_site_is_there_for_good() -> None:
    # Started on the diesel, both would stop after an hour, half an hour before the mains are there.
    supply = {"any_of": ["mains", {"use": "diesel", "lasts": "1h"}]}
    mains = {"mains": {"kind": "power", "restart": "90m"}, "site": {"kind": "site", "needs": [supply]}}
    plan = restart_plan(estate_of({**mains, **FUEL_FOR_AN_HOUR}))
    assert plan.break_glass == ("a",)
    assert plan.is_proven
    assert plan.takes_ms == 92 * MINUTE + 1


BLACK_START = {
    "plant": {"kind": "power", "needs": [{"component": "control", "to": "start"}], "restart": "90m"},
    "control": {"kind": "tool", "at": "room"},
    "room": {"kind": "site", "needs": [{"any_of": ["plant", {"use": "diesel", "lasts": "1h"}]}]},
    "diesel": {"kind": "power"},
    "city": {"needs": ["plant"]},
}


def test_a_start_that_outlasts_the_fuel_that_carries_it_is_told_by_the_timed_run() -> None:
    # Without a clock the diesel carries the control room, which starts the plant; by the clock it is spent half an hour too soon.
    estate = estate_of(BLACK_START)
    plan = restart_plan(estate)
    assert plan.comes_back_by_itself
    assert not plan.is_proven
    assert set(plan.disagrees) == {"plant", "control", "room", "city"}
    finding = all_findings(estate)["restart"]
    assert (finding.severity, finding.services) == (Severity.CRITICAL, ("city",))
    assert "not proven: a timed run from all-down disagrees on plant, control, room and city" in finding.evidence
    with_fuel = {
        **BLACK_START,
        "room": {"kind": "site", "needs": [{"any_of": ["plant", {"use": "diesel", "lasts": "2h"}]}]},
    }
    plan = restart_plan(estate_of(with_fuel))
    assert (plan.is_proven, plan.takes_ms) == (True, 90 * MINUTE)


def test_what_does_not_stand_even_undisturbed_is_nothing_to_disagree_on() -> None:
    short = {
        "site": {"kind": "site", "needs": [{"any_of": [{"use": "diesel", "lasts": "1h"}]}]},
        "diesel": {"kind": "power"},
    }
    assert restart_plan(estate_of(short)).is_proven


# The documented scenarios.


def test_the_teaching_shop_needs_one_of_two_starts_by_hand() -> None:
    plan = restart_plan(estate_in("teaching-shop"))
    assert plan.break_glass == ("config-store",)
    assert plan.circles[0].or_start == ("identity",)
    assert {"web-1", "web-2", "web-3", "catalogue", "checkout"} <= set(plan.stuck)
    # Chiller 5 min, then the server room; the database takes 10 min from there, and the log-in comes before it is through.
    assert (plan.is_proven, plan.takes_ms) == (True, 15 * MINUTE)


def test_cloudflare_starts_its_configuration_servers_before_thousands_of_servers() -> None:
    plan = restart_plan(estate_in("cloudflare-2023"))
    wave = wave_of(plan)
    assert wave["pdx04"] < wave["config-mgmt"] < wave["servers-pdx04"] < wave["cluster-pdx04"]
    assert plan.comes_back_by_itself
    assert (plan.is_proven, plan.takes_ms) == (True, 5 * HOUR)  # 3 h and 2 h, one after the other


def test_s3_starts_its_placement_after_its_index() -> None:
    plan = restart_plan(estate_in("aws-s3-2017"))
    wave = wave_of(plan)
    assert wave["index-first"] == wave["index-rest"] < wave["placement"]
    # 10:00 to 13:54: the last subsystem of the documented restart.
    assert (plan.is_proven, plan.takes_ms) == (True, 3 * HOUR + 54 * MINUTE)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCENARIOS.glob("*/system.yaml")))
def test_every_shipped_system_but_those_that_teach_a_circle_comes_back_by_itself(name: str) -> None:
    plan = restart_plan(estate_in(name))
    assert plan.is_proven
    assert plan.comes_back_by_itself == (name not in {"teaching-shop", "brackwater-freight"})
    assert sorted(wave_of(plan)) == sorted(estate_in(name).names.components)


# Against the timed run.


def systems(profile: str) -> Iterator[dict[str, Any]]:
    place = [each.name for each in PROFILES].index(profile)
    for seed in range(place, 40 * len(PROFILES), len(PROFILES)):
        yield random_case(seed)[0]


@pytest.mark.parametrize("profile", ["plain", "deadlock", "battery", "crews", "catch-up", "zeros", "actions"])
def test_the_timed_run_agrees_on_random_systems(profile: str) -> None:
    disagreeing = []
    for words in systems(profile):
        plan = restart_plan(Estate(validate_system(words).system))
        if not plan.is_proven and not has_fuel(words):
            disagreeing.append(words["name"])
    assert not disagreeing


def has_fuel(words: dict[str, Any]) -> bool:
    return "lasts" in str(words)


def told(restart: str | None) -> list[str]:
    words = {} if restart is None else {"restart": restart}
    found = all_findings(estate_of({"grid": {"kind": "power"}, "shop": {"needs": ["grid"], **words}}))
    return [text for text in found["restart"].evidence if text.startswith("replayed")]


def test_a_restart_of_which_nobody_gives_a_time_is_not_said_to_take_none() -> None:
    proof = "replayed in a timed run from all-down: all that can come back serves"
    assert told(None) == [f"{proof}; nobody gives restart times"]
    assert told("0s") == [proof]
    assert told("5m") == [f"{proof} after 5 min"]


def test_a_restart_of_no_time_comes_back_at_once() -> None:
    found = all_findings(estate_of({"shop": {"restart": "0s"}, "grid": {"kind": "power"}}))
    assert found["restart"].text == "after an all-down everything comes back by itself in 1 wave, at once"
