"""What people report, held against the system."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from impactsim.outage.asked import Report, WrongReports, understand
from impactsim.outage.faults import Known
from outage.cases import MIN, H, system_of

AT = datetime.fromisoformat("2026-03-02T15:00+01:00")
SINCE = AT - timedelta(hours=1)
SYSTEM = system_of(
    {"grid": {"kind": "power"}, "line": {}, "second": {}, "shop": {}},
    common_causes={"digger": {"strikes": {"line": "100%", "second": "50%", "shop": "40%"}}},
)


def faults(*reports: Report, up: tuple[str, ...] = (), since: datetime | None = SINCE) -> list[tuple[str, str]]:
    with pytest.raises(WrongReports) as caught:
        understand(SYSTEM, reports, up, since, AT)
    return list(caught.value.faults)


def test_the_outage_starts_with_what_went_down_first():
    early = SINCE - timedelta(minutes=20)
    found = understand(SYSTEM, [Report("grid"), Report("line", 0.4, early)], ["shop"], SINCE, AT)
    assert found.starts == early
    assert found.at_ms == 80 * MIN
    assert found.known == (Known("grid", 0.0, 20 * MIN), Known("line", 0.4, 0))
    assert found.up == ("shop",)


def test_offsets_of_the_same_instant_are_one_time():
    utc = datetime.fromisoformat("2026-03-02T13:00+00:00")
    assert understand(SYSTEM, [Report("grid")], (), utc, AT).at_ms == H


def test_time_passes_as_it_does_when_clocks_are_put_forward():
    rome = ZoneInfo("Europe/Rome")
    since, at = datetime(2026, 3, 29, 1, 0, tzinfo=rome), datetime(2026, 3, 29, 4, 0, tzinfo=rome)
    assert understand(SYSTEM, [Report("grid")], (), since, at).at_ms == 2 * H


def test_no_common_start_is_needed_where_each_has_its_own():
    assert understand(SYSTEM, [Report("grid", None, SINCE)], (), None, AT).at_ms == H
    assert faults(Report("grid"), since=None) == [
        ("since", "nobody says since when; write --since 14:05, or X@14:05 for each")
    ]


def test_a_common_cause_has_taken_down_what_it_strikes_with_half_or_more():
    found = understand(SYSTEM, [Report("digger")], (), SINCE, AT)
    assert found.known == (Known("line", 0.0, 0, "digger"), Known("second", 0.0, 0, "digger"))


def test_what_is_said_of_a_component_itself_wins_over_a_common_cause():
    later = SINCE + timedelta(minutes=5)
    found = understand(SYSTEM, [Report("digger"), Report("line", None, later)], ["second"], SINCE, AT)
    assert found.known == (Known("line", 0.0, 5 * MIN),)


def test_a_common_cause_that_has_struck_nothing_is_refused():
    (fault,) = faults(Report("digger"), up=("line", "second"))
    assert fault[0] == "down"
    assert "strikes nothing" in fault[1]


def test_everything_that_is_wrong_is_said_at_once():
    found = faults(
        Report("gird"),
        Report("grid"),
        Report("line", 0.0),
        Report("second", 1.0),
        Report("shop", None, AT + timedelta(minutes=1)),
        up=("grid", "shp"),
    )
    assert found == [
        ("down", "shop: 2026-03-02 15:01 is after 2026-03-02 15:00, which is now"),
        ("down", "no component and no common cause is called 'gird'; did you mean grid?"),
        ("up", "no component is called 'shp'; did you mean shop?"),
        ("degraded", "line=0%: what serves nothing is down: write --down line"),
        ("degraded", "second=100%: what serves everything is up: write --up second"),
        ("up", "grid is said to be up and down; say one of them"),
    ]


def test_one_component_is_not_reported_in_two_ways():
    assert faults(Report("grid"), Report("grid", 0.4)) == [
        ("degraded", "grid is said to be down and degraded; say one of them")
    ]
    assert faults(Report("grid", 0.5), Report("grid", 0.4)) == [
        ("degraded", "grid is reported twice, with different figures; say it once")
    ]
    assert understand(SYSTEM, [Report("grid"), Report("grid")], (), SINCE, AT).known == (Known("grid", 0.0, 0),)


def test_a_common_cause_degrades_nothing():
    assert faults(Report("digger", 0.4)) == [
        ("degraded", "digger is a common cause, which takes things down: write --down digger")
    ]


def test_a_start_after_now_is_refused():
    assert faults(Report("grid"), since=AT + timedelta(seconds=1))[0][0] == "since"
    assert understand(SYSTEM, [Report("grid")], (), AT, AT).at_ms == 0


def test_nothing_reported_is_no_outage():
    assert faults() == [("down", "nothing is reported; say what is down, or degraded")]
