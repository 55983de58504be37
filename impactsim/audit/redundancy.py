"""Shared dependencies: what takes down a backup together with what it backs.

A redundancy promises that so many failures are survived. Each minimal cut set of "so many members are down that the rest is too
few" with fewer events than members to lose breaks that promise: of order 1, one thing takes down both of a pair. Those of order 1
are found for all redundancies at once; larger ones, where a redundancy has three members to lose or more, by their formulas.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from impactsim.audit import shared_words
from impactsim.audit.complete import complete_cut_sets
from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.findings import Finding, Severity, ranked, severity_of_loss
from impactsim.audit.independence import Independence, independence
from impactsim.audit.leaning import Damages, Leaning, leaning_of
from impactsim.audit.redundancies import (
    Redundancy,
    is_asked,
    lost_node,
    merged,
    phrase,
    place,
    redundancies,
    services_behind,
    standing_on,
)

__all__ = ["Redundancy", "findings", "redundancies", "shared_events"]

_LARGEST_ORDER = 3
_N_SHOWN = 5  # shared dependencies of one redundancy that are findings of their own
_N_LISTED = 20  # of the rest, those that are named
_N_EXPLAINED = 500  # the worst findings get paths; nobody reads the others
_N_WITH_FIGURES = 200  # the redundancies of the worst findings get exact figures


@dataclass(frozen=True, slots=True)
class _Shared:
    """Some shared dependencies of one redundancy; one, where they make a finding of their own."""

    redundancy: Redundancy
    owners: tuple[int, ...]
    sets: tuple[tuple[int, ...], ...]
    """Cut sets, each as events by number."""
    singles: tuple[int, ...]
    """All events that take the redundancy down alone."""


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each shared dependency of each redundancy that has to do with these services; the worst first.

    Of a redundancy with more than five of them the rest is one finding. The worst 500 findings have paths as evidence.
    """
    groups = merged(redundancies(estate))
    report = _Report(estate, leaning_of(estate, (redundancy for redundancy, _ in groups)), set(services))
    plain: dict[str, Finding] = {}
    shared_of: dict[str, _Shared] = {}
    for shared in report.all_shared(groups):
        finding = report.finding(shared)
        if finding is not None and finding.id not in plain:
            plain[finding.id] = finding
            shared_of[finding.id] = shared
    worst_first = ranked(plain.values())
    explain = _Explanations(report, [shared_of[each.id] for each in worst_first[:_N_EXPLAINED]])
    explained = [explain.finding(each, shared_of[each.id]) for each in worst_first[:_N_EXPLAINED]]
    return explained + worst_first[_N_EXPLAINED:] + ([_not_found(report.too_large)] if report.too_large else [])


def shared_events(estate: Estate, redundancy: Redundancy, leaning: Leaning | None = None) -> list[tuple[int, ...]]:
    """Return the minimal cut sets of a redundancy with fewer events than it has members to lose, at most 3.

    Parameters
    ----------
    estate, redundancy
        The system, and the redundancy.
    leaning
        What its members lean on, where that is known already.

    Returns
    -------
    list of tuple of int
        Numbers of events: the smallest sets first, of equals the likeliest, then those that are nearest to the owner.
    """
    return _shared_up_to(estate, redundancy, leaning or leaning_of(estate, [redundancy]))[0]


def _shared_up_to(estate: Estate, redundancy: Redundancy, leaning: Leaning) -> tuple[list[tuple[int, ...]], int, int]:
    """Return the minimal cut sets of a redundancy, up to which order they are all there, and up to which they were looked for."""
    found: list[tuple[int, ...]] = [(event,) for event in leaning.shared(redundancy)]
    largest = min(_LARGEST_ORDER, redundancy.to_lose - 1)
    if largest == 1:
        return sorted(found, key=lambda events: _order(estate, events)), 1, 1
    sets, reached = complete_cut_sets(estate.answers(), lost_node(estate, redundancy), largest)
    found += [each.events for each in sets if len(each.events) > 1]
    return sorted(found, key=lambda events: _order(estate, events)), max(1, reached), largest


def _order(estate: Estate, events: tuple[int, ...]) -> tuple[int, float, list[float], tuple[int, ...]]:
    rank = [-math.inf if estate.is_cause(event) else -estate.compiled.rank[event] for event in events]
    return len(events), -math.prod(estate.probability[event] for event in events), sorted(rank), events


