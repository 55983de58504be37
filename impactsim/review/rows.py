"""The row of each service: what is promised against what can be had, on what it rests, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from impactsim.audit.findings import Severity
from impactsim.model.fields import Target
from impactsim.review.facts import LastTest, PlanFinding, Rehearsal, ServiceRecovery, ServiceRow, Spread, Verdict
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import standbys_among
from impactsim.review.findings.objectives import figure_of, said_of, set_on
from impactsim.review.findings.points import MAY_NOT_FAIL
from impactsim.review.findings.roles import steps_for
from impactsim.review.findings.sharper import TAKES_DOWN_ALONE
from impactsim.review.findings.tested import last_of, tests_of, tests_of_copy

_OF_THE_SYSTEM = frozenset({"DR05", "DR06"})
"""Codes of findings that are as bad as the number of users that they hit: whether the plan recovers from it the trials say."""

_WORST_FIRST: tuple[Verdict, ...] = ("fails", "at risk", "holds", "not known")
_BAD = frozenset({"fails", "at risk"})

Chance = tuple[float, float, float]
"""An estimate and its interval."""

Played = tuple[Rehearsal, ServiceRecovery]
"""A scenario, and what becomes of a service in it."""


def rows(ground: Ground, found: Sequence[PlanFinding]) -> tuple[ServiceRow, ...]:
    """Return the row of each service of the plan, in the plan's order.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    found
        All findings, the worst first.
    """
    of_service: dict[str, list[PlanFinding]] = {name: [] for name in ground.plan.services}
    for finding in found:
        for name in finding.services:
            if name in of_service:
                of_service[name].append(finding)
    return tuple(_row(ground, name, of_service[name]) for name in ground.plan.services)


def verdict_on(spread: Spread | None, target: int | None) -> Verdict:
    """Return what a time over many trials means for a target in milliseconds.

    Examples
    --------
    >>> verdict_on(Spread(1, 2, 4), 4), verdict_on(Spread(1, 2, 5), 4), verdict_on(Spread(1, 5, 9), 4), verdict_on(None, 4)
    ('holds', 'at risk', 'fails', 'not known')
    """
    if spread is None or target is None or math.isnan(spread.p50_ms):
        return "not known"
    if spread.p50_ms > target:
        return "fails"
    return "at risk" if spread.p90_ms > target else "holds"


def _row(ground: Ground, name: str, found: Sequence[PlanFinding]) -> ServiceRow:
    promise = ground.plan.services[name]
    touched = _touched(ground, name)
    played = _worst(ground, name, touched)
    recovery = None if played is None else played[1]
    lost = [each.rpo for _, each in _all(ground, name) if each.rpo is not None]
    achievable, loss = _longest(each.rto for _, each in touched), _longest(lost)
    return ServiceRow(
        id=name,
        name=ground.system.components[name].name or name,
        owner=promise.owner,
        tier=promise.tier,
        mtpd=promise.mtpd,
        mbco=1.0 if promise.mbco is None else promise.mbco,
        rto=said_of(promise, "rto"),
        rpo=said_of(promise, "rpo"),
        as_of=set_on(ground, name, "rto"),
        scenario="" if played is None else played[0].name,
        achievable_rto=achievable,
        from_declaration=_longest(each.from_declaration for _, each in touched),
        p_rto_met=_least(each.p_rto_met for _, each in touched),
        achievable_rpo=loss,
        p_rpo_met=_least(each.p_rpo_met for _, each in _all(ground, name)),
        wave=0 if recovery is None else recovery.wave,
        critical_path=() if recovery is None else recovery.critical_path,
        single_points=_single_points(found),
        shared=_shared(found),
        suppliers=tuple(_suppliers(ground, name)),
        people=tuple(_people(ground, name, played)),
        last_test=_last_test(ground, name),
        verdict=_verdict(ground, name, achievable, loss, found),
        findings=tuple(each.id for each in found),
        p50_scenario=_other(played, touched, lambda rto: rto.p50_ms),
        p90_scenario=_other(played, touched, lambda rto: rto.p90_ms),
    )


# Of several scenarios the worst.


def _all(ground: Ground, service: str) -> list[Played]:
    """Return the scenarios that have a service, and what becomes of it there."""
    return [(each, each.services[service]) for each in ground.rehearsals if service in each.services]


def _touched(ground: Ground, service: str) -> list[Played]:
    return [each for each in _all(ground, service) if each[1].is_affected]


def _worst(ground: Ground, service: str, touched: Sequence[Played]) -> Played | None:
    target = figure_of(ground, service, "rto")
    return min(touched, key=lambda each: _order(each[1].rto, target), default=None)


def _longest(spreads: Iterable[Spread]) -> Spread | None:
    """Return the longest of each figure; None of no spreads, not known where none is."""
    known = list(spreads)
    figures = zip(*((each.p10_ms, each.p50_ms, each.p90_ms) for each in known), strict=True)
    return Spread(*(_most(each) for each in figures)) if known else None


def _most(times_ms: Iterable[float]) -> float:
    return max((each for each in times_ms if not math.isnan(each)), default=math.nan)


def _least(chances: Iterable[Chance | None]) -> Chance | None:
    """Return the smallest chance, with its interval; None without any."""
    return min((each for each in chances if each is not None), default=None)


def _other(worst: Played | None, touched: Sequence[Played], figure: Callable[[Spread], float]) -> str:
    """Return the name of the first scenario in which a figure is the longest; nothing if that is so in the worst one."""
    if worst is None:
        return ""
    most = _most(figure(each.rto) for _, each in touched)
    if not figure(worst[1].rto) < most:
        return ""
    return next(rehearsal.name for rehearsal, each in touched if figure(each.rto) == most)


def _order(spread: Spread, target: int | None) -> tuple[int, float, float]:
    """Return a key by which the worst comes first; times that are not known come last."""
    late = (-spread.p50_ms, -spread.p90_ms)
    p50, p90 = (math.inf if math.isnan(ms) else ms for ms in late)
    return _WORST_FIRST.index(verdict_on(spread, target)), p50, p90


def _verdict(
    ground: Ground, service: str, rto: Spread | None, rpo: Spread | None, found: Sequence[PlanFinding]
) -> Verdict:
    """Return the worst of what time and data say; what no scenario loses, and what is tolerable, says nothing for a service."""
    if any(each.severity is Severity.CRITICAL and each.code not in _OF_THE_SYSTEM for each in found):
        return "fails"
    of_time = verdict_on(rto, figure_of(ground, service, "rto"))
    others = verdict_on(rto, figure_of(ground, service, "mtpd")), verdict_on(rpo, figure_of(ground, service, "rpo"))
    return min((of_time, *(each for each in others if each in _BAD)), key=_WORST_FIRST.index)


# On what it rests.


def _single_points(found: Sequence[PlanFinding]) -> tuple[str, ...]:
    """Return what takes a service down alone: what may not fail at all is left out, what a finding of a group speaks for is not."""
    behind = [each.components[0] for each in found if TAKES_DOWN_ALONE in dict(each.figures)]
    points = _components([each for each in found if MAY_NOT_FAIL not in dict(each.figures)], "DR05")
    return tuple(dict.fromkeys([*behind, *points]))


def _components(found: Sequence[PlanFinding], code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in found if each.code == code for name in each.components))


def _shared(found: Sequence[PlanFinding]) -> tuple[str, ...]:
    """Return what is proven to be shared: what is merely suspicious or concentrated names the members themselves."""
    proven = [each for each in found if each.code == "DR06" and dict(each.figures).get("order") is not None]
    return _components(proven, "DR06")


def _suppliers(ground: Ground, service: str) -> Iterator[tuple[str, Target | None, str | None]]:
    needed = {service, *ground.at_all[service]}
    for name, supplier in ground.plan.suppliers.items():
        if not needed.isdisjoint(supplier.components):
            yield name, supplier.repair_time, supplier.evidence


def _people(ground: Ground, service: str, played: tuple[Rehearsal, ServiceRecovery] | None) -> Iterator[str]:
    """Yield the people whom the steps on which a service waits take in its worst scenario, each once, by the medians."""
    if played is None:
        return
    rehearsal, recovery = played
    waits_for = {*steps_for(ground, service), *recovery.critical_path}
    steps = [step for step in rehearsal.steps if step.is_called and step.id in waits_for]
    yield from dict.fromkeys(person for step in steps for _, person in step.people)


def _last_test(ground: Ground, service: str) -> LastTest | None:
    """Return the last test of a service; without one, the last of a standby or data on which it leans directly.

    Of what stands further away nobody can say that it tested the service.
    """
    own = last_of(tests_of(ground, service))
    if own is not None:
        return own
    found = standbys_among(ground.system, {service: (service,)})
    behind = [test for standby in found for test in tests_of(ground, standby)]
    for name in (service, *(each for need in ground.system.components[service].needs for each in need.members())):
        copies = ground.system.components[name].copies
        behind += [test for place in range(len(copies)) for test in tests_of_copy(ground, name, place)]
    return last_of(behind)
