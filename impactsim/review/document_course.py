"""The course of each scenario in a review's report: levels over time, people over time, and how far the loss reached."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from impactsim.model.system import System
from impactsim.quantities import about_share
from impactsim.reports.document.blocks import (
    BandsPicture,
    Block,
    Clock,
    Column,
    Figure,
    LevelsPicture,
    Section,
    Strip,
    Table,
    Words,
)
from impactsim.reports.facts import ComponentFacts, Facts
from impactsim.reports.words import clean, people
from impactsim.review import words
from impactsim.review.facts import STEP_PREFIX, Rehearsal, ReviewFacts

_N_STRIPS = 24
_N_POINTS = 40


def course(facts: ReviewFacts, systems: Mapping[str, System]) -> Section:
    """Return the section of the scenarios as they go by the medians, with the plan's steps as the repairs."""
    parts = [_scenario(facts, each, systems.get(each.file), i) for i, each in enumerate(facts.rehearsals, 1)]
    return Section("course", "What happens in each scenario", tuple(part for part in parts if part.blocks))


def _scenario(facts: ReviewFacts, rehearsal: Rehearsal, system: System | None, place: int) -> Section:
    blocks: list[Block] = []
    hit = _strips(facts, rehearsal)
    if hit:
        blocks.append(_levels(rehearsal, hit, place))
    if rehearsal.users:
        blocks.append(_users(rehearsal, place))
    if system is not None:
        blocks.append(_map(system, rehearsal.run, place))
    return Section(f"course-{place}", clean(rehearsal.name), tuple(blocks))


# Levels.


def _strips(facts: ReviewFacts, rehearsal: Rehearsal) -> list[ComponentFacts]:
    """Return what is hit: the services of the plan, then what steps restore, then what else is down the longest."""
    run = rehearsal.run
    first = [row.id for row in facts.rows]
    first += [each for step in rehearsal.steps for each in step.restores]
    others = [each for each in run.components.values() if not each.id.startswith(STEP_PREFIX)]
    others.sort(key=lambda each: -each.down_ms - each.degraded_ms)  # stable
    ids = dict.fromkeys([*first, *(each.id for each in others)])
    hit = [run.components[each] for each in ids if each in run.components and run.components[each].was_affected]
    return hit[:_N_STRIPS]


def _levels(rehearsal: Rehearsal, hit: list[ComponentFacts], place: int) -> Figure:
    run = rehearsal.run
    strips = tuple(
        Strip(clean(each.name), each.levels, tuple((part.from_ms, part.to_ms) for part in each.reserve)) for each in hit
    )
    columns = (Column("Component"), Column("Kind"), Column("Below full level"), Column("Down for", is_number=True))
    rows = tuple(
        (clean(each.name), clean(each.kind), _below(each, run.end_ms), words.duration(each.down_ms)) for each in hit
    )
    text = "By the medians: each strip is full where the component serves all, empty where it serves nothing."
    table = Table("When each of them was below its full level", columns, rows)
    picture = LevelsPicture(strips, run.end_ms, Clock(run.starts))
    return Figure(f"levels-{place}", "Levels over time", text, picture, table)


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
    picture = BandsPicture(rehearsal.users, run.end_ms, "people affected", band, Clock(run.starts))
    columns = (Column("From"), *(Column(title, is_number=True) for title in ("P10", "P50", "P90")))
    step = max(1, -(-len(rehearsal.users) // _N_POINTS))
    rows = tuple(
        (words.since_start(at), people(low), people(middle), people(high))
        for at, low, middle, high in rehearsal.users[::step]
    )
    text = f"The line is the middle of the trials, the band {band}."
    table = Table("People affected over time", columns, rows)
    return Figure(f"users-{place}", "People affected over time", text, picture, table)


# The map.


def _map(system: System, run: Facts, place: int) -> Figure:
    from impactsim.reports.document.map import map_of  # what lays out a graph is needed for this alone

    picture = map_of(system, run)
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
    return Figure(
        f"map-{place}", "How far the loss reached", text, picture, Table("The components of the map", columns, rows)
    )
