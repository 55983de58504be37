"""A plan is read with all that it names, each file once, and its changes are tried."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import impactsim
from impactsim.files import loading
from impactsim.files.plans import changed
from impactsim.files.reading import (
    LoadedPlan,
    check_file,
    check_files,
    load_file,
    load_plan,
    load_scenario,
    load_system,
    load_system_or_scenario,
    validate_plan,
)
from impactsim.model.plan import Objective
from impactsim.model.system import AnyOf
from impactsim.problems import InvalidInput, dotted

SYSTEM = """\
impactsim: 1
name: Shop
components:
  shop:
    users: 5000
    needs: [{any_of: [east, west]}, db]
  east: {kind: host}
  west: {kind: host}
  db: {kind: data}
"""
FIRE = "impactsim: 1\nname: Fire\nsystem: shop.yaml\nevents: [{fail: east, repair: 1d}]\n"
FLOOD = "impactsim: 1\nname: Flood\nsystem: shop.yaml\nevents: [{fail: db, repair: 1d}]\nchanges: {components: {db: {restart: 5m}}}\n"
PLAN = """\
impactsim: 1
plan: Shop
system: shop.yaml
services:
  shop: {rto: 4h, rpo: {target: unknown, as_of: 2026-01-31}, mtpd: not-applicable, mbco: 0}
declaration: {detection: 10m, decision: 20m}
scenarios: [fire.yaml, flood.yaml]
steps:
  failover: {switches: {of: shop, to: west}, takes: 30m}
  restore-db: {restores: [db], takes: unknown}
"""
CHANGES = """\
changes:
  fast:
    text: A faster start
    cost: 10
    system: {components: {db: {restart: 1m, time_to_restore: 2h}, east: {restart: 7m}}}
    plan: {steps: {failover: {takes: 5m}}, scenarios: [{file: fire.yaml, detection: 1m}, flood.yaml]}
  no-failover: {text: Do without, cost: 0, plan: {steps: {failover: null}}}
  in-order: {text: One after the other, cost: 0, plan: {steps: {restore-db: {after: [failover]}}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"shop": SYSTEM, "fire": FIRE, "flood": FLOOD, "plan": PLAN}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(path: str = "plan.yaml") -> list[tuple[str, int, str, str]]:
    """Return file, line, path and code of each problem."""
    return [(problem.file, problem.line, dotted(problem.path), problem.code) for problem in check_file(path)]


def test_a_plan_is_loaded_with_its_system_and_its_scenarios(folder: Path) -> None:
    loaded = load_plan(folder / "plan.yaml")
    assert list(loaded.plan.steps) == ["failover", "restore-db"]
    assert loaded.system_data["name"] == "Shop"
    assert loaded.data["plan"] == "Shop"
    assert (loaded.file, loaded.folder, loaded.problems) == (str(folder / "plan.yaml"), folder, ())
    assert [each.scenario.name for each in loaded.scenarios] == ["Fire", "Flood"]
    assert loaded.scenarios[0].system is loaded.system
    assert loaded.system.components["db"].restart is None
    assert loaded.scenarios[1].system.components["db"].restart.median() == 5 * 60_000  # type: ignore[union-attr]


@pytest.mark.usefixtures("folder")
def test_zero_unknown_and_not_applicable_are_three_things_and_nothing_is_a_fourth() -> None:
    service = load_plan("plan.yaml").plan.services["shop"]
    assert service.rto == Objective(target="4h")  # type: ignore[arg-type]
    assert service.rpo is not None
    assert (service.rpo.target, service.mtpd, service.mbco, service.tier) == ("unknown", "not-applicable", 0.0, None)
    Path("plan.yaml").write_text(PLAN.replace("rto: 4h, ", "").replace("target: unknown", "target: 0"))
    service = load_plan("plan.yaml").plan.services["shop"]
    assert service.rto is None
    assert service.rpo is not None
    assert service.rpo.target == 0


def test_each_file_is_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "plans").mkdir()
    nested = PLAN.replace("shop.yaml", "../plans/../shop.yaml").replace("[fire.yaml, flood", "[../fire.yaml, ../flood")
    (folder / "plans" / "plan.yaml").write_text(nested)
    read: list[str] = []
    original = loading.read_document

    def reading(path: Path) -> Any:
        read.append(path.name)
        return original(path)

    monkeypatch.setattr(loading, "read_document", reading)
    assert check_files(["plans/plan.yaml", "shop.yaml", "fire.yaml"]) == []
    assert sorted(read) == ["fire.yaml", "flood.yaml", "plan.yaml", "shop.yaml"]


