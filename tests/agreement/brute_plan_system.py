"""The brute-force answer for plans, second part: steps as components, their work as the repair (S10.2 to S10.5)."""

from __future__ import annotations

import math
from typing import Any

from agreement.brute_automaton import Automaton
from agreement.brute_needs import purpose_of
from agreement.brute_plan_calls import Calls, destroyed, lasting, standby_places
from agreement.brute_state import Fault
from impactsim.laws import Law
from impactsim.model.plan import PlanScenario, RecoveryPlan, RecoveryStep
from impactsim.model.scenario import Fail, Scenario
from impactsim.model.system import AnyOf, AtLeast, Component, ComponentNeed, Member, Pool, System

Edges = list[tuple[str, str]]
"""(later, earlier) of steps, or of ``declaration``, that one is put after the other because of people."""

NOTHING = Component.model_validate({"time_to_restore": 0}).time_to_restore


class Played(Automaton):
    """A run of a plan: the faults that called for steps take no other work, and no crew; and who worked when is noted."""

    def __init__(self, system: System, scenario: Scenario, restored: set[str], never: set[str]) -> None:
        super().__init__(system, scenario)
        self.restored = restored
        self.never = never
        self.begun: dict[Fault, int] = {}
        self.ended: dict[Fault, int] = {}

    def _fail(self, name: str, level: float, event: Any, restore: Any) -> None:
        super()._fail(name, level, event, restore)
        if name in self.restored and name in lasting(event, self.system):
            self.faults[-1].work = 0

    def _could_be_worked_on(self, fault: Fault) -> bool:
        return fault.component not in self.never and super()._could_be_worked_on(fault)

    @property
    def works(self) -> dict[str, list[tuple[int, float]]]:
        """(begin, end) of the work of each fault of a component, as far as it began."""
        found: dict[str, list[tuple[int, float]]] = {}
        for fault, begins in self.begun.items():
            found.setdefault(fault.component, []).append((begins, self.ended.get(fault, math.inf)))
        return found

    def instant(self) -> None:
        super().instant()
        for fault in self.faults:
            if fault.is_worked_on:
                self.begun.setdefault(fault, self.now)

    def _end_jobs(self) -> bool:
        for fault in self.faults:
            if fault.is_worked_on and fault.work == 0:
                self.begun.setdefault(fault, self.now)
                self.ended[fault] = self.now
        return super()._end_jobs()


def played(
    plan: RecoveryPlan,
    place: PlanScenario,
    system: System,
    scenario: Scenario,
    calls: Calls,
    edges: Edges,
    never: set[str],
) -> Played:
    """Return the run by the medians with the plan's steps as the repairs, at its end."""
    wider = _System(plan, place, system, scenario, calls, edges)
    run = Played(wider.whole(), wider.scenario(), wider.restored, {id_of(name) for name in never})
    run.run()
    return run


def id_of(name: str) -> str:
    """Return the id of a step or a gate in a run."""
    return f"plan.{name}"


def repair_needs(*names: str) -> list[Any]:
    """Return needs to repair."""
    return [ComponentNeed(component=name, to="repair") for name in names]


def called_before(plan: RecoveryPlan, name: str, calls: Calls) -> list[str]:
    """Return the called steps before a step; for one that is not called what that one comes after."""
    found: list[str] = []
    for other in plan.steps[name].after:
        found += [other] if other in calls else called_before(plan, other, calls)
    return list(dict.fromkeys(found))


