"""Pictures: what is drawn where, in colours of the page, and small."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

import pytest

from impactsim.reports.document.blocks import (
    BandsPicture,
    Bar,
    GanttPicture,
    LevelsPicture,
    RangeBar,
    RangesPicture,
    Strip,
)
from impactsim.reports.document.charts import draw
from impactsim.reports.document.colours import LIGHT
from reports.document.documents_by_hand import CLOCK, HOUR, bands, gantt, levels, ranges

PICTURES = {"levels": levels(), "bands": bands(), "gantt": gantt(), "ranges": ranges()}
ALL = pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - we wrote it


def texts(svg: str) -> list[str]:
    return ["".join(each.itertext()).strip() for each in parsed(svg).iter("text")]


@ALL
def test_every_colour_is_a_variable_of_the_page(picture):
    svg = draw(picture, "f1")
    colours = {each for each in re.findall(r"(?:fill|stroke):\s*([^;\"]+)", svg) if not each.startswith("url(#f1-")}
    assert colours <= {f"var(--{name})" for name in LIGHT} | {"none"}
    assert not re.search(r"#[0-9a-f]{6}", svg)
    assert set(re.findall(r"var\(--([a-z-]+)\)", svg)) <= set(LIGHT)


@ALL
def test_nothing_of_the_library_is_left(picture):
    svg = draw(picture, "f1")
    assert not re.search(r"matplotlib|DejaVu|metadata|<style|xlink|<!--|font-family", svg)
    assert all(each.startswith("f1-") for each in re.findall(r'\bid="([^"]+)"', svg))


@ALL
def test_the_same_picture_gives_the_same_bytes(picture):
    assert draw(picture, "f1") == draw(picture, "f1")


def test_forty_strips_take_less_than_60_kb():
    assert len(draw(levels(40), "f1")) < 60_000


def test_a_picture_of_nothing_can_be_drawn():
    for empty in (
        LevelsPicture((), 0),
        BandsPicture((), 0, "people", "all"),
        GanttPicture((), 0),
        RangesPicture((), "share"),
    ):
        assert draw(empty, "f1").startswith("<svg ")


def test_a_name_is_text_and_not_mathematics_nor_markup():
    name = "$x_1$ <b>&amp; \u505c\u96fb\x00"
    for picture in (
        LevelsPicture((Strip(name, ((0, 0.0),)),), HOUR),
        GanttPicture((Bar(name, "", 0, 0, HOUR),), HOUR),
        RangesPicture((RangeBar(name, 1, 2, 3),), "number"),
    ):
        assert "$x_1$ <b>&amp; \u505c\u96fb\ufffd" in texts(draw(picture, "f1"))


@pytest.mark.parametrize(
    ("courses", "says"),
    [
        (((0, 1.0), (HOUR, 0.0), (3 * HOUR, 1.0)), "down 2 h"),
        (((0, 1.0), (HOUR, 0.5), (3 * HOUR, 1.0)), "degr. 2 h"),
        (((0, 1.0), (HOUR, 0.0)), "not restored"),
        (((0, 1.0),), "kept up"),
    ],
)
def test_a_strip_says_how_it_ended(courses, says):
    assert says in texts(draw(LevelsPicture((Strip("a", courses),), 8 * HOUR), "f1"))


def test_the_height_of_a_strip_is_the_share_that_is_lost():
    svg = draw(LevelsPicture((Strip("a", ((0, 0.75), (HOUR, 0.5), (2 * HOUR, 0.0))),), 3 * HOUR), "f1")
    heights = []
    for path in parsed(svg).iter("path"):
        ys = [float(y) for y in re.findall(r"[ML] ?[\d.-]+ ([\d.-]+)", path.attrib["d"])]
        if "clip-path" in path.attrib and re.search(r"fill:var\(--(medium|critical)\)", path.attrib.get("style", "")):
            heights.append(max(ys) - min(ys))
    assert heights == pytest.approx([heights[2] / 4, heights[2] / 2, heights[2]], abs=0.15)


def test_what_never_ends_says_so_and_points_beyond_the_edge():
    never = GanttPicture((Bar("a", "", 0, HOUR, math.inf), Bar("b", "", 0, math.inf, math.inf)), 2 * HOUR, clock=CLOCK)
    in_time = GanttPicture((Bar("a", "", 0, HOUR, 2 * HOUR), Bar("b", "", 0, HOUR, 2 * HOUR)), 2 * HOUR, clock=CLOCK)
    assert {"never ends", "never begins"} <= set(texts(draw(never, "f1")))
    assert draw(never, "f1").count("<use") == draw(in_time, "f1").count("<use") + 2
    svg = draw(
        RangesPicture((RangeBar("a", math.inf, math.inf, math.inf), RangeBar("b", HOUR, HOUR, math.inf)), "duration"),
        "f1",
    )
    assert {"never", "1 h (1 h to never)"} <= set(texts(svg))


def test_what_is_not_known_says_so():
    nan = math.nan
    assert "not known" in texts(draw(RangesPicture((RangeBar("a", nan, nan, nan),), "duration"), "f1"))


def test_a_critical_step_has_a_mark_before_its_name():
    said = texts(draw(gantt(), "f1"))
    assert "\u25c6 Restore the identity provider" in said
    assert "Start the shop" in said


def test_groups_stand_above_their_bars_and_marks_have_their_words():
    said = texts(draw(gantt(), "f1"))
    assert said.index("Wave 2") < said.index("Wave 3") < said.index("Start the shop")
    assert {"target RTO 4 h", "declared"} <= set(said)


def test_ranges_are_written_in_their_unit():
    def value(unit, number):
        return texts(draw(RangesPicture((RangeBar("a", number, number, number),), unit), "f1"))

    assert "1 h 30 min" in value("duration", 1.5 * HOUR)
    assert "25%" in value("share", 0.25)
    assert "120,000" in value("people", 120_000.0)
    assert "\u221212" in value("number", -12.0)


def test_a_long_name_stands_in_two_lines():
    name = "Restore the directory of accounts from the disk in the safe"
    said = texts(draw(GanttPicture((Bar(name, "", 0, 0, HOUR, is_critical=True),), HOUR), "f1"))
    assert "\u25c6 Restore the directory of accounts" in [each.strip() for each in said]
    assert "from the disk in the safe" in [each.strip() for each in said]


def test_what_decides_has_another_colour_than_what_is_down():
    bars = (Bar("a", "", 0, 0, HOUR, is_critical=True), Bar("b", "", 0, 0, HOUR))
    svg = draw(GanttPicture(bars, HOUR), "f1")
    assert "var(--vital)" in svg
    assert "var(--critical)" not in svg
    assert LIGHT["vital"] != LIGHT["critical"]
