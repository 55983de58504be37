"""The documents say what is so: their files have no errors, their commands print what they show, their Python runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

import impactsim
from docs.examples import DOCUMENTS, PICTURE, ROOT, SCENARIO, Block, blocks, execute, is_same, lay_out, run_python
from impactsim.files.reading import check_file

ALL = [block for document in DOCUMENTS for block in blocks(document)]


def of_language(language: str) -> list[Block]:
    return [block for block in ALL if block.language == language]


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    block = request.getfixturevalue("block") if "block" in request.fixturenames else None
    lay_out(block.document if block else request.getfixturevalue("document"), tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize("block", [each for each in ALL if each.is_whole and not each.is_wrong], ids=str)
def test_a_file_in_a_document_has_no_errors(block, folder):
    assert block.file_name, "its first line must be a comment with its name"
    assert [str(each) for each in check_file(folder / block.file_name) if each.severity == "error"] == []


@pytest.mark.parametrize("block", [each for each in ALL if each.is_wrong], ids=str)
def test_a_file_that_is_wrong_on_purpose_has_problems(block, folder):
    assert check_file(folder / block.file_name)


def test_a_part_of_a_file_is_yaml():
    for block in of_language("yaml"):
        assert block.is_whole or yaml.safe_load(block.text) is not None, str(block)


@pytest.mark.parametrize("block", of_language("console"), ids=str)
def test_a_command_prints_what_the_document_shows(block, folder):
    assert folder.exists()
    for command, expected in block.commands():
        printed = execute(command)
        if not is_same(expected, printed):
            assert printed == expected, f"{block}: {command} (python tests/docs/refresh.py writes what it prints now)"


@pytest.mark.parametrize(
    "document", sorted({block.document for block in of_language("python")}), ids=lambda path: path.name
)
def test_the_python_of_a_document_runs(document, folder):
    assert folder.exists()
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(document):
        if block.language == "python":
            run_python(block, names)


def test_every_block_has_a_language():
    assert [str(block) for block in of_language("")] == []


def test_every_file_in_a_document_is_looked_at():
    assert len([block for block in ALL if block.is_whole]) >= 10


def test_the_picture_of_the_readme_is_that_of_its_scenario():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"({PICTURE.relative_to(ROOT)})" in readme
    assert f"impactsim run {SCENARIO.relative_to(ROOT)}" in readme
    headline = str(impactsim.run(SCENARIO)).splitlines()[0]
    assert headline in PICTURE.read_text(encoding="utf-8")


LINK = re.compile(r"\[[^\]]+\]\((?!https?:)(?P<target>[^)#\s]+)")


@pytest.mark.parametrize(
    "document",
    sorted({*DOCUMENTS, ROOT / "CHANGELOG.md", *(ROOT / "scenarios").rglob("*.md")}),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_what_a_document_links_to_is_there(document):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    missing = [match["target"] for match in LINK.finditer(text) if not (document.parent / match["target"]).exists()]
    assert missing == []
