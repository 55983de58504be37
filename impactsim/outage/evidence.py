"""What it says about batteries, caches and fuel that somebody is up who rests on them.

Theory of operation. Somebody who is up at a time, and whose holdover drained until then, had not emptied it by then: its law becomes
that of a holdover which has lasted so long already (`laws.Longer`), and likewise that of a standby which has carried the load so
long. From what is up, needs are followed to those members without which it would not be up (single ones, `all_of`, the member of a
group that serves), until a holdover stands in between. What rests on a certain figure stays as it is: if it is contradicted, the
need is set aside (``situation.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.engine.record import Record
from impactsim.engine.state import ON_HOLDOVER, ON_STANDBY
from impactsim.laws import Law, Longer, may_exceed
from impactsim.model.needs import purpose
from impactsim.model.system import AllOf, AnyOf, Component, ComponentNeed, Need, System
from impactsim.outage.faults import Known
from impactsim.outage.medians import Medians

_ROUNDS = 8
"""Knowing that a battery lasted longer shows what rests on it in turn; nothing real is deeper."""


def believing(runs: Medians, known: Sequence[Known], up: Sequence[str]) -> Medians:
    """Return the runs of a system whose reserves have lasted as long as what is up must have rested on them.

    Parameters
    ----------
    runs
        The system as it was.
    known
        What is down or degraded.
    up
        What is up.
    """
    for _ in range(_ROUNDS):
        system = _lasting(runs, known, up)
        if system is runs.system:
            break
        runs = Medians(system, runs.blank, runs.at_ms)
    return runs


def _lasting(runs: Medians, known: Sequence[Known], up: Sequence[str]) -> System:
    """Return the system with what is known of its reserves; the same if that is nothing new."""
    spans = _Spans(runs, runs.record(known))
    changed: dict[str, Component] = {}
    waiting, seen = list(reversed(up)), set(up)
    while waiting:
        name = waiting.pop()
        component = runs.system.components[name]
        needs, members = _looked_at(runs.system, component, spans, name)
        if needs != component.needs:
            changed[name] = component.model_copy(update={"needs": needs})
        for member in members:
            if member not in seen:
                seen.add(member)
                waiting.append(member)
    if not changed:
        return runs.system
    return runs.system.model_copy(update={"components": {**runs.system.components, **changed}})


def _looked_at(system: System, component: Component, spans: _Spans, name: str) -> tuple[tuple[Need, ...], list[str]]:
    """Return the needs of a component that is up, with what is known of them, and what must be up too."""
    needs, members = [], [] if component.at is None else [component.at]
    for place, need in enumerate(component.needs):
        if need.impact < 1.0 or purpose(need, system.components) not in ("run", "stay_up"):
            needs.append(need)
            continue
        changed, more = _seen_through(need, spans.of(name, place))
        needs.append(changed)
        members += more
    return tuple(needs), members


def _seen_through(need: Need, span: _Span) -> tuple[Need, list[str]]:
    """Return a need that is met, with what is known of its reserve, and the members that must be up for it."""
    if need.holdover is not None:
        longer = None if span.drained_ms is None else _longer(need.holdover, span.drained_ms)
        return (need if longer is None else need.model_copy(update={"holdover": longer})), []
    if isinstance(need, ComponentNeed | AllOf):
        return need, list(need.members())
    if isinstance(need, AnyOf) and span.standby is not None:
        place, served_ms = span.standby
        member = need.any_of[place]
        longer = None if member.lasts is None else _longer(member.lasts, served_ms)
        if longer is not None:
            others = list(need.any_of)
            others[place] = member.model_copy(update={"lasts": longer})
            need = need.model_copy(update={"any_of": tuple(others)})
        return need, [member.use]
    return need, []


def _longer(law: Law, lasted_ms: int) -> Law | None:
    """Return what a law says of something that has lasted so long, or None if that is nothing new, or cannot be."""
    if law.is_certain or lasted_ms <= 0 or not may_exceed(law, lasted_ms):
        return None
    if isinstance(law, Longer):
        if law.elapsed >= lasted_ms:
            return None
        law = law.law
    return Longer(law, lasted_ms)


class _Span:
    """For how long a need has rested on a reserve by now, if it is to be met."""

    def __init__(self) -> None:
        self.drained_ms: int | None = None
        self.standby: tuple[int, int] | None = None
        """Place of the member, and for how long it has served."""


class _Spans:
    """The reserves of a run, need by need."""

    def __init__(self, runs: Medians, record: Record) -> None:
        self._runs = runs
        self._first = runs.compiled.need_from
        self._entries: dict[int, list[tuple[int, int, int, int]]] = {}
        rows = zip(
            record.reserve_need, record.reserve_at_ms, record.reserve_kind, record.reserve_slot, record.reserve_until_ms,
            strict=True,
        )  # fmt: skip
        for need, *entry in rows:
            self._entries.setdefault(need, []).append((entry[0], entry[1], entry[2], entry[3]))

    def of(self, owner: str, place: int) -> _Span:
        """Return what is known of a need of a component by its place in the author's list."""
        number = self._runs.names.index[owner]
        has_site = self._runs.system.components[owner].at is not None
        need = self._first[number] + has_site + place
        span = _Span()
        for (from_ms, kind, slot, until_ms), to_ms in self._lines(need):
            # What ended before now by itself is what the reports contradict; what was relieved says nothing of now.
            if to_ms is not None and to_ms != until_ms:
                continue
            lasted_ms = self._runs.at_ms - from_ms
            if kind == ON_HOLDOVER:
                span.drained_ms = lasted_ms
            elif kind == ON_STANDBY:
                span.standby = (slot - self._runs.compiled.slot_from[need], lasted_ms)
        return span

    def _lines(self, need: int) -> Iterator[tuple[tuple[int, int, int, int], int | None]]:
        mine = self._entries.get(need, [])
        ends = [entry[0] for entry in mine[1:]]
        yield from zip(mine, [*ends, None], strict=False)
