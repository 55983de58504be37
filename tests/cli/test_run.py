from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from impactsim.cli.main import main

GOLDEN = Path(__file__).parents[1] / "golden"
BAKERY, ARCHIVE = str(GOLDEN / "bakery.yaml"), str(GOLDEN / "archive.yaml")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Run a command with a terminal as its output, and return all that it wrote there."""
    pty = pytest.importorskip("pty", reason="no terminals of this kind here")
    master, slave = pty.openpty()
    program = [sys.executable, "-c", "import sys; from impactsim.cli.main import main; sys.exit(main())", *arguments]
    full = {**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment}
    with subprocess.Popen(program, stdout=slave, stderr=slave, stdin=slave, env=full) as process:  # noqa: S603 - our own program
        os.close(slave)
        written = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # Linux says so when the last writer is gone
                break
            if not piece:
                break
            written += piece
    os.close(master)
    assert process.returncode == 0
    return written.decode().replace("\r\n", "\n")


def test_colour_appears_on_terminals_only(capsys: pytest.CaptureFixture[str]) -> None:
    painted = on_a_terminal("run", BAKERY, COLUMNS="100", LINES="52")
    assert "\x1b[31m" in painted
    assert main(["run", BAKERY]) == 0
    plain = capsys.readouterr().out
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_can_be_refused(variable: dict[str, str]) -> None:
    assert "\x1b" not in on_a_terminal("run", BAKERY, **variable)


def test_the_terminal_says_how_wide_and_high_it_is() -> None:
    written = on_a_terminal("run", BAKERY, COLUMNS="80", LINES="32", NO_COLOR="1").splitlines()
    assert max(map(len, written)) <= 80
    assert len(written) <= 32


def test_signs_are_ascii_where_the_output_knows_nothing_else() -> None:
    written = on_a_terminal("run", BAKERY, PYTHONIOENCODING="ascii", NO_COLOR="1")
    assert written.isascii()
    assert "x down    Shop" in written


def test_json_is_one_object_a_line_in_the_order_of_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--json", ARCHIVE, BAKERY]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["scenario"] for line in lines] == ["Flood", "Power cut at the bakery"]


def test_several_scenarios_are_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", ARCHIVE, BAKERY]) == 0
    assert capsys.readouterr().out.count("=" * 80) == 1


def test_why_of_a_mistyped_name_says_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", BAKERY, "--why", "shpo"]) == 2
    assert "no component is called 'shpo'; did you mean shop?" in capsys.readouterr().err


def test_why_takes_any_component_by_name_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", BAKERY, "--why", "back room"]) == 0
    assert capsys.readouterr().out.startswith("Back room (room, site) in Power cut at the bakery\n")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["run"], "Missing argument 'SCENARIO...'"),
        (["run", BAKERY, "--why", "shop", "--json"], "exclude one another"),
        (["run", BAKERY, "--plot", "a.pdf"], "does not end in .svg or .png"),
        (["run", BAKERY, ARCHIVE, "--plot", "a.svg"], "name only one"),
    ],
)
def test_wrong_use_ends_with_2(arguments: list[str], fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert fault in capsys.readouterr().err


def test_problems_end_with_1_and_nothing_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("impactsim: 1\nname: x\nsystem: {impactsim: 1, name: y, components: {a: {}}}\nevents: [{fail: b}]\n")
    assert main(["run", BAKERY, str(bad)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "[unknown-component]" in printed.err


def test_tables_and_picture_are_written_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "fire.svg"
    assert main(["run", BAKERY, "--csv", str(tmp_path / "tables"), "--plot", str(picture)]) == 0
    assert capsys.readouterr().out.endswith(f"timeline.csv\nwritten: {picture}\n")
    assert picture.read_text().startswith("<?xml")
    assert (tmp_path / "tables" / "components.csv").exists()


def test_json_stays_json_when_files_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", BAKERY, "--json", "--csv", str(tmp_path / "tables")]) == 0
    json.loads(capsys.readouterr().out)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert main(["run", BAKERY, "--csv", str(blocked / "tables")]) == 1
    assert main(["run", BAKERY, "--plot", str(blocked / "a.svg")]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"impactsim: {blocked / 'tables'}: not a directory"
    assert second == f"impactsim: {blocked / 'a.svg'}: not a directory"


def test_nothing_slow_is_imported_for_a_run() -> None:
    code = (
        "import sys; from impactsim.cli.main import main; main(['run', sys.argv[1]]); "
        "slow = {'pandas', 'matplotlib', 'numpy', 'networkx', 'difflib', 'rich'} & set(sys.modules); "
        "print(sorted(slow - {'difflib'}), file=sys.stderr)"
    )
    outcome = subprocess.run([sys.executable, "-c", code, BAKERY], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert outcome.stderr == "[]\n"


@pytest.mark.parametrize("command", ["run", "compare", "typical"])
def test_help_has_examples_and_exit_status(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"\n    impactsim {command}" in text
    assert "Exit status: 0 done," in text
