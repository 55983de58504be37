"""`impactsim notice`: what is written where, what is refused, and what standard error says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from impactsim.cli.main import DONE, PROBLEMS_FOUND, USED_WRONGLY, main

SYSTEM = """\
impactsim: 1
name: Shop
components:
  pay: {kind: provider, operator: PayRight, time_to_restore: {low: 1h, likely: 2h, high: 3h}}
  checkout: {public_name: {en: Ordering, de: Bestellung}, needs: [pay]}
  search: {public_name: Search}
users:
  everybody: {count: 50000, uses: [checkout]}
"""
SCENARIO = """\
impactsim: 1
name: Provider gone
system: system.yaml
starts: 2026-03-02T09:00+01:00
events: [{fail: pay, at: 10m}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "system.yaml").write_text(SYSTEM, encoding="utf-8")
    (tmp_path / "gone.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def said(capsys, *arguments: object, status: int = DONE) -> tuple[str, str]:
    assert main(["notice", *map(str, arguments)]) == status
    found = capsys.readouterr()
    return found.out, found.err


def test_a_notice_is_printed_in_english_unless_somebody_says_otherwise(capsys, folder):
    out, err = said(capsys, folder / "gone.yaml", "--state", "identified")
    assert out.startswith("Service unavailable: Ordering")
    assert "09:10 (UTC+1)" in out
    assert "PayRight" not in out
    assert err == ""


def test_several_languages_come_in_the_order_in_which_they_were_asked_for(capsys, folder):
    out, _ = said(capsys, folder / "gone.yaml", "--state", "identified", "--lang", "de,en,de")
    assert out.index("Bestellung") < out.index("Ordering")
    assert out.count("Bestellung") >= 2


def test_files_are_written_all_or_none_and_kept(capsys, folder):
    arguments = (folder / "gone.yaml", "--state", "identified", "--lang", "en,de", "--out", folder)
    out, _ = said(capsys, *arguments)
    files = sorted(path.name for path in folder.glob("notice-*"))
    assert files == ["notice-2026-03-02-0910-identified.de.txt", "notice-2026-03-02-0910-identified.en.txt"]
    assert out.count("written: ") == 2
    (folder / files[0]).unlink()
    _, err = said(capsys, *arguments, status=PROBLEMS_FOUND)
    assert files[1] in err
    assert not (folder / files[0]).exists()
    said(capsys, *arguments, "--overwrite")
    assert (folder / files[0]).exists()


def test_a_folder_is_made_but_not_for_what_is_refused(capsys, folder):
    arguments = (folder / "gone.yaml", "--state", "identified", "--out", folder / "new" / "notices")
    said(capsys, *arguments)
    assert len(list((folder / "new" / "notices").iterdir())) == 1
    _, err = said(capsys, *arguments[:-1], folder / "system.yaml", status=PROBLEMS_FOUND)
    assert "system.yaml" in err
    said(
        capsys,
        folder / "gone.yaml",
        "--state",
        "resolved",
        "--at",
        "20m",
        "--out",
        folder / "no",
        status=PROBLEMS_FOUND,
    )
    assert not (folder / "no").exists()


def test_the_json_of_a_notice_is_what_the_next_one_follows(capsys, folder):
    scenario = folder / "gone.yaml"
    first, _ = said(capsys, scenario, "--state", "identified", "--at", "30m", "--format", "json")
    (folder / "first.json").write_text(first, encoding="utf-8")
    second, _ = said(
        capsys,
        scenario,
        "--state",
        "identified",
        "--at",
        "40m",
        "--format",
        "json",
        "--previous",
        folder / "first.json",
    )
    before, after = (json.loads(each)["estimate"] for each in (first, second))
    assert (after["low_at"], after["high_at"]) == (before["low_at"], before["high_at"])
    assert after["high_ms"] == before["high_ms"] - 600_000


@pytest.mark.parametrize(("at", "published"), [("1h", "10:00"), ("+90m", "10:30"), ("10:15", "10:15"), ("0900", None)])
def test_a_notice_is_published_after_so_long_or_at_a_time(capsys, folder, at, published):
    status = DONE if published else USED_WRONGLY
    out, err = said(capsys, folder / "gone.yaml", "--state", "identified", "--at", at, status=status)
    assert (f"2 March 2026, {published}" in out) if published else ("--at" in err)


def test_an_outage_under_way_needs_no_scenario(capsys, folder):
    out, _ = said(
        capsys, folder / "system.yaml", "--now", "--down", "pay", "--since", "14:05", "--at", "2026-03-02T15:00+01:00",
        "--state", "investigating",
    )  # fmt: skip
    assert "14:05 (UTC+1)" in out
    resolved, _ = said(
        capsys, folder / "system.yaml", "--now", "--down", "pay", "--since", "14:05", "--until", "15:20",
        "--at", "2026-03-02T15:30+01:00", "--state", "resolved",
    )  # fmt: skip
    assert "1 hour 15 minutes" in resolved


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (("--state", "identified", "--lang", "en,xx"), "xx"),
        (("--state", "identified", "--down", "pay"), "add --now"),
        (("--state", "over"), "investigating"),
        (("--state", "identified", "--next-update", "10s"), "5 minutes at least"),
        (("--state", "identified", "--zone", "Mars/X"), "'--zone': there is no time zone 'Mars/X'"),
        (("--state", "identified", "--previous", "none.json"), "'none.json' cannot be read: no such file"),
        (("--state", "identified", "--at", "2026-03-01T09:00+01:00"), "before the scenario starts"),
        (("--now", "--state", "identified", "--down", "pya", "--since", "14:05"), "did you mean pay"),
        (
            ("--now", "--state", "resolved", "--down", "pay", "--since", "14:05", "--at", "2026-03-02T15:00+01:00",
             "--until", "2026-03-02T13:00+01:00"),
            "between the beginning",
        ),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_told_with_a_remedy(capsys, folder, arguments, wrong):
    _, err = said(capsys, folder / "gone.yaml", *arguments, status=USED_WRONGLY)
    assert wrong in err
    assert "Traceback" not in err


def test_a_system_alone_is_not_enough(capsys, folder):
    _, err = said(capsys, folder / "system.yaml", "--state", "identified", status=USED_WRONGLY)
    assert "--now" in err


def test_a_name_that_must_not_be_told_refuses_all_files(capsys, folder):
    text = SYSTEM.replace("public_name: {en: Ordering", "public_name: {en: Ordering by PayRight")
    (folder / "system.yaml").write_text(text, encoding="utf-8")
    arguments = (folder / "gone.yaml", "--state", "identified", "--lang", "en,de", "--out", folder)
    _, err = said(capsys, *arguments, status=PROBLEMS_FOUND)
    assert "PayRight" in err
    assert "components.pay.operator" in err
    assert "fault of the program" not in err
    assert list(folder.glob("notice-*")) == []


def test_partners_read_what_is_behind_it(capsys, folder):
    out, _ = said(capsys, folder / "gone.yaml", "--state", "identified", "--level", "L1")
    assert "pay (provider, run by PayRight) is down." in out


def test_why_there_is_no_estimate_is_said_to_its_author_only(capsys, folder):
    (folder / "system.yaml").write_text(SYSTEM.replace("{low: 1h, likely: 2h, high: 3h}", "{median: 1h, p95: 20h}"))
    out, err = said(capsys, folder / "gone.yaml", "--state", "identified")
    assert "may change" not in out
    assert "no estimate is published: the range is too wide" in err


@pytest.mark.parametrize("content", ["", "{}", "[1, 2", "\x00\x01", '{"impactsim": 1, "notice": 99}'])
def test_a_previous_notice_that_is_none_is_a_problem(capsys, folder, content):
    (folder / "before.json").write_text(content, encoding="utf-8")
    _, err = said(
        capsys,
        folder / "gone.yaml",
        "--state",
        "identified",
        "--previous",
        folder / "before.json",
        status=PROBLEMS_FOUND,
    )
    assert "before.json" in err
    assert "fault of the program" not in err


def test_responders_and_partners_read_how_severe_it_is_and_customers_do_not(capsys, folder):
    for level, is_told in (("L0", True), ("L1", True), ("L2", False)):
        out, _ = said(capsys, folder / "gone.yaml", "--state", "identified", "--level", level)
        assert ("Severity 1, of 1 (the worst) to 5." in out) == is_told
