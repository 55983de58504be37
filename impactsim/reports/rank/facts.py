"""What a ranking of failures says, with names: every figure that any report of it prints, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from impactsim.engine.users import Range
from impactsim.problems import Problem
from impactsim.reports.facts import Why
from impactsim.trials.estimates import Chance, Estimate

if TYPE_CHECKING:
    from impactsim.model.provenance import Confidence
    from impactsim.rests.shares import Rests

By = Literal["lost", "affected", "down", "yearly"]
"""What failures are ranked by: user-minutes lost, users affected, time of services down, user-minutes lost a year."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a failure reaches one service."""

    service: str
    """Id."""
    first_ms: int
    """When the service was first not whole."""
    why: Why
    """Why it first came to its lowest level, with the whole chain back to what failed."""

    @property
    def path(self) -> tuple[str, ...]:
        """Ids from what failed first to the service."""
        return tuple(link.component for link in reversed(self.why.chain))


@dataclass(frozen=True, slots=True)
class SampledFigures:
    """What trials say about a failure: the distribution of each figure, with the interval of its mean."""

    affected: Estimate
    """Users, by the estimate of each trial, or by the upper bound where only bounds are known."""
    lost_user_minutes: Estimate
    services_down: Estimate
    down_ms: Estimate
    """Time of services down, all of them together."""
    longest_ms: Estimate
    not_restored: Chance
    """That some service is not whole by the end."""


@dataclass(frozen=True, slots=True)
class CaseRests:
    """What one failure rests on: shares of the user-minutes of its services, or of the services where nobody says who uses them."""

    guessed: float
    observed: float
    least: Confidence
    """The least sure of its services."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One failure and what it does. With trials every figure is a mean over them."""

    id: str
    name: str
    kind: str
    strikes: tuple[str, ...]
    """Ids of what a common cause strikes; empty for a component."""
    affected: Range
    peak: Range
    lost_user_minutes: Range
    n_components: float
    """How many components were not up all the time, its own included."""
    services_down: float
    services_degraded: float
    takes_down_others: bool
    """Whether a service went down that did not fail itself."""
    down_ms: float
    """Time of services down, all of them together."""
    longest_ms: float
    """Time down of the service that was down for longest."""
    longest: str | None
    """Id of that service; None without one, and with trials."""
    restored_ms: int | None
    """When all services were whole again: 0 if they always were, None if not by the end, and with trials."""
    is_never: bool
    """Whether some service is not whole when nothing can change any more: it never comes back by itself."""
    per_year: float | None
    """How often it happens, if the system says so."""
    lost_a_year: float | None
    """User-minutes lost a year; where there are no users, minutes of services down."""
    has_default_end: bool
    """Whether it ends when it does only because nobody said how long its repair takes."""
    service_down_ms: float
    """Time down of the service that the ranking is about, if it is about one."""
    service_degraded_ms: float
    service_is_never: bool
    """Whether it never comes back by itself; with trials, in half of them or more."""
    sampled: SampledFigures | None
    spread: tuple[Spread, ...] | None
    """How it reaches services, the first ones first; with medians. None where that was not asked for."""
    rests: CaseRests | None = None
    """What its services rest on; None where all of the system is declared, or it affects no service."""

    @property
    def hits_nobody(self) -> bool:
        """Whether it affects no user and no service."""
        return self.affected.high <= 0 and self.services_down + self.services_degraded <= 0


@dataclass(frozen=True, slots=True)
class RankedPair:
    """Two failures at once that are worse than one after the other."""

    first: str
    second: str
    affected: Range
    lost: float
    """User-minutes lost; where there are no users, minutes of services down."""
    excess: float
    """By how much that exceeds the sum of the two alone."""
    is_never: bool
    """Whether some service never comes back by itself, although after each of them alone it does."""


@dataclass(frozen=True, slots=True)
class PairFacts:
    """The pairs that are worse than their parts."""

    pairs: tuple[RankedPair, ...]
    n_tried: int
    """Pairs that were run."""
    n_possible: int
    """Pairs that there are. Those that were not run meet nowhere, and cannot be worse, if `is_complete`."""
    n_left_out: int
    """Pairs that meet and were not run, because of one alone some service never comes back."""
    is_complete: bool


@dataclass(frozen=True, slots=True)
class HourFacts:
    """A failure that begins at one hour of the day."""

    starts: datetime
    affected: Range
    lost_user_minutes: Range


@dataclass(frozen=True, slots=True)
class HoursFacts:
    """The same failure at every hour of the day."""

    id: str
    name: str
    zone: str
    hours: tuple[HourFacts, ...]
    best: int
    """Place of the hour that costs least, the first of equals."""
    worst: int
    longest_ms: int
    """Time down of the service that is down for longest."""
    is_never: bool

    @property
    def differ(self) -> bool:
        """Whether it matters when it begins."""
        return self.hours[self.best].lost_user_minutes != self.hours[self.worst].lost_user_minutes


@dataclass(frozen=True, slots=True)
class RankFacts:
    """All single failures of a system, the worst first."""

    system: str
    by: By
    service: str | None
    """Id of the service by whose time down they are ranked; None for all users."""
    kinds: tuple[str, ...]
    """Kinds that were asked for; empty for all."""
    starts: datetime | None
    trials: int
    seed: int
    for_ms: int | None
    """After how long all of them end, if somebody said so."""
    default_ms: int
    """After how long those end that have no time to restore."""
    horizon_ms: int | None
    is_complete: bool
    """False if it was interrupted: only the failures that were done are here."""
    n_services: int
    n_components: int
    has_users: bool
    has_hours: bool
    """Whether the number of users depends on the hour."""
    ranking: tuple[Ranked, ...]
    affected_at_rest: Range
    """Users affected although nothing fails: nobody, one hopes."""
    services_at_rest: int
    """Services that are not whole all the time although nothing fails."""
    pairs: PairFacts | None
    hours: HoursFacts | None
    names: dict[str, str]
    """Name for people of each component and common cause."""
    guesses: dict[str, str]
    """What is not certain about what the shown failures rest on."""
    warnings: tuple[Problem, ...]
    rests: Rests | None = None
    """What all failures together rest on, by the user-minutes that each loses; None where all of the system is declared."""
