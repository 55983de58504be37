"""All that is missing: its order, what is one question, whom it is put to, and what happens where there is too much to look at."""

from __future__ import annotations

import random
from typing import Any

import pytest

from gaps.systems import LONG, NEVER, SHORT, fails, found_in, ids, only
from impactsim.files.reading import validate_system
from impactsim.gaps import followed
from impactsim.gaps.whole import gaps_of
from impactsim.gaps.words import KINDS

WIDTH = LONG - SHORT


def hosts(**words: Any) -> dict[str, Any]:
    """Return a shop that needs three hosts, of which one fails three times a year."""
    rates = {"web-1": 1, "web-2": 3, "web-3": 1}
    made = {name: {"kind": "host", "fails": {"per_year": rate}, **words} for name, rate in rates.items()}
    return {"shop": {"needs": list(made), **NEVER}, **made}


def test_what_matters_most_stands_first() -> None:
    facts = found_in(hosts())
    assert ids(facts) == ["no-restore-time/web-2", "no-restore-time/web-1", "no-restore-time/web-3"]
    assert [gap.value for gap in facts.gaps] == pytest.approx([3 * WIDTH * 1000, WIDTH * 1000, WIDTH * 1000])


@pytest.mark.parametrize(
    ("words", "whom", "what"),
    [
        ({"operator": "Lintel"}, ("operator", "Lintel"), "3 hosts of Lintel"),
        ({"at": "room"}, ("site", "room"), "3 hosts at room"),
        ({"origin": "cmdb.csv: row 5"}, ("file", "cmdb.csv"), "3 hosts in cmdb.csv"),
        ({"at": "room", "operator": "Lintel"}, ("operator", "Lintel"), "3 hosts of Lintel"),
        ({"at": "room", "origin": "cmdb.csv: row 5"}, ("site", "room"), "3 hosts at room"),
    ],
)
def test_what_one_person_knows_is_one_question(words: dict[str, Any], whom: tuple[str, str], what: str) -> None:
    gap = only(found_in({**hosts(**words), "room": {"kind": "site", **NEVER}}), "no-restore-time")
    assert (gap.whom.by, gap.whom.name) == whom
    assert gap.text == f"nobody says how long it takes to restore {what}"
    assert gap.value == pytest.approx(5 * WIDTH * 1000)
    assert [part.component for part in gap.parts] == ["web-2", "web-1", "web-3"]


def test_things_of_another_kind_or_of_another_operator_are_another_question() -> None:
    components = hosts(operator="Lintel")
    components["web-1"]["operator"] = "Marlow"
    components["web-2"]["kind"] = "router"
    assert ids(found_in(components)) == [
        "no-restore-time/router of Lintel",
        "no-restore-time/host of Lintel",
        "no-restore-time/host of Marlow",
    ]


def test_providers_are_asked_each_for_itself_although_one_file_named_them() -> None:
    components = {name: {"kind": "provider", "origin": "traces.json: x"} for name in ("maps", "mail")}
    facts = found_in({"shop": {"needs": list(components), **NEVER}, **components})
    assert ids(facts, "no-restore-time") == ["no-restore-time/mail", "no-restore-time/maps"]


def test_who_runs_a_room_is_not_asked_about_the_services_in_it() -> None:
    facts = found_in(
        {
            "shop": {"needs": ["api"], **NEVER},
            "api": {"at": "room", "fails": {"per_year": 1}},
            "room": {"kind": "site", **NEVER},
        }
    )
    assert only(facts, "no-restore-time").whom.by == "itself"


def test_where_an_import_found_it_stands_in_the_evidence() -> None:
    components = hosts(origin=["cmdb.csv: row 5", "traces.json: web"])
    assert "from cmdb.csv: row 5" in only(found_in(components), "no-restore-time").evidence
    assert "from traces.json: web" in only(found_in(components), "no-restore-time").evidence


def test_nothing_is_missing_where_all_is_said() -> None:
    components = {"shop": {"needs": ["web"], **fails(1, 1)}, "web": fails(1, 1, kind="host")}
    facts = found_in(components)
    assert (facts.gaps, facts.n_idle, facts.notes) == ((), 0, ())


def test_what_would_change_nothing_is_counted_and_not_listed() -> None:
    # Nobody leans on the archive, so it does not matter whether it needs the tape; nor on the old mail.
    components = {
        "shop": NEVER,
        "archive": {"kind": "tool", "needs": [{"component": "tape", "confidence": "observed"}], **NEVER},
        "tape": fails(1, 1, kind="tool"),
    }
    facts = found_in(components)
    assert (facts.gaps, facts.n_idle) == ((), 1)


