"""Who and what services rest on: operators, providers and sites, with what is lost without them."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("operator", "provider", "site")
"""What users may rest on."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody or something that services rest on, and what is lost when all of it fails at once."""

    kind: str
    """operator, provider or site."""
    name: str
    """Name of the operator, id of the provider or site."""
    components: tuple[str, ...]
    """Ids of the components that it is."""
    services: tuple[str, ...]
    """Ids of the services that go down."""
    users: float
    """People who lose something."""
    share: float
    """Of all users; of all services, where there are no users."""
    leaning: float
    """The same share of those who use a service that leans on it at all, backed or not."""
    lost_user_minutes: float | None = None
    """Of the user-minutes that are expected to be lost a year those that would not be if nothing of it ever failed."""
    share_of_minutes: float | None = None
    """These as a share of all; None where nobody says how often its components fail, and of the small ones of many."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that back each other: both at once take down clearly more than each by itself."""

    kind: str
    names: tuple[str, str]
    users: float
    share: float
    """Of all users, when both fail at once."""
    alone: tuple[float, float]
    """The same share of each by itself."""


@dataclass(frozen=True, slots=True)
class Fewest:
    """The smallest number of one kind that take down a part of the users when all of them fail at once."""

    kind: str
    target: float
    """Which part of those who use the services in question (of these services, where there are no users)."""
    names: tuple[str, ...]
    share: float
    """Which part they do take down."""
    is_exact: bool
    """Is it proven that fewer will not do? Else they were taken one by one, the largest first, and those not needed left out."""


@dataclass(frozen=True, slots=True)
class Concentration:
    """What rests on whom."""

    holders: tuple[Holder, ...]
    """By kind, the largest first."""
    pairs: tuple[Pair, ...]
    """By kind, the worst first."""
    fewest: tuple[Fewest, ...]
    """By kind; none where all of the kind at once take down less."""
    lost_user_minutes: float | None
    """Expected a year, of all services in question together; None where nobody says how often anything fails."""
    is_exact: bool
    """Are the user-minutes exact?"""
