"""What remains of an outage, learned from a history."""

from __future__ import annotations

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impactsim.laws import LogLogistic
from impactsim.remaining import MINIMUM_HISTORY, USUAL_TAIL, Remaining, fit, log_logistic, tail_of

DURATIONS = st.lists(st.floats(1e-3, 1e6), min_size=MINIMUM_HISTORY, max_size=60)
LEVELS = st.floats(1e-6, 1 - 1e-6)


def drawn(law: LogLogistic, n: int, seed: int) -> list[float]:
    luck = Random(seed)
    return [law.quantile(luck.random()) for _ in range(n)]


def test_maximum_likelihood_finds_the_law_that_was_drawn_from():
    n = 5000
    middle, shape = log_logistic(drawn(LogLogistic(3.0, 1.5), n, 1))
    # Fisher information of the logistic law: variance 3 s^2 / n of the location, 9 s^2 / (3 + pi^2) / n of the scale.
    assert abs(math.log(middle / 3)) < 4 * math.sqrt(3 / n) / 1.5
    assert abs(1 / shape - 1 / 1.5) < 4 * math.sqrt(9 / (3 + math.pi**2) / n) / 1.5


def test_maximum_likelihood_is_where_the_likelihood_is_flat():
    durations = drawn(LogLogistic(2.0, 1.2), 40, 2)

    def likelihood(centre: float, scale: float) -> float:
        z = [(math.log(d) - centre) / scale for d in durations]
        return math.fsum(-each - math.log(scale) - 2 * math.log1p(math.exp(-each)) for each in z)

    middle, shape = log_logistic(durations)
    best = likelihood(math.log(middle), 1 / shape)
    for by in (-1e-3, 1e-3):
        assert likelihood(math.log(middle) + by, 1 / shape) < best
        assert likelihood(math.log(middle), 1 / shape + by) < best


def test_without_stretching_it_is_the_log_logistic_law():
    ours, law = Remaining(2.0, 1.4, 1.0), LogLogistic(2.0, 1.4)
    for p in (0.001, 0.1, 0.5, 0.9, 0.999):
        for elapsed in (0.0, 0.01, 2.0, 300.0):
            assert ours.remaining_quantile(p, elapsed) == pytest.approx(law.remaining_quantile(p, elapsed), rel=1e-9)
    assert ours.mean() == pytest.approx(law.mean(), rel=1e-3)


def test_stretching_leaves_the_middle_half_alone_and_widens_the_rest():
    plain, wide = Remaining(2.0, 1.4, 1.0), Remaining(2.0, 1.4, 1.5)
    for elapsed in (0.0, 5.0):
        for p in (0.25, 0.5, 0.75):
            assert wide.remaining_quantile(p, elapsed) == pytest.approx(plain.remaining_quantile(p, elapsed), rel=1e-9)
        assert wide.remaining_quantile(0.1, elapsed) < plain.remaining_quantile(0.1, elapsed)
        assert wide.remaining_quantile(0.9, elapsed) > plain.remaining_quantile(0.9, elapsed)


def test_the_mean_is_infinite_where_the_tails_are_too_long_for_one():
    assert Remaining(2.0, 1.1, 1.2).mean() == math.inf
    assert Remaining(2.0, 1.3, 1.2).mean() < math.inf


@settings(max_examples=60, deadline=None)
@given(DURATIONS, LEVELS, LEVELS, st.floats(0, 1e7), st.floats(1, 5))
def test_quantiles_rise_with_the_level(durations, p, q, elapsed, tail):
    law = fit(durations, tail)
    low, high = (law.remaining_quantile(each, elapsed) for each in sorted((p, q)))
    assert low <= high
    assert low >= 0


@settings(max_examples=60, deadline=None)
@given(DURATIONS, LEVELS)
def test_what_remains_is_never_nothing_however_long_it_has_lasted(durations, p):
    law = fit(durations)
    for factor in (1, 10, 1e6):
        assert law.remaining_quantile(p, max(durations) * factor) > 0


def test_an_outage_longer_than_any_before_takes_ever_longer():
    law = fit(drawn(LogLogistic(2.0, 1.5), 100, 3))
    after = [law.remaining_quantile(0.5, elapsed) for elapsed in (100, 1_000, 10_000)]
    assert after[0] < after[1] < after[2]
    # Far out the law is Pareto's: the median of the whole is elapsed x 2^(1 / shape).
    assert after[2] == pytest.approx(10_000 * (2 ** (1 / law.shape) - 1), rel=1e-3)


def test_a_history_of_equal_durations_is_all_but_certain():
    law = fit([4.0] * MINIMUM_HISTORY)
    assert law.quantile(0.1) == pytest.approx(4, rel=0.01)
    assert law.quantile(0.9) == pytest.approx(4, rel=0.01)
    assert law.remaining_quantile(0.5, 8.0) > 0


def test_the_unit_of_a_history_is_that_of_the_answer():
    hours = drawn(LogLogistic(2.0, 1.5), 60, 4)
    in_hours, in_ms = fit(hours), fit([each * 3.6e6 for each in hours])
    assert in_ms.remaining_quantile(0.9, 7.2e6) == pytest.approx(3.6e6 * in_hours.remaining_quantile(0.9, 2.0))


@pytest.mark.parametrize(
    ("durations", "word"),
    [([1.0] * (MINIMUM_HISTORY - 1), "at least"), ([0.0] + [1.0] * 30, "above 0"), ([math.inf] + [1.0] * 30, "finite")],
)
def test_what_is_no_history_is_refused(durations, word):
    with pytest.raises(ValueError, match=word):
        fit(durations)


def test_a_steady_history_needs_all_but_no_stretching():
    assert tail_of([drawn(LogLogistic(2.0, 1.5), 4000, 5)]) < 1.1


def test_a_level_that_moves_stretches_the_tails():
    moved = drawn(LogLogistic(1.0, 1.5), 200, 6) + drawn(LogLogistic(4.0, 1.5), 200, 7)
    assert tail_of([moved]) > 1.4


def test_the_stretched_tails_hold_what_they_should_of_the_other_half():
    older, newer = drawn(LogLogistic(1.0, 1.5), 300, 8), drawn(LogLogistic(2.5, 1.5), 300, 9)
    tail = tail_of([older + newer])
    held = 0
    for told, came in ((older, newer), (newer, older)):
        law = fit(told, tail)
        held += sum(law.quantile(0.1) <= each <= law.quantile(0.9) for each in came)
    # Calibrated on these at five elapsed times together, not on each of them.
    assert 0.72 < held / 600 < 0.88


def test_short_histories_have_the_usual_tail():
    assert tail_of([[1.0, 2.0] * 10]) == USUAL_TAIL
    assert tail_of([]) == USUAL_TAIL


def test_equal_durations_have_no_scores_that_are_no_numbers():
    assert 1 <= tail_of([[4.0] * 100]) <= 5


def test_it_is_written_as_the_law_without_its_stretching():
    assert Remaining(2.0, 1.4, 1.2).words(float) == {"median": 2.0, "shape": 1.4, "law": "log-logistic"}
