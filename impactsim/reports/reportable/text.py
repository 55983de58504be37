"""Whether an outage is one to be told of, in words, on one screen. Every figure comes from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from impactsim.reportable.facts import CriterionFacts, DeadlineFacts, RegimeFacts, ReportableFacts
from impactsim.reportable.rules import LEGAL
from impactsim.reports.layout import STAYS, Cell, Column, Entry, Row, Section, fit, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.reportable.words import (
    chance_words,
    clock,
    elapsed,
    limit_words,
    margin,
    measured,
    median_time,
    probability_words,
    short_clock,
    short_probability,
    source_words,
    times,
)
from impactsim.reports.words import clean, counted

_MOST_IN_FULL = 3
"""So many regimes are told in full on a screen; of more what decides."""
_LOOKS = {"met": "down", "likely": "down", "possible": "degraded", "to be assessed": "degraded"}


def report(facts: ReportableFacts, screen: Screen | None = None) -> list[str]:
    """Write an assessment as text.

    Parameters
    ----------
    facts
        What the trials say of each regime.
    screen
        Where it is written.

    Returns
    -------
    list of str
        Lines. What does not fit is counted, never silently left out; the line about legal advice always stays.
    """
    page = _Page(facts, screen or Screen())
    top = page.headline()
    last = ["", *wrapped(LEGAL, page.screen.columns, 2)]
    regimes = page.in_short() if page.is_short else [page.regime(each) for each in facts.regimes]
    sections = [page.summary(), *regimes, page.rests_on(), page.warnings()]
    room = None if page.screen.n_lines is None else page.screen.n_lines - len(top) - len(last)
    return top + fit(sections, room, page.screen.paint, page.screen.columns) + last


def to_text(facts: ReportableFacts) -> str:
    """Write an assessment as plain text, nothing left out."""
    return "\n".join(report(facts, Screen(n_lines=None)))


class _Page:
    """The sections of one report."""

    def __init__(self, facts: ReportableFacts, screen: Screen) -> None:
        self.facts = facts
        self.screen = screen
        self.is_whole = screen.n_lines is None
        self.is_short = not self.is_whole and len(facts.regimes) > _MOST_IN_FULL

    def headline(self) -> list[str]:
        facts = self.facts
        runs = "one run" if facts.is_certain else f"{facts.n_trials:,} trials, seed {facts.seed}"
        said = f"; said: {', '.join(facts.flags)}" if facts.flags else ""
        text = f"{clean(facts.scenario)}: who has to be told? {counted(len(facts.services), 'service')}, {runs}{said}"
        if facts.occurrence_ms is None:
            return [*wrapped(text, self.screen.columns, 2), "No service loses anything in any trial"]
        begins, known = _moment(facts.occurrence_ms, facts.occurrence), _moment(facts.awareness_ms, facts.awareness)
        known = "and is known at once" if known == begins else f"and is known at {known}"
        some = (
            f" in {chance_words(facts.disturbed, facts.is_certain)} of the trials," if facts.disturbed.p < 1.0 else ""
        )
        line = f"The first service loses something{some} at {begins}, {known}"
        return [*wrapped(text, self.screen.columns, 2), *wrapped(line, self.screen.columns, 2)]

    def summary(self) -> Section:
        columns = [
            Column("regime"),
            Column("verdict"),
            Column("probability"),
            Column("met after"),
            Column("first deadline", least=12),
        ]
        rows: list[Row] = [
            [
                each.regime.id,
                Cell(each.verdict, _LOOKS.get(each.verdict, "")),
                short_probability(each.probability, self.facts.is_certain),
                median_time(each.first_ms),
                self._first_deadline(each),
            ]
            for each in self.facts.regimes
        ]
        titles, lines = table(columns, rows, self.screen.columns, 2, self.screen.paint)
        return Section(
            "Regimes", [Entry([line]) for line in lines], titles=titles, least=len(lines), weight=STAYS + 1.0
        )

    def _first_deadline(self, regime: RegimeFacts) -> str:
        if not regime.deadlines:
            return ""
        first = regime.deadlines[0]
        if first.at is not None and self.facts.starts is not None:
            return short_clock(first.at, self.facts.starts.year)
        return _moment(first.at_ms, first.at) or first.words

    # All regimes in short, where there is no room for more; or one in full.

    def in_short(self) -> list[Section]:
        """Return what each regime is met by, and what of it nobody can tell."""
        entries = [
            Entry(wrapped(f"  {self._short(each)}", self.screen.columns, 4), _is_unlikely(each))
            for each in self.facts.regimes
        ]
        return [Section("Met by (--all tells everything)", entries, least=1, weight=STAYS)]

    def _short(self, regime: RegimeFacts) -> str:
        near = [
            f"{each.rule.id} ({measured(each)}{', ' + limit_words(each.rule) if each.rule.operator else ''})"
            for each in regime.criteria
            if each.probability is not None and each.probability.estimate.p > 0.0 and measured(each)
        ]
        unseen = self._unseen_words(regime)
        return (
            f"{regime.regime.id}: {', '.join(near) or 'no criterion that the model sees'}."
            + (f" Not seen: {'; '.join(unseen)}." if unseen else "")
            + (" Secondary source." if regime.regime.evidence == "secondary" else "")
            + (f" {regime.regime.status[0].upper()}{regime.regime.status[1:]}." if regime.regime.status else "")
        )

    def regime(self, regime: RegimeFacts) -> Section:
        words = regime.regime
        seen = [each for each in regime.criteria if each.is_seen]
        chance = probability_words(regime.probability, self.facts.is_certain)
        entries = [
            self._line(f"{regime.verdict.capitalize()}: {chance}. Needs {words.combine_words}."),
            *self._table(seen),
            *self._unseen(regime),
            *(self._deadline(each) for each in regime.deadlines),
            self._line(f"Source: {source_words(regime)}", 3),
            self._line(f"Applies if {words.applies_if}.", 4),
            *(self._line(note, 5) for note in regime.notes),
        ]
        return Section(f"{words.id}: {words.name} ({words.jurisdiction})", entries, least=2)

    def _line(self, text: str, rank: int = 0) -> Entry:
        return Entry(wrapped(f"  {text}", self.screen.columns, 4, None if self.is_whole else 2), rank)

    def _table(self, seen: Sequence[CriterionFacts]) -> list[Entry]:
        columns = [
            Column("criterion", least=10),
            Column("limit", least=8),
            Column("measured", least=10),
            Column("left", least=8),
            Column("probability", is_right=True),
            Column("met after", least=8),
        ]
        if not seen:
            return []
        rows = [self._row(each) for each in seen]
        titles, lines = table(columns, rows, self.screen.columns, 4, self.screen.paint)
        entries = [Entry([line, *self._said(each)], 1 + _is_far(each)) for line, each in zip(lines, seen, strict=True)]
        first = min(range(len(entries)), key=lambda i: (entries[i].rank, i))  # the last of them to be left out
        entries[first].rank = 0
        if first == 0:
            entries[0].lines.insert(0, titles)
            return entries
        return [Entry([titles]), *entries]

    def _said(self, each: CriterionFacts) -> list[str]:
        if not self.is_whole:
            return []
        return wrapped(f"        {each.rule.article}: {each.rule.says}", self.screen.columns, 10)

    def _row(self, each: CriterionFacts) -> Row:
        is_certain = self.facts.is_certain
        return [
            each.rule.id,
            limit_words(each.rule),
            measured(each),
            margin(each),
            "" if each.probability is None else short_probability(each.probability, is_certain),
            "" if each.first_ms is None else times(each.first_ms),
        ]

    def _unseen(self, regime: RegimeFacts) -> list[Entry]:
        words = self._unseen_words(regime)
        if not words:
            return []
        if_all = chance_words(regime.if_unseen, self.facts.is_certain)
        text = f"The model cannot see: {'; '.join(words)}. If all of that held: {if_all}"
        return [Entry(wrapped(f"  {text}", self.screen.columns, 4))]

    def _unseen_words(self, regime: RegimeFacts) -> list[str]:
        return list(dict.fromkeys(_unseen_words(each, self.is_whole) for each in regime.unseen))

    def _deadline(self, deadline: DeadlineFacts) -> Entry:
        words = deadline.deadline
        when = _moment(deadline.at_ms, deadline.at)
        mark = " (secondary source)" if words.evidence == "secondary" else ""
        text = f"{words.what.capitalize()}: {f'by {when}, ' if when else ''}{deadline.words}{mark}"
        return self._line(f"{text} [{words.article}: {words.source}]" if self.is_whole else text, 1)

    # What it rests on.

    def rests_on(self) -> Section:
        notes = [*self.facts.notes]
        zone = f"Deadlines are local times of {self.facts.zone}." if self.facts.zone and self.facts.starts else ""
        return Section("Rests on", [self._line(note) for note in [*notes, *([zone] if zone else [])]], least=1)

    def warnings(self) -> Section:
        return Section("Warnings", [self._line(str(each)) for each in self.facts.warnings], least=1, weight=0.5)


def _is_far(criterion: CriterionFacts) -> bool:
    """Tell whether a criterion is met in no trial."""
    return criterion.probability is None or criterion.probability.high.p == 0.0


def _is_unlikely(regime: RegimeFacts) -> bool:
    return regime.verdict == "not met on modelled criteria"


def _unseen_words(criterion: CriterionFacts, is_whole: bool) -> str:
    rule = criterion.rule
    if rule.flag is not None:
        return f"{rule.flag} ({rule.says})" if is_whole else rule.flag
    needs = {
        "loss": "losses in EUR (--cost-per-user-minute)",
        "member-states": "Member States (country of the segments)",
    }
    return needs.get(rule.metric, f"{rule.id} (who uses the services)")


def _moment(at_ms: int | None, at: datetime | None) -> str:
    """Write a time: on the clock if that is known, else from the start; empty if neither."""
    if at is not None:
        return clock(at)
    return "" if at_ms is None else elapsed(at_ms)
