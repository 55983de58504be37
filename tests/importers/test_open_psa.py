from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest

from impactsim.audit.estate import Estate
from impactsim.files.reading import check_file
from impactsim.files.system_text import system_text
from impactsim.importers.fault_trees.open_psa import import_open_psa
from impactsim.model.system import AnyOf, AtLeast, System
from impactsim.problems import Problem

PUMPS = Path(__file__).parent / "pumps.xml"

EVENT_A = '<basic-event name="a"/>'
EVENT_B = '<basic-event name="b"/>'
EVENT_C = '<basic-event name="c"/>'
TOP_A = f'<define-gate name="top">{EVENT_A}</define-gate>'
VALUES = "".join(
    f'<define-basic-event name="{name}"><float value="{value}"/></define-basic-event>'
    for name, value in (("a", 0.1), ("b", 0.2), ("c", 0.3))
)


def document(*definitions: str, data: str = VALUES) -> bytes:
    """Return a document; its first definition stands in line 3, the next in line 4, the model data behind them."""
    inner = "\n".join(definitions)
    text = f'<opsa-mef>\n<define-fault-tree name="t">\n{inner}\n</define-fault-tree>\n<model-data>{data}</model-data>\n</opsa-mef>'
    return text.encode()


def top(formula: str) -> str:
    return f'<define-gate name="top">{formula}</define-gate>'


def imported(*definitions: str, data: str = VALUES) -> System:
    system, problems = import_open_psa(document(*definitions, data=data), "t.xml")
    assert system is not None, problems
    return system


def problems_of(content: bytes) -> list[Problem]:
    return import_open_psa(content, "t.xml")[1]


def minimal_cut_sets(system: System, service: str = "top") -> set[frozenset[str]]:
    """Return the sets of events that take a service down while no part of them does, by trying all."""
    estate = Estate(system)
    events = [name for name, each in system.components.items() if each.kind == "event"]
    number = estate.names.index
    found: set[frozenset[str]] = set()
    for order in range(len(events) + 1):
        for chosen in map(frozenset, combinations(events, order)):
            if not any(known <= chosen for known in found) and number[service] in estate.down(
                *(number[name] for name in chosen)
            ):
                found.add(chosen)
    return found


def sets(*words: str) -> set[frozenset[str]]:
    return {frozenset(word.split()) for word in words}


def test_the_sample_has_the_cut_sets_that_follow_from_its_text() -> None:
    system, problems = import_open_psa(PUMPS.read_bytes(), "pumps.xml")
    assert system is not None
    assert minimal_cut_sets(system, "no-water") == sets(
        "pump-1 pump-2", "pump-1 pump-3", "pump-2 pump-3", "grid generator"
    )
    # Without power two pumps stand still, which is enough: the tank adds nothing.
    assert [str(problem) for problem in problems] == [
        (
            "pumps.xml:41: warning: gate 'in-maintenance': constants and house events make it false, whatever happens;"
            " it is left out [constant-gate]"
        ),
        "pumps.xml:57: warning: basic-event 'slip': no top gate depends on it; it is left out [left-out]",
    ]


def test_values_and_labels_arrive() -> None:
    system, _ = import_open_psa(PUMPS.read_bytes(), "pumps.xml")
    assert system is not None
    assert system.name == "No water in the town"
    chances = {name: each.fails.probability for name, each in system.components.items() if each.fails is not None}
    assert chances["generator"] == 0.05
    assert chances["grid"] == 0.001
    assert "tank-empty" not in chances
    assert system.components["tank-empty"].name == "The tank is empty"
    gates = [name for name, each in system.components.items() if each.kind != "event"]
    assert {chances[name] for name in gates} == {0.0}
    assert [name for name in gates if system.components[name].kind == "service"] == ["no-water"]


