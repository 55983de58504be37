"""One instant (S7) and a whole run: the one place where the rules of time stand.

    (1) what is due   timers, then faults and actions of the plan, in order of the file
    (2) levels        `levels.settle`
    (3) stops         all at once; no level changes by them, so one pass is enough
    (4) starts        those with restart 0, then levels again, until none is left; the others begin
    (5) standby groups, copies and crews, by these levels

A rule that takes no time (a repair of 0, fuel for 0) falls due at the end of the instant that began it; the instant
then goes through the steps again before anything is recorded.
"""

from __future__ import annotations

from impactsim.compiled import (
    ACT_REPAIR,
    ACT_START,
    ACT_STOP,
    FAR_MS,
    GROUP,
    START,
    STAY_UP,
    Compiled,
    Plan,
)
from impactsim.engine.levels import FALLS, QUEUED, RISES, check, mark, settle, stale
from impactsim.engine.record import N_ENTRIES, N_JOBS, N_RESERVES, Record, write_down
from impactsim.engine.repair import (
    arrange_copies,
    arrange_jobs_of,
    begin_fault,
    call_crew,
    fault_is_due,
    repair_now,
    send_crew,
)
from impactsim.engine.standby import arrange_group, arrange_holdover
from impactsim.engine.state import (
    BY_STOP,
    IDLE,
    IS_SHORT,
    LAST_MS,
    N_CHANGED,
    N_CHECK,
    N_CREWS,
    N_HEAP,
    N_NEEDS,
    N_QUEUE,
    NEXT_ACTION,
    NEXT_FAULT,
    PHASE,
    RECORD_DETAILS,
    RUNNING,
    STARTING,
    STOPPED,
    State,
    cancel_timer,
    set_timer,
    start_timer,
)
from impactsim.engine.values import met

DONE, FULL, SHORT = 0, 1, 2
"""What `advance` returns: the run has ended, the record has no room for the next instant, or too little was drawn for it."""


def advance(system: Compiled, plan: Plan, state: State, record: Record) -> int:
    """Run until the end (DONE), or until `record` has no room for what the instant changed (FULL).

    After FULL, call again with a longer record: the run goes on where it stood. SHORT: a component started more often than
    restart times were drawn for it; begin again with more.
    """
    tally = state.tally
    while True:
        now = tally[LAST_MS]
        if tally[PHASE] == 0:
            _instant(system, plan, state, now)
            while tally[N_HEAP] > 0 and state.timer_at[state.heap[0]] <= now:
                _instant(system, plan, state, now)
            if tally[IS_SHORT]:
                return SHORT
            tally[PHASE] = 1
        if record.used[N_ENTRIES] + tally[N_CHANGED] > len(record.component):
            return FULL
        if tally[RECORD_DETAILS] and record.used[N_RESERVES] + tally[N_NEEDS] > len(record.reserve_need):
            return FULL
        if tally[RECORD_DETAILS] and record.used[N_JOBS] + len(state.active) > len(record.job_fault):
            return FULL
        write_down(system, plan, state, record, now)
        tally[PHASE] = 0
        following = _next_instant(plan, state)
        if following < 0 or (plan.horizon_ms >= 0 and following > plan.horizon_ms):
            return DONE
        tally[LAST_MS] = following


def _next_instant(plan: Plan, state: State) -> int:
    """Return when the next change is due, -1 for never."""
    tally = state.tally
    following = -1
    if tally[N_HEAP] > 0:
        following = state.timer_at[state.heap[0]]
    if tally[NEXT_FAULT] < len(plan.fault_at_ms):
        at = plan.fault_at_ms[tally[NEXT_FAULT]]
        if at < FAR_MS:
            following = at if following < 0 else min(following, at)
    if tally[NEXT_ACTION] < len(plan.action_at_ms):
        at = plan.action_at_ms[tally[NEXT_ACTION]]
        following = at if following < 0 else min(following, at)
    return following


def _instant(system: Compiled, plan: Plan, state: State, now: int) -> None:
    """Go through the five steps of S7 once."""
    if now == 0:
        for i in range(len(system.seeds)):
            stale(system, state, system.seeds[i], FALLS | RISES)
    _due(system, plan, state, now)
    settle(system, state, now)
    _stops(system, state, now)
    _starts(system, state, now)
    _ends(system, plan, state, now)


# Step 1.


def _due(system: Compiled, plan: Plan, state: State, now: int) -> None:
    tally = state.tally
    while True:
        while tally[N_HEAP] > 0 and state.timer_at[state.heap[0]] <= now:
            timer = state.heap[0]
            cancel_timer(state, timer)
            _fall_due(system, plan, state, timer, now)
        if tally[NEXT_FAULT] < len(plan.fault_at_ms) and plan.fault_at_ms[tally[NEXT_FAULT]] <= now:
            begin_fault(system, plan, state, tally[NEXT_FAULT])
            tally[NEXT_FAULT] += 1
        elif tally[NEXT_ACTION] < len(plan.action_at_ms) and plan.action_at_ms[tally[NEXT_ACTION]] <= now:
            _act(system, plan, state, tally[NEXT_ACTION], now)
            tally[NEXT_ACTION] += 1
        else:
            return


