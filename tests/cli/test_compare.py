from __future__ import annotations

import json
from pathlib import Path

import pytest

from impactsim.cli.main import main

GOLDEN = Path(__file__).parents[1] / "golden"
BAKERY, GENERATOR = str(GOLDEN / "bakery.yaml"), str(GOLDEN / "bakery-generator.yaml")


def test_the_first_is_what_the_others_are_compared_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", BAKERY, GENERATOR, "--json"]) == 0
    compared = json.loads(capsys.readouterr().out)
    better = compared["scenarios"][1]["difference"]
    # 800 - 100 users and 41,500 - 3,000 user-minutes by the estimates; the shop 50 min less down: see bakery.yaml.
    assert better["users"]["affected"]["estimate"] == -700
    assert better["users"]["lost_user_minutes"] == {"low": -29500, "estimate": -38500, "high": -47500}
    assert better["services"]["shop"] == {"down_ms": -50 * 60_000, "degraded_ms": 0}
    assert main(["compare", GENERATOR, BAKERY, "--json"]) == 0
    worse = json.loads(capsys.readouterr().out)["scenarios"][1]["difference"]
    assert worse["users"]["affected"]["estimate"] == 700


def test_the_table_is_written_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "figures.csv"
    assert main(["compare", BAKERY, GENERATOR, "--csv", str(table)]) == 0
    assert capsys.readouterr().out.endswith(f"\nwritten: {table}\n")
    lines = table.read_text().splitlines()
    assert lines[0] == 'figure,of,bound,Power cut at the bakery,"Power cut at the bakery, with a generator"'
    assert "down_ms,shop,,3000000,0" in lines


def test_one_scenario_is_nothing_to_compare(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", BAKERY]) == 2
    assert "at least two" in capsys.readouterr().err
