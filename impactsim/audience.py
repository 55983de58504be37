"""Who uses what, from the author's words: a `System` becomes an `Audience`.

Counts become their medians here. The hours of activity are those of the local clocks, whatever these do; so an
`Audience` knows them up to a time only, and can be lengthened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from statistics import fmean
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from impactsim.compiled import Audience, Floats, Ints
from impactsim.compiler import Names, milliseconds
from impactsim.model.system import System

Steps = list[tuple[int, float]]
"""A step function of time in milliseconds: (from_ms, value), each true until the next, the first from 0."""

POPULATION = "population"
"""Id of the group of all users where only counts per service are known."""

_QUARTER_MS = 900_000
HOURS_KNOWN_MS = 2 * 365 * 86_400_000
"""So long the hours of the day are followed; from then on the mean share of a day is there."""
_FOREVER_MS = 1 << 62
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Hours:
    """What the rows of activity of an `Audience` stand for."""

    starts: datetime | None
    """Clock time of the start; without one nobody's hours count, and there are no rows."""
    rows: tuple[tuple[str, tuple[float, ...]], ...]
    """Time zone, and share of the people who are there in each hour of the local day."""


@dataclass(frozen=True, slots=True)
class AudienceNames:
    """What the integers of an `Audience` stand for."""

    groups: list[str]
    """Id of each segment; last, if there is one, the population."""
    services: list[str]
    """Id of each service."""
    counts: dict[str, int]
    """The use, in the population, of each service whose own count of users is known."""
    workarounds: dict[tuple[str, int], int]
    """Number of each workaround by its service and its place there. Those of services that nobody uses have none."""
    hours: Hours
    """What the rows of activity stand for."""

    def is_population(self, group: int) -> bool:
        """Tell whether a group is the population."""
        return bool(self.counts) and group == len(self.groups) - 1


def compile_audience(
    system: System, names: Names, n_components: int, starts: datetime | None, until_ms: int
) -> tuple[Audience, AudienceNames]:
    """Turn the users of a system into columns.

    Parameters
    ----------
    system
        A system that the rules found right.
    names
        What `compile_system` made of its names.
    n_components
        How many components there are, with those that stand for workarounds.
    starts
        Clock time of the start, with its offset; without it everybody is always there.
    until_ms
        Up to when the hours of activity are to be known.

    Returns
    -------
    Audience
        The columns, as plain lists.
    AudienceNames
        What their numbers stand for.
    """
    used = {service for segment in system.users.values() for service in segment.uses}
    counts = {
        name: component.users.median()
        for name, component in system.components.items()
        if component.users is not None and name not in used
    }
    services = [name for name in system.components if name in used or name in counts]
    uses = [_Use(group, *use) for group, each in enumerate(system.users.values()) for use in each.uses.items()]
    own = {name: len(uses) + i for i, name in enumerate(counts)}
    uses += [_Use(len(system.users), *use) for use in counts.items()]
    workarounds = [each for each in names.workarounds if each[0] in used or each[0] in counts]
    words = AudienceNames(
        groups=[*system.users, *([POPULATION] if counts else [])],
        services=services,
        counts=own,
        workarounds={each: i for i, each in enumerate(workarounds)},
        hours=_hours(system, starts),
    )
    audience = Audience(
        **_of_services(names, n_components, words, uses),
        **_of_workarounds(system, words),
        **_of_groups(system, words, uses),
        **_activity(words.hours, until_ms),
    )
    return audience, words


def lengthened(audience: Audience, hours: Hours, until_ms: int = -1) -> Audience:
    """Return an audience whose activity is known up to a later time: as many more steps as it takes.

    Parameters
    ----------
    audience
        An audience, of which the columns of activity are read only.
    hours
        What its rows of activity stand for.
    until_ms
        Up to when they are to be known; twice as long as now if absent.
    """
    if until_ms < 0:
        until_ms = 2 * max(audience.activity_until_ms[0], _DAY_MS)
    return audience._replace(**_activity(hours, until_ms))


