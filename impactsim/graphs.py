"""Circles in graphs whose nodes are numbers.

Tarjan's algorithm for strongly connected components (SIAM J. Comput. 1, 1972, 146-160), without recursion. It
finds each behind all that it leads to, so that nothing needs to be sorted.
"""

from __future__ import annotations

Ints = list[int]


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
