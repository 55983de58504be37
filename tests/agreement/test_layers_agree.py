"""Random layers: the program and the brute-force answer lay them upon one another alike, and problems stand in their lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
import yaml

from agreement.brute_layers import merged
from agreement.random_layers import ODD, random_layers
from impactsim.files.loading import Shelf
from impactsim.files.reading import check_file
from impactsim.model.rules import check_system
from impactsim.model.system import System

Plain = dict[str, Any]


def written(layers: list[Plain], folder: Path) -> Path:
    """Write layers into a folder, and return the file that is the highest."""
    names = [f"layer-{place}.yaml" for place in range(len(layers))]
    for name, layer in zip(names, layers, strict=True):
        words = layer | ({"layers": names[:-1]} if name == names[-1] else {})
        (folder / name).write_text(yaml.safe_dump(words, sort_keys=False), encoding="utf-8")
    return folder / names[-1]


def system_of(data: Plain) -> tuple[Plain, list[str]] | None:
    """Return what data say as a system, and its components in their order; none if something is wrong with it."""
    try:
        system = System.model_validate(data)
    except ValueError:
        return None
    if any(problem.severity == "error" for problem in check_system(system)):
        return None
    # What is denied says nothing of the system that is left.
    words = system.model_dump(exclude={"layers": True, "imported": True, "components": {"__all__": {"does_not_need"}}})
    for name, component in words["components"].items():
        for need, model in zip(component["needs"], system.components[name].needs, strict=True):
            need["form"] = type(model).__name__
            need["confidence"] = need["confidence"] or component["confidence"]
            need["origin"] = set(need["origin"])
        component["origin"] = set(component["origin"])
    return words, list(words["components"])


def system_of_program(top: Path) -> tuple[Plain, list[str]] | None:
    document, found = Shelf().read(top)
    if document is None or any(problem.severity == "error" for problem in found):
        return None
    return system_of(document.data)


def check_cases(seeds: Iterable[int], folder: Path) -> None:
    n_refused = n = 0
    for seed in seeds:
        layers = random_layers(seed, ODD)
        theirs = system_of(merged(deepcopy(layers)))
        assert system_of_program(written(layers, folder)) == theirs, seed
        n_refused, n = n_refused + (theirs is None), n + 1
    assert n_refused < n / 2


@pytest.mark.parametrize("block", range(4))
def test_layers_make_the_system_of_the_brute_force_answer(block: int, tmp_path: Path) -> None:
    check_cases(range(block * 60, block * 60 + 60), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_layers_make_the_system_of_the_brute_force_answer_on_many_more(block: int, tmp_path: Path) -> None:
    check_cases(range(1000 + block * 300, 1300 + block * 300), tmp_path)


def test_the_random_layers_have_all_that_rules_speak_of() -> None:
    found: Counter[str] = Counter()
    for seed in range(300):
        layers = random_layers(seed, ODD)
        found.update(f"{len(layers)} layers" for _ in layers[:1])
        for layer in layers:
            found.update(key for key in ("users", "crews", "common_causes", "notices", "imported") if key in layer)
            for entry in layer["components"].values():
                found.update(["null"] if entry is None else list(entry))
                found.update(key for need in (entry or {}).get("needs") or [] for key in need if isinstance(need, dict))
                found.update("bare" for need in (entry or {}).get("needs") or [] if isinstance(need, str))
    wanted = (
        "at aliases does_not_need needs origin confidence copies workarounds targets fails restart null users crews"
    )
    of_needs = (
        "bare component all_of any_of at_least pool to impact holdover recharge seen common_causes notices imported"
    )
    all_wanted = [*wanted.split(), *of_needs.split(), "2 layers", "3 layers", "4 layers"]
    rare = {word: found[word] for word in all_wanted if found[word] < 15}
    assert not rare


# Where problems stand.

NOBODY = "nobody-knows-this"
NO_DURATION = "77 blinks"


class Fault(NamedTuple):
    """Something wrong that can be written into layers."""

    layer: int
    owner: str
    """The component of which it is said, by its id in the merged system; empty for users and common causes."""
    container: Any
    key: Any
    wrong: Any
    mark: str
    """What stands in its line, and nowhere else."""
    is_group: bool = False
    """Whether it is a member of a group."""


def possible_faults(layers: list[Plain]) -> Iterator[Fault]:
    for place, layer in enumerate(layers):
        for name, entry in layer["components"].items():
            if entry is not None:
                yield from faults_of_component(place, name.split("-", maxsplit=1)[0], entry)
        for words in (layer.get("users") or {}).values():
            if words and isinstance(words["uses"], dict):
                yield Fault(place, "", words["uses"], NOBODY, 1, NOBODY)
        for words in (layer.get("common_causes") or {}).values():
            yield Fault(place, "", words["strikes"], NOBODY, 1, NOBODY)
            yield Fault(place, "", words, "time_to_restore", NO_DURATION, NO_DURATION)


def faults_of_component(layer: int, owner: str, entry: Plain) -> Iterator[Fault]:
    lasting: list[tuple[Plain, str]] = [(entry, "restart"), (entry, "time_to_restore")]
    lasting += [(entry["targets"], "rto")] if entry.get("targets") else []
    lasting += [(copy, "restore") for copy in entry.get("copies") or []]
    naming: list[tuple[Any, Any]] = [(copy, "at") for copy in entry.get("copies") or []]
    naming += [(each["needs"], 0) for each in entry.get("workarounds") or [] if each.get("needs")]
    for need in entry.get("needs") or []:
        if isinstance(need, dict):
            lasting.append((need, "holdover"))
            naming += [(need, "component")] if "component" in need else []
            yield from faults_of_group(layer, owner, need)
    naming += [(entry["needs"], place) for place, need in enumerate(entry.get("needs") or []) if isinstance(need, str)]
    for container, key in lasting:
        yield Fault(layer, owner, container, key, NO_DURATION, NO_DURATION)
    for container, key in naming:
        yield Fault(layer, owner, container, key, NOBODY, NOBODY)


def faults_of_group(layer: int, owner: str, need: Plain) -> Iterator[Fault]:
    for group in (need[form] for form in ("all_of", "any_of", "of") if form in need):
        for place, member in enumerate(group):
            if isinstance(member, dict):
                yield Fault(layer, owner, member, "use", NOBODY, NOBODY, is_group=True)
                yield Fault(layer, owner, member, "lasts", NO_DURATION, NO_DURATION, is_group=True)
            else:
                yield Fault(layer, owner, group, place, NOBODY, NOBODY, is_group=True)
    if "pool" in need:
        yield Fault(layer, owner, need["pool"], NOBODY, 5, NOBODY, is_group=True)


UNPLACED: frozenset[str] = frozenset()
"""Where problems do not stand in their lines."""


def circumstances(fault: Fault, layers: list[Plain]) -> Iterator[str]:
    """Yield what makes the place of a fault hard to find."""
    said = [
        (place, name, entry or {})
        for place, layer in enumerate(layers)
        for name, entry in layer["components"].items()
        if name.split("-", maxsplit=1)[0] == fault.owner
    ]
    if sum(place == fault.layer for place, _, _ in said) > 1:
        yield "two of one layer"
    if sum("origin" in entry for _, _, entry in said) > 1:
        yield "less sure above"
    is_gone = any(entry is None for layer in layers for entry in layer["components"].values())
    if fault.is_group and (is_gone or any(entry.get("does_not_need") for _, _, entry in said)):
        yield "smaller group"


def check_places(seeds: Iterable[int], folder: Path) -> None:
    n_told = 0
    for seed in seeds:
        layers = random_layers(seed, ODD)
        faults = [each for each in possible_faults(layers) if not UNPLACED & set(circumstances(each, layers))]
        if not faults or system_of(merged(deepcopy(layers))) is None:
            continue
        fault = Random(seed).choice(faults)
        fault.container[fault.key] = fault.wrong
        n_told += check_place(fault, layers, folder)
    assert n_told > 10


def check_place(fault: Fault, layers: list[Plain], folder: Path) -> bool:
    """Check that a fault is told where it stands; return whether it counts, for a later layer may say something else."""
    top = written(layers, folder)
    name = f"layer-{fault.layer}.yaml"
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    (line,) = (number for number, text in enumerate(lines, 1) if fault.mark in text)
    counts = fault.mark in json.dumps(merged(deepcopy(layers)))
    found = [problem for problem in check_file(top) if fault.mark in problem.fault]
    assert {(Path(problem.file).name, problem.line) for problem in found} == ({(name, line)} if counts else set()), (
        layers
    )
    return counts


@pytest.mark.parametrize("block", range(2))
def test_a_fault_is_told_in_its_file_and_line(block: int, tmp_path: Path) -> None:
    check_places(range(block * 50, block * 50 + 50), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(10))
def test_a_fault_is_told_in_its_file_and_line_in_many_more(block: int, tmp_path: Path) -> None:
    check_places(range(1000 + block * 200, 1200 + block * 200), tmp_path)
