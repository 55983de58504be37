"""Whether an outage is one to be told of, in words, on one screen. Every figure comes from the facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from impactsim.reportable.facts import LIKELY, CriterionFacts, DeadlineFacts, RegimeFacts, ReportableFacts
from impactsim.reportable.judge import OF_USERS
from impactsim.reportable.rules import LEGAL
from impactsim.reports.layout import STAYS, Cell, Column, Entry, Row, Section, fit, table, width, wrapped
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
from impactsim.reports.rests import rests_words
from impactsim.reports.words import clean, counted

_MOST_IN_FULL = 2
"""So many regimes are told in full on a screen; of more what decides."""
_TITLES = ("criterion", "limit", "measured", "left", "probability", "met after")
_LEAST_LIMIT = 20  # what is cut of a limit stands in the words of its rule
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
                *self._chance_and_time(each),
                self._first_deadline(each),
            ]
            for each in self.facts.regimes
        ]
        titles, lines = table(columns, rows, self.screen.columns, 2, self.screen.paint)
        return Section(
            "Regimes", [Entry([line]) for line in lines], titles=titles, least=len(lines), weight=STAYS + 1.0
        )

    def _chance_and_time(self, regime: RegimeFacts) -> tuple[str, str]:
        if regime.verdict == "to be assessed":
            return "not known", "not known"  # that nothing was counted is no probability
        return short_probability(regime.probability, self.facts.is_certain), median_time(regime.first_ms)

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
        return [Section("Criteria that are met or may be (--all tells everything)", entries, least=1, weight=STAYS)]

    def _short(self, regime: RegimeFacts) -> str:
        near = [self._met_words(each) for each in regime.criteria if _is_ever_met(each) and measured(each)]
        unseen = self._unseen_words(regime)
        return (
            f"{regime.regime.id}: {', '.join(near) or 'none that the model sees'}."
            + (f" Not seen: {'; '.join(unseen)}." if unseen else "")
            + (" Secondary source." if regime.regime.evidence == "secondary" else "")
            + "".join(f" {each}" for each in regime.caveats)
        )

    def _met_words(self, each: CriterionFacts) -> str:
        assert each.probability is not None, "it is seen"
        limit = f", {limit_words(each.rule)}" if each.rule.operator else ""
        if each.probability.estimate.p >= LIKELY:
            return f"{each.rule.id} ({measured(each)}{limit})"
        # The median of what was measured would say nothing of the few trials that meet it.
        chance = short_probability(each.probability, self.facts.is_certain)
        return f"{each.rule.id} (in {chance} of the trials{limit})"

    def regime(self, regime: RegimeFacts) -> Section:
        words = regime.regime
        seen = [each for each in regime.criteria if each.is_seen]
        chance = "the model cannot tell"
        if regime.verdict != "to be assessed":
            chance = probability_words(regime.probability, self.facts.is_certain)
        entries = [
            self._line(f"{regime.verdict.capitalize()}: {chance}. Needs {words.combine_words}."),
            *(self._line(note) for note in regime.caveats),
            *self._table(seen),
            *self._unseen(regime),
            *(self._deadline(each) for each in regime.deadlines),
            self._line(f"Source: {source_words(regime)}", 3),
            self._line(f"Applies if {words.applies_if}.", 4),
            *(self._line(note, 5) for note in words.notes),
        ]
        return Section(f"{words.id}: {words.name} ({words.jurisdiction})", entries, least=2)

    def _line(self, text: str, rank: int = 0) -> Entry:
        return Entry(wrapped(f"  {text}", self.screen.columns, 4, None if self.is_whole else 2), rank)

    def _table(self, seen: Sequence[CriterionFacts]) -> list[Entry]:
        if not seen:
            return []
        columns, rows = self._columns_and_rows(seen)
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

    def _columns_and_rows(self, seen: Sequence[CriterionFacts]) -> tuple[list[Column], list[Row]]:
        """Return all that there is room for: a figure that is cut tells less than one without its range."""
        columns = [Column(title, title == "probability", _LEAST_LIMIT * (title == "limit")) for title in _TITLES]
        for has_range, has_left in ((True, True), (False, True)):
            rows = [self._row(each, has_range, has_left) for each in seen]
            widths = [max(width(str(cell)) for cell in column) for column in zip(_TITLES, *rows, strict=True)]
            widths[1] = min(widths[1], _LEAST_LIMIT)
            if 4 + sum(widths) + 2 * (len(widths) - 1) <= self.screen.columns:
                return columns, rows
        columns = [Column(title, title == "probability", 0 if title == "probability" else 8) for title in _TITLES]
        return columns, [self._row(each, has_range=False, has_left=False) for each in seen]

    def _row(self, each: CriterionFacts, has_range: bool, has_left: bool) -> Row:
        is_certain = self.facts.is_certain
        return [
            each.rule.id,
            limit_words(each.rule),
            measured(each, has_range),
            margin(each) if has_left else "",
            "" if each.probability is None else short_probability(each.probability, is_certain),
            "" if each.first_ms is None else times(each.first_ms) if has_range else median_time(each.first_ms),
        ]

    def _unseen(self, regime: RegimeFacts) -> list[Entry]:
        words = self._unseen_words(regime)
        if not words:
            return []
        if_all = chance_words(regime.if_unseen, self.facts.is_certain)
        text = f"The model cannot see: {'; '.join(words)}. If all of that held: {if_all}"
        return [Entry(wrapped(f"  {text}", self.screen.columns, 4))]

    def _unseen_words(self, regime: RegimeFacts) -> list[str]:
        of_users = [each.rule.id for each in regime.unseen if each.rule.metric in OF_USERS]
        others = [each for each in regime.unseen if each.rule.metric not in OF_USERS]
        first = [f"who uses the services ({', '.join(of_users)})"] if of_users else []
        return first + list(dict.fromkeys(_unseen_words(each, self.is_whole) for each in others))

    def _deadline(self, deadline: DeadlineFacts) -> Entry:
        words = deadline.deadline
        when = _moment(deadline.at_ms, deadline.at)
        mark = " (secondary source)" if words.evidence == "secondary" else ""
        text = f"{words.what.capitalize()}: {f'by {when}, ' if when else ''}{deadline.words}{mark}"
        return self._line(f"{text} [{words.article}: {words.source}]" if self.is_whole else text, 1)

    # What it rests on.

    def rests_on(self) -> Section:
        rests = self.facts.rests
        share = [] if rests is None else [f"{rests_words(rests, clean)}."]
        notes = [*share, *self.facts.notes, *self._clocks()]
        return Section("Rests on", [self._line(note) for note in notes], least=1)

    def _clocks(self) -> list[str]:
        if self.facts.occurrence_ms is None:
            return []
        if self.facts.starts is None:
            return ["The scenario has no `starts`: times count from its beginning, and no clock is known."]
        if self.facts.zone:
            return [f"Deadlines are local times of {self.facts.zone}."]
        return ["All times have the offset of `starts`, also behind a change of clocks; --zone gives local times."]

    def warnings(self) -> Section:
        return Section("Warnings", [self._line(str(each)) for each in self.facts.warnings], least=1, weight=0.5)


def _is_far(criterion: CriterionFacts) -> bool:
    """Tell whether a criterion is met in no trial."""
    return criterion.probability is None or criterion.probability.high.p == 0.0


def _is_ever_met(criterion: CriterionFacts) -> bool:
    return criterion.probability is not None and criterion.probability.high.p > 0.0


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
    return needs[rule.metric]


def _moment(at_ms: int | None, at: datetime | None) -> str:
    """Write a time: on the clock if that is known, else from the start; empty if neither."""
    if at is not None:
        return clock(at)
    return "" if at_ms is None else elapsed(at_ms)
