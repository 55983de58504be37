"""The years of a system and of what-ifs on it: run side by side on the same luck, and what is kept of them.

Of the system as it is today everything is kept that a report needs; of a what-if only how each year of it differs. The years
of all of them go forward together in stages, so that what waits for its counterpart stays within bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.crowd import has_estimate
from impactsim.trials.blocks import Block, Job
from impactsim.trials.estimates import Estimate, estimate_of
from impactsim.trials.forecast import Prepared
from impactsim.trials.gather import Figure, Gathered
from impactsim.trials.moments import VALUE_LIMIT, Moments
from impactsim.trials.sample import Cut, OnProgress, is_enough, looks, uninterrupted
from impactsim.trials.workers import Workers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_FIRST_STAGE = 500
_PARTS = 1 << 18  # of a minute of everybody, in which lost user-minutes are added up without loss
_SERVICE_YEARS_AT_ONCE = 1 << 22  # rows of services that wait for those of the what-if


class Years:
    """What the years of a system left.

    Parameters
    ----------
    prepared
        The job.
    is_first
        Whether everything is kept, or only what is compared with the first.
    service_of
        For each component the number of the service that it is, -1 for none.
    """

    def __init__(self, prepared: Prepared, is_first: bool, service_of: Ints) -> None:
        job = prepared.job
        self.prepared = prepared
        self.service_of = service_of
        self.gathered = Gathered(job, prepared.limits)
        self.cut = Cut(job)
        self.is_first = is_first
        self.n = 0
        self.lost: Floats = np.zeros(0)
        """User-minutes lost in each year: the estimate, or the bound where there is none (S6.5)."""
        self.down_ms: Ints = np.zeros(0, np.int64)
        """Time down of all services together in each year."""
        self.rows: list[tuple[Ints, Ints, Ints, Ints]] = []
        """Year, service, time down and outages, of those years that are not compared yet."""
        self.lost_unit = _lost_unit(job)
        self.root_lost, self.root_down = Figure(len(prepared.roots)), Figure(len(prepared.roots))
        groups = len(job.audience.group_count)
        self.has_estimate = has_estimate(job.audience, groups)
        self.lost_figure = 7 if self.has_estimate else 8
        self.is_service = np.array(job.is_service, bool)

    def run(self, workers: Workers, until: int, on_block: Callable[[int], None], keeps_rows: bool) -> None:
        """Run the years up to `until`."""
        pieces = self.cut.pieces(self.n, until)
        with closing(workers.blocks(self.prepared.job, pieces, until - self.n)) as blocks:
            for block in blocks:
                with uninterrupted():
                    self.add(block, keeps_rows)
                self.cut.learn(block)
                on_block(len(block.trials))

    def add(self, block: Block, keeps_rows: bool = False) -> None:
        """Add a block of years, the next ones."""
        n = self.n + len(block.trials)
        if n > len(self.lost):
            more = max(n, 2 * len(self.lost)) - len(self.lost)
            self.lost = np.concatenate([self.lost, np.zeros(more)])
            self.down_ms = np.concatenate([self.down_ms, np.zeros(more, np.int64)])
        self.lost[block.trials] = block.figures[:, self.lost_figure]
        service = self.is_service[block.row_component]
        np.add.at(self.down_ms, block.trials[block.row_trial[service]], block.row_down_ms[service])
        if keeps_rows:
            self._keep_rows(block)
        if self.is_first:
            self.gathered.add(block)
            # The counts behind the unit are medians; those of a year may be drawn larger, but hardly a hundred times.
            lost = np.minimum(np.rint(block.root_lost / self.lost_unit), VALUE_LIMIT - 1)
            self.root_lost.add(block.root, lost.astype(np.int64))
            self.root_down.add(block.root, np.rint(block.root_down_ms).astype(np.int64))
        self.n = n

    def _keep_rows(self, block: Block) -> None:
        services = self.service_of[block.row_component]
        kept = (services >= 0) & ((block.row_down_ms > 0) | (block.row_outages > 0))
        columns = (block.trials[block.row_trial], services, block.row_down_ms, block.row_outages)
        self.rows.append(tuple(column[kept] for column in columns))  # type: ignore[arg-type]

    def take_rows(self) -> list[Ints]:
        """Return the columns of all rows, which are then forgotten."""
        columns = [np.concatenate(column) for column in zip(*self.rows, strict=True)] or [np.empty(0, np.int64)] * 4
        self.rows = []
        return columns


def _lost_unit(job: Job) -> float:
    """Return the unit in which user-minutes are added up: a small share of a minute of everybody."""
    people = sum(count for count in job.audience.group_count if count > 0.0)
    for group, is_population in enumerate(job.audience.group_is_population):
        if is_population:
            people += sum(job.audience.use_share[job.audience.use_from[group] : job.audience.use_from[group + 1]])
    return max(people, 1.0) / _PARTS


# What changes would buy.


class Signed:
    """Exact moments of differences of many things, which may be below 0.

    Those above 0 and those below have moments of their own. In each trial one of the two is 0, so that the mean of
    the difference is the difference of the means, and its square the sum of the squares.
    """

    def __init__(self, n_things: int) -> None:
        self.above, self.below = Moments(n_things), Moments(n_things)

    def add(self, things: Ints, values: Ints) -> None:
        """Add rows, at most one for a thing and a trial; a thing without one has the value 0."""
        up, down = values > 0, values < 0
        self.above.add(things[up], values[up])
        self.below.add(things[down], -values[down])

    def mean(self, n_trials: int) -> Floats:
        """Return the mean of each thing."""
        return np.asarray((self.above.sums() - self.below.sums()) / n_trials, np.float64)

    def variance(self, n_trials: int) -> Floats:
        """Return the unbiased estimate of the variance of each thing; 0 for a single trial."""
        if n_trials == 1:
            return np.zeros(self.above.n_things)
        sums = self.above.sums() - self.below.sums()
        numerators = n_trials * (self.above.sums_of_squares() + self.below.sums_of_squares()) - sums * sums
        return np.asarray(numerators / (n_trials * (n_trials - 1)), np.float64)


class Saved:
    """What a change saves: figures of today less those with the change, year by year, for each service of today."""

    def __init__(self, n_services: int) -> None:
        self.n = 0
        """How many years were compared."""
        self.down_ms, self.outages = Signed(n_services), Signed(n_services)

    def add(self, today: Sequence[Ints], changed: Sequence[Ints], until: int, n_services: int) -> None:
        """Add years; the columns are those of `Years.rows`."""
        trial, service, down_ms, outages = (np.concatenate(each) for each in zip(today, changed, strict=True))
        sign = np.repeat(np.array([1, -1]), [len(today[0]), len(changed[0])])
        keys, inverse = np.unique(trial * n_services + service, return_inverse=True)
        for figure, values in ((self.down_ms, down_ms), (self.outages, outages)):
            sums = np.zeros(len(keys), np.int64)
            np.add.at(sums, inverse, sign * values)
            figure.add(keys % n_services, sums)
        self.n = until


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the years of a system left, and of the same system with changes."""

    today: Years
    changed: tuple[Years, ...]
    saved: tuple[Saved, ...]
    is_complete: bool
    """False if somebody interrupted."""


