"""Data that comes back too old, by the words of the system alone: DR04.

What is lost is the time between two copies and the time that one takes (S5.6). The restore takes the first listed copy that
works, and a copy works unless it fails in half of the cases or more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from impactsim.audit.findings import Severity
from impactsim.model.system import Copy
from impactsim.quantities import about_share, format_duration, format_share
from impactsim.review.facts import PlanFinding
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import Path, is_one_of_several, path_words
from impactsim.review.findings.objectives import figure_of, said_of, told_apart
from impactsim.review.findings.told import listed

_DOUBTFUL = 0.5  # from this share of failures on a copy is nothing to count on (S5.6)
_MAY_FAIL, _FAILS_OFTEN = 0.01, 0.1  # how likely it must be that no copy works, to be worth a word, and to be grave
_N_PATHS = 3


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each data that a service leans on, if its copies are too old for the RPO of any, or missing.

    Parameters
    ----------
    ground
        Plan and system.
    """
    leaning: dict[str, dict[str, Path]] = {}
    for service in ground.plan.services:
        for path in data_behind(ground, service) if figure_of(ground, service, "rpo") is not None else ():
            leaning.setdefault(path[-1], {})[service] = path
    cases = ([_case(ground, path) for path in paths.values()] for paths in leaning.values())
    hit = ([each for each in found if each is not None] for found in cases)
    old = [_finding(ground, found) for found in hit if found]
    return [*old, *_doubtful(ground, leaning)]


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


@dataclass(frozen=True, slots=True)
class _TooOld:
    """A service that leans on data of which too much may be lost."""

    path: Path
    rpo_ms: int
    severity: Severity
    has_twin: bool = False
    """Can others take the place of data that has no copy?"""

    @property
    def service(self) -> str:
        """Who leans on it."""
        return self.path[0]


def _case(ground: Ground, path: Path) -> _TooOld | None:
    rpo = figure_of(ground, path[0], "rpo")
    assert rpo is not None, "without an RPO nothing is too old"
    copies = ground.system.components[path[-1]].copies
    copy = copy_taken(copies)
    if copy is None:
        has_twin = not copies and is_one_of_several(ground.system, path[0], path[-1])
        return _TooOld(path, rpo, Severity.MEDIUM if has_twin else Severity.HIGH, has_twin)
    if loses_ms(copy, 0.9) <= rpo:
        return None
    return _TooOld(path, rpo, Severity.HIGH if loses_ms(copy) > rpo else Severity.MEDIUM)


def _finding(ground: Ground, cases: Sequence[_TooOld]) -> PlanFinding:
    data = cases[0].path[-1]
    copies = ground.system.components[data].copies
    copy = copy_taken(copies)
    rpos = {case.service: case.rpo_ms for case in cases}
    leads = min(cases, key=lambda case: case.rpo_ms)
    ways = tuple(path_words(case.path) for case in cases)
    more = (f"{len(ways) - _N_PATHS} more services lean on it",) if len(ways) > _N_PATHS else ()
    return PlanFinding(
        id=f"DR04/{data}",
        code="DR04",
        severity=max(case.severity for case in cases),
        text=_text(data, copies, copy, rpos),
        services=tuple(rpos),
        evidence=(
            *ways[:_N_PATHS],
            *more,
            *(_copy_told(each, each is copy) for each in copies),
            *_twin_told(data, any(case.has_twin for case in cases)),
            *(allowed_told(rpos) if len(rpos) > 1 else ()),
        ),
        remedy=_remedy(data, copies, leads.rpo_ms, leads.service),
        components=(*leads.path[1:], *(() if copy is None else (copy.at,))),
        figures=tuple(_figures(copy, leads.rpo_ms)),
    )


def strictest(rpos: Mapping[str, int | None]) -> int | None:
    """Return the shortest of some targets in milliseconds; None where there is none."""
    return min((rpo for rpo in rpos.values() if rpo is not None), default=None)


def allowed_told(rpos: Mapping[str, int | None]) -> Iterator[str]:
    """Say how much of some data its services may lose, one sentence for all of one target, the strictest first."""
    for rpo in sorted({rpo for rpo in rpos.values() if rpo is not None}):
        names = [name for name, allowed in rpos.items() if allowed == rpo]
        yield f"the target RPO of {listed(names)} is {next(told_apart(rpo))}"


