"""What `now` gives back: the facts, and ways to look at them. Nothing here computes a figure."""

from __future__ import annotations

from dataclasses import dataclass

from impactsim.outage.estimate import Estimates
from impactsim.outage.facts import NowFacts
from impactsim.outage.situation import Situation


@dataclass(frozen=True, slots=True, eq=False)
class Now:
    """An outage under way, and ways to look at it."""

    facts: NowFacts
    """All figures, with names."""
    situation: Situation
    """What is known, as a scenario that goes on from now."""
    estimates: Estimates
    """What the trials say of the rest."""
    notes: tuple[str, ...] = ()
    """What is worth knowing about how the trials were run; it changes no figure."""

    def to_json(self) -> str:
        """Return it as one line of JSON, as ``impactsim now --json`` prints it."""
        from impactsim.outage.json_form import to_json

        return to_json(self.facts)

    def __str__(self) -> str:
        from impactsim.outage.text import to_text

        return to_text(self.facts)

    def _repr_html_(self) -> str:
        from html import escape

        return f'<pre class="impactsim">{escape(str(self))}</pre>'
