"""Many trials of one scenario, until there are enough of them.

Knows when to stop: after so many trials, or as soon as the interval of the lost user-minutes (of the time until all is back
where there are no users) is narrow enough. That is looked at after fixed numbers of trials only, so that neither blocks nor
workers decide when it is.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import numpy as np
from numpy.typing import NDArray

from impactsim.trials.blocks import Block, Job
from impactsim.trials.estimates import Estimate, estimate_of, half_width
from impactsim.trials.gather import Gathered, Limits
from impactsim.trials.workers import Workers

Ints = NDArray[np.int64]
OnProgress = Callable[[int, int], None]
"""Told how many trials are done, and how many there will be at most."""

FIRST_LOOK = 200
FEWEST_THAT_AGREE = 2_000
"""So many trials have to agree before they are taken for all there is, where something is uncertain."""
MOST_TRIALS = 1_000_000
_BLOCK_S = 0.25
_LARGEST_BLOCK = 16_384
_MOST_CELLS = 4_000_000
"""Figures of a block, all its trials together: what bounds its memory."""


def sample(
    job: Job,
    limits: Limits,
    n: int,
    workers: Workers,
    precision: float | None = None,
    on_progress: OnProgress | None = None,
    keeps_services: bool = False,
) -> tuple[Gathered, bool]:
    """Run trials 0 to `n` - 1 of a job, or fewer.

    Parameters
    ----------
    job
        What to run.
    limits
        Recovery times to hold.
    n
        How many trials, at most.
    workers
        Who runs them.
    precision
        Half width of the interval of the headline figure, as a share of its mean, at which to stop.
    on_progress
        Told after each block.
    keeps_services
        Whether to keep how long each service was down trial by trial.

    Returns
    -------
    Gathered
        What the trials left. If it was interrupted, of those up to the first that was not done.
    bool
        Whether it ran to its end.
    """
    gathered = Gathered(job, limits, keeps_services=keeps_services)
    is_uncertain = bool(job.fault_luck) or not job.luck.is_certain
    cut = Cut(job)
    try:
        for until in looks(n, precision):
            pieces = cut.pieces(gathered.n, until)
            with closing(workers.blocks(job, pieces, until - gathered.n)) as blocks:
                for block in blocks:
                    with uninterrupted():
                        gathered.add(block)
                    cut.learn(block)
                    if on_progress is not None:
                        on_progress(gathered.n, n)
            if precision is not None and is_enough(headline(gathered), precision, is_uncertain):
                break
    except KeyboardInterrupt:
        if gathered.n == 0:
            raise
        return _trimmed(gathered), False
    return _trimmed(gathered), True


def is_enough(estimate: Estimate, precision: float, is_uncertain: bool = True) -> bool:
    """Tell whether a figure is known to a share of itself.

    Parameters
    ----------
    estimate
        Of the figure.
    precision
        Half width of its interval, as a share of its mean, that is narrow enough.
    is_uncertain
        Whether anything is uncertain. Then trials that all agree may do so for want of trials: what happens once in two
        hundred times is not seen at all in a third of the first looks.

    Examples
    --------
    >>> from impactsim.trials.estimates import estimate_of
    >>> is_enough(estimate_of([7.0] * 200), 0.02), is_enough(estimate_of([7.0] * 200), 0.02, is_uncertain=False)
    (False, True)
    """
    if is_uncertain and estimate.least == estimate.most and estimate.n < FEWEST_THAT_AGREE:
        return False
    return half_width(estimate) <= precision


def headline(gathered: Gathered) -> Estimate:
    """Return the figure that the stop rule looks at."""
    lost = gathered.figures[: gathered.n, 7]
    if len(gathered.job.audience.group_count):
        has_estimate = not any(gathered.job.audience.group_is_population)
        return estimate_of(lost if has_estimate else gathered.figures[: gathered.n, 8])
    back_ms = gathered.restored_ms[: gathered.n]
    return estimate_of(np.where(back_ms < 0, gathered.end_ms[: gathered.n], back_ms))


class Cut:
    """Cuts trials into blocks that take about as long as somebody waits for a progress bar to move, and little memory.

    Parameters
    ----------
    job
        What is run.
    """

    def __init__(self, job: Job) -> None:
        self._size = 1
        groups = len(job.audience.group_count) if job.keeps_groups else 0
        drawn = len(job.luck.quantities) + len(job.fault_luck) + 2 * len(job.luck.restarts)
        self._fixed_cells = 1 + 9 * groups + drawn
        self._rows = 0
        self._roots = 0

    def pieces(self, first: int, after: int) -> Iterator[Ints]:
        """Return the numbers of the trials of each block, each as large as what is known by then allows.

        Parameters
        ----------
        first
            The first trial.
        after
            The trial after the last.
        """
        while first < after:
            piece = np.arange(first, min(first + self._size, after), dtype=np.int64)
            first += len(piece)
            yield piece

    def learn(self, block: Block) -> None:
        """Let the size of the next blocks follow from what a block took; it changes no figure."""
        n = len(block.trials)
        self._rows = max(self._rows, -(-len(block.row_trial) // n))
        self._roots = max(self._roots, -(-len(block.root_trial) // n))
        cells = self._fixed_cells + self._rows + self._roots
        in_time = int(n * _BLOCK_S / max(block.seconds, 1e-6))
        self._size = max(1, min(in_time, 2 * max(n, self._size // 2), _LARGEST_BLOCK, _MOST_CELLS // cells))


def looks(n: int, precision: float | None) -> Iterator[int]:
    """Return after how many trials to look whether they are enough."""
    if precision is None:
        yield n
        return
    look = FIRST_LOOK
    while look < n:
        yield look
        look = look * 3 // 2
    yield n


def _trimmed(gathered: Gathered) -> Gathered:
    """Let go of the room for trials that were not run."""
    gathered.figures = gathered.figures[: gathered.n].copy()
    gathered.restored_ms = gathered.restored_ms[: gathered.n].copy()
    gathered.end_ms = gathered.end_ms[: gathered.n].copy()
    return gathered


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let an interruption wait until what is inside is done: half a block must not be counted."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    interrupted = []
    signal.signal(signal.SIGINT, lambda *_: interrupted.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if interrupted:
        signal.raise_signal(signal.SIGINT)
