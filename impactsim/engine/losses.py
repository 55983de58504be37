"""What the users lose at an instant (S6.2, S6.3, S6.5): shares of services, then of groups, then numbers of people.

Only what is stale is worked out anew, once all that falls on the instant is known.
"""

from __future__ import annotations

from impactsim.compiled import Audience
from impactsim.engine.crowd import (
    DONE,
    FRESH,
    KEEP_CURVES,
    MORE_ACTIVITY,
    MORE_ROOM,
    N_AWAKE,
    N_CHANGED,
    N_ROWS,
    N_STALE,
    NEXT_STEP,
    SHARES,
    Crowd,
)
from impactsim.engine.toll import leave_all, within_population


def add_up(audience: Audience, crowd: Crowd, now: int) -> int:
    """Work out anew what is stale; return DONE, MORE_ROOM or MORE_ACTIVITY."""
    tally, groups = crowd.tally, len(audience.group_count)
    for i in range(tally[N_CHANGED]):
        crowd.is_changed[crowd.changed[i]] = 0
        _set_loss(audience, crowd, crowd.changed[i])
    tally[N_CHANGED] = 0
    if tally[N_STALE] == 0:
        return DONE
    if tally[KEEP_CURVES] and tally[N_ROWS] + tally[N_STALE] + 1 > len(crowd.curve_group):
        return MORE_ROOM
    leave_all(crowd, groups, now)
    has_changed = False
    for i in range(tally[N_STALE]):
        group = crowd.stale[i]
        if crowd.is_stale[group] == SHARES and not _set_shares(audience, crowd, group, now):
            return MORE_ACTIVITY
        crowd.is_stale[group] = FRESH
        has_changed = _set_people(audience, crowd, group, now) or has_changed
    tally[N_STALE] = 0
    if has_changed:
        _write_row(crowd, 1, groups, now)
    return DONE


def _set_loss(audience: Audience, crowd: Crowd, service: int) -> None:
    """Work out the share of its users that a service loses (S6.2, S6.3)."""
    covered = 0.0
    for workaround in range(audience.workaround_from[service], audience.workaround_from[service + 1]):
        if crowd.is_open[workaround] and crowd.works[workaround]:
            covered = max(covered, audience.workaround_covers[workaround])
    loss = (1.0 - crowd.level[service]) * (1.0 - covered)
    if loss == crowd.loss[service]:
        return
    crowd.loss[service] = loss
    for i in range(audience.usage_from[service], audience.usage_from[service + 1]):
        use = audience.usage[i]
        lost = audience.use_share[use] * loss
        if lost == 0.0 and crowd.lost[use] > 0.0:
            _leave_out(audience, crowd, use)
        elif lost > 0.0 and crowd.lost[use] == 0.0:
            _list(audience, crowd, use)
        crowd.lost[use] = lost


def _list(audience: Audience, crowd: Crowd, use: int) -> None:
    """Put a use among those of its group that lose somebody, in its place: sums do not depend on what came first."""
    group = audience.use_group[use]
    first = audience.use_from[group]
    i = first + crowd.n_lost[group]
    while i > first and crowd.lost_uses[i - 1] > use:
        crowd.lost_uses[i] = crowd.lost_uses[i - 1]
        i -= 1
    crowd.lost_uses[i] = use
    crowd.n_lost[group] += 1


def _leave_out(audience: Audience, crowd: Crowd, use: int) -> None:
    group = audience.use_group[use]
    crowd.n_lost[group] -= 1
    last = audience.use_from[group] + crowd.n_lost[group]
    i = last
    while crowd.lost_uses[i] != use:
        i -= 1
    while i < last:
        crowd.lost_uses[i] = crowd.lost_uses[i + 1]
        i += 1


