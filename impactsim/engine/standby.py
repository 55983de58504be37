"""Needs at the end of an instant: who serves a standby group (S4), what holdovers do (S3.5), what is on reserve (S3.8).

The levels are settled when these functions run, and nothing that they do changes a value: who loses its place
at hand is listed behind a member that already gives the group its value.
"""

from __future__ import annotations

from impactsim.compiled import GROUP, ORDER, Compiled
from impactsim.engine.state import (
    DRAINING,
    FILLING,
    IDLE,
    NO_RESERVE,
    ON_HOLDOVER,
    ON_LAST,
    ON_STANDBY,
    State,
    cancel_timer,
    charge_timer,
    set_timer,
    spent_timer,
    switch_timer,
)
from impactsim.engine.values import SAME, at_hand, charge_now, value_of


def arrange_group(system: Compiled, state: State, need: int, now: int) -> None:
    """Settle which member of a group serves, and begin or call off a switch (S4.2 to S4.5)."""
    first, after = system.slot_from[need], system.slot_from[need + 1]
    value = value_of(system, state, need)
    for slot in range(first, after):
        if state.called[slot] and state.level[system.slot_component[slot]] == 0.0:
            state.called[slot] = 0
    if value > 0.0:
        server = first
        while state.level[system.slot_component[server]] <= value - SAME or not at_hand(system, state, server):
            server += 1
        if state.switching[need] >= 0:
            state.switching[need] = -1
            cancel_timer(state, switch_timer(state, need))
        for slot in range(server + 1, after):
            state.switched[slot] = 0
            if value == 1.0:
                state.spent[slot] = 0
        _serve(system, state, need, server, now)
    else:
        _serve(system, state, need, -1, now)
        _switch(system, state, need, now)


def _serve(system: Compiled, state: State, need: int, server: int, now: int) -> None:
    """Let `server` serve from now on if it does not yet; -1 for nobody."""
    if server == state.serving[need] and (server < 0 or state.serving_since[need] > 0 or now > 0):
        return
    state.serving[need] = server
    state.serving_since[need] = now
    cancel_timer(state, spent_timer(state, need))
    if server >= 0 and system.slot_lasts_ms[server] >= 0:
        set_timer(state, spent_timer(state, need), now + system.slot_lasts_ms[server])


def _switch(system: Compiled, state: State, need: int, now: int) -> None:
    """Begin a switch unless one to a member that is still there is under way (S4.4)."""
    target = state.switching[need]
    if target >= 0 and state.level[system.slot_component[target]] > 0.0:
        return
    state.switching[need] = -1
    cancel_timer(state, switch_timer(state, need))
    for slot in range(system.slot_from[need], system.slot_from[need + 1]):
        if state.level[system.slot_component[slot]] > 0.0 and not system.slot_dead[slot] and not state.spent[slot]:
            state.switching[need] = slot
            set_timer(state, switch_timer(state, need), now + system.slot_failover_ms[slot])
            return


def arrange_holdover(system: Compiled, state: State, need: int, now: int) -> None:
    """Let the holdover drain, fill or rest from now on (S3.5)."""
    charge = charge_now(system, state, need, now)
    if value_of(system, state, need) < 1.0:
        wanted = DRAINING if charge > 0 else IDLE
    else:
        wanted = FILLING if charge < system.need_full[need] else IDLE
    if wanted == state.charging[need]:
        return
    state.charge[need] = charge
    state.charge_at[need] = now
    state.charging[need] = wanted
    if wanted == DRAINING:
        set_timer(state, charge_timer(state, need), now + lasts_ms(system, state, need, now))
    else:
        cancel_timer(state, charge_timer(state, need))


def lasts_ms(system: Compiled, state: State, need: int, now: int) -> int:
    """Return in how many milliseconds nothing is left of the holdover, if it drains from now on."""
    drain = system.need_drain[need]
    return (charge_now(system, state, need, now) + drain - 1) // drain


def reserve_of(system: Compiled, state: State, need: int, now: int) -> int:
    """Return what `need` is on reserve by, if at all: NO_RESERVE, ON_HOLDOVER, ON_STANDBY or ON_LAST (S3.8)."""
    value = value_of(system, state, need)
    first, after = system.slot_from[need], system.slot_from[need + 1]
    if value < 1.0 and system.need_full[need] > 0 and charge_now(system, state, need, now) > 0:
        return ON_HOLDOVER
    if value == 0.0 or after - first < 2:
        return NO_RESERVE
    if system.need_form[need] == GROUP:
        if state.serving[need] != first:
            return ON_STANDBY
        left = 0
        for slot in range(first, after):
            if state.level[system.slot_component[slot]] > 0.0 and not system.slot_dead[slot] and not state.spent[slot]:
                left += 1
        return ON_LAST if left == 1 else NO_RESERVE
    if system.need_form[need] == ORDER and system.need_k[need] < after - first:
        up = 0
        for slot in range(first, after):
            if state.level[system.slot_component[slot]] > 0.0:
                up += 1
        return ON_LAST if up == system.need_k[need] else NO_RESERVE
    return NO_RESERVE


def reserve_ends(system: Compiled, state: State, need: int, kind: int, now: int) -> int:
    """Return when the reserve is used up at the latest if nothing is restored, -1 for never (S3.8)."""
    if kind == ON_HOLDOVER:
        return now + lasts_ms(system, state, need, now)
    if kind == ON_STANDBY or (kind == ON_LAST and system.need_form[need] == GROUP):
        lasts = system.slot_lasts_ms[state.serving[need]]
        return state.serving_since[need] + lasts if lasts >= 0 else -1
    return -1
