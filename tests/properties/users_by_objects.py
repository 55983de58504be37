"""The counting of users (S6) read a second time: whole step functions of objects, one after the other.

Slower than the engine and written without it, so that both can be held against each other. Everything is a step
function: a list of (from_ms, value) in order of time, each value true until the next, the first from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from itertools import groupby

from engine.audiences import Group, Service, Workaround
from impactsim.audience import Steps
from impactsim.engine.users import NOBODY, Affected, Curve, Range

_MINUTE_MS = 60_000


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