def _set_shares(audience: Audience, crowd: Crowd, group: int, now: int) -> bool:
    """Work out the share of a segment that is affected (S6.2); tell whether it is known how many are there."""
    if audience.group_is_population[group]:
        return True
    k = 3 * group
    was_affected = crowd.share[k + 2] > 0.0
    low, none_lost, high = 0.0, 1.0, 0.0
    first = audience.use_from[group]
    for i in range(first, first + crowd.n_lost[group]):
        lost = crowd.lost[crowd.lost_uses[i]]
        low = max(low, lost)
        none_lost *= 1.0 - lost
        high += lost
    high = min(1.0, high)
    crowd.share[k] = low
    crowd.share[k + 1] = min(max(low, 1.0 - none_lost), high)
    crowd.share[k + 2] = high
    if high == 0.0 or was_affected or audience.group_activity[group] < 0:
        return True
    return _wake(audience, crowd, group, now)


def _wake(audience: Audience, crowd: Crowd, group: int, now: int) -> bool:
    """Begin to follow the activity of a group; tell whether it is known."""
    if now > audience.activity_until_ms[0]:
        return False
    row = audience.group_activity[group]
    step, after = audience.activity_from[row], audience.activity_from[row + 1]
    while after - step > 1:
        middle = (step + after) >> 1
        if audience.activity_at_ms[middle] <= now:
            step = middle
        else:
            after = middle
    crowd.step[group] = step
    crowd.present[group] = audience.activity_share[step]
    crowd.tally[NEXT_STEP] = min(crowd.tally[NEXT_STEP], step_ends(audience, crowd, group))
    if not crowd.is_awake[group]:
        crowd.is_awake[group] = 1
        crowd.awake[crowd.tally[N_AWAKE]] = group
        crowd.tally[N_AWAKE] += 1
    return True


def step_ends(audience: Audience, crowd: Crowd, group: int) -> int:
    """Return up to when the present step of a group's activity is known to last."""
    following = crowd.step[group] + 1
    if following < audience.activity_from[audience.group_activity[group] + 1]:
        return audience.activity_at_ms[following]
    return audience.activity_until_ms[0] + 1


def _set_people(audience: Audience, crowd: Crowd, group: int, now: int) -> bool:
    """Work out how many people of a group are affected; tell whether that changes anything."""
    if audience.group_is_population[group]:
        low, estimate, high = _of_population(audience, crowd, group)
    else:
        there = audience.group_count[group] * crowd.present[group]
        low = crowd.share[3 * group] * there
        estimate = crowd.share[3 * group + 1] * there
        high = crowd.share[3 * group + 2] * there
    node, people = len(audience.group_count) + group, crowd.people
    at = 3 * node
    if people[at] == low and people[at + 1] == estimate and people[at + 2] == high:
        return False
    people[at], people[at + 1], people[at + 2] = low, estimate, high
    _write_row(crowd, node, group, now)
    node >>= 1
    while node > 0:
        at, part = 3 * node, 6 * node
        people[at] = people[part] + people[part + 3]
        people[at + 1] = people[part + 1] + people[part + 4]
        people[at + 2] = people[part + 2] + people[part + 5]
        node >>= 1
    return True


def _of_population(audience: Audience, crowd: Crowd, group: int) -> tuple[float, float, float]:
    """Work out the bounds where only counts per service are known (S6.5)."""
    low, high, count = 0.0, 0.0, audience.group_count[group]
    first = audience.use_from[group]
    for i in range(first, first + crowd.n_lost[group]):
        lost = crowd.lost[crowd.lost_uses[i]]
        low = max(low, lost)
        high += lost
    high = within_population(audience, group, high)
    low = min(low, high)
    if count > 0.0:
        crowd.share[3 * group] = low / count
        crowd.share[3 * group + 1] = high / count
        crowd.share[3 * group + 2] = high / count
    return low, high, high


def _write_row(crowd: Crowd, node: int, group: int, now: int) -> None:
    """Add a row to the curves, if they are kept."""
    row = crowd.tally[N_ROWS]
    if crowd.tally[KEEP_CURVES]:
        crowd.tally[N_ROWS] = row + 1
        crowd.curve_group[row] = group
        crowd.curve_at_ms[row] = now
        for k in range(3):
            crowd.curve_people[3 * row + k] = crowd.people[3 * node + k]
