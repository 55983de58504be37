"""DR02: services that are back later than promised, as the trials of the scenarios show; and what nobody brings back.

One finding for a service, whatever the number of scenarios in which it is late: it is closed when all of them hold.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding, Rehearsal, ServiceRecovery, StepFacts, Wait
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.judged import judged
from impactsim.review.findings.late_remedies import remedy_of
from impactsim.review.findings.objectives import figure_of
from impactsim.review.findings.told import chance_told, listed, spread_told
from impactsim.review.findings.unrestored import remedy, why_not
from impactsim.review.play.waiting import wait_told, waits_of
from impactsim.review.report.times import duration
from impactsim.review.report.times import target as said


@dataclass(frozen=True, slots=True)
class _Late:
    """A service in a scenario in which it is late."""

    rehearsal: Rehearsal
    recovery: ServiceRecovery
    severity: Severity
    nobody: tuple[str, ...]
    """What it needs, through whatever, that fails and that nobody restores; empty where it comes back."""
    minimum: float
    waits: tuple[tuple[StepFacts, Wait], ...]
    """What the steps for it waited for."""


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each service that is late in a scenario, and for what nobody restores in any.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    """
    late = {name: _of_service(ground, name) for name in ground.plan.services}
    found = [_finding(ground, cases) for cases in late.values() if cases]
    return [*found, *_unrestored(ground, late.values())]


def _of_service(ground: Ground, name: str) -> list[_Late]:
    """Return the scenarios in which a service is late, the worst first; of equals in the order of the plan."""
    promise = ground.plan.services[name]
    found = []
    for rehearsal in ground.rehearsals:
        recovery = rehearsal.services.get(name)
        if recovery is not None and recovery.is_affected:
            severity = judged(recovery.rto, *_limits(ground, name))
            if severity is not None:
                nobody = _nobody_restores(ground, rehearsal, name) if math.isinf(recovery.rto.p90_ms) else ()
                minimum = 1.0 if promise.mbco is None else promise.mbco
                waits = tuple(waits_of(ground.plan, rehearsal, recovery, {name, *ground.at_all[name]}))
                found.append(_Late(rehearsal, recovery, severity, nobody, minimum, waits))
    return sorted(found, key=lambda each: (-each.severity, -each.recovery.rto.p50_ms))  # stable


def _limits(ground: Ground, service: str) -> tuple[int | None, int | None]:
    """Return target RTO and MTPD, as far as they are figures."""
    return figure_of(ground, service, "rto"), figure_of(ground, service, "mtpd")


def _nobody_restores(ground: Ground, rehearsal: Rehearsal, service: str) -> tuple[str, ...]:
    needed = {service, *ground.at_all[service]}
    return tuple(each for each in rehearsal.unrestored if each in needed)


def _finding(ground: Ground, cases: Sequence[_Late]) -> PlanFinding:
    worst, *others = cases
    name = worst.recovery.id
    target, mtpd = _limits(ground, name)
    involved = [each for case in cases for each in (*case.recovery.because, *case.nobody)]
    steps = [each for case in cases for each in _steps_on(case)]
    return PlanFinding(
        id=f"DR02/{name}",
        code="DR02",
        severity=worst.severity,
        text=_text(worst, target, mtpd) + _elsewhere(others),
        services=(name,),
        evidence=(*_evidence(worst, target), *(_briefly(each, target) for each in others)),
        remedy=_remedy(cases),
        components=tuple(each for each in dict.fromkeys(involved) if each in ground.system.components),
        steps=tuple(dict.fromkeys(steps)),
        figures=tuple(_figures([case.recovery for case in cases], target, mtpd)),
        scenarios=tuple(case.rehearsal.name for case in cases),
    )


def _text(case: _Late, target: int | None, mtpd: int | None) -> str:
    name, late, scenario = case.recovery.id, case.recovery.rto, case.rehearsal.name
    if math.isinf(late.p50_ms):
        return f"{name} does not come back in '{scenario}'"
    limits = [f"its target RTO is {said(target)}"] if target is not None and late.p90_ms > target else []
    if mtpd is not None and late.p90_ms > mtpd:
        tolerable = f"its maximum tolerable period of disruption is {said(mtpd)}"
        limits = [tolerable] if late.p50_ms > mtpd else [*limits, tolerable]
    assert limits, "without a target or a limit nothing is late"
    return f"{name} is back after {spread_told(late, target)} in '{scenario}', and {' and '.join(limits)}"


def _elsewhere(others: Sequence[_Late]) -> str:
    if not others:
        return ""
    return f"; it is late in {len(others)} other scenario{'s' if len(others) > 1 else ''} too"


