"""What is missing as text: the question that matters most, the gaps with their questions, what to fill in, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.gaps.facts import Gap, GapsFacts, Part
from impactsim.gaps.fill_in import component_lines
from impactsim.reports.chances import loss
from impactsim.reports.gaps.words import ask, headline, value
from impactsim.reports.layout import STAYS, Entry, Section, fit, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.words import clean

_N_EVIDENCE = 1  # lines of evidence of a gap unless everything is to be written
_N_GAPS = 30
_N_FILLED_IN = 3  # gaps of which it is shown what to fill in
_N_PARTS = 3  # parts of each of these


def gaps_text(facts: GapsFacts, screen: Screen | None = None, top: int | None = None) -> list[str]:
    """Write what is missing.

    Parameters
    ----------
    facts
        What is missing.
    screen
        Where it is written.
    top
        How many of the gaps are listed; as many as there is room for if absent.

    Returns
    -------
    list of str
        Lines.
    """
    screen = screen or Screen()
    first, *others = [line for text in headline(facts) for line in wrapped(text, screen.columns, 2)]
    lines = [screen.paint(first, "heading"), *others]
    sections = [_gaps(facts, screen, top), _to_fill_in(facts, screen, top), _basis(facts, screen)]
    room = None if screen.n_lines is None or top is not None else screen.n_lines - len(lines)
    return lines + fit([each for each in sections if each.entries], room, screen.paint, screen.columns)


def _gaps(facts: GapsFacts, screen: Screen, top: int | None) -> Section:
    n_shown = top if top is not None else len(facts.gaps) if screen.n_lines is None else _N_GAPS
    shown = facts.gaps[:n_shown]
    figure = max((len(loss(gap.value)) for gap in shown), default=0)
    is_short = screen.n_lines is not None and top is None
    entries = [Entry(_gap(gap, place, figure, screen, is_short)) for place, gap in enumerate(shown, 1)]
    section = Section(f"What is missing, and the {facts.unit} a year that hang on it", entries, least=3, weight=STAYS)
    section.unseen = len(facts.gaps) - len(shown)
    return section


def _gap(gap: Gap, place: int, figure: int, screen: Screen, is_short: bool) -> list[str]:
    indent = figure + 8
    lines = wrapped(f"{place:>4}  {value(gap):>{figure}}  {clean(gap.text)}", screen.columns, indent)
    evidence = gap.evidence[:_N_EVIDENCE] if is_short else gap.evidence
    for each in evidence:
        lines += wrapped(f"{' ' * indent}- {clean(each)}", screen.columns, indent + 2, 1 if is_short else None)
    if screen.n_lines is None and len(gap.parts) > 1:
        lines += [line for part in gap.parts for line in _part(part, indent, screen)]
    asked = wrapped(f"{' ' * indent}> {clean(ask(gap))}", screen.columns, indent + 2, 2 if is_short else None)
    return [*lines, *(screen.paint(line, "quiet") for line in asked)]


def _part(part: Part, indent: int, screen: Screen) -> list[str]:
    return wrapped(f"{' ' * indent}+ {loss(part.value)}: {clean(part.text)}", screen.columns, indent + 2)


def _to_fill_in(facts: GapsFacts, screen: Screen, top: int | None) -> Section:
    gaps: Sequence[Gap] = facts.gaps[: min(_N_FILLED_IN, top or _N_FILLED_IN)]
    lines = component_lines(gaps, _N_PARTS)
    entries = [Entry([line for text in lines for line in _cut(f"  {text}", screen)])] if lines else []
    return Section("To fill in (--yaml writes it as a layer)", entries, least=0, weight=1.0)


def _cut(text: str, screen: Screen) -> list[str]:
    """Return a line of YAML; what is too long for the screen loses the end of its comment, and stays YAML."""
    before, sign, comment = text.rpartition("  # ")
    return wrapped(f"{before}{sign}{clean(comment)}", screen.columns, 0, 1) if before.strip() else [text]


def _basis(facts: GapsFacts, screen: Screen) -> Section:
    n_lines = None if screen.n_lines is None else 2
    entries = [Entry(wrapped(f"  {clean(note)}", screen.columns, 4, n_lines)) for note in facts.notes]
    return Section("What this rests on", entries, least=2)
