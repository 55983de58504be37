"""What is kept of one of many runs: times below full level, component by component (axis order: trial, component).

A single run keeps its whole record; a million runs keep of each what the figures need. Rows are written for the
components that a run changed, and for no others.
"""

from __future__ import annotations

from typing import NamedTuple

from impactsim.compiled import DESTROYED, Compiled, Floats, Ints, Plan
from impactsim.engine.record import N_ENTRIES, Record
from impactsim.engine.state import State

# Bits of row_flags.
NOT_WHOLE = 1  # below 1 at the end
NOT_BACK = 2  # below its minimum level (mbco) at the end

# Places in `tally`.
N_ROWS, N_SEEN, N_LOSSES, N_CHANGES = 0, 1, 2, 3
N_TALLY = 4


class Account(NamedTuple):
    """Figures of runs. Lengths: C components, R rows, L losses of data, K changes of level that are kept."""

    # What is asked (C).
    minimum: Floats
    """Level at which the clock of the recovery time stops."""
    is_service: Ints
    """1 for a service: the time until all of these are back is kept."""
    is_followed: Ints
    """1 for what each change of level is kept of; empty if of none."""

    # State of the run that is being counted (C), put back at its end.
    level: Floats
    since_ms: Ints
    below_since_ms: Ints
    down_ms: Ints
    degraded_ms: Ints
    longest_ms: Ints
    outages: Ints
    is_seen: Ints
    seen: Ints

    # Rows (R): one for each component that a run changed.
    row_trial: Ints
    row_component: Ints
    row_down_ms: Ints
    """Time at level 0."""
    row_degraded_ms: Ints
    """Time between 0 and 1."""
    row_longest_ms: Ints
    """Longest time without a break below `minimum`."""
    row_outages: Ints
    """How often the level went to 0."""
    row_flags: Ints

    # Data that was destroyed (L).
    loss_trial: Ints
    loss_component: Ints
    loss_ms: Ints
    """Age of the copy that was taken, -1 if none was; -2 if the data is lost for good."""

    # Changes of level of what is followed, run by run and in order of time (K).
    change_trial: Ints
    change_component: Ints
    change_at_ms: Ints
    change_level: Floats

    tally: Ints


def new_account(
    minimum: Floats, is_service: Ints, is_followed: Ints, rows: int, losses: int, changes: int = 0
) -> Account:
    """Return an account for as many components as `minimum` has."""
    n = len(minimum)
    return Account(
        minimum=minimum, is_service=is_service, is_followed=is_followed, level=[1.0] * n, since_ms=[0] * n, below_since_ms=[-1] * n,
        down_ms=[0] * n, degraded_ms=[0] * n, longest_ms=[0] * n, outages=[0] * n, is_seen=[0] * n, seen=[0] * n,
        row_trial=[0] * rows, row_component=[0] * rows, row_down_ms=[0] * rows, row_degraded_ms=[0] * rows,
        row_longest_ms=[0] * rows, row_outages=[0] * rows, row_flags=[0] * rows,
        loss_trial=[0] * losses, loss_component=[0] * losses, loss_ms=[0] * losses,
        change_trial=[0] * changes, change_component=[0] * changes, change_at_ms=[0] * changes,
        change_level=[0.0] * changes, tally=[0] * N_TALLY,
    )  # fmt: skip


def count_levels(account: Account, record: Record, trial: int, from_ms: int, end_ms: int) -> int:
    """Write a row for each component that the run changed within [from_ms, end_ms].

    Returns
    -------
    int
        When all services were whole again: 0 if they always were, -1 if not by the end, -2 if the rows have no room
        (nothing is written then).
    """
    tally = account.tally
    for entry in range(record.used[N_ENTRIES]):
        component = record.component[entry]
        if component < len(account.minimum):
            at_ms = max(record.at_ms[entry], from_ms)
            _count_until(account, component, at_ms)
            _begin(account, component, at_ms, record.level[entry], record.at_ms[entry] >= from_ms)
    restored_ms = 0
    if tally[N_ROWS] + tally[N_SEEN] > len(account.row_trial):
        restored_ms = -2
    for i in range(tally[N_SEEN]):
        component = account.seen[i]
        if account.is_service[component] and restored_ms >= 0:
            whole = account.level[component] == 1.0
            restored_ms = max(restored_ms, account.since_ms[component]) if whole else -1
        _count_until(account, component, end_ms)
        if restored_ms != -2:
            _write_row(account, component, trial, end_ms)
        _put_back(account, component)
    tally[N_SEEN] = 0
    return restored_ms


