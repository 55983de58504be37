"""The injects: what is said at a time, and what the facilitator does with it - what is expected, what has to be decided, what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.exercise.channels import CUSTOMERS, channels, works
from impactsim.exercise.facts import CourseStep, Inject, Message, MessageKind, Question, Surprise
from impactsim.exercise.ground import Ground
from impactsim.exercise.messages import messages
from impactsim.exercise.questions import deciders, questions_of, speaker
from impactsim.exercise.rhythm import in_injects
from impactsim.exercise.times import time_of
from impactsim.reports.words import clean, joined

_LEAST_MINUTES, _MOST_MINUTES = 4, 15
_TITLES: dict[MessageKind, str] = {
    "seen": "somebody sees it happen",
    "held up": "a step cannot go on",
    "backup": "the backup fails too",
    "absent": "somebody is missing",
    "known": "the cause is known",
    "close": "the end: hand over",
    "down": "something does not work",
    "reserve": "it holds, for a while",
    "back": "something works again",
    "asked": "the owner asks",
    "supplier": "a supplier speaks",
    "degraded": "something works in part only",
    "partly": "something works again in part",
    "done": "a step is done",
}
"""What an inject is called, by the weightiest of what it tells, the heaviest first."""
_TELL: tuple[MessageKind, ...] = ("known", "partly", "back", "held up", "backup")
"""After what customers are to be told something."""


def injects(ground: Ground, surprises: Sequence[Surprise]) -> tuple[Inject, ...]:
    """Return the injects, in order of time.

    Parameters
    ----------
    ground
        The run.
    surprises
        What goes wrong beyond the outage itself.
    """
    groups = in_injects(messages(ground, surprises))
    starts = [each[-1].at_ms for each in groups]
    ends = [*starts[1:], ground.run.end_ms + 1]
    asked: set[Question] = set()
    return tuple(
        _inject(ground, i, each, to_ms, asked) for i, (each, to_ms) in enumerate(zip(groups, ends, strict=True), 1)
    )


def _inject(ground: Ground, number: int, told: tuple[Message, ...], to_ms: int, asked: set[Question]) -> Inject:
    """Make an inject; its questions are put to those that were asked before."""
    at_ms, is_first = told[-1].at_ms, number == 1
    kinds = {each.kind for each in told}
    titles = [title for kind, title in _TITLES.items() if kind in kinds]
    up = works(ground, at_ms)
    decisions = tuple(_decisions(ground, told, to_ms, is_first=is_first))
    questions = questions_of(ground, told, asked, is_first=is_first)
    asked.update(questions)
    return Inject(
        number=number,
        at_ms=at_ms,
        title="the first sign" if is_first else joined(titles[:2]),
        messages=told,
        expected=tuple(_expected(ground, told, to_ms, is_first=is_first)),
        decisions=decisions,
        questions=questions,
        minutes=_minutes(kinds, len(questions) + len(decisions)),
        works=up,
        fails=tuple(each for each in channels(ground) if each not in up),
    )


def _minutes(kinds: set[MessageKind], n_points: int) -> int:
    """Return how long to talk: two minutes to read, one and a half for each point; a surprise and the cause take longer."""
    least = 10 if kinds & {"known", "held up", "backup", "absent"} else _LEAST_MINUTES
    return min(max(least, 2 + (3 * n_points + 1) // 2), _MOST_MINUTES)


# What is expected.


def _expected(ground: Ground, told: tuple[Message, ...], to_ms: int, *, is_first: bool) -> Iterator[str]:
    """Yield what participants should do from an inject until the next one: what the plan asks, by the run."""
    kinds = {each.kind for each in told}
    if is_first:
        who = f" ({deciders(ground)})" if ground.plan.declaration.by else ", whoever that is"
        yield f"find out what works and what does not, begin a log, and call those who decide{who}"
    if kinds & {"held up", "backup", "absent"}:
        yield "find another way, or say by when there is one, and tell those who wait for it"
    for step in _due(ground, told[-1].at_ms, to_ms):
        yield _begin(step)
    if kinds & {"back", "partly"}:
        yield "check that what is back is right, before customers are told"
    if "close" in kinds:
        yield "say what is known, what is not, who has it, and when the next word comes"


def _due(ground: Ground, from_ms: int, to_ms: int) -> list[CourseStep]:
    """Return the steps that somebody has to see to from a time on: what has to come first is ordered, the others begin."""
    return [each for each in ground.steps if each.due_ms is not None and from_ms <= each.due_ms < to_ms]


def _begin(step: CourseStep) -> str:
    if step.fails:
        ends = f"it comes to nothing: {step.fails}"
    else:
        ends = "it does not end in the run" if step.ends_ms is None else f"done at {time_of(step.ends_ms)} in the run"
    path = ", on the critical path" if step.is_critical else ""
    if step.begins_ms is None or step.due_ms is None or step.begins_ms == step.due_ms:
        from_when = "" if step.due_ms is None else f", from {time_of(step.due_ms)}"
        return f"begin '{step.name}': {_who(step)}{from_when}, {ends}{path}"
    begins = f"work on it begins at {time_of(step.begins_ms)}, when all for it is there"
    return f"set '{step.name}' going: {_who(step)}, at {time_of(step.due_ms)}; {begins}; {ends}{path}"


def _who(step: CourseStep) -> str:
    people = joined([clean(person) for _, person in step.people])
    if not step.missing:
        return people or "anybody"
    missing = joined([clean(each) for each in step.missing])
    return f"{missing} by the plan, who cannot be reached; instead {people or 'whom participants find, for the plan has nobody'}"


# What has to be decided.


def _decisions(ground: Ground, told: tuple[Message, ...], to_ms: int, *, is_first: bool) -> Iterator[str]:
    at_ms, kinds = told[-1].at_ms, {each.kind for each in told}
    if is_first:
        yield f"put the plan into action? {_declared(ground)}"
    if is_first or kinds.intersection(_TELL):
        yield f"what to tell customers ({speaker(ground)}), through what works now: {_through(ground, CUSTOMERS, at_ms)}"
    if "known" in kinds:
        yield _authorities(ground, at_ms)
    if "known" in kinds and ground.declared_ms is None:
        yield "put the plan into action all the same? It has no step for this: what would it bring, and what would you do instead?"
    for step in _due(ground, at_ms, to_ms):
        yield from _of_step(ground, step)


def _declared(ground: Ground) -> str:
    first = [
        clean(ground.plan.roles[each].people[0]) for each in ground.plan.declaration.by if each in ground.plan.roles
    ]
    others = [
        clean(person)
        for each in ground.plan.declaration.by
        if each in ground.plan.roles
        for person in ground.plan.roles[each].people[1:]
    ]
    who = (
        f"{joined(first)}{f', else {joined(others)}' if others else ', and no alternate'}"
        if first
        else "the plan names nobody"
    )
    never = "never" if ground.steps else "never, for no step of it is for this"
    when = never if ground.declared_ms is None else f"at {time_of(ground.declared_ms)}"
    return f"{who}; in the run {when}"


def _through(ground: Ground, contact: str, at_ms: int) -> str:
    listed = ground.plan.contacts.get(contact)
    ids = [] if listed is None else [each for each in listed.by if each in ground.run.components]
    up = [ground.name(each) for each in ids if ground.level(each, at_ms) > 0.0]
    down = [ground.name(each) for each in ids if ground.level(each, at_ms) == 0.0]
    if not ids:
        return "the plan names no channel"
    return f"{joined(up) or 'nothing'}{f' (not {joined(down)})' if down else ''}"


def _authorities(ground: Ground, at_ms: int) -> str:
    ask = "which authorities have to be told, from what on and by when"
    if "authorities" not in ground.plan.contacts:
        return f"{ask}; the plan names no way to them"
    return f"{ask}, through what works now: {_through(ground, 'authorities', at_ms)}"


def _of_step(ground: Ground, step: CourseStep) -> Iterator[str]:
    said = ground.plan.steps[step.id]
    if said.switches is not None:
        yield f"switch to {ground.name(said.switches.to)}? What would make you wait, and how do you get back?"
    data = [each for each in said.restores if each in ground.run.data and _is_first(ground, step, each)]
    if data:
        yield f"restore {ground.names(data)}: from which copy, and who accepts what it lacks?"


def _is_first(ground: Ground, step: CourseStep, data: str) -> bool:
    """Tell whether a step is the first of those that restore some data: it looks for the copy."""
    return next((each.id for each in ground.steps if data in ground.plan.steps[each.id].restores), "") == step.id
