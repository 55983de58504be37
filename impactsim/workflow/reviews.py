"""A recovery plan is reviewed: does it hold?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from os import PathLike
from typing import Any

from impactsim.collector import collector_paused
from impactsim.files.reading import LoadedPlan, load_plan, validate_plan
from impactsim.results import Review
from impactsim.workflow.given import OnProgress, demand

_FEW_RUNS = 50
"""So few are interpreted in less time than machine code takes to be loaded."""


def review_plan(
    plan: str | PathLike[str] | Mapping[str, Any] | LoadedPlan,
    *,
    as_of: date | None = None,
    trials: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    with_changes: bool = True,
    on_progress: OnProgress | None = None,
) -> Review:
    """Say whether a disaster-recovery plan holds: what is achievable, what contradicts what, and what would close the gaps.

    Parameters
    ----------
    plan
        A file, its content as a mapping (files that it names are looked for in the present folder), or a loaded plan.
    as_of
        The day for which ages of tests and figures are counted; the day of the plan if absent.
    trials
        How many trials of each scenario; as many as the plan says if absent.
    seed
        Seed of all that is drawn, instead of the plan's own.
    workers
        How many work at once: all cores of this machine if absent. The figures do not depend on it.
    with_changes
        Are the changes of the plan to be tried? Each takes a review of its own, with 300 trials at most.
    on_progress
        Told, after each scenario, how many trials are done, and how many there will be.

    Returns
    -------
    Review
        Rows of the services, findings, what was played, what changes would close.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    ValueError
        If a figure here is out of its range, or if neither the plan nor `as_of` says for which day ages are counted.
    """
    from impactsim.review.whole import review
    from impactsim.trials.workers import open_workers

    demand(trials, seed, None, workers, None)
    loaded = loaded_plan(plan)
    day = _day(loaded, as_of)
    is_short = _n_runs(loaded, trials, with_changes) <= _FEW_RUNS
    with collector_paused(), open_workers(workers, is_compiled=False if is_short else None) as pool:
        facts = review(loaded, day, pool, trials=trials, seed=seed, with_changes=with_changes, on_progress=on_progress)
        return Review(loaded, facts, tuple(pool.notes))


def _n_runs(loaded: LoadedPlan, trials: int | None, with_changes: bool) -> int:
    """Return how many trials are run at most."""
    n_looks = 1 + (len(loaded.plan.changes) if with_changes else 0)
    return len(loaded.scenarios) * (loaded.plan.trials if trials is None else trials) * n_looks


def loaded_plan(plan: str | PathLike[str] | Mapping[str, Any] | LoadedPlan) -> LoadedPlan:
    """Return a plan that holds together."""
    if isinstance(plan, LoadedPlan):
        return plan
    if isinstance(plan, Mapping):
        return validate_plan(dict(plan))
    return load_plan(str(plan))


def _day(loaded: LoadedPlan, as_of: date | None) -> date:
    if isinstance(as_of, datetime):
        return as_of.date()
    day = as_of or loaded.plan.as_of
    if day is None:
        raise ValueError("the plan does not say of which day it is; give as_of, the day for which ages are counted")
    return day
