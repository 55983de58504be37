"""Users: of what is no service, counted twice, or at no hour of the day."""

from __future__ import annotations

import math
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from impactsim.model.rules_lookup import Lookup, Names, error, warning
from impactsim.problems import Problem
from impactsim.quantities import about_count, shown


def users_of_no_service(lookup: Lookup) -> list[Problem]:
    """Find counts of users, and segments that use, what is no service."""
    found = [
        error(
            "users-of-no-service",
            ("components", owner, "users"),
            f"only services have users, and the kind of this is {component.kind}",
            "count them at the service that needs it, or give it the kind service",
        )
        for owner, component in lookup.with_options
        if component.users is not None and component.kind != "service"
    ]
    for name, segment in lookup.system.users.items():
        for used in segment.uses:
            component = lookup.components.get(used)
            if component is not None and component.kind != "service":
                fault = f"people use services, and the kind of this is {component.kind}"
                remedy = "name the service that needs it, or give it the kind service"
                found.append(warning("uses-no-service", ("users", name, "uses", used), fault, remedy))
    return found


def users_counted_twice(lookup: Lookup) -> list[Problem]:
    """Find services whose users are counted at the service and in a segment."""
    used = {service for segment in lookup.system.users.values() for service in segment.uses}
    return [
        warning(
            "users-counted-twice",
            ("components", owner, "users"),
            "a segment has users of this service already",
            "leave one out: the segments, or the count at the service",
        )
        for owner, component in lookup.with_options
        if component.users is not None and owner in used
    ]


def counts_and_population(lookup: Lookup) -> list[Problem]:
    """Find counts of users at services that are above the population, or that have none to bound them (S6.5)."""
    population = lookup.system.population
    counted = [(owner, component.users) for owner, component in lookup.with_options if component.users is not None]
    if population is None and len(counted) > 1:
        fault = "without a population these users and those of the other services may be the same or not"
        return [
            warning("no-population", ("components", counted[0][0], "users"), fault, "give the population of the system")
        ]
    return [
        error(
            "population-too-small",
            ("components", owner, "users"),
            f"{about_count(users.median())} users of a population of {about_count(population)}",
            "raise the population, or lower the count",
        )
        for owner, users in counted
        if population is not None and users.median() > population
    ]


def idle_segment(lookup: Lookup) -> list[Problem]:
    """Find segments that use nothing."""
    return [
        warning(
            "uses-nothing", ("users", name, "uses"), "these users use nothing, and so lose nothing", "name a service"
        )
        for name, segment in lookup.system.users.items()
        if not any(segment.uses.values())
    ]


def unknown_zone(lookup: Lookup) -> list[Problem]:
    """Find time zones that nobody knows."""
    found = []
    for name, segment in lookup.system.users.items():
        if segment.activity is not None and not is_zone(segment.activity.zone):
            remedy = zones().did_you_mean(segment.activity.zone, "write a name of the IANA list, such as Europe/Rome")
            fault = f"no time zone is called {shown(segment.activity.zone)}"
            found.append(error("unknown-zone", ("users", name, "activity", "zone"), fault, remedy))
    return found


def odd_activity(lookup: Lookup) -> list[Problem]:
    """Find days at which nobody is there, or whose hours seem to divide the day's users among them."""
    found = []
    for name, segment in lookup.system.users.items():
        if segment.activity is None:
            continue
        path, hours = ("users", name, "activity", "hours"), segment.activity.hours
        if not any(hours):
            found.append(
                error("no-activity", path, "nobody is there at any hour", "give the share of users at each hour")
            )
        elif math.isclose(math.fsum(hours), 1, rel_tol=1e-3) and max(hours) < 1:
            fault = "the hours add up to 100%: is each the share of the day's use?"
            found.append(
                warning("activity-adds-up", path, fault, "give the share of all users who are there at each hour")
            )
    return found


def is_zone(name: str) -> bool:
    """Tell whether a time zone is called so."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, a directory of the list
        return False
    return True


@cache
def zones() -> Names:
    """Return the names of all time zones."""
    return Names(sorted(available_timezones()))


RULES = (
    users_of_no_service,
    users_counted_twice,
    counts_and_population,
    idle_segment,
    unknown_zone,
    odd_activity,
)
