"""DR02 of another sort: what counts as back although no step restores it, at once and by nobody.

What a scenario hits, no step restores and the system has a repair for is back when that is done: without detection, decision and
people. A plan without the step would look better than one with it, and so it is said. What others run (suppliers, other operators)
they bring back without our plan; that stands among the assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from impactsim.audit.findings import Severity
from impactsim.laws import Law
from impactsim.model.plan import RecoveryPlan
from impactsim.model.scenario import Destroy, Repair, Scenario
from impactsim.model.system import System
from impactsim.review.facts import PlanFinding, Rehearsal
from impactsim.review.findings.copies import copy_taken
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.suppliers import is_run_by_others
from impactsim.review.findings.told import listed
from impactsim.review.play.called import Hit, hits_of
from impactsim.review.report.times import recovery

Return = tuple[float, str]
"""How long the work takes by its median, in ms, and who says so."""


def returns_in(plan: RecoveryPlan, scenario: Scenario, system: System) -> dict[str, Return]:
    """Return what comes back by itself in a scenario: what it hits for good, and neither a step nor the scenario brings back.

    Parameters
    ----------
    plan
        The plan.
    scenario, system
        What happens, and to what.

    Returns
    -------
    dict
        By id, in the order of the system; of several events on one component the longest work counts.
    """
    restored = {name for step in plan.steps.values() for name in step.restores}
    found: dict[str, Return] = {}
    for hit in hits_of(scenario, system):
        work = _work(hit, system)
        if work is not None and hit.component not in restored and not _is_ended(hit, scenario):
            told = (work[0].median(), work[1])
            found[hit.component] = max(told, found.get(hit.component, told))
    return {name: found[name] for name in system.components if name in found}


def _work(hit: Hit, system: System) -> tuple[Law, str] | None:
    """Return the work after which a fault goes, in the order in which the rules look for it (S4, S5); None without any."""
    component, event = system.components[hit.component], hit.event
    if isinstance(event, Destroy):
        copy = copy_taken(component.copies) or next(iter(component.copies), None)
        return None if copy is None else (copy.restore, f"the restore of its copy at {copy.at}")
    cause = system.common_causes[hit.cause].time_to_restore if hit.cause else None
    for law, whose in (
        (event.repair, "the repair that the scenario gives it"),
        (cause, f"the time to restore of {hit.cause}"),
        (component.time_to_restore, "its time to restore in the system"),
    ):
        if law is not None:
            return law, whose
    return None


def _is_ended(hit: Hit, scenario: Scenario) -> bool:
    """Tell whether the scenario itself ends a fault: at its own time, or by an action."""
    repairs = (each for each in scenario.actions if isinstance(each, Repair))
    return hit.ends_by_itself or any(hit.component in each.repair and each.at >= hit.event.at for each in repairs)


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each thing of our own that comes back by itself in a scenario.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    """
    names = dict.fromkeys(name for rehearsal in ground.rehearsals for name in rehearsal.by_itself)
    ours = (name for name in names if name in ground.system.components and not is_run_by_others(ground, name))
    return [_finding(ground, name, [each for each in ground.rehearsals if name in each.by_itself]) for name in ours]


def _finding(ground: Ground, component: str, rehearsals: Sequence[Rehearsal]) -> PlanFinding:
    services = tuple(name for name in ground.plan.services if component in {name, *ground.at_all[name]})
    longest = max(each.by_itself[component][0] for each in rehearsals)
    when = f"after {recovery(longest)}" if longest else "at once"
    return PlanFinding(
        id=f"DR02/by-itself/{component}",
        code="DR02",
        severity=Severity.MEDIUM if services else Severity.LOW,
        text=f"no step restores {component}: it counts as back {when} by itself, without detection, decision and people",
        services=services,
        evidence=(
            *(
                f"'{each.name}': {each.by_itself[component][1]} decides when it is back, and no step"
                for each in rehearsals
            ),
            f"it is what {listed(services)} lean{'s' * (len(services) == 1)} on"
            if services
            else "no service of the plan leans on it",
        ),
        remedy=f"write a step that restores {component}, with who does it; if others bring it back, name them as its operator or supplier",
        components=(component,),
        figures=(("takes_ms", longest),),
        scenarios=tuple(each.name for each in rehearsals),
    )


def assumptions(ground: Ground) -> Iterator[str]:
    """Yield what comes back by itself in some scenario, suppliers included, one sentence each, without a full stop."""
    returns: dict[str, float] = {}
    for rehearsal in ground.rehearsals:
        for name, (ms, _) in rehearsal.by_itself.items():
            returns[name] = max(ms, returns.get(name, 0.0))
    if returns:
        told = ", ".join(f"{name} ({recovery(ms)})" for name, ms in returns.items())
        yield f"what no step restores comes back by itself, without detection, decision and people: {told}"
    switched = {step.switches.to for step in ground.plan.steps.values() if step.switches is not None}
    standbys = dict.fromkeys(name for found in ground.standbys.values() for name in found if name not in switched)
    if standbys:
        yield f"standbys that no step switches to take over by themselves: {', '.join(standbys)}"
