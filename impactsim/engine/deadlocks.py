"""Recovery deadlocks at the end of a run (S5.3): what waits only for one another, and what would break it.

*What could come back* is the greatest fixed point of "up if the others are", without a clock, because at the end
nothing is under way: a component that is stopped, or under a repair that is held up, counts as up as long as
whatever it waits for does. What is up in it but down in fact waits only for others in the same position. Its circles are
the strongly connected groups of "waits for".

*What breaks a circle* is found by trying: manual starts and repairs a millisecond after the end, in order of
their number, each set by letting the automaton run on until nothing changes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations

from impactsim.compiled import (
    ACT_REPAIR,
    ACT_START,
    DESTROYED,
    GROUP,
    JOB,
    POOL,
    REPAIR,
    RUN,
    START,
    STAY_UP,
    Compiled,
    Plan,
)
from impactsim.engine.state import N_TOUCHED, RUNNING, STOPPED, State
from impactsim.engine.timeline import History, Workspace
from impactsim.graphs import strongly_connected

_MOST_ENTRIES = 200_000
"""So many changes of levels may the trials for one circle cost; of larger circles only the first sets are tried."""


@dataclass(frozen=True, slots=True)
class Break:
    """Manual starts and repairs that together break a circle."""

    start: tuple[int, ...]
    repair: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Deadlock:
    """Components that wait for one another, each for the next, and the smallest sets that would break it."""

    circle: tuple[int, ...]
    break_with: tuple[Break, ...]


def find_deadlocks(system: Compiled, plan: Plan, history: History, components: int) -> list[Deadlock]:
    """Find the circles in what is not up at the end of a run.

    Parameters
    ----------
    system, plan
        What was run.
    history
        What the run left; its state must still be that of this run. A run at whose end something was under way has no
        deadlock yet.
    components
        How many components are real; those behind are workarounds and are left out.

    Returns
    -------
    list of Deadlock
        In the order of their first components.
    """
    if not history.is_over:
        return []
    circles = _Search(system, plan, history.state, components).circles()
    trials = _Trials(system, plan, history) if circles else None
    return [Deadlock(circle, trials.breaks(circle)) for circle in circles if trials is not None]


class _Search:
    """What is not up, and what it waits for."""

    def __init__(self, system: Compiled, plan: Plan, state: State, components: int) -> None:
        self.system = system
        self.plan = plan
        self.state = state
        self.faults: dict[int, list[int]] = {}
        for fault in range(len(plan.fault_at_ms)):
            if state.active[fault] and self._matters(fault):
                self.faults.setdefault(plan.fault_component[fault], []).append(fault)
        touched = [c for c in state.touched[: state.tally[N_TOUCHED]] if c < components]
        self.down = sorted(c for c in touched if state.level[c] == 0.0 or c in self.faults)

    def circles(self) -> list[tuple[int, ...]]:
        """Return all circles, in the order of their first components."""
        hopeful = self._could_come_back()
        stuck = [c for c in self.down if c in hopeful]
        number = {c: i for i, c in enumerate(stuck)}
        waits = [[number[o] for o in self._waits_for(c) if o in number] for c in stuck]
        circles = [
            self._around(group, waits, stuck)
            for group in strongly_connected(waits)
            if len(group) > 1 and any(self._is_blocked(stuck[i]) for i in group)
        ]
        return sorted(circles)

    def _is_blocked(self, component: int) -> bool:
        """Is it stopped, or does a repair of it wait; not merely without what it needs to run?"""
        return self.state.mode[component] == STOPPED or self._has_job(component)

    def _has_job(self, component: int) -> bool:
        return any(self.plan.fault_kind[fault] in {JOB, DESTROYED} for fault in self.faults.get(component, ()))

    def _matters(self, fault: int) -> bool:
        """Does a fault keep its component down, or, where that serves a share all the same, does its repair wait?"""
        if self.state.level[self.plan.fault_component[fault]] == 0.0:
            return self.state.fault_now[fault] == 0.0
        return self.plan.fault_kind[fault] in {JOB, DESTROYED}

    # What a component waits for.

    def _could_come_back(self) -> set[int]:
        """Return what would be up if everything that only waits for others came back."""
        hopeful = set(self.down)
        changed = True
        while changed:
            changed = False
            for component in sorted(hopeful):
                if not self._comes_back(component, hopeful.__contains__):
                    hopeful.discard(component)
                    changed = True
        return hopeful

    def _comes_back(self, component: int, back: Callable[[int], bool]) -> bool:
        """Is `component` up once all that is `back` is?"""
        if self.state.held[component]:
            return False
        if not all(self._ends(fault, back) for fault in self.faults.get(component, ())):
            return False
        for need in self._needs(component):
            purpose = self.system.need_purpose[need]
            counts = purpose == STAY_UP or (purpose == RUN and self.system.need_impact[need] == 1.0)
            if purpose == START:
                counts = self.state.mode[component] != RUNNING
            if counts and not self._is_met(need, back):
                return False
        return True

    def _ends(self, fault: int, back: Callable[[int], bool]) -> bool:
        """Does a fault that matters end once all that is `back` is?"""
        kind = self.plan.fault_kind[fault]
        if kind not in {JOB, DESTROYED} or self.state.lost[fault]:
            return False
        component = self.plan.fault_component[fault]
        if not all(self._is_met(need, back) for need in self._needs(component, REPAIR)):
            return False
        if kind == DESTROYED and self.state.copy[fault] < 0 and not any(map(back, self._places(component))):
            return False
        if self.system.crew[component] < 0 or self.state.manned[fault]:
            return True
        holders = self._crew_holders(component)
        return not holders or any(back(other) for other in holders)

    def _is_met(self, need: int, back: Callable[[int], bool]) -> bool:
        """Does `need` have a value above 0 once all that is `back` is?"""
        system, state = self.system, self.state
        slots = range(system.slot_from[need], system.slot_from[need + 1])
        up = [
            state.level[system.slot_component[slot]] > 0.0 or back(system.slot_component[slot])
            for slot in slots
            if self._is_usable(slot)
        ]
        if system.need_form[need] in {GROUP, POOL}:
            return any(up)
        return sum(up) >= system.need_k[need]

    def _is_usable(self, slot: int) -> bool:
        """Can the member carry anything: did it start, and is it not spent?"""
        is_pool = self.system.need_form[self.system.slot_need[slot]] == POOL
        if is_pool and self.system.slot_capacity[slot] == 0.0:
            return False
        return not (self.system.slot_dead[slot] or self.state.spent[slot])

    def _needs(self, component: int, purpose: int = -1) -> Iterable[int]:
        needs = range(self.system.need_from[component], self.system.need_from[component + 1])
        return [need for need in needs if purpose < 0 or self.system.need_purpose[need] == purpose]

    def _places(self, component: int) -> list[int]:
        """Return where copies lie that work and were not destroyed."""
        copies = range(self.system.copy_from[component], self.system.copy_from[component + 1])
        places = [self.system.copy_place[copy] for copy in copies if self.system.copy_works[copy]]
        return [place for place in places if not self.state.destroyed[place]]

    def _crew_holders(self, component: int) -> list[int]:
        """Return the components whose jobs the members of its crew are on; none if one of them is free."""
        crew = self.system.crew[component]
        if self.state.busy[crew] < self.system.crew_size[crew]:
            return []
        return [
            other
            for other, faults in self.faults.items()
            if self.system.crew[other] == crew and any(self.state.manned[fault] for fault in faults)
        ]

    def _waits_for(self, component: int) -> list[int]:
        """Return the components that are not up and that `component` waits for."""
        waits: list[int] = []
        for need in self._needs(component):
            purpose = self.system.need_purpose[need]
            counts = purpose == STAY_UP or (purpose == RUN and self.system.need_impact[need] == 1.0)
            if purpose == START:
                counts = self.state.mode[component] == STOPPED
            if purpose == REPAIR:
                counts = self._has_job(component)
            if counts and not self._is_met(need, _nothing):
                slots = range(self.system.slot_from[need], self.system.slot_from[need + 1])
                members = [self.system.slot_component[slot] for slot in slots if self._is_usable(slot)]
                waits.extend(member for member in members if self.state.level[member] == 0.0)
        for fault in self.faults.get(component, ()):
            kind = self.plan.fault_kind[fault]
            if kind == DESTROYED and self.state.copy[fault] < 0:
                waits.extend(place for place in self._places(component) if self.state.level[place] == 0.0)
            if kind in {JOB, DESTROYED} and self.system.crew[component] >= 0 and not self.state.manned[fault]:
                waits.extend(self._crew_holders(component))
        return list(dict.fromkeys(waits))

    def _around(self, group: list[int], waits: list[list[int]], stuck: list[int]) -> tuple[int, ...]:
        """Return a circle in the order of waiting, from its first component on.

        A group that is more than one plain circle is given in the order of the file.
        """
        inside = set(group)
        following = {i: [o for o in waits[i] if o in inside] for i in group}
        if any(len(others) != 1 for others in following.values()):
            return tuple(stuck[i] for i in sorted(group))
        circle = [min(group)]
        while len(circle) < len(group):
            circle.append(following[circle[-1]][0])
        return tuple(stuck[i] for i in circle)


class _Trials:
    """Runs that go on after the end with manual starts and repairs."""

    def __init__(self, system: Compiled, plan: Plan, history: History) -> None:
        self.workspace = Workspace(system)
        self.plan = _until(plan, history.end_ms)
        self.at_ms = history.end_ms + 1
        self.stopped = {c for c, mode in enumerate(history.state.mode) if mode == STOPPED}
        self.broken = {
            component
            for fault, component in enumerate(plan.fault_component)
            if history.state.active[fault] and plan.fault_kind[fault] != DESTROYED
        }

    def breaks(self, circle: tuple[int, ...]) -> tuple[Break, ...]:
        """Return the smallest sets of manual starts and repairs after which all of a circle is back."""
        candidates = [(c, ACT_START) for c in circle if c in self.stopped]
        candidates += [(c, ACT_REPAIR) for c in circle if c in self.broken]
        entries = 0
        for size in range(1, len(candidates) + 1):
            found = []
            for chosen in combinations(sorted(candidates), size):
                history = self.workspace.run(self._with(chosen))
                if all(history.state.level[component] > 0.0 for component in circle):
                    found.append(
                        Break(
                            tuple(c for c, kind in chosen if kind == ACT_START),
                            tuple(c for c, kind in chosen if kind == ACT_REPAIR),
                        )
                    )
                entries += len(history.record.component) + len(circle)
                if entries > _MOST_ENTRIES:
                    return tuple(found)
            if found:
                return tuple(found)
        return ()

    def _with(self, chosen: tuple[tuple[int, int], ...]) -> Plan:
        """Return the plan with manual repairs and starts a millisecond after the end, in this order."""
        ordered = sorted(chosen, key=lambda each: each[1])
        return self.plan._replace(
            action_at_ms=[*self.plan.action_at_ms, *(self.at_ms for _ in ordered)],
            action_kind=[*self.plan.action_kind, *(kind for _, kind in ordered)],
            action_target=[*self.plan.action_target, *(component for component, _ in ordered)],
        )


def _until(plan: Plan, end_ms: int) -> Plan:
    """Return what of a plan is due until the end, without a horizon."""
    faults = bisect_right(plan.fault_at_ms, end_ms)
    actions = bisect_right(plan.action_at_ms, end_ms)
    return plan._replace(
        horizon_ms=-1,
        fault_at_ms=plan.fault_at_ms[:faults],
        action_at_ms=plan.action_at_ms[:actions],
        action_kind=plan.action_kind[:actions],
        action_target=plan.action_target[:actions],
    )


def _nothing(_component: int) -> bool:
    return False
