"""Many trials in words, on one screen: the answer first, then services and users, then what drives the spread.

Knows the facts and how a screen is laid out. Every figure comes from the facts, and is written with its interval.
"""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.engine.users import Range
from impactsim.quantities import format_duration
from impactsim.reports.layout import Cell, Column, Entry, Row, Section, fit
from impactsim.reports.page import Screen
from impactsim.reports.rests import rests_words
from impactsim.reports.sampled.facts import (
    SampledComponent,
    SampledData,
    SampledFacts,
    SampledPeople,
    SampledUsers,
    Target,
)
from impactsim.reports.sampled.headline import is_bounded, main_of, sampled_headline
from impactsim.reports.sampled.page import SampledPage, kept_together, laid_out, others_of, services_of
from impactsim.reports.sampled.spread import drivers, how_made
from impactsim.reports.words import bounds, by_value, clean, counted

_QUANTILES = ("10%", "50%", "90%")
_TIMES_CAN_GO = (7, 6, 3, 5)
"""Columns that a narrow table of times loses first: degraded for, at most, 10%, 90%."""


def report(facts: SampledFacts, screen: Screen | None = None, notes: Sequence[str] = ()) -> list[str]:
    """Write many trials as text.

    Parameters
    ----------
    facts
        What the trials say.
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
    page = SampledPage(facts, screen)
    top: list[str] = []
    for line in sampled_headline(page):
        top += [screen.paint(part, line.look) for part in kept_together(line.text, screen.columns, 2)]
    sections = [
        _services(page),
        _degraded(page),
        _targets(page),
        _users(page),
        destroyed_data(page),
        drivers(page),
        rests_on(page, notes),
        how_made(page),
        warnings_of(page),
        _others(page),
        sources(page),
    ]
    room = None if screen.n_lines is None else screen.n_lines - len(top)
    return top + fit(sections, room, screen.paint, screen.columns)


def to_text(facts: SampledFacts) -> str:
    """Write many trials as plain text, nothing left out."""
    return "\n".join(report(facts, Screen(n_lines=None)))


# Who is affected.


def _services(page: SampledPage) -> Section:
    """Return the services that were down in any trial."""
    affected = services_of(page.facts)
    section = _table_of(page, "Services", [each for each in affected if each.down.p > 0.0], 2.5)
    n_fine = len(page.facts.services) - len(affected)
    if section.entries and n_fine:
        trials = "" if page.facts.is_certain else " in any trial"
        section.tail.append(page.screen.paint(f"  {counted(n_fine, 'other service')} not affected{trials}", "quiet"))
    return section


def _degraded(page: SampledPage) -> Section:
    """Return the services that were degraded in some trials and down in none."""
    columns = [Column("name", least=12), Column("degraded in"), *_columns_of_times("for"), Column("not restored")]
    rows: list[Row] = [
        [
            clean(each.name),
            page.cell(each.affected, "degraded"),
            *page.times(each.degraded_ms),
            page.cell(each.not_restored, "degraded") if each.not_restored.p > 0.0 else "-",
        ]
        for each in services_of(page.facts)
        if each.down.p == 0.0
    ]
    titles, lines = laid_out(page, columns, rows, _TIMES_CAN_GO[1:])
    heading = "Services degraded, down in no trial"
    return Section(heading, [Entry([line]) for line in lines], titles, weight=1.5)


def _others(page: SampledPage) -> Section:
    """Return the components that are no services: of interest to those who repair, so only with room."""
    return _table_of(page, "Other components", others_of(page.facts), 0.4, least=0)


def _table_of(
    page: SampledPage, heading: str, components: Sequence[SampledComponent], weight: float, least: int = 3
) -> Section:
    columns = [
        Column("name", least=12),
        Column("down in"),
        *_columns_of_times("down for"),
        Column("degraded for", is_right=True),
        Column("not restored"),
    ]
    shown = components if page.is_whole else components[: page.screen.n_lines]
    # The longest time of what did not come back means little, and a narrow screen has no room for both.
    has_longest = page.is_wide or all(each.not_restored.p == 0.0 for each in components)
    titles, lines = laid_out(page, columns, [row_of(page, each, has_longest) for each in shown], _TIMES_CAN_GO)
    entries = [Entry([line]) for line in lines]
    return Section(heading, entries, titles, least=least, weight=weight, unseen=len(components) - len(shown))


def _columns_of_times(title: str) -> list[Column]:
    return [Column(each, is_right=True) for each in (title, *_QUANTILES, "at most")]


def row_of(page: SampledPage, component: SampledComponent, has_longest: bool) -> Row:
    """Return how a component fared: name, down in, five columns of time down, time degraded, not restored in."""
    down = page.times(component.down_ms) if component.down.p > 0.0 else ["-"] * 5
    has_degraded = page.is_wide and component.degraded_ms.most > 0.0
    return [
        clean(component.name),
        page.cell(component.down, "down"),
        *(down if has_longest else [*down[:-1], "-"]),
        page.times(component.degraded_ms)[0] if has_degraded else "-",
        page.cell(component.not_restored, "down") if component.not_restored.p > 0.0 else "-",
    ]


def _targets(page: SampledPage) -> Section:
    """Return how often recovery times are missed."""
    columns = [
        Column("name", least=12),
        Column("RTO"),
        Column("missed in"),
        Column("MTPD"),
        Column("exceeded in"),
    ]
    listed = [each for each in (*services_of(page.facts), *others_of(page.facts)) if each.rto or each.mtpd]
    rows: list[Row] = [
        [clean(each.name), *target_cells(page, each.rto, "degraded"), *target_cells(page, each.mtpd, "down")]
        for each in listed
    ]
    titles, lines = laid_out(page, columns, rows)
    return Section("Recovery times", [Entry([line]) for line in lines], titles, weight=1.5)


def target_cells(page: SampledPage, target: Target | None, look: str) -> Row:
    """Return a recovery time and how often it is missed."""
    return ["-", "-"] if target is None else [format_duration(target.limit_ms), _missed(page, target, look)]


def _missed(page: SampledPage, target: Target, look: str) -> Cell | str:
    return "never" if page.facts.is_certain and not target.missed.p else page.cell(target.missed, look)


def _users(page: SampledPage) -> Section:
    columns = [
        Column("segment", least=10),
        Column("affected", is_right=True),
        *(Column(each, is_right=True) for each in (*_QUANTILES, "at most" if page.is_wide else "")),
        Column("between the bounds"),
        Column("user-minutes lost", is_right=True),
        Column("all out for", is_right=True),
    ]
    facts = page.facts
    hit = [(name, group) for name, group in facts.segments.items() if group.affected.high.most > 0.0]
    hit.sort(key=lambda each: -each[1].affected.high.mean)
    rows = [users_row(page, segment_name(page, name), group) for name, group in hit]
    if len(hit) > 1:
        rows.append(users_row(page, "all", facts.users))
    titles, lines = laid_out(page, columns, rows, (8, 6, 5, 2, 3, 4))
    n_fine = len(facts.segments) - len(hit)
    tail = [page.screen.paint(f"  {counted(n_fine, 'other segment')} not affected", "quiet")] if hit and n_fine else []
    # The last row sums up the others, and is the last to go.
    entries = [Entry([line], 0 if i == len(hit) else 1) for i, line in enumerate(lines)]
    return Section("Users", entries, titles, tail, least=3, weight=2.0)


def segment_name(page: SampledPage, name: str) -> str:
    """Return the name of a segment."""
    return "users of single services" if name == "population" else clean(page.facts.segment_names.get(name, name))


def users_row(page: SampledPage, name: str, group: SampledUsers) -> Row:
    """Return what became of a segment: name, five columns of people, bounds, user-minutes, all out for."""
    affected, between = page.people(main_of(group.affected)), "-"
    if is_bounded(group.affected):
        between = _between(group.affected)
        if group.affected.estimate is None:
            affected, between = [between, *["-"] * 4], "-"
    if not page.is_wide:
        affected[-1] = "-"
    out, lost = group.out_ms, group.lost_user_minutes
    # Where only bounds are known, nobody knows for how long all are out.
    has_out = out is not None and main_of(out).most > 0.0 and not (out.estimate is None and is_bounded(out))
    return [
        name,
        *affected,
        between if page.is_wide else "-",
        _between(lost) if lost.estimate is None and is_bounded(lost) else page.people(main_of(lost))[0],
        page.times(main_of(out))[0] if page.is_wide and has_out and out is not None else "-",
    ]


def _between(count: SampledPeople) -> str:
    """Write the means of the bounds."""
    return bounds(Range(count.low.mean, None, count.high.mean))


def destroyed_data(page: SampledPage) -> Section:
    """Return what became of data that was destroyed."""
    return Section("Destroyed", [page.entry(f"  {_fate(page, each)}") for each in page.facts.data.values()], least=1)


def _fate(page: SampledPage, data: SampledData) -> str:
    parts = []
    if data.loss_ms is not None and data.loss_ms.most > 0.0:
        mean, *quantiles = page.times(data.loss_ms)
        spread = "" if quantiles[0] == "-" else f" on average (10% - 50% - 90%: {' - '.join(quantiles[:3])})"
        parts.append(f"the last {mean} before it was destroyed are lost{spread}")
    elif data.loss_ms is not None:
        parts.append("nothing is lost" if not data.lost_for_good.p else "else nothing is lost")
    if data.lost_for_good.p > 0.0:
        parts.append(f"lost for good in {page.chance(data.lost_for_good)}")
    if data.not_begun.p > 0.0:
        parts.append(f"no copy could be had by the end in {page.chance(data.not_begun)}")
    if data.rpo is not None:
        parts.append(f"more than its RPO of {format_duration(data.rpo.limit_ms)} in {page.chance(data.rpo.missed)}")
    return f"{clean(data.name)}: {'; '.join(parts)}"


# What the answer rests on.


def rests_on(page: SampledPage, notes: Sequence[str]) -> Section:
    """Return which share rests on guesses, notes, and what is not certain."""
    rests = page.facts.rests
    entries = [] if rests is None else [page.entry(f"  {rests_words(rests, page.name, page.few)}")]
    entries += [page.entry(f"  {clean(note)}") for note in notes]
    for word, components in by_value(page.facts.guesses).items():
        entries.append(page.entry(f"  {clean(word)}: {page.names(components)}"))
    return Section("What this rests on", entries, least=1)


def warnings_of(page: SampledPage) -> Section:
    """Return the problems of the files that do not stop a run."""
    entries = [page.entry(f"  {clean(str(problem))}") for problem in page.facts.warnings]
    return Section("Warnings", entries, least=0, weight=0.4)


def sources(page: SampledPage) -> Section:
    """Return where figures come from."""
    entries = [
        page.entry(f"  {page.names(components)}: {clean(source)}")
        for source, components in by_value(page.facts.sources).items()
    ]
    return Section("Sources", entries, least=0, weight=0.4)