def forecast(
    variants: Sequence[Prepared],
    n: int,
    workers: Workers,
    precision: float | None = None,
    on_progress: OnProgress | None = None,
) -> Forecast:
    """Run years 0 to `n` - 1 of a system, and of the same system with changes, or fewer.

    Parameters
    ----------
    variants
        The system as it is today; then as it would be with each change.
    n
        How many years, at most.
    workers
        Who runs them.
    precision
        Half width of the interval of the lost user-minutes (of the time down of all services together where there are no
        users), as a share of their mean, at which to stop.
    on_progress
        Told after each block how many years are done, and how many there will be at most, all systems together.

    Returns
    -------
    Forecast
        If it was interrupted, of the years up to the first that was not done.
    """
    services = [name for name, each in variants[0].system.components.items() if each.kind == "service"]
    today, *changed = (Years(each, i == 0, _numbers(each, services)) for i, each in enumerate(variants))
    saved = [Saved(len(services)) for _ in changed]
    done = 0

    def on_block(n_years: int) -> None:
        nonlocal done
        done += n_years
        if on_progress is not None:
            on_progress(done, n * len(variants))

    try:
        for until, is_look in _stages(n, precision, len(services) if changed else 0):
            today.run(workers, until, on_block, bool(changed))
            rows = today.take_rows()
            for years, each in zip(changed, saved, strict=True):
                years.run(workers, until, on_block, True)
                with uninterrupted():
                    each.add(rows, years.take_rows(), until, len(services))
            if is_look and precision is not None and is_enough(headline(today), precision):
                break
    except KeyboardInterrupt:
        if today.n == 0:
            raise
        return Forecast(today, tuple(changed), tuple(saved), False)
    return Forecast(today, tuple(changed), tuple(saved), True)


def headline(years: Years) -> Estimate:
    """Return the figure that the stop rule looks at."""
    return estimate_of((years.lost if years.prepared.has_users else years.down_ms)[: years.n], floor=0.0)


def _numbers(prepared: Prepared, services: Sequence[str]) -> Ints:
    """Return for each component of a variant which service of today it is, -1 for none."""
    numbers = {name: i for i, name in enumerate(services)}
    return np.array([numbers.get(name, -1) for name in prepared.names.components], np.int64)


def _stages(n: int, precision: float | None, n_services: int) -> Iterator[tuple[int, bool]]:
    """Return after how many years to go on with the next system, and whether to look if they are enough.

    Without what-ifs (no services to compare) there is no next system. With them each stage is as long as all before it, so
    that there is something to say of each of them soon, however many years there are to be.
    """
    done = 0
    most = max(_FIRST_STAGE, _SERVICE_YEARS_AT_ONCE // max(n_services, 1))
    for look in looks(n, precision):
        while n_services and look - done > (stage := min(max(_FIRST_STAGE, done), most)):
            done += stage
            yield done, False
        done = look
        yield done, True
