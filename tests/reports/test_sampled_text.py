from __future__ import annotations

import math
from dataclasses import replace

import pytest

from impactsim.problems import Problem
from impactsim.reports.layout import coloured, width
from impactsim.reports.page import Screen
from impactsim.reports.sampled.facts import Driver, SampledFacts
from impactsim.reports.sampled.text import report, to_text
from impactsim.trials.estimates import chance_of
from reports.sampled_by_hand import (
    DAY,
    HOUR,
    MINUTE,
    N,
    component,
    data,
    people,
    sampled,
    spread,
    target,
    users,
)

WHOLE = Screen(columns=300, n_lines=None)
RARE = [0.0] * 95 + [2.0 * HOUR] * 5
"""Two hours in five of a hundred trials."""


def section(run: SampledFacts, heading: str, screen: Screen = WHOLE) -> list[str]:
    """Return the lines below a heading."""
    lines = report(run, screen)
    start = next(i for i, line in enumerate(lines) if line.startswith(heading) and not lines[i - 1])
    below = lines[start + 1 :]
    return below[: below.index("")] if "" in below else below


def top(run: SampledFacts) -> list[str]:
    lines = report(run, WHOLE)
    return lines[: lines.index("")]


def test_the_answer_says_how_many_go_down_and_which_one_most_often() -> None:
    run = sampled(
        component("shop", RARE), component("blog", [0.0] * 98 + [HOUR] * 2), component("weak", (), spread(0, HOUR))
    )
    assert top(run)[0] == "Scenario: 2 of 3 services down in some of 100 trials; most often shop, in 5%"


def test_what_is_down_in_each_trial_is_told_from_what_is_down_in_some() -> None:
    run = sampled(component("shop", [HOUR] * N), component("blog", RARE))
    assert top(run)[0] == "Scenario: 1 of 2 services down in each of 100 trials, 1 more in some"


def test_users_are_given_as_the_range_of_eight_trials_in_ten_and_the_mean() -> None:
    run = sampled(component("shop", RARE), users=users(spread(70_000, 130_000)), has_users=True, people=200_000.0)
    # p10 and p90 lie at 76,000 and 124,000; the mean is 100,000, s 17,600, and so its interval 3,500 to either side.
    assert top(run)[1] == (
        "Users affected: most likely 76,000 to 120,000 of 200,000 (10% to 90% of 100 trials; mean 100,000 +- 4,000)"
    )


def test_users_of_a_rare_outage_are_none_in_most_trials() -> None:
    run = sampled(component("shop", RARE), users=users([0.0] * 95 + [1000.0] * 5), has_users=True)
    assert top(run)[1] == "Users affected: none in nine of ten trials, but up to 1,000 (mean 50 +- 50)"


def test_users_that_half_of_the_trials_spare_are_said_to_be_none_there() -> None:
    run = sampled(component("shop", RARE), users=users([0.0] * 80 + [1000.0] * 20), has_users=True)
    assert top(run)[1] == "Users affected: none in half of the trials, up to 1,000 in nine of ten (mean 200 +- 80)"


def test_the_bounds_of_the_estimate_are_told() -> None:
    run = sampled(component("shop", RARE), users=users(spread(70_000, 130_000), wider=0.2), has_users=True)
    assert "mean 100,000 +- 4,000, bounds 80,000 to 120,000)" in top(run)[1]


def test_without_an_estimate_the_bounds_are_the_answer() -> None:
    count = users(spread(70_000, 130_000), wider=0.2, has_estimate=False)
    run = sampled(component("shop", RARE), users=count, has_users=True)
    assert top(run)[1] == "Users affected: most likely 61,000 to 150,000 (by the bounds; 10% to 90% of 100 trials)"


def test_a_mean_above_the_range_is_explained() -> None:
    run = sampled(component("shop", RARE), users=users([10.0] * 50 + [12.0] * 45 + [9000.0] * 5), has_users=True)
    assert top(run)[1].endswith(", for a few are far worse)")


def test_the_time_until_all_is_back_is_that_of_half_and_of_nine_tenths() -> None:
    back = [3.2 * HOUR] * 50 + [7.0 * HOUR] * 45 + [9.0 * HOUR] * 5
    run = sampled(component("shop", RARE), restored_ms=back)
    line = "All services restored after 5 h in half of the trials, 7 h in nine of ten, 9 h at the longest"
    assert top(run)[2] == line  # half have 3.2 h, the next 7 h: their median lies between


def test_what_is_not_restored_is_a_chance_and_no_duration() -> None:
    run = sampled(component("shop", RARE), restored_ms=[3.0 * HOUR] * 97 + [math.inf] * 3)
    assert top(run)[2] == "All services restored after 3 h in half of the trials; NOT by the end in 3%"
    mostly = sampled(component("shop", RARE), restored_ms=[3.0 * HOUR] * 40 + [math.inf] * 60)
    assert top(mostly)[2] == "NOT RESTORED by the end in 60% of the trials"


def test_what_is_mostly_not_disturbed_is_said_to_be_so() -> None:
    run = sampled(component("shop", RARE), restored_ms=RARE)
    assert top(run)[2] == "No service is disturbed in 95% of the trials, 2 h at the longest"


