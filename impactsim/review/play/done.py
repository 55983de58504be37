"""What became of the steps by the medians: when each began and ended, and what it waited for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from impactsim.model.plan import RecoveryPlan
from impactsim.reports.facts import Facts, Repair
from impactsim.review.facts import Spread, StepFacts, Wait, WaitKind
from impactsim.review.play.called import called_before
from impactsim.review.play.doers import DECLARATION, DETECTION, gate_of, id_of, not_before_of, step_of
from impactsim.review.play.paths import Levels, Paths, plain, value_of
from impactsim.review.play.people import roles_of
from impactsim.review.play.settle import Woven

NOT_BEFORE = "not-before"
"""What a wait is for where a time must pass before the step (travel, delivery)."""


def steps_of(
    plan: RecoveryPlan, woven: Woven, run: Facts, paths: Paths, ends: Mapping[str, Spread], critical: Iterable[str]
) -> tuple[StepFacts, ...]:
    """Return all steps of a plan in a scenario.

    Parameters
    ----------
    plan, woven, run, paths
        The plan, the plan in the scenario, its run by the medians, and what decided in it.
    ends
        When each step is done over the trials, by its id in runs.
    critical
        Steps on a critical path that matters, by their ids in runs.

    Returns
    -------
    tuple of StepFacts
        In the order of their beginning, those that never begin behind them, and those that are not called for last.
    """
    teller = _Teller(plan, woven, run, paths, ends, set(critical))
    called = [teller.step(name) for name in plan.steps if name in woven.calls]
    called.sort(
        key=lambda step: (step.begins_ms is None, step.begins_ms or 0, step.called_ms if step.begins_ms is None else 0)
    )
    rest = [_not_called(plan, name) for name in plan.steps if name not in woven.calls]
    return (*called, *rest)


def gates_of(
    plan: RecoveryPlan, woven: Woven, run: Facts, paths: Paths, ends: Mapping[str, Spread], critical: Iterable[str]
) -> tuple[StepFacts, ...]:
    """Return detection and declaration in the form of steps; nothing where nobody is called. Parameters as in `steps_of`."""
    teller = _Teller(plan, woven, run, paths, ends, set(critical))
    return tuple(teller.facts(gate, plain(gate), (), ()) for gate in (DETECTION, DECLARATION) if woven.calls)


def _not_called(plan: RecoveryPlan, name: str) -> StepFacts:
    return StepFacts(name, plan.steps[name].name or name, False, restores=_restores(plan, name))


def _restores(plan: RecoveryPlan, name: str) -> tuple[str, ...]:
    step = plan.steps[name]
    return tuple(dict.fromkeys((*step.restores, *(() if step.switches is None else (step.switches.to,)))))


class _Teller:
    def __init__(
        self, plan: RecoveryPlan, woven: Woven, run: Facts, paths: Paths, ends: Mapping[str, Spread], critical: set[str]
    ) -> None:
        self.plan = plan
        self.woven = woven
        self.run = run
        self.paths = paths
        self.levels: Levels = paths.levels
        self.ends = ends
        self.critical = critical
        self.roles = roles_of(plan)

    def step(self, name: str) -> StepFacts:
        """Return what became of a step that is called for."""
        after = called_before(self.plan, self.woven.calls, name)
        return self.facts(id_of(name), self.plan.steps[name].name or name, _restores(self.plan, name), after)

    def facts(self, doer: str, name: str, restores: tuple[str, ...], after: tuple[str, ...]) -> StepFacts:
        """Return what became of a doer."""
        repairs = self.paths.repairs.get(doer, [])
        calls = self.woven.calls.get(plain(doer)) or (min(min(times) for times in self.woven.calls.values()),)
        begins = [begin for repair in repairs if (begin := _begin(repair)) is not None]
        is_done = bool(repairs) and all(repair.ended_ms is not None for repair in repairs)
        return StepFacts(
            id=plain(doer),
            name=name,
            is_called=True,
            restores=restores,
            after=after,
            people=self.woven.people.get(doer, ()),
            wave=self.paths.waves.get(doer, 0),
            called_ms=calls[0],
            begins_ms=min(begins, default=None),
            ends_ms=max(repair.ended_ms or 0 for repair in repairs) if is_done else None,
            ends=self.ends.get(doer),
            waits=tuple(self._waits(doer, repairs)),
            is_critical=doer in self.critical,
        )

    def _waits(self, doer: str, repairs: Sequence[Repair]) -> list[Wait]:
        """Return the times in which a doer did not go on, each with what was missing; what came at one time counts once."""
        found: list[Wait] = []
        reached_ms = -1
        for repair in sorted(repairs, key=lambda each: each.began_ms):
            for phase in repair.phases:
                from_ms = max(phase.from_ms, reached_ms)
                if phase.status != "at work" and from_ms < phase.to_ms:
                    found += self._parts(doer, from_ms, phase.to_ms)
                    reached_ms = phase.to_ms
        return _merged(found)

    def _parts(self, doer: str, from_ms: int, to_ms: int) -> Iterator[Wait]:
        """Part a wait where what is missing changes."""
        members = {*self._needed_by(doer), DETECTION}
        inside = {at_ms for each in members for at_ms in self.levels.times(each)}
        for other in self._others(doer):
            inside.update(phase.from_ms for repair in self.paths.repairs.get(other, ()) for phase in repair.phases)
            inside.update(at_ms for each in self._needed_by(other) for at_ms in self.levels.times(each))
        times = [from_ms, *sorted(at_ms for at_ms in inside if from_ms < at_ms < to_ms), to_ms]
        for since, until in pairwise(times):
            kind, of = self._missing(doer, since)
            yield Wait(since, until, kind, of, *(self._kept(doer, since) if kind == "person" else ((), ())))

    def _others(self, doer: str) -> tuple[str, ...]:
        """Return the doers that keep the people of a doer, and not itself."""
        return tuple(each for each in self.woven.postponed.get(doer, ()) if each != doer)

    def _needed_by(self, doer: str) -> tuple[str, ...]:
        """Return what a doer needs for its work, in the order of its needs, each once."""
        members = (each for need in self.woven.system.components[doer].needs for each in need.members())
        return tuple(dict.fromkeys(members))

    def _kept(self, doer: str, at_ms: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the steps that keep people without being at work, and what those wait for; nothing where any is at work."""
        keepers = [each for each in self._others(doer) if self._is_down(each, at_ms)]
        if not keepers or any(self._is_at_work(each, at_ms) for each in keepers):
            return (), ()
        behind = (each for keeper in keepers for each in self._missing(keeper, at_ms)[1])
        return tuple(map(plain, keepers)), tuple(dict.fromkeys(behind))

    def _is_at_work(self, doer: str, at_ms: int) -> bool:
        phases = (phase for repair in self.paths.repairs.get(doer, ()) for phase in repair.phases)
        return any(phase.status == "at work" and phase.from_ms <= at_ms < phase.to_ms for phase in phases)

    def _missing(self, doer: str, at_ms: int) -> tuple[WaitKind, tuple[str, ...]]:
        """Return what a doer waits for at a time: the first sort of things of which any is missing.

        People come last: where a tool is down too, somebody else could not go on either.
        """
        step = self.plan.steps.get(plain(doer)) if doer != DECLARATION else None
        gate = DETECTION if doer == DECLARATION else None if step is None else gate_of(step)
        if gate is not None and self._is_down(gate, at_ms):
            return "gate", (plain(DETECTION if self._is_down(DETECTION, at_ms) else gate),)
        if step is not None and step.not_before is not None and self._is_down(not_before_of(plain(doer)), at_ms):
            return "gate", (NOT_BEFORE,)
        before = [each for each in self.woven.planned.get(doer, ()) if self._is_down(each, at_ms)]
        if before:
            return "step", tuple(map(plain, before))
        tools = self.plan.declaration.tools if step is None else step.tools
        things = self._missing_things(doer, at_ms, tools, () if step is None else step.at)
        others = [each for each in self.woven.postponed.get(doer, ()) if self._is_down(each, at_ms)]
        return ("person", self._people_of(doer, others)) if others and not things[1] else things

    def _missing_things(
        self, doer: str, at_ms: int, tools: tuple[str, ...], places: tuple[str, ...]
    ) -> tuple[WaitKind, tuple[str, ...]]:
        """Return the tools that are down, else the places, else what it needs besides and cannot have; no doers."""
        kinds: tuple[tuple[WaitKind, tuple[str, ...]], ...] = (("tool", tools), ("place", places))
        for kind, names in kinds:
            down = tuple(each for each in names if each in self.run.components and self._is_down(each, at_ms))
            if down:
                return kind, down
        return "need", tuple(dict.fromkeys(self._unmet(doer, at_ms)))

    def _unmet(self, doer: str, at_ms: int) -> Iterator[str]:
        for need in self.woven.system.components[doer].needs:
            members = need.members()
            levels = {each: self.levels.at(each, at_ms) for each in members}
            if not any(map(step_of, members)) and value_of(need, levels) <= 0.0:
                yield from (each for each, level in levels.items() if level <= 0.0)

    def _is_down(self, component: str, at_ms: int) -> bool:
        return self.levels.at(component, at_ms) <= 0.0

    def _people_of(self, doer: str, others: Sequence[str]) -> tuple[str, ...]:
        """Return the people whom a doer waits for: those of its roles whom others keep."""
        mine = dict.fromkeys(person for _, people in self.roles[doer] for person in people)
        kept = {person for other in others if other != doer for _, person in self.woven.people.get(other, ())}
        return tuple(person for person in mine if person in kept or not kept)


def _begin(repair: Repair) -> int | None:
    working = [phase.from_ms for phase in repair.phases if phase.status == "at work"]
    return working[0] if working else repair.ended_ms


def _merged(waits: Sequence[Wait]) -> list[Wait]:
    """Put waits for the same things together that follow on each other."""
    found: list[Wait] = []
    for wait in waits:
        last = found[-1] if found else None
        if last is not None and wait == replace(last, from_ms=last.to_ms, to_ms=wait.to_ms):
            found[-1] = replace(last, to_ms=wait.to_ms)
        else:
            found.append(wait)
    return found
