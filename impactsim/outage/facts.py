"""What `impactsim now` says of an outage under way, with names: every figure that it prints, each worked out once.

A renderer turns these into text or JSON, and computes nothing. Times are milliseconds from the start of the outage, levels, shares
and chances are in [0, 1]. Components are told by their ids; ``names`` has their names for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from impactsim.engine.users import Range
from impactsim.outage.estimate import Remaining
from impactsim.outage.faults import BasisKind
from impactsim.problems import Problem
from impactsim.reports.facts import JobStatus, ReserveKind

if TYPE_CHECKING:
    from impactsim.rests.shares import Rests

EndKind = Literal["holdover", "standby", "workaround", "other"]
ActionKind = Literal["repair", "start", "switch", "first", "several"]


@dataclass(frozen=True, slots=True)
class Reported:
    """Something that people say is down or degraded."""

    component: str
    level: float
    """0 if it is down."""
    since_ms: int
    cause: str
    """Id of the common cause that is said to have struck it; empty if none."""
    is_explained: bool
    """It is as bad as that because of the rest: no repair of its own is needed."""


@dataclass(frozen=True, slots=True)
class BasisNow:
    """What the remaining time of a fault rests on."""

    component: str
    kind: BasisKind
    median_ms: float | None
    """How long such a fault usually takes, before anything was known of this one; None if nobody says."""
    p90_ms: float | None
    """Nine in ten take no longer; infinite if that is not bounded."""
    worked_ms: int
    """How much of the work is done."""
    is_guessed: bool
    source: str
    typical: str = ""
    """Name of the typical value, if it is one."""


@dataclass(frozen=True, slots=True)
class ServiceNow:
    """A service that is not whole now."""

    service: str
    level: float
    since_ms: int
    because: tuple[str, ...]
    """Ids from what decided it directly to what failed first; the service itself if the fault is its own."""
    text: str
    """What failed first, in words."""
    remaining: Remaining | None
    """How much longer it takes; None without a basis."""
    rests_on: tuple[str, ...]
    """Faults under way that it waits for; empty if it waits for a start, or for its own backlog."""
    back_ms: int | None
    """When it is whole by the medians; None if never."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A service that falls later."""

    service: str
    at_ms: int
    level: float


@dataclass(frozen=True, slots=True)
class RunsOut:
    """Something that runs out if nothing is repaired, and what that brings down."""

    at_ms: int
    component: str
    """What rests on it."""
    kind: EndKind
    of: tuple[str, ...]
    """What was lost and is hidden by a holdover, or replaced by a standby."""
    on: tuple[str, ...]
    """The standby that cannot go on."""
    text: str
    """In words, without the time, such as ``UPS (holdover without City grid) is empty``."""
    falls: tuple[Fall, ...]
    people: Range
    """Users affected once these have fallen."""


@dataclass(frozen=True, slots=True)
class ReserveNow:
    """Components that are kept up by the same reserve."""

    components: tuple[str, ...]
    by: ReserveKind
    of: tuple[str, ...]
    on: tuple[str, ...]
    until_ms: int | None
    """When it is used up at the latest; None if it has no limit."""


@dataclass(frozen=True, slots=True)
class RepairNow:
    """A repair that is under way, or that waits."""

    component: str
    since_ms: int
    """When the fault began."""
    level: float
    """What the fault leaves."""
    status: JobStatus | Literal["goes by itself", "not planned"]
    waits_for: tuple[str, ...]
    """What is down and holds it up, or where the copies lie."""
    crew: str
    """Who repairs it; empty if nobody in particular."""
    crew_is_at: tuple[str, ...]
    """What the crew works on meanwhile, if the repair waits for it."""
    jobs_of_others: int
    """How many jobs of others its crew has before it, if the repair waits for the crew."""
    operator: str
    """Whose people repair it: those of its crew, or of who runs it if it has no crew; empty if nobody says."""
    left: Remaining | None
    """How much work is left, by the law of the repair; None if nobody says how long it takes."""
    ends_ms: int | None
    """When it ends by the medians, waiting included; None if never."""
    basis: BasisNow


