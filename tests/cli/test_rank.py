from __future__ import annotations

import json
from pathlib import Path

import pytest

from impactsim.cli.main import COMMANDS, main

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHOP = str(SCENARIOS / "teaching-shop" / "system.yaml")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(COMMANDS, "rank", COMMANDS.get("rank", ""))


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["rank", *arguments]) == 0
    return capsys.readouterr().out


def test_the_answer_fits_on_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, SHOP).splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Lantern Books, a web shop: if any one thing fails, the worst is UPS and switchboard")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCENARIOS.glob("*/system.yaml")))
def test_every_shipped_system_can_be_ranked(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(SCENARIOS / name / "system.yaml")
    lines = output(capsys, file, "--pairs").splitlines()
    assert max(map(len, lines)) <= 100
    read = json.loads(output(capsys, file, "--json", "--all"))
    assert all(each["spread"] is not None for each in read["ranking"])


def test_a_scenario_stands_for_its_system(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = next(path for path in sorted((SCENARIOS / "teaching-shop").glob("*.yaml")) if path.name != "system.yaml")
    assert json.loads(output(capsys, str(scenario), "--json"))["system"] == "Lantern Books, a web shop"


def test_kinds_choose_and_top_counts(capsys: pytest.CaptureFixture[str]) -> None:
    read = json.loads(output(capsys, SHOP, "--kind", "provider", "--kind", "common-cause", "--top", "2", "--json"))
    assert {each["kind"] for each in read["ranking"]} == {"provider", "common-cause"}
    assert [each["spread"] is not None for each in read["ranking"]][:3] == [True, True, False]
    lines = output(capsys, SHOP, "--top", "3").splitlines()
    heading = lines.index("Failures by user-minutes lost")
    assert [line.split()[0] for line in lines[heading + 2 : heading + 5]] == ["1", "2", "3"]
    assert lines[heading + 5] == ""


def test_json_does_not_depend_on_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = output(capsys, SHOP, "--json")
    monkeypatch.setenv("LINES", "30")
    assert output(capsys, SHOP, "--json") == first


def test_the_chain_of_one_failure_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, SHOP, "--why", "chiller").splitlines()
    assert "checkout: down after 25 min" in lines  # how long the room stays cool enough
    assert lines[-1] == "    chiller failed"


def test_the_hours_of_a_planned_outage_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, SHOP, "--by-start-hour", "--component", "payments", "--for", "2h")
    assert len([line for line in text.splitlines() if ":00 " in line and line.startswith("  ")]) >= 24
    assert "Clock times in Europe/Rome, on 14 Jan 2026" in text
    text = output(
        capsys,
        SHOP,
        "--by-start-hour",
        "--component",
        "payments",
        "--starts",
        "2026-07-01T12:00+02:00",
        "--zone",
        "UTC",
    )
    assert "Clock times in UTC, on 1 Jul 2026" in text


def test_tables_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, SHOP, "--pairs", "--csv", str(tmp_path))
    assert text.endswith(f"written: {tmp_path / 'ranking.csv'}\nwritten: {tmp_path / 'pairs.csv'}\n")
    assert (tmp_path / "ranking.csv").read_text().startswith("failure,place,name,kind,affected_low")
    assert len((tmp_path / "ranking.csv").read_text().splitlines()) == 31


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "provder"], "no component is of the kind 'provder'; did you mean provider"),
        (["--service", "chekout"], "no service is called 'chekout'; did you mean checkout"),
        (["--why", "gird"], "did you mean grid"),
        (["--for", "4 apples"], "--for"),
        (["--for", "0"], "it takes no time"),
        (["--starts", "2026-03-02T14:00"], "is no time with its offset"),
        (["--component", "grid"], "--by-start-hour"),
        (["--by-start-hour", "--trials", "5"], "leave out --trials"),
        (["--by-start-hour", "--zone", "Rome"], "there is no time zone 'Rome'"),
        (["--why", "grid", "--json"], "exclude one another"),
        (["--kind", "power", "--why", "checkout"], "is not among the kinds"),
    ],
)
def test_what_is_used_wrongly_is_said(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rank", SHOP, *arguments]) == 2
    assert message in capsys.readouterr().err


def test_problems_of_the_file_end_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("impactsim: 1\nname: x\ncomponents: {a: {needs: [b]}}\n")
    assert main(["rank", str(wrong)]) == 1
    assert "[unknown-component]" in capsys.readouterr().err
