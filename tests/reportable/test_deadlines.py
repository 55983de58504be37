"""By when something has to be told: hours are hours, months are those of the calendar, clocks are local."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from impactsim.reportable.catalogue import regimes
from impactsim.reportable.deadlines import deadlines_of, plus_months
from impactsim.reportable.facts import DeadlineFacts

HOUR_MS = 3_600_000
ROME = ZoneInfo("Europe/Rome")


def told(regime: str, starts: datetime | None, **events: int) -> dict[str, DeadlineFacts]:
    usual = {"occurrence": 0, "awareness": 0, "classification": 0}
    found = deadlines_of(regimes()[regime], usual | events, starts, ROME if starts else None)
    return {each.deadline.id: each for each in found}


def test_the_earlier_of_two_times_counts() -> None:
    starts = datetime(2026, 3, 2, 8, tzinfo=ROME)
    soon = told("dora-financial", starts, awareness=HOUR_MS, classification=2 * HOUR_MS)
    assert soon["initial"].at == starts + timedelta(hours=6)
    late = told("dora-financial", starts, awareness=HOUR_MS, classification=40 * HOUR_MS)
    assert late["initial"].at == starts + timedelta(hours=25)
    assert late["initial"].words == "4 h after classification or 24 h after awareness, whichever is earlier"


def test_a_deadline_may_count_from_the_one_before() -> None:
    starts = datetime(2026, 3, 2, 8, tzinfo=ROME)
    found = told("dora-financial", starts)
    assert found["intermediate"].at == datetime(2026, 3, 5, 12, tzinfo=ROME)
    assert found["final"].at == datetime(2026, 4, 5, 12, tzinfo=ROME)
    assert found["final"].words == "1 month after the intermediate report"


def test_hours_go_on_while_clocks_change() -> None:
    # Clocks in Rome go from 2:00 to 3:00 on 29 March 2026.
    found = told("nis2-cloud", datetime(2026, 3, 28, 20, tzinfo=ROME))
    assert found["warning"].at == datetime(2026, 3, 29, 21, tzinfo=ROME)
    at = found["warning"].at
    assert at is not None
    assert at.utcoffset() == timedelta(hours=2)


def test_times_are_told_in_the_zone_that_was_asked_for() -> None:
    found = told("gdpr", datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert found["authority"].at == datetime(2026, 3, 5, 9, tzinfo=ROME)
    at = found["authority"].at
    assert at is not None
    assert at.tzinfo is ROME


def test_without_a_start_times_count_from_the_beginning() -> None:
    found = told("fcc", None, occurrence=0, awareness=HOUR_MS)
    assert [each.at_ms for each in found.values()] == [3 * HOUR_MS, 73 * HOUR_MS, 721 * HOUR_MS]
    assert [each.at for each in found.values()] == [None] * 3
    assert told("nis2-cloud", None)["final"].at_ms is None  # a month has no fixed length


def test_without_an_outage_there_are_words_only() -> None:
    for each in deadlines_of(regimes()["dora-financial"], {}, datetime(2026, 3, 2, 8, tzinfo=ROME), ROME):
        assert (each.at_ms, each.at) == (None, None)
        assert each.words


@pytest.mark.parametrize(
    ("day", "at"), [((2026, 1, 1), (2026, 6, 1)), ((2026, 6, 30), (2026, 9, 1)), ((2026, 12, 31), (2027, 3, 1))]
)
def test_the_quarterly_list_is_due_two_months_after_the_quarter(
    day: tuple[int, int, int], at: tuple[int, int, int]
) -> None:
    found = told("japan-quarterly", datetime(*day, 9, tzinfo=ROME))
    assert found["list"].at == datetime(*at, tzinfo=ROME)


@pytest.mark.parametrize(
    ("clock", "months", "later"),
    [
        (datetime(2026, 1, 31, 10), 1, datetime(2026, 2, 28, 10)),
        (datetime(2028, 1, 31, 10), 1, datetime(2028, 2, 29, 10)),
        (datetime(2026, 12, 15), 1, datetime(2027, 1, 15)),
        (datetime(2026, 11, 30), 14, datetime(2028, 1, 30)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(clock: datetime, months: int, later: datetime) -> None:
    assert plus_months(clock, months) == later


def test_the_end_of_the_calendar_is_no_crash() -> None:
    found = told("nis2-cloud", datetime(9999, 12, 31, 23, tzinfo=UTC), awareness=HOUR_MS * 48)
    assert {each.at for each in found.values()} == {None}
    assert told("nis2-cloud", datetime(9999, 12, 30, 0, tzinfo=UTC))["final"].at is None


def test_of_two_times_the_earlier_instant_counts_also_in_the_hour_that_comes_twice() -> None:
    # In Rome 2:00 to 3:00 comes twice on 25 October 2026: 4 h after 22:30 is 2:30 for the first time, 24 h after awareness is
    # 2:10 for the second time, and so 40 minutes later.
    starts = datetime(2026, 10, 24, 2, 10, tzinfo=ROME)
    late = told("dora-financial", starts, awareness=HOUR_MS, classification=20 * HOUR_MS + HOUR_MS // 3)
    at = late["initial"].at
    assert at is not None
    assert at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_month_later_is_an_hour_that_clocks_show() -> None:
    # 2:30 on 29 March 2026 does not exist in Rome.
    gap = plus_months(datetime(2026, 1, 29, 2, 30, tzinfo=ROME), 2)
    assert gap is not None
    assert f"{gap:%H:%M %z}" == "03:30 +0200"
