"""What the trials say of the targets: DR02 (recovery time) and DR04 (data, as it was lost in a run)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding, Rehearsal, ServiceRecovery, Spread, StepFacts, Wait
from impactsim.review.ground import Ground
from impactsim.review.objectives import figure_of, said_of
from impactsim.review.told import chance_told, listed, places, spread_told
from impactsim.review.words import duration


def findings(ground: Ground, before: Collection[PlanFinding] = ()) -> list[PlanFinding]:
    """Return what the rehearsals show of the targets.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    before
        What was found without a clock: data that it says is lost too far back is not told twice.
    """
    told = {name for each in before if each.code == "DR04" for name in each.services}
    found: list[PlanFinding] = []
    for place, rehearsal in zip(places(ground.rehearsals), ground.rehearsals, strict=True):
        found += _late(ground, place, rehearsal)
        found += _lost(ground, place, rehearsal, told)
    return found


def judged(spread: Spread, target: int | None, limit: int | None = None) -> Severity | None:
    """Return how bad a time is, held against its target; None if it is met in nine trials of ten.

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
    if target is None:
        return None
    if spread.p50_ms > target:
        return Severity.HIGH
    return Severity.MEDIUM if spread.p90_ms > target else None


# DR02: when it is back.


def _late(ground: Ground, place: str, rehearsal: Rehearsal) -> Iterator[PlanFinding]:
    named: set[str] = set()
    for name, recovery in rehearsal.services.items():
        severity = judged(recovery.rto, *_limits(ground, name)) if recovery.is_affected else None
        if severity is not None:
            nobody = _nobody_restores(ground, rehearsal, name) if math.isinf(recovery.rto.p90_ms) else ()
            named.update(nobody)
            yield _finding_of_late(ground, place, rehearsal, recovery, severity, nobody)
    for component in rehearsal.unrestored:
        if component not in named:
            yield _finding_of_unrestored(ground, place, rehearsal, component)


def _limits(ground: Ground, service: str) -> tuple[int | None, int | None]:
    """Return target RTO and MTPD, as far as they are figures."""
    return figure_of(ground, service, "rto"), figure_of(ground, service, "mtpd")


def _nobody_restores(ground: Ground, rehearsal: Rehearsal, service: str) -> tuple[str, ...]:
    """Return what a service needs, through whatever, that fails and that nobody restores."""
    needed = {service, *ground.at_all[service]}
    return tuple(each for each in rehearsal.unrestored if each in needed)


def _finding_of_late(
    ground: Ground,
    place: str,
    rehearsal: Rehearsal,
    recovery: ServiceRecovery,
    severity: Severity,
    nobody: tuple[str, ...],
) -> PlanFinding:
    target, mtpd = _limits(ground, recovery.id)
    return PlanFinding(
        id=f"DR02/{recovery.id}/{place}",
        code="DR02",
        severity=severity,
        text=_text_of_late(recovery, target, mtpd, rehearsal.name),
        services=(recovery.id,),
        evidence=tuple(_evidence_of_late(rehearsal, recovery, nobody)),
        remedy=_remedy_of_late(rehearsal, recovery, nobody),
        components=tuple(
            each for each in dict.fromkeys((*recovery.because, *nobody)) if each in ground.system.components
        ),
        steps=_steps_on(recovery.critical_path, rehearsal),
        figures=tuple(_figures(recovery.rto, target, mtpd, recovery.p_rto_met)),
    )


def _text_of_late(recovery: ServiceRecovery, target: int | None, mtpd: int | None, scenario: str) -> str:
    name, late = recovery.id, recovery.rto
    if math.isinf(late.p50_ms):
        return f"{name} does not come back in '{scenario}'"
    if mtpd is not None and late.p50_ms > mtpd:
        over = f"its maximum tolerable period of disruption is {duration(mtpd)}"
    else:
        assert target is not None, "without a target nothing is late"
        over = f"its target RTO is {duration(target)}"
    return f"{name} is back after {spread_told(late)} in '{scenario}', and {over}"


def _evidence_of_late(rehearsal: Rehearsal, recovery: ServiceRecovery, nobody: Sequence[str]) -> Iterator[str]:
    n = f"{rehearsal.n_trials:,} trial{'s' if rehearsal.n_trials > 1 else ''} of '{rehearsal.name}', seed {rehearsal.seed}"
    yield f"{n}: {spread_told(recovery.rto)} from the outage, {spread_told(recovery.from_declaration)} from the declaration"
    if recovery.p_rto_met is not None:
        yield f"the target RTO is met in {chance_told(recovery.p_rto_met)}"
    for each in nobody:
        yield f"no step restores {each}, and it has no time to restore either"
    if recovery.critical_path:
        yield f"by the medians it waits for {', then '.join(_path_told(recovery.critical_path, rehearsal))}"
    elif recovery.because:
        yield f"by the medians no step decides when it is back, but {recovery.because[-1]}"
    yield from _longest_waits(recovery, rehearsal)
    if recovery.because not in {(), (recovery.id,)}:
        yield f"held down by {' because of '.join(recovery.because)}"


def _path_told(path: Iterable[str], rehearsal: Rehearsal) -> Iterator[str]:
    """Yield the parts of a critical path, each with the time at which it is over."""
    ends = {each.id: each.ends_ms for each in rehearsal.steps}
    for each in path:
        end = ends.get(each)
        yield (
            f"{each} (done at {duration(end)})" if end is not None else f"{each} (never done)" if each in ends else each
        )


def _longest_waits(recovery: ServiceRecovery, rehearsal: Rehearsal) -> Iterator[str]:
    """Yield what the steps on the critical path waited for, people, tools and places only."""
    on_path = set(recovery.critical_path)
    for step in rehearsal.steps:
        for wait in step.waits if step.id in on_path else ():
            if wait.kind in {"person", "tool", "place"}:
                yield f"{step.id} waits {_how_long(rehearsal, step, wait)} for {wait.kind} {listed(wait.of)}"