def _count_until(account: Account, component: int, at_ms: int) -> None:
    """Count the time since the last change of `component`."""
    level = account.level[component]
    passed_ms = at_ms - account.since_ms[component]
    if level == 0.0:
        account.down_ms[component] += passed_ms
    elif level < 1.0:
        account.degraded_ms[component] += passed_ms


def _begin(account: Account, component: int, at_ms: int, level: float, is_counted: bool) -> None:
    """Let `component` have `level` from `at_ms` on."""
    if not account.is_seen[component]:
        account.is_seen[component] = 1
        account.seen[account.tally[N_SEEN]] = component
        account.tally[N_SEEN] += 1
    if level == 0.0 and is_counted:
        account.outages[component] += 1
    below_since_ms = account.below_since_ms[component]
    if level < account.minimum[component]:
        if below_since_ms < 0:
            account.below_since_ms[component] = at_ms
    elif below_since_ms >= 0:
        account.longest_ms[component] = max(account.longest_ms[component], at_ms - below_since_ms)
        account.below_since_ms[component] = -1
    account.level[component] = level
    account.since_ms[component] = at_ms


def _write_row(account: Account, component: int, trial: int, end_ms: int) -> None:
    flags, longest_ms = 0, account.longest_ms[component]
    if account.level[component] < 1.0:
        flags |= NOT_WHOLE
    if account.below_since_ms[component] >= 0:
        flags |= NOT_BACK
        longest_ms = max(longest_ms, end_ms - account.below_since_ms[component])
    row = account.tally[N_ROWS]
    if account.down_ms[component] == 0 and account.degraded_ms[component] == 0 and flags == 0:
        return  # all of it was before the window, or took no time
    account.tally[N_ROWS] = row + 1
    account.row_trial[row] = trial
    account.row_component[row] = component
    account.row_down_ms[row] = account.down_ms[component]
    account.row_degraded_ms[row] = account.degraded_ms[component]
    account.row_longest_ms[row] = longest_ms
    account.row_outages[row] = account.outages[component]
    account.row_flags[row] = flags


def _put_back(account: Account, component: int) -> None:
    account.is_seen[component] = 0
    account.level[component] = 1.0
    account.since_ms[component] = 0
    account.below_since_ms[component] = -1
    account.down_ms[component] = 0
    account.degraded_ms[component] = 0
    account.longest_ms[component] = 0
    account.outages[component] = 0


def count_losses(system: Compiled, plan: Plan, state: State, account: Account, trial: int, begun: int) -> bool:
    """Write down what became of destroyed data (S5.6), a line for each fault; tell whether there was room."""
    for fault in range(begun):
        if plan.fault_kind[fault] == DESTROYED:
            loss = account.tally[N_LOSSES]
            if loss == len(account.loss_trial):
                return False
            account.tally[N_LOSSES] = loss + 1
            account.loss_trial[loss] = trial
            account.loss_component[loss] = plan.fault_component[fault]
            copy = state.taken[fault]
            account.loss_ms[loss] = -2 if state.lost[fault] else system.copy_age_ms[copy] if copy >= 0 else -1
    return True


def keep_changes(account: Account, record: Record, trial: int) -> bool:
    """Write down each change of level of what is followed, the whole run long; tell whether there was room."""
    if len(account.is_followed) == 0:
        return True
    change = account.tally[N_CHANGES]
    for entry in range(record.used[N_ENTRIES]):
        component = record.component[entry]
        if component < len(account.is_followed) and account.is_followed[component]:
            if change == len(account.change_trial):
                return False
            account.change_trial[change] = trial
            account.change_component[change] = component
            account.change_at_ms[change] = record.at_ms[entry]
            account.change_level[change] = record.level[entry]
            change += 1
    account.tally[N_CHANGES] = change
    return True
