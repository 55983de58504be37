"""What is wrong with something that an author wrote: a place, a fault and a remedy.

Knows nothing of files formats or models; everything that checks an author's words returns these.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]


class ImpactsimError(Exception):
    """Base of every exception that impactsim raises on purpose."""


class Fault(ImpactsimError, ValueError):
    """A single value that cannot be understood, raised by the parser of that value.

    Parameters
    ----------
    code
        Short name of the rule, such as ``duration-unit``; every code has a faulty file in the tests.
    fault
        What is wrong, in words, without a full stop.
    remedy
        What to write instead; empty where the fault already says it.
    """

    def __init__(self, code: str, fault: str, remedy: str = "") -> None:
        super().__init__(f"{fault}; {remedy}" if remedy else fault)
        self.code = code
        self.fault = fault
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or doubtful, in what an author wrote.

    Prints as ``shop.yaml:41: components.checkout.needs: fault; remedy [code]``.
    """

    path: Path
    fault: str
    remedy: str = ""
    code: str = ""
    severity: Severity = "error"
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    def at(self, file: str, line: int) -> Problem:
        """Return the same problem with its file and line (1 is the first)."""
        return replace(self, file=file, line=line)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        path = f"{dotted(self.path)}: " if self.path else ""
        word = "warning: " if self.severity == "warning" else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{word}{path}{self.fault}{remedy} [{self.code}]"


class InvalidInput(ImpactsimError):
    """What was read has errors; ``problems`` holds all of them, warnings included."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def dotted(path: Path) -> str:
    """Write a path as people read it: ``components.checkout.needs[2].any_of[0]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
