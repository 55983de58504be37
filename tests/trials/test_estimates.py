"""Estimates and their intervals: closed forms, published tables, and coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim.beta import inverse_regularised_beta
from impactsim.laws import Samples
from impactsim.trials.estimates import (
    Estimate,
    chance_of,
    difference_of,
    estimate_of,
    estimates_of_things,
    half_width,
    student_quantile,
)
from impactsim.trials.moments import Moments
from impactsim.trials.sketch import Sketch

INF = math.inf


def test_student_quantiles_are_those_of_the_closed_forms() -> None:
    assert student_quantile(1) == pytest.approx(math.tan(0.475 * math.pi), rel=1e-12)
    assert student_quantile(2) == pytest.approx(0.95 * math.sqrt(2 / (1 - 0.95**2)), rel=1e-12)
    four = math.sqrt(1 - 0.95**2)  # W. T. Shaw, 2006, Journal of Computational Finance 9 (4), 37-73, section 2
    assert student_quantile(4) == pytest.approx(2 * math.sqrt(math.cos(math.acos(four) / 3) / four - 1), rel=1e-12)


@pytest.mark.parametrize(("degrees", "printed"), [(3, 3.182), (10, 2.228), (30, 2.042), (60, 2.000), (120, 1.980)])
def test_student_quantiles_are_those_of_the_usual_table(degrees: int, printed: float) -> None:
    assert student_quantile(degrees) == pytest.approx(printed, abs=0.0005)


@pytest.mark.parametrize("degrees", [101, 150, 200])
def test_the_expansion_for_many_degrees_joins_the_exact_quantile(degrees: int) -> None:
    share = inverse_regularised_beta(0.95, 0.5, degrees / 2)
    assert student_quantile(degrees) == pytest.approx(math.sqrt(degrees * share / (1 - share)), rel=1e-9)


def test_a_quantile_for_endless_trials_is_the_normal_one() -> None:
    assert student_quantile(10**9) == pytest.approx(1.959963985, abs=1e-8)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_chances_have_the_intervals_published_by_newcombe(hits: int, n: int, low: float, high: float) -> None:
    # R. G. Newcombe, 1998, Statistics in Medicine 17, 857-872, table I, method 3 (score, without continuity correction)
    chance = chance_of(hits, n)
    assert (chance.low, chance.high) == pytest.approx((low, high), abs=0.00005)
    assert (chance.p, chance.n) == (hits / n, n)


def test_the_interval_of_a_chance_mirrors_that_of_its_opposite() -> None:
    always, never = chance_of(50, 50), chance_of(0, 50)
    assert (always.p, always.high, never.low) == (1.0, 1.0, 0.0)
    assert always.low == pytest.approx(1 - never.high, rel=1e-14)


@given(value=st.floats(-1e300, 1e300), n=st.integers(1, 40))
def test_equal_trials_have_exactly_their_value_and_no_width(value: float, n: int) -> None:
    assert estimate_of([value] * n) == Estimate(value, value, value, value, value, value, value, value, n)


@given(values=st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=60), seed=st.integers(0, 9))
def test_an_estimate_does_not_depend_on_the_order_of_trials(values: list[float], seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(values)
    assert estimate_of(shuffled) == estimate_of(values)


def test_an_estimate_of_a_few_trials_is_that_of_the_textbook() -> None:
    # mean 5, sum of squares about it 32 over 7: t(7) = 2.364624
    estimate = estimate_of([2, 4, 4, 4, 5, 5, 7, 9])
    half = 2.364624 * math.sqrt(32 / 7 / 8)
    assert (estimate.mean, estimate.p10, estimate.p50, estimate.p90) == (5, 2, 4.5, 9)
    assert (estimate.low, estimate.high) == pytest.approx((5 - half, 5 + half), abs=1e-6)
    assert (estimate.least, estimate.most, estimate.n) == (2, 9, 8)


def test_the_interval_covers_the_mean_as_often_as_it_says() -> None:
    luck, n_studies = np.random.default_rng(11), 4_000
    estimates = [estimate_of(sample) for sample in luck.normal(3, 2, (n_studies, 4))]
    covered = sum(estimate.low <= 3 <= estimate.high for estimate in estimates) / n_studies
    assert covered == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / n_studies))


def test_what_never_happens_makes_the_mean_infinite_and_spares_the_quantiles() -> None:
    estimate = estimate_of([1.0, INF, 2.0, 3.0, 4.0])
    assert (estimate.mean, estimate.low, estimate.high) == (INF, INF, INF)
    assert (estimate.p10, estimate.p50, estimate.p90, estimate.most) == (1, 3, INF, INF)
    assert half_width(estimate) == INF
    assert estimate_of([INF, INF]) == Estimate(*[INF] * 8, 2)


def test_an_interval_stops_at_what_the_figure_cannot_fall_below() -> None:
    values = [0.0] * 9 + [100.0]
    assert estimate_of(values).low < 0
    estimate = estimate_of(values, floor=0.0)
    assert estimate.low == 0
    assert half_width(estimate) == half_width(estimate_of(values))


def test_common_luck_cancels_in_a_difference() -> None:
    luck = np.random.default_rng(2).exponential(1_000, 500)
    difference = difference_of(luck + 3, luck)
    assert difference.mean == pytest.approx(3, abs=1e-9)
    assert difference.high - difference.low < 1e-9


def test_two_that_never_happen_do_not_differ_and_one_alone_does() -> None:
    difference = difference_of([INF, 5.0, INF], [INF, 3.0, 7.0])
    assert (difference.least, difference.p50, difference.most, difference.mean) == (0, 2, INF, INF)
    unknown = difference_of([INF, 1.0], [1.0, INF])
    assert math.isnan(unknown.mean)
    assert (unknown.low, unknown.high) == (-INF, INF)
    assert half_width(unknown) == INF


def test_half_the_width_is_a_share_of_the_mean_on_either_side_of_zero() -> None:
    above, below = estimate_of([90.0, 110.0, 100.0]), estimate_of([-90.0, -110.0, -100.0])
    assert half_width(above) == half_width(below) == pytest.approx(4.302653 * 10 / math.sqrt(3) / 100, abs=1e-7)
    assert half_width(estimate_of([-1.0, 1.0])) == INF
    assert half_width(estimate_of([0.0, 0.0])) == 0


def test_figures_of_things_are_those_of_all_their_trials() -> None:
    luck = np.random.default_rng(5)
    dense = np.where(luck.random((4, 200)) < 0.4, luck.integers(0, 10**12, (4, 200)), 0)
    dense[3] = 0
    moments, sketch = Moments(4), Sketch(4)
    things, trials = np.nonzero(dense)
    moments.add(things, dense[things, trials])
    sketch.add(things, dense[things, trials])
    estimates = estimates_of_things(moments, sketch, 200)
    for row, estimate in zip(dense, estimates, strict=True):
        expected = estimate_of(row, floor=0.0)
        assert estimate.mean == expected.mean
        assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high), rel=1e-12)
        samples = Samples(tuple(np.sort(row).tolist()))
        assert (estimate.p10, estimate.p50, estimate.p90) == tuple(samples.quantile(p) for p in (0.1, 0.5, 0.9))
        assert (estimate.least, estimate.most, estimate.n) == (expected.least, expected.most, 200)
    assert estimates_of_things(moments, sketch, 200, [2]) == [estimates[2]]


def test_a_quantile_of_a_sketch_never_lies_beyond_the_extremes() -> None:
    most = 2**41  # where a bin begins: its middle is greater
    values = np.concatenate([np.arange(1, 1_000) * 2_000_000_000, np.full(1_000, most)])
    moments, sketch = Moments(1), Sketch(1, keep=64)
    for kept in (moments, sketch):
        kept.add(np.zeros(len(values), np.int64), values)
    assert sketch.quantile(np.array([0]), 0.9, len(values)).item() > most
    (estimate,) = estimates_of_things(moments, sketch, len(values))
    assert estimate.p90 == estimate.most == most
