"""Each finding that needs no simulation: a plan that has it, and a near twin, one fact different, that does not."""

from __future__ import annotations

from datetime import date

import pytest

from impactsim.review.findings import tested
from impactsim.review.findings.static import static_assumptions
from impactsim.review.findings.suppliers import ourselves
from review.static_cases import CASES, HIGH, Case, component, copies, found_in, one_test
from review.static_ground import ground


def test_nothing_is_wrong_with_the_small_plan() -> None:
    assert found_in() == {}


@pytest.mark.parametrize("case", CASES, ids=[f"{case.id}-{number}" for number, case in enumerate(CASES)])
def test_a_fault_is_found_and_a_near_twin_is_not(case: Case) -> None:
    found = found_in(**case.fault)
    assert set(found) == {case.id, *case.others}
    finding = found[case.id]
    assert finding.severity == case.severity
    assert finding.services == case.services
    said = "\n".join((finding.text, *finding.evidence, finding.remedy))
    assert [part for part in case.says if part not in said] == [], said
    assert {name: dict(finding.figures).get(name) for name in case.figures} == case.figures
    assert case.id not in found_in(**case.twin)


def test_every_code_that_needs_no_simulation_has_a_case() -> None:
    codes = {case.id[:4] for case in CASES}
    assert codes == {f"DR{code:02}" for code in (1, 3, 4, 9, 10, 11, 13, 14, 15)}


# What several services share is one finding.


def test_one_test_that_is_too_slow_for_two_services_is_one_finding() -> None:
    slow = {**component("blog", needs=["orders"]), **one_test("orders", measured="30h")}
    found = found_in(**slow)
    assert [name for name in found if name.startswith("DR11/")] == ["DR11/orders/rto"]
    finding = found["DR11/orders/rto"]
    assert finding.services == ("shop", "blog")
    assert "the target RTO of shop is 4 h" in finding.text
    assert "the target RTO of blog is 1 d" in finding.evidence


def test_what_two_services_lean_on_is_one_finding_with_the_demand_of_the_first_tier() -> None:
    both = {"system": {"components": {"blog": {"needs": ["app", "lte"]}}}}
    finding = found_in(tests={"lte": {"type": "simulation"}}, **both)["DR10/standby/lte"]
    assert finding.services == ("shop",)  # the blog has no standby: it needs lte itself
    finding = found_in(**copies({"at": "vault", "every": "30m", "tested": None}), tests={"orders": None})[
        "DR10/copy/orders/vault"
    ]
    assert finding.services == ("shop",)
    changes = both | copies({"at": "vault", "every": "30m", "tested": None})
    changes["system"]["components"] |= both["system"]["components"]
    finding = found_in(**changes, tests={"orders": None})["DR10/copy/orders/vault"]
    assert (finding.services, finding.severity) == (("shop", "blog"), HIGH)
    assert "shop needs app needs orders" in finding.evidence
    assert "blog needs app needs orders" in finding.evidence
    assert "tier 1 demands a parallel test or a stronger one at least every 365d" in finding.evidence


def test_tiers_that_the_plan_speaks_of_together_demand_the_strongest_test_at_the_shortest_time() -> None:
    tiers = [{"tier": 1, "test": "simulation", "every": "1000d"}, {"tier": 3, "test": "checklist", "every": "30d"}]
    changes = {"plan": {"tiers": tiers}, **component("blog", needs=["app"])}
    finding = found_in(**changes)["DR10/copy/orders/vault"]
    assert (
        "tier 1, as the plan says, demands a simulation test or a stronger one at least every 30d" in finding.evidence
    )
    assert dict(finding.figures) == {"demanded_every_days": 30, "age_days": 92}
    assert "DR10/service/shop" not in found_in(**changes)  # the service itself has only its own tier


def test_copies_at_one_place_are_one_finding_and_the_one_without_a_test_speaks_for_them() -> None:
    tested_one, other = {"at": "vault", "every": "30m"}, {"at": "vault", "every": "1h", "tested": None}
    (finding,) = found_in(**copies(tested_one, other), tests={"orders": None}).values()
    assert (finding.id, finding.text) == ("DR10/copy/orders/vault", "the copies of orders at vault were never tested")
    both = found_in(**copies(tested_one, tested_one), tests={"orders": None})
    assert list(both) == ["DR11/measured/orders"]


def test_a_test_that_both_plan_and_system_know_is_told_once() -> None:
    old = {"orders": {"date": "2024-02-01"}}
    finding = found_in(**copies({"at": "vault", "every": "30m", "tested": "2024-02-01"}), tests=old)[
        "DR10/copy/orders/vault"
    ]
    assert [each for each in finding.evidence if "test on" in each] == ["parallel test on 2024-02-01, 851 days ago"]


def test_nobody_measures_what_was_never_tested_well_enough() -> None:
    found = found_in(tests={"lte": {"type": "walk-through", "measured": None}})
    assert list(found) == ["DR10/standby/lte"]


def test_findings_have_one_order() -> None:
    changes = {"plan": {"suppliers": {"cloudy": None}, "services": {"shop": {"rto": "9h", "owner": None}}}}
    assert list(found_in(**changes)) == list(found_in(**changes))
    assert list(found_in(**changes)) == ["DR01/shop", "DR13/not-covered/Cloudy", "DR14/shop/owner"]


# Tests and words.


def test_what_is_dated_after_the_review_has_not_happened() -> None:
    made = ground(as_of=date(2026, 2, 15))
    assert tested.tests_of(made, "shop") == ()
    (restore,) = tested.tests_of_copy(made, "orders", 0)
    assert (restore.type, restore.age_days, restore.measured) == ("parallel", 14, "unknown")
    assert tested.last_of(tested.tests_of_copy(ground(), "orders", 0)) == tested.tests_of(ground(), "orders")[-1]


def test_the_review_says_what_it_takes_for_granted() -> None:
    assert any("tier 1 demands a parallel test" in each for each in static_assumptions(ground()))
    tiers = [{"tier": 1, "test": "tabletop"}, {"tier": 3, "test": "tabletop"}]
    assert not any("tier 1 demands" in each for each in static_assumptions(ground(plan={"tiers": tiers})))
    run_by = {"system": {"components": {"shop": {"operator": "Lintel"}}}}
    assert ourselves(ground(**run_by)) == []  # one of two is not most
    run_by["system"]["components"]["blog"] = {"operator": "Lintel"}
    assert ourselves(ground(**run_by)) == ["Lintel"]
    assert any("Lintel" in each for each in static_assumptions(ground(**run_by)))
