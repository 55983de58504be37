"""The structure function (S8): for each component, the formula that says which events take it down.

A component is down iff it has failed itself, a common cause has struck it, or one of its needs that count is not met. A
common cause that strikes a member with a probability below 1 takes part with a *strike*, an event of its own that stands for
"it hits this one"; for cut sets strikes are taken as certain (`Structure.with_certain_strikes`).

Circles. "Up" is the greatest fixed point, so "down" is the least one. (1) Components of which each takes down the next are down
together: they become one. (2) Of what is left, some components are chosen that every circle passes (a feedback vertex set, found
greedily); their formulas begin as false and are worked out anew from one another. Each round is monotone, and in any
one state of the events at most one chosen component a round can be the first to go down; so there are at most as many
rounds as chosen components, and fewer where the formulas stop to change.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence

from impactsim.collector import collector_paused
from impactsim.compiled import POOL, Causes, Compiled, Ints
from impactsim.exact.formula import EVENT, Formula, Node
from impactsim.exact.propagation import Criterion, counts, is_short, members_to_lose
from impactsim.graphs import strongly_connected


class Structure:
    """The formulas of the components of a system, made when they are asked for.

    Parameters
    ----------
    system, causes
        The system.
    criterion
        What counts as failed.
    can_fail
        Of each event (components, then common causes) whether it can happen at all; all can if absent.
    """

    def __init__(
        self,
        system: Compiled,
        causes: Causes,
        criterion: Criterion = Criterion.DOWN,
        can_fail: Sequence[bool] | None = None,
    ) -> None:
        self.system = system
        self.causes = causes
        self.criterion = criterion
        self.formula = Formula()
        self.n_components = len(system.need_from) - 1
        self.n_events = self.n_components + len(causes.strike_from) - 1
        self.can_fail = can_fail
        self.strike_share = causes.strike_share
        """Probability of each strike; its event is the number of events plus its own."""
        self.strike_of: list[tuple[int, int]] = [
            (self.n_components + cause, causes.strike_component[strike])
            for cause in range(len(causes.strike_from) - 1)
            for strike in range(causes.strike_from[cause], causes.strike_from[cause + 1])
        ]
        """The common cause (as an event) and the component of each strike."""
        self._struck_by: dict[int, Ints] = {}
        for strike, (_, component) in enumerate(self.strike_of):
            self._struck_by.setdefault(component, []).append(strike)
        self._may_miss = any(share < 1.0 for share in self.strike_share)
        self._certain: dict[Node, Node] = {}
        self._counts = [counts(system, need, criterion) for need in range(len(system.need_component))]
        self._down: list[Node] = [-1] * self.n_components
        self._circles: dict[int, Ints] = {}
        for component in system.by_rank:
            if system.circle[component] >= 0:
                self._circles.setdefault(system.circle[component], []).append(component)

    def down(self, component: int) -> Node:
        """Return the node that is true iff a component is down (or degraded, by the criterion)."""
        if self._down[component] < 0:
            with collector_paused():
                for each in self._unknown_below(component):
                    if self._down[each] < 0:
                        self._work_out(each)
        return self._down[component]

    def unmet(self, need: int) -> Node:
        """Return the node that is true iff a need is not met: so many members are down that the rest is too few.

        Parameters
        ----------
        need
            Number of a need, of any purpose.
        """
        for slot in range(self.system.slot_from[need], self.system.slot_from[need + 1]):
            self.down(self.system.slot_component[slot])
        return self._unmet(need, self._down)

    def with_certain_strikes(self, node: Node) -> Node:
        """Return a node as if a common cause that can strike a component always did."""
        if not self._may_miss:
            return node
        formula, certain = self.formula, self._certain
        for each in formula.below([node], certain):
            kind, args = formula.kind[each], formula.args[each]
            if kind <= EVENT:
                is_strike = kind == EVENT and args[0] >= self.n_events
                certain[each] = formula.true if is_strike else each
            else:
                changed = tuple(map(certain.__getitem__, args))
                certain[each] = each if changed == args else formula.gate(kind, formula.k[each], changed)
        return certain[node]

    def revised(self, system: Compiled, components: Iterable[int]) -> Structure:
        """Return the structure of a system in which some components have other members; the formulas stay together.

        What does not lean on those components keeps its nodes.

        Parameters
        ----------
        system
            The system as it is now: the same components, needs and slots.
        components
            Those whose needs have other members than before.
        """
        new = copy.copy(self)
        new.system = system
        down = list(self._down)
        new._down = down  # noqa: SLF001 - its own kind
        waiting = list(components)
        while waiting:
            component = waiting.pop()
            if down[component] < 0:
                continue
            down[component] = -1
            for use in range(system.use_from[component], system.use_from[component + 1]):
                need = system.slot_need[system.use_slot[use]]
                if self._counts[need]:
                    waiting.append(system.need_component[need])
        return new

    # One component.

    def _unknown_below(self, component: int) -> Ints:
        """Return what a component leans on and what is not worked out yet, members first."""
        system, down, found = self.system, self._down, set[int]()
        circle, slot_from, slot_component = system.circle, system.slot_from, system.slot_component
        waiting = [component]
        while waiting:
            each = waiting.pop()
            if each in found or down[each] >= 0:
                continue
            found.add(each)
            for need in range(system.need_from[each], system.need_from[each + 1]):
                if self._counts[need]:
                    members = slot_component[slot_from[need] : slot_from[need + 1]]
                    waiting += [member for member in members if down[member] < 0]
            if circle[each] >= 0:  # a circle is worked out as a whole
                waiting.extend(self._circles[circle[each]])
        return sorted(found, key=system.rank.__getitem__)

    def _members(self, component: int) -> Ints:
        system = self.system
        found: Ints = []
        for need in self._needs(component):
            found.extend(system.slot_component[system.slot_from[need] : system.slot_from[need + 1]])
        return found

    def _needs(self, component: int) -> Ints:
        system = self.system
        needs = range(system.need_from[component], system.need_from[component + 1])
        return [need for need in needs if self._counts[need]]

    def _work_out(self, component: int) -> None:
        circle = self.system.circle[component]
        if circle < 0:
            self._down[component] = self._formula(component, self._down)
        else:
            self._work_out_circle(self._circles[circle])

    def _formula(self, component: int, down: Sequence[Node] | dict[int, Node]) -> Node:
        """Return the formula of a component, from those of the components that it needs."""
        system, slot_from = self.system, self.system.slot_from
        found = self._own(component)
        for need in range(system.need_from[component], system.need_from[component + 1]):
            if not self._counts[need]:
                continue
            if slot_from[need + 1] - slot_from[need] == 1 and system.need_form[need] != POOL:
                found.append(down[system.slot_component[slot_from[need]]])
            else:
                found.append(self._unmet(need, down))
        return self.formula.any(found) if len(found) != 1 else found[0]

    def _own(self, component: int) -> list[Node]:
        """Return what takes a component down directly: its own failure, and the common causes that strike it."""
        formula = self.formula
        found = [formula.event(component)] if self._happens(component) else []
        if component not in self._struck_by:
            return found
        for strike in self._struck_by[component]:
            cause, _ = self.strike_of[strike]
            if self._happens(cause):
                parts = [formula.event(cause)]
                if self.strike_share[strike] < 1.0:
                    parts.append(formula.event(self.n_events + strike))
                found.append(formula.all(parts))
        return found

    def _happens(self, event: int) -> bool:
        return self.can_fail is None or self.can_fail[event]

    def _unmet(self, need: int, down: Sequence[Node] | dict[int, Node]) -> Node:
        system = self.system
        first, after = system.slot_from[need], system.slot_from[need + 1]
        is_pool = system.need_form[need] == POOL
        if not is_pool:
            members_down = list(map(down.__getitem__, system.slot_component[first:after]))
            return self.formula.at_least(members_to_lose(system, need, self.criterion), members_down)
        slots = range(first, after)
        if self.criterion is Criterion.DEGRADED:
            members = [(system.slot_capacity[slot], down[system.slot_component[slot]]) for slot in slots]
            return self._too_little(members, system.need_demand[need])
        members_down = [down[system.slot_component[slot]] for slot in slots if system.slot_capacity[slot] > 0.0]
        return self.formula.at_least(members_to_lose(system, need, self.criterion), members_down)

    def _too_little(self, members: list[tuple[float, Node]], demand: float) -> Node:
        """Return the node that is true iff the members that are not down do not carry a demand."""
        members = sorted(members, key=lambda member: -member[0])
        left = [0.0] * (len(members) + 1)  # capacity of the members from each place on
        for place in range(len(members) - 1, -1, -1):
            left[place] = left[place + 1] + members[place][0]
        total, known = left[0], dict[tuple[int, float], Node]()

        def from_place(place: int, lost: float) -> Node:
            if is_short(total - lost, demand):
                return self.formula.true
            if not is_short(total - lost - left[place], demand):
                return self.formula.false
            key = (place, round(lost / demand, 12))
            if key not in known:
                capacity, member = members[place]
                with_it = self.formula.all([member, from_place(place + 1, lost + capacity)])
                known[key] = self.formula.any([with_it, from_place(place + 1, lost)])
            return known[key]

        if len({capacity for capacity, _ in members}) == 1 and members[0][0] > 0.0:
            k = next((k for k in range(len(members) + 1) if is_short(total - k * members[0][0], demand)), None)
            assert k is not None, "without any member there is no capacity"
            return self.formula.at_least(k, [member for _, member in members])
        return from_place(0, 0.0)

    # Circles.

    def _work_out_circle(self, circle: Ints) -> None:
        """Work out components that lean on one another."""
        number = {component: i for i, component in enumerate(circle)}
        inside = [[number[m] for m in self._members(c) if m in number] for c in circle]
        for group in strongly_connected(inside):
            members = [circle[i] for i in group]
            if len(members) == 1:
                self._down[members[0]] = self._alone(members[0])
            else:
                self._work_out_group(members)

    def _alone(self, component: int) -> Node:
        """Return the formula of a component whose circle only leads through itself, if through anything."""
        if component not in self._members(component):
            return self._formula(component, self._down)
        down = dict.fromkeys(self._members(component), self.formula.false)
        down.update((member, self._down[member]) for member in down if member != component)
        return self._formula(component, down)

    def _work_out_group(self, members: Ints) -> None:
        """Work out the least fixed point of a strongly connected group."""
        group = _Group(self, members)
        down = group.fixed_point()
        for component in members:
            self._down[component] = down[component]

    def takes_down_alone(self, need: int) -> bool:
        """Tell whether the loss of any one member leaves a need unmet."""
        system = self.system
        if system.need_form[need] == POOL:
            return system.slot_from[need + 1] - system.slot_from[need] == 1 and self._is_all_of_pool(need)
        return members_to_lose(system, need, self.criterion) == 1

    def _is_all_of_pool(self, need: int) -> bool:
        return self.system.slot_capacity[self.system.slot_from[need]] > 0.0


class _Group:
    """Components each of which leans on all others, directly or not."""

    def __init__(self, structure: Structure, members: Ints) -> None:
        self.structure = structure
        self.members = members
        number = {component: i for i, component in enumerate(members)}
        alone = [self._successors(component, number, only_alone=True) for component in members]
        self.class_of = [0] * len(members)
        self.classes: list[Ints] = []
        for group in strongly_connected(alone):
            for i in group:
                self.class_of[i] = len(self.classes)
            self.classes.append([members[i] for i in group])
        self.successors = [
            sorted({self.class_of[i] for c in each for i in self._successors(c, number)}) for each in self.classes
        ]
        self.number = number

    def _successors(self, component: int, number: dict[int, int], only_alone: bool = False) -> Ints:
        system = self.structure.system
        return [
            number[member]
            for need in self.structure._needs(component)  # noqa: SLF001 - one algorithm in two classes
            if not only_alone or self.structure.takes_down_alone(need)
            for member in system.slot_component[system.slot_from[need] : system.slot_from[need + 1]]
            if member in number
        ]

    def fixed_point(self) -> dict[int, Node]:
        """Return the formula of each member."""
        structure = self.structure
        chosen = self._feedback()
        order = self._order(chosen)
        down = {m: structure._down[m] for c in self.members for m in structure._members(c)}  # noqa: SLF001
        down.update(dict.fromkeys(self.members, structure.formula.false))
        for _ in range(len(chosen) + 1):
            before = [down[self.classes[each][0]] for each in chosen]
            for each in (*order, *chosen):
                self._work_out(each, down)
            if before == [down[self.classes[each][0]] for each in chosen]:
                break
        for each in order:
            self._work_out(each, down)
        return down

    def _work_out(self, number: int, down: dict[int, Node]) -> None:
        """Work out one class: its members are down together, so within it nobody is the reason of another."""
        members = self.classes[number]
        inner = dict(down) if len(members) > 1 else down
        if len(members) > 1 or number in self.successors[number]:
            inner = {**down, **dict.fromkeys(members, self.structure.formula.false)}
        node = self.structure.formula.any(self.structure._formula(each, inner) for each in members)  # noqa: SLF001
        for each in members:
            down[each] = node

    def _feedback(self) -> Ints:
        """Return classes that every circle of several classes passes, the busiest first."""
        left = set(range(len(self.classes)))
        chosen: Ints = []
        while True:
            nodes = sorted(left)
            number = {each: i for i, each in enumerate(nodes)}
            graph = [[number[o] for o in self.successors[each] if o in number and o != each] for each in nodes]
            groups = [group for group in strongly_connected(graph) if len(group) > 1]
            if not groups:
                return chosen
            indegree = [0] * len(nodes)
            for others in graph:
                for other in others:
                    indegree[other] += 1
            for group in groups:
                best = max(sorted(group), key=lambda i: len(graph[i]) * indegree[i])
                chosen.append(nodes[best])
                left.discard(nodes[best])

    def _order(self, chosen: Ints) -> Ints:
        """Return the classes that are not chosen, members first."""
        nodes = [each for each in range(len(self.classes)) if each not in set(chosen)]
        number = {each: i for i, each in enumerate(nodes)}
        graph = [[number[o] for o in self.successors[each] if o in number] for each in nodes]
        return [nodes[group[0]] for group in strongly_connected(graph)]
