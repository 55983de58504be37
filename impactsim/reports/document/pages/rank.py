"""The document of a ranking: the worst failures as ranges and as a table, how they spread, the pairs and the hours."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from impactsim.engine.users import Range
from impactsim.quantities import about_duration
from impactsim.reports.document.blocks import (
    Block,
    Column,
    Details,
    Document,
    Figure,
    KeyFigures,
    Paragraph,
    Points,
    RangeBar,
    RangesPicture,
    Table,
    Tone,
    Words,
)
from impactsim.reports.document.pages.parts import (
    WHOLE,
    answers,
    list_blocks,
    part,
    parts,
    repeat_with,
    table_blocks,
)
from impactsim.reports.layout import Cell, Row
from impactsim.reports.rank.facts import Ranked, RankFacts
from impactsim.reports.rank.headline import damage, name_in, rank_headline, unit_of
from impactsim.reports.rank.hours import hours_text
from impactsim.reports.rank.text import basis_of, pair_row, spread_lines, table_rows, tried_pairs
from impactsim.reports.words import clean, counted, people

_Unit = Literal["duration", "people", "share", "number"]

_MOST_BARS = 20
_MOST_CHAINS = 10


def rank_document(facts: RankFacts, command: str = "") -> Document:
    """Return what stands in the report of a ranking.

    Parameters
    ----------
    facts
        What the ranking says.
    command
        The command line that wrote it; empty if there was none.
    """
    return Document(
        title=f"Single failures of {clean(facts.system)}",
        subtitle=f"{counted(len(facts.ranking), 'failure')}, one after the other, the worst first",
        summary=(*answers((text, _LOOKS.get(look, "")) for text, look in rank_headline(facts)), *_key_figures(facts)),
        sections=parts(
            part("worst", "The worst failures", _picture(facts), *_ranking(facts)),
            part("spread", "How the worst of them spread", *_spreads(facts)),
            part("pairs", "Pairs that are worse than their parts", *_pairs(facts)),
            part("hours", "When it begins", *_hours(facts)),
            part("basis", "What this rests on", *list_blocks(basis_of(facts), "notes", 20)),
        ),
        repeat=repeat_with(command, f"seed {facts.seed}"),
    )


_SCREEN = replace(WHOLE, symbols=replace(WHOLE.symbols, degraded=" degraded"))
_LOOKS = {"degraded": "degraded", "down": "degraded"}
"""Looks of the headline that are a warning; nothing has failed yet."""


def _key_figures(facts: RankFacts) -> list[Block]:
    if not facts.ranking:
        return []
    ranking = facts.ranking
    n_alone = sum(each.takes_down_others and not each.strikes for each in ranking)
    figures: list[tuple[str, Words, Words]] = [
        ("Failures tried", f"{len(ranking):,}", f"of {counted(facts.n_components, 'component')}"),
        ("Take other services down", f"{n_alone:,}", "failing alone"),
        ("Reach nobody", f"{sum(each.hits_nobody for each in ranking):,}", ""),
        ("Never come back", f"{sum(each.is_never for each in ranking):,}", "some service, by itself"),
    ]
    return [KeyFigures(tuple(figures))]


# The worst.


def _picture(facts: RankFacts) -> Figure | None:
    """Return the loss of the worst failures as ranges: the interval of trials, or the bounds."""
    shown = [each for each in facts.ranking if not each.hits_nobody][:_MOST_BARS]
    bars = tuple(_bar(facts, each) for each in shown)
    if not bars:
        return None
    unit, what = _measure(facts)
    rows = tuple((bar.name, *(_figure(value, unit) for value in (bar.low, bar.middle, bar.high))) for bar in bars)
    columns = (Column("failure"), Column("at least", True), Column("estimate", True), Column("at most", True))
    rest = (
        f" {counted(len(facts.ranking) - len(shown), 'failure')} more stand in the table."
        if len(facts.ranking) > len(shown)
        else ""
    )
    text = f"The mark is the estimate, the bar reaches from the least to the most.{rest}"
    picture = RangesPicture(bars, unit, what)
    return Figure("worst-picture", f"What single failures cost: {what}", text, picture, Table(what, columns, rows))  # fmt: skip


def _measure(facts: RankFacts) -> tuple[_Unit, str]:
    if facts.service is not None:
        return "duration", f"time down of {name_in(facts, facts.service)}"
    if facts.by == "affected":
        return "people", "users affected"
    if facts.by == "down" or not facts.has_users:
        return "duration", "time of services down"
    return "number", f"{unit_of(facts)}{' a year' if facts.by == 'yearly' else ' lost'}"


def _bar(facts: RankFacts, each: Ranked) -> RangeBar:
    low, middle, high = _interval(facts, each)
    tone: Tone = "critical" if each.is_never else "high" if each.services_down else "medium"
    return RangeBar(clean(each.name), low, middle, high, None, tone)


def _interval(facts: RankFacts, each: Ranked) -> tuple[float, float, float]:
    if facts.service is not None:
        return (float(each.service_down_ms),) * 3
    sampled = each.sampled
    if facts.by == "affected":
        return (sampled.affected.low, sampled.affected.mean, sampled.affected.high) if sampled else _of(each.affected)
    if facts.by == "down" or not facts.has_users:
        return (sampled.down_ms.low, sampled.down_ms.mean, sampled.down_ms.high) if sampled else (each.down_ms,) * 3
    if facts.by == "yearly":
        return (each.lost_a_year or 0.0,) * 3
    lost = sampled.lost_user_minutes if sampled else None
    return (lost.low, lost.mean, lost.high) if lost else _of(each.lost_user_minutes)


def _of(value: Range) -> tuple[float, float, float]:
    return value.low, value.high if value.estimate is None else value.estimate, value.high


def _figure(value: float, unit: str) -> str:
    return about_duration(value) if unit == "duration" else people(value, 3)


_HEADS = (
    ("failure", False), ("place", True), ("id", False), ("kind", False), ("users", True), ("user-minutes", True),
    ("it is down", True), ("services", True), ("longest", True), ("a year", True), ("spreads", True),
    ("on guesses", True),
)  # fmt: skip


def _ranking(facts: RankFacts) -> list[Block]:
    rows: list[Row] = []
    for row, each in zip(table_rows(facts, _SCREEN), facts.ranking, strict=True):
        place, failure, *others = row
        id_ = failure.text if isinstance(failure, Cell) else failure
        rows.append([clean(each.name), place, "" if id_ == each.name else id_, *others])
    return table_blocks("Failures, the worst first", _HEADS, rows)


def _spreads(facts: RankFacts) -> list[Block]:
    """Return how the worst failures reach services, each chain on demand."""
    told = [each for each in facts.ranking if each.spread][:_MOST_CHAINS]
    blocks: list[Block] = []
    for each in told:
        lines = [" ".join(line.split()) for line in spread_lines(facts, each.id, WHOLE)[1:] if line.strip()]
        blocks.append(Details(f"{clean(each.name)}: {damage(facts, each)}", (Points(tuple(lines)),)))
    return [Paragraph("Each with the steps from the service back to what failed:"), *blocks] if blocks else []


# Pairs and hours.


def _pairs(facts: RankFacts) -> list[Block]:
    if facts.pairs is None:
        return []
    unit = "user-minutes" if facts.has_users else "service-minutes"
    heads = (
        ("failure", False), ("with", False), ("users affected", True), (f"{unit} lost", True), ("more than both alone", True),
    )  # fmt: skip
    rows = [pair_row(facts, each) for each in facts.pairs.pairs]
    return [*table_blocks("Pairs that are worse than their parts", heads, rows), Paragraph(f"{tried_pairs(facts)}.")]


def _hours(facts: RankFacts) -> list[Block]:
    hours = facts.hours
    if hours is None:
        return []
    bars = tuple(
        RangeBar(f"{hour.starts:%H:%M}", *_of(hour.lost_user_minutes), None, "good" if i == hours.best else "high" if i == hours.worst else "medium")
        for i, hour in enumerate(hours.hours)
    )  # fmt: skip
    rows = tuple(
        (bar.name, people(_of(hour.affected)[1], 3), people(bar.middle, 3))
        for bar, hour in zip(bars, hours.hours, strict=True)
    )
    columns = (Column("begins at"), Column("users affected", True), Column("user-minutes lost", True))
    text = " ".join(line.strip() for line in hours_text(facts, WHOLE)[:1])
    title = f"{clean(hours.name)}, by the hour at which it begins ({hours.zone})"
    picture = RangesPicture(bars, "number", "user-minutes lost")
    return [Figure("hours-picture", title, f"{text}.", picture, Table("By the hour at which it begins", columns, rows))]  # fmt: skip
