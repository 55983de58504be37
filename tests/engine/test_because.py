"""Why something is not up: every explanation ends in what failed first."""

from __future__ import annotations

import json

from agreement.random_systems import random_case
from impactsim.compiled import GROUP, Compiled
from impactsim.reports.because import need_text
from impactsim.reports.facts import Facts, Link
from impactsim.reports.json_form import to_json
from properties.worlds import MINUTE, Case, Words, case, facts_of, scenario_of, system_of

ROOTS = {"fault", "stop", "restart", "catch-up"}
"""What explains itself."""


def because(facts: Facts, name: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return when a component got worse, and because of what."""
    return [(why.at_ms // MINUTE, why.because) for why in facts.components[name].why if why.level < 1.0]


def test_a_chain_leads_from_the_service_to_what_failed_first() -> None:
    components: Words = {
        "utility-grid": {"kind": "power"},
        "dc-east-power": {"kind": "power", "needs": ["utility-grid"]},
        "checkout": {"needs": ["dc-east-power"]},
    }
    scenario = scenario_of({"fail": "utility-grid", "at": "10m", "for": "140m"})
    checkout = json.loads(to_json(facts_of(system_of(components), scenario)))["components"]["checkout"]
    assert checkout["levels"] == [[0, 1.0], [600_000, 0.0], [9_000_000, 1.0]]
    assert checkout["down_ms"] == 8_400_000
    assert [(why["at_ms"], why["because"]) for why in checkout["why"]] == [(600_000, ["dc-east-power", "utility-grid"])]


def test_a_fault_of_its_own_is_its_own_reason() -> None:
    facts = facts_of(system_of({"a": {}}), scenario_of({"fail": "a", "at": "1m"}))
    assert because(facts, "a") == [(1, ("a",))]


def test_the_last_standby_to_go_is_the_reason() -> None:
    components: Words = {"main": {}, "spare": {}, "user": {"needs": [{"any_of": ["main", "spare"]}]}}
    facts = facts_of(system_of(components), scenario_of({"fail": "main", "at": "1m"}, {"fail": "spare", "at": "2m"}))
    assert because(facts, "user") == [(2, ("spare",))]


def test_a_circle_is_explained_by_what_broke_it_from_outside() -> None:
    components: Words = {
        "a": {"needs": ["c", "pump"]},
        "b": {"needs": ["a"]},
        "c": {"needs": ["b"]},
        "pump": {},
    }
    facts = facts_of(system_of(components), scenario_of({"fail": "pump", "at": "1m"}))
    assert because(facts, "a") == [(1, ("pump",))]
    assert because(facts, "c") == [(1, ("b", "a", "pump"))]


def test_also_where_the_circle_then_cannot_start_again() -> None:
    components: Words = {"a": {"needs": ["b", "pump"]}, "b": {"kind": "host", "needs": ["a"]}, "pump": {}}
    facts = facts_of(system_of(components), scenario_of({"fail": "pump", "at": "1m"}))
    assert because(facts, "a") == [(1, ("pump",))]
    assert because(facts, "b") == [(1, ("a", "pump"))]


def test_a_circle_that_a_spent_standby_broke_is_explained_by_that() -> None:
    group = {"any_of": [{"use": "main", "lasts": "10m"}, {"use": "b", "failover": "5m"}]}
    components: Words = {"b": {"needs": ["a"]}, "main": {}, "a": {"needs": [group]}}
    facts = facts_of(system_of(components), scenario_of({"fail": "main", "at": "1h"}))
    (at_ms, reasons), *_ = because(facts, "b")
    assert (at_ms, reasons) == (10, ("a",))


def test_every_chain_ends_in_what_failed_was_stopped_or_cannot_carry() -> None:
    wrong = []
    for seed in range(300):
        facts, made = facts_of(*random_case(seed)), case(*random_case(seed))
        for component in facts.components.values():
            chains = [why.chain for why in component.why if why.level < 1.0]
            assert bool(chains) == component.was_affected
            wrong += [(seed, chain) for chain in chains if not is_root(made, chain[-1])]
    assert wrong == []


def is_root(made: Case, link: Link) -> bool:
    """Does it explain itself, or is it a need that can fall short although nothing behind it failed?

    Such as a pool that is short from the beginning, a standby group whose member is spent, did not start or is not
    switched to yet.
    """
    if link.kind in ROOTS:
        return True
    compiled, owner = made.compiled, made.names.index[link.component]
    needs = range(compiled.need_from[owner], compiled.need_from[owner + 1])
    told = [need for need in needs if link.text.startswith(need_text(made.names.needs[need], made.system))]
    return any(need in compiled.seeds or has_limit(compiled, need) for need in told)


def has_limit(compiled: Compiled, need: int) -> bool:
    """Is it a standby group with a member that is not there at once, or not for ever?"""
    slots = range(compiled.slot_from[need], compiled.slot_from[need + 1])
    return compiled.need_form[need] == GROUP and any(
        compiled.slot_lasts_ms[slot] >= 0 or compiled.slot_dead[slot] or compiled.slot_failover_ms[slot] > 0
        for slot in slots
    )
