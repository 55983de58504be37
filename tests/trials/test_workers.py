"""Workers of this machine: the same bytes whoever runs the blocks, in order, few at a time, and nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from impactsim.engine import machine_code
from impactsim.trials import workers as workers_module
from impactsim.trials.blocks import Block
from impactsim.trials.workers import Here, Local, WorkersError, open_workers, usable_cores
from trials.shops import Broken, all_bytes, cut, gather, shop

Ints = NDArray[np.int64]

TESTS = Path(__file__).parents[1]
TRIALS = 120
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
SHOP = shop()


@pytest.fixture(scope="module")
def expected() -> list[bytes]:
    return all_bytes(gather(SHOP, Here(False).blocks(SHOP.job, cut(TRIALS, TRIALS))))


@pytest.fixture(scope="module")
def _compiled() -> None:
    """Machine code in the cache, which takes a minute where it is not there."""
    pytest.importorskip("numba")
    if not machine_code.is_cached():
        list(Here(True).blocks(SHOP.job, cut(1, 1)))


def processes(n: int = 2) -> Local:
    return Local(n, False, alone_s=0.0)


def pids(local: Local) -> list[int]:
    return [seat.pid for seat in local._all_seats if seat.pid is not None]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        state = (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] if Path("/proc/self").exists() else "?"
        )
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"  # ended, and nobody has asked yet


def ends_soon(pid: int) -> bool:
    for _ in range(100):
        if not is_running(pid):
            return True
        time.sleep(0.05)
    return False


def test_the_trials_of_the_shop_differ() -> None:
    gathered = gather(SHOP, Here(False).blocks(SHOP.job, cut(TRIALS, 50)))
    assert len(np.unique(gathered.figures[:, 7])) > TRIALS / 2
    assert len(np.unique(gathered.restored_ms)) > TRIALS / 2


@pytest.mark.parametrize("size", [1, 7, 50])
def test_blocks_of_any_size_leave_the_same_bytes(size: int, expected: list[bytes]) -> None:
    assert all_bytes(gather(SHOP, Here(False).blocks(SHOP.job, cut(TRIALS, size)))) == expected


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("size", [11, 40])
def test_processes_leave_the_same_bytes(n: int, size: int, expected: list[bytes]) -> None:
    with processes(n) as local:
        assert all_bytes(gather(SHOP, local.blocks(SHOP.job, cut(TRIALS, size)))) == expected
        assert len(pids(local)) == (2 if n == 2 else 0)
        assert local.notes == []


@pytest.mark.usefixtures("_compiled")
@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("size", [11, 40])
def test_threads_of_machine_code_leave_the_same_bytes(n: int, size: int, expected: list[bytes]) -> None:
    with Local(n, True, alone_s=0.0) as local:
        assert all_bytes(gather(SHOP, local.blocks(SHOP.job, cut(TRIALS, size)))) == expected
        assert pids(local) == []


def test_what_is_short_starts_no_process() -> None:
    with Local(2, False) as local:
        list(local.blocks(SHOP.job, cut(4, 2)))
        assert pids(local) == []


def test_blocks_come_in_the_order_of_the_tasks() -> None:
    tasks = [np.arange(40), np.array([90]), np.array([3, 2]), np.arange(50, 70), np.array([80])]
    with processes() as local:
        found = [block.trials.tolist() for block in local.blocks(SHOP.job, tasks)]
    assert found == [task.tolist() for task in tasks]


def test_few_blocks_are_under_way_at_a_time() -> None:
    taken = 0

    def tasks() -> Iterator[Ints]:
        nonlocal taken
        for task in cut(40, 2):
            taken += 1
            yield task

    with processes() as local:
        for back, _ in enumerate(local.blocks(SHOP.job, tasks()), start=1):
            assert taken - back < 2 * local.n


def test_whoever_stops_listening_leaves_no_process() -> None:
    with processes() as local:
        blocks = local.blocks(SHOP.job, cut(10_000, 50))
        next(blocks)
        blocks.close()
        started = pids(local)
        assert len(started) == 2
        # The same workers do something else afterwards.
        assert [len(block.trials) for block in local.blocks(SHOP.job, cut(6, 3))] == [3, 3]
    assert all(ends_soon(pid) for pid in started)


def test_jobs_in_turn_do_not_mix() -> None:
    prepared = [shop(seed=seed) for seed in (1, 2, 3)]
    alone = [all_bytes(gather(each, Here(False).blocks(each.job, cut(20, 20)))) for each in prepared]
    assert alone[0] != alone[1] != alone[2]
    with processes() as local:
        for _ in range(2):
            found = [all_bytes(gather(each, local.blocks(each.job, cut(20, 5)))) for each in prepared]
            assert found == alone


@POSIX
def test_a_worker_that_dies_loses_no_trial(expected: list[bytes]) -> None:
    with processes() as local:
        blocks = local.blocks(SHOP.job, cut(TRIALS, 4))
        found = [next(blocks)]
        os.kill(pids(local)[0], signal.SIGKILL)
        found += blocks
        assert all_bytes(gather(SHOP, found)) == expected
        assert local.notes == ["a worker process was ended by signal 9; its trials were run again in the main process"]


def test_the_answer_of_a_dead_worker_says_how_it_ended() -> None:
    assert str(workers_module.Died(3)) == "a worker process ended with exit status 3"


def test_what_goes_wrong_in_a_worker_is_raised_here_and_the_worker_goes_on() -> None:
    job = replace(SHOP.job, loader=Broken())
    with processes() as local:
        with pytest.raises(ValueError, match="there is no trial 5"):
            list(local.blocks(job, cut(20, 2)))
        assert len(list(local.blocks(job, cut(4, 2)))) == 2


SCRIPT = """
import os, sys
sys.path.insert(0, {tests!r})
from impactsim.trials.sample import sample
from impactsim.trials.workers import Local
from trials.shops import shop

