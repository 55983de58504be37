"""A run as JSON: one object on one line, for other tools. Versioned; keys are only ever added.

Everything is plain ASCII (other letters are escaped), so that no pipe can garble it.
"""

from __future__ import annotations

import json
from typing import Any

from impactsim.engine.users import Affected, Range
from impactsim.reports.facts import ComponentFacts, DeadlockFacts, Facts, Repair
from impactsim.reports.rests import rests_key

VERSION = 1
"""Version of the form."""


def to_json(facts: Facts) -> str:
    """Return a run as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def one_line(value: Any) -> str:
    """Write plain data as one line of JSON; what is not a number is refused."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def to_object(facts: Facts) -> dict[str, Any]:
    """Return a run as plain data: dictionaries, lists, text, numbers.

    Returns
    -------
    dict
        Times in milliseconds from the start, levels and shares in [0, 1], numbers of people as
        ``{low, estimate, high}`` with a null estimate where only bounds are known.
    """
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "scenario": facts.scenario,
        "starts": None if facts.starts is None else facts.starts.isoformat(),
        "seed": facts.seed,
        "trials": 1,
        **({} if facts.trial is None else {"trial": facts.trial}),
        "end_ms": facts.end_ms,
        "is_over": facts.is_over,
        "components": {name: _component(component) for name, component in facts.components.items()},
        "data": {
            name: {"lost_for_good": data.lost_for_good, "loss_ms": data.loss_ms} for name, data in facts.data.items()
        },
        "deadlocks": [_deadlock(each) for each in facts.deadlocks],
        "repairs": [_repair(each) for each in facts.repairs],
        "users": {
            "known": facts.has_users,
            **_affected(facts.users),
            "segments": {
                name: {**_affected(group), "out_ms": to_range(group.out_ms)} for name, group in facts.segments.items()
            },
        },
        "timeline": [
            {"at_ms": each.at_ms, "what": each.what, "components": list(each.components), "text": each.text}
            for each in facts.moments
        ],
        "not_affected": facts.unaffected,
        "guesses": facts.guesses,
        **rests_key(facts.rests),
        "sources": facts.sources,
        "warnings": [str(problem) for problem in facts.warnings],
    }


def to_range(value: Range) -> dict[str, Any]:
    """Return bounds and estimate as plain data."""
    return {
        "low": number(value.low),
        "estimate": None if value.estimate is None else number(value.estimate),
        "high": number(value.high),
    }


def number(value: float) -> float:
    """Return a number without the noise of its last digits: 12 significant ones, whole numbers as such."""
    plain = float(f"{value:.12g}")
    return int(plain) if plain.is_integer() else plain


def _level(value: float) -> float:
    return round(float(value), 12)


def _component(component: ComponentFacts) -> dict[str, Any]:
    return {
        "name": component.name,
        "kind": component.kind,
        "levels": [[at_ms, _level(level)] for at_ms, level in component.levels],
        "down_ms": component.down_ms,
        "degraded_ms": component.degraded_ms,
        "restored": component.restored,
        "why": [
            {"at_ms": why.at_ms, "because": list(why.because), "text": why.link.text}
            for why in component.why
            if why.level < 1.0
        ],
        "reserve": [
            {
                "from_ms": each.from_ms,
                "to_ms": each.to_ms,
                "by": each.by,
                "of": list(each.of),
                "on": list(each.on),
                "until_ms": each.until_ms,
                "need": each.need,
                "purpose": each.purpose,
                "is_open": each.is_open,
            }
            for each in component.reserve
        ],
    }


def _deadlock(deadlock: DeadlockFacts) -> dict[str, Any]:
    ways = [{action: list(targets) for action, targets in way.items() if targets} for way in deadlock.break_with]
    return {"circle": list(deadlock.circle), "break_with": ways}


def _repair(repair: Repair) -> dict[str, Any]:
    return {
        "component": repair.component,
        "began_ms": repair.began_ms,
        "ended_ms": repair.ended_ms,
        "phases": [
            {"from_ms": each.from_ms, "to_ms": each.to_ms, "status": each.status, "waits_for": list(each.waits_for)}
            for each in repair.phases
        ],
    }


def _affected(group: Affected) -> dict[str, Any]:
    return {
        "affected": to_range(group.affected),
        "peak": to_range(group.peak),
        "lost_user_minutes": to_range(group.lost_user_minutes),
    }
