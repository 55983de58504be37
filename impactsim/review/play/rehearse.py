"""A scenario played with the plan (S10): by the medians with all whys, and over trials for what can be achieved (S10.7)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from impactsim.files.loading import LoadedScenario
from impactsim.model.plan import PlanScenario, RecoveryPlan, ServicePlan
from impactsim.model.system import Component, System
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.review.facts import Rehearsal, ServiceRecovery
from impactsim.review.findings.by_itself import returns_in
from impactsim.review.play.called import calls_of, destroyed_in, needs_run, unrestored_in, unused_in
from impactsim.review.play.doers import DECLARATION, DETECTION, id_of, step_of
from impactsim.review.play.done import gates_of, steps_of
from impactsim.review.play.paths import Paths, plain
from impactsim.review.play.settle import median_run, settle
from impactsim.review.play.urgency import below

if TYPE_CHECKING:
    from impactsim.review.play.recovered import Trials
    from impactsim.trials.workers import Workers

_NEARLY = 0.9
"""A target that is met in fewer of the trials is missed, or nearly so."""


def rehearse(
    plan: RecoveryPlan,
    place: PlanScenario,
    loaded: LoadedScenario,
    workers: Workers,
    n_trials: int,
    seed: int,
    *,
    with_users: bool = True,
) -> Rehearsal:
    """Play a scenario with the steps of a plan as the repairs.

    Parameters
    ----------
    plan
        The plan.
    place
        What it says about the scenario.
    loaded
        The scenario, and its system.
    workers
        Who runs the trials.
    n_trials
        How many trials, 1 or more.
    seed
        Seed of all that is drawn, instead of the scenario's own.
    with_users
        Is it to be told how many people are affected over time?

    Returns
    -------
    Rehearsal
        The same for the same arguments, whoever runs the trials.
    """
    from impactsim.review.play.recovered import run_trials, spread

    system, scenario = loaded.system, loaded.scenario.model_copy(update={"seed": seed})
    without = median_run(system, scenario) if needs_run(plan) else None
    calls = calls_of(plan, scenario, system, without)
    woven = settle(plan, place, scenario, system, calls)
    run = replace(median_run(woven.system, woven.scenario), warnings=tuple(loaded.problems))
    paths = Paths(woven, run)
    names = [name for name in plan.services if name in system.components]
    trials = run_trials(woven, names, n_trials, workers, with_users=with_users)
    gone = {name for name in destroyed_in(scenario, system) if _is_data(system.components[name])}
    needed = _data_needed(system, names, gone)
    found = [name for name in system.components if name in gone]
    services = {name: _service(name, plan.services[name], run, paths, trials, needed[name]) for name in names}
    critical = _critical(services)
    return Rehearsal(
        name=scenario.name,
        file=place.file,
        n_trials=n_trials,
        seed=seed,
        declared=trials.declared,
        steps=steps_of(plan, woven, run, paths, trials.ends, critical),
        services=services,
        losses={name: spread(lost) for name in found if (lost := trials.lost((name,))) is not None},
        run=run,
        users=trials.users,
        unrestored=unrestored_in(plan, scenario, system, calls),
        unused_steps=unused_in(plan, scenario, system, calls),
        by_itself=returns_in(plan, scenario, system),
        run_without_plan=without,
        system=woven.system,
        gates=gates_of(plan, woven, run, paths, trials.ends, critical),
    )


def _service(
    name: str, words: ServicePlan, run: Facts, paths: Paths, trials: Trials, data: tuple[str, ...]
) -> ServiceRecovery:
    from impactsim.review.play.recovered import chance, spread

    minimum = 1.0 if words.mbco is None else words.mbco
    rto_ms, after_ms = trials.below(name, minimum)
    rpo_ms = trials.lost(data)
    path = paths.of_service(name, minimum)
    back_ms = paths.levels.back_ms(name, minimum)
    return ServiceRecovery(
        id=name,
        is_affected=back_ms != 0 or bool((rto_ms > 0).any()),
        rto=spread(rto_ms),
        from_declaration=spread(after_ms),
        p_rto_met=chance(rto_ms, None if words.rto is None else words.rto.target),
        rpo=None if rpo_ms is None else spread(rpo_ms),
        p_rpo_met=None if rpo_ms is None else chance(rpo_ms, None if words.rpo is None else words.rpo.target),
        back_ms=back_ms,
        wave=max((paths.waves.get(each, 0) for each in path), default=0),
        critical_path=tuple(map(plain, path)),
        because=_because(run.components[name], minimum),
    )


def _because(service: ComponentFacts, minimum: float) -> tuple[str, ...]:
    """Return what held a service down last, and what stands behind that, to what failed first; without the steps."""
    below = [why for why in service.why if why.level < minimum]
    if not below:
        return ()
    # A rise to less than everything says what is missing still, and not what had been waited for.
    later = [why for why in service.why if why.at_ms > below[-1].at_ms][:1]
    for why in (*(each for each in later if each.level >= 1.0), below[-1]):
        chain = tuple(each for each in why.because if step_of(each) is None)
        if chain:
            return chain
    return ()


def _critical(services: Mapping[str, ServiceRecovery]) -> set[str]:
    """Return the doers on the critical paths of what misses its target, or nearly so, and of what comes back last."""
    hit = [each for each in services.values() if each.is_affected]
    last_ms = max((_back(each) for each in hit), default=0.0)
    matter = [
        each for each in hit if _back(each) == last_ms or (each.p_rto_met is not None and each.p_rto_met[0] < _NEARLY)
    ]
    gates = {plain(gate): gate for gate in (DETECTION, DECLARATION)}
    return {gates.get(step) or id_of(step) for each in matter for step in each.critical_path}


def _back(service: ServiceRecovery) -> float:
    return math.inf if service.back_ms is None else float(service.back_ms)


def _is_data(component: Component) -> bool:
    return component.kind == "data" or bool(component.copies)


def _data_needed(system: System, services: list[str], destroyed: set[str]) -> dict[str, tuple[str, ...]]:
    """Return what of the destroyed data each service needs, through any number of needs to run, to start or to stay up."""
    return {
        service: tuple(name for name in system.components if name in destroyed and name in found)
        for service in services
        for found in [below(system, service) if destroyed else set()]
    }
