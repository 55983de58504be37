"""When notices of a simulated outage are published, where nobody says: as people in a real one would."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from impactsim.notices.incident import State
from impactsim.problems import InvalidInput, Problem
from impactsim.reports.facts import Facts

_MINUTE_MS = 60_000
_OVER_MS = 30 * _MINUTE_MS
_AFTER_FIRST_MS: dict[State, int] = {"investigating": 10 * _MINUTE_MS, "identified": 30 * _MINUTE_MS}
_AFTER_LAST_MS: dict[State, int] = {"monitoring": 5 * _MINUTE_MS, "resolved": 30 * _MINUTE_MS}


def usual_time_ms(course: Facts, services: Collection[str], state: State) -> int:
    """Return when a notice in a state is published.

    That is ten minutes into the first time without a break in which some service is affected (investigating), half an hour into it
    (identified), five minutes after all are back for good (monitoring), half an hour after (resolved). What is over sooner
    than anybody writes is passed over, unless there is nothing else: then its first moment is told.

    Parameters
    ----------
    course
        The run.
    services
        Ids of the services that count.
    state
        Which notice.

    Raises
    ------
    InvalidInput
        If no service is ever affected, or if one is not back by the end.
    """
    spells = _spells(course, services)
    if not spells:
        fault = "no service is affected in it, so that there is nothing to tell customers"
        raise InvalidInput([Problem((), fault, "", "nobody-affected")])
    if state in _AFTER_FIRST_MS:
        wait_ms = _AFTER_FIRST_MS[state]
        long = (from_ms for from_ms, to_ms in spells if to_ms is None or to_ms - from_ms > wait_ms)
        first_ms = next(long, None)
        return spells[0][0] if first_ms is None else first_ms + wait_ms
    last_ms = spells[-1][1]
    if last_ms is None:
        below = [name for name in services if course.components[name].levels[-1][1] < 1.0]
        fault = f"it does not end in the run: not back are {', '.join(below)}"
        raise InvalidInput([Problem((), fault, "give the faults an end, or a longer horizon", "not-resolved")])
    return last_ms + _AFTER_LAST_MS[state]


def incident_since_ms(course: Facts, services: Collection[str], at_ms: int) -> int:
    """Return when the incident began that is under way at a time, or that ended last before it; 0 if there was none.

    What came back for less than half an hour meanwhile was not over.
    """
    spells = [spell for spell in _spells(course, services) if spell[0] <= at_ms]
    since_ms = spells[-1][0] if spells else 0
    for from_ms, to_ms in reversed(spells[:-1]):
        assert to_ms is not None, "only the last has no end"
        if since_ms - to_ms >= _OVER_MS:
            break
        since_ms = from_ms
    return since_ms


def _spells(course: Facts, services: Collection[str]) -> list[tuple[int, int | None]]:
    """Return from when to when some of the services were below level 1 without a break; None for what does not end."""
    changes = sorted((at_ms, name, level) for name in services for at_ms, level in course.components[name].levels)
    below: set[str] = set()
    spells: list[tuple[int, int | None]] = []
    for at_ms, group in groupby(changes, key=lambda change: change[0]):
        was_any = bool(below)
        for _, name, level in group:
            if level < 1.0:
                below.add(name)
            else:
                below.discard(name)
        if below and not was_any:
            spells.append((at_ms, None))
        elif was_any and not below:
            spells[-1] = (spells[-1][0], at_ms)
    return spells
