from __future__ import annotations

import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from impactsim.files.documents import MAX_DEPTH
from impactsim.files.json_reader import read_json
from impactsim.files.yaml_reader import MAX_ALIASED_NODES, read_yaml, resolve
from impactsim.problems import Problem


def data_of(text: str) -> Any:
    document, problems = read_yaml(text, "f.yaml")
    assert problems == []
    assert document is not None
    return document.data


def problems_of(text: str) -> list[Problem]:
    return read_yaml(text, "f.yaml")[1]


def only_problem(text: str) -> Problem:
    problems = problems_of(text)
    assert len(problems) == 1, problems
    return problems[0]


# The table of the YAML 1.2.2 specification, section 10.3.2, and the words that YAML 1.1 read otherwise.
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("Null", None),
        ("~", None),
        ("", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("0o7", 7),
        ("0x3A", 58),
        ("-19", -19),
        ("+12", 12),
        ("010", 10),
        ("0.", 0.0),
        ("-0.0", -0.0),
        (".5", 0.5),
        ("+12e03", 12000.0),
        ("-2E+05", -200000.0),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        ("+.INF", math.inf),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("y", "y"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("2026-05-04", "2026-05-04"),
        ("0b101", "0b101"),
        ("-0x3A", "-0x3A"),
        ("1e", "1e"),
        (".", "."),
        ("30%", "30%"),
        ("+", "+"),
        ("1.2.3", "1.2.3"),
        ("=", "="),
        ("nUll", "nUll"),
    ],
)
def test_a_plain_scalar_is_what_the_core_schema_of_yaml_1_2_says(text: str, value: Any) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)
    assert data_of(f"- {text}\n") == [value]


def test_not_a_number_is_a_float() -> None:
    assert math.isnan(resolve(".NAN"))


def test_a_quoted_scalar_is_always_text() -> None:
    assert data_of("['12', \"true\", 'null', \"~\"]") == ["12", "true", "null", "~"]
    assert data_of("a: |\n  12\n") == {"a": "12\n"}


def test_a_key_is_always_its_text() -> None:
    assert data_of("{1: a, true: b, ~: c, 0x1f: d, 2026-05-04: e, '': f}") == {
        "1": "a",
        "true": "b",
        "~": "c",
        "0x1f": "d",
        "2026-05-04": "e",
        "": "f",
    }


def test_an_alias_is_its_anchor_and_has_the_line_where_it_stands() -> None:
    text = "a: &x\n  b: 1\nc: *x\nd: &s five\ne: *s\n"
    document, problems = read_yaml(text, "f.yaml")
    assert problems == []
    assert document is not None
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}, "d": "five", "e": "five"}
    assert document.line(("a", "b")) == 2
    assert document.line(("c", "b")) == 3


def test_lines_are_those_of_the_keys_and_of_the_items() -> None:
    text = "# one\nname: x\nneeds:\n  - a\n  -\n    component: b\n\n    to: run\nlong: >\n  text\nlast: [1,\n 2]\n"
    document, _ = read_yaml(text, "f.yaml")
    assert document is not None
    expected = {
        (): 2,
        ("name",): 2,
        ("needs",): 3,
        ("needs", 0): 4,
        ("needs", 1): 6,
        ("needs", 1, "to"): 8,
        ("long",): 9,
        ("last", 1): 12,
        ("needs", 1, "absent"): 6,
        ("needs", 7): 3,
        ("name", "deeper"): 2,
    }
    assert {path: document.line(path) for path in expected} == expected


