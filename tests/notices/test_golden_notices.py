"""The notices of a documented outage, as they were written and read: byte for byte, and the same facts in each language.

The facts are taken from the texts by readers that know nothing of the package (`reading.py`), and held against the object in the
JSON form.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notices.golden_sets import ALL_LANGUAGES, GOLDEN, KEPT, written
from notices.reading import Found, read

ZONES = {
    "en": "America/Toronto",
    "fr": "America/Toronto",
    "it": "Europe/Rome",
    "de": "Europe/Berlin",
    "ja": "Asia/Tokyo",
    "vi": "Asia/Ho_Chi_Minh",
}
EACH = [(name, language) for name in KEPT for language in ALL_LANGUAGES]


@cache
def kept(name: str) -> dict[str, str]:
    """Return the kept texts of a notice by the names of their files."""
    return {file.name: file.read_bytes().decode() for file in sorted((GOLDEN / name).iterdir())}


@cache
def told(name: str) -> dict[str, Any]:
    """Return the object of a notice, from its JSON form."""
    (text,) = (text for file, text in kept(name).items() if file.endswith(".mul.json"))
    found: dict[str, Any] = json.loads(text)
    return found


def text_of(name: str, ending: str) -> str:
    (text,) = (text for file, text in kept(name).items() if file.endswith(ending))
    return text


def unwrapped(text: str, tag: str) -> str:
    """Join the lines that were broken for width; Japanese has no spaces to break at, and few that matter here."""
    lines = text.replace("\n- ", "\n\n").split("\n\n")
    return "\n".join(part.replace("\n  ", "\n").replace("\n", "" if tag == "ja" else " ") for part in lines)


@pytest.mark.parametrize("name", KEPT)
def test_notices_are_written_byte_for_byte_as_they_were_read(name: str) -> None:
    now = written(KEPT[name])
    assert sorted(now) == sorted(kept(name)), "python tests/notices/refresh.py"
    for file, text in now.items():
        assert text == kept(name)[file], f"{name}/{file} (python tests/notices/refresh.py, then read the difference)"


def test_no_folder_is_kept_that_nobody_writes() -> None:
    assert sorted(path.name for path in Path(GOLDEN).iterdir()) == sorted(KEPT)


@pytest.mark.parametrize(("name", "language"), EACH)
def test_each_language_states_the_figures_and_times_of_the_public_object(name: str, language: str) -> None:
    tag = language.partition("-")[0]
    notice = told(name)
    found = read(unwrapped(text_of(name, f".{language}.txt"), tag), tag)
    expected = _expected(notice, ZoneInfo(ZONES[tag]))
    assert (found.people, found.percents, found.minutes) == (expected.people, expected.percents, expected.minutes)
    assert (found.clocks, found.days, found.years) == (expected.clocks, expected.days, expected.years)


def _expected(notice: dict[str, Any], zone: ZoneInfo) -> Found:
    """Return what a reader in a zone has to find: every fact of the object that a notice of its state tells."""
    found = Found(
        people={notice["people"]["low"], notice["people"]["high"]},
        percents={round(100 * notice["share"][end]) for end in ("low", "high")},
    )
    published = _local(notice["published_at"], zone)
    moments = [published, _local(notice["started_at"], zone)]
    if notice["next_update_by"]:
        moments.append(_local(notice["next_update_by"], zone))
    if notice["is_over"]:
        moments.append(_local(notice["ended_at"], zone))
        found.minutes.add(notice["lasted_ms"] // 60_000)
    else:
        moments += [_local(way["until"], zone) for way in notice["workarounds"] if way["until"]]
    window = [_local(notice["estimate"][f"{end}_at"], zone) for end in ("low", "high")] if notice["estimate"] else []
    if window:
        found.minutes |= {notice["estimate"][f"{end}_ms"] // 60_000 for end in ("low", "high")}
    found.clocks = {(each.hour, each.minute) for each in [*moments, *window]}
    found.days = {(each.day, each.month) for each in [*moments, *window]}  # that of the notice stands in its head
    found.years = {published.year}
    return found


def _local(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).astimezone(zone)


@pytest.mark.parametrize("ending", ["md", "html", "statuspage.json", "short.txt"])
@pytest.mark.parametrize("language", ALL_LANGUAGES)
def test_every_other_form_names_the_end_of_the_estimate(language: str, ending: str) -> None:
    tag = language.partition("-")[0]
    whose = "mul" if ending == "html" else language
    text = text_of("3-identified", f".{whose}.{ending}")
    high = _local(told("3-identified")["estimate"]["high_at"], ZoneInfo(ZONES[tag]))
    assert (high.hour, high.minute) in read(text, tag, is_short=ending == "short.txt").clocks


def test_no_estimate_is_given_when_the_operator_gave_none_and_the_later_one_holds() -> None:
    assert told("2-identified-no-estimate")["estimate"] is None
    window = [_local(told("3-identified")["estimate"][end], ZoneInfo("UTC")) for end in ("low_at", "high_at")]
    # Services were broadly back after about 26 hours.
    assert window[0] <= _local("2022-07-08T04:45-04:00", ZoneInfo("UTC")) + timedelta(hours=26) <= window[1]


def test_workarounds_are_offered_while_they_can_be_had() -> None:
    offered = {name: [way["text"]["en"] for way in told(name)["workarounds"]] for name in KEPT}
    counters, over_the_phone = "Ask your bank to make", "Shops can have a payment approved"
    assert {name for name, texts in offered.items() if any(text.startswith(counters) for text in texts)} == {
        "2-identified-no-estimate"  # from nine to five
    }
    assert {name for name, texts in offered.items() if any(text.startswith(over_the_phone) for text in texts)} == {
        "4-monitoring-half-back"  # only once the telephone works again
    }


def test_no_notice_names_the_supplier() -> None:
    for name in KEPT:
        for file, text in kept(name).items():
            assert "rogers" not in (file + text).casefold()
