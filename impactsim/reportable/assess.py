"""Trials of a scenario and the rules of some regimes become facts: probabilities, times to a limit, deadlines.

A verdict is the share of the trials in which a regime is met by the estimated numbers of people; what the low and high numbers
would give stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

import numpy as np

from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.problems import Problem
from impactsim.reportable.asked import Asked, services_of
from impactsim.reportable.catalogue import chosen
from impactsim.reportable.deadlines import clock_at, deadlines_of
from impactsim.reportable.facts import (
    LIKELY,
    MET,
    POSSIBLE,
    CriterionFacts,
    Probability,
    RegimeFacts,
    ReportableFacts,
    Verdict,
)
from impactsim.reportable.groups import groups_of, within
from impactsim.reportable.judge import OF_USERS, Found, Judged, JudgedRule, judge
from impactsim.reportable.losses import ESTIMATE, Floats, Measures, earliest
from impactsim.reportable.metrics import measure
from impactsim.reportable.notes import notes_of, notes_of_flags, notes_of_regime
from impactsim.reportable.rests import rests_of_courses
from impactsim.reportable.rules import Regime
from impactsim.trials.courses import Courses
from impactsim.trials.estimates import Chance, chance_of, estimate_of
from impactsim.trials.jobs import Prepared


def assess(
    system: System,
    scenario: Scenario,
    prepared: Prepared,
    courses: Courses,
    asked: Asked,
    warnings: Sequence[Problem] = (),
) -> ReportableFacts:
    """Say of each regime how likely a scenario is one to be told of, since when, and by when.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario.
    prepared
        The job of its trials.
    courses
        What the trials left of the services (`services_of`).
    asked
        What is wanted.
    warnings
        What was doubtful in the files.
    """
    return _Assessment(system, scenario, prepared, courses, asked).facts(tuple(warnings))


class _Assessment:
    def __init__(self, system: System, scenario: Scenario, prepared: Prepared, courses: Courses, asked: Asked) -> None:
        self.system = system
        self.scenario = scenario
        self.courses = courses
        self.asked = asked
        self.names = services_of(system, asked)
        self.numbers = {name: prepared.names.index[name] for name in self.names}
        self.is_certain = is_certain(prepared)
        self.rests = rests_of_courses(system, scenario, prepared, courses, self.numbers)
        groups = groups_of(system, prepared, courses.n)
        self.groups = [each for each in groups if any(name in self.numbers for name in each.uses)]
        self.of_region = self._measured()
        self.everywhere = self.of_region[None]
        together = self.everywhere.together
        self.first_loss_ms = earliest(courses.n, together.trial, together.from_ms)

    def facts(self, warnings: tuple[Problem, ...]) -> ReportableFacts:
        occurrence_ms = _median(self.first_loss_ms)
        awareness_ms = None if occurrence_ms is None else occurrence_ms + self.asked.aware_ms
        zone, starts = self.asked.zone or self.system.notices.zone or "", self.scenario.starts
        local = ZoneInfo(zone) if zone else None
        return ReportableFacts(
            system=self.system.name,
            scenario=self.scenario.name,
            starts=starts,
            zone=zone,
            seed=self.scenario.seed,
            n_trials=self.courses.n,
            is_certain=self.is_certain,
            services=tuple(self.system.components[name].name or name for name in self.names),
            flags=tuple(sorted(set(self.asked.flags))),
            disturbed=self._chance(self.first_loss_ms),
            occurrence_ms=occurrence_ms,
            awareness_ms=awareness_ms,
            occurrence=clock_at(starts, occurrence_ms, local),
            awareness=clock_at(starts, awareness_ms, local),
            regimes=tuple(self._regime(each, occurrence_ms, local) for each in chosen(self.asked.regimes)),
            notes=(
                *notes_of(self.system, self.scenario, self.names, self.courses, self.everywhere, self.is_certain),
                *notes_of_flags(self.asked.flags, chosen(self.asked.regimes)),
            ),
            warnings=warnings,
            rests=self.rests,
        )

    def _measured(self) -> dict[str | None, Measures]:
        """Return what the users of each region lost; all users, where none is known to be there."""
        everybody = within(self.groups, None)
        regions = dict.fromkeys([None, *(each.region for each in chosen(self.asked.regimes))])
        audience_of = {region: within(self.groups, region) or everybody for region in regions}
        audiences = list(dict.fromkeys(audience_of.values()))
        ends = self.scenario.horizon is not None
        found = measure(self.system, self.courses, self.numbers, self.groups, audiences, ends)
        by_audience = dict(zip(audiences, found, strict=True))
        return {region: by_audience[audience] for region, audience in audience_of.items()}

    def _regime(self, regime: Regime, occurrence_ms: int | None, zone: tzinfo | None) -> RegimeFacts:
        measures = self.of_region[regime.region]
        given = self.asked.given()
        judged = judge(regime, measures, given)
        probability = self._probability(*judged.first_ms)
        if_unseen = self._chance(judged.first_if_unseen_ms)
        events = self._events(judged, occurrence_ms)
        return RegimeFacts(
            regime=regime,
            verdict=verdict_of(probability.estimate, if_unseen, self._needs_judgement(judged)),
            probability=probability,
            if_unseen=if_unseen,
            first_ms=estimate_of(self._since_loss(judged.first_ms[ESTIMATE]), floor=0.0),
            criteria=tuple(self._criterion(each) for each in judged.rules),
            deadlines=deadlines_of(regime, events, self.scenario.starts, zone),
            notes=notes_of_regime(judged, self.groups, measures, given, self.system, self.scenario),
        )

    def _needs_judgement(self, judged: Judged) -> bool:
        """Tell whether no number decides: by the law, or because something is lost and nobody says who uses it."""
        is_blind = any(each.found is None and each.rule.metric in OF_USERS for each in judged.rules)
        return judged.regime.needs_judgement or (is_blind and self._chance(self.first_loss_ms).p >= POSSIBLE)

    def _events(self, judged: Judged, occurrence_ms: int | None) -> dict[str, int]:
        """Return when it occurs, is known, and is classified: as soon as it is known and the limits are passed."""
        if occurrence_ms is None:
            return {}
        aware_ms = occurrence_ms + self.asked.aware_ms
        met_ms = _median(self._since_loss(judged.first_ms[ESTIMATE]))
        classified_ms = aware_ms if met_ms is None else max(aware_ms, occurrence_ms + met_ms)
        return {"occurrence": occurrence_ms, "awareness": aware_ms, "classification": classified_ms}

    def _criterion(self, judged: JudgedRule) -> CriterionFacts:
        if judged.found is None:
            return CriterionFacts(judged.rule, None, None, None, None)
        low, estimate, high = judged.found
        is_measured = judged.rule.operator is not None
        return CriterionFacts(
            rule=judged.rule,
            probability=self._probability(low.first_ms, estimate.first_ms, high.first_ms),
            value=estimate_of(estimate.value, floor=0.0) if is_measured else None,
            limit=_limit(estimate) if is_measured else None,
            first_ms=estimate_of(self._since_loss(estimate.first_ms), floor=0.0),
        )

    def _since_loss(self, first_ms: Floats) -> Floats:
        """Return how long after the first loss of a service something is met."""
        lost = np.where(np.isinf(self.first_loss_ms), 0.0, self.first_loss_ms)
        return np.maximum(first_ms - lost, 0.0)

    def _probability(self, low: Floats, estimate: Floats, high: Floats) -> Probability:
        return Probability(self._chance(estimate), self._chance(low), self._chance(high))

    def _chance(self, first_ms: Floats) -> Chance:
        hits = int(np.count_nonzero(np.isfinite(first_ms)))
        if self.is_certain:
            return Chance(float(hits > 0), float(hits > 0), float(hits > 0), self.courses.n)
        return chance_of(hits, self.courses.n)


def is_certain(prepared: Prepared) -> bool:
    """Tell whether all trials of a job are the same."""
    return prepared.job.luck.is_certain and not prepared.job.fault_luck


def verdict_of(chance: Chance, if_unseen: Chance, needs_judgement: bool) -> Verdict:
    """Return the word for a probability.

    Parameters
    ----------
    chance
        That a regime is met.
    if_unseen
        The same if all held that nobody can tell.
    needs_judgement
        Whether no number decides.
    """
    if chance.p >= MET:
        return "met"
    if chance.p >= LIKELY:
        return "likely"
    if chance.p >= POSSIBLE:
        return "possible"
    if needs_judgement and if_unseen.p >= POSSIBLE:
        return "to be assessed"
    return "not met on modelled criteria"


def _limit(found: Found) -> float:
    return float(np.median(found.limit))


def _median(times_ms: Floats) -> int | None:
    """Return the median of those times that are finite, in whole milliseconds."""
    finite = times_ms[np.isfinite(times_ms)]
    return None if len(finite) == 0 else round(estimate_of(finite).p50)
