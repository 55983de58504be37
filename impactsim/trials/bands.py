"""How many people are affected over time, as bands over trials.

Blocks keep no curves of people, since there is a change for each hour of each segment; but whom a run affects follows from the
levels of the services and of what their workarounds need, and those can be followed (``courses.py``). From these courses it is
worked out again (``people.py``), for a few hundred trials, which say enough about a band.

The times are chosen by the trials alone: half of them evenly from the first change to where most trials have come to rest, half
where most of the changes are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.machine_code import is_cached
from impactsim.trials.blocks import Job
from impactsim.trials.courses import Courses, follow
from impactsim.trials.estimates import estimate_of
from impactsim.trials.people import People
from impactsim.trials.workers import Here, Workers

Ints = NDArray[np.int64]
Bands = tuple[tuple[int, float, float, float], ...]
"""(at_ms, P10, P50, P90) in order of time, the first at 0; each is true at that time."""

MOST_TRIALS = 200
"""So many trials are counted at most."""
MOST_TIMES = 60
_AT_REST = 0.95  # share of the trials whose last change the even times reach


def user_bands(job: Job, n_trials: int, workers: Workers | None = None, times_ms: Sequence[int] | None = None) -> Bands:
    """Return how many people are affected over time, by trials 0 to `n_trials` - 1 of a job, or the first of them.

    Parameters
    ----------
    job
        What the trials run.
    n_trials
        How many there are; no more than `MOST_TRIALS` are run.
    workers
        Who runs them; this thread if absent. The figures do not depend on it.
    times_ms
        At which times to look; at most `MOST_TIMES` that tell the story if absent.

    Returns
    -------
    tuple
        (at_ms, P10, P50, P90) of the estimate, or of the upper bound where there is none (S6.5); empty without users.
    """
    if not len(job.audience.group_count) or n_trials < 1:
        return ()
    courses = follow(job, seen_by_users(job), _enough(job, n_trials), workers or Here(is_cached()))
    return bands_of(job, courses, times_ms)


def seen_by_users(job: Job) -> list[int]:
    """Return the numbers of the components on whose levels it depends who is affected."""
    return [component for component, role in enumerate(job.audience.component_role) if role >= 0]


def bands_of(job: Job, courses: Courses, times_ms: Sequence[int] | None = None) -> Bands:
    """Return how many people are affected over time, by trials that were run already.

    Parameters
    ----------
    job
        What they ran.
    courses
        What they left, with the courses of all that is `seen_by_users`; the first `MOST_TRIALS` are counted.
    times_ms
        As for `user_bands`.
    """
    if not len(job.audience.group_count):
        return ()
    n = _enough(job, courses.n)
    people = People(job, courses, n)
    times = np.array(_times(people) if times_ms is None else times_ms, np.int64)
    affected = people.at(np.tile(np.arange(n), len(times)), np.repeat(times, n)).reshape(len(times), n)
    estimates = [estimate_of(row) for row in affected]
    return tuple((at_ms, each.p10, each.p50, each.p90) for at_ms, each in zip(times.tolist(), estimates, strict=True))


def _enough(job: Job, n_trials: int) -> int:
    is_certain = job.luck.is_certain and not job.fault_luck and job.loader is None
    return 1 if is_certain else min(n_trials, MOST_TRIALS)


def _times(people: People) -> list[int]:
    """Choose times: all changes where they are few."""
    trial, at_ms = _changes(people)
    distinct = np.unique(np.append(at_ms, 0))
    if len(distinct) <= MOST_TIMES:
        return [int(each) for each in distinct]
    half = MOST_TIMES // 2
    last_ms = np.zeros(people.n, np.int64)
    np.maximum.at(last_ms, trial, at_ms)
    rests = np.sort(last_ms)
    rest_ms = rests[min(len(rests) - 1, int(_AT_REST * len(rests)))]
    begun = distinct[distinct > 0]
    even = np.rint(np.linspace(begun[0], max(rest_ms, begun[0]), half - 2)).astype(np.int64)
    return [int(each) for each in np.unique(np.concatenate([[0, begun[-1]], even, _where_most_are(begun, half)]))]


def _changes(people: People) -> tuple[Ints, Ints]:
    """Return trial and time of each change of how many are affected, in order."""
    trial, at_ms = people.moments()
    affected = people.at(trial, at_ms)
    before = np.where(at_ms == 0, 0.0, np.roll(affected, 1))  # each trial begins with a moment at 0
    has_changed = affected != before
    return trial[has_changed], at_ms[has_changed]


def _where_most_are(distinct: Ints, n: int) -> Ints:
    """Return times between which there are equally many changes."""
    places = np.rint(np.linspace(0, len(distinct) - 1, n)).astype(np.int64)
    return distinct[places]
