"""Many runs, one after the other: what chance brings is written into the system and the plan, then the automaton runs.

This is all that a compiler compiles (``kernel.py``), and all that is interpreted without one; so both give the same bytes.
A run whose figures find no room, or for which too little was drawn, is left out whole and run again when the caller has
made room: `run_trials` returns what is missing and where it stopped, and is called again.
"""

from __future__ import annotations

from typing import NamedTuple

from impactsim.compiled import FAR_MS, Audience, Compiled, Floats, Ints, Plan
from impactsim.engine.account import (
    N_CHANGES,
    N_LOSSES,
    N_ROWS,
    Account,
    count_levels,
    count_losses,
    keep_changes,
)
from impactsim.engine.crowd import MORE_ACTIVITY, N_CHARGED, Crowd
from impactsim.engine.instant import FULL, SHORT, advance
from impactsim.engine.record import N_ENTRIES, N_JOBS, N_RESERVES, Record
from impactsim.engine.state import LAST_MS, NEXT_FAULT, State, reset
from impactsim.engine.users import count_users

# What a drawn number sets (set_what).
(
    SET_RESTART, SET_FULL, SET_DRAIN, SET_FILL, SET_FAILOVER, SET_LASTS, SET_DEAD, SET_RESTORE, SET_AGE, SET_WORKS,
    SET_WORK, SET_STEP, SET_STRIKES, SET_AFTER, SET_COVERED, SET_BACKLOG,
) = range(16)  # fmt: skip
# What a drawn figure sets (set_figure_what).
SET_COUNT, SET_SHARE = 0, 1

# What `run_trials` returns.
(
    ALL_DONE, MORE_RECORD, MORE_DRAWS, MORE_ROWS, MORE_LOSSES, MORE_STEPS, MORE_LOADED, MORE_ROOTS, MORE_CHANGES,
) = range(9)  # fmt: skip

# Places in `next`, and in `is_kept`.
NEXT_TRIAL, N_ROOTS = 0, 1
GROUPS, ROOTS = 0, 1

N_FIGURES = 9
"""Users affected, peak and lost user-minutes of all groups: low, estimate and high of each."""


class Deal(NamedTuple):
    """What chance brings to each trial of a block. Lengths: B trials, D drawn numbers, E drawn figures, F loaded faults."""

    from_ms: int
    """From when on figures are counted."""

    # Numbers (D; values B x D, trial by trial).
    set_what: Ints
    set_place: Ints
    set_value: Ints

    # Figures (E; values B x E, trial by trial).
    set_figure_what: Ints
    set_figure_place: Ints
    set_figure: Floats

    # Faults that replace those of the plan (load_from has B + 1, or is empty if the plan stays as it is).
    load_from: Ints
    load_component: Ints
    load_at_ms: Ints
    load_kind: Ints
    load_work_ms: Ints
    load_cause: Ints
    load_strikes: Ints


class Outcome(NamedTuple):
    """What is kept of each trial of a block, beside the rows of the account (B trials, G groups, Q lines of roots)."""

    restored_ms: Ints
    """When all services were whole again: 0 if they always were, -1 if not by the end (B)."""
    end_ms: Ints
    """When the run ended (B)."""
    figures: Floats
    """N_FIGURES for each trial."""
    group_figures: Floats
    """Affected, lost user-minutes and time out in ms of each group: low, estimate, high of each (B x G x 9)."""
    is_kept: Ints
    """Whether group_figures, and the lines of roots, are kept; two figures."""

    # What the losses go back to: a line for each root of a trial.
    root_trial: Ints
    root: Ints
    root_lost: Floats
    """User-minutes."""
    root_down_ms: Floats
    """Time of services down."""

    next: Ints


def run_trials(
    system: Compiled,
    plan: Plan,
    state: State,
    record: Record,
    audience: Audience,
    crowd: Crowd,
    account: Account,
    deal: Deal,
    outcome: Outcome,
) -> int:
    """Run the trials of a block from ``outcome.next`` on; return ALL_DONE, or what there is no room for."""
    while outcome.next[NEXT_TRIAL] < len(outcome.restored_ms):
        status = _run_trial(system, plan, state, record, audience, crowd, account, deal, outcome)
        if status != ALL_DONE:
            return status
        outcome.next[NEXT_TRIAL] += 1
    return ALL_DONE


def _run_trial(
    system: Compiled,
    plan: Plan,
    state: State,
    record: Record,
    audience: Audience,
    crowd: Crowd,
    account: Account,
    deal: Deal,
    outcome: Outcome,
) -> int:
    trial = outcome.next[NEXT_TRIAL]
    reset(system, state)
    record.used[N_ENTRIES] = 0
    record.used[N_RESERVES] = 0
    record.used[N_JOBS] = 0
    if len(deal.load_from) > 0 and not load_faults(plan, deal, trial):
        return MORE_LOADED
    set_numbers(system, plan, state, audience, deal, trial)
    status = advance(system, plan, state, record)
    if status == FULL:
        return MORE_RECORD
    if status == SHORT:
        return MORE_DRAWS
    end_ms = plan.horizon_ms if plan.horizon_ms >= 0 else max(state.tally[LAST_MS], plan.last_ms)
    return _count(system, plan, state, record, audience, crowd, account, deal, outcome, end_ms)


