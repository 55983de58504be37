"""First-order indices: closed forms, no bias, an honest error, and silence where there is nothing to say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from impactsim.beta import regularised_beta
from impactsim.trials.sensitivity import MOST_TRIALS, Share, first_order

Floats = NDArray[np.float64]


def shares(y: Floats, luck: Floats, chances: list[float | None] | None = None) -> list[Share]:
    return first_order(y, luck.__getitem__, chances or [None] * len(luck))


def assert_near(share: Share, index: float, bias: float) -> None:
    assert share.share == pytest.approx(index, abs=4 * share.standard_error + bias)
    assert share.is_significant == (index > 0)


def test_an_additive_figure_is_split_as_its_variances_are() -> None:
    luck = np.random.default_rng(1).random((4, 40_000))
    weights = np.array([1.0, 2.0, 3.0, 0.0])
    found = shares(weights @ luck, luck)
    for share, weight in zip(found, weights, strict=True):
        index = weight**2 / (weights @ weights)
        assert_near(share, index, bias=index / 200**2)  # what a line varies within one of 200 classes
        assert share.standard_error < 0.01


def test_the_figure_of_ishigami_has_its_published_indices() -> None:
    # T. Ishigami and T. Homma, 1990, ISUMA '90, 398-403: with a = 7 and b = 0.1, S = 0.3139, 0.4424 and 0
    luck = np.random.default_rng(2).random((3, MOST_TRIALS))
    x1, x2, x3 = math.pi * (2 * luck - 1)
    found = shares(np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1), luck)
    for share, index in zip(found, (0.3139, 0.4424, 0.0), strict=True):
        assert_near(share, index, bias=5e-4)
        assert share.standard_error < 0.01


def test_two_chances_that_must_both_happen_share_as_computed() -> None:
    p, q = 0.3, 0.6
    luck = np.random.default_rng(3).random((3, 30_000))
    found = shares(5.0 * (luck[0] < p) * (luck[1] < q), luck, [p, q, 0.5])
    indices = (q * (1 - p) / (1 - p * q), p * (1 - q) / (1 - p * q), 0.0)
    for share, index in zip(found, indices, strict=True):
        assert_near(share, index, bias=0)


def test_a_quantity_that_does_nothing_explains_nothing_on_average() -> None:
    luck = np.random.default_rng(4)
    found = [share.share for share in shares(luck.lognormal(0, 1, 2_000), luck.random((300, 2_000)))]
    assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / math.sqrt(len(found)))
    assert np.std(found) < 0.01


def test_the_standard_error_is_the_spread_over_repetitions() -> None:
    luck = np.random.default_rng(5)
    found = []
    for _ in range(60):
        u = luck.random((1, 2_000))
        found += shares(u[0] + luck.normal(0, 0.4, 2_000), u)
    error = math.sqrt(np.mean([share.standard_error**2 for share in found]))
    # The spread of 60 is itself known to 1 part in sqrt(2 x 59), the mean error of 60 jackknives of 16 better.
    assert error == pytest.approx(np.std([share.share for share in found], ddof=1), rel=4 / math.sqrt(118))


@pytest.mark.parametrize("law", ["normal", "heavy", "two giants", "a few", "mostly nothing"])
def test_of_quantities_that_do_nothing_hardly_any_analysis_names_one(law: str) -> None:
    luck = np.random.default_rng(6)
    n_analyses, n = 100, 400
    alarms = 0
    for _ in range(n_analyses):
        y = {
            "normal": luck.normal(size=n),
            "heavy": luck.pareto(0.5, n),
            "two giants": luck.random(n) + 1e9 * (np.arange(n) < 2),
            "a few": (1 + luck.random(n)) * (np.arange(n) < 5),
            "mostly nothing": luck.exponential(1, n) * (luck.random(n) < 0.03),
        }[law]
        found = shares(luck.permutation(y), luck.random((16, n)), [None] * 10 + [0.5, 0.1, 0.02, 0.01, 0.005, 0.003])
        alarms += any(share.is_significant for share in found)
    # In at most 5 % of the analyses, and 2 standard errors: the F test alone gives 12 % and more but for the normal law.
    assert alarms / n_analyses <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / n_analyses)


def test_five_trials_with_damage_do_not_name_a_quantity_that_does_nothing() -> None:
    luck = np.random.default_rng(15)  # in 20 classes two of the five often meet in one, which no normal law expects
    for _ in range(40):
        y = luck.permutation((1 + luck.random(400)) * (np.arange(400) < 5))
        assert not any(share.is_significant for share in shares(y, luck.random((20, 400))))


def test_a_chance_of_one_in_a_thousand_that_causes_all_damage_is_found() -> None:
    luck = np.random.default_rng(7).random((20, 20_000))
    found = shares(1e6 * (luck[3] < 0.001), luck, [0.001] * 20)
    assert [share.index for share in found if share.is_significant] == [3]
    assert found[3].share == pytest.approx(1)


def test_a_quantity_with_a_tenth_of_the_variance_is_found_in_a_thousand_trials() -> None:
    luck = np.random.default_rng(8)
    u = luck.random((10, 1_000))
    y = u[4] * math.sqrt(12 * 0.1) + luck.normal(0, math.sqrt(0.9), 1_000)
    assert [share.index for share in shares(y, u) if share.is_significant] == [4]


def test_a_quantity_that_changes_the_spread_and_not_the_mean_is_not_named() -> None:
    luck = np.random.default_rng(14)
    u = luck.random((1, 20_000))
    (share,) = shares((luck.standard_exponential(20_000) - 1) * (0.1 + u[0]), u)
    assert_near(share, 0, bias=0)


def test_a_heavy_tail_gives_finite_shares() -> None:
    luck = np.random.default_rng(9).random((2, 5_000))
    found = shares((1 - luck[0]) ** -20.0 * 1e200, luck)
    assert [math.isfinite(share.share + share.standard_error) for share in found] == [True, True]
    assert not found[1].is_significant
    (share,) = shares(np.where(luck[0] < 0.5, 1.7e308, 0.0), luck[:1])  # their sum is beyond a float
    assert share.share > 0.99


def test_a_figure_that_does_not_vary_or_is_not_finite_has_no_shares() -> None:
    luck = np.random.default_rng(10).random((2, 100))
    assert shares(np.full(100, 7.1), luck) == []
    assert shares(np.where(luck[0] < 0.5, math.inf, 1.0), luck) == []
    assert shares(luck[0, :31], luck[:, :31]) == []
    assert first_order(luck[0], luck.__getitem__, []) == []


def test_a_chance_that_never_or_always_happened_explains_nothing() -> None:
    luck = np.random.default_rng(11).random((2, 100))
    assert shares(luck[0], luck, [0.0, 1.0]) == [Share(0, 0.0, 0.0, False, 100), Share(1, 0.0, 0.0, False, 100)]


def test_only_the_first_trials_are_looked_at_and_the_result_says_so() -> None:
    luck = np.random.default_rng(12).random((1, MOST_TRIALS + 1_000))
    first = shares(luck[0, :MOST_TRIALS], luck)
    spoiled = luck[0].copy()
    spoiled[MOST_TRIALS:] = -1e9
    assert shares(spoiled, luck) == first
    assert first[0].n == MOST_TRIALS


def test_shares_depend_neither_on_the_unit_nor_on_the_origin_of_the_figure() -> None:
    luck = np.random.default_rng(13).random((2, 3_000))
    y = luck[0] ** 3
    for share, other in zip(shares(y, luck), shares(5e12 - 1e12 * y, luck), strict=True):
        assert other.share == pytest.approx(share.share, abs=1e-9)
        assert other.is_significant == share.is_significant


def test_the_tail_of_the_f_test_is_right_for_as_many_trials_as_are_looked_at() -> None:
    a, b, x = 32_640, 128, 0.9955  # I_x(a, b) is the chance of at least a successes in a + b - 1
    n = a + b - 1
    terms = [math.log(math.comb(n, k)) + k * math.log(x) + (n - k) * math.log1p(-x) for k in range(a, n + 1)]
    assert regularised_beta(x, a, b) == pytest.approx(math.fsum(math.exp(term) for term in terms), rel=1e-6)
