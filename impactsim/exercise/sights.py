"""What people see of a component that fails, by its kind, and who of them reports it."""

from __future__ import annotations

from impactsim.exercise.ground import Ground

_SEEN = {
    "service": "{} cannot be used",
    "channel": "{} cannot be reached",
    "data": "nothing can be read from or written to {}",
    "host": "no answer from {}",
    "provider": "no answer to requests to {}",
    "connectivity": "nothing passes through {}",
    "power": "no power from {}",
    "cooling": "no cooling from {}; it is getting warm",
    "site": "nobody can work in {}",
    "tool": "{} cannot be opened",
}
_IN_PART = {"service": "{}: slow, or only a part of it works", "site": "{}: only a part of it can be used"}
_REPORTERS = {"site": "site staff", "power": "site staff", "cooling": "site staff", "tool": "colleagues"}
_CROWD = "strangers on social media"
"""Who tells when customers reach nobody."""


def seen(kind: str, names: str) -> str:
    """Say what is seen of components of a kind that serve nothing.

    Examples
    --------
    >>> seen("data", "Orders"), seen("turbine", "T1")
    ('nothing can be read from or written to Orders', 'T1 is down')
    """
    return _SEEN.get(kind, "{} is down").replace("{}", names)


def seen_in_part(kind: str, names: str) -> str:
    """Say what is seen of components of a kind that serve less than all."""
    return _IN_PART.get(kind, "{}: works in part only").replace("{}", names)


def reporter_of(ground: Ground, kind: str, at_ms: int) -> str:
    """Say who reports a failure of a kind at a time: customers through a channel that is up then, staff, or the monitoring."""
    if kind in ("service", "channel"):
        return crowd(ground, at_ms)
    is_blind = any("monitor" in each.id.lower() and ground.level(each.id, at_ms) == 0.0 for each in ground.components)
    return _REPORTERS.get(kind, "people on call, who have looked" if is_blind else "monitoring")


def crowd(ground: Ground, at_ms: int) -> str:
    """Say how customers are heard at a time: directly while one of their channels is up, else by what they say elsewhere."""
    contact = ground.plan.contacts.get("customers")
    channels = () if contact is None else contact.by
    is_deaf = bool(channels) and all(ground.level(channel, at_ms) == 0.0 for channel in channels)
    return _CROWD if is_deaf else "customers"
