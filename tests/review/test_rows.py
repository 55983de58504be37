"""The row of a service: of several scenarios the worst, and a verdict that follows from target, trials and findings."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from impactsim.review.facts import ReviewFacts, ServiceRow, Spread
from impactsim.review.report.text import review_text
from impactsim.review.rows import verdict_on
from impactsim.workflow.reviews import review_plan
from review.simulated_plans import plan_in

HOUR = 3_600_000


def reviewed(folder: Path, *patches: dict[str, Any] | None) -> ReviewFacts:
    return review_plan(plan_in(folder, *patches), with_changes=False, workers=1).facts


def row_of(folder: Path, *patches: dict[str, Any] | None) -> ServiceRow:
    return reviewed(folder, *patches).rows[0]


@pytest.mark.parametrize(
    ("spread", "target", "verdict"),
    [
        (Spread(1, 2, 4), 4, "holds"),
        (Spread(1, 4, 5), 4, "at risk"),
        (Spread(1, 5, 5), 4, "fails"),
        (Spread(1, 2, math.inf), 4, "at risk"),
        (Spread(0, 0, 0), 0, "holds"),
        (Spread(1, 2, 4), None, "not known"),
        (None, 4, "not known"),
        (Spread(math.nan, math.nan, math.nan), 4, "not known"),
    ],
)
def test_a_target_is_judged_by_median_and_p90(spread: Spread | None, target: int | None, verdict: str) -> None:
    assert verdict_on(spread, target) == verdict


def test_of_two_scenarios_the_later_return_stands_in_the_row(tmp_path: Path) -> None:
    worse = {"impactsim": 1, "name": "Fire", "system": "system.json", "events": [{"fail": ["orders", "hall"]}]}
    plan = {
        "scenarios": ["failure.json", "fire.json"],
        "steps": {"mend-hall": {"restores": ["hall"], "takes": "9h"}},
    }
    row = row_of(tmp_path, plan, None, {"fire": worse})
    assert row.scenario == "Fire"
    assert row.achievable_rto == Spread(9.5 * HOUR, 9.5 * HOUR, 9.5 * HOUR)
    assert (row.verdict, row.wave) == ("fails", 1)


def test_the_longest_median_and_the_longest_p90_may_be_of_two_scenarios(tmp_path: Path) -> None:
    fire = {"impactsim": 1, "name": "Fire", "system": "system.json", "events": [{"fail": "hall"}]}
    plan = {
        "scenarios": ["failure.json", "fire.json"],
        "services": {"shop": {"rto": "5h", "mtpd": "3d"}},
        "steps": {
            "restore-orders": {"takes": "4h"},
            "mend-hall": {"restores": ["hall"], "takes": {"median": "3h30m", "p90": "9h"}},
        },
        "trials": 200,
    }
    facts = reviewed(tmp_path, plan, None, {"fire": fire})
    (row,) = facts.rows
    # The failure takes 4 h 30 min in every trial; the fire less in most, and more than 5 h in more than one of ten.
    assert row.achievable_rto is not None
    assert row.achievable_rto.p50_ms == 4.5 * HOUR
    assert row.achievable_rto.p90_ms > 8 * HOUR
    assert (row.verdict, row.scenario, row.p50_scenario, row.p90_scenario) == ("at risk", "Fire", "Failure", "")
    assert row.p_rto_met is not None
    assert row.p_rto_met[0] < 0.9
    assert "    shop: Fire; P50 in Failure" in review_text(facts)


def test_a_service_that_no_scenario_touches_is_not_known(tmp_path: Path) -> None:
    plan = {"services": {"blog": {"owner": "press", "rto": "1d"}}}
    facts = reviewed(tmp_path, plan, {"components": {"blog": {}}})
    blog = facts.rows[1]
    assert (blog.id, blog.scenario, blog.achievable_rto, blog.verdict) == ("blog", "", None, "not known")
    assert facts.verdict == "not known"


@pytest.mark.parametrize("rto", [None, "unknown", "not-applicable"])
def test_without_a_figure_as_target_the_verdict_is_not_known(tmp_path: Path, rto: str | None) -> None:
    assert row_of(tmp_path, {"services": {"shop": {"rto": rto}}}).verdict == "not known"


def test_a_critical_finding_fails_a_service_that_has_no_target(tmp_path: Path) -> None:
    row = row_of(tmp_path, {"services": {"shop": {"rto": None}}, "steps": {"restore-orders": None}})
    assert row.verdict == "fails"
    assert "DR02/shop" in row.findings


def test_a_single_point_that_hits_everybody_fails_nothing_that_comes_back_in_time(tmp_path: Path) -> None:
    facts = reviewed(tmp_path)
    critical = [each.id for each in facts.findings if each.severity.word == "critical"]
    assert critical == ["DR05/hall"]
    assert facts.rows[0].single_points == ("hall", "orders")
    assert facts.verdict == "holds"


def test_lost_data_fails_a_service_that_is_back_in_time(tmp_path: Path) -> None:
    destroyed = {"failure": {"events": [{"destroy": "orders"}]}}
    copies = {"components": {"orders": {"copies": [{"at": "bank", "every": "1d", "restore": "1h"}]}, "bank": {}}}
    row = row_of(tmp_path, {"services": {"shop": {"rpo": "1h"}}}, copies, destroyed)
    assert verdict_on(row.achievable_rto, 3 * HOUR) == "holds"
    assert row.achievable_rpo is not None
    assert row.achievable_rpo.p50_ms > HOUR
    assert row.verdict == "fails"


def test_what_a_backup_shares_with_its_primary_stands_in_the_row(tmp_path: Path) -> None:
    system = {
        "components": {
            "shop": {"needs": ["orders", {"any_of": ["fibre", "lte"]}]},
            "fibre": {"needs": ["duct"], "kind": "connectivity"},
            "lte": {"needs": ["duct"], "kind": "connectivity"},
            "duct": {"kind": "duct"},
        }
    }
    assert row_of(tmp_path, None, system).shared == ("duct",)
    system["components"]["lte"]["needs"] = []
    assert row_of(tmp_path, None, system).shared == ()


def test_suppliers_and_the_last_test_of_the_service_itself_stand_in_the_row(tmp_path: Path) -> None:
    plan = {
        "suppliers": {"landlord": {"components": ["hall"], "repair_time": "8h", "evidence": "Lease"}},
        "tests": [
            {"of": "shop", "type": "tabletop", "date": "2025-12-31"},
            {"of": "shop", "type": "simulation", "date": "2025-06-01", "measured": "2h"},
        ],
    }
    row = row_of(tmp_path, plan)
    assert row.suppliers == (("landlord", 8 * HOUR, "Lease"),)
    assert row.last_test is not None
    assert (row.last_test.type, row.last_test.age_days) == ("tabletop", 10)


BEHIND: dict[str, Any] = {
    "components": {
        "shop": {"needs": [{"any_of": ["orders", "standby"]}]},
        "orders": {"copies": [{"at": "bank", "every": "1d", "restore": "1h", "tested": "2025-11-01"}]},
        "standby": {"needs": [{"any_of": ["line", "radio"]}]},
        "bank": {},
        "line": {},
        "radio": {},
    }
}


@pytest.mark.parametrize(
    ("tested", "of"),
    [
        (["standby", "radio"], "standby"),
        (["radio"], "orders"),
        (["shop", "standby"], "shop"),
    ],
)
def test_the_last_test_is_of_the_service_or_of_what_it_leans_on_directly(
    tmp_path: Path, tested: list[str], of: str
) -> None:
    # The radio is a standby of a standby, and was tested last of all: that says nothing of the shop.
    days = {"shop": "2025-10-01", "standby": "2025-12-01", "radio": "2026-01-01"}
    plan = {"tests": [{"of": name, "type": "parallel", "date": days[name]} for name in tested]}
    last = row_of(tmp_path, plan, BEHIND).last_test
    assert last is not None
    assert last.of == of
