"""YAML to plain data with lines: a safe subset of YAML 1.2, and every problem in it.

The events of PyYAML's C parser are composed here, because that costs a sixth of the usual loader, keeps the lines, and
decides itself what a scalar is: YAML 1.2's core schema (``yes``, ``12:30`` and ``2026-05-04`` are text; a key always is).
Refused: tags, keys that stand twice, merge keys, more than one document, and anything without bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from impactsim.files.documents import MAX_DEPTH, MAX_DIGITS, MAX_PROBLEMS, Document, and_more
from impactsim.problems import Path, Problem

MAX_ALIASED_NODES = 1_000_000
"""Aliases may stand for so many values altogether; an alias of aliases grows without bound otherwise."""

_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_TEXT = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_LEVELS = 12

Lines = list[Any]
"""Where things stand: the line of a mapping or list, then for each entry its line, or the `Lines` of a mapping or list in it.

It lies parallel to the data, in the same order, and costs one list a container: a dictionary of paths would be larger
than the data.
"""

_OPEN = object()
"""Stands for an anchored mapping or list that has not ended."""


class _UnusableError(Exception):
    """What follows cannot be understood; its problem has been noted."""


def read_yaml(text: str, file: str) -> tuple[Document | None, list[Problem]]:
    """Read the text of a YAML file.

    Parameters
    ----------
    text
        The text, without a byte order mark.
    file
        Its name for people.

    Returns
    -------
    tuple[Document | None, list[Problem]]
        The document, none if the text cannot be understood, and everything that is wrong with it as YAML. A document
        that comes with problems is usable: what was refused in it is left out.
    """
    composer = _Composer(text, file)
    try:
        data, lines = composer.document()
    except _UnusableError:
        return None, composer.problems
    except yaml.reader.ReaderError:
        # The parser reads ahead, so what it has told so far is about an earlier part.
        return None, [*composer.problems, _not_text(text, file)]
    except yaml.MarkedYAMLError as error:
        return None, [*composer.problems, _syntax(error, text, file)]
    return Document(file, data, _Places(data, lines).line), composer.problems


def read_yaml_documents(text: str, file: str) -> tuple[list[Document], list[Problem]]:
    """Read YAML that others write: any number of documents, merge keys (``<<``), and tags, which are passed over.

    Parameters
    ----------
    text
        The text, without a byte order mark.
    file
        Its name for people.

    Returns
    -------
    tuple[list[Document], list[Problem]]
        The documents that are not empty, up to the first that cannot be understood, and everything that is wrong. Keys that
        stand twice are refused here too: a forgotten ``---`` would hide half of a document.
    """
    composer = _Composer(text, file, foreign=True)
    found: list[Document] = []
    try:
        for data, lines in composer.documents():
            found.append(Document(file, data, _Places(data, lines).line))
    except _UnusableError:
        return found, composer.problems
    except yaml.reader.ReaderError:
        return found, [*composer.problems, _not_text(text, file)]
    except yaml.MarkedYAMLError as error:
        return found, [*composer.problems, _syntax(error, text, file)]
    return found, composer.problems


def resolve(text: str) -> Any:
    """Return the value of a plain scalar by the core schema of YAML 1.2 (section 10.3.2).

    Examples
    --------
    >>> [resolve(text) for text in ("12", "0x1f", "1e3", "true", "yes", "12:30", "~")]
    [12, 31, 1000.0, True, 'yes', '12:30', None]
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) or _INFINITE.fullmatch(text):
        return float(text.replace(".inf", "inf").replace(".Inf", "inf").replace(".INF", "inf"))
    if _OCTAL.fullmatch(text):
        return int(text, 0)
    return int(text, 0) if _HEXADECIMAL.fullmatch(text) else text