def _how_long(rehearsal: Rehearsal, step: StepFacts, wait: Wait) -> str:
    # That the run ends at its horizon is no end of the wait.
    is_open = step.ends_ms is None and wait.to_ms == rehearsal.run.end_ms
    return f"from {duration(wait.from_ms)} until the end" if is_open else duration(wait.to_ms - wait.from_ms)


def _remedy_of_late(rehearsal: Rehearsal, recovery: ServiceRecovery, nobody: Sequence[str]) -> str:
    if nobody:
        return f"write a step that restores {listed(nobody)}, with who does it and how long it takes"
    steps = _steps_on(recovery.critical_path, rehearsal)
    if math.isinf(recovery.rto.p50_ms):
        return f"find a way back for {recovery.id} that does not wait for what never comes"
    if not recovery.critical_path and recovery.because:
        cause = recovery.because[-1]
        return f"write a step that brings {recovery.id} back without {cause}, or agree on a shorter repair of {cause}"
    if not steps:
        return f"let detection and decision take less time, or write a step that brings {recovery.id} back sooner"
    return f"make shorter what decides: {listed(steps)}; or agree on a longer target with the owner of {recovery.id}"


def _steps_on(path: Iterable[str], rehearsal: Rehearsal) -> tuple[str, ...]:
    steps = {each.id for each in rehearsal.steps}
    return tuple(each for each in path if each in steps)


def _figures(
    spread: Spread, target: int | None, limit: int | None, chance: tuple[float, float, float] | None
) -> Iterator[tuple[str, float]]:
    yield "p50_ms", spread.p50_ms
    yield "p90_ms", spread.p90_ms
    if target is not None:
        yield "target_ms", float(target)
    if limit is not None:
        yield "mtpd_ms", float(limit)
    if chance is not None:
        yield "p_met", chance[0]


def _finding_of_unrestored(ground: Ground, place: str, rehearsal: Rehearsal, component: str) -> PlanFinding:
    services = [name for name in rehearsal.services if component in {name, *ground.at_all[name]}]
    return PlanFinding(
        id=f"DR02/{component}/{place}",
        code="DR02",
        severity=Severity.MEDIUM,
        text=f"nobody restores {component}, which fails in '{rehearsal.name}'",
        services=tuple(services),
        evidence=(
            f"no step restores {component}, and it has no time to restore either",
            f"what leans on it goes on without it until the end: {listed(services)}"
            if services
            else "no service of the plan leans on it",
        ),
        remedy=f"write a step that restores {component}, or say in the system how long its repair takes",
        components=(component,),
    )


# DR04: what is lost.


def _lost(ground: Ground, place: str, rehearsal: Rehearsal, told: Collection[str]) -> Iterator[PlanFinding]:
    for name, recovery in rehearsal.services.items():
        if recovery.rpo is None or said_of(ground.plan.services[name], "rpo") == "not-applicable":
            continue
        target = figure_of(ground, name, "rpo")
        severity = judged(recovery.rpo, target)
        # That the interval is longer than the target is said already; that all is lost for good is not.
        if severity is not None and (name not in told or severity is Severity.CRITICAL):
            needed = {name, *ground.at_all[name]}
            data = rehearsal.run.data.items()
            gone = tuple(each for each, loss in data if each in needed and (loss.lost_for_good or loss.loss_ms))
            yield _finding_of_lost(place, rehearsal, recovery, gone, target, severity)


def _finding_of_lost(
    place: str,
    rehearsal: Rehearsal,
    recovery: ServiceRecovery,
    gone: tuple[str, ...],
    target: int | None,
    severity: Severity,
) -> PlanFinding:
    name, rpo = recovery.id, recovery.rpo
    assert rpo is not None, "something is lost"
    if math.isinf(rpo.p50_ms):
        text = f"data of {name} is lost for good in '{rehearsal.name}'"
        remedy = f"keep a copy of the data of {name} where '{rehearsal.name}' does not reach it"
    else:
        assert target is not None, "without a target nothing is too much"
        text = f"{name} loses the data of {spread_told(rpo)} in '{rehearsal.name}', and its target RPO is {duration(target)}"
        remedy = f"copy the data of {name} more often, or agree on a longer RPO with its owner"
    evidence = [f"{rehearsal.n_trials:,} trials of '{rehearsal.name}', seed {rehearsal.seed}: {_data_told(rpo)}"]
    if recovery.p_rpo_met is not None:
        evidence.append(f"the target RPO is met in {chance_told(recovery.p_rpo_met)}")
    if gone:
        evidence.append(f"lost in the run by the medians: {listed(gone)}")
    return PlanFinding(
        id=f"DR04/{name}/{place}",
        code="DR04",
        severity=severity,
        text=text,
        services=(name,),
        evidence=tuple(evidence),
        remedy=remedy,
        components=gone,
        figures=tuple(_figures(rpo, target, None, recovery.p_rpo_met)),
    )


def _data_told(rpo: Spread) -> str:
    middle, late = ("all of it" if math.isinf(ms) else duration(ms) for ms in (rpo.p50_ms, rpo.p90_ms))
    return f"data loss {middle} (P50), {late} (P90)"


def worse(one: PlanFinding | None, other: PlanFinding) -> PlanFinding:
    """Return the worse of two findings of the same thing (of equals the first), with the evidence of both."""
    if one is None:
        return other
    first, second = (one, other) if one.severity >= other.severity else (other, one)
    return replace(
        first,
        services=tuple(dict.fromkeys((*first.services, *second.services))),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
    )
