"""What people could do now, and what it would save: the outage run again by the medians, once for each action.

Theory of operation. The course by the medians is what all are compared with, until all services are whole in it, or until 24 h from
now where some never are. Each candidate adds one action now (or, for a recovery deadlock that is still to come, when it is there); the
difference in lost user-minutes is what it saves. Candidates are the faults under way, what waits to be started, standbys that are up
and do not serve, repairs in the queue of a crew, and what breaks recovery deadlocks. Of many those are tried that most services
stand above, so many that all runs together stay within a bound of work; a bound in changes, not in seconds, so that the same is said
on any machine.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from impactsim.compiled import Plan
from impactsim.luck import Luck
from impactsim.outage.candidates import MOST_CANDIDATES, Candidate, candidates_of
from impactsim.outage.ground import Ground, changed_priorities
from impactsim.reports.facts import Facts
from impactsim.trials.blocks import Job, Runner
from impactsim.trials.jobs import DAY_MS, minimums

_MOST_CHANGES = 100_000
"""So many components may all candidates together change."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a candidate would save."""

    candidate: Candidate
    saves: float


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of all candidates."""

    saved: tuple[Saved, ...]
    """Those that save something, the most helpful first."""
    has_users: bool
    """Whether user-minutes are counted, or minutes of services."""
    window_ms: int
    """Until when."""
    n_tried: int
    n_untried: int
    """Candidates for which there was no room."""


def try_actions(ground: Ground, course: Facts, is_compiled: bool) -> Tried:
    """Say what each thing that people could do now would save.

    Parameters
    ----------
    ground
        The outage, run until now; what its window leaves out is not counted.
    course
        How the outage goes on by the medians (`snapshot.expected`).
    is_compiled
        Whether by machine code, which needs numba; the figures are the same.
    """
    candidates = candidates_of(ground, course)
    chosen = _chosen(ground, candidates)
    runs = _Runs(ground, is_compiled)
    usual = runs.lost(ground.plan)
    n_tried = min(len(chosen), max(1, _MOST_CHANGES // max(1, runs.changes)))
    saved = [Saved(each, usual - runs.with_candidate(each)) for each in chosen[:n_tried]]
    helpful = [each for each in saved if each.saves > 1e-6 * max(1.0, usual)]
    helpful.sort(key=lambda each: -each.saves)  # stable
    return Tried(tuple(helpful), ground.has_users, ground.window_ms, n_tried, len(candidates) - n_tried)


def _chosen(ground: Ground, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates that most services stand above, as many as are tried at most; of very many those that most needs name."""
    uses = ground.compiled.use_from
    near = sorted(candidates, key=lambda each: uses[each.about] - uses[each.about + 1])[: 5 * MOST_CANDIDATES]  # stable
    return sorted(near, key=lambda each: -ground.above(each.about))[:MOST_CANDIDATES]


def window_of(course: Facts, at_ms: int) -> int:
    """Return until when it counts what is lost: until all services are whole, or for 24 h from now if some never are."""
    watched = [course.components[name] for name in course.services or course.components]
    if not all(each.restored for each in watched):
        return at_ms + DAY_MS
    return max([at_ms, *(each.levels[-1][0] for each in watched)])


class _Runs:
    """The outage with one action, again and again, in memory that is made once."""

    def __init__(self, ground: Ground, is_compiled: bool) -> None:
        self._ground = ground
        self._is_service = np.array([each.kind == "service" for each in ground.system.components.values()])
        job = Job(
            compiled=ground.compiled,
            plan=ground.plan,
            audience=ground.audience,
            hours=ground.audience_names.hours,
            luck=Luck((), {}, {}, {}),
            fault_luck=(),
            seed=0,
            minimum=minimums(ground.system),
            is_service=tuple(int(each) for each in self._is_service),
            from_ms=ground.at_ms,
            keeps_groups=False,
        )
        self._runner = Runner(job, is_compiled)
        self.changes = 0
        """How many components the last run changed."""

    def lost(self, plan: Plan) -> float:
        """Return what is lost from now on."""
        for name in ("action_at_ms", "action_kind", "action_target"):
            self._runner.plan.set(name, getattr(plan, name))
        block = self._runner.run(np.zeros(1, np.int64))
        self.changes = len(block.row_component)
        if self._ground.has_users:
            return float(block.figures[0, 7])
        is_service = self._is_service[block.row_component]
        return float((block.row_down_ms + block.row_degraded_ms)[is_service].sum()) / 60_000

    def with_candidate(self, candidate: Candidate) -> float:
        """Return what is lost from now on if people do something."""
        if not candidate.priorities:
            return self.lost(_with_steps(self._ground.plan, candidate))
        own = self._ground.compiled.priority
        self._runner.system.set("priority", changed_priorities(own, candidate.priorities))
        try:
            return self.lost(self._ground.plan)
        finally:
            self._runner.system.set("priority", own)


def _with_steps(plan: Plan, candidate: Candidate) -> Plan:
    """Return a plan in which people also do something."""
    place = bisect_right(plan.action_at_ms, candidate.at_ms)
    at_ms, kinds, targets = list(plan.action_at_ms), list(plan.action_kind), list(plan.action_target)
    for i, (kind, target) in zip(count(place), candidate.steps, strict=False):
        at_ms.insert(i, candidate.at_ms)
        kinds.insert(i, kind)
        targets.insert(i, target)
    return plan._replace(action_at_ms=at_ms, action_kind=kinds, action_target=targets)