class _Composer:
    """Builds the data of one text by recursive descent over the events of its parser."""

    def __init__(self, text: str, file: str, foreign: bool = False) -> None:
        self.file = file
        self.foreign = foreign
        """Are merge keys followed and tags passed over?"""
        self.problems: list[Problem] = []
        self._next = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event
        self._path: list[str | int] = []
        self._plain: dict[str, Any] = {}  # equal scalars are resolved once, and kept once
        self._keys: dict[str, str] = {}
        self._anchors: dict[str, Any] = {}
        self._extents: dict[int, tuple[int, int]] = {}
        self._aliased = 0

    def document(self) -> tuple[Any, Lines]:
        """Return the data of the first document and its lines."""
        self._next()  # the start of the stream
        event = self._next()
        if isinstance(event, DocumentStartEvent):
            event = self._next()
        is_blank = isinstance(event, ScalarEvent) and event.value == "" and not event.style
        if isinstance(event, StreamEndEvent) or is_blank:
            self._refuse(1, "file-empty", "the file is empty", "`impactsim new DIR` writes an example")
        data, entry = self._node(event, 1)
        self._next()  # the end of the document
        event = self._next()
        if not isinstance(event, StreamEndEvent):
            self._note(_line(event), "yaml-documents", "a second document begins here", "keep one document in a file")
        return data, entry if isinstance(entry, list) else [entry]

    def documents(self) -> Iterator[tuple[Any, Lines]]:
        """Yield the data of each document that is not empty, and its lines."""
        self._next()  # the start of the stream
        while not isinstance(event := self._next(), StreamEndEvent):
            assert isinstance(event, DocumentStartEvent)
            self._anchors.clear()
            self._path.clear()
            data, entry = self._node(self._next(), 1)
            self._next()  # the end of the document
            if data is not None:
                yield data, entry if isinstance(entry, list) else [entry]

    def _node(self, event: Event, depth: int) -> tuple[Any, int | Lines]:
        """Return the value that begins with `event`, and its line or lines."""
        if isinstance(event, ScalarEvent):
            return self._scalar(event), _line(event)
        if isinstance(event, AliasEvent):
            return self._alias(event, depth), _line(event)
        assert isinstance(event, CollectionStartEvent)
        if depth > MAX_DEPTH:
            self._refuse(_line(event), "nesting", f"this is nested deeper than {MAX_DEPTH} levels")
        if event.tag is not None:
            self._tag(event)
        data: Any = {} if isinstance(event, MappingStartEvent) else []
        lines: Lines = [_line(event)]
        if event.anchor is None:
            self._fill(data, lines, depth)
        else:
            self._anchors[event.anchor] = _OPEN
            self._fill(data, lines, depth)
            self._anchors[event.anchor] = data
            self._extents[id(data)] = self._extent(data)
        return data, lines

    def _fill(self, data: Any, lines: Lines, depth: int) -> None:
        if isinstance(data, dict):
            self._fill_mapping(data, lines, depth)
        else:
            self._fill_list(data, lines, depth)

    def _fill_mapping(self, data: dict[str, Any], lines: Lines, depth: int) -> None:
        following, plain, keys = self._next, self._plain, self._keys
        positions: dict[str, int] = {}
        merged: list[Any] = []
        while True:
            event = following()
            if type(event) is MappingEndEvent:
                if merged:
                    self._merge(data, lines, merged)
                return
            line = event.start_mark.line + 1
            key = self._key(event, depth) if type(event) is not ScalarEvent or event.tag else event.value
            key = keys.setdefault(key, key)
            self._path.append(key)
            refused = key in data or key == "<<" or key.startswith("\0")
            if refused:
                self._refuse_key(event, key, lines, _known_positions(positions, data))
            event = following()
            # The commonest value is read right here: one call less for each of a million scalars.
            if type(event) is ScalarEvent and event.implicit[0] and event.anchor is None:
                text = event.value
                value = plain[text] if text in plain else self._scalar(event)
                entry: int | Lines = line
            else:
                value, entry = self._node(event, depth + 1)
                if type(entry) is list:
                    entry[0] = line
                else:
                    entry = line
            self._path.pop()
            if not refused:
                data[key] = value
                lines.append(entry)
            elif self.foreign and key == "<<":
                merged.append((value, line))

    def _merge(self, data: dict[str, Any], lines: Lines, merged: list[tuple[Any, int]]) -> None:
        """Add what merge keys name and the mapping does not have itself; of several the first counts."""
        for value, line in merged:
            for each in value if isinstance(value, list) else [value]:
                if not isinstance(each, dict):
                    self._note(line, "yaml-merge", "a merge key takes a mapping, or a list of them")
                    continue
                self._aliased += len(each)
                if self._aliased > MAX_ALIASED_NODES:
                    fault = f"the aliases stand for more than {MAX_ALIASED_NODES:,} values"
                    self._refuse(line, "yaml-alias", fault)
                for key, inner in each.items():
                    if key not in data:
                        data[key] = inner
                        lines.append(line)

    def _fill_list(self, data: list[Any], lines: Lines, depth: int) -> None:
        following = self._next
        while True:
            event = following()
            if type(event) is SequenceEndEvent:
                return
            self._path.append(len(data))
            value, entry = self._node(event, depth + 1)
            self._path.pop()
            data.append(value)
            lines.append(entry)

    def _key(self, event: Event, depth: int) -> str:
        """Return the key that begins with an event other than a plain or quoted scalar without a tag."""
        if isinstance(event, ScalarEvent):
            self._tag(event)
            return str(event.value)
        self._note(_line(event), "yaml-key", "a key must be plain text", "put text with braces or brackets in quotes")
        self._node(event, depth + 1)
        # A name that no author can have written, so that nothing else is refused because of it.
        return f"\0{len(self.problems)}"

    def _refuse_key(self, event: Event, key: str, lines: Lines, positions: dict[str, int]) -> None:
        if key in positions:
            first = lines[positions[key] + 1]
            fault = f"this key stands twice; the first time in line {first[0] if isinstance(first, list) else first}"
            self._note(_line(event), "duplicate-key", fault, "keep one of them")
        elif key == "<<" and not self.foreign:
            remedy = "write the keys out, or give the whole value an anchor and an alias"
            self._note(_line(event), "yaml-merge", "merge keys are no part of YAML 1.2", remedy)

    def _scalar(self, event: ScalarEvent) -> Any:
        value: Any = event.value
        if event.implicit[0]:
            if len(value) > MAX_DIGITS and (
                _INTEGER.fullmatch(value) or _HEXADECIMAL.fullmatch(value) or _FLOAT.fullmatch(value)
            ):
                self._note(_line(event), "number-size", f"this number has more than {MAX_DIGITS} digits")
                value = None
            else:
                value = self._plain[value] = resolve(value)
        elif event.tag is not None:
            self._tag(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _alias(self, event: AliasEvent, depth: int) -> Any:
        """Return the value that an alias stands for: the same object, which nobody changes."""
        value = self._anchors.get(str(event.anchor), self._anchors)
        if value is self._anchors:
            # In files of others what looks like an alias may be a password that nobody put in quotes.
            called = "like this alias" if self.foreign else f"'{event.anchor}'"
            self._refuse(_line(event), "yaml-alias", f"no anchor before this line is called {called}")
        if value is _OPEN:
            fault = (
                "the alias stands within its own anchor"
                if self.foreign
                else f"the alias '{event.anchor}' stands within its own anchor"
            )
            self._refuse(_line(event), "yaml-alias", fault)
        size, height = self._extents.get(id(value), (1, 0))
        self._aliased += size
        if self._aliased > MAX_ALIASED_NODES:
            self._refuse(_line(event), "yaml-alias", f"the aliases stand for more than {MAX_ALIASED_NODES:,} values")
        if depth + height > MAX_DEPTH:
            self._refuse(_line(event), "nesting", f"this is nested deeper than {MAX_DEPTH} levels")
        return value

    def _extent(self, data: Any) -> tuple[int, int]:
        """Return how many values an anchored mapping or list holds, and its levels; anchored ones in it are known."""
        if not isinstance(data, dict | list):
            return 1, 0
        if id(data) in self._extents:
            return self._extents[id(data)]
        within = [self._extent(value) for value in (data.values() if isinstance(data, dict) else data)]
        return 1 + sum(size for size, _ in within), 1 + max((height for _, height in within), default=0)

    def _tag(self, event: ScalarEvent | CollectionStartEvent) -> None:
        if self.foreign:
            return
        fault = f"the tag {str(event.tag).replace('tag:yaml.org,2002:', '!!')} is refused"
        self._note(_line(event), "yaml-tag", fault, "write the plain value")

    def _note(self, line: int, code: str, fault: str, remedy: str = "") -> None:
        # In what is nested too deep the last hundred steps say nothing.
        path: Path = tuple(step for step in self._path[:_LEVELS] if not str(step).startswith("\0"))
        self.problems.append(Problem(path, fault, remedy, code, file=self.file, line=line))
        if len(self.problems) == MAX_PROBLEMS:
            self.problems.append(and_more().at(self.file, line))
            raise _UnusableError

    def _refuse(self, line: int, code: str, fault: str, remedy: str = "") -> NoReturn:
        self._note(line, code, fault, remedy)
        raise _UnusableError


class _Places:
    """Finds lines in the table that lies parallel to the data."""

    def __init__(self, data: Any, lines: Lines) -> None:
        self._data = data
        self._lines = lines
        self._positions: dict[int, dict[str | int, int]] = {}

    def line(self, path: Path) -> int:
        """Return the line of what stands at `path`, or of the nearest thing around it."""
        data, entry = self._data, self._lines
        for step in path:
            if not isinstance(entry, list):
                break
            position = self._position(data, step)
            if position is None:
                break
            data, entry = data[step], entry[position + 1]
        return int(entry[0] if isinstance(entry, list) else entry)

    def _position(self, data: Any, step: str | int) -> int | None:
        if isinstance(data, list):
            return step if isinstance(step, int) and 0 <= step < len(data) else None
        if not isinstance(data, dict):  # a document that is a single value
            return None
        # Thousands of problems in one large mapping must not each count its keys again.
        if id(data) not in self._positions:
            self._positions[id(data)] = {key: position for position, key in enumerate(data)}
        return self._positions[id(data)].get(step)


def _known_positions(positions: dict[str, int], data: dict[str, Any]) -> dict[str, int]:
    """Bring up to date where in a growing mapping each key stands; each key costs once."""
    new = zip(range(len(data) - 1, len(positions) - 1, -1), reversed(data), strict=False)
    positions.update({key: position for position, key in new})
    return positions


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _not_text(text: str, file: str) -> Problem:
    """Place the first character that YAML does not allow."""
    found = _NOT_TEXT.search(text)
    position = found.start() if found else 0
    fault = f"the character U+{ord(text[position]):04X} is not allowed" if found else "this is not text"
    line = text.count("\n", 0, position) + 1
    return Problem((), fault, "save it as plain text", "yaml-character", file=file, line=line)


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """Say in the parser's words what is not YAML."""
    mark = error.problem_mark or error.context_mark
    # What is missing at the end is found out after it.
    line = min(0 if mark is None else mark.line + 1, max(len(text.splitlines()), 1))
    fault = str(error.problem or error.context or "this is not YAML")
    if "'\\t'" in fault or "tab" in fault:
        return Problem((), "a tab cannot indent YAML", "indent with spaces", "yaml-syntax", file=file, line=line)
    context = f" {error.context}" if error.context and error.problem else ""
    remedy = "check the indentation, the colons and the quotes here and above"
    return Problem((), f"this is not YAML: {fault}{context}", remedy, "yaml-syntax", file=file, line=line)
