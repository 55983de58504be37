"""Uncertain quantities: fitted to their author's figures, and right about what remains."""

from __future__ import annotations

import itertools
import math
import random
from statistics import NormalDist, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impactsim import typical
from impactsim.beta import inverse_regularised_beta, regularised_beta
from impactsim.law_forms import law
from impactsim.laws import Certain, Exponential, Law, LogLogistic, LogNormal, Pert, Samples, Typical, Uniform
from impactsim.problems import Fault
from impactsim.quantities import count, duration_ms, format_duration

HOUR = 3_600_000

LAWS = [
    LogNormal(2.0, 9.0, 95),
    LogNormal(2.0, 2.1, 90),
    Pert(1.0, 2.0, 8.0),
    Pert(0.0, 0.0, 5.0),
    Pert(0.0, 5.0, 5.0),
    Exponential(3.0),
    LogLogistic(2.0, 1.5),
    LogLogistic(2.0, 0.8),
    Uniform(1.0, 4.0),
]


def distribution(of: Law, t: float) -> float:
    """Return P(T <= t) by formulas of its own."""
    if t <= 0:
        return 0.0
    match of:
        case LogNormal():
            sigma = math.log(of.upper / of.middle) / NormalDist().inv_cdf(of.percent / 100)
            return NormalDist(math.log(of.middle), sigma).cdf(math.log(t))
        case Exponential():
            return 1 - math.exp(-t / of.average)
        case LogLogistic():
            return 1 / (1 + (t / of.middle) ** -of.shape)
        case Uniform():
            return min(1.0, max(0.0, (t - of.low) / (of.high - of.low)))
        case Pert():
            x = min(1.0, max(0.0, (t - of.low) / (of.high - of.low)))
            a = 1 + 4 * (of.likely - of.low) / (of.high - of.low)
            return beta_by_simpson(x, a, 6 - a)
    raise AssertionError(of)


def beta_by_simpson(x: float, a: float, b: float) -> float:
    """Integrate the density over the angle whose squared sine is x, where it has no corners."""
    steps, top = 1000, math.asin(math.sqrt(x))

    def density(angle: float) -> float:
        return 2 * math.sin(angle) ** (2 * a - 1) * math.cos(angle) ** (2 * b - 1)

    width = top / steps
    inner = sum((4 if i % 2 else 2) * density(i * width) for i in range(1, steps))
    area = (density(0.0) + inner + density(top)) * width / 3
    return area * math.gamma(a + b) / (math.gamma(a) * math.gamma(b))


