"""The order in which levels are worked out: members before those that need them, circles together."""

from __future__ import annotations

from impactsim.compiled import STAY_UP, Ints
from impactsim.graphs import strongly_connected


def order_of_levels(need_from: Ints, need_purpose: Ints, slot_from: Ints, slot_component: Ints) -> tuple[Ints, Ints]:
    """Order the components by their needs to run and to stay up.

    Parameters
    ----------
    need_from, need_purpose, slot_from, slot_component
        As in `Compiled`.

    Returns
    -------
    by_rank : list of int
        All components; each stands behind those that it needs, except within a circle, whose members are neighbours.
    circle : list of int
        For each component the number of its circle, -1 if it is in none.
    """
    components = len(need_from) - 1
    members: list[Ints] = []
    for component in range(components):
        mine: Ints = []
        for need in range(need_from[component], need_from[component + 1]):
            if need_purpose[need] <= STAY_UP:
                mine.extend(slot_component[slot_from[need] : slot_from[need + 1]])
        members.append(mine)
    by_rank: Ints = []
    circle = [-1] * components
    for number, group in enumerate(strongly_connected(members)):
        by_rank.extend(group)
        if len(group) > 1:
            for component in group:
                circle[component] = number
    return by_rank, circle
