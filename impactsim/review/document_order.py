"""The order of restoration in a review's report: for each scenario who restores what, when, and what it waits for."""

from __future__ import annotations

import math

from impactsim.reports.document.blocks import (
    Bar,
    Block,
    Clock,
    Column,
    Figure,
    GanttPicture,
    Paragraph,
    Points,
    Section,
    Strong,
    Table,
    Words,
)
from impactsim.reports.words import clean, joined
from impactsim.review import words
from impactsim.review.facts import Rehearsal, ReviewFacts, StepFacts

_N_MARKS = 5


def order(facts: ReviewFacts) -> Section:
    """Return the section of the restoration, a part for each scenario, then what starts only by hand."""
    parts: list[Block] = [_scenario(facts, each, i) for i, each in enumerate(facts.rehearsals, 1)]
    by_hand = _by_hand(facts)
    if by_hand:
        parts.append(Section("break-glass", "What starts only by hand (break-glass)", (Points(by_hand),)))
    return Section("order", "Order of restoration", tuple(parts))


def _scenario(facts: ReviewFacts, rehearsal: Rehearsal, place: int) -> Section:
    blocks: list[Block] = [
        Paragraph(f"The plan is put into action {words.spread(rehearsal.declared)} after the start.")
    ]
    if any(step.is_called for step in rehearsal.steps):
        blocks.append(_figure(facts, rehearsal, place))
    blocks += _paths(facts, rehearsal)
    blocks += [Paragraph(each) for each in _remarks(facts, rehearsal)]
    return Section(f"order-{place}", clean(rehearsal.name), tuple(blocks))


# The chart and its table.


def _figure(facts: ReviewFacts, rehearsal: Rehearsal, place: int) -> Figure:
    text = (
        "By the medians: when each step is called for (thin), when its work begins and ends, and by when nine of ten trials have it "
        "done (whisker). Steps on a critical path stand out."
    )
    return Figure(
        f"gantt-{place}", "Who restores what, and when", text, _gantt(facts, rehearsal), _table(facts, rehearsal)
    )


def _gantt(facts: ReviewFacts, rehearsal: Rehearsal) -> GanttPicture:
    bars = [_bar(facts, step) for steps in words.waves(rehearsal).values() for step in steps]
    if math.isfinite(rehearsal.declared.p50_ms):
        called = min(bar.waits_ms for bar in bars)
        declared = rehearsal.declared
        bars.insert(
            0, Bar("Detection and decision", "before", called, called, declared.p50_ms, _finite(declared.p90_ms))
        )
    marks = _marks(facts, rehearsal)
    ends = [bar.ends_ms for bar in bars] + [bar.late_ms or 0 for bar in bars] + [at for at, _ in marks]
    end_ms = max((round(each) for each in ends if math.isfinite(each)), default=0)
    return GanttPicture(tuple(bars), max(end_ms, 1), marks, Clock(rehearsal.run.starts))


def _bar(facts: ReviewFacts, step: StepFacts) -> Bar:
    return Bar(
        name=words.name(facts, step.id),
        group=f"wave {step.wave}",
        waits_ms=step.called_ms,
        begins_ms=math.inf if step.begins_ms is None else step.begins_ms,
        ends_ms=math.inf if step.ends_ms is None else step.ends_ms,
        late_ms=None if step.ends is None else step.ends.p90_ms,
        is_critical=step.is_critical,
    )


def _finite(ms: float) -> float | None:
    return ms if math.isfinite(ms) else None


def _marks(facts: ReviewFacts, rehearsal: Rehearsal) -> tuple[tuple[int, str], ...]:
    """Return the target RTOs of the services that are hit, those of one time together."""
    origin = min((step.called_ms for step in rehearsal.steps if step.is_called), default=0)
    found: dict[int, list[str]] = {}
    for row in facts.rows:
        recovery = rehearsal.services.get(row.id)
        if recovery is not None and recovery.is_affected and isinstance(row.rto, int):
            found.setdefault(origin + row.rto, []).append(clean(row.name))
    return tuple((at, f"RTO {joined(names, 2)}") for at, names in sorted(found.items())[:_N_MARKS])


_TITLES = ("Step", "Wave", "Called for", "Begins", "Ends", "Ends (P90)", "People", "Waits", "Critical")
_NUMBERS = frozenset(("Wave", "Called for", "Begins", "Ends", "Ends (P90)"))


def _table(facts: ReviewFacts, rehearsal: Rehearsal) -> Table:
    rows = tuple(_row(facts, step) for steps in words.waves(rehearsal).values() for step in steps)
    columns = tuple(Column(title, is_number=title in _NUMBERS) for title in _TITLES)
    return Table(f"Steps in {clean(rehearsal.name)}, by the medians", columns, rows)


def _row(facts: ReviewFacts, step: StepFacts) -> tuple[Words, ...]:
    return (
        words.name(facts, step.id),
        f"{step.wave}",
        words.since_start(step.called_ms),
        words.since_start(step.begins_ms),
        words.since_start(step.ends_ms),
        "-" if step.ends is None else words.since_start(step.ends.p90_ms),
        words.people_of(facts, step.people) or "nobody",
        "; ".join(words.wait_words(facts, wait) for wait in step.waits if wait.to_ms > wait.from_ms) or "for nothing",
        "yes" if step.is_critical else "no",
    )


# In words.


def _paths(facts: ReviewFacts, rehearsal: Rehearsal) -> list[Block]:
    points: list[Words] = []
    for ids, services in words.paths_of(rehearsal).items():
        back = rehearsal.services[services[0]].back_ms
        when = "never back in the run" if back is None else f"back at {words.since_start(back)}"
        points.append((Strong(words.names(facts, services, 4)), f" ({when}): {words.path(facts, ids)}"))
    return [Paragraph((Strong("Critical paths"),)), Points(tuple(points))] if points else []


def _remarks(facts: ReviewFacts, rehearsal: Rehearsal) -> list[str]:
    found = []
    if rehearsal.unrestored:
        found.append(
            f"Nothing brings these back, neither a step nor a time to restore: {words.names(facts, rehearsal.unrestored)}."
        )
    if rehearsal.unused_steps:
        found.append(f"What these steps restore comes back by itself: {words.names(facts, rehearsal.unused_steps)}.")
    not_called = [step.id for step in rehearsal.steps if not step.is_called]
    if not_called:
        found.append(f"Not called for here: {words.names(facts, not_called)}.")
    return found


def _by_hand(facts: ReviewFacts) -> tuple[Words, ...]:
    points: list[Words] = [f"{words.circle(facts, members, by_hand)}." for members, by_hand in facts.restart_circles]
    for scenario, ids in facts.deadlocks:
        points.append(f"{clean(scenario)}: {words.names(facts, ids)} wait for one another for ever.")
    return tuple(points)
