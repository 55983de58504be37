"""What all sections of a report on many trials share: names, how long a line may be, and that certain is certain."""

from __future__ import annotations

from collections.abc import Sequence

from impactsim.reports.layout import Cell, Column, Entry, Row, plain, table, width, wrapped
from impactsim.reports.page import Screen
from impactsim.reports.sampled.facts import SampledComponent, SampledFacts
from impactsim.reports.sampled.words import (
    chance_in_short,
    chance_in_words,
    is_one_value,
    mean_of_people,
    mean_of_times,
    short_time,
)
from impactsim.reports.words import clean, exact, joined, people
from impactsim.trials.estimates import Chance, Estimate

_FEW = 6  # names of one line that is not to be longer than the screen is wide


class SampledPage:
    """A report on many trials in the making.

    Parameters
    ----------
    facts
        What the trials say.
    screen
        Where it is written.
    """

    def __init__(self, facts: SampledFacts, screen: Screen) -> None:
        self.facts = facts
        self.screen = screen
        self.is_whole = screen.n_lines is None
        self.is_wide = screen.columns >= 100
        self.few = None if self.is_whole else _FEW

    def entry(self, text: str, indent: int = 4) -> Entry:
        """Return an entry of a section, cut to two lines unless everything is to be written."""
        return Entry(kept_together(text, self.screen.columns, indent, None if self.is_whole else 2))

    def name(self, id_: str) -> str:
        """Return the name for people of a component or of a segment; its id if it has no other."""
        found = self.facts.components.get(id_)
        return clean(self.facts.segment_names.get(id_, id_) if found is None else found.name)

    def names(self, ids: Sequence[str], limit: int | None = None) -> str:
        """Return names as a list, a few of many unless everything is to be written."""
        return joined([self.name(id_) for id_ in ids], limit or self.few)

    def chance(self, chance: Chance) -> str:
        """Write a chance with its interval for a table; where nothing is uncertain there is none."""
        if self.facts.is_certain:
            return "always" if chance.p else "never"
        return chance_in_short(chance)

    def words(self, chance: Chance) -> str:
        """Write a chance for a sentence."""
        return chance_in_words(chance)

    def cell(self, chance: Chance, look: str) -> Cell | str:
        """Write a chance of something bad: in its look if it happened, and as nothing much where it cannot."""
        if chance.p == 0.0:
            return "-" if self.facts.is_certain else self.chance(chance)
        return Cell(self.chance(chance), look)

    def times(self, estimate: Estimate) -> list[str]:
        """Write the mean of a duration, its p10, p50 and p90 and the longest, each for a column of its own."""
        if is_one_value(estimate):
            return [short_time(estimate.mean, is_exact=True), *["-"] * 4]
        quantiles = estimate.p10, estimate.p50, estimate.p90, estimate.most
        return [mean_of_times(estimate), *(short_time(ms) for ms in quantiles)]

    def people(self, estimate: Estimate) -> list[str]:
        """Write the mean of a number of people, its p10, p50 and p90 and the largest."""
        if is_one_value(estimate):
            return [exact(estimate.mean), *["-"] * 4]
        quantiles = estimate.p10, estimate.p50, estimate.p90, estimate.most
        return [mean_of_people(estimate), *(people(count) for count in quantiles)]


def kept_together(text: str, columns: int, indent: int, n_lines: int | None = None) -> list[str]:
    """Break a text into lines, but not between ``+-`` and what follows."""
    whole = text.replace("+- ", "+-\N{NO-BREAK SPACE}")
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in wrapped(whole, columns, indent, n_lines)]


def laid_out(
    page: SampledPage, columns: Sequence[Column], rows: Sequence[Row], can_go: Sequence[int] = ()
) -> tuple[str, list[str]]:
    """Lay out a table; on a screen that is too narrow without some columns, in this order."""
    width_of_screen = page.screen.columns
    for n in range(len(can_go) + 1):
        gone = set(can_go[:n])
        kept = [["-" if i in gone else cell for i, cell in enumerate(row)] for row in rows]
        # What is painted has letters that take no room.
        if (
            n == len(can_go)
            or max(map(width, table(columns, kept, width_of_screen, 2, plain)[1]), default=0) <= width_of_screen
        ):
            break
    return table(columns, kept, width_of_screen, 2, page.screen.paint)


def services_of(facts: SampledFacts) -> list[SampledComponent]:
    """Return the services that were affected in any trial, the worst first: by mean time down, then degraded."""
    services = set(facts.services)
    return sorted((each for each in facts.components.values() if each.id in services), key=_rank)


def others_of(facts: SampledFacts) -> list[SampledComponent]:
    """Return the components that are no services and were affected, in the same order."""
    services = set(facts.services)
    return sorted((each for each in facts.components.values() if each.id not in services), key=_rank)


def _rank(component: SampledComponent) -> tuple[float, float, float]:
    return -component.down_ms.mean, -component.down.p, -component.degraded_ms.mean
