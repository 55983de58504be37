from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from impactsim.cli.main import main
from impactsim.files.reading import load_plan, load_scenario, load_system
from impactsim.files.schema import schema_of


def test_the_example_is_written_and_has_nothing_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a" / "b"
    assert main(["new", str(folder)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == ["plan.yaml", "scenario.yaml", "system.yaml"]
    assert f"impactsim run {folder / 'scenario.yaml'}" in capsys.readouterr().out
    loaded = load_scenario(folder / "scenario.yaml")
    assert loaded.problems == ()
    plan = load_plan(folder / "plan.yaml")
    assert plan.problems == ()
    Draft202012Validator(schema_of("plan")).validate(plan.data)
    Draft202012Validator(schema_of("scenario")).validate(loaded.data)
    Draft202012Validator(schema_of("system")).validate(load_system(folder / "system.yaml").data)


def test_the_change_in_the_comment_is_one(tmp_path: Path) -> None:
    main(["new", str(tmp_path)])
    scenario = tmp_path / "scenario.yaml"
    text = scenario.read_text()
    changed = text.replace("# changes:", "changes:").replace("#   ", "  ")
    assert changed != text
    scenario.write_text(changed)
    restore = load_scenario(scenario).system.components["grid"].time_to_restore
    assert restore is not None
    assert restore.median() == 6 * 3_600_000


@pytest.mark.parametrize("taken", ["system.yaml", "scenario.yaml", "plan.yaml"])
def test_nothing_that_was_there_is_lost(taken: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / taken).write_text("mine")
    assert main(["new", str(tmp_path)]) == 1
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {taken: "mine"}
    assert taken in capsys.readouterr().err


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "system.yaml").symlink_to(tmp_path / "elsewhere")
    assert main(["new", str(tmp_path)]) == 1
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    assert main(["new", str(tmp_path / "file")]) == 1
    assert (tmp_path / "file").read_text() == "mine"
    assert capsys.readouterr().err.startswith("impactsim: ")


def test_the_plan_of_the_example_can_be_reviewed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", str(tmp_path)])
    assert main(["review", str(tmp_path / "plan.yaml"), "--as-of", "2026-03-01", "--trials", "20", "--all"]) == 0
    text = capsys.readouterr().out
    # One technician, two steps: the generator's waits, and the change that trains a second one closes that.
    assert "DR09/role/technician" in text
