"""A run as what people say in it, each at its time, and through what they are heard then.

Nobody says anything before it is detected (S10.2), but what somebody on site sees happen (`seen`), and nobody names a cause before the plan is put into
action: a message tells a symptom, and what is behind it stands apart. What no one would see by himself is told only where the plan speaks of it. Monitoring
tells at once; customers and colleagues need a few minutes until somebody says it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from impactsim.exercise.callers import SUPPLIER_MS, closing, known, owners, suppliers
from impactsim.exercise.channels import IN_PERSON, Way, of_customers, of_monitoring, of_team
from impactsim.exercise.facts import Message, MessageKind, Surprise
from impactsim.exercise.finished import finished
from impactsim.exercise.ground import Ground
from impactsim.exercise.sights import alert_of, in_part, said_of, sentence, teller_of
from impactsim.exercise.times import time_of
from impactsim.quantities import about_duration, about_share
from impactsim.reports.facts import ComponentFacts, Reserve, Why
from impactsim.reports.words import joined
from impactsim.review.facts import STEP_PREFIX

_MINUTE_MS = 60_000
_LATER_MS = {"customers": 5 * _MINUTE_MS, "colleagues": 10 * _MINUTE_MS}
"""How long it takes until somebody says it."""


def messages(ground: Ground, surprises: Sequence[Surprise]) -> list[Message]:
    """Return all that is said, in order of time, until all is over.

    Parameters
    ----------
    ground
        The run.
    surprises
        What goes wrong beyond the outage itself.
    """
    found = [
        *_happening(ground), *_changes(ground), *_risen(ground), *_reserves(ground), *suppliers(ground), *known(ground),
        *owners(ground), *finished(ground), *_surprising(ground, surprises),
    ]  # fmt: skip
    end_ms = _end_ms(ground, surprises)
    last = closing(ground, end_ms) if found else []
    found = [each for each in found if each.at_ms <= end_ms]
    return [*sorted(found, key=lambda each: (each.at_ms, _ORDER[each.kind])), *last]  # stable


_ORDER: dict[MessageKind, int] = {
    "seen": 0, "done": 1, "partly": 2, "back": 2, "down": 3, "degraded": 4, "reserve": 5, "known": 6,
    "supplier": 7, "asked": 8, "held up": 9, "backup": 9, "absent": 9, "close": 10,
}  # fmt: skip


def _end_ms(ground: Ground, surprises: Sequence[Surprise]) -> int:
    """Return when all is over: the services that come back are back, and the last surprise was told.

    Where none comes back, it is when the steps are done and the times are over that were promised.
    """
    back = [each.back_ms for each in ground.services if each.back_ms is not None]
    ends = [each.ends_ms for each in ground.steps if each.ends_ms is not None and not back]
    over = [each.deadline_ms for each in ground.services if each.deadline_ms is not None and not back]
    told = [each.at_ms for each in surprises]
    start = (ground.known_ms or ground.detected_ms or 0) + SUPPLIER_MS
    return max([start, *back, *ends, *over, *told])


# What happens before somebody's eyes.


def _happening(ground: Ground) -> Iterator[Message]:
    for at_ms, what in ground.seen:
        text = what if what.endswith((".", "!", "?")) else f"{what}."
        how, through = IN_PERSON
        failed = [each for each, since in ground.origins.items() if since == at_ms]
        behind = f"now fails: {ground.names(failed)}" if failed else "it happens now"
        yield Message(at_ms, "seen", "site staff", how, text, behind, through)


# What is seen of components.


@dataclass(frozen=True, slots=True)
class _Turn:
    """A change that somebody notices."""

    kind: MessageKind
    at_ms: int
    why: Why | None
    level: float


def _changes(ground: Ground) -> Iterator[Message]:
    """Yield what is seen of levels, components of one kind that change at one time together; those that are whole again apart."""
    groups: dict[tuple[int, MessageKind, str, bool], list[tuple[ComponentFacts, _Turn]]] = {}
    told = _told(ground)
    for component in ground.components:
        if component.id in told:
            for turn in _turns(ground, component):
                key = (_said_ms(ground, component, turn), turn.kind, component.kind, turn.level == 1.0)
                groups.setdefault(key, []).append((component, turn))
    for (at_ms, kind, sort, _), group in groups.items():
        if kind in ("back", "partly", "degraded") or all(ground.level(each.id, at_ms) == 0.0 for each, _ in group):
            yield _seen(ground, at_ms, kind, sort, group)


def _said_ms(ground: Ground, component: ComponentFacts, turn: _Turn) -> int:
    later = 0 if turn.kind in ("back", "partly") else _LATER_MS.get(teller_of(component.kind), 0)
    return max(turn.at_ms, ground.detected_ms or 0) + later


def _turns(ground: Ground, component: ComponentFacts) -> Iterator[_Turn]:
    """Yield the changes that somebody would notice: down, in part, and of services and channels that they rise again.

    Of rises those count that are from nothing, to what is enough, and to all of it.
    """
    why = {each.at_ms: each for each in component.why}
    enough = ground.enough(component.id)
    before = 1.0
    for at_ms, level in component.levels:
        if level == 0.0 < before:
            yield _Turn("down", at_ms, why.get(at_ms), level)
        elif 0.0 < level < before:
            yield _Turn("degraded", at_ms, why.get(at_ms), level)
        elif component.kind in ("service", "channel") and (before < enough <= level or before < level == 1.0):
            yield _Turn("back", at_ms, why.get(at_ms), level)
        elif component.kind in ("service", "channel") and before == 0.0 < level:
            yield _Turn("partly", at_ms, why.get(at_ms), level)
        before = level


def _seen(
    ground: Ground, at_ms: int, kind: MessageKind, sort: str, group: Sequence[tuple[ComponentFacts, _Turn]]
) -> Message:
    ids = tuple(component.id for component, _ in group)
    by, (how, through) = _teller(ground, sort, at_ms)
    names = ground.public_names(ids) if by == "customers" else ground.names(ids)
    return Message(
        at_ms, kind, by, how, _text(kind, sort, by, names, group), _behind(ground, at_ms, group), through, ids
    )


def _teller(ground: Ground, sort: str, at_ms: int) -> tuple[str, Way]:
    """Return who tells of a kind of component at a time, and how."""
    who = teller_of(sort)
    if who == "customers":
        return who, of_customers(ground, at_ms)
    alert = of_monitoring(ground, at_ms) if who == "monitoring" else None
    if alert is not None:
        return who, alert
    return ("people on call" if who == "monitoring" else who), of_team(ground, at_ms)


def _text(
    kind: MessageKind, sort: str, by: str, names: str, group: Sequence[tuple[ComponentFacts, _Turn]]
) -> str:  # fmt: skip
    if kind in ("back", "partly"):
        is_whole = all(turn.level == 1.0 for _, turn in group)
        return f"I can use {names} again{'' if is_whole else ', though not all of it is as it was'}."
    if kind == "degraded":
        return in_part(sort, names)
    looked = "I have looked: " if by == "people on call" else ""
    return f"{looked}{alert_of(sort, names)}." if looked else said_of(sort, names)


def _behind(ground: Ground, at_ms: int, group: Sequence[tuple[ComponentFacts, _Turn]]) -> str:
    """Say why, and since when if that is earlier than it is told."""
    causes = list(
        dict.fromkeys(ground.because(turn.why) for _, turn in group if turn.why is not None and not _is_rise(turn.kind))
    )
    since = min(turn.at_ms for _, turn in group)
    late = [f"so since {time_of(since)}"] if not _is_rise(group[0][1].kind) and since < at_ms else []
    return "; ".join([*([joined(causes, 3)] if causes else []), *late])


def _is_rise(kind: MessageKind) -> bool:
    return kind in ("back", "partly")


def _risen(ground: Ground) -> Iterator[Message]:
    """Yield the figures of services that rise and are not whole: what people on call read from their screens."""
    groups: dict[tuple[int, MessageKind, str], list[str]] = {}
    for component in ground.components:
        if component.kind == "service":
            for turn in _turns(ground, component):
                if _is_rise(turn.kind) and turn.level < 1.0:
                    at_ms = max(turn.at_ms, ground.detected_ms or 0)
                    groups.setdefault((at_ms, turn.kind, about_share(turn.level)), []).append(component.id)
    for (at_ms, kind, share), ids in groups.items():
        how, through = of_team(ground, at_ms)
        text = f"We are back at {share} of what is usual: {ground.names(ids)}."
        behind = "; ".join(_against_least(ground, each, kind) for each in ids if each in ground.plan.services)
        yield Message(at_ms, kind, "people on call", how, text, behind, through, tuple(ids))


def _against_least(ground: Ground, service: str, kind: MessageKind) -> str:
    """Say of a service that works in part what is enough by the plan."""
    reached = "is reached" if kind == "back" else "is not reached"
    return f"{ground.name(service)}: the minimum level (MBCO) of {about_share(ground.enough(service))} {reached}"


def _told(ground: Ground) -> frozenset[str]:
    """Return the ids of what is told about: what people see by themselves, and what the plan speaks of."""
    plan = ground.plan
    ids = {each.id for each in ground.components if each.kind in ("service", "channel", "site", "power")}
    for step in plan.steps.values():
        ids.update((*step.restores, *step.tools, *step.at))
    ids.update(plan.declaration.tools)
    for supplier in plan.suppliers.values():
        ids.update(supplier.components)
    unused = {step.switches.to for step in plan.steps.values() if step.switches is not None}
    return frozenset(ids - unused) | frozenset(ground.origins)


# What is still up, and will not be for long.


def _reserves(ground: Ground) -> Iterator[Message]:
    """Yield what batteries and generators say of themselves: that they carry the load, and for how long at the most."""
    for component in ground.components:
        lasting = [each for each in component.reserve if each.until_ms is not None and each.purpose != "repair"]
        if component.kind == "power" and lasting:
            found = _gauge(ground, component, lasting[0])
            yield from () if found is None else (found,)


def _gauge(ground: Ground, component: ComponentFacts, reserve: Reserve) -> Message | None:
    at_ms = max(reserve.from_ms, ground.detected_ms or 0)
    if reserve.until_ms is None or not at_ms < reserve.to_ms:
        return None
    left = about_duration(reserve.until_ms - at_ms)
    runs = f"runs on {ground.names(reserve.on)}" if reserve.on else "runs on what it has stored"
    text = f"{component.name} {runs}. By the gauge that is enough for {left}."
    how, through = of_team(ground, at_ms)
    lost = ground.names([each for each in reserve.of if not each.startswith(STEP_PREFIX)])
    behind = f"{lost} is down; the reserve ends at {time_of(reserve.until_ms)} at the latest"
    return Message(at_ms, "reserve", "site staff", how, text, behind, through, (component.id,))


# What the plan brings.


def _surprising(ground: Ground, surprises: Sequence[Surprise]) -> Iterator[Message]:
    for each in surprises:
        how, through = of_team(ground, each.at_ms)
        by = each.by or "those who work on it"
        text = each.said or sentence(each.text)
        yield Message(
            each.at_ms, each.kind, by, how, text, each.behind, through, each.components, each.step, is_surprise=True
        )
