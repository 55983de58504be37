"""A review as JSON: one object on one line. Keys are only ever added.

JSON has neither infinity nor *unknown*: a time is ``{ms, never}``, with null and true where it never comes, and null as a whole where it
is not known.
"""

from __future__ import annotations

import math
from typing import Any

from impactsim.audit.findings import Severity
from impactsim.model.fields import Target
from impactsim.reports.json_form import VERSION, number, one_line, to_range
from impactsim.reports.rests import rests_key
from impactsim.review.facts import (
    BackupRow,
    ChangeFacts,
    Eased,
    LastTest,
    PlanFinding,
    Rehearsal,
    ReviewFacts,
    ServiceRecovery,
    ServiceRow,
    Spread,
    StepFacts,
)


def to_json(facts: ReviewFacts) -> str:
    """Return a review as one line of JSON, without a line end."""
    return one_line(to_object(facts))


def to_object(facts: ReviewFacts) -> dict[str, Any]:
    """Return a review as plain data.

    Returns
    -------
    dict
        ``services`` holds the rows by id, ``findings`` the findings, the worst first, ``scenarios`` what was played; of the runs by the
        medians only steps, services and users.
    """
    return {
        "impactsim": VERSION,
        "plan": facts.plan,
        "system": facts.system,
        "as_of": facts.as_of.isoformat(),
        "plan_as_of": None if facts.plan_as_of is None else facts.plan_as_of.isoformat(),
        "currency": facts.currency,
        "trials": facts.n_trials,
        "seed": facts.seed,
        "version": facts.version,
        "verdict": facts.verdict,
        "services": {row.id: _row(row) for row in facts.rows},
        "findings": [_finding(each, facts) for each in facts.findings],
        "scenarios": [_rehearsal(each) for each in facts.rehearsals],
        "backups": [_backup(each) for each in facts.backups],
        "changes": [_change(each) for each in facts.changes],
        "restart_circles": [
            {"members": list(members), "break_glass": list(by_hand)} for members, by_hand in facts.restart_circles
        ],
        "deadlocks": [{"scenario": name, "circle": list(circle)} for name, circle in facts.deadlocks],
        "guesses": facts.guesses,
        **rests_key(facts.rests),
        "sources": facts.sources,
        "assumptions": list(facts.assumptions),
        "warnings": [str(problem) for problem in facts.warnings],
        "names": facts.names,
    }


def _time(ms: float | None) -> dict[str, Any] | None:
    """Return a time that may never come: ``{ms, never}``; None where it is not known."""
    if ms is None or math.isnan(ms):
        return None
    return {"ms": None, "never": True} if math.isinf(ms) else {"ms": number(ms), "never": False}


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    if spread is None or math.isnan(spread.p50_ms):
        return None
    return {"p10": _time(spread.p10_ms), "p50": _time(spread.p50_ms), "p90": _time(spread.p90_ms)}


def _chance(chance: tuple[float, float, float] | None) -> dict[str, Any] | None:
    if chance is None:
        return None
    return {"estimate": number(chance[0]), "low": number(chance[1]), "high": number(chance[2])}


def _target(target: Target | None) -> dict[str, Any]:
    """Return an objective: its figure, and the word for what it is; 0, unknown, not applicable and not said are four things."""
    if isinstance(target, int):
        return {"ms": target, "said": "figure"}
    return {"ms": None, "said": target or "nothing"}


def _row(row: ServiceRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "owner": row.owner,
        "tier": row.tier,
        "verdict": row.verdict,
        "mtpd": _target(row.mtpd),
        "mbco": number(row.mbco),
        "rto": _target(row.rto),
        "rpo": _target(row.rpo),
        "targets_as_of": None if row.as_of is None else row.as_of.isoformat(),
        "scenario": row.scenario or None,
        "p50_scenario": row.p50_scenario or row.scenario or None,
        "p90_scenario": row.p90_scenario or row.scenario or None,
        "achievable_rto": _spread(row.achievable_rto),
        "from_declaration": _spread(row.from_declaration),
        "p_rto_met": _chance(row.p_rto_met),
        "achievable_rpo": _spread(row.achievable_rpo),
        "p_rpo_met": _chance(row.p_rpo_met),
        "wave": row.wave,
        "critical_path": list(row.critical_path),
        "single_points": list(row.single_points),
        "shared": list(row.shared),
        "suppliers": [
            {"id": name, "repair_time": _target(repair_time), "evidence": evidence}
            for name, repair_time, evidence in row.suppliers
        ],
        "people": list(row.people),
        "last_test": _test(row.last_test),
        "findings": list(row.findings),
    }


