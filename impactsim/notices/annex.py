"""What only responders (L0), or partners and regulators (L1), may read beside a notice: names, and what depends on what. English only."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.model.system import System
from impactsim.notices.incident import Redaction
from impactsim.outage.situation import Situation
from impactsim.outage.snapshot import level_at
from impactsim.quantities import about_duration
from impactsim.reports.facts import Facts

_MOST = 20


def annex(situation: Situation, course: Facts, redaction: Redaction, severity: int) -> tuple[str, ...]:
    """Return what is behind an outage, in sentences; nothing for customers.

    Parameters
    ----------
    situation, course
        What is known, and how it goes.
    redaction
        For whom.
    severity
        1 (worst) to 5.
    """
    if redaction >= Redaction.CUSTOMERS:
        return ()
    lines = [f"Severity {severity}, of 1 (the worst) to 5.", *_failed(situation), *_follows(situation, course)]
    if redaction == Redaction.RESPONDERS:
        lines += _bases(situation)
    return tuple(lines)


def _failed(situation: Situation) -> Iterator[str]:
    for known in situation.ongoing:
        what = "down" if known.level == 0.0 else f"at {known.level:.0%}"
        yield f"{_called(situation.system, known.component)} is {what}."


def _follows(situation: Situation, course: Facts) -> Iterator[str]:
    """Say of each service that is affected by way of what."""
    affected = [name for name in course.services if level_at(course.components[name], situation.at_ms) < 1.0]
    for name in affected[:_MOST]:
        before = [why for why in course.components[name].why if why.at_ms <= situation.at_ms]
        if before:
            chain = " needs ".join(_short(situation.system, link.component) for link in before[-1].chain)
            yield f"{chain}."
    if len(affected) > _MOST:
        yield f"And {len(affected) - _MOST} more services."


def _bases(situation: Situation) -> Iterator[str]:
    for basis in situation.bases:
        name = _short(situation.system, basis.component)
        if basis.law is None:
            yield f"Nobody says how long the repair of {name} takes."
            continue
        middle, late = (about_duration(basis.law.quantile(p)) for p in (0.5, 0.9))
        what = {
            "own": "by its own figures",
            "history": "by its own history",
            "typical": "by a typical value",
            "missed": "by its own figures, which have not held",
        }.get(basis.kind, "")
        doubt = ", a guess" if basis.is_guessed else ""
        worked = about_duration(basis.worked_ms)
        yield f"The repair of {name} takes {middle}, or {late} one time in ten, {what}{doubt}; {worked} of it are done."


def _called(system: System, name: str) -> str:
    component = system.components[name]
    facts = [component.kind]
    facts += [f"run by {component.operator}"] if component.operator else []
    facts += [f"at {component.at}"] if component.at else []
    return f"{_short(system, name)} ({', '.join(facts)})"


def _short(system: System, name: str) -> str:
    return system.components[name].name or name
