"""What an audit says: findings, each with evidence and remedy, in one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How bad a finding is; the higher the worse."""

    NOTE = 0
    """Good to know."""
    LOW = 1
    """Not proven, or far away: one operator behind both of a pair, three things at once."""
    MEDIUM = 2
    """One thing takes down something that less than a tenth of the users use, or two things take down more."""
    HIGH = 3
    """One thing takes down a backup with what it backs, or what a tenth of the users use."""
    CRITICAL = 4
    """One thing takes down what half of the users use, or the system cannot start again by itself."""

    @property
    def word(self) -> str:
        """The word for it, as ``--fail-on`` takes it."""
        return self.name.lower()


def severity_of_loss(share: float, order: int = 1) -> Severity:
    """Return the severity of what takes down a service of a share of the users.

    Parameters
    ----------
    share
        Share of all users (of all services, where there are no users) who are hit, in [0, 1].
    order
        How many things must fail at once; each beyond the first makes it one less severe.
    """
    worst = Severity.CRITICAL if share >= 0.5 else Severity.HIGH if share >= 0.1 else Severity.MEDIUM
    return Severity(max(Severity.LOW, worst - (order - 1)))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the audit found.

    Parameters
    ----------
    id
        Kind and place, such as ``single-point/dc-east``: the same in two audits if it is the same finding.
    kind
        What sort of finding, such as ``single-point``.
    severity
        How bad it is.
    text
        What is wrong, as one sentence without a full stop.
    services
        Ids of the services that are hit.
    events
        Ids of the components and common causes whose failure it speaks of.
    users
        How many people lose something if it happens, estimated; 0 without users.
    lost_user_minutes
        Expected loss a year, in user-minutes; None where nobody says how often it happens.
    evidence
        Why it is so: paths, figures, steps that a person can follow; each one sentence without a full stop.
    remedy
        What would help, as one sentence without a full stop.
    figures
        Numbers of the finding by name, for programs.
    """

    id: str
    kind: str
    severity: Severity
    text: str
    services: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    users: float = 0.0
    lost_user_minutes: float | None = None
    evidence: tuple[str, ...] = ()
    remedy: str = ""
    figures: tuple[tuple[str, float], ...] = ()


def ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by expected lost user-minutes, then severity, users and number of services; the worst first.

    What sums up the rest of a redundancy (``.../more``) stands behind those that it adds to. Unverified facts have no expected loss;
    among themselves they stand by how much it would change.
    """
    found = list(findings)
    last: dict[str, _Key] = {}
    for each in found:
        key, place = _key(each), each.id.rpartition("/")[0]
        last[place] = max(key, last.get(place, key))
    ordered = sorted(found, key=lambda each: (last[each.id[:-5]], 1) if each.id.endswith("/more") else (_key(each), 0))
    unverified = sorted((each for each in ordered if each.kind == "unverified"), key=_change, reverse=True)  # stable
    in_order = iter(unverified)
    return [next(in_order) if each.kind == "unverified" else each for each in ordered]


_Key = tuple[float, int, float, int, str]


def _key(each: Finding) -> _Key:
    return -(each.lost_user_minutes or 0.0), -each.severity, -each.users, -len(each.services), each.id


def _change(each: Finding) -> float:
    """Return by how much the expected loss would change if what is unverified were wrong."""
    return abs(dict(each.figures).get("change_of_lost_user_minutes", 0.0))
