"""What a run says, with names: every figure that any report prints, each worked out once.

A renderer turns these into text, JSON, tables or pictures, and computes nothing. Integers become names in
``assemble.py`` beside this file, and nowhere else. Times are milliseconds from the start of the scenario, levels and
shares are in [0, 1].
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from impactsim.engine.users import Affected
from impactsim.problems import Problem

if TYPE_CHECKING:
    from impactsim.model.system import Purpose  # the classes of the model take as long as all else that --help needs
    from impactsim.rests.shares import Rests

ReserveKind = Literal["holdover", "standby", "quorum"]
JobStatus = Literal["at work", "held up", "waits for its crew", "waits for a copy", "lost for good"]
MomentKind = Literal[
    "event", "action", "step", "repaired", "lost", "held up", "down", "degraded", "reserve", "improved", "up"
]
LinkKind = Literal["fault", "need", "restart", "stop", "catch-up", "unknown"]


@dataclass(frozen=True, slots=True)
class Link:
    """One step of an explanation: why a component is not up."""

    component: str
    kind: LinkKind
    """What holds it down: a fault of its own, an unmet need, its restart, somebody who stopped it, its backlog."""
    text: str
    """The same in words, such as ``needs dc-east or dc-west`` or ``failed``; no full stop."""
    at_ms: int
    """Since when its level has been what it is."""
    level: float
    """Its level then."""


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """Why a component's level changed; explanations share what they have in common."""

    link: Link
    """The change itself."""
    cause: Why | None = field(repr=False)
    """Why what decided it was not up; None if nothing stands behind it."""

    @property
    def at_ms(self) -> int:
        """When the level changed."""
        return self.link.at_ms

    @property
    def level(self) -> float:
        """The level from then on; 1 means that it is up again, and the chain says what it had waited for."""
        return self.link.level

    @property
    def chain(self) -> tuple[Link, ...]:
        """All links, from the component itself to what failed first."""
        links = []
        why: Why | None = self
        while why is not None:
            links.append(why.link)
            why = why.cause
        return tuple(links)

    @property
    def because(self) -> tuple[str, ...]:
        """Ids from what decided it directly to what failed first; the component itself if the fault was its own."""
        chain = self.chain
        return tuple(link.component for link in chain[1:]) or (self.link.component,)


@dataclass(frozen=True, slots=True)
class Reserve:
    """A time in which a component was kept up by something that does not last, or that cannot be lost too (S3.8)."""

    from_ms: int
    to_ms: int
    by: ReserveKind
    of: tuple[str, ...]
    """What was lost and is hidden or replaced by the reserve."""
    on: tuple[str, ...]
    """What carried it: the standby, or the members that are left; empty for a holdover."""
    until_ms: int | None
    """When it would have been used up at the latest; None if it has no limit."""
    need: int | None = None
    """Place of the need in the component's list; None for the need that ``at`` stands for."""
    purpose: Purpose = "run"
    """What the need is for; only a reserve of a need to run or to stay up keeps the component up."""
    is_open: bool = False
    """Did it go on when the run ended?"""


@dataclass(frozen=True, slots=True)
class Phase:
    """What the repair of a fault did for a while."""

    from_ms: int
    to_ms: int
    status: JobStatus
    waits_for: tuple[str, ...]
    """What is down and holds it up: the members of a need to repair, or the places of copies."""


@dataclass(frozen=True, slots=True)
class Repair:
    """The repair of one fault."""

    component: str
    began_ms: int
    ended_ms: int | None
    """None if it had not ended when the run did."""
    phases: tuple[Phase, ...]
    is_restore: bool = False
    """Is it the restore of destroyed data from a copy?"""


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    """What became of a component."""

    id: str
    name: str
    kind: str
    levels: tuple[tuple[int, float], ...]
    """(at_ms, level), from 0; one entry for each change."""
    down_ms: int
    degraded_ms: int
    restored: bool
    """Is it up at the end?"""
    why: tuple[Why, ...] = ()
    """One for each change of level after the first entry, and for the first if it is below 1."""
    reserve: tuple[Reserve, ...] = ()

    @property
    def was_affected(self) -> bool:
        """Whether it was ever below 1."""
        return self.down_ms > 0 or self.degraded_ms > 0 or any(level < 1.0 for _, level in self.levels)


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What became of data that was destroyed."""

    lost_for_good: bool
    loss_ms: int | None
    """How much is lost, as a time back from the fault; None while no copy was found, or if all is lost."""


@dataclass(frozen=True, slots=True)
class DeadlockFacts:
    """Components that wait for one another, and the smallest sets of actions that would break that."""

    circle: tuple[str, ...]
    break_with: tuple[dict[str, tuple[str, ...]], ...]
    """Each with ``start`` and ``repair``, as far as they are needed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on the time line."""

    at_ms: int
    what: MomentKind
    components: tuple[str, ...]
    text: str
    """In words, without the time, such as ``checkout, search down: dc-east has no power``."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that one run says."""

    system: str
    scenario: str
    starts: datetime | None
    seed: int
    end_ms: int
    is_over: bool
    """Nothing was under way any more at the end."""
    has_horizon: bool
    components: dict[str, ComponentFacts]
    """All components, in the order of the file."""
    services: tuple[str, ...]
    """Ids of the components of kind service."""
    repairs: tuple[Repair, ...]
    data: dict[str, DataFacts]
    deadlocks: tuple[DeadlockFacts, ...]
    segments: dict[str, Affected]
    """Segments by id; where only counts per service are known, all users under the id ``population``."""
    users: Affected
    """All users together."""
    has_users: bool
    """Whether the system says anything about users."""
    moments: tuple[Moment, ...]
    """The time line."""
    unaffected: dict[str, str]
    """Services that were never below 1 although something that they need was, and why not, in words."""
    guesses: dict[str, str]
    """Facts that the result rests on and that are not certain, by component: ``guessed`` or ``observed``."""
    sources: dict[str, str]
    """Where the figures of the affected components come from, by id."""
    warnings: tuple[Problem, ...]
    people: float | None = None
    """How many users there are in all; None where that is not known."""
    segment_names: dict[str, str] = field(default_factory=dict)
    """Names for people of segments."""
    trial: int | None = None
    """Which one of many trials it was; None if it took the median of all that is uncertain."""
    rests: Rests | None = None
    """Which share rests on guesses and on observation; None where nobody guessed and all of it is declared, or nothing was affected."""

    @property
    def title(self) -> str:
        """Name of the scenario, with the trial if it is one."""
        return self.scenario if self.trial is None else f"{self.scenario}, trial {self.trial} of seed {self.seed}"

    def clock(self, at_ms: int) -> datetime | None:
        """Return the clock time of `at_ms`, if the scenario has a start."""
        return None if self.starts is None else self.starts + timedelta(milliseconds=at_ms)
