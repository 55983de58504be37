"""Injects as cards to cut out: what participants may see of each, and nothing of what is behind it."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.exercise.facts import Inject
from impactsim.exercise.times import time_of
from impactsim.reports.document.blocks import Block, Column, Paragraph, Strong, Table, Words

_COLUMNS = (Column("When"), Column("Who, and how"), Column("What you hear"))


def cards(injects: Sequence[Inject]) -> tuple[Block, ...]:
    """Return a card for each inject, one block each, with the number and time on it.

    Parameters
    ----------
    injects
        What is told.
    """
    how = "Cut between the cards. Hand out a card when its inject is read, and not before: it says what participants hear, and no cause."
    return (Paragraph(how), *(card(each) for each in injects))


def card(inject: Inject) -> Table:
    """Return the card of an inject: who says what, when, and through what."""
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (time_of(each.at_ms), f"{each.by}, {each.how}", Strong(each.text)) for each in inject.messages
    )
    return Table(f"Card {inject.number}, at {time_of(inject.at_ms)}", _COLUMNS, rows)
