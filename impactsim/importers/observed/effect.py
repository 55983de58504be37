"""What a rule for calls changes: the largest circle of needs, and how far a single failure reaches, before and after.

A failure of what needs others reaches no further than that of what it needs. So only groups that need nothing outside
themselves can reach furthest; the most promising ones are walked first, until none of the others can do better, or until more
has been looked at than the answer is worth: time stays linear in the number of needs.
"""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.graphs import strongly_connected
from impactsim.importers.draft import Draft

Pairs = list[tuple[str, str]]
"""Who needs whom."""

_LOOKS = 3_000_000
"""So many needs are looked at, at most, on the search for the worst failure."""


def tell_effect(draft: Draft, before: Pairs, after: Pairs) -> None:
    """Remark what it changes that only some pairs became hard needs.

    Parameters
    ----------
    draft
        Takes the remark.
    before, after
        All pairs, and those that became hard needs.
    """
    told = f"With these hard needs {_told(*extent(after))}."
    if len(after) < len(before):
        told += f" With every pair as a hard need {_told(*extent(before))}."
    draft.remark(told)


def extent(pairs: Pairs) -> tuple[int, int, bool]:
    """Return how large the largest circle is, how many a single failure takes down, and whether that is sure to be the most.

    Parameters
    ----------
    pairs
        Who needs whom, hard; none needs itself.

    Returns
    -------
    tuple of int, int, bool
        Components in the largest circle, 1 if there is none; components that are down, with the one that failed.

    Examples
    --------
    >>> extent([("a", "b"), ("b", "a"), ("c", "a"), ("d", "c"), ("e", "f")])
    (2, 4, True)
    """
    numbers: dict[str, int] = {}
    for pair in pairs:
        for name in pair:
            numbers.setdefault(name, len(numbers))
    needs: list[list[int]] = [[] for _ in numbers]
    for owner, member in pairs:
        needs[numbers[owner]].append(numbers[member])
    groups = strongly_connected(needs)
    reach, is_sure = _furthest(groups, needs)
    return max(map(len, groups), default=1), reach, is_sure


def _furthest(groups: Sequence[list[int]], needs: list[list[int]]) -> tuple[int, bool]:
    """Return how many groups and their members the failure of one takes down, and whether none takes down more."""
    group_of = {member: n for n, group in enumerate(groups) for member in group}
    above: list[set[int]] = [set() for _ in groups]
    for owner, members in enumerate(needs):
        for member in members:
            if group_of[owner] != group_of[member]:
                above[group_of[member]].add(group_of[owner])
    sizes = [len(group) for group in groups]
    bounds = _bounds(sizes, above)
    last = set(range(len(groups))).difference(*above)
    best, looks = 0, 0
    for start in sorted(last, key=lambda n: (-bounds[n], n)):
        if bounds[start] <= best:
            break
        if looks > _LOOKS:
            return best, False
        size, looked = _reach(start, sizes, above)
        best, looks = max(best, size), looks + looked
    return best, True


def _bounds(sizes: list[int], above: list[set[int]]) -> list[int]:
    """Return for each group a number that its reach does not exceed: what is reached on two ways counts twice."""
    total = sum(sizes)
    bounds = [0] * len(sizes)
    for n in reversed(range(len(sizes))):  # what needs others stands behind them
        bounds[n] = min(total, sizes[n] + sum(bounds[other] for other in above[n]))
    return bounds


def _reach(start: int, sizes: list[int], above: list[set[int]]) -> tuple[int, int]:
    """Return how many members go down with a group, and how many needs were looked at."""
    seen, waiting, looked = {start}, [start], 1
    size = 0
    while waiting:
        n = waiting.pop()
        size += sizes[n]
        looked += len(above[n])
        for other in above[n]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return size, looked


def _told(circle: int, reach: int, is_sure: bool) -> str:
    circles = f"the largest circle has {circle:,} services" if circle > 1 else "there is no circle"
    return f"{circles}, and one failure takes down up to {max(reach, 1):,}{'' if is_sure else ' or more'}"
