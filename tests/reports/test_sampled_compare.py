from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import impactsim
from impactsim.reports.layout import width
from impactsim.reports.sampled.compare import RESTORED, ComparisonFacts, TrialByTrial, Verdict, compare_trials
from impactsim.reports.sampled.compare_forms import comparison_frame, comparison_object
from impactsim.reports.sampled.compare_text import comparison_text
from impactsim.results import SampledComparison

HOUR, N = 3_600_000, 400
LUCK = np.random.default_rng(5).random((3, N))


def trials(name: str, down_ms: dict[str, Any], people: Any, restored_ms: Any = None, **words: Any) -> TrialByTrial:
    """A scenario whose users are affected for an hour, all its services with figures for each trial."""
    affected = np.broadcast_to(np.asarray(people, np.float64), (N,))
    users = np.stack([affected] * 6 + [60 * affected] * 3, axis=1)
    made: dict[str, Any] = {
        "scenario": name,
        "system": "Shop",
        "has_users": True,
        "has_estimate": True,
        "users": users,
        "restored_ms": np.full(N, 3.0 * HOUR) if restored_ms is None else np.asarray(restored_ms, np.float64),
        "services": {service: service.title() for service in down_ms},
        "down_ms": {service: np.broadcast_to(np.asarray(each), (N,)) for service, each in down_ms.items()},
    }
    return TrialByTrial(**(made | words))


LONG = 2 * HOUR + HOUR * LUCK[0]
TODAY = trials("Today", {"shop": LONG, "blog": 1000 * LUCK[1], "kiosk": 0}, 1000 + 500 * LUCK[0])
BETTER = trials("Battery", {"shop": LONG - 600_000, "blog": 1000 * LUCK[1], "kiosk": 0}, 1000 + 500 * LUCK[0] - 7)
NOISE = trials("Noise", {"shop": LONG, "blog": 1000 * LUCK[2], "kiosk": 0}, 1000 + 500 * LUCK[2])


def compared(*runs: TrialByTrial) -> ComparisonFacts:
    return compare_trials(runs, 7, N)


def verdict(facts: ComparisonFacts, figure: str, of: str = "", bound: str = "", place: int = 1) -> Verdict:
    difference = facts.scenarios[place].figures[figure, of, bound].difference
    assert difference is not None
    return difference.verdict


def rows(runs: Sequence[TrialByTrial], columns: int = 120) -> dict[str, list[str]]:
    """Return the cells of each row by its first."""
    lines = comparison_text(compared(*runs), columns)
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    return {first: others for first, *others in filter(None, cells)}


def test_what_two_scenarios_share_cancels_in_their_difference() -> None:
    figure = compared(TODAY, BETTER).scenarios[1].figures["affected", "", "estimate"]
    assert figure.difference is not None
    by, value = figure.difference.by, figure.value
    assert by.mean == pytest.approx(-7.0)
    # Luck moves the figure by 500 / sqrt(12) in each trial and the difference not at all.
    assert value.high - value.low == pytest.approx(2 * 1.966 * 500 / math.sqrt(12 * N), rel=0.1)
    assert by.high - by.low < 1e-9


def test_a_difference_in_each_trial_is_one_however_small() -> None:
    assert verdict(compared(TODAY, BETTER), "affected", "", "estimate") is Verdict.BETTER
    assert verdict(compared(BETTER, TODAY), "affected", "", "estimate") is Verdict.WORSE
    assert rows([TODAY, BETTER])["users affected"][-2:] == ["-7", "better in each"]


def test_no_difference_is_told_from_none_that_could_be_told() -> None:
    facts = compared(TODAY, NOISE)
    assert verdict(facts, "down_ms", "shop") is Verdict.SAME
    assert verdict(facts, "affected", "", "estimate") is Verdict.UNCLEAR
    table = rows([TODAY, NOISE])
    assert table["users affected"][-1] == "no telling"
    assert "No telling: Blog" in table
    assert "The same in each trial: Shop" in table
    assert not any("Kiosk" in line for line in table), "it is never down"


