"""How far a picture over time goes: shortly behind the last change of what it shows, for an idle rest would squeeze the story."""

from __future__ import annotations

from collections.abc import Iterable

from impactsim.reports.words import Times

_BEHIND = 1.1
_WORTH_IT = 0.85
"""An axis is cut only if it becomes shorter than this share of itself."""


def seen_until(changes: Iterable[float], end_ms: int) -> int:
    """Return where the axis of a picture ends.

    Parameters
    ----------
    changes
        When something that is shown changes, in milliseconds.
    end_ms
        When the run ends.

    Returns
    -------
    int
        Milliseconds, at most `end_ms`.

    Examples
    --------
    >>> seen_until([0, 3_600_000, 7_200_000], 86_400_000), seen_until([0, 80_000_000], 86_400_000), seen_until([0], 86_400_000)
    (7920000, 86400000, 86400000)
    """
    last = max((each for each in changes if each < end_ms), default=0)
    short = round(_BEHIND * last)
    return short if 0 < short < _WORTH_IT * end_ms else end_ms


def unchanged_words(until_ms: int, end_ms: int, times: Times) -> str:
    """Say what is not drawn behind the end of an axis, as a sentence after others; nothing if all is drawn."""
    return f" Nothing changes from there until the end, {times.at(end_ms)}." if until_ms < end_ms else ""
