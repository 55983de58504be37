from __future__ import annotations

from typing import Any

from impactsim.reports.compare import comparison_object, comparison_text, labels_of
from impactsim.reports.facts import DataFacts, DeadlockFacts, Facts
from impactsim.reports.layout import width
from reports.facts_by_hand import DAY, HOUR, affected, component, facts


def run(name: str, shop: Any, office: Any, people: float, **words: Any) -> Facts:
    return facts(
        component("shop", *shop),
        component("office", *office),
        component("blog", (HOUR, 0.0), (2 * HOUR, 1.0)),
        scenario=name,
        users=affected(people, people, people, minutes=10),
        has_users=True,
        **words,
    )


DOWN_1H, DOWN_3H = ((HOUR, 0.0), (2 * HOUR, 1.0)), ((HOUR, 0.0), (4 * HOUR, 1.0))
TODAY = run("Today", DOWN_3H, ((HOUR, 0.0),), 1000.0, data={"shop": DataFacts(False, DAY)})
BETTER = run("With a generator", DOWN_1H, ((HOUR, 0.5), (2 * HOUR, 1.0)), 250.0)
WORSE = run("Today", ((HOUR, 0.0),), ((HOUR, 0.0),), 1000.0, deadlocks=(DeadlockFacts(("shop", "office"), ()),))


def rows(runs: list[Facts], columns: int = 100) -> dict[str, list[str]]:
    """Return the cells of each row by its first."""
    lines = comparison_text(runs, columns)
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    return {first: others for first, *others in filter(None, cells)}


def test_each_figure_has_its_difference_from_the_first() -> None:
    table = rows([TODAY, BETTER])
    assert table["services down"] == ["3", "2 (-1)"]
    assert table["services degraded"] == ["0", "1 (+1)"]
    assert table["not restored"] == ["1", "0 (-1)"]
    assert table["users affected"] == ["1,000", "250 (-750)"]
    assert table["user-minutes lost"] == ["10,000", "2,500 (-7,500)"]
    assert table["data lost"] == ["shop: 1 d", "none"]
    assert table["shop"] == ["down 3 h", "down 1 h (-2 h)"]
    assert table["office"] == ["not restored", "50% for 1 h"]


def test_what_fares_alike_is_said_in_one_line() -> None:
    lines = comparison_text([TODAY, BETTER])
    assert lines[-1] == "Affected alike in all of them: blog"


def test_what_is_not_restored_has_no_difference_in_time() -> None:
    assert rows([TODAY, WORSE])["shop"] == ["down 3 h", "not restored"]
    (_, worse) = comparison_object([TODAY, WORSE])["scenarios"]
    assert worse["difference"]["services"]["shop"] is None
    assert worse["difference"]["services"]["blog"] == {"down_ms": 0, "degraded_ms": 0}


def test_the_object_has_figures_and_differences() -> None:
    compared = comparison_object([TODAY, BETTER])
    assert compared["compared_with"] == "Today"
    first, second = compared["scenarios"]
    assert second["users"]["affected"] == {"low": 250, "estimate": 250, "high": 250}
    assert second["difference"]["users"]["affected"] == {"low": -750, "estimate": -750, "high": -750}
    assert second["difference"]["services"]["shop"] == {"down_ms": -2 * HOUR, "degraded_ms": 0}
    assert second["difference"]["services_down"] == -1
    assert set(first["difference"]["users"]["affected"].values()) == {0}


def test_scenarios_with_the_same_name_are_numbered() -> None:
    assert labels_of([TODAY, WORSE, BETTER]) == ["Today", "Today (2)", "With a generator"]


def test_runs_that_do_not_fit_follow_below_each_beside_the_first() -> None:
    lines = comparison_text([TODAY, BETTER, WORSE, BETTER, WORSE], 80)
    assert sum("services down" in line for line in lines) == 4
    assert sum(line.split()[:1] == ["Today"] for line in lines) == 4
    assert max(map(width, lines)) <= 80


def test_a_service_that_only_one_system_has_is_said_to_be_not_there() -> None:
    more = facts(*TODAY.components.values(), component("kiosk", *DOWN_1H), scenario="More")
    assert rows([TODAY, more])["kiosk"] == ["not there", "down 1 h"]
