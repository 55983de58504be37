from __future__ import annotations

from dataclasses import replace

from impactsim.audit.findings import Severity
from impactsim.reports.page import Screen
from impactsim.review.facts import Spread
from impactsim.review.report import words
from impactsim.review.report.text import review_text
from review.made_facts import HOUR, findings, rehearsal, review, rows

WHOLE = Screen(n_lines=None)


def text(screen: Screen = WHOLE) -> str:
    return "\n".join(review_text(review(), screen))


def test_the_first_line_is_the_verdict():
    opening = " ".join(review_text(review(), WHOLE)[:2])
    assert "The plan does not hold: 1 of 2 services" in " ".join(opening.split())


def test_the_second_sentence_names_the_service_that_is_furthest_from_its_target():
    assert "Checkout takes 9 h (P90 12 h) and was promised within 4 h (Fire in the east hall)" in text()


def test_a_service_that_never_comes_back_is_worse_than_one_that_is_late_whatever_was_promised():
    late, fine = rows()
    never = replace(fine, rto="unknown", achievable_rto=Spread(HOUR, float("inf"), float("inf")))
    facts = replace(review(), rows=(late, never))
    assert words.worst_row(facts) is never
    assert words.worst_sentence(facts).startswith(
        "Search does not come back in half of the trials and its target is unknown"
    )


def test_nobody_is_named_as_late_where_all_are_in_time():
    assert words.worst_sentence(replace(review(), rows=rows()[1:])) == ""


def test_a_service_without_a_target_and_one_that_is_not_applicable_are_told_apart():
    table = [line for line in text().splitlines() if line.startswith(("  Checkout", "  Search"))]
    assert table[0].split()[-3:] == ["2024-03-01", "of", "orders-db"]  # the day and the object of its last test
    assert "not applicable" in table[1]
    assert words.target(None) == "not given"
    assert words.target(0) == "0"


def test_findings_stand_by_severity_with_evidence_remedy_and_the_cheapest_change():
    lines = text().splitlines()
    begin = lines.index("Critical findings")
    assert lines[begin + 1 : begin + 6] == [
        "  DR08  the step Restore the orders needs the password store, which falls with Checkout",
        "        - vault needs dc-east",
        "        - the step rests from +1:00 to +4:00",
        "        > keep a copy of the passwords elsewhere",
        "        > cheapest change that closes it: A copy of the passwords in the west hall (safe, 500 EUR)",
    ]
    assert begin < lines.index("High findings") < lines.index("Low findings")


def test_a_finding_that_no_change_closes_says_so():
    facts = replace(review(), cheapest={"DR02/checkout": None})
    assert words.cheapest_of(facts, findings()[1]) == "none of the listed changes closes it"
    assert words.cheapest_of(facts, findings()[2]) == ""  # a low one: nothing was tried for it


def test_where_changes_were_not_tried_nothing_is_said_of_them():
    facts = replace(review(), changes=(), cheapest={"DR02/checkout": None})
    assert words.cheapest_of(facts, findings()[1]) == ""


def test_the_order_of_restoration_has_waves_people_and_what_steps_wait_for():
    lines = text().splitlines()
    begin = lines.index("Order of restoration: Fire in the east hall")
    assert "wave 1  * +1:00 to +4:00   Bring back the password store, first-operator (Operations)" in lines[begin + 2]
    second = " ".join(" ".join(lines[begin + 3 : begin + 5]).split())
    assert second.startswith(
        "wave 2 * +4:00 to +8:00 Restore the orders, first-dba (Database); waits 3 h for Password store"
    )
    assert "second line" not in "\n".join(lines[begin:])  # that step was not called for


def test_the_critical_path_begins_with_the_detection():
    assert "critical path of Checkout: detection > declaration > Bring back the password store" in " ".join(
        text().split()
    )


def test_what_nothing_restores_is_told():
    assert "nothing restores East hall" in text()


def test_a_step_that_never_ends_says_never():
    stuck = replace(rehearsal().steps[1], ends_ms=None)
    facts = replace(review(), rehearsals=(replace(rehearsal(), steps=(stuck,)),))
    assert "+4:00 to never" in "\n".join(review_text(facts, WHOLE))


def test_a_screen_shows_the_worst_findings_and_says_what_it_leaves_out():
    lines = review_text(replace(review(), findings=findings()[:2] * 20), Screen(n_lines=40))
    assert any("more (--all)" in line for line in lines)
    assert any("DR08" in line for line in lines)


def test_text_of_authors_cannot_command_a_terminal():
    evil = replace(findings()[0], text="red \x1b[31m alert", severity=Severity.HIGH)
    lines = review_text(replace(review(), findings=(evil,), cheapest={}), WHOLE)
    assert not any("\x1b" in line for line in lines)
