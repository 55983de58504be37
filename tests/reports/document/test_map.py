from __future__ import annotations

import re
import time
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from benchmarks.large_systems import layered
from impactsim.reports.document.blocks import MapPicture, Node
from impactsim.reports.document.map import choose, draw_map, map_of
from impactsim.reports.document.map_layout import BOX_WIDTH, Box, Frame, MapLayout, lay_out
from impactsim.results import Result
from impactsim.workflow import run

SCENARIOS = Path(__file__).parents[3] / "scenarios"


def result_of(source: Any) -> Result:
    found = run(source, trials=1)
    assert isinstance(found, Result)
    return found


def map_from(source: Any, most: int = 60) -> MapPicture:
    result = result_of(source)
    return map_of(result.loaded.system, result.facts, most)


def scenario(system: dict[str, Any], *fail: str) -> dict[str, Any]:
    return {
        "impactsim": 1,
        "name": "All at once",
        "system": {"impactsim": 1, "name": "System", **system},
        "events": [{"fail": each, "at": 0, "for": "2h"} for each in fail],
    }


def node(id_: str, site: str = "", kind: str = "host") -> Node:
    return Node(id_, id_, kind, site, "high", "down 1 h")


def overlap(a: Box, b: Box) -> bool:
    return abs(a.x - b.x) < BOX_WIDTH and a.y < b.y + b.height and b.y < a.y + a.height


def inside(box: Box, frame: Frame) -> bool:
    return (
        frame.x <= box.x
        and box.x + BOX_WIDTH <= frame.x + frame.width
        and frame.y <= box.y
        and box.y + box.height <= frame.y + frame.height
    )


def apart(box: Box, frame: Frame) -> bool:
    return (
        box.x >= frame.x + frame.width
        or box.x + BOX_WIDTH <= frame.x
        or box.y >= frame.y + frame.height
        or box.y + box.height <= frame.y
    )


def check_places(layout: MapLayout) -> None:
    assert not [(a.node.id, b.node.id) for a, b in combinations(layout.boxes, 2) if overlap(a, b)]
    for box in layout.boxes:
        assert 0 <= box.x <= layout.width - BOX_WIDTH
        assert 0 <= box.y <= layout.height - box.height
        for frame in layout.frames:
            assert inside(box, frame) if box.node.site == frame.site else apart(box, frame)
    assert layout.n_crossings <= layout.n_crossings_in_file_order


REAL = [
    "iberia-2025/1-april-2025.yaml",
    "facebook-2021/1-october-2021.yaml",
    "ovh-2021/1-march-2021.yaml",
    "cloudflare-2023/1-november-2023.yaml",
    "teaching-shop/1-power-cut.yaml",
]


@pytest.mark.parametrize("file", REAL)
def test_no_box_covers_another_nor_stands_in_the_frame_of_another_site(file: str) -> None:
    check_places(lay_out(map_from(str(SCENARIOS / file))))


def test_boxes_of_a_dense_picture_with_sites_and_circles_stay_apart() -> None:
    nodes = tuple(node(f"n{i}", f"site-{i % 5}" if i % 3 else "") for i in range(60))
    arrows = tuple((f"n{i}", f"n{(i * j + j) % 60}", j % 2 == 0) for i in range(60) for j in (1, 7, 11))
    layout = lay_out(MapPicture(nodes, arrows))
    check_places(layout)
    assert len(layout.frames) == 5


def test_two_crossing_arrows_are_uncrossed() -> None:
    nodes = tuple(node(each) for each in ("a", "b", "x", "y"))
    layout = lay_out(MapPicture(nodes, (("a", "y", True), ("b", "x", True))))
    assert (layout.n_crossings_in_file_order, layout.n_crossings) == (1, 0)


def test_what_is_needed_stands_to_the_right_of_who_needs_it() -> None:
    nodes = tuple(node(each) for each in ("grid", "host", "shop"))
    layout = lay_out(MapPicture(nodes, (("shop", "host", True), ("host", "grid", True), ("shop", "grid", False))))
    x = {box.node.id: box.x for box in layout.boxes}
    assert x["shop"] < x["host"] < x["grid"]


def test_a_circle_and_an_arrow_to_nowhere_do_no_harm() -> None:
    nodes = (node("a"), node("b"), node("c"))
    layout = lay_out(MapPicture(nodes, (("a", "b", True), ("b", "c", True), ("c", "a", True), ("a", "lost", True))))
    check_places(layout)
    assert {(arrow.user, arrow.used) for arrow in layout.arrows} == {("a", "b"), ("b", "c"), ("c", "a")}


def test_an_empty_picture_can_be_drawn() -> None:
    assert ET.fromstring(draw_map(MapPicture((), ()))).tag.endswith("svg")  # noqa: S314 - our own drawing


def test_the_loss_is_followed_to_where_it_began_and_what_stayed_up_is_left_out() -> None:
    system = {
        "components": {
            "grid": {"kind": "power"},
            "host": {"kind": "host", "needs": ["grid"]},
            "shop": {"needs": ["host"]},
            "other": {},
        }
    }
    picture = map_from(scenario(system, "grid"))
    assert {each.id: (each.word, each.is_origin) for each in picture.nodes} == {
        "grid": ("down 2 h", True),
        "host": ("down 2 h", False),
        "shop": ("down 2 h", False),
    }
    assert picture.arrows == (("host", "grid", True), ("shop", "host", True))
    assert picture.n_left_out == 1


