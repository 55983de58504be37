"""DR05 as a plan sees it: single points that are less grave than the audit can know.

The audit asks what would go down if a component failed. A junction that only passes on a group (the word *internet* for two lines)
cannot fail unless somebody says so; and data that a step brings back from a copy in time, as a test showed, is no more than a delay.
"""

from __future__ import annotations

from dataclasses import replace

from impactsim.audit.findings import Severity
from impactsim.model.system import Component
from impactsim.quantities import about_duration
from impactsim.review.facts import LastTest, PlanFinding
from impactsim.review.findings.ages import STALE_DAYS, age_told
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import carriers_of, takes_no_single
from impactsim.review.findings.objectives import figure_of
from impactsim.review.findings.tested import tests_of
from impactsim.review.findings.told import listed

MAY_NOT_FAIL = "may_not_fail"
"""Name of a figure of what nobody says can fail itself."""

_PASS_ON = frozenset({"service", "connectivity", "power"})
"""Kinds of what may be no more than a word for its members; a host, a site or a tool is a thing of its own."""


def milder(ground: Ground, finding: PlanFinding) -> PlanFinding:
    """Return a finding, of low severity where the plan knows more about a single point than the audit.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    finding
        A finding; of other codes than DR05 it is returned as it is.
    """
    name = finding.components[0] if finding.components else ""
    if finding.code != "DR05" or name not in ground.system.components:
        return finding
    if _is_junction(ground, name):
        return _of_junction(ground, finding, name)
    test = _restored_in_time(ground, name, finding.services)
    return finding if test is None else _of_tested(ground, finding, name, test)


# Junctions.


def _is_junction(ground: Ground, name: str) -> bool:
    said = ground.system.components[name]
    return said.kind in _PASS_ON and takes_no_single(ground.system, name) and not _may_fail(ground, name, said)


def _may_fail(ground: Ground, name: str, said: Component) -> bool:
    """Tell whether anybody says that something fails by itself, or how it comes back."""
    of_a_thing = (said.at, said.operator, said.crew, said.fails, said.time_to_restore, said.restart)
    is_known = name in ground.plan.services or bool(said.copies or said.public_name)
    is_a_thing = is_known or any(each is not None for each in of_a_thing)
    is_struck = any(name in cause.strikes for cause in ground.system.common_causes.values())
    is_restored = any(name in step.restores for step in ground.plan.steps.values())
    return is_a_thing or is_struck or is_restored or _is_hit(ground, name)


def _is_hit(ground: Ground, name: str) -> bool:
    """Tell whether something fails in a scenario, and not because of what it needs."""
    return any(
        why.link.kind == "fault"
        for rehearsal in ground.rehearsals
        if name in rehearsal.run.components
        for why in rehearsal.run.components[name].why
    )


def _of_junction(ground: Ground, finding: PlanFinding, name: str) -> PlanFinding:
    members = listed(carriers_of(ground.system, name))
    return replace(
        finding,
        severity=Severity.LOW,
        text=f"{finding.text}, if it can fail itself: it only passes on {members}",
        evidence=(
            *finding.evidence,
            f"nobody says that {name} fails: it has no failures, no time to restore and no scenario",
        ),
        figures=(*finding.figures, (MAY_NOT_FAIL, 1.0)),
        remedy=f"if {name} is a thing, say how it fails; if it is a word for {members}, say that it never does (fails: {{probability: 0%}})",
    )


# Data that comes back in time.


def _restored_in_time(ground: Ground, name: str, services: tuple[str, ...]) -> LastTest | None:
    """Return the test that brought data back within the target RTO of all services that lean on it; None without one."""
    is_restored = any(name in step.restores for step in ground.plan.steps.values())
    targets = [rto for each in services if (rto := figure_of(ground, each, "rto")) is not None]
    tests = tests_of(ground, name)
    if not (is_restored and targets and tests and ground.system.components[name].copies):
        return None
    last = tests[-1]
    is_good = last.passed is not False and last.age_days <= STALE_DAYS
    return last if is_good and isinstance(last.measured, int) and last.measured <= min(targets) else None


def _of_tested(ground: Ground, finding: PlanFinding, name: str, test: LastTest) -> PlanFinding:
    assert isinstance(test.measured, int), "only such tests count"
    took = f"the last test, on {age_told(test.date, ground.as_of)}, restored {name} in {about_duration(test.measured)}"
    return replace(
        finding,
        severity=Severity.LOW,
        text=f"{finding.text}, until it is restored: a test did that within the target RTO",
        evidence=(*finding.evidence, took),
    )
