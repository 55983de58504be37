"""How much longer it takes: trials that continue the outage from here, as far as they agree with what people say."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from impactsim.compiled import Audience
from impactsim.outage.situation import Situation
from impactsim.trials.courses import NEVER_MS, Courses, follow
from impactsim.trials.jobs import prepare
from impactsim.trials.sample import OnProgress
from impactsim.trials.workers import Workers

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

FEWEST_USABLE = 200
"""From fewer trials that agree with what is known no estimate is published."""
TRIALS = 1000
"""As many are run unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """How much longer something takes, over the trials in which it is not over by now."""

    n: int
    """How many trials that is."""
    p20_ms: float
    p50_ms: float
    p90_ms: float
    """Infinite where it does not end."""

    @property
    def is_known(self) -> bool:
        """Whether it ends in all but few trials."""
        return math.isfinite(self.p90_ms)


@dataclass(frozen=True, slots=True)
class Estimates:
    """What the trials say of the rest of an outage."""

    n_trials: int
    n_usable: int
    """Trials that agree with what people say."""
    services: Mapping[str, Remaining]
    """Until each service is whole for good, of those that are not whole now in most of the trials."""
    restored: Remaining | None
    """Until all services are whole for good; None if those are that most of the trials say so of now."""
    at_risk: Mapping[str, float]
    """Chance of each service that is whole now to be below that later on."""
    lost_user_minutes: tuple[float, float, float] | None
    """P20, P50 and P90 of what users lose from now on, by the estimate (the upper bound where there is none); infinite where what
    they use never comes back; None without users."""
    is_usable: Bools
    """Shape (n_trials,)."""
    courses: Courses
    number: Mapping[str, int]
    """Number of each component."""


def estimate(
    situation: Situation, workers: Workers, n_trials: int = TRIALS, on_progress: OnProgress | None = None
) -> Estimates:
    """Run trials of the rest of an outage.

    Parameters
    ----------
    situation
        What is known.
    workers
        Who runs them.
    n_trials
        How many.
    on_progress
        Told after each block.
    """
    system, at_ms = situation.system, situation.at_ms
    prepared = prepare(system, situation.scenario)
    number = prepared.names.index
    services = [number[name] for name, each in system.components.items() if each.kind == "service"]
    followed = [*services, *(number[name] for name in situation.expected)]
    job = replace(prepared.job, from_ms=at_ms)
    courses = follow(job, followed, n_trials, workers, on_progress)
    usable = _usable(situation, courses, number)
    back_ms = {service: courses.components[service].back_ms() for service in services}
    found: dict[str, Remaining] = {}
    at_risk: dict[str, float] = {}
    for service in services:
        course, name = courses.components[service], prepared.names.components[service]
        is_short = usable & (course.level_at(at_ms) < 1.0)
        if 2 * is_short.sum() > usable.sum():
            found[name] = _remaining(back_ms[service][is_short], at_ms)
        elif usable.any() and len(course.trial):
            at_risk[name] = float((back_ms[service] > at_ms)[usable].mean())
    restored_ms = np.where(courses.restored_ms < 0, NEVER_MS, courses.restored_ms)[usable]
    late = restored_ms[restored_ms > at_ms]
    return Estimates(
        n_trials=n_trials,
        n_usable=int(usable.sum()),
        services=found,
        restored=_remaining(late, at_ms) if found else None,
        at_risk={name: chance for name, chance in at_risk.items() if chance > 0.0},
        lost_user_minutes=_lost(job.audience, courses, back_ms, usable),
        is_usable=usable,
        courses=courses,
        number=number,
    )


def remaining(estimates: Estimates, services: Collection[str], at_ms: int) -> Remaining | None:
    """Return how much longer it takes until all of some services are whole for good; None if they are in most of the trials.

    Where no trial agrees with what people say it is of none, and has no end.
    """
    ids = [estimates.number[name] for name in services]
    back_ms = np.zeros(estimates.n_trials, np.int64)
    is_short = np.zeros(estimates.n_trials, np.bool_)
    for component in ids:
        course = estimates.courses.components[component]
        back_ms = np.maximum(back_ms, course.back_ms())
        is_short |= course.level_at(at_ms) < 1.0
    is_short &= estimates.is_usable
    if estimates.n_usable and 2 * is_short.sum() <= estimates.n_usable:
        return None
    return _remaining(back_ms[is_short], at_ms)


def _lost(
    audience: Audience, courses: Courses, back_ms: Mapping[int, NDArray[np.int64]], usable: Bools
) -> tuple[float, float, float] | None:
    """Return quantiles of what users lose from now on; None without users, or without trials."""
    if not len(audience.group_count) or not usable.any():
        return None
    lost = courses.figures[:, 8 if any(audience.group_is_population) else 7].copy()
    # A run ends when nothing can change any more, and with it the count of what is lost; what is down goes on.
    for service in audience.service_component:
        lost[back_ms[service] == NEVER_MS] = math.inf
    p20, p50, p90 = (quantile(lost[usable], p) for p in (0.2, 0.5, 0.9))
    return p20, p50, p90


def _usable(situation: Situation, courses: Courses, number: Mapping[str, int]) -> Bools:
    """Tell which trials agree with what people say of components now."""
    usable = np.ones(courses.n, np.bool_)
    for name, is_up in situation.expected.items():
        level = courses.components[number[name]].level_at(situation.at_ms)
        usable &= level > 0.0 if is_up else level == 0.0
    return usable


def _remaining(back_ms: NDArray[np.int64], at_ms: int) -> Remaining:
    rest = np.where(back_ms == NEVER_MS, np.inf, np.maximum(back_ms - at_ms, 0).astype(np.float64))
    p20, p50, p90 = (quantile(rest, p) for p in (0.2, 0.5, 0.9))
    return Remaining(len(rest), p20, p50, p90)


def quantile(values: Floats, p: float) -> float:
    """Return the smallest value that at least a share `p` of the values does not exceed; infinite ones are no trouble."""
    ordered = np.sort(values)
    return float(ordered[max(0, math.ceil(p * len(ordered) - 1e-9) - 1)]) if len(ordered) else math.inf
