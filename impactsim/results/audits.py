"""What the question without a clock says: audit, gaps, cut sets, importances, the choice of a backup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from impactsim.results.shown import HasReport, ShownAsText

if TYPE_CHECKING:
    from impactsim.audit.choose import Choice
    from impactsim.audit.facts import AuditChange, AuditFacts
    from impactsim.gaps.facts import GapsFacts
    from impactsim.reports.document.blocks import Document
    from impactsim.reports.exact.facts import CutSetsFacts, ImportanceFacts


@dataclass(frozen=True, slots=True)
class Audit(ShownAsText, HasReport):
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
class Gaps(ShownAsText):
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
class CutSets(ShownAsText):
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
class Importances(ShownAsText):
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
class BackupChoice(ShownAsText):
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
