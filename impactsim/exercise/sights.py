"""What people say of a component that fails, by its kind; an alert says it too, as a machine does. Nobody says why."""

from __future__ import annotations

from collections.abc import Mapping

_ALERTS = {
    "service": "{} cannot be used",
    "channel": "nothing goes out through {}",
    "data": "nothing can be read from or written to {}",
    "host": "no answer from {}",
    "provider": "no answer to requests to {}",
    "connectivity": "nothing passes through {}",
    "power": "no power from {}",
    "cooling": "no cooling from {}",
    "site": "no answer from anything in {}",
    "tool": "{} cannot be opened",
}
_SAID = {
    "service": "I cannot use {}. What is wrong, and how long will it take?",
    "channel": "I cannot get anything out through {}.",
    "power": "The power is gone here: nothing comes from {}.",
    "cooling": "It is getting warm here: nothing cold comes from {}.",
    "site": "I am calling about {}. Nobody can work there.",
    "tool": "I do not get into {}.",
}
_IN_PART = {
    "service": "Something is wrong with {}: slow, or only a part of it works.",
    "site": "Only a part of {} can be used.",
}
_PEOPLE = {
    "service": "customers", "channel": "colleagues", "tool": "colleagues",
    "site": "site staff", "power": "site staff", "cooling": "site staff",
}  # fmt: skip


def teller_of(kind: str) -> str:
    """Return who notices first that something of a kind does not work: people, or ``monitoring``."""
    return _PEOPLE.get(kind, "monitoring")


def said_of(kind: str, names: str) -> str:
    """Say as people do that components of a kind serve nothing; for kinds that only machines watch, as an alert.

    Examples
    --------
    >>> said_of("tool", "Passwords"), said_of("turbine", "T1")
    ('I do not get into Passwords.', 'No sign of life from T1.')
    """
    return _filled(_SAID, kind, names) or sentence(alert_of(kind, names))


def alert_of(kind: str, names: str) -> str:
    """Say as an alert does that components of a kind serve nothing; without a full stop.

    Examples
    --------
    >>> alert_of("data", "Orders"), alert_of("turbine", "T1")
    ('nothing can be read from or written to Orders', 'no sign of life from T1')
    """
    return _filled(_ALERTS, kind, names) or f"no sign of life from {names}"


def in_part(kind: str, names: str) -> str:
    """Say that components of a kind serve less than all."""
    return _filled(_IN_PART, kind, names) or f"Only a part of this still works: {names}."


def sentence(text: str) -> str:
    """Write a clause as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."


def _filled(texts: Mapping[str, str], kind: str, names: str) -> str:
    return texts.get(kind, "").replace("{}", names)
