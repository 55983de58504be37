from __future__ import annotations

import json
from pathlib import Path

import pytest

from impactsim.cli.forecast import command
from impactsim.cli.main import main

SYSTEM = """\
impactsim: 1
name: Shop
components:
  grid: {kind: power, fails: {per_year: 5}, time_to_restore: {mean: 4h}}
  shop: {name: The shop, needs: [grid], targets: {rto: 8h}}
  mail: {}
users:
  customers: {count: 1000, uses: [shop]}
"""
IDEAS = """\
- name: Battery
  changes: {components: {shop: {needs: [{component: grid, holdover: 30m}]}}}
- name: Better grid
  changes: {components: {grid: {fails: {per_year: 1}}}}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "shop.yaml").write_text(SYSTEM)
    (tmp_path / "ideas.yaml").write_text(IDEAS)
    monkeypatch.chdir(tmp_path)
    return "shop.yaml"


def run(*arguments: str) -> int:
    return main(["forecast", *arguments, "--workers", "1"])


def test_it_says_how_an_average_year_is_and_what_changes_buy(shop, capsys):
    assert run(shop, "--years", "100", "--changes", "ideas.yaml") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Shop: in an average year The shop is down ")
    assert any(line.startswith("Users lose ") for line in lines)
    headings = [line for line in lines if line and not line.startswith(" ")]
    for heading in (
        "Services in an average year",
        "What it goes back to",
        "What changes would buy a year, on the same luck",
    ):
        assert heading in headings
    changes = [line for line in lines if line.startswith(("  Battery", "  Better grid"))]
    assert [line.split("  ")[1] for line in changes] == ["Better grid", "Battery"]
    assert len(lines) <= 50


def test_the_json_has_the_figures(shop, capsys):
    assert run(shop, "--years", "60", "--json", "--seed", "3", "--changes", "ideas.yaml", "--run-in", "0") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["years"], told["seed"], told["run_in_ms"], told["complete"]) == (60, 3, 0, True)
    down = told["services"]["shop"]["down_ms"]["mean"]
    assert told["services"]["shop"]["availability"]["mean"] == pytest.approx(1 - down / told["year_ms"])
    # All use the shop all the time: a minute down is 1,000 user-minutes.
    lost = told["users"]["lost_user_minutes"]["estimate"]["mean"]
    assert lost == pytest.approx(down / 60_000 * 1_000)
    assert [each["id"] for each in told["budget"]] == ["grid"]
    better = told["changes"][0]
    assert (better["name"], better["file"]) == ("Better grid", "ideas.yaml")
    assert better["saves"]["services"]["shop"]["outages"]["mean"] > 0
    assert told["never_fail"] == ["shop", "mail"]


def test_another_seed_is_another_luck_and_the_same_seed_the_same(shop, capsys):
    said = []
    for seed in ("1", "1", "2"):
        assert run(shop, "--years", "30", "--json", "--seed", seed) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert json.loads(said[0])["down_ms"] != json.loads(said[2])["down_ms"]


def test_tables_are_written(shop, tmp_path, capsys):
    assert run(shop, "--years", "30", "--csv", "tables", "--changes", "ideas.yaml") == 0
    assert "written: tables/forecast-services.csv" in capsys.readouterr().out
    written = {path.name: path.read_text().splitlines() for path in (tmp_path / "tables").iterdir()}
    assert set(written) == {"forecast-services.csv", "forecast-budget.csv", "forecast-changes.csv"}
    assert [line.split(",")[0] for line in written["forecast-services.csv"]] == ["service", "shop", "mail"]
    assert len(written["forecast-changes.csv"]) == 1 + 2 * 3  # a title; for each change all, and two services


def test_one_service_can_be_asked_for_by_its_name(shop, capsys):
    assert run(shop, "--years", "30", "--service", "the shop") == 0
    assert "\n  The shop " in capsys.readouterr().out
    assert run(shop, "--years", "30", "--service", "shpo") == 2
    assert "no service is called 'shpo'; did you mean shop?" in capsys.readouterr().err


def test_precision_decides_how_many_years_there_are(shop, capsys):
    assert run(shop, "--precision", "10%", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["years_asked"] == 1_000_000
    assert told["precision"]["reached"] <= 0.1
    assert run(shop, "--precision", "1%", "--years", "40") == 0
    assert "1% was asked for, which takes more years" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "wrong",
    [
        ["--years", "0"],
        ["--run-in", "3"],
        ["--run-in", "500w", "--run-in", "6000w"],
        ["--starts", "2026-01-01"],
        ["--starts", "soon"],
        ["--precision", "0%"],
        ["--precision", "some"],
    ],
)
def test_what_cannot_be_is_refused(shop, wrong, capsys):
    assert run(shop, *wrong) == 2
    assert wrong[0] in capsys.readouterr().err


def test_problems_are_told_with_their_place(shop, tmp_path, capsys):
    (tmp_path / "ideas.yaml").write_text("- changes: {components: {grid: {fails: {per_year: -1}}}}\n")
    assert run(shop, "--changes", "ideas.yaml") == 1
    assert capsys.readouterr().err.startswith("ideas.yaml:1: changes.components.grid.fails.per_year: ")
    (tmp_path / "calm.yaml").write_text("impactsim: 1\nname: Calm\ncomponents:\n  shop: {}\n")
    assert run("calm.yaml") == 1
    assert capsys.readouterr().err.startswith("calm.yaml:3: components: nothing fails by itself here")
    (tmp_path / "mad.yaml").write_text("impactsim: 1\nname: Mad\ncomponents:\n  shop: {fails: {per_year: 20000}}\n")
    assert run("mad.yaml") == 1
    assert capsys.readouterr().err.startswith("mad.yaml:4: components.shop.fails: this is a failure 2e+04 times a year")


def test_it_has_a_help_that_names_its_options(capsys):
    assert main(["forecast", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(option.opts[-1] in said for option in command.params if option.opts[-1].startswith("--"))
