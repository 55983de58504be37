"""All findings that need no simulation, and what they take for granted."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.review.facts import PlanFinding
from impactsim.review.findings import copies, measured, quality, roles, suppliers, targets, telling, tests
from impactsim.review.findings.ages import STALE_DAYS
from impactsim.review.findings.demands import OWN_DEMANDS
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.told import listed

_PARTS = (targets, copies, roles, tests, measured, suppliers, quality, telling)


def static_findings(ground: Ground) -> list[PlanFinding]:
    """Return the findings DR01, DR03, DR04, DR09 (roles), DR10, DR11, DR13, DR14 and DR15, in this order.

    Parameters
    ----------
    ground
        Plan, system and day; rehearsals and audit are not looked at.
    """
    return [finding for part in _PARTS for finding in part.findings(ground)]


def static_assumptions(ground: Ground) -> tuple[str, ...]:
    """Return what these findings take for granted, one sentence each, without a full stop."""
    return tuple(_assumptions(ground))


def _assumptions(ground: Ground) -> Iterator[str]:
    said = {each.tier for each in ground.plan.tiers}
    if any(promise.tier not in said for promise in ground.plan.services.values()):
        first, second, other = OWN_DEMANDS.values()
        yield (
            f"where the plan does not say what tests a tier demands, tier 1 demands a {first} test, tier 2 a {second}, "
            f"any other and a service without a tier a {other}, each every 365 days"
        )
    yield "a test of data counts for all of its copies; the day on which the system says that a copy was tested counts as a parallel test"
    yield f"figures that were set more than {STALE_DAYS} days ago are stale"
    yield "a restore takes the first listed copy that works in more than half of the cases, and loses what has changed since the copy before it was made"
    if us := suppliers.ourselves(ground):
        yield f"{listed(us)} {'is' if len(us) == 1 else 'are'} taken for ourselves, and for no supplier"