def _not_found(too_large: Sequence[tuple[Redundancy, int]]) -> Finding:
    """Return a note about what shares more than could be found."""
    n = len(too_large)
    return Finding(
        id="shared/not-found",
        kind="shared",
        severity=Severity.NOTE,
        text=f"of {n:,} redundanc{'ies' if n > 1 else 'y'} larger sets of shared dependencies could not be found",
        evidence=tuple(
            f"of {phrase(redundancy)} all up to order {reached} are told"
            for redundancy, reached in too_large[:_N_SHOWN]
        ),
        remedy="ask about one of the owners with cutsets ID --smallest 20",
        figures=(("redundancies", float(n)),),
    )


class _Report:
    """Findings without evidence.

    Parameters
    ----------
    estate
        The system.
    leaning
        What the members of all redundancies lean on.
    asked
        Numbers of the services that are asked about.
    """

    def __init__(self, estate: Estate, leaning: Leaning, asked: set[int]) -> None:
        self.estate = estate
        self.leaning = leaning
        self.asked = asked
        self.damages = Damages(estate)
        self.too_large: list[tuple[Redundancy, int]] = []
        """Redundancies for which larger cut sets could not be found, each with the order up to which they are all told."""

    def all_shared(self, groups: Iterable[tuple[Redundancy, tuple[int, ...]]]) -> Iterator[_Shared]:
        """Yield the shared dependencies of redundancies, the first ones each by itself."""
        for redundancy, owners in groups:
            if not is_asked(self.estate, owners, self.asked):
                continue
            found, reached, largest = _shared_up_to(self.estate, redundancy, self.leaning)
            if reached < largest:
                self.too_large.append((redundancy, reached))
            found = [events for events in found if not self._stand_there(redundancy, owners, events)]
            singles = tuple(events[0] for events in found if len(events) == 1)
            for events in found[:_N_SHOWN]:
                yield _Shared(redundancy, owners, (events,), singles)
            if len(found) > _N_SHOWN:
                yield _Shared(redundancy, owners, tuple(found[_N_SHOWN:]), singles)

    def _stand_there(self, redundancy: Redundancy, owners: tuple[int, ...], events: tuple[int, ...]) -> bool:
        """Do all that rely on a redundancy stand themselves where its members fall? Then it loses nothing by that.

        A machine with two supplies in one building goes down with the building, wherever its supplies are.
        """
        if len(events) > 1 or not redundancy.is_to_serve or max(owners) >= len(self.estate.names.index):
            return False
        down = self.estate.down(*events)
        return all(any(place in down for place in standing_on(self.estate, owner)) for owner in owners)

    def finding(self, shared: _Shared) -> Finding | None:
        """Return a finding, or None if it has nothing to do with what is asked about."""
        services = self._services(shared)
        if self.asked.isdisjoint(services):
            return None
        told = shared.sets[:_N_LISTED]
        damages = [self.damages.of(events) for events in told]
        name, text, remedy = self._words(shared)
        return Finding(
            id=f"shared/{place(self.estate, shared.redundancy)}/{name}",
            kind="shared",
            severity=max(_severity(each.share, len(events)) for events, each in zip(told, damages, strict=True)),
            text=text,
            services=self.damages.ids_of(services),
            events=self.estate.ids_of({event for events in told for event in events}),
            users=max(each.users for each in damages),
            lost_user_minutes=self._lost_a_year(shared),
            remedy=remedy,
            figures=(("order", len(told[0])), ("n_sets", len(shared.sets))),
        )

    def lost(self, shared: _Shared) -> list[int]:
        """Return the members that the first cut set takes down."""
        members, events = shared.redundancy.members, shared.sets[0]
        if shared.redundancy.to_lose == len(members):
            return list(members)
        if len(events) == 1:
            return self.taken(shared)[events[0]]
        down = self.estate.down(*events)
        return [member for member in members if member in down]

    def taken(self, shared: _Shared) -> dict[int, list[int]]:
        """Return the members that each event of the first cut set takes down alone."""
        members, events = shared.redundancy.members, shared.sets[0]
        if len(events) == 1 and shared.redundancy.to_lose == len(members):
            return {events[0]: list(members)}
        leans_on = [(member, set(self.leaning.on(member))) for member in members]
        return {event: [member for member, points in leans_on if event in points] for event in events}

    def _services(self, shared: _Shared) -> tuple[int, ...]:
        """Return the services that go down; where the owner does not go down at once, also those that are behind it."""
        first = self.damages.of(shared.sets[0]).services
        hit = first
        if len(shared.sets) > 1:
            hit = tuple(sorted({s for events in shared.sets[:_N_LISTED] for s in self.damages.of(events).services}))
        if hit and shared.redundancy.is_to_serve:
            return hit
        return tuple(sorted({*hit, *services_behind(self.estate, shared.owners)}))

    def _words(self, shared: _Shared) -> tuple[str, str, str]:
        """Return the end of the id, the text and the remedy."""
        if len(shared.sets) > 1:
            text = shared_words.text_of_rest(shared.redundancy, len(shared.sets), len(shared.sets[0]))
            return "more", text, "part the members, and look again: where they stay together each of these is enough"
        estate, redundancy, events = self.estate, shared.redundancy, shared.sets[0]
        lost = self.lost(shared)
        text = shared_words.text(estate, redundancy, events, lost)
        remedy = shared_words.remedy(estate, redundancy, self.taken(shared), lost)
        return "+".join(estate.ids_of(events)), text, remedy

    def _lost_a_year(self, shared: _Shared) -> float | None:
        """Return the user-minutes a year that cut sets cost; None if nobody says how often the events of any of them happen."""
        estate = self.estate
        lost = [
            self.damages.of(events).users * math.prod(estate.probability[event] for event in events) * MINUTES_A_YEAR
            for events in shared.sets[:_N_LISTED]
            if all(estate.chances[event].is_known for event in events)
        ]
        return math.fsum(lost) if lost else None


