"""What decided when somebody was back: from the instant of the return, back to what ended last, step by step.

Knows one run by the medians with the plan woven into it. A component rises because a fault of it was cleared, because what it
needs rose in that instant, or because a start or a switch ended that began when one of these came; a repair goes on because
what it needs rose in that instant. The search goes these ways back until it meets a step or a gate (breadth first, so that of
several the nearest counts), and then asks the same of the last time at which that one's work went on. Of what never comes back it
asks what it waits for at the end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from impactsim.compiler import milliseconds
from impactsim.model.needs import purpose
from impactsim.model.system import AnyOf, AtLeast, Component, ComponentNeed, Need, Pool
from impactsim.reports.facts import Facts, Repair
from impactsim.review.facts import STEP_PREFIX
from impactsim.review.play.doers import DECLARATION, DETECTION, id_of
from impactsim.review.play.settle import Woven

Sort = Literal["rose", "began", "freed", "down"]


class _State(NamedTuple):
    """Something that wants a reason: a rise, the begin of a start, a repair that went on, somebody who is down at the end."""

    sort: Sort
    component: str
    at_ms: int


class Levels:
    """The levels of a run, asked by time."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._times: dict[str, list[int]] = {}

    def times(self, component: str) -> list[int]:
        """Return the times at which a component's level changed, 0 included."""
        if component not in self._times:
            self._times[component] = [at_ms for at_ms, _ in self.facts.components[component].levels]
        return self._times[component]

    def at(self, component: str, at_ms: int) -> float:
        """Return the level from a time on."""
        place = bisect_right(self.times(component), at_ms)
        return self.facts.components[component].levels[place - 1][1] if place else 1.0

    def rose(self, component: str, at_ms: int) -> bool:
        """Tell whether the level rose at just this time."""
        times = self.times(component)
        place = bisect_left(times, at_ms)
        if place == len(times) or times[place] != at_ms:
            return False
        return place > 0 and self.at(component, at_ms) > self.at(component, at_ms - 1)

    def last_rise(self, component: str, until_ms: int) -> int | None:
        """Return the last time until then at which the level rose."""
        times = self.times(component)
        for place in range(bisect_right(times, until_ms) - 1, 0, -1):
            if self.rose(component, times[place]):
                return times[place]
        return None

    def back_ms(self, component: str, minimum: float) -> int | None:
        """Return since when the level is a minimum or more for good: 0 if it always was, None if it is not at the end."""
        since: int | None = 0
        for at_ms, level in self.facts.components[component].levels:
            if level < minimum:
                since = None
            elif since is None:
                since = at_ms
        return since


