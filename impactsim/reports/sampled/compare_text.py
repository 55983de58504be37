"""A comparison on common luck in words: each scenario beside the first, with differences and what to think of them."""

from __future__ import annotations

import math
from collections.abc import Callable

from impactsim.reports.compare import Key
from impactsim.reports.layout import Cell, Column, Paint, Row, plain, table, width, wrapped
from impactsim.reports.rests import rests_short
from impactsim.reports.sampled.compare import (
    NOT_RESTORED,
    RESTORED,
    Compared,
    ComparedScenario,
    ComparisonFacts,
    Difference,
    Verdict,
)
from impactsim.reports.sampled.page import kept_together
from impactsim.reports.sampled.words import (
    chance_in_short,
    chance_in_words,
    mean_of_chances,
    mean_of_people,
    mean_of_times,
    short_time,
    without_interval,
)
from impactsim.reports.words import clean, counted, joined
from impactsim.trials.estimates import Chance, Estimate

_Written = Callable[[Estimate, bool], str]
"""A mean with its interval to words; with a sign if it is a difference."""

_USERS = {"affected": "users affected", "peak": "at one time", "lost_user_minutes": "user-minutes lost"}
_WIDE = 100
_N_NAMES = 6


def comparison_text(
    comparison: ComparisonFacts, columns: int = 100, n_services: int | None = 20, paint: Paint = plain
) -> list[str]:
    """Write scenarios beside the first, one after the other.

    Parameters
    ----------
    comparison
        At least two scenarios.
    columns
        Width of the screen.
    n_services
        How many services of each scenario are listed at most; None for all.
    paint
        How words get their looks.

    Returns
    -------
    list of str
        Lines.
    """
    for room in (2, 1, 0) if columns >= _WIDE else (0,):
        writer = Writer(comparison, columns, n_services, room)
        if max(map(width, writer.lines(plain))) <= columns:
            break
    return writer.lines(paint)


