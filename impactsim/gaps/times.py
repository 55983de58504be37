"""What nobody says of failures: how long until it is restored, how often it fails, whether there is a copy."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.gaps.facts import Line, Part, Whom
from impactsim.gaps.followed import Followed
from impactsim.gaps.losses import Losses, minutes_a_year
from impactsim.gaps.plausible import (
    DESTROYED_PER_YEAR,
    FROM_COPY,
    OF_MANY,
    RATE_FACTOR,
    WIDE,
    Ends,
    ends_of_restore,
)
from impactsim.gaps.words import asked_in_words, rate_in_words, time_in_words, users_in_words, whom_of


def parts(losses: Losses, followed: Followed) -> Iterator[Part]:
    """Yield what nobody says of failures that users feel."""
    for event, users in list(followed.users.items()):
        if users <= 0.0 or not losses.estate.chances[event].can_fail or _is_unknown(losses, event):
            continue
        fails = losses.fails(event)
        if losses.written_restore_ms(event) is None and (fails is None or fails.probability is None):
            yield _restore(losses, event, users)
        if fails is None and users >= OF_MANY * losses.everybody:
            yield _rate(losses, event, users)
    for component, found in enumerate(losses.components):
        if found.kind == "data" and not found.copies and followed.users_of(component) > 0.0:
            yield _copy(losses, component, followed.users_of(component))


def _is_unknown(losses: Losses, event: int) -> bool:
    """Is it something of which even its kind has to be asked first?"""
    return not losses.estate.is_cause(event) and losses.components[event].kind == "unknown"


def _restore(losses: Losses, event: int, users: float) -> Part:
    name, ends, rate = losses.estate.id_of(event), _ends(losses, event), losses.rate(event)
    whom = _whom(losses, event)
    or_typical = f", or write {{typical: {ends.typical}}}" if ends.typical else ""
    source = f" (5% and 95% of {ends.typical}, see impactsim typical)" if ends.typical else ""
    return Part(
        "no-restore-time",
        name,
        _noun(losses, event),
        whom,
        low=minutes_a_year(rate, ends.low_ms) * users,
        high=minutes_a_year(rate, ends.high_ms) * users,
        text=f"nobody says how long it takes to restore {name}",
        ask=f"how long does it take until {name} works again after a failure",
        components=(name,),
        evidence=(
            f"{users_in_words(losses, users)} while it is down",
            rate_in_words(losses, event),
            f"it may take {time_in_words(ends.low_ms)} or {time_in_words(ends.high_ms)}{source}",
        ),
        origin=_origin(losses, event),
        lines=(_line(losses, event, "time_to_restore", f"ask {asked_in_words(whom)}: such as 4h{or_typical}"),),
    )


def _rate(losses: Losses, event: int, users: float) -> Part:
    name, rate, restore_ms = losses.estate.id_of(event), losses.rate(event), losses.restore_ms(event)
    whom = _whom(losses, event)
    said = "as written" if losses.written_restore_ms(event) is not None else "assumed, as nobody says it"
    return Part(
        "no-rate",
        name,
        _noun(losses, event),
        whom,
        low=minutes_a_year(rate / RATE_FACTOR, restore_ms) * users,
        high=minutes_a_year(rate * RATE_FACTOR, restore_ms) * users,
        text=f"nobody says how often {name} fails",
        ask=f"how often does {name} fail in a year",
        components=(name,),
        evidence=(
            f"{users_in_words(losses, users)} while it is down",
            f"it may fail once in three years or three times a year; {time_in_words(restore_ms)} each time, {said}",
        ),
        origin=_origin(losses, event),
        lines=(_line(losses, event, "fails", f"ask {asked_in_words(whom)}: such as {{per_year: 0.5}}"),),
    )


def _copy(losses: Losses, component: int, users: float) -> Part:
    name, whom = losses.ids[component], whom_of(losses, component)
    low, high = (minutes_a_year(DESTROYED_PER_YEAR, ms) * users for ms in FROM_COPY[:2])
    how = "such as [{at: WHERE, every: 24h, restore: 4h}]"
    return Part(
        "no-backup-age",
        name,
        losses.components[component].kind,
        whom,
        low=low,
        high=high,
        text=f"no copy of {name} is known",
        ask=f"if {name} is destroyed, where is a copy, how old is it, and how long does the restore take",
        components=(name,),
        evidence=(
            f"{users_in_words(losses, users)} while it is gone",
            "destroyed once in ten years assumed",
            f"it may be gone for {time_in_words(FROM_COPY.low_ms)} with a copy, and {time_in_words(FROM_COPY.high_ms)} without",
        ),
        origin=losses.components[component].origin,
        lines=(Line(name, "copies", comment=f"ask {asked_in_words(whom)}: {how}"),),
    )


def _ends(losses: Losses, event: int) -> Ends:
    if losses.estate.is_cause(event):
        return WIDE
    found = losses.components[event]
    return ends_of_restore(found.kind, is_source=not found.needs and found.at is None)


def _noun(losses: Losses, event: int) -> str:
    return "common cause" if losses.estate.is_cause(event) else losses.components[event].kind


def _whom(losses: Losses, event: int) -> Whom:
    if losses.estate.is_cause(event):
        return Whom("itself", losses.estate.id_of(event))
    return whom_of(losses, event)


def _origin(losses: Losses, event: int) -> tuple[str, ...]:
    return () if losses.estate.is_cause(event) else losses.components[event].origin


def _line(losses: Losses, event: int, key: str, comment: str) -> Line:
    if losses.estate.is_cause(event):
        cause = losses.estate.cause_ids[event - losses.estate.n_components]
        return Line(cause, key, comment=comment, is_cause=True)  # type: ignore[arg-type]
    return Line(losses.ids[event], key, comment=comment)  # type: ignore[arg-type]
