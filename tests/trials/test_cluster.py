"""A Dask cluster of two worker processes: the bytes of one process, also where workers are lost, and clear refusals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.reports.rank.asked import Asked
from impactsim.trials import cluster as cluster_module
from impactsim.trials.sample import sample
from impactsim.trials.workers import Here, WorkersError, open_workers
from trials.shops import Broken, all_bytes, cut, gather, shop

distributed = pytest.importorskip("distributed")

SHOP = shop()
TRIALS = 150
TESTS = str(Path(__file__).parents[1])


@pytest.fixture(scope="module")
def expected() -> list[bytes]:
    return all_bytes(gather(SHOP, Here(False).blocks(SHOP.job, cut(TRIALS, TRIALS))))


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    """Two worker processes, each with a nanny that starts another when it dies."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        silence_logs=50,  # deaths are what is tested
    ) as cluster:
        yield cluster


def test_a_cluster_leaves_the_bytes_of_one_process(dask: Any, expected: list[bytes]) -> None:
    with open_workers(scheduler=dask.scheduler_address, is_compiled=False) as workers:
        for size in (17, 60):
            assert all_bytes(gather(SHOP, workers.blocks(SHOP.job, cut(TRIALS, size)))) == expected
        gathered, is_complete = sample(SHOP.job, SHOP.limits, TRIALS, workers)
        assert is_complete
        assert all_bytes(gathered) == expected
        assert workers.notes == []


def test_both_workers_work_and_keep_nothing_afterwards(dask: Any) -> None:
    def runs_kept(client: Any) -> list[int]:
        return list(client.run(lambda dask_worker: len(dask_worker.impactsim_runs)).values())

    with distributed.Client(dask, set_as_default=False) as client:
        with open_workers(scheduler=dask.scheduler_address, is_compiled=False) as workers:
            assert len(list(workers.blocks(SHOP.job, cut(100, 5)))) == 20
            assert runs_kept(client) == [1, 1]
        assert runs_kept(client) == [0, 0]


def test_jobs_in_turn_do_not_mix(dask: Any) -> None:
    other = shop(seed=8)
    alone = all_bytes(gather(other, Here(False).blocks(other.job, cut(60, 60))))
    with open_workers(scheduler=dask.scheduler_address, is_compiled=False) as workers:
        list(workers.blocks(SHOP.job, cut(60, 20)))
        assert all_bytes(gather(other, workers.blocks(other.job, cut(60, 20)))) == alone


SCENARIOS = Path(__file__).parents[2] / "scenarios" / "teaching-shop"


@pytest.mark.parametrize(
    "asked",
    [Asked(), Asked(trials=5), Asked(has_pairs=True), Asked(has_hours=True)],
    ids=["all", "trials", "pairs", "hours"],
)
def test_a_ranking_by_a_cluster_has_the_bytes_of_one_process(dask: Any, asked: Asked) -> None:
    system = SCENARIOS / "system.yaml"
    here = impactsim.rank(system, asked, workers=1).to_json()
    assert impactsim.rank(system, asked, scheduler=dask.scheduler_address).to_json() == here


def test_a_forecast_by_a_cluster_has_the_bytes_of_one_process(dask: Any) -> None:
    system = SCENARIOS / "system.yaml"
    here = impactsim.forecast(system, years=60, workers=1).to_json()
    assert impactsim.forecast(system, years=60, scheduler=dask.scheduler_address).to_json() == here


def test_a_comparison_by_a_cluster_has_the_bytes_of_one_process(dask: Any) -> None:
    cut_and_kept = [SCENARIOS / "1-power-cut.yaml", SCENARIOS / "9-how-bad-can-it-get.yaml"]
    here = impactsim.compare(*cut_and_kept, trials=60, workers=1).to_json()
    assert impactsim.compare(*cut_and_kept, trials=60, scheduler=dask.scheduler_address).to_json() == here


def test_what_goes_wrong_on_a_worker_is_raised_here_and_the_cluster_goes_on(dask: Any) -> None:
    job = replace(SHOP.job, loader=Broken())
    with open_workers(scheduler=dask.scheduler_address, is_compiled=False) as workers:
        with pytest.raises(ValueError, match="there is no trial 5"):
            list(workers.blocks(job, cut(20, 2)))
        assert len(list(workers.blocks(job, cut(4, 2)))) == 2