def test_gates_become_the_dual_needs() -> None:
    either = imported(top(f"<or>{EVENT_A}{EVENT_B}</or>")).components["top"].needs
    assert [need.members() for need in either] == [("a",), ("b",)]
    (both,) = imported(top(f"<and>{EVENT_A}{EVENT_B}</and>")).components["top"].needs
    assert isinstance(both, AnyOf)
    (vote,) = imported(top(f'<atleast min="2">{EVENT_A}{EVENT_B}{EVENT_C}</atleast>')).components["top"].needs
    assert isinstance(vote, AtLeast)
    assert vote.at_least == 2  # two of three down leave one of the two that are needed
    needs = imported(top(f'<atleast min="3">{EVENT_A}{EVENT_B}{EVENT_C}</atleast>')).components["top"].needs
    assert isinstance(needs[0], AnyOf)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (EVENT_A, sets("a")),
        (f"<and>{EVENT_A}<or>{EVENT_B}{EVENT_C}</or></and>", sets("a b", "a c")),
        (f"<and>{EVENT_A}{EVENT_A}</and>", sets("a")),
        (f"<or>{EVENT_A}{EVENT_A}{EVENT_B}</or>", sets("a", "b")),
        (f'<atleast min="2">{EVENT_A}{EVENT_A}{EVENT_B}</atleast>', sets("a")),
        (f'<atleast min="2">{EVENT_A}{EVENT_B}<and>{EVENT_A}{EVENT_C}</and></atleast>', sets("a b", "a c")),
        (f'<or>{EVENT_A}<or>{EVENT_B}<and>{EVENT_C}<constant value="true"/></and></or></or>', sets("a", "b", "c")),
        (f'<atleast min="2">{EVENT_A}{EVENT_B}<constant value="true"/></atleast>', sets("a", "b")),
        (f'<atleast min="2">{EVENT_A}{EVENT_B}<constant value="false"/></atleast>', sets("a b")),
        (f'<or>{EVENT_A}<and>{EVENT_B}<constant value="false"/></and></or>', sets("a")),
    ],
)
def test_formulas_keep_their_meaning(formula: str, expected: set[frozenset[str]]) -> None:
    assert minimal_cut_sets(imported(top(formula))) == expected


@pytest.mark.parametrize(("state", "expected"), [("true", sets("b", "c")), ("false", sets("b c"))])
def test_house_events_are_folded(state: str, expected: set[frozenset[str]]) -> None:
    system = imported(
        top('<atleast min="2"><gate name="on"/><basic-event name="b"/><basic-event name="c"/></atleast>'),
        '<define-gate name="on"><house-event name="h"/></define-gate>',
        f'<define-house-event name="h"><constant value="{state}"/></define-house-event>',
    )
    assert minimal_cut_sets(system) == expected
    assert set(system.components) == {"top", "b", "c"}


def test_a_house_event_without_a_state_is_false() -> None:
    system = imported(top(f'<or>{EVENT_A}<house-event name="h"/></or>'), '<define-house-event name="h"/>')
    assert minimal_cut_sets(system) == sets("a")


def test_several_tops_are_several_services() -> None:
    system = imported(TOP_A, f'<define-gate name="other"><and>{EVENT_B}{EVENT_C}</and></define-gate>')
    assert [name for name, each in system.components.items() if each.kind == "service"] == ["top", "other"]


def test_whole_numbers_and_booleans_are_probabilities() -> None:
    data = (
        '<define-basic-event name="a"><int value="0"/></define-basic-event>'
        '<define-basic-event name="b"><bool value="true"/></define-basic-event>'
        '<define-basic-event name="c"/>'
    )
    components = imported(top(f"<or>{EVENT_A}{EVENT_B}{EVENT_C}</or>"), data=data).components
    fails = [components[name].fails for name in "abc"]
    assert [each and each.probability for each in fails] == [0.0, 1.0, None]


def test_a_gate_and_an_event_of_one_name_are_two_components() -> None:
    content = document(
        '<define-gate name="a"><or><basic-event name="a"/><basic-event name="a-event"/></or></define-gate>'
    )
    system, problems = import_open_psa(content, "t.xml")
    assert system is not None
    assert minimal_cut_sets(system, "a") == sets("a-event", "a-event-1")
    assert system.components["a-event-1"].name == "a"
    assert [problem.code for problem in problems if problem.line == 3] == ["undefined-event"]
    assert "id-changed" in {problem.code for problem in problems}


def test_names_that_no_id_allows_are_changed_and_told() -> None:
    data = '<define-basic-event name="valve (left)"/><define-basic-event name="valve-left"/>'
    content = document(top('<or><basic-event name="valve (left)"/><basic-event name="valve-left"/></or>'), data=data)
    system, problems = import_open_psa(content, "t.xml")
    assert system is not None
    assert set(system.components) == {"top", "valve-left", "valve-left-1"}
    assert system.components["valve-left-1"].name == "valve (left)"
    (problem,) = problems
    assert str(problem) == (
        "t.xml:5: warning: basic-event 'valve (left)': this name cannot be an id;"
        " it is called valve-left-1 in the system [id-changed]"
    )


