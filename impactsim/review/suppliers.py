"""What suppliers promise and prove: DR13."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from impactsim.audit.findings import Severity
from impactsim.review.ages import STALE_DAYS, age_days, age_told
from impactsim.review.facts import PlanFinding
from impactsim.review.ground import Ground
from impactsim.review.leaning import Path, bridged_ms, path_words
from impactsim.review.objectives import figure_of, told_apart
from impactsim.review.targets import bridge_told
from impactsim.review.told import listed

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


def ourselves(ground: Ground) -> str | None:
    """Return the operator that is taken for ourselves: the one who runs more than half of the services of the plan."""
    runs = Counter(ground.system.components[service].operator for service in ground.plan.services)
    operator, n = runs.most_common(1)[0]
    return operator if 2 * n > len(ground.plan.services) else None


def _leaning_on(ground: Ground, supplier: str) -> dict[str, Path]:
    """Return the services that lean on a supplier, alone or not, each with the path to the nearest of what he runs."""
    runs = set(ground.plan.suppliers[supplier].components)
    found: dict[str, Path] = {}
    for service, needed in ground.at_all.items():
        nearest = next((path for path in ((service,), *needed.values()) if path[-1] in runs), None)
        if nearest is not None:
            found[service] = nearest
    return found


# Slower than promised to others.


def _too_slow(ground: Ground, supplier: str) -> Iterator[PlanFinding]:
    promised = ground.plan.suppliers[supplier].repair_time
    for service, needed in ground.alone.items():
        rto = figure_of(ground, service, "rto")
        paths = {service: (service,), **needed}
        ways = [paths[each] for each in ground.plan.suppliers[supplier].components if each in paths]
        if isinstance(promised, int) and rto is not None and ways:
            path = min(ways, key=lambda way: (bridged_ms(ground.system, way), len(way)))
            if promised - bridged_ms(ground.system, path) > rto:
                yield _slower(ground, supplier, path, rto, promised)


def _slower(ground: Ground, supplier: str, path: Path, rto_ms: int, promised_ms: int) -> PlanFinding:
    service = path[0]
    rto, promised = told_apart(rto_ms, promised_ms)
    evidence = ground.plan.suppliers[supplier].evidence
    return PlanFinding(
        id=f"DR13/{service}/{supplier}",
        code="DR13",
        severity=Severity.HIGH,
        text=f"{supplier} has {promised} to repair what {service} cannot do without, and its target RTO is {rto}",
        services=(service,),
        evidence=(
            f"{path_words(path)}, which {supplier} runs",
            f"{supplier} promises a repair within {promised}" + (f": {evidence}" if evidence else ""),
            *bridge_told(ground, path),
        ),
        remedy=f"agree on {rto} or less with {supplier}, or give {service} another way than {path[-1]}",
        components=path[1:] or path,
        figures=(("rto_ms", float(rto_ms)), ("repair_time_ms", float(promised_ms))),
    )


# Not known.


def _unproven(ground: Ground, supplier: str, leaning: dict[str, Path]) -> Iterator[PlanFinding]:
    said = ground.plan.suppliers[supplier]
    if said.repair_time is None or said.repair_time == "unknown":
        asked = "nobody knows" if said.repair_time else "the plan does not say"
        text = f"{asked} within what time {supplier} has to repair what he runs"
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
        text = f"nobody knows whom {supplier} relies on himself: {asked}"
        remedy = f"ask {supplier} for his own suppliers; an empty list says that he has none"
        yield _about(ground, supplier, leaning, "relies-on", Severity.LOW, text, remedy)


def _about(
    ground: Ground, supplier: str, leaning: dict[str, Path], what: str, severity: Severity, text: str, remedy: str
) -> PlanFinding:
    said = ground.plan.suppliers[supplier]
    tested = "no test of his own plan was seen"
    if said.tested is not None:
        tested = f"the last test of his own plan that was seen: {age_told(said.tested, ground.as_of)}"
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
    """Yield those who run something for us of whom the plan says nothing, each once with all that he runs."""
    groups: dict[str, dict[str, dict[str, Path]]] = {}
    covered = {each for supplier in ground.plan.suppliers.values() for each in supplier.components}
    us = ourselves(ground)
    for service, needed in ground.at_all.items():
        for each, path in {service: (service,), **needed}.items():
            who = _run_by_others(ground, each, us)
            if who is not None and each not in covered:
                groups.setdefault(who, {}).setdefault(each, {})[service] = path
    for who, components in groups.items():
        yield _not_covered(who, components)


def _run_by_others(ground: Ground, component: str, us: str | None) -> str | None:
    said = ground.system.components[component]
    if said.operator is not None:
        return None if said.operator == us else said.operator
    return component if said.kind == "provider" else None


def _not_covered(who: str, components: dict[str, dict[str, Path]]) -> PlanFinding:
    services = tuple(dict.fromkeys(service for paths in components.values() for service in paths))
    paths = [next(iter(paths.values())) for paths in components.values()]
    is_operator = list(components) != [who]
    text = f"{who} runs {listed(list(components))}, and the plan does not say what he has promised"
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
