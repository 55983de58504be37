"""Data that comes back too old, by the words of the system alone: DR04.

What is lost is the time between two copies and the time that one takes (S5.6). The restore takes the first listed copy that
works, and a copy works unless it fails in half of the cases or more.
"""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.audit.findings import Severity
from impactsim.model.system import Copy
from impactsim.quantities import format_duration, format_share
from impactsim.review.facts import PlanFinding
from impactsim.review.ground import Ground
from impactsim.review.leaning import Path, is_one_of_several, path_words
from impactsim.review.objectives import figure_of, told_apart

_DOUBTFUL = 0.5  # from this share of failures on a copy is nothing to count on (S5.6)


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each service and data that it leans on, if the copies are too old for its RPO, or missing.

    Parameters
    ----------
    ground
        Plan and system.
    """
    found = []
    for service in ground.plan.services:
        rpo = figure_of(ground, service, "rpo")
        if rpo is not None:
            found += [
                each for path in data_behind(ground, service) if (each := _finding(ground, path, rpo)) is not None
            ]
    return found


def data_behind(ground: Ground, service: str) -> list[Path]:
    """Return the paths from a service of the plan to the data that it leans on, the nearest first."""
    components = ground.system.components
    return [path for each, path in ground.at_all[service].items() if components[each].kind == "data"]


def copy_taken(copies: tuple[Copy, ...]) -> Copy | None:
    """Return the copy that a restore takes while all places are up; None if there is none that works."""
    return next((copy for copy in copies if copy.fails < _DOUBTFUL), None)


def loses_ms(copy: Copy, p: float = 0.5) -> float:
    """Return how old a copy is at the worst, with the median of the time that it takes, or another quantile."""
    if copy.lag is None:
        return float(copy.every)
    return copy.every + (copy.lag.median() if p == 0.5 else copy.lag.quantile(p))


def _finding(ground: Ground, path: Path, rpo: int) -> PlanFinding | None:
    copies = ground.system.components[path[-1]].copies
    copy = copy_taken(copies)
    if copy is None:
        return _nothing_to_restore(ground, path, rpo)
    middle, late = loses_ms(copy), loses_ms(copy, 0.9)
    if late <= rpo:
        return None
    is_usual = middle > rpo
    lost, allowed = told_apart(middle if is_usual else late, rpo)
    loses = f"loses up to {lost}" if is_usual else f"loses up to {lost} in one case of ten"
    return PlanFinding(
        id=f"DR04/{path[0]}/{path[-1]}",
        code="DR04",
        severity=Severity.HIGH if is_usual else Severity.MEDIUM,
        text=f"a restore of {path[-1]} {loses}, and the target RPO of {path[0]} is {allowed}",
        services=(path[0],),
        evidence=(path_words(path), *(_copy_told(each, each is copy) for each in copies)),
        remedy=_remedy(path, copies, rpo, allowed),
        components=(*path[1:], copy.at),
        figures=(("rpo_ms", float(rpo)), ("loses_p50_ms", middle), ("loses_p90_ms", late)),
    )


def _copy_told(copy: Copy, is_taken: bool) -> str:
    middle, late = told_apart(loses_ms(copy), loses_ms(copy, 0.9))
    figures = f"up to {middle}" + (f", {late} in one case of ten" if late != middle else "")
    parts = f"every {format_duration(copy.every)}" + (" and the time that it takes" if copy.lag is not None else "")
    doubt = f"; it fails in {format_share(copy.fails)} of the cases" if copy.fails >= _DOUBTFUL else ""
    tested = "tested on " + str(copy.tested) if copy.tested else "no test is known"
    taken = "the restore takes" if is_taken else "there is also"
    return f"{taken} the copy at {copy.at}: {parts}, which loses {figures}{doubt}; {tested}"


def _remedy(path: Path, copies: tuple[Copy, ...], rpo: int, allowed: str) -> str:
    better = next((each for each in copies if each.fails < _DOUBTFUL and loses_ms(each, 0.9) <= rpo), None)
    if better is not None:
        return f"restore {path[-1]} from {better.at} first, which loses no more than {allowed}"
    return f"copy {path[-1]} so often that no more than {allowed} is lost, or promise less for {path[0]}"


def _nothing_to_restore(ground: Ground, path: Path, rpo: int) -> PlanFinding:
    service, data = path[0], path[-1]
    copies = ground.system.components[data].copies
    fault = "no copy that can be counted on" if copies else "no copy"
    has_twin = not copies and is_one_of_several(ground.system, service, data)
    (allowed,) = told_apart(rpo)
    return PlanFinding(
        id=f"DR04/{service}/{data}",
        code="DR04",
        severity=Severity.MEDIUM if has_twin else Severity.HIGH,
        text=f"there is {fault} of {data}, and the target RPO of {service} is {allowed}",
        services=(service,),
        evidence=(path_words(path), *(_copy_told(each, False) for each in copies), *_twin_told(data, has_twin)),
        remedy=f"copy {data} elsewhere, and restore it from there as a test",
        components=path[1:],
        figures=(("rpo_ms", float(rpo)),),
    )


def _twin_told(data: str, has_twin: bool) -> Iterator[str]:
    if has_twin:
        yield f"others can take the place of {data}, and nobody says how far behind they are"
