"""What an audit says as a whole, with names: every figure that its text, JSON and CSV print."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from impactsim.audit.findings import Finding
from impactsim.exact.propagation import Criterion
from impactsim.problems import Problem

if TYPE_CHECKING:
    from impactsim.audit.holders import Concentration
    from impactsim.audit.restart import RestartPlan
    from impactsim.rests.shares import Rests


@dataclass(frozen=True, slots=True)
class Probability:
    """A probability: exact where `low` equals `high`, else proven to lie between them."""

    low: float
    high: float

    @property
    def is_exact(self) -> bool:
        """Whether it is one figure."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class NamedCutSet:
    """A minimal cut set: ids of components and common causes, and how likely all of them fail and take the service down."""

    events: tuple[str, ...]
    probability: float
    is_known: bool = True
    """Does somebody say how often each of them fails?"""

    @property
    def order(self) -> int:
        """How many failures it takes."""
        return len(self.events)


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What the audit says of one service."""

    id: str
    name: str
    users: float
    """People who use it, on average over a day."""
    probability: Probability
    """Of being down at a random time, from what is known."""
    n_unknown: int
    """How many events that matter to it nobody gives a rate of: then the probability is a lower bound."""
    cut_sets: tuple[NamedCutSet, ...]
    """Minimal cut sets, the smallest first, of equals the likeliest."""
    n_cut_sets: int | None
    """How many there are in all; None if they could not be counted."""
    complete_to: int
    """All minimal cut sets up to this order are listed."""
    lost_user_minutes: float
    """Expected a year: people x probability x minutes of a year."""
    findings: tuple[str, ...] = ()
    """Ids of the findings that speak of it."""
    most_lost_user_minutes: float | None = None
    """Upper bound on them, where the probability is not exact."""


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """All that one audit says."""

    system: str
    criterion: Criterion
    people: float
    """Users in all, on average over a day; 0 if nothing is said about users."""
    services: dict[str, ServiceFacts]
    findings: tuple[Finding, ...]
    """Ranked: the worst first."""
    n_events: int
    n_unknown: int
    """Of how many events nobody says how often they happen."""
    assumed: tuple[str, ...] = ()
    """Ids of what fails at a rate without a time to restore: 4 h assumed."""
    scenario: str = ""
    """Name of the scenario that the backups were looked at in; empty without one."""
    worst: str = ""
    """Id of the single point of failure that most users feel; empty without one."""
    restart: RestartPlan | None = None
    """How all of it comes back once it is down."""
    concentration: Concentration | None = None
    """What rests on each operator, provider and site."""
    warnings: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """What the reader should know of how it was worked out."""
    rests: Rests | None = None
    """Which of the findings rest on guesses, and which on observation; None where all of the system is declared."""

    @property
    def lost_user_minutes(self) -> float:
        """Expected a year, all services together: who uses two that are down counts twice."""
        return math.fsum(each.lost_user_minutes for each in self.services.values())


@dataclass(frozen=True, slots=True)
class AuditChange:
    """What a what-if closes and opens."""

    name: str
    before: AuditFacts = field(repr=False)
    after: AuditFacts = field(repr=False)
    closed: tuple[Finding, ...] = ()
    """Findings that are gone."""
    opened: tuple[Finding, ...] = ()
    """Findings that are new."""
    eased: tuple[tuple[Finding, Finding], ...] = ()
    """Findings that are less bad than before: as it was, as it is."""
    worsened: tuple[tuple[Finding, Finding], ...] = ()
    """Findings that are worse than before."""