def test_certain_scenarios_need_no_trials() -> None:
    run = sampled(
        component("shop", [HOUR] * N, hits=N),
        restored_ms=[2.0 * HOUR] * N,
        users=users([900.0] * N),
        has_users=True,
        n_uncertain=0,
    )
    assert top(run) == [
        "Scenario: 1 of 1 service down in each of 100 trials",
        "Users affected: 900",
        "User-minutes lost: 54,000",
        "All services restored after 2 h",
        "Nothing in it is uncertain: each trial gives the same, and more of them add nothing",
    ]
    assert section(run, "Services")[1].split() == ["shop", "always", "1h"]
    assert "%" not in "\n".join(report(run, WHOLE))


def test_an_interrupted_run_says_so_at_the_top() -> None:
    run = sampled(component("shop", RARE), is_complete=False, n_asked=2000)
    assert "INCOMPLETE: interrupted after 100 of 2,000 trials" in top(run)


def test_few_trials_are_said_to_be_few() -> None:
    run = sampled(component("shop", [0.0, HOUR, HOUR]), restored_ms=[0.0, HOUR, HOUR])
    assert any(line.startswith("Only 3 trials") for line in top(run))
    assert "3 trials cannot tell" in "\n".join(section(run, "What drives"))


def test_services_have_chance_mean_and_quantiles() -> None:
    run = sampled(component("often", spread(1 * HOUR, 3 * HOUR)), component("shop", RARE), component("fine"))
    run = replace(run, components={each: run.components[each] for each in ("often", "shop")})
    # 2 h, s 0.586 h: +- 7.0 min. 2 h in 5 of 100: 6 min, s 26.3 min: +- 5.2 min, which carries no more than 5 min.
    assert [line.split("  ")[1].strip() for line in section(run, "Services")[1:3]] == ["often", "shop"]
    assert [line.split(maxsplit=1)[1].split() for line in section(run, "Services")[:3]] == [
        ["down", "in", "down", "for", "10%", "50%", "90%", "at", "most"],
        [">96%", "2h", "+-", "7m", "1h10m", "2h", "2h50m", "3h"],
        ["5%", "(2-12%)", "5m", "+-", "6m", "0", "0", "0", "2h"],
    ]
    assert section(run, "Services")[3] == "  1 other service not affected in any trial"


def test_services_that_are_only_degraded_stand_apart() -> None:
    run = sampled(component("shop", RARE), component("weak", (), [HOUR] * N))
    assert section(run, "Services degraded, down in no trial")[1].split() == ["weak", ">96%", "1h"]


def test_recovery_times_are_missed_with_a_chance() -> None:
    shop = component("shop", RARE, rto=target(HOUR, 5), mtpd=target(4 * HOUR, 0))
    assert section(sampled(shop), "Recovery times")[1].split() == ["shop", "1h", "5%", "(2-12%)", "4h", "<4%"]


def test_segments_stand_with_their_spread_and_the_sum_last() -> None:
    few, many = users(spread(10, 20)), users(spread(1000, 3000), out_ms=[HOUR] * N)
    run = sampled(
        component("shop", RARE),
        segments={"few": few, "many": many, "none": users([0.0] * N)},
        segment_names={"many": "Many people"},
        users=users(spread(1010, 3020)),
        has_users=True,
    )
    lines = section(run, "Users")
    firsts = [line.strip().split("  ")[0] for line in lines[1:]]
    assert firsts == ["Many people", "few", "all", "1 other segment not affected"]
    assert lines[1].split()[-1] == "1h"


def test_data_are_lost_by_their_age_and_with_a_chance_for_good() -> None:
    orders = data("orders", spread(0, DAY), lost=4, rpo=target(4 * HOUR, 83))
    run = sampled(component("shop", RARE), data={"orders": orders})
    (line,) = section(run, "Destroyed")
    assert "lost on average (10% - 50% - 90%: " in line
    assert "lost for good in 4% (1-10%)" in line
    assert "more than its RPO of 4h in 83%" in line
    assert any(line.startswith("LOST FOR GOOD, no copy is left: orders in 4% of the trials") for line in top(run))


def driver(share: float, error: float = 0.01) -> Driver:
    return Driver("components.grid.time_to_restore", "grid", "time to restore", share, error)


def test_what_drives_the_spread_is_named_with_what_is_left() -> None:
    grid = component("grid", RARE, kind="power", name="City grid")
    run = sampled(grid, component("shop", RARE), drivers=(driver(0.62),), users=users(spread(1, 9)), has_users=True)
    lines = section(run, "What drives the spread of the lost user-minutes")
    assert lines[1] == "  62% +- 2%        City grid: time to restore  components.grid.time_to_restore"
    assert lines[2].startswith("  About 38% is left: what several do only together")


def test_shares_that_few_trials_know_badly_leave_nothing_to_be_said_of_the_rest() -> None:
    run = sampled(component("shop", RARE), users=users(spread(1, 9)), has_users=True, drivers=(driver(0.3, 0.2),))
    assert section(run, "What drives")[2].startswith("  100 trials cannot tell how much is left")