def test_chance_alone_is_called_a_difference_as_rarely_as_the_interval_says() -> None:
    luck = np.random.default_rng(11)
    n = 400
    told = 0
    for _ in range(n):
        first, other = (trials("x", {}, luck.random(N)) for _ in range(2))
        told += verdict(compared(first, other), "affected", "", "estimate") is not Verdict.UNCLEAR
    assert abs(told / n - 0.05) < 4 * math.sqrt(0.05 * 0.95 / n)


def test_a_mean_that_few_trials_decide_is_not_said_to_be_so_in_most() -> None:
    down = LONG - 1000
    down[:20] += 100 * HOUR
    worse = trials("Gamble", {"shop": down}, 1000)
    cells = rows([TODAY, worse])["Shop"]
    assert cells[-1] == "worse on average, better in 95%"
    assert rows([TODAY, worse], 80)["Shop"][-1] == "worse on average"


def test_what_never_comes_back_is_compared_by_how_often() -> None:
    never = np.where(np.arange(N) < 100, math.inf, 3.0 * HOUR)
    sometimes = trials("Sometimes never", {"shop": LONG}, 1000, restored_ms=never)
    facts = compared(TODAY, sometimes)
    assert verdict(facts, *RESTORED) is Verdict.WORSE
    table = rows([TODAY, sometimes])
    assert table["restored (median)"] == ["3h", "3h", "0", "worse in 25%, else the same"]
    assert table["not restored in"] == ["<1%", "25% (21-30%)", "+25 +- 5 points", "worse in 25%, else the same"]
    # Infinite in one direction and in the other alike: nothing to tell, and no number.
    swapped = trials("Others", {"shop": LONG}, 1000, restored_ms=never[::-1])
    assert verdict(compared(sometimes, swapped), *RESTORED) is Verdict.UNCLEAR


def test_one_trial_tells_no_difference() -> None:
    short = [compare_trials([TODAY, BETTER], 7, 1)]
    one = [
        trials(each.scenario, {}, 1, users=each.users[:1], restored_ms=each.restored_ms[:1]) for each in (TODAY, BETTER)
    ]
    assert short[0].n_trials == N
    assert verdict(compare_trials(one, 7, 1), "affected", "", "estimate") is Verdict.UNCLEAR


def test_a_service_that_only_one_system_has_is_not_there() -> None:
    more = trials("More", {"shop": LONG, "tills": 5 * HOUR}, 1000)
    assert rows([TODAY, more])["Tills"] == ["not there", "5h", "-", "-"]
    assert rows([more, TODAY])["Tills"] == ["5h", "not there", "-", "-"]


def test_interrupted_scenarios_are_compared_by_the_trials_of_all() -> None:
    half = trials("Half", {"shop": LONG}, 1000, users=BETTER.users[:100], restored_ms=BETTER.restored_ms[:100])
    facts = compare_trials([TODAY, half], 7, N, is_complete=False)
    assert facts.n_trials == 100
    assert facts.scenarios[0].figures["affected", "", "high"].value.n == 100
    assert "INCOMPLETE: interrupted; 100 of 400 trials are in all of them" in comparison_text(facts)


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_no_line_is_wider_than_the_screen(columns: int) -> None:
    big = trials(
        "A what-if with a name that goes on and on, and says at its end what it is about " * 2,
        {f"a service with a long name, {i}": LONG * (i + 1) + LUCK[2] for i in range(30)},
        1e9 * LUCK[2],
    )
    other = trials("Other", {f"a service with a long name, {i}": LONG * (i + 2) for i in range(30)}, 2e9 * LUCK[1])
    lines = comparison_text(compared(big, other, big), columns)
    assert max(map(width, lines)) <= columns
    assert sum("more services (--all)" in line for line in lines) == 1


def test_the_object_has_distributions_of_figures_and_differences() -> None:
    found = json.loads(json.dumps(comparison_object(compared(TODAY, BETTER)), allow_nan=False))
    assert (found["compared_with"], found["trials"], found["seed"], found["complete"]) == ("Today", N, 7, True)
    first, second = found["scenarios"]
    assert "difference" not in first
    difference = second["difference"]
    assert difference["users"]["affected"]["estimate"]["mean"] == pytest.approx(-7)
    assert difference["services"]["shop"]["down_ms"]["mean"] == pytest.approx(-600_000)
    assert difference["services"]["shop"]["down_ms"]["p_less"]["p"] == 1
    assert difference["restored_ms"]["mean"] == 0


