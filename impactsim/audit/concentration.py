"""Concentration: how much rests on each operator, provider and site, alone and together.

Alone: what is lost when all that one of them runs fails at once. Of expected user-minutes: what would not be lost if nothing
of it ever failed. Together: pairs that back each other, so that both at once cost clearly more than each by itself, and the
fewest that take down half or all of the users.

User-minutes are exact where the system is small. Above 2,000 components they count the failures that take a service
down by themselves, which is nearly all of it where failures are rare.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.findings import Finding, ranked, severity_of_loss
from impactsim.audit.holders import KINDS, Concentration, Fewest, Holder, Pair
from impactsim.audit.single_points import listed, members_of_need, needed_by, path_to, unmet_needs
from impactsim.exact.answers import Answers
from impactsim.exact.propagation import Criterion
from impactsim.exact.single import single_points
from impactsim.quantities import about_figure, about_share

_N_LARGEST = 10  # of a kind: those of which pairs and user-minutes are told
_MOST_COMPARED = 100  # of a kind: those of which it is told who leans on them
_MOST_EXACT = 2_000  # components
_MOST_COMBINED = 10  # of a kind: so many can be combined in all ways
_CLEARLY = 0.01  # of all users: by how much more two must take down than each by itself
_LEAST_SHARE = 0.1  # of all users: below it a concentration is no finding
_N_PATHS = 3


def concentrations(estate: Estate, services: Collection[int]) -> Concentration:
    """Return what rests on each operator, provider and site.

    Parameters
    ----------
    estate
        The system.
    services
        Numbers of the services in question.
    """
    return _concentrations(_View(estate, services))


def findings(estate: Estate, services: Collection[int], found: Concentration | None = None) -> list[Finding]:
    """Return a finding for each operator, provider and site that takes down a tenth of the users or more.

    Where it is one component that can fail, its single point of failure says the same, and nothing is said here.

    Parameters
    ----------
    estate
        The system.
    services
        Numbers of the services in question.
    found
        What rests on whom, where that was worked out before for the same services.
    """
    view = _View(estate, services)
    found = found or _concentrations(view)
    return ranked(
        _finding(view, holder, found)
        for holder in found.holders
        if holder.share >= _LEAST_SHARE and not _is_told(view, holder)
    )


def _concentrations(view: _View) -> Concentration:
    holders: list[Holder] = []
    pairs: list[Pair] = []
    fewest: list[Fewest] = []
    for kind in KINDS:
        groups = _largest_first(view, kind)
        holders += [_with_minutes(view, group) for group in groups[:_N_LARGEST]]
        holders += [group.holder for group in groups[_N_LARGEST:]]
        pairs += _pairs(view, groups[:_N_LARGEST])
        fewest += [found for target in (0.5, 1.0) if (found := _fewest(view, groups, target)) is not None]
    total = view.minutes.total
    return Concentration(tuple(holders), tuple(pairs), tuple(fewest), total or None, view.minutes.is_exact)


def _is_told(view: _View, holder: Holder) -> bool:
    event = view.estate.event_of(holder.components[0])
    return len(holder.components) == 1 and view.estate.chances[event].can_fail


# What is lost.


@dataclass(frozen=True, slots=True)
class _Group:
    """A holder by numbers."""

    holder: Holder
    events: tuple[int, ...]
    leaning: tuple[int, ...]
    """The services in question that lean on it, backed or not."""


class _View:
    """A system seen from the services in question."""

    def __init__(self, estate: Estate, services: Collection[int]) -> None:
        self.estate = estate
        self.asked = frozenset(services) - estate.down()
        self.all_of_them = estate.share_lost(self.asked)

    def down(self, events: Iterable[int]) -> frozenset[int]:
        """Return the services in question that go down if these events happen at once."""
        return self.asked & self.estate.down(*events)

    @cached_property
    def minutes(self) -> _Minutes:
        """The user-minutes that are expected to be lost."""
        return _Minutes(self.estate, sorted(self.asked))


class _Minutes:
    """The user-minutes a year that services are expected to lose, and what of it would be left without some failures.

    Each service is counted with all who use it.
    """

    def __init__(self, estate: Estate, services: Sequence[int]) -> None:
        self.estate = estate
        self.services = [each for each in services if estate.users_of.get(each, 0.0) > 0.0]
        self.is_small = estate.n_components <= _MOST_EXACT
        self.is_exact = self.is_small
        self.total = 0.0
        if any(estate.probability) and self.services:
            self.total = math.fsum((self._lost if self.is_small else self._of_event).values())

    def saved(self, events: Collection[int], leaning: Iterable[int]) -> float | None:
        """Return what would not be lost if these events never happened; None where nobody says how often they do.

        Parameters
        ----------
        events
            Numbers of components.
        leaning
            The services that lean on them.
        """
        if not self.total or not any(self.estate.chances[event].is_known for event in events):
            return None
        if not self.is_small:
            return math.fsum(self._of_event.get(event, 0.0) for event in events)
        probability = self.estate.probability.copy()
        for event in events:
            probability[event] = 0.0
        structure = self.estate.structure()
        answers = Answers(structure, probability)
        before = math.fsum(self._lost[service] for service in leaning if service in self._lost)
        after = math.fsum(self._lost_by(service, answers) for service in leaning if service in self._lost)
        return max(0.0, before - after)

    @cached_property
    def _lost(self) -> dict[int, float]:
        answers = self.estate.answers()
        structure = self.estate.structure()
        intervals = [answers.probability(structure.down(service)) for service in self.services]
        self.is_exact = all(each.low == each.high for each in intervals)
        return {service: self._lost_by(service, answers) for service in self.services}

    def _lost_by(self, service: int, answers: Answers) -> float:
        interval = answers.probability(self.estate.structure().down(service))
        return self.estate.users_of[service] * interval.low * MINUTES_A_YEAR

    @cached_property
    def _of_event(self) -> dict[int, float]:
        """What each event takes down by itself, in user-minutes a year."""
        estate = self.estate
        events = [event for event, probability in enumerate(estate.probability) if probability > 0.0]
        points = single_points(estate.compiled, estate.causes, self.services, Criterion.DOWN, events)
        lost = {}
        for event in points.events:
            users = math.fsum(estate.users_of[service] for service in points.takes_down(event))
            lost[event] = users * estate.probability[event] * MINUTES_A_YEAR
        return lost


# Who holds what.


def _largest_first(view: _View, kind: str) -> list[_Group]:
    """Return the holders of a kind that some service leans on: first those that most users lean on, of equals those that take down most alone."""
    members = _members_of(view.estate, kind)
    alone = {name: view.down(events) for name, events in members.items()}
    shares = {name: view.estate.share_lost(down) for name, down in alone.items()}
    by_loss = sorted(members, key=lambda name: (-shares[name], -len(members[name]), name))
    leaning = _leaning(view, {name: members[name] for name in by_loss[:_MOST_COMPARED]})
    groups = []
    for name in by_loss:
        events, down = members[name], alone[name]
        leans = leaning.get(name, tuple(sorted(down)))
        ids = view.estate.ids_of
        users, leaning_share = view.estate.users_lost(down), view.estate.share_lost(leans)
        holder = Holder(kind, name, ids(events), ids(down), users, shares[name], leaning_share)
        if leans:
            groups.append(_Group(holder, events, leans))
    return sorted(groups, key=lambda group: (-group.holder.leaning, -group.holder.share, group.holder.name))


def _members_of(estate: Estate, kind: str) -> dict[str, tuple[int, ...]]:
    """Return the components of each holder of a kind."""
    if kind != "operator":
        return {name: (i,) for i, (name, each) in enumerate(estate.system.components.items()) if each.kind == kind}
    members: dict[str, list[int]] = {}
    for i, each in enumerate(estate.system.components.values()):
        if each.operator is not None:
            members.setdefault(each.operator, []).append(i)
    return {name: tuple(events) for name, events in members.items()}


def _leaning(view: _View, members: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Return the services in question that lean on each holder, backed or not: one bit a holder, handed on to who needs it."""
    estate = view.estate
    bits = [0] * estate.n_components
    for bit, events in enumerate(members.values()):
        for event in events:
            bits[event] |= 1 << bit
    changed = True
    while changed:  # once more only where there are circles
        changed = False
        for component in estate.compiled.by_rank:
            mine = bits[component]
            for member in estate.members(component):
                mine |= bits[member]
            if mine != bits[component]:
                bits[component] = mine
                changed = True
    services = sorted(view.asked)
    return {name: tuple(s for s in services if bits[s] >> bit & 1) for bit, name in enumerate(members)}


