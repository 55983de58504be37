"""Which changes close which findings, tried by simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.findings import Severity
from impactsim.review.changes import cheapest, is_eased
from impactsim.review.facts import ChangeFacts, PlanFinding, ReviewFacts, Worsened
from impactsim.workflow.reviews import review_plan
from review.simulated_plans import plan_in

LATE: dict[str, Any] = {
    "services": {"shop": {"rto": "2h"}},
    "changes": {
        "paint": {"text": "paint the hall", "cost": 1, "system": {"components": {"hall": {"name": "Blue hall"}}}},
        "fast": {"text": "faster disks", "cost": 50, "plan": {"steps": {"restore-orders": {"takes": "1h"}}}},
        "watch": {"text": "a watch at night", "cost": 20, "plan": {"declaration": {"detection": "0", "decision": "0"}}},
        "replica": {
            "text": "a replica",
            "cost": 90,
            "system": {
                "components": {
                    "shop": {"needs": [{"any_of": ["orders", "replica"]}]},
                    "replica": {"kind": "data", "at": "other"},
                    "other": {"kind": "site"},
                }
            },
        },
    },
}


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> ReviewFacts:
    return review_plan(plan_in(tmp_path_factory.mktemp("plan"), LATE), workers=1).facts


def test_each_change_is_tried_on_its_own(facts: ReviewFacts) -> None:
    closes = {each.id: each.closes for each in facts.changes}
    assert closes["paint"] == ()
    assert "DR02/shop" in closes["fast"]
    assert "DR02/shop" in closes["watch"]
    assert set(closes["replica"]) >= {"DR02/shop", "DR05/hall"}


def test_the_cheapest_change_that_closes_a_finding_is_named(facts: ReviewFacts) -> None:
    assert facts.cheapest["DR02/shop"] == "watch"
    assert facts.cheapest["DR05/hall"] == "replica"


def test_every_finding_that_is_high_has_an_answer_and_no_other(facts: ReviewFacts) -> None:
    assert set(facts.cheapest) == {each.id for each in facts.findings if each.severity >= Severity.HIGH}


def test_a_change_that_makes_something_worse_says_what_it_opens(tmp_path: Path) -> None:
    slow = {"text": "fewer people", "cost": 0, "plan": {"steps": {"restore-orders": {"takes": "9h"}}}}
    (change,) = review_plan(plan_in(tmp_path, {"changes": {"slow": slow}}), workers=1).facts.changes
    assert (change.closes, change.opens) == ((), ("DR02/shop",))


def test_changes_are_not_tried_where_nobody_asks_for_them(tmp_path: Path) -> None:
    facts = review_plan(plan_in(tmp_path, LATE), with_changes=False, workers=1).facts
    assert facts.changes == ()
    assert facts.cheapest["DR02/shop"] is None


def test_many_trials_of_the_plan_are_compared_with_as_few_as_its_changes_have(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    loaded = plan_in(tmp_path, {**LATE, "trials": 301})
    facts = review_plan(loaded, workers=1, on_progress=lambda done, n: told.append((done, n))).facts
    assert facts.cheapest["DR02/shop"] == "watch"
    assert told[0] == (301, 301 + 5 * 300)
    assert told[-1] == (1801, 1801)


def test_of_changes_of_one_cost_the_first_in_the_plan_is_named() -> None:
    found = [
        PlanFinding("DR01/a", "DR01", Severity.HIGH, "late"),
        PlanFinding("DR14/a", "DR14", Severity.MEDIUM, "old"),
    ]
    changes = [ChangeFacts(name, name, cost, ("DR01/a",), ()) for name, cost in (("dear", 9), ("b", 2), ("a", 2))]
    assert cheapest(found, changes) == {"DR01/a": "b"}


# What is better and not closed.

TWICE: dict[str, Any] = {
    "scenarios": ["failure.json", "fire.json"],
    "services": {"shop": {"rto": "3h", "mtpd": "9h"}},
    "steps": {"restore-orders": {"takes": "4h"}, "mend-hall": {"restores": ["hall"], "takes": "20h"}},
    "changes": {
        "disks": {"text": "faster disks", "cost": 5, "plan": {"steps": {"restore-orders": {"takes": "1h"}}}},
        "crane": {"text": "a crane", "cost": 7, "plan": {"steps": {"mend-hall": {"takes": "6h"}}}},
        "both": {
            "text": "both",
            "cost": 12,
            "plan": {"steps": {"restore-orders": {"takes": "1h"}, "mend-hall": {"takes": "2h"}}},
        },
    },
}
FIRE: dict[str, Any] = {"fire": {"impactsim": 1, "name": "Fire", "system": "system.json", "events": [{"fail": "hall"}]}}


def test_what_is_late_in_two_scenarios_is_one_finding_and_closed_when_both_hold(tmp_path: Path) -> None:
    facts = review_plan(plan_in(tmp_path, TWICE, None, FIRE), workers=1).facts
    (late,) = [each for each in facts.findings if each.code == "DR02"]
    # 20 h 30 min are beyond what is tolerable, 4 h 30 min beyond the target only.
    assert (late.id, late.severity, late.scenarios) == ("DR02/shop", Severity.CRITICAL, ("Fire", "Failure"))
    assert facts.cheapest["DR02/shop"] == "both"
    disks, crane, both = facts.changes
    assert [(each.id, each.gone_from) for each in disks.eases] == [("DR02/shop", ("Failure",))]
    assert [(each.before, each.after, each.gone_from) for each in crane.eases] == [
        (Severity.CRITICAL, Severity.HIGH, ())
    ]
    assert both.eases == ()


def test_what_is_worse_elsewhere_is_not_eased() -> None:
    def late(severity: Severity, *scenarios: str) -> PlanFinding:
        return PlanFinding("DR02/a", "DR02", severity, "late", scenarios=scenarios)

    before = late(Severity.CRITICAL, "one", "two")
    assert not is_eased(before, late(Severity.HIGH, "one", "three"))
    assert not is_eased(before, before)
    assert is_eased(before, late(Severity.CRITICAL, "two"))
    assert is_eased(before, late(Severity.HIGH, "two", "one"))


def test_what_was_there_and_is_graver_is_made_worse_and_not_opened(tmp_path: Path) -> None:
    # In half of the trials 4 h 30 min instead of 2 h 30 min: the finding was there, for the P90 was beyond the 3 h.
    takes = {"median": "2h", "p90": "6h"}
    slow = {"text": "slow", "cost": 0, "plan": {"steps": {"restore-orders": {"takes": {"median": "4h", "p90": "6h"}}}}}
    plan = {"steps": {"restore-orders": {"takes": takes}}, "changes": {"slow": slow}, "trials": 200}
    (change,) = review_plan(plan_in(tmp_path, plan), workers=1).facts.changes
    assert change.opens == ()
    assert change.worsens == (Worsened("DR02/shop", Severity.MEDIUM, Severity.HIGH),)
