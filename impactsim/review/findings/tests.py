"""What tests say: missing, old or weak (DR10), worse than promised, failed or without a measured time (DR11)."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.audit.findings import Severity
from impactsim.quantities import format_duration
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.ages import age_told
from impactsim.review.findings.demands import DAY_MS, Demand, Tested, all_to_test, demand_of, strength, strong_enough
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import path_words
from impactsim.review.findings.told import listed

_N_TOLD = 3  # paths and tests


def findings(ground: Ground) -> list[PlanFinding]:
    """Return what is wrong with the tests of what must be tested (``demands.py``), once for each thing.

    Parameters
    ----------
    ground
        Plan and system.
    """
    return [each for thing in all_to_test(ground) if (each := _finding(ground, thing)) is not None]


def _finding(ground: Ground, thing: Tested) -> PlanFinding | None:
    demand = demand_of(ground.plan, tuple(thing.leaning))
    fault = _fault(thing, demand)
    if fault is None:
        return None
    days = demand.every_ms / DAY_MS
    age = (("age_days", float(thing.tests[-1].age_days)),) if thing.tests else ()
    return PlanFinding(
        id=f"DR10/{thing.id}",
        code="DR10",
        severity=severity_for(ground, thing),
        text=f"{thing.name} {fault}",
        services=tuple(thing.leaning),
        evidence=tuple(_evidence(ground, thing, demand)),
        remedy=f"test {thing.name} by a {demand.test} test or a stronger one, and write down when and how long it took",
        components=thing.components,
        figures=(("demanded_every_days", days), *age),
    )


def severity_for(ground: Ground, thing: Tested) -> Severity:
    """Return how bad it is that nobody knows whether something works: high where a service of tier 1 leans on it."""
    is_first = any(ground.plan.services[each].tier == 1 for each in thing.leaning)
    return Severity.HIGH if is_first else Severity.MEDIUM


def _fault(thing: Tested, demand: Demand) -> str | None:
    was = "were" if thing.is_several else "was"
    if not thing.tests:
        return f"{was} never tested"
    strong = strong_enough(thing.tests, demand)
    if not strong:
        return f"{was} never tested more strongly than by a {max(thing.tests, key=strength).type} test"
    if strong[-1].age_days * DAY_MS > demand.every_ms:
        return f"{was} last tested well enough {strong[-1].age_days:,} days ago"
    return None


def _evidence(ground: Ground, thing: Tested, demand: Demand) -> Iterator[str]:
    yield f"{demand.of} demands a {demand.test} test or a stronger one at least every {format_duration(demand.every_ms)}"
    yield from paths_told(thing)
    tests = [f"{test.type} test on {age_told(test.date, ground.as_of)}" for test in thing.tests]
    yield from list(dict.fromkeys(tests))[-_N_TOLD:]  # system and plan may know of the same one
    planned = [test.date for test in ground.plan.tests if test.of == thing.components[0] and test.date > ground.as_of]
    if planned:
        yield f"a test on {age_told(min(planned), ground.as_of)}, does not count yet"


def paths_told(thing: Tested) -> Iterator[str]:
    """Say which services lean on something, and by which way."""
    far = {service: path for service, path in thing.leaning.items() if len(path) > 1}
    for path in list(far.values())[:_N_TOLD]:
        yield path_words(path)
    if len(far) > _N_TOLD:
        yield f"{listed(list(far)[_N_TOLD:])} lean{'s' * (len(far) == _N_TOLD + 1)} on it too"
