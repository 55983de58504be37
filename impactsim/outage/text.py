"""An outage under way in words, on one screen: the most important first. A renderer: every figure comes from the facts."""

from __future__ import annotations

from impactsim.outage.facts import AgainNow, NowFacts, RepairNow, ReserveNow, RunsOut, ServiceNow
from impactsim.outage.headline import Head
from impactsim.outage.sheet import FEW, Sheet
from impactsim.outage.words import (
    basis_words,
    median_left,
    range_left,
    status_words,
    users_now,
)
from impactsim.quantities import about_duration, about_figure, about_share
from impactsim.reports.layout import Cell, Column, Entry, Row, Section, fit
from impactsim.reports.page import Screen
from impactsim.reports.rests import rests_words
from impactsim.reports.words import clean, counted, joined, people

N_ACTIONS = 5
"""So many things to do are listed unless somebody wants more."""


def now_text(facts: NowFacts, screen: Screen | None = None, top: int = N_ACTIONS) -> list[str]:
    """Write an outage under way as text.

    Parameters
    ----------
    facts
        What is known and estimated.
    screen
        Where it is written.
    top
        How many things to do are listed.

    Returns
    -------
    list of str
        Lines. What does not fit is counted, never silently left out.
    """
    screen = screen or Screen()
    page = _Page(facts, screen)
    head = Head(facts, screen).lines()
    sections = [
        page.services(),
        page.runs_out(),
        page.actions(top),
        page.repairs(),
        page.reserves(),
        page.at_risk(),
        page.channels(),
        page.again(),
        page.rests_on(),
        page.warnings(),
    ]
    room = None if screen.n_lines is None else screen.n_lines - len(head)
    return head + fit(sections, room, screen.paint, screen.columns)