@pytest.mark.parametrize("of", LAWS, ids=str)
@pytest.mark.parametrize("p", [0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_quantile_is_not_exceeded_with_its_probability(of, p):
    assert distribution(of, of.quantile(p)) == pytest.approx(p, abs=2e-6)


@pytest.mark.parametrize("of", LAWS, ids=str)
def test_the_median_is_the_half_quantile(of):
    assert of.median() == pytest.approx(of.quantile(0.5), rel=1e-12)


@pytest.mark.parametrize("of", LAWS, ids=str)
@pytest.mark.parametrize("elapsed", [0.0, 0.5, 1.5, 3.9])
@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_what_remains_is_conditional_on_having_lasted(of, elapsed, p):
    remaining = of.remaining_quantile(p, elapsed)
    before, after = distribution(of, elapsed), distribution(of, elapsed + remaining)
    if 1 - before > 1e-4:
        assert (after - before) / (1 - before) == pytest.approx(p, abs=2e-5)
    assert remaining >= 0


@pytest.mark.parametrize("of", LAWS, ids=str)
def test_at_the_beginning_all_of_it_remains(of):
    for p in (0.001, 0.3, 0.999):
        assert of.remaining_quantile(p, 0.0) == pytest.approx(of.quantile(p), rel=1e-12)


@pytest.mark.parametrize("of", [of for of in LAWS if math.isfinite(of.mean()) and of != LogLogistic(2.0, 1.5)], ids=str)
def test_the_mean_is_the_integral_of_the_quantiles(of):
    steps = 20_000
    average = sum(of.quantile((i + 0.5) / steps) for i in range(steps)) / steps
    assert of.mean() == pytest.approx(average, rel=5e-3)


def test_a_log_logistic_mean_is_that_of_its_formula_and_infinite_for_a_shape_up_to_one():
    assert LogLogistic(2.0, 2.0).mean() == pytest.approx(math.pi)
    assert LogLogistic(2.0, 1.0).mean() == math.inf


def test_the_figures_of_the_author_are_met_exactly():
    of = law({"median": "45m", "p95": "4h"}, duration_ms)
    assert of.median() == 45 * 60_000
    assert of.quantile(0.95) == pytest.approx(4 * HOUR, rel=1e-14)
    assert law({"median": "45m", "p90": "4h"}, duration_ms).quantile(0.9) == pytest.approx(4 * HOUR, rel=1e-14)
    assert law({"mean": "1h"}, duration_ms).mean() == HOUR
    assert law({"median": "2h", "shape": 1.5, "law": "log-logistic"}, duration_ms).median() == 2 * HOUR


@pytest.mark.parametrize("a", [1.0, 2.0, 3.0, 4.0, 5.0])
def test_the_beta_function_is_its_binomial_sum_where_its_parameters_are_whole(a):
    for x in (0.001, 0.1, 0.3, 0.5, 0.8, 0.999):
        exact = math.fsum(math.comb(5, j) * x**j * (1 - x) ** (5 - j) for j in range(int(a), 6))
        assert regularised_beta(x, a, 6 - a) == pytest.approx(exact, rel=1e-13)


@given(st.floats(1, 5), st.floats(1e-12, 1 - 1e-12))
def test_the_inverse_beta_function_leads_back(a, p):
    x = inverse_regularised_beta(p, a, 6 - a)
    slope = math.exp(math.lgamma(6) - math.lgamma(a) - math.lgamma(6 - a)) * x ** (a - 1) * (1 - x) ** (5 - a)
    assert abs(regularised_beta(x, a, 6 - a) - p) <= 1e-14 + 4e-14 * p + 2e-16 * slope


def test_the_median_of_pert_is_right_to_twelve_digits():
    # Beta(1, 5) and Beta(5, 1) have medians in closed form; Beta(3, 3) is symmetric; the root of I_x(2, 4) by bisection.
    assert Pert(0.0, 0.0, 1.0).median() == pytest.approx(1 - 0.5**0.2, rel=1e-12)
    assert Pert(0.0, 1.0, 1.0).median() == pytest.approx(0.5**0.2, rel=1e-12)
    assert Pert(10.0, 15.0, 20.0).median() == pytest.approx(15, rel=1e-12)
    low, high = 0.0, 1.0
    for _ in range(100):
        x = (low + high) / 2
        low, high = (x, high) if (1 - x) ** 5 + 5 * x * (1 - x) ** 4 > 0.5 else (low, x)
    assert Pert(0.0, 1.0, 4.0).median() == pytest.approx(4 * low, rel=1e-12)


def test_pert_keeps_its_digits_at_both_ends():
    # F(x) = 1 - (1 - x)^5 and x^5.
    for p in (2**-53, 1e-15, 1e-9, 0.3, 0.9, 1 - 2.0**-30, 1 - 2.0**-53):
        first, last = Pert(0.0, 0.0, 1.0).quantile(p), Pert(0.0, 1.0, 1.0).quantile(p)
        assert first == pytest.approx(-math.expm1(math.log1p(-p) / 5), rel=1e-12)
        assert last == pytest.approx(p**0.2, rel=1e-12)
    assert [Pert(2.0, 3.0, 9.0).quantile(p) for p in (0, 1)] == [2, 9]


def test_samples_have_the_ordinary_median():
    generator = random.Random(7)
    for size in range(1, 12):
        values = sorted(generator.uniform(0, 100) for _ in range(size))
        assert Samples(tuple(values)).median() == median(values)


def test_what_remains_of_samples_is_that_of_those_that_lasted_longer():
    of = Samples((1.0, 2.0, 5.0, 9.0))
    assert of.remaining_quantile(0.5, 2.0) == 5.0  # 3 and 7 remained
    assert of.remaining_quantile(0.9, 2.0) == 7.0
    assert of.remaining_quantile(0.5, 9.0) == 0.0


@pytest.mark.parametrize(
    "of", [*LAWS, Samples((1.0, 2.0, 2.0, 7.0)), Certain(2.0), Typical("x", "y", LogNormal(2.0, 9.0, 90))], ids=str
)
def test_what_remains_is_what_is_left_of_the_cases_that_last_longer(of):
    # The law cut into cases of equal weight: no formula but its own quantile.
    cases = [of.quantile((i + 0.5) / 2_000) for i in range(2_000)]
    for elapsed, p in itertools.product(
        [0.0, 0.3, 1.0, 1.9, 2.0, 2.05, 4.5, 6.9, 7.0, 20.0], [0.0, 0.05, 0.3, 0.5, 0.88, 0.99]
    ):
        left = [case - elapsed for case in cases if case > elapsed]
        remaining = of.remaining_quantile(p, elapsed)
        if elapsed >= of.quantile(1):
            assert remaining == 0
        elif left:
            close, slack = 1e-9, 2 / len(left)
            assert sum(each < remaining - close for each in left) / len(left) <= p + slack
            assert sum(each <= remaining + close for each in left) / len(left) >= p - slack


def test_a_certain_value_counts_down():
    assert [Certain(4.0).remaining_quantile(0.9, elapsed) for elapsed in (0, 1, 4, 9)] == [4, 3, 0, 0]


def test_a_heavy_tail_remains_the_longer_the_longer_it_has_lasted_and_an_exponential_one_does_not():
    heavy, memoryless = LogLogistic(2.333, 1.517), Exponential(5.0)
    remaining = [heavy.remaining_quantile(0.5, elapsed) for elapsed in (2, 4, 8, 16)]
    assert remaining == sorted(remaining)
    assert {memoryless.remaining_quantile(0.5, elapsed) for elapsed in (0, 2, 16)} == {5 * math.log(2)}


@pytest.mark.parametrize("of", LAWS, ids=str)
@given(elapsed=st.floats(0, 1e300), p=st.floats(0, 1))
def test_nothing_overflows_however_long_it_has_lasted(of, elapsed, p):
    assert of.remaining_quantile(p, elapsed) >= 0


def test_far_in_the_tail_a_log_normal_passes_smoothly_to_its_limit():
    of = LogNormal(1.0, 2.0, 95)
    at = [of.remaining_quantile(0.5, math.exp(of.sigma * z)) / math.exp(of.sigma * z) for z in (29.9, 30.1)]
    assert at[0] == pytest.approx(at[1], rel=0.03)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"median": "4h", "p95": "45m"}, "law-order"),
        ({"median": "4h", "p95": "4h"}, "law-order"),
        ({"low": "3h", "high": "2h"}, "law-order"),
        ({"low": "1h", "likely": "5h", "high": "4h"}, "law-order"),
        ({"low": "3h", "likely": "2h", "high": "4h"}, "law-order"),
        ({"low": "3h", "likely": "3h", "high": "3h"}, "law-order"),
        ({"median": 0, "p90": "1h"}, "law-zero"),
        ({"mean": 0}, "law-zero"),
        ({"median": "1h", "shape": 0, "law": "log-logistic"}, "law-shape"),
        ({"median": "1h", "shape": True, "law": "log-logistic"}, "law-shape"),
        ({"median": "1h", "shape": math.nan, "law": "log-logistic"}, "law-shape"),
        ({"median": "1h", "shape": 2, "law": "weibull"}, "law-form"),
        ({"median": "1h", "shape": 2}, "law-form"),
        ({"median": "1h"}, "law-form"),
        ({"median": "1h", "p90": "2h", "p95": "3h"}, "law-form"),
        ({"medain": "1h"}, "law-form"),
        ({None: "1h"}, "law-form"),
        ({}, "law-form"),
        ({"samples": []}, "law-samples"),
        ({"samples": "1h"}, "law-samples"),
        ({"samples": ["1h", 2]}, "duration-unit"),
        ({"median": "1h", "p90": "2 fortnights"}, "duration-form"),
        ({"typical": "cloud-regoin"}, "typical-unknown"),
        ({"typical": ["cloud-region"]}, "typical-unknown"),
        (["1h"], "duration-form"),
    ],
)
def test_figures_that_make_no_law_are_refused(value, code):
    with pytest.raises(Fault) as caught:
        law(value, duration_ms)
    assert caught.value.code == code
    assert caught.value.remedy


