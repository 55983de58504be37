"""How long, how often, and is there a copy: values worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gaps.systems import LONG, NEVER, SHORT, fails, found_in, ids, only

SHOP = {"needs": ["web"], **NEVER}
COPY = {"at": "vault", "every": "24h", "restore": "3h"}


def test_a_missing_time_to_restore_is_worth_its_loss_between_a_short_and_a_long_time() -> None:
    gap = only(found_in({"shop": SHOP, "web": {"kind": "host", "fails": {"per_year": 2}}}), "no-restore-time")
    # Two failures a year, 1,000 users each time.
    assert gap.parts[0].low == pytest.approx(2 * SHORT * 1000)
    assert gap.parts[0].high == pytest.approx(2 * LONG * 1000)
    assert gap.value == pytest.approx(2_850_000)
    assert "2 failures a year, as written" in gap.evidence
    assert "shop needs web" in gap.evidence


def test_where_nobody_says_how_often_it_fails_it_is_once_a_year() -> None:
    gap = only(found_in({"shop": SHOP, "web": {"kind": "host"}}), "no-restore-time")
    assert gap.value == pytest.approx((LONG - SHORT) * 1000)
    assert "one failure a year assumed" in gap.evidence


def test_nothing_is_down_for_more_than_the_year() -> None:
    gap = only(found_in({"shop": SHOP, "web": {"kind": "host", "fails": {"per_year": 1000}}}), "no-restore-time")
    # 1,000 times a day is more than a year; 1,000 times 15 minutes is not.
    assert gap.parts[0].low == pytest.approx(1000 * 15 * 1000)
    assert gap.parts[0].high == pytest.approx(365 * 1440 * 1000)


@pytest.mark.parametrize(
    "web",
    [
        fails(2, 1),
        {"fails": {"probability": 0.01}},  # the time of a year in which it is down is known already
        NEVER,
    ],
)
def test_a_time_to_restore_is_not_missing_where_it_would_change_nothing(web: dict[str, Any]) -> None:
    assert not ids(found_in({"shop": SHOP, "web": {"kind": "host", **web}}), "no-restore-time")


def test_nobody_is_asked_about_what_no_user_feels() -> None:
    facts = found_in({"shop": NEVER, "web": {"kind": "host"}, "pair": {"kind": "host", "needs": ["web"]}})
    assert facts.gaps == ()


def test_a_soft_need_counts_with_its_impact() -> None:
    shop = {"needs": [{"component": "web", "impact": "30%"}], **NEVER}
    gap = only(found_in({"shop": shop, "web": {"kind": "host"}}), "no-restore-time")
    assert gap.value == pytest.approx((LONG - SHORT) * 1000 * 0.3)


def test_what_is_lost_twice_on_a_way_is_lost_in_part() -> None:
    components = {
        "shop": {"needs": [{"component": "search", "impact": "50%"}], **NEVER},
        "search": {"needs": [{"component": "index", "impact": "40%"}], **NEVER},
        "index": {"kind": "tool", "needs": ["web"], **NEVER},
        "web": {"kind": "host"},
    }
    # The index is down; search loses 40 % of its level, the shop half of that.
    assert only(found_in(components), "no-restore-time").value == pytest.approx((LONG - SHORT) * 1000 * 0.2)


def test_half_of_a_pool_is_half_of_the_users() -> None:
    shop = {"needs": [{"pool": {"web": 5, "www": 5}, "demand": 10}], **NEVER}
    facts = found_in({"shop": shop, "web": {"kind": "host"}, "www": {"kind": "host", **NEVER}})
    assert only(facts, "no-restore-time").value == pytest.approx((LONG - SHORT) * 1000 * 0.5)


def test_the_ends_of_a_provider_are_those_of_the_typical_value() -> None:
    shop = {"needs": ["cloud"], **NEVER}
    part = only(found_in({"shop": shop, "cloud": {"kind": "provider"}}), "no-restore-time").parts[0]
    # cloud-region is log-logistic with median 2.333 h and shape 1.517; the odds of 5 % and 95 % are 1/19 and 19.
    median, spread = 2.333 * 60, 19 ** (1 / 1.517)
    assert part.low == pytest.approx(1000 * median / spread, rel=1e-6)
    assert part.high == pytest.approx(1000 * median * spread, rel=1e-6)
    assert "{typical: cloud-region}" in part.lines[0].comment


def test_the_ends_of_a_grid_are_those_of_the_typical_value_and_of_a_switchboard_they_are_not() -> None:
    components = {
        "shop": {"needs": ["board"], **NEVER},
        "board": {"kind": "power", "needs": ["grid"]},
        "grid": {"kind": "power"},
    }
    by_name = {
        part.component: part for gap in found_in(components).gaps for part in gap.parts if gap.kind == "no-restore-time"
    }
    # utility-us is exponential with mean 271.8 min.
    assert by_name["grid"].high == pytest.approx(-271.8 * math.log(0.05) * 1000, rel=1e-6)
    assert by_name["board"].high == pytest.approx(LONG * 1000)


def test_a_common_cause_needs_a_time_of_its_own_only_where_its_members_have_none() -> None:
    cause = {"flood": {"strikes": {"web": 1.0}, "fails": {"per_year": 0.5}}}
    gap = only(found_in({"shop": SHOP, "web": {"kind": "host", **NEVER}}, common_causes=cause), "no-restore-time")
    assert gap.id == "no-restore-time/flood"
    assert gap.value == pytest.approx(0.5 * (LONG - SHORT) * 1000)
    web = {"kind": "host", "time_to_restore": "1h", **NEVER}
    assert not ids(found_in({"shop": SHOP, "web": web}, common_causes=cause), "no-restore-time")


def test_a_missing_rate_is_worth_three_times_as_often_less_a_third_as_often() -> None:
    gap = only(found_in({"shop": SHOP, "web": {"kind": "host", "time_to_restore": "2h"}}), "no-rate")
    assert gap.parts[0].low == pytest.approx(120 * 1000 / 3)
    assert gap.parts[0].high == pytest.approx(120 * 1000 * 3)


@pytest.mark.parametrize(("users", "is_missing"), [(100, True), (99, False)])
def test_a_rate_is_asked_for_where_a_tenth_of_the_users_is_behind(users: int, is_missing: bool) -> None:
    components = {"shop": NEVER, "blog": {"needs": ["web"], **NEVER}, "web": {"kind": "host", "time_to_restore": "2h"}}
    people = {"many": {"count": 1000 - users, "uses": ["shop"]}, "few": {"count": users, "uses": ["blog"]}}
    assert bool(ids(found_in(components, people), "no-rate")) == is_missing


def test_data_without_a_copy_may_be_gone_for_a_day_or_a_month_once_in_ten_years() -> None:
    components = {"shop": {"needs": ["db"], **NEVER}, "db": {"kind": "data", **NEVER}, "vault": {"kind": "site"}}
    gap = only(found_in(components), "no-backup-age")
    assert gap.parts[0].low == pytest.approx(0.1 * 1440 * 1000)
    assert gap.parts[0].high == pytest.approx(0.1 * 30 * 1440 * 1000)
    components["db"] = {"kind": "data", "copies": [COPY], **NEVER}
    assert not ids(found_in(components), "no-backup-age")


def test_a_thing_of_unknown_kind_is_asked_what_it_is_before_anything_else() -> None:
    facts = found_in({"shop": {"needs": ["ext-7"], **NEVER}, "ext-7": {"kind": "unknown", "confidence": "guessed"}})
    assert ids(facts) == ["unknown-kind/ext-7"]
    # One failure a year of 4 h, or none if it is not there.
    assert facts.gaps[0].value == pytest.approx(240 * 1000)


def test_a_guessed_component_may_not_be_there() -> None:
    web = {"kind": "host", "confidence": "guessed", **fails(2, 3)}
    gap = only(found_in({"shop": SHOP, "web": web}), "guessed")
    assert (gap.parts[0].low, gap.parts[0].high) == (0.0, pytest.approx(2 * 180 * 1000))
    assert not found_in({"shop": SHOP, "web": {**web, "confidence": "declared"}}).gaps
