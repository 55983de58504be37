from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from impactsim.files.reading import load_system, validate_system
from impactsim.files.system_text import system_text
from impactsim.model.system import System

ODD_WORDS = [
    *(
        "yes",
        "No",
        "null",
        "on",
        "y",
        "1",
        "1e5",
        "0x1f",
        "0o17",
        "1_000",
        "12.5",
        ".5",
        "-1",
        "2026-05-04",
        "-a",
        ".a",
    ),
    *("true", "données", "数据", "a" * 200, "_a", "a-b.c_d", "e1", "00", "Infinity"),
]


def system_of(components: dict[str, Any], name: str = "x", **more: Any) -> System:
    return validate_system({"impactsim": 1, "name": name, "components": components, **more}).system


def read_back(system: System, folder: Path) -> System:
    path = folder / "system.yaml"
    path.write_text(system_text(system), encoding="utf-8")
    return load_system(path).system


def test_ids_that_look_like_something_else_are_read_as_they_were(tmp_path: Path) -> None:
    system = system_of({word: {} for word in ODD_WORDS} | {"s": {"needs": list(ODD_WORDS)}})
    assert read_back(system, tmp_path) == system


def test_other_readers_of_yaml_see_the_same_words() -> None:
    system = system_of({word: {"kind": "event"} for word in ODD_WORDS})
    assert list(yaml.safe_load(system_text(system))["components"]) == ODD_WORDS


@pytest.mark.parametrize(
    "name",
    ["", " a ", "a: b", "- a", "#a", "a #b", 'say "x"', "back\\slash", "tab\tnew\nline", "\x7f\x85\u2028\ufeff", "{a}", "*a", "é\U0001f600", "long " * 50],
)  # fmt: skip
def test_any_name_is_read_as_it_was(name: str, tmp_path: Path) -> None:
    system = system_of({"a": {"name": name}}, name=name or "x")
    assert read_back(system, tmp_path) == system


@pytest.mark.parametrize("value", [0.0, 1.0, 1e-05, 5e-324, 0.1, 1 / 3, 0.9999999999999999])
def test_a_probability_is_read_to_the_last_bit(value: float, tmp_path: Path) -> None:
    fails = read_back(system_of({"a": {"fails": {"probability": value}}}), tmp_path).components["a"].fails
    assert fails is not None
    assert fails.probability == value


def test_every_form_of_need_is_read_as_it_was(tmp_path: Path) -> None:
    many = [f"component-number-{i}" for i in range(20)]
    needs = [
        "a",
        {"component": "b", "to": "start"},
        {"all_of": ["a", "b"], "impact": 0.5},
        {"any_of": ["a", {"use": "b", "fails_to_start": 0.01}]},
        {"any_of": ["b", {"use": "c"}]},
        {"at_least": 2, "of": ["a", "b", "c"]},
        {"pool": {"a": 50, "b": 60.5}, "demand": 80},
        {"at_least": 3, "of": many},
    ]
    copies = [{"at": "b", "every": "1h30m", "restore": "2h"}]
    system = system_of({"s": {"needs": needs}, **{name: {} for name in ("a", "b", "c", *many)}}, users={"u": {"count": 5, "uses": ["s"]}})  # fmt: skip
    with pytest.raises(TypeError, match="cannot be written"):
        system_text(system)  # the count of users is a law
    system = system.model_copy(update={"users": {}})
    text = system_text(system)
    assert max(map(len, text.splitlines())) <= 120
    again = read_back(system, tmp_path)
    assert again.components == system.components
    with pytest.raises(TypeError, match="cannot be written"):
        system_text(system_of({"a": {"kind": "data", "copies": copies}, "b": {"kind": "site"}}))


def test_durations_that_are_certain_are_written_as_durations() -> None:
    system = system_of({"a": {"targets": {"rto": "90m", "mbco": "50%"}}})
    assert 'targets: {rto: "1h30m", mbco: 0.5}' in system_text(system)
