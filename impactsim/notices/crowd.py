"""How many people an outage has hit, with what is uncertain of how many there are: exact figures, not yet public."""

from __future__ import annotations

from collections.abc import Iterable

from impactsim.model.system import Segment, System
from impactsim.outage.snapshot import people_at
from impactsim.reports.facts import Facts


def people_affected(system: System, course: Facts, since_ms: int, at_ms: int, *, is_over: bool) -> tuple[float, float]:
    """Return how many are affected at least and at most, with what is uncertain of their counts.

    Parameters
    ----------
    system
        The system.
    course
        The run.
    since_ms
        When it began.
    at_ms
        Now.
    is_over
        Whether all are back: then the most that were affected at a time until now, else those who are affected now.
    """
    counts = [people_at(course, at_ms)]
    if is_over:
        counts += [each for from_ms, each in course.users.curve if since_ms <= from_ms <= at_ms]
    low, high = max(each.low for each in counts), max(each.high for each in counts)
    least, most = _uncertain(system.users.values())
    return low * least, high * most


def _uncertain(segments: Iterable[Segment]) -> tuple[float, float]:
    """Return by which factors all counts together may be smaller or larger than their medians: one in ten is beyond either."""
    laws = [segment.count for segment in segments]
    median = sum(law.median() for law in laws)
    if not median:
        return 1.0, 1.0
    low, high = (sum(law.quantile(p) for law in laws) for p in (0.1, 0.9))
    return low / median, high / median
