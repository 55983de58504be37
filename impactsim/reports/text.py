"""A run in words, on one screen: the answer first, then what happened, then why.

Knows the facts of a run and how a screen is laid out. Every figure comes from the facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.engine.users import Affected, Range
from impactsim.quantities import about_duration, about_share
from impactsim.reports.facts import ComponentFacts, DeadlockFacts, Facts, Reserve
from impactsim.reports.headline import (
    affected_others,
    affected_services,
    headline,
    kept_up_by,
    lowest_level,
    names_of,
    was_down,
)
from impactsim.reports.layout import Cell, Column, Entry, Row, Section, fit, table, wrapped
from impactsim.reports.page import Page, Screen
from impactsim.reports.rests import rests_words
from impactsim.reports.story import what_happened, why
from impactsim.reports.words import (
    bounds,
    by_value,
    clean,
    counted,
    exact,
    is_exact,
    joined,
    people,
    range_of_time,
)


def report(facts: Facts, screen: Screen | None = None, notes: Sequence[str] = ()) -> list[str]:
    """Write a run as text.

    Parameters
    ----------
    facts
        What the run says.
    screen
        Where it is written.
    notes
        What else the reader should know, a sentence each.

    Returns
    -------
    list of str
        Lines. What does not fit is counted, never silently left out.
    """
    screen = screen or Screen()
    top: list[str] = []
    for line in headline(facts):
        top += [screen.paint(part, line.look) for part in wrapped(line.text, screen.columns, 2)]
    page = Page(facts, screen)
    sections = [
        what_happened(page),
        _services(page),
        _users(page),
        why(page),
        deadlocks(page),
        destroyed_data(page),
        waiting_repairs(page),
        _kept_up(page),
        unaffected(page),
        rests_on(page, notes),
        warnings_of(page),
        _others(page),
        sources(page),
    ]
    room = None if screen.n_lines is None else screen.n_lines - len(top)
    return top + fit(sections, room, screen.paint, screen.columns)


def to_text(facts: Facts) -> str:
    """Write a run as plain text, nothing left out."""
    return "\n".join(report(facts, Screen(n_lines=None)))


# Who is affected.


def _services(page: Page) -> Section:
    affected = affected_services(page.facts)
    n_fine = len(page.facts.services) - len(affected)
    section = _table_of(page, "Services", affected, 2.5)
    if affected and n_fine:
        section.tail.append(page.screen.paint(f"  {counted(n_fine, 'other service')} not affected", "quiet"))
    return section


def _others(page: Page) -> Section:
    """Return the components that are no services: of interest to those who repair, so further down."""
    return _table_of(page, "Other components", affected_others(page.facts), 0.4, least=0)


def _table_of(page: Page, heading: str, components: Sequence[ComponentFacts], weight: float, least: int = 3) -> Section:
    columns = [
        Column("at worst"),
        Column("name", least=12),
        Column("down for"),
        Column("degraded for"),
        Column("first"),
        Column("up again"),
    ]
    shown, unseen = page.most(components)
    rows = [row_of(page, component) for component in shown]
    titles, lines = table(columns, rows, page.screen.columns, 2, page.screen.paint)
    return Section(heading, [Entry([line]) for line in lines], titles, least=least, weight=weight, unseen=unseen)


def row_of(page: Page, component: ComponentFacts) -> Row:
    """Return how a component fared: at worst, name, down for, degraded for, first, up again."""
    down = about_duration(component.down_ms) if component.down_ms else "-"
    degraded = about_duration(component.degraded_ms) if component.degraded_ms else "-"
    is_down_at_end = component.levels[-1][1] <= 0.0
    since = next(at_ms for at_ms, level in component.levels if level < 1.0)
    # A time that had not ended by the end of the run is no duration (S1.2).
    return [
        _status(page, component),
        clean(component.name),
        Cell("not restored", "down") if not component.restored and is_down_at_end else down,
        Cell("not restored", "degraded") if not component.restored and not is_down_at_end else degraded,
        page.times.at(since),
        page.times.at(component.levels[-1][0]) if component.restored else "-",
    ]


def _status(page: Page, component: ComponentFacts) -> Cell:
    if was_down(component):
        return Cell(f"{page.screen.symbols.down} down", "down")
    return Cell(f"{page.screen.symbols.degraded} at {about_share(lowest_level(component))}", "degraded")


def _users(page: Page) -> Section:
    columns = [
        Column("segment", least=12),
        Column("affected", is_right=True),
        Column("at least to at most"),
        Column("all of them out for", least=12),
        Column("user-minutes lost", is_right=True),
    ]
    hit = [(name, group) for name, group in page.facts.segments.items() if group.affected.high > 0]
    hit.sort(key=lambda each: -each[1].affected.high)
    shown, unseen = page.most(hit)
    rows = [users_row(page, name, group) for name, group in shown]
    titles, lines = table(columns, rows, page.screen.columns, 2, page.screen.paint)
    n_fine = len(page.facts.segments) - len(hit)
    tail = [page.screen.paint(f"  {counted(n_fine, 'other segment')} not affected", "quiet")] if hit and n_fine else []
    return Section("Users", [Entry([line]) for line in lines], titles, tail, weight=2.0, unseen=unseen)


def users_row(page: Page, name: str, group: Affected) -> Row:
    """Return what became of a segment: its name, affected, bounds, how long all of it was out, user-minutes lost."""
    affected, lost = group.affected, group.lost_user_minutes
    return [
        "users of single services" if name == "population" else clean(page.facts.segment_names.get(name, name)),
        exact(affected.high) if is_exact(affected) else _estimate(affected),
        "-" if is_exact(affected) else bounds(affected),
        range_of_time(group.out_ms),
        exact(lost.high) if is_exact(lost) else bounds(lost) if lost.estimate is None else _estimate(lost),
    ]


# What waiting does not heal, and what waits.


def deadlocks(page: Page) -> Section:
    """Return what waits for one another for ever, and what breaks it."""
    return Section("Recovery deadlocks", [page.entry(_deadlock(page, each), 4) for each in page.facts.deadlocks])


def _deadlock(page: Page, deadlock: DeadlockFacts) -> str:
    ways = [
        " and ".join(f"{action} {page.names(targets)}" for action, targets in way.items() if targets)
        for way in deadlock.break_with
    ]
    breaks = "no manual start or repair that was tried breaks it"
    if ways:
        breaks = f"to break it: {joined(ways, page.few, 'or')}"
    wait = "waits for itself" if len(deadlock.circle) == 1 else "wait for one another"
    return f"  {page.names(deadlock.circle)} {wait}; {breaks}"


def destroyed_data(page: Page) -> Section:
    """Return what became of data that was destroyed."""
    entries = []
    for component, data in page.facts.data.items():
        name = page.name(component)
        if data.lost_for_good:
            text = page.screen.paint(f"{page.screen.symbols.down} {name}: lost for good, no copy is left", "down")
            entries.append(Entry([f"  {text}"]))
        elif data.loss_ms is None:
            entries.append(page.entry(f"  {page.screen.symbols.down} {name}: no copy could be had by the end", 4))
        else:
            loss = f"the last {about_duration(data.loss_ms)} before it was destroyed are lost"
            if data.loss_ms == 0:
                loss = "nothing is lost"
            entries.append(page.entry(f"  {page.screen.symbols.degraded} {name}: {loss}", 4))
    return Section("Destroyed", entries, least=1)


def waiting_repairs(page: Page) -> Section:
    """Return what repairs wait for, and from when to when."""
    entries = []
    for repair in page.facts.repairs:
        for phase in repair.phases:
            if phase.status in ("at work", "lost for good") or phase.to_ms <= phase.from_ms:
                continue
            is_open = repair.ended_ms is None and phase is repair.phases[-1]
            when = (
                f"from {page.times.at(phase.from_ms)}, still at the end"
                if is_open
                else page.times.span(phase.from_ms, phase.to_ms)
            )
            by = f" by {page.names(phase.waits_for)}, down" if phase.waits_for else ""
            text = {
                "held up": f"held up{by}",
                "waits for its crew": "waits for its crew",
                "waits for a copy": f"waits for a copy{by.replace(' by ', ' at ', 1)}",
            }[phase.status]
            entries.append(page.entry(f"  {page.name(repair.component)}: {text}, {when}", 4, 0 if is_open else 1))
    return Section("Repairs that wait", entries, least=1)


# What holds.


def _kept_up(page: Page) -> Section:
    columns = [
        Column("component", least=12),
        Column("kept up by", least=14),
        Column("without", least=12),
        Column("from"),
        Column("to"),
        Column("lasts until"),
    ]
    times = [(component, reserve) for component in page.facts.components.values() for reserve in component.reserve]
    times = [each for each in times if kept_up_by(*each)]
    times.sort(key=lambda each: each[1].from_ms)
    times, unseen = page.most(times, lambda each: _rank_of_reserve(each[1]))
    rows = [reserve_row(page, component, reserve) for component, reserve in times]
    titles, lines = table(columns, rows, page.screen.columns, 2, page.screen.paint)
    entries = [Entry([line], _rank_of_reserve(each[1])) for line, each in zip(lines, times, strict=True)]
    return Section("Kept up by a reserve", entries, titles, least=1, unseen=unseen)


def reserve_row(page: Page, component: ComponentFacts, reserve: Reserve) -> Row:
    """Return a time on reserve: component, by what, without what, from, to, until when at the latest."""
    on = names_of(page.facts, reserve.on, 2)
    by = {"holdover": "its holdover", "standby": on, "quorum": f"{on}, none to spare" if on else "none to spare"}[
        reserve.by
    ]
    is_used_up = reserve.until_ms is not None and reserve.to_ms >= reserve.until_ms
    is_on = reserve.is_open and not is_used_up
    to = "still on it" if is_on else page.times.at(reserve.to_ms)
    until = "no limit" if reserve.until_ms is None else "used up" if is_used_up else page.times.at(reserve.until_ms)
    return [
        clean(component.name),
        by,
        names_of(page.facts, reserve.of, 2),
        page.times.at(reserve.from_ms),
        to,
        until,
    ]


def _rank_of_reserve(reserve: Reserve) -> int:
    """Put first what ran out, then what is still on reserve."""
    if reserve.until_ms is not None and reserve.to_ms >= reserve.until_ms:
        return 0
    return 1 if reserve.is_open else 2


def unaffected(page: Page) -> Section:
    """Return the services that stayed up although something that they need did not, and why."""
    entries = [
        page.entry(f"  {page.names(services)}: {clean(why)}", 4)
        for why, services in by_value(page.facts.unaffected).items()
    ]
    return Section("Not affected, although something they need was", entries, least=0, weight=0.7)


# What the answer rests on.


def rests_on(page: Page, notes: Sequence[str]) -> Section:
    """Return which share rests on guesses, notes, and what is not certain."""
    rests = page.facts.rests
    entries = [] if rests is None else [page.entry(f"  {rests_words(rests, page.name, page.few)}")]
    entries += [page.entry(f"  {clean(note)}") for note in notes]
    for word, components in by_value(page.facts.guesses).items():
        entries.append(page.entry(f"  {clean(word)}: {page.names(components)}"))
    return Section("What this rests on", entries, least=1)


def sources(page: Page) -> Section:
    """Return where figures come from."""
    entries = [
        page.entry(f"  {page.names(components)}: {clean(source)}")
        for source, components in by_value(page.facts.sources).items()
    ]
    return Section("Sources", entries, least=0, weight=0.4)


def warnings_of(page: Page) -> Section:
    """Return the problems of the files that do not stop a run."""
    entries = [page.entry(f"  {clean(str(problem))}", 4) for problem in page.facts.warnings]
    return Section("Warnings", entries, least=0, weight=0.4)


def _estimate(count: Range) -> str:
    return "-" if count.estimate is None else f"about {people(count.estimate)}"
