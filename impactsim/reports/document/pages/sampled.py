"""The document of many trials: chances and ranges instead of figures, and what drives the spread."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isinf

from impactsim.quantities import format_duration
from impactsim.reports.document.blocks import (
    BandsPicture,
    Block,
    Clock,
    Column,
    Document,
    Figure,
    KeyFigures,
    Paragraph,
    RangeBar,
    RangesPicture,
    Sign,
    Table,
    Tone,
    Words,
)
from impactsim.reports.document.pages.parts import (
    WHOLE,
    answers,
    list_blocks,
    part,
    parts,
    repeat_with,
    sentences,
    table_blocks,
)
from impactsim.reports.document.pages.run import rests_section
from impactsim.reports.document.reach import seen_until, unchanged_words
from impactsim.reports.sampled.facts import SampledComponent, SampledFacts
from impactsim.reports.sampled.headline import main_of, sampled_headline, trials_of
from impactsim.reports.sampled.page import SampledPage, others_of, services_of
from impactsim.reports.sampled.spread import driver_row, drivers, how_made
from impactsim.reports.sampled.text import (
    destroyed_data,
    rests_on,
    row_of,
    segment_name,
    sources,
    target_cells,
    users_row,
    warnings_of,
)
from impactsim.reports.sampled.words import chance_in_short, chance_in_words, mean_of_people, short_time, time_in_words
from impactsim.reports.words import Times, clean, counted, joined, people
from impactsim.trials.bands import MOST_TRIALS
from impactsim.trials.estimates import Estimate

Bands = Sequence[tuple[int, float, float, float]]
"""(at_ms, P10, P50, P90) of the people affected at that time over the trials (`impactsim.trials.bands`)."""

_QUANTILES = (("10%", True), ("50%", True), ("90%", True), ("at most", True))
_TIMES = (("down in", False), ("down for", True), *_QUANTILES, ("degraded for", True), ("not restored", False))
_USERS = (
    ("segment", False), ("affected", True), *_QUANTILES, ("between the bounds", False), ("user-minutes lost", True),
    ("all out for", True),
)  # fmt: skip
_MOST_BARS = 20
_MOST_POINTS = 40
_LIKELY = 0.5


def sampled_document(facts: SampledFacts, command: str = "", bands: Bands = ()) -> Document:
    """Return what stands in the report of many trials.

    Parameters
    ----------
    facts
        What the trials say.
    command
        The command line that wrote it; empty if there was none.
    bands
        How many people are affected over time; empty where nobody counted.
    """
    page = SampledPage(facts, WHOLE)
    affected = services_of(facts)
    return Document(
        title=clean(facts.scenario),
        subtitle=f"What becomes of {clean(facts.system)}, in {trials_of(facts)}",
        summary=(*answers((line.text, line.look) for line in sampled_headline(page)), _key_figures(facts)),
        sections=parts(
            part(
                "services",
                "Services",
                _chances(page, affected),
                _downtimes(affected),
                *_table("Services", page, affected),
            ),
            part("targets", "Recovery times", *_targets(page)),
            part("users", "People affected", _users_over_time(facts, bands), *_segments(page)),
            part("data", "Destroyed data", *list_blocks(sentences(destroyed_data(page)), "losses")),
            part("drivers", "What matters most", *_drivers(page)),
            part("others", "Other components", *_table("Other components", page, others_of(facts))),
            part("made", "How it was made", *list_blocks(sentences(how_made(page)), "notes")),
            rests_section(sentences(rests_on(page, ())), sentences(warnings_of(page)), sentences(sources(page)), ()),
        ),
        repeat=repeat_with(command, f"seed {facts.seed}, {trials_of(facts)}"),
    )


# The first page.


def _key_figures(facts: SampledFacts) -> KeyFigures:
    down = [each for each in services_of(facts) if each.down.p > 0.0]
    likely = sum(each.down.p >= _LIKELY for each in down)
    figures: list[tuple[str, Words, Words]] = [
        (
            "Services down in any trial",
            f"{len(down):,} of {len(facts.services):,}",
            f"{likely} in half of the trials or more",
        )
    ]
    if facts.has_users:
        figures.append(_people("People affected", main_of(facts.users.affected)))
        figures.append(_people("User-minutes lost", main_of(facts.users.lost_user_minutes)))
    return KeyFigures((*figures, _restored(facts)) if facts.services else tuple(figures))


def _people(title: str, estimate: Estimate) -> tuple[str, Words, Words]:
    """Return the range of eight trials in ten, or the most where nine of ten have none."""
    mean = f"mean {mean_of_people(estimate)}"
    if estimate.p90 <= 0.0 < estimate.most:
        return title, f"up to {people(estimate.most)}", f"none in nine of ten trials; {mean}"
    low, high = people(estimate.p10), people(estimate.p90)
    return title, low if low == high else f"{low} to {high}", f"in eight of ten trials; {mean}"


def _restored(facts: SampledFacts) -> tuple[str, Words, Words]:
    time = facts.restored_ms
    if time.p50 <= 0.0:
        return "Undisturbed", chance_in_words(facts.undisturbed), "of the trials: every service stays whole"
    half = "never" if isinf(time.p50) else time_in_words(time.p50)
    return "All services restored", half, f"in half of the trials; in nine of ten: {short_time(time.p90)}"


# Services.


def _chances(page: SampledPage, services: Iterable[SampledComponent]) -> Figure | None:
    """Return how likely services are down, with the intervals; None where nothing is uncertain."""
    shown = [each for each in services if each.affected.p > 0.0][:_MOST_BARS]
    if not shown or page.facts.is_certain:
        return None
    bars = tuple(RangeBar(clean(c.name), c.down.low, c.down.p, c.down.high, None, _tone(c)) for c in shown)
    rows = tuple((clean(c.name), chance_in_short(c.down), chance_in_short(c.affected)) for c in shown)
    columns = (Column("service"), Column("down"), Column("down or degraded"))
    return Figure(
        "chances",
        "How likely services are down",
        f"Share of {trials_of(page.facts)} in which a service was down at any time, with its interval of 95%.",
        RangesPicture(bars, "share", "share of the trials"),
        Table("How likely services are down", columns, rows),
    )


def _downtimes(services: Iterable[SampledComponent]) -> Figure | None:
    """Return how long services are down, as ranges, beside their targets."""
    shown = [each for each in services if each.down.p > 0.0][:_MOST_BARS]
    if all(each.down_ms.p90 <= 0.0 for each in shown):
        return None  # one trial in ten at most: the chances say it
    bars = tuple(
        RangeBar(clean(each.name), each.down_ms.p10, each.down_ms.p50, each.down_ms.p90, _limit(each), _tone(each))
        for each in shown
    )
    rows = tuple(
        (bar.name, *(short_time(ms) for ms in (bar.low, bar.middle, bar.high)), "-" if bar.target is None else short_time(bar.target))
        for bar in bars
    )  # fmt: skip
    columns = (Column("service"), Column("10%", True), Column("50%", True), Column("90%", True), Column("RTO", True))
    text = "From the time that one trial in ten stays below to the time that nine of ten stay below; the mark is the median."
    if any(bar.target is not None for bar in bars):
        text += " The line across is the recovery time objective."
    picture = RangesPicture(bars, "duration", "time down")
    return Figure("downtimes", "How long services are down", text, picture, Table("Time down", columns, rows))


def _limit(component: SampledComponent) -> float | None:
    return None if component.rto is None else float(component.rto.limit_ms)


def _tone(component: SampledComponent) -> Tone:
    """Return how bad it is: by its target if it has one, else by how often it is down."""
    if component.rto is not None:
        missed = component.rto.missed.p
        return "good" if missed <= 0.1 else "medium" if missed <= _LIKELY else "high"
    return "high" if component.down.p >= _LIKELY else "medium"


def _table(caption: str, page: SampledPage, components: Sequence[SampledComponent]) -> list[Block]:
    rows = [row_of(page, each, has_longest=True) for each in components]
    return table_blocks(caption, (("name", False), *_TIMES), rows)


def _targets(page: SampledPage) -> list[Block]:
    listed = [each for each in (*services_of(page.facts), *others_of(page.facts)) if each.rto or each.mtpd]
    heads = (("name", False), ("RTO", False), ("missed in", False), ("MTPD", False), ("exceeded in", False))
    rows = [
        [clean(each.name), *target_cells(page, each.rto, ""), *target_cells(page, each.mtpd, "")] for each in listed
    ]
    blocks = table_blocks("Recovery times", heads, rows)
    worst = [each for each in listed if each.rto is not None and each.rto.missed.p > _LIKELY]
    if not worst:
        return blocks
    names = joined([f"{clean(each.name)} ({format_duration(each.rto.limit_ms)})" for each in worst if each.rto], 5)
    return [Paragraph((Sign("high", "Missed"), f" in more than half of the trials: {names}.")), *blocks]


# Users.


def _users_over_time(facts: SampledFacts, bands: Bands) -> Figure | None:
    if not bands:
        return None
    end_ms = max(60_000, bands[-1][0], round(facts.end_ms.p90))
    times = Times(facts.starts, end_ms, (each[0] for each in bands))
    step = max(1, -(-len(bands) // _MOST_POINTS))
    kept = [each for i, each in enumerate(bands) if i % step == 0 or i == len(bands) - 1]
    rows = tuple((times.at(at_ms), *(people(value, 3) for value in values)) for at_ms, *values in kept)
    columns = (Column("from"), Column("10%", True), Column("50%", True), Column("90%", True))
    until_ms = seen_until((at for (_, *before), (at, *after) in pairwise(bands) if before != after), end_ms)
    band = f"P10 to P90 of {counted(min(facts.n_trials, MOST_TRIALS), 'trial')}"
    return Figure(
        "users-over-time",
        "People affected over time",
        "The line is the median over the trials at that time; eight of ten trials lie within the band."
        + unchanged_words(until_ms, end_ms, times),
        BandsPicture(tuple(bands), until_ms, "people affected", band, Clock(facts.starts)),
        Table("People affected over time", columns, rows),
    )


def _segments(page: SampledPage) -> list[Block]:
    facts = page.facts
    hit = [(name, group) for name, group in facts.segments.items() if group.affected.high.most > 0.0]
    hit.sort(key=lambda each: -each[1].affected.high.mean)
    rows = [users_row(page, segment_name(page, name), group) for name, group in hit]
    if len(hit) > 1:
        rows.append(users_row(page, "all", facts.users))
    return table_blocks("People affected by segment", _USERS, rows)


# What matters most.


def _drivers(page: SampledPage) -> list[Block]:
    facts = page.facts
    said = drivers(page)
    if not facts.drivers:
        return list_blocks(sentences(said), "notes")
    bars = tuple(
        RangeBar(
            f"{page.name(each.owner)}: {clean(each.field)}",
            max(0.0, each.share - 1.96 * each.standard_error),
            each.share,
            min(1.0, each.share + 1.96 * each.standard_error),
        )
        for each in facts.drivers[:_MOST_BARS]
    )
    rows = [[what, share, name] for share, what, name in (driver_row(page, each) for each in facts.drivers)]
    heads = (("uncertain quantity", False), ("of the variance", True), ("name", False))
    [table, *_] = table_blocks("What drives the spread", heads, rows, most=len(rows))
    assert isinstance(table, Table)
    tail = " ".join(" ".join(said.tail).split())
    figure = Figure(
        "drivers-shares",
        f"What drives the spread of the {facts.drivers_of}",
        f"Share of the variance that each explains by itself, with its interval of 95%. {tail}.",
        RangesPicture(bars, "share", "share of the variance"),
        table,
    )
    return [figure]
