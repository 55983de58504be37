"""An import that is done again: nothing that somebody typed is lost, ids stay, and what is different is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from impactsim.cli.main import main
from impactsim.files.reading import check_file

BEFORE = [("shop", "orders", 900), ("shop", "old-cache", 900), ("orders", "db", 900)]
AFTER = [("shop", "orders", 900), ("orders", "db", 900), ("orders", "payments", 900)]
OURS = """\
impactsim: 1
name: Ours
components:
  old-cache:
    restart: 5m
  shop:
    needs:
    - {any_of: [old-cache, orders]}
"""
ESTATE = "impactsim: 1\nname: Estate\nlayers: [imported.yaml, ours.yaml]\ncomponents: {}\n"


@pytest.fixture(autouse=True)
def _estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    calls("monday.json", BEFORE)
    calls("tuesday.json", AFTER)
    Path("ours.yaml").write_text(OURS)
    Path("estate.yaml").write_text(ESTATE)
    assert main(["import", "jaeger", "monday.json", "--out", "imported.yaml"]) == 0


def calls(name: str, edges: list[tuple[str, str, int]]) -> None:
    data = [{"parent": parent, "child": child, "callCount": n} for parent, child, n in edges]
    Path(name).write_text(json.dumps(data))


def again(*files: str, out: str = "imported.yaml") -> int:
    return main(["import", "jaeger", *files, "--out", out, "--update"])


def test_what_came_and_went_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert again("tuesday.json") == 0
    said = capsys.readouterr().out
    assert said.startswith("updated imported.yaml: 4 components, 3 needs\n")
    assert "  came: 1: payments\n  went: 1: old-cache\n" in said
    assert "  needs that came: 1: orders -> payments\n  needs that went: 1: shop -> old-cache\n" in said


def test_what_we_added_to_things_that_are_gone_is_told_by_file_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    again("tuesday.json")
    hanging = [line.partition(": warning: ")[::2] for line in capsys.readouterr().err.splitlines()]
    assert [place for place, _ in hanging] == ["ours.yaml:4", "ours.yaml:8"]
    assert hanging[0][1].startswith("components.old-cache: what this adds to 'old-cache' hangs in the air")
    assert hanging[1][1].startswith("components.shop.needs[0]: 'old-cache' is no longer in the import")


def test_our_own_layer_is_left_as_it_is() -> None:
    again("tuesday.json")
    assert Path("ours.yaml").read_text() == OURS
    assert Path("estate.yaml").read_text() == ESTATE


def test_the_same_files_give_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("imported.yaml").read_bytes()
    capsys.readouterr()
    assert again("monday.json") == 0
    assert Path("imported.yaml").read_bytes() == before
    assert "  nothing is different\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "edit",
    [lambda text: text + "  mine: {}\n", lambda text: "# mine\n" + text, lambda text: text.replace("900", "901")],
    ids=["a component", "a comment", "a number"],
)
def test_a_file_that_somebody_edited_is_not_written_over(edit, capsys: pytest.CaptureFixture[str]) -> None:
    edited = edit(Path("imported.yaml").read_text())
    Path("imported.yaml").write_text(edited)
    assert again("tuesday.json") == 1
    assert "[edited]" in capsys.readouterr().err
    assert Path("imported.yaml").read_text() == edited


def test_a_file_of_a_person_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert again("tuesday.json", out="ours.yaml") == 1
    assert "[not-imported]" in capsys.readouterr().err
    assert Path("ours.yaml").read_text() == OURS


def test_another_format_has_a_layer_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "zipkin", "tuesday.json", "--out", "imported.yaml", "--update"]) == 1
    assert "[other-format]" in capsys.readouterr().err


def test_without_update_nothing_is_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("imported.yaml").read_bytes()
    assert main(["import", "jaeger", "tuesday.json", "--out", "imported.yaml"]) == 1
    assert "already there; nothing has been written" in capsys.readouterr().err
    assert Path("imported.yaml").read_bytes() == before


def test_a_file_that_cannot_be_read_leaves_the_layer_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("imported.yaml").read_bytes()
    Path("broken.json").write_text("[{")
    assert again("broken.json") == 1
    assert "[json-syntax]" in capsys.readouterr().err
    assert Path("imported.yaml").read_bytes() == before


def test_settings_of_the_first_import_hold_for_the_next() -> None:
    calls("busy.json", [("a", "b", 1000), ("a", "c", 300)])
    assert main(["import", "jaeger", "busy.json", "--hard-from", "20%", "--out", "busy.yaml"]) == 0
    first = Path("busy.yaml").read_text()
    assert "hard_from: 0.2" in first
    assert again("busy.json", out="busy.yaml") == 0
    assert Path("busy.yaml").read_text() == first


def test_a_record_keeps_its_id_when_another_comes_to_wish_the_same() -> None:
    # Both names become the id "web-shop"; the one that was first has it, and keeps it.
    calls("one.json", [("web shop", "db", 900)])
    calls("two.json", [("web/shop", "db", 900), ("web shop", "db", 900)])
    assert main(["import", "jaeger", "one.json", "--out", "names.yaml"]) == 0
    assert again("two.json", out="names.yaml") == 0
    components = yaml.safe_load(Path("names.yaml").read_text())["components"]
    assert components["web-shop"]["origin"] == "two.json: web shop"
    assert len(components) == 3


def test_the_estate_without_what_hangs_in_the_air_holds() -> None:
    assert check_file("estate.yaml") == []


def test_an_alias_for_something_that_is_gone_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("ours.yaml").write_text("impactsim: 1\nname: Ours\ncomponents:\n  cache: {aliases: [old-cache]}\n")
    capsys.readouterr()
    again("tuesday.json")
    assert "ours.yaml:4: warning: components.cache.aliases[0]: 'old-cache' is no longer in the import" in (
        capsys.readouterr().err
    )


def test_the_file_keeps_what_the_import_said_of_itself() -> None:
    assert Path("imported.yaml").read_text().startswith("# Calls for at least 50%")
