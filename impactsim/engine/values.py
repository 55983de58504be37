"""What needs are worth and what level follows (S2.3, S2.5, S3): read from the state, one component at a time."""

from __future__ import annotations

from impactsim.compiled import GROUP, ORDER, STAY_UP, Compiled
from impactsim.engine.state import BY_CATCH_UP, BY_FAULT, BY_NEED, BY_NOTHING, DRAINING, FILLING, RUNNING, State

SAME = 1e-9
"""Levels closer than this are equal (S2.4)."""


def evaluate(system: Compiled, state: State, component: int, now: int) -> float:
    """Return the level of `component` by S2.3 and note what decides on it."""
    if state.mode[component] != RUNNING:
        return 0.0
    level = state.health[component]
    by_kind, by_id = (BY_FAULT, component) if level < 1.0 else (BY_NOTHING, 0)
    if (
        system.catch_up_share[component] > 0.0
        and is_capped(system, state, component, now)
        and system.catch_up_level[component] < level
    ):
        level = system.catch_up_level[component]
        by_kind, by_id = BY_CATCH_UP, component
    decided_before = state.by_id[component] if state.by_kind[component] == BY_NEED else -1
    passed_before = 1.0
    for need in range(system.need_from[component], system.need_from[component + 1]):
        if system.need_purpose[need] <= STAY_UP:
            # Most needs are met in full, and cost no more than a look.
            passed = value_of(system, state, need) if state.is_stale[need] else state.value[need]
            if passed == 1.0:
                continue
            if system.need_full[need] > 0:
                passed = met(system, state, need, now)
            if system.need_impact[need] < 1.0:
                passed = 1.0 - system.need_impact[need] * (1.0 - passed)
            if passed < level:
                level = passed
                by_kind, by_id = BY_NEED, need
            if need == decided_before:
                passed_before = passed
    if by_kind == BY_NEED and passed_before <= level:
        # What decided stays: in a circle, that is what came from outside and not what it brought down.
        by_id = decided_before
    state.by_kind[component] = by_kind
    state.by_id[component] = by_id
    return snapped(level) if 0.0 < level < 1.0 else level


def snapped(level: float) -> float:
    """Return `level`, with what is nearly 0 or 1 made so (S2.4)."""
    if level < SAME:
        return 0.0
    if level > 1.0 - SAME:
        return 1.0
    return level


def is_capped(system: Compiled, state: State, component: int, now: int) -> bool:
    """Is its level capped by catching up now, or would it be if it came back now (S2.5)?"""
    if state.capped[component]:
        return True
    if state.down_since[component] < 0:
        return False
    return catch_up_ms(system, state, component, now) > 0


def catch_up_ms(system: Compiled, state: State, component: int, now: int) -> int:
    """Return how long `component`, down until now, has to catch up (S2.5), in milliseconds."""
    down_ms = now - state.down_since[component]
    return state.carry_ms[component] + round(system.catch_up_share[component] * down_ms)


def met(system: Compiled, state: State, need: int, now: int) -> float:
    """Return the value of `need` after holdover (S3.5)."""
    value = value_of(system, state, need)
    if value < 1.0 and system.need_full[need] > 0 and charge_now(system, state, need, now) > 0:
        return 1.0
    return value


def charge_now(system: Compiled, state: State, need: int, now: int) -> int:
    """Return the charge of a holdover at `now`, in units."""
    charge = state.charge[need]
    passed_ms = now - state.charge_at[need]
    if state.charging[need] == DRAINING:
        return max(0, charge - passed_ms * system.need_drain[need])
    if state.charging[need] == FILLING and passed_ms > 0:
        missing = system.need_full[need] - charge
        fill = system.need_fill[need]
        # Asking for the time first keeps the product below the full charge, however long it filled.
        if fill == 0 or passed_ms >= (missing + fill - 1) // fill:
            return system.need_full[need]
        return charge + passed_ms * fill
    return charge


def value_of(system: Compiled, state: State, need: int) -> float:
    """Return the value of `need` before holdover (S3.1 to S3.4), worked out again only if a member changed."""
    if not state.is_stale[need]:
        return state.value[need]
    first, after = system.slot_from[need], system.slot_from[need + 1]
    form = system.need_form[need]
    if form == ORDER:
        value = _largest(system, state, need, first, after)
    elif form == GROUP:
        value = 0.0
        for slot in range(first, after):
            level = state.level[system.slot_component[slot]]
            if level > value and at_hand(system, state, slot):
                value = level
    else:
        total = 0.0
        for slot in range(first, after):
            total += system.slot_capacity[slot] * state.level[system.slot_component[slot]]
        value = snapped(min(1.0, total / system.need_demand[need]))
    state.value[need] = value
    state.is_stale[need] = 0
    return value


def at_hand(system: Compiled, state: State, slot: int) -> bool:
    """Can the member serve without a switch (S4.2)?"""
    if system.slot_dead[slot] or state.spent[slot]:
        return False
    if system.slot_failover_ms[slot] == 0 or state.switched[slot] or state.called[slot]:
        return True
    return slot == system.slot_from[system.slot_need[slot]]


def _largest(system: Compiled, state: State, need: int, first: int, after: int) -> float:
    """Return the k-th largest level of the members (S3.2)."""
    k = system.need_k[need]
    if after - first == 1:
        return state.level[system.slot_component[first]]
    size = 0
    for slot in range(first, after):
        level = state.level[system.slot_component[slot]]
        if level >= 1.0:
            k -= 1
            if k == 0:
                return 1.0
        elif level > 0.0:
            # Insertion into the few levels between 0 and 1, largest first.
            place = size
            while place > 0 and state.sorted[place - 1] < level:
                state.sorted[place] = state.sorted[place - 1]
                place -= 1
            state.sorted[place] = level
            size += 1
    return state.sorted[k - 1] if k <= size else 0.0
