"""What is promised of a service or component, as figures, and how two figures are told beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

from impactsim.model.fields import Target
from impactsim.model.plan import Objective, ServicePlan
from impactsim.quantities import about_duration, format_duration
from impactsim.review.findings.ground import Ground

ObjectiveName = Literal["rto", "rpo", "mtpd"]
OBJECTIVES: tuple[ObjectiveName, ...] = ("rto", "rpo", "mtpd")
"""What a plan and a system may promise of a service."""


def said_of(promise: ServicePlan, name: ObjectiveName) -> Target | None:
    """Return what a plan says of an objective of a service; None where it says nothing."""
    value: Objective | Target | None = getattr(promise, name)
    return value.target if isinstance(value, Objective) else value


def set_on(ground: Ground, service: str, name: ObjectiveName) -> date | None:
    """Return the day on which an objective was set or confirmed: its own, that of the service, that of the plan."""
    promise = ground.plan.services[service]
    value = getattr(promise, name)
    own = value.as_of if isinstance(value, Objective) else None
    return own or promise.as_of or ground.plan.as_of


def figure_of(ground: Ground, component: str, name: ObjectiveName) -> int | None:
    """Return an objective that is a figure.

    Parameters
    ----------
    ground
        Plan and system.
    component
        Id of a service or of any other component.
    name
        Which objective.

    Returns
    -------
    int or None
        Milliseconds. Of a service of the plan only the plan counts; of anything else, what the system says.
    """
    promise = ground.plan.services.get(component)
    if promise is None:
        return in_system(ground, component, name)
    value = said_of(promise, name)
    return value if isinstance(value, int) else None


def in_system(ground: Ground, component: str, name: ObjectiveName) -> int | None:
    """Return an objective as the system says it, in milliseconds; None where it says nothing."""
    targets = ground.system.components[component].targets
    value: int | None = None if targets is None else getattr(targets, name)
    return value


def is_to_test(promise: ServicePlan) -> bool:
    """Tell whether the recovery of a service has to be tested: unless its RTO is ``not-applicable``, and it is not of tier 1."""
    return promise.tier == 1 or said_of(promise, "rto") != "not-applicable"


def told_apart(*times_ms: float) -> Iterator[str]:
    """Write times for people, exactly where two different ones would look the same.

    Examples
    --------
    >>> list(told_apart(7_200_000, 14_400_000)), list(told_apart(172_800_000, 172_801_000))
    (['2 h', '4 h'], ['2d', '2d1s'])
    """
    about = [about_duration(ms) for ms in times_ms]
    is_clear = len(set(about)) == len(set(times_ms))
    yield from about if is_clear else (format_duration(round(ms)) for ms in times_ms)
