"""The road walked once for each thing that people want: load, check, run, compare, rank, forecast. The Python API.

>>> import impactsim
>>> result = impactsim.run(
...     {
...         "impactsim": 1,
...         "name": "Power cut",
...         "system": {
...             "impactsim": 1,
...             "name": "Shop",
...             "components": {
...                 "grid": {"kind": "power"},
...                 "shop": {"needs": [{"component": "grid", "holdover": "10m"}]},
...             },
...         },
...         "events": [{"fail": "grid", "for": "1h"}],
...     }
... )
>>> result.facts.components["shop"].levels
((0, 1.0), (600000, 0.0), (3600000, 1.0))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from numbers import Integral
from os import PathLike
from typing import TYPE_CHECKING, Any

from impactsim.collector import collector_paused
from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.files.reading import (
    LoadedScenario,
    LoadedSystem,
    check_files,
    load_file,
    load_scenario,
    load_scenarios,
    validate_scenario,
    validate_system,
)
from impactsim.problems import InvalidInput, Problem
from impactsim.quantities import TRIALS_LIMIT
from impactsim.reports.assemble import assemble
from impactsim.results import Comparison, ForecastResult, Ranking, Result, SampledComparison, SampledResult

if TYPE_CHECKING:
    from impactsim.files.variants import Given
    from impactsim.reports.rank.asked import Asked
    from impactsim.trials.forecast import Settings

# What samples is imported when it is asked for: a single run takes less time than numpy does to start.

Source = str | PathLike[str] | Mapping[str, Any] | LoadedScenario
"""What can be run: a scenario's file, its content as a mapping, or a scenario that was loaded."""

OnProgress = Callable[[int, int], None]
"""Told how many trials are done, and how many there will be at most."""

_MOST_TRIALS = 1 << 40  # so many have a luck of their own


def load(path: str | PathLike[str]) -> LoadedSystem | LoadedScenario:
    """Read and check a file, system or scenario.

    Raises
    ------
    InvalidInput
        With every problem, if one of them is an error.
    """
    return load_file(str(path))


def check(*paths: str | PathLike[str]) -> list[Problem]:
    """Return every problem of some files, errors and warnings."""
    return check_files([str(path) for path in paths])


def run(
    scenario: Source,
    *,
    trials: int | None = None,
    seed: int | None = None,
    precision: float | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    trial: int | None = None,
    on_progress: OnProgress | None = None,
) -> Result | SampledResult:
    """Run a scenario: once with the median of every uncertain quantity, or many times with draws of all of them.

    Parameters
    ----------
    scenario
        A file, its content as a mapping (with the system in it), or a loaded scenario.
    trials
        How many trials; 1 takes the medians. As many as the scenario says if absent.
    seed
        Seed of all that is drawn, instead of the scenario's own.
    precision
        Stop as soon as the interval of the headline figure (lost user-minutes, or the time until all services are restored
        where there are no users) reaches no further than this share of its mean to either side; 0.02 is 2 %. Without
        `trials`, after a million trials at the latest.
    workers
        How many work at once: all cores of this machine if absent. The figures do not depend on it.
    scheduler
        Address of the scheduler of a Dask cluster that runs the trials.
    trial
        Run this one of the trials alone, from 0: a single run with the figures of that trial, and all its whys.
    on_progress
        Told, now and then, how many trials are done, and how many there will be at most.

    Returns
    -------
    Result
        Of a single run: who is affected, for how long, and why.
    SampledResult
        Of many trials. If they were interrupted, of those that were done (``facts.is_complete``).

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    ValueError
        If a figure here is out of its range, or two exclude one another.
    """
    _demand(trials, seed, precision, workers, trial)
    loaded = _loaded(scenario)
    if seed is not None:
        loaded = replace(loaded, scenario=loaded.scenario.model_copy(update={"seed": seed}))
    if trial is not None:
        return _replay(loaded, trial)
    n_trials = trials or loaded.scenario.trials
    if precision is not None and trials is None:
        from impactsim.trials.sample import MOST_TRIALS

        n_trials = MOST_TRIALS
    if n_trials == 1:
        return _run(loaded)
    return _sample(loaded, n_trials, precision, workers, scheduler, on_progress)


