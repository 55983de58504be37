"""Backups that may share something, although nothing that is written down proves it.

Of each redundancy without a proven shared dependency of order 1: is there one operator behind so many members that the rest is too
few, one site that is taken never to fail, one kind of thing (a word of the author's own, such as ``duct``) that each has one of; or is
nothing known of what a member stands on? Only what a member cannot do without counts, and the nearest operator on the way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.leaning import Damages, leaning_of
from impactsim.audit.redundancies import (
    Redundancy,
    is_asked,
    listed,
    merged,
    phrase,
    place,
    redundancies,
    services_behind,
)
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.model.system import KINDS, Component

_MOST_LOOKED_AT = 300  # components below a member; an operator that is farther away is not the next thing to ask about
_MOST_BLANK = 50  # findings that only say that nothing is known; the rest is one finding


@dataclass(frozen=True, slots=True)
class _Suspicion:
    redundancy: Redundancy
    owners: tuple[int, ...]
    reasons: tuple[str, ...]
    remedy: str
    is_blank: bool
    """Is the only reason that nothing is known?"""


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each redundancy that has to do with these services and whose members may share something."""
    groups = merged(redundancies(estate))
    leaning = leaning_of(estate, (redundancy for redundancy, _ in groups))
    below = _Below(estate)
    damages = Damages(estate)
    asked = set(services)
    found: list[Finding] = []
    blank: list[Finding] = []
    for redundancy, owners in groups:
        if leaning.shared(redundancy):
            continue
        suspicion = _suspicion(estate, below, redundancy, owners)
        finding = None if suspicion is None else _finding(estate, damages, suspicion, asked)
        if suspicion is not None and finding is not None:
            (blank if suspicion.is_blank else found).append(finding)
    blank.sort(key=lambda each: -each.users)
    found += blank[:_MOST_BLANK]
    if len(blank) > _MOST_BLANK:
        found.append(_rest(blank[_MOST_BLANK:]))
    return _first_of_each(found)


def _first_of_each(found: Collection[Finding]) -> list[Finding]:
    first: dict[str, Finding] = {}
    for finding in found:
        first.setdefault(finding.id, finding)
    return list(first.values())


def _finding(estate: Estate, damages: Damages, suspicion: _Suspicion, asked: set[int]) -> Finding | None:
    redundancy = suspicion.redundancy
    damage = damages.of(redundancy.members)
    services = damage.services
    if not services or not redundancy.is_to_serve:
        services = tuple(sorted({*services, *services_behind(estate, suspicion.owners)}))
    if asked.isdisjoint(services) or not is_asked(estate, suspicion.owners, asked):
        return None
    return Finding(
        id=f"suspicious/{place(estate, redundancy)}",
        kind="suspicious",
        severity=Severity.LOW,
        text=f"{_who(estate, redundancy)} may fail together: {suspicion.reasons[0]}",
        services=damages.ids_of(services),
        events=tuple(estate.id_of(member) for member in redundancy.members),
        users=damage.users,
        evidence=(
            *suspicion.reasons[1:],
            "no single thing that is written down takes down so many: not proven, worth a question",
        ),
        remedy=suspicion.remedy,
    )


def _who(estate: Estate, redundancy: Redundancy) -> str:
    members = listed([estate.id_of(member) for member in redundancy.members])
    return f"{members} ({phrase(redundancy)})"


def _rest(blank: Collection[Finding]) -> Finding:
    n = len(blank)
    return Finding(
        id="suspicious/rest",
        kind="suspicious",
        severity=Severity.LOW,
        text=f"{n:,} more redundancies have members of which nothing is known that they stand on",
        services=tuple(dict.fromkeys(service for each in blank for service in each.services)),
        users=max(each.users for each in blank),
        evidence=tuple(each.text for each in list(blank)[:5]),
        remedy="write down what they need, where they stand and who runs them, those with the most users first",
        figures=(("redundancies", n),),
    )


