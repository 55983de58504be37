"""Exact moments: whole numbers in, the same figures however the rows were cut up."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim.trials.moments import VALUE_LIMIT, Moments

N_THINGS = 3
ROWS = st.lists(st.tuples(st.integers(0, N_THINGS - 1), st.integers(0, VALUE_LIMIT - 1)), max_size=30)


def moments_of(*blocks: list[tuple[int, int]], n_things: int = N_THINGS) -> Moments:
    moments = Moments(n_things)
    for block in blocks:
        rows = np.array(block, np.int64).reshape(-1, 2)
        moments.add(rows[:, 0], rows[:, 1])
    return moments


def figures(moments: Moments, n_trials: int) -> list[list[float]]:
    return [
        moments.counts.tolist(),
        moments.sums().tolist(),
        moments.sums_of_squares().tolist(),
        moments.mean(n_trials).tolist(),
        moments.variance(n_trials).tolist(),
        moments.least(n_trials).tolist(),
        moments.greatest().tolist(),
    ]


@given(rows=ROWS, more_trials=st.integers(1, 50))
def test_every_figure_is_that_of_exact_fractions_over_all_trials(rows: list[tuple[int, int]], more_trials: int) -> None:
    n = len(rows) + more_trials
    counts, sums, squares, means, variances, least, greatest = figures(moments_of(rows), n)
    for thing in range(N_THINGS):
        hit = [value for owner, value in rows if owner == thing]
        values = hit + [0] * (n - len(hit))
        mean = Fraction(sum(values), n)
        spread = sum((value - mean) ** 2 for value in values)
        assert counts[thing] == len(hit)
        assert sums[thing] == sum(values)
        assert squares[thing] == sum(value**2 for value in values)
        assert means[thing] == float(mean)
        assert variances[thing] == (float(spread / (n - 1)) if n > 1 else 0)
        assert (least[thing], greatest[thing]) == (min(values), max(values))


@given(rows=ROWS, data=st.data())
def test_neither_the_order_of_rows_nor_blocks_nor_merging_changes_a_figure(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))
    cut, cut_again = sorted(data.draw(st.tuples(*[st.integers(0, len(rows))] * 2)))
    merged = moments_of(shuffled[cut_again:])
    merged.merge(moments_of(shuffled[:cut], shuffled[cut:cut_again]))
    assert figures(merged, len(rows) + 1) == figures(moments_of(rows), len(rows) + 1)


def test_the_largest_values_stay_exact_in_more_rows_than_an_int64_could_sum() -> None:
    n, value = 300_000, VALUE_LIMIT - 1  # n x value^2 has 111 binary digits
    moments = Moments(2)
    for _ in range(3):
        moments.add(np.ones(n // 3, np.int64), np.full(n // 3, value))
    assert moments.sums().tolist() == [0, n * value]
    assert moments.sums_of_squares().tolist() == [0, n * value**2]
    assert moments.mean(n).tolist() == [0, value]


def test_equal_values_have_exactly_no_variance() -> None:
    moments = moments_of([(0, 12_345_678_901_234)] * 1_001, n_things=1)
    assert moments.variance(1_001).tolist() == [0.0]
    assert moments.least(1_001).tolist() == [12_345_678_901_234]


def test_a_difference_of_one_in_a_thousand_years_is_seen() -> None:
    millennium_ms = 31_557_600_000_000
    moments = moments_of([(0, millennium_ms), (0, millennium_ms + 1)], n_things=1)
    assert moments.variance(2).tolist() == [0.5]


def test_a_trial_without_a_row_makes_zero_the_least() -> None:
    moments = moments_of([(0, 7), (0, 9)], n_things=1)
    assert moments.least(2).tolist() == [7]
    assert moments.least(3).tolist() == [0]


def test_a_value_beyond_the_limit_is_refused() -> None:
    with pytest.raises(AssertionError, match="below the limit"):
        moments_of([(0, VALUE_LIMIT)])


def test_more_rows_than_trials_are_refused() -> None:
    with pytest.raises(AssertionError, match="more rows"):
        moments_of([(0, 1), (0, 2)]).mean(1)


def test_nothing_added_is_nothing() -> None:
    assert figures(moments_of(n_things=1), 5) == [[0], [0], [0], [0.0], [0.0], [0], [0]]
