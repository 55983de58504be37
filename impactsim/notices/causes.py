"""The class of what failed first behind an outage, the only thing that customers are told of its cause."""

from __future__ import annotations

from collections.abc import Iterable

from impactsim.model.system import System
from impactsim.notices.incident import CauseClass
from impactsim.reports.facts import Facts

_CLASSES: dict[str, CauseClass] = {"provider": "supplier", "power": "power", "connectivity": "connectivity"}


def class_of_cause(system: System, course: Facts, services: Iterable[str], at_ms: int) -> CauseClass:
    """Return the class of what failed first behind some services until a time; under examination if there are several.

    Parameters
    ----------
    system
        The system.
    course
        The run.
    services
        Ids of the services.
    at_ms
        The time.
    """
    kinds = [system.components[each].kind for each in roots_of(course, services, at_ms)]
    found = {_CLASSES.get(kind, "our_systems") for kind in kinds}
    return found.pop() if len(found) == 1 else "under_examination"


def roots_of(course: Facts, services: Iterable[str], at_ms: int) -> list[str]:
    """Return what failed first behind some services until a time."""
    roots: list[str] = []
    for name in services:
        before = 1.0
        for why in course.components[name].why:
            if why.at_ms <= at_ms and why.level < before:  # what rises again waits for other things
                roots.append(why.because[-1])
            before = why.level
    return list(dict.fromkeys(roots))
