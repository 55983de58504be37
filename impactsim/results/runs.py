"""One run, many trials of it, and runs side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from impactsim.files.reading import LoadedScenario
from impactsim.reports.facts import Facts
from impactsim.results.shown import HasReport, ShownAsText

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from impactsim.reports.document.blocks import Document
    from impactsim.reports.sampled.compare import ComparisonFacts
    from impactsim.reports.sampled.facts import SampledFacts
    from impactsim.trials.gather import Gathered


@dataclass(frozen=True, slots=True)
class Result(HasReport):
    """What one run says, and ways to look at it."""

    loaded: LoadedScenario
    """The scenario and the system that were run."""
    facts: Facts
    """All figures, with names."""

    def to_frame(self, what: str = "components") -> pd.DataFrame:
        """Return a table.

        Parameters
        ----------
        what
            ``components`` (one row each), ``levels`` (one row for each change), ``users`` (one row for each segment) or
            ``timeline`` (one row for each moment).

        Returns
        -------
        pandas.DataFrame
            Times in milliseconds, levels and shares in [0, 1].

        Raises
        ------
        ValueError
            If there is no such table.
        """
        from impactsim.reports.frames import to_frame

        return to_frame(self.facts, what)

    def to_graph(self, at_ms: int | None = None) -> nx.DiGraph[Any]:
        """Return the dependency graph, an arrow from each component to what it needs.

        Parameters
        ----------
        at_ms
            Time for which the nodes' ``level`` is given; the end of the run if absent.

        Returns
        -------
        networkx.DiGraph
            Nodes with ``kind``, ``name``, ``level``, ``down_ms``; arrows with ``purpose`` and ``form``.
        """
        from impactsim.reports.frames import to_graph

        return to_graph(self.loaded.system, self.facts, at_ms)

    def to_json(self) -> str:
        """Return the result as one line of JSON, as ``impactsim run --json`` prints it."""
        from impactsim.reports.json_form import to_json

        return to_json(self.facts)

    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""
        from impactsim.reports.document.pages.run import run_document

        return run_document(self.loaded.system, self.facts, command)

    def __str__(self) -> str:
        from impactsim.reports.text import to_text

        return to_text(self.facts)

    def _repr_html_(self) -> str:
        from impactsim.reports.notebook import to_html

        return to_html(self.facts)


@dataclass(frozen=True, slots=True)
class SampledResult(ShownAsText, HasReport):
    """What many trials say, and ways to look at it."""

    loaded: LoadedScenario
    """The scenario and the system that were run."""
    facts: SampledFacts
    """All figures, with names; each with its distribution and the interval of its mean."""
    gathered: Gathered
    """What the trials left, the headline figures trial by trial."""
    notes: tuple[str, ...] = ()
    """What is worth knowing about how they were run; it changes no figure."""

    def to_frame(self, what: str = "components") -> pd.DataFrame:
        """Return a table.

        Parameters
        ----------
        what
            Which table: ``components`` (one row each), or another that `impactsim.reports.sampled.frames` knows.

        Raises
        ------
        ValueError
            If there is no such table.
        """
        from impactsim.reports.sampled.frames import to_frame

        return to_frame(self.facts, what)

    def to_json(self) -> str:
        """Return the result as one line of JSON, as ``impactsim run --json`` prints it."""
        from impactsim.reports.sampled.json_form import to_json

        return to_json(self.facts)

    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""
        from impactsim.reports.document.pages.sampled import sampled_document
        from impactsim.trials.bands import user_bands

        return sampled_document(self.facts, command, user_bands(self.gathered.job, self.gathered.n))

    def __str__(self) -> str:
        from impactsim.reports.sampled.text import to_text

        return to_text(self.facts)


@dataclass(frozen=True, slots=True)
class Comparison(HasReport):
    """Several runs side by side; the first is what the others are compared with."""

    results: tuple[Result, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each figure and one column for each scenario."""
        from impactsim.reports.frames import comparison_frame

        return comparison_frame([result.facts for result in self.results])

    def to_json(self) -> str:
        """Return the comparison as one line of JSON, as ``impactsim compare --json`` prints it."""
        from impactsim.reports.compare import comparison_object
        from impactsim.reports.json_form import one_line

        return one_line(comparison_object([result.facts for result in self.results]))

    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""
        from impactsim.reports.document.pages.compare import comparison_document

        return comparison_document([result.facts for result in self.results], command)

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html())


@dataclass(frozen=True, slots=True)
class SampledComparison(HasReport):
    """Many trials of several scenarios on common luck; the first is what the others are compared with."""

    facts: ComparisonFacts
    """The figures of each, and their differences from the first, with intervals of their own."""
    notes: tuple[str, ...] = ()
    """What those who ran the trials have to say, a sentence each."""

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each figure and scenario: its distribution, and that of its difference from the first."""
        from impactsim.reports.sampled.compare_forms import comparison_frame

        return comparison_frame(self.facts)

    def to_json(self) -> str:
        """Return the comparison as one line of JSON, as ``impactsim compare --json`` prints it."""
        from impactsim.reports.json_form import one_line
        from impactsim.reports.sampled.compare_forms import comparison_object

        return one_line(comparison_object(self.facts))

    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""
        from impactsim.reports.document.pages.compare import sampled_comparison_document

        return sampled_comparison_document(self.facts, command)

    def __str__(self) -> str:
        from impactsim.reports.sampled.compare_text import comparison_text

        return "\n".join(comparison_text(self.facts, n_services=None))

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html())
