"""One component: alternating renewal, two states over time, the number of failures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analytic.playing import DAY_MS, down_share, failing, is_near, long_run_down, played

N = 400


def interval_down(per_year: float, days: float, from_days: float) -> float:
    """Return the mean share of the year from a day on in which a component is down that was whole at day 0."""
    fails, returns = per_year / 365, 1 / days
    both = fails + returns

    def down_until(day: float) -> float:
        return fails / both * (day - (1 - math.exp(-both * day)) / both)

    return (down_until(from_days + 365) - down_until(from_days)) / 365


@pytest.mark.parametrize(("per_year", "days"), [(10, 3), (40, 1), (3, 10)])
def test_in_the_long_run_it_is_down_for_its_share_of_a_cycle(per_year, days):
    shares = down_share(played({"web": failing(per_year, days)}, N))
    assert is_near(shares, long_run_down(per_year, days))


@pytest.mark.parametrize("restore", ["2d", {"low": "1d", "likely": "2d", "high": "3d"}, {"samples": ["1d", "3d"]}])
def test_only_the_mean_of_its_repairs_matters_in_the_long_run(restore):
    web = {"fails": {"per_year": 20}, "time_to_restore": restore}
    assert is_near(down_share(played({"web": web}, N)), long_run_down(20, 2))


@pytest.mark.parametrize("run_in_days", [0, 20])
def test_a_year_that_begins_soon_after_all_was_whole_is_as_much_better_as_it_should_be(run_in_days):
    per_year, days = 2, 90
    shares = down_share(played({"web": failing(per_year, days)}, 2 * N, run_in_days * DAY_MS))
    expected = interval_down(per_year, days, run_in_days)
    assert is_near(shares, expected)
    assert run_in_days or not is_near(shares, long_run_down(per_year, days))


def test_a_component_with_a_probability_is_down_for_that_share_of_the_time():
    web = {"fails": {"probability": "5%"}, "time_to_restore": {"mean": "4d"}}
    assert is_near(down_share(played({"web": web}, N)), 0.05)


def test_failures_that_are_over_at_once_are_as_many_as_poisson_says():
    result = played({"web": failing(8, 1e-5)}, 2 * N)
    moments = result.today.gathered.outages.moments
    mean, variance = float(moments.mean(2 * N)[0]), float(moments.variance(2 * N)[0])
    assert abs(mean - 8) < 4 * math.sqrt(8 / (2 * N))
    # The variance of a sample variance of a Poisson number: (m + 2 m^2) / n.
    assert abs(variance - 8) < 4 * math.sqrt((8 + 2 * 64) / (2 * N))


def test_the_first_failure_of_a_year_comes_as_late_as_an_exponential_time():
    result = played({"web": {"fails": {"per_year": 2}}}, 2 * N, 0)  # nothing restores it: down from then on
    up = 1 - down_share(result)
    assert is_near(up, (1 - math.exp(-2)) / 2)
    assert abs(np.mean(up == 1.0) - math.exp(-2)) < 4 * math.sqrt(math.exp(-2) * (1 - math.exp(-2)) / (2 * N))


def test_what_nothing_restores_is_down_for_whole_years_as_often_as_its_probability_says():
    up = 1 - down_share(played({"web": {"fails": {"probability": "20%"}}}, 2 * N))
    assert set(up.tolist()) == {0.0, 1.0}
    assert is_near(up, 0.8)
