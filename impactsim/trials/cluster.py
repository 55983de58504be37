"""Blocks run by a Dask cluster (the extra ``cluster``): any number of machines that reach one scheduler.

Theory of operation. The job is sent once and copied to every worker; a block is a task that depends on nothing but the job and
the numbers of its trials. Where a worker is lost, Dask runs its blocks again elsewhere; where the last copy of the job went
with it, the job is sent again from here. So nothing is lost, and the figures are those of one process.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib.metadata import version
from itertools import count
from time import monotonic
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.machine_code import is_numba_there
from impactsim.trials.blocks import Block, Job
from impactsim.trials.processes import Runners
from impactsim.trials.workers import WorkersError

Ints = NDArray[np.int64]

_VERSION = version("impactsim")

ANSWER_S = 10
"""How long to wait for a scheduler, and for its first worker."""
_MOST_SENDS = 5
"""How often a job is sent before the cluster is given up."""
_COUNTED_S = 2
"""How often the threads of a cluster are counted."""
_KEPT_RUNS = 4
"""Of how many runs a worker keeps the memory; those whose client vanished are forgotten so."""


@contextmanager
def open_cluster(address: str, is_compiled: bool | None = None) -> Iterator[Cluster]:
    """Connect to a cluster, until the end of the context.

    Parameters
    ----------
    address
        Where its scheduler listens, such as ``tcp://10.0.0.7:8786``.
    is_compiled
        Whether by machine code; wherever a worker has numba if absent.

    Raises
    ------
    WorkersError
        If Dask is not installed, nobody answers there, no worker is there, or a worker has another impactsim.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise WorkersError("a cluster needs Dask, which is not installed; pip install 'impactsim[cluster]'") from error
    with _quiet():
        _check_scheduler(address)
        with Client(address, timeout=ANSWER_S, set_as_default=False) as client:
            _check_workers(client, address)
            cluster = Cluster(client, is_compiled)
            try:
                yield cluster
            finally:
                cluster.close()


class Cluster:
    """The workers of a Dask cluster.

    Parameters
    ----------
    client
        A connection, `distributed.Client`.
    is_compiled
        Whether by machine code; wherever a worker has numba if absent.
    """

    def __init__(self, client: Any, is_compiled: bool | None) -> None:
        self.notes: list[str] = []
        self.is_compiled = is_compiled is not False
        self._client = client
        self._asked = is_compiled
        self._run = uuid4().hex
        self._numbers = count()
        self._threads = 0
        self._counted_at = -np.inf

    def blocks(self, job: Job, trials: Iterable[Ints], n_trials: int | None = None) -> Generator[Block]:  # noqa: ARG002
        """Run each block of trials of a job."""
        errand = _Errand(self._client, job, _Words(self._run, next(self._numbers), self._asked, _VERSION))
        flying: deque[tuple[Ints, Any]] = deque()
        try:
            for each in trials:
                flying.append((each, errand.start(each)))
                if len(flying) >= 2 * self._count_threads():
                    yield errand.end(*flying.popleft())
            while flying:
                yield errand.end(*flying.popleft())
        finally:
            # Somebody may have lost the connection; then there is nothing to call back.
            with suppress(Exception):
                self._client.cancel([future for _, future in flying])

    def close(self) -> None:
        """Leave nothing on the workers."""
        if self._client.status == "running":
            with suppress(Exception):
                self._client.run(_forget, self._run, on_error="ignore")

    def _count_threads(self) -> int:
        if monotonic() - self._counted_at > _COUNTED_S:
            self._threads = max(1, sum(self._client.nthreads().values()))
            self._counted_at = monotonic()
        return self._threads


class _Words(NamedTuple):
    """What a worker is told about a job."""

    run: str
    """Who asks."""
    number: int
    """Which of the asker's jobs."""
    is_compiled: bool | None
    version: str


