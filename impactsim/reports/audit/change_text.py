"""What a what-if does to an audit, as text: what it closes, opens, eases and worsens, and what that saves."""

from __future__ import annotations

from collections.abc import Iterator

from impactsim.audit.facts import AuditChange
from impactsim.audit.findings import Finding
from impactsim.reports.chances import loss
from impactsim.reports.layout import Entry, Section, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.words import clean, counted, joined


def change_section(change: AuditChange, screen: Screen) -> Section:
    """Write what a what-if does.

    Parameters
    ----------
    change
        The audit before and after.
    screen
        Where it is written.

    Returns
    -------
    Section
        Headed by the name of the what-if and its answer.
    """
    n_lines = None if screen.n_lines is None else 2
    entries = []
    for rank, (word, text, look) in enumerate(change_lines(change)):
        first, *others = wrapped(f"  {word:<8}  {text}", screen.columns, 12, n_lines)
        entries.append(Entry([first.replace(word, screen.paint(word, look), 1), *others], rank))
    tail = wrapped(f"  {saved(change)}", screen.columns, 4)
    if not entries:
        entries = [Entry(["  it closes, opens, eases and worsens nothing"])]
    heading = f"What if: {clean(change.name)}: {in_short(change)}"
    return Section(heading, entries, tail=tail, least=3, weight=4.0)


def in_short(change: AuditChange) -> str:
    """Say how many findings are closed, opened, eased and worsened."""
    named = (
        (change.closed, "closed"),
        (change.opened, "opened"),
        (change.eased, "eased"),
        (change.worsened, "worsened"),
    )
    parts = [f"{len(found):,} {word}" for found, word in named if found]
    return f"{joined(parts)} of {counted(len(change.before.findings), 'finding')}" if parts else "no finding changes"


def saved(change: AuditChange) -> str:
    """Say how many user-minutes are lost a year, before and after."""
    before, after = change.before.lost_user_minutes, change.after.lost_user_minutes
    if before == after:
        return "what is lost in a year stays the same, as far as rates are known"
    share = f" ({(after - before) / before:+.0%})" if before > 0.0 else ""
    return f"user-minutes lost a year: {loss(after)} instead of {loss(before)}{share}"


def change_lines(change: AuditChange) -> Iterator[tuple[str, str, str]]:
    """Yield what a what-if does to each finding: a word for it, what the finding says, and the look of the word."""
    for finding in change.opened:
        yield "opens", _told(finding), "down"
    for old, new in change.worsened:
        yield "worsens", _moved(old, new), "down"
    for finding in change.closed:
        yield "closes", _told(finding), "up"
    for old, new in change.eased:
        yield "eases", _moved(old, new), "up"


def _told(finding: Finding) -> str:
    return f"{finding.severity.word}: {clean(finding.text)}"


def _moved(old: Finding, new: Finding) -> str:
    """Say what of a finding has changed."""
    if old.severity != new.severity:
        how = f"{new.severity.word}, was {old.severity.word}"
    elif old.lost_user_minutes is not None and new.lost_user_minutes is not None:
        how = f"{loss(new.lost_user_minutes)} user-minutes a year, was {loss(old.lost_user_minutes)}"
    else:
        how = f"{new.severity.word}"
    return f"{clean(new.text)} ({how})"