@dataclass(frozen=True, slots=True)
class ActionNow:
    """Something that people could do now, and what it would save."""

    kind: ActionKind
    targets: tuple[str, ...]
    """What is repaired, started or put first; for a switch the owner of the group, and the member."""
    text: str
    """In words, such as ``switch Internet access to Mobile router``."""
    at_ms: int
    saves: float
    """User-minutes after now, by the estimate; minutes of services that are not whole where there are no users."""
    is_upper_bound: bool
    """Nobody can have it at once: what speeding it up can save at most."""


@dataclass(frozen=True, slots=True)
class ChannelNow:
    """A way to reach people."""

    channel: str
    level: float
    until_ms: int | None
    """When it goes down if nothing is repaired; None if not within 7 days, or if it is down."""
    back_ms: int | None
    """When it is back by the medians; None if never, or if it is up."""


@dataclass(frozen=True, slots=True)
class AgainNow:
    """What failed, or stands behind what failed, and how soon it may do so again."""

    id: str
    is_cause: bool
    """A common cause."""
    per_year: float | None
    """How often it fails; None if nobody says."""
    chance: float | None
    """Of at least one failure within 30 days."""
    confidence: str
    """How sure its author is; empty for a common cause."""
    source: str
    services: tuple[str, ...]
    """Services that are not whole because of it."""


@dataclass(frozen=True, slots=True)
class NowFacts:
    """All that is known and estimated of an outage under way."""

    system: str
    starts: datetime
    """Clock time of the start, in the zone in which all times are told."""
    at_ms: int
    """Now."""
    zone: str
    """Name of the zone; empty if it is known by its offset only."""
    seed: int
    n_trials: int
    n_usable: int
    """Trials that agree with what people say."""
    names: Mapping[str, str]
    """Name for people of each component, common cause and crew that is told."""
    reported: tuple[Reported, ...]
    up: tuple[str, ...]
    """What people say is up."""
    users: Range
    """Users affected now."""
    people: float | None
    """How many users there are in all; None if that is not known."""
    has_users: bool
    uncounted: tuple[str, ...]
    """Services that are not whole, that nothing else needs, and of which nobody says who uses them: `users` leaves theirs out."""
    services: tuple[ServiceNow, ...]
    """Services that are not whole now, the worst first."""
    n_services: int
    runs_out: tuple[RunsOut, ...]
    """What runs out within 7 days and takes services down, the next first."""
    reserves: tuple[ReserveNow, ...]
    repairs: tuple[RepairNow, ...]
    remaining: Remaining | None
    """Until all services are whole; None without a basis, or if all are."""
    is_estimated: bool
    """Whether enough trials agree with what people say."""
    at_risk: tuple[tuple[str, float], ...]
    """Services that are whole now, and the chance that they go too; the likeliest first."""
    lost_user_minutes: tuple[float, float, float] | None
    """P20, P50 and P90 of what users lose from now on; infinite where what they use never comes back."""
    actions: tuple[ActionNow, ...]
    """What helps, the most helpful first."""
    unit: Literal["user-minutes", "service-minutes"]
    """What actions save."""
    window_ms: int
    """Until when savings are counted."""
    n_tried: int
    n_untried: int
    """Actions that nobody had the time to try."""
    channels: tuple[ChannelNow, ...]
    again: tuple[AgainNow, ...]
    chance_again: float
    """Of at least one of these within 30 days, as far as rates are known."""
    deadlocks: tuple[tuple[str, ...], ...]
    """What will wait for one another to start or to be repaired (S5.3) if nobody acts, by the medians: a circle each."""
    notes: tuple[str, ...]
    """What the reader should know, a sentence each."""
    guesses: Mapping[str, str]
    """What is not certain among what this rests on, by component."""
    warnings: tuple[Problem, ...] = ()
    rests: Rests | None = None
    """Which share of what is lost by the medians rests on guesses and on observation; None where all of the system is declared."""

    def clock(self, at_ms: int) -> datetime:
        """Return the clock time of `at_ms`."""
        return self.starts + timedelta(milliseconds=at_ms)
