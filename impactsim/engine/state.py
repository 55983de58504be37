"""What a run changes: the state of components, needs, slots, faults and crews, and the timers.

A `State` is made once for a system and used for any number of runs: whatever a run changes it notes in
`touched`, and `reset` puts back just that, so that a run costs what it touches and not what the system holds.

The timers are a binary heap with a place for each timer (Williams 1964, Algorithm 232): each thing that can
fall due has at most one, and can be set, moved and cancelled, so that what stands in the heap is exactly what
is under way. A run ends when it is empty (S1.2), and no stale entry ever makes an instant.

Functions of this package are plain functions on flat sequences of integers and floats, without objects,
closures and exceptions: the same source is interpreted for one run and can be compiled for many.
"""

from __future__ import annotations

from typing import NamedTuple

from impactsim.compiled import GROUP, Compiled, Floats, Ints

# Modes of a component (S2.2).
RUNNING, STOPPED, STARTING = 0, 1, 2

# What decided on a level (by_kind; by_id).
BY_NOTHING = 0  # it is up
BY_FAULT = 1  # id of the fault
BY_NEED = 2  # id of the need
BY_RESTART = 3  # it is starting
BY_STOP = 4  # somebody stopped it
BY_CATCH_UP = 5  # backlog

# What a holdover does (charging).
IDLE, DRAINING, FILLING = 0, 1, 2

# Why a need is on reserve (S3.8).
NO_RESERVE, ON_HOLDOVER, ON_STANDBY, ON_LAST = 0, 1, 2, 3

# Places in `tally`.
N_HEAP, N_DIRTY, N_CHECK, N_NEEDS, N_CHANGED, N_TOUCHED, N_CREWS, NEXT_FAULT, NEXT_ACTION, PHASE, LAST_MS = range(11)
N_DESTROYED, N_QUEUE, N_ENDED, N_USED, IS_SHORT = 11, 12, 13, 14, 15
N_COUNTS = 16
RECORD_DETAILS, RECORD_ROOT = 16, 17  # what to record; set once, and not reset
N_PLACES = 18


class State(NamedTuple):
    """The state of a run. Lengths as in `Compiled` and `Plan`; there may be room for more faults."""

    # Components.
    mode: Ints
    health: Floats
    level: Floats
    recorded: Floats
    by_kind: Ints
    by_id: Ints
    was_kind: Ints
    was_id: Ints
    held: Ints
    forced: Ints
    destroyed: Ints
    down_since: Ints
    carry_ms: Ints
    capped: Ints
    cap_ends: Ints
    first_fault: Ints
    is_dirty: Ints
    is_checked: Ints
    is_changed: Ints
    is_touched: Ints
    in_circle: Ints
    starts: Ints
    root: Ints
    root_at: Ints

    # Needs.
    value: Floats
    is_stale: Ints
    is_seen: Ints
    is_used: Ints
    charge: Ints
    charge_at: Ints
    charging: Ints
    serving: Ints
    serving_since: Ints
    switching: Ints
    reserve: Ints
    reserve_slot: Ints
    reserve_until: Ints

    # Slots.
    switched: Ints
    called: Ints
    spent: Ints

    # Faults.
    active: Ints
    fault_now: Floats
    next_step: Ints
    next_fault: Ints
    left_ms: Ints
    since_ms: Ints
    working: Ints
    manned: Ints
    copy: Ints
    taken: Ints
    lost: Ints
    job_status: Ints

    # Crews.
    busy: Ints
    first_waiting: Ints
    next_waiting: Ints
    is_called: Ints
    others: Ints
    next_other: Ints

    # Jobs of others.
    others_end: Ints

    # Timers.
    heap: Ints
    heap_place: Ints
    timer_at: Ints

    # Lists of this instant, and scratch.
    dirty: Ints
    check: Ints
    needs: Ints
    used: Ints
    changed: Ints
    touched: Ints
    crews: Ints
    queue: Ints
    destroyed_list: Ints
    ended: Ints
    stack: Ints
    members: Ints
    before: Floats
    sorted: Floats
    tally: Ints


