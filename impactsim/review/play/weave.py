"""A plan woven into a system and a scenario (S10.2 to S10.6): steps become components, their work the repair of what they restore.

What comes out is an ordinary system and an ordinary scenario in their author's words, for which all other rules hold. Names
only; it is compiled and run like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from impactsim.model.needs import purpose
from impactsim.model.plan import PlanScenario, RecoveryPlan, RecoveryStep
from impactsim.model.scenario import Scenario
from impactsim.model.system import AnyOf, AtLeast, Component, ComponentNeed, Need, Pool, System
from impactsim.review.play.called import Calls, called_before, destroyed_in
from impactsim.review.play.doers import DECLARATION, DETECTION, KIND, gate_of, id_of, not_before_of, switch_of
from impactsim.review.play.weave_events import AT_ONCE, Happenings, before_call, called
from impactsim.review.play.works import work_of

Order = Mapping[str, Sequence[str]]
"""What each doer (a step or the declaration, by its id in runs) is put after because of its people (S10.6). One that is put
after itself can never be manned."""


def weave(
    plan: RecoveryPlan,
    place: PlanScenario,
    scenario: Scenario,
    system: System,
    calls: Calls,
    order: Order | None = None,
) -> tuple[System, Scenario]:
    """Let a plan be part of a system and of what happens to it.

    Parameters
    ----------
    plan
        The plan.
    place
        What the plan says about the scenario.
    scenario, system
        The scenario, and the system with its changes.
    calls
        When each step is called for (`called.calls_of`).
    order
        Who waits for whom because of the people.

    Returns
    -------
    System
        With a component for each step that is called for; the one that was given if none is.
    Scenario
        With the calls among its events.
    """
    if not calls:
        return system, scenario
    return _Loom(plan, place, scenario, system, calls, order or {}).woven()


class _Loom:
    def __init__(
        self,
        plan: RecoveryPlan,
        place: PlanScenario,
        scenario: Scenario,
        system: System,
        calls: Calls,
        order: Order,
    ) -> None:
        self.plan = plan
        self.place = place
        self.scenario = scenario
        self.system = system
        self.calls = calls
        self.order = order
        self.destroyed = destroyed_in(scenario, system)
        self.steps_of: dict[str, list[str]] = {}
        for name in calls:
            for component in dict.fromkeys(plan.steps[name].restores):
                if component in system.components:
                    self.steps_of.setdefault(component, []).append(name)

    def woven(self) -> tuple[System, Scenario]:
        components = dict(self.system.components)
        for component in self.steps_of:
            components[component] = self._restored(component)
        for name in self.calls:
            self._switch(name, components)
        components.update(self._gates())
        for name in self.calls:
            components.update(self._step(name))
        happenings = Happenings(self.scenario, self.system, self.steps_of)
        system = self.system.model_copy(update={"components": components, "common_causes": happenings.causes()})
        late = [(name, times[0]) for name, times in self.calls.items() if times[0] > 0 and self._groups(name)]
        before = (before_call(name, at_ms) for name, at_ms in late)
        events = (*before, *happenings.events(), *called(self.plan, self.calls))
        return system, self.scenario.model_copy(update={"events": events})

    # Components.

    def _restored(self, name: str) -> Component:
        """Return a component whose repair takes its steps, and nothing else (S10.4)."""
        component = self.system.components[name]
        needs = (*component.needs, *(_to_repair(id_of(step)) for step in self.steps_of[name]))
        copies = tuple(copy.model_copy(update={"restore": AT_ONCE}) for copy in component.copies)
        changes = {"needs": needs, "copies": copies, "crew": None, "time_to_restore": AT_ONCE}
        return component.model_copy(update=changes)

    def _gates(self) -> Iterator[tuple[str, Component]]:
        words = self.plan.declaration
        detection, decision = self.place.detection or words.detection, self.place.decision or words.decision
        yield DETECTION, Component(kind=KIND, name="detection", time_to_restore=detection)
        needs = _repairs([DETECTION, *self.order.get(DECLARATION, ()), *self._known(words.tools)])
        yield DECLARATION, Component(kind=KIND, name="declaration", time_to_restore=decision, needs=needs)

    def _step(self, name: str) -> Iterator[tuple[str, Component]]:
        """Yield what stands for a step: itself, the time that must pass before it, the standby that it makes ready."""
        step, label = self.plan.steps[name], self.plan.steps[name].name or name
        gate = gate_of(step)
        gates = [] if gate is None else [gate]
        waits = list(gates)
        if step.not_before is not None:
            waits.append(not_before_of(name))
            needs = _repairs(gates)
            words = f"{label}: not before"
            yield not_before_of(name), Component(kind=KIND, name=words, time_to_restore=step.not_before, needs=needs)
        waits += [id_of(each) for each in called_before(self.plan, self.calls, name)]
        waits += [*self.order.get(id_of(name), ()), *self._known(step.tools), *self._known(step.at)]
        needs = (*_repairs(waits), *self._of_copies(step), *self._inherited(step))
        work = work_of(step, self.system, self.destroyed)
        yield id_of(name), Component(kind=KIND, name=label, time_to_restore=work, needs=needs, source=step.source)
        if self._groups(name):
            yield switch_of(name), self._standby(name)

    def _known(self, names: Sequence[str]) -> list[str]:
        """Return the components among names: the scenario's system may lack some of the plan's."""
        return [name for name in names if name in self.system.components]

    def _of_copies(self, step: RecoveryStep) -> Iterator[Need]:
        for name in self._known(step.restores):
            places = tuple(dict.fromkeys(copy.at for copy in self.system.components[name].copies))
            if name in self.destroyed and places:
                yield AtLeast(at_least=1, of=places, to="repair")

    def _inherited(self, step: RecoveryStep) -> list[Need]:
        """Return what the repair of what a step restores needs by itself: then the step needs it."""
        found: list[Need] = []
        for name in self._known(step.restores):
            needs = self.system.components[name].needs
            found += [need for need in needs if need.to == "repair" and need not in found]
        return found

    # Standbys (S10.5).

    def _groups(self, name: str) -> list[str]:
        """Return whose standby groups have the member that a step brings into service."""
        switches = self.plan.steps[name].switches
        if switches is None:
            return []
        return [
            owner
            for owner in self._known(switches.of)
            if any(
                isinstance(need, AnyOf) and switches.to in need.members()[1:]
                for need in self.system.components[owner].needs
            )
        ]

    def _switch(self, name: str, components: dict[str, Component]) -> None:
        """Put the step into the place of its standby."""
        switches = self.plan.steps[name].switches
        for owner in self._groups(name):
            assert switches is not None
            needs = tuple(self._with_switch(need, switches.to, name) for need in components[owner].needs)
            components[owner] = components[owner].model_copy(update={"needs": needs})

    def _with_switch(self, need: Need, member: str, step: str) -> Need:
        # A group that it serves first needs no switch: there it stays what it is.
        if not isinstance(need, AnyOf) or member not in need.members()[1:]:
            return need
        instead = {"use": switch_of(step), "failover": AT_ONCE}
        members = tuple(each.model_copy(update=instead) if each.use == member else each for each in need.any_of)
        # What the need is for follows from the kinds of its members, unless somebody says so.
        return need.model_copy(update={"any_of": members, "to": purpose(need, self.system.components)})

    def _standby(self, name: str) -> Component:
        """Return what is up while the step is done and the standby carries the load."""
        switches = self.plan.steps[name].switches
        assert switches is not None
        load: Need = ComponentNeed(component=switches.to, to="run")
        if switches.capacity < 1.0:
            load = Pool.model_construct(pool={switches.to: switches.capacity}, demand=1.0, to="run")
        label = f"{self.plan.steps[name].name or name}: {switches.to}"
        return Component(kind=KIND, name=label, needs=(ComponentNeed(component=id_of(name), to="run"), load))


def _to_repair(component: str) -> ComponentNeed:
    return ComponentNeed(component=component, to="repair")


def _repairs(components: Sequence[str]) -> tuple[Need, ...]:
    return tuple(_to_repair(component) for component in dict.fromkeys(components))
