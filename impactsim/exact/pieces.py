"""What a formula is taken apart into: parts that share no event, and the skeletons that hold them together."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum

from impactsim.exact.formula import AND, OR


class Shape(IntEnum):
    """How a part is made."""

    CONSTANT = 0
    LEAF = 1
    SERIES = 2
    PARALLEL = 3
    VOTE = 4
    PRIME = 5


@dataclass(
    slots=True, eq=False
)  # not frozen: they are made by the hundred thousand, and that takes three times as long
class Part:
    """A piece of a formula, never changed; no two parts of one part share an event."""

    shape: Shape
    event: int = -1
    """The event (LEAF); 1 or 0 (CONSTANT)."""
    parts: tuple[Part, ...] = ()
    k: int = 0
    """How many of the parts must be true (VOTE); how many events it takes at least (PRIME)."""
    skeleton: Skeleton | None = field(default=None, repr=False)
    """How a PRIME follows from its parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """A formula of numbered variables: nodes 0 to n - 1 are the variables, the gates follow, the last one is the whole."""

    n_variables: int
    gates: tuple[tuple[int, int, tuple[int, ...]], ...]
    """Kind, k and nodes below, of each gate; members first."""

    def is_true(self, true: set[int]) -> bool:
        """Tell whether the whole is true if exactly these variables are."""
        value = [variable in true for variable in range(self.n_variables)]
        for kind, k, args in self.gates:
            if kind == OR:
                value.append(any(value[arg] for arg in args))
            elif kind == AND:
                value.append(all(value[arg] for arg in args))
            else:
                value.append(sum(value[arg] for arg in args) >= k)
        return value[-1]


@contextmanager
def deep(frames: int = 1_000_000) -> Iterator[None]:
    """Let Python recurse as deep as formulas are: its own limit guards against mistakes, not memory."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, frames))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
