"""An audit as JSON: one object on one line. Keys are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from impactsim.audit.facts import AuditChange, AuditFacts, NamedCutSet, Probability, ServiceFacts
from impactsim.audit.findings import Finding
from impactsim.audit.holders import Concentration, Holder
from impactsim.audit.restart import RestartPlan
from impactsim.reports.audit.words import notes
from impactsim.reports.json_form import VERSION, number, one_line
from impactsim.reports.rests import rests_key


def to_json(facts: AuditFacts, changes: Sequence[AuditChange] = ()) -> str:
    """Return an audit as one line of JSON, without a line end."""
    return one_line(to_object(facts, changes))


def to_object(facts: AuditFacts, changes: Sequence[AuditChange] = ()) -> dict[str, Any]:
    """Return an audit as plain data.

    Returns
    -------
    dict
        ``findings`` holds the findings, the worst first; each of ``services`` has either ``probability`` or ``bounds``, and
        the other is null.
    """
    return {
        "impactsim": VERSION,
        "system": facts.system,
        "criterion": facts.criterion.value,
        "people": number(facts.people),
        "events": facts.n_events,
        "unknown_events": facts.n_unknown,
        "scenario": facts.scenario or None,
        "lost_user_minutes": number(facts.lost_user_minutes),
        "services": {name: _service(service) for name, service in facts.services.items()},
        "findings": [finding_object(each) for each in facts.findings],
        "restart": None if facts.restart is None else _restart(facts.restart),
        "concentration": None if facts.concentration is None else _concentration(facts.concentration),
        "what_ifs": [_change(each) for each in changes],
        "assumed_restore": list(facts.assumed),
        "warnings": [str(problem) for problem in facts.warnings],
        "notes": notes(facts),
        **rests_key(facts.rests),
    }


def probability_object(value: Probability) -> dict[str, Any]:
    """Return a probability as plain data: exact, or as bounds."""
    if value.is_exact:
        return {"probability": number(value.low), "bounds": None}
    return {"probability": None, "bounds": [number(value.low), number(value.high)]}


def cut_set_object(each: NamedCutSet) -> dict[str, Any]:
    """Return a minimal cut set as plain data."""
    return {
        "events": list(each.events),
        "order": each.order,
        "probability": number(each.probability),
        "known": each.is_known,
    }


def finding_object(each: Finding) -> dict[str, Any]:
    """Return a finding as plain data."""
    return {
        "id": each.id,
        "kind": each.kind,
        "severity": each.severity.word,
        "text": each.text,
        "services": list(each.services),
        "events": list(each.events),
        "users": number(each.users),
        "lost_user_minutes": None if each.lost_user_minutes is None else number(each.lost_user_minutes),
        "evidence": list(each.evidence),
        "remedy": each.remedy,
        "figures": {name: number(value) for name, value in each.figures},
    }


def _service(each: ServiceFacts) -> dict[str, Any]:
    return {
        "name": each.name,
        "users": number(each.users),
        **probability_object(each.probability),
        "unknown_events": each.n_unknown,
        "cut_sets": [cut_set_object(cut_set) for cut_set in each.cut_sets],
        "n_cut_sets": each.n_cut_sets,
        "complete_to_order": each.complete_to,
        "lost_user_minutes": number(each.lost_user_minutes),
        "findings": list(each.findings),
    }


def _restart(plan: RestartPlan) -> dict[str, Any]:
    return {
        "by_itself": plan.comes_back_by_itself,
        "break_glass": list(plan.break_glass),
        "smallest": plan.is_smallest,
        "proven": plan.is_proven,
        "stuck": list(plan.stuck),
        "lost": list(plan.lost),
        "takes_ms": plan.takes_ms,
        "waves": [{"by_itself": list(each.by_itself), "by_hand": list(each.by_hand)} for each in plan.waves],
        "circles": [
            {
                "members": list(each.members),
                "way": list(each.way_ids),
                "break_glass": list(each.break_glass),
                "or_start": list(each.or_start),
                "let_go": list(each.let_go),
                "stuck": list(each.stuck),
            }
            for each in plan.circles
        ],
    }


def _concentration(found: Concentration) -> dict[str, Any]:
    return {
        "lost_user_minutes": None if found.lost_user_minutes is None else number(found.lost_user_minutes),
        "exact": found.is_exact,
        "holders": [_holder(each) for each in found.holders],
        "pairs": [
            {
                "kind": each.kind,
                "names": list(each.names),
                "users": number(each.users),
                "share": number(each.share),
                "alone": [number(share) for share in each.alone],
            }
            for each in found.pairs
        ],
        "fewest": [
            {
                "kind": each.kind,
                "target": number(each.target),
                "names": list(each.names),
                "share": number(each.share),
                "exact": each.is_exact,
            }
            for each in found.fewest
        ],
    }


def _holder(each: Holder) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "name": each.name,
        "components": list(each.components),
        "services": list(each.services),
        "users": number(each.users),
        "share": number(each.share),
        "leaning": number(each.leaning),
        "lost_user_minutes": None if each.lost_user_minutes is None else number(each.lost_user_minutes),
        "share_of_minutes": None if each.share_of_minutes is None else number(each.share_of_minutes),
    }


def _change(each: AuditChange) -> dict[str, Any]:
    return {
        "name": each.name,
        "closes": [finding.id for finding in each.closed],
        "opens": [finding_object(finding) for finding in each.opened],
        "eases": [finding_object(new) for _, new in each.eased],
        "worsens": [finding_object(new) for _, new in each.worsened],
        "lost_user_minutes": number(each.after.lost_user_minutes),
        "services": {
            name: {**probability_object(service.probability), "lost_user_minutes": number(service.lost_user_minutes)}
            for name, service in each.after.services.items()
        },
    }
