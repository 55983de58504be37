"""What a result rests on, in systems small enough to say it by hand."""

from __future__ import annotations

from typing import Any

import pytest

from impactsim.rests.footing import Below, Footing
from impactsim.rests.shares import USER_MINUTES
from rests.systems import HOUR, judged, rests_of, system_of

GRID: dict[str, Any] = {"kind": "power"}


def guess(*members: str, **words: Any) -> dict[str, Any]:
    return {**({"component": members[0]} if members else {}), "confidence": "guessed", **words}


# Ways.


def test_a_service_behind_a_guessed_need_rests_on_a_guess() -> None:
    assert judged({"grid": GRID, "shop": {"needs": [guess("grid")]}}, "grid") == {"shop": "guessed"}


def test_a_service_with_a_declared_way_beside_a_guessed_one_does_not() -> None:
    two_ways = {"grid": GRID, "db": {"kind": "data", "needs": ["grid"]}, "shop": {"needs": ["db", guess("grid")]}}
    assert judged(two_ways | {"blog": {"needs": [guess("db")]}}, "grid") == {"shop": "declared", "blog": "guessed"}


def test_a_guessed_component_in_the_middle_makes_the_way_through_it_a_guess() -> None:
    middle = {"kind": "data", "confidence": "guessed", "needs": ["grid"]}
    assert judged({"grid": GRID, "db": middle, "shop": {"needs": ["db"]}}, "grid") == {"shop": "guessed"}


def test_a_need_of_a_guessed_component_is_no_surer_than_the_component() -> None:
    middle = {"kind": "data", "confidence": "guessed", "needs": [{"component": "grid", "confidence": "declared"}]}
    assert judged({"grid": GRID, "db": middle, "shop": {"needs": ["db"]}}, "grid") == {"shop": "guessed"}


def test_a_chain_with_an_observed_link_rests_on_observation() -> None:
    watched = {"component": "db", "confidence": "observed"}
    chain = {"grid": GRID, "db": {"kind": "data", "needs": ["grid"]}, "shop": {"needs": [watched]}}
    assert judged(chain, "grid") == {"shop": "observed"}


def test_the_weakest_link_of_a_chain_counts() -> None:
    watched = {"component": "db", "confidence": "observed"}
    chain = {"grid": GRID, "db": {"kind": "data", "needs": [guess("grid")]}, "shop": {"needs": [watched]}}
    assert judged(chain, "grid") == {"shop": "guessed"}


def test_where_something_stands_is_as_sure_as_the_facts_about_it() -> None:
    at_site = {"hall": {"kind": "site"}, "shop": {"at": "hall", "confidence": "observed"}, "office": {"at": "hall"}}
    assert judged(at_site, "hall") == {"shop": "observed", "office": "declared"}


def test_a_service_that_fails_itself_is_as_sure_as_the_facts_about_it() -> None:
    assert judged({"shop": {"needs": [guess("grid")]}, "grid": GRID}, "shop", whole=("grid",)) == {"shop": "declared"}
    assert judged({"shop": {"confidence": "guessed"}}, "shop") == {"shop": "guessed"}


def test_ways_do_not_go_through_what_stayed_up() -> None:
    # Both ways of the shop are there; the declared one leads through the cache, which never lost anything.
    two_ways = {"grid": GRID, "cache": {"kind": "data", "needs": ["grid"]}, "shop": {"needs": ["cache", guess("grid")]}}
    assert judged(two_ways, "grid", whole=("cache",)) == {"shop": "guessed"}


def test_services_that_lean_on_one_another_explain_nothing_by_that() -> None:
    circle = {"grid": GRID, "a": {"needs": ["b", guess("grid")]}, "b": {"needs": ["a"]}}
    assert judged(circle, "grid") == {"a": "guessed", "b": "guessed"}


# Needs of several members pass a loss on when they have lost as many as they cannot do without.


def feeds(*needs: dict[str, Any] | str) -> dict[str, Any]:
    """Feeds that need the duct, each as it says, and a shop that needs them in some way."""
    return {"duct": {"kind": "channel"}} | {
        f"feed-{i}": {"kind": "connectivity", "needs": [need]} for i, need in enumerate(needs)
    }


