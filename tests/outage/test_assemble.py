"""Every figure of outages in which everything is certain, by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from impactsim.engine.users import Range
from impactsim.outage.assemble import Told, assemble_now
from impactsim.outage.estimate import Remaining
from impactsim.outage.facts import ActionNow, Fall, NowFacts, Reported
from impactsim.outage.faults import Known
from impactsim.outage.situation import situation_at
from impactsim.outage.text import now_text
from outage.cases import MIN, STARTS, H, at, estimated, scenario_of, system_of

SHOP = {
    "grid": {"kind": "power", "time_to_restore": "3h", "fails": {"per_year": 2}, "operator": "City"},
    "ups": {"kind": "power", "needs": [{"component": "grid", "holdover": "90m"}]},
    "server": {"kind": "host", "needs": ["ups"], "restart": "10m"},
    "shop": {"name": "Shop", "needs": ["server"]},
    "office": {"needs": ["ups"]},
    "post": {"needs": ["post-office"]},
    "post-office": {"kind": "provider"},
    "status": {"kind": "channel", "needs": [{"component": "grid", "holdover": "2h"}]},
    "letters": {"kind": "channel"},
}
USERS = {"all": {"count": 1000, "uses": {"shop": "50%", "office": "100%"}}}


def now(components: dict[str, Any], at_ms: int, *down: str | Known, up: tuple[str, ...] = (), **words: Any) -> NowFacts:
    known = tuple(Known(each) if isinstance(each, str) else each for each in down)
    situation = at(system_of(components, **words), at_ms, *known, up=up)
    return assemble_now(situation, Told(known, up, STARTS, "Europe/Rome"), estimated(situation, 20), is_compiled=False)


@pytest.fixture(scope="module")
def before() -> NowFacts:
    """An hour into the power cut: the battery holds."""
    return now(SHOP, H, "grid", users=USERS)


@pytest.fixture(scope="module")
def after() -> NowFacts:
    """Two hours into it: the battery has been empty for half an hour."""
    return now(SHOP, 2 * H, "grid", users=USERS)


def test_nobody_is_affected_while_the_battery_holds(before):
    assert before.services == ()
    assert (before.users, before.people, before.n_services) == (Range(0, 0, 0), 1000, 3)
    assert before.remaining is None
    assert dict(before.at_risk) == {"shop": 1.0, "office": 1.0}


def test_what_falls_when_the_battery_is_empty(before):
    battery = before.runs_out[0]
    assert (battery.at_ms, battery.component, battery.kind, battery.of) == (90 * MIN, "ups", "holdover", ("grid",))
    assert battery.text == "ups (holdover without grid) is empty"
    assert battery.falls == (Fall("shop", 90 * MIN, 0.0), Fall("office", 90 * MIN, 0.0))
    assert battery.people == Range(1000, 1000, 1000), "all use the office"
    assert len(before.runs_out) == 1


def test_what_is_kept_up_and_until_when(before):
    assert [(each.components, each.by, each.of, each.until_ms) for each in before.reserves] == [
        (("ups",), "holdover", ("grid",), 90 * MIN),
        (("status",), "holdover", ("grid",), 2 * H),
    ]


def test_the_repair_is_at_work_and_two_of_three_hours_are_left(before):
    (repair,) = before.repairs
    assert (repair.component, repair.status, repair.operator, repair.ends_ms) == ("grid", "at work", "City", 3 * H)
    assert repair.left == Remaining(20, 2 * H, 2 * H, 2 * H)
    assert (repair.basis.kind, repair.basis.worked_ms, repair.basis.median_ms) == ("own", H, 3 * H)


def test_what_is_lost_and_what_repairing_now_would_save(before):
    # From 15:30 to 17:00 all are affected, then half of them until the server has started.
    lost = 90 * 1000 + 10 * 500
    assert before.lost_user_minutes == (lost, lost, lost)
    assert before.actions == (ActionNow("repair", ("grid",), "repair grid", H, lost, is_upper_bound=True),)
    assert before.window_ms == 3 * H + 10 * MIN


def test_which_channels_work_and_until_when(before, after):
    assert [(each.channel, each.level, each.until_ms, each.back_ms) for each in before.channels] == [
        ("status", 1.0, 2 * H, None),
        ("letters", 1.0, None, None),
    ]
    assert [(each.channel, each.level, each.until_ms, each.back_ms) for each in after.channels] == [
        ("status", 0.0, None, 3 * H),
        ("letters", 1.0, None, None),
    ]


def test_how_soon_it_may_come_back(before):
    (again,) = before.again
    assert again.per_year == 2
    assert again.chance == pytest.approx(1 - math.exp(-2 * 30 / 365))
    assert before.chance_again == pytest.approx(again.chance)


def test_who_is_affected_since_when_and_how_much_longer(after):
    assert [(each.service, each.level, each.since_ms, each.rests_on) for each in after.services] == [
        ("shop", 0.0, 90 * MIN, ("grid",)),
        ("office", 0.0, 90 * MIN, ("grid",)),
    ]
    shop, office = after.services
    assert shop.because == ("server", "ups", "grid")
    assert shop.text == "grid failed"
    assert (shop.remaining, shop.back_ms) == (Remaining(20, 70 * MIN, 70 * MIN, 70 * MIN), 3 * H + 10 * MIN)
    assert office.remaining == Remaining(20, H, H, H)
    assert after.remaining == shop.remaining
    assert after.users == Range(1000, 1000, 1000)
    assert after.runs_out == ()


def test_repairing_it_now_saves_all_but_the_start_of_the_server(after):
    lost = 60 * 1000 + 10 * 500
    assert after.lost_user_minutes == (lost, lost, lost)
    assert [each.saves for each in after.actions] == [60 * 1000]


def test_what_is_reported_and_follows_is_told():
    facts = now(SHOP, 2 * H, "grid", "shop", users=USERS)
    assert facts.reported == (Reported("grid", 0.0, 0, "", False), Reported("shop", 0.0, 0, "", True))
    assert facts.notes[0] == "Shop is as reported because of the rest, and counts as needing no repair"


def test_a_switch_by_hand_saves_what_the_automatic_one_would_take():
    words = {
        "fibre": {"kind": "connectivity", "time_to_restore": "10h"},
        "radio": {"kind": "connectivity"},
        "shop": {"needs": [{"any_of": ["fibre", {"use": "radio", "failover": "2h"}]}]},
    }
    facts = now(words, H, "fibre", users={"all": {"count": 10, "uses": ["shop"]}})
    assert [(each.kind, each.targets, each.saves, each.is_upper_bound) for each in facts.actions] == [
        ("repair", ("fibre",), 600, True),
        ("switch", ("shop", "radio"), 600, False),
    ]
    assert facts.actions[1].text == "switch shop to radio"
    assert facts.services[0].rests_on == ("fibre",)


QUEUE = {
    "one": {"kind": "host", "time_to_restore": "2h", "crew": "it"},
    "two": {"kind": "host", "time_to_restore": "1h", "crew": "it"},
    "three": {"kind": "host", "time_to_restore": "1h", "crew": "it"},
    "few": {"needs": ["two"]},
    "many": {"needs": ["three"]},
}
QUEUE_USERS = {"a": {"count": 10, "uses": ["few"]}, "b": {"count": 100, "uses": ["many"]}}


def test_another_order_of_the_queue_saves_what_more_people_lose_in_the_meantime():
    facts = now(QUEUE, 30 * MIN, "one", "two", "three", users=QUEUE_USERS, crews={"it": 1})
    found = {(each.kind, *each.targets): each.saves for each in facts.actions}
    # As it is, two is done after 3 h and three after 4 h; the other way round the few wait an hour longer.
    assert found["first", "three"] == 60 * (100 - 10)
    assert ("first", "two") not in found
    waits = facts.repairs[2]
    assert (waits.status, waits.crew, waits.crew_is_at) == ("waits for its crew", "it", ("one",))


def test_what_one_crew_cannot_do_sooner_is_no_proposal():
    facts = now(QUEUE, 30 * MIN, "one", "three", users=QUEUE_USERS, crews={"it": 1})
    assert not [each for each in facts.actions if each.kind == "first"]


def test_a_repair_waits_behind_the_jobs_of_others():
    crew = {"telco": {"members": 1, "operator": "Telco", "backlog": {"jobs": 3, "each": "1h"}}}
    words = {"line": {"kind": "connectivity", "time_to_restore": "2h", "crew": "telco"}, "shop": {"needs": ["line"]}}
    facts = now(words, 90 * MIN, "line", crews=crew)
    (repair,) = facts.repairs
    assert (repair.status, repair.jobs_of_others, repair.operator) == ("waits for its crew", 2, "Telco")
    assert repair.ends_ms == 5 * H
    assert facts.services[0].remaining == Remaining(20, 3.5 * H, 3.5 * H, 3.5 * H)


def test_a_start_by_hand_breaks_a_deadlock_that_is_still_to_come():
    needs = {"component": "grid", "to": "stay_up"}
    words = {
        "grid": {"kind": "power", "time_to_restore": "3h"},
        "store": {"kind": "tool", "needs": [needs, {"component": "login", "to": "start"}]},
        "login": {"needs": [needs, {"component": "store", "to": "start"}]},
    }
    facts = now(words, 2 * H, "grid", users={"all": {"count": 10, "uses": ["login"]}})
    assert facts.services[0].back_ms is None
    starts = {each.targets: each for each in facts.actions if each.kind == "start"}
    assert set(starts) == {("login",), ("store",)}
    for each in starts.values():
        # Until 24 h from now, of which the grid takes the first.
        assert (each.at_ms, each.saves) == (3 * H + 1, pytest.approx(10 * 23 * 60, abs=0.01))


def test_a_start_by_hand_is_proposed_where_something_waits_for_it_now():
    needs = {"component": "grid", "to": "stay_up"}
    words = {
        "grid": {"kind": "power", "time_to_restore": "1h"},
        "key": {"kind": "tool", "time_to_restore": "9h"},
        "login": {"needs": [needs, {"component": "key", "to": "start"}]},
    }
    loaded = scenario_of(words, [{"fail": "grid"}, {"fail": "key"}], starts="2026-03-02T14:00+01:00")
    situation = situation_at(loaded.system, loaded.scenario, 2 * H)
    facts = assemble_now(situation, Told((), (), STARTS, ""), estimated(situation, 20), is_compiled=False)
    assert {(each.kind, each.targets): each.saves for each in facts.actions} == {
        ("repair", ("key",)): 7 * 60,
        ("start", ("login",)): 7 * 60,
    }


def test_without_users_the_minutes_of_services_count():
    facts = now({"a": {"time_to_restore": "3h"}, "b": {"needs": ["a"]}}, H, "a")
    assert (facts.unit, facts.has_users) == ("service-minutes", False)
    assert [each.saves for each in facts.actions] == [2 * 120]


def test_what_the_standby_can_no_longer_carry_falls():
    words = {
        "grid": {"kind": "power", "time_to_restore": "30h"},
        "diesel": {"kind": "power"},
        "board": {"kind": "power", "needs": [{"any_of": ["grid", {"use": "diesel", "lasts": "12h"}]}]},
        "shop": {"needs": [{"component": "board", "holdover": "5m"}]},
    }
    facts = now(words, H, "grid")
    (fuel,) = facts.runs_out
    assert (fuel.at_ms, fuel.component, fuel.kind, fuel.on) == (12 * H, "board", "standby", ("diesel",))
    assert fuel.text == "diesel can no longer carry board"
    assert fuel.falls == (Fall("shop", 12 * H + 5 * MIN, 0.0),)
    assert [(each.by, each.on, each.until_ms) for each in facts.reserves] == [("standby", ("diesel",), 12 * H)]


def test_a_workaround_that_ends_is_told_with_who_is_affected_then():
    words = {
        "pay": {"kind": "provider", "time_to_restore": "9h"},
        "shop": {
            "needs": ["pay"],
            "workarounds": [{"text": {"en": "Call us"}, "covers": "60%", "after": "0s", "lasts": "4h"}],
        },
    }
    facts = now(words, H, "pay", users={"all": {"count": 100, "uses": ["shop"]}})
    (ends,) = facts.runs_out
    assert (ends.at_ms, ends.kind, ends.text) == (4 * H, "workaround", "workaround of shop ends: Call us")
    assert (facts.users.high, ends.people.high) == (40, 100)


def test_common_causes_that_strike_what_failed_may_come_back():
    causes = {
        "digger": {"strikes": {"line": "100%"}, "fails": {"per_year": 1}, "source": "map"},
        "flood": {"strikes": {"line": "10%"}},
    }
    words = {"line": {"kind": "connectivity", "confidence": "observed"}, "shop": {"needs": ["line"]}}
    facts = now(words, H, "line", common_causes=causes)
    line, digger = facts.again
    assert (line.id, line.per_year, line.chance, line.confidence) == ("line", None, None, "observed")
    assert (digger.id, digger.is_cause, digger.per_year, digger.source) == ("digger", True, 1, "map")
    assert digger.services == ("shop",)


def test_a_share_of_the_time_is_a_rate_over_the_time_to_restore():
    words = {"a": {"time_to_restore": "1h", "fails": {"probability": "50%"}}}
    (again,) = now(words, 30 * MIN, "a").again
    assert again.per_year == pytest.approx(365 * 24), "up for an hour, down for an hour"


def test_too_few_trials_that_agree_give_no_estimate():
    # A battery of 1 to 3 h that half of all trials would have to be sure of, seen through a quorum.
    words = {
        "grid": {"kind": "power", "time_to_restore": "9h"},
        "bank": {"kind": "power", "needs": [{"component": "grid", "holdover": {"low": "1h", "high": "3h"}}]},
        "shop": {"needs": [{"at_least": 1, "of": ["bank"]}]},
        "other": {"needs": ["grid"]},
    }
    facts = now(words, 110 * MIN, "grid", up=("shop",))
    assert facts.n_usable < facts.n_trials
    assert not facts.is_estimated
    assert facts.remaining is None
    assert [each.remaining for each in facts.services] == [None]
    assert "too few are left for an estimate" in facts.notes[-1]


DEADLOCK = {
    "power": {"kind": "power", "time_to_restore": "1h"},
    "names": {"name": "Names", "kind": "tool", "needs": ["power", {"component": "log-in", "to": "start"}]},
    "log-in": {"needs": ["power", {"component": "names", "to": "start"}]},
}


def test_a_recovery_deadlock_is_why_there_is_no_end_and_is_told():
    facts = now(DEADLOCK, 30 * MIN, "power", users={"all": {"count": 10, "uses": ["log-in"]}})
    assert facts.deadlocks == (("names", "log-in"),)
    assert facts.notes == ("recovery deadlock to come: Names and log-in wait for one another, until somebody acts",)
    assert facts.lost_user_minutes == (math.inf, math.inf, math.inf)
    lines = now_text(facts)
    assert "Users affected now: 10 of 10 (100%); what is still to be lost has no end" in lines
    assert "No end in sight: Names and log-in will wait for one another" in lines
    assert [each.text for each in facts.actions if each.at_ms > facts.at_ms] == [
        "start by hand: Names",
        "start by hand: log-in",
    ]


def test_a_crew_of_ours_is_not_of_who_runs_what_it_repairs():
    lines = {"one": {"time_to_restore": "2h", "crew": "it", "operator": "Telco"}}
    (repair,) = now(lines, 30 * MIN, "one", crews={"it": 1}).repairs
    assert (repair.status, repair.crew, repair.operator) == ("at work", "it", "")


def test_services_that_nobody_is_known_to_use_are_told_and_not_counted_as_unused():
    words = {"a": {"time_to_restore": "2h"}, "b": {"name": "Bee"}, "c": {"users": 50}}
    users = {"all": {"count": 10, "uses": ["a"]}}
    facts = now(words, 30 * MIN, "b", users=users, population=100)
    assert facts.uncounted == ("b",)
    assert "Users affected now: none that is counted; nobody says who uses Bee" in now_text(facts)
    both = now(words, 30 * MIN, "a", "b", users=users, population=100)
    assert both.uncounted == ("b",)
    assert now_text(both)[2].startswith("Users affected now: 10 of 100 (10%); nobody says who uses Bee; ")
    assert now(words, 30 * MIN, "a", "c", users=users, population=100).uncounted == ()
