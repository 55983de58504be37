"""The Python API: load, check, run and compare, from files, mappings and what was loaded; and every problem at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.files.loading import LoadedScenario, LoadedSystem
from impactsim.files.reading import load_scenarios

MINUTE = 60_000

SYSTEM = """\
impactsim: 1
name: Shop
components:
  grid: {kind: power, time_to_restore: 1h}
  shop:
    needs: [{component: grid, holdover: 10m}]
users:
  buyers: {count: 100, uses: [shop]}
"""
SCENARIO = """\
impactsim: 1
name: Power cut
system: system.yaml
events:
  - {fail: grid, at: 5m}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "system.yaml").write_text(SYSTEM, encoding="utf-8")
    (tmp_path / "cut.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def power_cut(**others: Any) -> dict[str, Any]:
    return {
        "impactsim": 1,
        "name": "Power cut",
        "system": {
            "impactsim": 1,
            "name": "Shop",
            "components": {
                "grid": {"kind": "power", "time_to_restore": "1h"},
                "shop": {"needs": [{"component": "grid", "holdover": "10m"}]},
            },
            "users": {"buyers": {"count": 100, "uses": ["shop"]}},
        },
        "events": [{"fail": "grid", "at": "5m"}],
        **others,
    }


def test_load_tells_a_system_from_a_scenario(folder: Path) -> None:
    system, scenario = impactsim.load(folder / "system.yaml"), impactsim.load(str(folder / "cut.yaml"))
    assert isinstance(system, LoadedSystem)
    assert list(system.system.components) == ["grid", "shop"]
    assert isinstance(scenario, LoadedScenario)
    assert scenario.system == system.system


def test_a_file_a_mapping_and_a_loaded_scenario_run_alike(folder: Path) -> None:
    loaded = impactsim.load(folder / "cut.yaml")
    assert isinstance(loaded, LoadedScenario)
    results = [impactsim.run(each) for each in (folder / "cut.yaml", str(folder / "cut.yaml"), loaded, power_cut())]
    # The battery carries the shop for 10 minutes of the hour without power.
    for each in (result.facts for result in results):
        assert each.components["shop"].levels == ((0, 1.0), (15 * MINUTE, 0.0), (65 * MINUTE, 1.0))
        assert each.users.affected.estimate == 100
        assert each.users.lost_user_minutes.estimate == pytest.approx(50 * 100)
    assert len({result.to_json() for result in results}) == 1


def test_a_run_leaves_the_mapping_as_it_was() -> None:
    words = power_cut(changes={"components": {"shop": {"needs": ["grid"]}}})
    before = repr(words)
    result = impactsim.run(words)
    assert result.facts.components["shop"].levels == ((0, 1.0), (5 * MINUTE, 0.0), (65 * MINUTE, 1.0))
    assert repr(words) == before


def test_check_returns_the_problems_of_all_files_and_raises_none(folder: Path) -> None:
    (folder / "wrong.yaml").write_text(SCENARIO.replace("grid", "gird"), encoding="utf-8")
    assert impactsim.check(folder / "system.yaml", folder / "cut.yaml") == []
    problems = impactsim.check(folder / "cut.yaml", folder / "wrong.yaml", folder / "absent.yaml")
    assert [(problem.code, Path(problem.file).name, problem.line) for problem in problems] == [
        ("unknown-component", "wrong.yaml", 5),
        ("file-missing", "absent.yaml", 0),
    ]


def test_errors_come_all_at_once_with_their_places(folder: Path) -> None:
    (folder / "system.yaml").write_text(SYSTEM.replace("10m", "ten"), encoding="utf-8")
    (folder / "cut.yaml").write_text(SCENARIO.replace("5m", "-5m"), encoding="utf-8")
    for call in (impactsim.run, impactsim.load, impactsim.compare):
        with pytest.raises(impactsim.InvalidInput) as raised:
            call(folder / "cut.yaml")
        errors = [problem for problem in raised.value.problems if problem.severity == "error"]
        assert [(Path(problem.file).name, problem.line) for problem in errors] == [("cut.yaml", 5), ("system.yaml", 6)]
        assert str(raised.value) == "\n".join(map(str, raised.value.problems))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (power_cut(events=[{"fail": "gird"}]), "unknown-component"),
        (power_cut(evnts=[]), "unknown-key"),
        (power_cut(system=7), "wrong-type"),
        ({}, "missing-key"),
    ],
)
def test_errors_in_a_mapping_are_problems_too(words: dict[str, Any], code: str) -> None:
    with pytest.raises(impactsim.InvalidInput) as raised:
        impactsim.run(words)
    assert code in {problem.code for problem in raised.value.problems}


