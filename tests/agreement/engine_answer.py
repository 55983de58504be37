"""The engine's answer in the form of the brute-force one, so that the same examples hold both."""

from __future__ import annotations

from agreement.brute import Outcome
from agreement.brute_state import ReserveInterval
from agreement.brute_users import Bounds, SegmentUsers, ServiceBounds, Users
from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.engine.users import Affected, Range
from impactsim.model.scenario import Scenario
from impactsim.model.system import AnyOf, Component, System
from impactsim.reports.assemble import assemble
from impactsim.reports.facts import Facts, Reserve


def facts_of(system: System, scenario: Scenario) -> Facts:
    """Run twice in one workspace, so that what a run leaves behind would show."""
    compiled, names = compile_system(system)
    plan, plan_names = compile_plan(system, scenario, compiled, names)
    workspace = Workspace(compiled)
    workspace.run(plan)
    return assemble(system, scenario, compiled, names, plan, plan_names, workspace.run(plan))


def run(system: System, scenario: Scenario) -> Outcome:
    """Answer as `agreement.brute.run` does."""
    return outcome_of(system, facts_of(system, scenario))


def outcome_of(system: System, facts: Facts) -> Outcome:
    """Put facts into the form of the brute-force answer."""
    return Outcome(
        end_ms=facts.end_ms,
        levels={name: list(each.levels) for name, each in facts.components.items()},
        reserve={
            name: [_reserve(reserve, system.components[name]) for reserve in each.reserve]
            for name, each in facts.components.items()
        },
        data={name: (each.lost_for_good, each.loss_ms) for name, each in facts.data.items()},
        deadlocks=sorted((frozenset(each.circle) for each in facts.deadlocks), key=sorted),
        users=_users(facts),
    )


def _reserve(reserve: Reserve, owner: Component) -> ReserveInterval:
    is_group = reserve.need is not None and isinstance(owner.needs[reserve.need], AnyOf) and reserve.by == "quorum"
    return ReserveInterval(
        # The brute-force answer counts the need that `at` stands for as the last one.
        need=len(owner.needs) if reserve.need is None else reserve.need,
        from_ms=reserve.from_ms,
        to_ms=None if reserve.is_open else reserve.to_ms,
        by="last" if reserve.by == "quorum" else reserve.by,
        member=reserve.on[0] if reserve.by == "standby" or is_group else None,
        until=reserve.until_ms,
    )


def _users(facts: Facts) -> Users:
    segments = {name: each for name, each in facts.segments.items() if name != "population"}
    population = facts.segments.get("population")
    return Users(
        affected=_bounds(facts.users.affected),
        peak=_bounds(facts.users.peak),
        lost_user_minutes=_bounds(facts.users.lost_user_minutes),
        segments={
            name: SegmentUsers(_bounds(each.affected), _bounds(each.lost_user_minutes), _bounds(each.out_ms))
            for name, each in segments.items()
        },
        services=None if population is None else _services(population),
    )


def _services(population: Affected) -> ServiceBounds:
    figures = (population.affected, population.peak, population.lost_user_minutes)
    return ServiceBounds(*((each.low, each.high) for each in figures))


def _bounds(each: Range) -> Bounds:
    return Bounds(each.low, float("nan") if each.estimate is None else each.estimate, each.high)
