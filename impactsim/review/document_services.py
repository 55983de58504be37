"""The services of a review's report: what is promised of each, what can be had, and on what it rests."""

from __future__ import annotations

from impactsim.model.fields import Target
from impactsim.quantities import about_share
from impactsim.reports.document.blocks import (
    Block,
    Column,
    Figure,
    Link,
    Piece,
    RangeBar,
    RangesPicture,
    Section,
    Table,
    Words,
)
from impactsim.reports.words import clean
from impactsim.review import words
from impactsim.review.document_findings import slugs
from impactsim.review.document_summary import verdict_sign
from impactsim.review.facts import ReviewFacts, ServiceRow, Spread


def services(facts: ReviewFacts) -> Section:
    """Return the section of the services."""
    blocks: list[Block] = [_promised(facts), _resting(facts)]
    played = [row for row in facts.rows if row.achievable_rto is not None]
    if played:
        blocks.insert(0, _ranges(played))
    return Section("services", "Services", tuple(blocks))


# Targets against what can be had.


def _ranges(rows: list[ServiceRow]) -> Figure:
    bars = tuple(
        RangeBar(
            clean(row.name),
            row.achievable_rto.p10_ms,
            row.achievable_rto.p50_ms,
            row.achievable_rto.p90_ms,
            float(row.rto) if isinstance(row.rto, int) else None,
            verdict_sign(row.verdict).tone,
        )
        for row in rows
        if row.achievable_rto is not None
    )
    table = Table(
        "Achievable recovery times, each in the scenario that is the worst for it",
        tuple(Column(title, is_number=title not in ("Service", "Scenario")) for title in _RANGE_TITLES),
        tuple(_range_row(row) for row in rows),
    )
    text = (
        "From P10 to P90 of the trials with P50 between them, from the beginning of the outage; the mark is the target."
    )
    picture = RangesPicture(bars, "duration", "Time below the minimum level")
    return Figure("achievable", "Achievable recovery times and their targets", text, picture, table)


_RANGE_TITLES = ("Service", "Scenario", "Target RTO", "P10", "P50", "P90")


def _range_row(row: ServiceRow) -> tuple[Words, ...]:
    rto = row.achievable_rto
    assert rto is not None, "only services that a scenario touches have a range"
    figures = (words.duration(each) for each in (rto.p10_ms, rto.p50_ms, rto.p90_ms))
    return (clean(row.name), clean(row.scenario), words.target(row.rto), *figures)


def _promised(facts: ReviewFacts) -> Table:
    columns = (
        Column("Service"),
        Column("Verdict"),
        Column("Owner"),
        Column("Tier", is_number=True),
        Column("MTPD", is_number=True),
        Column("MBCO", is_number=True),
        Column("RTO", is_number=True),
        Column("Achievable RTO", is_number=True),
        Column("Gap", is_number=True),
        Column("From declaration", is_number=True),
        Column("RTO met", is_number=True),
        Column("RPO", is_number=True),
        Column("Achievable RPO", is_number=True),
        Column("RPO met", is_number=True),
        Column("Set on"),
    )
    return Table("What is promised, and what can be had", columns, tuple(_promise(row) for row in facts.rows))


def _promise(row: ServiceRow) -> tuple[Words, ...]:
    return (
        clean(row.name),
        verdict_sign(row.verdict),
        clean(row.owner) if row.owner else "not given",
        "not given" if row.tier is None else f"{row.tier}",
        words.target(row.mtpd),
        about_share(row.mbco),
        words.target(row.rto),
        words.spread(row.achievable_rto),
        _gap(row.rto, row.achievable_rto),
        words.spread(row.from_declaration),
        words.met(row.p_rto_met, digits=True),
        words.target(row.rpo),
        words.loss_spread(row.achievable_rpo),
        words.met(row.p_rpo_met, digits=True),
        words.day(row.as_of),
    )


def _gap(target: Target | None, achievable: Spread | None) -> str:
    """Return by how much the P90 misses a target."""
    if not isinstance(target, int) or achievable is None:
        return "-"
    return words.duration(achievable.p90_ms - target) if achievable.p90_ms > target else "none"


# What they rest on.


def _resting(facts: ReviewFacts) -> Table:
    columns = tuple(
        Column(title, is_number=title == "Wave")
        for title in (
            "Service", "Wave", "Critical path", "Single points of failure", "Shared by primary and backup",
            "Suppliers and their evidence", "People needed", "Last test", "Findings",
        )
    )  # fmt: skip
    ids = slugs(facts)
    return Table("What they rest on", columns, tuple(_rest(facts, row, ids) for row in facts.rows))


def _rest(facts: ReviewFacts, row: ServiceRow, ids: dict[str, str]) -> tuple[Words, ...]:
    return (
        clean(row.name),
        f"{row.wave}" if row.wave else "-",
        words.path(facts, row.critical_path) or "-",
        words.names(facts, row.single_points) or "none",
        words.names(facts, row.shared) or "none",
        "; ".join(_supplier(facts, *each) for each in row.suppliers) or "none",
        ", ".join(clean(each) for each in row.people) or "nobody",
        words.last_test(row.last_test),
        _links(row.findings, ids),
    )


def _supplier(facts: ReviewFacts, supplier: str, promised: Target | None, evidence: str | None) -> str:
    told = f"{words.name(facts, supplier)}: repair time {words.target(promised)}"
    return f"{told} ({clean(evidence)})" if evidence else f"{told}, no evidence"


def _links(findings: tuple[str, ...], ids: dict[str, str]) -> Words:
    pieces: list[Piece] = []
    for each in findings:
        code = each.partition("/")[0]
        pieces += [", "] * bool(pieces) + [Link(ids[each], code) if each in ids else code]
    return tuple(pieces) or "none"
