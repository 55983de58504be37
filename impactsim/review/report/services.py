"""The services of a review's report: what is promised of each, what can be had, and on what it rests."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from impactsim.audit.findings import Severity
from impactsim.model.fields import Target
from impactsim.quantities import about_share
from impactsim.reports.document.blocks import (
    Block,
    Column,
    Definitions,
    Details,
    Figure,
    Link,
    Piece,
    RangeBar,
    RangesPicture,
    Section,
    Strong,
    Table,
    Words,
)
from impactsim.reports.words import clean
from impactsim.review.facts import ReviewFacts, ServiceRow, Spread
from impactsim.review.report import words
from impactsim.review.report.findings import links
from impactsim.review.report.summary import N_ROWS, ORDER, promises, verdict_sign


def services(facts: ReviewFacts) -> Section:
    """Return the section of the services."""
    played = [row for row in facts.rows if row.achievable_rto is not None]
    blocks: list[Block] = [_ranges(played)] if played else []
    if len(facts.rows) > N_ROWS:  # else the first page has them all
        blocks.append(promises(facts, None))
    blocks += _each(facts)
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
    return Figure("achievable", "Achievable recovery times and their targets", text, picture, table, prints_table=False)


_RANGE_TITLES = ("Service", "Scenario", "Target RTO", "P10", "P50", "P90")


def _range_row(row: ServiceRow) -> tuple[Words, ...]:
    rto = row.achievable_rto
    assert rto is not None, "only services that a scenario touches have a range"
    figures = (words.recovery(each, row.rto) for each in (rto.p10_ms, rto.p50_ms, rto.p90_ms))
    return (clean(row.name), words.where(row), words.target(row.rto), *figures)


# Each service, and what it rests on.


def _each(facts: ReviewFacts) -> list[Block]:
    """Return a block for each service, opened on demand: those that fail first."""
    ways = links(facts)
    rows = sorted(facts.rows, key=lambda row: ORDER.index(row.verdict))  # stable
    return [Details(_head(row), (Definitions(tuple(_said(facts, row, ways))),)) for row in rows]


def _head(row: ServiceRow) -> Words:
    rto = "" if row.achievable_rto is None else f", achievable {words.spread(row.achievable_rto, row.rto)}"
    return (Strong(clean(row.name)), ": ", verdict_sign(row.verdict), f", target RTO {words.target(row.rto)}{rto}")


def _said(facts: ReviewFacts, row: ServiceRow, ways: Mapping[str, Link]) -> Iterator[tuple[str, Words]]:
    yield "Who", _who(row)
    yield "Promised", _promises(row)
    if row.achievable_rto is not None:
        yield "Recovery time", _recovery(row)
    if row.achievable_rpo is not None:
        yield (
            "Data lost",
            f"{words.loss_spread(row.achievable_rpo, row.rpo)}, met in {words.met(row.p_rpo_met, digits=True)} of the trials",
        )
    if row.critical_path:
        wave = f" (wave {row.wave})" if row.wave else ""
        yield f"Critical path{wave}", words.path(facts, row.critical_path)
    yield "Single points of failure", words.names(facts, row.single_points) or "none"
    yield "Shared by primary and backup", words.names(facts, row.shared) or "nothing"
    yield "Suppliers (repair time)", ", ".join(_supplier(facts, *each) for each in row.suppliers) or "none"
    yield "People needed", ", ".join(clean(each) for each in row.people) or "nobody"
    yield "Last test", words.last_test(row.last_test, row.id)
    yield "Findings", _grave(facts, row.findings, ways)


def _who(row: ServiceRow) -> str:
    tier = "no tier" if row.tier is None else f"tier {row.tier}"
    return f"{clean(row.owner) if row.owner else 'no owner'}, {tier}"


def _promises(row: ServiceRow) -> str:
    since = "" if row.as_of is None else f", set on {words.day(row.as_of)}"
    limits = f"RTO {words.target(row.rto)}, RPO {words.target(row.rpo)}, MTPD {words.target(row.mtpd)}"
    return f"{limits}, at least {about_share(row.mbco)} meanwhile (MBCO){since}"


def _recovery(row: ServiceRow) -> str:
    told = [f"{words.spread(row.achievable_rto, row.rto)} in {words.where(row)}"]
    if row.from_declaration is not None:
        declared = words.from_declaration(row.from_declaration)
        told.append(declared if declared == "not declared" else f"{declared} from the declaration")
    gap = _gap(row.rto, row.achievable_rto)
    if gap:
        told.append(gap)
    if row.p_rto_met is not None:
        told.append(f"met in {words.met(row.p_rto_met, digits=True)} of the trials")
    return "; ".join(told)


def _gap(target: Target | None, achievable: Spread | None) -> str:
    """Say by how much the P90 misses a target; nothing where there is none, or where it is kept."""
    if not isinstance(target, int) or achievable is None or achievable.p90_ms <= target:
        return ""
    gap = achievable.p90_ms - target
    return "never within the target" if math.isinf(gap) else f"the P90 is {words.duration(gap)} above the target"


def _supplier(facts: ReviewFacts, supplier: str, promised: Target | None, evidence: str | None) -> str:
    return f"{words.name(facts, supplier)} ({words.target(promised)}{'' if evidence else ', no evidence'})"


def _grave(facts: ReviewFacts, findings: tuple[str, ...], ways: Mapping[str, Link]) -> Words:
    """Return the findings of high severity or worse, and how many others there are."""
    grave = {each.id for each in facts.findings if each.severity >= Severity.HIGH}
    pieces = list(_named(tuple(each for each in findings if each in grave), ways))
    others = sum(each not in grave for each in findings)
    return (*pieces, f"; {others:,} less severe") if others else tuple(pieces)


def _named(findings: tuple[str, ...], ways: Mapping[str, Link]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for each in findings:
        pieces += [", "] * bool(pieces) + [ways.get(each, each)]
    return tuple(pieces) or ("none",)
