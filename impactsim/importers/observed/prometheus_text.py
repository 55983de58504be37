"""Series in the text that Prometheus reads: ``name{label="value"} 12``, a series a line.

Read here with a pattern rather than by a library: large files hold hundreds of thousands of lines, and lines of strangers must
cost no more time than they are long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from impactsim.importers.notes import Notes

_LINE = re.compile(r'([A-Za-z_:][\w:]*)(?:\s*\{((?:[^"}]|"(?:[^"\\]|\\.)*+")*+)\}\s*|\s+)(\S+)')
_LABEL = re.compile(r'[\s,]*+([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*+)"')
_ESCAPED = re.compile(r"\\(.)")


class Sample(NamedTuple):
    """One series at one time."""

    name: str
    labels: dict[str, str]
    value: Any
    line: int


def samples_of(text: str, word: str, notes: Notes, file: str) -> Iterator[Sample]:
    """Yield the series whose names have a word in them.

    Parameters
    ----------
    text
        The file. Comments, time stamps and exemplars are passed over.
    word
        Part of the names.
    notes, file
        Take the lines that cannot be understood, ``calls-line``.
    """
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        if word not in line or line.startswith("#"):
            continue
        found = _LINE.match(line)
        labels = _labels(found[2] or "") if found else None
        if found and labels is not None and word in found[1]:
            yield Sample(found[1], labels, found[3], number)
        elif word in line.partition("{")[0]:
            fault = "this line is no series of Prometheus text"
            notes.warning(number, "calls-line", "", fault, "it is left out", file=file)


def _labels(text: str) -> dict[str, str] | None:
    """Return the labels; None if that is not what stands there."""
    found: dict[str, str] = {}
    at = 0
    while label := _LABEL.match(text, at):
        found[label[1]] = _ESCAPED.sub(_plain, label[2])
        at = label.end()
    return None if text[at:].strip(" \t,") else found


def _plain(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] == "n" else escaped[1]
