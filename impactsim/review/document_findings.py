"""The findings of a review's report: what is wrong, why it is so, what would help, and what that costs."""

from __future__ import annotations

from impactsim.audit.findings import Severity
from impactsim.reports.document.blocks import (
    Block,
    Column,
    Details,
    Paragraph,
    Points,
    Section,
    Sign,
    Table,
    Tone,
    Words,
)
from impactsim.reports.words import clean, counted
from impactsim.review import words
from impactsim.review.facts import PlanFinding, ReviewFacts

_TONES: dict[Severity, Tone] = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "high",
    Severity.MEDIUM: "medium",
    Severity.LOW: "low",
    Severity.NOTE: "low",
}


def severity_sign(severity: Severity) -> Sign:
    """Return the sign of a severity."""
    return Sign(_TONES[severity], severity.word)


def slug(place: int) -> str:
    """Return the id within the document of the finding at a place of ``facts.findings``."""
    return f"finding-{place + 1}"


def slugs(facts: ReviewFacts) -> dict[str, str]:
    """Return the id within the document of each finding, by its own."""
    return {finding.id: slug(i) for i, finding in enumerate(facts.findings)}


def findings(facts: ReviewFacts) -> Section:
    """Return the section of the findings, the worst first; those of low severity as a table."""
    numbered = list(enumerate(facts.findings))
    blocks: list[Block] = [_finding(facts, i, each) for i, each in numbered if each.severity >= Severity.MEDIUM]
    small = [(i, each) for i, each in numbered if each.severity < Severity.MEDIUM]
    if small:
        blocks.append(Details(f"{counted(len(small), 'finding')} of low severity", (_table(small),)))
    return Section("findings", "Findings", tuple(blocks) or (Paragraph("Nothing was found."),))


def _finding(facts: ReviewFacts, place: int, finding: PlanFinding) -> Section:
    blocks: list[Block] = [Paragraph((severity_sign(finding.severity), f" {clean(finding.text)}."))]
    if finding.evidence:
        blocks.append(Points(tuple(clean(each) for each in finding.evidence)))
    if finding.remedy:
        blocks.append(Paragraph(f"What would help: {clean(finding.remedy)}."))
    cheapest = words.cheapest_of(facts, finding)
    if cheapest:
        blocks.append(Paragraph(f"{cheapest[0].upper()}{cheapest[1:]}."))
    return Section(slug(place), f"{finding.code} {words.title_of(facts, finding)}", tuple(blocks))


def _table(numbered: list[tuple[int, PlanFinding]]) -> Table:
    columns = (Column("Finding"), Column("Severity"), Column("What is wrong"), Column("What would help"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (each.code, severity_sign(each.severity), clean(each.text), clean(each.remedy)) for _, each in numbered
    )
    return Table("Findings of low severity", columns, rows, tuple(slug(i) for i, _ in numbered))
