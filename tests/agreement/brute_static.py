"""The brute-force answer to the question without a clock: S8 from the rules alone, over all states.

Works on the model's own words and imports nothing below the model. A state says of each event (a component's own failure, a
common cause) whether it has happened, and of each member that a cause may or may not strike whether it does. A truth table
over the 2^n states is one integer, so that all states are settled at once; keep n below 20.

Readings, where S8 leaves room:

1.  A cause that has happened strikes each member with its share, independently. In minimal cut sets, and where one asks what
    goes down, it strikes all that it can.
2.  Down: needs with impact 1 to run or to stay up count; a pool is met by any member with capacity. Degraded: "up" reads "whole",
    needs with an impact above 0 count, and a pool must carry its demand with its whole members alone (S2.4's 1e-9 apart).
3.  What is said to fail with probability 0, or 0 times a year, is no event. Of whom nobody says how often it fails, it is one, with
    probability `unknown`.
4.  A probability stands as it is given; a rate is multiplied by the mean time to restore over 365 days, 1 at most. Without a
    time to restore: 4 h. A cause's: its own, else the mean of its members', weighted by their shares, those without left out.
5.  The probability of a cut set: that all its events have happened, and that their strikes suffice when nothing else has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import fsum, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from agreement.brute_needs import TINY, purpose_of
from impactsim.model.system import AllOf, AnyOf, AtLeast, ComponentNeed, Pool, System

YEAR_MS = 365 * 24 * 60 * 60 * 1000
NOBODY_SAYS_MS = 4 * 60 * 60 * 1000

Table = int
"""Bit s is the truth in state s."""
Target = str | tuple[str, int]
"""A component, or a need of it by its place; the site (`at`) is the last one."""
Sums = npt.NDArray[np.float64]


# --- who is up --------------------------------------------------------------------------------------------------------


def goes_down(system: System, events: Collection[str], is_degraded: bool = False) -> set[str]:
    """Return what is down (or not whole) when exactly these components fail and these common causes strike all they can."""
    failed = {name: Table(name in events) for name in system.components}
    for name, cause in system.common_causes.items():
        if name in events:
            failed.update({member: Table(1) for member, share in cause.strikes.items() if share > 0})
    up = settle(system, failed, 1, is_degraded)
    return {name for name in system.components if not up[name]}


def settle(system: System, failed: dict[str, Table], full: Table, is_degraded: bool) -> dict[str, Table]:
    """Return the greatest fixed point: all that has not failed is up until a need that counts says otherwise."""
    needs = {name: counting_needs(system, name, is_degraded) for name in system.components}
    up = {name: full & ~failed[name] for name in system.components}
    while True:
        before = dict(up)
        for name, own in needs.items():
            for need in own:
                up[name] &= met(need, up, full, is_degraded)
        if up == before:
            return up


def needs_of(system: System, name: str) -> list[Any]:
    """Return the words of the needs of a component, the site as the last one."""
    component = system.components[name]
    return [*component.needs, *([] if component.at is None else [ComponentNeed(component=component.at, to="stay_up")])]


def counting_needs(system: System, name: str, is_degraded: bool) -> list[Any]:
    """Return the needs that S8 looks at."""
    return [
        need
        for need in needs_of(system, name)
        if purpose_of(need, system) in {"run", "stay_up"} and (need.impact == 1 or (is_degraded and need.impact > 0))
    ]


def met(need: Any, up: dict[str, Table], full: Table, is_degraded: bool) -> Table:
    """Return where a need is met."""
    if isinstance(need, ComponentNeed):
        return up[need.component]
    if isinstance(need, AllOf):
        return all_of((up[member] for member in need.all_of), full)
    if isinstance(need, AnyOf):
        return any_of(up[member.use] for member in need.any_of)
    if isinstance(need, AtLeast):
        return any_of(all_of((up[m] for m in some), full) for some in combinations(need.of, need.at_least))
    assert isinstance(need, Pool)
    if not is_degraded:
        return any_of(up[member] for member, capacity in need.pool.items() if capacity > 0)
    return any_of(
        all_of((up[member] for member in some), full)
        for size in range(len(need.pool) + 1)
        for some in combinations(need.pool, size)
        if fsum(need.pool[member] for member in some) / need.demand > 1 - TINY
    )


def all_of(tables: Iterable[Table], full: Table) -> Table:
    for table in tables:
        full &= table
    return full


def any_of(tables: Iterable[Table]) -> Table:
    found = 0
    for table in tables:
        found |= table
    return found


# --- how likely -------------------------------------------------------------------------------------------------------


def chance_of(system: System, event: str, unknown: float = 0.0) -> float | None:
    """Return the probability of an event at a random time; None for what is no event."""
    words = system.components[event] if event in system.components else system.common_causes[event]
    fails = words.fails
    if fails is None:
        return unknown
    if fails.probability is not None:
        return fails.probability or None
    assert fails.per_year is not None
    if fails.per_year == 0:
        return None
    return min(1.0, fails.per_year * mean_ms(system, event) / YEAR_MS)


def mean_ms(system: System, event: str) -> float:
    """Return how long an event lasts on average."""
    if event in system.components:
        restore = system.components[event].time_to_restore
        return NOBODY_SAYS_MS if restore is None else restore.mean()
    cause = system.common_causes[event]
    if cause.time_to_restore is not None:
        return cause.time_to_restore.mean()
    known = [
        (share, restore.mean())
        for member, share in cause.strikes.items()
        if share > 0 and (restore := system.components[member].time_to_restore) is not None
    ]
    if not known:
        return NOBODY_SAYS_MS
    return fsum(share * mean for share, mean in known) / fsum(share for share, _ in known)


# --- the answers ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Importance:
    """What an event means to a target."""

    certain: float
    """P(target down | the event has happened)."""
    impossible: float
    """P(target down | it has not)."""
    probability: float
    """P(target down)."""

    @property
    def birnbaum(self) -> float:
        return self.certain - self.impossible

    @property
    def fussell_vesely(self) -> float | None:
        """(P - P0) / P; None where P is 0."""
        return (self.probability - self.impossible) / self.probability if self.probability else None

    @property
    def risk_achievement_worth(self) -> float | None:
        """P1 / P; None where P is 0."""
        return self.certain / self.probability if self.probability else None

    @property
    def risk_reduction_worth(self) -> float | None:
        """P / P0; None where P0 is 0."""
        return self.probability / self.impossible if self.impossible else None


@dataclass(frozen=True)
class Answer:
    """All that S8 says of one target."""

    cut_sets: dict[frozenset[str], float]
    """The minimal cut sets, all of them, and how likely each is."""
    probability: float
    importance: dict[str, Importance]
    """Of every event."""


class Brute:
    """All states of a system.

    Parameters
    ----------
    system
        A small one.
    is_degraded
        The criterion.
    unknown
        Probability of the events of which nobody says how often they happen.
    """

    def __init__(self, system: System, is_degraded: bool = False, unknown: float = 0.0) -> None:
        self.system = system
        self.is_degraded = is_degraded
        chances = {event: chance_of(system, event, unknown) for event in (*system.components, *system.common_causes)}
        self.chance = {event: p for event, p in chances.items() if p is not None}
        """Of each event; what never happens is not among them."""
        self.events = list(self.chance)
        self.strikes = [
            (name, member, share)
            for name, cause in system.common_causes.items()
            for member, share in cause.strikes.items()
            if name in self.chance and 0 < share < 1
        ]
        """What strikes or does not: the lowest variables of a state; the events stand above them."""
        self.n = len(self.strikes) + len(self.events)
        assert self.n <= 20, "too many states"
        self.full = (1 << (1 << self.n)) - 1

    def variable(self, i: int) -> Table:
        """Return the truth table of the i-th variable: 2^i states without, 2^i states with, and so on."""
        width = 1 << i
        return self.full // ((1 << width) + 1) << width

    @cached_property
    def up(self) -> dict[str, Table]:
        """Where each component is up (or whole)."""
        happened = {event: self.variable(len(self.strikes) + i) for i, event in enumerate(self.events)}
        struck = {(cause, member): self.variable(i) for i, (cause, member, _) in enumerate(self.strikes)}
        failed = {name: happened.get(name, 0) for name in self.system.components}
        for name, cause in self.system.common_causes.items():
            for member, share in cause.strikes.items():
                if name in happened and share > 0:
                    failed[member] |= happened[name] & struck.get((name, member), self.full)
        return settle(self.system, failed, self.full, self.is_degraded)

    def down(self, target: Target) -> Table:
        """Return where a component is down (or not whole), or a need is not met."""
        if isinstance(target, str):
            return self.full & ~self.up[target]
        name, place = target
        return self.full & ~met(needs_of(self.system, name)[place], self.up, self.full, self.is_degraded)

    def answer(self, target: Target) -> Answer:
        """Return all that S8 says of a target."""
        # Rows are states of the events, columns states of the strikes; the last column strikes all.
        down = _bits(self.down(target), self.n).reshape(1 << len(self.events), 1 << len(self.strikes))
        enough = down @ _weights([share for _, _, share in self.strikes])
        probability, importance = self._importance(enough)
        return Answer(
            cut_sets={
                frozenset(self._events_in(state)): self._all_happen(state) * float(enough[state])
                for state in _minimal(down[:, -1])
            },
            probability=probability,
            importance=importance,
        )

    def _events_in(self, state: int) -> list[str]:
        return [event for i, event in enumerate(self.events) if state >> i & 1]

    def _all_happen(self, state: int) -> float:
        return prod(self.chance[event] for event in self._events_in(state))

    def _importance(self, enough: Sums) -> tuple[float, dict[str, Importance]]:
        """Settle one event after the other, the highest first: the mean over what is settled stays."""
        halves = {}
        for i, event in reversed(list(enumerate(self.events))):
            without, with_it = enough.reshape(2, -1)
            rest = _weights([self.chance[other] for other in self.events[:i]])
            halves[event] = (float(with_it @ rest), float(without @ rest))
            enough = without * (1 - self.chance[event]) + with_it * self.chance[event]
        probability = float(enough[0])
        return probability, {
            event: Importance(certain, impossible, probability) for event, (certain, impossible) in halves.items()
        }


def _bits(table: Table, n: int) -> Sums:
    size = max(1, (1 << n) // 8)
    octets = np.frombuffer(table.to_bytes(size, "little"), np.uint8)
    return np.unpackbits(octets, bitorder="little")[: 1 << n].astype(np.float64)


def _weights(chances: list[float]) -> Sums:
    """Return the probability of each state of independent variables; the first is the lowest bit."""
    weights = np.ones(1)
    for p in chances:
        weights = np.concatenate([weights * (1 - p), weights * p])
    return weights


def _minimal(down: Sums) -> list[int]:
    """Return the states of the events in which the target is down, and up as soon as one of them had not happened."""
    minimal = down > 0
    for i in range(len(down).bit_length() - 1):
        pairs, kept = (down > 0).reshape(-1, 2, 1 << i), minimal.reshape(-1, 2, 1 << i)
        assert not (pairs[:, 0] & ~pairs[:, 1]).any(), "what is down comes up because more has failed"
        kept[:, 1] &= ~pairs[:, 0]
    return [int(state) for state in np.flatnonzero(minimal)]