REFUSED = [
    *(
        (top(f"<{word}>{EVENT_A}{EVENT_B}</{word}>"), 3, f"`{word}` is not read")
        for word in ("xor", "nand", "nor", "iff", "imply")
    ),
    (top(f"<or>{EVENT_A}\n<not>{EVENT_B}</not></or>"), 4, "`not` is not read"),
    (top(f'<cardinality min="1" max="1">{EVENT_A}{EVENT_B}</cardinality>'), 3, "`cardinality` is not read"),
    (f'{TOP_A}<define-CCF-group name="q" model="beta-factor"/>', 3, "`define-CCF-group` 'q' is not read"),
    (f'{TOP_A}<define-parameter name="p"/>', 3, "`define-parameter` 'p' is not read"),
    (f'{TOP_A}<include file="/etc/passwd"/>', 3, "`include` is not read"),
    (f'{TOP_A}<define-substitution name="s"/>', 3, "`define-substitution` 's' is not read"),
    (f'{TOP_A}<define-basic-event name="x"><exponential/></define-basic-event>', 3, "`exponential` is not read"),
    (f'{TOP_A}<define-basic-event name="x"><GLM/></define-basic-event>', 3, "`GLM` is not read"),
    (
        f'{TOP_A}<define-basic-event name="x"><parameter name="p"/></define-basic-event>',
        3,
        "`parameter` 'p' is not read",
    ),
    (top(f'<or>{EVENT_A}<gate name="gone"/></or>'), 3, "no gate is called 'gone'"),
    (top(f'<or>{EVENT_A}<house-event name="gone"/></or>'), 3, "no house-event is called 'gone'"),
    (top(f'<or>{EVENT_A}<event name="gone"/></or>'), 3, "no event is called 'gone'"),
    (top('<basic-event name="part.a"/>'), 3, "no basic-event is called 'part.a'"),
    (top('<gate name="a"/>'), 3, "'a' is a basic-event"),
    (top('<event name="a" type="thing"/>'), 3, "'thing' is no type of an event"),
    (top("<or/>"), 3, "`or` of nothing"),
    (top(""), 3, "it has no formula"),
    (top(EVENT_A + EVENT_B), 3, "it has 2 formulas"),
    (top(f"<atleast>{EVENT_A}{EVENT_B}</atleast>"), 3, "`atleast` does not say of how many"),
    (top(f'<atleast min="two">{EVENT_A}{EVENT_B}</atleast>'), 3, "'two' is no number of arguments"),
    (top(f'<atleast min="3">{EVENT_A}{EVENT_B}</atleast>'), 3, "at least 3 of 2 is never true"),
    (top(f'<atleast min="0">{EVENT_A}{EVENT_B}</atleast>'), 3, "at least 0 of 2 is always true"),
    (top(f'<or>{EVENT_A}<constant value="maybe"/></or>'), 3, "'maybe' is neither true nor false"),
    (TOP_A + "\n" + top(EVENT_B), 4, "it is defined in line 3 already"),
    (f"<define-gate>{EVENT_A}</define-gate>", 3, "<define-gate> has no name"),
    (
        f'{TOP_A}<define-basic-event name="x"><float value="1.5"/></define-basic-event>',
        3,
        "1.5' is not between 0 and 1",
    ),
    (f'{TOP_A}<define-basic-event name="x"><float value="-1e-9"/></define-basic-event>', 3, "is not between 0 and 1"),
    (f'{TOP_A}<define-basic-event name="x"><float value="1e999"/></define-basic-event>', 3, "is not between 0 and 1"),
    (f'{TOP_A}<define-basic-event name="x"><float value="NaN"/></define-basic-event>', 3, "'NaN' is no number"),
    (f'{TOP_A}<define-basic-event name="x"><float/></define-basic-event>', 3, "'' is no number"),
    (f'{TOP_A}<define-house-event name="x"><float value="1"/></define-house-event>', 3, "its state is no constant"),
    (top('<gate name="x"/>') + '<define-gate name="x"><gate name="x"/></define-gate>', 3, "itself: x -> x"),
    (top('<constant value="true"/>'), 3, "constants and house events make it true"),
    ("", 1, "no gate is defined"),
]


@pytest.mark.parametrize(("definitions", "line", "fault"), REFUSED)
def test_what_is_not_read_is_refused_with_its_line(definitions: str, line: int, fault: str) -> None:
    system, problems = import_open_psa(document(definitions), "t.xml")
    assert system is None
    errors = [problem for problem in problems if problem.severity == "error"]
    assert any(fault in problem.fault and problem.line == line for problem in errors), problems
    assert all(problem.file == "t.xml" for problem in problems)


def test_event_trees_are_refused() -> None:
    content = b'<opsa-mef>\n<define-event-tree name="e"/>\n<define-initiating-event name="i"/>\n</opsa-mef>'
    faults = [(problem.line, problem.fault) for problem in problems_of(content)]
    assert faults == [(2, "`define-event-tree` 'e' is not read"), (3, "`define-initiating-event` 'i' is not read")]


def test_all_errors_are_told_at_once_in_the_order_of_lines() -> None:
    content = document(
        top('<or><gate name="x"/><gate name="gone"/></or>'),
        '<define-gate name="x"><gate name="y"/></define-gate>',
        '<define-gate name="y"><gate name="x"/></define-gate>',
        f'<define-gate name="z"><not>{EVENT_A}</not></define-gate>',
        data='<define-basic-event name="a"><float value="2"/></define-basic-event>',
    )
    errors = [(problem.line, problem.code) for problem in problems_of(content)]
    assert errors == [(3, "undefined"), (4, "gate-circle"), (6, "not-read"), (8, "probability-range")]


