"""What is uncertain in a run: which quantities, by which names, and which number of the engine each of them sets.

A quantity is known by its name: the path of the author's words with ids in the place of numbers, such as
``components.checkout.restart`` or ``components.checkout.needs.isp-lte.failover``. What is drawn for it depends on that name
and the seed alone (S9.1), so that nothing else in a file can change its luck. A need is named after its first member, because it
has no id of its own; where one component has two such needs, the later ones are numbered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from impactsim.audience import AudienceNames
from impactsim.compiled import DESTROYED, JOB, TIMED, Compiled, Plan
from impactsim.compiler import Names, PlanNames, milliseconds
from impactsim.laws import Law, Uniform
from impactsim.model.scenario import FaultWords, Scenario, Strike
from impactsim.model.system import AnyOf, Component, Need, System


class Sets(Enum):
    """What a quantity sets, and so what its place is the number of."""

    RESTART = "component"
    HOLDOVER = "need with a holdover"
    RECHARGE = "need with a recharge"
    FAILOVER = "slot"
    LASTS = "slot with fuel"
    DEAD = "slot that may not start"
    RESTORE = "copy"
    LAG = "copy with a lag"
    EVERY = "copy taken now and then"
    WORKS = "copy that may not work"
    WORK = "fault"
    BACKLOG = "job of others"
    STEP = "step of a fault"
    STRIKES = "fault of a common cause"
    AFTER = "workaround"
    COVERED = "workaround that ends"
    COUNT = "group"
    SHARE = "use"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One uncertain quantity: a law, or a chance."""

    name: str
    """Its name, which decides on its luck."""
    owner: str
    """Id of the component, common cause, crew or segment that it belongs to."""
    field: str
    """What it is, for people."""
    sets: Sets
    place: int
    law: Law | None
    """Law of its value; None for a chance."""
    probability: float = 0.0
    """Of a chance: how likely it is."""
    use: int = 0
    """Which use of the quantity within a trial."""


@dataclass(frozen=True, slots=True)
class Luck:
    """All that is uncertain in a run."""

    quantities: tuple[Quantity, ...]
    restarts: dict[int, Quantity]
    """Components whose restart is drawn anew at each start."""
    holdovers_ms: dict[int, tuple[int, int]]
    """Median holdover and recharge of each need that has an uncertain one."""
    copies_ms: dict[int, int]
    """Median lag of each copy whose age is uncertain."""

    @property
    def is_certain(self) -> bool:
        """Whether nothing is uncertain, so that each trial gives the same."""
        return not self.quantities and not self.restarts

    def all(self) -> Iterator[Quantity]:
        """Return each quantity once, whatever its uses."""
        seen = set()
        for quantity in (*self.quantities, *self.restarts.values()):
            if quantity.name not in seen:
                seen.add(quantity.name)
                yield quantity


def compile_luck(
    system: System,
    compiled: Compiled,
    names: Names,
    audience_names: AudienceNames,
    reach: Collection[int],
) -> Luck:
    """Find what is uncertain in a system.

    Parameters
    ----------
    system, compiled, names, audience_names
        The system, and what was made of it.
    reach
        The components that a run can change at all; what belongs to the others is left out, for nothing can come of it.

    Returns
    -------
    Luck
        Without the quantities of the faults (`luck_of_faults`).
    """
    finder = _Finder(system, compiled, names, audience_names, reach)
    finder.find()
    finder.find_users()
    return Luck(tuple(finder.quantities), finder.restarts, finder.holdovers_ms, finder.copies_ms)


