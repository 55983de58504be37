from __future__ import annotations

from dataclasses import replace

import pytest

from impactsim.problems import Problem
from impactsim.reports.facts import DataFacts, DeadlockFacts, Facts, Moment, Phase, Repair, Reserve
from impactsim.reports.layout import coloured, width
from impactsim.reports.page import Screen
from impactsim.reports.text import report, to_text
from reports.facts_by_hand import DAY, HOUR, MINUTE, affected, because, component, down, facts


def section(run: Facts, heading: str) -> list[str]:
    """Return the lines below a heading, of the whole report."""
    lines = report(run, Screen(n_lines=None))
    start = next(i for i, line in enumerate(lines) if line.startswith(heading))
    below = lines[start + 1 :]
    return below[: below.index("")] if "" in below else below


def test_the_table_of_services_puts_what_is_not_restored_first() -> None:
    run = facts(
        component("short", (HOUR, 0.0), (2 * HOUR, 1.0)),
        component("long", (HOUR, 0.0), (4 * HOUR, 0.5), (5 * HOUR, 1.0)),
        component("gone", (9 * HOUR, 0.0)),
        component("weak", (HOUR, 0.3)),
        component("fine"),
    )
    assert section(run, "Services") == [
        "  at worst  name   down for      degraded for  first  up again",
        "  \u2717 down    gone   not restored  -             +9:00  -",
        "  ~ at 30%  weak   -             not restored  +1:00  -",
        "  \u2717 down    long   3 h           1 h           +1:00  +5:00",
        "  \u2717 down    short  1 h           -             +1:00  +2:00",
        "  1 other service not affected",
    ]


def test_the_status_is_a_word_and_a_sign_and_the_same_without_colour() -> None:
    run = facts(component("gone", (HOUR, 0.0)), component("weak", (HOUR, 0.3), (2 * HOUR, 1.0)))
    plain_lines = report(run)
    painted = "\n".join(report(run, Screen(paint=coloured)))
    assert any("\u2717 down" in line for line in plain_lines)
    assert any("~ at 30%" in line for line in plain_lines)
    assert "\x1b[31m" in painted
    assert "\x1b" not in "\n".join(plain_lines)


def test_segments_are_listed_by_how_many_are_affected() -> None:
    run = facts(
        component("shop", (HOUR, 0.0), (2 * HOUR, 1.0)),
        segments={
            "few": affected(10.0, 10.0, 10.0, minutes=60, out_ms=HOUR),
            "many": affected(50.0, 80.0, 90.0, minutes=60),
            "population": affected(5.0, None, 8.0),
            "none": affected(0.0, 0.0, 0.0),
        },
        has_users=True,
    )
    lines = report(run, Screen(n_lines=None))
    table = lines[lines.index("Users") + 1 :][:5]
    assert table == [
        "  segment                   affected  at least to at most  all of them out for  user-minutes lost",
        "  many                      about 80  50 to 90             -                          about 4,800",
        "  few                             10  -                    up to 1 h                          600",
        "  users of single services         -  5 to 8               -                                    0",
        "  1 other segment not affected",
    ]


def test_services_with_the_same_reason_share_a_line() -> None:
    reason = (("dc", "need", "needs grid"), ("grid", "fault", "failed"))
    run = facts(
        component("a", (HOUR, 0.0), why=(because(HOUR, ("a", "need", "needs dc"), *reason),)),
        component("b", (HOUR, 0.0), why=(because(HOUR, ("b", "need", "needs dc"), *reason),)),
        component("c", (HOUR, 0.0), why=(because(HOUR, ("c", "fault", "failed")),)),
        component("dc", (HOUR, 0.0), kind="site", name="Data centre"),
        component("grid", (HOUR, 0.0), kind="power"),
    )
    assert section(run, "Why") == ["  a and b <- Data centre <- grid (failed at +1:00)", "  c (failed at +1:00)"]


def test_many_reasons_with_the_same_root_become_one() -> None:
    services = [
        component(f"s{i}", (HOUR, 0.0), why=(because(HOUR, (f"s{i}", "need", ""), (f"h{i}", "need", ""), ("dc", "fault", "failed")),))
        for i in range(8)
    ]  # fmt: skip
    run = facts(*services, component("dc", (HOUR, 0.0), kind="site"))
    lines = report(run)
    assert "  s0, s1, s2, s3, s4, s5 and 2 more <- ... <- dc (failed at +1:00)" in lines
    assert "  s7 <- h7 <- dc (failed at +1:00)" in report(run, Screen(n_lines=None))