class _Errand:
    """A job on the cluster."""

    def __init__(self, client: Any, job: Job, words: _Words) -> None:
        self._client = client
        self._job = job
        self._words = words
        self._sends = 0
        self._send()

    def start(self, trials: Ints) -> Any:
        """Ask for a block."""
        return self._client.submit(run_block, self._there, self._words, trials, pure=False)

    def end(self, trials: Ints, future: Any) -> Block:
        """Wait for a block; ask for it again where all that it depends on was lost."""
        from distributed.scheduler import KilledWorker

        while True:
            there = self._there
            try:
                block: Block = future.result()
            except CancelledError as error:
                if there is self._there:
                    self._send_again(error)
                future = self.start(trials)
            except KilledWorker as error:
                raise WorkersError(
                    f"{error.allowed_failures + 1} workers of the cluster died over the same trials"
                ) from error
            else:
                return block

    def _send_again(self, error: BaseException) -> None:
        if self._client.status != "running" or self._sends >= _MOST_SENDS:
            raise WorkersError("the cluster is gone") from error
        self._send()

    def _send(self) -> None:
        self._sends += 1
        try:
            self._client.wait_for_workers(1, timeout=ANSWER_S)
            self._there = self._client.scatter(self._job, broadcast=True, hash=False)
        except (OSError, TimeoutError) as error:
            raise WorkersError("no worker of the cluster is left") from error


def run_block(job: Job, words: _Words, trials: Ints) -> Block:
    """Run a block on a worker of a cluster.

    Parameters
    ----------
    job
        What to run.
    words
        Which job that is, and how to run it.
    trials
        The numbers of its trials.
    """
    from distributed import get_worker

    if words.version != _VERSION:
        raise WorkersError(_of_another_version(get_worker().address, _VERSION, words.version))
    runs = vars(get_worker()).setdefault("impactsim_runs", {})
    idle = runs.setdefault(words.run, [])  # each thread takes what no other has
    for run in list(runs)[:-_KEPT_RUNS]:
        runs.pop(run, None)
    runners = idle.pop() if idle else Runners()
    is_compiled = is_numba_there() if words.is_compiled is None else words.is_compiled
    try:
        return runners.run(words.number, lambda: job, is_compiled, trials)
    finally:
        idle.append(runners)


def _forget(run: str, dask_worker: Any) -> None:
    vars(dask_worker).get("impactsim_runs", {}).pop(run, None)


def _check_scheduler(address: str) -> None:
    """Ask who is there, without a client: one that finds nobody complains long after."""
    with ThreadPoolExecutor(1) as thread:  # a notebook has a loop of its own in this one
        asking = thread.submit(asyncio.run, _ask(address))
        try:
            kind = asking.result()
        except Exception as error:
            raise WorkersError(f"no Dask scheduler answers at {address}") from error
    if kind != "Scheduler":
        raise WorkersError(f"what answers at {address} is no Dask scheduler")


async def _ask(address: str) -> str:
    from distributed import rpc

    async with rpc(address, timeout=ANSWER_S) as there, asyncio.timeout(ANSWER_S):
        return str((await there.identity())["type"])


def _check_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=ANSWER_S)
    except TimeoutError as error:
        raise WorkersError(f"the Dask scheduler at {address} has no workers") from error
    for worker, found in client.run(version, "impactsim", on_error="return").items():
        if found != _VERSION:
            raise WorkersError(
                _of_another_version(worker, None if isinstance(found, BaseException) else found, _VERSION)
            )


def _of_another_version(worker: str, found: str | None, wanted: str) -> str:
    what = "has no impactsim" if found is None else f"has impactsim {found}"
    return f"the worker {worker} of the cluster {what}; all need impactsim {wanted}, as it is here"


@contextmanager
def _quiet() -> Iterator[None]:
    """Let Dask say nothing on the terminal: what matters is raised."""
    before = {
        logger: logger.level
        for name, logger in logging.Logger.manager.loggerDict.items()
        if name.partition(".")[0] == "distributed" and isinstance(logger, logging.Logger)
    }
    for logger in before:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in before.items():
            logger.setLevel(level)
