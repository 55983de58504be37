"""A ranking of failures as text: the answer in a sentence, the table, how the worst spread, the pairs, what it rests on."""

from __future__ import annotations

from impactsim.quantities import about_duration, about_share, format_duration
from impactsim.reports.layout import Cell, Column, Entry, Row, Section, fit, plain, table, width, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.rank.facts import Ranked, RankedPair, RankFacts, Spread
from impactsim.reports.rank.headline import (
    about,
    damage,
    lost_of,
    mean_number,
    name_in,
    rank_headline,
    short_range,
    unit_of,
)
from impactsim.reports.rests import rests_words
from impactsim.reports.sampled.words import chance_in_words
from impactsim.reports.words import by_value, clean, counted, joined

_N_NAMES = 3
_N_ROWS = 20  # rows of the table unless everything is to be written
_N_ALWAYS = 5  # rows of a table that stay on any screen
_KIND, _A_YEAR, _SPREADS, _ON_GUESSES = 2, 8, 9, 10  # columns that are left out first
_N_SPREAD = 5  # failures whose spread is told unless everything is


def rank_text(facts: RankFacts, screen: Screen | None = None, top: int | None = None) -> list[str]:
    """Write a ranking.

    Parameters
    ----------
    facts
        What the ranking says.
    screen
        Where it is written.
    top
        How many of the failures are listed; as many as there is room for if absent.

    Returns
    -------
    list of str
        Lines.
    """
    return _Text(facts, screen or Screen(), top).lines()


def basis_of(facts: RankFacts) -> list[str]:
    """Return how a ranking was worked out, and what is not certain, a sentence each without a full stop."""
    text = _Text(facts, Screen(n_lines=None), None)
    return [clean(line) for line in (*text.how(), *text.doubts(), *(str(each) for each in facts.warnings))]


def table_rows(facts: RankFacts, screen: Screen) -> list[list[str | Cell]]:
    """Return the failures as rows.

    Returns
    -------
    list of list
        Place, failure, kind, users, user-minutes, time of the service asked for, services, longest, a year, first service hit, how much of it
        rests on guesses (empty where all is declared).
    """
    return _Text(facts, screen, None).rows()


