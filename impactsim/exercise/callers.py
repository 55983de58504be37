"""What others say in a run: suppliers, owners of services, management, and those on call when they know what failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.exercise.channels import Way, of_team
from impactsim.exercise.facts import CourseService, Message
from impactsim.exercise.ground import Ground
from impactsim.exercise.times import time_of
from impactsim.model.fields import Target
from impactsim.reports.words import joined
from impactsim.review.report import words

SUPPLIER_MS = 15 * 60_000
"""How long after the detection a supplier answers for the first time."""
_MANY = 10
_DECLARED = "in the run the plan is put into action now; if they have done so before, they know it from then on"
_NO_STEP = "by the plan somebody has to decide by now whether it is put into action; no step of it is for this"
_ON_ITS_PAGE: Way = ("on its own page about disturbances", "")


def suppliers(ground: Ground) -> Iterator[Message]:
    """Yield what suppliers say whose component has failed of itself: at first nothing, and nothing again when their time is over."""
    for name, supplier in ground.plan.suppliers.items():
        failed = tuple(each for each in supplier.components if each in ground.origins)
        if failed and ground.detected_ms is not None:
            yield from _supplier(ground, ground.name(name), failed, supplier.repair_time)


def _supplier(ground: Ground, name: str, failed: tuple[str, ...], promised: Target | None) -> Iterator[Message]:
    since, names = ground.origins[failed[0]], ground.names(failed)
    how, through = _ON_ITS_PAGE
    first = max(ground.detected_ms or 0, since) + SUPPLIER_MS
    if ground.level(failed[0], first) == 0.0:
        contract = _promised(promised)
        text = "We are looking into a disturbance. We cannot say yet how long it will take."
        yield Message(
            first, "supplier", name, how, text, f"{names} failed at {time_of(since)}; {contract}", through, failed
        )
    if isinstance(promised, int) and since + promised > first and ground.level(failed[0], since + promised) == 0.0:
        text = "It takes longer than we had hoped. We have no new time for you."
        behind = f"the contract promises {words.target(promised)}, which are over; {names} is still down"
        yield Message(since + promised, "supplier", name, how, text, behind, through, failed)


def _promised(time: Target | None) -> str:
    """Say what the contract promises; that nobody knows it and that it promises nothing are two things."""
    if isinstance(time, int):
        return f"the contract promises {words.target(time)}"
    return "nobody knows what the contract promises" if time == "unknown" else "the contract promises no time"


def known(ground: Ground) -> Iterator[Message]:
    """Yield what has failed of itself: once the plan is put into action, or where it has no step for this when that could be."""
    at_ms = ground.known_ms
    failed = [] if at_ms is None else [each for each, since in ground.origins.items() if since <= at_ms]
    if at_ms is not None and failed:
        names = joined([ground.name(each) for each in failed], _MANY)
        text = f"We know now what has failed: {names}. All else follows from that."
        how, through = of_team(ground, at_ms)
        behind = _NO_STEP if ground.declared_ms is None else _DECLARED
        yield Message(at_ms, "known", "people on call", how, text, behind, through, tuple(failed))


def owners(ground: Ground) -> Iterator[Message]:
    """Yield what owners of services ask when half of the time that was promised is over, and when all of it is."""
    groups: dict[tuple[int, int], list[CourseService]] = {}
    for each in ground.services:
        if isinstance(each.target, int) and each.target > 0:
            groups.setdefault((each.fails_ms, each.target), []).append(each)
    for (fails_ms, target), group in sorted(groups.items()):
        half, full = fails_ms + target // 2, fails_ms + target
        if half > (ground.detected_ms or 0):
            yield from _owner(ground, half, group, "half of the time is over. Will you keep it?")
        yield from _owner(ground, full, group, "the time is over. What do I tell people, and what comes next?")


def _owner(ground: Ground, at_ms: int, group: Sequence[CourseService], asks: str) -> Iterator[Message]:
    late = [each for each in group if each.back_ms is None or each.back_ms > at_ms]
    if late:
        by = joined(list(dict.fromkeys(each.owner for each in late if each.owner)), 3) or "management"
        promised = words.target(late[0].target)
        text = f"We promised {joined([each.name for each in late], 5)} back within {promised}, and {asks}"
        ends = [f"{each.name}: {'never' if each.back_ms is None else time_of(each.back_ms)}" for each in late]
        how, through = of_team(ground, at_ms)
        ids = tuple(each.id for each in late)
        yield Message(at_ms, "asked", by, how, text, f"back in the run: {', '.join(ends)}", through, ids)


def closing(ground: Ground, end_ms: int) -> list[Message]:
    """Return the last word: management asks what is, what is not, and what comes next."""
    text = "Tell us in three sentences: what works, what does not, and what comes next. Then we hand over to the next shift."
    out = [each.name for each in ground.services if each.back_ms is None or each.back_ms > end_ms]
    behind = (
        f"not back in the run by now: {joined(out)}"
        if out
        else "in the run all services of the plan are at their minimum level or above"
    )
    return [Message(end_ms, "close", "management", "in person", text, behind)]
