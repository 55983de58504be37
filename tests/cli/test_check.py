from __future__ import annotations

from pathlib import Path

import pytest

from impactsim.cli.main import main

GOOD = "impactsim: 1\nname: x\ncomponents:\n  a: {}\n"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_good_file_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(GOOD)
    assert main(["check", "s.yaml"]) == 0
    assert capsys.readouterr().out == "1 file checked: no errors\n"


def test_every_problem_is_a_line_and_errors_end_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(GOOD + "  b: {kidn: x, restart: 5}\n")
    Path("t.yaml").write_text("")
    assert main(["check", "s.yaml", "t.yaml", "gone.yaml"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "s.yaml:5: components.b.restart: 5 has no unit; write 5s, 5m or 5h [duration-unit]",
        "s.yaml:5: components.b.kidn: there is no such key here; did you mean 'kind'? [unknown-key]",
        "t.yaml:1: the file is empty; `impactsim new DIR` writes an example [file-empty]",
        "gone.yaml: there is no such file; check its name [file-missing]",
        "3 files checked: 4 errors",
    ]


def test_warnings_alone_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(GOOD.replace("{}", "{kind: srevice}"))
    assert main(["check", "s.yaml"]) == 0
    line, summary = capsys.readouterr().out.splitlines()
    assert line.startswith("s.yaml:4: warning: components.a.kind: ")
    assert summary == "1 file checked: no errors, 1 warning"


def test_what_a_file_says_cannot_break_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(GOOD + '"b\\n\\e[31m": 1\n')
    main(["check", "s.yaml"])
    first, _ = capsys.readouterr().out.splitlines()
    assert first.startswith("s.yaml:5: b\\n\\x1b[31m: there is no such key here")


def test_a_plan_is_checked_with_its_files(capsys: pytest.CaptureFixture[str]) -> None:
    Path("s.yaml").write_text(GOOD)
    Path("fire.yaml").write_text("impactsim: 1\nname: x\nsystem: s.yaml\nevents: [{fail: b, for: 1h}]\n")
    Path("p.yaml").write_text(
        "impactsim: 1\nplan: x\nsystem: s.yaml\nservices: {b: {}}\n"
        "declaration: {detection: 0, decision: 0}\nscenarios: [fire.yaml]\n"
    )
    assert main(["check", "p.yaml"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "p.yaml:4: services.b: no component is called 'b'; define it in s.yaml, under components [unknown-component]",
        "fire.yaml:4: events[0].fail: no component is called 'b'; define it under components [unknown-component]",
        "1 file checked: 2 errors",
    ]
