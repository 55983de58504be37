"""What a scenario calls for, and when (S10.1)."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.review.play.called import called_before, unrestored_in, unused_in
from review.played import HOUR, MINUTE, calls, loaded_of, plan_of

SYSTEM: dict[str, Any] = {
    "db": {"kind": "data", "time_to_restore": "9h"},
    "web": {"kind": "host"},
    "main": {"kind": "host", "time_to_restore": "9h"},
    "spare": {"kind": "host"},
    "shop": {"kind": "service", "needs": ["db", {"any_of": ["main", "spare"], "failover": "2h"}]},
}
RESTORES = {"fix": {"restores": ["db"], "takes": "1h"}}
SWITCHES = {"over": {"switches": {"of": "shop", "to": "spare"}, "takes": "1h"}}


@pytest.mark.parametrize(
    ("events", "times"),
    [
        ([{"fail": "db", "at": "2h"}], (2 * HOUR,)),
        ([{"degrade": "db", "to": "50%", "repair": "1h"}], (0,)),
        ([{"destroy": "db", "at": "5m"}], (5 * MINUTE,)),
        ([{"fail": "db", "for": "1h"}], None),
        ([{"fail": "db", "then": [{"after": "1h", "to": "100%"}]}], None),
        ([{"fail": "web"}], None),
        (
            [{"fail": "db", "at": "2h"}, {"fail": ["web", "db"], "at": "1h"}, {"fail": "db", "at": "2h"}],
            (HOUR, 2 * HOUR),
        ),
    ],
)
def test_a_step_is_called_with_each_fault_that_does_not_end_by_itself(events: Any, times: Any) -> None:
    assert calls(plan_of(RESTORES), loaded_of(SYSTEM, events)).get("fix") == times


def test_nothing_behind_the_horizon_calls() -> None:
    events = [{"fail": "db", "at": "2h"}]
    assert calls(plan_of(RESTORES), loaded_of(SYSTEM, events, horizon="2h")) == {"fix": (2 * HOUR,)}
    assert calls(plan_of(RESTORES), loaded_of(SYSTEM, events, horizon="119m")) == {}


@pytest.mark.parametrize(("share", "is_called"), [("1%", True), (0, False)])
def test_a_strike_that_can_hit_calls_whether_it_does_or_not(share: Any, is_called: bool) -> None:
    causes = {"common_causes": {"flood": {"strikes": {"db": share, "web": "100%"}}}}
    loaded = loaded_of(SYSTEM, [{"strike": "flood"}], causes)
    assert ("fix" in calls(plan_of(RESTORES), loaded)) is is_called


def test_a_switch_is_called_where_all_before_its_standby_is_down() -> None:
    assert calls(plan_of(SWITCHES), loaded_of(SYSTEM, [{"fail": "main", "at": "1h"}])) == {"over": (HOUR,)}
    # Degraded is not down; and what ends by itself is down all the same.
    assert calls(plan_of(SWITCHES), loaded_of(SYSTEM, [{"degrade": "main", "to": "1%"}])) == {}
    assert calls(plan_of(SWITCHES), loaded_of(SYSTEM, [{"fail": "main", "for": "1m"}])) == {"over": (0,)}


def test_a_switch_is_called_with_the_event_behind_it_once_however_late_that_takes_the_first_member_down() -> None:
    system = SYSTEM | {
        "grid": {"kind": "power", "time_to_restore": "9h"},
        "main": {"kind": "host", "needs": [{"component": "grid", "holdover": "40m"}]},
    }
    events = [{"fail": "grid", "at": "1h"}, {"fail": "web", "at": "90m"}, {"fail": "main", "at": "20h", "for": "1h"}]
    # Main falls at 1 h 40 min; the last event up to then is that of the web.
    assert calls(plan_of(SWITCHES), loaded_of(system, events)) == {"over": (90 * MINUTE,)}


def test_what_prepares_comes_with_the_first_of_what_it_prepares_through_any_number_of_steps() -> None:
    steps = {
        "mount": {"takes": "5m"},
        "order": {"takes": "5m", "after": ["mount"]},
        "fix": {"restores": ["db"], "takes": "1h", "after": ["order"]},
        "boot": {"restores": ["web"], "takes": "1h", "after": ["order"]},
        "tell": {"takes": "1m", "after": ["boot"]},
        "never": {"restores": ["spare"], "takes": "1h"},
        "after-never": {"takes": "1m", "after": ["never"]},
        "alone": {"takes": "1m"},
    }
    events = [{"fail": "shop", "for": "1m", "at": "20m"}, {"fail": "web", "at": "1h"}, {"fail": "db", "at": "30m"}]
    assert calls(plan_of(steps), loaded_of(SYSTEM, events)) == {
        "mount": (30 * MINUTE,),
        "order": (30 * MINUTE,),
        "fix": (30 * MINUTE,),
        "boot": (HOUR,),
        "tell": (HOUR,),
        "alone": (20 * MINUTE,),
    }


def test_a_step_waits_beyond_what_is_not_called() -> None:
    steps = {
        "disks": {"restores": ["db"], "takes": "1h"},
        "hosts": {"restores": ["web"], "takes": "1h", "after": ["disks"]},
        "apps": {"restores": ["main"], "takes": "1h", "after": ["hosts"]},
    }
    plan = plan_of(steps)
    assert called_before(plan, {"disks": (), "hosts": (), "apps": ()}, "apps") == ("hosts",)
    assert called_before(plan, {"disks": (), "apps": ()}, "apps") == ("disks",)


def test_what_nothing_brings_back_is_named() -> None:
    system = SYSTEM | {"disk": {"kind": "data", "copies": [{"at": "spare", "restore": "1h"}]}}
    events = [
        {"fail": ["db", "web", "main"]},
        {"fail": "spare", "repair": "1h"},
        {"degrade": "shop", "to": 0, "then": [{"after": "1h", "to": "90%"}]},
        {"destroy": ["disk", "db"]},
    ]
    loaded = loaded_of(system, events)
    left = unrestored_in(plan_of(RESTORES), loaded.scenario, loaded.system, {"fix": (0,)})
    # The data of db has no copy; main has a time to restore, the disk a copy, the spare a repair of its own.
    assert left == ("db", "web", "shop")
    by_hand = loaded_of(system, [{"fail": "web"}], actions=[{"repair": "web", "at": "1h"}])
    assert unrestored_in(plan_of(RESTORES), by_hand.scenario, by_hand.system, {}) == ()


def test_steps_for_what_comes_back_by_itself_are_named() -> None:
    plan = plan_of(RESTORES | {"boot": {"restores": ["web"], "takes": "1h"}})
    for events, unused in (
        ([{"fail": "db", "for": "1h"}, {"fail": "web"}], ("fix",)),
        ([{"fail": "db"}, {"fail": "db", "for": "1h"}], ()),
        ([{"fail": "main"}], ()),
    ):
        loaded = loaded_of(SYSTEM, events)
        assert unused_in(plan, loaded.scenario, loaded.system, calls(plan, loaded)) == unused