def test_a_reference_that_may_mean_two_things_is_refused() -> None:
    gate, data = '<define-gate name="x"><basic-event name="x"/></define-gate>', '<define-basic-event name="x"/>'
    content = document(top('<or><event name="x"/></or>'), gate, data=data)
    (problem,) = [problem for problem in problems_of(content) if problem.severity == "error"]
    assert problem.fault == "'x' is a gate and a basic-event"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "xml-syntax"),
        (b"\x00\x01\x02", "xml-syntax"),
        (b"impactsim: 1\nname: x\n", "xml-syntax"),
        (document(TOP_A)[:-12], "xml-syntax"),
        (document(TOP_A).replace(b'"a"', b'"&name;"'), "xml-syntax"),
        (b'<?xml version="1.0" encoding="nonsense"?>' + document(TOP_A), "xml-syntax"),
        (b'<?xml version="1.0" encoding="utf-7"?>' + document(TOP_A), "xml-syntax"),
        (document(TOP_A).replace(b'name="t"', b'name="\xff"'), "xml-syntax"),
        (b"<html/>", "not-open-psa"),
        (b"<opsa-mef>" * 100_000, "xml-depth"),
        (document(top("<or>" * 5000 + EVENT_A + "</or>" * 5000)), "xml-depth"),
        (b'<!DOCTYPE opsa-mef SYSTEM "http://127.0.0.1:9/mef.dtd">' + document(TOP_A), "xml-doctype"),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opsa-mef>&b;</opsa-mef>', "xml-doctype"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opsa-mef>&a;</opsa-mef>', "xml-doctype"),
    ],
)
def test_what_is_no_document_or_could_do_harm_is_refused(content: bytes, code: str) -> None:
    system, problems = import_open_psa(content, "t.xml")
    assert system is None
    assert [problem.code for problem in problems] == [code]


def test_a_document_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impactsim.importers.xml_reader.LIMIT_BYTES", 100)
    assert [problem.code for problem in problems_of(document(TOP_A))] == ["file-size"]


def test_any_damage_to_a_document_ends_in_problems_or_a_system() -> None:
    whole, rng = PUMPS.read_bytes(), random.Random(1)
    pieces = [
        b"<",
        b">",
        b'"',
        b"/",
        b"or",
        b"and",
        b"not",
        b"gate",
        b"basic-event",
        b"name",
        b"min",
        b"-1",
        b"&x;",
        b"\xff",
    ]
    for _ in range(500):
        at, length = rng.randrange(len(whole)), rng.choice((0, 1, 4, 30))
        damaged = whole[:at] + rng.choice(pieces) + whole[at + length :]
        system, problems = import_open_psa(damaged, "t.xml")
        assert system is not None or any(problem.severity == "error" for problem in problems)


def test_so_many_problems_as_nobody_reads_are_cut() -> None:
    problems = problems_of(document(top("<or>" + '<gate name="x"/>' * 10_500 + "</or>")))
    assert len(problems) == 10_001
    assert {problem.code for problem in problems} == {"undefined", "too-many"}


def test_the_written_system_has_nothing_wrong_and_reads_the_same(tmp_path: Path) -> None:
    system, _ = import_open_psa(PUMPS.read_bytes(), "pumps.xml")
    assert system is not None
    path = tmp_path / "system.yaml"
    path.write_text(system_text(system), encoding="utf-8")
    assert check_file(path) == []


def test_other_encodings_are_read() -> None:
    text = document(top('<or><basic-event name="Ventil-süd"/></or>')).decode()
    for encoding, written in (("utf-16", "UTF-16"), ("latin-1", "ISO-8859-1"), ("utf-8-sig", "UTF-8")):
        content = f'<?xml version="1.0" encoding="{written}"?>\n{text}'.encode(encoding)
        system, _ = import_open_psa(content, "t.xml")
        assert system is not None
        assert "Ventil-süd" in system.components


def test_gates_may_name_one_another_5000_deep_and_thousands_at_once() -> None:
    n = 5_000
    gates = "".join(
        f'<define-gate name="g{i}"><or><gate name="g{i + 1}"/><basic-event name="e{i}"/></or></define-gate>'
        for i in range(n)
    )
    events = "".join(f'<basic-event name="f{i}"/>' for i in range(n))
    content = document(gates + f'<define-gate name="g{n}"><or>{events}</or></define-gate>', data="")
    system, problems = import_open_psa(content, "t.xml")
    assert system is not None
    assert len(system.components) == 3 * n + 1
    assert len(system.components[f"g{n}"].needs) == n
    assert {problem.code for problem in problems} == {"undefined-event"}
