"""What the workflow gives back: the facts, and ways to look at them. Nothing here computes a figure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from impactsim.files.reading import LoadedScenario, LoadedSystem
from impactsim.reports.facts import Facts

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from impactsim.audit.choose import Choice
    from impactsim.audit.facts import AuditChange, AuditFacts
    from impactsim.exercise.document import Reader
    from impactsim.exercise.facts import ExerciseFacts
    from impactsim.files.plans import LoadedPlan
    from impactsim.gaps.facts import GapsFacts
    from impactsim.model.system import System
    from impactsim.reports.document.blocks import Document
    from impactsim.reports.exact.facts import CutSetsFacts, ImportanceFacts
    from impactsim.reports.forecast.facts import ForecastFacts
    from impactsim.reports.rank.facts import RankFacts
    from impactsim.reports.sampled.compare import ComparisonFacts
    from impactsim.reports.sampled.facts import SampledFacts
    from impactsim.review.facts import ReviewFacts
    from impactsim.trials.gather import Gathered
    from impactsim.trials.years import Forecast


class _ShownAsText:
    """What a notebook shows as the text that `str` gives."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        from html import escape

        return f'<pre class="impactsim">{escape(str(self))}</pre>'


class _HasReport(ABC):
    """What can be written as a report, as ``--html`` and ``--markdown`` of its command write it."""

    __slots__ = ()

    @abstractmethod
    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""

    def to_html(self, command: str = "") -> str:
        """Return the report as one page that needs no network."""
        from impactsim.reports.document.html import to_html

        return to_html(self.to_document(command))

    def to_markdown(self, command: str = "") -> str:
        """Return the report as Markdown."""
        from impactsim.reports.document.markdown import to_markdown

        return to_markdown(self.to_document(command))


@dataclass(frozen=True, slots=True)
class Result(_HasReport):
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
class SampledResult(_ShownAsText, _HasReport):
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
class ForecastResult(_ShownAsText):
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
class Comparison(_HasReport):
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
class SampledComparison(_HasReport):
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


@dataclass(frozen=True, slots=True)
class Ranking(_ShownAsText, _HasReport):
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


@dataclass(frozen=True, slots=True)
class Audit(_ShownAsText, _HasReport):
    """What an audit found, what the what-ifs would do to it, and ways to look at it."""

    facts: AuditFacts
    """Findings, the worst first, and the exact answers of the services."""
    changes: tuple[AuditChange, ...] = ()
    """Of each what-if: what it closes, opens, eases and worsens."""

    def to_json(self) -> str:
        """Return the audit as one line of JSON, as ``impactsim audit --json`` prints it."""
        from impactsim.reports.audit.json_form import to_json

        return to_json(self.facts, self.changes)

    def to_document(self, command: str = "") -> Document:
        """Return the report as it is before it is drawn; it names the command line that wrote it."""
        from impactsim.reports.document.pages.audit import audit_document

        return audit_document(self.facts, self.changes, command)

    def __str__(self) -> str:
        from impactsim.reports.audit.text import audit_text

        return "\n".join(audit_text(self.facts, self.changes))


@dataclass(frozen=True, slots=True)
class Gaps(_ShownAsText):
    """What is missing in a system, and ways to look at it."""

    facts: GapsFacts
    """The gaps, what matters most first."""
    layer: str = ""
    """The file of the system, on which a layer can be laid; empty if it was none."""

    def to_json(self) -> str:
        """Return it as one line of JSON, as ``impactsim gaps --json`` prints it."""
        from impactsim.reports.gaps.json_form import to_json

        return to_json(self.facts)

    def to_yaml(self, top: int = 20, *, is_whole: bool = False) -> str:
        """Return a layer to fill in, as ``impactsim gaps --yaml`` prints it: the first `top` gaps, or the whole of all."""
        from impactsim.gaps.fill_in import layer_text

        if is_whole:
            return layer_text(self.facts, self.facts.gaps, self.layer, None)
        return layer_text(self.facts, self.facts.gaps[:top], self.layer)

    def __str__(self) -> str:
        from impactsim.reports.gaps.text import gaps_text

        return "\n".join(gaps_text(self.facts))


@dataclass(frozen=True, slots=True)
class CutSets(_ShownAsText):
    """Minimal cut sets of a component, and ways to look at them."""

    facts: CutSetsFacts
    """All figures, with names."""

    def to_json(self) -> str:
        """Return them as one line of JSON, as ``impactsim cutsets --json`` prints it."""
        from impactsim.reports.exact.forms import cut_sets_json

        return cut_sets_json(self.facts)

    def __str__(self) -> str:
        from impactsim.reports.exact.cutsets_text import cut_sets_text

        return "\n".join(cut_sets_text(self.facts))


