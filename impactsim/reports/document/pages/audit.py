"""The document of an audit: findings with their severity, services, single points, the restart, what rests on whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from impactsim.audit.facts import AuditChange, AuditFacts, ServiceFacts
from impactsim.audit.findings import Finding, Severity
from impactsim.audit.restart import RestartPlan
from impactsim.quantities import about_duration
from impactsim.reports.audit.change_text import change_lines, in_short, saved
from impactsim.reports.audit.text import holder_row, service_row
from impactsim.reports.audit.words import audit_headline, figures, heading, notes
from impactsim.reports.chances import loss, losses
from impactsim.reports.document.blocks import (
    Block,
    Code,
    Column,
    Details,
    Document,
    Figure,
    KeyFigures,
    Link,
    Paragraph,
    Points,
    RangeBar,
    RangesPicture,
    Section,
    Sign,
    Strong,
    Table,
    Tone,
    Words,
)
from impactsim.reports.document.pages.parts import (
    list_blocks,
    part,
    parts,
    repeat_with,
    table_blocks,
    table_of,
    without_look,
)
from impactsim.reports.words import clean, counted, joined

TONES: dict[Severity, Tone] = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "high",
    Severity.MEDIUM: "medium",
    Severity.LOW: "low",
    Severity.NOTE: "unknown",
}
_N_WORST = 5
_MOST_FINDINGS = 15
_MOST_BARS = 20


def audit_document(facts: AuditFacts, changes: Sequence[AuditChange] = (), command: str = "") -> Document:
    """Return what stands in the report of an audit.

    Parameters
    ----------
    facts
        What the audit says.
    changes
        What the what-ifs do to it.
    command
        The command line that wrote it; empty if there was none.
    """
    return Document(
        title=f"Audit of {clean(facts.system)}",
        subtitle="What backups share, what takes services down, whether all can start again",
        summary=(
            *(Paragraph(f"{text}.") for text, _ in audit_headline(facts)),
            _key_figures(facts),
            *_worst(facts),
        ),
        sections=parts(
            part("changes", "What would change it", *(_change(each) for each in changes)),
            part("findings", "Findings", *_findings(facts)),
            part("services", "Services", _losses(facts), *_services(facts)),
            part("single-points", "Single points of failure", *_single_points(facts)),
            part("restart-order", "Starting again after all was down", *_restart(facts.restart)),
            part("concentration", "What rests on whom", *_concentration(facts)),
            part("basis", "What this rests on", *list_blocks([*notes(facts), *map(str, facts.warnings)], "notes", 20)),
        ),
        repeat=repeat_with(command),
    )


def _key_figures(facts: AuditFacts) -> KeyFigures:
    n = Counter(each.severity for each in facts.findings)
    bad: list[tuple[str, Words, Words]] = [
        (
            f"{severity.word.capitalize()} findings",
            f"{n[severity]:,}",
            Sign(TONES[severity], severity.word) if n[severity] else "",
        )
        for severity in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)
    ]
    lost = f"{loss(facts.lost_user_minutes)}" if facts.people > 0.0 else "-"
    known = "as far as rates are known" if facts.n_unknown else ""
    return KeyFigures((*bad, ("User-minutes lost a year", lost, known)))


def _worst(facts: AuditFacts) -> list[Block]:
    """Return the worst findings for the first page."""
    worst = sorted(facts.findings, key=lambda each: -each.severity)[:_N_WORST]  # stable
    if not worst:
        return []
    items = tuple((_sign(each), " ", Link(each.id, clean(each.text)), _behind(each)) for each in worst)
    return [Paragraph("The worst of them:"), Points(items)]


def _sign(finding: Finding) -> Sign:
    return Sign(TONES[finding.severity], finding.severity.word)


def _behind(finding: Finding) -> str:
    told = figures(finding)
    return f" ({told})" if told else ""


# Findings.


def _findings(facts: AuditFacts) -> list[Block]:
    """Return a part for each kind, that with the worst finding first."""
    groups: dict[str, list[Finding]] = {}
    for finding in facts.findings:
        groups.setdefault(heading(finding.kind), []).append(finding)
    return [Section(f"kind-{i}", title, tuple(_kind(group))) for i, (title, group) in enumerate(groups.items(), 1)]


def _kind(group: Sequence[Finding]) -> list[Block]:
    blocks: list[Block] = [_finding(finding) for finding in group[:_MOST_FINDINGS]]
    if rest := group[_MOST_FINDINGS:]:
        blocks.append(Details(counted(len(rest), "more finding"), (_short(rest),)))
    return blocks


def _finding(finding: Finding) -> Section:
    """Return a finding under a heading of its own, so that links lead to it."""
    told = figures(finding)
    head: Words = (
        (_sign(finding), f" {told}", " ", Code(finding.id)) if told else (_sign(finding), " ", Code(finding.id))
    )
    remedy = Paragraph((Strong("What would help:"), f" {clean(finding.remedy)}.")) if finding.remedy else None
    evidence = Points(tuple(f"{clean(each)}." for each in finding.evidence)) if finding.evidence else None
    blocks = tuple(block for block in (Paragraph(head), evidence, remedy) if block is not None)
    return Section(finding.id, clean(finding.text), blocks)


def _short(findings: Sequence[Finding]) -> Table:
    columns = tuple(map(Column, ("finding", "severity", "what it costs", "what would help")))
    rows = tuple((clean(each.text), _sign(each), figures(each) or "-", clean(each.remedy) or "-") for each in findings)
    return Table("More findings", columns, rows, tuple(each.id for each in findings))


def _change(change: AuditChange) -> Section:
    """Return what a what-if closes, opens, eases and worsens, and what it saves."""
    looks: dict[str, Tone] = {"down": "high", "up": "good"}
    items = [(Sign(looks[look], word), f" {text}") for word, text, look in change_lines(change)]
    name = clean(change.name)
    saving = saved(change)
    blocks = (Paragraph(f"{in_short(change).capitalize()}; {saving}."), *list_blocks(items, "findings"))
    return Section(f"change-{name}", name, blocks)


# Services.


def _by_loss(facts: AuditFacts) -> list[ServiceFacts]:
    return sorted(facts.services.values(), key=lambda each: (-each.lost_user_minutes, -each.users))  # stable


def _losses(facts: AuditFacts) -> Figure | None:
    """Return how many user-minutes services cost a year, with the bounds that are proven."""
    shown = [each for each in _by_loss(facts) if each.lost_user_minutes > 0.0][:_MOST_BARS]
    if not shown:
        return None
    bars = tuple(_bar(each) for each in shown)
    columns = (Column("service"), Column("user-minutes a year", True))
    rows = tuple((clean(each.name), losses(each.lost_user_minutes, each.most_lost_user_minutes)) for each in shown)
    known = " Where rates are unknown it is what is known at least." if facts.n_unknown else ""
    return Figure(
        "losses",
        "Expected user-minutes lost a year",
        f"Of each service by itself: who uses two of them counts twice.{known}",
        RangesPicture(bars, "number", "user-minutes lost a year"),
        Table("Expected user-minutes lost a year", columns, rows),
    )


def _bar(service: ServiceFacts) -> RangeBar:
    low = service.lost_user_minutes
    n_single = sum(each.order == 1 for each in service.cut_sets)
    return RangeBar(
        clean(service.name), low, low, service.most_lost_user_minutes or low, None, "high" if n_single else "medium"
    )


_SERVICES = (
    ("service", False), ("users", True), ("is down", True), ("down a year", True), ("user-minutes", True),
    ("single points", True), ("cut sets", True),
)  # fmt: skip


def _services(facts: AuditFacts) -> list[Block]:
    rows = [[clean(each.name), *(without_look(cell) for cell in service_row(each)[1:])] for each in _by_loss(facts)]
    return table_blocks("Services, what is lost most first", _SERVICES, rows)


def _single_points(facts: AuditFacts) -> list[Block]:
    """Return what takes services down alone, what most services hang on first."""
    hit: dict[str, list[str]] = {}
    for service in facts.services.values():
        for cut_set in service.cut_sets:
            if cut_set.order == 1 and cut_set.events[0] != service.id:
                hit.setdefault(cut_set.events[0], []).append(clean(service.name))
    order = sorted(hit, key=lambda event: -len(hit[event]))  # stable
    rows = [[clean(event), f"{len(hit[event]):,}", joined(hit[event], 8)] for event in order]
    heads = (("takes down alone", False), ("services", True), ("which", False))
    return table_blocks("Single points of failure", heads, rows)


# Starting again, and who holds what.


def _restart(plan: RestartPlan | None) -> list[Block]:
    if plan is None:
        return []
    blocks: list[Block] = [Paragraph(_in_all(plan))]
    if plan.break_glass:
        smallest = "the smallest set that does" if plan.is_smallest else "a set that does; a smaller one may"
        blocks.append(Paragraph((Strong("By hand:"), f" {joined(list(map(clean, plan.break_glass)))} ({smallest}).")))
    if plan.lost:
        blocks.append(Paragraph((Sign("critical", "never back"), f" {joined(list(map(clean, plan.lost)), 12)}.")))
    if plan.slowest:
        steps = [f"{clean(name)} at {about_duration(at_ms)}" for name, at_ms in plan.slowest]
        blocks.append(Paragraph((Strong("What takes longest:"), f" {', after '.join(steps)}.")))
    return [*blocks, *_waves(plan)]


def _in_all(plan: RestartPlan) -> str:
    waves = counted(len(plan.waves), "wave")
    if plan.comes_back_by_itself:
        return f"All of it comes back by itself, in {waves}, after {about_duration(plan.takes_ms)}."
    stuck = counted(len(plan.stuck), "component")
    return f"{stuck} wait for one another and do not come back by themselves; with starts by hand there are {waves}."


def _waves(plan: RestartPlan) -> list[Block]:
    rows = [
        [f"{i}", joined(list(map(clean, wave.by_itself)), 12) or "-", joined(list(map(clean, wave.by_hand)), 12) or "-"]
        for i, wave in enumerate(plan.waves, 1)
    ]
    heads = (("wave", False), ("starts by itself", False), ("is started by hand", False))
    return table_blocks("Order of the restart, each wave once all before it serve", heads, rows)


_HOLDERS = (
    ("who", False), ("kind", False), ("takes down", True), ("leaning on it", True), ("services down", True),
    ("user-minutes a year", True), ("of all", True),
)  # fmt: skip


def _concentration(facts: AuditFacts) -> list[Block]:
    if facts.concentration is None:
        return []
    holders = [each for each in facts.concentration.holders if each.share > 0.0]
    holders.sort(key=lambda each: (-each.share, -(each.lost_user_minutes or 0.0)))  # stable
    if not holders:
        return []
    shown = holders[:_MOST_BARS]
    bars = tuple(
        RangeBar(f"{clean(h.name)} ({h.kind})", h.share, h.share, h.leaning, None, _tone(h.share)) for h in shown
    )
    of = "users" if facts.people > 0.0 else "services"
    heads, rows = _HOLDERS, [holder_row(each) for each in holders]
    picture = RangesPicture(bars, "share", f"share of the {of}")
    text = f"Share of all {of} that lose something when all of it fails at once, up to the share that leans on it at all, backed or not."
    return [Figure("holders", "What rests on whom", text, picture, table_of("What rests on whom", heads, rows))]


def _tone(share: float) -> Tone:
    return "critical" if share >= 0.5 else "high" if share >= 0.1 else "medium"
