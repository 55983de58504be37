"""Faults that are under way: how much of each repair is done, and by which law it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from impactsim.compiled import DESTROYED, Compiled, Plan
from impactsim.compiler import Names, compile_plan, compile_system
from impactsim.engine.repair import JOB_WORKING
from impactsim.engine.timeline import History, Workspace
from impactsim.law_forms import law
from impactsim.laws import Certain, Law, LogLogistic, Longer, Samples, Typical, may_exceed
from impactsim.model.scenario import Degrade, Destroy, Event, Fail, FaultWords, Scenario, Strike
from impactsim.model.system import System
from impactsim.quantities import LONGEST_MS, duration_ms
from impactsim.remaining import MINIMUM_HISTORY, fit

BasisKind = Literal["own", "history", "typical", "missed", "none"]
MISSED_SHAPE = 1.517
"""Shape of the log-logistic law of 964 incidents of AWS, Azure and Google Cloud, 2018-2020 (Cloud Uptime Archive, arXiv
2504.09476): how an outage goes on that has outlasted what was thought to be its longest."""
TYPICAL_OF_PROVIDERS = "cloud-region"
"""The typical value that stands for a provider of whose repairs nobody says how long they take."""

NEVER = Certain(float(LONGEST_MS))
"""Work of a repair that does not end in any run."""
_MINUTE_MS = 60_000.0
Numbers = tuple[Compiled, Names]
"""A system compiled, and what its numbers stand for."""


@dataclass(frozen=True, slots=True)
class Known:
    """Something that people know to be down or degraded."""

    component: str
    level: float = 0.0
    """What it serves at most: 0 if it is down."""
    since_ms: int = 0
    """Since when, in milliseconds from the start of the outage."""
    cause: str = ""
    """Id of the common cause that struck it; empty if nobody says so."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the remaining time of a fault is estimated from."""

    component: str
    kind: BasisKind
    """Its own law; its own history of outages; a typical value, because it has none; a wide law, because it has taken longer than
    its law allows for; none, so that nobody can say."""
    law: Law | None
    """The law before anything was known of this outage."""
    worked_ms: int
    """How much of the repair, or of the time that the fault lasts, is over."""
    is_guessed: bool
    """Whether the author calls what is known of the component guessed."""
    source: str = ""
    """Where the figures come from."""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A scenario at a time, with what remains of its faults."""

    system: System
    scenario: Scenario
    ongoing: tuple[Known, ...]
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far a fault is."""

    is_under_way: bool
    worked_ms: int
    copy: int
    """Place among the component's copies of that which it is restored from; -1 if none."""


def singly(system: System, event: Event) -> list[Event]:
    """Return an event as one for each component that it hits; a common cause hits what it strikes more often than not."""
    if not isinstance(event, Strike):
        field = {Fail: "fail", Degrade: "degrade", Destroy: "destroy"}[type(event)]
        return [event.model_copy(update={field: (name,)}) for name in hit_by(event)]
    found: list[Event] = []
    for cause in event.strike:
        common = system.common_causes[cause]
        repair = event.repair or (None if event.lasts or event.then else common.time_to_restore)
        found += [
            Fail.model_construct(fail=(name,), at=event.at, lasts=event.lasts, then=event.then, repair=repair)
            for name, share in common.strikes.items()
            if share >= 0.5
        ]
    return found


def hit_by(event: Event) -> tuple[str, ...]:
    """Return the components, or common causes, that an event names."""
    match event:
        case Fail():
            return event.fail
        case Degrade():
            return event.degrade
        case Destroy():
            return event.destroy
        case _:
            return event.strike


def continued(
    system: System, scenario: Scenario, at_ms: int, *, never_ends: bool = False, numbers: Numbers | None = None
) -> GoingOn:
    """Let what is over have gone as the medians say, and what is not go on from here.

    Parameters
    ----------
    system
        The system.
    scenario
        Its events hit one component each, and none is after `at_ms`.
    at_ms
        Now.
    never_ends
        Whether every fault is known to be under way, whatever the medians say.
    numbers
        The system compiled; done here if absent.
    """
    if never_ends:
        endless = tuple(_without_end(system, event) for event in scenario.events)
        progress = _progress(system, scenario.model_copy(update={"events": endless}), at_ms, numbers)
    else:
        progress = _progress(system, scenario, at_ms, numbers)
    events: list[Event] = []
    ongoing: list[Known] = []
    bases: list[Basis] = []
    for event, far in zip(scenario.events, progress, strict=True):
        (name,) = hit_by(event)
        if not far.is_under_way:
            events.append(_over(system, event))
            continue
        ongoing.append(Known(name, event.to if isinstance(event, Degrade) else 0.0, event.at))
        if isinstance(event, Destroy):
            system, basis = _restored(system, name, far)
            events.append(event)
        else:
            going_on, basis = _repaired(system, event, name, far)
            events.append(going_on)
        bases.append(basis)
    changed = scenario.model_copy(update={"events": tuple(events), "horizon": None})
    return GoingOn(system, changed, tuple(ongoing), tuple(bases))


