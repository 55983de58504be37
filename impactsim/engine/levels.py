"""The levels of one instant: the greatest fixed point of S2.3, kept up to date where something changed.

Components are looked at in an order in which members come before those that need them (a heap of ranks, so
that each is looked at once and never between two changes of one instant). Components that lean on each other in
a circle have neighbouring ranks and are solved together: whatever may rise is first lifted to the highest level
that its own health allows, with all of the circle that leans on it; then levels are lowered until nothing changes.
Started from above, that ends at the greatest fixed point (Tarski 1955); members of the circle that nothing lifted
keep their levels, because nothing that they lean on rises.
"""

from __future__ import annotations

from impactsim.compiled import STAY_UP, Compiled
from impactsim.engine.state import (
    N_CHANGED,
    N_CHECK,
    N_DIRTY,
    N_NEEDS,
    N_QUEUE,
    N_USED,
    RUNNING,
    STOPPED,
    State,
    touch,
)
from impactsim.engine.values import evaluate, is_capped

STEP = 1e-13
"""Changes smaller than this are rounding and go no further."""

FALLS, RISES = 1, 2

LISTED, QUEUED = 1, 2


def mark(system: Compiled, state: State, component: int, direction: int) -> None:
    """Note that the level of `component` may fall, or may rise too."""
    if not state.is_dirty[component]:
        if not state.is_touched[component]:
            touch(state, component)
        _push(state, system.rank[component])
    state.is_dirty[component] |= direction


def check(state: State, component: int) -> None:
    """Note that `component` may have to stop, may begin to start, or has repairs to look at."""
    if not state.is_checked[component] & LISTED:
        if not state.is_touched[component]:
            touch(state, component)
        state.is_checked[component] |= LISTED
        state.check[state.tally[N_CHECK]] = component
        state.tally[N_CHECK] += 1
    if state.mode[component] == STOPPED and not state.is_checked[component] & QUEUED:
        state.is_checked[component] |= QUEUED
        state.queue[state.tally[N_QUEUE]] = component
        state.tally[N_QUEUE] += 1


def see(system: Compiled, state: State, need: int) -> None:
    """Note that something about `need` changed in this instant."""
    if not state.is_seen[need]:
        component = system.need_component[need]
        if not state.is_touched[component]:
            touch(state, component)
        if not state.is_used[need]:
            state.is_used[need] = 1
            state.used[state.tally[N_USED]] = need
            state.tally[N_USED] += 1
        state.is_seen[need] = 1
        state.needs[state.tally[N_NEEDS]] = need
        state.tally[N_NEEDS] += 1


def stale(system: Compiled, state: State, need: int, direction: int) -> None:
    """Note that the value of `need` must be worked out again."""
    if not state.is_seen[need]:
        see(system, state, need)
    state.is_stale[need] = 1
    component = system.need_component[need]
    if system.need_purpose[need] > STAY_UP:
        check(state, component)
    elif state.is_dirty[component] & direction != direction:
        if _is_at_the_end(system, state, component, direction):
            check(state, component)
        else:
            mark(system, state, component, direction)


def _is_at_the_end(system: Compiled, state: State, component: int, direction: int) -> bool:
    """Tell whether a level can go no further that way, and what decided on it stays; in a circle all are looked at together."""
    if system.circle[component] >= 0:
        return False
    level = state.level[component]
    return (direction == FALLS and level == 0.0) or (direction == RISES and level == 1.0)


def settle(system: Compiled, state: State, now: int) -> None:
    """Bring all levels up to date (S2.4)."""
    tally, use_from, use_slot, slot_need = state.tally, system.use_from, system.use_slot, system.slot_need
    while tally[N_DIRTY] > 0:
        component = system.by_rank[state.dirty[0]]
        if system.circle[component] >= 0:
            _settle_circle(system, state, now, system.circle[component])
        else:
            _pop_top(system, state)
            state.is_dirty[component] = 0
            before = state.level[component]
            level = evaluate(system, state, component, now)
            check(state, component)
            if abs(level - before) > STEP:
                direction = RISES if level > before else FALLS
                state.level[component] = level
                _note_change(state, component)
                for i in range(use_from[component], use_from[component + 1]):
                    stale(system, state, slot_need[use_slot[i]], direction)


