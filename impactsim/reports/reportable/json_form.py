"""Whether an outage is one to be told of, as JSON: one object on one line. Keys are only ever added."""

from __future__ import annotations

import math
from typing import Any

from impactsim.reportable.facts import (
    CriterionFacts,
    DeadlineFacts,
    Probability,
    RegimeFacts,
    ReportableFacts,
)
from impactsim.reportable.rules import LEGAL
from impactsim.reports.json_form import VERSION, one_line
from impactsim.reports.json_form import number as exact_number
from impactsim.reports.reportable.words import unit_of
from impactsim.reports.rests import rests_key
from impactsim.trials.estimates import Chance, Estimate


def to_json(facts: ReportableFacts) -> str:
    """Return an assessment as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def to_object(facts: ReportableFacts) -> dict[str, Any]:
    """Return an assessment as plain data.

    Returns
    -------
    dict
        Times in milliseconds; what is endless or never happens is null. ``probability`` is by the estimated numbers of people,
        with ``low`` and ``high`` by their bounds.
    """
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "scenario": facts.scenario,
        "starts": None if facts.starts is None else facts.starts.isoformat(),
        "zone": facts.zone or None,
        "seed": facts.seed,
        "trials": facts.n_trials,
        "is_certain": facts.is_certain,
        "services": list(facts.services),
        "flags": list(facts.flags),
        "disturbed": _chance(facts.disturbed),
        "occurrence_ms": facts.occurrence_ms,
        "awareness_ms": facts.awareness_ms,
        "regimes": [_regime(each) for each in facts.regimes],
        "notes": list(facts.notes),
        **rests_key(facts.rests),
        "warnings": [str(each) for each in facts.warnings],
        "legal": LEGAL,
    }


def _regime(facts: RegimeFacts) -> dict[str, Any]:
    regime = facts.regime
    return {
        "regime": regime.id,
        "name": regime.name,
        "jurisdiction": regime.jurisdiction,
        "law": regime.law,
        "applies_if": regime.applies_if,
        "status": regime.status or None,
        "evidence": regime.evidence,
        "source": regime.source,
        "url": regime.url,
        "read_on": regime.read_on.isoformat(),
        "valid_from": None if regime.valid_from is None else regime.valid_from.isoformat(),
        "valid_to": None if regime.valid_to is None else regime.valid_to.isoformat(),
        "verdict": facts.verdict,
        "probability": _probability(facts.probability),
        "if_unseen": _chance(facts.if_unseen),
        "met_after_ms": _quantiles(facts.first_ms),
        "combine": regime.combine_words,
        "criteria": [_criterion(each) for each in facts.criteria],
        "deadlines": [_deadline(each) for each in facts.deadlines],
        "notes": list(facts.notes),
    }


def _criterion(facts: CriterionFacts) -> dict[str, Any]:
    rule = facts.rule
    return {
        "id": rule.id,
        "criterion": rule.criterion,
        "article": rule.article,
        "says": rule.says,
        "metric": rule.metric,
        "scope": rule.scope,
        "flag": rule.flag,
        "operator": rule.operator,
        "value": rule.value,
        "unit": rule.unit,
        "lasting": None if rule.lasting is None else rule.lasting.model_dump(),
        "is_seen": facts.is_seen,
        "probability": None if facts.probability is None else _probability(facts.probability),
        "measured": None if facts.value is None else _quantiles(facts.value),
        "measured_in": unit_of(rule) or None,
        "limit": _number(facts.limit),
        "left": _number(facts.margin),
        "met_after_ms": None if facts.first_ms is None else _quantiles(facts.first_ms),
    }


def _deadline(facts: DeadlineFacts) -> dict[str, Any]:
    return {
        "id": facts.deadline.id,
        "what": facts.deadline.what,
        "counts_from": facts.words,
        "at_ms": facts.at_ms,
        "at": None if facts.at is None else facts.at.isoformat(),
        "article": facts.deadline.article,
        "evidence": facts.deadline.evidence,
        "source": facts.deadline.source,
    }


def _probability(probability: Probability) -> dict[str, Any]:
    return {
        **_chance(probability.estimate),
        "by_low_users": _chance(probability.low),
        "by_high_users": _chance(probability.high),
    }


def _chance(chance: Chance) -> dict[str, float]:
    return {"p": chance.p, "low": chance.low, "high": chance.high}


def _quantiles(estimate: Estimate) -> dict[str, float | None]:
    return {"p10": _number(estimate.p10), "p50": _number(estimate.p50), "p90": _number(estimate.p90)}


def _number(value: float | None) -> float | None:
    return exact_number(value) if value is not None and math.isfinite(value) else None
