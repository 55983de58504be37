"""Packs of a small plan, made as the program makes them: what a surprise changes holds to the end, and nobody is told too early."""

from __future__ import annotations

from pathlib import Path

import pytest

from exercise.made_plan import FIRE, PLAN, SYSTEM, made
from impactsim.exercise.facts import ExerciseFacts, Message
from impactsim.results import Exercise

MINUTE = 60_000
HOUR = 60 * MINUTE
SMOKE = "Smoke in the server room; the fire brigade clears the building."


@pytest.fixture(scope="module")
def fire(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    """Every copy of the orders fails, so that in any trial nothing can be restored of them; by the medians it works."""
    return made(tmp_path_factory.mktemp("fire"), trial=0)


def told(facts: ExerciseFacts) -> list[Message]:
    return [message for inject in facts.injects for message in inject.messages]


def expected(facts: ExerciseFacts, step: str) -> list[tuple[int, str]]:
    return [(each.at_ms, text) for each in facts.injects for text in each.expected if f"'{step}'" in text]


def test_smoke_is_the_first_that_is_told_and_it_stands_alone(fire):
    first = fire.facts.injects[0]
    assert (first.at_ms, [(each.by, each.text) for each in first.messages]) == (0, [("site staff", SMOKE)])
    assert fire.facts.injects[1].messages[0].at_ms == 15 * MINUTE  # when it is detected


def test_what_is_seen_stands_on_its_card_and_not_in_the_handout(fire):
    assert SMOKE in fire.to_markdown("cards")
    assert "moke" not in fire.to_markdown("participants") + fire.to_json("participants")


def test_a_step_that_finds_no_copy_is_never_said_to_be_done(fire):
    facts = fire.facts
    assert [each.step for each in facts.surprises if each.components == ("orders",)] == ["restore-orders"]
    assert [each.step for each in told(facts) if each.kind == "done"] == ["restore-ledger", "container"]
    (steps,) = ({each.id: each for each in facts.steps},)
    assert steps["restore-orders"].ends_ms is None
    assert steps["restore-orders"].fails == "no copy of Orders can be used"


def test_a_step_that_only_goes_on_with_what_was_not_found_comes_to_nothing_too(fire):
    steps = {each.id: each for each in fire.facts.steps}
    assert steps["check-orders"].fails == "nothing came of 'Restore the orders'"
    assert not steps["restore-ledger"].fails  # it only comes later


def test_what_is_ordered_is_expected_when_it_can_be_ordered(fire):
    ((at_ms, text),) = expected(fire.facts, "Have a container brought")
    assert at_ms <= HOUR < 13 * HOUR  # the plan is put into action after 1 h; the container comes 12 h later
    assert text.startswith("set 'Have a container brought' going: caretaker, at T+1:00; work on it begins at T+13:00")


def test_who_cannot_be_reached_does_nothing_any_more(tmp_path: Path):
    works = {"components": SYSTEM["components"] | {"orders": SYSTEM["components"]["ledger"]}}
    steps = {
        "restore-orders": {"name": "Restore the orders", "restores": ["orders"], "takes": "3h", "by": ["dba"]},
        "restore-ledger": {"name": "Restore the ledger", "restores": ["ledger"], "takes": "2h", "by": ["dba"],
                           "after": ["restore-orders"]},
        "sweep": {"name": "Sweep the hall", "restores": ["hall"], "takes": "30h", "by": ["house"]},
    }  # fmt: skip
    facts = made(tmp_path, system=works, plan={"steps": steps}).facts
    (surprise,) = facts.surprises
    assert surprise.is_made
    done = [(each.step, each.by) for each in told(facts) if each.kind == "done" and each.at_ms > surprise.at_ms]
    assert done
    assert [by for _, by in done if surprise.person in by and "stands in" not in by] == []
    assert {each.id: each.people for each in facts.steps if surprise.person in each.missing}


def test_where_the_plan_has_nobody_else_a_step_is_done_only_if_the_table_finds_somebody(tmp_path: Path):
    works = {"components": SYSTEM["components"] | {"orders": SYSTEM["components"]["ledger"]}}
    steps = {"restore-orders": {"name": "Restore the orders", "restores": ["orders"], "takes": "3h", "by": ["dba"]}}
    roles = PLAN["roles"] | {"dba": {"people": ["only-dba"]}}
    facts = made(tmp_path, system=works, plan={"steps": steps, "roles": roles}).facts
    (done,) = [each for each in told(facts) if each.kind == "done"]
    assert done.by == "whoever stands in for only-dba"
    assert "only if participants have found somebody in place of only-dba" in done.behind


def test_a_service_that_is_back_in_part_is_told_with_its_share_and_what_is_enough(tmp_path: Path):
    standby = {"kind": "host", "name": "Old server"}
    checkout = {"name": "Checkout", "public_name": {"en": "Ordering"},
                "needs": [{"any_of": ["orders", {"use": "old", "failover": "30m"}]}]}  # fmt: skip
    system = {"components": SYSTEM["components"] | {"old": standby, "checkout": checkout}}
    steps = {
        "old": {
            "name": "Start the old server",
            "switches": {"of": "checkout", "to": "old", "capacity": "60%"},
            "takes": "1h",
        }
    }
    services = {"checkout": {"rto": "6h", "mbco": "50%"}}
    facts = made(tmp_path, system=system, plan={"steps": steps, "services": services}).facts
    back = [(each.at_ms, each.by, each.text) for each in told(facts) if each.kind == "back"]
    assert back == [
        (2 * HOUR, "customers", "I can use Ordering again, though not all of it is as it was."),
        (2 * HOUR, "people on call", "We are back at 60% of what is usual: Checkout."),
    ]
    assert [each.behind for each in told(facts) if each.kind == "back"][1] == (
        "Checkout: the minimum level (MBCO) of 50% is reached"
    )


def test_what_is_not_enough_by_the_plan_is_told_as_a_part(tmp_path: Path):
    standby = {"kind": "host", "name": "Old server"}
    checkout = {"name": "Checkout", "needs": [{"any_of": ["orders", {"use": "old", "failover": "30m"}]}]}
    system = {"components": SYSTEM["components"] | {"old": standby, "checkout": checkout}}
    steps = {"old": {"switches": {"of": "checkout", "to": "old", "capacity": "40%"}, "takes": "1h"}}
    facts = made(
        tmp_path, system=system, plan={"steps": steps, "services": {"checkout": {"rto": "6h", "mbco": "50%"}}}
    ).facts
    part = {each.kind for each in told(facts) if each.components == ("checkout",) and each.at_ms == 2 * HOUR}
    assert part == {"partly"}


def test_who_is_to_order_something_is_missing_when_it_is_ordered_and_not_when_it_comes(tmp_path: Path):
    works = {"components": SYSTEM["components"] | {"orders": SYSTEM["components"]["ledger"]}}
    steps = {"container": PLAN["steps"]["container"]}
    facts = made(tmp_path, system=works, plan={"steps": steps}).facts
    (surprise,) = facts.surprises
    assert (surprise.person, surprise.at_ms) == ("caretaker", HOUR + 10 * MINUTE)
    assert "was to set 'Have a container brought' going" in surprise.said


# A supplier's outage, for which the plan has no step.


@pytest.fixture(scope="module")
def outage(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    gateway = {"kind": "provider", "name": "Gateway"}
    system = {
        "components": SYSTEM["components"] | {"gateway": gateway, "billing": {"name": "Billing", "needs": ["gateway"]}}
    }
    fire = {"name": "Gateway gone", "events": [{"fail": "gateway", "at": "10m", "for": "5h"}], "horizon": "2d"}
    plan = {"suppliers": {"clear": {"name": "Clearpoint", "components": ["gateway"], "repair_time": "4h"}}}
    return made(tmp_path_factory.mktemp("outage"), system=system, fire=fire, plan=plan)


def test_an_outage_for_which_no_step_is_called_is_detected_all_the_same(outage):
    facts = outage.facts
    assert facts.steps == ()
    assert facts.detected_ms == 25 * MINUTE
    assert min(each.at_ms for each in told(facts)) == 25 * MINUTE
    assert [(each.at_ms, each.by) for each in told(facts) if each.kind == "supplier"] == [
        (40 * MINUTE, "Clearpoint"), (4 * HOUR + 10 * MINUTE, "Clearpoint"),
    ]  # fmt: skip


def test_where_no_step_is_called_it_is_asked_whether_this_is_a_case_for_the_plan(outage):
    asked = {each.at_ms: each.decisions for each in outage.facts.injects}
    assert asked[25 * MINUTE][0].startswith("put the plan into action? head-of-operations")
    assert "No step".lower() in asked[25 * MINUTE][0]
    assert any("put the plan into action all the same?" in each for each in asked[70 * MINUTE])


# Questions, minutes, drafts.


@pytest.mark.parametrize("pack", ["fire", "outage"])
def test_no_question_is_asked_twice(pack, request):
    facts = request.getfixturevalue(pack).facts
    asked = [each.text for inject in facts.injects for each in inject.questions]
    assert len(asked) > len(facts.injects)
    assert len(set(asked)) == len(asked)


def test_the_minutes_of_the_injects_and_half_an_hour_of_talk_make_the_time_at_the_table(fire):
    n_minutes = sum(each.minutes for each in fire.facts.injects)
    assert all(4 <= each.minutes <= 15 for each in fire.facts.injects)
    assert all(each.minutes >= 10 for each in fire.facts.injects if each.is_surprise)
    hours, minutes = divmod(30 + 5 * round(n_minutes / 5), 60)
    assert f"about {hours} h{f' {minutes} min' if minutes else ''}" in fire.to_markdown("facilitator")


def test_no_draft_is_written_before_participants_know_what_it_says(fire):
    known = next(each.at_ms for each in told(fire.facts) if each.kind == "known")
    at_ms = {each.state: each.at_ms for each in fire.facts.drafts}
    assert set(at_ms) == {"investigating", "identified"}
    assert at_ms["investigating"] >= fire.facts.detected_ms
    assert at_ms["identified"] >= known > at_ms["investigating"]
    assert "09:25" in next(each.text for each in fire.facts.drafts)


def test_the_clock_and_the_date_stand_on_cards_and_in_the_handout(fire):
    assert "It is Monday, 2 March 2026, 09:00." in fire.to_markdown("participants")
    assert "Card 1, at T+0:00: Mon 2 Mar, 09:00" in fire.to_markdown("cards")


def test_without_a_clock_cards_have_the_time_of_play(tmp_path: Path):
    timeless = {key: value for key, value in FIRE.items() if key != "starts"} | {"starts": None}
    pack = made(tmp_path, fire=timeless)
    assert "| T+0:15 |" in pack.to_markdown("cards")


def test_the_word_that_a_refused_notice_would_say_is_named(tmp_path: Path):
    components = SYSTEM["components"] | {
        "checkout": SYSTEM["components"]["checkout"] | {"public_name": {"en": "Ordering from Vault"}}
    }
    facts = made(tmp_path, system={"components": components}).facts
    assert facts.drafts == ()
    assert "would say 'Vault' in '" in facts.no_drafts
    assert "(the name at components.vault" in facts.no_drafts
