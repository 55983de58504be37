"""Faults, repairs, copies and crews (S2.1, S5.4 to S5.6)."""

from __future__ import annotations

from impactsim.compiled import DESTROYED, IF_NOT_STRUCK, IF_WHOLE, JOB, NEVER, REPAIR, TIMED, Compiled, Plan
from impactsim.engine.backlog import begin_other, others_wait, work_off
from impactsim.engine.levels import FALLS, RISES, check, mark
from impactsim.engine.state import (
    N_CREWS,
    N_DESTROYED,
    N_ENDED,
    State,
    cancel_timer,
    crew_timer,
    fault_timer,
    set_timer,
)
from impactsim.engine.values import met, snapped

# What the repair of a fault does (job_status).
JOB_NONE, JOB_WORKING, JOB_NEEDS, JOB_CREW, JOB_COPY, JOB_LOST, JOB_DONE = 0, 1, 2, 3, 4, 5, 6


def begin_fault(system: Compiled, plan: Plan, state: State, fault: int) -> None:
    """Let a fault strike its component, unless chance or what is broken already keeps it away."""
    component = plan.fault_component[fault]
    if not _strikes(plan, state, fault, component):
        return
    state.active[fault] = 1
    state.fault_now[fault] = plan.fault_level[fault]
    state.next_fault[fault] = state.first_fault[component]
    state.first_fault[component] = fault
    state.working[fault] = 0
    state.manned[fault] = 0
    state.copy[fault] = -1
    kind = plan.fault_kind[fault]
    if kind == TIMED:
        state.next_step[fault] = plan.step_from[fault]
        _set_step(plan, state, fault)
    elif kind == JOB:
        state.left_ms[fault] = plan.fault_work_ms[fault]
        _wait_for_crew(system, plan, state, fault)
    elif kind == DESTROYED:
        state.destroyed[component] = 1
        state.destroyed_list[state.tally[N_DESTROYED]] = fault
        state.tally[N_DESTROYED] += 1
        _wait_for_crew(system, plan, state, fault)
    _update_health(system, state, component)


def _strikes(plan: Plan, state: State, fault: int, component: int) -> bool:
    what_it_takes = plan.fault_strikes[fault]
    if what_it_takes == IF_WHOLE:
        return state.first_fault[component] < 0
    if what_it_takes == IF_NOT_STRUCK:
        other = state.first_fault[component]
        while other >= 0:
            if plan.fault_cause[other] == plan.fault_cause[fault]:
                return False
            other = state.next_fault[other]
    return what_it_takes != NEVER


def fault_is_due(system: Compiled, plan: Plan, state: State, fault: int) -> None:
    """Take the next step of a fault, or end its repair job."""
    component = plan.fault_component[fault]
    if plan.fault_kind[fault] != TIMED:
        clear_fault(system, plan, state, fault)
    else:
        state.fault_now[fault] = plan.step_level[state.next_step[fault]]
        state.next_step[fault] += 1
        if snapped(state.fault_now[fault]) == 1.0:
            clear_fault(system, plan, state, fault)
        else:
            _set_step(plan, state, fault)
    _update_health(system, state, component)


def _set_step(plan: Plan, state: State, fault: int) -> None:
    step = state.next_step[fault]
    if step < plan.step_from[fault + 1]:
        set_timer(state, fault_timer(state, fault), plan.fault_at_ms[fault] + plan.step_after_ms[step])


def repair_now(system: Compiled, plan: Plan, state: State, component: int) -> None:
    """Clear all faults of a component but destruction (S5.7)."""
    fault = state.first_fault[component]
    while fault >= 0:
        following = state.next_fault[fault]
        if plan.fault_kind[fault] != DESTROYED:
            clear_fault(system, plan, state, fault)
        fault = following
    _update_health(system, state, component)


def clear_fault(system: Compiled, plan: Plan, state: State, fault: int) -> None:
    """Take a fault away, with its timer and its place in the queue, and let its crew go."""
    component = plan.fault_component[fault]
    cancel_timer(state, fault_timer(state, fault))
    state.active[fault] = 0
    state.working[fault] = 0
    if state.first_fault[component] == fault:
        state.first_fault[component] = state.next_fault[fault]
    else:
        other = state.first_fault[component]
        while state.next_fault[other] != fault:
            other = state.next_fault[other]
        state.next_fault[other] = state.next_fault[fault]
    _leave_crew(system, plan, state, fault)
    if plan.fault_kind[fault] == JOB or plan.fault_kind[fault] == DESTROYED:
        state.ended[state.tally[N_ENDED]] = fault
        state.tally[N_ENDED] += 1


