"""The whole review of a plan: its scenarios played, what was found, a row for each service, and what changes would close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib.metadata import version
from typing import NamedTuple

from impactsim.audit.asked import AuditAsked
from impactsim.audit.whole import audit
from impactsim.files.loading import LoadedScenario
from impactsim.files.plans import LoadedPlan
from impactsim.model.plan import PlanScenario, RecoveryPlan
from impactsim.rests.shares import together
from impactsim.review import basis
from impactsim.review.backups import backups
from impactsim.review.changes import TRIALS, cheapest, tried
from impactsim.review.facts import ChangeFacts, PlanFinding, Rehearsal, ReviewFacts
from impactsim.review.findings import by_itself, capacity, graph, hindered, late, lost, overbooked
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.judged import each_once
from impactsim.review.findings.static import static_findings
from impactsim.review.findings.told import plain_ids
from impactsim.review.play.rehearse import rehearse
from impactsim.review.play.remembered import Remembered
from impactsim.review.rows import rows
from impactsim.trials.workers import Workers

OnProgress = Callable[[int, int], None]
"""Told how many trials are done, and how many there will be."""


def review(
    loaded: LoadedPlan,
    as_of: date,
    workers: Workers,
    *,
    trials: int | None = None,
    seed: int | None = None,
    with_changes: bool = True,
    on_progress: OnProgress | None = None,
) -> ReviewFacts:
    """Review a plan.

    Parameters
    ----------
    loaded
        A plan that the rules found right, with its system and scenarios.
    as_of
        The day for which ages of tests and figures are counted.
    workers
        Who runs the trials.
    trials
        How many trials of each scenario; as many as the plan says if absent. Changes are tried with 300 at most.
    seed
        Seed of the trials, instead of the plan's own.
    with_changes
        Are the changes of the plan to be tried?
    on_progress
        Told, after each scenario, how many trials are done, and how many there will be.
    """
    n_trials = loaded.plan.trials if trials is None else trials
    seed = loaded.plan.seed if seed is None else seed
    progress = _Progress(on_progress, loaded, n_trials, with_changes)
    play = Play(workers, n_trials, seed, progress.add, Remembered())
    ground = ground_of(loaded, as_of, play)
    found = findings_of(ground, loaded)

    def look(other: LoadedPlan) -> Sequence[PlanFinding]:
        if other is loaded and n_trials <= TRIALS:
            return found
        quickly = play._replace(n_trials=min(n_trials, TRIALS), with_users=False)
        return findings_of(ground_of(other, as_of, quickly), other)

    changes = tried(loaded, look) if with_changes else ()
    return _facts(loaded, ground, found, changes, (n_trials, seed))


class Play(NamedTuple):
    """How scenarios are played."""

    workers: Workers
    n_trials: int
    """Of each scenario."""
    seed: int
    after_each: Callable[[int], None]
    """Told, after each scenario, how many trials it took."""
    remembered: Remembered
    with_users: bool = True
    """Are the people affected to be counted? No finding needs it."""


def ground_of(loaded: LoadedPlan, as_of: date, play: Play) -> Ground:
    """Play the scenarios of a plan, audit its system, and return what findings are made of."""
    plan = loaded.plan
    services = tuple(plan.services)
    audited = play.remembered.audit(
        loaded.system, services, lambda: audit(loaded.system, AuditAsked(services=services), loaded.problems)
    )
    rehearsals: list[Rehearsal] = []
    for place, scenario in zip(plan.scenarios, loaded.scenarios, strict=True):
        rehearsals.append(_rehearsal(plan, place, scenario, play))
        play.after_each(play.n_trials)
    return Ground(plan, loaded.system, tuple(rehearsals), as_of, audited)


def _rehearsal(plan: RecoveryPlan, place: PlanScenario, loaded: LoadedScenario, play: Play) -> Rehearsal:
    n_trials, seed, with_users = play.n_trials, play.seed, play.with_users
    return play.remembered.rehearsal(
        plan,
        place,
        loaded,
        (n_trials, seed),
        lambda: rehearse(plan, place, loaded, play.workers, n_trials, seed, with_users=with_users),
    )


def findings_of(ground: Ground, loaded: LoadedPlan) -> tuple[PlanFinding, ...]:
    """Return all that is wrong with a plan: the worst first, of equals by code, and then in the order of the plan.

    Parameters
    ----------
    ground
        What they are made of.
    loaded
        The plan, with its scenarios in the order of the rehearsals.
    """
    found = static_findings(ground)
    found += late.findings(ground)
    found += by_itself.findings(ground)
    found += lost.findings(ground)
    found += overbooked.findings(ground)
    found += graph.findings(ground)
    found += hindered.findings(ground, loaded.scenarios)
    found += capacity.findings(ground)
    return tuple(sorted(each_once(found), key=lambda each: (-each.severity, each.code)))  # stable


def _facts(
    loaded: LoadedPlan,
    ground: Ground,
    found: tuple[PlanFinding, ...],
    changes: tuple[ChangeFacts, ...],
    luck: tuple[int, int],
) -> ReviewFacts:
    restart = ground.audit.restart
    return ReviewFacts(
        plan=loaded.plan.plan,
        system=loaded.system.name,
        as_of=ground.as_of,
        plan_as_of=loaded.plan.as_of,
        currency=loaded.plan.currency,
        n_trials=luck[0],
        seed=luck[1],
        version=version("impactsim"),
        rows=rows(ground, found),
        findings=found,
        rehearsals=ground.rehearsals,
        backups=backups(ground),
        changes=changes,
        cheapest=cheapest(found, changes),
        restart_circles=() if restart is None else tuple((each.members, each.break_glass) for each in restart.circles),
        deadlocks=tuple(_deadlocks(ground.rehearsals)),
        guesses=basis.guesses(ground),
        sources=basis.sources(ground),
        assumptions=basis.assumptions(ground),
        warnings=loaded.problems,
        names=basis.names(ground),
        rests=together(each.run.rests for each in ground.rehearsals),
    )


def _deadlocks(rehearsals: Iterable[Rehearsal]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for rehearsal in rehearsals:
        for each in rehearsal.run.deadlocks:
            yield rehearsal.name, plain_ids(each.circle)


class _Progress:
    """Counts the trials that are done."""

    def __init__(self, on_progress: OnProgress | None, loaded: LoadedPlan, n_trials: int, with_changes: bool) -> None:
        self._on_progress = on_progress
        self._done = 0
        n_changes = len(loaded.plan.changes) if with_changes else 0
        n_looks = n_changes + (n_changes > 0 and n_trials > TRIALS)
        self._n = len(loaded.scenarios) * (n_trials + n_looks * min(n_trials, TRIALS))

    def add(self, n_trials: int) -> None:
        """Count the trials of a scenario."""
        self._done += n_trials
        if self._on_progress is not None:
            self._on_progress(self._done, self._n)
