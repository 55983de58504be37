"""Targets that contradict one another: DR01 (longer than tolerable), DR03 (faster than what the service needs)."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import Path, bridged_ms, path_words
from impactsim.review.findings.objectives import figure_of, told_apart


def findings(ground: Ground) -> list[PlanFinding]:
    """Return the contradictions between targets.

    Parameters
    ----------
    ground
        Plan and system.
    """
    return [*_intolerable(ground), *_slower_needs(ground)]


def _intolerable(ground: Ground) -> Iterator[PlanFinding]:
    for service in ground.plan.services:
        rto, mtpd = figure_of(ground, service, "rto"), figure_of(ground, service, "mtpd")
        if rto is not None and mtpd is not None and rto > mtpd:
            promised, tolerable = told_apart(rto, mtpd)
            yield PlanFinding(
                id=f"DR01/{service}",
                code="DR01",
                severity=Severity.HIGH,
                text=f"the target RTO of {service} is longer than anybody can wait",
                services=(service,),
                evidence=(f"its RTO is {promised}, its MTPD {tolerable}",),
                remedy=f"recover {service} within {tolerable}, or ask its owner whether {tolerable} is really the most",
                components=(service,),
                figures=(("rto_ms", float(rto)), ("mtpd_ms", float(mtpd))),
            )


def _slower_needs(ground: Ground) -> Iterator[PlanFinding]:
    for service, needed in ground.alone.items():
        rto = figure_of(ground, service, "rto")
        for other, path in needed.items() if rto is not None else ():
            slower = figure_of(ground, other, "rto")
            if rto is not None and slower is not None and slower - bridged_ms(ground.system, path) > rto:
                yield _slower(ground, path, rto, slower)


def _slower(ground: Ground, path: Path, rto_ms: int, slower_ms: int) -> PlanFinding:
    service, other = path[0], path[-1]
    rto, slower = told_apart(rto_ms, slower_ms)
    by = "the plan" if other in ground.plan.services else "the system"
    return PlanFinding(
        id=f"DR03/{service}/{other}",
        code="DR03",
        severity=Severity.HIGH,
        text=f"{service} is to be back before {other}, which it cannot do without",
        services=(service,),
        evidence=(
            path_words(path),
            f"the RTO of {service} is {rto}, that of {other} {slower}, as {by} says",
            *bridge_told(ground, path),
        ),
        remedy=f"bring {other} back within {rto}, give {service} another way than {other}, or promise no less than {slower}",
        components=path[1:],
        figures=(("rto_ms", float(rto_ms)), ("rto_of_need_ms", float(slower_ms))),
    )


def bridge_told(ground: Ground, path: Path) -> Iterator[str]:
    """Say how long holdovers on a path hide the loss of its end, if they do."""
    if bridge := bridged_ms(ground.system, path):
        (bridged,) = told_apart(bridge)
        yield f"holdovers on the way hide the loss of {path[-1]} for {bridged} only"
