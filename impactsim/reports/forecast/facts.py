"""What a forecast says, with names: each figure of a year with its distribution, each chance with its interval.

Knows names, milliseconds and numbers of people; nothing of arrays, streams and blocks. Renderers read this and compute nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from impactsim.problems import Problem
from impactsim.reports.sampled.facts import SampledPeople, Target
from impactsim.trials.estimates import Chance, Estimate

if TYPE_CHECKING:
    from impactsim.rests.shares import Rests


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over the years, with an interval of 95 %."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ForecastService:
    """A service in a year. Years in which it stayed whole count as 0."""

    id: str
    name: str
    availability: Mean
    """Share of the year in which it is not down."""
    degraded: Mean
    """Share of the year in which it is up, and below full level."""
    down: Chance
    """Does a year have any outage of it?"""
    outages: Estimate
    """How often it goes down in a year."""
    down_ms: Estimate
    degraded_ms: Estimate
    longest_ms: Estimate
    """Longest time of the year without a break below its minimum level (mbco)."""
    rto: Target | None
    """Is its recovery time objective missed in a year?"""
    mtpd: Target | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a component, or a common cause, costs in a year: what goes back to its failures."""

    id: str
    name: str
    is_common_cause: bool
    per_year: float | None
    """How often it fails, as the system says or as follows from its probability; None if it fails for whole years."""
    down_all_year: float
    """Probability that it is down for the whole year; 0 if it fails at a rate."""
    lost_user_minutes: Mean
    lost_share: float | None
    """Share of all lost user-minutes that can be traced back; None if there are none. The shares sum up to 1."""
    down_ms: Mean
    """Time down of all services together."""
    down_share: float | None


@dataclass(frozen=True, slots=True)
class ServiceSaved:
    """What a change saves of a service in a year; below 0 what it adds."""

    down_ms: Mean
    outages: Mean


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a change buys: figures of today less those with the change, year by year on the same luck."""

    name: str
    file: str
    n_years: int
    """How many years were compared."""
    lost_user_minutes: Estimate
    """User-minutes saved in a year; below 0 where it makes things worse."""
    lost_share: float | None
    """Of those lost today; None if there are none."""
    down_ms: Estimate
    """Time down of all services together saved in a year."""
    services: dict[str, ServiceSaved]
    """By id: the services that there are with the change as well."""
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ForecastFacts:
    """All that the years of a system say."""

    system: str
    seed: int
    n_years: int
    n_asked: int
    """How many years were asked for, at most."""
    is_complete: bool
    """False if somebody interrupted."""
    precision: float | None
    """Half width of the interval of the headline figure that was asked for, as a share of its mean."""
    reached: float
    """That half width as it is."""
    starts: datetime
    """When the year begins that is counted."""
    run_in_ms: int
    year_ms: int
    services: dict[str, ForecastService]
    """All services, in the order of the file."""
    has_users: bool
    lost_user_minutes: SampledPeople
    """In a year."""
    down_ms: Estimate
    """Time down of all services together in a year."""
    budget: tuple[Cost, ...]
    """What costs anything, the largest share of the headline figure first."""
    untraced: float
    """Share of the headline figure that goes back to no failure, such as standbys that did not start by themselves."""
    never: tuple[str, ...]
    """Ids of the components that never fail by themselves here, because the system does not say how often they do."""
    n_components: int
    changes: tuple[WhatIf, ...]
    """What buys most comes first."""
    names: dict[str, str]
    """Names for people of all components and common causes, by id."""
    notes: tuple[str, ...]
    """What else the reader must know about the figures."""
    guesses: dict[str, str]
    """What is not certain about what fails: guessed figures and typical values."""
    sources: dict[str, str]
    warnings: tuple[Problem, ...]
    rests: Rests | None = None
    """Which share rests on guesses and on observation; None where nobody guessed and all of it is declared, or nothing is lost."""
