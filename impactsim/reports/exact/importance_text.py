"""Importances as text: what matters most, in one sentence, and the table."""

from __future__ import annotations

import math

from impactsim.reports.chances import chance, loss
from impactsim.reports.exact.facts import EventImportance, ImportanceFacts
from impactsim.reports.layout import Column, Entry, Row, Section, fit, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.rests import needs_words
from impactsim.reports.words import clean, counted

_N_ROWS = 40
_WORDS = {
    "birnbaum": "Birnbaum importance",
    "fv": "Fussell-Vesely importance",
    "raw": "risk achievement worth",
    "rrw": "risk reduction worth",
    "user-minutes": "user-minutes",
}


def importance_text(facts: ImportanceFacts, screen: Screen | None = None, top: int | None = None) -> list[str]:
    """Write importances.

    Parameters
    ----------
    facts
        How much each event matters.
    screen
        Where it is written.
    top
        How many are listed; as many as there is room for if absent.
    """
    screen = screen or Screen()
    first, *others = wrapped(f"{clean(facts.system)}: {_answer(facts)}", screen.columns, 2)
    lines = [screen.paint(first, "heading"), *others]
    for text in _basis(facts):
        lines += wrapped(text, screen.columns, 2)
    if not facts.events:
        return lines
    n_shown = top if top is not None else None if screen.n_lines is None else _N_ROWS
    shown = facts.events[:n_shown]
    titles, told = table(
        _columns(facts), [_row(facts, *each) for each in enumerate(shown, 1)], screen.columns, 2, screen.paint
    )
    section = Section(f"Events by {_WORDS[facts.sort]}", [Entry([line]) for line in told], titles)
    section.unseen = len(facts.events) - len(shown)
    room = None if screen.n_lines is None or top is not None else screen.n_lines - len(lines)
    return lines + fit([section], room, screen.paint, screen.columns)


def _answer(facts: ImportanceFacts) -> str:
    what = "the users of all services" if facts.id is None else clean(facts.name)
    if not facts.events:
        return f"nothing that can fail matters to {what}"
    first = facts.events[0]
    text = f"what matters most to {what} is {clean(first.id)}"
    if facts.id is None and first.user_minutes > 0.0:
        return f"{text}: without its failures {loss(first.user_minutes)} of {loss(facts.figure)} user-minutes a year would not be lost"
    if first.fussell_vesely > 0.0:
        return f"{text}: without its failures {what} would be down {first.fussell_vesely:.0%} less of the time"
    return text


def _basis(facts: ImportanceFacts) -> list[str]:
    lines = []
    if facts.id is not None and facts.figure > 0.0:
        lines.append(f"The probability of being down is {chance(facts.figure)}")
    if facts.n_unknown:
        known = "" if facts.figure > 0.0 else ", so that only the Birnbaum importance can be told"
        lines.append(
            f"Of {counted(facts.n_unknown, 'event')} nobody says how often they happen: they count as never happening{known} (--assume P)"
        )
    if facts.needs is not None:
        lines.append(needs_words(facts.needs, "the services" if facts.id is None else clean(facts.name)))
    return lines


def _columns(facts: ImportanceFacts) -> list[Column]:
    return [
        Column("", is_right=True),
        Column("event", least=12),
        Column("kind", least=5),
        Column("is down", is_right=True),
        Column("Birnbaum" if facts.id is not None else "Birnbaum, a year", is_right=True),
        Column("Fussell-Vesely", is_right=True),
        Column("RAW", is_right=True),
        Column("RRW", is_right=True),
        Column("user-minutes", is_right=True),
    ]


def _row(facts: ImportanceFacts, place: int, each: EventImportance) -> Row:
    has_figure = facts.figure > 0.0
    return [
        str(place),
        clean(each.id),
        clean(each.kind),
        chance(each.probability) if each.is_known or each.probability else "not known",
        short(each.birnbaum) if facts.id is not None else loss(each.birnbaum),
        share(each.fussell_vesely) if has_figure else "-",
        ratio(each.risk_achievement) if has_figure else "-",
        ratio(each.risk_reduction) if has_figure else "-",
        loss(each.user_minutes),
    ]


def short(value: float) -> str:
    """Write a figure with three digits.

    Examples
    --------
    >>> short(1.0), short(0.01234), short(3.4567e-6), short(0.0)
    ('1', '0.0123', '3.46e-06', '0')
    """
    return f"{value:.3g}"


def share(value: float) -> str:
    """Write a share in percent.

    Examples
    --------
    >>> share(0.5), share(0.00012), share(0.0)
    ('50 %', '<0.1 %', '-')
    """
    if value <= 0.0:
        return "-"
    return f"{value * 100:.3g} %" if value >= 0.001 else "<0.1 %"


def ratio(value: float) -> str:
    """Write how many times as large something is.

    Examples
    --------
    >>> ratio(1.0), ratio(12.345), ratio(123_456.0), ratio(float("inf"))
    ('1', '12.3', '123,000', 'infinite')
    """
    if math.isinf(value):
        return "infinite"
    return loss(value) if value >= 1000 else f"{value:.3g}"
