"""What of a plan a scenario calls for, and when (S10.1); and what it neither calls for nor brings back.

Knows the author's words, and the levels of one run by the medians without the plan, because a standby is called for where all
that goes before it is down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from impactsim.model.plan import RecoveryPlan, RecoveryStep, SwitchOver
from impactsim.model.scenario import Degrade, Destroy, Event, Fail, FaultWords, Repair, Scenario, Strike
from impactsim.model.system import AnyOf, System
from impactsim.reports.facts import Facts

Calls = dict[str, tuple[int, ...]]
"""The times in ms at which each step is called for, in order; steps that are not called for are not there."""


class Hit(NamedTuple):
    """A fault that an event means for one component, whether chance lets it strike or not."""

    component: str
    event: Event
    cause: str
    """The common cause behind it; empty for none."""

    @property
    def ends_by_itself(self) -> bool:
        """Whether it goes at its own time, so that nobody is called."""
        return isinstance(self.event, FaultWords) and (self.event.lasts is not None or bool(self.event.then))


def hits_of(scenario: Scenario, system: System) -> Iterator[Hit]:
    """Yield what each event of a scenario can hit until its horizon, in the order of the events."""
    for event in scenario.events:
        if scenario.horizon is not None and event.at > scenario.horizon:
            continue
        if isinstance(event, Strike):
            for cause in event.strike:
                strikes = system.common_causes[cause].strikes
                yield from (Hit(member, event, cause) for member, share in strikes.items() if share > 0.0)
        else:
            yield from (Hit(member, event, "") for member in _named(event))


def _named(event: Fail | Degrade | Destroy) -> tuple[str, ...]:
    if isinstance(event, Fail):
        return event.fail
    return event.degrade if isinstance(event, Degrade) else event.destroy


def destroyed_in(scenario: Scenario, system: System) -> set[str]:
    """Return what a scenario destroys."""
    return {hit.component for hit in hits_of(scenario, system) if isinstance(hit.event, Destroy)}


def calls_of(plan: RecoveryPlan, scenario: Scenario, system: System, without: Facts | None) -> Calls:
    """Return when each step of a plan is called for.

    Parameters
    ----------
    plan
        The plan.
    scenario, system
        What happens, and to what.
    without
        The run by the medians without the plan; None will do where no step switches (`needs_run`).

    Returns
    -------
    dict
        In the order of the plan.
    """
    faults: dict[str, list[int]] = {}
    for hit in hits_of(scenario, system):
        if not hit.ends_by_itself:
            faults.setdefault(hit.component, []).append(hit.event.at)
    times: dict[str, set[int]] = {}
    for name, step in plan.steps.items():
        times[name] = {at_ms for component in step.restores for at_ms in faults.get(component, ())}
        if step.switches is not None and without is not None:
            times[name].update(_calls_of_switch(step.switches, scenario, system, without))
    first = {name: min(mine) for name, mine in times.items() if mine}
    for name, at_ms in _others(plan, scenario, first):
        times[name].add(at_ms)
    return {name: tuple(sorted(mine)) for name, mine in times.items() if mine}


def needs_run(plan: RecoveryPlan) -> bool:
    """Tell whether the calls depend on the run without the plan."""
    return any(step.switches is not None for step in plan.steps.values())


def _calls_of_switch(switches: SwitchOver, scenario: Scenario, system: System, without: Facts) -> Iterator[int]:
    """Yield when a standby is called for: once, or never."""
    events = [event.at for event in scenario.events]
    downs = [_first_all_down(members, without) for members in _before(switches, system)]
    found = [at_ms for at_ms in downs if at_ms is not None]
    if found:
        since_ms = min(found)
        yield max((at_ms for at_ms in events if at_ms <= since_ms), default=since_ms)


def _before(switches: SwitchOver, system: System) -> Iterator[list[str]]:
    """Yield what goes before a standby in each of the groups in which it stands."""
    for owner in switches.of:
        component = system.components.get(owner)
        for need in () if component is None else component.needs:
            if isinstance(need, AnyOf) and switches.to in need.members()[1:]:
                members = need.members()
                yield list(members[: members.index(switches.to)])


def _first_all_down(members: Iterable[str], facts: Facts) -> int | None:
    """Return from when on no member has a level above 0 for the first time; None if that never comes."""
    levels = {member: facts.components[member].levels for member in members}
    now = dict.fromkeys(levels, 1.0)
    changes: dict[int, list[tuple[str, float]]] = {}
    for member, mine in levels.items():
        for at_ms, level in mine:
            changes.setdefault(at_ms, []).append((member, level))
    for at_ms in sorted(changes):
        now.update(changes[at_ms])
        if not any(now.values()):
            return at_ms
    return None


def _others(plan: RecoveryPlan, scenario: Scenario, first: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield when the steps are called for that neither restore nor switch: what prepares, and what comes afterwards."""
    before = {name: [each for each in step.after if each in plan.steps] for name, step in plan.steps.items()}
    following: dict[str, list[str]] = {name: [] for name in plan.steps}
    for name, mine in before.items():
        for each in mine:
            following[each].append(name)
    others = [name for name, step in plan.steps.items() if not _does(step)]
    known = {
        **first,
        **_by_themselves(plan, scenario, others, {name: before[name] + following[name] for name in before}),
    }
    while True:
        found = {
            name: at_ms for name in others if name not in known for at_ms in _earliest(name, (following, before), known)
        }
        if not found:
            break
        known |= found
    yield from ((name, known[name]) for name in others if name in known)


