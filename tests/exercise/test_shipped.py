"""Packs of the plans that ship: what they tell follows from the run of which they are made."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from impactsim.exercise.messages import time_of
from impactsim.results import Exercise
from impactsim.workflow.exercises import exercise_plan
from impactsim.workflow.reviews import loaded_plan

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PACKS = [
    ("brackwater-freight", "3-data-encrypted"),
    ("brackwater-freight", "4-duct-cut"),
    ("ovh-2021", "5-a-building-burns"),
]


@pytest.fixture(scope="module", params=PACKS, ids=[name for _, name in PACKS])
def pack(request: pytest.FixtureRequest) -> Exercise:
    folder, scenario = request.param
    return exercise_plan(SCENARIOS / folder / "plan.yaml", scenario, as_of=date(2026, 11, 1), workers=1)


def test_there_are_as_many_injects_as_an_exercise_has_time_for(pack):
    assert 8 <= len(pack.facts.injects) <= 14


def test_nothing_but_what_is_seen_is_told_before_the_detection_and_nothing_after_the_end(pack):
    told = [message for inject in pack.facts.injects for message in inject.messages]
    times = [each.at_ms for each in told]
    assert min(each.at_ms for each in told if each.kind != "seen") >= pack.facts.detected_ms
    assert max(times) == pack.facts.end_ms
    assert times == sorted(times)


def test_nobody_names_what_failed_as_the_cause_before_the_plan_is_put_into_action(pack):
    said = [message for inject in pack.facts.injects for message in inject.messages]
    known = [each.at_ms for each in said if each.kind == "known"]
    assert known == [pack.facts.declared_ms]
    assert not [
        each.text for each in said if each.at_ms < known[0] and ("failed" in each.text or "because" in each.text)
    ]


def test_no_channel_carries_a_message_while_it_is_said_to_be_down(pack):
    for inject in pack.facts.injects:
        here = [each.through for each in inject.messages if each.at_ms == inject.at_ms]
        assert not set(here).intersection(inject.fails)


def test_the_handout_holds_neither_what_fails_nor_what_is_told(pack):
    handout = pack.to_markdown("participants")
    loaded = loaded_plan(pack.loaded.file)
    hit = {of for inject in pack.facts.injects for message in inject.messages for of in message.components}
    services = {each for each in hit if loaded.system.components[each].kind == "service"}
    names = [loaded.system.components[each].name or each for each in hit - services]
    assert hit
    assert [each for each in names if each in handout] == []
    assert pack.facts.scenario not in handout
    assert [message.text for each in pack.facts.injects for message in each.messages if message.text in handout] == []


def test_each_surprise_is_told_at_its_time_and_explained(pack):
    text = pack.to_markdown("facilitator")
    told = [message.at_ms for inject in pack.facts.injects if inject.is_surprise for message in inject.messages]
    for each in pack.facts.surprises:
        assert each.at_ms in told
        assert f"**{time_of(each.at_ms)}** " in text
        assert each.source


def test_findings_are_about_this_scenario_alone(pack):
    others = [each.scenario.name for each in pack.loaded.scenarios if each.scenario.name != pack.facts.scenario]
    assert pack.facts.findings
    assert [
        each.finding.text for each in pack.facts.findings for other in others if f"'{other}'" in each.finding.text
    ] == []


def test_somebody_sees_the_building_burn_and_the_cable_torn_at_once(pack):
    seen = [(each.at_ms, each.by) for inject in pack.facts.injects for each in inject.messages if each.kind == "seen"]
    assert seen == ([] if "encrypted" in pack.facts.scenario else [(0, "site staff")])


def test_a_step_that_comes_to_nothing_or_lacks_its_only_person_is_not_said_to_be_done_by_the_plan(pack):
    steps = {each.id: each for each in pack.facts.steps}
    done = [message for inject in pack.facts.injects for message in inject.messages if message.kind == "done"]
    assert [each.step for each in done if steps[each.step].fails] == []
    assert [each.by for each in done if set(steps[each.step].missing) & {each.by}] == []


def test_no_question_is_asked_twice(pack):
    asked = [each.text for inject in pack.facts.injects for each in inject.questions]
    assert len(set(asked)) == len(asked)


def test_drafts_are_written_after_the_inject_of_what_they_say(pack):
    told = {message.kind: message.at_ms for inject in reversed(pack.facts.injects) for message in inject.messages}
    for each in pack.facts.drafts:
        assert each.at_ms >= (pack.facts.detected_ms if each.state == "investigating" else told["known"])
