"""What runs and what serves while a system comes back from all-down, without a clock (S5.2, S5.7).

Theory of operation. Everything is whole and stopped. A component can begin to start when each of its needs to start or to
stay up has a member that serves (a quorum: as many as it takes). It *serves* (its level is above 0) if it runs and each hard
need to run or to stay up is met. Soft needs stop nothing; charges are empty. Nothing ever stops here: what runs and what serves only
grows, and so does whatever it leads to, with more starts by hand as with more needs met. Three things follow:

* The end does not depend on the order of the starts, so a worklist finds it: whatever begins to serve counts itself into the needs
  that it serves, and a need that has as many as it takes lets its component go on. Each use is counted once.
* Levels are the greatest fixed point among what runs (S2.4): components that lean on each other in a circle of needs to run serve as soon as
  all of them run. In such a circle, whatever runs is lifted in hope, and what does not hold is let go of. A standby that takes a switch
  is no such hold: it is at hand only after it serves (S4.2). Nor are members of a pool whose capacity is below the demand: what they pass
  around shrinks each time, and the greatest fixed point of that is 0.
* All that was done since some moment can be taken back in reverse order, so that a search can try starts at the cost of what they change.

A *start by hand* waives the needs to start and not those to stay up. Components that start in no time are a case of their own: started by
hand in one instant they all run before the levels of that instant are worked out (S7), so they may keep each other up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from impactsim.compiled import GROUP, ORDER, POOL, RUN, START, STAY_UP, Compiled, Ints

_ROUNDING = 1e-9  # as levels are equal that differ by less (S2.4)


class Moment(NamedTuple):
    """How far a cold start has come: how many have started, serve, are waived, and how many needs are dropped."""

    started: int
    risen: int
    waived: int
    dropped: int


class Wave(NamedTuple):
    """Components that can begin to start once all waves before serve, in the order of their numbers."""

    by_itself: tuple[int, ...]
    by_hand: tuple[int, ...]
    """Those that begin only because somebody starts them: a need to start is not met."""


def is_hard(system: Compiled, need: int) -> bool:
    """Tell whether a need counts for starting or serving: not for repairs only, and not soft."""
    return system.need_purpose[need] <= START and system.need_impact[need] == 1.0


def is_usable(system: Compiled, slot: int) -> bool:
    """Tell whether a member can carry anything at all."""
    if system.slot_dead[slot]:
        return False
    return system.need_form[system.slot_need[slot]] != POOL or system.slot_capacity[slot] > 0.0


def members_it_takes(system: Compiled, need: int) -> int:
    """Return how many members must serve until a need has a value above 0."""
    return system.need_k[need] if system.need_form[need] == ORDER else 1


def serving_when_all_run(system: Compiled) -> bytearray:
    """Return for each component whether it serves in normal operation: everything runs, and nothing has failed."""
    n_needs = len(system.need_component)
    serves = bytearray([1]) * (len(system.need_from) - 1)
    left = [0] * n_needs
    for slot in range(len(system.slot_need)):
        left[system.slot_need[slot]] += is_usable(system, slot)
    short = [need for need in range(n_needs) if _holds_up(system, need) and left[need] < members_it_takes(system, need)]
    while short:
        component = system.need_component[short.pop()]
        if not serves[component]:
            continue
        serves[component] = 0
        for i in range(system.use_from[component], system.use_from[component + 1]):
            slot = system.use_slot[i]
            need = system.slot_need[slot]
            if is_usable(system, slot):
                left[need] -= 1
                if _holds_up(system, need) and left[need] == members_it_takes(system, need) - 1:
                    short.append(need)
    return serves


def _holds_up(system: Compiled, need: int) -> bool:
    return system.need_purpose[need] <= STAY_UP and is_hard(system, need)


class ColdStart:
    """A system on its way back from all-down.

    Parameters
    ----------
    system
        The system.
    is_waived
        Whether every component is started by hand as soon as that is of use; for single ones see `waive`.
    """

    def __init__(self, system: Compiled, is_waived: bool = False) -> None:
        self.system = system
        n = len(system.need_from) - 1
        self.runs = bytearray(n)
        self.serves = bytearray(n)
        self.within: Collection[int] | None = None
        """What may start and serve; everything if None."""
        self.work = 0
        """How many needs were looked at so far: the cost, counted."""
        self.counted = bytearray(is_hard(system, need) for need in range(len(system.need_component)))
        self.takes = [members_it_takes(system, need) for need in range(len(system.need_component))]
        self.have = [0] * len(system.need_component)
        """How many members of each need serve."""
        self.dropped = bytearray(len(system.need_component))
        self.unmet = [[0] * n for _ in (RUN, STAY_UP, START)]
        """For each purpose and component how many needs are not met."""
        for need, owner in enumerate(system.need_component):
            if self.counted[need]:
                self.unmet[system.need_purpose[need]][owner] += 1
        self.waived = bytearray([int(is_waived)]) * n
        self._started: Ints = []
        self._risen: Ints = []
        self._waived: Ints = []
        self._dropped: Ints = []
        self._ready: Ints = []
        self._rising: Ints = []
        self._hopeful: dict[int, set[int]] = {}  # members of circles that may serve now, by circle
        self._leaning: dict[int, list[tuple[int, float]]] = {}
        self._together = [c for c in range(n) if self.waived[c] and self._is_at_once_in_a_circle(c)]
        for component in range(n):
            self._look(component)

    # What was done, and taking it back.

    def moment(self) -> Moment:
        """Return how far it has come, for `go_back`."""
        return Moment(len(self._started), len(self._risen), len(self._waived), len(self._dropped))

    def go_back(self, moment: Moment) -> None:
        """Take back all that was done since a moment at which nothing more could start."""
        while len(self._risen) > moment.risen:
            self._fall(self._risen.pop())
        while len(self._dropped) > moment.dropped:
            need = self._dropped.pop()
            self.dropped[need] = 0
            if self.have[need] < self.takes[need]:
                self.unmet[self.system.need_purpose[need]][self.system.need_component[need]] += 1
        while len(self._started) > moment.started:
            self.runs[self._started.pop()] = 0
        while len(self._waived) > moment.waived:
            component = self._waived.pop()
            self.waived[component] = 0
            if self._together and self._together[-1] == component:
                self._together.pop()
        for pending in (self._ready, self._rising, self._hopeful):
            pending.clear()

    def waive(self, components: Iterable[int]) -> None:
        """Let these be started by hand as soon as that is of use."""
        for component in components:
            if not self.waived[component]:
                self.waived[component] = 1
                self._waived.append(component)
                if self._is_at_once_in_a_circle(component):
                    self._together.append(component)
                if not self.runs[component]:
                    self._look(component)

    def drop(self, needs: Iterable[int]) -> None:
        """Let these needs count as met from now on."""
        for need in needs:
            if not self.dropped[need]:
                self.dropped[need] = 1
                self._dropped.append(need)
                if self.have[need] < self.takes[need]:
                    self._met(need)
        self._settle()

    def is_met(self, need: int) -> bool:
        """Tell whether a need that counts has a value above 0."""
        return bool(self.dropped[need]) or self.have[need] >= self.takes[need]

    # Starting.

    def run(self) -> list[Wave]:
        """Let start whatever can, wave by wave, until nothing changes; return the waves."""
        waves: list[Wave] = []
        while True:
            starting = sorted({c for c in self._ready if not self.runs[c]})
            self._ready.clear()
            wave = Wave(
                tuple(c for c in starting if not self.unmet[START][c]),
                tuple(c for c in starting if self.unmet[START][c]),
            )
            if not starting:
                starting = self._start_together()
                wave = Wave((), tuple(starting))
            if not starting:
                return waves
            waves.append(wave)
            for component in starting:
                self.runs[component] = 1
                self._started.append(component)
            for component in starting:
                self._look(component)
            self._settle()

    def could_be_started(self, component: int) -> bool:
        """Tell whether a start by hand may be of use: it waits for a need to start, or could keep itself up with others."""
        return not self.runs[component] and (
            self.unmet[START][component] > 0 or self._is_at_once_in_a_circle(component)
        )

    def _start_together(self) -> Ints:
        """Return what is started by hand, takes no time and keeps itself up if all of it is started in one instant."""
        by_circle: dict[int, set[int]] = {}
        for component in self._together:
            if not self.runs[component] and self._may(component):
                by_circle.setdefault(self.system.circle[component], set()).add(component)
        found: Ints = []
        for together in by_circle.values():
            found += [c for c in self._hold(together, together) if c in together]
        return sorted(found)

    def _is_at_once_in_a_circle(self, component: int) -> bool:
        system = self.system
        takes_time = system.restart_ms[component] > 0 or system.restart_first[component] >= 0
        return system.circle[component] >= 0 and not takes_time

    def _may(self, component: int) -> bool:
        return self.within is None or component in self.within

    # Levels.

    def _look(self, component: int) -> None:
        """Note that a component may start or serve now, if it may."""
        if self.serves[component] or not self._may(component):
            return
        if not self.runs[component]:
            if not self.unmet[STAY_UP][component] and (self.waived[component] or not self.unmet[START][component]):
                self._ready.append(component)
        elif not self.unmet[RUN][component] and not self.unmet[STAY_UP][component]:
            self._rising.append(component)
        elif self.system.circle[component] >= 0:
            self._hopeful.setdefault(self.system.circle[component], set()).add(component)

    def _settle(self) -> None:
        """Bring all levels up to date."""
        while self._rising or self._hopeful:
            while self._rising:
                component = self._rising.pop()
                if not self.serves[component]:
                    self._rise(component)
            if self._hopeful:
                _, hopeful = self._hopeful.popitem()
                self._rising += self._hold({c for c in hopeful if not self.serves[c]}, ())

    def _rise(self, component: int) -> None:
        self.serves[component] = 1
        self._risen.append(component)
        for need in self._uses(component):
            self.have[need] += 1
            if self.have[need] == self.takes[need] and not self.dropped[need]:
                self._met(need)
            elif self.system.circle[self.system.need_component[need]] >= 0:
                self._look(self.system.need_component[need])

    def _met(self, need: int) -> None:
        owner = self.system.need_component[need]
        self.unmet[self.system.need_purpose[need]][owner] -= 1
        self._look(owner)

    def _fall(self, component: int) -> None:
        """Take back `_rise`."""
        self.serves[component] = 0
        for need in self._uses(component):
            if self.have[need] == self.takes[need] and not self.dropped[need]:
                self.unmet[self.system.need_purpose[need]][self.system.need_component[need]] += 1
            self.have[need] -= 1

    def _uses(self, component: int) -> Ints:
        """Return the needs that count and that a component helps to meet, one for each place that it has in them."""
        system = self.system
        slots = system.use_slot[system.use_from[component] : system.use_from[component + 1]]
        self.work += 1 + len(slots)
        return [
            system.slot_need[slot] for slot in slots if self.counted[system.slot_need[slot]] and is_usable(system, slot)
        ]

    # Circles.

    def _hold(self, seeds: Collection[int], also: Collection[int]) -> Ints:
        """Return what of a circle serves if what leans on `seeds` is lifted, and what does not hold is let go of.

        Parameters
        ----------
        seeds
            Members of one circle that run, or are among `also`; none serves yet.
        also
            What is looked at as if it ran.
        """
        lifted = dict.fromkeys(sorted(seeds))
        waiting = list(lifted)
        gain: dict[int, float] = {}
        while waiting:
            for need, weight in self._leaning_on(waiting.pop()):
                gain[need] = gain.get(need, 0.0) + weight
                owner = self.system.need_component[need]
                may_run = self.runs[owner] or owner in also
                if may_run and owner not in lifted and not self.serves[owner] and self._may(owner):
                    lifted[owner] = None
                    waiting.append(owner)
        falling = [c for c in lifted if not self._holds(c, gain)]
        while falling:
            component = falling.pop()
            if component not in lifted:
                continue
            del lifted[component]
            for need, weight in self._leaning_on(component):
                gain[need] -= weight
                owner = self.system.need_component[need]
                if owner in lifted and not self._is_held(need, gain):
                    falling.append(owner)
        return list(lifted)

    def _holds(self, component: int, gain: dict[int, float]) -> bool:
        """Are the needs to run and to stay up met with what is lifted?"""
        system = self.system
        self.work += 1
        return all(
            self._is_held(need, gain)
            for need in range(system.need_from[component], system.need_from[component + 1])
            if self.counted[need] and system.need_purpose[need] <= STAY_UP
        )

    def _is_held(self, need: int, gain: dict[int, float]) -> bool:
        if self.is_met(need):
            return True
        if self.system.need_form[need] == POOL:
            return gain.get(need, 0.0) > 1.0 - _ROUNDING
        return self.have[need] + gain.get(need, 0.0) >= self.takes[need]

    def _leaning_on(self, component: int) -> list[tuple[int, float]]:
        """Return the needs to run and to stay up within its circle that a component meets without a switch.

        With each the share of the demand that it carries for a pool, else 1.
        """
        if component not in self._leaning:
            system = self.system
            slots = system.use_slot[system.use_from[component] : system.use_from[component + 1]]
            held = [(system.slot_need[slot], slot) for slot in slots if self._is_held_by(slot, component)]
            self._leaning[component] = [
                (need, system.slot_capacity[slot] / system.need_demand[need] if system.need_form[need] == POOL else 1.0)
                for need, slot in held
            ]
        self.work += 1 + len(self._leaning[component])
        return self._leaning[component]

    def _is_held_by(self, slot: int, component: int) -> bool:
        system = self.system
        need = system.slot_need[slot]
        if not self.counted[need] or system.need_purpose[need] > STAY_UP or not is_usable(system, slot):
            return False
        takes_a_switch = (
            system.need_form[need] == GROUP and system.slot_failover_ms[slot] > 0 and slot != system.slot_from[need]
        )
        return system.circle[system.need_component[need]] == system.circle[component] and not takes_a_switch