def test_reserves_say_what_carries_and_until_when() -> None:
    reserves = (
        Reserve(HOUR, 2 * HOUR, "holdover", ("grid",), (), 2 * HOUR, 0, "stay_up"),
        Reserve(3 * HOUR, 4 * HOUR, "standby", ("isp-a",), ("isp-b",), 15 * HOUR, 1, "run"),
        Reserve(5 * HOUR, 10 * HOUR, "quorum", ("web-3",), ("web-1", "web-2"), None, 2, "run", is_open=True),
        Reserve(5 * HOUR, 10 * HOUR, "standby", ("door",), ("guard",), None, 3, "repair"),
    )
    assert section(facts(component("shop", reserve=reserves)), "Kept up by a reserve") == [
        "  component  kept up by                      without  from   to           lasts until",
        "  shop       its holdover                    grid     +1:00  +2:00        used up",
        "  shop       isp-b                           isp-a    +3:00  +4:00        +15:00",
        "  shop       web-1 and web-2, none to spare  web-3    +5:00  still on it  no limit",
    ]


def test_a_reserve_that_saved_nothing_is_not_said_to_have_kept_anything_up() -> None:
    reserve = Reserve(2 * HOUR, 3 * HOUR, "standby", ("a",), ("b",), None, 0, "run")
    run = facts(component("shop", (HOUR, 0.0), (4 * HOUR, 1.0), reserve=(reserve,)))
    assert "Kept up by a reserve" not in report(run)


def test_deadlocks_say_what_would_break_them() -> None:
    ways: tuple[dict[str, tuple[str, ...]], ...] = ({"start": ("a",)}, {"repair": ("b",), "start": ("c",)})
    run = facts(component("a", (HOUR, 0.0)), component("b", (HOUR, 0.0)), deadlocks=(DeadlockFacts(("a", "b"), ways),))
    assert section(run, "Recovery deadlocks") == [
        "  a and b wait for one another; to break it: start a or repair b and start c"
    ]


def test_data_that_was_destroyed() -> None:
    run = facts(
        component("a", (HOUR, 0.0)),
        component("b", (HOUR, 0.0)),
        component("c", (HOUR, 0.0)),
        component("d", (HOUR, 0.0)),
        data={
            "a": DataFacts(lost_for_good=True, loss_ms=None),
            "b": DataFacts(lost_for_good=False, loss_ms=None),
            "c": DataFacts(lost_for_good=False, loss_ms=DAY),
            "d": DataFacts(lost_for_good=False, loss_ms=0),
        },
    )
    assert section(run, "Destroyed") == [
        "  \u2717 a: lost for good, no copy is left",
        "  \u2717 b: no copy could be had by the end",
        "  ~ c: the last 1 d before it was destroyed are lost",
        "  ~ d: nothing is lost",
    ]


def test_repairs_that_wait_say_for_what() -> None:
    phases = (
        Phase(HOUR, 2 * HOUR, "held up", ("door",)),
        Phase(2 * HOUR, 3 * HOUR, "waits for its crew", ()),
        Phase(3 * HOUR, 4 * HOUR, "at work", ()),
        Phase(4 * HOUR, 4 * HOUR, "held up", ("door",)),
        Phase(4 * HOUR, 10 * HOUR, "waits for a copy", ("vault",)),
    )
    run = facts(component("db", (HOUR, 0.0)), repairs=(Repair("db", HOUR, None, phases),))
    assert section(run, "Repairs that wait") == [
        "  db: held up by door, down, +1:00 to +2:00",
        "  db: waits for its crew, +2:00 to +3:00",
        "  db: waits for a copy at vault, down, from +4:00, still at the end",
    ]