class _System:
    """Makes the system and the scenario with the plan in them."""

    def __init__(
        self,
        plan: RecoveryPlan,
        place: PlanScenario,
        system: System,
        scenario: Scenario,
        calls: Calls,
        edges: Edges,
    ) -> None:
        self.plan, self.place, self.system, self.calls, self.edges = plan, place, system, calls, edges
        self.before = scenario
        self.destroyed = destroyed(scenario)
        self.restored = {name for step in calls for name in plan.steps[step].restores}
        self.faults: list[Fail] = []

    def scenario(self) -> Scenario:
        """Return the scenario with the faults of the steps; `whole` comes first."""
        return self.before.model_copy(update={"events": (*self.before.events, *self.faults)})

    def whole(self) -> System:
        """Return the system with the steps in it."""
        components = {name: self._restored(name, words) for name, words in self.system.components.items()}
        if self.calls:
            self._add_gates(components)
        for name in self.calls:
            self._add_step(components, name, self.plan.steps[name])
        return self.system.model_copy(update={"components": components})

    def _broken(self, name: str, times: list[int], work: Law | None, needs: list[Any]) -> Component:
        self.faults += [Fail.model_validate({"fail": name, "at": f"{at}ms" if at else 0}) for at in times]
        return Component(kind="step", needs=tuple(needs), time_to_restore=work)

    def _put_after(self, name: str) -> list[Any]:
        return repair_needs(*dict.fromkeys(id_of(earlier) for later, earlier in self.edges if later == name))

    def _here(self, *names: str) -> list[str]:
        return [name for name in names if name in self.system.components]

    def _add_gates(self, components: dict[str, Component]) -> None:
        words, first = self.plan.declaration, [min(min(times) for times in self.calls.values())]
        detection = self.place.detection if self.place.detection is not None else words.detection
        decision = self.place.decision if self.place.decision is not None else words.decision
        components["plan.detection"] = self._broken("plan.detection", first, detection, [])
        needs = [*repair_needs("plan.detection", *self._here(*words.tools)), *self._put_after("declaration")]
        components["plan.declaration"] = self._broken("plan.declaration", first, decision, needs)

    def _add_step(self, components: dict[str, Component], name: str, step: RecoveryStep) -> None:
        own, times = id_of(name), self.calls[name]
        gate = [] if step.begins == "outage" else [id_of(step.begins)]
        needs = repair_needs(*gate)
        if step.not_before is not None:
            components[f"{own}.not-before"] = self._broken(f"{own}.not-before", times, step.not_before, needs)
            needs = [*needs, *repair_needs(f"{own}.not-before")]
        needs += repair_needs(*(id_of(other) for other in called_before(self.plan, name, self.calls)))
        needs += [*repair_needs(*self._here(*step.tools, *step.at)), *self._put_after(name)]
        for restored in self._here(*step.restores):
            needs += self._needs_of(restored)
        components[own] = self._broken(own, times, self._work(step), needs)
        if step.switches is not None:
            self._switch(components, name, step)

    def _needs_of(self, restored: str) -> list[Any]:
        words = self.system.components[restored]
        needs = [need for need in words.needs if purpose_of(need, self.system) == "repair"]
        if restored in self.destroyed and words.copies:
            needs.append(AtLeast(at_least=1, of=tuple(copy.at for copy in words.copies), to="repair"))
        return needs

    def _work(self, step: RecoveryStep) -> Law | None:
        if step.takes != "unknown":
            return step.takes
        if step.restores:
            words = self.system.components[step.restores[0]]
            if step.restores[0] in self.destroyed:
                return words.copies[0].restore if words.copies else None
            return words.time_to_restore
        assert step.switches is not None
        for of in step.switches.of:
            for need in self.system.components[of].needs:
                for at in standby_places(need, step.switches.to) if isinstance(need, AnyOf) else []:
                    assert isinstance(need, AnyOf)
                    return need.any_of[at].failover or need.failover
        return None

    def _restored(self, name: str, words: Component) -> Component:
        """Return a component as the steps that restore it leave it: their work is its repair."""
        if name not in self.restored:
            return words
        steps = [id_of(step) for step in self.calls if name in self.plan.steps[step].restores]
        copies = tuple(copy.model_copy(update={"restore": NOTHING}) for copy in words.copies)
        needs = (*words.needs, *repair_needs(*steps))
        return words.model_copy(update={"needs": needs, "copies": copies, "crew": None})

    def _switch(self, components: dict[str, Component], name: str, step: RecoveryStep) -> None:
        assert step.switches is not None
        own, to = f"{id_of(name)}.switch", step.switches.to
        member: Any = ComponentNeed(component=to, to="run")
        if step.switches.capacity < 1:
            member = Pool(pool={to: step.switches.capacity}, demand=1, to="run")
        components[own] = Component(kind="step", needs=(ComponentNeed(component=id_of(name), to="run"), member))
        if self.calls[name][0] > 0:
            law = Component.model_validate({"restart": f"{self.calls[name][0]}ms"}).restart
            self.faults.append(Fail.model_validate({"fail": own, "for": law}))
        for of in self._here(*step.switches.of):
            words = components[of]
            needs = tuple(self._with_switch(need, to, own) for need in words.needs)
            components[of] = words.model_copy(update={"needs": needs})

    def _with_switch(self, need: Any, to: str, own: str) -> Any:
        if not isinstance(need, AnyOf) or not standby_places(need, to):
            return need
        at_once = {"use": own, "failover": Component.model_validate({"restart": 0}).restart}
        members = tuple(
            Member(**{**{key: getattr(member, key) for key in Member.model_fields}, **at_once})
            if place in standby_places(need, to)
            else member
            for place, member in enumerate(need.any_of)
        )
        return need.model_copy(update={"any_of": members, "to": purpose_of(need, self.system)})
