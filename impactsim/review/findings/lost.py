"""DR04 as the trials show it: data of which more is lost in a scenario than a service allows.

What the interval of the copies says without a clock stands in ``copies.py``; both are findings of the same data, and become one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from impactsim.audit.findings import Severity
from impactsim.review.facts import PlanFinding, Rehearsal, Spread
from impactsim.review.findings.copies import allowed_told, strictest
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.judged import judged
from impactsim.review.findings.leaning import path_words
from impactsim.review.findings.objectives import figure_of, said_of
from impactsim.review.findings.told import listed, spread_told
from impactsim.review.report.times import duration, recovery, target


@dataclass(frozen=True, slots=True)
class _Lost:
    """Data in a scenario in which too much of it is lost."""

    rehearsal: Rehearsal
    loss: Spread
    severity: Severity
    services: dict[str, int | None]
    """The services for which it is too much, and how much they allow, in ms."""
    unreachable: tuple[str, ...]
    """The places of its copies that are down meanwhile."""


def findings(ground: Ground) -> list[PlanFinding]:
    """Return a finding for each data of which a scenario loses too much.

    Parameters
    ----------
    ground
        The plan, its system and its rehearsals.
    """
    hit = {name for rehearsal in ground.rehearsals for name in rehearsal.losses}
    names = [name for name in ground.system.components if name in hit]
    cases = {name: _cases(ground, name) for name in names}
    return [_finding(ground, name, found) for name, found in cases.items() if found]


def _cases(ground: Ground, data: str) -> list[_Lost]:
    """Return the scenarios in which too much is lost, the worst first; of equals in the order of the plan."""
    found = []
    for rehearsal in ground.rehearsals:
        loss = rehearsal.losses.get(data)
        bad = {} if loss is None else _too_much(ground, rehearsal, data, loss)
        if loss is not None and bad:
            services = {name: figure_of(ground, name, "rpo") for name in bad}
            found.append(_Lost(rehearsal, loss, max(bad.values()), services, _unreachable(ground, rehearsal, data)))
    return sorted(found, key=lambda each: (-each.severity, -each.loss.p50_ms))  # stable


def _too_much(ground: Ground, rehearsal: Rehearsal, data: str, loss: Spread) -> dict[str, Severity]:
    found = {}
    for name in rehearsal.services:
        if data in {name, *ground.at_all[name]} and said_of(ground.plan.services[name], "rpo") != "not-applicable":
            severity = judged(loss, figure_of(ground, name, "rpo"))
            if severity is not None:
                found[name] = severity
    return found


def _unreachable(ground: Ground, rehearsal: Rehearsal, data: str) -> tuple[str, ...]:
    places = dict.fromkeys(copy.at for copy in ground.system.components[data].copies)
    run = rehearsal.run.components
    return tuple(each for each in places if each in run and run[each].down_ms > 0)


def _finding(ground: Ground, data: str, cases: Sequence[_Lost]) -> PlanFinding:
    worst, *others = cases
    services = {name: rpo for case in cases for name, rpo in case.services.items()}
    names = tuple(name for name in ground.plan.services if name in services)
    paths = (ground.at_all[name].get(data, (name,)) for name in names[:1])
    return PlanFinding(
        id=f"DR04/{data}",
        code="DR04",
        severity=worst.severity,
        text=_text(data, worst) + _elsewhere(others),
        services=names,
        evidence=(*map(_told, cases), *map(path_words, paths), *allowed_told(services)),
        remedy=_remedy(data, worst),
        components=(data, *worst.unreachable),
        figures=tuple(_figures(worst, services)),
        scenarios=tuple(case.rehearsal.name for case in cases),
    )


def _text(data: str, case: _Lost) -> str:
    if math.isinf(case.loss.p50_ms):
        return f"{data} is lost for good in '{case.rehearsal.name}'"
    allowed = strictest(case.services)
    assert allowed is not None, "without a target nothing is too much"
    names = [name for name, rpo in case.services.items() if rpo == allowed]
    return (
        f"a restore of {data} loses {spread_told(case.loss, allowed)} in '{case.rehearsal.name}', and the target RPO of "
        f"{listed(names)} is {target(allowed)}"
    )


def _elsewhere(others: Sequence[_Lost]) -> str:
    return f"; too much is lost in {len(others)} other scenario{'s' if len(others) > 1 else ''} too" if others else ""


def _told(case: _Lost) -> str:
    allowed = strictest(case.services)
    lost = (case.loss.p50_ms, case.loss.p90_ms)
    middle, late = ("all of it" if math.isinf(ms) else recovery(ms, allowed) for ms in lost)
    n, name, seed = case.rehearsal.n_trials, case.rehearsal.name, case.rehearsal.seed
    told = f"{n:,} trial{'s' if n > 1 else ''} of '{name}', seed {seed}: data loss {middle} (P50), {late} (P90)"
    return told + (f"; what it is copied to is down then: {listed(case.unreachable)}" if case.unreachable else "")


def _remedy(data: str, case: _Lost) -> str:
    where = f"where '{case.rehearsal.name}' does not reach it"
    allowed = strictest(case.services)
    if math.isinf(case.loss.p50_ms) or allowed is None:
        return f"keep a copy of {data} {where}"
    if case.unreachable:
        return f"keep a copy of {data} {where} that is never older than {duration(allowed)}, or agree on a longer RPO"
    return f"copy {data} so often that no more than {duration(allowed)} is lost, or agree on a longer RPO"


def _figures(case: _Lost, services: dict[str, int | None]) -> Iterator[tuple[str, float]]:
    yield "loss_p50_ms", case.loss.p50_ms
    yield "loss_p90_ms", case.loss.p90_ms
    allowed = strictest(services)
    if allowed is not None:
        yield "rpo_ms", float(allowed)
