"""An audit as text: the answer in a sentence, the findings by kind, the services, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.audit.facts import AuditChange, AuditFacts, Probability, ServiceFacts
from impactsim.audit.findings import Finding
from impactsim.audit.holders import Holder
from impactsim.quantities import about_share
from impactsim.reports.audit.change_text import change_section
from impactsim.reports.audit.words import LOOKS, audit_headline, figures, heading, notes
from impactsim.reports.chances import loss, losses, probability, times_a_year
from impactsim.reports.layout import STAYS, Cell, Column, Entry, Row, Section, fit, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.words import clean, people

_N_EVIDENCE = 1  # lines of evidence of a finding unless everything is to be written
_N_SERVICES = 12
_N_HOLDERS = 5
_N_FINDINGS = 30
_INDENT = 16  # where the text of a finding begins
_MAY_GO = 0.99 * STAYS  # weight of a kind of findings for which there may be no room


def audit_text(
    facts: AuditFacts, changes: Sequence[AuditChange] = (), screen: Screen | None = None, top: int | None = None
) -> list[str]:
    """Write an audit.

    Parameters
    ----------
    facts
        What the audit says.
    changes
        What the what-ifs do to it.
    screen
        Where it is written.
    top
        How many of the findings are listed; as many as there is room for if absent.

    Returns
    -------
    list of str
        Lines.
    """
    screen = screen or Screen()
    lines = []
    for text, look in audit_headline(facts):
        first, *others = wrapped(text, screen.columns, 2)
        lines += [screen.paint(first, look) if look else first, *others]
    sections = [change_section(change, screen) for change in changes]
    kinds = _findings(facts, screen, top)
    rest = (_services(facts, screen), _resting(facts, screen), _basis(facts, screen))
    sections += [*kinds, *(each for each in rest if each is not None)]
    room = None if screen.n_lines is None or top is not None else screen.n_lines - len(lines)
    return lines + _fitted(sections, kinds, room, screen)


def _fitted(sections: list[Section], kinds: Sequence[Section], room: int | None, screen: Screen) -> list[str]:
    """Write sections into so many lines; where even one finding of each kind is too much, the last kinds go as a whole."""
    lines = fit(sections, room, screen.paint, screen.columns)
    for kind in reversed(kinds[1:]):
        if room is None or len(lines) <= room:
            break
        kind.weight = _MAY_GO
        lines = fit(sections, room, screen.paint, screen.columns)
    return lines


# Findings.


def _findings(facts: AuditFacts, screen: Screen, top: int | None) -> list[Section]:
    """Return one section for each kind, that with the worst finding first; the numbers tell the place among all."""
    n_shown = top if top is not None else len(facts.findings) if screen.n_lines is None else _N_FINDINGS
    groups: dict[str, list[tuple[int, Finding]]] = {}
    for place, finding in enumerate(facts.findings, 1):
        groups.setdefault(heading(finding.kind), []).append((place, finding))
    sections = []
    for title, group in groups.items():
        shown = [(place, finding) for place, finding in group if place <= n_shown]
        entries = [Entry(_finding(finding, place, screen, top)) for place, finding in shown]
        section = Section(title, entries, least=1, weight=STAYS)
        section.unseen = len(group) - len(shown)
        sections.append(section)
    return sections


def _finding(finding: Finding, place: int, screen: Screen, top: int | None) -> list[str]:
    word = finding.severity.word
    told = figures(finding)
    text = f"{place:>4}  {word:<8}  {clean(finding.text)}" + (f" ({told})" if told else "")
    first, *others = wrapped(text, screen.columns, _INDENT)
    look = LOOKS[finding.severity]
    lines = [first.replace(word, screen.paint(word, look), 1) if look else first, *others]
    is_short = screen.n_lines is not None and top is None
    evidence = finding.evidence[:_N_EVIDENCE] if is_short else finding.evidence
    for each in evidence:
        lines += wrapped(f"{' ' * _INDENT}- {clean(each)}", screen.columns, _INDENT + 2, 1 if is_short else None)
    if finding.remedy:
        remedy = wrapped(
            f"{' ' * _INDENT}> {clean(finding.remedy)}", screen.columns, _INDENT + 2, 1 if is_short else None
        )
        lines += [screen.paint(line, "quiet") for line in remedy]
    return lines


# Services.


def _services(facts: AuditFacts, screen: Screen) -> Section | None:
    if not facts.services:
        return None
    columns = [
        Column("service", least=16),
        Column("users", is_right=True),
        Column("is down", is_right=True),
        Column("down a year", is_right=True),
        Column("user-minutes", is_right=True),
        Column("single points", is_right=True),
        Column("cut sets", is_right=True),
    ]
    by_loss = sorted(facts.services.values(), key=lambda each: (-each.lost_user_minutes, -each.users))  # stable
    shown = by_loss if screen.n_lines is None else by_loss[:_N_SERVICES]
    titles, lines = table(columns, [service_row(each) for each in shown], screen.columns, 2, screen.paint)
    section = Section("Services", [Entry([line]) for line in lines], titles, least=2, weight=3.0)
    section.unseen = len(by_loss) - len(shown)
    return section


def service_row(service: ServiceFacts) -> Row:
    """Return what the audit says of a service: id, users, is down, down a year, user-minutes, single points, cut sets."""
    single = sum(each.order == 1 for each in service.cut_sets)
    down = probability(service.probability, service.n_unknown)
    is_known = down != "not known"
    most = None if service.n_unknown else service.most_lost_user_minutes
    return [
        Cell(clean(service.id), "down" if single > 1 else ""),
        people(service.users) if service.users > 0.0 else "-",
        down,
        times_a_year(_told(service)) if is_known else "-",
        losses(service.lost_user_minutes, most) if is_known and service.users > 0.0 else "-",
        f"{single:,}" if service.complete_to >= 1 else "-",
        n_cut_sets(service),
    ]


def _told(service: ServiceFacts) -> Probability:
    """Return the probability; where rates are unknown its lower bound, for the upper one is none."""
    return Probability(service.probability.low, service.probability.low) if service.n_unknown else service.probability


def n_cut_sets(service: ServiceFacts) -> str:
    """Say how many minimal cut sets a service has."""
    if service.n_cut_sets is not None:
        return f"{service.n_cut_sets:,}"
    return f"{len(service.cut_sets):,} up to order {service.complete_to}"


def _resting(facts: AuditFacts, screen: Screen) -> Section | None:
    """Return what rests on each operator, provider and site, the largest first."""
    holders = [] if facts.concentration is None else [each for each in facts.concentration.holders if each.share > 0.0]
    if not holders:
        return None
    holders.sort(key=lambda each: (-each.share, -(each.lost_user_minutes or 0.0)))  # stable
    columns = [
        Column("who", least=16),
        Column("kind"),
        Column("takes down", is_right=True),
        Column("leaning on it", is_right=True),
        Column("services down", is_right=True),
        Column("user-minutes a year", is_right=True),
        Column("of all", is_right=True),
    ]
    shown = holders if screen.n_lines is None else holders[:_N_HOLDERS]
    titles, lines = table(columns, [holder_row(each) for each in shown], screen.columns, 2, screen.paint)
    section = Section("Operators, providers and sites", [Entry([line]) for line in lines], titles, least=0, weight=0.5)
    section.unseen = len(holders) - len(shown)
    return section


def holder_row(each: Holder) -> Row:
    """Return what rests on somebody: who, kind, takes down, leaning on it, services down, user-minutes a year, of all."""
    return [
        clean(each.name),
        each.kind,
        f"{about_share(each.share)} of all",
        about_share(each.leaning),
        f"{len(each.services):,}",
        "-" if each.lost_user_minutes is None else loss(each.lost_user_minutes),
        "-" if each.share_of_minutes is None else about_share(each.share_of_minutes),
    ]


def _basis(facts: AuditFacts, screen: Screen) -> Section | None:
    lines = [*notes(facts), *(clean(str(each)) for each in facts.warnings)]
    n_lines = None if screen.n_lines is None else 2
    entries = [Entry(wrapped(f"  {line}", screen.columns, 4, n_lines)) for line in lines]
    return Section("What this rests on", entries, least=2) if entries else None
