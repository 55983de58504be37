"""A small system with a plan and a scenario as files, for packs that are made of them as the program does it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from impactsim.results import Exercise
from impactsim.workflow.exercises import exercise_plan

SYSTEM: dict[str, Any] = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "hall": {"kind": "site", "name": "East hall"},
        "vault": {"kind": "site", "name": "Vault"},
        "orders": {
            "kind": "data", "name": "Orders", "at": "hall",
            "copies": [{"at": "vault", "every": "24h", "restore": "3h", "fails": "100%"}],
        },
        "ledger": {
            "kind": "data", "name": "Ledger", "at": "hall", "copies": [{"at": "vault", "every": "24h", "restore": "1h"}],
        },
        "checkout": {"name": "Checkout", "public_name": {"en": "Ordering"}, "needs": ["orders"]},
        "billing": {"name": "Billing", "public_name": {"en": "Bills"}, "needs": ["ledger"]},
    },
    "users": {"buyers": {"count": 9000, "uses": ["checkout", "billing"]}},
    "notices": {"contact": {"en": "Call us at the number on your contract."}},
}  # fmt: skip
PLAN: dict[str, Any] = {
    "impactsim": 1,
    "plan": "Shop recovery",
    "system": "shop.json",
    "as_of": "2026-01-10",
    "services": {"checkout": {"owner": "Sales", "rto": "6h"}, "billing": {"owner": "Finance", "rto": "8h"}},
    "declaration": {"detection": "15m", "decision": "45m", "by": ["lead"]},
    "roles": {
        "lead": {"name": "Head of operations", "people": ["head-of-operations"]},
        "dba": {"name": "Database", "people": ["first-dba", "second-dba"]},
        "house": {"name": "Buildings", "people": ["caretaker"]},
    },
    "steps": {
        "container": {
            "name": "Have a container brought", "restores": ["hall"], "takes": "2h", "not_before": "12h", "by": ["house"],
        },
        "restore-orders": {"name": "Restore the orders", "restores": ["orders"], "takes": "3h", "by": ["dba"]},
        "check-orders": {"name": "Check the orders", "takes": "1h", "after": ["restore-orders"]},
        "restore-ledger": {"name": "Restore the ledger", "restores": ["ledger"], "takes": "2h", "after": ["restore-orders"]},
    },
    "contacts": {"customers": {"by": []}},
    "scenarios": ["fire.json"],
    "trials": 20,
}  # fmt: skip
FIRE: dict[str, Any] = {
    "impactsim": 1,
    "name": "Fire in the east hall",
    "system": "shop.json",
    "starts": "2026-03-02T09:00+01:00",
    "events": [
        {"fail": "hall", "seen": "Smoke in the server room; the fire brigade clears the building"},
        {"destroy": ["orders", "ledger"]},
    ],
    "horizon": "3d",
}


def made(folder: Path, *, trial: int | None = None, **changed: dict[str, Any]) -> Exercise:
    """Return the pack of the plan, with some keys of ``system``, ``plan`` or ``fire`` instead of its own."""
    for name, content in (("system", SYSTEM), ("plan", PLAN), ("fire", FIRE)):
        file = folder / f"{'shop' if name == 'system' else name}.json"
        file.write_text(json.dumps(content | changed.get(name, {})), encoding="utf-8")
    return exercise_plan(folder / "plan.json", "fire", trial=trial, as_of=date(2026, 3, 1), workers=1)
