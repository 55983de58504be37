"""What a tabletop pack says: the injects in order of time, who takes part, what is expected, and how it is scored.

Times are in milliseconds from the start of the scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from impactsim.review.facts import PlanFinding

InjectKind = Literal["down", "degraded", "supplier", "known", "held up", "backup", "absent", "done", "back"]
"""What an inject tells: something fails, works in part, a supplier speaks, the cause is known, a step cannot go on, a backup fails
too, somebody cannot be reached, a step is done, a service is back."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A role in the exercise."""

    role: str
    """Its id in the plan."""
    name: str
    people: tuple[str, ...]
    """Who can fill it, the first choice first."""
    task: str
    """What the plan asks of it here, as one sentence without a full stop."""


@dataclass(frozen=True, slots=True)
class Inject:
    """Something that participants are told at a time."""

    number: int
    """From 1."""
    at_ms: int
    """When they are told."""
    kind: InjectKind
    by: str
    """Who reports it: ``customers``, ``monitoring``, ``site staff``, a supplier."""
    text: str
    """What is seen; a symptom, never a cause that nobody can know yet. One sentence without a full stop."""
    behind: str
    """What is behind it and since when, for the facilitator alone; without a full stop."""
    expected: tuple[str, ...]
    """What participants should do now, each without a full stop."""
    questions: tuple[str, ...]
    """What to ask them."""
    is_surprise: bool = False
    components: tuple[str, ...] = ()
    """Ids of what it tells about."""


@dataclass(frozen=True, slots=True)
class CourseStep:
    """A step of the plan as the run has it."""

    id: str
    name: str
    people: tuple[tuple[str, str], ...]
    """(role, person)."""
    begins_ms: int | None
    """None if the work never begins."""
    ends_ms: int | None
    """None if it does not end in the run."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """What goes wrong beyond the outage itself."""

    kind: Literal["held up", "backup", "absent"]
    at_ms: int
    text: str
    """What is seen of it, as one sentence without a full stop."""
    behind: str
    """Why it is so, for the facilitator; without a full stop."""
    components: tuple[str, ...] = ()
    step: str = ""
    """Id of the step that it hits; empty if none."""
    is_made: bool = False
    """Added to the run by hand, since the run has none."""


@dataclass(frozen=True, slots=True)
class DraftNotice:
    """What customers could be told."""

    state: str
    language: str
    text: str


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
    injects: tuple[Inject, ...]
    surprises: tuple[Surprise, ...]
    steps: tuple[CourseStep, ...]
    """Those that the scenario calls for, in the order of their beginning."""
    detected_ms: int | None
    declared_ms: int | None
    questions: tuple[str, ...]
    """To ask at the end."""
    drafts: tuple[DraftNotice, ...]
    no_drafts: str
    """Why there is no draft notice, or not all of them; empty if all are there."""
    findings: tuple[PlanFinding, ...]
    """What the review found of this, and an exercise should find too; the worst first."""
    criteria: tuple[Criterion, ...]
