"""From a scenario to verdicts: the worked vector with its users, probabilities of known laws, what is said where nothing is known."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest

from impactsim.reportable.asked import Asked
from impactsim.reportable.assess import verdict_of
from impactsim.reportable.catalogue import WrongQuestion, regimes
from impactsim.reportable.facts import CriterionFacts, RegimeFacts, ReportableFacts
from impactsim.trials.estimates import Chance
from impactsim.workflow.reportables import USUAL_TRIALS, reportability

EVERY = tuple(regimes())
MINUTE_MS = 60_000
N = 500


def words(events: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """Return an operator with 100,000 customers in one country, 13,000 of whom lose their line with one of two exchanges."""
    system = {
        "impactsim": 1,
        "name": "Operator",
        "components": {
            "east": {"kind": "site"},
            "west": {"kind": "site"},
            "voice": {
                "kind": "service",
                "critical": True,
                "needs": [{"pool": {"east": 13, "west": 87}, "demand": 100, "to": "run"}],
            },
        },
        "users": {
            "homes": {"count": 90_000, "uses": ["voice"], "country": "IT"},
            "firms": {"count": 10_000, "uses": ["voice"], "country": "IT"},
        },
    }
    return {"impactsim": 1, "name": "Exchange lost", "system": system | changes, "events": events}


WORKED = words([{"fail": "east", "for": "3h15m"}])


def assess(scenario: dict[str, Any], regime: str, trials: int | None = None, **asked: Any) -> RegimeFacts:
    return facts_of(scenario, regime, trials=trials, **asked).regimes[0]


def facts_of(scenario: dict[str, Any], *names: str, trials: int | None = None, **asked: Any) -> ReportableFacts:
    return reportability(scenario, Asked(names, **asked), trials=trials, workers=1).facts


def criteria(facts: RegimeFacts) -> dict[str, CriterionFacts]:
    return {each.rule.id: each for each in facts.criteria}


def met(facts: RegimeFacts) -> set[str]:
    return {
        each.rule.id for each in facts.criteria if each.probability is not None and each.probability.estimate.p == 1.0
    }


def p50_minutes(facts: RegimeFacts | CriterionFacts) -> float:
    assert facts.first_ms is not None
    return facts.first_ms.p50 / MINUTE_MS


# The worked vector, from a file of a system.


def test_the_worked_vector_holds_from_end_to_end() -> None:
    fcc = assess(WORKED, "fcc")
    assert (fcc.verdict, fcc.probability.estimate.p) == ("met", 1.0)
    assert p50_minutes(fcc) == pytest.approx(900_000 / 13_000)
    enisa, italy = criteria(assess(WORKED, "enisa")), assess(WORKED, "italy-telecom")
    user_hours = enisa["user-hours"]
    assert user_hours.value is not None
    assert user_hours.value.p50 == pytest.approx(42_250)
    assert user_hours.margin == pytest.approx(1_000_000 - 42_250)
    assert user_hours.probability is not None
    assert user_hours.probability.estimate.p == 0.0
    assert met(italy) == {"2h"}
    assert p50_minutes(italy) == 120
    assert assess(WORKED, "japan-serious").verdict == "not met on modelled criteria"
    assert met(assess(WORKED, "japan-quarterly")) == {"duration"}
    dora = assess(WORKED, "dora-financial")
    assert met(dora) == {"critical", "clients-share", "downtime"}
    assert (dora.verdict, p50_minutes(dora)) == ("met", 120)
    share = criteria(dora)["clients-share"]
    assert share.value is not None
    assert share.value.p50 == pytest.approx(13.0)
    # 13 % are without a line: the service is limited for more than 5 % for more than an hour, and not gone for all.
    cloud = assess(WORKED, "nis2-cloud")
    assert (met(cloud), p50_minutes(cloud)) == ({"limited"}, 60)


def test_a_service_of_its_own_for_the_13_000_is_completely_unavailable() -> None:
    system = WORKED["system"]
    components = {
        "east": {"kind": "site"},
        "voice-east": {"kind": "service", "critical": True, "needs": [{"component": "east", "to": "run"}]},
        "voice-west": {"kind": "service", "critical": True},
    }
    users = {
        "east": {"count": 13_000, "uses": ["voice-east"], "country": "IT"},
        "west": {"count": 87_000, "uses": ["voice-west"], "country": "IT"},
    }
    scenario = WORKED | {"system": system | {"components": components, "users": users}}
    cloud = assess(scenario, "nis2-cloud")
    assert "unavailable" in met(cloud)
    assert p50_minutes(cloud) == 30
    assert p50_minutes(assess(scenario, "fcc")) == pytest.approx(900_000 / 13_000)


def test_of_a_degraded_service_the_bounds_give_a_range_of_probabilities() -> None:
    # 13 % cannot use it, and all may be harmed: 100,000 for 8 hours and more.
    scenario = words([{"fail": "east", "for": "9h"}])
    eight_hours = criteria(assess(scenario, "ofcom"))["eight-hours-share"].probability
    assert eight_hours is not None
    assert (eight_hours.low.p, eight_hours.estimate.p, eight_hours.high.p) == (0.0, 0.0, 1.0)
    assert eight_hours.has_range


# Probabilities.


@pytest.mark.parametrize(
    ("low", "high", "expected"), [("1h", "3h", 0.5), ("90m", "390m", 0.9), ("1h", "2h", 0.0), ("121m", "5h", 1.0)]
)
def test_the_probability_of_a_limit_is_that_of_the_law(low: str, high: str, expected: float) -> None:
    scenario = words([{"fail": "east", "for": {"low": low, "high": high}}])
    found = assess(scenario, "dora-financial", trials=N)
    error = 4 * math.sqrt(max(expected * (1 - expected), 1e-9) / N)
    chance = found.probability.estimate
    assert chance.p == pytest.approx(expected, abs=error + 1e-12)
    assert chance.low <= expected <= chance.high
    assert chance.n == N


def test_times_to_a_limit_are_quantiles_over_the_trials() -> None:
    # 900,000 user-minutes are reached after 900,000 / users: quicker with more of them.
    users = {"homes": {"count": {"low": 50_000, "high": 150_000}, "uses": ["voice"]}}
    scenario = words([{"fail": "east", "for": "6h"}], users=users)
    found = assess(scenario, "fcc", trials=N).first_ms
    for value, people in ((found.p10, 140_000), (found.p50, 100_000), (found.p90, 60_000)):
        assert value / MINUTE_MS == pytest.approx(900_000 / (0.13 * people), rel=0.07)


def test_uncertain_numbers_of_people_decide_trial_by_trial() -> None:
    users = {"homes": {"count": {"low": 60_000, "high": 140_000}, "uses": ["voice"]}}
    found = assess(words([{"fail": ["east", "west"], "for": "1h"}], users=users), "dora-financial", trials=N)
    chance = criteria(found)["clients-number"].probability
    assert chance is not None
    assert chance.estimate.p == pytest.approx(0.5, abs=4 * math.sqrt(0.25 / N))


def test_where_all_is_certain_one_run_says_all() -> None:
    found = facts_of(WORKED, "fcc", trials=500)
    assert (found.n_trials, found.is_certain) == (1, True)
    assert found.regimes[0].probability.estimate == Chance(1.0, 1.0, 1.0, 1)


def test_where_something_is_uncertain_a_thousand_trials_are_usual() -> None:
    scenario = words([{"fail": "east", "for": {"low": "1h", "high": "3h"}}])
    assert facts_of(scenario, "gdpr").n_trials == USUAL_TRIALS
    assert facts_of(scenario | {"trials": 70}, "gdpr").n_trials == 70


def test_seed_and_workers_decide_as_everywhere() -> None:
    scenario = words([{"fail": "east", "for": {"low": "1h", "high": "3h"}}])
    one = reportability(scenario, EVERY, trials=200, workers=1)
    assert reportability(scenario, EVERY, trials=200, workers=2).to_json() == one.to_json()
    assert reportability(scenario, EVERY, trials=200, workers=1, seed=5).to_json() != one.to_json()


@pytest.mark.parametrize(
    ("p", "word"),
    [(1.0, "met"), (0.95, "met"), (0.949, "likely"), (0.5, "likely"), (0.499, "possible"), (0.05, "possible"),
     (0.049, "not met on modelled criteria"), (0.0, "not met on modelled criteria")],
)  # fmt: skip
def test_a_verdict_is_a_word_for_a_probability(p: float, word: str) -> None:
    never, always, found = Chance(0.0, 0.0, 0.0, 9), Chance(1.0, 1.0, 1.0, 9), Chance(p, p, p, 9)
    assert verdict_of(found, never, needs_judgement=True) == word
    assert verdict_of(found, always, needs_judgement=False) == word
    expected = "to be assessed" if p < 0.05 else word
    assert verdict_of(found, always, needs_judgement=True) == expected


def test_what_hangs_on_users_is_not_decided_where_nobody_says_who_they_are() -> None:
    scenario = words([{"fail": ["east", "west"], "for": "3h"}], users={})
    assert assess(scenario, "ofcom").verdict == "to be assessed"
    assert assess(scenario, "nis2-dns").verdict == "met"  # time alone decides
    short = words([{"fail": ["east", "west"], "for": "10m"}], users={})
    assert assess(short, "nis2-dns").verdict == "not met on modelled criteria"
    assert assess(words([], users={}), "ofcom").verdict == "not met on modelled criteria"  # nothing is lost
    with_users = words([{"fail": ["east", "west"], "for": "10m"}], users={"few": {"count": 10, "uses": ["voice"]}})
    assert assess(with_users, "ofcom").verdict == "not met on modelled criteria"


def test_users_without_a_country_are_counted_in_every_region_and_a_note_says_so() -> None:
    note = "Users without a country were counted as if they were in US."
    users: dict[str, Any] = {"somewhere": {"count": 1_000, "uses": ["voice"]}}
    scenario = words([{"fail": ["east", "west"], "for": "3h"}], users=users)
    assert note in assess(scenario, "fcc").caveats
    users["somewhere"]["country"] = "US"
    assert note not in assess(scenario, "fcc").caveats
    assert "Users without a country" not in str(assess(scenario, "dora-financial").notes)  # it has no region


def test_a_flag_that_no_regime_asks_for_is_told() -> None:
    found = facts_of(WORKED, "fcc", "gdpr", flags=("media", "oc3-minutes", "planned"))
    assert "None of these regimes asks for media or planned: it changes nothing here." in found.notes
    assert not any("asks for" in note for note in facts_of(WORKED, "nis2-cloud", flags=("planned",)).notes)


def test_without_a_turnover_its_share_is_told_to_be_unknown() -> None:
    note = "No turnover was given (--turnover): 5% of it may be a lower limit of the loss."
    assert note in assess(WORKED, "nis2-cloud", cost_per_user_minute=0.05).caveats
    assert note not in assess(WORKED, "nis2-cloud", cost_per_user_minute=0.05, turnover=1e6).caveats
    assert note not in assess(WORKED, "nis2-cloud").caveats  # no loss is seen at all
    assert note not in assess(WORKED, "dora-financial", cost_per_user_minute=0.05).caveats


def test_nis2_without_figures_is_for_a_person_to_assess() -> None:
    assert assess(WORKED, "nis2-other").verdict == "to be assessed"
    assert assess(words([]), "nis2-other").verdict == "not met on modelled criteria"
    for flag in ("severe-disruption", "financial-loss", "damage-to-others"):
        assert assess(WORKED, "nis2-other", flags=(flag,)).verdict == "met"


# What people say, and what nobody can tell.


def test_what_the_model_cannot_see_is_listed_until_somebody_says_it() -> None:
    scenario = words([{"fail": "east", "for": "2h"}])  # no more than 2 hours: one criterion
    without = assess(scenario, "dora-financial")
    assert without.verdict == "not met on modelled criteria"
    assert without.if_unseen.p == 1.0
    unseen = {each.rule.flag or each.rule.id for each in without.unseen}
    assert unseen == {
        "counterparts", "transactions", "relevant-client", "media", "complaints", "regulatory-breach", "client-loss", "data-loss",
        "malicious", "economic",
    }  # fmt: skip
    with_media = assess(scenario, "dora-financial", flags=("media",))
    assert with_media.verdict == "met"
    assert "media" not in {each.rule.flag for each in with_media.unseen}


def test_losses_are_seen_with_a_cost_of_the_user_minute() -> None:
    found = criteria(assess(WORKED, "dora-financial", cost_per_user_minute=0.05))["economic"]
    assert found.value is not None
    assert found.value.p50 == pytest.approx(2_535_000 * 0.05)
    assert p50_minutes(found) == pytest.approx(100_000 / (13_000 * 0.05))


def test_a_breach_of_data_has_to_be_assessed_by_somebody() -> None:
    found = assess(WORKED, "gdpr")
    assert found.verdict == "to be assessed"
    hours = criteria(found)["unavailable"].value
    assert hours is not None
    assert hours.p50 == 3.25
    assert assess(WORKED, "gdpr", flags=("personal-data-risk",)).verdict == "met"


def test_planned_work_does_not_count_under_nis2() -> None:
    found = assess(WORKED, "nis2-cloud", flags=("planned",))
    assert (found.verdict, found.if_unseen.p) == ("not met on modelled criteria", 0.0)
    assert "Planned maintenance never counts here." in found.notes


def test_a_service_of_which_nobody_says_so_counts_as_critical() -> None:
    system = {"impactsim": 1, "name": "x", "components": {"shop": {"kind": "service", "name": "The shop"}}}
    scenario = {"impactsim": 1, "name": "x", "system": system, "events": [{"fail": "shop", "for": "3h"}]}
    found = assess(scenario, "dora-financial")
    assert met(found) == {"critical", "downtime"}
    assert "Counted as critical, because the system does not say: The shop." in found.notes
    system["components"] = {"shop": {"kind": "service", "critical": False}}
    assert met(assess(scenario, "dora-financial")) == set()


@pytest.mark.parametrize("users", [{}, {"nobody": {"count": 0, "uses": ["voice"]}}])
@pytest.mark.parametrize("regime", EVERY)
def test_a_system_without_users_is_no_crash_and_meets_nothing_by_numbers(regime: str, users: dict[str, Any]) -> None:
    found = assess(words([{"fail": ["east", "west"], "for": "1m"}], users=users), regime)
    assert met(found) <= {"critical", "unavailable", "limited"}
    assert found.probability.estimate.p in (0.0, 1.0)


@pytest.mark.parametrize("regime", EVERY)
def test_an_undisturbed_scenario_meets_nothing_and_has_no_times(regime: str) -> None:
    found = facts_of(words([]), regime)
    assert found.occurrence_ms is None
    assert found.regimes[0].probability.estimate.p == 0.0
    assert {(each.at_ms, each.at) for each in found.regimes[0].deadlines} <= {(None, None)}


def test_one_service_can_be_looked_at_alone() -> None:
    components = {"shop": {"kind": "service"}, "bank": {"kind": "service"}}
    system = {
        "impactsim": 1,
        "name": "x",
        "components": components,
        "users": {"a": {"count": 10, "uses": ["shop", "bank"]}},
    }
    scenario = {"impactsim": 1, "name": "x", "system": system, "events": [{"fail": "bank", "for": "3h"}]}
    assert assess(scenario, "nis2-dns").verdict == "met"
    assert assess(scenario, "nis2-dns", services=("shop",)).verdict == "not met on modelled criteria"


# Time.


def test_an_outage_is_known_some_time_after_its_first_loss() -> None:
    scenario = words([{"fail": "east", "at": "20m", "for": "3h15m"}]) | {"starts": "2026-11-20T14:05:00+01:00"}
    found = facts_of(scenario, "dora-financial", "nis2-cloud", aware_ms=40 * MINUTE_MS, zone="Asia/Tokyo")
    begins = datetime.fromisoformat("2026-11-20T14:25:00+01:00")
    assert (found.occurrence, found.awareness) == (begins, begins + timedelta(minutes=40))
    initial, warning = found.regimes[0].deadlines[0], found.regimes[1].deadlines[0]
    # Classified when the limits are passed: 2 hours after the first loss.
    assert initial.at == begins + timedelta(hours=2 + 4)
    assert warning.at == begins + timedelta(minutes=40, hours=24)
    assert warning.at is not None
    assert warning.at.utcoffset() == timedelta(hours=9)
    # Times to a limit count from the first loss.
    assert p50_minutes(found.regimes[0]) == 120


def test_deadlines_are_in_the_zone_of_the_notices() -> None:
    scenario = words([{"fail": "east", "for": "3h"}], notices={"zone": "Europe/London"}) | {
        "starts": "2026-11-20T14:05:00+01:00"
    }
    deadline = facts_of(scenario, "gdpr").regimes[0].deadlines[0].at
    assert deadline is not None
    assert deadline.utcoffset() == timedelta(0)


def test_what_nothing_ends_is_endless_and_what_the_horizon_cuts_is_said() -> None:
    endless = facts_of(words([{"fail": "east"}]), "dora-financial")
    assert met(endless.regimes[0]) >= {"duration", "downtime"}
    assert any("endless" in note for note in endless.notes)
    cut = facts_of(words([{"fail": "east"}]) | {"horizon": "23h"}, "dora-financial")
    assert "duration" not in met(cut.regimes[0])
    assert any(note.startswith("By the horizon not all is restored") for note in cut.notes)


def test_a_law_that_did_not_apply_yet_or_any_more_is_marked() -> None:
    old = WORKED | {"starts": "2024-01-05T08:00:00+01:00"}
    assert any("applies from 2025-01-17" in note for note in assess(old, "dora-financial").notes)
    new = WORKED | {"starts": "2026-01-05T08:00:00+01:00"}
    assert any("applied until 2024-10-17" in note for note in assess(new, "enisa").notes)
    assert not any("applie" in note for note in assess(new, "dora-financial").notes)


def test_users_elsewhere_do_not_count_unless_there_are_no_others() -> None:
    users = {
        "rome": {"count": 1_000, "uses": ["voice"], "country": "IT"},
        "boston": {"count": 9_000, "uses": ["voice"], "country": "US"},
    }
    scenario = words([{"fail": ["east", "west"], "for": "3h"}], users=users)
    most = criteria(assess(scenario, "japan-quarterly"))["users"].value
    assert most is not None
    assert most.p50 == 10_000
    assert any("everybody was counted" in note for note in assess(scenario, "japan-quarterly").notes)
    hours = criteria(assess(scenario, "fcc"))["user-minutes"].value
    assert hours is not None
    assert hours.p50 == 9_000 * 180


# Wrong questions.


@pytest.mark.parametrize(
    ("asked", "option", "hint"),
    [
        (Asked(("dora",)), "as", "did you mean dora-financial?"),
        (Asked(("xyz",)), "as", "there are dora-financial, gdpr"),
        (Asked(()), "as", "--list"),
        (Asked(("gdpr",), flags=("medi",)), "flags", "did you mean media?"),
        (Asked(("gdpr",), services=("vioce",)), "service", "did you mean voice?"),
        (Asked(("gdpr",), services=("east",)), "service", "there is no service 'east'"),
        (Asked(("gdpr",), zone="Europe/Roma"), "zone", "Europe/Rome"),
        (Asked(("gdpr",), zone="../etc"), "zone", "no time zone"),
    ],
    ids=str,
)
def test_what_is_not_there_is_refused_with_what_is(asked: Asked, option: str, hint: str) -> None:
    with pytest.raises(WrongQuestion) as refused:
        reportability(WORKED, asked)
    assert refused.value.option == option
    assert hint in str(refused.value)


@pytest.mark.parametrize(
    "asked",
    [
        {"cost_per_user_minute": -1.0},
        {"turnover": math.inf},
        {"aware_ms": -1},
        {"turnover": math.nan},
        {"turnover": 1e16},
    ],
    ids=str,
)
def test_a_figure_out_of_range_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be a number of 0 or more"):
        reportability(WORKED, Asked(("gdpr",), **asked))
