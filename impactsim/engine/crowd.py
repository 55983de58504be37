"""The state of the counting of users, and what it has counted: the users of one run (S6), on flat columns.

A `Crowd` is made once for an audience and used for any number of runs; to empty it costs what the last run touched.
Numbers of people stand three by three: low, estimate and high (S6.2). Where counts of users per service leave no
estimate (S6.5), the upper bound stands in its place; `has_estimate` tells.

The number of all people together is the root of a tree of sums in pairs over the groups: a change of one group costs
the logarithm of their number, nothing drifts, and bounds keep their order through every addition (rounding is monotone).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from impactsim.compiled import Audience, Floats, Ints

# What `users.count_users` returns. After the last two the caller lengthens, and calls again from the start.
DONE = 0
MORE_ROOM = 1  # the curves have no room
MORE_ACTIVITY = 2  # people are affected when nobody knows how many are there

FOREVER = 1 << 62
"""Later than anything."""
# What an instant changed of a group (is_stale).
FRESH = 0
PRESENCE = 1  # how many of its people are there
SHARES = 2  # what they lost, too

# Places in `tally`.
N_HIT, N_CHANGED, N_TOUCHED, N_STALE, N_PENDING, N_AWAKE, N_CHARGED, N_ROWS = range(8)
NEXT_WINDOW, NEXT_STEP, FROM_MS, ALL_SINCE = 8, 9, 10, 11
_N_COUNTS = 12
KEEP_CURVES = 12  # 1 to write down the curves; set once, and not emptied
_N_PLACES = 13


class Crowd(NamedTuple):
    """State and results of one run. Lengths as in `Audience`; T roots, L rows of curves."""

    # Services (V).
    level: Floats
    loss: Floats
    """Share of its users that a service has lost, workarounds considered (S6.3)."""
    root: Ints
    """What its outage goes back to, -1 for nothing."""
    level_since: Ints
    is_hit: Ints
    hit: Ints
    is_changed: Ints
    changed: Ints

    # Workarounds (A).
    works: Ints
    """Its own needs are met."""
    is_open: Ints
    """It is its time: the loss is old enough, and not too old."""
    next_ms: Ints
    """When it opens or closes next."""
    is_pending: Ints
    pending: Ints

    # Uses (U).
    lost: Floats
    """Share of the segment, or people of the population, who have lost the service."""
    largest: Floats
    """Most people who had lost the service at one time (population only)."""
    lost_uses: Ints
    """In the range of each group, in order: its uses that lose somebody, as many as `n_lost` says."""

    # Groups (G; three figures for each: 3 G).
    n_lost: Ints
    share: Floats
    """Affected share of the group; 3 figures."""
    present: Floats
    """Share of its people who are there."""
    step: Ints
    """Step of its activity."""
    group_since: Ints
    """From when on the group is not measured yet."""
    to_charge: Floats
    """People x ms lost since the shares of the group changed."""
    is_touched: Ints
    touched: Ints
    is_stale: Ints
    stale: Ints
    is_awake: Ints
    awake: Ints
    """Groups whose activity is followed."""
    people: Floats
    """Affected people: 3 figures for each node of the tree of sums; the root is node 1, group g is node G + g."""

    # Results: 3 figures for each group, and 3 for all together behind them (3 G + 3).
    affected: Floats
    peak: Floats
    lost_user_minutes: Floats
    out_ms: Ints
    """How long all of the group was affected. Not worked out, and 0, for all groups together."""

    # What the losses go back to (T).
    lost_by_root: Floats
    """User-minutes."""
    service_down_by_root: Floats
    """Time in ms that services were down."""
    is_charged: Ints
    charged: Ints
    """Roots that anything was charged to: the first N_CHARGED of the tally."""

    # Curves (L; three figures for each: 3 L): the first N_ROWS of the tally, in order of time.
    curve_group: Ints
    """The group, or their number for all together."""
    curve_at_ms: Ints
    curve_people: Floats

    tally: Ints


def new_crowd(audience: Audience, n_roots: int = 0, rows: int = 0) -> Crowd:
    """Return a crowd of which nobody has lost anything.

    Parameters
    ----------
    audience
        Who uses what.
    n_roots
        How many roots losses can be charged to; those of entries with higher numbers are charged to nobody.
    rows
        How many rows of curves there is room for; with any, the curves are kept.
    """
    services, workarounds = len(audience.service_component), len(audience.workaround_service)
    uses, groups = len(audience.use_group), len(audience.group_count)

    def ints(size: int, value: int = 0) -> Ints:
        return [value] * size

    def floats(size: int, value: float = 0.0) -> Floats:
        return [value] * size

    crowd = Crowd(
        level=floats(services, 1.0), loss=floats(services), root=ints(services, -1), level_since=ints(services),
        is_hit=ints(services), hit=ints(services), is_changed=ints(services), changed=ints(services),
        works=ints(workarounds, 1), is_open=ints(workarounds), next_ms=ints(workarounds, FOREVER),
        is_pending=ints(workarounds), pending=ints(workarounds),
        lost=floats(uses), largest=floats(uses), lost_uses=ints(uses),
        n_lost=ints(groups), share=floats(3 * groups), present=floats(groups, 1.0), step=ints(groups),
        group_since=ints(groups), to_charge=floats(groups), is_touched=ints(groups), touched=ints(groups),
        is_stale=ints(groups), stale=ints(groups), is_awake=ints(groups), awake=ints(groups),
        people=floats(6 * max(1, groups)),
        affected=floats(3 * groups + 3), peak=floats(3 * groups + 3), lost_user_minutes=floats(3 * groups + 3),
        out_ms=ints(3 * groups + 3),
        lost_by_root=floats(n_roots), service_down_by_root=floats(n_roots), is_charged=ints(n_roots), charged=ints(n_roots),
        curve_group=ints(rows), curve_at_ms=ints(rows), curve_people=floats(3 * rows),
        tally=ints(_N_PLACES),
    )  # fmt: skip
    crowd.tally[KEEP_CURVES] = int(rows > 0)
    return crowd


def lengthen_curves(crowd: Crowd) -> None:
    """Double the room for curves."""
    columns: list[list[Any]] = [crowd.curve_group, crowd.curve_at_ms, crowd.curve_people]
    for column in columns:
        column.extend(column)


def empty(audience: Audience, crowd: Crowd) -> None:
    """Put back whatever the last run changed, finished or not."""
    tally = crowd.tally
    for i in range(tally[N_HIT]):
        _forget_service(audience, crowd, crowd.hit[i])
    for i in range(tally[N_TOUCHED]):
        _forget_group(audience, crowd, crowd.touched[i])
    for i in range(tally[N_CHARGED]):
        root = crowd.charged[i]
        crowd.is_charged[root] = 0
        crowd.lost_by_root[root] = 0.0
        crowd.service_down_by_root[root] = 0.0
    for i in range(_N_COUNTS):
        tally[i] = 0
    tally[NEXT_WINDOW] = FOREVER
    tally[NEXT_STEP] = FOREVER
    _forget_results(crowd, len(audience.group_count))


def _forget_service(audience: Audience, crowd: Crowd, service: int) -> None:
    crowd.level[service] = 1.0
    crowd.loss[service] = 0.0
    crowd.is_hit[service] = 0
    crowd.is_changed[service] = 0
    for workaround in range(audience.workaround_from[service], audience.workaround_from[service + 1]):
        crowd.works[workaround] = 1
        crowd.is_open[workaround] = 0
        crowd.next_ms[workaround] = FOREVER
        crowd.is_pending[workaround] = 0
    for i in range(audience.usage_from[service], audience.usage_from[service + 1]):
        crowd.lost[audience.usage[i]] = 0.0
        crowd.largest[audience.usage[i]] = 0.0


def _forget_group(audience: Audience, crowd: Crowd, group: int) -> None:
    crowd.n_lost[group] = 0
    crowd.present[group] = 1.0
    crowd.to_charge[group] = 0.0
    crowd.is_touched[group] = 0
    crowd.is_stale[group] = FRESH
    crowd.is_awake[group] = 0
    for k in range(3 * group, 3 * group + 3):
        crowd.share[k] = 0.0
    _forget_results(crowd, group)
    node = len(audience.group_count) + group
    if crowd.people[3 * node + 2] > 0.0:
        while node > 0:
            for k in range(3 * node, 3 * node + 3):
                crowd.people[k] = 0.0
            node >>= 1


def _forget_results(crowd: Crowd, group: int) -> None:
    for k in range(3 * group, 3 * group + 3):
        crowd.affected[k] = 0.0
        crowd.peak[k] = 0.0
        crowd.lost_user_minutes[k] = 0.0
        crowd.out_ms[k] = 0


def has_estimate(audience: Audience, group: int) -> bool:
    """Tell whether there is an estimate of a group, or of all together (the number of groups) (S6.5)."""
    # The population is the last group.
    return (
        len(audience.group_count) == 0 or audience.group_is_population[min(group, len(audience.group_count) - 1)] == 0
    )
