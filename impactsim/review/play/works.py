"""The work of a step: what the plan says, else what the system says of what the step brings back (S10.4)."""

from __future__ import annotations

from collections.abc import Collection

from impactsim.laws import Law
from impactsim.model.plan import RecoveryStep, SwitchOver
from impactsim.model.system import AnyOf, System


def work_of(step: RecoveryStep, system: System, destroyed: Collection[str] = ()) -> Law | None:
    """Return the work of a step; None if nobody knows, and it never ends.

    Parameters
    ----------
    step
        The step.
    system
        What it is done to; it may lack some of what the step names.
    destroyed
        What is destroyed, and comes back from a copy.
    """
    if step.takes != "unknown":
        return step.takes
    known = next((name for name in step.restores if name in system.components), None)
    if known is None:
        return None if step.switches is None else _failover(step.switches, system)
    first = system.components[known]
    if known in destroyed:
        return first.copies[0].restore if first.copies else None
    return first.time_to_restore


def _failover(switches: SwitchOver, system: System) -> Law | None:
    """Return the failover time of a standby, as the first group says it in which it is not the first member."""
    owners = (system.components[name] for name in switches.of if name in system.components)
    for need in (need for owner in owners for need in owner.needs if isinstance(need, AnyOf)):
        for member in need.any_of[1:]:
            if member.use == switches.to:
                return member.failover or need.failover
    return None