def _text(data: str, copies: tuple[Copy, ...], copy: Copy | None, rpos: Mapping[str, int]) -> str:
    rpo = min(rpos.values())
    whose = listed([name for name, allowed in rpos.items() if allowed == rpo])
    if copy is None:
        fault = "no copy that can be counted on" if copies else "no copy"
        return f"there is {fault} of {data}, and the target RPO of {whose} is {next(told_apart(rpo))}"
    middle, late = loses_ms(copy), loses_ms(copy, 0.9)
    lost, allowed = told_apart(middle if middle > rpo else late, rpo)
    loses = f"loses up to {lost}" if middle > rpo else f"loses up to {lost} in one case of ten"
    return f"a restore of {data} {loses}, and the target RPO of {whose} is {allowed}"


def _figures(copy: Copy | None, rpo_ms: int) -> Iterator[tuple[str, float]]:
    yield "rpo_ms", float(rpo_ms)
    if copy is not None:
        yield "loses_p50_ms", loses_ms(copy)
        yield "loses_p90_ms", loses_ms(copy, 0.9)


def _copy_told(copy: Copy, is_taken: bool) -> str:
    middle, late = told_apart(loses_ms(copy), loses_ms(copy, 0.9))
    figures = f"up to {middle}" + (f", {late} in one case of ten" if late != middle else "")
    parts = f"every {format_duration(copy.every)}" + (" and the time that it takes" if copy.lag is not None else "")
    doubt = f"; it fails in {format_share(copy.fails)} of the cases" if copy.fails >= _DOUBTFUL else ""
    tested = "tested on " + str(copy.tested) if copy.tested else "no test is known"
    taken = "the restore takes" if is_taken else "there is also"
    return f"{taken} the copy at {copy.at}: {parts}, which loses {figures}{doubt}; {tested}"


def _remedy(data: str, copies: tuple[Copy, ...], rpo: int, service: str) -> str:
    (allowed,) = told_apart(rpo)
    if copy_taken(copies) is None:
        return f"copy {data} elsewhere, and restore it from there as a test"
    better = next((each for each in copies if each.fails < _DOUBTFUL and loses_ms(each, 0.9) <= rpo), None)
    if better is not None:
        return f"restore {data} from {better.at} first, which loses no more than {allowed}"
    return f"copy {data} so often that no more than {allowed} is lost, or promise less for {service}"


# Copies that may not work.


def _doubtful(ground: Ground, held_to: Collection[str]) -> Iterator[PlanFinding]:
    """Yield a finding for each data of which all copies may fail at once, unless its finding says already that none can be counted on."""
    leaning: dict[str, dict[str, Path]] = {}
    for service, promise in ground.plan.services.items():
        for path in data_behind(ground, service) if said_of(promise, "rpo") != "not-applicable" else ():
            leaning.setdefault(path[-1], {})[service] = path
    for data, paths in leaning.items():
        copies = ground.system.components[data].copies
        chance = round(prod(copy.fails for copy in copies), 12) if copies else 0.0
        is_said = copy_taken(copies) is None and data in held_to
        if chance >= _MAY_FAIL and not is_said:
            yield _of_doubt(ground, data, paths, chance)


def _of_doubt(ground: Ground, data: str, paths: Mapping[str, Path], chance: float) -> PlanFinding:
    copies, share = ground.system.components[data].copies, about_share(chance)
    severity = Severity.HIGH if chance >= _FAILS_OFTEN else Severity.MEDIUM
    has_twin = all(is_one_of_several(ground.system, service, data) for service in paths)
    places = listed(list(dict.fromkeys(copy.at for copy in copies)))
    one = f"the restore of {data} fails in {share} of the cases, and there is no other copy"
    several = f"all {len(copies)} copies of {data} fail in {share} of the cases, and nothing is left then"
    return PlanFinding(
        id=f"DR04/{data}/restore-fails",
        code="DR04",
        severity=Severity(severity - 1) if has_twin else severity,
        text=one if len(copies) == 1 else several,
        services=tuple(paths),
        evidence=(
            *(path_words(path) for path in list(paths.values())[:_N_PATHS]),
            *(
                f"the copy at {copy.at} fails in {format_share(copy.fails)} of the cases, as the system says"
                for copy in copies
            ),
            *(["each fails by itself, whether the others do or not"] if len(copies) > 1 else []),
            *_twin_told(data, has_twin),
        ),
        remedy=f"keep another copy of {data} that does not come from {places}, and try restores until they fail less often",
        components=(data, *dict.fromkeys(copy.at for copy in copies)),
        figures=(("all_fail", chance),),
    )


def _twin_told(data: str, has_twin: bool) -> Iterator[str]:
    if has_twin:
        yield f"others can take the place of {data}, and nobody says how far behind they are"