def _fall_due(system: Compiled, plan: Plan, state: State, timer: int, now: int) -> None:
    """Do what `timer` stands for."""
    n, needs = len(state.mode), len(state.value)
    if timer < n:
        state.mode[timer] = RUNNING
        state.forced[timer] = 0
        mark(system, state, timer, RISES)
    elif timer < 2 * n:
        state.capped[timer - n] = 0
        mark(system, state, timer - n, RISES)
    elif timer < 2 * n + needs:
        need = timer - 2 * n
        state.charge[need] = 0
        state.charge_at[need] = now
        state.charging[need] = IDLE
        stale(system, state, need, FALLS)
    elif timer < 2 * n + 2 * needs:
        need = timer - 2 * n - needs
        state.switched[state.switching[need]] = 1
        state.switching[need] = -1
        stale(system, state, need, RISES)
    elif timer < 2 * n + 3 * needs:
        need = timer - 2 * n - 2 * needs
        state.spent[state.serving[need]] = 1
        stale(system, state, need, FALLS)
    elif timer < 2 * n + 3 * needs + len(state.busy):
        call_crew(state, timer - 2 * n - 3 * needs)
    else:
        fault_is_due(system, plan, state, timer - 2 * n - 3 * needs - len(state.busy))


def _act(system: Compiled, plan: Plan, state: State, action: int, now: int) -> None:
    """Do an action of the plan (S5.7)."""
    kind, target = plan.action_kind[action], plan.action_target[action]
    if kind == ACT_REPAIR:
        repair_now(system, plan, state, target)
    elif kind == ACT_START:
        state.held[target] = 0
        if state.mode[target] == STOPPED:
            # Without health or a need to stay up it stops again in step 3.
            state.forced[target] = 1
            _begin_start(system, state, target, now)
        check(state, target)
    elif kind == ACT_STOP:
        state.held[target] = 1
        state.by_kind[target] = BY_STOP
        state.by_id[target] = target
        _stop(state, target)
        mark(system, state, target, FALLS)
    else:
        state.called[target] = 1
        stale(system, state, system.slot_need[target], RISES)


# Steps 3 and 4.


def _stops(system: Compiled, state: State, now: int) -> None:
    """Stop what cannot stay up (S5.1).

    What stops here has level 0 already, whether it runs or starts; so no level changes, and one pass is enough.
    """
    for i in range(state.tally[N_CHECK]):
        component = state.check[i]
        if _must_stop(system, state, component, now):
            _stop(state, component)


def _must_stop(system: Compiled, state: State, component: int, now: int) -> bool:
    mode = state.mode[component]
    if mode == STOPPED or state.level[component] > 0.0:
        return False
    if state.health[component] == 0.0:
        return True
    for need in range(system.need_from[component], system.need_from[component + 1]):
        purpose = system.need_purpose[need]
        counts = purpose == STAY_UP or (purpose == START and mode == STARTING and not state.forced[component])
        if counts and met(system, state, need, now) == 0.0:
            return True
    return False


def _stop(state: State, component: int) -> None:
    state.mode[component] = STOPPED
    state.forced[component] = 0
    cancel_timer(state, start_timer(state, component))
    check(state, component)


def _starts(system: Compiled, state: State, now: int) -> None:
    """Begin all starts that can begin, and finish those that take no time (S5.2).

    In this step levels only rise, so that a start that can begin now still can at its end.
    """
    while state.tally[N_QUEUE] > 0:
        while state.tally[N_QUEUE] > 0:
            state.tally[N_QUEUE] -= 1
            component = state.queue[state.tally[N_QUEUE]]
            state.is_checked[component] &= ~QUEUED
            if _can_start(system, state, component, now):
                _begin_start(system, state, component, now)
        settle(system, state, now)


def _can_start(system: Compiled, state: State, component: int, now: int) -> bool:
    if state.mode[component] != STOPPED or state.held[component] or state.health[component] == 0.0:
        return False
    for need in range(system.need_from[component], system.need_from[component + 1]):
        purpose = system.need_purpose[need]
        if (purpose in (STAY_UP, START)) and met(system, state, need, now) == 0.0:
            return False
    return True


def _begin_start(system: Compiled, state: State, component: int, now: int) -> None:
    restart_ms = _next_restart_ms(system, state, component)
    if restart_ms == 0:
        state.mode[component] = RUNNING
        state.forced[component] = 0
        mark(system, state, component, RISES)
    else:
        state.mode[component] = STARTING
        set_timer(state, start_timer(state, component), now + restart_ms)


def _next_restart_ms(system: Compiled, state: State, component: int) -> int:
    """Return how long the start that begins now takes (S5.2)."""
    first = system.restart_first[component]
    if first < 0:
        return system.restart_ms[component]
    drawn_ms = system.restart_draw[first + state.starts[component]]
    if drawn_ms < 0:
        state.tally[IS_SHORT] = 1
        return 0
    state.starts[component] += 1
    return drawn_ms


# Step 5.


def _ends(system: Compiled, plan: Plan, state: State, now: int) -> None:
    """Settle who serves, what drains and who repairs until the next instant."""
    tally = state.tally
    for i in range(tally[N_NEEDS]):
        need = state.needs[i]
        if system.need_form[need] == GROUP:
            arrange_group(system, state, need, now)
        if system.need_full[need] > 0:
            arrange_holdover(system, state, need, now)
    arrange_copies(system, plan, state, now)
    for i in range(tally[N_CHECK]):
        component = state.check[i]
        if state.first_fault[component] >= 0:
            arrange_jobs_of(system, plan, state, component, now)
    for i in range(tally[N_CREWS]):
        crew = state.crews[i]
        state.is_called[crew] = 0
        send_crew(system, plan, state, crew, now)
    tally[N_CREWS] = 0
