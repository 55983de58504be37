"""`now` in Python."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from impactsim.files.reading import validate_system
from impactsim.notices.build import Asked
from impactsim.outage.asked import Report, WrongReports, understand
from impactsim.outage.result import Now
from impactsim.workflow.notices import notice, notice_of_outage
from impactsim.workflow.outages import now

AT = datetime.fromisoformat("2026-07-02T15:00+02:00")
SINCE = AT - timedelta(hours=1)
SYSTEM = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "grid": {"kind": "power", "time_to_restore": {"median": "1h", "p90": "5h"}},
        "shop": {"needs": ["grid"]},
    },
    "users": {"all": {"count": 100, "uses": ["shop"]}},
}


def of(**words) -> Now:
    return now(SYSTEM, **{"at": AT, "since": SINCE, "down": "grid", "trials": 20} | words)


def test_what_is_down_is_an_id_ids_or_ids_with_times():
    for down in ("grid", ["grid"], {"grid": None}, {"grid": SINCE}):
        assert [each.service for each in of(down=down).facts.services] == ["shop"]


def test_a_share_may_have_a_time():
    result = of(down=(), degraded={"grid": (0.3, AT - timedelta(minutes=20))}, since=None)
    (service,) = result.facts.services
    assert (service.level, service.since_ms, result.facts.at_ms) == (0.3, 0, 20 * 60_000)


def test_the_figures_depend_on_the_seed_and_not_on_the_workers():
    one, other = of(workers=1).facts, of(workers=2).facts
    assert one == other
    assert of(seed=1).facts.remaining != one.remaining


def test_times_are_told_at_one_offset_of_the_zone():
    assert of(zone="America/New_York").facts.starts.isoformat() == "2026-07-02T08:00:00-04:00"
    assert of().facts.starts == SINCE


def test_times_in_a_zone_are_what_they_are():
    rome = ZoneInfo("Europe/Rome")
    result = of(at=AT.astimezone(rome), since=SINCE.astimezone(rome))
    assert result.facts.at_ms == 60 * 60_000


def test_a_time_without_its_offset_is_refused():
    for words in (
        {"at": datetime(2026, 7, 2, 15)},
        {"since": datetime(2026, 7, 2, 14)},
        {"down": {"grid": datetime(2026, 7, 2)}},
    ):
        with pytest.raises(ValueError, match="must have its offset from UTC"):
            of(**words)


def test_reports_that_cannot_be_are_refused_with_all_that_is_wrong():
    with pytest.raises(WrongReports) as caught:
        of(down=["gird"], up=["shp"])
    assert [option for option, _ in caught.value.faults] == ["down", "up"]
    with pytest.raises(WrongReports, match="no time zone"):
        of(zone="Nowhere/At_all")


def test_the_number_of_trials_is_a_number():
    with pytest.raises(ValueError, match="trials is 0"):
        of(trials=0)


def test_it_can_be_looked_at():
    result = of()
    assert str(result).startswith("Shop, 2 Jul 2026 15:00 (UTC+02:00): 1 of 1 service down")
    assert result._repr_html_().startswith('<pre class="impactsim">Shop, 2 Jul')
    assert result.to_json().startswith('{"impactsim":1,"system":"Shop"')
    assert result.situation.at_ms == result.facts.at_ms
    assert result.estimates.n_trials == 20


def test_the_notice_of_an_outage_under_way_is_the_one_that_its_reports_give():
    system = SYSTEM | {
        "components": SYSTEM["components"] | {"shop": {"needs": ["grid"], "public_name": "Online orders"}}
    }
    result = now(system, at=AT, since=SINCE, down="grid", trials=20)
    loaded = validate_system(system)
    understood = understand(loaded.system, [Report("grid", None, None)], (), SINCE, AT)
    expected = notice_of_outage(loaded, understood, AT, None, Asked("identified"), trials=20)
    told = notice(result, "identified", trials=20)
    assert told.texts() == expected.texts()
    assert "Online orders" in "".join(told.texts().values())


def test_an_outage_under_way_has_its_time_already():
    with pytest.raises(ValueError, match="leave out at_ms and seed"):
        notice(of(), "identified", at_ms=0)