def activity_steps(zone: str, hours: Sequence[float], starts: datetime, end_ms: int) -> Steps:
    """Return the share of a segment that is there over time.

    Parameters
    ----------
    zone
        Time zone, such as ``Europe/Rome``.
    hours
        24 shares, by hour of the local day.
    starts
        Clock time of the start, with its offset.
    end_ms
        End of the run.

    Returns
    -------
    list of (int, float)
        A step at each local hour at which the share changes, from 0; the last one `HOURS_KNOWN_MS` after the start.
    """
    local = ZoneInfo(zone)
    origin = starts.astimezone(UTC)
    steps: Steps = []
    # Offsets from UTC are whole quarters of an hour wherever clocks run today, so no local hour begins between two.
    from_hour_ms = (origin.minute * 60 + origin.second) * 1000 + origin.microsecond // 1000
    at_ms = -(from_hour_ms % _QUARTER_MS)
    while at_ms <= min(end_ms, HOURS_KNOWN_MS):
        hour = (origin + timedelta(milliseconds=at_ms)).astimezone(local).hour
        if not steps or steps[-1][1] != hours[hour]:
            steps.append((max(0, at_ms), hours[hour]))
        at_ms += _QUARTER_MS
    if end_ms > HOURS_KNOWN_MS:
        steps.append((at_ms, fmean(hours)))
    return steps


@lru_cache(maxsize=16)  # a plan has one system and few scenarios, which are compiled again and again
def _known_steps(zone: str, hours: tuple[float, ...], starts: datetime, end_ms: int) -> tuple[tuple[int, float], ...]:
    return tuple(activity_steps(zone, hours, starts, end_ms))


class _Use(NamedTuple):
    group: int
    service: str
    share: float


def _hours(system: System, starts: datetime | None) -> Hours:
    if starts is None:
        return Hours(None, ())
    rows = [(each.activity.zone, each.activity.hours) for each in system.users.values() if each.activity is not None]
    return Hours(starts, tuple(dict.fromkeys(rows)))


def _of_services(names: Names, n_components: int, words: AudienceNames, uses: list[_Use]) -> dict[str, Any]:
    number = {name: i for i, name in enumerate(words.services)}
    roles = [-1] * n_components
    for name, i in number.items():
        roles[names.index[name]] = i
    for place, owner in enumerate(names.workarounds, len(names.components)):
        if owner in words.workarounds:
            roles[place] = len(words.services) + words.workarounds[owner]
    usage_from, usage = _grouped([number[use.service] for use in uses], len(words.services))
    return {
        "component_role": roles,
        "service_component": [names.index[name] for name in words.services],
        "workaround_from": _grouped([number[owner] for owner, _ in words.workarounds], len(words.services))[0],
        "usage_from": usage_from,
        "usage": usage,
        "workaround_component": [place for place, role in enumerate(roles) if role >= len(words.services)],
        "workaround_service": [number[owner] for owner, _ in words.workarounds],
        "use_service": [number[use.service] for use in uses],
    }


def _of_workarounds(system: System, words: AudienceNames) -> dict[str, Any]:
    workarounds = [system.components[owner].workarounds[place] for owner, place in words.workarounds]
    return {
        "workaround_covers": [each.covers for each in workarounds],
        "workaround_after_ms": [milliseconds(each.after) for each in workarounds],
        "workaround_lasts_ms": [milliseconds(each.lasts, -1) for each in workarounds],
    }


def _of_groups(system: System, words: AudienceNames, uses: list[_Use]) -> dict[str, Any]:
    row = {each: i for i, each in enumerate(words.hours.rows)}
    segments = system.users.values()
    activities = [None if each.activity is None else (each.activity.zone, each.activity.hours) for each in segments]
    columns: dict[str, Any] = {
        "group_count": [float(each.count.median()) for each in segments],
        "group_is_population": [0] * len(segments),
        "group_activity": [-1 if each is None else row.get(each, -1) for each in activities],
        "use_from": _grouped([use.group for use in uses], len(words.groups))[0],
        "use_group": [use.group for use in uses],
        "use_share": [float(use.share) for use in uses],
    }
    if words.counts:
        columns["group_count"].append(-1.0 if system.population is None else float(system.population))
        columns["group_is_population"].append(1)
        columns["group_activity"].append(-1)
    return columns


def _grouped(keys: Ints, n: int) -> tuple[Ints, Ints]:
    """Return where each key from 0 to n begins among the places sorted by their keys, and these places."""
    first = [0] * (n + 1)
    for key in keys:
        first[key + 1] += 1
    return list(accumulate(first)), sorted(range(len(keys)), key=keys.__getitem__)


def _activity(hours: Hours, until_ms: int) -> dict[str, Any]:
    """Return the columns of activity."""
    at_ms: Ints = []
    shares: Floats = []
    first = [0]
    for zone, of_day in hours.rows:
        assert hours.starts is not None
        for since_ms, share in _known_steps(zone, of_day, hours.starts, until_ms):
            at_ms.append(since_ms)
            shares.append(share)
        first.append(len(at_ms))
    return {
        "activity_from": first,
        "activity_at_ms": at_ms,
        "activity_share": shares,
        "activity_until_ms": [until_ms if until_ms <= HOURS_KNOWN_MS else _FOREVER_MS],
    }
