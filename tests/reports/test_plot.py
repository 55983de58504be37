from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from impactsim.engine.users import Range
from impactsim.reports.facts import Facts, Reserve
from impactsim.reports.plot import draw
from impactsim.reports.ticks import ticks_of
from reports.facts_by_hand import DAY, HOUR, MINUTE, affected, component, facts


def run(n_services: int) -> Facts:
    services = [
        component(f"s{i}", (HOUR, 0.0), ((2 + i % 5) * HOUR + i, 0.4), (9 * HOUR, 1.0)) for i in range(n_services)
    ]
    reserve = Reserve(HOUR, 2 * HOUR, "holdover", ("grid",), (), 2 * HOUR, 0, "run")
    users = replace(affected(10.0, 20.0, 30.0), curve=[(0, Range(0, 0, 0)), (HOUR, Range(10, 20, 30))])
    kept = component("kept", reserve=(reserve,), name="costs $5 and $6")
    return facts(*services, kept, users=users, has_users=True)


def words(path: Path) -> list[str]:
    return ["".join(each.itertext()).strip() for each in ET.parse(path).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - our own file


def test_an_svg_has_its_words_as_text(tmp_path: Path) -> None:
    assert draw(run(3), tmp_path / "a.svg")
    text = words(tmp_path / "a.svg")
    assert {"s0", "s1", "s2", "costs $5 and $6", "down", "40%", "Services", "Other components", "kept up"} <= set(text)
    assert any(each.startswith("Scenario: 3 of 4 services down") for each in text)
    assert any(each.startswith("users affected: about 20 (10 to 30)") for each in text)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg", "a.png", "b.png"):
        draw(run(3), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert b"<dc:date>" not in (tmp_path / "a.svg").read_bytes()


def test_components_that_fared_alike_share_a_strip_and_the_rest_is_counted(tmp_path: Path) -> None:
    alike = facts(*(component(f"web-{i}", (HOUR, 0.0)) for i in range(9)))
    draw(alike, tmp_path / "alike.svg")
    assert "web-0, web-1, web-2, web-3 and 5 more" in words(tmp_path / "alike.svg")
    draw(run(60), tmp_path / "many.svg")
    assert "and 36 more" in words(tmp_path / "many.svg")


@pytest.mark.parametrize("name", ["a.png", "a.svg"])
def test_a_run_in_which_nothing_happens_can_be_drawn(tmp_path: Path, name: str) -> None:
    draw(facts(component("shop"), end_ms=0), tmp_path / name)
    assert (tmp_path / name).stat().st_size > 1000


def test_letters_that_no_font_has_are_reported_and_do_not_stop_it(tmp_path: Path) -> None:
    odd = facts(component("shop", (HOUR, 0.0), name="\U000133aa"))  # a hieroglyph
    assert not draw(odd, tmp_path / "a.png")
    assert draw(odd, tmp_path / "a.svg")
    assert "\U000133aa" in words(tmp_path / "a.svg")


def test_a_picture_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        draw(run(1), tmp_path / "no" / "a.svg")
    assert caught.value.filename == str(tmp_path / "no" / "a.svg")


def test_marks_stand_on_round_times_since_the_start() -> None:
    places, text, title = ticks_of(None, 8 * HOUR)
    assert places == [i * HOUR for i in range(9)]
    assert text[:3] == ["0", "1 h", "2 h"]
    assert title == "time since the start"


def test_marks_stand_on_round_times_of_the_clock() -> None:
    places, text, title = ticks_of(datetime.fromisoformat("2026-03-02T22:20+05:30"), 3 * HOUR)
    assert places == [10 * MINUTE + i * 30 * MINUTE for i in range(6)]
    assert text == ["22:30\n2 Mar", "23:00", "23:30", "00:00\n3 Mar", "00:30", "01:00"]
    assert title == "clock time, UTC+05:30"


@pytest.mark.parametrize("end_ms", [1_000, 90_000, HOUR, 7 * HOUR, 3 * DAY, 40 * DAY, 3000 * DAY, 300_000 * DAY])
def test_there_are_some_marks_and_not_too_many(end_ms: int) -> None:
    for starts in (None, datetime.fromisoformat("2026-03-02T22:20+01:00")):
        places, text, _ = ticks_of(starts, end_ms)
        assert 1 <= len(places) <= 12
        assert len(places) == len(text)
        assert all(0 <= place <= end_ms for place in places)
