"""Many trials as JSON: one object on one line, for other tools. Of the same version as the JSON of one run, and with its keys.

What has a distribution over the trials has ``{mean, low, high, p10, p50, p90, least, most}``; what happens in a share of
them has ``{p, low, high}`` under a key that begins with ``p_``. An infinite value is null, and a ``p_not_restored`` beside it
says in which share of the trials it was.
"""

from __future__ import annotations

import math
from typing import Any

from impactsim.reports.json_form import VERSION, number, one_line
from impactsim.reports.rests import rests_key
from impactsim.reports.sampled.facts import (
    SampledComponent,
    SampledData,
    SampledFacts,
    SampledPeople,
    SampledUsers,
    Target,
)
from impactsim.trials.estimates import Chance, Estimate

_FIGURES = ("mean", "low", "high", "p10", "p50", "p90", "least", "most")


def to_json(facts: SampledFacts) -> str:
    """Return many trials as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def to_object(facts: SampledFacts) -> dict[str, Any]:
    """Return many trials as plain data: dictionaries, lists, text, numbers.

    Returns
    -------
    dict
        Times in milliseconds, chances and shares in [0, 1], numbers of people as ``{low, estimate, high}``, each of
        which is a distribution, with a null estimate where only bounds are known.
    """
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "scenario": facts.scenario,
        "starts": None if facts.starts is None else facts.starts.isoformat(),
        "seed": facts.seed,
        "trials": facts.n_trials,
        "trials_asked": facts.n_asked,
        "complete": facts.is_complete,
        "precision": {"asked": facts.precision, "reached": finite(facts.reached), "of": facts.drivers_of},
        "end_ms": to_distribution(facts.end_ms),
        "restored_ms": to_distribution(facts.restored_ms),
        "p_not_restored": to_chance(facts.not_restored),
        "p_undisturbed": to_chance(facts.undisturbed),
        "components": {name: _component(component) for name, component in facts.components.items()},
        "data": {name: _data(data) for name, data in facts.data.items()},
        "users": {
            "known": facts.has_users,
            "people": None if facts.people is None else number(facts.people),
            **_users(facts.users),
            "segments": {name: _users(group) for name, group in facts.segments.items()},
        },
        "spread": {
            "of": facts.drivers_of,
            "uncertain": facts.n_uncertain,
            "drivers": [
                {
                    "name": each.name,
                    "owner": each.owner,
                    "field": each.field,
                    "share": number(each.share),
                    "standard_error": number(each.standard_error),
                }
                for each in facts.drivers
            ],
        },
        "guesses": facts.guesses,
        **rests_key(facts.rests),
        "sources": facts.sources,
        "worth_a_look": {each.stands_for: each.trial for each in facts.worth_a_look},
        "warnings": [str(problem) for problem in facts.warnings],
    }


def to_distribution(estimate: Estimate) -> dict[str, Any]:
    """Return the distribution of a figure as plain data."""
    return {figure: finite(getattr(estimate, figure)) for figure in _FIGURES}


def to_chance(chance: Chance) -> dict[str, Any]:
    """Return a chance as plain data."""
    return {"p": number(chance.p), "low": number(chance.low), "high": number(chance.high)}


def finite(value: float) -> float | None:
    """Return a number, or null for what no JSON can hold."""
    return number(value) if math.isfinite(value) else None


def _component(component: SampledComponent) -> dict[str, Any]:
    return {
        "name": component.name,
        "kind": component.kind,
        "p_down": to_chance(component.down),
        "p_affected": to_chance(component.affected),
        "p_not_restored": to_chance(component.not_restored),
        "down_ms": to_distribution(component.down_ms),
        "degraded_ms": to_distribution(component.degraded_ms),
        "longest_ms": to_distribution(component.longest_ms),
        "rto": _target(component.rto),
        "mtpd": _target(component.mtpd),
    }


def _target(target: Target | None) -> dict[str, Any] | None:
    return None if target is None else {"limit_ms": target.limit_ms, "p_missed": to_chance(target.missed)}


def _data(data: SampledData) -> dict[str, Any]:
    return {
        "name": data.name,
        "p_lost_for_good": to_chance(data.lost_for_good),
        "p_no_copy": to_chance(data.not_begun),
        "loss_ms": None if data.loss_ms is None else to_distribution(data.loss_ms),
        "loss_trials": 0 if data.loss_ms is None else data.loss_ms.n,
        "rpo": _target(data.rpo),
    }


def _users(users: SampledUsers) -> dict[str, Any]:
    figures = {
        "affected": users.affected,
        "peak": users.peak,
        "lost_user_minutes": users.lost_user_minutes,
        "out_ms": users.out_ms,
    }
    return {name: _people(figure) for name, figure in figures.items() if figure is not None}


def _people(people: SampledPeople) -> dict[str, Any]:
    return {
        "low": to_distribution(people.low),
        "estimate": None if people.estimate is None else to_distribution(people.estimate),
        "high": to_distribution(people.high),
    }
