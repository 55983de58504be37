"""What many trials say, with names: each figure with its distribution, each chance with its interval.

Knows names, milliseconds and numbers of people; nothing of arrays, streams and blocks. Renderers read this and compute nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from impactsim.problems import Problem
from impactsim.trials.estimates import Chance, Estimate

if TYPE_CHECKING:
    from impactsim.rests.shares import Rests


@dataclass(frozen=True, slots=True)
class Target:
    """A recovery time that a component is to hold, and whether it does."""

    limit_ms: int
    missed: Chance
    """In which share of the trials it took longer. What is not back at the end of a run that had no horizon took longer."""


@dataclass(frozen=True, slots=True)
class SampledComponent:
    """A component over all trials. Times count the trials in which it stayed whole as 0."""

    id: str
    name: str
    kind: str
    down: Chance
    """Was it down at any time?"""
    affected: Chance
    """Was it below full level at any time?"""
    not_restored: Chance
    """Was it below full level at the end?"""
    down_ms: Estimate
    degraded_ms: Estimate
    longest_ms: Estimate
    """Longest time without a break below its minimum level (mbco)."""
    rto: Target | None
    mtpd: Target | None


@dataclass(frozen=True, slots=True)
class SampledData:
    """Data of a destroyed component over all trials."""

    id: str
    name: str
    loss_ms: Estimate | None
    """Age of the copy that was taken, in those trials in which one was; None if in no trial."""
    lost_for_good: Chance
    not_begun: Chance
    """No copy could be had by the end."""
    rpo: Target | None
    """Lost more than the recovery point objective, or all."""


@dataclass(frozen=True, slots=True)
class SampledPeople:
    """A number of people, or of user-minutes, over all trials: bounds and estimate as for one run (S6.2)."""

    low: Estimate
    estimate: Estimate | None
    """Missing where only counts per service are known (S6.5)."""
    high: Estimate


@dataclass(frozen=True, slots=True)
class SampledUsers:
    """What becomes of users over all trials, of a segment or of all together."""

    affected: SampledPeople
    peak: SampledPeople | None
    """None for a segment, whose peak is its affected users."""
    lost_user_minutes: SampledPeople
    out_ms: SampledPeople | None
    """None for all together."""


@dataclass(frozen=True, slots=True)
class Driver:
    """An uncertain quantity that explains a share of the variance of the headline figure by itself."""

    name: str
    """Its full name, such as ``components.checkout.restart``."""
    owner: str
    """Id of the component, common cause or segment that it belongs to."""
    field: str
    """What it is, for people: ``time to restore``."""
    share: float
    """First-order (Sobol) index."""
    standard_error: float


@dataclass(frozen=True, slots=True)
class Example:
    """A trial that stands for others."""

    stands_for: Literal["median", "p90", "worst"]
    trial: int


@dataclass(frozen=True, slots=True)
class SampledFacts:
    """All that many trials of a scenario say."""

    system: str
    scenario: str
    starts: datetime | None
    seed: int
    n_trials: int
    """How many trials were done."""
    n_asked: int
    """How many were asked for, at most."""
    is_complete: bool
    """False if somebody interrupted."""
    precision: float | None
    """Half width of the interval of the headline figure that was asked for, as a share of its mean."""
    reached: float
    """That half width as it is."""
    end_ms: Estimate
    """When the runs ended."""
    restored_ms: Estimate
    """When all services were whole again; infinite in the trials in which they were not by the end."""
    not_restored: Chance
    """Were services not whole at the end?"""
    undisturbed: Chance
    """Did nothing become of it for any service?"""
    components: dict[str, SampledComponent]
    """All components that were affected in any trial, in the order of the file."""
    n_components: int
    """How many there are in all."""
    services: tuple[str, ...]
    """Ids of all services."""
    data: dict[str, SampledData]
    users: SampledUsers
    segments: dict[str, SampledUsers]
    segment_names: dict[str, str]
    people: float | None
    """How many users there are in all, if that is known."""
    has_users: bool
    n_uncertain: int
    """How many uncertain quantities had a part in it."""
    drivers: tuple[Driver, ...]
    """What drives the spread of the headline figure, the largest share first; only what is more than chance."""
    drivers_of: str
    """The headline figure: ``lost user-minutes`` or, without users, ``time until all services are restored``."""
    guesses: dict[str, str]
    """What is not certain about the components that the result rests on (typical values, guessed needs)."""
    sources: dict[str, str]
    warnings: tuple[Problem, ...]
    worth_a_look: tuple[Example, ...] = ()
    """Trials to look at alone, by the headline figure; none that is as good as the best."""
    rests: Rests | None = None
    """Which share rests on guesses and on observation; None where nobody guessed and all of it is declared, or nothing was affected."""

    @property
    def is_certain(self) -> bool:
        """Whether nothing was uncertain, so that each trial gives the same."""
        return self.n_uncertain == 0
