"""What a need is for, where its author does not say (S3.6, S3.7)."""

from __future__ import annotations

from collections.abc import Mapping

from impactsim.model.system import STAY_UP_KINDS, Component, Need, Purpose


def purpose(need: Need, components: Mapping[str, Component]) -> Purpose:
    """Return what a need is for.

    Parameters
    ----------
    need
        One of the forms of a need.
    components
        All components by id; a member that is not among them counts as one of an own kind.

    Returns
    -------
    Purpose
        What its author says; else ``run`` for a soft need, ``stay_up`` where every member's kind is power, site, host or
        cooling, and ``run`` otherwise.
    """
    if need.to is not None:
        return need.to
    if need.impact < 1:
        return "run"
    for member in need.members():
        component = components.get(member)
        if component is None or component.kind not in STAY_UP_KINDS:
            return "run"
    return "stay_up"