def _evidence(case: _Late, target: int | None) -> Iterator[str]:
    rehearsal, recovery = case.rehearsal, case.recovery
    n = f"{rehearsal.n_trials:,} trial{'s' if rehearsal.n_trials > 1 else ''} of '{rehearsal.name}', seed {rehearsal.seed}"
    yield f"{n}: {spread_told(recovery.rto, target)} from the outage, {_from_declaration(recovery)}"
    if recovery.p_rto_met is not None:
        yield f"the target RTO is met in {chance_told(recovery.p_rto_met)}"
    for each in case.nobody:
        yield why_not(rehearsal, each)
    if recovery.critical_path:
        yield f"by the medians it waits for {', then '.join(_path_told(recovery.critical_path, rehearsal))}"
    elif recovery.because:
        yield f"by the medians no step decides when it is back, but {recovery.because[-1]}"
    yield from _waits_told(case)
    if recovery.because not in {(), (recovery.id,)}:
        yield f"held down by {' because of '.join(recovery.because)}"


def _from_declaration(recovery: ServiceRecovery) -> str:
    if math.isnan(recovery.from_declaration.p50_ms):
        return "and nothing is declared, for the plan has no step for what happens"
    return f"{spread_told(recovery.from_declaration)} from the declaration"


def _briefly(case: _Late, target: int | None) -> str:
    """Say what a scenario does that is not the worst one."""
    rehearsal, recovery = case.rehearsal, case.recovery
    told = f"'{rehearsal.name}': {spread_told(recovery.rto, target)}"
    if recovery.p_rto_met is not None:
        told += f", the target is met in {chance_told(recovery.p_rto_met)}"
    if recovery.critical_path:
        told += f"; it waits for {', then '.join(_path_told(recovery.critical_path, rehearsal))}"
    elif recovery.because:
        told += f"; {recovery.because[-1]} decides, and no step"
    return "; ".join((told, *_waits_told(case)))


def _waits_told(case: _Late) -> Iterator[str]:
    for step, wait in case.waits:
        yield wait_told(case.rehearsal, step, wait)


def _path_told(path: Iterable[str], rehearsal: Rehearsal) -> Iterator[str]:
    """Yield the parts of a critical path, each with the time at which it is over."""
    ends = {each.id: each.ends_ms for each in rehearsal.steps}
    for each in path:
        end = ends.get(each)
        yield (
            f"{each} (done at {duration(end)})" if end is not None else f"{each} (never done)" if each in ends else each
        )


def _remedy(cases: Sequence[_Late]) -> str:
    """Return what helps in the worst scenario, and what helps in others where that is something else."""
    remedies: dict[str, str] = {}
    for case in cases:
        told = remedy_of(case.rehearsal, case.recovery, case.waits, case.nobody, case.minimum)
        remedies.setdefault(told, case.rehearsal.name)
    first, *others = remedies
    return "; ".join((first, *(f"for '{remedies[each]}' {each}" for each in others)))


def _steps_on(case: _Late) -> tuple[str, ...]:
    steps = {each.id for each in case.rehearsal.steps}
    waiting = (step.id for step, _ in case.waits)
    return tuple(dict.fromkeys(each for each in (*case.recovery.critical_path, *waiting) if each in steps))


def _figures(
    recoveries: Sequence[ServiceRecovery], target: int | None, limit: int | None
) -> Iterator[tuple[str, float]]:
    """Yield the figures of a service: each the worst of all scenarios in which it is late."""
    yield "p50_ms", max(each.rto.p50_ms for each in recoveries)
    yield "p90_ms", max(each.rto.p90_ms for each in recoveries)
    if target is not None:
        yield "target_ms", float(target)
    if limit is not None:
        yield "mtpd_ms", float(limit)
    met = [each.p_rto_met[0] for each in recoveries if each.p_rto_met is not None]
    if met:
        yield "p_met", min(met)
    yield "scenarios", float(len(recoveries))


# What nobody brings back although nothing that is promised waits for it.


def _unrestored(ground: Ground, late: Iterable[Sequence[_Late]]) -> Iterator[PlanFinding]:
    named = {each for cases in late for case in cases for each in case.nobody}
    where: dict[str, list[Rehearsal]] = {}
    for rehearsal in ground.rehearsals:
        for component in rehearsal.unrestored:
            if component not in named:
                where.setdefault(component, []).append(rehearsal)
    for component, rehearsals in where.items():
        yield _finding_of_unrestored(ground, component, rehearsals)


def _finding_of_unrestored(ground: Ground, component: str, rehearsals: Sequence[Rehearsal]) -> PlanFinding:
    services = [name for name in ground.plan.services if component in {name, *ground.at_all[name]}]
    names = [each.name for each in rehearsals]
    quoted = [f"'{name}'" for name in names]
    return PlanFinding(
        id=f"DR02/{component}",
        code="DR02",
        severity=Severity.MEDIUM,
        text=f"nobody restores {component}, which fails in {listed(quoted)}",
        services=tuple(services),
        evidence=(
            why_not(rehearsals[0], component),
            f"what leans on it goes on without it until the end: {listed(services)}"
            if services
            else "no service of the plan leans on it",
        ),
        remedy=remedy(rehearsals[0], [component]),
        components=(component,),
        scenarios=tuple(names),
    )
