"""A system and a scenario as integers in flat sequences: all that the engines know.

No name and no file passes this waist. Components, needs, slots (the places of members in needs), copies,
crews and faults are numbered from 0 in the order in which the author wrote them; ``x_from[i]`` to
``x_from[i + 1]`` is the range of the x that belong to i. Times are whole milliseconds, -1 is "none".

The sequences are plain lists where Python interprets the engine (a list is three times as fast to read
as an array, and needs no import); where the engine is compiled they are columns of memory (``engine/kernel.py``).
"""

from __future__ import annotations

from typing import NamedTuple

Ints = list[int]
Floats = list[float]

# The forms of a need (need_form).
ORDER = 0  # the k-th largest level: one component (1 of 1), all_of (n of n), at_least
POOL = 1  # capacity against demand
GROUP = 2  # a primary and its standbys

# The purposes of a need (need_purpose). Those that decide on the level come first.
RUN, STAY_UP, START, REPAIR = 0, 1, 2, 3

# How a fault ends (fault_kind).
TIMED = 0  # rises in steps; `for` is one step to 1
JOB = 1  # a repair job
LASTING = 2  # stays
DESTROYED = 3  # only a copy helps

# Whether a fault strikes (fault_strikes).
NEVER = 0  # chance spared the component in this run
ALWAYS = 1
IF_WHOLE = 2  # only if the component has no fault
IF_NOT_STRUCK = 3  # only if it has no fault of the same common cause

FAR_MS = 1 << 61
"""When a fault begins that does not: room for those of other trials."""

# Actions (action_kind); action_target is a component, for SWITCH a slot.
ACT_REPAIR, ACT_START, ACT_STOP, ACT_SWITCH = 0, 1, 2, 3


class Compiled(NamedTuple):
    """A system without names. Lengths: C components, N needs, S slots, K copies, W crews, J jobs of others."""

    # Components (C; the _from have C + 1).
    need_from: Ints
    """First need of each component."""
    rank: Ints
    """Place of each component in an order in which members come before those that need them to run or stay up."""
    by_rank: Ints
    """The component at each place of that order."""
    circle: Ints
    """Number of the circle (of needs to run or stay up) that holds the component, -1 for none."""
    crew: Ints
    """Crew that repairs it, -1 for none."""
    priority: Ints
    """Which of a crew's jobs goes first: the higher one."""
    restart_ms: Ints
    """Time from the begin of a start until it runs."""
    restart_first: Ints
    """Where its drawn restart times begin in `restart_draw`, one for each start; -1 if every start takes `restart_ms`."""
    restart_draw: Ints
    """Drawn restart times, -1 where no more were drawn."""
    catch_up_share: Floats
    """Time to catch up as a share of the time down; 0 for none."""
    catch_up_level: Floats
    """Level meanwhile."""
    copy_from: Ints
    """First copy of each component's data."""
    use_from: Ints
    """First use of each component: its range in `use_slot`."""

    # Uses (one for each slot).
    use_slot: Ints
    """The slots whose member is the component."""

    # Needs (N).
    need_component: Ints
    """Whose need it is."""
    need_form: Ints
    """ORDER, POOL or GROUP."""
    need_k: Ints
    """Which largest level counts (ORDER)."""
    need_demand: Floats
    """Capacity that is needed (POOL)."""
    need_purpose: Ints
    """RUN, STAY_UP, START or REPAIR."""
    need_impact: Floats
    """Share of the level lost when the need is not met at all."""
    need_full: Ints
    """Charge of the full holdover in units; 0 without holdover."""
    need_drain: Ints
    """Units that a millisecond below 1 costs."""
    need_fill: Ints
    """Units that a millisecond at 1 gives back; 0 means all of them."""
    slot_from: Ints
    """First slot of each need (N + 1)."""
    seeds: Ints
    """Needs that the first instant must look at: not met in full health, or with a limit that runs from the start."""

    # Slots (S).
    slot_component: Ints
    """The member."""
    slot_need: Ints
    """The need that the slot belongs to."""
    slot_capacity: Floats
    """Capacity of the member (POOL)."""
    slot_failover_ms: Ints
    """Time that the switch to it takes (GROUP)."""
    slot_lasts_ms: Ints
    """How long it can serve without a break (GROUP), -1 for ever."""
    slot_dead: Ints
    """1 if it fails to start in this run (GROUP)."""

    # Copies (K).
    copy_place: Ints
    """Component where the copy lies."""
    copy_restore_ms: Ints
    """Work of a restore from it."""
    copy_age_ms: Ints
    """How much is lost with it: its age when the fault strikes."""
    copy_works: Ints
    """1 if it works in this run."""

    # Crews (W; backlog_from has W + 1).
    crew_size: Ints
    """How many jobs it works on at a time."""
    backlog_from: Ints
    """First of the jobs of others that wait for each crew when a run begins."""

    # Jobs of others (J).
    backlog_ms: Ints
    """Work of each of them, in the order in which they are taken."""


