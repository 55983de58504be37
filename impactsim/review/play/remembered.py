"""What a change of a plan leaves as it was: the scenarios that never come across it need not be played again.

Theory of operation. All is up when a scenario begins, and what fails spreads from a component to those that need it and no further.
So whatever is not above an event, an action or something that comes to an end by itself stays up from the first to the last
moment, and how it is made does not matter (S2 to S5); nor does what others draw (S9.1). What does matter is the *script* of a
rehearsal: the plan, what happens, and the words of all that may be touched or that a step has to do with. Where two scripts are
equal, so is what can be found in the rehearsals. It is meant to err on the side of playing once more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from impactsim.audit.facts import AuditFacts
from impactsim.files.loading import LoadedScenario
from impactsim.model.plan import PlanScenario, RecoveryPlan, RecoveryStep
from impactsim.model.scenario import Scenario
from impactsim.model.system import AnyOf, Component, Need, Pool, System
from impactsim.review.facts import Rehearsal

Script = tuple[object, ...]
"""All on which it depends what can be found in a rehearsal; equal if that is."""


class Remembered:
    """The rehearsals of a plan as it is, and the audit of its system, for those of its changes that do not touch them."""

    def __init__(self) -> None:
        self._played: dict[tuple[str, int], tuple[Script, Rehearsal]] = {}
        self._audited: tuple[System, tuple[str, ...], AuditFacts] | None = None
        self._leaning: tuple[System, dict[str, list[str]]] | None = None

    def audit(self, system: System, services: tuple[str, ...], audit: Callable[[], AuditFacts]) -> AuditFacts:
        """Return the audit of a system: that of the first one if it is the same, else what `audit` returns.

        Parameters
        ----------
        system, services
            What is audited.
        audit
            Audits it.
        """
        if self._audited is None:
            self._audited = system, services, audit()
        known, asked, facts = self._audited
        return facts if known is system and asked == services else audit()

    def rehearsal(
        self,
        plan: RecoveryPlan,
        place: PlanScenario,
        loaded: LoadedScenario,
        luck: tuple[int, int],
        play: Callable[[], Rehearsal],
    ) -> Rehearsal:
        """Return what a scenario comes to: what is remembered if that says the same, else what `play` returns.

        Parameters
        ----------
        plan, place
            The plan, and what it says about the scenario.
        loaded
            The scenario, and its system.
        luck
            How many trials, and their seed.
        play
            Plays the scenario. What it returns is remembered if it is the first with so many trials.
        """
        script = (*luck, *script_of(plan, place, loaded.scenario, loaded.system, self._leaning_in(loaded.system)))
        known = self._played.get((place.file, luck[0]))
        if known is None:
            known = self._played[place.file, luck[0]] = script, play()
        return known[1] if known[0] == script else play()

    def _leaning_in(self, system: System) -> dict[str, list[str]]:
        """Return who needs each component; most scenarios have one system."""
        if self._leaning is None or self._leaning[0] is not system:
            self._leaning = system, leaning_in(system)
        return self._leaning[1]


def script_of(
    plan: RecoveryPlan, place: PlanScenario, scenario: Scenario, system: System, leaning: dict[str, list[str]]
) -> Script:
    """Return all on which it depends what can be found in a rehearsal.

    Parameters
    ----------
    plan, place
        The plan, and what it says about the scenario.
    scenario, system
        What happens, and to what.
    leaning
        `leaning_in` that system.
    """
    named = frozenset(_words(scenario.model_dump(include={"events", "actions"})))
    causes = tuple((name, cause) for name, cause in system.common_causes.items() if name in named)
    hit = [name for name in system.components if name in named]
    hit += [member for _, cause in causes for member in cause.strikes]
    touched = _above([*hit, *_not_whole(system)], leaning)
    steps = [step for step in plan.steps.values() if _may_be_called(step, set(hit), touched)]
    matter = touched.union(plan.declaration.tools, *map(_named_in, steps))
    roles = {role for step in steps for role in step.by}.union(plan.declaration.by)
    # Copies matter to what is destroyed alone.
    components = tuple(
        (name, each if name in hit else each.model_copy(update={"copies": ()}))
        for name, each in system.components.items()
        if name in matter
    )
    beside = {member for _, each in components for member in _members(each)} - matter
    return (
        *(tuple(each.items()) for each in (plan.services, plan.steps)),
        tuple((name, role) for name, role in plan.roles.items() if name in roles),
        *(plan.declaration, place, scenario, causes, components),
        tuple((name, each.kind) for name, each in system.components.items() if name in beside),
        tuple(name for name in plan.services if name in system.components),
        system.model_copy(update={"components": {}, "common_causes": {}}),
    )


def leaning_in(system: System) -> dict[str, list[str]]:
    """Return those that need each component of a system, for whatever."""
    found: dict[str, list[str]] = {}
    for name, component in system.components.items():
        for member in _members(component):
            found.setdefault(member, []).append(name)
    return found


def _members(component: Component) -> Iterator[str]:
    """Yield what a component needs, for whatever."""
    if component.at is not None:
        yield component.at
    for need in component.needs:
        yield from need.members()
    for copy in component.copies:
        yield copy.at


def _above(seeds: Iterable[str], leaning: dict[str, list[str]]) -> set[str]:
    found = set(seeds)
    waiting = list(found)
    while waiting:
        for owner in leaning.get(waiting.pop(), ()):
            if owner not in found:
                found.add(owner)
                waiting.append(owner)
    return found


def _not_whole(system: System) -> Iterator[str]:
    """Yield what may be less than up, at once or later, although nothing happened."""
    for name, component in system.components.items():
        if any(map(_is_short, component.needs)):
            yield name


def _is_short(need: Need) -> bool:
    """Tell whether a need may not be fully met although all of its members are up."""
    if isinstance(need, AnyOf):
        first = need.any_of[0]
        return first.fails_to_start > 0.0 or first.lasts is not None
    return isinstance(need, Pool) and sum(map(float, need.pool.values())) < float(need.demand)


def _may_be_called(step: RecoveryStep, hit: set[str], touched: set[str]) -> bool:
    """Tell whether a scenario may call for a step (S10.1)."""
    is_for_hit = not hit.isdisjoint(step.restores)
    is_for_touched = step.switches is not None and not touched.isdisjoint(step.switches.of)
    return is_for_hit or is_for_touched or not (step.restores or step.switches)


def _named_in(step: RecoveryStep) -> set[str]:
    """Return what a step has to do with."""
    found = {*step.restores, *step.tools, *step.at}
    return found if step.switches is None else found.union(step.switches.of, [step.switches.to])


def _words(data: Any) -> Iterator[str]:
    """Yield each text in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from (word for each in data.values() for word in _words(each))
    elif isinstance(data, list | tuple):
        yield from (word for each in data for word in _words(each))
