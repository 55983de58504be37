"""The order of restoration in a review's report: for each scenario who restores what, when, and what it waits for."""

from __future__ import annotations

import math

from impactsim.reports.document.blocks import (
    Bar,
    Block,
    Clock,
    Column,
    Details,
    Figure,
    GanttPicture,
    Paragraph,
    Points,
    Section,
    Strong,
    Table,
    Words,
)
from impactsim.reports.words import clean, counted, joined
from impactsim.review.facts import Rehearsal, ReviewFacts, StepFacts
from impactsim.review.report import words

_N_MARKS = 5
_NEAR = 1.1
"""Marks behind so many times the last end are told in words: a far one would squeeze all others."""


def order(facts: ReviewFacts) -> Section:
    """Return the section of the restoration, a part for each scenario, then what starts only by hand."""
    parts = words.gravest_first(facts, [_scenario(facts, each, i) for i, each in enumerate(facts.rehearsals, 1)])
    by_hand = _by_hand(facts)
    if by_hand:
        parts.append(Section("break-glass", "What starts only by hand (break-glass)", (Points(by_hand),)))
    return Section("order", "Order of restoration", tuple(parts))


def _scenario(facts: ReviewFacts, rehearsal: Rehearsal, place: int) -> Block:
    """Return the worst scenario as a part of its own, and others in a line that opens."""
    blocks: list[Block] = []
    if any(step.is_called for step in rehearsal.steps):
        blocks.append(_figure(facts, rehearsal, place))
    blocks += _paths(facts, rehearsal)
    blocks += [Paragraph(each) for each in _remarks(facts, rehearsal)]
    blocks += _not_called(facts, rehearsal)
    name, said = clean(rehearsal.name), _in_short(rehearsal)
    if rehearsal is words.gravest(facts):
        return Section(f"order-{place}", name, (Paragraph(f"{said}."), *blocks))
    return Details((Strong(name), f": {said[0].lower()}{said[1:]}"), tuple(blocks))


def _in_short(rehearsal: Rehearsal) -> str:
    """Say when the plan is put into action, how much of it, and when its last step is done."""
    called = [step for step in rehearsal.steps if step.is_called]
    said = words.into_action(rehearsal)
    said = said[0].upper() + said[1:]
    if not called:
        return said
    n_open = sum(step.ends_ms is None for step in called)
    last = max((step.ends_ms for step in called if step.ends_ms is not None), default=None)
    done = (
        "" if last is None else f"; the last {'of the others ' if n_open else ''}is done at {words.since_start(last)}"
    )
    ends = f"; {counted(n_open, 'step is', 'steps are')} never done" if n_open else ""
    return f"{said}; {len(called)} of {counted(len(rehearsal.steps), 'step')} called for{ends}{done}"


# The chart and its table.


def _figure(facts: ReviewFacts, rehearsal: Rehearsal, place: int) -> Figure:
    text = (
        "By the medians: when each step is called for (thin), when its work begins and ends, and by when nine of ten trials have it "
        "done (whisker). Steps on a critical path stand out."
    )
    picture = _gantt(facts, rehearsal)
    far = [
        f"{name} at {words.since_start(at)}" for at, name in _marks(facts, rehearsal) if (at, name) not in picture.marks
    ]
    said = f"{text} Behind the right edge: {joined(far)}." if far else text
    is_gravest = rehearsal is words.gravest(facts)
    table = _table(facts, rehearsal)
    return Figure(f"gantt-{place}", "Who restores what, and when", said, picture, table, prints_table=is_gravest)


def _gantt(facts: ReviewFacts, rehearsal: Rehearsal) -> GanttPicture:
    bars = [_bar(facts, step) for steps in words.waves(rehearsal).values() for step in steps]
    if math.isfinite(rehearsal.declared.p50_ms):
        called = min(bar.waits_ms for bar in bars)
        declared = rehearsal.declared
        bars.insert(
            0, Bar("Detection and decision", "before", called, called, declared.p50_ms, _finite(declared.p90_ms))
        )
    ends = [bar.ends_ms for bar in bars] + [bar.late_ms or 0 for bar in bars]
    last = max((round(each) for each in ends if math.isfinite(each)), default=0)
    near = tuple((at, name) for at, name in _marks(facts, rehearsal) if at <= _NEAR * last)[:_N_MARKS]
    end_ms = max([last, 1, *(at for at, _ in near)])
    return GanttPicture(tuple(bars), end_ms, near, Clock(rehearsal.run.starts))


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
    return tuple((at, f"RTO {joined(names, 2)}") for at, names in sorted(found.items()))


_TITLES = ("Step", "Wave", "Begins", "Ends", "Ends (P90)", "People", "Held up")
_NUMBERS = frozenset(("Wave", "Begins", "Ends", "Ends (P90)"))


def _table(facts: ReviewFacts, rehearsal: Rehearsal) -> Table:
    rows = tuple(_row(facts, step) for steps in words.waves(rehearsal).values() for step in steps)
    titles = _TITLES if any(row[-1] != "-" for row in rows) else _TITLES[:-1]
    columns = tuple(Column(title, is_number=title in _NUMBERS) for title in titles)
    cut = tuple(row[: len(titles)] for row in rows)
    return Table(f"Steps in {clean(rehearsal.name)}, by the medians", columns, cut)


def _row(facts: ReviewFacts, step: StepFacts) -> tuple[Words, ...]:
    return (
        words.name(facts, step.id) + (" (critical)" if step.is_critical else ""),
        f"{step.wave}",
        words.since_start(step.begins_ms),
        words.since_start(step.ends_ms),
        "-" if step.ends is None else words.since_start(step.ends.p90_ms),
        words.people_of(facts, step.people) or "nobody",
        "; ".join(words.wait_words(facts, wait) for wait in words.hard_waits(step)) or "-",
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
    return found


def _not_called(facts: ReviewFacts, rehearsal: Rehearsal) -> list[Block]:
    """Return what the plan has besides, on demand."""
    left = [step.id for step in rehearsal.steps if not step.is_called]
    if not left:
        return []
    names = tuple(words.name(facts, each) for each in left)
    return [
        Details(f"{counted(len(left), 'step')} of the plan not called for here", (Points(names),), is_printed=False)
    ]


def _by_hand(facts: ReviewFacts) -> tuple[Words, ...]:
    points: list[Words] = [f"{words.circle(facts, members, by_hand)}." for members, by_hand in facts.restart_circles]
    for scenario, ids in facts.deadlocks:
        points.append(f"{clean(scenario)}: {words.names(facts, ids)} wait for one another for ever.")
    return tuple(points)
