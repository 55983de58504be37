from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from impactsim.files.reading import (
    check_file,
    check_files,
    load_scenario,
    load_scenarios,
    load_system,
    validate_scenario,
    validate_system,
)
from impactsim.problems import InvalidInput, Problem

SYSTEM = """\
impactsim: 1
name: Shop
components:
  shop:
    needs: [db, {component: search, impact: 20%}]
  db:
    kind: data
    restart: 5m
  search: {}
"""
SCENARIO = """\
impactsim: 1
name: Outage
system: system.yaml
events:
  - {fail: db, for: 2h}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "system.yaml").write_text(SYSTEM)
    (tmp_path / "scenario.yaml").write_text(SCENARIO)
    return tmp_path


def told(path: Path) -> list[tuple[str, int, tuple[str | int, ...], str]]:
    """Return name of the file, line, path and code of each problem."""
    return [(Path(problem.file).name, problem.line, problem.path, problem.code) for problem in check_file(path)]


def problems_of_loading(path: Path) -> list[Problem]:
    with pytest.raises(InvalidInput) as raised:
        load_scenario(path)
    return raised.value.problems


def scenario(folder: Path, text: str) -> Path:
    path = folder / "other.yaml"
    path.write_text(text)
    return path


def test_a_system_is_loaded_with_its_data(folder: Path) -> None:
    loaded = load_system(folder / "system.yaml")
    assert list(loaded.system.components) == ["shop", "db", "search"]
    assert loaded.data["components"]["db"] == {"kind": "data", "restart": "5m"}
    assert loaded.file == str(folder / "system.yaml")
    assert loaded.problems == ()


def test_a_scenario_is_loaded_with_the_system_beside_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    loaded = load_scenario(str(folder / "scenario.yaml"))
    assert loaded.scenario.system == "system.yaml"
    assert list(loaded.system.components) == ["shop", "db", "search"]
    assert loaded.scenario.events[0].fail == ("db",)  # type: ignore[union-attr]


def test_json_is_read_as_yaml_is(folder: Path) -> None:
    data = load_system(folder / "system.yaml").data
    (folder / "system.json").write_text(json.dumps(data))
    assert load_system(folder / "system.json").system == load_system(folder / "system.yaml").system


def test_an_inline_system_is_checked_under_its_key(folder: Path) -> None:
    inline = "".join("  " + line + "\n" for line in SYSTEM.splitlines())
    events = "events: [{fail: db, for: 1h}]\n"
    good = scenario(folder, f"impactsim: 1\nname: x\nsystem:\n{inline}{events}")
    assert list(load_scenario(good).system.components) == ["shop", "db", "search"]
    wrong = scenario(
        folder, f"impactsim: 1\nname: x\nsystem:\n{inline.replace('restart', 'rstart').replace('[db', '[bd')}"
    )
    assert told(wrong) == [("other.yaml", 11, ("system", "components", "db", "rstart"), "unknown-key")]
    wrong = scenario(folder, f"impactsim: 1\nname: x\nsystem:\n{inline.replace('[db', '[bd')}{events}")
    assert told(wrong) == [("other.yaml", 8, ("system", "components", "shop", "needs", 0), "unknown-component")]


def test_all_problems_of_both_files_are_told_at_once(folder: Path) -> None:
    (folder / "system.yaml").write_text(
        SYSTEM.replace("restart: 5m", "restart: 5\n    restart: 6m").replace("kind", "knd")
    )
    wrong = scenario(folder, SCENARIO.replace("for: 2h", "for: 2x, tpyo: 1") + "trials: 0\nnmae: y\ntrials: 3\n")
    assert told(wrong) == [
        ("other.yaml", 5, ("events", 0, "for"), "duration-form"),
        ("other.yaml", 5, ("events", 0, "tpyo"), "unknown-key"),
        ("other.yaml", 6, ("trials",), "range"),
        ("other.yaml", 7, ("nmae",), "unknown-key"),
        ("other.yaml", 8, ("trials",), "duplicate-key"),
        ("system.yaml", 7, ("components", "db", "knd"), "unknown-key"),
        ("system.yaml", 8, ("components", "db", "restart"), "duration-unit"),
        ("system.yaml", 9, ("components", "db", "restart"), "duplicate-key"),
    ]
    assert [str(problem) for problem in problems_of_loading(wrong)] == [str(problem) for problem in check_file(wrong)]


def test_a_problem_prints_its_file_line_path_fault_remedy_and_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("system.yaml").write_text(SYSTEM.replace("restart", "restrat"))
    [problem] = check_file("system.yaml")
    assert str(problem) == (
        "system.yaml:8: components.db.restrat: there is no such key here; did you mean 'restart'? [unknown-key]"
    )


def test_the_rules_are_told_of_the_scenario_too(folder: Path) -> None:
    wrong = scenario(folder, SCENARIO.replace("fail: db", "fail: dbb"))
    [problem] = check_file(wrong)
    assert (problem.line, problem.path[:3], problem.code) == (5, ("events", 0, "fail"), "unknown-component")
    assert "'db'" in problem.remedy


def test_the_rules_of_the_system_are_told_although_the_scenario_is_wrong(folder: Path) -> None:
    (folder / "system.yaml").write_text(SYSTEM.replace("[db,", "[bd,"))
    assert {code for _, _, _, code in told(scenario(folder, SCENARIO + "trials: 0\n"))} == {
        "range",
        "unknown-component",
    }


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("gone.yaml", "file-missing"),
        (".", "file-unreadable"),
        ("''", "file-unreadable"),
        ("5", "wrong-type"),
        ("", "wrong-type"),
    ],
)
def test_a_system_that_cannot_be_read_is_told_at_the_scenario(folder: Path, named: str, code: str) -> None:
    assert told(scenario(folder, f"impactsim: 1\nname: x\nsystem: {named}\n")) == [("other.yaml", 3, ("system",), code)]


def test_a_scenario_without_a_system_is_told_once(folder: Path) -> None:
    assert told(scenario(folder, "impactsim: 1\nname: x\nevents: []\n")) == [("other.yaml", 1, (), "missing-key")]


def test_a_file_of_the_wrong_kind_is_told(folder: Path) -> None:
    with pytest.raises(InvalidInput, match=r"this is a scenario; a system is wanted here.*\[file-kind\]"):
        load_system(folder / "scenario.yaml")
    with pytest.raises(InvalidInput, match=r"this is a system; a scenario is wanted here.*\[file-kind\]"):
        load_scenario(folder / "system.yaml")
    assert told(scenario(folder, "- a\n")) == [("other.yaml", 1, (), "file-kind")]
    assert told(scenario(folder, SCENARIO.replace("system.yaml", "other.yaml"))) == [("other.yaml", 1, (), "file-kind")]


class TestChanges:
    def changed(self, folder: Path, changes: str) -> Path:
        return scenario(folder, SCENARIO + f"changes:\n  {changes}\n")

    def test_changes_are_made_before_the_system_is_checked(self, folder: Path) -> None:
        (folder / "system.yaml").write_text(SYSTEM.replace("restart: 5m", "rstart: 5m"))
        loaded = load_scenario(
            self.changed(folder, "components: {db: {rstart: null, restart: 7m}, search: null, shop: {needs: [db]}}")
        )
        assert list(loaded.system.components) == ["shop", "db"]
        restart = loaded.system.components["db"].restart
        assert restart is not None
        assert restart.median() == 7 * 60_000

    def test_a_problem_in_a_change_is_told_at_the_change(self, folder: Path) -> None:
        changes = "components:\n    db: {restart: 5}\n    shop:\n      needs:\n        - dbb\n        - search"
        assert told(self.changed(folder, changes)) == [
            ("other.yaml", 8, ("changes", "components", "db", "restart"), "duration-unit")
        ]
        assert told(self.changed(folder, changes.replace("restart: 5", "restart: 5s"))) == [
            ("other.yaml", 11, ("changes", "components", "shop", "needs", 0), "unknown-component")
        ]

    def test_a_problem_beside_the_changes_is_told_at_the_system(self, folder: Path) -> None:
        (folder / "system.yaml").write_text(SYSTEM.replace("kind: data", "kidn: data"))
        changes = "components: {db: {restart: 5, nmae: x}}"
        assert sorted(told(self.changed(folder, changes))) == [
            ("other.yaml", 7, ("changes", "components", "db", "nmae"), "unknown-key"),
            ("other.yaml", 7, ("changes", "components", "db", "restart"), "duration-unit"),
            ("system.yaml", 7, ("components", "db", "kidn"), "unknown-key"),
        ]

    def test_what_a_change_leaves_out_of_something_new_is_told_at_the_change(self, folder: Path) -> None:
        changes = "users: {people: {uses: [shop]}}"
        assert told(self.changed(folder, changes)) == [("other.yaml", 7, ("changes", "users", "people"), "missing-key")]

    def test_what_a_change_takes_away_is_told_at_the_change(self, folder: Path) -> None:
        (folder / "system.yaml").write_text(SYSTEM + "users:\n  people: {uses: [shop], count: 5}\n")
        assert told(self.changed(folder, "users: {people: {count: null}}")) == [
            ("other.yaml", 7, ("changes", "users", "people"), "missing-key")
        ]

    def test_a_component_that_a_change_removes_is_told_where_it_is_missed(self, folder: Path) -> None:
        problems = check_file(self.changed(folder, "components: {search: null}"))
        [problem] = [problem for problem in problems if problem.code == "unknown-component"]
        assert (Path(problem.file).name, problem.line) == ("system.yaml", 5)
        assert problem.remedy == f"the changes in {folder / 'other.yaml'} remove it"

    def test_a_misspelt_component_in_a_change_is_a_warning_with_the_nearest_name(self, folder: Path) -> None:
        loaded = load_scenario(self.changed(folder, "components: {serach: {restart: 1m}, dbs: null}"))
        warnings = [problem for problem in loaded.problems if problem.code.startswith("change")]
        assert [(problem.code, problem.severity, problem.line, problem.remedy) for problem in warnings] == [
            ("change-adds", "warning", 7, "did you mean 'search'?"),
            ("change-removes", "warning", 7, "did you mean 'db'?"),
        ]

    def test_a_component_that_a_change_adds_and_uses_is_no_warning(self, folder: Path) -> None:
        changes = "components: {cache: {}, shop: {needs: [db, cache]}, tool: {}, spare: {kind: site}, db: {at: spare}}"
        path = scenario(folder, SCENARIO.replace("fail: db", "fail: [db, tool]") + f"changes: {{{changes}}}\n")
        assert load_scenario(path).problems == ()

    def test_changes_to_an_inline_system_are_told_at_the_right_part(self, folder: Path) -> None:
        text = "impactsim: 1\nname: x\nsystem:\n  impactsim: 1\n  name: y\n  components:\n    a: {knd: x}\n    b: {}\n"
        assert sorted(told(scenario(folder, text + "changes: {components: {b: {knd: x}}}\n"))) == [
            ("other.yaml", 7, ("system", "components", "a", "knd"), "unknown-key"),
            ("other.yaml", 9, ("changes", "components", "b", "knd"), "unknown-key"),
        ]

    @pytest.mark.parametrize(
        "changes", ["changes: 5", "changes: [a]", "changes: {components: 5}", "changes: {components: null}"]
    )
    def test_odd_changes_are_told_at_the_change(self, folder: Path, changes: str) -> None:
        [(file, line, path, _)] = told(scenario(folder, SCENARIO + changes))
        assert (file, line) == ("other.yaml", 6) or (file, path) == ("system.yaml", ())


def test_scenarios_with_the_same_system_share_it(folder: Path) -> None:
    other = scenario(folder, SCENARIO)
    changed = folder / "changed.yaml"
    changed.write_text(SCENARIO + "changes: {components: {db: {restart: 7m}}}\n")
    one, two, three = load_scenarios([folder / "scenario.yaml", other, changed])
    assert one.system is two.system
    assert three.system.components["db"] != one.system.components["db"]
    assert load_scenario(folder / "scenario.yaml").system.components["db"] == one.system.components["db"]


def test_a_problem_of_a_shared_system_is_told_once(folder: Path) -> None:
    (folder / "system.yaml").write_text(SYSTEM.replace("restart", "rstart"))
    other = scenario(folder, SCENARIO)
    files = [folder / "scenario.yaml", other, folder / "system.yaml"]
    assert len(check_files(files)) == 1
    with pytest.raises(InvalidInput) as raised:
        load_scenarios(files[:2])
    assert len(raised.value.problems) == 1


def test_warnings_come_with_what_is_loaded(folder: Path) -> None:
    (folder / "system.yaml").write_text(SYSTEM.replace("kind: data", "kind: dataa"))
    loaded = load_system(folder / "system.yaml")
    assert {problem.severity for problem in loaded.problems} == {"warning"}
    assert [problem.line for problem in loaded.problems] == [7]


def test_plain_data_is_checked_as_a_file_is() -> None:
    data: dict[str, Any] = {"impactsim": 1, "name": "x", "components": {"a": {"needs": ["b"]}, "b": {}}}
    system = validate_system(data)
    what = {"impactsim": 1, "name": "y", "events": [{"fail": "b", "for": "1h"}]}
    assert validate_scenario(what, system).system == system.system
    assert validate_scenario(what, data).system == system.system
    assert validate_scenario({**what, "system": data}).system == system.system
    assert validate_scenario({**what, "system": system.system}).system is system.system
    changed = validate_scenario({**what, "changes": {"components": {"b": {"kind": "host"}}}}, data)
    assert changed.system.components["b"].kind == "host"
    assert data["components"]["b"] == {}
    with pytest.raises(InvalidInput, match=r"^events\[0\]\.fail.*'c'.*\[unknown-component\]"):
        validate_scenario({**what, "events": [{"fail": "c", "for": "1h"}]}, data)


def test_changes_need_the_plain_data_of_a_system() -> None:
    system = validate_system({"impactsim": 1, "name": "x", "components": {"a": {}}}).system
    data = {"impactsim": 1, "name": "y", "system": system, "changes": {"name": "z"}}
    with pytest.raises(InvalidInput, match="changes-of-model"):
        validate_scenario(data)


def test_a_component_that_only_others_name_in_some_way_is_no_warning(folder: Path) -> None:
    (folder / "system.yaml").write_text(SYSTEM)
    changes = (
        "components: {db: {copies: [{at: vault, restore: 1h}]}, vault: {kind: site}, duct: {}, people: {}}, "
        "common_causes: {flood: {strikes: {duct: 1}}}, users: {all: {count: 5, uses: [people, shop]}}"
    )
    path = scenario(folder, SCENARIO + f"changes: {{{changes}}}\n")
    assert not [problem for problem in check_file(path) if problem.code == "change-adds"]


def test_the_collector_works_again_after_loading(folder: Path) -> None:
    assert gc.isenabled()
    load_scenario(folder / "scenario.yaml")
    with pytest.raises(InvalidInput):
        load_system(folder / "gone.yaml")
    assert gc.isenabled()
