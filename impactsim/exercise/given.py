"""What a pack takes for granted, and what it leaves open on purpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.exercise.channels import CUSTOMERS
from impactsim.exercise.facts import Surprise
from impactsim.exercise.ground import Ground
from impactsim.exercise.times import time_of
from impactsim.reports.rests import rests_words
from impactsim.reports.words import clean, joined

_FEW = 5


def assumptions(ground: Ground, surprises: Sequence[Surprise]) -> Iterator[str]:
    """Yield what the pack takes for granted, each without a full stop."""
    if ground.run.trial is None:
        yield "every time that is uncertain is its median, so half of the time it would take longer"
    else:
        yield f"it is trial {ground.run.trial} of seed {ground.run.seed}, one course of many; impactsim run --trial shows all of it"
    if ground.run.rests is not None:
        said = rests_words(ground.run.rests, ground.name)
        yield f"the run {said[0].lower()}{said[1:]}"
    yield "people do the steps as the plan has them, with the people that the review found free; the table may do it otherwise"
    if ground.detected_ms is not None:
        but = " but what is seen where it happens" if ground.seen else ""
        yield f"nobody notices anything before {time_of(ground.detected_ms)}{but}; customers need 5 min more until they say it, colleagues 10 min"
    if ground.detected_ms is not None and not ground.steps:
        yield "the plan has no step for this: when somebody knows, and when they could decide, are its medians all the same"
    yield "suppliers answer a quarter of an hour later, and again when the time of the contract is over; they say no more than that"
    if CUSTOMERS not in ground.plan.contacts:
        yield "the plan names no channel of customers, so they are heard on social media"
    if any(each.is_made for each in surprises):
        yield "the surprise is added by hand; the run goes on as if whoever stands in had begun at once"


def left_open(ground: Ground) -> Iterator[str]:
    """Yield what is not told on purpose: gaps of the plan that participants should come upon. Each without a full stop."""
    yield f"why {ground.names(list(ground.origins)) or 'anything'} failed: the scenario does not say, and the table need not know"
    unrestored = [each for each in ground.rehearsal.unrestored if not each.startswith("plan.")]
    if unrestored:
        yield f"what becomes of {ground.names(unrestored)}: no step of the plan brings it back"
    never = [each.name for each in ground.services if each.back_ms is None]
    if never:
        yield f"when {joined(never, _FEW)} {'is' if len(never) == 1 else 'are'} back: never in the run"
    unknown = [each.name for each in ground.services if not isinstance(each.target, int)]
    if unknown:
        yield f"by when {joined(unknown, _FEW)} must be back: the plan has no target, or does not know it"
    if not ground.plan.declaration.by:
        yield "who decides that this is a case for the plan: it names no role"
    alone = _alone(ground)
    if alone:
        yield f"who stands in for {joined(alone, _FEW)}: the plan names nobody"
    guessed = [step.name for step in ground.steps if "assumption" in (ground.plan.steps[step.id].source or "").lower()]
    if guessed:
        quoted = [f"'{each}'" for each in guessed]
        yield f"whether the times of {joined(quoted, _FEW)} are right: the plan says that they are assumptions"
    if "authorities" not in ground.plan.contacts:
        yield "who tells authorities, and how: the plan does not say"


def _alone(ground: Ground) -> list[str]:
    """Return the only person of each role that a step of this scenario takes."""
    roles = dict.fromkeys(role for step in ground.steps for role in ground.plan.steps[step.id].by)
    people = [ground.plan.roles[role].people for role in roles if role in ground.plan.roles]
    return [clean(each[0]) for each in dict.fromkeys(people) if len(each) == 1]
