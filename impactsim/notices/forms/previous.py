"""What the notice before this one said, read back from its JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from impactsim.files.documents import Document
from impactsim.files.json_reader import read_json
from impactsim.notices.forms.json_form import VERSION
from impactsim.notices.incident import STATES, People, State
from impactsim.problems import Fault, InvalidInput, Path, Problem
from impactsim.quantities import shown

Read = TypeVar("Read")
_REMEDY = "give the file that `impactsim notice --format json` wrote for the notice before"
_YEARS = range(1970, 9999)
"""Any zone can show their times."""


@dataclass(frozen=True, slots=True)
class Previous:
    """What a notice said."""

    reference: str
    state: State
    severity: int
    """1 (worst) to 5."""
    started_at: datetime
    published_at: datetime
    low_at: datetime | None
    """From when on everything was expected back; None if there was no estimate."""
    high_at: datetime | None
    """Until when; None if and only if `low_at` is."""
    people: People | None


def read_previous(text: str, file: str = "") -> Previous:
    """Read the JSON of a notice.

    Parameters
    ----------
    text
        What stands in the file.
    file
        Its name, for problems.

    Raises
    ------
    InvalidInput
        With every problem, if the text is no such notice.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise InvalidInput([Problem((), "the file is empty", _REMEDY, "previous-form", file=file, line=1)])
    document, problems = read_json(text, file)
    if document is None or problems:
        raise InvalidInput(problems)
    return _Fields(document).previous()


class _Fields:
    """Takes values from a document, and collects what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._problems: list[Problem] = []

    def previous(self) -> Previous:
        self._demand_notice()
        reference = self._take(_text, "reference")
        state, severity = self._take(_state, "state"), self._take(_severity, "severity")
        started_at, published_at = self._take(_time, "started_at"), self._take(_time, "published_at")
        people = self._people()
        low_at, high_at = self._interval()
        if started_at is not None and published_at is not None and started_at > published_at:
            self._note(("published_at",), "this is before started_at")
        self._stop_if_wrong()
        assert reference is not None
        assert state is not None
        assert severity is not None
        assert started_at is not None
        assert published_at is not None
        return Previous(reference, state, severity, started_at, published_at, low_at, high_at, people)

    def _demand_notice(self) -> None:
        data = self._document.data
        if not isinstance(data, dict) or "notice" not in data:
            self._note((), "this is not a notice")
        elif data.get("impactsim") != 1 or data["notice"] != VERSION or isinstance(data["notice"], bool):
            version = shown(data["notice"]) if data.get("impactsim") == 1 else shown(data.get("impactsim"))
            self._note(("notice",), f"this is version {version} of a form of which only 1 is known", "previous-version")
        self._stop_if_wrong()

    def _interval(self) -> tuple[datetime | None, datetime | None]:
        if self._is_none("estimate"):
            return None, None
        low_at, high_at = self._take(_time, "estimate", "low_at"), self._take(_time, "estimate", "high_at")
        if low_at is not None and high_at is not None and low_at > high_at:
            self._note(("estimate", "high_at"), "this is before low_at")
        return low_at, high_at

    def _people(self) -> People | None:
        if self._is_none("people"):
            return None
        low, high = self._take(_count, "people", "low"), self._take(_count, "people", "high")
        fewer_than = None if self._is_none("people", "fewer_than") else self._take(_count, "people", "fewer_than")
        if low is None or high is None:
            return None
        if low > high:
            self._note(("people", "high"), "this is less than low")
        return People(low, high, fewer_than)

    def _is_none(self, *path: str) -> bool:
        """Tell whether something is written as null; what is missing is no null."""
        value: Any = self._document.data
        for step in path:
            if not isinstance(value, dict) or step not in value:
                return False
            value = value[step]
        return value is None

    def _take(self, read: Callable[[Any], Read], *path: str) -> Read | None:
        value: Any = self._document.data
        for depth, step in enumerate(path):
            if not isinstance(value, dict) or step not in value:
                is_mapping = isinstance(value, dict)
                self._note(path[:depth], f"`{step}` is missing" if is_mapping else f"{shown(value)} is no mapping")
                return None
            value = value[step]
        try:
            return read(value)
        except Fault as error:
            self._note(path, error.fault, error.code)
            return None

    def _note(self, path: Path, fault: str, code: str = "previous-form") -> None:
        problem = self._document.place(Problem(path, fault, _REMEDY, code))
        if problem not in self._problems:
            self._problems.append(problem)

    def _stop_if_wrong(self) -> None:
        if self._problems:
            raise InvalidInput(self._problems)


def _fault(value: Any, what: str) -> Fault:
    return Fault("previous-form", f"{shown(value)} is no {what}")


def _text(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    raise _fault(value, "reference")


def _state(value: Any) -> State:
    for state in STATES:
        if value == state:
            return state
    raise _fault(value, f"state of a notice ({', '.join(STATES)})")


def _severity(value: Any) -> int:
    if type(value) is int and 1 <= value <= 5:
        return value
    raise _fault(value, "severity from 1 to 5")


def _count(value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    raise _fault(value, "number of people")


def _time(value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(value)
        if at.utcoffset() is not None and at.year in _YEARS and at.astimezone(UTC).year in _YEARS:
            return at
    except (TypeError, ValueError, OverflowError):
        pass
    raise _fault(value, "time with an offset from UTC, such as 2026-11-21T14:05:00+01:00")
