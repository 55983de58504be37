"""Unverified facts that matter: which guess, if wrong, changes the answer most.

Of each component the audit asks what would be different if (a) it had no such need, for each need that is guessed (or only
observed); (b) such a need were of no redundancy: a standby group no more than its first member, a quorum or pool in need of
all; (c) it failed ten times as often, where the facts about the component itself are guessed. A need that does not say how
sure it is is as sure as its component. The system is never compiled anew: one need at a time is changed in a copy of its
arrays.

What changes: single points of failure that vanish or appear, who is behind them, and the expected lost user-minutes. These are
exact where the system is small. Else they count the single points that vanish or appear, and only the guesses with most
users behind them are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.findings import Finding
from impactsim.audit.guess_words import Change, finding_of, members_in_words, not_looked_at, redundancy_in_words
from impactsim.audit.otherwise import Otherwise
from impactsim.audit.single_points import leaning_on, reached
from impactsim.compiled import POOL
from impactsim.exact.answers import Answers
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.exact.single import SinglePoints, single_points
from impactsim.exact.structure import Structure
from impactsim.model.provenance import Confidence
from impactsim.model.system import Component
from impactsim.rests.shares import least

_MOST_EXACT = 2_000  # components
_MOST_ANSWERS = 5_000  # probabilities to work out anew
_MOST_COMPONENTS = 200  # guesses that are looked at
_MOST_LOOKED_AT = 1_000_000  # components that are down, in all: some seconds
_TIMES = 10.0


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each component with a guess (or a mere observation) without which the answer would differ.

    What matters most stands first.

    The expected loss of such a finding is None: it is no event. By how much the expected loss would change is among its figures.
    """
    world = _World(estate, services)
    found: list[tuple[Change, Finding]] = []
    n_looked_at = 0
    for component in world.chosen:
        if world.looked_at > _MOST_LOOKED_AT:
            break
        n_looked_at += 1
        changes = sorted(
            (each for each in world.changes(component) if each.is_any), key=lambda each: each.size, reverse=True
        )
        if changes:
            found.append((changes[0], finding_of(estate, changes)))
    found.sort(key=lambda each: (*(-size for size in each[0].size), each[1].id))
    rest = len(world.unverified) - n_looked_at
    return [finding for _, finding in found] + ([not_looked_at(rest)] if rest else [])


