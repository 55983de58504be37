from __future__ import annotations

from impactsim.reports.chain import component_called, explanation, nearest
from impactsim.reports.facts import Link, Why
from reports.facts_by_hand import HOUR, MINUTE, because, component, facts

GRID = Why(Link("grid", "fault", "failed", HOUR, 0.0), None)
ROOM = Why(Link("room", "need", "needs grid", HOUR + 20 * MINUTE, 0.0), GRID)
SHOP = Why(Link("shop", "need", "needs room", HOUR + 20 * MINUTE, 0.0), ROOM)
RUN = facts(
    component(
        "shop",
        (HOUR + 20 * MINUTE, 0.0),
        (3 * HOUR, 0.6),
        (4 * HOUR, 1.0),
        name="The shop",
        why=(SHOP, because(3 * HOUR, ("shop", "catch-up", "catching up"), level=0.6), Why(Link("shop", "need", "needs room", 4 * HOUR, 1.0), None)),
    ),
    component("room", kind="site"),
    component("grid", kind="power"),
    component("blog"),
    unaffected={"blog": "it has a spare"},
)  # fmt: skip


def test_every_change_has_its_whole_chain_with_times() -> None:
    assert explanation(RUN, "shop") == [
        "The shop (shop, service) in Scenario",
        "",
        "+1:20  \u2717 down:",
        "    The shop needs room",
        "    room needs grid (down since +1:20)",
        "    grid failed (down since +1:00)",
        "",
        "+3:00  ~ at 60%:",
        "    The shop catching up",
        "",
        "+4:00  \u2713 up again; it had waited for this:",
        "    The shop needs room",
        "",
        "Up since +4:00",
    ]


def test_a_component_that_stayed_up_says_what_spared_it() -> None:
    assert explanation(RUN, "blog") == ["blog (service) in Scenario", "was up all the time: it has a spare"]


def test_a_component_is_found_by_id_or_by_name() -> None:
    assert component_called(RUN, "shop") == "shop"
    assert component_called(RUN, "the SHOP") == "shop"
    assert component_called(RUN, "shp") is None
    assert nearest(RUN, "shp") == ["shop"]
    assert nearest(RUN, "Te shop")[0] == "shop"
    assert nearest(RUN, "zzzzzz") == []


def test_a_name_that_two_have_finds_neither() -> None:
    run = facts(component("a", name="Twin"), component("b", name="Twin"))
    assert component_called(run, "Twin") is None
