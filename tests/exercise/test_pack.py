from __future__ import annotations

import json
from dataclasses import replace

import pytest

from exercise.made_ground import ground
from impactsim.exercise.document import document_of
from impactsim.exercise.facts import ExerciseFacts, Inject
from impactsim.exercise.json_form import to_json
from impactsim.exercise.surprises import surprises
from impactsim.exercise.whole import exercise_of
from impactsim.reports.document.blocks import Table
from impactsim.reports.document.markdown import to_markdown
from impactsim.reports.facts import DataFacts
from review.blocks import every
from review.made_facts import HOUR, MINUTE, rehearsal, review, run

CAUSES = ("because of", "has failed", "Fire in the east hall", "surprise", "Behind it")


def pack() -> ExerciseFacts:
    return exercise_of(ground(), review())


def of_kind(facts: ExerciseFacts, kind: str) -> list[Inject]:
    return [each for each in facts.injects if each.kind == kind]


def test_nobody_sees_anything_before_it_is_detected():
    assert min(each.at_ms for each in pack().injects) == 15 * MINUTE


def test_injects_stand_in_order_of_time_and_are_numbered_from_1():
    facts = pack()
    assert [each.number for each in facts.injects] == list(range(1, len(facts.injects) + 1))
    assert [each.at_ms for each in facts.injects] == sorted(each.at_ms for each in facts.injects)


def test_no_inject_before_the_plan_is_put_into_action_tells_a_cause():
    early = [each for each in pack().injects if each.at_ms < HOUR]
    assert early
    assert not [each.text for each in early if "because" in each.text or "failed" in each.text]


def test_the_cause_is_known_when_the_plan_is_put_into_action():
    known = of_kind(pack(), "known")
    assert [each.at_ms for each in known] == [HOUR]
    assert "East hall" in known[0].text


def test_a_service_that_lives_on_its_reserve_is_told_when_the_reserve_is_spent():
    search = [each for each in of_kind(pack(), "down") if "search" in each.components]
    assert [each.at_ms for each in search] == [2 * HOUR]


def test_customers_report_services_and_staff_report_their_site():
    by = {each.components[0]: each.by for each in of_kind(pack(), "down")}
    assert by["checkout"] == "customers"
    assert by["dc-east"] == "site staff"
    assert by["orders-db"] == "monitoring"


def test_where_customers_reach_nobody_they_are_heard_elsewhere():
    deaf = ground(contacts={"customers": {"by": ["vault"]}})  # down until 4 h, as search is back at 3 h
    by = {(each.kind, each.components[0]): each.by for each in exercise_of(deaf, review()).injects}
    assert by["down", "checkout"] == "strangers on social media"
    assert by["back", "checkout"] == "customers"


def test_where_the_monitoring_is_down_people_look_themselves():
    blind = run()
    blind.components["monitoring"] = replace(blind.components["vault"], id="monitoring", name="Monitoring")
    by = {each.components[0]: each.by for each in of_kind(exercise_of(ground(blind), review()), "down")}
    assert by["orders-db"] == "people on call, who have looked"


def test_the_supplier_of_what_failed_speaks_a_quarter_of_an_hour_after_the_detection():
    said = of_kind(pack(), "supplier")
    assert [(each.at_ms, each.by) for each in said] == [(30 * MINUTE, "Lintel Fibre")]


def test_the_surprise_is_the_tool_that_is_down_when_its_step_is_due():
    found = surprises(ground())
    assert [(each.kind, each.at_ms, each.step, each.components) for each in found] == [
        ("held up", HOUR, "restore-db", ("vault",))
    ]
    assert "3 h" in found[0].behind
    assert [each.at_ms for each in pack().injects if each.is_surprise] == [HOUR]


def test_a_tool_that_is_up_is_no_surprise():
    found = surprises(ground(steps={"restore-db": {"restores": ["orders-db"], "takes": "4h", "with": ["hotline"]}}))
    assert not [each for each in found if each.kind == "held up"]


