"""What a run leaves behind: changes of levels, reserves and repairs, written at the end of each instant."""

from __future__ import annotations

from typing import NamedTuple

from impactsim.compiled import DESTROYED, JOB, START, STAY_UP, Compiled, Floats, Ints, Plan
from impactsim.engine.levels import LISTED
from impactsim.engine.repair import JOB_DONE, holding_up, job_status
from impactsim.engine.standby import reserve_ends, reserve_of
from impactsim.engine.state import (
    BY_FAULT,
    BY_NEED,
    BY_NOTHING,
    BY_RESTART,
    BY_STOP,
    N_CHANGED,
    N_CHECK,
    N_ENDED,
    N_NEEDS,
    ON_STANDBY,
    RECORD_DETAILS,
    RECORD_ROOT,
    RUNNING,
    STOPPED,
    State,
    cancel_timer,
    catch_up_timer,
    set_timer,
)
from impactsim.engine.values import SAME, catch_up_ms, met

N_ENTRIES, N_RESERVES, N_JOBS = 0, 1, 2


class Record(NamedTuple):
    """What a run leaves behind, entry by entry in order of time.

    An entry is a change of a component's level with what decided it; for a component that is up again, what it
    had waited for. A reserve is a change of a need's reserve (S3.8). A job is a change in the repair of a fault:
    what it does from then on (`repair.job_status`).
    """

    component: Ints
    at_ms: Ints
    level: Floats
    by_kind: Ints
    by_id: Ints
    root: Ints
    """What the entry goes back to, if that is recorded: a component, or behind them a common cause; -1 for none."""

    reserve_need: Ints
    reserve_at_ms: Ints
    reserve_kind: Ints
    reserve_slot: Ints
    reserve_until_ms: Ints

    job_fault: Ints
    job_at_ms: Ints
    job_status: Ints
    job_need: Ints
    """The need to repair that holds it up, -1 for none."""

    used: Ints
    """How many entries, reserves and changes of jobs there are."""


def write_down(system: Compiled, plan: Plan, state: State, record: Record, now: int) -> None:
    """Note what the instant changed, and clear its lists."""
    tally = state.tally
    details = tally[RECORD_DETAILS] == 1
    if details:
        for i in range(tally[N_ENDED]):
            _write_job(state, record, state.ended[i], JOB_DONE, -1, now)
    tally[N_ENDED] = 0
    # First what decided on the changes; what keeps a component down from then on may be something else.
    for i in range(tally[N_CHANGED]):
        component = state.changed[i]
        state.is_changed[component] = 0
        if abs(state.level[component] - state.recorded[component]) >= SAME:
            _write_entry(system, plan, state, record, component, now)
            _note_down_or_back(system, state, component, now)
            state.recorded[component] = state.level[component]
    tally[N_CHANGED] = 0
    for i in range(tally[N_CHECK]):
        component = state.check[i]
        state.is_checked[component] &= ~LISTED
        if details:
            _note_details(system, plan, state, record, component, now)
    tally[N_CHECK] = 0
    for i in range(tally[N_NEEDS]):
        need = state.needs[i]
        state.is_seen[need] = 0
        if details and (system.need_full[need] > 0 or system.slot_from[need + 1] - system.slot_from[need] > 1):
            _write_reserve(system, state, record, need, now)
    tally[N_NEEDS] = 0


def _note_details(system: Compiled, plan: Plan, state: State, record: Record, component: int, now: int) -> None:
    """Note what the repairs of a component do, and what keeps it from running."""
    fault = state.first_fault[component]
    while fault >= 0:
        if plan.fault_kind[fault] == JOB or plan.fault_kind[fault] == DESTROYED:
            need = holding_up(system, state, component, now)
            _write_job(state, record, fault, job_status(system, plan, state, fault, need), need, now)
        fault = state.next_fault[fault]
    if state.mode[component] != RUNNING:
        _note_blocker(system, state, component, now)
    if state.by_kind[component] != BY_NOTHING:
        state.was_kind[component] = state.by_kind[component]
        state.was_id[component] = state.by_id[component]


def _note_blocker(system: Compiled, state: State, component: int, now: int) -> None:
    """Note what keeps a component from running."""
    kind, which = BY_RESTART, component
    if state.health[component] == 0.0:
        kind = BY_FAULT
    elif state.held[component]:
        kind = BY_STOP
    elif state.mode[component] == STOPPED:
        for need in range(system.need_from[component], system.need_from[component + 1]):
            purpose = system.need_purpose[need]
            if (purpose in (STAY_UP, START)) and met(system, state, need, now) == 0.0:
                kind, which = BY_NEED, need
                break
    state.by_kind[component] = kind
    state.by_id[component] = which


