"""An outage in numbers, run by the medians until now: how things stand, and what an action can change."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.audience import compile_audience
from impactsim.compiler import compile_plan
from impactsim.engine.record import Record
from impactsim.engine.state import State
from impactsim.engine.timeline import Workspace
from impactsim.outage.situation import Situation

_MOST_REACHED = 2_000
"""So far a count of what stands above a component goes."""


class Ground:
    """An outage in numbers, run until now.

    Parameters
    ----------
    situation
        What is known.
    window_ms
        Until when what is lost counts.
    """

    def __init__(self, situation: Situation, window_ms: int) -> None:
        self.system = situation.system
        self.at_ms = situation.at_ms
        self.window_ms = window_ms
        self.compiled, self.names = situation.numbers
        self.plan, _ = compile_plan(situation.system, situation.scenario, self.compiled, self.names)
        self.plan = self.plan._replace(horizon_ms=window_ms)
        self.audience, self.audience_names = compile_audience(
            situation.system, self.names, len(self.compiled.crew), situation.scenario.starts, window_ms
        )
        self.has_users = bool(self.audience.service_component)
        self._workspace = Workspace(self.compiled)
        history = self.until_now()
        self.jobs_until_now = jobs_of(history)
        self.state: State = self._workspace.state
        self.jobs_of_others = {crew: self._others(number) for number, crew in enumerate(self.names.crews)}
        """How many jobs of others each crew has before it now, those that its members are on included (S5.5.1)."""

    def until_now(self) -> Record:
        """Run the outage until now; what the run leaves in ``state`` is how things stand."""
        return self._workspace.run(self.plan._replace(horizon_ms=self.at_ms)).record

    def is_past_the_same(self, priorities: Sequence[tuple[int, int]]) -> bool:
        """Tell whether crews would have done until now what they did if components had had other priorities.

        It runs the outage until now again, so that ``state`` is no longer to be read.
        """
        own = self.compiled.priority
        self._workspace.system = self.compiled._replace(priority=changed_priorities(own, priorities))
        try:
            return jobs_of(self.until_now()) == self.jobs_until_now
        finally:
            self._workspace.system = self.compiled

    def _others(self, crew: int) -> int:
        first, after = self.compiled.backlog_from[crew : crew + 2]
        return after - max(first, self.state.next_other[crew]) + self.state.others[crew]

    def id(self, component: int) -> str:
        """Return the id of a component."""
        return self.names.components[component]

    def above(self, component: int) -> int:
        """Return how many services stand above a component, as far as a bounded search sees."""
        components = self.system.components
        seen, waiting, n_services = {component}, [component], 0
        while waiting and len(seen) < _MOST_REACHED:
            each = waiting.pop()
            if each < len(self.names.components):
                n_services += components[self.id(each)].kind == "service"
            for slot in self.compiled.use_slot[self.compiled.use_from[each] : self.compiled.use_from[each + 1]]:
                owner = self.compiled.need_component[self.compiled.slot_need[slot]]
                if owner not in seen:
                    seen.add(owner)
                    waiting.append(owner)
        return n_services


def changed_priorities(own: Sequence[int], priorities: Sequence[tuple[int, int]]) -> list[int]:
    """Return the priorities of all components, where some have others than their own."""
    changed = list(own)
    for component, priority in priorities:
        changed[component] = priority
    return changed


def jobs_of(record: Record) -> list[tuple[int, int, int]]:
    """Return what each repair did, and from when on: fault, time, status."""
    return list(zip(record.job_fault, record.job_at_ms, record.job_status, strict=True))
