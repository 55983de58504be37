"""A forecast as JSON: one object on one line, for other tools. Of the same version as the JSON of a run.

What has a distribution over the years has ``{mean, low, high, p10, p50, p90, least, most}``, what has an interval only
``{mean, low, high}``; what happens in a share of the years has ``{p, low, high}`` under a key that begins with ``p_``.
"""

from __future__ import annotations

from typing import Any

from impactsim.reports.forecast.facts import Cost, ForecastFacts, ForecastService, Mean, WhatIf
from impactsim.reports.json_form import VERSION, number, one_line
from impactsim.reports.rests import rests_key
from impactsim.reports.sampled.facts import Target
from impactsim.reports.sampled.json_form import finite, to_chance, to_distribution


def to_json(facts: ForecastFacts) -> str:
    """Return a forecast as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def to_object(facts: ForecastFacts) -> dict[str, Any]:
    """Return a forecast as plain data: dictionaries, lists, text, numbers.

    Returns
    -------
    dict
        Times in milliseconds a year, chances and shares in [0, 1]; what changes save is above 0 where they make things better.
    """
    lost = facts.lost_user_minutes
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "seed": facts.seed,
        "years": facts.n_years,
        "years_asked": facts.n_asked,
        "complete": facts.is_complete,
        "precision": {"asked": facts.precision, "reached": finite(facts.reached)},
        "starts": facts.starts.isoformat(),
        "run_in_ms": facts.run_in_ms,
        "year_ms": facts.year_ms,
        "services": {name: _service(service) for name, service in facts.services.items()},
        "users": {
            "known": facts.has_users,
            "lost_user_minutes": {
                "low": to_distribution(lost.low),
                "estimate": None if lost.estimate is None else to_distribution(lost.estimate),
                "high": to_distribution(lost.high),
            },
        },
        "down_ms": to_distribution(facts.down_ms),
        "budget": [_cost(cost) for cost in facts.budget],
        "untraced": number(facts.untraced),
        "changes": [_change(change) for change in facts.changes],
        "never_fail": list(facts.never),
        "notes": list(facts.notes),
        "guesses": facts.guesses,
        **rests_key(facts.rests),
        "sources": facts.sources,
        "warnings": [str(problem) for problem in facts.warnings],
    }


def to_interval(mean: Mean) -> dict[str, Any]:
    """Return a mean with its interval as plain data."""
    return {"mean": finite(mean.mean), "low": finite(mean.low), "high": finite(mean.high)}


def _service(service: ForecastService) -> dict[str, Any]:
    return {
        "name": service.name,
        "availability": to_interval(service.availability),
        "degraded": to_interval(service.degraded),
        "p_down": to_chance(service.down),
        "outages": to_distribution(service.outages),
        "down_ms": to_distribution(service.down_ms),
        "degraded_ms": to_distribution(service.degraded_ms),
        "longest_ms": to_distribution(service.longest_ms),
        "rto": _target(service.rto),
        "mtpd": _target(service.mtpd),
    }


def _target(target: Target | None) -> dict[str, Any] | None:
    return None if target is None else {"limit_ms": target.limit_ms, "p_missed": to_chance(target.missed)}


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "id": cost.id,
        "name": cost.name,
        "is_common_cause": cost.is_common_cause,
        "per_year": cost.per_year,
        "down_all_year": cost.down_all_year,
        "lost_user_minutes": to_interval(cost.lost_user_minutes),
        "lost_share": cost.lost_share,
        "down_ms": to_interval(cost.down_ms),
        "down_share": cost.down_share,
    }


def _change(change: WhatIf) -> dict[str, Any]:
    return {
        "name": change.name,
        "file": change.file,
        "years": change.n_years,
        "saves": {
            "lost_user_minutes": to_distribution(change.lost_user_minutes),
            "lost_share": change.lost_share,
            "down_ms": to_distribution(change.down_ms),
            "services": {
                name: {"down_ms": to_interval(saved.down_ms), "outages": to_interval(saved.outages)}
                for name, saved in change.services.items()
            },
        },
        "warnings": [str(problem) for problem in change.warnings],
    }
