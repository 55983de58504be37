"""Single points of failure: every one thing that takes down a service besides itself.

What a service needs takes it down, and so does what that needs: each of these is a single point, and each is one finding, with
the chain of needs that a person can follow. Of things in series, which take down the same services, each names the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from impactsim.audit.estate import MINUTES_A_YEAR, Estate
from impactsim.audit.findings import Finding, ranked, severity_of_loss
from impactsim.compiled import ORDER
from impactsim.exact.propagation import Criterion, counts, members_to_lose
from impactsim.exact.single import single_points
from impactsim.quantities import format_share

_N_PATHS = 3  # services whose path is told, and backups of one path
_N_EXPLAINED = 1_000  # the worst findings get paths; nobody reads the others
_MOST_LOOKED_AT = 3_000_000  # components that are down in findings that get paths: some seconds

_REMEDIES = {
    "power": "give {who} a second supply, a battery or a generator that does not need {what}",
    "cooling": "give {who} a second cooling that does not need {what}",
    "site": "run {who} at a second site besides {what}",
    "host": "run {who} on a second host besides {what}",
    "provider": "give {who} a second provider besides {what}",
    "connectivity": "give {who} a second line on another route than {what}",
    "data": "keep a replica of {what} elsewhere that {who} can use",
}
_OTHER_REMEDY = "run a second {what} that shares nothing with the first, or let {who} do without"


def findings(estate: Estate, services: Collection[int]) -> list[Finding]:
    """Return a finding for each event that by itself takes down some of these services, besides itself; the worst first.

    All are there, but only the worst 1,000 (fewer where explaining them would take long) have paths as evidence.
    """
    groups = _groups(single_points_of(estate, services))
    event_of: dict[str, int] = {}
    plain: list[Finding] = []
    for hit, events in groups.items():
        ids, users, share = estate.ids_of(hit), estate.users_lost(hit), estate.share_lost(hit)
        for event in sorted(events):
            plain.append(_finding(estate, event, ids, users, share))
            event_of[plain[-1].id] = event
    plain = ranked(plain)
    group_of = {event: (hit, events) for hit, events in groups.items() for event in events}
    downs = _Downs(estate, group_of)
    explained = []
    for finding in plain[:_N_EXPLAINED]:
        event = event_of[finding.id]
        if downs.looked_at > _MOST_LOOKED_AT:
            break
        explained.append(replace(finding, evidence=_evidence(estate, event, group_of[event][0], downs.down(event))))
    told = [_in_series(estate, each, downs.near(event_of[each.id])) for each in explained]
    return told + plain[len(explained) :]


def single_points_of(estate: Estate, services: Collection[int]) -> dict[int, list[int]]:
    """Return the asked services that each event takes down by itself, besides itself, in the order of the file.

    What is down although nothing has failed is nobody's doing.
    """
    can_fail = [event for event, chance in enumerate(estate.chances) if chance.can_fail]
    points = single_points(estate.compiled, estate.causes, sorted(services), Criterion.DOWN, can_fail)
    hits = ((event, [each for each in points.takes_down(event) if each != event]) for event in points.events)
    return {event: hit for event, hit in sorted(hits) if hit}


def expected_loss(estate: Estate, event: int, users: float) -> float | None:
    """Return the user-minutes that an event is expected to cost a year; None where nobody says how often it happens."""
    chance = estate.chances[event]
    if not chance.is_known and chance.probability == 0.0:
        return None
    return chance.probability * users * MINUTES_A_YEAR


def _finding(estate: Estate, event: int, services: tuple[str, ...], users: float, share: float) -> Finding:
    name = estate.id_of(event)
    return Finding(
        id=f"single-point/{name}",
        kind="single-point",
        severity=severity_of_loss(share),
        text=f"{name} alone takes down {listed(services)}",
        services=services,
        events=(name,),
        users=users,
        lost_user_minutes=expected_loss(estate, event, users),
        remedy=_remedy(estate, event),
        figures=(
            ("services", float(len(services))),
            ("share_of_users" if estate.people else "share_of_services", share),
            ("probability", estate.probability[event]),
        ),
    )


def listed(names: Sequence[str], limit: int = _N_PATHS) -> str:
    """Write names as a list, the first few of many.

    Examples
    --------
    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    if len(names) > limit + 1:  # "and 1 more" is no shorter than the name
        return f"{', '.join(names[:limit])} and {len(names) - limit} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else ""


