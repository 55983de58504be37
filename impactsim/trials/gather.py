"""What is kept of all the trials of a job, in bounded memory, whatever the blocks and in whatever order they come.

Figures of everything together (users, time until all is back) are kept trial by trial, because differences and shares of the
variance need the trials one by one. Those of the components are kept as exact moments and as a sketch of their
distribution; those of the groups of users as moments and sketches of whole numbers of small units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.account import NOT_BACK, NOT_WHOLE
from impactsim.engine.trials import N_FIGURES
from impactsim.luck import Sets
from impactsim.trials.blocks import Block, Job
from impactsim.trials.moments import VALUE_LIMIT, Moments, order_of
from impactsim.trials.sketch import Sketch

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

UNITS = 2**20, 2**16, 1
"""So many units are a group of users, a minute of all of them, a millisecond: the wholes of its figures, three of each."""

_NEVER = np.iinfo(np.int64).max
_ROWS_AT_ONCE = 1 << 16  # so that they stay in the cache while they are sorted
_NEARLY_ALL = 0.999
"""In so many trials a group has no more people than its units are made for; beyond, there is still room for a million times as many."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each component may be below its minimum level, in milliseconds; a very large number where nobody said."""

    rto_ms: Ints
    mtpd_ms: Ints

    @staticmethod
    def of(rto_ms: Sequence[int | None], mtpd_ms: Sequence[int | None]) -> Limits:
        """Return the limits of components."""
        return Limits(
            *(np.array([_NEVER if ms is None else ms for ms in each], np.int64) for each in (rto_ms, mtpd_ms))
        )


class Figure:
    """One figure of each of many things: exact moments and the distribution."""

    def __init__(self, n_things: int) -> None:
        self.moments = Moments(n_things)
        self.sketch = Sketch(n_things)

    def add(self, things: Ints, values: Ints) -> None:
        """Add rows; a thing without a row in a trial has the value 0 in it. What is 2,200 years or more counts as that."""
        values = np.minimum(values, VALUE_LIMIT - 1)
        self.moments.add(things, values)
        self.sketch.add(things, values)


