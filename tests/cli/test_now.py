from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from impactsim.cli import reports as module
from impactsim.cli.main import main

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHOP = str(SCENARIOS / "teaching-shop" / "system.yaml")
FEW = ("--trials", "20")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict:
    assert main(["now", *arguments, *FEW, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def wrong(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["now", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    return output.err.partition("Error: ")[2].splitlines()


def test_the_answer_fits_on_one_screen(capsys):
    assert (
        main(["now", SHOP, "--down", "payments", "--since", "2026-03-02T14:05", "--at", "2026-03-02T15:00", *FEW]) == 0
    )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 100
    assert lines[0].startswith("Lantern Books, a web shop, 2 Mar 2026 15:00 (")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCENARIOS.glob("*/system.yaml")))
def test_every_shipped_scenario_is_a_system_of_an_outage(name, capsys):
    for file in sorted((SCENARIOS / name).glob("1-*.yaml")):
        system = json.loads(_run(capsys, "run", str(file), "--json", "--trials", "1"))
        first = next(iter(system["timeline"][0]["components"]))
        found = read(capsys, str(file), "--down", first, "--since", "2026-03-02T14:05Z", "--at", "2026-03-02T15:00Z")
        assert [each["component"] for each in found["reported"]] == [first]


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


def test_a_time_of_the_day_is_of_today_and_not_after_now(capsys):
    found = read(capsys, SHOP, "--down", "payments@23:50", "--at", "2026-03-02T00:10+01:00")
    assert found["starts"] == "2026-03-01T23:50:00+01:00"
    assert found["at_ms"] == 20 * 60_000


def test_without_a_zone_times_stand_at_the_offset_of_now(capsys):
    zoneless = str(SCENARIOS / "facebook-2021" / "system.yaml")
    found = read(capsys, zoneless, "--down", "backbone", "--since", "14:05", "--at", "2026-07-02T15:00-03:00")
    assert found["starts"] == "2026-07-02T14:05:00-03:00"


def test_times_are_read_and_told_in_the_zone_that_is_asked_for(capsys):
    arguments = ("--down", "payments", "--since", "14:05", "--at", "2026-07-02T15:00", "--zone", "Asia/Tokyo")
    found = read(capsys, SHOP, *arguments)
    assert (found["starts"], found["zone"]) == ("2026-07-02T14:05:00+09:00", "Asia/Tokyo")


def test_the_zone_of_the_systems_notices_is_the_next(capsys, tmp_path):
    path = tmp_path / "system.yaml"
    path.write_text(
        "impactsim: 1\nname: S\ncomponents: {a: {time_to_restore: 2h}}\nnotices: {zone: Europe/Rome}\n",
        encoding="utf-8",
    )
    found = read(capsys, str(path), "--down", "a", "--since", "14:05", "--at", "2026-07-02T15:00")
    assert (found["starts"], found["zone"]) == ("2026-07-02T14:05:00+02:00", "Europe/Rome")


def test_now_is_the_clock_unless_somebody_says_otherwise(capsys, monkeypatch):
    clock = datetime.fromisoformat("2026-03-02T15:00:30+01:00")
    monkeypatch.setattr(module, "clock", lambda: clock)
    found = read(capsys, SHOP, "--down", "payments", "--since", "14:05")
    assert found["at"] == clock.isoformat()
    assert found["at_ms"] == timedelta(minutes=55, seconds=30) / timedelta(milliseconds=1)


def test_a_scenario_stands_for_its_system_with_its_changes(capsys):
    arguments = ("--down", "duct-a12-cut", "--since", "14:05", "--at", "2026-03-02T15:00+01:00")
    hit = {
        file: [
            each["component"] for each in read(capsys, str(SCENARIOS / "teaching-shop" / file), *arguments)["reported"]
        ]
        for file in ("4-duct-cut.yaml", "5-duct-cut-second-way.yaml")
    }
    assert hit == {
        "4-duct-cut.yaml": ["isp-fibre", "isp-second"],
        "5-duct-cut-second-way.yaml": ["isp-fibre"],
    }


def test_a_share_may_have_a_time_of_its_own(capsys):
    arguments = ("--degraded", "payments=40%@14:30", "--down", "web-1", "--since", "14:05", "--at", "2026-03-02T15:00Z")
    found = read(capsys, SHOP, *arguments)
    reported = {each["component"]: (each["level"], each["since_ms"]) for each in found["reported"]}
    assert reported == {"payments": (0.4, 25 * 60_000), "web-1": (0, 0)}


def test_the_seed_decides_on_the_luck(capsys):
    arguments = (SHOP, "--down", "grid", "--since", "14:05", "--at", "2026-03-02T15:00Z")
    same = [read(capsys, *arguments, "--seed", seed)["at_risk"] for seed in ("1", "1", "2")]
    assert same[0] == same[1]
    assert same[0] != same[2]


def test_all_that_is_wrong_is_said_at_once(capsys):
    assert wrong(
        capsys, SHOP, "--down", "paymnts", "--down", "web-1@25:00", "--up", "web-1", "--degraded", "orders-db=0%",
        "--degraded", "isp-lte=140%", "--degraded", "x", "--since", "16:99", "--at", "15:00", "--zone", "Europe/Roma",
    ) == [
        "--zone: there is no time zone 'Europe/Roma'; write one such as Europe/Rome",
        "--since: '16:99' is no time of the day; write HH:MM, or a whole time such as 2026-03-02T14:05 or 2026-03-02T14:05+01:00",
        "--down: web-1: '25:00' is no time of the day; write HH:MM, or a whole time such as 2026-03-02T14:05 or 2026-03-02T14:05+01:00",
        "--degraded: isp-lte: '140%' is more than 100%; write a share from 0% to 100%",
        "--degraded: 'x' has no share; write x=40%",
        "--down: no component and no common cause is called 'paymnts'; did you mean payments?",
        "--degraded: orders-db=0%: what serves nothing is down: write --down orders-db",
        "--up: web-1 is said to be up and down; say one of them",
    ]  # fmt: skip


def test_a_start_after_now_is_refused(capsys):
    arguments = ("--down", "payments", "--since", "2026-03-02T16:00", "--at", "2026-03-02T15:00")
    assert wrong(capsys, SHOP, *arguments) == ["--since: 2026-03-02 16:00 is after 2026-03-02 15:00, which is now"]


def test_without_a_report_there_is_no_outage(capsys):
    assert wrong(capsys, SHOP) == ["--down: nothing is reported; say what is down, or degraded"]


def test_a_file_with_problems_ends_with_status_1(capsys, tmp_path):
    assert main(["now", str(tmp_path / "none.yaml"), "--down", "a", "--since", "14:00"]) == 1
    assert "there is no such file" in capsys.readouterr().err
