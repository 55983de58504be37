"""What a failure costs: who loses something while it lasts, and how long it lasts in a year.

Knows the system as it is and with a need left out, and the users; does not know what is missing in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from statistics import fmean, median
from typing import Literal, NamedTuple

from impactsim.audit.estate import Estate
from impactsim.audit.otherwise import Otherwise
from impactsim.gaps.levels import Levels
from impactsim.gaps.plausible import MINUTE_MS, RATE, RESTORE_MS, YEAR_MINUTES
from impactsim.model.provenance import Confidence
from impactsim.model.system import CommonCause, Component, Fails, Need, System

Unit = Literal["user-minutes", "service-minutes", "component-minutes"]
"""What losses are counted in: nobody uses anything where services count, and there is no service where components do."""


class Lost(NamedTuple):
    """What a failure takes away."""

    down: set[int]
    """Components that serve nothing."""
    partly: dict[int, float]
    """The share that others lose."""

    def items(self) -> Iterator[tuple[int, float]]:
        """Yield each component that loses something, with the share that it loses."""
        for each in self.down:
            yield each, 1.0
        yield from self.partly.items()


class Losses:
    """A system ready to be asked what failures cost.

    Parameters
    ----------
    system
        A system that the rules found right.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.estate = Estate(system)
        self.ids = self.estate.names.components
        self.components: Sequence[Component] = list(system.components.values())
        self.has_users = self.estate.people > 0.0
        """Whether there are users; else each service counts as one, and without services each component."""
        self.looked_at = 0
        """How many components lost something in all that was asked so far."""
        self.looked_at_partly = 0
        """How many of them lost a part."""
        self.has_soft = True
        """Whether soft needs count."""
        compiled = self.estate.compiled
        self._otherwise = Otherwise(compiled, self.estate.causes)
        self._levels = Levels(compiled)
        self._counted = frozenset(self.estate.services or range(len(self.components)))
        self.unit: Unit = (
            "user-minutes" if self.has_users else "service-minutes" if self.estate.services else "component-minutes"
        )

    # What a failure takes away, and from how many.

    def of(self, *events: int) -> Lost:
        """Return what is lost if these events happen and nothing else."""
        return self._noted(self.estate.down(*events), ())

    def without(self, needs: Sequence[int], *events: int) -> Lost:
        """Return what would be lost if these needs were not there."""
        with self._otherwise.left_out(*needs):
            down = self._otherwise.propagation.down(events)
        return self._noted(down, needs)

    def _noted(self, down: set[int], without: Sequence[int]) -> Lost:
        partly = self._levels.partly_lost(down, set(without)) if self.has_soft else {}
        self.looked_at += len(down) + len(partly)
        self.looked_at_partly += len(partly)
        return Lost(down, partly)

    def users(self, lost: Lost) -> float:
        """Return how many people lose something, estimated as in S6.2, each as much as is lost; without users, what counts as one."""
        if not self.has_users:
            return math.fsum(share for each, share in lost.items() if each in self._counted)
        spared: dict[int, float] = {}
        for service in self._used_among(lost):
            share_lost = 1.0 if service in lost.down else lost.partly[service]
            for segment, share in self._uses[service]:
                spared[segment] = spared.get(segment, 1.0) * (1.0 - share * share_lost)
        return math.fsum(self.estate.segments[segment][0] * (1.0 - left) for segment, left in spared.items())

    def hit(self, *events: int) -> float:
        """Return how many lose something if these events happen and nothing else."""
        return self.users(self.of(*events))

    @property
    def everybody(self) -> float:
        """How many users there are, or services, or components."""
        return self.estate.people if self.has_users else float(len(self._counted))

    @cached_property
    def usual_users(self) -> float:
        """How many use a service: the median of those that somebody uses; 1 where nobody uses any."""
        used = [count for count in self.estate.users_of.values() if count > 0.0]
        return median(used) if self.has_users and used else 1.0

    def _used_among(self, lost: Lost) -> list[int]:
        """Return the services among what is lost that somebody uses, in order: sums then have the same digits each time."""
        few, many = sorted((lost.down, self._uses), key=len)
        return sorted([*(each for each in few if each in many), *(each for each in lost.partly if each in self._uses)])

    @cached_property
    def _uses(self) -> dict[int, list[tuple[int, float]]]:
        found: dict[int, list[tuple[int, float]]] = {}
        for segment, (_, uses) in enumerate(self.estate.segments):
            for service, share in uses.items():
                found.setdefault(service, []).append((segment, share))
        return found

    # How long it lasts in a year.

    def minutes(self, event: int) -> float:
        """Return for how many minutes of a year an event is there, as written, else at the usual rate and time to restore."""
        fails = self.fails(event)
        if fails is not None and fails.probability is not None:
            return fails.probability * YEAR_MINUTES
        return minutes_a_year(self.rate(event), self.restore_ms(event))

    def fails(self, event: int) -> Fails | None:
        """Return what is written on how often an event happens; None if it is nothing."""
        found = self.cause(event).fails if self.estate.is_cause(event) else self.components[event].fails
        return None if found is None or (found.probability is None and found.per_year is None) else found

    def rate(self, event: int) -> float:
        """Return how often an event happens in a year, as written, else the usual rate."""
        fails = self.fails(event)
        return RATE if fails is None or fails.per_year is None else fails.per_year

    def written_restore_ms(self, event: int) -> float | None:
        """Return the median time to restore; of a common cause without its own, the mean of those of its members; None without any."""
        if not self.estate.is_cause(event):
            own = self.components[event].time_to_restore
            return None if own is None else own.median()
        cause = self.cause(event)
        if cause.time_to_restore is not None:
            return cause.time_to_restore.median()
        laws = [self.system.components[member].time_to_restore for member in cause.strikes]
        known = [each.median() for each in laws if each is not None]
        return fmean(known) if known else None

    def restore_ms(self, event: int) -> float:
        """Return the median time to restore, as written, else the usual one."""
        written = self.written_restore_ms(event)
        return RESTORE_MS if written is None else written

    def cause(self, event: int) -> CommonCause:
        """Return a common cause by the number of its event."""
        return self.system.common_causes[self.estate.cause_ids[event - self.estate.n_components]]

    # Needs.

    def needs(self) -> Iterator[tuple[int, int, Need]]:
        """Yield each need of a component: its number, the number of the component, what is written."""
        compiled = self.estate.compiled
        for number, need in enumerate(self.estate.names.needs):
            owner = compiled.need_component[number]
            if owner < len(self.components):  # workarounds stand behind
                yield number, owner, need

    def members(self, need: int) -> list[int]:
        """Return the members of a need."""
        compiled = self.estate.compiled
        return compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]

    def confidence(self, owner: int, need: Need) -> Confidence:
        """Return how sure it is that there is this need."""
        return need.confidence or self.components[owner].confidence


def minutes_a_year(rate: float, restore_ms: float) -> float:
    """Return for how many minutes of a year something is there that comes so often and lasts so long each time."""
    return min(float(YEAR_MINUTES), rate * restore_ms / MINUTE_MS)
