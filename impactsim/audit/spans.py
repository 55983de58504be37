"""Times from and to: what is common to them, and how they are written. Milliseconds from the start of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from impactsim.quantities import format_duration


class Span(NamedTuple):
    """A time from and to, the end not included."""

    from_ms: int
    to_ms: int


Spans = list[Span]


def common(some: Spans, others: Spans) -> Spans:
    """Return the times that are in both; each list is in order and free of overlaps.

    Examples
    --------
    >>> common([Span(0, 5), Span(8, 9)], [Span(3, 10)])
    [Span(from_ms=3, to_ms=5), Span(from_ms=8, to_ms=9)]
    """
    found = []
    i = j = 0
    while i < len(some) and j < len(others):
        from_ms, to_ms = max(some[i].from_ms, others[j].from_ms), min(some[i].to_ms, others[j].to_ms)
        if from_ms < to_ms:
            found.append(Span(from_ms, to_ms))
        if some[i].to_ms <= others[j].to_ms:
            i += 1
        else:
            j += 1
    return found


def either(*lists: Spans) -> Spans:
    """Return the times that are in any of several lists.

    Examples
    --------
    >>> either([Span(0, 5), Span(8, 9)], [Span(3, 8)])
    [Span(from_ms=0, to_ms=9)]
    """
    found: Spans = []
    for span in sorted(span for each in lists for span in each):
        if found and span.from_ms <= found[-1].to_ms:
            found[-1] = Span(found[-1].from_ms, max(found[-1].to_ms, span.to_ms))
        else:
            found.append(span)
    return found


# Words.


def at(at_ms: int) -> str:
    """Write a time, such as ``at 2h50m``."""
    return f"at {format_duration(at_ms)}" if at_ms else "at the start"


def when(spans: Sequence[Span], end_ms: int) -> str:
    """Write when something was so, such as ``from 2h50m to 5h`` or ``from the start, to the end of the run (24h)``; at most three times."""
    told = [_when(span, end_ms) for span in spans[:3]]
    return " and ".join(told) + (f" and {len(spans) - 3} more times" if len(spans) > 3 else "")


def _when(span: Span, end_ms: int) -> str:
    began = format_duration(span.from_ms) if span.from_ms else "the start"
    if span.to_ms > end_ms:
        return f"from {began} to the end of the run" + (f" ({format_duration(end_ms)})" if end_ms else "")
    return f"from {began} to {format_duration(span.to_ms)}"


def plural(words: str, things: Sequence[object]) -> str:
    """Return ``is`` or ``are`` (or any two words with a slash between them) for one or several."""
    one, several = words.split("/")
    return one if len(things) == 1 else several
