from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from impactsim import workflow
from impactsim.files.reading import validate_system
from impactsim.reports.page import Screen
from impactsim.reports.rank.asked import Asked
from impactsim.reports.rank.assemble import rank
from impactsim.reports.rank.facts import Ranked, RankFacts
from impactsim.reports.rank.forms import hours_frame, pairs_frame, rank_frame, to_json
from impactsim.reports.rank.hours import hours_text
from impactsim.reports.rank.text import rank_text, spread_lines
from impactsim.trials.cases import Ends
from impactsim.trials.workers import Here

Words = dict[str, Any]

# Each failure has one way to the users, and figures that can be worked out by hand.
SHOP: Words = {
    "impactsim": 1,
    "name": "Shop",
    "components": {
        "grid": {"kind": "power", "fails": {"per_year": 2}, "time_to_restore": "1h"},
        "generator": {"kind": "power", "time_to_restore": {"typical": "cloud-region"}},
        "web": {
            "needs": [{"any_of": ["grid", "generator"]}, {"component": "disk", "holdover": "30m"}],
            "name": "Web site",
        },
        "disk": {"kind": "data", "fails": {"per_year": 0.5}, "time_to_restore": "2h"},
        "blog": {"needs": ["web"]},
        "printer": {"kind": "tool", "time_to_restore": "1h"},
    },
    "common_causes": {
        "fire": {"strikes": {"grid": 1, "generator": 1}, "time_to_restore": "10h", "fails": {"per_year": 0.01}}
    },
    "users": {"people": {"count": 1000, "uses": ["web"]}, "readers": {"count": 10, "uses": ["blog"]}},
}


def facts_of(words: Words = SHOP, **asked: Any) -> RankFacts:
    return rank(validate_system(words).system, Asked(**asked), Here(False))


def ranked(facts: RankFacts, name: str) -> Ranked:
    return next(each for each in facts.ranking if each.id == name)


def ids(facts: RankFacts) -> list[str]:
    return [each.id for each in facts.ranking]


def test_failures_stand_by_what_they_cost() -> None:
    facts = facts_of()
    # 10 h, 4 h and 90 min of 1,010 users; 4 h of 10 users; the others reach nobody, the generator and the grid no less.
    assert ids(facts) == ["fire", "web", "disk", "blog", "grid", "generator", "printer"]
    lost = [each.lost_user_minutes.estimate for each in facts.ranking]
    assert lost == [1010 * 600, 1010 * 240, 1010 * 90, 10 * 240, 0, 0, 0]


def test_by_the_year_the_rate_counts() -> None:
    facts = facts_of(by="yearly")
    assert ids(facts)[:3] == ["disk", "fire", "grid"]
    assert [each.lost_a_year for each in facts.ranking[:3]] == [0.5 * 1010 * 90, 0.01 * 1010 * 600, 0]
    assert all(each.lost_a_year is None for each in facts.ranking[3:])