def test_warnings_stop_nothing_and_stand_in_the_result() -> None:
    result = impactsim.run(power_cut(horizon="1m"))
    assert [problem.code for problem in result.facts.warnings] == ["after-horizon"]
    assert result.facts.components["shop"].levels == ((0, 1.0),)
    assert result.facts.end_ms == MINUTE


def test_compare_keeps_the_order_and_puts_the_first_in_front(folder: Path) -> None:
    without_battery = power_cut(name="No battery", changes={"components": {"shop": {"needs": ["grid"]}}})
    comparison = impactsim.compare(folder / "cut.yaml", without_battery)
    assert [result.facts.scenario for result in comparison.results] == ["Power cut", "No battery"]
    assert [result.facts.components["shop"].down_ms for result in comparison.results] == [50 * MINUTE, 60 * MINUTE]
    table = comparison.to_frame()
    assert list(table.columns) == ["Power cut", "No battery"]
    figures = {index: list(row) for index, row in zip(table.index, table.to_numpy(), strict=True)}
    assert figures["lost_user_minutes", "", "estimate"] == [50 * 100, 60 * 100]


def test_compare_wants_a_scenario() -> None:
    with pytest.raises(ValueError, match="at least one"):
        impactsim.compare()


def test_several_files_share_the_system_that_they_name(folder: Path) -> None:
    (folder / "second.yaml").write_text(SCENARIO.replace("5m", "7m"), encoding="utf-8")
    paths = [str(folder / name) for name in ("cut.yaml", "second.yaml")]
    first, second = map(impactsim.run, load_scenarios(paths))
    assert first.loaded.system is second.loaded.system
    assert [each.facts.components["shop"].levels[1][0] for each in (first, second)] == [15 * MINUTE, 17 * MINUTE]


def test_a_result_becomes_tables_and_a_graph() -> None:
    result = impactsim.run(power_cut())
    components = result.to_frame()
    assert len(components) == 2
    assert len(result.to_frame("levels")) == 3 + 3
    graph = result.to_graph(at_ms=20 * MINUTE)
    assert list(graph.edges) == [("shop", "grid")]
    assert {name: graph.nodes[name]["level"] for name in graph} == {"grid": 0.0, "shop": 0.0}
    assert result.to_graph().nodes["shop"]["level"] == 1.0
    with pytest.raises(ValueError, match="nonsense"):
        result.to_frame("nonsense")


def test_the_api_is_what_the_package_says_it_is() -> None:
    for name in impactsim.__all__:
        assert getattr(impactsim, name).__name__ == name
        assert name in dir(impactsim)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = impactsim.nonsense


def uncertain(**others: Any) -> dict[str, Any]:
    """Return a power cut of 1 h to 3 h, with 50 minutes of battery less than that down."""
    words = power_cut(**others)
    words["system"]["components"]["grid"]["time_to_restore"] = {"low": "1h", "high": "3h"}
    return words


def test_a_scenario_says_how_many_trials_it_wants_and_a_caller_may_say_otherwise() -> None:
    assert isinstance(impactsim.run(uncertain()), impactsim.Result)
    own = impactsim.run(uncertain(trials=30, seed=4), workers=1)
    assert isinstance(own, impactsim.SampledResult)
    assert (own.facts.n_trials, own.facts.n_asked, own.facts.seed, own.facts.is_complete) == (30, 30, 4, True)
    more = impactsim.run(uncertain(trials=30), trials=40, seed=7, workers=1)
    assert (more.facts.seed, more.loaded.scenario.seed) == (7, 7)
    assert isinstance(more, impactsim.SampledResult)
    assert more.facts.n_trials == len(more.gathered.figures[: more.gathered.n]) == 40
    assert isinstance(impactsim.run(uncertain(trials=30), trials=1), impactsim.Result)


