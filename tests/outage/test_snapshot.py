"""How things stand, and how they go on by the medians with repairs and without."""

from __future__ import annotations

from impactsim.outage.ahead import runs_out
from impactsim.outage.faults import Known
from impactsim.outage.situation import situation_at
from impactsim.outage.snapshot import (
    AHEAD_MS,
    below_since_ms,
    expected,
    level_at,
    people_at,
    unrepaired,
)
from impactsim.outage.workarounds import workarounds_of
from outage.cases import MIN, H, at, scenario_of, system_of

SHOP = {
    "grid": {"kind": "power", "time_to_restore": "3h"},
    "phones": {"kind": "channel", "needs": [{"component": "grid", "holdover": "4h"}]},
    "shop": {
        "needs": [{"component": "grid", "holdover": "30m"}],
        "workarounds": [
            {"text": {"en": "Call"}, "covers": "60%", "after": "30m", "lasts": "4h", "needs": ["phones"]},
            {"text": {"en": "Wait"}, "covers": "10%"},
        ],
    },
}
USERS = {"all": {"count": 1000, "uses": ["shop"]}}


def test_the_course_ends_with_the_repairs_and_without_them_it_does_not():
    situation = at(system_of(SHOP, users=USERS), H, "grid")
    assert expected(situation).components["shop"].levels == ((0, 1.0), (30 * MIN, 0.0), (3 * H, 1.0))
    ahead = unrepaired(situation)
    assert ahead.components["shop"].levels == ((0, 1.0), (30 * MIN, 0.0))
    assert ahead.components["phones"].levels == ((0, 1.0), (4 * H, 0.0))
    assert ahead.end_ms == H + AHEAD_MS


def test_without_repairs_no_destroyed_data_is_restored():
    words = {
        "vault": {"kind": "site"},
        "db": {"kind": "data", "copies": [{"at": "vault", "restore": "3h"}]},
        "shop": {"needs": ["db"]},
    }
    loaded = scenario_of(words, [{"destroy": "db"}])
    situation = situation_at(loaded.system, loaded.scenario, H)
    assert expected(situation).components["shop"].levels[-1] == (3 * H, 1.0)
    assert unrepaired(situation).components["shop"].levels[-1] == (0, 0.0)


def test_what_has_been_is_the_same_with_repairs_and_without():
    situation = at(system_of(SHOP), 2 * H, "grid", Known("phones", 0.5, H))
    for facts in (expected(situation), unrepaired(situation)):
        assert [each for each in facts.components["phones"].levels if each[0] <= 2 * H] == [(0, 1.0), (H, 0.5)]


def test_nobody_acts_from_now_on_without_repairs_and_what_was_done_is_done():
    loaded = scenario_of(
        {"a": {}, "b": {}}, [{"fail": ["a", "b"]}], actions=[{"repair": "a", "at": "1h"}, {"repair": "b", "at": "3h"}]
    )
    situation = situation_at(loaded.system, loaded.scenario, 2 * H)
    ahead = unrepaired(situation)
    assert ahead.components["a"].levels[-1] == (H, 1.0)
    assert ahead.components["b"].levels[-1] == (0, 0.0)
    assert expected(situation).components["b"].levels[-1] == (3 * H, 1.0)


def test_levels_and_people_are_those_of_a_time():
    course = expected(at(system_of(SHOP, users=USERS), H, "grid"))
    shop = course.components["shop"]
    assert [level_at(shop, ms) for ms in (0, 30 * MIN - 1, 30 * MIN, 3 * H)] == [1.0, 1.0, 0.0, 1.0]
    assert [below_since_ms(shop, ms) for ms in (10 * MIN, H, 3 * H)] == [None, 30 * MIN, None]
    # One in ten waits from the beginning on, six in ten call from half an hour into the loss on.
    assert [people_at(course, ms).high for ms in (10 * MIN, 45 * MIN, H)] == [0, 900, 400]


def test_below_since_goes_back_to_when_it_was_last_whole():
    system = system_of({"a": {}, "b": {"needs": [{"component": "a", "impact": "30%"}]}})
    facts = expected(at(system, 2 * H, Known("a", 0.5, 0), Known("b", 0.1, H)))
    assert below_since_ms(facts.components["b"], 2 * H) == 0


def test_a_workaround_says_from_when_until_when_and_whether_what_it_needs_is_there():
    situation = at(system_of(SHOP, users=USERS), H, "grid")
    call, wait = workarounds_of(situation.system, expected(situation), "shop", H)
    assert (call.service, call.from_ms, call.until_ms, call.is_up) == ("shop", H, 5 * H, True)
    assert (wait.from_ms, wait.until_ms) == (30 * MIN, None)
    assert call.is_there(H)
    assert not call.is_there(5 * H)
    down = at(system_of(SHOP, users=USERS), H, "grid", "phones")
    assert not workarounds_of(down.system, expected(down), "shop", H)[0].is_up


def test_a_workaround_ends_where_what_it_needs_goes_if_nothing_is_repaired():
    situation = at(system_of(SHOP, users=USERS), H, "grid")
    ahead = unrepaired(situation)
    assert workarounds_of(situation.system, expected(situation), "shop", H, ahead)[0].until_ms == 4 * H
    (ends,) = runs_out(situation.system, ahead, H)
    assert (ends.at_ms, ends.kind, ends.people.high) == (4 * H, "workaround", 900)
