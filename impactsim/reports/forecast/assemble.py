"""From the years of a system to facts with names."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impactsim.chances import mean_of
from impactsim.laws import Typical
from impactsim.model.scenario import Scenario
from impactsim.model.system import CommonCause, Component, System, Targets
from impactsim.problems import Problem
from impactsim.quantities import about_duration
from impactsim.reports.basis import guesses_of, sources_of
from impactsim.reports.forecast.facts import Cost, ForecastFacts, ForecastService, Mean, ServiceSaved, WhatIf
from impactsim.reports.forecast.rests import rests_of_years
from impactsim.reports.sampled.facts import SampledPeople, Target
from impactsim.reports.words import joined
from impactsim.rests.footing import Below
from impactsim.trials.arrivals import YEAR_MS
from impactsim.trials.estimates import (
    Chance,
    Estimate,
    chance_of,
    difference_of,
    estimate_of,
    estimates_of_things,
    half_width,
    student_quantile,
)
from impactsim.trials.forecast import Prepared
from impactsim.trials.gather import Figure
from impactsim.trials.years import Forecast, Saved, Signed, Years, headline

_LOST = 6
"""Where the lost user-minutes stand in the figures of a trial: low, estimate, high."""
_FEW = 4


@dataclass(frozen=True, slots=True)
class Change:
    """A what-if, in words."""

    name: str
    file: str = ""
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    n_years: int
    precision: float | None = None


def assemble_forecast(
    result: Forecast, changes: Sequence[Change], request: Request, warnings: Iterable[Problem] = ()
) -> ForecastFacts:
    """Work out all that the years of a system say.

    Parameters
    ----------
    result
        What the years left.
    changes
        The what-ifs, in the order in which they were run.
    request
        What was asked for.
    warnings
        What was doubtful in the file of the system.
    """
    return _Assembly(result).facts(changes, request, tuple(warnings))


class _Assembly:
    def __init__(self, result: Forecast) -> None:
        self.result = result
        self.today: Years = result.today
        self.prepared: Prepared = result.today.prepared
        self.system: System = self.prepared.system
        self.n = self.today.n
        self.ids = self.prepared.names.components
        self.services = [i for i, name in enumerate(self.ids) if self.system.components[name].kind == "service"]

    def facts(self, changes: Sequence[Change], request: Request, warnings: tuple[Problem, ...]) -> ForecastFacts:
        settings, system = self.prepared.settings, self.system
        budget, untraced = self._budget()
        affected = self._failing() | {self.ids[each] for each in np.flatnonzero(self.today.gathered.n_affected)}
        services = self._services()
        below = {
            name: Below(each.down_ms.mean, each.degraded_ms.mean, each.down_ms.mean > 0.0)
            for name, each in services.items()
        }
        return ForecastFacts(
            system=system.name,
            seed=settings.seed,
            n_years=self.n,
            n_asked=request.n_years,
            is_complete=self.result.is_complete,
            precision=request.precision,
            reached=half_width(headline(self.today)),
            starts=settings.starts,
            run_in_ms=settings.run_in_ms,
            year_ms=YEAR_MS,
            services=services,
            has_users=self.prepared.has_users,
            lost_user_minutes=self._lost(),
            down_ms=estimate_of(self.today.down_ms[: self.n], floor=0.0),
            budget=budget,
            untraced=untraced,
            never=self._never(),
            n_components=len(self.ids),
            changes=self._changes(changes),
            names=self._names(),
            notes=tuple(self._notes()),
            guesses=self._guesses(affected),
            sources=sources_of(system, affected),
            warnings=warnings,
            rests=rests_of_years(system, budget, affected, below),
        )

    def _chance(self, hits: int | np.integer) -> Chance:
        return chance_of(int(hits), self.n)

    def _names(self) -> dict[str, str]:
        causes = {name: each.name or name for name, each in self.system.common_causes.items()}
        return {**causes, **{name: each.name or name for name, each in self.system.components.items()}}

    # Services and users.

    def _services(self) -> dict[str, ForecastService]:
        gathered = self.today.gathered
        figures = (gathered.down, gathered.degraded, gathered.longest, gathered.outages)
        columns = (estimates_of_things(each.moments, each.sketch, self.n, self.services) for each in figures)
        return {self.ids[i]: self._service(i, *each) for i, *each in zip(self.services, *columns, strict=True)}

    def _service(
        self, i: int, down: Estimate, degraded: Estimate, longest: Estimate, outages: Estimate
    ) -> ForecastService:
        words = self.system.components[self.ids[i]]
        targets, gathered = words.targets or Targets(), self.today.gathered
        return ForecastService(
            id=self.ids[i],
            name=words.name or self.ids[i],
            availability=Mean(1 - down.mean / YEAR_MS, max(0.0, 1 - down.high / YEAR_MS), 1 - down.low / YEAR_MS),
            degraded=Mean(degraded.mean / YEAR_MS, degraded.low / YEAR_MS, min(1.0, degraded.high / YEAR_MS)),
            down=self._chance(gathered.n_down[i]),
            outages=outages,
            down_ms=down,
            degraded_ms=degraded,
            longest_ms=longest,
            rto=self._target(targets.rto, gathered.n_over_rto[i]),
            mtpd=self._target(targets.mtpd, gathered.n_over_mtpd[i]),
        )

    def _target(self, limit_ms: int | None, missed: int | np.integer) -> Target | None:
        return None if limit_ms is None else Target(limit_ms, self._chance(missed))

    def _lost(self) -> SampledPeople:
        figures = self.today.gathered.figures[: self.n]
        low, estimate, high = (estimate_of(figures[:, _LOST + i], floor=0.0) for i in range(3))
        return SampledPeople(low, estimate if self.today.has_estimate else None, high)

    # The budget of unavailability.

    def _budget(self) -> tuple[tuple[Cost, ...], float]:
        """Return what each source costs, and which share of the headline figure goes back to none."""
        lost = _means(self.today.root_lost, self.n, self.today.lost_unit)
        down = _means(self.today.root_down, self.n, 1.0)
        all_lost = math.fsum(each.mean for each in lost)
        all_down = math.fsum(each.mean for each in down)
        costs = []
        for root, (of_lost, of_down) in enumerate(zip(lost, down, strict=True)):
            if of_lost.mean > 0.0 or of_down.mean > 0.0:
                shares = [
                    part / whole if whole else None
                    for part, whole in ((of_lost.mean, all_lost), (of_down.mean, all_down))
                ]
                costs.append(self._cost(root, of_lost, shares[0], of_down, shares[1]))
        costs.sort(key=lambda each: (-(each.lost_share or 0.0), -(each.down_share or 0.0)))
        has_users = all_lost > 0.0
        traced, total = (all_lost, self.today.lost) if has_users else (all_down, self.today.down_ms)
        mean = math.fsum(total[: self.n]) / self.n
        untraced = 1.0 - traced / mean if mean else 0.0
        return tuple(costs), untraced if untraced > 1e-6 else 0.0

    def _cost(self, root: int, lost: Mean, lost_share: float | None, down: Mean, down_share: float | None) -> Cost:
        name, is_cause = self.prepared.roots[root], root >= len(self.prepared.job.compiled.crew)
        source = next(
            each for each in self.prepared.sources
            if (each.cause == root - len(self.prepared.job.compiled.crew) if is_cause
                else each.cause < 0 and each.members[0].component == root)
        )  # fmt: skip
        words: Component | CommonCause = (self.system.common_causes if is_cause else self.system.components)[name]
        return Cost(
            id=name,
            name=words.name or name,
            is_common_cause=is_cause,
            per_year=source.per_year or None,
            down_all_year=source.share,
            lost_user_minutes=lost,
            lost_share=lost_share,
            down_ms=down,
            down_share=down_share,
        )

    # What changes would buy.

    def _changes(self, changes: Sequence[Change]) -> tuple[WhatIf, ...]:
        found = [
            self._what_if(*each)
            for each in zip(changes, self.result.changed, self.result.saved, strict=True)
            if each[2].n  # none if it was interrupted before
        ]
        by_lost = self.prepared.has_users
        found.sort(key=lambda each: -(each.lost_user_minutes if by_lost else each.down_ms).mean)
        return tuple(found)

    def _what_if(self, change: Change, years: Years, saved: Saved) -> WhatIf:
        n = saved.n
        lost = difference_of(self.today.lost[:n], years.lost[:n])
        before = math.fsum(self.today.lost[:n]) / n
        both = set(years.prepared.names.components)
        down, outages = _signed_means(saved.down_ms, n), _signed_means(saved.outages, n)
        return WhatIf(
            name=change.name,
            file=change.file,
            n_years=n,
            lost_user_minutes=lost,
            lost_share=lost.mean / before if before else None,
            down_ms=difference_of(self.today.down_ms[:n], years.down_ms[:n]),
            services={
                self.ids[component]: ServiceSaved(down[i], outages[i])
                for i, component in enumerate(self.services)
                if self.ids[component] in both
            },
            warnings=change.warnings,
        )

    # What all this rests on.

    def _failing(self) -> set[str]:
        return {self.ids[member.component] for source in self.prepared.sources for member in source.members}

    def _never(self) -> tuple[str, ...]:
        return tuple(name for name, each in self.system.components.items() if each.fails is None)

    def _notes(self) -> list[str]:
        forever, infinite, slow = [], [], []
        for source in self.prepared.sources:
            for member in source.members:
                name = self.ids[member.component]
                mean_ms = mean_of(member.work)
                if source.share or member.work is None:
                    forever.append(name)
                elif math.isinf(mean_ms):
                    infinite.append(name)
                elif mean_ms > self.prepared.settings.run_in_ms / 2:
                    slow.append(name)
        run_in = about_duration(self.prepared.settings.run_in_ms)
        notes = [
            ("nothing restores {} within a year: down for all that is left of it", forever),
            (
                "the time to restore of {} has no mean: the more years, the longer the longest, and no interval holds",
                infinite,
            ),
            (f"the time to restore of {{}} is long against the run-in of {run_in}: the year begins too well", slow),
        ]
        return [words.format(self._called(which)) for words, which in notes if which]

    def _called(self, ids: Iterable[str]) -> str:
        names = self._names()
        return joined([names[each] for each in dict.fromkeys(ids)], _FEW)

    def _guesses(self, affected: set[str]) -> dict[str, str]:
        """Return what is not certain about what fails, and about what it takes down."""
        nothing = Scenario.model_construct(impactsim=1, name="", system="")
        found = guesses_of(self.system, nothing, affected, (), has_backlogs=False)  # crews are free when a year begins
        for name, cause in self.system.common_causes.items():
            if isinstance(cause.time_to_restore, Typical):
                found[name] = f"time_to_restore is the typical value {cause.time_to_restore.name}"
        return found


def _means(figure: Figure, n: int, unit: float) -> list[Mean]:
    moments = figure.moments
    return _intervals(moments.mean(n) * unit, moments.variance(n) * unit**2, n, 0.0)


def _signed_means(signed: Signed, n: int) -> list[Mean]:
    return _intervals(signed.mean(n), signed.variance(n), n, -math.inf)


def _intervals(means: NDArray[np.float64], variances: NDArray[np.float64], n: int, floor: float) -> list[Mean]:
    half = student_quantile(n - 1) * np.sqrt(variances / n) if n > 1 else np.zeros_like(means)
    return [
        Mean(mean, max(mean - each, floor), mean + each)
        for mean, each in zip(means.tolist(), half.tolist(), strict=True)
    ]