# Remedies.


def _remedy(estate: Estate, event: int) -> str:
    what = estate.id_of(event)
    if estate.is_cause(event):
        return f"separate what {what} strikes: {listed(estate.ids_of(estate.propagation.struck(event)))}"
    kind = estate.system.components[what].kind
    who = listed(estate.ids_of(needed_by(estate, event))) or "what needs it"
    return _REMEDIES.get(kind, _OTHER_REMEDY).format(who=who, what=what)


def needed_by(estate: Estate, component: int) -> set[int]:
    """Return which components need a component to run or to stay up (hard needs); workarounds are left out."""
    compiled, names = estate.compiled, estate.names.components
    slots = compiled.use_slot[compiled.use_from[component] : compiled.use_from[component + 1]]
    needs = {compiled.slot_need[slot] for slot in slots}
    owners = {compiled.need_component[need] for need in needs if counts(compiled, need, Criterion.DOWN)}
    return {owner for owner in owners if owner < len(names)}


def leaning_on(estate: Estate, component: int) -> set[int]:
    """Return which components lean on a component, itself included, whether or not something backs it."""
    return reached([component], lambda each: needed_by(estate, each))


def reached(starts: Iterable[int], step: Callable[[int], Iterable[int]]) -> set[int]:
    """Return what can be reached from some components, those included."""
    found = set(starts)
    waiting = sorted(found)
    while waiting:
        for each in step(waiting.pop()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


# Evidence.


def _evidence(estate: Estate, event: int, hit: Sequence[int], down: set[int]) -> tuple[str, ...]:
    """Return the paths to the services that most people use, and what a common cause strikes less than surely."""
    first = sorted(hit, key=lambda service: (-estate.users_of.get(service, 0.0), service))[:_N_PATHS]
    told = [path_through(estate, down, service, event) for service in first]
    if len(hit) > len(first):
        rest = len(hit) - len(first)
        told.append(f"and {rest:,} more service{'s' if rest > 1 else ''}")
    told += ways_of_backups(estate, down, first[0], event)
    told += _doubtful_strikes(estate, event)
    return tuple(dict.fromkeys(told))


def _doubtful_strikes(estate: Estate, event: int) -> Iterator[str]:
    if not estate.is_cause(event):
        return
    strikes = estate.system.common_causes[estate.cause_ids[event - estate.n_components]].strikes
    doubtful = [f"{name} {format_share(share)}" for name, share in strikes.items() if 0.0 < share < 1.0]
    if doubtful:
        yield f"counted as if it always struck all of them; surely it does not: {listed(doubtful)}"


def path_through(estate: Estate, down: Collection[int], component: int, event: int) -> str:
    """Say why an event takes down a component, such as ``shop needs isp-a (or isp-b) needs duct``.

    Parameters
    ----------
    estate
        The system.
    down
        What is down if the event happens: paths lead through needs that are then not met, and nowhere else.
    component
        A component among them.
    event
        A component or a common cause; what a common cause strikes stands before it.
    """
    path = path_to(estate, down, component, estate.propagation.struck(event))
    return f"{path}, which {estate.id_of(event)} strikes" if estate.is_cause(event) else path


def path_to(estate: Estate, down: Collection[int], component: int, ends: Collection[int]) -> str:
    """Say why a component is down if those at the ends have failed: the path to the nearest of them."""
    words = [estate.id_of(component)]
    for need, member in _way(estate, down, component, ends):
        words.append(f"{estate.id_of(member)}{_other_members(estate, need, member)}")
    return " needs ".join(words)


def ways_of_backups(estate: Estate, down: Collection[int], component: int, event: int) -> list[str]:
    """Say why the backups on the path of a component are no help: the paths from some of them."""
    ends = set(estate.propagation.struck(event))
    way = _way(estate, down, component, ends)
    on_it = {member for _, member in way}
    others = [
        member
        for need, _ in way
        if members_to_lose(estate.compiled, need, Criterion.DOWN) > 1
        for member in members_of_need(estate, need)
        if member in down and member not in on_it
    ]
    others = [member for member in others if member not in ends or estate.is_cause(event)]
    return [path_through(estate, down, member, event) for member in others[:_N_PATHS]]


def _way(estate: Estate, down: Collection[int], component: int, ends: Collection[int]) -> list[tuple[int, int]]:
    """Return a shortest way of needs that are not met from a component to an end: each need with the member it leads to."""
    ends = set(ends)
    came_from: dict[int, tuple[int, int]] = {component: (-1, -1)}
    waiting = deque([component])
    while waiting:
        node = waiting.popleft()
        if node in ends:
            return _walked_back(came_from, node)
        for need in unmet_needs(estate, node, down):
            for member in members_of_need(estate, need):
                if member in down and member not in came_from:
                    came_from[member] = (need, node)
                    waiting.append(member)
    raise AssertionError("what is down has a reason")


def _walked_back(came_from: dict[int, tuple[int, int]], node: int) -> list[tuple[int, int]]:
    way: list[tuple[int, int]] = []
    while came_from[node][0] >= 0:
        need, owner = came_from[node]
        way.append((need, node))
        node = owner
    return way[::-1]


def members_of_need(estate: Estate, need: int) -> Sequence[int]:
    """Return the members of a need, in the author's order."""
    compiled = estate.compiled
    return compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]


