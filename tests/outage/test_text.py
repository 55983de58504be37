"""What is printed of an outage, and what programs read."""

from __future__ import annotations

import json
import math

import pytest

from impactsim.outage.estimate import Remaining
from impactsim.outage.facts import NowFacts
from impactsim.outage.json_form import to_json, to_object
from impactsim.outage.text import now_text, to_text
from impactsim.outage.words import median_left, range_left, span
from impactsim.reports.page import ASCII, Screen
from outage.cases import MIN, H
from outage.test_assemble import QUEUE, QUEUE_USERS, SHOP, USERS, now


@pytest.fixture(scope="module")
def before() -> NowFacts:
    return now(SHOP, H, "grid", users=USERS)


@pytest.fixture(scope="module")
def after() -> NowFacts:
    return now(SHOP, 2 * H, "grid", users=USERS)


def line(lines: list[str], words: str) -> str:
    found = [each for each in lines if words in each]
    assert len(found) == 1, found
    return found[0]


def test_the_first_lines_are_the_answer(after):
    assert now_text(after)[:4] == [
        "Test, 2 Mar 2026 16:00 (Europe/Rome, UTC+01:00): 2 of 3 services down",
        "Reported: grid down since 14:00; the outage has lasted 2 h",
        "Users affected now: 1,000 of 1,000 (100%); 65,000 user-minutes still to be lost",
        "All services whole again in 1 h 10 min (17:10); by the laws of the repairs",
    ]


def test_what_falls_next_is_told_with_its_time_and_how_far_ahead_it_is(before):
    assert now_text(before)[0].endswith("none of 3 services is affected yet")
    lines = now_text(before)
    place = lines.index("Next, if nothing is repaired")
    assert " ".join(each.strip() for each in lines[place + 1 : place + 3]) == (
        "15:30, in 30 min: ups (holdover without grid) is empty: 2 services fall: Shop and office; 1,000 users affected then"
    )


def test_what_to_do_is_told_with_what_it_saves(after):
    assert line(now_text(after), "1.  repair grid").split() == ["1.", "repair", "grid", "up", "to", "60,000"]


def test_a_repair_says_who_works_on_it_how_much_is_left_and_why(before):
    lines = now_text(before)
    place = lines.index("Repairs")
    assert " ".join(each.strip() for each in lines[place + 1 : place + 3]) == (
        "grid: at work, City, 1 h done, 2 h of work left (median end 17:00); by its own figures, usually 3 h"
    )


def test_a_queue_says_what_its_crew_is_at():
    lines = now_text(
        now(QUEUE, 30 * MIN, "one", "two", "three", users=QUEUE_USERS, crews={"it": 1}), Screen(n_lines=None)
    )
    assert line(lines, "three: waits for crew it, busy with one")
    assert line(lines, "put the repair of three first in the queue of it").endswith("5,400")


def test_reserves_and_channels_say_until_when(before):
    lines = now_text(before)
    assert line(lines, "  ups      holdover").split() == ["ups", "holdover", "grid", "15:30,", "in", "30", "min"]
    assert line(lines, "work: ") == "  work: status (until 16:00) and letters"


def test_what_may_come_back_is_told_for_each_and_for_all_together():
    fails = {"fails": {"per_year": 2}, "time_to_restore": "9h"}
    lines = to_text(now({"a": fails, "b": fails, "c": {}}, H, "a", "b", "c")).splitlines()
    # 1 - exp(-2 x 30 / 365) of each, 1 - exp(-4 x 30 / 365) of both.
    assert line(lines, "a: 15% within 30 days, 2 a year; a rests on it")
    assert line(lines, "any of these: 28% within 30 days")
    assert line(lines, "c: nobody says how often it fails")


def test_a_typical_outage_fits_on_one_screen_of_a_hundred_columns(before, after):
    for facts in (before, after):
        lines = now_text(facts)
        assert len(lines) <= 40
        assert max(map(len, lines)) <= 100
        assert "\n".join(now_text(facts, Screen(symbols=ASCII))).isascii()


def test_nothing_is_left_out_of_the_whole_text(after):
    whole = to_text(after)
    assert all(each.service in whole or after.names[each.service] in whole for each in after.services)
    assert "--all" not in whole


def test_a_name_cannot_command_the_terminal():
    words = {"a": {"name": "Evil\x1b[31m\nname", "time_to_restore": "3h"}}
    text = to_text(now(words, H, "a"))
    assert "\x1b" not in text
    assert "Evil" in text


def test_a_later_day_has_its_date():
    words = {"a": {"kind": "power", "time_to_restore": "30h"}, "b": {"needs": [{"component": "a", "holdover": "20h"}]}}
    assert line(now_text(now(words, H, "a")), "b (holdover without a) is empty").startswith("  3 Mar 10:00, in 19 h: ")


@pytest.mark.parametrize(
    ("remaining", "expected"),
    [
        (None, ("no estimate", "-")),
        (Remaining(5, 10.0 * MIN, 20.4 * MIN, 2.0 * H), ("10 min to 2 h", "20 min")),
        (Remaining(5, 10.0 * MIN, math.inf, math.inf), ("10 min or more", "-")),
        (Remaining(5, math.inf, math.inf, math.inf), ("no end in sight", "-")),
    ],
)
def test_what_remains_is_a_range(remaining, expected):
    assert (range_left(remaining), median_left(remaining)) == expected


def test_minutes_are_whole():
    assert [span(ms) for ms in (7.4 * MIN, 89.6 * MIN, 30_000)] == ["7 min", "1 h 30 min", "30 s"]


def test_programs_read_the_same_figures(after):
    read = json.loads(to_json(after))
    assert read == to_object(after)
    assert read["impactsim"] == 1
    assert read["at"] == "2026-03-02T16:00:00+01:00"
    assert read["services"][0]["remaining"] == {"n": 20, "p20_ms": 70 * MIN, "p50_ms": 70 * MIN, "p90_ms": 70 * MIN}
    assert read["lost_user_minutes"] == {"p20": 65_000, "p50": 65_000, "p90": 65_000}
    assert read["actions"][0]["saves"] == 60_000


def test_what_does_not_end_is_nothing_in_json():
    read = json.loads(to_json(now({"a": {}}, H, "a")))
    assert read["remaining"] == {"n": 20, "p20_ms": None, "p50_ms": None, "p90_ms": None}
    assert read["repairs"][0]["status"] == "not planned"
    assert read["services"][0]["back_ms"] is None