@pytest.mark.parametrize(
    ("need", "second", "expected"),
    [
        ({"any_of": ["feed-0", "feed-1"]}, guess("duct"), "guessed"),
        ({"any_of": ["feed-0", "feed-1"]}, "duct", "declared"),
        ({"all_of": ["feed-0", "feed-1"]}, guess("duct"), "declared"),
        ({"at_least": 1, "of": ["feed-0", "feed-1"]}, guess("duct"), "guessed"),
        ({"at_least": 2, "of": ["feed-0", "feed-1"]}, guess("duct"), "declared"),
        ({"pool": {"feed-0": 10, "feed-1": 10}, "demand": 10}, guess("duct"), "guessed"),
        # With one feed of two it would have been degraded; it was down.
        ({"pool": {"feed-0": 10, "feed-1": 10}, "demand": 20}, guess("duct"), "guessed"),
    ],
)
def test_two_feeds_that_a_guess_makes_share_a_duct(need: dict[str, Any], second: Any, expected: str) -> None:
    # A shop that can do without one feed goes down with the duct only if the second feed needs it too.
    bystander = {"printer": {"kind": "tool", "confidence": "guessed"}}
    assert judged(feeds("duct", second) | {"shop": {"needs": [need]}} | bystander, "duct") == {"shop": expected}


def test_a_gap_until_the_standby_serves_needs_no_more_than_the_first_member() -> None:
    # The second feed stayed up: the shop was down while it took over, and lost the first one alone.
    shop = {"needs": [{"any_of": ["feed-0", "feed-1"], "failover": "5m"}]}
    assert judged(feeds("duct", guess("duct")) | {"shop": shop}, "duct", whole=("feed-1",)) == {"shop": "declared"}


def test_of_several_standbys_those_count_that_were_lost() -> None:
    # The third stayed up. Had the second not been lost over a guess, it would have served.
    shop = {"needs": [{"any_of": ["feed-0", "feed-1", "feed-2"], "failover": "5m"}]}
    words = feeds("duct", guess("duct"), "other") | {"other": {"kind": "channel"}, "shop": shop}
    assert judged(words, "duct", whole=("feed-2", "other")) == {"shop": "guessed"}


def test_a_gap_is_told_from_what_only_degrades() -> None:
    # As below, but the main one is lost over a guess; that it is slow without reviews is declared, and no reason to be down.
    words = {
        "grid": GRID,
        "reviews": {"kind": "provider"},
        "main": {"kind": "data", "needs": [guess("grid", to="run")]},
        "spare": {"kind": "data", "needs": ["shop"]},
        "shop": {"needs": [{"any_of": ["main", "spare"], "failover": "5m"}, {"component": "reviews", "impact": "20%"}]},
    }
    assert judged(words, "grid", "reviews") == {"shop": "guessed"}


def test_a_gap_that_takes_the_standby_down_with_it_is_found_as_well() -> None:
    # The standby leans on the shop itself, so both were down because of the gap.
    words = {
        "main": {"kind": "data"},
        "spare": {"kind": "data", "needs": ["shop"]},
        "shop": {"needs": [{"any_of": ["main", "spare"], "failover": "5m"}]},
    }
    assert judged(words | {"blog": {"needs": [guess("shop")]}}, "main") == {"shop": "declared", "blog": "guessed"}


def test_a_pool_passes_on_what_it_has_not_to_spare() -> None:
    # 25 of 40 are demanded, 15 are to spare: the two feeds that are sure to be lost had 20.
    pool = {"pool": {"feed-0": 10, "feed-1": 10, "feed-2": 20}, "demand": 25}
    system = system_of(feeds("duct", "duct", guess("duct")) | {"shop": {"needs": [pool]}})
    below = {name: Below(HOUR, 0, was_down=True) for name in system.components if name != "shop"}
    rests = Footing(system).rests(["duct"], below | {"shop": Below(0, HOUR, was_down=False)})
    assert rests is not None
    assert rests.sure == {"shop": "declared"}


# Down and degraded are different losses.


def test_what_only_degrades_does_not_explain_an_outage() -> None:
    # The reviews are declared and only slow the shop down; the outage itself came over a guessed need.
    shop = {"needs": [guess("grid"), {"component": "reviews", "impact": "20%"}]}
    system = system_of({"grid": GRID, "reviews": {"kind": "provider"}, "shop": shop}, users={"a": USERS})
    out = Below(HOUR, 0, was_down=True)
    below = {"grid": out, "reviews": out, "shop": Below(HOUR, 3 * HOUR, was_down=True)}
    rests = Footing(system).rests(["grid", "reviews"], below)
    assert rests is not None
    assert rests.sure == {"shop": "guessed"}
    assert (rests.guessed, rests.amounts["declared"]) == (0.25, 100 * 180)


def test_a_service_that_was_not_whole_from_the_start_explains_itself() -> None:
    # Nothing failed: the pool is too small, so that the shop is degraded, and the blog with it.
    short = {"pool": {"host": 5}, "demand": 10}
    words = {"host": {"kind": "host"}, "shop": {"needs": [short]}, "blog": {"needs": [guess("shop")]}}
    system = system_of(words)
    slow = Below(0, HOUR, was_down=False)
    rests = Footing(system).rests([], {"shop": slow, "blog": slow})
    assert rests is not None
    assert rests.sure == {"shop": "declared", "blog": "guessed"}


