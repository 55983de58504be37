"""Repairs that are under way or wait: who is at work, for what they wait, how much is left, and what that rests on."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.laws import Typical
from impactsim.model.system import System
from impactsim.outage.estimate import Remaining
from impactsim.outage.facts import BasisNow, RepairNow
from impactsim.outage.faults import Basis, Known, going_on_by
from impactsim.outage.ground import Ground
from impactsim.outage.situation import Situation
from impactsim.reports.facts import Facts, Phase, Repair


def repairs_of(situation: Situation, course: Facts, ground: Ground, n_trials: int) -> tuple[RepairNow, ...]:
    """Return the repairs of all faults that are under way, in the order in which they are known.

    Parameters
    ----------
    situation
        What is known.
    course
        How the outage goes on by the medians.
    ground
        The same in numbers, run until now.
    n_trials
        How many trials there are; what is left by the law of a repair is told of as many.
    """
    return _Repairs(situation, course, ground, n_trials).all()


class _Repairs:
    def __init__(self, situation: Situation, course: Facts, ground: Ground, n_trials: int) -> None:
        self.situation = situation
        self.system: System = situation.system
        self.course = course
        self.ground = ground
        self.n_trials = n_trials
        self.at_ms = situation.at_ms

    def all(self) -> tuple[RepairNow, ...]:
        """Return them in the order of the faults."""
        jobs: dict[tuple[str, int], Repair] = {}
        for job in self.course.repairs:
            jobs.setdefault((job.component, job.began_ms), job)
        at_work = [job.component for job in self.course.repairs if _is_at_work(job, self.at_ms)]
        bases = {basis.component: basis for basis in self.situation.bases}
        return tuple(
            self._repair(known, jobs.get((known.component, known.since_ms)), bases[known.component], at_work)
            for known in self.situation.ongoing
        )

    def _repair(self, known: Known, job: Repair | None, basis: Basis, at_work: Sequence[str]) -> RepairNow:
        phase = None if job is None else _phase_at(job, self.at_ms)
        crew = self.system.components[known.component].crew or ""
        waits = phase is not None and phase.status == "waits for its crew"
        others = [each for each in at_work if self.system.components[each].crew == crew] if waits else []
        return RepairNow(
            component=known.component,
            since_ms=known.since_ms,
            level=known.level,
            status=phase.status if phase is not None else "not planned" if basis.kind == "none" else "goes by itself",
            waits_for=() if phase is None else phase.waits_for,
            crew=crew,
            crew_is_at=tuple(others),
            jobs_of_others=self.ground.jobs_of_others[crew] if waits else 0,
            operator=self._operator(known.component),
            left=self._left(basis),
            ends_ms=self._end_of(known.component) if job is None else job.ended_ms,
            basis=_told(basis),
        )

    def _operator(self, name: str) -> str:
        """Return whose people repair a component: those of its crew; where it has none, of who runs it."""
        component = self.system.components[name]
        whose = component.operator if component.crew is None else self.system.crews[component.crew].operator
        return whose or ""

    def _left(self, basis: Basis) -> Remaining | None:
        """Return how much work is left of a repair, by its own law."""
        if basis.law is None:
            return None
        _, whole = going_on_by(basis.law, basis.worked_ms)
        p20, p50, p90 = (max(0.0, whole.quantile(p) - basis.worked_ms) for p in (0.2, 0.5, 0.9))
        return Remaining(self.n_trials, p20, p50, p90)

    def _end_of(self, component: str) -> int | None:
        """Return when a fault that ends by itself does, as far as its component shows it."""
        facts = self.course.components[component]
        return facts.levels[-1][0] if facts.restored else None


def _told(basis: Basis) -> BasisNow:
    law = basis.law
    return BasisNow(
        component=basis.component,
        kind=basis.kind,
        median_ms=None if law is None else law.median(),
        p90_ms=None if law is None else law.quantile(0.9),
        worked_ms=basis.worked_ms,
        is_guessed=basis.is_guessed,
        source=basis.source,
        typical=law.name if isinstance(law, Typical) else "",
    )


def _is_at_work(job: Repair, at_ms: int) -> bool:
    phase = _phase_at(job, at_ms)
    return phase is not None and phase.status == "at work" and (job.ended_ms is None or at_ms < job.ended_ms)


def _phase_at(job: Repair, at_ms: int) -> Phase | None:
    """Return what a repair does at a time."""
    return next((each for each in reversed(job.phases) if each.from_ms <= at_ms), None)