@pytest.mark.usefixtures("folder")
def test_all_problems_of_all_files_are_told_at_once() -> None:
    Path("shop.yaml").write_text(SYSTEM.replace("kind: data", "kid: data"))
    Path("fire.yaml").write_text(FIRE.replace("1d", "1"))
    Path("flood.yaml").write_text(FLOOD.replace("fail: db", "fail: dbb"))
    Path("plan.yaml").write_text(PLAN.replace("takes: 30m", "takes: 30").replace("rto: 4h", "rot: 4h"))
    assert told() == [
        ("plan.yaml", 5, "services.shop.rot", "unknown-key"),
        ("plan.yaml", 9, "steps.failover.takes", "duration-unit"),
        ("shop.yaml", 9, "components.db.kid", "unknown-key"),
        ("fire.yaml", 4, "events[0].repair", "duration-unit"),
    ]
    Path("shop.yaml").write_text(SYSTEM)
    Path("plan.yaml").write_text(PLAN.replace("restores: [db]", "restores: [bd]"))
    assert told() == [
        ("plan.yaml", 10, "steps.restore-db.restores[0]", "unknown-component"),
        ("fire.yaml", 4, "events[0].repair", "duration-unit"),
        ("flood.yaml", 4, "events[0].fail", "unknown-component"),
    ]


@pytest.mark.usefixtures("folder")
def test_a_file_tells_by_its_keys_that_it_is_a_plan() -> None:
    assert isinstance(load_file("plan.yaml"), LoadedPlan)
    assert isinstance(impactsim.load("plan.yaml"), LoadedPlan)
    Path("plan.yaml").write_text(PLAN.replace("plan: Shop\n", ""))
    assert told() == [("plan.yaml", 1, "", "missing-key")]


