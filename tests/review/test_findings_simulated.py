"""Findings that take a rehearsal: each has a plan that triggers it, and a near twin that does not.

An outage of the base plan is known after 10 minutes and declared after 20 more; the restore of 2 hours is done at 2 h 30 min.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.findings import Severity
from impactsim.files.merging import merge_patch
from review.simulated_plans import by_id, found_in, of_code, reviewed

HOUR = 3_600_000
MINUTE = 60_000


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
