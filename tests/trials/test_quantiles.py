"""Arrays of quantiles are those of the laws, and a sample is one of its law."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from impactsim.beta import inverse_regularised_beta
from impactsim.law_forms import law
from impactsim.laws import Certain, Exponential, Law, LogLogistic, LogNormal, Pert, Samples, Typical, Uniform
from impactsim.quantities import LONGEST_MS, duration_ms
from impactsim.trials.normal import normal_quantiles
from impactsim.trials.pert import BetaQuantiles
from impactsim.trials.quantiles import Quantiles, to_milliseconds
from impactsim.trials.streams import key_of, uniforms

N = 200_000
MINUTE = 60_000
ENDS = [2**-53, 1e-15, 1e-12, 1e-8, 1e-4]
GRID = [*ENDS, *np.linspace(0.001, 0.999, 333).tolist(), 0.25, 0.5, 0.75, *(1 - p for p in reversed(ENDS))]

LAWS: list[Law] = [
    Certain(4.0),
    Certain(0.0),
    LogNormal(2.0, 9.0, 95),
    LogNormal(2.0, 2.0001, 90),
    LogNormal(1.0, 1e13, 90),
    Pert(1.0, 2.0, 8.0),
    Pert(0.0, 0.0, 5.0),
    Pert(0.0, 5.0, 5.0),
    Pert(100.0, 100.4, 101.0),
    Exponential(3.0),
    LogLogistic(2.0, 1.5),
    LogLogistic(2.0, 0.1),
    LogLogistic(2.0, 1000.0),
    Uniform(1.0, 4.0),
    Uniform(0.0, 1e9),
    Samples((3.0,)),
    Samples((1.0, 2.0, 5.0, 9.0)),
    Samples((1.0, 1.0, 2.0)),
    Samples(tuple(float(n * n) for n in range(1000))),
    Typical("x", "y", LogNormal(3.0, 5.0, 90)),
    Typical("x", "y", Certain(3.0)),
]


def drawn(of: Law, name: str) -> np.ndarray:
    return Quantiles([of])(uniforms(np.array([key_of(11, name)], np.uint64), np.arange(N)))[0]


@pytest.mark.parametrize("of", LAWS, ids=str)
def test_a_row_has_the_quantiles_of_its_law(of):
    relative, absolute = (0, 1e-13 * (of.high - of.low) + 1e-15 * of.high) if isinstance(of, Pert) else (1e-13, 0)
    expected = [of.quantile(p) for p in GRID]
    assert Quantiles([of])(np.array([GRID]))[0].tolist() == pytest.approx(expected, rel=relative, abs=absolute)


@pytest.mark.parametrize("n_columns", [1, 3, 9000])
def test_neither_neighbours_nor_blocks_change_a_bit(n_columns):
    laws = [LAWS[place % len(LAWS)] for place in np.random.default_rng(5).permutation(10 * len(LAWS))]
    numbers = uniforms(np.arange(len(laws)).astype(np.uint64), np.arange(n_columns))
    untouched = numbers.copy()
    whole = Quantiles(laws)(numbers)
    assert (numbers == untouched).all()
    for row in range(0, len(laws), 7):
        assert (Quantiles([laws[row]])(numbers[row : row + 1])[0] == whole[row]).all()
    cut = n_columns // 2
    quantiles = Quantiles(laws)
    assert (quantiles(numbers[:, :cut]) == whole[:, :cut]).all()
    assert (quantiles(numbers[:, cut:]) == whole[:, cut:]).all()
    assert (quantiles(np.asfortranarray(numbers)) == whole).all()


def test_the_table_of_a_pert_law_is_its_own_whatever_other_laws_there_are():
    alphas = np.random.default_rng(2).uniform(1, 5, 50)
    p = np.tile(np.array(GRID), (50, 1))
    together = BetaQuantiles(alphas)(p, slice(None))
    for row, alpha in enumerate(alphas):
        assert (BetaQuantiles(np.array([alpha]))(p[:1], slice(None))[0] == together[row]).all()


def test_no_laws_and_no_numbers_are_no_values():
    assert Quantiles([])(np.empty((0, 5))).shape == (0, 5)
    assert Quantiles(LAWS)(np.empty((len(LAWS), 0))).shape == (len(LAWS), 0)


@pytest.mark.parametrize("alpha", [1.0, 1.0001, 1.3, 2.0, 2.71, 3.0, 4.0, 4.6, 4.999, 5.0])
def test_the_beta_tables_are_right_to_thirteen_digits_up_to_both_ends(alpha):
    log_odds = np.linspace(-36.7, 36.7, 500)
    p = np.array([*GRID, *(1 / (1 + np.exp(-log_odds))).tolist()])
    exact = [
        inverse_regularised_beta(each, alpha, 6 - alpha)
        if each <= 0.5
        else 1
        - inverse_regularised_beta(1 - each, 6 - alpha, alpha)  # 1 - p is exact, and keeps the digits of the tail
        for each in p.tolist()
    ]
    assert np.abs(BetaQuantiles(np.array([alpha]))(p[None], slice(None))[0] - exact).max() < 1e-13


def test_the_beta_tables_are_the_closed_forms_where_one_parameter_is_one():
    p = np.array(GRID)
    first, last = BetaQuantiles(np.array([1.0, 5.0]))(np.stack([p, p]), slice(None))
    assert np.abs(first + np.expm1(np.log1p(-p) / 5)).max() < 1e-13
    assert np.abs(last - p**0.2).max() < 1e-13


def test_normal_quantiles_are_those_of_the_standard_library():
    p = np.array(GRID)
    expected = [NormalDist().inv_cdf(each) for each in GRID]
    assert normal_quantiles(p).tolist() == pytest.approx(expected, rel=1e-15, abs=1e-15)


def test_milliseconds_are_rounded_half_to_even_and_capped():
    values = [0.0, 0.4, 0.5, 1.5, 2.5, 2.6, 1e12 + 0.5, LONGEST_MS - 0.4, LONGEST_MS + 1.0, 1e300, math.inf]
    rounded = to_milliseconds(np.array([values]))
    assert rounded.dtype == np.int64
    assert rounded[0].tolist() == [
        min(round(value), LONGEST_MS) if value < math.inf else LONGEST_MS for value in values
    ]


@pytest.mark.parametrize("of", LAWS, ids=str)
def test_a_sample_has_the_quantiles_of_its_law(of):
    values = drawn(of, "a")
    for p in (0.01, 0.1, 0.3, 0.5, 0.77, 0.9, 0.99):
        below, above = np.mean(values < of.quantile(p)), np.mean(values <= of.quantile(p))
        sigma = math.sqrt(p * (1 - p) / N)
        assert below < p + 4 * sigma
        assert above > p - 4 * sigma


@pytest.mark.parametrize(
    "of", [of for of in LAWS if not isinstance(of, LogLogistic) and of != LogNormal(1.0, 1e13, 90)], ids=str
)
def test_a_sample_has_the_mean_of_its_law(of):
    values = drawn(of, "b")
    assert values.mean() == pytest.approx(of.mean(), rel=1e-12, abs=4 * values.std() / math.sqrt(N))


def test_a_log_logistic_sample_with_a_finite_variance_has_the_mean_of_its_law():
    of = LogLogistic(2.0, 5.0)
    values = drawn(of, "b")
    assert values.mean() == pytest.approx(of.mean(), abs=4 * values.std() / math.sqrt(N))


@pytest.mark.parametrize(
    ("words", "shares"),
    [
        ({"median": "45m", "p95": "4h"}, {45: 0.5, 240: 0.95}),
        ({"median": "45m", "p90": "4h"}, {45: 0.5, 240: 0.9}),
        ({"mean": "1h"}, {60: 1 - math.exp(-1)}),
        ({"low": "1h", "high": "2h"}, {60: 0, 75: 0.25, 120: 1}),
        ({"median": "2h", "shape": 1.5, "law": "log-logistic"}, {120: 0.5, 240: 2**1.5 / (1 + 2**1.5)}),
        ({"samples": ["1h", "2h", "2h", "5h"]}, {59: 0, 60: 0.25, 120: 0.75, 300: 1}),
        # Beta(3, 3): x^3 (10 - 15 x + 6 x^2)
        ({"low": "0", "likely": "1h", "high": "2h"}, {30: 0.103515625, 60: 0.5, 120: 1}),
        ({"low": "1h", "likely": "1h", "high": "2h"}, {60: 0, 75: 1 - 0.75**5, 120: 1}),
    ],
    ids=str,
)
def test_a_sample_meets_the_figures_of_the_author(words, shares):
    words = {key: 0 if value == "0" else value for key, value in words.items()}
    values = to_milliseconds(drawn(law(words, duration_ms), str(words)))
    for minutes, p in shares.items():
        # The smallest value of samples is reached; a continuous law reaches its low end to the millisecond at most.
        up_to = values <= minutes * MINUTE if p else values < minutes * MINUTE
        assert float(np.mean(up_to)) == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / N))
