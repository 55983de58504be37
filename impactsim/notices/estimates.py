"""Which estimate is published: a range rounded outward, or none yet; and how it follows the one that was published before.

People read an estimate as a promise, forgive early far more than late, and lose trust where it keeps changing. So the range stays
while what is known lies within it, its upper bound is lowered by whole steps only, and where it no longer holds the notice
says so before it passes. A range that still holds is kept even where its basis has grown too thin for a new one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from impactsim.notices.incident import PublicEstimate
from impactsim.notices.rounding import range_ms, step_ms
from impactsim.outage.estimate import FEWEST_USABLE, Remaining

WIDEST = 6.0
"""A range whose upper end is more than so many times the lower one tells nobody anything."""

WhyNone = Literal["policy", "over", "no end", "too few trials", "rests on a guess", "too wide"]


@dataclass(frozen=True, slots=True)
class Published:
    """The estimate of the notice before this one."""

    low_at: datetime
    high_at: datetime


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is published of the remaining time."""

    estimate: PublicEstimate | None
    why_none: WhyNone | None
    is_late: bool
    """The estimate before has not held, or will not."""


def choose(
    remaining: Remaining | None,
    is_guessed: bool,
    published_at: datetime,
    previous: Published | None = None,
    is_policy: bool = True,
) -> Chosen:
    """Decide what to publish.

    Parameters
    ----------
    remaining
        Until all that is affected is back; None if it is.
    is_guessed
        Whether it rests on a guess.
    published_at
        When this notice is published.
    previous
        The range that was published before.
    is_policy
        Whether the organisation publishes estimates.
    """
    why_none = _why_none(remaining, is_guessed, is_policy)
    if remaining is None or why_none == "policy":
        return Chosen(None, why_none, is_late=False)
    if why_none is not None:
        return _in_place_of_none(why_none, remaining, published_at, previous)
    low_ms, high_ms = range_ms(remaining.p20_ms, remaining.p90_ms)
    new = _estimate(published_at, _after(published_at, low_ms), _after(published_at, high_ms))
    if previous is None:
        return Chosen(new, None, is_late=False)
    return _following(remaining, new, published_at, previous)


def _why_none(remaining: Remaining | None, is_guessed: bool, is_policy: bool) -> WhyNone | None:
    if remaining is None:
        return "over"
    if not is_policy:
        return "policy"
    if remaining.n < FEWEST_USABLE:
        return "too few trials"
    if math.isinf(remaining.p90_ms):
        return "no end"
    if is_guessed:
        return "rests on a guess"
    return "too wide" if remaining.p90_ms > WIDEST * remaining.p20_ms else None


def _in_place_of_none(
    why_none: WhyNone, remaining: Remaining, published_at: datetime, previous: Published | None
) -> Chosen:
    """Keep what was promised as long as it holds, where nothing new would be published; it is not withdrawn in silence."""
    if previous is None:
        return Chosen(None, why_none, is_late=False)
    if not _holds(previous, remaining, published_at):
        return Chosen(None, why_none, is_late=True)
    low_at = min(previous.low_at, _after(published_at, range_ms(remaining.p20_ms, remaining.p90_ms)[0]))
    return Chosen(_estimate(published_at, low_at, previous.high_at), None, is_late=False)


def _holds(previous: Published, remaining: Remaining, published_at: datetime) -> bool:
    """Tell whether an upper end is still ahead, and thought to be kept."""
    if math.isinf(remaining.p90_ms) or published_at >= previous.high_at:
        return False
    return _after(published_at, remaining.p90_ms) <= previous.high_at


def _following(remaining: Remaining, new: PublicEstimate, published_at: datetime, previous: Published) -> Chosen:
    if not _holds(previous, remaining, published_at):
        return Chosen(new, None, is_late=True)
    if previous.low_at <= _after(published_at, remaining.p20_ms):
        return Chosen(_estimate(published_at, previous.low_at, previous.high_at), None, is_late=False)
    sinks_ms = (previous.high_at - new.high_at) / timedelta(milliseconds=1)
    is_worth_it = sinks_ms >= step_ms((previous.high_at - published_at) / timedelta(milliseconds=1))
    high_at = new.high_at if is_worth_it else previous.high_at
    return Chosen(_estimate(published_at, new.low_at, high_at), None, is_late=False)


def _estimate(published_at: datetime, low_at: datetime, high_at: datetime) -> PublicEstimate:
    low_at = max(low_at, published_at)
    milli = timedelta(milliseconds=1)
    return PublicEstimate((low_at - published_at) // milli, (high_at - published_at) // milli, low_at, high_at)


def _after(at: datetime, ms: float) -> datetime:
    return at + timedelta(milliseconds=round(ms))
