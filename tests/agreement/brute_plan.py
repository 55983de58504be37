"""The brute-force answer for plans: semantics S10 from its words alone, on the brute-force automaton; by the medians.

Knows nothing of ``impactsim.review``. `rehearsed` takes a plan, what it says of a scenario, the scenario and its system, and
tells who does what when, and what all components then do. Readings, where a rule leaves room, stand in S10 itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import count

from agreement.brute_deadlocks import circles
from agreement.brute_plan_calls import Calls, calls_of, finished
from agreement.brute_plan_system import Edges, Played, called_before, id_of, played
from impactsim.model.plan import PlanScenario, RecoveryPlan
from impactsim.model.scenario import Scenario
from impactsim.model.system import System

MOST_RUNS = 200
"""So often are people put off at the most; more means that a rule or a reading is wrong."""

DECLARATION = "declaration"
People = tuple[tuple[str, str], ...]
"""(role, person) of a step, in the order of its roles."""


@dataclass
class Work:
    """What somebody does: a step, or the declaration."""

    called: list[int]
    begins: int | None
    """When its work begins; None if it never does."""
    ends: int | None
    """When it is done for good; None if it never is."""
    people: People = ()


@dataclass
class Answer:
    """A plan in a scenario, by the medians."""

    works: dict[str, Work]
    """Of all called steps and, where there are any, of ``detection`` and ``declaration``."""
    edges: Edges
    levels: dict[str, list[tuple[int, float]]] = field(repr=False)
    data: dict[str, tuple[bool, int | None]]
    end_ms: int
    largest_circle: int
    """How many steps and components wait for one another at the end, with the plan or without (S5.3); 0 if none do."""


def rehearsed(plan: RecoveryPlan, place: PlanScenario, scenario: Scenario, system: System) -> Answer:
    """Play a scenario with the steps of a plan as the repairs, by the medians."""
    calls = calls_of(plan, system, scenario)
    people = _People(plan, system, calls)
    for runs in count():
        run = played(plan, place, system, scenario, calls, people.edges, people.never)
        if people.are_settled(run):
            break
        assert runs < MOST_RUNS, "people are put off for ever"
    run = played(plan, place, system, scenario, calls, [*people.edges, *people.in_turn()], people.never)
    losses = run.losses.items()
    return Answer(
        works={name: people.work_of(name, run) for name in ([*GATES, *calls] if calls else [])},
        edges=people.edges,
        levels=run.histories(),
        data={name: (name in run.lost, None if name in run.lost else loss) for name, loss in losses},
        end_ms=run.end_ms,
        largest_circle=max(
            (len(circle) for each in (run, finished(system, scenario)) for circle in circles(each)), default=0
        ),
    )


GATES = ("detection", DECLARATION)


@dataclass
class _Deed:
    """A work that somebody is on, from its begin to its end."""

    of: str
    begins: float
    ends: float
    people: People

    @property
    def names(self) -> set[str]:
        """Who is on it."""
        return {who for _, who in self.people}


class _People:
    """Settles who does what (S10.6)."""

    def __init__(self, plan: RecoveryPlan, system: System, calls: Calls) -> None:
        self.plan, self.calls = plan, calls
        self.roles = {name: plan.steps[name].by for name in calls}
        if calls:
            self.roles = {DECLARATION: plan.declaration.by, **self.roles}
        self.order = [DECLARATION, *plan.steps]
        self.tier = {DECLARATION: 0.0, **{name: tier_of(plan, system, name) for name in calls}}
        self.edges: Edges = []
        self.deeds: list[_Deed] = []
        self.never = {name for name, roles in self.roles.items() if self._first_choice(roles, set()) is None}

    def work_of(self, name: str, run: Played) -> Work:
        """Return what a run says of a step or a gate."""
        called = self.calls.get(name, [min(min(times) for times in self.calls.values())])
        people = next((deed.people for deed in self.deeds if deed.of == name), ())
        begins, ends = _span(run, name)
        return Work(called, begins, None if ends == math.inf else int(ends), people)

    def in_turn(self) -> Edges:
        """Return (later, earlier) of each person's works, one after the other."""
        found: Edges = []
        for person in sorted({person for deed in self.deeds for _, person in deed.people}):
            mine = list(dict.fromkeys(deed.of for deed in self.deeds if person in deed.names))
            pairs = [(mine[i + 1], mine[i]) for i in range(len(mine) - 1)]
            found += [pair for pair in pairs if self._is_over(*pair) and not self._waits_for(*reversed(pair))]
        return found

    def _is_over(self, later: str, earlier: str) -> bool:
        """Tell whether one is done for good when the other begins."""
        begins = min(deed.begins for deed in self.deeds if deed.of == later)
        mine = [deed for deed in self.deeds if deed.of == earlier]
        return len(mine) == len(self.calls.get(earlier, [0])) and all(deed.ends <= begins for deed in mine)

    def are_settled(self, run: Played) -> bool:
        """Settle who does what by a run; where somebody must wait for somebody, note that, and tell that it is not settled."""
        self.deeds = []
        works = [(*work, name) for name in self.roles for work in run.works.get(id_of(name), [])]
        for begins, ends, name in sorted(
            works, key=lambda each: (each[0], self.tier[each[2]], self.order.index(each[2]))
        ):
            choice = self._people_of(name, begins)
            if choice is None:
                return False
            self.deeds.append(_Deed(name, begins, ends, choice))
        return True

    def _people_of(self, name: str, begins: int) -> People | None:
        """Return who does it; None where it is put after another."""
        keepers = [deed for deed in self.deeds if deed.ends > begins and deed.of != name]
        before = next((deed.people for deed in self.deeds if deed.of == name), None)
        choice = self._choice(name, before, {who for deed in keepers for _, who in deed.people})
        if choice is not None:
            return choice
        possible = [deed for deed in keepers if not self._waits_for(deed.of, name)]
        of_role = [deed for deed in possible if self._lacking(name, before, keepers) & deed.names]
        if not of_role:
            choice = self._choice(name, before, {who for deed in possible for _, who in deed.people})
            if choice is not None:
                return choice
            mine = {who for role in self.roles[name] for who in self.plan.roles[role].people}
            of_role = [deed for deed in possible if mine & deed.names]
        assert of_role, f"nobody for {name}"
        self.edges.append((name, min(of_role, key=lambda deed: (deed.ends, self.order.index(deed.of))).of))
        return None

    def _choice(self, name: str, before: People | None, busy: set[str]) -> People | None:
        if before is not None:
            return None if busy & {who for _, who in before} else before
        return self._first_choice(self.roles[name], busy)

    def _lacking(self, name: str, before: People | None, keepers: list[_Deed]) -> set[str]:
        """Return the people of the first role without anybody."""
        busy = {who for deed in keepers for who in deed.names}
        if before is not None:
            return {next(who for _, who in before if who in busy)}
        for role in self.roles[name]:
            people = self.plan.roles[role].people
            free = [person for person in people if person not in busy]
            if not free:
                return {*people}
            busy.add(free[0])
        return set()

    def _first_choice(self, roles: tuple[str, ...], busy: set[str]) -> People | None:
        """Return the first choice, in the order of the roles and lists, that fills all roles."""
        if not roles:
            return ()
        for person in self.plan.roles[roles[0]].people:
            if person not in busy and (rest := self._first_choice(roles[1:], busy | {person})) is not None:
                return ((roles[0], person), *rest)
        return None

    def _waits_for(self, one: str, other: str) -> bool:
        """Tell whether one waits for the other, through any number of steps."""
        left, seen = [one], set[str]()
        while left:
            name = left.pop()
            if name == other:
                return True
            if name not in seen:
                seen.add(name)
                left += [earlier for later, earlier in self.edges if later == name]
                if name in self.calls:
                    left += called_before(self.plan, name, self.calls)
                    left += [DECLARATION] if self.plan.steps[name].begins == DECLARATION else []
        return False


