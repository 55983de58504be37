"""Findings about the graph of needs: each has a plan that triggers it, and a near twin that does not."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.audit.findings import Severity
from impactsim.files.merging import merge_patch
from impactsim.review.backups import backups
from impactsim.review.findings import capacity, graph
from review.simulated_plans import by_id, ground_without_runs

NO_STEPS: dict[str, Any] = {"steps": {"restore-orders": None}}

LINES: dict[str, Any] = {
    "components": {
        "shop": {"needs": [{"any_of": ["fibre", "lte"]}]},
        "fibre": {"kind": "connectivity", "needs": ["duct"]},
        "lte": {"kind": "connectivity", "needs": ["duct"]},
        "duct": {"kind": "duct"},
    }
}
APART = merge_patch(LINES, {"components": {"lte": {"needs": ["mast"]}, "mast": {"kind": "tower"}}})


def test_what_takes_a_service_down_alone_is_dr05_with_the_path_and_a_second_way_ends_it() -> None:
    one_line = merge_patch(LINES, {"components": {"shop": {"needs": ["fibre"]}}})
    found = by_id(graph.findings(ground_without_runs(one_line, NO_STEPS)))
    finding = found["DR05/duct"]
    assert (finding.code, finding.severity, finding.services) == ("DR05", Severity.CRITICAL, ("shop",))
    assert any("shop needs fibre needs duct" in each for each in finding.evidence)
    assert "DR05/duct" not in by_id(graph.findings(ground_without_runs(APART, NO_STEPS)))


def test_a_line_whose_backup_lies_in_the_same_duct_is_dr06_and_one_in_another_duct_is_not() -> None:
    found = by_id(graph.findings(ground_without_runs(LINES, NO_STEPS)))
    finding = found["DR06/shop/fibre+lte/duct"]
    assert finding.severity is Severity.CRITICAL
    assert finding.components == ("duct",)
    # That it takes the shop down alone is the same thing, and no finding of its own.
    assert {"fibre needs duct", "lte needs duct", "duct alone takes down shop"} <= set(finding.evidence)
    assert "DR05/duct" not in found
    apart = by_id(graph.findings(ground_without_runs(APART, NO_STEPS)))
    assert not [each for each in apart.values() if each.code == "DR06" and each.severity > Severity.LOW]


def test_one_operator_behind_both_of_a_pair_is_told_once_and_two_are_nothing() -> None:
    one = merge_patch(APART, {"components": {"fibre": {"operator": "Telco"}, "lte": {"operator": "Telco"}}})
    two = merge_patch(APART, {"components": {"fibre": {"operator": "Telco"}, "lte": {"operator": "Other"}}})
    found = by_id(graph.findings(ground_without_runs(one, NO_STEPS)))
    assert [name for name in found if name.startswith("DR06/")] == ["DR06/concentration/operator/Telco"]
    told = found["DR06/concentration/operator/Telco"].evidence
    assert any("may fail together: Telco runs what fibre and lte" in each for each in told)
    assert not [each for each in graph.findings(ground_without_runs(two, NO_STEPS)) if each.id.startswith("DR06/conc")]


def test_what_a_group_shares_stays_a_single_point_of_other_services() -> None:
    both = merge_patch(LINES, {"components": {"blog": {"needs": ["duct"]}}})
    plan = merge_patch(NO_STEPS, {"services": {"blog": {"owner": "press"}}})
    found = by_id(graph.findings(ground_without_runs(both, plan)))
    assert "DR06/shop/fibre+lte/duct" in found
    assert set(found["DR05/duct"].services) == {"shop", "blog"}


JUNCTION: dict[str, Any] = {
    "components": {
        "shop": {"needs": ["internet"]},
        "internet": {"kind": "connectivity", "needs": [{"any_of": ["fibre", "lte"]}]},
        "fibre": {"kind": "connectivity"},
        "lte": {"kind": "connectivity"},
    }
}


def test_a_word_for_a_group_is_a_single_point_only_if_it_can_fail_itself() -> None:
    (finding,) = [each for each in graph.findings(ground_without_runs(JUNCTION, NO_STEPS)) if each.code == "DR05"]
    assert (finding.id, finding.severity) == ("DR05/internet", Severity.LOW)
    assert finding.text.endswith("if it can fail itself: it only passes on fibre and lte")
    assert "fails: {probability: 0%}" in finding.remedy


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ({"time_to_restore": "4h"}, Severity.CRITICAL),
        ({"fails": {"probability": "1%"}}, Severity.CRITICAL),
        ({"operator": "Telco"}, Severity.CRITICAL),
        ({"kind": "router"}, Severity.CRITICAL),
        ({"needs": ["fibre"]}, Severity.CRITICAL),
        ({"fails": {"probability": "0%"}}, None),
    ],
)
def test_a_junction_that_is_a_thing_is_as_bad_as_any(said: dict[str, Any], severity: Severity | None) -> None:
    system = merge_patch(JUNCTION, {"components": {"internet": said}})
    found = by_id(graph.findings(ground_without_runs(system, NO_STEPS)))
    point = found.get("DR05/fibre" if said.get("needs") else "DR05/internet")
    assert (None if point is None else point.severity) == severity


DATA: dict[str, Any] = {
    "components": {
        "shop": {"needs": ["orders"]},
        "orders": {"kind": "data", "copies": [{"at": "vault", "every": "1h", "restore": "2h"}]},
        "vault": {"kind": "site"},
    }
}


@pytest.mark.parametrize(
    ("test", "severity"),
    [
        ({"measured": "3h", "date": "2026-05-01"}, Severity.LOW),
        ({"measured": "3h1m", "date": "2026-05-01"}, Severity.CRITICAL),  # the target RTO is 3 h
        ({"measured": "3h", "date": "2025-05-01"}, Severity.CRITICAL),  # too old
        ({"measured": "3h", "date": "2026-05-01", "passed": False}, Severity.CRITICAL),
        ({"date": "2026-05-01"}, Severity.CRITICAL),
    ],
)
def test_data_that_a_test_brought_back_in_time_is_no_more_than_a_delay(
    test: dict[str, Any], severity: Severity
) -> None:
    plan = {"tests": [{"of": "orders", "type": "parallel", **test}]}
    assert by_id(graph.findings(ground_without_runs(DATA, plan)))["DR05/orders"].severity is severity
    # What no step restores comes back by nobody's hand, tested or not.
    without = by_id(graph.findings(ground_without_runs(DATA, {**plan, **NO_STEPS})))
    assert without["DR05/orders"].severity is Severity.CRITICAL


def test_of_things_in_series_the_first_is_a_finding_and_the_others_are_its_evidence() -> None:
    series: dict[str, Any] = {
        "components": {
            "shop": {"needs": ["site"]},
            "site": {"needs": ["ups"]},
            "ups": {"needs": ["switchboard"]},
            "switchboard": {},
        }
    }
    found = [each for each in graph.findings(ground_without_runs(series, NO_STEPS)) if each.code == "DR05"]
    assert [each.id for each in found] == ["DR05/switchboard"]
    assert {"ups alone takes down the same, and goes down with switchboard"} < set(found[0].evidence)
    assert set(found[0].components) == {"switchboard", "ups", "site"}
    # With a second switchboard the next one leads; what stands beside it is a finding of its own.
    better = merge_patch(
        series,
        {
            "components": {
                "shop": {"needs": ["site", "app"]},
                "app": {},
                "ups": {"kind": "ups", "needs": [{"any_of": ["switchboard", "other"]}]},
                "other": {},
            }
        },
    )
    found = [each for each in graph.findings(ground_without_runs(better, NO_STEPS)) if each.code == "DR05"]
    assert {each.id for each in found} == {"DR05/ups", "DR05/app"}


def test_single_points_of_different_services_are_findings_of_their_own() -> None:
    system: dict[str, Any] = {
        "components": {"shop": {"needs": ["app"]}, "blog": {"needs": ["site"]}, "app": {"needs": ["site"]}, "site": {}}
    }
    plan = merge_patch(NO_STEPS, {"services": {"blog": {"owner": "press"}}})
    found = [each for each in graph.findings(ground_without_runs(system, plan)) if each.code == "DR05"]
    assert {each.id: set(each.services) for each in found} == {"DR05/site": {"shop", "blog"}, "DR05/app": {"shop"}}


def test_what_takes_several_failures_at_once_is_one_finding_for_a_group() -> None:
    system: dict[str, Any] = {
        "components": {
            "shop": {"needs": ["orders"]},
            "orders": {
                "kind": "data",
                "at": "hall",
                "copies": [
                    {"at": "safe", "every": "1d", "restore": "1h"},
                    {"at": "bank", "every": "1d", "restore": "1h"},
                ],
            },
            "safe": {"at": "vault"},
            "hall": {"kind": "site"},
            "vault": {"kind": "site"},
            "bank": {"at": "vault"},
        }
    }
    found = [each for each in graph.findings(ground_without_runs(system, NO_STEPS)) if each.code == "DR06"]
    places = [each.id.split("/")[1] for each in found if dict(each.figures).get("order", 0) > 1]
    assert places == ["orders"]


def test_what_rests_on_one_operator_is_dr06_only_where_it_is_a_primary_with_its_backup() -> None:
    both = merge_patch(APART, {"components": {"fibre": {"operator": "Telco"}, "lte": {"operator": "Telco"}}})
    much = {
        "components": {
            "shop": {"needs": ["web", "mail"]},
            "web": {"operator": "Telco", "kind": "provider"},
            "mail": {"operator": "Telco", "kind": "provider"},
        }
    }
    finding = by_id(graph.findings(ground_without_runs(both, NO_STEPS)))["DR06/concentration/operator/Telco"]
    assert finding.evidence[0] == "of the standby group of shop it has fibre and lte"
    assert not [each for each in graph.findings(ground_without_runs(much, NO_STEPS)) if each.code == "DR06"]


@pytest.mark.parametrize(("people", "is_found"), [(["one"], True), (["one", "other"], False)])
def test_one_person_who_restores_both_of_a_pair_is_low_and_a_role_of_two_is_not(
    people: list[str], is_found: bool
) -> None:
    plan = {
        "roles": {"net": {"people": people}},
        "steps": {
            "restore-orders": None,
            "mend-fibre": {"restores": ["fibre"], "takes": "2h", "by": ["net"]},
            "mend-lte": {"restores": ["lte"], "takes": "2h", "by": ["net"]},
        },
    }
    found = by_id(graph.findings(ground_without_runs(APART, plan)))
    # That the role has one person is DR09, and this becomes its evidence.
    assert ("DR09/role/net" in found) is is_found
    assert not [name for name in found if name.startswith("DR06/team")]


def test_components_that_start_only_one_after_the_other_are_dr07_and_without_the_circle_they_are_not() -> None:
    circle: dict[str, Any] = {
        "components": {
            "shop": {"needs": ["identity"]},
            "identity": {"kind": "tool", "needs": [{"component": "dns", "to": "start"}]},
            "dns": {"kind": "tool", "needs": [{"component": "identity", "to": "start"}]},
        }
    }
    straight = merge_patch(circle, {"components": {"dns": {"needs": []}}})
    ground = ground_without_runs(circle, NO_STEPS)
    finding = by_id(graph.findings(ground))["DR07/identity"]
    assert finding.severity is Severity.CRITICAL
    assert any("break-glass: start" in each for each in finding.evidence)
    assert not [each for each in graph.findings(ground_without_runs(straight, NO_STEPS)) if each.code == "DR07"]


# DR12.

STANDBY: dict[str, Any] = {
    "components": {
        "shop": {"needs": [{"any_of": ["big", "small"], "failover": "5m"}]},
        "big": {"kind": "host"},
        "small": {"kind": "host", "needs": [{"pool": {"half": 50}, "demand": 100}]},
        "half": {"kind": "machine"},
    }
}


@pytest.mark.parametrize(("mbco", "is_found"), [(None, True), ("60%", True), ("50%", False)])
def test_a_standby_below_the_minimum_level_is_dr12_and_one_that_just_carries_it_is_not(
    mbco: str | None, is_found: bool
) -> None:
    plan = merge_patch(NO_STEPS, {"services": {"shop": {"mbco": mbco}}})
    found = by_id(capacity.findings(ground_without_runs(STANDBY, plan)))
    assert set(found) == ({"DR12/shop/big"} if is_found else set())
    if is_found:
        finding = found["DR12/shop/big"]
        assert finding.severity is Severity.HIGH
        assert dict(finding.figures)["level"] == 0.5
        assert "carries 50% of shop" in finding.text


@pytest.mark.parametrize(("capacity_of_step", "is_found"), [("40%", True), ("100%", False)])
def test_the_capacity_that_a_switch_says_counts(capacity_of_step: str, is_found: bool) -> None:
    system = merge_patch(STANDBY, {"components": {"small": {"needs": []}, "half": None}})
    step = {"switches": {"of": ["shop"], "to": "small", "capacity": capacity_of_step}, "takes": "1h"}
    plan = {"steps": {"restore-orders": None, "switch": step}, "services": {"shop": {"mbco": "50%"}}}
    found = by_id(capacity.findings(ground_without_runs(system, plan)))
    assert set(found) == ({"DR12/shop/big"} if is_found else set())
    assert not is_found or any("40%" in each for each in found["DR12/shop/big"].evidence)


def test_a_standby_that_carries_nothing_is_no_question_of_capacity() -> None:
    system = merge_patch(STANDBY, {"components": {"small": {"needs": ["big"]}, "half": None}})
    assert capacity.findings(ground_without_runs(system, NO_STEPS)) == []


def test_where_a_spent_standby_leaves_the_load_to_another_that_one_is_named() -> None:
    system = merge_patch(
        STANDBY,
        {
            "components": {
                "big": {"needs": ["supply"]},
                "supply": {"kind": "power", "needs": [{"any_of": ["grid", {"use": "diesel", "lasts": "24h"}]}]},
                "grid": {"kind": "power"},
                "diesel": {"kind": "power"},
            }
        },
    )
    found = by_id(capacity.findings(ground_without_runs(system, NO_STEPS)))
    assert set(found) == {"DR12/shop/big"}
    assert found["DR12/shop/big"].components[:2] == ("shop", "big")
    (spent,) = [each for each in found["DR12/shop/big"].evidence if "grid alone fails" in each]
    assert "big goes down too in the end, and from 1 d 5 min on shop serves 50%" in spent


def test_a_standby_that_is_spent_later_on_carries_what_it_carries_until_then() -> None:
    system = merge_patch(
        STANDBY,
        {
            "components": {
                "shop": {"needs": [{"any_of": ["big", {"use": "small", "lasts": "2h"}], "failover": "5m"}]},
                "small": {"needs": []},
                "half": None,
            }
        },
    )
    assert capacity.findings(ground_without_runs(system, NO_STEPS)) == []


# The table of backups.


def test_a_backup_row_names_what_takes_both_and_how_long_the_switch_takes() -> None:
    system = merge_patch(LINES, {"components": {"shop": {"needs": [{"any_of": ["fibre", "lte"], "failover": "5m"}]}}})
    (row,) = backups(
        ground_without_runs(system, {**NO_STEPS, "tests": [{"of": "lte", "type": "parallel", "date": "2026-05-02"}]})
    )
    assert (row.of, row.by, row.kind, row.takes, row.shares) == ("shop", "lte", "standby", "switch 5 min", ("duct",))
    assert row.last_test is not None
    assert row.last_test.age_days == 30
    (apart,) = backups(ground_without_runs(APART, NO_STEPS))
    assert apart.shares == ()
    assert apart.last_test is None


def test_a_copy_that_a_step_restores_takes_the_time_of_the_step() -> None:
    system: dict[str, Any] = {
        "components": {
            "shop": {"needs": ["orders"]},
            "orders": {
                "kind": "data",
                "at": "hall",
                "copies": [{"at": "safe", "every": "1d", "lag": "1h", "restore": "9h"}],
            },
            "hall": {"kind": "site"},
            "safe": {"kind": "host", "at": "hall"},
        }
    }
    (row,) = backups(ground_without_runs(system))
    assert (row.of, row.by, row.kind, row.every_ms, row.loses_ms) == ("orders", "safe", "copy", 86_400_000, 90_000_000)
    assert row.takes == "step restore-orders 2 h"
    assert row.shares == ("hall",)
    (by_system,) = backups(ground_without_runs(system, NO_STEPS))
    assert by_system.takes == "restore 9 h"
