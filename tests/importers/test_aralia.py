"""Published answers: two fault trees of the Aralia set, read as systems.

The trees are not part of the project (CC BY-SA 4.0, openpra-org/aralia-fault-tree-dataset, `data/openpsa`). Where
IMPACTSIM_FAULT_TREES names a folder with `aralia-chinese.xml` and `aralia-baobab1.xml` these tests run.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from impactsim.audit.estate import Estate
from impactsim.exporters.open_psa import FaultTreeText
from impactsim.files.reading import load_system
from impactsim.files.system_text import system_text
from impactsim.importers.open_psa import import_open_psa
from impactsim.model.system import System

FOLDER = Path(os.environ.get("IMPACTSIM_FAULT_TREES", "")).absolute()

pytestmark = pytest.mark.skipif(
    "IMPACTSIM_FAULT_TREES" not in os.environ, reason="IMPACTSIM_FAULT_TREES names no folder with the Aralia trees"
)

TREES = [("aralia-chinese.xml", 36, 25, 392, 1.17058e-3), ("aralia-baobab1.xml", 84, 61, 46_188, 1.01708e-4)]


def imported(content: bytes, name: str) -> System:
    system, problems = import_open_psa(content, name)
    assert problems == []
    assert system is not None
    return system


@pytest.mark.parametrize(("name", "n_gates", "n_events", "n_cut_sets", "probability"), TREES)
def test_a_tree_has_the_published_answers(
    name: str, n_gates: int, n_events: int, n_cut_sets: int, probability: float, tmp_path: Path
) -> None:
    system = imported((FOLDER / name).read_bytes(), name)
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