def _with_minutes(view: _View, group: _Group) -> Holder:
    holder = group.holder
    saved = view.minutes.saved(group.events, group.leaning)
    if saved is None:
        return holder
    return replace(holder, lost_user_minutes=saved, share_of_minutes=saved / view.minutes.total)


# Together.


def _pairs(view: _View, groups: Sequence[_Group]) -> list[Pair]:
    """Return the pairs that take down clearly more at once than each by itself, the worst first."""
    found = []
    for one, other in combinations(groups, 2):
        alone = (one.holder.share, other.holder.share)
        down = view.down((*one.events, *other.events))
        share = view.estate.share_lost(down)
        if share - sum(alone) >= _CLEARLY:
            names = (one.holder.name, other.holder.name)
            found.append(Pair(one.holder.kind, names, view.estate.users_lost(down), share, alone))
    return sorted(found, key=lambda pair: (-pair.share, pair.names))


def _fewest(view: _View, groups: Sequence[_Group], target: float) -> Fewest | None:
    """Return the fewest holders that take down a part of the users at once; None if all of them do not."""
    enough = target * view.all_of_them - 1e-9
    if view.all_of_them <= 0.0:
        return None  # nobody uses what was asked about: no number of holders takes down a part of nobody
    if not groups or _share(view, groups) < enough:
        return None
    is_exact = len(groups) <= _MOST_COMBINED and view.estate.n_components <= _MOST_EXACT
    chosen = _smallest_of(view, groups, enough) if is_exact else _one_by_one(view, groups, enough)
    names = tuple(group.holder.name for group in chosen)
    return Fewest(
        groups[0].holder.kind, target, names, _share(view, chosen) / view.all_of_them, is_exact or len(names) == 1
    )


