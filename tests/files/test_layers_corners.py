"""Corners of S11 that a second reading of its words found: who takes whose place, what is taken away, and where problems stand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from impactsim.files.reading import check_file, load_system
from impactsim.model.system import Need, System
from impactsim.problems import Problem

LOW = "impactsim: 1\nname: Low\ncomponents:\n"
TOP = "impactsim: 1\nname: Top\nlayers: [low.yaml]\ncomponents:\n"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, components: Mapping[str, Any], **words: Any) -> None:
    data = {"impactsim": 1, "name": name, **words, "components": components}
    Path(f"{name}.yaml").write_text(yaml.safe_dump(data, sort_keys=False))


def laid(*layers: Mapping[str, Any], **words: Any) -> System:
    names = [f"layer-{number}" for number in range(len(layers) - 1)]
    for name, components in zip(names, layers, strict=False):
        write(name, components)
    write("top", layers[-1], layers=[f"{name}.yaml" for name in names], **words)
    return load_system("top.yaml").system


def members(needs: tuple[Need, ...]) -> list[tuple[str, ...]]:
    return [need.members() for need in needs]


def text(name: str, body: str) -> None:
    Path(name).write_text(body)


def placed(problems: list[Problem]) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.code) for problem in problems]


def test_needs_of_one_layer_stand_beside_each_other():
    web = laid({"web": {}, "a": {}, "b": {}}, {"web": {"needs": ["a", {"any_of": ["a", "b"]}]}}).components["web"]
    assert members(web.needs) == [("a",), ("a", "b")]


def test_null_takes_all_needs_away():
    assert laid({"web": {"needs": ["db"]}, "db": {}}, {"web": {"needs": None}}).components["web"].needs == ()


def test_null_of_what_no_layer_below_has_is_nothing():
    write("low", {"web": {}, "db": {}})
    write(
        "top",
        {"web": {"restart": "1m"}, "old": None, "new": {"needs": None}},
        layers=["low.yaml"],
        users={"staff": None},
    )
    assert [p for p in check_file("top.yaml") if p.severity == "error"] == []


@pytest.mark.parametrize("names", [("web", "db"), ("db", "web")])
def test_the_order_of_ids_in_a_layer_does_not_matter_to_what_null_takes_away(names):
    below = {"web": {"needs": [{"any_of": ["a", "db"]}]}, "a": {}, "db": {}}
    top = {"web": {"needs": [{"component": "a", "holdover": "5m"}]}, "db": None}
    web = laid(below, {name: top[name] for name in names}).components["web"]
    assert members(web.needs) == [("a",)]


def test_the_needs_of_workarounds_are_needs_too():
    below = {"web": {"workarounds": [{"covers": 0.5, "needs": ["db"]}]}, "db": {}}
    assert laid(below, {"db": None}).components["web"].workarounds[0].needs == ()


def test_a_number_of_a_crew_is_short_for_a_mapping():
    write("low", {"web": {}}, crews={"field": 4})
    write("top", {}, layers=["low.yaml"], crews={"field": {"operator": "Telco"}})
    field = load_system("top.yaml").system.crews["field"]
    assert (field.members, field.operator) == (4, "Telco")


def test_an_import_above_people_is_a_later_layer_as_any():
    above = {"web": {"origin": "i: web", "needs": [{"any_of": ["db", "c"], "origin": "i: n"}]}}
    assert members(laid({"web": {"needs": ["db"]}, "db": {}, "c": {}}, above).components["web"].needs) == [("db", "c")]


def test_a_less_sure_import_above_people_is_a_later_layer_as_any():
    above = {"web": {"origin": "i: web", "confidence": "observed", "needs": [{"component": "db", "origin": "i: n"}]}}
    (need,) = laid({"web": {"needs": [{"component": "db", "holdover": "5m"}]}, "db": {}}, above).components["web"].needs
    assert need.holdover is None


def test_who_writes_a_need_on_itself_is_told_whatever_aliases_there_are():
    write("low", {"web": {"needs": ["web"]}, "a": {}, "b": {}})
    write("top", {"a": {"aliases": ["b"]}}, layers=["low.yaml"])
    assert [p.code for p in check_file("top.yaml")] == ["needs-itself"]


def test_null_of_a_less_sure_import_says_nothing():
    sure = {"web": {"origin": "a: web", "confidence": "declared"}}
    null = {"web": {"origin": "b: web", "confidence": "guessed", "targets": None}}
    says = {"web": {"origin": "c: web", "confidence": "guessed", "targets": {"rto": "1h"}}}
    assert laid(sure, null, says).components["web"].targets.rto == 3_600_000


def test_a_less_sure_import_takes_away_no_need_of_a_surer_one():
    below = {
        "web": {
            "origin": "a: w",
            "needs": [
                {"component": "db", "holdover": "5m", "origin": "a: 1"},
                {"component": "db", "impact": 0.03, "origin": "a: 2"},
            ],
        },
        "db": {},
    }
    above = {"web": {"origin": "b: w", "confidence": "guessed", "needs": [{"component": "db", "origin": "b: 1"}]}}
    assert [n.impact for n in laid(below, above).components["web"].needs] == [1.0, 0.03]


def test_a_group_of_a_standby_under_two_names_has_it_once():
    below = {"web": {"needs": [{"any_of": ["a", {"use": "b", "lasts": "1h"}, "c"]}]}, "a": {}, "b": {}, "c": {}}
    assert members(laid(below, {"a": {"aliases": ["b"]}}).components["web"].needs) == [("a", "c")]


def test_two_owners_that_are_one_share_an_alias():
    assert set(
        laid({"a": {"aliases": ["c"]}, "b": {"aliases": ["c"]}, "c": {}}, {"a": {"aliases": ["b"]}}).components
    ) == {"a"}


def test_a_site_that_is_denied_is_no_site():
    assert (
        laid({"web": {"at": "room"}, "room": {"kind": "site"}}, {"web": {"does_not_need": ["room"]}})
        .components["web"]
        .at
        is None
    )


def test_two_of_one_layer_become_one():
    text("low.yaml", LOW + "  web: {name: Web}\n  web2:\n    restart: 77 blinks\n")
    text("top.yaml", TOP + "  web: {aliases: [web2]}\n")
    assert placed(check_file("top.yaml")) == [("low.yaml", 6, "duration-form")]


def test_two_of_one_layer_become_one_third():
    text("low.yaml", LOW + "  w1: {name: Web}\n  w2:\n    restart: 77 blinks\n")
    text("top.yaml", TOP + "  web: {aliases: [w1, w2]}\n")
    assert placed(check_file("top.yaml")) == [("low.yaml", 6, "duration-form")]


def test_a_less_sure_import_above_is_not_blamed():
    text("low.yaml", LOW + "  web: {origin: 'a: web', restart: 77 blinks}\n")
    text("top.yaml", TOP + "  web: {origin: 'b: web', confidence: observed, restart: 1m}\n")
    assert placed(check_file("top.yaml")) == [("low.yaml", 4, "duration-form")]


def test_a_member_of_a_group_from_which_others_went():
    text("low.yaml", LOW + "  web:\n    needs:\n    - all_of:\n      - a\n      - gone\n  a: {}\n")
    text("top.yaml", TOP + "  web: {does_not_need: [a]}\n")
    assert placed(check_file("top.yaml")) == [("low.yaml", 8, "unknown-component")]
