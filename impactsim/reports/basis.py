"""What an answer rests on: facts that are not certain, typical values, sources. For one run and for many alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from impactsim.audience import POPULATION
from impactsim.laws import Law, Typical
from impactsim.model.scenario import Degrade, Fail, FaultWords, Scenario, Strike
from impactsim.model.system import AnyOf, Component, Crew, Need, System

_Fields = Iterator[tuple[str, Law | None]]
"""What each uncertain figure is, in words, and its law."""


def guesses_of(
    system: System,
    scenario: Scenario,
    affected: Collection[str],
    carried: Collection[str],
    has_backlogs: bool = True,
) -> dict[str, str]:
    """Return what is not certain about all that an answer rests on.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario.
    affected
        Ids of the components that were affected.
    carried
        Ids of those that were not, and lost something that they need: their reserves carried them.
    has_backlogs
        Whether jobs of others kept the crews (S5.5.1).

    Returns
    -------
    dict
        By id of a component, common cause or segment, and by ``crews.`` with the id of a crew, which may be that of a
        component too: ``guessed`` or ``observed``, whether a need of it is that, and each field that is a typical value.
    """
    doubts: dict[str, list[str]] = {}
    for name, component in system.components.items():
        if name in affected:
            doubts[name] = [component.confidence] if component.confidence != "declared" else []
            doubts[name] += _doubtful_needs(component)
            doubts[name] += _typical(_fields_of_component(component))
        elif name in carried:
            doubts[name] = _typical(_fields_of_needs(component.needs))
    for event in scenario.events:
        if isinstance(event, FaultWords):
            for name in _hit_by(system, event, affected):
                doubts.setdefault(name, []).extend(_typical(_fields_of_fault(system, event, name)))
    for name, segment in system.users.items():
        if any(service in affected for service in segment.uses):
            doubts.setdefault(name, []).extend(_typical([("count", segment.count)]))
    for name, crew in _crews_of(system, affected):
        if has_backlogs and crew.backlog is not None:
            doubts[name] = _typical([("work of each job of others", crew.backlog.each)])
    return {name: ", ".join(dict.fromkeys(found)) for name, found in doubts.items() if found}


def sources_of(system: System, affected: Collection[str]) -> dict[str, str]:
    """Return where the figures come from, by id of the component or segment, and by ``crews.`` with the id of a crew."""
    sources = {
        name: component.source for name, component in system.components.items() if name in affected and component.source
    }
    sources.update({name: crew.source for name, crew in _crews_of(system, affected) if crew.source})
    sources.update({name: each.source for name, each in system.users.items() if each.source})
    return sources


def has_users(system: System) -> bool:
    """Tell whether a system says anything about users."""
    return bool(system.users) or any(each.users for each in system.components.values())


def people_of(system: System, groups: Iterable[str], counts: Iterable[float]) -> float | None:
    """Return how many users there are in all, if that is known.

    Parameters
    ----------
    system
        The system.
    groups, counts
        Id of each group of users, and how many people it has.
    """
    if POPULATION in groups:
        return system.population
    return sum(counts)


def _crews_of(system: System, affected: Collection[str]) -> Iterator[tuple[str, Crew]]:
    """Return the crews that repair what was affected, with where they stand in the file."""
    wanted = {each.crew for name, each in system.components.items() if name in affected}
    yield from ((f"crews.{name}", crew) for name, crew in system.crews.items() if name in wanted)


def _doubtful_needs(component: Component) -> list[str]:
    """Say which needs are less sure than the component, each word once."""
    words = (need.confidence for need in component.needs if need.confidence != component.confidence)
    return [f"a need of it is {word}" for word in words if word is not None and word != "declared"]


def _typical(fields: Iterable[tuple[str, Law | None]]) -> list[str]:
    return [f"{field} is the typical value {law.name}" for field, law in fields if isinstance(law, Typical)]


def _fields_of_component(component: Component) -> _Fields:
    yield "restart", component.restart
    yield "time_to_restore", component.time_to_restore
    yield from _fields_of_needs(component.needs)
    for copy in component.copies:
        yield f"restore from {copy.at}", copy.restore
        yield f"lag of the copy at {copy.at}", copy.lag
    for workaround in component.workarounds:
        yield "time until the workaround", workaround.after
        yield "how long the workaround lasts", workaround.lasts
        yield from _fields_of_needs(workaround.needs)
    yield "users", component.users


def _fields_of_needs(needs: Iterable[Need]) -> _Fields:
    for need in needs:
        yield f"holdover without {need.members()[0]}", need.holdover
        yield f"recharge after {need.members()[0]}", need.recharge
        if isinstance(need, AnyOf):
            yield "failover", need.failover
            for member in need.any_of:
                yield f"failover to {member.use}", member.failover
                yield f"how long {member.use} lasts", member.lasts


def _hit_by(system: System, event: FaultWords, affected: Collection[str]) -> Iterator[str]:
    """Return what an event hit, as far as something came of it: components, or common causes."""
    if isinstance(event, Strike):
        yield from (
            cause for cause in event.strike if any(each in affected for each in system.common_causes[cause].strikes)
        )
    elif isinstance(event, Fail | Degrade):
        yield from (each for each in (event.fail if isinstance(event, Fail) else event.degrade) if each in affected)


def _fields_of_fault(system: System, event: FaultWords, name: str) -> _Fields:
    yield "how long it lasts", event.lasts
    yield "repair", event.repair
    if isinstance(event, Strike) and event.lasts is None and event.repair is None and not event.then:
        yield "time_to_restore", system.common_causes[name].time_to_restore
