"""What every importer relies on: ids, origins, confidence, what dangles, and that few needs are called few."""

from __future__ import annotations

import pytest

from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.importers.sources import Source

PLACE = Place(Source("estate.json", b""), 7)


def codes(draft: Draft) -> list[str]:
    return [problem.code for problem in draft.finish().problems]


def components(draft: Draft) -> dict[str, dict[str, object]]:
    data = draft.finish().data
    assert data is not None
    return data["components"]


def test_every_component_and_need_says_file_and_record():
    draft = Draft("Estate")
    draft.component("device 1", "web", PLACE, record="dcim.device 1")
    draft.component("device 2", "db", PLACE)
    draft.need("device 1", "device 2", PLACE, record="cable 9")
    found = components(draft)
    assert found["web"]["origin"] == "estate.json: dcim.device 1"
    assert found["db"]["origin"] == "estate.json: device 2"
    assert found["web"]["needs"] == [{"component": "db", "origin": "estate.json: cable 9"}]


def test_a_name_that_cannot_be_an_id_is_kept_as_the_name():
    draft = Draft("Estate")
    draft.component("1", "Rack 5 (north)", PLACE)
    assert components(draft)["Rack-5-north"]["name"] == "Rack 5 (north)"


def test_two_that_wish_one_id_are_told_apart_by_what_they_stand_in():
    draft = Draft("Estate")
    draft.component("rack 1", "r-1", PLACE, within="Oslo")
    draft.component("rack 2", "r-1", PLACE, within="Rome")
    draft.component("rack 3", "r-1", PLACE)
    found = draft.finish()
    assert found.data is not None
    assert list(found.data["components"]) == ["Oslo.r-1", "Rome.r-1", "rack-3"]
    assert [str(problem.path[0]) for problem in found.problems if problem.code == "id-clash"] == ["rack 3"]


def test_an_id_of_an_earlier_import_is_kept_and_nobody_else_gets_it():
    draft = Draft("Estate", {"rack 2": "r-1"})
    draft.component("rack 1", "r-1", PLACE)
    draft.component("rack 2", "r-1", PLACE)
    assert {each["origin"]: own for own, each in components(draft).items()} == {
        "estate.json: rack 1": "rack-1",
        "estate.json: rack 2": "r-1",
    }


def test_what_is_needed_and_never_described_is_kept_as_unknown():
    draft = Draft("Estate")
    draft.component("web", "web", PLACE)
    draft.need("web", "ghost", PLACE)
    draft.mention("ghost", "old mainframe", PLACE)
    found = draft.finish()
    assert found.data is not None
    assert found.data["components"]["old-mainframe"] | {"origin": ""} == {
        "kind": "unknown",
        "name": "old mainframe",
        "confidence": "guessed",
        "origin": "",
    }
    (problem,) = found.problems
    assert (problem.code, problem.severity, problem.file, problem.line) == ("dangling", "warning", "estate.json", 7)


def test_a_second_record_adds_what_the_first_did_not_say_and_the_surer_counts():
    draft = Draft("Estate")
    draft.component("web", "web", PLACE, confidence="guessed", kind="tool", operator="Them")
    draft.component("web", "web", PLACE, record="catalogue", kind="host", restart="5m")
    found = components(draft)["web"]
    assert found["kind"] == "host"
    assert (found["operator"], found["restart"]) == ("Them", "5m")
    assert "confidence" not in found  # declared, as is usual
    assert found["origin"] == ["estate.json: web", "estate.json: catalogue"]


def test_a_need_that_is_said_twice_is_one_and_the_surer_counts():
    draft = Draft("Estate")
    draft.component("web", "web", PLACE)
    draft.component("db", "db", PLACE)
    draft.need("web", "db", PLACE, confidence="guessed", impact=0.1, record="env", seen={"calls": 3})
    draft.need("web", "db", PLACE, record="catalogue")
    assert components(draft)["web"]["needs"] == [
        {"component": "db", "seen": {"calls": 3}, "origin": ["estate.json: env", "estate.json: catalogue"]}
    ]


def test_a_need_on_itself_and_standing_at_itself_are_nothing():
    draft = Draft("Estate")
    draft.component("hall", "hall", PLACE, kind="site", at="hall")
    draft.need("hall", "hall", PLACE)
    assert set(components(draft)["hall"]) == {"kind", "origin"}


@pytest.mark.parametrize(("n_needs", "is_told"), [(0, True), (1, False), (2, False)])
def test_an_import_that_leaves_most_alone_is_called_out(n_needs: int, is_told: bool):
    # Of four components all, two or one stand alone; more than half is told.
    draft = Draft("Estate")
    for name in "abcd":
        draft.component(name, name, PLACE)
    for name in "abcd"[1 : 1 + n_needs]:
        draft.need(name, "a", PLACE)
    assert ("few-needs" in codes(draft)) == is_told


def test_a_machine_under_all_of_them_does_not_hide_that_they_are_alone():
    draft = Draft("Estate")
    draft.component("machine", "machine", PLACE, kind="host")
    for name in "abcd":
        draft.component(name, name, PLACE, at="machine")
    assert codes(draft) == ["few-needs"]


def test_the_order_in_which_things_start_does_not_hide_that_they_are_alone():
    draft = Draft("Estate")
    for name in "abcd":
        draft.component(name, name, PLACE)
    for name in "bcd":
        draft.need(name, "a", PLACE, to="start")
    assert codes(draft) == ["few-needs"]


def test_sites_of_some_are_something_to_know():
    draft = Draft("Estate")
    for site in "xy":
        draft.component(site, site, PLACE, kind="site")
    for name in "abcd":
        draft.component(name, name, PLACE, at="x" if name < "c" else "y")
    assert codes(draft) == []


def test_what_no_system_may_say_is_told_where_the_record_stands():
    draft = Draft("Estate")
    draft.component("web", "web", Place(Source("list.csv", b""), 12), restart="5 parsecs")
    found = draft.finish()
    assert found.data is None
    assert [(problem.file, problem.line, problem.code) for problem in found.problems] == [
        ("list.csv", 12, "duration-form")
    ]


def test_what_no_need_may_say_is_told_where_the_need_stands():
    draft = Draft("Estate")
    for name in "ab":
        draft.component(name, name, PLACE)
    draft.need("a", "b", Place(Source("edges.csv", b""), 3))
    draft.need("a", "b", Place(Source("edges.csv", b""), 9), to="start", impact=0.5)
    assert [(problem.file, problem.line, problem.code) for problem in draft.finish().problems] == [
        ("edges.csv", 9, "soft-purpose")
    ]


def test_nothing_at_all_is_an_error():
    assert codes(Draft("Estate")) == ["nothing-imported"]