def test_data_without_any_copy_left_is_a_surprise():
    lost = replace(run(), data={"orders-db": DataFacts(lost_for_good=True, loss_ms=None)})
    assert [each.kind for each in surprises(ground(lost))].count("backup") == 1


def test_a_standby_that_carries_by_the_medians_and_not_here_is_a_surprise():
    medians = run()
    search = medians.components["search"]
    on_standby = replace(search, reserve=(replace(search.reserve[0], by="standby", on=("hotline",)),))
    medians.components["search"] = on_standby
    here = ground()
    there = replace(here, rehearsal=replace(rehearsal(), run=medians))
    assert [each.components for each in surprises(there) if each.kind == "backup"] == [("hotline",)]


def test_where_nothing_surprises_the_only_person_of_a_role_is_missing():
    calm = ground(steps={
        "unlock": {"restores": ["vault"], "takes": "3h", "by": ["ops"]},
        "restore-db": {"restores": ["orders-db"], "takes": "4h", "by": ["dba"]},
    })  # fmt: skip
    found = surprises(calm)
    assert [(each.kind, each.is_made) for each in found] == [("absent", True)]
    assert "first-dba" in found[0].text  # the operations have two people
    assert "nobody else" in found[0].behind


def test_what_is_expected_begins_when_the_run_begins_it():
    expected = {step: each.at_ms for each in pack().injects for step in each.expected if step.startswith("begin")}
    assert expected["begin 'Restore the orders' (first-dba)"] <= 4 * HOUR
    assert not [text for text in expected if "second line" in text]  # the scenario does not call for it


def test_those_who_decide_stand_first_among_the_roles():
    assert [each.role for each in pack().participants] == ["lead", "ops", "dba"]


def test_expected_findings_are_those_of_what_the_run_touches():
    assert [each.id for each in pack().findings] == ["DR08/checkout/vault", "DR02/checkout", "DR10/search"]
    elsewhere = replace(review().findings[0], id="DR05/other", services=("other",), components=(), steps=())
    facts = exercise_of(ground(), replace(review(), findings=(elsewhere,)))
    assert facts.findings == ()


def test_the_scoring_sheet_judges_the_surprise_and_the_targets_that_were_given():
    texts = [each.text for each in pack().criteria]
    assert any("Password store cannot be used" in text for text in texts)
    assert any("Checkout" in text and "4 h" in text for text in texts)


def test_participants_see_neither_causes_nor_injects():
    facts = pack()
    handout = to_markdown(document_of(facts, "participants"))
    assert [word for word in CAUSES if word in handout] == []
    assert [each.text for each in facts.injects if each.text in handout] == []
    assert "Head of operations" in handout


def test_the_facilitator_sees_all_of_it():
    facts = pack()
    text = to_markdown(document_of(facts, "facilitator"))
    assert [word for word in CAUSES if word not in text] == []
    assert "Scoring sheet" in text
    assert "After-action report" in text


def test_both_parts_stand_in_one_document():
    titles = [each.id for each in document_of(pack(), "both").sections]
    assert titles[-1] == "participants"
    assert "score" in titles


@pytest.mark.parametrize("reader", ["facilitator", "participants", "both"])
def test_tables_have_as_many_cells_as_columns(reader):
    document = document_of(pack(), reader)
    tables = [each for each in every((*document.summary, *document.sections)) if isinstance(each, Table)]
    assert tables
    assert [each.caption for each in tables if any(len(row) != len(each.columns) for row in each.rows)] == []


def test_json_has_the_injects_with_their_causes():
    told = json.loads(to_json(pack()))
    assert told["injects"][0]["at_ms"] == 15 * MINUTE
    assert told["findings"][0]["severity"] == "critical"
    assert told["as_of"] == "2026-05-05"


def test_a_pack_is_the_same_each_time():
    assert to_json(pack()) == to_json(pack())
