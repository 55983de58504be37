"""Why a component's level changed, followed back to what failed first.

The engine notes for each change what decided it: a fault, a need, a restart. A need is followed to the member
that weighs most at that time (of a group the last to fall, else the lowest level), that member to what decided its own
last change, and so on. Within one instant components may lean on each other in a circle; each change is
explained by one that is explained already, so that every chain ends.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import groupby

from impactsim.compiled import Compiled
from impactsim.compiler import Names, PlanNames
from impactsim.engine.record import Record
from impactsim.engine.state import BY_CATCH_UP, BY_FAULT, BY_NEED, BY_NOTHING, BY_RESTART, BY_STOP, ON_HOLDOVER
from impactsim.model.scenario import Degrade, Destroy, Scenario
from impactsim.model.system import AnyOf, AtLeast, Need, Pool, System
from impactsim.reports.facts import Link, LinkKind, Why

_KINDS: dict[int, LinkKind] = {
    BY_NOTHING: "unknown",
    BY_FAULT: "fault",
    BY_NEED: "need",
    BY_RESTART: "restart",
    BY_STOP: "stop",
    BY_CATCH_UP: "catch-up",
}


class Explainer:
    """Explains the changes of one run."""

    def __init__(
        self,
        system: System,
        scenario: Scenario,
        compiled: Compiled,
        names: Names,
        plan_names: PlanNames,
        record: Record,
    ) -> None:
        self.system = system
        self.scenario = scenario
        self.compiled = compiled
        self.names = names
        self.plan_names = plan_names
        self.record = record
        self.entries: dict[int, list[int]] = {}
        for entry, component in enumerate(record.component):
            self.entries.setdefault(component, []).append(entry)
        self.times = {component: [record.at_ms[e] for e in mine] for component, mine in self.entries.items()}
        self.reserves: dict[int, list[int]] = {}
        for i, need in enumerate(record.reserve_need):
            self.reserves.setdefault(need, []).append(i)
        self.whys: dict[int, Why] = {}

    def all_whys(self) -> dict[int, list[Why]]:
        """Return the explanations of all changes of real components, in order of time."""
        at_ms = self.record.at_ms
        for _, instant in groupby(range(len(at_ms)), key=at_ms.__getitem__):
            self._explain(list(instant))
        whys: dict[int, list[Why]] = {}
        for entry, component in enumerate(self.record.component):
            if component < len(self.names.components):
                whys.setdefault(component, []).append(self.whys[entry])
        return whys

    def _explain(self, entries: list[int]) -> None:
        """Explain the changes of one instant, each by something that is explained already."""
        causes = {entry: self._causes(entry) for entry in entries}
        waiting: dict[int, list[int]] = {}
        ready = []
        for entry in entries:
            first = causes[entry][0] if causes[entry] else None
            if first is None or first in self.whys:
                ready.append((entry, first))
            else:
                waiting.setdefault(first, []).append(entry)
        left = list(entries)
        while left:
            while ready:
                entry, cause = ready.pop()
                if entry not in self.whys:
                    self.whys[entry] = Why(self._link(entry), None if cause is None else self.whys[cause])
                    ready.extend((other, entry) for other in waiting.get(entry, ()))
            left = [entry for entry in left if entry not in self.whys]
            # What is left leans on itself in a circle: go another way, or else end here.
            for entry in left:
                known = next((cause for cause in causes[entry] if cause in self.whys), None)
                if known is not None:
                    ready.append((entry, known))
                    break
            else:
                ends = [entry for entry in left if self._falls_short_by_itself(entry)] or left
                ready.extend((entry, None) for entry in ends[:1])

    def _falls_short_by_itself(self, entry: int) -> bool:
        """Is it the need of a group that can fall short although nothing failed: on a switch, spent, not started?"""
        if self.record.by_kind[entry] != BY_NEED:
            return False
        compiled, need = self.compiled, self.record.by_id[entry]
        slots = range(compiled.slot_from[need], compiled.slot_from[need + 1])
        return need in compiled.seeds or any(
            compiled.slot_failover_ms[slot] > 0 or compiled.slot_lasts_ms[slot] >= 0 for slot in slots
        )

    def _causes(self, entry: int) -> list[int]:
        """Return the changes of members that may stand behind a change, what weighs most first.

        Where any of several members suffices, the loss that decides is the last one: the others were made up for.
        """
        record = self.record
        if record.by_kind[entry] != BY_NEED:
            return []
        need, at_ms = record.by_id[entry], record.at_ms[entry]
        members = self.compiled.slot_component[self.compiled.slot_from[need] : self.compiled.slot_from[need + 1]]
        if record.level[entry] == 1.0:
            # Up again: it had waited for what came back just now, or else for what was down until then.
            back = [cause for member in members if (cause := self._entry_at(member, at_ms)) is not None]
            if back:
                return back
            at_ms -= 1
        words = self.names.needs[need]
        weights: list[tuple[float, float, int, int]] = []
        for slot, member in enumerate(members):
            cause = self._entry_until(member, at_ms)
            if cause is None or record.level[cause] == 1.0:
                continue
            level, since_ms = record.level[cause], record.at_ms[cause]
            if isinstance(words, AnyOf):
                weights.append((-level, -since_ms, slot, cause))
            elif isinstance(words, AtLeast | Pool):
                weights.append((-since_ms, level, slot, cause))
            else:
                weights.append((level, since_ms, slot, cause))
        return [cause for *_, cause in sorted(weights)]

    def _entry_until(self, component: int, at_ms: int) -> int | None:
        """Return the last change of a component until `at_ms`."""
        place = bisect_right(self.times.get(component, []), at_ms)
        return self.entries[component][place - 1] if place else None

    def _entry_at(self, component: int, at_ms: int) -> int | None:
        """Return the change of a component at just this time that made it better."""
        entry = self._entry_until(component, at_ms)
        if entry is None or self.record.at_ms[entry] != at_ms:
            return None
        before = self._entry_until(component, at_ms - 1)
        return entry if before is not None and self.record.level[entry] > self.record.level[before] else None

    def _link(self, entry: int) -> Link:
        record = self.record
        kind = _KINDS[record.by_kind[entry]]
        return Link(
            component=self._name(record.component[entry]),
            kind=kind,
            text=self._text(entry),
            at_ms=record.at_ms[entry],
            level=record.level[entry],
        )

    def _name(self, component: int) -> str:
        if component < len(self.names.components):
            return self.names.components[component]
        return self.names.workarounds[component - len(self.names.components)][0]

    def _text(self, entry: int) -> str:
        kind, which, level = self.record.by_kind[entry], self.record.by_id[entry], self.record.level[entry]
        if kind == BY_FAULT:
            return "repaired" if which < 0 else self._fault(which)
        if kind == BY_NEED:
            purpose = ("", "", " to start", " for its repair")[self.compiled.need_purpose[which]]
            return need_text(self.names.needs[which], self.system) + purpose + self._used_up(which, entry)
        return {BY_RESTART: "is starting", BY_STOP: "was stopped by hand", BY_CATCH_UP: "is catching up"}.get(
            kind, "up" if level == 1.0 else "cannot serve"
        )

    def _used_up(self, need: int, entry: int) -> str:
        """Say which reserve of a need came to its end just then, so that the loss counted."""
        reserve = self.reserves.get(need, ())
        place = bisect_right([self.record.reserve_at_ms[i] for i in reserve], self.record.at_ms[entry] - 1)
        if not place or self.record.level[entry] == 1.0:
            return ""
        last = reserve[place - 1]
        if self.record.reserve_until_ms[last] != self.record.at_ms[entry]:
            return ""
        if self.record.reserve_kind[last] == ON_HOLDOVER:
            return ", and the holdover is used up"
        slot = self.record.reserve_slot[last]
        if slot < 0:
            return ""
        return f", and {self._shown(self.compiled.slot_component[slot])} cannot carry it any longer"

    def _shown(self, component: int) -> str:
        name = self._name(component)
        return self.system.components[name].name or name

    def _fault(self, fault: int) -> str:
        cause = self.plan_names.fault_cause[fault]
        if cause:
            return f"struck by {self.system.common_causes[cause].name or cause}"
        event = self.scenario.events[self.plan_names.fault_event[fault]]
        if isinstance(event, Destroy):
            return "destroyed"
        if isinstance(event, Degrade):
            return f"degraded to {event.to:.0%}"
        return "failed"


def need_text(need: Need, system: System) -> str:
    """Say what a need is of, such as ``needs 2 of web-1, web-2, web-3``."""
    names = [system.components[member].name or member for member in need.members()]
    if isinstance(need, AnyOf):
        listed = " or ".join(names)
    elif isinstance(need, AtLeast):
        listed = f"{need.at_least} of {', '.join(names)}"
    elif isinstance(need, Pool):
        listed = f"capacity {need.demand:g} from {', '.join(names)}"
    else:
        listed = " and ".join(names)
    return f"needs {listed}"