def _count(
    system: Compiled,
    plan: Plan,
    state: State,
    record: Record,
    audience: Audience,
    crowd: Crowd,
    account: Account,
    deal: Deal,
    outcome: Outcome,
    end_ms: int,
) -> int:
    """Take the figures of the run that has ended; nothing is left of it where there is no room."""
    trial = outcome.next[NEXT_TRIAL]
    rows, losses, changes = account.tally[N_ROWS], account.tally[N_LOSSES], account.tally[N_CHANGES]
    if count_users(audience, crowd, record, deal.from_ms, end_ms) == MORE_ACTIVITY:
        return MORE_STEPS
    restored_ms = count_levels(account, record, trial, deal.from_ms, end_ms)
    if restored_ms == -2:
        return MORE_ROWS
    status = ALL_DONE
    if not count_losses(system, plan, state, account, trial, state.tally[NEXT_FAULT]):
        status = MORE_LOSSES
    elif not keep_changes(account, record, trial):
        status = MORE_CHANGES
    elif outcome.is_kept[ROOTS] and not _keep_roots(crowd, outcome, trial):
        status = MORE_ROOTS
    if status != ALL_DONE:
        account.tally[N_ROWS] = rows
        account.tally[N_LOSSES] = losses
        account.tally[N_CHANGES] = changes
        return status
    outcome.restored_ms[trial] = restored_ms
    outcome.end_ms[trial] = end_ms
    _keep_figures(crowd, outcome, trial)
    return ALL_DONE


def _keep_roots(crowd: Crowd, outcome: Outcome, trial: int) -> bool:
    """Write down what the losses of a trial go back to; tell whether there was room."""
    first, charged = outcome.next[N_ROOTS], crowd.tally[N_CHARGED]
    if first + charged > len(outcome.root):
        return False
    for i in range(charged):
        root = crowd.charged[i]
        outcome.root_trial[first + i] = trial
        outcome.root[first + i] = root
        outcome.root_lost[first + i] = crowd.lost_by_root[root]
        outcome.root_down_ms[first + i] = crowd.service_down_by_root[root]
    outcome.next[N_ROOTS] = first + charged
    return True


def _keep_figures(crowd: Crowd, outcome: Outcome, trial: int) -> None:
    groups = len(crowd.affected) // 3 - 1
    for i in range(3):
        outcome.figures[trial * N_FIGURES + i] = crowd.affected[3 * groups + i]
        outcome.figures[trial * N_FIGURES + 3 + i] = crowd.peak[3 * groups + i]
        outcome.figures[trial * N_FIGURES + 6 + i] = crowd.lost_user_minutes[3 * groups + i]
    if outcome.is_kept[GROUPS]:
        for group in range(groups):
            first = (trial * groups + group) * N_FIGURES
            for i in range(3):
                outcome.group_figures[first + i] = crowd.affected[3 * group + i]
                outcome.group_figures[first + 3 + i] = crowd.lost_user_minutes[3 * group + i]
                outcome.group_figures[first + 6 + i] = crowd.out_ms[3 * group + i]


def load_faults(plan: Plan, deal: Deal, trial: int) -> bool:
    """Let the faults of a trial take the place of those of the plan; tell whether there was room."""
    first, after = deal.load_from[trial], deal.load_from[trial + 1]
    if after - first > len(plan.fault_at_ms):
        return False
    for i in range(first, after):
        fault = i - first
        plan.fault_component[fault] = deal.load_component[i]
        plan.fault_at_ms[fault] = deal.load_at_ms[i]
        plan.fault_kind[fault] = deal.load_kind[i]
        plan.fault_work_ms[fault] = deal.load_work_ms[i]
        plan.step_after_ms[fault] = deal.load_work_ms[i]
        plan.fault_cause[fault] = deal.load_cause[i]
        plan.fault_strikes[fault] = deal.load_strikes[i]
    fault = after - first
    # Those behind are of earlier trials; each was once FAR_MS, and so is all that follows the first of them.
    while fault < len(plan.fault_at_ms) and plan.fault_at_ms[fault] < FAR_MS:
        plan.fault_at_ms[fault] = FAR_MS
        fault += 1
    return True


def set_numbers(system: Compiled, plan: Plan, state: State, audience: Audience, deal: Deal, trial: int) -> None:
    """Write what was drawn for a trial into the system, the plan and the audience."""
    n = len(deal.set_what)
    for i in range(n):
        _set(system, plan, state, audience, deal.set_what[i], deal.set_place[i], deal.set_value[trial * n + i])
    n = len(deal.set_figure_what)
    for i in range(n):
        if deal.set_figure_what[i] == SET_COUNT:
            audience.group_count[deal.set_figure_place[i]] = deal.set_figure[trial * n + i]
        else:
            audience.use_share[deal.set_figure_place[i]] = deal.set_figure[trial * n + i]


def _set(  # noqa: PLR0912 - a table, which no compiler of this source has another form for
    system: Compiled, plan: Plan, state: State, audience: Audience, what: int, place: int, value: int
) -> None:
    if what == SET_RESTART:
        system.restart_draw[place] = value
    elif what == SET_FULL:
        system.need_full[place] = value
        state.charge[place] = value
    elif what == SET_DRAIN:
        system.need_drain[place] = value
    elif what == SET_FILL:
        system.need_fill[place] = value
    elif what == SET_FAILOVER:
        system.slot_failover_ms[place] = value
    elif what == SET_LASTS:
        system.slot_lasts_ms[place] = value
    elif what == SET_DEAD:
        system.slot_dead[place] = value
    elif what == SET_RESTORE:
        system.copy_restore_ms[place] = value
    elif what == SET_AGE:
        system.copy_age_ms[place] = value
    elif what == SET_WORKS:
        system.copy_works[place] = value
    elif what == SET_WORK:
        plan.fault_work_ms[place] = value
    elif what == SET_STEP:
        plan.step_after_ms[place] = value
    elif what == SET_STRIKES:
        plan.fault_strikes[place] = value
    elif what == SET_BACKLOG:
        system.backlog_ms[place] = value
    elif what == SET_AFTER:
        audience.workaround_after_ms[place] = value
    else:
        audience.workaround_lasts_ms[place] = value
