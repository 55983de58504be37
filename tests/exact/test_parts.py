"""Formulas are taken apart however deep they are."""

from __future__ import annotations

import pytest

from impactsim.audit.estate import Estate
from impactsim.files.reading import validate_system


def test_a_chain_of_a_thousand_redundancies_is_no_matter_of_depth() -> None:
    n, p = 1000, 0.01
    components: dict[str, object] = {"s0": {"kind": "part", "fails": {"probability": p}}}
    expected = p
    for i in range(1, n):
        components[f"x{i}"] = {"kind": "part", "fails": {"probability": p}}
        components[f"s{i}"] = {
            "kind": "part", "fails": {"probability": p}, "needs": [{"any_of": [f"s{i - 1}", f"x{i}"]}]
        }  # fmt: skip
        expected = p + (1.0 - p) * expected * p
    estate = Estate(validate_system({"impactsim": 1, "name": "Chain", "components": components}).system)
    answers, last = estate.answers(), estate.structure().down(estate.event_of(f"s{n - 1}"))
    assert answers.probability(last).low == pytest.approx(expected, rel=1e-12)
    assert answers.count(last) == n, "its own failure, or the standby's with any way to lose the one before"
    assert [len(each.events) for each in answers.smallest(last, 3)] == [1, 2, 3]
    slopes = answers.birnbaum(last)
    assert slopes is not None
    assert slopes[estate.event_of(f"x{n - 1}")] == pytest.approx((1.0 - p) * expected, rel=1e-6)
