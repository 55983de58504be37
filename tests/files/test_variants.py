"""What-ifs on a system: what may stand in their files, and where what is wrong with them stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from impactsim.files.variants import load_variants
from impactsim.problems import InvalidInput

SHOP = """\
impactsim: 1
name: Shop
components:
  grid: {kind: power}
  shop: {needs: [grid]}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP)
    return path


def refused(shop: Path, text: str, name: str = "ideas.yaml") -> list[str]:
    path = shop.with_name(name)
    path.write_text(text)
    with pytest.raises(InvalidInput) as caught:
        load_variants(shop, [path])
    return [str(problem).removeprefix(f"{shop.parent}/") for problem in caught.value.problems]


def test_each_what_if_of_a_list_changes_the_system_alone(shop):
    path = shop.with_name("ideas.yaml")
    path.write_text(
        "- name: Slow\n  changes: {components: {shop: {restart: 5m}}}\n- changes: {components: {shop: {name: The shop}}}\n"
    )
    today, slow, named = load_variants(shop, [path])
    assert [each.name for each in (today, slow, named)] == ["Shop", "Slow", "ideas"]
    assert today.system.components["shop"].restart is None
    assert slow.system.components["shop"].restart.median() == 300_000
    assert (named.system.components["shop"].restart, named.system.components["shop"].name) == (None, "The shop")


def test_a_scenario_is_its_system_with_its_changes(shop):
    path = shop.with_name("plan.yaml")
    path.write_text(
        "impactsim: 1\nname: Plan\nsystem: shop.yaml\nchanges: {components: {shop: {restart: 5m}}}\nevents: [{fail: grid}]\n"
    )
    today, same = load_variants(path, [path])
    assert today.system.components["shop"].restart.median() == 300_000
    assert same.system == today.system
    assert same.name == "Plan"
    other = {"name": "Named", "changes": {"components": {"shop": {"name": "The shop"}}}}
    changed = load_variants(path, [other])[1].system.components["shop"]
    assert (changed.name, changed.restart.median()) == ("The shop", 300_000)


def test_plain_data_does_as_well():
    system = {"impactsim": 1, "name": "One", "components": {"web": {}}}
    one, two = load_variants(
        system, [[{"name": "Two", "changes": {"components": {"db": {}, "web": {"needs": ["db"]}}}}]]
    )
    assert (len(one.system.components), len(two.system.components)) == (1, 2)


def test_what_is_wrong_stands_at_its_line(shop):
    text = "- name: Fine\n  changes: {components: {shop: {restart: 5m}}}\n- name: Wrong\n  changes:\n    components:\n      shop: {restart: soon}\n"
    (problem,) = refused(shop, text)
    assert problem.startswith("ideas.yaml:6: changes.components.shop.restart: ")


def test_what_a_change_leaves_dangling_is_told_where_the_system_says_it(shop):
    (problem,) = refused(shop, "name: Dark\nchanges: {components: {grid: null}}\n")
    assert problem.startswith("shop.yaml:5: components.shop.needs[0]: no component is called 'grid'")
    assert "ideas.yaml" in problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: Nothing\n", "[missing-key]"),
        ("name: Nothing\nchanges: {}\n", "{components: {web: {restart: 2m}}} [length]"),
        ("changes: 5\n", "[wrong-type]"),
        ("5\n", "[file-kind]"),
        ("- 5\n", "[file-kind]"),
        ("[]\n", "[length]"),
        ("name: 5\nchanges: {name: Other}\n", "[wrong-type]"),
        ("nam: x\nchanges: {name: Other}\n", "did you mean 'name'? [unknown-key]"),
    ],
)
def test_what_is_no_what_if_is_refused(shop, text, expected):
    (problem,) = refused(shop, text)
    assert problem.endswith(expected)
    assert problem.startswith("ideas.yaml:")


def test_all_files_are_looked_at(shop):
    wrong = [{"changes": {"components": {"grid": None}}}, {"changes": {"components": {"shop": {"restart": "soon"}}}}]
    with pytest.raises(InvalidInput) as caught:
        load_variants(shop, wrong)
    assert [problem.code for problem in caught.value.problems] == ["unknown-component", "duration-form"]


def test_a_component_that_a_change_only_seems_to_know_is_a_warning(shop):
    (_, changed) = load_variants(shop, [{"changes": {"components": {"shpo": {"restart": "5m"}}}}])
    assert [problem.code for problem in changed.problems] == ["change-adds"]
