"""Years of ordinary luck: from a system to the job of its years.

A trial is one year. It begins with everything up, and with a run-in that is not counted, so that the year itself finds the
system as years find it. No scenario plays a part: what fails is what the system says that fails.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from impactsim.audience import AudienceNames, compile_audience
from impactsim.chances import mean_of, mean_of_cause
from impactsim.compiled import Plan
from impactsim.compiler import Names, compile_system
from impactsim.engine.reach import reach_of
from impactsim.laws import Certain
from impactsim.luck import Luck, Sets, compile_luck
from impactsim.model.system import CommonCause, Fails, Segment, System
from impactsim.problems import Problem
from impactsim.trials.arrivals import MOST_A_YEAR, YEAR_MS, Arrivals, Source, Struck
from impactsim.trials.blocks import Job
from impactsim.trials.gather import Limits
from impactsim.trials.jobs import limits_of, minimums, with_chancy_seeds

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

RUN_IN_MS = 28 * 86_400_000
STARTS = datetime(2026, 1, 1, tzinfo=UTC)
"""When the year begins that is counted, unless somebody says otherwise."""

_NOBODY = ""  # no id of an author's
_OF_COPIES = (Sets.RESTORE, Sets.LAG, Sets.EVERY, Sets.WORKS)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a year is, and by which luck."""

    seed: int = 0
    run_in_ms: int = RUN_IN_MS
    """How long everything runs before the year begins."""
    starts: datetime = STARTS
    """When the year begins."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The job of a system's years, and what its numbers stand for."""

    system: System
    settings: Settings
    job: Job
    limits: Limits
    names: Names
    audience_names: AudienceNames
    sources: tuple[Source, ...]
    has_users: bool
    """Whether the system says who uses its services."""
    roots: tuple[str, ...]
    """What a loss can go back to, by the numbers of roots: a component's id; behind all, those of the common causes."""


def prepare_years(system: System, settings: Settings) -> Prepared:
    """Turn a system into the job of its years.

    Parameters
    ----------
    system
        A system that the rules found right, and of which `problems_of` finds nothing wrong.
    settings
        What a year is.
    """
    compiled, names = compile_system(_without_backlogs(system))
    horizon_ms = settings.run_in_ms + YEAR_MS
    starts = settings.starts - timedelta(milliseconds=settings.run_in_ms)
    n = len(compiled.crew)
    watched = _all_watched(system)
    audience, audience_names = compile_audience(watched, names, n, starts, horizon_ms)
    sources = sources_of(system, names)
    failing = {member.component for source in sources for member in source.members}
    luck = compile_luck(watched, compiled, names, audience_names, reach_of(compiled, failing))
    job = Job(
        compiled=with_chancy_seeds(compiled, luck),
        plan=_empty_plan(horizon_ms),
        audience=audience,
        hours=audience_names.hours,
        luck=_without_copies(luck),
        fault_luck=(),
        seed=settings.seed,
        minimum=minimums(system),
        is_service=tuple(int(each.kind == "service") for each in system.components.values()),
        loader=Arrivals(sources, horizon_ms, settings.seed),
        from_ms=settings.run_in_ms,
        keeps_groups=False,
        keeps_roots=True,
        n_causes=len(system.common_causes),
    )
    workarounds = [""] * (n - len(names.components))
    roots = (*names.components, *workarounds, *system.common_causes)
    return Prepared(system, settings, job, limits_of(system), names, audience_names, sources, has_users(system), roots)


def _all_watched(system: System) -> System:
    """Return a system with a segment of nobody who uses what nobody else does.

    The time that services are down is charged to what it goes back to only for services that somebody uses.
    """
    used = {service for segment in system.users.values() for service in segment.uses}
    unused = {
        name: 1.0
        for name, each in system.components.items()
        if each.kind == "service" and name not in used and each.users is None
    }
    if not unused:
        return system
    nobody = Segment.model_construct(count=Certain(0.0), uses=unused)
    return system.model_copy(update={"users": {**system.users, _NOBODY: nobody}})


def _without_backlogs(system: System) -> System:
    """Let crews be free when a year begins: a backlog is that of an outage under way (S5.5.1)."""
    if all(crew.backlog is None for crew in system.crews.values()):
        return system
    free = {name: crew.model_copy(update={"backlog": None}) for name, crew in system.crews.items()}
    return system.model_copy(update={"crews": free})