def compare(
    *scenarios: Source,
    trials: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    on_progress: OnProgress | None = None,
) -> Comparison | SampledComparison:
    """Run scenarios side by side; the first is what the others are compared with.

    If any of them asks for many trials, all are run with as many and with one seed, those of the first that asks. So all share
    the luck of what they have in common, and the differences are known much better than the figures.

    Parameters
    ----------
    scenarios
        At least one.
    trials
        How many trials of each; 1 takes the medians.
    seed
        Seed of all that is drawn, in all of them.
    workers
        How many work at once: all cores of this machine if absent. The figures do not depend on it.
    scheduler
        Address of the scheduler of a Dask cluster that runs the trials.
    on_progress
        Told, now and then, how many trials are done, and how many there will be.

    Returns
    -------
    Comparison
        Of single runs.
    SampledComparison
        Of many trials.

    Raises
    ------
    ValueError
        Without a scenario, or if a figure here is out of its range.
    InvalidInput
        With every problem of the files, if one of them is an error.
    """
    if not scenarios:
        raise ValueError("nothing to compare: name at least one scenario")
    _demand(trials, seed, None, workers, None)
    loaded = [_loaded(scenario) for scenario in scenarios]
    first = next((each.scenario for each in loaded if each.scenario.trials > 1), loaded[0].scenario)
    n_trials = trials or first.trials
    if n_trials == 1:
        return Comparison(tuple(_run(each) for each in loaded))
    one_seed = first.seed if seed is None else seed
    return _compare_trials(loaded, n_trials, one_seed, workers, scheduler, on_progress)


def compare_files(
    paths: Sequence[str | PathLike[str]],
    *,
    trials: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    on_progress: OnProgress | None = None,
) -> Comparison | SampledComparison:
    """Compare several scenarios as `compare` does; a system that they share is read once."""
    loaded = load_scenarios([str(path) for path in paths])
    return compare(*loaded, trials=trials, seed=seed, workers=workers, scheduler=scheduler, on_progress=on_progress)


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
    _demand(None, None, precision, workers, None)
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

    loaded = _loaded_system(system)
    asked = Asked() if asked is None else asked
    if asked.starts is None and isinstance(loaded, LoadedScenario):
        asked = replace(asked, starts=loaded.scenario.starts)
    for _, wrong in unknown_names(loaded.system, asked):
        raise ValueError(wrong)
    with collector_paused(), open_workers(workers, None, scheduler) as pool:
        facts = rank_system(loaded.system, asked, pool, on_progress, loaded.problems)
        return Ranking(loaded, facts, tuple(pool.notes))


def _loaded_system(system: Source | LoadedSystem) -> LoadedSystem | LoadedScenario:
    if isinstance(system, LoadedSystem | LoadedScenario):
        return system
    if isinstance(system, Mapping):
        data = dict(system)
        return validate_system(data) if "components" in data else validate_scenario(data)
    return load_file(str(system))


def _loaded(scenario: Source) -> LoadedScenario:
    if isinstance(scenario, LoadedScenario):
        return scenario
    if isinstance(scenario, Mapping):
        return validate_scenario(dict(scenario))
    return load_scenario(str(scenario))