def _by_themselves(
    plan: RecoveryPlan, scenario: Scenario, others: Iterable[str], beside: Mapping[str, Iterable[str]]
) -> dict[str, int]:
    """Return the call of the steps that hang together with none that restores or switches: the first event."""
    until_ms = scenario.horizon
    events = [event.at for event in scenario.events if until_ms is None or event.at <= until_ms]
    alone = (name for name in others if not any(_does(plan.steps[each]) for each in _beyond(name, beside)))
    return dict.fromkeys(alone, min(events)) if events else {}


def _does(step: RecoveryStep) -> bool:
    """Tell whether a step restores or switches anything."""
    return bool(step.restores) or step.switches is not None


def _earliest(name: str, ways: Iterable[Mapping[str, Iterable[str]]], known: Mapping[str, int]) -> list[int]:
    """Return the call of the earliest called step to which the first way leads that leads to any; none if none does."""
    for way in ways:
        calls = [known[each] for each in _beyond(name, way) if each in known]
        if calls:
            return [min(calls)]
    return []


def _beyond(first: str, ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Return all to which ways lead from one, without itself."""
    found: set[str] = set()
    waiting = list(ways[first])
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(ways[each])
    return found - {first}


def called_before(plan: RecoveryPlan, calls: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Return the called steps that a step waits for: those before it, and beyond what is not called for those before that."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(plan.steps[name].after)
    while waiting:
        each = waiting.pop()
        if each in seen or each not in plan.steps:
            continue
        seen.add(each)
        if each in calls:
            found.add(each)
        else:
            waiting.extend(plan.steps[each].after)
    return tuple(each for each in plan.steps if each in found and each != name)


def unrestored_in(plan: RecoveryPlan, scenario: Scenario, system: System, calls: Calls) -> tuple[str, ...]:
    """Return what fails and is brought back by nothing: no step, no time to restore, no copy, no action.

    Returns
    -------
    tuple of str
        Ids of components, in the order of the system.
    """
    restored = {component for name in calls for component in plan.steps[name].restores}
    repaired = _repaired_by_hand(scenario)
    found = {
        hit.component
        for hit in hits_of(scenario, system)
        if _stays(hit, system, restored) and repaired.get(hit.component, -1) < hit.event.at
    }
    return tuple(component for component in system.components if component in found)


def _stays(hit: Hit, system: System, restored: set[str]) -> bool:
    """Tell whether neither a step nor a repair ends a fault."""
    component, event = system.components[hit.component], hit.event
    if isinstance(event, Destroy):
        return not component.copies
    if hit.ends_by_itself:
        return event.lasts is None and max(step.to for step in event.then) < 1.0
    if hit.component in restored or event.repair is not None or component.time_to_restore is not None:
        return False
    return not hit.cause or system.common_causes[hit.cause].time_to_restore is None


def _repaired_by_hand(scenario: Scenario) -> dict[str, int]:
    """Return the last time at which an action repairs each component."""
    found: dict[str, int] = {}
    for action in scenario.actions:
        if isinstance(action, Repair):
            for name in action.repair:
                found[name] = max(action.at, found.get(name, 0))
    return found


def unused_in(plan: RecoveryPlan, scenario: Scenario, system: System, calls: Calls) -> tuple[str, ...]:
    """Return the steps that restore what the scenario itself brings back at its own time, in the order of the plan."""
    repaired = _repaired_by_hand(scenario)
    by_itself = {hit.component for hit in hits_of(scenario, system) if hit.ends_by_itself}
    return tuple(
        name
        for name, step in plan.steps.items()
        if any(each in repaired or (each in by_itself and name not in calls) for each in step.restores)
    )
