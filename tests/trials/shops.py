"""A shop whose outage lasts nobody knows how long, as a job; and all that its trials leave, as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impactsim.files.reading import validate_scenario
from impactsim.trials.blocks import Block, Job, Loaded
from impactsim.trials.draws import Dealer
from impactsim.trials.gather import Figure, Gathered
from impactsim.trials.jobs import Prepared, prepare
from impactsim.trials.sensitivity import first_order

SHOP = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "grid": {"kind": "power"},
        "diesel": {"kind": "power"},
        "isp": {"kind": "provider"},
        "database": {
            "restart": {"median": "5m", "p90": "20m"},
            "needs": [{"component": "grid", "holdover": {"low": "5m", "high": "40m"}}],
        },
        "shop": {
            "kind": "service",
            "targets": {"rto": "1h"},
            "restart": "2m",
            "needs": ["database", {"any_of": ["isp", "diesel"], "failover": {"low": "1m", "high": "9m"}}],
        },
        "billing": {"kind": "service", "needs": ["database"]},
    },
    "users": {"homes": {"count": 900, "uses": ["shop"]}, "offices": {"count": 120, "uses": ["shop", "billing"]}},
}


def shop_words(**changes: Any) -> dict[str, Any]:
    """Return a power cut and a provider's outage, as an author writes them."""
    events = [
        {"fail": "grid", "for": {"median": "40m", "p90": "3h"}},
        {"fail": "isp", "at": "10m", "for": {"low": "10m", "high": "2h"}},
    ]
    return {"impactsim": 1, "name": "Bad day", "system": SHOP, "events": events, "seed": 7} | changes


def shop(**changes: Any) -> Prepared:
    """Return the job of a bad day of the shop."""
    loaded = validate_scenario(shop_words(**changes))
    return prepare(loaded.system, loaded.scenario)


def gather(prepared: Prepared, blocks: Iterable[Block]) -> Gathered:
    """Put blocks together."""
    gathered = Gathered(prepared.job, prepared.limits)
    for block in blocks:
        gathered.add(block)
    return gathered


def all_bytes(gathered: Gathered) -> list[bytes]:
    """Return everything that trials left: figures, moments, quantiles and what drives the spread."""
    n = gathered.n
    counts = (
        gathered.n_down, gathered.n_affected, gathered.n_not_whole, gathered.n_over_rto,
        gathered.n_over_mtpd, gathered.group_least, gathered.group_most,
    )  # fmt: skip
    arrays: list[NDArray[Any]] = [gathered.figures[:n], gathered.restored_ms[:n], gathered.end_ms[:n], *counts]
    for figure in (gathered.down, gathered.degraded, gathered.longest, gathered.outages, gathered.groups):
        arrays += _of_figure(figure, n)
    return [np.ascontiguousarray(each).tobytes() for each in arrays] + [repr(_shares(gathered)).encode()]


def _of_figure(figure: Figure, n: int) -> list[NDArray[Any]]:
    things = np.arange(figure.moments.n_things)
    exact = (figure.moments.sums(), figure.moments.sums_of_squares())
    sums = [np.array([str(each) for each in numbers]) for numbers in exact]
    return sums + [figure.sketch.quantile(things, p, n) for p in (0.1, 0.5, 0.9)]


def _shares(gathered: Gathered) -> Sequence[object]:
    job: Job = gathered.job
    dealer = Dealer(job.luck, job.fault_luck, job.seed, 2)
    luck = dealer.luck_of(np.arange(gathered.n))
    return first_order(gathered.figures[: gathered.n, 7], luck.__getitem__, [None] * len(luck))


class Broken:
    """A loader that fails in one trial."""

    def load(self, trials: NDArray[np.int64]) -> Loaded:
        if 5 in trials:
            raise ValueError("there is no trial 5")
        none = np.zeros(0, np.int64)
        return Loaded(np.zeros(len(trials) + 1, np.int64), none, none, none, none, none, none)


def cut(n: int, size: int) -> list[NDArray[np.int64]]:
    """Return blocks of trials of one size."""
    return [np.arange(first, min(first + size, n), dtype=np.int64) for first in range(0, n, size)]
