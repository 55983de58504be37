"""What goes down when some things fail, without a clock (S8): the least that must, so circles keep themselves up.

Theory of operation. A worklist: whatever goes down takes a member from each need that it serves, and a need that has lost
more members than it can takes its component down. Only what is hit is looked at, so the cost follows the damage. Because
nothing is down before it has a reason, components that lean on each other in a circle stay up as long as nothing outside takes
them down (greatest fixed point of "up").
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from impactsim.compiled import GROUP, POOL, STAY_UP, Causes, Compiled, Ints

_ROUNDING = 1e-9  # as levels are equal that differ by less (S2.4)


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
        The system.
    criterion
        What counts as failed.
    """

    def __init__(self, system: Compiled, causes: Causes, criterion: Criterion = Criterion.DOWN) -> None:
        self.system = system
        self.causes = causes
        self.criterion = criterion
        self.n_components = len(system.need_from) - 1
        self._always = [need for need in range(len(system.need_component)) if self._is_never_met(need)]

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
        system, criterion = self.system, self.criterion
        down = {component for event in events for component in self.struck(event)}
        down.update(system.need_component[need] for need in self._always)
        waiting = sorted(down)
        lost: dict[int, int] = {}
        left: dict[int, float] = {}
        while waiting:
            component = waiting.pop()
            for i in range(system.use_from[component], system.use_from[component + 1]):
                slot = system.use_slot[i]
                need = system.slot_need[slot]
                owner = system.need_component[need]
                if owner in down or not counts(system, need, criterion):
                    continue
                if system.need_form[need] == POOL:
                    is_lost = self._pool_is_lost(need, slot, lost, left)
                else:
                    lost[need] = lost.get(need, 0) + 1
                    is_lost = lost[need] >= members_to_lose(system, need, criterion)
                if is_lost:
                    down.add(owner)
                    waiting.append(owner)
        return down

    def _pool_is_lost(self, need: int, slot: int, lost: dict[int, int], left: dict[int, float]) -> bool:
        system = self.system
        capacity = system.slot_capacity[slot]
        if self.criterion is Criterion.DOWN:
            lost[need] = lost.get(need, 0) + (capacity > 0.0)
            return lost[need] >= members_to_lose(system, need, self.criterion)
        if need not in left:
            left[need] = sum(system.slot_capacity[system.slot_from[need] : system.slot_from[need + 1]])
        left[need] -= capacity
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
