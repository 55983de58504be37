"""The last sections of a review's report: backups, suppliers, changes that were tried, and what all of it rests on."""

from __future__ import annotations

from impactsim.model.fields import Target
from impactsim.reports.document.blocks import (
    Block,
    Code,
    Column,
    Details,
    Paragraph,
    Points,
    Section,
    Strong,
    Table,
    Words,
)
from impactsim.reports.words import clean, counted, joined
from impactsim.review import words
from impactsim.review.facts import BackupRow, ReviewFacts


def _columns(*titles: str) -> tuple[Column, ...]:
    """Return columns; a title in capital N and a colon is that of numbers."""
    return tuple(Column(title.removeprefix("N:"), is_number=title.startswith("N:")) for title in titles)


# Backups.


def backups(facts: ReviewFacts) -> Section:
    """Return the section of the copies and standbys."""
    if not facts.backups:
        return Section("backups", "Backups", ())
    columns = _columns("Of", "By", "Kind", "N:Every", "N:Loses", "Takes", "Shares", "Last test")
    table = Table(
        "Copies and standbys, and how they were tested", columns, tuple(_backup(facts, each) for each in facts.backups)
    )
    return Section("backups", "Backups", (table,))


def _backup(facts: ReviewFacts, row: BackupRow) -> tuple[Words, ...]:
    return (
        words.name(facts, row.of),
        words.name(facts, row.by),
        row.kind,
        "-" if row.every_ms is None else words.target(row.every_ms),
        words.loss(row.loses_ms),
        clean(row.takes),
        words.names(facts, row.shares) or "nothing",
        words.last_test(row.last_test),
    )


# Suppliers.


def suppliers(facts: ReviewFacts) -> Section:
    """Return the section of the suppliers, each with the services that lean on it."""
    found: dict[str, tuple[Target | None, str | None, list[str]]] = {}
    for row in facts.rows:
        for supplier, promised, evidence in row.suppliers:
            found.setdefault(supplier, (promised, evidence, []))[2].append(clean(row.name))
    if not found:
        return Section("suppliers", "Suppliers", ())
    columns = _columns("Supplier", "N:Promised repair time", "Evidence", "Services that lean on it")
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (words.name(facts, each), words.target(promised), clean(evidence) if evidence else "none", joined(names))
        for each, (promised, evidence, names) in found.items()
    )
    return Section("suppliers", "Suppliers", (Table("Who else runs what, and what was promised", columns, rows),))


# Changes.


def changes(facts: ReviewFacts) -> Section:
    """Return the section of the changes that were tried."""
    if not facts.changes:
        return Section("changes", "Changes", ())
    columns = _columns("Change", "What it is", "N:Cost", "Closes", "Opens")
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (
            Code(each.id),
            clean(each.text),
            words.cost(facts, each.cost),
            joined(list(each.closes)) or "none",
            joined(list(each.opens)) or "none",
        )
        for each in facts.changes
    )
    said = Paragraph(
        "Each change was made to the system and the plan, and everything was reviewed again on the same luck."
    )
    return Section("changes", "Changes", (said, Table("Findings of high severity or worse", columns, rows)))


# Basis.


def basis(facts: ReviewFacts) -> Section:
    """Return the section of what the review rests on: assumptions, warnings, guesses, sources."""
    blocks: list[Block] = []
    if facts.assumptions:
        blocks += [Paragraph((Strong("Assumptions"),)), Points(tuple(f"{clean(each)}." for each in facts.assumptions))]
    if facts.warnings:
        blocks += [Paragraph((Strong("Warnings"),)), Points(tuple(clean(str(each)) for each in facts.warnings))]
    if facts.guesses:
        rows = tuple((words.name(facts, each), clean(how)) for each, how in facts.guesses.items())
        blocks.append(Table("Facts that are not certain", _columns("Of", "How it is known"), rows))
    if facts.sources:
        told = tuple((words.name(facts, each), clean(source)) for each, source in facts.sources.items())
        table = Table("Where figures come from", _columns("Of", "Source"), told)
        blocks.append(Details(counted(len(told), "source"), (table,)))
    blocks.append(Paragraph(_terms()))
    return Section("basis", "What this rests on", tuple(blocks))


def _terms() -> str:
    return (
        "RTO: recovery time objective, from the beginning of the outage. RPO: recovery point objective. MTPD: maximum tolerable period "
        "of disruption. MBCO: minimum level that is acceptable meanwhile. P50 and P90: half and nine of ten trials are no longer. "
        "A target holds if at most 10% of the trials miss it, is at risk up to half, and fails beyond."
    )
