"""Gaps in words: what is missing, whom to ask what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from impactsim.gaps.facts import Part, Whom
from impactsim.gaps.losses import Losses
from impactsim.quantities import about_duration, about_figure

_NOUNS = {
    "service": ("service", "services"),
    "provider": ("provider", "providers"),
    "power": ("power supply", "power supplies"),
    "connectivity": ("connection", "connections"),
    "site": ("site", "sites"),
    "host": ("host", "hosts"),
    "cooling": ("cooling", "coolings"),
    "data": ("data store", "data stores"),
    "tool": ("tool", "tools"),
    "channel": ("channel", "channels"),
    "unknown": ("unknown thing", "unknown things"),
    "common cause": ("common cause", "common causes"),
}
_OF_THEIR_OWN = {"provider"}
"""Each is another company: one cannot answer for the others, wherever their names were found."""
_KNOWN_BY_THEIR_TEAM = {"service", "data", "tool", "channel"}
"""Who runs the site where they stand knows nothing of them."""


ASSUMED_RATE = "one failure a year assumed"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of gap."""

    many: str
    """What is missing of many, with ``{what}`` for them, and ``{n}`` for how many facts."""
    ask: str
    """The question about many, with the same."""


KINDS = {
    "no-restore-time": Kind(
        "nobody says how long it takes to restore {what}",
        "how long does it take until each of the {what} works again after a failure",
    ),
    "no-users": Kind(
        "nobody is said to use {what}",
        "how many people use each of the {what}",
    ),
    "single-feed": Kind(
        "only one supply is known for each of the {what}",
        "is there really no second supply for {what}",
    ),
    "unknown-operator": Kind(
        "nobody says who runs the members of {what}",
        "who runs each of the members of {what}",
    ),
    "seen-not-declared": Kind(
        "{n} needs of {what} were seen, and nobody who knows has confirmed them",
        "of the {n} needs of {what}, which takes it down, which only makes it worse, and which is none",
    ),
    "declared-never-seen": Kind(
        "{n} needs of {what} were declared, and no call was ever seen",
        "which of the {n} needs of {what} are still there",
    ),
    "guessed": Kind(
        "it is only guessed what is said of {what}",
        "what is certain about {what}",
    ),
    "no-rate": Kind(
        "nobody says how often {what} fail",
        "how often does each of the {what} fail in a year",
    ),
    "unknown-kind": Kind(
        "nobody says what these are: {what}",
        "what are {what}, who runs them, and what do they need",
    ),
    "queue-without-buffer": Kind(
        "work waits for {n} needs of {what}, and nobody says how long it can",
        "how long can work of {what} wait before users notice",
    ),
    "replicas-needed": Kind(
        "it is only guessed how many of several are needed by {what}",
        "how many of several must {what} have so that users notice nothing",
    ),
    "no-backup-age": Kind(
        "no copy is known of {what}",
        "where is a copy of each of the {what}, how old is it, and how long does the restore take",
    ),
}
"""Each kind of gap, by its name."""


def whom_of(losses: Losses, component: int) -> Whom:
    """Return who knows a component: its operator, else who runs the site where it stands, else the file that it came from."""
    found = losses.components[component]
    if found.operator:
        return Whom("operator", found.operator)
    if found.kind not in _OF_THEIR_OWN:
        if found.at and found.kind not in _KNOWN_BY_THEIR_TEAM:
            return Whom("site", found.at)
        if found.origin:
            return Whom("file", file_of(found.origin[0]))
    return Whom("itself", losses.ids[component])


def owner_of(losses: Losses, component: int) -> Whom:
    """Return who knows what a component needs: its operator, else those who run it."""
    operator = losses.components[component].operator
    return Whom("operator", operator) if operator else Whom("itself", losses.ids[component])


def file_of(origin: str) -> str:
    """Return the file of an origin.

    Examples
    --------
    >>> file_of("cmdb.csv: row 12"), file_of("cmdb.csv")
    ('cmdb.csv', 'cmdb.csv')
    """
    return origin.partition(": ")[0]


def asked_in_words(whom: Whom) -> str:
    """Return whom to ask."""
    return {
        "operator": whom.name,
        "site": f"who runs {whom.name}",
        "file": f"who keeps {whom.name}",
        "itself": f"who runs {whom.name}",
        "everybody": "who knows the customers",
    }[whom.by]


def many_in_words(parts: Sequence[Part], whom: Whom) -> str:
    """Return what parts are about, together: ``41 hosts at dc-east``."""
    ids = list(dict.fromkeys(each for part in parts for each in part.components))
    if len(ids) == 1:
        return ids[0]
    what = counted_noun(len(ids), parts[0].noun)
    return {
        "operator": f"{what} of {whom.name}",
        "site": f"{what} at {whom.name}",
        "file": f"{what} in {whom.name}",
        "itself": what,
        "everybody": what,
    }[whom.by]


def counted_noun(n: int, noun: str) -> str:
    """Return so many things of a kind."""
    one, many = _NOUNS.get(noun, (f"{noun} component", f"{noun} components"))
    return f"{n:,} {one if n == 1 else many}"


def users_in_words(losses: Losses, users: float) -> str:
    """Return how many lose something."""
    what = "user" if losses.has_users else losses.unit.removesuffix("-minutes")
    some = about_figure(users)
    of_all = f"of {about_figure(losses.everybody)} {what}s {'loses' if some == '1' else 'lose'} something"
    return f"{some} {of_all}"


def rate_in_words(losses: Losses, event: int) -> str:
    """Return how often something fails."""
    if losses.fails(event) is None:
        return ASSUMED_RATE
    return f"{about_figure(losses.rate(event))} failures a year, as written"


def time_in_words(ms: float) -> str:
    """Return a duration."""
    return about_duration(ms)
