from __future__ import annotations

from dataclasses import replace

from impactsim.engine.users import Range
from impactsim.reports.facts import DataFacts, DeadlockFacts, Facts, Reserve
from impactsim.reports.headline import headline
from reports.facts_by_hand import DAY, HOUR, MINUTE, START, affected, component, facts


def words(run: Facts) -> list[str]:
    return [line.text for line in headline(run)]


def test_the_answer_is_in_three_lines() -> None:
    run = facts(
        component("shop", (HOUR, 0.0), (3 * HOUR, 1.0)),
        component("search", (HOUR, 0.0), (2 * HOUR, 0.5), (4 * HOUR, 1.0)),
        component("blog"),
        starts=START,
        users=affected(1000.0, 1200.0, 1500.0, minutes=60),
        has_users=True,
    )
    assert words(run) == [
        "Scenario: 2 of 3 services down; longest shop, 2 h",
        "Users affected: about 1,200 (1,000 to 1,500); about 72,000 user-minutes lost",
        "All services restored at 2 Mar 18:00, 4 h after the start",  # the run goes on into the next day
    ]


def test_what_is_not_restored_has_no_duration() -> None:
    run = facts(component("shop", (HOUR, 0.0)), component("dc", (HOUR, 0.0), kind="site"))
    first, _, third = words(run)
    assert first == "Scenario: 1 of 1 service down"
    assert third == "NOT RESTORED by the end (+10:00, after 10 h): shop, and 1 other component"


def test_a_component_that_is_no_service_may_stay_down() -> None:
    run = facts(component("shop"), component("dc", (HOUR, 0.0), kind="site"))
    assert words(run)[0] == "Scenario: no service is affected"
    assert words(run)[2] == "Every service stayed up; not restored by the end (+10:00, after 10 h): dc"


def test_degraded_is_not_down() -> None:
    run = facts(component("shop", (HOUR, 0.4), (2 * HOUR, 1.0)), component("blog"))
    assert words(run)[0] == "Scenario: 1 of 2 services degraded; shop, 1 h"


def test_down_at_the_last_instant_is_down() -> None:
    run = facts(component("shop", (10 * HOUR, 0.0)))
    assert run.components["shop"].down_ms == 0
    assert words(run)[0] == "Scenario: 1 of 1 service down"


def test_a_system_without_services_or_users_says_so() -> None:
    run = facts(component("dc", (HOUR, 0.0), (2 * HOUR, 1.0), kind="site"))
    assert words(run) == [
        "Scenario: 1 of 1 component down; dc, 1 h",
        "Users affected: unknown, the system does not say who uses its services",
        "All restored at +2:00, 2 h after the start",
    ]


def test_the_peak_is_said_where_it_is_not_the_same() -> None:
    users = replace(affected(100.0, 100.0, 100.0), peak=Range(60.0, 60.0, 60.0))
    run = facts(component("shop", (HOUR, 0.0), (2 * HOUR, 1.0)), users=users, has_users=True)
    assert words(run)[1] == "Users affected: 100; at most 60 at one time; 0 user-minutes lost"


def test_bounds_without_an_estimate_are_said_as_bounds() -> None:
    run = facts(component("shop", (HOUR, 0.0), (2 * HOUR, 1.0)), users=affected(1_000.0, None, 2_000.0), has_users=True)
    assert words(run)[1].startswith("Users affected: 1,000 to 2,000;")


def test_what_waiting_does_not_heal_is_in_the_headline() -> None:
    run = facts(
        component("shop", (HOUR, 0.0)),
        component("db", (HOUR, 0.0), kind="data", name="Orders"),
        component("log", (HOUR, 0.0), (2 * HOUR, 1.0), kind="data"),
        data={"db": DataFacts(lost_for_good=True, loss_ms=None), "log": DataFacts(lost_for_good=False, loss_ms=DAY)},
        deadlocks=(DeadlockFacts(("shop", "db"), ({"start": ("shop",)},)),),
    )
    assert words(run)[3:] == [
        "LOST FOR GOOD, no copy is left: Orders",
        "DATA LOST: log, the last 1 d",
        "RECOVERY DEADLOCK, nothing comes back by itself: shop and Orders",
    ]


def test_up_only_until_a_reserve_is_used_up_is_in_the_headline() -> None:
    reserve = Reserve(HOUR, 10 * HOUR, "standby", ("grid",), ("generator",), 13 * HOUR, 0, "stay_up", is_open=True)
    run = facts(component("shop"), component("room", kind="site", reserve=(reserve,)))
    assert words(run)[3] == "STILL ON RESERVE at the end: room, until +13:00 at the latest"
    closed = replace(run.components["room"], reserve=(replace(reserve, is_open=False),))
    assert len(words(facts(run.components["shop"], closed))) == 3


def test_a_reserve_of_a_need_to_repair_keeps_nothing_up() -> None:
    reserve = Reserve(HOUR, 10 * HOUR, "standby", ("door",), ("guard",), 13 * HOUR, 0, "repair", is_open=True)
    assert len(words(facts(component("shop", reserve=(reserve,))))) == 3


def test_many_names_are_counted() -> None:
    run = facts(*(component(f"s{i}", (MINUTE, 0.0)) for i in range(100)))
    assert words(run)[2].endswith(": s0, s1, s2 and 97 more")
