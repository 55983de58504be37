from __future__ import annotations

import doctest
from datetime import datetime

import pytest

from impactsim.engine.users import Range
from impactsim.reports import layout, words
from impactsim.reports.words import Times, clean, range_of_people, range_of_time
from reports.facts_by_hand import DAY, HOUR, MINUTE, START


@pytest.mark.parametrize("module", [words, layout])
def test_examples_of_the_docstrings_hold(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_times_without_a_start_count_from_it() -> None:
    times = Times(None, 50 * HOUR)
    assert [times.at(at_ms) for at_ms in (0, 10 * MINUTE, 26 * HOUR, 49 * HOUR)] == [
        "+0:00",
        "+0:10",
        "+26:00",
        "+2d 1:00",
    ]


def test_times_with_a_start_are_of_the_clock_in_its_own_offset() -> None:
    times = Times(datetime.fromisoformat("2026-03-02T23:30-05:00"), 20 * MINUTE)
    assert times.at(10 * MINUTE) == "23:40"
    assert times.start() == "2 Mar 2026 23:30 UTC-05:00"


def test_times_have_their_day_once_the_run_reaches_another() -> None:
    assert Times(START, 10 * HOUR).at(HOUR) == "2 Mar 15:00"
    assert Times(START, 9 * HOUR).at(HOUR) == "15:00"
    assert Times(START, 400 * DAY).at(HOUR) == "2 Mar 2026 15:00"


def test_seconds_are_written_where_there_are_any() -> None:
    times = Times(START, HOUR, [30_000, MINUTE])
    assert [times.at(30_000), times.at(MINUTE)] == ["14:00:30", "14:01"]
    short = Times(None, 5_000, [1_250])
    assert [short.at(1_250), short.at(2_000)] == ["+0:00:01.250", "+0:00:02"]


def test_a_long_run_has_no_seconds_unless_two_instants_would_look_the_same() -> None:
    assert Times(None, 3 * DAY, [90_500]).at(90_500) == "+0:01"
    assert Times(None, 3 * DAY, [90_500, 100_000]).at(90_500) == "+0:01:30"


def test_a_start_near_the_end_of_the_calendar_gives_way_to_elapsed_time() -> None:
    assert Times(datetime.fromisoformat("9999-12-31T23:00+00:00"), 2 * HOUR).at(HOUR) == "+1:00"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (Range(1_230.0, 1_234.0, 1_290.0), "about 1,200 (1,200 to 1,300)"),
        (Range(999_999.0, None, 1_000_001.0), "990,000 to 1,100,000"),
        (Range(40_000.0, 45_000.0, 50_000.0), "about 45,000 (40,000 to 50,000)"),
        (Range(0.0, 0.4, 2.0), "about 0 (0 to 2)"),
        (Range(7.2, 7.5, 8.1), "about 8 (7 to 9)"),
        (Range(123_456.0, 123_456.0, 123_456.0), "123,456"),
    ],
)
def test_bounds_are_rounded_outward(count: Range, text: str) -> None:
    assert range_of_people(count) == text


def test_a_range_of_time_says_which_bound_is_nothing() -> None:
    assert range_of_time(Range(0, 0, 0)) == "-"
    assert range_of_time(Range(0, HOUR, HOUR)) == "up to 1 h"
    assert range_of_time(Range(HOUR, HOUR, 2 * HOUR)) == "1 h to 2 h"


def test_somebodys_text_cannot_command_a_terminal() -> None:
    assert clean("a\x1b[31mb\nc\u202ed") == "a\ufffd[31mb c\ufffdd"
    assert (
        clean("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645") == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )
