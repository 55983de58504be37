from __future__ import annotations

import json
from dataclasses import replace

import pytest

from exercise.made_ground import ground
from impactsim.exercise.document import document_of
from impactsim.exercise.facts import ExerciseFacts, Message
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


def of_kind(facts: ExerciseFacts, kind: str) -> list[Message]:
    return [each for each in told(facts) if each.kind == kind]


def told(facts: ExerciseFacts) -> list[Message]:
    return [message for inject in facts.injects for message in inject.messages]


def test_nobody_says_anything_before_it_is_detected():
    assert min(each.at_ms for each in told(pack())) == 15 * MINUTE


def test_injects_stand_in_order_of_time_and_are_numbered_from_1():
    facts = pack()
    assert [each.number for each in facts.injects] == list(range(1, len(facts.injects) + 1))
    assert [each.at_ms for each in facts.injects] == sorted(each.at_ms for each in facts.injects)


def test_no_message_before_the_plan_is_put_into_action_tells_a_cause():
    early = [each for each in told(pack()) if each.at_ms < HOUR]
    assert early
    assert not [each.text for each in early if "because" in each.text or "failed" in each.text]


def test_the_cause_is_known_when_the_plan_is_put_into_action():
    known = of_kind(pack(), "known")
    assert [each.at_ms for each in known] == [HOUR]
    assert "East hall" in known[0].text


def test_what_is_said_to_be_down_is_down_when_it_is_said():
    here = ground()
    said = of_kind(exercise_of(here, review()), "down")
    assert {"checkout", "search", "vault", "orders-db", "dc-east"} == {of for each in said for of in each.components}
    assert [each for each in said for of in each.components if here.level(of, each.at_ms) != 0.0] == []


def test_customers_need_a_few_minutes_to_say_that_a_reserve_is_spent():
    search = [each for each in of_kind(pack(), "down") if "search" in each.components]
    assert [each.at_ms for each in search] == [2 * HOUR + 5 * MINUTE]


def test_a_service_is_back_at_its_minimum_level_and_not_before():
    half = run()
    half.components["checkout"] = replace(
        half.components["checkout"], levels=((0, 0.0), (5 * HOUR, 0.5), (9 * HOUR, 1.0))
    )
    services = {"checkout": {"rto": "4h", "mbco": "50%"}, "search": {"rto": "2h"}}
    back = {
        each.components: each.at_ms for each in of_kind(exercise_of(ground(half, services=services), review()), "back")
    }
    assert back["checkout",] == 5 * HOUR
    whole = {each.components: each.at_ms for each in of_kind(exercise_of(ground(half), review()), "back")}
    assert whole["checkout",] == 9 * HOUR


def test_nothing_is_told_after_the_last_service_is_back():
    facts = pack()  # the shop is back after 9 h, the run goes on to 12 h
    assert facts.end_ms == 9 * HOUR
    assert [each.kind for each in told(facts)][-1] == "close"


def test_customers_report_services_and_staff_report_their_site():
    by = {each.components[0]: each.by for each in of_kind(pack(), "down")}
    assert by["checkout"] == "customers"
    assert by["dc-east"] == "site staff"
    assert by["orders-db"] == "monitoring"


def test_where_customers_reach_nobody_they_are_heard_elsewhere():
    deaf = ground(
        contacts={"customers": {"by": ["vault"]}}
    )  # down until 4 h; search is down at 2 h, checkout back at 9 h
    how = {(each.kind, each.components[0]): each.how for each in told(exercise_of(deaf, review())) if each.components}
    assert how["down", "checkout"] == how["down", "search"] == "on social media"
    assert how["back", "checkout"] == "through Password store"


def test_customers_are_not_heard_through_a_status_page():
    pages = run()
    pages.components["status-page"] = replace(pages.components["hotline"], id="status-page", name="Status page")
    facts = exercise_of(ground(pages, contacts={"customers": {"by": ["status-page"]}}), review())
    assert {each.how for each in told(facts) if each.by == "customers"} == {"on social media"}


def test_what_carries_a_message_is_up_when_it_is_said():
    here = ground(contacts={"customers": {"by": ["vault", "hotline"]}, "team": {"by": ["vault"]}})
    carried = [each for each in told(exercise_of(here, review())) if each.through]
    assert {each.through for each in carried} == {"hotline", "vault"}
    assert [each for each in carried if here.level(each.through, each.at_ms) == 0.0] == []


def test_channels_that_are_down_stand_in_the_inject_and_not_among_those_that_work():
    facts = exercise_of(ground(contacts={"team": {"by": ["vault"]}}), review())
    first, last = facts.injects[0], facts.injects[-1]
    assert (first.works, first.fails) == (("hotline",), ("vault",))
    assert (last.works, last.fails) == (("vault", "hotline"), ())


def test_where_the_monitoring_is_down_people_look_themselves():
    blind = run()
    blind.components["monitoring"] = replace(blind.components["vault"], id="monitoring", name="Monitoring")
    by = {each.components[0]: each.by for each in of_kind(exercise_of(ground(blind), review()), "down")}
    assert by["orders-db"] == "people on call"


def test_suppliers_speak_after_a_quarter_of_an_hour_and_again_when_their_time_is_over():
    said = of_kind(pack(), "supplier")  # the contract promises 8 h, and the site never comes back
    assert [(each.at_ms, each.by) for each in said] == [(30 * MINUTE, "Lintel Fibre"), (8 * HOUR, "Lintel Fibre")]
    assert not [each.text for each in said if "East hall" in each.text]


def test_the_owner_asks_at_half_of_the_target_and_when_it_is_over_while_the_service_is_down():
    asked = [(each.at_ms, each.components) for each in of_kind(pack(), "asked")]
    assert asked == [
        (2 * HOUR, ("checkout",)),
        (4 * HOUR, ("checkout",)),
    ]  # search is back an hour after it fails: half of 2 h


def test_a_surprise_stands_in_an_inject_of_its_own_minute():
    surprising = [each for each in pack().injects if each.is_surprise]
    assert [[message.at_ms for message in each.messages] for each in surprising] == [[HOUR]]


def test_the_surprise_is_the_tool_that_is_down_when_its_step_is_due():
    found = surprises(ground())
    assert [(each.kind, each.at_ms, each.step, each.components) for each in found] == [
        ("held up", HOUR, "restore-db", ("vault",))
    ]
    assert "3 h" in found[0].behind
    assert [each.at_ms for each in told(pack()) if each.is_surprise] == [HOUR]
    assert found[0].said.endswith("I need Password store for it, and cannot use it.")
    assert found[0].by == "first-dba"


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


def test_steps_are_expected_from_the_inject_after_which_the_run_begins_them():
    facts = pack()
    begun = {text: each.at_ms for each in facts.injects for text in each.expected if text.startswith("begin '")}
    (restore,) = [text for text in begun if "Restore the orders" in text]
    assert "first-dba, from T+4:00, done at T+8:00" in restore
    later = [each.at_ms for each in facts.injects if each.at_ms > begun[restore]]
    assert begun[restore] <= 4 * HOUR < min(later)
    assert not [text for text in begun if "second line" in text]  # the scenario does not call for it


def test_the_first_inject_asks_for_the_decision_of_the_plan():
    first = pack().injects[0]
    assert "put the plan into action? head-of-operations, and no alternate; in the run at T+1:00" in first.decisions
    assert first.questions[0].role == "Head of operations"


def test_those_who_decide_stand_first_among_the_roles():
    assert [each.role for each in pack().participants] == ["lead", "ops", "dba"]


def test_expected_findings_are_those_of_what_the_run_touches():
    assert [each.finding.id for each in pack().findings] == ["DR08/checkout/vault", "DR02/checkout", "DR10/search"]
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
    assert [each.text for each in told(facts) if each.text in handout] == []
    assert [name for each in ground().components for name in (each.id, each.name) if name in handout] == []
    assert "Head of operations" in handout


def test_roles_stand_in_the_handout_whether_the_scenario_calls_for_them_or_not():
    spare = {
        "lead": {"people": ["boss"]},
        "ops": {"people": ["a"]},
        "dba": {"people": ["b"]},
        "gate": {"people": ["c"]},
    }
    assert "| gate | c |" in to_markdown(document_of(exercise_of(ground(roles=spare), review()), "participants"))


def test_cards_say_what_is_heard_and_nothing_of_what_is_behind_it():
    facts = pack()
    text = to_markdown(document_of(facts, "cards"))
    assert [each.text for each in told(facts) if each.text not in text] == []
    assert [each.behind for each in told(facts) if each.behind and each.behind in text] == []
    assert [word for word in (*CAUSES[2:], "Expected", "Ask") if word in text] == []


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


@pytest.mark.parametrize("reader", ["facilitator", "participants", "cards", "both"])
def test_tables_have_as_many_cells_as_columns(reader):
    document = document_of(pack(), reader)
    tables = [each for each in every((*document.summary, *document.sections)) if isinstance(each, Table)]
    assert tables
    assert [each.caption for each in tables if any(len(row) != len(each.columns) for row in each.rows)] == []


def test_json_has_the_injects_with_their_causes():
    said = json.loads(to_json(pack()))
    assert said["injects"][0]["messages"][0]["at_ms"] == 15 * MINUTE
    assert said["findings"][0]["severity"] == "critical"
    assert said["as_of"] == "2026-05-05"


@pytest.mark.parametrize("reader", ["participants", "cards"])
def test_json_that_participants_may_see_holds_no_cause_no_surprise_and_no_name_of_the_scenario(reader):
    facts = pack()
    said = to_json(facts, reader)
    hidden = [
        *CAUSES[2:],
        "because of",
        "behind",
        "is_surprise",
        "expected",
        *(each.behind for each in told(facts) if each.behind),
    ]
    assert [word for word in hidden if word in said] == []
    assert [each.text for each in told(facts) if (each.text in said) != (reader == "cards")] == []
    assert "first-dba" in said or reader == "cards"


def test_json_for_the_facilitator_is_all_of_it():
    assert to_json(pack(), "facilitator") == to_json(pack(), "both") == to_json(pack())


def test_a_pack_is_the_same_each_time():
    assert to_json(pack()) == to_json(pack())