@dataclass(frozen=True, slots=True)
class Importances(_ShownAsText):
    """How much each failure matters, and ways to look at it."""

    facts: ImportanceFacts
    """All figures, with names."""

    def to_json(self) -> str:
        """Return them as one line of JSON, as ``impactsim importance --json`` prints it."""
        from impactsim.reports.exact.forms import importance_json

        return importance_json(self.facts)

    def __str__(self) -> str:
        from impactsim.reports.exact.importance_text import importance_text

        return "\n".join(importance_text(self.facts))


@dataclass(frozen=True, slots=True)
class BackupChoice(_ShownAsText):
    """Which backup is the most independent, and ways to look at it."""

    system: str
    """Name of the system."""
    choice: Choice
    """The candidates with their figures, the best first."""

    def to_json(self) -> str:
        """Return it as one line of JSON, as ``impactsim choose-backup --json`` prints it."""
        from impactsim.reports.exact.forms import choice_json

        return choice_json(self.system, self.choice)

    def __str__(self) -> str:
        from impactsim.reports.exact.choice_text import choice_text

        return "\n".join(choice_text(self.system, self.choice))


@dataclass(frozen=True, slots=True)
class Review(_ShownAsText):
    """What a review of a recovery plan says, and ways to look at it."""

    loaded: LoadedPlan
    """The plan, its system and its scenarios."""
    facts: ReviewFacts
    """Rows of the services, findings, what was played, what changes would close."""
    notes: tuple[str, ...] = ()
    """What is worth knowing about how the trials were run; it changes no figure."""

    def to_frame(self, what: str = "services") -> pd.DataFrame:
        """Return a table.

        Parameters
        ----------
        what
            ``services``, ``findings``, ``steps``, ``recoveries`` or ``changes``: see `impactsim.review.report.frames`.

        Raises
        ------
        ValueError
            If there is no such table.
        """
        from impactsim.review.report.frames import to_frame

        return to_frame(self.facts, what)

    def to_json(self) -> str:
        """Return the review as one line of JSON, as ``impactsim review --json`` prints it."""
        from impactsim.review.report.json_form import to_json

        return to_json(self.facts)

    def to_html(self) -> str:
        """Return the report as one page that needs no network, as ``impactsim review --html`` writes it."""
        from impactsim.reports.document.html import to_html

        return to_html(self.to_document())

    def to_markdown(self) -> str:
        """Return the report as Markdown, as ``impactsim review --markdown`` writes it."""
        from impactsim.reports.document.markdown import to_markdown

        return to_markdown(self.to_document())

    def to_document(self) -> Document:
        """Return the report as it is before it is drawn."""
        from impactsim.review.report.document import document_of

        systems = {each.file: each.system for each in self.facts.rehearsals if each.system is not None}
        return document_of(self.facts, systems, self.loaded.file or "PLAN")

    def __str__(self) -> str:
        from impactsim.review.report.text import review_text

        return "\n".join(review_text(self.facts))


@dataclass(frozen=True, slots=True)
class Exercise(_ShownAsText):
    """A tabletop exercise made of a plan and a scenario, and ways to look at it."""

    loaded: LoadedPlan
    """The plan, its system and its scenarios."""
    facts: ExerciseFacts
    """Injects, surprises, roles, questions, expected findings, the scoring sheet."""
    notes: tuple[str, ...] = ()
    """What is worth knowing about how the trials were run; it changes no figure."""

    def to_json(self, reader: Reader = "both") -> str:
        """Return the pack as one line of JSON, as ``impactsim exercise --json`` prints it: as much of it as its reader may see."""
        from impactsim.exercise.json_form import to_json

        return to_json(self.facts, reader)

    def to_html(self, reader: Reader = "both") -> str:
        """Return the pack as one page that needs no network, as ``impactsim exercise --html`` writes it."""
        from impactsim.reports.document.html import to_html

        return to_html(self.to_document(reader))

    def to_markdown(self, reader: Reader = "both") -> str:
        """Return the pack as Markdown, as ``impactsim exercise`` prints it."""
        from impactsim.reports.document.markdown import to_markdown

        return to_markdown(self.to_document(reader))

    def to_document(self, reader: Reader = "both") -> Document:
        """Return the pack as it is before it is drawn: for the facilitator, for participants, or both parts in one."""
        from impactsim.exercise.document import document_of

        return document_of(self.facts, reader, self.loaded.file or "PLAN")

    def __str__(self) -> str:
        return self.to_markdown()
