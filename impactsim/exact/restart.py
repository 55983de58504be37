"""Whether a system can come back from all-down by itself, and the fewest starts by hand without which it cannot.

Theory of operation. `ColdStart` gives what comes back by itself; the rest of what serves in normal operation is *stuck*. What would
not even serve with every component started by hand is *lost*: there, needs would have to go. Let H be what is stuck and not lost.

*Circles.* A stuck component waits for the members in H of each need that is not met. Take a strongly connected group of H from
which no other leads away. Whether its members come back depends on starts inside it alone, for every need that one of them waits for
has all its stuck members inside. So each such group has its own smallest set of starts, and any set that brings all back
holds at least as many starts of that group.

*They add up.* Let s be any set that brings back all of H. Start the smallest sets of the groups at the end and let follow what follows; new groups
stand at the end now, and their members have started nothing yet. As more starts never do harm, s with those added still brings
back everything, and by the same argument s holds at least as many starts in each new group as its smallest set does
from here on. The groups are disjoint: what is taken, group by group, is a smallest set of all. Groups are met in Tarjan's order,
each behind all that it leads to, and looked at anew when everything behind them is back: parts of them may have come back with it.

*Within a group* a smallest set is searched with `exact.hitting`: starts never do harm, so what that needs is given. With a start every
component that waits for one can be started; one that waits only to stay up cannot, unless it starts in no time and keeps
itself up with others that do.

*What is lost* falls into groups in the same way, with everything started by hand; there the things to do are needs to let go of.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from impactsim.compiled import START, STAY_UP, Compiled, Ints
from impactsim.exact.coldstart import ColdStart, Wave, is_usable, serving_when_all_run
from impactsim.exact.hitting import smallest
from impactsim.graphs import strongly_connected

MOST_WORK = 2_000_000
"""So many needs are looked at in the search for smallest sets before it gives up: some seconds."""
_MOST_HELD_UP = 1_000_000  # components, over all circles: one behind the other each holds up the rest
_MOST_OTHERS = 10  # single starts, or needs, that are tried as an alternative to the one that was found


class Circle(NamedTuple):
    """Stuck components that wait for one another, and for nothing else that is stuck."""

    members: tuple[int, ...]
    way: tuple[tuple[int, int], ...]
    """A shortest circle: needs, each with the member that it waits for, which is the owner of the next. A component that waits for
    what never comes back is no circle; then this is one need and that member."""
    start: tuple[int, ...]
    """A smallest set of starts by hand that brings back all members; empty where none does."""
    or_start: tuple[int, ...]
    """Other components, of which each would do as well as the one in `start`."""
    drop: tuple[int, ...]
    """Where no start helps: a smallest set of needs without which starts by hand would bring back all members."""
    or_drop: tuple[int, ...]
    """Other needs, of which each would do as well as the one in `drop`."""
    is_smallest: bool
    """Is the set proven to be a smallest one?"""
    holds_up: tuple[int, ...]
    """All that waits for it, one behind the other, members included; only these, once very much was found for other circles."""


class Restart(NamedTuple):
    """How a system comes back from all-down."""

    waves: tuple[Wave, ...]
    """In which order components can begin to start, with the starts by hand of all circles as early as they are of use."""
    stuck: tuple[int, ...]
    """What serves in normal operation and does not come back by itself."""
    lost: tuple[int, ...]
    """What no start by hand brings back."""
    circles: tuple[Circle, ...]
    """In an order in which each has all others before it that it waits for; those that are lost come last."""

    @property
    def by_hand(self) -> tuple[int, ...]:
        """The break-glass set: all starts by hand, in the order of their numbers."""
        return tuple(sorted(component for circle in self.circles for component in circle.start))

    @property
    def is_smallest(self) -> bool:
        """Whether the break-glass set is proven to be a smallest one."""
        return all(circle.is_smallest for circle in self.circles if circle.start)


def restart(system: Compiled, most_work: int = MOST_WORK) -> Restart:
    """Find out how a system comes back from all-down.

    Parameters
    ----------
    system
        The system.
    most_work
        How much the search for smallest sets may look at; where it is used up, sets are said not to be proven smallest.
    """
    normal = serving_when_all_run(system)
    alone = ColdStart(system)
    waves = alone.run()
    stuck = [component for component in range(len(normal)) if normal[component] and not alone.serves[component]]
    if not stuck:
        return Restart(tuple(waves), (), (), ())
    with_all = ColdStart(system, is_waived=True)
    with_all.run()
    lost = [component for component in stuck if not with_all.serves[component]]
    found = list(_circles(alone, [c for c in stuck if with_all.serves[c]], _solve_starts, most_work))
    by_hand = [component for circle in found for component in circle.start]
    found += _circles(with_all, lost, _solve_needs, most_work)
    begun = ColdStart(system)
    reach = _Reach(system, set(stuck))
    circles = tuple(circle._replace(holds_up=reach.of(circle.members)) for circle in found)
    begun.waive(by_hand)
    return Restart(tuple(begun.run()), tuple(stuck), tuple(lost), circles)


# Group by group.

_Solve = Callable[[ColdStart, Ints, int], Circle]


def _circles(state: ColdStart, nodes: Ints, solve: _Solve, most_work: int) -> Iterator[Circle]:
    """Break one circle after the other until all nodes serve; yield the circles."""
    ends_at = state.work + most_work
    pending = [nodes]
    while pending:
        group = [component for component in pending.pop() if not state.serves[component]]
        if not group:
            continue
        parts = _parts(state, group)
        if len(parts) > 1:
            pending.extend(reversed(parts))
            continue
        moment = state.moment()
        state.within = set(group)
        circle = solve(state, group, max(0, ends_at - state.work))
        state.go_back(moment)
        state.within = None
        state.waive(circle.start)
        state.drop(circle.drop)
        state.run()
        yield circle


def _parts(state: ColdStart, group: Ints) -> list[Ints]:
    number = {component: i for i, component in enumerate(group)}
    waits = [[number[member] for _, member in _waits_for(state, component, number)] for component in group]
    return [sorted(group[i] for i in part) for part in strongly_connected(waits)]


def _waits_for(state: ColdStart, component: int, inside: Iterable[int] | None = None) -> list[tuple[int, int]]:
    """Return the needs of a component that are not met, each with every member that does not serve, of those inside."""
    system = state.system
    found = []
    for need in range(system.need_from[component], system.need_from[component + 1]):
        is_over = system.need_purpose[need] == START and (state.runs[component] or state.waived[component])
        if not state.counted[need] or is_over or state.is_met(need):
            continue
        for slot in range(system.slot_from[need], system.slot_from[need + 1]):
            member = system.slot_component[slot]
            if not state.serves[member] and (inside is None or member in inside) and is_usable(system, slot):
                found.append((need, member))
    return found


# Starts by hand.


class _Board:
    """A cold start on which things are done, within one group."""

    def __init__(self, state: ColdStart) -> None:
        self.state = state

    @property
    def work(self) -> int:
        return self.state.work

    def mark(self) -> Callable[[], None]:
        moment = self.state.moment()
        return lambda: self.state.go_back(moment)


class _Starts(_Board):
    """Things to do are starts by hand."""

    def __init__(self, state: ColdStart, group: Ints) -> None:
        super().__init__(state)
        self.all = [component for component in group if state.could_be_started(component)]

    def do(self, things: Sequence[int]) -> None:
        self.state.waive(things)
        self.state.run()

    def left(self) -> Ints:
        self.state.work += len(self.all)
        return [c for c in self.all if not self.state.runs[c] and not self.state.waived[c]]


def _solve_starts(state: ColdStart, group: Ints, most_work: int) -> Circle:
    way_of = _Ways(state, group)
    board = _Starts(state, group)
    best = smallest(board, most_work)
    others = _others(board, best.things, most_work)
    way = way_of.circle(best.things[0])
    return Circle(tuple(group), way, best.things, others, (), (), best.is_proven, ())


def _others(board: _Starts | _Needs, best: tuple[int, ...], most_work: int) -> tuple[int, ...]:
    """Return which other single things would do as well, of the first few."""
    ends_at = board.work + most_work
    found = []
    for thing in board.left()[:_MOST_OTHERS] if len(best) == 1 else []:
        take_back = board.mark()
        if thing not in best and board.work < ends_at:
            board.do([thing])
            if not board.left():
                found.append(thing)
        take_back()
    return tuple(found)


# Needs that would have to go.


class _Needs(_Board):
    """Things to do are needs to let go of, with everything started by hand."""

    def __init__(self, state: ColdStart, group: Ints) -> None:
        super().__init__(state)
        inside = set(group)
        self.all = list(dict.fromkeys(need for component in group for need, _ in _waits_for(state, component, inside)))

    def do(self, things: Sequence[int]) -> None:
        self.state.drop(things)
        self.state.run()

    def left(self) -> Ints:
        self.state.work += len(self.all)
        return [need for need in self.all if not self.state.is_met(need)]


def _solve_needs(state: ColdStart, group: Ints, most_work: int) -> Circle:
    way_of = _Ways(state, group)
    board = _Needs(state, group)
    best = smallest(board, most_work)
    others = _others(board, best.things, most_work)
    way = way_of.circle(state.system.need_component[best.things[0]])
    return Circle(tuple(group), way, (), (), best.things, others, best.is_proven, ())


# Who waits for whom.


class _Ways:
    """The needs within a group that are not met, as they stand before anything is done about them."""

    def __init__(self, state: ColdStart, group: Ints) -> None:
        inside = set(group)
        self.purpose = state.system.need_purpose
        self.waits = {component: _waits_for(state, component, inside) for component in group}
        self.outside = [] if len(group) > 1 else _waits_for(state, group[0])

    def circle(self, first: int) -> tuple[tuple[int, int], ...]:
        """Return a shortest circle through a component, through a need of it to start or to stay up if there is one."""
        steps = self.waits[first]
        if not steps:
            return tuple(self.outside[:1])
        steps = [step for step in steps if self.purpose[step[0]] >= STAY_UP] or steps
        steps = [step for step in steps if self.purpose[step[0]] == START] or steps
        came_from: dict[int, tuple[int, int]] = {}
        for step in steps:
            came_from.setdefault(step[1], step)
        before: dict[int, int] = {}
        waiting = deque(came_from)
        while first not in came_from:
            node = waiting.popleft()
            for step in self.waits[node]:
                if step[1] not in came_from:
                    came_from[step[1]] = step
                    before[step[1]] = node
                    waiting.append(step[1])
        way = [came_from[first]]
        node = first
        while node in before:
            node = before[node]
            way.append(came_from[node])
        return tuple(reversed(way))


class _Reach:
    """What waits for what among the stuck, while nothing is started by hand."""

    def __init__(self, system: Compiled, stuck: set[int]) -> None:
        self.waiting: dict[int, Ints] = {}
        self.left = _MOST_HELD_UP
        state = ColdStart(system)
        state.run()
        for component in sorted(stuck):
            for _, member in _waits_for(state, component, stuck):
                self.waiting.setdefault(member, []).append(component)

    def of(self, members: Iterable[int]) -> tuple[int, ...]:
        """Return all that waits for these, one behind the other, themselves included."""
        seen = set(members)
        pending = sorted(seen) if self.left > 0 else []
        while pending:
            for component in self.waiting.get(pending.pop(), ()):
                if component not in seen:
                    seen.add(component)
                    pending.append(component)
        self.left -= len(seen)
        return tuple(sorted(seen))