def test_the_object_holds_nothing_infinite() -> None:
    never = trials("Never", {"shop": LONG}, 1000, restored_ms=np.full(N, math.inf))
    (_, other) = comparison_object(compared(TODAY, never))["scenarios"]
    assert json.dumps(other, allow_nan=False)
    assert (other["restored_ms"]["p50"], other["p_not_restored"]["p"]) == (None, 1)
    assert other["difference"]["restored_ms"]["p_more"]["p"] == 1


def test_the_table_has_a_row_for_each_figure_and_scenario() -> None:
    frame = comparison_frame(compared(TODAY, BETTER))
    row = frame.loc[("down_ms", "shop", "", "Battery")]
    assert row["difference_mean"] == pytest.approx(-600_000)
    assert (row["p_less"], row["p_more"]) == (1.0, 0.0)
    assert math.isnan(frame.loc[("down_ms", "shop", "", "Today")]["difference_mean"])


def two_lines(name: str, slow: str, b: str = "4h") -> dict[str, Any]:
    return {
        "impactsim": 1,
        "name": name,
        "system": {
            "impactsim": 1,
            "name": "Lines",
            "components": {
                "a": {"kind": "connectivity", "time_to_restore": {"median": "2h", "p95": slow}},
                "b": {"kind": "connectivity", "time_to_restore": {"median": b, "p95": "30h"}},
                "shop": {"needs": ["a"]},
                "blog": {"needs": ["b"]},
            },
            "users": {"town": {"count": {"low": 800, "high": 1500}, "uses": {"shop": "60%", "blog": "10%"}}},
        },
        "events": [{"fail": "a"}, {"fail": "b", "at": "30m"}],
    }


def test_real_runs_share_the_luck_of_all_that_they_have_in_common() -> None:
    found = impactsim.compare(two_lines("Now", "12h"), two_lines("Slow", "20h"), trials=64, seed=3, workers=1)
    assert isinstance(found, SampledComparison)
    facts = found.facts
    assert (facts.n_trials, facts.seed, facts.is_complete) == (64, 3, True)
    assert verdict(facts, "down_ms", "blog") is Verdict.SAME
    assert verdict(facts, "affected", "", "low") is Verdict.SAME  # 60 % of the people, who are drawn in both alike
    # A law with the same median and a heavier tail: longer exactly where luck is above the median.
    shop = facts.scenarios[1].figures["down_ms", "shop", ""].difference
    assert shop is not None
    assert shop.less.p + shop.more.p == 1.0
    assert shop.more.p == pytest.approx(0.5, abs=4 * math.sqrt(0.25 / 64))


def test_the_figures_are_those_of_a_run_of_its_own() -> None:
    found = impactsim.compare(two_lines("Now", "12h"), two_lines("Slow", "20h"), trials=64, seed=3, workers=1)
    alone = impactsim.run(two_lines("Slow", "20h"), trials=64, seed=3, workers=1)
    assert isinstance(found, SampledComparison)
    assert isinstance(alone, impactsim.SampledResult)
    mine, own = found.facts.scenarios[1].figures, alone.facts
    assert mine["lost_user_minutes", "", "estimate"].value == own.users.lost_user_minutes.estimate
    assert mine[RESTORED].value == own.restored_ms
    assert mine["down_ms", "shop", ""].value.mean == pytest.approx(own.components["shop"].down_ms.mean)
    assert mine["down_ms", "shop", ""].value.most == own.components["shop"].down_ms.most


def test_the_number_of_trials_is_that_of_the_first_that_asks() -> None:
    asks = {**two_lines("Asks", "12h"), "trials": 40, "seed": 9}
    found = impactsim.compare(two_lines("Now", "12h"), asks, workers=1)
    assert isinstance(found, SampledComparison)
    assert (found.facts.n_trials, found.facts.seed) == (40, 9)
    assert isinstance(impactsim.compare(two_lines("Now", "12h"), asks, trials=1), impactsim.Comparison)
