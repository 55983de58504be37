"""What a run can change at all: whatever leans, by any need, on something that fails or is acted upon."""

from __future__ import annotations

from collections.abc import Iterable

from impactsim.compiled import ACT_SWITCH, Compiled, Plan


def reach_of(system: Compiled, first: Iterable[int]) -> set[int]:
    """Return `first` and all that needs them, however far away.

    Parameters
    ----------
    system
        The system.
    first
        Components that fail or are acted upon. What is not well from the very beginning is added.

    Returns
    -------
    set of int
        Components, those that stand for workarounds included.
    """
    found = set(first)
    found.update(system.need_component[need] for need in system.seeds)
    waiting = list(found)
    while waiting:
        component = waiting.pop()
        for i in range(system.use_from[component], system.use_from[component + 1]):
            other = system.need_component[system.slot_need[system.use_slot[i]]]
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def reach_of_plan(system: Compiled, plan: Plan) -> set[int]:
    """Return what the faults and actions of a plan can change."""
    acted = [
        system.need_component[system.slot_need[target]] if kind == ACT_SWITCH else target
        for kind, target in zip(plan.action_kind, plan.action_target, strict=True)
    ]
    return reach_of(system, [*plan.fault_component, *acted])
