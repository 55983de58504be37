"""An estimate is a range or nothing, stays while it holds, sinks by whole steps, and is never missed in silence."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim.notices.estimates import Published, choose
from impactsim.notices.rounding import step_ms
from impactsim.outage.estimate import Remaining

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MINUTE, HOUR = 60_000, 3_600_000


def rest(low_h: float, high_h: float, n: int = 1000) -> Remaining:
    low_ms, high_ms = (float(each if math.isinf(each) else round(each * 60) * MINUTE) for each in (low_h, high_h))
    return Remaining(n, low_ms, (low_ms + high_ms) / 2, high_ms)


def test_a_range_is_rounded_outward_and_counted_from_the_publication():
    chosen = choose(rest(2.1, 3.8), is_guessed=False, published_at=NOON)
    assert chosen.estimate is not None
    assert (chosen.estimate.low_ms, chosen.estimate.high_ms) == (2 * HOUR, 4 * HOUR)
    assert (chosen.estimate.low_at, chosen.estimate.high_at) == (NOON + timedelta(hours=2), NOON + timedelta(hours=4))


@pytest.mark.parametrize(
    ("remaining", "is_guessed", "why"),
    [
        (rest(1, 6.02), False, "too wide"),
        (rest(1, 2, n=199), False, "too few trials"),
        (rest(1, 2), True, "rests on a guess"),
        (rest(1, math.inf), False, "no end"),
        (None, False, "over"),
    ],
)
def test_a_thin_basis_gives_no_estimate_and_says_why(remaining, is_guessed, why):
    chosen = choose(remaining, is_guessed, NOON)
    assert chosen.estimate is None
    assert chosen.why_none == why


def test_six_times_the_lower_end_and_200_trials_are_just_enough():
    assert choose(rest(1, 6, n=200), is_guessed=False, published_at=NOON).estimate is not None


def test_the_policy_of_the_organisation_comes_first():
    assert choose(rest(1, 2), is_guessed=False, published_at=NOON, is_policy=False).why_none == "policy"


def previous(low_h: float, high_h: float) -> Published:
    return Published(NOON + timedelta(minutes=round(low_h * 60)), NOON + timedelta(minutes=round(high_h * 60)))


def test_a_published_range_stays_while_what_is_known_lies_in_it():
    later = NOON + timedelta(minutes=40)
    chosen = choose(rest(1.5, 3.0), is_guessed=False, published_at=later, previous=previous(2, 4))
    assert chosen.estimate is not None
    assert (chosen.estimate.low_at, chosen.estimate.high_at) == (NOON + timedelta(hours=2), NOON + timedelta(hours=4))
    assert chosen.estimate.high_ms == 200 * MINUTE
    assert not chosen.is_late


def test_an_upper_bound_that_does_not_hold_is_raised_and_told():
    chosen = choose(rest(2.2, 4.5), is_guessed=False, published_at=NOON, previous=previous(2, 4))
    assert chosen.estimate is not None
    assert chosen.estimate.high_at > NOON + timedelta(hours=4)
    assert chosen.is_late


def test_a_range_that_grew_too_wide_to_be_published_is_not_withdrawn_in_silence():
    before = previous(2, 4)
    assert choose(rest(1, 60), is_guessed=False, published_at=NOON, previous=before).is_late
    assert choose(rest(1, math.inf), is_guessed=False, published_at=NOON, previous=before).is_late


@pytest.mark.parametrize(
    ("remaining", "is_guessed"), [(rest(0.5, 3.5), False), (rest(1, 3.5, n=199), False), (rest(1, 3.5), True)]
)
def test_what_was_published_and_still_holds_is_kept_even_where_nothing_new_would_be_published(remaining, is_guessed):
    chosen = choose(remaining, is_guessed, NOON, previous(2, 4))
    assert chosen.estimate is not None
    assert chosen.estimate.high_at == NOON + timedelta(hours=4)
    assert chosen.estimate.low_ms <= remaining.p20_ms
    assert not chosen.is_late
    beyond = choose(Remaining(remaining.n, remaining.p20_ms, HOUR, 4.1 * HOUR), is_guessed, NOON, previous(2, 4))
    assert beyond.is_late, "what was promised is never withdrawn in silence"


def test_a_range_that_is_over_is_not_kept():
    chosen = choose(Remaining(1000, 0.0, 0.0, 0.0), is_guessed=False, published_at=NOON, previous=previous(-1, 0))
    assert chosen.estimate is not None
    assert chosen.estimate.high_ms > 0
    assert chosen.is_late


def test_without_any_trial_there_are_too_few():
    assert (
        choose(Remaining(0, math.inf, math.inf, math.inf), is_guessed=False, published_at=NOON).why_none
        == "too few trials"
    )


def test_what_was_missed_is_told_even_where_there_is_no_new_estimate():
    later = NOON + timedelta(hours=5)
    assert choose(rest(1, 60), is_guessed=False, published_at=later, previous=previous(2, 4)).is_late
    assert not choose(None, is_guessed=False, published_at=later, previous=previous(2, 4)).is_late


hours = st.integers(6, 3600).map(lambda minutes: minutes / 60)


@given(hours, hours, hours, hours, st.floats(0, 20))
def test_the_upper_bound_never_sinks_by_less_than_a_step(a, b, c, d, passed):
    low, high = sorted((a, b))
    before_low, before_high = sorted((c, d))
    published_at = (NOON + timedelta(hours=passed)).replace(second=0, microsecond=0)
    before = previous(before_low, before_high)
    chosen = choose(rest(low, high), is_guessed=False, published_at=published_at, previous=before)
    if chosen.estimate is None:
        return
    sinks = (before.high_at - chosen.estimate.high_at) / timedelta(milliseconds=1)
    left = (before.high_at - published_at) / timedelta(milliseconds=1)
    assert sinks <= 0 or sinks >= step_ms(left)
    # Whatever is published holds what is known, unless the range before is kept as a whole.
    assert chosen.estimate.high_ms >= high * HOUR - MINUTE
    assert chosen.estimate.low_ms <= low * HOUR + 1
    # And an end that comes later than was said is never raised in silence.
    is_raised = chosen.estimate.high_at > before.high_at
    assert is_raised == chosen.is_late == (published_at + timedelta(minutes=round(high * 60)) > before.high_at)


@given(
    st.lists(st.tuples(hours, hours, st.integers(150, 250), st.booleans()), min_size=2, max_size=8), st.integers(5, 90)
)
def test_in_a_chain_of_notices_nothing_that_was_published_goes_in_silence(rests, minutes):
    before: Published | None = None
    for number, (a, b, n, is_guessed) in enumerate(rests):
        at = NOON + number * timedelta(minutes=minutes)
        low, high = sorted((a, b))
        found = choose(rest(low, high, n), is_guessed, at, before)
        if before is not None and not found.is_late:
            assert found.estimate is not None, "not withdrawn"
            assert at < found.estimate.high_at <= before.high_at, "not missed, and not raised"
        if found.estimate is not None:
            assert found.estimate.high_ms > 0 <= found.estimate.low_ms, "it says something, and nothing of the past"
        before = None if found.estimate is None else Published(found.estimate.low_at, found.estimate.high_at)
