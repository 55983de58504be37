from __future__ import annotations

import pytest

from impactsim.audit.facts import Probability
from impactsim.reports.chances import probability, times_a_year


@pytest.mark.parametrize("n_unknown", [0, 3])
def test_what_is_certain_is_not_said_to_be_at_least_so(n_unknown: int) -> None:
    assert probability(Probability(1.0, 1.0), n_unknown) == "100 %"


def test_what_is_nearly_certain_may_be_more() -> None:
    assert probability(Probability(0.9999, 0.9999), 3) == "at least 99.99 %"
    assert probability(Probability(0.9999, 1.0)) == "99.99 % to 100 %"


def test_what_is_always_down_is_down_all_the_year() -> None:
    assert times_a_year(Probability(1.0, 1.0)) == "365 d"
