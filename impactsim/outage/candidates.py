"""What people could do now: repairs, starts by hand, switches to standbys, another order of a crew's jobs."""

from __future__ import annotations

from dataclasses import dataclass

from impactsim.compiled import ACT_REPAIR, ACT_START, ACT_SWITCH, DESTROYED, GROUP, START, Compiled, Plan
from impactsim.compiler import Names
from impactsim.engine.repair import JOB_CREW, JOB_WORKING
from impactsim.engine.state import N_TOUCHED, N_USED, STOPPED, State
from impactsim.outage.facts import ActionKind
from impactsim.outage.ground import Ground
from impactsim.reports.facts import Facts

MOST_CANDIDATES = 200
"""No more are tried."""

_MOST_CHANGED_BEFORE = 5_000
"""So many components may all orders of queues together touch until now, to see whether they change nothing of what has been."""

Step = tuple[int, int]
"""Kind of an action (`ACT_REPAIR` and so on) and its target."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that people could do."""

    kind: ActionKind
    targets: tuple[str, ...]
    at_ms: int
    steps: tuple[Step, ...] = ()
    priorities: tuple[tuple[int, int], ...] = ()
    """Priorities that components have instead of their own."""
    about: int = -1
    """Component whose place in the system says how much it matters."""

    def words(self) -> list[str]:
        """Return what is done to each target."""
        return ["repair" if kind == ACT_REPAIR else "start" for kind, _ in self.steps]


def candidates_of(ground: Ground, course: Facts) -> list[Candidate]:
    """Return all that people could do.

    Parameters
    ----------
    ground
        The outage, run until now.
    course
        How it goes on by the medians.
    """
    return _Search(ground, course).all()


class _Search:
    """The candidates of an outage, in the order of the file."""

    def __init__(self, ground: Ground, course: Facts) -> None:
        self.ground = ground
        self.course = course
        self.compiled: Compiled = ground.compiled
        self.plan: Plan = ground.plan
        self.state: State = ground.state
        self.names: Names = ground.names

    def all(self) -> list[Candidate]:
        """Return all candidates, what repairs first."""
        found = [*self._repairs(), *self._starts(), *self._switches(), *self._breaks()]
        # Last, because it runs the outage until now again.
        return found + self._put_first()

    def _repairs(self) -> list[Candidate]:
        under_way = {
            self.plan.fault_component[fault]
            for fault, is_active in enumerate(self.state.active[: len(self.plan.fault_at_ms)])
            if is_active and self.plan.fault_kind[fault] != DESTROYED
        }
        return [self._candidate("repair", each, (ACT_REPAIR, each)) for each in sorted(under_way)]

    def _starts(self) -> list[Candidate]:
        n = len(self.names.components)
        stopped = sorted(
            each
            for each in self.state.touched[: self.state.tally[N_TOUCHED]]
            if each < n and self.state.mode[each] == STOPPED and self.state.health[each] > 0.0
        )
        return [self._candidate("start", each, (ACT_START, each)) for each in stopped]

    def _candidate(self, kind: ActionKind, component: int, step: Step) -> Candidate:
        return Candidate(kind, (self.ground.id(component),), self.ground.at_ms, (step,), about=component)

    def _switches(self) -> list[Candidate]:
        found = []
        for need in sorted(self.state.used[: self.state.tally[N_USED]]):
            owner = self.compiled.need_component[need]
            if self.compiled.need_form[need] != GROUP or self.compiled.need_purpose[need] == START:
                continue
            if owner < len(self.names.components) and self._is_short(need):
                found += [self._switch(owner, slot) for slot in self._idle(need)]
        return found

    def _is_short(self, need: int) -> bool:
        """Is a group not served by its first member at full level?"""
        first = self.compiled.slot_from[need]
        return self.state.serving[need] != first or self.state.level[self.compiled.slot_component[first]] < 1.0

    def _idle(self, need: int) -> list[int]:
        """Return the members of a group that could serve, and do not."""
        slots = range(self.compiled.slot_from[need], self.compiled.slot_from[need + 1])
        return [
            slot
            for slot in slots
            if slot != self.state.serving[need]
            and self.state.level[self.compiled.slot_component[slot]] > 0.0
            and not self.state.spent[slot]
            and not self.compiled.slot_dead[slot]
        ]

    def _switch(self, owner: int, slot: int) -> Candidate:
        member = self.ground.id(self.compiled.slot_component[slot])
        targets = (self.ground.id(owner), member)
        return Candidate("switch", targets, self.ground.at_ms, ((ACT_SWITCH, slot),), about=owner)

    def _breaks(self) -> list[Candidate]:
        """Return what breaks recovery deadlocks, once they are there."""
        at_ms = max(self.ground.at_ms, self.course.end_ms + 1)
        found = []
        for deadlock in self.course.deadlocks:
            for way in deadlock.break_with:
                repairs, starts = way.get("repair", ()), way.get("start", ())
                steps = [(ACT_REPAIR, self.names.index[each]) for each in repairs]
                steps += [(ACT_START, self.names.index[each]) for each in starts]
                kind: ActionKind = "several" if len(steps) > 1 else "repair" if repairs else "start"
                about = self.names.index[deadlock.circle[0]]
                found.append(Candidate(kind, (*repairs, *starts), at_ms, tuple(steps), about=about))
        return found

    def _put_first(self) -> list[Candidate]:
        """Return the repairs that wait with others for a crew, if going first changes nothing of what has been."""
        waiting: dict[int, list[int]] = {}
        for fault, status in enumerate(self.state.job_status[: len(self.plan.fault_at_ms)]):
            if self.state.active[fault] and status == JOB_CREW:
                component = self.plan.fault_component[fault]
                waiting.setdefault(self.compiled.crew[component], []).append(component)
        queues = [sorted(set(each)) for _, each in sorted(waiting.items()) if len(set(each)) > 1]
        found = [
            Candidate("first", (self.ground.id(each),), self.ground.at_ms, priorities=self._first(each), about=each)
            for queue in queues
            for each in queue
        ]
        room = max(1, _MOST_CHANGED_BEFORE // max(1, self.state.tally[N_TOUCHED]))
        chosen = sorted(found, key=lambda each: -self.ground.above(each.about))[:room] if len(found) > room else found
        return [each for each in chosen if self.ground.is_past_the_same(each.priorities)]

    def _first(self, component: int) -> tuple[tuple[int, int], ...]:
        """Return the priorities with which a repair goes before all that still wait, and what was taken keeps its order."""
        least = max(self.compiled.priority) + 1
        crew = self.compiled.crew[component]
        taken = [
            self.plan.fault_component[fault]
            for fault, _, status in self.ground.jobs_until_now
            if status == JOB_WORKING and self.compiled.crew[self.plan.fault_component[fault]] == crew
        ]
        order = [*dict.fromkeys(each for each in taken if each != component), component]
        return tuple((each, least + len(order) - place) for place, each in enumerate(order))
