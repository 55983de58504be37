"""Every single failure ranked, and what a year brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impactsim.files.reading import LoadedScenario, LoadedSystem
from impactsim.results.shown import HasReport, ShownAsText

if TYPE_CHECKING:
    import pandas as pd

    from impactsim.model.system import System
    from impactsim.reports.document.blocks import Document
    from impactsim.reports.forecast.facts import ForecastFacts
    from impactsim.reports.rank.facts import RankFacts
    from impactsim.trials.years import Forecast


@dataclass(frozen=True, slots=True)
class ForecastResult(ShownAsText):
    """What the years of a system say, and ways to look at it."""

    system: System
    """The system as it is today."""
    facts: ForecastFacts
    """All figures, with names; each with its distribution or its interval."""
    forecast: Forecast
    """What the years left, the headline figures year by year."""
    notes: tuple[str, ...] = ()
    """What the user should know about how the years were run."""

    def to_json(self) -> str:
        """Return the result as one line of JSON, as ``impactsim forecast --json`` prints it."""
        from impactsim.reports.forecast.json_form import to_json

        return to_json(self.facts)

    def __str__(self) -> str:
        from impactsim.reports.forecast.text import to_text

        return to_text(self.facts)


@dataclass(frozen=True, slots=True)
class Ranking(ShownAsText, HasReport):
    """Every single failure of a system, the worst first, and ways to look at it."""

    loaded: LoadedSystem | LoadedScenario
    """The system, or the scenario whose system it is."""
    facts: RankFacts
    """All figures, with names."""
    notes: tuple[str, ...] = ()
    """What the user should know about how it was run."""

    def to_frame(self, what: str = "ranking") -> pd.DataFrame:
        """Return a table.

        Parameters
        ----------
        what
            ``ranking`` (one row for each failure), ``pairs`` (those that are worse than their parts) or ``hours`` (of the day at
            which one failure may begin); the last two are empty unless they were asked for.

        Raises
        ------
        ValueError
            If there is no such table.
        """
        from impactsim.reports.rank.forms import TABLES

        if what not in TABLES:
            raise ValueError(f"there is no table '{what}'; there are {', '.join(TABLES)}")
        return TABLES[what](self.facts)

    def to_json(self) -> str:
        """Return the ranking as one line of JSON, as ``impactsim rank --json`` prints it."""
        from impactsim.reports.rank.forms import to_json

        return to_json(self.facts)

    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""
        from impactsim.reports.document.pages.rank import rank_document

        return rank_document(self.facts, command)

    def __str__(self) -> str:
        from impactsim.reports.rank.text import rank_text

        return "\n".join(rank_text(self.facts))
