"""How many people an outage affects (S6): the entries of a record in, counts of people out.

`count_users` goes through the times at which something changes for the users: a service or what a workaround needs
(entries of the record), a workaround whose time begins or ends, an hour at which more or fewer people are there. Each
change costs what uses it; what nobody uses costs one look-up. Hours are followed only while their people are affected.

Counts of people are a `Range`: two bounds and an estimate, because how the losses of several services overlap is not
known (S6.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from impactsim.compiled import Audience
from impactsim.engine.crowd import (
    DONE,
    FOREVER,
    FRESH,
    FROM_MS,
    MORE_ACTIVITY,
    MORE_ROOM,
    N_AWAKE,
    N_CHANGED,
    N_HIT,
    N_PENDING,
    N_ROWS,
    N_STALE,
    N_TOUCHED,
    NEXT_STEP,
    NEXT_WINDOW,
    PRESENCE,
    SHARES,
    Crowd,
    empty,
    has_estimate,
    lengthen_curves,
    new_crowd,
)
from impactsim.engine.losses import add_up, step_ends
from impactsim.engine.record import N_ENTRIES, Record
from impactsim.engine.toll import charge_group, finish, leave_group, leave_level


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
"""A number of people over time: (from_ms, people) in order of time, each true until the next, the first from 0."""


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


def affected_users(audience: Audience, record: Record, end_ms: int) -> tuple[list[Affected], Affected]:
    """Work out who is affected in one run, and when.

    Parameters
    ----------
    audience
        Who uses what; its activity must be known until the end.
    record
        What the run left.
    end_ms
        End of the run.

    Returns
    -------
    list of Affected
        Each group.
    Affected
        All of them together.
    """
    crowd = new_crowd(audience, rows=64)
    while (status := count_users(audience, crowd, record, 0, end_ms)) != DONE:
        assert status == MORE_ROOM
        lengthen_curves(crowd)
    groups = len(audience.group_count)
    curves: list[Curve] = [[] for _ in range(groups + 1)]
    for row in range(crowd.tally[N_ROWS]):
        group = crowd.curve_group[row]
        people = _range(audience, crowd.curve_people, group, row)
        curves[group].append((crowd.curve_at_ms[row], people))
    found = [
        Affected(
            _range(audience, crowd.affected, group, group),
            _range(audience, crowd.peak, group, group),
            _range(audience, crowd.lost_user_minutes, group, group),
            _range(audience, crowd.out_ms, group, group) if group < groups else NOBODY,
            _from_0(curve, _range(audience, [0.0] * 3, group, 0)),
        )
        for group, curve in enumerate(curves)
    ]
    return found[:-1], found[-1]


def _range(audience: Audience, column: list[float] | list[int], group: int, place: int) -> Range:
    """Return three figures of a group."""
    low, estimate, high = column[3 * place : 3 * place + 3]
    return Range(low, estimate if has_estimate(audience, group) else None, high)


def _from_0(curve: Curve, nobody: Range) -> Curve:
    return curve if curve and curve[0][0] == 0 else [(0, nobody), *curve]


# From here on: plain functions on flat columns, for one run and for many.


def count_users(audience: Audience, crowd: Crowd, record: Record, from_ms: int, end_ms: int) -> int:
    """Count the users that a run affects within [from_ms, end_ms].

    What was before the window still matters in it, but is not counted.

    Returns
    -------
    int
        DONE, MORE_ROOM or MORE_ACTIVITY.
    """
    empty(audience, crowd)
    tally = crowd.tally
    tally[FROM_MS] = from_ms
    entries = record.used[N_ENTRIES]
    entry = _next_entry(audience, record, 0)
    while True:
        now = min(tally[NEXT_WINDOW], tally[NEXT_STEP])
        if entry < entries:
            now = min(now, record.at_ms[entry])
        if now > end_ms:
            finish(audience, crowd, end_ms)
            return DONE
        while entry < entries and record.at_ms[entry] <= now:
            _read(audience, crowd, record, entry, now)
            entry = _next_entry(audience, record, entry + 1)
        if tally[NEXT_WINDOW] <= now:
            _open_and_close(audience, crowd, now)
        if tally[NEXT_STEP] <= now and not _follow_hours(audience, crowd, now):
            return MORE_ACTIVITY
        status = add_up(audience, crowd, now)
        if status != DONE:
            return status


def _next_entry(audience: Audience, record: Record, entry: int) -> int:
    """Return the first entry from `entry` on that matters to the users."""
    while entry < record.used[N_ENTRIES] and audience.component_role[record.component[entry]] < 0:
        entry += 1
    return entry


# What changes: levels, workarounds, hours. Whose users it may concern is measured until now, and becomes stale.


def _read(audience: Audience, crowd: Crowd, record: Record, entry: int, now: int) -> None:
    role, services = audience.component_role[record.component[entry]], len(audience.service_component)
    if role < services:
        _set_level(audience, crowd, role, record.level[entry], record.root[entry], now)
    else:
        _set_works(audience, crowd, role - services, int(record.level[entry] > 0.0), now)


def _set_level(audience: Audience, crowd: Crowd, service: int, level: float, root: int, now: int) -> None:
    """Let a service have another level."""
    _hit(crowd, service)
    _change(audience, crowd, service, now)
    leave_level(crowd, service, now)
    was_whole = crowd.level[service] == 1.0
    crowd.level[service] = level
    if level < 1.0:
        crowd.root[service] = root
    if was_whole == (level == 1.0):
        return
    for workaround in range(audience.workaround_from[service], audience.workaround_from[service + 1]):
        # The clock of a workaround begins with a loss, and runs on while that becomes deeper or less.
        crowd.is_open[workaround] = 0
        if was_whole:
            _wait(crowd, workaround, now + audience.workaround_after_ms[workaround])
        else:
            crowd.next_ms[workaround] = FOREVER


def _set_works(audience: Audience, crowd: Crowd, workaround: int, works: int, now: int) -> None:
    """Let what a workaround needs be there or not."""
    service = audience.workaround_service[workaround]
    _hit(crowd, service)
    if crowd.works[workaround] != works:
        if crowd.is_open[workaround]:
            _change(audience, crowd, service, now)
        crowd.works[workaround] = works


def _wait(crowd: Crowd, workaround: int, at_ms: int) -> None:
    """Let a workaround open at `at_ms`."""
    crowd.next_ms[workaround] = at_ms
    crowd.tally[NEXT_WINDOW] = min(crowd.tally[NEXT_WINDOW], at_ms)
    if not crowd.is_pending[workaround]:
        crowd.is_pending[workaround] = 1
        crowd.pending[crowd.tally[N_PENDING]] = workaround
        crowd.tally[N_PENDING] += 1


def _open_and_close(audience: Audience, crowd: Crowd, now: int) -> None:
    """Open and close the workarounds whose time it is (S6.3)."""
    tally, kept = crowd.tally, 0
    tally[NEXT_WINDOW] = FOREVER
    for i in range(tally[N_PENDING]):
        workaround = crowd.pending[i]
        while crowd.next_ms[workaround] <= now:
            _open_or_close(audience, crowd, workaround, now)
        if crowd.next_ms[workaround] == FOREVER:
            crowd.is_pending[workaround] = 0
        else:
            crowd.pending[kept] = workaround
            kept += 1
            tally[NEXT_WINDOW] = min(tally[NEXT_WINDOW], crowd.next_ms[workaround])
    tally[N_PENDING] = kept


def _open_or_close(audience: Audience, crowd: Crowd, workaround: int, now: int) -> None:
    lasts_ms = audience.workaround_lasts_ms[workaround]
    if crowd.works[workaround]:
        _change(audience, crowd, audience.workaround_service[workaround], now)
    if crowd.is_open[workaround] or lasts_ms < 0:
        crowd.next_ms[workaround] = FOREVER
    else:
        crowd.next_ms[workaround] += lasts_ms
    crowd.is_open[workaround] = 1 - crowd.is_open[workaround]


def _follow_hours(audience: Audience, crowd: Crowd, now: int) -> bool:
    """Let as many be there as the hour says, in groups that are affected; tell whether that is known."""
    tally, kept = crowd.tally, 0
    tally[NEXT_STEP] = FOREVER
    for i in range(tally[N_AWAKE]):
        group = crowd.awake[i]
        if crowd.n_lost[group] == 0:
            crowd.is_awake[group] = 0
            continue
        while step_ends(audience, crowd, group) <= now:
            if now > audience.activity_until_ms[0]:
                return False
            _stir(audience, crowd, group, PRESENCE, now)
            crowd.step[group] += 1
            crowd.present[group] = audience.activity_share[crowd.step[group]]
        crowd.awake[kept] = group
        kept += 1
        tally[NEXT_STEP] = min(tally[NEXT_STEP], step_ends(audience, crowd, group))
    tally[N_AWAKE] = kept
    return True


def _hit(crowd: Crowd, service: int) -> None:
    if not crowd.is_hit[service]:
        crowd.is_hit[service] = 1
        crowd.hit[crowd.tally[N_HIT]] = service
        crowd.tally[N_HIT] += 1


def _change(audience: Audience, crowd: Crowd, service: int, now: int) -> None:
    """Note that a service may lose another share of its users from now on."""
    if crowd.is_changed[service]:
        return
    crowd.is_changed[service] = 1
    crowd.changed[crowd.tally[N_CHANGED]] = service
    crowd.tally[N_CHANGED] += 1
    for i in range(audience.usage_from[service], audience.usage_from[service + 1]):
        _stir(audience, crowd, audience.use_group[audience.usage[i]], SHARES, now)


def _stir(audience: Audience, crowd: Crowd, group: int, what: int, now: int) -> None:
    """Measure a group until now, and note that it changes."""
    tally = crowd.tally
    if crowd.is_stale[group] == FRESH:
        leave_group(audience, crowd, group, now)
        crowd.stale[tally[N_STALE]] = group
        tally[N_STALE] += 1
    if crowd.is_stale[group] < what:
        crowd.is_stale[group] = what
        if what == SHARES:
            charge_group(audience, crowd, group)
    if not crowd.is_touched[group]:
        crowd.is_touched[group] = 1
        crowd.touched[tally[N_TOUCHED]] = group
        tally[N_TOUCHED] += 1
