"""The smallest set of things to do that reaches an end, where doing more never does harm.

Theory of operation. *Implicit hitting sets* (Reiter 1987, Artificial Intelligence 32, 57-95; Davies and Bacchus 2011, CP, 225-239).
If a set of things does not reach the end, those that are still left to do after it must have one in common with every set that
does. Such sets of "one of these" are collected, each made small by doing as much as can be done without reaching the end; a smallest
set that hits all of them is a lower bound, and if it reaches the end it is the answer. A greedy answer bounds it from
above. Work is counted, not time; where it runs out the greedy answer stands, and is said not to be proven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

Ints = list[int]

_MOST_LOOKS = 500_000  # at sets, in one search for a hitting set
_MOST_SETS = 500  # more make the search too deep, and hopeless


class Board(Protocol):
    """What things are done on."""

    @property
    def work(self) -> int:
        """What was looked at so far."""

    def do(self, things: Sequence[int]) -> None:
        """Do things, with all that follows."""

    def left(self) -> Ints:
        """Return what is still of use, in order; nothing once the end is reached."""

    def mark(self) -> Callable[[], None]:
        """Return what takes back everything done from now on."""


class Smallest(NamedTuple):
    """A set that reaches the end, without which of its things it would not."""

    things: tuple[int, ...]
    is_proven: bool
    """Is it proven that there is no smaller one?"""


def smallest(board: Board, most_work: int) -> Smallest:
    """Find a smallest set of things to do until nothing is left.

    Parameters
    ----------
    board
        As it stands; it is left as it was. Doing all that is left reaches the end.
    most_work
        How much may be looked at before the search gives up.
    """
    ends_at = board.work + most_work
    best = _greedy(board, ends_at)
    one_of: list[Ints] = []
    while len(best) > 1:
        chosen = hitting_set(one_of, len(best)) if board.work < ends_at else None
        if chosen is None:
            return Smallest(tuple(sorted(best)), False)
        if len(chosen) >= len(best):
            break
        take_back = board.mark()
        board.do(chosen)
        if not board.left():
            best = chosen
        else:
            _do_most(board, board.left(), ends_at)
            one_of.append(board.left())
        take_back()
        if best is chosen:
            break
    return Smallest(tuple(sorted(best)), True)


def _greedy(board: Board, ends_at: int) -> Ints:
    """Return a set that reaches the end and of which nothing can be left out (as far as the work goes)."""
    take_back = board.mark()
    chosen: Ints = []
    while left := board.left():
        chosen.append(left[0])
        board.do(left[:1])
    take_back()
    for thing in list(reversed(chosen[:-1])) if len(chosen) > 1 else []:
        if board.work >= ends_at:
            break
        others = [each for each in chosen if each != thing]
        take_back = board.mark()
        board.do(others)
        if not board.left():
            chosen = others
        take_back()
    return chosen


def _do_most(board: Board, things: Ints, ends_at: int) -> None:
    """Do as many of these things as can be done without reaching the end, halving what cannot be done at once."""
    waiting = [things]
    while waiting and board.work < ends_at:
        block = waiting.pop()
        take_back = board.mark()
        board.do(block)
        if board.left():
            continue
        take_back()
        if len(block) > 1:
            half = len(block) // 2
            waiting += [block[:half], block[half:]]


def hitting_set(sets: Sequence[Sequence[int]], most: int) -> Ints | None:
    """Return a smallest set that has something in common with each of some sets.

    Parameters
    ----------
    sets
        Each with something in it.
    most
        A size that is good enough: of smaller ones a smallest is looked for, without one any set of that size is returned.

    Returns
    -------
    list of int or None
        None if the search takes too long.

    Examples
    --------
    >>> hitting_set([[1, 2], [2, 3], [4]], 9)
    [2, 4]
    """
    if len(sets) > _MOST_SETS:
        return None
    search = _Search(sorted(sets, key=len), most)
    search.go([])
    return None if search.looks > _MOST_LOOKS else sorted(search.best)


class _Search:
    """Depth first, the smallest set that is not yet hit first; sets without anything in common bound it from below."""

    def __init__(self, sets: Sequence[Sequence[int]], most: int) -> None:
        self.sets = sets
        self.best = list(range(-most, 0))  # so large that it is no better than what is known
        self.looks = 0

    def go(self, chosen: Ints) -> None:
        self.looks += 1 + len(self.sets)
        if self.looks > _MOST_LOOKS:
            return
        open_sets = [each for each in self.sets if not any(thing in chosen for thing in each)]
        if len(chosen) + _disjoint(open_sets) >= len(self.best):
            return
        if not open_sets:
            self.best = list(chosen)
            return
        for thing in open_sets[0]:
            self.go([*chosen, thing])


def _disjoint(sets: Sequence[Sequence[int]]) -> int:
    """Return how many sets, taken one by one, have nothing in common with those before."""
    seen: set[int] = set()
    found = 0
    for each in sets:
        if seen.isdisjoint(each):
            seen.update(each)
            found += 1
    return found