def unmet_needs(estate: Estate, component: int, down: Collection[int]) -> Iterator[int]:
    """Yield the hard needs of a component, to run or to stay up, that are not met while these components are down."""
    compiled = estate.compiled
    for need in range(compiled.need_from[component], compiled.need_from[component + 1]):
        if counts(compiled, need, Criterion.DOWN):
            slots = range(compiled.slot_from[need], compiled.slot_from[need + 1])
            lost = sum(compiled.slot_component[slot] in down for slot in slots if _carries(estate, slot))
            if lost >= members_to_lose(compiled, need, Criterion.DOWN):
                yield need


def _carries(estate: Estate, slot: int) -> bool:
    """Is a member worth anything? A pool may have some without capacity, and losing them loses nothing."""
    compiled = estate.compiled
    return compiled.need_demand[compiled.slot_need[slot]] == 0.0 or compiled.slot_capacity[slot] > 0.0


def _other_members(estate: Estate, need: int, member: int) -> str:
    """Write what else the need would be content with, in brackets; nothing if it is nothing."""
    compiled, members = estate.compiled, members_of_need(estate, need)
    to_lose = members_to_lose(compiled, need, Criterion.DOWN)
    if to_lose <= 1:
        return ""
    if compiled.need_form[need] == ORDER and compiled.need_k[need] > 1:
        return f" ({compiled.need_k[need]} of {len(members)})"
    others = [estate.id_of(other) for other in members if other != member]
    return f" (or {others[0]})" if len(others) == 1 else f" (or {len(others)} others)"


# Series.


def _groups(hits: dict[int, list[int]]) -> dict[tuple[int, ...], set[int]]:
    """Return the events that take down the same services, by these services."""
    groups: dict[tuple[int, ...], set[int]] = {}
    for event, hit in hits.items():
        groups.setdefault(tuple(hit), set()).add(event)
    return groups


class _Downs:
    """What goes down with each event, and which events of its group are near it: they fall with it, or it with them."""

    def __init__(self, estate: Estate, group_of: dict[int, tuple[tuple[int, ...], set[int]]]) -> None:
        self.estate = estate
        self.group_of = group_of
        self.looked_at = 0
        """How many components were down in all."""
        self._near: dict[int, set[int]] = {}

    def down(self, event: int) -> set[int]:
        """Return what is down if an event happens, and take note of who goes with whom."""
        down = self.estate.down(event)
        self.looked_at += len(down)
        _, events = self.group_of[event]
        for other in (down & events) - {event}:
            self._near.setdefault(event, set()).add(other)
            self._near.setdefault(other, set()).add(event)
        return down

    def near(self, event: int) -> set[int]:
        """Return the events that take down the same services through this one, or through which it does."""
        return self._near.get(event, set())


def _in_series(estate: Estate, finding: Finding, near: set[int]) -> Finding:
    """Add which other events take down just the same services in series with this one."""
    if not near:
        return finding
    with_it = f"goes with: {listed(estate.ids_of(near))}; same services, in series"
    return replace(finding, evidence=(*finding.evidence, with_it))