def _update_health(system: Compiled, state: State, component: int) -> None:
    """Work out the health of a component from its faults (S2.1)."""
    health = 1.0
    fault = state.first_fault[component]
    while fault >= 0:
        health = min(health, state.fault_now[fault])
        fault = state.next_fault[fault]
    health = snapped(health)
    before = state.health[component]
    state.health[component] = health
    mark(system, state, component, RISES if health > before else FALLS)
    check(state, component)


# Crews. The jobs that wait for one stand in a linked list.


def _wait_for_crew(system: Compiled, plan: Plan, state: State, fault: int) -> None:
    crew = system.crew[plan.fault_component[fault]]
    if crew >= 0:
        state.next_waiting[fault] = state.first_waiting[crew]
        state.first_waiting[crew] = fault
        call_crew(state, crew)


def _leave_crew(system: Compiled, plan: Plan, state: State, fault: int) -> None:
    """Take a job from its crew, whether it was being worked on or waited."""
    crew = system.crew[plan.fault_component[fault]]
    if crew < 0:
        return
    if state.manned[fault]:
        state.manned[fault] = 0
        state.busy[crew] -= 1
    else:
        _stop_waiting(state, crew, fault)
    call_crew(state, crew)


def _stop_waiting(state: State, crew: int, fault: int) -> None:
    other = state.first_waiting[crew]
    if other == fault:
        state.first_waiting[crew] = state.next_waiting[fault]
        return
    while other >= 0:
        if state.next_waiting[other] == fault:
            state.next_waiting[other] = state.next_waiting[fault]
            return
        other = state.next_waiting[other]


def call_crew(state: State, crew: int) -> None:
    """Note that a crew must look at its jobs at the end of this instant."""
    if not state.is_called[crew]:
        state.is_called[crew] = 1
        state.crews[state.tally[N_CREWS]] = crew
        state.tally[N_CREWS] += 1


def send_crew(system: Compiled, plan: Plan, state: State, crew: int, now: int) -> None:
    """Let the free members of a crew take jobs, of ours (S5.5) and of others (S5.5.1)."""
    work_off(system, state, crew, now)
    while state.busy[crew] + state.others[crew] < system.crew_size[crew]:
        best = _first_in_line(system, plan, state, crew, now)
        if others_wait(system, state, crew) and not _goes_before_others(system, plan, best):
            begin_other(system, state, crew, now)
        elif best >= 0:
            _take(system, plan, state, best, now)
        else:
            break
    if state.others[crew] > 0:
        _wait_for_others(system, plan, state, crew, now)


def _first_in_line(system: Compiled, plan: Plan, state: State, crew: int, now: int) -> int:
    """Return which of the jobs of ours that a member could work on goes first, -1 if there is none."""
    best = -1
    fault = state.first_waiting[crew]
    while fault >= 0:
        if _can_be_worked_on(system, plan, state, fault, now) and (best < 0 or _goes_first(system, plan, fault, best)):
            best = fault
        fault = state.next_waiting[fault]
    return best


def _goes_before_others(system: Compiled, plan: Plan, fault: int) -> bool:
    """Does a job of ours, if any, go before those of others, which have priority 0 and were there first?"""
    return fault >= 0 and system.priority[plan.fault_component[fault]] > 0


def _take(system: Compiled, plan: Plan, state: State, fault: int, now: int) -> None:
    """Let a free member of its crew take a job."""
    component = plan.fault_component[fault]
    crew = system.crew[component]
    _stop_waiting(state, crew, fault)
    state.manned[fault] = 1
    state.busy[crew] += 1
    check(state, component)
    arrange_job(system, plan, state, fault, now)


def _wait_for_others(system: Compiled, plan: Plan, state: State, crew: int, now: int) -> None:
    """Have the crew called when its next member comes back from others, if a job of ours stands in line for one."""
    if _first_in_line(system, plan, state, crew, now) >= 0:
        set_timer(state, crew_timer(state, crew), state.others_end[system.backlog_from[crew]])
    else:
        cancel_timer(state, crew_timer(state, crew))


