"""An outage under way as JSON: one object on one line, for other programs. Versioned; keys are only ever added."""

from __future__ import annotations

import math
from typing import Any

from impactsim.outage.estimate import Remaining
from impactsim.outage.facts import ActionNow, AgainNow, BasisNow, NowFacts, RepairNow, ReserveNow, RunsOut, ServiceNow
from impactsim.reports.json_form import VERSION, number, one_line, to_range
from impactsim.reports.rests import rests_key


def to_json(facts: NowFacts) -> str:
    """Return an outage under way as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def to_object(facts: NowFacts) -> dict[str, Any]:
    """Return an outage under way as plain data.

    Returns
    -------
    dict
        Times in milliseconds from the start, levels, shares and chances in [0, 1], numbers of people as
        ``{low, estimate, high}``, remaining times as ``{n, p20_ms, p50_ms, p90_ms}`` with null for what does not end.
    """
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "starts": facts.starts.isoformat(),
        "at_ms": facts.at_ms,
        "at": facts.clock(facts.at_ms).isoformat(),
        "zone": facts.zone,
        "seed": facts.seed,
        "trials": facts.n_trials,
        "usable_trials": facts.n_usable,
        "names": dict(facts.names),
        "reported": [
            {
                "component": each.component,
                "level": number(each.level),
                "since_ms": each.since_ms,
                "cause": each.cause or None,
                "is_explained": each.is_explained,
            }
            for each in facts.reported
        ],
        "up": list(facts.up),
        "users": {
            "known": facts.has_users,
            "affected": to_range(facts.users),
            "people": _maybe(facts.people),
            "uncounted": list(facts.uncounted),
        },
        "services": [_service(each) for each in facts.services],
        "n_services": facts.n_services,
        "remaining": _remaining(facts.remaining),
        "is_estimated": facts.is_estimated,
        "at_risk": [{"service": name, "chance": number(chance)} for name, chance in facts.at_risk],
        "lost_user_minutes": None if facts.lost_user_minutes is None else _three(facts.lost_user_minutes),
        "runs_out": [_runs_out(each) for each in facts.runs_out],
        "actions": [_action(each) for each in facts.actions],
        "saves": {
            "unit": facts.unit,
            "window_ms": facts.window_ms,
            "tried": facts.n_tried,
            "not_tried": facts.n_untried,
        },
        "repairs": [_repair(each) for each in facts.repairs],
        "reserves": [_reserve(each) for each in facts.reserves],
        "channels": [
            {
                "channel": each.channel,
                "level": number(each.level),
                "until_ms": each.until_ms,
                "back_ms": each.back_ms,
            }
            for each in facts.channels
        ],
        "again": {"chance": number(facts.chance_again), "of": [_again(each) for each in facts.again]},
        "deadlocks": [list(each) for each in facts.deadlocks],
        "notes": list(facts.notes),
        "guesses": dict(facts.guesses),
        **rests_key(facts.rests),
        "warnings": [str(problem) for problem in facts.warnings],
    }


def _maybe(value: float | None) -> float | None:
    """Return a number, or nothing where it is infinite or not known."""
    return None if value is None or not math.isfinite(value) else number(value)


def _three(values: tuple[float, float, float]) -> dict[str, Any]:
    return dict(zip(("p20", "p50", "p90"), map(_maybe, values), strict=True))


def _remaining(value: Remaining | None) -> dict[str, Any] | None:
    if value is None:
        return None
    p20, p50, p90 = (_whole(each) for each in (value.p20_ms, value.p50_ms, value.p90_ms))
    return {"n": value.n, "p20_ms": p20, "p50_ms": p50, "p90_ms": p90}


def _whole(ms: float) -> int | None:
    return round(ms) if math.isfinite(ms) else None


def _service(each: ServiceNow) -> dict[str, Any]:
    return {
        "service": each.service,
        "level": number(each.level),
        "since_ms": each.since_ms,
        "because": list(each.because),
        "text": each.text,
        "remaining": _remaining(each.remaining),
        "rests_on": list(each.rests_on),
        "back_ms": each.back_ms,
    }


def _runs_out(each: RunsOut) -> dict[str, Any]:
    return {
        "at_ms": each.at_ms,
        "component": each.component,
        "kind": each.kind,
        "of": list(each.of),
        "on": list(each.on),
        "text": each.text,
        "falls": [{"service": fall.service, "at_ms": fall.at_ms, "level": number(fall.level)} for fall in each.falls],
        "people": to_range(each.people),
    }


def _action(each: ActionNow) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "targets": list(each.targets),
        "text": each.text,
        "at_ms": each.at_ms,
        "saves": number(each.saves),
        "is_upper_bound": each.is_upper_bound,
    }


def _repair(each: RepairNow) -> dict[str, Any]:
    return {
        "component": each.component,
        "since_ms": each.since_ms,
        "level": number(each.level),
        "status": each.status,
        "waits_for": list(each.waits_for),
        "crew": each.crew or None,
        "crew_is_at": list(each.crew_is_at),
        "jobs_of_others": each.jobs_of_others,
        "operator": each.operator or None,
        "left": _remaining(each.left),
        "ends_ms": each.ends_ms,
        "basis": _basis(each.basis),
    }


def _basis(each: BasisNow) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "typical": each.typical or None,
        "median_ms": _maybe(each.median_ms),
        "p90_ms": _maybe(each.p90_ms),
        "worked_ms": each.worked_ms,
        "is_guessed": each.is_guessed,
        "source": each.source,
    }


def _reserve(each: ReserveNow) -> dict[str, Any]:
    return {
        "components": list(each.components),
        "by": each.by,
        "of": list(each.of),
        "on": list(each.on),
        "until_ms": each.until_ms,
    }


def _again(each: AgainNow) -> dict[str, Any]:
    return {
        "id": each.id,
        "is_cause": each.is_cause,
        "per_year": _maybe(each.per_year),
        "chance": _maybe(each.chance),
        "confidence": each.confidence or None,
        "source": each.source,
        "services": list(each.services),
    }
