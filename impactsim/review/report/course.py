"""The course of each scenario in a review's report: levels over time, people over time, and how far the loss reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from impactsim.model.system import System
from impactsim.quantities import about_share
from impactsim.reports.document.blocks import (
    BandsPicture,
    Block,
    Clock,
    Column,
    Details,
    Figure,
    LevelsPicture,
    Paragraph,
    Section,
    Strip,
    Strong,
    Table,
    Words,
)
from impactsim.reports.document.reach import seen_until, unchanged_words
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.words import clean, counted, joined, people, times_of
from impactsim.review.facts import Rehearsal, ReviewFacts
from impactsim.review.play.doers import step_of
from impactsim.review.report import words

_N_STRIPS = 18
_N_NAMES = 2
_HALF = 0.5
_N_POINTS = 40


def course(facts: ReviewFacts, systems: Mapping[str, System]) -> Section:
    """Return the section of the scenarios as they go by the medians, with the plan's steps as the repairs."""
    parts = [_scenario(facts, each, systems.get(each.file), i) for i, each in enumerate(facts.rehearsals, 1)]
    found = tuple(part for part in words.gravest_first(facts, parts) if part is not None)
    return Section("course", "What happens in each scenario", found)


def _scenario(facts: ReviewFacts, rehearsal: Rehearsal, system: System | None, place: int) -> Block | None:
    """Return the worst scenario as a part of its own, and others in a line that opens; None where nothing happens."""
    is_gravest = rehearsal is words.gravest(facts)
    blocks: list[Block] = []
    services, others = _hit(facts, rehearsal)
    if services or others:
        blocks.append(_levels(rehearsal, services, others, place))
    besides: list[Block] = [_users(rehearsal, place)] if rehearsal.users else []
    if system is not None and (map_ := _map(system, rehearsal.run, place)) is not None:
        besides.append(map_)
    if besides:
        blocks += (
            besides if is_gravest else [Details("People over time, and the map", tuple(besides), is_printed=False)]
        )
    if not blocks:
        return None
    name, said = clean(rehearsal.name), _in_short(facts, rehearsal)
    if is_gravest:
        return Section(f"course-{place}", name, (Paragraph(f"{said}."), *blocks))
    return Details((Strong(name), f": {said[0].lower()}{said[1:]}"), tuple(blocks))


def _in_short(facts: ReviewFacts, rehearsal: Rehearsal) -> str:
    """Say which services are hit and miss their targets, and how many people it takes at a time."""
    known = [(row, rehearsal.services[row.id]) for row in facts.rows if row.id in rehearsal.services]
    hit = [row for row, each in known if each.is_affected]
    late = [row for row, each in known if each.p_rto_met is not None and each.p_rto_met[0] < _HALF]
    said = f"It hits {len(hit)} of {counted(len(known), 'service')}"
    said += (
        f"; in more than half of the trials {joined([clean(row.name) for row in late], 4)} {'misses its' if len(late) == 1 else 'miss their'} RTO"
        * bool(late)
    )
    most = max((middle for _, _, middle, _ in rehearsal.users), default=0.0)
    return said + (
        f"; at most {people(most)} people are affected at a time, by the middle of the trials" if most > 0 else ""
    )


# Levels.


def _hit(facts: ReviewFacts, rehearsal: Rehearsal) -> tuple[list[ComponentFacts], list[ComponentFacts]]:
    """Return what is hit: the services of the plan; then what steps restore, and what else is down the longest."""
    found = {
        each.id: each for each in rehearsal.run.components.values() if each.was_affected and step_of(each.id) is None
    }
    services = [found.pop(row.id) for row in facts.rows if row.id in found]
    restored = {each for step in rehearsal.steps for each in step.restores}
    others = sorted(
        found.values(), key=lambda each: (each.id not in restored, -each.down_ms - each.degraded_ms)
    )  # stable
    return services, others


def _alike(components: list[ComponentFacts]) -> list[list[ComponentFacts]]:
    """Put together what fared alike."""
    groups: dict[object, list[ComponentFacts]] = {}
    for each in components:
        groups.setdefault((each.levels, _reserves(each)), []).append(each)
    return list(groups.values())


def _reserves(component: ComponentFacts) -> tuple[tuple[int, int], ...]:
    return tuple((each.from_ms, each.to_ms) for each in component.reserve)


