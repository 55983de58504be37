"""Findings of recovery times: each has a plan that triggers it, and a near twin that does not.

An outage of the base plan is known after 10 minutes and declared after 20 more; the restore of 2 hours is done at 2 h 30 min.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.findings import Severity
from impactsim.review.facts import Spread
from impactsim.review.findings.judged import judged
from impactsim.review.report.json_form import to_object
from impactsim.review.report.words import from_declaration, into_action
from review.simulated_plans import by_id, found_in, of_code, reviewed

HOUR = 3_600_000
MINUTE = 60_000


# DR02.


@pytest.mark.parametrize(
    ("spread", "target", "limit", "severity"),
    [
        (Spread(1, 2, 4), 4, None, None),
        (Spread(1, 2, 5), 4, None, Severity.MEDIUM),
        (Spread(1, 4, 5), 4, None, Severity.MEDIUM),
        (Spread(1, 5, 5), 4, None, Severity.HIGH),
        (Spread(1, 5, 5), 4, 5, Severity.HIGH),
        (Spread(1, 6, 6), 4, 5, Severity.CRITICAL),
        (Spread(1, 6, 6), None, 5, Severity.CRITICAL),
        (Spread(1, 4, 6), None, 5, Severity.HIGH),
        (Spread(1, 4, 6), 4, 5, Severity.HIGH),
        (Spread(1, 4, 5), 3, 5, Severity.HIGH),
        (Spread(1, 4, math.inf), None, None, None),
        (Spread(1, 4, math.inf), 4, None, Severity.MEDIUM),
        (Spread(1, math.inf, math.inf), None, None, Severity.CRITICAL),
        (Spread(math.nan, math.nan, math.nan), 4, 5, None),
    ],
)
def test_a_time_is_as_bad_as_the_share_of_the_trials_in_which_it_is_too_long(
    spread: Spread, target: int | None, limit: int | None, severity: Severity | None
) -> None:
    assert judged(spread, target, limit) is severity


def test_a_service_that_is_back_in_time_has_no_dr02_and_holds(tmp_path: Path) -> None:
    facts = reviewed(tmp_path)
    assert not of_code(by_id(facts.findings), "DR02")
    (row,) = facts.rows
    assert row.achievable_rto == Spread(2.5 * HOUR, 2.5 * HOUR, 2.5 * HOUR)
    assert row.from_declaration == Spread(2 * HOUR, 2 * HOUR, 2 * HOUR)
    assert row.critical_path == ("detection", "declaration", "restore-orders")
    assert row.people == ("first-dba",)


def test_a_target_below_the_median_is_high_with_path_and_chance(tmp_path: Path) -> None:
    facts = reviewed(tmp_path, {"services": {"shop": {"rto": "2h"}}})
    finding = by_id(facts.findings)["DR02/shop"]
    assert finding.severity is Severity.HIGH
    assert finding.steps == ("restore-orders",)
    assert dict(finding.figures) == {
        "p50_ms": 2.5 * HOUR,
        "p90_ms": 2.5 * HOUR,
        "target_ms": 2.0 * HOUR,
        "mtpd_ms": 12.0 * HOUR,
        "p_met": 0.0,
        "scenarios": 1.0,
    }
    assert any("detection, then declaration, then restore-orders (done at 2 h 30 min)" in e for e in finding.evidence)
    assert any("met in 0% of the trials (95% interval 0% to" in each for each in finding.evidence)
    assert facts.verdict == "fails"


def test_a_target_between_median_and_p90_is_medium_and_at_risk(tmp_path: Path) -> None:
    takes = {"median": "2h", "p90": "6h"}
    facts = reviewed(tmp_path, {"steps": {"restore-orders": {"takes": takes}}, "trials": 200})
    assert by_id(facts.findings)["DR02/shop"].severity is Severity.MEDIUM
    assert facts.rows[0].verdict == "at risk"


def test_a_median_beyond_what_is_tolerable_is_critical(tmp_path: Path) -> None:
    found = found_in(tmp_path, {"services": {"shop": {"rto": "2h", "mtpd": "2h15m"}}})
    assert found["DR02/shop"].severity is Severity.CRITICAL
    assert "maximum tolerable period of disruption is 2 h 15 min" in found["DR02/shop"].text


def test_what_nobody_restores_is_named_where_a_service_never_comes_back(tmp_path: Path) -> None:
    found = found_in(tmp_path, {"steps": {"restore-orders": None}})
    finding = found["DR02/shop"]
    assert finding.severity is Severity.CRITICAL
    assert "no step restores orders, and it has no time to restore either" in finding.evidence
    assert "DR02/orders" not in found


def test_a_step_that_cannot_bring_back_what_is_destroyed_is_told_from_one_that_is_missing(tmp_path: Path) -> None:
    burns = {"failure": {"events": [{"destroy": "hall"}]}}
    plan = {"steps": {"rent-a-hall": {"restores": ["hall"], "takes": "2h"}}}
    finding = found_in(tmp_path, plan, None, burns)["DR02/shop"]
    told = "rent-a-hall restores hall, which 'Failure' destroys, and what is destroyed comes back from a copy only"
    assert told in finding.evidence
    assert "say `fail` instead of `destroy`" in finding.remedy
    assert "write a step" not in finding.remedy


def test_what_nobody_restores_is_a_finding_of_its_own_where_services_do_without(tmp_path: Path) -> None:
    system = {"components": {"shop": {"needs": [{"any_of": ["orders", "replica"]}]}, "replica": {"kind": "data"}}}
    found = found_in(tmp_path, {"steps": {"restore-orders": None}}, system)
    assert of_code(found, "DR02") == ["DR02/orders"]
    assert found["DR02/orders"].severity is Severity.MEDIUM
    assert not of_code(found_in(tmp_path, None, system), "DR02")


# What helps a late service.


def test_the_remedy_follows_what_the_step_waits_for(tmp_path: Path) -> None:
    scenarios = {"failure": {"events": [{"fail": "orders"}, {"fail": "vault"}]}}
    plan = {"steps": {"restore-orders": {"with": ["vault"]}}}
    stuck = found_in(tmp_path, plan, None, scenarios)["DR02/shop"]
    assert "let restore-orders do without vault" in stuck.remedy
    assert "write a step" not in stuck.remedy
    slow = found_in(tmp_path, {"steps": {"restore-orders": {"takes": "9h"}}})["DR02/shop"]
    assert "make shorter what decides: restore-orders" in slow.remedy


def test_a_standby_that_came_too_late_because_of_its_tool_is_blamed_on_the_tool(tmp_path: Path) -> None:
    system: dict[str, Any] = {
        "components": {
            "shop": {"needs": [{"any_of": ["orders", "replica"], "failover": "9h"}]},
            "replica": {"kind": "data"},
        }
    }
    plan = {
        "steps": {
            "restore-orders": None,
            "promote": {"switches": {"of": "shop", "to": "replica"}, "takes": "1h", "with": ["vault"]},
        }
    }
    events: list[Any] = [{"fail": "orders", "for": "6h"}, {"fail": "vault", "for": "5h30m"}]
    finding = found_in(tmp_path, plan, system, {"failure": {"events": events}})["DR02/shop"]
    assert "promote waits 5 h for tool vault" in finding.evidence
    assert "let promote do without vault" in finding.remedy


def test_what_comes_back_with_too_little_needs_capacity_and_no_step(tmp_path: Path) -> None:
    system: dict[str, Any] = {
        "components": {
            "shop": {"needs": [{"any_of": ["orders", "replica"], "failover": "9h"}]},
            "replica": {"kind": "data"},
        }
    }
    switch = {"switches": {"of": "shop", "to": "replica", "capacity": "40%"}, "takes": "1h"}
    plan = {"services": {"shop": {"mbco": "60%"}}, "steps": {"restore-orders": None, "promote": switch}}
    finding = found_in(tmp_path, plan, system)["DR02/shop"]
    assert finding.severity is Severity.CRITICAL
    assert finding.remedy.startswith("let what takes over carry 60% of shop")


# DR02: what nobody restores and yet comes back.

BY_ITSELF: dict[str, Any] = {
    "components": {"orders": {"time_to_restore": "1h"}, "hall": {"operator": "Landlord", "time_to_restore": "1h"}}
}
NO_STEP: dict[str, Any] = {"steps": {"restore-orders": None}}


def test_a_plan_without_a_step_is_faster_than_the_plan_and_told_so(tmp_path: Path) -> None:
    facts = reviewed(tmp_path, NO_STEP, BY_ITSELF)
    # One hour of work at once: nobody has to know, to decide, or to be there.
    assert facts.rows[0].achievable_rto == Spread(HOUR, HOUR, HOUR)
    finding = by_id(facts.findings)["DR02/by-itself/orders"]
    assert (finding.severity, finding.services, finding.scenarios) == (Severity.MEDIUM, ("shop",), ("Failure",))
    assert finding.text == (
        "no step restores orders: it counts as back after 1 h by itself, without detection, decision and people"
    )
    assert any(
        "comes back by itself, without detection, decision and people: orders (1 h)" in e for e in facts.assumptions
    )


def test_what_a_step_restores_does_not_come_back_by_itself(tmp_path: Path) -> None:
    facts = reviewed(tmp_path, None, BY_ITSELF)
    assert not of_code(by_id(facts.findings), "DR02")
    assert not any("comes back by itself" in each for each in facts.assumptions)


@pytest.mark.parametrize(
    ("system", "event"),
    [
        ({"components": {"orders": {"operator": "Cloud", "time_to_restore": "1h"}}}, {"fail": "orders"}),
        (
            {"components": {"orders": {"crew": "menders", "time_to_restore": "1h"}}, "crews": {"menders": {"members": 1, "operator": "Menders"}}},
            {"fail": "orders"},
        ),
        ({"components": {"orders": {"time_to_restore": "1h"}}}, {"fail": "orders", "for": "1h"}),
    ],
)  # fmt: skip
def test_what_others_bring_back_or_the_event_ends_needs_no_step(
    tmp_path: Path, system: dict[str, Any], event: dict[str, Any]
) -> None:
    facts = reviewed(tmp_path, NO_STEP, system, {"failure": {"events": [event]}})
    assert "DR02/by-itself/orders" not in by_id(facts.findings)
    # Suppliers stand among the assumptions; what ends as the scenario says is no assumption.
    assert any("orders (1 h)" in each for each in facts.assumptions) is ("for" not in event)


def test_a_supplier_of_the_plan_brings_back_what_it_runs(tmp_path: Path) -> None:
    plan = {**NO_STEP, "suppliers": {"cloud": {"components": ["orders"]}}}
    assert "DR02/by-itself/orders" not in found_in(tmp_path, plan, BY_ITSELF)


def test_data_that_no_step_restores_comes_back_from_its_copy(tmp_path: Path) -> None:
    copies = [{"at": "vault", "every": "1h", "restore": "90m"}]
    system = {"components": {"orders": {"copies": copies}}}
    finding = found_in(tmp_path, NO_STEP, system, {"failure": {"events": [{"destroy": "orders"}]}})[
        "DR02/by-itself/orders"
    ]
    assert "back after 1 h 30 min by itself" in finding.text
    assert any("the restore of its copy at vault decides" in each for each in finding.evidence)


def test_standbys_that_nobody_switches_to_are_named(tmp_path: Path) -> None:
    system = {"components": {"shop": {"needs": [{"any_of": ["orders", "replica"]}]}, "replica": {"kind": "data"}}}
    told = "standbys that no step switches to take over by themselves: replica"
    assert told in reviewed(tmp_path, None, system).assumptions
    switch = {"steps": {"go": {"switches": {"of": "shop", "to": "replica"}, "takes": "1m"}}}
    assert told not in reviewed(tmp_path, switch, system).assumptions


# DR02: what is beyond what is tolerable in one trial of ten.


def test_one_trial_of_ten_beyond_what_is_tolerable_is_high(tmp_path: Path) -> None:
    takes = {"steps": {"restore-orders": {"takes": {"median": "2h", "p90": "6h"}}}, "trials": 200}
    finding = found_in(tmp_path, {**takes, "services": {"shop": {"mtpd": "5h"}}})["DR02/shop"]
    assert finding.severity is Severity.HIGH
    assert finding.text.endswith("and its target RTO is 3 h and its maximum tolerable period of disruption is 5 h")
    assert found_in(tmp_path, {**takes, "services": {"shop": {"mtpd": "9h"}}})["DR02/shop"].severity is Severity.MEDIUM


def test_a_service_without_a_target_is_at_risk_by_what_is_tolerable(tmp_path: Path) -> None:
    takes = {"steps": {"restore-orders": {"takes": {"median": "2h", "p90": "6h"}}}, "trials": 200}
    services = {"shop": {"mtpd": "5h", "rto": "unknown"}}
    facts = reviewed(tmp_path, {**takes, "services": services})
    assert (facts.rows[0].verdict, by_id(facts.findings)["DR02/shop"].severity) == ("at risk", Severity.HIGH)


def test_the_figures_of_a_service_are_the_worst_of_its_scenarios(tmp_path: Path) -> None:
    fire = {"impactsim": 1, "name": "Fire", "system": "system.json", "events": [{"fail": "hall"}]}
    plan = {
        "scenarios": ["failure.json", "fire.json"],
        "steps": {
            "restore-orders": {"takes": "4h"},
            "mend-hall": {"restores": ["hall"], "takes": {"median": "3h30m", "p90": "9h"}},
        },
        "trials": 200,
    }
    finding = found_in(tmp_path, plan, None, {"fire": fire})["DR02/shop"]
    figures = dict(finding.figures)
    assert figures["p50_ms"] == 4.5 * HOUR  # of the failure, whose restore takes 4 h of work
    assert 8 * HOUR < figures["p90_ms"] < 11 * HOUR  # of the fire


# Nothing is declared where no step is called for.


def test_where_no_step_is_called_for_nothing_is_declared(tmp_path: Path) -> None:
    facts = reviewed(tmp_path, NO_STEP, BY_ITSELF)
    told = to_object(facts)
    assert told["scenarios"][0]["declared"] is None
    assert told["scenarios"][0]["services"]["shop"]["from_declaration"] is None
    assert told["services"]["shop"]["from_declaration"] is None
    assert from_declaration(facts.rows[0].from_declaration) == "not declared"
    assert into_action(facts.rehearsals[0]) == "plan not put into action: it has no step for what happens here"
    late = reviewed(tmp_path, {**NO_STEP, "services": {"shop": {"rto": "30m"}}}, BY_ITSELF)
    evidence = by_id(late.findings)["DR02/shop"].evidence[0]
    assert evidence.endswith("from the outage, and nothing is declared, for the plan has no step for what happens")