def test_one_kind_can_be_asked_for() -> None:
    system = validate_system(
        {"impactsim": 1, "name": "x", "components": hosts(), "users": {"a": {"count": 9, "uses": ["shop"]}}}
    ).system
    assert {gap.kind for gap in gaps_of(system, ["no-rate", "no-restore-time"]).gaps} == {"no-restore-time"}
    assert gaps_of(system, ["no-users"]).gaps == ()
    assert gaps_of(system).kinds == tuple(KINDS)


def test_ids_are_told_once() -> None:
    facts = gaps_of(validate_system(estate(3)).system)
    assert len(ids(facts)) == len(set(ids(facts))) > 20


# Much.


def estate(n_sites: int, n_hosts: int = 6, n_services: int = 8) -> dict[str, Any]:
    """Return sites with hosts on one or two feeds, and services that were seen to call one another."""
    draw = random.Random(7)
    found: dict[str, Any] = {"grid": {"kind": "power"}}
    services: list[str] = []
    for site in range(n_sites):
        found[f"site-{site}"] = {"kind": "site", "origin": f"cmdb.csv: site {site}"}
        feeds = [f"feed-{site}-{feed}" for feed in range(2)]
        found |= {feed: {"kind": "power", "at": f"site-{site}", "needs": ["grid"]} for feed in feeds}
        names = [f"host-{site}-{host}" for host in range(n_hosts)]
        for place, name in enumerate(names):
            need = feeds[0] if place % 2 else {"any_of": feeds}
            found[name] = {"kind": "host", "at": f"site-{site}", "needs": [need], "origin": f"cmdb.csv: {name}"}
        for place in range(n_services):
            calls = [
                {"component": each, "confidence": "observed", "seen": {"calls": 10}, "impact": draw.choice([1.0, 0.2])}
                for each in draw.sample(services[-20:], min(2, len(services)))
            ]
            service = f"service-{site}-{place}"
            found[service] = {"needs": [{"any_of": draw.sample(names, 2), "to": "run"}, *calls]}
            services.append(service)
    for each in services[-10:]:
        found[each]["users"] = 100
    return {"impactsim": 1, "name": "Estate", "components": found}


def test_a_large_system_costs_a_look_at_each_failure_and_each_question(monkeypatch: pytest.MonkeyPatch) -> None:
    from impactsim.exact.propagation import Propagation

    system = validate_system(estate(300, n_hosts=12, n_services=2)).system
    assert len(system.components) > 5000
    asked = []
    real = Propagation.down
    monkeypatch.setattr(Propagation, "down", lambda self, events: asked.append(1) or real(self, events))
    facts = gaps_of(system, ["no-restore-time", "single-feed", "seen-not-declared"])
    n_needs = sum(len(each.needs) for each in system.components.values())
    # Each failure once, each need with and without it, and the ways of the gaps that are explained.
    assert len(asked) <= len(system.components) + 2 * n_needs + 200
    n_hosts = sum(gap.n for gap in facts.gaps if gap.kind == "single-feed")
    assert n_hosts > 100
    assert not any(gap.is_bound for gap in facts.gaps)


def test_soft_needs_that_reach_too_far_are_left_out_for_all_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "_MOST_PARTLY", 0)
    components = {
        "shop": {"needs": ["web", {"component": "mail", "impact": "50%"}], **NEVER},
        "mail": {"kind": "host", "fails": {"per_year": 1}},
        "web": {"kind": "host", "fails": {"per_year": 1}},
    }
    facts = found_in(components)
    assert [(gap.id, gap.value) for gap in facts.gaps] == [("no-restore-time/web", pytest.approx(WIDTH * 1000))]
    assert any("Soft needs" in note for note in facts.notes)


def test_questions_that_are_too_much_to_work_out_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "_MOST_IN_ANSWERS", 0)
    seen = {"confidence": "observed"}
    components = {
        "shop": {"needs": ["cache"], **NEVER},
        "blog": {"needs": [{"component": "cache", **seen}, {"component": "mail", **seen}], "users": 200, **NEVER},
        "cache": fails(2, 1, kind="tool"),
        "mail": fails(1, 1, kind="tool"),
    }
    facts = found_in(components, population=1000)
    by_member = {part.others: (part.value, part.is_bound) for gap in facts.gaps for part in gap.parts}
    # The first look is granted. Of the mail it is known what the failure hits: 200 for 60 minutes.
    assert by_member[("mail",)] == (pytest.approx(200 * 60), True)
    assert by_member[("cache",)][1] is False
    assert any("too much to work out" in note for note in facts.notes)


def test_failures_that_take_down_too_much_are_not_looked_at_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "_MOST_LOOKED_AT", 1)
    facts = found_in(hosts())
    assert ids(facts) == ["no-restore-time/web-1"]
    assert any("2 of 3 single failures" in note for note in facts.notes)
