"""How things stand in an outage under way, and how they go on as the medians say, with repairs and without."""

from __future__ import annotations

from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.timeline import Workspace
from impactsim.engine.users import Range
from impactsim.model.scenario import Destroy, Event, Scenario
from impactsim.model.system import System
from impactsim.outage.faults import NEVER, Numbers
from impactsim.outage.situation import Situation
from impactsim.reports.assemble import assemble
from impactsim.reports.facts import ComponentFacts, Facts

AHEAD_MS = 7 * 86_400_000
"""So far ahead it is said what falls if nothing is repaired."""


def run_of(system: System, scenario: Scenario, numbers: Numbers | None = None) -> Facts:
    """Run a scenario once, by the medians; `numbers` is the system compiled, if it is already."""
    compiled, names = numbers or compile_system(system)
    plan, plan_names = compile_plan(system, scenario, compiled, names)
    history = Workspace(compiled).run(plan)
    return assemble(system, scenario, compiled, names, plan, plan_names, history)


def expected(situation: Situation) -> Facts:
    """Return how the outage goes on by the medians of what remains; until now, what has been."""
    return run_of(situation.system, situation.scenario, situation.numbers)


def unrepaired(situation: Situation) -> Facts:
    """Return how the outage goes on for 7 days if no fault that is under way is ever repaired, and nobody acts from now on."""
    ongoing = {(known.component, known.since_ms) for known in situation.ongoing}
    system = situation.system
    events: list[Event] = []
    for event in situation.scenario.events:
        if (_component(event), event.at) not in ongoing:
            events.append(event)
        elif isinstance(event, Destroy):
            events.append(event)
            system = _without_restore(system, _component(event))
        else:
            events.append(event.model_copy(update={"lasts": None, "then": (), "repair": NEVER}))
    actions = tuple(action for action in situation.scenario.actions if action.at <= situation.at_ms)
    changes = {"events": tuple(events), "actions": actions, "horizon": situation.at_ms + AHEAD_MS}
    numbers = situation.numbers if system is situation.system else None
    return run_of(system, situation.scenario.model_copy(update=changes), numbers)


def _without_restore(system: System, name: str) -> System:
    component = system.components[name]
    copies = tuple(copy.model_copy(update={"restore": NEVER}) for copy in component.copies)
    changed = component.model_copy(update={"copies": copies})
    return system.model_copy(update={"components": {**system.components, name: changed}})


def level_at(component: ComponentFacts, at_ms: int) -> float:
    """Return the level of a component at a time."""
    return next((level for since_ms, level in reversed(component.levels) if since_ms <= at_ms), 1.0)


def below_since_ms(component: ComponentFacts, at_ms: int) -> int | None:
    """Return since when a component is below level 1 at a time without a break, or None if it is not."""
    since: int | None = None
    for change_ms, level in component.levels:
        if change_ms > at_ms:
            break
        since = None if level == 1.0 else change_ms if since is None else since
    return since


def people_at(facts: Facts, at_ms: int) -> Range:
    """Return how many people are affected at a time."""
    return next((people for since_ms, people in reversed(facts.users.curve) if since_ms <= at_ms), Range(0.0, 0.0, 0.0))


def services_with_users(system: System) -> frozenset[str]:
    """Return the services of which somebody says who, or how many, use them."""
    counted = {name for name, component in system.components.items() if component.users is not None}
    return frozenset(counted.union(*(segment.uses for segment in system.users.values())))


def _component(event: object) -> str:
    for field in ("fail", "degrade", "destroy"):
        if hasattr(event, field):
            name: str = getattr(event, field)[0]
            return name
    raise AssertionError("events of a situation hit one component each")
