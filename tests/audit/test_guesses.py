"""Unverified facts that matter: what the answer would be if a guess were wrong, worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from impactsim.audit.concentration import concentrations
from impactsim.audit.estate import Estate
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.guesses import findings
from impactsim.files.reading import load_system, validate_system

SCENARIOS = Path(__file__).parents[2] / "scenarios"
YEAR_MINUTES = 365 * 24 * 60
USERS = {"people": {"count": 1000, "uses": ["shop"]}}


def estate_of(components: dict[str, Any], users: dict[str, Any] | None = None, **more: Any) -> Estate:
    data = {"impactsim": 1, "name": "x", "components": components, "users": USERS if users is None else users, **more}
    return Estate(validate_system(data).system)


def found_in(estate: Estate) -> list[Finding]:
    return findings(estate, estate.services)


def only(estate: Estate) -> Finding:
    (finding,) = found_in(estate)
    return finding


def change(finding: Finding) -> float:
    return dict(finding.figures)["change_of_lost_user_minutes"]


def guessed(probability: float | None = None, **words: Any) -> dict[str, Any]:
    fails = {} if probability is None else {"fails": {"probability": probability}}
    return {"kind": "tool", "confidence": "guessed", **fails, **words}


def fails(probability: float, kind: str = "tool") -> dict[str, Any]:
    return {"kind": kind, "fails": {"probability": probability}}


SHOP = {"needs": ["gateway"], "fails": {"probability": 0}}


def test_a_need_that_is_not_real_takes_its_share_of_the_loss_with_it() -> None:
    finding = only(estate_of({"dns": fails(0.01), "gateway": guessed(0.0001, needs=["dns"]), "shop": SHOP}))
    # Down with the need: 1 - 0.99 x 0.9999; without: 0.0001. Ten times the rate would add 0.0009 x 0.99 only.
    assert change(finding) == pytest.approx(-0.01 * 0.9999 * 1000 * YEAR_MINUTES)
    assert finding.id == "unverified/gateway"
    assert finding.text.startswith(
        "it is only guessed that gateway needs dns; if it does not, dns would take down less"
    )
    assert "shop needs gateway" in finding.evidence
    assert "dns alone would not take down shop" in finding.evidence
    assert finding.services == ("shop",)
    assert finding.lost_user_minutes is None  # no event


def test_a_rate_that_is_ten_times_as_high_is_told_where_it_matters_most() -> None:
    finding = only(estate_of({"dns": fails(0.01), "gateway": guessed(0.005, needs=["dns"]), "shop": SHOP}))
    # 0.05 instead of 0.005, while dns is up; without the need no more than 0.01 would be spared.
    assert change(finding) == pytest.approx(0.045 * 0.99 * 1000 * YEAR_MINUTES)
    assert "how often gateway fails; if it is ten times as often" in finding.text
    assert any("that gateway needs dns; if it does not" in each for each in finding.evidence)


def test_a_rate_is_at_most_certain() -> None:
    finding = only(estate_of({"gateway": guessed(0.4), "shop": SHOP}))
    assert change(finding) == pytest.approx(0.6 * 1000 * YEAR_MINUTES)


def test_a_standby_that_is_not_real_leaves_the_first_alone() -> None:
    components = {
        "grid": fails(0.01, "power"),
        "diesel": fails(0.1, "power"),
        "battery": fails(0.1, "power"),
        "gateway": guessed(needs=[{"any_of": ["grid", "diesel", "battery"]}]),
        "shop": SHOP,
    }
    finding = only(estate_of(components))
    assert change(finding) == pytest.approx((0.01 - 0.01 * 0.1 * 0.1) * 1000 * YEAR_MINUTES)
    assert "that gateway can do with diesel or battery instead of grid; if it cannot" in finding.text
    assert "grid alone would take down shop" in finding.evidence
    assert dict(finding.figures)["take_down_more"] == 1


def test_a_quorum_that_needs_all_of_them() -> None:
    members = {f"n{i}": fails(0.1) for i in range(3)}
    gateway = guessed(needs=[{"at_least": 2, "of": list(members)}])
    finding = only(estate_of({**members, "gateway": gateway, "shop": SHOP}))
    two_of_three, all_of_them = 3 * 0.1**2 * 0.9 + 0.1**3, 1 - 0.9**3
    assert change(finding) == pytest.approx((all_of_them - two_of_three) * 1000 * YEAR_MINUTES)
    assert (
        "that gateway can do without 1 of n0, n1 and n2; if it cannot, n0, n1 and n2 would take down more"
        in finding.text
    )


def test_a_pool_without_anything_to_spare() -> None:
    gateway = guessed(needs=[{"pool": {"a": 60, "b": 60}, "demand": 100}])
    finding = only(estate_of({"a": fails(0.1), "b": fails(0.2), "gateway": gateway, "shop": SHOP}))
    assert change(finding) == pytest.approx((1 - 0.9 * 0.8 - 0.1 * 0.2) * 1000 * YEAR_MINUTES)


def test_without_rates_it_is_who_is_behind_the_single_points_that_counts() -> None:
    components = {
        "dns": {"kind": "provider"},
        "mail-dns": {"kind": "provider"},
        "relay": guessed(needs=["mail-dns"]),
        "gateway": guessed(needs=["dns"]),
        "shop": {"needs": ["gateway"]},
        "mail": {"needs": ["relay"]},
    }
    users = {"people": {"count": 1000, "uses": {"shop": 0.5, "mail": 0.01}}}
    found = found_in(estate_of(components, users))
    assert [(each.id, round(each.users)) for each in found] == [("unverified/gateway", 500), ("unverified/relay", 10)]
    assert [each.severity for each in found] == [Severity.MEDIUM, Severity.LOW]  # half of the users, and few


def test_what_is_observed_is_less_in_doubt_than_what_is_guessed() -> None:
    def severity(confidence: str) -> Severity:
        gateway = {**guessed(needs=["dns"]), "confidence": confidence}
        return only(estate_of({"dns": fails(0.01), "gateway": gateway, "shop": SHOP})).severity

    assert (severity("guessed"), severity("observed")) == (Severity.MEDIUM, Severity.LOW)


def test_what_is_declared_or_what_no_service_leans_on_is_no_finding() -> None:
    gateway = {**guessed(needs=["dns"]), "confidence": "declared"}
    unused = guessed(0.1, needs=["dns"])
    assert found_in(estate_of({"dns": fails(0.01), "gateway": gateway, "unused": unused, "shop": SHOP})) == []


def test_a_need_that_somebody_has_confirmed_is_no_guess_although_its_component_is() -> None:
    need = {"component": "dns", "confidence": "declared"}
    components = {"dns": fails(0.01), "gateway": guessed(needs=[need]), "shop": SHOP}
    assert found_in(estate_of(components)) == []
    components["gateway"] = guessed(0.005, needs=[need])
    finding = only(estate_of(components))  # its rate is still a guess, and the need is no evidence of it
    assert finding.text.startswith("it is only guessed how often gateway fails")
    assert not any("that gateway needs dns" in each for each in finding.evidence)


@pytest.mark.parametrize("confidence", ["guessed", "observed"])
def test_a_need_that_is_guessed_is_a_finding_although_its_component_is_declared(confidence: str) -> None:
    need = {"component": "dns", "confidence": confidence}
    gateway = {"kind": "tool", "fails": {"probability": 0.005}, "needs": [need]}
    finding = only(estate_of({"dns": fails(0.01), "gateway": gateway, "shop": SHOP}))
    # Without the need dns takes nothing down while the gateway works. How often the gateway fails is declared.
    assert change(finding) == pytest.approx(-0.01 * 0.995 * 1000 * YEAR_MINUTES)
    assert finding.text.startswith(f"it is only {confidence} that gateway needs dns; if it does not")
    assert finding.severity == (Severity.MEDIUM if confidence == "guessed" else Severity.LOW)
    assert not any("how often gateway fails" in each for each in finding.evidence)


def test_a_redundancy_is_as_sure_as_its_need() -> None:
    def gateway(of_need: str, of_component: str) -> dict[str, Any]:
        pair = {"any_of": ["a", "b"], "confidence": of_need}
        return {
            "a": fails(0.1),
            "b": fails(0.1),
            "gateway": guessed(needs=[pair], confidence=of_component),
            "shop": SHOP,
        }

    assert found_in(estate_of(gateway("declared", "guessed"))) == []
    finding = only(estate_of(gateway("observed", "declared")))
    assert finding.text.startswith("it is only observed that gateway can do with b instead of a")


def test_each_guess_is_told_with_its_own_word() -> None:
    need = {"component": "dns", "confidence": "observed"}
    finding = only(estate_of({"dns": fails(0.01), "gateway": guessed(0.005, needs=[need]), "shop": SHOP}))
    # 0.045 more of the rate is more than 0.01 less of the need.
    assert finding.text.startswith("it is only guessed how often gateway fails")
    assert any(each.startswith("also observed that gateway needs dns") for each in finding.evidence)


def test_a_guess_that_changes_nothing_is_no_finding() -> None:
    # Whether the gateway needs dns does not matter: the shop needs dns itself.
    shop = {"needs": ["gateway", "dns"], "fails": {"probability": 0}}
    assert found_in(estate_of({"dns": fails(0.01), "gateway": guessed(needs=["dns"]), "shop": shop})) == []


def test_in_a_large_system_the_change_is_that_of_single_points() -> None:
    filler = {f"filler-{i}": {"kind": "host"} for i in range(2000)}
    gateway = guessed(0.0001, needs=["dns"])
    finding = only(estate_of({"dns": fails(0.01), "gateway": gateway, "shop": SHOP, **filler}))
    assert change(finding) == pytest.approx(-0.01 * 1000 * YEAR_MINUTES)


def test_a_common_cause_that_strikes_a_member_counts_as_well() -> None:
    causes = {"digger": {"strikes": {"line": 1.0}, "fails": {"probability": 0.01}}}
    line = {"kind": "connectivity", "fails": {"probability": 0}}
    estate = estate_of({"line": line, "gateway": guessed(needs=["line"]), "shop": SHOP}, common_causes=causes)
    finding = only(estate)
    assert change(finding) == pytest.approx(-0.01 * 1000 * YEAR_MINUTES)
    assert "digger alone would not take down shop" in finding.evidence


def test_only_so_many_guesses_are_looked_at_and_the_rest_is_counted() -> None:
    components: dict[str, Any] = {f"t{i:03}": guessed(needs=["dns"]) for i in range(210)}
    shop = {"needs": list(components), "fails": {"probability": 0}}
    found = found_in(estate_of({"dns": {"kind": "provider"}, **components, "shop": shop}))
    # dns takes the shop down through every one of them, so that no single guess changes anything.
    assert [each.id for each in found] == ["unverified/not-looked-at"]
    assert dict(found[0].figures)["components"] == 10
    assert found[0].severity == Severity.NOTE


def test_looking_leaves_the_system_as_it_was() -> None:
    components = {"a": fails(0.1), "b": fails(0.1), "gateway": guessed(needs=[{"any_of": ["a", "b"]}]), "shop": SHOP}
    estate = estate_of(components)
    before = [sorted(estate.down(event)) for event in range(estate.n_events)]
    assert found_in(estate) == found_in(estate)
    assert [sorted(estate.down(event)) for event in range(estate.n_events)] == before


def test_the_lesson_of_the_shop_rests_on_one_observed_rate() -> None:
    estate = Estate(load_system(SCENARIOS / "teaching-shop" / "system.yaml").system)
    finding = only(estate)
    assert finding.id == "unverified/grid"  # all else is declared
    operators = {each.name: each for each in concentrations(estate, estate.services).holders}
    # The loss is linear in the grid's own probability: nine times more of it is nine times what rests on its operator.
    rests_on_grid = operators["City Power"].lost_user_minutes
    assert rests_on_grid is not None
    assert change(finding) == pytest.approx(9 * rests_on_grid)


@pytest.mark.parametrize("name", ["facebook-2021", "cloudflare-2023", "ovh-2021", "aws-s3-2017"])
def test_systems_without_guesses_have_none(name: str) -> None:
    assert found_in(Estate(load_system(SCENARIOS / name / "system.yaml").system)) == []
