"""The time line of a run in words: what happened, what followed, what was done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from impactsim.model.scenario import Degrade, Destroy, Event, FaultWords, Repair, Scenario, Start, Stop, Strike, Switch
from impactsim.model.system import System
from impactsim.quantities import format_duration
from impactsim.reports.facts import ComponentFacts, Moment, MomentKind
from impactsim.reports.facts import Repair as RepairFacts

_ORDER: tuple[MomentKind, ...] = (
    "event", "action", "step", "repaired", "lost", "held up", "down", "degraded", "reserve", "improved", "up",
)  # fmt: skip
_MOST = 4


class Hit(NamedTuple):
    """What an event does to a component."""

    component: str
    cause: str
    """The common cause behind it; empty if none."""
    lasts_ms: int | None
    """How long it lasts, if the event says so."""


def moments_of(
    system: System,
    scenario: Scenario,
    hits: Sequence[Sequence[Hit]],
    components: Mapping[str, ComponentFacts],
    repairs: Iterable[RepairFacts],
    end_ms: int,
) -> tuple[Moment, ...]:
    """Return the time line until the end, in order of time and, within an instant, from cause to effect.

    Changes of one instant with the same direct cause are one moment. `hits` are those of each event.
    """
    line = _Line(components)
    for event, mine in zip(scenario.events, hits, strict=True):
        _event(line, system, event, mine)
    _actions(line, scenario)
    for repair in repairs:
        _repair(line, repair)
    _changes(line, components)
    _reserves(line, components)
    moments = [moment for moment in line.moments if moment.at_ms <= end_ms]
    return tuple(sorted(moments, key=lambda moment: (moment.at_ms, _ORDER.index(moment.what))))


class _Line:
    def __init__(self, components: Mapping[str, ComponentFacts]) -> None:
        self.components = components
        self.moments: list[Moment] = []

    def named(self, ids: Iterable[str]) -> str:
        """List names, the first few of many."""
        names = [self.components[each].name for each in ids]
        more = f" and {len(names) - _MOST} more" if len(names) > _MOST + 1 else ""
        return ", ".join(names[:_MOST] if more else names) + more

    def add(self, at_ms: int, what: MomentKind, ids: Iterable[str], text: str) -> None:
        """Add a moment."""
        self.moments.append(Moment(at_ms, what, tuple(ids), text))


def _event(line: _Line, system: System, event: Event, hits: Sequence[Hit]) -> None:
    for cause in event.strike if isinstance(event, Strike) else ("",):
        for lasts_ms, hit in _by_duration(each for each in hits if each.cause == cause):
            line.add(event.at, "event", hit, _what_happens(line, system, event, cause, hit) + _ends(lasts_ms))
            if lasts_ms is not None and hit:
                line.add(event.at + lasts_ms, "step", hit, f"{line.named(hit)}: the fault ends")
    if isinstance(event, FaultWords):
        struck = [each.component for each in hits]
        for step in event.then:
            text = f"{line.named(struck)}: restored to {step.to:.0%} of its capacity"
            line.add(event.at + step.after, "step", struck, text)


def _by_duration(hits: Iterable[Hit]) -> list[tuple[int | None, list[str]]]:
    """Return the components that are hit, those for equally long together."""
    found: dict[int | None, list[str]] = {}
    for hit in hits:
        found.setdefault(hit.lasts_ms, []).append(hit.component)
    return list(found.items()) or [(None, [])]


def _what_happens(line: _Line, system: System, event: Event, cause: str, hit: Sequence[str]) -> str:
    if isinstance(event, Strike):
        return f"{system.common_causes[cause].name or cause} strikes {line.named(hit) or 'nothing'}"
    if isinstance(event, Degrade):
        return f"{line.named(hit)}: degraded to {event.to:.0%}"
    return f"{line.named(hit)}: {'destroyed' if isinstance(event, Destroy) else 'fails'}"


def _ends(lasts_ms: int | None) -> str:
    return "" if lasts_ms is None else f" for {format_duration(lasts_ms)}"


def _actions(line: _Line, scenario: Scenario) -> None:
    for action in scenario.actions:
        if isinstance(action, Repair):
            line.add(action.at, "action", action.repair, f"{line.named(action.repair)}: repaired by hand")
        elif isinstance(action, Start):
            line.add(action.at, "action", action.start, f"{line.named(action.start)}: started by hand")
        elif isinstance(action, Stop):
            line.add(action.at, "action", action.stop, f"{line.named(action.stop)}: stopped by hand")
        else:
            assert isinstance(action, Switch)
            of, to = action.switch.of, action.switch.to
            line.add(action.at, "action", (of, to), f"{line.named([of])}: switched to {line.named([to])}")


def _repair(line: _Line, repair: RepairFacts) -> None:
    name = line.named([repair.component])
    for phase in repair.phases:
        if phase.status == "held up":
            text = f"{name}: its repair is held up by {line.named(phase.waits_for)}"
            line.add(phase.from_ms, "held up", (repair.component, *phase.waits_for), text)
        elif phase.status == "waits for its crew":
            line.add(phase.from_ms, "held up", (repair.component,), f"{name}: its repair waits for its crew")
        elif phase.status == "waits for a copy":
            text = f"{name}: no copy can be had, {line.named(phase.waits_for)} is down"
            line.add(phase.from_ms, "held up", (repair.component, *phase.waits_for), text)
        elif phase.status == "lost for good":
            line.add(phase.from_ms, "lost", (repair.component,), f"{name}: lost for good, no copy is left")
    if repair.ended_ms is not None:
        what = "restored from a copy" if repair.is_restore else "repaired"
        line.add(repair.ended_ms, "repaired", (repair.component,), f"{name}: {what}")


def _changes(line: _Line, components: Mapping[str, ComponentFacts]) -> None:
    """Add the changes of levels, those with the same direct cause at the same time together."""
    groups: dict[tuple[int, MomentKind, str], list[str]] = {}
    for name, component in components.items():
        before = 1.0
        for why in component.why:
            groups.setdefault(
                (why.at_ms, *_change(line, before, why.level, why.because[0], name, why.link.kind)), []
            ).append(name)
            before = why.level
    for (at_ms, what, text), names in groups.items():
        line.add(at_ms, what, names, f"{line.named(names)}: {text}")


def _change(line: _Line, before: float, level: float, because: str, name: str, kind: str) -> tuple[MomentKind, str]:
    if level == 1.0:
        return "up", "up again"
    reason = {"catch-up": ", catching up", "restart": ", starting", "stop": ", stopped by hand"}.get(kind, "")
    if because != name:
        reason = f" (because of {line.named([because])})"
    if level == 0.0:
        return "down", f"down{reason}"
    if level > before:
        return "improved", f"up to {level:.0%}{reason}"
    return "degraded", f"at {level:.0%}{reason}"


def _reserves(line: _Line, components: Mapping[str, ComponentFacts]) -> None:
    for name, component in components.items():
        for reserve in component.reserve:
            if reserve.purpose not in {"run", "stay_up"}:
                continue
            lost = line.named(reserve.of) or "something"
            if reserve.by == "holdover":
                assert reserve.until_ms is not None
                text = f"kept up by its holdover without {lost}, for {format_duration(reserve.until_ms - reserve.from_ms)} at most"
            elif reserve.by == "standby":
                text = f"kept up by {line.named(reserve.on)} instead of {lost}"
                if reserve.until_ms is not None:
                    text += f", for {format_duration(reserve.until_ms - reserve.from_ms)} at most"
            else:
                text = f"has nothing to spare without {lost}"
            line.add(reserve.from_ms, "reserve", (name,), f"{component.name}: {text}")
