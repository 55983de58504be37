"""The first page of a review's report, for management: does the plan hold, where not, what is worst, what would help."""

from __future__ import annotations

from impactsim.audit.findings import Severity
from impactsim.reports.document.blocks import (
    Block,
    Column,
    KeyFigures,
    Link,
    Paragraph,
    Points,
    Sign,
    Strong,
    Table,
    Tone,
    Words,
)
from impactsim.reports.words import clean, counted, people
from impactsim.review.facts import PlanFinding, ReviewFacts, ServiceRow, Verdict
from impactsim.review.report import words
from impactsim.review.report.findings import links, severity_sign

N_ROWS = 8  # more would push the findings off the first page
_HOW_TO_READ = (
    "Recovery times count from the beginning of the outage, each the longest over the scenarios. "
    "P50: half of the trials are back by then; P90: nine of ten. Lost is data, as a time back from the fault."
)
_N_FINDINGS = 3
_N_CHANGES = 3
_TONES: dict[Verdict, Tone] = {"holds": "good", "at risk": "medium", "fails": "critical", "not known": "unknown"}
ORDER: tuple[Verdict, ...] = ("fails", "at risk", "not known", "holds")
"""The worst first."""


def verdict_sign(verdict: Verdict) -> Sign:
    """Return the sign of a verdict."""
    return Sign(_TONES[verdict], verdict)


def summary(facts: ReviewFacts) -> tuple[Block, ...]:
    """Return the blocks of the first page."""
    blocks: list[Block] = [
        Paragraph(_verdict(facts)),
        KeyFigures(_key_figures(facts)),
        promises(facts),
        Paragraph(_HOW_TO_READ),
    ]
    if facts.findings:
        blocks += [Paragraph((Strong("The worst findings"),)), Points(_worst(facts))]
    if facts.changes:
        blocks += [Paragraph((Strong("What the cheapest changes close"),)), Points(_cheapest(facts))]
    return (*blocks, Paragraph(_rests_on(facts)))


def _verdict(facts: ReviewFacts) -> Words:
    said, _, why = words.verdict_sentence(facts).partition(": ")
    return (Sign(_TONES[facts.verdict], said), Strong(f": {why}." if why else "."))


def _key_figures(facts: ReviewFacts) -> tuple[tuple[str, Words, Words], ...]:
    hold = sum(row.verdict == "holds" for row in facts.rows)
    grave = sum(finding.severity >= Severity.HIGH for finding in facts.findings)
    figures: list[tuple[str, Words, Words]] = [
        ("Services that hold", f"{hold} of {len(facts.rows)}", "every target met in at least 90% of the trials"),
    ]
    worst = words.worst_row(facts)
    if worst is not None and worst.achievable_rto is not None:
        remark = f"{clean(worst.name)}, target {words.target(worst.rto)}, in {clean(worst.scenario)}"
        figures.append(("Furthest from its target", words.spread(worst.achievable_rto, worst.rto), remark))
    figures.append(("Findings high or worse", f"{grave:,}", f"of {counted(len(facts.findings), 'finding')}"))
    most = max((middle for each in facts.rehearsals for _, _, middle, _ in each.users), default=None)
    if most is not None:
        figures.append(("People affected at a time", people(most), "the most, by the middle of the trials"))
    return tuple(figures)


def promises(facts: ReviewFacts, n: int | None = N_ROWS) -> Table:
    """Return what is promised of the services and what can be had, the worst verdict first; of all of them if `n` is None."""
    rows = sorted(facts.rows, key=lambda row: ORDER.index(row.verdict))[:n]  # stable
    more = f", the first {n} of {len(facts.rows)}" if len(rows) < len(facts.rows) else ""
    columns = (
        Column("Service"),
        Column("Verdict"),
        Column("RTO", is_number=True),
        Column("P50", is_number=True),
        Column("P90", is_number=True),
        Column("RTO met", is_number=True),
        Column("RPO", is_number=True),
        Column("Lost (P90)", is_number=True),
    )
    # The first page of many services is no place to link to: all of them stand in the section of the services.
    ids = () if more else tuple(f"service-{row.id}" for row in rows)
    return Table(f"What is promised, and what can be had{more}", columns, tuple(map(_row, rows)), ids)


def _row(row: ServiceRow) -> tuple[Words, ...]:
    rto, rpo = row.achievable_rto, row.achievable_rpo
    return (
        clean(row.name),
        verdict_sign(row.verdict),
        words.target(row.rto),
        "-" if rto is None else words.recovery(rto.p50_ms, row.rto),
        "-" if rto is None else words.recovery(rto.p90_ms, row.rto),
        words.met(row.p_rto_met),
        words.target(row.rpo),
        "-" if rpo is None else words.loss(rpo.p90_ms, row.rpo),
    )


def _worst(facts: ReviewFacts) -> tuple[Words, ...]:
    ways = links(facts)
    return tuple(_finding(finding, ways[finding.id]) for finding in facts.findings[:_N_FINDINGS])


def _finding(finding: PlanFinding, way: Link) -> Words:
    return (severity_sign(finding.severity), " ", way, f" {clean(finding.text)}.")


def _cheapest(facts: ReviewFacts) -> tuple[Words, ...]:
    """Return the changes that are the cheapest for some finding, those that close the most for it first."""
    chosen = [each for each in facts.cheapest.values() if each is not None]
    helpful = [change for change in facts.changes if change.id in chosen]
    helpful.sort(key=lambda change: (-chosen.count(change.id), change.cost))  # stable
    points: list[Words] = [
        (
            Link(f"change-{change.id}", change.id),
            f": {clean(change.text)} ({words.cost(facts, change.cost)}) closes "
            f"{counted(len(change.closes), 'finding')} of high severity or worse"
            + (f" and opens {len(change.opens)}." if change.opens else "."),
        )
        for change in helpful[:_N_CHANGES]
    ]
    open_ = sum(each is None for each in facts.cheapest.values())
    if open_:
        points.append(f"{counted(open_, 'finding')} of high severity or worse: none of the listed changes closes it.")
    return tuple(points) or ("None of the listed changes closes a finding of high severity or worse.",)


def _rests_on(facts: ReviewFacts) -> Words:
    n = len(facts.guesses)
    sure = (
        f"{counted(n, 'fact')} of it {'is' if n == 1 else 'are'} not certain"
        if n
        else "nobody calls a fact of it a guess"
    )
    taken = f"{counted(len(facts.assumptions), 'assumption')}" if facts.assumptions else "no assumptions"
    return (f"It rests on the plan and the system as they are written; {sure}. See ", Link("basis", taken), ".")