def new_state(system: Compiled) -> State:
    """Return the state of `system` before the first instant, without room for faults."""
    n, needs, slots = len(system.crew), len(system.need_form), len(system.slot_need)
    crews = len(system.crew_size)
    timers = 2 * n + 3 * needs + crews
    widest = max((system.slot_from[i + 1] - system.slot_from[i] for i in range(needs)), default=0)

    def ints(size: int, value: int = 0) -> Ints:
        return [value] * size

    def floats(size: int, value: float = 0.0) -> Floats:
        return [value] * size

    state = State(
        mode=ints(n), health=floats(n, 1.0), level=floats(n, 1.0), recorded=floats(n, 1.0),
        by_kind=ints(n), by_id=ints(n), was_kind=ints(n), was_id=ints(n), held=ints(n), forced=ints(n), destroyed=ints(n),
        down_since=ints(n, -1), carry_ms=ints(n), capped=ints(n), cap_ends=ints(n), first_fault=ints(n, -1),
        is_dirty=ints(n), is_checked=ints(n), is_changed=ints(n), is_touched=ints(n), in_circle=ints(n),
        starts=ints(n), root=ints(n, -1), root_at=ints(n),
        value=floats(needs, 1.0), is_stale=ints(needs), is_seen=ints(needs), is_used=ints(needs), charge=list(system.need_full),
        charge_at=ints(needs), charging=ints(needs), serving=ints(needs, -1), serving_since=ints(needs),
        switching=ints(needs, -1), reserve=ints(needs), reserve_slot=ints(needs, -1), reserve_until=ints(needs, -1),
        switched=ints(slots), called=ints(slots), spent=ints(slots),
        active=[], fault_now=[], next_step=[], next_fault=[], left_ms=[], since_ms=[], working=[], manned=[],
        copy=[], taken=[], lost=[], job_status=[],
        busy=ints(crews), first_waiting=ints(crews, -1), next_waiting=[], is_called=ints(crews),
        others=ints(crews), next_other=ints(crews, -1), others_end=ints(len(system.backlog_ms)),
        heap=ints(timers), heap_place=ints(timers, -1), timer_at=ints(timers),
        dirty=ints(n), check=ints(n), needs=ints(needs), used=ints(needs), changed=ints(n), touched=ints(n), crews=ints(crews),
        queue=ints(n), destroyed_list=[], ended=[], stack=ints(n), members=ints(n), before=floats(n),
        sorted=floats(widest), tally=ints(N_PLACES),
    )  # fmt: skip
    for need in range(needs):
        if system.need_form[need] == GROUP:
            state.serving[need] = system.slot_from[need]
    return state


def make_room(state: State, faults: int) -> None:
    """Make room for as many faults."""
    more = faults - len(state.active)
    if more <= 0:
        return
    for ints in (
        state.active, state.next_step, state.left_ms, state.since_ms, state.working, state.manned, state.lost,
        state.job_status, state.destroyed_list, state.ended, state.heap, state.timer_at,
    ):  # fmt: skip
        ints.extend([0] * more)
    for nones in (state.next_fault, state.copy, state.taken, state.next_waiting, state.heap_place):
        nones.extend([-1] * more)
    state.fault_now.extend([1.0] * more)


def reset(system: Compiled, state: State) -> None:
    """Put back whatever the last run changed, even if it was left in the middle of an instant."""
    tally = state.tally
    for i in range(tally[N_CHANGED]):
        state.is_changed[state.changed[i]] = 0
    for i in range(tally[N_NEEDS]):
        state.is_seen[state.needs[i]] = 0
    for i in range(tally[N_CREWS]):
        state.is_called[state.crews[i]] = 0
    for i in range(tally[N_TOUCHED]):
        c = state.touched[i]
        state.mode[c] = RUNNING
        state.health[c] = 1.0
        state.level[c] = 1.0
        state.recorded[c] = 1.0
        state.by_kind[c] = BY_NOTHING
        state.was_kind[c] = BY_NOTHING
        state.held[c] = 0
        state.forced[c] = 0
        state.destroyed[c] = 0
        state.down_since[c] = -1
        state.carry_ms[c] = 0
        state.capped[c] = 0
        state.first_fault[c] = -1
        state.starts[c] = 0
        state.root[c] = -1
        state.is_checked[c] = 0
        state.is_touched[c] = 0
    for i in range(tally[N_USED]):
        reset_need(system, state, state.used[i])
    for i in range(tally[N_HEAP]):
        state.heap_place[state.heap[i]] = -1
    for fault in range(tally[NEXT_FAULT]):
        state.active[fault] = 0
        state.working[fault] = 0
        state.manned[fault] = 0
        state.lost[fault] = 0
        state.job_status[fault] = 0
        state.copy[fault] = -1
        state.taken[fault] = -1
    for crew in range(len(state.busy)):
        state.busy[crew] = 0
        state.first_waiting[crew] = -1
        state.others[crew] = 0
        state.next_other[crew] = -1
    for i in range(N_COUNTS):
        tally[i] = 0


