"""The scoring sheet: what observers judge, and what 0, 1 and 2 points mean."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.exercise.facts import Criterion, Surprise
from impactsim.exercise.ground import Ground
from impactsim.review import words
from impactsim.review.facts import ReviewFacts

_N_SERVICES = 4


def criteria(ground: Ground, review: ReviewFacts, surprises: Sequence[Surprise]) -> tuple[Criterion, ...]:
    """Return the lines of the scoring sheet.

    Parameters
    ----------
    ground
        The run.
    review
        What the review says, for the targets.
    surprises
        What goes wrong beyond the outage itself.
    """
    return (
        *_deciding(ground),
        *_order(ground),
        *(_of_surprise(each) for each in surprises),
        *_services(ground, review),
        *_always(),
    )


def _deciding(ground: Ground) -> list[Criterion]:
    when = "in time" if ground.declared_ms is None else f"by T{words.since_start(ground.declared_ms)}, as in the run"
    return [
        Criterion(
            f"The plan is put into action {when}",
            "nobody decides",
            "later, or by somebody who may not",
            "in time, by who may, and it is written down",
        ),
        Criterion(
            "The first word to customers goes out before they ask twice",
            "none, or by a channel that is down",
            "late, or with causes and promises that nobody knows",
            "in time, by a channel that works, with what is known and when the next word comes",
        ),
    ]


def _order(ground: Ground) -> list[Criterion]:
    critical = {step.id for step in ground.rehearsal.steps if step.is_critical}
    path = [step.name for step in ground.steps if step.id in critical and step.begins_ms is not None]
    if not path:
        return []
    ordered = ", then ".join(f"'{each}'" for each in path[:5])
    return [
        Criterion(
            f"What decides the end comes first: {ordered}",
            "other steps hold them up",
            "in another order, and the delay is noticed",
            "in this order, or in one that is shown to be as fast",
        )
    ]


def _of_surprise(surprise: Surprise) -> Criterion:
    return Criterion(
        f"A way is found when {surprise.text}",
        "people wait for it",
        "a way is found that leans on what has failed too",
        "a way is found that works, and somebody says how long it takes",
    )


def _services(ground: Ground, review: ReviewFacts) -> list[Criterion]:
    hit = [row for row in review.rows if row.id in ground.run.components and ground.run.components[row.id].was_affected]
    return [
        Criterion(
            f"Participants see whether {words.name(review, row.id)} will be back within its target of {words.target(row.rto)}",
            "nobody asks",
            "they see it when it is too late",
            "they see it in time, and tell those who were promised it",
        )
        for row in hit
        if isinstance(row.rto, int)
    ][:_N_SERVICES]


def _always() -> list[Criterion]:
    return [
        Criterion(
            "No person and no tool is counted on twice at one time",
            "it happens and nobody notices",
            "it is noticed when it holds somebody up",
            "it is seen before, and somebody else or another time is named",
        ),
        Criterion(
            "There is a log of times, decisions and reasons",
            "none",
            "some of it, written afterwards",
            "whole, written as it happened",
        ),
    ]
