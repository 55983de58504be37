from __future__ import annotations

import json
from pathlib import Path

import pytest

from impactsim.cli.main import main

GOLDEN = Path(__file__).parents[1] / "golden"
BAKERY, GENERATOR, ARCHIVE = (str(GOLDEN / f"{name}.yaml") for name in ("bakery", "bakery-generator", "archive"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", BAKERY],
        ["run", BAKERY, "--trials", "20", "--workers", "1"],
        ["compare", BAKERY, GENERATOR],
        ["compare", BAKERY, GENERATOR, "--trials", "20", "--workers", "1"],
        ["rank", BAKERY, "--workers", "1"],
        ["audit", BAKERY],
    ],
)
def test_both_reports_are_written_named_and_say_how(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, wiki = tmp_path / "a b.html", tmp_path / "report.md"
    assert main([*arguments, "--html", str(page), "--markdown", str(wiki)]) == 0
    assert capsys.readouterr().out.endswith(f"\nwritten: {page}\nwritten: {wiki}\n")
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert wiki.read_text().startswith("# ")
    assert f"impactsim {arguments[0]}" in wiki.read_text()
    assert f"--html '{page}'" in wiki.read_text()


def test_json_stays_json_beside_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", BAKERY, "--json", "--html", str(tmp_path / "a.html")]) == 0
    json.loads(capsys.readouterr().out)
    assert (tmp_path / "a.html").exists()


def test_a_report_that_was_there_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("old")
    assert main(["run", BAKERY, "--html", str(page)]) == 0
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert [each.name for each in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["run", BAKERY, "--html", "scenario.yaml"], "does not end in .html or .htm"),
        (["audit", BAKERY, "--markdown", "a.html"], "does not end in .md or .markdown"),
        (["rank", BAKERY, "--html", "/no/such/folder/a.html"], "there is no folder '/no/such/folder'"),
        (["run", BAKERY, ARCHIVE, "--html", "a.html"], "name only one"),
    ],
)
def test_wrong_use_ends_with_2_before_anything_is_run(
    arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert fault in " ".join(printed.err.split())
    assert not printed.out
