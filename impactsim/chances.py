"""How likely each thing is down at a random time (S8): from ``fails``, a probability or a rate times the mean time to restore."""

from __future__ import annotations

import math
from typing import NamedTuple

from impactsim.laws import Law
from impactsim.model.system import CommonCause, Component, Fails, System

YEAR_MS = 365 * 86_400_000
ASSUMED_RESTORE_MS = 4 * 3_600_000
"""How long what fails at a rate is taken to be down where nobody says when it is restored."""


class Chance(NamedTuple):
    """How likely something is down by itself at a random time."""

    probability: float
    """In [0, 1]."""
    is_known: bool = True
    """Does its author say how often it fails?"""
    is_assumed: bool = False
    """Does it fail at a rate, and nobody says when it is restored, so that 4 h are assumed?"""

    can_fail: bool = True
    """Is it an event at all? Not if its author says that it never fails by itself: a probability or a rate of 0."""


def mean_of(restore: Law | None) -> float:
    """Return the mean time to restore in milliseconds; infinite without one."""
    return math.inf if restore is None else restore.mean()


def mean_of_cause(system: System, cause: CommonCause) -> float:
    """Return for how long what a common cause strikes is down on average, each member by its probability."""
    if cause.time_to_restore is not None:
        return cause.time_to_restore.mean()
    means = [(p, mean_of(system.components[member].time_to_restore)) for member, p in cause.strikes.items()]
    known = [(p, mean_ms) for p, mean_ms in means if math.isfinite(mean_ms) and p > 0.0]
    weight = math.fsum(p for p, _ in known)
    return math.fsum(p * mean_ms for p, mean_ms in known) / weight if weight else math.inf


def probability_of(fails: Fails, mean_ms: float | None) -> float:
    """Return the probability of being down at a random time, at most 1.

    Parameters
    ----------
    fails
        A probability, or a rate.
    mean_ms
        Mean time to restore, perhaps infinite; None if nobody says when it is restored, then `ASSUMED_RESTORE_MS`.
    """
    if fails.probability is not None:
        return fails.probability
    if not fails.per_year:
        return 0.0
    return min(1.0, fails.per_year * (ASSUMED_RESTORE_MS if mean_ms is None else mean_ms) / YEAR_MS)


def chance_of_component(component: Component, unknown: float = 0.0) -> Chance:
    """Return how likely a component is down by itself; `unknown` where nobody says how often it fails."""
    restore = component.time_to_restore
    return _chance(component.fails, None if restore is None else restore.mean(), unknown)


def chance_of_cause(system: System, cause: CommonCause, unknown: float = 0.0) -> Chance:
    """Return how likely a common cause has struck and is not repaired; `unknown` where nobody says how often it strikes."""
    mean_ms: float | None = mean_of_cause(system, cause)
    if mean_ms == math.inf:
        laws = [cause.time_to_restore or system.components[member].time_to_restore for member in cause.strikes]
        mean_ms = math.inf if any(law is not None and math.isinf(law.mean()) for law in laws) else None
    return _chance(cause.fails, mean_ms, unknown)


def _chance(fails: Fails | None, mean_ms: float | None, unknown: float) -> Chance:
    if fails is None or (fails.probability is None and fails.per_year is None):
        return Chance(unknown, is_known=False)
    return Chance(
        probability_of(fails, mean_ms),
        is_assumed=bool(fails.per_year) and mean_ms is None,
        can_fail=bool(fails.probability or fails.per_year),
    )
