"""The same outage in SimPy, the usual way: a process for each component, woken when something that it needs changes.

Holdovers, failovers to standbys and restarts as the rules have them, so that both work out the same histories; the one
thing that usual style does not give is the order within one instant (see `Simulation`). Kind to SimPy: it has only those
components that the outage can reach, no statistics but the total down time of each, and no interrupts.
"""

from __future__ import annotations

# mypy: disable-error-code="import-not-found"
import random
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import simpy

if TYPE_CHECKING:
    from layered_graphs import Graph, Node, Outage

NEVER = -1.0
NOBODY = -1


class Need:
    """One need of a component, with its charge and its standbys."""

    __slots__ = ("at_hand", "empty_at", "failover", "holdover", "members", "needed", "switched_at", "target")

    def __init__(self, members: list[Component], needed: int, holdover: float, failover: float) -> None:
        self.members = members
        self.needed = needed
        self.holdover = holdover
        self.failover = failover
        self.at_hand = [failover <= 0 or place == 0 for place in range(len(members))]
        self.empty_at = NEVER
        """When the charge is used up, while it is used."""
        self.switched_at = NEVER
        self.target = NOBODY
        """The member to which a switch is under way, if any."""

    def is_met(self, now: float) -> bool:
        """Look at the members, switch and drain; is it met after all?"""
        met = self._is_met_by_members(now)
        if not self.holdover:
            return met
        if met:
            self.empty_at = NEVER
            return True
        if self.empty_at == NEVER:
            self.empty_at = now + self.holdover
        return now < self.empty_at

    def _is_met_by_members(self, now: float) -> bool:
        if self.failover <= 0:
            return sum(member.up for member in self.members) >= self.needed
        if self.target != NOBODY and not self.members[self.target].up:
            self.target = NOBODY
        if self.target != NOBODY and now >= self.switched_at:
            self.at_hand[self.target] = True
            self.target = NOBODY
        for place, member in enumerate(self.members):
            if member.up and self.at_hand[place]:
                self.target = NOBODY
                # What stands behind the one that serves is not at hand any more.
                for behind in range(place + 1, len(self.members)):
                    self.at_hand[behind] = False
                return True
        if self.target == NOBODY:
            for place, member in enumerate(self.members):
                if member.up:
                    self.target, self.switched_at = place, now + self.failover
                    break
        return False

    def next_at(self, now: float) -> float:
        """Return when something changes by itself, or `NEVER`."""
        if self.target != NOBODY:
            return min(self.switched_at, self.empty_at) if self.empty_at > now else self.switched_at
        return self.empty_at if self.empty_at > now else NEVER


class Component:
    """One component and its process."""

    def __init__(self, env: simpy.Environment, node: Node) -> None:
        self.env = env
        self.restart = float(node.restart_s * 1000)
        self.needs: list[Need] = []
        self.needed_by: list[Component] = []
        self.failed = False
        self.up = True
        self.started_at = 0.0
        """When the start under way ends, or ended; `NEVER` while it is stopped."""
        self.down_since = 0.0
        self.down_ms = 0.0
        self.changed = env.event()
        env.process(self.run())

    def run(self) -> Generator[simpy.Event, Any, None]:
        """Look at the needs whenever one of them may have changed."""
        env = self.env
        while True:
            self.set_up(self._is_up(env.now))
            wake_at = self._next_at(env.now)
            if wake_at == NEVER:
                yield self.changed
            else:
                yield self.changed | env.timeout(wake_at - env.now)
            if self.changed.triggered:
                self.changed = env.event()

    def notice(self) -> None:
        """Wake the process."""
        if not self.changed.triggered:
            self.changed.succeed()

    def outage(self, repair_ms: float) -> Generator[simpy.Event, Any, None]:
        """Fail now, and be repaired after that time."""
        self.failed = True
        self.notice()
        yield self.env.timeout(repair_ms)
        self.failed = False
        self.notice()

    def set_up(self, up: bool) -> None:
        """Go up or down, and wake those that need this."""
        if up == self.up:
            return
        self.up = up
        if up:
            self.down_ms += self.env.now - self.down_since
        else:
            self.down_since = self.env.now
        for component in self.needed_by:
            component.notice()

    def _is_up(self, now: float) -> bool:
        met = True
        for need in self.needs:
            # All of them, since each keeps its own charge and standbys.
            met &= need.is_met(now)
        if self.failed or not met:
            self.started_at = NEVER
            return False
        if self.started_at == NEVER:
            self.started_at = now + self.restart
        return now >= self.started_at

    def _next_at(self, now: float) -> float:
        times = [at for need in self.needs if (at := need.next_at(now)) != NEVER]
        if self.started_at > now:
            times.append(self.started_at)
        return min(times, default=NEVER)


class Simulation:
    """One graph and one outage, ready for any number of trials.

    A component that is woken by one of two changes of the same instant looks before the other has happened, and may stop or
    switch for nothing: rare with random times.
    """

    def __init__(self, graph: Graph, outage: Outage) -> None:
        self.graph = graph
        self.outage = outage
        self.reached = outage.reached(graph)
        self.places = {number: place for place, number in enumerate(self.reached)}

    def trial(self, repairs_ms: Sequence[float]) -> list[float]:
        """Return the down time of each reached component, in milliseconds."""
        env = simpy.Environment()
        nodes = self.graph.nodes
        components = [Component(env, nodes[number]) for number in self.reached]
        always = Component(env, nodes[0]._replace(restart_s=0))
        for component, number in zip(components, self.reached, strict=True):
            for group in nodes[number].groups:
                members = [
                    components[self.places[member]] if member in self.places else always for member in group.members
                ]
                if members.count(always) == len(members):
                    continue
                failover, holdover = float(group.failover_s * 1000), float(group.holdover_s * 1000)
                component.needs.append(Need(members, group.needed, holdover, failover))
                for member in members:
                    if member is not always:
                        member.needed_by.append(component)
        for number, repair_ms in zip(self.outage.failed, repairs_ms, strict=True):
            env.process(components[self.places[number]].outage(repair_ms))
        env.run()
        return [component.down_ms for component in components]

    def trials(self, number: int, seed: int = 1) -> list[float]:
        """Return the mean down time of each reached component, in milliseconds."""
        rng = random.Random(f"trials {seed}")
        totals = [0.0] * len(self.reached)
        for _ in range(number):
            for place, down_ms in enumerate(self.trial(self.outage.draw_repairs_ms(rng))):
                totals[place] += down_ms
        return [total / number for total in totals]

    def lost_user_minutes(self, down_ms: Sequence[float]) -> float:
        """Return the user-minutes lost with these down times."""
        users = (self.graph.nodes[number].users for number in self.reached)
        return sum(count * ms for count, ms in zip(users, down_ms, strict=True)) / 60_000
