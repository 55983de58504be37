"""The findings of a review's report, a part for each code: what is wrong, why it is so, what would help, and what that costs.

A finding is one row, which opens on demand; what is of medium or low severity stands behind the others. Rows have a number within their code
(``DR02.3``), by which all other parts of the report call them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from impactsim.audit.findings import Severity
from impactsim.reports.document.blocks import (
    Block,
    Column,
    Details,
    Link,
    More,
    Paragraph,
    Section,
    Sign,
    Table,
    Tone,
    Words,
)
from impactsim.reports.words import clean, joined
from impactsim.review.facts import PlanFinding, ReviewFacts
from impactsim.review.report import words

_TONES: dict[Severity, Tone] = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "high",
    Severity.MEDIUM: "medium",
    Severity.LOW: "low",
    Severity.NOTE: "low",
}
_N_SERVICES = 2

Numbered = tuple[int, PlanFinding]
"""A finding with its place in ``facts.findings``."""


def severity_sign(severity: Severity) -> Sign:
    """Return the sign of a severity."""
    return Sign(_TONES[severity], severity.word)


def slug(place: int) -> str:
    """Return the id within the document of the finding at a place of ``facts.findings``."""
    return f"finding-{place + 1}"


def slugs(facts: ReviewFacts) -> dict[str, str]:
    """Return the id within the document of each finding, by its own."""
    return {finding.id: slug(i) for i, finding in enumerate(facts.findings)}


def links(facts: ReviewFacts) -> dict[str, Link]:
    """Return the way to the row of each finding, by its id."""
    labels = words.labels(facts)
    return {id_: Link(place, labels[id_]) for id_, place in slugs(facts).items()}


def findings(facts: ReviewFacts) -> Section:
    """Return the section of the findings, the code of the worst one first."""
    codes: dict[str, list[Numbered]] = {}
    for numbered in enumerate(facts.findings):
        codes.setdefault(numbered[1].code, []).append(numbered)
    if not codes:
        return Section("findings", "Findings", (Paragraph("Nothing was found."),))
    said = Paragraph("A finding opens to its evidence and to what would help. The worst of each sort come first.")
    parts = (_of_code(facts, code, each) for code, each in codes.items())
    return Section("findings", "Findings", (said, *parts))


def _of_code(facts: ReviewFacts, code: str, found: Sequence[Numbered]) -> Section:
    about = words.CODES.get(code, "Finding")
    blocks: list[Block] = [Paragraph(words.MEANINGS[code])] if code in words.MEANINGS else []
    grave = [each for each in found if each[1].severity >= Severity.HIGH]
    others = [each for each in found if each[1].severity < Severity.HIGH]
    if grave:
        blocks.append(_table(facts, f"{code}: {about}", grave))
    if others:
        title = f"{code}: the others"
        blocks.append(Details(_counts(others), (_table(facts, title, others),)))
    return Section(f"findings-{code}", f"{code} {about}", tuple(blocks))


def _counts(found: Sequence[Numbered]) -> str:
    n = Counter(each.severity for _, each in found)
    said = joined([f"{n[severity]:,} {severity.word}" for severity in sorted(n, reverse=True)])
    return f"{said} {'finding' if n.total() == 1 else 'findings'}"


def _table(facts: ReviewFacts, caption: str, found: Sequence[Numbered]) -> Table:
    """Return findings as rows below what says the same as the caption; without columns in which nothing would stand."""
    labels = words.labels(facts)
    titles = ["No.", "Severity", "What is wrong", "Services", "Cheapest change"]
    all_ = [_cells(facts, labels, each) for _, each in found]
    used = [i for i in range(len(titles)) if i < 3 or any(row[i] != "-" for row in all_)]
    rows = tuple(tuple(row[i] for i in used) for row in all_)
    return Table(
        caption,
        tuple(Column(titles[i]) for i in used),
        rows,
        tuple(slug(place) for place, _ in found),
        shows_caption=False,
    )


def _cells(facts: ReviewFacts, labels: dict[str, str], finding: PlanFinding) -> list[Words]:
    return [
        labels[finding.id],
        severity_sign(finding.severity),
        _wrong(facts, finding),
        words.names(facts, finding.services, _N_SERVICES) or "-",
        _cheapest(facts, finding),
    ]


def _wrong(facts: ReviewFacts, finding: PlanFinding) -> Words:
    """Return what is wrong, which opens to why it is so and to what would help."""
    text = f"{clean(finding.text)}."
    behind = [f"{clean(each)}." for each in finding.evidence]
    if len(finding.services) > _N_SERVICES + 1:
        behind.append(f"Services: {words.names(facts, finding.services)}.")
    if finding.remedy:
        behind.append(f"What would help: {clean(finding.remedy)}.")
    return More(text, tuple(behind), is_printed=finding.severity >= Severity.HIGH) if behind else text


def _cheapest(facts: ReviewFacts, finding: PlanFinding) -> Words:
    if not facts.changes or finding.id not in facts.cheapest:
        return "-"
    chosen = facts.cheapest[finding.id]
    return "none listed closes it" if chosen is None else (Link(f"change-{chosen}", chosen),)