def _progress(system: System, scenario: Scenario, at_ms: int, numbers: Numbers | None) -> list[_Progress]:
    compiled, names = numbers or compile_system(system)
    plan, plan_names = compile_plan(system, scenario, compiled, names)
    history = Workspace(compiled).run(plan._replace(horizon_ms=at_ms))
    worked = _worked(plan, history, at_ms)
    found = [_Progress(False, 0, -1)] * len(scenario.events)
    for fault, place in enumerate(plan_names.fault_event):
        if place < 0:
            continue
        first, copy = compiled.copy_from[plan.fault_component[fault]], history.state.copy[fault]
        is_under_way = bool(history.state.active[fault])
        found[place] = _Progress(is_under_way, worked[fault], copy - first if copy >= 0 else -1)
    return found


def _without_end(system: System, event: Event) -> Event:
    if isinstance(event, Destroy):
        return event
    component = system.components[hit_by(event)[0]]
    has_end = event.lasts or event.then or event.repair or component.time_to_restore or component.kind == "provider"
    if not has_end:
        return event  # nobody repairs it: it keeps no crew
    return event.model_copy(update={"lasts": None, "then": (), "repair": NEVER})


def _worked(plan: Plan, history: History, at_ms: int) -> list[int]:
    """Return how long each repair has been worked at, a restore from the copy that it is at; else how long the fault lasts."""
    record = history.record
    worked = [0] * len(plan.fault_at_ms)
    since: dict[int, int] = {}
    has_job = set(record.job_fault)
    for fault, job_at_ms, status in zip(record.job_fault, record.job_at_ms, record.job_status, strict=True):
        if fault in since:
            worked[fault] += job_at_ms - since.pop(fault)
        if status == JOB_WORKING:
            since[fault] = job_at_ms
            if plan.fault_kind[fault] == DESTROYED:
                worked[fault] = 0  # a restore begins again (S5.6)
    for fault, job_at_ms in since.items():
        worked[fault] += at_ms - job_at_ms
    return [ms if fault in has_job else max(0, at_ms - plan.fault_at_ms[fault]) for fault, ms in enumerate(worked)]


def _over(system: System, event: Event) -> Event:
    """Return an event that is over, as the medians have it."""
    if isinstance(event, Destroy):
        return event
    (name,) = hit_by(event)
    if event.lasts is not None:
        return event.model_copy(update={"lasts": Certain(event.lasts.median())})
    work = event.repair or system.components[name].time_to_restore
    return event if work is None or event.then else event.model_copy(update={"repair": Certain(work.median())})


def _repaired(system: System, event: FaultWords, name: str, far: _Progress) -> tuple[Event, Basis]:
    """Return a fault that goes on, and what its end is estimated from."""
    assert isinstance(event, Fail | Degrade)
    if event.then:
        last = Certain(float(max(step.after for step in event.then)))
        return event, _basis(system, name, "own", last, far)
    given = event.lasts or event.repair or system.components[name].time_to_restore
    if given is None and system.components[name].kind == "provider":
        given = _typical(TYPICAL_OF_PROVIDERS)
    if given is None:
        return event, _basis(system, name, "none", None, far)
    kind, going_on = going_on_by(given, far.worked_ms)
    basis = _basis(system, name, kind, given, far)
    if going_on is system.components[name].time_to_restore and event.lasts is None:
        return event, basis  # nothing is known of it yet: it keeps its own luck (S9.1)
    field = "lasts" if event.lasts is not None else "repair"
    return event.model_copy(update={field: going_on}), basis


def _restored(system: System, name: str, far: _Progress) -> tuple[System, Basis]:
    """Return a system whose component is restored on from the copy that it is being restored from."""
    component = system.components[name]
    if far.copy < 0:
        law = component.copies[0].restore if component.copies else None
        return system, _basis(system, name, "none" if law is None else _kind_of(law), law, far)
    given = component.copies[far.copy].restore
    kind, going_on = going_on_by(given, far.worked_ms)
    copies = list(component.copies)
    copies[far.copy] = copies[far.copy].model_copy(update={"restore": going_on})
    changed = component.model_copy(update={"copies": tuple(copies)})
    basis = _basis(system, name, kind, given, far)
    return system.model_copy(update={"components": {**system.components, name: changed}}), basis


def going_on_by(given: Law, worked_ms: int) -> tuple[BasisKind, Law]:
    """Return the law of the whole of something that has taken so long already, and what it rests on.

    Parameters
    ----------
    given
        The law before it began.
    worked_ms
        How long it has taken, 0 or more.
    """
    kind = _kind_of(given)
    if kind == "history":
        assert isinstance(given, Samples)
        return kind, Longer(fit(given.values), max(0, worked_ms))
    if not may_exceed(given, max(0, worked_ms)):
        return "missed", Longer(LogLogistic(max(given.median(), _MINUTE_MS), MISSED_SHAPE), worked_ms)
    return kind, given if worked_ms <= 0 else Longer(given, worked_ms)


def _kind_of(given: Law) -> BasisKind:
    if isinstance(given, Typical):
        return "typical"
    is_history = isinstance(given, Samples) and len(given.values) >= MINIMUM_HISTORY and given.values[0] > 0
    return "history" if is_history else "own"


def _basis(system: System, name: str, kind: BasisKind, given: Law | None, far: _Progress) -> Basis:
    component = system.components[name]
    source = given.source if isinstance(given, Typical) else component.source or ""
    return Basis(name, kind, given, far.worked_ms, component.confidence == "guessed", source)


@cache
def _typical(name: str) -> Law:
    return law({"typical": name}, duration_ms)


def unknown_of(bases: Sequence[Basis]) -> tuple[str, ...]:
    """Return the components of whose repairs nobody knows how long they take."""
    return tuple(basis.component for basis in bases if basis.law is None)
