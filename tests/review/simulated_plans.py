"""Small plans that are played: a base with which nothing is wrong, merge patches of it, and what the review finds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from impactsim.audit.asked import AuditAsked
from impactsim.audit.whole import audit
from impactsim.files.merging import merge_patch
from impactsim.files.reading import LoadedPlan, load_plan
from impactsim.model.plan import RecoveryPlan
from impactsim.model.system import System
from impactsim.review.facts import PlanFinding, ReviewFacts
from impactsim.review.findings.ground import Ground
from impactsim.workflow.reviews import review_plan

AS_OF = date(2026, 6, 1)

SYSTEM: dict[str, Any] = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "shop": {"needs": ["orders"]},
        "orders": {"kind": "data", "at": "hall"},
        "hall": {"kind": "site"},
        "vault": {"kind": "tool"},
    },
}

PLAN: dict[str, Any] = {
    "impactsim": 1,
    "plan": "Shop",
    "system": "system.json",
    "as_of": "2026-01-10",
    "services": {"shop": {"owner": "sales", "tier": 2, "mtpd": "12h", "rto": "3h", "rpo": "not-applicable"}},
    "declaration": {"detection": "10m", "decision": "20m"},
    "roles": {"dba": {"people": ["first-dba"]}},
    "steps": {"restore-orders": {"restores": ["orders"], "takes": "2h", "by": ["dba"]}},
    "scenarios": ["failure.json"],
    "trials": 20,
}

SCENARIOS: dict[str, Any] = {
    "failure": {"impactsim": 1, "name": "Failure", "system": "system.json", "events": [{"fail": "orders"}]}
}


def plan_in(
    folder: Path,
    plan: Mapping[str, Any] | None = None,
    system: Mapping[str, Any] | None = None,
    scenarios: Mapping[str, Any] | None = None,
) -> LoadedPlan:
    """Write the base plan with merge patches (RFC 7396) into a folder, and load it as anybody would."""
    told = {"system": merge_patch(SYSTEM, system or {}), "plan": merge_patch(PLAN, plan or {})}
    for name, data in {**told, **merge_patch(SCENARIOS, scenarios or {})}.items():
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    return load_plan(folder / "plan.json")


def ground_without_runs(system: Mapping[str, Any], plan: Mapping[str, Any] | None = None) -> Ground:
    """Return what findings are made of for a whole system, with the audit and without any rehearsal."""
    told = RecoveryPlan.model_validate(merge_patch(PLAN, plan or {}))
    model = System.model_validate({"impactsim": 1, "name": "Shop", **system})
    return Ground(told, model, (), AS_OF, audit(model, AuditAsked(services=tuple(told.services))))


def by_id(found: object) -> dict[str, PlanFinding]:
    """Return findings by their ids."""
    return {each.id: each for each in found}  # type: ignore[attr-defined]


def reviewed(
    folder: Path,
    plan: dict[str, Any] | None = None,
    system: dict[str, Any] | None = None,
    scenarios: dict[str, Any] | None = None,
) -> ReviewFacts:
    """Return the review of the base plan with merge patches, without its changes."""
    loaded = plan_in(folder, plan, system, scenarios)
    return review_plan(loaded, with_changes=False, workers=1).facts


def found_in(folder: Path, *patches: dict[str, Any] | None) -> dict[str, PlanFinding]:
    """Return its findings by id."""
    return by_id(reviewed(folder, *patches).findings)


def of_code(found: dict[str, PlanFinding], code: str) -> list[str]:
    return [name for name in found if name.startswith(f"{code}/")]