def test_what_is_left_within_chance_is_not_called_interplay() -> None:
    run = sampled(component("shop", RARE), users=users(spread(1, 9)), has_users=True, drivers=(driver(0.9, 0.1),))
    assert section(run, "What drives")[2].startswith("  What is left is no more than chance")


def test_a_figure_that_does_not_spread_has_no_drivers() -> None:
    run = sampled(component("shop", RARE), users=users([5.0] * N), has_users=True)
    assert section(run, "What drives") == ["  there is none: 100 trials gave the same"]


def test_the_seed_the_precision_and_the_way_to_look_closer_are_told() -> None:
    run = sampled(component("shop", RARE), precision=0.02)
    made = " ".join(map(str.strip, section(run, "How it was made")))
    assert "100 trials with seed 7, 3 uncertain quantities drawn anew in each" in made
    assert "known to +- 3.1% (2% was asked for, and more trials would be needed)" in made
    assert "--trial I shows one trial alone with its why, I from 0 to 99" in made


def test_what_was_not_restored_is_said_to_last_longer() -> None:
    run = sampled(component("shop", RARE, not_restored=chance_of(5, N)))
    assert any("lasts longer in truth" in line for line in section(run, "How it was made"))


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_no_line_is_wider_than_the_screen_and_all_fits_on_one(columns: int) -> None:
    services = [
        component(
            f"service with a rather long name, number {i}",
            spread(0, (30 + i) * HOUR),
            spread(0, 40 * MINUTE),
            not_restored=chance_of(40, N),
            rto=target(HOUR, 5),
        )
        for i in range(70)
    ]
    run = sampled(
        *services,
        restored_ms=[DAY] * 60 + [math.inf] * 40,
        users=users(spread(0, 123_456_789), wider=0.3),
        segments={f"segment {i}": users(spread(0, 3_456_789), wider=0.3, out_ms=spread(0, DAY)) for i in range(30)},
        has_users=True,
        drivers=tuple(driver(0.02) for _ in range(20)),
        warnings=(Problem(("components", "a"), "a fault", "a remedy", "a-code", "warning", "f.yaml", 3),) * 9,
        sources={f"service {i}": f"source {i}" for i in range(40)},
    )
    lines = report(run, Screen(columns=columns, n_lines=50))
    assert max(map(width, lines)) <= columns
    assert len(lines) <= 50
    assert "more (--all)" in "\n".join(lines)
    whole = to_text(run)
    assert "--all" not in whole
    assert whole.count("service with a rather long") >= 70


def test_the_words_are_the_same_without_colour() -> None:
    run = sampled(component("shop", RARE), users=users(spread(1, 9)), has_users=True)
    assert "\x1b[31m" in "\n".join(report(run, Screen(paint=coloured)))
    assert "\x1b" not in "\n".join(report(run))


def test_names_cannot_command_a_terminal() -> None:
    run = sampled(component("shop", RARE, name="sh\x1b[2Jop"), scenario="Sc\x1benario")
    assert "\x1b" not in to_text(run)


def test_a_count_whose_bounds_alone_vary_is_a_range() -> None:
    count = people([100.0] * N, wider=0.5)
    run = sampled(component("shop", RARE), has_users=True, users=replace(users([100.0] * N), affected=count))
    assert top(run)[1] == "Users affected: about 100 (50 to 150) in each trial"


def test_data_of_the_trials_with_a_copy_are_not_said_to_be_of_all_trials() -> None:
    run = sampled(component("db", [HOUR] * N), data={"db": data("db", spread(HOUR, 3 * HOUR, 60), lost=40)})
    [line] = [line for line in top(run) if line.startswith("DATA LOST")]
    assert line == "DATA LOST: db, the last 2 h in half of the trials with a copy, 2 h 50 min in nine of ten"
    [fate] = section(run, "Destroyed")
    assert "10% - 50% - 90%: 1h10m - 2h - 2h50m)" in fate


def test_what_happened_in_all_trials_is_said_of_each_trial() -> None:
    run = sampled(component("db", [HOUR] * N), data={"db": data("db", None, lost=N)})
    assert "LOST FOR GOOD, no copy is left: db in each of the trials" in top(run)
    weak = sampled(component("weak", (), [HOUR] * N))
    assert top(weak)[0] == "Scenario: 1 of 1 service degraded, none down, weak in each of 100 trials"


def test_users_without_an_estimate_are_given_between_their_bounds() -> None:
    group = users(spread(100, 300), wider=0.5, has_estimate=False)
    run = sampled(component("shop", [HOUR] * N), users=group, segments={"population": group}, has_users=True)
    [line] = section(run, "Users")[1:]
    assert line.split() == ["users", "of", "single", "services", "100", "to", "300", "6,000", "to", "18,000"]


def test_a_system_without_services_and_users_has_no_figure_whose_spread_to_explain() -> None:
    run = sampled(component("pump", [HOUR] * N, kind="power"), services=())
    assert not any("drives the spread" in line for line in report(run, WHOLE))
