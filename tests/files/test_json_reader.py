from __future__ import annotations

import pytest

from impactsim.files.json_reader import read_json


def test_lines_are_those_of_the_keys_and_of_the_items() -> None:
    document, problems = read_json('\n{"a": 1,\n "b": {\n  "c": [1,\n   {"d": 2}]}\n}', "f.json")
    assert problems == []
    assert document is not None
    expected = {(): 2, ("a",): 2, ("b",): 3, ("b", "c"): 4, ("b", "c", 1): 5, ("b", "c", 1, "d"): 5, ("b", "x"): 3}
    assert {path: document.line(path) for path in expected} == expected


def test_a_key_that_stands_twice_is_told_and_the_first_counts() -> None:
    document, problems = read_json('{"a": 1, "b": [{"c": 1,\n"x": 0,\n"c": 2}],\n"a": 3}', "f.json")
    assert document is not None
    assert document.data == {"a": 1, "b": [{"c": 1, "x": 0}]}
    assert [(problem.path, problem.line, problem.code) for problem in problems] == [
        (("a",), 4, "duplicate-key"),
        (("b", 0, "c"), 3, "duplicate-key"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "file-empty", 1),
        (" \n ", "file-empty", 1),
        ('{"a": 1,\n "b" 2}', "json-syntax", 2),
        ('{"a": 1}\n{"b": 1}', "json-syntax", 2),
        ('{"a":\n NaN}', "json-syntax", 2),
        ('{"a": "\\ud800"}', "json-syntax", 1),
        ('{"a":\n' + "1" * 5000 + "}", "number-size", 2),
        ('{"a":' * 100_000, "nesting", 1),
        ("[" * 100_000, "nesting", 1),
    ],
)
def test_what_is_not_json_is_told_with_its_line(text: str, code: str, line: int) -> None:
    document, problems = read_json(text, "f.json")
    assert document is None
    assert [(problem.code, problem.line) for problem in problems] == [(code, line)]


def test_a_whole_pair_of_surrogates_is_a_character() -> None:
    document, problems = read_json('{"a": "\\ud83d\\ude00"}', "f.json")
    assert problems == []
    assert document is not None
    assert document.data == {"a": "\U0001f600"}
