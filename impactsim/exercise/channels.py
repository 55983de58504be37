"""Through what people are heard at a time: a channel of the plan that is up then, or what needs none.

Customers are heard through their contact of the plan, where that carries words both ways; where none does, on social media. Those
who work on it are heard through the channels of the team once the plan is in action, and in person before, or where none is up.
"""

from __future__ import annotations

from impactsim.exercise.ground import Ground

CUSTOMERS = "customers"
_OTHERS = (CUSTOMERS, "authorities", "press", "media", "suppliers")
_ONE_WAY = ("status", "page", "website", "newsletter")
"""Words in the ids of channels on which customers only read."""

Way = tuple[str, str]
"""How somebody is heard, and the id of what carries it (empty if nothing of the system does)."""

IN_PERSON: Way = ("in person", "")
_ELSEWHERE: Way = ("on social media", "")
_BY_ITSELF: Way = ("as an alert", "")


def channels(ground: Ground) -> tuple[str, ...]:
    """Return the ids of all channels: those of the contacts in their order, then the others of the system."""
    listed = [each for contact in ground.plan.contacts.values() for each in contact.by]
    others = [each.id for each in ground.components if each.kind == "channel"]
    return tuple(dict.fromkeys([each for each in listed if each in ground.run.components] + others))


def works(ground: Ground, at_ms: int) -> tuple[str, ...]:
    """Return the ids of the channels that are up from a time on."""
    return tuple(each for each in channels(ground) if ground.level(each, at_ms) > 0.0)


def of_customers(ground: Ground, at_ms: int) -> Way:
    """Return how customers are heard at a time."""
    contact = ground.plan.contacts.get(CUSTOMERS)
    both_ways = [] if contact is None else [each for each in contact.by if not any(word in each for word in _ONE_WAY)]
    return _first_up(ground, both_ways, at_ms) or _ELSEWHERE


def of_team(ground: Ground, at_ms: int) -> Way:
    """Return how those who work on it are heard at a time."""
    if ground.declared_ms is None or at_ms < ground.declared_ms:
        return IN_PERSON
    listed = [each for name, contact in ground.plan.contacts.items() if name not in _OTHERS for each in contact.by]
    return _first_up(ground, listed, at_ms) or IN_PERSON


def of_monitoring(ground: Ground, at_ms: int) -> Way | None:
    """Return how an alert comes at a time; None where what watches is down itself."""
    watching = [each.id for each in ground.components if "monitor" in each.id.lower()]
    if not watching:
        return _BY_ITSELF
    up = [each for each in watching if ground.level(each, at_ms) > 0.0]
    return (_BY_ITSELF[0], up[0]) if up else None


def _first_up(ground: Ground, ids: list[str], at_ms: int) -> Way | None:
    up = (each for each in ids if each in ground.run.components and ground.level(each, at_ms) > 0.0)
    return next(((f"through {ground.name(each)}", each) for each in up), None)
