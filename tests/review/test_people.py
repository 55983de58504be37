"""Who does what: nobody in two places, the first choice first, and who waits for whom where nobody is free (S10.6)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from impactsim.model.plan import RecoveryPlan
from impactsim.review.play.doers import DECLARATION, id_of
from impactsim.review.play.people import Span, kept_in_order, staff, waits_for
from impactsim.review.play.urgency import tiers_of
from review.played import loaded_of, plan_of


def plan(by: dict[str, list[str]], decides: tuple[str, ...] = (), **roles: list[str]) -> RecoveryPlan:
    steps = {name: {"takes": "1h", "by": mine} for name, mine in by.items()}
    declaration = {"detection": "10m", "decision": "20m", "by": list(decides)}
    people: dict[str, Any] = {role: {"people": each} for role, each in roles.items()}
    return plan_of(steps, declaration=declaration, roles=people)


def span(step: str, begins_ms: int, ends_ms: float) -> Span:
    return Span(id_of(step), begins_ms, ends_ms)


def test_the_first_who_is_free_does_it() -> None:
    found = staff(
        plan({"a": ["r"], "b": ["r"], "c": ["r"]}, r=["p", "q"]),
        [span("a", 0, 9), span("b", 5, 8), span("c", 9, 10)],
        {},
        {},
    )
    assert found.people == {id_of("a"): (("r", "p"),), id_of("b"): (("r", "q"),), id_of("c"): (("r", "p"),)}
    assert found.postponed == ()


def test_of_equals_the_declaration_and_then_the_order_of_the_plan_goes_first() -> None:
    found = staff(
        plan({"b": ["r"], "a": ["r"]}, ("r",), r=["p", "q"]),
        [span("a", 5, 9), span("b", 5, 9), Span(DECLARATION, 5, 9)],
        {},
        {},
    )
    assert found.people == {DECLARATION: (("r", "p"),), id_of("b"): (("r", "q"),)}
    assert found.postponed == ((id_of("a"), DECLARATION),)


def test_of_equals_the_more_urgent_one_goes_first() -> None:
    words = plan({"bills": ["r"], "water": ["r"]}, r=["p"])
    found = staff(words, [span("bills", 5, 9), span("water", 5, 8)], {}, {"bills": 3, "water": 1})
    assert found.people == {id_of("water"): (("r", "p"),)}
    assert found.postponed == ((id_of("bills"), id_of("water")),)


def test_a_step_is_as_urgent_as_what_is_done_for_the_most_important_service() -> None:
    components = {"shop": {"needs": ["db"]}, "db": {}, "bills": {"needs": ["ledger"]}, "ledger": {}, "news": {}}
    system = loaded_of(components, []).system
    steps = {
        "rack": {"takes": "1h"},
        "db": {"takes": "1h", "restores": ["db"], "after": ["rack"]},
        "ledger": {"takes": "1h", "restores": ["ledger"]},
        "news": {"takes": "1h", "restores": ["news"]},
    }
    words = plan_of(steps, services={"shop": {"tier": 1}, "bills": {"tier": 2}, "news": {}})
    assert tiers_of(words, system) == {"rack": 1, "db": 1, "ledger": 2, "news": math.inf}


def test_where_nobody_is_free_it_waits_for_whoever_is_free_first() -> None:
    words = plan({"a": ["r"], "b": ["r"], "c": ["r"]}, r=["p", "q"])
    found = staff(words, [span("a", 0, 9), span("b", 1, 7), span("c", 2, 3)], {}, {})
    assert found.postponed == ((id_of("c"), id_of("b")),)


def test_what_begins_at_the_same_time_is_postponed_together_and_what_begins_later_is_not_looked_at() -> None:
    words = plan({"a": ["r"], "b": ["r"], "c": ["r"], "d": ["r"], "e": ["s"]}, r=["p"], s=["p", "q"])
    spans = [span("a", 0, 9), span("b", 0, 9), span("c", 0, 9), span("d", 1, 2), span("e", 1, 3)]
    found = staff(words, spans, {}, {})
    assert found.postponed == ((id_of("b"), id_of("a")), (id_of("c"), id_of("a")))
    assert id_of("e") not in found.people


def test_one_person_fills_one_role_of_a_step_and_the_choice_fills_all_of_them() -> None:
    found = staff(plan({"a": ["r", "s"]}, r=["p", "q"], s=["p"]), [span("a", 0, 9)], {}, {})
    assert found.people == {id_of("a"): (("r", "q"), ("s", "p"))}


def test_a_step_for_which_there_are_too_few_people_waits_for_itself() -> None:
    found = staff(plan({"a": ["r", "s"]}, r=["p"], s=["p"]), [span("a", 0, 9)], {}, {})
    assert found.postponed == ((id_of("a"), id_of("a")),)


def test_a_work_that_never_ends_keeps_its_people() -> None:
    found = staff(plan({"a": ["r"], "b": ["r"]}, r=["p"]), [span("a", 0, math.inf), span("b", 5, 6)], {}, {})
    assert found.postponed == ((id_of("b"), id_of("a")),)


def test_nothing_is_put_after_what_waits_for_it() -> None:
    words = plan({"a": ["r"], "b": ["r"]}, r=["p"])
    found = staff(words, [span("a", 0, 9), span("b", 5, 6)], {id_of("a"): (id_of("b"),)}, {})
    assert found.postponed == ()
    assert found.people[id_of("b")] == (("r", "p"),)


def test_what_one_person_does_stays_in_its_order() -> None:
    words = plan({"a": ["r"], "b": ["r"], "c": ["s"]}, r=["p"], s=["q"])
    spans = [span("a", 0, 4), span("c", 1, 2), span("b", 6, 9)]
    staffed = staff(words, spans, {}, {})
    assert kept_in_order(staffed, spans, {}) == [(id_of("b"), id_of("a"))]
    assert kept_in_order(staffed, spans, {id_of("b"): (id_of("c"),), id_of("c"): (id_of("a"),)}) == []


@pytest.mark.parametrize(
    ("doer", "other", "waits"), [("c", "a", True), ("a", "c", False), ("b", "b", False), ("d", "d", True)]
)
def test_waiting_goes_through_any_number_of_doers(doer: str, other: str, waits: bool) -> None:
    before = {"c": ("b",), "b": ("a",), "d": ("e",), "e": ("d",)}
    assert waits_for(before, doer, other) is waits