class Paths:
    """Critical paths of one run.

    Parameters
    ----------
    woven
        The plan in the scenario.
    run
        The run by the medians.
    """

    def __init__(self, woven: Woven, run: Facts) -> None:
        self.woven = woven
        self.run = run
        self.levels = Levels(run)
        self.components = woven.system.components
        gates = [DETECTION, DECLARATION] if woven.calls else []
        self.doers = {*gates, *map(id_of, woven.calls)}
        self.repairs: dict[str, list[Repair]] = {}
        for repair in run.repairs:
            self.repairs.setdefault(repair.component, []).append(repair)
        self._befores: dict[str, tuple[str, ...]] = {}

    def of_service(self, service: str, minimum: float) -> tuple[str, ...]:
        """Return the doers, by their ids in runs, that decide when a service is back at a minimum for good, in order of time."""
        back_ms = self.levels.back_ms(service, minimum)
        if back_ms == 0:
            return ()
        if back_ms is None:
            return self._chain(self._decider([_State("down", service, self.run.end_ms)]))
        return self._chain(self._decider([_State("rose", service, back_ms)]))

    @cached_property
    def waves(self) -> dict[str, int]:
        """The wave of each step that is called for, by its id in runs: one more than the latest of what it waits for."""
        found: dict[str, int] = {}
        for step in map(id_of, self.woven.calls):
            self._find_wave(step, found)
        return found

    def _find_wave(self, step: str, found: dict[str, int]) -> None:
        """Find the wave of a step after those of all before it; what waits for itself counts as 0 there."""
        begun: set[str] = set()
        waiting = [step]
        while waiting:
            each = waiting[-1]
            if each in found:
                waiting.pop()
                continue
            missing = [other for other in self._steps_before(each) if other not in found and other not in begun]
            if missing and each not in begun:
                begun.add(each)
                waiting.extend(missing)
                continue
            found[each] = 1 + max((found.get(other, 0) for other in self._steps_before(each)), default=0)
            waiting.pop()

    def _steps_before(self, step: str) -> tuple[str, ...]:
        """Return the steps that a step waits for: by the plan, because of people, or because they bring back what it needs."""
        if step not in self._befores:
            said = (*self.woven.planned.get(step, ()), *self.woven.postponed.get(step, ()))
            seen = [self._decider(self._freed(step, at_ms)) for at_ms in self._goes_on(step)]
            wanted = dict.fromkeys(each for each in (*said, *seen) if each not in {None, step, DETECTION, DECLARATION})
            self._befores[step] = tuple(each for each in wanted if each is not None)
        return self._befores[step]

    def _goes_on(self, step: str) -> Iterator[int]:
        """Yield the times at which the work of a step went on."""
        for repair in self.repairs.get(step, ()):
            working = [phase.from_ms for phase in repair.phases if phase.status == "at work"]
            if not working and repair.ended_ms is not None:
                working = [repair.ended_ms]
            yield from working

    # From one doer to the one before it.

    def _chain(self, last: str | None) -> tuple[str, ...]:
        """Return a doer and those that decided on it, in order of time."""
        found: list[str] = []
        while last is not None and last not in found:
            found.append(last)
            last = self._decided_on(last)
        return tuple(reversed(found))

    def _decided_on(self, doer: str) -> str | None:
        """Return what a doer waited for last; where that came by itself, what it waited for before that."""
        if self.levels.at(doer, self.run.end_ms) < 1.0:
            return self._decider(self._held(doer))
        times = sorted(self._goes_on(doer), reverse=True)
        return next((found for at_ms in times if (found := self._decider(self._freed(doer, at_ms)))), None)

    def _held(self, doer: str) -> list[_State]:
        """Return what a doer that is not done waits for at the end; of what waits for nobody, what came last before it."""
        members = [each for need in self._needs(doer, "repair") for each in need.members() if each != doer]
        down = [each for each in members if self.levels.at(each, self.run.end_ms) <= 0.0]
        if down:
            return [_State("down", each, self.run.end_ms) for each in down]
        rises = {each: self.levels.last_rise(each, self.run.end_ms) for each in members}
        last_ms = max((at_ms for at_ms in rises.values() if at_ms is not None), default=None)
        return [_State("rose", each, at_ms) for each, at_ms in rises.items() if at_ms is not None and at_ms == last_ms]

    def _freed(self, component: str, at_ms: int) -> list[_State]:
        """Return what rose in the instant in which a repair went on; what stands last in the list of needs first."""
        members = [each for need in self._needs(component, "repair") for each in need.members()]
        members += [copy.at for copy in self.components[component].copies]
        # A gate stands first, and is behind whatever else came in its instant.
        return [_State("rose", each, at_ms) for each in reversed(members) if self.levels.rose(each, at_ms)]

    # The search.

    def _decider(self, states: Iterable[_State]) -> str | None:
        """Return the nearest doer that stands behind any of some states."""
        waiting = deque(states)
        seen = set(waiting)
        while waiting:
            state = waiting.popleft()
            if state.component in self.doers and state.sort in {"rose", "down"}:
                return state.component
            for other in self._behind(state):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return None

    def _behind(self, state: _State) -> Iterator[_State]:
        name, at_ms = state.component, state.at_ms
        if state.sort == "freed":
            yield from self._freed(name, at_ms)
        elif state.sort == "down":
            yield from self._behind_down(name, at_ms)
        else:
            yield from self._cleared(name, at_ms)
            purposes = ("run", "stay_up") if state.sort == "rose" else ("start", "stay_up")
            for need in self._needs(name, *purposes):
                yield from self._risen(need, at_ms)
            if state.sort == "rose":
                yield from self._ended(self.components[name], name, at_ms)

    def _cleared(self, name: str, at_ms: int) -> Iterator[_State]:
        """Yield when the repairs that ended just then went on for the last time."""
        for repair in self.repairs.get(name, ()):
            if repair.ended_ms == at_ms:
                working = [phase.from_ms for phase in repair.phases if phase.status == "at work"]
                yield _State("freed", name, working[-1] if working else at_ms)

    def _risen(self, need: Need, at_ms: int) -> Iterator[_State]:
        """Yield the members of a need that rose just then, or to which a switch began that ended just then."""
        for member in need.members():
            if self.levels.rose(member, at_ms):
                yield _State("rose", member, at_ms)
        for each in need.any_of if isinstance(need, AnyOf) else ():
            words = each.failover if each.failover is not None or not isinstance(need, AnyOf) else need.failover
            began_ms = at_ms - milliseconds(words)
            if began_ms < at_ms and self.levels.rose(each.use, began_ms):
                yield _State("rose", each.use, began_ms)

    def _ended(self, component: Component, name: str, at_ms: int) -> Iterator[_State]:
        """Yield the begin of a start, or the return from which on it caught up, that ended just then."""
        restart_ms = milliseconds(component.restart)
        yield _State("began", name, at_ms - restart_ms)
        before = self.levels.last_rise(name, at_ms - 1)
        if component.catch_up is not None and before is not None:
            yield _State("rose", name, before)

    def _behind_down(self, name: str, at_ms: int) -> Iterator[_State]:
        """Yield what a component that is not whole at the end waits for."""
        if any(repair.ended_ms is None for repair in self.repairs.get(name, ())):
            yield from self._unmet(self._needs(name, "repair"), at_ms)
        yield from self._unmet(self._needs(name, "run", "stay_up", "start"), at_ms)

    def _unmet(self, needs: Iterable[Need], at_ms: int) -> Iterator[_State]:
        """Yield what is missing of the needs that fall short."""
        for need in needs:
            levels = {each: self.levels.at(each, at_ms) for each in need.members()}
            if value_of(need, levels) < 1.0:
                yield from (_State("down", each, at_ms) for each, level in levels.items() if level < 1.0)

    def _needs(self, name: str, *purposes: str) -> Iterator[Need]:
        component = self.components[name]
        if component.at is not None and "stay_up" in purposes:
            yield ComponentNeed(component=component.at, to="stay_up")
        yield from (need for need in component.needs if purpose(need, self.components) in purposes)


def value_of(need: Need, levels: Mapping[str, float]) -> float:
    """Return the value of a need (S3) for the levels of its members, with all standbys at hand."""
    ordered = sorted(levels.values())
    if isinstance(need, Pool):
        return sum(capacity * levels[each] for each, capacity in need.pool.items()) / need.demand
    if isinstance(need, AtLeast):
        return ordered[-need.at_least]
    return ordered[-1] if isinstance(need, AnyOf) else ordered[0]


def plain(component: str) -> str:
    """Return the id of a doer, or of a component, as reports say it."""
    return component.removeprefix(STEP_PREFIX)
