"""Figures of the plan that are missing, unknown, zero, old or in two versions, services without an owner: DR14.

0, ``unknown`` and ``not-applicable`` are three different things: 0 promises that nothing is ever lost, ``unknown`` is a gap, and
``not-applicable`` is an answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.audit.findings import Severity
from impactsim.model.plan import RecoveryStep
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.ages import STALE_DAYS, age_days, age_told
from impactsim.review.findings.copies import data_behind
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import path_words
from impactsim.review.findings.objectives import OBJECTIVES, ObjectiveName, in_system, said_of, set_on, told_apart
from impactsim.review.findings.told import listed
from impactsim.review.play.works import work_of

_ZERO: dict[ObjectiveName, str] = {"rto": "it is never down", "rpo": "nothing is ever lost"}


def findings(ground: Ground) -> list[PlanFinding]:
    """Return what is wrong with the figures that the plan gives of its services.

    Parameters
    ----------
    ground
        Plan and system.
    """
    found: list[PlanFinding] = []
    for service in ground.plan.services:
        for name in OBJECTIVES:
            found += _unsaid(ground, service, name)
            found += _differs(ground, service, name)
        found += _waived(ground, service)
        found += _zero(ground, service)
        found += _stale(ground, service)
        found += _ownerless(ground, service)
    return [*found, *_endless(ground)]


def _endless(ground: Ground) -> Iterator[PlanFinding]:
    """Yield a finding for each step of which nobody says how long it takes: not the plan, and not the system either."""
    for name, step in ground.plan.steps.items():
        if step.takes == "unknown" and not _lengths(ground, step):
            back = {*step.restores, *(step.switches.of if step.switches is not None else ())}
            services = [each for each, needed in ground.at_all.items() if not back.isdisjoint({each, *needed})]
            yield PlanFinding(
                id=f"DR14/step/{name}/takes",
                code="DR14",
                severity=Severity.HIGH if services else Severity.MEDIUM,
                text=f"nobody knows how long step {name} takes",
                services=tuple(services),
                evidence=(
                    _nobody_says(step),
                    "where it is called for it is never done, and what it brings back stays down",
                ),
                remedy=f"measure {name} in a test, and write down how long it takes",
                components=tuple(
                    dict.fromkeys((*step.restores, *(() if step.switches is None else (step.switches.to,))))
                ),
                steps=(name,),
            )


def _lengths(ground: Ground, step: RecoveryStep) -> bool:
    """Tell whether the system knows how long a step takes, where what it restores fails or where that is destroyed."""
    known = (work_of(step, ground.system, destroyed) for destroyed in ((), step.restores))
    return any(work is not None for work in known)


def _nobody_says(step: RecoveryStep) -> str:
    if step.restores:
        return f"the plan says unknown, and the system has no time to restore of {step.restores[0]}"
    if step.switches is not None:
        return f"the plan says unknown, and the system has no failover time of {step.switches.to}"
    return "the plan says unknown, and the step restores nothing of which the system could say it"


def _unsaid(ground: Ground, service: str, name: ObjectiveName) -> Iterator[PlanFinding]:
    said = said_of(ground.plan.services[service], name)
    if said is not None and said != "unknown":
        return
    data = data_behind(ground, service)
    is_small = name == "mtpd" or (name == "rpo" and not data)
    gap = f"nobody knows the {name.upper()} of {service}" if said else f"the plan gives no {name.upper()} for {service}"
    evidence = []
    if (figure := in_system(ground, service, name)) is not None:
        evidence.append(f"the system says {next(told_apart(figure))}")
    if name == "rpo":
        evidence.append(path_words(data[0]) if data else f"{service} leans on no data, as far as the system says")
    evidence.append("where there is none to give, not-applicable says so")
    remedy = f"ask its owner for the {name.upper()} of {service}, and write it down with its day"
    yield _finding(service, name, Severity.LOW if is_small else Severity.MEDIUM, gap, evidence, remedy)


def _waived(ground: Ground, service: str) -> Iterator[PlanFinding]:
    promise = ground.plan.services[service]
    if promise.tier == 1 and said_of(promise, "rto") == "not-applicable":
        text = f"{service} is of tier 1, and the plan says that an RTO is not applicable to it"
        evidence = ["not-applicable means that nobody waits for it; what is of tier 1 is what most depends on"]
        remedy = f"ask the owner of {service} for its RTO, or whether it is of tier 1; unknown says that nobody knows"
        yield _finding(service, "rto-waived", Severity.LOW, text, evidence, remedy)


def _differs(ground: Ground, service: str, name: ObjectiveName) -> Iterator[PlanFinding]:
    said, system = said_of(ground.plan.services[service], name), in_system(ground, service, name)
    if isinstance(said, int) and system is not None and said != system:
        planned, other = told_apart(said, system)
        text = f"plan and system do not agree on the {name.upper()} of {service}"
        evidence = [f"the plan says {planned}, the system {other}; the review takes that of the plan"]
        remedy = f"ask the owner of {service} which of the two holds, and change the other"
        figures = ((f"{name}_ms", float(said)), (f"{name}_in_system_ms", float(system)))
        yield _finding(service, f"{name}-differs", Severity.MEDIUM, text, evidence, remedy, figures)


def _zero(ground: Ground, service: str) -> Iterator[PlanFinding]:
    for name, promise in _ZERO.items():
        if said_of(ground.plan.services[service], name) == 0:
            text = f"the {name.upper()} of {service} is 0, which promises that {promise}"
            evidence = ["0 is a promise; unknown says that nobody knows, not-applicable that there is none to give"]
            remedy = f"ask its owner whether {service} really has an {name.upper()} of 0, or write unknown"
            yield _finding(service, f"{name}-zero", Severity.MEDIUM, text, evidence, remedy)


def _stale(ground: Ground, service: str) -> Iterator[PlanFinding]:
    promise = ground.plan.services[service]
    days = {name: set_on(ground, service, name) for name in OBJECTIVES if isinstance(said_of(promise, name), int)}
    old = {name: day for name, day in days.items() if day is not None and age_days(day, ground.as_of) > STALE_DAYS}
    undated = [name.upper() for name, day in days.items() if day is None]
    if old:
        names = listed([name.upper() for name in old])
        text = f"the {names} of {service} {'was' if len(old) == 1 else 'were'} set more than {STALE_DAYS} days ago"
        evidence = [f"{name.upper()}: {age_told(day, ground.as_of)}" for name, day in old.items()]
        remedy = f"ask the owner of {service} to confirm the {names}, and write down the day"
        ages = tuple((f"{name}_age_days", float(age_days(day, ground.as_of))) for name, day in old.items())
        yield _finding(service, "age", Severity.MEDIUM, text, evidence, remedy, ages)
    if undated:
        names = listed(undated)
        text = f"nobody says when the {names} of {service} {'was' if len(undated) == 1 else 'were'} set"
        evidence = ["neither the objective, nor the service, nor the plan has an as_of"]
        yield _finding(
            service, "undated", Severity.LOW, text, evidence, "give as_of: the day on which it was confirmed"
        )


def _ownerless(ground: Ground, service: str) -> Iterator[PlanFinding]:
    if not (ground.plan.services[service].owner or "").strip():
        text = f"nobody answers for {service}"
        evidence = [f"the plan gives no owner of {service}"]
        remedy = f"name the function that answers for {service} as its owner"
        yield _finding(service, "owner", Severity.MEDIUM, text, evidence, remedy)


def _finding(
    service: str,
    what: str,
    severity: Severity,
    text: str,
    evidence: list[str],
    remedy: str,
    figures: tuple[tuple[str, float], ...] = (),
) -> PlanFinding:
    return PlanFinding(
        id=f"DR14/{service}/{what}",
        code="DR14",
        severity=severity,
        text=text,
        services=(service,),
        evidence=tuple(evidence),
        remedy=remedy,
        components=(service,),
        figures=figures,
    )
