from __future__ import annotations

from impactsim.exercise.facts import Message, MessageKind
from impactsim.exercise.rhythm import MOST, in_injects

MINUTE = 60_000


def message(minutes: float, kind: MessageKind = "done", *, is_surprise: bool = False) -> Message:
    return Message(round(minutes * MINUTE), kind, "somebody", "in person", "text", is_surprise=is_surprise)


def minutes_of(messages: list[Message]) -> list[list[int]]:
    return [[each.at_ms // MINUTE for each in group] for group in in_injects(messages)]


def test_what_is_said_within_four_minutes_is_told_at_once():
    assert minutes_of([message(10), message(14), message(15)]) == [[10, 14], [15]]


def test_a_day_later_an_hour_is_no_time():
    assert minutes_of([message(1440), message(1490), message(1600)]) == [[1440, 1490], [1600]]


def test_a_surprise_begins_an_inject_and_takes_in_nothing_that_is_later():
    told = [message(60), message(60, "held up", is_surprise=True), message(60, "backup", is_surprise=True), message(61)]
    assert minutes_of(told) == [[60], [60, 60], [61]]


def test_the_word_of_the_cause_begins_an_inject():
    assert minutes_of([message(60), message(60, "known"), message(62)]) == [[60], [60], [62]]


def test_there_are_no_more_injects_than_a_table_can_take_and_nothing_is_lost():
    told = [message(10 * 1.3**i) for i in range(30)]
    groups = in_injects(told)
    assert len(groups) == MOST
    assert [each for group in groups for each in group] == told


def test_surprises_stay_apart_even_where_there_are_too_many():
    told = [message(10 * 1.3**i, "backup", is_surprise=i in (5, 6)) for i in range(30)]
    surprising = [group for group in in_injects(told) if any(each.is_surprise for each in group)]
    assert [len(group) for group in surprising] == [1, 1]
