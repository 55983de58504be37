"""Sweeps become a ranking: integers become names again, failures are put in order, and those that are shown are explained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from math import fsum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from impactsim.engine.crowd import has_estimate
from impactsim.engine.timeline import Workspace
from impactsim.engine.users import Range
from impactsim.model.system import System
from impactsim.problems import Problem
from impactsim.reports.basis import guesses_of
from impactsim.reports.because import Explainer
from impactsim.reports.rank.asked import Asked
from impactsim.reports.rank.facts import (
    By,
    HourFacts,
    HoursFacts,
    PairFacts,
    Ranked,
    RankedPair,
    RankFacts,
    SampledFigures,
    Spread,
)
from impactsim.reports.rank.rests import Resting
from impactsim.trials.blocks import Block
from impactsim.trials.cases import Case, cases_of, lay_ground, plan_of, scenario_of
from impactsim.trials.estimates import chance_of, estimate_of
from impactsim.trials.hours import DAY, by_start_hour, zone_of
from impactsim.trials.pairs import Touched, is_never, worst_pairs
from impactsim.trials.rank import LOST, Swept, sample_cases, sweep
from impactsim.trials.workers import Here, Workers

Tell = Callable[[int, int], None]
Watcher = Callable[[Block, NDArray[np.int64]], None]
"""Shown each block of a sweep, and the numbers of its cases."""

AFFECTED = 1
"""Place of the users affected (the estimate) in the figures of a trial."""


def rank(
    system: System, asked: Asked, workers: Workers, tell: Tell | None = None, warnings: Iterable[Problem] = ()
) -> RankFacts:
    """Rank every single failure of a system.

    Parameters
    ----------
    system
        A system that the rules found right.
    asked
        What is wanted.
    workers
        Who runs the blocks.
    tell
        Told how many runs are done, and how many there will be.
    warnings
        What was doubtful in the files.
    """
    return _Ranking(system, asked, workers, tell).facts(tuple(warnings))


class _Ranking:
    def __init__(self, system: System, asked: Asked, workers: Workers, tell: Tell | None) -> None:
        self.system = system
        self.asked = asked
        self.workers = workers
        self.tell = tell
        self.ground = lay_ground(system, asked.starts)
        self.has_users = len(self.ground.audience.group_count) > 0
        self.has_estimate = has_estimate(self.ground.audience, len(self.ground.audience.group_count))
        self.service = -1 if asked.service is None else self.ground.names.index[asked.service]
        self.by: By = asked.by or ("lost" if self.has_users else "down")
        self.workspace = Workspace(self.ground.compiled)
        self.guesses: dict[str, str] = {}
        self.names = {name: each.name or name for name, each in system.common_causes.items()}
        self.names |= {name: each.name or name for name, each in system.components.items()}

    def facts(self, warnings: tuple[Problem, ...]) -> RankFacts:
        asked, system = self.asked, self.system
        cases = cases_of(self.ground, asked.ends, asked.kinds)
        touched = Touched() if asked.has_pairs else None
        resting = Resting(self.ground, cases)
        swept = self._swept(cases, [resting] if touched is None else [resting, touched])
        ranked, is_complete = self._ranked(cases, swept)
        judged = [replace(each, rests=resting.found.get(i)) for i, each in enumerate(ranked)]
        rests = resting.together(judged)
        ranked = ranked if rests is None else judged
        places = sorted(range(len(ranked)), key=lambda i: (self._key(ranked[i]), i))
        ranking = self._explained([cases[i] for i in places], [ranked[i] for i in places])
        affected_at_rest, services_at_rest = self._at_rest()
        return RankFacts(
            system=system.name,
            by=self.by,
            service=asked.service,
            kinds=asked.kinds,
            starts=asked.starts,
            trials=asked.trials,
            seed=asked.seed,
            for_ms=asked.ends.for_ms,
            default_ms=asked.ends.default_ms,
            horizon_ms=asked.ends.horizon_ms,
            is_complete=is_complete,
            n_services=int(self.ground.is_service.sum()),
            n_components=len(system.components),
            has_users=self.has_users,
            has_hours=any(each.activity is not None for each in system.users.values()),
            ranking=ranking,
            affected_at_rest=affected_at_rest,
            services_at_rest=services_at_rest,
            pairs=None if touched is None else self._pairs(cases, swept, touched),
            hours=self._hours(cases, ranking),
            names=self.names,
            guesses=self.guesses,
            warnings=warnings,
            rests=rests,
        )

    def _swept(self, cases: Sequence[Case], watchers: Sequence[Watcher]) -> Swept:
        """Run all cases by the medians; each block is shown to the watchers."""

        def show(block: Block, numbers: NDArray[np.int64]) -> None:
            for watch in watchers:
                watch(block, numbers)

        tell = self.tell if self.asked.trials == 1 else None
        return sweep(self.ground, cases, self.asked.ends, self.workers, self.service, show, tell)

    # Figures.

    def _ranked(self, cases: Sequence[Case], swept: Swept) -> tuple[list[Ranked], bool]:
        """Return the failures in the order of the file, and whether all of them were run."""
        if self.asked.trials == 1:
            columns = (getattr(swept, each.name).tolist() for each in fields(Swept))
            never = is_never(swept, self.asked.ends).tolist()
            rows = zip(cases, map(_Row, *columns), never, strict=True)
            return [self._row(case, row, is_lost, None) for case, row, is_lost in rows], True
        ranked: list[Ranked] = []
        samples = sample_cases(
            self.ground, cases, self.asked.ends, self.asked.trials, self.asked.seed, self.workers, self.service,
            self.asked.starts, self.tell,
        )  # fmt: skip
        try:
            for case, trials in zip(cases, samples, strict=True):
                ranked.append(self._of_trials(case, trials))
        except KeyboardInterrupt:
            if not ranked:
                raise
            return ranked, False
        return ranked, True

    def _of_trials(self, case: Case, trials: Swept) -> Ranked:
        means = {each.name: _means(getattr(trials, each.name)) for each in fields(Swept)}
        sampled = SampledFigures(
            affected=estimate_of(trials.figures[:, AFFECTED], 0.0),
            lost_user_minutes=estimate_of(trials.figures[:, LOST], 0.0),
            services_down=estimate_of(trials.n_down, 0.0),
            down_ms=estimate_of(trials.down_ms, 0.0),
            longest_ms=estimate_of(trials.longest_ms, 0.0),
            not_restored=chance_of(int((trials.restored_ms < 0).sum()), len(trials.restored_ms)),
        )
        is_lost = float(is_never(trials, self.asked.ends).mean()) >= 0.5
        return self._row(case, _Row(**means), is_lost, sampled)

    def _row(self, case: Case, row: _Row, is_never: bool, sampled: SampledFigures | None) -> Ranked:
        loss = row.figures[LOST] if self.has_users else row.down_ms / 60_000
        is_one = sampled is None
        causes = self.system.common_causes
        return Ranked(
            id=case.id,
            name=self.names[case.id],
            kind=case.kind,
            strikes=tuple(causes[case.id].strikes) if case.is_cause else (),
            affected=self._range(row.figures[0:3]),
            peak=self._range(row.figures[3:6]),
            lost_user_minutes=self._range(row.figures[6:9]),
            n_components=row.n_affected,
            services_down=row.n_down,
            services_degraded=row.n_degraded,
            takes_down_others=row.n_others_down > 0,
            down_ms=row.down_ms,
            longest_ms=row.longest_ms,
            longest=self.ground.names.components[int(row.longest)] if is_one and row.longest >= 0 else None,
            restored_ms=int(row.restored_ms) if is_one and row.restored_ms >= 0 else None,
            is_never=is_never,
            per_year=case.per_year,
            lost_a_year=None if case.per_year is None else case.per_year * loss,
            has_default_end=case.has_default_end,
            service_down_ms=row.service_down_ms,
            service_degraded_ms=row.service_degraded_ms,
            service_is_never=self.asked.ends.horizon_ms is None and row.service_is_back <= 0.5,
            sampled=sampled,
            spread=None,
        )

    def _range(self, three: Sequence[float]) -> Range:
        low, estimate, high = three
        return Range(low, estimate if self.has_estimate else None, high)

    def _at_rest(self) -> tuple[Range, int]:
        """Return what happens if nothing fails: users affected, and services that are not whole all the time."""
        nothing = Case("", "", (), 0, None, False)
        swept = sweep(self.ground, [nothing], self.asked.ends, Here(False))
        return self._range(swept.figures[0, 0:3].tolist()), int(swept.n_down[0] + swept.n_degraded[0])

    def _key(self, each: Ranked) -> tuple[float, ...]:
        """Return what puts a failure in its place: the worst first."""
        loss = each.lost_user_minutes
        lost = loss.high if loss.estimate is None else loss.estimate
        users = each.affected.high if each.affected.estimate is None else each.affected.estimate
        usual = (-lost, -users, -each.down_ms, -each.services_down, -each.services_degraded, -each.n_components)
        if self.asked.service is not None:
            return (-each.service_is_never, -each.service_down_ms, -each.service_degraded_ms, *usual)
        if self.by == "yearly":
            return (each.lost_a_year is None, -(each.lost_a_year or 0.0), -each.is_never, *usual)
        if self.by == "affected":
            return (-users, -each.is_never, *usual)
        if self.by == "down":
            return (-each.is_never, -each.down_ms, *usual)
        return (-(each.is_never and lost > 0), *usual)

    # How failures spread.

    def _explained(self, cases: Sequence[Case], ranking: Sequence[Ranked]) -> tuple[Ranked, ...]:
        """Add to those that are shown how they reach the services."""
        found = []
        for i, (case, each) in enumerate(zip(cases, ranking, strict=True)):
            is_shown = self.asked.n_shown is None or i < self.asked.n_shown or case.id in self.asked.shown
            found.append(replace(each, spread=self._spread(case)) if is_shown else each)
        return tuple(found)

    def _spread(self, case: Case) -> tuple[Spread, ...]:
        ground, names = self.ground, self.ground.names
        scenario = scenario_of(case, self.asked.ends, self.asked.starts)
        plan, plan_names = plan_of(ground, case, scenario, self.asked.ends)
        history = self.workspace.run(plan)
        explainer = Explainer(self.system, scenario, ground.compiled, names, plan_names, history.record)
        spread, affected = [], set()
        for component, whys in explainer.all_whys().items():
            affected.add(names.components[component])
            below = [why for why in whys if why.level < 1.0]
            if below and ground.is_service[component]:
                lowest = min(why.level for why in below)
                worst = next(why for why in below if why.level == lowest)
                spread.append(Spread(names.components[component], below[0].at_ms, worst))
        self.guesses.update(guesses_of(self.system, scenario, affected, ()))
        return tuple(sorted(spread, key=lambda each: (each.first_ms, len(each.why.chain))))

    # Pairs and hours.

    def _pairs(self, cases: Sequence[Case], swept: Swept, touched: Touched) -> PairFacts:
        pairs = worst_pairs(
            self.ground, cases, swept, touched, self.asked.ends, self.workers, self.asked.most_pairs, self.tell
        )
        columns = (
            pairs.first.tolist(), pairs.second.tolist(), pairs.figures.tolist(), pairs.loss.tolist(), pairs.excess.tolist(),
            pairs.never.tolist(),
        )  # fmt: skip
        found = [
            RankedPair(cases[first].id, cases[second].id, self._range(figures[0:3]), loss, excess, is_lost)
            for first, second, figures, loss, excess, is_lost in zip(*columns, strict=True)
        ]
        return PairFacts(tuple(found), pairs.n_tried, pairs.n_possible, pairs.n_left_out, pairs.is_complete)

    def _hours(self, cases: Sequence[Case], ranking: Sequence[Ranked]) -> HoursFacts | None:
        if not self.asked.has_hours or not ranking:
            return None
        wanted = self.asked.component or ranking[0].id
        # It may be of a kind that is not ranked.
        case = next(each for each in (*cases, *cases_of(self.ground, self.asked.ends)) if each.id == wanted)
        zone = self.asked.zone or zone_of(self.system) or "UTC"
        day = DAY if self.asked.starts is None else self.asked.starts.astimezone(ZoneInfo(zone)).date()
        hours = [HourFacts(*hour) for hour in by_start_hour(self.ground, case, self.asked.ends, zone, day)]
        cost = [_middle(hour.lost_user_minutes) for hour in hours]
        alone = sweep(self.ground, [case], self.asked.ends, Here(False))
        return HoursFacts(
            id=wanted,
            name=self.names[wanted],
            zone=zone,
            hours=tuple(hours),
            best=cost.index(min(cost)),
            worst=cost.index(max(cost)),
            longest_ms=int(alone.longest_ms[0]),
            is_never=bool(is_never(alone, self.asked.ends)[0]),
        )


class _Row(NamedTuple):
    """The figures of one run, or their means: the columns of `Swept` in their order."""

    figures: list[float]
    restored_ms: float
    end_ms: float
    n_affected: float
    n_down: float
    n_degraded: float
    n_others_down: float
    down_ms: float
    longest_ms: float
    longest: float
    service_down_ms: float
    service_degraded_ms: float
    service_is_back: float


def _means(column: NDArray[Any]) -> Any:
    if column.ndim == 2:
        return [fsum(each) / len(each) for each in column.T.tolist()]
    return fsum(column.tolist()) / len(column)


def _middle(value: Range) -> float:
    return value.high if value.estimate is None else value.estimate
