"""From a scenario to the job of its trials: names become numbers, medians stay where nothing is uncertain."""

from __future__ import annotations

from dataclasses import dataclass

from impactsim.audience import AudienceNames, compile_audience
from impactsim.compiled import GROUP, Compiled
from impactsim.compiler import Names, PlanNames, compile_plan, compile_system
from impactsim.engine.reach import reach_of_plan
from impactsim.luck import Luck, Sets, compile_luck, luck_of_faults
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.trials.blocks import Job
from impactsim.trials.gather import Limits

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A job, and what its numbers stand for."""

    job: Job
    limits: Limits
    names: Names
    plan_names: PlanNames
    audience_names: AudienceNames


def prepare(system: System, scenario: Scenario) -> Prepared:
    """Turn a scenario into the job of its trials.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario.
    """
    compiled, names = compile_system(system)
    plan, plan_names = compile_plan(system, scenario, compiled, names)
    audience, audience_names = compile_audience(
        system, names, len(compiled.crew), scenario.starts, _known_until_ms(scenario)
    )
    luck = compile_luck(system, compiled, names, audience_names, reach_of_plan(compiled, plan))
    job = Job(
        compiled=with_chancy_seeds(compiled, luck),
        plan=plan,
        audience=audience,
        hours=audience_names.hours,
        luck=luck,
        fault_luck=tuple(luck_of_faults(system, scenario, names, plan, plan_names)),
        seed=scenario.seed,
        minimum=minimums(system),
        is_service=tuple(int(each.kind == "service") for each in system.components.values()),
        n_causes=len(system.common_causes),
    )
    return Prepared(job, limits_of(system), names, plan_names, audience_names)


def minimums(system: System) -> tuple[float, ...]:
    """Return the level of each component at which the clock of its recovery time stops."""
    return tuple(1.0 if each.targets is None else each.targets.mbco for each in system.components.values())


def limits_of(system: System) -> Limits:
    """Return the recovery times that each component is to hold."""
    targets = [each.targets for each in system.components.values()]
    return Limits.of(
        [None if each is None else each.rto for each in targets],
        [None if each is None else each.mtpd for each in targets],
    )


def with_chancy_seeds(compiled: Compiled, luck: Luck) -> Compiled:
    """Return a system whose first instant also looks at the groups of which a first member may not start."""
    first = {
        compiled.slot_need[each.place]
        for each in luck.quantities
        if each.sets is Sets.DEAD and each.place == compiled.slot_from[compiled.slot_need[each.place]]
    }
    first.update(
        compiled.slot_need[each.place]
        for each in luck.quantities
        if each.sets is Sets.LASTS and each.place == compiled.slot_from[compiled.slot_need[each.place]]
    )
    assert all(compiled.need_form[need] == GROUP for need in first)
    return compiled._replace(seeds=[*compiled.seeds, *sorted(first.difference(compiled.seeds))])


def _known_until_ms(scenario: Scenario) -> int:
    """Return up to when the hours of activity are worked out at first."""
    return DAY_MS if scenario.horizon is None else scenario.horizon
