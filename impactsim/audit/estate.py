"""A system made ready for questions without a clock: its events, who is behind each service, and its names."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from statistics import fmean

from impactsim.chances import Chance, chance_of_cause, chance_of_component
from impactsim.compiler import compile_causes, compile_system
from impactsim.exact.answers import Answers
from impactsim.exact.propagation import Criterion, Propagation, counts
from impactsim.exact.structure import Structure
from impactsim.model.system import System

MINUTES_A_YEAR = 365 * 1440


class Estate:
    """A system, its numbers and its names.

    Events are numbered: a component's own failure by the component's number, the common causes behind all components.

    Parameters
    ----------
    system
        A system that the rules found right.
    unknown
        Probability of the events of which nobody says how often they happen.
    """

    def __init__(self, system: System, unknown: float = 0.0) -> None:
        self.system = system
        self.compiled, self.names = compile_system(system)
        self.causes = compile_causes(system, self.names)
        self.cause_ids = list(system.common_causes)
        self.n_components = len(self.compiled.need_from) - 1
        self.n_events = self.n_components + len(self.cause_ids)
        workarounds = [Chance(0.0, can_fail=False)] * len(self.names.workarounds)
        self.chances = [
            *(chance_of_component(each, unknown) for each in system.components.values()),
            *workarounds,
            *(chance_of_cause(system, each, unknown) for each in system.common_causes.values()),
        ]
        """Of each event."""
        self.probability = [each.probability for each in self.chances]
        """Of each event: of being down at a random time."""
        self.services = [i for i, each in enumerate(system.components.values()) if each.kind == "service"]
        """Numbers of the components of kind service, in the order of the file."""
        self._structures: dict[Criterion, Structure] = {}
        self._answers: dict[Criterion, Answers] = {}

    # Names.

    def is_cause(self, event: int) -> bool:
        """Tell whether an event is a common cause."""
        return event >= self.n_components

    def id_of(self, event: int) -> str:
        """Return the id of a component or common cause; ``common cause X`` where a component has the same id."""
        if not self.is_cause(event):
            return self.names.components[event]
        name = self.cause_ids[event - self.n_components]
        return f"common cause {name}" if name in self.names.index else name

    def ids_of(self, events: Iterable[int]) -> tuple[str, ...]:
        """Return the ids of events, in the order of their numbers."""
        return tuple(self.id_of(event) for event in sorted(events))

    def event_of(self, name: str) -> int:
        """Return the number of a component or common cause by its id; KeyError without one."""
        if name in self.names.index:
            return self.names.index[name]
        cause = name.removeprefix("common cause ")
        if cause not in self.cause_ids:
            raise KeyError(name)
        return self.n_components + self.cause_ids.index(cause)

    # Users.

    @cached_property
    def segments(self) -> list[tuple[float, dict[int, float]]]:
        """Mean number of people of each segment over a day, and the share of them who use each service, by its number.

        Where only the users of single services are known, the population is one segment.
        """
        index = self.names.index
        found = []
        for segment in self.system.users.values():
            present = 1.0 if segment.activity is None else fmean(segment.activity.hours)
            found.append((segment.count.mean() * present, {index[name]: s for name, s in segment.uses.items()}))
        counted = self._counted
        if counted:
            people = self.system.population or math.fsum(counted.values())
            found.append((people, {service: min(1.0, n / people) for service, n in counted.items() if people}))
        return found

    @cached_property
    def _counted(self) -> dict[int, float]:
        """How many people use each service of which only that is known, by its number."""
        used = {name for segment in self.system.users.values() for name in segment.uses}
        return {
            self.names.index[name]: each.users.mean()
            for name, each in self.system.components.items()
            if each.users is not None and name not in used
        }

    @cached_property
    def people(self) -> float:
        """How many users there are in all; 0 if nothing is said about users."""
        if self._counted and self.system.population is not None:
            return self.system.population  # it holds those of the segments, as in every run (S6.5)
        return math.fsum(count for count, _ in self.segments)

    @cached_property
    def users_of(self) -> dict[int, float]:
        """How many people use each service, on average over a day; services that nobody uses are left out."""
        users: dict[int, float] = {}
        for count, uses in self.segments:
            for service, share in uses.items():
                users[service] = users.get(service, 0.0) + count * share
        return users

    @cached_property
    def _uses(self) -> dict[int, list[tuple[int, float]]]:
        """Which segments use each service, by their places, and the share of them who do."""
        found: dict[int, list[tuple[int, float]]] = {}
        for segment, (_, uses) in enumerate(self.segments):
            for service, share in uses.items():
                found.setdefault(service, []).append((segment, share))
        return found

    @cached_property
    def _is_service(self) -> frozenset[int]:
        return frozenset(self.services)

    def users_lost(self, down: Iterable[int]) -> float:
        """Return how many people lose something while these components are down, estimated as in S6.2.

        The cost follows what is down, not all who use anything.
        """
        spared: dict[int, float] = {}
        for service in set(down):
            for segment, share in self._uses.get(service, ()):
                spared[segment] = spared.get(segment, 1.0) * (1.0 - share)
        return math.fsum(self.segments[segment][0] * (1.0 - left) for segment, left in spared.items())

    def share_lost(self, down: Iterable[int]) -> float:
        """Return the share of all users who lose something; of all services, where there are no users."""
        if self.people > 0.0:
            return self.users_lost(down) / self.people
        return len(self._is_service.intersection(down)) / max(1, len(self.services))

    def services_down(self, down: Iterable[int]) -> list[int]:
        """Return the services among components that are down, in the order of the file."""
        return sorted(self._is_service.intersection(down))

    # Exact answers.

    def structure(self, criterion: Criterion = Criterion.DOWN) -> Structure:
        """Return the formulas that say when components are down, or degraded."""
        if criterion not in self._structures:
            can_fail = [chance.can_fail for chance in self.chances]
            self._structures[criterion] = Structure(self.compiled, self.causes, criterion, can_fail)
        return self._structures[criterion]

    def answers(self, criterion: Criterion = Criterion.DOWN) -> Answers:
        """Return exact answers about these formulas."""
        if criterion not in self._answers:
            self._answers[criterion] = Answers(self.structure(criterion), self.probability)
        return self._answers[criterion]

    # What follows from what.

    @cached_property
    def propagation(self) -> Propagation:
        """What goes down when something fails."""
        return Propagation(self.compiled, self.causes, Criterion.DOWN)

    def down(self, *events: int) -> set[int]:
        """Return the components that are down if these events happen and nothing else."""
        return self.propagation.down(events)

    def members(self, component: int) -> Iterator[int]:
        """Yield what a component needs to run or to stay up (hard needs), in the author's order."""
        compiled = self.compiled
        for need in range(compiled.need_from[component], compiled.need_from[component + 1]):
            if counts(compiled, need, Criterion.DOWN):
                yield from compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]

    def path(self, component: int, event: int) -> tuple[str, ...]:
        """Return a shortest path of hard needs from a component to an event, as ids, both included; empty if there is none.

        What a common cause strikes stands before it.
        """
        ends = set(self.propagation.struck(event))
        came_from = {component: component}
        waiting = deque([component])
        while waiting:
            node = waiting.popleft()
            if node in ends:
                way = [node]
                while way[-1] != component:
                    way.append(came_from[way[-1]])
                return (*map(self.id_of, reversed(way)), *([self.id_of(event)] if self.is_cause(event) else []))
            for other in self.members(node):
                if other not in came_from:
                    came_from[other] = node
                    waiting.append(other)
        return ()
