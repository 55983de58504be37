"""What is missing, as facts: gaps with their value, evidence, the question to ask, and what to fill in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Key = Literal["time_to_restore", "fails", "users", "operator", "kind", "copies", "needs", "does_not_need", "confidence"]
"""What can be filled in."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to fill in, in a layer of one's own."""

    component: str
    key: Key
    value: str = ""
    """What could stand there, as YAML: a proposal, not in force until somebody chooses it. Empty where nothing is written today."""
    comment: str = ""
    is_cause: bool = False
    """Is it about a common cause?"""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom to ask."""

    by: Literal["operator", "site", "file", "itself", "everybody"]
    """How we know: somebody runs it, it stands somewhere, it came from a file, it is all by itself, or all are asked the same."""
    name: str
    """Operator, site, file or component."""


@dataclass(frozen=True, slots=True)
class Part:
    """One fact that is missing."""

    kind: str
    """What sort of fact, such as ``no-restore-time``."""
    component: str
    """Id of what it is a fact about; of a common cause its id."""
    noun: str
    """Kind of it, such as ``host``."""
    whom: Whom
    low: float
    """Loss of a year at one end of what is plausible, in the unit of the facts."""
    high: float
    """Loss of a year at the other end."""
    text: str
    """What is missing, as a sentence without a full stop."""
    ask: str
    """The question, without its mark."""
    others: tuple[str, ...] = ()
    """Ids of what it needs, or of the other members of a redundancy."""
    components: tuple[str, ...] = ()
    """All components of which the fact is missing."""
    n: int = 1
    """How many single facts it stands for."""
    evidence: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    """Files and records that it was imported from."""
    lines: tuple[Line, ...] = ()
    is_bound: bool = False
    """Was it too much to work out, so that `high` is only a bound?"""

    @property
    def value(self) -> float:
        """By how much the answer could change."""
        return abs(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Gap:
    """Missing facts that one question to one person would bring."""

    id: str
    """The same in two runs if it is the same question."""
    kind: str
    text: str
    ask: str
    whom: Whom
    parts: tuple[Part, ...] = field(repr=False)
    """What it is made of, what matters most first."""
    value: float
    """By how much the answer could change: the sum of its parts."""
    evidence: tuple[str, ...] = ()
    """Of the part that matters most."""

    @property
    def n(self) -> int:
        """How many single facts are missing."""
        return sum(part.n for part in self.parts)

    @property
    def is_bound(self) -> bool:
        """Is a part of the value only a bound?"""
        return any(part.is_bound for part in self.parts)


@dataclass(frozen=True, slots=True)
class GapsFacts:
    """All that is missing in a system."""

    system: str
    people: float
    """Users in all, on average over a day; 0 if nothing is said about users."""
    unit: Literal["user-minutes", "service-minutes", "component-minutes"]
    """What the values are counted in, a year."""
    gaps: tuple[Gap, ...]
    """What matters most first."""
    kinds: tuple[str, ...] = ()
    """The kinds that were looked for."""
    n_idle: int = 0
    """How many facts are missing besides that would change nothing."""
    notes: tuple[str, ...] = ()
    """What the reader should know of how it was worked out."""
