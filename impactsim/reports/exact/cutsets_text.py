"""Minimal cut sets as text: how many there are, how likely the worst is, and each with its ways."""

from __future__ import annotations

from collections import Counter

from impactsim.audit.facts import Probability
from impactsim.exact.propagation import Criterion
from impactsim.reports.chances import chance, probability, times_a_year
from impactsim.reports.exact.facts import CutSetsFacts
from impactsim.reports.layout import Column, Entry, Section, fit, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.rests import needs_words
from impactsim.reports.words import clean, counted, joined

_ORDERS = {1: "one failure", 2: "two failures", 3: "three failures"}


def cut_sets_text(facts: CutSetsFacts, screen: Screen | None = None, has_paths: bool = False) -> list[str]:
    """Write minimal cut sets.

    Parameters
    ----------
    facts
        The cut sets of a component.
    screen
        Where it is written.
    has_paths
        Whether to write how each failure reaches the component.
    """
    screen = screen or Screen()
    lines = count_lines(facts, screen)
    if not facts.cut_sets:
        return lines
    columns = [
        Column("", is_right=True),
        Column("order", is_right=True),
        Column("probability", is_right=True),
        Column("fail together", least=20),
    ]
    rows = [
        [str(place), str(each.order), chance(each.probability) if each.is_known or each.probability else "not known",
         clean(" + ".join(each.events))]
        for place, each in enumerate(facts.cut_sets, 1)
    ]  # fmt: skip
    titles, told = table(columns, rows, screen.columns, 2, screen.paint)
    entries = []
    for line, paths in zip(told, facts.paths, strict=True):
        ways = [
            wrapped(f"       {' needs '.join(map(clean, path))}", screen.columns, 11) for path in paths if has_paths
        ]
        entries.append(Entry([line, *(part for way in ways for part in way)]))
    which = "likeliest" if facts.is_by_probability else "smallest first"
    section = Section(f"Minimal cut sets, {which}", entries, titles, least=2)
    room = None if screen.n_lines is None else screen.n_lines - len(lines)
    return lines + fit([section], room, screen.paint, screen.columns)


def count_lines(facts: CutSetsFacts, screen: Screen) -> list[str]:
    """Write how many minimal cut sets there are, and how likely the component is down."""
    first, *others = wrapped(f"{clean(facts.system)}: {_how_many(facts)}", screen.columns, 2)
    lines = [screen.paint(first, "heading"), *others]
    for text in (_how_likely(facts), _listed(facts), _rests(facts)):
        lines += wrapped(text, screen.columns, 2) if text else []
    return lines


def _who(facts: CutSetsFacts) -> str:
    name = clean(facts.name)
    return name if facts.name.casefold() == facts.id else f"{name} ({facts.id})"


def _how_many(facts: CutSetsFacts) -> str:
    what = "is never down" if facts.criterion is Criterion.DOWN else "is never degraded"
    if facts.n_in_all == 0:
        return f"{_who(facts)} {what}: nothing that can fail takes it down"
    n = Counter(each.order for each in facts.cut_sets)
    parts = [f"{n[order]:,} of {_ORDERS.get(order, f'{order} failures')}" for order in sorted(n)]
    if facts.n_in_all is None:
        return f"{_who(facts)} has too many minimal cut sets to count them all; here are {joined(parts)}"
    has = f"{_who(facts)} has {counted(facts.n_in_all, 'minimal cut set')}"
    return f"{has}: {joined(parts)}" if facts.is_whole else f"{has}, here are {joined(parts) or 'none of them'}"


def _how_likely(facts: CutSetsFacts) -> str:
    how = "down" if facts.criterion is Criterion.DOWN else "down or degraded"
    if facts.n_in_all == 0:
        return ""
    likely = probability(facts.probability, facts.n_unknown)
    text = f"The probability that it is {how} is {likely}"
    if likely != "not known":
        low = facts.probability.low
        text += f" ({times_a_year(Probability(low, low) if facts.n_unknown else facts.probability)} a year)"
    if facts.n_unknown:
        text += f"; of {counted(facts.n_unknown, 'event')} nobody says how often (--assume P)"
    return text


def _rests(facts: CutSetsFacts) -> str:
    return "" if facts.needs is None else needs_words(facts.needs, clean(facts.name))


def _listed(facts: CutSetsFacts) -> str:
    if facts.is_whole or facts.is_by_probability or facts.n_in_all == 0:
        return ""
    return f"All up to order {facts.complete_to} are among them" if facts.complete_to else ""
