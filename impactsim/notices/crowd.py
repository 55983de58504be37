"""How many people an outage has hit, with what is uncertain of how many there are: exact figures, not yet public."""

from __future__ import annotations

from collections.abc import Iterable

from impactsim.model.system import Segment, System
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
    changes = [(from_ms, each) for from_ms, each in course.users.curve if from_ms <= at_ms]
    curve = (
        [each for from_ms, each in changes if from_ms >= since_ms] if is_over else [each for _, each in changes[-1:]]
    )
    low, high = (max((getattr(each, end) for each in curve), default=0.0) for end in ("low", "high"))
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
