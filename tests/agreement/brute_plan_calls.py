"""The brute-force answer for plans, first part: which steps a scenario calls for, and when (S10.1)."""

from __future__ import annotations

from agreement.brute_automaton import Automaton
from impactsim.model.plan import RecoveryPlan, RecoveryStep
from impactsim.model.scenario import Degrade, Destroy, Event, Fail, Scenario, Strike
from impactsim.model.system import AnyOf, System

Calls = dict[str, list[int]]
"""Times of the calls of each step that is called for, in order."""


def calls_of(plan: RecoveryPlan, system: System, scenario: Scenario) -> Calls:
    """Return when each step is called for."""
    times: dict[str, set[int]] = {}
    without = None
    for name, step in plan.steps.items():
        times[name] = {event.at for event in until_horizon(scenario) if lasting(event, system) & {*step.restores}}
        if step.switches is not None:
            without = without or finished(system, scenario)
            times[name] |= _switch_call(step, system, scenario, without)
    calls = {name: sorted(each) for name, each in times.items() if each}
    return calls | _calls_of_others(plan, scenario, calls)


def finished(system: System, scenario: Scenario) -> Automaton:
    """Return the run without the plan, at its end."""
    automaton = Automaton(system, scenario)
    automaton.run()
    return automaton


def until_horizon(scenario: Scenario) -> list[Event]:
    """Return what happens until the horizon, in the order of the file."""
    return [event for event in scenario.events if scenario.horizon is None or event.at <= scenario.horizon]


def lasting(event: Event, system: System) -> set[str]:
    """Return what an event may leave with a fault that does not end by itself."""
    if isinstance(event, Destroy):
        return {*event.destroy}
    if event.lasts is not None or event.then:
        return set()
    if isinstance(event, Strike):
        struck = (system.common_causes[cause].strikes.items() for cause in event.strike)
        return {name for strikes in struck for name, probability in strikes if probability > 0}
    return {*event.degrade} if isinstance(event, Degrade) else {*event.fail} if isinstance(event, Fail) else set()


def destroyed(scenario: Scenario) -> set[str]:
    """Return what events destroy until the horizon."""
    return {name for event in until_horizon(scenario) if isinstance(event, Destroy) for name in event.destroy}


def standby_places(need: AnyOf, to: str) -> list[int]:
    """Return where a component stands in a group as a standby: not at its head."""
    return [place for place, member in enumerate(need.any_of) if place > 0 and member.use == to]


def _switch_call(step: RecoveryStep, system: System, scenario: Scenario, without: Automaton) -> set[int]:
    assert step.switches is not None
    components = [system.components[of] for of in step.switches.of if of in system.components]
    lacks = []
    for need in (need for words in components for need in words.needs if isinstance(need, AnyOf)):
        for place in standby_places(need, step.switches.to)[:1]:
            before = [member.use for member in need.any_of[:place]]
            lacks += [s.at_ms for s in without.snapshots if all(s.levels[name] == 0 for name in before)][:1]
    if not lacks:
        return set()
    first = min(lacks)
    return {max((event.at for event in scenario.events if event.at <= first), default=first)}


def _calls_of_others(plan: RecoveryPlan, scenario: Scenario, calls: Calls) -> Calls:
    """Return the calls of the steps that neither restore nor switch, found in rounds."""
    found: Calls = {}
    before = {name: befores(plan, name) for name in plan.steps}
    idle = [name for name, step in plan.steps.items() if not step.restores and step.switches is None]
    events = [event.at for event in until_horizon(scenario)]
    for name in idle if events else ():
        if hanging_together(plan, name) <= {*idle}:
            found[name] = [min(events)]
    while True:
        called, more = {**calls, **found}, Calls()
        for name in [name for name in idle if name not in found]:
            later = [called[other][0] for other in called if name in before[other]]
            earlier = [called[other][0] for other in called if other in before[name]]
            more |= {name: [min(later or earlier)]} if later or earlier else {}
        if not more:
            return found
        found |= more


def hanging_together(plan: RecoveryPlan, name: str) -> set[str]:
    """Return all steps to which `after` leads from a step, there and back."""
    group = {name}
    while True:
        more = {other for other, step in plan.steps.items() if other in group or group & {*step.after}}
        more |= {other for each in group for other in plan.steps[each].after}
        if more <= group:
            return group
        group |= more


def befores(plan: RecoveryPlan, name: str) -> set[str]:
    """Return all steps before a step, through any number of steps."""
    found: set[str] = set()
    left = [*plan.steps[name].after]
    while left:
        other = left.pop()
        if other not in found:
            found.add(other)
            left += plan.steps[other].after
    return found
