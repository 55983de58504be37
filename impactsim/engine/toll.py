"""What a run costs its users: people, lost time, and what it goes back to (S6.4).

Whatever changes is first measured for the time until now, as it has been; so a change costs what changes, and what does
not change is measured once, at the end. What took no time counts only at the end itself: all that falls on one
millisecond is applied before anything is measured.
"""

from __future__ import annotations

from impactsim.compiled import Audience
from impactsim.engine.crowd import ALL_SINCE, FROM_MS, N_CHARGED, N_HIT, N_TOUCHED, Crowd

_MINUTE_MS = 60_000
_WHOLE = 1.0 - 1e-9


def leave_group(audience: Audience, crowd: Crowd, group: int, now: int) -> None:
    """Measure what a group has been since it was measured last."""
    if crowd.n_lost[group] > 0:
        passed_ms = now - max(crowd.group_since[group], crowd.tally[FROM_MS])
        if passed_ms > 0:
            _measure_group(audience, crowd, group, passed_ms)
    crowd.group_since[group] = now


def leave_all(crowd: Crowd, groups: int, now: int) -> None:
    """Measure what all groups together have been since they were measured last."""
    passed_ms = now - max(crowd.tally[ALL_SINCE], crowd.tally[FROM_MS])
    if passed_ms > 0:
        _measure(crowd, 1, groups, passed_ms)
    crowd.tally[ALL_SINCE] = now


def finish(audience: Audience, crowd: Crowd, end_ms: int) -> None:
    """Measure what is left until the end, and work out the results."""
    tally, groups = crowd.tally, len(audience.group_count)
    _measure(crowd, 1, groups, end_ms - max(tally[ALL_SINCE], tally[FROM_MS]))
    for i in range(tally[N_TOUCHED]):
        group = crowd.touched[i]
        if crowd.n_lost[group] > 0:
            # What came at the end itself took no time, and still counts as a number of people.
            _measure_group(audience, crowd, group, end_ms - max(crowd.group_since[group], tally[FROM_MS]))
            charge_group(audience, crowd, group)
        _most_affected(audience, crowd, group)
        for k in range(3):
            crowd.affected[3 * groups + k] += crowd.affected[3 * group + k]
            crowd.lost_user_minutes[3 * group + k] /= _MINUTE_MS
    for k in range(3):
        crowd.lost_user_minutes[3 * groups + k] /= _MINUTE_MS
    for i in range(tally[N_HIT]):
        leave_level(crowd, crowd.hit[i], end_ms)


def _measure(crowd: Crowd, node: int, group: int, passed_ms: int) -> None:
    """Add to the results of a group what its node of the tree has been for a time; minutes wait until the end."""
    i, k = 3 * node, 3 * group
    low, estimate, high = crowd.people[i], crowd.people[i + 1], crowd.people[i + 2]
    # People x ms: whole as long as the people are.
    crowd.lost_user_minutes[k] += low * passed_ms
    crowd.lost_user_minutes[k + 1] += estimate * passed_ms
    crowd.lost_user_minutes[k + 2] += high * passed_ms
    crowd.peak[k] = max(crowd.peak[k], low)
    crowd.peak[k + 1] = max(crowd.peak[k + 1], estimate)
    crowd.peak[k + 2] = max(crowd.peak[k + 2], high)


def _measure_group(audience: Audience, crowd: Crowd, group: int, passed_ms: int) -> None:
    node, k = len(audience.group_count) + group, 3 * group
    _measure(crowd, node, group, passed_ms)
    crowd.to_charge[group] += crowd.people[3 * node + 1] * passed_ms
    if crowd.share[k + 2] > _WHOLE:
        crowd.out_ms[k + 2] += passed_ms
        if crowd.share[k + 1] > _WHOLE:
            crowd.out_ms[k + 1] += passed_ms
        if crowd.share[k] > _WHOLE:
            crowd.out_ms[k] += passed_ms
    if audience.group_is_population[group]:
        first = audience.use_from[group]
        for i in range(first, first + crowd.n_lost[group]):
            use = crowd.lost_uses[i]
            crowd.largest[use] = max(crowd.largest[use], crowd.lost[use])


def _most_affected(audience: Audience, crowd: Crowd, group: int) -> None:
    """Work out how many people of a group were affected, whenever they were (S6.4, S6.5)."""
    if not audience.group_is_population[group]:
        for k in range(3 * group, 3 * group + 3):
            crowd.affected[k] = crowd.peak[k]
        return
    low, high = 0.0, 0.0
    for i in range(crowd.tally[N_HIT]):
        service = crowd.hit[i]
        for j in range(audience.usage_from[service], audience.usage_from[service + 1]):
            largest = crowd.largest[audience.usage[j]]
            low = max(low, largest)
            high += largest
    high = within_population(audience, group, high)
    crowd.affected[3 * group] = min(low, high)
    crowd.affected[3 * group + 1] = high
    crowd.affected[3 * group + 2] = high


def within_population(audience: Audience, group: int, people: float) -> float:
    """Return `people`, or all there are if that is less and known."""
    count = audience.group_count[group]
    return people if count < 0.0 else min(people, count)


# What losses go back to.


def charge_group(audience: Audience, crowd: Crowd, group: int) -> None:
    """Charge what a group has lost since its shares changed to what its services' outages go back to, by their shares."""
    to_charge = crowd.to_charge[group]
    crowd.to_charge[group] = 0.0
    if to_charge == 0.0 or len(crowd.is_charged) == 0:
        return
    first = audience.use_from[group]
    total = 0.0
    for i in range(first, first + crowd.n_lost[group]):
        total += crowd.lost[crowd.lost_uses[i]]
    for i in range(first, first + crowd.n_lost[group]):
        use = crowd.lost_uses[i]
        root = crowd.root[audience.use_service[use]]
        if _is_charged(crowd, root):
            crowd.lost_by_root[root] += to_charge * crowd.lost[use] / total / _MINUTE_MS


def leave_level(crowd: Crowd, service: int, now: int) -> None:
    """Charge the time that a service has been down."""
    if crowd.level[service] == 0.0:
        passed_ms = now - max(crowd.level_since[service], crowd.tally[FROM_MS])
        if passed_ms > 0 and _is_charged(crowd, crowd.root[service]):
            crowd.service_down_by_root[crowd.root[service]] += passed_ms
    crowd.level_since[service] = now


def _is_charged(crowd: Crowd, root: int) -> bool:
    """Tell whether anything can be charged to `root`, and note that something is."""
    if root < 0 or root >= len(crowd.is_charged):
        return False
    if not crowd.is_charged[root]:
        crowd.is_charged[root] = 1
        crowd.charged[crowd.tally[N_CHARGED]] = root
        crowd.tally[N_CHARGED] += 1
    return True