def test_an_interrupted_run_keeps_what_it_has(dask: Any) -> None:
    def stop(done: int, _: int) -> None:
        if done > 20:
            raise KeyboardInterrupt

    with open_workers(scheduler=dask.scheduler_address, is_compiled=False) as workers:
        gathered, is_complete = sample(SHOP.job, SHOP.limits, 5000, workers, on_progress=stop)
    assert not is_complete
    first = gather(SHOP, Here(False).blocks(SHOP.job, cut(gathered.n, gathered.n)))
    assert all_bytes(gathered) == all_bytes(first)


def test_a_lost_worker_loses_no_trial(dask: Any, expected: list[bytes]) -> None:
    with open_workers(scheduler=dask.scheduler_address, is_compiled=False) as workers:
        blocks = workers.blocks(SHOP.job, cut(TRIALS, 10))
        found = [next(blocks)]
        os.kill(_pids(dask)[0], signal.SIGKILL)
        found += blocks
        assert all_bytes(gather(SHOP, found)) == expected


def test_where_all_copies_of_the_job_are_lost_it_is_sent_again(dask: Any, expected: list[bytes]) -> None:
    with open_workers(scheduler=dask.scheduler_address, is_compiled=False) as workers:
        blocks = workers.blocks(SHOP.job, cut(TRIALS, 10))
        found = [next(blocks)]
        for pid in _pids(dask):
            os.kill(pid, signal.SIGKILL)
        found += blocks
        assert all_bytes(gather(SHOP, found)) == expected


def _pids(dask: Any) -> list[int]:
    """Return the processes of the workers; once there are two of them again."""
    for _ in range(100):
        running = [worker.pid for worker in dask.workers.values() if worker.pid is not None]
        if len(running) == 2:
            return running
        time.sleep(0.1)
    raise AssertionError("two workers")


def test_a_worker_with_another_version_is_refused(dask: Any, tmp_path: Path) -> None:
    metadata = tmp_path / "impactsim-9.9.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: impactsim\nVersion: 9.9\n")
    with distributed.Client(dask, set_as_default=False) as client:
        client.wait_for_workers(2)
        worker = next(iter(client.nthreads()))
        # Functions without a name travel as they are: a method of the path would take a copy of it along.
        client.run(lambda path: sys.path.insert(0, path), str(tmp_path), workers=[worker])
        try:
            with (
                pytest.raises(WorkersError, match=rf"{worker} of the cluster has impactsim 9\.9; all need impactsim 0"),
                open_workers(scheduler=dask.scheduler_address),
            ):
                pass
        finally:
            client.run(lambda path: sys.path.remove(path), str(tmp_path), workers=[worker])  # noqa: PLW0108


def test_a_worker_that_comes_later_with_another_version_is_refused(dask: Any) -> None:
    words = cluster_module._Words("run", 0, False, "9.9")
    with distributed.Client(dask, set_as_default=False) as client:
        block = client.submit(cluster_module.run_block, SHOP.job, words, cut(2, 2)[0])
        with pytest.raises(WorkersError, match=r"has impactsim 0\S+; all need impactsim 9\.9"):
            block.result()


def test_what_is_no_scheduler_is_refused(dask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "ANSWER_S", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for address in (f"tcp://127.0.0.1:{port}", "tcp://127.0.0.1:1", "nowhere", "foo://x:1"):
            with pytest.raises(WorkersError, match=rf"^no Dask scheduler answers at {address}$"):
                open_workers(scheduler=address).__enter__()
    with distributed.Client(dask, set_as_default=False) as client:
        worker = next(iter(client.nthreads()))
    with pytest.raises(WorkersError, match=f"^what answers at {worker} is no Dask scheduler$"):
        open_workers(scheduler=worker).__enter__()


def test_a_scheduler_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "ANSWER_S", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as dask,
        pytest.raises(WorkersError, match=r"has no workers$"),
        open_workers(scheduler=dask.scheduler_address),
    ):
        pass


def test_without_dask_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(WorkersError, match=r"pip install 'impactsim\[cluster\]'$"),
        open_workers(scheduler="tcp://127.0.0.1:1"),
    ):
        pass


def test_a_cluster_says_nothing_on_the_terminal(dask: Any) -> None:
    text = (
        "from trials.shops import cut, shop\n"
        "from impactsim.trials.workers import open_workers\n"
        f"with open_workers(scheduler={dask.scheduler_address!r}, is_compiled=False) as workers:\n"
        "    print(len(list(workers.blocks(shop().job, cut(20, 5)))))\n"
    )
    found = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", text], capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": TESTS}
    )
    assert (found.stdout, found.stderr) == ("4\n", "")