def _write_entry(system: Compiled, plan: Plan, state: State, record: Record, component: int, now: int) -> None:
    entry = record.used[N_ENTRIES]
    record.used[N_ENTRIES] = entry + 1
    record.component[entry] = component
    record.at_ms[entry] = now
    record.level[entry] = state.level[component]
    kind, which = state.by_kind[component], state.by_id[component]
    if state.level[component] == 1.0:
        kind, which = state.was_kind[component], state.was_id[component]
    if kind == BY_FAULT:
        which = _deepest_fault(state, component)
    record.by_kind[entry] = kind
    record.by_id[entry] = which
    if state.tally[RECORD_ROOT]:
        if state.level[component] < 1.0:
            state.root[component] = _root_of(system, plan, state, component, kind, which)
            state.root_at[component] = now
        record.root[entry] = state.root[component]


def _root_of(system: Compiled, plan: Plan, state: State, component: int, kind: int, which: int) -> int:
    """Return what a loss goes back to: what failed first, along what decided on each level in between."""
    if kind == BY_FAULT and which >= 0:
        cause = plan.fault_cause[which]
        return component if cause < 0 else len(state.mode) + cause
    if kind == BY_NEED:
        return _root_of_need(system, state, which)
    return component if kind == BY_STOP else state.root[component]


def _root_of_need(system: Compiled, state: State, need: int) -> int:
    """Return the root of the member that is worst off; among equals of the one that was lost last, whose loss decided."""
    root, lowest, latest_ms = -1, 1.0, -1
    for slot in range(system.slot_from[need], system.slot_from[need + 1]):
        member = system.slot_component[slot]
        level, at_ms = state.level[member], state.root_at[member]
        if state.root[member] >= 0 and (level < lowest or (level == lowest < 1.0 and at_ms > latest_ms)):
            root, lowest, latest_ms = state.root[member], level, at_ms
    return root


def _deepest_fault(state: State, component: int) -> int:
    """Return the fault that leaves the least health, the first in the file among equals; -1 if none is left."""
    deepest = -1
    fault = state.first_fault[component]
    while fault >= 0:
        # The list runs from the last fault to the first.
        if deepest < 0 or state.fault_now[fault] <= state.fault_now[deepest]:
            deepest = fault
        fault = state.next_fault[fault]
    return deepest


def _note_down_or_back(system: Compiled, state: State, component: int, now: int) -> None:
    """Keep the account of catching up when a component goes down or comes back (S2.5)."""
    if system.catch_up_share[component] <= 0.0:
        return
    if state.level[component] == 0.0:
        state.down_since[component] = now
        if state.capped[component]:
            state.capped[component] = 0
            state.carry_ms[component] = state.cap_ends[component] - now
            cancel_timer(state, catch_up_timer(state, component))
    elif state.down_since[component] >= 0:
        ends = now + catch_up_ms(system, state, component, now)
        state.down_since[component] = -1
        state.carry_ms[component] = 0
        if ends > now:
            state.capped[component] = 1
            state.cap_ends[component] = ends
            set_timer(state, catch_up_timer(state, component), ends)


def _write_job(state: State, record: Record, fault: int, status: int, need: int, now: int) -> None:
    if status == state.job_status[fault]:
        return
    state.job_status[fault] = status
    entry = record.used[N_JOBS]
    record.used[N_JOBS] = entry + 1
    record.job_fault[entry] = fault
    record.job_at_ms[entry] = now
    record.job_status[entry] = status
    record.job_need[entry] = need


def _write_reserve(system: Compiled, state: State, record: Record, need: int, now: int) -> None:
    kind = reserve_of(system, state, need, now)
    slot = state.serving[need] if kind == ON_STANDBY else -1
    until_ms = reserve_ends(system, state, need, kind, now)
    if kind == state.reserve[need] and slot == state.reserve_slot[need] and until_ms == state.reserve_until[need]:
        return
    state.reserve[need] = kind
    state.reserve_slot[need] = slot
    state.reserve_until[need] = until_ms
    entry = record.used[N_RESERVES]
    record.used[N_RESERVES] = entry + 1
    record.reserve_need[entry] = need
    record.reserve_at_ms[entry] = now
    record.reserve_kind[entry] = kind
    record.reserve_slot[entry] = slot
    record.reserve_until_ms[entry] = until_ms
