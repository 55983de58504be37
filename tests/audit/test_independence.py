"""Figures of what backups share, against closed forms."""

from __future__ import annotations

import math
from itertools import product

import pytest

from impactsim.audit.estate import Estate
from impactsim.audit.independence import at_least_down, break_even_share, common_share, independence
from impactsim.files.reading import validate_system


def test_the_tail_of_unlike_members_is_the_sum_over_all_states() -> None:
    chances = [0.5, 0.1, 0.02, 0.3]
    for m in range(1, 5):
        states = [state for state in product((0, 1), repeat=4) if sum(state) >= m]
        exact = sum(
            math.prod(p if is_down else 1 - p for p, is_down in zip(chances, state, strict=True)) for state in states
        )
        assert at_least_down(chances, m) == pytest.approx(exact, rel=1e-14)


@pytest.mark.parametrize("q", [0.3, 0.01, 1e-6])
def test_the_break_even_share_of_a_pair_is_the_root_of_a_quadratic_equation(q: float) -> None:
    # b q = ((1 - b) q)^2, so q b^2 - (2 q + 1) b + q = 0; the root written without cancellation.
    root = 2 * q / ((2 * q + 1) + math.sqrt(4 * q + 1))
    assert break_even_share(2, 2, q) == pytest.approx(root, rel=1e-12)


@pytest.mark.parametrize(("n", "m"), [(3, 2), (5, 3), (4, 4), (100, 50)])
def test_at_break_even_common_and_independent_failures_are_equally_likely(n: int, m: int) -> None:
    q = 0.02
    share = break_even_share(n, m, q)
    assert math.log(share * q) == pytest.approx(math.log(math.comb(n, m)) + m * math.log((1 - share) * q), rel=1e-9)


def test_the_share_of_a_quorum_of_a_thousand_is_too_small_for_a_number() -> None:
    assert break_even_share(1000, 500, 0.02) < 1e-300


def test_more_members_need_a_smaller_common_share_to_be_worth_little() -> None:
    shares = [break_even_share(n, n, 0.05) for n in range(2, 6)]
    assert shares == sorted(shares, reverse=True)
    assert shares[1] < shares[0] / 10


@pytest.mark.parametrize("own", [[0.02, 0.02], [0.02, 0.3], [0.1, 0.2, 0.05]])
@pytest.mark.parametrize("common", [1e-6, 0.001, 0.2])
def test_the_common_share_finds_the_common_cause_again(own: list[float], common: float) -> None:
    members = [1 - (1 - common) * (1 - p) for p in own]
    for m in range(2, len(own) + 1):
        all_down = common + (1 - common) * at_least_down(own, m)
        share = common_share(members, m, all_down)
        assert share == pytest.approx(common / (sum(members) / len(members)), rel=1e-7)


def test_independent_members_have_no_common_share() -> None:
    assert common_share([0.1, 0.3], 2, 0.03) == 0.0
    assert common_share([0.0, 0.3], 2, 0.0) == 0.0


def test_members_that_only_fail_together_have_nothing_of_their_own() -> None:
    assert common_share([0.1, 0.1], 2, 0.1) == pytest.approx(1.0)


def test_nothing_is_said_where_nobody_says_how_often_anything_fails() -> None:
    system = validate_system({"impactsim": 1, "name": "S", "components": {"a": {}, "b": {}}}).system
    assert system is not None
    assert independence(Estate(system), [0, 1], 2) is None


def test_figures_of_what_is_partly_known_say_so() -> None:
    components = {
        "room": {"kind": "site", "fails": {"probability": 0.1}},
        "a": {"at": "room"},
        "b": {"at": "room", "fails": {"probability": 0.5}},
    }
    system = validate_system({"impactsim": 1, "name": "S", "components": components}).system
    assert system is not None
    found = independence(Estate(system), [1, 2], 2)
    assert found is not None
    assert not found.is_known
    assert found.all_down.low == found.all_down.high == pytest.approx(0.1)
    assert found.promised.low == pytest.approx(0.1 * (1 - 0.9 * 0.5))
