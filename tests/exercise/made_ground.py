"""A plan that fits the run of `review.made_facts`, and the ground of an exercise made of both."""

from __future__ import annotations

from dataclasses import replace

from impactsim.exercise.ground import Ground
from impactsim.model.plan import RecoveryPlan
from impactsim.reports.facts import Facts
from impactsim.reports.facts import Repair as RepairFacts
from review.made_facts import HOUR, MINUTE, rehearsal

PLAN = {
    "impactsim": 1,
    "plan": "Shop recovery",
    "system": "shop.yaml",
    "services": {"checkout": {"rto": "4h"}, "search": {"rto": "2h"}},
    "declaration": {"detection": "15m", "decision": "45m", "by": ["lead"]},
    "roles": {
        "lead": {"name": "Head of operations", "people": ["head-of-operations"]},
        "ops": {"name": "Operations", "people": ["first-operator", "second-operator"]},
        "dba": {"name": "Database", "people": ["first-dba"]},
    },
    "steps": {
        "unlock": {"name": "Bring back the password store", "restores": ["vault"], "takes": "3h", "by": ["ops"]},
        "restore-db": {
            "name": "Restore the orders", "restores": ["orders-db"], "takes": "4h", "by": ["dba"], "with": ["vault"],
        },
        "failover": {"name": "Switch to the second line", "takes": "5m"},
    },
    "suppliers": {"lintel": {"name": "Lintel Fibre", "components": ["dc-east"], "repair_time": "8h"}},
    "contacts": {"customers": {"by": ["hotline"]}},
    "scenarios": ["fire.yaml"],
}  # fmt: skip


def plan(**changes: object) -> RecoveryPlan:
    """Return the plan, with some keys instead of its own."""
    return RecoveryPlan.model_validate({**PLAN, **changes})


def gates() -> tuple[RepairFacts, ...]:
    """Return the work of detection, declaration and the first step, which the run of the review lacks."""
    return (
        RepairFacts("plan.detection", 0, 15 * MINUTE, ()),
        RepairFacts("plan.declaration", 0, HOUR, ()),
        RepairFacts("plan.unlock", 0, 4 * HOUR, ()),
    )


def ground(run: Facts | None = None, **changes: object) -> Ground:
    """Return the ground; its run is that of the medians unless another is given."""
    medians = rehearsal().run
    run = run or medians
    return Ground(plan(**changes), rehearsal(), replace(run, repairs=(*gates(), *run.repairs)))
