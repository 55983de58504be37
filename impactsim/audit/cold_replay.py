"""A restart from all-down, replayed with the rules of time: when does each component serve again?

At time 0 every component fails, for a millisecond: all of it stops (S5.1) and is whole again (S5.4). From then on the engine starts what can
start; what is started by hand is started a millisecond after its needs to stay up are met for good. Holdover would hide that a supply
is missing while everything starts at once, so there is none: after a long time without power no charge is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from impactsim.compiled import ACT_START, ALWAYS, GROUP, ORDER, REPAIR, START, STAY_UP, TIMED, Compiled, Ints, Plan
from impactsim.engine.timeline import History, Workspace
from impactsim.exact.coldstart import is_usable

_WHOLE_AT_MS = 1  # when all faults have cleared
_MOST_RUNS = 5  # then all starts that still wait are done at once


class Replay(NamedTuple):
    """When each component serves for good, in milliseconds since everything was whole and stopped; -1 for never."""

    normal_ms: Ints
    """Where nothing goes down, so that fuel that nothing replaces shows."""
    alone_ms: Ints
    """Without starts by hand."""
    up_ms: Ints
    """With them."""


def replay(system: Compiled, n_components: int, by_hand: Sequence[Sequence[int]]) -> Replay:
    """Replay a restart from all-down.

    Parameters
    ----------
    system
        The system.
    n_components
        How many components are real; those behind stand for workarounds.
    by_hand
        What is started by hand: groups of components, each after those before.
    """
    cold = system._replace(need_full=[0] * len(system.need_full))
    calm = _Runs(system, 0)
    normal_ms = calm.up_ms(calm.run({}))
    runs = _Runs(cold, n_components)
    alone_ms = runs.up_ms(runs.run({}))
    if not any(by_hand):
        return Replay(normal_ms, alone_ms, alone_ms)
    starts = _when(cold, n_components, by_hand)
    return Replay(normal_ms, alone_ms, runs.up_ms(runs.run(starts)))


def _started_when_possible(system: Compiled, by_hand: Sequence[Sequence[int]]) -> Compiled:
    """Return a system whose components are started by hand a millisecond after what they need to stay up is there.

    It tells in one run when each start by hand can be done, however many wait for others.
    """
    purpose, restart_ms = list(system.need_purpose), list(system.restart_ms)
    for component in chain.from_iterable(by_hand):
        restart_ms[component] += 1
        for need in range(system.need_from[component], system.need_from[component + 1]):
            if purpose[need] == START:
                purpose[need] = REPAIR  # nothing is repaired here
    return system._replace(need_purpose=purpose, restart_ms=restart_ms)


def _when(system: Compiled, n_components: int, by_hand: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return when each component is started by hand."""
    together: dict[int, int] = {}
    n_runs = 0
    while True:
        groups = [[c for c in group if c not in together] for group in by_hand]
        runs = _Runs(_started_when_possible(system, groups), n_components)
        history = runs.run(together)
        up_ms = runs.up_ms(history)
        can_ms = {c: runs.can_start_ms(c, up_ms) for group in groups for c in group}
        late = [left for group in groups if (left := [c for c in group if can_ms[c] < 0])]
        if not late:
            return {c: ms + _WHOLE_AT_MS + 1 for c, ms in can_ms.items()} | together
        # What keeps itself up is started in one instant, when nothing moves any more.
        n_runs += 1
        now = late[0] if n_runs < _MOST_RUNS else chain.from_iterable(late)
        together |= dict.fromkeys(now, history.end_ms + 1)


class _Runs:
    """Runs of one system in which the first so many components fail for a millisecond."""

    def __init__(self, system: Compiled, n_components: int) -> None:
        self.system = system
        self.n_components = n_components
        self.workspace = Workspace(system, 4 * n_components + 64)

    def run(self, starts: Mapping[int, int]) -> History:
        """Run with these starts by hand: for each component, when."""
        actions = sorted((ms, component) for component, ms in starts.items())
        n = self.n_components
        return self.workspace.run(
            Plan(
                horizon_ms=-1,
                last_ms=actions[-1][0] if actions else 0,
                fault_component=list(range(n)),
                fault_at_ms=[0] * n,
                fault_level=[0.0] * n,
                fault_kind=[TIMED] * n,
                fault_work_ms=[0] * n,
                fault_cause=[-1] * n,
                fault_strikes=[ALWAYS] * n,
                step_from=list(range(n + 1)),
                step_after_ms=[_WHOLE_AT_MS] * n,
                step_level=[1.0] * n,
                action_at_ms=[ms for ms, _ in actions],
                action_kind=[ACT_START] * len(actions),
                action_target=[component for _, component in actions],
            )
        )

    def up_ms(self, history: History) -> Ints:
        """Return since when each component serves for good, -1 for those that do not."""
        record = history.record
        up_ms = [0] * len(self.system.crew)
        for component, at_ms, level in zip(record.component, record.at_ms, record.level, strict=True):
            if level == 0.0:
                up_ms[component] = -1
            elif up_ms[component] < 0:
                up_ms[component] = at_ms - _WHOLE_AT_MS
        return up_ms

    def can_start_ms(self, component: int, up_ms: Ints) -> int:
        """Return when all needs to stay up are met, -1 for never."""
        system = self.system
        needs = range(system.need_from[component], system.need_from[component + 1])
        times = [met_at(system, need, up_ms)[0] for need in needs if system.need_purpose[need] == STAY_UP]
        return -1 if -1 in times else max(times, default=0)


def met_at(system: Compiled, need: int, up_ms: Ints) -> tuple[int, int]:
    """Return when a need is met if its members serve from then on, and by whom at last; -1 and -1 for never."""
    slots = [s for s in range(system.slot_from[need], system.slot_from[need + 1]) if is_usable(system, s)]
    there = sorted((up_ms[system.slot_component[s]], s) for s in slots if up_ms[system.slot_component[s]] >= 0)
    k = system.need_k[need] if system.need_form[need] == ORDER else 1
    if len(there) < k:
        return -1, -1
    ms, slot = there[k - 1]
    if system.need_form[need] == GROUP:
        at_once = [(ms, s) for ms, s in there if not _switch_ms(system, s)]
        ms, slot = min([(ms + _switch_ms(system, slot), slot), *at_once])
    return ms, system.slot_component[slot]


def _switch_ms(system: Compiled, slot: int) -> int:
    """Return how long the switch to a member takes; none to the first."""
    return 0 if slot == system.slot_from[system.slot_need[slot]] else system.slot_failover_ms[slot]
