"""Durations, shares, counts and ids: what is understood, what is refused and with which remedy."""

from __future__ import annotations

import contextlib
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim import quantities as q
from impactsim.problems import Fault

HOUR, DAY = 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("90s", 90_000),
        ("15m", 900_000),
        ("4h", 4 * HOUR),
        ("2d", 2 * DAY),
        ("1w", 7 * DAY),
        ("250ms", 250),
        ("1h30m", 90 * 60_000),
        ("1h 30m", 90 * 60_000),
        (" 1.5h ", 90 * 60_000),
        ("1d2h3m4s5ms", DAY + 2 * HOUR + 184_005),
        ("PT4H", 4 * HOUR),
        ("P1DT2H", DAY + 2 * HOUR),
        ("P1W", 7 * DAY),
        ("PT1.5H", 90 * 60_000),
        ("PT0,5S", 500),
        ("0", 0),
        pytest.param(0, 0, id="whole zero"),
        (0.0, 0),
        ("0h", 0),
    ],
)
def test_a_duration_is_read_in_every_form_of_the_format(text, ms):
    assert q.duration_ms(text) == ms


@pytest.mark.parametrize(
    ("text", "ms"), [("0.0004s", 0), ("0.0006s", 1), ("0.1ms0.9ms", 1), ("0.1d", 8_640_000), ("1.1s", 1100)]
)
def test_a_duration_is_rounded_to_the_nearest_millisecond_once_and_exactly(text, ms):
    assert q.duration_ms(text) == ms


@pytest.mark.parametrize(
    ("value", "code", "remedy"),
    [
        pytest.param(90, "duration-unit", "write 90s, 90m or 90h", id="whole 90"),
        ("90", "duration-unit", "write 90s, 90m or 90h"),
        (1.5, "duration-unit", "write 1.5s, 1.5m or 1.5h"),
        pytest.param(10**5000, "duration-unit", "with its unit", id="5001 digits"),
        (math.inf, "duration-unit", "with its unit"),
        (-3, "duration-negative", "0 or more"),
        ("-5m", "duration-negative", "0 or more"),
        ("5 minutes", "duration-form", "write 5m"),
        ("1 Hour", "duration-form", "write 1h"),
        ("1,5h", "duration-form", "write 1.5h"),
        ("4H", "duration-form", "write 4h"),
        ("1:30", "duration-form", "write 1h30m"),
        ("1M", "duration-form", "with its unit"),
        ("P1Y", "duration-form", "in days"),
        ("P1M", "duration-form", "in days"),
        ("P", "duration-form", ""),
        ("PT", "duration-form", ""),
        ("P1DT", "duration-form", ""),
        ("1h30", "duration-form", "with its unit"),
        ("", "duration-form", "with its unit"),
        ("\u0663h", "duration-form", "with its unit"),
        (None, "duration-form", "with its unit"),
        (True, "duration-form", "with its unit"),
        (False, "duration-form", "with its unit"),
        (math.nan, "duration-form", "with its unit"),
        (["4h"], "duration-form", "with its unit"),
        ("1001000w", "duration-long", "unit"),
    ],
)
def test_what_is_no_duration_is_refused_with_what_to_write(value, code, remedy):
    with pytest.raises(Fault) as caught:
        q.duration_ms(value)
    assert caught.value.code == code
    assert remedy in caught.value.remedy


def test_a_thousand_years_is_the_longest_duration():
    assert q.duration_ms("365250d") == q.LONGEST_MS
    with pytest.raises(Fault, match="1,000 years"):
        q.duration_ms("365250d1ms")


@pytest.mark.parametrize("text", ["1", "1h", "1.5 ", "-", "P1", " "])
@pytest.mark.parametrize("parse", [q.duration_ms, q.share, q.count, q.identifier])
def test_a_very_long_text_is_refused_at_once_and_shortly(parse, text):
    text *= 10**6
    began = time.process_time()
    with pytest.raises(Fault) as caught:
        parse(text if parse is not q.identifier else text + "/")
    assert time.process_time() - began < 0.5
    assert len(str(caught.value)) < 300


