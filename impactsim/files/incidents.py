"""Incidents of the past as a table: a CSV file with one incident a line, whoever wrote it.

Knows columns, times and durations; what is learned from them is settled elsewhere. All that is wrong is told at once, each with
its line; incidents that say nothing (no end yet, no length, told twice) are left out and counted.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from impactsim.files.documents import MAX_PROBLEMS, and_more
from impactsim.files.opening import LIMIT_BYTES
from impactsim.problems import Fault, InvalidInput, Problem
from impactsim.quantities import duration_ms, shown

MOST_INCIDENTS = 200_000
"""A longer table is refused."""

STARTS = ("start", "start_time", "event_start_time", "started", "started_at", "begin", "created_at")
"""What a column of starts is called, where nobody says which it is."""
ENDS = ("end", "end_time", "event_end_time", "ended", "ended_at", "resolved", "resolved_at")
"""What a column of ends is called, where nobody says which it is."""

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_HOW_TIME = "write 2020-03-01T14:05 (UTC unless an offset is given), or a number of seconds"
_SIGNS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_LATEST_S = 4.0e11  # beyond the last year of a calendar, so that nothing overflows


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is which; what is absent is found by its name."""

    start: str | None = None
    """When an incident began."""
    end: str | None = None
    """When it was over."""
    duration: str | None = None
    """How long it lasted, instead of an end: 90m, or a number of seconds."""
    by: str | None = None
    """Whose it was; all are one group if absent."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One outage of the past."""

    group: str
    """Whose it was; empty where all are one group."""
    start_s: float
    """Seconds since 1970, UTC, or since whenever the table counts from."""
    duration_s: float
    """Seconds, above 0."""


@dataclass(slots=True)
class Incidents:
    """What a table says, in order of time, and what was left out of it."""

    incidents: list[Incident] = field(default_factory=list)
    n_rows: int = 0
    n_without_end: int = 0
    """Still under way when the table was written."""
    n_without_length: int = 0
    """Over when they began, or before."""
    n_told_twice: int = 0
    """Of the same group, with the same start and end."""


def read_incidents(path: Path, columns: Columns | None = None) -> Incidents:
    """Read a table of incidents.

    Parameters
    ----------
    path
        A CSV file in UTF-8, its first line the names of its columns. Times are ISO 8601, UTC where they have no offset, or numbers of
        seconds.
    columns
        Which column is which.

    Returns
    -------
    Incidents
        By start, then in the order of the file.

    Raises
    ------
    InvalidInput
        With every row that cannot be understood: ``incident-time``, ``incident-duration``, ``incident-row``, or one of
        ``incident-column``, ``incident-many``, ``file-missing``, ``file-unreadable``, ``file-size``, ``file-encoding``, ``file-empty``.
    """
    table = _Table(str(path), _text_of(path), columns or Columns())
    read = table.read()
    if table.problems:
        raise InvalidInput(table.problems)
    return read


def seconds_of(text: str) -> float:
    """Read a time: ISO 8601, UTC without an offset, or a number of seconds.

    Returns
    -------
    float
        Seconds since 1970, or the number.

    Raises
    ------
    Fault
        ``incident-time``

    Examples
    --------
    >>> seconds_of("1970-01-02"), seconds_of("1970-01-01 01:00:00+01:00"), seconds_of("90.5")
    (86400.0, 0.0, 90.5)
    """
    text = text.strip()
    if _NUMBER.fullmatch(text[:60]):
        number = float(text)
        if abs(number) <= _LATEST_S:
            return number
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Fault("incident-time", f"{shown(text)} is no time", _HOW_TIME) from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