def test_one_trial_alone_has_the_figures_that_it_has_among_the_others() -> None:
    many = impactsim.run(uncertain(), trials=8, seed=2, workers=1)
    assert isinstance(many, impactsim.SampledResult)
    lost = many.gathered.figures[:8, 7].tolist()
    assert len(set(lost)) == 8
    for trial in range(8):
        alone = impactsim.run(uncertain(), trial=trial, seed=2)
        assert isinstance(alone, impactsim.Result)
        assert alone.facts.users.lost_user_minutes.estimate == lost[trial]
        assert alone.facts.title == f"Power cut, trial {trial} of seed 2"
        assert alone.facts.components["shop"].why[0].because == ("grid",)


def test_precision_runs_until_it_is_reached_or_as_far_as_was_allowed() -> None:
    seen: list[tuple[int, int]] = []
    result = impactsim.run(uncertain(), precision=0.05, workers=1, on_progress=lambda *each: seen.append(each))
    assert isinstance(result, impactsim.SampledResult)
    assert result.facts.reached <= result.facts.precision == 0.05
    assert seen[-1] == (result.facts.n_trials, 1_000_000)
    assert result.facts.n_asked == 1_000_000
    short = impactsim.run(uncertain(), precision=0.0001, trials=250, workers=1)
    assert isinstance(short, impactsim.SampledResult)
    assert (short.facts.n_trials, short.facts.is_complete) == (250, True)
    assert short.facts.reached > 0.0001


def test_who_interrupts_gets_what_was_done() -> None:
    def interrupt(done: int, _: int) -> None:
        if done > 100:
            raise KeyboardInterrupt

    result = impactsim.run(uncertain(), trials=100_000, workers=1, on_progress=interrupt)
    assert isinstance(result, impactsim.SampledResult)
    assert not result.facts.is_complete
    assert 100 < result.facts.n_trials < result.facts.n_asked == 100_000
    n = result.facts.n_trials
    assert result.facts.users == impactsim.run(uncertain(), trials=n, workers=1).facts.users


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"trials": 0}, "trials is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"workers": 0}, "workers is 0"),
        ({"trial": -1}, "trial is -1"),
        ({"trial": 1 << 40}, "must be below 2\\^40"),
        ({"trials": 2.5}, "trials is 2.5, and must be a whole number"),
        ({"trials": "5"}, "trials is '5', and must be a whole number"),
        ({"workers": True}, "workers is True, and must be a whole number"),
        ({"precision": 0.0}, "precision is 0.0"),
        ({"precision": 2.0}, "0.02 is 2 %"),
        ({"trial": 3, "trials": 5}, "leave out trials and precision"),
        ({"precision": 0.1, "trials": 1}, "a single run has no interval"),
    ],
)
def test_what_cannot_be_asked_is_refused(options: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        impactsim.run(uncertain(), **options)


def test_a_sampled_result_becomes_tables_json_and_text() -> None:
    result = impactsim.run(uncertain(name="A <cut>"), trials=50, workers=1)
    assert isinstance(result, impactsim.SampledResult)
    assert list(result.to_frame().index) == ["grid", "shop"]
    assert result.to_frame("users").loc[("all", "estimate"), "affected_mean"] == 100
    assert '"trials":50' in result.to_json()
    assert "A <cut>" in str(result)
    assert "A &lt;cut&gt;" in result._repr_html_()
    with pytest.raises(ValueError, match="nonsense"):
        result.to_frame("nonsense")


def test_more_trials_than_memory_holds_are_refused_everywhere() -> None:
    many = {
        "impactsim": 1,
        "name": "N",
        "system": {"impactsim": 1, "name": "S", "components": {"a": {}}},
        "events": [{"fail": "a"}],
    }
    with pytest.raises(ValueError, match="trials is 10,000,001, and must be 10,000,000 or less"):
        impactsim.run(many, trials=10_000_001)
    with pytest.raises(impactsim.InvalidInput, match="trials: must be 10,000,000 or less"):
        impactsim.run({**many, "trials": 10_000_001})


def test_a_forecast_of_no_years_is_refused_by_that_name() -> None:
    with pytest.raises(ValueError, match="years is 0"):
        impactsim.forecast({"impactsim": 1, "name": "S", "components": {"a": {}}}, years=0)
