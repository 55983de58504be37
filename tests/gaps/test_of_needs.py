"""Needs that nobody has confirmed, guessed, or measured; single feeds; unknown operators: values worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from gaps.systems import NEVER, fails, found_in, ids, only

SEEN = {"confidence": "observed", "seen": {"calls": 1200, "share": 0.4}}
TOOL = fails(2, 1, kind="tool")
"""Down for 2 x 60 minutes of a year."""
DOWN = 120


def need(member: str, **words: Any) -> dict[str, Any]:
    return {"component": member, **words}


def shop(*needs: Any, **words: Any) -> dict[str, Any]:
    return {"needs": list(needs), **NEVER, **words}


# Seen, and not declared.


def test_a_need_that_was_seen_is_worth_what_it_costs_if_it_is_real() -> None:
    gap = only(found_in({"shop": shop(need("cache", **SEEN)), "cache": TOOL}), "seen-not-declared")
    assert (gap.parts[0].low, gap.parts[0].high) == (0.0, pytest.approx(DOWN * 1000))
    assert gap.text == "shop was seen to need cache, and nobody who knows has confirmed it"
    assert "seen: 1,200 calls, 40% of what it served itself" in gap.evidence


def test_a_soft_need_that_was_seen_may_be_a_hard_one() -> None:
    # As it is written 10 % are lost; the question is between nothing and everything.
    gap = only(found_in({"shop": shop(need("cache", impact="10%", **SEEN)), "cache": TOOL}), "seen-not-declared")
    assert gap.value == pytest.approx(DOWN * 1000)


@pytest.mark.parametrize("words", [{}, {"confidence": "declared", "seen": {"calls": 9}}])
def test_a_need_that_was_declared_is_no_question(words: dict[str, Any]) -> None:
    assert not ids(found_in({"shop": shop(need("cache", **words)), "cache": TOOL}), "seen-not-declared")


def test_a_need_is_as_sure_as_its_component() -> None:
    assert ids(found_in({"shop": shop("cache", confidence="observed"), "cache": TOOL})) == ["seen-not-declared/shop"]


def test_what_goes_down_by_another_need_as_well_hangs_less_on_the_answer() -> None:
    # The room takes the cache down, and the shop with it anyway: only the cache's own 120 minutes count, not those of the room.
    components = {
        "shop": shop(need("cache", **SEEN), need("room")),
        "cache": {**TOOL, "at": "room"},
        "room": fails(1, 5, kind="site"),
    }
    assert only(found_in(components), "seen-not-declared").value == pytest.approx(DOWN * 1000)
    components["shop"] = shop(need("cache", **SEEN))
    # Now the room counts: 120 + 300 minutes.
    assert only(found_in(components), "seen-not-declared").value == pytest.approx((DOWN + 300) * 1000)


def test_who_is_hit_by_another_way_does_not_hang_on_the_answer() -> None:
    # The shop needs the cache itself as well, so that only the readers of the blog (200) hang on the need of the blog.
    components = {"shop": shop("cache"), "blog": shop(need("cache", **SEEN)), "cache": TOOL}
    users = {"buyers": {"count": 800, "uses": ["shop"]}, "readers": {"count": 200, "uses": ["blog"]}}
    assert only(found_in(components, users), "seen-not-declared").value == pytest.approx(DOWN * 200)


def test_in_a_circle_of_calls_each_need_has_its_own_value() -> None:
    # cart and stock call each other, and stock calls the disk; the shop calls cart.
    components = {
        "shop": shop("cart"),
        "cart": {"needs": [need("stock", **SEEN)], **NEVER},
        "stock": {"needs": [need("cart", **SEEN), "disk"], **NEVER},
        "disk": TOOL,
    }
    facts = found_in(components)
    # If cart does not need stock, the disk takes nothing down that the shop leans on; cart itself never fails.
    assert only(facts, "seen-not-declared").parts[0].component == "cart"
    assert only(facts, "seen-not-declared").value == pytest.approx(DOWN * 1000)


def test_the_needs_of_one_owner_are_one_question() -> None:
    components = {
        "shop": shop(need("cache", **SEEN), need("mail", **SEEN)),
        "cache": TOOL,
        "mail": fails(1, 1, kind="tool"),
    }
    gap = only(found_in(components), "seen-not-declared")
    assert [part.others for part in gap.parts] == [("cache",), ("mail",)]
    assert gap.value == pytest.approx((DOWN + 60) * 1000)
    assert gap.text == "2 needs of shop were seen, and nobody who knows has confirmed them"


# Declared, and never seen.


def watched(*needs: Any) -> dict[str, Any]:
    return {"shop": shop(*needs), "cache": TOOL, "ledger": TOOL, "disk": {**TOOL, "kind": "data", "copies": []}}


def test_a_declared_need_of_a_watched_caller_that_was_never_seen_may_be_gone() -> None:
    gap = only(found_in(watched(need("cache", seen={"calls": 5}), "ledger")), "declared-never-seen")
    assert gap.text == "shop needs ledger as declared, and was never seen to call it"
    assert gap.value == pytest.approx(DOWN * 1000)


@pytest.mark.parametrize(
    "needs",
    [
        ("cache", "ledger"),  # nobody watched
        (need("cache", seen={"calls": 5}), need("ledger", seen={"calls": 1})),
        (need("cache", seen={"calls": 5}), "disk"),  # nobody was seen to call any data: the watch does not see those
        (need("cache", seen={"calls": 5}), need("ledger", to="start")),  # not called while all is running
        (need("cache", seen={"calls": 5}), {"any_of": ["cache", "ledger"]}),  # one of them was seen
    ],
)
def test_what_could_not_be_seen_is_no_question(needs: tuple[Any, ...]) -> None:
    assert not ids(found_in(watched(*needs)), "declared-never-seen")


def test_what_was_called_would_have_been_seen_to_call() -> None:
    components = watched(need("cache", seen={"calls": 5}))
    components["cache"] = {**TOOL, "needs": ["ledger"]}
    assert only(found_in(components), "declared-never-seen").parts[0].component == "cache"


# Guessed.


def test_a_guessed_need_may_not_be_there() -> None:
    components = {"shop": shop(need("cache", confidence="guessed")), "cache": TOOL}
    assert only(found_in(components), "guessed").value == pytest.approx(DOWN * 1000)
    components["shop"] = shop("cache")
    assert not ids(found_in(components))


def test_a_guessed_backup_may_be_none() -> None:
    components = {
        "shop": shop({"any_of": ["a", "b"], "confidence": "guessed"}),
        "a": fails(1, 2, kind="tool"),
        "b": fails(1, 7, kind="tool"),
    }
    gap = only(found_in(components), "guessed")
    # Only the first matters: its 120 minutes.
    assert gap.value == pytest.approx(120 * 1000)
    assert gap.text == "it is only guessed that shop can do with b instead of a"


def test_a_guessed_site_may_be_another() -> None:
    components = {
        "shop": shop("web"),
        "web": {"kind": "host", "at": "room", "confidence": "guessed", **NEVER},
        "room": fails(1, 2, kind="site"),
    }
    assert only(found_in(components), "guessed").value == pytest.approx(120 * 1000)


def test_a_guessed_number_of_replicas_lies_between_one_and_all() -> None:
    replicas = {f"web-{i}": fails(1, 1, kind="host") for i in range(3)}
    quorum = {"at_least": 2, "of": list(replicas), "confidence": "guessed"}
    gap = only(found_in({"shop": shop(quorum), **replicas}), "replicas-needed")
    # If all are needed each of the three takes the shop down for 60 minutes; if one is enough none does.
    assert gap.value == pytest.approx(3 * 60 * 1000)
    declared = {"at_least": 2, "of": list(replicas)}
    assert not ids(found_in({"shop": shop(declared), **replicas}))


def test_what_takes_down_all_replicas_hangs_on_no_number() -> None:
    replicas = {f"web-{i}": {"kind": "host", "at": "room", **NEVER} for i in range(3)}
    quorum = {"at_least": 2, "of": list(replicas), "confidence": "guessed"}
    assert not ids(found_in({"shop": shop(quorum), **replicas, "room": fails(1, 1, kind="site")}))


# Queues.


def test_a_queue_of_which_nobody_says_how_long_it_lasts_may_last_no_time() -> None:
    queue = need("mail", impact=0, origin="compose.yaml: shop")
    gap = only(found_in({"shop": shop(queue), "mail": TOOL}), "queue-without-buffer")
    assert (gap.parts[0].low, gap.parts[0].high) == (0.0, pytest.approx(DOWN * 1000))
    assert "from compose.yaml: shop" in gap.evidence


@pytest.mark.parametrize("words", [{"holdover": "2h", "origin": "x"}, {}, {"origin": "x", "impact": "5%"}])
def test_a_queue_is_no_question_where_somebody_said_how_long_or_that_it_does_not_matter(words: dict[str, Any]) -> None:
    assert not ids(found_in({"shop": shop(need("mail", **{"impact": 0, **words})), "mail": TOOL}), "queue")


# Single feeds.


def test_a_second_feed_saves_what_the_first_takes_down_alone() -> None:
    components = {
        "shop": shop("web"),
        "web": {"kind": "host", "needs": ["pdu"], **NEVER},
        "pdu": {"kind": "power", "needs": [{"any_of": ["grid", "diesel"]}], **fails(1, 2)},
        "grid": fails(4, 1, kind="power"),
        "diesel": {"kind": "power", **NEVER},
    }
    gap = only(found_in(components), "single-feed")
    assert gap.text == "pdu is the only supply that web has"
    # The grid takes nothing down, because of the diesel.
    assert gap.value == pytest.approx(120 * 1000)


def test_what_is_behind_the_feed_counts_as_well() -> None:
    components = {
        "shop": shop("web"),
        "web": {"kind": "host", "needs": ["pdu"], **NEVER},
        "pdu": {"kind": "power", "needs": ["grid"], **fails(1, 2)},
        "grid": fails(4, 1, kind="power"),
    }
    by_name = {gap.parts[0].component: gap.value for gap in found_in(components).gaps if gap.kind == "single-feed"}
    # web: 2 h of its feed and 4 h of the grid; the feed itself: the 4 h of the grid.
    assert by_name == {"web": pytest.approx(360 * 1000), "pdu": pytest.approx(240 * 1000)}


def test_hosts_on_one_feed_are_asked_about_together() -> None:
    hosts = {name: {"kind": "host", "needs": ["pdu"], "at": "room", **NEVER} for name in ("web-1", "web-2")}
    components = {
        "shop": shop({"any_of": list(hosts)}),
        **hosts,
        "pdu": fails(1, 2, kind="power"),
        "room": {"kind": "site", **NEVER},
    }
    gap = only(found_in(components), "single-feed")
    # A second feed for one of them alone is enough to save all of it, but that is what the answer for both would tell.
    assert gap.value == pytest.approx(120 * 1000)
    assert (gap.whom.by, gap.whom.name, gap.n) == ("site", "room", 2)


@pytest.mark.parametrize(
    "needs",
    [
        [{"any_of": ["pdu", "pdu-b"]}],
        ["pdu", "pdu-b"],  # both are needed: two feeds, and no question
        [{"component": "pdu", "to": "start"}],
        [{"component": "pdu", "impact": "50%"}],
        ["room"],
    ],
)
def test_two_supplies_or_none_are_no_single_feed(needs: list[Any]) -> None:
    components = {
        "shop": shop("web"),
        "web": {"kind": "host", "needs": needs, **NEVER},
        "pdu": fails(1, 2, kind="power"),
        "pdu-b": fails(1, 2, kind="power"),
        "room": fails(1, 2, kind="site"),
    }
    assert not ids(found_in(components), "single-feed")


def test_one_line_is_a_single_feed_and_a_service_has_none() -> None:
    line = fails(1, 2, kind="connectivity")
    components = {"shop": shop("web"), "web": {"kind": "host", "needs": ["line"], **NEVER}, "line": line}
    assert ids(found_in(components), "single-feed") == ["single-feed/web"]
    assert not ids(found_in({"shop": shop("line"), "line": line}), "single-feed")


# Operators.


def lines_of(*operators: str) -> dict[str, Any]:
    lines = {
        f"line-{i}": {"kind": "connectivity", **fails(i + 1, 2 + i), **({"operator": each} if each else {})}
        for i, each in enumerate(operators)
    }
    return {"shop": shop({"any_of": list(lines)}), **lines}


def test_lines_of_unknown_operators_may_be_run_by_one() -> None:
    gap = only(found_in(lines_of("", "")), "unknown-operator")
    # As rare as the rarest (once a year), as short as the shortest (2 h).
    assert gap.value == pytest.approx(120 * 1000)
    assert gap.text == "nobody says who runs line-0 and line-1: it may be one and the same"


def test_one_unknown_operator_may_be_the_known_one() -> None:
    assert only(found_in(lines_of("Lintel", "")), "unknown-operator").value == pytest.approx(120 * 1000)


@pytest.mark.parametrize("operators", [("Lintel", "Marlow"), ("Lintel", "Lintel"), ("Lintel", "", "Marlow")])
def test_operators_are_no_question_where_the_answer_changes_nothing(operators: tuple[str, ...]) -> None:
    # Of three lines of which one is of unknown operator, another remains whoever runs it.
    assert not ids(found_in(lines_of(*operators)), "unknown-operator")


def test_hosts_need_no_operator() -> None:
    pair = {name: fails(1, 1, kind="host") for name in ("a", "b")}
    assert not ids(found_in({"shop": shop({"any_of": ["a", "b"]}), **pair}))


# Users.


def test_a_service_without_users_may_have_as_many_as_the_others() -> None:
    components = {"shop": shop("web"), "wiki": shop("web"), "blog": shop("web"), "web": fails(2, 1, kind="host")}
    users = {"a": {"count": 1000, "uses": ["shop"]}, "b": {"count": 400, "uses": ["wiki"]}}
    gap = only(found_in(components, users), "no-users")
    # The median of 1,000 and 400, for the 120 minutes in which the web server takes the blog down.
    assert gap.id == "no-users/blog"
    assert (gap.parts[0].low, gap.parts[0].high) == (0.0, pytest.approx(700 * 120))


def test_a_service_that_is_degraded_loses_a_part_of_that() -> None:
    components = {"shop": NEVER, "blog": shop(need("web", impact="25%")), "web": fails(2, 1, kind="host")}
    assert only(found_in(components), "no-users").value == pytest.approx(1000 * 120 * 0.25)


@pytest.mark.parametrize(
    ("blog", "more"),
    [
        ({"users": 0}, {}),  # somebody said that nobody uses it
        ({}, {"portal": shop("blog", users=7)}),  # something else needs it
        ({}, {"guide": {"kind": "tool", "needs": [need("blog", to="repair")], **NEVER}}),
        ({}, {"top": {"workarounds": [{"covers": "50%", "needs": ["blog"]}], "users": 5, **NEVER}}),
    ],
)
def test_a_service_of_which_its_use_is_known_is_no_question(blog: dict[str, Any], more: dict[str, Any]) -> None:
    components = {"shop": NEVER, "blog": shop("web", **blog), "web": fails(2, 1, kind="host"), **more}
    users = {"people": {"count": 1000, "uses": ["shop"]}}
    assert not ids(found_in(components, users, population=2000), "no-users")


def test_a_circle_of_services_that_nothing_else_needs_is_at_the_top() -> None:
    components = {
        "shop": NEVER,
        "chat": shop("login", "web"),
        "login": shop("chat"),
        "web": fails(2, 1, kind="host"),
    }
    assert ids(found_in(components), "no-users") == ["no-users/chat", "no-users/login"]
    assert not ids(found_in({**components, "portal": shop("login", users=5)}, population=2000), "no-users")
    components["login"] = shop("chat", users=5)
    assert not ids(found_in(components, population=2000), "no-users")


def test_without_any_users_each_service_counts_as_one() -> None:
    components = {"shop": shop("web"), "blog": shop("web"), "web": {"kind": "host", "fails": {"per_year": 1}}}
    facts = found_in(components, {})
    assert facts.unit == "service-minutes"
    assert only(facts, "no-restore-time").value == pytest.approx(2 * (1440 - 15))
    # Nobody knows the users of any service: one question. The web server is down for 4 h a year as long as nobody says more.
    gap = only(facts, "no-users")
    assert (gap.id, gap.n, gap.value) == ("no-users", 2, pytest.approx(2 * 240))
    assert any("counted as one user" in note for note in facts.notes)


def test_without_any_service_each_component_counts_as_one() -> None:
    facts = found_in(
        {"web": {"kind": "host", "needs": ["pdu"], **NEVER}, "pdu": {"kind": "power", "fails": {"per_year": 1}}}, {}
    )
    assert facts.unit == "component-minutes"
    # The feed and the host. A feed that needs nothing is taken for a grid; its ends are tested elsewhere.
    assert only(facts, "no-restore-time").parts[0].high > 0
    assert only(facts, "single-feed").value == pytest.approx(240)
