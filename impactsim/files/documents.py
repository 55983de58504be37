"""A file that was read: its plain data, and the line of everything in it.

Knows bytes, text and lines; what the data means is settled by ``reading.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from impactsim import problems
from impactsim.problems import Problem

MAX_DEPTH = 100
"""Deeper nesting is refused; a valid file has at most ten levels."""

MAX_DIGITS = 200
"""A longer number is refused: every number that is accepted fits into a float."""

MAX_PROBLEMS = 10_000
"""After so many problems of one sort in a file, the rest is not looked for."""


@dataclass(frozen=True, eq=False)
class Document:
    """Plain data and where it stands.

    Parameters
    ----------
    file
        Name of the file for people; empty for data that never was in a file.
    data
        Mappings, lists, text, numbers, true, false and null.
    line
        Gives the line (1 is the first) of what stands at a path, or of the nearest thing around it; 0 without lines.
    where
        Gives file and line instead, where the data come from several files.
    """

    file: str
    data: Any
    line: Callable[[problems.Path], int]
    where: Callable[[problems.Path], tuple[str, int]] | None = field(default=None, kw_only=True)

    def place(self, problem: Problem) -> Problem:
        """Return the problem with the file and line of its path."""
        if self.where is not None:
            return problem.at(*self.where(problem.path))
        return problem.at(self.file, self.line(problem.path))


def plain(data: Any) -> Document:
    """Return data that a program gives, which stands in no file."""
    return Document("", data, lambda _path: 0)


def and_more(path: problems.Path = ()) -> Problem:
    """Return the problem that stands for all that are not told."""
    return Problem(path, f"there are more than {MAX_PROBLEMS:,} problems; these are the first", code="too-many")
