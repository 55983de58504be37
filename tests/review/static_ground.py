"""A small plan with which nothing is wrong that needs no simulation, and ways to change it."""

from __future__ import annotations

from datetime import date
from typing import Any

from impactsim.audit.facts import AuditFacts
from impactsim.exact.propagation import Criterion
from impactsim.files.merging import merge_patch
from impactsim.model.plan import RecoveryPlan
from impactsim.model.system import System
from impactsim.review.findings.ground import Ground

AS_OF = date(2026, 6, 1)

SYSTEM: dict[str, Any] = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "shop": {
            "needs": ["app", {"any_of": ["fibre", "lte"]}],
            "public_name": {"en": "Shop", "it": "Negozio"},
            "workarounds": [{"text": {"en": "Call us", "it": "Chiamateci"}, "covers": 0.2}],
        },
        "blog": {
            "public_name": {"en": "Blog", "it": "Blog"},
            "workarounds": [{"text": {"en": "Read it later", "it": "Leggetelo dopo"}, "covers": 0.1}],
        },
        "app": {"kind": "application", "needs": ["orders", "hosting"], "targets": {"rto": "3h"}},
        "orders": {
            "kind": "data",
            "copies": [
                {"at": "vault", "every": "30m", "lag": "10m", "restore": "1h", "tested": "2026-02-01"},
                {"at": "attic", "every": "7d", "restore": "9h", "tested": "2026-02-01"},
            ],
        },
        "hosting": {"kind": "provider", "operator": "Cloudy"},
        "fibre": {"kind": "connectivity"},
        "lte": {"kind": "connectivity"},
        "vault": {"kind": "site"},
        "attic": {"kind": "site"},
    },
    "notices": {"contact": {"en": "Call 100", "it": "Chiamate il 100"}},
}

TESTS: dict[str, dict[str, Any]] = {
    "shop": {"of": "shop", "type": "parallel", "date": "2026-03-01", "measured": "3h", "passed": True},
    "lte": {"of": "lte", "type": "parallel", "date": "2026-03-01", "measured": "5m"},
    "orders": {"of": "orders", "type": "parallel", "date": "2026-03-01", "measured": "2h", "measured_rpo": "40m"},
    "blog": {"of": "blog", "type": "tabletop", "date": "2026-03-01", "measured": "8h"},
}
"""The tests of the plan, by what they test."""

PLAN: dict[str, Any] = {
    "impactsim": 1,
    "plan": "Shop",
    "system": "shop.yaml",
    "as_of": "2026-01-10",
    "languages": ["en", "it"],
    "services": {
        "shop": {"owner": "sales", "tier": 1, "mtpd": "8h", "rto": "4h", "rpo": "1h"},
        "blog": {"owner": "press", "tier": 3, "mtpd": "5d", "rto": "1d", "rpo": "not-applicable"},
    },
    "declaration": {"detection": "10m", "decision": "20m", "by": ["lead"]},
    "roles": {"lead": {"people": ["head", "deputy"]}, "dba": {"people": ["first-dba", "second-dba"]}},
    "steps": {
        "prepare": {"takes": "10m", "by": ["dba"]},
        "restore-orders": {"restores": ["orders"], "takes": "1h", "by": ["dba"], "after": ["prepare"]},
        "rewrite-blog": {"restores": ["blog"], "takes": "5h", "by": ["dba"]},
    },
    "suppliers": {
        "cloudy": {"components": ["hosting"], "repair_time": "2h", "evidence": "Contract 7", "relies_on": []}
    },
    "scenarios": ["fire.yaml"],
}


def ground(
    plan: dict[str, Any] | None = None,
    system: dict[str, Any] | None = None,
    tests: dict[str, dict[str, Any] | None] | None = None,
    more_tests: tuple[dict[str, Any], ...] = (),
    as_of: date = AS_OF,
) -> Ground:
    """Return the small plan with changes: merge patches (RFC 7396) of the plan, the system and the tests, and more tests."""
    tested = [*merge_patch(TESTS, tests or {}).values(), *more_tests]
    return Ground(
        RecoveryPlan.model_validate({**merge_patch(PLAN, plan or {}), "tests": tested}),
        System.model_validate(merge_patch(SYSTEM, system or {})),
        (),
        as_of,
        AuditFacts("Shop", Criterion.DOWN, 0.0, {}, (), 0, 0),
    )