def _severity(share: float, order: int) -> Severity:
    worst = max(Severity.HIGH, severity_of_loss(share))
    return Severity(max(Severity.LOW, worst - (order - 1)))


class _Explanations:
    """Evidence for findings; what it takes is worked out once for all of them.

    Parameters
    ----------
    report
        Where the findings come from.
    explained
        What they are about.
    """

    def __init__(self, report: _Report, explained: Collection[_Shared]) -> None:
        self.report = report
        self.estate = report.estate
        events = {event for shared in explained for event in shared.singles[:_N_LISTED]}
        self._leaning = Leaning(self.estate, (event for event in events if not self.estate.is_cause(event)))
        self._known: dict[tuple[tuple[int, ...], int], Independence | None] = {}

    def finding(self, plain: Finding, shared: _Shared) -> Finding:
        """Return a finding with its evidence."""
        found = self._independence(shared.redundancy)
        told = list(self._reasons(shared))
        told += shared_words.also_of(self.estate, shared.redundancy, shared.owners)
        if found is not None:
            told += shared_words.figures_in_words(found)
        return replace(plain, evidence=tuple(told), figures=(*plain.figures, *shared_words.figures(found)))

    def _reasons(self, shared: _Shared) -> Iterator[str]:
        if len(shared.sets) > 1:
            yield from (" and ".join(self.estate.ids_of(events)) for events in shared.sets[:_N_LISTED])
            if len(shared.sets) > _N_LISTED:
                yield f"{len(shared.sets) - _N_LISTED:,} more"
            return
        report, behind = self.report, self._behind(shared)
        yield from shared_words.evidence(self.estate, report.taken(shared), report.lost(shared), behind)

    def _behind(self, shared: _Shared) -> list[int]:
        """Return the other shared dependencies that take this one down, of the first ones."""
        if len(shared.sets[0]) > 1 or self.estate.is_cause(shared.sets[0][0]):
            return []
        event = shared.sets[0][0]
        points = set(self._leaning.on(event))
        return [other for other in shared.singles[:_N_LISTED] if other != event and other in points]

    def _independence(self, redundancy: Redundancy) -> Independence | None:
        key = (redundancy.members, redundancy.to_lose)
        if key not in self._known:
            if len(self._known) >= _N_WITH_FIGURES:
                return None
            self._known[key] = independence(self.estate, redundancy.members, redundancy.to_lose)
        return self._known[key]
