"""Published answers: two fault trees of the Aralia set, read as systems.

The trees are not part of the project (CC BY-SA 4.0, openpra-org/aralia-fault-tree-dataset, `data/openpsa`). Where a folder
beside the checkout holds them, `shared/data/openpsa`, these tests run; else they are skipped.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from impactsim.audit.estate import Estate
from impactsim.exact.formula import Formula, Node
from impactsim.exporters.open_psa import FaultTreeText
from impactsim.files.reading import load_system
from impactsim.files.system_text import system_text
from impactsim.importers.fault_trees.open_psa import import_open_psa
from impactsim.model.system import System

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "openpsa"

# name, gates, basic events, minimal cut sets, probability of the top
TREES = [("aralia-chinese.xml", 36, 25, 392, 1.17058e-3), ("aralia-baobab1.xml", 84, 61, 46_188, 1.01708e-4)]
NAMES = [name for name, *_ in TREES]


def content_of(name: str) -> bytes:
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"no {name} in a folder shared/data/openpsa beside the checkout")
    return path.read_bytes()


def imported(content: bytes, name: str) -> System:
    system, problems = import_open_psa(content, name)
    assert problems == []
    assert system is not None
    return system


@pytest.mark.parametrize(("name", "n_gates", "n_events", "n_cut_sets", "probability"), TREES)
def test_a_tree_has_the_published_answers(
    name: str, n_gates: int, n_events: int, n_cut_sets: int, probability: float, tmp_path: Path
) -> None:
    system = imported(content_of(name), name)
    path = tmp_path / "system.yaml"
    path.write_text(system_text(system), encoding="utf-8")
    loaded = load_system(path)
    assert loaded.problems == ()
    kinds = [each.kind for each in loaded.system.components.values()]
    assert (kinds.count("gate") + kinds.count("service"), kinds.count("event")) == (n_gates, n_events)
    estate = Estate(loaded.system)
    _has(estate, estate.event_of("r1"), n_cut_sets, probability)
    text = FaultTreeText(estate, estate.event_of("r1")).text()
    again = Estate(imported(text.encode(), "exported.xml"))
    _has(again, again.services[0], n_cut_sets, probability)


def _has(estate: Estate, top: int, n_cut_sets: int, probability: float) -> None:
    answers, node = estate.answers(), estate.structure().down(top)
    assert answers.count(node) == n_cut_sets
    found = answers.probability(node)
    assert found.low == pytest.approx(found.high, rel=1e-12)
    assert found.low == pytest.approx(probability, rel=1e-5)


@pytest.mark.parametrize(("name", "n_cut_sets"), [(name, n) for name, _, _, n, _ in TREES])
def test_the_lists_by_order_are_parts_of_one_list_of_minimal_sets(name: str, n_cut_sets: int) -> None:
    estate = Estate(imported(content_of(name), name))
    answers, node = estate.answers(), estate.structure().down(estate.event_of("r1"))
    whole = [each.events for each in answers.cut_sets(node)]
    assert len(whole) == len(set(whole)) == n_cut_sets
    for order in range(1, 5):
        listed = [each.events for each in answers.cut_sets(node, order)]
        assert listed == [events for events in whole if len(events) <= order]
    formula = estate.structure().formula
    for events in random.Random(1).sample(whole, 60):
        assert _is_true(formula, node, set(events))
        assert not any(_is_true(formula, node, set(events) - {event}) for event in events)


def _is_true(formula: Formula, node: Node, events: set[int]) -> bool:
    return formula.is_true(node, events)
