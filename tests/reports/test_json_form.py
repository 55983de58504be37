from __future__ import annotations

import json
from typing import Any

from impactsim.engine.users import Range
from impactsim.reports.facts import DataFacts, DeadlockFacts, Moment, Phase, Repair, Reserve
from impactsim.reports.json_form import number, to_json, to_object, to_range
from reports.facts_by_hand import DAY, HOUR, START, affected, because, component, facts

RUN = facts(
    component(
        "checkout",
        (HOUR, 0.0),
        (2 * HOUR, 0.1 + 0.2),
        (3 * HOUR, 1.0),
        why=(
            because(HOUR, ("checkout", "need", "needs dc"), ("dc", "need", "needs grid"), ("grid", "fault", "failed")),
            because(2 * HOUR, ("checkout", "catch-up", "catching up"), level=0.3),
            because(3 * HOUR, ("checkout", "catch-up", "catching up"), level=1.0),
        ),
        reserve=(Reserve(60_000, HOUR, "holdover", ("grid",), (), HOUR, 0, "stay_up"),),
    ),
    component("db", name="\u6ce8\u6587", kind="data"),
    starts=START,
    data={"db": DataFacts(lost_for_good=False, loss_ms=DAY)},
    deadlocks=(DeadlockFacts(("a", "b"), ({"start": ("a",), "repair": ()}, {"repair": ("b",)})),),
    segments={"all": affected(1.0, None, 2.0)},
    users=affected(1.0, None, 2.5, minutes=60),
    has_users=True,
    repairs=(Repair("db", HOUR, None, (Phase(HOUR, 2 * HOUR, "held up", ("dc",)),)),),
    moments=(Moment(HOUR, "down", ("checkout",), "checkout: down"),),
)


def read_back() -> Any:
    return json.loads(to_json(RUN))


def test_the_form_is_that_of_the_reference() -> None:
    run = read_back()
    assert {"impactsim", "system", "scenario", "seed", "trials", "end_ms"} < set(run)
    assert (run["impactsim"], run["trials"], run["seed"], run["end_ms"]) == (1, 1, 0, 10 * HOUR)
    checkout = run["components"]["checkout"]
    assert checkout["levels"] == [[0, 1.0], [HOUR, 0.0], [2 * HOUR, 0.3], [3 * HOUR, 1.0]]
    assert (checkout["down_ms"], checkout["degraded_ms"], checkout["restored"]) == (HOUR, HOUR, True)
    assert run["data"] == {"db": {"lost_for_good": False, "loss_ms": DAY}}
    assert run["deadlocks"] == [{"circle": ["a", "b"], "break_with": [{"start": ["a"]}, {"repair": ["b"]}]}]
    assert run["starts"] == "2026-03-02T14:00:00+01:00"


def test_why_has_the_changes_to_less_than_up_and_the_way_to_what_failed_first() -> None:
    why = [(each["at_ms"], each["because"]) for each in read_back()["components"]["checkout"]["why"]]
    assert why == [(HOUR, ["dc", "grid"]), (2 * HOUR, ["checkout"])]


def test_a_reserve_has_all_that_the_reference_names() -> None:
    (reserve,) = read_back()["components"]["checkout"]["reserve"]
    expected = {"from_ms": 60_000, "to_ms": HOUR, "by": "holdover", "of": ["grid"], "on": [], "until_ms": HOUR}
    assert expected.items() <= reserve.items()


def test_numbers_of_people_are_ranges_whose_estimate_may_be_unknown() -> None:
    users = read_back()["users"]
    assert users["affected"] == {"low": 1, "estimate": None, "high": 2.5}
    assert users["lost_user_minutes"] == {"low": 60, "estimate": None, "high": 150}
    assert set(users["segments"]["all"]) == {"affected", "peak", "lost_user_minutes", "out_ms"}


def test_numbers_have_no_noise_and_whole_ones_no_point() -> None:
    assert number(0.1 + 0.2) == 0.3
    assert repr(number(39_712.74375210124)) == "39712.7437521"
    assert repr(number(120_000.0)) == "120000"
    assert to_range(Range(1.0, 2.0, 3.0)) == {"low": 1, "estimate": 2, "high": 3}


def test_it_is_one_line_of_ascii_that_reads_back_the_same() -> None:
    text = to_json(RUN)
    assert "\n" not in text
    assert text.isascii()
    assert json.loads(text) == to_object(RUN)
    assert json.loads(text)["components"]["db"]["name"] == "\u6ce8\u6587"
