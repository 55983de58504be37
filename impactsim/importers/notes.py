"""What is wrong with a foreign document, noted while it is read, so that everything is told at once."""

from __future__ import annotations

from collections.abc import Iterable

from impactsim.files.documents import MAX_PROBLEMS, and_more
from impactsim.problems import Problem, Severity


class Notes:
    """Problems of one document.

    Parameters
    ----------
    file
        Its name for people.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        """All so far, but no more than anybody reads."""
        self.has_errors = False

    def error(self, line: int, code: str, place: str, fault: str, remedy: str = "", *, file: str = "") -> None:
        """Note what must be changed before the document can be used."""
        self.has_errors = True
        self._note(line, code, place, fault, remedy, "error", file)

    def warning(self, line: int, code: str, place: str, fault: str, remedy: str = "", *, file: str = "") -> None:
        """Note what the document can be used with."""
        self._note(line, code, place, fault, remedy, "warning", file)

    def take(self, problems: Iterable[Problem]) -> None:
        """Note what somebody else has found."""
        for problem in problems:
            self.has_errors |= problem.severity == "error"
            self.problems.append(problem if problem.file else problem.at(self.file, 0))

    def in_order(self) -> list[Problem]:
        """Return the problems in the order of their lines, file by file as they came."""
        order = {file: place for place, file in enumerate(dict.fromkeys(each.file for each in self.problems))}
        return sorted(self.problems, key=lambda problem: (order[problem.file], problem.line))

    def _note(self, line: int, code: str, place: str, fault: str, remedy: str, severity: Severity, file: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            path = (place,) if place else ()
            self.problems.append(Problem(path, fault, remedy, code, severity).at(file or self.file, line))
        elif len(self.problems) == MAX_PROBLEMS:
            self.problems.append(and_more().at(file or self.file, line))
