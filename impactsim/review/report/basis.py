"""The last sections of a review's report: backups, suppliers, and what all of it rests on."""

from __future__ import annotations

from impactsim.model.fields import Target
from impactsim.reports.document.blocks import (
    Block,
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
from impactsim.review.facts import BackupRow, ReviewFacts
from impactsim.review.report import words


def _columns(*titles: str) -> tuple[Column, ...]:
    """Return columns; a title in capital N and a colon is that of numbers."""
    return tuple(Column(title.removeprefix("N:"), is_number=title.startswith("N:")) for title in titles)


# Backups.


def backups(facts: ReviewFacts) -> Section:
    """Return the section of the copies and standbys."""
    if not facts.backups:
        return Section("backups", "Backups", ())
    blocks: list[Block] = []
    copies = [each for each in facts.backups if each.kind == "copy"]
    if copies:
        titles = _columns("Of", "Copy at", "N:Every", "N:Loses", "Takes", "Shares", "Last test")
        known = sorted(copies, key=lambda each: not _is_doubtful(each))  # stable
        blocks.append(Table("Copies of data", titles, tuple(_copy(facts, each) for each in known)))
    standbys = [each for each in facts.backups if each.kind == "standby"]
    doubtful = [each for each in standbys if _is_doubtful(each)]
    others = [each for each in standbys if not _is_doubtful(each)]
    if doubtful:
        blocks.append(_standbys(facts, "Standbys that share something, or that no test has shown to work", doubtful))
    if others:
        title = counted(len(others), "standby", "standbys") + " that a test has shown to work, sharing nothing"
        blocks.append(Details(title, (_standbys(facts, "Standbys that were tested", others),)))
    return Section("backups", "Backups", tuple(blocks))


def _is_doubtful(row: BackupRow) -> bool:
    return bool(row.shares) or row.last_test is None or row.last_test.passed is not True


def _copy(facts: ReviewFacts, row: BackupRow) -> tuple[Words, ...]:
    every = "-" if row.every_ms is None else words.target(row.every_ms)
    of, by, *rest = _standby(facts, row)
    return of, by, every, words.loss(row.loses_ms), *rest


def _standbys(facts: ReviewFacts, caption: str, rows: list[BackupRow]) -> Table:
    titles = _columns("Of", "Standby", "Takes", "Shares", "Last test")
    return Table(caption, titles, tuple(_standby(facts, each) for each in rows))


def _standby(facts: ReviewFacts, row: BackupRow) -> tuple[Words, ...]:
    return (
        words.name(facts, row.of),
        words.name(facts, row.by),
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
        (words.name(facts, each), words.target(promised), clean(evidence) if evidence else "none", joined(names, 2))
        for each, (promised, evidence, names) in found.items()
    )
    return Section("suppliers", "Suppliers", (Table("Who else runs what, and what was promised", columns, rows),))


# Basis.


def basis(facts: ReviewFacts) -> Section:
    """Return the section of what the review rests on: assumptions, warnings, guesses, sources."""
    blocks: list[Block] = []
    if facts.assumptions:
        blocks += [Paragraph((Strong("Assumptions"),)), Points(tuple(f"{clean(each)}." for each in facts.assumptions))]
    if facts.warnings:
        warned = Points(tuple(clean(str(each)) for each in facts.warnings))
        blocks.append(Details(f"{counted(len(facts.warnings), 'warning')} about the files", (warned,)))
    blocks += [Paragraph(f"{each}.") for each in words.rests(facts, 20)]
    if facts.guesses:
        rows = tuple((words.name(facts, each), clean(how)) for each, how in facts.guesses.items())
        blocks.append(Table("Facts that are not certain", _columns("Of", "How it is known"), rows))
    if facts.sources:
        blocks.append(Details(f"Where {counted(len(facts.sources), 'figure')} come from", (_sources(facts),)))
    blocks.append(Paragraph(_terms()))
    return Section("basis", "What this rests on", tuple(blocks))


def _sources(facts: ReviewFacts) -> Points:
    """Return the sources, each with all that comes from it."""
    found: dict[str, list[str]] = {}
    for each, source in facts.sources.items():
        found.setdefault(clean(source), []).append(words.name(facts, each))
    return Points(tuple((Strong(source), f": {', '.join(names)}") for source, names in found.items()))


def _terms() -> str:
    return (
        "RTO: recovery time objective, from the beginning of the outage. RPO: recovery point objective. MTPD: maximum tolerable period "
        "of disruption. MBCO: minimum level that is acceptable meanwhile. P50 and P90: half and nine of ten trials are no longer. "
        "A target holds if at most 10% of the trials miss it, is at risk up to half, and fails beyond."
    )
