"""The words of an audit: its answer in a sentence, the headings of its findings, what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from impactsim.audit.facts import AuditFacts
from impactsim.audit.findings import Finding, Severity
from impactsim.exact.propagation import Criterion
from impactsim.reports.chances import loss
from impactsim.reports.rests import rests_words
from impactsim.reports.words import clean, counted, joined, people

LOOKS = {
    Severity.CRITICAL: "down",
    Severity.HIGH: "down",
    Severity.MEDIUM: "degraded",
    Severity.LOW: "",
    Severity.NOTE: "quiet",
}
"""How each severity is painted."""

_N_NAMES = 3
_IN_SCENARIO = "Backups in the scenario"

HEADINGS = {
    "single-point": "Single points of failure",
    "shared": "What backups share",
    "bypassed": "What backups share",
    "copy-on-paper": "What backups share",
    "suspicious": "Not proven, but suspicious",
    "restart": "Starting again",
    "repair": "What repairs and channels need",
    "repair-one-way-left": "What repairs and channels need",
    "channel-down": "What repairs and channels need",
    "channel-late": "What repairs and channels need",
    "concentration": "What rests on whom",
    "unverified": "Unverified facts that matter",
    "backup-down": _IN_SCENARIO,
    "backup-spent": _IN_SCENARIO,
    "repair-held-up": _IN_SCENARIO,
    "workaround-down": _IN_SCENARIO,
    "copy-down": _IN_SCENARIO,
    "channel-down-in-scenario": _IN_SCENARIO,
}
"""Heading of the findings of each kind; kinds with one heading stand together."""


def heading(kind: str) -> str:
    """Return the heading of the findings of a kind."""
    return HEADINGS.get(kind) or kind.replace("-", " ").capitalize()


def audit_headline(facts: AuditFacts) -> list[tuple[str, str]]:
    """Return the answer: lines, each with the name of its look."""
    lines = [(f"{clean(facts.system)}: {_worst(facts)}; {_restart(facts)}", "heading"), (_how_many(facts), "")]
    if facts.scenario:
        lines.append((_scenario(facts), ""))
    return lines


def _worst(facts: AuditFacts) -> str:
    """Say which single failure hurts most."""
    worst = next((each for each in facts.findings if each.id == facts.worst), None)
    if not facts.services:
        return "there is no service in it, so nothing can be said about any"
    if worst is None:
        return "no single failure takes a service down with it"
    what = joined([clean(name) for name in worst.events])
    return f"{what} alone takes down {_whom(facts, worst)}"


def _whom(facts: AuditFacts, finding: Finding) -> str:
    services = joined([clean(name) for name in finding.services], _N_NAMES)
    if facts.people <= 0.0 or finding.users <= 0.0:
        return services
    if finding.users >= facts.people * (1.0 - 1e-9):
        return f"{services}, for all {people(facts.people)} users"
    return f"{services}, for {people(finding.users)} of {people(facts.people)} users"


def _restart(facts: AuditFacts) -> str:
    plan = facts.restart
    if plan is None or plan.comes_back_by_itself:
        return "once all of it was down it can start again by itself"
    if not plan.break_glass:
        return "once all of it is down it cannot start again"
    by_hand = f"{'at least ' if plan.lost else ''}{counted(len(plan.break_glass), 'start')} by hand"
    return f"once all of it is down it cannot start again without {by_hand}"


def _scenario(facts: AuditFacts) -> str:
    n = sum(heading(each.kind) == _IN_SCENARIO for each in facts.findings)
    missing = f"{n:,} backups were missing when they were" if n > 1 else f"{n or 'no'} backup was missing when it was"
    return f"In the scenario '{clean(facts.scenario)}' {missing} needed"


def _how_many(facts: AuditFacts) -> str:
    if not facts.findings:
        return f"Nothing found in {counted(len(facts.services), 'service')}"
    n = Counter(each.severity for each in facts.findings)
    parts = [f"{n[severity]:,} {severity.word}" for severity in sorted(n, reverse=True)]
    text = f"{counted(len(facts.findings), 'finding')}: {joined(parts)}"
    hit = {service for each in facts.findings if each.kind == "single-point" for service in each.services}
    if not hit:
        return text
    return f"{text}; {counted(len(hit), 'service')} {'hangs' if len(hit) == 1 else 'hang'} on a single thing"


def figures(finding: Finding) -> str:
    """Say how many users a finding hits, and what it costs a year."""
    parts = []
    if finding.users > 0.0:
        parts.append(f"{people(finding.users)} users")
    if finding.lost_user_minutes:
        parts.append(f"{loss(finding.lost_user_minutes)} user-minutes a year")
    return ", ".join(parts)


def notes(facts: AuditFacts) -> list[str]:
    """Return what the reader should know of how it was worked out, one sentence each."""
    lines = [] if facts.rests is None else [rests_words(facts.rests, clean)]
    lines += _rates(facts)
    if facts.criterion is Criterion.DEGRADED:
        lines.append("Cut sets and probabilities are of being down or degraded (--degraded)")
    bounded = sum(not each.probability.is_exact for each in facts.services.values())
    if bounded:
        lines.append(
            f"Of {counted(bounded, 'service')} the probability is proven to lie between two bounds: an exact figure would take too long"
        )
    lines += [clean(note) for note in facts.notes]
    return lines


def _rates(facts: AuditFacts) -> Iterable[str]:
    if facts.n_unknown:
        yield (
            f"How often it fails is known of {facts.n_events - facts.n_unknown:,} of {facts.n_events:,} events: what is said "
            "of a year is what is known at least (--assume P gives the others a probability)"
        )
    if facts.assumed:
        names = joined([clean(name) for name in facts.assumed], _N_NAMES)
        yield f"No time_to_restore: 4 h assumed for {names}"