prepared = shop()
with Local(2, False, alone_s=0.0) as local:
    def tell(done, n, told=[]):
        running = [seat.pid for seat in local._all_seats]
        if not told and None not in running:
            told.append(print(*running, flush=True))
    gathered, is_complete = sample(prepared.job, prepared.limits, 1_000_000, local, on_progress=tell)
print(is_complete, 0 < gathered.n == len(gathered.figures) < 1_000_000)
"""


@pytest.fixture
def script() -> Iterator[subprocess.Popen[str]]:
    """A script without a guard around what it does, in a group of processes of its own."""
    text = textwrap.dedent(SCRIPT.format(tests=str(TESTS)))
    with subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-c", text],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        with suppress(ProcessLookupError):
            process.kill()


@POSIX
def test_an_interrupted_run_says_what_it_has_and_leaves_nobody(script: subprocess.Popen[str]) -> None:
    assert script.stdout is not None
    running = [int(pid) for pid in script.stdout.readline().split()]
    os.killpg(script.pid, signal.SIGINT)  # as a terminal does it
    out, err = script.communicate(timeout=30)
    assert (out, err, script.returncode) == ("False True\n", "", 0)
    assert all(ends_soon(pid) for pid in running)


@POSIX
def test_workers_end_when_whoever_started_them_is_killed(script: subprocess.Popen[str]) -> None:
    assert script.stdout is not None
    running = [int(pid) for pid in script.stdout.readline().split()]
    assert all(is_running(pid) for pid in running)
    script.kill()
    assert all(ends_soon(pid) for pid in running)
    assert script.stderr is not None
    assert script.stderr.read() == ""


def test_without_numba_it_is_said_and_machine_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    with open_workers(1) as workers:
        assert [block.trials.tolist() for block in workers.blocks(SHOP.job, cut(2, 2), 10**9)] == [[0, 1]]
        assert not workers.is_compiled
        assert workers.notes == [workers_module.WITHOUT_NUMBA]
    with pytest.raises(WorkersError, match=r"pip install 'impactsim\[fast\]'"), open_workers(1, is_compiled=True):
        pass


def test_asking_whether_to_compile_does_not_import_numba() -> None:
    text = "import sys; from impactsim.trials.workers import open_workers\nwith open_workers(): print('numba' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout == "False\n"


def block_of(n: int, seconds: float) -> Block:
    [block] = Here(False).blocks(SHOP.job, cut(n, n))
    return replace(block, seconds=seconds)


@pytest.mark.parametrize(
    ("n_trials", "seconds", "workers", "is_slow"),
    [
        (1000, 0.6, 1, True),  # 990 times 60 ms
        (1000, 0.6, 2, False),  # half of that each
        (10_000, 0.4, 1, False),  # too early to say
        (None, 19.0, 1, False),  # nobody knows what is left
        (None, 21.0, 1, True),
    ],
)
def test_what_would_take_longer_than_the_compiler_is_compiled(
    n_trials: int | None, seconds: float, workers: int, is_slow: bool
) -> None:
    pace = workers_module._Pace()
    pace.begin(n_trials)
    pace.add(block_of(10, seconds))
    assert pace.is_slow(workers) == is_slow


@pytest.mark.usefixtures("_compiled")
@pytest.mark.parametrize("n", [1, 2])
def test_machine_code_may_take_over_in_the_middle(
    n: int, expected: list[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(workers_module, "_WORTH_S", 0.0)
    monkeypatch.setattr(workers_module, "_SHOWN_S", 0.0)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("IMPACTSIM_CACHE_DIR", str(tmp_path))
        local = Local(n, alone_s=0.0)
    assert not local.is_compiled

    def tasks() -> Iterator[Ints]:
        yield from cut(20, 4)
        for _ in range(600):
            if local.is_compiled:
                break
            time.sleep(0.1)
            yield np.arange(1)
        yield np.arange(20, TRIALS)

    with local:
        blocks = list(local.blocks(SHOP.job, tasks(), 10**6))
        assert local.is_compiled
        [note] = local.notes
        assert note.startswith("the engine was compiled on the way")
    once = [block for i, block in enumerate(blocks) if i < 5 or block.trials[0] > 0]
    assert all_bytes(gather(SHOP, once)) == expected


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no affinity on this system")
def test_only_cores_that_this_process_may_use_are_counted() -> None:
    text = "import os; from impactsim.trials.workers import usable_cores; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); print(usable_cores())"
    found = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout == "1\n"
    assert usable_cores() == len(os.sched_getaffinity(0))
