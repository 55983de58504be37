"""What is published is rounded outward: never fewer people, never a shorter time, never a later start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim.notices.rounding import clock_down, clock_up, people, range_ms, shares, step_ms

MINUTE, HOUR = 60_000, 3_600_000


@given(st.floats(1, 400 * HOUR), st.floats(1, 400 * HOUR))
def test_a_range_of_times_is_rounded_outward_by_less_than_its_steps(one, other):
    low, high = sorted((one, other))
    down, up = range_ms(low, high)
    assert down <= low < down + step_ms(low)
    assert up - step_ms(high) < high <= up
    assert down % (15 * MINUTE) == up % (15 * MINUTE) == 0


@pytest.mark.parametrize(
    ("low", "high", "printed"),
    [
        (20 * MINUTE, 50 * MINUTE, (15 * MINUTE, HOUR)),
        (HOUR, 2 * HOUR, (HOUR, 2 * HOUR)),
        (125 * MINUTE, 185 * MINUTE, (2 * HOUR, 210 * MINUTE)),
        (5 * HOUR, 7 * HOUR, (5 * HOUR, 8 * HOUR)),
        (25 * HOUR, 37 * HOUR, (24 * HOUR, 48 * HOUR)),
    ],
)
def test_the_steps_are_a_quarter_half_two_and_twelve_hours(low, high, printed):
    assert range_ms(low, high) == printed


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_people_are_rounded_outward_to_two_digits(one, other):
    low, high = sorted((one, other))
    found = people(low, high, 100)
    if found.fewer_than is not None:
        assert high < 100 == found.fewer_than
        return
    assert found.low <= low + 1e-6
    assert high <= found.high + 1e-6
    for figure in (found.low, found.high):
        assert len(str(figure).rstrip("0")) <= 2
    assert found.high - high <= max(1.0, 0.1 * high)


@given(st.integers(2, 10_000), st.floats(0, 1e6), st.floats(0, 1e6))
def test_no_smaller_number_than_the_smallest_group_is_published(smallest, one, other):
    low, high = sorted((one, other))
    found = people(low, high, smallest)
    assert found.low == 0 or found.low >= smallest
    assert found.high >= smallest


def test_exact_figures_stay_what_they_are():
    assert people(13_000, 13_000, 100).low == people(13_000, 13_000, 100).high == 13_000
    assert shares(0.13, 0.13) == (0.13, 0.13)
    assert shares(0.29, 0.29) == (0.29, 0.29)  # 0.29 x 100 is a little below 29


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.sampled_from([0, 90, -345]))
def test_a_start_is_rounded_down_and_an_end_up_to_five_minutes(naive, offset):
    at = naive.replace(tzinfo=UTC) + timedelta(minutes=offset)
    down, up = clock_down(at), clock_up(at)
    assert timedelta(0) <= at - down < timedelta(minutes=5)
    assert timedelta(0) <= up - at < timedelta(minutes=5)
    assert down.minute % 5 == up.minute % 5 == 0