class _Table:
    """A table while it is read."""

    def __init__(self, file: str, text: str, columns: Columns) -> None:
        self.file = file
        self.lines = csv.reader(io.StringIO(text, newline=""))
        self.columns = columns
        self.problems: list[Problem] = []
        self.told: set[tuple[str, float, float]] = set()

    def read(self) -> Incidents:
        read = Incidents()
        try:
            places = self._places(next(self.lines, []))
            if places is not None:
                self._rows(read, places)
        except csv.Error as error:
            self._note("incident-row", "", f"this is no CSV: {error}", "check the quotes of this line")
        read.incidents.sort(key=lambda incident: incident.start_s)
        return read

    def _rows(self, read: Incidents, places: dict[str, int]) -> None:
        for row in self.lines:
            if not row:
                continue
            read.n_rows += 1
            if read.n_rows > MOST_INCIDENTS:
                remedy = "leave the oldest out, or one provider to a file"
                self._note("incident-many", "", f"there are more than {MOST_INCIDENTS:,} incidents", remedy)
                return
            if len(self.problems) >= MAX_PROBLEMS:
                self.problems.append(and_more())
                return
            self._row(read, {word: row[place].strip() if place < len(row) else "" for word, place in places.items()})

    def _row(self, read: Incidents, cells: dict[str, str]) -> None:
        last = "duration" if "duration" in cells else "end"
        start = self._value(cells, "start", seconds_of)
        if not cells[last]:
            read.n_without_end += 1
            return
        ending = self._value(cells, last, _length_of if last == "duration" else seconds_of)
        if start is None or ending is None:
            return
        length = ending if last == "duration" else ending - start
        group = cells.get("by", "")
        if length <= 0:
            read.n_without_length += 1
        elif (group, start, length) in self.told:
            read.n_told_twice += 1
        else:
            self.told.add((group, start, length))
            read.incidents.append(Incident(group, start, length))

    def _value(self, cells: dict[str, str], word: str, reader: Callable[[str], float]) -> float | None:
        try:
            return reader(cells[word])
        except Fault as fault:
            self._note(fault.code, word, fault.fault, fault.remedy)
            return None

    def _places(self, header: Sequence[str]) -> dict[str, int] | None:
        """Return the place of each column that is needed; none if one is not there."""
        names = [name.strip() for name in header]
        if not any(names):
            self._note("file-empty", "", "the file is empty", "its first line names the columns")
            return None
        if len(names) == 1 and (parted := next((sign for sign in ";\t|" if sign in names[0]), "")):
            said = f"the columns are parted by {_SIGNS[parted]}, not by commas"
            self._note("incident-column", "", said, "save the table as CSV with commas")
            return None
        found = dict(self._wanted(names))
        for word, name in found.items():
            if name not in names:
                near = get_close_matches(name, names, 1) if name else []
                said = f"there is no column {shown(name)}" if name else f"no column says the {word} of an incident"
                remedy = f"did you mean '{near[0]}'?" if near else f"name it with --{word}; there are {_listed(names)}"
                self._note("incident-column", "", said, remedy)
        return None if self.problems else {word: names.index(name) for word, name in found.items()}

    def _wanted(self, names: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield what is looked for and the name of its column, empty where none has a name that is known."""
        wanted = self.columns
        yield "start", wanted.start if wanted.start is not None else _known(STARTS, names)
        if wanted.duration is not None:
            yield "duration", wanted.duration
        else:
            yield "end", wanted.end if wanted.end is not None else _known(ENDS, names)
        if wanted.by is not None:
            yield "by", wanted.by

    def _note(self, code: str, word: str, fault: str, remedy: str) -> None:
        path = (word,) if word else ()
        self.problems.append(Problem(path, fault, remedy, code).at(self.file, max(1, self.lines.line_num)))


def _text_of(path: Path) -> str:
    """Read a whole file as text; InvalidInput if that cannot be."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LIMIT_BYTES + 1)
        if len(content) <= LIMIT_BYTES:
            return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(
            (), "this is not text in UTF-8", "save it as UTF-8 text", "file-encoding", file=str(path), line=line
        )
    except (OSError, ValueError) as error:  # a NUL in the name is a ValueError
        problem = _unreadable(path, error)
    else:
        fault = f"the file is larger than {LIMIT_BYTES // 2**20} MiB"
        problem = Problem((), fault, "leave the oldest out", "file-size", file=str(path))
    raise InvalidInput([problem])


def _unreadable(path: Path, error: OSError | ValueError) -> Problem:
    file = ascii(str(path)) if isinstance(error, ValueError) else str(path)
    if isinstance(error, FileNotFoundError):
        return Problem((), "there is no such file", "check its name", "file-missing", file=file)
    reason = (getattr(error, "strerror", None) or "this is no name of a file").lower()
    fault = f"the file cannot be read: {reason}"
    return Problem((), fault, "check its name and its permissions", "file-unreadable", file=file)


def _length_of(text: str) -> float:
    """Read a duration in seconds: a number of them, or with a unit."""
    if _NUMBER.fullmatch(text[:60]):
        number = float(text)
        if math.isfinite(number) and abs(number) <= _LATEST_S:
            return number
    try:
        return duration_ms(text) / 1000
    except Fault as fault:
        raise Fault("incident-duration", fault.fault, fault.remedy or "write 90m, or a number of seconds") from None


def _known(candidates: Sequence[str], names: Sequence[str]) -> str:
    there = {name.casefold(): name for name in reversed(names)}
    return next((there[name] for name in candidates if name in there), "")


def _listed(names: Sequence[str]) -> str:
    few = ", ".join(shown(name) for name in names[:12])
    return few + (f" and {len(names) - 12} more" if len(names) > 12 else "")
