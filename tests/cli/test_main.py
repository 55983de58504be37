from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pytest

from impactsim.cli import main as cli
from impactsim.cli.main import COMMANDS, main, one_line
from impactsim.problems import InvalidInput, Problem


def test_the_help_lists_every_command_and_imports_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n  {name} " in text] == list(COMMANDS)
    code = (
        "import sys; from impactsim.cli.main import main; main(['--help']);"
        "print('loaded', [name for name in ('pydantic', 'yaml', 'numpy', 'pandas', 'networkx') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    assert result.stdout.endswith("loaded []\n")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    from importlib.metadata import version

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"impactsim {version('impactsim')}\n"


@pytest.mark.parametrize("arguments", [["chekc"], ["check"], ["check", "--nonsense", "x"], ["schema", "plans"], []])
def test_a_wrong_command_line_ends_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Usage: impactsim" in capsys.readouterr().err


def test_a_misspelt_command_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    main(["chekc"])
    assert "did you mean 'check'?" in capsys.readouterr().err


def ends(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Return the status with which a command ends that raises an error."""

    @click.command("check")
    def command() -> NoReturn:
        raise error

    monkeypatch.setattr("impactsim.cli.check.command", command)
    return main(["check"])


def test_problems_are_printed_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = Problem(("a", 0), "wrong", "mend it", "some-code", file="f.yaml", line=3)
    assert ends(monkeypatch, InvalidInput([problem])) == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "f.yaml:3: a[0]: wrong; mend it [some-code]\n")


def test_a_file_that_cannot_be_used_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(monkeypatch, PermissionError(13, "Permission denied", "out.csv")) == 1
    assert capsys.readouterr().err == "impactsim: out.csv: permission denied\n"


def test_an_interruption_ends_with_130_and_no_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(monkeypatch, KeyboardInterrupt()) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_fault_of_the_program_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("IMPACTSIM_DEBUG", raising=False)
    assert ends(monkeypatch, ZeroDivisionError("by\n\x1b[31mzero")) == 1
    text = capsys.readouterr().err
    assert "please report it (ZeroDivisionError: by\\n\\x1b[31mzero)" in text
    assert "Traceback" not in text
    monkeypatch.setenv("IMPACTSIM_DEBUG", "1")
    assert ends(monkeypatch, ZeroDivisionError("zero")) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_command_that_is_not_installed_is_used_wrongly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(cli.COMMANDS, "absent", "Not there.")
    assert main(["--help"]) == 0
    assert main(["absent"]) == 2
    assert "'absent' is not part of this installation" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("a: 1\n" * 5000)
    read, write = os.pipe()
    os.close(read)
    process = subprocess.run(
        [sys.executable, "-c", "import sys; from impactsim.cli.main import main; sys.exit(main())", "check", "wrong.yaml"],
        cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(write)
    assert process.stderr == b""
    assert process.returncode == 141


def test_text_from_a_file_cannot_command_a_terminal() -> None:
    assert one_line("a\x1b[2J\nb\u202eé") == "a\\x1b[2J\\nb\\u202eé"
