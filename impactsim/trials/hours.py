"""The same failure at every hour of the day: the levels are those of one run, the users are counted 24 times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from impactsim.audience import Hours, compile_audience, lengthened
from impactsim.engine.timeline import Workspace
from impactsim.engine.users import Range, affected_users
from impactsim.model.system import System
from impactsim.trials.cases import Case, Ends, Ground, plan_of, scenario_of
from impactsim.trials.jobs import DAY_MS

DAY = date(2026, 1, 14)
"""The day of which the hours are counted unless somebody names another: an ordinary one, without a change of the clocks."""


class Hour(NamedTuple):
    """What a failure does that begins at an hour of the day."""

    starts: datetime
    affected: Range
    lost_user_minutes: Range


def zone_of(system: System) -> str | None:
    """Return the time zone of the largest segment with an activity, the first of equals; none without one."""
    zones = [(each.count.median(), each.activity.zone) for each in system.users.values() if each.activity is not None]
    return max(zones, key=lambda each: each[0])[1] if zones else None


def by_start_hour(ground: Ground, case: Case, ends: Ends, zone: str, day: date = DAY) -> list[Hour]:
    """Run one case, with the median of all that is uncertain, and count its users for a start at each hour of a day.

    Parameters
    ----------
    ground, case, ends
        What fails, and how it ends.
    zone
        Time zone of the hours.
    day
        Local day.

    Returns
    -------
    list of Hour
        From midnight; 24 of them unless the clocks change on that day.
    """
    plan, _ = plan_of(ground, case, scenario_of(case, ends), ends)
    history = Workspace(ground.compiled).run(plan)
    until_ms = max(history.end_ms, DAY_MS)
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    audience, words = compile_audience(ground.system, ground.names, len(ground.compiled.crew), midnight, until_ms)
    found = []
    for starts in _hours_of(midnight):
        there = lengthened(audience, Hours(starts, words.hours.rows), until_ms)
        _, users = affected_users(there, history.record, history.end_ms)
        found.append(Hour(starts, users.affected, users.lost_user_minutes))
    return found


def _hours_of(midnight: datetime) -> list[datetime]:
    """Return the hours of a local day, as clock times of its zone."""
    found = []
    moment = midnight.astimezone(UTC)
    while (local := moment.astimezone(midnight.tzinfo)).date() <= midnight.date():
        found.append(local)
        moment += timedelta(hours=1)
    return found
