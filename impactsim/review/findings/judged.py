"""How bad a time is, held against what was promised, and two findings of one thing as one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding, Spread


def judged(spread: Spread, target: int | None, limit: int | None = None) -> Severity | None:
    """Return how bad a time is, held against its target; None if it is met in nine trials of ten.

    Critical is what is beyond the limit in half of the trials, high what is beyond it in one of ten, or beyond the target in half.

    Parameters
    ----------
    spread
        The time over the trials.
    target
        The objective in milliseconds; None without one.
    limit
        What must not be exceeded in any case (MTPD), in milliseconds; None without one.
    """
    if math.isnan(spread.p50_ms):
        return None
    if math.isinf(spread.p50_ms) or (limit is not None and spread.p50_ms > limit):
        return Severity.CRITICAL
    if limit is not None and spread.p90_ms > limit:
        return Severity.HIGH
    if target is None:
        return None
    if spread.p50_ms > target:
        return Severity.HIGH
    return Severity.MEDIUM if spread.p90_ms > target else None


def worse(one: PlanFinding | None, other: PlanFinding) -> PlanFinding:
    """Return the worse of two findings of the same thing (of equals the first), with all that the other one knows besides."""
    if one is None:
        return other
    first, second = (one, other) if one.severity >= other.severity else (other, one)
    known = dict(first.figures)
    more = tuple((name, value) for name, value in second.figures if name not in known)
    return replace(
        first,
        services=_joined(first.services, second.services),
        evidence=_joined(first.evidence, second.evidence),
        components=_joined(first.components, second.components),
        steps=_joined(first.steps, second.steps),
        scenarios=_joined(first.scenarios, second.scenarios),
        figures=(*first.figures, *more),
    )


def each_once(found: Iterable[PlanFinding]) -> tuple[PlanFinding, ...]:
    """Return one finding for each id, the worst with what the others know; it is by its id that a finding is known again."""
    worst: dict[str, PlanFinding] = {}
    for each in found:
        worst[each.id] = worse(worst.get(each.id), each)
    return tuple(worst.values())


def _joined(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
