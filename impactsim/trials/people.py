"""How many people are affected at any times of many trials, from the courses of what they see (S6).

Theory of operation. `engine.users` goes through a run from change to change; here nothing is gone through. What holds at a time
follows from a few numbers that can be looked up: the last change of a service until then tells its level and since when it is
below 1, and so which of its workarounds are open; the clock tells who is there. So any number of times of any number of trials
are worked out at once, column by column. The sums are made in the order in which the engine makes them, so that the figures are
the same to the last bit; the tests hold one against the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from impactsim.audience import lengthened
from impactsim.compiled import Audience
from impactsim.engine.crowd import has_estimate
from impactsim.engine.trials import SET_AFTER, SET_COUNT
from impactsim.luck import Luck, Sets
from impactsim.trials.blocks import Job
from impactsim.trials.courses import Course, Courses
from impactsim.trials.draws import Dealer

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AT_ONCE = 250_000
"""So many times are worked out at once, which bounds the memory."""
_OF_USERS = frozenset({Sets.COUNT, Sets.SHARE, Sets.AFTER, Sets.COVERED})
_NEVER_MS = 1 << 62


class _Drawn(NamedTuple):
    """What each trial drew of the audience: by the number of a group, a use or a workaround, a figure for each trial."""

    counts: dict[int, Floats]
    shares: dict[int, Floats]
    after_ms: dict[int, Ints]
    lasts_ms: dict[int, Ints]


class _Line:
    """A component over the trials, ready to be looked up: its changes in one order of trial and time."""

    def __init__(self, course: Course, n: int, span_ms: int) -> None:
        mine = course.trial < n
        self.trial, self.at_ms, self.level = course.trial[mine], course.at_ms[mine], course.level[mine]
        self._span_ms = span_ms
        self._keys = self.trial * span_ms + self.at_ms
        is_below, is_first = self.level < 1.0, np.diff(self.trial, prepend=-1) != 0
        self._begins = is_below & (is_first | ~np.roll(is_below, 1))
        # Of each change, when the loss began that it is part of; of others it means nothing.
        self._since_ms = self.at_ms[np.maximum.accumulate(np.where(self._begins, np.arange(len(self.trial)), 0))]

    def find(self, trial: Ints, at_ms: Ints) -> tuple[Floats, Ints]:
        """Return the levels at times of trials, and since when they are below 1 where they are."""
        if not len(self._keys):
            return np.ones(len(trial)), np.zeros(len(trial), np.int64)
        last = np.searchsorted(self._keys, trial * self._span_ms + at_ms, "right") - 1
        is_changed = (last >= 0) & (self.trial[last] == trial)
        return np.where(is_changed, self.level[last], 1.0), self._since_ms[last]

    def losses(self) -> tuple[Ints, Ints, Ints]:
        """Return trial, beginning and end of each loss; `_NEVER_MS` where it does not end."""
        is_below = self.level < 1.0
        begins = np.flatnonzero(self._begins)
        ends = np.append(np.flatnonzero(~is_below), len(is_below))
        trial = self.trial[begins]
        end = ends[np.searchsorted(ends, begins)]
        known = np.minimum(end, len(is_below) - 1)
        goes_on = (end == len(is_below)) | (self.trial[known] != trial)
        return trial, self.at_ms[begins], np.where(goes_on, _NEVER_MS, self.at_ms[known])


class People:
    """Who is affected in the first of many trials.

    Parameters
    ----------
    job
        What the trials ran.
    courses
        What they left, with the courses of all on which it depends who is affected.
    n
        How many trials are asked for.
    """

    def __init__(self, job: Job, courses: Courses, n: int) -> None:
        self.n = n
        self._end_ms = courses.end_ms[:n]
        last_ms = int(self._end_ms.max())
        self._span_ms = last_ms + 1
        self._audience = job.audience
        if self._audience.activity_until_ms[0] < last_ms:
            self._audience = lengthened(self._audience, job.hours, last_ms)
        self._drawn = _draw(job, n)
        self._lines = {
            component: _Line(courses.components[component], n, self._span_ms)
            for component, role in enumerate(self._audience.component_role)
            if role >= 0 and component in courses.components
        }

    def moments(self) -> tuple[Ints, Ints]:
        """Return trial and time of all that may change how many are affected, in order; the first of each trial is 0.

        Returns
        -------
        NDArray, NDArray
            int64, as many as there are changes.
        """
        found = [(np.arange(self.n), np.zeros(self.n, np.int64)), *self._windows(), *self._hours()]
        found += [(line.trial, line.at_ms) for line in self._lines.values()]
        trial, at_ms = (np.concatenate(column) for column in zip(*found, strict=True))
        in_time = at_ms <= self._end_ms[trial]
        keys = np.unique(trial[in_time] * self._span_ms + at_ms[in_time])
        return keys // self._span_ms, keys % self._span_ms

    def at(self, trial: Ints, at_ms: Ints) -> Floats:
        """Return how many people are affected at times of trials: the estimate, or the upper bound where there is none (S6.5).

        Parameters
        ----------
        trial, at_ms
            As many trials as times, in any order; behind the end of a trial is what was at its end.
        """
        at_ms = np.minimum(at_ms, self._end_ms[trial])
        found = np.empty(len(trial))
        for first in range(0, len(trial), AT_ONCE):
            part = slice(first, first + AT_ONCE)
            found[part] = self._at(trial[part], at_ms[part])
        return found

    def _at(self, trial: Ints, at_ms: Ints) -> Floats:
        audience = self._audience
        losses = [self._loss(service, trial, at_ms) for service in range(len(audience.service_component))]
        groups = len(audience.group_count)
        figure = 1 if has_estimate(audience, groups) else 2
        # The tree of sums of `engine.losses`: group g is node G + g, the root is node 1.
        nodes: list[Floats | None] = [None] * (2 * groups)
        for group in range(groups):
            nodes[groups + group] = self._of_group(group, figure, losses, trial, at_ms)
        for node in range(groups - 1, 0, -1):
            nodes[node] = _sum(nodes[2 * node], nodes[2 * node + 1])
        return np.zeros(len(trial)) if nodes[1] is None else nodes[1]

    def _loss(self, service: int, trial: Ints, at_ms: Ints) -> Floats | None:
        """Return the share of its users that a service has lost (S6.2, S6.3); None where it never loses any."""
        audience = self._audience
        line = self._lines.get(audience.service_component[service])
        if line is None or not len(line.trial):
            return None
        level, since_ms = line.find(trial, at_ms)
        covered = np.zeros(len(trial))
        for workaround in range(audience.workaround_from[service], audience.workaround_from[service + 1]):
            is_there = (level < 1.0) & self._is_open(workaround, trial, at_ms - since_ms)
            is_there &= self._works(workaround, trial, at_ms)
            covered[is_there] = np.maximum(covered[is_there], audience.workaround_covers[workaround])
        return (1.0 - level) * (1.0 - covered)

    def _is_open(self, workaround: int, trial: Ints, into_ms: Ints) -> Bools:
        """Tell whether it is a workaround's time, so long into a loss."""
        after_ms, lasts_ms = (each[trial] for each in self._window(workaround))
        return (into_ms >= after_ms) & ((lasts_ms < 0) | (into_ms - after_ms < lasts_ms))

    def _works(self, workaround: int, trial: Ints, at_ms: Ints) -> Bools:
        line = self._lines.get(self._audience.workaround_component[workaround])
        return np.ones(len(trial), np.bool_) if line is None else line.find(trial, at_ms)[0] > 0.0

    def _window(self, workaround: int) -> tuple[Ints, Ints]:
        """Return after which time into a loss a workaround is there in each trial, and for how long (-1: for ever)."""
        audience, drawn = self._audience, self._drawn
        after_ms = drawn.after_ms.get(workaround, np.full(self.n, audience.workaround_after_ms[workaround]))
        return after_ms, drawn.lasts_ms.get(workaround, np.full(self.n, audience.workaround_lasts_ms[workaround]))

    def _of_group(
        self, group: int, figure: int, losses: list[Floats | None], trial: Ints, at_ms: Ints
    ) -> Floats | None:
        """Return one figure of the people of a group; None where nobody is ever affected."""
        lost = list(self._lost(group, losses, trial))
        if not lost:
            return None
        count = self._counts(group)[trial]
        if self._audience.group_is_population[group]:
            every = sum(lost[1:], lost[0])
            return np.where(count < 0.0, every, np.minimum(every, count))
        low, estimate, high = _shares(lost)
        there = count * self._present(group, at_ms)
        return (low, estimate, high)[figure] * there

    def _lost(self, group: int, losses: list[Floats | None], trial: Ints) -> Iterator[Floats]:
        """Yield what each use of a group loses, in their order."""
        audience = self._audience
        for use in range(audience.use_from[group], audience.use_from[group] + audience.use_group.count(group)):
            loss = losses[audience.use_service[use]]
            if loss is not None:
                drawn = self._drawn.shares.get(use)
                yield (audience.use_share[use] if drawn is None else drawn[trial]) * loss

    def _counts(self, group: int) -> Floats:
        return self._drawn.counts.get(group, np.full(self.n, self._audience.group_count[group]))

    def _present(self, group: int, at_ms: Ints) -> Floats | float:
        """Return the share of a group that is there."""
        row = self._audience.group_activity[group]
        if row < 0:
            return 1.0
        steps_ms, shares = _activity(self._audience, row)
        return shares[np.searchsorted(steps_ms, at_ms, "right") - 1]

    # Times of changes.

    def _windows(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield the times at which workarounds open and close."""
        audience = self._audience
        for workaround, service in enumerate(audience.workaround_service):
            line = self._lines.get(audience.service_component[service])
            if line is None:
                continue
            trial, begin_ms, end_ms = line.losses()
            after_ms, lasts_ms = (each[trial] for each in self._window(workaround))
            for at_ms, is_timed in (
                (begin_ms + after_ms, after_ms >= 0),
                (begin_ms + after_ms + lasts_ms, lasts_ms > 0),
            ):
                counts = is_timed & (at_ms < end_ms)
                yield trial[counts], at_ms[counts]

    def _hours(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield the times at which more or fewer are there, while anything is lost."""
        trial, begin_ms, end_ms = self._all_losses()
        end_ms = np.minimum(end_ms, self._end_ms[trial])
        for row in sorted({row for row in self._audience.group_activity if row >= 0}):
            steps_ms, _ = _activity(self._audience, row)
            first = np.searchsorted(steps_ms, begin_ms, "right")
            sizes = np.maximum(0, np.searchsorted(steps_ms, end_ms, "right") - first)
            # The places from the first to the last of each loss, one behind the other.
            places = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(first, sizes)
            yield np.repeat(trial, sizes), steps_ms[places]

    def _all_losses(self) -> tuple[Ints, Ints, Ints]:
        """Return trial, beginning and end of the times in which any service is below 1."""
        components = self._audience.service_component
        found = [self._lines[each].losses() for each in components if each in self._lines]
        if not found:
            return (np.zeros(0, np.int64),) * 3
        trial, begin_ms, end_ms = (np.concatenate(column) for column in zip(*found, strict=True))
        trial, at_ms = np.concatenate([trial, trial]), np.concatenate([begin_ms, end_ms])
        change = np.repeat([1, -1], len(begin_ms))
        order = np.lexsort((-change, at_ms, trial))  # what ends when another begins goes on
        below = np.cumsum(change[order])
        begins = (below == 1) & (change[order] == 1)
        return trial[order][begins], at_ms[order][begins], at_ms[order][below == 0]


def _draw(job: Job, n: int) -> _Drawn:
    """Draw what is uncertain of the audience, as each of the trials did."""
    quantities = tuple(each for each in job.luck.quantities if each.sets in _OF_USERS)
    dealt = Dealer(Luck(quantities, {}, {}, {}), (), job.seed, 1).deal(np.arange(n, dtype=np.int64))
    drawn = _Drawn({}, {}, {}, {})
    figures, numbers = dealt.set_figure.reshape(n, -1), dealt.set_value.reshape(n, -1)
    for i, (what, place) in enumerate(zip(dealt.set_figure_what, dealt.set_figure_place, strict=True)):
        (drawn.counts if what == SET_COUNT else drawn.shares)[int(place)] = figures[:, i]
    for i, (what, place) in enumerate(zip(dealt.set_what, dealt.set_place, strict=True)):
        (drawn.after_ms if what == SET_AFTER else drawn.lasts_ms)[int(place)] = numbers[:, i]
    return drawn


def _shares(lost: list[Floats]) -> tuple[Floats, Floats, Floats]:
    """Return bounds and estimate of the affected share of a segment (S6.2)."""
    low, none_lost, high = lost[0], 1.0 - lost[0], lost[0]
    for each in lost[1:]:
        low = np.maximum(low, each)
        none_lost = none_lost * (1.0 - each)
        high = high + each
    high = np.minimum(1.0, high)
    return low, np.minimum(np.maximum(low, 1.0 - none_lost), high), high


def _activity(audience: Audience, row: int) -> tuple[Ints, Floats]:
    """Return the steps of a row of activity: from when on which share is there."""
    part = slice(audience.activity_from[row], audience.activity_from[row + 1])
    return np.array(audience.activity_at_ms[part], np.int64), np.array(audience.activity_share[part])


def _sum(one: Floats | None, other: Floats | None) -> Floats | None:
    if one is None or other is None:
        return one if other is None else other
    return one + other
