"""What follows from what is reported, and what contradicts it."""

from __future__ import annotations

from impactsim.laws import Longer
from impactsim.model.scenario import Degrade, Fail
from impactsim.outage.faults import Known
from impactsim.outage.snapshot import expected, level_at
from outage.cases import MIN, H, at, system_of

SHOP = {
    "grid": {"kind": "power", "time_to_restore": "3h"},
    "ups": {"kind": "power", "needs": [{"component": "grid", "holdover": "30m"}]},
    "server": {"kind": "host", "needs": ["ups"], "time_to_restore": "1h"},
    "shop": {"needs": ["server"]},
    "office": {"needs": ["ups"]},
}


def test_what_is_down_because_of_the_rest_needs_no_fault_of_its_own():
    situation = at(system_of(SHOP), H, "shop", "grid", "server")
    assert [known.component for known in situation.ongoing] == ["grid"]
    assert situation.follows == ("shop", "server")


def test_what_is_reported_before_the_reserve_ends_that_hides_the_cause_has_a_fault_of_its_own():
    situation = at(system_of(SHOP), 20 * MIN, "grid", "server")
    assert [known.component for known in situation.ongoing] == ["grid", "server"]


def test_what_went_down_first_does_not_follow_from_what_went_down_later():
    situation = at(system_of(SHOP), 2 * H, Known("server", 0.0, 0), Known("grid", 0.0, H))
    assert [known.component for known in situation.ongoing] == ["server", "grid"]


def test_of_what_explains_one_another_the_first_listed_keeps_its_fault():
    circle = {"a": {"needs": ["b"]}, "b": {"needs": ["c"]}, "c": {"needs": ["a"]}}
    assert [known.component for known in at(system_of(circle), H, "b", "c", "a").ongoing] == ["b"]


def test_what_serves_less_than_follows_from_the_rest_has_a_fault_of_its_own():
    system = system_of({"a": {"kind": "tool"}, "b": {"needs": [{"component": "a", "impact": "40%"}]}})
    assert [k.component for k in at(system, H, "a", Known("b", 0.6)).ongoing] == ["a"]
    assert [k.component for k in at(system, H, "a", Known("b", 0.5)).ongoing] == ["a", "b"]


def test_a_report_becomes_the_event_of_one_component():
    events = at(system_of(SHOP), H, Known("grid", 0.0, 5 * MIN), Known("office", 0.4)).scenario.events
    assert [type(each) for each in events] == [Fail, Degrade]
    assert events[0].fail == ("grid",)
    assert events[0].at == 5 * MIN
    assert events[1].to == 0.4


def test_a_need_that_is_not_met_of_something_that_is_up_is_set_aside_and_told():
    situation = at(system_of(SHOP), 2 * H, "grid", up=("server",))
    assert situation.set_aside == (("server", ("ups",)),)
    course = expected(situation)
    assert level_at(course.components["shop"], 2 * H) == 1.0
    assert level_at(course.components["office"], 2 * H) == 0.0, "what nobody says is up follows as before"


def test_the_site_of_something_that_is_up_is_set_aside_too():
    system = system_of(
        {"room": {"kind": "site"}, "server": {"kind": "host", "at": "room"}, "shop": {"needs": ["server"]}}
    )
    situation = at(system, H, "room", up=("server",))
    assert situation.set_aside == (("server", ("room",)),)
    assert level_at(expected(situation).components["shop"], H) == 1.0


def test_a_holdover_that_may_last_longer_is_not_set_aside_but_has_lasted_longer():
    words = SHOP | {"ups": {"kind": "power", "needs": [{"component": "grid", "holdover": {"low": "1h", "high": "3h"}}]}}
    situation = at(system_of(words), 2 * H, "grid", up=("shop",))
    assert situation.set_aside == ()
    holdover = situation.system.components["ups"].needs[0].holdover
    assert isinstance(holdover, Longer)
    assert holdover.elapsed == 2 * H
    ups = expected(situation).components["ups"]
    assert [at_ms for at_ms, level in ups.levels if level == 0.0] == [2.5 * H], "the median of 2 to 3 h"


def test_fuel_that_may_last_longer_has_lasted_longer():
    words = {
        "grid": {"kind": "power"},
        "diesel": {"kind": "power"},
        "board": {
            "kind": "power",
            "needs": [{"any_of": ["grid", {"use": "diesel", "lasts": {"low": "1h", "high": "3h"}}]}],
        },
        "shop": {"needs": ["board"]},
    }
    situation = at(system_of(words), 2 * H, "grid", up=("shop",))
    assert situation.set_aside == ()
    board = expected(situation).components["board"]
    assert [at_ms for at_ms, level in board.levels if level == 0.0] == [2.5 * H]


def test_what_is_whole_by_the_median_also_says_how_long_its_reserve_has_lasted():
    words = SHOP | {"ups": {"kind": "power", "needs": [{"component": "grid", "holdover": {"low": "1h", "high": "3h"}}]}}
    board = expected(at(system_of(words), 90 * MIN, "grid", up=("ups",))).components["ups"]
    assert [at_ms for at_ms, level in board.levels if level == 0.0] == [2.25 * H], "the median of 1.5 to 3 h"


def test_a_stop_that_no_need_explains_is_told():
    words = {
        "grid": {"kind": "power", "time_to_restore": "1h"},
        "server": {"kind": "host", "needs": ["grid"], "restart": "1h"},
        "shop": {"needs": ["server"]},
    }
    system = system_of(words)
    situation = at(system, H, Known("grid", 0.0, 0), up=("server",))
    assert situation.set_aside == (("server", ("grid",)),)
    assert situation.unexplained == ()


def test_what_serves_a_share_is_not_taken_down_by_what_it_needs():
    situation = at(system_of(SHOP), 2 * H, "grid", Known("server", 0.5))
    assert situation.set_aside == (("server", ("ups",)),)
    assert level_at(expected(situation).components["server"], 2 * H) == 0.5


def test_what_a_common_cause_struck_is_repaired_as_the_common_cause_says():
    words = {"line": {"kind": "connectivity", "time_to_restore": "1h"}, "shop": {"needs": ["line"]}}
    causes = {"digger": {"strikes": {"line": "100%"}, "time_to_restore": "12h", "source": "map"}}
    situation = at(system_of(words, common_causes=causes), 2 * H, Known("line", 0.0, 0, "digger"))
    (basis,) = situation.bases
    assert basis.law is not None
    assert basis.law.median() == 12 * H
    assert basis.source == "map"
    assert expected(situation).components["line"].levels[-1] == (12 * H, 1.0)
