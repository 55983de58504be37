"""From the trials of a scenario to facts with names.

Figures of groups of users were kept in small units; one that was the same in all trials is exactly that, so that a
scenario of which all is certain says what its single run says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.crowd import has_estimate
from impactsim.engine.reach import reach_of_plan
from impactsim.engine.trials import N_FIGURES
from impactsim.luck import Quantity
from impactsim.model.scenario import Scenario
from impactsim.model.system import System, Targets
from impactsim.problems import Problem
from impactsim.reports.basis import guesses_of, has_users, people_of, sources_of
from impactsim.reports.sampled.facts import (
    Driver,
    Example,
    SampledComponent,
    SampledData,
    SampledFacts,
    SampledPeople,
    SampledUsers,
    Target,
)
from impactsim.reports.sampled.rests import rests_of_trials
from impactsim.trials.estimates import Chance, Estimate, chance_of, estimate_of, estimates_of_things, half_width
from impactsim.trials.gather import Figure, Gathered
from impactsim.trials.jobs import Prepared
from impactsim.trials.sample import headline
from impactsim.trials.sensitivity import MOST_TRIALS, first_order
from impactsim.trials.streams import key_of, uniforms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MOST_STARTS = 8
"""So many starts of a component are asked, one by one, what they explain."""
_LOST, _NO_COPY = -2, -1


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, and whether it was done."""

    n_trials: int
    """How many trials, at most."""
    precision: float | None = None
    """Half width of the interval of the headline figure, as a share of its mean, at which to stop."""
    is_complete: bool = True
    """False if somebody interrupted."""


def assemble_sampled(
    system: System,
    scenario: Scenario,
    prepared: Prepared,
    gathered: Gathered,
    request: Request,
    warnings: Iterable[Problem] = (),
) -> SampledFacts:
    """Work out all that the trials of a scenario say.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario that was run.
    prepared
        The job, and what its numbers stand for.
    gathered
        What the trials left, of at least one.
    request
        What was asked for.
    warnings
        What was doubtful in the files.

    Returns
    -------
    SampledFacts
        The figures of the trials, with names.
    """
    return _Assembly(system, scenario, prepared, gathered).facts(request, tuple(warnings))