# Shares.

USERS = {"count": 100, "uses": ["shop"]}


def test_shares_are_weighted_by_people_and_time() -> None:
    # 300 people behind the guess, 100 beside it, all for an hour; the mail has no users and carries nothing.
    words = {"grid": GRID, "shop": {"needs": ["grid"]}, "blog": {"needs": [guess("grid")]}, "mail": {"needs": ["grid"]}}
    users = {"a": USERS, "b": {"count": 600, "uses": {"blog": "50%"}}}
    rests = rests_of(words, "grid", users=users)
    assert rests is not None
    assert (rests.unit, rests.guessed, rests.observed) == (USER_MINUTES, 0.75, 0.0)
    assert rests.amounts == {"guessed": 300 * 60, "observed": 0, "declared": 100 * 60}


def test_users_of_single_services_count_too_unless_a_segment_uses_them() -> None:
    words = {"grid": GRID, "shop": {"needs": ["grid"], "users": 999}, "blog": {"needs": [guess("grid")], "users": 300}}
    rests = rests_of(words, "grid", users={"a": USERS}, population=1000)
    assert rests is not None
    assert rests.guessed == 0.75


def test_services_are_counted_where_nobody_says_who_uses_them() -> None:
    words = {"grid": GRID, "a": {"needs": ["grid"]}, "b": {"needs": [guess("grid")]}, "c": {"needs": ["grid"]}}
    rests = rests_of(words, "grid")
    assert rests is not None
    assert rests.is_counted
    assert rests.guessed == pytest.approx(1 / 3)


def test_nothing_is_said_of_a_system_that_is_declared_or_of_a_result_without_services() -> None:
    assert rests_of({"grid": GRID, "shop": {"needs": ["grid"]}}, "grid") is None
    assert rests_of({"grid": GRID, "shop": {"needs": [guess("grid")]}}, "grid", whole=("shop",)) is None


def test_a_need_that_says_that_it_is_declared_makes_no_system_doubtful() -> None:
    said = {"grid": GRID, "shop": {"needs": [{"component": "grid", "confidence": "declared"}]}}
    assert Footing(system_of(said)).is_declared
    assert not Footing(system_of({**said, "blog": {"needs": [guess("grid")]}})).is_declared


def test_that_nothing_rests_on_guesses_is_told_only_where_somebody_guessed() -> None:
    words = {"grid": GRID, "shop": {"needs": ["grid"]}, "printer": {"kind": "tool", "confidence": "observed"}}
    for doubt, is_told in (("observed", False), ("guessed", True)):
        footing = Footing(system_of(words | {"printer": {"kind": "tool", "confidence": doubt}}))
        rests = footing.rests(["grid"], {"grid": Below(HOUR, 0, True), "shop": Below(HOUR, 0, True)})
        assert rests is not None
        assert (footing.worth_telling(rests) is rests) == is_told


# Without a run.


def test_what_a_failure_reaches_is_told_with_the_best_way() -> None:
    words = feeds("duct", guess("duct")) | {
        "shop": {"needs": [{"any_of": ["feed-0", "feed-1"]}]},
        "blog": {"needs": ["feed-0"]},
        "mail": {"needs": [{"any_of": ["feed-0", "other"]}]},
        "other": {"kind": "connectivity"},
        "wiki": {},
    }
    footing = Footing(system_of(words))
    # The mail takes the other feed's failure too: then the best way counts. Nothing reaches the wiki.
    wanted = ["shop", "blog", "mail", "wiki"]
    assert footing.reached(["duct"], wanted) == {"shop": "guessed", "blog": "declared", "mail": "declared"}
    assert footing.reached(["duct"], wanted, inside={"feed-0", "blog"}) == {"blog": "declared"}


def test_an_outage_is_judged_along_hard_needs_first() -> None:
    shop = {"needs": [guess("grid"), {"component": "grid", "impact": "20%"}]}
    footing = Footing(system_of({"grid": GRID, "shop": shop}))
    assert footing.reached(["grid"], ["shop"]) == {"shop": "declared"}
    assert footing.reached(["grid"], ["shop"], is_hard=True) == {"shop": "guessed"}


def test_needs_beneath_are_counted_each_once_without_those_to_start_and_repair() -> None:
    words = {
        "grid": GRID,
        "db": {"kind": "data", "confidence": "observed", "needs": ["grid", {"component": "grid", "to": "repair"}]},
        "shop": {"needs": ["db", guess("grid")]},
        "blog": {"needs": ["shop", "db"]},
        "wiki": {"needs": [guess("grid")]},
    }
    footing = Footing(system_of(words))
    # blog needs shop and db, shop needs db and perhaps the grid, db needs the grid: five.
    assert footing.needs_below(["blog"]) == {"declared": 3, "observed": 1, "guessed": 1}
