"""The renderers of an audit, on facts that were written by hand."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from impactsim.audit.changes import change_between, is_worse
from impactsim.audit.facts import AuditFacts, NamedCutSet, Probability, ServiceFacts
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.restart import RestartPlan, RestartWave
from impactsim.exact.propagation import Criterion
from impactsim.reports.audit.csv_form import write_tables
from impactsim.reports.audit.json_form import to_object
from impactsim.reports.audit.text import audit_text
from impactsim.reports.audit.words import HEADINGS, audit_headline, notes
from impactsim.reports.chances import chance, probability
from impactsim.reports.layout import coloured
from impactsim.reports.page import Screen

WHOLE = Screen(n_lines=None)

DUCT = Finding(
    "single-point/duct",
    "single-point",
    Severity.CRITICAL,
    "duct alone takes down shop and blog",
    services=("shop", "blog"),
    events=("duct",),
    users=900.0,
    lost_user_minutes=47_304.0,
    evidence=("shop needs isp-a needs duct", "blog needs shop"),
    remedy="lay a second duct",
    figures=(("services", 2.0), ("probability", 0.0001)),
)
PAYMENTS = Finding(
    "single-point/payments",
    "single-point",
    Severity.HIGH,
    "payments alone takes down shop",
    services=("shop",),
    events=("payments",),
    users=400.0,
    remedy="have a second provider",
)
OPERATOR = Finding(
    "operator/shop/isp-a",
    "operator",
    Severity.LOW,
    "isp-a and isp-b have one operator, Lintel",
    services=("shop",),
    evidence=("operator of isp-a: Lintel", "operator of isp-b: Lintel"),
)
STUCK = RestartPlan(
    waves=(RestartWave(("grid",)), RestartWave((), ("dns",)), RestartWave(("auth",))),
    break_glass=("dns",),
    stuck=("dns", "auth"),
    lost=(),
    circles=(),
    is_smallest=True,
    is_proven=True,
    disagrees=(),
    takes_ms=60_000,
)

SHOP = ServiceFacts(
    "shop",
    "Web shop",
    400.0,
    Probability(0.001, 0.001),
    0,
    (
        NamedCutSet(("duct",), 0.0001),
        NamedCutSet(("payments",), 0.0, is_known=False),
        NamedCutSet(("isp-a", "isp-b"), 1e-6),
    ),
    3,
    2,
    210_240.0,
    ("single-point/duct", "single-point/payments", "operator/shop/isp-a"),
)
BLOG = ServiceFacts(
    "blog", "blog", 600.0, Probability(0.001, 0.002), 2, (NamedCutSet(("duct",), 0.0001),), None, 2, 315_360.0
)

FACTS = AuditFacts(
    "Corner shop",
    Criterion.DOWN,
    900.0,
    {"shop": SHOP, "blog": BLOG},
    (DUCT, PAYMENTS, OPERATOR),
    n_events=7,
    n_unknown=2,
    assumed=("isp-a",),
    worst="single-point/duct",
)


def text_of(facts: AuditFacts = FACTS, screen: Screen = WHOLE) -> str:
    return "\n".join(audit_text(facts, screen=screen))


def test_the_first_line_names_the_worst_single_failure_and_whom_it_hits() -> None:
    line, _ = audit_headline(FACTS)[0]
    assert line == (
        "Corner shop: duct alone takes down shop and blog, for all 900 users; "
        "once all of it was down it can start again by itself"
    )


def test_a_restart_that_needs_help_is_in_the_first_line() -> None:
    line, _ = audit_headline(replace(FACTS, restart=STUCK))[0]
    assert line.endswith("once all of it is down it cannot start again without 1 start by hand")
    line, _ = audit_headline(replace(FACTS, restart=replace(STUCK, lost=("nas",))))[0]
    assert line.endswith("without at least 1 start by hand")
    line, _ = audit_headline(replace(FACTS, restart=replace(STUCK, break_glass=(), lost=("nas",))))[0]
    assert line.endswith("once all of it is down it cannot start again")
    assert to_object(replace(FACTS, restart=STUCK))["restart"]["break_glass"] == ["dns"]


def test_without_a_single_point_the_first_line_says_so() -> None:
    line, _ = audit_headline(replace(FACTS, findings=(OPERATOR,), worst=""))[0]
    assert "no single failure takes a service down with it" in line


def test_findings_stand_by_kind_with_their_place_among_all() -> None:
    findings = (DUCT, replace(OPERATOR, severity=Severity.NOTE), PAYMENTS)
    lines = text_of(replace(FACTS, findings=findings)).splitlines()
    heading = lines.index("Single points of failure")
    places = [line.split()[:2] for line in lines[heading:] if line[:4].strip().isdigit()]
    assert places == [["1", "critical"], ["3", "high"], ["2", "note"]]


def test_a_finding_has_its_figures_evidence_and_remedy() -> None:
    lines = text_of().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("   1  critical"))
    assert " ".join(lines[first].split()) == (
        "1 critical duct alone takes down shop and blog (900 users, 47,300 user-minutes a year)"
    )
    told = [line.strip() for line in lines[first:]]
    assert "- shop needs isp-a needs duct" in told
    assert "- blog needs shop" in told
    assert "> lay a second duct" in told


def test_a_screen_that_is_short_is_not_exceeded() -> None:
    many = tuple(replace(PAYMENTS, id=f"single-point/{i}", evidence=("a", "b")) for i in range(500))
    lines = text_of(replace(FACTS, findings=many), Screen(n_lines=40)).splitlines()
    assert len(lines) <= 40
    assert any("more (--all)" in line for line in lines)
    assert len(text_of(replace(FACTS, findings=many)).splitlines()) > 1500


@pytest.mark.parametrize("n_lines", [24, 35, 50])
def test_a_screen_too_short_for_one_finding_of_each_kind_keeps_the_first_kinds(n_lines: int) -> None:
    kinds = ("shared", "single-point", "concentration", "restart", "suspicious", "repair", "unverified")
    found = [replace(DUCT, id=f"{kind}/{i}", kind=kind) for i in range(2) for kind in kinds]
    lines = text_of(replace(FACTS, findings=tuple(found)), Screen(n_lines=n_lines)).splitlines()
    assert len(lines) <= n_lines
    shown = [HEADINGS[kind] for kind in kinds if HEADINGS[kind] in lines]
    assert 1 <= len(shown) < len(kinds)
    assert shown == [HEADINGS[kind] for kind in kinds[: len(shown)]]
    assert any(line.startswith("Left out (--all): ") for line in lines)


def test_top_counts_the_findings() -> None:
    lines = audit_text(FACTS, top=1)
    assert [line.split()[0] for line in lines if line[:4].strip().isdigit()] == ["1"]
    assert "  and 1 more (--all)" in lines


def test_the_table_says_what_is_known_of_each_service() -> None:
    lines = text_of().splitlines()
    rows = lines[lines.index("Services") + 2 :][:2]
    assert rows[0].split()[:6] == ["blog", "600", "at", "least", "0.1", "%"]
    assert rows[0].endswith("1 up to order 2")
    assert rows[1].split() == ["shop", "400", "0.1", "%", "8", "h", "46", "min", "210,000", "2", "3"]


def test_the_notes_say_what_is_unknown_and_assumed() -> None:
    told = " ".join(notes(FACTS))
    assert "known of 5 of 7 events" in told
    assert "4 h assumed for isp-a" in told
    assert "1 service the probability is proven to lie between two bounds" in told
    assert notes(replace(FACTS, n_unknown=0, assumed=(), services={"shop": SHOP})) == []


def test_the_authors_text_cannot_command_a_terminal() -> None:
    evil = replace(DUCT, text="\x1b[2Jduct", evidence=("\x1b]0;x\x07",), remedy="\x1b[1m")
    assert "\x1b" not in text_of(replace(FACTS, system="\x1b[31mx", findings=(evil,)))


def test_colours_mark_how_bad_it_is_where_there_are_colours() -> None:
    assert "\x1b[31m\x1b[1mcritical\x1b[0m" in text_of(FACTS, Screen(n_lines=None, paint=coloured))
    assert "\x1b" not in text_of()


def test_a_scenario_in_which_every_backup_worked_is_told() -> None:
    lines = [line for line, _ in audit_headline(replace(FACTS, scenario="Duct cut"))]
    assert lines[-1] == "In the scenario 'Duct cut' no backup was missing when it was needed"
    down = Finding("backup-down/shop/isp-b", "backup-down", Severity.HIGH, "isp-b was down when it was needed")
    lines = [line for line, _ in audit_headline(replace(FACTS, scenario="Duct cut", findings=(down, *FACTS.findings)))]
    assert lines[-1] == "In the scenario 'Duct cut' 1 backup was missing when it was needed"


# Changes.


def test_a_change_closes_opens_eases_and_worsens() -> None:
    opened = replace(PAYMENTS, id="single-point/bank")
    after = replace(
        FACTS,
        findings=(replace(DUCT, severity=Severity.MEDIUM), replace(OPERATOR, severity=Severity.HIGH), opened),
        services={"shop": replace(SHOP, lost_user_minutes=0.0), "blog": BLOG},
    )
    change = change_between("second duct", FACTS, after)
    assert [each.id for each in change.closed] == ["single-point/payments"]
    assert [each.id for each in change.opened] == ["single-point/bank"]
    assert [old.id for old, _ in change.eased] == ["single-point/duct"]
    assert [new.severity for _, new in change.worsened] == [Severity.HIGH]
    lines = audit_text(FACTS, [change], WHOLE)
    assert "What if: second duct: 1 closed, 1 opened, 1 eased and 1 worsened of 3 findings" in lines
    assert "  user-minutes lost a year: 315,000 instead of 526,000 (-40%)" in lines
    read = to_object(FACTS, [change])["what_ifs"][0]
    assert read["closes"] == ["single-point/payments"]
    assert read["lost_user_minutes"] == 315_360


def test_an_audit_compared_with_itself_shows_no_change() -> None:
    change = change_between("nothing", FACTS, FACTS)
    assert (change.closed, change.opened, change.eased, change.worsened) == ((), (), (), ())
    assert "What if: nothing: no finding changes" in audit_text(FACTS, [change], WHOLE)


@pytest.mark.parametrize(
    ("old", "new", "is_so"),
    [
        (DUCT, replace(DUCT, lost_user_minutes=47_305.0), True),
        (DUCT, replace(DUCT, lost_user_minutes=47_304.0 * (1 + 1e-9)), False),  # the order of additions
        (DUCT, replace(DUCT, lost_user_minutes=None), False),
        (DUCT, replace(DUCT, severity=Severity.HIGH, lost_user_minutes=1e9), False),
        (PAYMENTS, replace(PAYMENTS, users=500.0), True),
    ],
)
def test_severity_counts_before_loss_and_loss_before_users(old: Finding, new: Finding, is_so: bool) -> None:
    assert is_worse(new, old) is is_so


# JSON and CSV.


def test_json_has_a_probability_or_bounds() -> None:
    read = json.loads(json.dumps(to_object(FACTS)))
    assert read["services"]["shop"]["probability"] == 0.001
    assert read["services"]["shop"]["bounds"] is None
    assert read["services"]["blog"]["probability"] is None
    assert read["services"]["blog"]["bounds"] == [0.001, 0.002]
    assert read["services"]["blog"]["n_cut_sets"] is None
    assert read["services"]["shop"]["cut_sets"][2] == {
        "events": ["isp-a", "isp-b"],
        "order": 2,
        "probability": 1e-06,
        "known": True,
    }
    assert read["findings"][0]["figures"] == {"services": 2, "probability": 0.0001}
    assert read["findings"][1]["lost_user_minutes"] is None
    assert read["lost_user_minutes"] == 525_600


def test_tables_have_a_row_for_each_finding_service_and_cut_set(tmp_path: Path) -> None:
    assert [path.name for path in write_tables(FACTS, tmp_path)] == ["findings.csv", "services.csv", "cutsets.csv"]
    with (tmp_path / "findings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [each.id for each in FACTS.findings]
    assert rows[0]["services"] == "shop blog"
    assert rows[1]["lost_user_minutes"] == ""
    with (tmp_path / "cutsets.csv").open(encoding="utf-8") as file:
        assert [row["events"] for row in csv.DictReader(file)] == ["duct", "payments", "isp-a isp-b", "duct"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.5, "50 %"),
        (0.9999999, "99.99999 %"),
        (1e-5, "0.001 %"),
        (9.9e-6, "0.00099 %"),
        (9.9e-7, "9.9e-07"),
        (1.0, "100 %"),
        (0.9994, "99.94 %"),
    ],
)
def test_chances_never_look_certain_when_they_are_not(value: float, words: str) -> None:
    assert chance(value) == words


def test_bounds_that_read_alike_are_one_figure() -> None:
    assert probability(Probability(0.0100001, 0.0100002)) == "1 %"
