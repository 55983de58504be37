"""What people report of an outage, held against the system: which words are wrong, and what the right ones mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches

from impactsim.model.system import System
from impactsim.outage.clocks import at_its_offset
from impactsim.outage.faults import Known
from impactsim.problems import ImpactsimError
from impactsim.quantities import shown

STRUCK_SHARE = 0.5
"""A common cause that is reported has taken down what it strikes with this probability or more."""

Wrong = tuple[str, str]
"""What asked for it (``down``, ``degraded``, ``up``, ``since``, ``at``, ``zone``), and what is wrong with it, in words."""


class WrongReports(ImpactsimError, ValueError):
    """What was reported cannot be; ``faults`` holds all that is wrong.

    Parameters
    ----------
    faults
        What asked for it, and what is wrong, at least one.
    """

    def __init__(self, faults: Sequence[Wrong]) -> None:
        super().__init__("; ".join(f"{option}: {fault}" for option, fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Report:
    """Something that people say is down, or serves a share only."""

    name: str
    """Id of a component; if it is down, also of a common cause."""
    level: float | None = None
    """What it serves; None if it is down."""
    since: datetime | None = None
    """Since when; since the outage began if absent."""

    @property
    def option(self) -> str:
        """What says so: ``down`` or ``degraded``."""
        return "down" if self.level is None else "degraded"


@dataclass(frozen=True, slots=True)
class Understood:
    """Reports that can be."""

    known: tuple[Known, ...]
    up: tuple[str, ...]
    starts: datetime
    """When the first of them began."""
    at_ms: int
    """Now, in milliseconds from there."""


def understand(
    system: System, reports: Sequence[Report], up: Iterable[str], since: datetime | None, at: datetime
) -> Understood:
    """Turn reports into what is known.

    Parameters
    ----------
    system
        The system.
    reports
        What is down or degraded.
    up
        Ids of components that are up.
    since
        When the outage began: what is reported without a time of its own has been so since then.
    at
        Now. All times have their offsets.

    Raises
    ------
    WrongReports
        With all that is wrong.
    """
    up, at = tuple(dict.fromkeys(up)), at_its_offset(at)
    since = None if since is None else at_its_offset(since)
    reports = [each if each.since is None else replace(each, since=at_its_offset(each.since)) for each in reports]
    faults = [*_of_times(reports, since, at), *_of_names(system, reports, up), *_of_levels(reports)]
    if not reports:
        faults.append(("down", "nothing is reported; say what is down, or degraded"))
    faults += _of_contradictions(reports, up)
    if faults:
        raise WrongReports(list(dict.fromkeys(faults)))
    begun = [each.since or since for each in reports]
    starts = min(each for each in begun if each is not None)
    known = _known(system, reports, up, since, starts)
    if faults := _of_causes(system, reports, known):
        raise WrongReports(faults)
    return Understood(known, up, starts, _milliseconds(at - starts))


def _milliseconds(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))


def _of_times(reports: Sequence[Report], since: datetime | None, at: datetime) -> list[Wrong]:
    found: list[Wrong] = []
    if since is None and any(each.since is None for each in reports):
        found.append(("since", "nobody says since when; write --since 14:05, or X@14:05 for each"))
    if since is not None and since > at:
        found.append(("since", f"{since:%Y-%m-%d %H:%M} is after {at:%Y-%m-%d %H:%M}, which is now"))
    return found + [
        (each.option, f"{each.name}: {each.since:%Y-%m-%d %H:%M} is after {at:%Y-%m-%d %H:%M}, which is now")
        for each in reports
        if each.since is not None and each.since > at
    ]


def _of_names(system: System, reports: Sequence[Report], up: Sequence[str]) -> list[Wrong]:
    components, causes = list(system.components), list(system.common_causes)
    found: list[Wrong] = []
    for each in reports:
        if each.name in system.components or (each.level is None and each.name in system.common_causes):
            continue
        if each.name in system.common_causes:
            found.append(
                (each.option, f"{each.name} is a common cause, which takes things down: write --down {each.name}")
            )
        elif each.level is None:
            found.append((each.option, _nobody("component and no common cause", each.name, [*components, *causes])))
        else:
            found.append((each.option, _nobody("component", each.name, components)))
    return found + [("up", _nobody("component", name, components)) for name in up if name not in system.components]


def _nobody(what: str, name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 3, 0.5)
    return f"no {what} is called {shown(name)}" + (f"; did you mean {' or '.join(near)}?" if near else "")


def _of_levels(reports: Sequence[Report]) -> list[Wrong]:
    found: list[Wrong] = []
    for each in reports:
        if each.level is None or 0.0 < each.level < 1.0:
            continue
        instead = f"what serves nothing is down: write --down {each.name}"
        if each.level >= 1.0:
            instead = f"what serves everything is up: write --up {each.name}"
        found.append(("degraded", f"{each.name}={each.level:.0%}: {instead}"))
    return found


def _of_contradictions(reports: Sequence[Report], up: Sequence[str]) -> list[Wrong]:
    found: list[Wrong] = []
    first: dict[str, Report] = {}
    for each in reports:
        other = first.setdefault(each.name, each)
        if other == each:
            continue
        if other.option != each.option:
            found.append((each.option, f"{each.name} is said to be down and degraded; say one of them"))
        else:
            found.append((each.option, f"{each.name} is reported twice, with different figures; say it once"))
    return found + [
        ("up", f"{name} is said to be up and {'down' if first[name].level is None else 'degraded'}; say one of them")
        for name in up
        if name in first
    ]


def _known(
    system: System, reports: Sequence[Report], up: Sequence[str], since: datetime | None, starts: datetime
) -> tuple[Known, ...]:
    """Return what is known, component by component; what is reported by itself wins over what a common cause struck."""
    named = {each.name for each in reports}
    known: dict[str, Known] = {}
    for each in reports:
        begun = each.since or since
        assert begun is not None, "faults were raised"
        since_ms = _milliseconds(begun - starts)
        if each.name in system.components:
            known[each.name] = Known(each.name, each.level or 0.0, since_ms)
            continue
        for member in struck_by(system, each.name):
            if member not in named and member not in up:
                known.setdefault(member, Known(member, 0.0, since_ms, each.name))
    return tuple(known.values())


def struck_by(system: System, cause: str) -> tuple[str, ...]:
    """Return what a common cause takes down more often than not."""
    return tuple(name for name, share in system.common_causes[cause].strikes.items() if share >= STRUCK_SHARE)


def _of_causes(system: System, reports: Sequence[Report], known: Sequence[Known]) -> list[Wrong]:
    if known:
        return []
    return [
        (
            "down",
            f"{each.name} strikes nothing with a probability of 50% or more that is not said to be up; name what is down",
        )
        for each in reports
        if each.name in system.common_causes
    ]