def _test(test: LastTest | None) -> dict[str, Any] | None:
    if test is None:
        return None
    return {
        "of": test.of,
        "type": test.type,
        "date": test.date.isoformat(),
        "measured": _target(test.measured),
        "measured_rpo": _target(test.measured_rpo),
        "passed": test.passed,
        "age_days": test.age_days,
    }


def _finding(each: PlanFinding, facts: ReviewFacts) -> dict[str, Any]:
    # Whether a cheapest change was looked for, and whether there is one, are two things.
    looked_for = bool(facts.changes) and each.severity >= Severity.HIGH
    return {
        "id": each.id,
        "code": each.code,
        "severity": each.severity.word,
        "text": each.text,
        "services": list(each.services),
        "components": list(each.components),
        "steps": list(each.steps),
        "evidence": list(each.evidence),
        "remedy": each.remedy,
        "figures": {name: _figure(value) for name, value in each.figures},
        "scenarios": list(each.scenarios),
        "changes_tried": looked_for,
        "cheapest_change": facts.cheapest.get(each.id),
    }


def _figure(value: float) -> float | str | None:
    """Return a figure; the word ``never`` for what is infinite."""
    if math.isnan(value):
        return None
    return "never" if math.isinf(value) else number(value)


def _rehearsal(each: Rehearsal) -> dict[str, Any]:
    users = each.run.users
    return {
        "name": each.name,
        "file": each.file,
        "trials": each.n_trials,
        "seed": each.seed,
        "declared": _spread(each.declared),
        "gates": [_step(gate) for gate in each.gates],
        "steps": [_step(step) for step in each.steps],
        "services": {name: _recovery(recovery) for name, recovery in each.services.items()},
        "unrestored": list(each.unrestored),
        "unused_steps": list(each.unused_steps),
        "by_itself": [
            {"component": name, "ms": number(ms), "says": says} for name, (ms, says) in each.by_itself.items()
        ],
        "end_ms": each.run.end_ms,
        "levels": {
            name: [[at_ms, round(float(level), 12)] for at_ms, level in each.run.components[name].levels]
            for name in each.services
            if name in each.run.components
        },
        "users": {
            "known": each.run.has_users,
            "affected": to_range(users.affected),
            "peak": to_range(users.peak),
            "lost_user_minutes": to_range(users.lost_user_minutes),
            "over_time": [
                {"at_ms": at_ms, "p10": number(low), "p50": number(middle), "p90": number(late)}
                for at_ms, low, middle, late in each.users
            ],
        },
    }


def _step(step: StepFacts) -> dict[str, Any]:
    if not step.is_called:
        return {"id": step.id, "name": step.name, "called": False}
    return {
        "id": step.id,
        "name": step.name,
        "called": True,
        "restores": list(step.restores),
        "after": list(step.after),
        "people": [{"role": role, "person": person} for role, person in step.people],
        "wave": step.wave,
        "called_ms": step.called_ms,
        "begins_ms": step.begins_ms,
        "ends_ms": step.ends_ms,
        "ends": _spread(step.ends),
        "waits": [
            {
                "from_ms": wait.from_ms,
                "to_ms": wait.to_ms,
                "for": wait.kind,
                "of": list(wait.of),
                "kept_by": list(wait.kept_by),
                "while_missing": list(wait.while_missing),
            }
            for wait in step.waits
        ],
        "critical": step.is_critical,
    }


def _recovery(each: ServiceRecovery) -> dict[str, Any]:
    return {
        "affected": each.is_affected,
        "rto": _spread(each.rto),
        "from_declaration": _spread(each.from_declaration),
        "p_rto_met": _chance(each.p_rto_met),
        "rpo": _spread(each.rpo),
        "p_rpo_met": _chance(each.p_rpo_met),
        "back_ms": each.back_ms,
        "wave": each.wave,
        "critical_path": list(each.critical_path),
        "because": list(each.because),
    }


def _backup(each: BackupRow) -> dict[str, Any]:
    return {
        "of": each.of,
        "by": each.by,
        "kind": each.kind,
        "every_ms": each.every_ms,
        "loses": _time(each.loses_ms),
        "takes": each.takes,
        "shares": list(each.shares),
        "last_test": _test(each.last_test),
    }


def _change(each: ChangeFacts) -> dict[str, Any]:
    return {
        "id": each.id,
        "text": each.text,
        "cost": number(each.cost),
        "closes": list(each.closes),
        "opens": list(each.opens),
        "eases": [_eased(eased) for eased in each.eases],
        "worsens": [{"id": worse.id, "before": worse.before.word, "after": worse.after.word} for worse in each.worsens],
    }


def _eased(each: Eased) -> dict[str, Any]:
    return {
        "id": each.id,
        "before": each.before.word,
        "after": each.after.word,
        "gone_from": list(each.gone_from),
    }