class _Assembly:
    def __init__(self, system: System, scenario: Scenario, prepared: Prepared, gathered: Gathered) -> None:
        self.system = system
        self.scenario = scenario
        self.prepared = prepared
        self.job = prepared.job
        self.gathered = gathered
        self.n = gathered.n
        self.ids = prepared.names.components
        self.affected = [int(each) for each in np.flatnonzero(gathered.n_affected)]

    def facts(self, request: Request, warnings: tuple[Problem, ...]) -> SampledFacts:
        restored_ms, end_ms = self.gathered.restored_ms[: self.n], self.gathered.end_ms[: self.n]
        audience, names = self.job.audience, self.prepared.audience_names
        affected = {self.ids[each] for each in self.affected}
        return SampledFacts(
            system=self.system.name,
            scenario=self.scenario.name,
            starts=self.scenario.starts,
            seed=self.scenario.seed,
            n_trials=self.n,
            n_asked=request.n_trials,
            is_complete=request.is_complete,
            precision=request.precision,
            reached=half_width(headline(self.gathered)),
            end_ms=estimate_of(end_ms, floor=0.0),
            restored_ms=estimate_of(np.where(restored_ms < 0, math.inf, restored_ms), floor=0.0),
            not_restored=self._chance(np.count_nonzero(restored_ms < 0)),
            undisturbed=self._chance(np.count_nonzero(restored_ms == 0)),
            components=self._components(),
            n_components=len(self.ids),
            services=tuple(name for name, each in self.system.components.items() if each.kind == "service"),
            data=self._data(),
            users=self._users(),
            segments=self._segments(),
            segment_names={name: each.name or name for name, each in self.system.users.items()},
            people=people_of(self.system, names.groups, audience.group_count),
            has_users=has_users(self.system),
            n_uncertain=len({each.name for each in (*self.job.luck.all(), *self.job.fault_luck)}),
            drivers=self._drivers(),
            drivers_of="lost user-minutes" if audience.group_count else "time until all services are restored",
            guesses=guesses_of(self.system, self.scenario, affected, self._carried(affected)),
            sources=sources_of(self.system, affected),
            warnings=warnings,
            worth_a_look=_examples(self._headline()),
            rests=rests_of_trials(self.system, self.scenario, self.ids, self.gathered),
        )

    def _chance(self, hits: int | np.integer) -> Chance:
        return chance_of(int(hits), self.n)

    # Components and their data.

    def _components(self) -> dict[str, SampledComponent]:
        gathered, found = self.gathered, {}
        figures = (self._estimates(each) for each in (gathered.down, gathered.degraded, gathered.longest))
        for i, down, degraded, longest in zip(self.affected, *figures, strict=True):
            words = self.system.components[self.ids[i]]
            targets = words.targets or Targets()
            found[self.ids[i]] = SampledComponent(
                id=self.ids[i],
                name=words.name or self.ids[i],
                kind=words.kind,
                down=self._chance(gathered.n_down[i]),
                affected=self._chance(gathered.n_affected[i]),
                not_restored=self._chance(gathered.n_not_whole[i]),
                down_ms=down,
                degraded_ms=degraded,
                longest_ms=longest,
                rto=self._target(targets.rto, gathered.n_over_rto[i]),
                mtpd=self._target(targets.mtpd, gathered.n_over_mtpd[i]),
            )
        return found

    def _estimates(self, figure: Figure) -> list[Estimate]:
        return estimates_of_things(figure.moments, figure.sketch, self.n, self.affected)

    def _target(self, limit_ms: int | None, missed: int | np.integer) -> Target | None:
        return None if limit_ms is None else Target(limit_ms, self._chance(missed))

    def _data(self) -> dict[str, SampledData]:
        return {self.ids[i]: self._data_of(i) for i in sorted(self.gathered.losses)}

    def _data_of(self, component: int) -> SampledData:
        """Return what became of the data of a component (S5.6): in each trial the worst of what its faults did to it."""
        nothing = _LOST - 1
        largest, is_lost = np.full(self.n, nothing, np.int64), np.zeros(self.n, bool)
        for trials, loss_ms in self.gathered.losses[component]:
            np.maximum.at(largest, trials, loss_ms)
            is_lost[trials[loss_ms == _LOST]] = True
        words = self.system.components[self.ids[component]]
        rpo_ms = None if words.targets is None else words.targets.rpo
        no_copy = ~is_lost & (largest == _NO_COPY)
        taken = ~is_lost & (largest >= 0)
        rpo = None
        if rpo_ms is not None:
            # What nobody could restore when nothing can change any more never will be; before a horizon, nobody knows.
            never = no_copy if self.scenario.horizon is None else np.zeros(self.n, bool)
            rpo = self._target(rpo_ms, np.count_nonzero(is_lost | never | (taken & (largest > rpo_ms))))
        return SampledData(
            id=self.ids[component],
            name=words.name or self.ids[component],
            loss_ms=estimate_of(largest[taken], floor=0.0) if taken.any() else None,
            lost_for_good=self._chance(np.count_nonzero(is_lost)),
            not_begun=self._chance(np.count_nonzero(no_copy)),
            rpo=rpo,
        )

    # Users.

    def _users(self) -> SampledUsers:
        figures = self.gathered.figures[: self.n]
        columns = [estimate_of(figures[:, i], floor=0.0) for i in range(N_FIGURES)]
        groups = len(self.job.audience.group_count)
        affected, peak, lost = self._people_of(columns, groups)
        return SampledUsers(affected, peak, lost, None)

    def _segments(self) -> dict[str, SampledUsers]:
        columns, found = self._of_groups(), {}
        for group, name in enumerate(self.prepared.audience_names.groups):
            mine = columns[group * N_FIGURES : (group + 1) * N_FIGURES]
            affected, lost, out_ms = self._people_of(mine, group)
            found[name] = SampledUsers(affected, None, lost, out_ms)
        return found

    def _people_of(self, columns: list[Estimate], group: int) -> list[SampledPeople]:
        """Return figures of a group, low, estimate and high of each standing behind one another."""
        has = has_estimate(self.job.audience, group)
        return [
            SampledPeople(columns[i], columns[i + 1] if has else None, columns[i + 2]) for i in range(0, N_FIGURES, 3)
        ]

    def _of_groups(self) -> list[Estimate]:
        gathered = self.gathered
        units = gathered.group_unit(np.arange(len(gathered.group_least))).tolist()
        rough = estimates_of_things(gathered.groups.moments, gathered.groups.sketch, self.n)
        bounds = zip(gathered.group_least.tolist(), gathered.group_most.tolist(), strict=True)
        return [_in_units(*each, *both) for each, both in zip(zip(rough, units, strict=True), bounds, strict=True)]

    # What drives the spread, and what all this rests on.

    def _drivers(self) -> tuple[Driver, ...]:
        """Return the quantities that explain more than chance would; several uses of one quantity together."""
        quantities = self._quantities()
        n = min(self.n, MOST_TRIALS)
        headline = self._headline()[:n]
        if len(quantities) == 1 and headline.min() < headline.max():
            # All of the spread is its own, whatever a heavy tail would let the trials tell.
            each = quantities[0]
            return (Driver(each.name, each.owner, each.field, 1.0, 0.0),)
        shares = first_order(
            headline, _numbers(self.job.seed, quantities, n), [_chance_in(each) for each in quantities]
        )
        found: dict[str, Driver] = {}
        for share in shares:
            if share.is_significant:
                each = quantities[share.index]
                before = found.get(each.name) or Driver(each.name, each.owner, each.field, 0.0, 0.0)
                error = math.hypot(before.standard_error, share.standard_error)
                found[each.name] = replace(before, share=before.share + share.share, standard_error=error)
        return tuple(sorted(found.values(), key=lambda driver: (-driver.share, driver.name)))

    def _quantities(self) -> list[Quantity]:
        """Return each use of each uncertain quantity; of starts as many as there were outages in a trial."""
        outages = self.gathered.outages.moments.greatest()
        starts = [
            replace(each, use=use)
            for component, each in self.job.luck.restarts.items()
            for use in range(min(int(outages[component]), _MOST_STARTS))
        ]
        return [*self.job.luck.quantities, *self.job.fault_luck, *starts]

    def _headline(self) -> Floats:
        """Return the headline figure of each trial, the one that `headline` estimates."""
        gathered, groups = self.gathered, len(self.job.audience.group_count)
        if groups:
            return gathered.figures[: self.n, 7 if has_estimate(self.job.audience, groups) else 8]
        restored_ms, end_ms = gathered.restored_ms[: self.n], gathered.end_ms[: self.n]
        back_ms: Floats = np.where(restored_ms < 0, end_ms, restored_ms).astype(np.float64)
        return back_ms

    def _carried(self, affected: set[str]) -> set[str]:
        """Return what was never affected, although in some trial something was that it needs."""
        reached = {self.ids[i] for i in reach_of_plan(self.job.compiled, self.job.plan) if i < len(self.ids)}
        return {
            name
            for name in reached - affected
            if any(member in affected for need in self.system.components[name].needs for member in need.members())
        }