@pytest.mark.parametrize(
    ("load", "file", "fault"),
    [
        (load_system, "plan.yaml", "this is a recovery plan; a system is wanted here; name the file of its system"),
        (load_system_or_scenario, "plan.yaml", "this is a recovery plan; a system is wanted here"),
        (load_scenario, "plan.yaml", "this is a recovery plan; a scenario is wanted here; name one of its scenarios"),
        (load_plan, "fire.yaml", "this is a scenario; a recovery plan is wanted here; write a plan that names"),
        (load_plan, "shop.yaml", "this is a system; a recovery plan is wanted here; write a plan that names"),
        (load_plan, "list.yaml", "a recovery plan is a mapping, with services and steps; this is"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_file_of_another_kind_than_is_wanted_is_told(load: Any, file: str, fault: str) -> None:
    Path("list.yaml").write_text("- a\n")
    with pytest.raises(InvalidInput) as raised:
        load(file)
    [problem] = raised.value.problems
    assert (problem.code, problem.line) == ("file-kind", 1)
    assert fault in str(problem)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("system: shop.yaml", "system: gone.yaml", ("plan.yaml", 3, "system", "file-missing")),
        ("system: shop.yaml", "system: {name: x}", ("plan.yaml", 3, "system", "wrong-type")),
        ("system: shop.yaml", "system: fire.yaml", ("fire.yaml", 1, "", "file-kind")),
        ("fire.yaml,", "gone.yaml,", ("plan.yaml", 7, "scenarios[0]", "file-missing")),
        ("fire.yaml,", '"a\\0b",', ("plan.yaml", 7, "scenarios[0]", "file-missing")),
        ("fire.yaml,", "shop.yaml,", ("shop.yaml", 1, "", "file-kind")),
        ("fire.yaml,", "plan.yaml,", ("plan.yaml", 1, "", "file-kind")),
        ("fire.yaml,", "5,", ("plan.yaml", 7, "scenarios[0]", "wrong-type")),
        ("[fire.yaml, flood.yaml]", "fire.yaml", ("plan.yaml", 7, "scenarios", "wrong-type")),
        ("[fire.yaml, flood.yaml]", "[]", ("plan.yaml", 7, "scenarios", "length")),
        ("takes: 30m", "begins: decision, takes: 30m", ("plan.yaml", 9, "steps.failover.begins", "choice")),
        ("takes: unknown", "takes: not-applicable", ("plan.yaml", 10, "steps.restore-db.takes", "duration-form")),
        ("rto: 4h", "rto: {target: 4h, as_of: may}", ("plan.yaml", 5, "services.shop.rto.as_of", "day")),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_is_told_where_it_is_named(old: str, new: str, expected: tuple[str, int, str, str]) -> None:
    Path("plan.yaml").write_text(PLAN.replace(old, new))
    assert expected in told()
    with pytest.raises(InvalidInput):
        load_plan("plan.yaml")


def test_plain_data_is_checked_as_a_file_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = load_plan("plan.yaml").data
    monkeypatch.chdir("/")
    assert validate_plan(data, folder).scenarios[1].scenario.name == "Flood"
    with pytest.raises(InvalidInput, match=r"services\.shp: no component is called 'shp'; did you mean 'shop'"):
        validate_plan({**data, "services": {"shp": {}}}, folder)


@pytest.mark.usefixtures("folder")
class TestChanges:
    def test_a_change_is_made_to_the_system_first_then_the_scenario_makes_its_own(self) -> None:
        Path("plan.yaml").write_text(PLAN + CHANGES)
        loaded = load_plan("plan.yaml")
        fast = changed(loaded, "fast")
        median = {"db": 60_000, "east": 7 * 60_000}
        assert {name: fast.system.components[name].restart.median() for name in median} == median  # type: ignore[union-attr]
        flooded = fast.scenarios[1].system.components
        assert flooded["db"].restart.median() == 5 * 60_000  # type: ignore[union-attr]
        assert flooded["db"].time_to_restore.median() == 7_200_000  # type: ignore[union-attr]
        assert fast.scenarios[0].system is fast.system
        assert fast.system_data["components"]["east"] == {"kind": "host", "restart": "7m"}
        assert fast.plan.steps["failover"].takes.median() == 300_000  # type: ignore[union-attr]
        assert fast.plan.scenarios[0].detection is not None

    def test_a_change_leaves_the_plan_as_it_was(self) -> None:
        Path("plan.yaml").write_text(PLAN + CHANGES)
        loaded, again = load_plan("plan.yaml"), load_plan("plan.yaml")
        changed(loaded, "fast")
        assert loaded == again
        without = changed(loaded, "no-failover")
        assert list(without.plan.steps) == ["restore-db"]
        assert without.system is loaded.system
        with pytest.raises(KeyError):
            changed(loaded, "slow")

    def test_two_changes_can_be_made_unless_they_exclude_one_another(self) -> None:
        Path("plan.yaml").write_text(PLAN + CHANGES)
        fast = changed(load_plan("plan.yaml"), "fast")
        assert changed(fast, "in-order").plan.steps["restore-db"].after == ("failover",)
        with pytest.raises(InvalidInput, match=r"no step is called 'failover'.*\[unknown-step\]"):
            changed(changed(fast, "no-failover"), "in-order")

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ("system: {components: {db: {restart: 5}}}", "system.components.db.restart duration-unit"),
            ("system: {components: {db: {needs: [wset]}}}", "system.components.db.needs[0] unknown-component"),
            ("system: {components: {west: null}}", "system unknown-component"),
            ("system: {components: {west: {kind: site}, db: null, shop: {needs: [east]}}}", "system unknown-component"),
            ("plan: {steps: {restore-db: {takes: 5}}}", "plan.steps.restore-db.takes duration-unit"),
            ("plan: {steps: {failover: {after: [restore]}}}", "plan.steps.failover.after[0] unknown-step"),
            (
                "plan: {steps: {failover: {switches: null, takes: unknown}}}",
                "plan.steps.failover.takes step-without-work",
            ),
            ("plan: {services: {shop: null}}", "plan.services length"),
            ("plan: {scenarios: [fire.yaml]}", "plan.scenarios change-of-question"),
        ],
    )
    def test_what_a_change_breaks_is_told_at_the_change(self, change: str, expected: str) -> None:
        Path("plan.yaml").write_text(PLAN + f"changes:\n  it:\n    text: x\n    cost: 1\n    {change}\n")
        place, code = expected.split()
        errors = [problem for problem in check_file("plan.yaml") if problem.severity == "error"]
        found = {(problem.file, problem.line, dotted(problem.path), problem.code) for problem in errors}
        assert ("plan.yaml", 15, f"changes.it.{place}", code) in found
        assert {line for _, line, _, _ in found} == {15}
        assert len(errors) == len({str(problem) for problem in errors})

    def test_what_breaks_elsewhere_is_told_with_its_place(self) -> None:
        change = "system: {components: {east: null, shop: {needs: [{any_of: [db, west]}]}}}"
        Path("plan.yaml").write_text(PLAN + f"changes:\n  it: {{text: x, cost: 1, {change}}}\n")
        problems = check_file("plan.yaml")
        assert told() == [("plan.yaml", 12, "changes.it.system", "unknown-component")]
        assert problems[0].fault == "with this change fire.yaml:4: events[0].fail: no component is called 'east'"

    def test_what_was_wrong_before_is_told_once(self) -> None:
        Path("shop.yaml").write_text(SYSTEM.replace("kind: data", "kind: data, needs: [bd]"))
        Path("plan.yaml").write_text(PLAN + CHANGES)
        assert told() == [("shop.yaml", 9, "components.db.needs[0]", "unknown-component")]

    def test_a_component_that_only_a_change_names_is_doubtful(self) -> None:
        change = "changes:\n  it: {text: x, cost: 1, system: {components: {wset: {restart: 1m}}}}\n"
        Path("plan.yaml").write_text(PLAN + change)
        [problem] = load_plan("plan.yaml").problems
        assert (problem.code, problem.line, problem.remedy) == ("change-adds", 12, "did you mean 'west'?")
        assert dotted(problem.path) == "changes.it.system.components.wset"

    def test_a_component_that_a_change_of_the_plan_names_is_not(self) -> None:
        change = "system: {components: {wiki: {kind: tool}}}, plan: {steps: {failover: {with: [wiki]}}}"
        Path("plan.yaml").write_text(PLAN + f"changes:\n  it: {{text: x, cost: 1, {change}}}\n")
        loaded = load_plan("plan.yaml")
        assert loaded.problems == ()
        assert changed(loaded, "it").plan.steps["failover"].tools == ("wiki",)

    def test_a_standby_that_a_change_adds_can_be_switched_to(self) -> None:
        change = (
            "system: {components: {north: {kind: host}, shop: {needs: [{any_of: [east, north]}, db]}}}, "
            "plan: {steps: {failover: {switches: {to: north}}}}"
        )
        Path("plan.yaml").write_text(PLAN + f"changes:\n  it: {{text: x, cost: 1, {change}}}\n")
        north = changed(load_plan("plan.yaml"), "it")
        assert isinstance(north.system.components["shop"].needs[0], AnyOf)
        Path("plan.yaml").write_text(Path("plan.yaml").read_text().replace("{to: north}", "{to: west}"))
        assert told() == [("plan.yaml", 12, "changes.it.plan.steps.failover.switches.to", "switch-without-group")]


def test_what_a_step_restores_does_not_stay_down_for_good(tmp_path: Path) -> None:
    def no_end(steps: str, fails: str) -> list[str]:
        (tmp_path / "shop.yaml").write_text(SYSTEM, encoding="utf-8")
        scenario = f"impactsim: 1\nname: Fire\nsystem: shop.yaml\nevents: [{{fail: [{fails}]}}]\n"
        (tmp_path / "fire.yaml").write_text(scenario, encoding="utf-8")
        head, _, _ = PLAN.partition("scenarios:")
        (tmp_path / "plan.yaml").write_text(f"{head}scenarios: [fire.yaml]\nsteps: {steps}\n", encoding="utf-8")
        loaded = load_plan(tmp_path / "plan.yaml")
        told = [each.fault for each in loaded.problems if each.code == "no-end"]
        assert told == [each.fault for each in loaded.scenarios[0].problems if each.code == "no-end"]
        return told

    mend = "{mend: {restores: [db], takes: 2h}}"
    assert no_end(mend, "db") == []
    assert no_end(mend, "db, east") == ["'east' stays down for good"]
    assert no_end("{mend: {restores: [west], takes: 2h}}", "db, east") == ["'db' (and 1 more) stays down for good"]
    # Nobody knows how long the step takes, and so nothing ends it.
    assert no_end("{mend: {restores: [db], takes: unknown}}", "db") == ["'db' stays down for good"]
