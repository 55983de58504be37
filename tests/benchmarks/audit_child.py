"""One question of the audit's benchmarks in a process of its own: ``audit_child.py TASK ARGUMENT...``.

Only so is the memory that of this question, and nothing that was worked out for another one is at hand.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from resource import RLIMIT_CPU, setrlimit
from time import process_time
from typing import Any, NamedTuple

Task = Callable[..., Any]


class Spent(NamedTuple):
    """What a question took."""

    seconds: float
    """CPU time, from the file to the answer, without imports."""
    peak_bytes: int
    """Of the whole process."""
    answer: Any

    @property
    def memory(self) -> str:
        """The peak in words."""
        return f"{self.peak_bytes / 2**20:,.0f} MiB"


def spent(file: str, task: str, *arguments: object, most_s: int = 600) -> Spent | None:
    """Run a task of a file beside this one in a process; None if it took more than so many seconds of CPU time."""
    command = [sys.executable, str(Path(__file__).parent / file), task, *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, check=False, preexec_fn=lambda: _limit(most_s)
    )
    if done.returncode < 0:
        return None
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
    return Spent(*json.loads(done.stdout))


def _limit(most_s: int) -> None:
    setrlimit(RLIMIT_CPU, (most_s, most_s + 1))


def answer_parent(tasks: dict[str, Task], imported: dict[str, str] | None = None) -> None:
    """Do the task that the command names, and print what it took and its answer; what it imports is imported before."""
    name, *arguments = sys.argv[1:]
    if imported:
        import_module(imported[name])
    begun = process_time()
    answer = tasks[name](*arguments)
    seconds = process_time() - begun
    with Path("/proc/self/status").open(encoding="ascii") as lines:
        peak_kib = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    # Nothing is taken apart at the end: it is not what is asked.
    sys.stdout.write(json.dumps((seconds, peak_kib * 1024, answer)))
    sys.stdout.flush()
    os._exit(0)
