"""Forecasts held against what came: peers, scores, and the whole."""

from __future__ import annotations

import math
from random import Random

import pytest

from impactsim.backtest.facts import OURS
from impactsim.backtest.peers import PEERS, Empirical, Weibull, log_normal, weibull
from impactsim.backtest.scores import LEVELS, holds, pinball, score
from impactsim.backtest.whole import NoIncidents, TooFewIncidents, _laws, backtest
from impactsim.files.incidents import Incident

DAY = 86400.0


def history(n: int, group: str = "", seed: int = 1, first: float = 0.0, mean_h: float = 2.0) -> list[Incident]:
    luck = Random(seed)
    return [Incident(group, first + i * DAY, luck.expovariate(1 / mean_h) * 3600 + 1) for i in range(n)]


def test_the_pinball_loss_of_a_median_is_half_the_distance():
    assert pinball([0, 0, 1, 0, 0], 0) == pytest.approx(0.5 * 1 / 5)
    assert pinball([3, 3, 3, 3, 3], 5) == pytest.approx(sum(LEVELS) * 2 / 5)
    assert pinball([3, 3, 3, 3, 3], 2) == pytest.approx(sum(1 - level for level in LEVELS) / 5)


def test_the_true_quantiles_have_less_loss_than_others():
    mean = 2.0
    luck = Random(3)
    came = [luck.expovariate(1 / mean) for _ in range(4000)]
    true = [-mean * math.log(1 - level) for level in LEVELS]

    def loss(factor: float) -> float:
        return sum(pinball([factor * q for q in true], each) for each in came)

    assert loss(1.0) < min(loss(0.8), loss(1.25))


def test_the_coverage_counts_both_ends_of_the_interval():
    quantiles = [1.0, 1.5, 2.0, 2.5, 3.0]
    held = [holds(quantiles, value) for value in (0.9, 1.0, 2.0, 3.0, 3.1)]
    assert held == [False, True, True, True, False]
    assert score([0.0] * 5, held, [0.0] * 5).coverage == 0.6


def test_standard_errors_are_those_of_means():
    told = score([1.0, 3.0], [True, True], [2.0, 6.0])
    assert told.pinball_error == pytest.approx(1.0)  # sd sqrt(2), over sqrt(2)
    assert (told.behind, told.behind_error) == pytest.approx((2.0, 1.0))
    assert told.coverage_error == pytest.approx(math.sqrt(0.16 / 2))


def test_a_weibull_fit_of_an_exponential_history_has_shape_1_within_its_error():
    luck = Random(5)
    n = 4000
    law = weibull([luck.expovariate(0.5) for _ in range(n)])
    assert abs(law.shape - 1) < 4 * 0.78 / math.sqrt(n)  # asymptotic: 0.78 k / sqrt(n)
    assert abs(law.scale - 2) < 4 * 1.05 * 2 / math.sqrt(n)


def test_a_weibull_law_of_shape_1_has_no_memory():
    law = Weibull(2.0, 1.0)
    assert law.remaining_quantile(0.5, 0) == pytest.approx(2 * math.log(2))
    assert law.remaining_quantile(0.5, 50) == pytest.approx(2 * math.log(2))


def test_a_log_normal_fit_has_the_mean_and_the_deviation_of_the_logarithms():
    law = log_normal([1.0, math.e**2])
    assert law.median() == pytest.approx(math.e)
    assert law.sigma == pytest.approx(1.0)


def test_the_empirical_residual_is_what_remained_of_those_that_lasted_longer():
    law = Empirical((1.0, 2.0, 3.0, 5.0))
    assert law.remaining_quantile(0.5, 1.0) == 2.0
    assert law.remaining_quantile(0.5, 2.0) == 2.0
    assert law.remaining_quantile(0.25, 2.0) == 1.5
    assert law.remaining_quantile(0.5, 5.0) == 0.0


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_of_equal_durations_says_them(name):
    if name != "exponential":
        assert PEERS[name]([3.0] * 20).remaining_quantile(0.5, 0) == pytest.approx(3.0, rel=1e-2)


