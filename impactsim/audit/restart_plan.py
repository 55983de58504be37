"""How a system comes back from all-down, with names: the order, the break-glass set, what stays stuck and how long it takes.

The question without a clock (`exact.restart`) finds what stays stuck, the circles behind it and the fewest starts by hand; the timed
rules replay it (`audit.cold_replay`) and say how long it takes. Where the two disagree on any component, the plan says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from impactsim.audit.cold_replay import met_at, replay
from impactsim.audit.estate import Estate
from impactsim.compiled import ORDER, RUN, STAY_UP
from impactsim.exact.coldstart import is_hard, serving_when_all_run
from impactsim.exact.restart import Circle, restart

_TO = {RUN: "to run", STAY_UP: "to stay up"}


@dataclass(frozen=True, slots=True)
class RestartWave:
    """Ids of components that can begin to start once those of all waves before serve, in the order of the file."""

    by_itself: tuple[str, ...]
    by_hand: tuple[str, ...] = ()
    """Those that begin only because somebody starts them."""


@dataclass(frozen=True, slots=True)
class RestartCircle:
    """Components that wait for one another, and for nothing else that is stuck."""

    members: tuple[str, ...]
    way: tuple[str, ...]
    """Who waits for whom, as sentences that lead around; one sentence for a component that waits for what never comes back."""
    way_ids: tuple[str, ...]
    """The components on that way."""
    break_glass: tuple[str, ...]
    """A smallest set of starts by hand that brings all members back; empty where none does."""
    or_start: tuple[str, ...]
    """Others, of which each would do as well as the one in `break_glass`."""
    let_go: tuple[str, ...]
    """Where no start by hand helps: needs, as sentences, without which one would; a smallest such set."""
    or_let_go: tuple[str, ...]
    """Others, of which each would do as well as the one in `let_go`."""
    is_smallest: bool
    """Is the set proven to be a smallest one?"""
    stuck: tuple[str, ...]
    """All that waits for it, one behind the other, members included."""


@dataclass(frozen=True, slots=True)
class RestartPlan:
    """How a system comes back from all-down: everything is whole and stopped, and no charge is left."""

    waves: tuple[RestartWave, ...]
    """The order, with all starts by hand in it."""
    break_glass: tuple[str, ...]
    """The smallest set of starts by hand that brings back whatever starts by hand can bring back."""
    stuck: tuple[str, ...]
    """What does not come back without them."""
    lost: tuple[str, ...]
    """What does not come back with any."""
    circles: tuple[RestartCircle, ...]
    """Each after those that it waits for."""
    is_smallest: bool
    """Is the break-glass set proven to be a smallest one? Otherwise it is an upper bound."""
    is_proven: bool
    """Did the timed run, without and with the starts by hand, leave just the same components down?"""
    disagrees: tuple[str, ...]
    """Components on which it did not agree."""
    takes_ms: int
    """Until the last component serves again, by the medians of restart times; catching up may take longer."""
    slowest: tuple[tuple[str, int], ...] = field(default=())
    """The last component and what it waited for, one behind the other, each with the time at which it serves."""

    @property
    def comes_back_by_itself(self) -> bool:
        """Whether nothing is stuck."""
        return not self.stuck


def restart_plan(estate: Estate) -> RestartPlan:
    """Return how a system comes back from all-down, replayed with the rules of time."""
    return Restarting(estate).plan


class Restarting:
    """One restart: what the exact question says, and what the timed run makes of it.

    Parameters
    ----------
    estate
        The system.
    """

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.n = len(estate.names.components)
        self.found = restart(estate.compiled)
        self.by_hand = set(self.found.by_hand)
        self.times = replay(estate.compiled, self.n, [wave.by_hand for wave in self.found.waves])
        serves = serving_when_all_run(estate.compiled)
        self.is_normal = [serves[c] == 1 and self.times.normal_ms[c] >= 0 for c in range(self.n)]
        self.disagrees = list(self._disagreements())

    def _disagreements(self) -> Iterator[int]:
        """Yield what the timed run leaves down, or brings back, otherwise than the question without a clock."""
        stuck, lost = set(self.found.stuck), set(self.found.lost)
        for c in range(self.n):
            is_stuck, is_lost = self.times.alone_ms[c] < 0, self.times.up_ms[c] < 0
            if self.is_normal[c] and (is_stuck, is_lost) != (c in stuck, c in lost):
                yield c

    @cached_property
    def plan(self) -> RestartPlan:
        """The same with names."""
        found = self.found
        slowest = self._slowest()
        return RestartPlan(
            waves=tuple(RestartWave(self._ids(each.by_itself), self._ids(each.by_hand)) for each in found.waves),
            break_glass=self._ids(found.by_hand),
            stuck=self._ids(found.stuck),
            lost=self._ids(found.lost),
            circles=tuple(self.circle(each) for each in found.circles),
            is_smallest=found.is_smallest,
            is_proven=not self.disagrees,
            disagrees=self._ids(self.disagrees),
            takes_ms=max((ms for _, ms in slowest), default=0),
            slowest=tuple((self.estate.id_of(component), ms) for component, ms in slowest),
        )

    def circle(self, circle: Circle) -> RestartCircle:
        """Return a circle with names."""
        owner = self.estate.compiled.need_component
        return RestartCircle(
            members=self._ids(circle.members),
            way=tuple(self._needs(need, member) for need, member in circle.way),
            way_ids=tuple(self.estate.id_of(owner[need]) for need, _ in circle.way),
            break_glass=self._ids(circle.start),
            or_start=self._ids(circle.or_start),
            let_go=tuple(map(self._needs, circle.drop)),
            or_let_go=tuple(map(self._needs, circle.or_drop)),
            is_smallest=circle.is_smallest,
            stuck=self._ids(circle.holds_up),
        )

    def _ids(self, components: Iterable[int]) -> tuple[str, ...]:
        return self.estate.ids_of(component for component in components if component < self.n)

    def _needs(self, need: int, member: int = -1) -> str:
        """Say who needs whom for what, such as ``identity needs dns-1 (or dns-2) to start``."""
        compiled, id_of = self.estate.compiled, self.estate.id_of
        members = compiled.slot_component[compiled.slot_from[need] : compiled.slot_from[need + 1]]
        member = members[0] if member < 0 else member
        others = [id_of(other) for other in members if other != member]
        words = f"{id_of(compiled.need_component[need])} needs {id_of(member)}"
        if others and compiled.need_form[need] != ORDER:
            words += f" (or {others[0] if len(others) == 1 else f'{len(others)} others'})"
        elif others:
            words += f" ({compiled.need_k[need]} of {len(members)})"
        return f"{words} {_TO.get(compiled.need_purpose[need], 'to start')}"

    def _slowest(self) -> list[tuple[int, int]]:
        """Return the component that serves last and what it waited for, each with its time."""
        up_ms = self.times.up_ms
        there = [component for component in range(self.n) if up_ms[component] >= 0 and self.is_normal[component]]
        chain: dict[int, int] = {}
        component = max(there, key=lambda c: (up_ms[c], -c), default=-1)
        while component >= 0 and component not in chain:
            chain[component] = up_ms[component]
            component = self._waited_for(component)
        return list(chain.items())

    def _waited_for(self, component: int) -> int:
        """Return what met the last of a component's needs; -1 if it waited for nothing."""
        compiled = self.estate.compiled
        is_by_hand = component in self.by_hand
        last_ms, last = 0, -1
        for need in range(compiled.need_from[component], compiled.need_from[component + 1]):
            is_waived = is_by_hand and compiled.need_purpose[need] > STAY_UP
            if is_hard(compiled, need) and not is_waived:
                ms, member = met_at(compiled, need, self.times.up_ms)
                if ms > last_ms:
                    last_ms, last = ms, member
        return last