@given(st.integers(0, q.LONGEST_MS))
def test_a_written_duration_reads_the_same_again(ms):
    assert q.duration_ms(q.format_duration(ms)) == ms


@given(st.floats(0, 1))
def test_a_written_share_reads_the_same_again(share):
    assert q.share(q.format_share(share)) == share


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_every_value_is_read_or_refused_by_a_fault(value):
    for parse in (q.duration_ms, q.share, q.count, q.identifier):
        with contextlib.suppress(Fault):
            result = parse(value)
            assert isinstance(result, str) or (math.isfinite(result) and result >= 0)


@pytest.mark.parametrize(
    ("value", "share"),
    [
        ("30%", 0.3),
        ("30 %", 0.3),
        (0.3, 0.3),
        pytest.param("0.3", 0.3, id="text"),
        (0, 0.0),
        (1, 1.0),
        ("100%", 1.0),
        ("0.05%", 0.0005),
    ],
)
def test_a_share_is_read_as_a_percentage_or_a_fraction(value, share):
    assert q.share(value) == share


@pytest.mark.parametrize(
    ("value", "code", "remedy"),
    [
        (30, "share-range", "write 30%"),
        (99.9, "share-range", "write 99.9%"),
        (130, "share-range", "from 0% to 100%"),
        ("130%", "share-range", "from 0% to 100%"),
        (-0.1, "share-range", "from 0% to 100%"),
        (True, "share-form", "30% or 0.3"),
        (math.nan, "share-form", "30% or 0.3"),
        ("half", "share-form", "30% or 0.3"),
        (None, "share-form", "30% or 0.3"),
    ],
)
def test_what_is_no_share_is_refused_with_what_to_write(value, code, remedy):
    with pytest.raises(Fault) as caught:
        q.share(value)
    assert caught.value.code == code
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("120000", "count-form"),
        ("1,000", "count-form"),
        (True, "count-form"),
        (None, "count-form"),
        (math.nan, "count-form"),
        (-1, "count-range"),
        (math.inf, "count-range"),
        pytest.param(10**400, "count-range", id="401 digits"),
    ],
)
def test_what_is_no_count_is_refused(value, code):
    with pytest.raises(Fault) as caught:
        q.count(value)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["a", "orders-db.eu_1", "1", "caffè", "हिन्दी", "データ", "-x"])
def test_an_id_may_have_letters_of_any_script(name):
    assert q.identifier(name) == name


@pytest.mark.parametrize(
    "name", ["", "-", ".", "a b", "a/b", "a:b", "a\n", "\u0301", "x\x1b[31m", "½", 1, True, None, 2.5], ids=ascii
)
def test_what_is_no_id_is_refused(name):
    with pytest.raises(Fault) as caught:
        q.identifier(name)
    assert caught.value.code == "bad-id"


def test_a_message_never_repeats_what_would_steer_a_terminal():
    with pytest.raises(Fault) as caught:
        q.identifier("x\x1b[31m\r\n")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0"),
        (0.2, "0"),
        (350, "350 ms"),
        (999.9, "1 s"),
        (59_999, "1 min"),
        (270_000, "4 min 30 s"),
        (3_599_900, "1 h"),
        (5_400_000, "1 h 30 min"),
        (DAY - 1, "1 d"),
        (DAY + 4 * HOUR + 60_000, "1 d 4 h"),
        (1e9, "11 d 14 h"),
        (400.4 * DAY, "400 d"),
        (-90_000, "-1 min 30 s"),
    ],
)
def test_a_duration_for_people_is_rounded_to_two_units(ms, text):
    assert q.about_duration(ms) == text


def test_a_share_for_people_is_never_all_or_nothing_unless_it_is():
    assert [q.about_share(share) for share in (0, 1e-9, 0.304, 0.9999, 1)] == ["0%", "<1%", "30%", ">99%", "100%"]
