"""The shape of each tone: a status is read by its word, its shape and its colour, and any of the three is enough."""

from __future__ import annotations

from impactsim.reports.document.blocks import Tone
from impactsim.reports.document.colours import TONES

_OUTER: dict[Tone, str] = {
    "good": '<circle cx="8" cy="8" r="7"/>',
    "low": '<path d="M1 2.5h14L8 14.8z"/>',
    "medium": '<path d="M8 1.2l7 12.3H1z"/>',
    "high": '<path d="M8 .8L15.2 8 8 15.2.8 8z"/>',
    "critical": '<path d="M1 1h14v14H1z"/>',
    "unknown": '<path d="M4.5 1.5h7L15 8l-3.5 6.5h-7L1 8z"/>',
}
_INNER: dict[Tone, str] = {
    "good": "M4.6 8.2l2.4 2.5 4.4-5",
    "low": "M5.8 5.6h4.4",
    "medium": "M8 5.4v3.8M8 11.2v.6",
    "high": "M8 4.2v4.4M8 11v.7",
    "critical": "M4.8 4.8l6.4 6.4M11.2 4.8l-6.4 6.4",
    "unknown": "M6.2 6.4c0-2.4 3.6-2.4 3.6 0 0 1.4-1.8 1.4-1.8 2.8M8 11.2v.6",
}


def symbols() -> str:
    """Return a hidden SVG with one symbol a tone, 16 by 16: ``<svg><use href="#sign-high"/></svg>`` shows one.

    Fill and lines take ``--fill`` and ``--on-fill`` of the class of the tone (`colours.stylesheet`).
    """
    each = "".join(
        f'<symbol id="sign-{tone}" viewBox="0 0 16 16">'
        f'<g fill="var(--fill)" stroke="var(--outline)">{_OUTER[tone]}</g>'
        f'<path d="{_INNER[tone]}" fill="none" stroke="var(--on-fill)" stroke-width="1.7" stroke-linecap="round"/></symbol>'
        for tone in TONES
    )
    return f'<svg class="symbols" width="0" height="0" aria-hidden="true" focusable="false">{each}</svg>'
