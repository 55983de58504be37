"""The document of one run: the answer on the first page, then who, when, how far it reached, why, and what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.model.system import System
from impactsim.quantities import about_duration
from impactsim.reports.document.blocks import (
    Block,
    Column,
    Details,
    Document,
    KeyFigures,
    Moment,
    Paragraph,
    Points,
    Section,
    Sign,
    Table,
    Tone,
    Words,
)
from impactsim.reports.document.pages.parts import (
    SHORT,
    WHOLE,
    answers,
    list_blocks,
    part,
    parts,
    repeat_with,
    sentences,
    table_blocks,
)
from impactsim.reports.document.pages.pictures import levels_figure, map_blocks, users_figure
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.facts import Moment as FactMoment
from impactsim.reports.headline import affected_others, affected_services, headline, kept_up_by, was_down
from impactsim.reports.page import Page
from impactsim.reports.story import told_moments, why
from impactsim.reports.text import (
    deadlocks,
    destroyed_data,
    reserve_row,
    rests_on,
    row_of,
    sources,
    unaffected,
    users_row,
    waiting_repairs,
    warnings_of,
)
from impactsim.reports.words import clean, counted, exact, is_exact, people, range_of_people

_FATES = (("at worst", False), ("down for", False), ("degraded for", False), ("first", False), ("up again", False))
_USERS = (
    ("segment", False), ("affected", True), ("at least to at most", False), ("all of them out for", False),
    ("user-minutes lost", True),
)  # fmt: skip
_RESERVES = tuple((title, False) for title in ("component", "kept up by", "without", "from", "to", "lasts until"))


def run_document(system: System, facts: Facts, command: str = "") -> Document:
    """Return what stands in the report of one run.

    Parameters
    ----------
    system
        The system that was run, with the scenario's changes.
    facts
        What the run says.
    command
        The command line that wrote it; empty if there was none.
    """
    page, short = Page(facts, WHOLE), Page(facts, SHORT)
    start = page.times.start()
    return Document(
        title=clean(facts.title),
        subtitle=f"What becomes of {clean(facts.system)}{f', from {start}' if start else ''}",
        summary=(*answers((line.text, line.look) for line in headline(facts)), _key_figures(facts), *_in_short(short)),
        sections=parts(
            part("services", "Services", *_fates("Services", page, affected_services(facts))),
            part("users", "People affected", users_figure(facts), *_segments(page)),
            part("over-time", "Levels over time", levels_figure(facts)),
            part("reach", "How far it reached", *map_blocks(system, facts)),
            part("why", "Why", *_reasons(page, short)),
            _open_ends(page),
            _what_held(page),
            part("timeline", "What happened", *_timeline(page, short)),
            part("others", "Other components", *_fates("Other components", page, affected_others(facts))),
            rests_section(sentences(rests_on(page, ())), sentences(warnings_of(page)), sentences(sources(page)), _assumed(facts)),
        ),
        repeat=repeat_with(command, f"seed {facts.seed}"),
    )  # fmt: skip


def rests_section(
    doubts: Sequence[str], warnings: Sequence[str], origins: Sequence[str], assumed: Sequence[str]
) -> Section | None:
    """Return what an answer rests on: how it was worked out, what is not certain, warnings, and where figures come from."""
    return part(
        "basis",
        "What this rests on",
        part("assumptions", "Assumptions", *list_blocks(assumed, "assumptions")),
        part("guesses", "Guessed, observed or typical values", *list_blocks(doubts, "values", 20)),
        part("warnings", "Warnings", *list_blocks(warnings, "warnings")),
        part("sources", "Sources", *list_blocks(origins, "sources", 20)),
    )


def _assumed(facts: Facts) -> list[str]:
    taken = "Every uncertain quantity takes its median" if facts.trial is None else f"One trial, number {facts.trial}"
    ends = "until the horizon of the scenario" if facts.has_horizon else "until nothing changes any more"
    return [f"{taken}: how sure the figures are is said by many trials.", f"It was followed {ends}."]


# The first page.

_N_REASONS = 3
_MOST_IN_FULL = 60
_FROM_TO = "Why, from what people notice back to what failed first:"


def _key_figures(facts: Facts) -> KeyFigures:
    affected = affected_services(facts)
    figures: list[tuple[str, Words, Words]] = [
        ("Services affected", f"{len(affected):,} of {len(facts.services):,}", _down(affected))
    ]
    if facts.has_users:
        users = facts.users
        figures.append(
            (
                "People affected",
                range_of_people(users.affected).removeprefix("about ").partition(" (")[0],
                _bounds(facts),
            )
        )
        lost = users.lost_user_minutes
        value = exact(lost.high) if is_exact(lost) else people(lost.high if lost.estimate is None else lost.estimate)
        value = value.removeprefix("about ")
        figures.append(("User-minutes lost", value, "" if lost.estimate is not None else "at most"))
    if affected:
        figures.append(_longest(affected))
    return KeyFigures(tuple(figures))


def _down(affected: Sequence[ComponentFacts]) -> Words:
    n_down = sum(map(was_down, affected))
    if not affected:
        return Sign("good", "none")
    return Sign("high", f"{n_down} down") if n_down else Sign("medium", "degraded")


def _bounds(facts: Facts) -> str:
    text = range_of_people(facts.users.affected)
    between = text.partition(" (")[2].rstrip(")")
    of = f"of {people(facts.people, 3)}" if facts.people else ""
    return ", ".join(filter(None, (between, of)))


def _longest(affected: Sequence[ComponentFacts]) -> tuple[str, Words, Words]:
    worst = affected[0]
    if not worst.restored:
        n = sum(not each.restored for each in affected)
        return "Not restored by the end", counted(n, "service"), Sign("critical", clean(worst.name))
    return "Longest", about_duration(worst.down_ms or worst.degraded_ms), clean(worst.name)


# Sections.


def _in_short(short: Page) -> list[Block]:
    """Return the first reasons, for the first page."""
    lines = sentences(why(short))
    if not lines:
        return []
    more = f" The others stand in the section on why: {len(lines) - _N_REASONS:,}." if len(lines) > _N_REASONS else ""
    return [Paragraph(f"{_FROM_TO}{more}"), Points(lines[:_N_REASONS])]


def _reasons(page: Page, short: Page) -> list[Block]:
    """Return all reasons, step by step as long as a person can read them; nothing where the first page has said it all."""
    told = sentences(why(short))
    is_small = len(affected_services(page.facts)) <= _MOST_IN_FULL
    lines = sentences(why(page)) if is_small else told
    if len(told) <= _N_REASONS and lines == told:
        return []
    return [Paragraph(_FROM_TO), *list_blocks(lines, "reasons")]


def _fates(caption: str, page: Page, components: Sequence[ComponentFacts]) -> list[Block]:
    rows = []
    for component in components:
        status, name, *others = row_of(page, component)
        rows.append([name, status, *others])
    return table_blocks(caption, (("name", False), *_FATES), rows)


def _segments(page: Page) -> list[Block]:
    facts = page.facts
    hit = [(name, group) for name, group in facts.segments.items() if group.affected.high > 0]
    hit.sort(key=lambda each: -each[1].affected.high)
    return table_blocks("People affected by segment", _USERS, [users_row(page, *each) for each in hit])


def _open_ends(page: Page) -> Section | None:
    return part(
        "waiting",
        "What waited, and what is lost",
        part("deadlocks", "Recovery deadlocks", *list_blocks(sentences(deadlocks(page)), "deadlocks")),
        part("data", "Destroyed data", *list_blocks(sentences(destroyed_data(page)), "losses")),
        part("repairs", "Repairs that wait", *list_blocks(sentences(waiting_repairs(page)), "repairs")),
    )


def _what_held(page: Page) -> Section | None:
    times = [(component, each) for component in page.facts.components.values() for each in component.reserve]
    kept = sorted((each for each in times if kept_up_by(*each)), key=lambda each: each[1].from_ms)
    return part(
        "held",
        "What held",
        *table_blocks("Kept up by a reserve", _RESERVES, [reserve_row(page, *each) for each in kept], most=20),
        part("unaffected", "Not affected, although something they need was", *list_blocks(sentences(unaffected(page)), "reasons")),
    )  # fmt: skip


_SAID: dict[str, tuple[Tone | None, str]] = {
    "down": ("high", "down"),
    "lost": ("critical", "lost"),
    "held up": ("medium", "held up"),
    "degraded": ("medium", "degraded"),
    "improved": ("medium", "better"),
    "up": ("good", "up"),
    "repaired": (None, "repaired"),
    "event": (None, "event"),
    "step": (None, "step"),
    "action": (None, "action"),
    "reserve": ("low", "on reserve"),
}


def _timeline(page: Page, short: Page) -> list[Block]:
    told, n_unseen = told_moments(short)
    if not told:
        return []
    blocks: list[Block] = [_moments("What happened", page, told)]
    n_all = len(page.facts.moments)
    if n_unseen or len(told) < n_all:
        blocks.append(
            Details(f"All {n_all:,} moments, none put together", (_moments("All moments", page, page.facts.moments),))
        )
    return blocks


def _moments(caption: str, page: Page, moments: Sequence[FactMoment]) -> Table:
    rows = tuple((_time(page, each.at_ms), _what(each), clean(each.text)) for each in moments)
    return Table(caption, (Column("time"), Column("what"), Column("in words")), rows)


def _time(page: Page, at_ms: int) -> Words:
    clock = page.facts.clock(at_ms) if page.times.are_clock_times else None
    return page.times.at(at_ms) if clock is None else Moment(clock, page.times.at(at_ms))


def _what(moment: FactMoment) -> Words:
    tone, word = _SAID[moment.what]
    return word if tone is None else Sign(tone, word)