def tier_of(plan: RecoveryPlan, system: System, name: str) -> float:
    """Return how urgent a step is: the lowest tier of a service for which it, or a step after it, does something."""
    steps = {name}
    while more := {other for other, step in plan.steps.items() if steps & {*step.after}} - steps:
        steps |= more
    done_for = {each for step in steps for each in plan.steps[step].restores}
    done_for |= {each for step in steps if (switch := plan.steps[step].switches) is not None for each in switch.of}
    return min(
        (
            service.tier
            for own, service in plan.services.items()
            if service.tier is not None and own in system.components and done_for & _leant_on(system, own)
        ),
        default=math.inf,
    )


def _leant_on(system: System, service: str) -> set[str]:
    """Return what a service needs to run, to start and to stay up, through any number of needs, and itself."""
    found = {service}
    while True:
        more = {
            member
            for name in found
            for component in [system.components[name]]
            for member in [
                *([component.at] if component.at else []),
                *(each for need in component.needs if need.to != "repair" for each in need.members()),
            ]
        }
        if more <= found:
            return found
        found |= more


def _span(run: Played, name: str) -> tuple[int | None, float]:
    """Return when the work of a step begins, and when it is done for good."""
    own = id_of(name)
    works = run.works.get(own, [])
    is_done = not any(fault.component == own for fault in run.faults)
    ends = max((ends for _, ends in works), default=math.inf) if is_done else math.inf
    return min((begins for begins, _ in works), default=None), ends
