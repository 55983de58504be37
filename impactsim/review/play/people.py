"""Who does what: people for the roles of each step, so that nobody is in two places at a time (S10.6).

Knows doers (steps and the declaration, by their ids in runs), roles, and when the work of each began and ended by the medians;
not how that was found out. Where nobody is free a doer is put after another; then the medians have to be run again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from impactsim.model.plan import RecoveryPlan
from impactsim.review.play.doers import DECLARATION, id_of
from impactsim.review.play.weave import Order


class Span(NamedTuple):
    """From the begin of a work to its end, by the medians."""

    doer: str
    begins_ms: int
    ends_ms: float
    """Infinite if it never ends."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does what, as far as it is settled."""

    people: dict[str, tuple[tuple[str, str], ...]]
    """(role, person) of each doer, in the order of its roles."""
    postponed: tuple[tuple[str, str], ...]
    """(doer, the one that it is put after): the medians have to be run again with these; empty once all is settled."""


def roles_of(plan: RecoveryPlan) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Return the roles that each doer takes, with the people who can fill them; the declaration first, then as in the plan."""
    by = {DECLARATION: plan.declaration.by, **{id_of(name): step.by for name, step in plan.steps.items()}}
    return {
        doer: [(role, plan.roles[role].people) for role in dict.fromkeys(roles) if role in plan.roles]
        for doer, roles in by.items()
    }


def staff(plan: RecoveryPlan, spans: Sequence[Span], before: Order, tiers: Mapping[str, float]) -> Staff:
    """Give each doer its people, in the order in which the work begins; of equals the most urgent one first.

    Parameters
    ----------
    plan
        The plan.
    spans
        The works of all doers, by the medians.
    before
        What each doer waits for already: steps before it, gates, and what it was put after.
    tiers
        How urgent each step is, by its id in the plan (``urgency.py``).
    """
    return _Roster(plan, spans, before, {id_of(name): tier for name, tier in tiers.items()}).staff()


@dataclass(slots=True)
class _Roster:
    plan: RecoveryPlan
    spans: Sequence[Span]
    before: Order
    tiers: Mapping[str, float]
    people: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    postponed: list[tuple[str, str]] = field(default_factory=list)
    kept: dict[str, list[Span]] = field(default_factory=dict)
    """What each person is on."""

    def staff(self) -> Staff:
        roles = roles_of(self.plan)
        rank = {doer: place for place, doer in enumerate(roles)}
        since_ms = math.inf
        for span in sorted(
            self.spans, key=lambda span: (span.begins_ms, self.tiers.get(span.doer, 0.0), rank[span.doer])
        ):
            # What begins later begins anew once the medians are run again; what begins now does not depend on it.
            if span.begins_ms > since_ms:
                break
            if not self._man(span, roles[span.doer], rank):
                since_ms = span.begins_ms
                if span.ends_ms == span.begins_ms:
                    break
        return Staff(self.people, tuple(self.postponed))

    def _man(self, span: Span, roles: Sequence[tuple[str, tuple[str, ...]]], rank: Mapping[str, int]) -> bool:
        """Find people for a doer; tell whether it can begin."""
        chosen = self._choice(span, roles)
        if chosen is None:
            if _first_choice([people for _, people in roles]) is None:
                self.postponed.append((span.doer, span.doer))  # there are not so many people
                return False
            other = self._to_wait_for(span, roles, rank)
            if isinstance(other, str):
                self.postponed.append((span.doer, other))
                return False
            chosen = other
        self.people[span.doer] = tuple((role, person) for (role, _), person in zip(roles, chosen, strict=True))
        for person in chosen:
            self.kept.setdefault(person, []).append(span)
        return True

    def _choice(self, span: Span, roles: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[str, ...] | None:
        """Return a person for each role, None if not all of them have one who is free; who began stays with it when called again."""
        before = self.people.get(span.doer)
        if before is not None:
            chosen = tuple(person for _, person in before)
            return chosen if not any(self._keeping(person, span) for person in chosen) else None
        return _first_choice([[each for each in people if not self._keeping(each, span)] for _, people in roles])

    def _keeping(self, person: str, span: Span) -> list[Span]:
        """Return what else keeps somebody when a work begins."""
        return [
            other
            for other in self.kept.get(person, ())
            if other.doer != span.doer and other.begins_ms <= span.begins_ms < other.ends_ms
        ]

    def _to_wait_for(
        self, span: Span, roles: Sequence[tuple[str, tuple[str, ...]]], rank: Mapping[str, int]
    ) -> str | tuple[str, ...]:
        """Return the doer to wait for; where that one waits for this one, the people whom only such doers keep."""
        before = self.people.get(span.doer)
        wanted = [people for _, people in roles] if before is None else [(person,) for _, person in before]
        short = _first_short([[each for each in people if not self._keeping(each, span)] for people in wanted])
        first = self._first_to_end(span, [wanted[short]] if short is not None else [], rank)
        if first is not None:
            return first
        # Whoever is kept by what waits for this doer alone is free for it: else nobody would ever go on.
        chosen = _first_choice([[each for each in people if not self._others(each, span)] for people in wanted])
        if chosen is not None:
            return chosen
        first = self._first_to_end(span, wanted, rank)
        assert first is not None  # with all that others keep there are enough people
        return first

    def _first_to_end(self, span: Span, lists: Sequence[Sequence[str]], rank: Mapping[str, int]) -> str | None:
        """Return the doer that ends first of those that keep people and do not wait for this one."""
        others = [other for people in lists for person in people for other in self._others(person, span)]
        return min(others, key=lambda other: (other.ends_ms, rank[other.doer])).doer if others else None

    def _others(self, person: str, span: Span) -> list[Span]:
        """Return what else keeps somebody when a work begins, without what waits for that work."""
        return [other for other in self._keeping(person, span) if not waits_for(self.before, other.doer, span.doer)]


def _first_choice(lists: Sequence[Sequence[str]]) -> tuple[str, ...] | None:
    """Return the first way to take another one from each list, list by list; None if there is none."""
    chosen: list[str] = []

    def choose(place: int) -> bool:
        if place == len(lists):
            return True
        for each in lists[place]:
            if each not in chosen:
                chosen.append(each)
                if choose(place + 1):
                    return True
                chosen.pop()
        return False

    return tuple(chosen) if all(lists) and choose(0) else None


def _first_short(lists: Sequence[Sequence[str]]) -> int | None:
    """Return the first list of which nobody is left, if each takes its first one."""
    taken: set[str] = set()
    for place, each in enumerate(lists):
        free = next((person for person in each if person not in taken), None)
        if free is None:
            return place
        taken.add(free)
    return None


def waits_for(before: Order, doer: str, other: str) -> bool:
    """Tell whether a doer waits for another one, through any number of doers."""
    seen, waiting = {doer}, [doer]
    while waiting:
        for each in before.get(waiting.pop(), ()):
            if each == other:
                return True
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return False


def kept_in_order(staffed: Staff, spans: Iterable[Span], before: Order) -> list[tuple[str, str]]:
    """Return (doer, doer before it) for what one person does one after the other by the medians: in trials that order stays.

    Left out is what waits for the other anyway.
    """
    begins: dict[str, int] = {}
    ends: dict[str, float] = {}
    for span in spans:
        begins[span.doer] = min(span.begins_ms, begins.get(span.doer, span.begins_ms))
        ends[span.doer] = max(span.ends_ms, ends.get(span.doer, 0.0))
    deeds: dict[str, list[str]] = {}
    for doer in sorted(staffed.people, key=lambda doer: (begins[doer], ends[doer])):
        for _, person in staffed.people[doer]:
            deeds.setdefault(person, []).append(doer)
    links = {doer: list(mine) for doer, mine in before.items()}
    found: list[tuple[str, str]] = []
    for mine in deeds.values():
        for first, second in pairwise(mine):
            is_over = ends[first] <= begins[second]
            if is_over and not waits_for(links, second, first) and not waits_for(links, first, second):
                links.setdefault(second, []).append(first)
                found.append((second, first))
    return found
