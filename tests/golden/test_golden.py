"""Command lines and their exact output.

Each ``NAME.cmd`` is a command line run in this folder, ``NAME.txt`` beside it what it prints. The scenarios say in their
comments why the figures are right.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from impactsim.cli.main import main

HERE = Path(__file__).parent
COMMANDS = sorted(HERE.glob("*.cmd"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.stem)
def test_output_is_exactly_as_written(
    command: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(HERE)
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    program, *arguments = shlex.split(command.read_text(encoding="utf-8"))
    assert program == "impactsim"
    assert main(arguments) == 0
    assert capsys.readouterr().out == command.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 8