class _Finder:
    """Collects the quantities of a system."""

    def __init__(
        self,
        system: System,
        compiled: Compiled,
        names: Names,
        audience_names: AudienceNames,
        reach: Collection[int],
    ) -> None:
        self.system = system
        self.compiled = compiled
        self.names = names
        self.audience_names = audience_names
        self.reach = reach
        self.covers = audience_names.workarounds
        self.quantities: list[Quantity] = []
        self.restarts: dict[int, Quantity] = {}
        self.holdovers_ms: dict[int, tuple[int, int]] = {}
        self.copies_ms: dict[int, int] = {}
        self.used: Counter[str] = Counter()

    def find(self) -> None:
        """Collect the quantities of components, needs, slots, copies and workarounds."""
        for number, (owner, component) in enumerate(self.system.components.items()):
            if number in self.reach:
                path = f"components.{owner}"
                if component.restart is not None and not component.restart.is_certain:
                    self.restarts[number] = Quantity(
                        f"{path}.restart", owner, "restart", Sets.RESTART, number, component.restart
                    )
                self._needs(number, path, owner)
                self._copies(number, path, owner, component)
        for i, (owner, place) in enumerate(self.names.workarounds):
            number = len(self.names.components) + i
            if self.names.index[owner] in self.reach or number in self.reach:
                path = self._workaround(owner, place)
                self._needs(number, path, owner)

    def find_users(self) -> None:
        """Collect the numbers of people."""
        for group, name in enumerate(self.audience_names.groups):
            if not self.audience_names.is_population(group):
                law = self.system.users[name].count
                self._law(f"users.{name}.count", name, "count", Sets.COUNT, group, law)
        for service, use in self.audience_names.counts.items():
            law_of_users = self.system.components[service].users
            self._law(f"components.{service}.users", service, "users", Sets.SHARE, use, law_of_users)

    def _law(self, name: str, owner: str, field: str, sets: Sets, place: int, law: Law | None) -> None:
        if law is not None and not law.is_certain:
            self.quantities.append(Quantity(name, owner, field, sets, place, law))

    def _chance(self, name: str, owner: str, field: str, sets: Sets, place: int, probability: float) -> None:
        if 0.0 < probability < 1.0:
            self.quantities.append(Quantity(name, owner, field, sets, place, None, probability))

    def _needs(self, number: int, path: str, owner: str) -> None:
        for need in range(self.compiled.need_from[number], self.compiled.need_from[number + 1]):
            words = self.names.needs[need]
            first = self.compiled.slot_from[need]
            if isinstance(words, AnyOf):
                self._group(words, first, path, owner)
            if words.holdover is not None:
                self._holdover(words, need, path, owner)

    def _group(self, words: AnyOf, first: int, path: str, owner: str) -> None:
        for slot, member in enumerate(words.any_of, first):
            stem = self._only(f"{path}.needs.{member.use}")
            failover = words.failover if member.failover is None else member.failover
            self._law(f"{stem}.failover", owner, f"failover to {member.use}", Sets.FAILOVER, slot, failover)
            self._law(f"{stem}.lasts", owner, f"how long {member.use} lasts", Sets.LASTS, slot, member.lasts)
            chance = member.fails_to_start
            self._chance(f"{stem}.fails_to_start", owner, f"{member.use} fails to start", Sets.DEAD, slot, chance)

    def _holdover(self, words: Need, need: int, path: str, owner: str) -> None:
        stem = self._only(f"{path}.needs.{words.members()[0]}.holdover")
        before = len(self.quantities)
        without = words.members()[0]
        self._law(stem, owner, f"holdover without {without}", Sets.HOLDOVER, need, words.holdover)
        self._law(f"{stem}.recharge", owner, f"recharge after {without}", Sets.RECHARGE, need, words.recharge)
        if len(self.quantities) > before:
            self.holdovers_ms[need] = milliseconds(words.holdover), milliseconds(words.recharge)

    def _copies(self, number: int, path: str, owner: str, component: Component) -> None:
        for copy, words in enumerate(component.copies, self.compiled.copy_from[number]):
            stem, at = self._only(f"{path}.copies.{words.at}"), words.at
            self._law(f"{stem}.restore", owner, f"restore from {at}", Sets.RESTORE, copy, words.restore)
            self._law(f"{stem}.lag", owner, f"lag of the copy at {at}", Sets.LAG, copy, words.lag)
            if words.every:
                self.quantities.append(
                    Quantity(
                        f"{stem}.age",
                        owner,
                        f"age of the copy at {at}",
                        Sets.EVERY,
                        copy,
                        Uniform(0.0, float(words.every)),
                    )
                )
            if words.every or (words.lag is not None and not words.lag.is_certain):
                self.copies_ms[copy] = milliseconds(words.lag)
            self._chance(f"{stem}.fails", owner, f"copy at {at} does not work", Sets.WORKS, copy, words.fails)

    def _workaround(self, owner: str, place: int) -> str:
        words = self.system.components[owner].workarounds[place]
        stem = self._only(f"components.{owner}.workarounds.{min(words.text.values(), default='')}")
        number = self.covers.get((owner, place))
        if number is not None:  # somebody uses the service
            self._law(f"{stem}.after", owner, "time until the workaround", Sets.AFTER, number, words.after)
            self._law(f"{stem}.lasts", owner, "how long the workaround lasts", Sets.COVERED, number, words.lasts)
        return stem

    def _only(self, stem: str) -> str:
        """Return a name that nothing else of the system has."""
        self.used[stem] += 1
        return stem if self.used[stem] == 1 else f"{stem}#{self.used[stem]}"


