"""A review as tables: what the base plan of `simulated_plans.py` says, whose figures are certain."""

from __future__ import annotations

import math

import pytest

from impactsim import review_plan
from review.simulated_plans import AS_OF, plan_in

MINUTE = 60_000


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    changes = {
        "faster": {
            "text": "Restore in half the time",
            "cost": 5,
            "plan": {"steps": {"restore-orders": {"takes": "1h"}}},
        }
    }
    plan = plan_in(tmp_path_factory.mktemp("plan"), {"services": {"shop": {"rto": "2h"}}, "changes": changes})
    return review_plan(plan, as_of=AS_OF)


def test_the_services_hold_promise_and_what_can_be_had(review):
    # 10 min of detection, 20 min of decision and 2 h of work, in every trial.
    (row,) = review.to_frame().reset_index().to_dict("records")
    assert (row["service"], row["verdict"], row["rto_ms"], row["p_rto_met"]) == ("shop", "fails", 120 * MINUTE, 0.0)
    assert {row[f"achievable_rto_ms_{p}"] for p in ("p10", "p50", "p90")} == {150 * MINUTE}
    assert math.isnan(row["rpo_ms"])  # not applicable


def test_the_steps_stand_by_scenario(review):
    step = review.to_frame("steps").loc[("Failure", "restore-orders")]
    assert (step["begins_ms"], step["ends_ms"], step["people"]) == (30 * MINUTE, 150 * MINUTE, "first-dba")


def test_what_is_late_after_the_outage_may_be_in_time_after_the_declaration(review):
    recovery = review.to_frame("recoveries").loc[("Failure", "shop")]
    assert (recovery["rto_ms_p50"], recovery["from_declaration_ms_p50"]) == (150 * MINUTE, 120 * MINUTE)


def test_findings_and_changes_are_known_by_their_ids(review):
    findings, changes = review.to_frame("findings"), review.to_frame("changes")
    late = [name for name in findings.index if name.startswith("DR02/shop")]
    assert findings.loc[late, "cheapest_change"].tolist() == ["faster"] * len(late)
    assert late[0] in changes.loc["faster", "closes"]
    assert findings.loc[late[0], "scenarios"] == "Failure"
    assert (
        changes.loc["faster", "n_closed"],
        changes.loc["faster", "n_eased"],
        changes.loc["faster", "n_worsened"],
    ) == (1, 0, 0)


def test_a_table_that_is_not_there_is_named_with_those_that_are(review):
    with pytest.raises(ValueError, match="there is no table 'people'; there are services, findings, steps"):
        review.to_frame("people")


def test_of_nothing_there_is_an_empty_table(tmp_path):
    assert review_plan(plan_in(tmp_path), as_of=AS_OF).to_frame("changes").empty
