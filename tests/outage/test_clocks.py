"""Times as people write them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from impactsim.outage.clocks import read_past, read_time

ROME = ZoneInfo("Europe/Rome")
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:05", "2026-03-02T14:05+01:00"),
        ("9:05", "2026-03-02T09:05+01:00"),
        ("2026-07-02T14:05", "2026-07-02T14:05+02:00"),
        ("2026-07-02 14:05:30", "2026-07-02T14:05:30+02:00"),
        ("2026-07-02T14:05Z", "2026-07-02T14:05+00:00"),
        ("2026-10-25T02:30", "2026-10-25T02:30+02:00"),  # shown twice: the first is meant
    ],
)
def test_a_time_is_read_in_its_zone(text, expected):
    assert read_time(text, DAY, ROME) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["24:00", "14:60", "14", "1405", "noon", "2026-03-02", "", "14:5", "0001-01-01T00:00"])
def test_what_is_no_time_is_refused_with_a_remedy(text):
    with pytest.raises(ValueError, match="write HH:MM, or a whole time"):
        read_time(text, DAY, ROME)


def test_a_time_that_the_clocks_leave_out_is_refused():
    with pytest.raises(ValueError, match=r"leave out 02:30 on 2026-03-29"):
        read_time("2026-03-29T02:30", DAY, ROME)


def test_a_time_of_the_day_that_is_later_than_now_was_yesterday():
    now = datetime.fromisoformat("2026-03-02T00:30+01:00")
    assert read_past("23:50", now, ROME) == datetime.fromisoformat("2026-03-01T23:50+01:00")
    assert read_past("00:30", now, ROME) == now
    assert read_past("2026-03-02T23:50", now, ROME) > now, "a whole time is what it is"


def test_a_time_that_the_clocks_left_out_this_night_is_refused_rather_than_one_of_yesterday():
    now = datetime.fromisoformat("2026-03-29T04:00+02:00")
    with pytest.raises(ValueError, match=r"leave out 02:30 on 2026-03-29"):
        read_past("02:30", now, ROME)
    before = datetime.fromisoformat("2026-03-29T01:50+01:00")
    assert read_past("02:30", before, ROME) == datetime.fromisoformat("2026-03-28T02:30+01:00")
    after_midnight = datetime.fromisoformat("2026-03-30T01:50+02:00")
    with pytest.raises(ValueError, match=r"leave out 02:30 on 2026-03-29"):
        read_past("02:30", after_midnight, ROME)


def test_a_time_that_the_clocks_show_twice_was_this_night_once_it_has_been():
    now = datetime.fromisoformat("2026-10-25T02:10+01:00")  # the second time round
    assert read_past("02:40", now, ROME) == datetime.fromisoformat("2026-10-25T02:40+02:00")
    assert read_past("02:40", datetime.fromisoformat("2026-10-25T02:10+02:00"), ROME).day == 24


def test_today_is_that_of_the_zone():
    now = datetime.fromisoformat("2026-03-01T23:30+00:00")
    assert read_past("00:10", now, ROME) == datetime.fromisoformat("2026-03-02T00:10+01:00")