def _settle_circle(system: Compiled, state: State, now: int, circle: int) -> None:
    """Solve the circle whose members stand at the top of the heap."""
    size, to_lift = 0, 0
    while _top_is_in(system, state, circle):
        component = _pop_top(system, state)
        size = _enter(state, component, size)
        if state.is_dirty[component] & RISES:
            state.in_circle[component] = 2
            state.stack[to_lift] = component
            to_lift += 1
        state.is_dirty[component] = 0
    size = _lift(system, state, now, size, to_lift)
    for i in range(size):
        mark(system, state, state.members[i], FALLS)
    while _top_is_in(system, state, circle):
        component = _pop_top(system, state)
        state.is_dirty[component] = 0
        level = evaluate(system, state, component, now)
        if level < state.level[component] - STEP:
            state.level[component] = level
            for i in range(system.use_from[component], system.use_from[component + 1]):
                need = system.slot_need[system.use_slot[i]]
                if _is_inside(system, need, circle):
                    see(system, state, need)
                    state.is_stale[need] = 1
                    size = _enter(state, system.need_component[need], size)
                    mark(system, state, system.need_component[need], FALLS)
    for i in range(size):
        _leave(system, state, state.members[i], circle)


def _lift(system: Compiled, state: State, now: int, size: int, to_lift: int) -> int:
    """Lift what may rise, and what leans on it, as high as its own health allows; return the new size."""
    while to_lift > 0:
        to_lift -= 1
        component = state.stack[to_lift]
        state.in_circle[component] = 1
        top = _own_limit(system, state, component, now)
        if state.level[component] >= top:
            continue
        state.level[component] = top
        for i in range(system.use_from[component], system.use_from[component + 1]):
            need = system.slot_need[system.use_slot[i]]
            if _is_inside(system, need, system.circle[component]):
                see(system, state, need)
                state.is_stale[need] = 1
                other = system.need_component[need]
                size = _enter(state, other, size)
                if state.in_circle[other] == 1 and state.level[other] < 1.0:
                    state.in_circle[other] = 2
                    state.stack[to_lift] = other
                    to_lift += 1
    return size


def _own_limit(system: Compiled, state: State, component: int, now: int) -> float:
    """Return the highest level that `component` can have, whatever the others do."""
    if state.mode[component] != RUNNING:
        return 0.0
    level = state.health[component]
    if is_capped(system, state, component, now):
        level = min(level, system.catch_up_level[component])
    return level


def _is_inside(system: Compiled, need: int, circle: int) -> bool:
    return system.need_purpose[need] <= STAY_UP and system.circle[system.need_component[need]] == circle


def _enter(state: State, component: int, size: int) -> int:
    """Take `component` into the part of its circle that is solved now; return the new size of that part.

    ``in_circle`` is 1 for a member of that part, and 2 while it waits to be lifted.
    """
    if state.in_circle[component]:
        return size
    touch(state, component)
    state.in_circle[component] = 1
    state.before[component] = state.level[component]
    state.members[size] = component
    return size + 1


def _leave(system: Compiled, state: State, component: int, circle: int) -> None:
    """Tell the rest of the system what became of a member of the circle."""
    state.in_circle[component] = 0
    check(state, component)
    change = state.level[component] - state.before[component]
    if abs(change) <= STEP:
        return
    _note_change(state, component)
    for i in range(system.use_from[component], system.use_from[component + 1]):
        need = system.slot_need[system.use_slot[i]]
        if not _is_inside(system, need, circle):
            stale(system, state, need, RISES if change > 0.0 else FALLS)


def _note_change(state: State, component: int) -> None:
    if not state.is_changed[component]:
        state.is_changed[component] = 1
        state.changed[state.tally[N_CHANGED]] = component
        state.tally[N_CHANGED] += 1


# The heap of components to look at, by rank.


def _top_is_in(system: Compiled, state: State, circle: int) -> bool:
    return state.tally[N_DIRTY] > 0 and system.circle[system.by_rank[state.dirty[0]]] == circle


def _push(state: State, rank: int) -> None:
    heap, place = state.dirty, state.tally[N_DIRTY]
    state.tally[N_DIRTY] = place + 1
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= rank:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = rank


def _pop_top(system: Compiled, state: State) -> int:
    """Take the component with the lowest rank off the heap."""
    heap = state.dirty
    top = heap[0]
    size = state.tally[N_DIRTY] - 1
    state.tally[N_DIRTY] = size
    if size > 0:
        rank, place = heap[size], 0
        while True:
            child = 2 * place + 1
            if child >= size:
                break
            if child + 1 < size and heap[child + 1] < heap[child]:
                child += 1
            if heap[child] >= rank:
                break
            heap[place] = heap[child]
            place = child
        heap[place] = rank
    return system.by_rank[top]
