"""What the brute-force automaton keeps: components as they stand, faults, jobs of others, what it writes down."""

from __future__ import annotations

from dataclasses import dataclass, field

from agreement.brute_needs import NeedState, median_ms, needs_of
from impactsim.model.system import Copy, Crew, System


@dataclass(eq=False)
class Fault:
    """A fault that is present."""

    component: str
    began: int
    order: int
    level: float
    clears_at: int | None = None
    steps: list[tuple[int, float]] = field(default_factory=list)
    work: int | None = None
    """Work that is left; None where no job would ever clear it or no copy is taken."""
    is_destruction: bool = False
    copy: Copy | None = None
    is_lost: bool = False
    has_member: bool = False
    """Whether a member of the crew is on the job."""
    is_worked_on: bool = False

    @property
    def is_job(self) -> bool:
        """Tell whether work clears it: known work, or a destruction that is not lost for good."""
        return self.work is not None or (self.is_destruction and not self.is_lost)


@dataclass(eq=False)
class OthersJob:
    """A job of others that waits for a crew, or that a member is on (S5.5.1)."""

    work: int
    """Work that is left."""
    has_member: bool = False


@dataclass
class ReserveInterval:
    """A time that a need spent on reserve (S3.8)."""

    need: int
    from_ms: int
    to_ms: int | None
    """None while it lasts at the end of the run."""
    by: str
    """holdover, standby or last."""
    member: str | None
    until: int | None


@dataclass
class Snapshot:
    """What holds from the end of an instant on."""

    at_ms: int
    levels: dict[str, float]
    workarounds: dict[tuple[str, int], bool]
    """Whether the needs of each workaround (service, index) are met."""


class State:
    """A component as it stands."""

    def __init__(self, name: str, system: System) -> None:
        self.words = system.components[name]
        self.needs = needs_of(self.words, system)
        self.mode = "running"
        self.start_end = 0
        self.is_forced = False
        """Started by an action, without the needs to start."""
        self.is_held = False
        """Stopped by an action."""
        self.down_since: int | None = None
        self.catch_up_end: int | None = None
        self.backlog = 0
        """What remained of a catch-up when it went down."""

    def needs_to(self, *purposes: str) -> list[NeedState]:
        """Return the needs of these purposes."""
        return [need for need in self.needs if need.purpose in purposes]


def jobs_of_others(crew: Crew) -> list[OthersJob]:
    """Return the jobs that wait for a crew when the run begins; each takes a millisecond or more (S5.5.1)."""
    if crew.backlog is None:
        return []
    return [OthersJob(max(1, median_ms(crew.backlog.each))) for _ in range(crew.backlog.jobs)]