def _suspicion(estate: Estate, below: _Below, redundancy: Redundancy, owners: tuple[int, ...]) -> _Suspicion | None:
    reasons, remedies = [], []
    for operator, members in _behind_enough(redundancy, below.operators):
        reasons.append(f"{operator} runs what {listed(members)} cannot do without")
        remedies.append(f"ask {operator} what these share, and write it down as a need or a common cause")
    for site, members in _behind_enough(redundancy, below.sites):
        reasons.append(f"{listed(members)} stand at {site}, which is taken never to fail")
        remedies.append(f"say how often {site} fails, or move one of them")
    for kind, members in _behind_enough(redundancy, below.kinds):
        reasons.append(f"{kind} is a kind of thing that each of these needs: {listed(members)}")
        remedies.append(f"ask whether one fault of a {kind} can hit them all, and write it down as a common cause")
    blank = [estate.id_of(member) for member in redundancy.members if below.is_blank(member)]
    is_blank = bool(blank) and not reasons
    if blank:
        reasons.append(f"nothing is known of what {listed(blank)} {'stands' if len(blank) == 1 else 'stand'} on")
        remedies.append(
            f"write down what {listed(blank)} lean{'s' if len(blank) == 1 else ''} on: needs, site and operator"
        )
    return _Suspicion(redundancy, owners, tuple(reasons), remedies[0], is_blank) if reasons else None


def _behind_enough(
    redundancy: Redundancy, labels: Callable[[int], Mapping[str, str]]
) -> Iterator[tuple[str, list[str]]]:
    """Yield the labels behind so many members that the rest is too few, with words for each of these."""
    behind: dict[str, list[str]] = {}
    for member in redundancy.members:
        for label, words in labels(member).items():
            behind.setdefault(label, []).append(words)
    for label, words_of_members in behind.items():
        if len(words_of_members) >= redundancy.to_lose:
            yield label, words_of_members


class _Below:
    """What a component cannot do without, and the labels on it.

    Parameters
    ----------
    estate
        The system.
    """

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.components: list[Component] = list(estate.system.components.values())
        self._struck = set(estate.causes.strike_component)
        self._operators: dict[int, dict[str, str]] = {}
        self._sites: dict[int, dict[str, str]] = {}
        self._kinds: dict[int, dict[str, str]] = {}
        self._has_operators = any(each.operator for each in self.components)

    def operators(self, component: int) -> Mapping[str, str]:
        """Return the nearest operators on each way down from a component, itself included, and through what."""
        if component not in self._operators:
            found: dict[str, str] = {}
            if self._has_operators:
                for each, way in self._way_down(component, is_end=lambda each: bool(each.operator)):
                    operator = self.components[each].operator
                    if operator:
                        found.setdefault(operator, way)
            self._operators[component] = found
        return self._operators[component]

    def sites(self, component: int) -> Mapping[str, str]:
        """Return the sites at which a component stands that never fail by themselves."""
        if component not in self._sites:
            site = self.components[component].at
            found = {}
            if site is not None and not self.estate.chances[self.estate.names.index[site]].can_fail:
                found[site] = self.estate.id_of(component)
            self._sites[component] = found
        return self._sites[component]

    def kinds(self, component: int) -> Mapping[str, str]:
        """Return the author's own words for the kinds of what a component needs directly, and the things."""
        if component not in self._kinds:
            found: dict[str, str] = {}
            for each in self._alone(component):
                kind = self.components[each].kind
                if kind not in KINDS and kind != self.components[component].kind:
                    found.setdefault(kind, f"{self.estate.id_of(component)} needs {self.estate.id_of(each)}")
            self._kinds[component] = found
        return self._kinds[component]

    def is_blank(self, component: int) -> bool:
        """Is nothing known of what a component stands on: no need, no site, no operator, no common cause?"""
        each = self.components[component]
        return not (each.needs or each.at or each.operator or component in self._struck)

    def _way_down(self, component: int, is_end: Callable[[Component], bool]) -> Iterator[tuple[int, str]]:
        """Yield what a component cannot do without, itself first, nearest first, up to what is an end; with the way to it."""
        way = {component: self.estate.id_of(component)}
        waiting = deque([component])
        while waiting and len(way) <= _MOST_LOOKED_AT:
            each = waiting.popleft()
            yield each, way[each]
            if is_end(self.components[each]):
                continue
            for other in self._alone(each):
                if other not in way:
                    way[other] = f"{way[each]} needs {self.estate.id_of(other)}"
                    waiting.append(other)

    def _alone(self, component: int) -> Iterator[int]:
        """Yield the components each of which takes this one down alone, directly."""
        compiled = self.estate.compiled
        for need in range(compiled.need_from[component], compiled.need_from[component + 1]):
            if counts(compiled, need, Criterion.DOWN) and members_to_lose(compiled, need, Criterion.DOWN) == 1:
                yield from compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]
