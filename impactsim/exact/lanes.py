"""Which of many events take a component down alone: a bit of an integer for each.

Theory of operation. Each event is one trial in which it alone happens, and a trial is one bit of a Python integer, a
lane. The lanes in which a component is down are those in which it fails or is struck itself, together with those in which
one of its needs is not met: of a need of one component the lanes of that component, of a standby group the lanes that all
members share, of a quorum or pool those in which too little is left. Worked out members first, each component is looked
at once for thousands of events. Around a circle this is repeated from "nothing is down" until nothing changes, which gives
the least that must go down (greatest fixed point of "up").

Only what some event of a block reaches is looked at: a component with a lane marks those that need it. What cannot take a
target down is left out from the start.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from impactsim.compiled import POOL, Compiled, Floats, Ints
from impactsim.exact.propagation import Criterion, Propagation, counts, is_short, members_to_lose


class Rest(NamedTuple):
    """A need that is not met once too little is left."""

    members: Ints
    capacities: Floats
    demand: float


class Ways(NamedTuple):
    """How the members of its needs can take a component down."""

    alone: Ints
    """Each of them."""
    together: list[Ints]
    """All of one list."""
    rest: list[Rest]
    """So many that too little is left."""


class Rows:
    """The components that can take a target down, members first; the members of a circle in one row.

    Parameters
    ----------
    system, criterion
        The system, and what counts as failed.
    targets
        Components, by number.
    down_anyway
        Components that are down before anything happens.
    """

    def __init__(self, system: Compiled, criterion: Criterion, targets: Sequence[int], down_anyway: set[int]) -> None:
        self.down_anyway = sorted(down_anyway)
        self.ways = _ways_down(system, criterion, targets, down_anyway)
        self.rows = list(_circles_together(system, self.ways))
        self.row_of = {component: row for row, components in enumerate(self.rows) for component in components}
        self.users = self._users()
        self.lanes = [0] * (len(system.need_from) - 1)
        self.marked = bytearray(len(self.rows))

    def in_order(self, propagation: Propagation, events: Iterable[int]) -> list[tuple[int, Ints]]:
        """Return the events that may matter with what each hits, ordered by the first row that it hits."""
        by_row: list[list[tuple[int, Ints]]] = [[] for _ in self.rows]
        for event in sorted(set(events)):
            struck = [component for component in propagation.struck(event) if component in self.row_of]
            if struck:
                by_row[min([self.row_of[component] for component in struck])].append((event, struck))
        return [each for row in by_row for each in row]

    def lanes_of(self, own: dict[int, int], full: int) -> Iterator[tuple[int, int]]:
        """Yield the components that go down in some trial of a block, with the lanes in which they do.

        Parameters
        ----------
        own
            Lanes in which a component itself fails or is struck; nothing else has any.
        full
            All lanes.
        """
        lanes, marked = self.lanes, self.marked
        touched = self.down_anyway.copy()
        for component in self.down_anyway:
            lanes[component] = full
        for component in own:
            marked[self.row_of[component]] = 1
        row = marked.find(1)
        while row >= 0:
            marked[row] = 0
            down = self._settle(self.rows[row], own)
            if down:
                touched += down
                for component in down:
                    yield component, lanes[component]
                for user in self.users[row]:
                    marked[user] = 1
            row = marked.find(1, row + 1)
        for component in touched:
            lanes[component] = 0

    def _settle(self, components: Ints, own: dict[int, int]) -> Ints:
        """Work out the lanes of a row; return its components that have any."""
        lanes, ways = self.lanes, self.ways
        if len(components) == 1:
            component = components[0]
            lanes[component] = lane = _down(ways[component], own.get(component, 0), lanes)
            return components if lane else []
        changed = True
        while changed:
            changed = False
            for component in components:
                lane = _down(ways[component], own.get(component, 0), lanes)
                if lane != lanes[component]:
                    lanes[component] = lane
                    changed = True
        return [component for component in components if lanes[component]]

    def _users(self) -> list[Ints]:
        """Return, for each row, the rows that lean on it."""
        users: list[Ints] = [[] for _ in self.rows]
        for row, components in enumerate(self.rows):
            for component in components:
                for member in _members(self.ways[component]):
                    # What is down anyway has no row.
                    below = self.row_of.get(member, row)
                    if below != row:
                        users[below].append(row)
        return users


def _down(ways: Ways, own: int, lanes: Ints) -> int:
    """Return the lanes in which a component is down, by those of its members."""
    down = own
    for member in ways.alone:
        lane = lanes[member]
        if lane:
            # The same integer where possible: chains then share one.
            down = down | lane if down else lane
    for members in ways.together:
        lane = lanes[members[0]]
        for member in members:
            if not lane:
                break
            lane &= lanes[member]
        if lane:
            down |= lane
    for rest in ways.rest:
        down |= _too_little(rest, lanes)
    return down


def _too_little(rest: Rest, lanes: Ints) -> int:
    """Return the lanes in which too little is left of a quorum or pool."""
    lost = [(lanes[m], capacity) for m, capacity in zip(rest.members, rest.capacities, strict=True) if lanes[m]]
    left = sum(rest.capacities)
    if not lost or not is_short(left - sum(capacity for _, capacity in lost), rest.demand):
        return 0
    short, any_lost = 0, 0
    for lane, _ in lost:
        any_lost |= lane
    # The lanes by how much is left, apart from each other; members of one capacity make few of them.
    by_left = {left: any_lost}
    for lane, capacity in lost:
        split: dict[float, int] = {}
        for amount, among in by_left.items():
            hit = among & lane
            if hit:
                less = amount - capacity
                if is_short(less, rest.demand):
                    short |= hit
                else:
                    split[less] = split.get(less, 0) | hit
            if hit != among:
                split[amount] = split.get(amount, 0) | among ^ hit
        by_left = split
    return short


def _ways_down(
    system: Compiled, criterion: Criterion, targets: Sequence[int], down_anyway: set[int]
) -> dict[int, Ways]:
    """Return the ways for the targets and for all that they lean on."""
    ways: dict[int, Ways] = {}
    waiting = sorted(set(targets) - down_anyway)
    found = {*waiting, *down_anyway}
    while waiting:
        component = waiting.pop()
        ways[component] = _ways(system, component, criterion)
        for member in _members(ways[component]):
            if member not in found:
                found.add(member)
                waiting.append(member)
    return ways


def _ways(system: Compiled, component: int, criterion: Criterion) -> Ways:
    ways = Ways([], [], [])
    for need in range(system.need_from[component], system.need_from[component + 1]):
        if not counts(system, need, criterion):
            continue
        slots = range(system.slot_from[need], system.slot_from[need + 1])
        if system.need_form[need] == POOL:
            slots_with = [slot for slot in slots if system.slot_capacity[slot] > 0.0]
            members = [system.slot_component[slot] for slot in slots_with]
            if criterion is Criterion.DEGRADED:
                capacities = [system.slot_capacity[slot] for slot in slots_with]
                ways.rest.append(Rest(members, capacities, system.need_demand[need]))
                continue
        else:
            members = [system.slot_component[slot] for slot in slots]
        to_lose = members_to_lose(system, need, criterion)
        if to_lose == 1:
            ways.alone.extend(members)
        elif to_lose == len(members):
            ways.together.append(members)
        else:
            ways.rest.append(Rest(members, [1.0] * len(members), len(members) - to_lose + 1.0))
    return ways


def _members(ways: Ways) -> Ints:
    members = ways.alone.copy()
    for group in ways.together:
        members += group
    for rest in ways.rest:
        members += rest.members
    return members


def _circles_together(system: Compiled, kept: Container[int]) -> Iterator[Ints]:
    """Yield the components that are kept, members first, those of a circle together."""
    row: Ints = []
    circle = -1
    for component in system.by_rank:
        if component not in kept:
            continue
        if row and (system.circle[component] < 0 or system.circle[component] != circle):
            yield row
            row = []
        circle = system.circle[component]
        row.append(component)
    if row:
        yield row
