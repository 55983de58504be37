"""How many people are affected over time, as bands over trials.

Blocks keep no curves of people, since there is a change for each hour of each segment; but whom a run affects follows from the
levels of the services and of what their workarounds need, and those can be followed (``courses.py``). So the counting of users is
gone through again for a few hundred trials, which say enough about a band, with what each of them drew of users and workarounds.

The times are chosen by the trials alone: half of them evenly from the first change to where most trials have come to rest, half
where most of the changes are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from impactsim.audience import lengthened
from impactsim.compiled import Audience
from impactsim.engine.crowd import DONE, MORE_ROOM, N_ROWS, Crowd, has_estimate, lengthen_curves, new_crowd
from impactsim.engine.machine_code import is_cached
from impactsim.engine.record import Record
from impactsim.engine.timeline import new_record
from impactsim.engine.trials import SET_AFTER, SET_COUNT
from impactsim.engine.users import count_users
from impactsim.luck import Luck, Sets
from impactsim.trials.blocks import Job
from impactsim.trials.courses import Courses, follow
from impactsim.trials.draws import Dealer
from impactsim.trials.estimates import estimate_of
from impactsim.trials.workers import Here, Workers

Bands = tuple[tuple[int, float, float, float], ...]
"""(at_ms, P10, P50, P90) in order of time, the first at 0; each is true at that time."""

MOST_TRIALS = 200
"""So many trials are counted at most."""
MOST_TIMES = 60
_AT_REST = 0.95  # share of the trials whose last change the even times reach
_OF_USERS = frozenset({Sets.COUNT, Sets.SHARE, Sets.AFTER, Sets.COVERED})

Steps = list[tuple[int, float]]
"""A number of people over time: (from_ms, people), from 0."""


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
    curves = list(_curves(job, courses, _enough(job, courses.n)))
    times = _times(curves) if times_ms is None else times_ms
    people = np.array([[_at(curve, at_ms) for at_ms in times] for curve in curves])  # a row for each trial
    estimates = [estimate_of(column) for column in people.T]
    return tuple((at_ms, each.p10, each.p50, each.p90) for at_ms, each in zip(times, estimates, strict=True))


def _enough(job: Job, n_trials: int) -> int:
    is_certain = job.luck.is_certain and not job.fault_luck and job.loader is None
    return 1 if is_certain else min(n_trials, MOST_TRIALS)


def _curves(job: Job, courses: Courses, n: int) -> Iterator[Steps]:
    """Yield how many people each of the first trials affects, over time."""
    audience = job.audience
    last_ms = int(courses.end_ms[:n].max())
    if audience.activity_until_ms[0] < last_ms:
        audience = lengthened(audience, job.hours, last_ms)
    crowd = new_crowd(audience, rows=64)
    records = _records(job, courses, n)
    for each, record, end_ms in zip(_drawn(job, audience, n), records, courses.end_ms[:n].tolist(), strict=True):
        while (status := count_users(each, crowd, record, 0, end_ms)) != DONE:
            assert status == MORE_ROOM, "the hours are known"
            lengthen_curves(crowd)
        yield _everybody(each, crowd)


def _everybody(audience: Audience, crowd: Crowd) -> Steps:
    """Return how many people of all groups together are affected over time."""
    everybody = len(audience.group_count)
    figure = 1 if has_estimate(audience, everybody) else 2
    rows = [row for row in range(crowd.tally[N_ROWS]) if crowd.curve_group[row] == everybody]
    return [(0, 0.0), *((crowd.curve_at_ms[row], crowd.curve_people[3 * row + figure]) for row in rows)]


def _records(job: Job, courses: Courses, n: int) -> Iterator[Record]:
    """Yield what each of the first trials recorded of what users see."""
    followed = [component for component in seen_by_users(job) if component in courses.components]
    mine = [courses.components[component] for component in followed]
    component = np.repeat(np.array(followed, np.int64), [len(course.trial) for course in mine])
    trial, at_ms = (np.concatenate([getattr(course, name) for course in mine]) for name in ("trial", "at_ms"))
    level = np.concatenate([course.level for course in mine])
    order = np.lexsort((component, at_ms, trial))
    bounds = np.searchsorted(trial[order], np.arange(n + 1))
    for first, after in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        rows = order[first:after]
        columns = {"component": component[rows].tolist(), "at_ms": at_ms[rows].tolist(), "level": level[rows].tolist()}
        yield new_record(0)._replace(**columns, root=[-1] * len(rows), used=[len(rows), 0, 0])


def _drawn(job: Job, audience: Audience, n: int) -> Iterator[Audience]:
    """Yield the audience of each of the first trials, with what it drew."""
    quantities = tuple(each for each in job.luck.quantities if each.sets in _OF_USERS)
    drawn = Dealer(Luck(quantities, {}, {}, {}), (), job.seed, 1).deal(np.arange(n, dtype=np.int64))
    figures, numbers = drawn.set_figure.reshape(n, -1), drawn.set_value.reshape(n, -1)
    for trial in range(n):
        columns = {
            name: list(getattr(audience, name))
            for name in ("group_count", "use_share", "workaround_after_ms", "workaround_lasts_ms")
        }
        for what, place, figure in zip(drawn.set_figure_what, drawn.set_figure_place, figures[trial], strict=True):
            columns["group_count" if what == SET_COUNT else "use_share"][place] = float(figure)
        for what, place, number in zip(drawn.set_what, drawn.set_place, numbers[trial], strict=True):
            columns["workaround_after_ms" if what == SET_AFTER else "workaround_lasts_ms"][place] = int(number)
        yield audience._replace(**columns)


# Times.


def _at(curve: Steps, at_ms: int) -> float:
    """Return how many are affected at a time; after the end of a run nothing changes any more."""
    return curve[bisect_right(curve, at_ms, key=lambda step: step[0]) - 1][1]


def _times(curves: Sequence[Steps]) -> list[int]:
    """Choose times: all changes where they are few."""
    distinct = np.unique([at_ms for curve in curves for at_ms, _ in curve])
    if len(distinct) <= MOST_TIMES:
        return [int(at_ms) for at_ms in distinct]
    half = MOST_TIMES // 2
    rests = np.sort([curve[-1][0] for curve in curves])
    rest_ms = rests[min(len(rests) - 1, int(_AT_REST * len(rests)))]
    begun = distinct[distinct > 0]
    even = np.rint(np.linspace(begun[0], max(rest_ms, begun[0]), half - 2)).astype(np.int64)
    return [int(at_ms) for at_ms in np.unique(np.concatenate([[0, begun[-1]], even, _where_most_are(begun, half)]))]


def _where_most_are(distinct: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return times between which there are equally many changes."""
    places = np.rint(np.linspace(0, len(distinct) - 1, n)).astype(np.int64)
    return distinct[places]