def _share(view: _View, groups: Iterable[_Group]) -> float:
    return view.estate.share_lost(view.down(event for group in groups for event in group.events))


def _smallest_of(view: _View, groups: Sequence[_Group], enough: float) -> Sequence[_Group]:
    for size in range(1, len(groups)):
        best = max(combinations(groups, size), key=lambda chosen: _share(view, chosen))
        if _share(view, best) >= enough:
            return best
    return groups


def _one_by_one(view: _View, groups: Sequence[_Group], enough: float) -> Sequence[_Group]:
    by_loss = sorted(groups, key=lambda group: -group.holder.share)
    n = 1
    while _share(view, by_loss[:n]) < enough:
        n += 1
    chosen = by_loss[:n]
    for group in chosen[:]:
        rest = [each for each in chosen if each is not group]
        if _share(view, rest) >= enough:
            chosen = rest
    return chosen


# Findings.


def _finding(view: _View, holder: Holder, found: Concentration) -> Finding:
    of_what = "users" if view.estate.people else "services"
    figures = [("services", float(len(holder.services))), (f"share_of_{of_what}", holder.share)]
    if holder.share_of_minutes is not None:
        figures.append(("share_of_lost_user_minutes", holder.share_of_minutes))
    events = {view.estate.event_of(name) for name in holder.components}
    down = view.estate.down(*events)
    return Finding(
        id=f"concentration/{holder.kind}/{holder.name}",
        kind="concentration",
        severity=severity_of_loss(holder.share, 2),
        text=f"{about_share(holder.share)} of the {of_what} rest on {holder.kind} {holder.name}, which takes down "
        + listed(holder.services),
        services=holder.services,
        events=holder.components,
        users=holder.users,
        lost_user_minutes=holder.lost_user_minutes,
        evidence=tuple(_evidence(view, holder, found, events, down)),
        remedy=_remedy(view, holder, events, down),
        figures=tuple(figures),
    )


def _evidence(view: _View, holder: Holder, found: Concentration, events: set[int], down: set[int]) -> Iterator[str]:
    estate = view.estate
    if holder.kind == "operator":
        yield f"{holder.name} runs {listed(holder.components)}"
    hit = sorted(view.asked & down - events, key=lambda service: (-estate.users_of.get(service, 0.0), service))
    for service in hit[:_N_PATHS]:
        yield path_to(estate, down, service, events)
    if len(hit) > _N_PATHS:
        rest = len(hit) - _N_PATHS
        yield f"and {rest:,} more service{'s' if rest > 1 else ''}"
    if holder.lost_user_minutes is not None and holder.share_of_minutes is not None:
        minutes, share = about_figure(holder.lost_user_minutes), about_share(holder.share_of_minutes)
        yield f"if nothing of it ever failed, {minutes} user-minutes a year less would be lost, {share} of all"
    for pair in found.pairs:
        if pair.kind == holder.kind and holder.name in pair.names:
            other = pair.names[pair.names[0] == holder.name]
            yield f"together with {other} it takes down {about_share(pair.share)}: they back each other"


def _remedy(view: _View, holder: Holder, events: set[int], down: set[int]) -> str:
    estate = view.estate
    owners = {owner for event in events for owner in needed_by(estate, event)} - events
    missed = {each for owner in owners & down for each in _missed(estate, owner, down)}
    what = listed(estate.ids_of(events & (missed | view.asked)))
    if holder.kind == "operator":
        return f"let another operator than {holder.name} back {what}"
    return f"let a second {holder.kind} back {what}"


def _missed(estate: Estate, owner: int, down: Collection[int]) -> Iterator[int]:
    """Yield what a component needs in vain while these are down."""
    for need in unmet_needs(estate, owner, down):
        yield from members_of_need(estate, need)
