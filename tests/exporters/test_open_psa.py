from __future__ import annotations

import random
import re
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from agreement.random_static import random_static
from impactsim.audit.estate import Estate
from impactsim.exact.propagation import Criterion
from impactsim.exporters.open_psa import FaultTreeText, identifier_of
from impactsim.files.reading import load_system, validate_system
from impactsim.importers.fault_trees.open_psa import import_open_psa
from impactsim.model.system import System
from impactsim.problems import InvalidInput

SCENARIOS = Path(__file__).parents[2] / "scenarios"


def estate_of(components: dict[str, Any], **more: Any) -> Estate:
    return Estate(validate_system({"impactsim": 1, "name": "x", "components": components, **more}).system)


def tree_of(estate: Estate, name: str, criterion: Criterion = Criterion.DOWN) -> FaultTreeText:
    return FaultTreeText(estate, estate.event_of(name), criterion)


def imported(text: str) -> System:
    system, problems = import_open_psa(text.encode(), "exported.xml")
    assert system is not None, problems
    assert problems == []
    return system


def events_of(text: str) -> dict[str, str | None]:
    """Return the basic events of a document and their probabilities as they stand there."""
    found = {}
    for event in ET.fromstring(text).iter("define-basic-event"):  # noqa: S314 - we have just written it
        value = event.find("float")
        found[event.attrib["name"]] = None if value is None else value.attrib["value"]
    return found


def agrees(tree: FaultTreeText, states: list[list[int]]) -> None:
    """Demand that a document, read again, says of each set of events what the structure says."""
    text = tree.text()
    again = Estate(imported(text))
    (service,) = again.services
    # The events stand in the document in the order of their numbers.
    number = dict(zip(tree.events, map(again.event_of, events_of(text)), strict=True))
    for happened in states:
        expected = tree.formula.is_true(tree.top, happened)
        assert (service in again.down(*(number[event] for event in happened))) is expected
    for event in tree.events:
        chance, known = again.chances[number[event]], tree.probability(event)
        assert (chance.probability, chance.is_known) == (known or 0.0, known is not None)


def test_a_small_document_is_exactly_this() -> None:
    estate = estate_of(
        {
            "shop": {"needs": ["db.eu", {"any_of": ["isp-a", "isp-b"]}], "fails": {"probability": 0}},
            "db.eu": {"kind": "data", "fails": {"probability": 0.001}},
            "isp-a": {"kind": "provider", "needs": ["duct"], "fails": {"per_year": 2}, "time_to_restore": "4h"},
            "isp-b": {"kind": "provider", "needs": ["duct"]},
            "duct": {"kind": "site", "fails": {"probability": 0.00001}},
            "unrelated": {},
        }
    )
    # Two failures of 4 h a year are 8 of 8,760 hours.
    assert (
        tree_of(estate, "shop").text()
        == f"""\
<?xml version="1.0" encoding="UTF-8"?>
<opsa-mef>
  <define-fault-tree name="shop">
    <define-gate name="g1">
      <label>shop</label>
      <or>
        <basic-event name="db_eu"/>
        <gate name="g2"/>
      </or>
    </define-gate>
    <define-gate name="g2">
      <and>
        <gate name="g4"/>
        <gate name="g3"/>
      </and>
    </define-gate>
    <define-gate name="g3">
      <label>isp-b</label>
      <or>
        <basic-event name="isp-b"/>
        <basic-event name="duct"/>
      </or>
    </define-gate>
    <define-gate name="g4">
      <label>isp-a</label>
      <or>
        <basic-event name="isp-a"/>
        <basic-event name="duct"/>
      </or>
    </define-gate>
  </define-fault-tree>
  <model-data>
    <define-basic-event name="db_eu">
      <label>db.eu</label>
      <float value="0.001"/>
    </define-basic-event>
    <define-basic-event name="isp-a">
      <float value="{8 / 8760!r}"/>
    </define-basic-event>
    <define-basic-event name="isp-b"/>
    <define-basic-event name="duct">
      <float value="1e-05"/>
    </define-basic-event>
  </model-data>
</opsa-mef>
"""
    )


def test_what_is_not_known_is_named_and_has_no_value() -> None:
    tree = tree_of(estate_of({"a": {"needs": ["b"]}, "b": {"fails": {"probability": 0.5}}}), "a")
    assert events_of(tree.text()) == {"a": None, "b": "0.5"}
    assert [tree.estate.id_of(event) for event in tree.unknown] == ["a"]


def test_what_never_fails_is_no_event() -> None:
    never = {"fails": {"probability": 0}}
    estate = estate_of({"a": {"needs": ["b", "c"], **never}, "b": never, "c": {}})
    assert events_of(tree_of(estate, "a").text()) == {"c": None}


def test_what_nothing_takes_down_is_a_constant() -> None:
    text = tree_of(estate_of({"a": {"fails": {"probability": 0}}}), "a").text()
    assert '<constant value="false"/>' in text
    assert events_of(text) == {}


