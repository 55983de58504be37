"""A review as text for a terminal: the verdict first, the services, the findings by severity, who restores what when."""

from __future__ import annotations

from impactsim.audit.findings import Severity
from impactsim.reports.layout import Cell, Column, Entry, Row, Section, fit, table, width, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.words import clean, counted, joined
from impactsim.review.facts import ChangeFacts, PlanFinding, Rehearsal, ReviewFacts, ServiceRow, StepFacts, Verdict
from impactsim.review.report import words

_LOOKS: dict[Severity, str] = {Severity.CRITICAL: "down", Severity.HIGH: "down", Severity.MEDIUM: "degraded"}
_VERDICTS: dict[Verdict, str] = {"fails": "down", "at risk": "degraded", "holds": "up", "not known": "quiet"}
_INDENT = 8  # where the text of a finding, and of a step, begins
_N_FINDINGS = 30
_WIDEST_NAME = 16
_N_SERVICES = 15
_N_DOUBTFUL = 8


def review_text(facts: ReviewFacts, screen: Screen | None = None) -> list[str]:
    """Write a review.

    Parameters
    ----------
    facts
        What the review says.
    screen
        Where it is written.

    Returns
    -------
    list of str
        Lines.
    """
    screen = screen or Screen()
    verdict = f"{clean(facts.plan)}: {words.verdict_sentence(facts)}"
    lines = [screen.paint(line, "heading") for line in wrapped(verdict, screen.columns, 2)]
    for text in (words.worst_sentence(facts), words.counts_sentence(facts)):
        lines += wrapped(text, screen.columns, 2) if text else []
    sections = [_services(facts, screen), *_findings(facts, screen)]
    sections += [_order(facts, each, screen, is_first=i == 0) for i, each in enumerate(facts.rehearsals)]
    sections += [_break_glass(facts, screen), _changes(facts, screen), _basis(facts, screen)]
    room = None if screen.n_lines is None else screen.n_lines - len(lines)
    return lines + fit(sections, room, screen.paint, screen.columns)


def _entry(text: str, screen: Screen, indent: int = 4, look: str = "") -> Entry:
    lines = wrapped(text, screen.columns, indent, None if screen.n_lines is None else 2)
    return Entry([screen.paint(line, look) for line in lines] if look else lines)


# Services.


def _services(facts: ReviewFacts, screen: Screen) -> Section:
    columns = [
        Column("service", least=14),
        Column("verdict"),
        Column("RTO", is_right=True),
        Column("P50", is_right=True),
        Column("P90", is_right=True),
        Column("met", is_right=True),
        Column("RPO", is_right=True),
        Column("loses", is_right=True),
        Column("last test"),
    ]
    shown = facts.rows if screen.n_lines is None else facts.rows[:_N_SERVICES]
    titles, lines = table(columns, [_service(row) for row in shown], screen.columns, 2, screen.paint)
    section = Section(
        "Services: what is promised, and what can be had",
        [Entry([line, *_elsewhere(row, screen)]) for row, line in zip(shown, lines, strict=True)],
        titles,
        least=6,
        weight=6.0,
    )
    section.unseen = len(facts.rows) - len(shown)
    return section


def _elsewhere(row: ServiceRow, screen: Screen) -> list[str]:
    """Say which scenarios the figures of a service are of, where they are of several."""
    is_several = row.p50_scenario or row.p90_scenario
    return wrapped(f"    {clean(row.name)}: {words.where(row)}", screen.columns, 6) if is_several else []


def _service(row: ServiceRow) -> Row:
    rto, rpo = row.achievable_rto, row.achievable_rpo
    return [
        _short(row),
        Cell(row.verdict, _VERDICTS[row.verdict]),
        words.target(row.rto),
        words.recovery(None if rto is None else rto.p50_ms, row.rto),
        words.recovery(None if rto is None else rto.p90_ms, row.rto),
        words.met(row.p_rto_met),
        words.target(row.rpo),
        words.loss(None if rpo is None else rpo.p90_ms, row.rpo),
        _last_test(row),
    ]


def _short(row: ServiceRow) -> str:
    """Return a name that stands whole in its column: what is cut looks like its neighbours."""
    name = clean(row.name)
    return name if width(name) <= _WIDEST_NAME else min(name, row.id, key=width)


def _last_test(row: ServiceRow) -> str:
    if row.last_test is None:
        return "none"
    day = row.last_test.date.isoformat()
    return day if row.last_test.of == row.id else f"{day} of {clean(row.last_test.of)}"


# Findings.


def _findings(facts: ReviewFacts, screen: Screen) -> list[Section]:
    """Return a section for each severity, the worst first."""
    n_shown = len(facts.findings) if screen.n_lines is None else _N_FINDINGS
    sections = []
    for severity in sorted({finding.severity for finding in facts.findings}, reverse=True):
        group = [(i, finding) for i, finding in enumerate(facts.findings) if finding.severity == severity]
        entries = [Entry(_finding(facts, finding, screen)) for i, finding in group if i < n_shown]
        title = f"{severity.word.capitalize()} findings"
        section = Section(title, entries, least=1 if severity >= Severity.HIGH else 0, weight=0.5 + 0.5 * severity)
        section.unseen = len(group) - len(entries)
        sections.append(section)
    return sections


