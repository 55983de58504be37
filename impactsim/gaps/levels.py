"""Who serves less, and how much less, while some components are down: soft needs and pools, without a clock (S2.3, S3).

Theory of operation. What goes down is known already (`exact/propagation.py`). From there losses spread, the largest first: a soft need
passes its impact on, a pool what is missing, and whatever stands on a component that serves less loses as much. No need makes more of
a loss than it is, but for pools, whose owner is then looked at again; so each component is looked at about once, as in Dijkstra's
search. Levels only ever fall, so this ends at the greatest fixed point (S2.4).
"""

from __future__ import annotations

from collections.abc import Collection
from heapq import heapify, heappop, heappush

from impactsim.compiled import GROUP, POOL, STAY_UP, Compiled, Ints

LEAST = 1e-2
"""Smaller losses count as none, and go no further."""

_Use = tuple[int, int, float, bool]
"""A need, its owner, its impact, and whether it has several members (or is a pool)."""


class Levels:
    """Losses of what is not down.

    Parameters
    ----------
    system
        The system.
    """

    def __init__(self, system: Compiled) -> None:
        self.system = system
        self._of_down: dict[int, list[_Use]] = {}
        for need, purpose in enumerate(system.need_purpose):
            is_soft = 0.0 < system.need_impact[need] < 1.0
            if purpose <= STAY_UP and (is_soft or system.need_form[need] == POOL):
                for member in self._members(need):
                    self._of_down.setdefault(member, []).append(self._use(need))
        self._uses: dict[int, list[_Use]] = {}

    def partly_lost(self, down: Collection[int], without: Collection[int] = ()) -> dict[int, float]:
        """Return the share that each component loses that is not down; those that lose nothing are left out.

        Parameters
        ----------
        down
            What is down.
        without
            Needs that do not count.
        """
        losses: dict[int, float] = {}
        if not self._of_down:
            return losses
        known, uses_of = losses.get, self._uses_of
        for component in down:
            for need, owner, impact, is_many in self._of_down.get(component, ()):
                if owner not in down and need not in without:
                    passed = impact * (self._loss(need, down, losses) if is_many else 1.0)
                    if passed > known(owner, LEAST):
                        losses[owner] = passed
        waiting = [(-loss, component) for component, loss in losses.items()]
        heapify(waiting)
        while waiting:
            negative, component = heappop(waiting)
            if losses[component] != -negative:
                continue  # it was raised since
            for need, owner, impact, is_many in uses_of(component):
                if owner not in down and need not in without:
                    passed = impact * (self._loss(need, down, losses) if is_many else -negative)
                    if passed > known(owner, LEAST):
                        losses[owner] = passed
                        heappush(waiting, (-passed, owner))
        return losses

    def _loss(self, need: int, down: Collection[int], losses: dict[int, float]) -> float:
        """Return the share that a need of several members loses."""
        system = self.system
        lost = [1.0 if each in down else losses.get(each, 0.0) for each in self._members(need)]
        if system.need_form[need] == GROUP:
            return min(lost)
        if system.need_form[need] == POOL:
            capacities = system.slot_capacity[system.slot_from[need] : system.slot_from[need + 1]]
            left = sum(capacity * (1.0 - loss) for capacity, loss in zip(capacities, lost, strict=True))
            return max(0.0, 1.0 - left / system.need_demand[need])
        return sorted(lost)[system.need_k[need] - 1]

    def _uses_of(self, component: int) -> list[_Use]:
        uses = self._uses.get(component)
        if uses is None:
            first, after = self.system.use_from[component], self.system.use_from[component + 1]
            needs = dict.fromkeys(self.system.slot_need[slot] for slot in self.system.use_slot[first:after])
            uses = [self._use(need) for need in needs if self.system.need_purpose[need] <= STAY_UP]
            self._uses[component] = uses
        return uses

    def _use(self, need: int) -> _Use:
        system = self.system
        is_many = len(self._members(need)) > 1 or system.need_form[need] == POOL
        return need, system.need_component[need], system.need_impact[need], is_many

    def _members(self, need: int) -> Ints:
        return self.system.slot_component[self.system.slot_from[need] : self.system.slot_from[need + 1]]