def _goes_first(system: Compiled, plan: Plan, fault: int, other: int) -> bool:
    """Does the job of `fault` go before that of `other`: by priority, begin of the fault, place in the file?"""
    a, b = plan.fault_component[fault], plan.fault_component[other]
    if system.priority[a] != system.priority[b]:
        return system.priority[a] > system.priority[b]
    if plan.fault_at_ms[fault] != plan.fault_at_ms[other]:
        return plan.fault_at_ms[fault] < plan.fault_at_ms[other]
    if a != b:
        return a < b
    return fault < other


def _can_be_worked_on(system: Compiled, plan: Plan, state: State, fault: int, now: int) -> bool:
    """Are the needs to repair met, and is there a copy to restore from where one is needed?"""
    if plan.fault_kind[fault] == DESTROYED and state.copy[fault] < 0:
        return False
    return holding_up(system, state, plan.fault_component[fault], now) < 0


def holding_up(system: Compiled, state: State, component: int, now: int) -> int:
    """Return the first need to repair that is not met, -1 if there is none."""
    for need in range(system.need_from[component], system.need_from[component + 1]):
        if system.need_purpose[need] == REPAIR and met(system, state, need, now) == 0.0:
            return need
    return -1


def job_status(system: Compiled, plan: Plan, state: State, fault: int, need: int) -> int:
    """Return what the repair of an active fault does; `need` is what holds it up."""
    if state.lost[fault]:
        return JOB_LOST
    if state.working[fault]:
        return JOB_WORKING
    if plan.fault_kind[fault] == DESTROYED and state.copy[fault] < 0:
        return JOB_COPY
    if need >= 0:
        return JOB_NEEDS
    assert system.crew[plan.fault_component[fault]] >= 0
    return JOB_CREW


def arrange_job(system: Compiled, plan: Plan, state: State, fault: int, now: int) -> None:
    """Let the work on a fault go on or stop, by what holds now (S5.4)."""
    crew = system.crew[plan.fault_component[fault]]
    goes_on = (crew < 0 or state.manned[fault] == 1) and _can_be_worked_on(system, plan, state, fault, now)
    if goes_on and not state.working[fault]:
        state.working[fault] = 1
        state.since_ms[fault] = now
        set_timer(state, fault_timer(state, fault), now + state.left_ms[fault])
    elif not goes_on and state.working[fault]:
        _pause(state, fault, now)


def _pause(state: State, fault: int, now: int) -> None:
    state.working[fault] = 0
    state.left_ms[fault] -= now - state.since_ms[fault]
    cancel_timer(state, fault_timer(state, fault))


def arrange_jobs_of(system: Compiled, plan: Plan, state: State, component: int, now: int) -> None:
    """Look at all repair jobs of a component again."""
    fault = state.first_fault[component]
    while fault >= 0:
        if (plan.fault_kind[fault] == JOB or plan.fault_kind[fault] == DESTROYED) and not state.lost[fault]:
            arrange_job(system, plan, state, fault, now)
            if system.crew[component] >= 0 and not state.manned[fault]:
                call_crew(state, system.crew[component])
        fault = state.next_fault[fault]


# Copies (S5.6).


def arrange_copies(system: Compiled, plan: Plan, state: State, now: int) -> None:
    """Let every destroyed component take a copy that can be had, or know that there is none."""
    kept = 0
    for i in range(state.tally[N_DESTROYED]):
        fault = state.destroyed_list[i]
        if state.active[fault] and not state.lost[fault]:
            _choose_copy(system, plan, state, fault, now)
            arrange_jobs_of(system, plan, state, plan.fault_component[fault], now)
            if not state.lost[fault]:
                state.destroyed_list[kept] = fault
                kept += 1
    state.tally[N_DESTROYED] = kept


def _choose_copy(system: Compiled, plan: Plan, state: State, fault: int, now: int) -> None:
    copy = state.copy[fault]
    if copy >= 0 and _can_be_had(system, state, copy):
        return
    if state.working[fault]:
        _pause(state, fault, now)
    state.copy[fault] = -1
    component = plan.fault_component[fault]
    hope = False
    for other in range(system.copy_from[component], system.copy_from[component + 1]):
        if _can_be_had(system, state, other):
            state.copy[fault] = state.taken[fault] = other
            state.left_ms[fault] = system.copy_restore_ms[other]
            return
        if system.copy_works[other] and not state.destroyed[system.copy_place[other]]:
            hope = True
    if not hope:
        state.lost[fault] = 1
        _leave_crew(system, plan, state, fault)


def _can_be_had(system: Compiled, state: State, copy: int) -> bool:
    place = system.copy_place[copy]
    return system.copy_works[copy] == 1 and not state.destroyed[place] and state.level[place] > 0.0