def _finding(facts: ReviewFacts, finding: PlanFinding, screen: Screen) -> list[str]:
    """Write a finding; on a screen with its first evidence and what would help, and of those that are not high the text alone."""
    n_lines = None if screen.n_lines is None else 1
    first, *others = wrapped(f"  {finding.code}  {clean(finding.text)}", screen.columns, _INDENT)
    look = _LOOKS.get(finding.severity, "")
    lines = [first.replace(finding.code, screen.paint(finding.code, look), 1) if look else first, *others]
    helps = [each for each in (finding.remedy, words.cheapest_of(facts, finding)) if each]
    evidence = finding.evidence
    if n_lines is not None:
        is_grave = finding.severity >= Severity.HIGH
        evidence, helps = (evidence[:1], helps[-1:]) if is_grave else ((), [])
    for each in evidence:
        lines += wrapped(f"{' ' * _INDENT}- {clean(each)}", screen.columns, _INDENT + 2, n_lines)
    for each in helps:
        told = wrapped(f"{' ' * _INDENT}> {clean(each)}", screen.columns, _INDENT + 2, n_lines)
        lines += [screen.paint(line, "quiet") for line in told]
    return lines


# Order of restoration.


def _order(facts: ReviewFacts, rehearsal: Rehearsal, screen: Screen, *, is_first: bool) -> Section:
    """Return who restores what, in waves; ``*`` stands before what is on a critical path."""
    entries = [_entry(f"  {words.into_action(rehearsal)}", screen)]
    for wave, steps in words.waves(rehearsal).items():
        entries += [_step(facts, step, wave if i == 0 else None, screen) for i, step in enumerate(steps)]
    for ids, services in words.paths_of(rehearsal).items():
        text = f"  critical path of {words.names(facts, services, 3)}: {words.path(facts, ids)}"
        entries.append(_entry(text, screen))
    if rehearsal.unrestored:
        entries.append(_entry(f"  nothing restores {words.names(facts, rehearsal.unrestored, 4)}", screen, look="down"))
    if rehearsal.unused_steps:
        text = f"  what these restore comes back by itself: {words.names(facts, rehearsal.unused_steps, 4)}"
        entries.append(_entry(text, screen))
    return Section(
        f"Order of restoration: {clean(rehearsal.name)}",
        entries,
        least=3 if is_first else 0,
        weight=3.0 if is_first else 1.0,
    )


def _step(facts: ReviewFacts, step: StepFacts, wave: int | None, screen: Screen) -> Entry:
    mark = "*" if step.is_critical else " "
    head = f"  {'' if wave is None else f'wave {wave}':<8}{mark} "
    time = f"{words.since_start(step.begins_ms)} to {words.since_start(step.ends_ms)}"
    who = words.people_of(facts, step.people)
    waits = [words.wait_words(facts, wait) for wait in words.hard_waits(step)]
    text = f"{head}{time:<16} {words.name(facts, step.id)}"
    text += (f", {who}" if who else "") + (f"; waits {joined(waits)}" if waits else "")
    return _entry(text, screen, len(head) + 17)


# Break-glass.


def _break_glass(facts: ReviewFacts, screen: Screen) -> Section:
    entries = []
    for circle, by_hand in facts.restart_circles:
        entries.append(_entry(f"  {words.circle(facts, circle, by_hand)}", screen))
    for scenario, ids in facts.deadlocks:
        text = f"  {clean(scenario)}: {words.names(facts, ids)} wait for one another for ever"
        entries.append(_entry(text, screen))
    return Section("What starts only by hand (break-glass)", entries, least=1, weight=1.5)


# Changes.


def _changes(facts: ReviewFacts, screen: Screen) -> Section:
    entries = [_change(facts, change, screen) for change in facts.changes]
    return Section("Changes that were tried", entries, least=1, weight=1.5)


def _change(facts: ReviewFacts, change: ChangeFacts, screen: Screen) -> Entry:
    closes = (
        f"closes {counted(len(change.closes), 'finding')} of high severity or worse" if change.closes else "closes none"
    )
    opens = f", opens {counted(len(change.opens), 'finding')}" if change.opens else ""
    opens += f", makes {counted(len(change.worsens), 'finding')} worse" if change.worsens else ""
    lines = _entry(
        f"  {change.id}: {clean(change.text)} ({words.cost(facts, change.cost)}): {closes}{opens}", screen
    ).lines
    worse = tuple(f"{each.id} ({each.before.word} before, {each.after.word} with it)" for each in change.worsens)
    for ids, sign in ((change.closes, "-"), (change.opens, "+"), (worse, "!")):
        if ids:
            lines += _entry(f"    {sign} {joined(list(ids), None if screen.n_lines is None else 3)}", screen, 6).lines
    return Entry(lines)


# Basis.


def _basis(facts: ReviewFacts, screen: Screen) -> Section:
    lines = words.rests(facts, _N_DOUBTFUL)
    lines += [clean(str(each)) for each in facts.warnings]
    lines += [clean(each) for each in facts.assumptions]
    if facts.guesses:
        lines.append(f"not certain: {words.names(facts, facts.guesses, 8)}")
    lines.append(f"seed {facts.seed}, {counted(facts.n_trials, 'trial')} of each scenario, version {facts.version}")
    return Section("What this rests on", [_entry(f"  {line}", screen) for line in lines], least=1)
