"""Findings that take a rehearsal: each has a plan that triggers it, and a near twin that does not.

An outage of the base plan is known after 10 minutes and declared after 20 more; the restore of 2 hours is done at 2 h 30 min.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.findings import Severity
from impactsim.files.merging import merge_patch
from impactsim.review.facts import PlanFinding, ReviewFacts, Spread
from impactsim.review.findings.judged import judged
from impactsim.review.report.json_form import to_object
from impactsim.review.report.words import from_declaration, into_action
from impactsim.workflow.reviews import review_plan
from review.simulated_plans import by_id, plan_in

HOUR = 3_600_000
MINUTE = 60_000


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


# DR04, as it was lost.

DESTROYED: dict[str, Any] = {"failure": {"events": [{"destroy": "orders"}]}}
COPIES: dict[str, Any] = {
    "components": {
        "orders": {
            "copies": [
                {"at": "near", "every": "1h", "restore": "2h"},
                {"at": "far", "every": "1d", "restore": "2h"},
            ]
        },
        "near": {"kind": "host", "time_to_restore": "9d"},
        "far": {"kind": "host"},
    }
}
RPO: dict[str, Any] = {"services": {"shop": {"rpo": "4h"}}}


def test_the_older_copy_counts_in_the_scenario_in_which_the_younger_one_is_down(tmp_path: Path) -> None:
    both = {"failure": {"events": [{"fail": "near"}, {"destroy": "orders"}]}}
    finding = found_in(tmp_path, RPO, COPIES, both)["DR04/orders"]
    assert finding.severity is Severity.HIGH
    assert finding.components == ("orders", "near")
    assert "where 'Failure' does not reach it that is never older than 4 h" in finding.remedy
    assert not of_code(found_in(tmp_path, RPO, COPIES, DESTROYED), "DR04")


def test_that_a_copy_is_sometimes_late_does_not_hide_what_a_scenario_loses(tmp_path: Path) -> None:
    late = {"at": "near", "every": "3h", "lag": {"median": "10m", "p90": "2h"}, "restore": "2h"}
    system = merge_patch(
        COPIES, {"components": {"orders": {"copies": [late, {"at": "far", "every": "1d", "restore": "2h"}]}}}
    )
    medium = found_in(tmp_path, RPO, system, None)["DR04/orders"]
    assert medium.severity is Severity.MEDIUM
    both = {"failure": {"events": [{"fail": "near"}, {"destroy": "orders"}]}}
    finding = found_in(tmp_path, RPO, system, both)["DR04/orders"]
    assert finding.severity is Severity.HIGH
    assert finding.scenarios == ("Failure",)
    assert set(medium.evidence) < set(finding.evidence)


def test_data_of_two_services_is_one_finding_with_the_target_of_each(tmp_path: Path) -> None:
    plan = merge_patch(
        RPO, {"services": {"blog": {"owner": "press", "rpo": "12h"}, "wiki": {"owner": "press", "rpo": "30d"}}}
    )
    blogs: dict[str, Any] = {"blog": {"needs": ["orders"]}, "wiki": {"needs": ["orders"]}}
    system = merge_patch(COPIES, {"components": blogs})
    both = {"failure": {"events": [{"fail": "near"}, {"destroy": "orders"}]}}
    found = found_in(tmp_path, merge_patch(plan, {"trials": 60}), system, both)
    assert of_code(found, "DR04") == ["DR04/orders"]
    # The far copy is up to a day old: too much for shop and blog, and not for the wiki.
    assert set(found["DR04/orders"].services) == {"shop", "blog"}
    assert {"the target RPO of shop is 4 h", "the target RPO of blog is 12 h"} <= set(found["DR04/orders"].evidence)


def test_data_that_is_lost_for_good_is_critical_and_a_copy_saves_it(tmp_path: Path) -> None:
    finding = found_in(tmp_path, RPO, None, DESTROYED)["DR04/orders"]
    assert finding.severity is Severity.CRITICAL
    assert "lost for good" in finding.text


def test_what_the_interval_of_the_copies_says_is_not_said_again_by_the_trials(tmp_path: Path) -> None:
    older = merge_patch(COPIES, {"components": {"orders": {"copies": [{"at": "far", "every": "1d", "restore": "2h"}]}}})
    found = found_in(tmp_path, RPO, older, DESTROYED)
    assert of_code(found, "DR04") == ["DR04/orders"]
    assert any("trials of 'Failure', seed 0: data loss" in each for each in found["DR04/orders"].evidence)


# DR07, a circle in a rehearsal, and DR08, what the recovery needs.

IN_HALL: dict[str, Any] = {"components": {"vault": {"at": "hall"}}}
FIRE: dict[str, Any] = {"failure": {"events": [{"fail": "hall"}]}}
MEND_HALL: dict[str, Any] = {"steps": {"restore-orders": {"restores": ["hall"], "with": ["vault"]}}}


def test_a_tool_that_stands_in_what_its_step_restores_is_critical_and_a_deadlock(tmp_path: Path) -> None:
    facts = reviewed(tmp_path, MEND_HALL, IN_HALL, FIRE)
    found = by_id(facts.findings)
    finding = found["DR08/vault"]
    assert finding.severity is Severity.CRITICAL
    assert "vault needs hall, which step restore-orders brings back" in finding.evidence
    assert any(
        "vault is still down at the end, and so step restore-orders is never done" in each for each in finding.evidence
    )
    assert of_code(found, "DR07")
    assert found[of_code(found, "DR07")[0]].severity is Severity.CRITICAL
    assert "restore-orders" in facts.deadlocks[0][1]
    elsewhere = found_in(tmp_path, MEND_HALL, None, FIRE)
    assert not of_code(elsewhere, "DR07")
    assert not of_code(elsewhere, "DR08")


@pytest.mark.parametrize(
    ("ends", "severity"), [("4h", Severity.HIGH), ("5m", Severity.MEDIUM), (None, Severity.CRITICAL)]
)
def test_a_tool_that_fails_too_is_as_bad_as_the_wait_for_it(
    tmp_path: Path, ends: str | None, severity: Severity
) -> None:
    event = {"fail": "vault", **({"for": ends} if ends else {})}
    scenarios = {"failure": {"events": [{"fail": "orders"}, event]}}
    found = found_in(tmp_path, {"steps": {"restore-orders": {"with": ["vault"]}}}, None, scenarios)
    assert found["DR08/vault"].severity is severity
    waits = [each for each in found["DR08/vault"].evidence if "waits 3 h 30 min for vault" in each]
    assert len(waits) == (ends == "4h")


def test_a_tool_of_a_step_that_the_scenario_does_not_call_for_is_no_finding(tmp_path: Path) -> None:
    plan = {"steps": {"mend-hall": {"restores": ["hall"], "takes": "1h", "with": ["vault"]}}}
    scenarios = {"failure": {"events": [{"fail": "orders"}, {"fail": "vault", "for": "4h"}]}}
    assert not of_code(found_in(tmp_path, plan, None, scenarios), "DR08")


def test_a_bridge_without_which_nobody_decides_is_found_where_it_fails_with_the_rest(tmp_path: Path) -> None:
    plan = merge_patch(MEND_HALL, {"declaration": {"with": ["vault"]}, "steps": {"restore-orders": {"with": []}}})
    finding = found_in(tmp_path, plan, IN_HALL, FIRE)["DR08/vault"]
    assert finding.severity is Severity.CRITICAL
    assert not of_code(found_in(tmp_path, plan, None, FIRE), "DR08")


@pytest.mark.parametrize(("channels", "severity"), [(["mail"], Severity.HIGH), (["mail", "sms"], Severity.LOW)])
def test_a_channel_that_fails_with_the_service_is_high_unless_another_stays(
    tmp_path: Path, channels: list[str], severity: Severity
) -> None:
    plan = merge_patch(MEND_HALL, {"contacts": {"customers": {"by": channels}}})
    system = {"components": {"mail": {"kind": "channel", "at": "hall"}, "sms": {"kind": "channel"}}}
    found = found_in(tmp_path, plan, system, FIRE)
    assert [found[name].severity for name in of_code(found, "DR08")] == [severity]
    assert of_code(found, "DR08") == ["DR08/mail"]
    assert not [name for name in found if "channel-down" in name]
    assert not of_code(
        found_in(tmp_path, merge_patch(plan, {"contacts": {"customers": {"by": ["sms"]}}}), system, FIRE), "DR08"
    )


def test_a_copy_in_the_burnt_hall_is_medium_and_nothing_with_another_one_elsewhere(tmp_path: Path) -> None:
    system: dict[str, Any] = {
        "components": {
            "orders": {"copies": [{"at": "safe", "every": "1h", "restore": "2h"}]},
            "safe": {"kind": "host", "at": "hall"},
            "bank": {"kind": "host"},
        }
    }
    scenarios = {"failure": {"events": [{"fail": "hall", "for": "1d"}, {"destroy": "orders"}]}}
    alone = found_in(tmp_path, None, system, scenarios)
    assert alone["DR08/safe"].severity is Severity.MEDIUM
    copies = [{"at": "safe", "every": "1h", "restore": "2h"}, {"at": "bank", "every": "1h", "restore": "2h"}]
    two = found_in(tmp_path, None, merge_patch(system, {"components": {"orders": {"copies": copies}}}), scenarios)
    assert not of_code(two, "DR08")
    away = found_in(tmp_path, None, merge_patch(system, {"components": {"safe": {"at": None}}}), scenarios)
    assert not of_code(away, "DR08")


def test_a_tool_of_several_steps_is_one_finding(tmp_path: Path) -> None:
    plan = {
        "steps": {
            "restore-orders": {"with": ["vault"]},
            "check": {"takes": "1h", "with": ["vault"], "after": ["restore-orders"]},
        },
        "declaration": {"with": ["vault"]},
    }
    scenarios = {"failure": {"events": [{"fail": "orders"}, {"fail": "vault", "for": "4h"}]}}
    found = found_in(tmp_path, plan, None, scenarios)
    assert of_code(found, "DR08") == ["DR08/vault"]
    assert found["DR08/vault"].steps == ("restore-orders", "check")
    assert found["DR08/vault"].scenarios == ("Failure",)
    assert any("the declaration waits" in each for each in found["DR08/vault"].evidence)


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


# DR09, one person on two steps.

TWO: dict[str, Any] = {
    "components": {"shop": {"needs": ["orders", "stock"]}, "stock": {"kind": "data"}},
}
BOTH: dict[str, Any] = {"failure": {"events": [{"fail": ["orders", "stock"]}]}}


def _two_steps(people: list[str], rto: str) -> dict[str, Any]:
    return {
        "roles": {"dba": {"people": people}},
        "services": {"shop": {"rto": rto}},
        "steps": {"restore-stock": {"restores": ["stock"], "takes": "2h", "by": ["dba"]}},
    }


@pytest.mark.parametrize(("rto", "severity"), [("3h", Severity.HIGH), ("5h", Severity.MEDIUM), ("2h", Severity.MEDIUM)])
def test_one_person_on_two_steps_is_high_where_the_target_would_hold_with_two(
    tmp_path: Path, rto: str, severity: Severity
) -> None:
    found = found_in(tmp_path, _two_steps(["first-dba"], rto), TWO, BOTH)
    (name,) = [name for name in of_code(found, "DR09") if name.endswith("/restore-stock")]
    assert found[name].severity is severity
    assert found[name].services == ("shop",)
    assert dict(found[name].figures) == {"waits_ms": 2.0 * HOUR}
    assert "first-dba" in found[name].text


def test_an_alternate_ends_the_wait(tmp_path: Path) -> None:
    found = found_in(tmp_path, _two_steps(["first-dba", "second-dba"], "3h"), TWO, BOTH)
    assert not of_code(found, "DR09")
    assert not of_code(found, "DR02")


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