def luck_of_faults(
    system: System, scenario: Scenario, names: Names, plan: Plan, plan_names: PlanNames
) -> list[Quantity]:
    """Find what is uncertain in the faults of a scenario: repairs, durations, whether a common cause strikes, and what keeps crews.

    The j-th of several faults of a component, in order of time, is the j-th use of its quantity; so is the j-th of the jobs of
    others that wait for a crew (S5.5.1) when the run begins. Crews that no repair may need are left out.
    """
    found: list[Quantity] = []
    uses: Counter[str] = Counter()
    for fault, component in enumerate(plan.fault_component):
        event = scenario.events[plan_names.fault_event[fault]]
        if not isinstance(event, FaultWords):
            continue
        member, cause = names.components[component], plan_names.fault_cause[fault]
        if isinstance(event, Strike):
            probability = system.common_causes[cause].strikes[member]
            name = f"common_causes.{cause}.strikes.{member}"
            if 0.0 < probability < 1.0:
                found.append(
                    Quantity(name, cause, f"strikes {member}", Sets.STRIKES, fault, None, probability, uses[name])
                )
            uses[name] += 1
        name, field, law = _ending(system, event, member, cause)
        if law is not None and not law.is_certain:
            is_step = plan.fault_kind[fault] == TIMED
            place = plan.step_from[fault] if is_step else fault
            found.append(
                Quantity(name, member, field, Sets.STEP if is_step else Sets.WORK, place, law, 0.0, uses[name])
            )
        uses[name] += 1
    return [*found, *_backlogs(system, names, plan)]


def _backlogs(system: System, names: Names, plan: Plan) -> Iterator[Quantity]:
    """Yield the work of each of the jobs of others that wait for the crews of a plan's repairs."""
    jobs = zip(plan.fault_component, plan.fault_kind, strict=True)
    used = {system.components[names.components[component]].crew for component, kind in jobs if kind in {JOB, DESTROYED}}
    place = 0
    for crew, words in system.crews.items():
        if words.backlog is not None:
            law, field = words.backlog.each, "work of each job of others"
            if crew in used and not law.is_certain:
                for use in range(words.backlog.jobs):
                    yield Quantity(f"crews.{crew}.backlog", crew, field, Sets.BACKLOG, place + use, law, 0.0, use)
            place += words.backlog.jobs


def _ending(system: System, event: FaultWords, member: str, cause: str) -> tuple[str, str, Law | None]:
    """Return the name, the field and the law of what ends the fault of an event on a component."""
    if event.lasts is not None:
        return f"components.{member}.for", "how long it lasts", event.lasts
    if event.then:
        return f"components.{member}.then", "restoration in steps", None
    if event.repair is not None:
        return f"components.{member}.repair", "repair", event.repair
    common = system.common_causes[cause].time_to_restore if cause else None
    if common is not None:
        return f"common_causes.{cause}.time_to_restore.{member}", f"time to restore after {cause}", common
    return f"components.{member}.time_to_restore", "time to restore", system.components[member].time_to_restore
