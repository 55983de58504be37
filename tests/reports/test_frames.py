from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from impactsim.model.system import System
from impactsim.reports.csv_form import write_tables, write_whole
from impactsim.reports.facts import Moment
from impactsim.reports.frames import comparison_frame, level_at, to_frame, to_graph
from reports.facts_by_hand import HOUR, START, affected, because, component, facts

RUN = facts(
    component(
        "shop",
        (HOUR, 0.0),
        (2 * HOUR, 0.5),
        (3 * HOUR, 1.0),
        name="\u5546\u5e97",
        why=(because(HOUR, ("shop", "need", "needs dc"), ("dc", "fault", "failed")),),
    ),
    component("dc", (HOUR, 0.0), (2 * HOUR, 1.0), kind="site"),
    component("blog"),
    segments={"readers": affected(1.0, 2.0, 3.0, minutes=60, out_ms=HOUR)},
    users=affected(1.0, None, 3.0),
    has_users=True,
    moments=(Moment(HOUR, "down", ("shop", "dc"), "shop, dc: down"),),
)


def test_components_have_a_row_each_by_id() -> None:
    frame = to_frame(RUN)
    assert list(frame.index) == ["shop", "dc", "blog"]
    shop = frame.loc["shop"]
    assert (shop["down_ms"], shop["degraded_ms"], shop["lowest_level"], shop["first_ms"]) == (HOUR, HOUR, 0.0, HOUR)
    assert (shop["because"], shop["restored"], shop["was_affected"]) == ("dc", True, True)
    assert pd.isna(frame.loc["blog", "first_ms"])
    assert not frame.loc["blog", "was_affected"]


def test_levels_have_a_row_for_each_change() -> None:
    frame = to_frame(RUN, "levels")
    shop = frame[frame["component"] == "shop"]
    assert list(shop["at_ms"]) == [0, HOUR, 2 * HOUR, 3 * HOUR]
    assert list(shop["level"]) == [1.0, 0.0, 0.5, 1.0]
    assert "at" not in frame


def test_times_are_clock_times_too_where_there_is_a_start() -> None:
    run = facts(*RUN.components.values(), starts=START, moments=RUN.moments)
    assert str(to_frame(run, "levels")["at"].iloc[1]) == "2026-03-02 15:00:00+01:00"
    assert str(to_frame(run, "timeline")["at"].iloc[0]) == "2026-03-02 15:00:00+01:00"


def test_users_have_a_row_for_each_segment_and_one_for_all() -> None:
    frame = to_frame(RUN, "users")
    assert list(frame.index) == ["readers", "all"]
    assert list(frame.loc["readers", ["affected_low", "affected_estimate", "affected_high"]]) == [1.0, 2.0, 3.0]
    assert frame.loc["readers", "out_ms_high"] == HOUR
    assert pd.isna(frame.loc["all", "affected_estimate"])
    assert pd.isna(frame.loc["all", "out_ms_high"])


def test_a_run_without_anything_has_empty_tables_with_their_columns() -> None:
    assert list(to_frame(facts(), "timeline").columns) == ["at_ms", "what", "components", "text"]
    assert list(to_frame(facts(), "levels").columns) == ["component", "at_ms", "level"]
    assert to_frame(facts()).empty


def test_there_is_no_other_table() -> None:
    with pytest.raises(ValueError, match=r"no table 'level'; there are components, levels, users, timeline"):
        to_frame(RUN, "level")


def test_the_graph_has_an_arrow_from_each_component_to_what_it_needs() -> None:
    system = System.model_validate(
        {
            "impactsim": 1,
            "name": "x",
            "components": {
                "shop": {
                    "at": "dc",
                    "needs": [{"component": "blog", "impact": 0.2}, {"all_of": ["dc", "blog"], "to": "start"}],
                },
                "dc": {"kind": "site"},
                "blog": {},
            },
        }
    )
    graph = to_graph(system, RUN, 2 * HOUR)
    assert set(graph.edges) == {("shop", "dc"), ("shop", "blog")}
    assert graph.nodes["shop"] == {
        "name": "\u5546\u5e97",
        "kind": "service",
        "level": 0.5,
        "down_ms": HOUR,
        "degraded_ms": HOUR,
    }
    at, start = graph.edges["shop", "dc"]["needs"]
    assert (at["purpose"], at["form"], at["group"]) == ("stay_up", "component", -1)
    assert (start["purpose"], start["form"], start["group"]) == ("start", "all_of", 1)
    assert graph.edges["shop", "blog"]["impact"] == 0.2
    assert to_graph(system, RUN).nodes["shop"]["level"] == 1.0


def test_a_level_holds_until_the_next_change() -> None:
    shop = RUN.components["shop"]
    assert [level_at(shop, at_ms) for at_ms in (0, HOUR - 1, HOUR, 3 * HOUR, 9 * HOUR)] == [1.0, 1.0, 0.0, 1.0, 1.0]


def test_a_comparison_has_a_column_for_each_scenario() -> None:
    frame = comparison_frame([RUN, facts(component("shop"))])
    assert list(frame.columns) == ["Scenario", "Scenario (2)"]
    assert list(frame.loc[("down_ms", "shop", "")]) == [HOUR, 0]
    assert list(frame.loc[("services_down", "", "")]) == [1, 0]
    assert pd.isna(frame.loc[("down_ms", "blog", ""), "Scenario (2)"])


def test_csv_files_hold_all_runs_and_read_back(tmp_path: Path) -> None:
    paths = write_tables([RUN, RUN], tmp_path / "new" / "folder")
    assert sorted(path.name for path in paths) == ["components.csv", "levels.csv", "timeline.csv", "users.csv"]
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(p.name for p in paths)
    frame = pd.read_csv(tmp_path / "new" / "folder" / "components.csv")
    assert list(frame["scenario"].unique()) == ["Scenario", "Scenario (2)"]
    assert list(frame["name"][:3]) == ["\u5546\u5e97", "dc", "blog"]
    assert list(frame["down_ms"][:3]) == [HOUR, HOUR, 0]


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    old = tmp_path / "a.csv"
    old.write_text("old")
    new = tmp_path / "b.csv"

    def broken(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device", str(path))

    with pytest.raises(OSError, match="No space left") as caught:
        write_whole({old: lambda path: path.write_text("new"), new: broken})
    assert caught.value.filename == str(new)
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
