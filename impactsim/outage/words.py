"""How figures of an outage under way become words: times to the minute, what remains, what it rests on."""

from __future__ import annotations

import math
from datetime import datetime

from impactsim.engine.users import Range
from impactsim.outage.estimate import Remaining
from impactsim.outage.facts import BasisNow, NowFacts, RepairNow
from impactsim.quantities import about_duration
from impactsim.reports.words import clean, counted, joined, month, people, range_of_people

_MINUTE_MS = 60_000


class Clock:
    """Clock times to the minute, in the one zone of an outage; with a date where that is not today's.

    Parameters
    ----------
    facts
        Of the outage.
    """

    def __init__(self, facts: NowFacts) -> None:
        self._facts = facts
        self._today = facts.clock(facts.at_ms).date()

    def now(self) -> str:
        """Write now in full, without the zone."""
        clock = self._facts.clock(self._facts.at_ms)
        return f"{clock.day} {month(clock)} {clock.year} {clock:%H:%M}"

    def at(self, at_ms: float) -> str:
        """Write a time: ``14:10``, or ``3 Mar 14:10``."""
        try:
            clock = self._facts.clock(round(at_ms))
        except OverflowError:  # the calendar does not reach as far
            return "never"
        if clock.date() == self._today:
            return f"{clock:%H:%M}"
        year = "" if clock.year == self._today.year else f" {clock.year}"
        return f"{clock.day} {month(clock)}{year} {clock:%H:%M}"

    def ahead(self, at_ms: float) -> str:
        """Write a time after now with how far ahead it is."""
        return f"{self.at(at_ms)}, in {about_duration(max(0, at_ms - self._facts.at_ms))}"


def zone_of(facts: NowFacts) -> str:
    """Write the zone in which times are told, with its offset."""
    offset = offset_of(facts.starts)
    return f"{clean(facts.zone)}, {offset}" if facts.zone and facts.zone != offset else offset


def offset_of(clock: datetime) -> str:
    """Write the offset of a clock time: ``UTC+01:00``, or ``UTC``."""
    offset = f"{clock:%z}"
    return "UTC" if offset in ("+0000", "-0000") else f"UTC{offset[:3]}:{offset[3:5]}"


def span(ms: float) -> str:
    """Write how long something takes that nobody knows to the second: whole minutes.

    Examples
    --------
    >>> span(435_000), span(20_000)
    ('7 min', '20 s')
    """
    return about_duration(ms if ms < _MINUTE_MS else round(ms / _MINUTE_MS) * _MINUTE_MS)


def range_left(remaining: Remaining | None) -> str:
    """Write how much longer something takes: P20 to P90.

    Examples
    --------
    >>> range_left(Remaining(9, 600_000, 1_200_000, 7_200_000)), range_left(Remaining(9, 600_000, math.inf, math.inf))
    ('10 min to 2 h', '10 min or more')
    """
    if remaining is None:
        return "no estimate"
    if not math.isfinite(remaining.p20_ms):
        return "no end in sight"
    low = span(remaining.p20_ms)
    if not math.isfinite(remaining.p90_ms):
        return f"{low} or more"
    high = span(remaining.p90_ms)
    return low if low == high else f"{low} to {high}"


def median_left(remaining: Remaining | None) -> str:
    """Write the median of what remains; a dash where there is none."""
    return "-" if remaining is None or not math.isfinite(remaining.p50_ms) else span(remaining.p50_ms)


def users_now(users: Range) -> str:
    """Write how many users are affected."""
    return "none" if users.high <= 0 else range_of_people(users)


def lost_words(lost: tuple[float, float, float]) -> str:
    """Write what users still lose: P20 to P90.

    Examples
    --------
    >>> lost_words((65_000.0, 65_000.0, 65_000.0)), lost_words((1_000.0, math.inf, math.inf))
    ('65,000 user-minutes still to be lost', '1,000 user-minutes or more still to be lost')
    """
    if not math.isfinite(lost[0]):
        return "what is still to be lost has no end"
    low = people(lost[0], 3)
    if not math.isfinite(lost[2]):
        return f"{low} user-minutes or more still to be lost"
    high = people(lost[2], 3)
    return f"{low if low == high else f'{low} to {high}'} user-minutes still to be lost"


def basis_words(basis: BasisNow) -> str:
    """Say what a remaining time rests on."""
    usual = "" if basis.median_ms is None else f"usually {about_duration(basis.median_ms)}"
    text = {
        "own": f"its own figures, {usual}",
        "history": f"its own history, {usual}",
        "typical": f"the typical value {basis.typical}, {usual}",
        "missed": f"an estimate that was missed ({usual}), so outages that overran",
        "none": "nothing: nobody says how long it takes",
    }[basis.kind]
    if basis.kind == "typical" and not basis.typical:
        text = f"a typical value, {usual}"
    guessed = " (guessed)" if basis.is_guessed else ""
    return text + guessed + (f"; {clean(basis.source)}" if basis.source and basis.kind != "none" else "")


def status_words(repair: RepairNow, facts: NowFacts) -> str:
    """Say what a repair does, or what it waits for."""
    waited = joined([clean(facts.names.get(each, each)) for each in repair.waits_for], 4)
    by = f" by crew {clean(repair.crew)}" if repair.crew else f", {clean(repair.operator)}" if repair.operator else ""
    match repair.status:
        case "at work":
            return f"at work{by}"
        case "held up":
            return f"HELD UP: {waited} is down" if len(repair.waits_for) == 1 else f"HELD UP: {waited} are down"
        case "waits for its crew":
            at = [clean(facts.names.get(each, each)) for each in repair.crew_is_at]
            at += [counted(repair.jobs_of_others, "job") + " of others"] if repair.jobs_of_others else []
            whose = f" of {clean(repair.operator)}" if repair.operator else ""
            return f"waits for crew {clean(repair.crew)}{whose}" + (f", busy with {joined(at, 4)}" if at else "")
        case "waits for a copy":
            return f"WAITS for a copy at {waited}"
        case "lost for good":
            return "LOST for good, no copy is left"
        case "goes by itself":
            return "goes by itself"
        case _:
            return f"no repair is planned{by}: nobody says how long it takes"