class Causes(NamedTuple):
    """What takes down several components at once, without names. Lengths: W common causes, T strikes."""

    strike_from: Ints
    """First strike of each common cause (W + 1)."""
    strike_component: Ints
    """What it strikes (T)."""
    strike_share: Floats
    """With which probability, above 0 (T)."""


class Plan(NamedTuple):
    """What happens: faults and actions, each in order of time and then of the file. Lengths: F faults, A actions."""

    horizon_ms: int
    """When the run ends, -1 for "when nothing can change any more"."""
    last_ms: int
    """When the last event or action is due, even one that hits nothing; 0 if there is none."""

    # Faults (F; step_from has F + 1).
    fault_component: Ints
    """What it hits."""
    fault_at_ms: Ints
    """When it begins."""
    fault_level: Floats
    """Level that it leaves at first."""
    fault_kind: Ints
    """TIMED, JOB, LASTING or DESTROYED."""
    fault_work_ms: Ints
    """Work of the repair (JOB)."""
    fault_cause: Ints
    """Number of the common cause behind it, -1 for none."""
    fault_strikes: Ints
    """What it takes to strike: NEVER, ALWAYS, IF_WHOLE or IF_NOT_STRUCK."""
    step_from: Ints
    """First step of each fault (TIMED)."""
    step_after_ms: Ints
    """When each step comes, from the beginning of its fault."""
    step_level: Floats
    """Level that the fault leaves from then on; 1 clears it."""

    # Actions (A).
    action_at_ms: Ints
    """When it is done."""
    action_kind: Ints
    """ACT_REPAIR, ACT_START, ACT_STOP or ACT_SWITCH."""
    action_target: Ints
    """Component, or slot of a switch."""


class Audience(NamedTuple):
    """Who uses what, without names (S6). Lengths: C components, V services, A workarounds, G groups, U uses, R rows of activity.

    A group is a segment of users, or, last, the population where only the counts of users per service are known.
    """

    # Components (C).
    component_role: Ints
    """What each component is to the users: service v is v, what stands for workaround a is V + a, anything else -1."""

    # Services that somebody uses (V; the _from have V + 1).
    service_component: Ints
    """The component that is the service."""
    workaround_from: Ints
    """First workaround of each service."""
    usage_from: Ints
    """First place of each service in `usage`: the uses of it."""
    usage: Ints
    """Numbers of uses, service by service (U)."""

    # Workarounds (A).
    workaround_component: Ints
    """The component that stands for what the workaround needs."""
    workaround_service: Ints
    """Whose workaround it is."""
    workaround_covers: Floats
    """Share of the loss that it makes up for."""
    workaround_after_ms: Ints
    """How long into the loss it is there."""
    workaround_lasts_ms: Ints
    """How long it can be kept up, -1 for ever."""

    # Groups (G; the _from have G + 1).
    group_count: Floats
    """People in the segment; in the population, -1 if nobody said how many."""
    group_is_population: Ints
    """1 for the population."""
    group_activity: Ints
    """Row of the group's activity, -1 if all are there at any time."""
    use_from: Ints
    """First use of each group."""

    # Uses (U).
    use_group: Ints
    """Whose use it is."""
    use_service: Ints
    """The service that is used."""
    use_share: Floats
    """Share of the segment that uses it; in the population, how many people."""

    # Activity (R rows; activity_from has R + 1).
    activity_from: Ints
    """First step of each row."""
    activity_at_ms: Ints
    """When a step begins; the first of each row at 0."""
    activity_share: Floats
    """Share of the people who are there from then on."""
    activity_until_ms: Ints
    """Up to when the rows are known; one figure."""
