"""Several components: k out of n, standbys, common causes, repair crews."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from analytic.playing import down_share, failing, is_near, long_run_down, played

N = 400


def host(per_year: float, days: float, **more) -> dict:
    return failing(per_year, days, kind="host", **more)


@pytest.mark.parametrize(("k", "n"), [(2, 4), (1, 2), (3, 3)])
def test_k_out_of_n_is_down_as_often_and_as_long_as_the_binomial_says(k, n):
    per_year, days = 15, 6
    parts = {f"p{i}": host(per_year, days) for i in range(n)}
    result = played({**parts, "whole": {"needs": [{"at_least": k, "of": list(parts), "to": "run"}]}}, N)
    down = long_run_down(per_year, days)
    up = 1 - down
    expected = sum(math.comb(n, i) * up**i * down ** (n - i) for i in range(k))
    assert is_near(down_share(result), expected)
    # It goes down whenever one of exactly k fails.
    often = math.comb(n, k) * up**k * down ** (n - k) * k * per_year
    whole = result.today.gathered.outages.moments
    assert abs(whole.mean(N)[n] - often) < 4 * math.sqrt(whole.variance(N)[n] / N)


def test_a_standby_that_fails_by_itself_and_is_there_at_once_is_lost_only_together_with_the_first():
    parts = {"first": host(20, 5), "second": host(10, 8)}
    result = played({**parts, "shop": {"needs": [{"any_of": ["first", "second"], "to": "run"}]}}, N)
    assert is_near(down_share(result), long_run_down(20, 5) * long_run_down(10, 8))


def standby(failover: str, fails_to_start: float) -> dict:
    return {
        "first": host(20, 2),
        "second": {"kind": "host"},
        "shop": {
            "needs": [
                {
                    "any_of": ["first", {"use": "second", "failover": failover, "fails_to_start": fails_to_start}],
                    "to": "run",
                }
            ]
        },
    }


def test_a_standby_that_must_be_started_is_missed_until_it_runs_or_the_first_is_back():
    # Of each outage, min(failover, repair): (1 - exp(-f / m)) m days.
    up = 1 - long_run_down(20, 2)
    expected = 20 * up * 2 * (1 - math.exp(-1 / 2)) / 365
    assert is_near(down_share(played(standby("1d", 0.0), N)), expected)


def test_a_standby_that_does_not_start_in_some_years_is_missed_all_the_time_in_these():
    shares = down_share(played(standby("0s", 0.3), 2 * N))
    assert is_near(shares, 0.3 * long_run_down(20, 2))
    assert abs(np.mean(shares > 0) - 0.3) < 4 * math.sqrt(0.3 * 0.7 / (2 * N))


def stationary(rates: dict[tuple, dict[tuple, float]]) -> dict[tuple, float]:
    """Return the long-run probability of each state of a Markov chain in continuous time."""
    states = list(rates)
    place = {state: i for i, state in enumerate(states)}
    flow = np.zeros((len(states), len(states)))
    for state, targets in rates.items():
        for target, rate in targets.items():
            flow[place[target], place[state]] += rate
            flow[place[state], place[state]] -= rate
    flow[-1] = 1.0
    solved = np.linalg.solve(flow, np.eye(len(states))[-1])
    return dict(zip(states, solved.tolist(), strict=True))


def test_a_common_cause_takes_down_what_each_alone_would_hardly_lose_together():
    """Beta factor: of all failures of each of two, a share of 20% strikes both."""
    rate, beta, days = 10 / 365, 0.2, 4
    own, shared, back = (1 - beta) * rate, beta * rate, 1 / days
    rates: dict[tuple, dict[tuple, float]] = {}
    for state in product((0, 1), repeat=4):  # own fault and that of the cause, of each of the two
        targets: dict[tuple, float] = {}
        for i in (0, 1):
            if not state[2 * i] and not state[2 * i + 1]:  # what is broken does not break
                targets[(*state[: 2 * i], 1, *state[2 * i + 1 :])] = own
        for j in range(4):
            if state[j]:
                targets[(*state[:j], 0, *state[j + 1 :])] = back
        struck = (state[0], 1, state[2], 1)
        if struck != state:
            targets[struck] = shared
        rates[state] = targets
    chain = stationary(rates)
    expected = sum(p for state, p in chain.items() if any(state[:2]) and any(state[2:]))
    parts = {name: host(own * 365, days) for name in ("a", "b")}
    cause = {"strikes": {"a": 1.0, "b": 1.0}, "fails": {"per_year": shared * 365}}
    components = {**parts, "shop": {"needs": [{"at_least": 1, "of": ["a", "b"], "to": "run"}]}}
    result = played(components, 2 * N, common_causes={"fire": cause})
    assert is_near(down_share(result), expected)
    alone = long_run_down(10, days) ** 2
    assert expected > 1.5 * alone


def test_a_common_cause_strikes_each_as_often_as_its_probability_says():
    cause = {"strikes": {"a": 1.0, "b": 0.25}, "fails": {"per_year": 6}, "time_to_restore": "1s"}
    result = played({"a": {}, "b": {}}, N, common_causes={"fire": cause})
    moments = result.today.gathered.outages.moments
    for service, expected in ((0, 6.0), (1, 1.5)):
        assert abs(moments.mean(N)[service] - expected) < 4 * math.sqrt(expected / N)


@pytest.mark.parametrize(("crew", "machines"), [(1, 3), (2, 6)])
def test_repairs_queue_for_their_crew_as_in_the_machine_repair_model(crew, machines):
    """M/M/c//N: of N machines, each fails at its rate while it is up, and c are repaired at a time."""
    per_year, days = 12, 10
    fails, back = per_year / 365, 1 / days
    weights = [1.0]
    for broken in range(1, machines + 1):
        weights.append(weights[-1] * (machines - broken + 1) * fails / (min(broken, crew) * back))
    expected = sum(i * weight for i, weight in enumerate(weights)) / sum(weights)
    components = {f"m{i}": failing(per_year, days, crew="fitters") for i in range(machines)}
    shares = down_share(played(components, N, crews={"fitters": crew}))
    assert is_near(shares, expected)
    assert expected > 1.2 * machines * long_run_down(per_year, days)


def test_what_is_broken_does_not_break_again():
    # Ten new failures would come on top of each, if they counted.
    web = {"fails": {"per_year": 876}, "time_to_restore": "100h"}
    result = played({"web": web}, 20)
    assert is_near(down_share(result), 10 / 11)
