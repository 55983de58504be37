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


LINES = """\
impactsim: 1
name: {name}
system:
  impactsim: 1
  name: Lines
  components:
    a: {{kind: connectivity, time_to_restore: {{median: 2h, p95: {p95}}}}}
    shop: {{needs: [a]}}
  users:
    town: {{count: {{low: 800, high: 1500}}, uses: {{shop: 60%}}}}
events:
  - {{fail: a}}
{more}
"""


@pytest.fixture
def variants(tmp_path: Path) -> list[str]:
    paths = [tmp_path / "now.yaml", tmp_path / "slow.yaml"]
    paths[0].write_text(LINES.format(name="Now", p95="12h", more=""))
    paths[1].write_text(LINES.format(name="Slow", p95="20h", more="trials: 30\nseed: 5"))
    return [str(path) for path in paths]


def test_one_sampled_scenario_has_all_sampled_with_its_seed(
    variants: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *variants, "--json", "--workers", "1"]) == 0
    compared = json.loads(capsys.readouterr().out)
    assert (compared["trials"], compared["seed"]) == (30, 5)
    shop = compared["scenarios"][1]["difference"]["services"]["shop"]["down_ms"]
    assert shop["p_less"]["p"] + shop["p_more"]["p"] == 1  # a wider law with the same median: longer or shorter in each


def test_trials_and_seed_are_those_that_were_asked_for(variants: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *variants, "--trials", "40", "--seed", "8", "--workers", "1"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("Compared with: Now (40 trials each, seed 8, the same luck)\n")
    assert printed.err == "" or "numba" in printed.err


def test_one_trial_compares_the_medians(variants: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *variants, "--trials", "1", "--json"]) == 0
    compared = json.loads(capsys.readouterr().out)
    # Both laws have the same median.
    assert [each["services"]["shop"]["down_ms"] for each in compared["scenarios"]] == [120 * 60_000] * 2


def test_the_table_of_trials_has_a_row_for_each_figure_and_scenario(
    variants: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "figures.csv"
    assert main(["compare", *variants, "--csv", str(table), "--workers", "1"]) == 0
    assert capsys.readouterr().out.endswith(f"\nwritten: {table}\n")
    lines = table.read_text().splitlines()
    assert lines[0].startswith("figure,of,bound,scenario,mean,low,high,p10,p50,p90,least,most,difference_mean,")
    assert sum(line.startswith("down_ms,shop,,") for line in lines) == 2


def test_no_trials_are_used_wrongly(variants: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *variants, "--trials", "0"]) == 2
    assert "--trials" in capsys.readouterr().err