class _Page(Sheet):
    """The sections of the report in the making."""

    def services(self) -> Section:
        columns = [
            Column("now"),
            Column("service", least=12),
            Column("since"),
            Column("because of", least=16),
            Column("back in (P20 to P90)"),
            Column("median"),
        ]
        titles, entries = self.table(columns, [self._service(each) for each in self.facts.services])
        n_fine = self.facts.n_services - len(self.facts.services)
        tail = [self.screen.paint(f"  {counted(n_fine, 'other service')} whole", "quiet")] if entries and n_fine else []
        return Section("Not whole now", entries, titles, tail, weight=2.5)

    def _service(self, each: ServiceNow) -> Row:
        symbols = self.screen.symbols
        is_down = each.level == 0.0
        text = f"{symbols.down} down" if is_down else f"{symbols.degraded} at {about_share(each.level)}"
        return [
            Cell(text, "down" if is_down else "degraded"),
            self.name(each.service),
            self.clock.at(each.since_ms),
            self.names(each.rests_on, 3) or clean(each.text),
            range_left(each.remaining),
            median_left(each.remaining),
        ]

    def runs_out(self) -> Section:
        entries = [self._runs_out(each) for each in self.facts.runs_out]
        return Section("Next, if nothing is repaired", entries, weight=2.5)

    def _runs_out(self, each: RunsOut) -> Entry:
        text = f"  {self.clock.ahead(each.at_ms)}: {clean(each.text)}"
        if each.falls:
            text += f": {self._falls(each)}"
        if self.facts.has_users and each.people.high > 0:
            text += f"; {users_now(each.people)} users affected then"
        return self.entry(text, "down" if any(fall.level == 0.0 for fall in each.falls) else "degraded")

    def _falls(self, each: RunsOut) -> str:
        shown = []
        for fall in each.falls:
            to = "" if fall.level == 0.0 else f" to {about_share(fall.level)}"
            later = "" if fall.at_ms - each.at_ms < 60_000 else f" at {self.clock.at(fall.at_ms)}"
            shown.append(self.name(fall.service) + to + later)
        n = len({fall.service for fall in each.falls})
        return (
            f"{counted(n, 'service')} {'falls' if n == 1 else 'fall'}: {joined(shown, None if self.is_whole else FEW)}"
        )

    def actions(self, top: int) -> Section:
        facts = self.facts
        shown = facts.actions if self.is_whole else facts.actions[:top]
        unit = "user-minutes" if facts.unit == "user-minutes" else "minutes of services"
        rows: list[Row] = []
        for place, each in enumerate(shown, 1):
            text = clean(each.text) + (f" (at {self.clock.at(each.at_ms)})" if each.at_ms > facts.at_ms else "")
            saves = ("up to " if each.is_upper_bound else "") + people(each.saves, 3)
            rows.append([f"{place}.", text, saves])
        columns = [Column(""), Column("what", least=30), Column(f"{unit} that it saves", is_right=True)]
        titles, entries = self.table(columns, rows)
        return Section("First things to do", entries, titles, weight=2.5, unseen=len(facts.actions) - len(shown))

    def repairs(self) -> Section:
        return Section("Repairs", [self._repair(each) for each in self.facts.repairs], weight=2.0)

    def _repair(self, each: RepairNow) -> Entry:
        text = f"  {self.name(each.component)}: {status_words(each, self.facts)}"
        if each.basis.kind == "none":
            return self.entry(text, "degraded")
        if each.basis.worked_ms:
            text += f", {about_duration(each.basis.worked_ms)} done"
        if each.left is not None:
            text += f", {range_left(each.left)} of work left" + (
                f" (median end {self.clock.at(each.ends_ms)})" if each.ends_ms is not None else ""
            )
        text += f"; by {basis_words(each.basis)}"
        return self.entry(text, "degraded" if each.status in ("held up", "waits for a copy") else "")

    def reserves(self) -> Section:
        columns = [Column("kept up", least=14), Column("by", least=14), Column("without", least=14), Column("until")]
        titles, entries = self.table(columns, [self._reserve(each) for each in self.facts.reserves])
        return Section("On reserve now", entries, titles, least=1, weight=1.5)

    def _reserve(self, each: ReserveNow) -> Row:
        on = self.names(each.on, 2)
        by = {"holdover": "holdover", "standby": on, "quorum": f"{on}, none to spare" if on else "none to spare"}[
            each.by
        ]
        until = "no limit" if each.until_ms is None else self.clock.ahead(each.until_ms)
        return [self.names(each.components, 2), by, self.names(each.of, 2), until]

    def at_risk(self) -> Section:
        shown = [each for each in self.facts.at_risk if each[1] >= 0.005 or self.is_whole]
        words = [f"{self.name(name)} {about_share(chance)}" for name, chance in shown]
        entries = [self.entry(f"  {joined(words, None if self.is_whole else 8)}")] if words else []
        return Section("Whole now, and the chance that they go too", entries, least=1)

    def channels(self) -> Section:
        facts = self.facts
        up = [each for each in facts.channels if each.level > 0.0]
        down = [each for each in facts.channels if each.level == 0.0]
        entries = []
        if up:
            words = [
                self.name(each.channel) + ("" if each.until_ms is None else f" (until {self.clock.at(each.until_ms)})")
                for each in up
            ]
            entries.append(self.entry(f"  work: {joined(words, None if self.is_whole else FEW)}"))
        if down:
            entries.append(self.entry(f"  down: {self.names([each.channel for each in down])}", "down"))
        return Section("Channels for notices", entries, least=1, weight=1.2)

    def again(self) -> Section:
        known = [each for each in self.facts.again if each.chance is not None]
        unknown = [each.id for each in self.facts.again if each.chance is None]
        entries = [self.entry(f"  {self._again(each)}") for each in known]
        if len(known) > 1:
            entries.append(self.entry(f"  any of these: {about_share(self.facts.chance_again)} within 30 days", rank=1))
        if unknown:
            fail = "it fails" if len(unknown) == 1 else "they fail"
            entries.append(self.entry(f"  {self.names(unknown)}: nobody says how often {fail}", rank=1))
        return Section("Can it come back?", entries, least=1, weight=1.2)

    def _again(self, each: AgainNow) -> str:
        assert each.chance is not None, "somebody says how often it fails"
        assert each.per_year is not None, "somebody says how often it fails"
        sure = "" if each.confidence in ("", "declared") else f", {each.confidence}"
        text = f"{self.name(each.id)}: {about_share(each.chance)} within 30 days, {about_figure(each.per_year)} a year{sure}"
        if each.source:
            text += f" ({clean(each.source)})"
        if each.services:
            text += f"; {self.names(each.services, 3)} {'rests' if len(each.services) == 1 else 'rest'} on it"
        return text

    def rests_on(self) -> Section:
        entries = [self.entry(f"  {clean(note)}", "degraded") for note in self.facts.notes]
        if self.facts.rests is not None:
            few = None if self.is_whole else FEW
            entries.append(self.entry(f"  {rests_words(self.facts.rests, self.name, few)}"))
        groups: dict[str, list[str]] = {}
        for component, doubt in self.facts.guesses.items():
            groups.setdefault(doubt, []).append(component)
        entries += [self.entry(f"  {clean(doubt)}: {self.names(ids)}", rank=1) for doubt, ids in groups.items()]
        n = f"{self.facts.n_usable:,} trials of seed {self.facts.seed}; savings by the medians, until {self.clock.at(self.facts.window_ms)}"
        if self.facts.n_untried:
            n += f"; {self.facts.n_untried:,} more actions were not tried"
        entries.append(self.entry(f"  {n}", rank=2))
        return Section("What this rests on", entries, least=1, weight=1.2)

    def warnings(self) -> Section:
        entries = [self.entry(f"  {clean(str(each))}") for each in self.facts.warnings]
        return Section("Warnings", entries, least=0, weight=0.4)


def to_text(facts: NowFacts) -> str:
    """Write an outage under way as plain text, nothing left out."""
    return "\n".join(now_text(facts, Screen(n_lines=None)))
