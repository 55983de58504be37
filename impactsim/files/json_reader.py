"""JSON to plain data: the faster form, for what machines write. Lines are looked up only when there is a problem."""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_right
from functools import cached_property
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in practice: the scanner of one string
from typing import Any

from impactsim.files.documents import MAX_DEPTH, MAX_DIGITS, Document
from impactsim.problems import Path, Problem

_SPACE = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LEVELS = 12
"""A problem further down gets the line of what is around it: no key that we know lies deeper."""


class _RefusedLiteralError(ValueError):
    """A literal that Python's reader takes, and we do not."""


def read_json(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Read the text of a JSON file.

    Parameters
    ----------
    text
        The text, without a byte order mark.
    file
        Its name for people.

    Returns
    -------
    tuple[Document | None, list[Problem]]
        The document, none if the text is not JSON, and everything that is wrong with it as JSON.
    """
    if not text.strip():
        return None, [_problem(file, 1, "file-empty", "the file is empty", "`impactsim new DIR` writes an example")]
    doubled: list[dict[str, Any]] = []
    try:
        data = json.loads(text, object_pairs_hook=_first_wins(doubled), parse_int=_integer, parse_constant=_constant)
        if _SURROGATE.search(text):
            json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        fault = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        return None, [_problem(file, error.lineno, "json-syntax", fault, "check the commas and the quotes here")]
    except RecursionError:
        return None, [_problem(file, 1, "nesting", f"this is nested deeper than {MAX_DEPTH} levels")]
    except UnicodeEncodeError:
        return None, [_problem(file, 1, "json-syntax", "half of a surrogate pair is no character")]
    except _RefusedLiteralError as error:
        fault, literal, code = error.args
        line = text.count("\n", 0, max(text.find(literal), 0)) + 1
        return None, [_problem(file, line, code, fault, "write an ordinary number")]
    places = _Places(text)
    problems = (
        [places.doubled_key(path, file) for path in _paths_of_doubled(data, {id(mapping) for mapping in doubled})]
        if doubled
        else []
    )
    return Document(file, data, places.line), problems


def _problem(file: str, line: int, code: str, fault: str, remedy: str = "") -> Problem:
    return Problem((), fault, remedy, code, file=file, line=line)


def _first_wins(doubled: list[dict[str, Any]]) -> Any:
    """Return the hook that builds a mapping, and notes in `doubled` one in which a key stands twice."""

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            data = dict(reversed(pairs))  # the first of two counts, as in YAML
            doubled.append(data)
        return data

    return build


def _integer(literal: str) -> int:
    if len(literal) > MAX_DIGITS:
        raise _RefusedLiteralError(f"this number has more than {MAX_DIGITS} digits", literal, "number-size")
    return int(literal)


def _constant(literal: str) -> float:
    raise _RefusedLiteralError(f"{literal} is no part of JSON", literal, "json-syntax")


def _paths_of_doubled(data: Any, doubled: set[int]) -> list[Path]:
    """Return the paths of the mappings with these ids, as far down as places are looked up."""
    found: list[Path] = []
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if id(value) in doubled:
            found.append(path)
        if len(path) < _LEVELS and isinstance(value, dict | list):
            entries = value.items() if isinstance(value, dict) else enumerate(value)
            waiting.extend(((*path, step), below) for step, below in entries if isinstance(below, dict | list))
    return found


class _Places:
    """Finds lines in JSON that has been read without a fault.

    Only the mappings and lists on the way to a place are taken apart; what lies beside it is skipped by the decoder.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._skip = json.JSONDecoder().raw_decode
        self._known: dict[int, list[tuple[str | int, int, int]]] = {}
        self._positions: dict[int, dict[str | int, int]] = {}

    def line(self, path: Path) -> int:
        """Return the line of what stands at `path`, or of the nearest thing around it."""
        value = begin = _after_space(self._text, 0)
        try:
            for step in path[:_LEVELS]:
                entries = self._entries(value)
                position = self._positions[value].get(step)
                if position is None:
                    break
                _, begin, value = entries[position]
        except RecursionError:  # nested almost too deep for the decoder, which now starts from further down
            pass
        return self._line_at(begin)

    def doubled_key(self, path: Path, file: str) -> Problem:
        """Return the problem of the first key that stands twice in the mapping at `path`."""
        value = _after_space(self._text, 0)
        for step in path:
            value = self._entries(value)[self._positions[value][step]][2]
        first: dict[str | int, int] = {}
        for step, begin, _ in self._entries(value):
            if step in first:
                fault = f"this key stands twice; the first time in line {self._line_at(first[step])}"
                line = self._line_at(begin)
                return Problem((*path, step), fault, "keep one of them", "duplicate-key", file=file, line=line)
            first[step] = begin
        raise AssertionError("no key stands twice")

    def _entries(self, offset: int) -> list[tuple[str | int, int, int]]:
        """Return key or index, where the entry begins and where its value begins, of the value at `offset`."""
        if offset not in self._known:
            entries = self._take_apart(offset)
            self._known[offset] = entries
            self._positions[offset] = {entry[0]: position for position, entry in reversed(list(enumerate(entries)))}
        return self._known[offset]

    def _take_apart(self, offset: int) -> list[tuple[str | int, int, int]]:
        text = self._text
        entries: list[tuple[str | int, int, int]] = []
        kind = text[offset]
        at = _after_space(text, offset + 1)
        while kind in "{[" and text[at] not in "}]":
            begin = at
            step: str | int = len(entries)
            if kind == "{":
                step, at = scanstring(text, at + 1, True)
                at = _after_space(text, _after_space(text, at) + 1)  # past the colon
            entries.append((step, begin, at))
            at = _after_space(text, self._skip(text, at)[1])
            if text[at] == ",":
                at = _after_space(text, at + 1)
        return entries

    @cached_property
    def _breaks(self) -> array[int]:
        return array("Q", (found.start() for found in re.finditer("\n", self._text)))

    def _line_at(self, offset: int) -> int:
        return bisect_right(self._breaks, offset) + 1


def _after_space(text: str, offset: int) -> int:
    found = _SPACE.match(text, offset)
    assert found is not None
    return found.end()
