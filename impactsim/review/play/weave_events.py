"""What happens in a scenario with a plan woven into it: calls, and faults whose work is that of the steps (S10.3 to S10.5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Any

from impactsim.laws import Certain, Law
from impactsim.model.plan import RecoveryPlan
from impactsim.model.scenario import Degrade, Destroy, Event, Fail, FaultWords, Scenario, Strike
from impactsim.model.system import CommonCause, System
from impactsim.review.facts import STEP_PREFIX
from impactsim.review.play.called import Calls
from impactsim.review.play.doers import DECLARATION, DETECTION, id_of, not_before_of, switch_of

AT_ONCE = Certain(0.0)


class Happenings:
    """The events of a scenario and the common causes of its system, with the steps as the repairs.

    Parameters
    ----------
    scenario, system
        What happens, and to what.
    ours
        Components that called steps restore.
    """

    def __init__(self, scenario: Scenario, system: System, ours: Collection[str]) -> None:
        self.scenario = scenario
        self.system = system
        self.ours = ours
        self.parted = self._parted()

    def _parted(self) -> dict[str, tuple[dict[str, float], dict[str, float]]]:
        """Return, of each cause whose strikes need two works, what it strikes of others and what of ours."""
        strikes = [event for event in self.scenario.events if isinstance(event, Strike)]
        with_work = {cause for event in strikes if event.repair is not None for cause in event.strike}
        found = {}
        for name, cause in self.system.common_causes.items():
            ours = {member: share for member, share in cause.strikes.items() if member in self.ours}
            others = {member: share for member, share in cause.strikes.items() if member not in self.ours}
            if ours and others and (cause.time_to_restore is not None or name in with_work):
                found[name] = others, ours
        return found

    def causes(self) -> dict[str, CommonCause]:
        """Return the common causes: one whose strikes need two works is two, that of ours with the prefix of steps."""
        causes = dict(self.system.common_causes)
        for name, (others, ours) in self.parted.items():
            label = causes[name].name or name
            causes[STEP_PREFIX + name] = causes[name].model_copy(update={"strikes": ours, "name": label})
            causes[name] = causes[name].model_copy(update={"strikes": others})
        return causes

    def events(self) -> Iterator[Event]:
        """Yield what happens, in its order. A repair of ours without words of its own takes nothing by the component."""
        for event in self.scenario.events:
            if isinstance(event, Strike):
                yield from self._strikes(event)
            elif isinstance(event, Destroy) or event.repair is None or _ends_by_itself(event):
                yield event
            else:
                yield from self._parts(event)

    def _parts(self, event: Fail | Degrade) -> Iterator[Event]:
        """Part what called steps restore from the rest, in the order of the event."""
        key = "fail" if isinstance(event, Fail) else "degrade"
        names = event.fail if isinstance(event, Fail) else event.degrade
        for is_ours, part in groupby(names, self.ours.__contains__):
            changes: dict[str, Any] = {key: tuple(part), "repair": AT_ONCE if is_ours else event.repair}
            yield event.model_copy(update=changes)

    def _strikes(self, event: Strike) -> Iterator[Event]:
        if not any(member in self.ours for name in event.strike for member in self._struck(name)):
            yield event
            return
        for name in event.strike:
            parts = [name, STEP_PREFIX + name] if name in self.parted else [name]
            for part, struck in zip(parts, self.parted.get(name, (self._struck(name),)), strict=True):
                changes: dict[str, Any] = {"strike": (part,)}
                if all(member in self.ours for member in struck) and not _ends_by_itself(event):
                    changes["repair"] = AT_ONCE
                yield event.model_copy(update=changes)

    def _struck(self, cause: str) -> dict[str, float]:
        return self.system.common_causes[cause].strikes


def called(plan: RecoveryPlan, calls: Calls) -> Iterator[Event]:
    """Yield the calls: one event for each time at which there is one."""
    at: dict[int, list[str]] = {min(times[0] for times in calls.values()): [DETECTION, DECLARATION]}
    for name, times in calls.items():
        for at_ms in times:
            has_to_wait = plan.steps[name].not_before is not None
            at.setdefault(at_ms, []).extend([*[not_before_of(name)] * has_to_wait, id_of(name)])
    yield from (_fail(tuple(at[at_ms]), at_ms) for at_ms in sorted(at))


def before_call(step: str, at_ms: int) -> Event:
    """Return what keeps a standby from being at hand before its step is called for."""
    return _fail((switch_of(step),), 0, Certain(float(at_ms)))


def _fail(components: tuple[str, ...], at_ms: int, lasts: Law | None = None) -> Fail:
    # Not validated: the times are milliseconds already, and the laws are no author's words.
    return Fail.model_construct(fail=components, at=at_ms, lasts=lasts)


def _ends_by_itself(event: FaultWords) -> bool:
    return event.lasts is not None or bool(event.then)
