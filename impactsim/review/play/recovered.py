"""The trials of a scenario with the plan woven into it, and what they say of steps and services (S10.7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from impactsim.collector import collector_paused
from impactsim.model.fields import Target
from impactsim.review.facts import Spread
from impactsim.review.play.doers import DECLARATION, DETECTION, id_of
from impactsim.review.play.settle import Woven
from impactsim.trials.bands import Bands, bands_of, seen_by_users
from impactsim.trials.courses import NEVER_MS, Courses, follow
from impactsim.trials.estimates import chance_of, estimate_of
from impactsim.trials.jobs import prepare
from impactsim.trials.workers import Workers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOT_KNOWN = Spread(math.nan, math.nan, math.nan)
"""A time that no trial knows."""

_NO_COPY = -1  # what stands for a loss that is no time: no copy was taken by the end, or (less) all is lost


@dataclass(frozen=True, slots=True)
class Trials:
    """What trials left."""

    courses: Courses
    number: dict[str, int]
    """Number of each component."""
    declared_ms: Ints
    """When the plan is put into action in each trial, `NEVER_MS` for never; shape (n,)."""
    is_called: bool
    """Is any step called for?"""
    ends: dict[str, Spread]
    """When each doer is done, by its id in runs."""
    users: Bands

    @property
    def declared(self) -> Spread:
        """When the plan is put into action; not known where no step is called for, and nobody decides."""
        return spread(_as_times(self.declared_ms)) if self.is_called else NOT_KNOWN

    def below(self, service: str, minimum: float) -> tuple[Floats, Floats]:
        """Return how long a service is below a level without a break in each trial, and how long of it after the declaration.

        Returns
        -------
        NDArray, NDArray
            In ms, shape (n,); infinite where it is not back at the end. The second one is not a number where nothing is declared.
        """
        course, end_ms = self.courses.components[self.number[service]], self.courses.end_ms
        is_back = course.level_at(NEVER_MS) >= minimum
        _, longest_ms = course.below(minimum, end_ms)
        _, after_ms = course.below(minimum, end_ms, self.declared_ms)
        after = np.where(is_back, after_ms, math.inf)
        return np.where(is_back, longest_ms, math.inf), np.where(self.declared_ms < NEVER_MS, after, math.nan)

    def lost(self, data: Sequence[str]) -> Floats | None:
        """Return the largest loss of any of some data in each trial, in ms; None where none of it is destroyed.

        Infinite where it is lost for good, or where no copy was taken by the end.
        """
        losses = [self.courses.losses[self.number[name]] for name in data if self.number[name] in self.courses.losses]
        if not losses:
            return None
        found = np.zeros(self.courses.n)
        for trial, loss_ms in losses:
            np.maximum.at(found, trial, np.where(loss_ms <= _NO_COPY, math.inf, loss_ms))
        return found


def run_trials(
    woven: Woven, services: Sequence[str], n_trials: int, workers: Workers, *, with_users: bool = True
) -> Trials:
    """Run the trials of a scenario with the plan woven into it.

    Parameters
    ----------
    woven
        The plan in the scenario; the seed stands in the scenario.
    services
        Which services to follow.
    n_trials
        How many trials.
    workers
        Who runs them.
    with_users
        Are the people affected to be counted?
    """
    with collector_paused():
        prepared = prepare(woven.system, woven.scenario)
    number = prepared.names.index
    first_ms = min((times[0] for times in woven.calls.values()), default=0)
    called = {DETECTION: first_ms, DECLARATION: first_ms} if woven.calls else {}
    called |= {id_of(name): times[-1] for name, times in woven.calls.items()}
    followed = [*(number[name] for name in (*services, *called))]
    followed += seen_by_users(prepared.job) if with_users else []
    courses = follow(replace(prepared.job, keeps_groups=False), followed, n_trials, workers)
    # What is done in the instant of its call has no course.
    done = {doer: np.maximum(courses.components[number[doer]].back_ms(), at_ms) for doer, at_ms in called.items()}
    return Trials(
        courses=courses,
        number=number,
        declared_ms=done.get(DECLARATION, np.full(n_trials, NEVER_MS)),
        is_called=bool(woven.calls),
        ends={doer: spread(_as_times(at_ms)) for doer, at_ms in done.items()},
        users=bands_of(prepared.job, courses) if with_users else (),
    )


def spread(values: Floats) -> Spread:
    """Return the distribution of a time over the trials in which it is known; not known where it is in none."""
    known = values[~np.isnan(values)]
    if not len(known):
        return NOT_KNOWN
    estimate = estimate_of(known)
    return Spread(estimate.p10, estimate.p50, estimate.p90)


def chance(values: Floats, target: Target | None) -> tuple[float, float, float] | None:
    """Return how likely a time is not longer than a target, with its interval at 95 %; None without a target."""
    if not isinstance(target, int):
        return None
    found = chance_of(int((values <= target).sum()), len(values))
    return found.p, found.low, found.high


def _as_times(at_ms: Ints) -> Floats:
    return np.where(at_ms == NEVER_MS, math.inf, at_ms.astype(np.float64))