def test_by_a_service_its_own_time_down_counts() -> None:
    facts = facts_of(service="blog")
    assert ids(facts)[:4] == ["fire", "web", "blog", "disk"]
    assert [each.service_down_ms // 60_000 for each in facts.ranking[:4]] == [600, 240, 240, 90]


def test_without_users_the_time_of_services_down_counts() -> None:
    facts = facts_of({key: value for key, value in SHOP.items() if key != "users"})
    assert facts.by == "down"
    assert ids(facts)[:4] == ["fire", "web", "blog", "disk"]
    assert [each.down_ms // 60_000 for each in facts.ranking[:4]] == [1200, 480, 240, 180]


def test_what_never_comes_back_stands_before_what_does() -> None:
    words: Words = {
        "impactsim": 1,
        "name": "Deadlock",
        "components": {
            "feed": {"kind": "power", "time_to_restore": "1h"},
            "a": {"needs": ["feed", {"component": "b", "to": "start"}], "at": "room"},
            "b": {"at": "room", "needs": [{"component": "a", "to": "start"}]},
            "room": {"kind": "site", "time_to_restore": "1m"},
        },
        "users": {"all": {"count": 100, "uses": ["a"]}},
    }
    facts = facts_of(words)
    # The room is back after a minute, but a and b wait for each other.
    assert ids(facts)[0] == "room"
    assert ranked(facts, "room").is_never
    assert not ranked(facts, "feed").is_never
    followed = facts_of(words, ends=Ends(horizon_ms=86_400_000))
    assert not any(each.is_never for each in followed.ranking)
    assert ranked(followed, "room").lost_user_minutes.estimate == 100 * 1440


def test_a_failure_spreads_along_the_path_from_what_failed() -> None:
    spread = ranked(facts_of(), "disk").spread
    assert spread is not None
    assert [(each.service, each.first_ms, each.path) for each in spread] == [
        ("web", 1_800_000, ("disk", "web")),
        ("blog", 1_800_000, ("disk", "web", "blog")),
    ]


def test_only_what_is_shown_is_explained() -> None:
    facts = facts_of(n_shown=1, shown=("disk",))
    assert [each.id for each in facts.ranking if each.spread is not None] == ["fire", "disk"]


def test_what_fails_with_its_own_service_only_takes_down_no_other() -> None:
    facts = facts_of()
    assert {each.id for each in facts.ranking if each.takes_down_others} == {"fire", "web", "disk"}
    assert ranked(facts, "blog").services_down == 1


def test_a_typical_value_of_a_shown_failure_is_told() -> None:
    facts = facts_of()
    assert "cloud-region" in facts.guesses["generator"]
    assert any("cloud-region" in line for line in rank_text(facts, Screen(n_lines=None)))


def test_the_first_line_names_the_worst() -> None:
    first = rank_text(facts_of(), Screen(columns=200))[0]
    assert first == (
        "Shop: if any one thing fails, the worst is fire: 1,010 users affected, 606,000 user-minutes lost, "
        "2 of 2 services down, down for up to 10 h"
    )
    text = " ".join(map(str.strip, rank_text(facts_of(), Screen(columns=120))))
    assert "6 components and 1 common cause, each failing alone: 2 components take some other service down" in text
    assert "3 failures reach no user and no service" in text


def test_on_a_screen_what_reaches_nobody_is_counted_and_not_listed() -> None:
    short, whole = rank_text(facts_of(), Screen()), rank_text(facts_of(), Screen(n_lines=None))
    assert not any("printer" in line for line in short)
    assert any("printer" in line for line in whole)


def test_no_line_is_wider_than_the_screen() -> None:
    for asked in ({}, {"has_pairs": True}, {"trials": 20}, {"service": "blog"}):
        for columns in (80, 100):
            assert max(map(len, rank_text(facts_of(**asked), Screen(columns=columns)))) <= columns


def test_the_text_says_what_lasts_as_long_as_was_assumed() -> None:
    text = "\n".join(rank_text(facts_of(), Screen(columns=120)))
    assert "2 failures with no time_to_restore: 4h assumed" in text
    text = "\n".join(rank_text(facts_of(ends=Ends(for_ms=60_000)), Screen(columns=120)))
    assert "Each failure lasts 1m (--for)" in text
    assert "assumed" not in text


def test_a_pair_that_is_worse_than_its_parts_is_told() -> None:
    words = SHOP | {"common_causes": {}}
    facts = facts_of(words, has_pairs=True, ends=Ends(for_ms=3_600_000))
    assert facts.pairs is not None
    # Neither takes the web down; both do, for an hour of 1,010 people.
    assert [(each.first, each.second, each.excess) for each in facts.pairs.pairs] == [("grid", "generator", 1010 * 60)]
    assert facts.pairs.n_possible == 15
    text = " ".join(rank_text(facts, Screen(columns=120)))
    assert "1 pair is worse than its parts, the worst grid with generator: 60,600 user-minutes more" in text


def test_the_chains_of_one_failure_are_told_in_full() -> None:
    lines = spread_lines(facts_of(shown=("disk",)), "disk", Screen())
    assert "Web site: down after 30 min" in lines
    assert "    Web site needs disk, and the holdover is used up (since +30 min)" in lines
    assert "    disk failed" in lines


def test_what_happens_even_if_nothing_fails_is_told() -> None:
    words: Words = {
        "impactsim": 1,
        "name": "Thin",
        "components": {
            "fuel": {},
            "line": {},
            "s": {"needs": [{"any_of": [{"use": "fuel", "lasts": "1h"}, {"use": "line", "failover": "5m"}]}]},
        },
        "users": {"all": {"count": 100, "uses": ["s"]}},
    }
    facts = facts_of(words)
    assert (facts.services_at_rest, facts.affected_at_rest.estimate) == (1, 100)
    assert any(
        line.startswith("Even if nothing fails 1 service does not stay whole, 100 users") for line in rank_text(facts)
    )


def test_the_best_hour_is_the_one_that_costs_least() -> None:
    hours = [0.5] * 24
    hours[3], hours[4], hours[20] = 0.0, 0.25, 1.0
    people = {"count": 1000, "uses": ["web"], "activity": {"zone": "Asia/Tokyo", "hours": hours}}
    facts = facts_of(SHOP | {"users": {"people": people}}, has_hours=True, component="web", ends=Ends(for_ms=7_200_000))
    assert facts.hours is not None
    assert (facts.hours.zone, facts.hours.best, facts.hours.worst) == ("Asia/Tokyo", 3, 19)
    best, worst = facts.hours.hours[3], facts.hours.hours[19]
    assert (best.lost_user_minutes.estimate, worst.lost_user_minutes.estimate) == (250 * 60, 1500 * 60)
    lines = hours_text(facts, Screen(columns=120))
    assert "at 03:00: 15,000 user-minutes; most at 19:00: 90,000, 6 times as much" in " ".join(
        map(str.strip, lines[:2])
    )
    assert len([line for line in lines if line.startswith("  ") and "best" in line]) == 1
    assert len(hours_frame(facts)) == 24


def test_without_an_activity_every_hour_costs_the_same() -> None:
    facts = facts_of(has_hours=True)
    assert facts.hours is not None
    assert not facts.hours.differ
    assert "at every hour: no segment of users has an activity" in " ".join(hours_text(facts, Screen(columns=120)))


def test_with_trials_figures_are_means_with_intervals() -> None:
    words = SHOP | {
        "components": SHOP["components"] | {"disk": {"kind": "data", "time_to_restore": {"low": "1h", "high": "3h"}}}
    }
    facts = facts_of(words, trials=400, seed=5)
    disk = ranked(facts, "disk")
    assert disk.sampled is not None
    lost = disk.sampled.lost_user_minutes
    # Uniform from 30 to 150 min beyond the holdover.
    assert lost.low < 1010 * 90 < lost.high
    assert disk.lost_user_minutes.estimate == pytest.approx(lost.mean)
    fire = ranked(facts, "fire").sampled
    assert fire is not None
    assert fire.lost_user_minutes.low == fire.lost_user_minutes.high == 1010 * 600


def test_the_json_is_one_line_with_the_failures_in_order() -> None:
    facts = facts_of(has_pairs=True, has_hours=True, n_shown=2)
    line = to_json(facts)
    assert "\n" not in line
    read = json.loads(line)
    assert read["impactsim"] == 1
    assert [each["id"] for each in read["ranking"]] == ids(facts)
    assert [each["spread"] is not None for each in read["ranking"]] == [True, True] + [False] * 5
    assert read["ranking"][0]["lost_user_minutes"] == {"low": 606000, "estimate": 606000, "high": 606000}
    assert read["pairs"]["possible"] == 19  # 21 less the two of which the fire is the whole
    assert len(read["hours"]["hours"]) == 24


def test_tables_have_a_row_for_each() -> None:
    facts = facts_of(has_pairs=True)
    assert facts.pairs is not None
    frame = rank_frame(facts)
    assert list(frame.index) == ids(facts)
    assert frame.loc["disk", "lost_user_minutes_estimate"] == 1010 * 90
    assert len(pairs_frame(facts)) == len(facts.pairs.pairs)
    nothing = replace(facts, ranking=(), pairs=None)
    assert len(rank_frame(nothing)) == len(pairs_frame(nothing)) == 0


def test_the_interface_takes_mappings_and_names_what_is_not_there() -> None:
    result = workflow.rank(SHOP, Asked(kinds=("power",)), workers=1)
    assert ids(result.facts) == ["grid", "generator"]
    assert list(result.to_frame().index) == ["grid", "generator"]
    with pytest.raises(ValueError, match="no component is of the kind 'powr'; did you mean power"):
        workflow.rank(SHOP, Asked(kinds=("powr",)), workers=1)


def test_of_a_scenario_its_changes_and_its_start_count() -> None:
    scenario = {
        "impactsim": 1,
        "name": "Without a generator",
        "system": SHOP,
        "starts": "2026-03-02T14:00+01:00",
        "changes": {"components": {"web": {"needs": ["grid"]}}},
        "events": [{"fail": "printer"}],
    }
    facts = workflow.rank(scenario, workers=1).facts
    assert ranked(facts, "grid").lost_user_minutes.estimate == 1010 * 60
    assert facts.starts is not None


def test_interrupted_it_says_what_there_is_and_that_it_is_not_all() -> None:
    def interrupt(done: int, n: int) -> None:  # noqa: ARG001
        if done > 60:
            raise KeyboardInterrupt

    facts = rank(validate_system(SHOP).system, Asked(trials=30), Here(False), interrupt)
    assert not facts.is_complete
    assert {each.id for each in facts.ranking} == {"grid", "generator"}
    assert any(line.startswith("INCOMPLETE") for line in rank_text(facts))
