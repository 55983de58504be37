"""The reference is complete: every key of the files, every key of the JSON, every rule that the source cites."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

import impactsim
from docs.examples import DOCS, ROOT
from impactsim.cli.main import COMMANDS
from impactsim.files.documents import MAX_DEPTH, MAX_DIGITS
from impactsim.files.opening import LIMIT_BYTES
from impactsim.files.yaml_reader import MAX_ALIASED_NODES
from impactsim.law_forms import law
from impactsim.model import plan, scenario, system
from impactsim.quantities import duration_ms

FORMAT = (DOCS / "format.md").read_text(encoding="utf-8")
SEMANTICS = (DOCS / "semantics.md").read_text(encoding="utf-8")

SECTIONS = {
    "System": system.System,
    "Component": system.Component,
    "Crew": system.Crew,
    "Copy": system.Copy,
    "Workaround": system.Workaround,
    "Common cause": system.CommonCause,
    "Segment": system.Segment,
    "Notices": system.Notices,
    "Plan": plan.RecoveryPlan,
    "Promise": plan.ServicePlan,
    "Declaration": plan.Declaration,
    "Role": plan.Role,
    "Recovery step": plan.RecoveryStep,
    "Test": plan.Tested,
    "Supplier": plan.Supplier,
    "Change": plan.PlanChange,
}
"""Classes whose keys are the rows of a table of their own."""


def section(title: str) -> str:
    """Return a section of the format's reference, with the sections below it."""
    found = re.search(rf"^(?P<level>#+) {title}\n(?P<text>.*?)(?=^#{{1,3}} |\Z)", FORMAT, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section {title}"
    return found["text"]


def rows(text: str) -> dict[str, str]:
    """Return the rows of all tables whose first cell is one key, by that key, each with its second cell."""
    return dict(re.findall(r"^\| `([\w*.]+)` \| ([^|]*?) \|", text, re.MULTILINE))


def written(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield field.alias or name


@pytest.mark.parametrize("title", SECTIONS)
def test_the_table_of_a_class_has_its_keys_and_no_other(title):
    assert sorted(rows(section(title))) == sorted(written(SECTIONS[title]))


@pytest.mark.parametrize("title", SECTIONS)
def test_the_tables_say_which_keys_are_required(title):
    required = {name for name, field in SECTIONS[title].model_fields.items() if field.is_required()}
    assert {key for key, second in rows(section(title)).items() if second == "required"} == required


def test_the_table_of_a_scenario_has_its_keys_and_no_other():
    table = FORMAT.split("## A scenario\n", 1)[1].split("\nEvents.", 1)[0]
    assert sorted(rows(table)) == sorted(written(scenario.Scenario))


def test_needs_and_members_have_their_keys():
    keys = rows(section("Need"))
    options = {*written(system.NeedWords), *written(system.Member), "failover"}
    assert set(keys) == options
    for form in (system.ComponentNeed, system.AllOf, system.AtLeast, system.Pool, system.AnyOf):
        own = set(written(form)) - options
        assert own
        assert [key for key in own if f"`{key}:" not in section("Need")] == []


@pytest.mark.parametrize("model", [scenario.Fail, scenario.Degrade, scenario.Destroy, scenario.Strike, scenario.Step])
def test_events_have_their_keys(model):
    text = FORMAT.split("\nEvents.", 1)[1].split("\nActions", 1)[0]
    assert [key for key in written(model) if f"`{key}`" not in text and f"`{key}:" not in text] == []


@pytest.mark.parametrize("model", [scenario.Repair, scenario.Start, scenario.Stop, scenario.Switch, scenario.SwitchTo])
def test_actions_have_their_keys(model):
    text = FORMAT.split("\nActions", 1)[1].split("\n## ", 1)[0]
    assert [key for key in written(model) if not re.search(rf"[`{{ ]{key}[`:]", text)] == []


def test_small_classes_have_their_keys():
    small = (system.Fails, system.CatchUp, system.Targets, system.Activity, system.Effects, system.Backlog)
    assert [
        key for model in small for key in written(model) if f"`{key}`" not in FORMAT and f"{key}:" not in FORMAT
    ] == []


@pytest.mark.parametrize(
    "model",
    [plan.Objective, plan.SwitchOver, plan.TierDemand, plan.Contact, plan.PlanScenario],
    ids=lambda m: m.__name__,
)
def test_small_classes_of_a_plan_have_their_keys(model):
    text = FORMAT.split("\n### Plan\n", 1)[1].split("\n## ", 1)[0]
    assert [key for key in written(model) if not re.search(rf"[`{{ ]{key}[`:]", text)] == []


def test_all_words_of_a_plan_stand_in_its_example():
    example = FORMAT.split("# plan.yaml\n", 1)[1].split("```", 1)[0]
    models = [each for each in vars(plan).values() if isinstance(each, type) and issubclass(each, plan.Words)]
    keys = {key for model in models if model is not plan.Words for key in written(model)}
    assert len(keys) >= 50
    assert [key for key in sorted(keys) if not re.search(rf"[ {{]{key}: ?|^{key}:", example, re.MULTILINE)] == []


def test_the_types_of_tests_are_told_from_the_weakest_to_the_strongest():
    assert ", ".join(f"`{name}`" for name in plan.TEST_TYPES) in section("Test")


def test_the_limits_are_those_of_the_readers():
    assert f"{LIMIT_BYTES // 2**20} MiB" in FORMAT
    assert f"deeper than {MAX_DEPTH} levels" in FORMAT
    assert f"more than {MAX_DIGITS} digits" in FORMAT
    assert MAX_ALIASED_NODES == 1_000_000
    assert "more than a million values" in FORMAT


def test_the_medians_of_uncertain_quantities_are_as_told():
    hour = 3_600_000
    assert law({"low": "30m", "likely": "1h", "high": "3h"}, duration_ms).median() == pytest.approx(
        1.2 * hour, rel=0.01
    )
    assert law({"mean": "2h"}, duration_ms).median() == pytest.approx(2 * hour * 0.693147, rel=1e-6)
    assert law({"low": "6h", "high": "12h"}, duration_ms).median() == 9 * hour
    assert law({"samples": ["2h", "3h", "9h"]}, duration_ms).median() == 3 * hour
    assert law({"samples": ["2h", "3h"]}, duration_ms).median() == 2.5 * hour


def keys_of_json(value: object, within: str = "") -> Iterator[str]:
    """Yield every key of plain data but the ids of the author."""
    if isinstance(value, list):
        for each in value:
            yield from keys_of_json(each, within)
    elif isinstance(value, dict):
        by_id = within in {"components", "data", "segments", "not_affected", "guesses", "doubtful", "sources"}
        for key, each in value.items():
            if not by_id:
                yield key
            yield from keys_of_json(each, "" if by_id else key)


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios").glob("*/1-*.yaml")), ids=lambda path: path.parent.name)
def test_every_key_of_the_json_is_explained(path):
    explained = section("Results as JSON")
    keys = set(keys_of_json(json.loads(impactsim.run(path).to_json())))
    assert "end_ms" in keys
    assert [key for key in sorted(keys) if f"`{key}`" not in explained and f'"{key}"' not in explained] == []


def rules_of(text: str) -> set[str]:
    return set(re.findall(r"\bS[0-9]{1,2}(?:\.[0-9]+)?\b", text))


def test_the_rules_are_numbered_without_a_gap():
    chapters = re.findall(r"^## S(\d+) ", SEMANTICS, re.MULTILINE)
    assert chapters == [str(number) for number in range(1, len(chapters) + 1)]
    numbers: dict[str, list[int]] = {}
    for chapter, number in re.findall(r"^- \*\*S(\d+)\.(\d+)\b", SEMANTICS, re.MULTILINE):
        numbers.setdefault(chapter, []).append(int(number))
    assert all(of == list(range(1, len(of) + 1)) for of in numbers.values())
    assert len(numbers) == len(chapters) - 1  # the last one is a list of steps


def test_every_rule_that_is_cited_exists():
    defined = set(re.findall(r"^## (S\d+) ", SEMANTICS, re.MULTILINE))
    defined |= set(re.findall(r"^- \*\*(S\d+\.\d+)\b", SEMANTICS, re.MULTILINE))
    cited = {}
    for folder in ("impactsim", "tests", "scenarios"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".yaml"} and "docs" not in path.parts[-2:-1]:
                for rule in rules_of(path.read_text(encoding="utf-8", errors="replace")) - defined:
                    cited.setdefault(rule, []).append(str(path.relative_to(ROOT)))
    for document in DOCS.glob("*.md"):
        for rule in rules_of(document.read_text(encoding="utf-8")) - defined:
            cited.setdefault(rule, []).append(document.name)
    assert cited == {}


def test_every_room_of_the_house_has_its_place():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rooms = [
        path for path in (ROOT / "impactsim").iterdir() if not path.name.startswith("_") and path.name != "py.typed"
    ]
    names = [f"`{path.name}/`" if path.is_dir() else f"`{path.name}`" for path in rooms]
    assert len(names) >= 15
    assert [name for name in names if name not in text] == []


def test_every_folder_of_tests_has_its_place():
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    folders = [path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("*.*"))]
    rooms = {path.stem for path in (ROOT / "impactsim").iterdir()}  # these mirror the package
    kinds = [name for name in folders if name not in rooms - {"docs"} and not name.startswith(("_", "."))]
    assert "agreement" in kinds
    assert [name for name in kinds if f"`{name}/`" not in text] == []


def test_every_command_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [
        name for name in COMMANDS if f"`impactsim {name} " not in readme and f"`impactsim {name}`" not in readme
    ] == []
