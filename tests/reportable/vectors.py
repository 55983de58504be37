"""Outages written by hand, as the rules of regulators take them."""

from __future__ import annotations

import numpy as np

from impactsim.reportable.catalogue import regimes
from impactsim.reportable.judge import Given, Judged, judge
from impactsim.reportable.losses import Losses, Measures

Piece = tuple[float, float, float, bool]
"""From and to in minutes, people affected, whether the service is down."""

MINUTE_MS = 60_000.0
NOTHING = Given()


def losses(pieces: list[Piece], users: float) -> Losses:
    """Return what one trial lost; the numbers of people are known exactly."""
    people = np.array([[piece[2] for piece in pieces]] * 3)
    return Losses(
        n=1,
        trial=np.zeros(len(pieces), np.int64),
        from_ms=np.array([piece[0] * MINUTE_MS for piece in pieces]),
        to_ms=np.array([piece[1] * MINUTE_MS for piece in pieces]),
        is_down=np.array([piece[3] for piece in pieces], np.bool_),
        people=people,
        reached=np.maximum.accumulate(people, axis=1),
        users=np.array([users]),
    )


def measures(pieces: list[Piece], users: float, is_critical: bool = True, states: tuple[str, ...] = ()) -> Measures:
    """Return one trial of one service; its users of all these Member States are hit at once."""
    found = losses(pieces, users)
    return Measures(
        n=1,
        services={"shop": found},
        critical=frozenset({"shop"} if is_critical else ()),
        together=found,
        member_states={state: np.zeros(1) for state in states},
        has_users=users > 0,
        has_countries=bool(states),
    )


def outage(minutes: float, people: float, users: float, is_down: bool = True, states: tuple[str, ...] = ()) -> Measures:
    """Return one trial in which one service is lost once, from the start on."""
    return measures([(0.0, minutes, people, is_down)], users, states=states)


def judged(regime: str, found: Measures, given: Given = NOTHING) -> Judged:
    """Hold a regime against it."""
    return judge(regimes()[regime], found, given)


def is_met(regime: str, found: Measures, given: Given = NOTHING) -> bool:
    """Tell whether a regime is met."""
    return bool(np.isfinite(judged(regime, found, given).first_ms[1][0]))


def met_rules(regime: str, found: Measures, given: Given = NOTHING) -> set[str]:
    """Return which of its rules are met."""
    rules = judged(regime, found, given).rules
    return {each.rule.id for each in rules if each.found is not None and np.isfinite(each.found[1].first_ms[0])}


def minutes_to(regime: str, found: Measures, rule: str = "", given: Given = NOTHING) -> float:
    """Return after how many minutes a regime, or one of its rules, is met."""
    result = judged(regime, found, given)
    if not rule:
        return float(result.first_ms[1][0]) / MINUTE_MS
    [each] = [each for each in result.rules if each.rule.id == rule]
    assert each.found is not None
    return float(each.found[1].first_ms[0]) / MINUTE_MS
