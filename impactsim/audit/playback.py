"""One run of a scenario with the medians, read back: what was down when, through what, and what waited for what.

It reads the engine's own record. Times are milliseconds from the start; a span that still goes on when the run ends
reaches a millisecond beyond.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property, reduce
from typing import NamedTuple

from impactsim.audit.estate import Estate
from impactsim.audit.spans import Span, Spans, at, common, either
from impactsim.compiled import DESTROYED, START
from impactsim.compiler import compile_plan
from impactsim.engine.repair import JOB_COPY, JOB_DONE, JOB_NEEDS
from impactsim.engine.state import BY_CATCH_UP, BY_FAULT, BY_NEED, BY_RESTART, BY_STOP, NO_RESERVE, ON_STANDBY
from impactsim.engine.timeline import Workspace
from impactsim.files.reading import LoadedScenario


class Reason(NamedTuple):
    """Why a component is not up: along its needs to what failed first."""

    path: tuple[int, ...]
    """Components, the one that is asked about first."""
    ends: str
    """What happened to the last of them, such as ``failed at 2h50m``."""
    is_stopped: bool
    """Did somebody stop it?"""
    cause: int
    """The common cause that struck it, -1 if it was none."""


class Held(NamedTuple):
    """A time in which a repair waited for what its need to repair wants."""

    component: int
    need: int
    span: Span


class Playback:
    """A run, and what can be asked about it.

    Parameters
    ----------
    estate
        The system with the scenario's changes.
    loaded
        The scenario.
    """

    def __init__(self, estate: Estate, loaded: LoadedScenario) -> None:
        self.estate = estate
        self.compiled = estate.compiled
        self.n_real = len(estate.names.components)
        self.plan, _ = compile_plan(loaded.system, loaded.scenario, estate.compiled, estate.names)
        history = Workspace(estate.compiled).run(self.plan)
        self.record = history.record
        self.end_ms = history.end_ms
        self.until_ms = history.end_ms + 1
        """Where spans end that go on when the run ends: even what happens in its last instant has a span."""
        self.begun = history.begun
        self.taken = list(history.state.taken[: history.begun])
        """The copy that each fault took last, -1 for none."""
        self.is_lost = [flag == 1 for flag in history.state.lost[: history.begun]]
        """Of each fault: is the data lost for good?"""
        self._entries: dict[int, list[int]] = {}
        for entry, component in enumerate(self.record.component):
            self._entries.setdefault(component, []).append(entry)
        self._spans: dict[tuple[int, float], Spans] = {}
        self._times = {c: [self.record.at_ms[entry] for entry in mine] for c, mine in self._entries.items()}

    @property
    def affected(self) -> list[int]:
        """Components whose level ever changed, by number; those that stand for workarounds too."""
        return sorted(self._entries)

    def id_of(self, component: int) -> str:
        """Return the id of a component, or the words for a workaround."""
        if component < self.n_real:
            return self.estate.names.components[component]
        service, place = self.estate.names.workarounds[component - self.n_real]
        return f"workaround {place + 1} of {service}"

    # Levels.

    def level_at(self, component: int, at_ms: int) -> float:
        """Return the level of a component at the end of the instant."""
        entry = self._entry_until(component, at_ms)
        return 1.0 if entry is None else self.record.level[entry]

    def changes(self, component: int) -> list[int]:
        """Return when the level of a component changed."""
        return self._times.get(component, [])

    def down(self, component: int) -> Spans:
        """Return when a component was down."""
        return self._below(component, 0.0)

    def impaired(self, component: int) -> Spans:
        """Return when a component was down or degraded."""
        return self._below(component, 1.0)

    def _below(self, component: int, limit: float) -> Spans:
        """Return when a level was 0 (by a limit of 0), or below 1 (by a limit of 1)."""
        if component not in self._entries:
            return []
        known = self._spans.get((component, limit))
        if known is None:
            levels = [self.record.level[entry] for entry in self._entries[component]]
            times = self._times[component]
            steps = zip(levels, times, [*times[1:], self.until_ms], strict=True)
            known = either([Span(from_ms, to_ms) for level, from_ms, to_ms in steps if level == 0.0 or level < limit])
            self._spans[component, limit] = known
        return known

    def _entry_until(self, component: int, at_ms: int) -> int | None:
        place = bisect_right(self._times.get(component, []), at_ms)
        return self._entries[component][place - 1] if place else None

    # Reasons.

    def reason(self, component: int, at_ms: int) -> Reason:
        """Say why a component is not up at a time, by what decided each level."""
        path = [component]
        entry = self._entry_until(component, at_ms)
        while entry is not None and self.record.by_kind[entry] == BY_NEED:
            at_ms = self.record.at_ms[entry]
            member = self._worst_member(self.record.by_id[entry], at_ms)
            if member is None or member in path:
                return Reason(tuple(path), "waited for a standby" if member is None else "", False, -1)
            path.append(member)
            entry = self._entry_until(member, at_ms)
        kind = -1 if entry is None else self.record.by_kind[entry]
        which = -1 if entry is None else self.record.by_id[entry]
        cause = self.plan.fault_cause[which] if kind == BY_FAULT and which >= 0 else -1
        return Reason(tuple(path), self._what_happened(kind, which), kind == BY_STOP, cause)

    def _worst_member(self, need: int, at_ms: int) -> int | None:
        """Return the member that is worst off; among equals the one that was lost last, whose loss decided."""
        members = self.compiled.slot_component[self.compiled.slot_from[need] : self.compiled.slot_from[need + 1]]
        weights = []
        for place, member in enumerate(members):
            entry = self._entry_until(member, at_ms)
            if entry is not None and self.record.level[entry] < 1.0:
                weights.append((self.record.level[entry], -self.record.at_ms[entry], place))
        return members[min(weights)[2]] if weights else None

    def _what_happened(self, kind: int, which: int) -> str:
        if kind != BY_FAULT or which < 0:
            others = {BY_STOP: "was stopped by hand", BY_RESTART: "was starting", BY_CATCH_UP: "was catching up"}
            return others.get(kind, "was being repaired")
        cause, when = self.plan.fault_cause[which], at(self.plan.fault_at_ms[which])
        if cause >= 0:
            return f"was struck by {self.estate.id_of(self.estate.n_components + cause)} {when}"
        if self.plan.fault_kind[which] == DESTROYED:
            return f"was destroyed {when}"
        return f"{'was degraded' if self.plan.fault_level[which] > 0.0 else 'failed'} {when}"

    def reason_text(self, component: int, at_ms: int) -> str:
        """Write a reason, such as ``oob-access needs backbone, which failed at the start``."""
        reason = self.reason(component, at_ms)
        path = " needs ".join(map(self.id_of, reason.path))
        if not reason.ends:
            return path
        return f"{path}, which {reason.ends}" if len(reason.path) > 1 else f"{path} {reason.ends}"

    def roots(self, component: int, at_ms: int) -> str:
        """Return the id of what a reason ends at: a common cause, or the component that failed first."""
        reason = self.reason(component, at_ms)
        if reason.cause >= 0:
            return self.estate.id_of(self.estate.n_components + reason.cause)
        return self.id_of(reason.path[-1])

    # Reserves.

    @cached_property
    def reserve_ends(self) -> list[int]:
        """When each reserve of the record ended: when the next one of its need began, or `until_ms`."""
        ends = [self.until_ms] * len(self.record.reserve_need)
        last: dict[int, int] = {}
        for i, need in enumerate(self.record.reserve_need):
            if need in last:
                ends[last[need]] = self.record.reserve_at_ms[i]
            last[need] = i
        return ends

    @cached_property
    def used_up(self) -> list[int]:
        """The reserves of the record that had a limit and lasted until just then."""
        record = self.record
        return [
            i
            for i, until_ms in enumerate(record.reserve_until_ms)
            if record.reserve_kind[i] != NO_RESERVE and 0 <= until_ms <= min(self.end_ms, self.reserve_ends[i])
        ]

    @cached_property
    def spent(self) -> dict[int, Spans]:
        """When each standby, by its slot, was spent: until a member before it serves again (S4.5)."""
        record, compiled = self.record, self.compiled
        spent: dict[int, Spans] = {}
        for i in self.used_up:
            slot, until_ms = record.reserve_slot[i], record.reserve_until_ms[i]
            if record.reserve_kind[i] == ON_STANDBY:
                before = compiled.slot_component[compiled.slot_from[record.reserve_need[i]] : slot]
                spent.setdefault(slot, []).append(Span(until_ms, self.back_at(before, until_ms)))
        return {slot: either(spans) for slot, spans in spent.items()}

    def back_at(self, members: Sequence[int], from_ms: int) -> int:
        """Return when the first of some components serves from a time on; that time if one of them does."""
        down = reduce(common, map(self.down, members))
        return next((span.to_ms for span in down if span.from_ms <= from_ms < span.to_ms), from_ms)

    # Repairs.

    @cached_property
    def _jobs(self) -> dict[int, list[int]]:
        jobs: dict[int, list[int]] = {}
        for i, fault in enumerate(self.record.job_fault):
            jobs.setdefault(fault, []).append(i)
        return dict(sorted(jobs.items()))

    def job_span(self, fault: int) -> Span:
        """Return from when to when the repair of a fault was wanted."""
        done = [i for i in self._jobs.get(fault, ()) if self.record.job_status[i] == JOB_DONE]
        return Span(self.plan.fault_at_ms[fault], self.record.job_at_ms[done[0]] if done else self.until_ms)

    @cached_property
    def repairs(self) -> dict[int, Spans]:
        """When repairs of each struck component were wanted."""
        found: dict[int, Spans] = {}
        for fault in self._jobs:
            found.setdefault(self.plan.fault_component[fault], []).append(self.job_span(fault))
        return {component: either(spans) for component, spans in found.items()}

    @cached_property
    def held(self) -> dict[int, list[Held]]:
        """Repairs that were held up, by the need to repair that held them up, in order of their faults."""
        found: dict[int, list[Held]] = {}
        for fault in self._jobs:
            for i, span in self._phases(fault, JOB_NEEDS):
                need = self.record.job_need[i]
                found.setdefault(need, []).append(Held(self.plan.fault_component[fault], need, span))
        return found

    def waits_for_copy(self, fault: int) -> Spans:
        """Return when the restore of destroyed data found no copy to begin with."""
        component = self.plan.fault_component[fault]
        copies = range(self.compiled.copy_from[component], self.compiled.copy_from[component + 1])
        places = [self.compiled.copy_place[copy] for copy in copies if self.compiled.copy_works[copy]]
        # The record goes on to say that a restore waits once it has begun: it waits until a place is up again.
        return [
            Span(span.from_ms, min(span.to_ms, self.back_at(places, span.from_ms)) if places else span.to_ms)
            for _, span in self._phases(fault, JOB_COPY)
        ]

    def _phases(self, fault: int, status: int) -> Iterator[tuple[int, Span]]:
        mine = self._jobs.get(fault, [])
        ends = [*(self.record.job_at_ms[i] for i in mine[1:]), self.until_ms][: len(mine)]
        for i, to_ms in zip(mine, ends, strict=True):
            if self.record.job_status[i] == status and self.record.job_at_ms[i] < to_ms:
                yield i, Span(self.record.job_at_ms[i], to_ms)

    @cached_property
    def destroyed(self) -> dict[int, list[int]]:
        """The faults that destroyed each component."""
        found: dict[int, list[int]] = {}
        for fault in range(self.begun):
            if self.plan.fault_kind[fault] == DESTROYED:
                found.setdefault(self.plan.fault_component[fault], []).append(fault)
        return found

    # Consequences.

    def services_hit(self, component: int, services: Collection[int]) -> set[int]:
        """Return the services that lost something through a loss of a component: along needs, while both were not up."""
        reached, waiting = {component}, [component]
        while waiting:
            member = waiting.pop()
            mine = self.impaired(member)
            for owner in _owners(self.estate, member):
                if owner < self.n_real and owner not in reached and common(mine, self.impaired(owner)):
                    reached.add(owner)
                    waiting.append(owner)
        return reached & set(services)

    def went_down_by(self, component: int, need: int, spans: Spans) -> bool:
        """Tell whether a need decided on a loss of its component in some of these times."""
        return any(
            self.record.by_kind[entry] == BY_NEED
            and self.record.by_id[entry] == need
            and self.record.level[entry] < 1.0
            and any(span.from_ms <= self.record.at_ms[entry] < span.to_ms for span in spans)
            for entry in self._entries.get(component, ())
        )


def _owners(estate: Estate, component: int) -> Iterator[int]:
    """Yield what needs a component to run, to stay up or to start."""
    compiled = estate.compiled
    for i in range(compiled.use_from[component], compiled.use_from[component + 1]):
        need = compiled.slot_need[compiled.use_slot[i]]
        if compiled.need_purpose[need] <= START:
            yield compiled.need_component[need]
