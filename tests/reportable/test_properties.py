"""What holds for all outages: longer, wider or worse ones are never less likely to be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impactsim.reportable.catalogue import regimes
from impactsim.reportable.judge import Given, judge
from impactsim.reportable.losses import ESTIMATE, HIGH, LOW, Losses, Measures

NAMES = tuple(regimes())
FLAGS = sorted({flag for regime in regimes().values() for flag in regime.flags if flag != "planned"})
MINUTE_MS = 60_000.0
# Around every limit of time and people that there is, and far away.
MINUTES = st.sampled_from(
    [0.5, 20.0, 30.0, 45.0, 60.0, 61.0, 120.0, 125.0, 240.0, 300.0, 480.0, 900.0, 1_440.0, 1_500.0]
)
PEOPLE = st.sampled_from([0.0, 9.0, 100.0, 1_000.0, 9_999.0, 30_000.0, 100_000.0, 100_001.0, 900_000.0, 2e6])
USERS = 2e6
COSTS = Given(cost_per_user_minute=0.01)

Outage = tuple[float, float, bool]


def measures(outages: list[Outage]) -> Measures:
    """Return one outage in each trial: minutes, people, and whether all is gone."""
    n = len(outages)
    people = np.array([[each[1] for each in outages]] * 3)
    people[LOW] *= 0.5
    people[HIGH] = USERS
    losses = Losses(
        n=n,
        trial=np.arange(n),
        from_ms=np.zeros(n),
        to_ms=np.array([each[0] * MINUTE_MS for each in outages]),
        is_down=np.array([each[2] for each in outages]),
        people=people,
        reached=people,
        users=np.full(n, USERS),
    )
    return Measures(n, {"shop": losses}, frozenset({"shop"}), losses, {"IT": np.zeros(n)}, True, True)


def hits(regime: str, found: Measures, said: Given = COSTS, bound: int = ESTIMATE) -> int:
    return int(np.isfinite(judge(regimes()[regime], found, said).first_ms[bound]).sum())


OUTAGES = st.lists(st.tuples(MINUTES, PEOPLE, st.booleans()), min_size=1, max_size=12)


@pytest.mark.parametrize("regime", NAMES)
@given(outages=OUTAGES, factor=st.sampled_from([1.0, 1.001, 1.5, 4.0]), more=st.sampled_from([1.0, 1.001, 2.0, 10.0]))
@settings(max_examples=40, deadline=None)
def test_longer_and_wider_outages_are_never_less_likely(
    regime: str, outages: list[Outage], factor: float, more: float
) -> None:
    worse = [(minutes * factor, min(people * more, USERS), is_down) for minutes, people, is_down in outages]
    assert hits(regime, measures(outages)) <= hits(regime, measures(worse))


@pytest.mark.parametrize("regime", NAMES)
@given(outages=OUTAGES)
@settings(max_examples=30, deadline=None)
def test_an_outage_that_takes_all_is_never_less_likely_than_one_that_takes_some(
    regime: str, outages: list[Outage]
) -> None:
    worse = [(minutes, people, True) for minutes, people, _ in outages]
    assert hits(regime, measures(outages)) <= hits(regime, measures(worse))


@pytest.mark.parametrize("regime", NAMES)
@given(outages=OUTAGES, flags=st.sets(st.sampled_from(FLAGS)), more=st.sets(st.sampled_from(FLAGS)))
@settings(max_examples=30, deadline=None)
def test_what_people_say_never_makes_it_less_likely_but_that_it_was_planned(
    regime: str, outages: list[Outage], flags: set[str], more: set[str]
) -> None:
    found = measures(outages)
    few = hits(regime, found, Given(frozenset(flags)))
    assert few <= hits(regime, found, Given(frozenset(flags | more)))
    assert few <= int(np.isfinite(judge(regimes()[regime], found, Given(frozenset(flags))).first_if_unseen_ms).sum())
    assert hits(regime, found, Given(frozenset({*flags, "planned"}))) <= few


@pytest.mark.parametrize("regime", NAMES)
@given(outages=OUTAGES)
@settings(max_examples=30, deadline=None)
def test_more_people_by_the_bounds_are_never_met_later(regime: str, outages: list[Outage]) -> None:
    judged = judge(regimes()[regime], measures(outages), Given(cost_per_user_minute=0.01))
    low, estimate, high = judged.first_ms
    assert (low >= estimate).all()
    assert (estimate >= high).all()
    for each in judged.rules:
        if each.found is not None:
            assert (each.found[LOW].first_ms >= each.found[HIGH].first_ms).all()


@pytest.mark.parametrize("regime", NAMES)
@given(outages=OUTAGES)
@settings(max_examples=30, deadline=None)
def test_a_limit_of_numbers_is_met_while_the_outage_lasts(regime: str, outages: list[Outage]) -> None:
    found = measures(outages)
    judged = judge(regimes()[regime], found, Given(cost_per_user_minute=0.01))
    first = judged.first_ms[ESTIMATE]
    is_met = np.isfinite(first)
    assert (first[is_met] <= found.together.to_ms[is_met]).all()
    assert (first[is_met] >= 0.0).all()


@pytest.mark.parametrize("regime", NAMES)
@given(outages=OUTAGES)
@settings(max_examples=20, deadline=None)
def test_a_service_that_loses_nothing_changes_nothing(regime: str, outages: list[Outage]) -> None:
    found = measures(outages)
    none = np.zeros(0)
    quiet = Losses(
        found.n,
        none.astype(np.int64),
        none,
        none,
        none.astype(bool),
        np.zeros((3, 0)),
        np.zeros((3, 0)),
        np.full(found.n, 5.0),
    )
    more = replace(found, services={"quiet": quiet, **found.services})
    said = Given(cost_per_user_minute=0.01)
    one, other = (judge(regimes()[regime], each, said) for each in (found, more))
    assert one.first_ms[ESTIMATE].tolist() == other.first_ms[ESTIMATE].tolist()
    for a, b in zip(one.rules, other.rules, strict=True):
        if a.found is not None and b.found is not None:
            assert a.found[ESTIMATE].value.tolist() == b.found[ESTIMATE].value.tolist()
