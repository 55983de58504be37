"""What the years of a system rest on: what goes back to each failure, by how sure the ways are from it to the services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from impactsim.model.provenance import SURENESS, Confidence
from impactsim.model.system import System
from impactsim.reports.forecast.facts import Cost
from impactsim.rests.footing import Below, Footing
from impactsim.rests.shares import USER_MINUTES, Rests, least, rests_of

SERVICE_MINUTES = "service-minutes"


def rests_of_years(
    system: System, budget: Sequence[Cost], affected: Collection[str], below: Mapping[str, Below]
) -> Rests | None:
    """Say what the years of a system rest on.

    Parameters
    ----------
    system
        The system.
    budget
        What each failure costs in a year.
    affected
        Ids of all that was affected in any year.
    below
        By id of each service, how long it is below full level in a year.

    Returns
    -------
    Rests
        None where nothing is lost, and where all is declared. Of a failure the services count that it can reach within
        what was affected, by the people who use them and their time below full level.
    """
    footing = Footing(system)
    if footing.is_declared:
        return None
    has_users = any(cost.lost_share for cost in budget)
    services = {name: each for name, each in below.items() if name in affected}
    people = footing.people if has_users else dict.fromkeys(services, 1.0)
    sure: dict[str, Confidence] = {}
    amounts: dict[Confidence, float] = dict.fromkeys(SURENESS, 0.0)
    for cost in budget:
        hit = system.common_causes[cost.id].strikes if cost.is_common_cause else (cost.id,)
        of_any = footing.reached(hit, services, affected)
        of_down = footing.reached(hit, of_any, affected, is_hard=True)
        minutes = [(of_down[name], people.get(name, 0.0) * services[name].down_ms) for name in of_any]
        minutes += [(word, people.get(name, 0.0) * services[name].degraded_ms) for name, word in of_any.items()]
        if of_any:
            sure[cost.id] = least(of_down.values())
            share = rests_of(of_any, minutes).share
            for word in SURENESS:
                amounts[word] += share(word) * ((cost.lost_share if has_users else cost.down_share) or 0.0)
    if not sure:
        return None
    return footing.worth_telling(Rests(sure, amounts, USER_MINUTES if has_users else SERVICE_MINUTES, "failure"))