def _without_copies(luck: Luck) -> Luck:
    """Leave out the luck of copies: nothing is destroyed here."""
    quantities = tuple(each for each in luck.quantities if each.sets not in _OF_COPIES)
    return replace(luck, quantities=quantities, copies_ms={})


def has_users(system: System) -> bool:
    """Tell whether a system says anything about users."""
    return bool(system.users) or any(each.users for each in system.components.values())


def _empty_plan(horizon_ms: int) -> Plan:
    return Plan(
        horizon_ms=horizon_ms, last_ms=0, fault_component=[], fault_at_ms=[], fault_level=[], fault_kind=[],
        fault_work_ms=[], fault_cause=[], fault_strikes=[], step_from=[0], step_after_ms=[], step_level=[],
        action_at_ms=[], action_kind=[], action_target=[],
    )  # fmt: skip


# What fails, and how often.


def sources_of(system: System, names: Names) -> tuple[Source, ...]:
    """Return all that fails by itself: the components in their order, then the common causes."""
    found = []
    for name, component in system.components.items():
        if component.fails is not None:
            restore = component.time_to_restore
            struck = Struck(names.index[name], f"components.{name}.time_to_restore", restore)
            found.append(_source(f"components.{name}", component.fails, mean_of(restore), -1, (struck,)))
    for number, (name, cause) in enumerate(system.common_causes.items()):
        if cause.fails is not None:
            members = _members(system, names, name, cause)
            found.append(_source(f"common_causes.{name}", cause.fails, mean_of_cause(system, cause), number, members))
    return tuple(each for each in found if (each.per_year > 0.0 or each.share > 0.0) and each.members)


def _source(stem: str, fails: Fails, mean_ms: float, cause: int, members: tuple[Struck, ...]) -> Source:
    rate, share = rate_and_share(fails, mean_ms)
    return Source(f"{stem}.fails" if rate else f"{stem}.down", rate, share, cause, members)


def rate_and_share(fails: Fails, mean_ms: float) -> tuple[float, float]:
    """Return how often a year something fails, or else how likely it is down for a whole year.

    Parameters
    ----------
    fails
        A rate or a probability.
    mean_ms
        Mean time until it is restored: 0 or infinite if it never is, or if the mean tells nothing.

    Returns
    -------
    tuple of float
        Failures a year, and the probability of being down for the year; one of them is 0. At the rate p / ((1 - p) m) while up
        a component is down for a share p of the time.
    """
    if fails.probability is None:
        return fails.per_year or 0.0, 0.0
    p = fails.probability
    if p == 1.0 or mean_ms == 0.0 or math.isinf(mean_ms):
        return 0.0, p
    return p / (1.0 - p) / mean_ms * YEAR_MS, 0.0


def _members(system: System, names: Names, name: str, cause: CommonCause) -> tuple[Struck, ...]:
    """Return whom a common cause strikes, in the order of the components."""
    found = []
    for member in sorted(cause.strikes, key=names.index.__getitem__):
        if cause.strikes[member] > 0.0:
            restore = cause.time_to_restore or system.components[member].time_to_restore
            work, strikes = (f"common_causes.{name}.{what}.{member}" for what in ("time_to_restore", "strikes"))
            found.append(Struck(names.index[member], work, restore, strikes, cause.strikes[member]))
    return tuple(found)


def problems_of(system: System, may_be_nothing: bool = False) -> list[Problem]:
    """Return why there can be no forecast of a system.

    Parameters
    ----------
    system
        A system that the rules found right.
    may_be_nothing
        Whether a system in which nothing fails will do, as a what-if may take away all that does.
    """
    names = Names(list(system.components), {name: i for i, name in enumerate(system.components)}, [], [], [])
    sources, found = sources_of(system, names), []
    for source in sources:
        if source.per_year > MOST_A_YEAR:
            place = (*source.stream.split(".")[:2], "fails")
            fault = (
                f"this is a failure {source.per_year:,.3g} times a year; more than {MOST_A_YEAR:,.0f} are no failures"
            )
            found.append(Problem(place, fault, "model what it is like with a lower level instead", "fails-too-often"))
    if not sources and not may_be_nothing:
        fault = "nothing fails by itself here, so there is nothing to forecast"
        remedy = "say of components or common causes how often they do, such as `fails: {per_year: 2}`"
        found.append(Problem(("components",), fault, remedy, "nothing-fails"))
    return found