def test_what_began_before_the_split_is_learned_from_and_the_rest_forecast():
    facts = backtest(history(60), 40 * DAY, [0.0])
    assert (facts.n_train, facts.n_test) == (40, 20)
    assert facts.by_elapsed[0].n_incidents == 20


def test_only_those_that_lasted_longer_are_forecast():
    incidents = [*history(30), *(Incident("", (100 + i) * DAY, 3600.0 * (i + 1)) for i in range(5))]
    facts = backtest(incidents, 100 * DAY, [0.0, 2 * 3600, 9 * 3600])
    assert [each.n_incidents for each in facts.by_elapsed] == [5, 3, 0]
    assert facts.by_elapsed[2].best == ""


def test_where_outages_have_no_memory_the_exponential_law_is_hard_to_beat():
    facts = backtest(history(1200), 600 * DAY, [0.0, 3600.0])
    for each in facts.by_elapsed:
        peer = each.scores["exponential"]
        assert peer.pinball < each.scores[OURS].pinball
        assert abs(peer.coverage - 0.8) < 4 * peer.coverage_error


def test_a_group_with_too_few_outages_of_its_own_is_forecast_from_all():
    incidents = sorted([*history(60, "a"), *history(60, "b", 2)[50:]], key=lambda each: each.start_s)
    facts = backtest(incidents, 55 * DAY, [0.0])
    a, b = facts.groups
    assert (a.name, a.is_pooled, a.median_s is None) == ("a", False, False)
    assert (b.name, b.n_train, b.n_test, b.is_pooled, b.median_s) == ("b", 5, 5, True, None)


def test_groups_that_are_all_too_small_are_forecast_as_one():
    one = history(60)
    many = [Incident(f"g{i}", each.start_s, each.duration_s) for i, each in enumerate(one)]
    at_once, apart = (backtest(each, 30 * DAY, [0.0, 3600.0]) for each in (one, many))
    assert all(group.is_pooled for group in apart.groups)
    for known, found in zip(at_once.by_elapsed, apart.by_elapsed, strict=True):
        for way, told in known.scores.items():
            assert (found.scores[way].pinball, found.scores[way].coverage) == pytest.approx(
                (told.pinball, told.coverage)
            )


def test_the_law_of_all_is_fitted_once_however_many_groups_share_it():
    fits = []

    def counted(durations):
        fits.append(len(durations))
        return PEERS["exponential"](durations)

    known = {"own": [1.0] * 20, **{f"g{i}": [2.0] for i in range(50)}}
    laws = _laws(counted, known, [1.0] * 20 + [2.0] * 50)
    assert sorted(fits) == [20, 70]
    assert list(laws) == list(known)


def test_what_came_after_the_split_changes_no_forecast():
    # The losses of the first test outage alone must not depend on what else came.
    first = backtest(history(41), 40 * DAY, [0.0])
    more = backtest([*history(41), *history(30, "other", 9, 41 * DAY, 900.0)], 40 * DAY, [0.0])
    assert first.tail == more.tail
    assert more.by_elapsed[0].n_incidents == 31
    alone = first.by_elapsed[0].scores[OURS].pinball
    others = backtest([*history(40), *history(30, "other", 9, 41 * DAY, 900.0)], 40 * DAY, [0.0])
    total = alone + 30 * others.by_elapsed[0].scores[OURS].pinball
    assert more.by_elapsed[0].scores[OURS].pinball == pytest.approx(total / 31)


def test_without_any_incident_the_table_is_to_blame_and_not_the_split():
    with pytest.raises(NoIncidents, match="all rows were left out: 3 without a length; check the columns"):
        backtest([], 10 * DAY, left_out={"without a length": 3, "too long": 0})


@pytest.mark.parametrize(("split", "word"), [(10 * DAY, "later day"), (1000 * DAY, "earlier day")])
def test_a_split_that_leaves_nothing_on_a_side_is_refused(split, word):
    with pytest.raises(TooFewIncidents, match=word):
        backtest(history(60), split)
