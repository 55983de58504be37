"""A plan woven into a scenario with the people settled: the medians are run until nobody is in two places (S10.6)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.repair import JOB_DONE, JOB_WORKING
from impactsim.engine.timeline import Workspace
from impactsim.model.plan import PlanScenario, RecoveryPlan
from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.assemble import assemble
from impactsim.reports.facts import Facts
from impactsim.review.play.called import Calls, called_before
from impactsim.review.play.doers import DECLARATION, DETECTION, gate_of, id_of
from impactsim.review.play.people import Span, kept_in_order, roles_of, staff
from impactsim.review.play.urgency import tiers_of
from impactsim.review.play.weave import weave


@dataclass(frozen=True, slots=True)
class Woven:
    """A plan in a scenario, ready to be run."""

    system: System
    scenario: Scenario
    calls: Calls
    people: dict[str, tuple[tuple[str, str], ...]]
    """(role, person) of each doer that begins, by its id in runs."""
    postponed: dict[str, tuple[str, ...]]
    """What each doer was put after, because nobody was free; itself where there are not so many people."""
    planned: dict[str, tuple[str, ...]]
    """What each doer waits for as the plan says: steps and gates, by their ids in runs."""


def median_run(system: System, scenario: Scenario) -> Facts:
    """Run a scenario by the medians."""
    compiled, names = compile_system(system)
    plan, plan_names = compile_plan(system, scenario, compiled, names)
    return assemble(system, scenario, compiled, names, plan, plan_names, Workspace(compiled).run(plan))


def settle(plan: RecoveryPlan, place: PlanScenario, scenario: Scenario, system: System, calls: Calls) -> Woven:
    """Weave a plan into a scenario, with people for all that is to be done.

    Parameters
    ----------
    plan, place
        The plan, and what it says about the scenario.
    scenario, system
        What happens, and to what.
    calls
        When each step is called for.
    """
    planned = _planned(plan, calls)
    tiers = tiers_of(plan, system)
    postponed: dict[str, tuple[str, ...]] = {}
    while True:
        woven = weave(plan, place, scenario, system, calls, postponed)
        spans = _spans(*woven, planned) if any(roles_of(plan).values()) else []
        known = _joined(planned, postponed)
        staffed = staff(plan, spans, known, tiers)
        if not staffed.postponed:
            break
        # Each is new, and none closes a circle: there is an end.
        postponed = _joined(postponed, _grouped(staffed.postponed))
    order = _joined(postponed, _grouped(kept_in_order(staffed, _until_done_for_good(spans, calls), known)))
    system, scenario = weave(plan, place, scenario, system, calls, order)
    return Woven(system, scenario, calls, staffed.people, postponed, planned)


def _planned(plan: RecoveryPlan, calls: Calls) -> dict[str, tuple[str, ...]]:
    """Return what each doer of a scenario waits for, as the plan says."""
    if not calls:
        return {}
    found: dict[str, tuple[str, ...]] = {DECLARATION: (DETECTION,)}
    for name in calls:
        gate = gate_of(plan.steps[name])
        steps = map(id_of, called_before(plan, calls, name))
        found[id_of(name)] = (*steps, *(() if gate is None else (gate,)))
    return found


def _until_done_for_good(spans: list[Span], calls: Calls) -> list[Span]:
    """Let those works never end whose doer was called again and did not begin again."""
    times = {id_of(name): len(each) for name, each in calls.items()}
    begun = Counter(span.doer for span in spans)
    return [span if begun[span.doer] >= times.get(span.doer, 1) else span._replace(ends_ms=math.inf) for span in spans]


def _grouped(pairs: Collection[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for doer, other in pairs:
        found[doer] = (*found.get(doer, ()), other)
    return found


def _joined(one: dict[str, tuple[str, ...]], other: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    keys = dict.fromkeys([*one, *other])
    return {key: tuple(dict.fromkeys((*one.get(key, ()), *other.get(key, ())))) for key in keys}


def _spans(system: System, scenario: Scenario, doers: Collection[str]) -> list[Span]:
    """Return when the works of doers began and ended, by the medians; those that never began are left out."""
    compiled, names = compile_system(system)
    plan, _ = compile_plan(system, scenario, compiled, names)
    record = Workspace(compiled).run(plan).record
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    for fault, at_ms, status in zip(record.job_fault, record.job_at_ms, record.job_status, strict=True):
        if status == JOB_WORKING:
            begins.setdefault(fault, at_ms)
        elif status == JOB_DONE:
            ends[fault] = at_ms
            begins.setdefault(fault, at_ms)
    doer_of = {fault: names.components[component] for fault, component in enumerate(plan.fault_component)}
    return [
        Span(doer_of[fault], at_ms, ends.get(fault, math.inf))
        for fault, at_ms in sorted(begins.items())
        if doer_of[fault] in doers
    ]
