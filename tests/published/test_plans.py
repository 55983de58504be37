"""Recovery plans as they were believed before documented outages: the review finds on the day before what the event then showed.

OVHcloud Strasbourg: what was believed of the copies of two customers, and where they lay, stands with its sources in the README of
the scenario. The plan's scenario knows nothing of the fire but that a building can burn.
"""

from __future__ import annotations

import math
from datetime import date
from functools import cache
from pathlib import Path

import impactsim
from impactsim.audit.findings import Severity
from impactsim.files.plans import changed
from impactsim.files.reading import load_plan
from impactsim.model.scenario import Destroy
from impactsim.review.facts import PlanFinding, ReviewFacts, ServiceRecovery
from impactsim.review.whole import review
from impactsim.trials.workers import Here

FOLDER = Path(__file__).parents[2] / "scenarios" / "ovh-2021"
DAY_BEFORE = date(2021, 3, 9)
HOUR_MS = 3_600_000


@cache
def reviewed(change: str | None = None) -> ReviewFacts:
    """Review the plan of the three customers as it was on the day before, or with one of its changes."""
    loaded = load_plan(FOLDER / "plan.yaml")
    loaded = loaded if change is None else changed(loaded, change)
    return review(loaded, DAY_BEFORE, Here(is_compiled=False), trials=100, with_changes=False)


def found(code: str, about: str, change: str | None = None) -> list[PlanFinding]:
    return [each for each in reviewed(change).findings if each.code == code and each.id.startswith(f"{code}/{about}")]


def recovery(service: str, change: str | None = None) -> ServiceRecovery:
    return reviewed(change).rehearsals[0].services[service]


def test_ovh_the_plan_knows_nothing_that_was_not_there_the_day_before() -> None:
    loaded = load_plan(FOLDER / "plan.yaml")
    assert loaded.plan.as_of == DAY_BEFORE
    assert all(each.date < DAY_BEFORE for each in loaded.plan.tests)
    # One building burns: no hour of repair, no smoke, no cut of the electricity stands in the scenario.
    (scenario,) = [each.scenario for each in loaded.scenarios]
    (event,) = scenario.events
    assert isinstance(event, Destroy)
    assert "sbg2" in event.destroy
    assert scenario.starts is not None
    assert scenario.starts.date() == DAY_BEFORE
    assert not scenario.actions


def test_ovh_the_copies_of_customer_a_are_found_in_the_building_of_the_server() -> None:
    # Three copies on paper, sold as physically separate; all three at sbg2, and the server too.
    (finding,) = [each for each in found("DR06", "customer-a-data") if each.id.endswith("/sbg2")]
    assert finding.severity >= Severity.HIGH
    assert finding.services == ("customer-a-site",)


def test_ovh_before_the_fire_the_review_says_that_a_and_b_would_lose_everything() -> None:
    for service in ("customer-a-site", "customer-b-site"):
        lost = recovery(service).rpo
        assert lost is not None
        assert lost.p10_ms == math.inf, service
        assert recovery(service).back_ms is None


def test_ovh_the_event_showed_what_the_review_says() -> None:
    event = impactsim.run(FOLDER / "1-march-2021.yaml").facts.data
    said = reviewed().rehearsals[0].run.data
    names = ("customer-a-data", "customer-b-data", "customer-c-data")
    assert {name: said[name].lost_for_good for name in names} == {name: event[name].lost_for_good for name in names}
    assert [said[name].lost_for_good for name in names] == [True, True, False]


def test_ovh_a_customer_with_a_copy_in_another_region_is_back_within_two_days() -> None:
    # At the very most: 1 h until somebody knows, 3 h until it is decided, 10 h to rent and 24 h to restore.
    back = recovery("customer-c-site")
    assert back.rto.p90_ms <= 38 * HOUR_MS
    assert back.p_rto_met is not None
    assert back.p_rto_met[0] == 1
    # A copy a day: between nothing and a day.
    assert back.rpo is not None
    assert back.rpo.p90_ms <= 24 * HOUR_MS


def test_ovh_no_copy_of_a_and_b_was_ever_restored_and_the_review_asks_for_it() -> None:
    assert found("DR10", "copy/customer-a-data")
    assert found("DR10", "copy/customer-b-data")
    assert not found("DR10", "copy/customer-c-data")


def test_ovh_what_no_source_says_is_not_known_and_is_no_zero() -> None:
    for service in ("customer-a-site", "customer-b-site"):
        assert {each.id for each in found("DR14", service)} >= {f"DR14/{service}/rto", f"DR14/{service}/rpo"}
        assert recovery(service).p_rto_met is None


def test_ovh_who_had_asked_for_the_address_would_have_kept_his_data() -> None:
    for change, service in (("ask-and-move-a", "customer-a-site"), ("ask-and-move-b", "customer-b-site")):
        lost = recovery(service, change).rpo
        assert lost is not None
        assert lost.p90_ms <= 24 * HOUR_MS, service
        assert recovery(service, change).back_ms is not None
    assert not [each for each in found("DR06", "customer-a-data", "ask-and-move-a") if each.id.endswith("/sbg2")]


def test_ovh_b_as_he_believed_it_is_back_after_a_fire_of_one_building() -> None:
    assert recovery("customer-b-site", "b-as-believed").back_ms is not None
