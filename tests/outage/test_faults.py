"""How far repairs are, and by which law they go on."""

from __future__ import annotations

import pytest

from impactsim.laws import Certain, Exponential, LogLogistic, LogNormal, Longer, Samples, Uniform
from impactsim.outage.faults import Known, going_on_by
from impactsim.outage.situation import situation_at
from impactsim.outage.snapshot import expected
from outage.cases import MIN, H, at, estimated, scenario_of, system_of

CREW = {
    "first": {"kind": "host", "time_to_restore": "5h", "crew": "it"},
    "second": {"kind": "host", "time_to_restore": "5h", "crew": "it"},
    "shop": {"needs": ["first", "second"]},
}


def test_work_done_leaves_out_what_a_repair_waited_for_its_crew():
    situation = at(system_of(CREW, crews={"it": 1}), 3 * H, Known("first", 0.0, 0), Known("second", 0.0, H))
    assert [basis.worked_ms for basis in situation.bases] == [3 * H, 0]
    assert expected(situation).components["shop"].levels[-1] == (10 * H, 1.0), "5 h of each, one after the other"


def test_two_members_of_a_crew_work_at_two_repairs():
    situation = at(system_of(CREW, crews={"it": 2}), 3 * H, Known("first", 0.0, 0), Known("second", 0.0, H))
    assert [basis.worked_ms for basis in situation.bases] == [3 * H, 2 * H]


def test_work_done_leaves_out_what_a_repair_was_held_up():
    words = {
        "door": {"kind": "tool", "needs": [{"component": "power", "holdover": "40m"}]},
        "power": {"kind": "power", "time_to_restore": "9h"},
        "server": {"kind": "host", "time_to_restore": "2h", "needs": [{"component": "door", "to": "repair"}]},
        "shop": {"needs": ["server"]},
    }
    situation = at(system_of(words), 3 * H, "power", "server")
    assert {basis.component: basis.worked_ms for basis in situation.bases} == {"power": 3 * H, "server": 40 * MIN}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"time_to_restore": "5h"}, "own"),
        ({"time_to_restore": {"median": "2h", "p90": "6h"}}, "own"),
        ({"time_to_restore": {"samples": ["1h", "9h"]}}, "own"),
        ({"time_to_restore": {"samples": [f"{n}h" for n in range(1, 25)]}}, "history"),
        ({"time_to_restore": {"typical": "cloud-region"}}, "typical"),
        ({"time_to_restore": "2h"}, "missed"),
        ({"time_to_restore": {"low": "1h", "high": "3h"}}, "missed"),
        ({}, "none"),
        ({"kind": "provider"}, "typical"),
    ],
)
def test_the_basis_says_what_an_estimate_rests_on(words, kind):
    situation = at(system_of({"a": {"kind": "tool"} | words, "shop": {"needs": ["a"]}}), 3 * H, "a")
    assert [basis.kind for basis in situation.bases] == [kind]


def test_a_typical_value_names_its_source():
    (basis,) = at(system_of({"a": {"kind": "provider"}, "shop": {"needs": ["a"]}}), H, "a").bases
    assert basis.source
    assert basis.law is not None


def test_a_guess_is_told():
    words = {"a": {"time_to_restore": "5h", "confidence": "guessed"}}
    assert at(system_of(words), H, "a").is_guessed
    words = {"a": {"time_to_restore": "5h", "confidence": "observed"}}
    assert not at(system_of(words), H, "a").is_guessed


def test_what_nobody_knows_an_end_of_has_none():
    estimates = estimated(at(system_of({"a": {}}), H, "a"), 50)
    assert estimates.services["a"].p20_ms == float("inf")
    assert not estimates.services["a"].is_known


@pytest.mark.parametrize("law", [Certain(2.0 * H), Uniform(1.0 * H, 2.0 * H), Samples((1.0 * H, 2.0 * H))])
def test_an_estimate_that_was_missed_grows_with_the_time_that_has_passed(law):
    left = []
    for passed in (3, 6, 12, 24):
        kind, whole = going_on_by(law, passed * H)
        assert kind == "missed"
        left.append(whole.median() - passed * H)
    assert left == sorted(left)
    assert left[0] > 0.0
    assert left[-1] > 2 * left[0]


def test_a_law_whose_work_has_not_begun_stays_as_it_is():
    law = LogNormal(2.0 * H, 6.0 * H, 90)
    assert going_on_by(law, 0) == ("own", law)


def test_a_law_that_allows_for_more_is_conditional_on_what_has_passed():
    for law in (LogNormal(2.0 * H, 6.0 * H, 90), Exponential(2.0 * H), LogLogistic(2.0 * H, 1.5)):
        assert going_on_by(law, 9 * H) == ("own", Longer(law, 9 * H))


def test_a_repair_that_is_over_by_the_medians_is_over():
    loaded = scenario_of({"a": {"time_to_restore": {"median": "1h", "p90": "9h"}}}, [{"fail": "a"}])
    situation = situation_at(loaded.system, loaded.scenario, 2 * H)
    assert situation.ongoing == ()
    assert expected(situation).components["a"].levels == ((0, 0.0), (H, 1.0))


def test_a_fault_of_given_length_goes_on_from_what_has_passed():
    loaded = scenario_of({"a": {}}, [{"fail": "a", "for": {"low": "1h", "high": "3h"}}])
    situation = situation_at(loaded.system, loaded.scenario, 90 * MIN)
    assert situation.bases[0].worked_ms == 90 * MIN
    assert expected(situation).components["a"].levels[-1] == (2.25 * H, 1.0)


def test_a_graded_restoration_keeps_its_steps():
    steps = [{"after": "1h", "to": "50%"}, {"after": "3h", "to": "100%"}]
    loaded = scenario_of({"a": {}}, [{"fail": "a", "then": steps}])
    situation = situation_at(loaded.system, loaded.scenario, 2 * H)
    assert expected(situation).components["a"].levels == ((0, 0.0), (H, 0.5), (3 * H, 1.0))


def test_a_restore_goes_on_from_the_copy_that_it_is_at():
    words = {
        "vault": {"kind": "site"},
        "db": {"kind": "data", "copies": [{"at": "vault", "restore": {"low": "2h", "high": "4h"}}]},
        "shop": {"needs": ["db"]},
    }
    loaded = scenario_of(words, [{"destroy": "db"}])
    situation = situation_at(loaded.system, loaded.scenario, 2 * H + 30 * MIN)
    assert situation.bases[0].worked_ms == 2 * H + 30 * MIN
    assert expected(situation).components["shop"].levels[-1] == (3.25 * H, 1.0)


def test_what_nobody_repairs_keeps_no_crew():
    words = CREW | {"first": {"kind": "host", "crew": "it"}}
    situation = at(system_of(words, crews={"it": 1}), 3 * H, Known("first", 0.0, 0), Known("second", 0.0, H))
    assert {basis.component: basis.worked_ms for basis in situation.bases}["second"] == 2 * H


def test_a_repair_that_should_take_no_time_and_is_not_over_was_missed():
    (basis,) = at(system_of({"a": {"time_to_restore": "0s"}}), 0, "a").bases
    assert basis.kind == "missed"
