"""Injects as cards to cut out: what participants may see of each, and nothing of what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from impactsim.exercise.facts import Inject
from impactsim.exercise.times import clock_of, time_of
from impactsim.reports.document.blocks import Block, Column, Paragraph, Strong, Table, Words

_COLUMNS = (Column("When"), Column("Who, and how"), Column("What you hear"))


def cards(injects: Sequence[Inject], starts: datetime | None = None) -> tuple[Block, ...]:
    """Return a card for each inject, one block each, with the number and time on it.

    Parameters
    ----------
    injects
        What is told.
    starts
        Clock time of the start, if the scenario says it.
    """
    how = "Cut between the cards. Hand out a card when its inject is read, and not before: it says what participants hear, and no cause."
    return (Paragraph(how), *(card(each, starts) for each in injects))


def card(inject: Inject, starts: datetime | None = None) -> Table:
    """Return the card of an inject: who says what, when, and through what."""
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (_when(starts, each.at_ms, inject.at_ms), f"{each.by}, {each.how}", Strong(each.text))
        for each in inject.messages
    )
    clock = clock_of(starts, inject.at_ms)
    return Table(f"Card {inject.number}, at {time_of(inject.at_ms)}{f': {clock}' if clock else ''}", _COLUMNS, rows)


def _when(starts: datetime | None, at_ms: int, card_ms: int) -> str:
    """Return the time that the clock on the wall shows, with the day if the card has another; of play where nobody knows the clock."""
    day, _, clock = clock_of(starts, at_ms).rpartition(", ")
    if not clock:
        return time_of(at_ms)
    return clock if clock_of(starts, card_ms).startswith(f"{day},") else f"{day}, {clock}"
