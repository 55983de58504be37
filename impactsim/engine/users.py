"""How many people an outage affects (S6): levels in, counts of people over time out.

Everything is a step function: a list of (from_ms, value) in order of time, each value true until the next, the
first from 0. Counts of people are a `Range`: two bounds and an estimate, because how the losses of several
services overlap is not known (S6.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

Steps = list[tuple[int, float]]
"""A step function of time in milliseconds."""

_HOUR_MS = 3_600_000
_QUARTER_MS = 900_000
_MINUTE_MS = 60_000


class Range(NamedTuple):
    """Bounds and an estimate of one number of people; the estimate is missing where only bounds are known (S6.5)."""

    low: float
    estimate: float | None
    high: float

    def times(self, factor: float) -> Range:
        """Return the range with everything multiplied by `factor`."""
        return Range(self.low * factor, None if self.estimate is None else self.estimate * factor, self.high * factor)


NOBODY = Range(0.0, 0.0, 0.0)
Curve = list[tuple[int, Range]]
"""A number of people over time."""


@dataclass(frozen=True, slots=True)
class Workaround:
    """A workaround of a service: what it covers, when, and whether its own needs are met."""

    covers: float
    after_ms: int
    lasts_ms: int
    """-1 for ever."""
    levels: Steps
    """Level of what it needs."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its users see it."""

    levels: Steps
    workarounds: Sequence[Workaround] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Users of one sort: a segment, or all users where only counts per service are known."""

    count: float
    """People in the segment, or the population (infinite if it is not known)."""
    uses: Mapping[str, float]
    """Share of them who use each service; for a population, how many people."""
    activity: Steps | None = None
    """Share of them who are there, over time."""
    is_population: bool = False


@dataclass(frozen=True, slots=True)
class Affected:
    """What became of a group, or of all."""

    affected: Range
    """Largest number over time; of all groups, the sum of theirs (S6.4)."""
    peak: Range
    """Largest number at one time."""
    lost_user_minutes: Range
    """Integral of the number over time, in minutes."""
    out_ms: Range
    """How long all of the group was affected, in milliseconds. Not worked out, and 0, for all groups together."""
    curve: Curve
    """Number of people affected over time."""


def affected_users(
    services: Mapping[str, Service], groups: Mapping[str, Group], end_ms: int
) -> tuple[dict[str, Affected], Affected]:
    """Work out who is affected.

    Parameters
    ----------
    services
        The services that were not up all the time, by id.
    groups
        All groups, by id.
    end_ms
        End of the run.

    Returns
    -------
    dict of str to Affected
        Each group.
    Affected
        All of them together.
    """
    losses = {name: service_loss(service) for name, service in services.items()}
    by_group = {name: _affected(group, losses, end_ms) for name, group in groups.items()}
    return by_group, _together(list(by_group.values()), end_ms)


def service_loss(service: Service) -> Steps:
    """Return the share of its users that a service loses over time, workarounds considered (S6.2, S6.3)."""
    covered = [_covered(service.levels, workaround) for workaround in service.workarounds]
    return [
        (at_ms, (1.0 - level) * (1.0 - max(shares, default=0.0)))
        for at_ms, (level, *shares) in _together_in_time([service.levels, *covered])
    ]


def _covered(levels: Steps, workaround: Workaround) -> Steps:
    """Return the share of the loss that a workaround covers over time."""
    windows: Steps = [(0, 0.0)]
    begin = -1
    for at_ms, level in [*levels, (None, 1.0)]:
        if level < 1.0 and begin < 0:
            begin = at_ms if at_ms is not None else -1
        elif level >= 1.0 and begin >= 0:
            opens = begin + workaround.after_ms
            if at_ms is None or opens < at_ms:
                windows.append((opens, workaround.covers))
                closes = [] if at_ms is None else [at_ms]
                if workaround.lasts_ms >= 0:
                    closes.append(opens + workaround.lasts_ms)
                if closes:
                    windows.append((min(closes), 0.0))
            begin = -1
    return [
        (at_ms, share if level > 0.0 else 0.0)
        for at_ms, (share, level) in _together_in_time([windows, workaround.levels])
    ]


def _affected(group: Group, losses: Mapping[str, Steps], end_ms: int) -> Affected:
    used = {name: share for name, share in group.uses.items() if name in losses}
    if group.is_population:
        return _affected_population(group, used, losses, end_ms)
    activity = group.activity or [(0, 1.0)]
    shares: Curve = []
    curve: Curve = []
    for at_ms, (there, *lost) in _together_in_time([activity, *(losses[name] for name in used)]):
        if at_ms > end_ms:
            break
        share = _overlap([share * loss for share, loss in zip(used.values(), lost, strict=True)])
        shares.append((at_ms, share))
        curve.append((at_ms, share.times(group.count * there)))
    peak = _largest(curve)
    return Affected(peak, peak, _integral(curve, end_ms), _time_out(shares, end_ms), curve)


def _overlap(shares: Sequence[float]) -> Range:
    """Return the share of a segment that is affected by losses whose overlap is unknown (S6.2)."""
    none_lost = 1.0
    for share in shares:
        none_lost *= 1.0 - share
    return Range(max(shares, default=0.0), 1.0 - none_lost if shares else 0.0, min(1.0, sum(shares)))


def _affected_population(group: Group, used: Mapping[str, float], losses: Mapping[str, Steps], end_ms: int) -> Affected:
    """Return the bounds where only counts per service are known (S6.5)."""
    curve: Curve = []
    shares: Curve = []
    largest = dict.fromkeys(used, 0.0)
    for at_ms, lost in _together_in_time([losses[name] for name in used]):
        if at_ms > end_ms:
            break
        counts = [count * loss for count, loss in zip(used.values(), lost, strict=True)]
        for name, count in zip(used, counts, strict=True):
            largest[name] = max(largest[name], count)
        now = _bounds(counts, group.count)
        curve.append((at_ms, now))
        shares.append((at_ms, Range(now.low / group.count, None, now.high / group.count)))
    if not used:
        curve = shares = [(0, Range(0.0, None, 0.0))]
    affected = _bounds(list(largest.values()), group.count)
    return Affected(affected, _largest(curve), _integral(curve, end_ms), _time_out(shares, end_ms), curve)


def _bounds(counts: Sequence[float], population: float) -> Range:
    return Range(max(counts, default=0.0), None, min(population, sum(counts)))


def _together(parts: Sequence[Affected], end_ms: int) -> Affected:
    """Add groups up (S6.4)."""
    curve: Curve = [(0, NOBODY)]
    now = [NOBODY] * len(parts)
    changes = merge(*([(at_ms, i, value) for at_ms, value in part.curve] for i, part in enumerate(parts)))
    for at_ms, group in groupby(changes, key=lambda change: change[0]):
        for _, i, value in group:
            now[i] = value
        if curve[-1][0] == at_ms:
            curve.pop()
        curve.append((at_ms, _sum(now)))
    out = Range(0.0, 0.0, 0.0)
    return Affected(_sum([part.affected for part in parts]), _largest(curve), _integral(curve, end_ms), out, curve)


def _sum(ranges: Iterable[Range]) -> Range:
    low, estimate, high = 0.0, 0.0, 0.0
    is_estimated = True
    for each in ranges:
        low += each.low
        high += each.high
        if each.estimate is None:
            is_estimated = False
        else:
            estimate += each.estimate
    return Range(low, estimate if is_estimated else None, high)


def _largest(curve: Curve) -> Range:
    estimates = [value.estimate for _, value in curve]
    return Range(
        max(value.low for _, value in curve),
        None if None in estimates else max(estimate for estimate in estimates if estimate is not None),
        max(value.high for _, value in curve),
    )


def _integral(curve: Curve, end_ms: int) -> Range:
    """Return the integral of a curve until the end, in minutes."""
    low, estimate, high = 0.0, 0.0, 0.0
    is_estimated = True
    for (at_ms, value), until_ms in zip(curve, [*(at_ms for at_ms, _ in curve[1:]), end_ms], strict=True):
        minutes = (until_ms - at_ms) / _MINUTE_MS
        low += value.low * minutes
        high += value.high * minutes
        if value.estimate is None:
            is_estimated = False
        else:
            estimate += value.estimate * minutes
    return Range(low, estimate if is_estimated else None, high)


def _time_out(shares: Curve, end_ms: int) -> Range:
    """Return how long the share is 1, by each bound and by the estimate, in milliseconds."""
    ends = [*(at_ms for at_ms, _ in shares[1:]), end_ms]
    out = [0, 0, 0]
    for (at_ms, share), until_ms in zip(shares, ends, strict=True):
        for i, value in enumerate(share):
            if value is not None and value > 1.0 - 1e-9:
                out[i] += until_ms - at_ms
    return Range(out[0], None if shares[0][1].estimate is None else out[1], out[2])


def _together_in_time(functions: Sequence[Steps]) -> list[tuple[int, list[float]]]:
    """Return the values of several step functions at every time at which one of them changes."""
    now = [steps[0][1] for steps in functions]
    rows: list[tuple[int, list[float]]] = []
    changes = merge(*([(at_ms, i, value) for at_ms, value in steps] for i, steps in enumerate(functions)))
    for at_ms, group in groupby(changes, key=lambda change: change[0]):
        for _, i, value in group:
            now[i] = value
        rows.append((at_ms, list(now)))
    return rows


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
        A step at each local hour at which the share changes, from 0.
    """
    local = ZoneInfo(zone)
    origin = starts.astimezone(ZoneInfo("UTC"))
    steps: Steps = []
    # Offsets from UTC are whole quarters of an hour wherever clocks run today, so no local hour begins between two.
    from_hour_ms = (origin.minute * 60 + origin.second) * 1000 + origin.microsecond // 1000
    at_ms = -(from_hour_ms % _QUARTER_MS)
    while at_ms <= end_ms:
        hour = (origin + timedelta(milliseconds=at_ms)).astimezone(local).hour
        if not steps or steps[-1][1] != hours[hour]:
            steps.append((max(0, at_ms), hours[hour]))
        at_ms += _QUARTER_MS
    return steps