def _in_units(estimate: Estimate, unit: float, least: float, most: float) -> Estimate:
    """Return an estimate that was made in small units, between its exact extremes."""
    if least == most:
        return replace(
            estimate, mean=least, low=least, high=least, p10=least, p50=least, p90=least, least=least, most=least
        )
    p10, p50, p90 = (min(max(p * unit, least), most) for p in (estimate.p10, estimate.p50, estimate.p90))
    # So may the mean of figures that are hardly a unit.
    mean = min(max(estimate.mean * unit, least), most)
    low, high = min(estimate.low * unit, mean), max(estimate.high * unit, mean)
    return replace(estimate, mean=mean, low=low, high=high, p10=p10, p50=p50, p90=p90, least=least, most=most)


def _examples(figures: Floats) -> tuple[Example, ...]:
    """Return the trials at the median, at nine tenths, and at the end of a figure; the first of equals."""
    order = np.argsort(figures, kind="stable")
    n = len(order)
    places: tuple[tuple[Literal["median", "p90", "worst"], int], ...] = (
        ("median", (n - 1) // 2),
        ("p90", math.ceil(0.9 * n) - 1),
        ("worst", n - 1),
    )
    found: dict[float, Example] = {}
    for stands_for, place in places:
        value = float(figures[order[place]])
        if value > figures[order[0]]:
            found.setdefault(value, Example(stands_for, int(np.flatnonzero(figures == value)[0])))
    return tuple(found.values())


def _chance_in(quantity: Quantity) -> float | None:
    return quantity.probability if quantity.law is None else None


def _numbers(seed: int, quantities: list[Quantity], n: int) -> Callable[[int], Floats]:
    """Return a function that draws again what a quantity drew in the first trials: one after the other, to save memory."""
    trials = np.arange(n, dtype=np.int64)

    def draw(index: int) -> Floats:
        quantity = quantities[index]
        key = np.array([key_of(seed, quantity.name)], np.uint64)
        return uniforms(key, trials, quantity.use).ravel()

    return draw
