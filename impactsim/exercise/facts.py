"""What a tabletop pack says: the injects in order of time, who takes part, what is expected, and how it is scored.

Times are in milliseconds from the start of the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from impactsim.model.fields import Target
from impactsim.review.facts import PlanFinding

MessageKind = Literal[
    "seen", "down", "degraded", "reserve", "supplier", "known", "asked", "held up", "backup", "absent", "done", "partly", "back",
    "close",
]  # fmt: skip
"""What a message tells: somebody on site sees it happen, something fails, works in part, lives on what does not last, a supplier speaks,
the cause is known, the owner of a service asks, a step cannot go on, a backup fails too, somebody cannot be reached, a step is done,
a service works again in part, a service is back, it is over."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A role in the exercise."""

    role: str
    """Its id in the plan."""
    name: str
    people: tuple[str, ...]
    """Who can fill it, the first choice first."""
    task: str
    """What the plan asks of it here, as one sentence without a full stop; empty if nothing."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody says at a time; participants hear it as it stands."""

    at_ms: int
    """When it is said."""
    kind: MessageKind
    by: str
    """Who says it: ``customers``, ``monitoring``, ``site staff``, a supplier, a person of the plan."""
    how: str
    """How it is heard: ``in person``, ``through Mail``, ``on social media``."""
    text: str
    """What is said: a symptom, never a cause that nobody can know yet. Whole sentences."""
    behind: str = ""
    """What is behind it and since when, for the facilitator alone; without a full stop, empty if nothing."""
    through: str = ""
    """Id of the channel or tool that carries it, which is up at that time; empty where it needs none of the system."""
    components: tuple[str, ...] = ()
    """Ids of what it tells about."""
    step: str = ""
    """Id of the step that it tells about; empty if none."""
    is_surprise: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask."""

    role: str
    """Whom to ask: the name of a role, or ``all``."""
    text: str


@dataclass(frozen=True, slots=True)
class Inject:
    """What participants are told at a time, and what the facilitator does with it."""

    number: int
    """From 1."""
    at_ms: int
    """When it is told: no message in it is later."""
    title: str
    """What it is about, for the facilitator."""
    messages: tuple[Message, ...]
    """In order of time."""
    expected: tuple[str, ...]
    """What participants should do until the next one, each without a full stop."""
    decisions: tuple[str, ...]
    """What has to be decided now, each without a full stop."""
    questions: tuple[Question, ...]
    """None of them was asked with an earlier inject."""
    minutes: int = 5
    """How long to talk about it at the table, as a proposal."""
    works: tuple[str, ...] = ()
    """Ids of the channels that are up at that time."""
    fails: tuple[str, ...] = ()
    """Ids of those that are not."""

    @property
    def is_surprise(self) -> bool:
        """Whether it tells what goes wrong beyond the outage itself."""
        return any(each.is_surprise for each in self.messages)


@dataclass(frozen=True, slots=True)
class CourseStep:
    """A step of the plan as the run has it."""

    id: str
    name: str
    people: tuple[tuple[str, str], ...]
    """(role, person); after somebody turned out to be missing, who the plan has in their place and is free."""
    begins_ms: int | None
    """None if the work never begins."""
    ends_ms: int | None
    """None if it does not end in the run."""
    is_critical: bool = False
    """Is it on the critical path of a service that misses or nearly misses its target, or of the last one to come back?"""
    due_ms: int | None = None
    """When people have to see to it: when what has to be ordered is ordered, else when the work begins. None if never."""
    missing: tuple[str, ...] = ()
    """Who was to do it and cannot be reached."""
    fails: str = ""
    """Why it comes to nothing although people work on it, as a clause; empty if it does not."""


@dataclass(frozen=True, slots=True)
class CourseService:
    """A service of the plan as the run has it."""

    id: str
    name: str
    owner: str
    """Who answers for it; empty if the plan does not say."""
    target: Target | None
    """Its target RTO."""
    fails_ms: int
    """When it is below its minimum level for the first time."""
    back_ms: int | None
    """When it is at its minimum level for good; None if never."""

    @property
    def deadline_ms(self) -> int | None:
        """When its target has passed; None without one."""
        return self.fails_ms + self.target if isinstance(self.target, int) else None

    @property
    def is_late(self) -> bool:
        """Whether it is not back when its target has passed."""
        return self.deadline_ms is not None and (self.back_ms is None or self.back_ms > self.deadline_ms)


@dataclass(frozen=True, slots=True)
class Surprise:
    """What goes wrong beyond the outage itself."""

    kind: Literal["held up", "backup", "absent"]
    at_ms: int
    text: str
    """What it is, as one sentence without a full stop."""
    behind: str
    """Why it is so, for the facilitator; without a full stop."""
    components: tuple[str, ...] = ()
    step: str = ""
    """Id of the step that it hits; empty if none."""
    person: str = ""
    """Who cannot be reached; empty where it is not about somebody."""
    is_made: bool = False
    """Added to the run by hand, since the run has none."""
    by: str = ""
    """Who notices it; empty if nobody in particular."""
    said: str = ""
    """What participants hear: whole sentences, and no cause."""
    source: str = ""
    """Where the run has it: which trial, which step, which need; without a full stop."""
    hurts: str = ""
    """Whom it hurts; without a full stop, empty if nothing is known."""


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """What the review found of this, and an exercise should find too."""

    finding: PlanFinding
    injects: tuple[int, ...]
    """Numbers of the injects that can show it; empty where it shows in none in particular."""


@dataclass(frozen=True, slots=True)
class DraftNotice:
    """What customers could be told."""

    state: str
    language: str
    text: str
    at_ms: int = 0
    """For when it is written."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of the scoring sheet."""

    text: str
    """What is judged, as a claim."""
    none: str
    """What 0 points mean."""
    part: str
    """What 1 point means."""
    full: str
    """What 2 points mean."""


@dataclass(frozen=True, slots=True)
class ExerciseFacts:
    """All that one tabletop pack says."""

    plan: str
    system: str
    scenario: str
    """Its name; it may say the cause, and so stands in no part for participants."""
    file: str
    """File of the scenario."""
    starts: datetime | None
    """Clock time of the start, if the scenario says it."""
    trial: int | None
    """Which one of the trials it was made of; None: the medians."""
    seed: int
    as_of: date
    """The day for which the review counts ages."""
    version: str
    end_ms: int
    """When the last of what is told happens."""
    aims: tuple[str, ...]
    participants: tuple[Participant, ...]
    """All roles of the plan: those that the scenario calls for first, the others without a task."""
    injects: tuple[Inject, ...]
    surprises: tuple[Surprise, ...]
    steps: tuple[CourseStep, ...]
    """Those that the scenario calls for, in the order of their beginning."""
    services: tuple[CourseService, ...]
    """Those of the plan that fall below their minimum level in the run."""
    detected_ms: int | None
    declared_ms: int | None
    questions: tuple[str, ...]
    """To ask at the end."""
    drafts: tuple[DraftNotice, ...]
    no_drafts: str
    """Why there is no draft notice, or not all of them; empty if all are there."""
    findings: tuple[ExpectedFinding, ...]
    """The worst first."""
    criteria: tuple[Criterion, ...]
    assumptions: tuple[str, ...]
    """What the pack takes for granted, each without a full stop."""
    left_open: tuple[str, ...]
    """What is not told on purpose, each without a full stop."""
    names: dict[str, str]
    """Names of the channels that stand in the injects, by id."""
