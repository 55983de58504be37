from __future__ import annotations

import math

import numpy as np
import pytest

from impactsim.reports.sampled.words import (
    chance_in_short,
    chance_in_words,
    mean_of_chances,
    mean_of_people,
    mean_of_times,
    share_with_error,
    short_time,
    time_in_words,
    without_interval,
)
from impactsim.trials.estimates import Estimate, chance_of, estimate_of

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def between(mean: float, half: float) -> Estimate:
    """A mean with so wide an interval."""
    return Estimate(mean, mean - half, mean + half, 0.0, mean, 2 * mean, 0.0, 3 * abs(mean) + 1.0, 500)


@pytest.mark.parametrize("n", [1, 2, 10, 99, 100, 1000, 12_345, 1_000_000])
def test_no_chance_from_samples_is_bare_0_or_100(n: int) -> None:
    for hits in {0, 1, n // 2, n - 1, n}:
        for text in (chance_in_words(chance_of(hits, n)), chance_in_short(chance_of(hits, n))):
            numbers = [
                float(word.strip("()<>%")) for word in text.replace("-", " ").split() if word[-1] in "%)0123456789"
            ]
            is_bound = hits in (0, n)
            assert is_bound == text.startswith(("less", "more", "<", ">"))
            assert all(0.0 < number < 100.0 or (number == 100.0 and n == 1) for number in numbers), text


def test_what_no_trial_showed_is_written_as_the_bound_of_wilson() -> None:
    # 1.96^2 / (n + 1.96^2): 0.1917 % of 2,000 and 3.7 % of 100 trials, rounded up
    assert chance_in_words(chance_of(0, 2000)) == "less than 0.2%"
    assert chance_in_words(chance_of(0, 100)) == "less than 4%"
    assert chance_in_words(chance_of(100, 100)) == "more than 96%"


def test_the_interval_of_a_chance_is_rounded_outward() -> None:
    for hits, n in [(3, 1000), (620, 2000), (7, 20), (9_999, 10_000), (123_456, 1_000_000)]:
        chance = chance_of(hits, n)
        inside = chance_in_short(chance).partition("(")[2].rstrip("%)")
        low, high = (float(part) / 100 for part in inside.split("-"))
        assert low <= chance.low + 1e-9
        assert high >= chance.high - 1e-9


def test_few_trials_give_few_digits() -> None:
    assert chance_in_words(chance_of(7, 20)) == "35%"
    assert chance_in_words(chance_of(67, 200)) == "34%"
    assert chance_in_words(chance_of(335_123, 1_000_000)) == "33.51%"


@pytest.mark.parametrize(
    ("mean", "half", "text"),
    [
        (97_034.0, 1_193.0, "97,000 +- 1,200"),
        (97_034.0, 5_100.0, "97,000 +- 6,000"),
        (97_034.0, 61_000.0, "100,000 +- 70,000"),
        (7.6, 0.4, "8 +- 1"),
        (24_341_000.0, 261_000.0, "24.3 +- 0.3 million"),
        (4_540_000_000.0, 31_000_000.0, "4.54 +- 0.04 billion"),
    ],
)
def test_a_mean_has_no_more_digits_than_its_interval(mean: float, half: float, text: str) -> None:
    assert mean_of_people(between(mean, half)) == text


def test_what_all_trials_agree_on_is_exact() -> None:
    assert mean_of_people(estimate_of([123_456.0] * 9)) == "123,456"
    assert mean_of_times(estimate_of([5_400_000.0] * 9)) == "1h30m"


def test_a_difference_has_its_sign_unless_nothing_is_left_of_it() -> None:
    assert mean_of_people(between(-52_341.0, 960.0), sign=True) == "-52,300 +- 1,000"
    assert mean_of_people(between(52_341.0, 960.0), sign=True) == "+52,300 +- 1,000"
    assert mean_of_people(between(12.0, 960.0), sign=True) == "0 +- 1,000"
    assert mean_of_times(between(-7_800_000.0, 400_000.0), sign=True) == "-2h10m +- 7m"
    assert mean_of_chances(between(0.0312, 0.0086)) == "+3.1 +- 0.9 points"


def test_durations_are_rounded_to_what_their_interval_carries() -> None:
    assert mean_of_times(between(2.2 * HOUR, 6.3 * MINUTE)) == "2h10m +- 7m"
    assert mean_of_times(between(2.2 * HOUR, 1.5 * HOUR)) == "2h +- 1h30m"
    assert mean_of_times(between(20 * DAY, 2.2 * DAY)) == "20d +- 2d6h"


def test_a_quantile_keeps_about_two_digits() -> None:
    rng = np.random.default_rng(1)
    for ms in np.exp(rng.uniform(np.log(20_000), np.log(1e12), 300)):
        for text in (short_time(float(ms)), time_in_words(float(ms))):
            units = {"d": DAY, "h": HOUR, "m": MINUTE, "min": MINUTE, "s": 1000, "ms": 1, "w": 7 * DAY}
            words = text.replace(" ", "")
            back, number, unit = 0.0, "", ""
            for letter in words + "0":
                if letter.isdigit() or letter == ".":
                    if unit:
                        back, number, unit = back + float(number) * units[unit], "", ""
                    number += letter
                else:
                    unit += letter
            assert back == pytest.approx(ms, rel=0.051), text


def test_what_never_happens_has_no_duration() -> None:
    assert short_time(math.inf) == "never"
    assert mean_of_times(estimate_of([1.0, math.inf])) == "no limit"


def test_a_mean_without_its_interval_keeps_its_unit() -> None:
    assert without_interval("24.3 +- 0.3 million") == "24.3 million"
    assert without_interval("-2h10m +- 7m") == "-2h10m"


def test_a_share_of_the_variance_has_its_error_and_is_never_more_than_all() -> None:
    assert share_with_error(0.6234, 0.014) == "62% +- 3%"
    assert share_with_error(1.004, 0.001) == ">99%"