class Gathered:
    """What the trials of a job left.

    Parameters
    ----------
    job
        What was run.
    limits
        Recovery times to hold.
    n
        How many trials there is room for; it grows.
    keeps_services
        Whether to keep how long each service was down trial by trial too, as comparisons need it: 8 bytes for each trial and
        each service that was down in any.
    """

    def __init__(self, job: Job, limits: Limits, n: int = 0, keeps_services: bool = False) -> None:
        components, groups = len(job.minimum), len(job.audience.group_count) if job.keeps_groups else 0
        self.job = job
        self.limits = limits
        self.n = 0
        self.figures: Floats = np.zeros((n, N_FIGURES))
        self.restored_ms: Ints = np.zeros(n, np.int64)
        self.end_ms: Ints = np.zeros(n, np.int64)
        self.down = Figure(components)
        self.degraded = Figure(components)
        self.longest = Figure(components)
        self.outages = Figure(components)
        # In how many trials something happened to each component.
        self.n_down, self.n_affected, self.n_not_whole, self.n_over_rto, self.n_over_mtpd = (
            np.zeros(components, np.int64) for _ in range(5)
        )
        self.losses: dict[int, list[tuple[Ints, Ints]]] = {}
        self.groups = Figure(groups * N_FIGURES)
        self.group_least: Floats = np.full(groups * N_FIGURES, np.inf)
        self.group_most: Floats = np.zeros(groups * N_FIGURES)
        self.group_units = np.concatenate([_units(people) for people in _people(job)[:groups]] or [np.zeros(0)])
        self.keeps_services = keeps_services
        self.service_down_ms: dict[int, Ints] = {}

    def add(self, block: Block) -> None:
        """Add a block of trials; each trial once."""
        self._room(int(block.trials.max(initial=-1)) + 1)
        self.n += len(block.trials)
        self.figures[block.trials] = block.figures
        self.restored_ms[block.trials] = block.restored_ms
        self.end_ms[block.trials] = block.end_ms
        self._add_rows(block)
        if self.keeps_services:
            self._add_services(block)
        self._add_groups(block)
        for component in np.unique(block.loss_component):
            mine = block.loss_component == component
            lines = (block.trials[block.loss_trial[mine]], block.loss_ms[mine])
            self.losses.setdefault(int(component), []).append(lines)

    def _room(self, n: int) -> None:
        have = len(self.restored_ms)
        if n > have:
            more = max(n, 2 * have) - have
            self.figures = np.concatenate([self.figures, np.zeros((more, N_FIGURES))])
            self.restored_ms = np.concatenate([self.restored_ms, np.zeros(more, np.int64)])
            self.end_ms = np.concatenate([self.end_ms, np.zeros(more, np.int64)])
            for component, down_ms in self.service_down_ms.items():
                self.service_down_ms[component] = np.concatenate([down_ms, np.zeros(more, np.int64)])

    def _add_rows(self, block: Block) -> None:
        component, size = block.row_component, len(self.n_down)
        figures = (
            (self.down, block.row_down_ms),
            (self.degraded, block.row_degraded_ms),
            (self.longest, block.row_longest_ms),
            (self.outages, block.row_outages),
        )
        for start in range(0, len(component), _ROWS_AT_ONCE):
            rows = slice(start, start + _ROWS_AT_ONCE)
            order = order_of(component[rows], size)  # once for all figures
            in_order = component[rows][order]
            for figure, column in figures:
                figure.add(in_order, column[rows][order])
        not_back = block.row_flags & NOT_BACK > 0
        # What is not back when nothing can change any more never will be; before a horizon, nobody knows.
        never = not_back if self.job.plan.horizon_ms < 0 else np.zeros_like(not_back)
        self.n_affected += np.bincount(component, minlength=size)
        for counts, happened in (
            # What goes down at the horizon itself is down for no time.
            (self.n_down, (block.row_down_ms > 0) | (block.row_outages > 0)),
            (self.n_not_whole, block.row_flags & NOT_WHOLE > 0),
            (self.n_over_rto, _is_over(block, self.limits.rto_ms, never)),
            (self.n_over_mtpd, _is_over(block, self.limits.mtpd_ms, never)),
        ):
            if happened.any():
                np.add(counts, np.bincount(component[happened], minlength=size), out=counts)

    def _add_services(self, block: Block) -> None:
        is_kept = (np.array(self.job.is_service)[block.row_component] > 0) & (block.row_down_ms > 0)
        component, trial = block.row_component[is_kept], block.trials[block.row_trial[is_kept]]
        down_ms = block.row_down_ms[is_kept]
        order = np.argsort(component, kind="stable")
        found, begins = np.unique(component[order], return_index=True)
        for service, rows in zip(found.tolist(), np.split(order, begins)[1:], strict=True):
            if service not in self.service_down_ms:
                self.service_down_ms[service] = np.zeros(len(self.restored_ms), np.int64)
            self.service_down_ms[service][trial[rows]] = down_ms[rows]

    def _add_groups(self, block: Block) -> None:
        figures = block.group_figures.reshape(len(block.trials), -1)
        np.minimum(self.group_least, figures.min(axis=0, initial=np.inf), out=self.group_least)
        np.maximum(self.group_most, figures.max(axis=0, initial=0.0), out=self.group_most)
        # Thing by thing, as the moments want them.
        by_thing = np.array(figures.T, order="C")
        is_hit = by_thing != 0.0
        by_thing /= self.group_units[:, None]
        thing = np.repeat(np.arange(len(by_thing)), np.count_nonzero(is_hit, axis=1))
        self.groups.add(thing, np.rint(by_thing[is_hit]).astype(np.int64))

    def group_unit(self, thing: Ints) -> Floats:
        """Return the unit of figures of groups, in people, user-minutes or ms."""
        return self.group_units[thing]


def _units(people: float) -> Floats:
    """Return the unit of each figure of a group."""
    return np.repeat([people / UNITS[0], people / UNITS[1], 1.0 / UNITS[2]], N_FIGURES // 3)


def _people(job: Job) -> Floats:
    """Return how many people each group has in all but the rarest trials, at least 1; of the population all uses of services."""
    counts, shares = list(job.audience.group_count), list(job.audience.use_share)
    for each in job.luck.quantities:
        if each.law is not None and each.sets in (Sets.COUNT, Sets.SHARE):
            figures = counts if each.sets is Sets.COUNT else shares
            figures[each.place] = max(figures[each.place], each.law.quantile(_NEARLY_ALL))
    people = np.array(counts, np.float64)
    for group, is_population in enumerate(job.audience.group_is_population):
        if is_population:
            uses = job.audience.use_from[group : group + 2]
            people[group] = sum(shares[uses[0] : uses[1]])
    return np.maximum(people, 1.0)


def _is_over(block: Block, limit_ms: Ints, never: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell in which rows a recovery time was missed."""
    if (limit_ms == _NEVER).all():
        return np.zeros(len(never), np.bool_)
    limits = limit_ms[block.row_component]
    over: NDArray[np.bool_] = (block.row_longest_ms > limits) | (never & (limits < _NEVER))
    return over