def _demand(
    trials: int | None, seed: int | None, precision: float | None, workers: int | None, trial: int | None
) -> None:
    """Refuse what `run` cannot do."""
    for name, value, least in (("trials", trials, 1), ("seed", seed, 0), ("workers", workers, 1), ("trial", trial, 0)):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise ValueError(f"{name} is {value!r}, and must be a whole number")
        if value < least:
            raise ValueError(f"{name} is {value}, and must be {least} or more")
    if trials is not None and trials > TRIALS_LIMIT:
        raise ValueError(f"trials is {trials:,}, and must be {TRIALS_LIMIT:,} or less")
    if trial is not None and trial >= _MOST_TRIALS:
        raise ValueError(f"trial is {trial}, and must be below 2^40: so many have a luck of their own")
    if precision is not None and not 0.0 < precision <= 1.0:
        raise ValueError(f"precision is {precision}, and must be above 0, and 1 at most; 0.02 is 2 %")
    if trial is not None and (trials is not None or precision is not None):
        raise ValueError("one trial alone is run again: leave out trials and precision")
    if precision is not None and trials == 1:
        raise ValueError("a single run has no interval: leave out trials, or precision")


def _run(loaded: LoadedScenario) -> Result:
    system, scenario = loaded.system, loaded.scenario
    with collector_paused():
        compiled, names = compile_system(system)
        plan, plan_names = compile_plan(system, scenario, compiled, names)
        history = Workspace(compiled).run(plan)
        facts = assemble(system, scenario, compiled, names, plan, plan_names, history)
    return Result(loaded, replace(facts, warnings=tuple(loaded.problems)))


def _replay(loaded: LoadedScenario, trial: int) -> Result:
    from impactsim.trials.jobs import prepare
    from impactsim.trials.replay import replay

    system, scenario = loaded.system, loaded.scenario
    with collector_paused():
        prepared = prepare(system, scenario)
        one = replay(prepared.job, trial)
        audience = (one.audience, prepared.audience_names)
        facts = assemble(
            system, scenario, one.compiled, prepared.names, one.plan, prepared.plan_names, one.history, audience
        )
    return Result(loaded, replace(facts, warnings=tuple(loaded.problems), trial=trial))


def _sample(
    loaded: LoadedScenario,
    n_trials: int,
    precision: float | None,
    workers: int | None,
    scheduler: str | None,
    on_progress: OnProgress | None,
) -> SampledResult:
    from impactsim.reports.sampled.assemble import Request, assemble_sampled
    from impactsim.trials.jobs import prepare
    from impactsim.trials.sample import sample
    from impactsim.trials.workers import open_workers

    system, scenario = loaded.system, loaded.scenario
    with collector_paused():
        prepared = prepare(system, scenario)
    with open_workers(workers, None, scheduler) as pool:
        gathered, is_complete = sample(prepared.job, prepared.limits, n_trials, pool, precision, on_progress)
    request = Request(n_trials, precision, is_complete)
    facts = assemble_sampled(system, scenario, prepared, gathered, request, loaded.problems)
    return SampledResult(loaded, facts, gathered, tuple(pool.notes))


def _compare_trials(
    loaded: Sequence[LoadedScenario],
    n_trials: int,
    seed: int,
    workers: int | None,
    scheduler: str | None,
    on_progress: OnProgress | None,
) -> SampledComparison:
    from impactsim.reports.sampled.compare import compare_trials, trial_by_trial
    from impactsim.trials.jobs import prepare
    from impactsim.trials.sample import sample
    from impactsim.trials.workers import open_workers

    runs = []
    is_complete = True
    with open_workers(workers, None, scheduler) as pool:
        for i, each in enumerate(loaded):
            scenario = each.scenario.model_copy(update={"seed": seed})
            with collector_paused():
                prepared = prepare(each.system, scenario)
            told = None if on_progress is None else _part_of(on_progress, i * n_trials, len(loaded) * n_trials)
            gathered, is_complete = sample(
                prepared.job, prepared.limits, n_trials, pool, None, told, keeps_services=True
            )
            runs.append(trial_by_trial(scenario.name, each.system, prepared.names.components, gathered))
            if not is_complete:
                break
    if len(runs) < min(len(loaded), 2):
        raise KeyboardInterrupt  # there is nothing to compare yet
    return SampledComparison(compare_trials(runs, seed, n_trials, is_complete), tuple(pool.notes))


def _part_of(on_progress: OnProgress, before: int, n_in_all: int) -> OnProgress:
    return lambda done, _: on_progress(before + done, n_in_all)
