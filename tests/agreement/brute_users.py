"""Users of the brute-force answer (S6), read from the snapshots of an automaton at its end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, prod
from zoneinfo import ZoneInfo

from agreement.brute_automaton import Automaton
from agreement.brute_needs import TINY, median_ms
from agreement.brute_state import Snapshot
from impactsim.model.system import Activity, Segment

MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Bounds:
    """A figure with its bounds (S6.2)."""

    low: float
    estimate: float
    high: float


NOTHING = Bounds(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class SegmentUsers:
    """What a segment suffers."""

    affected: Bounds
    lost_user_minutes: Bounds
    out_ms: Bounds


@dataclass(frozen=True)
class ServiceBounds:
    """What the per-service counts allow to say: (low, high) each (S6.5)."""

    affected: tuple[float, float]
    peak: tuple[float, float]
    lost_user_minutes: tuple[float, float]


@dataclass(frozen=True)
class Users:
    """What the users suffer (S6.4)."""

    affected: Bounds
    peak: Bounds
    lost_user_minutes: Bounds
    segments: dict[str, SegmentUsers]
    services: ServiceBounds | None
    """None where no service has a count of its own."""


def users_of(run: Automaton) -> Users:
    """Work out S6 for a finished run."""
    times = _times(run)
    segments = {
        name: [_affected(run, segment, _shares(run, segment.uses, at_ms), at_ms) for at_ms in times]
        for name, segment in run.system.users.items()
    }
    totals = [_added(column) for column in zip(*segments.values(), strict=True)] or [NOTHING] * len(times)
    return Users(
        affected=_added(_largest(counts) for counts in segments.values()),
        peak=_largest(totals),
        lost_user_minutes=_minutes(totals, times),
        segments={name: _segment(run, name, counts, times) for name, counts in segments.items()},
        services=_services(run, times),
    )


def _segment(run: Automaton, name: str, counts: list[Bounds], times: list[int]) -> SegmentUsers:
    shares = [_shares(run, run.system.users[name].uses, at_ms) for at_ms in times]
    is_out = [_each(lambda x: float(x > 1 - TINY), share) for share in shares]
    return SegmentUsers(_largest(counts), _minutes(counts, times), _integral(is_out, times))


# --- figures with bounds ----------------------------------------------------------------------------------------------


def _each(function: Callable[..., float], *figures: Bounds) -> Bounds:
    return Bounds(
        function(*(f.low for f in figures)),
        function(*(f.estimate for f in figures)),
        function(*(f.high for f in figures)),
    )


def _added(figures: Iterable[Bounds]) -> Bounds:
    return _each(lambda *xs: sum(xs, 0.0), *figures)


def _largest(figures: list[Bounds]) -> Bounds:
    return _each(lambda *xs: max(xs, default=0.0), *figures)


def _integral(figures: list[Bounds], times: list[int]) -> Bounds:
    """Integrate a step function over time, in milliseconds; the last figure holds for no time."""
    lengths = [later - earlier for earlier, later in itertools.pairwise(times)]
    return _each(lambda *xs: sum(x * length for x, length in zip(xs, lengths, strict=False)), *figures)


def _minutes(figures: list[Bounds], times: list[int]) -> Bounds:
    return _each(lambda x: x / 60_000, _integral(figures, times))


# --- at one time ------------------------------------------------------------------------------------------------------


def _snapshot(run: Automaton, at_ms: int) -> Snapshot:
    return [snapshot for snapshot in run.snapshots if snapshot.at_ms <= at_ms][-1]


def _loss_since(run: Automaton, service: str, at_ms: int) -> int:
    """Return when the present loss of a service began; `at_ms` where there is none."""
    since = at_ms
    for snapshot in reversed([snapshot for snapshot in run.snapshots if snapshot.at_ms <= at_ms]):
        if snapshot.levels[service] == 1:
            break
        since = snapshot.at_ms
    return since


def _window(run: Automaton, service: str, index: int) -> tuple[int, int | None]:
    """Return from when and until when into a loss a workaround is there."""
    words = run.system.components[service].workarounds[index]
    after = median_ms(words.after)
    return after, None if words.lasts is None else after + median_ms(words.lasts)


def _loss(run: Automaton, service: str, at_ms: int) -> float:
    """Return the share of the users of a service who lose it, workarounds counted (S6.2, S6.3)."""
    snapshot = _snapshot(run, at_ms)
    into_ms = at_ms - _loss_since(run, service, at_ms)
    covered = 0.0
    for index, workaround in enumerate(run.system.components[service].workarounds):
        start, end = _window(run, service, index)
        if start <= into_ms and (end is None or into_ms < end) and snapshot.workarounds[service, index]:
            covered = max(covered, workaround.covers)
    return (1 - snapshot.levels[service]) * (1 - covered)


def _shares(run: Automaton, uses: dict[str, float], at_ms: int) -> Bounds:
    """S6.2."""
    losses = [share * _loss(run, service, at_ms) for service, share in uses.items()]
    return Bounds(max(losses, default=0.0), 1 - prod(1 - x for x in losses), min(1.0, sum(losses)))


def _affected(run: Automaton, segment: Segment, shares: Bounds, at_ms: int) -> Bounds:
    count = segment.count.median() * _activity(run, segment.activity, at_ms)
    return _each(lambda x: count * x, shares)


def _local(run: Automaton, zone: str, at_ms: int) -> datetime:
    """Return the clock time of a place; worked out through UTC, since sums of local times ignore summer time."""
    assert run.scenario.starts is not None
    return (run.scenario.starts.astimezone(UTC) + at_ms * MS).astimezone(ZoneInfo(zone))


def _activity(run: Automaton, activity: Activity | None, at_ms: int) -> float:
    if activity is None or run.scenario.starts is None:
        return 1.0
    return activity.hours[_local(run, activity.zone, at_ms).hour]


def _services(run: Automaton, times: list[int]) -> ServiceBounds | None:
    """S6.5."""
    used = {service for segment in run.system.users.values() for service in segment.uses}
    laws = {name: words.users for name, words in run.system.components.items() if name not in used}
    users = {name: law.median() for name, law in laws.items() if law is not None}
    if not users:
        return None
    population = run.system.population
    most = float("inf") if population is None else population

    def bounds(counts: list[float]) -> Bounds:
        return Bounds(max(counts), 0.0, min(most, sum(counts)))

    history = [[count * _loss(run, name, at_ms) for name, count in users.items()] for at_ms in times]
    affected = bounds([max(column) for column in zip(*history, strict=True)])
    at_times = [bounds(counts) for counts in history]
    peak, minutes = _largest(at_times), _minutes(at_times, times)
    return ServiceBounds((affected.low, affected.high), (peak.low, peak.high), (minutes.low, minutes.high))


# --- when anything about users can change -----------------------------------------------------------------------------


def _times(run: Automaton) -> list[int]:
    times = {0, run.end_ms} | {snapshot.at_ms for snapshot in run.snapshots}
    for service, index in run.workaround_needs:
        for since in {_loss_since(run, service, at_ms) for at_ms in times}:
            times |= {since + edge for edge in _window(run, service, index) if edge is not None}
    zones = {segment.activity.zone for segment in run.system.users.values() if segment.activity is not None}
    if run.scenario.starts is not None:
        for zone in zones:
            times |= set(_full_hours(run, zone))
    return sorted(at_ms for at_ms in times if at_ms <= run.end_ms)


def _full_hours(run: Automaton, zone: str) -> Iterable[int]:
    at_ms = 0
    while at_ms <= run.end_ms:
        local = _local(run, zone, at_ms)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        at_ms += ceil((timedelta(hours=1) - past) / MS)
        yield at_ms
