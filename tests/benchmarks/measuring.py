"""CPU time of this process and of whole processes, and the table that is printed.

CPU time, not the clock on the wall: other work on the machine then counts for less. Every figure stands beside a peer
that was measured in the same run, because only their ratio means something on another machine.
"""

from __future__ import annotations

import gc
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from time import process_time
from typing import Any

ENOUGH_S = 0.02
"""What takes less is repeated within one measurement."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    seconds: float
    peer: str = ""
    peer_seconds: float = 0.0
    remark: str = ""
    goal: float | None = None
    """The ratio, or without a peer the seconds, that should not be exceeded."""

    def __str__(self) -> str:
        """Return the line."""
        figure = self.seconds if not self.peer else self.seconds / self.peer_seconds
        verdict = "" if self.goal is None else f"goal {self.goal:g}: {'met' if figure < self.goal else 'missed'}"
        beside = f"{figure:9.3g} x {self.peer} ({_written(self.peer_seconds)})" if self.peer else ""
        return f"{self.what:<48} {_written(self.seconds):>10} {beside:<52} {verdict:<16} {self.remark}".rstrip()


def _written(seconds: float) -> str:
    if seconds >= 0.1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-4 else f"{seconds * 1e6:.2f} us"


def show(title: str, rows: Sequence[Row | str]) -> None:
    """Print a part of the table."""
    print(f"\n{title}", *(f"  {row}" for row in rows), sep="\n", flush=True)  # noqa: T201 - a benchmark prints


def cpu_seconds(action: Callable[[], Any], repeats: int = 5, *, collector: bool = False) -> float:
    """Return the median CPU time of one call of `action`, in seconds; with the collector of cycles only if asked for."""
    with nullcontext() if collector else collector_paused():
        begun = process_time()
        action()
        once = process_time() - begun
        if once > 1.0:
            return once
        calls = max(1, round(ENOUGH_S / max(once, 1e-6)))
        return median(_timed(action, calls) / calls for _ in range(repeats))


def _timed(action: Callable[[], Any], calls: int) -> float:
    begun = process_time()
    for _ in range(calls):
        action()
    return process_time() - begun


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the collector of cycles out of a measurement."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def process_seconds(commands: Sequence[Sequence[str]], repeats: int = 7) -> list[float]:
    """Return the median CPU time (user and system) of whole processes, in seconds.

    All commands in turn, so that a slow spell of the machine meets them all; with their byte code cached.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = folder
        for command in commands:
            _process_seconds(command, environment)
        rounds = [[_process_seconds(command, environment) for command in commands] for _ in range(repeats)]
    return [median(figures) for figures in zip(*rounds, strict=True)]


def _process_seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own commands
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
