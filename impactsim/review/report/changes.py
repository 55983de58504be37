"""What to do, in a review's report: the changes that were tried, the cheapest first, and what would help where none closes a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from impactsim.audit.findings import Severity
from impactsim.reports.document.blocks import (
    Block,
    Code,
    Column,
    Details,
    Link,
    Paragraph,
    Piece,
    Section,
    Table,
    Words,
)
from impactsim.reports.words import clean, counted
from impactsim.review.facts import ChangeFacts, PlanFinding, ReviewFacts
from impactsim.review.report import words
from impactsim.review.report.findings import links, severity_sign

_N_LEFT = 4


def changes(facts: ReviewFacts) -> Section:
    """Return the section of what to do."""
    blocks: list[Block] = []
    ways = links(facts)
    if facts.changes:
        blocks += [Paragraph(_SAID), _tried(facts, ways)]
    left = [each for each in facts.findings if each.severity >= Severity.HIGH and facts.cheapest.get(each.id) is None]
    if left:
        blocks += _left(facts, left, ways)
    return Section("changes", "What to do", tuple(blocks))


_SAID = (
    "Each listed change was made to the system and the plan, and everything was reviewed again on the same luck. A finding is closed "
    "if it is gone or less than high."
)


def _tried(facts: ReviewFacts, ways: Mapping[str, Link]) -> Table:
    """Return the changes: those that close something first, the cheapest of them at the top."""
    order = sorted(facts.changes, key=lambda each: (not each.closes, each.cost))  # stable
    columns = (Column("Change"), Column("What it is"), Column("Cost", is_number=True), Column("Closes"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (Code(each.id), f"{clean(each.text)}.", words.cost(facts, each.cost), _does(each, ways)) for each in order
    )
    ids = tuple(f"change-{each.id}" for each in order)
    return Table("Changes that were tried, the cheapest first", columns, rows, ids)


def _does(change: ChangeFacts, ways: Mapping[str, Link]) -> Words:
    """Return what a change closes, what it makes better without closing it, and what it brings about."""
    pieces: list[Piece] = list(_named(change.closes, ways)) or ["nothing of high severity or worse"]
    if change.eases:
        pieces += ["; eases ", *_named([each.id for each in change.eases], ways)]
    if change.worsens:
        pieces += ["; worsens ", *_named([each.id for each in change.worsens], ways)]
    if change.opens:
        pieces += ["; opens ", *_named(change.opens, ways)]
    return tuple(pieces)


def _named(ids: Iterable[str], ways: Mapping[str, Link]) -> tuple[Piece, ...]:
    """Return findings by their numbers; those that are none of this review by their ids."""
    pieces: list[Piece] = []
    for each in ids:
        pieces += [", "] * bool(pieces) + [ways.get(each, each)]
    return tuple(pieces)


def _left(facts: ReviewFacts, left: list[PlanFinding], ways: Mapping[str, Link]) -> list[Block]:
    """Return what would help where no listed change does."""
    n = f"{counted(len(left), 'finding')} of high severity or worse"
    what = f"No listed change closes {n}." if facts.changes else f"No change is listed that was tried for {n}."
    said = Paragraph(f"{what} What would help instead:")
    first, rest = left[: _N_LEFT + 1], left[_N_LEFT + 1 :]
    blocks: list[Block] = [said, _helps("What would help where no listed change does", first, ways)]
    if rest:
        blocks.append(Details(f"{len(rest):,} more", (_helps("More that would help", rest, ways),)))
    return blocks


def _helps(caption: str, left: list[PlanFinding], ways: Mapping[str, Link]) -> Table:
    columns = (Column("Finding"), Column("Severity"), Column("What is wrong"), Column("What would help"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        ((ways[each.id],), severity_sign(each.severity), f"{clean(each.text)}.", f"{clean(each.remedy)}." if each.remedy else "-")
        for each in left
    )  # fmt: skip
    return Table(caption, columns, rows)
