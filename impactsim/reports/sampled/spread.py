"""Why the trials differ, and how they were made: what drives the spread, seed, precision, how to look closer."""

from __future__ import annotations

import math

from impactsim.reports.layout import Column, Entry, Row, Section
from impactsim.reports.sampled.facts import Driver, SampledFacts
from impactsim.reports.sampled.headline import main_of, trials_of
from impactsim.reports.sampled.page import SampledPage, kept_together, laid_out
from impactsim.reports.sampled.words import is_one_value, percent_of_mean, share_with_error
from impactsim.reports.words import clean, counted
from impactsim.trials.estimates import Estimate

_FEWEST_FOR_SPREAD = 32
_VAGUE = 0.25
"""Half width of an interval of a share from which on it says next to nothing."""


def drivers(page: SampledPage) -> Section:
    """Return which uncertain quantities explain how much of the variance, and what is left."""
    facts = page.facts
    heading = f"What drives the spread of the {facts.drivers_of}"
    if facts.is_certain or not (facts.has_users or facts.services):
        return Section(heading, [])
    if facts.n_trials < _FEWEST_FOR_SPREAD:
        few = (
            f"  {trials_of(facts)} cannot tell; it takes {_FEWEST_FOR_SPREAD} at least, and some hundreds to be of use"
        )
        return Section(heading, [page.entry(few)])
    n = counted(facts.n_uncertain, "uncertain quantity", "uncertain quantities")
    if is_one_value(_headline_figure(facts)):
        return Section(heading, [page.entry(f"  there is none: {trials_of(facts)} gave the same")], least=1)
    if not facts.drivers:
        return Section(heading, [page.entry(f"  none of {n} stands out by itself in {trials_of(facts)}")], least=1)
    columns = [Column("of the variance"), Column("is explained by", least=20), Column("name", least=20)]
    rows = [driver_row(page, each) for each in facts.drivers]
    titles, lines = laid_out(page, columns, rows)
    tail = kept_together(f"  {_left_over(facts)}", page.screen.columns, 4)
    return Section(heading, [Entry([line]) for line in lines], titles, tail, weight=1.5)


def _headline_figure(facts: SampledFacts) -> Estimate:
    return main_of(facts.users.lost_user_minutes) if facts.has_users else facts.restored_ms


def driver_row(page: SampledPage, driver: Driver) -> Row:
    """Return what share of the variance is explained by what, and its full name."""
    share = share_with_error(driver.share, driver.standard_error)
    return [share, f"{page.name(driver.owner)}: {clean(driver.field)}", clean(driver.name) if page.is_wide else "-"]


def _left_over(facts: SampledFacts) -> str:
    """Say what the drivers leave unexplained, unless chance alone may leave as much."""
    rest = 1.0 - sum(each.share for each in facts.drivers)
    error = 1.96 * math.sqrt(sum(each.standard_error**2 for each in facts.drivers))
    n_others = facts.n_uncertain - len(facts.drivers)
    others = f"; none of the {n_others} others stands out" if n_others > 1 else ""
    if error > _VAGUE:
        return f"{trials_of(facts)} cannot tell how much is left{others}"
    if rest <= max(error, 0.05):
        return f"{'Nearly all of it is explained' if error <= 0.1 else 'What is left is no more than chance'}{others}"
    return (
        f"About {rest:.0%} is left: what several do only together (one fails while another is out), "
        f"and what is too small to tell{others}"
    )


_STANDS_FOR = {"median": "is in the middle", "p90": "worse than nine of ten", "worst": "the worst"}


def how_made(page: SampledPage) -> Section:
    """Return the seed, the precision, what the figures mean, and how to look closer."""
    facts = page.facts
    drawn = counted(facts.n_uncertain, "uncertain quantity", "uncertain quantities")
    parts = [f"{trials_of(facts)} with seed {facts.seed}", f"{drawn} drawn anew in each" if facts.n_uncertain else ""]
    entries = [page.entry(f"  {', '.join(filter(None, parts))}{_precision(facts)}")]
    if not facts.is_certain:
        if any(each.not_restored.p > 0.0 for each in facts.components.values()):
            entries.append(
                page.entry("  what was not restored is counted until the end of the run, and lasts longer in truth")
            )
        closer = f"  --trial I shows one trial alone with its why, I from 0 to {facts.n_trials - 1:,}"
        if facts.worth_a_look:
            closer += "; " + ", ".join(f"{each.trial} {_STANDS_FOR[each.stands_for]}" for each in facts.worth_a_look)
        entries.append(page.entry(closer))
        entries.append(
            page.entry(
                "  +- and ranges in brackets hold the true value with 95%; 10%, 50%, 90%: so many of the trials have this "
                "or less, with 0 where nothing was down"
            )
        )
    return Section("How it was made", entries, least=4)


def _precision(facts: SampledFacts) -> str:
    if facts.is_certain or facts.n_trials < 2 or facts.reached == 0.0:
        return ""
    if not math.isfinite(facts.reached):
        return f"; the mean of the {facts.drivers_of} is not known to any precision"
    reached = f"; the mean of the {facts.drivers_of} is known to +- {percent_of_mean(facts.reached)}"
    if facts.precision is None:
        return reached
    missed = "" if facts.reached <= facts.precision else ", and more trials would be needed"
    return f"{reached} ({percent_of_mean(facts.precision)} was asked for{missed})"
