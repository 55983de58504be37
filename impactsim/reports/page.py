"""Where a report is written, and what all of its sections share: the facts, the times, how long a line may be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import TypeVar

from impactsim.reports.facts import Facts
from impactsim.reports.headline import name_of, names_of
from impactsim.reports.layout import Entry, Paint, plain, wrapped
from impactsim.reports.words import times_of

Item = TypeVar("Item")

_FEW = 6  # names of one line that is not to be longer than the screen is wide


@dataclass(frozen=True, slots=True)
class Symbols:
    """The signs beside the words; never instead of them."""

    down: str = "\u2717"
    degraded: str = "~"
    up: str = "\u2713"
    event: str = "!"
    action: str = ">"
    reserve: str = "="


ASCII = Symbols(down="x", up="+")
"""For terminals that know no other letters."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a report is written."""

    columns: int = 100
    n_lines: int | None = 50
    """How many lines the whole report may take; None for everything."""
    paint: Paint = plain
    symbols: Symbols = Symbols()


class Page:
    """A report in the making.

    Parameters
    ----------
    facts
        What the run says.
    screen
        Where it is written.
    """

    def __init__(self, facts: Facts, screen: Screen) -> None:
        self.facts = facts
        self.screen = screen
        self.times = times_of(facts)
        self.is_whole = screen.n_lines is None
        self.few = None if self.is_whole else _FEW
        self.services = frozenset(facts.services)
        self.struck: dict[int, set[str]] = {}
        """What the events of a time hit."""
        for moment in facts.moments:
            if moment.what == "event":
                self.struck.setdefault(moment.at_ms, set()).update(moment.components)

    def most(self, items: Sequence[Item], rank: Callable[[Item], int] | None = None) -> tuple[list[Item], int]:
        """Return the items for which there can be room, lowest rank first to stay, in their order; and how many are left.

        A flood of a hundred thousand is not worth laying out for fifty lines.
        """
        n_lines = self.screen.n_lines
        if n_lines is None or len(items) <= n_lines:
            return list(items), 0
        places: Sequence[int] = range(len(items))
        if rank is not None:
            ranks = [rank(item) for item in items]
            places = nsmallest(n_lines, places, key=lambda i: (ranks[i], i))
        return [items[i] for i in sorted(places[:n_lines])], len(items) - n_lines

    def entry(self, text: str, indent: int = 4, rank: int = 0) -> Entry:
        """Return an entry of a section, cut to two lines unless everything is to be written."""
        return Entry(wrapped(text, self.screen.columns, indent, None if self.is_whole else 2), rank)

    def name(self, component: str) -> str:
        """Return the name for people of a component."""
        return name_of(self.facts, component)

    def names(self, components: Sequence[str], last: str = "and") -> str:
        """Return names as a list, a few of many unless everything is to be written."""
        return names_of(self.facts, components, self.few, last)