def test_a_cause_that_strikes_for_certain_is_one_event_and_another_two() -> None:
    components = {"s": {"needs": [{"any_of": ["a", "b"]}]}, "a": {}, "b": {}}
    causes = {"flood": {"strikes": {"a": 1, "b": 0.25}, "fails": {"probability": 0.125}}}
    tree = tree_of(estate_of(components, common_causes=causes), "s")
    text = tree.text()
    assert events_of(text) == {"s": None, "a": None, "b": None, "flood": "0.125", "flood_strikes_b": "0.25"}
    assert "<label>flood strikes b</label>" in text
    agrees(tree, [[e for e, on in zip(tree.events, bits, strict=True) if on] for bits in product((0, 1), repeat=5)])


def test_a_component_called_like_a_gate_keeps_its_name() -> None:
    estate = estate_of({"top": {"needs": ["g1", {"any_of": ["g2", "g4"]}]}, "g1": {}, "g2": {}, "g4": {}})
    text = tree_of(estate, "top").text()
    gates = re.findall('define-gate name="(.*?)"', text)
    assert gates == ["g3", "g5"]
    assert set(events_of(text)) == {"top", "g1", "g2", "g4"}


def test_ids_that_open_psa_has_no_room_for_are_changed_without_a_clash() -> None:
    names = ["db_1", "db.1", "db--1", "1db", "-db", "db-", "Büro", "データ", "a.b", "a_b"]
    estate = estate_of({"s": {"needs": list(names)}, **{name: {} for name in names}})
    tree = tree_of(estate, "s")
    found = list(events_of(tree.text()))
    assert found == ["s", "db_1", "db_1_2", "db-1", "_1db", "db", "db_2", "Büro", "データ", "a_b_2", "a_b"]
    allowed = re.compile(r"[^\W\d][\w]*(-\w+)*")
    assert all(allowed.fullmatch(name) for name in found)
    labels = re.findall("<label>(.*?)</label>", tree.text())
    assert labels == ["s", "db.1", "db--1", "1db", "-db", "db-", "a.b"]


@pytest.mark.parametrize("text", ["", "-", "a b", "é-", "...", "a<b&c", "x" * 300, "·a", "٣"])
def test_any_text_becomes_an_identifier(text: str) -> None:
    assert re.fullmatch(r"[^\W\d][\w·]*(-[\w·]+)*", identifier_of(text))
    assert identifier_of(identifier_of(text)) == identifier_of(text)


def test_a_vote_that_counts_one_thing_twice_names_it_once() -> None:
    never = {"fails": {"probability": 0}}
    components = {
        "s": {"needs": [{"at_least": 3, "of": ["a", "b", "c", "d"]}], **never},
        "a": {"needs": ["x"], **never},
        "b": {"needs": ["x"], **never},
        "c": {},
        "d": {},
        "x": {},
    }
    tree = tree_of(estate_of(components), "s")
    text = tree.text()
    (vote,) = ET.fromstring(text).iter("atleast")  # noqa: S314 - we have just written it
    arguments = [each.attrib["name"] for each in vote]
    assert len(arguments) == len(set(arguments)) == 4
    agrees(tree, [[], [tree.estate.event_of("x")], [tree.estate.event_of("c")]])


def test_soft_needs_and_pools_are_in_it_where_degraded_counts() -> None:
    components = {
        "s": {"needs": [{"component": "soft", "impact": 0.5}, {"pool": {"a": 50, "b": 50}, "demand": 80}]},
        "soft": {},
        "a": {},
        "b": {},
    }
    estate = estate_of(components)
    assert set(events_of(tree_of(estate, "s").text())) == {"s", "a", "b"}
    degraded = tree_of(estate, "s", Criterion.DEGRADED)
    assert set(events_of(degraded.text())) == {"s", "soft", "a", "b"}
    assert "<and>" in tree_of(estate, "s").text()
    assert "<and>" not in degraded.text()


def test_the_same_system_gives_the_same_bytes_in_every_process() -> None:
    words = random_static(7)
    texts = {tree_of(Estate(validate_system(words).system), "c0", Criterion.DEGRADED).text() for _ in range(3)}
    assert len(texts) == 1


@pytest.mark.parametrize("seed", range(60))
def test_a_random_system_comes_back_with_the_same_meaning(seed: int) -> None:
    try:
        estate = Estate(validate_system(random_static(seed)).system)
    except InvalidInput:
        pytest.skip("the rules refuse this one, such as a pool that is too small")
    rng = random.Random(seed)
    for criterion in Criterion:
        for name in list(estate.system.components)[:3]:
            tree = tree_of(estate, name, criterion)
            if tree.events:
                chances = [rng.random() for _ in range(40)]
                agrees(tree, [[event for event in tree.events if rng.random() < p] for p in chances])


def _services() -> list[tuple[Path, str]]:
    paths = sorted(SCENARIOS.glob("*/system.yaml"))
    return [(path, name) for path in paths for name in _names(path)]


def _names(path: Path) -> list[str]:
    system = load_system(path).system
    return [name for name, each in system.components.items() if each.kind == "service"][:4]


@pytest.mark.parametrize(
    ("path", "name"), _services(), ids=lambda value: getattr(value, "parent", value) and str(value)[-40:]
)
def test_services_of_the_scenarios_come_back_with_the_same_meaning(path: Path, name: str) -> None:
    tree = tree_of(Estate(load_system(path).system), name)
    agrees(tree, [[], *([event] for event in tree.events)])