class Writer:
    """Writes a comparison; with little room without the intervals of figures, with some without all of a verdict."""

    def __init__(self, comparison: ComparisonFacts, columns: int, n_services: int | None, room: int) -> None:
        self.comparison = comparison
        self.first = comparison.scenarios[0]
        self.columns = columns
        self.n_services = n_services
        self.paint: Paint = plain
        self.has_intervals = room >= 1
        self.has_both_ways = room >= 2
        self.has_estimate = all(each.has_estimate for each in comparison.scenarios)

    def lines(self, paint: Paint) -> list[str]:
        """Write everything."""
        self.paint = paint
        lines = self.top()
        for scenario in self.comparison.scenarios[1:]:
            lines += ["", *self.block(scenario)]
        return [*lines, "", *self.legend()]

    @property
    def is_unclear(self) -> bool:
        """Whether there is a difference of which nobody can tell."""
        return any(
            each.difference is not None and each.difference.verdict is Verdict.UNCLEAR
            for scenario in self.comparison.scenarios
            for each in scenario.figures.values()
        )

    def top(self) -> list[str]:
        """Say what is compared with what."""
        trials = counted(self.comparison.n_trials, "trial")
        text = f"Compared with: {clean(self.first.label)} ({trials} each, seed {self.comparison.seed}, the same luck)"
        lines = [self.paint(line, "heading") for line in wrapped(text, self.columns, 2)]
        if not self.comparison.is_complete:
            asked = self.comparison.n_asked
            text = f"INCOMPLETE: interrupted; {self.comparison.n_trials:,} of {asked:,} trials are in all of them"
            lines += [self.paint(line, "degraded") for line in wrapped(text, self.columns, 2)]
        return lines

    def legend(self) -> list[str]:
        """Say what the figures are."""
        parts = [
            ""
            if self.has_intervals
            else "First and here: means over the trials; a wider screen shows their intervals too.",
            "" if self.has_estimate else "Numbers of users are upper bounds, as estimates need segments.",
            "Differences are those of the same trial of both; +- and ranges in brackets hold with 95%.",
            f"No telling: {Verdict.UNCLEAR.value}." if self.is_unclear else "",
        ]
        text = " ".join(filter(None, parts))
        return [self.paint(line, "quiet") for line in kept_together(text, self.columns, 0)]

    def block(self, scenario: ComparedScenario) -> list[str]:
        """Write one scenario beside the first."""
        services, same, unclear = self.services(scenario)
        shown = services if self.n_services is None else services[: self.n_services]
        rows = self.rows_of_totals(scenario)
        if shown:
            rows += [[""] * 5, ["down for", *[""] * 4]]
            rows += [self.row(self.name(key), key, scenario, mean_of_times) for key in shown]
        heads = [
            Column("", least=12),
            Column("first", is_right=True),
            Column("here", is_right=True),
            Column("difference", is_right=True),
            Column("of the trials"),
        ]
        titles, lines = table(heads, rows, self.columns, 2, self.paint)
        lines = [*self._title(scenario), titles, *lines]
        if len(shown) < len(services):
            more = counted(len(services) - len(shown), "more service")
            lines.append(self.paint(f"  and {more} (--all)", "quiet"))
        for words, keys in (("No telling", unclear), ("The same in each trial", same)):
            if keys:
                limit = None if self.n_services is None else _N_NAMES
                text = f"  {words}: {joined([self.name(key) for key in keys], limit)}"
                lines += wrapped(text, self.columns, 4)
        return lines

    def _title(self, scenario: ComparedScenario) -> list[str]:
        return [self.paint(line, "heading") for line in wrapped(clean(scenario.label), self.columns, 2)]

    def name(self, key: Key) -> str:
        """Return the name of the service that a figure is of."""
        return clean(self.comparison.service_names[key[1]])

    def services(self, scenario: ComparedScenario) -> tuple[list[Key], list[Key], list[Key]]:
        """Return the services that fare differently, the largest difference first; those that fare alike; and the rest.

        Those that are never down in either, and those of which nobody can tell, are worth no row.
        """
        verdicts: dict[Key, Verdict | None] = {}
        for service in self.comparison.service_names:
            key = ("down_ms", service, "")
            found = [each.figures[key] for each in (self.first, scenario) if key in each.figures]
            if any(each.value.most > 0.0 for each in found):
                difference = found[-1].difference if len(found) == 2 else None
                verdicts[key] = None if difference is None else difference.verdict
        differing = [key for key, verdict in verdicts.items() if verdict not in (Verdict.SAME, Verdict.UNCLEAR)]
        differing.sort(key=lambda key: -self._size(key, scenario))
        same, unclear = (
            [key for key, verdict in verdicts.items() if verdict is which] for which in (Verdict.SAME, Verdict.UNCLEAR)
        )
        return differing, same, unclear

    def _size(self, key: Key, scenario: ComparedScenario) -> float:
        found = scenario.figures.get(key)
        return math.inf if found is None or found.difference is None else abs(found.difference.by.mean)

    def rows_of_totals(self, scenario: ComparedScenario) -> list[Row]:
        """Return the figures of a whole scenario beside those of the first, a row each."""
        rows: list[Row] = []
        bound = "estimate" if self.has_estimate else "high"
        if self.first.has_users or scenario.has_users:
            rows += [self.row(word, (figure, "", bound), scenario, mean_of_people) for figure, word in _USERS.items()]
        if self.comparison.service_names:
            rows.append(self._row_of_restored(scenario))
            if max(self.first.not_restored.p, scenario.not_restored.p) > 0.0:
                rows.append(self._row_of_not_restored(scenario))
        if self.first.rests or scenario.rests:
            rows.append(["rests on", rests_short(self.first.rests), rests_short(scenario.rests), "", ""])
        return rows

    def row(self, word: str, key: Key, scenario: ComparedScenario, written: _Written) -> Row:
        """Return a figure of the first scenario and of this one, their difference and the verdict."""
        mine = scenario.figures.get(key)
        values = [self._value(each.figures.get(key), written) for each in (self.first, scenario)]
        if mine is None or mine.difference is None:
            return [word, *values, "-", "-"]
        difference = mine.difference
        return [word, *values, self._difference(difference, written(difference.by, True)), self._words(difference)]

    def _value(self, found: Compared | None, written: _Written) -> str:
        if found is None:
            return "not there"
        text = written(found.value, False)
        return (text if self.has_intervals else without_interval(text)).removeprefix("about ")

    def _difference(self, difference: Difference, text: str) -> str | Cell:
        looks = {Verdict.BETTER: "up", Verdict.WORSE: "down"}
        return "-" if difference.verdict is Verdict.SAME else Cell(text, looks.get(difference.verdict, ""))

    def _words(self, difference: Difference) -> str | Cell:
        """Write the verdict, and in how many of the trials it is so."""
        verdict = difference.verdict
        if verdict is Verdict.UNCLEAR:
            return "no telling"
        if verdict is Verdict.SAME:
            return "the same"
        chance, other, look = (
            (difference.less, difference.more, "up")
            if verdict is Verdict.BETTER
            else (difference.more, difference.less, "down")
        )
        if chance.p == 1.0:
            return Cell(f"{verdict.value} in each", look)
        # A few very bad trials can outweigh many that are a little better.
        text = f"{verdict.value} {f'in {chance_in_words(chance)}' if chance.p >= other.p else 'on average'}"
        if not self.has_both_ways:
            return Cell(text, look)
        opposite = Verdict.WORSE if verdict is Verdict.BETTER else Verdict.BETTER
        rest = f"{opposite.value} in {chance_in_words(other)}" if other.p else "else the same"
        return Cell(f"{text}, {rest}", look)

    def _row_of_restored(self, scenario: ComparedScenario) -> Row:
        """Write the mean, or the median where a mean has no sense because it never happens in some trials."""
        mine, firsts = scenario.figures[RESTORED], self.first.figures[RESTORED]
        if math.isfinite(mine.value.mean) and math.isfinite(firsts.value.mean):
            return self.row("restored after", RESTORED, scenario, mean_of_times)
        assert mine.difference is not None
        middle = mine.difference.by.p50
        sign = "+" if middle > 0 else "-" if middle < 0 else ""
        by = f"{sign}{short_time(abs(middle))}" if math.isfinite(middle) else "-"
        values = [short_time(each.value.p50) for each in (firsts, mine)]
        return ["restored (median)", *values, self._difference(mine.difference, by), self._words(mine.difference)]

    def _row_of_not_restored(self, scenario: ComparedScenario) -> Row:
        difference = scenario.figures[NOT_RESTORED].difference
        assert difference is not None
        values = [self._chance(each.not_restored) for each in (self.first, scenario)]
        by = mean_of_chances(difference.by)
        return ["not restored in", *values, self._difference(difference, by), self._words(difference)]

    def _chance(self, chance: Chance) -> str:
        text = chance_in_short(chance)
        return text if self.has_intervals else text.partition(" (")[0]
