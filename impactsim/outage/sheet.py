"""Where an outage under way is written, and what all parts of the report share: names, times, how long a line may be."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.outage.facts import NowFacts
from impactsim.outage.words import Clock
from impactsim.reports.layout import Column, Entry, Row, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.words import clean, joined

FEW = 4


class Sheet:
    """What all parts of the report share.

    Parameters
    ----------
    facts
        What is known and estimated.
    screen
        Where it is written.
    """

    def __init__(self, facts: NowFacts, screen: Screen) -> None:
        self.facts = facts
        self.screen = screen
        self.clock = Clock(facts)
        self.is_whole = screen.n_lines is None

    def name(self, component: str) -> str:
        """Return the name for people of a component, a common cause or a crew."""
        return clean(self.facts.names.get(component, component))

    def names(self, components: Sequence[str], few: int = FEW) -> str:
        """Return names as a list, a few of many unless everything is to be written."""
        return joined([self.name(each) for each in components], None if self.is_whole else few)

    def entry(self, text: str, look: str = "", rank: int = 0, indent: int = 4) -> Entry:
        """Return an entry of a section, cut to two lines unless everything is to be written."""
        lines = wrapped(text, self.screen.columns, indent, None if self.is_whole else 2)
        return Entry([self.screen.paint(line, look) for line in lines] if look else lines, rank)

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> tuple[str, list[Entry]]:
        """Return the titles of a table, and its lines as entries."""
        titles, lines = table(columns, rows, self.screen.columns, 2, self.screen.paint)
        return titles, [Entry([line]) for line in lines]