def test_every_key_that_stands_twice_is_told_and_the_first_counts() -> None:
    document, problems = read_yaml("a: 1\nb: {c: 1, c: 2}\na: 2\nd:\n  - {e: 1,\n  e: 2}\n", "f.yaml")
    assert document is not None
    assert document.data == {"a": 1, "b": {"c": 1}, "d": [{"e": 1}]}
    assert [(problem.path, problem.line, problem.code) for problem in problems] == [
        (("b", "c"), 2, "duplicate-key"),
        (("a",), 3, "duplicate-key"),
        (("d", 0, "e"), 6, "duplicate-key"),
    ]
    assert "line 1" in problems[1].fault
    assert "line 5" in problems[2].fault


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system [echo]\n", "a: !!str 5\n", "a: !mine {b: 1}\n", "!!str a: 1\n"]
)
def test_a_tag_is_refused(text: str) -> None:
    assert only_problem(text).code == "yaml-tag"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "file-empty", 1),
        ("# only this\n", "file-empty", 1),
        ("---\n", "file-empty", 1),
        ("a: 1\n---\nb: 2\n", "yaml-documents", 2),
        ("a: {b: 1\n", "yaml-syntax", 1),
        ("a: 1\n b: 2\n", "yaml-syntax", 2),
        ("a:\n\tb: 1\n", "yaml-syntax", 2),
        ("a: 'open\n", "yaml-syntax", 1),
        ("a: 1\nb: *gone\n", "yaml-alias", 2),
        ("a: &x\n  b: *x\n", "yaml-alias", 2),
        ("{a: 1}: 2\n", "yaml-key", 1),
        ("a: {{ b }}\n", "yaml-key", 1),
        ("a: 1\n<<: {b: 1}\n", "yaml-merge", 2),
        ("a: 1\nb: \x07\n", "yaml-character", 2),
        ("a: 1\nb: \x00\n", "yaml-character", 2),
        (f"a: {'9' * 201}\n", "number-size", 1),
        (f"a: 0x{'f' * 5000000}\n", "number-size", 1),
        (f"a: {'[' * 500}{']' * 500}\n", "nesting", 1),
    ],
)
def test_what_is_not_plain_yaml_is_told_with_its_line(text: str, code: str, line: int) -> None:
    problem = only_problem(text)
    assert (problem.code, problem.line, problem.file) == (code, line, "f.yaml")


def test_a_document_with_refused_parts_keeps_the_rest() -> None:
    document, problems = read_yaml("a: 1\n<<: {b: 1}\n? [x]\n: 2\nc: !!int 3\na: 4\n", "f.yaml")
    assert document is not None
    assert document.data == {"a": 1, "c": "3"}
    assert [problem.code for problem in problems] == ["yaml-merge", "yaml-key", "yaml-tag", "duplicate-key"]
    assert document.line(("c",)) == 5


def test_nesting_is_allowed_up_to_its_bound() -> None:
    deepest = MAX_DEPTH - 1
    assert data_of(f"a: {'[' * deepest}{']' * deepest}") is not None
    assert only_problem(f"a: {'[' * MAX_DEPTH}{']' * MAX_DEPTH}").code == "nesting"


def test_aliases_do_not_nest_deeper_than_what_is_written_out() -> None:
    levels = "[" * 60 + "]" * 60
    assert only_problem(f"a: &a {levels}\nb: {'[' * 60}*a{']' * 60}\n").code == "nesting"


def test_aliases_stand_for_a_bounded_number_of_values() -> None:
    laughs = "a: &a [x, x, x, x, x, x, x, x, x]\n"
    for above, below in zip("bcdefghi", "abcdefgh", strict=True):
        laughs += f"{above}: &{above} [{', '.join([f'*{below}'] * 9)}]\n"
    assert only_problem(laughs).code == "yaml-alias"
    within = MAX_ALIASED_NODES // 100 - 1
    assert len(data_of(f"a: &a [{'x, ' * 99}]\nb: [{'*a, ' * within}]")["b"]) == within


def test_problems_without_end_end() -> None:
    problems = problems_of("a: 1\n" * 30_000)
    assert len(problems) == 10_001
    assert problems[-1].code == "too-many"


def test_the_pure_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x [1, yes, 0x1f, 'q']\nb: {c: *x, d: ~}\ne:\n- |\n  f\n- !t g\na: 2\n"
    fast = read_yaml(text, "f.yaml")
    monkeypatch.delattr(yaml, "CSafeLoader")
    slow = read_yaml(text, "f.yaml")
    assert fast[0] is not None
    assert slow[0] is not None
    assert fast[0].data == slow[0].data
    assert [str(problem) for problem in fast[1]] == [str(problem) for problem in slow[1]]


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=6)
JSON_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | LETTERS,
    lambda below: (
        st.lists(below, max_size=4) | st.dictionaries(LETTERS.filter(lambda key: key != "<<"), below, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None)
@given(JSON_DATA, st.sampled_from([None, 1]))
def test_json_is_read_the_same_by_both_readers(data: Any, indent: int | None) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    from_yaml, yaml_problems = read_yaml(text, "f")
    from_json, json_problems = read_json(text, "f")
    assert yaml_problems == json_problems == []
    assert from_yaml is not None
    assert from_json is not None
    assert from_yaml.data == from_json.data == data
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        assert from_yaml.line(path) == from_json.line(path)
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting.extend(((*path, step), below) for step, below in entries)


def test_an_empty_string_is_a_document_and_nothing_is_none() -> None:
    assert read_yaml('""', "f")[1] == []
    assert [problem.code for problem in read_yaml("---\n", "f")[1]] == ["file-empty"]
