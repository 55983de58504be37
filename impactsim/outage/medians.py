"""How things would stand if nothing that people report were ever repaired, by the medians: one system compiled once, asked often."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.compiler import compile_plan, compile_system
from impactsim.engine.record import Record
from impactsim.engine.timeline import Workspace
from impactsim.laws import Law
from impactsim.model.scenario import Degrade, Fail, Scenario
from impactsim.model.system import System
from impactsim.outage.faults import NEVER, Known


def fault(system: System, known: Known, repair: Law | None = None) -> Fail | Degrade:
    """Return what is known as an event.

    Parameters
    ----------
    system
        The system.
    known
        What is known to be down or degraded.
    repair
        Work of its repair; that of the common cause which struck it, or else the component's own, if absent.
    """
    if repair is None and known.cause:
        repair = system.common_causes[known.cause].time_to_restore
    # Not validated: the times are milliseconds already, and the laws are no author's words.
    if known.level == 0.0:
        return Fail.model_construct(fail=(known.component,), at=known.since_ms, repair=repair)
    return Degrade.model_construct(degrade=(known.component,), to=known.level, at=known.since_ms, repair=repair)


class Medians:
    """A system that is run by the medians, up to a time, with faults that never end.

    Parameters
    ----------
    system
        The system.
    blank
        A scenario without events.
    at_ms
        When every run ends.
    """

    def __init__(self, system: System, blank: Scenario, at_ms: int) -> None:
        self.system = system
        self.at_ms = at_ms
        self.compiled, self.names = compile_system(system)
        self.blank = blank
        self._workspace = Workspace(self.compiled)

    def record(self, known: Sequence[Known]) -> Record:
        """Return what a run leaves."""
        events = tuple(fault(self.system, each, NEVER) for each in known)
        scenario = self.blank.model_copy(update={"events": events})
        plan, _ = compile_plan(self.system, scenario, self.compiled, self.names)
        return self._workspace.run(plan._replace(horizon_ms=self.at_ms)).record

    def levels(self, known: Sequence[Known]) -> dict[str, float]:
        """Return the level at the end of each component that is not as it was."""
        record = self.record(known)
        components = self.names.components
        last = dict(zip(record.component, record.level, strict=True))
        return {components[number]: level for number, level in last.items() if number < len(components)}

    def level(self, known: Sequence[Known], component: str) -> float:
        """Return the level of a component at the end."""
        return self.levels(known).get(component, 1.0)

    def below(self, component: str, others: Sequence[str]) -> set[str]:
        """Return which of some components stand somewhere below another, whatever their needs are for."""
        wanted = {self.names.index[other] for other in others}
        seen, waiting = {self.names.index[component]}, [self.names.index[component]]
        compiled = self.compiled
        while waiting and not wanted <= seen:
            each = waiting.pop()
            first, after = (
                compiled.slot_from[compiled.need_from[each]],
                compiled.slot_from[compiled.need_from[each + 1]],
            )
            new = set(compiled.slot_component[first:after]) - seen
            seen |= new
            waiting += new
        return {self.names.components[each] for each in wanted & seen}
