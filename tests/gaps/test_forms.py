"""What is printed and written of what is missing, and the layer to fill in."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import impactsim
from gaps.systems import NEVER, fails, found_in
from impactsim.cli.gaps import KINDS as OFFERED
from impactsim.cli.main import main
from impactsim.files.reading import load_system
from impactsim.gaps.fill_in import component_lines, flow
from impactsim.gaps.words import KINDS
from impactsim.model.system import System
from impactsim.reports.gaps.text import gaps_text
from impactsim.reports.page import Screen

HERE = Path(__file__).parent
CMDB = HERE.parent / "golden" / "cmdb.yaml"
SCENARIOS = HERE.parents[1] / "scenarios"
SHOP = SCENARIOS / "teaching-shop" / "system.yaml"


def output(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main([str(each) for each in arguments]) == 0
    return capsys.readouterr().out


def test_the_command_offers_the_kinds_that_there_are() -> None:
    assert tuple(KINDS) == OFFERED


def test_every_kind_is_described() -> None:
    text = (HERE.parents[1] / "impactsim" / "docs" / "gaps.md").read_text(encoding="utf-8")
    assert [name for name in KINDS if f"| `{name}` |" not in text] == []


def test_the_example_lacks_something_of_every_kind() -> None:
    found = impactsim.find_gaps(CMDB)
    assert {gap.kind for gap in found.facts.gaps} == set(KINDS)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCENARIOS.glob("*/system.yaml")))
def test_every_shipped_system_can_be_asked(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = SCENARIOS / name / "system.yaml"
    text = output(capsys, "gaps", file).splitlines()
    assert len(text) <= 50
    assert max(map(len, text)) <= 100
    assert max(map(len, output(capsys, "gaps", file, "--all").splitlines())) <= 100
    found = json.loads(output(capsys, "gaps", file, "--json"))
    values = [gap["value"] for gap in found["gaps"]]
    assert values == sorted(values, reverse=True)
    assert len({gap["id"] for gap in found["gaps"]}) == len(values)
    for gap in found["gaps"]:
        assert gap["evidence"], gap["id"]
        assert not gap["text"].endswith("."), gap["id"]
        assert not gap["ask"].endswith("?"), gap["id"]
        assert gap["value"] == pytest.approx(sum(part["value"] for part in gap["parts"]))


def test_where_nothing_is_missing_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(
        "{impactsim: 1, name: Stall, components: {stall: {users: 5, fails: {per_year: 1}, time_to_restore: 1h}}}"
    )
    assert output(capsys, "gaps", file) == "Stall: nothing is missing that would change the answer\n"
    assert json.loads(output(capsys, "gaps", file, "--json"))["gaps"] == []


def test_a_wrong_file_ends_with_1_and_missing_facts_do_not(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("{impactsim: 1, name: x, components: {a: {needs: [b]}}}")
    assert main(["gaps", str(file)]) == 1
    assert main(["gaps", str(CMDB)]) == 0


def test_an_unknown_kind_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps", str(CMDB), "--kind", "no-idea"]) == 2
    assert "no-idea" in capsys.readouterr().err
    with pytest.raises(ValueError, match="must be of no-restore-time"):
        impactsim.find_gaps(CMDB, ["no-idea"])


def test_only_the_kinds_asked_for_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(output(capsys, "gaps", CMDB, "--kind", "single-feed", "--kind", "no-users", "--json"))
    assert [gap["kind"] for gap in found["gaps"]] == ["no-users", "single-feed"]


def test_top_lists_so_many(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "gaps", CMDB, "--top", "2")
    assert re.findall(r"^ +(\d+)  ", text, re.MULTILINE) == ["1", "2"]
    assert "and 10 more (--all)" in text


def test_all_tells_each_part(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "gaps", SHOP, "--all")
    assert "nobody says how long it takes to restore 2 providers of Nimbus" in text
    assert "nobody says how long it takes to restore cdn-a" in text
    assert "nobody says how long it takes to restore cdn-a" not in output(capsys, "gaps", SHOP)


def test_tables_hold_each_gap_and_each_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(output(capsys, "gaps", SHOP, "--csv", tmp_path, "--json"))
    with (tmp_path / "gaps.csv").open(encoding="utf-8") as file:
        gaps = list(csv.DictReader(file))
    with (tmp_path / "parts.csv").open(encoding="utf-8") as file:
        parts = list(csv.DictReader(file))
    assert [each["id"] for each in gaps] == [gap["id"] for gap in found["gaps"]]
    assert [each["component"] for each in parts] == [
        part["component"] for gap in found["gaps"] for part in gap["parts"]
    ]
    assert float(gaps[0]["value"]) == pytest.approx(found["gaps"][0]["value"])


def test_names_from_a_file_cannot_command_a_terminal() -> None:
    components = {"shop": {"needs": ["web"], **NEVER}, "web": {"kind": "host", "operator": "a\x1b[2Jb\nc"}}
    text = "\n".join(gaps_text(found_in(components), Screen(n_lines=None)))
    assert "\x1b" not in text
    assert "b c" in text


# The layer to fill in.


def layered(tmp_path: Path, layer: str) -> System:
    top = tmp_path / "top.yaml"
    top.write_text(layer, encoding="utf-8")
    return load_system(str(top)).system


@pytest.mark.parametrize("file", [CMDB, *sorted(SCENARIOS.glob("*/system.yaml"))], ids=lambda path: path.parent.name)
def test_a_layer_that_nobody_has_filled_in_changes_nothing(file: Path, tmp_path: Path) -> None:
    layer = impactsim.find_gaps(file).to_yaml(is_whole=True)
    assert "components:" in layer
    system, before = layered(tmp_path, layer), load_system(str(file)).system
    assert system.components == before.components
    assert system.common_causes == before.common_causes


def test_every_line_of_a_layer_can_be_chosen(tmp_path: Path) -> None:
    lines = impactsim.find_gaps(CMDB).to_yaml().splitlines()
    chosen = [place for place, line in enumerate(lines) if re.match(r" +# ", line)]
    assert len(chosen) > 10
    for place in chosen:
        one = [*lines[:place], lines[place].replace("# ", "", 1).replace("WHAT", "quay"), *lines[place + 1 :]]
        layered(tmp_path, "\n".join(one) + "\n")


def test_what_is_filled_in_is_missing_no_more(tmp_path: Path) -> None:
    layer = impactsim.find_gaps(CMDB).to_yaml()
    for empty, filled in (
        ("    time_to_restore:", "    time_to_restore: 2h"),
        ("      # {component: prices, confidence: declared},", "      {component: prices, confidence: declared},"),
        ("    # does_not_need: [ledger, mail, prices]", "    does_not_need: [ledger]"),
        ("    users:", "    users: 30"),
        ("    # kind: service", "    kind: provider"),
        ("    operator:", "    operator: Marlow"),
    ):
        assert empty in layer
        layer = layer.replace(empty, filled)
    system = layered(tmp_path, layer)
    assert system.components["ext-7"].kind == "provider"
    left = {gap.id: gap.kind for gap in impactsim.find_gaps(tmp_path / "top.yaml").facts.gaps}
    gone = {"seen-not-declared", "declared-never-seen", "unknown-operator", "unknown-kind"}
    assert not gone & set(left.values())
    # What nothing needs any more is a service that nobody is said to use; a provider is asked how long it takes.
    assert [name for name, kind in left.items() if kind == "no-users"] == ["no-users/ledger"]
    assert [name for name, kind in left.items() if kind == "no-restore-time"] == ["no-restore-time/ext-7"]
    assert {"no-backup-age", "single-feed", "no-rate"} <= set(left.values())


def test_each_component_stands_in_a_layer_once() -> None:
    written = yaml.safe_load("\n".join(component_lines(impactsim.find_gaps(SHOP).facts.gaps)))
    keys = re.findall(r"^  (\S+):", "\n".join(component_lines(impactsim.find_gaps(SHOP).facts.gaps)), re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(written["components"])


def test_a_need_keeps_its_words_when_it_is_confirmed() -> None:
    group = {
        "any_of": ["a", {"use": "b", "failover": "2m", "lasts": "8h"}],
        "holdover": "10m",
        "confidence": "observed",
    }
    components = {
        "shop": {"needs": [group], **NEVER},
        "a": fails(1, 1),
        "b": fails(1, 1),
        "both": fails(1, 1, kind="site"),
    }
    components["a"]["at"] = components["b"]["at"] = "both"
    (gap,) = [gap for gap in found_in(components).gaps if gap.kind == "seen-not-declared"]
    line = gap.parts[0].lines[0]
    assert yaml.safe_load(line.value) == {**group, "confidence": "declared"}


def answered(tmp_path: Path, components: dict[str, Any], *chosen: str) -> list[str]:
    """Return what is asked again once lines of the layer have been chosen as they are offered."""
    base = {"impactsim": 1, "name": "x", "components": components, "users": {"all": {"count": 9, "uses": ["shop"]}}}
    below = tmp_path / "below.yaml"
    below.write_text(json.dumps(base), encoding="utf-8")
    layer = impactsim.find_gaps(below).to_yaml(is_whole=True)
    for each in chosen:
        assert layer.count(f"# {each}") == 1, layer
        layer = layer.replace(f"# {each}", each)
    layered(tmp_path, layer.replace("WHAT", "spare"))
    return [gap.id for gap in impactsim.find_gaps(tmp_path / "top.yaml").facts.gaps]


@pytest.mark.parametrize("origin", [{}, {"origin": "map.csv: row 1"}])
@pytest.mark.parametrize(
    ("need", "kind", "chosen"),
    [
        ({"component": "a", "confidence": "guessed"}, "guessed", "{component: a, confidence: declared},"),
        ({"component": "a", "confidence": "guessed"}, "guessed", "{component: a, impact: 20%, confidence: declared},"),
        ({"component": "a", "confidence": "guessed"}, "guessed", "does_not_need: [a]"),
        ({"any_of": ["a", "b"], "confidence": "guessed"}, "guessed", "{any_of: [a, b], confidence: declared},"),
        ({"component": "a", "confidence": "observed"}, "seen-not-declared", "{component: a, confidence: declared},"),
        (
            {"at_least": 1, "of": ["a", "b"], "confidence": "guessed"},
            "replicas-needed",
            "{at_least: 1, of: [a, b], confidence: declared},",
        ),
    ],
)
@pytest.mark.parametrize("of_component", ["declared", "guessed"])
def test_a_need_that_was_answered_is_not_asked_about_again(
    tmp_path: Path, need: dict[str, Any], kind: str, chosen: str, origin: dict[str, Any], of_component: str
) -> None:
    tools = {name: fails(1, 1, kind="tool") for name in ("a", "b", "spare")}
    shop = {"needs": [{**need, **origin}], "confidence": of_component, **NEVER}
    assert f"{kind}/shop" in answered(tmp_path, {"shop": shop, **tools})
    assert f"{kind}/shop" not in answered(tmp_path, {"shop": shop, **tools}, chosen)


@pytest.mark.parametrize("chosen", ["{component: feed,", "{any_of: [feed, WHAT],"])
@pytest.mark.parametrize("need", ["feed", {"component": "feed", "origin": "map.csv: row 1"}])
def test_a_single_feed_that_was_confirmed_is_not_asked_about_again(tmp_path: Path, need: Any, chosen: str) -> None:
    components = {
        "shop": {"needs": ["web"], **NEVER},
        "web": {"kind": "host", "needs": [need], **NEVER},
        "feed": fails(1, 1, kind="power"),
        "spare": fails(1, 1, kind="power"),
    }
    assert answered(tmp_path, components) == ["single-feed/web"]
    assert answered(tmp_path, components, chosen) == []


def test_a_guessed_component_that_was_confirmed_is_not_asked_about_again_with_its_site(tmp_path: Path) -> None:
    components = {
        "shop": {"needs": ["web"], **NEVER},
        "web": {"kind": "host", "at": "room", "confidence": "guessed", **fails(1, 1)},
        "room": fails(1, 1, kind="site"),
    }
    assert len(answered(tmp_path, components)) == 1  # web and its site are one question to who runs the room
    assert answered(tmp_path, components, "confidence: declared") == []


@pytest.mark.parametrize("name", ["no", "12", "1e3", "a-b", "caf\u00e9", "null", "2026-01-01"])
def test_ids_are_written_so_that_they_stay_text(name: str) -> None:
    assert yaml.safe_load(flow({name: [name]})) == {name: [name]}


def test_the_name_of_a_system_cannot_break_out_of_a_comment() -> None:
    found = impactsim.find_gaps(
        {"impactsim": 1, "name": "x\ncomponents: {evil: {}}", "components": {"a": {"users": 1}}}
    )
    data = yaml.safe_load(found.to_yaml())
    assert list(data["components"]) == ["a"]