class _Text:
    def __init__(self, facts: RankFacts, screen: Screen, top: int | None) -> None:
        self.facts = facts
        self.screen = screen
        self.top = top
        self.shown = facts.ranking if top is None else facts.ranking[:top]
        self.hidden = 0
        if top is None and screen.n_lines is not None:
            # What reaches nobody is counted above.
            hit = tuple(each for each in self.shown if not each.hits_nobody)
            self.hidden, self.shown = len(self.shown) - len(hit), hit

    def lines(self) -> list[str]:
        head = [line for text, look in rank_headline(self.facts) for line in self._wrapped(text, look)]
        sections = [section for section in (self._ranking(), self._spreads(), self._pairs(), self._basis()) if section]
        room = None if self.screen.n_lines is None or self.top is not None else self.screen.n_lines - len(head)
        return head + fit(sections, room, self.screen.paint, self.screen.columns)

    def _wrapped(self, text: str, look: str) -> list[str]:
        first, *others = wrapped(text, self.screen.columns, 2)
        return [self.screen.paint(first, look) if look else first, *others]

    # The table.

    def _ranking(self) -> Section:
        facts = self.facts
        by = {
            "lost": "user-minutes lost", "affected": "users affected", "down": "time of services down",
            "yearly": f"{unit_of(self.facts)} a year",
        }[facts.by]  # fmt: skip
        if facts.service is not None:
            by = f"time down of {name_in(self.facts, facts.service)}"
        columns = [
            Column("", is_right=True),
            Column("failure", least=12),
            Column("kind", least=5),
            Column("users", is_right=True),
            Column("user-minutes", is_right=True),
            Column("it is down" if facts.service else "", is_right=True),
            Column("services", is_right=True),
            Column("longest" if self.facts.trials == 1 else "longest, mean", is_right=True),
            Column("a year", is_right=True),
            Column("spreads", is_right=True),
            Column("on guesses", is_right=True),
        ]
        titles, lines = self._as_wide_as_fits(columns, self.rows())
        section = Section(f"Failures by {by}", [Entry([line]) for line in lines], titles, weight=3.0)
        section.least = min(_N_ALWAYS, len(lines))
        section.unseen = len(facts.ranking) - self.hidden - len(self.shown) if self.top is None else 0
        return section

    def _as_wide_as_fits(self, columns: list[Column], rows: list[list[str | Cell]]) -> tuple[str, list[str]]:
        """Lay out the table; where the screen is narrow, without what is told elsewhere."""
        titles, lines = table(columns, rows, self.screen.columns, 2, plain)
        for place in (_ON_GUESSES, _SPREADS, _KIND, _A_YEAR):
            if width(titles) <= self.screen.columns:
                break
            for row in rows:
                row[place] = ""
            titles, lines = table(columns, rows, self.screen.columns, 2, plain)
        return table(columns, rows, self.screen.columns, 2, self.screen.paint) if rows else (titles, lines)

    def rows(self) -> list[list[str | Cell]]:
        facts = self.facts
        has_rates = any(each.per_year is not None for each in facts.ranking)
        rows: list[list[str | Cell]] = []
        self.shown = self.shown if self.screen.n_lines is None else self.shown[: self.top or _N_ROWS]
        for place, each in enumerate(self.shown, 1):
            users = short_range(each.affected) if facts.has_users else ""
            lost = lost_of(each) if facts.has_users else ""
            of_service = ""
            if facts.service is not None:
                of_service = about_duration(each.service_down_ms) if each.service_down_ms else "-"
                of_service = "never back" if each.service_is_never else of_service
            year = "" if not has_rates else "-" if each.lost_a_year is None else about(each.lost_a_year)
            down = mean_number(each.services_down)
            degraded = mean_number(each.services_degraded)
            down += f" +{degraded}{self.screen.symbols.degraded}" if degraded not in ("0", "0.0") else ""
            look = "" if each.hits_nobody else "down" if each.services_down else "degraded"
            rows.append(
                [
                    str(place),
                    Cell(clean(each.id), look),
                    clean(each.kind),
                    users,
                    lost,
                    of_service,
                    down if each.services_down or each.services_degraded else "-",
                    self._longest(each),
                    year,
                    _first(each),
                    "" if self.facts.rests is None else _on_guesses(each),
                ]
            )
        return rows

    def _longest(self, each: Ranked) -> Cell | str:
        if each.is_never:
            return Cell("never back", "down")
        if self.facts.horizon_ms is None and each.sampled is not None and each.sampled.not_restored.p > 0:
            return Cell(f"never in {chance_in_words(each.sampled.not_restored)}", "down")
        return about_duration(each.longest_ms) if each.longest_ms else "-"

    # How they spread.

    def _spreads(self) -> Section | None:
        told = [each for each in self.shown if each.spread]
        if self.screen.n_lines is not None:
            told = told[:_N_SPREAD]
        entries = [Entry(self._spread(each)) for each in told]
        return Section("How the worst of them spread", entries, least=1) if entries else None

    def _spread(self, each: Ranked) -> list[str]:
        assert each.spread is not None
        steps: dict[int, list[Spread]] = {}
        for spread in each.spread:
            steps.setdefault(spread.first_ms, []).append(spread)
        parts = []
        for first_ms, spreads in steps.items():
            when = "at once" if first_ms == 0 else f"after {about_duration(first_ms)}"
            paths = list(dict.fromkeys(" > ".join(spread.path[1:]) or "itself" for spread in spreads))
            parts.append(f"{when} {joined(paths, None if self.screen.n_lines is None else _N_NAMES)}")
        n_lines = None if self.screen.n_lines is None else 2
        return wrapped(f"  {clean(each.id)}: {'; '.join(parts)}", self.screen.columns, 4, n_lines)

    # Pairs.

    def _pairs(self) -> Section | None:
        pairs = self.facts.pairs
        if pairs is None:
            return None
        unit = "user-minutes" if self.facts.has_users else "service-minutes"
        columns = [
            Column("failure", least=12),
            Column("with", least=12),
            Column("users affected", is_right=True),
            Column(f"{unit} lost", is_right=True),
            Column("more than both alone", is_right=True),
        ]
        n_lines = self.screen.n_lines
        shown = pairs.pairs if n_lines is None else pairs.pairs[:n_lines]
        titles, lines = table(
            columns, [pair_row(self.facts, each) for each in shown], self.screen.columns, 2, self.screen.paint
        )
        tail = wrapped(f"  {tried_pairs(self.facts)}", self.screen.columns, 2)
        entries = [Entry([line]) for line in lines] or [Entry(["  none"])]
        unseen = len(pairs.pairs) - len(shown)
        section = Section("Pairs that are worse than their parts", entries, titles if lines else "", tail, weight=2.0)
        section.unseen = unseen
        return section

    # What it rests on.

    def _basis(self) -> Section:
        lines = [*self.how(), *self.doubts(), *(str(each) for each in self.facts.warnings)]
        n_lines = None if self.screen.n_lines is None else 2
        entries = [Entry(wrapped(f"  {clean(line)}", self.screen.columns, 4, n_lines)) for line in lines]
        return Section("What this rests on", entries, least=3)

    def how(self) -> list[str]:
        facts = self.facts
        lines = []
        if facts.trials == 1:
            lines.append(
                "Every uncertain quantity takes its median; --trials N gives the expected loss, with its interval"
            )
        else:
            lines.append(
                f"{facts.trials:,} trials of each failure, seed {facts.seed}: means, with intervals of 95 % (+-); how they spread, "
                "and pairs, with medians"
            )
        if facts.for_ms is not None:
            lines.append(f"Each failure lasts {format_duration(facts.for_ms)} (--for)")
        elif n_default := sum(each.has_default_end for each in facts.ranking):
            lines.append(
                f"{counted(n_default, 'failure')} with no time_to_restore: {format_duration(facts.default_ms)} assumed "
                "(--for sets the time of all)"
            )
        if facts.has_hours:
            lines.append(self._hours())
        n_rates = sum(each.per_year is not None for each in facts.ranking)
        if n_rates and n_rates < len(facts.ranking):
            lines.append(f"How often it fails is known of {n_rates:,} of {len(facts.ranking):,}")
        if facts.horizon_ms is not None:
            lines.append(f"Each is followed for {format_duration(facts.horizon_ms)} (--horizon)")
        elif any(each.is_never for each in facts.ranking):
            lines.append(
                "A loss that never ends is counted until nothing changes any more, and stands first; see --horizon"
            )
        return lines

    def _hours(self) -> str:
        if self.facts.starts is not None:
            return f"All begin at {self.facts.starts.isoformat(timespec='minutes')} (--starts)"
        return (
            "At any hour alike: where there is an activity as many users count as are there on the average of the day "
            "(--starts for a time, --by-start-hour for each)"
        )

    def doubts(self) -> list[str]:
        facts = self.facts
        few = None if self.screen.n_lines is None else _N_NAMES
        share = [] if facts.rests is None else [rests_words(facts.rests, lambda name: name_in(facts, name), few)]
        names_of = {doubt: [name_in(facts, name) for name in names] for doubt, names in by_value(facts.guesses).items()}
        return share + [f"{doubt}: {joined(names, few)}" for doubt, names in names_of.items()]


