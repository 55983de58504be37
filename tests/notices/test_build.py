"""What becomes public of an outage: which services, how many people, since when, why, what instead, until when."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from impactsim.files.reading import validate_scenario
from impactsim.notices.build import Asked, Draft
from impactsim.notices.estimates import Published
from impactsim.notices.incident import Redaction
from impactsim.outage.asked import Report, understand
from impactsim.problems import InvalidInput
from impactsim.workflow.notices import notice, notice_of_outage

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

SHOP: dict[str, Any] = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "pay": {"kind": "provider", "time_to_restore": {"low": "1h", "likely": "2h", "high": "3h"}},
        "feeder": {"kind": "power"},
        "line": {"kind": "connectivity"},
        "operators": {"kind": "tool", "needs": ["line"]},
        "checkout": {
            "public_name": {"en": "Ordering", "it": "Ordini"},
            "public_effects": {"down": {"en": "You cannot order."}, "degraded": {"en": "Ordering is slow."}},
            "needs": ["pay"],
            "workarounds": [
                {"text": {"en": "Call us."}, "covers": "60%", "after": "30m", "lasts": "2h", "needs": ["operators"]}
            ],
        },
        "search": {"public_name": "Search", "needs": [{"component": "pay", "impact": "0.5%"}]},
        "backoffice": {"needs": ["feeder"]},
    },
    "users": {"people": {"count": 13000, "uses": {"checkout": "100%"}}, "others": {"count": 87000, "uses": ["search"]}},
}


def played(events: list[dict[str, Any]], system: dict[str, Any] | None = None, **words: Any) -> dict[str, Any]:
    return {
        "impactsim": 1,
        "name": "Outage",
        "system": deepcopy(system or SHOP),
        "starts": "2026-03-02T08:00+00:00",
        "events": events,
        **words,
    }


def draft(scenario: dict[str, Any], state: Any = "identified", minutes: int | None = None, **asked: Any) -> Draft:
    at_ms = None if minutes is None else minutes * 60_000
    return notice(scenario, Asked(state=state, **asked), at_ms=at_ms, trials=300).draft


PAY_GONE = [{"fail": "pay", "at": "2m"}]


def test_the_services_that_customers_notice_stand_in_it_the_worst_first():
    incident = draft(played(PAY_GONE), minutes=10).incident
    assert [(each.name.get("en") or each.name[""], each.status) for each in incident.affected] == [
        ("Ordering", "major_outage"),
        ("Search", "degraded_performance"),
    ]
    assert incident.affected[0].effect == {"en": "You cannot order."}
    assert incident.unaffected == ()


def test_the_start_is_rounded_down_and_the_publication_is_to_the_minute():
    incident = draft(played([{"fail": "pay", "at": "8m20s"}]), minutes=17).incident
    assert incident.started_at == AT.replace(minute=5)
    assert incident.published_at == AT.replace(minute=17)
    assert incident.reference == "2026-03-02-0805"


def test_people_are_those_of_all_segments_rounded_outward():
    # 13,000 lose everything, 0.5 % of 87,000 lose search: 13,435 in all, of 100,000.
    incident = draft(played(PAY_GONE), minutes=10).incident
    assert incident.people is not None
    assert (incident.people.low, incident.people.high) == (13_000, 14_000)
    assert incident.share == (0.13, 0.14)


def test_counts_that_are_uncertain_widen_the_range():
    system = deepcopy(SHOP)
    system["users"]["people"]["count"] = {"low": 10_000, "high": 16_000}
    incident = draft(played(PAY_GONE, system), minutes=10).incident
    # One in ten is below 10,600, one in ten above 15,400; with the 435, by the factors of all segments together.
    assert incident.people is not None
    assert incident.people.low < 13_435 * (97_600 / 100_000)
    assert incident.people.high > 13_435 * (102_400 / 100_000)


def test_a_workaround_is_offered_while_it_is_there_and_its_needs_are():
    assert draft(played(PAY_GONE), minutes=31).incident.workarounds == ()
    there = draft(played(PAY_GONE), minutes=40).incident.workarounds
    assert [(each.text, each.until) for each in there] == [({"en": "Call us."}, AT.replace(hour=10, minute=30))]
    line_too = [*PAY_GONE, {"fail": "line", "at": "35m"}]
    assert draft(played(line_too), minutes=40).incident.workarounds == ()


def test_a_workaround_lowers_the_severity_and_people_but_does_not_make_the_service_work():
    # 60 % are covered: 40 % of 13,000, and 0.5 % of 87,000 as before.
    without, covered = (draft(played(PAY_GONE), minutes=minutes).incident for minutes in (31, 40))
    assert (without.affected[0].status, covered.affected[0].status) == ("major_outage", "major_outage")
    assert (without.severity, covered.severity) == (1, 2)
    assert covered.people is not None
    assert (covered.people.low, covered.people.high) == (5_600, 5_700)


def test_a_workaround_without_words_is_a_problem_that_names_it():
    system = deepcopy(SHOP)
    system["components"]["checkout"]["workarounds"][0]["text"] = {}
    with pytest.raises(InvalidInput, match=r"components.checkout.workarounds\[0\].text: .*has no words"):
        draft(played(PAY_GONE, system), minutes=40)
    assert draft(played(PAY_GONE, system), minutes=10).incident.workarounds == ()


def test_while_it_goes_on_those_count_who_are_affected_now():
    first_pay = [{"fail": "pay", "at": "2m", "for": "5m"}, {"fail": "search", "at": "1m"}]
    system = deepcopy(SHOP)
    system["users"]["others"]["count"] = 700
    going_on = draft(played(first_pay, system), minutes=20).incident
    assert going_on.people is not None
    assert going_on.people.high == 700


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        (PAY_GONE, "supplier"),
        ([{"fail": "checkout", "at": "2m"}], "our_systems"),
        ([*PAY_GONE, {"fail": "search", "at": "3m"}], "under_examination"),
    ],
)
def test_the_class_of_the_cause_is_that_of_what_failed_first(events, cause):
    assert draft(played(events), minutes=10).incident.cause == cause


@pytest.mark.parametrize(("need", "cause"), [("feeder", "power"), ("line", "connectivity")])
def test_power_and_connectivity_are_classes_of_their_own(need, cause):
    system = deepcopy(SHOP)
    system["components"]["checkout"]["needs"] = [need]
    assert draft(played([{"fail": need}], system), minutes=10).incident.cause == cause


def test_who_investigates_does_not_know_the_cause_yet_and_l3_never_says_it():
    assert draft(played(PAY_GONE), "investigating", 10).incident.cause == "under_examination"
    assert draft(played(PAY_GONE), "investigating", 10, cause="supplier").incident.cause == "supplier"
    exposed = draft(
        played(PAY_GONE), minutes=10, redaction=Redaction.EXPOSED, may_recur=True, provider_will_change=True
    )
    incident = exposed.incident
    assert (incident.cause, incident.may_recur, incident.provider_will_change) == (None, False, False)


def test_data_repeats_and_providers_are_said_by_people_only():
    plain = draft(played(PAY_GONE), minutes=10).incident
    assert (plain.data, plain.may_recur, plain.provider_will_change) == (None, False, False)
    said = draft(played(PAY_GONE), minutes=10, data="none_lost", may_recur=True, provider_will_change=True).incident
    assert (said.data, said.may_recur, said.provider_will_change) == ("none_lost", True, True)


def test_the_next_update_follows_the_severity_and_comes_before_the_estimate_passes():
    incident = draft(played(PAY_GONE), minutes=10).incident
    assert incident.next_update_by == AT.replace(minute=40)
    nearly = [{"fail": "pay", "for": {"low": "60m", "high": "62m"}}]
    soon = draft(played(nearly), minutes=50).incident
    assert soon.estimate is not None
    assert soon.next_update_by is not None
    assert soon.next_update_by <= soon.estimate.high_at
    assert draft(played(PAY_GONE), minutes=10, next_update_ms=3_600_000).incident.next_update_by == AT.replace(
        hour=9, minute=10
    )


def test_the_estimate_is_that_of_what_has_lasted_already():
    # Uniform from 1 to 3 h: after 1.5 h it ends within 1.5 h, one in five within 18 min, nine in ten within 81 min.
    incident = draft(played([{"fail": "pay", "for": {"low": "1h", "high": "3h"}}]), minutes=90).incident
    assert incident.estimate is not None
    assert (incident.estimate.low_ms, incident.estimate.high_ms) == (15 * 60_000, 90 * 60_000)
    assert incident.estimate.high_at == AT.replace(hour=11)


def test_nobody_who_says_how_long_means_no_estimate_yet():
    system = deepcopy(SHOP)
    del system["components"]["pay"]["time_to_restore"]
    system["components"]["pay"]["kind"] = "tool"
    found = draft(played(PAY_GONE, system), minutes=10)
    assert (found.incident.estimate, found.chosen.why_none) == (None, "no end")


def test_a_guess_is_no_basis():
    system = deepcopy(SHOP)
    system["components"]["pay"]["confidence"] = "guessed"
    assert draft(played(PAY_GONE, system), minutes=10).chosen.why_none == "rests on a guess"


def test_the_previous_notice_is_followed():
    early = draft(played(PAY_GONE), minutes=10).incident.estimate
    assert early is not None
    before = Published(early.low_at, early.high_at)
    later = draft(played(PAY_GONE), minutes=20, previous=before).incident.estimate
    assert later is not None
    assert (later.low_at, later.high_at) == (early.low_at, early.high_at)
    late = draft(played(PAY_GONE), minutes=60, previous=Published(AT, AT.replace(hour=9))).incident
    assert late.is_late


def test_resolved_says_from_when_to_when():
    resolved = draft(played([{"fail": "pay", "at": "2m", "for": "3h11m"}]), "resolved").incident
    assert (resolved.started_at, resolved.ended_at) == (AT, AT.replace(hour=11, minute=15))
    assert resolved.lasted_ms == 195 * 60_000
    assert resolved.next_update_by is None
    assert [each.status for each in resolved.affected] == ["major_outage", "degraded_performance"]


def test_what_is_not_over_cannot_be_resolved():
    with pytest.raises(InvalidInput, match="not resolved by then: not back are checkout, search"):
        draft(played(PAY_GONE), "resolved", 10)


def test_a_service_without_a_public_name_is_a_problem_that_names_it():
    both = [*PAY_GONE, {"fail": "feeder", "at": "3m"}]
    found = draft(played(both), minutes=10)
    assert [problem.path for problem in found.problems] == [("components", "backoffice", "public_name")]
    assert all("backoffice" not in str(each) for each in (*found.incident.affected, *found.incident.unaffected))
    with pytest.raises(InvalidInput, match="the service backoffice is affected and has no public name"):
        draft(played([{"fail": "feeder", "at": "3m"}]), minutes=10)


def test_before_anybody_is_affected_there_is_nothing_to_tell():
    with pytest.raises(InvalidInput, match="no service is affected yet"):
        draft(played(PAY_GONE), minutes=1)


def test_a_notice_needs_the_time_of_the_day():
    scenario = played(PAY_GONE)
    del scenario["starts"]
    with pytest.raises(InvalidInput, match="a notice needs the time of the day"):
        draft(scenario)


def test_an_outage_under_way_is_told_like_the_scenario_that_it_is():
    loaded = validate_scenario(played([]))
    at = AT.replace(minute=40)
    understood = understand(loaded.system, [Report("pay", None, AT.replace(minute=2))], (), None, at)
    now = notice_of_outage(loaded, understood, at, None, Asked(state="identified"), trials=300).incident
    scene = draft(played(PAY_GONE), minutes=40).incident
    assert (now.affected, now.people, now.share, now.workarounds) == (
        scene.affected, scene.people, scene.share, scene.workarounds,
    )  # fmt: skip
    assert (now.started_at, now.next_update_by) == (scene.started_at, scene.next_update_by)


def test_an_outage_that_was_under_way_is_resolved_once_somebody_says_until_when():
    loaded = validate_scenario(played([]))
    at = AT.replace(hour=11)
    understood = understand(loaded.system, [Report("pay", None, AT)], (), None, at)
    resolved = notice_of_outage(
        loaded, understood, at, None, Asked(state="resolved"), until=AT.replace(hour=10, minute=20)
    ).incident
    assert (resolved.started_at, resolved.ended_at) == (AT, AT.replace(hour=10, minute=20))
    assert resolved.workarounds == ()


@pytest.mark.parametrize(
    ("state", "languages", "wrong"), [("over", ["en"], "state is 'over'"), ("identified", ["en", "xx"], "xx")]
)
def test_states_and_languages_that_there_are_not_are_refused(state, languages, wrong):
    with pytest.raises(ValueError, match=wrong):
        notice(played(PAY_GONE), state, languages, at_ms=600_000)


def test_a_state_alone_is_enough():
    assert notice(played(PAY_GONE), "identified", at_ms=600_000, trials=200).incident.state == "identified"


def test_the_next_update_comes_before_the_estimate_passes_even_where_people_want_it_later():
    late = draft(played(PAY_GONE), minutes=10, next_update_ms=24 * 3_600_000)
    assert late.incident.estimate is not None
    assert late.incident.next_update_by == late.incident.estimate.high_at
    assert [each.code for each in late.problems] == ["update-too-late"]
    # What was promised ends in two minutes.
    short = [{"fail": "pay", "for": {"low": "60m", "high": "62m"}}]
    before = Published(AT.replace(hour=9), AT.replace(hour=9, minute=3))
    now = draft(played(short), minutes=60, previous=before).incident
    assert now.estimate is not None
    assert now.next_update_by is not None
    assert AT.replace(hour=9) < now.next_update_by <= now.estimate.high_at == before.high_at


def test_a_notice_before_of_something_else_is_told_and_one_from_the_future_is_refused():
    began, published = AT.replace(hour=7), AT.replace(minute=5)
    other = draft(played(PAY_GONE), minutes=10, previous_started_at=began, previous_published_at=published)
    assert [each.code for each in other.problems] == ["previous-of-another"]
    same = draft(played(PAY_GONE), minutes=10, previous_started_at=AT, previous_published_at=published)
    assert same.problems == ()
    with pytest.raises(InvalidInput, match="published at 2026-03-02 08:11"):
        draft(played(PAY_GONE), minutes=10, previous_started_at=AT, previous_published_at=AT.replace(minute=11))


def test_a_deadlock_that_is_still_to_come_is_told_to_the_author():
    system = deepcopy(SHOP)
    system["components"]["names"] = {"kind": "tool", "needs": ["feeder", {"component": "names-too", "to": "start"}]}
    system["components"]["names-too"] = {"kind": "tool", "needs": ["feeder", {"component": "names", "to": "start"}]}
    system["components"]["checkout"]["needs"] = ["names"]
    found = draft(played([{"fail": "feeder", "for": "2h"}], system), minutes=10)
    assert found.chosen.why_none == "no end"
    assert [
        (each.code, "names, names-too" in each.fault) for each in found.problems if each.code != "no-public-name"
    ] == [("deadlock-ahead", True)]


def test_what_is_over_is_told_with_another_state():
    short = [{"fail": "pay", "at": "2m", "for": "5m"}]
    with pytest.raises(InvalidInput, match=r"affected any more; tell them so with --state monitoring"):
        draft(played(short), minutes=30)


def test_a_zone_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no time zone 'Mars/X'"):
        draft(played(PAY_GONE), minutes=10, zone="Mars/X")


def test_people_are_not_counted_where_nobody_says_who_uses_what_is_affected():
    system = deepcopy(SHOP)
    system["components"]["forum"] = {"public_name": "Forum", "needs": ["pay"]}
    incident = draft(played(PAY_GONE, system), minutes=10).incident
    assert (incident.people, incident.share) == (None, None)
    del system["components"]["forum"]["public_name"]
    assert draft(played(PAY_GONE, system), minutes=10).incident.people is not None, "it stands in no notice"


BLIP = {"fail": "search", "at": "1m", "for": "4m"}


@pytest.mark.parametrize(
    ("state", "published"),
    [("investigating", (9, 10)), ("identified", (9, 30)), ("monitoring", (11, 5)), ("resolved", (11, 30))],
)
def test_the_usual_times_are_those_of_the_first_outage_that_anybody_would_write_about(state, published):
    long = {"fail": "checkout", "at": "1h", "for": "2h"}
    hour, minute = published
    assert draft(played([BLIP, long]), state).incident.published_at == AT.replace(hour=hour, minute=minute)


def test_of_what_is_over_sooner_than_anybody_writes_the_first_moment_is_told():
    assert draft(played([BLIP]), "identified").incident.published_at == AT.replace(minute=1)


def test_what_has_no_end_in_the_run_has_no_usual_time_of_its_end():
    with pytest.raises(InvalidInput, match="it does not end in the run: not back are search"):
        draft(played([{"fail": "search"}]), "resolved")


def test_what_was_over_long_before_is_another_incident():
    long = {"fail": "checkout", "at": "1h", "for": "2h"}
    incident = draft(played([BLIP, long]), minutes=70).incident
    assert incident.started_at == AT.replace(hour=9)
    resolved = draft(
        played([{"fail": "pay", "at": "1m", "for": "4m"}, {**long, "fail": "search"}]), "resolved"
    ).incident
    assert (resolved.started_at, resolved.lasted_ms) == (AT.replace(hour=9), 2 * 3_600_000)
    assert [each.name[""] for each in resolved.affected] == ["Search"]
    assert resolved.people is not None
    assert resolved.people.high == 87_000


def test_what_comes_back_for_a_few_minutes_is_one_incident():
    again = {"fail": "search", "at": "20m", "for": "2h"}
    assert draft(played([BLIP, again]), minutes=60).incident.started_at == AT
