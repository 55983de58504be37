"""Needs of which something is missing: whether they are real, how hard they are, whether there is a second supply.

Each function here tells which questions there are, from what is written alone; `questions.py` says what depends on the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from impactsim.compiled import STAY_UP
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.gaps.facts import Line, Part, Whom
from impactsim.gaps.followed import Answer
from impactsim.gaps.losses import Losses
from impactsim.gaps.need_words import evidence_of, lines_of, site_lines_of, texts_of
from impactsim.gaps.questions import Question
from impactsim.gaps.words import owner_of, whom_of
from impactsim.model.system import AtLeast, Need

_SUPPLIES = ("power", "connectivity")
_HAVE_NO_FEED = {"service", "provider", "data", "tool", "channel", "unknown"}
"""Kinds that are no thing that stands somewhere; any other word may be one."""
_ARE_CALLED = {"service", "data", "tool", "provider"}


@dataclass(frozen=True, slots=True)
class AskedNeed:
    """A question about needs that nobody has answered."""

    kind: str
    question: Question
    whom: Whom
    noun: str
    """Kind of what has the needs."""


def asked_needs(losses: Losses) -> list[AskedNeed]:
    """Return all questions about needs; those that one person answers for all at once are one."""
    sight = _Sight.of(losses)
    found: dict[tuple[object, ...], AskedNeed] = {}
    for number, owner, need in losses.needs():
        for kind in _kinds(losses, sight, number, owner, need):
            each = _asked(losses, kind, number, owner)
            key = (kind, each.whom, each.noun, tuple(losses.members(number)), each.question.is_about_backup)
            if key in found:
                question = found[key].question
                each = replace(each, question=replace(question, needs=(*question.needs, number)))
            found[key] = each
    return list(found.values())


def part_of(losses: Losses, asked: AskedNeed, answer: Answer) -> Part:
    """Return what is missing, once it is known what depends on it."""
    owners = [losses.ids[losses.estate.compiled.need_component[need]] for need in asked.question.needs]
    members = [losses.ids[each] for each in losses.members(asked.question.needs[0])]
    needs = [losses.estate.names.needs[need] for need in asked.question.needs]
    text, ask = texts_of(asked.kind, owners, members, asked.question.is_about_backup)
    return Part(
        asked.kind,
        owners[0],
        asked.noun,
        asked.whom,
        low=answer.minutes * answer.users_without,
        high=answer.minutes * answer.users_with,
        text=text,
        ask=ask,
        others=tuple(members),
        components=tuple(dict.fromkeys(owners)),
        n=len(owners),
        evidence=tuple(evidence_of(losses, asked.question, answer)),
        origin=tuple(dict.fromkeys(origin for need in needs for origin in need.origin)),
        lines=tuple(line for number in asked.question.needs for line in _lines(losses, asked.kind, number)),
        is_bound=answer.is_bound,
    )


def _lines(losses: Losses, kind: str, number: int) -> Iterator[Line]:
    owner, need = losses.ids[losses.estate.compiled.need_component[number]], losses.estate.names.needs[number]
    return site_lines_of(owner, need.members()[0]) if _is_site(losses, number) else lines_of(kind, owner, need)


def _asked(losses: Losses, kind: str, number: int, owner: int) -> AskedNeed:
    is_backup = kind in {"guessed", "replicas-needed"} and _is_redundant(losses, number)
    whom = whom_of(losses, owner) if kind in {"guessed", "single-feed"} else owner_of(losses, owner)
    return AskedNeed(kind, Question((number,), is_backup), whom, losses.components[owner].kind)


def _kinds(losses: Losses, sight: _Sight, number: int, owner: int, need: Need) -> Iterator[str]:
    """Yield what is missing of a need."""
    compiled = losses.estate.compiled
    if compiled.need_purpose[number] > STAY_UP or need.confidence == "declared":
        return  # a need that says itself that it is declared has been confirmed: it is all true
    confidence = losses.confidence(owner, need)
    is_site = _is_site(losses, number)
    if need.impact == 0.0:
        if need.holdover is None and (need.origin or confidence != "declared"):
            yield "queue-without-buffer"
    elif confidence == "guessed":
        yield "replicas-needed" if isinstance(need, AtLeast) and _is_redundant(losses, number) else "guessed"
    elif confidence == "observed" and not is_site:
        yield "seen-not-declared"
    elif confidence == "declared" and not is_site and sight.would_have_seen(losses, number, owner, need):
        yield "declared-never-seen"
    if _is_only_supply(losses, number, owner):
        yield "single-feed"


def _is_site(losses: Losses, number: int) -> bool:
    """Is it no written need, but that on the site where something stands?"""
    compiled = losses.estate.compiled
    owner = compiled.need_component[number]
    return number == compiled.need_from[owner] and losses.components[owner].at is not None


def _is_redundant(losses: Losses, number: int) -> bool:
    return members_to_lose(losses.estate.compiled, number, Criterion.DOWN) > 1


def _is_only_supply(losses: Losses, number: int, owner: int) -> bool:
    """Is this the one need of a thing on power, or on connectivity, and of one member only?"""
    members = losses.members(number)
    supply = losses.components[members[0]].kind
    if losses.components[owner].kind in _HAVE_NO_FEED or supply not in _SUPPLIES or len(members) != 1:
        return False
    compiled = losses.estate.compiled
    if not counts(compiled, number, Criterion.DOWN):
        return False
    supplies = [
        need
        for need in range(compiled.need_from[owner], compiled.need_from[owner + 1])
        if compiled.need_purpose[need] <= STAY_UP
        and any(losses.components[each].kind == supply for each in losses.members(need))
    ]
    return supplies == [number]


@dataclass(frozen=True, slots=True)
class _Sight:
    """What could be seen where calls were watched."""

    watched: frozenset[int]
    """Components whose calls would have been seen: callers, and what was called."""
    called: frozenset[str]
    """Kinds of what was called."""
    seen_of: dict[int, set[int]]
    """What each caller was seen to call."""

    @classmethod
    def of(cls, losses: Losses) -> _Sight:
        watched, called, seen_of = set[int](), set[str](), dict[int, set[int]]()
        for number, owner, need in losses.needs():
            if need.seen is not None:
                members = losses.members(number)
                watched.update((owner, *members))
                called.update(losses.components[each].kind for each in members)
                seen_of.setdefault(owner, set()).update(members)
        return cls(frozenset(watched), frozenset(called & _ARE_CALLED), seen_of)

    def would_have_seen(self, losses: Losses, number: int, owner: int, need: Need) -> bool:
        """Would the calls for this need have been seen, and were not?"""
        members = losses.members(number)
        return (
            need.seen is None
            and owner in self.watched
            and all(losses.components[each].kind in self.called for each in members)
            and self.seen_of.get(owner, set()).isdisjoint(members)
        )
