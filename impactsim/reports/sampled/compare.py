"""Scenarios compared on common luck: the differences from the first, trial by trial, each with its own interval.

Trial i of one scenario and trial i of another have drawn the same for all that they have in common (S9.1). So what they share
cancels in the difference, and its interval is much narrower than those of the two figures. The differences are the only
figures that are worked out here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.reports.compare import Key, numbered
from impactsim.reports.sampled.rests import rests_of_trials
from impactsim.trials.estimates import Chance, Estimate, chance_of, difference_of, estimate_of
from impactsim.trials.gather import Gathered

if TYPE_CHECKING:
    from impactsim.rests.shares import Rests

Floats = NDArray[np.float64]

USER_FIGURES = ("affected", "peak", "lost_user_minutes")
BOUNDS = ("low", "estimate", "high")
RESTORED: Key = ("restored_ms", "", "")
NOT_RESTORED: Key = ("p_not_restored", "", "")

_FEWEST_FOR_INTERVAL = 2


class Verdict(Enum):
    """What the trials say of a difference; less is better of all figures that are compared."""

    SAME = "the same in each trial"
    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "no difference that the trials could tell"


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a figure exceeds that of the first scenario, trial by trial."""

    by: Estimate
    """Infinite if in some trial the figure is infinite and that of the first is not."""
    less: Chance
    """In which share of the trials it is less than that of the first."""
    more: Chance
    """In which share it is more."""

    @property
    def verdict(self) -> Verdict:
        """Whether it is a difference at all: one whose interval does not hold 0."""
        if self.less.p == self.more.p == 0.0:
            return Verdict.SAME
        if self.by.n < _FEWEST_FOR_INTERVAL:
            return Verdict.UNCLEAR
        low, high = self.by.low, self.by.high
        if not (math.isfinite(low) and math.isfinite(high)):
            # A mean says nothing here. Is it less more often than more? (The sign test, with Wilson's interval.)
            less, more = round(self.less.p * self.by.n), round(self.more.p * self.by.n)
            chance = chance_of(less, less + more)
            low, high = 0.5 - chance.high, 0.5 - chance.low
        return Verdict.BETTER if high < 0.0 else Verdict.WORSE if low > 0.0 else Verdict.UNCLEAR


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of one scenario."""

    value: Estimate
    difference: Difference | None
    """None of the first scenario, and where the first has no such figure."""


@dataclass(frozen=True, slots=True)
class ComparedScenario:
    """A scenario beside the others."""

    label: str
    system: str
    has_users: bool
    has_estimate: bool
    """Whether the numbers of users have an estimate, or bounds only (S6.5)."""
    not_restored: Chance
    """Were services not whole at the end?"""
    figures: dict[Key, Compared]
    """By figure, whose it is, and which bound of it, as `compare.figures_of` does; time down of all services."""
    rests: Rests | None = None
    """Which share rests on guesses and on observation; None where nobody guessed and all of it is declared, or nothing was affected."""


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """Several scenarios on common luck; the first is what the others are compared with."""

    n_trials: int
    n_asked: int
    is_complete: bool
    """False if somebody interrupted: then only trials that all scenarios have run are compared."""
    seed: int
    scenarios: tuple[ComparedScenario, ...]
    service_names: dict[str, str]
    """Names for people of all services, by id."""


@dataclass(frozen=True, slots=True)
class TrialByTrial:
    """The figures of a scenario that are compared, in each trial."""

    scenario: str
    system: str
    has_users: bool
    has_estimate: bool
    users: Floats
    """Affected, peak, lost user-minutes: low, estimate and high of each; shape (n, 9)."""
    restored_ms: Floats
    """Infinite where services were not whole by the end; shape (n,)."""
    services: dict[str, str]
    """Names of all services, by id."""
    down_ms: dict[str, ArrayLike]
    """Of those services that were down in any trial, shape (n,) each."""
    rests: Rests | None = None
    """What it rests on, of all its trials."""

    def figures(self, n: int) -> Iterator[tuple[Key, Floats]]:
        """Return the figures of the first `n` trials, one after the other."""
        bounds = (each for figure in USER_FIGURES for each in ((figure, "", bound) for bound in BOUNDS))
        for i, key in enumerate(bounds):
            if self.has_users and (self.has_estimate or key[2] != "estimate"):
                yield key, self.users[:n, i]
        yield RESTORED, self.restored_ms[:n]
        yield NOT_RESTORED, np.isinf(self.restored_ms[:n]).astype(np.float64)
        never = np.zeros(n)
        for service in self.services:
            yield ("down_ms", service, ""), np.asarray(self.down_ms.get(service, never), np.float64)[:n]


def trial_by_trial(scenario: Scenario, system: System, ids: Sequence[str], gathered: Gathered) -> TrialByTrial:
    """Return what a scenario's trials left, with names.

    Parameters
    ----------
    scenario
        The scenario.
    system
        The system with the scenario's changes.
    ids
        Of the components by their numbers.
    gathered
        What the trials left; it must have kept the services.
    """
    assert gathered.keeps_services, "time down trial by trial"
    n, audience = gathered.n, gathered.job.audience
    restored_ms = gathered.restored_ms[:n].astype(np.float64)
    restored_ms[restored_ms < 0] = math.inf
    return TrialByTrial(
        scenario=scenario.name,
        system=system.name,
        has_users=len(audience.group_count) > 0,
        has_estimate=not any(audience.group_is_population),
        users=gathered.figures[:n],
        restored_ms=restored_ms,
        services={name: each.name or name for name, each in system.components.items() if each.kind == "service"},
        down_ms={ids[component]: down_ms[:n] for component, down_ms in gathered.service_down_ms.items()},
        rests=rests_of_trials(system, scenario, ids, gathered),
    )


def compare_trials(runs: Sequence[TrialByTrial], seed: int, n_asked: int, is_complete: bool = True) -> ComparisonFacts:
    """Compare scenarios that were run with one seed.

    Parameters
    ----------
    runs
        At least one, the first of which the others are compared with.
    seed
        Of all of them.
    n_asked
        How many trials were asked for.
    is_complete
        Whether all were run.

    Returns
    -------
    ComparisonFacts
        Of the trials that all of them have.
    """
    n = min(len(each.restored_ms) for each in runs)
    labels = numbered([each.scenario for each in runs])
    first = dict(runs[0].figures(n)) if len(runs) > 1 else {}
    scenarios = (
        _compared(each, label, first if i else {}, n) for i, (each, label) in enumerate(zip(runs, labels, strict=True))
    )
    names = {name: text for each in reversed(runs) for name, text in each.services.items()}
    in_order = dict.fromkeys(name for each in runs for name in each.services)
    return ComparisonFacts(
        n_trials=n,
        n_asked=n_asked,
        is_complete=is_complete,
        seed=seed,
        scenarios=tuple(scenarios),
        service_names={name: names[name] for name in in_order},
    )


def _compared(run: TrialByTrial, label: str, first: dict[Key, Floats], n: int) -> ComparedScenario:
    figures = {
        key: Compared(estimate_of(values, floor=0.0), _difference(values, first[key]) if key in first else None)
        for key, values in run.figures(n)
    }
    not_restored = chance_of(int(np.isinf(run.restored_ms[:n]).sum()), n)
    return ComparedScenario(label, run.system, run.has_users, run.has_estimate, not_restored, figures, run.rests)


def _difference(values: Floats, first: Floats) -> Difference:
    n = len(values)
    less, more = (chance_of(int(np.count_nonzero(each)), n) for each in (values < first, values > first))
    return Difference(difference_of(values, first), less, more)
