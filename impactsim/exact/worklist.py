"""What goes down after each of many events, one after the other: a worklist, made ready once.

It does what `Propagation.down` does, for systems in which nothing is down before anything happens. Who is taken down by a
member alone is written down beforehand, so that an event costs little more than what it takes down.
"""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.compiled import POOL, Compiled, Ints
from impactsim.exact.propagation import Criterion, counts, is_short, members_to_lose

_BY_CAPACITY = -1


class Worklist:
    """A system in which single events can be asked for.

    Parameters
    ----------
    system, criterion
        The system, and what counts as failed; every need that counts is met in full health.
    """

    def __init__(self, system: Compiled, criterion: Criterion) -> None:
        self.system = system
        n_components = len(system.need_from) - 1
        self.to_lose = [_to_lose(system, need, criterion) for need in range(len(system.need_component))]
        self.alone: list[Ints] = [[] for _ in range(n_components)]
        """Those whom each component takes down alone."""
        self.shared: list[Ints] = [[] for _ in range(n_components)]
        """The other slots in which each component counts."""
        for slot, member in enumerate(system.slot_component):
            need = system.slot_need[slot]
            if self.to_lose[need] == 0 or (system.need_form[need] == POOL and system.slot_capacity[slot] == 0.0):
                continue
            if self.to_lose[need] == 1:
                self.alone[member].append(system.need_component[need])
            else:
                self.shared[member].append(slot)

    def down_after(self, struck: Sequence[int]) -> Sequence[int]:
        """Return the components that are down, or degraded, once these have failed, each once."""
        alone, shared = self.alone, self.shared
        if len(struck) == 1 and not alone[struck[0]] and not shared[struck[0]]:
            return struck
        waiting = list(struck)
        down = set(waiting)
        lost: dict[int, int] = {}
        left: dict[int, float] = {}
        for component in waiting:
            for user in alone[component]:
                if user not in down:
                    down.add(user)
                    waiting.append(user)
            for slot in shared[component]:
                need = self.system.slot_need[slot]
                user = self.system.need_component[need]
                if user not in down and self._is_lost(need, slot, lost, left):
                    down.add(user)
                    waiting.append(user)
        return waiting

    def _is_lost(self, need: int, slot: int, lost: dict[int, int], left: dict[int, float]) -> bool:
        """Count one more member of a need as lost; tell whether the need is not met any more."""
        if self.to_lose[need] != _BY_CAPACITY:
            lost[need] = lost.get(need, 0) + 1
            return lost[need] >= self.to_lose[need]
        capacity = self.system.slot_capacity
        if need not in left:
            left[need] = sum(capacity[self.system.slot_from[need] : self.system.slot_from[need + 1]])
        left[need] -= capacity[slot]
        return is_short(left[need], self.system.need_demand[need])


def _to_lose(system: Compiled, need: int, criterion: Criterion) -> int:
    """Return how many members must go down until a need is not met; 0 if it does not count."""
    if not counts(system, need, criterion):
        return 0
    return members_to_lose(system, need, criterion) or _BY_CAPACITY
