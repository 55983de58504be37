"""Unverified facts that matter: which guess, if wrong, changes the answer most.

Of each component whose facts are guessed (or only observed) the audit asks what would be different if (a) it had no such
need, for each of its needs; (b) a redundancy of it were none: a standby group no more than its first member, a quorum or
pool in need of all; (c) it failed ten times as often. The system is never compiled anew: one need at a time is changed in a
copy of its arrays.

What changes: single points of failure that vanish or appear, who is behind them, and the expected lost user-minutes. These are
exact where the system is small. Else they count the single points that vanish or appear, and only the guesses with most
users behind them are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.single_points import listed, needed_by, path_to
from impactsim.compiled import GROUP, ORDER, POOL, REPAIR
from impactsim.exact.answers import Answers
from impactsim.exact.propagation import Criterion, Propagation, counts, members_to_lose
from impactsim.exact.single import SinglePoints, single_points
from impactsim.exact.structure import Structure
from impactsim.quantities import about_figure

_MOST_EXACT = 2_000  # components
_MOST_ANSWERS = 5_000  # probabilities to work out anew
_MOST_COMPONENTS = 200  # guesses that are looked at
_MOST_LOOKED_AT = 1_000_000  # components that are down, in all: some seconds
_LARGE_SHARE = 0.1
_TIMES = 10.0
_N_TOLD = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What would be different if one guess were wrong."""

    component: int
    guess: str
    """What is guessed, as in ``that shop needs isp-a``."""
    otherwise: str
    """How it would be instead, as in ``if it does not``."""
    remedy: str
    less: tuple[tuple[int, tuple[int, ...]], ...]
    """Events that would take down less by themselves, each with the services that it would spare."""
    more: tuple[tuple[int, tuple[int, ...]], ...]
    """Events that would take down more by themselves, each with these services."""
    services: tuple[int, ...]
    """The services that this is about."""
    users: float
    """Who use them."""
    minutes: float
    """Lost user-minutes a year more than expected; negative if less."""
    is_rate: bool = False
    """Is the guess about how often it fails?"""

    @property
    def is_any(self) -> bool:
        """Would anything be different?"""
        return bool(self.services)

    @property
    def size(self) -> tuple[float, float, int]:
        """How much it is, for comparison."""
        return (abs(self.minutes), self.users, len(self.less) + len(self.more))


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each guessed or observed component without which the answer would differ; what matters most first.

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
            found.append((changes[0], _finding(world, changes)))
    found.sort(key=lambda each: (*(-size for size in each[0].size), each[1].id))
    rest = len(world.unverified) - n_looked_at
    return [finding for _, finding in found] + ([_not_looked_at(rest)] if rest else [])