def test_a_need_that_was_met_otherwise_has_a_quiet_arrow() -> None:
    system = {
        "components": {"a": {}, "b": {}, "shop": {"needs": [{"any_of": ["a", "b"]}]}, "front": {"needs": ["shop"]}}
    }
    picture = map_from(scenario(system, "a"))
    assert {each.id: (each.tone, each.word) for each in picture.nodes}["shop"] == ("good", "kept up")
    assert picture.arrows == (("shop", "a", False), ("front", "shop", False))


def test_what_fared_alike_at_one_site_shares_a_box_and_the_worst_services_do_not() -> None:
    hosts = {f"{site}-{i}": {"kind": "host", "at": site} for site in ("north", "south") for i in range(20)}
    sites = {site: {"kind": "site", "needs": ["grid"]} for site in ("north", "south")}
    system = {"components": {"grid": {"kind": "power"}, **sites, **hosts, "shop": {"needs": ["north-3"]}}}
    result = result_of(scenario(system, "grid"))
    chosen = choose(result.loaded.system, result.facts)
    names = {(each.name, each.site, each.n_components) for each in chosen.picture.nodes}
    assert {("20 hosts", "north", 20), ("20 hosts", "south", 20), ("shop", "", 1), ("grid", "", 1)} <= names
    assert len(chosen.picture.nodes) == 6
    assert sorted(len(each) for each in chosen.members.values()) == [1, 1, 1, 1, 20, 20]


def test_a_map_has_no_more_boxes_than_asked_and_counts_the_rest() -> None:
    kinds = {f"c{i}": {"kind": f"kind-{i}", "needs": ["grid"]} for i in range(40)}
    picture = map_from(scenario({"components": {**kinds, "grid": {"kind": "power"}}}, "grid"), most=10)
    assert len(picture.nodes) == 10
    assert picture.n_left_out == 31
    assert "grid" in {each.id for each in picture.nodes}


def test_a_thousand_components_give_a_small_picture_in_about_a_second() -> None:
    result = result_of(
        {"impactsim": 1, "name": "x", "system": layered(1000), "events": [{"fail": "c3", "at": 0, "for": "2h"}]}
    )
    began = time.perf_counter()
    picture = map_of(result.loaded.system, result.facts)
    drawn = draw_map(picture)
    assert time.perf_counter() - began < 3.0  # a busy machine; alone it takes a tenth of a second
    assert len(picture.nodes) <= 60
    assert len(drawn) < 100_000
    assert sum(each.n_components for each in picture.nodes) + picture.n_left_out == 1000


def test_the_drawing_tells_fates_without_colour_and_long_names_in_full() -> None:
    name = "The reservation of seats at the counter <and> by telephone & post"
    system = {"components": {"grid": {"kind": "power"}, "shop": {"name": name, "needs": ["grid"]}}}
    drawn = draw_map(map_from(scenario(system, "grid")))
    texts = ["".join(each.itertext()) for each in ET.fromstring(drawn).iter() if each.tag.endswith(("text", "title"))]  # noqa: S314
    assert f"{name} (service): down 2 h" in texts
    assert any(each.endswith("...") for each in texts)
    assert {"began here", "where it began", "needs it, and the loss came this way"} <= set(texts)
    assert drawn.count('href="#sign-high"') == 2
    assert " id=" not in drawn


def test_the_way_of_the_loss_is_heavier_and_unbroken() -> None:
    drawn = draw_map(MapPicture((node("a"), node("b"), node("c")), (("a", "b", True), ("a", "c", False))))
    style = dict(re.findall(r"\.map \.(\w+) \{([^}]*)\}", drawn))
    assert "stroke-dasharray" in style["quiet"]
    assert "stroke-dasharray" not in style["loss"]
    assert 'path class="loss"' in drawn
    assert 'path class="quiet"' in drawn


def test_the_steps_of_a_plan_are_no_part_of_the_map_and_what_they_switch_to_is():
    """The main line fails; a step, which waits for its repair, would switch the shop to the spare line."""
    shop = {"any_of": [{"use": "main-line"}, {"use": "plan.turn.switch", "failover": "0s"}]}
    system = {
        "components": {
            "shop": {"kind": "service", "needs": [shop]},
            "main-line": {"kind": "connectivity"},
            "spare-line": {"kind": "connectivity"},
            "tool": {"kind": "tool"},
            "plan.turn": {"kind": "step", "time_to_restore": "1h", "needs": [{"component": "tool", "to": "repair"}]},
            "plan.turn.switch": {
                "kind": "step",
                "needs": [{"component": "plan.turn", "to": "run"}, {"component": "spare-line", "to": "run"}],
            },
        }
    }
    picture = map_from(scenario(system, "main-line", "plan.turn", "spare-line"))
    assert {each.id for each in picture.nodes} == {"shop", "main-line", "spare-line"}
    assert {(user, used) for user, used, _ in picture.arrows} == {("shop", "main-line"), ("shop", "spare-line")}
    assert picture.n_left_out == 1  # the tool; steps are not counted
