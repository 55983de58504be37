"""What suppliers promise and prove: DR13."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.ages import STALE_DAYS, age_days, age_told
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import Path, bridged_ms, falls_after, path_words
from impactsim.review.findings.objectives import figure_of, told_apart
from impactsim.review.findings.told import listed

_N_PATHS = 3


def findings(ground: Ground) -> list[PlanFinding]:
    """Return what is wrong with the suppliers that a service of the plan leans on.

    Parameters
    ----------
    ground
        Plan and system.
    """
    found: list[PlanFinding] = []
    for supplier in ground.plan.suppliers:
        leaning = _leaning_on(ground, supplier)
        if leaning:
            found += _too_slow(ground, supplier)
            found += _unproven(ground, supplier, leaning)
    return [*found, *_uncovered(ground)]


def is_ours(ground: Ground, operator: str | None) -> bool:
    """Tell whether an operator is the organisation whose plan it is.

    That is nobody (who writes no operator speaks of ourselves), who runs more than half of the services of the plan, and with
    whose name the name of the system or of the plan begins.
    """
    if operator is None or operator == _runs_most(ground):
        return True
    return any(_begins_with(name, operator) for name in (ground.system.name, ground.plan.plan))


def ourselves(ground: Ground) -> list[str]:
    """Return the operators that are taken for ourselves, in the order of the system."""
    named = dict.fromkeys(each.operator for each in ground.system.components.values() if each.operator is not None)
    return [operator for operator in named if is_ours(ground, operator)]


def is_run_by_others(ground: Ground, component: str) -> bool:
    """Tell whether somebody else runs a component, and brings it back: a supplier, another operator, the crew of another."""
    said = ground.system.components[component]
    crew = None if said.crew is None else ground.system.crews[said.crew].operator
    is_supplied = any(component in supplier.components for supplier in ground.plan.suppliers.values())
    return is_supplied or run_by(ground, component) is not None or not is_ours(ground, crew)


def run_by(ground: Ground, component: str) -> str | None:
    """Return who runs a component for us: its operator, or itself if it is a provider of which nobody says more; None for ourselves."""
    said = ground.system.components[component]
    if said.operator is not None:
        return None if is_ours(ground, said.operator) else said.operator
    return component if said.kind == "provider" else None


def _runs_most(ground: Ground) -> str | None:
    runs = Counter(ground.system.components[service].operator for service in ground.plan.services)
    operator, n = runs.most_common(1)[0]
    return operator if 2 * n > len(ground.plan.services) else None


def _begins_with(name: str, operator: str) -> bool:
    words, others = name.casefold().split(), operator.casefold().split()
    return bool(others) and words[: len(others)] == others


def _leaning_on(ground: Ground, supplier: str) -> dict[str, Path]:
    """Return the services that lean on a supplier, alone or not, each with the path to the nearest of what it runs."""
    runs = set(ground.plan.suppliers[supplier].components)
    found: dict[str, Path] = {}
    for service, needed in ground.at_all.items():
        nearest = next((path for path in ((service,), *needed.values()) if path[-1] in runs), None)
        if nearest is not None:
            found[service] = nearest
    return found


# Slower than promised to others.


def _too_slow(ground: Ground, supplier: str) -> Iterator[PlanFinding]:
    said = ground.plan.suppliers[supplier]
    promised = said.repair_time
    if not isinstance(promised, int):
        return
    falls = falls_after(ground.system, said.components)
    for service in ground.plan.services:
        rto = figure_of(ground, service, "rto")
        if rto is not None and service in falls and promised - falls[service] > rto:
            yield _slower(ground, supplier, _behind(ground, service, said.components), rto, promised, falls[service])


def _behind(ground: Ground, service: str, components: Sequence[str]) -> list[Path]:
    """Return the paths to what a supplier runs that fells a service: one if it does so alone, else those of as few as can be."""
    alone = {service: (service,), **ground.alone[service]}
    ways = [alone[each] for each in components if each in alone]
    if ways:
        return [min(ways, key=lambda way: (bridged_ms(ground.system, way), len(way)))]
    needed = [each for each in components if each in ground.at_all[service]]
    for each in list(needed):
        rest = [other for other in needed if other != each]
        needed = rest if service in falls_after(ground.system, rest) else needed
    return [ground.at_all[service][each] for each in needed]


def _slower(
    ground: Ground, supplier: str, paths: Sequence[Path], rto_ms: int, promised_ms: int, bridge_ms: int
) -> PlanFinding:
    service, ends = paths[0][0], [path[-1] for path in paths]
    rto, promised = told_apart(rto_ms, promised_ms)
    evidence = ground.plan.suppliers[supplier].evidence
    together = (
        [f"{service} goes on without each of {listed(ends)}, and not without all of them"] if len(ends) > 1 else []
    )
    bridge = [f"holdovers on the way hide the loss of {listed(ends)} for {next(told_apart(bridge_ms))} only"]
    another = (
        f"let somebody else run one of {listed(ends)}" if together else f"give {service} another way than {ends[0]}"
    )
    return PlanFinding(
        id=f"DR13/{service}/{supplier}",
        code="DR13",
        severity=Severity.HIGH,
        text=f"{supplier} has {promised} to repair what {service} cannot do without, and its target RTO is {rto}",
        services=(service,),
        evidence=(
            *(f"{path_words(path)}, which {supplier} runs" for path in paths),
            *together,
            f"{supplier} promises a repair within {promised}" + (f": {evidence}" if evidence else ""),
            *(bridge if bridge_ms else ()),
        ),
        remedy=f"agree on {rto} or less with {supplier}, or {another}",
        components=tuple(dict.fromkeys(each for path in paths for each in path[1:] or path)),
        figures=(("rto_ms", float(rto_ms)), ("repair_time_ms", float(promised_ms))),
    )


# Not known.


def _unproven(ground: Ground, supplier: str, leaning: dict[str, Path]) -> Iterator[PlanFinding]:
    said = ground.plan.suppliers[supplier]
    if said.repair_time is None or said.repair_time == "unknown":
        asked = "nobody knows" if said.repair_time else "the plan does not say"
        text = f"{asked} within what time {supplier} has to repair what it runs"
        remedy = f"ask {supplier} for a time to repair, in the contract"
        yield _about(ground, supplier, leaning, "repair-time", Severity.MEDIUM, text, remedy)
    if not said.evidence:
        text = f"nothing proves what {supplier} promises"
        remedy = f"name the contract, certificate or report of {supplier}"
        yield _about(ground, supplier, leaning, "evidence", Severity.LOW, text, remedy)
    if said.tested is not None and age_days(said.tested, ground.as_of) > STALE_DAYS:
        text = f"the last test of the plan of {supplier} is older than a year"
        remedy = f"ask {supplier} for the protocol of a later test"
        yield _about(ground, supplier, leaning, "tested", Severity.LOW, text, remedy)
    if said.relies_on is None or said.relies_on == "unknown":
        asked = "we have asked in vain" if said.relies_on else "the plan does not say"
        text = f"nobody knows whom {supplier} relies on itself: {asked}"
        remedy = f"ask {supplier} for its own suppliers; an empty list says that it has none"
        yield _about(ground, supplier, leaning, "relies-on", Severity.LOW, text, remedy)


def _about(
    ground: Ground, supplier: str, leaning: dict[str, Path], what: str, severity: Severity, text: str, remedy: str
) -> PlanFinding:
    said = ground.plan.suppliers[supplier]
    tested = "no test of its own plan was seen"
    if said.tested is not None:
        tested = f"the last test of its own plan that was seen: {age_told(said.tested, ground.as_of)}"
    return PlanFinding(
        id=f"DR13/supplier/{supplier}/{what}",
        code="DR13",
        severity=severity,
        text=text,
        services=tuple(leaning),
        evidence=(*_ways(leaning, supplier), tested),
        remedy=remedy,
        components=said.components,
    )


def _ways(leaning: dict[str, Path], supplier: str) -> Iterator[str]:
    for path in list(leaning.values())[:_N_PATHS]:
        yield f"{path_words(path)}, which {supplier} runs"
    if len(leaning) > _N_PATHS:
        yield f"{listed(list(leaning)[_N_PATHS:])} lean{'s' * (len(leaning) == _N_PATHS + 1)} on it too"


# Not in the plan.


def _uncovered(ground: Ground) -> Iterator[PlanFinding]:
    """Yield those who run something for us of whom the plan says nothing, each once with all that they run."""
    groups: dict[str, dict[str, dict[str, Path]]] = {}
    covered = {each for supplier in ground.plan.suppliers.values() for each in supplier.components}
    for service, needed in ground.at_all.items():
        for each, path in {service: (service,), **needed}.items():
            who = run_by(ground, each)
            if who is not None and each not in covered:
                groups.setdefault(who, {}).setdefault(each, {})[service] = path
    for who, components in groups.items():
        yield _not_covered(who, components)


def _not_covered(who: str, components: dict[str, dict[str, Path]]) -> PlanFinding:
    services = tuple(dict.fromkeys(service for paths in components.values() for service in paths))
    paths = [next(iter(paths.values())) for paths in components.values()]
    is_operator = list(components) != [who]
    text = f"{who} runs {listed(list(components))}, and the plan does not say what it has promised"
    return PlanFinding(
        id=f"DR13/not-covered/{who}",
        code="DR13",
        severity=Severity.MEDIUM,
        text=text if is_operator else f"the plan does not say what is promised for {who}, which others run",
        services=services,
        evidence=tuple(path_words(path) for path in paths[:_N_PATHS]),
        remedy=f"add {who} to the suppliers of the plan, with the time to repair that was promised",
        components=tuple(components),
    )
