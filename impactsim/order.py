"""The order in which levels are worked out: members before those that need them, circles together.

Tarjan's algorithm for strongly connected components (SIAM J. Comput. 1, 1972, 146-160), without recursion. It
ends with the components in just this order, so that nothing needs to be sorted.
"""

from __future__ import annotations

from impactsim.compiled import STAY_UP, Ints


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


def strongly_connected(successors: list[Ints]) -> list[Ints]:
    """Return the strongly connected groups of a graph, each behind all that it leads to.

    Parameters
    ----------
    successors
        For each node the nodes that it leads to.

    Returns
    -------
    list of list of int
        Every node once.
    """
    size = len(successors)
    found = [0] * size  # when a node was found, from 1; 0 is not yet
    low = [0] * size
    on_stack = bytearray(size)
    stack: Ints = []
    groups: list[Ints] = []
    clock = 0
    for root in range(size):
        if found[root]:
            continue
        clock += 1
        found[root] = low[root] = clock
        stack.append(root)
        on_stack[root] = 1
        path = [(root, iter(successors[root]))]
        while path:
            node, rest = path[-1]
            for other in rest:
                if not found[other]:
                    clock += 1
                    found[other] = low[other] = clock
                    stack.append(other)
                    on_stack[other] = 1
                    path.append((other, iter(successors[other])))
                    break
                if on_stack[other] and found[other] < low[node]:
                    low[node] = found[other]
            else:
                path.pop()
                if path and low[node] < low[path[-1][0]]:
                    low[path[-1][0]] = low[node]
                if low[node] == found[node]:
                    group: Ints = []
                    while True:
                        other = stack.pop()
                        on_stack[other] = 0
                        group.append(other)
                        if other == node:
                            break
                    groups.append(group[::-1])
    return groups
