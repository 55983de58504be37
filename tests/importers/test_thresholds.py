"""The rule by which calls become needs, and what the report says that it changed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from impactsim.importers.finished import ImportedSystem
from impactsim.importers.observed import effect as observed_effect
from impactsim.importers.observed.effect import extent
from impactsim.importers.observed.rule import number_of_calls

Imported = Callable[..., ImportedSystem]
Links = list[tuple[str, str, object]]


@pytest.fixture
def links(tmp_path: Path, imported: Imported) -> Callable[..., ImportedSystem]:
    """Import links of caller, callee and count."""

    def of(each: Links, **settings: object) -> ImportedSystem:
        path = tmp_path / "links.json"
        path.write_text(json.dumps([{"parent": a, "child": b, "callCount": n} for a, b, n in each]))
        return imported("jaeger", path, **settings)

    return of


def needs(found: ImportedSystem) -> dict[tuple[str, str], dict[str, Any]]:
    """Return every need by owner and member."""
    listed = ((own, need) for own, each in found.data["components"].items() for need in each.get("needs", ()))
    return {(own, need["component"]): need for own, need in listed}


def hard(found: ImportedSystem) -> set[tuple[str, str]]:
    return {pair for pair, need in needs(found).items() if "impact" not in need}


def soft(found: ImportedSystem) -> dict[tuple[str, str], float]:
    return {pair: need["impact"] for pair, need in needs(found).items() if "impact" in need}


def test_the_share_is_of_the_calls_that_came_in(links):
    found = links([("gate", "booking", 1000), ("booking", "fares", 700), ("booking", "loyalty", 200)])
    assert needs(found)["booking", "fares"]["seen"] == {"calls": 700, "share": 0.7}
    assert soft(found) == {("booking", "loyalty"): 0.2}


def test_where_nothing_comes_in_the_largest_pair_stands_for_the_requests(links):
    found = links([("gate", "booking", 400), ("gate", "timetable", 100)])
    assert hard(found) == {("gate", "booking")}
    assert soft(found) == {("gate", "timetable"): 0.25}


def test_more_calls_than_requests_are_a_share_of_one_and_told(links):
    found = links([("gate", "booking", 100), ("booking", "fares", 700)])
    assert needs(found)["booking", "fares"]["seen"] == {"calls": 700, "share": 1}
    assert any("1 service made more calls of one sort than came in" in remark for remark in found.remarks)


def test_a_need_is_hard_from_the_setting_on_and_left_out_below_the_other(links):
    each: Links = [("gate", "booking", 1000), ("booking", "fares", 300), ("booking", "seats", 299)]
    each += [("booking", "mast", 50), ("booking", "buoy", 49)]
    found = links(each, hard_from=0.3, leave_out_below=0.05)
    assert hard(found) == {("gate", "booking"), ("booking", "fares")}
    assert soft(found) == {("booking", "seats"): 0.299, ("booking", "mast"): 0.05}
    assert found.left_out == {"pairs with calls for less than 5% of what the caller served": 1}


def test_what_is_left_out_leaves_both_services_there(links):
    found = links([("gate", "booking", 1000), ("gate", "buoy", 1)])
    assert ("gate", "buoy") not in needs(found)
    assert set(found.data["components"]) == {"gate", "booking", "buoy"}


def test_few_calls_are_no_reason_to_leave_out_a_hard_need(links):
    """A stocktake that ran three times and called the depot each time needs it; what it called once of three times is thin."""
    each: Links = [("gate", "booking", 1000), ("booking", "fares", 1000), ("booking", "seats", 1000)]
    each += [("stocktake", "depot", 3), ("depot", "scales", 1)]
    found = links(each)
    assert ("stocktake", "depot") in hard(found)
    assert ("depot", "scales") not in needs(found)
    assert found.left_out == {"pairs with fewer than 10 calls that would be soft needs": 1}
    assert any("which leaves 1 caller without any need" in remark for remark in found.remarks)
    assert soft(links(each, fewest_calls=1)) == {("depot", "scales"): 0.3333}


def test_where_most_pairs_have_few_calls_none_is_left_out_for_that(links):
    each: Links = [("gate", "booking", 5), ("gate", "timetable", 2), ("booking", "fares", 5), ("booking", "seats", 1)]
    found = links(each)
    assert soft(found) == {("gate", "timetable"): 0.4, ("booking", "seats"): 0.2}
    assert any("Most pairs have fewer than 10 calls" in remark for remark in found.remarks)


def test_the_report_says_the_rule_and_what_it_did_in_numbers(links):
    found = links([("gate", "booking", 1000), ("booking", "fares", 200), ("booking", "mast", 1)])
    rule, numbers, *_ = found.remarks
    assert "at least 50% of what the caller served" in rule
    assert "share below 1%" in rule
    assert "fewer than 10 calls" in rule
    assert "3 pairs of caller and callee: 1 hard need, 1 soft need, 1 left out" in numbers


def test_the_report_says_how_circle_and_reach_changed(links):
    """a needs b needs c needs a, and d needs a; the way back from c is rare. A failure of b or c takes down all four if every pair
    counts, of c still all four by the hard needs: c, b, a, d."""
    found = links([("a", "b", 1000), ("b", "c", 1000), ("c", "a", 20), ("d", "a", 980)])
    effect = next(remark for remark in found.remarks if "With these hard needs" in remark)
    assert "With these hard needs there is no circle, and one failure takes down up to 4." in effect
    assert (
        "With every pair as a hard need the largest circle has 3 services, and one failure takes down up to 4."
        in effect
    )


def test_a_rare_way_back_breaks_the_circle_and_makes_the_failure_smaller(links):
    found = links([("a", "b", 1000), ("b", "c", 20), ("c", "a", 20), ("x", "a", 980)])
    effect = next(remark for remark in found.remarks if "With these hard needs" in remark)
    # c needs a (20 of 20), x and a need what they call always; b needs c for 2%: c, and with it nothing else, or b, a, c, x.
    assert "With these hard needs there is no circle, and one failure takes down up to 4." in effect
    assert "largest circle has 3 services" in effect


def by_hand(pairs: list[tuple[str, str]]) -> tuple[int, int]:
    """Return the largest circle and reach by walking from everything: what reaches each other is in one circle."""
    names = sorted({name for pair in pairs for name in pair})
    down = {name: {name} for name in names}
    for name in names:
        while more := {owner for owner, member in pairs if member in down[name]} - down[name]:
            down[name] |= more
    circle = max(sum(other in down[name] and name in down[other] for other in names) for name in names)
    return circle, max(map(len, down.values()))


@pytest.mark.parametrize("seed", range(60))
def test_circle_and_reach_are_those_of_walking_from_everything(seed):
    luck = random.Random(seed)
    names = [f"s{n}" for n in range(luck.randrange(2, 14))]
    pairs = [(a, b) for a in names for b in names if a != b and luck.random() < luck.choice([0.05, 0.12, 0.3])]
    pairs = pairs or [(names[0], names[1])]
    circle, reach, is_sure = extent(pairs)
    assert (circle, reach) == by_hand(pairs)
    assert is_sure


def ladder(name: str, rungs: int) -> list[tuple[str, str]]:
    """Return needs of two on each rung, both of whom need both on the rung below, down to one end."""
    pairs = [(f"{name}{rung}{a}", f"{name}{rung - 1}{b}") for rung in range(1, rungs) for a in "lr" for b in "lr"]
    return [*pairs, (f"{name}0l", f"{name}end"), (f"{name}0r", f"{name}end")]


def test_the_search_for_the_worst_failure_ends_and_says_so(monkeypatch):
    """There are 1,024 ways up a ladder of ten rungs: counted by ways, each of these ends could be the worst."""
    ladders = [pair for name in "abcdef" for pair in ladder(name, 10)]
    assert extent(ladders) == (1, 21, True)
    monkeypatch.setattr(observed_effect, "_LOOKS", 50)
    assert extent(ladders) == (1, 21, False)


def test_a_long_chain_is_no_recursion():
    chain = [(f"s{n}", f"s{n + 1}") for n in range(50_000)]
    assert extent(chain) == (1, 50_001, True)
    assert extent([*chain, ("s50000", "s0")]) == (50_001, 50_001, True)


NO_NUMBERS = [True, None, -1, "-1", "NaN", "inf", float("inf"), float("nan"), 10**19, "x", "", [], {}, "9" * 41]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
def test_what_is_no_number_of_calls_is_none(value):
    assert number_of_calls(value) is None


def test_the_real_large_graph_has_no_large_circle_of_hard_needs_left(imported, real_files):
    """1,238 services and 4,271 pairs, with a circle of 356, as counted by a plain reading of the file."""
    found = imported("jaeger", real_files / "jaeger" / "dependencies-large.json")
    assert len(found.system.components) == 1238
    text = " ".join(found.remarks)
    assert "4,271 pairs" in text
    assert "With every pair as a hard need the largest circle has 356 services" in text
    pairs = sorted(hard(found))
    circle, reach, _ = extent(pairs)
    assert circle < 5
    assert reach < 300
    assert f"{len(pairs):,} hard needs, {len(soft(found)):,} soft needs" in text
    assert len(pairs) + len(soft(found)) + sum(found.left_out.values()) == 4271
    assert {need.get("confidence", "observed") for need in needs(found).values()} == {"observed"}


def test_the_real_small_graph_keeps_every_pair(imported, real_files):
    found = imported("jaeger", real_files / "jaeger" / "dependencies-small.json")
    assert len(found.system.components) == 8
    # Service1 is called 30,489 times and calls Service5 8,560 times; everything else is called for each request.
    assert soft(found) == {("Service1", "Service5"): 0.2808}
    assert len(hard(found)) == 6
