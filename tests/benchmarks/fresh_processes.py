"""A sampled run in a fresh process: with an empty folder of machine code, with a full one, and how much memory it takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from layered_graphs import Graph, Outage, layered, outage, small_outage
from measuring import Row, show

REPEATS = 3

# ---- Our side: what is done in the process that is measured ----
RUN = """
import json, sys, impactsim
trials, words = int(sys.argv[1]), json.load(open(sys.argv[2]))
impactsim.run(words, trials=trials, workers=1) if trials else impactsim.run(words)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""Prints its own peak of memory in KiB: the peak that the system reports of a child includes that of its parent."""
SINGLE = 0
"""In the place of a number of trials: a single run, which samples and compiles nothing."""

COMPONENTS, FEW_TRIALS, TRIALS = 100, 300, 20_000
"""Few are not worth the compiler, many are."""
MANY_COMPONENTS, MANY_TRIALS, BOUND_BYTES = 1000, 1_000_000, 2 << 30


class Usage(NamedTuple):
    """What one process took."""

    cpu_s: float
    wall_s: float
    peak_bytes: int


def cold_start() -> None:
    """Measure a small sampled run with and without the machine code that an earlier run left."""
    with tempfile.TemporaryDirectory() as folder:
        graph = layered(COMPONENTS)
        path = _scenario(Path(folder), graph, outage(graph))
        first, cold = Path(folder) / "first", Path(folder) / "cold"
        # Byte code of Python is there in all cases.
        single = [_spent(path, SINGLE, first) for _ in range(1 + REPEATS)][1:]
        short = _spent(path, FEW_TRIALS, first)
        compiling = _spent(path, TRIALS, cold)
        warm = [_spent(path, TRIALS, cold) for _ in range(REPEATS)]
        short_warm = [_spent(path, FEW_TRIALS, cold) for _ in range(REPEATS)]
        bytes_left = sum(file.stat().st_size for file in cold.rglob("*") if file.is_file())
    assert bytes_left > 1e5, "it was compiled"
    rows = [
        _row("a single run, interpreted", single),
        _row(f"{FEW_TRIALS:,} trials, nothing compiled yet", [short], "interpreted: too few to compile"),
        _row(f"{FEW_TRIALS:,} trials, compiled before", short_warm),
        _row(f"{TRIALS:,} trials, nothing compiled yet", [compiling], f"compiles, leaves {bytes_left / 1e6:.1f} MB"),
        _row(f"{TRIALS:,} trials, compiled before", warm),
    ]
    show(f"Start of a sampled run: whole processes, user + system, {COMPONENTS:,} components", rows)


def memory() -> None:
    """Measure the peak of memory of a million trials."""
    with tempfile.TemporaryDirectory() as folder:
        graph = layered(MANY_COMPONENTS)
        out = small_outage(graph)
        path = _scenario(Path(folder), graph, out)
        usage = _spent(path, MANY_TRIALS, Path(folder) / "cache")
    reached = len(out.reached(graph))
    verdict = "met" if usage.peak_bytes < BOUND_BYTES else "missed"
    remark = f"peak {usage.peak_bytes / 2**20:,.0f} MiB, goal {BOUND_BYTES / 2**20:,.0f} MiB: {verdict}"
    what = f"{MANY_TRIALS:,} trials, {reached} components reached"
    show(f"Memory: {MANY_COMPONENTS:,} components, whole process", [Row(what, usage.cpu_s, remark=remark)])


def _scenario(folder: Path, graph: Graph, out: Outage) -> Path:
    path = folder / "scenario.json"
    path.write_text(json.dumps(out.scenario(graph.system())), encoding="utf-8")
    return path


def _row(what: str, usages: list[Usage], remark: str = "") -> Row:
    wall, peak = median(usage.wall_s for usage in usages), max(usage.peak_bytes for usage in usages)
    clock = f"{wall:.2f} s on the clock, peak {peak / 2**20:,.0f} MiB"
    return Row(what, median(usage.cpu_s for usage in usages), remark=f"{clock}; {remark}" if remark else clock)


def _spent(path: Path, trials: int, cache: Path) -> Usage:
    """Run this file in a process of its own, on one core, with that folder for the machine code."""
    environment = {**os.environ, "IMPACTSIM_CACHE_DIR": str(cache)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", RUN, str(trials), str(path)]
    begun = perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)  # noqa: S603 - our own command
    assert process.stdout is not None
    with process.stdout as printed:
        peak_kib = int(printed.read())
    _, status, used = os.wait4(process.pid, 0)
    wall_s = perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Usage(used.ru_utime + used.ru_stime, wall_s, peak_kib * 1024)
