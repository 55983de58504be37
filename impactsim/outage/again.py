"""Whether an outage like this can come back soon: how often what failed does, and what stands behind it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from impactsim.chances import ASSUMED_RESTORE_MS, YEAR_MS, mean_of_cause
from impactsim.model.system import Fails, System
from impactsim.outage.facts import AgainNow, ServiceNow
from impactsim.outage.faults import Known
from impactsim.outage.situation import Situation

SOON_DAYS = 30


def what_may_recur(
    system: System, known: Sequence[Known], situation: Situation, services: Sequence[ServiceNow]
) -> tuple[AgainNow, ...]:
    """Return what failed, then the common causes that strike it, each with the chance that it happens again within 30 days.

    Parameters
    ----------
    system
        The system.
    known
        What people said.
    situation
        What of it has a fault of its own.
    services
        Services that are not whole now.
    """
    failed = [each.component for each in situation.ongoing]
    behind = {each: [service.service for service in services if each in service.rests_on] for each in failed}
    struck_by = {each.component: each.cause for each in known if each.cause}
    found = []
    for name in dict.fromkeys(failed):
        component = system.components[name]
        mean_ms = None if component.time_to_restore is None else component.time_to_restore.mean()
        rate = rate_of(component.fails, mean_ms)
        # What a common cause struck did not fail by itself.
        if name not in struck_by:
            found.append(
                AgainNow(
                    name,
                    False,
                    rate,
                    chance_of(rate),
                    component.confidence,
                    component.source or "",
                    tuple(behind[name]),
                )
            )
    for name, cause in system.common_causes.items():
        struck = [each for each in failed if cause.strikes.get(each, 0.0) > 0.0]
        rate = rate_of(cause.fails, mean_of_cause(system, cause))
        if struck and (rate is not None or name in struck_by.values()):
            hit = tuple(dict.fromkeys(service for each in struck for service in behind[each]))
            found.append(AgainNow(name, True, rate, chance_of(rate), "", cause.source or "", hit))
    return tuple(found)


def rate_of(fails: Fails | None, mean_ms: float | None) -> float | None:
    """Return how often something fails in a year; of a share p of the time with a mean m it is p / ((1 - p) m) while it is up.

    Parameters
    ----------
    fails
        What its author says of it.
    mean_ms
        Mean time to restore; None, or infinite, if nobody says: then 4 h, as in the question without a clock.
    """
    if fails is None:
        return None
    if fails.per_year is not None:
        return fails.per_year
    if fails.probability is None:
        return None
    mean_ms = ASSUMED_RESTORE_MS if mean_ms is None or not math.isfinite(mean_ms) or mean_ms <= 0 else mean_ms
    if fails.probability >= 1.0:
        return None
    return fails.probability / (1.0 - fails.probability) * YEAR_MS / mean_ms


def chance_of(per_year: float | None) -> float | None:
    """Return the chance of at least one failure within 30 days.

    Examples
    --------
    >>> round(chance_of(12.0), 3), chance_of(0.0), chance_of(None)
    (0.627, 0.0, None)
    """
    return None if per_year is None else -math.expm1(-per_year * SOON_DAYS / 365)


def chance_of_any(again: Iterable[AgainNow]) -> float:
    """Return the chance that at least one of several that are independent happens, as far as their rates are known."""
    return -math.expm1(sum(math.log1p(-min(each.chance, 1 - 1e-15)) for each in again if each.chance is not None))
