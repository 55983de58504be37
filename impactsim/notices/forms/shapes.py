"""The sign of each status: its shape and its colours, told apart without colours, by colour-blind readers, and in grey print.

The colours are at least 25 apart (CIEDE2000, the nearest two) in normal sight and simulated for the three colour deficiencies
(Machado et al. 2009); they become darker as it becomes worse. Light ones do not stand out from white paper, so each sign has an
outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from impactsim.notices.incident import Status


@dataclass(frozen=True, slots=True)
class Sign:
    """How a status looks."""

    fill: str
    """Colour around the word."""
    ink: str
    """Colour of the word and the shape, 4.5:1 to `fill` at least."""
    shape: str
    """Paths of SVG in a square of 16, drawn in strokes."""


SIGNS: dict[Status, Sign] = {
    "operational": Sign("#1B7F79", "#FFFFFF", '<circle cx="8" cy="8" r="6.5"/><path d="M4.8 8.4l2.2 2.2 4.2-4.8"/>'),
    "degraded_performance": Sign("#FFD54F", "#000000", '<path d="M8 1.8l6.6 12.4H1.4zM8 6.2v3.6M8 11.6v.8"/>'),
    "partial_outage": Sign("#C65D00", "#000000", '<path d="M8 1l7 7-7 7-7-7zM8 4.8v3.8M8 10.4v.8"/>'),
    "major_outage": Sign("#5A1A00", "#FFFFFF", '<path d="M1.8 1.8h12.4v12.4H1.8zM5 5l6 6M11 5l-6 6"/>'),
}


def badge(status: Status, word: str) -> str:
    """Return a status as HTML: shape, colour and word.

    Parameters
    ----------
    status
        Which.
    word
        What it is called in the language of the page. The shape has it as its title, and is passed over where a page is read
        aloud, for the word stands beside it.
    """
    name = escape(word)
    shape = f'<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><title>{name}</title>{SIGNS[status].shape}</svg>'
    return f'<span class="badge {status}">{shape} {name}</span>'
