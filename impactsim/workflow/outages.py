"""An outage under way: what is known of it, what follows, how long it may last, what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from impactsim.collector import collector_paused
from impactsim.files.reading import LoadedScenario, LoadedSystem
from impactsim.model.rules_users import is_zone
from impactsim.workflow.given import OnProgress, Source, demand, loaded_system

if TYPE_CHECKING:
    from impactsim.outage.asked import Report, Understood
    from impactsim.outage.result import Now

# What samples is imported when it is asked for.

Down = Iterable[str] | Mapping[str, datetime | None]
Degraded = Mapping[str, float | tuple[float, datetime]]


def now(  # noqa: PLR0913 - a word for each thing that people report
    system: Source | LoadedSystem,
    *,
    at: datetime,
    since: datetime | None = None,
    down: Down = (),
    degraded: Degraded | None = None,
    up: Iterable[str] = (),
    zone: str | None = None,
    trials: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> Now:
    """Say how an outage stands that is under way: whom it hits, what falls next, how much longer it takes, what would help.

    Parameters
    ----------
    system
        A system, or a scenario of which the system with its changes counts: a file, its content as a mapping, or what was
        loaded.
    at
        Now, with its offset from UTC.
    since
        When the outage began, with its offset; not needed where all that is reported has a time of its own.
    down
        Ids of what is down, of components or of common causes (then all that these strike with 50 % or more is down); or since
        when, by id, None standing for `since`.
    degraded
        What serves a share only, by id: the share, or the share and since when.
    up
        Ids of components that are known to be up.
    zone
        Time zone in which times are told, such as ``Europe/Rome``; that of the system's notices if absent, else the offset of `at`.
    trials
        How many trials estimate the remaining times; 1,000 if absent, fewer (400 at least) where each is a flood.
    seed
        Seed of all that is drawn.
    workers
        How many work at once: all cores of this machine if absent. The figures do not depend on it.
    on_progress
        Told, now and then, how many trials are done, and how many there will be.

    Returns
    -------
    Now
        What is known and estimated.

    Raises
    ------
    InvalidInput
        With every problem of the files, if one of them is an error.
    WrongReports
        With all that is wrong with what is reported (a ValueError).
    ValueError
        If a figure here is out of its range.
    """
    from impactsim.outage.asked import understand

    demand(trials, seed, None, workers, None)
    loaded = loaded_system(system)
    where = zone_named(loaded, zone)
    reports = [*_reports_of(down), *_degraded_of(degraded or {})]
    _demand_offsets(reports, since, at)
    return now_of(
        loaded, understand(loaded.system, reports, up, since, at), at, where, trials, seed, workers, on_progress
    )


def now_of(
    loaded: LoadedSystem | LoadedScenario,
    understood: Understood,
    at: datetime,
    zone: ZoneInfo | None,
    trials: int | None = None,
    seed: int = 0,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> Now:
    """Say how an outage stands whose reports are understood already; as `now` otherwise."""
    from impactsim.outage.assemble import Told, assemble_now, look_out, trials_worth
    from impactsim.outage.estimate import estimate
    from impactsim.outage.result import Now
    from impactsim.outage.situation import situation_of
    from impactsim.outage.snapshot import expected
    from impactsim.trials.workers import open_workers

    starts = understood.starts.astimezone(offset_at(zone, at))
    told = Told(understood.known, understood.up, starts, "" if zone is None else zone.key)
    with collector_paused():
        situation = situation_of(loaded.system, told.known, told.up, understood.at_ms, starts, seed)
        course = expected(situation)
        with open_workers(workers) as pool:
            estimates = estimate(situation, pool, trials or trials_worth(course), on_progress)
            outlook = look_out(situation, course)
            facts = assemble_now(situation, told, estimates, pool.is_compiled, loaded.problems, outlook)
    return Now(facts, situation, estimates, tuple(pool.notes))


def zone_named(loaded: LoadedSystem | LoadedScenario, zone: str | None) -> ZoneInfo | None:
    """Return the zone in which times are told: the one that was asked for, or that of the system's notices, if any.

    Raises
    ------
    WrongReports
        If there is no such zone.
    """
    from impactsim.outage.asked import WrongReports

    name = zone or loaded.system.notices.zone
    if name is None:
        return None
    if not is_zone(name):
        raise WrongReports([("zone", f"there is no time zone '{name}'; write one such as Europe/Rome")])
    return ZoneInfo(name)


def offset_at(zone: ZoneInfo | None, at: datetime) -> tzinfo:
    """Return the offset that holds in a zone at a time (that of the time itself without a zone), so that one offset holds for all."""
    offset = at.utcoffset() if zone is None else at.astimezone(zone).utcoffset()
    assert offset is not None, "times have their offsets"
    return timezone(offset)


def _reports_of(down: Down) -> list[Report]:
    from impactsim.outage.asked import Report

    if isinstance(down, str):
        down = (down,)
    pairs = down.items() if isinstance(down, Mapping) else ((name, None) for name in down)
    return [Report(name, None, since) for name, since in pairs]


def _degraded_of(degraded: Degraded) -> list[Report]:
    from impactsim.outage.asked import Report

    found = []
    for name, value in degraded.items():
        level, since = value if isinstance(value, tuple) else (value, None)
        found.append(Report(name, float(level), since))
    return found


def _demand_offsets(reports: Iterable[Report], since: datetime | None, at: datetime) -> None:
    """Refuse times that nobody can place."""
    for what, clock in (("at", at), ("since", since), *((each.name, each.since) for each in reports)):
        if clock is not None and clock.utcoffset() is None:
            raise ValueError(f"{what} is {clock.isoformat()}, and must have its offset from UTC")
