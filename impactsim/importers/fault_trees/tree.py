"""A coherent fault tree: its definitions, circles among them, and its formulas without constants.

Knows no document and no system. Once everything that a gate names is defined and no circle is left, formulas can be
folded: house events and constants settle some gates, and the others do not see them any more.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from impactsim.graphs import strongly_connected
from impactsim.quantities import shown

Sort = Literal["gate", "basic-event", "house-event", "event"]
"""What a reference is to; ``event`` is any of the three."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A gate or an event in a formula."""

    sort: Sort
    name: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Votes:
    """True if at least `k` of the arguments are: 1 is "or", all is "and"."""

    k: int
    args: tuple[Formula, ...]


Formula = bool | Reference | Votes


class Gate(NamedTuple):
    """The definition of a gate."""

    name: str
    label: str
    formula: Formula
    line: int


class BasicEvent(NamedTuple):
    """The definition of a basic event; without a probability if none is given."""

    name: str
    label: str
    probability: float | None
    line: int


class HouseEvent(NamedTuple):
    """The definition of a house event."""

    name: str
    is_true: bool
    line: int


@dataclass
class FaultTree:
    """All definitions of a document, by name."""

    name: str = ""
    gates: dict[str, Gate] = field(default_factory=dict)
    basic_events: dict[str, BasicEvent] = field(default_factory=dict)
    house_events: dict[str, HouseEvent] = field(default_factory=dict)


def place(sort: str, name: str) -> str:
    """Return what a problem is about, for people."""
    return f"{sort} {shown(name)}"


def references(formula: Formula) -> Iterator[Reference]:
    """Yield the references in a formula, from left to right."""
    if isinstance(formula, Reference):
        yield formula
    elif isinstance(formula, Votes):
        for arg in formula.args:
            yield from references(arg)


def members_first(tree: FaultTree) -> tuple[list[str], list[list[str]]]:
    """Return the gates, each behind all that it names, and the circles among them.

    Returns
    -------
    tuple[list[str], list[list[str]]]
        The names of all gates; and for each group of gates that lead to one another a shortest circle through the one defined
        first, which stands at both ends.
    """
    names = list(tree.gates)
    number = {name: i for i, name in enumerate(names)}
    graph = [
        [number[each.name] for each in references(gate.formula) if each.sort == "gate"] for gate in tree.gates.values()
    ]
    order: list[str] = []
    circles: list[list[str]] = []
    for group in strongly_connected(graph):
        first = min(group)
        if len(group) > 1 or first in graph[first]:
            circles.append([names[i] for i in _circle(graph, set(group), first)])
        order.extend(names[i] for i in group)
    return order, circles


def _circle(graph: list[list[int]], group: set[int], start: int) -> list[int]:
    """Return a shortest circle through a node of a strongly connected group, with the node at both ends."""
    came_from: dict[int, int] = {}
    waiting = deque([start])
    while start not in came_from:
        node = waiting.popleft()
        for other in graph[node]:
            if other in group and other not in came_from:
                came_from[other] = node
                waiting.append(other)
    way = [start, came_from[start]]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def tops(tree: FaultTree) -> list[str]:
    """Return the gates that no gate names."""
    named = {each.name for gate in tree.gates.values() for each in references(gate.formula) if each.sort == "gate"}
    return [name for name in tree.gates if name not in named]


def folded(tree: FaultTree, order: list[str]) -> dict[str, Formula]:
    """Return the formula of each gate without constants, or the constant that it is.

    Parameters
    ----------
    tree
        Without circles.
    order
        Its gates, each behind all that it names.
    """
    found: dict[str, Formula] = {}

    def fold(formula: Formula) -> Formula:
        if isinstance(formula, Votes):
            return _votes(formula.k, [fold(arg) for arg in formula.args])
        if isinstance(formula, Reference):
            if formula.sort == "house-event":
                return tree.house_events[formula.name].is_true
            if formula.sort == "gate" and isinstance(found[formula.name], bool):
                return found[formula.name]
        return formula

    for name in order:
        found[name] = fold(tree.gates[name].formula)
    return found


def _votes(k: int, args: list[Formula]) -> Formula:
    """Return "at least k of", simplified where arguments are constant or, of "or" and "and", repeated."""
    k -= sum(arg is True for arg in args)
    left = [arg for arg in args if not isinstance(arg, bool)]
    if k <= 0:
        return True
    if k > len(left):
        return False
    if k in {1, len(left)}:
        is_and = k == len(left)
        left = list(dict.fromkeys(left))
        k = len(left) if is_and else 1
    return left[0] if len(left) == 1 else Votes(k, tuple(left))


def used(formulas: dict[str, Formula], tops: list[str]) -> set[tuple[str, str]]:
    """Return what some top depends on, as sorts and names."""
    found = {("gate", name) for name in tops}
    waiting = list(tops)
    while waiting:
        for each in references(formulas[waiting.pop()]):
            if (each.sort, each.name) not in found:
                found.add((each.sort, each.name))
                if each.sort == "gate":
                    waiting.append(each.name)
    return found
