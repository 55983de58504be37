"""What a recovery plan comes to: its review and its exercises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impactsim.results.shown import ShownAsText

if TYPE_CHECKING:
    import pandas as pd

    from impactsim.exercise.document import Reader
    from impactsim.exercise.facts import ExerciseFacts
    from impactsim.files.plans import LoadedPlan
    from impactsim.reports.document.blocks import Document
    from impactsim.review.facts import ReviewFacts


@dataclass(frozen=True, slots=True)
class Review(ShownAsText):
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
class Exercise(ShownAsText):
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
