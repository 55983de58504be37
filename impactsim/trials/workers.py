"""Who runs the blocks: all cores of this machine, or a cluster.

Theory of operation. A block is known by its job and the numbers of its trials, so that it does not matter who runs it, nor
how often: the figures are the same to the byte. Machine code runs in threads, because it needs no lock of the interpreter's;
without it each worker is a process. Blocks are handed out as workers become free, at most two for each worker beyond those
that were taken back, and come back in the order of the tasks.

Whether to compile is decided once the interpreter has shown its pace: one of the workers spends the 30 seconds of the compiler,
while the others go on interpreting until the machine code is there.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from queue import SimpleQueue
from time import perf_counter
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.machine_code import is_cached, is_numba_there
from impactsim.problems import ImpactsimError
from impactsim.trials.blocks import Block, Job
from impactsim.trials.processes import KEPT_JOBS, Died, Process, Runners, Sent

Ints = NDArray[np.int64]

WITHOUT_NUMBA = (
    "without numba this takes about 50 times as long, the figures are the same: pip install 'impactsim[fast]'"
)

_ONE_TRIAL = np.zeros(1, np.int64)
_ALONE_S = 1.0
"""Until when it is not worth while to start processes, which takes them as long."""
_ALONE_COMPILED_S = 0.05
_SHOWN_S = 0.5
"""How long the interpreter has to run before its pace is trusted."""
_WORTH_S = 40.0
"""What must be left to do for the compiler to be worth its 30 seconds."""
_LONG_S = 20.0
"""After how long to compile where nobody knows how much is left: what lasted long may well go on."""


class WorkersError(ImpactsimError):
    """Nobody can run the blocks in the way that was asked for."""


class Workers(Protocol):
    """Runs blocks somewhere, and gives them back in the order in which they were asked for."""

    notes: list[str]
    """What the user should know about how the blocks were run; grows while they are."""

    @property
    def is_compiled(self) -> bool:
        """Whether the next blocks are run by machine code, as far as this process knows."""

    def blocks(self, job: Job, trials: Iterable[Ints], n_trials: int | None = None) -> Generator[Block]:
        """Run each block of trials of a job.

        Parameters
        ----------
        job
            What to run.
        trials
            The numbers of the trials of each block. More of them are taken than were given back.
        n_trials
            How many trials there will be, if that is known: it helps to decide whether to compile.
        """


@contextmanager
def open_workers(
    n: int | None = None, is_compiled: bool | None = None, scheduler: str | None = None
) -> Iterator[Workers]:
    """Find somebody to run blocks, until the end of the context.

    Parameters
    ----------
    n
        How many at a time, at least 1; all cores that this process may use if absent. A cluster uses all that it has.
    is_compiled
        Whether by machine code; what is faster if absent.
    scheduler
        Address of a Dask cluster, such as ``tcp://10.0.0.7:8786``; this machine if absent.

    Raises
    ------
    WorkersError
        If machine code or a cluster is asked for that is not to be had.
    """
    if is_compiled and scheduler is None and not is_numba_there():
        raise WorkersError("machine code needs numba, which is not installed; pip install 'impactsim[fast]'")
    with _chosen(n, is_compiled, scheduler) as workers:
        yield workers


def _chosen(n: int | None, is_compiled: bool | None, scheduler: str | None) -> AbstractContextManager[Workers]:
    if scheduler is None:
        return Local(usable_cores() if n is None else n, is_compiled)
    from impactsim.trials.cluster import open_cluster

    return open_cluster(scheduler, is_compiled)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    process_cpu_count = getattr(os, "process_cpu_count", None)  # from Python 3.13 on
    if process_cpu_count is not None:
        return process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Here:
    """One process, one thread.

    Parameters
    ----------
    is_compiled
        Whether by machine code.
    """

    def __init__(self, is_compiled: bool) -> None:
        self.is_compiled = is_compiled
        self.notes: list[str] = []
        self.runners = Runners()
        self._keys = _Keys()

    def blocks(self, job: Job, trials: Iterable[Ints], n_trials: int | None = None) -> Generator[Block]:  # noqa: ARG002
        """Run each block of trials of a job."""
        for each in trials:
            yield self.run(self._keys.sent(job), each)

    def run(self, sent: Sent, trials: Ints) -> Block:
        """Run one block."""
        return self.runners.run(sent.key, lambda: sent.job, self.is_compiled, trials)


class Local:
    """The cores of this machine: a context, at whose end no thread and no process is left.

    The first blocks are run in the thread that asks, so that what is short starts nothing, and so that it is the compiler
    or the reading of its cache that is interrupted where somebody interrupts.

    Parameters
    ----------
    n
        How many blocks at a time, at least 1.
    is_compiled
        Whether by machine code; what is faster if absent.
    alone_s
        For how long blocks are run without helpers.
    """

    def __init__(self, n: int, is_compiled: bool | None = None, alone_s: float | None = None) -> None:
        assert n >= 1, "there is a worker"
        self.n = n
        self.notes: list[str] = []
        can_compile = is_numba_there()
        if is_compiled is None and not can_compile:
            self.notes.append(WITHOUT_NUMBA)
        self._may_compile = is_compiled is None and can_compile
        self._here = Here(is_cached() if is_compiled is None else is_compiled)
        self._alone_s = alone_s
        self._pace = _Pace()
        self._keys = _Keys()
        self._seats: SimpleQueue[_Seat] = SimpleQueue()
        # The first takes over the memory of this thread, which asks for nothing but blocks by then.
        self._all_seats = [_Seat(self, Runners() if i else self._here.runners) for i in range(n)]
        for seat in self._all_seats:
            self._seats.put(seat)
        self._pool = ThreadPoolExecutor(n)
        self._compiling: Future[None] | None = None
        self.is_closed = False

    @property
    def is_compiled(self) -> bool:
        """Whether the next blocks are run by machine code."""
        return self._here.is_compiled

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.is_closed = True
        self._stop_seats()
        self._pool.shutdown(cancel_futures=True)
        self._stop_seats()  # what a thread was about to start

    def blocks(self, job: Job, trials: Iterable[Ints], n_trials: int | None = None) -> Generator[Block]:
        """Run each block of trials of a job."""
        sent = self._keys.sent(job)
        self._pace.begin(n_trials)
        tasks = iter(trials)
        while self._is_alone():
            task = next(tasks, None)
            if task is None:
                return
            block = self._here.run(sent, task)
            self._look_at(block, sent)
            yield block
        flying: deque[Future[Block]] = deque()
        try:
            for task in tasks:
                flying.append(self._pool.submit(self._run, sent, task))
                if len(flying) >= 2 * self.n:
                    yield self._landed(flying.popleft(), sent)
            while flying:
                yield self._landed(flying.popleft(), sent)
        finally:
            for each in flying:
                each.cancel()

    def _stop_seats(self) -> None:
        for seat in self._all_seats:
            seat.stop()

    def _is_alone(self) -> bool:
        if self.n == 1:
            return True
        usual_s = _ALONE_COMPILED_S if self.is_compiled else _ALONE_S
        return self._pace.seconds < (usual_s if self._alone_s is None else self._alone_s)

    def _run(self, sent: Sent, trials: Ints) -> Block:
        seat = self._seats.get()
        try:
            return seat.run(sent, trials)
        finally:
            self._seats.put(seat)

    def _landed(self, flight: Future[Block], sent: Sent) -> Block:
        block = flight.result()
        self._look_at(block, sent)
        return block

    def _look_at(self, block: Block, sent: Sent) -> None:
        """Keep the pace, and see whether the rest should be compiled, or is by now."""
        self._pace.add(block)
        if not self._may_compile or self.is_compiled:
            return
        if self._compiling is not None:
            if self._compiling.done():
                self._take_over(self._compiling.exception())
        elif self._pace.is_slow(self.n):
            self._compile(sent)

    def _compile(self, sent: Sent) -> None:
        """Let one of the workers compile: this thread, where it is the only one."""
        self._compiles_since = perf_counter()
        if self.n > 1:
            self._compiling = self._pool.submit(self._compile_beside, sent)
            return
        error = None
        try:
            self._here.runners.run(sent.key, lambda: sent.job, True, _ONE_TRIAL)
        except Exception as caught:  # whatever numba finds: there is an interpreter
            error = caught
        self._take_over(error)

    def _compile_beside(self, sent: Sent) -> None:
        seat = self._seats.get()
        try:
            seat.compile(sent)
        finally:
            self._seats.put(seat)

    def _take_over(self, error: BaseException | None) -> None:
        """Go on with machine code, unless there is none."""
        self._may_compile = False
        self._here.is_compiled = error is None
        seconds = perf_counter() - self._compiles_since
        self.notes.append(
            f"the engine was compiled on the way, in {seconds:.0f} s, once for all runs"
            if error is None
            else f"the engine was not compiled: {error}"
        )


class _Seat:
    """One of the workers of a machine: a thread of machine code, or an interpreter in a process of its own."""

    def __init__(self, local: Local, runners: Runners) -> None:
        self._local = local
        self._runners = runners
        self._process: Process | None = None
        self._is_lost = False

    def run(self, sent: Sent, trials: Ints) -> Block:
        """Run a block; where the process dies over it, run it again here."""
        if not self._local.is_compiled and not self._is_lost:
            try:
                if self._process is None:
                    self._process = Process()
                return self._process.run(sent, trials)
            except (Died, OSError) as error:
                if self._local.is_closed:
                    raise
                self._is_lost = True
                self._local.notes.append(f"{error}; its trials were run again in the main process")
        self.stop()
        return self._runners.run(sent.key, lambda: sent.job, self._local.is_compiled, trials)

    def compile(self, sent: Sent) -> None:
        """Fill the cache of the machine code, in the worker's process: what its compiler does cannot be interrupted."""
        if self._process is None:
            self._process = Process()
        self._process.run(sent, _ONE_TRIAL, is_compiled=True)

    def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    @property
    def pid(self) -> int | None:
        """Number of its process."""
        return None if self._process is None else self._process.pid


class _Keys:
    """Jobs by keys that are never used again, as long as they are remembered."""

    def __init__(self) -> None:
        self._next = count()
        self._last: deque[Sent] = deque(maxlen=KEPT_JOBS)

    def sent(self, job: Job) -> Sent:
        """Return a job on its way to workers."""
        for each in self._last:
            if each.job is job:
                return each
        self._last.append(Sent(next(self._next), job))
        return self._last[-1]


class _Pace:
    """How fast blocks are run, and how much is left."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """Of all blocks so far, whoever ran them."""
        self.begin(None)

    def begin(self, n_trials: int | None) -> None:
        """Begin another job."""
        self._n_trials = n_trials
        self._done = 0
        self._job_seconds = 0.0

    def add(self, block: Block) -> None:
        """Count a block that is done."""
        self.seconds += block.seconds
        self._job_seconds += block.seconds
        self._done += len(block.trials)

    def is_slow(self, n: int) -> bool:
        """Whether `n` workers would take long for the rest."""
        if self._n_trials is not None and self._done and self._job_seconds >= _SHOWN_S:
            left = self._n_trials - self._done
            if left * self._job_seconds / self._done > _WORTH_S * n:
                return True
        return self.seconds > _LONG_S * n
