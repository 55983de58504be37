"""What a pack is made of: the plan, one run of the plan in a scenario, and the names of all that stands in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from impactsim.exercise.facts import CourseService, CourseStep
from impactsim.model.plan import RecoveryPlan
from impactsim.reports.facts import ComponentFacts, Facts, Why
from impactsim.reports.facts import Repair as RepairFacts
from impactsim.reports.words import clean, joined
from impactsim.review.facts import STEP_PREFIX, Rehearsal

DETECTION, DECLARATION = f"{STEP_PREFIX}detection", f"{STEP_PREFIX}declaration"
_FEW = 5


@dataclass(frozen=True)
class Ground:
    """A run of a plan in a scenario, ready to be asked."""

    plan: RecoveryPlan
    rehearsal: Rehearsal
    """The scenario by the medians: who does which step."""
    run: Facts
    """The run of which the pack is made: that of the medians, or of a trial."""
    seen: tuple[tuple[int, str], ...] = ()
    """(at_ms, what) that somebody on site sees happen, as the events of the scenario say."""
    altered: Mapping[str, CourseStep] = field(default_factory=dict)
    """Steps that go otherwise than the run has them, by id: what a surprise changes."""

    def name(self, of: str) -> str:
        """Return the name for people of a component, step, role or supplier."""
        plain = of.removeprefix(STEP_PREFIX)
        for said in (self.plan.steps.get(plain), self.plan.roles.get(plain), self.plan.suppliers.get(plain)):
            if said is not None and (of.startswith(STEP_PREFIX) or of not in self.run.components):
                return clean(said.name or plain)
        found = self.run.components.get(of)
        return clean(plain if found is None else found.name)

    def public_names(self, ids: tuple[str, ...] | list[str]) -> str:
        """Return the names that customers know as a list in words; our own where they know none."""
        return joined([self._public_name(each) for each in ids], _FEW)

    def names(self, ids: tuple[str, ...] | list[str]) -> str:
        """Return names as a list in words, a few of many."""
        return joined([self.name(each) for each in ids], _FEW)

    def level(self, component: str, at_ms: int) -> float:
        """Return the level of a component from a time on; 1 for what the run does not have."""
        found = self.run.components.get(component)
        if found is None:
            return 1.0
        return next((level for at, level in reversed(found.levels) if at <= at_ms), 1.0)

    def enough(self, component: str) -> float:
        """Return the level from which on a component counts as back: the minimum acceptable level of a service, else all of it."""
        service = self.plan.services.get(component)
        return 1.0 if service is None or service.mbco is None else service.mbco

    @cached_property
    def services(self) -> tuple[CourseService, ...]:
        """The services of the plan that fall below their minimum level, in the order of that."""
        found = [self._service(each) for each in self.components if each.id in self.plan.services]
        return tuple(sorted((each for each in found if each is not None), key=lambda each: each.fails_ms))  # stable

    @cached_property
    def components(self) -> tuple[ComponentFacts, ...]:
        """What the run tells about that is no part of the plan."""
        return tuple(each for name, each in self.run.components.items() if not name.startswith(STEP_PREFIX))

    @cached_property
    def repairs(self) -> dict[str, RepairFacts]:
        """The last repair of each step and gate: its work."""
        return {each.component: each for each in self.run.repairs if each.component.startswith(STEP_PREFIX)}

    @cached_property
    def detected_ms(self) -> int | None:
        """When somebody knows; None if nobody ever does. Where no step is called for, that takes the median of the plan."""
        if DETECTION in self.repairs:
            return self._back_ms(DETECTION)
        first = min(self.origins.values(), default=None)
        return None if first is None else first + self._median_ms("detection")

    @cached_property
    def declared_ms(self) -> int | None:
        """When the plan is put into action; None if it never is."""
        return self._back_ms(DECLARATION)

    @cached_property
    def known_ms(self) -> int | None:
        """When it is known what failed: when the plan is put into action, or where it has no step for this could be."""
        if DECLARATION in self.repairs or self.detected_ms is None:
            return self.declared_ms
        return self.detected_ms + self._median_ms("decision")

    @cached_property
    def steps(self) -> tuple[CourseStep, ...]:
        """The steps that are called for, in the order of their beginning."""
        found = [self.altered.get(step) or self._step(step) for step in self.plan.steps if self._is_called(step)]
        never = self.run.end_ms + 1
        return tuple(sorted(found, key=lambda each: never if each.begins_ms is None else each.begins_ms))  # stable

    @cached_property
    def origins(self) -> dict[str, int]:
        """What failed of itself, and when: what is behind all that is seen."""
        found = {}
        for each in self.components:
            own = [why.at_ms for why in each.why if why.level < 1.0 and why.link.kind == "fault"]
            if own:
                found[each.id] = own[0]
        return dict(sorted(found.items(), key=lambda item: item[1]))  # stable

    def because(self, why: Why) -> str:
        """Say in a line what stands behind a change, from the component to what failed first."""
        names = list(dict.fromkeys(self.name(link.component) for link in why.chain))
        return " because of ".join(names) if len(names) > 1 else f"{names[0]} has failed"

    def why_down(self, component: str, at_ms: int) -> str:
        """Say why a component is not up at a time; its name alone where nothing is known."""
        found = self.run.components.get(component)
        before = [] if found is None else [why for why in found.why if why.at_ms <= at_ms and why.level < 1.0]
        return self.because(before[-1]) if before else self.name(component)

    def held_up(self, doer: str) -> tuple[int, int, tuple[str, ...]] | None:
        """Return the first time in which a step or gate was due, and its tools or places were down: from when, to when, which.

        A run records of a repair only what it waits for first; what was down once all before it was done follows from the levels.
        """
        repair = self.repairs.get(doer)
        ready_ms = self.ready_ms(doer)
        if repair is None or ready_ms is None:
            return None
        for phase in repair.phases:
            from_ms = max(phase.from_ms, ready_ms)
            down = tuple(each for each in self._things(doer) if self.level(each, from_ms) == 0.0)
            if phase.status == "held up" and from_ms < phase.to_ms and down:
                return from_ms, phase.to_ms, down
        return None

    def _things(self, doer: str) -> tuple[str, ...]:
        """Return the tools and places of a step or of the declaration."""
        if doer == DECLARATION:
            return self.plan.declaration.tools
        step = self.plan.steps[doer.removeprefix(STEP_PREFIX)]
        return tuple(dict.fromkeys((*step.tools, *step.at)))

    def ready_ms(self, doer: str) -> int | None:
        """Return when all is done that goes before a step or the declaration; None if that never comes."""
        if doer == DECLARATION:
            return self.detected_ms
        due_ms, wait = self._due_ms(doer.removeprefix(STEP_PREFIX)), self.repairs.get(f"{doer}.not-before")
        if due_ms is None or wait is None:
            return due_ms
        return None if wait.ended_ms is None else max(due_ms, wait.ended_ms)

    def _due_ms(self, name: str) -> int | None:
        """Return when all is done that goes before a step, but for the time that it takes to come; None if that never comes."""
        step = self.plan.steps[name]
        gate = {"outage": 0, "detection": self.detected_ms, "declaration": self.declared_ms}[step.begins]
        before = [STEP_PREFIX + each for each in step.after]
        ends = [gate, *(self.repairs[each].ended_ms for each in before if each in self.repairs)]
        known = [each for each in ends if each is not None]
        return max(known) if len(known) == len(ends) else None

    def _median_ms(self, what: Literal["detection", "decision"]) -> int:
        """Return the median of detection or decision in this scenario, as the plan has it."""
        own = next((each for each in self.plan.scenarios if each.file == self.rehearsal.file), None)
        said = None if own is None else own.detection if what == "detection" else own.decision
        usual = self.plan.declaration.detection if what == "detection" else self.plan.declaration.decision
        return round((said or usual).median())

    def _is_called(self, step: str) -> bool:
        return STEP_PREFIX + step in self.repairs

    def _step(self, step: str) -> CourseStep:
        said = next((each for each in self.rehearsal.steps if each.id == step), None)
        people, is_critical = ((), False) if said is None else (said.people, said.is_critical)
        repair = self.repairs[STEP_PREFIX + step]
        begins = next((phase.from_ms for phase in repair.phases if phase.status == "at work"), repair.ended_ms)
        due = begins if self.plan.steps[step].not_before is None else self._due_ms(step)
        return CourseStep(step, self.name(STEP_PREFIX + step), people, begins, repair.ended_ms, is_critical, due)

    def _service(self, here: ComponentFacts) -> CourseService | None:
        below = [i for i, (_, level) in enumerate(here.levels) if level < self.enough(here.id)]
        if not below:
            return None
        said = self.plan.services[here.id]
        after = here.levels[below[-1] + 1 :]
        return CourseService(
            here.id,
            self.name(here.id),
            clean(said.owner or ""),
            None if said.rto is None else said.rto.target,
            here.levels[below[0]][0],
            after[0][0] if after else None,
        )

    def _public_name(self, of: str) -> str:
        system = self.rehearsal.system
        component = None if system is None else system.components.get(of)
        said = {} if component is None else component.public_name
        return clean(said.get("en") or said.get("") or self.name(of))

    def _back_ms(self, gate: str) -> int | None:
        repair = self.repairs.get(gate)
        return None if repair is None else repair.ended_ms
