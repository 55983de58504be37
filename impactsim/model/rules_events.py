"""Events and actions of a scenario, held against its system."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.laws import Law
from impactsim.model.rules_lookup import Lookup, error, warning
from impactsim.model.scenario import (
    Degrade,
    Destroy,
    Event,
    Fail,
    FaultWords,
    Repair,
    Scenario,
    Start,
    Stop,
    Strike,
    Switch,
)
from impactsim.model.system import AnyOf
from impactsim.problems import Path, Problem
from impactsim.quantities import format_duration, format_share, shown


def nothing_happens(scenario: Scenario, lookup: Lookup) -> list[Problem]:  # noqa: ARG001 - all rules are called alike
    """Find scenarios without events and actions."""
    if scenario.events or scenario.actions:
        return []
    return [
        warning("nothing-happens", (), "this scenario has no events", "add one, such as {fail: COMPONENT, at: 10m}")
    ]


def unknown_in_events(scenario: Scenario, lookup: Lookup) -> list[Problem]:
    """Find events at components and common causes that nobody defined."""
    found = []
    for place, event in enumerate(scenario.events):
        for path, name in _named(("events", place), event):
            if isinstance(event, Strike):
                if name not in lookup.system.common_causes:
                    found.append(_unknown_cause(lookup, path, name))
            elif name not in lookup.components:
                found.append(lookup.unknown_component(path, name))
    return found


def unknown_in_actions(scenario: Scenario, lookup: Lookup) -> list[Problem]:
    """Find actions on components that nobody defined."""
    return [
        lookup.unknown_component(path, name)
        for place, action in enumerate(scenario.actions)
        for path, name in _acted_on(("actions", place), action)
        if name not in lookup.components
    ]


def named_twice_in_event(scenario: Scenario, lookup: Lookup) -> list[Problem]:  # noqa: ARG001 - all rules are called alike
    """Find events that name a component twice."""
    found = []
    for place, event in enumerate(scenario.events):
        seen: set[str] = set()
        for path, name in _named(("events", place), event):
            if name in seen:
                found.append(error("named-twice", path, f"{shown(name)} stands twice in this event", "name each once"))
            seen.add(name)
    return found


def after_horizon(scenario: Scenario, lookup: Lookup) -> list[Problem]:  # noqa: ARG001 - all rules are called alike
    """Find events and actions after the end of the run."""
    if scenario.horizon is None:
        return []
    fault = f"this is after the horizon of {format_duration(scenario.horizon)}, and never happens"
    timed = [(("events", place, "at"), event.at) for place, event in enumerate(scenario.events)]
    timed += [(("actions", place, "at"), action.at) for place, action in enumerate(scenario.actions)]
    return [
        warning("after-horizon", path, fault, "raise the horizon, or leave it out")
        for path, at_ms in timed
        if at_ms > scenario.horizon
    ]


def ends_in_two_ways(scenario: Scenario, lookup: Lookup) -> list[Problem]:  # noqa: ARG001 - all rules are called alike
    """Find faults with more than one of `for`, `then` and `repair` (S5.4)."""
    found = []
    for place, event in _faults(scenario):
        given = {"for": event.lasts is not None, "then": bool(event.then), "repair": event.repair is not None}
        ways = [way for way, is_given in given.items() if is_given]
        if len(ways) > 1:
            fault = f"{' and '.join(ways)} exclude one another"
            found.append(error("ends-twice", ("events", place, ways[1]), fault, "keep one of them"))
    return found


def steps_that_do_not_rise(scenario: Scenario, lookup: Lookup) -> list[Problem]:  # noqa: ARG001 - all rules are called alike
    """Find graded restorations whose steps do not rise in time and in level."""
    found = []
    for place, event in _faults(scenario):
        after, to = -1, event.to if isinstance(event, Degrade) else 0.0
        for order, step in enumerate(event.then):
            path = ("events", place, "then", order)
            if step.after <= after:
                fault = f"{format_duration(step.after)} is not after {format_duration(after)}"
                found.append(error("then-order", path, fault, "each `after` counts from the beginning of the fault"))
            elif step.to < to:
                fault = f"{format_share(step.to)} is below {format_share(to)}"
                found.append(
                    error("then-order", path, fault, "a graded restoration rises; use a second event for a relapse")
                )
            after, to = step.after, step.to
    return found


def degraded_to_all(scenario: Scenario, lookup: Lookup) -> list[Problem]:  # noqa: ARG001 - all rules are called alike
    """Find components that are degraded to 100%."""
    return [
        warning(
            "degrade-to-all", ("events", place, "to"), "what serves 100% is not degraded", "give the share that is left"
        )
        for place, event in _faults(scenario)
        if isinstance(event, Degrade) and event.to == 1
    ]


def fault_without_end(scenario: Scenario, lookup: Lookup) -> list[Problem]:
    """Find faults that nothing ends."""
    repaired = {
        (name, action.at) for action in scenario.actions if isinstance(action, Repair) for name in action.repair
    }
    last_repair: dict[str, int] = {}
    for name, at_ms in repaired:
        last_repair[name] = max(at_ms, last_repair.get(name, 0))
    found = []
    for place, event in _faults(scenario):
        if event.then and event.then[-1].to < 1:
            fault = f"this restoration ends at {format_share(event.then[-1].to)}, and stays there for good"
            found.append(warning("no-end", ("events", place, "then"), fault, "add a step to 100%"))
        if event.then or event.lasts is not None or event.repair is not None:
            continue
        struck = {
            name: path
            for path, named in _named(("events", place), event)
            for name, restore in _struck(lookup, event, named)
            if restore is None and last_repair.get(name, -1) < event.at
        }
        if struck:
            first, *others = struck
            state = "degraded" if isinstance(event, Degrade) else "down"
            fault = f"'{first}'{f' (and {len(others)} more)' if others else ''} stays {state} for good"
            remedy = "give the event `for` or `repair`, or the component a time_to_restore"
            found.append(warning("no-end", struck[first], fault, remedy))
    return found


def destroyed_without_copy(scenario: Scenario, lookup: Lookup) -> list[Problem]:
    """Find components that are destroyed and have no copy."""
    return [
        warning(
            "destroyed-without-copy", path, f"'{name}' has no copy, and is lost for good", "give it copies, or use fail"
        )
        for place, event in enumerate(scenario.events)
        if isinstance(event, Destroy)
        for path, name in _named(("events", place), event)
        if name in lookup.components and not lookup.components[name].copies
    ]


def repair_of_nothing(scenario: Scenario, lookup: Lookup) -> list[Problem]:
    """Find repairs of components that no fault has struck by then; a destroyed one comes back from a copy only."""
    first_fault: dict[str, int] = {}
    for place, event in _faults(scenario):
        for _, named in _named(("events", place), event):
            for name, _ in _struck(lookup, event, named):
                first_fault[name] = min(event.at, first_fault.get(name, event.at))
    return [
        warning("repair-of-nothing", path, f"'{name}' has nothing to repair then", "check the time and the name")
        for place, action in enumerate(scenario.actions)
        if isinstance(action, Repair)
        for path, name in _acted_on(("actions", place), action)
        if name in lookup.components and not first_fault.get(name, action.at + 1) <= action.at
    ]


def switch_without_group(scenario: Scenario, lookup: Lookup) -> list[Problem]:
    """Find change-overs to what is no member of a standby group of that component."""
    found = []
    for place, action in enumerate(scenario.actions):
        if not isinstance(action, Switch):
            continue
        component, to = lookup.components.get(action.switch.of), action.switch.to
        if component is None or to not in lookup.components:
            continue
        members = [member for need in component.needs if isinstance(need, AnyOf) for member in need.members()]
        if to not in members:
            fault = f"'{to}' is in no standby group (any_of) of '{action.switch.of}'"
            remedy = f"switch to one of {', '.join(members[:8])}" if members else "it has no standby group"
            found.append(error("switch-without-group", ("actions", place, "switch", "to"), fault, remedy))
    return found


def activity_without_start(scenario: Scenario, lookup: Lookup) -> list[Problem]:
    """Find scenarios without a clock for users who are there at certain hours."""
    active = [name for name, segment in lookup.system.users.items() if segment.activity is not None]
    if scenario.starts is not None or not active:
        return []
    fault = f"without a start the hours of '{active[0]}' are unknown, so all of them count at any time"
    return [warning("activity-without-start", (), fault, "add starts: 2026-03-02T14:00+01:00")]


def _unknown_cause(lookup: Lookup, path: Path, name: str) -> Problem:
    if name in lookup.components:
        remedy = "that is a component: write fail"
    else:
        remedy = lookup.cause_names.did_you_mean(name, "define it under common_causes")
    return error("unknown-cause", path, f"no common cause is called {shown(name)}", remedy)


def _listed(path: Path, key: str, names: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    """Yield the names with their places; a single one may stand without a list."""
    if len(names) == 1:
        yield (*path, key), names[0]
    else:
        yield from (((*path, key, place), name) for place, name in enumerate(names))


def _named(path: Path, event: Event) -> Iterator[tuple[Path, str]]:
    match event:
        case Fail():
            yield from _listed(path, "fail", event.fail)
        case Degrade():
            yield from _listed(path, "degrade", event.degrade)
        case Destroy():
            yield from _listed(path, "destroy", event.destroy)
        case Strike():
            yield from _listed(path, "strike", event.strike)


def _acted_on(path: Path, action: Repair | Start | Stop | Switch) -> Iterator[tuple[Path, str]]:
    match action:
        case Repair():
            yield from _listed(path, "repair", action.repair)
        case Start():
            yield from _listed(path, "start", action.start)
        case Stop():
            yield from _listed(path, "stop", action.stop)
        case Switch():
            yield (*path, "switch", "of"), action.switch.of
            yield (*path, "switch", "to"), action.switch.to


def _faults(scenario: Scenario) -> Iterator[tuple[int, Fail | Degrade | Strike]]:
    for place, event in enumerate(scenario.events):
        if isinstance(event, FaultWords):
            yield place, event


def _struck(lookup: Lookup, event: Fail | Degrade | Strike, named: str) -> Iterator[tuple[str, Law | None]]:
    """Yield the components that an event at `named` strikes, each with the time of its repair."""
    if not isinstance(event, Strike):
        if named in lookup.components:
            yield named, lookup.components[named].time_to_restore
    elif named in lookup.system.common_causes:
        cause = lookup.system.common_causes[named]
        for name, probability in cause.strikes.items():
            if probability > 0 and name in lookup.components:
                yield name, cause.time_to_restore or lookup.components[name].time_to_restore


RULES = (
    nothing_happens,
    unknown_in_events,
    unknown_in_actions,
    named_twice_in_event,
    after_horizon,
    ends_in_two_ways,
    steps_that_do_not_rise,
    degraded_to_all,
    fault_without_end,
    destroyed_without_copy,
    repair_of_nothing,
    switch_without_group,
    activity_without_start,
)
