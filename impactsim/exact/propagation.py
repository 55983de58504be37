"""What goes down when some things fail, without a clock (S8): the least that must, so circles keep themselves up.

Theory of operation. A worklist: whatever goes down takes a member from each need that it serves, and a need that has lost
more members than it can takes its component down. Only what is hit is looked at, so the cost follows the damage; whom a
component takes down alone is looked up once, so that an event costs little more than what it takes down. Because nothing is down before it has a reason, components that lean on each other in a circle stay up as long as nothing outside takes
them down (greatest fixed point of "up").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from impactsim.compiled import GROUP, POOL, STAY_UP, Causes, Compiled, Ints

_ROUNDING = 1e-9  # as levels are equal that differ by less (S2.4)
_BY_CAPACITY = -1

_Uses = tuple[Sequence[int], Sequence[tuple[int, int, int, int]]]
"""Whom a component takes down alone; and of each other use the need, its owner, how many members it must lose, the slot."""
_NO_USES: _Uses = ((), ())


class Criterion(Enum):
    """What counts as failed."""

    DOWN = "down"
    """It serves nothing. Soft needs do not count, and any member of a pool will do."""
    DEGRADED = "degraded"
    """It serves less than all. Soft needs count as well, and a pool must carry its whole demand."""


def counts(system: Compiled, need: int, criterion: Criterion) -> bool:
    """Tell whether a need is one of those that the question looks at: to run or to stay up, and hard or not wholly idle."""
    if system.need_purpose[need] > STAY_UP:
        return False
    impact = system.need_impact[need]
    return impact == 1.0 or (criterion is Criterion.DEGRADED and impact > 0.0)


def members_to_lose(system: Compiled, need: int, criterion: Criterion) -> int:
    """Return how many members must go down until the need is not met; of a pool with a demand, 0: capacities decide."""
    first, after = system.slot_from[need], system.slot_from[need + 1]
    if system.need_form[need] == GROUP:
        return after - first
    if system.need_form[need] == POOL:
        if criterion is Criterion.DEGRADED:
            return 0
        return sum(system.slot_capacity[slot] > 0.0 for slot in range(first, after))
    return after - first - system.need_k[need] + 1


class Propagation:
    """Failures spread through a system without a clock.

    Parameters
    ----------
    system, causes
        The system. What is looked up in it is kept: whoever changes a need says so (`look_again`).
    criterion
        What counts as failed.
    """

    def __init__(self, system: Compiled, causes: Causes, criterion: Criterion = Criterion.DOWN) -> None:
        self.system = system
        self.causes = causes
        self.criterion = criterion
        self.n_components = len(system.need_from) - 1
        needs = range(len(system.need_component))
        self._always = sorted({system.need_component[need] for need in needs if self._is_never_met(need)})
        self._to_lose = [self._members_to_lose(need) for need in needs]
        self._known: list[_Uses | None] = [None] * self.n_components

    def struck(self, event: int) -> Ints:
        """Return what an event hits itself: a component (its own number), or all that a common cause may strike.

        Parameters
        ----------
        event
            Number of a component, or the number of components plus that of a common cause.
        """
        if event < self.n_components:
            return [event]
        cause = event - self.n_components
        return self.causes.strike_component[self.causes.strike_from[cause] : self.causes.strike_from[cause + 1]]

    def down(self, events: Iterable[int]) -> set[int]:
        """Return the components that are down, or degraded, if these events happen and nothing else.

        Parameters
        ----------
        events
            Components (by number) and common causes (the number of components plus theirs).

        Returns
        -------
        set of int
            Components, those that stand for workarounds included.
        """
        hit = [component for event in events for component in self.struck(event)]
        return self.down_after(list(dict.fromkeys((*self._always, *hit))))

    def down_after(self, hit: Sequence[int]) -> set[int]:
        """Return the components that are down, or degraded, because these are, with them; needs that are never met are left out.

        Parameters
        ----------
        hit
            Components, each once.
        """
        if len(hit) == 1 and self._uses_of(hit[0]) is _NO_USES:
            return {hit[0]}  # most events, in large systems
        waiting = list(hit)
        down = set(waiting)
        lost: dict[int, int] = {}
        left: dict[int, float] = {}
        for component in waiting:
            alone, shared = self._known[component] or self._uses_of(component)
            for user in alone:
                if user not in down:
                    down.add(user)
                    waiting.append(user)
            for need, user, to_lose, slot in shared:
                if user not in down and self._is_lost(need, slot, to_lose, lost, left):
                    down.add(user)
                    waiting.append(user)
        return down

    def look_again(self, need: int) -> None:
        """Take note that a need of the system is another than before, with the same members."""
        system = self.system
        self._to_lose[need] = self._members_to_lose(need)
        for member in system.slot_component[system.slot_from[need] : system.slot_from[need + 1]]:
            self._known[member] = None

    def _uses_of(self, component: int) -> _Uses:
        uses = self._known[component]
        if uses is None:
            uses = self._known[component] = self._look_up(component)
        return uses

    def _look_up(self, component: int) -> _Uses:
        """Return whom a component takes down alone, and the needs in which others stand beside it."""
        system = self.system
        first, after = system.use_from[component], system.use_from[component + 1]
        if first == after:
            return _NO_USES
        alone: Ints = []
        shared: list[tuple[int, int, int, int]] = []
        for slot in system.use_slot[first:after]:
            need = system.slot_need[slot]
            to_lose = self._to_lose[need]
            if to_lose == 0 or (system.need_form[need] == POOL and system.slot_capacity[slot] == 0.0):
                continue
            if to_lose == 1:
                alone.append(system.need_component[need])
            else:
                shared.append((need, system.need_component[need], to_lose, slot))
        return (alone, shared) if alone or shared else _NO_USES

    def _members_to_lose(self, need: int) -> int:
        """Return how many members must go down until a need is not met; 0 if it does not count."""
        if not counts(self.system, need, self.criterion):
            return 0
        return members_to_lose(self.system, need, self.criterion) or _BY_CAPACITY

    def _is_lost(self, need: int, slot: int, to_lose: int, lost: dict[int, int], left: dict[int, float]) -> bool:
        """Count one more member of a need as lost; tell whether the need is not met any more."""
        if to_lose != _BY_CAPACITY:
            lost[need] = lost.get(need, 0) + 1
            return lost[need] >= to_lose
        system = self.system
        if need not in left:
            left[need] = sum(system.slot_capacity[system.slot_from[need] : system.slot_from[need + 1]])
        left[need] -= system.slot_capacity[slot]
        return is_short(left[need], system.need_demand[need])

    def _is_never_met(self, need: int) -> bool:
        """Is a need not met even if all its members are up?"""
        system = self.system
        if system.need_form[need] != POOL or not counts(system, need, self.criterion):
            return False
        capacity = sum(system.slot_capacity[system.slot_from[need] : system.slot_from[need + 1]])
        return is_short(capacity, system.need_demand[need]) if self.criterion is Criterion.DEGRADED else capacity == 0.0


def is_short(capacity: float, demand: float) -> bool:
    """Tell whether a capacity does not carry a demand, as levels are compared (S2.4)."""
    return capacity / demand < 1.0 - _ROUNDING
