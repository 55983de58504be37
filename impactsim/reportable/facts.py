"""What is said of an outage and the rules of regulators: numbers with names, each computed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from impactsim.problems import Problem
from impactsim.reportable.rules import Deadline, Regime, Rule
from impactsim.trials.estimates import Chance, Estimate

if TYPE_CHECKING:
    from impactsim.rests.shares import Rests

Verdict = Literal["met", "likely", "possible", "not met on modelled criteria", "to be assessed"]

MET, LIKELY, POSSIBLE = 0.95, 0.5, 0.05
"""From which probability on a verdict is given."""


@dataclass(frozen=True, slots=True)
class Probability:
    """In which share of the trials something holds, by the estimated numbers of people and by their bounds."""

    estimate: Chance
    low: Chance
    """By the low numbers of people."""
    high: Chance
    """By the high numbers of people."""

    @property
    def has_range(self) -> bool:
        """Whether the numbers of people matter."""
        return self.low.p != self.high.p


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """One rule of a regime."""

    rule: Rule
    probability: Probability | None
    """How likely it is met; None where it is not seen."""
    value: Estimate | None
    """What was measured, by the estimated numbers of people; None of a flag."""
    limit: float | None
    """Its limit in the same unit: the median over the trials."""
    first_ms: Estimate | None
    """How long after the first loss it is met; infinite where never."""

    @property
    def is_seen(self) -> bool:
        """Whether the model can tell, or a person has said so."""
        return self.probability is not None

    @property
    def margin(self) -> float | None:
        """How much is left to the limit in the median, in the unit of the rule; below 0 beyond it."""
        return None if self.value is None or self.limit is None else self.limit - self.value.p50


@dataclass(frozen=True, slots=True)
class DeadlineFacts:
    """By when something has to be told."""

    deadline: Deadline
    words: str
    """From what it counts."""
    at_ms: int | None
    """Time from the start of the scenario, where it can be told without a calendar."""
    at: datetime | None
    """Local time, where the scenario has a start."""


@dataclass(frozen=True, slots=True)
class RegimeFacts:
    """One regime."""

    regime: Regime
    verdict: Verdict
    probability: Probability
    if_unseen: Chance
    """How likely it is met if all held that nobody can tell."""
    first_ms: Estimate
    """How long after the first loss it is met; infinite where never."""
    criteria: tuple[CriterionFacts, ...]
    deadlines: tuple[DeadlineFacts, ...]
    notes: tuple[str, ...]
    """What to know about these figures, and about the regime."""

    @property
    def caveats(self) -> tuple[str, ...]:
        """Of the notes those about the figures, which nobody should miss."""
        return tuple(note for note in self.notes if note not in self.regime.notes)

    @property
    def unseen(self) -> tuple[CriterionFacts, ...]:
        """The criteria that neither the model sees nor a person has told."""
        return tuple(each for each in self.criteria if not each.is_seen)


@dataclass(frozen=True, slots=True)
class ReportableFacts:
    """Whether a scenario is one that somebody has to be told of."""

    system: str
    scenario: str
    starts: datetime | None
    zone: str
    """Time zone of the deadlines; empty if that is the offset of the start."""
    seed: int
    n_trials: int
    is_certain: bool
    """Whether nothing is uncertain, so that one run says all."""
    services: tuple[str, ...]
    """Names of the services that were looked at."""
    flags: tuple[str, ...]
    """What people said."""
    disturbed: Chance
    """How likely any of the services loses anything."""
    occurrence_ms: int | None
    """When the first service loses something, in the median of the trials in which any does; None if none ever does."""
    awareness_ms: int | None
    """When somebody knows of it."""
    occurrence: datetime | None
    """The same as a local time, where the scenario has a start."""
    awareness: datetime | None
    """The same as a local time."""
    regimes: tuple[RegimeFacts, ...]
    notes: tuple[str, ...]
    """What all figures rest on."""
    warnings: tuple[Problem, ...]
    rests: Rests | None = None
    """Which share of what is lost rests on guesses and on observation; None where all of the system is declared."""
