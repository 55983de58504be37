"""Sweeps: every single failure of a system, one after the other, and what each of them does to the users, in numbers.

With the median of all that is uncertain the cases of a system are the trials of one job, each with faults of its own; with
trials each case is a job of its own, restricted to what it can reach. Either way only a few figures are kept of each run, so
that memory follows the number of cases and not the damage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impactsim.compiled import ALWAYS, Plan
from impactsim.engine.reach import reach_of_plan
from impactsim.luck import Luck, compile_luck, luck_of_faults
from impactsim.trials.blocks import Block, Job, Loaded
from impactsim.trials.cases import Case, Ends, Ground, plan_of, scenario_of
from impactsim.trials.jobs import minimums, with_chancy_seeds
from impactsim.trials.workers import Workers

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Tell = Callable[[int, int], None]
"""Told how many runs are done, and how many there will be."""

LOST = 7
"""Place of the lost user-minutes (the estimate) in the figures of a trial."""

_NO_LUCK = Luck((), {}, {}, {})
_LARGEST_BLOCK, _CELLS_OF_A_BLOCK = 1024, 4_000_000


@dataclass(frozen=True, slots=True)
class Swept:
    """A few figures of each of many runs (R), in the order in which they were asked for."""

    figures: Floats
    """Users affected, peak and lost user-minutes: low, estimate and high of each; shape (R, 9)."""
    restored_ms: Ints
    """When all services were whole again: 0 if they always were, -1 if not by the end."""
    end_ms: Ints
    n_affected: Ints
    """Components that were not up all the time."""
    n_down: Ints
    """Services that were down."""
    n_degraded: Ints
    """Services that were degraded, and never down."""
    n_others_down: Ints
    """Services that were down and did not fail themselves."""
    down_ms: Ints
    """Time of services down, of all of them together."""
    longest_ms: Ints
    """Time down of the service that was down for longest."""
    longest: Ints
    """That service, -1 for none."""
    service_down_ms: Ints
    """Time down of the service that was asked for."""
    service_degraded_ms: Ints
    """Time for which it was degraded."""
    service_is_back: Ints
    """Whether it was whole at the end."""


@dataclass(frozen=True, slots=True)
class CaseLoader:
    """Gives each trial the faults of the cases of its number.

    Parameters
    ----------
    first
        Where the faults of each trial begin; one more than there are trials.
    component, kind, work_ms, cause
        The faults.
    """

    first: Ints
    component: Ints
    kind: Ints
    work_ms: Ints
    cause: Ints

    def load(self, trials: Ints) -> Loaded:
        """Return the faults of some trials."""
        rows = ranges(self.first[trials], self.first[trials + 1])
        counts = self.first[trials + 1] - self.first[trials]
        return Loaded(
            load_from=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            load_component=self.component[rows],
            load_at_ms=np.zeros(len(rows), np.int64),
            load_kind=self.kind[rows],
            load_work_ms=self.work_ms[rows],
            load_cause=self.cause[rows],
            load_strikes=np.full(len(rows), ALWAYS, np.int64),
        )


def ranges(first: Ints, after: Ints) -> Ints:
    """Return the numbers from each of `first` up to each of `after`, one range behind the other.

    Examples
    --------
    >>> ranges(np.array([5, 1]), np.array([7, 2])).tolist()
    [5, 6, 1]
    """
    counts = after - first
    offsets = np.repeat(np.cumsum(counts) - counts, counts)
    found: Ints = np.repeat(first, counts) + np.arange(counts.sum(), dtype=np.int64) - offsets
    return found


def loader_of(cases: Sequence[Sequence[Case]]) -> CaseLoader:
    """Return what gives trial i the faults of the cases ``cases[i]``, all at once."""
    rows = [(*failure, case.cause) for together in cases for case in together for failure in case.failures]
    counts = [sum(len(case.failures) for case in together) for together in cases]
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return CaseLoader(first, *(np.ascontiguousarray(column) for column in columns))


def sweep(
    ground: Ground,
    cases: Sequence[Case],
    ends: Ends,
    workers: Workers,
    service: int = -1,
    on_block: Callable[[Block, Ints], None] | None = None,
    tell: Tell | None = None,
) -> Swept:
    """Run every case once, with the median of all that is uncertain.

    Parameters
    ----------
    ground, cases, ends
        What fails, and how it ends.
    workers
        Who runs them.
    service
        Number of a service whose time down is wanted, -1 for none.
    on_block
        Called with each block, and the numbers of its cases.
    tell
        Told after each block.
    """
    own = np.array([-1 if case.is_cause else case.failures[0].component for case in cases], np.int64)
    found = empty_swept(len(cases))
    done = 0
    for numbers, block in blocks_of(ground, loader_of([(case,) for case in cases]), ends, workers):
        place(found, numbers, reduce_block(block, ground, own[numbers], service))
        if on_block is not None:
            on_block(block, numbers)
        done += len(numbers)
        if tell is not None:
            tell(done, len(cases))
    return found


def blocks_of(ground: Ground, loader: CaseLoader, ends: Ends, workers: Workers) -> Iterator[tuple[Ints, Block]]:
    """Run all trials of a loader; return the numbers of the trials of each block beside it.

    Trials with as many faults make a job of their own: a run with room for faults that never come would wait for them.
    """
    sizes = np.diff(loader.first)
    for size in np.unique(sizes):
        numbers = np.flatnonzero(sizes == size)
        rows = ranges(loader.first[numbers], loader.first[numbers + 1])
        part = CaseLoader(
            np.arange(len(numbers) + 1, dtype=np.int64) * size,
            *(column[rows] for column in (loader.component, loader.kind, loader.work_ms, loader.cause)),
        )
        pieces = list(_pieces(len(numbers), ground))
        for piece, block in zip(pieces, workers.blocks(_sweep_job(ground, part, ends), pieces), strict=True):
            yield numbers[piece], block


def _pieces(n: int, ground: Ground) -> Iterator[Ints]:
    """Cut n trials into blocks whose rows find room in memory, however much damage each of them does."""
    size = min(_LARGEST_BLOCK, max(16, _CELLS_OF_A_BLOCK // len(ground.compiled.crew)))
    for first in range(0, n, size):
        yield np.arange(first, min(first + size, n), dtype=np.int64)


def _sweep_job(ground: Ground, loader: CaseLoader, ends: Ends) -> Job:
    plan = Plan(-1 if ends.horizon_ms is None else ends.horizon_ms, 0, *([] for _ in Plan._fields[2:]))
    return _job(ground, plan._replace(step_from=[0]), _NO_LUCK, 0, loader)


def _job(ground: Ground, plan: Plan, luck: Luck, seed: int, loader: CaseLoader | None = None) -> Job:
    n = len(ground.compiled.crew)
    return Job(
        compiled=with_chancy_seeds(ground.compiled, luck),
        plan=plan,
        audience=ground.audience,
        hours=ground.audience_names.hours,
        luck=luck,
        fault_luck=(),
        seed=seed,
        minimum=(*minimums(ground.system), *[1.0] * (n - ground.n_components)),
        is_service=tuple(map(int, ground.is_service)),
        loader=loader,
        keeps_groups=False,
        n_causes=len(ground.system.common_causes),
    )


def reduce_block(block: Block, ground: Ground, own: Ints, service: int = -1) -> Swept:
    """Keep a few figures of each trial of a block.

    Parameters
    ----------
    block
        What the trials left.
    ground
        The system.
    own
        The component that failed in each trial, -1 for a common cause.
    service
        The service whose time down is wanted, -1 for none.
    """
    n, trial, component = len(block.trials), block.row_trial, block.row_component
    serves = ground.is_service[component]
    was_down = serves & (block.row_outages > 0)

    def counted(rows: NDArray[np.bool_]) -> Ints:
        return np.bincount(trial[rows], minlength=n)

    longest_ms = np.full(n, -1, np.int64)
    np.maximum.at(longest_ms, trial[was_down], block.row_down_ms[was_down])
    longest = np.full(n, len(ground.is_service), np.int64)
    is_longest = was_down & (block.row_down_ms == longest_ms[trial])
    np.minimum.at(longest, trial[is_longest], component[is_longest])
    down_ms = np.zeros(n, np.int64)
    np.add.at(down_ms, trial[serves], block.row_down_ms[serves])
    mine = component == service
    of_service = np.zeros((3, n), np.int64)
    of_service[2] = 1
    for row, column in enumerate((block.row_down_ms, block.row_degraded_ms, (block.row_flags & 1) ^ 1)):
        of_service[row, trial[mine]] = column[mine]
    return Swept(
        figures=block.figures,
        restored_ms=block.restored_ms,
        end_ms=block.end_ms,
        n_affected=counted(component < ground.n_components),
        n_down=counted(was_down),
        n_degraded=counted(serves & ~was_down),
        n_others_down=counted(was_down & (component != own[trial])),
        down_ms=down_ms,
        longest_ms=np.maximum(longest_ms, 0),
        longest=np.where(longest < len(ground.is_service), longest, -1),
        service_down_ms=of_service[0],
        service_degraded_ms=of_service[1],
        service_is_back=of_service[2],
    )


def empty_swept(n: int) -> Swept:
    """Return figures of n runs that are not there yet."""
    columns: dict[str, Any] = {each.name: np.zeros(n, np.int64) for each in fields(Swept)}
    return Swept(**columns | {"figures": np.zeros((n, 9))})


def place(found: Swept, numbers: Ints, part: Swept) -> None:
    """Put the figures of some runs in their places."""
    for each in fields(Swept):
        getattr(found, each.name)[numbers] = getattr(part, each.name)


# Trials.


def sample_cases(  # noqa: PLR0913, PLR0917 - all of it is needed
    ground: Ground,
    cases: Iterable[Case],
    ends: Ends,
    n: int,
    seed: int,
    workers: Workers,
    service: int = -1,
    starts: datetime | None = None,
    tell: Tell | None = None,
) -> Iterator[Swept]:
    """Run every case n times; return the figures of its trials, one case after the other.

    Parameters
    ----------
    ground, cases, ends
        What fails, and how it ends.
    n
        How many trials each.
    seed
        The same for all, so that cases share the luck of all that they have in common.
    workers, service, starts, tell
        As for `sweep`; `tell` counts trials of all cases.
    """
    cases = list(cases)
    for done, case in enumerate(cases):
        job = job_of(ground, case, ends, seed, starts)
        own = np.full(n, -1 if case.is_cause else case.failures[0].component, np.int64)
        found = empty_swept(n)
        pieces = list(_pieces(n, ground))
        for piece, block in zip(pieces, workers.blocks(job, pieces), strict=True):
            place(found, piece, reduce_block(block, ground, own[piece], service))
        if tell is not None:
            tell((done + 1) * n, len(cases) * n)
        yield found


def job_of(ground: Ground, case: Case, ends: Ends, seed: int, starts: datetime | None = None) -> Job:
    """Return the job of the trials of one case: what is uncertain within its reach, and in its faults."""
    scenario = scenario_of(case, ends, starts, seed)
    plan, plan_names = plan_of(ground, case, scenario, ends)
    reach = reach_of_plan(ground.compiled, plan)
    luck = compile_luck(ground.system, ground.compiled, ground.names, ground.audience_names, reach)
    faults = luck_of_faults(ground.system, scenario, ground.names, plan, plan_names)
    return replace(_job(ground, plan, luck, seed), fault_luck=tuple(faults))
