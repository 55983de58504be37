"""Many trials of small scenarios of which the answer is known in closed form, through the door that users take."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import pytest

import impactsim
from impactsim.reports.sampled.facts import SampledFacts
from impactsim.trials.estimates import Chance, Estimate

HOUR_MS = 3_600_000
N = 20_000


def sampled(
    components: dict[str, Any], events: list[dict[str, Any]], n: int = N, seed: int = 1, **more: Any
) -> SampledFacts:
    """Run trials of a small system."""
    of_system = {key: more.pop(key) for key in ("users", "common_causes", "crews", "population") if key in more}
    system = {"impactsim": 1, "name": "Small", "components": components, **of_system}
    words = {"impactsim": 1, "name": "Small", "system": system, "events": events, "seed": seed, **more}
    result = impactsim.run(words, trials=n, workers=1)
    assert isinstance(result, impactsim.SampledResult)
    return result.facts


def assert_chance(chance: Chance, expected: float) -> None:
    """Hold a share of the trials against a probability, within 4 standard errors."""
    assert abs(chance.p - expected) <= 4 * math.sqrt(expected * (1 - expected) / chance.n)


def assert_mean(estimate: Estimate, expected: float, deviation: float) -> None:
    """Hold a mean over the trials against its expectation, within 4 standard errors."""
    assert abs(estimate.mean - expected) <= 4 * deviation / math.sqrt(estimate.n)


def assert_quantiles(estimate: Estimate, p10: float, p50: float, p90: float, density: Any) -> None:
    """Hold quantiles against those of a law with this density, within 4 standard errors and the width of a bin."""
    for p, found, expected in ((0.1, estimate.p10, p10), (0.5, estimate.p50, p50), (0.9, estimate.p90, p90)):
        error = math.sqrt(p * (1 - p) / estimate.n) / density(expected)
        assert abs(found - expected) <= 4 * error + 0.005 * expected


# Restore times.


def test_an_exponential_restore_misses_its_targets_as_often_as_it_should() -> None:
    component = {"time_to_restore": {"mean": "2h"}, "targets": {"rto": "1h", "mtpd": "8h"}}
    facts = sampled({"a": component}, [{"fail": "a"}])
    found = facts.components["a"]
    assert found.rto is not None
    assert found.mtpd is not None
    assert_chance(found.rto.missed, math.exp(-1 / 2))
    assert_chance(found.mtpd.missed, math.exp(-8 / 2))
    assert_mean(found.down_ms, 2 * HOUR_MS, 2 * HOUR_MS)
    mean_ms = 2 * HOUR_MS
    quantiles = (-mean_ms * math.log(1 - p) for p in (0.1, 0.5, 0.9))
    assert_quantiles(found.down_ms, *quantiles, density=lambda ms: math.exp(-ms / mean_ms) / mean_ms)
    assert facts.restored_ms.p50 == pytest.approx(found.down_ms.p50, rel=0.005)


def test_a_uniform_restore_cut_by_the_horizon_leaves_the_rest_open() -> None:
    component = {"time_to_restore": {"low": "1h", "high": "5h"}}
    facts = sampled({"a": component}, [{"fail": "a"}], horizon="4h")
    found = facts.components["a"]
    assert_chance(found.not_restored, 1 / 4)
    assert_chance(facts.not_restored, 1 / 4)
    # min(U, 4h): the mean is 3/4 x 2.5h + 1/4 x 4h; its second moment 3/4 x (4^3 - 1)/(3 x 3) + 1/4 x 16.
    mean, square = 3 / 4 * 2.5 + 1, 3 / 4 * 63 / 9 + 4
    assert_mean(found.down_ms, mean * HOUR_MS, math.sqrt(square - mean**2) * HOUR_MS)
    assert found.down_ms.most == 4 * HOUR_MS
    assert math.isinf(facts.restored_ms.most)


def test_a_log_logistic_restore_without_a_mean_has_its_median_and_its_tail() -> None:
    law = {"median": "1h", "shape": 0.8, "law": "log-logistic"}
    facts = sampled({"a": {"time_to_restore": law, "targets": {"rto": "9h"}}}, [{"fail": "a"}])
    found = facts.components["a"]
    assert found.rto is not None
    assert_chance(found.rto.missed, 1 / (1 + 9**0.8))
    # The median of n: its standard error is 1 / (2 f(m) sqrt(n)), and f(m) = shape / (4 m).
    assert abs(found.down_ms.p50 - HOUR_MS) <= 4 * 2 * HOUR_MS / 0.8 / math.sqrt(N) + 0.005 * HOUR_MS


def test_a_log_normal_restore_has_the_mean_that_follows_from_its_two_figures() -> None:
    facts = sampled({"a": {"time_to_restore": {"median": "1h", "p95": "4h"}}}, [{"fail": "a"}])
    variance = (math.log(4) / NormalDist().inv_cdf(0.95)) ** 2
    mean = math.exp(variance / 2)
    deviation = mean * math.sqrt(math.expm1(variance))
    assert_mean(facts.components["a"].down_ms, mean * HOUR_MS, deviation * HOUR_MS)


def test_a_pert_restore_has_the_mean_of_the_textbook() -> None:
    facts = sampled({"a": {"time_to_restore": {"low": "1h", "likely": "2h", "high": "9h"}}}, [{"fail": "a"}])
    mean = (1 + 4 * 2 + 9) / 6
    # Malcolm and others (1959): the variance of this beta law is (mean - low)(high - mean) / 7.
    assert_mean(facts.components["a"].down_ms, mean * HOUR_MS, math.sqrt((mean - 1) * (9 - mean) / 7) * HOUR_MS)


def test_samples_are_taken_as_often_as_they_are_listed() -> None:
    law = {"samples": ["1h", "1h", "2h", "30h"]}
    facts = sampled({"a": {"time_to_restore": law, "targets": {"rto": "90m", "mtpd": "3h"}}}, [{"fail": "a"}])
    found = facts.components["a"]
    assert found.rto is not None
    assert found.mtpd is not None
    assert_chance(found.rto.missed, 1 / 2)
    assert_chance(found.mtpd.missed, 1 / 4)
    assert (found.down_ms.least, found.down_ms.most) == (HOUR_MS, 30 * HOUR_MS)


def test_an_uncertain_holdover_hides_what_is_shorter() -> None:
    # P(outage > holdover) with an exponential outage of mean m and a holdover uniform on [a, b]: m (e^(-a/m) - e^(-b/m)) / (b - a).
    need = {"component": "grid", "holdover": {"low": "1h", "high": "3h"}}
    components = {"grid": {"kind": "power"}, "a": {"needs": [need]}}
    facts = sampled(components, [{"fail": "grid", "for": {"mean": "2h"}}])
    assert_chance(facts.components["a"].down, 2 * (math.exp(-1 / 2) - math.exp(-3 / 2)) / 2)
    assert_chance(facts.undisturbed, 1 - (math.exp(-1 / 2) - math.exp(-3 / 2)))


# Redundancy.


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_a_quorum_is_back_with_its_kth_member(k: int) -> None:
    # The k-th of four exponential times: the sum of 1/(4 - i) for i < k, with variance the sum of the squares.
    members = {f"m{i}": {"kind": "host", "time_to_restore": {"mean": "1h"}} for i in range(4)}
    need = {"at_least": k, "of": list(members), "to": "run"}
    facts = sampled({**members, "a": {"needs": [need]}}, [{"fail": list(members)}], n=8_000)
    mean, variance = sum(1 / (4 - i) for i in range(k)), sum(1 / (4 - i) ** 2 for i in range(k))
    assert_mean(facts.components["a"].down_ms, mean * HOUR_MS, math.sqrt(variance) * HOUR_MS)


def test_standbys_fail_to_start_independently_of_one_another() -> None:
    def need(*spares: str) -> dict[str, Any]:
        return {"any_of": ["grid", *({"use": each, "fails_to_start": 0.3} for each in spares)]}

    power = {each: {"kind": "power"} for each in ("grid", "one", "two")}
    components = {**power, "a": {"needs": [need("one")]}, "b": {"needs": [need("one", "two")]}}
    facts = sampled(components, [{"fail": "grid", "for": "1h"}])
    assert_chance(facts.components["a"].down, 0.3)
    assert_chance(facts.components["b"].down, 0.09)
    # Another group has other luck, also with the same member.
    assert_chance(facts.undisturbed, 0.7 * (1 - 0.09))


def test_a_common_cause_strikes_each_as_often_as_it_says() -> None:
    components = {"a": {}, "b": {}, "c": {"needs": [{"at_least": 1, "of": ["a", "b"]}]}}
    causes = {"flood": {"strikes": {"a": 0.6, "b": 0.05}, "time_to_restore": "1h"}}
    facts = sampled(components, [{"strike": "flood"}], common_causes=causes)
    assert_chance(facts.components["a"].down, 0.6)
    assert_chance(facts.components["b"].down, 0.05)
    assert_chance(facts.components["c"].down, 0.03)
    assert_chance(facts.undisturbed, 0.4 * 0.95)


def test_a_fuel_tank_of_uncertain_size_lasts_out_as_often_as_it_should() -> None:
    # P(outage > fuel) of two exponential times: 3 / (3 + 1).
    power = {"grid": {"kind": "power"}, "diesel": {"kind": "power"}}
    need = {"any_of": ["grid", {"use": "diesel", "lasts": {"mean": "1h"}}]}
    facts = sampled({**power, "a": {"needs": [need]}}, [{"fail": "grid", "for": {"mean": "3h"}}])
    assert_chance(facts.components["a"].down, 3 / 4)
    # Once it is empty the outage goes on as if it had begun then.
    assert_mean(facts.components["a"].down_ms, 3 / 4 * 3 * HOUR_MS, math.sqrt(3 / 4 * 18 - (9 / 4) ** 2) * HOUR_MS)


# Starts and repairs.


def test_each_start_draws_a_time_of_its_own() -> None:
    # Three outages of a minute, each with a start: were it one draw for all, the variance of the sum would be three times as large.
    events = [{"fail": "grid", "at": f"{i}d", "for": "1m"} for i in range(3)]
    components = {"grid": {"kind": "power"}, "a": {"needs": ["grid"], "restart": {"mean": "10m"}}}
    found = sampled(components, events).components["a"].down_ms
    minute_ms = 60_000
    assert_mean(found, 33 * minute_ms, math.sqrt(3) * 10 * minute_ms)
    # Erlang with three stages: P(X <= x) = 1 - e^-x (1 + x + x^2 / 2).
    starts = (found.p90 - 3 * minute_ms) / (10 * minute_ms)
    below = 1 - math.exp(-starts) * (1 + starts + starts**2 / 2)
    assert abs(below - 0.9) <= 4 * math.sqrt(0.09 / N) + 0.003


def test_one_crew_repairs_one_after_the_other() -> None:
    components = {
        name: {"time_to_restore": {"low": "1h", "high": "3h"}, "crew": "team", "priority": i}
        for i, name in enumerate("cba")
    }
    facts = sampled(components, [{"fail": ["a", "b", "c"]}], crews={"team": 1})
    deviation = math.sqrt(4 / 12) * HOUR_MS
    for place, name in enumerate("abc", 1):
        assert_mean(facts.components[name].down_ms, 2 * place * HOUR_MS, deviation * math.sqrt(place))


def test_data_is_lost_as_its_copies_fail_and_as_old_as_they_are() -> None:
    copies = [
        {"at": "near", "every": "4h", "restore": "1h", "fails": 0.4},
        {"at": "far", "every": "24h", "lag": "1h", "restore": "5h", "fails": 0.1},
    ]
    components = {
        "near": {"kind": "site"},
        "far": {"kind": "site"},
        "db": {"kind": "data", "copies": copies, "targets": {"rpo": "3h"}},
    }
    data = sampled(components, [{"destroy": "db"}]).data["db"]
    assert_chance(data.lost_for_good, 0.04)
    assert data.loss_ms is not None
    assert data.rpo is not None
    near, far = 0.6 / 0.96, 0.36 / 0.96
    mean = near * 2 + far * 13
    square = near * 16 / 3 + far * (13**2 + 24**2 / 12)
    assert_mean(data.loss_ms, mean * HOUR_MS, math.sqrt(square - mean**2) * HOUR_MS)
    # All data, or more than 3 h: of the near copy a quarter of the times, of the far one but for its first two hours.
    assert_chance(data.rpo.missed, 0.04 + 0.6 / 4 + 0.36 * 22 / 24)


# Users, and what drives the spread.


def test_lost_user_minutes_are_the_product_of_users_and_time() -> None:
    users = {"all": {"count": {"low": 100, "high": 300}, "uses": {"a": 0.5}}}
    facts = sampled({"a": {"time_to_restore": {"mean": "1h"}}}, [{"fail": "a"}], users=users)
    lost = facts.users.lost_user_minutes.high
    square = (200**2 + 200**2 / 12) / 4 * 2 * 60**2
    assert_mean(lost, 100 * 60, math.sqrt(square - 6_000**2))
    # First-order indices of a product XY of independent factors: V(X) E(Y)^2 / V(XY), and the other way round.
    of_users, of_time = 1 / 12, 1.0  # squared coefficients of variation
    both = (1 + of_users) * (1 + of_time) - 1
    shares = {each.name: each for each in facts.drivers}
    for name, share in (("users.all.count", of_users / both), ("components.a.time_to_restore", of_time / both)):
        found = shares[name]
        assert abs(found.share - share) <= 4 * found.standard_error
        assert found.standard_error < 0.1


def test_two_equal_terms_explain_half_each() -> None:
    law = {"time_to_restore": {"low": "1h", "high": "3h"}}
    users = {"x": {"count": 10, "uses": ["a"]}, "y": {"count": 10, "uses": ["b"]}}
    facts = sampled({"a": law, "b": law}, [{"fail": ["a", "b"]}], users=users)
    assert len(facts.drivers) == 2
    for each in facts.drivers:
        assert abs(each.share - 0.5) <= 4 * each.standard_error


def test_a_workaround_that_comes_late_covers_what_is_left() -> None:
    # Covered from a uniform time in [0, 2h] into an outage of 4 h: 60 x (4 - 0.75 x (4 - 1)) minutes of each user.
    workaround = {"covers": 0.75, "after": {"low": "0ms", "high": "2h"}}
    users = {"all": {"count": 100, "uses": ["a"]}}
    facts = sampled({"a": {"workarounds": [workaround]}}, [{"fail": "a", "for": "4h"}], users=users)
    minutes = 60 * (4 - 0.75 * 3)
    assert_mean(facts.users.lost_user_minutes.high, 100 * minutes, 100 * 60 * 0.75 * 2 / math.sqrt(12))


# Intervals.


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    mean_held, chance_held, n = 0, 0, 400
    for seed in range(n):
        component = {"time_to_restore": {"low": "1h", "high": "3h"}, "targets": {"rto": "90m"}}
        found = sampled({"a": component}, [{"fail": "a"}], n=60, seed=seed).components["a"]
        assert found.rto is not None
        mean_held += found.down_ms.low <= 2 * HOUR_MS <= found.down_ms.high
        chance_held += found.rto.missed.low <= 0.75 <= found.rto.missed.high
    error = math.sqrt(0.95 * 0.05 / n)
    assert abs(mean_held / n - 0.95) <= 4 * error
    # Wilson's interval of 60 trials holds 0.75 with 94.9 % (summed over the binomial law).
    assert abs(chance_held / n - 0.949) <= 4 * error


def test_differences_on_common_luck_have_narrower_intervals_that_hold_as_often() -> None:
    def words(restart: str, seed: int) -> dict[str, Any]:
        components = {
            "grid": {"kind": "power"},
            "a": {"needs": ["grid"], "restart": {"low": "1m", "high": restart}},
        }
        system = {"impactsim": 1, "name": "Small", "components": components}
        events = [{"fail": "grid", "for": {"mean": "5h"}}]
        return {"impactsim": 1, "name": restart, "system": system, "events": events, "seed": seed}

    held, n, minute_ms = 0, 200, 60_000
    for seed in range(n):
        compared = impactsim.compare(words("21m", seed), words("11m", seed), trials=60, workers=1)
        assert isinstance(compared, impactsim.SampledComparison)
        found = compared.facts.scenarios[1].figures["restored_ms", "", ""]
        assert found.difference is not None
        by, value = found.difference.by, found.value
        assert by.high - by.low < (value.high - value.low) / 20
        held += by.low <= -5 * minute_ms <= by.high
    assert abs(held / n - 0.95) <= 4 * math.sqrt(0.95 * 0.05 / n)
