"""Whose repair needs something that the failure itself takes down: tools, access, badge, chat; and what the status page needs.

A repair needs its needs to `repair` while the component is down, and so do the people whom a channel (a status page, a text
message) is to tell. Looked at are single events, and pairs that take a tool down only together: two lines of power that
both feed the doors. A pair of which one takes one way in down, and the other another way, is two things that the finding
about the way that is left says already.

What is said of one struck component and one of its needs is one finding, however many events do it; components with the
same need that the same events hit share one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from impactsim.audit.channels import channel_findings
from impactsim.audit.complete import complete_cut_sets
from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.findings import Finding, Severity, severity_of_loss
from impactsim.audit.single_points import listed, path_through
from impactsim.compiled import GROUP, ORDER, POOL, REPAIR
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.exact.single import single_points

_N_CASES = 5  # events whose paths are told
_N_WAYS = 3  # ways in of one event whose paths are told
_MOST_TOOLS = 200  # with more members of needs to repair than that, pairs are not looked for
_MOST_PAIRS = 100  # of one component and need

Events = tuple[int, ...]


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return who cannot be repaired, or in one way only, for what its own failure takes down, and which channels fail with services."""
    return [*repair_findings(estate, services), *channel_findings(estate, services)]


class Case(NamedTuple):
    """Events that strike a component and take down what its repair needs."""

    events: Events
    down: frozenset[int]
    services: tuple[int, ...]
    """Services asked about that are down with it."""
    share: float
    """Of all users, or of all services, that lose something."""
    users: float
    is_unmet: bool
    """Is the need not met at all, or is one way left?"""


