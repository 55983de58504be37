"""Scenarios are loaded, checked, run and put side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike

from impactsim.collector import collector_paused
from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.files.reading import LoadedPlan, LoadedScenario, LoadedSystem, check_files, load_file, load_scenarios
from impactsim.problems import Problem
from impactsim.reports.assemble import assemble
from impactsim.results import Comparison, Result, SampledComparison, SampledResult
from impactsim.workflow.given import OnProgress, Source, demand, loaded_scenario

# What samples is imported when it is asked for: a single run takes less time than numpy does to start.


def load(path: str | PathLike[str]) -> LoadedSystem | LoadedScenario | LoadedPlan:
    """Read and check a file: a system, a scenario or a recovery plan.

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
    demand(trials, seed, precision, workers, trial)
    loaded = loaded_scenario(scenario)
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
    demand(trials, seed, None, workers, None)
    loaded = [loaded_scenario(scenario) for scenario in scenarios]
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
            runs.append(trial_by_trial(scenario, each.system, prepared.names.components, gathered))
            if not is_complete:
                break
    if len(runs) < min(len(loaded), 2):
        raise KeyboardInterrupt  # there is nothing to compare yet
    return SampledComparison(compare_trials(runs, seed, n_trials, is_complete), tuple(pool.notes))


def _part_of(on_progress: OnProgress, before: int, n_in_all: int) -> OnProgress:
    return lambda done, _: on_progress(before + done, n_in_all)
