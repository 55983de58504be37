from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from impactsim.reports.sampled.csv_form import write_tables
from impactsim.reports.sampled.facts import Driver
from impactsim.reports.sampled.frames import TABLES, to_frame
from reports.sampled_by_hand import DAY, HOUR, N, component, data, sampled, spread, target, users

RARE = [0.0] * 95 + [2.0 * HOUR] * 5
RUN = sampled(
    component("shop", RARE, rto=target(HOUR, 5)),
    component("grid", [HOUR] * N, kind="power"),
    restored_ms=[3.0 * HOUR] * 97 + [math.inf] * 3,
    users=users(spread(70, 130), wider=0.1),
    segments={"town": users(spread(70, 130), has_estimate=False, out_ms=RARE)},
    has_users=True,
    data={"grid": data("grid", [DAY] * 40, lost=60)},
    drivers=(Driver("components.grid.time_to_restore", "grid", "time to restore", 0.6, 0.01),),
)
EMPTY = sampled(scenario="Nothing")


def test_components_have_a_row_each_by_id() -> None:
    frame = to_frame(RUN)
    assert list(frame.index) == ["shop", "grid"]
    shop = frame.loc["shop"]
    assert (shop.p_down, shop.down_ms_mean, shop.down_ms_most) == (0.05, 0.1 * HOUR, 2 * HOUR)
    assert (shop.rto_ms, shop.p_rto_missed) == (HOUR, 0.05)
    assert math.isnan(frame.loc["grid"].rto_ms)


def test_users_have_a_row_for_each_bound_and_all_come_last() -> None:
    frame = to_frame(RUN, "users")
    assert [segment for segment, _ in frame.index] == ["town"] * 3 + ["all"] * 3
    assert frame.loc[("all", "high"), "affected_mean"] == pytest.approx(110)
    assert math.isnan(frame.loc[("town", "estimate"), "affected_mean"])
    assert math.isnan(frame.loc[("all", "low"), "out_ms_mean"])


def test_the_whole_run_has_its_figures() -> None:
    frame = to_frame(RUN, "run")
    assert frame.loc["restored_ms", "p90"] == 3 * HOUR
    assert frame.loc["restored_ms", "most"] == math.inf
    assert (frame.loc["p_not_restored", "mean"], frame.loc["trials", "mean"]) == (0.03, N)


def test_every_table_has_the_same_columns_without_a_row() -> None:
    for what in TABLES:
        full, empty = to_frame(RUN, what), to_frame(EMPTY, what)
        assert list(full.columns) == list(empty.columns)
        assert list(full.select_dtypes(float)) == list(empty.select_dtypes(float))


def test_there_is_no_other_table() -> None:
    with pytest.raises(ValueError, match="there is no table 'levels'; there are components, users"):
        to_frame(RUN, "levels")


def test_files_have_the_scenarios_below_one_another(tmp_path: Path) -> None:
    paths = write_tables([RUN, EMPTY, RUN], tmp_path / "new")
    assert [path.name for path in paths] == [f"trials-{what}.csv" for what in TABLES]
    components = pd.read_csv(tmp_path / "new" / "trials-components.csv")
    assert list(components.scenario) == ["Scenario", "Scenario", "Scenario (2)", "Scenario (2)"]
    assert list(pd.read_csv(paths[1]).scenario.unique()) == ["Scenario", "Nothing", "Scenario (2)"]


def test_files_of_scenarios_in_which_nothing_happens_have_their_titles(tmp_path: Path) -> None:
    write_tables([EMPTY], tmp_path)
    assert (tmp_path / "trials-drivers.csv").read_text() == "scenario,name,owner,field,of,share,standard_error\n"
