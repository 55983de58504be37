"""Gates with many inputs taken apart, and taken apart anew when few of the inputs have changed.

Both steps give the same as if they had been done from the beginning; only what a changed input touches is done again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, compress
from operator import ne, not_

from impactsim.exact.formula import AND, EVENT, OR, Formula, Node

_FEW = 8
"""A gate is done from the beginning if more than one input in so many has changed."""


class Factoring:
    """What several inputs of a gate have in common, factored out: (x or a) and (x or b) is x or (a and b).

    Each input of the other kind goes to its most frequent member. An input that *is* such a member leaves nothing of the others
    there (absorption).

    Parameters
    ----------
    formula
        Where the gate stands.
    kind
        Of the gate: OR or AND.
    args
        Its inputs, each once.
    """

    def __init__(self, formula: Formula, kind: int, args: Sequence[Node]) -> None:
        self.formula = formula
        self.kind = kind
        self.other = AND if kind == OR else OR
        self.args = list(args)
        self.inner = [self._members(arg) for arg in self.args]
        self.frequency = Counter(chain.from_iterable(self.inner))
        self.common = [-1] * len(self.args)
        """Of each input, the member that it shares; -1 for none."""
        self.places: dict[Node, list[int]] = {}
        """Of each shared member, whose it is, in order."""
        self.gates: dict[Node, Node] = {}
        if len(self.frequency) < sum(map(len, self.inner)):
            for place, members in enumerate(self.inner):
                common = self._shared(members)
                if common >= 0:
                    self.common[place] = common
                    self.places.setdefault(common, []).append(place)

    def result(self) -> list[Node] | None:
        """Return the inputs that the gate has then; None if nothing is in common."""
        if not self.places:
            return None
        found = [self._gate(common) for common in sorted(self.places, key=lambda common: self.places[common][0])]
        n_shared = sum(map(len, self.places.values()))
        alone = [] if n_shared == len(self.args) else list(compress(self.args, (each < 0 for each in self.common)))
        gate = self.formula.gate(self.kind, 0, [*alone, *found])
        new = list(self.formula.args[gate]) if self.formula.kind[gate] == self.kind else [gate]
        return None if len(new) == len(self.args) and set(new) == set(self.args) else new

    def revise(self, args: Sequence[Node]) -> bool:
        """Take other inputs; tell whether they are like those before, and none of them is to be merged into the gate."""
        if len(args) != len(self.args):
            return False
        changed = list(compress(range(len(args)), map(ne, self.args, args)))
        if len(changed) * _FEW > len(args) or any(self.formula.kind[args[place]] == self.kind for place in changed):
            return False
        touched = self._replace(changed, args)
        again = set(changed)
        if touched:
            again.update(compress(range(len(args)), map(not_, map(touched.isdisjoint, self.inner))))
        for place in sorted(again):
            self._choose_again(place)
        return True

    def _replace(self, changed: list[int], args: Sequence[Node]) -> set[Node]:
        """Put inputs in their places; return the members that are more or less frequent now."""
        difference: Counter[Node] = Counter()
        for place in changed:
            difference.subtract(self.inner[place])
            self.args[place] = args[place]
            self.inner[place] = self._members(args[place])
            difference.update(self.inner[place])
        touched = {member for member, n in difference.items() if n}
        for member in touched:
            self.frequency[member] += difference[member]
            if not self.frequency[member]:
                del self.frequency[member]
        return touched

    def _choose_again(self, place: int) -> None:
        before, now = self.common[place], self._shared(self.inner[place])
        self.gates.pop(before, None)
        self.gates.pop(now, None)
        if before == now:
            return
        if before >= 0:
            places = self.places[before]
            del places[bisect_left(places, place)]
            if not places:
                del self.places[before]
        if now >= 0:
            insort(self.places.setdefault(now, []), place)
        self.common[place] = now

    def _members(self, arg: Node) -> tuple[Node, ...]:
        return self.formula.args[arg] if self.formula.kind[arg] == self.other else (arg,)

    def _shared(self, members: tuple[Node, ...]) -> Node:
        """Return the most frequent member of an input, of equals the first; -1 if it has no member in common."""
        frequency = self.frequency
        common, most = -1, 1
        for member in members:
            n = frequency[member]
            if n > most:
                common, most = member, n
        return common

    def _gate(self, common: Node) -> Node:
        """Return what is left of the inputs that share a member."""
        gate = self.gates.get(common)
        if gate is None:
            formula, other = self.formula, self.other
            rests = []
            for place in self.places[common]:
                members = self.inner[place]
                if len(members) == 2:  # nearly all of them
                    rests.append(members[members[0] == common])
                else:
                    rests.append(formula.gate(other, 0, [member for member in members if member != common]))
            gate = self.gates[common] = formula.gate(other, 0, [common, formula.gate(self.kind, 0, rests)])
        return gate


class Grouping:
    """The inputs of a gate in groups that share no event.

    Parameters
    ----------
    formula
        Where the gate stands.
    args
        Its inputs.
    """

    def __init__(self, formula: Formula, args: Sequence[Node]) -> None:
        self.formula = formula
        self.args = list(args)
        self.owner: dict[Node, int] = {}
        """Of each node below, the number of the first input above it."""
        self.group: list[int] = _joined(range(len(args)), _walk(formula, self.args, self.owner))
        """Of each input by its number, its group; -1 of one that is no longer there."""
        self.number: dict[Node, int] = {}
        self.members: dict[int, list[Node]] = {}
        """Of each group, its inputs; known once the inputs have changed."""

    def result(self) -> list[list[Node]]:
        """Return the groups, by their first inputs."""
        groups: dict[int, list[Node]] = {}
        of_arg = [self.group[self.number[arg]] for arg in self.args] if self.number else self.group
        for arg, group in zip(self.args, of_arg, strict=True):
            groups.setdefault(group, []).append(arg)
        return list(groups.values())

    def revise(self, args: Sequence[Node]) -> bool:
        """Take other inputs, each once; tell whether they are like those before."""
        if abs(len(args) - len(self.args)) * _FEW > len(args):
            return False
        if not self.number:
            self._count()
        now = set(args)
        gone = [arg for arg in self.number if arg not in now]
        new = [arg for arg in args if arg not in self.number]
        if (len(gone) + len(new)) * _FEW > len(args):
            return False
        self.args = list(args)
        self._regroup([*self._loosened(gone), *new])
        return True

    def _count(self) -> None:
        self.number = {arg: number for number, arg in enumerate(self.args)}
        for arg, group in zip(self.args, self.group, strict=True):
            self.members.setdefault(group, []).append(arg)

    def _loosened(self, gone: list[Node]) -> list[Node]:
        """Dissolve the groups of inputs that are gone; return what is left of them."""
        found: list[Node] = []
        lost = set(gone)
        for group in dict.fromkeys(self.group[self.number[arg]] for arg in gone):
            for arg in self.members.pop(group):
                self.group[self.number.pop(arg)] = -1
                if arg not in lost:
                    found.append(arg)
        return found

    def _regroup(self, loose: list[Node]) -> None:
        """Put inputs into groups, and groups together that these inputs join."""
        first = len(self.group)
        fresh: dict[Node, int] = {}
        pairs = _walk(self.formula, loose, fresh, first, self)
        touched = [*range(first, first + len(loose)), *dict.fromkeys(-1 - other for other, _ in pairs if other < 0)]
        # A group stands in the pairs as a negative number; its own number cannot be that of a loose input.
        pairs = [(-1 - other if other < 0 else other, number) for other, number in pairs]
        joined = dict(zip(touched, _joined(touched, pairs), strict=True))
        self.group.extend(range(first, first + len(loose)))
        self.owner.update(fresh)
        for number, arg in zip(range(first, len(self.group)), loose, strict=True):
            self.number[arg] = number
            self.members[number] = [arg]
        for group, into in joined.items():
            if group != into:
                moved = self.members.pop(group)
                self.members[into].extend(moved)
                for arg in moved:
                    self.group[self.number[arg]] = into


def _walk(
    formula: Formula, args: Sequence[Node], owner: dict[Node, int], first: int = 0, known: Grouping | None = None
) -> list[tuple[int, int]]:
    """Find who owns the nodes below inputs that are numbered from `first`; return which numbers meet.

    A node that belongs to a known group is not walked below: the group is met, as a negative number.
    """
    kind, below = formula.kind, formula.args
    meets: list[tuple[int, int]] = []
    for number, arg in enumerate(args, first):
        waiting = [arg]
        while waiting:
            node = waiting.pop()
            if node in owner:
                if owner[node] != number:
                    meets.append((owner[node], number))
                continue
            if known is not None and (group := known.group[known.owner[node]] if node in known.owner else -1) >= 0:
                meets.append((-1 - group, number))
                continue
            owner[node] = number
            if kind[node] > EVENT:
                waiting.extend(below[node])
    return meets


def _joined(numbers: Iterable[int], pairs: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each number the smallest of those that pairs join it with."""
    numbers = list(numbers)
    parent = {number: number for number in numbers}

    def find(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for one, other in pairs:
        a, b = find(one), find(other)
        if a != b:
            parent[max(a, b)] = min(a, b)
    return [find(number) for number in numbers]