def _levels(rehearsal: Rehearsal, services: list[ComponentFacts], others: list[ComponentFacts], place: int) -> Figure:
    run = rehearsal.run
    groups = [*_alike(services), *_alike(others)][:_N_STRIPS]
    strips = tuple(
        Strip(joined([clean(each.name) for each in group], _N_NAMES), group[0].levels, _reserves(group[0]))
        for group in groups
    )
    shown = [each for group in groups for each in group]
    until_ms = seen_until(_changes(strips), run.end_ms)
    columns = (Column("Component"), Column("Kind"), Column("Below full level"), Column("Down for", is_number=True))
    rows = tuple(
        (clean(each.name), clean(each.kind), _below(each, run.end_ms), words.duration(each.down_ms)) for each in shown
    )
    text = (
        "By the medians, services first: each strip is full where the component serves all, empty where it serves nothing; what "
        f"fared alike shares one.{unchanged_words(until_ms, run.end_ms, times_of(run))}"
    )
    left = len(services) + len(others) - len(shown)
    text += f" {counted(left, 'component')} that fared better are left out." if left else ""
    table = Table("When each of them was below its full level", columns, rows)
    picture = LevelsPicture(strips, until_ms, Clock(run.starts))
    return Figure(f"levels-{place}", "Levels over time", text, picture, table, prints_table=False)


def _changes(strips: tuple[Strip, ...]) -> Iterator[int]:
    for strip in strips:
        yield from (at_ms for at_ms, _ in strip.levels)
        yield from (at_ms for reserve in strip.reserves for at_ms in reserve)


def _below(component: ComponentFacts, end_ms: int) -> str:
    """Write the times in which a component was below its full level, with the lowest level of each."""
    spells: list[tuple[int, int | None, float]] = []
    for (at, level), (to, _) in pairwise([*component.levels, (end_ms, 1.0)]):
        if level >= 1.0:
            continue
        until = None if to >= end_ms and not component.restored else to
        if spells and spells[-1][1] == at:
            spells[-1] = (spells[-1][0], until, min(level, spells[-1][2]))
        else:
            spells.append((at, until, level))
    return ", ".join(_spell(*each) for each in spells)


def _spell(from_ms: int, to_ms: int | None, level: float) -> str:
    until = "the end" if to_ms is None else words.since_start(to_ms)
    return f"{words.since_start(from_ms)} to {until}" + (f" at {about_share(level)}" if level > 0.0 else "")


# People.


def _users(rehearsal: Rehearsal, place: int) -> Figure:
    run = rehearsal.run
    band = f"P10 to P90 of {rehearsal.n_trials:,} trials"
    changes = (at for (_, *before), (at, *after) in pairwise(rehearsal.users) if before != after)
    until_ms = seen_until(changes, run.end_ms)
    picture = BandsPicture(rehearsal.users, until_ms, "people affected", band, Clock(run.starts))
    columns = (Column("From"), *(Column(title, is_number=True) for title in ("P10", "P50", "P90")))
    step = max(1, -(-len(rehearsal.users) // _N_POINTS))
    rows = tuple(
        (words.since_start(at), people(low), people(middle), people(high))
        for at, low, middle, high in rehearsal.users[::step]
    )
    rest = unchanged_words(until_ms, run.end_ms, times_of(run))
    text = f"The line is the middle of the trials, the band {band}.{rest}"
    table = Table("People affected over time", columns, rows)
    return Figure(f"users-{place}", "People affected over time", text, picture, table, prints_table=False)


# The map.


def _map(system: System, run: Facts, place: int) -> Figure | None:
    from impactsim.reports.document.map import map_of  # what lays out a graph is needed for this alone

    picture = map_of(system, run)
    if not picture.nodes:
        return None
    columns = (Column("Component"), Column("Kind"), Column("Site"), Column("How it fares"), Column("Failed first"))
    rows: tuple[tuple[Words, ...], ...] = tuple(
        (
            clean(node.name),
            clean(node.kind),
            picture.sites.get(node.site, "-"),
            node.word,
            "yes" if node.is_origin else "no",
        )
        for node in picture.nodes
    )
    left = (
        f" {picture.n_left_out:,} components that the loss did not touch are not drawn." if picture.n_left_out else ""
    )
    text = f"What failed first, what it took along, and what stands between; an arrow goes from who needs to what is needed.{left}"
    table = Table("The components of the map", columns, rows)
    return Figure(f"map-{place}", "How far the loss reached", text, picture, table, prints_table=False)
