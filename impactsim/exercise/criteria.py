"""The scoring sheet: what observers can see or hear, and what 0, 1 and 2 points mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.exercise.facts import Criterion, Surprise
from impactsim.exercise.ground import Ground
from impactsim.exercise.times import time_of
from impactsim.reports.words import clean, joined
from impactsim.review.report import words

_N_PATH = 4


def criteria(ground: Ground, surprises: Sequence[Surprise]) -> tuple[Criterion, ...]:
    """Return the lines of the scoring sheet.

    Parameters
    ----------
    ground
        The run.
    surprises
        What goes wrong beyond the outage itself.
    """
    return (
        *_deciding(ground),
        *_order(ground),
        *(_of_surprise(each) for each in surprises),
        *_services(ground),
        *_data(ground),
        *_always(),
    )


def _deciding(ground: Ground) -> Iterator[Criterion]:
    people = [
        clean(each) for role in ground.plan.declaration.by if role in ground.plan.roles
        for each in ground.plan.roles[role].people
    ]  # fmt: skip
    who = f"One of {joined(people, last='or')}" if len(people) > 1 else joined(people) or "Somebody"
    when = "" if ground.declared_ms is None else f" by {time_of(ground.declared_ms)}, as in the run"
    yield Criterion(
        f"{who} puts the plan into action{when}",
        "nobody says it aloud",
        "later, or by somebody who may not",
        "in time, by who may, and the time stands in the log",
    )
    yield Criterion(
        "A first word to customers is written, and its channel is named",
        "none, or through a channel that is down",
        "only after the second inject that asks for it, or with a cause or a time that nobody knows yet",
        "before that, through a channel that works, with what is known and when the next word comes",
    )


def _order(ground: Ground) -> Iterator[Criterion]:
    path = [step.name for step in ground.steps if step.is_critical and step.begins_ms is not None]
    if path:
        ordered = joined([f"'{each}'" for each in path], _N_PATH, last="then")
        yield Criterion(
            f"What decides the end comes first: {ordered}",
            "another step takes their people or tools",
            "in another order, and somebody notices the delay",
            "in this order, or in one that is shown to be as fast",
        )


def _of_surprise(surprise: Surprise) -> Criterion:
    return Criterion(
        f"A way is found at {time_of(surprise.at_ms)}, when {surprise.text}",
        "people wait for it",
        "a way is named that leans on what has failed too, or without who does it",
        "a way is named that works, with who does it and how long it takes",
    )


def _services(ground: Ground) -> Iterator[Criterion]:
    """Yield a line for the services that come too late in the run, and one for those that come in time."""
    promised = [each for each in ground.services if each.deadline_ms is not None]
    late = [f"{each.name} ({words.target(each.target)})" for each in promised if each.is_late]
    kept = [f"{each.name} ({words.target(each.target)})" for each in promised if not each.is_late]
    if late:
        yield Criterion(
            f"Somebody says before the time is over that the target will not be kept: {joined(late, 5)}",
            "nobody says so, or nobody looks at the targets",
            "after it is over, or not to the owner",
            "before, to the owner, with a new time or with 'we do not know'",
        )
    if kept:
        yield Criterion(
            f"The targets that can be kept are kept: {joined(kept, 5)}",
            "nobody looks at the targets",
            "a detour costs the target of one of them",
            "all are back in time by what participants do and the times that they name",
        )


def _data(ground: Ground) -> Iterator[Criterion]:
    data = {each.id for each in ground.components if each.kind == "data"}
    lost = [
        each for each, here in sorted(ground.run.data.items()) if each in data and (here.lost_for_good or here.loss_ms)
    ]
    if lost:
        yield Criterion(
            f"It is said how much is missing in {ground.names(lost)}, and the owner accepts it",
            "nobody asks",
            "it is asked, and nobody gives a time or a number",
            "a time or a number is given, somebody accepts it, and it is said how the rest is entered again",
        )


def _always() -> Iterator[Criterion]:
    yield Criterion(
        "No person and no tool is counted on twice at one time",
        "it happens and nobody notices",
        "it is noticed when it holds somebody up",
        "it is seen before, and somebody else or another time is named",
    )
    yield Criterion(
        "There is a log of times, decisions and reasons",
        "none",
        "some of it, written afterwards",
        "whole, written as it happened",
    )