def _on_guesses(each: Ranked) -> str:
    return "-" if each.rests is None or each.rests.guessed <= 0.0 else about_share(each.rests.guessed)


def pair_row(facts: RankFacts, each: RankedPair) -> Row:
    """Return a pair: the two failures, users affected, what both at once cost, by how much that is more than both alone."""
    users = short_range(each.affected) if facts.has_users else ""
    more = Cell("never back", "down") if each.is_never else about(each.excess)
    return [clean(each.first), clean(each.second), users, about(each.lost), more]


def tried_pairs(facts: RankFacts) -> str:
    """Say how many pairs were tried, and what is known of the others."""
    pairs = facts.pairs
    assert pairs is not None
    text = f"{pairs.n_tried:,} of {counted(pairs.n_possible, 'pair')} tried"
    text += "; the others meet nowhere and cannot be worse" if pairs.is_complete else (
        "; more of them may be worse: these meet in the narrowest places"
    )  # fmt: skip
    if pairs.n_left_out:
        text += f"; left out {pairs.n_left_out:,} of which one alone is never back (--horizon counts them)"
    return text


def _first(each: Ranked) -> str:
    """Say when the first service other than itself is hit."""
    if each.spread is None:
        return ""
    firsts = [spread.first_ms for spread in each.spread if spread.service != each.id]
    return "-" if not firsts else "at once" if min(firsts) == 0 else about_duration(min(firsts))


def spread_lines(facts: RankFacts, name: str, screen: Screen) -> list[str]:
    """Write how one failure reaches each service, with the whole chain.

    Parameters
    ----------
    facts
        What the ranking says; this failure must be among those that were explained.
    name
        Id of the failure.
    screen
        Where it is written; it is never cut.
    """
    each = next(each for each in facts.ranking if each.id == name)
    assert each.spread is not None, "it was explained"
    place = facts.ranking.index(each) + 1
    kind = f" ({each.id}, {each.kind})" if each.name != each.id else f" ({each.kind})"
    lines = [
        screen.paint(f"{clean(each.name)}{kind}, {place} of {len(facts.ranking):,}: {damage(facts, each)}", "heading")
    ]
    if not each.spread:
        return [*lines, "It reaches no service"]
    for spread in each.spread:
        lines += ["", _reached(facts, spread, screen)]
        for link in spread.why.chain:
            since = f" (since +{about_duration(link.at_ms)})" if link.at_ms else ""
            lines += wrapped(
                f"    {clean(facts.names.get(link.component, link.component))} {clean(link.text)}{since}",
                screen.columns,
                6,
            )
    return lines


def _reached(facts: RankFacts, spread: Spread, screen: Screen) -> str:
    when = "at once" if spread.first_ms == 0 else f"after {about_duration(spread.first_ms)}"
    level = "down" if spread.why.level <= 0.0 else f"at {spread.why.level:.0%}"
    lowest = "" if spread.why.at_ms == spread.first_ms else f", {level} after {about_duration(spread.why.at_ms)}"
    return screen.paint(
        f"{clean(facts.names[spread.service])}: {level if not lowest else 'degraded'} {when}{lowest}",
        "down" if spread.why.level <= 0 else "degraded",
    )
