"""A forecast in words, on one screen: an average year, what costs how much of it, and what changes would buy.

Knows the facts of a forecast and how a screen is laid out. Every figure comes from the facts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from impactsim.engine.users import Range
from impactsim.quantities import about_duration, format_duration
from impactsim.reports.forecast.facts import Cost, ForecastFacts, ForecastService, WhatIf
from impactsim.reports.forecast.words import as_estimate, mean_of_number, mean_of_share, share_of_all
from impactsim.reports.headline import Line
from impactsim.reports.layout import Cell, Column, Entry, Row, Section, fit, table, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.rests import rests_words
from impactsim.reports.sampled.facts import Target
from impactsim.reports.sampled.headline import is_bounded, main_of
from impactsim.reports.sampled.words import (
    chance_in_short,
    is_one_value,
    mean_of_people,
    mean_of_times,
    percent_of_mean,
    short_time,
    time_in_words,
)
from impactsim.reports.words import bounds, clean, counted, joined, people
from impactsim.trials.estimates import Chance, Estimate

_FEW = 6
_FEW_YEARS = 30
_WIDE = 100


def report(facts: ForecastFacts, screen: Screen | None = None, service: str | None = None) -> list[str]:
    """Write a forecast as text.

    Parameters
    ----------
    facts
        What the years say.
    screen
        Where it is written.
    service
        Id of the service that the reader asks for; all of them if absent.

    Returns
    -------
    list of str
        Lines. What does not fit is counted, never silently left out.
    """
    page = _Page(facts, screen or Screen(), service)
    top: list[str] = []
    for line in page.headline():
        top += [page.screen.paint(part, line.look) for part in wrapped(line.text, page.screen.columns, 2)]
    sections = [
        page.services(),
        page.targets(),
        page.budget(),
        page.changes(),
        page.services_of_changes(),
        page.rests_on(),
        page.made(),
        page.warnings(),
        page.sources(),
    ]
    room = None if page.screen.n_lines is None else page.screen.n_lines - len(top)
    return top + fit(sections, room, page.screen.paint, page.screen.columns)


def to_text(facts: ForecastFacts) -> str:
    """Write a forecast as plain text, nothing left out."""
    return "\n".join(report(facts, Screen(n_lines=None)))


class _Page:
    """The sections of one report."""

    def __init__(self, facts: ForecastFacts, screen: Screen, service: str | None) -> None:
        self.facts = facts
        self.screen = screen
        self.service = service
        self.is_whole = screen.n_lines is None
        shown = [each for name, each in facts.services.items() if service is None or name == service]
        self.shown = sorted((each for each in shown if _is_affected(each)), key=lambda each: each.availability.mean)
        self.n_fine = len(shown) - len(self.shown)

    # The answer.

    def headline(self) -> list[Line]:
        facts = self.facts
        lines = [self._worst(), *self._users()]
        if not facts.is_complete:
            after = f"after {facts.n_years:,} of {facts.n_asked:,} years"
            when = after if facts.n_years < facts.n_asked else "while the changes were played"
            lines.append(Line(f"INCOMPLETE: interrupted {when}", "degraded"))
        if facts.n_years < _FEW_YEARS:
            lines.append(
                Line(f"Only {_years(facts.n_years)}: too few to say much about chances and bad years", "degraded")
            )
        return lines

    def _worst(self) -> Line:
        title = clean(self.facts.system)
        if not self.shown:
            none = f"no service is affected in {_years(self.facts.n_years)}"
            if self.service is not None:
                none = (
                    f"{clean(self.facts.services[self.service].name)} is not affected in {_years(self.facts.n_years)}"
                )
            return Line(f"{title}: {none}", "up")
        worst = self.shown[0]
        if worst.down_ms.most == 0.0:
            text = f"no service is down in {_years(self.facts.n_years)}, and {clean(worst.name)} is degraded most"
            return Line(f"{title}: {text}, {mean_of_share(worst.degraded)} of the time", "degraded")
        most = "" if len(self.shown) == 1 else "most of all services: "
        down = f"in an average year {clean(worst.name)} is down {most}{_time(worst.down_ms)}, available {mean_of_share(worst.availability)}"
        return Line(f"{title}: {down}", "down")

    def _users(self) -> list[Line]:
        facts = self.facts
        if not facts.has_users:
            return [Line("Users: unknown, the system does not say who uses its services", "")]
        lost = facts.lost_user_minutes
        estimate = main_of(lost)
        if estimate.most <= 0.0:
            return [Line(f"Users lose nothing in {_years(facts.n_years)}", "up")]
        range_ = f" (bounds {bounds(Range(lost.low.mean, None, lost.high.mean))})" if is_bounded(lost) else ""
        at_most = "at most " if lost.estimate is None and is_bounded(lost) else ""
        text = f"Users lose {at_most}{mean_of_people(estimate)} user-minutes in an average year{range_}"
        if is_one_value(estimate):
            return [Line(text, "")]
        half = (
            f"in half of the years {people(estimate.p50)} or less" if estimate.p50 > 0 else "in half of the years none"
        )
        return [
            Line(
                f"{text}; {half}, in one of ten {people(estimate.p90)} or more, in the worst {people(estimate.most)}",
                "",
            )
        ]

    # A year of each service.

    def services(self) -> Section:
        columns = [
            Column("service", least=12),
            Column("available", is_right=True),
            Column("down a year", is_right=True),
            Column("50%", is_right=True),
            Column("90%", is_right=True),
            Column("outages", is_right=True),
            Column("any in a year" if self.screen.columns >= _WIDE else "any"),
            Column("degraded", is_right=True),
        ]
        rows: list[Row] = [_service_row(each, self.screen.columns >= _WIDE) for each in self.shown]
        section = self._table("Services in an average year", columns, rows, 2.5)
        if self.shown and self.n_fine:
            fine = f"  {counted(self.n_fine, 'other service')} not affected in {_years(self.facts.n_years)}"
            section.tail.append(self.screen.paint(fine, "quiet"))
        return section

    def targets(self) -> Section:
        columns = [
            Column("service", least=12),
            Column("RTO"),
            Column("missed in a year"),
            Column("MTPD"),
            Column("exceeded in a year"),
        ]
        rows: list[Row] = [
            [clean(each.name), *_target(each.rto, "degraded"), *_target(each.mtpd, "down")]
            for each in self.shown
            if each.rto or each.mtpd
        ]
        return self._table("Recovery times", columns, rows, 1.5)

    # The budget.

    def budget(self) -> Section:
        facts = self.facts
        columns = [
            Column("what fails", least=12),
            Column("how often"),
            Column("user-minutes a year", is_right=True),
            Column("share", is_right=True),
            Column("services down", is_right=True),
            Column("share", is_right=True),
        ]
        rows = [_cost_row(each) for each in facts.budget]
        section = self._table("What it goes back to", columns, rows, 2.0)
        if rows and facts.untraced > 0.0:
            rest = f"  {share_of_all(facts.untraced)} of all goes back to no failure of its own"
            section.tail.append(self.screen.paint(rest, "quiet"))
        return section

    # What changes would buy.

    def changes(self) -> Section:
        facts = self.facts
        of = "services" if self.service is None else clean(facts.services[self.service].name)
        columns = [
            Column("change", least=16),
            Column("user-minutes saved", is_right=True),
            Column("of all", is_right=True),
            Column(f"{of} down less", is_right=True),
            Column("fewer outages", is_right=True),
        ]
        rows = [self._change_row(each) for each in facts.changes]
        section = self._table("What changes would buy a year, on the same luck", columns, rows, 2.5)
        compared = min((each.n_years for each in facts.changes), default=facts.n_years)
        if compared < facts.n_years:
            section.tail.append(self.screen.paint(f"  compared in {_years(compared)} at least", "quiet"))
        return section

    def _change_row(self, change: WhatIf) -> Row:
        down, outages = mean_of_times(change.down_ms, sign=True), "-"
        if self.service is not None:
            saved = change.services.get(self.service)
            down = mean_of_times(as_estimate(saved.down_ms), sign=True) if saved else "gone"
            outages = mean_of_number(saved.outages, sign=True) if saved else "-"
        lost = change.lost_user_minutes
        look = "up" if lost.low > 0 or (lost.mean == 0 and change.down_ms.low > 0) else "down" if lost.high < 0 else ""
        has_users = self.facts.has_users
        return [
            Cell(clean(change.name), look),
            mean_of_people(lost, sign=True) if has_users else "-",
            share_of_all(change.lost_share) if has_users else "-",
            down,
            outages,
        ]

    def services_of_changes(self) -> Section:
        """Return what each change buys of each service; only where everything is to be written."""
        columns = [
            Column("change", least=16),
            Column("service", least=12),
            Column("down less", is_right=True),
            Column("fewer outages", is_right=True),
        ]
        rows: list[Row] = [
            [
                clean(change.name),
                clean(self.facts.names[name]),
                mean_of_times(as_estimate(saved.down_ms), sign=True),
                mean_of_number(saved.outages, sign=True),
            ]
            for change in self.facts.changes
            for name, saved in change.services.items()
            if self.is_whole and (saved.down_ms.mean or saved.outages.mean) and self.service in (None, name)
        ]
        return self._table("What they would buy of each service", columns, rows, 0.5, least=0)

    # What the answer rests on.

    def rests_on(self) -> Section:
        facts = self.facts
        few = None if self.is_whole else _FEW
        texts = [] if facts.rests is None else [rests_words(facts.rests, self._called, few)]
        if facts.never:
            named = joined([clean(facts.names[each]) for each in facts.never], few)
            texts.append(
                f"{len(facts.never)} of {counted(facts.n_components, 'component')} never fail by themselves here, for the system does not say how often they do: {named}"
            )
        texts += [clean(note) for note in facts.notes]
        by_word: dict[str, list[str]] = {}
        for name, word in facts.guesses.items():
            by_word.setdefault(word, []).append(clean(facts.names.get(name, name)))
        texts += [f"{clean(word)}: {joined(names, _FEW)}" for word, names in by_word.items()]
        return Section("What this rests on", [self._entry(f"  {text}") for text in texts], least=1)

    def made(self) -> Section:
        facts = self.facts
        sure = ""
        if 0.0 < facts.reached < math.inf and facts.n_years > 1:
            of = "lost user-minutes are" if facts.has_users else "time down is"
            sure = f"; the mean {of} known to +- {percent_of_mean(facts.reached)}"
            if facts.precision is not None and facts.reached > facts.precision:
                sure += f" ({percent_of_mean(facts.precision)} was asked for, which takes more years)"
        texts = [
            f"{_years(facts.n_years)} of {facts.year_ms // 86_400_000} days with seed {facts.seed}, each from {_day(facts)} on, after a run-in of {about_duration(facts.run_in_ms)} with everything up at first{sure}",
            "means +- and (ranges) hold with 95%; 50%, 90%: as many of the years have this or less",
        ]
        return Section("How it was made", [self._entry(f"  {text}") for text in texts], least=1)

    def warnings(self) -> Section:
        problems = [*self.facts.warnings, *(problem for each in self.facts.changes for problem in each.warnings)]
        texts = list(dict.fromkeys(clean(str(problem)) for problem in problems))
        return Section("Warnings", [self._entry(f"  {text}") for text in texts], least=0, weight=0.4)

    def sources(self) -> Section:
        by_source: dict[str, list[str]] = {}
        for name, source in self.facts.sources.items():
            by_source.setdefault(source, []).append(clean(self.facts.names.get(name, name)))
        entries = [self._entry(f"  {joined(names, _FEW)}: {clean(source)}") for source, names in by_source.items()]
        return Section("Sources", entries, least=0, weight=0.4)

    def _called(self, name: str) -> str:
        return clean(self.facts.names.get(name, name))

    def _entry(self, text: str) -> Entry:
        return Entry(wrapped(text, self.screen.columns, 4, None if self.is_whole else 3))

    def _table(
        self, heading: str, columns: Sequence[Column], rows: Sequence[Row], weight: float, least: int = 3
    ) -> Section:
        titles, lines = table(columns, rows, self.screen.columns, 2, self.screen.paint)
        return Section(heading, [Entry([line]) for line in lines], titles, least=least, weight=weight)


def _is_affected(service: ForecastService) -> bool:
    return service.down_ms.most > 0.0 or service.degraded_ms.most > 0.0


def _service_row(service: ForecastService, is_wide: bool) -> Row:
    is_down = service.down_ms.most > 0.0
    return [
        clean(service.name),
        mean_of_share(service.availability) if is_down else "-",
        mean_of_times(service.down_ms) if is_down else "-",
        short_time(service.down_ms.p50) if is_down else "-",
        short_time(service.down_ms.p90) if is_down else "-",
        mean_of_number(service.outages) if is_down else "-",
        _cell(service.down, "down", is_wide),
        mean_of_times(service.degraded_ms) if service.degraded_ms.most > 0.0 and (is_wide or not is_down) else "-",
    ]


def _target(target: Target | None, look: str) -> Row:
    return ["-", "-"] if target is None else [format_duration(target.limit_ms), _cell(target.missed, look)]


def _cell(chance: Chance, look: str, is_wide: bool = True) -> Cell | str:
    text = chance_in_short(chance)
    if not is_wide:
        text = text.partition(" ")[0]  # without its interval
    return Cell(text, look) if chance.p > 0.0 else text


def _cost_row(cost: Cost) -> Row:
    often = (
        f"{cost.per_year:,.3g} a year" if cost.per_year else f"all of {share_of_all(cost.down_all_year)} of the years"
    )
    return [
        clean(cost.name),
        often,
        mean_of_people(as_estimate(cost.lost_user_minutes)) if cost.lost_share is not None else "-",
        share_of_all(cost.lost_share),
        mean_of_times(as_estimate(cost.down_ms)) if cost.down_ms.mean else "-",
        share_of_all(cost.down_share) if cost.down_ms.mean else "-",
    ]


def _time(estimate: Estimate) -> str:
    """Write a mean time for a sentence."""
    if is_one_value(estimate):
        return time_in_words(estimate.mean, is_exact=True)
    return mean_of_times(estimate)


def _years(n: int) -> str:
    return counted(n, "year")


def _day(facts: ForecastFacts) -> str:
    return (
        f"{facts.starts:%Y-%m-%d}"
        if facts.starts.hour == facts.starts.minute == 0
        else f"{facts.starts:%Y-%m-%d %H:%M}"
    )
