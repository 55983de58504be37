from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from impactsim.cli.main import main

OVH = Path(__file__).parents[2] / "scenarios" / "ovh-2021" / "plan.yaml"

# The password store burns with the orders: the step that needs it waits until somebody has made a room for it.
SYSTEM = """
impactsim: 1
name: Shop
components:
  east: {kind: site}
  west: {kind: site}
  passwords: {kind: tool, at: east}
  orders: {kind: data, at: east, copies: [{at: west, every: 24h, restore: 3h}]}
  checkout: {needs: [orders], public_name: Ordering}
users: {buyers: {count: 9000, uses: [checkout]}}
"""
FIRE = """
impactsim: 1
name: Fire in the east
system: shop.yaml
starts: 2026-03-02T09:00+01:00
events: [{destroy: orders}, {fail: east}]
"""
PLAN = """
impactsim: 1
plan: Shop recovery
system: shop.yaml
services: {checkout: {tier: 1, mtpd: 24h, rto: 5h, rpo: 24h, as_of: 2026-01-10}}
declaration: {detection: 15m, decision: 45m}
roles: {ops: {people: [first, second]}}
steps:
  room: {restores: [east], takes: 2h, by: [ops], at: [west]}
  restore: {restores: [orders], takes: 3h, by: [ops], with: [passwords]}
scenarios: [fire.yaml]
changes:
  safe: {text: A second store, cost: 5, system: {components: {passwords: {at: west}}}}
trials: 5
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("shop.yaml", SYSTEM), ("fire.yaml", FIRE), ("plan.yaml", PLAN)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def output(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert main([*arguments]) == status
    captured = capsys.readouterr()
    return captured.err if status else captured.out


REVIEW = ("review", "plan.yaml", "--as-of", "2026-03-01", "--workers", "1")


def test_the_verdict_stands_on_the_first_line(capsys):
    # 1 h until the declaration, 2 h for the room, 3 h for the restore: 6 h, and 5 h were promised.
    lines = output(capsys, *REVIEW, "--no-changes").splitlines()
    assert lines[0].startswith("Shop recovery: The plan does not hold: 1 of 1 service")
    assert "checkout takes 6 h and was promised within 5 h (Fire in the east)" in lines


def test_the_cheapest_change_is_told(capsys):
    # With the store in the west the restore begins at 1 h and ends at 4 h.
    text = " ".join(output(capsys, *REVIEW, "--all").split())
    assert "cheapest change that closes it: A second store (safe, 5)" in text


def test_without_changes_nothing_is_said_of_them(capsys):
    text = output(capsys, *REVIEW, "--no-changes", "--all")
    assert "cheapest" not in text
    assert "listed changes" not in text


def test_json_is_one_line_and_has_the_day(capsys):
    text = output(capsys, *REVIEW, "--no-changes", "--json")
    assert text.count("\n") == 1
    assert "2026-03-01" in json.dumps(json.loads(text))


def test_without_a_day_ages_count_from_today(capsys):
    text = output(capsys, "review", "plan.yaml", "--no-changes", "--workers", "1")
    assert f"ages as of {datetime.now().astimezone():%Y-%m-%d}" in " ".join(text.split())


def test_fail_on_ends_with_1_where_a_finding_is_so_bad(capsys):
    error = output(capsys, *REVIEW, "--no-changes", "--fail-on", "high", status=1)
    assert "or worse (--fail-on high)" in error


def test_the_report_is_written_as_page_and_as_markdown(capsys, folder):
    text = output(capsys, *REVIEW, "--no-changes", "--html", "report.html", "--markdown", "report.md")
    assert "written: report.html\nwritten: report.md\n" in text
    assert "<html" in (folder / "report.html").read_text(encoding="utf-8")
    assert (folder / "report.md").read_text(encoding="utf-8").startswith("# Review of Shop recovery\n")


def test_a_report_does_not_go_over_a_plan_by_a_slip(capsys, folder):
    before = sorted(folder.iterdir())
    text = output(capsys, *REVIEW, "--no-changes", "--html", "plan.yaml", status=2)
    assert "'plan.yaml' does not end in .html or .htm" in text
    assert sorted(folder.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as-of", "tomorrow"), "write it as 2026-05-04"),
        (("--html", "absent/report.html"), "there is no folder 'absent'"),
        (("--trials", "0"), "--trials"),
    ],
)
def test_what_is_used_wrongly_is_said_before_anything_is_run(capsys, arguments, said):
    assert said in output(capsys, "review", "plan.yaml", *arguments, status=2)


def test_a_plan_with_problems_ends_with_1_and_says_where(capsys, folder):
    (folder / "plan.yaml").write_text(PLAN.replace("restores: [east]", "restores: [esat]"), encoding="utf-8")
    error = output(capsys, *REVIEW, status=1)
    assert "plan.yaml:9" in error
    assert "esat" in error


def test_a_file_that_is_not_there_is_named(capsys):
    assert "absent.yaml" in output(capsys, "review", "absent.yaml", status=1)


EXERCISE = ("exercise", "plan.yaml", "--as-of", "2026-03-01", "--workers", "1")


@pytest.mark.parametrize("name", ["fire.yaml", "fire", "Fire in the east"])
def test_a_scenario_is_named_by_its_name_its_file_or_its_stem(capsys, name):
    assert "# Tabletop exercise: Shop recovery" in output(capsys, *EXERCISE, "--scenario", name)


def test_the_pack_tells_the_tool_that_is_down_when_its_step_is_due(capsys):
    text = output(capsys, *EXERCISE, "--scenario", "fire")
    assert "'restore' cannot go on: passwords cannot be used" in text
    assert "Draft notices" in text
    assert "Ordering" in text  # the public name, in a draft


def test_the_part_for_participants_does_not_say_what_burns(capsys):
    text = output(capsys, *EXERCISE, "--scenario", "fire", "--for", "participants")
    assert "Fire" not in text
    assert "passwords" not in text


def test_another_trial_is_named_in_the_pack(capsys):
    assert "trial 3 of seed 0" in output(capsys, *EXERCISE, "--scenario", "fire", "--trial", "3")


def test_the_pack_is_the_same_each_time(capsys):
    first = output(capsys, *EXERCISE, "--scenario", "fire", "--json")
    assert output(capsys, *EXERCISE, "--scenario", "fire", "--json") == first
    assert json.loads(first)["surprises"][0]["components"] == ["passwords"]


def test_the_pack_is_written_as_a_page(capsys, folder):
    assert output(capsys, *EXERCISE, "--scenario", "fire", "--html", "pack.html") == "written: pack.html\n"
    assert "Scoring sheet" in (folder / "pack.html").read_text(encoding="utf-8")


def test_a_scenario_that_the_plan_has_not_is_refused_with_those_that_it_has(capsys):
    error = output(capsys, *EXERCISE, "--scenario", "flood", status=2)
    assert "the plan has no scenario 'flood'; name one of fire.yaml" in error


def test_a_scenario_must_be_named(capsys):
    assert "--scenario" in output(capsys, "exercise", "plan.yaml", status=2)


def test_a_scenario_without_a_clock_has_no_drafts_and_says_why(capsys, folder):
    (folder / "fire.yaml").write_text(FIRE.replace("starts: 2026-03-02T09:00+01:00\n", ""), encoding="utf-8")
    assert "Left out: a notice needs the time of the day" in output(capsys, *EXERCISE, "--scenario", "fire")


@pytest.mark.parametrize(
    ("arguments", "slow"),
    [
        (["review", "--help"], {"pydantic", "yaml", "numpy", "pandas", "matplotlib", "networkx", "jinja2"}),
        (["--version"], {"pydantic", "yaml", "numpy", "pandas", "matplotlib", "networkx", "jinja2"}),
        (
            ["review", str(OVH), "--as-of", "2021-03-09", "--no-changes", "--trials", "1"],
            {"numba", "matplotlib", "pandas"},
        ),
    ],
)
def test_nothing_is_imported_that_is_not_needed(arguments: list[str], slow: set[str]) -> None:
    code = (
        "import sys\nfrom impactsim.cli.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    outcome = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert outcome.stdout
    assert not slow & set(outcome.stderr.splitlines()[-1].split())