def repair_findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return the findings of kind ``repair`` (no way is left) and ``repair-one-way-left``."""
    asked = set(services) - estate.down()
    needs = _needs_to_repair(estate)
    if not needs:
        return []
    looked_up = _Looked(estate, asked, needs)
    groups: dict[tuple[object, ...], list[tuple[int, list[Case]]]] = {}
    for need in needs:
        for is_unmet in (True, False):
            cases = [case for case in looked_up.cases(need) if case.is_unmet is is_unmet]
            if cases:
                events = tuple(sorted(case.events for case in cases))
                groups.setdefault((is_unmet, *_form(estate, need), events), []).append((need, cases))
    return with_own_ids(
        _finding(estate, [need for need, _ in group], sorted(group[0][1], key=_worst_first))
        for group in groups.values()
    )


def with_own_ids(found: Iterable[Finding]) -> list[Finding]:
    """Return findings of which each has an id of its own: a second one of the same place gets a number."""
    numbered: dict[str, Finding] = {}
    for each in found:
        name, number = each.id, 1
        while name in numbered:
            number += 1
            name = f"{each.id}/{number}"
        numbered[name] = replace(each, id=name)
    return list(numbered.values())


def strikers(estate: Estate, components: Iterable[int]) -> dict[int, list[int]]:
    """Return the events that strike each of some components themselves: their own failure, and common causes."""
    struck: dict[int, list[int]] = {
        component: [component] if estate.chances[component].can_fail else [] for component in components
    }
    for event in range(estate.n_components, estate.n_events):
        if estate.chances[event].can_fail:
            for component in estate.propagation.struck(event):
                if component in struck:
                    struck[component].append(event)
    return struck


def _needs_to_repair(estate: Estate) -> list[int]:
    compiled, n_real = estate.compiled, len(estate.names.components)
    return [
        need
        for need, purpose in enumerate(compiled.need_purpose)
        if purpose == REPAIR and compiled.need_component[need] < n_real
    ]


class _Looked:
    """What takes down the members of needs to repair, each looked up once."""

    def __init__(self, estate: Estate, asked: set[int], needs: Sequence[int]) -> None:
        self.estate = estate
        self.asked = asked
        self.strikers = strikers(estate, (estate.compiled.need_component[need] for need in needs))
        self.tools = sorted({member for need in needs for member in members_of(estate, need)})
        self.can_strike = {event for events in self.strikers.values() for event in events}
        points = single_points(estate.compiled, estate.causes, self.tools, events=sorted(self.can_strike))
        self.singles = {tool: set(points.of(tool)) for tool in self.tools}
        self.pairs: dict[int, dict[int, list[Events]]] = {}
        self.found: dict[Events, tuple[frozenset[int], tuple[int, ...], float, float]] = {}

    def cases(self, need: int) -> list[Case]:
        """Return what strikes the owner of a need and takes down members of it, where a service is down with it."""
        strikers = self.strikers[self.estate.compiled.need_component[need]]
        members = members_of(self.estate, need)
        alone = {(event,) for event in strikers if any(event in self.singles[member] for member in members)}
        together = {
            pair
            for member in members
            for event in strikers
            if event not in self.singles[member]
            for pair in self._pairs(member).get(event, ())
        }
        cases = [self._case(need, events) for events in [*sorted(alone), *sorted(together)[:_MOST_PAIRS]]]
        return [case for case in cases if case is not None]

    def _pairs(self, tool: int) -> dict[int, list[Events]]:
        """Return the pairs that take a tool down only together, by each event of them that strikes an owner of a need."""
        if tool not in self.pairs:
            self.pairs[tool] = {}
            if len(self.tools) <= _MOST_TOOLS:
                for pair in self._pairs_of(tool):
                    for event in self.can_strike.intersection(pair):
                        self.pairs[tool].setdefault(event, []).append(pair)
        return self.pairs[tool]

    def _pairs_of(self, tool: int) -> list[Events]:
        structure = self.estate.structure()
        node = structure.down(tool)
        behind = structure.formula.events(structure.with_certain_strikes(node))
        if self.can_strike.isdisjoint(set(behind) - self.singles[tool]):
            return []
        cut_sets = complete_cut_sets(self.estate.answers(), node, 2).cut_sets
        return sorted(cut_set.events for cut_set in cut_sets if len(cut_set.events) == 2)

    def _case(self, need: int, events: Events) -> Case | None:
        estate = self.estate
        if events not in self.found:
            down = frozenset(estate.down(*events))
            hit = tuple(sorted(self.asked & down))
            self.found[events] = (down, hit, estate.share_lost(down), estate.users_lost(down))
        down, hit, share, users = self.found[events]
        left = ways_left(estate, need, down)
        if not hit or left > 1 or (left == 1 and not any(member in down for member in members_of(estate, need))):
            return None
        return Case(events, down, hit, share, users, is_unmet=left == 0)


def members_of(estate: Estate, need: int) -> Sequence[int]:
    """Return the members of a need."""
    compiled = estate.compiled
    return compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]


def ways_left(estate: Estate, need: int, down: Collection[int]) -> int:
    """Return how many more members can go down until the need is not met: 0 if it is not, 1 if it hangs on the next one."""
    compiled = estate.compiled
    slots = range(compiled.slot_from[need], compiled.slot_from[need + 1])
    carrying = (slot for slot in slots if compiled.need_form[need] != POOL or compiled.slot_capacity[slot] > 0.0)
    lost = sum(compiled.slot_component[slot] in down for slot in carrying)
    return max(0, members_to_lose(compiled, need, Criterion.DOWN) - lost)


def _form(estate: Estate, need: int) -> tuple[object, ...]:
    compiled = estate.compiled
    return (compiled.need_form[need], compiled.need_k[need], tuple(members_of(estate, need)))


def _worst_first(case: Case) -> tuple[int, float, int, Events]:
    return len(case.events), -case.share, -len(case.services), case.events


# Words.


def _finding(estate: Estate, needs: Sequence[int], cases: Sequence[Case]) -> Finding:
    need, worst = needs[0], cases[0]
    owners = [estate.id_of(estate.compiled.need_component[each]) for each in needs]
    kind = "repair" if worst.is_unmet else "repair-one-way-left"
    hit = sorted({service for case in cases for service in case.services})
    return Finding(
        id=f"{kind}/{owners[0]}/{estate.id_of(members_of(estate, need)[0])}",
        kind=kind,
        severity=max(_severity(case) for case in cases),
        text=(_text if worst.is_unmet else _text_of_one_way)(estate, need, owners, cases),
        services=estate.ids_of(hit),
        events=estate.ids_of({event for case in cases for event in case.events}),
        users=max(case.users for case in cases),
        lost_user_minutes=_expected_loss(estate, cases),
        evidence=tuple(dict.fromkeys(_evidence(estate, need, cases))),
        remedy=_remedy(estate, need, owners, worst),
        figures=(
            ("ways_left", float(not worst.is_unmet)),
            ("events", float(len(cases))),
            ("share_of_users" if estate.people else "share_of_services", max(case.share for case in cases)),
        ),
    )


def _severity(case: Case) -> Severity:
    """A repair that cannot begin makes a loss one without an end: at least high, for a pair at least medium."""
    severity = severity_of_loss(case.share, len(case.events))
    if case.is_unmet:
        return max(severity, Severity.HIGH if len(case.events) == 1 else Severity.MEDIUM)
    return Severity.MEDIUM if severity >= Severity.HIGH else Severity.LOW


def _expected_loss(estate: Estate, cases: Sequence[Case]) -> float | None:
    """Return the user-minutes a year that the events cost with repairs that are not held up; None if nobody says how often."""
    known = [
        case for case in cases if all(estate.chances[e].is_known or estate.probability[e] > 0.0 for e in case.events)
    ]
    if not known:
        return None
    lost = 0.0
    for case in known:
        probability = 1.0
        for event in case.events:
            probability *= estate.probability[event]
        lost += probability * case.users * MINUTES_A_YEAR
    return lost


def _named(estate: Estate, events: Events) -> str:
    return " and ".join(map(estate.id_of, events))


def _wanted(estate: Estate, need: int) -> str:
    """Say what a need is of, such as ``badge-readers or door-override``."""
    compiled = estate.compiled
    names = [estate.id_of(member) for member in members_of(estate, need)]
    if compiled.need_form[need] in {GROUP, POOL}:
        return " or ".join(names)
    if compiled.need_k[need] < len(names):
        return f"{compiled.need_k[need]} of {', '.join(names)}"
    return " and ".join(names)


def _text(estate: Estate, need: int, owners: Sequence[str], cases: Sequence[Case]) -> str:
    takes = "takes that down" if _is_one(cases) else f"take that down{_together(cases)}"
    return f"the repair of {listed(owners)} needs {_wanted(estate, need)}, and {_takers(estate, cases)} {takes}"


def _text_of_one_way(estate: Estate, need: int, owners: Sequence[str], cases: Sequence[Case]) -> str:
    kept = [estate.id_of(member) for member in members_of(estate, need) if member not in cases[0].down]
    rest = f"only {kept[0]} is left" if len(kept) == 1 else f"just enough is left ({listed(kept)})"
    fail = "fails" if _is_one(cases) else f"fail{_together(cases)}"
    return f"of the ways to repair {listed(owners)} {rest} when {_takers(estate, cases)} {fail}"


def _takers(estate: Estate, cases: Sequence[Case]) -> str:
    """Name the events; of several cases a pair stands in brackets."""
    if len(cases) == 1:
        return _named(estate, cases[0].events)
    named = [(_named(estate, case.events), len(case.events) > 1) for case in cases]
    return listed([f"({name} together)" if is_pair else name for name, is_pair in named])


def _is_one(cases: Sequence[Case]) -> bool:
    return len(cases) == 1 and len(cases[0].events) == 1


def _together(cases: Sequence[Case]) -> str:
    return " together" if len(cases) == 1 else ""


def _evidence(estate: Estate, need: int, cases: Sequence[Case]) -> Iterator[str]:
    for case in cases[:_N_CASES]:
        lost = [member for member in members_of(estate, need) if member in case.down]
        kept = [member for member in members_of(estate, need) if member not in case.down]
        yield f"{_named(estate, case.events)} {'takes' if len(case.events) == 1 else 'take'} down {listed(estate.ids_of(case.services))}"
        for member in lost[:_N_WAYS]:
            yield from _why_down(estate, case, member)
        if not case.is_unmet:
            yield f"{listed(estate.ids_of(kept))} {'stays' if len(kept) == 1 else 'stay'}"
        for member in kept[:_N_WAYS]:
            yield from _half_lost(estate, case, member)
    if len(cases) > _N_CASES:
        yield f"and {len(cases) - _N_CASES:,} more"


def _why_down(estate: Estate, case: Case, member: int) -> Iterator[str]:
    """Yield the path from a tool that is down to each event that takes part in it."""
    others = [tuple(other for other in case.events if other != event) for event in case.events]
    behind = [event for event, rest in zip(case.events, others, strict=True) if member not in estate.down(*rest)]
    for event in behind or case.events:  # none takes part where each would do by itself
        yield path_through(estate, case.down, member, event)


def _half_lost(estate: Estate, case: Case, component: int) -> Iterator[str]:
    """Say what a way that stays has lost of its own."""
    compiled = estate.compiled
    for need in range(compiled.need_from[component], compiled.need_from[component + 1]):
        lost = [member for member in members_of(estate, need) if member in case.down]
        kept = [member for member in members_of(estate, need) if member not in case.down]
        if lost and kept and counts(compiled, need, Criterion.DOWN) and compiled.need_form[need] in {GROUP, ORDER}:
            told = next(_why_down(estate, case, lost[0]), estate.id_of(lost[0]))
            yield f"{estate.id_of(component)} is left with {listed(estate.ids_of(kept))}: {told}"


def _remedy(estate: Estate, need: int, owners: Sequence[str], worst: Case) -> str:
    lost = [estate.id_of(member) for member in members_of(estate, need) if member in worst.down]
    apart = f"make {listed(lost)} independent of {_named(estate, worst.events)}"
    if worst.is_unmet:
        return f"{apart}, or list a way to repair {listed(owners)} that stays, and try it out"
    kept = [estate.id_of(member) for member in members_of(estate, need) if member not in worst.down]
    return f"keep {listed(kept)} ready and try it out, or {apart}"
