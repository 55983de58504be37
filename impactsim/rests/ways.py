"""The ways along which a loss spreads (S12.1), and how sure the facts are that they are made of (S12.2).

Theory of operation. A loss goes from what failed along needs to their owners. A need passes it on once so many of its members are
lost as it cannot do without (needs to start and to repair pass nothing on at first): one of a single need and of ``all_of``, n - k + 1 of ``at_least`` k of n, of a pool as much capacity as
it has to spare, and all members of a standby group. So what two declared ways take down together is not called declared where one of
the two is lost by a guess only. Walking along facts of some confidence and surer ones is one walk whose cost follows what it
reaches; with three confidences three walks find by which facts each component is reached at best (a widest path). Components and needs are
numbers here, since a ranking walks once for each failure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from impactsim.model.provenance import SURENESS
from impactsim.model.system import AnyOf, AtLeast, Component, Need, Pool, System


class Terms(NamedTuple):
    """On which terms a walk goes."""

    least: int
    """How sure facts must be at least."""
    easily: Collection[int] | None = ()
    """The owners of needs that pass on the loss of any member, also those to start and to repair; None for all of them."""


def needs_of(component: Component) -> Iterator[tuple[int, tuple[str, ...], Need | None]]:
    """Yield how sure each need of a component is, its members, and the need itself (None for ``at``).

    What workarounds need is left out: it takes nothing down.
    """
    own = SURENESS[component.confidence]
    if component.at is not None:
        yield own, (component.at,), None
    for need in component.needs:
        sure = own if need.confidence is None else SURENESS[need.confidence]
        yield sure, tuple(dict.fromkeys(need.members())), need


class Ways:
    """The needs of a system, or of some of its components among themselves, as columns.

    Parameters
    ----------
    system
        A system that the rules found right.
    among
        Ids of the components; None for all.
    """

    def __init__(self, system: System, among: Iterable[str] | None = None) -> None:
        self.ids = list(system.components if among is None else among)
        self.place = {name: i for i, name in enumerate(self.ids)}
        components = [system.components[name] for name in self.ids]
        self.sure = [SURENESS[each.confidence] for each in components]
        self.uses: list[list[int]] = [[] for _ in components]
        self.owner: list[int] = []
        self.least: list[int] = []
        self.members: list[list[int]] = []
        self.to_lose: list[float] = []
        """How many members must go, or of a pool how much capacity; 0 where any member is enough."""
        self.capacity: list[dict[int, float] | None] = []
        """Of a pool, by member."""
        self.is_soft: list[bool] = []
        """Whether the need only degrades its owner."""
        self.is_later: list[bool] = []
        """Whether the need is to start or to repair: its loss takes nothing down, and keeps down what is."""
        for owner, component in enumerate(components):
            for sure, names, need in needs_of(component):
                self._add(owner, min(sure, self.sure[owner]), names, need)

    def _add(self, owner: int, least: int, names: tuple[str, ...], need: Need | None) -> None:
        members = [self.place[name] for name in names if name in self.place]
        if not members:
            return
        for member in members:
            self.uses[member].append(len(self.owner))
        self.owner.append(owner)
        self.least.append(least)
        self.members.append(members)
        self.to_lose.append(_to_lose(need, len(names)))
        self.is_soft.append(need is not None and need.impact < 1.0)
        self.is_later.append(need is not None and need.to in {"start", "repair"})
        pool = need.pool if isinstance(need, Pool) else None
        self.capacity.append(None if pool is None else {member: pool[self.ids[member]] for member in members})


class Walk:
    """Walks within what was affected.

    Parameters
    ----------
    ways
        The ways.
    inside
        Numbers of the components beyond which nothing is reached; None for all.
    is_hard
        Whether a loss is all of it: then it goes along no soft needs, and all of a pool must be lost.
    """

    def __init__(self, ways: Ways, inside: Collection[int] | None = None, *, is_hard: bool = False) -> None:
        self._ways = ways
        self._inside = inside
        self._is_hard = is_hard
        self._to_lose: dict[int, float] = {}

    def reached(self, roots: Iterable[int], terms: Terms, wanted: Collection[int] = ()) -> set[int]:
        """Return what a loss of the roots reaches, the roots included as far as they are sure enough.

        Parameters
        ----------
        roots
            What is lost at first.
        terms
            On which terms the walk goes.
        wanted
            It ends as soon as it has found all of these; without any it goes on to the end.
        """
        ways, inside, (least, easily) = self._ways, self._inside, terms
        reached = {name for name in roots if ways.sure[name] >= least}
        left: dict[int, float] = {}
        missing = set(wanted) - reached
        waiting = list(reached)
        while waiting and (missing or not wanted):
            member = waiting.pop()
            for need in ways.uses[member]:
                owner = ways.owner[need]
                if ways.least[need] < least or owner in reached or (inside is not None and owner not in inside):
                    continue
                if self._is_hard and ways.is_soft[need]:
                    continue
                if easily is not None and owner not in easily and not self._passes_on(need, member, left):
                    continue
                reached.add(owner)
                missing.discard(owner)
                waiting.append(owner)
        return reached

    def _passes_on(self, need: int, member: int, left: dict[int, float]) -> bool:
        """Tell whether a need passes a loss on, now that one more of its members is lost."""
        if self._ways.is_later[need]:
            return False
        if not self._takes_several(need):
            return True
        left[need] = self._left(need, left) - self._weight(need, member)
        return left[need] <= 0.0

    def _takes_several(self, need: int) -> bool:
        return self._ways.to_lose[need] > 0.0 or (self._is_hard and self._ways.capacity[need] is not None)

    def _left(self, need: int, left: dict[int, float]) -> float:
        """Return how much of a need must still go: at first as much as it takes, at most as much as there is inside."""
        if need in left:
            return left[need]
        if need not in self._to_lose:
            there = (each for each in self._ways.members[need] if self._inside is None or each in self._inside)
            whole = math.fsum(self._weight(need, each) for each in there)
            is_whole = self._is_hard and self._ways.capacity[need] is not None
            self._to_lose[need] = whole if is_whole else min(self._ways.to_lose[need], whole)
        return self._to_lose[need]

    def _weight(self, need: int, member: int) -> float:
        capacity = self._ways.capacity[need]
        return 1.0 if capacity is None else capacity[member]


def _to_lose(need: Need | None, n: int) -> float:
    """Return how many of n members must go, or of a pool how much capacity; 0 where any member is enough."""
    if isinstance(need, Pool):
        spare = math.fsum(need.pool.values()) - need.demand
        return 0.0 if spare < min(need.pool.values()) else math.nextafter(spare, math.inf)
    wanted = n if isinstance(need, AnyOf) else n - need.at_least + 1 if isinstance(need, AtLeast) else 1
    return wanted if wanted > 1 else 0.0