def test_a_wrong_figure_is_named():
    with pytest.raises(Fault, match=r"samples\[1\]"):
        law({"samples": ["1h", "x"]}, duration_ms)
    with pytest.raises(Fault, match="did you mean 'cloud-region'"):
        law({"typical": "cloud-regoin"}, duration_ms)


def test_a_typical_duration_is_no_count():
    with pytest.raises(Fault) as caught:
        law({"typical": "cloud-region"}, count)
    assert caught.value.code == "typical-unit"


@pytest.mark.parametrize(
    "value",
    [
        "4h",
        {"median": "45m", "p95": "4h"},
        {"low": "30m", "likely": "1h", "high": "3h"},
        {"mean": "1h"},
        {"median": "2h", "shape": 1.5, "law": "log-logistic"},
        {"low": "1h", "high": "2h"},
        {"samples": ["1h", "2h"]},
        {"typical": "cloud-region"},
    ],
    ids=str,
)
def test_a_law_writes_the_words_of_its_author(value):
    assert law(value, duration_ms).words(lambda ms: format_duration(round(ms))) == value


@pytest.mark.parametrize("name", typical.values())
def test_every_typical_value_has_a_source_a_year_and_a_law_of_hours_to_months(name):
    entry = typical.values()[name]
    of = law({"typical": name}, duration_ms)
    assert isinstance(of, Typical)
    assert not of.is_certain
    assert HOUR / 2 < of.median() < 100 * 24 * HOUR
    assert entry.source
    assert entry.covers
    assert any(character.isdigit() for character in entry.year)


def test_typical_cloud_incidents_have_the_quantiles_that_were_counted():
    # Cloud Uptime Archive 2018-2020: medians 2.11, 4.48, 1.73 h and 2.27 h of all; 90% within 6.99, 16.1, 12.5 h and 10.2 h.
    counted = {
        "cloud-aws": (2.11, 6.99),
        "cloud-azure": (4.48, 16.1),
        "cloud-google": (1.73, 12.5),
        "cloud-region": (2.27, 10.2),
    }
    for name, (half, ninety) in counted.items():
        of = law({"typical": name}, duration_ms)
        assert of.median() / HOUR == pytest.approx(half, rel=0.13)
        assert of.quantile(0.9) / HOUR == pytest.approx(ninety, rel=0.25)
