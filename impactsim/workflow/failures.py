"""What fails of itself: every single failure ranked, and the years of a system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from os import PathLike
from typing import TYPE_CHECKING, Any

from impactsim.collector import collector_paused
from impactsim.files.reading import LoadedScenario, LoadedSystem
from impactsim.problems import InvalidInput
from impactsim.results import ForecastResult, Ranking
from impactsim.workflow.given import OnProgress, Source, demand, loaded_system

if TYPE_CHECKING:
    from impactsim.files.variants import Given
    from impactsim.reports.rank.asked import Asked
    from impactsim.trials.forecast import Settings


def forecast(
    system: str | PathLike[str] | Mapping[str, Any],
    *,
    years: int = 1000,
    changes: Sequence[Given | Sequence[Mapping[str, Any]]] = (),
    settings: Settings | None = None,
    precision: float | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    on_progress: OnProgress | None = None,
) -> ForecastResult:
    """Say what an average year of a system is like, and what changes would buy.

    Parameters
    ----------
    system
        A file, or its content as a mapping: a system, or a scenario, of which the system with its changes counts.
    years
        How many years.
    changes
        What-ifs, each a file, its content as a mapping with ``name`` and ``changes``, or a list of such mappings.
    settings
        Seed, run-in and begin of the year.
    precision
        Stop as soon as the interval of the mean lost user-minutes (of the time down of all services together where there are
        no users) reaches no further than this share of it to either side.
    workers
        How many work at once: all cores of this machine if absent. The figures do not depend on it.
    scheduler
        Address of the scheduler of a Dask cluster that runs the years.
    on_progress
        Told, now and then, how many years are done, and how many there will be at most, all what-ifs together.

    Returns
    -------
    ForecastResult
        If it was interrupted, of those years that were done (``facts.is_complete``).

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error, or if nothing fails in the system.
    ValueError
        If a figure here is out of its range.
    """
    from impactsim.files.variants import load_variants
    from impactsim.reports.forecast.assemble import Change, Request, assemble_forecast
    from impactsim.trials.forecast import Settings, prepare_years, problems_of
    from impactsim.trials.workers import open_workers
    from impactsim.trials.years import forecast as run_years

    if isinstance(years, bool) or not isinstance(years, Integral) or years < 1:
        raise ValueError(f"years is {years!r}, and must be a whole number of 1 or more")
    demand(None, None, precision, workers, None)
    settings = settings or Settings()
    today, *what_ifs = load_variants(system, changes)
    found = [today.place(problem) for problem in problems_of(today.system)]
    found += [each.place(problem) for each in what_ifs for problem in problems_of(each.system, may_be_nothing=True)]
    if found:
        raise InvalidInput(found)
    with collector_paused():
        prepared = [prepare_years(each.system, settings) for each in (today, *what_ifs)]
    with open_workers(workers, None, scheduler) as pool:
        result = run_years(prepared, years, pool, precision, on_progress)
    words = [Change(each.name, each.file, each.problems) for each in what_ifs]
    facts = assemble_forecast(result, words, Request(years, precision), today.problems)
    return ForecastResult(today.system, facts, result, tuple(pool.notes))


def rank(
    system: Source | LoadedSystem,
    asked: Asked | None = None,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    on_progress: OnProgress | None = None,
) -> Ranking:
    """Rank every single failure of a system by what it does to the users.

    Parameters
    ----------
    system
        A system or a scenario, of which the system with its changes counts, and its start: a file, its content as a mapping,
        or what was loaded.
    asked
        What the ranking is to say; all failures, with medians, if absent.
    workers
        How many work at once: all cores of this machine if absent. The figures do not depend on it.
    scheduler
        Address of the scheduler of a Dask cluster that runs the failures.
    on_progress
        Told, now and then, how many runs are done, and how many there will be.

    Returns
    -------
    Ranking
        Every failure, the worst first.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    ValueError
        If something was asked for that is not in the system.
    """
    from impactsim.reports.rank.asked import Asked, unknown_names
    from impactsim.reports.rank.assemble import rank as rank_system
    from impactsim.trials.workers import open_workers

    loaded = loaded_system(system)
    asked = Asked() if asked is None else asked
    if asked.starts is None and isinstance(loaded, LoadedScenario):
        asked = replace(asked, starts=loaded.scenario.starts)
    for _, wrong in unknown_names(loaded.system, asked):
        raise ValueError(wrong)
    with collector_paused(), open_workers(workers, None, scheduler) as pool:
        facts = rank_system(loaded.system, asked, pool, on_progress, loaded.problems)
        return Ranking(loaded, facts, tuple(pool.notes))