def test_what_the_answer_rests_on_and_what_is_doubtful_are_said() -> None:
    run = facts(
        component("a", (HOUR, 0.0)),
        component("b", (HOUR, 0.0)),
        guesses={"a": "guessed", "b": "guessed"},
        sources={"a": "Contract 14", "b": "Contract 14"},
        unaffected={"c": "c has d instead of a", "e": "c has d instead of a"},
        warnings=(Problem(("components", "a"), "odd", "look", "odd-one", "warning", "s.yaml", 3),),
    )
    assert section(run, "What this rests on") == ["  guessed: a and b"]
    assert section(run, "Sources") == ["  a and b: Contract 14"]
    assert section(run, "Not affected") == ["  c and e: c has d instead of a"]
    assert section(run, "Warnings") == ["  s.yaml:3: warning: components.a: odd; look [odd-one]"]
    assert "  One more thing" in report(run, Screen(), ["One more thing"])


def flood(n_services: int) -> Facts:
    """A run in which everything happens to many services."""
    services = [
        component(
            f"s{i}",
            (HOUR + i * MINUTE, 0.0),
            (6 * HOUR, 1.0),
            why=(because(HOUR, (f"s{i}", "need", "needs"), (f"x{i}", "fault", "failed")),),
            reserve=(Reserve(0, HOUR, "holdover", (f"x{i}",), (), HOUR, 0, "run"),),
        )
        for i in range(n_services)
    ]
    count = affected(10.0, 10.0, 10.0)
    return facts(
        *services,
        moments=(
            Moment(0, "event", ("x0",), "x0: fails"),
            *(down(HOUR + i * MINUTE, f"s{i}") for i in range(n_services)),
            Moment(6 * HOUR, "up", tuple(f"s{i}" for i in range(n_services)), "all: up again"),
        ),
        segments={f"g{i}": count for i in range(n_services)},
        users=count,
        has_users=True,
        data={f"s{i}": DataFacts(lost_for_good=True, loss_ms=None) for i in range(n_services)},
        deadlocks=tuple(DeadlockFacts((f"s{i}",), ({"start": (f"s{i}",)},)) for i in range(n_services)),
        unaffected={f"s{i}": f"reason {i}" for i in range(n_services)},
        guesses={f"s{i}": f"guess {i}" for i in range(n_services)},
    )


@pytest.mark.parametrize("n_lines", [50, 70])
def test_a_hundred_services_do_not_flood_the_screen(n_lines: int) -> None:
    lines = report(flood(100), Screen(n_lines=n_lines))
    assert len(lines) <= n_lines
    assert lines[0] == "Scenario: 100 of 100 services down; longest s0, 5 h"
    assert any("x0: fails" in line for line in lines)


def test_everything_is_there_if_asked_for() -> None:
    text = to_text(flood(100))
    assert "more (--all)" not in text
    assert all(f"s{i}: down" in text for i in range(100))
    assert all(f"guess {i}" in text for i in range(100))


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_no_line_is_wider_than_the_screen(columns: int) -> None:
    name = "\u6ce8\u6587\u30c7\u30fc\u30bf\u30d9\u30fc\u30b9" * 6
    chain = because(HOUR, ("s", "need", "needs"), ("d", "fault", "failed"))
    reserve = Reserve(HOUR, 2 * HOUR, "standby", ("d",), ("e",), 9 * HOUR, 0, "run")
    run = facts(
        component("s", (2 * HOUR, 0.0), (3 * HOUR, 1.0), name=name, why=(chain,), reserve=(reserve,)),
        component("d", (HOUR, 0.0), name=name, kind="data"),
        component("e", name=name),
        moments=(Moment(HOUR, "down", ("d",), f"{name}, {name}: down"),),
        unaffected={"e": f"{name} has {name} instead of {name}"},
        data={"d": DataFacts(lost_for_good=False, loss_ms=DAY)},
    )
    for n_lines in (50, None):
        assert max(map(width, report(run, Screen(columns=columns, n_lines=n_lines)))) <= columns


def test_names_cannot_command_the_terminal() -> None:
    run = facts(component("s", (HOUR, 0.0), name="\x1b]0;gotcha\x07shop"), scenario="a\x1b[2Jb", system="x")
    run = replace(run, moments=(Moment(HOUR, "down", ("s",), "\x1b]0;gotcha\x07shop: down"),))
    assert "\x1b" not in to_text(run)
    assert "\x07" not in to_text(run)