def reset_need(system: Compiled, state: State, need: int) -> None:
    """Put back one need and its slots."""
    state.is_used[need] = 0
    state.value[need] = 1.0
    state.is_stale[need] = 0
    state.charge[need] = system.need_full[need]
    state.charge_at[need] = 0
    state.charging[need] = IDLE
    state.switching[need] = -1
    state.reserve[need] = NO_RESERVE
    state.reserve_slot[need] = -1
    state.reserve_until[need] = -1
    if system.need_form[need] == GROUP:
        state.serving[need] = system.slot_from[need]
        state.serving_since[need] = 0
        for slot in range(system.slot_from[need], system.slot_from[need + 1]):
            state.switched[slot] = 0
            state.called[slot] = 0
            state.spent[slot] = 0


# Timers. Each id stands for one thing that can fall due.


def start_timer(_state: State, component: int) -> int:
    """Return the timer of the end of a component's start."""
    return component


def catch_up_timer(state: State, component: int) -> int:
    """Return the timer of the end of a component's catch-up."""
    return len(state.mode) + component


def charge_timer(state: State, need: int) -> int:
    """Return the timer of the end of a need's holdover."""
    return 2 * len(state.mode) + need


def switch_timer(state: State, need: int) -> int:
    """Return the timer of the end of a group's switch."""
    return 2 * len(state.mode) + len(state.value) + need


def spent_timer(state: State, need: int) -> int:
    """Return the timer at which the serving member of a group is spent."""
    return 2 * len(state.mode) + 2 * len(state.value) + need


def crew_timer(state: State, crew: int) -> int:
    """Return the timer at which a member of a crew comes back from a job of others."""
    return 2 * len(state.mode) + 3 * len(state.value) + crew


def fault_timer(state: State, fault: int) -> int:
    """Return the timer of a fault's next step, or of the end of its repair."""
    return 2 * len(state.mode) + 3 * len(state.value) + len(state.busy) + fault


def set_timer(state: State, timer: int, at_ms: int) -> None:
    """Let `timer` fall due at `at_ms`, whether or not it was set before."""
    place = state.heap_place[timer]
    state.timer_at[timer] = at_ms
    if place < 0:
        place = state.tally[N_HEAP]
        state.tally[N_HEAP] = place + 1
        state.heap[place] = timer
        state.heap_place[timer] = place
    _sift(state, place)


def cancel_timer(state: State, timer: int) -> None:
    """Take `timer` back; nothing happens if it is not set."""
    place = state.heap_place[timer]
    if place < 0:
        return
    state.heap_place[timer] = -1
    last = state.tally[N_HEAP] - 1
    state.tally[N_HEAP] = last
    if place != last:
        moved = state.heap[last]
        state.heap[place] = moved
        state.heap_place[moved] = place
        _sift(state, place)


def _sift(state: State, place: int) -> None:
    """Move the timer at `place` up or down until the heap is in order again."""
    heap, where, at, size = state.heap, state.heap_place, state.timer_at, state.tally[N_HEAP]
    timer = heap[place]
    due = at[timer]
    while place > 0:
        parent = (place - 1) >> 1
        if at[heap[parent]] <= due:
            break
        heap[place] = heap[parent]
        where[heap[place]] = place
        place = parent
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and at[heap[child + 1]] < at[heap[child]]:
            child += 1
        if at[heap[child]] >= due:
            break
        heap[place] = heap[child]
        where[heap[place]] = place
        place = child
    heap[place] = timer
    where[timer] = place


def touch(state: State, component: int) -> None:
    """Note that the run changes something of `component`."""
    if not state.is_touched[component]:
        state.is_touched[component] = 1
        state.touched[state.tally[N_TOUCHED]] = component
        state.tally[N_TOUCHED] += 1