class _World:
    """The system as it is, and a copy of it in which one need at a time is another."""

    def __init__(self, estate: Estate, services: Collection[int]) -> None:
        self.estate = estate
        self.asked = frozenset(services) - estate.down()
        compiled = estate.compiled
        self.copy = compiled._replace(
            need_purpose=compiled.need_purpose.copy(),
            need_form=compiled.need_form.copy(),
            need_k=compiled.need_k.copy(),
            need_demand=compiled.need_demand.copy(),
            slot_capacity=compiled.slot_capacity.copy(),
        )
        self.looked_at = 0
        """How many components were down in all that was tried."""
        self._before: dict[int, frozenset[int]] = {}

    @cached_property
    def _propagation(self) -> Propagation:
        """What goes down in the copy, as it is when it is asked."""
        return Propagation(self.copy, self.estate.causes)

    # What is looked at.

    @cached_property
    def unverified(self) -> list[int]:
        """Components that are guessed or observed and that a service leans on; the guessed first, then by the users they cost."""
        components = list(self.estate.system.components.values())
        doubtful = [i for i in sorted(self._leant_on) if components[i].confidence != "declared"]
        cost = {each: self.estate.users_lost(self._own_points.takes_down(each)) for each in doubtful}
        return sorted(doubtful, key=lambda i: (components[i].confidence == "observed", -cost[i], i))

    @cached_property
    def chosen(self) -> list[int]:
        """Those of them that are looked at."""
        return self.unverified[:_MOST_COMPONENTS]

    @cached_property
    def _leant_on(self) -> set[int]:
        return _reached(self.asked, self.estate.members)

    @cached_property
    def _own_points(self) -> SinglePoints:
        """What each doubtful component takes down itself."""
        components = self.estate.system.components.values()
        doubtful = [i for i, each in enumerate(components) if each.confidence != "declared"]
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
        """Return the needs of a component that count."""
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
        """Is there a rate or probability that could be higher?"""
        chance = self.estate.chances[component]
        return chance.is_known and 0.0 < chance.probability < 1.0

    def _if_not_needed(self, component: int, need: int) -> Change:
        name, members = self.estate.id_of(component), _members_in_words(self.estate, need)
        remedy = f"find out whether {name} needs {members}, and declare it"
        suspects = self._points_of_parts.of(component)
        with self._left_out(need):
            return self._change(component, f"that {name} needs {members}", "if it does not", remedy, suspects)

    def _if_not_redundant(self, component: int, need: int) -> Change:
        guess, remedy = _redundancy_in_words(self.estate, need)
        members = self.estate.compiled.slot_component
        suspects = {event for slot in self._slots(need) for event in self._points_of_parts.of(members[slot])}
        suspects -= set(self._points_of_parts.of(component))
        with self._without_backup(need):
            return self._change(component, guess, "if it cannot", remedy, sorted(suspects))

    def _change(self, component: int, guess: str, otherwise: str, remedy: str, suspects: Sequence[int]) -> Change:
        """Return what is different in the copy: what suspects take down, and how likely services are down."""
        vanished: dict[int, frozenset[int]] = {}
        appeared: dict[int, frozenset[int]] = {}
        for event in suspects:
            before, after = self._services_down(event), self._propagation.down((event,))
            self.looked_at += len(after)
            vanished[event] = before - after - {event}
            appeared[event] = (self.asked & after) - before - {event}
        hit = set[int]().union(*vanished.values(), *appeared.values())
        minutes, unlike = self._minutes_of(component, vanished, appeared)
        services = tuple(sorted(hit | unlike))
        return Change(
            component,
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
        return Change(component, guess, otherwise, remedy, (), (), hit, users, minutes, is_rate=True)

    # Another need.

    def _slots(self, need: int) -> range:
        return range(self.estate.compiled.slot_from[need], self.estate.compiled.slot_from[need + 1])

    @contextmanager
    def _left_out(self, need: int) -> Iterator[None]:
        """Leave a need out of the copy: what is for repair only does not count."""
        self.copy.need_purpose[need] = REPAIR
        yield
        self.copy.need_purpose[need] = self.estate.compiled.need_purpose[need]

    @contextmanager
    def _without_backup(self, need: int) -> Iterator[None]:
        """Let a need of the copy want its first member (a group) or all of them."""
        copy, compiled, slots = self.copy, self.estate.compiled, self._slots(need)
        if compiled.need_form[need] == GROUP:  # a pool in which only the first has any capacity
            copy.need_form[need], copy.need_demand[need] = POOL, 1.0
            copy.slot_capacity[slots.start] = 1.0
        else:
            copy.need_form[need], copy.need_k[need] = ORDER, len(slots)
        yield
        copy.need_form[need], copy.need_k[need] = compiled.need_form[need], compiled.need_k[need]
        copy.need_demand[need] = compiled.need_demand[need]
        copy.slot_capacity[slots.start] = compiled.slot_capacity[slots.start]

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
        return self.asked & _reached([component], lambda each: needed_by(self.estate, each))

    def _minutes_of(
        self, component: int, vanished: dict[int, frozenset[int]], appeared: dict[int, frozenset[int]]
    ) -> tuple[float, set[int]]:
        """Return by how much the lost user-minutes differ in the copy, and the services that are not as likely down."""
        if not any(self.estate.probability):
            return 0.0, set()
        if self.is_exact:
            can_fail = [chance.can_fail for chance in self.estate.chances]
            structure = Structure(self.copy, self.estate.causes, Criterion.DOWN, can_fail)
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


def _reached(starts: Iterable[int], step: Callable[[int], Iterable[int]]) -> set[int]:
    """Return what can be reached from some components, those included."""
    found = set(starts)
    waiting = sorted(found)
    while waiting:
        for each in step(waiting.pop()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


# Words.


def _members_in_words(estate: Estate, need: int) -> str:
    return listed(_member_ids(estate, need))


def _member_ids(estate: Estate, need: int) -> list[str]:
    compiled = estate.compiled
    return [
        estate.id_of(each) for each in compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]
    ]


def _redundancy_in_words(estate: Estate, need: int) -> tuple[str, str]:
    """Return what a redundancy promises, and how to find out whether it is so."""
    compiled = estate.compiled
    owner, members = estate.id_of(compiled.need_component[need]), _member_ids(estate, need)
    if compiled.need_form[need] == GROUP:
        backups = " or ".join(part for part in (", ".join(members[1:-1]), members[-1]) if part)
        return (
            f"that {owner} can do with {backups} instead of {members[0]}",
            f"run {owner} without {members[0]} as a test",
        )
    spare = members_to_lose(compiled, need, Criterion.DOWN) - 1
    return f"that {owner} can do without {spare} of {listed(members)}", f"run {owner} without {members[0]} as a test"


def _effect(world: _World, change: Change) -> str:
    """Say what would be different."""
    ids, told = world.estate.ids_of, []
    for events, what in ((change.less, "less"), (change.more, "more")):
        if events:
            told.append(f"{listed(ids(event for event, _ in events))} would take down {what}")
    if round(abs(change.minutes)):
        what = "more" if change.minutes > 0.0 else "less"
        told.append(f"{about_figure(abs(change.minutes))} user-minutes a year {what} would be lost")
    return " and ".join(told) or f"{listed(ids(change.services))} would be down more or less often"


def _finding(world: _World, changes: Sequence[Change]) -> Finding:
    """Return the finding about one component, by what matters most of it."""
    estate, worst = world.estate, changes[0]
    name = estate.id_of(worst.component)
    confidence = estate.system.components[name].confidence
    severity = Severity.MEDIUM if world.estate.share_lost(worst.services) >= _LARGE_SHARE else Severity.LOW
    return Finding(
        id=f"unverified/{name}",
        kind="unverified",
        severity=severity if confidence == "guessed" else Severity(severity - 1),
        text=f"it is only {confidence} {worst.guess}; {worst.otherwise}, {_effect(world, worst)}",
        services=estate.ids_of(worst.services),
        events=(name,),
        users=worst.users,
        evidence=tuple(_evidence(world, changes)),
        remedy=worst.remedy,
        figures=(
            ("change_of_lost_user_minutes", worst.minutes),
            ("take_down_less", float(len(worst.less))),
            ("take_down_more", float(len(worst.more))),
        ),
    )


def _evidence(world: _World, changes: Sequence[Change]) -> Iterator[str]:
    estate, worst = world.estate, changes[0]
    confidence = estate.system.components[estate.id_of(worst.component)].confidence
    down = estate.down(worst.component)
    for service in [each for each in worst.services if each != worst.component][:_N_TOLD]:
        path = estate.path(service, worst.component)
        if service in down:
            yield path_to(estate, down, service, [worst.component])
        elif path:
            yield " needs ".join(path)
    if worst.is_rate:
        yield f"as it is written down it is down {estate.probability[worst.component]:.3g} of the time"
    for events, what in ((worst.less, "would not take down"), (worst.more, "would take down")):
        for event, services in events[:_N_TOLD]:
            yield f"{estate.id_of(event)} alone {what} {listed(estate.ids_of(services))}"
    for other in changes[1 : _N_TOLD + 1]:
        yield f"also {confidence} {other.guess}; {other.otherwise}, {_effect(world, other)}"


def _not_looked_at(n_components: int) -> Finding:
    return Finding(
        id="unverified/not-looked-at",
        kind="unverified",
        severity=Severity.NOTE,
        text=f"{n_components:,} more components are guessed or observed; those with most users behind them were looked at",
        evidence=("the guessed first, then those that take down services with most users",),
        remedy="declare what is certain about them",
        figures=(("components", float(n_components)),),
    )