class _World:
    """The system as it is, and a copy of it in which one need at a time is another."""

    def __init__(self, estate: Estate, services: Collection[int]) -> None:
        self.estate = estate
        self.asked = frozenset(services) - estate.down()
        self.otherwise = Otherwise(estate.compiled, estate.causes)
        self.looked_at = 0
        """How many components were down in all that was tried."""
        self._before: dict[int, frozenset[int]] = {}

    # What is looked at.

    @cached_property
    def unverified(self) -> list[int]:
        """Components that a service leans on and that are, or have a need that is, guessed or observed.

        Where anything is guessed comes first, then what costs most users.
        """
        doubtful = [each for each in sorted(self._leant_on) if self._sure[each] != "declared"]
        cost = {each: self.estate.users_lost(self._own_points.takes_down(each)) for each in doubtful}
        return sorted(doubtful, key=lambda i: (self._sure[i] == "observed", -cost[i], i))

    @cached_property
    def chosen(self) -> list[int]:
        """Those of them that are looked at."""
        return self.unverified[:_MOST_COMPONENTS]

    @cached_property
    def _sure(self) -> list[Confidence]:
        """How sure each component and all its needs that count are: the least of it."""
        return [
            least((found.confidence, *map(self.confidence_of, self._counting(i))))
            for i, found in enumerate(self._components)
        ]

    @cached_property
    def _components(self) -> list[Component]:
        return list(self.estate.system.components.values())

    def confidence_of(self, need: int) -> Confidence:
        """Return how sure it is that there is a need: by its own word, else by that of its component."""
        own = self.estate.names.needs[need].confidence
        return own or self._components[self.estate.compiled.need_component[need]].confidence

    @cached_property
    def _leant_on(self) -> set[int]:
        return reached(self.asked, self.estate.members)

    @cached_property
    def _own_points(self) -> SinglePoints:
        """What each doubtful component takes down itself."""
        doubtful = [i for i, sure in enumerate(self._sure) if sure != "declared"]
        return self._points(sorted(self.asked), doubtful)

    @cached_property
    def _points_of_parts(self) -> SinglePoints:
        """What takes down each component that is looked at, or one of its members."""
        parts = {*self.chosen, *(member for each in self.chosen for member in self.estate.members(each))}
        return self._points(
            sorted(parts), [event for event, chance in enumerate(self.estate.chances) if chance.can_fail]
        )

    def _points(self, targets: Sequence[int], events: Sequence[int]) -> SinglePoints:
        return single_points(self.estate.compiled, self.estate.causes, targets, Criterion.DOWN, events)

    # What would change.

    def changes(self, component: int) -> Iterator[Change]:
        """Yield what would be different if each guess about a component were wrong."""
        for need in self.needs(component):
            yield self._if_not_needed(component, need)
            if self.is_redundant(need):
                yield self._if_not_redundant(component, need)
        if self.may_fail_more(component):
            yield self._if_it_fails_more(component)

    def needs(self, component: int) -> list[int]:
        """Return the needs of a component that count and that nobody has declared."""
        return [need for need in self._counting(component) if self.confidence_of(need) != "declared"]

    def _counting(self, component: int) -> list[int]:
        compiled = self.estate.compiled
        needs = range(compiled.need_from[component], compiled.need_from[component + 1])
        return [need for need in needs if counts(compiled, need, Criterion.DOWN)]

    def is_redundant(self, need: int) -> bool:
        """Can it do without a member? A pool in which a member has no capacity is left alone."""
        compiled = self.estate.compiled
        is_whole = compiled.need_form[need] != POOL or all(
            compiled.slot_capacity[slot] > 0.0 for slot in self._slots(need)
        )
        return is_whole and members_to_lose(compiled, need, Criterion.DOWN) > 1

    def may_fail_more(self, component: int) -> bool:
        """Is there a rate or probability that nobody has declared and that could be higher?"""
        if self._components[component].confidence == "declared":
            return False
        chance = self.estate.chances[component]
        return chance.is_known and 0.0 < chance.probability < 1.0

    def _if_not_needed(self, component: int, need: int) -> Change:
        name, members = self.estate.id_of(component), members_in_words(self.estate, need)
        remedy = f"find out whether {name} needs {members}, and declare it"
        suspects = self._points_of_parts.of(component)
        with self.otherwise.left_out(need):
            return self._change(need, f"that {name} needs {members}", "if it does not", remedy, suspects)

    def _if_not_redundant(self, component: int, need: int) -> Change:
        guess, remedy = redundancy_in_words(self.estate, need)
        members = self.estate.compiled.slot_component
        suspects = {event for slot in self._slots(need) for event in self._points_of_parts.of(members[slot])}
        suspects -= set(self._points_of_parts.of(component))
        with self.otherwise.without_backup(need):
            return self._change(need, guess, "if it cannot", remedy, sorted(suspects))

    def _change(self, need: int, guess: str, otherwise: str, remedy: str, suspects: Sequence[int]) -> Change:
        """Return what is different in the copy of which a need is another: what suspects take down, how likely services are down."""
        component = self.estate.compiled.need_component[need]
        vanished: dict[int, frozenset[int]] = {}
        appeared: dict[int, frozenset[int]] = {}
        for event in suspects:
            before, after = self._services_down(event), self.otherwise.propagation.down((event,))
            self.looked_at += len(after)
            vanished[event] = before - after - {event}
            appeared[event] = (self.asked & after) - before - {event}
        hit = set[int]().union(*vanished.values(), *appeared.values())
        minutes, unlike = self._minutes_of(component, vanished, appeared)
        services = tuple(sorted(hit | unlike))
        return Change(
            component,
            self.confidence_of(need),
            guess,
            otherwise,
            remedy,
            less=tuple((event, tuple(sorted(hit))) for event, hit in vanished.items() if hit),
            more=tuple((event, tuple(sorted(hit))) for event, hit in appeared.items() if hit),
            services=services,
            users=self.estate.users_lost(services),
            minutes=minutes,
        )

    def _services_down(self, event: int) -> frozenset[int]:
        """Return the services in question that an event takes down as things are; the same is asked for many guesses."""
        if event not in self._before:
            down = self.estate.down(event)
            self.looked_at += len(down)
            self._before[event] = self.asked & down
        return self._before[event]

    def _if_it_fails_more(self, component: int) -> Change:
        name, p = self.estate.id_of(component), self.estate.probability[component]
        more = min(1.0, _TIMES * p)
        if self.is_exact:
            probability = self.estate.probability.copy()
            probability[component] = more
            minutes, services = self._difference(component, self.estate.structure(), probability)
        else:
            services = set(self._own_points.takes_down(component))
            minutes = (more - p) * self._minutes_of_all(services)
        remedy = f"find out how often {name} fails, and declare it"
        hit = tuple(sorted(services))
        guess, otherwise = f"how often {name} fails", "if it is ten times as often"
        users = self.estate.users_lost(hit)
        sure = self._components[component].confidence
        return Change(component, sure, guess, otherwise, remedy, (), (), hit, users, minutes, is_rate=True)

    def _slots(self, need: int) -> range:
        return range(self.estate.compiled.slot_from[need], self.estate.compiled.slot_from[need + 1])

    # User-minutes.

    @cached_property
    def is_exact(self) -> bool:
        """Is the system small enough to work out anew how likely each service is down, for each guess?"""
        if self.estate.n_components > _MOST_EXACT:
            return False
        n_answers = 0
        for component in self.chosen:
            n_changes = sum(1 + self.is_redundant(need) for need in self.needs(component)) + 1
            n_answers += n_changes * len(self._leaning(component))
        return n_answers <= _MOST_ANSWERS

    def _leaning(self, component: int) -> frozenset[int]:
        """Return the services in question that lean on a component, backed or not."""
        return self.asked & leaning_on(self.estate, component)

    def _minutes_of(
        self, component: int, vanished: dict[int, frozenset[int]], appeared: dict[int, frozenset[int]]
    ) -> tuple[float, set[int]]:
        """Return by how much the lost user-minutes differ in the copy, and the services that are not as likely down."""
        if not any(self.estate.probability):
            return 0.0, set()
        if self.is_exact:
            can_fail = [chance.can_fail for chance in self.estate.chances]
            structure = Structure(self.otherwise.copy, self.estate.causes, Criterion.DOWN, can_fail)
            return self._difference(component, structure, self.estate.probability)
        p = self.estate.probability
        more = math.fsum(p[event] * self._minutes_of_all(services) for event, services in appeared.items())
        return more - math.fsum(
            p[event] * self._minutes_of_all(services) for event, services in vanished.items()
        ), set()

    def _difference(self, component: int, structure: Structure, probability: Sequence[float]) -> tuple[float, set[int]]:
        answers = Answers(structure, probability)
        minutes, unlike = [], set()
        for service in sorted(self._leaning(component)):
            before = self.estate.answers().probability(self.estate.structure().down(service)).low
            after = answers.probability(structure.down(service)).low
            if not math.isclose(before, after, rel_tol=1e-9, abs_tol=1e-15):
                unlike.add(service)
                minutes.append((after - before) * self._minutes_of_all([service]))
        return math.fsum(minutes), unlike

    def _minutes_of_all(self, services: Iterable[int]) -> float:
        """Return the user-minutes of services in a year, each with all who use it."""
        return math.fsum(self.estate.users_of.get(service, 0.0) for service in sorted(services)) * MINUTES_A_YEAR
