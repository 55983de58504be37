"""An interpreter in a process of its own that runs blocks: for the engine without numba, of which threads would only take turns.

Theory of operation. The process is not a copy of this one and imports nothing of the program that started it, so that
a script or a notebook needs no guard. It reads requests from a pipe and writes blocks to another; a job is asked for the first
time it is named. It ends when its pipe does, however this process ended. It stands outside the group of processes that a
terminal interrupts: Ctrl-C is this process's business.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import cached_property
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from impactsim.problems import ImpactsimError
from impactsim.trials.blocks import Block, Job, Runner

Ints = NDArray[np.int64]

KEPT_JOBS = 2
"""Of how many jobs a worker keeps the memory, so that several can be run in turn."""


class Died(ImpactsimError):
    """A process that runs blocks ended before it answered.

    Parameters
    ----------
    status
        Its exit status; below 0, the signal that ended it.
    """

    def __init__(self, status: int) -> None:
        how = f"was ended by signal {-status}" if status < 0 else f"ended with exit status {status}"
        super().__init__(f"a worker process {how}")
        self.status = status


class Sent:
    """A job on its way to workers: pickled at most once, and known by its key."""

    def __init__(self, key: Hashable, job: Job) -> None:
        self.key = key
        self.job = job

    @cached_property
    def pickled(self) -> bytes:
        """The job as bytes."""
        return pickle.dumps(self.job, pickle.HIGHEST_PROTOCOL)


class Runners:
    """The runners of the last few jobs of one worker."""

    def __init__(self) -> None:
        self._runners: OrderedDict[tuple[Hashable, bool], Runner] = OrderedDict()

    def run(self, key: Hashable, job: Callable[[], Job], is_compiled: bool, trials: Ints) -> Block:
        """Run some trials.

        Parameters
        ----------
        key
            Which job.
        job
            Called for the job if this worker does not have it.
        is_compiled
            Whether by machine code.
        trials
            Their numbers.
        """
        # Taken out meanwhile: what an interruption leaves behind is not used again.
        runner = self._runners.pop((key, is_compiled), None) or Runner(job(), is_compiled)
        block = runner.run(trials)
        self._runners[key, is_compiled] = runner
        if len(self._runners) > KEPT_JOBS:
            self._runners.popitem(last=False)
        return block


class Process:
    """A process that runs blocks, one after the other. It starts at once, and answers when it is ready."""

    def __init__(self) -> None:
        apart: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
            if sys.platform == "win32"
            else {"process_group": 0}
        )
        deaf = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"  # whoever asks is interrupted, and then ends it
        start = f"{deaf}; import sys; sys.path[:] = {sys.path!r}; from impactsim.trials.processes import serve; serve()"
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart
        )

    @property
    def pid(self) -> int:
        """Its number in the operating system."""
        return self._process.pid

    def run(self, sent: Sent, trials: Ints, is_compiled: bool = False) -> Block:
        """Run some trials.

        Raises
        ------
        Died
            If the process ended before it answered.
        """
        to, answers = self._process.stdin, self._process.stdout
        assert to is not None
        assert answers is not None
        try:
            _write(to, (sent.key, is_compiled, trials))
            answer = pickle.load(answers)  # noqa: S301 - from our own process
            if answer is None:
                _write(to, sent.pickled)
                answer = pickle.load(answers)  # noqa: S301
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            self.kill()
            raise Died(self._process.wait()) from error
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Block)
        return answer

    def kill(self) -> None:
        """End the process, whatever it is doing; a thread that waits for its answer sees it die."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process; nobody waits for it any more."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):  # what was not written yet found no reader
                pipe.close()


def serve() -> None:
    """Run what is asked for on standard input until it ends, and answer on what was standard output."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anything prints must not stand among the answers
    try:
        answer_all(requests, answers)
    except (BrokenPipeError, EOFError):
        os._exit(0)  # nobody reads what is left in the pipes


def answer_all(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer each request with its block, or with the exception that it met; with None to be sent its job."""
    runners = Runners()

    def job() -> Job:
        _write(answers, None)
        sent: Job = pickle.loads(pickle.load(requests))  # noqa: S301 - from our own parent
        return sent

    while True:
        try:
            key, is_compiled, trials = pickle.load(requests)  # noqa: S301
        except EOFError:
            return
        try:
            answer: Block | Exception = runners.run(key, job, is_compiled, trials)
        except (BrokenPipeError, EOFError):
            raise
        except Exception as error:  # raised again where the block was asked for
            answer = _sendable(error)
        _write(answers, answer)


def _sendable(error: Exception) -> Exception:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _write(pipe: IO[bytes], what: object) -> None:
    pipe.write(pickle.dumps(what, pickle.HIGHEST_PROTOCOL))
    pipe.flush()
